"""
This year's figures against last year's: a table for a phone.

Computed from stored figures only. A missing figure is called missing, never taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from conversations.form.answers import Answers, Figures, Number, grouped
from conversations.form.model import CellId, Form, Line, Measure, Table


@dataclass(frozen=True, slots=True)
class YearRow:
    """
    One figure in two years (件 int, 万元 Decimal); None if a year does not have it.

    `name` is its short name; for the total of a line, the line's.
    """

    cell: CellId
    line: Line
    name: str
    unit: Measure
    then: Number | None
    now: Number | None

    @property
    def difference(self) -> Number | None:
        """Now minus then, None if one of them is unknown."""
        return None if self.then is None or self.now is None else self.now - self.then


def compare(form: Form, this: Answers, last: Answers) -> tuple[YearRow, ...]:
    """Every figure of the form in both years, in printed order, totals computed."""
    now, then = Figures(form, this), Figures(form, last)
    rows = []
    for table in form.tables:
        for line in table.lines:
            for cell in line.printed:
                total = line.total is not None and cell.id == line.total.id
                alone = len(line.printed) == 1 or total
                name = line.short if alone else f"{line.short}·{cell.column.name}"
                rows.append(
                    YearRow(cell.id, line, name, cell.measure, then.get(cell.id), now.get(cell.id))
                )
    return tuple(rows)


def table_text(form: Form, rows: Sequence[YearRow], year: int) -> str:
    """
    The comparison for a phone: the totals of lines, or single figures of a line without a total.

    Figures that are 0 in both years are only counted; figures that one year lacks are named. `year`
    is this year's.
    """
    by_cell = {row.cell: row for row in rows}
    lines = [f"{year}年与{year - 1}年比较（收费的单位是万元，其余是件）"]
    for section in form.sections:
        if isinstance(section.body, Table):
            lines.append(section.heading)
            lines += _section(section.body, by_cell)
    return "\n".join(lines)


def _section(table: Table, rows: Mapping[CellId, YearRow]) -> Iterator[str]:
    zeros = missing = 0
    for line in table.lines:
        cells = [line.total] if line.total else list(line.cells)
        for row in (rows[cell.id] for cell in cells if cell.id in rows):
            if row.then is None or row.now is None:
                if row.then or row.now:
                    yield f"· {row.name}：{told(row.then)} → {told(row.now)}"
                else:
                    missing += 1
            elif row.then == row.now == 0:
                zeros += 1
            else:
                yield f"· {sentence(row)}"
    if zeros:
        yield f"· 其余 {zeros} 项两年都是 0"
    if missing:
        yield f"· {missing} 项没有数据可比"


def sentence(row: YearRow) -> str:
    """«行政许可：295 → 310，+15（+5.1%）»; an unchanged figure stands once."""
    difference = row.difference
    if difference is None or row.then is None:
        return f"{row.name}：{told(row.then)} → {told(row.now)}"
    if difference == 0:
        return f"{row.name}：{told(row.now)}，不变"
    rate = percent(row.then, difference)
    gap = f"+{grouped(difference)}" if difference > 0 else grouped(difference)
    change = f"{row.name}：{told(row.then)} → {told(row.now)}，{gap}"
    return change + (f"（{rate}）" if rate else "")


def told(value: Number | None) -> str:
    """A figure, or the word for none."""
    return "无数据" if value is None else grouped(value)


def percent(then: Number, difference: Number) -> str:
    """The change in percent with one decimal; "" if the first is 0 or unknown."""
    if not then:
        return ""
    rate = Decimal(difference) * 100 / Decimal(then)
    shown = rate.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{shown:+f}%" if shown else ""
