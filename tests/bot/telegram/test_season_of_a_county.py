"""
A season of a county on the phone, as one scene: from the pasted list of its organs to everything
handed out.

Twenty organs: most answer in the bot, three never join and send files, two are late, one is merged
into another, one need not report. What each screen refuses is tried in the tests of its own.
"""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook

from bot.__main__ import main
from bot.cli.frame import FINE
from conversations.county.organ_list import Slip
from conversations.county.overview import Group
from conversations.county.status import FILE, Progress
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.model import CellId
from conversations.sign_off.comparison import Result
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.effects import Save
from conversations.wording import (
    comparing,
    county_collecting,
    county_dates,
    county_handing_out,
    county_inviting,
    county_organs,
    county_overview,
    county_received,
    county_summing,
    offered_sum,
    people,
    reminders,
    sign_off,
    talk,
)
from conversations.wording import door as words
from storage.collected import files_of
from storage.sign_off import SignOffs
from storage.tasks import Tasks
from tests.bot.doors import Jsonl, play
from tests.bot.telegram.door import Door
from tests.bot.telegram.test_people import store_now
from tests.bot.test_examples_played import Step, Tap
from tests.botapi import Message, Person
from tests.conversations.test_reading_files import BLANK_PDF
from tests.said import numbers
from tests.sent import legal, sent, wrong, zipped

COUNTY, YEAR = "安平县人民政府", 2025
MERGED, INTO = "安平县粮食和物资储备局", "安平县发展和改革局"
EXCUSED = "安平县平湖街道办事处"
BROKEN, OLD, SCANNED = "安平县教育局", "安平县龙泉乡人民政府", "安平县双桥乡人民政府"
LATE = ("安平县公安局", "安平县白塔镇人民政府")
PHONE, LED = "安平县柳河镇人民政府", "安平县财政局"
QUIET = (
    INTO,
    "安平县民政局",
    "安平县司法局",
    "安平县人力资源和社会保障局",
    "安平县自然资源局",
    "安平县水利局",
    "安平县农业农村局",
    "安平县卫生健康局",
    "安平县市场监督管理局",
    "安平县青石镇人民政府",
    "安平县云台镇人民政府",
)
SENDING = (BROKEN, OLD, SCANNED)
JOINING = (MERGED, EXCUSED, *LATE, PHONE, LED, *QUIET)
COUNTED = (*LATE, PHONE, LED, *QUIET, *SENDING)
SEEDS = {organ: number for number, organ in enumerate((*JOINING, *SENDING), 1)}
LICENSING = "proactive_disclosure.licensing.decisions"
NEW = "requests.received.natural_person"
DISCLOSED = "requests.outcome.disclosed.natural_person"
# What follows from a correction of either.
CORRECTED = {
    NEW,
    "requests.received.total",
    DISCLOSED,
    "requests.outcome.disclosed.total",
    "requests.outcome.total.natural_person",
    "requests.outcome.total.total",
}
REASON = "同一件由两个单位转办"
LAST_STEPS = (
    *("本机关依法公开政府信息。", Tap(talk.DONE_TEXT)),
    *("公开不够及时，将加强培训。", Tap(talk.DONE_TEXT)),
    *("没有其他需要报告的事项。", Tap(talk.DONE_TEXT)),
    *(Tap(talk.ALL_DEFAULT), Tap(talk.MAKE_FINAL)),
)
TEXTS = ("overview", "problems_and_improvements", "other_matters")


def report(organ: str) -> dict[CellId, Any]:
    """
    What an organ reports in the three tables: every figure, the totals as it would print them.
    """
    if organ == PHONE:
        return dict.fromkeys(FORM.cells, 0) | {LICENSING: 12}
    return dict(legal(organ, SEEDS[organ], year=YEAR).values)


def added() -> dict[CellId, Decimal]:
    """
    What the sum over the county must be.
    """
    reports = [report(organ) for organ in COUNTED]
    return {cell: sum((Decimal(r[cell]) for r in reports), Decimal(0)) for cell in FORM.cells}


def corrected() -> dict[CellId, Decimal]:
    """
    What the county's own report must have.
    """
    return {cell: value - 3 * (cell in CORRECTED) for cell, value in added().items()}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """
    A Monday of the season in working hours.
    """
    with time_machine.travel("2026-01-05T09:00:00+08:00") as traveller:
        yield traveller


class Season:
    """
    The county: its administrator, the clerks by organ, and its operator at the command line.
    """

    def __init__(self, office: Door, clock: Any, capsys: pytest.CaptureFixture[str]) -> None:
        self.office = office
        self.clock = clock
        self.capsys = capsys
        self.head: Person
        self.clerks: dict[str, Person] = {}
        self.sent: dict[str, bytes] = {}  # the newest file of an organ that joins never

    def begins(self, day: str) -> None:
        """
        Nine o'clock of another day.
        """
        self.clock.move_to(f"2026-{day}T09:00:00+08:00")

    async def minute(self) -> None:
        """
        The look of a minute: whoever is to be reminded is.
        """
        assert self.office.service.reminding is not None
        await self.office.service.reminding.round()
        await self.office.service.reminding.courier.idle()
        await self.office.rests()

    async def does(self, person: Person, *steps: Step) -> Message:
        """
        Taps and texts, each when the bot is done with the one before; the newest message.
        """
        for step in steps:
            await (person.taps(step.label) if isinstance(step, Tap) else person.says(step))
            await self.office.rests()
        return person.last

    async def runs(self, name: str, *arguments: str | Path) -> str:
        """
        What a command says.
        """
        line = (name, *arguments, "--year", YEAR)
        self.capsys.readouterr()
        assert FINE == await asyncio.to_thread(main, [str(word) for word in line])
        return self.capsys.readouterr().out

    async def organs(self) -> dict[str, dict[str, Any]]:
        """
        The organs as the overview tells programs.
        """
        seen = json.loads(await self.runs("overview", "--under", COUNTY, "--json"))
        return {each["organ"]: each for each in seen["organs"]}

    async def states(self, *organs: str) -> set[Progress]:
        """
        How far some are.
        """
        found = await self.organs()
        return {Progress(found[organ]["state"]) for organ in organs}

    async def summed(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(await self.runs("sum", "--under", COUNTY, "--json"))
        return told

    def report_id(self, organ: str) -> int:
        with self.office.opened() as store, store.read() as reader:
            found = reader.find_report(organ, YEAR)
        assert found is not None
        return int(found)


@pytest.mark.parametrize(
    ("office", "fuller"),
    [
        ("sqlite", False),
        pytest.param("sqlite", True, marks=pytest.mark.soak),
        pytest.param("postgresql", True, marks=pytest.mark.soak),
    ],
    indirect=["office"],
)
async def test_a_season_of_a_county(
    office: Door,
    fuller: bool,
    clock: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    """
    From the pasted list to everything handed out; the fuller one leaves nothing to shortcuts.
    """
    for name, value in office.place.items():
        monkeypatch.setenv(name, value)
    season = Season(office, clock, capsys)
    await the_list_is_pasted(season)
    await dates_are_set_for_all(season)
    await everybody_is_invited_at_once(season)
    season.begins("01-08")
    await most_are_filled_in(season, fuller=fuller)
    await one_need_not_report(season)
    season.begins("01-14")
    await one_is_merged_into_another(season)
    await files_are_collected(season)
    season.begins("01-16")
    await files_are_corrected(season)
    season.begins("01-21")
    await two_are_late(season)
    await the_sum_is_right_in_every_figure(season)
    await it_is_corrected_and_taken_over(season)
    await its_own_report_is_made(season)
    season.begins("03-20")
    await reports_are_published(season, fuller=fuller)
    await everything_is_handed_out(season, documents=COUNTED if fuller else (SCANNED, LED))


async def the_list_is_pasted(season: Season) -> None:
    """
    The dry run tells what is a slip; nothing is there before the yes.
    """
    season.head = await season.office.joins("李强", COUNTY, role="administrator", year=0)
    lines = ["\t".join(county_organs.COLUMNS)]
    lines += [f"{organ}\t{COUNTY}\t\t联系人{n}\t0318-{n:07}" for organ, n in SEEDS.items()]
    pasted = "\n".join([county_organs.IMPORT_LIST, *lines, lines[-1]])
    shown = await season.does(season.head, pasted)
    assert f"{SCANNED}：{county_organs.SLIPS[Slip.TWICE]}" in shown.text
    assert {} == await season.organs()

    await season.does(season.head, Tap(county_organs.CONFIRM))
    assert set(SEEDS) == set(await season.organs())


async def dates_are_set_for_all(season: Season) -> None:
    """
    One deadline, and by when the county collects.
    """
    await season.does(season.head, "/task 统一 截止 1月31日 收集 1月20日", Tap(county_dates.DO_SET))
    seen = json.loads(await season.runs("overview", "--under", COUNTY, "--json"))
    assert ("2026-01-31", "2026-01-20") == (seen["deadline"], seen["internal"])


async def everybody_is_invited_at_once(season: Season) -> None:
    """
    A link for each organ in one workbook; most follow theirs, all at the same time.
    """
    await season.does(season.head, "/invite", Tap(county_inviting.OFFER.format(len(SEEDS))))
    book, _ = season.head.documents[-2:]
    links = {row[0]: row[3] for row in rows_of(book.file)[0][1:]}
    assert set(SEEDS) == set(links)

    person = season.office.server.person
    season.clerks = {organ: person(f"经办{SEEDS[organ]}") for organ in JOINING}
    for organ, clerk in season.clerks.items():
        await clerk.starts(links[organ].partition("start=")[2])
    for organ, clerk in season.clerks.items():
        await clerk.sees(words.join(organ, "clerk"))
        await clerk.taps(words.JOIN)
    await season.office.rests()
    assert {Progress.NOT_STARTED} == await season.states(*JOINING)
    assert {Progress.NOT_JOINED} == await season.states(*SENDING)


def rows_of(content: bytes | None) -> list[list[tuple[Any, ...]]]:
    """
    The rows of each sheet of a workbook.
    """
    book = load_workbook(io.BytesIO(content or b""))
    return [[*page.values] for page in book.worksheets]


# ---- what organs do ---------------------------------------------------------------------------


async def most_are_filled_in(season: Season, *, fuller: bool) -> None:
    """
    One on the phone from its first question, one with a leader; the others quickly.
    """
    if fuller:
        for organ in QUIET:
            await asyncio.to_thread(by_a_program, season, organ)
    else:
        for organ in QUIET:
            fills(season, organ)
    await on_the_phone(season, PHONE)
    await approved_by_a_leader(season, LED)
    assert {Progress.FINISHED} == await season.states(*QUIET, PHONE)
    assert {Progress.APPROVED} == await season.states(LED)


def fills(season: Season, organ: str, *, final: bool = True) -> None:
    """
    The clerk has answered everything, and had the document made.
    """
    key, now = season.office.key(season.clerks[organ]), store_now()
    values = report(organ) | dict.fromkeys(TEXTS, "本机关依法公开政府信息。") | about(organ)
    with season.office.opened() as store, store.begin() as unit:
        report_id = unit.find_report(organ, YEAR)
        saves = [Save(i, None, value) for i, value in values.items() if i not in FORM.sums]
        unit.save(report_id, saves, by=key, at=now, door="telegram")
        Tasks(unit).progressed(report_id)
        if final:
            unit.finish(report_id, now)


def about(organ: str) -> dict[str, str]:
    """
    What stands around the six sections.
    """
    title = f"{organ}\n{YEAR}年政府信息公开工作年度报告"
    return {"title": title, "introduction": "", "signature": ""}


def by_a_program(season: Season, organ: str) -> None:
    """
    Whatever is asked is answered through the JSON-lines door, as from another messenger.
    """
    values = {cell: str(value) for cell, value in report(organ).items()}
    values |= dict.fromkeys(TEXTS, "本机关依法公开政府信息。")
    values |= {item: text or "无" for item, text in about(organ).items()}
    office = season.office
    named = ("--organ", organ, "--year", str(YEAR))
    with Jsonl(office.data, *named, **office.database) as lines:
        play(lines, values)


async def on_the_phone(season: Season, organ: str) -> None:
    """
    Zeros first, then the one row that has something, the texts, the document.
    """
    zeros = (Tap(talk.ZERO_REST), Tap(talk.NEXT))
    await season.does(
        season.clerks[organ],
        *(Tap(talk.FIGURES_FIRST), Tap(talk.ZERO_REST), Tap("行政许可"), "12", Tap(talk.NEXT)),
        *zeros,
        *zeros,
        *LAST_STEPS,
    )


async def approved_by_a_leader(season: Season, organ: str) -> None:
    """
    Whom the county invites; the clerk hands in.
    """
    leader, clerk = season.office.server.person("张建国"), season.clerks[organ]
    invite = people.invite_button(1, "leader").label
    link = await season.does(season.head, f"/invite {organ}", Tap(invite))
    await season.does(leader, f"/start {link.text.partition('start=')[2].split()[0]}")
    await season.does(leader, Tap(words.JOIN))
    fills(season, organ, final=False)
    await season.does(clerk, "/menu", Tap(sign_off.SUBMIT))
    await season.does(leader, "/start", Tap(sign_off.APPROVE))


async def one_need_not_report(season: Season) -> None:
    """
    Its clerk hears the reason, and nothing is waited for.
    """
    told = season.clerks[EXCUSED].last
    await season.does(season.head, f"/organ {EXCUSED}", "/task 不用报 年底才挂牌")
    await season.clerks[EXCUSED].sees("年底才挂牌", after=told)
    assert (await season.organs())[EXCUSED]["excused"]


async def one_is_merged_into_another(season: Season) -> None:
    """
    Said before it is done; both clerks hear of it, and nothing is waited for.
    """
    clerk, other = season.clerks[MERGED], season.clerks[INTO]
    asked = await season.does(season.head, f"/merge {MERGED} {INTO}")
    assert county_organs.will_merge(MERGED, INTO, [YEAR], [], []) == asked.text
    assert MERGED in await season.organs()

    await season.does(season.head, Tap(county_organs.DO_IT))
    assert county_organs.told_merged(MERGED, INTO) == clerk.last.text
    assert county_organs.told_taking_over(MERGED, INTO) == other.last.text
    assert MERGED not in await season.organs()
    assert MERGED not in (await season.summed())["missing"]


# ---- files of organs that do not use the bot --------------------------------------------------


async def files_are_collected(season: Season) -> None:
    """
    Three in one archive: what is wrong goes back as words to forward, a scan is not taken.
    """
    head = season.head
    files = {
        "教育局年报.docx": wrong(BROKEN, SEEDS[BROKEN], year=YEAR),
        "龙泉乡.docx": sent(OLD, SEEDS[OLD], year=YEAR, edition="2019"),
        f"{SCANNED}.pdf": BLANK_PDF,
    }
    await head.sends_file("三家的年报.zip", zipped(files, on_windows=True))
    listed = await head.sees_next("三家的年报.zip", county_received.TAKE)
    await season.office.rests()
    forward = {name: message_to(head, name) for name in SENDING}
    right = report(BROKEN)["requests.received.total"]
    assert {str(right), str(right + 1)} <= {n.replace(",", "") for n in numbers(forward[BROKEN])}
    assert "2019" in forward[OLD]
    assert "Word" in forward[SCANNED]

    await season.does(head, Tap(listed.labels[0]))
    found = await season.organs()
    assert [(FILE, 1), (FILE, 0)] == [
        (found[organ]["source"], found[organ]["errors"]) for organ in (BROKEN, OLD)
    ]
    assert Progress.NOT_JOINED.value == found[SCANNED]["state"]
    assert {OLD: "old_edition", SCANNED: "no_report"} == {
        each["organ"]: each["why"]
        for each in (await season.summed())["why_missing"]
        if each["organ"] in SENDING
    }


def message_to(head: Person, organ: str) -> str:
    """
    The one message that goes to an organ as it stands.
    """
    (text,) = (m.text for m in head.from_bot if m.text.startswith(f"{organ}："))
    return text


async def files_are_corrected(season: Season) -> None:
    """
    A better file takes the place of the one before it; both are kept.
    """
    for organ in SENDING:
        season.sent[organ] = sent(organ, SEEDS[organ], year=YEAR)
        await season.head.sends_file(f"{organ}.docx", season.sent[organ])
        card = await season.head.sees_next(county_received.TAKE, organ)
        assert (organ != SCANNED) == (county_collecting.CORRECTS in card.text)
        await season.does(season.head, Tap(county_received.TAKE))
    found = await season.organs()
    assert [(FILE, 0)] * 3 == [
        (found[organ]["source"], found[organ]["errors"]) for organ in SENDING
    ]
    with season.office.opened() as store, store.read() as reader:
        kept = [len(files_of(reader, season.report_id(organ))) for organ in SENDING]
    assert [2, 2, 1] == kept
    assert sorted(LATE) == sorted((await season.summed())["missing"])


# ---- who is late ------------------------------------------------------------------------------


async def two_are_late(season: Season) -> None:
    """
    The overview says so; the nudge reaches their clerks once, and nobody else; they hand in.
    """
    head, there = season.head, len(COUNTED)
    shown = await season.does(head, "/overview")
    late = f"{county_overview.LATE_MARK} {len(LATE)}"
    assert f"{there - len(LATE)}/{there} · {late}" in shown.text
    called = await season.does(head, Tap(county_overview.LATE_LIST))
    assert all(f"0318-{SEEDS[organ]:07}" in called.text for organ in LATE)
    assert not any(organ in called.text for organ in COUNTED if organ not in LATE)

    before = {organ: len(clerk.from_bot) for organ, clerk in season.clerks.items()}
    asked = await season.does(head, Tap(county_overview.TO_NUDGE))
    assert all(organ in asked.text for organ in LATE)
    await season.does(head, Tap(reminders.do_nudge(len(LATE))))
    await season.minute()
    await season.minute()
    heard = {organ: len(c.from_bot) - before[organ] for organ, c in season.clerks.items()}
    assert dict.fromkeys(season.clerks, 0) | dict.fromkeys(LATE, 1) == heard
    again = await season.does(head, Tap(county_overview.TO_NUDGE))
    assert not again.labels

    for organ in LATE:
        fills(season, organ)
    shown = await season.does(head, "/overview")
    assert f"{there}/{there}" in shown.text
    assert county_overview.LATE_MARK not in shown.text


# ---- the sum ----------------------------------------------------------------------------------


async def the_sum_is_right_in_every_figure(season: Season) -> None:
    """
    As added up here; nobody is missing, and nothing in it does not add up.
    """
    told = await season.summed()
    assert added() == {cell: Decimal(str(value)) for cell, value in told["cells"].items()}
    assert (sorted(COUNTED), []) == (sorted(told["organs"]), told["missing"])
    assert [] == told["findings"]


async def it_is_corrected_and_taken_over(season: Season) -> None:
    """
    From the sum down to a figure, which is corrected with a reason; what was done with it at the
    terminal. Then all goes into the own report.
    """
    head, total = season.head, added()
    row = FORM.lines[FORM.cells[NEW].line]
    await season.does(head, "/sum", Tap(FORM.tables[1].short), Tap(row.short))
    card = await season.does(head, Tap(f"{int(total[NEW]):,}"))
    largest = max(COUNTED, key=lambda organ: int(report(organ)[NEW]))
    assert card.labels[0].startswith(largest)
    card = await season.does(head, Tap(county_summing.CORRECT), f"-3 {REASON}")
    assert REASON in card.text
    correct = ("--correct", f"{DISCLOSED}=-3", "--reason", REASON)
    await season.runs("sum", "--under", COUNTY, *correct)

    await season.does(head, "/sum", Tap(county_summing.TAKE_OVER), Tap(offered_sum.FILL_IN))
    while offered_sum.DONE not in (asked := head.last).text:
        await head.taps(asked.labels[0], asked)
        await head.sees("", after=asked)
    shown = json.loads(await season.runs("show", "--organ", COUNTY, "--json"))["cells"]
    assert corrected() == {cell: Decimal(str(value)) for cell, value in shown.items()}
    told = await season.summed()
    assert [] == told["findings"]
    assert [(NEW, -3, REASON), (DISCLOSED, -3, REASON)] == [
        (each["cell"], each["amount"], each["reason"]) for each in told["corrections"]
    ]


async def its_own_report_is_made(season: Season) -> None:
    """
    The county writes its texts, and has its document.
    """
    await season.does(season.head, "/menu", Tap("一、"), *LAST_STEPS)
    made = season.head.documents[-1]
    found = read(made.file or b"", made.file_name or "")
    assert isinstance(found, ReadReport)
    assert (COUNTY, corrected()) == (found.organ, dict(found.values))


# ---- publication, and everything out ----------------------------------------------------------


async def reports_are_published(season: Season, *, fuller: bool) -> None:
    """
    One page has another figure than what was agreed to; the county sees whose.
    """
    quickly = () if fuller else (*LATE, *QUIET)
    for organ in quickly:
        records_publication(season, organ)
    for organ in (PHONE, LED, *QUIET, *LATE):
        if organ not in quickly:
            await is_compared(season, season.clerks[organ], organ, right=organ != LED)
    await is_compared(season, season.head, COUNTY, right=True)
    found = await season.organs()
    equal = dict.fromkeys((*LATE, PHONE, *QUIET), Result.EQUAL.value)
    assert equal | {LED: Result.DIFFERENT.value} == {
        organ: each["published"] for organ, each in found.items() if each["published"]
    }
    shown = await season.does(season.head, "/overview")
    assert {
        f"{county_overview.GROUPS[Group.CHECKED]} {len(equal)}",
        f"{county_overview.GROUPS[Group.DIFFERENT]} 1",
        f"{county_overview.GROUPS[Group.DONE]} {len(SENDING)}",
    } <= set(shown.labels)


def records_publication(season: Season, organ: str) -> None:
    """
    As when the page was found equal.
    """
    report_id, key = season.report_id(organ), season.office.key(season.clerks[organ])
    with season.office.opened() as store, store.begin() as unit:
        stored = unit.load(report_id, key)
        SignOffs(unit).record(
            report_id,
            Deed.PUBLISH,
            ReportState.PUBLISHED,
            by=key,
            at=store_now(),
            door="telegram",
            history=stored.history,
            fingerprint=stored.fingerprint,
            note={
                "result": Result.EQUAL.value,
                "address": f"https://www.anping.example/{report_id}",
            },
        )


async def is_compared(season: Season, person: Person, organ: str, *, right: bool) -> None:
    """
    Somebody sends the page that was published.
    """
    page = season.office.data.parent / "page.html"
    await season.runs("export", "--organ", organ, "--format", "html", "--out", page)
    content, said = page.read_text("utf-8"), comparing.EQUAL.format(ours=comparing.FINAL)
    page.unlink()
    if not right:
        figure = report(organ)[NEW]
        assert 1 == content.count(f">{figure}<")
        content, said = content.replace(f">{figure}<", f">{figure + 1}<"), str(figure + 1)
    await season.does(person, "/menu", sign_off.PUBLISHED)
    await person.sends_file("page.html", content.encode())
    await person.sees_next(said)


async def everything_is_handed_out(season: Season, documents: tuple[str, ...]) -> None:
    """
    The archive, the workbook and the open data hold what the organs reported, figure by figure.
    """
    head = season.head
    before = len(head.documents)
    await season.does(head, "/export", Tap(county_handing_out.card_buttons(1, YEAR)[0][0].label))
    await season.office.server.until(lambda: len(head.documents) == before + 4, "four files")
    files = {m.file_name: m.file or b"" for m in head.documents[before:]}

    def file(name: str) -> io.BytesIO:
        return io.BytesIO(files[f"{COUNTY}{name.format(year=YEAR)}"])

    with zipfile.ZipFile(file(county_handing_out.DOCUMENTS)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    whose = {o: name for o in COUNTED for name in content if f"/{o}{YEAR}" in name}
    assert set(COUNTED) == set(whose)
    for organ in documents:
        found = read(content[whose[organ]], whose[organ])
        assert isinstance(found, ReadReport)
        assert report(organ) == dict(found.values)
    assert season.sent == {organ: content[whose[organ]] for organ in SENDING}

    opened = csv.DictReader(io.TextIOWrapper(file(county_handing_out.FIGURES), "utf-8-sig"))
    figures: dict[str, dict[CellId, Decimal]] = {}
    for row in opened:
        name, _, cell, _, value, _ = row.values()
        figures.setdefault(name, {})[cell] = Decimal(value)
    assert {organ: report(organ) for organ in COUNTED} == figures

    _, *pages = rows_of(file(county_handing_out.TABLES).getvalue())
    for table, page in zip(FORM.tables, pages, strict=False):
        cells = [cell.id for cell in table.cells]
        first = next(n for n, row in enumerate(page) if cells[0] in row)
        heads, *rows = page[first:]
        assert {organ: [report(organ)[cell] for cell in heads[3:]] for organ in COUNTED} == {
            row[0]: [Decimal(str(value)) for value in row[3:]] for row in rows
        }
        assert set(cells) == set(heads[3:])
