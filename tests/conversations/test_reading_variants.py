"""
Reports as offices publish them, measured: right, doubtful, unread, and never wrong.
"""

import random
from collections import Counter
from functools import partial

import pytest

from conversations.document.read.blocks import Unreadable
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.form import ANNUAL_REPORT_2021
from tests.reading_variants import (
    EDITIONS,
    OFF_PAGES,
    VARIANTS,
    WITH_PDF,
    WRITERS,
    Model,
    grids,
    model_of,
    sample_of,
    to_txt,
)

# Of the figures in print, how many per cent must be read at least. Text without tabs
# cannot show where a blank stands, and a lost label or head cannot be known again.
FLOORS = {
    "merged boxes repeated": 90,
    "blanks inside labels": 90,
    "units in figures": 95,
    "a column for remarks": 70,
    "heads askew": 90,
    "labels lost": 50,
    "words in cells": 40,
    "cells run together": 45,
}
DOUBTFUL = {"heads lost"}
# What some texts cannot show: without tabs no blank, a cell a line no column; there a
# column more, or a label less, makes the whole table unread.
WITHOUT_TABS = [
    writer for writer in WRITERS if writer.startswith(("txt, a cell", "txt, wide", "txt, single"))
]
CELL_A_LINE = [writer for writer in WRITERS if writer.startswith("txt, a cell")]
HARD = {
    ("blanks inside labels", "txt, single blanks"): 0,
    ("units in figures", "txt, single blanks"): 90,
    ("row numbers", "txt, wide blanks"): 70,
    ("row numbers", "txt, single blanks"): 0,
    ("words in cells", "txt, single blanks"): 0,
    **{("blanks inside labels", writer): 75 for writer in CELL_A_LINE},
    **{("row numbers", writer): 0 for writer in CELL_A_LINE},
    **{("labels lost", writer): 0 for writer in CELL_A_LINE},
    **{("a column for remarks", writer): 0 for writer in WITHOUT_TABS},
    **{("strokes and blanks for zeros", writer): 10 for writer in WITHOUT_TABS},
}


def measured(data: bytes, model: Model) -> tuple[Counter[str], list[object]]:
    """
    How the figures in print were read, and the mistakes with their places.
    """
    try:
        found = read(data)
    except Unreadable:
        return Counter(unread=len(model.printed)), []
    assert isinstance(found, ReadReport)
    doubtful = {doubt.cell for doubt in found.doubtful}
    counts: Counter[str] = Counter()
    mistakes: list[object] = []
    for cell in {*model.printed, *found.values}:
        if cell not in found.values:
            counts["unread"] += 1
        elif cell in doubtful:
            counts["doubtful"] += 1
        elif found.values[cell] == model.printed.get(cell):
            counts["right"] += 1
        else:
            mistakes.append((cell, model.printed.get(cell), found.values[cell]))
    return counts, mistakes


@pytest.mark.long
@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_no_figure_is_read_wrong_and_enough_are_read(variant: str, writer: str):
    """
    Better unread than wrong; but a reader that reads nothing is none.
    """
    counts: Counter[str] = Counter()
    mistakes: list[object] = []
    for seed, edition in enumerate((EDITIONS[0], EDITIONS[1 + len(writer) % 2])):
        rng = random.Random(f"{variant} {writer} {seed}")
        model = VARIANTS[variant](model_of(sample_of(rng.randint(0, 10**6), edition)), rng)
        more, wrong = measured(WRITERS[writer](model), model)
        counts += more
        mistakes += wrong

    read_right = counts["right"] + (counts["doubtful"] if variant in DOUBTFUL else 0)
    floor = HARD.get((variant, writer), FLOORS.get(variant, 99))

    assert [] == mistakes
    assert 100 * read_right >= floor * counts.total()


@pytest.mark.long
@pytest.mark.parametrize(
    "variant",
    [
        "as the form prints it",
        "merged boxes split, the rest blank",
        "strokes and blanks for zeros",
        "row numbers",
        "heads repeated after a page break",
        "columns in another order",
        "columns missing",
    ],
)
def test_a_pdf_is_read_like_the_others(variant: str):
    """
    Ruled tables over page breaks, labels broken into lines, a number under each page.
    """
    rng = random.Random(variant)
    edition = EDITIONS[len(variant) % 3]
    model = VARIANTS[variant](model_of(sample_of(rng.randint(0, 10**6), edition)), rng)

    counts, mistakes = measured(WITH_PDF["pdf"](model), model)

    assert [] == mistakes
    assert 100 * counts["right"] >= FLOORS.get(variant, 95) * counts.total()


@pytest.mark.parametrize(
    ("seed", "variants"),
    [
        (5, ("blanks inside labels", "heads repeated after a page break")),
        (6, ("cells run together", "merged boxes lost")),
    ],
)
def test_a_row_of_a_pdf_that_has_moved_by_a_column_is_unread(seed: int, variants: tuple[str, str]):
    """
    Its parts are more than its total, or two of its figures stand in one box.
    """
    rng = random.Random(f"{variants[0]} pdf {seed}")
    model = model_of(sample_of(seed, rng.choice(EDITIONS)))
    model = VARIANTS[variants[0]](model, rng)
    rng.choice([name for name in VARIANTS if not name.startswith("columns")])
    model = VARIANTS[variants[1]](model, rng)

    assert [] == measured(WITH_PDF["pdf"](model), model)[1]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_no_figure_is_read_wrong_when_two_things_go_wrong_at_once(seed: int):
    """
    Every variant with another one on top, through every writer.
    """
    mistakes: list[object] = []
    writers = WITH_PDF | {style: partial(to_txt, style=style) for style in OFF_PAGES}
    for variant in VARIANTS:
        for writer in writers:
            rng = random.Random(f"{variant} {writer} {seed}")
            model = VARIANTS[variant](model_of(sample_of(seed, rng.choice(EDITIONS))), rng)
            another = rng.choice([name for name in VARIANTS if not name.startswith("columns")])
            model = VARIANTS[another](model, rng)
            _, wrong = measured(writers[writer](model), model)
            mistakes += [(variant, another, writer, wrong)] if wrong else []

    assert [] == mistakes


# One report of each edition; more of them under soak.
SEEDS = (range(3), pytest.param(range(3, 12), marks=pytest.mark.soak))


@pytest.mark.long
@pytest.mark.parametrize("seeds", SEEDS, ids=["few", "more"])
@pytest.mark.parametrize("writer", WITH_PDF)
def test_texts_come_out_of_every_kind_of_file(writer: str, seeds: range):
    """
    Title, introduction, narratives and signature are those that were written.
    """
    for seed in seeds:
        sample = sample_of(seed, EDITIONS[seed % 3])

        found = read(WITH_PDF[writer](model_of(sample)))

        assert isinstance(found, ReadReport)
        assert "".join(sample.title) == "".join(found.title)
        assert sample.introduction == found.introduction
        assert sample.narratives == found.narratives
        assert sample.signature == found.signature
        assert (sample.organ, sample.year, sample.form.edition) == (
            found.organ,
            found.year,
            found.edition,
        )


@pytest.mark.long
@pytest.mark.parametrize("seeds", SEEDS, ids=["few", "more"])
@pytest.mark.parametrize("writer", [name for name in WITH_PDF if "glued" not in name])
def test_texts_around_the_tables_come_out_of_every_kind_of_file(writer: str, seeds: range):
    """
    Each before or after its table, to the letter; nothing of a table is among them.
    """
    for seed in seeds:
        model = VARIANTS["texts around the tables"](
            model_of(sample_of(seed, EDITIONS[seed % 3])), random.Random(f"{writer} {seed}")
        )

        found = read(WITH_PDF[writer](model))

        assert isinstance(found, ReadReport)
        wanted = {}
        for at in grids(model):
            section = model.sample.form.sections[at].id
            for below, texts in enumerate(model.around[model.sections[at][0]]):
                if texts:
                    wanted[ANNUAL_REPORT_2021.remark_at[section, bool(below)]] = "\n".join(texts)
        assert wanted == found.remarks


def test_heads_that_are_lost_make_every_figure_under_them_doubtful():
    """
    The official order is a guess, and a guess is never presented as a reading.
    """
    model = VARIANTS["heads lost"](model_of(sample_of(3, "2021")), random.Random(3))

    found = read(WRITERS["docx"](model))

    assert isinstance(found, ReadReport)
    assert {c for c in model.printed if not c.startswith("proactive")} == {
        doubt.cell for doubt in found.doubtful
    }


def test_a_column_that_is_missing_is_missing_and_not_made_up():
    """
    Its cells are unread, and F2 can name the column.
    """
    model = VARIANTS["columns missing"](model_of(sample_of(5, "2021")), random.Random(5))

    found = read(WRITERS["html"](model))

    assert isinstance(found, ReadReport)
    assert set(model.sample.values) - set(model.printed) == set(found.unread)
    assert set(found.unread) == set(found.missing_columns)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_report_claims_the_cells_of_the_editions_its_rows_have(edition: str):
    """
    200, 198 or 186 of them: a row replaced by the other edition's is not called unread.
    """
    sample = sample_of(1, edition)

    found = read(WRITERS["html"](model_of(sample)))

    assert isinstance(found, ReadReport)
    assert {"2021": 200, "2019": 198, "hybrid": 186}[edition] == len(found.claimed)
    assert set(sample.values) == set(found.claimed)
    assert (
        ("requests.outcome.otherwise_handled.all",) if edition == "hybrid" else ()
    ) == found.old_rows
