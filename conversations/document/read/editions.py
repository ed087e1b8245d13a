"""
Which edition of the form a report follows, which cells it should have, and what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from conversations.document.read.readings import Doubt, Readings
from conversations.document.read.vocabulary import (
    CELLS,
    CURRENT,
    LAST_TRIAL_YEAR,
    PARTED_ROWS,
    ROWS_ALIKE,
    ROWS_OF_TRIAL,
    TRIAL,
    PrintedTable,
)
from conversations.form import FORMS, Form
from conversations.form.editions.annual_report_2019 import SINGLE_ROW
from conversations.form.model import CellId, ItemId, Line

MISPLACED = "多数行的总计与各列之和不符，栏目可能错位"


def form_of(readings: Readings, year: int | None) -> Form:
    """The form whose shape table two has; without table two, by table three and year."""
    trial = readings.shapes[TRIAL.edition] | (ROWS_OF_TRIAL & readings.rows.keys())
    current = readings.shapes[CURRENT.edition] - trial
    if trial or current:
        outweighed = len(trial) >= len(current) and not current - ROWS_ALIKE
        return TRIAL if trial and (len(trial) > len(current) or outweighed) else CURRENT
    if year is not None and year <= LAST_TRIAL_YEAR and SINGLE_ROW in readings.rows:
        return TRIAL
    return CURRENT


def claimed_cells(readings: Readings, form: Form) -> tuple[tuple[CellId, ...], tuple[ItemId, ...]]:
    """
    The cells the report should have, each row's by its own shape, and the rows of the
    older edition in a report of the newer.
    """
    other = TRIAL if form is CURRENT else CURRENT
    lines: list[Line] = []
    of_other: list[ItemId] = []
    for line in form.tables[0].lines:
        if line.id in readings.shapes[other.edition] and line.id in other.lines:
            lines.append(other.lines[line.id])
            of_other.append(line.id)
        else:
            lines.append(line)
    for line in other.tables[0].lines:
        if line.id not in form.lines and line.id in readings.rows:
            lines.append(line)
            of_other.append(line.id)
    single = SINGLE_ROW in readings.rows
    parted = any(line in readings.rows for line in PARTED_ROWS)
    if not single and not parted:
        single, parted = form is TRIAL, form is CURRENT
    for line in CURRENT.tables[1].lines:
        if line.id == PARTED_ROWS[0] and single:
            lines.append(TRIAL.lines[SINGLE_ROW])
            of_other.append(SINGLE_ROW)
        if parted or line.id not in PARTED_ROWS:
            lines.append(line)
    cells = [cell.id for line in (*lines, *form.tables[2].lines) for cell in line.printed]
    return tuple(dict.fromkeys((*cells, *readings.values))), tuple(
        of_other if form is CURRENT else ()
    )


def missing_tables(values: Mapping[CellId, object], readings: Readings) -> tuple[ItemId, ...]:
    """The sections whose table was not met: no head, no figure, not even an unsure one."""
    return tuple(
        table.value
        for table in PrintedTable
        if table not in readings.tables
        and not any(cell.startswith(f"{table.value}.") for cell in (*values, *readings.unsure))
    )


def missing_rows(claimed: Sequence[CellId], readings: Readings) -> tuple[ItemId, ...]:
    """
    Rows of the tables that are there which are not; silent where a row's label was not
    understood, for it may be that one.
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
    Cells of tables three and four whose row is there and whose column is not.

    A head that was not understood is not missing, nor is one of a table without any.
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
    Doubts about table three, where most of its rows miss their printed sum: the columns may
    be mistaken.
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
