"""
The look of the document, through LibreOffice: page, lines, tables, marks.
"""

import contextlib
import io
import os
import re
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from bot.cli.rights import NOTHING_FOR_OTHERS
from bot.files import faces, pictures
from bot.files.pictures import (
    PictureError,
    look,
    pictures_available,
    to_pdf,
)
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from conversations.form.answers import Answers
from tests.conftest import missing
from tests.conversations.test_reading_bounds import pdf_of_pages
from tests.docx_structure import document_text
from tests.written import FORM, leiming, published, with_answers

Tool = Callable[[str], Path]


def pages_of(pdf: bytes, *, width: int = pictures.WIDTH) -> list[bytes]:
    """
    The first pages of a PDF as PNG.
    """
    return pictures._look(pdf, width=width, most=pictures.MOST_PAGES).pictures


# The same document is looked at from several sides.
pdf_of = lru_cache(to_pdf)


# Fonts whose letters are as wide as those of the document's figures: with wider ones LibreOffice
# breaks a long figure and needs more pages.
AS_WIDE = {"Times New Roman", "Liberation Serif", "Tinos", "TeX Gyre Termes", "Nimbus Roman"}


@pytest.fixture
def fonts(require_tool: Tool) -> None:
    """
    The fonts on which lines and pages hang.
    """

    def told(tool: str, *arguments: str) -> str:
        command = [str(require_tool(tool)), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout

    if not told("fc-list", ":lang=zh-cn"):
        missing("a Chinese font (Debian: fonts-noto-cjk)", "NIANBAO_REQUIRE_TOOLS")
    if not AS_WIDE & set(told("fc-match", "-f", "%{family}", "Times New Roman").split(",")):
        missing("a font like Times New Roman (Debian: fonts-liberation)", "NIANBAO_REQUIRE_TOOLS")


@pytest.fixture
def pages(require_tool: Tool) -> Callable[[bytes], list[str]]:
    """
    The text of each page of a Word file, laid out as LibreOffice sees it.
    """
    require_tool("soffice")
    pdftotext = require_tool("pdftotext")

    def look(document: bytes) -> list[str]:
        done = subprocess.run(
            [pdftotext, "-layout", "-enc", "UTF-8", "-", "-"],
            input=pdf_of(document),
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().split("\f")[:-1]

    return look


def lines(page: str) -> list[str]:
    return [line.strip() for line in page.split("\n") if line.strip()]


def test_a_reader_of_screens_is_told_the_language_the_title_and_the_headings(require_tool: Tool):
    """
    Of the PDF, too: the headings that stand alone are its bookmarks.
    """
    require_tool("soffice")
    pdf = pdf_of(render(standard("2021"), leiming()))
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as opened:
        marks = [mark.get_title() for mark in opened.get_toc()]
        title = opened.get_metadata_value("Title")

    assert b"/Lang(zh-CN)" in pdf
    assert "雷鸣镇人民政府2023年度信息公开工作年度报告" == title
    assert [section.heading for section in FORM.sections] == [m for m in marks if m[0] != "（"]
    assert ["（一）工作中存在的问题", "（二）整改措施"] == [m for m in marks if m[0] == "（"]


@pytest.mark.usefixtures("fonts")
def test_the_example_has_four_pages_with_their_numbers(pages: Callable[[bytes], list[str]]):
    """
    Text, the rest of it with table two, table three, all others.
    """
    found = pages(render(standard("2021"), leiming()))

    assert [f"—{n}—" for n in range(1, 5)] == ["".join(lines(page)[-1].split()) for page in found]
    headings = [
        [t for t in lines(page) if re.match("[一二三四五六]、.*情况|六、", t)] for page in found
    ]
    assert [
        ["一、总体情况"],
        ["二、主动公开政府信息情况"],
        ["三、收到和处理政府信息公开申请情况"],
        [
            "四、政府信息公开行政复议、行政诉讼情况",
            "五、存在的主要问题及改进情况",
            "六、其他需要报告的事项",
        ],
    ] == [[t for t in page if "申请数量" not in t] for page in headings]


@pytest.mark.usefixtures("fonts")
def test_a_page_has_22_lines_of_28_characters(pages: Callable[[bytes], list[str]]):
    """
    GB/T 9704-2012, 5.2.3. The last line is the number of the page.
    """
    report = with_answers(leiming(), {"overview": "公" * 28 * 60})

    found = pages(render(standard("2021"), report))

    full = lines(found[1])
    assert 23 == len(full)
    assert {28} == {len(line) for line in full[:22]}


@pytest.mark.parametrize(
    "name",
    [
        "leimingzhen-2023",
        pytest.param("hongze-2023", marks=pytest.mark.soak),
        pytest.param("shuyang-development-2023", marks=pytest.mark.soak),
    ],
)
def test_the_pdf_says_what_the_word_file_says(
    examples: Path, pages: Callable[[bytes], list[str]], name: str
):
    """
    Every character of the running text, also a mark at the end of a full line.
    """
    report = published(examples / f"{name}.json")
    document = render(standard("2021"), report)
    text = "".join("\n".join("\n".join(lines(p)[:-1]) for p in pages(document)).split())

    for item in ("introduction", "overview", "problems_and_improvements", "other_matters"):
        for paragraph in report.lines(item):
            assert "".join(paragraph.split()) in text


def test_a_signature_does_not_stand_alone(pages: Callable[[bytes], list[str]]):
    """
    However long the text before it is.
    """
    signed = {"signature": "雷鸣镇人民政府", "signature_date": "2024年1月15日"}
    for count in (3, 4):
        text = "\n".join(["其他事项。"] * count)
        found = pages(
            render(standard("2021"), with_answers(leiming(), {**signed, "other_matters": text}))
        )

        assert "其他事项。" in found[-1]
        assert "雷鸣镇人民政府" in found[-1]


def test_a_draft_is_marked_on_every_page(pages: Callable[[bytes], list[str]]):
    """
    Odd and even.
    """
    found = pages(
        render(standard("2021"), DocumentInput(FORM, "某局", 2023, Answers()), draft=True)
    )

    assert 3 <= len(found)
    assert all("尚未定稿" in page for page in found)


@pytest.mark.usefixtures("fonts")
def test_long_figures_stay_on_one_line(pages: Callable[[bytes], list[str]]):
    """
    Nine digits in every box of table three, and more in the totals.
    """
    report = with_answers(
        leiming(), {cell: 123_456_789 for cell in FORM.asked if not cell.endswith("amount")}
    )

    text = "\n".join(pages(render(standard("2021"), report)))

    figures = report.figures
    for cell in (
        "requests.received.total",
        "requests.outcome.total.total",
        "review.reconsideration.total",
    ):
        assert str(figures.get(cell)) in text
    assert 126 + 12 + 10 - 1 <= text.count("123456789")


@pytest.mark.usefixtures("fonts")
def test_the_pages_come_as_pictures(require_tool: Tool):
    """
    PNG, black on white, of the width asked for, with ink inside the margins only.
    """
    require_tool("soffice")

    found = [
        Image.open(io.BytesIO(png))
        for png in look(render(standard("2021"), leiming()), width=800).pictures
    ]

    assert 4 == len(found)
    for picture in found:
        assert "PNG" == picture.format
        assert 800 == pytest.approx(picture.width, abs=1)
        assert 297 / 210 == pytest.approx(picture.height / picture.width, abs=0.01)
        ink = picture.point(lambda level: 255 * (level < 128)).getbbox()
        assert ink is not None
        millimetres = [edge * 210 / picture.width for edge in ink]
        assert 26 <= millimetres[0]
        assert 36 <= millimetres[1]
        assert 210 - 25 >= millimetres[2]


def test_only_the_first_pages_are_drawn_when_there_are_many(require_tool: Tool):
    """
    A chat does not want a hundred pictures.
    """
    require_tool("soffice")

    assert 2 == len(look(render(standard("2021"), leiming()), width=200, most=2).pictures)


@pytest.mark.usefixtures("fonts")
def test_the_faces_in_a_pdf_tell_which_others_stand_in_for(
    require_tool: Tool, monkeypatch: pytest.MonkeyPatch
):
    """
    Of the names that the document asks for, those that are not installed; else nothing is said.
    """
    require_tool("soffice")
    document = render(standard("2021"), leiming())
    official = {name for names in faces.STAND_INS for name in names}
    asked = ["方正小标宋简体", "仿宋_GB2312", "黑体", "宋体", "Times New Roman"]
    missing_here = [name for name in asked if name not in faces.installed()]

    found = pictures.stand_ins(document, pdf_of(document))
    monkeypatch.setattr(faces, "installed", lambda: frozenset(official))

    assert missing_here == [name for name in found if name != "楷体_GB2312"]
    assert () == pictures.stand_ins(document, pdf_of(document))


def test_of_a_long_document_thirty_pages_are_drawn():
    """
    Whatever somebody else's file brings.
    """
    assert 30 == len(pages_of(pdf_of_pages(31), width=20))


def test_an_old_doc_file_can_be_read(require_tool: Tool):
    """
    Through LibreOffice, both ways.
    """
    require_tool("soffice")
    old = pictures.convert(render(standard("2021"), leiming()), suffix=".docx", to="doc")

    assert b"\xd0\xcf\x11\xe0" == old[:4]
    assert "行政规范性文件" in document_text(pictures.convert(old, suffix=".doc", to="docx"))


@pytest.mark.soak
def test_several_at_once_do_not_disturb_each_other(require_tool: Tool):
    """
    Each with a profile of its own.
    """
    require_tool("soffice")
    document = render(standard("2021"), leiming())
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(to_pdf(document))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [b"%PDF"] * 2 == [pdf[:4] for pdf in made]


def fake(folder: Path, program: str) -> str:
    office = folder / "soffice"
    office.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
    office.chmod(0o755)
    return str(office)


@pytest.mark.timeout(60)
@pytest.mark.long
def test_one_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The program that does the work is started by a script.
    """
    office = fake(tmp_path, f"sleep 600 &\necho $! > {tmp_path}/child\nwait")
    monkeypatch.setattr(pictures, "_office", lambda: office)

    with pytest.raises(PictureError, match="still at it"):
        to_pdf(b"", seconds=2)

    child = int((tmp_path / "child").read_text())
    while not gone(child):  # nobody waits for a grandchild that was killed
        time.sleep(0.01)


def test_what_it_makes_beside_its_own_files_can_be_read_by_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Run by root first, LibreOffice would else start for nobody else on the machine any more.
    """
    office = fake(tmp_path, f"mkdir {tmp_path}/cache; exit 1")
    monkeypatch.setattr(pictures, "_office", lambda: office)
    before = os.umask(NOTHING_FOR_OTHERS)
    try:
        with pytest.raises(PictureError):
            to_pdf(b"")
    finally:
        os.umask(before)

    assert 0o755 == stat.S_IMODE((tmp_path / "cache").stat().st_mode)


def gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


@pytest.mark.parametrize(
    ("crashes", "tries"),
    [("kill -ABRT $$", 2), ("exit 134", 2), ("kill -KILL $$", 1), ("exit 1", 1)],
)
def test_one_that_crashes_is_started_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crashes: str, tries: int
):
    """
    In a profile of its own; not one that was ended, or refused the document.
    """
    office = fake(tmp_path, f'echo "$1" >> {tmp_path}/tries\n{crashes}')
    monkeypatch.setattr(pictures, "_office", lambda: office)

    with pytest.raises(PictureError, match="ended with code"):
        to_pdf(b"")

    assert tries == len(set((tmp_path / "tries").read_text().split()))


def test_of_one_that_crashes_once_nobody_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """
    LibreOffice aborts now and then while it starts or ends beside others.
    """
    crashes = f"[ -e {tmp_path}/tried ] || {{ touch {tmp_path}/tried; kill -ABRT $$; }}"
    office = fake(tmp_path, f"{crashes}\nmkdir out\necho %PDF-1.7 %%EOF > out/in.pdf")
    monkeypatch.setattr(pictures, "_office", lambda: office)

    assert to_pdf(b"").startswith(b"%PDF")


@pytest.mark.parametrize("written", ["", "%PDF-1.7", "%%EOF"])
def test_half_a_pdf_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str):
    """
    The disk may be full, which LibreOffice does not tell.
    """
    office = fake(tmp_path, f"mkdir out\necho -n {written} > out/in.pdf")
    monkeypatch.setattr(pictures, "_office", lambda: office)

    with pytest.raises(PictureError, match="breaks off"):
        to_pdf(b"")


def test_it_has_no_more_memory_than_a_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """
    What others made is opened by it, too.
    """
    limit = tmp_path / "limit"
    office = fake(tmp_path, f"sleep 0.3\nulimit -d > {limit}")
    monkeypatch.setattr(pictures, "_office", lambda: office)

    with pytest.raises(PictureError):
        to_pdf(b"")

    assert 600_000_000 // 1024 == int(limit.read_text())


def test_it_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """
    A document from outside must not find the token in its environment.
    """
    office = fake(tmp_path, f"env > {tmp_path}/environment")
    monkeypatch.setattr(pictures, "_office", lambda: office)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:secret")

    with pytest.raises(PictureError):
        to_pdf(b"")

    told = (tmp_path / "environment").read_text()
    assert "FONTCONFIG_FILE" in told
    assert "secret" not in told
    assert os.environ["HOME"] not in re.findall("HOME=(.*)", told)


def test_without_libreoffice_it_is_said_plainly(monkeypatch: pytest.MonkeyPatch):
    """
    The Word file is made all the same.
    """
    monkeypatch.setattr(pictures, "_office", lambda: None)

    assert not pictures_available()
    with pytest.raises(PictureError, match="not installed"):
        look(b"")


def test_what_is_no_document_gives_no_picture(require_tool: Tool):
    """
    And no half-made file.
    """
    require_tool("soffice")

    with pytest.raises(PictureError):
        pages_of(b"not a pdf")
