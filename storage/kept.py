"""
What somebody was shown and may still say yes to, kept across a restart.

It lies in a row of their messages that is sent to nobody, and goes with them after some days, or
when the person is forgotten.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.messages import SENT
from storage.reports import Reader
from storage.tables import OUTGOING, insert
from storage.unit import Unit

KEEP = insert(OUTGOING).returning(OUTGOING.c.id)

_THIS = (
    OUTGOING.c.id == bindparam("kept"),
    OUTGOING.c.chat == bindparam("person"),
    OUTGOING.c.method == bindparam("what"),
)

KEPT = select(OUTGOING.c.payload).where(*_THIS)

CHANGE = update(OUTGOING).where(*_THIS)


def keep(unit: Unit, person: int, what: str, said: str, at: datetime) -> int:
    """Keep what was shown to somebody; `what` it is, is no method of Telegram's. Its number."""
    number: int = unit.run(
        KEEP, chat=person, method=what, payload=said, file=None, created_at=at, state=SENT
    ).scalar()
    return number


def kept(reader: Reader, person: int, what: str, number: int) -> str:
    """What somebody was shown, "" for anybody else's, and where it is over."""
    said: str | None = reader.run(KEPT, kept=number, person=person, what=what).scalar()
    return said or ""


def change(unit: Unit, person: int, what: str, number: int, said: str = "") -> None:
    """Something else was shown in its place; "" is: it is over."""
    unit.run(CHANGE, kept=number, person=person, what=what, payload=said)
