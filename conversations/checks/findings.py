"""
The checks: what must hold, what is unusual, what is worth a word.

A check is data over the form's rows and columns or over a narrative; its instances
for an edition stand in `conversations/form/rules_2021.py`, the checks of running text
in `conversations/narratives.py`. A check is silent while a figure it needs is
unanswered: an empty cell is not a zero.

In a conversation totals are computed, and a total that somebody typed is a claim to be
compared. In a published report the printed totals are the report's own statements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from typing import Protocol

from conversations.form.answers import Answers, Figures, Number
from conversations.form.model import CellId, ColumnId, Form, ItemId, Measure, RowId
from conversations.form.organ import Level


class Grade(Enum):
    """How much a finding weighs."""

    E = "必须改正"
    W = "需要说明"
    H = "提示"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing a check found.

    `cells` are figures only; `narrative` is the id of the text it is about. `left`
    and `right` are the two numbers that should agree, where there are two;
    `numbers` are all numbers of the sentence. `follows` is the key of the finding
    this one only follows from: it is shown under it, not beside it.
    """

    id: str
    grade: Grade
    message: str
    cells: tuple[CellId, ...] = ()
    narrative: ItemId | None = None
    numbers: tuple[Number, ...] = ()
    left: Number | None = None
    right: Number | None = None
    follows: str | None = None

    @property
    def key(self) -> str:
        """
        What an explanation hangs on: the check, its place and its numbers.

        When a figure changes, the explanation of the old one no longer counts.
        """
        where = ",".join(self.cells) or self.narrative or ""
        return f"{self.id}|{where}|{' '.join(map(str, self.numbers))}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The written reason for a finding of the middle grade (需要说明), kept."""

    check: str
    cells: tuple[CellId, ...]
    key: str
    text: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class LabelDifference:
    """
    A label of a published table that is not the official wording (F3).

    Blanks and punctuation do not count as a difference.
    """

    printed: str
    official: str


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """
    What a reader saw of a published file beside its values: the food of the F checks.

    The reader in `conversations/document/` fills it in and puts it on
    `Report.evidence`; in a conversation there is none, and the F checks are silent.
    Everything is by the permanent ids of the form; an empty field means «nothing to
    report». A reader that is in doubt whether a part is missing or only unread says
    nothing here.

    `headings` holds each section that was found with its heading as printed, numeral
    and all («五、存在的主要问题及整改措施»), in the order of the file: order and wording
    are judged here and not in the reader. `missing_sections` are sections whose heading
    is nowhere, `missing_tables` sections without their table, `missing_rows` printed
    lines (`requests.outcome.disclosed`) of a table that is there, `missing_columns` the
    cells of a column that is missing in a table that is there. A row in whose place the
    other edition's row stands is not missing: it goes into `other_edition`, the lines
    of the other edition that were found (`requests.outcome.otherwise_handled.all`).
    `labels` are differences of wording, `traces` marks of tools as found («[bookmark:
    _GoBack]», control characters as «U+0007»), `reports` how many reports stand in the
    file.
    """

    headings: tuple[tuple[ItemId, str], ...] = ()
    missing_sections: tuple[ItemId, ...] = ()
    missing_tables: tuple[ItemId, ...] = ()
    missing_rows: tuple[ItemId, ...] = ()
    missing_columns: tuple[CellId, ...] = ()
    other_edition: tuple[ItemId, ...] = ()
    labels: tuple[LabelDifference, ...] = ()
    traces: tuple[str, ...] = ()
    reports: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """
    One report as the checks see it.

    `year` is the year reported on. `level` is the organ's. `last_year` is the report
    before it, where known. `published` marks a report read from a file: then claimed
    totals are the printed ones, `blank` are its empty cells (counted as 0) and
    `evidence` is what else the reader saw. `settings` replaces a threshold of a check:
    `{"B4.above": 10}`.
    """

    form: Form
    organ: str
    year: int
    answers: Answers
    level: Level = Level.UNKNOWN
    last_year: Report | None = None
    published: bool = False
    blank: frozenset[CellId] = frozenset()
    explanations: tuple[Explanation, ...] = ()
    settings: Mapping[str, Number] = field(default_factory=dict)
    evidence: FileEvidence | None = None

    @property
    def figures(self) -> Figures:
        """The figures, computed totals included."""
        return Figures(self.form, self.answers)

    def printed(self, cell: CellId) -> Number | None:
        """A figure as a published report prints it; a blank counts as 0 (A6)."""
        found = self.answers.number(cell)
        return 0 if found is None and cell in self.blank else found

    def stated(self, cell: CellId) -> Number | None:
        """The figure as the report states it: printed in a file, computed in a conversation."""
        if self.published:
            found = self.printed(cell)
            if found is not None or cell not in self.form.sums:
                return found
        leaves = self.form.leaves.get(cell)
        return self.answers.sum_of(leaves) if leaves else self.answers.number(cell)

    def setting(self, name: str, default: Number) -> Number:
        """A threshold: the report's own setting, else the check's."""
        return self.settings.get(name, default)


class Check(Protocol):
    """
    One rule at one place.

    `id` and `grade` are stable and stand in people's files; `text` says the rule in
    one Chinese sentence; `source` the article or notice it rests on, or 「经验规则」.
    """

    @property
    def id(self) -> str: ...

    @property
    def grades(self) -> tuple[Grade, ...]: ...

    @property
    def texts(self) -> tuple[str, ...]: ...

    @property
    def source(self) -> str: ...

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The cells and texts after whose change the check must run again."""
        ...

    def findings(self, report: Report) -> Iterator[Finding]:
        """What it finds; nothing while a figure it needs is unanswered."""
        ...


def explained(report: Report, finding: Finding) -> bool:
    """Whether somebody has written down why this unusual figure is true."""
    return any(explanation.key == finding.key for explanation in report.explanations)


# What only says that it is so. Longer ones first: «核实无误» before «核实».
_ASSURANCES = (
    "情况属实|数据属实|真实有效|真实准确|准确无误|核实无误|核对无误|没有问题|没有错误|没有错|没问题|"
    "无异议|无错误|无问题|符合实际|实际情况|真实情况|如实填报|如实填写|如实反映|以此为准|就是这样|"
    "本来如此|确实如此|经办人|本单位|我单位|本机关|本部门|负责人|领导|办公室|我局|我镇|我乡|我县|我办|"
    "认真|仔细|反复|再次|多次|现已|核实|核查|核对|复核|检查|审核|确认|同意|说明|属实|无误|正确|准确|"
    "真实|完整|合理|正常|没错|可以|知道|知悉|收到|好的|谢谢|填报|填写|统计|上报|报送|录入|数字|数据|"
    "数值|数量|情况|信息|内容|结果|以上|上述|特此|该项|此项|本项|此处|这里|所填|实际|确实|确为|就是|"
    "不是|对的|没有|一致|相符|符合|台账|系统|均|都|已|经|是|为|的|了|与|和|对|无|有|请|予|以|由|"
    "我|们|他|她|它|这|那|此|该|本|个|不|很|太|也|就"
)
_ASSURANCE = re.compile(_ASSURANCES)
_WRITTEN = re.compile(r"[^\W_]")
REASON_AT_LEAST = 6
REASON_SAYS = 4


def reason_is_enough(text: str) -> bool:
    """
    Whether an explanation says why, and not merely that all is well.

    «核实无误», «情况属实», a single word, punctuation and repetitions are refused: less
    than 6 characters, or less than 4 different ones beside the usual assurances [ours].
    """
    written = "".join(_WRITTEN.findall(text))
    if len(written) < REASON_AT_LEAST:
        return False
    said = [
        letter for letter in _ASSURANCE.sub("", _once(written)) if "\u4e00" <= letter <= "\u9fff"
    ]
    return len(set(said)) >= REASON_SAYS and len(_once(written)) >= REASON_AT_LEAST


def _once(text: str) -> str:
    """A text that repeats itself, one time («无误无误无误» is «无误»)."""
    for length in range(1, len(text) // 2 + 1):
        unit = text[:length]
        if (unit * (len(text) // length + 1))[: len(text)] == text:
            return unit
    return text


# ------------------------------------------------------- A: arithmetic inside one report


def plain(number: Number) -> str:
    """A figure as people write it: no exponent, no trailing zeros."""
    if isinstance(number, int):
        return str(number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _gap(left: Number, right: Number) -> str:
    """How far two numbers are apart."""
    return plain(max(left, right) - min(left, right))


def _addition(terms: Iterable[tuple[str, Number]], result: Number) -> str:
    """«自然人 3 + 商业企业 1 = 4»; zeros are left out, they add nothing."""
    told = [f"{name} {plain(value)}" for name, value in terms if value]
    if not told:
        return "各项都是 0"
    return f"{' + '.join(told)} = {plain(result)}"


def _row_name(form: Form, row: RowId, other: Mapping[RowId, str]) -> str:
    """The short name of a row; `other` names the rows of the other edition."""
    line = form.lines.get(row)
    return line.short if line else other.get(row, row)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RowTotal:
    """
    A row's total is the sum of its columns (A3), a block's of its four results (A4).

    Speaks only where somebody claims a total: computed ones cannot be wrong. `row` may
    be a row of the other edition, which a hybrid report has.
    """

    id: str
    row: RowId
    columns: tuple[tuple[ColumnId, str], ...]
    texts: tuple[str, ...]
    source: str
    name: str = ""
    grades: tuple[Grade, ...] = (Grade.E,)
    rests_on: tuple[RowTotal | ColumnTotal, ...] = ()

    @property
    def total(self) -> CellId:
        """The cell of the total that is compared."""
        return f"{self.row}.total"

    @property
    def cells(self) -> tuple[CellId, ...]:
        """The cells that are added up and their total, in printed order."""
        return (*self.addends, self.total)

    @property
    def addends(self) -> tuple[CellId, ...]:
        """The cells that are added up, in printed order."""
        return tuple(f"{self.row}.{column}" for column, _ in self.columns)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figures of the row."""
        return [cell for cell in self.cells if cell in form.cells]

    def findings(self, report: Report) -> Iterator[Finding]:
        """The sum against the claimed total."""
        claimed = report.printed(self.total)
        if claimed is None:
            return
        values = [report.stated(cell) for cell in self.addends]
        known = [value for value in values if value is not None]
        if len(known) < len(values) or sum(known) == claimed:
            return
        total = sum(known)
        line = report.form.lines.get(self.row)
        here = line.short if line else self.name
        names = [name for _, name in self.columns]
        yield Finding(
            self.id,
            Grade.E,
            f"{here}：{_addition(zip(names, known, strict=True), total)}，"
            f"总计为 {plain(claimed)}，差 {_gap(total, claimed)}。",
            self.cells,
            numbers=(*known, total, claimed),
            left=total,
            right=claimed,
            follows=_cause(
                report,
                self.rests_on,
                lambda value: (
                    sum(value.get(c, v) for c, v in zip(self.addends, known, strict=True))
                    == value.get(self.total, claimed)
                ),
            ),
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ColumnTotal:
    """
    The total of the results is the sum of the result rows of its column (A2).

    The rows are those the report has: a published report may lack some (F2), and of
    the rows that differ between the editions it has one or the other (`instead` holds
    those of the other edition with their names). Speaks only where a total is claimed.
    """

    id: str
    column: ColumnId
    name: str
    rows: tuple[RowId, ...]
    total_row: RowId
    instead: tuple[tuple[RowId, str], ...]
    replaced: tuple[RowId, ...]
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.E,)
    rests_on: tuple[RowTotal | ColumnTotal, ...] = ()

    @property
    def cells(self) -> tuple[CellId, ...]:
        """The cells that are added up, those of the other edition among them."""
        rows = (*self.rows, *(row for row, _ in self.instead))
        return tuple(f"{row}.{self.column}" for row in rows)

    @property
    def total(self) -> CellId:
        """The cell of the total that is compared."""
        return f"{self.total_row}.{self.column}"

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figures of the column above the total, and the total."""
        cells = [f"{row}.{self.column}" for row in self.rows]
        return [cell for cell in (*cells, self.total) if cell in form.cells]

    def present(self, report: Report) -> tuple[RowId, ...] | None:
        """The result rows the report has; None where one is neither there nor missing."""
        if not report.published:
            return self.rows
        other = tuple(row for row, _ in self.instead)
        missing = report.evidence.missing_rows if report.evidence else None
        rows: list[RowId] = []
        here = {row: self._stands(report, row) for row in (*self.rows, *other)}
        for row in self.rows:
            if here[row]:
                rows.append(row)
            elif row in self.replaced and any(here[name] for name in (*other, *self.replaced)):
                pass  # the other edition's row stands there, or part of the group is enough
            elif missing is not None and row not in missing:
                return None
        return (*rows, *(row for row in other if here[row]))

    def _stands(self, report: Report, row: RowId) -> bool:
        cells = (f"{row}.{self.column}", f"{row}.total", f"{row}.natural_person")
        return any(report.printed(cell) is not None for cell in cells)

    def findings(self, report: Report) -> Iterator[Finding]:
        """The sum of the rows against the claimed total."""
        claimed = report.printed(self.total)
        if claimed is None:
            return
        rows = self.present(report)
        if not rows:
            return
        cells = tuple(f"{row}.{self.column}" for row in rows)
        values = [report.stated(cell) for cell in cells]
        known = [value for value in values if value is not None]
        total = sum(known)
        if len(known) < len(values) or total == claimed:
            return
        names = [_row_name(report.form, row, dict(self.instead)) for row in rows]
        yield Finding(
            self.id,
            Grade.E,
            f"{self.name}列办理结果：{_addition(zip(names, known, strict=True), total)}，"
            f"总计为 {plain(claimed)}，差 {_gap(total, claimed)}。",
            (*cells, self.total),
            numbers=(total, claimed),
            left=total,
            right=claimed,
            follows=_cause(
                report,
                self.rests_on,
                lambda value: (
                    sum(value.get(c, v) for c, v in zip(cells, known, strict=True)) == claimed
                ),
            ),
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Balance:
    """
    Received and carried over is answered and carried forward, in every column (A1).

    In a conversation more answers than requests are a finding even before
    结转下年度 is confirmed. `sum_of` are the balances of the other columns where this
    one is their sum (总计): what is wrong there only follows.
    """

    id: str
    column: ColumnId
    name: str
    left: tuple[tuple[RowId, str], tuple[RowId, str]]
    right: tuple[tuple[RowId, str], tuple[RowId, str]]
    texts: tuple[str, ...]
    source: str
    sum_of: tuple[Balance, ...] = ()
    grades: tuple[Grade, ...] = (Grade.E,)
    rests_on: tuple[RowTotal | ColumnTotal, ...] = ()

    @property
    def cells(self) -> tuple[CellId, ...]:
        """The four cells of the column, the left side first."""
        return tuple(f"{row}.{self.column}" for row, _ in (*self.left, *self.right))

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The four cells and, where one is computed, what it is computed from."""
        wanted: list[ItemId] = []

        def add(cell: CellId) -> None:
            wanted.append(cell)
            for addend in form.sums.get(cell, ()):
                add(addend)

        for cell in self.cells:
            add(cell)
        return dict.fromkeys(wanted)

    def findings(self, report: Report) -> Iterator[Finding]:
        """Both sums, where they differ."""
        values = [report.stated(cell) for cell in self.cells]
        received, carried_over, answered, forward = values
        if received is None or carried_over is None or answered is None:
            return
        left = received + carried_over
        if forward is None:
            if report.published or left >= answered:
                return
        elif left == answered + forward:
            return
        (new, old), (done, on) = ([name for _, name in side] for side in (self.left, self.right))
        start = (
            f"{self.name}列：{new} {plain(received)} + {old} {plain(carried_over)} = {plain(left)}"
        )
        if forward is None:
            right = answered
            rest = f"{done} {plain(answered)}，办理的比收到的多 {plain(answered - left)}。"
        else:
            right = answered + forward
            rest = (
                f"{done} {plain(answered)} + {on} {plain(forward)} = {plain(right)}，"
                f"差 {_gap(left, right)}。"
            )

        def holds(value: Mapping[CellId, Number]) -> bool:
            new, old, done, on = (value.get(c, v) for c, v in zip(self.cells, values, strict=True))
            return (new or 0) + (old or 0) == (done or 0) + (on or 0)

        yield Finding(
            self.id,
            Grade.E,
            f"{start}，{rest}",
            self.cells,
            numbers=tuple(value for value in values if value is not None),
            left=left,
            right=right,
            follows=_cause(report, self.rests_on, holds) or self._column(report, left - right),
        )

    def _column(self, report: Report, difference: Number) -> str | None:
        """The first unbalanced column, where the columns explain the whole difference."""
        unbalanced = [finding for check in self.sum_of for finding in check.findings(report)]
        explained = sum((f.left or 0) - (f.right or 0) for f in unbalanced)
        return unbalanced[0].key if unbalanced and explained == difference else None


def linked(
    totals: Sequence[RowTotal | ColumnTotal], balances: Sequence[Balance]
) -> tuple[Check, ...]:
    """
    The rules of one edition's arithmetic, each told on which totals it rests.

    A wrong total is then named once, as the cause, and what else it breaks only follows.
    Where several totals are wrong, the earlier in `totals` is the cause.
    """
    return tuple(
        replace(
            check,
            rests_on=tuple(
                total for total in totals if total is not check and total.total in check.cells
            ),
        )
        for check in (*totals, *balances)
    )


def _cause(
    report: Report,
    totals: Iterable[RowTotal | ColumnTotal],
    holds: Callable[[Mapping[CellId, Number]], bool],
) -> str | None:
    """
    The key of the wrong total a broken rule only follows from.

    With the computed total in place of the claimed one the rule would hold.
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Range:
    """
    A figure is one that can be (A5): whole where it counts, not negative, not absurd.

    Speaks of published files only: in a conversation such input is refused at once.
    """

    id: str
    unit: Measure
    least: Number
    most: Number
    decimals: int
    possible: str
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.E,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figures of this unit."""
        return [cell.id for cell in form.cells.values() if cell.measure is self.unit]

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a figure."""
        if not report.published:
            return
        for cell in report.form.cells.values():
            value = report.printed(cell.id)
            if cell.measure is not self.unit or value is None or self._possible(value):
                continue
            line = report.form.lines[cell.line]
            yield Finding(
                self.id,
                Grade.E,
                f"{line.short}（{cell.column.name}）印的是 {plain(value)}，应是{self.possible}。",
                (cell.id,),
                numbers=(value,),
            )

    def _possible(self, value: Number) -> bool:
        if isinstance(value, Decimal) and not value.is_finite():
            return False
        scale = Decimal(value).scaleb(self.decimals)
        return self.least <= value <= self.most and scale == scale.to_integral_value()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Blank:
    """Blank figures of a published table (A6), counted as 0, one finding a table."""

    id: str
    table: ItemId
    name: str
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figures of the table."""
        return [cell for cell in form.cells if cell.startswith(f"{self.table}.")]

    def findings(self, report: Report) -> Iterator[Finding]:
        """The blank cells in printed order."""
        if not report.published or not report.blank:
            return
        mine = {cell for cell in report.blank if cell.startswith(f"{self.table}.")}
        ordered = [cell for cell in report.form.cells if cell in mine]
        ordered += sorted(mine.difference(ordered))
        if ordered:
            yield Finding(
                self.id,
                Grade.H,
                f"{self.name}有 {len(ordered)} 格没有填数字，核对时按 0 计；没有的请填 0。",
                tuple(ordered),
                numbers=(len(ordered),),
            )


# ---------------------------------------------------- B: plausibility inside one report


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AtLeast:
    """What was issued and not repealed is in force (B1)."""

    id: str
    row: RowId
    name: str
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.W,)

    @property
    def cells(self) -> tuple[CellId, ...]:
        """Issued, repealed, in force."""
        return tuple(f"{self.row}.{column}" for column in ("issued", "repealed", "in_force"))

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The three figures of the row."""
        return [cell for cell in self.cells if cell in form.cells]

    def findings(self, report: Report) -> Iterator[Finding]:
        """What is in force against issued less repealed."""
        issued, repealed, in_force = map(report.stated, self.cells)
        if issued is None or repealed is None or in_force is None:
            return
        least = issued - repealed
        if in_force >= least:
            return
        yield Finding(
            self.id,
            Grade.W,
            f"{self.name}：本年制发 {plain(issued)} − 本年废止 {plain(repealed)} = {plain(least)}，"
            f"现行有效却只有 {plain(in_force)}，少 {plain(least - in_force)}。",
            self.cells,
            numbers=(issued, repealed, in_force),
            left=in_force,
            right=least,
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NoRuleMaking:
    """Townships, counties and bureaus make no rules (B2)."""

    id: str
    cells: tuple[CellId, ...]
    levels: tuple[Level, ...]
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.W,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figures of rules."""
        return [cell for cell in self.cells if cell in form.cells]

    def findings(self, report: Report) -> Iterator[Finding]:
        """The figures that are above 0."""
        if report.level not in self.levels:
            return
        above = [(cell, value) for cell in self.cells if (value := report.stated(cell) or 0) > 0]
        if above:
            told = "、".join(
                f"{report.form.cells[cell].column.name} {plain(value)}" for cell, value in above
            )
            yield Finding(
                self.id,
                Grade.W,
                f"规章填了{told}。规章由国务院部门、省、设区的市、自治州制定，"
                f"县、乡镇和部门一般没有规章，是不是应填在行政规范性文件里？",
                tuple(cell for cell, _ in above),
                numbers=tuple(value for _, value in above),
            )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MoreDisputes:
    """More disputes than requests (B4), from `above` on [ours]."""

    id: str
    disputes: tuple[CellId, ...]
    requests: tuple[CellId, ...]
    texts: tuple[str, ...]
    source: str
    above: int = 5
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The totals, and what they are computed from."""
        totals = (*self.disputes, *self.requests)
        return [*totals, *(addend for total in totals for addend in form.sums[total])]

    def findings(self, report: Report) -> Iterator[Finding]:
        """Both sums, where the disputes exceed."""
        disputes = [report.stated(cell) for cell in self.disputes]
        requests = [report.stated(cell) for cell in self.requests]
        if None in disputes or None in requests:
            return
        left = sum(value or 0 for value in disputes)
        right = sum(value or 0 for value in requests)
        if left <= right or left <= report.setting(f"{self.id}.above", self.above):
            return
        yield Finding(
            self.id,
            Grade.H,
            f"行政复议、行政诉讼共 {plain(left)} 件，比新收和上年结转的申请 {plain(right)} 件还多。"
            f"这里只填因政府信息公开引起的案件。",
            (*self.disputes, *self.requests),
            numbers=(left, right),
            left=left,
            right=right,
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FeeLooksLikeYuan:
    """
    The fee looks like 元 where 万元 is asked (B5): the commonest mistake.

    `limits` are in 万元 by level, `times` is against last year where known [ours].
    """

    id: str
    cell: CellId
    texts: tuple[str, ...]
    source: str
    limits: tuple[tuple[Level, int], ...] = (
        (Level.TOWNSHIP, 10_000),
        (Level.BUREAU, 10_000),
        (Level.COUNTY, 1_000_000),
    )
    times: int = 100
    grades: tuple[Grade, ...] = (Grade.W,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The fee."""
        return [self.cell] if self.cell in form.cells else []

    def findings(self, report: Report) -> Iterator[Finding]:
        """The fee against the level's limit, then against last year's."""
        fee = report.stated(self.cell)
        if not fee or fee < 0:
            return
        last = report.last_year.stated(self.cell) if report.last_year else None
        limit = dict(self.limits).get(report.level)
        if limit is not None:
            limit = int(report.setting(f"{self.id}.{report.level.value}", limit))
        times = report.setting(f"{self.id}.times", self.times)
        if limit is not None and fee >= limit:
            why = f"达到或超过 {limit} 万元"
        elif last and fee >= times * last:
            why = f"是上年 {plain(last)} 万元的 {plain(times)} 倍以上"
        else:
            return
        yield Finding(
            self.id,
            Grade.W,
            f"行政事业性收费 {plain(fee)} 万元，{why}，是不是把元当成了万元？"
            f"如果账上是 {plain(fee)} 元，应填 {plain(Decimal(fee) / 10_000)}。",
            (self.cell,),
            numbers=(fee,) if last is None else (fee, last),
        )


# ------------------------------------------------------------------ C: against last year


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CarriedOver:
    """
    上年结转 is last year's 结转下年度, column by column (C1).

    The total column comes first; where it differs, the others are shown under it.
    """

    id: str
    column: ColumnId
    name: str
    row: RowId
    last_row: RowId
    texts: tuple[str, ...]
    source: str
    total: ColumnId = "total"
    grades: tuple[Grade, ...] = (Grade.W,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figure, and what the total is computed from."""
        cell = f"{self.row}.{self.column}"
        return (cell, *form.leaves.get(cell, ()))

    def findings(self, report: Report) -> Iterator[Finding]:
        """This year's figure against last year's."""
        finding = self._difference(report, self.column, self.name)
        if finding is None:
            return
        if self.column != self.total:
            whole = self._difference(report, self.total, "")
            if whole is not None:
                finding = replace(finding, follows=whole.key)
        yield finding

    def _difference(self, report: Report, column: ColumnId, name: str) -> Finding | None:
        if report.last_year is None:
            return None
        cell = f"{self.row}.{column}"
        now = report.stated(cell)
        last = report.last_year.stated(f"{self.last_row}.{column}")
        if now is None or last is None or now == last:
            return None
        return Finding(
            self.id,
            Grade.W,
            f"{name}列：上年结转 {plain(now)}，{report.last_year.year} 年年报的结转下年度是 "
            f"{plain(last)}，差 {_gap(now, last)}。",
            (cell,),
            numbers=(now, last),
            left=now,
            right=last,
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InForce:
    """In force is last year's in force plus issued less repealed (C2)."""

    id: str
    row: RowId
    name: str
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.W,)

    @property
    def cells(self) -> tuple[CellId, ...]:
        """Issued, repealed, in force."""
        return tuple(f"{self.row}.{column}" for column in ("issued", "repealed", "in_force"))

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The three figures of the row."""
        return [cell for cell in self.cells if cell in form.cells]

    def findings(self, report: Report) -> Iterator[Finding]:
        """This year's figure against what follows from last year's."""
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
            f"{self.name}：{report.last_year.year} 年现行有效 {plain(last)} + 本年制发 "
            f"{plain(issued)} − 本年废止 {plain(repealed)} = {plain(expected)}，"
            f"现行有效填的是 {plain(in_force)}，差 {_gap(in_force, expected)}。",
            self.cells,
            numbers=(last, issued, repealed, in_force),
            left=in_force,
            right=expected,
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Jump:
    """
    A figure that is quite another than last year's (C3).

    More than `times` as much or as little and `by` apart, or from above `vanished` to 0
    [ours].
    """

    id: str
    cell: CellId
    name: str
    texts: tuple[str, ...]
    source: str
    times: int = 5
    by: int = 20
    vanished: int = 50
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figure, and what a total is computed from."""
        if self.cell not in form.cells:
            return ()
        return (self.cell, *form.leaves.get(self.cell, ()))

    def findings(self, report: Report) -> Iterator[Finding]:
        """Both figures."""
        if report.last_year is None:
            return
        now, last = report.stated(self.cell), report.last_year.stated(self.cell)
        if now is None or last is None:
            return
        times = report.setting(f"{self.id}.times", self.times)
        far = max(now, last) - min(now, last) > report.setting(f"{self.id}.by", self.by)
        if now == 0:
            jumped = last > report.setting(f"{self.id}.vanished", self.vanished)
        else:
            jumped = far and max(now, last) > times * min(now, last)
        if jumped:
            yield Finding(
                self.id,
                Grade.H,
                f"{self.name}：本年 {plain(now)}，{report.last_year.year} 年 {plain(last)}，"
                f"变化很大，请再看一眼。",
                (self.cell,),
                numbers=(now, last),
                left=now,
                right=last,
            )


# ---------------------------------------------------------- F: the form of a published file

_NOT_LABEL = re.compile(r"[\W_]+")


def _bare(text: str) -> str:
    """A label without blanks and punctuation."""
    return _NOT_LABEL.sub("", text)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Headings:
    """
    The six sections are there (F1, E), in order and under their official headings (H).

    `also` are headings official elsewhere: those of the form in force over older tables.
    """

    id: str
    texts: tuple[str, ...]
    source: str
    also: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = (Grade.E, Grade.H)

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # files only
        """Nothing that is asked."""
        return ()

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a section."""
        if not report.published or report.evidence is None:
            return
        form = report.form
        texts = {narrative.id for narrative in form.narratives}
        for item in report.evidence.missing_sections:
            yield Finding(
                self.id,
                Grade.E,
                f"没有找到「{form.section[item].heading}」这一节。",
                narrative=item if item in texts else None,
            )
        order = list(form.section)
        highest = -1
        for item, printed in report.evidence.headings:
            official = form.section[item].heading
            narrative = item if item in texts else None
            if order.index(item) < highest:
                yield Finding(self.id, Grade.H, f"「{printed}」的次序不对。", narrative=narrative)
            highest = max(highest, order.index(item))
            if _bare(printed) not in {_bare(one) for one in (official, *self.also)}:
                yield Finding(
                    self.id,
                    Grade.H,
                    f"标题是「{printed}」，格式规定的是「{official}」。",
                    narrative=narrative,
                )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WholeTables:
    """The three tables are there with all their rows and columns (F2), one finding a table."""

    id: str
    names: tuple[tuple[ItemId, str], ...]
    other: tuple[tuple[RowId, str], ...]
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.E,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # files only
        """Nothing that is asked."""
        return ()

    def findings(self, report: Report) -> Iterator[Finding]:
        """What each table lacks."""
        seen = report.evidence
        if not report.published or seen is None:
            return
        for table, name in self.names:
            if table in seen.missing_tables:
                yield Finding(self.id, Grade.E, f"没有找到{name}。")
                continue
            rows = [row for row in seen.missing_rows if row.startswith(f"{table}.")]
            columns = [cell for cell in seen.missing_columns if cell.startswith(f"{table}.")]
            lacks = [f"「{_row_name(report.form, row, dict(self.other))}」一行" for row in rows]
            lacks += [f"「{self._column(report, cell)}」一列" for cell in columns]
            if lacks:
                told = "、".join(dict.fromkeys(lacks))
                yield Finding(self.id, Grade.E, f"{name}缺{told}。")

    @staticmethod
    def _column(report: Report, cell: CellId) -> str:
        found = report.form.cells.get(cell)
        if found is None:
            return cell.rsplit(".", 1)[-1]
        if cell.startswith("review."):
            return f"{report.form.lines[found.line].short}{found.column.label}"
        return found.column.label


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Labels:
    """Labels in the official wording (F3), one finding a label."""

    id: str
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # files only
        """Nothing that is asked."""
        return ()

    def findings(self, report: Report) -> Iterator[Finding]:
        """What is printed against what the form says."""
        if not report.published or report.evidence is None:
            return
        for label in dict.fromkeys(report.evidence.labels):
            yield Finding(
                self.id,
                Grade.H,
                f"表里印的是「{label.printed}」，格式规定的是「{label.official}」。",
            )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OldEdition:
    """The 2019 edition, or part of it, in a report on `since` or later (F4)."""

    id: str
    edition: str
    since: int
    names: tuple[tuple[RowId, str], ...]
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.W,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # files only
        """Nothing that is asked."""
        return ()

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding, naming the parts."""
        seen = report.evidence
        if not report.published or seen is None or report.year < self.since:
            return
        if report.form.edition == self.edition:
            told = "表格用的是 2019 年的旧格式"
        elif seen.other_edition:
            names = dict(self.names)
            parts = "、".join(
                f"「{_row_name(report.form, row, names)}」" for row in seen.other_edition
            )
            told = f"表格里有 2019 年旧格式的部分：{parts}"
        else:
            return
        yield Finding(
            self.id, Grade.W, f"{told}；{self.since} 年起应使用国办公开办函〔2021〕30号的格式。"
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Title:
    """The title is «…年政府信息公开工作年度报告» (F5)."""

    id: str
    ending: str
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # files only
        """The title; in a conversation it is the organ's own."""
        return ("title",)

    def findings(self, report: Report) -> Iterator[Finding]:
        """The title as printed."""
        title = report.answers.text("title")
        if report.published and title and not _bare(title).endswith(self.ending):
            yield Finding(
                self.id,
                Grade.H,
                f"标题是「{' '.join(title.split())}」，格式规定的是「…{self.ending}」。",
                narrative="title",
            )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Traces:
    """Traces of tools, or two reports in one file (F6)."""

    id: str
    texts: tuple[str, ...]
    source: str
    grades: tuple[Grade, ...] = (Grade.H,)

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # files only
        """Nothing that is asked."""
        return ()

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding with all of them."""
        seen = report.evidence
        if not report.published or seen is None:
            return
        told = list(dict.fromkeys(seen.traces))
        if seen.reports > 1:
            told.append(f"文件里有 {seen.reports} 份年报")
        if told:
            yield Finding(self.id, Grade.H, f"文件里有不该有的痕迹：{'；'.join(told[:5])}。")
