"""B: unusual figures inside one report. Thresholds marked [ours] can be set for a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from conversations.checks.arithmetic import gap
from conversations.checks.findings import Check, FigureCheck, Finding, Grade, Report
from conversations.form.answers import Number, grouped
from conversations.form.model import CellId, Form, ItemId
from conversations.form.organ import Level


@dataclass(frozen=True, eq=False)
class AtLeast(FigureCheck):
    """
    In force is at least issued minus repealed (B1, 件); `cells` are issued, repealed, in force.
    """

    name: str

    def findings(self, report: Report) -> Iterator[Finding]:
        """Compare what is in force with issued minus repealed."""
        issued, repealed, in_force = map(report.stated, self.cells)
        if issued is None or repealed is None or in_force is None:
            return
        least = issued - repealed
        if in_force >= least:
            return
        yield Finding(
            self.id,
            Grade.W,
            f"{self.name}：本年制发 {grouped(issued)} − 本年废止 {grouped(repealed)}"
            f" = {grouped(least)}，现行有效却只有 {grouped(in_force)}，"
            f"少 {gap(least, in_force)}。",
            self.cells,
            numbers=(issued, repealed, in_force),
            left=in_force,
            right=least,
            slip=self.cells[2],
        )


@dataclass(frozen=True, eq=False)
class NoRuleMaking(FigureCheck):
    """Organs of these levels make no 规章 (B2)."""

    levels: frozenset[Level]

    def findings(self, report: Report) -> Iterator[Finding]:
        """The figures above 0."""
        if report.level not in self.levels:
            return
        above = [(cell, value) for cell in self.cells if (value := report.stated(cell) or 0) > 0]
        if above:
            figures = "、".join(
                f"{report.form.cells[cell].column.name} {grouped(value)}" for cell, value in above
            )
            yield Finding(
                self.id,
                Grade.W,
                f"规章填了{figures}。规章由国务院部门、省、设区的市、自治州制定，"
                f"县、乡镇和部门一般没有规章，是不是应填在行政规范性文件里？",
                tuple(cell for cell, _ in above),
                numbers=tuple(value for _, value in above),
            )


@dataclass(frozen=True, eq=False)
class MoreDisputes(Check):
    """More disputes than requests (B4), if there are more than `above` of them (件) [ours]."""

    disputes: tuple[CellId, ...]
    requests: tuple[CellId, ...]
    above: int = 5

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The totals and their addends."""
        totals = (*self.disputes, *self.requests)
        return [*totals, *(addend for total in totals for addend in form.sums[total])]

    def findings(self, report: Report) -> Iterator[Finding]:
        """Both sums, if there are more disputes."""
        disputes, requests = report.sum_of(self.disputes), report.sum_of(self.requests)
        if disputes is None or requests is None or disputes <= requests:
            return
        if disputes <= report.setting(f"{self.id}.above", self.above):
            return
        yield Finding(
            self.id,
            Grade.H,
            f"行政复议、行政诉讼共 {grouped(disputes)} 件，比新收和上年结转的申请 "
            f"{grouped(requests)} 件还多。这里只填因政府信息公开引起的案件。",
            (*self.disputes, *self.requests),
            numbers=(disputes, requests),
            left=disputes,
            right=requests,
        )


@dataclass(frozen=True, eq=False)
class FeeLooksLikeYuan(FigureCheck):
    """
    The fee looks like 元 instead of 万元 (B5), the most frequent mistake.

    `cells` is the one figure. A fee from the limit of the organ's level on (in 万元) is a finding,
    or one of at least `times` last year's [ours].
    """

    limits: Mapping[Level, int]
    times: int = 100

    def findings(self, report: Report) -> Iterator[Finding]:
        """Compare the fee with the level's limit, then with last year's."""
        (cell,) = self.cells
        fee = report.stated(cell)
        if not fee or not Decimal(fee).is_finite() or fee < 0:
            return
        last = report.last_year.stated(cell) if report.last_year else None
        why = self._above_limit(report, fee) or self._above_last(report, fee, last)
        if not why:
            return
        shown = grouped(fee)
        yield Finding(
            self.id,
            Grade.W,
            f"行政事业性收费 {shown} 万元，{why}，是不是把元当成了万元？"
            f"如果账上是 {shown} 元，应填 {grouped(Decimal(fee) / 10_000)}。",
            self.cells,
            numbers=(fee,) if last is None else (fee, last),
        )

    def _above_limit(self, report: Report, fee: Number) -> str:
        limit = self.limits.get(report.level)
        if limit is None:
            return ""
        limit = int(report.setting(f"{self.id}.{report.level.value}", limit))
        return f"达到或超过 {limit} 万元" if fee >= limit else ""

    def _above_last(self, report: Report, fee: Number, last: Number | None) -> str:
        times = report.setting(f"{self.id}.times", self.times)
        if not last or fee < times * last:
            return ""
        return f"是上年 {grouped(last)} 万元的 {grouped(times)} 倍以上"
