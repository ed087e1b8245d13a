"""
What stood out among organs is kept for their own reports, until they are compared anew.
"""

from datetime import UTC, datetime
from decimal import Decimal

from conversations.checks.findings import Similar
from conversations.talk.effects import Save
from storage import Store
from storage.standouts import keep_standouts, reports_of, texts_of
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
    The ids of the reports of some organs.
    """
    return {
        organ: unit.open_report(organ, year, now=NOW, edition="2021")
        for organ in (COUNTY, TOWN, OTHER, NEIGHBOUR)
    }


def similar(store: Store, report_id: int) -> dict[str, Similar]:
    with store.read() as reader:
        return dict(reader.load(report_id, "1").similar)


def test_a_report_is_loaded_with_what_stood_out_in_it(store: Store):
    with store.begin() as unit:
        reports = county(unit)
        found = [(reports[TOWN], PERMITS, FAR), (reports[TOWN], FEE, FAR_FEE)]
        keep_standouts(unit, [reports[TOWN], reports[OTHER]], found)
        assert {PERMITS: FAR, FEE: FAR_FEE} == unit.load(reports[TOWN], "1").similar

    assert {PERMITS: FAR, FEE: FAR_FEE} == similar(store, reports[TOWN])
    assert {} == similar(store, reports[OTHER])


def test_a_new_comparison_takes_the_place_of_the_old_one(store: Store):
    """
    In the reports that are compared, however many they are, and in no others.
    """
    with store.begin() as unit:
        reports = county(unit)
        everywhere = [(report_id, PERMITS, FAR) for report_id in reports.values()]
        keep_standouts(unit, tuple(reports.values()), everywhere)
        many = [reports[TOWN], *range(1000, 1150), reports[OTHER]]
        keep_standouts(unit, many, [(reports[OTHER], FEE, FAR_FEE)])

    assert {} == similar(store, reports[TOWN])
    assert {FEE: FAR_FEE} == similar(store, reports[OTHER])
    assert {PERMITS: FAR} == similar(store, reports[COUNTY])


def test_organs_are_compared_by_their_reports_and_texts(store: Store):
    with store.begin() as unit:
        reports = county(unit)
        for organ, report_id in reports.items():
            saves = [Save("overview", None, f"{organ}的总体情况。"), Save(PERMITS, None, 1)]
            unit.save(report_id, saves, by="1", at=NOW, door="telegram")
        organs = [unit.organ(organ, NOW) for organ in (TOWN, OTHER)]
        theirs = [reports[TOWN], reports[OTHER]]

        assert dict(zip(organs, [(id_, "2021") for id_ in theirs], strict=True)) == reports_of(
            unit, organs, 2025
        )
        assert {} == reports_of(unit, organs, 2024)
        assert [
            (reports[organ], "overview", f"{organ}的总体情况。") for organ in (TOWN, OTHER)
        ] == texts_of(unit, theirs)
