"""N2 and C5: the figures a text states against the tables of this year and of last year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from conversations.checks.findings import Finding, Grade, Repair, Report
from conversations.checks.texts.facts import statements_in
from conversations.checks.texts.phrases import ROWS_OF_APPLICANTS, SPOKEN_OF, Sum
from conversations.checks.texts.running_text import TextCheck, half_width, place_in
from conversations.checks.texts.statements import Statement, statements
from conversations.form.answers import Number, format_number, grouped
from conversations.form.local_notice import LOCAL_CELLS
from conversations.form.model import Form, ItemId
from conversations.form.numbers import LOCAL

MOST_LIKELY = 2  # contradictions told in a report that are only likely


@dataclass(frozen=True, eq=False)
class Contradiction(TextCheck):
    """
    A figure in the text is not the one in the tables (N2), one check a table.

    W where the reading is sure; H where it is only likely, two in a report at most.
    """

    table: ItemId

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The texts, and every figure that a phrase may mean."""
        wanted = dict.fromkeys(self.read)
        offered = {
            c for _, pieces in form.spelled for p in pieces if isinstance(p, tuple) for c in p
        }
        for cell in form.cells:
            if cell.startswith(f"{self.table}.") and (
                cell in SPOKEN_OF
                or cell in offered
                or cell.rpartition(".")[0] in ROWS_OF_APPLICANTS
            ):
                wanted[cell] = None
                wanted.update(dict.fromkeys(form.leaves.get(cell, ())))
        if self.table == LOCAL:  # whatever a task asks for
            wanted.update(dict.fromkeys(LOCAL_CELLS))
        return wanted

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding for each figure that is contradicted; silent while the year is unknown."""
        if not report.year:
            return
        told: set[tuple[str, Number]] = set()
        likely = 0
        for item, text in self.texts(report):
            for statement in statements_in(report, text):
                ours = statement.cells[0][0].startswith(f"{self.table}.")
                if statement.sure and not ours:
                    continue
                known = known_of(report, statement)
                if not known or any(agrees(statement, value) for _, value in known):
                    continue
                if (statement.name, statement.number) in told:
                    continue
                told.add((statement.name, statement.number))
                likely += not statement.sure
                if ours and (statement.sure or likely <= MOST_LIKELY):
                    yield self._finding(report, item, text, statement, known)

    def _finding(
        self,
        report: Report,
        item: ItemId,
        text: str,
        statement: Statement,
        known: list[tuple[Sum, Number]],
    ) -> Finding:
        values = dict.fromkeys(value for _, value in known)
        cells = dict.fromkeys(cell for group, _ in known for cell in group)
        where = "填的" if self.table == LOCAL else "表里"  # what is printed in no table
        return Finding(
            self.id,
            Grade.W if statement.sure else Grade.H,
            f"{report.form.name_of(item)}里写“{statement.quote}”，是 "
            f"{grouped(statement.number)}；{where}{statement.name}是 "
            f"{' 或 '.join(map(grouped, values))}{'' if statement.sure else '，请核对'}。",
            tuple(cells),
            item,
            (statement.number, *values),
            statement.number,
            next(iter(values)),
            repairs=(_repair(item, text, statement, values),),
        )


def _repair(item: ItemId, text: str, statement: Statement, values: Iterable[Number]) -> Repair:
    """Where the figure stands in the text, and how those of the tables are written there."""
    start, end = place_in(text, *statement.at)
    if statement.none:
        return Repair(item, start, end)
    written = text[start:end]
    right = (as_written(written, statement.number, value) for value in values)
    return Repair(item, start, end, tuple(right))


def as_written(written: str, number: Number, value: Number) -> str:
    """A figure of the table in the manner of the one that is `written` for `number`."""
    written = half_width(written)
    plain = written.replace(",", "")
    scale = Decimal(1)
    if plain.replace(".", "", 1).isdecimal() and number:
        scale = Decimal(plain) / Decimal(number)  # 元 where the table has 万元
    told = format_number(Decimal(value) * scale)
    return f"{Decimal(told):,}" if "," in written else told


def means(report: Report, statement: Statement) -> tuple[Sum, ...]:
    """The cells whose sum a statement tells: those alternatives that agree with it."""
    return tuple(group for group, value in known_of(report, statement) if agrees(statement, value))


def known_of(report: Report, statement: Statement) -> list[tuple[Sum, Number]]:
    """The alternatives with their sums; none where one that could agree is still open."""
    known: list[tuple[Sum, Number]] = []
    for group in statement.cells:
        if not all(cell in report.form.cells or report.published for cell in group):
            continue
        value = report.sum_of(group)
        if value is None:
            if not report.published:
                return []
            continue
        known.append((group, value))
        if report.published:  # a printed total may be wrong, and the text right
            figures = report.figures
            computed = [figures.get(cell) for cell in group if cell in report.form.cells]
            if len(computed) == len(group) and None not in computed:
                known.append((group, sum(value or 0 for value in computed)))
    return known


def agrees(statement: Statement, value: Number) -> bool:
    """Equal, or as near as the digits printed can tell."""
    apart = max(statement.number, value) - min(statement.number, value)
    return apart * 2 <= statement.step


_HOW_MUCH = (
    r"(?P<way>增长|增加|上升|提高|多|下降|减少|降低|少)(?:了|率为|幅为|为)?"
    r"(?P<n>\d+(?:\.\d+)?)(?P<unit>%|件|份|例|宗|起|条|万元)(?!点|以上|左右)"
)
_CHANGE = (
    r"[，（]?(?:(?:同比(?:上年|去年)?|(?:较|比|与)(?:上一?年度?|去年|PREVIOUS年度?)(?:同期)?(?:相比)?|"
    r"相比(?:上年|去年))(?:的?\d+(?:件|份|例|宗|起|条))?，?)?" + _HOW_MUCH
)
_UP = frozenset({"增长", "增加", "上升", "提高", "多"})


@dataclass(frozen=True, eq=False)
class RateOfChange(TextCheck):
    """A change told beside a figure that the tables of both years know (C5)."""

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding for each change that does not follow; N2 speaks of the figures."""
        last_year = report.last_year
        if last_year is None:
            return
        pattern = re.compile(_CHANGE.replace("PREVIOUS", str(last_year.year)))
        for item, text in self.texts(report):
            for statement in statements(text, report.year, report.organ):
                if not statement.sure:
                    continue
                pairs = [
                    (group, now, before)
                    for group, now in known_of(report, statement)
                    if (before := last_year.sum_of(group)) is not None
                ]
                for change in _changes(pattern, statement.after):
                    judged = [pair for pair in pairs if pair[2] or change["unit"] != "%"]
                    if not judged or any(
                        _follows(change, value, before)
                        for _, now, before in judged
                        for value in (now, statement.number)
                    ):
                        continue
                    group, now, before = judged[0]
                    yield Finding(
                        self.id,
                        Grade.H,
                        f"{report.form.name_of(item)}里写“{change[0].strip('，（')}”，"
                        f"{statement.name}本年是 {grouped(now)}，{last_year.year} 年是 "
                        f"{grouped(before)}：{_really(change, now, before)}。",
                        group,
                        item,
                        (Decimal(change["n"]), now, before),
                    )


def _changes(pattern: re.Pattern[str], after: str) -> Iterator[re.Match[str]]:
    """The changes told right after a figure: «，较上年增加 3 件，增长 12.5%»."""
    place = 0
    while change := pattern.match(after, place):
        yield change
        place = change.end()


def _follows(change: re.Match[str], now: Number, before: Number) -> bool:
    """Whether a change is that of the figures, as near as the digits printed can tell."""
    said = Decimal(change["n"]) * (1 if change["way"] in _UP else -1)
    really = Decimal(now) - Decimal(before)
    if change["unit"] == "%":
        really = really / Decimal(before) * 100
    half = Decimal((0, (5,), int(said.as_tuple().exponent) - 1))
    return abs(said - really) <= half if change["unit"] in ("%", "万元") else said == really


def _really(change: re.Match[str], now: Number, before: Number) -> str:
    """What the change is, in the unit in which it was told."""
    difference = Decimal(now) - Decimal(before)
    if not difference:
        return "没有变化"
    way = "增加" if difference > 0 else "减少"
    if change["unit"] == "%":
        difference = (difference / Decimal(before) * 100).quantize(Decimal("0.01"))
    return f"{way} {grouped(abs(difference))}{change['unit']}"
