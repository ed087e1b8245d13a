"""
C: the figures of this year's report against last year's. Silent without last year's report.

Thresholds marked [ours] can be set for a report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from conversations.checks.arithmetic import gap
from conversations.checks.findings import FigureCheck, Finding, Grade, Report
from conversations.form.answers import grouped
from conversations.form.model import CellId


@dataclass(frozen=True, eq=False)
class CarriedOver(FigureCheck):
    """
    上年结转 equals last year's 结转下年度, column by column (C1, 件).

    `cells` is the figure of this year. `total` is the same check for the column of totals: it is
    shown first, with the other columns under it.
    """

    name: str
    last_cell: CellId
    total: CarriedOver | None = None

    def findings(self, report: Report) -> Iterator[Finding]:
        """Compare this year's figure with last year's."""
        if report.last_year is None:
            return
        now, last = report.stated(self.cells[0]), report.last_year.stated(self.last_cell)
        if now is None or last is None or now == last:
            return
        finding = Finding(
            self.id,
            Grade.W,
            f"{self.name}列：上年结转 {grouped(now)}，{report.last_year.year} 年年报的"
            f"结转下年度是 {grouped(last)}，差 {gap(now, last)}。",
            self.cells,
            numbers=(now, last),
            left=now,
            right=last,
            slip=f"{self.id}|{self.cells[0].rpartition('.')[0]}",
        )
        for whole in self.total.findings(report) if self.total else ():
            finding = replace(finding, follows=whole.key)
        yield finding


@dataclass(frozen=True, eq=False)
class InForce(FigureCheck):
    """
    In force equals last year's in force plus issued minus repealed (C2, 件).

    `cells` are issued, repealed and in force.
    """

    name: str

    def findings(self, report: Report) -> Iterator[Finding]:
        """Compare this year's figure with the one expected from last year's."""
        if report.last_year is None:
            return
        issued, repealed, in_force = map(report.stated, self.cells)
        last = report.last_year.stated(self.cells[2])
        if issued is None or repealed is None or in_force is None or last is None:
            return
        expected = last + issued - repealed
        if in_force == expected:
            return
        yield Finding(
            self.id,
            Grade.W,
            f"{self.name}：{report.last_year.year} 年现行有效 {grouped(last)} + 本年制发 "
            f"{grouped(issued)} − 本年废止 {grouped(repealed)} = "
            f"{grouped(expected)}，现行有效填的是 {grouped(in_force)}，"
            f"差 {gap(in_force, expected)}。",
            self.cells,
            numbers=(last, issued, repealed, in_force),
            left=in_force,
            right=expected,
            slip=self.cells[2],
        )


@dataclass(frozen=True, eq=False)
class Jump(FigureCheck):
    """
    The one figure of `cells` differs widely from last year's (C3).

    That is more than `times` as much or as little and more than `by` apart, or 0 after more than
    `vanished`. From `grave` times on it needs a reason: odd, but it may be true [ours].
    """

    name: str
    times: int = 5
    grave: int = 10
    by: int = 20
    vanished: int = 50

    def findings(self, report: Report) -> Iterator[Finding]:
        """Both figures."""
        if report.last_year is None:
            return
        now, last = report.stated(self.cells[0]), report.last_year.stated(self.cells[0])
        if now is None or last is None:
            return
        less, more = sorted((now, last))
        if now == 0:
            jumped = last > report.setting(f"{self.id}.vanished", self.vanished)
        else:
            far = more - less > report.setting(f"{self.id}.by", self.by)
            jumped = far and more > report.setting(f"{self.id}.times", self.times) * less
        if jumped:
            grave = 0 < less * report.setting(f"{self.id}.grave", self.grave) <= more
            yield Finding(
                self.id,
                Grade.W if grave else Grade.H,
                f"{self.name}：本年 {grouped(now)}，{report.last_year.year} 年 "
                f"{grouped(last)}，变化很大，请再看一眼。",
                self.cells,
                numbers=(now, last),
                left=now,
                right=last,
            )
