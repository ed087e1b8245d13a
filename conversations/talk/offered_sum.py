"""The remaining work of an offered sum: figures to fill in at once, figures to ask about."""

from __future__ import annotations

from conversations.form.answers import Number
from conversations.form.model import CellId
from conversations.talk.session import Pending, Session


def to_fill(session: Session, pending: Pending) -> dict[CellId, Number]:
    """Unanswered figures that may be taken as they are."""
    return {
        cell: value
        for cell, value in pending.values.items()
        if cell not in session.answers and not asked_about(pending, cell)
    }


def to_ask(session: Session, pending: Pending) -> dict[CellId, Number]:
    """
    Figures to be asked about one by one: answered differently, or not to be taken as they are.
    """
    return {
        cell: value
        for cell, value in pending.values.items()
        if session.answers.get(cell) != value
        and (cell in session.answers or asked_about(pending, cell))
    }


def asked_about(pending: Pending, cell: CellId) -> bool:
    """Whether a figure may not be taken as it is; a 0 always may."""
    return bool(pending.typed.get(cell)) and pending.values[cell] != 0
