"""
Sentences about lists of organs, and about renaming, merging and closing organs.

Button ids are permanent: `cy:n:y:<row>:<mark>` takes the list that was shown,
`cy:n:u:<row>:<organ>` shows it below another organ, `cy:n:d:<row>` does what was asked about,
`cy:n:n:<row>` drops either, `cy:n:l` explains how to send a list, `cy:n:t` sends an empty one; row
and organ are hexadecimal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from conversations.county.organ_list import Entry, OrganPlan, Remark, Slip
from conversations.form.organ import Level
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.county import COUNTY

LETTER = "n"

LEVELS = {
    Level.CITY: "市",
    Level.COUNTY: "县",
    Level.TOWNSHIP: "乡镇",
    Level.BUREAU: "部门",
}
NO_LEVEL = "没有定"
ON_TOP = "最上面（没有上级）"

# ---- the list that is sent or filled in ---------------------------------------------------

COLUMNS = ("机关", "上级", "级别", "联系人", "电话")
COLUMN_NOTES = (
    ("机关", "必填。机关全称，一行一个，例如：雷鸣镇人民政府。"),
    ("上级", "上级机关的全称。空着就放在导入的机关之下；也可以写名单里的另一个机关。"),
    ("级别", "市、县、乡镇、部门。空着按名称判断。"),
    ("联系人", "可空。只有管理员看得到。"),
    ("电话", "可空。只有管理员看得到。"),
)
SHEET, NOTES_SHEET = "单位名单", "填写说明"
FILE = "单位名单.xlsx"
LEVEL_ERROR = "请从下拉里选：市、县、乡镇、部门；也可以空着。"
TABLE_CAPTION = "单位名单：填好后直接发回来，先给您看会新建哪些，再导入。"
IMPORT_LIST = "导入单位名单"
EMPTY_LIST = "空白名单"
TYPED = ("导入单位名单", "导入名单", "单位名单", "导入机关名单", "机关名单")
HOW = (
    "导入单位名单有两种办法：\n"
    "· 发一个表格（.xlsx、.csv），表头有「机关」，还可以有「上级」「级别」「联系人」「电话」；\n"
    "· 或者发一条消息：第一行写「导入单位名单」，下面一行一个机关全称。\n"
    "先给您看会新建哪些、有什么疑问，点「确认导入」才算。"
)
NO_ROWS = "名单里一个机关也没有读到。表头要有「机关」或「单位」，一行一个全称。"
TOO_MANY = "名单太长：一次最多 {most} 行，请分几次导入。"
CUT_OFF = (
    "名单太长，Telegram 会拆成几条消息，后面的收不到。"
    "请改发表格，或者分几次发，每次第一行都写「导入单位名单」。"
)
NOT_TEXT = "文件里的文字读不出来，请存成 .xlsx 或 UTF-8 的 .csv 再试。"

CONFIRM, DROP = "确认导入", "不导入"
DROPPED = "没有导入，什么都没有改。"
STALE = "名单发来以后情况变了，下面是现在的结果，请再看一遍。"
GONE = "这份名单已经处理过，或放得太久了，请重新发一次。"
NOTHING = "没有要新建或改动的。"
AS_SHOWN = "以上只是预览，什么都没有改；加 --yes 才导入。"
BELOW = "没写上级的放在「{}」之下。"
BELOW_OTHER = "放在「{}」之下"
MOST_NAMES = 30  # new organs named in a chat
MOST_REMARKS = 12  # … and remarks shown
MOST_CHANGED = 8
MOST_PARENTS = 6  # buttons for other parents

SLIPS: dict[Slip, str] = {
    Slip.NEAR: "和「{other}」只差一个字，请看是不是同一个",
    Slip.TWICE: "重复，只算一次",
    Slip.TWO_PARENTS: "写了两个上级，按前面的「{other}」",
    Slip.NO_PARENT: "上级「{other}」不在您管的机关里，也不在名单里",
    Slip.ODD_NAME: "不太像机关全称，请核对",
    Slip.NO_LEVEL: "级别「{other}」认不出，按名称判断",
    Slip.ODD_PHONE: "电话「{other}」不像电话号码",
    Slip.OLD_NAME: "现在叫「{other}」，按现在的名称",
    Slip.STAYS: "上级不由您改，原样不动",
    Slip.NO_NAME: "没有机关名称",
    Slip.CIRCLE: "上下级成了一个圈",
    Slip.CLOSED: "已经撤销",
    Slip.NOT_YOURS: "不归您管",
}
MERGED = "已经并入「{}」"


def remark(said: Remark) -> str:
    """One remark, with its line."""
    text = SLIPS[said.slip].format(other=said.other)
    if said.slip is Slip.CLOSED and said.other:
        text = MERGED.format(said.other)
    return f"第 {said.line} 行 {said.organ[:40]}：{text}"


def summary(plan: OrganPlan) -> str:
    """The counts of each kind."""
    left = len({said.line for said in plan.remarks if said.left_out})
    parts = [f"新建 {len(plan.made)} 个", f"改动 {len(plan.changed)} 个", f"不变 {plan.same} 个"]
    if left:
        parts.append(f"不收 {left} 行")
    if plan.empty:
        parts.append(f"空行 {plan.empty}")
    if plan.hidden:
        parts.append(f"隐藏的行或列 {plan.hidden} 处没有读")
    return "单位名单：" + "，".join(parts) + "。"


def _made(entries: Sequence[Entry], most: int) -> Iterator[str]:
    """The new organs, by their parent."""
    shown = entries[:most]
    for parent in dict.fromkeys(entry.parent for entry in shown):
        names = "、".join(entry.organ for entry in shown if entry.parent == parent)
        where = f"「{parent}」之下" if parent else ON_TOP
        yield f"＋ {where}：{names}"
    if len(entries) > most:
        yield f"　……共 {len(entries)} 个"


def _changed(entry: Entry, *, private: bool) -> str:
    """The changes of one organ."""
    parts = []
    if entry.parent is not None:
        parts.append(f"上级 → {entry.parent or ON_TOP}")
    if entry.level is not None:
        parts.append(f"级别 → {LEVELS.get(entry.level, NO_LEVEL)}")
    for name, value in (("联系人", entry.contact), ("电话", entry.phone)):
        if value is not None:
            parts.append(f"{name} → {value}" if private else name)
    return f"～ {entry.organ}：{'，'.join(parts)}"


def plan_lines(
    plan: OrganPlan, *, names: int, changed: int, remarks: int, private: bool = True
) -> list[str]:
    """The dry run as lines; the arguments limit the names, changes and remarks listed."""
    lines = [summary(plan)]
    left = [said for said in plan.remarks if said.left_out]
    doubts = [said for said in plan.remarks if not said.left_out]
    lines += _some("不收的：", left, remarks, remark)
    lines += _some("请看一眼：", doubts, remarks, remark)
    lines += _made(plan.made, names)
    lines += [_changed(entry, private=private) for entry in plan.changed[:changed]]
    if len(plan.changed) > changed:
        lines.append(f"　……共改动 {len(plan.changed)} 个")
    if not (plan.made or plan.changed):
        lines.append(NOTHING)
    return lines


def _some(
    head: str, remarks: Sequence[Remark], most: int, said: Callable[[Remark], str]
) -> list[str]:
    if not remarks:
        return []
    more = [f"　……共 {len(remarks)} 处"] if len(remarks) > most else []
    return [head, *(said(each) for each in remarks[:most]), *more]


def button(what: str, label: str, tone: Tone = Tone.PLAIN) -> Button:
    """A button of this view."""
    return Button(f"{COUNTY}:{LETTER}:{what}", label[:60], tone)


def shown(
    plan: OrganPlan,
    row: int,
    under: str,
    others: Sequence[tuple[int, str]] = (),
    *,
    stale: bool = False,
) -> Say:
    """The dry run in a chat; `others` are possible parents for organs without one."""
    lines = [STALE] if stale else []
    lines += plan_lines(plan, names=MOST_NAMES, changed=MOST_CHANGED, remarks=MOST_REMARKS)
    if under and plan.made:
        lines.append(BELOW.format(under))
    if not (plan.made or plan.changed):
        return Say(MessageKind.NOTE, "\n".join(lines))
    rows: list[tuple[Button, ...]] = [
        (button(f"y:{row:x}:{plan.mark}", CONFIRM, Tone.GO), button(f"n:{row:x}", DROP))
    ]
    rows += [(button(f"u:{row:x}:{id_:x}", BELOW_OTHER.format(name)),) for id_, name in others]
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


def taken(plan: OrganPlan) -> str:
    """The list was stored."""
    return f"✓ 已导入：新建 {len(plan.made)} 个，改动 {len(plan.changed)} 个。"


def ask(will: str, row: int) -> Say:
    """What will happen to an organ, and the button to do it."""
    buttons = (button(f"d:{row:x}", DO_IT, Tone.GO), button(f"n:{row:x}", DO_NOT))
    return Say(MessageKind.NOTE, will, (buttons,))


def import_button() -> Button:
    """The button to send a list, for other views."""
    return button("l", IMPORT_LIST)


# ---- names and ends -----------------------------------------------------------------------

DO_IT, DO_NOT = "确认办理", "不办"
USAGE = {
    "rename": "请写原名称和新名称，中间空一格，例如：/rename 徐闻县财税局 徐闻县财政局",
    "merge": "请写两个机关，前一个并入后一个，例如：/merge 徐闻县甲局 徐闻县乙局",
    "close": "请写要撤销的机关，例如：/close 徐闻县丙办",
    "reopen": "请写要恢复的机关，例如：/reopen 徐闻县丙办",
}
HOW_TO_RENAME = "请和正确的全称一起发，例如：机关改名 雷鸣镇人民政府"
RENAMED_ABOVE = "这个机关的名称由管理员来改，请把正确的全称告诉管理员。"
NOT_ONES_OWN = "自己所在的机关要由上级的管理员或运维来合并、撤销。"
WRONG_NAME_HINT = "机关名称写错了，发「机关改名 正确的全称」就能改。"
NO_ORGAN = "没有「{}」这个机关，请核对全称。"
SAME_NAME = "名称没有变。"
BAD_NAME = "「{}」不能作机关名称，请写全称，例如：雷鸣镇人民政府。"
TAKEN_NAME = "已经有机关叫「{}」。两个其实是一个的，请用合并。"
TAKEN_NAME_ASK_COUNTY = "已经有机关叫「{}」。两个其实是一个的，请联系县政务公开办（或管理员）合并。"
IS_CLOSED = "「{}」已经撤销。"
NOT_CLOSED = "「{}」没有撤销，不用恢复。"
INTO_ITSELF = "不能并入自己。"
HAS_CHILDREN = "「{organ}」下面还有 {count} 个机关，请先并入别的机关，或把它们改放别处。"
INTO_WHICH = "请用 --into 写明并入哪个机关。"
TABLE_WRITTEN = "✓ 已写好：{file}。填好后：nianbao organs import {file} --under 县"
WITH_YES = "以上只是预览；加 --yes 才办理。"

NEAR_NAME = "注意：和「{}」很相近，请核对。"
WHY_MERGED, WHY_CLOSED = "已并入{}", "已撤销"


def will_rename(old: str, new: str, keeping: Sequence[int], near: Sequence[str]) -> str:
    """What renaming will do; `keeping` are the years of the reports that keep the old name."""
    lines = [f"「{old}」改名为「{new}」：", "· 没交的年报、任务、提醒都用新名称；"]
    if keeping:
        years = "、".join(str(year) for year in keeping)
        lines.append(f"· {years}年度的年报已经送审、同意、公布或定稿，仍是原来的名称；")
    lines.append("· 用原来的名称也找得到它。")
    lines += [NEAR_NAME.format(name) for name in near]
    return "\n".join(lines)


def renamed(old: str, new: str) -> str:
    """The organ was renamed."""
    return f"✓ 「{old}」已改名为「{new}」。"


def told_renamed(old: str, new: str) -> str:
    """To the members of a renamed organ."""
    return f"机关名称改了：「{old}」现在是「{new}」。年报里的标题、署名也跟着改，请看一眼。"


def will_merge(
    organ: str, into: str, excused: Sequence[int], kept: Sequence[int], below: Sequence[int]
) -> str:
    """What a merger will do: years of excused and of kept reports, and organs below."""
    return "\n".join(
        [f"「{organ}」并入「{into}」：", *_ends(excused, kept, WHY_MERGED.format(into))]
        + ([f"· 它下面的 {len(below)} 个机关改放到「{into}」之下；"] if below else [])
        + ["· 它的成员还能看以前的年报，还没用的邀请收回。"]
    )


def will_close(organ: str, excused: Sequence[int], kept: Sequence[int]) -> str:
    """What closing an organ will do."""
    lines = [f"撤销「{organ}」：", *_ends(excused, kept, WHY_CLOSED)]
    return "\n".join([*lines, "· 它的成员还能看以前的年报，还没用的邀请收回。"])


def _ends(excused: Sequence[int], kept: Sequence[int], why: str) -> list[str]:
    lines = ["· 以后不再出现在名单和任务里，历史都保留；"]
    if excused:
        lines.append(f"· {_years(excused)}年度没交的年报不用再报（{why}）；")
    if kept:
        lines.append(f"· {_years(kept)}年度的年报保留，照样计入；")
    return lines


def _years(years: Iterable[int]) -> str:
    return "、".join(str(year) for year in years)


def will_reopen(organ: str) -> str:
    """What reopening will do."""
    return f"恢复「{organ}」：重新出现在名单里，因撤销而免报的任务恢复；邀请要重新发。"


def merged(organ: str, into: str) -> str:
    """The organ was merged."""
    return f"✓ 「{organ}」已并入「{into}」。"


def closed(organ: str) -> str:
    """The organ was closed."""
    return f"✓ 「{organ}」已撤销，历史都保留。"


def reopened(organ: str) -> str:
    """The organ was reopened."""
    return f"✓ 「{organ}」已恢复。"


def told_merged(organ: str, into: str) -> str:
    """To the members of an organ that was merged into another."""
    return f"「{organ}」已并入「{into}」，没交的年报不用再报；以前的还能看。有疑问请联系管理员。"


def told_taking_over(organ: str, into: str) -> str:
    """To the clerks of the organ that takes over."""
    return f"「{organ}」已并入「{into}」，它的公开工作请一并写进「{into}」的年报。"


def told_closed(organ: str) -> str:
    """To the members of a closed organ."""
    return f"「{organ}」已撤销，没交的年报不用再报；以前的还能看。有疑问请联系管理员。"


def told_reopened(organ: str) -> str:
    """To the members of a reopened organ."""
    return f"「{organ}」已恢复，可以接着填报。"


WHAT = {
    "renamed": "改名 {before} → {after}",
    "merged": "并入 {after}",
    "closed": "撤销",
    "reopened": "恢复",
    "placed": "上级 {before} → {after}",
    "level": "级别 {before} → {after}",
}
NO_PARENT = "无"


def record(what: str, before: str, after: str, by: str, at: datetime) -> str:
    """One line of an organ's history."""
    said = WHAT.get(what, what).format(before=before or NO_PARENT, after=after or NO_PARENT)
    return f"· {at:%Y-%m-%d %H:%M} {by}：{said}"


def end_mark(merged_into: str) -> str:
    """The mark beside a closed organ's name in a list."""
    return f"（{WHY_MERGED.format(merged_into)}）" if merged_into else f"（{WHY_CLOSED}）"
