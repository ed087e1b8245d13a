"""
Requirements of a local notice beyond the statutory form: figures, lengths, headings.

They belong to a report's task and are set by an administrator. The figures are asked as one more
table after the statutory ones; they are printed only in texts, never in a table.
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
# Answers that no document prints.
UNPRINTED = frozenset({"level", *LOCAL_CELLS})
# The texts that may state the figures.
TOLD_IN = ("overview", "other_matters")
SOURCE = "当地通知"


@dataclass(frozen=True, slots=True)
class Question:
    """
    A figure that is asked: «政务微信发布信息», counted in «条», a whole number.

    `place` (1 to 30) is permanent within the report, because answers are stored by it. A question
    that is no longer `asked` keeps its place.
    """

    place: int
    name: str
    unit: str
    asked: bool = True

    @property
    def line(self) -> ItemId:
        """The id of its line; the id of its one cell ends with `.count`."""
        return f"{LOCAL}.q{self.place}"

    @property
    def cell(self) -> CellId:
        """The cell of its answer."""
        return LOCAL_CELLS[self.place - 1]


@dataclass(frozen=True, slots=True)
class LocalNotice:
    """
    The requirements of a task: `lengths` limit the characters (without blanks) of a section's text,
    `headings` must be in it, in order.

    `known` are all questions ever asked.
    """

    known: tuple[Question, ...] = ()
    lengths: tuple[tuple[ItemId, int], ...] = ()
    headings: tuple[tuple[ItemId, tuple[str, ...]], ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that are asked now."""
        return tuple(question for question in self.known if question.asked)

    def asking(self, name: str, unit: str) -> LocalNotice:
        """
        The notice with one more question; it replaces one with the same name and another unit.

        Raises:
            ValueError: There are too many, or the name or unit is not usable.
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
        """The notice without this question; its answer stays in the store."""
        known = (replace(q, asked=False) if q.name == name else q for q in self.known)
        return replace(self, known=tuple(known))

    def allowing(self, section: ItemId, length: int | None) -> LocalNotice:
        """
        The notice with a maximal length for a section's text, None for no limit.

        Raises:
            ValueError: The length is outside of `LENGTHS`.
        """
        if length is not None and length not in LENGTHS:
            raise ValueError(length)
        return replace(self, lengths=_with_asked(self.lengths, section, length))

    def heading(self, section: ItemId, headings: Iterable[str]) -> LocalNotice:
        """
        The notice with these headings for a section's text; without any, none are required.

        Raises:
            ValueError: A heading is too long or empty, or there are too many.
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
        """The notice from the text of `dumps`."""
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
    """The pairs with a section's new value; an empty value removes the section."""
    others = dict(pairs)
    others.pop(section, None)
    return (*others.items(), *([(section, value)] if value else []))


def _check(text: str, longest: int) -> None:
    sayable = text.isprintable() and text == text.strip() and not set("{}<>") & set(text)
    if not (sayable and 0 < len(text) <= longest):
        raise ValueError(text)


def form_of(edition: str, notice: LocalNotice = NOTHING) -> Form:
    """The form of an edition, with one more table if a local notice asks for figures."""
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
    Another year's answers for this year's form: the same question may have another place.

    Answers to questions that only that year's notice asked are left out.
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
