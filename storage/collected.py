"""
Files that organs send instead of answering: all are kept, the newest is the document.

Values in, values out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from conversations.county.status import FILE, SentFile
from storage.county_tables import COLLECTED, ORGAN_RECORD
from storage.organs import DOWN
from storage.reports import Reader
from storage.tables import insert
from storage.unit import CHANGE_REPORT, Unit

_COLUMNS = COLLECTED.c["id", "name", "at", "note"]

FILES = (
    select(*_COLUMNS)
    .where(COLLECTED.c.report_id == bindparam("report"))
    .order_by(COLLECTED.c.id.desc())
)

NEWEST = FILES.limit(1)

CONTENT = select(COLLECTED.c.content).where(COLLECTED.c.id == bindparam("file"))

KEEP = insert(COLLECTED).returning(COLLECTED.c.id)

OLD_NAMES = (
    select(ORGAN_RECORD.c.organ_id, ORGAN_RECORD.c.before)
    .join(DOWN, DOWN.c.id == ORGAN_RECORD.c.organ_id)
    .where(ORGAN_RECORD.c.what == "renamed")
    .order_by(ORGAN_RECORD.c.id)
)


def newest_file(reader: Reader, report_id: int) -> SentFile | None:
    """The file that a report was last read from, None without one."""
    return reader.run(NEWEST, report=report_id).first_as(_sent)


def files_of(reader: Reader, report_id: int) -> tuple[SentFile, ...]:
    """All files of a report, the newest first."""
    return reader.run(FILES, report=report_id).all_as(_sent)


def _sent(id_: int, name: str, at: datetime, note: str) -> SentFile:
    return SentFile(id_, name, at, json.loads(note))


def sent_file(reader: Reader, file_id: int) -> bytes | None:
    """The bytes of a file that an organ sent, None if it is gone."""
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
    """Keep a file as the source of the report's figures; returns its id."""
    unit.forget()
    unit.run(CHANGE_REPORT, report=report_id, source=FILE, edition=edition)
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
    """The former names of the organs below one, by organ."""
    names: dict[int, tuple[str, ...]] = {}
    for id_, before in reader.run(OLD_NAMES, organ=organ_id):
        names[id_] = (*names.get(id_, ()), before)
    return names
