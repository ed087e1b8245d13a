"""Finds the label of a table row, and the row of the form that it names."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from conversations.document.read.blocks import GridCell, GridRow
from conversations.document.read.heads import Heads
from conversations.document.read.vocabulary import (
    LABELS_TWO,
    LAST_PARTS,
    OF_TODAY,
    OFFICIAL_THREE,
    ORDER_THREE,
    ORDER_TWO,
    ROWS,
    ROWS_THREE,
    ROWS_TWO,
    LastPart,
    PrintedTable,
    RowName,
)
from conversations.document.read.words import core, is_value, nearest, numbering, plain

MOST_GARBLED = 500  # labels that are compared character by character
_OFFICIAL_TWO = {
    line: label for form in OF_TODAY for line, label in LABELS_TWO[form.edition].items()
}
_LONG_NAMES_TWO = [word for word in ROWS_TWO if len(word) >= 4]


@dataclass(frozen=True, slots=True)
class Label:
    """The innermost label of a row, and the texts of all its labels up to it."""

    box: GridCell
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The row that a label names; not `exact` if the label is misspelt."""

    name: RowName
    exact: bool = True


def names_row(text: str) -> bool:
    """Whether a text is exactly the label of a row of table two or three."""
    return core(text) in ROWS


def label_of(row: GridRow, heads: Heads | None) -> Label | None:
    """The label of a row: left of the columns, or the last text before the last figure."""
    texts = [box for box in row.own if box.text.strip() and not is_value(box.text)]
    if not heads or not heads.place(row):
        return _up_to(texts[-1], row) if texts else None
    first = min(column.col for column in heads.placed)
    inside = [box for box in texts if box.col >= first and names_row(box.text)]
    if inside:  # the heads are shifted
        return _up_to(inside[-1], row)
    left = [box for box in texts if box.col < first]
    path = [box.text for box in row.cells if box.col < first and box.text.strip()]
    return Label(left[-1], tuple(path)) if left else None


def _up_to(label: GridCell, row: GridRow) -> Label:
    end = next(i for i, box in enumerate(row.cells) if box is label)
    return Label(label, tuple(box.text for box in row.cells[: end + 1] if box.text.strip()))


class LabelMatcher:
    """
    Finds the row that a label names; a misspelt label counts only where its row is expected, so the
    previous row is remembered.

    `before` is text from rows without figures: a label may begin there. `known` are the rows read
    so far.
    """

    def __init__(self, known: Container[str]) -> None:
        """Begin before the first row."""
        self.known = known
        self.last = ""
        self.before = ""
        self._garbled = 0

    def match(self, label: Label, table: PrintedTable | None) -> Match | None:
        """The row that a label names in a table (None: in any), None if that is uncertain."""
        text, path = label.box.text, label.path
        tries = [text]
        if self.before:
            tries.append(self.before + text)
        if len(path) >= 2 and path[-1] == text:
            tries.append(path[-2] + path[-1])
        for said in tries:
            if name := self._exact(said, table, path):
                return Match(name)
        for order, said in enumerate(tries):
            self._garbled += 1
            # joined text may end with a remark: it may be cut short, not misspelt
            if self._garbled < MOST_GARBLED and (
                name := self._near(core(said), table, broken_off=order > 0)
            ):
                return Match(name, exact=False)
        return None

    def _exact(self, text: str, table: PrintedTable | None, path: Sequence[str]) -> RowName | None:
        name = ROWS.get(core(text))
        if name is None or table not in {None, name.table}:
            return None
        part = LAST_PARTS.get(name.line)
        return name if part is None or self._is_last(part, text, path) else None

    def _is_last(self, part: LastPart, text: str, path: Sequence[str]) -> bool:
        """Whether 「其他」 is surely the third row of 「（六）其他处理」."""
        return (
            numbering(text) == str(len(part.before) + 1)
            or self.last in part.before
            or any(core(other) == part.head for other in path[:-1])
        )

    def _near(self, said: str, table: PrintedTable | None, *, broken_off: bool) -> RowName | None:
        if table in {None, PrintedTable.THREE}:
            words = map(core, OFFICIAL_THREE.values())
            near = nearest(said, words, broken_off=broken_off)
            if near and self._is_expected(ROWS_THREE[near].line, ORDER_THREE):
                return ROWS_THREE[near]
        if table in {None, PrintedTable.TWO}:
            near = nearest(said, _LONG_NAMES_TWO, broken_off=broken_off)
            if near and self._is_expected(ROWS_TWO[near].line, ORDER_TWO):
                line = ROWS_TWO[near].line
                official = _OFFICIAL_TWO.get(line, near)
                return RowName(PrintedTable.TWO, line, official)
        return None

    def _is_expected(self, line: str, order: list[str]) -> bool:
        if line in self.known:
            return False
        return self.last not in order or 0 < order.index(line) - order.index(self.last) <= 4


def goes_on(text: str, official: str, below: Sequence[GridRow]) -> bool:
    """Whether a page break cut a label: the rest of it is in the rows below."""
    said, whole = plain(core(text)), plain(core(official))
    if not said or said == whole or not whole.startswith(said):
        return False
    rest = whole[len(said) :]
    for row in below[:6]:
        if any(rest == plain(box.text) for box in row.cells):
            return True
        more = plain("".join(box.text for box in row.own))
        if not rest.startswith(more):
            return False
        rest = rest[len(more) :]
        if not rest:
            return True
    return False
