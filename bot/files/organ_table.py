"""The list of organs as .xlsx: to be filled in at a desk, and sent back or imported."""

from __future__ import annotations

import io
from collections.abc import Sequence

from bot.files.spreadsheet import finished, text_of
from conversations.wording import county_organs as wording

ROOM = 3_000  # rows with a choice of levels
WIDTHS = (40, 34, 10, 14, 20)
LEVEL_COLUMN = "C"


def organ_table(rows: Sequence[Sequence[str]] = ()) -> bytes:
    """
    The table with its head and the existing organs, in the columns' order.

    Everything is text, never a formula; the same rows give the same bytes.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

    def put(page: Worksheet, row: int, column: int, value: str, *, bold: bool = False) -> None:
        cell = page.cell(row, column)
        cell.value = text_of(value)
        # Always text; a phone number keeps its first zero.
        cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", not bold
        if bold:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9E2F3")

    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = wording.SHEET
    page.freeze_panes = "A2"
    for column, name in enumerate(wording.COLUMNS, 1):
        put(page, 1, column, name, bold=True)
        page.column_dimensions[get_column_letter(column)].width = WIDTHS[column - 1]
        # Typed numbers stay as typed.
        page.column_dimensions[get_column_letter(column)].number_format = "@"
    for row, cells in enumerate(rows, 2):
        for column, text in enumerate(cells, 1):
            if text:
                put(page, row, column, text)
    levels = ",".join(wording.LEVELS.values())
    choice = DataValidation("list", formula1=f'"{levels}"', allow_blank=True)
    choice.showErrorMessage, choice.error = True, wording.LEVEL_ERROR
    choice.add(f"{LEVEL_COLUMN}2:{LEVEL_COLUMN}{max(ROOM, len(rows) + 2)}")
    page.add_data_validation(choice)
    notes = book.create_sheet(wording.NOTES_SHEET)
    for row, (name, note) in enumerate(wording.COLUMN_NOTES, 1):
        put(notes, row, 1, name)
        put(notes, row, 2, note)
    notes.column_dimensions["B"].width = 70
    out = io.BytesIO()
    book.save(out)
    return finished(out)
