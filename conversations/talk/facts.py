"""Sentences made from the figures of a report, offered for the text of a section."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conversations.checks.texts.facts import facts_in
from conversations.form.answers import format_number
from conversations.form.model import Fact, Section
from conversations.talk.session import Session

_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def spelled(session: Session, section: Section) -> dict[Fact, str]:
    """Every sentence for a section whose figures are all known, with the present figures."""
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
    """Those that no text of the report contains yet, with any figures."""
    form, texts = session.form, (session.answers.text(s.id) for s in session.form.sections)
    stand = {fact for text in texts if text for fact, *_ in facts_in(form, text)}
    return tuple(said for fact, said in spelled(session, section).items() if fact not in stand)


def as_now(said: str, offered: Iterable[str]) -> str:
    """The same sentence with the present figures, "" if it is no longer offered."""
    words = _FIGURE.sub("", said)
    return next((now for now in offered if _FIGURE.sub("", now) == words), "")
