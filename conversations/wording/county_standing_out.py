"""Sentences about figures that stand out among similar organs, and about texts that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conversations.checks.similar import among_similar
from conversations.county.alike import Alike
from conversations.county.outliers import COMPARABLE, Standout
from conversations.form.model import Form
from conversations.talk.buttons import button
from conversations.talk.effects import Button, Buttons
from conversations.wording.county import COUNTY
from conversations.wording.talk import head, shorten

LETTER = "x"
ALIKE = "a"  # in a button: the list of texts that are alike

GONE = "这里已经有变化，请看新的列表。"
BEFORE, NEXT = "上一页", "下一页"
TITLE = "与同类相差大的数字"
LIST = "与同类相差大"
FORWARD = "点机关，可得到一段转发给它的文字。"
NO_ALIKE = "没有两个单位的文字大段相同。"
LONGEST = 60  # characters shown of a sentence in a text
LONGEST_LABEL = 24


def title(organ: str, year: int) -> str:
    """The title of the list."""
    return f"{head(organ, year)}：{TITLE}"


def count_line(compared: int, standouts: int) -> str:
    """The number of compared reports, and the result."""
    if compared <= COMPARABLE:
        return f"填齐的年报有 {compared} 份；同类满 {COMPARABLE + 1} 份才比较。"
    if not standouts:
        return f"比较了 {compared} 份填齐的年报，没有相差大的数字。"
    return f"比较了 {compared} 份填齐的年报，{standouts} 处相差大，相差最大的在前："


def organ_lines(number: int, organ: str, form: Form, standouts: Iterable[Standout]) -> str:
    """An organ of the list with its figures."""
    said = (f"· {among_similar(form, each.cell, each.similar)}" for each in standouts)
    return "\n".join((f"{number}. {organ}", *said))


def to_forward(organ: str, year: int, form: Form, standouts: Sequence[Standout]) -> str:
    """A message for the organ, without data of others."""
    said = [f"· {among_similar(form, each.cell, each.similar)}" for each in standouts]
    opening = (
        f"{organ}：贵单位 {year} 年度政府信息公开工作年度报告中，"
        f"有 {len(said)} 个数字与同类单位相差较大，请核对："
    )
    return "\n".join((opening, *said, "填错的请改正；没有填错的，请回复说明原因。"))


def alike_title(organ: str, year: int) -> str:
    """The title of the list of texts that are alike."""
    return f"{head(organ, year)}：大段相同的文字"


def alike_line(pair: Alike, form: Form) -> str:
    """«甲局 与 乙局 第五节：12 句中 10 句相同»."""
    section = form.section[pair.item].number
    return (
        f"{pair.shorter.organ} 与 {pair.longer.organ} 第{section}节："
        f"{pair.of} 句中 {len(pair.same)} 句相同"
    )


def same_sentences(pair: Alike, form: Form) -> str:
    """A pair of texts with their common sentences."""
    said = (f"· {shorten(sentence, LONGEST)}" for sentence in pair.same)
    return "\n".join((f"{alike_line(pair, form)}：", *said))


# ---- buttons ----------------------------------------------------------------------------------


def list_button(organ_id: int, year: int, label: str = LIST, *more: str | int) -> Button:
    """A button of these lists."""
    return button(label, COUNTY, LETTER, format(organ_id, "x"), year, *more)


def pages(organ_id: int, year: int, page: int, count: int, *more: str) -> Buttons:
    """Buttons to the previous page and the next, if there are any."""
    row = [
        list_button(organ_id, year, label, *more, f"p{to}")
        for label, to in ((BEFORE, page - 1), (NEXT, page + 1))
        if 0 <= to < count
    ]
    return (tuple(row),) if row else ()


def entry(organ_id: int, year: int, number: int, report_id: int, organ: str) -> Button:
    """The button of an organ in the list."""
    label = shorten(f"{number} {organ}", LONGEST_LABEL)
    return list_button(organ_id, year, label, "e", format(report_id, "x"))


def alike_entry(organ_id: int, year: int, number: int, pair: Alike, form: Form) -> Button:
    """The button of a pair of texts."""
    ids = (format(each.report_id, "x") for each in (pair.shorter, pair.longer))
    label = f"看第 {number} 处"
    return list_button(organ_id, year, label, ALIKE, *ids, form.number[pair.item])


def to_alike(organ_id: int, year: int, count: int) -> Button:
    """The button to the list of texts that are alike."""
    return list_button(organ_id, year, f"大段相同的文字（{count} 处）", ALIKE)
