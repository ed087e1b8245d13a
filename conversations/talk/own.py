"""A helper: a clerk who may write in some sections only, and the questions they can settle."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.checks.findings import Explanation
from conversations.checks.questions import Question
from conversations.form.model import ItemId, Section
from conversations.sign_off.rights import may_in
from conversations.talk.session import Session
from conversations.talk.trail import section_of


def is_helper(session: Session) -> bool:
    """Whether the person may write in some sections only."""
    return session.standing.confined is not None


def own_sections(session: Session) -> tuple[Section, ...]:
    """The sections that the person may write in, in printed order."""
    standing = session.standing
    return tuple(s for s in session.form.sections if may_in(standing, s.id))


def is_own(session: Session, item: ItemId) -> bool:
    """Whether the person may give this answer."""
    return may_in(session.standing, section_of(session.form, item))


def may_explain(session: Session, explanation: Explanation) -> bool:
    """Whether a reason is about a section of the person."""
    # For a finding on a text, only the key names the section.
    _, where, *_ = (*explanation.key.split("|"), "")
    return _touches(session, explanation.cells or (where,))


def own_questions(session: Session, questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions that the person can settle: every part is in a section of theirs."""
    if not is_helper(session):
        return tuple(questions)
    return tuple(
        question
        for question in questions
        if all(_touches(session, part.cells or (part.narrative or "",)) for part in question.parts)
    )


def _touches(session: Session, items: Iterable[ItemId]) -> bool:
    return any(is_own(session, item) for item in items)
