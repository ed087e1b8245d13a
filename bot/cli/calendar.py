"""`nianbao calendar`: the working days, shown or entered, and an organ's dates."""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta

from bot.cli import frame
from bot.cli.task import date_as_json, name_of
from bot.reminding.calendar import calendar_of
from conversations.reminders.calendar import Calendar
from conversations.reminders.tasks import ReminderDate, reminder_dates
from conversations.wording.reminders import calendar_note, day_name
from storage.reports import Reader
from storage.tasks import TaskReader, Tasks

EXAMPLES = (
    "nianbao calendar --year 2026",
    "nianbao calendar --free 2026-02-16 --work 2026-02-28",
)
FREE, WORKS = "放假", "上班"
NO_DAYS = "没有录入的日期。\n"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to show, and what to enter."""
    frame.add_organ(parser)
    frame.add_year(parser, "哪一年，默认今明两年")
    frame.add_json(parser)
    for name, help_text in (("free", FREE), ("work", WORKS), ("clear", "取消录入")):
        parser.add_argument(
            f"--{name}",
            nargs="+",
            type=frame.day,
            default=[],
            metavar="日期",
            help=f"{help_text}的日期",
        )
    for name, help_text in (("complete", "这一年已全部录入"), ("incomplete", "这一年没有录全")):
        parser.add_argument(
            f"--{name}", nargs="+", type=frame.year, default=[], metavar="年", help=help_text
        )


def run(options: argparse.Namespace) -> int:
    """Show this year and the next, or another, after entering changes."""
    today = frame.now().date()
    days_entered = ((options.free, False), (options.work, True), (options.clear, None))
    years_entered = ((options.complete, True), (options.incomplete, False))
    changing = any(entered for entered, _ in (*days_entered, *years_entered))
    with frame.open_store(options, reading=not changing) as store:
        if changing:
            with store.begin() as unit:
                tasks = Tasks(unit)
                for days, works in days_entered:
                    for day in days:
                        tasks.put_day(day, works=works)
                for years, complete in years_entered:
                    for year in years:
                        tasks.put_year(year, complete=complete)
        with store.read() as reader:
            entered_days, entered_years = TaskReader(reader).overrides()
            calendar = calendar_of(TaskReader(reader))
            dates = _dates_of(reader, options.organ, calendar)
    shown = (options.year,) if options.year else (today.year, today.year + 1)
    dates = [(year, date_) for year, date_ in dates if date_.day.year in shown]
    if options.json:
        told = {
            "years": [_year_as_json(calendar, year, year in entered_years) for year in shown],
            "entered": [{"day": str(day), "works": works} for day, works in entered_days.items()],
        }
        if options.organ:
            told["dates"] = [{"year": year, **date_as_json(date_)} for year, date_ in dates]
        frame.say_json(told)
        return frame.FINE
    for year in shown:
        whose = "已全部录入" if year in entered_years else "按程序收录的国务院通知"
        if not calendar.knows(year):
            sys.stdout.write(f"{calendar_note(calendar, [year])}\n")
            whose = "按法定节假日"
        off, on = (
            "、".join(f"{day.month}月{day.day}日" for day in days) or "无"
            for days in _exceptions(calendar, year)
        )
        sys.stdout.write(f"{year} 年（{whose}）\n  放假：{off}\n  调休上班：{on}\n")
    sys.stdout.write("录入的日期：\n" if entered_days else NO_DAYS)
    for day, works in entered_days.items():
        sys.stdout.write(f"· {day_name(day)} {WORKS if works else FREE}\n")
    if options.organ:
        sys.stdout.write(f"{options.organ}的日期：\n" if dates else f"{options.organ}没有日期。\n")
    for year, date_ in dates:
        sys.stdout.write(f"· {day_name(date_.day)} {name_of(date_)}（{year}年度）\n")
    return frame.FINE


def _dates_of(reader: Reader, organ: str, calendar: Calendar) -> list[tuple[int, ReminderDate]]:
    """
    The dates of reminders for an organ's unfinished reports, each with the report's year.

    Raises:
        Refused: There is no such organ.
    """
    if organ and not reader.years(organ):
        raise frame.Refused("没有找到这个机关的年报，请核对 --organ 和 --data。")
    dates = []
    for year in reader.years(organ) if organ else ():
        report_id = reader.find_report(organ, year)
        task = None if report_id is None else TaskReader(reader).task(report_id)
        if task is not None and not task.withdrawn:
            days = reminder_dates(task.deadline, task.internal, calendar)
            dates += [(year, date_) for date_ in days]
    return dates


def _exceptions(calendar: Calendar, year: int) -> tuple[list[date], list[date]]:
    """The days off from Monday to Friday, and the weekends worked."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    return (
        [day for day in days if day.weekday() < 5 and not calendar.works(day)],
        [day for day in days if day.weekday() >= 5 and calendar.works(day)],
    )


def _year_as_json(calendar: Calendar, year: int, entered: bool) -> dict[str, object]:
    free, work = _exceptions(calendar, year)
    return {
        "year": year,
        "known": calendar.knows(year),
        "entered": entered,
        "free": [str(day) for day in free],
        "work": [str(day) for day in work],
    }
