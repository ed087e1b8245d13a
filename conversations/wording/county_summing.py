"""Sentences about the sum over the organs below one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conversations.form.answers import Number, grouped
from conversations.form.model import CellId, Form, ItemId
from conversations.wording.checks import cell_name
from conversations.wording.talk import head as organ_and_year

SUM = "汇总"
MOST_NAMES = 8  # of organs in one sentence of a finding

GROUPS = {"own": "本级", "below": "下级政府", "departments": "部门", "townships": "乡镇"}
RESULT, CORRECTED, OWN_REPORT, GAP = "结果", "更正", "本单位年报", "相差"

_WHY = {
    "no_report": "没有年报",
    "incomplete": "没有填完",
    "old_edition": "用的是旧版表样",
    "unreadable": "文件里有数字读不出",
}

NO_ORGAN = "没有找到这个单位，请核对名称。"
WHICH = "请用 --under 指定单位，例如 --under 定安县人民政府。"
TWO_ORGANS = "--under 和 --organ 是同一个意思，只写一个。"
ONLY_A_REASON = "--reason 是更正的原因，请和 --correct 一起写。"
NOBODY_BELOW = "{organ}没有下级单位，没有可以汇总的。"
NOBODY_REPORTED = "还没有一个下级单位的年报填完，暂时没有汇总数。"


def names_of(names: Sequence[str], most: int = 0) -> str:
    """«甲局、乙镇»; with more than `most`, the first and their number."""
    if most and len(names) > most:
        return f"{'、'.join(names[:most])}等 {len(names)} 个"
    return "、".join(names)


def count_line(counted: int, of: int, missing: Sequence[str], most: int = 0) -> str:
    """«汇总 44/47 个单位，缺 3 个单位：…», also if none is missing."""
    said = f"{SUM} {counted}/{of} 个单位"
    if not missing:
        return f"{said}，不缺单位。"
    return f"{said}，缺 {len(missing)} 个单位：{names_of(missing, most)}。"


def why_missing(why: str, gaps: Mapping[ItemId, int], form: Form) -> str:
    """Why an organ is missing: «没有填完：表三 5 格»."""
    if not gaps or why == "old_edition":
        return _WHY[why]
    open_ = "、".join(f"{form.section[table].body.short} {n} 格" for table, n in gaps.items())
    return f"{_WHY[why]}：{open_}"


def unfinished_line(names: Sequence[str], most: int = 0) -> str:
    """Organs that are counted although they were not handed in."""
    return f"已计入但还没有定稿的 {len(names)} 个：{names_of(names, most)}。"


def excused_line(names: Sequence[str], most: int = 0) -> str:
    """Organs that need not report."""
    return f"不需要报送的 {len(names)} 个：{names_of(names, most)}。"


def wrong_line(names: Sequence[str], most: int = 0) -> str:
    """Organs whose own figures do not add up."""
    return f"自己的数字对不上的 {len(names)} 个：{names_of(names, most)}。"


NO_OWN_PART = "下级单位里没有本级，汇总不含本级自己的数字。"


def twice(names: Sequence[str]) -> str:
    """Organs whose figures may include those of others in the sum."""
    named = names_of(names, MOST_NAMES)
    return f"{named}的下级也单独计入了，它的年报如果已含下级的数字就计了两次。"


def differs(
    cell: CellId, own: Number, total: Number, result: Number, why: str, missing: Sequence[str]
) -> str:
    """S1: «新收·自然人：县报告 12，汇总 15，差 3», with possible reasons."""
    corrected = f"，更正后 {grouped(result)}" if result != total else ""
    gap = grouped(max(own, result) - min(own, result))
    said = f"{cell_name(cell)}：{OWN_REPORT} {grouped(own)}，{SUM} {grouped(total)}{corrected}，差 {gap}。"
    if missing:
        said += f"{SUM}缺 {len(missing)} 个单位：{names_of(missing, MOST_NAMES)}。"
    return said + why


def head(organ: str, year: int) -> str:
    """The organ and year of the sum."""
    return f"{organ_and_year(organ, year)}{SUM}"


# ------------------------------------------------------------------- corrections

UNKNOWN_CELL = "没有「{name}」这一格。请写编号，或者写行和列，例如「新收 自然人」。"
IS_TOTAL = "「{name}」是合计，由各格相加得出，请更正其中的格。"
BAD_AMOUNT = "「{text}」不是加减的数，请写 +3 或 -1。"
WHOLE_ONLY = "「{name}」按件计，请写整数。"
BELOW_ZERO = "「{name}」汇总 {total}，减去以后小于 0，没有更正。"
NEEDS_REASON = "请写明更正的原因，例如「-1 转办重复」。"
NEEDS_SUM = "还没有汇总数，暂时不能更正。"
NOTHING_CORRECTED = "「{name}」没有更正，不用撤销。"
TAKE_BACK = "撤销"


def signed(amount: Number) -> str:
    """«+3», «-1»."""
    return f"{'-' if amount < 0 else '+'}{grouped(max(amount, -amount))}"


def corrected(cell: CellId, amount: Number, reason: str, result: Number) -> str:
    """A correction was stored."""
    return f"已更正：{cell_name(cell)} {signed(amount)}（{reason}），结果 {grouped(result)}。"


def taken_back(cell: CellId, result: Number) -> str:
    """A correction was taken back."""
    return f"已撤销更正：{cell_name(cell)}，结果 {grouped(result)}。"


def correction_line(cell: CellId, amount: Number, reason: str) -> str:
    """«· 新收·自然人 -1：转办重复»."""
    return f"· {cell_name(cell)} {signed(amount)}：{reason}"


# ------------------------------------------------------------------- the result

MAIN = "主要数字："
NOT_AS_THEY_ARE = "不能直接照填的（汇总里可能计了两次）："
CORRECTIONS = "更正："
DIFFERENCES = "与本单位年报不同 {count} 格："
SAME = "与本单位年报一致。"
SAME_SO_FAR = "与本单位年报已填的一致。"
DOES_NOT_ADD_UP = "汇总数对不上的："


def own_open(count: int) -> str:
    """The number of unanswered figures in the county's own report."""
    return f"本单位年报还有 {count} 格没填，没有比。"


def below_zero_line(cells: Sequence[CellId], most: int = 0) -> str:
    """Corrections that make a figure negative."""
    return (
        f"更正后小于 0 的 {len(cells)} 格：{names_of([*map(cell_name, cells)], most)}，请改更正。"
    )


def corrected_to(plain: Number, result: Number, unit: str = "") -> str:
    """«15（更正后 14）», «15 件（更正后 14）»."""
    return f"{grouped(plain)}{unit}（更正后 {grouped(result)}）"


def difference_line(cell: CellId, own: Number, total: Number, result: Number) -> str:
    """«· 新收·自然人：本单位年报 12，汇总 15，差 +3»."""
    said = grouped(total) if total == result else corrected_to(total, result)
    return f"· {cell_name(cell)}：{OWN_REPORT} {grouped(own)}，{SUM} {said}，{GAP} {signed(result - own)}"


# ------------------------------------------------------------------- the spreadsheet

SHEETS = ("汇总", "构成", "缺的单位", "更正")
TABLE_HEADS = ("表", "项目", "栏")
_CELL_ID = "格（编号）"
SUM_HEAD = (*TABLE_HEADS, SUM, CORRECTED, RESULT, OWN_REPORT, GAP, "不能直接照填的原因", _CELL_ID)
CORRECTION_HEAD = (*TABLE_HEADS, CORRECTED, "原因", "谁", "时间", _CELL_ID)
MISSING_HEAD = ("单位", "上级", "级别", "是否计入", "情况")
COUNTED, COUNTED_UNFINISHED, NOT_COUNTED, NOT_NEEDED = "计入", "计入，未定稿", "缺", "不需要报送"
WRONG = "自己的数字对不上：{checks}"


def bridge_head(groups: Sequence[str]) -> tuple[str, ...]:
    """The heads of the table of parts: a column for each part of the sum."""
    parts = (GROUPS[group] for group in groups)
    return (*TABLE_HEADS, *parts, SUM, CORRECTED, "更正原因", RESULT, OWN_REPORT, GAP, _CELL_ID)


# ------------------------------------------------------------------- the chat

LETTER = "s"
TYPED = ("汇总", "下级汇总")
MISSING = "缺的单位："
DOWNLOAD, TAKE_OVER = "下载表格", "填入本单位年报"
CORRECT, TAKE_CORRECTION_BACK = "更正", "撤销更正"
BACK, TO_THE_SUM, EARLIER_PAGE, NEXT_PAGE = "返回", "回到汇总", "上一页", "下一页"
NO_ORGANS_BELOW = "您管理的单位没有下级单位，没有可以汇总的。"
CAPTION = "{organ} {year}年度汇总：{count} 个单位，缺 {missing} 个。"
FILE = "{year}年度汇总.xlsx"


def choose(count: int, shown: int) -> str:
    """The choice of a sum; only the first of `count` are shown."""
    rest = f"共 {count} 个，下面是前 {shown} 个；其他的请发 /sum 和名称的一部分。"
    return f"要看哪个单位的汇总？{rest if count > shown else ''}"


def missing(count: int) -> str:
    """The button to the missing organs."""
    return f"缺的单位 {count}"


def differing(count: int) -> str:
    """The button to the differing figures."""
    return f"与年报不同 {count}"


def held_back(count: int) -> str:
    """The button to figures that may not be taken over as they are."""
    return f"不能照填 {count}"


def corrections(count: int) -> str:
    """The button to the corrections."""
    return f"已更正 {count}"


def not_as_it_is(why: str) -> str:
    """Why a figure may not be taken over as it is."""
    return f"不能直接照填：{why}"


def comes_from(count: int) -> str:
    """The heading of a figure's organs."""
    return f"来自 {count} 个单位（从大到小，点开看）："


def difference_label(cell: CellId, own: Number, result: Number) -> str:
    """«新收·自然人 12 → 15»."""
    return f"{cell_name(cell)} {grouped(own)} → {grouped(result)}"


def how_to_correct(cell: CellId, total: Number) -> str:
    """How to type a correction of a figure."""
    return (
        f"更正「{cell_name(cell)}」，汇总 {grouped(total)}。\n请发加减的数和原因，例如：-1 转办重复"
    )
