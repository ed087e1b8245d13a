"""
Builds an edition's lines, printed grids and sums from its rows and columns.

All editions share the shapes (a table of blocks, of rows, of columns); only the data differ.
Permanent numbers come from `numbers.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.form.model import (
    Box,
    Cell,
    CellId,
    Column,
    Grid,
    ItemId,
    Line,
    LineKind,
    Measure,
    Remark,
    Row,
    Section,
    Table,
)
from conversations.form.numbers import NUMBERS

LABEL_COLUMNS = 3  # in table three


@dataclass(frozen=True, slots=True)
class RowData:
    """One printed row as written in an edition's module."""

    id: ItemId
    path: tuple[str, ...]
    short: str
    counts: str
    source: str
    kind: LineKind = LineKind.ASKED


@dataclass(frozen=True, slots=True)
class BlockData:
    """A printed block: its heading, its own column heads, its rows (table two)."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[RowData, ...]
    measures: tuple[Measure, ...] = (Measure.COUNT,)

    def measure(self, index: int) -> Measure:
        """The measure of a column; a single measure applies to all columns."""
        return self.measures[index] if len(self.measures) > 1 else self.measures[0]


def _cell(line: ItemId, column: Column, measure: Measure = Measure.COUNT) -> Cell:
    cell_id = f"{line}.{column.id}"
    return Cell(cell_id, NUMBERS[cell_id], line, column, measure)


def _line(data: RowData, cells: Sequence[Cell], total: Cell | None) -> Line:
    return Line(
        id=data.id,
        number=NUMBERS[data.id],
        label=data.path[-1],
        short=data.short,
        path=data.path,
        cells=tuple(cells),
        total=total,
        kind=data.kind,
        counts=data.counts,
        source=data.source,
    )


def table_of_blocks(blocks: Sequence[BlockData]) -> Table:
    """Table two: each heading has its own heads and rows, 「信息内容」 on the left."""
    width = 1 + max(len(block.columns) for block in blocks)
    grid: list[tuple[Box, ...]] = []
    lines: list[Line] = []
    columns: dict[ItemId, Column] = {}

    def spread(boxes: Sequence[Box]) -> tuple[Box, ...]:
        """Widen the last box to fill the row."""
        last = boxes[-1]
        return (*boxes[:-1], Box(last.text, last.cell, width - len(boxes) + 1, last.rows))

    for block in blocks:
        grid.append((Box(block.heading, columns=width),))
        grid.append(spread([Box("信息内容"), *(Box(column.label) for column in block.columns)]))
        for row in block.rows:
            cells = [
                _cell(row.id, column, block.measure(i)) for i, column in enumerate(block.columns)
            ]
            grid.append(spread([Box(row.path[-1]), *(Box(cell=cell.id) for cell in cells)]))
            lines.append(_line(row, cells, None))
        columns.update((column.id, column) for column in block.columns)
    rows = tuple(Row(line.id, line.label, tuple(c.id for c in line.printed)) for line in lines)
    return Table(
        "proactive_disclosure",
        "表二",
        tuple(columns.values()),
        tuple(lines),
        rows,
        tuple(grid),
        0,
        width,
    )


def table_of_rows(head: Grid, columns: Sequence[Column], rows: Sequence[RowData]) -> Table:
    """
    Table three: all rows have the same columns, the last of them the row's sum.

    A label that rows share at the same depth is printed once, merged over them; the last label of a
    row fills the remaining label columns.
    """
    lines: list[Line] = []
    grid: list[tuple[Box, ...]] = list(head)
    for r, row in enumerate(rows):
        boxes: list[Box] = []
        for depth, label in enumerate(row.path):
            if depth == len(row.path) - 1:
                boxes.append(Box(label, columns=LABEL_COLUMNS - depth))
            elif r == 0 or rows[r - 1].path[: depth + 1] != row.path[: depth + 1]:
                beneath = [other.path[: depth + 1] == row.path[: depth + 1] for other in rows[r:]]
                run = beneath.index(False) if False in beneath else len(beneath)
                boxes.append(Box(label, rows=run))
        cells = [_cell(row.id, column) for column in columns]
        lines.append(_line(row, cells[:-1], cells[-1]))
        grid.append((*boxes, *(Box(cell=cell.id) for cell in cells)))
    printed = tuple(
        Row(line.id, "".join(line.path[-1:]), tuple(c.id for c in line.printed)) for line in lines
    )
    return Table(
        "requests",
        "表三",
        tuple(columns),
        tuple(lines),
        printed,
        tuple(grid),
        len(head),
        LABEL_COLUMNS + len(columns),
    )


def table_of_columns(head: Grid, columns: Sequence[Column], blocks: Sequence[RowData]) -> Table:
    """Table four: one row of figures, in blocks that each end with their sum."""
    lines: list[Line] = []
    for block in blocks:
        cells = [_cell(block.id, column) for column in columns]
        lines.append(_line(block, cells[:-1], cells[-1]))
    figures = tuple(cell.id for line in lines for cell in line.printed)
    wide = tuple(
        Column(
            cell.id.removeprefix("review."),
            " ".join((*line.path, cell.column.label)),
            f"{line.short} {cell.column.name}",
        )
        for line in lines
        for cell in line.printed
    )
    return Table(
        "review",
        "表四",
        wide,
        tuple(lines),
        (Row("review", "行政复议、行政诉讼", figures),),
        (*head, tuple(Box(cell=figure) for figure in figures)),
        len(head),
        len(figures),
    )


def sums_of(tables: Sequence[Table]) -> dict[CellId, tuple[CellId, ...]]:
    """
    The addends of each computed cell (A2, A3, A4).

    A line's own sum adds its figures. A SUM line adds, column by column, the ASKED lines under the
    same first heading.
    """
    sums: dict[CellId, tuple[CellId, ...]] = {}
    for table in tables:
        for line in table.lines:
            if line.total:
                sums[line.total.id] = tuple(cell.id for cell in line.cells)
            if line.kind is LineKind.SUM:
                above = [
                    other
                    for other in table.lines
                    if other.kind is LineKind.ASKED and other.path[0] == line.path[0]
                ]
                for i, cell in enumerate(line.cells):
                    sums[cell.id] = tuple(other.cells[i].id for other in above)
    return sums


def balance_of(
    table: Table, plus: Sequence[ItemId], minus: Sequence[ItemId], target: ItemId
) -> dict[CellId, tuple[tuple[CellId, ...], tuple[CellId, ...]]]:
    """For each column of the balanced line: the cells added and the cells subtracted (A1)."""
    lines = {line.id: line for line in table.lines}
    return {
        cell.id: (
            tuple(lines[line].cells[i].id for line in plus),
            tuple(lines[line].cells[i].id for line in minus),
        )
        for i, cell in enumerate(lines[target].cells)
    }


def remarks_of(sections: Sequence[Section]) -> tuple[Remark, ...]:
    """The places for texts above and below each table, and after the signature."""
    places = [
        (section.id, where)
        for section in sections
        if isinstance(section.body, Table)
        for where in ("above", "below")
    ]
    places.append((sections[-1].id, "below"))
    return tuple(
        Remark(item, NUMBERS[item], section, where == "below")
        for section, where in places
        for item in (f"remarks.{section}.{where}",)
    )
