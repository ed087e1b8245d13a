"""
`nianbao standouts`, and what an organ sees of it in its own report.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from conversations.county.outliers import COMPARABLE
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Value
from conversations.talk.effects import Save
from storage import Store
from storage.organs import place_below
from tests.conversations.test_alike import OWN

NOW = datetime(2026, 1, 5, 4, tzinfo=UTC)
COUNTY, YEAR = "雷州县人民政府", 2025
FAR, NEAR = "雷鸣镇人民政府", "龙门镇人民政府"
PERMITS = "proactive_disclosure.licensing.decisions"


def reports(
    store: Store, organ: str, values: dict[str, Value], year: int = YEAR, under: str = COUNTY
) -> int:
    """
    A whole report of an organ below another, every figure 0 that is not given.
    """
    whole = {cell: 0 for cell in FORM.cells if cell not in FORM.sums} | values
    with store.begin() as unit:
        report_id = unit.open_report(organ, year, now=NOW, edition="2021")
        if organ != under:
            place_below(unit, unit.organ(organ, NOW), unit.organ(under, NOW))
        held = unit.load(report_id, "1").answers
        saves = [Save(item, held.get(item), value) for item, value in whole.items()]
        unit.save(report_id, saves, by="1", at=NOW, door="telegram")
    return report_id


def townships(store: Store, count: int) -> None:
    """
    So many with some thirty permits each, and one that has a hundred times as many.
    """
    for place in range(count):
        reports(store, f"第{place}镇人民政府", {PERMITS: 25 + place})
    reports(store, FAR, {PERMITS: 2500})


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    umask = os.umask(0o077)
    with time_machine.travel(NOW, tick=False):
        yield tmp_path / "data"
    os.umask(umask)


def told(
    data: Path, capsys: pytest.CaptureFixture[str], command: str, *arguments: str
) -> dict[str, Any]:
    capsys.readouterr()
    words = [command, *arguments, "--year", str(YEAR), "--data", str(data), "--json"]
    assert FINE == main(words)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def hints(data: Path, capsys: pytest.CaptureFixture[str], organ: str) -> list[dict[str, Any]]:
    """
    What an organ's own report says of B3.
    """
    findings = told(data, capsys, "show", "--organ", organ)["findings"]
    return [finding for finding in findings if finding["id"] == "B3"]


def test_what_stands_out_is_listed_and_told_to_the_organ(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    From then on; nobody else hears of it, and no name of another is in it.
    """
    with Store.open(data) as store:
        townships(store, COMPARABLE)
        reports(store, COUNTY, {PERMITS: 9000})
    assert [] == hints(data, capsys, FAR)

    found = told(data, capsys, "standouts", "--under", COUNTY)

    assert (COUNTY, YEAR, COMPARABLE + 1) == (found["under"], found["year"], found["compared"])
    (one,) = found["standouts"]
    assert (FAR, PERMITS, 2500, 28, 26, 31, COMPARABLE, None) == tuple(
        one[name] for name in ("organ", "cell", "value", "middle", "low", "high", "count", "last")
    )
    (hint,) = hints(data, capsys, FAR)
    assert [PERMITS] == hint["cells"]
    assert "第" not in hint["message"]
    assert [] == hints(data, capsys, "第1镇人民政府")


def test_the_hint_is_gone_with_the_figure(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    And with the next list, where the figure is no longer far.
    """
    with Store.open(data) as store:
        townships(store, COMPARABLE)
    told(data, capsys, "standouts", "--under", COUNTY)
    with Store.open(data) as store:
        reports(store, FAR, {PERMITS: 25})
    assert [] == hints(data, capsys, FAR)

    assert [] == told(data, capsys, "standouts", "--under", COUNTY)["standouts"]
    with Store.open(data) as store:
        reports(store, FAR, {PERMITS: 2500})
    assert [] == hints(data, capsys, FAR)


def test_fewer_than_eight_others_are_no_measure(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    What is not filled in, need not report or is closed counts for none of them.
    """
    with Store.open(data) as store:
        townships(store, COMPARABLE - 1)
        with store.begin() as unit:
            report_id = unit.open_report(NEAR, YEAR, now=NOW, edition="2021")
            place_below(unit, unit.organ(NEAR, NOW), unit.organ(COUNTY, NOW))
            unit.save(report_id, [Save(PERMITS, None, 30)], by="1", at=NOW, door="telegram")

    found = told(data, capsys, "standouts", "--under", COUNTY)

    assert (COMPARABLE, []) == (found["compared"], found["standouts"])
    assert [] == hints(data, capsys, FAR)


def test_too_few_to_compare_take_back_nothing_that_was_found_among_many(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    A city compares the townships of its counties; one of these looks at its own two.
    """
    city = "湛江市人民政府"
    with Store.open(data) as store:
        townships(store, COMPARABLE)
        for organ in (FAR, NEAR):
            reports(store, organ, {PERMITS: 2500 if organ == FAR else 30}, under="徐闻县人民政府")
        for county in (COUNTY, "徐闻县人民政府"):
            reports(store, county, {}, under=city)
    assert [FAR] == [
        each["organ"] for each in told(data, capsys, "standouts", "--under", city)["standouts"]
    ]
    found = hints(data, capsys, FAR)
    assert 1 == len(found)

    assert [] == told(data, capsys, "standouts", "--under", "徐闻县人民政府")["standouts"]
    assert found == hints(data, capsys, FAR)


def test_the_year_before_is_that_of_the_same_organ(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    An organ that has always had so many is as it is; one that had as few as the others is told.
    """
    with Store.open(data) as store:
        townships(store, COMPARABLE + 2)
        for place in range(COMPARABLE + 2):
            reports(store, f"第{place}镇人民政府", {PERMITS: 25 + place}, YEAR - 1)
        reports(store, FAR, {PERMITS: 2400}, YEAR - 1)
    assert [] == told(data, capsys, "standouts", "--under", COUNTY)["standouts"]

    with Store.open(data) as store:
        reports(store, FAR, {PERMITS: 30}, YEAR - 1)
    (one,) = told(data, capsys, "standouts", "--under", COUNTY)["standouts"]
    assert (FAR, 2500) == (one["organ"], one["value"])
    assert 1 == len(hints(data, capsys, FAR))


def test_texts_that_two_share_are_listed_with_their_sentences(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    with Store.open(data) as store:
        for organ in (FAR, NEAR):
            own = f"{organ}将在2026年改进公开平台的维护。"
            reports(store, organ, {"problems_and_improvements": "".join((*OWN, own))})
        reports(store, "第1镇人民政府", {"problems_and_improvements": "本镇的公开力度还不够。" * 5})

    (pair,) = told(data, capsys, "standouts", "--under", COUNTY)["alike"]

    assert {FAR, NEAR} == set(pair["organs"])
    assert ("problems_and_improvements", 6, 6) == (pair["section"], pair["of"], len(pair["same"]))


def test_a_county_that_is_not_there_is_refused(data: Path):
    """
    And no store is made.
    """
    assert REFUSED == main(["standouts", "--under", COUNTY, "--data", str(data)])
    assert not data.exists()
