"""Days named in a text, and whether there are such days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from conversations.answers.numerals import read_ordinal, read_spelled_year
from conversations.checks.texts.running_text import compiled

LEAP_YEAR = 2024  # where no year is named, 29 February may be meant

_BLANK = r"[ \u3000]*"
_SPELLED = r"[二][〇○零OoＯ0][〇○零OoＯ0一二三四五六七八九]{2}"
_NUMBER = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_DAY = (
    rf"(?:(?<!\d)(?P<year>\d{{4}}|{_SPELLED}){_BLANK}年{_BLANK})?"
    rf"(?<![\d一二三四五六七八九十])(?P<month>{_NUMBER}){_BLANK}月{_BLANK}(?P<day>{_NUMBER}){_BLANK}[日号]"
    r"|(?<![0-9A-Za-z/._-])(?P<dotted>20[0-9]{2})(?P<mark>[-./])(?P<m>[0-9]{1,2})(?P=mark)(?P<d>[0-9]{1,2})"
    r"(?![0-9A-Za-z/._-])"
)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day where it stands in a text; the year is 0 where none is named."""

    start: int
    end: int
    year: int
    month: int
    day: int

    def exists(self, year: int = 0) -> bool:
        """Whether there is this day, or the same one in another year."""
        try:
            date(year or self.year or LEAP_YEAR, self.month, self.day)
        except ValueError:
            return False
        return True


def named_days(text: str) -> Iterator[NamedDay]:
    """The days of a text, in digits of any width or numerals: 2024年2月29日, 二月三十日."""
    for found in compiled(_DAY).finditer(text):
        month, day = found["month"] or found["m"], found["day"] or found["d"]
        year = read_spelled_year(found["year"] or found["dotted"] or "") or 0
        yield NamedDay(*found.span(), year, read_ordinal(month), read_ordinal(day))


def no_days(text: str) -> tuple[NamedDay, ...]:
    """The days of a text that there are not."""
    return tuple(day for day in named_days(text) if not day.exists())
