"""
One report as a workbook and as open data (.csv).

The workbook has the tables as printed, the texts on a sheet, and every figure again in a row of its
own, as in the figures of many organs. Figures are numbers; typed text is never live; open cells say
so, and so does every sheet of a draft.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from bot.files.spreadsheet import LINE, MOST_CHARACTERS, dead, figure_of, finished, put_text
from conversations.county.handing_out import meanings
from conversations.document.lines import width
from conversations.document.write.content import (
    DRAFT_NOTICE,
    GAP,
    DocumentInput,
    Paragraph,
    contents,
    text_spots,
)
from conversations.document.write.package import core_properties
from conversations.form.answers import Number, format_number
from conversations.form.model import CellId, Section, Table
from conversations.wording import report_files as wording

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

ON_A_PAGE = 96  # characters beside each other
UPRIGHT = 120  # of them that can be read on a page that stands
RUNNING = (24, 24, 24, 24)  # for a text: LibreOffice cuts a single column off, not several
LABELS, LAST_LABEL = 10, 34  # of them for the columns of labels, of which the last is the widest
NARROW, BROAD = 7, 16  # for a column of figures
A4 = 9
FACE = "宋体"
MOST_HEIGHT = 400  # points that a row can have
BOX, LABEL = "年报表格", "年报栏目"  # how cells look, by the names that a program lists
TITLE, HEADING, TEXT = "年报标题", "年报节题", "年报正文"
SIGNED, WARNING = "年报落款", "年报草稿"


def as_workbook(report: DocumentInput, *, draft: bool = False) -> bytes:
    """
    The .xlsx; it contains no time, and the same report gives the same bytes.

    Raises:
        UnfinishedError: A final file was asked for and something is open.
    """
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    sheets = _Sheets(book, report, draft)
    for section in report.form.sections:
        if isinstance(section.body, Table):
            page = book.create_sheet(_sheet_name(section, section.body))
            _table(sheets, page, section)
    _texts(sheets, book.create_sheet(wording.TEXTS_SHEET))
    _long(sheets, book.create_sheet(wording.LONG_SHEET))
    out = io.BytesIO()
    book.save(out)
    title, day = "".join(report.title), report.dated.isoformat()
    return finished(out, core_properties(title, report.author, day, report.fingerprint))


def as_csv(report: DocumentInput, *, draft: bool = False) -> str:
    """
    Every figure in a row of its own; the mark before it tells Excel that it is UTF-8.

    Raises:
        UnfinishedError: A final file was asked for and something is open.
    """
    contents(report, draft=draft)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(wording.LONG_HEAD)
    for row in _rows(report, report.figures.all(), draft):
        writer.writerow([dead(v) if isinstance(v, str) else format_number(v) for v in row])
    return "\ufeff" + out.getvalue()


def _rows(
    report: DocumentInput, known: Mapping[CellId, Number], draft: bool
) -> Iterator[tuple[Number | str, ...]]:
    """The figures in printed order; an open one is a gap."""
    state = wording.STATES[draft]
    for each in meanings(report.form):
        cell = each.cell
        value = known.get(cell.id, GAP)
        yield report.author, report.year, cell.id, each.name, value, cell.counted_in, state


# ---- sheets --------------------------------------------------------------------------------


class _Sheets:
    """Shared by the sheets: the report, and named styles of cells."""

    def __init__(self, book: Workbook, report: DocumentInput, draft: bool) -> None:
        from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side

        self.report, self.draft = report, draft
        self.document = contents(report, draft=draft)
        self.known = report.figures.all()
        thin, plain, bold = Side(style="thin"), Font(FACE, 11), Font(FACE, 11, bold=True)
        boxed, free = Border(thin, thin, thin, thin), Border()
        for look, across, down, border, font in (
            (BOX, "center", "center", boxed, plain),
            (LABEL, "left", "center", boxed, plain),
            (TITLE, "center", "center", free, bold),
            (HEADING, "left", "top", free, bold),
            (TEXT, "left", "top", free, plain),
            (SIGNED, "right", "top", free, plain),
            (WARNING, "left", "top", free, Font(FACE, 11, bold=True, color="C00000")),
        ):
            alignment = Alignment(across, down, wrap_text=True)
            book.add_named_style(NamedStyle(look, font, border=border, alignment=alignment))

    def begin(self, page: Worksheet, widths: Sequence[float]) -> int:
        """Set up a page; returns the first free row, below the notice of a draft."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.properties import PageSetupProperties

        for number, wide in enumerate(widths, 1):
            page.column_dimensions[get_column_letter(number)].width = wide
        page.page_setup.paperSize = A4
        page.page_setup.orientation = "landscape" if sum(widths) > UPRIGHT else "portrait"
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.page_setup.fitToHeight = 0  # as many pages as it takes, each as wide as it is
        page.print_options.horizontalCentered = True
        return self.lines(page, 1, [DRAFT_NOTICE] if self.draft else [], widths, WARNING)

    def lines(
        self,
        page: Worksheet,
        row: int,
        texts: Iterable[str],
        widths: Sequence[float],
        look: str = TEXT,
    ) -> int:
        """Texts below each other, over the whole width; returns the next free row."""
        for text in texts:
            for start in range(0, len(text), MOST_CHARACTERS):
                part = text[start : start + MOST_CHARACTERS]
                put(page, row, 1, part, look)
                merge(page, row, 1, 1, len(widths))
                page.row_dimensions[row].height = _height(part, sum(widths))
                row += 1
        return row


def put(page: Worksheet, row: int, column: int, value: Number | str, look: str = "") -> None:
    """Write a text as it is, or a figure."""
    cell = cast("Cell", page.cell(row, column))
    if look:
        cell.style = look
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = figure_of(value)


def _shrink(page: Worksheet, row: int, column: int) -> None:
    """Print a long figure small and whole: a program would write 1,000,000,000 as 1E+09."""
    from openpyxl.styles import Alignment

    cell = cast("Cell", page.cell(row, column))
    cell.number_format = "0"
    cell.alignment = Alignment("center", "center", shrink_to_fit=True)


def merge(page: Worksheet, row: int, column: int, rows: int, columns: int) -> None:
    """Join cells, each of which keeps its own look, as borders are drawn cell by cell."""
    from openpyxl.utils import get_column_letter

    if rows > 1 or columns > 1:
        last = f"{get_column_letter(column + columns - 1)}{row + rows - 1}"
        page.merged_cells.add(f"{get_column_letter(column)}{row}:{last}")


def _height(text: str, wide: float) -> int:
    """Points of a row in which a text is not cut off."""
    lines = -(-width(text) // max(1, int(wide) - 2))
    return min(MOST_HEIGHT, LINE * max(1, lines))


def _sheet_name(section: Section, table: Table) -> str:
    return f"{table.short} {section.short}"


def _table(sheets: _Sheets, page: Worksheet, section: Section) -> None:
    """A table as it is printed, below its heading and between its remarks."""
    table, document = section.body, sheets.document
    assert isinstance(table, Table)
    widths = _widths(table)
    row = sheets.begin(page, widths)
    row = sheets.lines(page, row, ["".join(document.title)], widths, TITLE)
    row = sheets.lines(page, row, [section.heading], widths, HEADING)
    row = sheets.lines(page, row, _plain(document.remark(section.id, below=False)), widths)
    for number, spots in enumerate(text_spots(table)):
        high = LINE
        for spot in spots:
            box, first = spot.box, spot.column + 1
            is_label = box.text and box.rows == 1 and number >= table.head_rows > 0
            look = LABEL if is_label else BOX
            for column in range(first + spot.opens, first + box.columns):
                page.cell(row, column).style = look
            if not spot.opens:
                continue
            value = sheets.known.get(box.cell, box.text or GAP)
            put(page, row, first, value, look)
            if isinstance(value, int) and len(str(value)) >= widths[spot.column]:
                _shrink(page, row, first)
            merge(page, row, first, box.rows, box.columns)
            if box.rows == 1:
                wide = sum(widths[spot.column : spot.column + box.columns])
                high = max(high, _height(box.text, wide))
        page.row_dimensions[row].height = high
        row += 1
    sheets.lines(page, row, _plain(document.remark(section.id, below=True)), widths)


def _widths(table: Table) -> list[float]:
    """Columns of labels, then those of figures, which share what is left of the page."""
    labels = min(
        spot.column for spots in text_spots(table) for spot in spots if spot.box.cell and spot.opens
    )
    taken = LABELS * max(0, labels - 1) + LAST_LABEL * bool(labels)
    each = (ON_A_PAGE - taken) / (table.width - labels)
    figures = [min(BROAD, max(NARROW, each))] * (table.width - labels)
    return [*[LABELS] * (labels - 1), *[LAST_LABEL] * bool(labels), *figures]


def _texts(sheets: _Sheets, page: Worksheet) -> None:
    """What stands in the document beside the tables, in its order."""
    document, sections = sheets.document, sheets.report.form.sections
    widths = RUNNING
    row = sheets.begin(page, widths)
    row = sheets.lines(page, row, document.title, widths, TITLE)
    row = sheets.lines(page, row, _plain(document.texts["introduction"]), widths)
    for section in sections:
        row = sheets.lines(page, row, [section.heading], widths, HEADING)
        if isinstance(section.body, Table):
            texts = [wording.ON_A_SHEET.format(sheet=_sheet_name(section, section.body))]
        else:
            texts = _plain(document.texts[section.id])
        row = sheets.lines(page, row, texts, widths)
    if signed := document.signature:
        texts = [line.signed for line in (*signed.organs, signed.date) if line]
        row = sheets.lines(page, row, texts, widths, SIGNED)
    sheets.lines(page, row, _plain(document.remark(sections[-1].id, below=True)), widths)


def _plain(paragraphs: Iterable[Paragraph]) -> list[str]:
    return [paragraph.head + paragraph.text for paragraph in paragraphs]


def _long(sheets: _Sheets, page: Worksheet) -> None:
    """A row a figure."""
    row = sheets.begin(page, wording.LONG_WIDTHS)
    for column, name in enumerate(wording.LONG_HEAD, 1):
        put(page, row, column, name, HEADING)
    page.freeze_panes = f"A{row + 1}"
    page.print_title_rows = f"{row}:{row}"
    for below, values in enumerate(_rows(sheets.report, sheets.known, sheets.draft), row + 1):
        for column, value in enumerate(values, 1):
            put(page, below, column, value)
