"""
The dates of a task as a calendar file (.ics, RFC 5545), for any calendar program.

The same task, calendar and moment give the same bytes. It contains no person's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from conversations.form.organ import safe_file_name
from conversations.reminders.calendar import Calendar
from conversations.reminders.tasks import ReminderKind, Task, reminder_dates
from conversations.wording import reminders as wording
from conversations.wording import tasks

LINE = 75  # octets of a line without its line end (RFC 5545, 3.1)
ALARM_AT = time(9)


def dates_file_name(organ: str, year: int) -> str:
    """The name of a report's calendar file."""
    return safe_file_name(organ, tasks.ICS_NAME.format(organ="", year=year))


def calendar_file(task: Task, calendar: Calendar, stamp: datetime) -> bytes:
    """
    The deadline, and the internal date if there is one, as days with alarms.

    Alarms ring at 9:00 in the reader's own time on the days of the reminders. `stamp` is the
    present moment; a later file of the same task replaces an earlier one. The file of a withdrawn
    task cancels both days (RFC 5546, 3.2.5).

    Raises:
        ValueError: `stamp` has no time zone.
    """
    if stamp.tzinfo is None:
        raise ValueError("a moment without a time zone")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Nianbao//Reminders//ZH",
        "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if task.withdrawn else 'PUBLISH'}",
        *_events(task, calendar, stamp),
        "END:VCALENDAR",
    ]
    return b"".join(fold(line) for line in lines)


def _events(task: Task, calendar: Calendar, stamp: datetime) -> Iterator[str]:
    dates = reminder_dates(task.deadline, task.internal, calendar)
    steps = [each.day for each in dates if each.kind is ReminderKind.STEP]
    early = task.early
    if early:
        days = [day for day in steps if day <= early]
        yield from _event(task, early, "collection", "收集日期", days, calendar, stamp)
    days = [day for day in steps if not early or day > early]
    days.append(task.deadline)
    yield from _event(task, task.deadline, "deadline", "截止日期", days, calendar, stamp)


def _event(
    task: Task,
    day: date,
    name: str,
    label: str,
    alarms: list[date],
    calendar: Calendar,
    stamp: datetime,
) -> Iterator[str]:
    title = f"{task.organ}{task.year}年政府信息公开工作年度报告{label}"
    about = "\n".join(
        filter(
            None,
            [
                f"{label}：{wording.day_name(day)}",
                wording.calendar_note(calendar, {a.year for a in alarms}),
            ],
        )
    )
    utc = stamp.astimezone(UTC)
    yield from (
        "BEGIN:VEVENT",
        f"UID:{task.id}-{task.year}-{name}@nianbao",
        f"DTSTAMP:{utc:%Y%m%dT%H%M%SZ}",
        # A later file has a higher number (seconds since 2020), so that calendars move the date.
        f"SEQUENCE:{(utc - datetime(2020, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escape(title)}",
        f"DESCRIPTION:{escape(about)}",
        "TRANSP:TRANSPARENT",
        f"STATUS:{'CANCELLED' if task.withdrawn else 'CONFIRMED'}",
    )
    for alarm in () if task.withdrawn else alarms:
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escape(title)}",
            f"TRIGGER:{trigger(day, alarm)}",
            "END:VALARM",
        )
    yield "END:VEVENT"


def trigger(day: date, alarm: date) -> str:
    """The duration from the start of a day to 9:00 on the day of the alarm."""
    gap = datetime.combine(alarm, ALARM_AT) - datetime.combine(day, time())
    sign = "-" if gap < timedelta() else ""
    hours = abs(gap) // timedelta(hours=1)
    days, hours = divmod(hours, 24)
    return f"{sign}P{f'{days}D' if days else ''}{f'T{hours}H' if hours else ''}"


def escape(text: str) -> str:
    """A text value with backslash, comma, semicolon and line ends escaped (RFC 5545, 3.3.11)."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    # Other control characters are not allowed in a text.
    return "".join(char for char in text if (char >= " " and char != "\x7f") or char == "\t")


def fold(line: str) -> bytes:
    """One content line with its line end, folded at 75 octets, never inside a character."""
    pieces, piece = [], b""
    for char in line:
        octets = char.encode("utf-8", "replace")
        if len(piece) + len(octets) > LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
