"""
The dates of many organs' tasks, set at once: what is set for whom, and who is left alone.

An organ whose date was extended, or that need not report, has a reason for it: it keeps what
it has, and is named.
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
    """Which of the organs; the values stand in buttons."""

    ALL = "a"
    TOWNSHIPS = "t"
    BUREAUS = "b"
    WITHOUT = "w"  # those that have no task yet

    def holds(self, organ: CountyOrgan) -> bool:
        """Whether an organ is among them."""
        match self:
            case Group.TOWNSHIPS:
                return organ.level is Level.TOWNSHIP
            case Group.BUREAUS:
                return organ.level is Level.BUREAU
            case Group.WITHOUT:
                return organ.report is None or organ.report.deadline is None
        return True


class Fate(Enum):
    """What becomes of an organ's task; the values stand in `nianbao task --json`."""

    NEW = "new"  # it had none
    CHANGED = "changed"  # it had another date, for which nobody gave a reason
    SAME = "same"
    EXTENDED = "extended"  # left alone
    EXCUSED = "excused"  # left alone
    CONFLICT = "conflict"  # left alone: it would be collected after its deadline


WRITTEN = frozenset({Fate.NEW, Fate.CHANGED})


@dataclass(frozen=True, slots=True)
class WantedDates:
    """
    The dates to be set; without a deadline each organ keeps its own, or has the usual one.

    Without an internal date each keeps its own, or with `no_internal` has none.
    """

    deadline: date | None = None
    internal: date | None = None
    no_internal: bool = False


@dataclass(frozen=True, slots=True)
class PlannedDates:
    """What becomes of one organ's task: its dates afterwards."""

    organ: CountyOrgan
    fate: Fate
    deadline: date
    internal: date | None


def plan_dates(
    organs: Iterable[CountyOrgan], year: int, wanted: WantedDates, group: Group = Group.ALL
) -> tuple[PlannedDates, ...]:
    """What becomes of each organ that is not closed."""
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


# How groups are typed, and named on buttons.
GROUPS = {
    "全部": Group.ALL,
    "乡镇": Group.TOWNSHIPS,
    "部门": Group.BUREAUS,
    "没有任务": Group.WITHOUT,
}


@dataclass(frozen=True, slots=True)
class TypedDates:
    """What was typed for many organs; what was not said is None."""

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
    «2026年度 截止1月31日 收集1月20日 乡镇» → what is to be set; `usual` is the year not said.

    Blanks count for nothing where they part no words. None where something is left over.
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
