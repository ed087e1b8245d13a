"""The heads of the three tables: recognizing them, and the columns they form."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from conversations.document.read.blocks import GridCell, GridRow
from conversations.document.read.vocabulary import (
    APPLICANTS,
    ARTICLE,
    BLOCKS,
    GROUPS_OF_ORGANIZATIONS,
    HEADS,
    KNOWN,
    LITIGATION,
    OF_ORGANIZATIONS,
    ORGANIZATIONS,
    RECONCILED,
    RECONCILING,
    RECONSIDERATION,
    SERIAL_HEADS,
    ColumnHead,
    PrintedTable,
)
from conversations.document.read.words import core, is_blank, nearest, plain

_ARTICLE = re.compile(ARTICLE)
_ANY_TABLE = {
    **HEADS[PrintedTable.FOUR],
    **HEADS[PrintedTable.THREE],
    **HEADS[PrintedTable.TWO],
}
_TABLE_FOUR_FIRST = {**_ANY_TABLE, **HEADS[PrintedTable.FOUR]}


def head_of(text: str, table: PrintedTable | None = None) -> ColumnHead | None:
    """The head in a box, None for no head; `table` decides if several tables have it."""
    said = plain(text)
    if not said:
        return None
    if said.startswith(RECONCILED):
        rest = said.rpartition("之和")[2] if "之和" in said else ""
        return ColumnHead(PrintedTable.THREE) if len(rest) <= 1 or rest == "申请人情况" else None
    if len(said) >= 5 and said in RECONCILING:  # a line of it: a page has cut its box
        return ColumnHead(PrintedTable.THREE)
    return (_TABLE_FOUR_FIRST if table is PrintedTable.FOUR else _ANY_TABLE).get(said)


def near_head(text: str, table: PrintedTable) -> ColumnHead | None:
    """A head of one table with a wrong character."""
    known = nearest(plain(text), HEADS[table])
    return HEADS[table][known] if known else None


def is_article(text: str) -> bool:
    """Whether a text is «第二十条第（一）项», the line above a block of table two."""
    return bool(_ARTICLE.match(plain(text)))


def says_table(text: str) -> bool:
    """Whether a text is a label or head of one of the tables."""
    said = plain(text)
    known = said in KNOWN or core(text) in KNOWN or is_article(text)
    return known or (said.startswith(RECONCILED) and head_of(text) is not None)


# ----------------------------------------------------------------------- columns


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """
    A column of figures: its place, and the head printed above it.

    `name` is the last part of its cells' ids, in table four the whole id; "" for an unknown head.
    """

    name: str
    col: int = 0
    width: int = 1
    printed: str = ""


Columns = tuple[PrintedColumn, ...]


@dataclass(frozen=True, slots=True)
class Heads:
    """
    The columns that apply to the following rows.

    `placed` have places that are valid in the rows of `grid` with this `width`; `order` has the
    columns from left to right, for rows without reliable places.
    """

    table: PrintedTable
    order: Columns = ()
    placed: Columns = ()
    grid: int = -1
    width: int = 0
    serials: bool = False

    def place(self, row: GridRow) -> bool:
        """Whether the columns' places apply to a row."""
        return bool(self.placed) and row.width == self.width and row.grid == self.grid


Box = tuple[GridCell, ColumnHead | None]
Note = Callable[[str, str], None]
# Heads that may stand above each table; any other must be a misspelt one of its own.
_AT_HOME = {
    PrintedTable.TWO: (PrintedTable.TWO,),
    PrintedTable.THREE: (PrintedTable.THREE,),
    PrintedTable.FOUR: (PrintedTable.FOUR, PrintedTable.THREE),
}


def heads_two(row: GridRow, note: Note) -> Heads:
    """
    The columns of a block of table two; text left of the first head is no column.

    `note` is called, here and below, for every head with unofficial wording: printed, official.
    """
    columns: list[PrintedColumn] = []
    for box, head in _tagged(row.cells, PrintedTable.TWO, note):
        if head is None and columns:
            columns.append(_column("", box))
        elif head is not None and head.column:
            columns.append(_column(head.column, box))
    order = tuple(columns)
    return Heads(PrintedTable.TWO, order, order if row.width else (), row.grid, row.width)


def heads_three(
    rows: Sequence[GridRow], note: Note, is_askew: Callable[[GridRow, Columns], bool]
) -> Heads:
    """The columns of table three, by place unless heads overlap or `is_askew`, else by order."""
    lines = [_tagged(row.own, PrintedTable.THREE, note) for row in rows]
    placed = _placed_three([box for line in lines for box in line]) if _is_regular(rows) else ()
    if placed and not _overlap(placed) and not is_askew(rows[0], placed):
        return Heads(PrintedTable.THREE, placed, placed, rows[0].grid, rows[0].width)
    return Heads(PrintedTable.THREE, expanded_three(lines, loose=any(row.loose for row in rows)))


def heads_four(rows: Sequence[GridRow], note: Note) -> Heads:
    """The columns of table four, each named by its whole cell id."""
    lines = [_tagged(row.own, PrintedTable.FOUR, note) for row in rows]
    placed = _placed_four(lines) if _is_regular(rows) else ()
    if placed and not _overlap(placed):
        return Heads(PrintedTable.FOUR, placed, placed, rows[0].grid, rows[0].width)
    counted = [[box for box in line if plain(box[0].text) not in SERIAL_HEADS] for line in lines]
    return Heads(PrintedTable.FOUR, expanded_four(counted), serials=counted != lines)


def _tagged(cells: Sequence[GridCell], table: PrintedTable, note: Note) -> list[Box]:
    """The boxes that are not empty, each with its head."""
    boxes: list[Box] = []
    for cell in cells:
        if is_blank(cell.text):
            continue
        head = head_of(cell.text, table)
        if head is None or head.table not in _AT_HOME[table]:
            head = near_head(cell.text, table)
            if head and head.column and plain(cell.text) != plain(head.label):
                note(cell.text, head.label)
        boxes.append((cell, head))
    return boxes


def _column(name: str, box: GridCell) -> PrintedColumn:
    return PrintedColumn(name, box.col, box.width, box.text)


def _is_regular(rows: Sequence[GridRow]) -> bool:
    """Whether rows of heads belong to one grid, so that their places are reliable."""
    first = rows[0]
    return bool(first.width) and all(
        (row.width, row.grid) == (first.width, first.grid) for row in rows
    )


def _overlap(columns: Columns) -> bool:
    """Whether columns overlap: then their places are unreliable."""
    return any(a.col + a.width > b.col for a, b in itertools.pairwise(columns))


def _placed_three(boxes: Sequence[Box]) -> Columns:
    """Table three's columns by place; a head that occurs twice names none."""
    columns: dict[int, PrintedColumn] = {}
    for box, head in boxes:
        if head and head.column:
            if box.col in columns and columns[box.col].name != head.column:
                return ()  # two heads in one place: places are unreliable
            columns[box.col] = _column(head.column, box)
    if not columns:
        return ()
    first = min(columns)
    for box, head in boxes:
        if (
            head is None
            and box.col > first
            and not any(
                column.col < box.col + box.width and box.col < column.col + column.width
                for column in columns.values()
            )
        ):
            columns[box.col] = _column("", box)
    times = Counter(column.name for column in columns.values())
    return tuple(
        column if times[column.name] == 1 else replace(column, name="")
        for _, column in sorted(columns.items())
    )


def expanded_three(lines: Sequence[Sequence[Box]], *, loose: bool) -> Columns:
    """
    Table three's columns by order: the kinds of organizations belong under their common head.

    Without that head they must stand in one row with the others, else nothing is certain.
    """
    order: list[PrintedColumn] = []
    of_organizations: list[PrintedColumn] = []
    place: int | None = None
    for box, head in itertools.chain.from_iterable(lines):
        said = plain(box.text)
        if head and not head.column:
            group = said in GROUPS_OF_ORGANIZATIONS or (
                said not in HEADS[PrintedTable.THREE] and ORGANIZATIONS in box.text
            )
            if group and place is None:
                place = len(order)
        elif head and head.column in OF_ORGANIZATIONS and place is not None:
            of_organizations.append(_column(head.column, box))
        elif head or order or of_organizations:
            order.append(_column(head.column if head else "", box))
    if place is not None:
        order[place:place] = of_organizations
    else:
        together = sum(any(head and head.column for _, head in line) for line in lines) <= 1
        if not together or (loose and [column.name for column in order] != list(APPLICANTS)):
            return ()
    names = [column.name for column in order]  # a merged head may be repeated in every box
    return tuple(
        column for i, column in enumerate(order) if not column.name or column.name not in names[:i]
    )


def _placed_four(lines: Sequence[Sequence[Box]]) -> Columns:
    """Table four's columns by place: each result under the block above it."""
    blocks: list[tuple[int, str, GridCell]] = []  # its row, block, box
    results: list[tuple[int, str, GridCell]] = []
    litigation: list[int] = []
    for depth, line in enumerate(lines):
        for box, head in line:
            if head and head.label == LITIGATION:
                litigation.append(box.col)
            elif head and head.column:
                (blocks if head.column in BLOCKS else results).append((depth, head.column, box))
    columns: dict[int, PrintedColumn] = {}
    for depth, result, box in results:
        left = [b for b in blocks if b[0] < depth and b[2].col <= box.col]
        over = [b for b in left if box.col < b[2].col + b[2].width]
        if not over:
            # merged boxes are lost: the block stands only above its first column
            if not left:
                return ()
            nearest_left = max(b[2].col for b in left)
            over = [b for b in left if b[2].col == nearest_left]
            if over[0][1] == RECONSIDERATION and any(
                nearest_left < col <= box.col for col in litigation
            ):
                return ()
        block = max(over, key=lambda b: b[0])[1]
        columns[box.col] = _column(f"{block}.{result}", box)
    if len({column.name for column in columns.values()}) != len(columns):
        return ()
    return tuple(column for _, column in sorted(columns.items()))


def expanded_four(lines: Sequence[Sequence[Box]]) -> Columns:
    """Table four's columns by order: groups of results, each for the next block."""
    waiting: list[str] = []
    seen: list[str] = []
    litigation_first = False
    groups: dict[str, Columns] = {}
    current: str | None = None
    for box, head in itertools.chain.from_iterable(lines):
        if head is None:
            return ()
        if head.label == LITIGATION:
            litigation_first = litigation_first or not seen
        elif head.column in BLOCKS:
            if head.column not in seen:
                seen.append(head.column)
                waiting.append(head.column)
                current = None
        elif head.column:
            if current is None or f"{current}.{head.column}" in (c.name for c in groups[current]):
                if waiting:
                    current = waiting.pop(0)
                elif seen or groups:
                    return ()
                else:
                    current = "?"  # the results for blocks that are row labels
            groups[current] = (
                *groups.get(current, ()),
                _column(f"{current}.{head.column}", box),
            )
    if waiting and len(groups) > 1:
        return ()  # with one group of results, each block has a row of its own
    if len({len(group) for group in groups.values()}) > 1:
        return ()
    order = sorted(groups, key=lambda block: litigation_first and block == RECONSIDERATION)
    return tuple(column for block in order for column in groups[block])
