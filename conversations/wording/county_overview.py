"""Sentences of the overview of many organs: head, groups, an organ's card, late organs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from conversations.checks.questions import Question
from conversations.county.handing_out import FINAL
from conversations.county.overview import (
    Group,
    Overview,
    due_date,
    errors,
    group_of,
    is_of_old_form,
    published,
    source_of,
)
from conversations.county.progress_picture import ProgressDays
from conversations.county.status import BOT, FILE, HANDED_IN, CountyOrgan, Progress
from conversations.form.model import Form, SectionKind
from conversations.reminders.open_work import OpenWork
from conversations.sign_off.comparison import Result
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.county import COUNTY
from conversations.wording.county_dates import LETTER as OF_DATES
from conversations.wording.county_summing import LETTER as OF_SUM
from conversations.wording.county_summing import SUM
from conversations.wording.days import LONG_OVERDUE, distance, due
from conversations.wording.sign_off import PUBLISHED, moment
from conversations.wording.talk import head as year_of
from conversations.wording.talk import shorten

T = TypeVar("T")

GROUPS = {
    Group.NOT_JOINED: "没加入",
    Group.NOT_STARTED: "没开始",
    Group.OPEN: "填报中",
    Group.TO_MEND: "有错待改",
    Group.TO_DECIDE: "待审",
    Group.DONE: "已定稿",
    Group.APPROVED: "已同意",
    Group.UNCHECKED: "已公布，没有核对",
    Group.CHECKED: "已公布且一致",
    Group.DIFFERENT: "网上不一致",
    Group.EXEMPT: "今年不用报",
}
STATES = {
    Progress.NOT_JOINED: "还没有人加入",
    Progress.NOT_STARTED: "还没有开始",
    Progress.OPEN: "填报中",
    Progress.FINISHED: "已定稿",
    Progress.SUBMITTED: "待审核",
    Progress.RETURNED: "领导退回待改",
    Progress.APPROVED: "已同意",
    Progress.PUBLISHED: "已公布",
}
RESULTS = {
    Result.EQUAL: "与批准的一致",
    Result.DIFFERENT: "网上的与批准的不一致",
    Result.NOT_COMPARED: "还没有核对",
}
SOURCES = {BOT: "机器人填报", FILE: "文件"}

NO_ORGANS = "下面还没有机关。"
WHICH = "请用 --under 写明是哪个机关的下级：{}"
NO_DATE = "还没有定截止日期"
LATE_MARK = "逾期"
OLD_FORM = "用的是旧格式"
HANDED_IN_WORD = "交齐 "
COLLECT_BY = "收集 {}（{}）"


def head_line(overview: Overview) -> str:
    """The main numbers in one line: 交齐 31/47 · 有错 4 · 逾期 2 · 截止还剩 5 天."""
    parts = [f"{HANDED_IN_WORD}{overview.handed_in}/{len(overview.counted)}"]
    groups = overview.groups
    for count, word in (
        (len(groups.get(Group.TO_MEND, ())), "有错"),
        (len(groups.get(Group.DIFFERENT, ())), "网上不一致"),
        (len(overview.late), LATE_MARK),
    ):
        if count:
            parts.append(f"{word} {count}")
    return " · ".join([*parts, _until(overview)])


def _until(overview: Overview) -> str:
    """The days left: until the county's own date, then until the deadline."""
    dates, today = overview.dates, overview.today
    if dates.deadline is None:
        return NO_DATE
    if dates.internal and today <= dates.internal:
        return _left("收集", dates.internal, today)
    return _left("截止", dates.deadline, today)


def _left(word: str, day: date, today: date) -> str:
    days = (day - today).days
    if days < -LONG_OVERDUE:
        return f"{word} {day.year}年{day.month}月{day.day}日"
    if days < 0:
        return f"{word}已过 {-days} 天"
    return f"{word}还剩 {days} 天" if days else f"今天{word}"


def title(organ: str, year: int) -> str:
    """The upper organ and the year."""
    return f"{year_of(organ, year)}：下级单位"


def progress_of(organ: CountyOrgan) -> str:
    """An organ's state in short: 填报中 120/163，有错 2."""
    report, result = organ.report, published(organ)
    said = STATES[organ.progress]
    if result:
        said += f"，{RESULTS[result]}"
    if report and report.counts and organ.progress in (Progress.OPEN, Progress.RETURNED):
        said += f" {report.counts.filled}/{report.counts.asked}"
    if wrong := errors(organ):
        said += f"，有错 {wrong}"
    return said


def organ_line(organ: CountyOrgan, overview: Overview, most: int = 0) -> str:
    """
    An organ in the list of its group: its name, and details that the group does not tell.

    With `most`, the name is shortened to fit into so many characters; the details are kept.
    """
    group, marks = group_of(organ, overview.year), []
    if group is Group.TO_MEND:
        marks.append(progress_of(organ))
    elif group is Group.OPEN and organ.report and organ.report.counts:
        marks.append(f"{organ.report.counts.filled}/{organ.report.counts.asked}")
    elif group is Group.EXEMPT and organ.report and organ.report.reason:
        marks.append(organ.report.reason)
    if source_of(organ) == FILE:
        marks.append(SOURCES[FILE])
    if is_of_old_form(organ, overview.year):
        marks.append(OLD_FORM)
    if overview.is_late(organ):
        marks.append(LATE_MARK)
    said = f"（{'，'.join(marks)}）" if marks else ""
    return (shorten(organ.organ, max(most - len(said), SHORTEST)) if most else organ.organ) + said


def groups_text(overview: Overview) -> list[str]:
    """Every group with its organs, for a terminal."""
    lines = []
    for group, organs in overview.groups.items():
        lines.append(f"{GROUPS[group]} {len(organs)}")
        lines += [f"  {organ_line(organ, overview)}" for organ in organs]
    return lines


# ---- in the chat ------------------------------------------------------------------------------

LETTER = "o"
VIEW = f"{COUNTY}:{LETTER}"
ON_A_PAGE = 8
LONGEST, SHORTEST = 60, 20  # characters of a button, and the fewest of a name on it
MOST_FINDINGS = 5
LONGEST_FINDING = 90
ALONE = "没有上级的单位"
CHOOSE = "请选择看哪里的单位："
MORE_TREES = "（共 {count} 个，只列出前 {shown} 个；可写 /overview 机关全称）"
NOT_THERE = "没有这个单位，或不在您的权限里。"
NOBODY_LATE = "没有逾期的，也没有没加入的。"
NO_FILE = "文件取不到了。"
ALL_DONE = "都交了，没有要提醒的。"
BACK, PREVIOUS, NEXT = "返回", "‹ 上一页", "下一页 ›"
TO_NUDGE, LATE_LIST, PICTURE, DISTRICTS = "催办", "逾期和没加入的名单", "进度图", "按下级县看"
OPEN, NUDGE, FILE_BUTTON, DATES = "打开", "催办", "文件", "改日期"


def _button(label: str, *parts: object, tone: Tone = Tone.PLAIN) -> Button:
    """A button of the overview; the numbers of organs are hexadecimal."""
    return Button(":".join([VIEW, *map(str, parts)]), label, tone)


def _rows(buttons: Iterable[Button], wide: int = 2) -> list[tuple[Button, ...]]:
    every = list(buttons)
    return [tuple(every[at : at + wide]) for at in range(0, len(every), wide)]


def choose(trees: Sequence[tuple[int, str]], count: int, year: int) -> Say:
    """The choice of an upper organ; `count` is the number of all, listed here or not."""
    rows = _rows((_button(name, "v", f"{id_:x}", year) for id_, name in trees), 1)
    more = MORE_TREES.format(count=count, shown=len(trees)) if count > len(trees) else ""
    return Say(MessageKind.NOTE, CHOOSE + more, tuple(rows))


def overview_card(
    overview: Overview,
    organ_id: int,
    organ: str,
    years: Iterable[int],
    beside: Sequence[Button],
    *,
    has_districts: bool,
) -> Say:
    """The main numbers, and a button for each group with organs; `beside` lead to other views."""
    here = (f"{organ_id:x}", overview.year)
    rows = _rows(
        _button(f"{GROUPS[group]} {len(organs)}", "g", *here, group.value, 0)
        for group, organs in overview.groups.items()
    )
    ways = [_button(TO_NUDGE, "n", *here), _button(LATE_LIST, "l", *here)]
    ways.append(_button(PICTURE, "p", *here))
    ways += [_button(DISTRICTS, "d", *here, 0)] if has_districts else []
    rows += _rows([*ways, *beside])
    others = [year for year in years if year != overview.year][-3:]
    rows += _rows((_button(f"看 {year} 年度", "v", here[0], year) for year in others), 3)
    lines = [title(organ, overview.year), head_line(overview)]
    if not overview.organs:
        lines.append(NO_ORGANS)
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


def group_page(overview: Overview, organ_id: int, organ: str, group: Group, page: int) -> Say:
    """A page of a group's organs, with a button to each card."""
    organs = overview.groups.get(group, [])
    here = (f"{organ_id:x}", overview.year)
    shown, place, turn = _page(organs, page, "g", *here, group.value)
    rows = _rows(
        (
            _button(
                organ_line(each, overview, LONGEST),
                *("k", f"{each.organ_id:x}", overview.year, here[0], group.value, place),
            )
            for each in shown
        ),
        1,
    )
    lines = [title(organ, overview.year), f"{GROUPS[group]} {len(organs)} 个"]
    rows += [*turn, (_button(BACK, "v", *here),)]
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


def _page(
    every: Sequence[T], page: int, *parts: object
) -> tuple[Sequence[T], int, list[tuple[Button, ...]]]:
    """The part of a list on a page, its number, and buttons to the other pages."""
    last = max(-(-len(every) // ON_A_PAGE) - 1, 0)
    place = min(page, last)
    turn = [_button(PREVIOUS, *parts, place - 1)] if place else []
    turn += [_button(NEXT, *parts, place + 1)] if place < last else []
    shown = every[place * ON_A_PAGE : (place + 1) * ON_A_PAGE]
    return shown, place, [tuple(turn)] if turn else []


def districts_page(
    districts: Sequence[tuple[int, str, Overview]], organ_id: int, organ: str, year: int, page: int
) -> Say:
    """The organs right below with organs below them, each with its main numbers."""
    here = (f"{organ_id:x}", year)
    shown, _, turn = _page(districts, page, "d", *here)
    rows = _rows(
        (_button(_district(name, seen), "v", f"{id_:x}", year) for id_, name, seen in shown),
        1,
    )
    rows += [*turn, (_button(BACK, "v", *here),)]
    return Say(MessageKind.NOTE, f"{title(organ, year)}，{DISTRICTS}", tuple(rows))


def _district(name: str, seen: Overview) -> str:
    """The button of one of these: its name and main numbers."""
    said = f"：{head_line(seen).removeprefix(HANDED_IN_WORD)}"
    return shorten(name, max(LONGEST - len(said), SHORTEST)) + said


@dataclass(frozen=True, slots=True)
class LookedInto:
    """
    Details of one report.

    `changed` is when and by whom an answer was last changed, `gaps` the missing items of each
    section («三（12 格）»), `findings` those to correct or explain, the gravest first.
    """

    changed: tuple[datetime, str] | None
    gaps: Sequence[str]
    findings: Sequence[Question]


def gaps(work: OpenWork, form: Form) -> list[str]:
    """The sections with missing items."""
    lines = []
    for open_ in work.sections:
        section = form.section[open_.section]
        if open_.open:
            cells = "" if section.kind is SectionKind.NARRATIVE else f"（{open_.open} 格）"
            lines.append(f"{section.number}{cells}")
    return lines


def card(
    organ: CountyOrgan,
    overview: Overview,
    inside: LookedInto | None,
    back: tuple[object, ...],
) -> Say:
    """One organ: its state, last change, missing items, findings, and contact."""
    report, today = organ.report, overview.today
    lines = [year_of(organ.organ, overview.year)]
    source = source_of(organ)
    late = f"，{LATE_MARK}" if overview.is_late(organ) else ""
    lines.append(f"{progress_of(organ)}{late}" + (f"（{SOURCES[source]}）" if source else ""))
    if is_of_old_form(organ, overview.year):
        lines.append(f"{OLD_FORM}，不计入汇总")
    if inside and inside.changed:
        at, name = inside.changed
        lines.append(f"最后改动：{moment(at, today)} {name}")
    if inside and inside.gaps:
        lines.append(f"还差：{'、'.join(inside.gaps)}")
    if report and report.file:
        lines.append(f"文件：{report.file.name}（{moment(report.file.at, today)} 收到）")
    if report and report.deadline and not report.excused:
        lines += [_collect_by(report.internal, today)] if report.internal else []
        lines.append(due(report.deadline, today))
    if not organ.counts_in:
        lines.append(GROUPS[Group.EXEMPT])
    if report and report.reason:
        lines.append(f"原因：{report.reason}")
    if organ.closed:
        lines.append(f"已并入「{organ.merged_into}」" if organ.merged_into else "已撤销")
    if organ.contact or organ.phone:
        lines.append(f"联系人：{' '.join(filter(None, (organ.contact, organ.phone)))}")
    if inside and inside.findings:
        lines.append("")
        for question in inside.findings[:MOST_FINDINGS]:
            said = shorten(question.cause.message, LONGEST_FINDING)
            lines.append(f"· {question.grade.value}：{said}")
        if len(inside.findings) > MOST_FINDINGS:
            lines.append(f"……另有 {len(inside.findings) - MOST_FINDINGS} 处")
    id_ = f"{organ.organ_id:x}"
    opens = f"{report.report_id:x}/show" if report else f"g:{organ.organ_id}"
    buttons = [Button(opens, OPEN, Tone.MAIN)]
    if organ.counts_in and organ.progress not in HANDED_IN:
        buttons.append(_button(NUDGE, "m", id_, overview.year))
    if source:
        buttons.append(_button(FILE_BUTTON, "f", id_, overview.year))
    if report and organ.progress in FINAL:
        buttons.append(Button(f"{report.report_id:x}/pub", PUBLISHED))
    if not organ.closed:
        buttons.append(Button(f"{COUNTY}:{OF_DATES}:{id_}:{overview.year}", DATES))
    rows = _rows(buttons)
    if back:
        rows.append((_button(BACK, *back),))
    return Say(MessageKind.NOTE, "\n".join(lines), tuple(rows))


def _collect_by(day: date, today: date) -> str:
    return COLLECT_BY.format(f"{day.month}月{day.day}日", distance(day, today))


def late_text(overview: Overview, organ: str) -> str:
    """A list to forward: late organs and those without a clerk, with contacts and states."""
    today = overview.today
    when = f"（{today.month}月{today.day}日，{len(overview.wanted)} 个）"
    lines = [f"{year_of(organ, overview.year)}：逾期和没加入的单位{when}"]
    for number, each in enumerate(overview.wanted, start=1):
        who = [each.organ]
        who += [f"联系人 {each.contact}"] if each.contact else []
        who += [f"电话 {each.phone}"] if each.phone else []
        due_on = due_date(each, overview.dates)
        late = f"，逾期 {(today - due_on).days} 天" if due_on and overview.is_late(each) else ""
        lines.append(f"{number}. {'，'.join(who)}：{progress_of(each)}{late}")
    return "\n".join(lines)


def progress_said(days: ProgressDays, organ: str, year: int) -> str:
    """The picture of the days in words, for people who cannot see it."""
    parts = [f"{day.month}月{day.day}日 {count} 个" for day, count in days.told]
    came = f"累计已交：{'，'.join(parts)}" if parts else "还没有一个交"
    deadline = days.dates.deadline
    until = f"；截止 {deadline.month}月{deadline.day}日" if deadline else ""
    return f"{year_of(organ, year)}：共 {days.total} 个单位，{came}{until}。"


def sum_button(organ_id: int, year: int) -> Button:
    """The button to the sum of the organs below."""
    return Button(f"{COUNTY}:{OF_SUM}:{organ_id:x}:{year}", SUM)


def yes_nudge(what: str, organ_id: int, year: int) -> str:
    """The id of the button that reminds the listed organs."""
    return f"{VIEW}:{what}:{organ_id:x}:{year}:y"
