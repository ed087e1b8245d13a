"""
The sum over the organs below one: its addends, missing organs with reasons, and findings.

Every figure of the three tables of every organ with a complete report is added, with totals
computed as in `show`. Nothing is rounded (件 int, 万元 Decimal), nothing left out silently. Figures
that may not be taken over as they are, are listed beside the form (`form/editions/not_summed.py`).
An administrator's corrections are stored separately with their reasons; they change the result,
never the sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property

from conversations.checks import check_arithmetic
from conversations.checks.findings import Finding, Grade, Report
from conversations.county.status import FILE, HANDED_IN, CountyOrgan
from conversations.form.answers import Answers, Figures, Number
from conversations.form.editions.not_summed import NotSummed, not_summed
from conversations.form.model import CellId, Form, ItemId
from conversations.form.organ import TAILS, Level
from conversations.wording import county_summing as wording

OWN_MARK = "本级"


class Group(Enum):
    """The kind of organ that a part of the sum comes from; the values are those of the JSON."""

    OWN = "own"
    BELOW = "below"
    DEPARTMENTS = "departments"
    TOWNSHIPS = "townships"


class Why(Enum):
    """Why an organ's report is not in the sum."""

    NO_REPORT = "no_report"
    INCOMPLETE = "incomplete"
    OLD_EDITION = "old_edition"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Missing:
    """An organ that is waited for; `gaps` is the number of open figures, by table."""

    organ: CountyOrgan
    why: Why
    gaps: Mapping[ItemId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addend:
    """An organ in the sum with its figures, totals computed; `answers` are its own."""

    organ: CountyOrgan
    group: Group
    figures: Mapping[CellId, Number]
    answers: Answers

    @property
    def name(self) -> str:
        """The organ's name."""
        return self.organ.organ

    @property
    def is_unfinished(self) -> bool:
        """Whether it is counted although it was not handed in."""
        return self.organ.progress not in HANDED_IN


@dataclass(frozen=True, slots=True)
class Correction:
    """An amount added to the sum of a figure (or taken from it, below 0), why, by whom and when."""

    cell: CellId
    amount: Number
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the county's own report that differs from the result of the sum."""

    cell: CellId
    own: Number
    result: Number

    @property
    def gap(self) -> Number:
        """The result minus the own report."""
        return self.result - self.own


@dataclass(frozen=True, slots=True)
class Bridge:
    """
    The parts of a county's figure: sum, correction, result, and the own report's figure.

    `own_report` is None if the county's own report has no such figure yet.
    """

    cell: CellId
    parts: Mapping[Group, Number]
    total: Number
    correction: Number
    result: Number
    own_report: Number | None

    @property
    def difference(self) -> Number | None:
        """The result minus the own report, None without one."""
        return None if self.own_report is None else self.result - self.own_report


@dataclass(frozen=True)
class CountySum:
    """
    The sum over the organs below `organ` for a year.

    `excused` are organs that are not waited for; `corrections` has the newest for each figure;
    `own` are the figures of the county's own stored report, None without one.
    """

    organ: str
    year: int
    form: Form
    addends: tuple[Addend, ...]
    missing: tuple[Missing, ...]
    excused: tuple[CountyOrgan, ...] = ()
    corrections: Mapping[CellId, Correction] = field(default_factory=dict)
    own: Mapping[CellId, Number] | None = None

    @property
    def waited_for(self) -> int:
        """The number of organs that are in the sum or should be."""
        return len(self.addends) + len(self.missing)

    @property
    def unfinished(self) -> tuple[Addend, ...]:
        """Organs that are counted although they were not handed in."""
        return tuple(addend for addend in self.addends if addend.is_unfinished)

    @cached_property
    def wrong(self) -> tuple[tuple[Addend, tuple[Finding, ...]], ...]:
        """
        Organs whose own figures do not add up, with the findings.

        Printed totals are compared, too; they are never added.
        """
        looked_at = (
            (addend, figures_wrong(self.form, addend.name, self.year, addend.answers))
            for addend in self.addends
        )
        return tuple((addend, findings) for addend, findings in looked_at if findings)

    @cached_property
    def cells(self) -> Mapping[CellId, Number]:
        """The plain sum of every figure in printed order; empty without addends."""
        if not self.addends:
            return {}
        return {cell: sum(a.figures[cell] for a in self.addends) for cell in self.form.cells}

    @cached_property
    def result(self) -> Mapping[CellId, Number]:
        """The sum with corrections; totals are computed from it."""
        if not self.addends:
            return {}
        leaves = {
            cell: value + (self.corrections[cell].amount if cell in self.corrections else 0)
            for cell, value in self.cells.items()
            if cell not in self.form.sums
        }
        return Figures(self.form, Answers(leaves)).all()

    @cached_property
    def not_added(self) -> Mapping[CellId, NotSummed]:
        """The figures that may not be taken over as they are, by the form."""
        return not_summed(self.form)

    @cached_property
    def twice(self) -> tuple[Addend, ...]:
        """Organs in the sum with others below them in it: their figures may include those."""
        organs = (*(m.organ for m in self.missing), *self.excused)
        above = {organ.organ: organ.parent for organ in organs}
        above |= {addend.name: addend.organ.parent for addend in self.addends}
        parents: set[str] = set()
        for addend in self.addends:
            name = addend.organ.parent
            while name in above and name not in parents:
                parents.add(name)
                name = above[name]
        return tuple(addend for addend in self.addends if addend.name in parents)

    def why_not(self, cell: CellId) -> str:
        """Why the sum of a figure may not be taken over as it is; "" if it may."""
        said = [self.not_added[cell].why] if cell in self.not_added else []
        names = [addend.name for addend in self.twice if addend.figures[cell]]
        return "".join([*said, *([wording.twice(names)] if names else [])])

    @property
    def has_own_part(self) -> bool:
        """Whether the county's own figures (本级) are kept as an organ below it."""
        organs = (*(a.organ for a in self.addends), *(m.organ for m in self.missing))
        return any(group_of(self.organ, organ) is Group.OWN for organ in organs)

    def parts(self, cell: CellId) -> list[tuple[Addend, Number]]:
        """The organs with a part of a figure, the largest first."""
        known = [(addend, addend.figures[cell]) for addend in self.addends if addend.figures[cell]]
        return sorted(known, key=lambda part: (-part[1], part[0].name))

    def bridge(self, cell: CellId) -> Bridge:
        """The parts of a figure; the sum must not be empty."""
        parts: dict[Group, Number] = {}
        for addend in self.addends:
            parts[addend.group] = parts.get(addend.group, 0) + addend.figures[cell]
        total, result = self.cells[cell], self.result[cell]
        own = None if self.own is None else self.own.get(cell)
        return Bridge(cell, parts, total, result - total, result, own)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Figures for which the county's own report differs, in printed order."""
        own = self.own or {}
        return tuple(
            Difference(cell, own[cell], value)
            for cell, value in self.result.items()
            if cell in own and own[cell] != value
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Arithmetic errors of the result (A1–A4), then differences of the own report (S1)."""
        return (*figures_wrong(self.form, self.organ, self.year, self.result), *self._differing())

    def _differing(self) -> Iterable[Finding]:
        """S1, one finding per figure; that of a total follows from its first differing addend."""
        keys: dict[CellId, str] = {}
        names = [missing.organ.organ for missing in self.missing]
        leaves_first = sorted(self.differences, key=lambda found: found.cell in self.form.sums)
        for found in leaves_first:
            causes = (keys[leaf] for leaf in self.form.leaves.get(found.cell, ()) if leaf in keys)
            finding = Finding(
                "S1",
                Grade.W,
                wording.differs(
                    found.cell,
                    found.own,
                    self.cells[found.cell],
                    found.result,
                    self.why_not(found.cell),
                    names,
                ),
                (found.cell,),
                numbers=(found.own, found.result),
                left=found.result,
                right=found.own,
                follows=next(causes, None),
            )
            keys[found.cell] = finding.key
            yield finding

    @cached_property
    def below_zero(self) -> tuple[CellId, ...]:
        """Figures whose result a correction makes negative; they are not offered."""
        return tuple(
            cell for cell, value in self.result.items() if value < 0 and cell not in self.form.sums
        )

    @cached_property
    def own_open(self) -> int:
        """The number of unanswered figures in the county's own report, 0 without one."""
        if self.own is None:
            return 0
        return sum(cell not in self.form.sums and cell not in self.own for cell in self.form.cells)

    @property
    def offered(self) -> dict[CellId, Number]:
        """The figures for the county's own report: all but totals and negative ones."""
        return {
            cell: value
            for cell, value in self.result.items()
            if cell not in self.form.sums and value >= 0
        }


def add_up(
    organ: str,
    year: int,
    form: Form,
    organs: Sequence[CountyOrgan],
    figures: Mapping[int, Answers],
    corrections: Mapping[CellId, Correction] | None = None,
    own: Answers | None = None,
) -> CountySum:
    """
    The sum over the organs below one.

    Args:
        organ: The organ above them, whose own report is compared and never added.
        year: The year reported on.
        form: The edition in force.
        organs: All organs below it, at any distance.
        figures: The figures of their reports, by the reports' ids.
        corrections: An administrator's corrections, by figure.
        own: The answers of the organ's own report, None without one of this edition.
    """
    addends: list[Addend] = []
    missing: list[Missing] = []
    excused: list[CountyOrgan] = []
    for below in organs:
        if not below.counts_in:
            excused.append(below)
            continue
        answers = figures.get(below.report.report_id, Answers()) if below.report else Answers()
        why = _why_missing(below, answers, form)
        if why is not None:
            missing.append(why)
            continue
        known = Figures(form, answers).all()
        addends.append(Addend(below, group_of(organ, below), known, answers))
    theirs = None if own is None else Figures(form, own).all()
    return CountySum(
        organ, year, form, tuple(addends), tuple(missing), tuple(excused), corrections or {}, theirs
    )


def _why_missing(organ: CountyOrgan, answers: Answers, form: Form) -> Missing | None:
    """Why an organ is not in the sum; None if it is."""
    report = organ.report
    if report is None or not (report.begun or report.source == FILE):
        return Missing(organ, Why.NO_REPORT)
    if report.edition != form.edition:
        return Missing(organ, Why.OLD_EDITION)
    figures = Figures(form, answers)
    section = form.section_of
    gaps = Counter(
        section[cell].id
        for cell in form.cells
        if cell not in form.sums and figures.get(cell) is None
    )
    if not gaps:
        return None
    edition = report.file.note.get("edition") if report.file else None
    if edition not in (None, "", form.edition):
        return Missing(organ, Why.OLD_EDITION, gaps)
    from_file = report.source == FILE
    return Missing(organ, Why.UNREADABLE if from_file else Why.INCOMPLETE, gaps)


def figures_wrong(
    form: Form, organ: str, year: int, figures: Mapping[CellId, Number] | Answers
) -> tuple[Finding, ...]:
    """Only the arithmetic findings (A1–A4) of figures."""
    if not figures:
        return ()
    answers = figures if isinstance(figures, Answers) else Answers(figures)
    return check_arithmetic(Report(form, organ, year, answers))


def group_of(above: str, organ: CountyOrgan) -> Group:
    """
    The part of the sum that an organ belongs to.

    The county's own figures (本级) are an organ right below whose name contains 本级, or one at any
    distance with the county's own name, with or without 人民政府 or 本级.
    """
    is_named = OWN_MARK in organ.organ and organ.parent == above
    if is_named or _stem(organ.organ.replace(OWN_MARK, "")) == _stem(above):
        return Group.OWN
    if organ.level is Level.TOWNSHIP:
        return Group.TOWNSHIPS
    if organ.level in (Level.COUNTY, Level.CITY):
        return Group.BELOW
    return Group.DEPARTMENTS


def _stem(name: str) -> str:
    for tail in TAILS:
        name = name.removesuffix(tail)
    return name
