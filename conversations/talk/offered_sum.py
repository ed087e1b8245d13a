"""What of an offered sum is left to do: figures to fill in at once, figures to ask about."""

from __future__ import annotations

from conversations.form.answers import Number
from conversations.form.model import CellId
from conversations.talk.session import Pending, Session


def to_fill(session: Session, pending: Pending) -> dict[CellId, Number]:
    """Figures that nobody has answered and that may be taken as they are."""
    return {
        cell: value
        for cell, value in pending.values.items()
        if cell not in session.answers and not asked_about(pending, cell)
    }


def to_ask(session: Session, pending: Pending) -> dict[CellId, Number]:
    """Figures that are asked one by one: another one stands, or it may not be taken as it is."""
    return {
        cell: value
        for cell, value in pending.values.items()
        if session.answers.get(cell) != value
        and (cell in session.answers or asked_about(pending, cell))
    }


def asked_about(pending: Pending, cell: CellId) -> bool:
    """Whether a figure may not be taken as it is; of 0 nothing was counted twice."""
    return bool(pending.typed.get(cell)) and pending.values[cell] != 0
