"""
Setting the dates of many organs' tasks at once: the new dates, and the organs left out.

An organ with an extended date, or one that need not report, has a reason for it: it keeps its
dates, and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from conversations.answers.short import read_year
from conversations.county.status import CountyOrgan
from conversations.form.organ import Level
from conversations.reminders.tasks import default_deadline
from conversations.reminders.typed import read_day


class Group(Enum):
    """A group of organs; the values are in buttons."""

    ALL = "a"
    TOWNSHIPS = "t"
    BUREAUS = "b"
    WITHOUT = "w"  # organs without a task

    def holds(self, organ: CountyOrgan) -> bool:
        """Whether an organ belongs to the group."""
        match self:
            case Group.TOWNSHIPS:
                return organ.level is Level.TOWNSHIP
            case Group.BUREAUS:
                return organ.level is Level.BUREAU
            case Group.WITHOUT:
                return organ.report is None or organ.report.deadline is None
        return True


class Fate(Enum):
    """The change of an organ's task; the values are in `nianbao task --json`."""

    NEW = "new"  # it had no date
    CHANGED = "changed"  # it had another date, set without a reason
    SAME = "same"
    EXTENDED = "extended"  # left alone
    EXCUSED = "excused"  # left alone
    CONFLICT = "conflict"  # left alone: the internal date would be after the deadline


WRITTEN = frozenset({Fate.NEW, Fate.CHANGED})


@dataclass(frozen=True, slots=True)
class WantedDates:
    """
    The dates to set; without a deadline an organ keeps its own, or gets the usual one.

    Without an internal date an organ keeps its own; with `no_internal` it has none.
    """

    deadline: date | None = None
    internal: date | None = None
    no_internal: bool = False


@dataclass(frozen=True, slots=True)
class PlannedDates:
    """The change of one organ's task, and its dates afterwards."""

    organ: CountyOrgan
    fate: Fate
    deadline: date
    internal: date | None


def plan_dates(
    organs: Iterable[CountyOrgan], year: int, wanted: WantedDates, group: Group = Group.ALL
) -> tuple[PlannedDates, ...]:
    """The change for each organ of the group that is not closed."""
    return tuple(
        _planned(organ, year, wanted) for organ in organs if not organ.closed and group.holds(organ)
    )


def _planned(organ: CountyOrgan, year: int, wanted: WantedDates) -> PlannedDates:
    report = organ.report
    before = report.deadline if report else None
    internal = report.internal if report else None
    had = (before, internal)
    usual = before or default_deadline(year, organ.level)
    if report and before and (report.excused or report.reason):
        fate = Fate.EXCUSED if report.excused else Fate.EXTENDED
        return PlannedDates(organ, fate, before, internal)
    deadline = wanted.deadline or usual
    if wanted.internal or wanted.no_internal:
        internal = wanted.internal
    if internal and internal > deadline:
        return PlannedDates(organ, Fate.CONFLICT, usual, had[1])
    if before is None:
        return PlannedDates(organ, Fate.NEW, deadline, internal)
    fate = Fate.SAME if had == (deadline, internal) else Fate.CHANGED
    return PlannedDates(organ, fate, deadline, internal)


# Typed words for the groups, and their labels on buttons.
GROUPS = {
    "全部": Group.ALL,
    "乡镇": Group.TOWNSHIPS,
    "部门": Group.BUREAUS,
    "没有任务": Group.WITHOUT,
}


@dataclass(frozen=True, slots=True)
class TypedDates:
    """Typed dates for many organs; a missing part is None."""

    year: int | None
    group: Group | None
    wanted: WantedDates


_YEAR = re.compile(r"(\d{4})年?度")
_GROUP = re.compile("|".join(GROUPS))
_DEADLINE = re.compile(r"截止(?:日期)?[:：\s]*(\d[\d年月/.\-]*[日号]?)")
_INTERNAL = re.compile(r"收集(?:日期)?[:：\s]*(\d[\d年月/.\-]*[日号]?|无|不设)")
_BETWEEN = re.compile("(?:布置|任务|[，,、；;。的])*")


def read_dates(text: str, usual: int) -> TypedDates | None:
    """
    Read «2026年度 截止1月31日 收集1月20日 乡镇»; `usual` is the year if none is typed.

    Blanks between the parts are optional. None if any text is left over.
    """
    found: dict[re.Pattern[str], str] = {}
    rest = " ".join(text.split())
    for pattern in (_YEAR, _DEADLINE, _INTERNAL, _GROUP):
        if said := pattern.search(rest):
            found[pattern] = said[said.lastindex or 0]
            rest = f"{rest[: said.start()]} {rest[said.end() :]}"
    if not all(_BETWEEN.fullmatch(word) for word in rest.split()):
        return None
    year = read_year(found[_YEAR]) if _YEAR in found else None
    if _YEAR in found and year is None:
        return None
    days = {}
    for pattern in (_DEADLINE, _INTERNAL):
        day = read_day(found.get(pattern, ""), year or usual)
        if day is None and found.get(pattern, "无") not in ("无", "不设"):
            return None
        days[pattern] = day
    no_internal = _INTERNAL in found and days[_INTERNAL] is None
    wanted = WantedDates(days[_DEADLINE], days[_INTERNAL], no_internal)
    return TypedDates(year, GROUPS.get(found.get(_GROUP, "")), wanted)
