"""Who may be reminded: a member's role and wishes, and how reminders are put off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum

from conversations.reminders.calendar import ONE_DAY, SHANGHAI, Calendar
from conversations.sign_off.states import Role

MemberId = str


class Mode(Enum):
    """How much a member wants to hear; quieter is 7 and 1 days, the day, weekly overdue."""

    ON = "on"
    QUIETER = "quieter"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Snooze:
    """Silence from the day it was asked for until a day; `again` promises a message then."""

    on: date
    until: date
    again: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """
    Somebody who may be reminded.

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
        """Refuse hours that never are."""
        if self.start >= self.end:
            raise ValueError(f"working hours {self.start}–{self.end}")

    def day(self, now: datetime) -> date:
        """The member's own date at a moment."""
        return now.astimezone(self.zone).date()


def next_working_hour(now: datetime, member: Member, calendar: Calendar) -> datetime:
    """In an hour, where that is still the member's working time; else the next day's beginning."""
    today, later = member.day(now), now.astimezone(member.zone) + timedelta(hours=1)
    if later.date() == today and member.start <= later.time() < member.end:
        return later
    day = calendar.reminding_day_from(today + ONE_DAY)
    return datetime.combine(day, member.start, member.zone)


def moment_to_tell(now: datetime, member: Member, calendar: Calendar, deadline: date) -> datetime:
    """
    When a member is told what was decided: now in their working time, else when that begins.

    On the deadline's day it is now whatever the hour, and no later than that day's morning.
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
    """「明天再说」: silence until the next working day, and a message then."""
    today = member.day(now)
    return Snooze(today, calendar.reminding_day_from(today + ONE_DAY), again=True)


def next_week(now: datetime, member: Member) -> Snooze:
    """「本周不提醒」: silence until Monday; what was missed is then said once."""
    today = member.day(now)
    return Snooze(today, today + timedelta(days=7 - today.weekday()))
