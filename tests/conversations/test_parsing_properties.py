"""
What holds for every answer, tried with many.
"""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.answers.answer import read_answer, read_any
from conversations.answers.figure import Refusal
from conversations.answers.question import Question, Reading
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Number, format_number
from conversations.form.model import Cell, Measure

LINES = tuple(FORM.lines.values())
COUNTS = st.integers(0, 999_999_999)
FEES = st.integers(0, 10**12).map(lambda n: Decimal(n).scaleb(-6))
WORDS = [
    "自然人",
    "其他",
    "其余",
    "都是",
    "全",
    "共",
    "无",
    "约",
    "负",
    "二十",
    "万",
    "元",
    "件",
    "新收",
]
MARKS = [
    " ",
    "\t",
    "\n",
    ",",
    "，",
    "、",
    "-",
    "/",
    ".",
    "：",
    "%",
    "",
    "\ud800",
    "🙂",
    "\x00",
    "　",
]


def figures(cells: tuple[Cell, ...]) -> st.SearchStrategy[tuple[Number, ...]]:
    return st.tuples(*(FEES if cell.measure is Measure.FEE else COUNTS for cell in cells))


@given(st.data())
@settings(max_examples=150)
def test_as_many_values_as_asked_are_those_values(data):
    """
    The contract for programs: any cells in order, parted by blanks, tabs or new lines.
    """
    asked = tuple(
        data.draw(st.lists(st.sampled_from(list(FORM.asked.values())), min_size=2, unique=True))
    )
    values = data.draw(figures(asked))
    parted = data.draw(
        st.lists(
            st.sampled_from([" ", "\t", "\n", "  ", " \n"]),
            min_size=len(asked),
            max_size=len(asked),
        )
    )
    text = "".join(format_number(v) + s for v, s in zip(values, parted, strict=True)).rstrip()
    found = read_answer(text, asked, FORM)

    assert Reading(dict(zip((c.id for c in asked), values, strict=True))) == found


@given(
    st.data(),
    st.sampled_from([line for line in LINES if line.total]),
    st.sampled_from([" ", "\t", "、", "；", "\u3000"]),
)
@settings(max_examples=150)
def test_one_value_more_is_the_total_whatever_parts_them(data, line, separator):
    """
    The values are untouched by it.
    """
    values = data.draw(figures(line.printed))
    found = read_answer(separator.join(map(str, values)), line.cells, FORM)

    assert isinstance(found, Reading)
    stated = {**found.values, **(found.totals or {})}
    assert dict(zip((cell.id for cell in line.printed), values, strict=True)) == stated
    assert line.total is not None
    assert values[-1] == (found.totals or {})[line.total.id]


@given(st.lists(st.one_of(st.none(), COUNTS), min_size=6, max_size=7), st.booleans())
@settings(max_examples=150)
def test_a_place_between_tabs_is_never_another_cell(places, trailing):
    """
    Each figure stands in the cell of its place, each empty place is a blank of its cell.
    """
    line = FORM.lines["requests.received"]
    text = "\t".join("" if place is None else str(place) for place in places) + "\t" * trailing
    found = read_answer(text, line.cells, FORM)
    if all(place is None for place in places):
        assert isinstance(found, Refusal)
        return

    assert isinstance(found, Reading)
    expected = {c.id: p for c, p in zip(line.printed, places, strict=False) if p is not None}
    assert {**found.values, **(found.totals or {})} == expected
    assert (
        tuple(c.id for c, p in zip(line.cells, places, strict=False) if p is None) == found.blanks
    )


@given(
    st.dictionaries(st.sampled_from(range(6)), st.integers(0, 99_999), min_size=1),
    st.sampled_from(["，", " ", "\n", "；", "、"]),
    st.sampled_from(["", " ", "：", "为", "有"]),
)
@settings(max_examples=150)
def test_named_columns_have_the_figures_named(named, between, after_name):
    """
    In any order; the others stay unanswered, and 其余0 makes them 0.
    """
    cells = FORM.lines["requests.carried_over"].cells
    text = between.join(f"{cells[i].column.label}{after_name}{v}件" for i, v in named.items())
    partly = read_answer(text, cells, FORM)
    whole = read_answer(f"{text}{between}其余0", cells, FORM)

    assert Reading({cells[i].id: v for i, v in named.items()}) == partly
    assert isinstance(whole, Reading)
    assert {cell.id: named.get(i, 0) for i, cell in enumerate(cells)} == whole.values


@given(
    st.lists(
        st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKS), st.integers(0, 9999).map(str)),
        max_size=24,
    ).map("".join),
    st.sampled_from(LINES),
)
@settings(max_examples=400)
def test_whatever_is_typed_is_read_whole_or_refused(text, line):
    """
    Nothing crashes; what is read are figures in their ranges, in cells of one table.
    """
    table = FORM.section_of[line.id].body
    found = read_answer(text, line.cells, FORM, getattr(table, "lines", ()))

    if isinstance(found, Refusal):
        assert found.text.isprintable()
        assert len(found.text) <= 20
        return
    assert found.values or found.blanks or found.totals
    assert not set(found.values) & set(found.blanks)
    for cell, value in (*found.values.items(), *(found.totals or {}).items()):
        assert FORM.section_of[cell].body is table
        assert 0 <= value <= 999_999_999
        assert isinstance(value, Decimal if FORM.cells[cell].measure is Measure.FEE else int)
    # A total is a figure only where it is itself what is asked (the card of a total).
    asked = {cell.id for cell in line.cells}
    assert set(found.values) & set(FORM.sums) <= asked
    assert set(found.totals or {}) <= set(FORM.sums)


@given(st.data())
@settings(max_examples=100)
def test_plain_numbers_are_read_the_short_way_as_the_long_way_reads_them(data):
    """
    The early exit of most answers is a matter of speed alone.
    """
    line = data.draw(st.sampled_from([line for line in LINES if line.cells]))
    count = data.draw(st.sampled_from([1, len(line.cells)]))
    asked = line.cells[:count]
    numbers = st.sampled_from(["0", "00", "7", "007", "12", "999999999", "123456"])
    row = st.lists(numbers, min_size=count, max_size=count + 1)
    text = " ".join(data.draw(row))

    assert read_any(Question(text, asked, FORM, ())) == read_answer(text, asked, FORM)
