"""
What a local notice asks for beyond the statutory form: figures, lengths, headings.

Data of a report's task, set by an administrator. The figures are asked as one more table
after the statutory ones; they stand in no printed table, only in what the texts say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from conversations.form import FORMS
from conversations.form.answers import Answers, Value
from conversations.form.model import (
    Box,
    Cell,
    CellId,
    Column,
    Fact,
    Form,
    ItemId,
    Line,
    LineKind,
    Measure,
    Row,
    Section,
    Table,
)
from conversations.form.numbers import LOCAL, LOCAL_QUESTIONS, NUMBERS

T = TypeVar("T")

LONGEST_NAME, LONGEST_UNIT, LONGEST_HEADING = 30, 4, 40  # characters
MOST_HEADINGS = 20
LENGTHS = range(50, 100_001)  # characters of a section's text that a notice may allow

LOCAL_CELLS: tuple[CellId, ...] = tuple(f"{LOCAL}.q{n}.count" for n in LOCAL_QUESTIONS)
# Answers that stand in no document.
UNPRINTED = frozenset({"level", *LOCAL_CELLS})
# The texts that may tell the figures.
TOLD_IN = ("overview", "other_matters")
SOURCE = "当地通知"


@dataclass(frozen=True, slots=True)
class Question:
    """
    A figure that is asked: «政务微信发布信息», counted in «条», a whole number.

    `place` (1 to 30) is its own for ever within the report: an answer hangs on it. One that
    is not `asked` any more keeps it.
    """

    place: int
    name: str
    unit: str
    asked: bool = True

    @property
    def line(self) -> ItemId:
        """The id of its line; that of its one cell ends with `.count`."""
        return f"{LOCAL}.q{self.place}"

    @property
    def cell(self) -> CellId:
        """Where its answer stands."""
        return LOCAL_CELLS[self.place - 1]


@dataclass(frozen=True, slots=True)
class LocalNotice:
    """
    What a task asks for: `lengths` are at most so many characters (without blanks) of a
    section's text, `headings` those that must stand in it, in order.

    `known` are all questions that were ever asked.
    """

    known: tuple[Question, ...] = ()
    lengths: tuple[tuple[ItemId, int], ...] = ()
    headings: tuple[tuple[ItemId, tuple[str, ...]], ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """Those that are asked."""
        return tuple(question for question in self.known if question.asked)

    def asking(self, name: str, unit: str) -> LocalNotice:
        """
        With one question more; one of the same name and another unit takes its place.

        Raises:
            ValueError: There are too many, or nothing can be asked so.
        """
        _check(name, LONGEST_NAME)
        _check(unit, LONGEST_UNIT)
        sayable = any(map(str.isalnum, name)) and not name[-1].isdigit()
        if not sayable or any(map(str.isdigit, unit)):
            raise ValueError(name)
        without = self.not_asking(name).known
        again = [question for question in without if (question.name, question.unit) == (name, unit)]
        if not again and len(without) == len(LOCAL_CELLS):
            raise ValueError(name)
        fresh = again[0] if again else Question(len(without) + 1, name, unit)
        others = (question for question in without if question not in again)
        known = sorted((*others, replace(fresh, asked=True)), key=lambda question: question.place)
        return replace(self, known=tuple(known))

    def not_asking(self, name: str) -> LocalNotice:
        """With the question of this name asked no more; its answer stays in the store."""
        known = (replace(q, asked=False) if q.name == name else q for q in self.known)
        return replace(self, known=tuple(known))

    def allowing(self, section: ItemId, length: int | None) -> LocalNotice:
        """
        With a section's text that long at most, None: as long as one likes.

        Raises:
            ValueError: Nobody means so few or so many characters.
        """
        if length is not None and length not in LENGTHS:
            raise ValueError(length)
        return replace(self, lengths=_with_asked(self.lengths, section, length))

    def heading(self, section: ItemId, headings: Iterable[str]) -> LocalNotice:
        """
        With these headings in a section's text, none: as it is.

        Raises:
            ValueError: One is too long or empty, or there are too many.
        """
        wanted = tuple(dict.fromkeys(headings))
        for heading in wanted:
            _check(heading, LONGEST_HEADING)
            if not any(map(str.isalnum, heading)):
                raise ValueError(heading)
        if len(wanted) > MOST_HEADINGS:
            raise ValueError(len(wanted))
        return replace(self, headings=_with_asked(self.headings, section, wanted))

    def dumps(self) -> str | None:
        """As JSON text for the store; None for nothing at all."""
        if self == NOTHING:
            return None
        return json.dumps(
            {
                "questions": [[q.place, q.name, q.unit, q.asked] for q in self.known],
                "lengths": dict(self.lengths),
                "headings": dict(self.headings),
            },
            ensure_ascii=False,
        )

    @classmethod
    def loads(cls, text: str | None) -> LocalNotice:
        """What `dumps` gave."""
        if not text:
            return NOTHING
        data: dict[str, Any] = json.loads(text)
        return cls(
            tuple(Question(*question) for question in data["questions"]),
            tuple(data["lengths"].items()),
            tuple((section, tuple(texts)) for section, texts in data["headings"].items()),
        )


NOTHING = LocalNotice()


def _with_asked(
    pairs: Iterable[tuple[ItemId, T]], section: ItemId, value: T | None
) -> tuple[tuple[ItemId, T], ...]:
    """The pairs with what is now asked of a section, nothing for an empty value."""
    others = dict(pairs)
    others.pop(section, None)
    return (*others.items(), *([(section, value)] if value else []))


def _check(text: str, longest: int) -> None:
    sayable = text.isprintable() and text == text.strip() and not set("{}<>") & set(text)
    if not (sayable and 0 < len(text) <= longest):
        raise ValueError(text)


def form_of(edition: str, notice: LocalNotice = NOTHING) -> Form:
    """The form of an edition, with the table that a local notice adds where it asks figures."""
    return _with(edition, notice.questions) if notice.questions else FORMS[edition]


@lru_cache(maxsize=64)
def _with(edition: str, questions: tuple[Question, ...]) -> Form:
    form = FORMS[edition]
    places = [isinstance(section.body, Table) for section in form.sections]
    after = len(places) - places[::-1].index(True)
    added = Section(
        LOCAL,
        NUMBERS[LOCAL],
        "附",
        "上级要求填报的数",
        "上级要求",
        _table(questions),
        printed=False,
    )
    facts = (
        Fact(f"{question.name}{{{question.cell}}}{question.unit}。", TOLD_IN)
        for question in questions
    )
    return replace(
        form,
        sections=(*form.sections[:after], added, *form.sections[after:]),
        facts=(*form.facts, *facts),
    )


def _table(questions: tuple[Question, ...]) -> Table:
    column = Column("count", "数量")
    lines = []
    for question in questions:
        cell = Cell(
            question.cell,
            NUMBERS[question.cell],
            question.line,
            column,
            Measure.COUNT,
            question.unit,
        )
        lines.append(
            Line(
                question.line,
                NUMBERS[question.line],
                question.name,
                question.name,
                (question.name,),
                (cell,),
                None,
                LineKind.ASKED,
                "按当地通知的要求统计；只写进正文，不进表格。",
                SOURCE,
            )
        )
    return Table(
        LOCAL,
        "上级要求",
        (column,),
        tuple(lines),
        tuple(Row(line.id, line.label, (line.cells[0].id,)) for line in lines),
        tuple((Box(line.label), Box(cell=line.cells[0].id)) for line in lines),
        0,
        2,
    )


def answers_for(answers: Answers, theirs: LocalNotice, ours: LocalNotice) -> Answers:
    """
    Another year's answers as this year's form asks them: the same question, whatever its place.

    What that year's notice asked for and this year's does not is left out.
    """
    stand = answers.among(LOCAL_CELLS)
    if not stand:
        return answers
    cells = {(q.name, q.unit): q.cell for q in theirs.known}
    moved: dict[ItemId, Value | None] = dict.fromkeys(stand)
    for question in ours.questions:
        cell = cells.get((question.name, question.unit), "")
        if cell in answers:
            moved[question.cell] = answers[cell]
    return answers.changed(moved)
