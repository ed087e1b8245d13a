"""
What somebody was shown, asked or has sent, and may still say a word to; kept across a restart.

It lies in a row of their messages that is sent to nobody, and goes with them after some days, or
when the person is forgotten.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from storage.messages import SENT
from storage.reports import Reader
from storage.tables import OUTGOING, insert
from storage.unit import Unit

KEEP = insert(OUTGOING).returning(OUTGOING.c.id)

_THEIRS = (OUTGOING.c.chat == bindparam("person"), OUTGOING.c.method == bindparam("what"))
_THIS = (OUTGOING.c.id == bindparam("kept"), *_THEIRS)

KEPT = select(OUTGOING.c.payload).where(*_THIS)

FILE = select(OUTGOING.c.file).where(*_THIS)

NEWEST = (
    select(OUTGOING.c.payload)
    .where(*_THEIRS, OUTGOING.c.created_at >= bindparam("since"))
    .order_by(OUTGOING.c.id.desc())
    .limit(1)
)

CHANGE = update(OUTGOING).where(*_THIS)

FORGET = delete(OUTGOING).where(*_THEIRS)


def keep(
    unit: Unit, person: int, what: str, said: str, at: datetime, file: bytes | None = None
) -> int:
    """Keep what was shown to somebody; `what` it is, is no method of Telegram's. Its number."""
    number: int = unit.run(
        KEEP, chat=person, method=what, payload=said, file=file, created_at=at, state=SENT
    ).scalar()
    return number


def kept(reader: Reader, person: int, what: str, number: int) -> str:
    """What somebody was shown, "" for anybody else's, and where it is over."""
    said: str | None = reader.run(KEPT, kept=number, person=person, what=what).scalar()
    return said or ""


def file_of(reader: Reader, person: int, what: str, number: int) -> bytes | None:
    """The bytes that are kept with it."""
    file: bytes | None = reader.run(FILE, kept=number, person=person, what=what).scalar()
    return file


def newest(reader: Reader, person: int, what: str, since: datetime) -> str:
    """What somebody was shown last of a kind, "" where that is longer ago."""
    said: str | None = reader.run(NEWEST, person=person, what=what, since=since).scalar()
    return said or ""


def change(unit: Unit, person: int, what: str, number: int, said: str = "") -> None:
    """Something else was shown in its place; "" is: it is over."""
    unit.run(CHANGE, kept=number, person=person, what=what, payload=said)


def forget(unit: Unit, person: int, what: str) -> None:
    """All of a kind is over."""
    unit.run(FORGET, person=person, what=what)
