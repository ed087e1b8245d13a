"""
A season of one office on the phone, as one scene: a clerk, a helper for section three, a leader
who returns twice, an approval, a reopening, a new approval, and the page that was published.

What each step refuses is tried in the tests of its own; here they are played one after another.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.__main__ import main
from bot.cli.frame import FINDINGS, FINE, REFUSED
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.numbers import NUMBERS
from conversations.sign_off.states import Deed, ReportState
from conversations.wording import comparing, sharing, talk
from conversations.wording import door as words
from conversations.wording import remarks as looking
from conversations.wording import sign_off as wording
from tests.bot.doors import Jsonl, nianbao
from tests.bot.telegram.door import ADMIN, TOWN, Door
from tests.bot.telegram.test_examples_on_the_phone import leiming_steps
from tests.bot.telegram.test_published import reachable
from tests.bot.telegram.test_sign_off import deeds, signed
from tests.bot.test_examples_played import SCRIPT, Step, Tap
from tests.bot.test_fetch import Site, site
from tests.botapi import Message, Person
from tests.docx_structure import properties

__all__ = ["reachable", "site"]

YEAR = 2023
LICENSING = "proactive_disclosure.licensing.decisions"
NATURAL = "requests.received.natural_person"
HELPED = (words.role_name("clerk", (FORM.section["requests"].number,)),)
OLD_SENTENCE = "（一）强化思想认识，加强组织保障。"
NEW_SENTENCE = "（一）强化思想认识，明确一名副镇长分管。"


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    """
    A Monday of the season in working hours: whom a step concerns hears of it at once.
    """
    with time_machine.travel("2024-01-15T09:00:00+08:00"):
        yield


class Season:
    """
    The office, its people, and its operator at the command line.
    """

    def __init__(self, office: Door, capsys: pytest.CaptureFixture[str]) -> None:
        self.office = office
        self.capsys = capsys
        self.admin = office.server.person("李主任", ADMIN)
        self.clerk, self.helper, self.leader = map(office.server.person, ("王芳", "赵敏", "张建国"))

    async def does(self, person: Person, *steps: Step) -> Message:
        """
        Taps and texts, each when the bot is done with the one before; the newest message.
        """
        for step in steps:
            await (person.taps(step.label) if isinstance(step, Tap) else person.says(step))
            await self.office.rests()
        return person.last

    async def joins(self, person: Person, link: Message) -> None:
        await self.does(
            person, f"/start {link.text.partition('start=')[2].split()[0]}", Tap(words.JOIN)
        )

    async def hands_in(self) -> Message:
        """
        The clerk taps 「送审」; the message that the leader then has, the document before it.
        """
        before = self.leader.last
        await self.does(self.clerk, "/menu", Tap(wording.SUBMIT))
        asked = await self.leader.sees(wording.APPROVE, wording.RETURN, after=before)
        *_, document = [m for m in self.leader.from_bot if m.id > before.id and m.file]
        assert document.file == self.clerk.documents[-1].file
        assert self.leader.from_bot[-2:] == [document, asked]
        return asked

    async def returns(self) -> Message:
        """
        The leader taps 「退回」; the one message that the clerk then has.
        """
        before = self.clerk.last
        await self.does(self.leader, "/start", Tap(wording.RETURN))
        told = await self.clerk.sees("张建国", after=before)
        await self.office.rests()
        assert [told] == [m for m in self.clerk.from_bot if m.id > before.id]
        return told

    async def approves(self) -> bytes:
        """
        The leader taps 「同意」; the file that the clerk then has, which the leader has read.
        """
        before, read = self.clerk.last, self.leader.documents[-1].file
        await self.does(self.leader, Tap(wording.APPROVE))
        await self.clerk.sees("张建国 同意", after=before)
        delivered = self.clerk.documents[-1]
        assert delivered.id > before.id
        assert delivered.file is not None
        assert read == delivered.file
        return delivered.file

    async def runs(self, name: str, *arguments: str | Path) -> tuple[int, str]:
        """
        A command for this report: its exit code, and what it says.
        """
        named = ("--organ", TOWN, "--year", YEAR)
        self.capsys.readouterr()
        code = await asyncio.to_thread(main, [str(word) for word in (name, *arguments, *named)])
        return code, self.capsys.readouterr().out

    async def tells(self, name: str, *arguments: str | Path) -> Any:
        """
        What a command says as JSON.
        """
        return json.loads((await self.runs(name, *arguments, "--json"))[1])

    @property
    def licensing(self) -> Any:
        return self.office.answers(TOWN, YEAR).get(LICENSING)


@pytest.mark.parametrize(
    "office", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
async def test_a_season_of_an_office(
    office: Door,
    reachable: Site,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    """
    From the invitations to the page that is as it was approved.
    """
    for name, value in office.place.items():
        monkeypatch.setenv(name, value)
    season = Season(office, capsys)
    await everybody_joins(season)
    await it_is_filled_in(season)
    await it_is_returned_at_a_cell_and_a_sentence(season)
    await it_is_returned_once_more(season)
    first = await it_is_approved(season)
    await every_other_way_is_locked(season, tmp_path)
    second = await it_is_opened_again_with_a_reason(season)
    assert first != second
    await what_was_published_is_compared(season, reachable, tmp_path)
    await all_of_it_is_on_record(season)


async def everybody_joins(season: Season) -> None:
    """
    The administrator invites a clerk and a leader, the clerk a helper for section three.
    """
    await season.does(season.admin, f"/invite {TOWN}")
    await season.joins(season.clerk, await season.admin.sees("start="))
    await season.joins(season.leader, await season.does(season.admin, Tap("邀请审核人")))
    await season.does(season.clerk, "/share", Tap("三、"), Tap(sharing.INVITE))
    await season.joins(season.helper, await season.clerk.sees("start="))
    await season.helper.sees(words.JOINED.format(organ=TOWN, role=HELPED[0]))


async def it_is_filled_in(season: Season) -> None:
    """
    The helper fills in section three and can nothing else, the clerk the rest.
    """
    clerk, helper = season.clerk, season.helper
    lines = SCRIPT.read_text("utf-8").splitlines()
    steps = list(leiming_steps([line for line in lines if not line.startswith("//")]))
    await season.does(clerk, "/menu", Tap("二、"), *steps[1:5])
    await season.does(helper, "/menu", Tap("三、"), "自然人3 其余0", Tap(talk.MORE))
    await season.does(
        helper,
        Tap(talk.CHOOSE_ROWS),
        Tap("予以公开"),
        "自然人3 其余0",
        Tap(talk.ZERO_REST),
        Tap(talk.NEXT),
    )
    assert 3 == season.office.answers(TOWN, YEAR).get(NATURAL)
    await helper.forges(f"1/o:{NUMBERS[LICENSING]}")
    await season.does(helper, "7")
    await helper.sees_next(wording.NOT_YOUR_PART)
    assert 295 == season.licensing
    shares = await season.does(clerk, "/share")
    assert "赵敏，138/138" in shares.text

    await season.does(clerk, "/menu", Tap("四、"), Tap(talk.ZERO_REST), Tap(talk.NEXT))
    await season.does(clerk, *steps[9:-1])


async def it_is_returned_at_a_cell_and_a_sentence(season: Season) -> None:
    """
    One is answered, the other mended; both are told when it comes again.
    """
    clerk, leader = season.clerk, season.leader
    asked = await season.hands_in()
    assert "行政许可决定 295 件" in asked.text
    assert "第三节 赵敏" in asked.text
    assert signed(season.office).records[-1].fingerprint in asked.text

    await season.does(leader, Tap(looking.LOOK), "新收")
    cell = await season.does(leader, Tap("自然人"))
    await season.does(leader, Tap(looking.UP), Tap(looking.PREVIOUS["section"]))
    await leader.replies(cell, "和台账一致吗？")
    await season.office.rests()
    await leader.forges(f"1/lk:{NUMBERS['overview']}")
    await season.office.rests()
    await season.does(leader, Tap("2. "), Tap("1. "), Tap(looking.REMARK), "太笼统，写明谁分管")
    told = await season.returns()
    assert "1. 表三「新收·自然人」：和台账一致吗？" in told.text
    assert "太笼统，写明谁分管" in told.text

    sentence = await season.does(clerk, Tap("2. "))
    assert OLD_SENTENCE in sentence.text
    await season.does(clerk, NEW_SENTENCE)
    await clerk.taps("1. ", told)
    await season.office.rests()
    await season.does(clerk, Tap(looking.ANSWER), "核对过台账，是 3 件")
    assert wording.ALL_SETTLED in clerk.last.text
    assert () == signed(season.office).open_remarks


async def it_is_returned_once_more(season: Season) -> None:
    """
    The leader sees what became of each remark, and finds another figure.
    """
    clerk, leader = season.clerk, season.leader
    asked = await season.hands_in()
    assert "核对过台账，是 3 件" in asked.text
    assert f"{OLD_SENTENCE} → {NEW_SENTENCE}" in asked.text
    row = await season.does(leader, Tap(looking.LOOK), "行政许可")
    await leader.replies(row, "是不是 259 件？")
    await season.office.rests()
    told = await season.returns()
    await clerk.taps("1. ", told)
    await season.office.rests()
    await season.does(clerk, "259")
    assert 259 == season.licensing


async def it_is_approved(season: Season) -> bytes:
    """
    The file delivered is the one that was read, and names its version as every door does.
    """
    asked = await season.hands_in()
    assert "295 件 → 259 件" in asked.text
    assert "和台账一致吗" not in asked.text  # dealt with the time before
    file = await season.approves()
    state = await season.tells("state")
    shown = await season.tells("show")
    assert "approved" == state["state"]
    marks = {properties(file)["identifier"], state["fingerprint"], shown["fingerprint"]}
    assert {signed(season.office).records[-1].fingerprint} == marks
    return file


async def every_other_way_is_locked(season: Season, tmp_path: Path) -> None:
    """
    Everybody's old buttons, replies and edits; the terminal, the JSON lines, an import.
    """
    office = season.office
    before, history = office.answers(TOWN, YEAR), office.changes(LICENSING, TOWN, YEAR)
    for person in (season.clerk, season.helper, season.leader):
        data = {b.data for m in person.from_bot for b in m.buttons if b.data}
        for button in sorted(data - {f"1/{verb}" for verb in ("reo", "pub")}):
            await (await person.forges(button)).is_answered()
        for message in [m for m in person.from_bot if m.rows][:8]:
            await person.replies(message, "8")
        await person.edits(next(m for m in person.chat if m.text in ("295", "8")), "9")
        await season.does(person, "行政许可\t7\n行政处罚\t8")
    named = ("--organ", TOWN, "--year", str(YEAR))
    chat = await asyncio.to_thread(
        nianbao, "chat", *named, typed="行政许可\n1\n7\n", settings=office.place
    )
    assert wording.LOCKED[ReportState.APPROVED] in chat.stdout.decode()
    with Jsonl(office.data, *named, **office.database) as lines:
        lines.send(tap=f"o:{NUMBERS[LICENSING]}")
        said = lines.text("7")
    assert any(wording.LOCKED[ReportState.APPROVED] in message["text"] for message in said)
    page = tmp_path / "page.html"
    page.write_text((await published(season)).replace("259", "952"), "utf-8")
    code, _ = await season.runs("import", page, "--yes")
    assert REFUSED == code

    assert before == office.answers(TOWN, YEAR)
    assert history == office.changes(LICENSING, TOWN, YEAR)
    assert Deed.APPROVE is deeds(office)[-1]


async def published(season: Season) -> str:
    """
    The report as a page of a site.
    """
    page = season.office.data.parent / "own.html"
    page.unlink(missing_ok=True)
    code, _ = await season.runs("export", "--format", "html", "--out", page)
    assert FINE == code
    return page.read_text("utf-8")


async def it_is_opened_again_with_a_reason(season: Season) -> bytes:
    """
    The clerk hears of the reason, changes the figure, hands in; the leader agrees.
    """
    clerk, before = season.clerk, season.clerk.last
    await season.does(season.leader, "/start", Tap(wording.REOPEN), "台账漏记了两件行政许可")
    await clerk.sees("台账漏记了两件行政许可", after=before)
    await season.does(clerk, "/menu", "行政许可", Tap("行政许可"), "261")
    asked = await season.hands_in()
    assert "259 → 261" in asked.text
    return await season.approves()


async def what_was_published_is_compared(season: Season, web: Site, tmp_path: Path) -> None:
    """
    A page that differs in one cell, and is told with its place; then the right one.
    """
    right = await published(season)
    wrong, count = re.subn(r">261<", ">216<", right)
    assert 1 == count
    place = f"表二 行政许可：{comparing.APPROVED} 261，{comparing.PUBLISHED} 216"
    for name, page, result in (("a", wrong, place), ("b", right, comparing.APPROVED)):
        web.page(f"/{name}.html", page, content_type="text/html")
        await season.does(season.clerk, wording.PUBLISHED, web.link(f"/{name}.html"))
        await season.clerk.sees_next(result)
        (tmp_path / f"{name}.html").write_text(page, "utf-8")
    differs, agrees = tmp_path / "a.html", tmp_path / "b.html"
    assert (FINDINGS, FINE) == (
        (await season.runs("compare", differs))[0],
        (await season.runs("compare", agrees))[0],
    )
    cell = {"cell": LICENSING, "ours": 261, "theirs": 216}
    assert [cell] == (await season.tells("compare", differs))["cells"]
    assert "equal" == (await season.tells("compare", agrees))["result"]


async def all_of_it_is_on_record(season: Season) -> None:
    """
    The steps, the remarks with what became of them, and every value of the figure.
    """
    state = await season.tells("state")
    assert ("published", "equal") == (state["state"], state["published"]["result"])
    assert [False] * 3 == [remark["open"] for remark in state["remarks"]]
    round_ = [Deed.SUBMIT, Deed.RETURN]
    agreed = [Deed.SUBMIT, Deed.APPROVE]
    published = [Deed.PUBLISH, Deed.PUBLISH]
    assert [*round_, *round_, *agreed, Deed.REOPEN, *agreed, *published] == deeds(season.office)
    history = await season.tells("history")
    values = [change["after"] for change in history if change["item"] == LICENSING]
    assert [295, 259, 261] == [value for value in values if value]
    filled = [(c["name"], c["after"]) for c in history if c["item"] == NATURAL]
    assert ("赵敏", 3) == filled[0]
