"""
What an office has beyond its form: nobody else sees or changes it, whichever way they come.
"""

from pathlib import Path
from typing import Any

import pytest

from bot.files import child, received
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.local_notice import LOCAL_CELLS
from conversations.form.numbers import NUMBERS
from conversations.talk.effects import Save
from conversations.wording import door as words
from conversations.wording import people, talk
from conversations.wording import tasks as task_words
from tests import child_work
from tests.bot.telegram.door import OTHER_TOWN, TOWN, Door, door, seated
from tests.bot.telegram.test_people import removes, store_now
from tests.botapi import BotServer
from tests.conversations.test_machine_sections import SEVERAL, report_text

pytestmark = pytest.mark.usefixtures("out_of_season")

REMARK = "remarks.requests.below"
LICENSING = "proactive_disclosure.licensing.decisions"
ASKED = "水库巡查记录公开"
SECRETS = (TOWN, "青石岭", "白鹭湾", "4417")
TEXTS = {
    "overview": "一年来，青石岭片区公开信息4417条。群众可在白鹭湾便民点查阅。\n没有其他情况。",
    REMARK: "注：青石岭片区的申请由白鹭湾便民点代收。",
}
MADE_UP = ("o", "z", "rw", "none", "ps", "all", "fs", "fc", "lya", "xls")
WHAT = (
    f"加问 {ASKED} 次",
    f"不问 {ASKED}",
    "字数 一=900",
    "标题 一=主动公开；依申请公开",
)


def kept(office: Door, organ: str = TOWN) -> tuple[Any, ...]:
    """
    What the office has: its answers, what its task asks for, and every change of a report.
    """
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(organ, 2023)
        assert report is not None
        stored = unit.load(report, "test")
        changes = list(unit.history(report))
        return dict(stored.answers), stored.explanations, unit.notice(report), len(changes)


async def test_no_button_of_an_office_works_for_anybody_else(server: BotServer, tmp_path: Path):
    """
    Every one that its clerk and its administrator were ever shown, and made up ones: figures of
    the local notice, texts around tables, paragraphs, the fact sheet, a reading that waits.
    """
    async with door(tmp_path / "data", server) as office:
        head = await office.joins("李华", role="administrator")
        clerk = await office.joins()
        leader = await office.joins("周敏", role="leader")
        outside = [
            await office.joins("赵敏", OTHER_TOWN),
            await office.joins("钱进", OTHER_TOWN, role="administrator"),
            office.server.person("生人"),
        ]
        with office.opened() as store, store.begin() as unit:
            report = unit.find_report(TOWN, 2023)
            saves = [Save(item, None, text) for item, text in TEXTS.items()]
            unit.save(report, saves, by="test", at=store_now(), door="terminal")
        await head.says(f"/task {TOWN}")
        for what in (WHAT[0], *WHAT[2:]):
            await head.says(f"/task {what}")
        await office.rests()
        before = f"{report:x}/"
        numbers = (7, 601, *(NUMBERS[item] for item in TEXTS))
        for number in numbers:
            for verb in ("s", "o", "ps", "all"):
                await clerk.forges(f"{before}{verb}:{number}")
        await office.rests()
        marks = {
            button.data
            for one in clerk.from_bot
            for button in one.buttons
            if button.data and "pa:" in button.data
        }
        assert marks
        for mark in marks:
            await clerk.forges(mark)
        await clerk.forges(f"{before}o:601")
        await clerk.says("4417次")
        await clerk.says("/menu")
        await clerk.says(report_text(2023, proactive_disclosure__licensing__decisions=295))
        await clerk.sees("295")
        await office.rests()
        assert kept(office)[0][LOCAL_CELLS[0]] == 4417
        made_up = [f"{before}{verb}:{n}" for n in numbers for verb in MADE_UP]
        data = {
            button.data
            for person in (head, clerk)
            for one in person.from_bot
            for button in one.buttons
            # Invitations, organs to choose from and one's own reminders are everybody's.
            if button.data and not button.data.startswith(("j:", "g:", "gy:", "w:", "rm:"))
        }
        data |= {f"{before}ok", f"{before}no", *made_up}
        was = kept(office)
        theirs = kept(office, OTHER_TOWN)
        await outside[2].says("您好")
        await office.rests()
        for person in outside:
            seen = len(person.from_bot)
            for one in sorted(data):
                tap = await person.forges(one)
                await tap.is_answered()
                assert tap.text in (words.NO_ACCESS, task_words.NOT_YOURS, "", people.NOT_YOURS)
                assert bool(tap.text) == (person is not outside[2]), one
            await office.rests()
            assert seen == len(person.from_bot)
        for person in (clerk, leader, *outside):
            for what in (*WHAT, TOWN):
                await person.says(f"/task {what}")
        for one in sorted(data):
            await leader.forges(one)
        await office.rests()

        assert was == kept(office)
        answers, _, notice, _ = kept(office, OTHER_TOWN)
        assert (theirs[0], 1) == (answers, len(notice.known))
        for person in outside:
            for secret in SECRETS:
                person.does_not_see(secret)
        for person in (clerk, leader, outside[0]):
            refused = [one for one in person.from_bot if one.text == task_words.NOT_YOURS]
            assert len(WHAT) + 1 == len(refused)
        # The clerk's reading still waits for its yes.
        await clerk.taps(talk.import_yes(2023))
        await clerk.sees_next("✓")
        assert 295 == office.answers()[LICENSING]


async def test_an_answer_to_an_office_that_was_left_is_no_answer_to_another(
    server: BotServer, tmp_path: Path
):
    """
    A reply or an edit: it is said, and what is asked elsewhere stays open.
    """
    async with door(tmp_path / "data", server) as office:
        head = await office.joins("李强", TOWN, role="administrator")
        person = await office.joins()
        card = await office.asks(person, "行政许可")
        said = await person.says("295")
        await person.sees_next("✓")
        await office.joins_as(person, OTHER_TOWN)
        await office.asks(person, "行政处罚")
        await office.rests()
        await removes(head, person)
        await office.rests()
        was = kept(office), kept(office, OTHER_TOWN)

        for deed in (person.replies(card, "8"), person.replies(said, "9"), person.edits(said, "7")):
            seen = len(person.from_bot)
            await deed
            await office.rests()
            shown = "\n".join(one.text for one in person.from_bot[seen:])
            assert words.NO_ACCESS in shown

        assert was == (kept(office), kept(office, OTHER_TOWN))
        await person.says("5")
        await person.sees_next("5 件")


async def test_a_text_that_is_being_read_is_not_used_after_the_removal(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Neither in the office that was left, nor in another where the person works, too.
    """
    monkeypatch.setattr(received, "held_by", child_work.reads_when_told)
    told = tmp_path / "told"
    async with door(tmp_path / "data", server) as office:
        head = await office.joins("李强", TOWN, role="administrator")
        only, both = await office.joins("王芳"), await office.joins("赵敏", OTHER_TOWN)
        await office.joins_as(both, TOWN)
        await office.rests()
        was = kept(office), kept(office, OTHER_TOWN)
        for person in (only, both):
            await person.says(f"{SEVERAL}\n{told}")
        await office.server.handled()
        for person in (only, both):
            await removes(head, person)
            await head.sees_next(people.removed(TOWN, person.name))
        told.touch()
        await office.rests()

        assert was == (kept(office), kept(office, OTHER_TOWN))
        for person in (only, both):
            farewell = await person.sees(people.farewell(TOWN))
            after = [one for one in person.from_bot if one.id > farewell.id]
            assert not [one for one in after if TOWN in one.text or "总体情况" in one.text]


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("subprocess.Popen", OSError(12, "Cannot allocate memory")),
        ("subprocess.Popen", MemoryError()),
        ("socket.socketpair", OSError(24, "Too many open files")),
        ("", None),
    ],
)
async def test_a_report_that_no_child_reads_is_a_text(
    server: BotServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    error: Exception | None,
):
    """
    Where none can be started, and where each dies: the texts are offered, the tables named as
    left out, and the chat goes on.
    """

    def fails(*_: object, **__: object) -> None:
        assert error is not None
        raise error

    (person,) = seated(tmp_path / "data", server, 1)
    async with door(tmp_path / "data", server) as office:
        child.end()
        monkeypatch.setattr(received, "held_by", child_work.dies_reading)
        with monkeypatch.context() as patch:
            if what:
                patch.setattr(f"bot.files.child.{what}", fails)
            await person.says(report_text(2023))
            shown = await person.sees(FORM.section["overview"].heading)
            await office.rests()
        assert FORM.section["requests"].heading in shown.text
        await person.says("/menu")
        await person.sees_next("📋")
        child.end()
