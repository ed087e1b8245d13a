"""
Files that organs have sent instead of answering: each is kept, the newest is the document.

Values in, values out. What was received in a chat and waits for a word lies in a row of its
messages, which goes with them after some days.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from conversations.county.status import FILE, SentFile
from storage.county_tables import COLLECTED, ORGAN_RECORD
from storage.messages import SENT
from storage.organs import DOWN
from storage.reports import Reader
from storage.tables import OUTGOING, REPORT, insert
from storage.unit import Unit

RECEIVED = "received"  # the method of a row of messages that is a file which waits

_COLUMNS = COLLECTED.c["id", "name", "at", "note"]

FILES = (
    select(*_COLUMNS)
    .where(COLLECTED.c.report_id == bindparam("report"))
    .order_by(COLLECTED.c.id.desc())
)

NEWEST = FILES.limit(1)

CONTENT = select(COLLECTED.c.content).where(COLLECTED.c.id == bindparam("file"))

KEEP = insert(COLLECTED).returning(COLLECTED.c.id)

FROM_FILE = update(REPORT).where(REPORT.c.id == bindparam("report"))

OLD_NAMES = (
    select(ORGAN_RECORD.c.organ_id, ORGAN_RECORD.c.before)
    .join(DOWN, DOWN.c.id == ORGAN_RECORD.c.organ_id)
    .where(ORGAN_RECORD.c.what == "renamed")
    .order_by(ORGAN_RECORD.c.id)
)

_WAITS = (
    OUTGOING.c.id == bindparam("waiting"),
    OUTGOING.c.chat == bindparam("person"),
    OUTGOING.c.method == RECEIVED,
)

RECEIVE = insert(OUTGOING).returning(OUTGOING.c.id)

WAITING = select(OUTGOING.c.payload).where(*_WAITS)

WAITING_CONTENT = select(OUTGOING.c.file).where(*_WAITS)

NOTED = update(OUTGOING).where(*_WAITS)


def newest_file(reader: Reader, report_id: int) -> SentFile | None:
    """The file that a report was read from last, None where it never was."""
    row = reader.run(NEWEST, report=report_id).first()
    return None if row is None else _sent(row)


def files_of(reader: Reader, report_id: int) -> tuple[SentFile, ...]:
    """All files of a report, the newest first."""
    return tuple(map(_sent, reader.run(FILES, report=report_id)))


def _sent(row: tuple[Any, ...]) -> SentFile:
    id_, name, at, note = row
    return SentFile(id_, name, at, json.loads(note))


def sent_file(reader: Reader, file_id: int) -> bytes | None:
    """The bytes of a file that an organ has sent, None where it is there no more."""
    content: bytes | None = reader.run(CONTENT, file=file_id).scalar()
    return content


def keep_file(
    unit: Unit,
    report_id: int,
    name: str,
    content: bytes,
    note: Mapping[str, Any],
    *,
    edition: str,
    by: str,
    at: datetime,
) -> int:
    """Keep a file, from which the report's figures are from now on; its id."""
    unit.forget()
    unit.run(FROM_FILE, report=report_id, source=FILE, edition=edition)
    kept: int = unit.run(
        KEEP,
        report_id=report_id,
        name=name,
        content=content,
        by=by,
        at=at,
        note=json.dumps(note, ensure_ascii=False),
    ).scalar()
    return kept


def old_names(reader: Reader, organ_id: int) -> dict[int, tuple[str, ...]]:
    """The names that the organs below one have had before, by organ."""
    names: dict[int, tuple[str, ...]] = {}
    for id_, before in reader.run(OLD_NAMES, organ=organ_id):
        names[id_] = (*names.get(id_, ()), before)
    return names


# ---- what was received in a chat and waits ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file or an archive that somebody has sent to the bot, and what was found in it."""

    id: int
    found: Mapping[str, Any]


def receive(unit: Unit, person: int, found: Mapping[str, Any], content: bytes, at: datetime) -> int:
    """Keep what somebody has sent until they say what becomes of it; the row's id."""
    waiting: int = unit.run(
        RECEIVE,
        chat=person,
        method=RECEIVED,
        payload=json.dumps(found),
        file=content,
        created_at=at,
        state=SENT,
        process=None,
    ).scalar()
    return waiting


def waiting(reader: Reader, person: int, waiting_id: int) -> Waiting | None:
    """What somebody has sent; None for anybody else's, and after some days."""
    payload = reader.run(WAITING, waiting=waiting_id, person=person).scalar()
    return Waiting(waiting_id, json.loads(payload)) if payload else None


def waiting_content(reader: Reader, person: int, waiting_id: int) -> bytes | None:
    """Its bytes."""
    content: bytes | None = reader.run(WAITING_CONTENT, waiting=waiting_id, person=person).scalar()
    return content


def note_waiting(unit: Unit, person: int, waiting_id: int, found: Mapping[str, Any]) -> None:
    """What became of a part of it."""
    unit.run(NOTED, waiting=waiting_id, person=person, payload=json.dumps(found))
