"""
C: this year's report against last year's.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from conversations.checks import check_report
from conversations.checks.findings import Grade, Report
from conversations.form import ANNUAL_REPORT_2019
from conversations.form.answers import Value
from tests.checked import found, published, report, said
from tests.said import numbers

DOCUMENTS = "proactive_disclosure.normative_documents"
LICENSING = "proactive_disclosure.licensing.decisions"
FEE = "proactive_disclosure.administrative_fees.amount"
RECEIVED = "requests.received.natural_person"
DISCLOSED = "requests.outcome.disclosed.natural_person"
OVER = "requests.carried_over"
FORWARD = "requests.carried_forward"


def years(
    now: dict[str, Value | None], last: dict[str, Value | None], overview: str | None = None
) -> Report:
    """
    The report on 2023 with the one on 2022 beside it.
    """
    return replace(report({**now, "overview": overview}), last_year=report(last, year=2022))


def test_without_last_year_nothing_is_compared():
    """
    C is silent where last year is not known.
    """
    assert () == check_report(report({LICENSING: 500, f"{DOCUMENTS}.in_force": 30}))


def test_what_was_carried_forward_is_carried_over():
    """
    C1: the total column first, the others under it; the other year's number is named.
    """
    made = years({f"{OVER}.natural_person": 2}, {f"{FORWARD}.natural_person": 1})

    total, column = found(made, "C1")

    assert ((f"{OVER}.total",), None) == (total.cells, total.follows)
    assert ((f"{OVER}.natural_person",), total.key) == (column.cells, column.follows)
    assert (Grade.W, 2, 1) == (total.grade, total.left, total.right)
    assert {"2022", "1"} <= set(numbers(total.message))


def test_a_request_moved_to_another_column_is_told_by_columns():
    """
    The totals agree, so that the columns stand alone.
    """
    made = years({f"{OVER}.natural_person": 1}, {f"{FORWARD}.other": 1})

    assert [None, None] == [finding.follows for finding in found(made, "C1")]


def test_the_same_number_carried_over_is_no_finding():
    """
    The near miss.
    """
    made = years({f"{OVER}.other": 2}, {f"{FORWARD}.other": 2})

    assert [] == found(made, "C1")


def test_c1_is_silent_while_one_of_the_years_is_open():
    """
    An empty cell is not a zero, in neither year.
    """
    assert [] == found(years({f"{OVER}.other": None}, {f"{FORWARD}.other": 2}), "C1")
    assert [] == found(years({f"{OVER}.other": 2}, {f"{FORWARD}.other": None}), "C1")


def test_the_older_edition_carries_its_requests_forward_too():
    """
    Table three means the same in both editions.
    """
    last = published(report({f"{FORWARD}.other": 2}, form=ANNUAL_REPORT_2019, year=2020))
    made = replace(report({f"{OVER}.other": 1}, year=2021), last_year=last)

    assert [(1, 2), (1, 2)] == [(f.left, f.right) for f in found(made, "C1")]


@pytest.mark.parametrize(("in_force", "expected"), [(11, []), (12, [(12, 11)])])
def test_documents_in_force_follow_from_last_years(in_force: int, expected: list[tuple[int, int]]):
    """
    C2: 10 in force, 3 issued, 2 repealed.
    """
    made = years(
        {
            f"{DOCUMENTS}.issued": 3,
            f"{DOCUMENTS}.repealed": 2,
            f"{DOCUMENTS}.in_force": in_force,
        },
        {f"{DOCUMENTS}.in_force": 10},
    )

    assert expected == [(f.left, f.right) for f in found(made, "C2")]


@pytest.mark.parametrize(
    ("cell", "now", "last", "expected"),
    [
        (LICENSING, 126, 25, 1),
        (LICENSING, 125, 25, 0),
        (LICENSING, 24, 4, 0),
        (LICENSING, 25, 4, 1),
        (LICENSING, 4, 25, 1),
        (LICENSING, 0, 51, 1),
        (LICENSING, 0, 50, 0),
        (FEE, Decimal("350.5"), Decimal(70), 1),
        (FEE, Decimal("349.5"), Decimal(70), 0),
        (RECEIVED, 60, 10, 1),
    ],
)
def test_a_figure_that_is_quite_another_is_a_hint(
    cell: str, now: Value, last: Value, expected: int
):
    """
    C3: more than five times and more than 20 apart, or from above 50 to nothing.
    """
    assert expected == len(found(years({cell: now}, {cell: last}), "C3"))


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        (250, 25, Grade.W),
        (25, 250, Grade.W),
        (249, 25, Grade.H),
        (0, 250, Grade.H),
        (25, 0, Grade.H),
    ],
)
def test_a_tenfold_jump_wants_a_reason(now: int, last: int, expected: Grade):
    """
    C3 is odd, but may be true: W from ten times on, either way; from or to nothing a hint.
    """
    cell = "proactive_disclosure.licensing.decisions"

    assert [expected] == [one.grade for one in found(years({cell: now}, {cell: last}), "C3")]


@pytest.mark.parametrize("settings", [{"C3.times": 10}, {"C3.by": 101}])
def test_the_thresholds_of_a_jump_are_settings(settings: dict[str, int]):
    """
    They are our own choice.
    """
    made = replace(years({LICENSING: 126}, {LICENSING: 25}), settings=settings)

    assert [] == found(made, "C3")


OLD_PROBLEMS = (
    "一是公开的主动性不够，部分信息更新不及时。二是解读的形式单一，群众看不懂、不爱看。"
    "下一步，将加强业务培训，全年培训不少于4次。"
)
NEW_PROBLEMS = "一是答复文书质量不高，今年被纠正1件。二是经办人员流动快，交接不够顺畅。"


@pytest.mark.parametrize(
    ("item", "grade"),
    [("problems_and_improvements", Grade.W), ("overview", Grade.H), ("other_matters", Grade.H)],
)
def test_last_years_text_is_recognized(item: str, grade: Grade):
    """
    C4: also with other numbers; the year's own problems weigh more.
    """
    made = report({item: OLD_PROBLEMS.replace("4", "6")})
    made = replace(made, last_year=report({item: OLD_PROBLEMS}, year=2022))

    assert [("C4", grade, item)] == said(made, ["C4"])


def test_a_text_of_its_own_year_is_no_finding():
    """
    One sentence out of many may stay.
    """
    kept = "下一步，将加强业务培训，全年培训不少于4次。"
    made = replace(
        report(problems_and_improvements=NEW_PROBLEMS + kept),
        last_year=report(problems_and_improvements=OLD_PROBLEMS, year=2022),
    )

    assert [] == found(made, "C4")


@pytest.mark.parametrize(
    ("same", "own", "settings", "expected"),
    [
        ("甲" * 70, "乙" * 30, {}, 1),
        ("甲" * 69, "乙" * 31, {}, 0),
        ("甲" * 69, "乙" * 31, {"C4.share": Decimal("0.6")}, 1),
        ("甲" * 12, "乙", {}, 1),
        ("甲" * 11, "乙", {}, 0),
    ],
)
def test_how_much_may_be_taken_over_has_its_bounds(
    same: str, own: str, settings: dict[str, Decimal], expected: int
):
    """
    From seven tenths on, in sentences of 12 characters or more.
    """
    last = report(overview=f"{same}。", year=2022)
    made = replace(report(overview=f"{same}。{own}。"), last_year=last, settings=settings)

    assert expected == len(found(made, "C4"))


def test_short_sentences_are_common_property():
    """
    «无。» is equal every year.
    """
    made = replace(report(other_matters="无。"), last_year=report(other_matters="无。", year=2022))

    assert [] == found(made, "C4")


@pytest.mark.parametrize(
    ("said_change", "expected"),
    [
        ("同比增长25%", 0),
        ("同比增长25.0%", 0),
        ("同比增长20%", 1),
        ("同比增长25.1%", 1),
        ("同比下降25%", 1),
        ("较上年增加2件", 0),
        ("较2022年增加2件", 0),
        ("较上年增加3件", 1),
        ("比去年减少2件", 1),
        ("同比上升25个百分点", 0),
        ("较2021年增加5件", 0),
        ("比上年同期的8件增加2件", 0),
        ("较2022年的8件增加3件", 1),
        ("增加2件", 0),
        ("增加3件", 1),
        ("较上年增加2件，增长25%", 0),
        ("较上年增加2件，同比增长20%", 1),
        ("减少推诿3件", 0),
    ],
)
def test_a_rate_of_change_must_follow_from_the_two_years(said_change: str, expected: int):
    """
    C5: 8 requests last year, 10 this year.
    """
    text = f"全年收到政府信息公开申请10件，{said_change}。"
    made = years({RECEIVED: 10, DISCLOSED: 10}, {RECEIVED: 8, DISCLOSED: 8}, overview=text)

    assert [("C5", Grade.H, "overview")] * expected == said(made, ["C5"])


@pytest.mark.parametrize(
    ("rate", "expected"), [("1.05%", 0), ("1.0%", 0), ("1%", 0), ("1.04%", 1), ("1.1%", 1)]
)
def test_a_rate_is_as_exact_as_its_digits(rate: str, expected: int):
    """
    From 9550 to 9650 is 1.0471 %: half of the last digit printed is allowed.
    """
    text = f"全年办理行政许可9650件，同比增长{rate}。"
    made = years({LICENSING: 9650}, {LICENSING: 9550}, overview=text)

    assert expected == len(found(made, "C5"))


def test_a_rate_against_nothing_is_passed_over():
    """
    From 0 there is no rate.
    """
    text = "全年办理行政许可12件，同比增长100%。"

    assert [] == found(years({LICENSING: 12}, {}, overview=text), "C5")
