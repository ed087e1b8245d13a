"""The bytes of what organs have sent, one file at a time."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.county_tables import COLLECTED
from storage.reports import Reader

CONTENT = select(COLLECTED.c.content).where(COLLECTED.c.id == bindparam("file"))


def sent_file(reader: Reader, file: int) -> bytes | None:
    """The bytes of a file that an organ has sent, None where it is there no more."""
    content: bytes | None = reader.run(CONTENT, file=file).scalar()
    return content
