"""
The sum over organs: what is added, what is missing and why, corrections, the own report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.checks.findings import Grade
from conversations.county.correcting import NotCorrected, Wish, look_over, read_cell, read_wish
from conversations.county.status import FILE, CountyOrgan, OrganReport, SentFile
from conversations.county.sum_text import as_text
from conversations.county.summing import Correction, CountySum, Group, Why, add_up
from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021, FILLED_IN, FORMS, Form
from conversations.form.answers import Answers, Number
from conversations.form.editions.not_summed import NOT_SUMMED, not_summed
from conversations.form.organ import guess_level
from conversations.sign_off.states import ReportState
from conversations.wording import county_summing as wording
from tests.conversations.test_round_trip import figures_of

FORM = ANNUAL_REPORT_2021
COUNTY = "定安县人民政府"
YEAR = 2025
NAMES = ("定安县财政局", "雷鸣镇人民政府", "定城镇人民政府", "定安县本级", "定安县教育局")
NEW, ALL_NEW = "requests.received.natural_person", "requests.received.total"
LICENSES = "proactive_disclosure.licensing.decisions"
FEE = "proactive_disclosure.administrative_fees.amount"
AT = datetime(2026, 1, 12, 8, tzinfo=UTC)


def organ(number: int, name: str = "", *, report: bool = True, **changes: Any) -> CountyOrgan:
    """
    An organ below the county whose report is final, with the number for its id.
    """
    name = name or f"第{number}镇人民政府"
    about: dict[str, Any] = {
        "report_id": number,
        "name": name,
        "edition": FORM.edition,
        "source": "bot",
        "state": ReportState.OPEN,
        "note": {},
        "is_final": True,
        "begun": True,
        "changed_at": AT,
        "deadline": None,
        "internal": None,
        "excused": False,
        "reason": "",
        "file": None,
        "mark": "",
        "counts": None,
    }
    own = {key: changes.pop(key) for key in list(changes) if key in about}
    made = OrganReport(**(about | own)) if report else None
    plain = CountyOrgan(
        number, name, COUNTY, guess_level(name), "", "", False, "", joined=True, report=made
    )
    return replace(plain, **changes)


def summed(pairs: Sequence[tuple[CountyOrgan, Mapping[str, Any]]], **more: Any) -> CountySum:
    figures = {o.report.report_id: Answers(values) for o, values in pairs if o.report}
    return add_up(COUNTY, YEAR, FORM, [o for o, _ in pairs], figures, **more)


def zeros(**figures: Number) -> dict[str, Number]:
    """
    Every figure that is asked or balanced, 0 but for those that are named (dots as __).
    """
    values: dict[str, Number] = dict.fromkeys((c for c in FORM.cells if c not in FORM.sums), 0)
    values |= {FEE: Decimal(0)}
    return values | {cell.replace("__", "."): figure for cell, figure in figures.items()}


def by_hand(reports: Sequence[Mapping[str, Any]], cell: str) -> Number:
    """
    What a cell of the sum must be, from the printed form: a total is its row, block or column.
    """
    row, _, column = cell.rpartition(".")
    if column == "total" and row.startswith("requests."):
        columns = [c.id for c in FORM.tables[1].columns if c.id != "total"]
        return sum(by_hand(reports, f"{row}.{c}") for c in columns)
    if column == "total":
        ends = ("upheld", "corrected", "other_result", "pending")
        return sum(by_hand(reports, f"{row}.{end}") for end in ends)
    if row == "requests.outcome.total":
        rows = [
            line
            for line in FORM.lines
            if line.startswith("requests.outcome.") and line != "requests.outcome.total"
        ]
        return sum(by_hand(reports, f"{line}.{column}") for line in rows)
    added: Number = sum(report[cell] for report in reports)
    return added


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_the_sum_of_legal_reports_is_each_figure_added(seeds: list[int]):
    """
    Every one of the 200 figures, counted by hand from the printed form; and it balances.
    """
    reports = [figures_of(seed) for seed in seeds]
    total = summed([(organ(n), values) for n, values in enumerate(reports)])

    assert {cell: by_hand(reports, cell) for cell in FORM.cells} == total.cells
    assert isinstance(total.cells[FEE], Decimal)
    assert all(isinstance(value, int) for cell, value in total.cells.items() if cell != FEE)
    assert () == total.findings
    assert (len(seeds), ()) == (total.waited_for, total.missing)


@pytest.mark.parametrize(
    ("below", "figures", "why"),
    [
        (organ(9, report=False), {}, Why.NO_REPORT),
        (organ(9, begun=False, is_final=False), {}, Why.NO_REPORT),
        (organ(9, is_final=False), {NEW: 3}, Why.INCOMPLETE),
        (organ(9, edition="2019"), zeros(), Why.OLD_EDITION),
        (organ(9, source=FILE), {NEW: 3}, Why.UNREADABLE),
        (
            organ(9, source=FILE, file=SentFile(1, "a.docx", AT, {"edition": "2019"})),
            {NEW: 3},
            Why.OLD_EDITION,
        ),
    ],
)
def test_what_is_missing_is_named_with_its_reason(
    below: CountyOrgan, figures: Mapping[str, Any], why: Why
):
    """
    Nothing of it is added, whatever it has; the others are.
    """
    total = summed([(organ(1), zeros(**{LICENSES: 4})), (below, figures)])

    assert [(below.organ, why)] == [(m.organ.organ, m.why) for m in total.missing]
    assert (4, 0) == (total.cells[LICENSES], total.cells[NEW])
    assert below.organ in as_text(total)


def test_gaps_are_counted_by_table():
    """
    The county sees which table is open.
    """
    figures = zeros()
    del figures[LICENSES], figures[NEW]
    total = summed([(organ(1, is_final=False), figures)])

    assert {"proactive_disclosure": 1, "requests": 1} == total.missing[0].gaps
    assert {} == total.cells
    assert () == total.findings


def test_one_who_need_not_report_is_not_missing():
    """
    Excused, or closed before it reported; a closed one's report that is there is added.
    """
    total = summed(
        [
            (organ(1, excused=True, begun=False, is_final=False), {}),
            (organ(2, closed=True, report=False), {}),
            (organ(3, closed=True), zeros(**{LICENSES: 2})),
            (organ(4, excused=True, is_final=False), zeros(**{LICENSES: 5})),
        ]
    )

    assert [1, 2, 4] == [excused.organ_id for excused in total.excused]
    assert (2, ()) == (total.cells[LICENSES], total.missing)


def test_one_that_is_not_handed_in_is_added_and_named():
    total = summed([(organ(1, is_final=False), zeros(**{LICENSES: 2})), (organ(2), zeros())])

    assert 2 == total.cells[LICENSES]
    assert [1] == [addend.organ.organ_id for addend in total.unfinished]


def test_the_sum_of_what_does_not_balance_says_where():
    """
    The finding is the sum's own (A1), and the organ is named that it comes from.
    """
    total = summed([(organ(1), zeros(**{NEW: 3})), (organ(2), zeros())])

    assert ["A1", "A1"] == [finding.id for finding in total.findings]
    assert [1] == [addend.organ.organ_id for addend, _ in total.wrong]


def test_a_printed_total_that_is_wrong_is_the_organs_matter():
    """
    Computed totals are added; the organ's own finding stands beside its name.
    """
    total = summed([(organ(1, source=FILE), zeros(**{"review.reconsideration.total": 7}))])

    assert 0 == total.cells["review.reconsideration.total"]
    assert () == total.findings
    assert ["A4"] == [finding.id for finding in total.wrong[0][1]]


def test_the_own_report_is_compared_and_never_added():
    """
    A figure that differs is S1 with both numbers; that of its total follows from it.
    """
    figures = zeros(**{NEW: 15, "requests.carried_forward.natural_person": 15})
    own = zeros(**{NEW: 12, "requests.carried_forward.natural_person": 15})
    missing = organ(2, report=False)
    total = summed([(organ(1), figures), (missing, {})], own=Answers(own))

    found = {finding.cells[0]: finding for finding in total.findings if finding.id == "S1"}
    assert {NEW, ALL_NEW} == set(found)
    assert {Grade.W} == {finding.grade for finding in found.values()}
    assert (15, 12) == (found[NEW].left, found[NEW].right)
    assert found[NEW].key == found[ALL_NEW].follows
    assert missing.organ in found[NEW].message
    assert 15 == total.cells[NEW]


def test_what_the_own_report_has_not_answered_differs_in_nothing():
    total = summed([(organ(1), zeros(**{LICENSES: 4}))], own=Answers({NEW: 0}))

    assert () == total.findings
    assert None is total.bridge(LICENSES).own_report


def test_the_bridge_parts_the_sum_by_the_kind_of_organ():
    """
    The county's own figures stand apart; a correction changes the result and not the sum.
    """
    amounts = (1, 2, 3, 4, 5)
    pairs = [
        (organ(n, name), zeros(**{LICENSES: amount}))
        for n, (name, amount) in enumerate(zip(NAMES, amounts, strict=True), 1)
    ]
    correction = Correction(LICENSES, -2, "转办重复", "王芳", AT)
    total = summed(pairs, corrections={LICENSES: correction}, own=Answers({LICENSES: 14}))
    bridge = total.bridge(LICENSES)

    assert {Group.OWN: 4, Group.DEPARTMENTS: 6, Group.TOWNSHIPS: 5} == bridge.parts
    assert (15, -2, 13, 14, -1) == (
        bridge.total,
        bridge.correction,
        bridge.result,
        bridge.own_report,
        bridge.difference,
    )
    assert ["定安县教育局", "定安县本级"] == [
        addend.name for addend, _ in total.parts(LICENSES)[:2]
    ]
    assert total.has_own_part


def test_a_correction_goes_up_into_the_totals():
    """
    The result is a report of its own: what its totals add up, and whether it balances.
    """
    figures = zeros(**{NEW: 3, "requests.outcome.disclosed.natural_person": 3})
    correction = Correction(NEW, -1, "转办重复", "王芳", AT)
    total = summed([(organ(1), figures)], corrections={NEW: correction})

    assert (3, 2) == (total.cells[ALL_NEW], total.result[ALL_NEW])
    assert {"A1"} == {finding.id for finding in total.findings}
    assert ALL_NEW not in total.offered


def test_an_organ_with_others_below_it_may_hold_their_figures():
    """
    A city sees that a county and its townships are both in the sum.
    """
    town = replace(organ(2), parent="甲县人民政府")
    total = summed(
        [(organ(1, "甲县人民政府"), zeros(**{LICENSES: 9})), (town, zeros(**{LICENSES: 4}))]
    )

    assert ["甲县人民政府"] == [addend.name for addend in total.twice]
    assert "甲县人民政府" in total.why_not(LICENSES)
    assert "" == total.why_not(FEE)


def test_the_figures_below_an_organ_are_held_back_though_one_between_is_missing():
    """
    County, its township that has not reported, the township's school: still a county's figures.
    """
    county, town = organ(1, "甲县人民政府"), replace(organ(2, report=False), parent="甲县人民政府")
    school = replace(organ(3, "某某中心学校"), parent=town.organ)
    total = summed([(county, zeros(**{LICENSES: 9})), (town, {}), (school, zeros())])

    assert [county.organ] == [addend.name for addend in total.twice]


def test_the_own_part_of_an_organ_below_is_not_the_countys():
    """
    That the county's own figures are in no report below is still said.
    """
    town = organ(1, "雷鸣镇人民政府")
    theirs = replace(organ(2, "雷鸣镇本级"), parent=town.organ)
    total = summed([(town, zeros()), (theirs, zeros())])

    assert not total.has_own_part

    ours = replace(organ(3, "定安县人民政府本级"), parent=town.organ)
    assert summed([(town, zeros()), (ours, zeros())]).has_own_part


def test_a_correction_that_takes_more_than_there_is_by_now_is_said():
    """
    The organ has reported less since; the figure is not offered to the own report.
    """
    correction = Correction(LICENSES, -9, "转办重复", "王芳", AT)
    total = summed([(organ(1), zeros())], corrections={LICENSES: correction})

    assert (LICENSES,) == total.below_zero
    assert wording.below_zero_line([LICENSES]) in as_text(total)
    assert LICENSES not in total.offered


def test_an_own_report_that_is_half_filled_is_not_said_to_be_the_same():
    total = summed([(organ(1), zeros())], own=Answers({NEW: 0}))
    whole = summed([(organ(1), zeros())], own=Answers(zeros()))

    assert wording.own_open(total.own_open) in as_text(total)
    assert wording.SAME not in as_text(total)
    assert wording.SAME in as_text(whole)


@pytest.mark.parametrize("edition", NOT_SUMMED)
def test_what_may_not_be_taken_over_is_in_the_form(edition: str):
    """
    Each entry means figures, says why and on what it rests.
    """
    held_back = not_summed(FORMS[edition])

    assert set(NOT_SUMMED[edition]) == set(held_back.values())
    assert all(rule.why and rule.source for rule in held_back.values())
    assert LICENSES not in held_back


@pytest.mark.parametrize("form", FILLED_IN, ids=lambda form: form.edition)
def test_each_form_that_is_filled_in_says_what_may_not_be_taken_over(form: Form):
    """
    Without an entry of its own a new edition would hold nothing back, and nobody would notice.
    """
    assert form.edition in NOT_SUMMED
    assert not_summed(form)


def test_a_form_without_such_data_holds_nothing_back():
    assert {} == not_summed(ANNUAL_REPORT_2019)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        (f"{NEW} -1 转办重复", Wish(NEW, -1, "转办重复")),
        ("新收·自然人 -1 转办重复", Wish(NEW, -1, "转办重复")),
        ("新收 自然人＋３件，补报", Wish(NEW, 3, "补报")),
        ("新收自然人: －1，重复", Wish(NEW, -1, "重复")),
        ("行政许可 +1,200 漏报", Wish(LICENSES, 1200, "漏报")),
        (f"{FORM.number[LICENSES]} +2 漏报", Wish(LICENSES, 2, "漏报")),
        (f"{NEW} -1 万宁市转来", Wish(NEW, -1, "万宁市转来")),
        (f"{NEW} -1 转办\n重\x01复\x00", Wish(NEW, -1, "转办 重复")),
        ("行政事业性收费 -0.5万元 重复", Wish(FEE, Decimal("-0.5"), "重复")),
        ("新收自然人 撤销", Wish(NEW, None)),
    ],
)
def test_a_correction_is_read_as_people_type_it(text: str, wish: Wish):
    assert wish == read_wish(text, FORM)


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "-1 ",
        "1 转办重复",
        "-0 转办重复",
        "-1.5 转办重复",
        "--1 转办",
        "没有",
        "",
        "再说 -1 转办",
        "+1万 转办重复",
        "+12千 转办重复",
        "+3万元 转办重复",
        "+5元 转办重复",
        "+1.5 转办重复",
    ],
)
def test_what_is_no_correction_of_a_figure_is_refused(text: str):
    with pytest.raises(NotCorrected):
        read_wish(text, FORM, NEW)


def test_money_in_another_unit_and_what_is_said_twice_is_refused():
    """
    «5元» is not 5 万元; with a reason of its own nothing that stands after the amount is lost.
    """
    for text in ("+5元 转办重复", "+3件 转办重复", "+1亿 转办重复"):
        with pytest.raises(NotCorrected):
            read_wish(text, FORM, FEE)
    with pytest.raises(NotCorrected):
        read_wish("+1 234", FORM, NEW, "转办重复")


@pytest.mark.parametrize("name", [ALL_NEW, "新收·总计", "某某", "", "21", "999"])
def test_a_total_and_what_is_no_figure_cannot_be_corrected(name: str):
    with pytest.raises(NotCorrected):
        read_cell(name, FORM)


def test_a_correction_must_have_something_to_correct():
    """
    Nothing below 0, nothing to take back where nothing was corrected, nothing of an empty sum.
    """
    total = summed([(organ(1), zeros(**{LICENSES: 2}))])

    look_over(Wish(LICENSES, -2, "重复"), total)
    for wish, of in (
        (Wish(LICENSES, -3, "重复"), total),
        (Wish(LICENSES, None), total),
        (Wish(LICENSES, 1, "漏报"), summed([])),
    ):
        with pytest.raises(NotCorrected):
            look_over(wish, of)
