"""Reads years, dates, yes and no as people type them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from conversations.answers.figure import ENDS, LONGEST_FIGURE, NONE_WORDS, cleaned, words
from conversations.answers.numerals import read_chinese, read_spelled_year

FIRST_YEAR = 2008
LAST_YEAR = 2100

_YEAR = re.compile(r"([0-9]{4})[ ]*(?:年度?)?|([0-9]{2})[ ]*年度?")
_CHINESE_YEAR = re.compile(
    r"([零〇○Oo0一二三四五六七八九]{4})[ ]*(?:年度?)?|([零〇○一二三四五六七八九]{2})年度?"
)
_DATE = re.compile(
    r"([0-9]{4})[ ]*(?:[-./年][ ]*)([0-9]{1,2})[ ]*(?:[-./月][ ]*)([0-9]{1,2})[ ]*[日号]?"
    r"(?:[ T]00:00(?::00)?)?"
)
_DATE_RUN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DAY = re.compile(r"(?:([0-9]{1,2})[ ]*[-./月][ ]*)?([0-9]{1,2})[ ]*[日号]?")
_SPOKEN_YEARS = {"前年": -2, "去年": -1, "今年": 0}
_SPOKEN_DAYS = {
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
}
_SPOKEN_YEAR = re.compile(r"([零〇○Oo0一二三四五六七八九]{4})(?=年)")
_SPOKEN_NUMBER = re.compile(r"([零〇一二三四五六七八九十]{1,3})(?=[月日号]|$)")
_SHORT_YEAR = re.compile(r"^([0-9]{2})(?=年|([-./])[0-9]{1,2}\2[0-9]{1,2}$)")
_WITH_A_DAY = re.compile("(?:就|用|填|写|是)*([^就用填写是吧]+)吧?")


def read_year(text: str) -> int | None:
    """2023, ２０２３年, 二〇二三年, 23年 → 2023; None if it is no plausible year."""
    text = _short(text)
    if match := _YEAR.fullmatch(text):
        year = int(match[1] or f"20{match[2]}")
    elif spelled := _CHINESE_YEAR.fullmatch(text):
        year = read_spelled_year(spelled[1] or f"二〇{spelled[2]}") or 0
    else:
        return None
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def year_from(text: str, today: date) -> int | None:
    """Read the answer to a question for a year, also relative to today: 去年, 25."""
    said = _short(text)
    if said in _SPOKEN_YEARS:
        return today.year + _SPOKEN_YEARS[said]
    return read_year(f"{said}年" if said.isdecimal() and len(said) == 2 else text)


def read_date(text: str, today: date | None = None) -> str | None:
    """
    2024-1-15, 2024.01.15, 二〇二四年一月十五日 → 2024年1月15日; None if there is no such day.

    With `today` also relative ones: 今天, 15日, and 1月15日 of the nearest year.
    """
    text = _short(text).replace("元月", "1月")
    text = _SPOKEN_YEAR.sub(lambda year: str(read_spelled_year(year[1])), text)
    text = _SPOKEN_NUMBER.sub(_in_digits, text)
    if today is not None:
        said = _WITH_A_DAY.fullmatch(text)
        text = _SHORT_YEAR.sub(r"20\1", said[1] if said else text)
        if (named := _day_from(text, today)) is not None:
            return f"{named.year}年{named.month}月{named.day}日"
    match = _DATE.fullmatch(text) or _DATE_RUN.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR + 1:
        return None
    try:
        date(year, month, day)
    except ValueError:
        return None
    return f"{year}年{month}月{day}日"


def _day_from(text: str, today: date) -> date | None:
    """A day that is named without its year."""
    if text in _SPOKEN_DAYS:
        return today + timedelta(days=_SPOKEN_DAYS[text])
    match = _DAY.fullmatch(text)
    if match is None or not (match[1] or text.endswith(("日", "号"))):
        return None
    month, day = match[1] or str(today.month), match[2]
    days: list[date] = []
    for year in (today.year - 1, today.year, today.year + 1) if match[1] else (today.year,):
        with suppress(ValueError):
            days.append(date(year, int(month), int(day)))
    return min(days, key=lambda each: abs(each - today), default=None)


def _in_digits(spoken: re.Match[str]) -> str:
    """A month or a day in digits, from Chinese numerals."""
    number = read_chinese(spoken[1].lstrip("零〇"))
    return spoken[1] if number is None else str(number)


_YES = words(
    "是 是的 对 对的 好 好的 确认 确定 可以 嗯 嗯嗯 行 没错 没问题 没有问题 正确 无误 同意 要"
    " 对对 是是 ok okay yes y 👍 👌 ✅"
)
_NO = words(
    "不 否 不对 不是 不行 不要 不用 不好 不可以 不确认 不同意 不正确 不必 错 错了 有误 算了"
    " no n nope ❌"
)
_PARTICLES = "啊呀吧了哦呢的哈噢喔嘛"


def is_yes(text: str) -> bool:
    """Whether a text says yes; many texts say neither yes nor no, so test both."""
    return not _YES.isdisjoint(_said(text))


def is_no(text: str) -> bool:
    """Whether a text says no."""
    return not _NO.isdisjoint(_said(text))


_OF_LAST_YEAR = re.compile(
    r"(?:去年|上年|上一年|去年度|上年度)的?(?P<what>[^\d\n]{2,16}?)(?:是|有)?(?P<asks>多少|几)?"
    r"[件个万元]{0,2}[呢啊]?[？?。]?"
)


def asks_last_year(text: str, *, plainly: bool = False) -> str:
    """
    The item of last year that a text asks about: 「去年行政许可多少」; "" for any other text.

    `plainly`: only if the words are a question, and not 「上年新收」 alone.
    """
    found = _OF_LAST_YEAR.fullmatch("".join(text.split()))
    return found["what"] if found and (found["asks"] or not plainly) else ""


def is_none(text: str) -> bool:
    """Whether a text says that there was nothing: 无, 没有 and the like."""
    return not NONE_WORDS.isdisjoint(_said(text))


def _said(text: str) -> set[str]:
    """The word of a short answer, with and without particles."""
    word = re.sub(r"[\s,.!?;:。！？、~…]+", "", _short(text)).casefold()
    word = word.translate({0xFE0F: None})
    return {word, word.rstrip(_PARTICLES)} - {""}


def _short(text: str) -> str:
    return cleaned(text).strip(ENDS) if len(text) <= LONGEST_FIGURE else ""
