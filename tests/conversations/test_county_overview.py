"""
What an overview makes of the organs below one: groups by need, who is late, counties in a city.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from conversations.county.overview import (
    Dates,
    Group,
    Overview,
    districts,
    group_of,
    is_late,
    overview,
    published,
    source_of,
)
from conversations.county.status import BOT, FILE, Counts, CountyOrgan, OrganReport, Progress
from conversations.form.organ import Level
from conversations.sign_off.comparison import Result
from conversations.sign_off.states import ReportState
from conversations.wording import county_overview as wording
from tests.said import numbers

COUNTY = "徐闻县人民政府"
DEADLINE, COLLECTED = date(2026, 1, 31), date(2026, 1, 20)
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)

REPORT = OrganReport(
    report_id=1,
    name="甲镇人民政府",
    edition="2021",
    source=BOT,
    state=ReportState.OPEN,
    note={},
    is_final=False,
    begun=True,
    changed_at=NOON,
    deadline=DEADLINE,
    internal=None,
    excused=False,
    reason="",
    file=None,
    mark="",
    counts=Counts(120, 163, whole=False, errors=0, unexplained=0, explained=0),
)
ORGAN = CountyOrgan(
    organ_id=1,
    organ="甲镇人民政府",
    parent=COUNTY,
    level=Level.TOWNSHIP,
    contact="",
    phone="",
    closed=False,
    merged_into="",
    joined=True,
    report=REPORT,
)


def organ(name: str = ORGAN.organ, *, parent: str = COUNTY, joined: bool = True, **report):
    """
    An organ whose report is this.
    """
    return replace(
        ORGAN, organ=name, parent=parent, joined=joined, report=replace(REPORT, **report)
    )


def counts(errors: int) -> Counts:
    return Counts(163, 163, whole=True, errors=errors, unexplained=0, explained=0)


PUBLISHED = ReportState.PUBLISHED


@pytest.mark.parametrize(
    ("group", "which"),
    [
        (Group.NOT_JOINED, organ(joined=False, begun=False, counts=None)),
        (Group.NOT_JOINED, replace(ORGAN, joined=False, report=None)),
        (Group.NOT_STARTED, organ(begun=False, counts=None)),
        (Group.OPEN, organ()),
        (Group.TO_MEND, organ(counts=counts(2))),
        (Group.TO_MEND, organ(state=ReportState.RETURNED)),
        (Group.TO_MEND, organ(joined=False, source=FILE, is_final=True, counts=counts(1))),
        (Group.TO_MEND, organ(joined=False, source=FILE, is_final=True, edition="2019")),
        (Group.TO_DECIDE, organ(state=ReportState.SUBMITTED)),
        (Group.DONE, organ(is_final=True)),
        (Group.DONE, organ(joined=False, source=FILE, is_final=True, begun=False, counts=None)),
        (Group.APPROVED, organ(state=ReportState.APPROVED)),
        (Group.UNCHECKED, organ(state=PUBLISHED)),
        (Group.CHECKED, organ(state=PUBLISHED, note={"result": "equal"})),
        (Group.DIFFERENT, organ(state=PUBLISHED, note={"result": "different"}, counts=counts(1))),
        (Group.EXEMPT, organ(excused=True)),
        (Group.APPROVED, organ(excused=True, state=ReportState.APPROVED)),
    ],
)
def test_an_organ_is_in_the_group_of_what_it_needs(group: Group, which: CountyOrgan):
    """
    What is wrong wins over how far it is; whoever need not report needs nothing.
    """
    assert group is group_of(which, 2025)


def test_the_head_says_what_is_there_what_is_wrong_who_is_late_and_how_long_is_left():
    """
    Of those that count: a closed organ is not there, an excused one is nobody's work.
    """
    organs = [
        organ("甲局", state=ReportState.APPROVED),
        organ("乙局", is_final=True, counts=counts(1)),
        organ("丙局"),
        organ("丁局", internal=COLLECTED),
        organ("戊局", excused=True),
        replace(organ("己局"), closed=True),
    ]

    seen = overview(organs, 2025, date(2026, 1, 26))

    assert ["2", "4", "1", "1", "5"] == numbers(wording.head_line(seen))
    assert {"open": 2, "finished": 1, "approved": 1} == seen.states
    assert ["甲局", "乙局", "丙局", "丁局", "戊局"] == [each.organ for each in seen.organs]
    assert ["丁局"] == [each.organ for each in seen.late]


@pytest.mark.parametrize(
    ("late", "which", "today"),
    [
        (False, organ(), DEADLINE),
        (True, organ(), date(2026, 2, 1)),
        (True, organ(internal=COLLECTED), date(2026, 1, 21)),
        (False, organ(deadline=date(2026, 2, 10)), date(2026, 2, 1)),
        (True, organ(deadline=date(2026, 2, 10)), date(2026, 2, 11)),
        (True, replace(ORGAN, report=None), date(2026, 2, 1)),
        (True, organ(state=ReportState.RETURNED), date(2026, 2, 1)),
        (False, organ(state=ReportState.SUBMITTED), date(2026, 2, 1)),
        (False, organ(excused=True), date(2026, 2, 1)),
    ],
)
def test_an_organ_is_late_after_its_own_date(late: bool, which: CountyOrgan, today: date):
    """
    Without a task of its own, after that of most; what is handed in is not late.
    """
    assert late is is_late(which, Dates(DEADLINE), today)


def test_the_dates_are_those_of_most():
    """
    An extension moves nobody else's; among equally common ones the earliest.
    """
    organs = [organ(internal=COLLECTED), organ(), organ(internal=COLLECTED)]
    organs += [organ(deadline=date(2026, 2, day)) for day in (5, 6)]

    assert Dates(DEADLINE, COLLECTED) == overview(organs, 2025, DEADLINE).dates
    assert Dates() == overview([replace(ORGAN, report=None)], 2025, DEADLINE).dates


def test_the_late_come_first_and_then_who_has_not_joined():
    """
    The longest late first; what is there is not asked for.
    """
    organs = [
        replace(ORGAN, organ="没有加入的局", joined=False, report=None),
        organ("晚一天的局", internal=date(2026, 1, 24)),
        organ("晚五天的局", internal=COLLECTED),
        organ("已送审的局", state=ReportState.SUBMITTED, internal=COLLECTED),
        *(organ(f"不晚的{number}局") for number in range(3)),
    ]

    seen = overview(organs, 2025, date(2026, 1, 25))

    assert ["晚五天的局", "晚一天的局", "没有加入的局"] == [each.organ for each in seen.wanted]


def test_a_city_sees_its_counties_each_with_all_that_is_below():
    """
    A department right below the city is none.
    """
    organs = [
        organ("徐闻县人民政府", parent="湛江市人民政府"),
        organ("甲镇人民政府"),
        organ("甲镇财政所", parent="甲镇人民政府"),
        organ("湛江市财政局", parent="湛江市人民政府"),
    ]

    ((county, below),) = districts(organs, "湛江市人民政府")

    assert COUNTY == county.organ
    assert ["甲镇人民政府", "甲镇财政所"] == [each.organ for each in below]


def test_what_was_never_begun_has_no_source_and_what_was_not_published_no_result():
    """
    A file is one although nobody has joined.
    """
    assert None is source_of(organ(begun=False))
    assert FILE == source_of(organ(begun=False, source=FILE))
    assert None is published(organ(state=ReportState.APPROVED, note={"result": "equal"}))
    assert Result.EQUAL is published(organ(state=PUBLISHED, note={"result": "equal"}))


def test_an_overview_without_organs_is_empty():
    """
    Nothing is waited for and no date is known.
    """
    seen = Overview(2025, DEADLINE, Dates(), ())

    assert ({}, {}, 0) == (seen.states, seen.groups, seen.handed_in)
    assert wording.NO_DATE in wording.head_line(seen)
    assert Progress.OPEN.value not in seen.states
