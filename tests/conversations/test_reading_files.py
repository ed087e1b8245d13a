"""
Files of every kind: what is read, what is offered instead, what is refused and why.
"""

import html
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.checks import check_report
from conversations.document.read.blocks import NeedsConversion, Unreadable, UnreadableReason
from conversations.document.read.report import ReadReport, Shell, as_report
from conversations.document.read.understand import read
from conversations.document.write import docx as docx_maker
from conversations.document.write.content import DocumentInput
from conversations.document.write.html import as_html
from conversations.document.write.text import as_text
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers
from tests.reading_variants import (
    WRITERS,
    archive,
    fragment,
    html_table,
    model_of,
    random_report,
    sample_of,
    table_three,
    table_two,
    to_docx,
    to_html,
    to_pdf,
    to_txt,
)

FORM = ANNUAL_REPORT_2021
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def read_report(data: bytes, name: str = "", year: int | None = None) -> ReadReport:
    found = read(data, name, year=year)
    assert isinstance(found, ReadReport)
    return found


def refusal(data: bytes, name: str = "") -> UnreadableReason:
    with pytest.raises(Unreadable) as caught:
        read(data, name)
    assert caught.value.sentence == caught.value.reason.value
    return caught.value.reason


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


# ---------------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("writer", "name"),
    [
        ("docx", "年报.pdf"),
        ("docx", ""),
        ("html", "年报.doc"),
        ("html out of Word, gb18030", "年报.docx"),
        ("txt, tabs", "年报.docx"),
        ("txt out of Word, utf-16", "年报"),
    ],
)
def test_a_file_is_what_it_holds_and_not_what_it_is_called(writer: str, name: str):
    """
    A page saved as .doc, a text called .pdf: the clerk need not know.
    """
    sample = sample_of(2, "2021")

    found = read_report(WRITERS[writer](model_of(sample)), name)

    assert sample.values == found.values


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
def test_characters_are_found_out_without_being_told(charset: str):
    """
    Old sites publish in GBK, Windows saves UTF-16.
    """
    sample = sample_of(3, "2021")
    page = to_html(model_of(sample)).decode().replace('charset=utf-8"', '"')

    for data in (page.encode(charset), to_txt(model_of(sample), charset=charset)):
        found = read_report(data)

        assert sample.values == found.values
        assert sample.narratives == found.narratives


def test_a_page_that_declares_the_wrong_characters_is_read_all_the_same():
    """
    «charset=gb2312» over UTF-8 is common where a page was saved again.
    """
    sample = sample_of(4, "2021")
    page = to_html(model_of(sample)).decode().replace("charset=utf-8", "charset=gb2312")

    assert sample.narratives == read_report(page.encode()).narratives


def test_a_page_in_one_file_as_word_saves_it_is_read():
    """
    Such files end in .doc or .mht and begin with «MIME-Version».
    """
    sample = sample_of(5, "2021")
    page = to_html(model_of(sample), messy=True)
    data = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        + page
        + b"\r\n--b--\r\n"
    )

    assert sample.values == read_report(data, "年报.doc").values


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (rb"{\rtf1\ansi ", "rtf"),
        (
            zipped(mimetype="application/vnd.oasis.opendocument.text", content_xml="<a/>"),
            "odt",
        ),
    ],
)
def test_what_libreoffice_can_convert_is_handed_back_for_it(data: bytes, kind: str):
    """
    The edge starts the converter; this room does not.
    """
    with pytest.raises(NeedsConversion) as caught:
        read(data)

    assert kind == caught.value.kind


BLANK_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
    b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", UnreadableReason.EMPTY),
        (b" \n ", UnreadableReason.EMPTY),
        (b"PK\x03\x04 and then nothing", UnreadableReason.BROKEN),
        (OLE + "EncryptedPackage".encode("utf-16-le"), UnreadableReason.ENCRYPTED),
        (OLE + "Workbook".encode("utf-16-le"), UnreadableReason.SHEET),
        (OLE, UnreadableReason.BROKEN),
        (zipped(xl__workbook_xml="<a/>"), UnreadableReason.SHEET),
        (zipped(OFD_xml="<a/>"), UnreadableReason.OFD),
        (zipped(Index__Document_iwa="x").replace(b"_iwa", b".iwa"), UnreadableReason.PAGES),
        (OLE + "PowerPoint Document".encode("utf-16-le"), UnreadableReason.SLIDES),
        (b"7z\xbc\xaf\x27\x1c", UnreadableReason.ARCHIVE),
        (zipped(anything="x"), UnreadableReason.ARCHIVE),
        (b"\x89PNG\r\n\x1a\n", UnreadableReason.SCANNED),
        (b"\xff\xd8\xff\xe0", UnreadableReason.SCANNED),
        (b"Rar!\x1a\x07", UnreadableReason.ARCHIVE),
        (b"%PDF-1.7 and then nothing", UnreadableReason.BROKEN),
        (BLANK_PDF, UnreadableReason.SCANNED),
        (
            "关于开会的通知\n各科室：明天开会。\n一、时间\n二、地点\n三、人员".encode(),
            UnreadableReason.FOREIGN,
        ),
        ("<html><body><p>新闻：春耕开始了。</p></body></html>".encode(), UnreadableReason.FOREIGN),
        (archive("<w:document"), UnreadableReason.BROKEN),
        (archive("<a><b/></a>"), UnreadableReason.BROKEN),
        (b"<html>" + b"<p>x" * 5_000_000, UnreadableReason.TOO_LARGE),
    ],
)
def test_what_cannot_be_read_gets_one_plain_sentence(data: bytes, reason: UnreadableReason):
    """
    Broken, locked, scanned, foreign, too large: the person is told which.
    """
    assert reason == refusal(data)


def test_entities_in_a_word_file_are_refused():
    """
    Word writes none; whoever does wants something else.
    """
    bomb = (
        '<!DOCTYPE a [<!ENTITY x "xxxx">]><w:document xmlns:w="w"><w:body>&x;</w:body></w:document>'
    )

    assert UnreadableReason.BROKEN == refusal(archive(bomb))


# --------------------------------------------------------------------- shells


def test_a_page_that_offers_the_report_as_a_file_says_where():
    """
    The likeliest file first; links of the site are none.
    """
    page = (
        "<html><head><title>青山镇</title></head><body><a href='/index.html'>首页</a>"
        "<h1>青山镇人民政府2023年政府信息公开工作年度报告</h1><p>附件："
        "<a href='W020240117.doc'>其他附件</a> <a href='./P020240117.docx'>"
        "青山镇2023年政府信息公开工作年度报告.docx</a></p></body></html>"
    )

    found = read(page.encode())

    assert isinstance(found, Shell)
    assert ["./P020240117.docx", "W020240117.doc"] == [link.href for link in found.links]


@pytest.mark.parametrize(
    "element",
    [
        '<iframe src="/upload/2023.pdf"></iframe>',
        '<embed src="/upload/2023.pdf">',
        '<object data="/upload/2023.pdf"></object>',
    ],
)
def test_a_page_that_shows_a_pdf_in_itself_is_such_a_page_too(element: str):
    """
    A viewer in the page is an attachment by another name.
    """
    found = read(f"<html><body><p>年度报告</p>{element}</body></html>".encode())

    assert isinstance(found, Shell)
    assert ["/upload/2023.pdf"] == [link.href for link in found.links]


def test_a_page_filled_by_scripts_is_a_shell_with_nothing_to_follow():
    """
    There is no report in it, and no script is run to fetch one.
    """
    page = "<html><body><div id=app></div><script src=/app.js></script></body></html>"

    found = read(page.encode())

    assert isinstance(found, Shell)
    assert () == found.links


def test_a_report_that_a_page_hides_until_a_script_shows_it_is_read():
    """
    Some sites ship the text hidden; but a hidden text beside a shown one is left alone.
    """
    sample = sample_of(6, "2021")
    page = (
        "<html><body><script>show()</script><div style='display: none'>"
        f"<h1>{''.join(sample.title)}</h1>{fragment(model_of(sample))}</div></body></html>"
    )

    assert sample.values == read_report(page.encode()).values


# --------------------------------------------------------------- whole reports


def joined(first: bytes, second: bytes) -> bytes:
    return first + b"\n" + second


TWO: dict[str, Callable[[int, int], bytes]] = {
    "html": lambda a, b: joined(
        to_html(model_of(sample_of(a, "2021")), bare=True),
        to_html(model_of(sample_of(b, "2021")), bare=True),
    ),
    "txt": lambda a, b: joined(
        to_txt(model_of(sample_of(a, "2021"))), to_txt(model_of(sample_of(b, "2021")))
    ),
    "txt, a cell a line": lambda a, b: joined(
        to_txt(model_of(sample_of(a, "2021")), "cells"),
        to_txt(model_of(sample_of(b, "2021")), "cells"),
    ),
}


@pytest.mark.parametrize("kind", TWO)
@pytest.mark.parametrize(("a", "b"), [(1, 2), (7, 3), (8, 9), (12, 10)])
def test_two_reports_in_one_file_are_never_mixed(kind: str, a: int, b: int):
    """
    The first is read, or the one of the year asked for; that there are two is said.
    """
    first, second = sample_of(a, "2021"), sample_of(b, "2021")
    data = TWO[kind](a, b)

    found = read_report(data)

    assert 2 == found.reports_in_file
    assert (first.values, first.narratives) == (found.values, found.narratives)
    assert (first.signature, first.year) == (found.signature, found.year)
    if first.year != second.year:
        other = read_report(data, year=second.year)
        assert (second.values, second.narratives) == (other.values, other.narratives)
        assert second.introduction == other.introduction


def test_a_list_of_contents_before_the_report_is_not_the_report():
    """
    Its headings stand one under the other with nothing between.
    """
    sample = sample_of(11, "2021")
    model = model_of(sample)
    contents = ["目录", *(f"{section.heading}……{n}" for n, section in enumerate(FORM.sections, 1))]
    plain = ["目录", *(section.heading for section in FORM.sections)]

    for lines in (contents, plain):
        found = read_report(to_txt(replace(model, title=[*lines, *model.title])))

        assert sample.values == found.values
        assert sample.narratives == found.narratives
        assert "".join(sample.title) == "".join(found.title)


def test_a_section_that_is_missing_is_missing_and_the_others_are_read():
    """
    F1 names it; its table is found by its labels where it is there all the same.
    """
    sample = sample_of(13, "2021")
    model = model_of(sample)
    for gone in range(6):
        sections = [s for i, s in enumerate(model.sections) if i != gone]

        found = read_report(to_html(replace(model, sections=sections)))

        section = FORM.sections[gone].id
        expected = {c: v for c, v in sample.values.items() if not c.startswith(f"{section}.")}
        assert (section,) == found.missing_sections
        assert expected == found.values
        kept = {item: text for item, text in sample.narratives.items() if item != section}
        if gone != 5:
            assert kept == found.narratives


def test_a_table_whose_heading_is_missing_is_found_by_its_labels():
    """
    And the narrative before it ends where the table begins.
    """
    sample = sample_of(14, "2021")
    page = to_html(model_of(sample)).decode()
    heading = html.escape(FORM.sections[1].heading)

    found = read_report(page.replace(f"<h2>{heading}</h2>", "").encode())

    assert ("proactive_disclosure",) == found.missing_sections
    assert sample.values == found.values
    assert sample.narratives == found.narratives


def test_sections_out_of_their_order_are_read_and_named():
    """
    F1 as a hint: everything is there, in another order.
    """
    sample = sample_of(15, "2021")
    model = model_of(sample)
    sections = [*model.sections[:4], model.sections[5], model.sections[4]]

    found = read_report(to_docx(replace(model, sections=sections)))

    hints = [f.narrative for f in check_report(as_report(found)) if f.id == "F1"]
    assert ["problems_and_improvements"] == hints
    assert sample.narratives == found.narratives


@pytest.mark.parametrize(
    "written",
    [
        ("一、总体情况", "一 总体情况"),
        ("一、总体情况", "一.总体情况"),
        ("一、总体情况", "第一部分 总体情况"),
        ("一、总体情况", "一、 总 体 情 况"),
        ("一、总体情况", "一、总体工作情况"),
        ("二、主动公开政府信息情况", "二、主动公开政府信息的情况"),
        ("三、收到和处理政府信息公开申请情况", "三、行政机关收到和处理政府信息公开申请情况"),
        (
            "四、政府信息公开行政复议、行政诉讼情况",
            "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        ),
        ("五、存在的主要问题及改进情况", "五、政府信息公开工作存在的主要问题及改进情况"),
        ("五、存在的主要问题及改进情况", "五、存在的不足和下一步打算"),
        ("六、其他需要报告的事项", "六、其他需报告的事项"),
        ("六、其他需要报告的事项", "其他需要报告的事项"),
    ],
)
def test_headings_are_known_in_the_ways_offices_write_them(written: tuple[str, str]):
    """
    The numeral and a word are enough; brackets are of a lower level.
    """
    sample = sample_of(16, "2021")
    model = model_of(sample)
    sections = [(heading.replace(*written), body) for heading, body in model.sections]

    found = read_report(to_txt(replace(model, sections=sections)))

    assert () == found.missing_sections
    assert sample.narratives == found.narratives
    assert sample.values == found.values


def test_the_heading_may_stand_before_the_text_on_its_line():
    """
    «六、其他需要报告的事项：无。»
    """
    sample = sample_of(17, "2021")
    model = model_of(sample)
    heading, body = model.sections[5]
    sections = [*model.sections[:5], (f"{heading}：{body[0]}", body[1:])]

    found = read_report(to_txt(replace(model, sections=sections)))

    assert sample.narratives["other_matters"] == found.narratives["other_matters"]


def test_small_headings_of_the_narrative_are_no_sections():
    """
    «（一）主动公开政府信息情况» belongs to section one.
    """
    text = (
        "开头。\n（一）主动公开政府信息情况\n公开了。\n（二）依申请公开情况\n主动公开情况\n没有。"
    )
    sample = replace(
        sample_of(18, "2021"), narratives={**sample_of(18, "2021").narratives, "overview": text}
    )

    found = read_report(to_html(model_of(sample)))

    assert sample.narratives == found.narratives
    assert () == found.missing_sections


_LISTS = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1">'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def test_numbers_that_word_prints_by_itself_are_read_as_printed():
    """
    In the file only the words stand; on paper stands «一、总体情况» and «1.公开不够及时».
    """
    sample = sample_of(19, "2021")
    with zipfile.ZipFile(io.BytesIO(to_docx(model_of(sample)))) as made:
        xml = made.read("word/document.xml").decode()
    for section in FORM.sections:
        pieces = [section.heading[i : i + 7] for i in range(0, len(section.heading), 7)]
        run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
        old = "<w:p>" + "".join(run.format(piece) for piece in pieces)
        new = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr></w:pPr>'
        assert old in xml
        xml = xml.replace(old, new + run.format(section.title))

    found = read_report(archive(xml, numbering=_LISTS))

    assert [section.heading for section in FORM.sections] == [
        printed for _, printed in found.headings
    ]
    assert sample.values == found.values


@pytest.mark.parametrize(
    ("lines", "signature"),
    [
        (["青山镇人民政府", "2024年1月15日"], ("青山镇人民政府", "2024年1月15日")),
        (["青山镇人民政府", "2024 年 1 月 15 日"], ("青山镇人民政府", "2024年1月15日")),
        (["青山镇人民政府　2024年1月15日"], ("青山镇人民政府", "2024年1月15日")),
        (["青山镇人民政府", "二〇二四年一月十五日"], ("青山镇人民政府", "二〇二四年一月十五日")),
        (["2024年1月15日"], ("", "2024年1月15日")),
        ([], None),
    ],
)
@pytest.mark.parametrize("writer", ["docx", "html", "txt, tabs"])
def test_the_signature_is_no_part_of_section_six(
    writer: str, lines: list[str], signature: tuple[str, str] | None
):
    """
    An organ and a date under the last section; what the site prints below is cut off.
    """
    sample = replace(sample_of(20, "2021"), organ="青山镇人民政府", signature=None)

    found = read_report(WRITERS[writer](replace(model_of(sample), signature=lines)))

    assert signature == found.signature
    assert sample.narratives["other_matters"] == found.narratives["other_matters"]


def test_nothing_of_the_site_below_the_signature_is_read():
    """
    Whatever it says there: the organ and the date end the report.
    """
    sample = replace(sample_of(20, "2021"), organ="青山镇人民政府", signature=None)
    model = replace(model_of(sample), signature=["青山镇人民政府", "2024年1月15日"])
    below = "\n欢迎常来\n天气：晴\n今日要闻\n县长调研春耕生产。\n热点专题\n网上办事\n便民服务\n"

    found = read_report(to_txt(model) + below.encode())

    assert ("青山镇人民政府", "2024年1月15日") == found.signature
    assert sample.narratives == found.narratives


@pytest.mark.parametrize(
    ("title", "organ", "year"),
    [
        (["青山镇人民政府2023年政府信息公开工作年度报告"], "青山镇人民政府", 2023),
        (["青山镇人民政府", "2023年度信息公开工作年度报告"], "青山镇人民政府", 2023),
        (["青山镇人民政府", "2023年政府信息公开", "工作年度报告"], "青山镇人民政府", 2023),
        (["2023年青山镇人民政府信息公开工作年度报告"], "青山镇人民政府", 2023),
        (["青山镇2023年度政府信息公开年报"], "青山镇", 2023),
        (["青山镇人民政府二〇二三年政府信息公开工作年度报告"], "青山镇人民政府", 2023),
        (["青山镇人民政府2023 年政府信息公开工作年度报告"], "青山镇人民政府", 2023),
    ],
)
def test_organ_and_year_are_those_of_the_title(title: list[str], organ: str, year: int):
    """
    In one line or three, the year before the organ or after it.
    """
    model = model_of(replace(sample_of(21, "2021"), title=title, introduction=None, signature=None))

    for data in (to_txt(model), to_docx(model), to_html(model)):
        found = read_report(data)

        assert (organ, year) == (found.organ, found.year)
        assert "".join(title) == "".join(found.title)


def test_a_table_broken_by_a_page_goes_on_without_its_heads():
    """
    Word files of old converters hold two tables there.
    """
    sample = sample_of(22, "2021")
    grid = table_three(sample)
    page = to_html(model_of(sample)).decode()
    parts = [html_table(grid[:16]), html_table(grid[16:])]
    assert html_table(grid) in page

    found = read_report(page.replace(html_table(grid), "<p>— 3 —</p>".join(parts)).encode())

    assert [] == [c for c in found.values if found.values[c] != sample.values.get(c)]
    assert len(found.values) >= 190


def test_a_row_that_says_two_things_is_believed_in_neither():
    """
    The same row twice with different figures: unread, not one of them.
    """
    sample = sample_of(23, "2021")
    grid = table_three(sample)
    other = [replace(box) for box in grid[3]]
    other[1].text = "99999"
    page = to_html(model_of(sample)).decode()

    found = read_report(page.replace(html_table(grid), html_table([*grid, other])).encode())

    assert "requests.received.natural_person" in found.unread
    assert sample.values["requests.received.other"] == found.values["requests.received.other"]


def test_fees_in_yuan_are_converted_with_a_doubt():
    """
    «35000元» under a head in 万元 is 3.5, and wants a look.
    """
    sample = sample_of(24, "2021")
    cell = "proactive_disclosure.administrative_fees.amount"
    sample.values[cell] = Decimal("123.4567")
    page = to_html(model_of(sample)).decode().replace("123.4567", "1,234,567元")

    found = read_report(page.encode())

    assert Decimal("123.4567") == found.values[cell]
    assert [cell] == [doubt.cell for doubt in found.doubtful]


# --------------------------------------------------------------- our own files

ORDINARY = st.text(
    st.sampled_from("公开信息年度报告的了是在一二三、，。；：“”（）《》0123456789 AB件"),
    min_size=1,
    max_size=60,
)


def our_report(seed: int, figures: dict[int, int], texts: list[list[str]]) -> DocumentInput:
    """
    A legal report with some figures and all narratives replaced.
    """
    sample = random_report(seed)
    answers: dict[str, int | Decimal | str] = {
        cell: value for cell, value in sample.values.items() if cell not in FORM.sums
    }
    counts = [cell for cell, value in answers.items() if isinstance(value, int)]
    answers |= {counts[n % len(counts)]: figure for n, figure in figures.items()}
    for narrative, lines in zip(FORM.narratives, texts, strict=True):
        kept = [f"第{n}点，{' '.join(line.split())}。" for n, line in enumerate(lines)]
        answers[narrative.id] = "\n".join(kept) or "无。"
    answers["title"] = "\n".join(sample.title)
    answers["introduction"] = sample.introduction or ""
    if sample.signature:
        answers["signature"], answers["signature_date"] = sample.signature
    return DocumentInput(FORM, sample.organ, sample.year, Answers(answers))


@settings(max_examples=10)
@given(
    st.integers(0, 10**6),
    st.dictionaries(st.integers(0, 160), st.integers(0, 999_999_999), max_size=40),
    st.lists(st.lists(ORDINARY, max_size=3), min_size=3, max_size=3),
)
def test_a_report_of_our_own_making_comes_back_as_it_went(
    seed: int, figures: dict[int, int], texts: list[list[str]]
):
    """
    The same figures, title, introduction, narratives and signature, through every format.
    """
    report = our_report(seed, figures, texts)

    for data in (
        docx_maker.render(docx_maker.standard("2021"), report),
        as_html(report).encode(),
        as_text(report).encode(),
    ):
        found = read_report(data)

        assert report.figures.all() == found.values
        assert ((), (), frozenset()) == (found.unread, found.doubtful, found.blank)
        # the maker breaks a long title by its sense
        assert "".join(report.title) == "".join(found.title)
        assert report.answers.text("introduction") == (found.introduction or "")
        for narrative in FORM.narratives:
            assert list(report.lines(narrative.id)) == found.narratives[narrative.id].split("\n")
        signed = report.answers.text("signature")
        assert (signed, report.answers.text("signature_date")) == (found.signature or (None, None))
        assert () == (*found.label_differences, *found.traces, *found.old_rows)
        assert [(s.id, s.heading) for s in FORM.sections] == list(found.headings)


def test_a_figure_that_cannot_be_one_is_read_for_the_check_that_says_so():
    """
    «-5» and «2.5» of a count stand in print: A5 speaks of them, so they are no gaps.
    """
    sample = sample_of(25, "2021")
    grid = table_three(sample)
    page = to_html(model_of(sample)).decode()
    old = html_table(grid)
    grid[3][1].text, grid[4][1].text = "-5", "2.5"

    found = read_report(page.replace(old, html_table(grid)).encode())

    assert -5 == found.values["requests.received.natural_person"]
    assert Decimal("2.5") == found.values["requests.carried_over.natural_person"]
    assert () == found.unread


@pytest.mark.parametrize(("said", "value"), [("无", 0), ("零", 0), ("见附件", None)])
def test_a_row_of_words_is_a_row_and_not_a_missing_one(said: str, value: int | None):
    """
    «行政强制 | 无» is 0 with a doubt; other words are unread; neither is a missing row.
    """
    cell = "proactive_disclosure.coercion.decisions"
    sample = sample_of(25, "2021")
    grid = table_two(sample)
    page = to_html(model_of(sample)).decode()
    old = html_table(grid)
    row = next(boxes for boxes in grid if boxes[0].text == "行政强制")
    row[1].text = said

    found = read_report(page.replace(old, html_table(grid)).encode())

    assert value == found.values.get(cell)
    assert ([] if value is None else [cell]) == [one.cell for one in found.doubtful]
    assert ((cell,) if value is None else ()) == found.unread
    assert () == found.missing_rows


def test_a_table_that_was_not_understood_is_not_called_missing():
    """
    A PDF without rules: what cannot be read is unread, and F2 does not cry about it.
    """
    drawn = to_pdf(model_of(sample_of(0, "2021")))

    found = read_report(drawn.replace(b" l S", b" l n").replace(b" re S", b" re n"))

    assert found.unread
    assert () == (*found.missing_tables, *found.missing_rows, *found.missing_columns)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
def test_heads_cut_by_the_end_of_a_page_are_heads_all_the_same(seed: int):
    """
    The sentence in the corner of table three falls apart into its lines there.
    """
    sample = sample_of(seed, "2021")

    found = read_report(to_pdf(model_of(sample)))

    assert sample.values == found.values


@pytest.mark.parametrize(("goes_on", "differences"), [(["出", "版物"], 0), ([], 1)])
def test_a_label_cut_by_a_page_is_no_other_wording(goes_on: list[str], differences: int):
    """
    The rest of it stands on the next page; a label that ends there is another wording.
    """
    sample = sample_of(25, "2021")
    lines = to_txt(model_of(sample)).decode().split("\n")
    at = next(i for i, line in enumerate(lines) if "3.要求提供公开出版物" in line)
    lines[at] = lines[at].replace("出版物", "")
    lines[at + 1 : at + 1] = goes_on

    found = read_report("\n".join(lines).encode())

    assert sample.values == found.values
    assert differences == len(found.label_differences)


def test_a_table_of_one_cell_around_every_figure_is_no_table():
    """
    Some sites write every figure so.
    """
    sample = sample_of(20, "2021")
    plain = to_html(model_of(sample)).decode()
    wrapped = re.sub(r"(<td[^>]*>)(\d+)(?=</td>)", r"\1<table><tr><td>\2</td></tr></table>", plain)
    assert plain != wrapped

    assert read_report(plain.encode()).figures == read_report(wrapped.encode()).figures
