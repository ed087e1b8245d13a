"""
Two thumbs, two taps, two processes: what is made for somebody is made once.
"""

import contextlib
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.telegram.intake import Intake
from bot.telegram.talk import ABOVE, DoorSettings
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Value
from conversations.talk.effects import Save
from conversations.talk.session import Place, State
from conversations.wording import people as people_words
from conversations.wording import sharing
from conversations.wording import talk as wording
from storage import Store
from storage.messages import Messages
from storage.people import People
from tests.bot.telegram.door import TOWN, ZONE, Door, seated
from tests.bot.telegram.test_sharing import opens
from tests.botapi import BotServer, Person
from tests.dialogue import whole
from tests.storage.servers import postgres_made

YEAR = 2025
LICENSING = "proactive_disclosure.licensing"
(FEE,) = (cell.id for cell in FORM.lines["proactive_disclosure.administrative_fees"].cells)


def store_whole(store: Store, organ: str = TOWN, changes: Mapping[str, Value] | None = None) -> int:
    """
    A report that wants nothing more.
    """
    now = datetime.now(ZONE)
    with store.begin() as unit:
        report = unit.open_report(organ, YEAR, now=now, edition="2021")
        saves = [Save(item, None, value) for item, value in whole(changes).items()]
        unit.save(report, saves, by="test", at=now, door="test")
    return report


async def at_review(office: Door) -> Person:
    with office.opened() as store:
        store_whole(store)
    person = await office.joins(year=YEAR)
    await person.forges("rev")
    await person.sees_next(wording.MAKE_FINAL)
    await office.rests()
    return person


def documents(office: Door) -> int:
    return len(office.server.called("sendDocument"))


async def test_the_final_document_is_made_once_and_again_when_asked_for(office: Door):
    """
    Two taps on the button are one; from the review it can be had once more.
    """
    person = await at_review(office)
    card = await person.sees(wording.MAKE_FINAL)
    await person.taps(wording.MAKE_FINAL, card)
    await person.taps(wording.MAKE_FINAL, card)
    await office.rests()
    assert 1 == documents(office)

    await person.taps(wording.MODIFY)
    again = await person.sees(wording.MAKE_FINAL_AGAIN)
    await person.taps(wording.MAKE_FINAL_AGAIN, again)
    await office.rests()

    assert 2 == documents(office)


async def test_a_draft_is_made_once_until_something_changes(office: Door):
    """
    The second tap gets a word instead of a second file.
    """
    person = await at_review(office)
    card = await person.sees(wording.MAKE_FINAL)
    await person.taps(wording.MAKE_DRAFT, card)
    tap = await person.taps(wording.MAKE_DRAFT, card)
    await office.rests()
    assert (1, wording.JUST_MADE) == (documents(office), tap.text)

    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, YEAR)
        assert report is not None
        save = Save("introduction", "", "引言。")
        unit.save(report, [save], by="test", at=datetime.now(ZONE), door="test")
    await person.taps(wording.MAKE_DRAFT, card)
    await office.rests()

    assert 2 == documents(office)


async def test_an_invitation_is_made_once_by_two_taps(office: Door):
    """
    One link, not two of which one is forgotten.
    """
    head = await office.joins("李强", role="administrator", year=0)
    await head.says("/people")
    card = await head.sees_next(TOWN)
    label = next(label for label in card.labels if "经办人" in label)
    await head.taps(label, card)
    tap = await head.taps(label, card)
    await office.rests()

    assert 1 == sum("?start=" in message.text for message in head.from_bot)
    assert people_words.JUST_INVITED == tap.text


async def test_an_invitation_for_a_section_is_made_once_and_is_none_for_the_whole(office: Door):
    """
    Two taps make one link; whoever is invited for all of it a moment later has their own.
    """
    head = await office.joins("李强", role="administrator")
    card = await opens(head, "三、")
    await head.taps(sharing.INVITE, card)
    tap = await head.taps(sharing.INVITE, card)
    await tap.is_answered()
    await office.rests()

    assert people_words.JUST_INVITED == tap.text
    assert 1 == sum("?start=" in message.text for message in head.from_bot)
    await head.says("/invite")
    await head.sees_next("?start=")
    await office.rests()
    assert 2 == sum("?start=" in message.text for message in head.from_bot)


async def test_an_invitation_is_made_once_however_it_is_asked_for(office: Door):
    """
    The command sent twice, and the button after it.
    """
    head = await office.joins("李强", role="administrator", year=0)
    await head.says("/invite")
    await head.sees_next("?start=")
    await head.says(f"/invite {TOWN}")
    await head.sees_next(people_words.JUST_INVITED)
    await office.rests()

    assert 1 == sum("?start=" in message.text for message in head.from_bot)


async def test_a_tap_that_can_do_nothing_shows_what_is_there(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Days later a word alone would leave an old card on the screen; a second tap gets the word.
    """
    person = await office.joins(year=YEAR)
    asked = await office.asks(person, "行政许可")
    await person.says("295")
    await person.sees("行政处罚", after=asked)
    await office.rests()
    old = f"keep:{FORM.lines[LICENSING].number}"
    tap = await person.forges(old, asked)
    await office.rests()
    assert wording.PAST == tap.text

    monkeypatch.setattr("bot.telegram.talk.JUST_NOW", timedelta(0))
    tap = await person.forges(old, asked)
    await office.rests()

    assert "" == tap.text
    shown = person.from_bot[-1]
    assert "295" in shown.text
    assert "行政处罚" in shown.text
    assert wording.MODIFY in shown.labels


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_make_one_document_of_two_taps(kind: str, server: BotServer, tmp_path: Path):
    """
    Each takes one of the taps at the same moment.
    """
    with contextlib.ExitStack() as stack:
        target = tmp_path if kind == "sqlite" else stack.enter_context(postgres_made())
        (person,) = seated(target, server, 1)
        with Store.open(target) as store:
            report = store_whole(store, "第0镇人民政府")
            with store.begin() as unit:
                people = People(unit)
                people.focus_on(person.id, report, None)
                place = Place(State.REVIEW).dumps()
                unit.place(report, people.key(person.id), place, datetime.now(ZONE))
            door = DoorSettings("bot", tmp_path, ZONE)
            intakes = [Intake(store, door, name) for name in ("first", "second")]

            def takes(number: int) -> None:
                tap = {"id": str(number), "from": person.as_json(), "data": f"{report:x}/fin"}
                message = {"message_id": 5, "date": 1, "chat": {"id": person.id, "type": "private"}}
                intakes[number].take(
                    [{"update_id": number + 1, "callback_query": tap | {"message": message}}]
                )

            threads = [threading.Thread(target=takes, args=(number,)) for number in (0, 1)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for intake in intakes * 2:
                intake.waiting = True
                intake.take()
            with store.begin() as unit:
                calls = [message.method for message in Messages(unit).unsent()]

    assert 1 == calls.count("sendDocument")


async def test_a_refusal_far_below_its_question_brings_it_again(office: Door):
    """
    Other screens stand between; right under the question a refusal is enough.
    """
    person = await office.joins(year=YEAR)
    await office.asks(person, "行政许可")
    await person.says("不是数")
    await office.rests()
    assert not person.from_bot[-1].rows

    for _ in range(ABOVE):
        await person.says("/remind")
    await office.rests()
    await person.says("不是数")
    await office.rests()

    assert wording.CHOOSE_ROWS in person.from_bot[-1].labels


async def test_a_message_of_another_report_edited_leads_back_to_this_one(office: Door):
    """
    The figure changes in the report it was for; the one on the screen stays there.
    """
    person = await office.joins(year=YEAR - 1)
    await office.asks(person, "行政许可")
    said = await person.says("295")
    await person.sees_next("✓")
    await person.says("/switch")
    await person.sees_next(f"{TOWN}：")
    await person.taps(f"{TOWN}：")
    await person.sees_next(wording.YEAR_QUESTION)
    await person.says(str(YEAR))
    await person.sees_next("📋", wording.head(TOWN, YEAR))
    await office.rests()

    await person.edits(said, "296")
    await office.rests()

    assert 296 == office.answers(year=YEAR - 1)[f"{LICENSING}.decisions"]
    assert f"{LICENSING}.decisions" not in office.answers(year=YEAR)
    assert wording.head(TOWN, YEAR) in person.from_bot[-1].text
    await person.says("行政许可")
    await office.rests()
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, YEAR)
        screen = People(unit).focus(person.id)
        assert screen is not None
        assert report == screen.report_id


@pytest.mark.parametrize("yes", [True, False])
async def test_a_table_with_a_fee_becomes_0_or_stays(office: Door, yes: bool):
    """
    What is asked stands in the store meanwhile; both buttons are alive.
    """
    with office.opened() as store:
        store_whole(store, changes={FEE: Decimal("12.50")})
    person = await office.joins(year=YEAR)
    await person.says("/menu")
    await person.sees_next("📋")
    await person.forges(f"zo:{FORM.number['proactive_disclosure']}")
    await person.sees_next(wording.TO_ZERO)
    await person.taps(wording.TO_ZERO if yes else wording.KEEP)
    await office.rests()

    assert (0 if yes else Decimal("12.5")) == office.answers(year=YEAR)[FEE]
    assert wording.TO_ZERO not in person.from_bot[-1].labels
