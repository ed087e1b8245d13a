"""A question about figures and what is read of the answer to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from conversations.answers.figure import (
    Conversion,
    Reason,
    Refusal,
    figure_of,
    is_blank,
    shown,
)
from conversations.answers.names import TableNames, cell_names
from conversations.form.answers import Number
from conversations.form.model import Cell, CellId, Form, Line, Measure, Table

MOST_PLACES = 40

PARTS = re.compile(r"[ \t\n、;:|]+")

_UNIT_APART = re.compile(
    r"(?<=[0-9]) {1,5}(?=(?:万元|亿元|[万亿元件条宗个份起次项例笔])(?:[ \t\n,、;]|$))"
)

_BEFORE_COMMA = re.compile(r"(?<=[^ ]) {1,3}(?=,)")


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What was read: figures (件 as int, 万元 as Decimal) by cell.

    `blanks` are empty places of a tabbed answer, to be asked about once; `totals`
    are totals typed along (total cell → figure), to be compared, never stored as
    figures; `conversions` are to be confirmed before anything is stored.
    """

    values: Mapping[CellId, Number]
    blanks: tuple[CellId, ...] = ()
    totals: Mapping[CellId, Number] | None = None
    conversions: tuple[Conversion, ...] = ()


@dataclass(slots=True)
class Collected:
    """What is being read; it becomes a `Reading` when all of it was understood."""

    computed: AbstractSet[CellId]
    values: dict[CellId, Number] = field(default_factory=dict)
    blanks: list[CellId] = field(default_factory=list)
    totals: dict[CellId, Number] = field(default_factory=dict)
    conversions: list[Conversion] = field(default_factory=list)

    def put(self, cell: Cell, place: str) -> Refusal | None:
        """Take the text of one place; what a computed cell says is a claimed total."""
        computed = cell.id in self.computed
        if is_blank(place.strip()):
            if not computed:
                self.blanks.append(cell.id)
            return None
        read = figure_of(place, cell.measure)
        if isinstance(read, Refusal):
            return read
        if computed:
            self.totals[cell.id] = read.value
            return None
        self.values[cell.id] = read.value
        if read.converted:
            self.conversions.append(Conversion(cell.id, shown(place), read.value))
        return None

    def put_all(self, cells: Iterable[Cell], places: Iterable[str]) -> Refusal | None:
        """Take places in order; the first refusal ends it."""
        for cell, place in zip(cells, places, strict=True):
            refused = self.put(cell, place)
            if refused:
                return refused
        return None

    def reading(self) -> Reading:
        return Reading(
            self.values, tuple(self.blanks), self.totals or None, tuple(self.conversions)
        )


class Question:
    """One answer against the cells asked."""

    def __init__(
        self, text: str, asked: tuple[Cell, ...], form: Form, following: tuple[Line, ...]
    ) -> None:
        self.text = text
        self.asked = asked
        self.form = form
        self.lines = tuple(form.lines[line] for line in dict.fromkeys(c.line for c in asked))
        table = form.section_of[asked[0].line]
        same = tuple(line for line in following if form.section_of[line.id] is table)
        self.following = same or self.lines
        line = self.lines[0] if len(self.lines) == 1 else None
        whole = line is not None and asked == line.cells
        self.total = line.total if line and whole else None
        # A total that is asked itself is an answer like any other.
        self.computed = form.sums.keys() - {cell.id for cell in asked}

    @cached_property
    def table(self) -> Table:
        body = self.form.section_of[self.asked[0].line].body
        assert isinstance(body, Table), "figures stand in tables"
        return body

    @cached_property
    def names(self) -> TableNames:
        """What the lines and columns of its table are called."""
        return TableNames(self.form, self.table)

    @cached_property
    def cell_names(self) -> dict[str, Cell | None]:
        """What the cells of its lines may be called; None where two are called so."""
        return cell_names(self.lines)

    @property
    def measure(self) -> Measure:
        """What the first cell counts."""
        return self.asked[0].measure

    def joined(self) -> str:
        """The text with units put back to their numbers."""
        return _BEFORE_COMMA.sub("", _UNIT_APART.sub("", self.text))

    def tokens(self) -> list[str]:
        """What blanks, tabs and new lines part, a unit put back to its number."""
        tokens = [token.rstrip(",、;") for token in self.joined().split()]
        return [token for token in tokens if token]

    def fits(self, count: int) -> bool:
        """Whether so many figures are what was asked, or one more: the total."""
        return count == len(self.asked) or (self.total is not None and count == len(self.asked) + 1)

    def fill(self, places: Sequence[str]) -> Reading | Refusal:
        """As many figures as fit, in order."""
        collected = Collected(self.computed)
        cells = self.asked
        if len(places) > len(cells):
            assert self.total, "only a line with a total has one place more"
            cells = (*cells, self.total)
        return collected.put_all(cells, places) or collected.reading()

    def count_refused(self, count: int) -> Refusal:
        reason = Reason.TOO_FEW if count < len(self.asked) else Reason.TOO_MANY
        return Refusal(reason, "", len(self.asked), count, self.measure)
