"""
The calendar of working days: the published holidays, and what administrators entered.

The library knows the years whose holidays the State Council has announced (each
November for the next year). A later year has weekends only, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from conversations.reminders.calendar import Calendar
from storage.tasks import TaskReader


def working_calendar(
    overrides: Mapping[date, bool] | None = None, complete: Iterable[int] = ()
) -> Calendar:
    """
    The calendar as a value for `decide`.

    Args:
        overrides: Days an administrator entered: True worked, False free. They win.
        complete: Years an administrator has entered whole, known from then on.
    """
    # Imported here: only what reminds needs it.
    from chinese_calendar.constants import holidays, workdays

    overrides = overrides or {}
    known = range(min(holidays).year, max(holidays).year + 1)
    free = {day for day in holidays if day not in workdays}
    working = set(workdays)
    for day, worked in overrides.items():
        (working if worked else free).add(day)
        (free if worked else working).discard(day)
    return Calendar(
        known=frozenset({*known, *complete}),
        free=frozenset(free),
        working=frozenset(working),
    )


def calendar_of(tasks: TaskReader) -> Calendar:
    """The library's calendar with what administrators have entered in this store."""
    days, years = tasks.overrides()
    return _calendar(tuple(sorted(days.items())), years)


@lru_cache(maxsize=4)
def _calendar(days: tuple[tuple[date, bool], ...], years: tuple[int, ...]) -> Calendar:
    return working_calendar(dict(days), years)
