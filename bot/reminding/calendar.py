"""
The calendar of working days: the published holidays, and administrators' entries.

The library knows the years whose holidays the State Council has announced (each November for the
next year). In later years the days named by the law itself are free
(《全国年节及纪念日放假办法》第二条, as amended in 2024), and messages with such dates say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from conversations.reminders.calendar import Calendar
from storage.tasks import TaskReader

# Years after the newest notice that are computed by the law.
YEARS_AHEAD = 6


def working_calendar(
    overrides: Mapping[date, bool] | None = None, complete: Iterable[int] = ()
) -> Calendar:
    """
    The calendar as a value for `decide`.

    Args:
        overrides: Days an administrator entered: True worked, False free. They override others.
        complete: Years an administrator has entered whole; they count as known.
    """
    # Imported here: only reminders need it.
    from chinese_calendar.constants import holidays, workdays

    overrides = overrides or {}
    known = range(min(holidays).year, max(holidays).year + 1)
    free = {day for day in holidays if day not in workdays}
    for year in range(known.stop, known.stop + YEARS_AHEAD):
        free |= statutory_days(year)
    working = set(workdays)
    for day, worked in overrides.items():
        (working if worked else free).add(day)
        (free if worked else working).discard(day)
    return Calendar(
        known=frozenset({*known, *complete}),
        free=frozenset(free),
        working=frozenset(working),
    )


@lru_cache(maxsize=2 * YEARS_AHEAD)
def statutory_days(year: int) -> frozenset[date]:
    """
    The statutory holidays of a year from 2025 on.

    元旦; 春节 from 除夕 to 初三; 清明; 劳动节 1–2 May; 端午; 中秋; 国庆 1–3 October.
    """
    from lunar_python import Lunar, Solar

    def day(solar: Solar) -> date:
        return date(solar.getYear(), solar.getMonth(), solar.getDay())

    def lunar(month: int, day_of_month: int) -> date:
        return day(Lunar.fromYmd(year, month, day_of_month).getSolar())

    spring_festival = lunar(1, 1)
    return frozenset(
        {
            date(year, 1, 1),
            *(spring_festival + timedelta(days=after) for after in (-1, 0, 1, 2)),
            day(Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"]),
            *(date(year, 5, of_may) for of_may in (1, 2)),
            lunar(5, 5),
            lunar(8, 15),
            *(date(year, 10, of_october) for of_october in (1, 2, 3)),
        }
    )


def calendar_of(tasks: TaskReader) -> Calendar:
    """The library's calendar with the administrators' entries in this store."""
    days, years = tasks.overrides()
    return _calendar(tuple(sorted(days.items())), years)


@lru_cache(maxsize=4)
def _calendar(days: tuple[tuple[date, bool], ...], years: tuple[int, ...]) -> Calendar:
    return working_calendar(dict(days), years)
