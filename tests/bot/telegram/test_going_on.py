"""
One item that breaks stops nothing: every loop says so once and goes on.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.telegram import courier as couriers
from bot.telegram import receiving
from bot.telegram import service as services
from bot.telegram.client import RawBot
from bot.telegram.intake import Intake
from bot.telegram.receiving import Fatal
from conversations.wording import talk as say
from storage.messages import FAILED, Messages, Update
from tests.bot.telegram.door import OTHER_TOWN, Door, door
from tests.botapi import BotServer


@pytest.fixture
async def office(server: BotServer, tmp_path: Path) -> AsyncIterator[Door]:
    """
    The bot at work over a file.
    """
    async with door(tmp_path / "data", server) as opened:
        yield opened


class Breaks:
    """
    Stands before a function and raises at calls that fit; at the first alone where nothing is said.
    """

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        owner: Any,
        name: str,
        fits: Callable[..., bool] | None = None,
    ) -> None:
        real = getattr(owner, name)
        self.broken, self.well = 0, 0

        def stand_in(*given: Any, **how: Any) -> Any:
            if fits(*given, **how) if fits else not self.broken:
                self.broken += 1
                raise KeyError(name)
            self.well += 1
            return real(*given, **how)

        monkeypatch.setattr(owner, name, stand_in)


async def holds(condition: Callable[[], object]) -> None:
    """
    Wait for something of which the server hears nothing.
    """
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def test_an_update_that_cannot_be_kept_takes_no_other_with_it(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    It is left out and not sent for ever; those that came with it, and after it, are answered.
    """
    first = await office.joins()
    second = await office.joins("李强", OTHER_TOWN)
    await office.rests()
    await office.stop()

    def poisoned(_: Messages, update: Update, *__: Any, **___: Any) -> bool:
        return update.chat == first.id

    breaks = Breaks(monkeypatch, Messages, "take_in", poisoned)
    await first.says("/status")
    await second.says("/status")
    await office.start()

    await second.sees_next(say.STATUS)
    await office.server.handled()
    assert 2 == breaks.broken
    assert 2 == caplog.text.count("updates could not be taken")
    await second.says("/status")
    await second.sees_next(say.STATUS)


async def test_an_update_that_waits_and_cannot_be_handled_is_set_aside(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Kept as failed: neither this process nor the next tries it again.
    """
    first = await office.joins()
    second = await office.joins("李强", OTHER_TOWN)
    await office.rests()
    before = [len(one.from_bot) for one in (first, second)]
    poison: list[int] = []

    def poisoned(_: Messages, updates: list[int]) -> bool:
        poison[:] = poison or updates[:1]
        return bool(updates) and poison[0] in updates

    breaks = Breaks(monkeypatch, Messages, "handle", poisoned)
    await office.stop()
    for _ in range(3):
        await first.says("/status")
        await second.says("/status")
    await office.start()
    await office.rests()

    assert 2 == breaks.broken
    told = [len(one.from_bot) for one in (first, second)]
    assert [2, 3] == sorted(now - then for now, then in zip(told, before, strict=True))
    with office.opened() as store, store.begin() as unit:
        failed = f"SELECT update_id FROM incoming WHERE state = {FAILED}"
        assert poison == [row[0] for row in unit.connection.exec_driver_sql(failed)]


async def test_what_a_job_begins_may_fail(office: Door, monkeypatch: pytest.MonkeyPatch):
    """
    The update is stored and confirmed; the next is handled as ever.
    """
    person = await office.joins()
    await office.rests()
    assert office.service.sender is not None
    breaks = Breaks(monkeypatch, office.service.sender.decorations, "answer")

    await person.says("/status")
    await office.server.handled()
    await person.says("/status")

    await person.sees_next(say.STATUS)
    assert (1, True) == (breaks.broken, breaks.well > 0)


async def test_a_mark_that_cannot_be_kept_stops_no_other(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    How far a message has come is noted for all the others.
    """
    person = await office.joins()
    await office.rests()
    rows: list[int] = []

    def poisoned(_: Messages, row: int, *__: Any) -> bool:
        rows.append(row)
        return row == rows[0]

    breaks = Breaks(monkeypatch, Messages, "mark", poisoned)
    for _ in range(3):
        await person.says("/status")
        await person.sees_next(say.STATUS)
    await holds(lambda: breaks.well >= 2)

    with office.opened() as store, store.begin() as unit:
        assert [rows[0]] == [row.id for row in Messages(unit).unsent()]
    assert 1 == caplog.text.count("cannot be noted")


async def test_a_message_that_breaks_stops_no_other(office: Door, monkeypatch: pytest.MonkeyPatch):
    """
    Of the same chat, too.
    """
    person = await office.joins()
    await office.rests()
    assert office.service.sender is not None
    Breaks(monkeypatch, office.service.sender, "_send")

    await person.says("/status")
    await person.says("/status")

    await person.sees_next(say.STATUS)
    await office.rests()


async def test_what_is_left_to_send_is_asked_for_again(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    And the looks at the other processes go on.
    """
    await office.joins()
    intake = office.service.intake
    assert intake is not None
    breaks = Breaks(monkeypatch, Intake, "own")
    monkeypatch.setattr(services, "LOOK_EVERY", 0.01)

    intake.unsure = True

    await holds(lambda: breaks.broken)
    intake.unsure = True
    await holds(lambda: breaks.well)
    assert 1 == caplog.text.count("could not be asked for")


async def test_tidying_is_tried_again(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    Whatever went wrong an hour ago.
    """
    await office.stop()
    monkeypatch.setattr(services, "TIDY_EVERY", 0.01)
    breaks = Breaks(monkeypatch, Intake, "prune")

    await office.start()

    await holds(lambda: breaks.well)
    assert 1 == caplog.text.count("could not be forgotten")


@pytest.mark.parametrize("where", [(Intake, "with_own_menus"), (RawBot, "set_my_commands")])
async def test_menus_that_cannot_be_set_are_done_without(
    office: Door, monkeypatch: pytest.MonkeyPatch, where: tuple[type, str]
):
    """
    People are answered all the same.
    """
    await office.stop()
    breaks = Breaks(monkeypatch, *where)

    await office.start()
    await holds(lambda: breaks.broken)

    await office.joins()


async def test_a_poll_that_breaks_is_followed_by_the_next(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    With a fault of ours, or of the library's.
    """
    breaks = Breaks(monkeypatch, RawBot, "updates")
    person = await office.joins()

    await person.says("/status")

    await person.sees_next(say.STATUS)
    assert 1 == breaks.broken
    assert 1 == caplog.text.count("cannot be reached")


async def test_a_token_that_is_refused_for_a_while_is_said_once(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    It was good before: polls and messages are tried again, and the bot is not well meanwhile.
    """
    monkeypatch.setattr(receiving, "FIRST_WAIT", 0.01)
    person = await office.joins()
    await office.rests()
    assert office.service.health()["ok"]
    polls = office.server.fail("getUpdates", error=401, times=5)
    sends = office.server.fail("sendMessage", error=404, times=1)
    with caplog.at_level(logging.INFO, "nianbao"):
        await person.says("/status")
        await holds(lambda: not office.service.health()["ok"])

        await person.sees_next(say.STATUS)

    await holds(lambda: office.service.health()["ok"])
    assert (5, 1) == (polls.done, sends.done)
    # By the poll, and by what sends.
    assert 2 == caplog.text.count("cannot be reached (InvalidToken); waiting")


async def test_a_token_that_never_was_good_ends_the_start(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Also where only the first poll says so.
    """
    await office.stop()
    office.server.fail("getUpdates", error=401)

    await office.start()

    assert office.task is not None
    task, office.task = office.task, None
    with pytest.raises(Fatal) as caught:
        await task
    assert receiving.REFUSED == str(caught.value)
    office.store.close()


async def test_what_a_failed_transaction_noted_is_not_remembered(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    The first picture of an album is answered although its first attempt was not stored.
    """
    person = await office.joins()
    await office.rests()
    intake = office.service.intake
    assert intake is not None
    photo = {"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}
    message = office.server.message_json(await person.says("/status"))
    await person.sees_next(say.STATUS)
    await office.rests()
    del message["text"]
    raw = {"update_id": 1, "message": message | {"photo": [photo], "media_group_id": "7"}}
    breaks = Breaks(monkeypatch, Messages, "say")

    with monkeypatch.context() as patch:
        patch.setattr(office.store, "is_out_of_order", lambda _: True)
        with pytest.raises(KeyError):
            await asyncio.to_thread(intake.take, [raw])
    job = await asyncio.to_thread(intake.take, [raw])

    assert 1 == breaks.broken
    assert 1 == len(job.sends)


async def test_a_round_of_reminders_that_breaks_is_followed_by_the_next(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    A minute later.
    """
    await office.stop()
    monkeypatch.setattr(couriers, "EVERY", 0.01)
    breaks = Breaks(monkeypatch, couriers, "tick")

    await office.start()

    await holds(lambda: breaks.well)
