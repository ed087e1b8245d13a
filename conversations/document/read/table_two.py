"""Reads rows of table two: four blocks with their own heads, one or three figures per row."""

from __future__ import annotations

from collections import defaultdict

from conversations.document.read.blocks import GridCell, GridRow
from conversations.document.read.heads import Heads, PrintedColumn
from conversations.document.read.placing import boxes_after, place
from conversations.document.read.readings import Readings
from conversations.document.read.vocabulary import (
    AMOUNTS,
    COLUMNS_TWO,
    EDITIONS,
    FEES,
    LABELS_TWO,
    OF_TODAY,
    PrintedTable,
    shape_of,
)
from conversations.document.read.words import core, is_blank, is_figure, plain
from conversations.form.model import CellId, ItemId


def read_row_of_two(
    readings: Readings,
    row: GridRow,
    label: GridCell,
    line: ItemId,
    heads: Heads | None,
    *,
    torn: bool,
    strange: bool,
) -> bool:
    """
    Read a row of table two; False if a part of it was not understood.

    `heads` are the present ones, of this table or another. Beside a `torn` box a blank may be none;
    after `strange` text heads may have been missed.
    """
    readings.tables.add(PrintedTable.TWO)
    readings.rows.setdefault(line, set())
    guessed = False
    if heads is None or heads.table is not PrintedTable.TWO or not heads.order:
        heads = _assumed(readings, row, label, line, strange=strange)
        if heads is None:
            return False
        guessed = len(heads.order) > 1 or heads.order[0].name == FEES
    shape = [
        edition
        for edition in shape_of({column.name for column in heads.order})
        if line in LABELS_TWO[edition]
    ]
    for edition in shape:
        readings.shapes[edition].add(line)
    editions = shape or [form.edition for form in OF_TODAY]
    labels = [LABELS_TWO[edition].get(line) for edition in editions]
    official = [said for said in labels if said]
    if official and core(label.text) not in map(core, official):
        readings.note_difference(label.text, official[-1])

    def cell_of(column: str) -> CellId:
        return f"{line}.{'amount' if column in AMOUNTS else column}"

    if readings.has_row(line):
        return not readings.contradicted(place(row, label, heads) or [], cell_of)
    placed = place(row, label, _without_repetition(heads, row))
    if torn and len(boxes_after(row.own, label)) < len(heads.order):
        placed = None  # two figures in one box: the others may be shifted
    if placed is None:
        return False
    boxes: dict[str, list[GridCell]] = defaultdict(list)
    for column, box in placed:
        if box is not None and column.name:
            boxes[column.name].append(box)
        elif box is not None and not is_blank(box.text):
            readings.leftover.append(f"{column.printed}: {box.text}")
    understood = True
    for column in heads.order:
        under = boxes.pop(column.name, [])
        texts = [box.text for box in under if box.text.strip()] or [box.text for box in under]
        if len(set(map(plain, texts))) > 1:
            readings.unsure.add(cell_of(column.name))
            understood = False
        elif texts:
            readings.take(cell_of(column.name), texts[0], column, guessed=guessed, torn=torn)
    return understood


def _assumed(
    readings: Readings, row: GridRow, label: GridCell, line: ItemId, *, strange: bool
) -> Heads | None:
    """Heads for a row without any: the only column, or the official three for three figures."""
    columns = COLUMNS_TWO.get(line)
    of_older = any(readings.shapes[form.edition] for form in EDITIONS if form not in OF_TODAY)
    if columns is None or of_older or (strange and len(columns) > 1):
        return None
    after = boxes_after(row.own, label)
    if len(columns) not in {len(after), sum(bool(box.text.strip()) for box in after)}:
        return None
    return Heads(PrintedTable.TWO, tuple(map(PrintedColumn, columns)))


def _without_repetition(heads: Heads, row: GridRow) -> Heads:
    """The heads; one head repeated above all columns of figures is one column."""
    if len(heads.order) > 1 and len({column.name for column in heads.order}) == 1:
        figures = sum(is_figure(box.text) for box in row.own)
        if figures <= 1 and not (heads.placed and row.width == heads.width):
            return Heads(PrintedTable.TWO, heads.order[:1])
    return heads
