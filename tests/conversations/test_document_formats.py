"""
The report as a web page and as text: the same values as in the Word file.
"""

import html
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.document.lines import pieces
from conversations.document.write.content import (
    DRAFT,
    DRAFT_NOTICE,
    GAP,
    DocumentInput,
    UnfinishedError,
)
from conversations.document.write.docx import render, standard
from conversations.document.write.html import as_html, as_page
from conversations.document.write.text import as_text
from tests.docx_structure import document_text, grids, paragraphs
from tests.extremes import EXTREMES
from tests.written import FORM, leiming, published, with_answers

Write = Callable[..., str]

ATTRIBUTES = {
    *("lang", "style", "colspan", "rowspan", "scope"),
    *("role", "tabindex", "aria-label", "aria-hidden"),
}


class Page(HTMLParser):
    """
    What a browser makes of it: the text, the tables' boxes, every attribute.

    `beside` is what the Word file has not: a table's caption, the hint that it scrolls.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.beside = ""
        self.lines: list[str] = []
        self.hidden: list[str] = []
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.lang: str | None = None
        self.box: tuple[str, int, int] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in given.items()]
        if tag in {"br", "col", "meta"}:
            return
        self.open.append(tag)
        if tag in {"h1", "h2", "h3", "p", "td", "th"}:
            self.lines.append("")
        if self.hidden or tag in {"caption", "head"} or "aria-hidden" in given:
            self.hidden.append(tag)
        match tag:
            case "table":
                self.tables.append([])
            case "tr":
                self.tables[-1].append([])
            case "td" | "th":
                self.box = ("", int(given.get("colspan", 1)), int(given.get("rowspan", 1)))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()
        if self.hidden:
            self.hidden.pop()
        if self.box and tag in {"td", "th"}:
            self.tables[-1][-1].append(self.box)
            self.box = None

    def handle_data(self, data: str) -> None:
        if self.hidden:
            self.beside += data
            return
        self.text += data
        if self.lines:
            self.lines[-1] += data
        if self.box:
            self.box = (self.box[0] + data, *self.box[1:])


def without_blanks(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", ["hongze-2023", "shuyang-development-2023"])
def test_every_format_says_the_same(examples: Path, name: str):
    """
    Character by character, with introduction and signature.
    """
    report = published(examples / f"{name}.json")
    expected = without_blanks(document_text(render(standard("2021"), report)))

    assert expected == without_blanks(as_text(report))
    assert expected == without_blanks(Page(as_html(report)).text)


@pytest.mark.parametrize("write", [as_html, as_page])
@pytest.mark.parametrize("report", [leiming(), *EXTREMES.values()], ids=["leiming", *EXTREMES])
def test_the_page_has_the_paragraphs_and_tables_of_the_word_file(
    write: Write, report: DocumentInput
):
    """
    The same lines in the same order, the same boxes with the same spans.
    """
    document = render(standard("2021"), report)
    page = Page(write(report))
    titled = sum(style == "Title" for style, _ in paragraphs(document))
    title, *lines = filter(None, map(str.strip, page.lines))

    assert grids(document) == page.tables
    found = list(filter(None, document_text(document).split("\n")))
    assert ["".join(found[:titled]), *found[titled:]] == [title, *lines]


def test_the_page_is_one_fragment_that_a_content_system_leaves_alone():
    """
    One element, every tag closed, inline styles only, no class, no id, no script, no link.
    """
    page = Page(as_html(leiming()))

    assert [] == page.open
    assert as_html(leiming()).startswith('<div lang="zh-CN"')
    assert ATTRIBUTES >= {name for _, name, _ in page.attributes}
    assert 3 == sum("overflow-x:auto" in value for tag, _, value in page.attributes if tag == "div")


def test_the_text_has_a_row_a_line_with_tabs_between():
    """
    As when a published page is copied; merged boxes stand once.
    """
    lines = as_text(leiming()).split("\n")

    assert ["雷鸣镇人民政府", "2023年度信息公开工作年度报告", "一、总体情况"] == lines[:3]
    assert "行政许可\t295" in lines
    assert "三、本年度办理结果\t（一）予以公开\t0\t0\t0\t0\t0\t0\t0" in lines
    assert "1.属于国家秘密" in [
        line.split("\t")[1] for line in lines if line.startswith("（三）不予")
    ]
    assert "2.其他法律行政法规禁止公开\t0\t0\t0\t0\t0\t0\t0" in lines
    assert ["六、其他需要报告的事项", "无。", ""] == lines[-3:]


def test_a_page_of_its_own_says_what_it_is():
    """
    Its kind, its language, whose it is and of which version; a draft, that it is none.
    """
    report = leiming()
    attributes = Page(as_page(report)).attributes
    said = {value for tag, name, value in attributes if (tag, name) == ("meta", "content")}

    assert as_page(report).startswith("<!DOCTYPE html>")
    assert ("html", "lang", "zh-CN") in attributes
    assert {report.fingerprint, report.organ, "width=device-width, initial-scale=1"} <= said
    assert f"<title>{''.join(report.title)}</title>" in as_page(report)
    assert "noindex" not in said
    draft = as_page(report, draft=True)
    assert f"<title>{''.join(report.title)}（{DRAFT}）</title>" in draft
    assert '<meta name="robots" content="noindex">' in draft


def test_every_label_says_what_it_heads():
    """
    Columns and rows one by one; a column or a row of labels that has others under it as a group.
    """
    scopes = Counter(re.findall(r'scope="(\w+)"', as_html(leiming())))
    labels = [box for table in FORM.tables for row in table.grid for box in row if not box.cell]

    assert len(labels) == scopes.total()
    assert {"col", "colgroup", "row", "rowgroup"} == set(scopes)
    # The four heads of table two and the results of table three; the heads over columns.
    assert (5, 4) == (scopes["rowgroup"], scopes["colgroup"])


def test_a_long_heading_is_broken_by_sense():
    """
    On a phone no line of it is one character, or ends within a word.
    """
    found = as_html(leiming())

    for heading in (FORM.sections[2].heading, FORM.sections[3].heading):
        first, second = pieces(heading)
        assert f">{first}</span><span" in found
        assert f">{second}</span></h2>" in found


def test_headings_descend_by_one():
    """
    A heading of the second level that stands alone is one of the page; one in a text is not.
    """
    text = "（一）主动公开\n公开了文件。\n（二）依申请公开。答复了申请。"
    found = as_html(with_answers(leiming(), {"overview": text}))

    assert "（一）主动公开</h3>" in found
    assert "（二）依申请公开。</span>答复了申请。</p>" in found


@pytest.mark.parametrize("write", [as_text, as_html])
def test_a_final_one_waits_for_every_answer(write: Write):
    """
    As the Word file does.
    """
    with pytest.raises(UnfinishedError):
        write(with_answers(leiming(), {"overview": None}))


@pytest.mark.parametrize("write", [as_text, as_html])
def test_a_draft_says_so_and_marks_its_gaps(write: Write):
    """
    At the top, so that nobody publishes it.
    """
    found = write(with_answers(leiming(), {"overview": None}), draft=True)

    assert DRAFT_NOTICE in found.split("一、")[0]
    assert 1 == found.count(GAP)
    assert DRAFT_NOTICE not in write(leiming())


@pytest.mark.long
@settings(max_examples=40)
@given(text=st.text(max_size=200), item=st.sampled_from(["overview", "title", "introduction"]))
def test_nothing_typed_becomes_markup(text: str, item: str):
    """
    Whatever it is, the page has the same tags; the characters are there as typed.
    """
    report = with_answers(leiming(), {item: f"甲{text}"})

    page = Page(as_html(report))

    assert [] == page.open
    assert without_blanks(document_text(render(standard("2021"), report))) == without_blanks(
        page.text
    )


@pytest.mark.parametrize(
    "text", ["<script>x</script>", 'a"onclick="b', "&amp;", "{{7*7}}", "A&B <c>"]
)
def test_what_is_typed_stands_in_the_page_as_typed(text: str):
    """
    Also in the organ's wording.
    """
    report = with_answers(leiming(), {"overview": text, "title": text, "signature": text})

    found = as_html(report)

    assert 3 == html.unescape(re.sub("<[^>]+>", "", found)).count(text)
    assert ATTRIBUTES >= {name for _, name, _ in Page(found).attributes}


@pytest.mark.parametrize("write", [as_text, as_html])
def test_the_same_answers_give_the_same_characters(write: Write):
    """
    They may be compared as the Word files are.
    """
    report = leiming()
    again = DocumentInput(FORM, report.organ, report.year, report.answers.changed({}))

    assert write(report) == write(again)
