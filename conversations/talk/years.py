"""Years in the text of another report, moved to the year of this one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.answers.numerals import read_spelled_year
from conversations.checks.texts.days import named_days

# A year in digits, full-width ones, or Chinese numerals with any zero: 2024, ２０２４, 二〇二四.
_SPELLED = r"20[0-9]{2}|２０[０-９]{2}|二[〇零○Oo0][〇零○Oo0一二三四五六七八九]{2}"
# A year that clearly is one: before 年, in no number and no range of years (2021—2025年). The end
# of a range of days counts (2024年1月1日至2024年12月31日), and the year of a day in short form
# (2024.1.1, 2024-12-31).
_YEAR = re.compile(
    r"(?<!\d)(?<![\d年][—–\-~至到])(?<![\d年]——)"
    rf"(?P<year>{_SPELLED})"
    rf"(?=[ \u3000]?年(?!代|[—–\-~至到]{{1,2}}(?:{_SPELLED})))"
    r"|(?<![0-9A-Za-z/._])(?P<dated>20[0-9]{2})(?=(?P<mark>[-./])[0-9]{1,2}(?P=mark)[0-9]{1,2}(?![0-9/._]))"
)
_CHINESE = "〇一二三四五六七八九"
_QUOTED = re.compile(r"《[^》]*》|〔[^〕]*〕|“[^”]*”")


def moved_years(
    text: str, old: int, new: int, *, around: int = 1
) -> Iterator[tuple[int, int, str]]:
    """
    Where a text on `old` names years, and their replacements in a text on `new`.

    Years at most `around` from the old one move with it: with 1, the year before (comparisons) and
    after (plans). Titles of laws, document numbers and quotations stay, as do founding dates and
    plans of many years. A day that the other year lacks (29 February) is given whole, without a
    replacement.
    """
    dated = {day.start: day for day in named_days(text)}
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for match in _YEAR.finditer(text):
        year = read_spelled_year(match[0]) or 0
        inside = any(start <= match.start() < end for start, end in quoted)
        if abs(year - old) > around or inside:
            continue
        day = dated.get(match.start())
        if day is not None and not day.exists(year + new - old):
            yield day.start, day.end, ""
        else:
            yield match.start(), match.end(), _written(year + new - old, like=match[0])


def years_named(text: str, year: int) -> Iterator[tuple[int, int]]:
    """Where a year is named, in any spelling and surroundings; 24年, too."""
    for match in re.finditer(rf"(?<!\d)(?:{_SPELLED}|{year % 100:02}(?=年))(?!\d)", text):
        if (read_spelled_year(match[0]) or 0) % 100 == year % 100:
            yield match.span()


def _written(year: int, *, like: str) -> str:
    """A year in digits or numerals, in the same style of zero."""
    if like.isascii():
        return str(year)
    if like.isdecimal():
        return "".join(chr(ord("０") + int(digit)) for digit in str(year))
    return "".join(like[1] if digit == "0" else _CHINESE[int(digit)] for digit in str(year))


def advance_years(text: str, old: int, new: int, *, around: int = 1) -> str:
    """A text of the report on `old` for the report on `new`: see `moved_years`."""
    for start, end, year in reversed(list(moved_years(text, old, new, around=around))):
        text = text[:start] + (year or text[start:end]) + text[end:]
    return text


def advance_title(title: str, old: int, new: int) -> str:
    """A report's title with its year advanced, wherever it stands."""
    return re.sub(
        rf"(?<!\d)(?:{_SPELLED})(?!\d)",
        lambda found: (
            _written(new, like=found[0]) if read_spelled_year(found[0]) == old else found[0]
        ),
        title,
    )
