"""
Reads tables from text without reliable separators: one cell per line, blanks, broken labels.

All figures of a table must be there in printed order, or nothing is taken. In table two each must
stand between the right labels. In tables three and four the sums decide: if labels or lines
separate the rows, figures in a correct sum count; if not, every sum of the table must be correct,
and no other order of reading may fit as well. A figure that is not proven so stays unread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from conversations.document.read.blocks import WorkBudget
from conversations.document.read.broken_heads import order_of
from conversations.document.read.pieces import LONGEST_PREFIX, Piece, Stream, stream_of, words_of
from conversations.document.read.readings import GUESSED, Doubt, Readings
from conversations.document.read.vocabulary import (
    APPLICANTS,
    CELLS,
    EDITIONS,
    HEADS,
    PrintedTable,
)
from conversations.document.read.words import ReadFigure, core, figure, plain
from conversations.form.model import CellId, Form, Line, Table

LETTERS = "原文里数字写成了字母，按数字读取"

_ALIKE = str.maketrans("OoＯｏlI丨", "0000111")
_ROUND = re.compile(r"[\dOoＯｏ]+")


@dataclass(frozen=True, slots=True)
class Proven:
    """The proven figures of one table, each as printed, with doubts."""

    table: PrintedTable
    lines: tuple[Line, ...]
    values: Mapping[CellId, ReadFigure]


def fill_in(
    readings: Readings, table: PrintedTable, lines: Sequence[str], work: WorkBudget
) -> None:
    """Add the proven figures of a table to the readings; contradicting ones become unsure."""
    work.spend(sum(map(len, lines)) // 4 + len(lines))
    proven = _proven(table, lines)
    if proven is None:
        return
    readings.tables.add(table)
    readings.garbled.discard(table)
    for line in proven.lines:
        readings.rows.setdefault(line.id, set())
    for cell, read in proven.values.items():
        row, _, name = cell.rpartition(".")
        if cell in readings.values and readings.values[cell] != read.value:
            readings.drop(cell)
            continue
        readings.unsure.discard(cell)
        readings.rows.setdefault(row, set()).add(name)
        readings.columns[table].add(cell if table is PrintedTable.FOUR else name)
        readings.values[cell] = read.value
        if read.blank:
            readings.blank.add(cell)
        if read.doubt:
            readings.doubtful[cell] = Doubt(cell, read.value, read.doubt)


def _proven(table: PrintedTable, lines: Sequence[str]) -> Proven | None:
    for form in reversed(EDITIONS):
        printed = next(t for t in form.tables if t.id == table.value)
        words = words_of(table.value, form.edition, printed)
        proven = None
        for blanks in (False, True):
            stream = stream_of(lines, words, blanks=blanks)
            if proven is None and stream is not None and stream.figures:
                proven = _of_table(table, stream, form, printed)
        if proven is not None:
            return proven
    return None


def _of_table(table: PrintedTable, stream: Stream, form: Form, printed: Table) -> Proven | None:
    if table is PrintedTable.TWO:
        return _two(stream, printed)
    return _three(stream, form, printed) if table is PrintedTable.THREE else _four(stream, printed)


# --------------------------------------------------------------------- table two


def _two(stream: Stream, printed: Table) -> Proven | None:
    """Find every word of the form in order, and the figures at the form's places."""
    place = 0
    figures = 0
    values: dict[CellId, ReadFigure] = {}
    head = ""
    for row in printed.grid:
        for box in row:
            if box.cell:
                piece = stream.figures[figures] if figures < len(stream.figures) else None
                if piece is None or (piece.letters and not _ROUND.fullmatch(piece.text)):
                    return None  # an «l» may be a stroke
                read = _read(piece, box.cell, head)
                if read is None:
                    return None
                values[box.cell] = read
                figures += 1
                continue
            word = plain(box.text)
            at = stream.find(word, place)
            if at < 0 and len(row) == 1:
                continue  # the article over a block may be missing
            if at < 0 or stream.before[at] != figures:
                return None
            head = stream.said[at : at + 20]
            place = at + min(len(word), LONGEST_PREFIX)
    gone = {0, len(stream.figures)}
    starts = _starts(printed)
    if figures != len(stream.figures) or not stream.parted <= starts | gone:
        return None
    if not _no_more(stream, printed):
        return None
    return Proven(PrintedTable.TWO, printed.lines, values)


def _starts(printed: Table) -> set[int]:
    """The numbers of figures before each row."""
    starts: set[int] = set()
    count = 0
    for row in printed.grid:
        starts.add(count)
        count += sum(bool(box.cell) for box in row)
    return starts


def _no_more(stream: Stream, printed: Table) -> bool:
    """Whether the text has only words of the form: no additional column."""
    official = Counter("".join(plain(box.text) for row in printed.grid for box in row))
    return not Counter(stream.said) - official


def _read(piece: Piece, cell: CellId, head: str = "") -> ReadFigure | None:
    """Read a piece as the figure of a cell."""
    text = piece.text.translate(_ALIKE) if piece.letters else piece.text
    read = figure(text, CELLS[cell].measure, head)
    if read is None or not piece.letters:
        return read
    return replace(read, doubt="；".join(filter(None, (LETTERS, read.doubt))))


# ------------------------------------------------------------------- table three


def _three(stream: Stream, form: Form, printed: Table) -> Proven | None:
    lines = printed.lines
    width = len(APPLICANTS)
    if len(stream.figures) != width * len(lines):
        return None
    places = _labels(stream, lines)
    scattered = places is None and all(stream.find(core(n.path[-1]), 0) >= 0 for n in lines)
    if places is None and not scattered:
        return None
    first = places[0] if places else stream.find(core(lines[0].path[-1]), 0)
    heads = order_of(stream, first, PrintedTable.THREE, printed)
    by_column = heads is None and not scattered and _underorder_of(stream, len(lines))
    order = APPLICANTS if by_column else heads and heads.order
    if not order:
        return None
    rows = [
        [stream.figures[c * len(lines) + r if by_column else r * width + c] for c in range(width)]
        for r in range(len(lines))
    ]
    values = _values(
        {
            f"{line.id}.{column}": piece
            for line, row in zip(lines, rows, strict=True)
            for column, piece in zip(order, row, strict=True)
        }
    )
    if values is None:
        return None
    sums = list(_sums(form, lines))
    whole = all(_holds(sum_, values) for sum_ in sums)
    anchored = places is not None and not by_column and _anchored(stream, places, width)
    if whole and not anchored and _as_well(stream, lines, order, sums, values, by_column=by_column):
        return None
    if not whole:
        if (
            not anchored
            or (heads and heads.by_total)
            or any(piece.letters for piece in stream.figures)
        ):
            return None
        sure = {c for sum_ in sums if _holds(sum_, values) for side in sum_ for c in side}
        values = {cell: read for cell, read in values.items() if cell in sure}
    if (heads and heads.guessed) or scattered:
        values = {cell: replace(r, doubt=r.doubt or GUESSED) for cell, r in values.items()}
    return Proven(PrintedTable.THREE, lines, values)


def _labels(stream: Stream, lines: Sequence[Line]) -> list[int] | None:
    """The start of each row's label, in order; None if one is missing."""
    places: list[int] = []
    start = 0
    for line in lines:
        word = core(line.path[-1])
        at = stream.find(word, start)
        if at < 0:
            return None
        places.append(at)
        start = at + min(len(word), LONGEST_PREFIX)
    return places


def _anchored(stream: Stream, places: Sequence[int], width: int) -> bool:
    """
    Whether each label stands right before its own row's figures, and only texts or line ends
    separate the rows.
    """
    if any(stream.before[at] != width * row for row, at in enumerate(places)):
        return False
    edges = {width * row for row in range(len(places) + 1)}
    if not stream.parted <= edges:
        return False
    inner = edges - {0, width * len(places)}
    return inner <= stream.parted or (stream.broken <= edges and inner <= stream.broken)


def _underorder_of(stream: Stream, rows: int) -> bool:
    """
    Whether each head stands right before its column's figures, after the figures of the columns
    before.
    """
    start = 0
    for number, column in enumerate(APPLICANTS):
        word = next(w for w, head in HEADS[PrintedTable.THREE].items() if head.column == column)
        at = stream.find(word, start)
        while at >= 0 and stream.before[at] != number * rows:
            at = stream.find(word, at + 1)
        if at < 0:
            return False
        start = at + 1
    return stream.parted <= {rows * number for number in range(len(APPLICANTS) + 1)}


Sum = tuple[tuple[CellId, ...], tuple[CellId, ...]]  # the cells that are added on each side


def _sums(form: Form, lines: Sequence[Line]) -> Iterator[Sum]:
    """Every sum of table three: of the rows, of the columns, and the balance."""
    for line in lines:
        if line.total:
            yield (line.total.id,), tuple(cell.id for cell in line.cells)
    ids = {line.id for line in lines}

    def in_column(cell: CellId, column: str) -> CellId:
        return f"{cell.rpartition('.')[0]}.{column}"

    first = APPLICANTS[0]
    for line in lines:
        cell = f"{line.id}.{first}"
        addends = form.sums.get(cell, ())
        added, taken = form.balance.get(cell, ((), ()))
        for column in APPLICANTS:
            if addends and all(a.rpartition(".")[0] in ids for a in addends):
                yield (in_column(cell, column),), tuple(in_column(a, column) for a in addends)
            if added:
                left = tuple(in_column(a, column) for a in (cell, *taken))
                yield left, tuple(in_column(a, column) for a in added)


def _holds(sum_: Sum, values: Mapping[CellId, ReadFigure]) -> bool:
    left, right = (sum(_number(values[cell]) for cell in side) for side in sum_)
    return left == right


def _number(read: ReadFigure) -> int:
    return read.value if isinstance(read.value, int) else 0


def _values(pieces: Mapping[CellId, Piece]) -> dict[CellId, ReadFigure] | None:
    """The figures of cells; None if one is not a whole number from 0."""
    values: dict[CellId, ReadFigure] = {}
    for cell, piece in pieces.items():
        read = _read(piece, cell)
        if read is None or not isinstance(read.value, int) or read.value < 0:
            return None
        values[cell] = read
    return values


def _as_well(
    stream: Stream,
    lines: Sequence[Line],
    order: Sequence[str],
    sums: Sequence[Sum],
    values: Mapping[CellId, ReadFigure],
    *,
    by_column: bool,
) -> bool:
    """Whether reading in the other order also makes every sum correct, with other figures."""
    width, tall = len(order), len(lines)
    other = _values(
        {
            f"{line.id}.{column}": stream.figures[r * width + c if by_column else c * tall + r]
            for r, line in enumerate(lines)
            for c, column in enumerate(order)
        }
    )
    if other is None or all(other[cell].value == read.value for cell, read in values.items()):
        return False
    return all(_holds(sum_, other) for sum_ in sums)


# -------------------------------------------------------------------- table four


def _four(stream: Stream, printed: Table) -> Proven | None:
    if len(stream.figures) != PrintedTable.FOUR.columns or not stream.parted <= {0, 15}:
        return None
    heads = order_of(stream, len(stream.said), PrintedTable.FOUR, printed)
    if heads is None:
        return None
    values = _values(dict(zip(heads.order, stream.figures, strict=True)))
    if values is None:
        return None
    letters = any(piece.letters for piece in stream.figures)
    sure: dict[CellId, ReadFigure] = {}
    for line in printed.lines:
        if line.total is None:
            continue
        cells = tuple(cell.id for cell in line.cells)
        if _holds(((line.total.id,), cells), values):
            sure |= {cell: values[cell] for cell in (*cells, line.total.id)}
        elif letters:
            return None
    if heads.guessed:
        sure = {cell: replace(read, doubt=read.doubt or GUESSED) for cell, read in sure.items()}
    return Proven(PrintedTable.FOUR, printed.lines, sure) if sure else None
