"""`nianbao task`, `nianbao reminders` and `nianbao calendar`: the same as in the chat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TextIO

from bot.handle import EDITION
from bot.reminding import calendar_of, explain
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.reminders.calendar import Calendar
from conversations.reminders.ics import calendar_file
from conversations.reminders.tasks import (
    ReminderKind,
    Task,
    default_deadline,
    reminder_dates,
)
from conversations.reminders.typed import read_day, read_section
from conversations.wording import tasks as task_wording
from conversations.wording.reminders import calendar_note, day_name
from storage.reports import Unit
from storage.store import Store
from storage.tasks import TaskReader, Tasks, task_id

FINISHED, BAD_USAGE = 0, 2
KINDS = {
    ReminderKind.STEP: "提前 {step} 天",
    ReminderKind.DEADLINE: "截止日",
    ReminderKind.OVERDUE: "逾期",
}


class Unusable(Exception):  # noqa: N818 - one sentence for whoever typed the command
    """What was asked for cannot be done."""


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What `nianbao task` is to change; None leaves it.

    `internal` "" takes the internal date away. `assign` are `三=姓名`, `三=` for everybody.
    """

    deadline: date | None = None
    internal: date | str | None = None
    withdrawn: bool | None = None
    assign: tuple[str, ...] = ()


def day(text: str) -> date:
    """
    2027-01-31 as a day.

    Raises:
        Unusable: It is none.
    """
    found = read_day(text, 0)
    if found is None or found.year < 1900:
        raise Unusable(f"日期 {text!r} 不对，例如 2027-01-31")
    return found


def moment(text: str, zone: tzinfo) -> datetime:
    """
    2027-01-20T09:30 as a moment, in the office's zone where it names none.

    Raises:
        Unusable: It is none.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unusable(f"时间 {text!r} 不对，例如 2027-01-20T09:30") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


# ---- task -------------------------------------------------------------------------------------


def run_task(
    store: Store,
    organ: str,
    year: int,
    changes: Changes,
    ics: Path | None,
    now: datetime,
    out: TextIO,
) -> int:
    """
    Show a report's task, after changing it where something is to be changed.

    Raises:
        Unusable: There is no such task, or the change makes no sense.
    """
    with store.begin() as unit:
        tasks = Tasks(unit)
        report_id = unit.find_report(organ, year)
        changing = changes != Changes()
        if report_id is None:
            if not changing:
                raise Unusable("没有这个任务。给出 --deadline 等就会建立。")
            report_id = unit.open_report(organ, year, now=now, edition=EDITION)
        before = tasks.task(report_id)
        if before is None and not changing:
            raise Unusable("没有这个任务。给出 --deadline 等就会建立。")
        if changing:
            after = _changed(before, organ, year, report_id, changes)
            if before != after:
                tasks.set_task(after, report_id)
                out.write(f"{task_wording.changed(before, after, now.date())}\n\n")
            _assign(unit, report_id, changes.assign, out)
        task = tasks.task(report_id)
        assert task is not None
        calendar = calendar_of(tasks)
        names = _names(tasks, report_id)
    out.write(f"{task_wording.task_text(task, FORM, names, calendar, now.date())}\n")
    if not task.withdrawn:
        out.write(f"\n{_dates(task, calendar, now.date())}\n")
    if ics is not None:
        path = ics / f"{organ}{year}年度报告日期.ics" if ics.is_dir() else ics
        path.write_bytes(calendar_file(task, calendar, now))
        out.write(f"\n日历文件：{path}\n")
    return FINISHED


def _changed(before: Task | None, organ: str, year: int, report_id: int, changes: Changes) -> Task:
    task = before or Task(task_id(report_id), organ, year, default_deadline(year))
    deadline = changes.deadline or task.deadline
    internal = task.internal
    if changes.internal is not None:
        internal = changes.internal if isinstance(changes.internal, date) else None
    withdrawn = task.withdrawn if changes.withdrawn is None else changes.withdrawn
    try:
        return replace(task, deadline=deadline, internal=internal, withdrawn=withdrawn)
    except ValueError:
        raise Unusable(task_wording.WRONG_ORDER) from None


def _names(tasks: TaskReader, report_id: int) -> dict[str, str]:
    """The clerks of a report by id; for the operator with their numbers."""
    return {
        str(clerk.person): f"{clerk.name}（{clerk.person}）" if clerk.name else str(clerk.person)
        for clerk in tasks.clerks(report_id)
    }


def _assign(unit: Unit, report_id: int, wanted: Iterable[str], out: TextIO) -> None:
    tasks = Tasks(unit)
    clerks = tasks.clerks(report_id)
    for one in wanted:
        where, _, who = one.partition("=")
        section = read_section(where, FORM)
        if section is None:
            raise Unusable(f"--assign {one}：{task_wording.NO_SECTION}")
        found = [c for c in clerks if who and who in (str(c.person), c.name)]
        if who and len(found) != 1:
            names = "、".join(_names(tasks, report_id).values()) or task_wording.NOBODY
            why = task_wording.NO_CLERK.format(name=who, names=names)
            raise Unusable(f"{why}同名的请写编号。" if found else why)
        tasks.assign(report_id, section, found[0].person if found else None)
        name = found[0].name or str(found[0].person) if found else ""
        out.write(f"{task_wording.assigned(FORM, section, name)}\n")


def _dates(task: Task, calendar: Calendar, today: date) -> str:
    """The next dates on which the unfinished are reminded."""
    ahead = [
        slot for slot in reminder_dates(task.deadline, task.internal, calendar) if slot.day >= today
    ]
    lines = ["接下来的提醒日期（只提醒没有完成的人）："]
    for slot in ahead[:10]:
        label = KINDS[slot.kind].format(step=slot.step)
        if slot.kind is ReminderKind.STEP and slot.step == 0:
            label = "收集日"
        lines.append(f"· {day_name(slot.day)} {label}")
    return "\n".join(lines if ahead else ["没有以后的提醒日期。"])


# ---- reminders ----------------------------------------------------------------------------------


def run_reminders(store: Store, at: datetime, out: TextIO) -> int:
    """Who would get what at a moment as things stand, and why or why not; nothing is sent."""
    with store.read() as reader:
        lines, says = explain(reader, at)
        calendar = calendar_of(TaskReader(reader))
    out.write(f"{day_name(at.date())} {at:%H:%M}，按现在的填报情况：\n")
    out.writelines(f"· {one.line}\n" for one in lines)
    if not lines:
        out.write("没有任务，或没有可以提醒的人。\n")
    out.write(f"\n应发 {len(says)} 条消息\n")
    for person, said in says:
        buttons = "\n".join("　".join(f"[{b.label}]" for b in row) for row in said.buttons)
        out.write(f"\n—— 发给 {person} ——\n{said.text}\n{buttons}\n")
    note = calendar_note(calendar, {at.year})
    if note:
        out.write(f"\n{note}\n")
    return FINISHED


# ---- the calendar ------------------------------------------------------------------


def run_calendar(
    store: Store,
    free: Sequence[date],
    work: Sequence[date],
    clear: Sequence[date],
    complete: Sequence[int],
    incomplete: Sequence[int],
    today: date,
    out: TextIO,
) -> int:
    """Show the days that offices work, after entering what is to be entered."""
    with store.begin() as unit:
        tasks = Tasks(unit)
        for one in free:
            tasks.put_day(one, works=False)
        for one in work:
            tasks.put_day(one, works=True)
        for one in clear:
            tasks.put_day(one, works=None)
        for year in complete:
            tasks.put_year(year, complete=True)
        for year in incomplete:
            tasks.put_year(year, complete=False)
        days, years = tasks.overrides()
        calendar = calendar_of(tasks)
    for year in (today.year, today.year + 1):
        if not calendar.knows(year):
            out.write(f"{calendar_note(calendar, [year])}\n")
            continue
        whose = "已全部录入" if year in years else "按程序收录的国务院通知"
        off, on = _exceptions(calendar, year)
        out.write(f"{year} 年（{whose}）\n  放假：{off}\n  调休上班：{on}\n")
    out.write("录入的日期：\n" if days else "没有录入的日期。\n")
    for one, works in days.items():
        out.write(f"· {day_name(one)} {'上班' if works else '放假'}\n")
    return FINISHED


def _exceptions(calendar: Calendar, year: int) -> tuple[str, str]:
    """The days off from Monday to Friday, and the weekends worked, in short."""
    first = date(year, 1, 1)
    every = [first + timedelta(days=n) for n in range(366)]
    every = [one for one in every if one.year == year]
    off = [one for one in every if one.weekday() < 5 and not calendar.works(one)]
    on = [one for one in every if one.weekday() >= 5 and calendar.works(one)]
    return (
        "、".join(f"{one.month}月{one.day}日" for one in off) or "无",
        "、".join(f"{one.month}月{one.day}日" for one in on) or "无",
    )
