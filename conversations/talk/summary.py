"""The summary of a report for a leader: figures, largest changes, reasons, authors."""

from __future__ import annotations

import math
from collections import Counter

from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade
from conversations.checks.questions import Question
from conversations.form.answers import Figures, Number
from conversations.form.main_figures import MAIN_FIGURES, MainFigure
from conversations.form.model import Table
from conversations.talk.derived import explained_questions, section_of
from conversations.talk.session import Session
from conversations.talk.year_on_year import YearRow, compare, sentence, told
from conversations.wording import sign_off as wording
from conversations.wording import talk
from conversations.wording.trail import called

MOST_CHANGED = 3
MOST_EXPLAINED = 8
MOST_HINTS = 4
SHORT = 60  # characters of a reason or hint
MOST_NAMES = 3  # of a section


def main_figures(session: Session) -> tuple[list[str], int]:
    """The main figures beside last year's, one per line, and how many are 0 in both years."""
    lines, zeros = [], 0
    last = session.last_year
    for main in MAIN_FIGURES:
        now = _sum(session.figures, main)
        then = _sum(last.figures, main) if last else None
        if not now and not then:
            zeros += 1
        elif last is None:
            lines.append(f"· {main.name} {told(now)} {main.unit}")
        else:
            lines.append(f"· {main.name} {told(then)} → {told(now)} {main.unit}")
    return lines, zeros


def _sum(figures: Figures, main: MainFigure) -> Number | None:
    """A main figure, None if one of its cells is unknown."""
    values = [figures.get(cell) for cell in main.cells]
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def most_changed(session: Session) -> list[str]:
    """
    The rows with the largest changes since last year, the largest first.

    Changes are weighed against chance: from 300 to 310 is less than from 0 to 8.
    """
    last = session.last_year
    if last is None:
        return []
    rows = compare(session.form, session.answers, last.answers)
    changed = [(weight, row) for row in rows if _is_whole(row) and (weight := _weight(row)) >= 1]
    changed.sort(key=lambda pair: -pair[0])
    return [sentence(row) for _, row in changed[:MOST_CHANGED]]


def _is_whole(row: YearRow) -> bool:
    return row.line.total is None or row.cell == row.line.total.id


def _weight(row: YearRow) -> float:
    """The weight of a change, 0 if one of the years has no figure."""
    if row.then is None or row.now is None:
        return 0.0
    return abs(float(row.now) - float(row.then)) / math.sqrt(max(row.then, row.now) + 1)


def explained(session: Session) -> list[str]:
    """Explained findings with their reasons, one per line."""
    return [
        f"· {_place(session, question)}：{talk.shorten(reason.text, SHORT)}"
        for question, reason in explained_questions(session)[-MOST_EXPLAINED:]
    ]


def _place(session: Session, question: Question) -> str:
    """The place of a finding, in a few words."""
    form, cause = session.form, question.cause
    if cause.cells:
        return form.lines[form.cells[cause.cells[0]].line].short
    section = section_of(session, question)
    return section.short if section else talk.WORDING


def hints(session: Session) -> tuple[list[str], int]:
    """Unusual figures without a required reason, in short, and how many more there are."""
    found: list[Finding] = [f for f in check_report(session.report) if f.grade is Grade.H]
    lines = [f"· {talk.shorten(finding.message, SHORT)}" for finding in found]
    return lines[:MOST_HINTS], max(0, len(lines) - MOST_HINTS)


def authors(session: Session) -> list[tuple[str, tuple[str, ...]]]:
    """The authors of each section: its number, and the names, most answers first."""
    by_section = []
    for section in session.form.sections:
        body = section.body
        items = [c.id for line in body.lines for c in line.cells] if isinstance(body, Table) else []
        keys = (session.authors[i] for i in (*items, section.id) if i in session.authors)
        names = Counter(called(key, "") for key in keys)
        if names:
            people = tuple(name for name, _ in names.most_common(MOST_NAMES))
            by_section.append((section.number, people))
    return by_section


def summary(session: Session) -> list[str]:
    """The parts of the message, each a paragraph."""
    lines, zeros = main_figures(session)
    parts = [wording.figures(session.year, session.last_year is not None, lines, zeros)]
    if changed := most_changed(session):
        parts[0] += "\n" + wording.most_changed(changed)
    if reasons := explained(session):
        parts.append(wording.explanations(reasons))
    found, left = hints(session)
    if found:
        parts.append(wording.hints(found, left))
    if people := authors(session):
        parts.append(wording.authors(people))
    return parts
