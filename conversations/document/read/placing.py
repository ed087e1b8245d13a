"""Assigns the boxes of a row to the heads: by place, or by order if places are unreliable."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from conversations.document.read.blocks import GridCell, GridRow
from conversations.document.read.heads import Heads, PrintedColumn
from conversations.document.read.vocabulary import PrintedTable
from conversations.document.read.words import is_figure, is_torn, is_value

Placed = list[tuple[PrintedColumn, GridCell | None]]


def boxes_after(boxes: Sequence[GridCell], label: GridCell | None) -> list[GridCell]:
    """The boxes right of the label; all boxes without a label."""
    start = next(i + 1 for i, box in enumerate(boxes) if box is label) if label else 0
    return list(boxes[start:])


def place(row: GridRow, label: GridCell | None, heads: Heads) -> Placed | None:
    """
    The box of each column; None if that is uncertain.

    By place if the row has the columns of the heads; by order if it has exactly as many figures as
    there are columns. If both are possible they must agree.
    """
    by_order = _in_order(row, label, heads)
    if not heads.place(row):
        return by_order
    by_place = _in_place(row.own, label, heads)
    if by_place is None:
        complete = len(heads.order) == heads.table.columns
        return by_order if complete and all(column.name for column in heads.order) else None
    if by_order is None:
        return by_place
    agree = all(
        a is b or (a and b and a.text == b.text) or not column.name
        for (column, a), (_, b) in zip(by_place, by_order, strict=True)
    )
    return by_place if agree else None


def _in_order(row: GridRow, label: GridCell | None, heads: Heads) -> Placed | None:
    """The figures after the label, if there are exactly as many as columns."""
    order = heads.order
    after = boxes_after(row.own, label)
    if any(is_torn(box.text) for box in after):
        return None
    if label is None and heads.serials:
        if len(after) != len(order) + 1 or not after[0].text.isdigit():
            return None
        after = after[1:]
    if not order or not all(is_value(box.text) for box in after):
        return None
    if sum(bool(column.name) for column in order) < _fewest(heads.table, loose=row.loose):
        return None
    leading = sum(1 for _ in takewhile(_is_empty, after))
    trailing = sum(1 for _ in takewhile(_is_empty, reversed(after)))
    extra = len(after) - len(order)
    if leading and not all(column.name for column in order):
        return None  # the blank may belong to the label, and an additional head may hide that
    if row.loose:
        full = [box for box in after if not _is_empty(box)]
        if len(full) == len(order):
            after = full
        else:  # empty lines at the ends separate rows; only those inside can be empty cells
            after = after[leading : len(after) - trailing] if full else []
    elif extra > 0 and (leading, trailing) == (extra, 0):
        after = after[extra:]
    elif extra > 0 and (leading, trailing) == (0, extra):
        after = after[:-extra]
    return list(zip(order, after, strict=True)) if len(after) == len(order) else None


def _fewest(table: PrintedTable, *, loose: bool) -> int:
    """The number of columns that must be known to assign figures by order."""
    if table is PrintedTable.TWO:
        return 0
    if not loose:
        return 4
    return 5 if table is PrintedTable.THREE else table.columns


def _is_empty(box: GridCell) -> bool:
    return not box.text.strip()


def _in_place(boxes: Sequence[GridCell], label: GridCell | None, heads: Heads) -> Placed | None:
    """The box under each head; None if a box is under two heads or under none."""
    after = boxes_after(boxes, label)
    if label is None:
        first = min(column.col for column in heads.placed)
        after = [box for box in after if box.col >= first]
    used: dict[int, PrintedColumn] = {}
    placed: Placed = []
    for column in heads.placed:
        under = [
            box
            for box in after
            if (overlap := _overlap(box, column)) > 0
            and 2 * overlap >= min(box.width, column.width)
        ]
        full = [box for box in under if not _is_empty(box)]
        if len(full) > 1:
            return None
        chosen = next(iter(full or under), None)
        if chosen is not None and chosen.tall > 1:
            chosen = None
        if chosen is not None and used.setdefault(id(chosen), column).name != column.name:
            return None
        placed.append((column, chosen))
    for box in after:
        stray = not _is_empty(box) and id(box) not in used and box.tall == 1
        if stray and (not is_value(box.text) or is_figure(box.text)):
            return None
    return placed


def _overlap(box: GridCell, column: PrintedColumn) -> int:
    return min(box.col + box.width, column.col + column.width) - max(box.col, column.col)
