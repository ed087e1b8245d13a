"""
The office's own spreadsheet (.xlsx, .csv; .xls through LibreOffice): reading and offering it.

`sheets_in` gives the visible content, in which `conversations/answers/ledger.py` finds the figures;
`empty_table` is the table to fill in at a desk and send back.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.files.spreadsheet import finished, text_of
from bot.files.unreadable import UnreadableFile
from conversations.answers.ledger import LAST_YEAR, UNCERTAIN, Sheet, table_of
from conversations.county.organ_rows import is_organ_list
from conversations.document.archives import DAMAGED
from conversations.document.read.blocks import NeedsConversion
from conversations.document.write.content import DocumentInput
from conversations.form.answers import Figures
from conversations.form.model import CellId, ItemId, Line, LineKind, Measure
from conversations.form.organ import safe_file_name
from conversations.talk.events import LedgerRead
from conversations.wording import ledger as wording

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 400, 60, 20
LIST_ROWS, LIST_CHARACTERS = 4_000, 400_000  # of a list of organs
MOST_PARTS, MOST_BYTES = 2_000, 60_000_000  # of a workbook, unpacked
MOST_CHARACTERS = 40_000  # cells of the visible content; a report's tables have some 3,000
IN_A_LINE, LINE_HEIGHT = (34, 6), 17  # characters beside and above the figures; points
OLE = b"\xd0\xcf\x11\xe0"

# A number format that shows something other than the number: percent, thousands cut off, nothing at
# all, or digits of its own.
_OTHERWISE_SHOWN = re.compile(r"%|[0#?],+(?![0#?])|^;")
_OWN_DIGITS = re.compile(r'"[^"]*\d[^"]*"|\\\d')
_DECIMALS = re.compile(r"[#,0]*0(?:\.(0+))?(?:_.)*")  # of a plain format
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def is_spreadsheet(data: bytes, name: str) -> bool:
    """Whether a file is a spreadsheet; .csv and .xls are recognised by name."""
    ending = name.lower().rpartition(".")[2]
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                return "xl/workbook.xml" in parts.namelist()
        except DAMAGED:
            return ending == "xlsx"
    return ending == "csv" or (data.startswith(OLE) and ending in ("xls", "xlsx", "et"))


def sheets_in(data: bytes, name: str) -> LedgerRead:
    """
    The visible content of a spreadsheet. For a child.

    Raises:
        UnreadableFile: It is broken, locked or too large.
        NeedsConversion: LibreOffice has to convert it (.xls).
    """
    if data.startswith(OLE):
        if name.lower().endswith(".xlsx"):
            raise UnreadableFile(wording.LOCKED)
        raise NeedsConversion("xls")
    sheets = _workbook(data) if data.startswith(b"PK") else (_csv(data),)
    # The table is searched for in the transaction of a step.
    is_list = any(is_organ_list(sheet.rows) for sheet in sheets)
    most = LIST_CHARACTERS if is_list else MOST_CHARACTERS
    if sum(len(cell) for sheet in sheets for row in sheet.rows for cell in row) > most:
        raise UnreadableFile(wording.TOO_LARGE)
    if not is_list and any(len(sheet.rows) > MOST_ROWS for sheet in sheets):
        raise UnreadableFile(wording.TOO_LARGE)
    return LedgerRead(name, sheets)


def _csv(data: bytes) -> Sheet:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        delimiter = max("\t;,", key=first.count)
        try:
            rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        except csv.Error:
            break
        if len(rows) > LIST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
            raise UnreadableFile(wording.TOO_LARGE)
        return Sheet("", tuple(tuple(cell.strip() for cell in row) for row in rows))
    raise UnreadableFile(wording.BROKEN)


def _workbook(data: bytes) -> tuple[Sheet, ...]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
        if len(sizes) > MOST_PARTS or sum(sizes) > MOST_BYTES:
            raise UnreadableFile(wording.TOO_LARGE)
        # Once with the stored values, once with their formulas.
        values = load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
        formulas = load_workbook(io.BytesIO(data))
    except UnreadableFile:
        raise
    except Exception as error:  # any error of the library
        raise UnreadableFile(wording.BROKEN) from error
    visible = [page for page in values.worksheets if page.sheet_state == "visible"][:MOST_SHEETS]
    return tuple(_seen(page, formulas[page.title]) for page in visible)


def _seen(page: Worksheet, formulas: Worksheet) -> Sheet:
    """
    The visible content of a sheet; in a list of organs, a cell over several rows counts for each.
    """
    sheet = _sheet(page, formulas)
    tall = [area for area in page.merged_cells.ranges if area.min_col == area.max_col]
    if not tall or not is_organ_list(sheet.rows):
        return sheet
    for area in tall[:LIST_ROWS]:
        said = page.cell(area.min_row, area.min_col).value
        page.unmerge_cells(str(area))
        for row in range(area.min_row, min(area.max_row, page.max_row, LIST_ROWS) + 1):
            page.cell(row, area.min_col).value = said
    return _sheet(page, formulas)


def _sheet(page: Worksheet, formulas: Worksheet) -> Sheet:
    """The visible content of a sheet; the first of merged cells has their content."""
    if page.max_row > MOST_ROWS and _last_row(page) > LIST_ROWS:
        raise UnreadableFile(wording.TOO_LARGE)
    rows, hidden = [], 0
    hidden_columns = set(_hidden_columns(page))
    last = page.max_row if page.max_row <= MOST_ROWS else max(1, _last_row(page))
    width = min(page.max_column, MOST_COLUMNS)
    both = zip(
        page.iter_rows(max_row=last, max_col=width),
        formulas.iter_rows(max_row=last, max_col=width),
        strict=True,
    )
    for index, (shown, made) in enumerate(both, start=1):
        if page.row_dimensions[index].hidden:
            hidden += any(cell.value is not None for cell in shown)
            continue
        rows.append(
            tuple(
                _text(cell, is_formula=origin.data_type == "f")
                for column, (cell, origin) in enumerate(zip(shown, made, strict=True), start=1)
                if column not in hidden_columns
            )
        )
    return Sheet(page.title, tuple(rows), hidden + len(hidden_columns))


def _last_row(page: Worksheet) -> int:
    return max((row for row, _ in page._cells if page._cells[row, _].value is not None), default=0)


def _hidden_columns(page: Worksheet) -> Iterator[int]:
    for dimension in page.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            yield from range(dimension.min, min(dimension.max, MOST_COLUMNS) + 1)


def _text(cell: Any, *, is_formula: bool) -> str:
    """A cell as text; unusual content says so, with its place."""
    value = cell.value
    if value is None:
        return f"{UNCERTAIN}{wording.no_value(cell.coordinate)}" if is_formula else ""
    if isinstance(value, bool) or cell.data_type == "e":
        return f"{UNCERTAIN}{wording.no_figure(cell.coordinate, str(value))}"
    if isinstance(value, (date, datetime, time, timedelta)):
        return f"{UNCERTAIN}{wording.is_date(cell.coordinate)}"
    if _is_marked(cell):
        return f"{UNCERTAIN}{wording.is_marked(cell.coordinate)}"
    if isinstance(value, (int, float)):
        if _is_shown_otherwise(value, cell.number_format or ""):
            return f"{UNCERTAIN}{wording.shown_otherwise(cell.coordinate)}"
        # A sum of decimals is stored with more digits than were typed.
        number = Decimal(repr(round(value, 8)))
        whole = number.to_integral_value()
        return format(whole if whole == number else number, "f")
    return " ".join(str(value).split())


def _is_shown_otherwise(value: float, shown: str) -> bool:
    """Whether a number format shows other digits than those stored."""
    if _OWN_DIGITS.search(shown) or _OTHERWISE_SHOWN.search(_QUOTED.sub("", shown)):
        return True
    plain = _DECIMALS.fullmatch(_QUOTED.sub("", shown.partition(";")[0]))
    if plain is None:
        return False
    return abs(round(value, len(plain.group(1) or "")) - value) > 1e-8


def _is_marked(cell: Any) -> bool:
    """Whether digits of a cell are struck out, raised or lowered, like the mark of a note."""
    fonts = (
        [cell.font, *(part.font for part in cell.value if not isinstance(part, str))]
        if (isinstance(cell.value, list))
        else [cell.font]
    )
    marked = any(f.strike or f.vertAlign in ("superscript", "subscript") for f in fonts)
    return marked and any(character.isdecimal() for character in str(cell.value))


def _heads(line: Line) -> tuple[str, ...]:
    """The heads above the figures of a line."""
    return tuple(cell.column.label for cell in line.printed)


# ---- the table to be filled at a desk ------------------------------------------------------


def empty_table(
    report: DocumentInput, table: ItemId, last_year: Figures | None
) -> tuple[str, bytes]:
    """
    A table as .xlsx: labels, present answers, sums as formulas, last year's figures.

    Only figures can be typed: whole numbers from 0 on, 万元 with decimals. The same values give the
    same bytes.

    Returns:
        The file's name and its bytes.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    form, section, answers = report.form, report.form.section[table], report.answers
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = f"{section.number}、{section.short}"[:31]
    thin = Side(style="thin", color="999999")
    border = Border(thin, thin, thin, thin)
    middle = Alignment("center", "center", wrap_text=True)
    grey, open_ = PatternFill("solid", fgColor="EDEDED"), PatternFill("solid", fgColor="FFF9E5")
    whole = DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
    money = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0")
    for rule, text in ((whole, wording.WHOLE_ONLY), (money, wording.MONEY_ONLY)):
        rule.showErrorMessage, rule.error, rule.errorTitle = True, text, wording.ONLY_FIGURES
        page.add_data_validation(rule)

    def put(row: int, column: int, value: object) -> Any:
        cell = page.cell(row, column)
        cell.value = text_of(value) if isinstance(value, str) else value  # type: ignore[assignment]
        cell.border, cell.alignment, cell.fill = border, middle, grey
        if isinstance(value, str):
            cell.data_type = "s"  # whatever it begins with
            needed = -(-len(value) // IN_A_LINE[column > 1]) * LINE_HEIGHT
            height = page.row_dimensions[row].height or LINE_HEIGHT
            page.row_dimensions[row].height = max(height, needed)
        return cell

    lines = [line for line in table_of(section).lines if line.kind is not LineKind.SUM]
    beside = max(len(line.printed) for line in lines) + 2
    where: dict[CellId, str] = {}
    row = 3
    for _, alike in groupby(lines, key=_heads):
        group = list(alike)
        heads = _heads(group[0])
        for column, text in enumerate(("", *heads), start=1):
            put(row, column, text).font = Font(bold=True)
        if last_year:
            for column, text in enumerate(heads, start=beside):
                put(row, column, f"{LAST_YEAR}{text}").font = Font(color="777777")
        for line in group:
            row += 1
            put(row, 1, "".join(line.path)).alignment = Alignment("left", "center", wrap_text=True)
            for column, cell in enumerate(line.printed, start=2):
                where[cell.id] = f"{get_column_letter(column)}{row}"
                made = put(row, column, None)
                if cell.id in form.sums:
                    parts = [where[part] for part in form.sums[cell.id] if part in where]
                    made.value = f"=SUM({','.join(parts)})"
                else:
                    made.value = answers.number(cell.id)
                    made.fill, made.protection = open_, Protection(locked=False)
                    (money if cell.measure is Measure.FEE else whole).add(made.coordinate)
                if last_year:
                    said = last_year.get(cell.id)
                    put(row, beside + column - 2, said).font = Font(color="777777")
        row += 2
    title = f"{report.organ}{report.year}年度 {section.heading}"
    page.cell(1, 1).value, page.cell(1, 1).data_type = text_of(title), "s"
    page.cell(1, 1).font = Font(bold=True, size=13)
    page.column_dimensions["A"].width = 62
    for column in range(2, 16):
        page.column_dimensions[get_column_letter(column)].width = 12
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    rest = wording.FILE.format(year=report.year, table=table_of(section).short)
    return safe_file_name(report.organ, rest), finished(out)
