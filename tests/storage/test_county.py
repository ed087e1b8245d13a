"""
The organs below one with their reports of a year, on each database.
"""

from datetime import datetime, timedelta

import pytest

from conversations.county.status import Counts, Progress
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.sign_off.states import Deed, ReportState
from storage import Store
from storage.county import AT_ONCE, came, keep_counts, organs_alone, organs_below, organs_in_year
from storage.county_tables import COLLECTED
from storage.organs import has_below, place_below, tops, years_below
from storage.sign_off import SignOffs
from storage.tables import REPORT
from tests.county import AUTUMN, YEAR, answer, finish, office

COUNTY = "徐闻县人民政府"


def day(number: int) -> datetime:
    return AUTUMN + timedelta(days=number)


def county_of(store: Store, *names: str) -> int:
    """
    A county with these organs below; its id.
    """
    with store.begin() as unit:
        above = unit.organ(COUNTY, AUTUMN)
        for name in names:
            place_below(unit, unit.organ(name, AUTUMN), above)
    return above


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1])
def test_however_many_organs_are_below_each_is_there_once(store: Store, count: int):
    """
    Those at whatever distance, none beside, and not the one itself.
    """
    names = sorted(f"第{number}局" for number in range(count))
    above = county_of(store, *names)
    with store.begin() as unit:
        unit.organ("别县财政局", AUTUMN)
        if names:
            place_below(unit, unit.organ("财政所", AUTUMN), unit.organ(names[0], AUTUMN))

    with store.read() as reader:
        found = [organ.organ for organ in organs_below(reader, above, YEAR)]
        alone = [organ.organ for organ in organs_alone(reader, YEAR, 9)]

    assert sorted([*names, *(["财政所"] if names else [])]) == found
    assert ["别县财政局"] == [name for name in alone if name != COUNTY]


def test_which_trees_there_are_and_of_which_years(store: Store):
    """
    An organ above and below none is no tree.
    """
    office(store, "甲镇人民政府", year=2024)
    office(store, "甲镇人民政府", year=2025)
    office(store, "别县财政局", year=2023)
    above = county_of(store, "甲镇人民政府")

    with store.read() as reader:
        assert ((above, COUNTY),) == tops(reader)
        assert (2024, 2025) == years_below(reader, above)
        ((town,),) = [[o.organ_id for o in organs_below(reader, above, YEAR)]]
        assert (True, False) == (has_below(reader, above), has_below(reader, town))


def test_a_report_that_moves_to_another_form_is_counted_anew(store: Store):
    """
    Of the same answers, which may be fewer than that form asks.
    """
    report = office(store, "甲镇人民政府")
    answer(store, report, {next(iter(FORM.asked)): 0}, AUTUMN)
    above = county_of(store, "甲镇人民政府")
    with store.begin() as unit:
        ((before,),) = [organs_below(unit, above, YEAR)]
        assert before.report is not None
        keep_counts(unit, [(report, before.report.mark, Counts(1, 2, False, 0, 0, 0))])
    with store.begin() as unit:
        ((kept,),) = [organs_below(unit, above, YEAR)]
        unit.renew(report, "2019")
        ((moved,),) = [organs_below(unit, above, YEAR)]

    assert kept.report is not None
    assert moved.report is not None
    assert Counts(1, 2, False, 0, 0, 0) == kept.report.counts
    assert moved.report.counts is None


def test_a_report_came_when_it_was_handed_in_last(store: Store):
    """
    Without a leader with its document, a file with its first version; what was returned did not.
    """
    names = ("交两次的局", "定稿的局", "发文件的局", "退回的局", "填报中的局")
    reports = {name: office(store, name, {100 + n: ""}) for n, name in enumerate(names)}
    for name in (*names[:2], *names[3:]):
        answer(store, reports[name], {next(iter(FORM.asked)): 0}, AUTUMN)
    finish(store, reports["定稿的局"], day(3))
    with store.begin() as unit:
        signed = SignOffs(unit)

        def step(name: str, deed: Deed, state: ReportState, number: int) -> None:
            how = (deed, state)
            signed.record(
                reports[name],
                *how,
                by="1",
                at=day(number),
                door="",
                history=0,
                fingerprint="",
                note={},
            )

        for name in ("交两次的局", "退回的局"):
            step(name, Deed.SUBMIT, ReportState.SUBMITTED, 1)
            step(name, Deed.RETURN, ReportState.RETURNED, 2)
        step("交两次的局", Deed.SUBMIT, ReportState.SUBMITTED, 5)
        step("交两次的局", Deed.APPROVE, ReportState.APPROVED, 9)
        file = reports["发文件的局"]
        of_file = REPORT.update().where(REPORT.c.id == file)
        unit.connection.execute(of_file.values(source="file", final_at=day(8), final_history=0))
        for number in (7, 8):
            row = {"report_id": file, "name": "a", "content": b"a", "by": "1", "at": day(number)}
            unit.connection.execute(COLLECTED.insert().values(row))
        above = unit.organ(COUNTY, AUTUMN)
        for name in names:
            place_below(unit, unit.organ(name, AUTUMN), above)

    with store.read() as reader:
        organs = organs_below(reader, above, YEAR)
        found = came(reader, organs)
        one = organs_in_year(reader, [organs[0].organ_id], YEAR)

    assert [day(3), day(5), day(7)] == sorted(found.handed_in)
    assert AUTUMN == found.begun
    assert organs[:1] == one
    assert {Progress.FINISHED, Progress.APPROVED, Progress.RETURNED, Progress.OPEN} == {
        organ.progress for organ in organs
    }
