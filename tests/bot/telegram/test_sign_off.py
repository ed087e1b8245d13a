"""
Sign-off on the phone: one clerk, one leader, the same bytes for both, once whatever is tapped.
"""

from pathlib import Path
from typing import Any

from conversations.form.numbers import NUMBERS
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import SignOff
from conversations.talk.effects import Save
from conversations.wording import sign_off as words
from storage.sign_off import version_of
from tests.bot.telegram.door import TOWN, Door, door
from tests.bot.telegram.test_people import store_now
from tests.botapi import BotServer, Person
from tests.dialogue import zeros

YEAR = 2023
LICENSING = "proactive_disclosure.licensing.decisions"
NUMBER = NUMBERS[LICENSING]


async def staffed(office: Door) -> tuple[Person, Person]:
    """
    A clerk with a whole report before them, and a leader.
    """
    clerk = await office.joins("王芳")
    leader = await office.joins("张建国", role="leader")
    fills_in(office, clerk)
    return clerk, leader


def fills_in(office: Door, clerk: Person) -> None:
    """
    Every question of the report is answered, all figures with 0.
    """
    key = office.key(clerk)
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, YEAR)
        assert report is not None
        texts = {
            i: str(v).replace("2025", str(YEAR)) for i, v in zeros().items() if isinstance(v, str)
        }
        saves = [Save(item, None, value) for item, value in (zeros() | texts).items()]
        unit.save(report, saves, by=key, at=store_now(), door="terminal")


async def hands_in(clerk: Person) -> Any:
    """
    The clerk at the list of sections taps 「送审」 and has the file to print.
    """
    await clerk.says("/menu")
    menu = await clerk.sees_next("📋")
    await clerk.taps(words.SUBMIT, menu)
    return await clerk.sees(words.WITHDRAW, after=menu)


def signed(office: Door) -> SignOff:
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, YEAR)
        assert report is not None
        found: SignOff = unit.load(report, "test").sign_off
        return found


def deeds(office: Door) -> list[Deed]:
    return [record.deed for record in signed(office).records]


def value(office: Door) -> Any:
    return office.answers(TOWN, YEAR).get(LICENSING)


async def test_a_report_goes_from_the_clerk_to_the_leader_and_back_approved(office: Door):
    """
    Handed in, looked at, agreed to; both have the same bytes, and the store kept them.
    """
    clerk, leader = await staffed(office)
    await hands_in(clerk)
    await office.rests()
    assert [Deed.SUBMIT] == deeds(office)

    await leader.starts()
    shown = await leader.sees(words.APPROVE, words.RETURN)
    assert "王芳" in shown.text
    assert signed(office).records[0].fingerprint in shown.text
    await leader.taps(words.SUBMITTED_FILE, shown)
    await leader.sees(".docx")
    await leader.taps(words.APPROVE, shown)
    await leader.sees(words.TITLES[ReportState.APPROVED][:1], words.REOPEN)
    await clerk.starts()
    approved = await clerk.sees_next(words.FINAL_FILE)
    assert "张建国" in approved.text
    await clerk.taps(words.FINAL_FILE, approved)
    await office.rests()

    assert [Deed.SUBMIT, Deed.APPROVE] == deeds(office)
    with office.opened() as store, store.read() as reader:
        kept = version_of(reader, signed(office).records[0].id)
    assert kept is not None
    files = [each.file for each in (*clerk.documents, *leader.documents)]
    assert [kept.content] * 3 == files


async def test_an_old_button_of_the_leader_decides_nothing(office: Door):
    """
    The clerk has withdrawn, changed a figure and handed in again: the present one is shown.
    """
    clerk, leader = await staffed(office)
    await hands_in(clerk)
    await leader.starts()
    old = await leader.sees(words.APPROVE)
    await clerk.taps(words.WITHDRAW)
    await clerk.sees(words.WITHDRAWN)
    asked = await office.asks(clerk, "行政许可")
    await clerk.replies(asked, "3")
    await office.rests()
    assert 3 == value(office)
    await hands_in(clerk)
    await office.rests()

    for label in (words.APPROVE, words.RETURN):
        await leader.taps(label, old)
        await leader.sees_answered()
    await leader.sees(words.OTHER_VERSION, signed(office).records[-1].fingerprint)
    assert [Deed.SUBMIT, Deed.WITHDRAW, Deed.SUBMIT] == deeds(office)

    new = await leader.sees(words.APPROVE, after=old)
    await leader.taps(words.APPROVE, new)
    await leader.taps(words.APPROVE, new)
    await office.rests()
    assert [Deed.SUBMIT, Deed.WITHDRAW, Deed.SUBMIT, Deed.APPROVE] == deeds(office)


async def test_what_is_handed_in_is_locked_on_every_way(office: Door):
    """
    Replies, edits, old buttons, a pasted block: nothing changes, and the way out is shown.
    """
    clerk, _ = await staffed(office)
    asked = await office.asks(clerk, "行政许可")
    answer = await clerk.replies(asked, "2")
    await clerk.sees_next("")
    await hands_in(clerk)
    await office.rests()
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, YEAR)
        assert report is not None
        before = unit.load(report, "test").history

    await clerk.replies(asked, "5")
    await clerk.sees_next(words.LOCKED[ReportState.SUBMITTED], words.WITHDRAW)
    await clerk.edits(answer, "6")
    for data in (f"z:{NUMBER}", f"o:{NUMBER}", "def", "rsty", "tbl:1", f"rw:{NUMBERS['overview']}"):
        await clerk.forges(f"{report:x}/{data}")
    await clerk.says("行政许可\t7\n行政处罚\t8")
    await clerk.says("7")
    await office.rests()

    assert 2 == value(office)
    with office.opened() as store, store.begin() as unit:
        assert before == unit.load(report, "test").history
    assert [Deed.SUBMIT] == deeds(office)


async def test_a_return_says_why_and_opens_the_report(server: BotServer, tmp_path: Path):
    """
    The reason reaches the clerk as a remark on the whole.
    """
    async with door(tmp_path / "data", server) as office:
        clerk, leader = await staffed(office)
        await hands_in(clerk)
        await leader.starts()
        shown = await leader.sees(words.RETURN)
        await leader.taps(words.RETURN, shown)
        await leader.sees(words.NOT_RETURNED)
        await leader.says("行政许可的数请再核对")
        await leader.sees_next(words.RETURNED_NOW)
        await office.rests()

        assert [Deed.SUBMIT, Deed.RETURN] == deeds(office)
        remark = signed(office).open_remarks[0]
        assert ("", "行政许可的数请再核对") == (remark.item, remark.text)
        await clerk.says("/menu")
        await clerk.sees_next("📋", words.TO_MEND)


async def test_a_photo_of_the_signed_page_is_kept_where_it_is_asked_for(
    server: BotServer, tmp_path: Path
):
    """
    Elsewhere a photo is answered as ever.
    """
    async with door(tmp_path / "data", server) as office:
        clerk, leader = await staffed(office)
        await clerk.sends_photo()
        await clerk.sees_next("")
        card = await hands_in(clerk)
        await clerk.taps(words.OFF_LINE, card)
        await clerk.sees(words.NOT_OFF_LINE, after=card)
        await clerk.sends_photo()
        await clerk.sees_next(words.PHOTO_KEPT)
        await clerk.says("张建国 今天")
        await clerk.sees_next(words.FINAL_FILE)
        await office.rests()

        approval = signed(office).approval
        assert approval is not None
        assert Deed.RECORD_APPROVAL is approval.deed
        assert approval.note["photo"]
        await leader.starts()
        seen = await leader.sees_next(words.OFF_LINE)
        assert "王芳" in seen.text


async def test_a_lone_clerk_sees_nothing_of_it(server: BotServer, tmp_path: Path):
    """
    No button of sign-off, before the document or after.
    """
    async with door(tmp_path / "data", server) as office:
        clerk = await office.joins("王芳")
        await clerk.says("/menu")
        await office.rests()
        shown = {label for message in clerk.from_bot for label in message.labels}
        assert not {label for word in words.DEEDS.values() for label in shown if word in label}
