"""
The checks: what must hold, what is unusual, what is worth a word.

A check is data over the form's rows and columns or over a narrative; its instances
for an edition stand in `conversations/form/rules_2021.py`. It is silent while a
figure it needs is unanswered: an empty cell is not a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from conversations.answers import Answers, Figures, Number
from conversations.form.model import CellId, Form, ItemId


class Grade(Enum):
    """How much a finding weighs."""

    E = "必须改正"
    W = "需要说明"
    H = "提示"


class Level(Enum):
    """The level of an organ, guessed from its name, shown, and changeable."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    BUREAU = "bureau"
    UNKNOWN = "unknown"


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
class Report:
    """
    One report as the checks see it.

    `year` is the year reported on. `level` is the organ's. `last_year` is the report
    before it, where known. `published` marks a report read from a file: then claimed
    totals are the printed ones and `blank` are its empty cells (counted as 0).
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

    @property
    def figures(self) -> Figures:
        """The figures, computed totals included."""
        return Figures(self.form, self.answers)


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


def check_report(report: Report) -> tuple[Finding, ...]:
    """Every finding of a report, those that only follow from another right after it."""
    raise NotImplementedError


def check_items(report: Report, items: Iterable[ItemId]) -> tuple[Finding, ...]:
    """The findings of those checks that hang on the changed items."""
    raise NotImplementedError
