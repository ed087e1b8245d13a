"""
B3: figures far from those of similar organs, and from the organ's own of last year.

Figures are compared by their logarithm, because organs of different size differ by a factor. The
range of the others leaves out a few at either end, so that a slip among them changes nothing; and
if nearly all of them are 0, a small figure is still no outlier. An organ that was as far from the
others last year stands out only if it is extremely far.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log
from typing import TypeVar

from conversations.checks.findings import Similar
from conversations.checks.similar import compared_cells
from conversations.county.kinds import Kind
from conversations.form import FORMS
from conversations.form.answers import Answers, Figures, Number
from conversations.form.model import CellId, Form, LineKind

T = TypeVar("T")

# All [ours], measured by `tests/bench/outliers.py`.
COMPARABLE = 8  # the fewest others for a comparison
LEFT_OUT = 10  # one of so many is left out at either end, but at least one
FAR = 2.5  # times the usual distance from the median
STILL_FAR = 2.0  # … times more for an organ that has not changed since last year
ANYHOW = log(2.5)  # up to so many times as much always counts as near
CHANGED_FAR = 2.0  # times the usual change
CHANGED_ANYHOW = log(1.7)
APART = 10  # 件, 万元: a smaller difference, from the others or last year, always counts as near
SMALL = 5  # 件, 万元: added before changes are compared, so that 1 to 4 is no change
MOST_EACH = 3  # figures reported of one report


@dataclass(frozen=True, slots=True)
class Compared:
    """A report in the comparison: the kinds of its organ, its figures, and those of last year."""

    report_id: int
    kinds: tuple[Kind, ...]
    figures: Mapping[CellId, Number]
    last: Mapping[CellId, Number]


@dataclass(frozen=True, slots=True)
class Standout:
    """A figure that stands out; `far` is its distance in multiples of the largest usual one."""

    report_id: int
    cell: CellId
    similar: Similar
    far: float


def figures_to_compare(form: Form, answers: Answers) -> dict[CellId, Number]:
    """The figures of a report that are compared and known."""
    figures = Figures(form, answers)
    values = ((cell, figures.get(cell)) for cell in compared_cells(form))
    return {cell: value for cell, value in values if value is not None}


def comparable(reports: Iterable[Compared]) -> tuple[int, ...]:
    """The ids of the reports with enough similar ones."""
    reports = tuple(reports)
    counts = Counter(kind for report in reports for kind in report.kinds)
    return tuple(
        report.report_id
        for report in reports
        if any(counts[kind] > COMPARABLE for kind in report.kinds)
    )


def standing_out(reports: Iterable[Compared]) -> list[Standout]:
    """
    The figures that stand out, the farthest first; of each report only the farthest few.

    Figures that follow from others (结转下年度) are left out if others stand out.
    """
    reports = tuple(reports)
    found: dict[int, list[Standout]] = defaultdict(list)
    for cell in dict.fromkeys(cell for report in reports for cell in report.figures):
        for standout in _of_cell(cell, reports):
            found[standout.report_id].append(standout)
    told: list[Standout] = []
    for standouts in found.values():
        standouts.sort(key=lambda each: -each.far)
        causes = [each for each in standouts if each.cell not in _FOLLOWING]
        told += (causes or standouts)[:MOST_EACH]
    return sorted(told, key=lambda each: (-each.far, each.report_id, each.cell))


_FOLLOWING = frozenset(
    cell.id
    for form in FORMS.values()
    for line in form.lines.values()
    if line.kind is LineKind.BALANCE
    for cell in line.printed
)


def _of_cell(cell: CellId, reports: Iterable[Compared]) -> Iterator[Standout]:
    """The reports in which a figure stands out."""
    kinds: dict[Kind, list[Compared]] = defaultdict(list)
    for report in reports:
        if cell in report.figures:
            for kind in report.kinds:
                kinds[kind].append(report)
    enough = {kind: group for kind, group in kinds.items() if len(group) > COMPARABLE}
    now = {kind: sorted(each.figures[cell] for each in group) for kind, group in enough.items()}
    changes = {
        kind: sorted(_change(each, cell) for each in group if _does(each, cell))
        for kind, group in kinds.items()
    }
    for report in reports:
        if cell not in report.figures:
            continue
        narrowest: Kind | None = next((kind for kind in report.kinds if kind in enough), None)
        if narrowest is None:
            continue
        measured = next((changes[k] for k in report.kinds if len(changes[k]) > COMPARABLE), [])
        standout = _judged(report, cell, now[narrowest], measured)
        if standout.far >= 1:
            yield standout


def _judged(
    report: Compared, cell: CellId, now: Sequence[Number], changes: Sequence[float]
) -> Standout:
    """
    Compare a figure with those of its kind, among which it is; `far` below 1 means near.

    `changes` are those of its narrowest kind with enough of them, else empty.
    """
    value, last = report.figures[cell], report.last.get(cell)
    others: Sequence[Number] = _without(now, value)
    middle, low, high = _spread(others)
    far = _far_from(value, middle, low, high)
    similar = Similar(value, middle, low, high, len(others))
    if last is None:
        return Standout(report.report_id, cell, similar, far)
    change = _change(report, cell)
    known = _without(changes, change) if changes and _does(report, cell) else changes
    usual = _spread(known) if len(known) >= COMPARABLE else (0.0, 0.0, 0.0)
    changed = _far(change, *usual, CHANGED_ANYHOW) / CHANGED_FAR
    if changed < 1 or max(value, last) - min(value, last) < APART:
        return Standout(report.report_id, cell, similar, far / STILL_FAR)
    if far >= changed or len(known) < COMPARABLE:
        return Standout(report.report_id, cell, similar, far)
    if _far_from(last, middle, low, high) >= max(1, far):
        return Standout(report.report_id, cell, similar, 0)  # last year's figure was wrong
    middle, low, high = (_changed(last, each) for each in usual)
    similar = Similar(value, middle, low, high, len(known), last)
    return Standout(report.report_id, cell, similar, changed)


def _far_from(value: Number, middle: Number, low: Number, high: Number) -> float:
    """The distance of a figure from the others, in multiples of the largest usual one."""
    if max(value, middle) - min(value, middle) < APART:
        return 0
    logs = (log(1 + middle), log(1 + low), log(1 + high))
    return _far(log(1 + value), *logs, ANYHOW) / FAR


def _without(ordered: Sequence[T], own: T) -> Sequence[T]:
    """All without one value equal to `own`."""
    place = ordered.index(own)
    return [*ordered[:place], *ordered[place + 1 :]]


def _spread(ordered: Sequence[T]) -> tuple[T, T, T]:
    """The median and the range of most; each is one of the values."""
    out = max(1, len(ordered) // LEFT_OUT)
    return ordered[(len(ordered) - 1) // 2], ordered[out], ordered[-1 - out]


def _far(value: float, middle: float, low: float, high: float, least: float) -> float:
    """The distance from the median, in multiples of that of most on its side, or of `least`."""
    most = high - middle if value > middle else middle - low
    return abs(value - middle) / max(most, least)


def _does(report: Compared, cell: CellId) -> bool:
    """Whether either year's figure is above 0: two zeros measure no change."""
    return cell in report.last and (report.figures[cell] > 0 or report.last[cell] > 0)


def _change(report: Compared, cell: CellId) -> float:
    """The factor by which the figure changed since last year, as a logarithm."""
    return log(SMALL + report.figures[cell]) - log(SMALL + report.last[cell])


def _changed(last: Number, change: float) -> Number:
    """Last year's figure after a change."""
    value = max((SMALL + float(last)) * exp(change) - SMALL, 0)
    return round(value) if isinstance(last, int) else round(Decimal(value), 2)
