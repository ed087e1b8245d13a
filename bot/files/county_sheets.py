"""
The figures of many organs as a workbook and as open data (.csv), and the index of documents.

Columns are permanent: the id of a figure is in a head row, in the order of the form. An unanswered
figure is an empty cell, never a 0. Typed text is never live.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from bot.files.spreadsheet import Scalar, Sheet, dead, figure_of, workbook
from conversations.county.handing_out import HandedOut, Packed, meanings
from conversations.form.answers import format_number
from conversations.form.model import Form, Section, Table
from conversations.wording import county_handing_out as wording

T = TypeVar("T")

FIXED = len(wording.TABLE_HEAD)
FIGURE_WIDTH = 20
ORGAN_WIDTHS = (30, 8, 10)
ONLY_OF_FILES = (6, 9)  # columns of the index that a workbook of figures lacks


def figures_workbook(outs: Sequence[HandedOut], form: Form, more: Sequence[Sheet] = ()) -> bytes:
    """
    A sheet of the organs, a sheet per table with a row per organ, and the sheets in `after`.

    Figures beyond the form have a sheet if there are any.
    """
    return workbook([_organs(outs), *_tables(outs, form), *_local(outs), *more])


def index_workbook(packed: Sequence[Packed]) -> bytes:
    """The index of an archive: every organ, also those without a document."""
    rows = [_row(number, each) for number, each in enumerate(packed, 1)]
    return workbook(
        [Sheet(wording.ORGANS_SHEET, wording.ORGANS_HEAD, rows, wording.ORGANS_WIDTHS, fixed=2)]
    )


def _organs(outs: Sequence[HandedOut]) -> Sheet:
    rows = (_row(number, Packed(out)) for number, out in enumerate(outs, 1))
    return Sheet(
        wording.ORGANS_SHEET,
        _shortened(wording.ORGANS_HEAD),
        [_shortened(row) for row in rows],
        _shortened(wording.ORGANS_WIDTHS),
        fixed=2,
    )


def _shortened(row: Sequence[T]) -> list[T]:
    return [value for column, value in enumerate(row) if column not in ONLY_OF_FILES]


def _row(number: int, packed: Packed) -> tuple[Scalar, ...]:
    out = packed.out
    organ = out.organ
    return (
        number,
        organ.organ,
        organ.parent,
        wording.FOLDERS[organ.level],
        wording.source(out),
        wording.state(out),
        packed.path,
        wording.remark(packed),
        out.fingerprint,
        packed.mark,
        out.address,
        out.publication.get("date", ""),
        wording.compared(out),
    )


def _tables(outs: Sequence[HandedOut], form: Form) -> Iterator[Sheet]:
    """Each expected or reporting organ is a row; a report of another edition is an empty one."""
    rows = [out for out in outs if out.organ.counts_in]
    for section in form.sections:
        if isinstance(section.body, Table):
            yield _table(rows, section, section.body, form)


def _table(outs: Sequence[HandedOut], section: Section, table: Table, form: Form) -> Sheet:
    there = [each for each in meanings(form) if each.table == section.heading]
    cells = [each.cell.id for each in there]
    heads = (
        [each.row for each in there],
        [each.column for each in there],
        [each.cell.counted_in for each in there],
    )
    return Sheet(
        f"{table.short} {section.short}",
        (*wording.TABLE_HEAD, *cells),
        (
            (
                out.organ.organ,
                wording.FOLDERS[out.organ.level],
                wording.state(out),
                *(figure_of(out.figures.get(cell)) for cell in _of_form(out, form, cells)),
            )
            for out in outs
        ),
        (*ORGAN_WIDTHS, *(FIGURE_WIDTH for _ in cells)),
        above=[
            ("", "", label, *texts) for label, texts in zip(wording.TABLE_ABOVE, heads, strict=True)
        ],
        fixed=FIXED,
    )


def _local(outs: Sequence[HandedOut]) -> Iterator[Sheet]:
    rows = [
        (out.organ.organ, wording.state(out), name, value, unit)
        for out in outs
        for name, unit, value in out.local
    ]
    if rows:
        yield Sheet(wording.LOCAL_SHEET, wording.LOCAL_HEAD, rows, (30, 10, 40, 12, 10), fixed=1)


def _of_form(out: HandedOut, form: Form, cells: Sequence[str]) -> Sequence[str]:
    return cells if out.edition == form.edition else ()


# ---- open data -----------------------------------------------------------------------------


def write_figures(target: Path, outs: Iterable[HandedOut], year: int, form: Form) -> None:
    """The figures of the final reports in one long file, one row per figure."""
    known = [(each.cell.id, each.name, each.cell.counted_in) for each in meanings(form)]
    rows = (
        (dead(out.organ.organ), year, cell, name, format_number(out.figures[cell]), unit)
        for out in outs
        if out.final and out.edition == form.edition
        for cell, name, unit in known
        if cell in out.figures
    )
    _write(target, wording.FIGURES_HEAD, rows)


def write_dictionary(target: Path, form: Form) -> None:
    """The meaning of each figure, by its id, from the form itself."""
    rows = (
        (
            each.cell.id,
            each.table,
            each.row,
            each.column,
            each.cell.counted_in,
            wording.COMPUTED if each.computed else wording.TYPED,
            each.counts,
            each.source,
        )
        for each in meanings(form)
    )
    _write(target, wording.DICTIONARY_HEAD, rows)


def _write(target: Path, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    # Excel recognises UTF-8 by this first mark.
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
