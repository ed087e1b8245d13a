"""Reads a typed message that says who agreed on paper, and on which day."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum

from conversations.answers.short import is_no, is_yes, read_date

# An agreement and nothing else.
_AGREES = re.compile(
    r"(?:我|本人|已经?|都|完全|原则上?|可以|没有?问题|没有?意见|无意见|行|好的?|[\s,，.。!！、])*"
    r"(?:同意|批准|审核通过|通过)(?:了|吧|发布|公布|上报|报送|[\s,，.。!！])*"
)
LONGEST_NAME = 20  # characters, with a title: 「张建国副镇长」

_NUMERAL = "[0-9零〇一二三四五六七八九十]"
_WHEN = re.compile(
    rf"(?:{_NUMERAL}{{2,4}}\s*[年./-]\s*)?{_NUMERAL}{{1,3}}\s*[月./-]\s*{_NUMERAL}{{1,3}}\s*[日号]?"
    r"|[0-9]{8}|[0-9]{1,2}\s*[日号]|前天|昨天|昨日|今天|今日|明天|明日|后天"
)
# The time of day, which is not stored, and the day of the week.
_PART_OF_DAY = "(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上)"
_MOMENT = re.compile(
    rf"{_PART_OF_DAY}?\s*{_NUMERAL}{{1,3}}\s*[点时]\s*(?:钟|整|半|[一三]刻|{_NUMERAL}{{1,3}}\s*分?)?"
    rf"|{_PART_OF_DAY}?\s*T?[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?|{_PART_OF_DAY}"
    r"|\(?(?:星期|礼拜)[一二三四五六日天]\)?|\(周[一二三四五六日天]\)"
    rf"|(?<!\S)周[一二三四五六日天](?=[\s,，]|$|{_PART_OF_DAY})"
)
_AGREED = re.compile(
    r"(?:已经?|于|在)|(?:当面|线下|签字|签名|书面|电话|口头)*(?:同意|批准|签字|签名)了?"
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ·.()（）])*")


class NotAgreed(Enum):
    """Why a message was not read as a name and a day."""

    NO_NAME = "no name"
    NO_DAY = "there is no such day"
    LATER = "the day is still to come"


@dataclass(frozen=True, slots=True)
class Agreed:
    """The name as typed, and the day."""

    name: str
    day: date


def is_agreement(text: str) -> bool:
    """Whether a text is an agreement and nothing else: «我同意», «同意发布。»."""
    return _AGREES.fullmatch(text) is not None


def read_agreed(text: str, today: date) -> Agreed | NotAgreed:
    """
    Read «张建国 1月12日», in either order; a time of day is ignored; without a day it is today.
    """
    said = unicodedata.normalize("NFKC", text)
    day = today
    when = _WHEN.search(said)
    if when is not None:
        read = read_date(when[0], today)
        if read is None:
            return NotAgreed.NO_DAY
        day = date(*map(int, re.findall(r"\d+", read)))
        said = f"{said[: when.start()]} {said[when.end() :]}"
    said = _AGREED.sub(" ", _MOMENT.sub(" ", said))
    name = " ".join(re.sub(r"[，,。、;；:：!！\s]+", " ", said).split())
    if not 1 < len(name) <= LONGEST_NAME or not _NAME.fullmatch(name):
        return NotAgreed.NO_NAME
    if is_yes(name) or is_no(name):
        return NotAgreed.NO_NAME
    return NotAgreed.LATER if day > today else Agreed(name, day)
