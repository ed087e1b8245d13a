"""
Reads numbers written in Chinese characters; None if the text is none.

Formal and everyday spellings: 二百九十五, 贰佰玖拾伍, 两百, 一千二 (1,200), 二〇二三, 十二点五,
1.2亿, 12万5千. Only spellings with one reading are taken: 三五 may mean «three to five» and 一二
«one or two», so neither is a number here.
"""

from __future__ import annotations

import re
from decimal import Decimal

ZERO = "零"
DIGITS = "零一二三四五六七八九"
LONGEST = 40
MOST_PLACES = 12  # up to this many decimal places a product is exact

_SAME = str.maketrans(
    {
        **dict(zip("〇○壹贰叁肆伍陆柒捌玖", "零零一二三四五六七八九", strict=True)),
        **dict(zip("貳參陸兩拾佰仟萬億點", "二三六两十百千万亿点", strict=True)),
    }
)
_DIGIT = {character: value for value, character in enumerate(DIGITS)}
_UNITS = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_AS_WRITTEN = str.maketrans("0oOＯ两", "〇〇〇〇二")
_TO_CHINESE = str.maketrans("0123456789", DIGITS)
_TO_ARABIC = str.maketrans(DIGITS, "0123456789")
_MIXED = re.compile(r"([0-9]{1,12})(\.[0-9]{1,12})?([亿万千百])(.*)")


def read_digits(text: str) -> str | None:
    """二〇二三 → 2023, each character one digit."""
    text = text.translate(_SAME)
    if not text or len(text) > LONGEST or not set(text) <= _DIGIT.keys():
        return None
    return text.translate(_TO_ARABIC)


def read_spelled_year(text: str) -> int | None:
    """2023 in digits or numerals, with a letter or circle for 〇: 二〇二三, 二OO三, 两0二三."""
    if text.isdecimal():
        return int(text)
    digits = read_digits(text.translate(_AS_WRITTEN))
    return int(digits) if digits else None


def read_ordinal(text: str) -> int:
    """一 → 1, 十二 → 12, «3» → 3; 0 if it is no number."""
    return int(text if text.isdecimal() else read_chinese(text) or 0)


def read_chinese(text: str) -> int | Decimal | None:
    """A number in Chinese characters; None if it is none or has two readings."""
    if not text or len(text) > LONGEST:
        return None
    text = text.translate(_SAME)
    whole, point, places = text.partition("点")
    if not point:
        return _whole(text)
    scale = 1
    if places[-1:] in ("万", "亿"):
        scale = 10**4 if places[-1] == "万" else 10**8
        places = places[:-1]
    head, tail = _whole(whole), read_digits(places)
    if head is None or tail is None or len(tail) > MOST_PLACES:
        return None
    return Decimal(f"{head}.{tail}") * scale


def read_mixed(text: str) -> int | Decimal | None:
    """Arabic digits with a Chinese unit: 12万, 1.2亿, 3千, 12万5千, 12万3000."""
    if len(text) > LONGEST:
        return None
    match = _MIXED.fullmatch(text.translate(_SAME))
    if not match:
        return None
    head, places, unit, rest = match.groups()
    size = dict(_UNITS)[unit]
    if size < 10**4 and len(head) > 1:
        return None
    if not rest:
        return Decimal(head + (places or "")) * size if places else int(head) * size
    if places or head.startswith("0"):
        return None
    if rest.isascii():
        if rest.isdecimal() and len(rest) == len(str(size)) - 1:
            return int(head) * size + int(rest)
        if len(rest) > 1:
            return None
    low = _below(rest.translate(_TO_CHINESE), size, everyday=True)
    return None if low is None else int(head) * size + low


def _whole(text: str) -> int | None:
    if text == "两":
        return 2
    if set(text) <= _DIGIT.keys():
        if len(text) == 1:
            return _DIGIT[text]
        if not text or text[0] == ZERO or (len(text) == 2 and ZERO not in text):
            return None
        return int(text.translate(_TO_ARABIC))
    return _group(text, _UNITS, everyday=True)


def _group(text: str, units: tuple[tuple[str, int], ...], *, everyday: bool) -> int | None:
    """A number above 0 made of these units; `everyday` allows 一百二 for 120."""
    for index, (unit, size) in enumerate(units):
        high, separator, low = text.partition(unit)
        if not separator:
            continue
        if size >= 10**4:
            factor = _group(high, units[index + 1 :], everyday=False)
        elif size == 10 and not high:
            factor = 1
        else:
            factor = _one(high, two=size > 10)
        rest = _below(low, size, everyday=everyday)
        return None if factor is None or rest is None else factor * size + rest
    return _one(text, two=True)


def _one(text: str, *, two: bool) -> int | None:
    """A single digit above 0; 两 counts if `two`."""
    if text == "两":
        return 2 if two else None
    return _DIGIT.get(text) or None if len(text) == 1 else None


def _below(text: str, size: int, *, everyday: bool) -> int | None:
    """The number after a unit: nothing, 零 and a smaller number, or the next lower units."""
    if not text:
        return 0
    lower = tuple(unit for unit in _UNITS if unit[1] < size)
    if text[0] == ZERO:
        value = _group(text[1:], lower, everyday=everyday)
        return value if value is not None and 0 < value < size // 10 else None
    if len(text) == 1 and text in _DIGIT:
        if size == 10:
            return _DIGIT[text]
        return _DIGIT[text] * size // 10 if everyday else None
    value = _group(text, lower, everyday=everyday)
    if text == "两" or value is None or value >= size:
        return None
    return value
