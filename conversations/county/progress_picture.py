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
from conversations.talk.year_picture import Bar, Picture, Words

WIDTH, HEIGHT = 390, 300
LONGEST = 100  # days that are drawn; more where the deadline is farther off
AFTER = 60  # of them after the deadline
SPOKEN = 5  # days that the sentence beside the picture names
_LEFT, _RIGHT, _TOP, _GROUND = 40, 374, 84, 262
_INK, _FAINT, _PAPER, _LINE = "#1a1a1a", "#666666", "#ffffff", "#d5d9de"
_DONE, _DEADLINE, _COLLECTED = "#1f5fa8", "#c0392b", "#b7791f"
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
    """From the beginning of the tasks to their deadline, or to today where that is over."""
    deadline = dates.deadline or today
    end = max(deadline, min(today, deadline + ONE_DAY * AFTER))
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


def picture(days: ProgressDays, title: str, head: str, says: str) -> Picture:
    """Drawn; `head` stands under the title, `says` is for whoever cannot see it."""
    shapes: tuple[Bar | Words, ...] = (
        Bar(0, 0, WIDTH, HEIGHT, _PAPER),
        Words(16, 26, _fitting(title), 16, _INK, bold=True),
        Words(16, 46, head, 13, _FAINT),
        *_heights(days),
        *_bars(days),
        Bar(_LEFT, _GROUND, _RIGHT - _LEFT, 1, _LINE),
        *_feet(days),
        *_lines(days),
        *_count(days),
    )
    return Picture(WIDTH, HEIGHT, shapes, says)


def _fitting(text: str, most: int = 21) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _x(days: ProgressDays, day: date) -> float:
    """Where a day begins."""
    return _LEFT + (_RIGHT - _LEFT) * (day - days.begin).days / len(days.days)


def _y(days: ProgressDays, count: int) -> float:
    return _GROUND - (_GROUND - _TOP) * count / max(days.total, 1)


def _heights(days: ProgressDays) -> Iterator[Bar | Words]:
    """None, and all that are waited for."""
    for count in sorted({0, days.total}):
        yield Words(_LEFT - 18, _y(days, count) + 4, str(count), 12, _FAINT, middle=True)
    yield Bar(_LEFT, _y(days, days.total), _RIGHT - _LEFT, 1, _LINE)


def _bars(days: ProgressDays) -> Iterator[Bar | Words]:
    wide = (_RIGHT - _LEFT) / len(days.days)
    gap = 1 if wide >= 4 else 0
    for day in days.days:
        count = days.by(day)
        if count and day <= days.last:
            top = _y(days, count)
            yield Bar(_x(days, day), top, wide - gap, _GROUND - top, _DONE)


def _count(days: ProgressDays) -> Iterator[Bar | Words]:
    """How many there are now, over the last bar and whatever line runs there."""
    count = days.by(days.last)
    middle = min(max(_x(days, days.last), _LEFT + 12), _RIGHT - 12)
    yield Bar(middle - 12, _y(days, count) - 18, 24, 16, _PAPER)
    yield Words(middle, _y(days, count) - 5, str(count), 13, _DONE, middle=True, bold=True)


def _feet(days: ProgressDays) -> Iterator[Words]:
    """The first, the last, and today where there is room between."""
    named = [days.begin, days.end]
    if days.begin < days.today < days.end:
        named.insert(1, days.today)
    last = float("-inf")
    for day in named:
        middle = min(max(_x(days, day), _LEFT + 16), _RIGHT - 18)
        if day == days.end and middle - last < 48:
            continue
        near = middle - last < 48 or _RIGHT - 18 - middle < 48
        if near and day not in (days.begin, days.end):
            continue
        last = middle
        yield Words(middle, _GROUND + 20, f"{day.month}/{day.day}", 12, _FAINT, middle=True)


def _lines(days: ProgressDays) -> Iterator[Bar | Words]:
    """The date the county collects by, and the deadline."""
    dates = days.dates
    for height, word, day, colour in (
        (62, "收集", dates.internal, _COLLECTED),
        (76, "截止", dates.deadline, _DEADLINE),
    ):
        if day is None or not days.begin <= day <= days.end:
            continue
        x = _x(days, day + ONE_DAY)
        yield Bar(x - 1, _TOP - 4, 2, _GROUND - _TOP + 4, colour)
        middle = min(max(x, _LEFT + 36), _RIGHT - 36)
        yield Words(middle, height, f"{word} {day.month}月{day.day}日", 12, colour, middle=True)
