"""
Every form of a report says the same, as readers of others find it.
"""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain

import docx
import lxml.html
import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from bot.files.forms import made
from conversations.document.write.content import DocumentInput
from conversations.form.answers import format_number
from conversations.wording import report_files as wording
from tests.conversations.test_round_trip import reports
from tests.extremes import EXTREMES
from tests.written import FORM, leiming, with_answers

REMARKS = {remark: f"注：{place}、以上含移送件。" for place, remark in enumerate(FORM.remark)}


def squeezed(texts: Iterable[object]) -> list[str]:
    return [text for each in texts if (text := re.sub(r"\s", "", str(each)))]


def boxes(report: DocumentInput) -> list[list[str]]:
    """
    What stands in the boxes of each table, row after row.
    """
    figures = report.figures.all()
    return [
        squeezed(box.text or format_number(figures[box.cell]) for row in table.grid for box in row)
        for table in FORM.tables
    ]


def told(report: DocumentInput) -> list[str]:
    """
    The paragraphs beside the tables, in their order.
    """
    lines = [*report.title, *report.lines("introduction")]
    for section in FORM.sections:
        lines.append(section.heading)
        for item in (section.id, *(r.id for r in FORM.remarks if r.section == section.id)):
            if item != FORM.remarks[-1].id:
                lines += report.lines(item)
    for item in ("signature", "signature_date", FORM.remarks[-1].id):
        lines += report.lines(item)
    return squeezed(lines)


def in_docx(data: bytes) -> tuple[list[list[str]], str]:
    document = docx.Document(io.BytesIO(data))
    tables = []
    for table in document.tables:
        cells = {id(c._tc): c for row in table.rows for c in row.cells}
        tables.append(squeezed(cell.text for cell in cells.values()))
    return tables, "".join(squeezed(paragraph.text for paragraph in document.paragraphs))


def in_page(data: bytes) -> tuple[list[list[str]], str]:
    page = lxml.html.fromstring(data.decode())
    found = list(page.iter("table"))
    tables = [
        squeezed("".join(map(str, c.itertext())) for c in table.iter("td", "th")) for table in found
    ]
    for table in found:
        table.clear()
    return tables, "".join(squeezed(page.itertext()))


def in_workbook(data: bytes) -> tuple[list[list[str]], str]:
    book = load_workbook(io.BytesIO(data))

    def told(name: str) -> list[str]:
        rows = book[name].iter_rows(values_only=True)
        return squeezed(v for row in rows for v in row if v is not None)

    tables = [told(page.title) for page in book.worksheets[: len(FORM.tables)]]
    return tables, "".join((*told(wording.TEXTS_SHEET), *chain.from_iterable(tables)))


def in_text(data: bytes) -> tuple[list[list[str]], str]:
    lines = data.decode().split("\n")
    rows = [line.split("\t") for line in lines]
    return [squeezed(cell for row in rows for cell in row)], "".join(squeezed(lines))


READERS = {
    "docx": in_docx,
    "html": in_page,
    "html-page": in_page,
    "xlsx": in_workbook,
    "txt": in_text,
}


def has(whole: list[str], part: list[str]) -> bool:
    """
    Whether the boxes stand in a row in what was found.
    """
    starts = (i for i, text in enumerate(whole) if text == part[0])
    return any(whole[start : start + len(part)] == part for start in starts)


def check(report: DocumentInput, key: str) -> None:
    _, data = made(None, report, key, draft=False)
    tables, text = READERS[key](data)
    for number, wanted in enumerate(boxes(report)):
        assert has(tables[number if len(tables) > 1 else 0], wanted), (key, FORM.tables[number].id)
    place = 0
    for line in told(report):
        found = text.find(line) if key == "xlsx" else text.find(line, place)
        assert found >= 0, (key, line)
        place = found


def check_csv(report: DocumentInput) -> None:
    _, data = made(None, report, "csv", draft=False)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]
    assert report.figures.all() == {row[2]: Decimal(row[4]) for row in rows}


@given(report=reports())
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
def test_every_form_says_the_same(report):
    """
    For any legal report: each figure in its box, each paragraph in its place.
    """
    for key in READERS:
        check(with_answers(report, REMARKS), key)
    check_csv(report)


@pytest.mark.soak
@pytest.mark.parametrize("name", EXTREMES)
def test_reports_at_the_edge_say_the_same_in_every_form(name):
    """
    The longest texts, the largest figures, the longest name.
    """
    for key in READERS:
        check(EXTREMES[name], key)
    check_csv(EXTREMES[name])


def test_the_pdf_says_the_same(require_tool):
    """
    One example, for LibreOffice takes its time: every line of text, and the figures of each table.
    """
    require_tool("soffice")
    report = with_answers(leiming(), REMARKS)
    _, data = made(None, report, "pdf", draft=False)
    with pdfplumber.open(io.BytesIO(data)) as pages:
        text = "".join(squeezed(page.extract_text() for page in pages.pages))
        tables = [table for page in pages.pages for table in page.extract_tables()]
    figures = [cell for table in tables for row in table for cell in row if (cell or "").isdigit()]
    known = report.figures.all()

    assert [format_number(known[cell]) for cell in FORM.cells] == figures
    for line in told(report):
        assert line in re.sub(r"—\d+—", "", text)
