"""
Every bound of the reader, just passed: which one it is shows in the refusal.

Each file is one that would be refused for another reason, or read, if its bound were gone.
"""

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest

from conversations.document.read.blocks import (
    Grid,
    GridCell,
    NeedsConversion,
    Unreadable,
    UnreadableReason,
    WorkBudget,
)
from conversations.document.read.labels import Label, LabelMatcher, Match
from conversations.document.read.pdf import read_pdf
from conversations.document.read.readings import Readings
from conversations.document.read.report import ReadReport, Shell
from conversations.document.read.sent_text import running_text
from conversations.document.read.understand import read
from conversations.document.read.vocabulary import PrintedTable
from conversations.document.read.words import is_figure
from tests.conversations.test_reading_anything import W, deep_word, small_pdf
from tests.conversations.test_reading_files import BLANK_PDF
from tests.hostile import message
from tests.reading_variants import archive, model_of, sample_of, to_html

TOO_LARGE, TOO_DEEP = UnreadableReason.TOO_LARGE, UnreadableReason.TOO_DEEP


def reason(data: bytes) -> UnreadableReason:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value.reason


def zip_of(count: int, *, locked: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(count):
            made.writestr(f"{number}", "x")
    data = out.getvalue()
    if locked:  # the flag of the list of contents
        at = data.index(b"PK\x01\x02")
        data = data[: at + 8] + b"\x01" + data[at + 9 :]
    return data


def body(content: str) -> bytes:
    return archive(f"<w:document {W}><w:body>{content}</w:body></w:document>")


def pdf_of_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (10 + n) for n in range(count))
    pages = b"".join(
        b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n" % (10 + n)
        for n in range(count)
    )
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[%s]"
        b"/Count %d>>endobj\n%strailer<</Root 1 0 R>>\n%%%%EOF" % (kids, count, pages)
    )


def with_stream(*packed: bytes) -> bytes:
    """
    A PDF of one blank page, with packed parts that no page uses.
    """
    return BLANK_PDF + b"".join(b"\nstream\n" + data + b"\nendstream" for data in packed)


BOUNDS: dict[str, tuple[UnreadableReason, Callable[[], bytes]]] = {
    "bytes of a file": (TOO_LARGE, lambda: b"\x89PNG" + bytes(20_000_000)),
    "bytes of a text": (TOO_LARGE, lambda: b"a" * 8_000_001),
    "lines of a text": (TOO_LARGE, lambda: b"a\n" * 200_001),
    "bytes of a page": (TOO_LARGE, lambda: b"<html>" + b" " * 16_000_000),
    "marks of a page": (TOO_LARGE, lambda: b"<html>" + b"<br>" * 400_000),
    "depth of a page": (TOO_DEEP, lambda: b"<html>" + b"<div>" * 220 + b"x"),
    "boxes of a table": (
        TOO_LARGE,
        lambda: b"<table><tr>" + b"<td rowspan=300>1</td>" * 500 + b"</tr>" + b"<tr></tr>" * 299,
    ),
    "entries of an archive": (TOO_LARGE, lambda: zip_of(2001)),
    "entries that are only claimed": (TOO_LARGE, lambda: b"PK\x03\x04" + b"PK\x01\x02" * 4001),
    "an archive with a password": (UnreadableReason.ENCRYPTED, lambda: zip_of(1, locked=True)),
    "bytes of a part": (TOO_LARGE, lambda: body(f"<w:p/>{' ' * 16_000_000}")),
    "elements of a part": (TOO_LARGE, lambda: body("<w:p/>" * 700_000)),
    "depth of tables in Word": (TOO_DEEP, deep_word),
    "pages of a PDF": (TOO_LARGE, lambda: pdf_of_pages(81)),
    "letters of a page of a PDF": (
        TOO_LARGE,
        lambda: small_pdf(zlib.compress(b"BT /F1 12 Tf (" + b"a" * 15_001 + b") Tj ET")),
    ),
    "a packed part of a PDF": (TOO_LARGE, lambda: with_stream(zlib.compress(bytes(30_000_001)))),
    "a part of a PDF packed twice": (
        TOO_LARGE,
        lambda: with_stream(zlib.compress(zlib.compress(bytes(30_000_001)))),
    ),
    "all packed parts of a PDF": (
        TOO_LARGE,
        lambda: with_stream(*[zlib.compress(bytes(29_000_000))] * 6),
    ),
    "drawing orders of a PDF": (
        TOO_LARGE,
        lambda: with_stream(zlib.compress(b"0 0 m\n" * 700_000)),
    ),
    "a large PDF packed in other ways": (
        TOO_LARGE,
        lambda: BLANK_PDF + b"\n%LZWDecode" + b" " * 2_000_000,
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_that_is_passed_is_the_reason(name: str):
    """
    Not the next bound, nor the time that it took.
    """
    expected, make = BOUNDS[name]

    assert expected == reason(make())


def test_three_million_steps_are_the_most_for_one_file():
    """
    There is no clock in this room: what reading may cost is counted.
    """
    work = WorkBudget()
    work.spend(3_000_000)

    with pytest.raises(Unreadable) as caught:
        work.spend()

    assert UnreadableReason.TOO_SLOW == caught.value.reason


@pytest.mark.parametrize("ahead", [100, 300])
def test_a_page_is_looked_for_among_the_first_parts_of_a_message(ahead: int):
    """
    The two hundredth part is the last that is opened.
    """
    parts = b"".join(b"\r\n--b\r\nContent-Type: text/css\r\n\r\n{}" for _ in range(ahead))
    message = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n'
        + parts
        + b'\r\n--b\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n'
        + to_html(model_of(sample_of(5, "2021")))
        + b"\r\n--b--\r\n"
    )

    try:
        found = read(message)
        kind = found.kind if isinstance(found, ReadReport) else ""
    except (Unreadable, NeedsConversion):
        kind = ""

    assert ("html" == kind) == (ahead < 200)


@pytest.mark.parametrize("reads", [read, running_text])
def test_a_message_of_messages_is_too_deep(reads: Callable[[bytes], object]):
    """
    Whether a report is looked for in it or only its words.
    """
    with pytest.raises(Unreadable) as caught:
        reads(message(20_000))

    assert TOO_DEEP is caught.value.reason


def test_what_is_kept_of_what_was_not_understood_is_bounded():
    """
    200 leftovers, 50 marks of tools, 100 other wordings: enough to see what is wrong.
    """
    page = to_html(model_of(sample_of(5, "2021"))).decode()
    tables = "".join(f"<table><tr><td>甲{n}</td><td>乙</td></tr></table>" for n in range(300))
    marks = "".join(f"<p>[bookmark: _{n}]</p>" for n in range(80))
    at = page.index("</h2>") + len("</h2>")

    found = read((page[:at] + tables + marks + page[at:]).encode())

    assert isinstance(found, ReadReport)
    assert (200, 50) == (len(found.leftover), len(found.traces))


@pytest.mark.parametrize(
    ("error", "expected"),
    [(RecursionError, TOO_DEEP), (MemoryError, UnreadableReason.TOO_MUCH_MEMORY)],
)
def test_what_the_machine_cannot_do_is_a_refusal_too(
    error: type[Exception], expected: UnreadableReason, monkeypatch: pytest.MonkeyPatch
):
    """
    Whatever reading stumbles over inside, the person gets one plain sentence.
    """

    def stumbles(*_: object) -> None:
        raise error

    monkeypatch.setattr(WorkBudget, "spend", stumbles)
    with pytest.raises(Unreadable) as caught:
        read(to_html(model_of(sample_of(5, "2021"))))

    assert expected == caught.value.reason


def test_a_hundred_other_wordings_are_kept():
    """
    Each once.
    """
    readings = Readings()
    for number in (*range(150), 0):
        readings.note_difference(f"别的说法{number}", "官方说法")

    assert [f"别的说法{number}" for number in range(100)] == [
        difference.printed for difference in readings.differences
    ]


def test_the_likeliest_twenty_files_of_a_page_are_offered():
    """
    A list of attachments of ten years is no reading matter.
    """
    links = "".join(f"<a href={number}.pdf>附件</a>" for number in range(30))

    found = read(f"<html><body>{links}<a href=r.docx>年度报告</a></body></html>".encode())

    assert isinstance(found, Shell)
    assert ["r.docx", *(f"{number}.pdf" for number in range(19))] == [
        link.href for link in found.links
    ]


@pytest.mark.parametrize(("strokes", "expected"), [(0, True), (3000, False)])
def test_a_page_with_more_than_three_thousand_strokes_has_no_tables(strokes: int, expected: bool):
    """
    A drawing is not searched for boxes: that takes as long as its strokes are many.
    """
    box = b"72 600 m 272 600 l S 72 640 m 272 640 l S 72 680 m 272 680 l S "
    box += b"72 600 m 72 680 l S 172 600 m 172 680 l S 272 600 m 272 680 l S "
    text = b"BT /F1 12 Tf 80 650 Td (twenty letters or so) Tj "
    text += b"0 -40 Td (and twenty more of them) Tj ET "
    drawing = b"".join(b"300 %d m 310 %d l S " % (n % 500, n % 500) for n in range(strokes))

    source = read_pdf(small_pdf(zlib.compress(box + text + drawing)), WorkBudget())

    assert expected is any(isinstance(block, Grid) for block in source.blocks)


def test_a_figure_longer_than_eighty_characters_is_none():
    """
    Before anything slow is done with it.
    """
    assert is_figure("1." + "0" * 78)
    assert not is_figure("1." + "0" * 79)


def test_five_hundred_garbled_labels_are_compared_letter_by_letter():
    """
    A file of nothing but almost right labels costs no more than these.
    """

    def read_after(junk: int) -> Match | None:
        matcher = LabelMatcher({})
        for number in range(junk):
            matcher.match(label(f"毫不相干的文字{number}"), PrintedTable.THREE)
        return matcher.match(label("没有现成信息需要另行制做"), PrintedTable.THREE)

    def label(text: str) -> Label:
        return Label(GridCell(text), (text,))

    assert read_after(100)
    assert not read_after(500)
