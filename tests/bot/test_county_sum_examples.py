"""
The published reports of ../shared/examples as those of organs below one county.
"""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.frame import FINDINGS
from bot.cli.values import value_as_json
from conversations.form import ANNUAL_REPORT_2021 as FORM
from storage import Store
from storage.organs import make_below
from tests.bot.test_county_sum import BUREAU, COUNTY, NOW, YEAR, put, told
from tests.conversations.test_county_sum import by_hand
from tests.conversations.test_round_trip import figures_of

FILES = ("hongze-2023.pdf", "leimingzhen-2023.txt", "shuyang-development-2023.html")


def test_the_examples_and_a_report_of_the_bot_are_right_in_every_figure(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Three files collected, and one report answered here; a row that a file lacks is 0.
    """
    files = [examples / name for name in FILES]
    values = [
        json.loads((examples / f"{file.stem}.json").read_text(), parse_float=Decimal)
        for file in files
    ]
    folder, sent = tmp_path / "data", tmp_path / "sent"
    sent.mkdir()
    for file in files:
        shutil.copy(file, sent)
    with Store.open(folder) as store:
        with store.begin() as unit:
            county = unit.organ(COUNTY, NOW)
            for name in (*(report["organ"] for report in values), BUREAU):
                make_below(unit, name, county, NOW)
        put(store, BUREAU, figures_of(11))
    options = ("--under", COUNTY, "--year", str(YEAR), "--yes", "--data", str(folder))
    assert FINDINGS == main(["collect", str(sent), *options])
    total = told(folder, capsys)

    none = dict.fromkeys(FORM.cells, 0)
    figures = [none | {c: Decimal(v) for c, v in report["cells"].items()} for report in values]
    for cell in FORM.cells:
        added = by_hand([*figures, figures_of(11)], cell)
        assert value_as_json(cell, added) == total["cells"][cell], cell
    assert sorted([BUREAU, *(report["organ"] for report in values)]) == sorted(total["organs"])
    assert [] == total["missing"]
    assert {"洪泽区人民政府": {"A4"}} == {
        wrong["organ"]: {finding["id"] for finding in wrong["findings"]} for wrong in total["wrong"]
    }
