"""
Findings, reports, and the head of a check.

A check is silent while a figure it needs is unanswered: an empty cell is not a zero. In a
conversation totals are computed, and a typed total is a claim to be compared. In a published report
the printed totals are the report's own statements.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from conversations.form.answers import Answers, Figures, Number
from conversations.form.local_notice import NOTHING, LocalNotice
from conversations.form.model import CellId, Form, ItemId
from conversations.form.organ import Level


class Grade(Enum):
    """The weight of a finding."""

    E = "必须改正"
    W = "需要说明"
    H = "提示"


@dataclass(frozen=True, slots=True)
class Repair:
    """
    A wrong place in a stored text: its characters from `start` to `end`.

    `instead` are possible corrections; empty if only a person can know it.
    """

    item: ItemId
    start: int
    end: int
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One result of a check.

    `cells` are figures only; `narrative` is the id of the text. `left` and `right` are the two
    numbers that should agree, if there are two; `numbers` are all numbers of the sentence.
    `follows` is the key of the finding that causes this one, which is shown under it. `slip` is the
    common name of findings that one slip causes without one following from another. `repairs` are
    the wrong places of a text, if known.
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
    slip: str = ""
    repairs: tuple[Repair, ...] = ()

    @property
    def key(self) -> str:
        """
        The key for explanations: the check, its place and its numbers.

        When a figure changes, the explanation of the old one no longer counts.
        """
        where = ",".join(self.cells) or self.narrative or ""
        return f"{self.id}|{where}|{' '.join(map(str, self.numbers))}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    The stored written reason for a finding of the middle grade (需要说明).

    With `withdrawn` it is taken back: its `text` no longer counts.
    """

    check: str
    cells: tuple[CellId, ...]
    key: str
    text: str
    by: str
    at: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class LabelDifference:
    """
    A label of a published table that differs from the official wording (F3).

    Differences of blanks and punctuation do not count.
    """

    printed: str
    official: str


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """
    Other observations on a published file, beside its values: the input of the F checks.

    The reader in `conversations/document/` makes it for `Report.evidence`; in a conversation there
    is none, and the F checks are silent. All ids are permanent ids of the form; an empty field
    means that nothing is to be reported. A part that may only be unread is not reported as missing.

    `headings` has each section found and its printed heading with its numeral
    («五、存在的主要问题及整改措施»), in the order of the file; the checks judge order and wording.
    `missing_sections` are sections without a heading in the file, `missing_tables` sections without
    their table, `missing_rows` printed lines (`requests.outcome.disclosed`) that a table lacks,
    `missing_columns` the cells of a column that a table lacks. A row that is printed in the other
    edition's form is not missing: it is in `other_edition`, the lines of the other edition that
    were found (`requests.outcome.otherwise_handled.all`). `labels` are differences of wording,
    `traces` marks of tools as found («[bookmark: _GoBack]», control characters as «U+0007») and of
    a draft; `reports` is the number of reports in the file.
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
class Similar:
    """
    A figure that was far from those of similar organs when they were compared.

    `value` is the figure at that time. `middle` is the median of the `count` others; most of them
    lie from `low` to `high`. If `last` is set (the figure of the year before), these are the values
    it would have if it had changed like the others.
    """

    value: Number
    middle: Number
    low: Number
    high: Number
    count: int
    last: Number | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """
    One report as the checks see it.

    `year` is the year reported on. `level` is the organ's. `last_year` is the report before it, if
    known. `published` marks a report read from a file: its claimed totals are the printed ones,
    `blank` are its empty cells (counted as 0), and `evidence` has the reader's other observations.
    `settings` replaces a threshold of a check: `{"B4.above": 10}`. `notice` has what the report's
    task asks beyond the form. `similar` are the figures that stood out among those of similar
    organs.
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
    notice: LocalNotice = NOTHING
    similar: Mapping[CellId, Similar] = field(default_factory=dict)

    @property
    def figures(self) -> Figures:
        """The figures, computed totals included."""
        return Figures(self.form, self.answers)

    def printed(self, cell: CellId) -> Number | None:
        """A figure as a published report prints it; a blank counts as 0 (A6)."""
        figure = self.answers.number(cell)
        return 0 if figure is None and cell in self.blank else figure

    def stated(self, cell: CellId) -> Number | None:
        """The figure as the report states it: printed in a file, computed in a conversation."""
        if self.published:
            figure = self.printed(cell)
            if figure is not None or cell not in self.form.sums:
                return figure
        leaves = self.form.leaves.get(cell)
        return self.answers.sum_of(leaves) if leaves else self.answers.number(cell)

    def sum_of(self, cells: Iterable[CellId]) -> Number | None:
        """The sum of some figures as stated; None if one of them is open."""
        values = [self.stated(cell) for cell in cells]
        return None if None in values else sum(value or 0 for value in values)

    def setting(self, name: str, default: Number) -> Number:
        """A threshold: the report's own setting, else `default`."""
        return self.settings.get(name, default)


@dataclass(frozen=True, slots=True)
class Head:
    """
    The rule of a check in words, its grades and its source.

    `id` and grades are permanent: they are in people's files. `texts` has the rule as one Chinese
    sentence for each grade; `source` is the article or notice it rests on, or 「经验规则」.
    """

    id: str
    texts: Mapping[Grade, str]
    source: str


@dataclass(frozen=True, eq=False)
class Check(ABC):
    """One rule at one place of the form: a row, a column, a table, or the texts."""

    head: Head

    @property
    def id(self) -> str:
        """The name of the rule, «A1»."""
        return self.head.id

    @abstractmethod
    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The cells and texts whose change makes the check run again."""

    @abstractmethod
    def findings(self, report: Report) -> Iterator[Finding]:
        """The findings; none while a figure it needs is unanswered."""


@dataclass(frozen=True, eq=False)
class FigureCheck(Check):
    """A check of some figures; for a total it also depends on the addends."""

    cells: tuple[CellId, ...]

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figures, and the addends of the totals among them."""
        return [part for cell in self.cells for part in (cell, *form.leaves.get(cell, ()))]
