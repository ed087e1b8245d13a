"""
The calendar of working days: the published holidays, and what administrators entered.

The library knows the years whose holidays the State Council has announced (each
November for the next year). A later year has weekends only, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from conversations.reminders.calendar import Calendar


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
