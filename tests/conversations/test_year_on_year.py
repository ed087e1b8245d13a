"""
This year against last year: the table for a phone.
"""

from decimal import Decimal

import pytest

from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers, Value
from conversations.talk.year_on_year import compare, percent, sentence, table_text
from tests.said import numbers

FORM = ANNUAL_REPORT_2021
LICENSING = "proactive_disclosure.licensing.decisions"
FEE = "proactive_disclosure.administrative_fees.amount"
RECEIVED = "requests.received"


def year(changes: dict[str, Value | None] | None = None) -> Answers:
    """
    A report of zeros with some figures set; None leaves one open.
    """
    zeros: dict[str, Value] = {cell: 0 for cell in FORM.cells if cell not in FORM.sums}
    return Answers({**zeros, FEE: Decimal(0)}).changed(changes or {})


def compared(this: Answers, last: Answers) -> str:
    return table_text(FORM, compare(FORM, this, last), 2024)


def test_every_figure_is_compared_totals_too():
    """
    200 rows in printed order; a total is the sum of its line in each year.
    """
    this = year({f"{RECEIVED}.natural_person": 3, f"{RECEIVED}.other": 2})

    rows = {row.cell: row for row in compare(FORM, this, year())}

    total = rows[f"{RECEIVED}.total"]
    assert list(FORM.cells) == list(rows)
    assert (0, 5, 5, "新收") == (total.then, total.now, total.difference, total.name)


def test_what_a_year_does_not_have_is_not_zero():
    """
    No difference is made up; the table says 无数据.
    """
    this, last = year({LICENSING: 3}), year({LICENSING: None})

    row = next(row for row in compare(FORM, this, last) if row.cell == LICENSING)

    assert (None, 3, None) == (row.then, row.now, row.difference)
    assert any(
        "行政许可" in line and ["3"] == numbers(line) for line in compared(this, last).splitlines()
    )


def test_the_table_shows_only_what_is_not_zero_twice():
    """
    A township's comparison is a handful of lines.
    """
    text = compared(year({LICENSING: 310}), year({LICENSING: 295}))

    told = [numbers(line) for line in text.splitlines()]
    assert ["295", "310", "15", "5.1"] in told
    assert ["9", "0"] in told
    assert 8 >= len(text.splitlines())


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        (295, 310, "行政许可：295 → 310，+15（+5.1%）"),
        (310, 295, "行政许可：310 → 295，-15（-4.8%）"),
        (0, 3, "行政许可：0 → 3，+3"),
        (3, 0, "行政许可：3 → 0，-3（-100.0%）"),
        (7, 7, "行政许可：7，不变"),
        (100_000, 100_001, "行政许可：100,000 → 100,001，+1"),
    ],
)
def test_a_figure_is_told_with_its_difference(then, now, told):
    """
    A rate only where there is something to compare with and it is not 0.0 %.
    """
    rows = compare(FORM, year({LICENSING: now}), year({LICENSING: then}))

    assert told == sentence(next(row for row in rows if row.cell == LICENSING))


def test_fees_are_compared_to_the_last_place():
    """
    万元 as decimals, without the faults of floating point.
    """
    rows = compare(FORM, year({FEE: Decimal("0.3")}), year({FEE: Decimal("0.1")}))

    assert Decimal("0.2") == next(row for row in rows if row.cell == FEE).difference


@pytest.mark.parametrize(
    ("then", "difference", "told"),
    [(3, 1, "+33.3%"), (200, -1, "-0.5%"), (0, 5, ""), (8, 0, ""), (2000, 1, "+0.1%")],
)
def test_rates_are_rounded_half_up(then, difference, told):
    """
    0.05 % is 0.1 %.
    """
    assert told == percent(then, difference)


def test_the_fullest_comparison_fits_into_one_message():
    """
    Every figure large and changed.
    """
    this = year({cell: 999_999 for cell in FORM.cells if cell not in FORM.sums})
    last = year({cell: 888_888 for cell in FORM.cells if cell not in FORM.sums})

    assert len(compared(this, last)) <= 4096
