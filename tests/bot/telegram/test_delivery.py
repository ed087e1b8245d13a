"""
Nothing is lost, doubled or out of order, whatever happens between Telegram and the store.
"""

import asyncio
import json
import logging
import random
import sqlite3
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot import handle as desk
from bot.files import documents
from bot.telegram import decorations, receiving, sender
from bot.telegram import sender as senders
from bot.telegram.intake import Intake
from conversations.talk.events import Typed
from conversations.wording import door as words
from conversations.wording import talk as say
from storage.errors import StoreTooNew
from storage.messages import FAILED, Messages
from storage.store import Store
from tests.bot.telegram.door import OTHER_TOWN, TOWN, Door, door, webhook
from tests.botapi import BotServer, Limits, Person
from tests.said import pieces, result

SORRY = pieces(words.ERROR)
LICENSING = "proactive_disclosure.licensing.decisions"
PENALTIES = "proactive_disclosure.penalties.decisions"
COERCION = "proactive_disclosure.coercion.decisions"


async def answers_three(person: Person) -> None:
    """
    Three figures, one after the other, the first being asked.
    """
    for figure in ("1", "2", "3"):
        await person.says(figure)


def three(office: Door) -> tuple[object, ...]:
    answers = office.answers()
    return tuple(answers.get(cell) for cell in (LICENSING, PENALTIES, COERCION))


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_the_same_update_delivered_five_times_counts_once(tmp_path: Path, way: str):
    """
    One answer, one row of history, one card.
    """
    more = webhook() if way == "webhook" else {}
    async with BotServer() as server, door(tmp_path / "data", server, **more) as office:
        person = await office.joins()
        await office.asks(person, "行政许可")
        server.delivery.copies = 5

        await answers_three(person)
        await person.sees(result("行政强制", 3))
        await office.rests()

        assert (1, 2, 3) == three(office)
        for cell in (LICENSING, PENALTIES, COERCION):
            assert 1 == len(office.changes(cell))
        cards = [one for one in person.from_bot if result("行政强制", 3) in one.text and one.rows]
        assert 1 == len([one for one in cards if "【" in one.text])


async def test_an_update_that_comes_again_after_it_was_confirmed_is_not_taken_twice(office: Door):
    """
    A proxy that lost our 200 repeats it much later.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await person.says("295")
    await person.sees_next("✓", "行政许可")
    number = office.server._next_update
    message = [one for one in person.chat if not one.from_bot][-1]

    office.server.push_again(number, {"message": office.server.message_json(message)})
    await office.rests()

    assert PENALTIES not in office.answers()


async def test_answers_to_the_webhook_that_get_lost_do_no_harm(tmp_path: Path):
    """
    Telegram delivers again what was taken.
    """
    async with BotServer() as server, door(tmp_path / "data", server, **webhook()) as office:
        person = await office.joins()
        await office.asks(person, "行政许可")
        server.delivery.lost_answers = 3

        await answers_three(person)
        await person.sees(result("行政强制", 3))
        await server.handled()

        assert (1, 2, 3) == three(office)


async def test_updates_of_many_chats_in_parallel_are_each_taken_once(tmp_path: Path):
    """
    By webhook, eight at once, each three times.
    """
    more = {**webhook(), "NIANBAO_WEBHOOK_MAX_CONNECTIONS": "8"}
    async with BotServer() as server, door(tmp_path / "data", server, **more) as office:
        people = [await office.joins(f"人{n}", f"第{n}镇人民政府") for n in range(6)]
        for person in people:
            await office.asks(person, "行政许可")
        server.delivery.copies = 3

        await asyncio.gather(*map(answers_three, people))
        for person in people:
            await person.sees(result("行政强制", 3))

        for number in range(6):
            answers = office.answers(f"第{number}镇人民政府")
            assert (1, 2, 3) == tuple(answers[c] for c in (LICENSING, PENALTIES, COERCION))
            assert 1 == len(office.changes(LICENSING, f"第{number}镇人民政府"))


async def test_parts_of_a_text_that_overtake_each_other_come_out_in_order(tmp_path: Path):
    """
    Updates of one chat in flight at once, delivered twice, in any order: each counts once.
    """
    more = {**webhook(), "NIANBAO_WEBHOOK_MAX_CONNECTIONS": "8"}
    async with BotServer() as server, door(tmp_path / "data", server, **more) as office:
        person = await office.joins()
        await office.asks(person, "一、总体情况")
        server.delivery.overtaking = True
        server.delivery.shuffle = random.Random(20)
        server.delivery.copies = 2
        lines = [f"第{number}句。" for number in range(12)]
        for line in lines:
            await person.says(line)
        await server.until(
            lambda: office.answers().get("overview") == "\n".join(lines), "the text", 15
        )


async def test_nobody_is_starved_by_somebody_who_floods(office: Door):
    """
    A hundred messages of one chat wait; another's that comes after them is handled with the first.
    """
    flooder = await office.joins("王芳")
    person = await office.joins("李强", OTHER_TOWN)
    await office.rests()
    intake = office.service.intake
    assert intake is not None
    await office.stop()
    before = len(flooder.from_bot)
    raws = [
        {"update_id": 2_000_000_000 + number, "message": office.server.message_json(message)}
        for number, message in enumerate(
            said(office.server, each, "/status") for each in (*[flooder] * 100, person)
        )
    ]

    with Store.open(office.target) as store:
        job = await asyncio.to_thread(Intake(store, intake.door).take, raws)

    assert [flooder.id, person.id] == [row.chat for row in job.sends]
    await office.start()
    await person.sees_next(say.STATUS)
    # Counted without their text: an older list is edited as soon as a newer one stands.
    await office.server.until(lambda: 100 == len(flooder.from_bot) - before, "all of them")


async def test_a_poisonous_update_is_told_with_a_number_and_stops_nobody(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    The log has the number and the place in the code, not what was typed; a restart does not
    try it again.
    """
    first = await office.joins("王芳")
    second = await office.joins("李强", OTHER_TOWN)
    await office.asks(first, "行政许可")
    await office.asks(second, "行政许可")
    handle, seen = desk.handle, []

    def poisoned(unit, person, report, event, *rest, **more):
        if isinstance(event, Typed) and event.text == "毒药295":
            seen.append(event)
            handle(unit, person, report, Typed("295"), *rest)
            raise KeyError(event.text)
        return handle(unit, person, report, event, *rest, **more)

    monkeypatch.setattr(desk, "handle", poisoned)
    with caplog.at_level(logging.ERROR):
        await first.says("毒药295")
        await first.says("7")
        await second.says("8")
        sorry = await first.sees(*SORRY)
        await first.sees(result("行政许可", 7))
        await second.sees(result("行政许可", 8))

    number = sorry.text.partition(SORRY[0])[2].partition(SORRY[1])[0].strip()
    shown = caplog.text
    assert number in shown
    assert "test_delivery.py" in shown
    assert "毒药" not in shown
    # What it did before it failed was taken back.
    assert [(office.key(first), 7)] == office.changes(LICENSING)
    await office.stop()
    await office.start()
    await second.says("/status")
    await second.sees_next(say.STATUS)
    assert 1 == len(seen)
    with office.opened() as store, store.begin() as unit:
        kept = unit.connection.exec_driver_sql(f"SELECT body FROM incoming WHERE state = {FAILED}")
        assert "毒药295" == json.loads(kept.fetchone()[0])["message"]["text"]


async def test_a_poisonous_button_stops_turning(office: Door, monkeypatch: pytest.MonkeyPatch):
    """
    The tap is answered, too.
    """
    person = await office.joins()

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(desk, "handle", broken)
    tap = await person.taps(say.FIGURES_FIRST)

    await tap.is_answered()
    await person.sees(*SORRY)


@pytest.mark.parametrize("error", [sqlite3.IntegrityError("x"), StoreTooNew("x")])
async def test_a_mistake_of_ours_in_the_store_is_not_taken_for_its_trouble(
    office: Door, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    """
    It is said once, with a number, instead of being tried for ever.
    """
    person = await office.joins()
    handle = desk.handle

    def broken(unit, person, report, event, *rest, **more):
        if isinstance(event, Typed):
            raise error
        return handle(unit, person, report, event, *rest, **more)

    monkeypatch.setattr(desk, "handle", broken)
    await person.says("295")

    await person.sees(*SORRY)
    await person.says("/menu")
    await person.sees_next("📋")


WITHOUT_FIELDS: tuple[dict[str, object], ...] = (
    {},
    {"message": None},
    {"message": {}},
    {"message": {"chat": None, "from": 5}},
    {"message": {"chat": {"id": "x", "type": "private"}, "text": "295"}},
    {"message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "text": "295"}},
    {"message": {"message_id": [1], "chat": {"id": 7, "type": 3}, "from": {"id": 7}}},
    {"message": {"message_id": 2**70, "chat": {"id": 2**70}, "from": {"id": 2**70}}},
    {"edited_message": {"chat": {"id": 7}}},
    {"callback_query": {"id": 5, "from": {"id": 7}}},
    {"callback_query": {"id": "5", "from": None, "data": "1/z:7"}},
    {"callback_query": {"id": "5", "from": {"id": 7}, "message": {"date": 0}, "data": "\0"}},
    {"my_chat_member": {"chat": {"id": 7, "type": "private"}}},
    {"my_chat_member": {"new_chat_member": {}}},
    {"something_new": {"id": 1}},
    {"message": {"message_id": 9, "chat": {"id": 7, "type": "private"}, "from": {"id": 7},
                 "text": "\ud800\u0000 9", "reply_to_message": {}}},
)  # fmt: skip


async def test_an_update_without_its_fields_is_passed_over(office: Door):
    """
    Nothing that Telegram may one day send stops the rest.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")

    for update in WITHOUT_FIELDS:
        office.server.push_again(office.server.push("none", {}), update)
        await person.says("/status")
        await person.sees_next(say.STATUS)

    await person.says("295")
    await person.sees_next(result("行政许可", 295))


@pytest.mark.parametrize("seconds", [2.5, pytest.param(60, marks=pytest.mark.soak)])
async def test_an_outage_loses_nothing_and_is_logged_once(
    seconds: float, office: Door, caplog: pytest.LogCaptureFixture
):
    """
    What was typed meanwhile is answered afterwards, each once, without a flood.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    before = len(person.from_bot)
    with caplog.at_level(logging.INFO, "nianbao"):
        async with office.server.outage():
            await answers_three(person)
            await asyncio.sleep(seconds)
        await person.sees(result("行政强制", 3))
        await office.rests()

    assert (1, 2, 3) == three(office)
    assert 3 == len(person.from_bot) - before
    lost = [one for one in caplog.records if "cannot be reached" in one.getMessage()]
    assert 1 <= len(lost) <= 2


async def test_replies_during_an_outage_of_sending_come_once_each(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Updates still arrive; 502 for every send; then all is well again.
    """
    monkeypatch.setattr("bot.telegram.sender.FIRST_WAIT", 0.01)
    person = await office.joins()
    await office.asks(person, "行政许可")
    before = len(person.from_bot)
    fault = office.server.fail("sendMessage", error=502, times=3)
    await answers_three(person)
    await office.server.until(lambda: fault.done == 3, "three failures")
    await person.sees(result("行政强制", 3))
    await office.rests()

    assert 3 == len(person.from_bot) - before


async def test_one_chats_429_does_not_stop_another(office: Door):
    """
    One waits as long as it is told to; the other is answered at once.
    """
    first = await office.joins("王芳")
    second = await office.joins("李强", OTHER_TOWN)
    refused = office.server.fail("sendMessage", error=429, retry_after=2, chat=first.id)

    await first.says("/status")
    await office.server.until(lambda: refused.done, "the refusal")
    await second.says("/status")
    await second.sees_next(say.STATUS)
    assert say.STATUS not in first.last.text
    await first.sees_next(say.STATUS)

    tried, sent = [call for call in office.server.called("sendMessage") if call.chat == first.id][
        -2:
    ]
    assert 2 <= sent.at - tried.at


PAGE = "<html><head><title>nginx</title></head></html>"


@pytest.mark.parametrize(
    "body",
    [PAGE, '{"ok":true,"result":{"mess', '{"ok":true}', "[" * 100_000, '{"ok":true,"result":"x"}'],
    ids=["page", "half", "no result", "deep", "no message"],
)
async def test_a_send_answered_by_somebody_else_is_shown_once(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, body: str
):
    """
    A proxy has broken the answer to what Telegram has done.
    """
    monkeypatch.setattr(sender, "FIRST_WAIT", 0.01)
    person = await office.joins()
    await office.asks(person, "行政许可")
    await office.rests()
    before = len(person.from_bot)
    broken = office.server.fail("sendMessage", cut="after", body=body)

    await answers_three(person)
    await office.rests()

    texts = [message.text for message in person.from_bot[before:]]
    assert 1 == broken.done
    assert len(texts) == len(set(texts)) == 3
    assert [1, 2, 3] == [office.answers()[item] for item in (LICENSING, PENALTIES, COERCION)]
    assert 1 == caplog.text.count("cannot be reached")


@pytest.mark.parametrize("status", [403, 404])
async def test_a_proxys_refusal_is_not_telegrams(
    office: Door, monkeypatch: pytest.MonkeyPatch, status: int
):
    """
    Nobody has blocked the bot, and no token is wrong: it is tried again.
    """
    monkeypatch.setattr(sender, "FIRST_WAIT", 0.01)
    person = await office.joins()
    await office.asks(person, "行政许可")
    await office.rests()
    office.server.fail("sendMessage", error=status, body=PAGE, times=2)

    await answers_three(person)

    await person.sees(result("行政强制", 3))


@pytest.mark.parametrize(
    "body",
    [PAGE, '{"ok":true,"result":"x"}', '{"ok":true,"result":["x",1,{"a":1}]}'],
    ids=["page", "text", "no updates"],
)
async def test_a_poll_answered_by_somebody_else_loses_nothing(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, body: str
):
    """
    Nothing is confirmed by it, and it is waited for as for an outage.
    """
    monkeypatch.setattr(receiving, "FIRST_WAIT", 0.01)
    person = await office.joins()
    await office.asks(person, "行政许可")
    await office.rests()
    broken = office.server.fail("getUpdates", body=body, times=3)

    await person.says("/status")
    await office.server.until(lambda: broken.done == 3, "the answers")
    await answers_three(person)

    await person.sees(result("行政强制", 3))
    assert 1 == caplog.text.count("cannot be reached")


async def test_a_connection_cut_after_the_send_repeats_no_answer(office: Door):
    """
    The prompt may come twice; the figure is stored once.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    office.server.fail("sendMessage", cut="after")

    await answers_three(person)
    await person.sees(result("行政强制", 3))

    assert (1, 2, 3) == three(office)
    assert 1 == len(office.changes(LICENSING))


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_question_of_which_no_answer_came_is_shown_once(
    office: Door, monkeypatch: pytest.MonkeyPatch, cut: str, times: int
):
    """
    Whether it had arrived or not, and however often that happens.
    """
    monkeypatch.setattr(senders, "FIRST_WAIT", 0.01)
    person = await office.joins()
    await office.asks(person, "行政许可")
    await office.rests()
    before = len(person.from_bot)
    fault = office.server.fail("sendMessage", cut=cut, times=times)

    await answers_three(person)
    await person.sees("✓ 行政强制：3 件")
    await office.rests()

    assert times == fault.done
    assert 3 == len(person.from_bot) - before
    assert [1, 1, 1] == [len(office.changes(item)) for item in (LICENSING, PENALTIES, COERCION)]


async def test_an_unclear_message_is_looked_for_after_a_restart_too(office: Door):
    """
    It had arrived: the next process knows that it may have.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await office.rests()
    before = len(person.from_bot)
    edits = office.server.fail("editMessageText", error=502, times=None)
    fault = office.server.fail("sendMessage", cut="after")
    await person.says("295")
    await office.server.until(lambda: fault.done and edits.done, "the loss")
    await office.stop()
    office.server.faults.clear()

    await office.start()
    await office.rests()

    assert 1 == len(person.from_bot) - before


async def test_a_document_that_may_have_arrived_comes_again_with_a_word(office: Door):
    """
    So that nobody wonders about two files; they are the same, byte for byte.
    """
    person = await office.joins()
    office.server.fail("sendDocument", cut="after")

    await person.says("/preview")
    await office.server.until(lambda: len(person.documents) == 2, "the repeat")

    first, second = person.documents
    assert words.REPEATED not in first.text
    assert words.REPEATED in second.text
    one, two = [call.files for call in office.server.called("sendDocument")]
    assert [f.content for f in one.values()] == [f.content for f in two.values()]


@pytest.mark.parametrize("unheard", [2, 5])
@pytest.mark.parametrize(
    ("method", "asked"), [("sendDocument", "/preview"), ("sendMessage", "/status")]
)
async def test_what_may_have_arrived_twice_is_not_sent_again(
    office: Door, monkeypatch: pytest.MonkeyPatch, method: str, asked: str, unheard: int
):
    """
    Nobody sees more than one copy too many, and what follows in the chat goes on.
    """
    monkeypatch.setattr(senders, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(senders, "LOOKED_FOR", -1)  # others have had so many messages meanwhile
    person = await office.joins()
    await office.rests()
    before = len(person.from_bot)
    fault = office.server.fail(method, cut="after", times=unheard)

    await person.says(asked)
    await office.server.until(lambda: fault.done >= 2, "the losses")
    await office.rests()
    office.server.faults.clear()
    await person.says("/menu")
    await person.sees_next("📋")

    shown = [m.text.removesuffix(words.REPEATED) for m in person.from_bot[before:]]
    assert 2 == max(shown.count(text) for text in shown)
    assert words.MAYBE_NOT_SHOWN in shown


async def test_that_something_may_not_have_arrived_is_told_when_telegram_answers(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    It would be lost in the very outage that it speaks of.
    """
    monkeypatch.setattr(senders, "FIRST_WAIT", 0.01)
    person = await office.joins()
    await office.rests()
    office.server.fail("sendDocument", cut="after", times=2)
    office.server.fail("sendMessage", error=502, times=None)
    actions = office.server.fail("sendChatAction", error=502, times=None)

    await person.says("/preview")
    await office.server.until(lambda: actions.done >= 4, "the outage")
    office.server.faults.clear()

    await person.sees(words.MAYBE_NOT_SHOWN)


async def test_a_restart_does_not_forget_how_often_a_document_may_have_arrived(office: Door):
    """
    It comes once more, and not a third time.
    """
    person = await office.joins()
    fault = office.server.fail("sendDocument", cut="after", times=3)
    await person.says("/preview")
    for losses in (1, 2):
        await office.server.until(lambda: fault.done >= losses, "the loss")  # noqa: B023
        await office.stop()
        await office.start()

    await person.sees(words.MAYBE_NOT_SHOWN)
    await office.rests()

    assert 2 == len(person.documents)


@pytest.mark.parametrize("methods", ["sendMessage", "*"])
async def test_a_chat_in_which_every_send_fails_goes_on(
    office: Door, monkeypatch: pytest.MonkeyPatch, methods: str
):
    """
    Telegram answers 502 for this one: its messages are given up, one after the other.
    """
    monkeypatch.setattr(senders, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(senders, "TRIES", 2)
    person = await office.joins()
    await office.asks(person, "行政许可")
    await office.rests()
    office.server.fail(methods, error=502, times=None, chat=person.id)

    await answers_three(person)
    await office.rests()
    office.server.faults.clear()
    await person.says("/menu")
    await person.sees_next("📋")

    assert (1, 2, 3) == three(office)


async def test_a_document_refused_before_it_was_sent_comes_without_that_word(office: Door):
    """
    A connection that could not be made sent nothing.
    """
    person = await office.joins()
    office.server.fail("sendDocument", error=429, retry_after=1)

    await person.says("/preview")
    await office.server.until(lambda: person.documents, "the file")

    assert words.REPEATED not in person.documents[0].text


async def test_a_403_marks_the_person_unreachable_and_keeps_the_rest_going(office: Door):
    """
    Nothing more is tried there until the person comes back.
    """
    first = await office.joins("王芳")
    second = await office.joins("李强", OTHER_TOWN)
    await first.leaves_telegram()
    office.server.push("message", office.server.message_json(said(office.server, first, "/status")))
    office.server.push("message", office.server.message_json(said(office.server, first, "/help")))
    await second.says("/status")
    await second.sees_next(say.STATUS)
    await office.rests()
    calls = len([c for c in office.server.called("sendMessage") if c.chat == first.id])

    with office.opened() as store, store.begin() as unit:
        from storage.people import People

        screen = People(unit).focus(first.id)
        assert screen is not None
        assert not screen.reachable
        assert not Messages(unit).unsent()
    await second.says("/help")
    await second.sees_next("/menu")
    await office.rests()
    assert calls == len([c for c in office.server.called("sendMessage") if c.chat == first.id])


def said(server: BotServer, person: Person, text: str):
    return server.new_message(server.chats[person.id], person.id, text=text)


async def test_a_message_that_telegram_refuses_is_not_waited_for(office: Door):
    """
    The clerk is told how to go on; the answer is kept, the queue goes on.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    office.server.fail("sendMessage", error=400, description="Bad Request: BUTTON_DATA_INVALID")

    await person.says("295")
    await person.sees(words.NOT_SHOWN)
    await person.says("/menu")
    await person.sees_next("📋", "159")

    assert 295 == office.answers()[LICENSING]


async def test_a_message_answered_with_something_unknown_is_given_up_after_eight_attempts(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    What follows it in the chat is not held up for ever.
    """
    monkeypatch.setattr(sender, "FIRST_WAIT", 0.001)
    person = await office.joins()
    await office.rests()
    before = len(office.server.called("sendMessage"))
    office.server.fail("sendMessage", error=409, description="Conflict: unheard of", times=8)

    await person.says("/status")
    await person.says("/menu")
    await person.sees_next("📋")

    calls = office.server.called("sendMessage")[before:]
    assert ["ok"] == [call.outcome for call in calls[8:9]]
    assert 1 == len({str(call.parameters["text"]) for call in calls[:8]})
    assert calls[0].parameters["text"] != calls[8].parameters["text"]


async def test_an_edit_that_changes_nothing_is_silent(
    office: Door, caplog: pytest.LogCaptureFixture
):
    """
    «not modified» is what one wants.
    """
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    office.server.fail(
        "editMessageText", error=400, description="Bad Request: message is not modified: x", times=9
    )
    with caplog.at_level(logging.INFO, "nianbao"):
        await person.says("295")
        await person.sees_next(result("行政许可", 295))
        await office.rests()

    assert not card.edited
    assert "modified" not in caplog.text


async def test_taps_that_are_too_old_to_be_answered_still_work(office: Door):
    """
    The effect counts, not the little word.
    """
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    office.server.fail(
        "answerCallbackQuery",
        error=400,
        description="Bad Request: query is too old and response timeout expired",
    )

    await person.taps("0", card)

    await person.sees_next(result("行政许可", 0))


async def test_a_tap_is_answered_when_the_line_was_cut(office: Door, monkeypatch):
    """
    The phone shows a turning circle until then; the connection ends before the answer is there.
    """
    monkeypatch.setattr(decorations, "ANSWERED_AGAIN", (0.01, 0.01))
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    office.server.fail("answerCallbackQuery", cut="before", times=2)

    tap = await person.taps("0", card)

    await tap.is_answered()
    await person.sees_next(result("行政许可", 0))


@pytest.mark.parametrize("when", ["before", "after"])
async def test_what_was_not_surely_sent_is_sent_after_a_restart(office: Door, when: str):
    """
    The process dies with the reply under way: the clerk gets it from the next one.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await office.rests()
    office.server.fail("sendMessage", cut=when, times=None)
    await person.says("295")
    await office.server.until(
        lambda: office.server.called("sendMessage")[-1].outcome.startswith("fault"), "the attempt"
    )
    await office.dies()
    office.server.faults.clear()
    before = len(person.from_bot)

    await office.start()

    await office.server.until(lambda: len(person.from_bot) > before, "the reply")
    assert result("行政许可", 295) in person.last.text
    assert 1 == len(office.changes(LICENSING))
    await office.rests()
    await office.stop()
    await office.start()
    before = len(person.from_bot)
    await office.rests()
    assert before == len(person.from_bot)


async def test_updates_that_were_kept_and_not_handled_come_first_after_a_restart(office: Door):
    """
    They are confirmed already: nobody will send them again.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    intake = office.service.intake
    assert intake is not None
    await office.stop()
    office.store = Store.open(office.target)
    raws = []
    for number, figure in enumerate(("1", "2", "3")):
        message = office.server.new_message(office.server.chats[person.id], person.id, text=figure)
        raws.append(
            {"update_id": 2_000_000_000 + number, "message": office.server.message_json(message)}
        )
    dying = await asyncio.to_thread(Intake, office.store, intake.door)
    await asyncio.to_thread(dying.take, raws)
    office.store.close()
    assert 1 == len(office.changes(LICENSING))

    await office.start()

    await person.sees(result("行政强制", 3))
    assert (1, 2, 3) == three(office)


async def test_a_store_that_fails_for_a_while_loses_nothing(
    office: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """
    The update is not confirmed until it is kept.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    begin = office.store.begin
    failures: list[int] = []

    def fail_thrice(**how: bool):
        if len(failures) < 3:
            failures.append(1)
            from storage.errors import StoreBusy

            raise StoreBusy("busy")
        return begin(**how)

    monkeypatch.setattr(office.store, "begin", fail_thrice)
    await person.says("295")

    await person.sees(result("行政许可", 295))
    told = [one for one in caplog.records if "trying again" in one.getMessage()]
    assert 1 == len(told)


async def test_an_offices_broken_template_is_said_in_its_own_words(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Nothing is stored by the attempt, and the conversation goes on.
    """
    # Whoever mends a template needs longer than two taps are apart.
    monkeypatch.setattr("conversations.talk.moves.turn.AGAIN", timedelta(0))
    person = await office.joins()
    office.data.mkdir(exist_ok=True)
    (office.data / documents.TEMPLATE).write_bytes(b"no archive")

    await person.says("/preview")
    await office.server.until(lambda: person.last.text and not person.last.rows, "the sentence")

    assert not person.documents
    (office.data / documents.TEMPLATE).unlink()
    await person.says("/preview")
    await office.server.until(lambda: person.documents, "the file")


async def test_the_limits_of_telegram_are_kept_without_a_refusal(tmp_path: Path):
    """
    A server as strict as Telegram never says 429 while four people fill in their reports.

    To a chat it lets four a second through, not one, so that this is soon over.
    """
    settings = {
        "NIANBAO_SENDS_PER_SECOND": "30",
        "NIANBAO_SENDS_PER_CHAT_PER_SECOND": "4",
        "NIANBAO_SENDS_PER_GROUP_PER_MINUTE": "20",
    }
    async with (
        BotServer(limits=Limits(chat=4)) as server,
        door(tmp_path / "data", server, **settings) as office,
    ):
        people = [await office.joins(f"人{n}", f"第{n}镇人民政府") for n in range(4)]

        async def fill(person: Person) -> None:
            await person.taps(say.FIGURES_FIRST)
            await person.sees_next("规章")
            for _ in range(3):
                before = person.last
                await person.says("0 0 0" if "0 0" in before.text else "0")
                await person.sees("✓", after=before)

        await asyncio.gather(*map(fill, people))
        assert server.limits is not None
        assert 0 == server.limits.refused


async def test_while_a_document_is_made_others_are_answered(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Ten people want a file that is not made before an eleventh has had three answers.
    """
    people = [await office.joins(f"人{n}", f"第{n}镇人民政府") for n in range(10)]
    person = await office.joins("王芳")
    await office.asks(person, "行政许可")
    make = documents.make
    answered = threading.Event()

    def slow(*given, **how):
        assert answered.wait(60)
        return make(*given, **how)

    monkeypatch.setattr(documents, "make", slow)
    for one in people:
        await one.says("/preview")
    await office.server.handled()
    for figure in ("1", "2", "3"):
        said = await person.says(figure)
        await person.sees_next("✓")
        await office.server.until(partial(getattr, said, "reactions"), "the nod")

    assert not any(one.documents for one in people)
    answered.set()
    for one in people:
        await office.server.until(partial(getattr, one, "documents"), "the file")
    assert TOWN not in people[0].documents[0].text
