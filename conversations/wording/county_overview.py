"""What an overview of many organs says: its head, the groups, an organ's card, the late."""

from __future__ import annotations

from datetime import date

from conversations.county.overview import Group, Overview, errors, published, source_of
from conversations.county.status import BOT, FILE, CountyOrgan, Progress
from conversations.sign_off.comparison import Result
from conversations.wording.days import LONG_OVERDUE
from conversations.wording.talk import head as year_of

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
SOURCES = {BOT: "助手填报", FILE: "文件"}

NO_ORGANS = "下面还没有机关。"
WHICH = "请用 --under 写明看哪个机关的下级：{}"
NO_UNDER = "没有「{}」这个机关，请核对 --under。"
NO_DATE = "还没有定截止日期"
LATE_MARK = "逾期"


def head_line(overview: Overview) -> str:
    """What matters, in one line: 交齐 31/47 · 有错 4 · 逾期 2 · 截止还剩 5 天."""
    parts = [f"交齐 {overview.handed_in}/{len(overview.counted)}"]
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
    """How long until reports are waited for: by the county first, then by law."""
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
    """Whose organs, and which year."""
    return f"{year_of(organ, year)}：下级单位"


def progress_of(organ: CountyOrgan) -> str:
    """How far an organ is, in short: 填报中 120/163，有错 2."""
    report, result = organ.report, published(organ)
    said = STATES[organ.progress]
    if result:
        said += f"，{RESULTS[result]}"
    if report and report.counts and organ.progress in (Progress.OPEN, Progress.RETURNED):
        said += f" {report.counts.filled}/{report.counts.asked}"
    if wrong := errors(organ):
        said += f"，有错 {wrong}"
    return said


def organ_line(organ: CountyOrgan, overview: Overview) -> str:
    """An organ in a list: its name, how far it is, whether late."""
    marks = [progress_of(organ)]
    if source_of(organ) == FILE:
        marks.append(SOURCES[FILE])
    if not organ.counts_in and organ.report and organ.report.reason:
        marks.append(organ.report.reason)
    if overview.is_late(organ):
        marks.append(LATE_MARK)
    return f"{organ.organ}（{'；'.join(marks)}）"


def groups_text(overview: Overview) -> list[str]:
    """Every group with its organs, for a terminal."""
    lines = []
    for group, organs in overview.groups.items():
        lines.append(f"{GROUPS[group]} {len(organs)}")
        lines += [f"  {organ_line(organ, overview)}" for organ in organs]
    return lines
