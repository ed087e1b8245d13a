"""
Spreadsheets: what people typed is text in them, whatever it looks like.
"""

import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from bot.files import spreadsheet
from bot.files.spreadsheet import CREATOR, CUT, Sheet, workbook


def cells(data: bytes, sheet: str = "表") -> list[list[object]]:
    page = load_workbook(io.BytesIO(data))[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def written(*rows: tuple[object, ...]) -> bytes:
    return workbook([Sheet("表", ("甲", "乙"), rows)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.com","点我")',
        "+86 0517",
        "-3",
        "@SUM(A1:A9)",
        "\t=1+1",
        "=cmd|' /C calc'!A0",
        "#N/A",
        "{=1}",
    ],
)
def test_a_text_that_looks_live_is_text(text):
    """
    The cell holds the very characters, and no formula stands in the file.
    """
    data = written((text, ""))

    page = load_workbook(io.BytesIO(data))["表"]
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")

    assert (text, "s") == (page["A2"].value, page["A2"].data_type)
    assert b"<f>" not in xml
    assert b"<f " not in xml


def test_the_same_sheets_are_the_same_bytes(time_machine):
    """
    The file does not tell when it was made.
    """
    time_machine.move_to("2026-01-05T09:00")
    first = written(("甲", 1))
    time_machine.move_to("2027-02-06T10:11")

    assert first == written(("甲", 1))
    assert CREATOR == load_workbook(io.BytesIO(first)).properties.creator


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1"])
def test_a_text_that_looks_live_stays_text_when_it_is_edited(text):
    """
    The mark of a text typed with an apostrophe: a program keeps it as it is.
    """
    page = load_workbook(io.BytesIO(written((text, "plain"))))["表"]

    assert (True, False) == (bool(page["A2"].quotePrefix), bool(page["B2"].quotePrefix))


def test_what_a_sheet_cannot_hold_is_taken_out():
    """
    Control characters, halves of characters and endless texts neither fail nor break it.
    """
    data = written(("甲\x00\x07乙\ud800", "长" * 40_000))

    short, long = cells(data)[1]

    assert "甲乙" == short
    assert (32_767, "…") == (len(str(long)), str(long)[-1])


def test_figures_are_numbers():
    """
    They can be added up in the sheet.
    """
    assert [295, 7730.28] == cells(written((295, Decimal("7730.28"))))[1]


def test_a_sheet_too_long_says_that_it_is_cut(monkeypatch):
    """
    Two of three rows are there, then the sentence.
    """
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)

    found = cells(written(("1", ""), ("2", ""), ("3", "")))

    assert ["甲", "1", "2", CUT] == [row[0] for row in found]


def test_the_file_names_no_person_and_no_moment():
    """
    Its properties say who made it, which is the product.
    """
    book = load_workbook(io.BytesIO(written()))

    assert (CREATOR, 2000) == (book.properties.creator, book.properties.created.year)
