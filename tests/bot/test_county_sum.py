"""
`nianbao sum` over reports in a store: every figure, corrections, the spreadsheet.
"""

import io
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine

from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from bot.cli.values import value_as_json
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers, Figures, Value
from conversations.talk.effects import Save
from conversations.wording import county_summing as wording
from storage import Store
from storage.organs import make_below
from tests.conversations.test_round_trip import figures_of
from tests.written import leiming

COUNTY, YEAR = "定安县人民政府", 2023
NOW = datetime(2024, 1, 20, 4, tzinfo=UTC)
NEW, LICENSES = "requests.received.natural_person", "proactive_disclosure.licensing.decisions"
FEE = "proactive_disclosure.administrative_fees.amount"
TOWN, BUREAU, LATE = "雷鸣镇人民政府", "定安县财政局", "定城镇人民政府"


def figures_in(answers: Mapping[str, Value]) -> dict[str, Value]:
    return {item: value for item, value in answers.items() if item in FORM.cells}


def put(store: Store, organ: str, figures: Mapping[str, Value], *, final: bool = True) -> int:
    """
    A report of an organ that is there already.
    """
    with store.begin() as unit:
        report_id = unit.open_report(organ, YEAR, now=NOW, edition=FORM.edition)
        saves = [Save(item, None, value) for item, value in figures.items()]
        unit.save(report_id, saves, by="1", at=NOW, door="telegram")
        if final:
            unit.finish(report_id, NOW)
    return report_id


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """
    A county with two organs that have reported and one that has not.
    """
    umask = os.umask(0o077)
    with time_machine.travel(NOW, tick=False):
        folder = tmp_path / "data"
        with Store.open(folder) as store:
            with store.begin() as unit:
                county = unit.organ(COUNTY, NOW)
                for name in (TOWN, BUREAU, LATE):
                    make_below(unit, name, county, NOW)
                unit.organ("临高县人民政府", NOW)
            put(store, TOWN, figures_in(leiming().answers))
            put(store, BUREAU, figures_of(7))
        yield folder
    os.umask(umask)


def run(data: Path, *arguments: str, under: str = COUNTY) -> int:
    return main(["sum", "--under", under, "--year", str(YEAR), *arguments, "--data", str(data)])


def told(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert FINE == run(data, *arguments, "--json")
    values: dict[str, Any] = json.loads(capsys.readouterr().out)
    return values


def test_the_sum_has_every_figure_as_show_has_them(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    The plain sum of the two; who has not reported is named, the county's own is not added.
    """
    with Store.open(data) as store:
        put(store, COUNTY, figures_of(3))
    total = told(data, capsys)

    shown = []
    for organ in (TOWN, BUREAU):
        assert FINE == main(
            ["show", "--organ", organ, "--year", str(YEAR), "--json", "--data", str(data)]
        )
        shown.append(json.loads(capsys.readouterr().out)["cells"])
    added = {
        cell: value_as_json(cell, sum(Decimal(str(cells[cell])) for cells in shown))
        for cell in FORM.cells
    }
    assert added == total["cells"]
    assert (COUNTY, YEAR, "2021") == (total["organ"], total["year"], total["edition"])
    assert sorted([BUREAU, TOWN]) == sorted(total["organs"])
    assert [LATE] == total["missing"]
    assert [{"organ": LATE, "why": "no_report", "gaps": {}}] == total["why_missing"]
    own = {
        cell: value_as_json(cell, v)
        for cell, v in Figures(FORM, Answers(figures_of(3))).all().items()
    }
    assert own == total["own"]
    differing = {finding["cells"][0] for finding in total["findings"]}
    assert {cell for cell in own if own[cell] != added[cell]} == differing
    assert {"S1"} == {finding["id"] for finding in total["findings"]}
    assert all(LATE in finding["message"] for finding in total["findings"])


def test_the_head_always_says_who_is_missing(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    Also of a county nobody has reported to, or that has nobody below it.
    """
    assert FINE == run(data)
    head = capsys.readouterr().out
    assert wording.count_line(2, 3, [LATE]) in head
    with Store.open(data) as store:
        put(store, LATE, figures_of(4), final=False)
    assert FINE == run(data)
    head = capsys.readouterr().out
    assert wording.count_line(3, 3, []) in head
    assert wording.unfinished_line([LATE]) in head

    assert FINE == run(data, under="临高县人民政府")
    assert wording.NOBODY_BELOW.format(organ="临高县人民政府") in capsys.readouterr().out
    for wrong in (("--organ", TOWN), ("--reason", "转办重复")):
        assert REFUSED == run(data, *wrong)
    assert REFUSED == run(data, under="没有的县")


def test_a_correction_is_kept_with_its_reason_and_taken_back(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    The newest of a figure counts; the sum stays as it is.
    """
    before = told(data, capsys)
    total = before
    for amount, reason in ((-1, "转办重复"), (-2, "转办重复两件")):
        total = told(data, capsys, "--correct", f"{NEW}={amount}", "--reason", reason)
        assert [(NEW, amount, reason, "terminal")] == [
            (c["cell"], c["amount"], c["reason"], c["by"]) for c in total["corrections"]
        ]
        assert before["cells"] == total["cells"]
        assert before["cells"][NEW] + amount == total["result"][NEW]
    assert "A1" in {finding["id"] for finding in total["findings"]}

    back = told(data, capsys, "--correct", "新收 自然人=")
    assert [] == back["corrections"]
    assert before == back
    for wrong in (("--correct", f"{NEW}=-1"), ("--correct", "某格=-1", "--reason", "转办重复")):
        assert REFUSED == run(data, *wrong)
    blocked = data / "a file"
    blocked.write_text("")
    correction = ("--correct", f"{NEW}=-1", "--reason", "转办重复")
    assert REFUSED == run(data, *correction, "--xlsx", str(blocked / "a.xlsx"))
    assert before == told(data, capsys)


def test_a_county_that_was_called_by_its_earlier_name_has_its_own_part(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    The sum is that of the organ as it is called now, whoever types what it was called.
    """
    own = "定安市本级"
    with Store.open(data) as store:
        with store.begin() as unit:
            make_below(unit, own, unit.organ(COUNTY, NOW), NOW)
        put(store, own, figures_of(5))
    assert FINE == main(
        ["organs", "rename", "定安市人民政府", "--organ", COUNTY, "--yes", "--data", str(data)]
    )
    total = told(data, capsys)

    assert ("定安市人民政府", [own]) == (total["organ"], total["own_part"])
    year, named = ["--year", str(YEAR), "--data", str(data)], ["--under", COUNTY]
    assert FINE == main(["task", *named, *year, "--json"])
    assert "定安市人民政府" == json.loads(capsys.readouterr().out)["under"]


def test_an_amount_of_money_is_a_text_wherever_it_stands(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Also a correction or a gap of whole 万元.
    """
    with Store.open(data) as store:
        put(store, COUNTY, figures_of(3) | {FEE: Decimal(0)})
    total = told(data, capsys, "--correct", f"{FEE}=+3", "--reason", "漏报")

    assert ["3"] == [correction["amount"] for correction in total["corrections"]]
    [differing] = [found for found in total["differences"] if FEE == found["cell"]]
    assert Decimal(total["cells"][FEE]) + 3 == Decimal(differing["gap"])
    assert isinstance(differing["gap"], str)


def test_the_spreadsheet_has_the_sum_the_bridge_the_missing_and_the_corrections(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    A row a figure; a reason that begins like a formula is a text.
    """
    file = tmp_path / "汇总.xlsx"
    told(data, capsys, "--correct", f"{LICENSES}=+2", "--reason", "=漏报")
    assert FINE == run(data, "--xlsx", str(file))
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    total = told(data, capsys)

    assert list(wording.SHEETS) == book.sheetnames
    plain, _, organs, corrections = (list(page.values) for page in book.worksheets)
    assert {cell: Decimal(str(value)) for cell, value in total["cells"].items()} == {
        row[-1]: Decimal(str(row[3])) for row in plain[1:]
    }
    assert [LATE, *total["organs"]] == [row[0] for row in organs[1:]]
    assert [(LICENSES, 2, "=漏报")] == [(row[-1], row[3], row[4]) for row in corrections[1:]]
    assert "s" == book.worksheets[3].cell(2, 5).data_type
