"""
The picture of the main figures over the years, and the same in words.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.drawing import EARLIER, NOW, Bar, Picture, Words, compact, svg
from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021
from conversations.form.main_figures import MAIN_FIGURES, Series
from conversations.talk.year_picture import MOST_YEARS, picture
from conversations.wording import pictures as wording
from tests.drawn import FEE, LICENSING, PENALTIES, YEARS, contrast, faults, report
from tests.said import numbers


def words(drawing: Picture) -> list[str]:
    return [shape.text for shape in drawing.shapes if isinstance(shape, Words)]


def bars(drawing: Picture) -> list[Bar]:
    return [shape for shape in drawing.shapes if isinstance(shape, Bar) and shape.colour in SHOWN]


SHOWN = {NOW, EARLIER}


@pytest.mark.parametrize("case", YEARS)
def test_it_can_be_read_on_a_phone_whatever_is_in_store(case: str):
    """
    No letter below twelve, none over another or outside; no more pixels or words than
    Telegram shows.
    """
    drawing = picture(*YEARS[case])

    assert [] == list(faults(drawing))
    assert drawing.height <= 1280
    assert len(drawing.says.encode("utf-16-le")) <= 2 * 1024
    assert drawing.says.replace("\n", "").isprintable()


def test_it_shows_stored_figures_and_their_change():
    """
    Every number in it is a year, a figure of one of the years, or follows from two.
    """
    drawing = picture(*YEARS["two"])

    shown = {number for text in words(drawing) for number in numbers(text)}
    assert {"2022", "2023", "283", "295", "12", "4.2", "0"} == shown
    assert ["2022", "283", "2023", "295", "12", "4.2"] == numbers(drawing.says.split("\n")[1])


def test_bars_are_as_long_as_the_figures():
    """
    Twice the figure is twice the bar, from a common ground; this year is darker, and bold.
    """
    years = {2022: report({LICENSING: 100}), 2023: report({LICENSING: 200})}

    then, now = bars(picture(years, 2023, ""))

    assert then.height * 2 == pytest.approx(now.height)
    assert then.y + then.height == pytest.approx(now.y + now.height)
    assert (EARLIER, NOW) == (then.colour, now.colour)
    assert all(contrast(colour) >= 3 for colour in SHOWN)


def test_figures_that_are_always_zero_are_named_and_not_drawn():
    """
    One panel, nine names; in words, too.
    """
    drawing = picture({2022: report(), 2023: report({LICENSING: 1})}, 2023, "")

    assert 1 == len([text for text in words(drawing) if "（件）" in text or "（万元）" in text])
    assert all(main.name in drawing.says for main in MAIN_FIGURES)


def test_a_year_that_is_not_known_is_not_said_to_be_zero():
    """
    Last year all was 0, this year nothing is typed yet but one figure: two lists, ten names.
    """
    open_ones = dict.fromkeys(ANNUAL_REPORT_2021.cells.keys() - {LICENSING})
    drawing = picture({2022: report(), 2023: report(open_ones)}, 2023, "")

    every, known = drawing.says.split("\n")[1:]
    assert wording.always_zero([Series("甲", "件", (2022, 2023), (0, None))])[0][:-1] in known
    assert [MAIN_FIGURES[0].name] == [main.name for main in MAIN_FIGURES if main.name in every]
    assert all(main.name in known for main in MAIN_FIGURES[1:])
    assert every + known in "".join(words(drawing))


def test_where_no_year_has_a_figure_it_says_so():
    """
    Two reports that were begun and nothing typed.
    """
    nothing = report(dict.fromkeys(ANNUAL_REPORT_2021.cells))
    drawing = picture({2022: nothing, 2023: nothing}, 2023, "甲县")

    assert wording.NOTHING_YET == words(drawing)[-1] == drawing.says.split("\n")[-1]


def test_a_year_without_a_figure_has_no_bar():
    """
    It is marked as such; a bar of no height would say 0. Of another edition a year may have less.
    """
    old = report(each=3, form=ANNUAL_REPORT_2019)
    drawing = picture({2020: old, 2021: report({PENALTIES: None}, 3)}, 2021, "")

    assert FEE not in ANNUAL_REPORT_2019.cells
    assert 3 == words(drawing).count(wording.NONE)  # fees, documents in force; penalties
    assert 2 * len(MAIN_FIGURES) - 3 == len(bars(drawing))


def test_it_ends_with_the_year_of_the_report():
    """
    The newest six up to it; a later one in store is another report's.
    """
    years = {year: report({LICENSING: year}) for year in range(2010, 2026)}

    drawing = picture(years, 2023, "")

    shown = [text for text in words(drawing) if len(text) == 4 and text.startswith("20")]
    assert [str(2023 - at) for at in reversed(range(MOST_YEARS))] == shown[::2] == shown[1::2]


@pytest.mark.parametrize("case", YEARS)
def test_the_svg_is_well_formed_and_safe(case: str):
    """
    What somebody typed is text in it; nothing is loaded or run; the words are in it.
    """
    drawing = picture(*YEARS[case])
    text = svg(drawing)

    root = ET.fromstring(text)

    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "text"}
    assert [drawing.title, drawing.says] == [root[0].text, root[1].text]
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


FIGURES = st.one_of(
    st.none(),
    st.sampled_from([0, 1, 3, 12, 99_999, 100_000, 999_999_999]),
    st.integers(0, 999_999_999),
    st.decimals(0, 99_999_999, places=6),
)


@given(then=FIGURES, now=FIGURES, apart=st.integers(1, 3))
@settings(max_examples=300)
def test_changes_are_what_arithmetic_says(
    then: int | Decimal | None, now: int | Decimal | None, apart: int
):
    """
    Exactly in words, shortened in the picture; no percent of nothing, nothing of the unknown.
    """
    series = Series("甲", "件", (2023 - apart, 2023), (then, now))

    shown, (said,) = wording.change(series), wording.years_said([series])

    if then is None or now is None:
        assert [] == [number for number in numbers(shown) if number != str(2023 - apart)]
        assert "%" not in shown + said
        return
    assert (f"{2023 - apart}年" in shown) == (apart > 1)  # else it is the year before
    gap = Fraction(now) - Fraction(then)
    signs = [sign for sign in "+-" if sign in shown.partition("（")[0]]
    assert signs == (["+"] if gap > 0 else ["-"] if gap < 0 else [])
    exact = re.search(r"[多少] ([\d,.]+)", said)
    assert abs(gap) == Fraction(exact[1].replace(",", "") if exact else 0)
    rate = Decimal(0)
    if then:
        share = gap * 100 / Fraction(then)
        whole = Decimal(share.numerator) / Decimal(share.denominator)
        rate = whole.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert (f"（{rate:+f}%）" in shown) == (f"（{rate:+f}%）" in said) == bool(rate)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((283, 295), ["12", "4.2"]),
        ((295, 283), ["12", "4.1"]),
        ((0, 3), ["3", "0"]),
        ((3, 0), ["3", "100.0"]),
        ((7, 7), []),
        ((None, 7), []),
        ((7, None), []),
        ((5,), []),
        ((1, 1_234_568), ["123.5", "123456700.0"]),
    ],
)
def test_the_change_is_short_in_the_picture(values: tuple[int | None, ...], shown: list[str]):
    """
    From 0 it says so instead of a percentage.
    """
    years = tuple(range(2024 - len(values), 2024))

    assert shown == numbers(wording.change(Series("甲", "件", years, values)))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0"),
        (99_999, "99999"),
        (100_000, "10万"),
        (1_234_567, "123.5万"),
        (999_999_999, "10亿"),
        (99_999_499, "9999.9万"),
        (99_999_500, "1亿"),
        (99_999_999_999, "1000亿"),
        (999_994_999_999, "9999.9亿"),
        (999_995_000_000, "1万亿"),
        (12_599_999_999_874, "12.6万亿"),
        (Decimal("7730.28"), "7730.28"),
        (Decimal("12.3456"), "12.35"),
        (Decimal("0.000001"), "0.000001"),
    ],
)
def test_long_figures_are_shortened_over_a_bar(value: int | Decimal, told: str):
    """
    The picture gives an impression; the words beside it have every digit.
    """
    assert told == compact(value)
