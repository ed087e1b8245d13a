"""
What stands out among similar organs (B3): few figures, the right ones, and nobody's name.
"""

from collections.abc import Mapping
from dataclasses import replace

from conversations.checks import check_items, check_report
from conversations.checks.findings import Report, Similar
from conversations.county.kinds import similar_to
from conversations.county.outliers import (
    APART,
    COMPARABLE,
    MOST_EACH,
    Compared,
    Standout,
    figures_to_compare,
    standing_out,
)
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Number
from conversations.form.model import CellId
from conversations.form.organ import Level
from tests.checked import report
from tests.peers import MadeUp, answers_of, county

PERMITS = "proactive_disclosure.licensing.decisions"
PENALTIES = "proactive_disclosure.penalties.decisions"
TOWNS = similar_to("雷鸣镇人民政府", Level.TOWNSHIP, "")


def towns(*permits: Number, last: Mapping[int, Number] | None = None) -> list[Standout]:
    """
    What stands out among townships with so many permits; `last` are last year's, by place.
    """
    return standing_out(
        Compared(place, TOWNS, {PERMITS: value}, {PERMITS: last[place]} if last else {})
        for place, value in enumerate(permits)
    )


def compared(place: int, organ: MadeUp) -> Compared:
    return Compared(
        place,
        similar_to(organ.organ, organ.level, organ.parent),
        figures_to_compare(FORM, answers_of(organ.lines)),
        figures_to_compare(FORM, answers_of(organ.last)),
    )


def told(similar: Similar, **changes: Number) -> list[str]:
    """
    What the organ itself is told, its report holding `similar.value` or what was changed.
    """
    permits = changes.get("permits", similar.value)
    now = replace(report({PERMITS: permits}), similar={PERMITS: similar})
    if "last" in changes:
        now = replace(now, last_year=report({PERMITS: changes["last"]}, year=2022))
    found = [finding for finding in check_report(now) if finding.id == "B3"]
    assert found == [finding for finding in check_items(now, [PERMITS]) if finding.id == "B3"]
    assert {PERMITS} >= {cell for finding in found for cell in finding.cells}
    return [finding.message for finding in found]


def test_a_figure_a_hundred_times_the_others_stands_out():
    """
    With the median of the others and where most of them lie, itself left out.
    """
    (found,) = towns(2500, 10, 20, 25, 30, 35, 40, 50, 60)

    assert (0, PERMITS) == (found.report_id, found.cell)
    assert Similar(2500, 30, 20, 50, 8) == found.similar


def test_fewer_than_eight_others_are_compared_with_nobody():
    assert [] == towns(2500, *[30] * (COMPARABLE - 1))
    assert 1 == len(towns(2500, *[30] * COMPARABLE))


def test_where_nearly_all_are_nothing_a_few_are_no_outlier():
    """
    Their median and its deviation are 0; that makes neither 1 nor 8 remarkable, but 250.
    """
    assert [] == towns(APART - 1, 1, *[0] * 20)
    (found,) = towns(250, 1, *[0] * 20)
    assert Similar(250, 0, 0, 0, 21) == found.similar


def test_what_several_do_often_and_most_never_is_usual():
    assert [] == towns(250, 180, 300, 220, *[0] * 16)


def test_nothing_where_others_have_hundreds_stands_out_too():
    (found,) = towns(0, 180, 300, 220, 250, 190, 210, 280, 240, 230)
    assert 0 == found.similar.value


def test_a_slip_does_not_hide_another():
    slips = {one.report_id for one in towns(2500, 9000, *[20, 25, 30, 35, 40] * 4)}
    assert {0, 1} == slips


def test_an_organ_that_was_as_far_last_year_is_as_it_is():
    """
    Only what is beyond all measure is told then.
    """
    others = [20, 25, 30, 35, 40, 45, 50, 55, 60]
    last = dict(enumerate([480, *others]))

    assert 1 == len(towns(500, *others))
    assert [] == towns(500, *others, last=last)
    assert 1 == len(towns(500_000, *others, last={**last, 0: 480_000}))


def test_a_change_that_no_other_has_stands_out_within_the_others_range():
    """
    Ten times its own of last year; told is what it would be had it changed as most have.
    """
    others = [5, 20, 60, 100, 200, 400, 700, 1000, 2000, 3000]
    last = dict(enumerate([30, *(other + 2 for other in others)]))

    (found,) = towns(300, *others, last=last)

    assert 30 == found.similar.last
    assert found.similar.low <= found.similar.middle <= found.similar.high < 60


def test_that_nothing_stays_nothing_measures_no_change():
    """
    Where too few of the others do a thing at all, a change is held against none.
    """
    nothing = [0] * 30
    assert [] == towns(12, *nothing, last={place: 40 * (place == 0) for place in range(31)})
    (found,) = towns(400, *nothing, last={place: 40 * (place == 0) for place in range(31)})
    assert found.similar.last is None


def test_a_figure_that_returns_to_where_the_others_are_is_not_told():
    """
    Last year's was the slip.
    """
    others = [20, 25, 30, 35, 40, 45, 50, 55, 60]
    last = dict(enumerate([3500, *others]))

    assert [] == towns(35, *others, last=last)


def test_the_farthest_comes_first_and_of_an_organ_only_a_few():
    cells = figures_to_compare(FORM, answers_of({}))
    nothing = dict.fromkeys(cells, 0)
    all_wrong = dict.fromkeys(cells, 90)
    reports = [Compared(place, TOWNS, nothing, {}) for place in range(20)]
    reports.append(Compared(20, TOWNS, all_wrong, {}))
    reports.append(Compared(21, TOWNS, {**nothing, PENALTIES: 5000}, {}))

    found = standing_out(reports)

    assert [21, *[20] * MOST_EACH] == [one.report_id for one in found]
    assert sorted(found, key=lambda one: -one.far) == found


def test_what_follows_from_another_figure_is_not_told_beside_it():
    """
    Too many requests received are too many carried forward.
    """
    received, forward = "requests.received.total", "requests.carried_forward.total"
    others = [Compared(place, TOWNS, {received: 5, forward: 0}, {}) for place in range(20)]

    both = standing_out([*others, Compared(20, TOWNS, {received: 500, forward: 495}, {})])
    alone = standing_out([*others, Compared(20, TOWNS, {received: 5, forward: 95}, {})])

    assert [received] == [one.cell for one in both]
    assert [forward] == [one.cell for one in alone]


def test_who_is_similar():
    """
    A 镇 to 镇 where there are enough, else to all townships; a department to those of its
    subject below other counties, else to all departments of counties.
    """
    assert similar_to("甲镇人民政府", Level.TOWNSHIP, "甲县") == similar_to(
        "乙镇人民政府", Level.TOWNSHIP, "乙区"
    )
    town, street = (similar_to(name, Level.TOWNSHIP, "") for name in ("甲镇", "乙街道办事处"))
    assert town[0] != street[0]
    assert town[1] == street[1]
    school, police = (
        similar_to(f"文教县{name}", Level.BUREAU, "文教县人民政府") for name in ("教育局", "公安局")
    )
    assert school[0] != police[0]
    assert school[1] == police[1]
    assert school == similar_to("甲县教育和体育局", Level.BUREAU, "甲县人民政府") or school[1]
    assert school[1] != similar_to("某市教育局", Level.BUREAU, "某市人民政府")[1]
    assert () == similar_to("服务站", Level.UNKNOWN, "甲县")


def test_too_few_of_ones_own_kind_are_compared_with_the_level():
    street = similar_to("甲街道办事处", Level.TOWNSHIP, "")
    reports = [Compared(place, TOWNS, {PERMITS: 30}, {}) for place in range(8)]

    (found,) = standing_out([*reports, Compared(8, street, {PERMITS: 3000}, {})])

    assert (8, 8) == (found.report_id, found.similar.count)


def test_true_figures_are_seldom_listed_and_slips_are_found():
    """
    Of three hundred organs at most one in five; a figure a hundred times too large in each of
    ten of them is there.
    """
    organs = county(1)
    reports = [compared(place, organ) for place, organ in enumerate(organs)]
    assert len(organs) >= 5 * len(standing_out(reports))
    slips = {}
    for place in range(0, 300, 30):
        lines = organs[place].lines
        line = max(lines, key=lines.__getitem__)
        wrong = replace(organs[place], lines={**lines, line: 100 * lines[line]})
        slips[place] = line
        reports[place] = compared(place, wrong)

    found = standing_out(reports)

    assert 9 <= sum(
        any(one.report_id == place and one.cell.startswith(line) for one in found)
        for place, line in slips.items()
    )


def test_the_organ_is_told_as_long_as_the_figure_stands():
    """
    And no organ's name with it.
    """
    similar = Similar(2500, 30, 20, 50, 23)

    (said,) = told(similar)

    assert all(figure in said for figure in ("2,500", "23", "30", "20", "50"))
    assert [] == told(similar, permits=250)


def test_what_was_held_against_last_year_is_told_as_long_as_that_stands():
    similar = Similar(300, 31, 28, 34, 12, last=30)

    (said,) = told(similar, last=30)

    assert all(figure in said for figure in ("300", "30", "12", "28", "34"))
    assert [] == told(similar, last=290)
    assert [] == told(similar)


def test_a_report_without_a_comparison_has_no_such_finding():
    assert "B3" not in {finding.id for finding in check_report(report({PERMITS: 10**6}))}


def test_every_compared_figure_is_told_by_its_name():
    cells: Mapping[CellId, Number] = figures_to_compare(FORM, answers_of({}))
    similar = {cell: Similar(0, 100, 90, 110, 9) for cell in cells}
    now: Report = replace(report({}), similar=similar)

    found = [finding for finding in check_report(now) if finding.id == "B3"]

    assert list(similar) == [finding.cells[0] for finding in found]
    assert len({finding.message for finding in found}) == len(found)
