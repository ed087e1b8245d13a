"""
An organ's Word template in the chat: sent, tested, used for the organs below, taken back.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.files import documents
from conversations.document.differences import Proof
from conversations.document.write.docx import texts_of
from conversations.sign_off.states import ReportState
from conversations.wording import sign_off
from conversations.wording import templates as wording
from storage import templates
from storage.templates import Template
from tests.bot.telegram.door import OTHER_TOWN, TOWN, Door, door
from tests.bot.telegram.test_below import COUNTY, OTHER_COUNTY, county, organ_id, places
from tests.bot.telegram.test_people import store_now
from tests.bot.telegram.test_sign_off import hands_in, staffed
from tests.botapi import BotServer, Message, Person
from tests.templates import template_with

LINE = "（此件公开发布）"
FILE = "县模板.docx"
(WISH,) = {"作为模板"} & wording.WISHES
GOOD = template_with(LINE)


@pytest.fixture
async def office(server: BotServer, tmp_path: Path) -> AsyncIterator[Door]:
    """
    The bot at work, on SQLite: the statements are tried on both in `tests/storage`.
    """
    async with door(tmp_path / "data", server) as found:
        yield found


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What a template prints is not looked at: it takes a second or two, and one test does.
    """
    monkeypatch.setattr(documents, "proof", lambda *_: Proof(1, 1, 1, ()))


def history(office: Door, organ: str) -> list[Template]:
    with office.opened() as store, store.read() as reader:
        return list(templates.history(reader, organ_id(office, organ)))


async def draft(office: Door, person: Person) -> str:
    """
    What stands in the draft that somebody asks for.
    """
    before = len(person.documents)
    await person.says("/preview")
    await office.server.until(lambda: len(person.documents) > before, "the draft")
    file = person.documents[-1].file
    assert file is not None
    return "".join(texts_of(file))


async def offers(person: Person, name: str = FILE, content: bytes = GOOD) -> Message:
    """
    Send a file as a template, and see that it may be used.
    """
    await person.sends_file(name, content, caption=f"「{WISH}」")
    return await person.sees_next(name, wording.FINE_IN_CHAT)


async def uses(person: Person, name: str = FILE, content: bytes = GOOD) -> Message:
    tested = await offers(person, name, content)
    await person.taps(wording.USE, tested)
    return await person.sees("✓", name, after=tested)


async def test_a_template_is_tested_used_for_the_organs_below_and_taken_back(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    What was tested waits through a restart, what it prints beside the form is said; another
    county has nothing of it.
    """
    monkeypatch.setattr("conversations.talk.moves.turn.AGAIN", timedelta(0))
    head = await county(office)
    clerk, stranger = await office.joins(), await office.joins("陈静", OTHER_TOWN)

    tested = await offers(head)
    assert LINE in tested.text
    assert LINE not in await draft(office, clerk)
    await office.rests()
    await office.stop()
    await office.start()
    await head.taps(wording.USE, tested)
    used = await head.sees("✓", COUNTY, FILE, "李强", after=tested)

    assert LINE in await draft(office, clerk)
    assert LINE not in await draft(office, stranger)
    again = await head.taps(wording.USE, tested)
    await again.is_answered()
    assert wording.GONE == again.text
    await head.taps(wording.TAKE_BACK, used)
    await head.sees("✓", wording.OF_OURS, after=used)
    assert LINE not in await draft(office, clerk)
    again = await head.taps(wording.TAKE_BACK, used)
    await again.is_answered()
    assert wording.NOT_IN_USE == again.text
    (kept,) = history(office, COUNTY)
    assert (office.key(head), office.key(head)) == (kept.by, kept.ended_by)


async def test_what_is_wrong_with_a_template_is_said_and_it_cannot_be_used(office: Door):
    """
    Nothing is kept of it.
    """
    head = await county(office)

    for content in (b"no archive", template_with("{{ unknown }}")):
        await head.sends_file(FILE, content, caption=WISH)
        said = await head.sees_next(FILE, "·")
        assert not said.labels
    await office.rests()

    assert [] == history(office, COUNTY)


async def test_nobody_else_puts_a_template_into_use_or_takes_one_back(office: Door, passing: None):
    """
    Neither a clerk below, nor a leader, nor the administrator of another county; whatever
    button they send. They see which one counts for them, and no other.
    """
    head = await county(office)
    tested, card = await offers(head, "别用.docx"), await uses(head)
    others = [
        await office.joins(),
        await office.joins("张建国", role="leader"),
        await office.joins("赵敏", OTHER_COUNTY, role="administrator", year=0),
    ]
    own = organ_id(office, COUNTY)
    buttons = [str(one.data) for said in (tested, card) for one in said.buttons]
    for person in others:
        for data in (*buttons, f"tpl:d:{own:x}", "tpl:u:ffffffffffff", "tpl:y:1", "tpl", "tpl:o:0"):
            tap = await person.forges(data)
            await tap.is_answered()
    await office.rests()
    assert [FILE] == [one.name for one in history(office, COUNTY) if one.ended_at is None]
    # Our own is no secret; that of the county is.
    assert {wording.OURS_NAME} >= {one.file_name for each in others for one in each.documents}

    for person in others[:2]:
        await person.sends_file(FILE, GOOD, caption=WISH)
        await person.sees_next(wording.NOT_YOURS)
        await person.says(f"/template {TOWN}")
        said = await person.sees_next(TOWN, COUNTY, FILE)
        assert not said.labels
        await person.says(f"/template {COUNTY}")
        await person.sees_next(wording.NO_SUCH_ORGAN.format(organ=COUNTY))
    await others[2].says("/template")
    assert FILE not in (await others[2].sees_next(OTHER_COUNTY, wording.OF_OURS)).text


async def test_the_clerk_of_a_lone_office_has_a_template_of_their_own(office: Door, passing: None):
    """
    Until somebody looks after it; without the words, it is known by its tags. As the name is
    changed.
    """
    clerk = await office.joins()
    await clerk.sends_file(FILE, GOOD)
    tested = await clerk.sees_next(FILE, wording.FINE_IN_CHAT)
    await clerk.taps(wording.USE, tested)
    card = await clerk.sees("✓", TOWN, FILE, after=tested)

    assert LINE in await draft(office, clerk)
    places(office, (TOWN, COUNTY))
    await office.joins("李强", COUNTY, role="administrator", year=0)
    tap = await clerk.taps(wording.TAKE_BACK, card)
    await tap.is_answered()
    assert [None] == [one.ended_at for one in history(office, TOWN)]


async def test_a_file_that_was_sent_is_answered_with_the_words(office: Door, passing: None):
    """
    And without a file they say how it is done.
    """
    head = await county(office)
    file = await head.sends_file(FILE, b"no archive")
    await head.sees_next("")
    await head.replies(file, WISH)
    await head.sees_next(FILE, wording.FINE_IN_CHAT)
    await head.says(WISH)
    await head.sees_next(COUNTY, wording.HOW)


async def test_of_two_administrators_the_last_wins_and_both_see_it(office: Door, passing: None):
    """
    Somebody with several organs says for which; taking one's own back, when another came after
    it, changes nothing.
    """
    head = await county(office)
    second = await office.joins("周涛", COUNTY, role="administrator", year=0)
    await office.joins_as(second, OTHER_COUNTY, role="administrator", year=0)
    first = await uses(head, "一.docx")
    await second.sends_file("二.docx", GOOD, caption=WISH)
    shown = await second.sees_next("二.docx", wording.FINE_IN_CHAT)
    assert 2 == len(shown.labels)
    await second.taps(COUNTY, shown)
    await second.sees("✓", COUNTY, "二.docx", after=shown)

    tap = await head.taps(wording.TAKE_BACK, first)
    await tap.is_answered()
    assert wording.NOT_IN_USE == tap.text
    for person in (head, second):
        await person.says(f"/template {COUNTY}")
        said = await person.sees_next(COUNTY, "一.docx", "二.docx")
        assert said.text.index("李强") < said.text.rindex("周涛")
    assert [] == history(office, OTHER_COUNTY)


async def test_the_template_in_use_and_ours_can_be_downloaded(office: Door, passing: None):
    """
    Ours is one that may be restyled and sent back.
    """
    head = await county(office)
    card = await uses(head)
    await head.taps(wording.DOWNLOAD, card)
    await head.sees(wording.IN_USE_CAPTION, after=card)
    await head.taps(wording.DOWNLOAD_OURS, card)
    await head.sees(wording.OURS_CAPTION, after=card)

    used, ours = head.documents[-2:]
    assert (FILE, GOOD) == (used.file_name, used.file)
    assert documents.ours("2021") == ours.file


async def test_a_version_that_was_handed_in_keeps_its_bytes(office: Door):
    """
    What the leader has read is what is approved, whatever template came meanwhile.
    """
    clerk, leader = await staffed(office)
    await hands_in(clerk)
    await office.rests()
    with office.opened() as store, store.begin() as unit:
        templates.use(unit, unit.organ(TOWN, store_now()), FILE, GOOD, "test", store_now())

    await leader.starts()
    shown = await leader.sees(sign_off.APPROVE, sign_off.RETURN)
    await leader.taps(sign_off.APPROVE, shown)
    await leader.sees(sign_off.TITLES[ReportState.APPROVED][:1], sign_off.REOPEN)
    await clerk.starts()
    await clerk.taps(sign_off.FINAL_FILE, await clerk.sees_next(sign_off.FINAL_FILE))
    await office.rests()

    first, last = (one.file for one in clerk.documents)
    assert first == last
