"""
How many reports were handed in by which day, as a picture: a bar a day, lines for the dates.

A phone shows it some 390 units wide, so that no letter is smaller than twelve.
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

LONGEST = 100  # days that are drawn; more where the deadline is farther off
AFTER = 60  # of them after the deadline, unless a report came later
SPOKEN = 5  # days that the sentence beside the picture names
_LEFT, _RIGHT, _TALL = 40, WIDTH - EDGE, 178
_DATES = 48  # over the bars: the two dates, and how many there are
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ProgressDays:
    """
    The days of a year's collection.

    `handed_in` are the days on which the reports came that are there now, in order; `total` how
    many are waited for. Drawn is from `begin` to `end`; what came before counts on the first day.
    """

    total: int
    handed_in: tuple[date, ...]
    dates: Dates
    begin: date
    end: date
    today: date

    def by(self, day: date) -> int:
        """How many were there at the end of a day."""
        return bisect_right(self.handed_in, day)

    @property
    def days(self) -> list[date]:
        """The days that are drawn, the future ones too."""
        return [self.begin + ONE_DAY * n for n in range((self.end - self.begin).days + 1)]

    @property
    def last(self) -> date:
        """The last day of which anything is known."""
        return min(self.end, self.today)

    @property
    def told(self) -> list[tuple[date, int]]:
        """Some days, a week or more apart, on which more were there than before: for words."""
        step = max(7, -(-(self.last - self.begin).days // SPOKEN))
        days = [self.last - ONE_DAY * step * n for n in reversed(range(SPOKEN))]
        found = [(day, self.by(day)) for day in days if day >= self.begin]
        before = [0, *(count for _, count in found)]
        return [each for each, count in zip(found, before, strict=False) if each[1] != count]


def progress_days(
    total: int, handed_in: Sequence[date], dates: Dates, begun: date, today: date
) -> ProgressDays:
    """
    From the beginning of the tasks to their deadline, or to today where that is over; long after
    it, to the last report.
    """
    deadline = dates.deadline or today
    latest = max(deadline + ONE_DAY * AFTER, *handed_in)
    end = max(deadline, min(today, latest))
    # Today is always among them, however far off the deadline is.
    begin = max(min(begun, today, end), min(today, end - ONE_DAY * (LONGEST - 1)))
    return ProgressDays(total, tuple(sorted(handed_in)), dates, begin, end, today)


def dumps(days: ProgressDays, title: str, head: str, says: str) -> dict[str, Any]:
    """What a picture is drawn from, as JSON keeps it."""
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
    """Drawn; `below` stands under the title, `says` is for whoever cannot see it."""
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
    """The bars of the days; `top` is where all that are waited for would reach."""

    days: ProgressDays
    top: float

    @property
    def ground(self) -> float:
        return self.top + _TALL

    def x(self, day: date) -> float:
        """Where a day begins."""
        days = self.days
        return _LEFT + (_RIGHT - _LEFT) * (day - days.begin).days / len(days.days)

    def y(self, count: int) -> float:
        """How high so many reach."""
        return self.ground - _TALL * count / max(self.days.total, 1)

    def heights(self) -> Iterator[Shape]:
        """None, and all that are waited for."""
        total = self.days.total
        for count in sorted({0, total}):
            yield Words(_LEFT - 4, self.y(count) + 4, str(count), 12, FAINT, "end")
        yield Bar(_LEFT, self.y(total), _RIGHT - _LEFT, 1, LINE)

    def bars(self) -> Iterator[Shape]:
        """How many were there on each day that is over."""
        days = self.days
        each = (_RIGHT - _LEFT) / len(days.days)
        gap = 1 if each >= 4 else 0
        for day in days.days:
            count = days.by(day)
            if count and day <= days.last:
                top = self.y(count)
                yield Bar(self.x(day), top, each - gap, self.ground - top, NOW)

    def count(self) -> Iterator[Shape]:
        """How many there are now, over the last bar and whatever line runs there."""
        days = self.days
        count = days.by(days.last)
        room = wide(str(count), 13) + 6
        middle = min(max(self.x(days.last), _LEFT + room / 2), _RIGHT - room / 2)
        yield Bar(middle - room / 2, self.y(count) - 18, room, 16, PAPER)
        yield Words(middle, self.y(count) - 5, str(count), 13, NOW, "middle", bold=True)

    def feet(self) -> Iterator[Shape]:
        """The first, the last, and today where there is room between."""
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
        """The date the county collects by, and the deadline."""
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
