"""
Breaks a long title or name by sense, never inside a word (GB/T 9704-2012, 7.3.1).

The places are known by the words beside them (`line_vocabulary.py`). Without a known place the word
processor breaks the line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil

from conversations.document.line_vocabulary import (
    ALWAYS_GOES_ON,
    BEGINS,
    BEST,
    BRACKETS,
    ENDS,
    FAIR,
    GOES_ON,
    GOOD,
    NO_UNIT,
    NO_UNIT_AFTER,
    UNITS,
)

TITLE = 40  # half characters on a line of the title
SIGNATURE = 52  # half characters of a line of a signature, which is indented

LONGEST = 200  # characters of a line: a longer one is no title
LEAST = 4  # characters that may be alone on a line
BAD = 40  # cost of a shorter line, a place inside brackets, or the end of a name on the next line
TOO_WIDE = 1000  # … and of a line wider than the page


def width(text: str) -> int:
    """The width of a text in half characters (of Chinese)."""
    return sum(map(_halves, text))


@lru_cache(maxsize=4096)
def _halves(char: str) -> int:
    """The width of a character in half characters; 0 if it only changes another one."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def _rooms(text: str) -> list[float]:
    """
    The width of the text as set, up to each of its places.

    Digits in the heavy face of a title are somewhat wider than half a character, and a quarter of a
    character is left between them and Chinese.
    """
    rooms, before = [0.0], 0
    for char in text:
        halves = _halves(char)
        gap = 0.5 if before and halves and halves != before else 0
        rooms.append(rooms[-1] + (1.2 if halves == 1 else halves) + gap)
        before = halves or before
    return rooms


def broken(line: str, most: int, organ: str = "") -> tuple[str, ...]:
    """
    A line broken into as few lines as possible, none wider than `most` half characters if possible.

    The best way has the best words at its breaks, then the most even lines; one line more is better
    than a bad place. The text after an `organ` at the start of the line has lines of its own; an
    organ's name elsewhere is kept together as far as possible.
    """
    room = _rooms(line)[-1]
    if room <= most or len(line) > LONGEST:
        return (line,)
    if organ and line != organ and line.startswith(organ):
        return (*broken(organ, most), *broken(line[len(organ) :], most))
    places = _places(line, organ)
    fewest = ceil(room / most)
    ways: dict[float, tuple[int, ...]] = {}
    for count in range(fewest, fewest + 3):
        cost, ends = _best_way(line, places, most, count)
        if ends and (not ways or cost < min(ways)):
            ways[cost] = ends
        if ways and min(ways) < BAD:
            break
    if not ways:
        return (line,)
    return tuple(line[a:b] for a, b in pairwise((0, *ways[min(ways)], len(line))))


def signature_lines(organs: Sequence[str]) -> tuple[str, ...]:
    """The organs of a signature in lines; one too long for the page is broken."""
    return tuple(part for organ in organs for part in broken(organ, SIGNATURE))


def pieces(line: str) -> tuple[str, ...]:
    """The parts of a line that a narrow screen may set below each other."""
    places = _places(line)
    kept = [0]
    for place, cost in sorted(places.items()):
        if cost >= BAD or len(line) - place < LEAST:
            continue
        if place - kept[-1] < LEAST and kept[-1] and cost < places[kept[-1]]:
            kept.pop()  # «人民政府 / 办公室2025年» is worse than «人民政府办公室 / 2025年»
        if place - kept[-1] >= LEAST:
            kept.append(place)
    return tuple(line[a:b] for a, b in pairwise((*kept, len(line))) if a < b)


def _best_way(
    line: str, places: Mapping[int, int], most: int, count: int
) -> tuple[float, tuple[int, ...]]:
    """The cheapest way to break a line into `count` lines: its cost, and the places."""
    rooms = _rooms(line)
    even = rooms[-1] / count
    ways: dict[int, tuple[float, tuple[int, ...]]] = {0: (0, ())}
    for number in range(1, count + 1):
        ends = [len(line)] if number == count else sorted(places)
        longer: dict[int, tuple[float, tuple[int, ...]]] = {}
        for end in ends:
            for start, (cost, before) in ways.items():
                if start >= end:
                    continue
                wide = rooms[end] - rooms[start]
                worse = abs(wide - even) / 4 + (BAD if end - start < LEAST else 0)
                worse += TOO_WIDE + wide if wide > most else 0
                so_far = cost + worse + places.get(end, 0)
                if end not in longer or so_far < longer[end][0]:
                    longer[end] = (so_far, (*before, end))
        ways = longer
    cost, ends_of = ways.get(len(line), (float("inf"), ()))
    return cost, ends_of[:-1]


@lru_cache(maxsize=256)
def _places(line: str, organ: str = "") -> Mapping[int, int]:
    """The places where a line may be broken, with their costs; the best is after the `organ`."""
    places: dict[int, int] = {}

    def may(at: int, cost: int) -> None:
        if 0 < at < len(line) and not ALWAYS_GOES_ON.match(line, at):
            places[at] = min(cost, places.get(at, cost))

    for cost, words in ENDS.items():
        for match in words.finditer(line):
            if not any(
                match[0].endswith(word) and after.match(line, match.end())
                for word, after in GOES_ON.items()
            ):
                may(match.end(), cost)
    for cost, words in BEGINS.items():
        for match in words.finditer(line):
            may(match.start(), cost)
    begins = 0
    unit = FAIR if "、" in line else GOOD  # several names break better between them
    for at, character in enumerate(line, 1):
        if at - 1 in places:
            begins = at - 1
        # A place's name has at least one character before its last one.
        if (
            character in UNITS
            and at - begins >= 2
            and not NO_UNIT.match(line, at - 2)
            and not NO_UNIT_AFTER.match(line, at - 1)
        ):
            may(at, unit)
    for bracket in BRACKETS.finditer(line):
        for at in range(bracket.start() + 1, bracket.end()):
            if at in places:
                places[at] += FAIR if line[at - 1] == "、" else BAD
    if organ and line != organ and organ in line:
        end = line.index(organ) + len(organ)
        for at in range(end - LEAST + 1, end):
            if at in places:
                places[at] += BAD
        may(end, BEST)
    return places
