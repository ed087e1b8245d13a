"""
One report as a workbook and as open data: the printed tables, the texts, and every figure.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.files.ledger import sheets_in
from bot.files.report_sheets import as_csv, as_workbook
from conversations.answers.ledger import NotTaken, read_ledger
from conversations.document.write.content import DRAFT_NOTICE, GAP, DocumentInput, UnfinishedError
from conversations.form.answers import Value
from conversations.form.model import Table
from conversations.wording import report_files as wording
from tests.written import FORM, leiming, with_answers

RECEIVED = "requests.received.natural_person"
LICENSING = "proactive_disclosure.licensing.decisions"
FEES = "proactive_disclosure.administrative_fees.amount"
LIVE = '=HYPERLINK("http://example.com","点我")'
SIGNED = {"signature": "雷鸣镇人民政府", "signature_date": "2024年1月15日"}
REMARKS = {remark: f"注：{remark}。" for remark in FORM.remark}


@cache
def report() -> DocumentInput:
    figures: dict[str, Value] = {FEES: Decimal("7730.28"), LICENSING: 295}
    return with_answers(leiming(), {**SIGNED, **REMARKS, **figures})


@cache
def book() -> Workbook:
    return load_workbook(io.BytesIO(as_workbook(report())))


def texts(page: Any) -> list[str]:
    return [str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell]


def tables() -> Iterator[tuple[Any, Table]]:
    sections = [section for section in FORM.sections if isinstance(section.body, Table)]
    for page, section in zip(book().worksheets, sections, strict=False):
        assert isinstance(section.body, Table)
        assert section.heading in texts(page)
        yield page, section.body


def test_the_tables_stand_as_they_are_printed():
    """
    Each box where it is in print, over as many rows and columns; figures are numbers.
    """
    known = report().figures.all()
    for page, table in tables():
        places = {each.coord: each for each in page.merged_cells.ranges}
        (top,) = (c.row for c in page["A"] if c.value == table.grid[0][0].text)
        taken = {(row, column) for each in places.values() for row, column in each.cells}
        for number, boxes in enumerate(table.grid, top):
            column = 1
            for box in boxes:
                while (number, column) in taken and page.cell(number, column).value is None:
                    column += 1
                cell = page.cell(number, column)
                wanted = known[box.cell] if box.cell else box.text
                found = [each for each in places.values() if cell.coordinate in each]
                spans = [(each.size["rows"], each.size["columns"]) for each in found] or [(1, 1)]
                assert [(box.rows, box.columns)] == spans
                assert wanted == (cell.value if box.text else Decimal(repr(cell.value)))
                assert cell.border.left.style == "thin"
                column += box.columns
        assert (1, 0) == (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight)
        assert page.sheet_properties.pageSetUpPr.fitToPage


def test_the_texts_stand_in_their_order_around_the_tables():
    """
    Title, sections, signature on one sheet; what stands around a table is on its sheet.
    """
    document = report()
    said = texts(book()[wording.TEXTS_SHEET])
    lines = [line for n in FORM.narratives for line in document.lines(n.id)]
    around = [text for page, _ in tables() for text in texts(page) if text in REMARKS.values()]

    assert [*document.title] == said[: len(document.title)]
    assert lines == [text for text in said if text in lines]
    assert [*SIGNED.values(), list(REMARKS.values())[-1]] == said[-3:]
    assert list(REMARKS.values())[:-1] == around
    assert all(section.heading in said for section in FORM.sections)


def test_every_figure_has_a_row_of_its_own_in_both():
    """
    With organ, year, id, name, value and unit, as the figures of many organs are given.
    """
    head, *rows = book()[wording.LONG_SHEET].iter_rows(values_only=True)
    text = as_csv(report())
    written = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    figures = report().figures.all()

    assert text.startswith("\ufeff")
    assert list(wording.LONG_HEAD) == list(head) == written[0]
    assert [list(map(str, row)) for row in rows] == written[1:]
    assert figures == {row[2]: Decimal(repr(row[4])) for row in rows}
    assert {(report().organ, report().year)} == {row[:2] for row in rows}
    assert {wording.STATES[False]} == {row[-1] for row in rows}


def test_a_long_figure_keeps_its_digits():
    """
    A spreadsheet keeps fifteen; a figure with more is a text.
    """
    long = Decimal("12345678901234567.123456")
    data = as_workbook(with_answers(report(), {FEES: long}))
    page = load_workbook(io.BytesIO(data))[wording.LONG_SHEET]

    assert [str(long)] == [row[4] for row in page.iter_rows(values_only=True) if row[2] == FEES]


def test_a_long_figure_is_printed_whole():
    """
    Small in its column, where a program would round it to 1E+09; others as the rest.
    """
    figures: dict[str, Value] = {RECEIVED: 999_999_999, LICENSING: 123_456}
    book = load_workbook(io.BytesIO(as_workbook(with_answers(report(), figures))))
    cells = [cell for page in book.worksheets[:2] for row in page.iter_rows() for cell in row]
    looks = {
        cell.value: (cell.number_format, bool(cell.alignment.shrink_to_fit), cell.border.left.style)
        for cell in cells
        if cell.value in figures.values()
    }

    assert {999_999_999: ("0", True, "thin"), 123_456: ("General", False, "thin")} == looks


def test_a_draft_says_so_on_every_sheet():
    """
    In its first row; what is open is marked, in the open data too.
    """
    draft = with_answers(report(), {LICENSING: None, "overview": None})
    found = load_workbook(io.BytesIO(as_workbook(draft, draft=True)))
    rows = list(csv.DictReader(io.StringIO(as_csv(draft, draft=True)[1:], newline="")))
    (gap,) = (row for row in rows if row[wording.LONG_HEAD[2]] == LICENSING)

    assert {DRAFT_NOTICE} == {page["A1"].value for page in found}
    assert all(GAP in texts(page) for page in (found.worksheets[0], found[wording.TEXTS_SHEET]))
    assert GAP == gap[wording.LONG_HEAD[4]]
    assert {wording.STATES[True]} == {row[wording.LONG_HEAD[-1]] for row in rows}
    for make in (as_workbook, as_csv):
        with pytest.raises(UnfinishedError):
            make(draft)


def test_nothing_that_was_typed_is_live():
    """
    The organ's name, the title, texts and remarks that begin like a formula.
    """
    typed = dict.fromkeys(("title", "overview", "signature", *FORM.remark), LIVE)
    live = replace(with_answers(report(), typed), organ=LIVE)
    data = as_workbook(live)

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())
    cells = [c for page in load_workbook(io.BytesIO(data)) for row in page.iter_rows() for c in row]
    said = [cell for cell in cells if cell.value == LIVE]
    assert len(typed) + 3 < len(said)
    assert {("s", True)} == {(cell.data_type, bool(cell.quotePrefix)) for cell in said}
    assert {f"'{LIVE}"} == {row[0] for row in list(csv.reader(io.StringIO(as_csv(live))))[1:]}


def test_a_text_longer_than_a_cell_goes_on_in_the_next():
    """
    A spreadsheet holds 32,767 characters in one; nothing of it is cut off.
    """
    long = "长" * 40_000 + "。"
    page = load_workbook(io.BytesIO(as_workbook(with_answers(report(), {"overview": long}))))
    said = [text for text in texts(page[wording.TEXTS_SHEET]) if set(text) <= {"长", "。"}]

    assert long == "".join(said)


def test_the_same_report_is_the_same_file_and_bears_its_mark(time_machine):
    """
    It tells no moment; the mark is that of the report, by which an approval names it.
    """
    time_machine.move_to("2026-01-05T09:00")
    first = as_workbook(report())
    time_machine.move_to("2027-02-06T10:11")

    assert first == as_workbook(report())
    assert report().fingerprint == load_workbook(io.BytesIO(first)).properties.identifier


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_sent_back_as_a_ledger_it_does_no_harm(kind):
    """
    What the bot takes out of it are the report's own figures, or nothing at all.
    """
    data = as_workbook(report()) if kind == "xlsx" else as_csv(report()).encode()
    sheets = sheets_in(data, f"a.{kind}").sheets

    for table in FORM.tables:
        found = read_ledger(sheets, FORM.section[table.id], FORM, report().year)
        values = {} if isinstance(found, NotTaken) else found.reading.values
        assert values.items() <= report().figures.all().items()
