"""The sentences that the figures of a report make, offered for the text of a section."""

from __future__ import annotations

from conversations.form.answers import format_number
from conversations.form.model import Fact, Section
from conversations.talk.session import Session


def spelled(session: Session, section: Section) -> dict[Fact, str]:
    """Every sentence for a section whose figures are all known, as it is now."""
    report = session.report
    told: dict[Fact, str] = {}
    for fact, pieces in session.form.spelled:
        if section.id not in fact.sections:
            continue
        sums = {piece: report.sum_of(piece) for piece in pieces if isinstance(piece, tuple)}
        if None in sums.values() or (fact.seldom and not any(sums.values())):
            continue
        told[fact] = "".join(
            piece if isinstance(piece, str) else format_number(sums[piece] or 0) for piece in pieces
        )
    return told


def facts_of(session: Session, section: Section) -> tuple[str, ...]:
    """Those of them that stand in no text of the report yet."""
    texts = [session.answers.text(s.id) or "" for s in session.form.sections]
    told = spelled(session, section).values()
    return tuple(said for said in told if not any(said in text for text in texts))
