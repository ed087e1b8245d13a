"""Progress of a report as a picture: a bar per section, open work, the deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from conversations.checks.questions import Question
from conversations.drawing import (
    EDGE,
    FAINT,
    NOW,
    ROOM,
    TRACK,
    WIDTH,
    Bar,
    Picture,
    Shape,
    Words,
    head,
    named,
    sheet,
    wrapped,
)
from conversations.form.model import Section, SectionKind
from conversations.talk.derived import (
    missing_lines,
    remaining_in,
    standing_line,
    todo_questions,
)
from conversations.talk.session import Session
from conversations.wording import pictures as wording
from conversations.wording.talk import missing_parts

_BAR = 10


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """`filled` of the `asked` figures of a section, or its text; and its `open` work."""

    name: str
    filled: int
    asked: int
    is_text: bool
    open: str


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """A report's progress; `lines` name what is missing, the deadline and the state."""

    organ: str
    year: int
    lines: tuple[str, ...]
    sections: tuple[SectionProgress, ...]

    def dumps(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def loads(cls, kept: Mapping[str, Any]) -> ReportProgress:
        """From `dumps`."""
        sections = tuple(SectionProgress(**section) for section in kept["sections"])
        return cls(kept["organ"], kept["year"], tuple(kept["lines"]), sections)


def report_progress(session: Session) -> ReportProgress:
    """The progress of a report, counted as in its list of sections."""
    todo = todo_questions(session)
    lines = (*missing_lines(session, todo), standing_line(session))
    sections = tuple(_of_section(session, section, todo) for section in session.form.sections)
    return ReportProgress(session.organ, session.year, tuple(filter(None, lines)), sections)


def _of_section(session: Session, section: Section, todo: Sequence[Question]) -> SectionProgress:
    left = remaining_in(session, section, todo)
    is_text = section.kind is SectionKind.NARRATIVE
    asked = 1 if is_text else len(session.form.asked_in[section.id])
    filled = asked - left.figures - left.texts
    name, open_ = f"{section.number}、{section.short}", "、".join(missing_parts(left, texts=False))
    return SectionProgress(name, filled, asked, is_text, open_)


def picture(progress: ReportProgress) -> Picture:
    """A bar per section, as long as it is filled, with its numbers."""
    filled = sum(section.filled for section in progress.sections)
    asked = sum(section.asked for section in progress.sections)
    below = wording.filled_in(progress.year, filled, asked)
    shapes, y = head(progress.organ, [below])
    for line in (part for said in progress.lines for part in wrapped(said, 14)):
        y += 20
        shapes.append(Words(EDGE, y, line, 14))
    y += 14
    for section in progress.sections:
        rows, y = _section(section, y)
        shapes += rows
    title = f"{named(progress.organ)} {below}"
    said = [
        wording.section_said(section.name, _how_much(section), section.open)
        for section in progress.sections
    ]
    return sheet(y + 4, shapes, title, "\n".join([title, *progress.lines, *said]))


def _section(section: SectionProgress, y: float) -> tuple[list[Shape], float]:
    """A name with its numbers, its bar and open work; returns where it ends."""
    y += 16
    shapes: list[Shape] = [
        Words(EDGE, y, section.name, 14, bold=True),
        Words(WIDTH - EDGE, y, _how_much(section), 14, anchor="end"),
        Bar(EDGE, y + 7, ROOM, _BAR, TRACK),
    ]
    if section.filled:
        shapes.append(Bar(EDGE, y + 7, ROOM * section.filled / section.asked, _BAR, NOW))
    y += 7 + _BAR
    for line in wrapped(wording.open_in(section.open), 13) if section.open else ():
        y += 18
        shapes.append(Words(EDGE, y, line, 13, FAINT))
    return shapes, y + 14


def _how_much(section: SectionProgress) -> str:
    if section.is_text:
        return wording.WRITTEN if section.filled else wording.NOT_WRITTEN
    return f"{section.filled}/{section.asked}"
