"""Reads typed dates, sections and settings of a person's own reminders."""

from __future__ import annotations

import re
from datetime import date, time

from conversations.answers.short import read_date
from conversations.form.local_notice import LocalNotice
from conversations.form.model import Form, ItemId
from conversations.reminders.people import Mode

_MODES = {
    "开": Mode.ON,
    "on": Mode.ON,
    "打开": Mode.ON,
    "少": Mode.QUIETER,
    "quieter": Mode.QUIETER,
    "关": Mode.OFF,
    "off": Mode.OFF,
    "关闭": Mode.OFF,
}
_HOURS = re.compile(
    r"(\d{1,2})(?:[:：点](\d{1,2})?)?分?\s*(?:[-–—~～到至]+)\s*(\d{1,2})(?:[:：点](\d{1,2})?)?分?"
)
_DAY = re.compile(r"(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?")
_WRITTEN = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_UNIT_IN_BRACKETS = re.compile(r"[（(]([^（）()]+)[）)]\s*$")
_LENGTH = re.compile(r"(?:(\d[\d,，]*)(?:个?字)?(?:以内)?)?")
_SECTIONS = "一二三四五六"
_EXTENSION = re.compile(
    r"[到至]?\s*(\d[\d年月/.\-]*\d[日号]?)[，,；;。\s]*(?:原因是?[:：]?)?(.*)", re.DOTALL
)
LONGEST_REASON = 100


def read_day(text: str, year: int) -> date | None:
    """
    Read 2027-1-20 or 1月20日; without a year it is in the year after the reported one.

    From October on it is in the reported year: 「12月25日」 is before New Year.
    """
    written = _WRITTEN.fullmatch(read_date(text) or "")
    if written:
        parts = tuple(int(part) for part in written.groups())
    else:
        short = _DAY.fullmatch(text.strip())
        if not short:
            return None
        month, day = int(short[1]), int(short[2])
        parts = (year if month >= 10 else year + 1, month, day)
    try:
        return date(*parts)
    except ValueError:
        return None


def read_mode(text: str) -> Mode | None:
    """Read 开, 少, 关 as the number of reminders wanted."""
    return _MODES.get(text.strip().lower())


def read_hours(text: str) -> tuple[time, time] | None:
    """Read 8:30-17:30, 9点到18点 as working hours."""
    hours = _HOURS.fullmatch(text.strip())
    if not hours:
        return None
    try:
        start = time(int(hours[1]), int(hours[2] or 0))
        end = time(int(hours[3]), int(hours[4] or 0))
    except ValueError:
        return None
    return (start, end) if start < end else None


def read_demand(what: str, text: str, notice: LocalNotice, form: Form) -> LocalNotice:
    """
    Change one requirement of a task's notice.

    `what` is `ask` («政务微信发布信息 条»), `no_ask` («政务微信发布信息»), `length` («一=1000») or
    `headings` («一=主动公开；依申请公开»); an empty value after the sign removes it. Invisible
    characters are ignored.

    Raises:
        ValueError: It cannot be read, or makes no sense.
    """
    text = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    if what == "ask":
        *name, unit = _UNIT_IN_BRACKETS.sub(r" \1", text).split()
        return notice.asking("".join(name), unit)
    if what == "no_ask":
        typed = "".join(text.split())
        for question in notice.questions:
            name_, unit = question.name, question.unit
            if typed in (name_, f"{name_}{unit}", f"{name_}（{unit}）", f"{name_}({unit})"):
                return notice.not_asking(name_)
        raise ValueError(text)
    where, *wanted = re.split(r"[=＝:：]", text, maxsplit=1)
    section = read_section(where, form)
    if not wanted or section not in {narrative.id for narrative in form.narratives}:
        raise ValueError(text)
    if what == "length":
        length = _LENGTH.fullmatch("".join(wanted[0].split()))
        if not length:
            raise ValueError(text)
        return notice.allowing(section, int(re.sub("[,，]", "", length[1])) if length[1] else None)
    headings = (" ".join(heading.split()) for heading in re.split(r"[；;\n]", wanted[0]))
    return notice.heading(section, filter(None, headings))


def read_reason(text: str) -> str:
    """A reason in one line, without invisible characters."""
    seen = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return " ".join(seen.split())[:LONGEST_REASON]


def read_extension(text: str, year: int) -> tuple[date, str] | None:
    """Read «2月10日 人员变动» or «到2月10日，原因：人员变动»: the day, and the reason if given."""
    said = _EXTENSION.fullmatch(text.strip())
    day = said and read_day(said[1], year)
    return (day, read_reason(said[2])) if said and day else None


def read_section(text: str, form: Form) -> ItemId | None:
    """Read 三, 第三节, 3 as the id of a section."""
    plain = text.strip().removeprefix("第").removesuffix("节").removesuffix("、")
    if plain.isascii() and plain.isdigit() and 1 <= int(plain) <= len(_SECTIONS):
        plain = _SECTIONS[int(plain) - 1]
    return next((s.id for s in form.sections if plain in (s.number, s.id)), None)
