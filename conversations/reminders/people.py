"""People who may be reminded: role, wishes, and how they put reminders off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum

from conversations.reminders.calendar import ONE_DAY, SHANGHAI, Calendar
from conversations.sign_off.states import Role

MemberId = str


class Mode(Enum):
    """
    How many reminders a member wants; quieter is 7 and 1 days before, the day, weekly overdue.
    """

    ON = "on"
    QUIETER = "quieter"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Snooze:
    """No reminders from the day of the request until another; `again` promises one then."""

    on: date
    until: date
    again: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """
    A person who may be reminded.

    Reminders of days before `since` (joined, or turned on again) are not made up for.

    Raises:
        ValueError: The working hours end before they start.
    """

    id: MemberId
    role: Role = Role.CLERK
    name: str = ""
    start: time = time(9)
    end: time = time(18)
    zone: tzinfo = SHANGHAI
    mode: Mode = Mode.ON
    snooze: Snooze | None = None
    reachable: bool = True
    since: date | None = None

    def __post_init__(self) -> None:
        """Refuse working hours that end before they start."""
        if self.start >= self.end:
            raise ValueError(f"working hours {self.start}–{self.end}")

    def day(self, now: datetime) -> date:
        """The member's own date at a moment."""
        return now.astimezone(self.zone).date()


def next_working_hour(now: datetime, member: Member, calendar: Calendar) -> datetime:
    """
    One hour from now if that is in the member's working hours, else the start of the next day's.
    """
    today, later = member.day(now), now.astimezone(member.zone) + timedelta(hours=1)
    if later.date() == today and member.start <= later.time() < member.end:
        return later
    day = calendar.reminding_day_from(today + ONE_DAY)
    return datetime.combine(day, member.start, member.zone)


def moment_to_tell(now: datetime, member: Member, calendar: Calendar, deadline: date) -> datetime:
    """
    When a member is told of a decision: now in working hours, else when they begin.

    On the day of the deadline it is always now; a decision before is told by that morning at the
    latest.
    """
    today = member.day(now)
    opens, closes = (datetime.combine(today, t, member.zone) for t in (member.start, member.end))
    if today == deadline:
        return now
    if calendar.reminds(today) and now < closes:
        return max(now, opens)
    day = calendar.reminding_day_from(today + ONE_DAY)
    if today < deadline < day:
        day = deadline
    return datetime.combine(day, member.start, member.zone)


def tomorrow(now: datetime, member: Member, calendar: Calendar) -> Snooze:
    """「明天再说」: no reminders until the next working day, and one then."""
    today = member.day(now)
    return Snooze(today, calendar.reminding_day_from(today + ONE_DAY), again=True)


def next_week(now: datetime, member: Member) -> Snooze:
    """「本周不提醒」: no reminders until Monday; a missed one is then sent once."""
    today = member.day(now)
    return Snooze(today, today + timedelta(days=7 - today.weekday()))
