"""
A list of organs taken in, organs renamed, merged and closed, as an operator does it.
"""

import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from openpyxl import Workbook, load_workbook

from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from bot.county import organ_names
from bot.files.organ_table import organ_table
from bot.handle import Clock, session_of
from bot.memberships import begin_work
from conversations.answers.ledger import Sheet
from conversations.county.organ_list import OrganPlan
from conversations.form.organ import Level, default_title
from conversations.reminders.tasks import default_deadline
from conversations.sign_off.states import Deed, ReportState
from conversations.talk.derived import title_of
from conversations.wording import county_organs as wording
from storage import Store
from storage.members import Members
from storage.organ_changes import details, reports_of, years_beside
from storage.people import People
from storage.tasks import Tasks
from tests.county import TOWN, YEAR, answer, finish, office
from tests.sign_off import LEADER, WANG, decides, fill, team

COUNTY, BUREAU, NEW = "徐闻县人民政府", "徐闻县财政局", "雷明镇人民政府"
NOW = datetime(2026, 1, 20, 4, tzinfo=UTC)
HEAD = ("电话", "机关", "上级", "级别", "联系人")
LI = 102


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """
    A folder at a moment of the season.
    """
    umask = os.umask(0o077)
    with time_machine.travel(NOW, tick=False):
        yield tmp_path / "data"
    os.umask(umask)


def run(data: Path, *arguments: str) -> int:
    return main(["organs", *arguments, "--data", str(data)])


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def workbook(file: Path, *rows: tuple[str | int | None, ...]) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (HEAD, *rows):
        page.append(row)
    book.save(file)
    return file


def tree(data: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str | None]:
    capsys.readouterr()
    assert FINE == run(data, "list", "--json")
    return {row["organ"]: row["parent"] for row in told(capsys)}


def test_a_workbook_is_shown_first_and_taken_with_a_yes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    The dry run makes not even a folder; a phone number that a cell holds as a number is one.
    """
    file = workbook(
        tmp_path / "list.xlsx",
        (None, COUNTY, None, "县", None),
        (13800138000, TOWN, COUNTY, None, "王五"),
        (None, BUREAU, COUNTY, "部门", None),
    )
    assert FINE == run(data, "import", str(file), "--json")
    shown = told(capsys)
    assert not data.exists()
    assert (False, [COUNTY, TOWN, BUREAU]) == (
        shown["taken"],
        sorted((made["organ"] for made in shown["made"]), key=[COUNTY, TOWN, BUREAU].index),
    )

    assert FINE == run(data, "import", str(file), "--yes")
    assert {COUNTY: None, TOWN: COUNTY, BUREAU: COUNTY} == tree(data, capsys)
    assert FINE == run(data, "list", "--organ", TOWN, "--json")
    (row,) = told(capsys)
    assert ("王五", "13800138000", "乡镇", []) == (
        row["contact"],
        row["phone"],
        row["level"],
        row["history"],
    )
    assert FINE == run(data, "import", str(file), "--yes", "--json")
    again = told(capsys)
    assert ([], [], 3) == (again["made"], again["changed"], again["same"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_a_csv_is_read_in_any_of_its_kinds(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str, sign: str
):
    file = tmp_path / "list.csv"
    rows = [("单位", "上级"), (COUNTY, ""), (TOWN, COUNTY)]
    file.write_bytes("\r\n".join(sign.join(row) for row in rows).encode(encoding))
    assert FINE == run(data, "import", str(file), "--yes")
    assert {COUNTY: None, TOWN: COUNTY} == tree(data, capsys)


def test_a_text_may_be_piped_in(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    for text in (f"{COUNTY}\n", f"1. {TOWN}\n2. {BUREAU}\n"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        under = ("--under", COUNTY) if TOWN in text else ()
        assert FINE == run(data, "import", "-", *under, "--yes")
    assert {COUNTY: None, TOWN: COUNTY, BUREAU: COUNTY} == tree(data, capsys)


def test_what_cannot_be_read_is_refused_and_makes_nothing(data: Path, tmp_path: Path):
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "list.txt").write_bytes(b"\xff\xfe\xff\xff\x81")
    for name in ("broken.xlsx", "empty.csv", "list.txt", "missing.xlsx"):
        assert REFUSED == run(data, "import", str(tmp_path / name), "--yes")
    (tmp_path / "list.txt").write_text(TOWN)
    assert REFUSED == run(data, "import", str(tmp_path / "list.txt"), "--under", COUNTY, "--yes")


def test_the_empty_table_is_filled_with_what_is_there_and_comes_back_the_same(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    A level is chosen from a list; a name that looks like a formula stays a text.
    """
    file, full = tmp_path / "empty.xlsx", tmp_path / "full.xlsx"
    assert FINE == run(data, "table", str(file))
    page = load_workbook(file)[wording.SHEET]
    assert wording.COLUMNS == tuple(cell.value for cell in page[1])
    (choice,) = page.data_validations.dataValidation
    assert f'"{",".join(wording.LEVELS.values())}"' == choice.formula1
    assert REFUSED == run(data, "table", str(file))
    assert REFUSED == run(data, "import", str(file), "--yes")

    rows = workbook(tmp_path / "rows.xlsx", ("=1+1", TOWN, COUNTY, "部门", "-王五"), ("", COUNTY))
    assert FINE == run(data, "import", str(rows), "--yes")
    assert FINE == run(data, "table", str(full), "--under", COUNTY)
    page = load_workbook(full)[wording.SHEET]
    assert (TOWN, COUNTY, "部门", "-王五") == tuple(cell.value for cell in page[2])[:4]
    assert {"s"} == {cell.data_type for cell in page[2] if cell.value}
    capsys.readouterr()
    assert FINE == run(data, "import", str(full), "--under", COUNTY, "--json")
    again = told(capsys)
    assert ([], [], 1) == (again["made"], again["changed"], again["same"])
    assert organ_table([(TOWN,)]) == organ_table([(TOWN,)])


def test_a_parent_that_stands_over_several_rows_is_said_of_each(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Merged cells say it once; what is hidden is not read, and that is said.
    """
    file, other = tmp_path / "list.xlsx", "徐闻县教育局"
    workbook(file, ("", COUNTY, ""), ("", TOWN, COUNTY), ("", BUREAU, ""), ("", other, ""))
    book = load_workbook(file)
    page = book.active
    assert page is not None
    page.merge_cells("C3:C4")
    page.row_dimensions[5].hidden = True
    book.save(file)
    assert FINE == run(data, "import", str(file), "--yes")
    assert wording.summary(OrganPlan((), (), 0, (), hidden=1)).split("，")[-1] in (
        capsys.readouterr().out
    )
    assert {COUNTY: None, TOWN: COUNTY, BUREAU: COUNTY} == tree(data, capsys)


def test_a_long_list_is_taken_and_a_longer_one_refused(data: Path, tmp_path: Path):
    file = tmp_path / "list.csv"
    names = [f"甲{number}局" for number in range(3_001)]
    file.write_text("\n".join(["机关,电话", *names[:1_000]]))
    assert FINE == run(data, "import", str(file), "--yes")
    file.write_text("\n".join(["机关,电话", *names]))
    assert REFUSED == run(data, "import", str(file), "--yes")


def test_a_level_that_was_said_moves_deadlines_that_nobody_has_set(data: Path, tmp_path: Path):
    """
    And is the level of the report, until its clerk says another.
    """
    with Store.open(data) as store:
        usual = office(store, TOWN, {WANG: "王芳"})
        own = office(store, BUREAU, deadline=date(2026, 1, 10))
    file = workbook(tmp_path / "list.xlsx", ("", TOWN, "", "县"), ("", BUREAU, "", "县"))
    assert FINE == run(data, "import", str(file), "--yes")
    with Store.open(data) as store, store.begin() as unit:
        tasks = [Tasks(unit).task(report_id) for report_id in (usual, own)]
        assert [default_deadline(YEAR, Level.COUNTY), date(2026, 1, 10)] == [
            task and task.deadline for task in tasks
        ]
        assert default_deadline(YEAR, Level.TOWNSHIP) != default_deadline(YEAR, Level.COUNTY)
        stored = unit.load(usual, "")
        assert Level.COUNTY is session_of(unit, stored, "", Clock(NOW)).level
        next_year = begin_work(unit, TOWN, YEAR + 1, NOW)
        task = Tasks(unit).task(next_year)
        assert task is not None
        assert default_deadline(YEAR + 1, Level.COUNTY) == task.deadline
    with Store.open(data) as store:
        answer(store, usual, {"level": Level.TOWNSHIP.value}, NOW)
        with store.read() as reader:
            stored = reader.load(usual, "")
            assert Level.TOWNSHIP is session_of(reader, stored, "", Clock(NOW)).level


# ---- names ----------------------------------------------------------------------------------


def test_a_new_name_is_everywhere_and_the_old_one_still_finds_it(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    The report's title and signature, the task, the work that is chosen; members are told.
    """
    with Store.open(data) as store:
        report_id = office(store, TOWN, {WANG: "王芳"})
        answer(store, report_id, {"title": default_title(TOWN, YEAR), "signature": TOWN}, NOW)
    assert FINE == run(data, "rename", "--organ", TOWN, NEW)
    assert [TOWN] == list(tree(data, capsys))
    assert FINE == run(data, "rename", "--organ", TOWN, NEW, "--yes")
    assert [NEW] == list(tree(data, capsys))
    with Store.open(data) as store, store.begin() as unit:
        for name in (TOWN, NEW):
            assert report_id == unit.find_report(name, YEAR)
            assert (YEAR,) == unit.years(name)
            assert report_id == unit.open_report(name, YEAR, now=NOW, edition="2021")
        stored = unit.load(report_id, "")
        assert (NEW, default_title(NEW, YEAR), NEW) == (
            stored.organ,
            stored.answers.text("title"),
            stored.answers.text("signature"),
        )
        task = Tasks(unit).task(report_id)
        assert task is not None
        assert NEW == task.organ
        assert NEW in Members(unit).unsent(WANG)[-1][2].encode().decode("unicode_escape")
    assert REFUSED == run(data, "rename", "--organ", NEW, NEW)
    assert REFUSED == run(data, "rename", "--organ", NEW, "=甲局")


def test_a_name_that_another_organ_has_is_refused(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    But not the organ's own of before.
    """
    with Store.open(data) as store:
        office(store, TOWN)
        office(store, BUREAU)
    assert REFUSED == run(data, "rename", "--organ", TOWN, BUREAU, "--yes")
    assert FINE == run(data, "rename", "--organ", TOWN, NEW, "--yes")
    assert REFUSED == run(data, "rename", "--organ", BUREAU, TOWN, "--yes")
    assert FINE == run(data, "rename", "--organ", NEW, TOWN, "--yes")
    capsys.readouterr()
    assert FINE == run(data, "list", "--organ", TOWN, "--json")
    names = [(record["before"], record["after"]) for record in told(capsys)[0]["history"]]
    assert [(TOWN, NEW), (NEW, TOWN)] == names


def test_what_was_handed_in_keeps_its_name_so_that_the_approval_fits(data: Path):
    """
    It comes back with the new one when the clerk can write again.
    """
    with Store.open(data) as store:
        report_id = team(store)
        decides(store, report_id, WANG, Deed.SUBMIT, NOW)
    assert FINE == run(data, "rename", "--organ", TOWN, NEW, "--yes")
    with Store.open(data) as store:
        with store.read() as reader:
            stored = reader.load(report_id, "")
            assert TOWN == stored.organ
            last = stored.sign_off.last
            assert last is not None
            assert last.fingerprint == stored.fingerprint
        decides(store, report_id, LEADER, Deed.RETURN, NOW, reason="改一处")
        with store.read() as reader:
            stored = reader.load(report_id, "")
            assert (NEW, ReportState.RETURNED) == (stored.organ, stored.sign_off.state)
            assert NEW in (stored.answers.text("title") or "")
        decides(store, report_id, WANG, Deed.SUBMIT, NOW)
        decides(store, report_id, LEADER, Deed.APPROVE, NOW)


def test_an_earlier_year_keeps_the_old_name_and_offers_the_new_one(data: Path):
    """
    Its wording is this year's default, with the name that the organ has now.
    """
    with Store.open(data) as store:
        before = office(store, TOWN, {WANG: "王芳"}, year=YEAR - 1)
        fill(store, before)
        finish(store, before, NOW)
        report_id = office(store, TOWN, year=YEAR)
    assert FINE == run(data, "rename", "--organ", TOWN, NEW, "--yes")
    with Store.open(data) as store, store.read() as reader:
        assert TOWN == reader.load(before, "").organ
        stored = reader.load(report_id, "")
        session = session_of(reader, stored, "", Clock(NOW))
        assert NEW == session.organ
        assert NEW in title_of(session)
        assert TOWN not in title_of(session)


@pytest.mark.parametrize("titled", [True, False])
def test_a_finished_report_of_this_season_has_to_be_made_again(data: Path, titled: bool):
    with Store.open(data) as store:
        report_id = office(store, TOWN, {WANG: "王芳"})
        figures = {"proactive_disclosure.licensing.decisions": 3}
        answer(store, report_id, figures | ({"signature": TOWN} if titled else {}), NOW)
        finish(store, report_id, NOW)
    assert FINE == run(data, "rename", "--organ", TOWN, NEW, "--yes")
    with Store.open(data) as store, store.read() as reader:
        stored = reader.load(report_id, "")
        assert not stored.final or stored.since_final
        assert NEW == stored.organ


def test_last_years_name_is_no_wall_between_the_years(data: Path):
    """
    From the old report the new one is found, although somebody else has the old name by now.
    """
    with Store.open(data) as store:
        before = office(store, TOWN, {WANG: "王芳"}, year=YEAR - 1)
        fill(store, before)
        finish(store, before, NOW)
        office(store, TOWN, year=YEAR)
        with store.begin() as unit:
            organ = details(unit, unit.organ(TOWN, NOW))
            assert organ is not None
            organ_names.rename(unit, organ, NEW, "operator", NOW, "operator")
            other = details(unit, unit.organ(BUREAU, NOW))
            assert other is not None
            organ_names.rename(unit, other, TOWN, "operator", NOW, "operator")
        with store.read() as reader:
            assert TOWN == reader.load(before, "").organ
            assert (YEAR - 1, YEAR) == years_beside(reader, before)
            assert () == reader.years(TOWN)


def test_a_new_name_that_holds_the_old_one_is_not_put_into_itself(data: Path):
    """
    The clerk of 「财政局」 had written the full name over the report already.
    """
    short = BUREAU.removeprefix("徐闻县")
    with Store.open(data) as store:
        report_id = office(store, short, {WANG: "王芳"})
        answer(store, report_id, {"title": default_title(BUREAU, YEAR), "signature": short}, NOW)
    assert FINE == run(data, "rename", "--organ", short, BUREAU, "--yes")
    with Store.open(data) as store, store.read() as reader:
        answers = reader.load(report_id, "").answers
        assert (default_title(BUREAU, YEAR), BUREAU) == (
            answers.text("title"),
            answers.text("signature"),
        )


# ---- ends -----------------------------------------------------------------------------------


def test_a_merged_organ_is_excused_and_those_below_it_go_along(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    What was handed in stays; links are taken back; the others' clerks hear of it.
    """
    below = "雷鸣镇财政局"
    with Store.open(data) as store:
        open_ = office(store, TOWN, {WANG: "王芳"})
        done = office(store, TOWN, year=YEAR - 1)
        answer(store, done, {"signature": TOWN}, NOW)
        finish(store, done, NOW)
        office(store, BUREAU, {LI: "李四"})
        office(store, below)
        with store.begin() as unit:
            town = unit.organ(TOWN, NOW)
            by = People(unit).key(WANG)
            People(unit).invite("token", town, "clerk", by, NOW, NOW + timedelta(days=7))
    assert FINE == run(data, "place", "--organ", below, "--under", TOWN)
    assert FINE == run(data, "merge", "--organ", TOWN, "--into", BUREAU)
    assert {TOWN: None, BUREAU: None, below: TOWN} == tree(data, capsys)
    assert FINE == run(data, "merge", "--organ", TOWN, "--into", BUREAU, "--yes")
    assert {TOWN: None, BUREAU: None, below: BUREAU} == tree(data, capsys)
    with Store.open(data) as store, store.begin() as unit:
        assert {open_: False, done: True} == {
            report.report_id: report.waits for report in reports_of(unit, town)
        }
        members = Members(unit)
        assert () == members.invitations(NOW, town)
        assert {BUREAU, below} == {name for _, name in members.organs(9)}
        assert ([TOWN], [TOWN]) == (
            [m.organ for m in members.memberships(WANG)],
            [m.organ for m in members.members(town)],
        )
        assert members.unsent(WANG)
        assert members.unsent(LI)
    assert REFUSED == run(data, "merge", "--organ", TOWN, "--into", BUREAU, "--yes")
    assert REFUSED == run(data, "merge", "--organ", below, "--into", TOWN, "--yes")

    capsys.readouterr()
    assert FINE == run(data, "open", "--organ", TOWN, "--yes")
    assert REFUSED == run(data, "open", "--organ", TOWN, "--yes")
    with Store.open(data) as store, store.read() as reader:
        assert {True} == {report.waits for report in reports_of(reader, town)}
    capsys.readouterr()
    assert FINE == run(data, "list", "--organ", TOWN, "--json")
    (row,) = told(capsys)
    assert (["merged", "reopened"], None) == (
        [record["what"] for record in row["history"]],
        row["merged_into"],
    )


def test_one_goes_into_an_organ_that_stands_below_it(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Which takes its place first.
    """
    with Store.open(data) as store:
        for organ in (COUNTY, TOWN, BUREAU):
            office(store, organ)
    for organ, under in ((TOWN, COUNTY), (BUREAU, TOWN)):
        assert FINE == run(data, "place", "--organ", organ, "--under", under)
    assert FINE == run(data, "merge", "--organ", TOWN, "--into", BUREAU, "--yes")
    assert {COUNTY: None, TOWN: COUNTY, BUREAU: COUNTY} == tree(data, capsys)


def test_an_organ_with_others_below_it_is_not_closed(data: Path):
    """
    Those that are closed themselves hold nobody up.
    """
    with Store.open(data) as store:
        office(store, COUNTY)
        office(store, TOWN, {WANG: "王芳"})
    assert FINE == run(data, "place", "--organ", TOWN, "--under", COUNTY)
    assert REFUSED == run(data, "close", "--organ", COUNTY, "--yes")
    assert FINE == run(data, "close", "--organ", TOWN, "--yes")
    assert REFUSED == run(data, "close", "--organ", TOWN, "--yes")
    assert REFUSED == run(data, "close", "--organ", "没有的局", "--yes")
    assert FINE == run(data, "close", "--organ", COUNTY, "--yes")


def test_nothing_is_put_below_an_organ_that_has_ended(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    It would be in no list any more.
    """
    with Store.open(data) as store:
        office(store, BUREAU)
        office(store, TOWN)
    assert FINE == run(data, "close", "--organ", BUREAU, "--yes")
    assert REFUSED == run(data, "place", "--organ", TOWN, "--under", BUREAU)
    assert tree(data, capsys)[TOWN] is None


def test_sheets_without_the_heads_of_a_list_are_none():
    from bot.county.organ_lists import list_in

    assert list_in([Sheet("甲", (("项目", "本年"), ("受理", "3")))]) is None
    listed = list_in([Sheet("说明", (("机关", "必填"),)), Sheet("乙", (HEAD, ("", TOWN)))])
    assert listed is not None
    assert [TOWN] == [row.organ for row in listed.rows]
