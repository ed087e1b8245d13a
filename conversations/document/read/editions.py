"""Determines a report's edition, the cells it should have, and its missing parts."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal

from conversations.document.read.readings import Doubt, Readings
from conversations.document.read.vocabulary import (
    CELLS,
    EDITIONS,
    ORDER_THREE,
    ORDER_TWO,
    PARTED,
    ROWS_ALIKE,
    PrintedTable,
    only_in,
)
from conversations.form import FORM_IN_FORCE, FORMS, Form, form_of_year
from conversations.form.model import CellId, ItemId, Line

MISPLACED = "多数行的总计与各列之和不符，栏目可能错位"


def form_of(readings: Readings, year: int | None) -> Form:
    """
    The form with the shape of the report's table two.

    If several fit or the table is missing: the form of the year, if rows that only it has are
    there, else the form in force.
    """
    fitting = _by_table_two(readings)
    if len(fitting) > 1 and year is not None:
        of_year = form_of_year(year)
        own = only_in(of_year)
        if of_year in fitting and (not own or own & readings.rows.keys()):
            return of_year
    return FORM_IN_FORCE if FORM_IN_FORCE in fitting else fitting[-1]


def _by_table_two(readings: Readings) -> list[Form]:
    """The editions that fit the heads and rows of table two; several if they are alike."""
    told = {
        form.edition: readings.shapes[form.edition]
        | (only_in(form) & {line.id for line in form.tables[0].lines} & readings.rows.keys())
        for form in EDITIONS
    }
    fitting = [EDITIONS[0]]
    for form in EDITIONS[1:]:
        older, newer = told[fitting[-1].edition], told[form.edition]
        older, newer = older - newer, newer - older
        as_many = len(older) == len(newer) and newer <= ROWS_ALIKE
        if older == newer:
            fitting.append(form)
        elif not older or not (len(older) > len(newer) or as_many):
            fitting = [form]
    return fitting


def claimed_cells(readings: Readings, form: Form) -> tuple[tuple[CellId, ...], tuple[ItemId, ...]]:
    """
    The cells that the report should have, each row in its printed shape, and its rows of an older
    edition.
    """
    others = [other for other in EDITIONS if other is not form]
    rows = readings.rows
    lines: list[Line] = []
    of_older: list[ItemId] = []

    def claim(line: Line, other: Form) -> None:
        lines.append(line)
        if other.since < form.since:
            of_older.append(line.id)

    for line in form.tables[0].lines:
        printed_as = [
            other
            for other in others
            if line.id in readings.shapes[other.edition] - readings.shapes[form.edition]
        ]
        if printed_as:
            claim(printed_as[-1].lines[line.id], printed_as[-1])
        else:
            lines.append(line)
    of_others = {
        line.id: (line, other)
        for other in others
        for table in other.tables[:2]
        for line in table.lines
        if line.id not in form.lines and any(row in rows for row in _parted_with(line.id))
    }
    for row in [row for row in ORDER_TWO if row in of_others]:
        claim(*of_others[row])
    for row in ORDER_THREE:
        if row in of_others:
            claim(*of_others[row])
        elif row in form.lines and not _stands_otherwise(row, rows):
            lines.append(form.lines[row])
    cells = [cell.id for line in (*lines, *form.tables[2].lines) for cell in line.printed]
    return tuple(dict.fromkeys((*cells, *readings.values))), tuple(of_older)


def _parted_with(row: ItemId) -> tuple[ItemId, ...]:
    """
    The rows into which an older row was split, if the row is one of them; else the row itself.
    """
    return next((parts for parts in PARTED.values() if row in parts), (row,))


def _stands_otherwise(row: ItemId, rows: Container[ItemId]) -> bool:
    """Whether the parts of the row, or the row that it is a part of, were read instead."""
    if any(part in rows for part in _parted_with(row)):
        return False
    whole = (whole for whole, parts in PARTED.items() if row in parts)
    return any(other in rows for other in (*whole, *PARTED.get(row, ())))


def missing_tables(
    values: Mapping[CellId, object], readings: Readings, there: Container[ItemId]
) -> tuple[ItemId, ...]:
    """
    The sections whose table was not found: no head and no figure, not even an unsure one.

    Sections in `there` are not missing, even if they were not read.
    """
    return tuple(
        table.value
        for table in PrintedTable
        if table not in readings.tables
        and table.value not in there
        and not any(cell.startswith(f"{table.value}.") for cell in (*values, *readings.unsure))
    )


def missing_rows(claimed: Sequence[CellId], readings: Readings) -> tuple[ItemId, ...]:
    """
    Missing rows of tables that are there; none if a row's label was not understood, because it may
    be the missing one.
    """
    met = {line.partition(".")[0] for line in readings.rows}
    silent = {table.value for table in (*readings.garbled, PrintedTable.FOUR)}
    lines = dict.fromkeys(CELLS[cell].line for cell in claimed)
    return tuple(
        line
        for line in lines
        if line not in readings.rows and line.partition(".")[0] in met - silent
    )


def missing_columns(unread: Sequence[CellId], readings: Readings) -> tuple[CellId, ...]:
    """
    Cells of tables three and four whose row is there and whose column is missing.

    A head that was not understood is not missing; a table without any heads has no missing ones.
    """
    missing: list[CellId] = []
    for cell in unread:
        line, _, column = cell.rpartition(".")
        three, four = (
            readings.columns[table] if cell.startswith(table.value) else set()
            for table in (PrintedTable.THREE, PrintedTable.FOUR)
        )
        if cell not in readings.unsure and (
            (three and line in readings.rows and column not in three) or (four and cell not in four)
        ):
            missing.append(cell)
    return tuple(missing)


def misplaced(
    values: Mapping[CellId, int | Decimal | str], blank: set[CellId]
) -> dict[CellId, Doubt]:
    """
    Doubts about all figures of table three, if most of its rows do not add up to their printed
    total: the columns may be shifted.
    """
    wrong = busy = 0
    cells: list[CellId] = []
    for form in FORMS.values():
        for line in form.tables[1].lines:
            if line.total is None or line.total.id in cells:
                continue
            cells += [cell.id for cell in line.printed]
            figures = [values.get(cell.id) for cell in line.printed]
            numbers = [figure for figure in figures if isinstance(figure, int)]
            if len(numbers) == len(figures) and any(numbers) and line.total.id not in blank:
                busy += 1
                wrong += sum(numbers[:-1]) != numbers[-1]
    if wrong < 3 or wrong * 2 <= busy:
        return {}
    return {
        cell: Doubt(cell, values[cell], MISPLACED)
        for cell in cells
        if cell in values and cell not in blank
    }
