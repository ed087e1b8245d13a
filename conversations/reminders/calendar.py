"""Working days, and the days on which reminders are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, timezone

# China has had one time zone without summer time since 1992.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

# No series of free days is longer; a longer one is a mistake in the calendar.
LONGEST_HOLIDAY = 14

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    The working days, including make-up days.

    `free` and `working` are the exceptions from Monday to Friday; `known` are the years whose
    holidays have been published. In any other year only weekends and the days named by law are
    free, and dates of it are shown with a note (调休以国务院通知为准).
    """

    known: frozenset[int] = frozenset()
    free: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether offices work on this day, as far as the calendar knows."""
        return day in self.working or (day.weekday() < 5 and day not in self.free)

    def knows(self, year: int) -> bool:
        """Whether the holidays of the year have been published."""
        return year in self.known

    def reminds(self, day: date) -> bool:
        """
        Whether reminders are sent on this day, apart from a deadline.

        The first three days of a year that is not known yet count as holidays.
        """
        if is_new_year(day) and not self.knows(day.year) and day not in self.working:
            return False
        return self.works(day)

    def reminding_day_from(self, day: date) -> date:
        """The first day, from this one on, on which reminders are sent."""
        for ahead in range(4 * LONGEST_HOLIDAY):
            if self.reminds(day + ahead * ONE_DAY):
                return day + ahead * ONE_DAY
        return day


def is_new_year(day: date) -> bool:
    """Whether a day is one of 1–3 January."""
    return day.month == 1 and day.day <= 3
