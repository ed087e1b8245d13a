"""
What a person was shown, was asked or has sent, and may still answer; kept across a restart.

It is a row of the person's messages that is never sent. It is deleted with them after some days, or
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
    """Keep something for a person and return its number; `what` is no method of Telegram."""
    number: int = unit.run(
        KEEP, chat=person, method=what, payload=said, file=file, created_at=at, state=SENT
    ).scalar()
    return number


def kept(reader: Reader, person: int, what: str, number: int) -> str:
    """What was kept, "" if it is another person's or over."""
    said: str | None = reader.run(KEPT, kept=number, person=person, what=what).scalar()
    return said or ""


def file_of(reader: Reader, person: int, what: str, number: int) -> bytes | None:
    """The bytes kept with it."""
    file: bytes | None = reader.run(FILE, kept=number, person=person, what=what).scalar()
    return file


def newest(reader: Reader, person: int, what: str, since: datetime) -> str:
    """The newest of a kind for a person, "" if it is older than `since`."""
    said: str | None = reader.run(NEWEST, person=person, what=what, since=since).scalar()
    return said or ""


def change(unit: Unit, person: int, what: str, number: int, said: str = "") -> None:
    """Replace it; "" means that it is over."""
    unit.run(CHANGE, kept=number, person=person, what=what, payload=said)


def forget(unit: Unit, person: int, what: str) -> None:
    """End all of a kind."""
    unit.run(FORGET, person=person, what=what)
