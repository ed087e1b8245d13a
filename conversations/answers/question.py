"""A question about figures, and the reading of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from conversations.answers.around import Around
from conversations.answers.figure import (
    COUNT_WORD,
    COUNT_WORDS,
    Conversion,
    Reason,
    Refusal,
    figure_of,
    is_blank,
    shown,
)
from conversations.answers.names import TableNames, cell_names
from conversations.answers.numerals import read_chinese
from conversations.answers.vocabulary import PARTS_OF_IT, REST, TOTAL
from conversations.form.answers import Number
from conversations.form.model import Cell, CellId, Form, Line, Measure, Table

MOST_PLACES = 40

PARTS = re.compile(r"[ \t\n、;:|]+")

_UNIT_APART = re.compile(
    rf"(?<=[0-9]) {{1,5}}(?=(?:万元|亿元|[万亿元]|{COUNT_WORDS})(?:[ \t\n,、;]|$))"
)

_BEFORE_COMMA = re.compile(r"(?<=[^ ]) {1,3}(?=,)")

# How a row may be written other than with blanks between figures.
_NUMERAL = "[0-9零〇一二两三四五六七八九十百千]"
_LISTED = re.compile(r"^[ \n]*[\[{(【]([^\[\]{}()【】]*[ \n,、;:|/][^\[\]{}()【】]*)[\]})】]")
_UNIT_IN_BRACKETS = re.compile(rf"(?<=[0-9]) ?\(({COUNT_WORDS}|万?元)\)")
_STROKE = re.compile(rf"(?<=[0-9])/(?=[0-9])|(?<={_NUMERAL}{COUNT_WORD})/(?={_NUMERAL})|[|]")
_COUNTED = rf"[0-9]+{COUNT_WORD}?"
# 3 / 1 / 0; four or more figures with dots between them are no decimals and no date: 3.1.0.0.
_ONE_MARK = re.compile(
    rf" *{_COUNTED}(?:(?: ?/ ?{_COUNTED})+"
    rf"|(?P<mark>[.。]){_COUNTED}(?:(?P=mark){_COUNTED}){{2,}}) *"
)
_MARK = re.compile(" ?[/.。] ?")
_DATE = re.compile(r"(?:19|20)[0-9]{2}/[0-9]{1,2}/[0-9]{1,2}")
_TOUCHING = re.compile(rf"(?<={_NUMERAL}{COUNT_WORD})(?={_NUMERAL})")
_SO_MANY_ZEROS = re.compile(
    rf"(?<!{_NUMERAL})([0-9]{{1,2}}|[一二两三四五六七八九十]{{1,2}})个[0零〇](?![0-9.,]|{COUNT_WORD})"
)
_THOUSANDS = re.compile(r"[0-9],[0-9]{3}(?![0-9])")
_FIGURES = re.compile(rf"{_NUMERAL}+")
_TOTALS = re.compile(rf"(?:{'|'.join(TOTAL)})[ :]*(?={_NUMERAL})")
_TOTAL_BEFORE = re.compile(rf"(?:{'|'.join(TOTAL)})[^,]*")


def spelled_out(text: str, several: bool) -> str:
    """
    A typed row with its figures separated: [3,1], 3/1, 3件1件, 3 4个0.

    If one figure is asked, a stroke or a bracket does not make a list.
    """
    text = _UNIT_IN_BRACKETS.sub(r"\1", text)
    if several:
        text = _LISTED.sub(r" \1 ", text).replace('"', "").replace("'", "")
        text = _SO_MANY_ZEROS.sub(_zeros, text)
        if not _DATE.search(text):
            text = (_MARK if _ONE_MARK.fullmatch(text) else _STROKE).sub(" ", text)
    return _TOUCHING.sub(" ", text)


def _zeros(many: re.Match[str]) -> str:
    count = int(many[1]) if many[1].isdecimal() else read_chinese(many[1]) or 0
    return " " + " ".join("0" * int(count)) + " " if 1 < count <= MOST_PLACES else many[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """
    The figures that were read (件 as int, 万元 as Decimal), by cell.

    `blanks` are empty places of a tabbed answer, to be asked once; `totals` are typed totals (total
    cell → figure), to be compared, never stored; `conversions` are to be confirmed before anything
    is stored.
    """

    values: Mapping[CellId, Number]
    blanks: tuple[CellId, ...] = ()
    totals: Mapping[CellId, Number] | None = None
    conversions: tuple[Conversion, ...] = ()


@dataclass(slots=True)
class Collected:
    """The figures collected so far; they become a `Reading` if everything was understood."""

    computed: AbstractSet[CellId]
    values: dict[CellId, Number] = field(default_factory=dict)
    blanks: list[CellId] = field(default_factory=list)
    totals: dict[CellId, Number] = field(default_factory=dict)
    conversions: list[Conversion] = field(default_factory=list)

    def put(self, cell: Cell, place: str) -> Refusal | None:
        """Take the text of one place; a figure for a computed cell is a claimed total."""
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
        """Take places in order; the first refusal ends it, also a total in another cell's place."""
        for cell, place in zip(cells, places, strict=True):
            refused = self.put(cell, place)
            if _TOTAL_BEFORE.fullmatch(place) and cell.id not in self.computed:
                refused = Refusal(Reason.AMBIGUOUS, shown(place))
            if refused:
                return refused
        return None

    def reading(self) -> Reading:
        return Reading(
            self.values, tuple(self.blanks), self.totals or None, tuple(self.conversions)
        )


class Question:
    """One answer with the cells it is for."""

    def __init__(
        self, text: str, asked: tuple[Cell, ...], form: Form, following: tuple[Line, ...]
    ) -> None:
        self.text = text if "\t" in text else spelled_out(text, len(asked) > 1)
        self.asked = asked
        self.form = form
        self.lines = tuple(form.lines[line] for line in dict.fromkeys(c.line for c in asked))
        table = form.section_of[asked[0].line]
        same = tuple(line for line in following if form.section_of[line.id] is table)
        self.following = same or self.lines
        line = self.lines[0] if len(self.lines) == 1 else None
        whole = line is not None and asked == line.cells
        self.total = line.total if line and whole else None
        # A total that is itself asked is an answer like any other.
        self.computed = form.sums.keys() - {cell.id for cell in asked}
        if line and len(asked) > 1 and "\t" not in text:
            self.text = self._unlabelled(self.text)

    def _unlabelled(self, text: str) -> str:
        """The text without the row's own name before it: 本年新收：3 1 0 0 0 0."""
        row = self.around.behind_name(text)
        names = {*self.cell_names, *REST, PARTS_OF_IT}
        if row == text or any(name in row for name in names) or _THOUSANDS.search(row):
            return text
        return row if self.fits(len(_FIGURES.findall(row)) - len(_TOTALS.findall(row))) else text

    @cached_property
    def table(self) -> Table:
        body = self.form.section_of[self.asked[0].line].body
        assert isinstance(body, Table), "figures stand in tables"
        return body

    @cached_property
    def names(self) -> TableNames:
        """The names of the table's lines and columns."""
        return TableNames(self.form, self.table)

    @cached_property
    def cell_names(self) -> dict[str, Cell | None]:
        """The names of the cells of its lines; None for a name that two cells share."""
        return cell_names(self.lines)

    @property
    def measure(self) -> Measure:
        """The measure of the first cell."""
        return self.asked[0].measure

    @cached_property
    def around(self) -> Around:
        """The words that may stand beside its figures."""
        return Around(self.lines, self.asked[0] if len(self.asked) == 1 else None)

    def joined(self) -> str:
        """The text with units joined to their numbers."""
        return _BEFORE_COMMA.sub("", _UNIT_APART.sub("", self.text))

    def tokens(self) -> list[str]:
        """The parts between blanks, tabs and new lines, units joined to their numbers."""
        tokens = [token.rstrip(",、;") for token in self.joined().split()]
        return [token for token in tokens if token]

    def fits(self, count: int) -> bool:
        """Whether so many figures were asked, or one more for the total."""
        return count == len(self.asked) or (self.total is not None and count == len(self.asked) + 1)

    def fill(self, places: Sequence[str]) -> Reading | Refusal:
        """Take figures in order; one more than asked is the total."""
        collected = Collected(self.computed)
        cells = self.asked
        if len(places) > len(cells):
            assert self.total, "only a line with a total has one place more"
            cells = (*cells, self.total)
        return collected.put_all(cells, places) or collected.reading()

    def count_refused(self, count: int) -> Refusal:
        reason = Reason.TOO_FEW if count < len(self.asked) else Reason.TOO_MANY
        return Refusal(reason, "", len(self.asked), count, self.measure)
