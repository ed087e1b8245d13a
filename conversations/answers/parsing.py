"""
What a clerk types → values, or a refusal that says what was not understood.

A row, a row with the names of its columns, a block pasted from a spreadsheet; one
figure is read by `figure.py`, years and yes or no by `short_answers.py`, and this
module hands all of them on. Nothing is guessed silently: a unit conversion is
reported to be confirmed, an empty place of a pasted row to be asked about, a total to
be compared, a bare 0 for a whole row to be echoed. What has two readings is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from conversations.answers.figure import (
    ARABIC,
    ENDS,
    LONGEST_ANSWER,
    LONGEST_FIGURE,
    PLAIN,
    Conversion,
    Figure,
    Reason,
    Refusal,
    cleaned,
    figure_of,
    format_number,
    is_blank,
    read_figure,
    shown,
    zero,
)
from conversations.answers.numerals import read_chinese
from conversations.answers.short import is_no, is_none, is_yes, read_date, read_year
from conversations.form.answers import Number
from conversations.form.model import Cell, CellId, Form, Line, Measure, Table

__all__ = [
    "Conversion",
    "Reading",
    "Reason",
    "Refusal",
    "format_number",
    "is_no",
    "is_none",
    "is_yes",
    "read_answer",
    "read_date",
    "read_figure",
    "read_year",
]

# A row with names has some 200 characters, a whole table 28 rows of 10 places.
LONGEST_SENTENCE = 600
LONGEST_LABEL = 120
LONGEST_PLAIN = 100
MOST_ROWS = 80
MOST_PLACES = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What was read: figures (件 as int, 万元 as Decimal) by cell.

    `blanks` are empty places of a tabbed answer, to be asked about once; `totals`
    are totals typed along (total cell → figure), to be compared, never stored as
    figures; `conversions` are to be confirmed before anything is stored. `all_zero`
    says that one word or one 0 stood for everything asked: to be echoed.
    """

    values: Mapping[CellId, Number]
    blanks: tuple[CellId, ...] = ()
    totals: Mapping[CellId, Number] | None = None
    conversions: tuple[Conversion, ...] = ()
    all_zero: bool = False


def read_answer(
    text: str, asked: Sequence[Cell], form: Form, following: Sequence[Line] = ()
) -> Reading | Refusal:
    """
    An answer to the cells asked, in order.

    `asked` are the cells the question is about: one cell, or the open or all cells of
    a line. `following` are the lines a pasted block may go on to fill, the asked one
    first; a block with labels may fill any line of the same table. A keyed answer
    (自然人3) may name only some of the cells: the others are not in the reading.

    The tabs of `text` count: it must not be stripped beforehand.
    """
    if not asked or len(text) > LONGEST_ANSWER:
        return Refusal(Reason.NOT_A_NUMBER, shown(text), len(asked))
    return (
        _plain(text, asked) or _Answer(cleaned(text), tuple(asked), form, tuple(following)).read()
    )


_PLAIN = re.compile(r"[0-9]{1,9}(?: [0-9]{1,9})*")


def _plain(text: str, asked: Sequence[Cell]) -> Reading | None:
    """What most answers are, read at once: as many plain numbers (件) as were asked for."""
    if len(text) > LONGEST_PLAIN or not _PLAIN.fullmatch(text):
        return None
    places = text.split(" ")
    if len(places) != len(asked) or any(cell.measure is not Measure.COUNT for cell in asked):
        return None
    return Reading({cell.id: int(place) for cell, place in zip(asked, places, strict=True)})


# --------------------------------------------------------------------- a line

_ALL_ZERO = re.compile(
    r"(?:这一?行|本行|整行|这一?块|这张?表)?(?:全部|全都|统统|一律|通通|所有|[全都均皆]){1,4}"
    r"[都均]?[是为填写]?(?:0|零|〇|无|没有)件?"
)
_SO_MANY_ZEROS = re.compile(r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})个[0零]")
_UNIT_APART = re.compile(
    r"(?<=[0-9]) {1,5}(?=(?:万元|亿元|[万亿元件条宗个份起次项例笔])(?:[ \t\n,、;]|$))"
)
_BEFORE_COMMA = re.compile(r"(?<=[^ ]) {1,3}(?=,)")
_PARTS = re.compile(r"[ \t\n、;:|]+")
_GROUP_START = re.compile(r"[^0-9,]*[1-9][0-9]{0,2}")
_GROUP_NEXT = re.compile(r"[0-9]{3}")
_GROUP_LAST = re.compile(r"[0-9]{3}(?:\.[0-9]*)?[^0-9,.]*")
_REST = ("其余", "剩余", "剩下", "余下", "别的", "另外的", "后面")
_OTHER = "其他"
_TOTAL = ("总计", "合计", "共计", "总共", "一共", "小计", "总数", "共")
_JOINS = " \t\n,、;。和及与跟外"
_LEADS = re.compile(
    r"(?:[ \t\n:=,、;。→]|各列|各栏|几列|几栏|申请|数量|件数"
    r"|一律|全部|[的列栏都均全各皆是为有填写])+"
)
_PLURAL = re.compile(r"一律|全部|[都均全皆]")
_EACH = re.compile(r"一律|全部|[都均全皆各]")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}")
_NUMERALS = "零〇一二三四五六七八九十百千万亿两点壹贰叁肆伍陆柒捌玖拾佰仟元件条宗个份起次项例笔"
_FILLER = re.compile(r"^(?:只有|仅有|除了|本行|这行|[仅除])[ ]*")
_LABEL_AND_FIGURES = re.compile(r"([^:]{2,60}):[ ]*(([^ ]+).*)")
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")
_ENUMERATOR = re.compile(r"^[ ]*(?:[(][一二三四五六七八九十]+[)]|[0-9一二三四五六七八九十]+[.、.])")

# What people call a column, beside its label, its short label and their beginnings.
_CALLED = {
    "natural_person": ("个人", "公民"),
    "commercial_enterprise": ("企业",),
    "research_institution": ("科研",),
    "public_welfare_organization": ("公益",),
    "legal_service_institution": ("法律",),
    "in_force": ("有效",),
    "pending": ("未结",),
}


@dataclass(slots=True)
class _Found:
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
        for cell, place in zip(cells, places, strict=True):
            refused = self.put(cell, place)
            if refused:
                return refused
        return None

    def reading(self) -> Reading:
        return Reading(
            self.values, tuple(self.blanks), self.totals or None, tuple(self.conversions)
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """
    One row of a block: its labels, its places, and how many places it had in all.

    `spaced` are the places when every single blank parts two of them: some
    messengers turn tabs into blanks. `unclear` is a row with commas that may be
    separators or stand within thousands.
    """

    labels: tuple[str, ...]
    places: tuple[str, ...]
    width: int
    tabbed: bool
    spaced: tuple[str, ...] = ()
    unclear: bool = False


class _Answer:
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
        self._computed = form.sums.keys() - {cell.id for cell in asked}

    def read(self) -> Reading | Refusal:
        if not self.text.strip(" \t\n"):
            return Refusal(Reason.EMPTY, "", len(self.asked), unit=self.asked[0].measure)
        first: Refusal | None = None
        for attempt in self._attempts():
            result = attempt()
            if isinstance(result, Reading):
                return result
            if result and (
                (attempt == self._keyed and "\t" not in self.text)
                or result.reason in (Reason.UNKNOWN_LINE, Reason.LINE_TWICE)
            ):
                first = result  # it names what is wrong better than an earlier one
            first = first or result
        return first or self._refusal()

    def _attempts(self) -> tuple[Callable[[], Reading | Refusal | None], ...]:
        """In this order; the first refusal stands when none of them reads it."""
        if "\t" in self.text or "\n" in self.text.strip():
            return (
                self._single,
                self._all_zero,
                self._exact,
                self._block,
                self._keyed,
                self._listed,
            )
        return self._single, self._all_zero, self._exact, self._block, self._listed, self._keyed

    # ------------------------------------------------------- the whole answer

    def _single(self) -> Reading | None:
        if len(self.asked) != 1:
            return None
        found = _Found(self._computed)
        text = self.text.strip(" \t\n")
        if is_blank(text) or found.put(self.asked[0], text):
            return None
        return found.reading()

    def _all_zero(self) -> Reading | Refusal | None:
        """全是0, 六个0, 无, or a single 0 for everything asked."""
        if len(self.text) > 2 * LONGEST_FIGURE or "\t" in self.text:
            return None
        tokens = self._tokens()
        text = "".join(tokens).strip(ENDS)
        many = _SO_MANY_ZEROS.fullmatch(text)
        if many:
            count = int(many[1]) if many[1].isdecimal() else read_chinese(many[1])
            if count != len(self.asked):
                return self._count_refused(int(count or 0))
        elif not _ALL_ZERO.fullmatch(text):
            read = figure_of(text, Measure.COUNT)
            if len(tokens) != 1 or isinstance(read, Refusal) or read.value != 0:
                return None
        zeros = {cell.id: zero(cell.measure) for cell in self.asked}
        return Reading(zeros, all_zero=len(self.asked) > 1)

    def _tokens(self) -> list[str]:
        """What blanks, tabs and new lines part, a unit put back to its number."""
        tokens = [token.rstrip(",、;") for token in self._joined().split()]
        return [token for token in tokens if token]

    def _joined(self) -> str:
        return _BEFORE_COMMA.sub("", _UNIT_APART.sub("", self.text))

    def _exact(self) -> Reading | Refusal | None:
        """
        As many figures as asked, in order, or one more: the total.

        This is what a program relies on. With empty places in it, tabs decide.
        """
        if any(
            "\t\t" in row or row.startswith("\t") for row in self.text.rstrip("\t\n ").split("\n")
        ):
            return None
        tokens = self._tokens()
        return self._fill(tokens) if self._fits(len(tokens)) else None

    def _fits(self, count: int) -> bool:
        return count == len(self.asked) or (self.total is not None and count == len(self.asked) + 1)

    def _fill(self, places: Sequence[str]) -> Reading | Refusal:
        found = _Found(self._computed)
        cells = self.asked
        if len(places) > len(cells):
            assert self.total, "only a line with a total has one place more"
            cells = (*cells, self.total)
        return found.put_all(cells, places) or found.reading()

    # -------------------------------------------------- figures and separators

    def _listed(self) -> Reading | Refusal | None:
        """Figures parted by commas, 、 and the like, in one row."""
        wanted = {len(self.asked)} | ({len(self.asked) + 1} if self.total else set())
        chunks = [chunk for chunk in _PARTS.split(self._joined()) if chunk.strip(",")]
        if self._fits(len(chunks)):
            read = self._fill(chunks)
            if isinstance(read, Reading):
                return read
        places = _divided(chunks, wanted)
        return self._fill(places) if isinstance(places, tuple) else places

    # ------------------------------------------------------------------ a block

    def _block(self) -> Reading | Refusal | None:
        """Rows pasted from a spreadsheet or a document, with or without labels."""
        rows = self._rows()
        if isinstance(rows, Refusal):
            return rows
        data: list[tuple[_Row, Line | None]] = []
        heads: set[int] = set()
        for row in rows:
            if isinstance(row, Refusal):
                return row
            line = self._line_of(row)
            if self._is_head(row, line):
                if data and not self._is_known(row):
                    return Refusal(Reason.NOT_A_NUMBER, shown(row.labels[-1]))
                if not self._head_columns(row, heads):
                    return Refusal(Reason.AMBIGUOUS, shown(row.labels[0]))
                continue
            if row.labels and not line and not self._is_whole_row(row):
                if len(rows) == 1 and not row.tabbed:
                    return None
                return Refusal(Reason.UNKNOWN_LINE, shown(row.labels[-1]))
            if row.unclear:
                alone = len(rows) == 1 and not row.labels
                return None if alone else Refusal(Reason.AMBIGUOUS, shown(" ".join(row.places)))
            data.append((row, line))
        if not data:
            return None
        if len(data) == 1 and data[0][1] in (None, *self.lines[:1]):
            only = self._one_row(data[0][0], labelled=data[0][1] is not None)
            if isinstance(only, Reading) or (only and not data[0][1]):
                return only
        if len(data) == 1 and data[0][1] is None and not data[0][0].tabbed:
            return self._whole_row(data[0][0])
        if self._has_lost_row(data):
            return Refusal(Reason.AMBIGUOUS, shown(self.text))
        return self._rows_read(data, heads)

    def _has_lost_row(self, data: Sequence[tuple[_Row, Line | None]]) -> bool:
        """
        Whether an empty line between rows without labels may be a row of blanks.

        A column copied from a spreadsheet has an empty line for an empty cell; where
        tabs were turned into blanks, a line of blanks was a row.
        """
        if any(line for _, line in data) or "\t" in self.text:
            return False
        between = self.text.strip(" \n").split("\n")
        narrow = any(len(row.places) == 1 for row, _ in data)
        return any(not text.strip(" ") and (narrow or text) for text in between)

    def _one_row(self, row: _Row, *, labelled: bool) -> Reading | Refusal | None:
        """A single row for the cells asked; None where it may be more than that."""
        places = list(row.places)
        most = len(self.asked) + bool(self.total)
        while len(places) > most and not places[-1]:
            places.pop()
        if self._fits(len(places)):
            read = self._fill(places)
            return read if row.tabbed or isinstance(read, Reading) else None
        if self.total and len(row.spaced) == most and _adds_up(row.spaced):
            return self._fill(row.spaced)
        if labelled or not row.tabbed or len(self.lines) > 1:
            return None
        whole = self._whole_row(row)
        if whole or row.width == self.table.width:
            return whole
        return self._count_refused(len(places))

    def _count_refused(self, count: int) -> Refusal:
        reason = Reason.TOO_FEW if count < len(self.asked) else Reason.TOO_MANY
        return Refusal(reason, "", len(self.asked), count, self.asked[0].measure)

    def _whole_row(self, row: _Row) -> Reading | Refusal | None:
        """A printed row that holds several lines (table four), with or without totals."""
        cells = self._cells_together(row, self.following)
        if not cells:
            return None
        found = _Found(self._computed)
        return found.put_all(cells[1], row.places[: len(cells[1])]) or found.reading()

    def _cells_together(
        self, row: _Row, lines: Sequence[Line]
    ) -> tuple[int, tuple[Cell, ...]] | None:
        """How many of these lines one printed row holds, and its cells, if they fit."""
        if not lines:
            return None
        printed = next(r.cells for r in self.table.rows if lines[0].cells[0].id in r.cells)
        together = [line for line in lines if line.cells[0].id in printed]
        if len(together) < 2:
            return None
        count = len(row.places)
        while count and not row.places[count - 1]:
            count -= 1
        for cells in (
            tuple(cell for line in together for cell in line.printed),
            tuple(cell for line in together for cell in line.cells),
        ):
            if len(row.places) == len(cells) or count == len(cells) < len(row.places):
                return len(together), cells
        return None

    def _rows_read(
        self, data: Sequence[tuple[_Row, Line | None]], heads: set[int]
    ) -> Reading | Refusal:
        """Several rows, by their labels or else in order from the line asked."""
        found = _Found(self._computed)
        labelled = any(line for _, line in data)
        done: set[str] = set()
        with_total: set[bool] = set()
        position = 0
        for index, (row, named) in enumerate(data):
            if labelled and not named:
                if any(row.places):
                    return Refusal(Reason.UNKNOWN_LINE, shown(" ".join(row.places)))
                continue
            if not named:
                rest = self.following[position:]
                together = self._cells_together(row, rest)
                if together and len(row.places) > len(rest[0].printed):
                    position += together[0]
                    refused = found.put_all(together[1], row.places[: len(together[1])])
                    if refused:
                        return refused
                    continue
                if not rest:
                    return self._wrong_count(data)
            line = named or self.following[position]
            position += 1
            if line.id in done:
                return Refusal(Reason.LINE_TWICE, shown(line.short))
            done.add(line.id)
            places = self._fitted(row, line, last=index == len(data) - 1)
            if isinstance(places, Refusal):
                return next(filter(None, map(_no_figure, row.places)), places)
            if line.total:
                with_total.add(len(places) == len(line.printed))
                if len(with_total) > 1:
                    return Refusal(
                        Reason.TOO_FEW, shown(line.short), len(line.printed), len(line.cells)
                    )
            cells = line.printed if len(places) == len(line.printed) else line.cells
            refused = found.put_all(cells, places)
            if refused:
                return refused
        if with_total and len(heads) > 2 and not self._heads_agree(heads, with_total.pop()):
            return Refusal(Reason.AMBIGUOUS, shown(data[0][0].places[0]))
        return found.reading()

    def _fitted(self, row: _Row, line: Line, *, last: bool) -> tuple[str, ...] | Refusal:
        """The places of a row that are the figures of a line, its total included if there."""
        places = row.places
        most = len(line.printed)
        if len(places) in (len(line.cells), most):
            return places
        if row.tabbed and row.width in (self.table.width, self.table.width - 1):
            exact = self._by_column(row, line)
            if exact:
                return exact
        if len(places) > most:
            spare = len(places) - most
            ways = {
                places[lead : lead + most]
                for lead in range(spare + 1)
                if (row.labels or not lead)
                and not any(places[:lead])
                and not any(places[lead + most :])
            }
            if len(ways) == 1:
                return ways.pop()
            reason = Reason.AMBIGUOUS if ways else Reason.TOO_MANY
            return Refusal(reason, shown(line.short), len(line.cells), len(places))
        if len(row.spaced) == most > len(line.cells) and _adds_up(row.spaced):
            return row.spaced
        if last and row.labels and row.tabbed and any(places):
            return places + ("",) * (len(line.cells) - len(places))
        return Refusal(Reason.TOO_FEW, shown(line.short), len(line.cells), len(places))

    def _by_column(self, row: _Row, line: Line) -> tuple[str, ...] | None:
        """The places that stand where the printed table has the figures of the line."""
        before = row.width - len(row.places)
        whole = ("",) * before + row.places
        cells = line.printed if row.width == self.table.width else line.cells
        columns = [self._columns[cell.id] for cell in cells]
        if columns[0] < before or columns[-1] >= row.width:
            return None
        if any(place for column, place in enumerate(whole) if column not in columns):
            return None
        return tuple(whole[column] for column in columns)

    def _wrong_count(self, data: Sequence[tuple[_Row, Line | None]]) -> Refusal:
        expected = sum(len(line.cells) for line in self.following)
        count = sum(len(row.places) for row, _ in data)
        reason = Reason.TOO_FEW if count < expected else Reason.TOO_MANY
        return Refusal(reason, "", expected, count)

    def _rows(self) -> list[_Row | Refusal] | Refusal:
        rows: list[_Row | Refusal] = []
        texts = [text for text in self._joined().split("\n") if "\t" in text or text.strip(" ")]
        if len(texts) > MOST_ROWS:
            return Refusal(Reason.TOO_MANY, "", len(self.asked), len(texts))
        for text in texts:
            row = self._row(text)
            if isinstance(row, _Row) and row.width > MOST_PLACES:
                return Refusal(Reason.TOO_MANY, "", len(self.asked), row.width)
            rows.append(row)
            if isinstance(row, Refusal):
                break
        return rows

    def _row(self, text: str) -> _Row | Refusal:
        if "\t" in text:
            places = [place.strip(" ") for place in text.split("\t")]
            if len(places) > MOST_PLACES and not any(places[MOST_PLACES:]):
                places = places[:MOST_PLACES]
            start = 0
            for index, place in enumerate(places[: MOST_PLACES + 1]):
                if self._is_label(place):
                    if any(p and not self._is_label(p) for p in places[start:index]):
                        return Refusal(Reason.NOT_A_NUMBER, shown(place))
                    start = index + 1
            labels = tuple(place for place in places[:start] if place)
            return _Row(labels, tuple(places[start:]), len(places), tabbed=True)
        named = _LABEL_AND_FIGURES.fullmatch(text)
        if (
            named
            and self._is_label(named[1])
            and isinstance(figure_of(named[3], Measure.FEE), Figure)
        ):
            text = f"{named[1].replace(' ', '')} {named[2]}"
        tokens = text.split()
        if len(tokens) > MOST_PLACES:
            return Refusal(Reason.TOO_MANY, "", len(self.asked), len(tokens))
        start = 0
        while start < len(tokens) and self._is_label(tokens[start]):
            start += 1
        labels = tuple(tokens[:start])
        plain = tokens[start:]
        chunks = [chunk for chunk in _PARTS.split(" ".join(plain)) if chunk.strip(",")]
        figures: list[str] = []
        unclear = False
        for chunk in chunks:
            pieces = chunk.rstrip(",").split(",")
            if not all(pieces) or isinstance(figure_of(chunk, Measure.FEE), Figure):
                figures.append(chunk)
                continue
            figures += pieces
            unclear = unclear or any(
                len(list(_groups(pieces, start))) > 1 for start in range(len(pieces[:MOST_PLACES]))
            )
        spaced = tuple(text.strip(" ").split(" "))
        if len(spaced) > MOST_PLACES or [place for place in spaced if place] != tokens:
            spaced = ()
        return _Row(
            labels,
            tuple(figures),
            len(figures) + start,
            tabbed=False,
            spaced=spaced[start:],
            unclear=unclear,
        )

    # ------------------------------------------------------------------- labels

    @cached_property
    def table(self) -> Table:
        body = self.form.section_of[self.asked[0].line].body
        assert isinstance(body, Table), "figures stand in tables"
        return body

    @cached_property
    def _columns(self) -> dict[CellId, int]:
        """Where the printed table has each figure, counted from the left."""
        taken: set[tuple[int, int]] = set()
        found: dict[CellId, int] = {}
        for r, row in enumerate(self.table.grid):
            c = 0
            for box in row:
                while (r, c) in taken:
                    c += 1
                taken.update((r + i, c + j) for i in range(box.rows) for j in range(box.columns))
                if box.cell:
                    found[box.cell] = c
                c += box.columns
        return found

    @cached_property
    def _line_names(self) -> dict[str, Line | None]:
        """What a line may be called in a table; None where two are called so."""
        found: dict[str, Line | None] = {}
        for line in self.table.lines:
            for name in {
                _printed_name(line.label),
                _printed_name(line.label, numbered=False),
                _printed_name(line.short),
                _printed_name("".join(line.path)),
            }:
                found[name] = line if found.get(name, line) is line else None
        return found

    @cached_property
    def _known(self) -> frozenset[str]:
        """Every text that the printed table and its heading hold."""
        section = self.form.section_of[self.table.id]
        texts = {_printed_name(box.text) for row in self.table.grid for box in row if box.text}
        texts |= {_printed_name(row.label) for row in self.table.rows}
        texts |= {
            _printed_name(self.table.short),
            _printed_name(section.heading),
            _printed_name(section.title),
        }
        texts |= {_printed_name(variant) for variant in section.variants}
        texts |= {_printed_name(section.number + variant) for variant in section.variants}
        return frozenset(texts | self._line_names.keys())

    @cached_property
    def _head_names(self) -> dict[str, int]:
        """The heads of the columns of figures, in printed order."""
        names = dict.fromkeys(
            _printed_name(cell.column.label) for line in self.table.lines for cell in line.printed
        )
        return {name: index for index, name in enumerate(names)}

    def _is_label(self, place: str) -> bool:
        if is_blank(place) or len(place) > LONGEST_LABEL or ARABIC.fullmatch(place):
            return False
        if _name(place) in self._known:
            return True
        words = _WORD.findall(place)
        if not any(set(word) - set(_NUMERALS) for word in words):
            return False
        read = figure_of(place, Measure.FEE)
        return isinstance(read, Refusal) and read.reason is Reason.NOT_A_NUMBER

    def _line_of(self, row: _Row) -> Line | None:
        """The line that the labels of a row name."""
        if not row.labels:
            return None
        last, joined = _name(row.labels[-1]), _name("".join(row.labels))
        for name in (last, joined):
            if self._line_names.get(name):
                return self._line_names[name]
        if last in self._known:
            return None
        for name in (joined, last):
            if len(name) < 4:
                continue
            alike = {
                line.id: line
                for known, line in self._line_names.items()
                if line and len(known) >= 4 and (name in known or known in name)
            }
            if len(alike) == 1:
                return next(iter(alike.values()))
        return None

    def _is_head(self, row: _Row, line: Line | None) -> bool:
        """A row of texts only; a line's label before empty places is a row of blanks."""
        if not row.labels or any(row.places):
            return False
        columns = sum(_name(label) in self._head_names for label in row.labels)
        return not row.places or not line or columns > 1

    def _is_known(self, row: _Row) -> bool:
        return all(_name(label) in self._known for label in row.labels)

    def _is_whole_row(self, row: _Row) -> bool:
        """Whether the label is that of a printed row that holds several lines."""
        name = _name("".join(row.labels))
        return any(name == _printed_name(printed.label) for printed in self.table.rows)

    def _head_columns(self, row: _Row, heads: set[int]) -> bool:
        """Note the columns a row of heads names; False where they stand in another order."""
        seen: list[int] = []
        for label in row.labels:
            index = self._head_names.get(_name(label))
            if index is None:
                continue
            again = index == 0 and 0 in seen
            if seen and index <= seen[-1] and not again:
                return False
            seen.append(index)
        heads.update(seen)
        return True

    def _heads_agree(self, heads: set[int], with_total: bool) -> bool:
        """Whether all columns that the rows should have were named above them."""
        return heads == set(range(len(self._head_names) - (not with_total)))

    # -------------------------------------------------------------------- keyed

    def _keyed(self) -> Reading | Refusal | None:
        """自然人3，商业企业1，其余为0: figures with the names of their columns."""
        if len(self.text) > LONGEST_SENTENCE or not self._is_list_of_names():
            return None
        text = self._joined().replace("其它", "其他")
        names = self._cell_names
        pattern = "|".join(
            map(re.escape, sorted({*names, *_REST, _OTHER, *_TOTAL}, key=len, reverse=True))
        )
        before, *parts = re.split(f"({pattern})", text)
        if not parts:
            return None
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        found = _Found(self._computed)
        named: dict[CellId, str] = {}
        waiting: list[str] = []
        rest: str | None = None

        leading = _FILLER.sub("", before.strip(_JOINS))
        if leading:
            chunks = [chunk for chunk in re.split(r"[ \t\n、;:|,]+", leading) if chunk]
            if ARABIC.fullmatch(leading) and len(chunks) > 1:
                return Refusal(Reason.AMBIGUOUS, shown(leading))
            if len(pairs) > 1 or not self._is_rest(*pairs[0]) or len(chunks) >= len(self.asked):
                return self._stranger(leading)
            refused = found.put_all(self.asked[: len(chunks)], chunks)
            if refused:
                stranger = refused.reason is Reason.NOT_A_NUMBER
                return self._stranger(leading) if stranger else refused
            named = {cell.id: "" for cell in self.asked[: len(chunks)]}

        for called, after in pairs:
            name = called
            lead = _LEADS.match(after)
            piece = after[lead.end() if lead else 0 :].rstrip(_JOINS)
            if not piece:
                waiting.append(name)
                continue
            if len(waiting) == 1 and name in _TOTAL and self._cell_called(waiting[0]):
                name = waiting.pop()  # «自然人共3件»
            if waiting and not (lead and _EACH.search(lead[0])):
                return Refusal(Reason.NOT_A_NUMBER, shown(waiting[0]))
            if not waiting and self._is_rest(name, after):
                if rest is not None:
                    return Refusal(Reason.COLUMN_TWICE, name)
                each = bool(lead and _EACH.search(lead[0]))
                read = figure_of(piece, Measure.COUNT)
                if isinstance(read, Figure) and read.value != 0 and not each:
                    return Refusal(Reason.AMBIGUOUS, shown(name + after))
                rest = piece
                continue
            for key in (*waiting, name):
                cell = self._cell_called(key)
                if cell is None:
                    return Refusal(Reason.UNKNOWN_COLUMN, shown(key))
                if cell.id in named:
                    return Refusal(Reason.COLUMN_TWICE, shown(key))
                named[cell.id] = key
                refused = found.put(cell, piece)
                if refused:
                    stranger = refused.reason is Reason.NOT_A_NUMBER
                    return self._stranger(piece) if stranger else refused
            waiting = []
        if waiting:
            return Refusal(Reason.NOT_A_NUMBER, shown(waiting[0]))
        if rest is not None:
            for cell in self.asked:
                refused = None if cell.id in named else found.put(cell, rest)
                if refused:
                    return refused
        if not found.values and not found.blanks:
            return Refusal(Reason.TOO_FEW, "", len(self.asked), 0)
        return found.reading()

    def _is_list_of_names(self) -> bool:
        """Tabs only as between a name and its figure, a pair a line."""
        rows = self.text.split("\n") if "\t" in self.text else ()
        return all(len([place for place in row.split("\t") if place]) in (0, 2) for row in rows)

    def _is_rest(self, name: str, after: str) -> bool:
        """其余0; 其他都是0; 其他0 only where no column is called 其他."""
        if name != _OTHER:
            return name in _REST
        lead = _LEADS.match(after)
        plural = bool(lead and _PLURAL.search(lead[0]))
        return plural or self._cell_names.get(_OTHER) is None

    def _cell_called(self, name: str) -> Cell | None:
        cell = self._cell_names.get(name)
        if cell:
            return cell if cell in self.asked else None
        if name in _TOTAL and len(self.lines) == 1:
            return self.lines[0].total
        return None

    def _stranger(self, piece: str) -> Refusal:
        """A piece of a keyed answer that is no figure: a column we do not know?"""
        words = [word for word in _WORD.findall(piece) if set(word) - set(_NUMERALS)]
        if words:
            return Refusal(Reason.UNKNOWN_COLUMN, shown(words[0]))
        return Refusal(Reason.NOT_A_NUMBER, shown(piece))

    @cached_property
    def _cell_names(self) -> dict[str, Cell | None]:
        """What the cells may be called; None where two are called so."""
        found: dict[str, Cell | None] = {}

        def call(cell: Cell, names: Iterable[str]) -> None:
            for name in names:
                if len(name) > 1:
                    found[name] = cell if found.get(name, cell) is cell else None

        cells = [cell for line in self.lines for cell in line.cells]
        for line in self.lines:
            names = _called(line.label, line.short)
            for cell in line.cells:
                column = _called(cell.column.label, cell.column.name)
                if len(line.cells) == 1:
                    call(cell, names)
                elif len(self.lines) > 1:
                    call(cell, (a + b for a in names for b in column))
                call(cell, column)
        beginnings: dict[str, set[CellId]] = {}
        by_id = {cell.id: cell for cell in cells}
        for cell in cells:
            for name in _called(cell.column.label, cell.column.name):
                for end in range(2, min(len(name), 7)):
                    beginnings.setdefault(name[:end], set()).add(cell.id)
            for name in _CALLED.get(cell.column.id, ()):
                beginnings.setdefault(name, set()).add(cell.id)
        for name, owners in beginnings.items():
            if name not in found:
                found[name] = by_id[next(iter(owners))] if len(owners) == 1 else None
        return found

    # ------------------------------------------------------------------ refused

    def _refusal(self) -> Refusal:
        """Nothing fitted: too few or too many figures, or the first piece that is none."""
        unit = self.asked[0].measure
        pieces = [piece for piece in re.split(r"[ \t\n、;:|,]+", self._joined()) if piece]
        for piece in pieces[:MOST_PLACES]:
            read = figure_of(piece, unit)
            if isinstance(read, Refusal) and not is_blank(piece):
                stranger = read.reason is Reason.NOT_A_NUMBER and len(self.asked) > 1
                return self._stranger(piece) if stranger else read
        if len(pieces) == len(self.asked):
            return Refusal(Reason.AMBIGUOUS, shown(self.text), len(pieces), len(pieces), unit)
        return self._count_refused(len(pieces))


def _no_figure(place: str) -> Refusal | None:
    read = Figure(0) if is_blank(place) else figure_of(place, Measure.FEE)
    return read if isinstance(read, Refusal) else None


def _name(text: str) -> str:
    """A label without blanks and punctuation."""
    return _NOT_IN_NAMES.sub("", text.translate(PLAIN))


@lru_cache(maxsize=1024)
def _printed_name(label: str, *, numbered: bool = True) -> str:
    """The same for the form's own labels, with or without 1. or （一）."""
    return _name(label if numbered else _ENUMERATOR.sub("", cleaned(label)))


@lru_cache(maxsize=1024)
def _called(label: str, short: str) -> tuple[str, ...]:
    plain = cleaned(label)
    names = (plain, _ENUMERATOR.sub("", plain), plain.partition("(")[0], cleaned(short))
    return tuple(dict.fromkeys(name for name in names if len(name) > 1))


def _adds_up(places: Sequence[str]) -> bool:
    """Whether the last figure is the sum of those before it, empty places left out."""
    figures = [figure_of(place, Measure.FEE) for place in places if not is_blank(place)]
    values = [figure.value for figure in figures if isinstance(figure, Figure)]
    return (
        len(values) == len(figures) > 1
        and not is_blank(places[-1])
        and sum(values[:-1]) == values[-1]
    )


def _divided(chunks: Sequence[str], wanted: set[int]) -> tuple[str, ...] | Refusal | None:
    """
    The one way to read commas as separators or within thousands that gives as many
    figures as wanted; None where there is none.

    `1,234` is one figure where one is wanted and two where two are.
    """
    parts = [chunk.rstrip(",").split(",") for chunk in chunks]
    if sum(map(len, parts)) > 4 * max(wanted):
        return None
    ways: dict[int, tuple[int, tuple[str, ...]]] = {0: (1, ())}
    for pieces in parts:
        if not all(pieces):
            return Refusal(Reason.NOT_A_NUMBER, shown(",".join(pieces)))
        ends: list[dict[int, tuple[int, tuple[str, ...]]]] = [{} for _ in range(len(pieces) + 1)]
        ends[0] = ways
        for start in range(len(pieces)):
            for end in _groups(pieces, start):
                figure = ",".join(pieces[start:end])
                for count, (number, places) in ends[start].items():
                    if count < max(wanted):
                        known = ends[end].get(count + 1, (0, ()))[0]
                        ends[end][count + 1] = (known + number, (*places, figure))
        ways = ends[-1]
    fitting = [ways[count] for count in wanted if count in ways]
    if not fitting:
        return None
    if len(fitting) > 1 or fitting[0][0] > 1:
        return Refusal(Reason.AMBIGUOUS, shown(" ".join(chunks)), min(wanted))
    return fitting[0][1]


def _groups(pieces: Sequence[str], start: int) -> Iterable[int]:
    """Where a figure that begins at `start` may end: alone, or with groups of three."""
    yield start + 1
    if not _GROUP_START.fullmatch(pieces[start]):
        return
    for end in range(start + 1, min(start + 4, len(pieces))):
        if _GROUP_LAST.fullmatch(pieces[end]):
            yield end + 1
        if not _GROUP_NEXT.fullmatch(pieces[end]):
            return
