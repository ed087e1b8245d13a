"""
A picture of how many reports were in on each day: a bar per day, lines for the dates.

A phone shows it about 390 units wide, so no letter is smaller than twelve units.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conversations.county.overview import Dates
from conversations.drawing import (
    ALARM,
    EDGE,
    FAINT,
    LINE,
    MEANWHILE,
    NOW,
    PAPER,
    WIDTH,
    Bar,
    Picture,
    Shape,
    Words,
    head,
    sheet,
    wide,
)

LONGEST = 100  # the most days that are drawn
AFTER = 60  # days drawn after the deadline, more if a report came later
SPOKEN = 5  # days that the sentence beside the picture names
_LEFT, _RIGHT, _TALL = 40, WIDTH - EDGE, 178
_DATES = 48  # height above the bars, for the two dates and the count
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ProgressDays:
    """
    The days of a year's collection.

    `handed_in` are the days on which the present reports came, in order; `total` is the number
    waited for. The days from `begin` to `end` are drawn; earlier reports count on the first day.
    """

    total: int
    handed_in: tuple[date, ...]
    dates: Dates
    begin: date
    end: date
    today: date

    def by(self, day: date) -> int:
        """The number of reports at the end of a day."""
        return bisect_right(self.handed_in, day)

    @property
    def days(self) -> list[date]:
        """The days that are drawn, including future ones."""
        return [self.begin + ONE_DAY * n for n in range((self.end - self.begin).days + 1)]

    @property
    def last(self) -> date:
        """The last day with known numbers."""
        return min(self.end, self.today)

    @property
    def told(self) -> list[tuple[date, int]]:
        """Some days, at least a week apart, on which the number had grown: for the text."""
        step = max(7, -(-(self.last - self.begin).days // SPOKEN))
        days = [self.last - ONE_DAY * step * n for n in reversed(range(SPOKEN))]
        found = [(day, self.by(day)) for day in days if day >= self.begin]
        before = [0, *(count for _, count in found)]
        return [each for each, count in zip(found, before, strict=False) if each[1] != count]


def progress_days(
    total: int, handed_in: Sequence[date], dates: Dates, begun: date, today: date
) -> ProgressDays:
    """
    The days from the start of the tasks to the deadline, or to today after it; long after it, to
    the last report.
    """
    deadline = dates.deadline or today
    latest = max(deadline + ONE_DAY * AFTER, *handed_in)
    end = max(deadline, min(today, latest))
    # Today is always included, even if the deadline is far away.
    begin = max(min(begun, today, end), min(today, end - ONE_DAY * (LONGEST - 1)))
    return ProgressDays(total, tuple(sorted(handed_in)), dates, begin, end, today)


def dumps(days: ProgressDays, title: str, head: str, says: str) -> dict[str, Any]:
    """The data of a picture, for JSON."""
    return {
        "total": days.total,
        "handed_in": [day.isoformat() for day in days.handed_in],
        "deadline": days.dates.deadline and days.dates.deadline.isoformat(),
        "internal": days.dates.internal and days.dates.internal.isoformat(),
        "begin": days.begin.isoformat(),
        "end": days.end.isoformat(),
        "today": days.today.isoformat(),
        "title": title,
        "head": head,
        "says": says,
    }


def drawn(kept: Mapping[str, Any]) -> Picture:
    """The picture from `dumps`."""
    deadline, internal = (
        date.fromisoformat(kept[name]) if kept[name] else None for name in ("deadline", "internal")
    )
    begin, end, today = (date.fromisoformat(kept[name]) for name in ("begin", "end", "today"))
    handed_in = tuple(map(date.fromisoformat, kept["handed_in"]))
    days = ProgressDays(kept["total"], handed_in, Dates(deadline, internal), begin, end, today)
    return picture(days, kept["title"], kept["head"], kept["says"])


def picture(days: ProgressDays, title: str, below: str, says: str) -> Picture:
    """Draw the picture; `below` stands under the title, `says` tells the same in words."""
    shapes, y = head(title, [below])
    plot = _Plot(days, y + _DATES)
    shapes += [
        *plot.heights(),
        *plot.bars(),
        Bar(_LEFT, plot.ground, _RIGHT - _LEFT, 1, LINE),
        *plot.feet(),
        *plot.lines(),
        *plot.count(),
    ]
    return sheet(plot.ground + 34, shapes, title, says)


@dataclass(frozen=True, slots=True)
class _Plot:
    """The bars of the days; `top` is the height of all reports waited for."""

    days: ProgressDays
    top: float

    @property
    def ground(self) -> float:
        return self.top + _TALL

    def x(self, day: date) -> float:
        """The left edge of a day."""
        days = self.days
        return _LEFT + (_RIGHT - _LEFT) * (day - days.begin).days / len(days.days)

    def y(self, count: int) -> float:
        """The height of a number of reports."""
        return self.ground - _TALL * count / max(self.days.total, 1)

    def heights(self) -> Iterator[Shape]:
        """The scale: zero, and all reports waited for."""
        total = self.days.total
        for count in sorted({0, total}):
            yield Words(_LEFT - 4, self.y(count) + 4, str(count), 12, FAINT, "end")
        yield Bar(_LEFT, self.y(total), _RIGHT - _LEFT, 1, LINE)

    def bars(self) -> Iterator[Shape]:
        """A bar for each past day."""
        days = self.days
        each = (_RIGHT - _LEFT) / len(days.days)
        gap = 1 if each >= 4 else 0
        for day in days.days:
            count = days.by(day)
            if count and day <= days.last:
                top = self.y(count)
                yield Bar(self.x(day), top, each - gap, self.ground - top, NOW)

    def count(self) -> Iterator[Shape]:
        """The present number, above the last bar and in front of any line."""
        days = self.days
        count = days.by(days.last)
        room = wide(str(count), 13) + 6
        middle = min(max(self.x(days.last), _LEFT + room / 2), _RIGHT - room / 2)
        yield Bar(middle - room / 2, self.y(count) - 18, room, 16, PAPER)
        yield Words(middle, self.y(count) - 5, str(count), 13, NOW, "middle", bold=True)

    def feet(self) -> Iterator[Shape]:
        """The first and last day, and today if there is room."""
        days = self.days
        named = [days.begin, days.end]
        if days.begin < days.today < days.end:
            named.insert(1, days.today)
        last = float("-inf")
        for day in named:
            middle = min(max(self.x(day), _LEFT + 18), _RIGHT - 18)
            if day == days.end and middle - last < 48:
                continue
            near = middle - last < 48 or _RIGHT - 18 - middle < 48
            if near and day not in (days.begin, days.end):
                continue
            last = middle
            yield Words(middle, self.ground + 20, f"{day.month}/{day.day}", 12, FAINT, "middle")

    def lines(self) -> Iterator[Shape]:
        """The county's own date and the deadline."""
        days = self.days
        for height, word, day, colour in (
            (_DATES - 14, "收集", days.dates.internal, MEANWHILE),
            (_DATES - 28, "截止", days.dates.deadline, ALARM),
        ):
            if day is None or not days.begin <= day <= days.end:
                continue
            x = self.x(day + ONE_DAY)
            yield Bar(x - 1, self.top - 16, 2, _TALL + 16, colour)
            middle = min(max(x, _LEFT + 36), _RIGHT - 44)
            named = f"{word} {day.month}月{day.day}日"
            yield Words(middle, self.top - height, named, 12, colour, "middle")
