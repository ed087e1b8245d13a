"""
This year against last year: the table for a phone, and the picture of the main figures.
"""

from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers, Value
from conversations.form.main_figures import MAIN_FIGURES
from conversations.talk.year_on_year import compare, percent, sentence, table_text
from conversations.talk.year_picture import MOST_YEARS, Bar, Words, compact, picture, picture_svg
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


# ---------------------------------------------------------------------------- table


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


# --------------------------------------------------------------------------- picture


def test_the_picture_shows_stored_figures_and_no_others():
    """
    Every number in it is a year or a figure of one of the years.
    """
    years = {2022: year({LICENSING: 268}), 2023: year({LICENSING: 295})}

    words = [one.text for one in picture(years, FORM, "甲镇").shapes if isinstance(one, Words)]

    numbers = {word for word in words if word.replace(".", "").isdecimal()}
    assert {"2022", "2023", "268", "295"} == numbers


def test_bars_are_as_long_as_the_figures():
    """
    Twice the figure is twice the bar, from a common ground; this year has its own colour.
    """
    years = {2022: year({LICENSING: 100}), 2023: year({LICENSING: 200})}

    drawn = picture(years, FORM).shapes
    bars = [one for one in drawn if isinstance(one, Bar) and 1 < one.height < 100]

    assert 2 == len(bars)
    assert bars[0].height * 2 == pytest.approx(bars[1].height)
    assert bars[0].y + bars[0].height == pytest.approx(bars[1].y + bars[1].height)
    assert bars[0].colour != bars[1].colour


def test_figures_that_are_always_zero_are_named_and_not_drawn():
    """
    One panel, nine names.
    """
    drawn = picture({2022: year(), 2023: year({LICENSING: 1})}, FORM)

    heads = [one.text for one in drawn.shapes if isinstance(one, Words) and "（" in one.text]
    assert ["行政许可决定（件）"] == heads
    assert all(one.name in drawn.says for one in MAIN_FIGURES)


def test_a_year_without_a_figure_has_no_bar():
    """
    It is marked 无; a bar of no height would say 0.
    """
    years = {2021: year({LICENSING: None}), 2022: year({LICENSING: 5})}

    drawn = picture(years, FORM)

    assert "无" in [one.text for one in drawn.shapes if isinstance(one, Words)]
    assert "2021年无数据" in drawn.says


def test_only_the_newest_years_are_drawn():
    """
    More would not fit beside each other.
    """
    years = {number: year({LICENSING: number}) for number in range(2010, 2025)}

    words = [one.text for one in picture(years, FORM).shapes if isinstance(one, Words)]

    assert [str(2024 - at) for at in reversed(range(MOST_YEARS))] == [
        word for word in words if word.startswith("20") and len(word) == 4
    ][::2][:MOST_YEARS]


@pytest.mark.parametrize("organ", ["甲镇人民政府", "<script>alert(1)</script>", "A&B\x00\x07", ""])
def test_the_svg_is_well_formed_and_safe(organ):
    """
    What somebody typed is text in it; nothing is loaded or run.
    """
    text = picture_svg({2023: year({LICENSING: 1})}, FORM, organ)

    root = ET.fromstring(text)

    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert {"svg", "title", "rect", "text"} == tags
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_all_words_stand_within_the_picture():
    """
    Also with nine digits over every bar; a Chinese character is as wide as its size.
    """
    full = year({cell: 99_999_999 for cell in FORM.cells if cell not in FORM.sums})
    drawn = picture(dict.fromkeys(range(2019, 2025), full), FORM, "长" * 60)

    for one in drawn.shapes:
        if isinstance(one, Words):
            wide = sum(one.size * (0.6 if char.isascii() else 1.0) for char in one.text)
            left = one.x - wide / 2 if one.middle else one.x
            assert 0 <= left, one.text
            assert left + wide <= drawn.width, one.text
            assert one.size <= one.y <= drawn.height, one.text


def test_values_over_neighbouring_bars_do_not_touch():
    """
    The widest value there is, six years beside each other.
    """
    full = year({LICENSING: 999_999_999})
    drawn = picture(dict.fromkeys(range(2019, 2025), full), FORM)

    values = [one for one in drawn.shapes if isinstance(one, Words) and one.text.endswith("亿")]
    assert MOST_YEARS == len(values)
    gaps = [b.x - a.x for a, b in pairwise(values)]
    wide = max(sum(12 * (0.6 if c.isascii() else 1.0) for c in one.text) for one in values)
    assert wide <= min(gaps)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0"),
        (99_999, "99999"),
        (100_000, "10万"),
        (1_234_567, "123.5万"),
        (999_999_999, "10亿"),
        (Decimal("7730.28"), "7730.28"),
        (Decimal("12.3456"), "12.35"),
        (Decimal("0.000001"), "0.000001"),
    ],
)
def test_long_figures_are_shortened_over_a_bar(value, told):
    """
    The picture gives an impression; the table has every digit.
    """
    assert told == compact(value)


def test_no_years_make_an_empty_picture():
    """
    Nothing is drawn, and nothing breaks.
    """
    assert [] == [one for one in picture({}, FORM, "甲").shapes if isinstance(one, Bar)][1:]
