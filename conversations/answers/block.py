"""A block pasted from a spreadsheet or a document: rows with or without labels."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.answers.figure import (
    Figure,
    Reason,
    Refusal,
    figure_of,
    is_blank,
    shown,
)
from conversations.answers.names import name_of, printed_name
from conversations.answers.pasted import PastedRow, pasted_rows
from conversations.answers.question import Collected, Question, Reading
from conversations.form.model import Cell, Line, LineKind, Measure


def read_block(answer: Question) -> Reading | Refusal | None:
    """Read rows pasted from a spreadsheet or a document, with or without labels."""
    rows = pasted_rows(answer)
    if isinstance(rows, Refusal):
        return rows
    data: list[tuple[PastedRow, Line | None]] = []
    heads: set[int] = set()
    for row in rows:
        if isinstance(row, Refusal):
            return row
        line = answer.names.line_of(row.labels)
        if _is_head(answer, row, line):
            if data and not _is_known(answer, row):
                return Refusal(Reason.NOT_A_NUMBER, shown(row.labels[-1]))
            if not _head_columns(answer, row, heads):
                return Refusal(Reason.AMBIGUOUS, shown(row.labels[0]))
            continue
        if row.labels and not line and not _is_whole_row(answer, row):
            if len(rows) == 1 and not row.tabbed:
                return None
            return Refusal(Reason.UNKNOWN_LINE, shown(row.labels[-1]))
        if row.unclear:
            alone = len(rows) == 1 and not row.labels
            return None if alone else Refusal(Reason.AMBIGUOUS, shown(" ".join(row.places)))
        data.append((row, line))
    if not data:
        return None
    if len(data) == 1 and data[0][1] in (None, *answer.lines[:1]):
        only = _one_row(answer, data[0][0], labelled=data[0][1] is not None)
        if isinstance(only, Reading) or (only and not data[0][1]):
            return only
    if len(data) == 1 and data[0][1] is None and not data[0][0].tabbed:
        return _whole_row(answer, data[0][0])
    if _has_lost_row(answer, data):
        return Refusal(Reason.AMBIGUOUS, shown(answer.text))
    return _rows_read(answer, data, heads)


def _has_lost_row(answer: Question, data: Sequence[tuple[PastedRow, Line | None]]) -> bool:
    """
    Whether an empty line between rows without labels may be a row of blanks.

    A column copied from a spreadsheet has an empty line for an empty cell. If tabs were turned into
    blanks, a line of blanks was a row.
    """
    if any(line for _, line in data) or "\t" in answer.text:
        return False
    between = answer.text.strip(" \n").split("\n")
    narrow = any(len(row.places) == 1 for row, _ in data)
    return any(not text.strip(" ") and (narrow or text) for text in between)


def _one_row(answer: Question, row: PastedRow, *, labelled: bool) -> Reading | Refusal | None:
    """Read a single row for the asked cells; None if it may hold more."""
    places = list(row.places)
    most = len(answer.asked) + bool(answer.total)
    while len(places) > most and not places[-1]:
        places.pop()
    if answer.fits(len(places)):
        read = answer.fill(places)
        return read if row.tabbed or isinstance(read, Reading) else None
    if answer.total and len(row.spaced) == most and _adds_up(row.spaced):
        return answer.fill(row.spaced)
    if labelled or not row.tabbed or len(answer.lines) > 1:
        return None
    whole = _whole_row(answer, row)
    if whole or row.width == answer.table.width:
        return whole
    return answer.count_refused(len(places))


def _whole_row(answer: Question, row: PastedRow) -> Reading | Refusal | None:
    """Read a printed row that holds several lines (table four), with or without totals."""
    cells = _cells_together(answer, row, answer.following)
    if not cells:
        return None
    collected = Collected(answer.computed)
    return collected.put_all(cells[1], row.places[: len(cells[1])]) or collected.reading()


def _cells_together(
    answer: Question, row: PastedRow, lines: Sequence[Line]
) -> tuple[int, tuple[Cell, ...]] | None:
    """The number of these lines in one printed row, and its cells, if they fit."""
    if not lines:
        return None
    printed = next(r.cells for r in answer.table.rows if lines[0].cells[0].id in r.cells)
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
    answer: Question, data: Sequence[tuple[PastedRow, Line | None]], heads: set[int]
) -> Reading | Refusal:
    """Read several rows, by their labels, or in order from the asked line."""
    collected = Collected(answer.computed)
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
            rest = answer.following[position:]
            together = _cells_together(answer, row, rest)
            if together and len(row.places) > len(rest[0].printed):
                position += together[0]
                refused = collected.put_all(together[1], row.places[: len(together[1])])
                if refused:
                    return refused
                continue
            if not rest:
                return _wrong_count(answer, data)
        line = named or answer.following[position]
        position += 1
        if line.id in done:
            return Refusal(Reason.LINE_TWICE, shown(line.short))
        done.add(line.id)
        places = _fitted(answer, row, line, last=index == len(data) - 1)
        if isinstance(places, Refusal):
            return next(filter(None, map(_no_figure, row.places)), places)
        if line.total:
            with_total.add(len(places) == len(line.printed))
            if len(with_total) > 1:
                return Refusal(
                    Reason.TOO_FEW, shown(line.short), len(line.printed), len(line.cells)
                )
        cells = line.printed if len(places) == len(line.printed) else line.cells
        refused = collected.put_all(cells, places)
        if refused:
            return refused
    if with_total and len(heads) > 2 and not _heads_agree(answer, heads, with_total.pop()):
        return Refusal(Reason.AMBIGUOUS, shown(data[0][0].places[0]))
    if not labelled and _has_shifted(answer, collected, position):
        expected = sum(line.kind is LineKind.ASKED for line in answer.following)
        return Refusal(Reason.ROW_LOST, "", expected, len(data))
    return collected.reading()


def _has_shifted(answer: Question, read: Collected, count: int) -> bool:
    """
    Whether rows without labels may be in the wrong lines because one of them is missing.

    That is possible for most of a table, or for any rows of single figures, without the rest. It is
    also possible if the last line of a sum holds the sum of the others: then the row of totals has
    moved there, unless the totals of that row were pasted, too.
    """
    lines = answer.following
    if any(line.kind is LineKind.ASKED for line in lines[count:]):
        narrow = any(len(line.cells) == 1 for line in lines[:count])
        return count > 1 and (narrow or 2 * count > len(lines))
    for line in answer.table.lines:
        if line.kind is not LineKind.SUM:
            continue
        columns = [[read.values.get(part) for part in answer.form.sums[c.id]] for c in line.cells]
        if any(value is None for column in columns for value in column):
            continue
        sums = [sum(value or 0 for value in column[:-1]) for column in columns]
        stated = [read.totals.get(cell.id) for cell in line.cells]
        last = [column[-1] for column in columns]
        if any(last) and last == sums and stated != [value + value for value in sums]:
            return True
    return False


def _fitted(
    answer: Question, row: PastedRow, line: Line, *, last: bool
) -> tuple[str, ...] | Refusal:
    """The places of a row that are the figures of a line, with its total if present."""
    places = row.places
    most = len(line.printed)
    if len(places) in (len(line.cells), most):
        return places
    if row.tabbed and row.width in (answer.table.width, answer.table.width - 1):
        exact = _by_column(answer, row, line)
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


def _by_column(answer: Question, row: PastedRow, line: Line) -> tuple[str, ...] | None:
    """The places at the columns in which the printed table has the figures of the line."""
    before = row.width - len(row.places)
    whole = ("",) * before + row.places
    cells = line.printed if row.width == answer.table.width else line.cells
    columns = [answer.names.columns[cell.id] for cell in cells]
    if columns[0] < before or columns[-1] >= row.width:
        return None
    if any(place for column, place in enumerate(whole) if column not in columns):
        return None
    return tuple(whole[column] for column in columns)


def _wrong_count(answer: Question, data: Sequence[tuple[PastedRow, Line | None]]) -> Refusal:
    expected = sum(len(line.cells) for line in answer.following)
    count = sum(len(row.places) for row, _ in data)
    reason = Reason.TOO_FEW if count < expected else Reason.TOO_MANY
    return Refusal(reason, "", expected, count)


def _is_head(answer: Question, row: PastedRow, line: Line | None) -> bool:
    """Whether a row has only texts; a line's label before empty places is a row of blanks."""
    if not row.labels or any(row.places):
        return False
    columns = sum(name_of(label) in answer.names.head_names for label in row.labels)
    return not row.places or not line or columns > 1


def _is_known(answer: Question, row: PastedRow) -> bool:
    return all(name_of(label) in answer.names.known for label in row.labels)


def _is_whole_row(answer: Question, row: PastedRow) -> bool:
    """Whether the label belongs to a printed row that holds several lines."""
    name = name_of("".join(row.labels))
    return any(name == printed_name(printed.label) for printed in answer.table.rows)


def _head_columns(answer: Question, row: PastedRow, heads: set[int]) -> bool:
    """Note the columns that a row of heads names; False if their order differs."""
    seen: list[int] = []
    for label in row.labels:
        index = answer.names.head_names.get(name_of(label))
        if index is None:
            continue
        again = index == 0 and 0 in seen
        if seen and index <= seen[-1] and not again:
            return False
        seen.append(index)
    heads.update(seen)
    return True


def _heads_agree(answer: Question, heads: set[int], with_total: bool) -> bool:
    """Whether the heads named all columns that the rows should have."""
    return heads == set(range(len(answer.names.head_names) - (not with_total)))


def _adds_up(places: Sequence[str]) -> bool:
    """Whether the last figure is the sum of those before it; empty places are ignored."""
    figures = [figure_of(place, Measure.FEE) for place in places if not is_blank(place)]
    values = [figure.value for figure in figures if isinstance(figure, Figure)]
    return (
        len(values) == len(figures) > 1
        and not is_blank(places[-1])
        and sum(values[:-1]) == values[-1]
    )


def _no_figure(place: str) -> Refusal | None:
    read = Figure(0) if is_blank(place) else figure_of(place, Measure.FEE)
    return read if isinstance(read, Refusal) else None
