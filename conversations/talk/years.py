"""Years in a text of another report, moved on to the year of this one."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A year that is clearly one: four digits before 年, in no number and no range of years
# (2021—2025年). The end of a range of days is one, too: 2024年1月1日至2024年12月31日.
_YEAR = re.compile(
    r"(?<!\d)(?<![\d年][—–\-~至到])(?<![\d年]——)"
    r"(20\d\d)"
    r"(?=年(?!代|[—–\-~至到]{1,2}20\d\d))"
)
_QUOTED = re.compile(r"《[^》]*》|〔[^〕]*〕|“[^”]*”")


def moved_years(
    text: str, old: int, new: int, *, around: int = 1
) -> Iterator[tuple[int, int, str]]:
    """
    Where years of a text on `old` stand, and what they are in one on `new`.

    The years up to `around` beside the old one move by as much: with 1 the one before
    (comparisons) and the one after (plans). Titles of laws, document numbers and
    quotations stay, as do founding dates and plans of many years.
    """
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for match in _YEAR.finditer(text):
        year = int(match[1])
        inside = any(start <= match.start() < end for start, end in quoted)
        if abs(year - old) <= around and not inside:
            yield match.start(), match.end(), str(year + new - old)


def advance_years(text: str, old: int, new: int, *, around: int = 1) -> str:
    """A text of the report on `old` for the report on `new`: see `moved_years`."""
    for start, end, year in reversed(list(moved_years(text, old, new, around=around))):
        text = text[:start] + year + text[end:]
    return text


def advance_title(title: str, old: int, new: int) -> str:
    """A report's title with its year moved on, wherever the year stands in it."""
    return re.sub(rf"(?<!\d){old}(?!\d)", str(new), title)
