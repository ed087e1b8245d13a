"""
An overview of the organs below one: their states, what they need, who is late.

Everything is an argument, also today's date.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from conversations.county.status import FILE, HANDED_IN, CountyOrgan, Progress
from conversations.form import FORMS, form_of_year
from conversations.sign_off.comparison import Result, recorded


class Group(Enum):
    """
    Groups of organs by what they need, in the order in which they are shown.

    DONE is a final document of an organ without a leader, or a file without errors; CHECKED is
    published and the same as approved, UNCHECKED published and not compared. EXEMPT organs need not
    report this year.
    """

    NOT_JOINED = "not_joined"
    NOT_STARTED = "not_started"
    OPEN = "open"
    TO_MEND = "to_mend"
    TO_DECIDE = "to_decide"
    DONE = "done"
    APPROVED = "approved"
    UNCHECKED = "unchecked"
    CHECKED = "checked"
    DIFFERENT = "different"
    EXEMPT = "exempt"


_BY_PROGRESS = {
    Progress.NOT_JOINED: Group.NOT_JOINED,
    Progress.NOT_STARTED: Group.NOT_STARTED,
    Progress.OPEN: Group.OPEN,
    Progress.RETURNED: Group.TO_MEND,
    Progress.SUBMITTED: Group.TO_DECIDE,
    Progress.FINISHED: Group.DONE,
    Progress.APPROVED: Group.APPROVED,
}
_BY_RESULT = {
    Result.EQUAL: Group.CHECKED,
    Result.DIFFERENT: Group.DIFFERENT,
    Result.NOT_COMPARED: Group.UNCHECKED,
}


def source_of(organ: CountyOrgan) -> str | None:
    """The source of the figures (`bot` or `file`), None without any."""
    report = organ.report
    return report.source if report and (report.begun or report.source == FILE) else None


def published(organ: CountyOrgan) -> Result | None:
    """The result of comparing the published report, None before publication."""
    if organ.report is None or organ.progress is not Progress.PUBLISHED:
        return None
    return recorded(organ.report.note).result


def errors(organ: CountyOrgan) -> int:
    """The number of findings in an organ's report that must be corrected (E)."""
    return organ.report.counts.errors if organ.report and organ.report.counts else 0


def is_of_old_form(organ: CountyOrgan, year: int) -> bool:
    """Whether a sent file has an older form than that of the year: it is in no sum."""
    report = organ.report
    if report is None or report.source != FILE:
        return False
    return FORMS[report.edition].since < form_of_year(year).since


def group_of(organ: CountyOrgan, year: int) -> Group:
    """The group of an organ: errors count before its progress."""
    if not organ.counts_in:
        return Group.EXEMPT
    result = published(organ)
    if result is Result.DIFFERENT:
        return Group.DIFFERENT
    if errors(organ) or is_of_old_form(organ, year):
        return Group.TO_MEND
    return _BY_RESULT[result] if result else _BY_PROGRESS[organ.progress]


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of most tasks below: the deadline, and the county's own earlier date."""

    deadline: date | None = None
    internal: date | None = None

    @property
    def counts_to(self) -> date | None:
        """The date by which a report is waited for."""
        return self.internal or self.deadline


def dates_of(organs: Iterable[CountyOrgan]) -> Dates:
    """The most common deadline of the tasks, and the most common internal date with it."""
    tasks = [
        (report.deadline, report.internal)
        for organ in organs
        if (report := organ.report) and report.deadline and not report.excused
    ]
    deadline = _most_common(deadline for deadline, _ in tasks)
    return Dates(deadline, _most_common(internal for day, internal in tasks if day == deadline))


def _most_common(days: Iterable[date | None]) -> date | None:
    """The most common day; of equally common ones None first, then the earliest."""
    found = Counter(days)
    return min(found, key=lambda day: (-found[day], day or date.min), default=None)


def due_date(organ: CountyOrgan, common: Dates) -> date | None:
    """The date by which an organ is waited for: that of its own task, else that of most."""
    report = organ.report
    if report is None or report.deadline is None:
        return common.counts_to
    return report.internal or report.deadline


def is_late(organ: CountyOrgan, common: Dates, today: date) -> bool:
    """Whether a report is waited for and its date, the organ's own if set, is over."""
    due = due_date(organ, common)
    waited_for = organ.counts_in and organ.progress not in HANDED_IN
    return waited_for and due is not None and today > due


@dataclass(frozen=True, slots=True)
class Overview:
    """
    The organs below one in a year, as seen on a day.

    `organs` has a closed organ only if it reported.
    """

    year: int
    today: date
    dates: Dates
    organs: tuple[CountyOrgan, ...]

    @property
    def counted(self) -> list[CountyOrgan]:
        """The organs whose report is waited for, or already in."""
        return [organ for organ in self.organs if organ.counts_in]

    @property
    def handed_in(self) -> int:
        """The number of reports that are in."""
        return sum(organ.progress in HANDED_IN for organ in self.counted)

    @property
    def states(self) -> dict[str, int]:
        """The number of counted organs in each state, in order, without empty states."""
        found = Counter(organ.progress for organ in self.counted)
        return {progress.value: found[progress] for progress in Progress if found[progress]}

    @property
    def groups(self) -> dict[Group, list[CountyOrgan]]:
        """The organs of each group, in order, without empty groups; late ones first."""
        found: defaultdict[Group, list[CountyOrgan]] = defaultdict(list)
        for organ in sorted(self.organs, key=self.is_late, reverse=True):
            found[group_of(organ, self.year)].append(organ)
        return {group: found[group] for group in Group if group in found}

    def is_late(self, organ: CountyOrgan) -> bool:
        """Whether an organ's report is waited for and its date is over."""
        return is_late(organ, self.dates, self.today)

    @property
    def late(self) -> list[CountyOrgan]:
        """The late organs."""
        return [organ for organ in self.organs if self.is_late(organ)]

    @property
    def wanted(self) -> list[CountyOrgan]:
        """The organs to phone: late ones, the longest first, then those without a clerk."""
        far = self.today.toordinal()

        def order(organ: CountyOrgan) -> tuple[int, str]:
            due = due_date(organ, self.dates)
            return (due.toordinal() if due and self.is_late(organ) else far), organ.organ

        chosen = [
            organ
            for organ in self.counted
            if self.is_late(organ) or organ.progress is Progress.NOT_JOINED
        ]
        return sorted(chosen, key=order)


def overview(organs: Iterable[CountyOrgan], year: int, today: date) -> Overview:
    """The overview of the organs below one."""
    there = tuple(organ for organ in organs if organ.counts_in or not organ.closed)
    return Overview(year, today, dates_of(there), there)


def districts(
    organs: Sequence[CountyOrgan], above: str
) -> list[tuple[CountyOrgan, list[CountyOrgan]]]:
    """
    The organs right below one that have organs below them, each with all of those.

    `above` is the name of the upper one.
    """
    children: defaultdict[str, list[CountyOrgan]] = defaultdict(list)
    for organ in organs:
        children[organ.parent].append(organ)

    def all_below(name: str) -> Iterator[CountyOrgan]:
        for child in children.get(name, ()):
            yield child
            yield from all_below(child.organ)

    return [(organ, below) for organ in children[above] if (below := list(all_below(organ.organ)))]
