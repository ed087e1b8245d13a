"""
Whatever bytes come: a report, an offer, or a refusal; never a crash, a hang or a flood.
"""

import io
import random
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.document.read.blocks import NeedsConversion, Unreadable
from conversations.document.read.report import ReadReport, Shell
from conversations.document.read.understand import read
from tests.bot.doors import environment
from tests.programs import Program, readers
from tests.reading_variants import WRITERS, archive, model_of, sample_of, to_pdf

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def outcome(data: bytes) -> ReadReport | Shell | str:
    """
    What comes of a file; any other exception is a crash and passes through.
    """
    try:
        return read(data)
    except Unreadable as refused:
        return refused.reason.name
    except NeedsConversion as old:
        return old.kind


def mutated(data: bytes, rng: random.Random) -> bytes:
    """
    Bytes flipped, cut, doubled and thrown in.
    """
    made = bytearray(data)
    for _ in range(rng.choice([1, 3, 10, 60])):
        at = rng.randrange(len(made)) if made else 0
        match rng.randrange(5):
            case 0 | 1 if made:
                made[at] = rng.randrange(256)
            case 2:
                del made[at : at + rng.choice([1, 10, 1000])]
            case 3:
                made[at:at] = rng.randbytes(rng.choice([1, 8]))
            case _:
                there = rng.randrange(len(made)) if made else 0
                made[at:at] = made[there : there + rng.choice([10, 200, 5000])]
    return bytes(made)


def small_pdf(content: bytes, *, packing: bytes = b"/FlateDecode") -> bytes:
    """
    A PDF of one page with this packed content.
    """
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
        b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>endobj\n4 0 obj<</Length %d/Filter%s>>stream\n%s\n"
        b"endstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF" % (len(content), packing, content)
    )


SOURCES: dict[str, Callable[[], bytes]] = {
    "docx": lambda: WRITERS["docx"](model_of(sample_of(1, "2021"))),
    "html": lambda: WRITERS["html out of Word, gb18030"](model_of(sample_of(2, "2019"))),
    "txt": lambda: WRITERS["txt, a cell a line with blanks"](model_of(sample_of(3, "hybrid"))),
    "pdf": lambda: small_pdf(zlib.compress(b"BT /F1 12 Tf 72 700 Td (report) Tj ET " * 60)),
    "pdf, unpacked": lambda: to_pdf(model_of(sample_of(4, "2021"))),
}


@cache
def source(kind: str) -> bytes:
    """
    What is damaged, made once.
    """
    return SOURCES[kind]()


@pytest.mark.long
@settings(max_examples=40)
@given(st.sampled_from(sorted(SOURCES)), st.integers(0, 10**9))
def test_a_damaged_file_is_read_or_refused(kind: str, seed: int):
    """
    Nothing but a report, an offer, or one of the refusals.
    """
    assert outcome(mutated(source(kind), random.Random(seed))) is not None


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_a_damaged_document_inside_a_whole_archive_is_read_or_refused(seed: int):
    """
    Flipping bytes of the archive hardly reaches the XML; this does.
    """
    with zipfile.ZipFile(io.BytesIO(source("docx"))) as made:
        xml = made.read("word/document.xml")
    damaged = mutated(xml, random.Random(seed)).decode("utf-8", "replace")

    assert outcome(archive(damaged)) is not None


@settings(max_examples=100)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.5\n", b"<html>", b"\xff\xfe"]),
)
def test_any_bytes_are_refused_and_not_crashed_at(data: bytes, start: bytes):
    """
    A file of one kind by its first bytes and of none by the rest.
    """
    assert not isinstance(outcome(start + data), ReadReport)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["pdf", "txt", "html"])
def test_a_published_report_that_is_damaged_is_read_or_refused(examples: Path, kind: str):
    """
    Three hundred times each, the county's PDF too.
    """
    data = next(examples.glob(f"*-2023.{kind}")).read_bytes()

    for seed in range(300):
        assert outcome(mutated(data, random.Random(seed))) is not None


# --------------------------------------------------------------------- bounds


def zip_bomb() -> bytes:
    return archive(f"<w:document {W}><w:body><w:p><w:r><w:t>{'甲' * 30_000_000}</w:t></w:r></w:p>")


def lying_zip() -> bytes:
    """
    An archive whose header says that the part is small.
    """
    data = bytearray(zip_bomb())
    at = data.rindex(b"PK\x01\x02", 0, len(data) - 22)
    while at >= 0:
        data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        at = data.rfind(b"PK\x01\x02", 0, at)
    return bytes(data)


def many_entries() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for n in range(20_000):
            made.writestr(f"{n}", "")
    return out.getvalue()


def deep_word() -> bytes:
    cell = "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
    inside = "<w:p/>"
    for _ in range(60):
        inside = cell.format(inside)
    return archive(f"<w:document {W}><w:body>{inside}</w:body></w:document>")


def many_cells_word() -> bytes:
    cell = "<w:tc><w:p><w:r><w:t>0</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr>{cell * 100}</w:tr>"
    return archive(f"<w:document {W}><w:body><w:tbl>{row * 1000}</w:tbl></w:body></w:document>")


HEADS = "<h2>二、主动公开政府信息情况</h2>"

BOMBS: dict[str, Callable[[], bytes | str]] = {
    "a zip bomb": zip_bomb,
    "a zip that lies about its size": lying_zip,
    "twenty thousand entries": many_entries,
    "tables in tables in Word": deep_word,
    "a hundred thousand cells in Word": many_cells_word,
    "a hundred thousand cells in a page": lambda: (
        HEADS + "<table>" + f"<tr>{'<td>0</td>' * 100}</tr>" * 1000 + "</table>"
    ),
    "a hundred thousand cells with labels": lambda: (
        HEADS + "<table>" + "<tr><td>规章</td><td>总计</td><td>自然人</td><td>1</td></tr>" * 25_000
    ),
    "boxes that reach over everything": lambda: (
        HEADS + "<table>" + f"<tr>{'<td colspan=1000 rowspan=1000>1</td>' * 50}</tr>" * 400
    ),
    "elements in elements": lambda: b"<html>" + b"<div>" * 100_000 + b"1",
    "tables in tables": lambda: b"<html>" + b"<table><tr><td>" * 20_000,
    "text in marks in marks": lambda: b"<html>" + b"<b><i><font>" * 30_000 + b"x",
    "a long line": lambda: "一、总体情况" + "（" * 2_000_000,
    "many lines": lambda: "一、总体情况\n规章\n0\n" * 50_000,
    "many lines of heads": lambda: "二、主动公开政府信息情况\n" + "自然\n人\n" * 40_000,
    "many labels almost right": lambda: (
        "三、收到和处理政府信息公开申请情况\n" + "没有现成信息需要另行制做 1 2 3 4 5 6 7\n" * 15_000
    ),
    "a packed bomb in a PDF": lambda: small_pdf(zlib.compress(b"0 " * 40_000_000)),
    "a twice packed bomb in a PDF": lambda: small_pdf(
        zlib.compress(zlib.compress(b"0 " * 200_000_000)), packing=b"[/FlateDecode/FlateDecode]"
    ),
    "endless drawing in a PDF": lambda: small_pdf(zlib.compress(b"0 0 9 9 re f\n" * 900_000)),
    "an endless page tree in a PDF": lambda: small_pdf(b"").replace(
        b"/Kids[3 0 R]", b"/Kids[2 0 R]"
    ),
}

# Of the processor. Most need under one second and none over six on a quiet machine, beside much
# else twice that; what grows faster than its input would need hours.
SECONDS = 40


# Those that cost most beside others of their kind.
COSTLIEST = (
    "many lines of heads",
    "many labels almost right",
    "a hundred thousand cells in a page",
)


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.soak) if n in COSTLIEST else n for n in BOMBS],
)
def test_a_file_made_to_hurt_costs_little(name: str):
    """
    At most so many seconds of one core and 300 MB, in a process of its own.
    """
    bomb = BOMBS[name]()
    reading = Program("tests.reading_measured", str(SECONDS), env=environment(), orders=readers())
    said, complaint = reading.communicate(bomb.encode() if isinstance(bomb, str) else bomb)

    assert (0, b"") == (reading.wait(), complaint)
    _, megabytes = said.split()
    assert int(megabytes) < 300
