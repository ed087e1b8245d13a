"""
Where pages end: tables stay whole or break at the edge of a group, no page is half empty.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from tests.docx_structure import W, body, loose_rows
from tests.extremes import EXTREMES, numbered_paragraphs
from tests.pages import Page, laid_out
from tests.written import FORM, leiming, published, with_answers

Tool = Callable[[str], Path]

TABLES = ("二、主动公开", "三、收到和处理", "四、政府信息公开行政复议")
# Table three: the last words of its first rows, then the first and last row of each group.
FIRST = "（二）部分公开"
GROUPS = (
    ("1.属于国家秘密", "8.属于行政查询事项"),
    ("1.本机关不掌握", "3.补正后申请内容"),
    ("1.信访举报投诉", "具已获取信息"),
    ("1.申请人无正当理由", "四、结转下年度"),
)
LONG_REMARK = "本年新收申请包括当面、信函和网上提交"
HALF = 0.5


def pages_of(reports: list[DocumentInput]) -> list[list[Page]]:
    return laid_out([render(standard("2021"), report) for report in reports])


def squeezed(page: Page) -> str:
    return re.sub(r"\s", "", page.text)


def page_with(pages: list[Page], text: str) -> int:
    (found,) = (n for n, page in enumerate(pages) if text in squeezed(page))
    return found


def assert_well_set(pages: list[Page]) -> None:
    """
    No page but the last is half empty, no table leaves its heading (but for a long remark
    between them), no group is torn, and the head stands over each part.
    """
    assert all(HALF <= page.filled for page in pages[:-1]), [page.filled for page in pages]
    for heading, beginning in zip(
        TABLES, ("第二十条第（一）项", FIRST, "未经复议直接起诉"), strict=True
    ):
        apart = LONG_REMARK in "".join(map(squeezed, pages)) and heading == TABLES[1]
        assert page_with(pages, beginning) - page_with(pages, heading) in ({0, 1} if apart else {0})
    assert page_with(pages, "第二十条第（一）项") == page_with(pages, "行政事业性收费")
    for first, last in GROUPS:
        assert page_with(pages, first) == page_with(pages, last)
    broken = {page_with(pages, first) for first, _ in GROUPS} | {page_with(pages, FIRST)}
    heads = {n for n, page in enumerate(pages) if "申请人情况" in squeezed(page)}
    assert broken == heads


def test_tables_break_at_the_edge_of_a_group_or_not_at_all(require_tool: Tool):
    """
    Where little stands on the page before, where it is nearly full, and where none may break.
    """
    require_tool("soffice")
    few = EXTREMES["one word"]
    example, broken, whole, remarks = pages_of(
        [
            leiming(),
            few,
            with_answers(few, {"table_breaks": "whole"}),
            EXTREMES["remarks"],
        ]
    )

    for pages in (example, broken, remarks):
        assert_well_set(pages)
    ends = [
        [page_with(pages, text) for text in (FIRST, GROUPS[0][0], "四、结转")]
        for pages in (example, broken, whole)
    ]
    assert [[2, 2, 2], [0, 1, 1], [1, 1, 1]] == ends


def of_all_lengths() -> Iterator[DocumentInput]:
    """
    Texts that end at each line of a page.

    A last paragraph of more than ten lines goes whole with the signature in LibreOffice; in
    Word its last line does (ECMA-376, 17.3.1.15).
    """
    few, remarks = EXTREMES["one word"], EXTREMES["remarks"]
    signed = with_answers(few, {"signature": few.organ, "signature_date": "2026年1月20日"})
    for lines in range(1, 46):
        yield with_answers(few, {"overview": "\n".join(["已公开。"] * lines)})
    for lines in range(1, 46, 2):
        yield with_answers(remarks, {"overview": "\n".join(["已公开。"] * lines)})
        problems = "\n".join(["人手少。"] * lines)
        yield with_answers(signed, {"problems_and_improvements": problems})
    for lines in range(1, 11):
        yield with_answers(signed, {"other_matters": "没有收费的事项" * 4 * lines})
    yield with_answers(few, {"overview": numbered_paragraphs(60)})  # a dozen pages


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_no_page_is_half_empty(require_tool: Tool, examples: Path, part: int):
    """
    The three examples, the ten extremes, texts of all lengths.
    """
    require_tool("soffice")
    named = [
        published(examples / f"{name}.json") for name in ("hongze-2023", "shuyang-development-2023")
    ]

    for pages in pages_of([leiming(), *named, *EXTREMES.values(), *of_all_lengths()][part::4]):
        assert_well_set(pages)


def test_a_table_may_break_before_each_group_only():
    """
    Table two and four never; table three before （三） to （六）; none where the organ wants that.
    """
    for setting, expected in ((None, [6, 14, 17, 22, 27]), ("whole", [27])):
        report = with_answers(leiming(), {"table_breaks": setting})

        assert [[13], expected, [3]] == loose_rows(render(standard("2021"), report))


def test_the_first_part_of_table_three_is_a_third_of_a_page():
    """
    So it moves whole where less is left; the whole table fits on a page, with room for Word.
    """
    table = list(body(render(standard("2021"), leiming())).iter(f"{W}tbl"))[1]
    heights = []
    for row in table.findall(f"{W}tr"):
        least = row.find(f"{W}trPr/{W}trHeight")
        assert least is not None
        heights.append(int(least.get(f"{W}val", "")) / 20)
    heading = 28.95 + 6
    second_line = 14

    assert 0.3 < (heading + sum(heights[:7]) + second_line) / 637.8 < 1 / 3
    assert heading + sum(heights) + 6 * second_line < 637.8 - 20
    assert FORM.tables[1].head_rows == 3
