"""
A: the arithmetic inside one report.

Totals against their addends (A2, A3, A4), the balance of table three (勾稽关系, A1), impossible
figures (A5). Counts are in 件, fees in 万元.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from conversations.checks.findings import Check, Finding, Grade, Report
from conversations.form.answers import Number, grouped
from conversations.form.model import CellId, ColumnId, Form, ItemId, Measure, RowId

Named = tuple[str, str]  # the id of a row or column, and its short name


def gap(left: Number, right: Number) -> str:
    """The difference of two numbers."""
    return grouped(max(left, right) - min(left, right))


def addition(terms: Iterable[tuple[str, Number]], result: Number) -> str:
    """«自然人 3 + 商业企业 1 = 4»; zeros are left out."""
    shown = [f"{name} {grouped(value)}" for name, value in terms if value]
    return f"{' + '.join(shown)} = {grouped(result)}" if shown else "各项都是 0"


@dataclass(frozen=True, eq=False)
class Total(Check):
    """
    A total is the sum of its addends: of a row (A3), of a block of table four (A4).

    Silent unless a total was typed or printed: computed ones cannot be wrong. `subject` begins the
    finding; `addends` are cells with their short names, perhaps of the other edition, in a hybrid
    report. `rests_on` are the checks of the totals among its cells: if this sum is wrong only
    because one of those is, the finding follows from theirs.
    """

    subject: str
    total: CellId
    addends: tuple[Named, ...]
    rests_on: tuple[Total, ...] = ()

    @property
    def parts(self) -> tuple[CellId, ...]:
        """The cells among which another wrong total may be the cause."""
        return (*(cell for cell, _ in self.addends), self.total)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The addends and their total, as far as the form has them."""
        return [cell for cell in dict.fromkeys((*self.parts, self.total)) if cell in form.cells]

    def present(self, report: Report) -> tuple[Named, ...]:  # noqa: ARG002  # for OutcomeTotal
        """The addends that are in this report; none if that is uncertain."""
        return self.addends

    def numbers(self, values: Iterable[Number], total: Number, claimed: Number) -> Iterable[Number]:
        """The numbers of the finding."""
        return (*values, total, claimed)

    def findings(self, report: Report) -> Iterator[Finding]:
        """Compare the sum with the claimed total."""
        claimed = report.printed(self.total)
        if claimed is None:
            return
        named = self.present(report)
        values: dict[CellId, Number] = {}
        for cell, _ in named:
            value = report.stated(cell)
            if value is None:
                return
            values[cell] = value
        total = sum(values.values())
        if not values or total == claimed:
            return

        def holds(corrected: Mapping[CellId, Number]) -> bool:
            addends = (corrected.get(cell, value) for cell, value in values.items())
            return sum(addends) == corrected.get(self.total, claimed)

        terms = addition(((name, values[cell]) for cell, name in named), total)
        yield Finding(
            self.id,
            Grade.E,
            f"{self.subject}：{terms}，总计为 {grouped(claimed)}，差 {gap(total, claimed)}。",
            (*values, self.total),
            numbers=tuple(self.numbers(values.values(), total, claimed)),
            left=total,
            right=claimed,
            follows=cause(report, self.rests_on, holds),
        )


@dataclass(frozen=True, eq=False)
class OutcomeTotal(Total):
    """
    办理结果总计 is the sum of the outcomes of its column (A2).

    The addends are the rows that the report has: a published report may lack some (F2), and has one
    form or the other of the rows in which the editions differ. `replaced` are such rows of this
    edition among the addends, `instead` those of the other edition. A row counts as present if a
    figure is printed in one of the columns `seen_in`.
    """

    replaced: tuple[RowId, ...] = ()
    instead: tuple[Named, ...] = ()
    seen_in: tuple[ColumnId, ...] = ()

    @property
    def parts(self) -> tuple[CellId, ...]:
        """The addends, including those of the other edition."""
        return tuple(cell for cell, _ in (*self.addends, *self.instead))

    def numbers(self, values: Iterable[Number], total: Number, claimed: Number) -> Iterable[Number]:  # noqa: ARG002
        """Only both sums: there are many outcomes."""
        return (total, claimed)

    def present(self, report: Report) -> tuple[Named, ...]:
        """
        The outcomes that the report has; none if one is neither present nor known to be missing.
        """
        if not report.published:
            return self.addends
        missing = report.evidence.missing_rows if report.evidence else None
        rows = {cell: cell.rpartition(".")[0] for cell in self.parts}
        here = {cell: self._stands(report, cell, row) for cell, row in rows.items()}
        group = [cell for cell in self.parts if rows[cell] in self.replaced]
        group += [cell for cell, _ in self.instead]
        for cell, _ in self.addends:
            part_is_enough = rows[cell] in self.replaced and any(here[other] for other in group)
            if here[cell] or part_is_enough:
                continue
            if missing is not None and rows[cell] not in missing:
                return ()
        return tuple(named for named in (*self.addends, *self.instead) if here[named[0]])

    def _stands(self, report: Report, cell: CellId, row: RowId) -> bool:
        cells = (cell, *(f"{row}.{column}" for column in self.seen_in))
        return any(report.printed(cell) is not None for cell in cells)


@dataclass(frozen=True, eq=False)
class Balance(Check):
    """
    Received plus carried over equals answered plus carried forward, in every column (A1).

    In a conversation more answers than requests are a finding even before 结转下年度 is confirmed.
    `sum_of` are the balances of the other columns if this column is their sum (总计): its error
    then follows from theirs.
    """

    column: ColumnId
    name: str
    left: tuple[Named, Named]
    right: tuple[Named, Named]
    sum_of: tuple[Balance, ...] = ()
    rests_on: tuple[Total, ...] = ()

    @property
    def parts(self) -> tuple[CellId, ...]:
        """The four cells of the column, the left side first."""
        return tuple(f"{row}.{self.column}" for row, _ in (*self.left, *self.right))

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The four cells, and the addends of computed ones."""
        wanted: dict[ItemId, None] = {}

        def add(cell: CellId) -> None:
            wanted[cell] = None
            for addend in form.sums.get(cell, ()):
                add(addend)

        for cell in self.parts:
            add(cell)
        return wanted

    def findings(self, report: Report) -> Iterator[Finding]:
        """Both sums, if they differ."""
        values = [report.stated(cell) for cell in self.parts]
        received, carried_over, answered, forward = values
        if received is None or carried_over is None or answered is None:
            return
        left = received + carried_over
        right = answered + (forward or 0)
        if left == right or (forward is None and (report.published or left > right)):
            return
        (new, old), (done, on) = ([name for _, name in side] for side in (self.left, self.right))
        answered_said = f"{done} {grouped(answered)}"
        if forward is None:
            rest = f"{answered_said}，办理的比收到的多 {gap(left, right)}。"
        else:
            rest = (
                f"{answered_said} + {on} {grouped(forward)} = {grouped(right)}，"
                f"差 {gap(left, right)}。"
            )

        def holds(corrected: Mapping[CellId, Number]) -> bool:
            new, old, done, on = (
                corrected.get(cell, value or 0)
                for cell, value in zip(self.parts, values, strict=True)
            )
            return new + old == done + on

        yield Finding(
            self.id,
            Grade.E,
            f"{self.name}列：{new} {grouped(received)} + {old} {grouped(carried_over)}"
            f" = {grouped(left)}，{rest}",
            self.parts,
            numbers=tuple(value for value in values if value is not None),
            left=left,
            right=right,
            follows=cause(report, self.rests_on, holds) or self._column(report, left - right),
        )

    def _column(self, report: Report, difference: Number) -> str | None:
        """The key of the first unbalanced column, if the columns explain the whole difference."""
        unbalanced = [finding for check in self.sum_of for finding in check.findings(report)]
        explained = sum((finding.left or 0) - (finding.right or 0) for finding in unbalanced)
        return unbalanced[0].key if unbalanced and explained == difference else None


def linked(totals: Sequence[Total], balances: Sequence[Balance]) -> tuple[Check, ...]:
    """
    The arithmetic of one edition, with each check told which totals it rests on.

    A wrong total is then named once, as the cause, and the other sums it breaks follow from it. If
    several totals are wrong, the earlier one in `totals` is the cause.
    """

    def inside(check: Total | Balance) -> tuple[Total, ...]:
        return tuple(total for total in totals if total is not check and total.total in check.parts)

    return (
        *(replace(total, rests_on=inside(total)) for total in totals),
        *(replace(balance, rests_on=inside(balance)) for balance in balances),
    )


def cause(
    report: Report, totals: Iterable[Total], holds: Callable[[Mapping[CellId, Number]], bool]
) -> str | None:
    """
    The key of the wrong total that a broken sum or balance follows from.

    That is a total with whose computed value the sum or balance would hold.
    """
    causes = [
        (total.total, finding.left or 0, finding.key)
        for total in totals
        for finding in total.findings(report)
    ]
    for cell, computed, key in causes:
        if holds({cell: computed}):
            return key
    if causes and holds({cell: computed for cell, computed, _ in reversed(causes)}):
        return causes[0][2]
    return None


@dataclass(frozen=True, eq=False)
class Range(Check):
    """
    A figure is possible (A5): whole if it is a count, not negative, not absurdly large.

    Only for published files: in a conversation such input is refused at once. `least` and `most`
    are still possible, with up to `decimals` places; `possible` says the same in words.
    """

    measure: Measure
    least: Number
    most: Number
    decimals: int
    possible: str

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figures of this measure."""
        return [cell.id for cell in form.cells.values() if cell.measure is self.measure]

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding per figure."""
        if not report.published:
            return
        for cell in report.form.cells.values():
            value = report.printed(cell.id)
            if cell.measure is not self.measure or value is None or self._possible(value):
                continue
            line = report.form.lines[cell.line]
            yield Finding(
                self.id,
                Grade.E,
                f"{line.short}（{cell.column.name}）印的是 {grouped(value)}，应是{self.possible}。",
                (cell.id,),
                numbers=(value,),
            )

    def _possible(self, value: Number) -> bool:
        if isinstance(value, Decimal) and not value.is_finite():
            return False
        scale = Decimal(value).scaleb(self.decimals)
        return self.least <= value <= self.most and scale == scale.to_integral_value()
