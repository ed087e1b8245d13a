"""
The main figures over the stored years as a picture: a panel each, one below the other.

A year without a figure shows 无, never 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from conversations.drawing import (
    EARLIER,
    EDGE,
    FAINT,
    INK,
    LINE,
    NOW,
    ROOM,
    WIDTH,
    Bar,
    Picture,
    Shape,
    Words,
    compact,
    head,
    named,
    sheet,
    wide,
    wrapped,
)
from conversations.form.answers import Figures
from conversations.form.main_figures import Series, main_series
from conversations.wording import pictures as wording

MOST_YEARS = 6
# Flat enough that all the figures fit into 1,280: Telegram shows no photo with more pixels.
_BAR_ROOM, _GAP = 30, 12


def picture(years: Mapping[int, Figures], year: int, organ: str) -> Picture:
    """
    The main figures of a year and of earlier stored years, six at most.

    A figure that is 0 in all known years has no panel and is named below; a figure that no year has
    is left out.
    """
    shown = sorted(each for each in years if each <= year)[-MOST_YEARS:]
    every = main_series({each: years[each] for each in shown})
    drawn = [each for each in every if any(each.values)]
    zeros = [each for each in every if 0 in each.values and not any(each.values)]
    notes = wording.always_zero(zeros)
    if not drawn and not zeros:
        notes = [wording.NOTHING_YET]
    below = wording.years_shown(shown)
    shapes, y = head(organ, [below])
    for each in drawn:
        panel, y = _panel(each, y)
        shapes += panel
    for line in (line for note in notes for line in wrapped(note, 13)):
        shapes.append(Words(EDGE, y + 13, line, 13, FAINT))
        y += 19
    title = f"{named(organ)} {below}"
    return sheet(y + 8, shapes, title, "\n".join([title, *wording.years_said(drawn), *notes]))


def _panel(each: Series, y: float) -> tuple[list[Shape], float]:
    """A name, the change, and a bar per year with its value; returns where it ends."""
    name = f"{each.name}（{each.unit}）"
    shapes: list[Shape] = [Words(EDGE, y + 15, name, 14, bold=True)]
    if change := wording.change(each):
        if wide(name, 14) + wide(change, 13) > ROOM - 8:
            y += 18
        shapes.append(Words(WIDTH - EDGE, y + 15, change, 13, anchor="end"))
    ground = y + 39 + _BAR_ROOM
    shapes += _bars(each, ground)
    return shapes, ground + 17 + _GAP


def _bars(each: Series, ground: float) -> Iterator[Shape]:
    most = max(value for value in each.values if value is not None)
    room = ROOM / len(each.years)
    bar = min(44.0, room * 0.6)
    for at, (year, value) in enumerate(zip(each.years, each.values, strict=True)):
        middle, last = EDGE + room * (at + 0.5), at == len(each.years) - 1
        ink = INK if last else FAINT
        yield Words(middle, ground + 15, str(year), 12, ink, "middle", bold=last)
        if value is None:
            yield Words(middle, ground - 5, wording.NONE, 13, ink, "middle")
            continue
        tall = float(Decimal(value) / Decimal(most) * _BAR_ROOM)
        if value:
            tall = max(tall, 1.5)
            yield Bar(middle - bar / 2, ground - tall, bar, tall, NOW if last else EARLIER)
        yield Words(middle, ground - tall - 5, compact(value), 13, INK, "middle", bold=last)
    yield Bar(EDGE, ground, ROOM, 1, LINE)
