"""
Tables whose cells nothing parts for sure are read where their sums leave one reading.
"""

import random
import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.write.text import as_text
from tests.conversations.test_reading_variants import measured
from tests.reading_variants import EDITIONS, OFF_PAGES, VARIANTS, model_of, sample_of, to_txt
from tests.written import leiming, with_answers

FEES = "proactive_disclosure.administrative_fees.amount"
LICENSING = "proactive_disclosure.licensing.decisions"


def read_report(text: str) -> ReadReport:
    found = read(text.encode())
    assert isinstance(found, ReadReport)
    return found


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("style", OFF_PAGES)
def test_tables_three_and_four_are_read_off_a_page(style: str, edition: str):
    """
    To the last figure, in doubt only where broken heads do not tell the columns' order.
    """
    sample = sample_of(len(style), edition)

    found = read(to_txt(model_of(sample), style))

    assert isinstance(found, ReadReport)
    wanted = {c: v for c, v in sample.values.items() if not c.startswith("proactive")}
    assert wanted == {c: v for c, v in found.values.items() if not c.startswith("proactive")}


@pytest.mark.long
@pytest.mark.parametrize("style", OFF_PAGES)
def test_no_figure_off_a_page_is_read_wrong(style: str):
    """
    Whatever else is odd about the tables.
    """
    mistakes: list[object] = []
    for variant, change in VARIANTS.items():
        rng = random.Random(f"{variant} {style}")
        model = change(model_of(sample_of(rng.randint(0, 10**6), rng.choice(EDITIONS))), rng)
        mistakes += measured(to_txt(model, style), model)[1]

    assert [] == mistakes


def off_page(changes: dict[str, int], change: Callable[[str], str]) -> ReadReport:
    """
    A report whose cells blanks part, its labels broken, with something changed in its text.
    """
    text = as_text(with_answers(leiming(), dict(changes))).replace("\t", " ")
    broken = re.sub(r"(5\.要求行政机关确认)(\S+)((?: \d+){7})", r"\1\n\3\n\2", text)
    assert broken != text
    return read_report(change(broken))


FIGURES = {"requests.received.natural_person": 12, "requests.outcome.disclosed.natural_person": 12}


def test_a_total_in_print_that_is_wrong_is_read_as_it_stands():
    """
    The row is known by its label and its line, its figures by the sums of their columns.
    """
    right = "（一）予以公开 12 0 0 0 0 0 12"
    assert right in as_text(with_answers(leiming(), dict(FIGURES))).replace("\t", " ")

    found = off_page(FIGURES, lambda text: text.replace(right, right[:-2] + "13"))

    row = [value for cell, value in found.values.items() if ".disclosed." in cell]
    assert [12, 0, 0, 0, 0, 0] == row[:6]
    assert row[6:] in ([], [13])


def test_letters_for_digits_are_read_where_the_sums_say_so():
    """
    «O» and «l» stand for 0 and 1, in doubt; where a sum fails with them they are unread.
    """
    found = off_page(FIGURES, lambda text: text.replace(" 12 0 0 0 0 0 12", " l2 O 0 0 0 0 12"))
    wrong = off_page(FIGURES, lambda text: text.replace(" 12 0 0 0 0 0 12", " l3 O 0 0 0 0 12"))

    cell = "requests.outcome.disclosed.natural_person"
    assert 12 == found.values[cell]
    assert cell in {doubt.cell for doubt in found.doubtful}
    assert cell in wrong.unread


@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_unit_that_stands_apart_belongs_to_the_figure_before_it(between: str):
    """
    «3601627.4 元» is 360.16274 万元, in doubt; a star beside a figure is none of it.
    """
    text = as_text(leiming()).replace("\t", between)
    text = re.sub(r"(行政事业性收费\s)\S+", rf"\g<1>3601627.4{between}元", text)
    text = re.sub(r"(行政许可\s)\S+", rf"\g<1>295{between}*", text)

    found = read_report(text)

    assert (Decimal("360.16274"), 295) == (found.values[FEES], found.values[LICENSING])
    assert {FEES, LICENSING} <= {doubt.cell for doubt in found.doubtful}
    assert () == found.unread


def test_hard_blanks_on_lines_of_their_own_are_empty_cells():
    """
    So a page gives its tables away: a cell every other line, the empty ones as one blank.
    """
    text = as_text(with_answers(leiming(), dict(FIGURES)))
    text = re.sub(r"(12)\t0\t0\t0\t0\t0\t(12)", "\t".join(("12", *"\u00a0" * 5, "12")), text)

    found = read_report("\u00a0\n" + text.replace("\t", "\n\n\t\n\n"))

    assert () == found.unread
    assert 12 == found.values["requests.outcome.disclosed.total"]
    assert "requests.outcome.disclosed.other" in found.blank


def test_a_figure_that_is_broken_by_a_line_is_no_figure():
    """
    «7730.» and «28» are neither 7730 nor 28.
    """
    for parts in ("7730.\n28", "7730\n.28"):
        text = as_text(leiming()).replace("\t", "\n")
        text = re.sub(r"(行政事业性收费\n)\S+", rf"\g<1>{parts}", text)

        assert FEES in read_report(text).unread


@pytest.mark.parametrize("seed", range(8))
def test_a_blank_beside_a_label_is_no_zero_where_a_head_is_not_known(seed: int):
    """
    In a text that was quoted each line begins with a sign: as many boxes, one too far left.
    """
    sample = sample_of(seed, "2021")
    lines = to_txt(model_of(sample), "strokes").decode().split("\n")

    found = read_report("\n".join(f"> {line}" for line in lines))

    assert {} == {c: v for c, v in found.values.items() if v != sample.values[c]}


@pytest.mark.parametrize("stroke", ["|", "｜", "`", " ` "])
def test_any_stroke_may_stand_between_cells(stroke: str):
    """
    Bare, without borders or a stroke at the ends of lines.
    """
    found = read_report(as_text(leiming()).replace("\t", stroke))

    assert ((), 200) == (found.unread, len(found.values))


def test_labels_before_all_figures_are_no_rows_whatever_stands_between_them():
    """
    Heads that are repeated among them part the labels; the first figures are not the last label's.
    """
    for seed in range(3, 7):
        rng = random.Random(f"heads repeated after a page break labels first {seed}")
        model = model_of(sample_of(seed, rng.choice(EDITIONS)))
        for variant in ("heads repeated after a page break", "words in cells"):
            model = VARIANTS[variant](model, rng)

        assert [] == measured(to_txt(model, "labels first"), model)[1]
