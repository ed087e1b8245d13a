"""
B3: a figure compared with those of similar organs, as of the last comparison.

The comparison itself is made in `county/outliers.py`. The organ learns how many others there were,
their median, and where most of them lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conversations.checks.findings import FigureCheck, Finding, Grade, Report, Similar
from conversations.form.answers import grouped
from conversations.form.model import CellId, Form, LineKind, Measure


def compared_cells(form: Form) -> tuple[CellId, ...]:
    """The compared figures: of each line that is no sum its total, or its cells without a total."""
    lines = (line for line in form.lines.values() if line.kind is not LineKind.SUM)
    cells = (cell for line in lines for cell in ((line.total,) if line.total else line.cells))
    return tuple(cell.id for cell in cells if cell.measure in (Measure.COUNT, Measure.FEE))


def among_similar(form: Form, cell: CellId, similar: Similar) -> str:
    """The difference of a figure from those of similar organs, in one sentence."""
    figure, line = form.cells[cell], form.lines[form.cells[cell].line]
    unit = figure.counted_in
    name = line.short if figure == line.total else f"{line.short}（{figure.column.name}）"
    low, high = grouped(similar.low), grouped(similar.high)
    where = f"在 {low} 至 {high} 之间" if low != high else f"是 {low}"
    if similar.last is not None:
        return (
            f"{name}：填的是 {grouped(similar.value)} {unit}，上年是 {grouped(similar.last)}；"
            f"同类 {similar.count} 个单位与上年相比变化都小得多，"
            f"照多数单位的变化，这里应{where}。"
        )
    middle = grouped(similar.middle)
    told = f"中位数是 {middle}，多数{where}" if low != high else f"多数{where}"
    return f"{name}：填的是 {grouped(similar.value)} {unit}；同类 {similar.count} 个单位的{told}。"


@dataclass(frozen=True, eq=False)
class StandsOut(FigureCheck):
    """A figure far from those of similar organs (B3), while it is unchanged."""

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding per figure; most reports have none."""
        last_year = report.last_year
        for cell, similar in report.similar.items():
            last = None if last_year is None else last_year.stated(cell)
            if report.stated(cell) != similar.value or similar.last not in (None, last):
                continue
            yield Finding(
                self.id,
                Grade.H,
                f"{among_similar(report.form, cell, similar)}没有填错就不用改。",
                (cell,),
                numbers=(similar.value, similar.middle, similar.low, similar.high),
            )
