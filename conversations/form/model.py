"""
The parts of a statutory form: sections, tables, lines of figures, narratives.

A form is plain data. Prompts, checks, the document and the JSON are derived from it, so that a new
edition of the form is data alone; docs/architecture.md, «Where to add», lists the places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from functools import cached_property

ItemId = str
CellId = str
RowId = str
ColumnId = str

_IN_BRACES = re.compile(r"\{([^}]*)\}")


class FormError(ValueError):
    """The form contradicts itself: a mistake in its data, never in an answer."""


class Measure(Enum):
    """
    What a figure counts, and so which values are possible.

    COUNT is 件, a whole number from 0. FEE is 万元, a decimal with up to six places. SIGNED is a
    change of a count and AS_PRINTED an amount with its unit; both are only in the 2019 edition, and
    are read, never asked.
    """

    COUNT = "件"
    FEE = "万元"
    SIGNED = "件（增减）"
    AS_PRINTED = "按原文"


@dataclass(frozen=True, slots=True)
class Column:
    """
    One printed column of figures.

    `id` is the last part of the ids of its cells; `short` is for a phone.
    """

    id: ColumnId
    label: str
    short: str = ""

    @property
    def name(self) -> str:
        """The short label if there is one, else the official wording."""
        return self.short or self.label


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One printed figure.

    `number` is permanent and never reused: button ids and stored rows use it. `unit` is its measure
    word if it differs from that of its measure.
    """

    id: CellId
    number: int
    line: ItemId
    column: Column
    measure: Measure
    unit: str = ""

    @property
    def counted_in(self) -> str:
        """件, 万元, or its own measure word."""
        return self.unit or self.measure.value


class LineKind(Enum):
    """
    How the figures of a line are obtained.

    ASKED lines are typed by the clerk, SUM lines are computed from other lines, BALANCE lines are
    computed from the balance (勾稽关系) and always confirmed.
    """

    ASKED = "asked"
    SUM = "sum"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Line:
    """
    The figures that are asked in one question and read back in one sentence.

    A printed row of tables two and three, a printed block of table four. `cells`
    are the figures in printed order without `total`, the line's own sum (总计).
    """

    id: ItemId
    number: int
    label: str
    short: str
    path: tuple[str, ...]
    cells: tuple[Cell, ...]
    total: Cell | None
    kind: LineKind
    counts: str
    source: str

    @property
    def printed(self) -> tuple[Cell, ...]:
        """Every figure of the line in printed order, the total last."""
        return (*self.cells, self.total) if self.total else self.cells


@dataclass(frozen=True, slots=True)
class Box:
    """
    One box of a printed table: a text or a figure, and the columns and rows it spans.

    A merged box is listed once, at its upper left corner.
    """

    text: str = ""
    cell: CellId = ""
    columns: int = 1
    rows: int = 1


Grid = tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row of figures, for the list of tables that programs read."""

    id: RowId
    label: str
    cells: tuple[CellId, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """
    One of the three printed tables.

    `grid` is the whole printed table with its heads; `rows` are its rows of figures; `lines` are
    the questions, in order.
    """

    id: ItemId
    short: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    grid: Grid
    head_rows: int
    width: int

    @property
    def cells(self) -> Iterator[Cell]:
        """Every figure in printed order."""
        for line in self.lines:
            yield from line.printed


@dataclass(frozen=True, slots=True)
class Point:
    """
    A topic that a narrative should cover, and the words that show it.

    Sources: the printed form and 条例 第五十条.
    """

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Narrative:
    """
    One section of running text.

    `none_is_an_answer` is false if 「无」 is not enough (条例 第五十条第四项 wants the year's
    problems and the improvements).
    """

    id: ItemId
    number: int
    title: str
    short: str
    points: tuple[Point, ...]
    none_is_an_answer: bool
    source: str


class SectionKind(Enum):
    """Whether a section is running text or a table of figures."""

    NARRATIVE = "narrative"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Section:
    """
    One numbered section (一 to 六) with its exact printed heading.

    `variants` are other headings in published reports: read, never printed. `number` is the printed
    numeral, `item` the permanent number. A section that is not `printed` is only asked, and in no
    document.
    """

    id: ItemId
    item: int
    number: str
    title: str
    short: str
    body: Narrative | Table
    variants: tuple[str, ...] = ()
    printed: bool = True

    @property
    def kind(self) -> SectionKind:
        """The kind of its body."""
        return SectionKind.TABLE if isinstance(self.body, Table) else SectionKind.NARRATIVE

    @property
    def heading(self) -> str:
        """The heading as printed, «一、总体情况»."""
        return f"{self.number}、{self.title}"


# A sentence in pieces: words, and the cells whose sum stands between them.
Pieces = tuple[str | tuple[CellId, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """
    A sentence in the official wording that states only figures of the report.

    In `sentence` figures stand in braces, «新收{requests.received.total}件»: a cell, or a sum of
    several, with «*» for any part of an id and «+» between them. `sections` are those whose text
    may contain it. A `seldom` one is offered only if one of its figures is not 0.
    """

    sentence: str
    sections: tuple[ItemId, ...]
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """
    A text around a table or at the end: never asked, but kept if a report has it.

    `below` texts stand after the table or, in a section of text, after the signature.
    """

    id: ItemId
    number: int
    section: ItemId
    below: bool


@dataclass(frozen=True)
class Form:
    """
    One edition of the statutory form: what is printed and asked, validated when built.

    `sums` has the addends of each computed cell; `balance` has, for each cell of the balanced line
    (结转下年度), the cells added and the cells subtracted. `wording` has the permanent numbers of
    the organ's own wording (title, introduction, signature), `bridge` the cell of the year before
    that each carried-over cell comes from. `since` is the first year reported on with it; `parted`
    are rows of it that a later edition splits; `facts` are sentences that state its figures,
    `remarks` the places of texts around its tables. Everything is in printed order.

    Raises:
        FormError: An id or number is used twice, a rule names an unknown figure, or a printed table
            has a hole.
    """

    edition: str
    notice: str
    since: int
    sections: tuple[Section, ...]
    sums: Mapping[CellId, tuple[CellId, ...]]
    balance: Mapping[CellId, tuple[tuple[CellId, ...], tuple[CellId, ...]]]
    wording: Mapping[ItemId, int]
    bridge: Mapping[CellId, CellId] = field(default_factory=dict)
    wording_names: Mapping[ItemId, str] = field(default_factory=dict)
    parted: Mapping[ItemId, tuple[ItemId, ...]] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a form that contradicts itself."""
        _validate(self)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables in printed order."""
        return tuple(s.body for s in self.sections if isinstance(s.body, Table))

    @cached_property
    def narratives(self) -> tuple[Narrative, ...]:
        """The sections of running text in printed order."""
        return tuple(s.body for s in self.sections if isinstance(s.body, Narrative))

    @cached_property
    def lines(self) -> Mapping[ItemId, Line]:
        """Every line by its id, in printed order."""
        return {line.id: line for table in self.tables for line in table.lines}

    @cached_property
    def cells(self) -> Mapping[CellId, Cell]:
        """Every figure by its id, in printed order."""
        return {cell.id: cell for table in self.tables for cell in table.cells}

    @cached_property
    def leaves(self) -> Mapping[CellId, tuple[CellId, ...]]:
        """The asked cells under each computed cell."""

        def down(cell: CellId) -> Iterator[CellId]:
            if cell not in self.sums:
                yield cell
            for addend in self.sums.get(cell, ()):
                yield from down(addend)

        return {cell: tuple(down(cell)) for cell in self.sums}

    @cached_property
    def asked(self) -> Mapping[CellId, Cell]:
        """The figures that the clerk types, in printed order."""
        return {
            cell.id: cell
            for line in self.lines.values()
            if line.kind is LineKind.ASKED
            for cell in line.cells
        }

    @cached_property
    def asked_in(self) -> Mapping[ItemId, tuple[CellId, ...]]:
        """The figures that the clerk types, by section, in printed order."""
        return {
            table.id: tuple(cell.id for cell in table.cells if cell.id in self.asked)
            for table in self.tables
        }

    @cached_property
    def spelled(self) -> tuple[tuple[Fact, Pieces], ...]:
        """Each fact with its pieces, without those that need a figure this form lacks."""
        told = ((fact, _pieces(fact.sentence, self.cells)) for fact in self.facts)
        return tuple((fact, pieces) for fact, pieces in told if pieces)

    @cached_property
    def section(self) -> Mapping[ItemId, Section]:
        """Every section by its id."""
        return {section.id: section for section in self.sections}

    def name_of(self, item: ItemId) -> str:
        """The name of a section (its heading), a piece of the organ's wording or a remark."""
        if section := self.section.get(item):
            return section.heading
        if remark := self.remark.get(item):
            section = self.section[remark.section]
            if section.kind is SectionKind.NARRATIVE:
                return "落款后文字"
            return f"第{section.number}节表{'后' if remark.below else '前'}文字"
        return self.wording_names.get(item, item)

    @cached_property
    def remark(self) -> Mapping[ItemId, Remark]:
        """Every remark by its id."""
        return {remark.id: remark for remark in self.remarks}

    @cached_property
    def remark_at(self) -> Mapping[tuple[ItemId, bool], ItemId]:
        """The id of a remark by its section and whether it is below."""
        return {(remark.section, remark.below): remark.id for remark in self.remarks}

    @cached_property
    def section_of(self) -> Mapping[ItemId, Section]:
        """The section of each cell, line or narrative."""
        sections = {section.id: section for section in self.sections}
        for section in self.sections:
            if isinstance(section.body, Table):
                for line in section.body.lines:
                    items = (line.id, *(cell.id for cell in line.printed))
                    sections.update(dict.fromkeys(items, section))
        return sections

    @cached_property
    def number(self) -> Mapping[ItemId, int]:
        """The permanent number of every cell, line, section, remark and piece of wording."""
        return {
            **{cell.id: cell.number for cell in self.cells.values()},
            **{line.id: line.number for line in self.lines.values()},
            **{section.id: section.item for section in self.sections},
            **{remark.id: remark.number for remark in self.remarks},
            **self.wording,
        }

    @cached_property
    def item(self) -> Mapping[int, ItemId]:
        """The id for a permanent number."""
        return {number: item for item, number in self.number.items()}


def _pieces(sentence: str, cells: Mapping[CellId, Cell]) -> Pieces | None:
    """A sentence in pieces; None if the form lacks one of its figures."""
    pieces: list[str | tuple[CellId, ...]] = []
    for place, piece in enumerate(_IN_BRACES.split(sentence)):
        named = piece.split("+") if place % 2 else []
        meant = tuple(cell for name in named for cell in cells if fnmatchcase(cell, name))
        if named and not meant:
            return None
        pieces.append(meant or piece)
    return tuple(pieces)


def _validate(form: Form) -> None:
    numbers: dict[int, ItemId] = {}
    named: list[tuple[ItemId, int]] = [(s.id, s.item) for s in form.sections]
    named += [(c.id, c.number) for t in form.tables for c in t.cells]
    named += [(line.id, line.number) for t in form.tables for line in t.lines]
    named += [(remark.id, remark.number) for remark in form.remarks]
    named += list(form.wording.items())
    for item, number in named:
        if numbers.setdefault(number, item) != item:
            raise FormError(f"number {number} stands for {numbers[number]} and {item}")
    ids = [c.id for t in form.tables for c in t.cells]
    if len(ids) != len(set(ids)):
        raise FormError("a figure stands twice")
    known = set(ids)
    for target, addends in form.sums.items():
        if not {target, *addends} <= known:
            raise FormError(f"the sum {target} names a figure that is not there")
    for target, (plus, minus) in form.balance.items():
        if not {target, *plus, *minus} <= known:
            raise FormError(f"the balance {target} names a figure that is not there")
    for this, last in form.bridge.items():
        if not {this, last} <= known:
            raise FormError(f"the bridge {this} names a figure that is not there")
    if not {section for fact in form.facts for section in fact.sections} <= form.section.keys():
        raise FormError("a sentence is for a section that is not there")
    for table in form.tables:
        _validate_grid(table)
        if tuple(c for row in table.rows for c in row.cells) != tuple(c.id for c in table.cells):
            raise FormError(f"{table.id}: rows and lines list different figures")


def _validate_grid(table: Table) -> None:
    """Check that every place of the printed table is covered once and every figure printed once."""
    taken: set[tuple[int, int]] = set()
    printed: list[CellId] = []
    for r, row in enumerate(table.grid):
        c = 0
        for box in row:
            while (r, c) in taken:
                c += 1
            for place in ((r + i, c + j) for i in range(box.rows) for j in range(box.columns)):
                if place in taken:
                    raise FormError(f"{table.id}: two boxes at {place}")
                taken.add(place)
            c += box.columns
            if box.cell:
                printed.append(box.cell)
    whole = {(r, c) for r in range(len(table.grid)) for c in range(table.width)}
    if taken != whole:
        raise FormError(f"{table.id}: the printed table has a hole or juts out")
    if printed != [cell.id for cell in table.cells]:
        raise FormError(f"{table.id}: printed figures are not those of its lines")
