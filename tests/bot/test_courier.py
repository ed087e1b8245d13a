"""
The courier and its clock, with a Telegram that answers as the test says and no network.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.memberships import OPERATOR, remove
from bot.reminding import claim as claiming
from bot.reminding.claim import LEASE, Claim, Outcome, tick
from bot.telegram import courier as couriers
from bot.telegram.client import NotSent, RawBot
from bot.telegram.courier import Courier, Reminding
from bot.telegram.schedule import Permit, Priority
from conversations.reminders.known import PersonToRemind
from storage import Store
from storage.errors import StoreError
from storage.members import Members
from storage.tasks import TaskReader, Tasks
from tests.county import WEEK_BEFORE, at, office

WANG, FIRST = 101, 500
LAST_MINUTE = at("2026-01-23 09:04")  # of a lease of five that begins at nine


class Telegram:
    """
    Each call takes the next answer, the last one again and again.
    """

    def __init__(self, *answers: TelegramError | None) -> None:
        self.answers = list(answers) or [None]
        self.calls: list[tuple[int, Permit]] = []
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def call(self, method: str, permit: Permit, **data: Any) -> dict[str, int]:
        assert method == "sendMessage"
        self.calls.append((data["chat_id"], permit))
        self.asked.set()
        await self.open.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is not None:
            raise answer
        return {"message_id": 7}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


def claimed(store: Store) -> Claim:
    """
    The claim of one clerk's reminder.
    """
    office(store, clerks={WANG: "王芳"})
    (claim,) = tick(store, WEEK_BEFORE).claims
    return claim


def courier(
    store: Store, telegram: Telegram, now: Callable[[], datetime] = lambda: WEEK_BEFORE
) -> Courier:
    return Courier(cast(RawBot, telegram), store, now)


def seen(store: Store, person: int = WANG) -> PersonToRemind:
    with store.read() as reader:
        found = TaskReader(reader).person_to_remind(person, WEEK_BEFORE)
    assert found is not None
    return found


@asynccontextmanager
async def patience() -> AsyncIterator[None]:
    """
    Whatever hangs fails.
    """
    async with asyncio.timeout(30):
        yield


async def test_what_is_sent_is_recorded_and_passes_after_everybody_who_waits(store: Store):
    """
    The claim is settled with Telegram's number; the call had the lowest priority.
    """
    telegram = Telegram()
    sender = courier(store, telegram)

    async with patience():
        sender.send([claimed(store)])
        await sender.idle()

    assert [(WANG, Permit(Priority.REMINDER))] == telegram.calls
    assert () == seen(store).pending
    assert 1 == len(seen(store).deliveries)


async def test_somebody_who_was_removed_is_not_reminded_of_what_was_claimed(store: Store):
    """
    Promise: from the commit of the removal on; the claim is decided anew, and for nothing.
    """
    telegram = Telegram()
    sender = courier(store, telegram)
    claim = claimed(store)
    with store.begin() as unit:
        (member,) = Members(unit).memberships(WANG)
        assert remove(unit, member, OPERATOR, WEEK_BEFORE) is not None

    async with patience():
        sender.send([claim])
        await sender.idle()

    assert [] == telegram.calls
    assert () == tick(store, claim.lease + LEASE).claims
    assert () == tick(store, claim.lease + 2 * LEASE).claims
    assert () == seen(store).deliveries


async def test_in_the_last_minute_of_its_lease_a_claim_is_not_sent(store: Store):
    """
    Another process may take it over when the lease is over: by then nothing is on its way.
    """
    claim = claimed(store)
    early, late = Telegram(), Telegram()

    async with patience():
        sender = courier(store, late, lambda: LAST_MINUTE)
        sender.send([claim])
        await sender.idle()
        assert [claim.lease] == [unsent.lease for unsent in seen(store).pending]
        sender = courier(store, early, lambda: LAST_MINUTE - timedelta(seconds=1))
        sender.send([claim])
        await sender.idle()

    assert (0, 1) == (len(late.calls), len(early.calls))
    assert timedelta(minutes=5) == claim.lease - WEEK_BEFORE


@pytest.mark.long
async def test_a_call_that_hangs_is_given_up_when_its_time_is_over(store: Store):
    """
    Not sent, not recorded: whoever takes the claim over decides anew.
    """
    telegram = Telegram()
    telegram.open.clear()
    sender = courier(store, telegram, lambda: LAST_MINUTE - timedelta(seconds=1))

    async with patience():
        sender.send([claimed(store)])
        await sender.idle()

    assert 1 == len(telegram.calls)
    assert 1 == len(seen(store).pending)


@pytest.mark.parametrize(
    ("text", "reachable"), [("Chat not found", False), ("Message is too long", True)]
)
async def test_a_refused_reminder_is_over(store: Store, text: str, reachable: bool):
    """
    Asked once only; a chat that is not there makes its person unreachable.
    """
    telegram = Telegram(BadRequest(text))
    sender = courier(store, telegram)

    async with patience():
        sender.send([claimed(store)])
        await sender.idle()

    assert 1 == len(telegram.calls)
    assert () == seen(store).pending
    assert reachable is seen(store).member.reachable


async def test_telegram_is_not_asked_again_before_the_time_it_has_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    Thirty seconds, when the usual pause is none: the time of the claim is over first.
    """
    monkeypatch.setattr(couriers, "FIRST_WAIT", 0.001)
    telegram = Telegram(RetryAfter(30))
    claim = claimed(store)
    began = asyncio.get_running_loop().time()
    sender = courier(
        store,
        telegram,
        lambda: (
            LAST_MINUTE
            - timedelta(milliseconds=500)
            + timedelta(seconds=asyncio.get_running_loop().time() - began)
        ),
    )

    async with patience():
        sender.send([claim])
        await sender.idle()

    assert 1 == len(telegram.calls)


async def test_what_surely_did_not_arrive_is_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    No connection, twice: the third attempt counts.
    """
    monkeypatch.setattr(couriers, "FIRST_WAIT", 0.001)
    telegram = Telegram(NotSent("no connection"), NotSent("no connection"), None)
    sender = courier(store, telegram)

    async with patience():
        sender.send([claimed(store)])
        await sender.idle()

    assert 3 == len(telegram.calls)
    assert () == seen(store).pending


async def test_a_reminder_that_breaks_stops_no_other(
    store: Store, caplog: pytest.LogCaptureFixture
):
    """
    It is given up, said once; the next goes out.
    """
    for number in range(3):
        office(store, f"第{number}镇人民政府", {FIRST + number: ""})
    telegram = Telegram()
    sender = courier(store, telegram)
    broken, *others = tick(store, WEEK_BEFORE).claims
    broken = replace(broken, row=replace(broken.row, payload="no json"))

    async with patience():
        sender.send([broken, *others])
        await sender.idle()

    assert [claim.person for claim in others] == [chat for chat, _ in telegram.calls]
    assert () == seen(store, broken.person).pending
    assert 1 == len(caplog.records)


async def test_what_could_not_be_recorded_is_recorded_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    The store fails once: the message went out once, and its claim is settled.
    """
    monkeypatch.setattr(couriers, "RECORD_AGAIN", 0.001)
    faults = [OSError("disk full")]

    def settle(to: Store, outcomes: list[Outcome]) -> None:
        if faults:
            raise faults.pop()
        claiming.settle(to, outcomes)

    monkeypatch.setattr(couriers, "settle", settle)
    telegram = Telegram()
    sender = courier(store, telegram)

    async with patience():
        sender.send([claimed(store)])
        await sender.idle()

    assert 1 == len(telegram.calls)
    assert () == seen(store).pending


async def test_no_more_is_claimed_than_can_be_sent_in_ten_seconds(store: Store):
    """
    Thirty are due, one is sent a second: ten are claimed while Telegram does not answer.

    So nobody is reminded of what was finished while others were written to.
    """
    for number in range(30):
        office(store, f"第{number}镇人民政府", {FIRST + number: ""})
    telegram = Telegram()
    telegram.open.clear()
    reminding = Reminding(cast(RawBot, telegram), store, lambda: WEEK_BEFORE, per_second=1)

    async with patience():
        round_ = asyncio.create_task(reminding.round())
        await telegram.asked.wait()
        waiting = [len(seen(store, FIRST + number).pending) for number in range(30)]
        telegram.open.set()
        await round_
        await reminding.courier.idle()

    assert 10 == sum(waiting)
    assert {FIRST + number for number in range(30)} == {chat for chat, _ in telegram.calls}
    assert 30 == len(telegram.calls)


@pytest.mark.parametrize(("per_second", "workers"), [(0.1, 1), (3, 2), (10, 5), (10_000, 32)])
def test_few_are_between_sending_and_recording(store: Store, per_second: float, workers: int):
    """
    So many people could have a reminder twice after a kill: never more than thirty-two.
    """
    sender = Courier(cast(RawBot, Telegram()), store, lambda: WEEK_BEFORE, per_second)

    assert workers == sender.workers


async def ended_amid_sending(store: Store) -> int:
    """
    The end comes while one of two reminders hangs; whose it is.
    """
    telegram = Telegram()
    telegram.open.clear()
    sender = courier(store, telegram)
    sender.workers = 1
    office(store, "乙镇人民政府", {WANG + 1: "李伟"})
    office(store, clerks={WANG: "王芳"})

    async with patience():
        sender.send(tick(store, WEEK_BEFORE).claims)
        await telegram.asked.wait()
        await sender.stop(0.05)
    return telegram.calls[0][0]


async def test_the_end_waits_no_longer_than_it_was_told(store: Store):
    """
    One call hangs: it is cut, and its claim is left to the lease.
    """
    sent = await ended_amid_sending(store)

    given_back = WANG if sent != WANG else WANG + 1
    assert 1 == len(seen(store, sent).pending)
    assert () == seen(store, given_back).pending + seen(store, given_back).deliveries


async def test_who_ends_while_the_store_is_away_leaves_the_claims_to_their_lease(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    What the store cannot take back keeps nobody from ending.
    """

    def refuse(*_: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr(couriers, "release", refuse)

    await ended_amid_sending(store)

    assert [1, 1] == [len(seen(store, person).pending) for person in (WANG, WANG + 1)]


async def test_those_who_look_after_all_organs_are_named_when_the_clock_starts(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    With the first round; a round that fails is tried again.
    """
    monkeypatch.setattr(couriers, "EVERY", 0.001)
    rounds = asyncio.Event()
    failing = [OSError("no disk")]

    async def round_(_: Reminding) -> None:
        if failing:
            raise failing.pop()
        rounds.set()

    monkeypatch.setattr(Reminding, "round", round_)
    reminding = Reminding(
        cast(RawBot, Telegram()), store, lambda: WEEK_BEFORE, administrators=[WANG]
    )

    async with patience():
        clock = asyncio.create_task(reminding.run())
        await rounds.wait()
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)

    assert seen(store).everything


def test_a_claim_whose_process_died_is_found_though_somebody_was_looked_at_meanwhile(
    store: Store,
):
    """
    Something happened and there was nothing new to say: the end of the lease is kept in mind.
    """
    lost = claimed(store)
    with store.begin() as unit:
        Tasks(unit).wake(WANG)
    assert () == tick(store, WEEK_BEFORE + timedelta(minutes=1)).claims

    assert () == tick(store, lost.lease).claims  # released
    (again,) = tick(store, lost.lease).claims

    assert WANG == again.person
