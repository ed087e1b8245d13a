"""
The published reports of ../shared/examples as those of organs below one county.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from bot.cli.values import value_as_json
from conversations.form import ANNUAL_REPORT_2021 as FORM
from storage import Store
from storage.organs import make_below
from tests.bot.test_county_sum import BUREAU, COUNTY, NOW, figures_in, put, told
from tests.conversations.test_county_sum import by_hand
from tests.conversations.test_round_trip import figures_of
from tests.written import published


def test_the_examples_and_a_report_of_the_bot_are_right_in_every_figure(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Three of them, and one that was answered here; a row that one of them lacks is 0.
    """
    files = sorted(examples.glob("*-2023.json"))
    reports = [published(file) for file in files]
    folder = tmp_path / "data"
    with Store.open(folder) as store:
        with store.begin() as unit:
            county = unit.organ(COUNTY, NOW)
            for name in (*(report.organ for report in reports), BUREAU):
                make_below(unit, name, county, NOW)
        for report in reports:
            put(store, report.organ, figures_in(report.answers))
        put(store, BUREAU, figures_of(11))
    total = told(folder, capsys)

    none = dict.fromkeys(FORM.cells, 0)
    printed = [json.loads(file.read_text(), parse_float=Decimal)["cells"] for file in files]
    figures = [none | {c: Decimal(v) for c, v in cells.items()} for cells in printed]
    for cell in FORM.cells:
        added = by_hand([*figures, figures_of(11)], cell)
        assert value_as_json(cell, added) == total["cells"][cell], cell
    assert 4 == len(total["organs"])
    assert [] == total["missing"]
