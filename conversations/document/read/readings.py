"""The figures read from the tables so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from conversations.checks.findings import LabelDifference
from conversations.document.read.blocks import GridCell
from conversations.document.read.heads import PrintedColumn
from conversations.document.read.placing import Placed
from conversations.document.read.vocabulary import CELLS, PrintedTable
from conversations.document.read.words import figure, is_blank, is_torn, is_value
from conversations.form.model import CellId, ItemId

MOST_DIFFERENCES = 100
GUESSED = "没有找到表头，按官方栏目顺序读取"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that should be checked: the cell, its value, the reason (in Chinese)."""

    cell: CellId
    value: int | Decimal | str
    why: str


@dataclass(slots=True)
class Readings:
    """
    The figures of the tables, and facts about those that could not be read.

    `rows` has the columns found for each row, `columns` the heads found for each table, `shapes`
    the rows of table two under each edition's heads. `unsure` are cells that were found and could
    not be read; `garbled` are tables with rows whose label was not understood.
    """

    values: dict[CellId, int | Decimal | str] = field(default_factory=dict)
    blank: set[CellId] = field(default_factory=set)
    doubtful: dict[CellId, Doubt] = field(default_factory=dict)
    unsure: set[CellId] = field(default_factory=set)
    leftover: list[str] = field(default_factory=list)
    differences: list[LabelDifference] = field(default_factory=list)
    tables: set[PrintedTable] = field(default_factory=set)
    garbled: set[PrintedTable] = field(default_factory=set)
    rows: dict[ItemId, set[str]] = field(default_factory=dict)
    columns: dict[PrintedTable, set[str]] = field(default_factory=lambda: defaultdict(set))
    shapes: dict[str, set[ItemId]] = field(default_factory=lambda: defaultdict(set))

    def take(
        self,
        cell: CellId,
        text: str,
        column: PrintedColumn,
        *,
        guessed: bool = False,
        torn: bool = False,
    ) -> None:
        """
        Store a figure by its id; a text that is no figure is left over.

        `guessed`: its head was not found. Beside a `torn` box a blank may be none.
        """
        known = CELLS.get(cell)
        if known is None:
            self.leftover.append(f"{column.printed}: {text}")
            return
        line, _, name = cell.rpartition(".")
        self.rows.setdefault(line, set()).add(name)
        if cell in self.unsure:
            return
        read = figure(text, known.measure, column.printed)
        if read is None or (read.blank and torn):
            self.leftover.append(f"{known.column.name}: {' '.join(text.split())[:120]}")
            self.unsure.add(cell)
            return
        self.values[cell] = read.value
        if read.blank:
            self.blank.add(cell)
        why = read.doubt or (GUESSED if guessed else "")
        if why:
            self.doubtful[cell] = Doubt(cell, read.value, why)

    def take_placed(
        self,
        placed: Placed,
        cell_of: Callable[[str], CellId],
        *,
        guessed: bool = False,
        torn: bool = False,
    ) -> None:
        """
        Store the figures of a row, with the ids from their columns' names.

        Nothing is stored of a torn row with a blank that is not beside the torn box: its figures
        may belong to other columns.
        """
        if torn and _may_be_shifted(placed):
            cells = [cell_of(column.name) for column, box in placed if column.name and box]
            for cell in cells:
                self.rows.setdefault(cell.rpartition(".")[0], set()).add(cell.rpartition(".")[2])
                self.drop(cell)
            self.leftover.append(" | ".join(box.text[:40] for _, box in placed if box))
            return
        for column, box in placed:
            if box is None:
                continue
            if column.name:
                self.take(cell_of(column.name), box.text, column, guessed=guessed, torn=torn)
            elif not is_blank(box.text):
                self.leftover.append(f"{column.printed}: {box.text}")

    def contradicted(self, placed: Placed, cell_of: Callable[[str], CellId]) -> bool:
        """Whether a row that was read before now has other figures, which all become unsure."""
        contradiction = False
        for column, box in placed:
            cell = cell_of(column.name) if column.name and box else ""
            if box is None or cell not in self.values:
                continue
            again = figure(box.text, CELLS[cell].measure, column.printed)
            if again is None or again.value != self.values[cell]:
                self.drop(cell)
                contradiction = True
        return contradiction

    def has_row(self, line: ItemId) -> bool:
        """Whether a row was found, and a cell of it was read or is unsure."""
        return line in self.rows and any(
            cell.rpartition(".")[0] == line for cell in (*self.values, *self.unsure)
        )

    def drop(self, cell: CellId) -> None:
        """Remove a figure: it is unsure."""
        self.values.pop(cell, None)
        self.blank.discard(cell)
        self.doubtful.pop(cell, None)
        self.unsure.add(cell)

    def drop_row(self, line: ItemId) -> None:
        """Remove every figure of a row."""
        for cell in [cell for cell in self.values if cell.rpartition(".")[0] == line]:
            self.drop(cell)

    def leave(self, table: PrintedTable | None, boxes: Sequence[GridCell]) -> None:
        """Leave a row that was not understood: its text is left over, its table is `garbled`."""
        if table in (PrintedTable.TWO, PrintedTable.THREE):
            self.garbled.add(table)
        texts = " | ".join(" ".join(box.text[:300].split()) for box in boxes[:40])
        self.leftover.append(texts[:300])

    def note_difference(self, printed: str, official: str) -> None:
        """Keep an unofficial wording."""
        difference = LabelDifference(" ".join(printed.split()), official)
        if len(self.differences) < MOST_DIFFERENCES and difference not in self.differences:
            self.differences.append(difference)


def _may_be_shifted(placed: Placed) -> bool:
    """Whether a row has a blank that is not beside a torn box."""
    boxes = [box for _, box in placed if box is not None]
    torn = [is_torn(box.text) or not is_value(box.text) for box in boxes]
    return any(
        is_blank(box.text) and not box.text.strip() and not any(torn[max(0, at - 1) : at + 2])
        for at, box in enumerate(boxes)
    )
