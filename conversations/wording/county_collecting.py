"""Sentences about files that organs have sent: taken in, doubtful, or returned to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from conversations.checks.findings import Finding, Grade
from conversations.checks.questions import Question
from conversations.county.assigning import SETTLED, Assignment, Doubt
from conversations.county.status import BOT, FILE
from conversations.form import form_of_year
from conversations.form.model import Form
from conversations.wording.checks import place_of

BROKEN_ARCHIVE = "这个压缩包打不开，可能已损坏。请重新压缩成 .zip 再试。"
TOO_MANY_ENTRIES = "压缩包里的文件太多（多于 {most} 个），请分几次收。"
TOO_LARGE_UNPACKED = "压缩包解开以后太大，请分几次收。"
MADE_ANEW = "这是按收到的数字重新排的，不是收到的原文件；要原文件，不写 --format。"
NO_OLD_FORM = "这是 {edition} 年版的旧表样，不能重新排成 Word；要原文件，不写 --format。"
ASK_FOR = "请发 Word 文件或可以选中文字的 PDF"
CHANGED_MEANWHILE = "文件刚刚变了，没有收，请再收一次。"

SOURCE = "来源：{source}"
SOURCES = {BOT: "机器人填报", FILE: "收到的文件"}


def source_line(name: str, at: datetime) -> str:
    """The source of figures that were read from a file."""
    return f"来源：收到的文件「{name}」（{at:%Y-%m-%d %H:%M} 收）"


# ---- doubts -----------------------------------------------------------------------------------

STATES = {
    "ready": "可以收",
    "stored": "已收下",
    "same": "已收过",
    "doubt": "待确认",
    "unreadable": "读不了",
}
CORRECTS = "代替以前收的文件。"


def doubt_line(doubt: Doubt, each: Assignment, year: int, found_year: int | None, why: str) -> str:
    """Why a file is not taken in without asking, as a sentence; `why` comes from the reading."""
    name = each.office.name if each.office else ""
    match doubt:
        case Doubt.UNREADABLE:
            return f"{_first(why)}。{ASK_FOR}。"
        case Doubt.IN_PART:
            return f"没有全部读出来：{why.rstrip('。')}。" if why else "没有全部读出来。"
        case Doubt.NO_NAME:
            return "文件里和文件名里都没有看出是哪个单位。"
        case Doubt.UNKNOWN | Doubt.NEAR:
            near = f"，是不是{_named(each)}？" if each.near else "。"
            return f"下级单位里没有「{each.said}」{near}"
        case Doubt.SEVERAL:
            return f"「{each.said}」可能是{_named(each)}。"
        case Doubt.DIFFERS:
            return f"文件里写的是「{each.said}」，另一处（或文件名）写的是「{each.other}」。"
        case Doubt.OWN:
            return "这是本级自己的年报，不是下级单位的。"
        case Doubt.CLOSED:
            return f"「{name}」已经撤销或并入其他单位。"
        case Doubt.TWICE:
            return f"「{name}」有不止一个文件，不知道以哪个为准。"
        case Doubt.NO_YEAR:
            return "没有读到是哪一年度的年报。"
        case Doubt.OTHER_YEAR:
            return f"写的是 {found_year} 年度，这次收的是 {year} 年度。"
        case Doubt.ANSWERED:
            return f"「{name}」已在机器人里填了，没有动。"
        case Doubt.LOCKED:
            return f"「{name}」的年报已送审、同意或公布，不能再收文件。"
        case Doubt.OLDER:
            return f"这个文件以前收过，后来「{name}」又发了新的。"


def _named(each: Assignment) -> str:
    return "、".join(f"「{office.name}」" for office in each.near)


def _first(why: str) -> str:
    """The reason alone; the advice that follows it is worded differently here."""
    return re.split("[；。]", why)[0].removesuffix("，读不了")


# ---- messages to an organ ----------------------------------------------------------------------


def nothing_found(organ: str, year: int) -> str:
    """To an organ whose report has no problems."""
    return f"{organ}：贵单位{year}年度报告没有发现问题。"


def please_send_anew(organ: str, year: int, why: str) -> str:
    """To an organ whose file cannot be read."""
    return f"{organ}：贵单位发来的{year}年度报告读不了：{_first(why)}。{ASK_FOR}。"


def to_forward(
    organ: str,
    year: int,
    questions: Sequence[Question],
    form: Form,
    not_read: str = "",
    *,
    is_word: bool = True,
) -> str:
    """
    What an organ has to correct or explain, ready to forward.

    `is_word` says that it has sent a Word file already.
    """
    wrong = [question for question in questions if question.grade is Grade.E]
    unusual = [question for question in questions if question.grade is not Grade.E]
    counts = [f"{len(wrong)} 处需要改正"] if wrong else []
    counts += [f"{len(unusual)} 处需要说明"] if unusual else []
    counts += ["有的内容没有读出来"] if not_read and not counts else []
    told = "、".join(counts)
    head = f"{organ}：贵单位{year}年度报告{'' if not_read and not questions else '有 '}{told}："
    lines = [_line(question.cause, form) for question in (*wrong, *unusual)]
    if not_read:
        lines.append(f"没有读出来的：{not_read.rstrip('。')}。{'' if is_word else f'{ASK_FOR}。'}")
    old = form.since < form_of_year(year).since
    after = "请改用新的表样重新填写，再发来。" if old else ""
    after += "请改好后重新发来。" if (wrong or (not_read and is_word)) and not old else ""
    # An old form is among the findings to explain, but no explanation can settle it.
    after += "需要说明的，属实请回复原因，有误请改正。" if len(unusual) > old else ""
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    return "\n".join((head, *numbered, *([after] if after else [])))


def _line(finding: Finding, form: Form) -> str:
    where = place_of(finding, form)
    told = finding.message.rstrip("。")
    if where and not finding.cells and where not in told:
        return f"{where}：{told}。"
    return f"{told}。" if told[-1:] not in "？！”" else told


# ---- all files --------------------------------------------------------------------------------

HEAD = ("文件", "机关", "情况", "改正", "说明", "备注")
FINDINGS_HEAD = ("文件", "机关", "年度", "程度", "编号", "问题", "位置")
SHEETS = ("文件", "问题", "待确认")
WIDTHS = ((44, 30, 10, 8, 8, 60), (36, 28, 8, 10, 8, 80, 40), (44, 30, 80))
DOUBTS_HEAD = ("文件", "机关", "要确认什么")

HOW_TO_ASSIGN = "确认是哪个单位的，用 --assign 文件名=机关全称（可以写多次）再收一遍。"
HOW_TO_YEAR = "别的年度的，用 --year 收。"
HOW_TO_REPLACE = "已在机器人里填的，要用文件代替，加 --replace。"
TO_FORWARD = "可以转发给各单位的话："
NOT_STORED = "现在只是看一遍，什么也没有存；收下请加 --yes。"
NO_ORGANS_BELOW = "「{organ}」没有下级单位；先用 nianbao organs 设好上下级。"
NO_FILES = "{file} 里没有可以收的文件。"
NO_SUCH_FILE = "--assign：没有「{file}」这个文件，或者不止一个叫这个名字。"
NO_SUCH_ORGAN = "--assign：「{organ}」不是「{under}」的下级单位，请核对。"
BAD_ASSIGN = "--assign 要写成 文件名=机关全称。"
READ_INTERRUPTED = "\n已中断：读了 {done} 个文件，共 {total} 个；什么也没有存。\n"
STORE_INTERRUPTED = "\n已中断：收下了 {done} 份，共 {total} 份；已收下的都在，再运行一次接着收。\n"


def summary(states: Sequence[str]) -> str:
    """«共 31 个文件：已收下 28，已收过 1，待确认 2。»"""
    counts = [f"{word} {states.count(state)}" for state, word in STATES.items() if state in states]
    return f"共 {len(states)} 个文件：{'，'.join(counts)}。"


def not_taken(names: Sequence[str]) -> str:
    """Files that are no reports by their extension."""
    more = f"等 {len(names)} 个" if len(names) > 5 else ""
    return f"不是报告文件，没有看：{'、'.join(names[:5])}{more}"


def what_to_do(doubts: Iterable[Doubt]) -> list[str]:
    """How to settle doubts at a terminal."""
    there = set(doubts)
    lines = [HOW_TO_ASSIGN] if there & SETTLED else []
    lines += [HOW_TO_YEAR] if Doubt.OTHER_YEAR in there else []
    return lines + ([HOW_TO_REPLACE] if Doubt.ANSWERED in there else [])
