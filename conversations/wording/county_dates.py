"""
Sentences about setting the dates of many organs' tasks at once.

Button ids are permanent: `cy:d:organ:year` shows one organ's dates, then `:b`, `:x`, `:n`; with
`:a:group:deadline:internal` (`:y:mark`) those of all organs below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from conversations.county.dates import (
    GROUPS,
    WRITTEN,
    Fate,
    Group,
    PlannedDates,
    WantedDates,
)
from conversations.talk.buttons import short_mark
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.wording.county import COUNTY
from conversations.wording.reminders import COLLECTION, DEADLINE, day_name
from conversations.wording.tasks import NO_COLLECTION, TO_EXCUSE, TO_EXTEND

LETTER = "d"
SET_FOR_ALL = "统一"  # typed after /task

MOST_NAMES = 5  # of one kind, on a phone
LONGEST_LABEL = 60

OFFER, OFFER_OF = "给下级统一布置", "给「{}」的下级统一布置"
USAGE = "可以这样写：/task 统一 截止 1月31日 收集 1月20日 乡镇（不设收集日期：收集 无）"
WHICH_DEADLINE = "截止日期是哪天（向社会公布的期限）？"
WHICH_INTERNAL = "收集日期是哪天（县里收齐，提醒按它倒数）？"
WHICH_HEAD = "给哪个机关的下级布置？"
WRONG_ORDER = "收集日期不能晚于截止日期。"
NOBODY_BELOW = "下面没有单位。"
NOTHING = "没有要改的单位。"
NOT_SET = "没有写入。照此布置，请加 --yes。"
CHANGED_MEANWHILE = "情况有变，请再看一遍。"
OWN_DEADLINE = "截止日期：原有的不变，没有任务的按规定"
OWN_INTERNAL = "收集日期：不变"
DATES_WRONG = "没看懂日期。"
DO_SET, NO_INTERNAL, OTHER_DATES = "布置", "不设收集日期", "改日期"
BEGIN = "建立任务"
NO_TASK = "{organ}{year}年度报告\n还没有布置任务。不布置也可以填，按规定截止：{day}。"
DONE = "✓ 已给 {count} 个单位布置{year}年度任务。"
LEFT = "不动 {} 个："
SET = "布置 {} 个："
GROUP_NAMES = {group: name for name, group in GROUPS.items()}
FATES = {
    Fate.NEW: "还没有任务",
    Fate.CHANGED: "改日期",
    Fate.SAME: "日期已是这样",
    Fate.EXTENDED: "已延期",
    Fate.EXCUSED: "今年不用报",
    Fate.CONFLICT: "收集日期会晚于截止日期",
}


def _button(organ_id: int, year: int, what: str, label: str, tone: Tone = Tone.PLAIN) -> Button:
    data = f"{COUNTY}:{LETTER}:{organ_id:x}:{year}{what and ':'}{what}"
    return Button(data, label[:LONGEST_LABEL], tone)


def offers(heads: Sequence[tuple[int, str]], year: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons that set dates for the organs below each of these."""
    several = len(heads) > 1
    return tuple(
        (_button(id_, year, "a", OFFER_OF.format(name) if several else OFFER),)
        for id_, name in heads
    )


def no_task(organ_id: int, organ: str, year: int, deadline: date) -> Say:
    """The dates of an organ without a task."""
    rows = (
        (_button(organ_id, year, "b", BEGIN, Tone.GO),),
        (_button(organ_id, year, "x", TO_EXTEND), _button(organ_id, year, "n", TO_EXCUSE)),
    )
    text = NO_TASK.format(organ=organ, year=year, day=day_name(deadline))
    return Say(MessageKind.NOTE, text, rows)


# ---- all at once, step by step ----------------------------------------------------------------


def encoded(group: Group, deadline: date | None = None, wanted: WantedDates | None = None) -> str:
    """The choices so far, as encoded in buttons."""
    parts = ["a", group.value]
    if deadline or wanted:
        parts.append(f"{(wanted.deadline if wanted else deadline):%Y%m%d}")
    if wanted:
        parts.append(f"{wanted.internal:%Y%m%d}" if wanted.internal else "0")
    return ":".join(parts)


def choose_head(heads: Sequence[tuple[int, str]], year: int, what: str) -> Say:
    """The choice of the upper organ."""
    rows = tuple((_button(id_, year, what, name),) for id_, name in heads)
    return Say(MessageKind.NOTE, WHICH_HEAD, rows)


def choose_deadline(
    organ_id: int, under: str, year: int, group: Group, count: int, years: Iterable[int]
) -> Say:
    """Step one, the deadline: usual days, and other years."""
    days = [date(year + 1, 1, day) for day in (10, 15, 20, 25, 31)] + [date(year + 1, 3, 31)]
    chosen = [
        _button(organ_id, year, encoded(group, day), f"{day.month}月{day.day}日") for day in days
    ]
    others = tuple(
        _button(organ_id, other, "a", f"改为{other}年度") for other in years if other != year
    )
    head = f"{_title(under, year, group)}（{count} 个单位）"
    text = f"{head}\n\n{WHICH_DEADLINE}\n{USAGE}"
    return Say(MessageKind.NOTE, text, (tuple(chosen[:3]), tuple(chosen[3:]), others))


def choose_internal(organ_id: int, under: str, year: int, group: Group, deadline: date) -> Say:
    """Step two, the internal date: days before the deadline."""
    days = [date(year + 1, 1, day) for day in (5, 8, 10, 15, 20, 25)]
    chosen = [
        _button(
            organ_id,
            year,
            encoded(group, wanted=WantedDates(deadline, day)),
            f"{day.month}月{day.day}日",
        )
        for day in days
        if day < deadline
    ]
    none = _button(organ_id, year, encoded(group, wanted=WantedDates(deadline)), NO_INTERNAL)
    rows = [tuple(chosen[n : n + 3]) for n in range(0, len(chosen), 3)]
    rows.append((none, _button(organ_id, year, encoded(group), OTHER_DATES)))
    head = f"{_title(under, year, group)}\n{DEADLINE.format(day_name(deadline))}"
    return Say(MessageKind.NOTE, f"{head}\n\n{WHICH_INTERNAL}", tuple(rows))


def mark_of(planned: Iterable[PlannedDates]) -> str:
    """A mark of the plan: a yes counts only for the plan that was shown."""
    return short_mark(
        "".join(f"{p.organ.organ_id}{p.fate.value}{p.deadline}{p.internal}" for p in planned)
    )


def ask(
    organ_id: int,
    under: str,
    year: int,
    group: Group,
    wanted: WantedDates,
    planned: Sequence[PlannedDates],
) -> Say:
    """The last step: the plan, and a choice of the group."""
    yes = f"{encoded(group, wanted=wanted)}:y:{mark_of(planned)}"
    groups = tuple(
        _button(
            organ_id,
            year,
            encoded(other, wanted=wanted),
            f"{'● ' if other is group else ''}{GROUP_NAMES[other]}",
        )
        for other in Group
    )
    set_now = (_button(organ_id, year, yes, DO_SET, Tone.GO),) if _written(planned) else ()
    last = (*set_now, _button(organ_id, year, encoded(group), OTHER_DATES))
    text = "\n".join(plan_lines(under, year, group, wanted, planned))
    return Say(MessageKind.NOTE, text, (groups[:2], groups[2:], last))


# ---- the result -------------------------------------------------------------------------------


def _title(under: str, year: int, group: Group) -> str:
    whom = {Group.ALL: "各单位", Group.WITHOUT: "没有任务的单位"}.get(group, GROUP_NAMES[group])
    return f"「{under}」下级{whom}{year}年度任务"


def _written(planned: Iterable[PlannedDates]) -> list[PlannedDates]:
    return [each for each in planned if each.fate in WRITTEN]


def plan_lines(
    under: str,
    year: int,
    group: Group,
    wanted: WantedDates,
    planned: Sequence[PlannedDates],
    most: int | None = MOST_NAMES,
) -> list[str]:
    """The organs whose dates would be set, and those left alone; `most` names of each kind."""
    lines = [_title(under, year, group)]
    deadline = wanted.deadline
    lines.append(DEADLINE.format(day_name(deadline)) if deadline else OWN_DEADLINE)
    if wanted.internal:
        lines.append(COLLECTION.format(day_name(wanted.internal)))
    else:
        lines.append(NO_COLLECTION if wanted.no_internal else OWN_INTERNAL)
    if not planned:
        return [*lines, "", NOBODY_BELOW]
    count = len(_written(planned))
    lines += ["", SET.format(count) if count else NOTHING]
    lines += fate_lines(planned, (Fate.NEW, Fate.CHANGED), most)
    return lines + left_lines(planned, most)


def left_lines(planned: Sequence[PlannedDates], most: int | None = MOST_NAMES) -> list[str]:
    """The organs left alone, with reasons."""
    if not (left := len(planned) - len(_written(planned))):
        return []
    kinds = (Fate.EXTENDED, Fate.EXCUSED, Fate.CONFLICT, Fate.SAME)
    return [LEFT.format(left), *fate_lines(planned, kinds, most)]


def fate_lines(
    planned: Iterable[PlannedDates], fates: Iterable[Fate], most: int | None
) -> list[str]:
    """A line for each kind with any organs: their number and names."""
    lines = []
    for fate in fates:
        theirs = [each for each in planned if each.fate is fate]
        if theirs:
            named = "、".join(map(_named, theirs[:most]))
            more = "" if most is None or len(theirs) <= most else f"等 {len(theirs)} 个"
            lines.append(f"· {FATES[fate]} {len(theirs)} 个：{named}{more}")
    return lines


def _named(planned: PlannedDates) -> str:
    """An organ with its present dates, if they differ from the new ones."""
    report = planned.organ.report
    notes = []
    if report and report.deadline and planned.fate in (Fate.CHANGED, Fate.EXTENDED):
        was = "原" if planned.fate is Fate.CHANGED else ""
        notes.append(f"{was}{_dates(report.deadline, report.internal)}")
    if report and report.reason and planned.fate not in WRITTEN:
        notes.append(report.reason)
    return f"{planned.organ.organ}（{'，'.join(notes)}）" if notes else planned.organ.organ


def _dates(deadline: date, internal: date | None) -> str:
    collected = f"，收集 {internal.month}月{internal.day}日" if internal else ""
    return f"截止 {deadline.month}月{deadline.day}日{collected}"


def done(year: int, planned: Sequence[PlannedDates], most: int | None = MOST_NAMES) -> str:
    """The organs whose dates were set, and those left alone."""
    said = DONE.format(count=len(_written(planned)), year=year)
    return "\n".join([said, *left_lines(planned, most)])
