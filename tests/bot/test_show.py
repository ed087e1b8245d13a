"""
`nianbao show --json` and `nianbao form --json`: the shapes that programs rely on.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.cli import show
from bot.cli.chat import login
from conversations.document.read.own_json import FORMAT
from conversations.document.write.text import as_text
from conversations.form import FORM_IN_FORCE as FORM
from conversations.form import FORMS
from conversations.form.answers import Answers
from conversations.form.organ import Level
from conversations.sign_off.fingerprint import fingerprint
from conversations.talk.effects import Save
from conversations.wording import talk as say
from storage.store import Store
from tests.bot.doors import BAD_USAGE, FINISHED, Jsonl, nianbao
from tests.county import AUTUMN, office
from tests.dialogue import COLUMNS, TEXTS, TOWN
from tests.written import leiming

RESULTS = ("upheld", "corrected", "other_result", "pending", "total")


def printed(*arguments: str | Path) -> Any:
    """
    What a command prints, as JSON; it says nothing else and ends well.
    """
    done = nianbao(*arguments)
    assert (FINISHED, b"") == (done.returncode, done.stderr)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def form() -> dict[str, Any]:
    """
    The form in force.
    """
    loaded: dict[str, Any] = printed("form", "--json")
    return loaded


def test_the_form_has_six_sections_with_their_kinds(form: dict[str, Any]):
    """
    Number, id and kind of each; the title without its number.
    """
    assert "2021" == form["edition"]
    assert [
        ("一", "overview", "narrative"),
        ("二", "proactive_disclosure", "table"),
        ("三", "requests", "table"),
        ("四", "review", "table"),
        ("五", "problems_and_improvements", "narrative"),
        ("六", "other_matters", "narrative"),
    ] == [(one["number"], one["id"], one["kind"]) for one in form["sections"]]
    assert "总体情况" == form["sections"][0]["title"]


def test_the_three_tables_have_their_rows_of_figures(form: dict[str, Any]):
    """
    3, 3, 1, 1, 1, 1; 25 rows of 7; one of 15: 200 ids, all different.
    """
    two, three, four = form["tables"]

    assert ["proactive_disclosure", "requests", "review"] == [one["id"] for one in form["tables"]]
    assert [3, 3, 1, 1, 1, 1] == [len(row) for row in two["cells"]]
    assert [7] * 25 == [len(row) for row in three["cells"]]
    assert [15] == [len(row) for row in four["cells"]]
    ids = [cell for table in form["tables"] for row in table["cells"] for cell in row]
    assert 200 == len(ids) == len(set(ids))


def test_rows_have_whole_ids_and_columns_the_last_part(form: dict[str, Any]):
    """
    Table two lists its five different columns, table four its one row and 15 columns.
    """
    two, three, four = form["tables"]

    assert ["issued", "repealed", "in_force", "decisions", "amount"] == [
        one["id"] for one in two["columns"]
    ]
    assert "proactive_disclosure.rules" == two["rows"][0]["id"]
    assert [*COLUMNS, "total"] == [one["id"] for one in three["columns"]]
    assert "requests.received" == three["rows"][0]["id"]
    assert "requests.carried_forward" == three["rows"][-1]["id"]
    assert ["review"] == [one["id"] for one in four["rows"]]
    assert [
        f"{block}.{result}"
        for block in ("reconsideration", "litigation.direct", "litigation.after_reconsideration")
        for result in RESULTS
    ] == [one["id"] for one in four["columns"]]


def test_every_table_has_a_row_of_cells_for_each_row(form: dict[str, Any]):
    """
    And an id is its row's id with its column's.
    """
    for table in form["tables"]:
        columns = {one["id"] for one in table["columns"]}
        for row, cells in zip(table["rows"], table["cells"], strict=True):
            assert row["label"]
            for cell in cells:
                assert cell.startswith(row["id"] + ".")
                assert cell.removeprefix(row["id"] + ".") in columns


def test_a_check_with_two_grades_stands_once_for_each(form: dict[str, Any]):
    """
    N1 and N4 stop or want a reason; every text is a Chinese sentence.
    """
    rules = [(one["id"], one["grade"]) for one in form["checks"]]

    assert len(rules) == len(set(rules))
    assert {("A1", "E"), ("A3", "E"), ("A4", "E"), ("B1", "W"), ("B4", "H")} <= set(rules)
    assert {("N1", "E"), ("N1", "W"), ("N4", "E"), ("N4", "W")} <= set(rules)
    assert all(one["text"] and not one["text"].isascii() for one in form["checks"])
    assert {"E", "W", "H"} == {grade for _, grade in rules}


def test_the_older_edition_has_its_own_figures():
    """
    22 + 161 + 15 = 198; 23 rows in table three, one of them 其他处理.
    """
    form = printed("form", "--json", "--edition", "2019")
    two, three, four = form["tables"]

    assert "2019" == form["edition"]
    assert 22 == sum(len(row) for row in two["cells"])
    assert [7] * 23 == [len(row) for row in three["cells"]]
    assert [15] == [len(row) for row in four["cells"]]
    assert "requests.outcome.otherwise_handled.all" in [one["id"] for one in three["rows"]]


def test_every_edition_prints_itself():
    """
    The ids of the JSON are the ids of the form, in printed order.
    """
    for edition, form in FORMS.items():
        tables = printed("form", "--json", "--edition", edition)["tables"]
        assert list(form.cells) == [c for t in tables for row in t["cells"] for c in row]


# ------------------------------------------------------------------------- show


def begun(data: Path, *typed: str) -> dict[str, Any]:
    """
    A report after a few messages, as `show` prints it.
    """
    with Jsonl(data, "--organ", TOWN, "--year", "2025") as chat:
        for line in typed:
            chat.text(line)
    loaded: dict[str, Any] = printed("show", "--json", "--data", data)
    return loaded


def test_a_report_that_was_only_opened_has_every_key_and_no_value(tmp_path: Path):
    """
    A program need not ask whether a key is there.
    """
    shown = begun(tmp_path / "var")

    assert {
        "format": FORMAT,
        "organ": TOWN,
        "year": 2025,
        "edition": "2021",
        "level": "township",
        "source": "bot",
        "imported": False,
        "file": None,
        "status": "open",
        "state": "open",
        "fingerprint": fingerprint(TOWN, 2025, "2021", Answers()),
        "title": [],
        "introduction": None,
        "table_breaks": None,
        "signature": None,
        "wording": {},
        "cells": {},
        "claims": {},
        "narratives": {},
        "remarks": {},
        "remark_places": {},
        "explanations": [],
        "findings": [],
        "notice": {"questions": [], "lengths": {}, "headings": {}},
    } == shown


def test_figures_are_shown_with_their_computed_totals_and_fees_as_text(tmp_path: Path):
    """
    12.50 万元 is «12.5»; a total appears when its row is whole.
    """
    shown = begun(
        tmp_path / "var",
        say.FIGURES_FIRST,
        *["0 0 0", "8 0 18", "295", "0", "0", "12.50"],
        say.NEXT,
        "3 1 0 0 0 0",
        "自然人2",
    )["cells"]

    assert "12.5" == shown["proactive_disclosure.administrative_fees.amount"]
    assert 18 == shown["proactive_disclosure.normative_documents.in_force"]
    assert 4 == shown["requests.received.total"]
    assert 2 == shown["requests.carried_over.natural_person"]
    assert "requests.carried_over.total" not in shown


def test_reasons_and_findings_are_shown(tmp_path: Path):
    """
    A reason with its check, its figures, who gave it and when.
    """
    reason = "规章为2025年以前由上级授权制定，至今有效。"
    shown = begun(tmp_path / "var", say.FIGURES_FIRST, "0 0 1", reason, "3 0 5")

    (given,) = shown["explanations"]
    assert {"check", "cells", "text", "by", "at"} == set(given)
    assert ("B2", reason, login()) == (given["check"], given["text"], given["by"])
    assert given["cells"] == ["proactive_disclosure.rules.in_force"]
    assert [("B2", "W")] == [(one["id"], one["grade"]) for one in shown["findings"]]
    assert {"id", "grade", "cells", "narrative", "message"} == set(shown["findings"][0])


def test_a_typed_total_that_differs_is_a_finding_and_no_figure(tmp_path: Path):
    """
    The value of the total cell stays the sum.
    """
    first = (say.FIGURES_FIRST, say.ZERO_REST, say.NEXT)
    shown = begun(tmp_path / "var", *first, "3 1 0 0 0 0 9")

    assert 4 == shown["cells"]["requests.received.total"]
    assert [("A3", "E")] == [(one["id"], one["grade"]) for one in shown["findings"]]


def test_wording_and_status_follow_the_report_to_its_end_and_beyond(tmp_path: Path):
    """
    open, final, and changed when a figure differs from the document's.
    """
    data = tmp_path / "var"
    with Jsonl(data, "--organ", TOWN, "--year", "2025") as chat:
        chat.tap(say.FIGURES_FIRST)
        for _ in range(3):
            chat.tap(say.ZERO_REST)
            chat.tap(say.NEXT)
        for text in TEXTS.values():
            chat.text(text)
            chat.tap(say.DONE_TEXT)
        chat.text("雷鸣镇 / 2025年度信息公开报告")
        chat.text("现公布本机关报告。")
        chat.text(TOWN)
        chat.text("2026.1.15")
        assert "open" == printed("show", "--json", "--data", data)["status"]
        chat.tap(say.MAKE_FINAL)
        shown = printed("show", "--json", "--data", data)
        chat.text("/menu")
        chat.text("行政许可")
        chat.tap("行政许可")
        chat.text("7")
        changed = printed("show", "--json", "--data", data)["status"]
        chat.text("行政许可")
        chat.tap("行政许可")
        chat.text("0")

    assert "final" == shown["status"]
    assert ["雷鸣镇", "2025年度信息公开报告"] == shown["title"]
    assert "现公布本机关报告。" == shown["introduction"]
    assert [TOWN, "2026年1月15日"] == shown["signature"]
    assert TEXTS == shown["narratives"]
    assert "changed" == changed
    assert "final" == printed("show", "--json", "--data", data)["status"]


def test_a_change_of_level_makes_no_document_stale(tmp_path: Path):
    """
    It stands in none.
    """
    shown = begun(tmp_path / "var", say.REVIEW)
    assert "township" == shown["level"]
    with Jsonl(tmp_path / "var") as chat:
        chat.tap(say.LEVEL)
        chat.tap(say.LEVELS[Level.COUNTY])
    assert "county" == printed("show", "--json", "--data", tmp_path / "var")["level"]


def test_a_report_that_is_not_there_is_bad_usage(tmp_path: Path):
    """
    One sentence, no traceback.
    """
    begun(tmp_path / "var")
    done = nianbao(
        "show", "--json", "--organ", "没有的局", "--year", "2025", "--data", tmp_path / "var"
    )

    assert BAD_USAGE == done.returncode
    assert b"" == done.stdout
    assert 1 == len(done.stderr.decode().splitlines())


def test_two_reports_are_told_apart_by_organ_and_year(tmp_path: Path):
    """
    The one named, else the last one opened.
    """
    for organ, year in ((TOWN, "2024"), ("甲县财政局", "2025")):
        with Jsonl(tmp_path / "var", "--organ", organ, "--year", year):
            pass
    last = printed("show", "--json", "--data", tmp_path / "var")
    named = printed("show", "--json", "--organ", TOWN, "--year", "2024", "--data", tmp_path / "var")

    assert ("甲县财政局", 2025) == (last["organ"], last["year"])
    assert (TOWN, 2024) == (named["organ"], named["year"])


def test_what_nobody_has_filled_is_told_from_what_is_0(tmp_path: Path, capsys):
    """
    Of a table, of its rows, of the cells of a row.
    """
    asked = list(FORM.asked)
    rows = [line for line in FORM.tables[2].lines if len(line.cells) > 2]
    with Store.open(tmp_path) as store:
        report = office(store, TOWN, year=2025)
        with store.begin() as unit:
            zeros = [Save(cell.id, None, 0) for cell in (*rows[0].cells, rows[1].cells[0])]
            filled = [save for save in zeros if save.item in asked]
            unit.save(report, filled, by="terminal", at=AUTUMN, door="chat")

    assert FINISHED == main(["show", "--data", str(tmp_path)])

    told = capsys.readouterr().out.splitlines()
    assert told.count(f"  {show.EMPTY}") >= 3
    assert f"  {show.OTHERS_ZERO.format(count=1)}" in told
    assert [line for line in told if line.startswith(f"  {rows[1].short}：")]
    (empty,) = [line for line in told if line.startswith(f"  {show.EMPTY}：")]
    assert rows[2].short in empty
    assert rows[0].short not in empty


def test_a_report_that_was_read_in_is_called_that(tmp_path: Path, capsys):
    """
    It is nobody's draft; what programs read of its status stays.
    """
    file = tmp_path / "last.txt"
    file.write_text(as_text(leiming()), encoding="utf-8")
    data = str(tmp_path / "data")
    assert FINISHED == main(["import", str(file), "--yes", "--data", data])
    capsys.readouterr()

    assert FINISHED == main(["show", "--data", data])
    assert show.IMPORTED in capsys.readouterr().out.splitlines()[0]
    assert FINISHED == main(["show", "--json", "--data", data])
    told = json.loads(capsys.readouterr().out)
    assert (True, "open") == (told["imported"], told["status"])


def test_a_person_may_read_a_report_too(tmp_path: Path):
    """
    Without --json: the figures that are not 0, the texts in short.
    """
    begun(tmp_path / "var", say.FIGURES_FIRST, "0 0 0", "0 0 0", "295")
    done = nianbao("show", "--data", tmp_path / "var")

    assert FINISHED == done.returncode
    assert "295" in done.stdout.decode()
