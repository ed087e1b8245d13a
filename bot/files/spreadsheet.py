"""
Spreadsheets (.xlsx): typed or published text stands in them as text, never live.

A text that begins like a formula is written and marked as a text cell, so that neither a program
that opens the file nor an edit of the cell makes it a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from conversations.document.lines import width
from conversations.document.write.package import core_properties, zipped
from conversations.form.answers import Number, format_number
from conversations.form.organ import FORMULAS

if TYPE_CHECKING:
    from openpyxl.cell import Cell

CellT = TypeVar("CellT", bound="Cell")
Scalar = str | int | Decimal | None

MOST_ROWS = 200_000  # a sheet can hold 1,048,576; nobody reads so many
MOST_CHARACTERS = 32_767  # what one cell can hold
ON_A_PAGE = 16  # columns of a sheet that is printed in the width of a page
LINE = 16  # points
CUT = "余下的行太多，没有列出。"
CREATOR = "年报助手"

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_NAME = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One sheet: its name, the heads, the rows, the columns' widths in characters.

    `above` are rows of heads above the filter row; `fixed` columns stay in sight.
    """

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Scalar]]
    widths: Sequence[int] = ()
    above: Sequence[Sequence[str]] = ()
    fixed: int = 0


def text_of(value: str) -> str:
    """A text as a cell can hold it."""
    clean = _ILLEGAL.sub("", value)
    if len(clean) > MOST_CHARACTERS:
        clean = clean[: MOST_CHARACTERS - 1] + "…"
    return clean


def dead(text: str) -> str:
    """A text in a .csv that a spreadsheet does not take for a formula."""
    text = text_of(text)
    return f"'{text}" if text.startswith(FORMULAS) else text


def figure_of(value: Number | None) -> Scalar:
    """A figure as a cell can hold it: one with more digits than a spreadsheet keeps is a text."""
    if value is None or Decimal(repr(float(value))) == value:
        return value
    return format_number(value)


def put_text(cell: CellT, value: str) -> CellT:
    """
    Write text into a cell as text, however it begins.

    openpyxl takes «=…» for a formula and «#N/A» for an error.
    """
    clean = text_of(value)
    cell.value = clean
    cell.data_type = "s"
    if clean.startswith(_LIVE):
        cell.quotePrefix = True
    return cell


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """
    The file; it contains no time, and the same sheets give the same bytes.

    Rows beyond `MOST_ROWS` are left out, and the last row says so.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook(write_only=True)
    bold = Font(bold=True)
    grey = PatternFill("solid", fgColor="D9E2F3")
    wrapped = Alignment(wrap_text=True, vertical="top")
    for sheet in sheets:
        page = book.create_sheet(_NAME.sub("", sheet.name)[:31])
        top = len(sheet.above) + 1
        page.freeze_panes = f"{get_column_letter(sheet.fixed + 1)}{top + 1}"
        page.print_title_rows = f"1:{top}"
        if sheet.fixed:
            page.print_title_cols = f"A:{get_column_letter(sheet.fixed)}"
        page.page_setup.orientation = "landscape"
        if len(sheet.head) <= ON_A_PAGE:
            page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            page.page_setup.fitToHeight = 0  # as many pages as it takes
        for index, wide in enumerate(sheet.widths, 1):
            page.column_dimensions[get_column_letter(index)].width = wide

        def cell(value: Scalar, page: WriteOnlyWorksheet = page) -> object:
            if isinstance(value, str):
                made = put_text(WriteOnlyCell(page), value)
                made.alignment = wrapped
                return made
            return value

        for index, names in enumerate((*sheet.above, sheet.head), 1):
            if sheet.above:
                page.row_dimensions[index].height = _height(names, sheet.widths)
            heads = []
            for name in names:
                head = WriteOnlyCell(page, value=name)
                head.font, head.fill, head.alignment = bold, grey, wrapped
                heads.append(head)
            page.append(heads)
        count = 0
        for row in sheet.rows:
            count += 1
            if count > MOST_ROWS:
                page.append([CUT])
                break
            page.append([cell(value) for value in row])
        page.auto_filter.ref = (
            f"A{top}:{get_column_letter(max(1, len(sheet.head)))}{min(count, MOST_ROWS) + top}"
        )
    out = io.BytesIO()
    book.save(out)
    return finished(out)


def _height(names: Sequence[str], widths: Sequence[int]) -> int:
    """The height in points of a row of heads in which none is cut off."""
    lines = (-(-width(name) // (wide - 1)) for name, wide in zip(names, widths, strict=True))
    return LINE * max(1, *lines)


PRODUCT = core_properties("", CREATOR, "2000-01-01")


def finished(out: io.BytesIO, properties: str = PRODUCT) -> bytes:
    """A workbook saved by openpyxl, without the time that it writes into it."""
    with zipfile.ZipFile(out) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["docProps/core.xml"] = properties.encode()
    return zipped(parts)
