"""
What stood out among organs is kept for their own reports, until they are compared anew.
"""

from datetime import UTC, datetime
from decimal import Decimal

from conversations.checks.findings import Similar
from conversations.talk.effects import Save
from storage import Store
from storage.organs import place_below
from storage.standouts import keep_standouts, reports_below, texts_below
from storage.unit import Unit

NOW = datetime(2026, 1, 5, 4, tzinfo=UTC)
COUNTY, TOWN, OTHER, NEIGHBOUR = (
    "雷州县人民政府",
    "雷鸣镇人民政府",
    "龙门镇人民政府",
    "龙角镇人民政府",
)
PERMITS = "proactive_disclosure.licensing.decisions"
FEE = "proactive_disclosure.administrative_fees.amount"
FAR = Similar(2500, 30, 0, 60, 23)
FAR_FEE = Similar(Decimal("120.5"), Decimal("3.25"), Decimal(0), Decimal(8), 23, Decimal("1.5"))


def county(unit: Unit, year: int = 2025) -> dict[str, int]:
    """
    Two townships below a county, and one that is not; the ids of their reports.
    """
    reports = {
        organ: unit.open_report(organ, year, now=NOW, edition="2021")
        for organ in (COUNTY, TOWN, OTHER, NEIGHBOUR)
    }
    for organ in (TOWN, OTHER):
        place_below(unit, unit.organ(organ, NOW), unit.organ(COUNTY, NOW))
    return reports


def similar(store: Store, report_id: int) -> dict[str, Similar]:
    with store.read() as reader:
        return dict(reader.load(report_id, "1").similar)


def test_a_report_is_loaded_with_what_stood_out_in_it(store: Store):
    with store.begin() as unit:
        reports = county(unit)
        found = [(reports[TOWN], PERMITS, FAR), (reports[TOWN], FEE, FAR_FEE)]
        keep_standouts(unit, unit.organ(COUNTY, NOW), 2025, found)
        assert {PERMITS: FAR, FEE: FAR_FEE} == unit.load(reports[TOWN], "1").similar

    assert {PERMITS: FAR, FEE: FAR_FEE} == similar(store, reports[TOWN])
    assert {} == similar(store, reports[OTHER])


def test_a_new_comparison_takes_the_place_of_the_old_one(store: Store):
    """
    Of the organs below and the year, and of no others.
    """
    with store.begin() as unit:
        before, reports = county(unit, 2024), county(unit)
        county_id, neighbour = unit.organ(COUNTY, NOW), unit.organ(NEIGHBOUR, NOW)
        place_below(unit, county_id, neighbour)
        above = [(reports[COUNTY], PERMITS, FAR), (reports[TOWN], PERMITS, FAR)]
        keep_standouts(unit, neighbour, 2025, above)
        keep_standouts(unit, county_id, 2024, [(before[TOWN], PERMITS, FAR)])
        keep_standouts(unit, county_id, 2025, [(reports[OTHER], PERMITS, FAR)])

    assert {} == similar(store, reports[TOWN])
    assert {PERMITS: FAR} == similar(store, reports[OTHER])
    assert {PERMITS: FAR} == similar(store, reports[COUNTY])
    assert {PERMITS: FAR} == similar(store, before[TOWN])


def test_only_what_is_below_is_compared(store: Store):
    with store.begin() as unit:
        reports = county(unit)
        for organ, report_id in reports.items():
            saves = [Save("overview", None, f"{organ}的总体情况。"), Save(PERMITS, None, 1)]
            unit.save(report_id, saves, by="1", at=NOW, door="telegram")
        county_id = unit.organ(COUNTY, NOW)
        below = {unit.organ(organ, NOW): (reports[organ], "2021") for organ in (TOWN, OTHER)}

        assert below == reports_below(unit, county_id, 2025)
        assert {} == reports_below(unit, county_id, 2024)
        assert {(reports[o], "overview", f"{o}的总体情况。") for o in (TOWN, OTHER)} == set(
            texts_below(unit, county_id, 2025)
        )
