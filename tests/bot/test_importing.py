"""
`nianbao import`: a published report becomes the report of its year in the store.
"""

import io
import json
from argparse import Namespace
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from bot.__main__ import main
from bot.cli.frame import Refused
from bot.cli.importing import DOOR, import_report, read_source, store_plan
from bot.cli.show import find, report_as_json
from bot.files.fetch_rules import NotFetched
from bot.files.unreadable import UnreadableFile
from bot.handle import Clock
from conversations.document.read.blocks import Left, LeftOut
from conversations.document.read.readings import Doubt
from conversations.document.read.report import ReadReport
from conversations.document.write.docx import render, standard
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers, Value
from conversations.talk.effects import Save
from conversations.talk.importing.make import plan
from conversations.wording import importing as wording
from storage.store import Store
from tests.reading_variants import PIXEL
from tests.said import numbers
from tests.written import leiming, with_answers

CLOCK = Clock(datetime(2024, 12, 1, 9, 0, tzinfo=UTC))
ORGAN, YEAR = "雷鸣镇人民政府", 2023
LICENSING = "proactive_disclosure.licensing.decisions"
PENALTIES = "proactive_disclosure.penalties.decisions"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2023.docx"
    path.write_bytes(render(standard("2021"), leiming()))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "data")


def wishes(organ: str = "", year: int = 0, **said: bool) -> Namespace:
    """
    What the command line says beforehand.
    """
    silent = dict.fromkeys(("yes", "replace", "doubtful", "json"), False)
    return Namespace(**{"organ": organ, "year": year, **silent, **said})


def imported(
    store: Store,
    source: Path | str,
    options: Namespace,
    ask: Callable[[str], str] | None = None,
    read: Callable[[str, int], ReadReport] = read_source,
) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    options.source = str(source)
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = import_report(store, options, CLOCK, ask, read)
        except Refused as refused:
            return 2, out.getvalue(), f"{refused}\n"
    return code, out.getvalue(), err.getvalue()


def answers(store: Store, year: int = YEAR) -> Answers:
    with store.read() as reader:
        report_id = reader.find_report(ORGAN, year)
        return Answers() if report_id is None else reader.load(report_id, "terminal").answers


def enter(store: Store, changes: dict[str, Value]) -> None:
    with store.begin() as unit:
        report_id = unit.open_report(ORGAN, YEAR, now=CLOCK.now, edition="2021")
        saves = [Save(item, None, value) for item, value in changes.items()]
        unit.save(report_id, saves, by="42", at=CLOCK.now, door="telegram")


def with_doubt(file: Path) -> Callable[[str, int], ReadReport]:
    def read(source: str, year: int) -> ReadReport:
        found = read_source(source, year)
        return replace(found, doubtful=(Doubt(LICENSING, 295, "字迹不清"),))

    return read


def test_a_published_report_is_the_report_of_its_year(store, file):
    """
    Every figure and text stands in the store, each with a row of history of this door.
    """
    code, out, _ = imported(store, file, wishes(ORGAN, YEAR, yes=True))

    wanted = {item: value for item, value in leiming().answers.items() if value != ""}
    with store.read() as reader:
        report_id = reader.find_report(ORGAN, YEAR)
        assert report_id is not None
        history = reader.history(report_id)
    assert 0 == code
    assert wanted == dict(answers(store))
    assert {DOOR} == {change.door for change in history}
    assert len(wanted) == len(history)
    assert wording.DONE.format(organ=ORGAN, year=YEAR, count=len(wanted)) in out


def test_texts_around_the_tables_survive(store, tmp_path):
    """
    Stored with the rest, and shown by section.
    """
    above, below = ("本年依法公开，未发生争议。", "注：以上为全年数据。")
    around = {item: above if "above" in item else below for item in ANNUAL_REPORT_2021.remark}
    path = tmp_path / "2023.docx"
    signed = {"signature": ORGAN, "signature_date": "2024年1月15日"}
    path.write_bytes(render(standard("2021"), with_answers(leiming(), {**around, **signed})))

    code, out, _ = imported(store, path, wishes(yes=True, json=True))

    view = find(store, ORGAN, YEAR)
    assert view is not None
    assert 0 == code
    assert around == {item: answers(store)[item] for item in around}
    shown = report_as_json(view)
    assert (
        f"{above}\n{below}"
        == shown["remarks"]["requests"]
        == json.loads(out)["remarks"]["requests"]
    )
    assert {"below": below} == shown["remark_places"]["other_matters"]


def test_organ_and_year_come_from_the_file_where_they_are_not_given(store, file):
    """
    Both stand in its title.
    """
    imported(store, file, wishes(yes=True))

    assert 295 == answers(store)[LICENSING]


def test_nothing_counts_without_a_yes(store, file):
    """
    With nobody to ask, the plan is shown and nothing stored.
    """
    code, out, err = imported(store, file, wishes(ORGAN, YEAR))

    assert (3, wording.NEEDS_YES) == (code, err)
    assert "行政许可 295" in out
    assert {} == dict(answers(store))


def test_an_organ_that_the_file_does_not_surely_name_is_asked_for(store, tmp_path):
    """
    At the terminal; without one it is refused, and nothing is stored under a made-up name.
    """
    path = tmp_path / "2023.docx"
    unnamed = {"title": "首页\n2023年政府信息公开工作年度报告"}
    path.write_bytes(render(standard("2021"), with_answers(leiming(), unnamed)))
    said = {wording.ASK_ORGAN: f" {ORGAN} ", wording.ASK: "是"}

    alone, _, _ = imported(store, path, wishes(yes=True))
    before = dict(answers(store))
    code, _, _ = imported(store, path, wishes(), said.__getitem__)

    assert (2, {}, 0) == (alone, before, code)
    assert 295 == answers(store)[LICENSING]


@pytest.mark.parametrize(
    ("answer", "yes"), [("是", True), ("好", True), ("否", False), ("", False)]
)
def test_a_person_at_the_terminal_is_asked(store, file, answer, yes):
    """
    Only a yes imports.
    """
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return str(answer)

    code, _, _ = imported(store, file, wishes(ORGAN, YEAR), ask)

    assert [wording.ASK] == asked
    assert (yes, 0 if yes else 3) == (len(answers(store)) > 0, code)


def test_what_stands_is_kept(store, file):
    """
    296 was entered by a clerk: the file's 295 does not replace it, the rest is filled in.
    """
    enter(store, {LICENSING: 296, "overview": "本年情况。"})

    code, out, _ = imported(store, file, wishes(ORGAN, YEAR, yes=True))

    now = answers(store)
    assert (0, 296, "本年情况。", 0) == (code, now[LICENSING], now["overview"], now[PENALTIES])
    assert any(numbers(line) == ["296", "295"] for line in out.splitlines())
    assert wording.KEPT.format(count=2) in out


def test_what_stands_is_replaced_when_that_is_said(store, file):
    """
    The history has 296 before and 295 after.
    """
    enter(store, {LICENSING: 296})

    imported(store, file, wishes(ORGAN, YEAR, yes=True, replace=True))

    with store.read() as reader:
        report_id = reader.find_report(ORGAN, YEAR)
        assert report_id is not None
        last = reader.history(report_id, LICENSING)[-1]
    assert (296, 295, DOOR) == (last.before, last.after, last.door)


def test_replacing_is_asked_for_at_the_terminal(store, file):
    """
    Yes to the import is no yes to the replacing.
    """
    enter(store, {LICENSING: 296})
    said = {wording.ASK: "是", wording.ASK_REPLACE.format(count=1): "否"}

    imported(store, file, wishes(ORGAN, YEAR), said.__getitem__)
    first = answers(store)[LICENSING]
    said[wording.ASK_REPLACE.format(count=1)] = "是"
    imported(store, file, wishes(ORGAN, YEAR), said.__getitem__)

    assert (296, 295) == (first, answers(store)[LICENSING])


def test_what_a_colleague_enters_meanwhile_is_not_replaced(store, file):
    """
    The person said yes to other conflicts than this one.
    """
    found = read_source(str(file))
    enter(store, {LICENSING: 296})
    wanted = plan(found, ORGAN, YEAR, answers(store), ANNUAL_REPORT_2021)
    enter(store, {PENALTIES: 7})

    store_plan(store, wanted, CLOCK, replace=True, by="terminal")

    now = answers(store)
    assert (295, 7) == (now[LICENSING], now[PENALTIES])


def test_importing_twice_changes_nothing(store, file):
    """
    No second row of history for what stands.
    """
    imported(store, file, wishes(ORGAN, YEAR, yes=True))
    code, out, _ = imported(store, file, wishes(ORGAN, YEAR, yes=True, replace=True))

    with store.read() as reader:
        report_id = reader.find_report(ORGAN, YEAR)
        assert report_id is not None
        rows = len(reader.history(report_id))
    assert (0, rows) == (code, len(answers(store)))
    assert wording.NOTHING_NEW.format(organ=ORGAN, year=YEAR) in out


@pytest.mark.parametrize(("doubtful", "stored"), [(False, None), (True, 295)])
def test_a_doubtful_figure_waits_for_its_own_yes(store, file, doubtful, stored):
    """
    --yes does not mean it.
    """
    options = wishes(ORGAN, YEAR, yes=True, doubtful=doubtful)

    _, out, _ = imported(store, file, options, read=with_doubt(file))

    assert stored == answers(store).get(LICENSING)
    assert "字迹不清" in out
    assert doubtful == (wording.LEFT_DOUBTFUL.format(count=1) not in out)


def test_a_doubtful_figure_is_asked_about_at_the_terminal(store, file):
    """
    After the import itself.
    """
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return "是"

    imported(store, file, wishes(ORGAN, YEAR), ask, with_doubt(file))

    assert [wording.ASK, wording.ASK_DOUBTFUL.format(count=1)] == asked
    assert 295 == answers(store)[LICENSING]


def test_a_file_of_another_year_is_not_imported_by_the_way(store, file):
    """
    --yes is no answer to that; the right option is named.
    """
    code, _, err = imported(store, file, wishes(ORGAN, 2022, yes=True))

    assert (2, wording.NEEDS_YEAR.format(found=2023)) == (code, err)
    assert {} == dict(answers(store, 2022))


def test_the_next_year_sees_what_was_imported(store, file):
    """
    It is the year before for the report of 2024, title and all.
    """
    imported(store, file, wishes(ORGAN, YEAR, yes=True))

    with store.begin() as unit:
        report_id = unit.open_report(ORGAN, 2024, now=CLOCK.now, edition="2021")
        last = unit.earlier(report_id)
        kept = unit.previous_wording(report_id)

    assert last is not None
    assert kept is not None
    assert (2023, 295) == (last.year, last.answers[LICENSING])
    assert (2023, leiming().answers["title"]) == (kept[0], kept[1]["title"])


def test_a_wrong_total_in_print_stays_findable(store, tmp_path, examples):
    """
    The county's report prints 0 where 11 is the sum: the check says so in the store, too.
    """
    imported(store, examples / "hongze-2023.pdf", wishes(ORGAN, YEAR, yes=True))
    total = "review.reconsideration.total"

    from bot.cli.show import find

    found = find(store, ORGAN, YEAR)
    assert found is not None
    assert (0, 11) == (found.report.figures.claimed(total), found.report.figures.get(total))
    assert ["A4", "A4"] == [one.id for one in found.findings if one.grade.name == "E"]
    assert Decimal("7730.28") == answers(store)["proactive_disclosure.administrative_fees.amount"]


@pytest.mark.parametrize("name", ["没有.docx", "坏.docx"])
def test_a_file_without_a_report_is_one_sentence(store, tmp_path, name):
    """
    Code 2, and nothing begun in the store.
    """
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04rubbish")

    code, out, err = imported(store, tmp_path / name, wishes(ORGAN, YEAR, yes=True))

    assert (2, "", 1) == (code, out, err.count("\n"))
    with store.read() as reader:
        assert () == reader.organs()


def test_a_link_is_fetched_by_its_own_rules(monkeypatch):
    """
    Its refusal is the sentence; the settings name the hosts.
    """
    seen: list[tuple[str, tuple[str, ...]]] = []

    async def fetch_report(link: str, rules: object) -> None:
        seen.append((link, getattr(rules, "hosts", ())))
        raise NotFetched("不行")

    monkeypatch.setattr("bot.files.fetch.fetch_report", fetch_report)
    monkeypatch.setenv("NIANBAO_FETCH_HOSTS", "www.town.gov.cn")

    with pytest.raises(UnreadableFile) as refused:
        read_source("http://www.town.gov.cn/a.html")

    assert "不行" == str(refused.value)
    assert [("http://www.town.gov.cn/a.html", ("www.town.gov.cn",))] == seen


def test_a_link_is_not_fetched_where_that_is_switched_off(monkeypatch):
    """
    The sentence says what to do instead.
    """
    monkeypatch.setenv("NIANBAO_FETCH_HOSTS", "off")

    with pytest.raises(UnreadableFile) as refused:
        read_source("http://www.town.gov.cn/a.html")

    assert wording.FETCH_OFF == str(refused.value)


def test_the_command_line_reaches_it(file, tmp_path, capsys):
    """
    Import, then export: the same report comes out, as a draft that nobody has finished.
    """
    data = str(tmp_path / "data")
    wanted = ["--organ", ORGAN, "--year", str(YEAR), "--data", data]

    assert 0 == main(["import", str(file), *wanted, "--yes"])
    capsys.readouterr()
    assert 3 == main(["export", "--format", "txt", *wanted, "--out", str(tmp_path / "a.txt")])

    assert "行政许可\t295" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_another_organs_name_is_told(store, tmp_path):
    """
    Another organ's name in the file is told, and the person decides.
    """
    other = with_answers(leiming(), {"title": "龙河镇人民政府\n2023年政府信息公开工作年度报告"})
    path = tmp_path / "x.docx"
    path.write_bytes(render(standard("2021"), other))

    code, out, _ = imported(store, path, wishes(ORGAN, YEAR, yes=True))

    assert 0 == code
    assert wording.OTHER_ORGAN.format(found="龙河镇人民政府", wanted=ORGAN) in out


def test_what_was_left_over_of_a_file_is_listed(store, tmp_path):
    """
    A picture and a table in a narrative: on the screen, and in JSON by section and kind.
    """
    document = docx.Document(io.BytesIO(render(standard("2021"), leiming())))
    heading = next(p for p in document.paragraphs if p.text.startswith("五、"))
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "甲栏", "乙栏"
    heading._p.addnext(table._tbl)
    picture = document.add_paragraph()
    picture.add_run().add_picture(io.BytesIO(PIXEL))
    heading._p.addnext(picture._p)
    file = tmp_path / "图表.docx"
    document.save(str(file))

    _, shown, _ = imported(store, file, wishes(ORGAN, YEAR))
    _, told, _ = imported(store, file, wishes(ORGAN, YEAR, json=True))

    section = "problems_and_improvements"
    left = (LeftOut(section, Left.PICTURE, 1), LeftOut(section, Left.TABLE, 1))
    assert wording.left_out((each.what, each.count) for each in left) in shown
    assert [
        {"section": each.section, "what": each.what.value, "count": each.count} for each in left
    ] == json.loads(told)["left_out"]
