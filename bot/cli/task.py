"""`nianbao task`: a report's deadline, internal date and assignments; shown or changed."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.cli import frame
from bot.cli.task_below import run_below
from bot.cli.under import add_under
from bot.cli.values import notice_as_json
from bot.files.documents import write
from bot.reminding.asker import Asker
from bot.reminding.calendar import calendar_of
from bot.reminding.editor import TaskEditor
from conversations.county.dates import GROUPS
from conversations.form import FILLED_IN, form_to_fill_in
from conversations.reminders.calendar import Calendar
from conversations.reminders.ics import calendar_file, dates_file_name
from conversations.reminders.tasks import (
    ReminderDate,
    ReminderKind,
    Task,
    reminder_dates,
)
from conversations.reminders.typed import read_reason, read_section
from conversations.wording import tasks as wording
from conversations.wording.door import new_organ
from conversations.wording.reminders import day_name
from storage.members import Members
from storage.tasks import TaskReader
from storage.unit import Unit

EXAMPLES = (
    "nianbao task --organ 甲镇人民政府 --year 2025 --deadline 2026-01-31",
    "nianbao task --under 甲县人民政府 --year 2025 --internal 2026-01-20 --yes",
)
KINDS = {
    ReminderKind.STEP: "提前 {step} 天",
    ReminderKind.DEADLINE: "截止日",
    ReminderKind.OVERDUE: "逾期",
}
ONLY_BELOW = "--only 请和 --under 一起写。"
NO_DATE_EXTENDED = "--reason 是延期的原因，请和 --deadline 一起写。"
OTHER_EDITION = "{year}年度只能填 {edition} 版。"
NO_TASK = "没有这个任务。给出 --deadline 等就会建立。"
MOST_DATES = 10
# The options that say what the task asks for beyond the form.
NOTICE = ("no_ask", "ask", "length", "headings")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which task, and what to change."""
    whose = parser.add_mutually_exclusive_group(required=True)
    frame.add_organ(whose)
    add_under(whose, "给它的下级统一布置")
    parser.add_argument("--year", type=frame.year, required=True, metavar="年度", help="填报年度")
    parser.add_argument("--only", choices=tuple(GROUPS), help="--under：只给其中一部分")
    parser.add_argument("--edition", choices=[form.edition for form in FILLED_IN], help="年报版式")
    frame.add_json(parser)
    frame.add_yes(parser)
    parser.add_argument("--deadline", type=frame.day, metavar="日期", help="截止日期")
    parser.add_argument("--internal", type=_day_or_none, metavar="日期", help="收集日期，无 为不设")
    parser.add_argument(
        "--assign",
        action="append",
        default=[],
        metavar="节=经办人",
        help="一节由谁填，如 三=姓名；三= 为不指定",
    )
    parser.add_argument(
        "--ask",
        action="append",
        default=[],
        metavar="名称 单位",
        help="加问一个数（整数），如 '政务微信发布信息 条'；填完表格以后问，可以写进正文",
    )
    parser.add_argument(
        "--no-ask", action="append", default=[], metavar="名称", help="不再问；填过的数留着"
    )
    parser.add_argument(
        "--length",
        action="append",
        default=[],
        metavar="节=字数",
        help="一节文字的字数上限，如 一=1000；一= 为不限",
    )
    parser.add_argument(
        "--headings",
        action="append",
        default=[],
        metavar="节=标题；标题",
        help="一节文字里要有的标题，如 '一=主动公开；依申请公开'；一= 为不限",
    )
    state = parser.add_mutually_exclusive_group()
    state.add_argument(
        "--withdraw", dest="withdrawn", action="store_true", default=None, help="撤销：不再提醒"
    )
    state.add_argument(
        "--excuse", type=_reason, metavar="原因", help="今年不用报，写明原因：不再提醒"
    )
    state.add_argument(
        "--restore", dest="withdrawn", action="store_false", default=None, help="恢复"
    )
    parser.add_argument(
        "--reason", type=_reason, metavar="原因", help="延期的原因，和 --deadline 一起写"
    )
    parser.add_argument("--ics", type=Path, metavar="文件", help="日历文件放在哪里")


def _reason(text: str) -> str:
    reason = read_reason(text)
    if not reason:
        raise argparse.ArgumentTypeError("请写原因")
    return reason


def _day_or_none(text: str) -> date | str:
    return "" if text in ("无", "none", "") else frame.day(text)


def run(options: argparse.Namespace) -> int:
    """Show a report's task, after changing it if asked."""
    form = form_to_fill_in(options.year)
    if options.edition not in (None, form.edition):
        raise frame.Refused(OTHER_EDITION.format(year=options.year, edition=form.edition))
    if options.under:
        return run_below(options)
    if options.only:
        raise frame.Refused(ONLY_BELOW)
    now = frame.now()
    told: list[str] = []
    changing = any(getattr(options, name) for name in ("assign", *NOTICE)) or any(
        change is not None
        for change in (options.deadline, options.internal, options.withdrawn, options.excuse)
    )
    if options.reason and (options.deadline is None or options.excuse):
        raise frame.Refused(NO_DATE_EXTENDED)
    with frame.open_store(options, reading=not changing) as store:
        if changing:
            with store.begin() as unit:
                if not Members(unit).organs(1, options.organ):
                    told.append(f"{new_organ(options.organ, ())}\n")
                opened = unit.open_report(options.organ, options.year, now=now)
                told += _change(unit, opened, options, now)
        with store.read() as reader:
            tasks = TaskReader(reader)
            report_id = reader.find_report(options.organ, options.year)
            task = None if report_id is None else tasks.task(report_id)
            if report_id is None or task is None:
                raise frame.Refused(NO_TASK)
            calendar = calendar_of(tasks)
            names = _names(tasks, report_id)
    today = now.date()
    if options.json:
        frame.say_json(_as_json(task, names, _ahead(task, calendar, today)))
    else:
        sys.stdout.writelines(f"{sentence}\n" for sentence in told)
        sys.stdout.write(f"{wording.task_card(task, form, names, calendar, today).text}\n")
        if not task.withdrawn:
            sys.stdout.write(f"\n{_dates(_ahead(task, calendar, today))}\n")
    if options.ics is not None:
        path: Path = options.ics
        if path.is_dir():
            path /= dates_file_name(options.organ, options.year)
        try:
            write(path.parent, path.name, calendar_file(task, calendar, now))
        except OSError as error:
            file = frame.shown(str(path))
            raise frame.Refused(frame.NOT_WRITTEN.format(file=file)) from error
        if not options.json:
            sys.stdout.write(f"\n日历文件：{frame.shown(str(path))}\n")
    return frame.FINE


def _change(unit: Unit, report_id: int, options: argparse.Namespace, now: datetime) -> list[str]:
    """
    Change the task, or make it; returns the sentences about the changes.

    Raises:
        Refused: Something makes no sense; the transaction is undone.
    """
    editor = TaskEditor(Asker(unit, 0, now, frozenset()), report_id)
    wanted = {"deadline": options.deadline, "internal": options.internal}
    changes: dict[str, Any] = {name: day or None for name, day in wanted.items() if day is not None}
    if options.withdrawn is not None:
        changes["withdrawn"] = options.withdrawn
    if options.excuse:
        changes |= {"withdrawn": True, "reason": options.excuse}
    if options.reason:
        # The date the steps count to is the day of the extension.
        changes = {"internal": None} | changes | {"reason": options.reason}
    try:
        told = [f"{editor.put(**changes)}\n"] if changes or editor.stored is None else []
    except ValueError:
        raise frame.Refused(wording.WRONG_ORDER) from None
    for what in NOTICE:
        for asked in getattr(options, what):
            try:
                editor.demand(what, asked)
            except ValueError:
                raise frame.Refused(f"{asked}：{wording.DEMANDS[what]}") from None
    return told + [_assign(editor, assignment) for assignment in options.assign]


def _names(tasks: TaskReader, report_id: int) -> dict[str, str]:
    """The clerks of a report by id; for the operator with their numbers."""
    return {
        str(clerk.person): f"{frame.shown(clerk.name)}（{clerk.person}）"
        if clerk.name
        else str(clerk.person)
        for clerk in tasks.clerks(report_id)
    }


def _assign(editor: TaskEditor, assignment: str) -> str:
    """
    «三=王芳»; returns the sentence that says it is done.

    Raises:
        Refused: There is no such section, or not exactly one clerk with that name.
    """
    where, _, who = assignment.partition("=")
    section = read_section(where, editor.form)
    if section is None:
        raise frame.Refused(f"--assign {assignment}：{wording.NO_SECTION}")
    tasks = editor.asker.tasks
    clerks = tasks.clerks(editor.report_id)
    meant = [clerk for clerk in clerks if who and who in (str(clerk.person), clerk.name)]
    if who and len(meant) != 1:
        names = "、".join(_names(tasks, editor.report_id).values()) or wording.NOBODY
        why = wording.NO_CLERK.format(name=who, names=names)
        raise frame.Refused(f"{why}同名的请写编号。" if meant else why)
    return editor.assign(section, str(meant[0].person) if meant else None)


def _ahead(task: Task, calendar: Calendar, today: date) -> list[ReminderDate]:
    """The future dates of reminders for the unfinished."""
    if task.withdrawn:
        return []
    every = reminder_dates(task.deadline, task.internal, calendar)
    return [slot for slot in every if slot.day >= today]


def _dates(ahead: list[ReminderDate]) -> str:
    if not ahead:
        return "没有以后的提醒日期。"
    lines = ["接下来的提醒日期（只提醒没有完成的人）："]
    lines += [f"· {day_name(slot.day)} {name_of(slot)}" for slot in ahead[:MOST_DATES]]
    return "\n".join(lines)


def name_of(slot: ReminderDate) -> str:
    """The name of a date of a task."""
    if slot.kind is ReminderKind.STEP and slot.step == 0:
        return "收集日"
    return KINDS[slot.kind].format(step=slot.step)


def date_as_json(slot: ReminderDate) -> dict[str, Any]:
    """A date of a task for programs."""
    return {"day": str(slot.day), "kind": slot.kind.name.lower(), "step": slot.step}


def _as_json(task: Task, names: dict[str, str], ahead: list[ReminderDate]) -> dict[str, Any]:
    return {
        "organ": task.organ,
        "year": task.year,
        "deadline": str(task.deadline),
        "internal": None if task.internal is None else str(task.internal),
        "withdrawn": task.withdrawn,
        "reason": task.reason,
        "assigned": dict(task.assigned),
        "clerks": names,
        "reminders": [date_as_json(slot) for slot in ahead],
        "notice": notice_as_json(task.notice),
    }
