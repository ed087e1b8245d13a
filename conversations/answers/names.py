"""The names of a table's lines and columns, as people type or paste them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from conversations.answers.figure import (
    ARABIC,
    PLAIN,
    Reason,
    Refusal,
    cleaned,
    figure_of,
    is_blank,
)
from conversations.answers.vocabulary import (
    CALLED,
    NUMERALS,
    WORD,
)
from conversations.form.model import Cell, CellId, Form, Line, Measure, Table

LONGEST_LABEL = 120

_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")

_ENUMERATOR = re.compile(r"^[ ]*(?:[(][一二三四五六七八九十]+[)]|[0-9一二三四五六七八九十]+[.、.])")


def name_of(text: str) -> str:
    """A label without blanks and punctuation."""
    return _NOT_IN_NAMES.sub("", text.translate(PLAIN))


@lru_cache(maxsize=1024)
def printed_name(label: str, *, numbered: bool = True) -> str:
    """The same for a label of the form, with or without its 1. or （一）."""
    return name_of(label if numbered else _ENUMERATOR.sub("", cleaned(label)))


@lru_cache(maxsize=1024)
def called(label: str, short: str) -> tuple[str, ...]:
    plain = cleaned(label)
    names = (plain, _ENUMERATOR.sub("", plain), plain.partition("(")[0], cleaned(short))
    return tuple(dict.fromkeys(name for name in names if len(name) > 1))


class TableNames:
    """The names of one table's lines and columns, and their printed places."""

    def __init__(self, form: Form, table: Table) -> None:
        self.form = form
        self.table = table

    @cached_property
    def columns(self) -> dict[CellId, int]:
        """The column in which the table is printed with each figure, from the left."""
        taken: set[tuple[int, int]] = set()
        columns: dict[CellId, int] = {}
        for r, row in enumerate(self.table.grid):
            c = 0
            for box in row:
                while (r, c) in taken:
                    c += 1
                taken.update((r + i, c + j) for i in range(box.rows) for j in range(box.columns))
                if box.cell:
                    columns[box.cell] = c
                c += box.columns
        return columns

    @cached_property
    def line_names(self) -> dict[str, Line | None]:
        """The names of the lines; None for a name that two lines share."""
        names: dict[str, Line | None] = {}
        for line in self.table.lines:
            for name in {
                printed_name(line.label),
                printed_name(line.label, numbered=False),
                printed_name(line.short),
                printed_name("".join(line.path)),
            }:
                names[name] = line if names.get(name, line) is line else None
        return names

    @cached_property
    def known(self) -> frozenset[str]:
        """All texts of the printed table and its heading."""
        section = self.form.section_of[self.table.id]
        texts = {printed_name(box.text) for row in self.table.grid for box in row if box.text}
        texts |= {printed_name(row.label) for row in self.table.rows}
        texts |= {
            printed_name(self.table.short),
            printed_name(section.heading),
            printed_name(section.title),
        }
        texts |= {printed_name(variant) for variant in section.variants}
        texts |= {printed_name(section.number + variant) for variant in section.variants}
        return frozenset(texts | self.line_names.keys())

    @cached_property
    def head_names(self) -> dict[str, int]:
        """The heads of the columns of figures, in printed order."""
        names = dict.fromkeys(
            printed_name(cell.column.label) for line in self.table.lines for cell in line.printed
        )
        return {name: index for index, name in enumerate(names)}

    def is_label(self, place: str) -> bool:
        """Whether a place holds a name and no figure."""
        if is_blank(place) or len(place) > LONGEST_LABEL or ARABIC.fullmatch(place):
            return False
        if name_of(place) in self.known:
            return True
        words = WORD.findall(place)
        if not any(set(word) - set(NUMERALS) for word in words):
            return False
        read = figure_of(place, Measure.FEE)
        return isinstance(read, Refusal) and read.reason is Reason.NOT_A_NUMBER

    def line_of(self, labels: Sequence[str]) -> Line | None:
        """The line that the labels of a row name; None if none or several fit."""
        if not labels:
            return None
        last, joined = name_of(labels[-1]), name_of("".join(labels))
        for name in (last, joined):
            if self.line_names.get(name):
                return self.line_names[name]
        if last in self.known:
            return None
        for name in (joined, last):
            if len(name) < 4:
                continue
            alike = {
                line.id: line
                for known, line in self.line_names.items()
                if line and len(known) >= 4 and (name in known or known in name)
            }
            if len(alike) == 1:
                return next(iter(alike.values()))
        return None


def cell_names(lines: Sequence[Line]) -> dict[str, Cell | None]:
    """The names of the cells; None for a name that two cells share."""
    owners: dict[str, Cell | None] = {}

    def call(cell: Cell, names: Iterable[str]) -> None:
        for name in names:
            if len(name) > 1:
                owners[name] = cell if owners.get(name, cell) is cell else None

    cells = [cell for line in lines for cell in line.cells]
    for line in lines:
        names = called(line.label, line.short)
        for cell in line.cells:
            column = called(cell.column.label, cell.column.name)
            if len(line.cells) == 1:
                call(cell, names)
            elif len(lines) > 1:
                call(cell, (a + b for a in names for b in column))
            call(cell, column)
    beginnings: dict[str, set[CellId]] = {}
    by_id = {cell.id: cell for cell in cells}
    for cell in cells:
        for name in called(cell.column.label, cell.column.name):
            for end in range(2, min(len(name), 7)):
                beginnings.setdefault(name[:end], set()).add(cell.id)
        for name in CALLED.get(cell.column.id, ()):
            beginnings.setdefault(name, set()).add(cell.id)
    for name, cells_begun in beginnings.items():
        if name not in owners:
            owners[name] = by_id[next(iter(cells_begun))] if len(cells_begun) == 1 else None
    return owners
