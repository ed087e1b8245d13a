"""
The report as a web page and as text: the same values as in the Word file.
"""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.document.write.content import DRAFT_NOTICE, GAP, DocumentInput, UnfinishedError
from conversations.document.write.docx import render, standard
from conversations.document.write.html import as_html
from conversations.document.write.text import as_text
from tests.docx_structure import document_text, grids
from tests.written import FORM, leiming, published, with_answers

Write = Callable[..., str]


class Page(HTMLParser):
    """
    What a browser makes of it: the text, the tables' boxes, every attribute.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
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
        if tag == "br":
            return
        self.open.append(tag)
        match tag:
            case "table":
                self.tables.append([])
            case "tr":
                self.tables[-1].append([])
            case "td" | "th":
                self.box = ("", int(given.get("colspan", 1)), int(given.get("rowspan", 1)))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()
        if self.box and tag in {"td", "th"}:
            self.tables[-1][-1].append(self.box)
            self.box = None

    def handle_data(self, data: str) -> None:
        self.text += data
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


def test_the_page_has_the_tables_of_the_word_file():
    """
    The same boxes with the same spans.
    """
    assert grids(render(standard("2021"), leiming())) == Page(as_html(leiming())).tables


def test_the_page_is_one_fragment_that_a_content_system_leaves_alone():
    """
    One element, every tag closed, inline styles only, no class, no id, no script, no link.
    """
    page = Page(as_html(leiming()))

    assert [] == page.open
    assert as_html(leiming()).startswith('<div lang="zh-CN"')
    assert {"lang", "style", "colspan", "rowspan", "aria-label"} >= {
        name for _, name, _ in page.attributes
    }
    assert {"div", "h1", "h2", "p", "span", "table", "tr", "td", "th"} >= {
        tag for tag, _, _ in page.attributes
    }
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
    assert {"lang", "style", "colspan", "rowspan", "aria-label"} >= {
        name for _, name, _ in Page(found).attributes
    }


@pytest.mark.parametrize("write", [as_text, as_html])
def test_the_same_answers_give_the_same_characters(write: Write):
    """
    They may be compared as the Word files are.
    """
    report = leiming()
    again = DocumentInput(FORM, report.organ, report.year, report.answers.changed({}))

    assert write(report) == write(again)
