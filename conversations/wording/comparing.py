"""Sentences about comparing the published report with the approved one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations.document.read.blocks import LeftOut
from conversations.form.answers import grouped
from conversations.form.model import CellId, Form, ItemId
from conversations.sign_off.comparison import (
    HEADINGS,
    LABELS,
    CellDifference,
    Comparison,
    Result,
    TextDifference,
    section_headed,
)
from conversations.wording import checks

MOST = 3  # of a kind that are named
MOST_LINES = 20  # of a list of differences
ALL = 100_000
AROUND = 12  # characters shown on either side of a difference
LONGEST = 60  # characters of a text that are shown

APPROVED, FINAL = "批准", "定稿"  # the version that was compared
PUBLISHED = "网上"
ASK = (
    "年报公布在哪个网页？请发网址，或者把保存的网页、公布的文件发来。\n"
    "公布的会和定下来的那一份逐格、逐句核对，日期和网址一起记下。"
)
ASK_AGAIN = "网页改好以后，请再发一次网址、保存的网页或公布的文件，重新核对。"
BACK = "先不核对"
NO_ADDRESS = "请发公布年报的网址（以 http:// 或 https:// 开头），或者把保存的网页、文件发来。"
NOT_KEPT = "没有对比成：{why}\n公布也没有记下。请发公布的网址，或者能读的网页、文件。"
WAY_OUT = "记下公布以后，年报不能直接改；要改，请发「重新打开」，写明原因。"
NOTHING_FINAL = "这份年报还没有正式文件，没有可以核对的。"
EQUAL = "公布的和{ours}的一致：数字、标题、文字都一样。"
DIFFERENT = "公布的和{ours}的不一样，有 {count} 处："
NOT_COMPARED = "没有对比成：{why}"
BLANKS = f"{{ours}}是 0、{PUBLISHED}是空白的：{{places}}"
ALSO = "另外：{why}"

OTHER_EDITION = "表格用的是另一版的格式。"
SEVERAL = "里面有 {count} 份年报。"
NO_SECTION = "没有找到「{name}」这一节。"
OTHER_ORGAN = "这是{organ}的年报，不是这一份。"
OTHER_YEAR = "这是 {year} 年度的年报，不是这一份。"


def other_report(organ: str, year: int | None) -> str:
    """The report that was published, or sent, is another year's or organ's."""
    return OTHER_YEAR.format(year=year) if year else OTHER_ORGAN.format(organ=organ)


def cells_not_read(cells: Sequence[CellId]) -> str:
    """Figures that were not read."""
    return f"有 {len(cells)} 格没有读到：{checks.places(cells)}。"


def doubted(doubts: Sequence[tuple[CellId, str]]) -> str:
    """Figures that were not surely read (cell, reason)."""
    whys = dict.fromkeys(why for _, why in doubts)
    told = checks.places([cell for cell, _ in doubts])
    return f"有 {len(doubts)} 格读不准：{told}（{'；'.join(whys)}）。"


def leftover(texts: Sequence[str]) -> str:
    """Texts in the tables that were not understood."""
    shown = "、".join(map(checks.repr_short, texts[:MOST]))
    return f"表格里有没读懂的文字：{shown}{'等' if len(texts) > MOST else ''}。"


def left_out(form: Form, left: Sequence[LeftOut]) -> str:
    """Content of the texts other than words."""
    numbers = dict.fromkeys(form.section[out.section].number for out in left)
    return f"第{'、'.join(numbers)}节有图片等文字以外的内容，没有对比。"


def traces(marks: Sequence[str]) -> str:
    """Traces of tools in the file."""
    return f"文字里有不该有的痕迹：{'、'.join(map(checks.repr_short, marks[:MOST]))}。"


def text_not_read(form: Form, item: ItemId) -> str:
    """A text that cannot be separated from the texts beside it."""
    return f"{text_name(form, item)}读不准，没有对比。"


def text_name(form: Form, item: ItemId) -> str:
    """The name of a text in the comparison."""
    if section := section_headed(item):
        return f"第{form.section[section].number}节标题"
    if item in (HEADINGS, LABELS):
        return "各节次序" if item == HEADINGS else "表格用语"
    return form.name_of(item)


def recorded(address: str, today: date) -> str:
    """A publication was recorded, with its address as plain text."""
    on = f"{today.year}年{today.month}月{today.day}日"
    return f"已记下：{on}公布{f'，{address}' if address else ''}。"


def told(comparison: Comparison, form: Form, ours: str, most: int = MOST_LINES) -> str:
    """The result, with the places of the differences; `ours` names the compared version."""
    noughts = [each.cell for each in comparison.cells if not each.ours and each.theirs == ""]
    together = noughts if len(noughts) > MOST else []
    lines = [cell_line(each, ours) for each in comparison.cells if each.cell not in together]
    if together:
        lines.append(BLANKS.format(ours=ours, places=checks.places(together)))
    lines += [text_line(form, each, ours) for each in comparison.texts]
    if comparison.result is Result.EQUAL:
        return EQUAL.format(ours=ours)
    if comparison.result is Result.NOT_COMPARED:
        return "\n".join([NOT_COMPARED.format(why=comparison.why), *lines[:most]])
    said = [DIFFERENT.format(ours=ours, count=len(lines)), *lines[:most]]
    if len(lines) > most:
        said.append(f"……还有 {len(lines) - most} 处")
    if comparison.why:
        said.append(ALSO.format(why=comparison.why))
    return "\n".join(said)


def cell_line(difference: CellDifference, ours: str) -> str:
    """«表三 自然人 予以公开：批准 12，网上 21»."""
    theirs = difference.theirs
    said = theirs if isinstance(theirs, str) else grouped(theirs)
    where = checks.place_of_cell(difference.cell)
    return f"{where}：{ours} {grouped(difference.ours)}，{PUBLISHED} {said or '空白'}"


def text_line(form: Form, difference: TextDifference, ours: str) -> str:
    """«一、总体情况：批准「…86 条…」，网上「…68 条…」»."""
    name, left, right = text_name(form, difference.item), difference.ours, difference.theirs
    left, right = (" ".join(text.split()) for text in (left, right))
    if not right:
        return f"{name}：{PUBLISHED}没有「{_cut(left, 0)}」"
    if not left:
        return f"{name}：{PUBLISHED}多了「{_cut(right, 0)}」"
    at = next(
        (at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )
    return f"{name}：{ours}「{_cut(left, at)}」，{PUBLISHED}「{_cut(right, at)}」"


def _cut(text: str, at: int) -> str:
    """A part of a text around a place."""
    begin = max(0, at - AROUND) if len(text) > LONGEST else 0
    end = begin + LONGEST
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
