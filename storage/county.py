"""
The organs below an organ, with their reports of a year.

Values in, values out. Counts of a report are stored with a mark of what they were counted from, so
that only changed reports are loaded again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, exists, literal_column, select

from conversations.county.status import Counts, CountyOrgan, OrganReport, SentFile
from conversations.form.organ import Level, guess_level
from storage.county_tables import COLLECTED, COUNTED
from storage.organs import SELF_AND_BELOW
from storage.reminders import CLERK
from storage.reports import NAME_BORNE, Reader
from storage.sign_off_reading import state_of
from storage.sign_off_tables import SIGN_OFF
from storage.tables import EXPLANATION, HISTORY, MEMBER, ORGAN, REPORT, TASK, newest, upsert
from storage.unit import Unit

# Raise it when counting changes: older counts are then ignored.
COUNTED_AS = 1

_ABOVE = ORGAN.alias("above")
_INTO = ORGAN.alias("into")
_BEFORE = REPORT.alias("before")
_FILE = COLLECTED.alias("file")

# Asked per organ: PostgreSQL would read all members to answer an EXISTS.
_A_CLERK = (
    select(MEMBER.c.person_id)
    .where(MEMBER.c.organ_id == ORGAN.c.id, CLERK)
    .limit(literal_column("1"))
    .scalar_subquery()
)

# So many organs or reports are read at once, by id: then neither database has to guess their
# number, and its plan stays the same as the store grows.
AT_ONCE = 60
CHOSEN: list[ColumnElement[int]] = [bindparam(f"chosen_{place}") for place in range(AT_ONCE)]

IN_YEAR = (
    select(
        *ORGAN.c["id", "name", "level", "contact", "phone", "closed_at"],
        _ABOVE.c.name,
        _INTO.c.name,
        _A_CLERK,
        REPORT.c.id,
        NAME_BORNE,
        *REPORT.c["edition", "source", "final_history"],
        newest(SIGN_OFF.c.state, REPORT),
        newest(SIGN_OFF.c.note, REPORT),
        newest(HISTORY.c.id, REPORT),
        newest(HISTORY.c.at, REPORT),
        *TASK.c["deadline", "internal", "withdrawn", "reason", "notice"],
        *_FILE.c["id", "name", "at", "note"],
        newest(EXPLANATION.c.id, REPORT),
        newest(HISTORY.c.id, _BEFORE),
        *COUNTED.c["mark", "filled", "asked", "whole", "errors", "unexplained", "explained"],
    )
    .select_from(ORGAN)
    .outerjoin(_ABOVE, _ABOVE.c.id == ORGAN.c.parent_id)
    .outerjoin(_INTO, _INTO.c.id == ORGAN.c.merged_into)
    .outerjoin(REPORT, (REPORT.c.organ_id == ORGAN.c.id) & (REPORT.c.year == bindparam("year")))
    .outerjoin(TASK, TASK.c.report_id == REPORT.c.id)
    .outerjoin(_FILE, _FILE.c.id == newest(COLLECTED.c.id, REPORT))
    .outerjoin(
        _BEFORE,
        (_BEFORE.c.organ_id == ORGAN.c.id)
        & (_BEFORE.c.year == bindparam("year", type_=REPORT.c.year.type) - literal_column("1")),
    )
    .outerjoin(COUNTED, COUNTED.c.report_id == REPORT.c.id)
    .where(ORGAN.c.id.in_(CHOSEN))
)

_CHILD = ORGAN.alias("child")
HAS_BELOW = exists().where(_CHILD.c.parent_id == ORGAN.c.id)

# Neither above nor below another.
ALONE = (
    select(ORGAN.c.id)
    .where(ORGAN.c.parent_id.is_(None), ~HAS_BELOW)
    .order_by(ORGAN.c.name)
    .limit(bindparam("most"))
)

KEEP_COUNTS = upsert(
    COUNTED, "mark", "filled", "asked", "whole", "errors", "unexplained", "explained"
)


def organs_below(reader: Reader, organ_id: int, year: int) -> tuple[CountyOrgan, ...]:
    """All organs below one, with their reports of a year, by name."""
    ids = reader.run(SELF_AND_BELOW, organ=organ_id).scalars()
    return organs_in_year(reader, [id_ for id_ in ids if id_ != organ_id], year)


def organs_alone(reader: Reader, year: int, most: int) -> tuple[CountyOrgan, ...]:
    """Organs with none above or below, at most so many, with their reports of a year."""
    return organs_in_year(reader, reader.run(ALONE, most=most).scalars(), year)


def organs_in_year(reader: Reader, ids: Sequence[int], year: int) -> tuple[CountyOrgan, ...]:
    """These organs with their reports of a year, by name."""
    found = map(_organ, of_many(reader, IN_YEAR, ids, year=year))
    return tuple(sorted(found, key=lambda organ: organ.organ))


def of_many(
    reader: Reader, statement: Executable, ids: Sequence[int], **parameters: Any
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement for any number of ids; the statement uses `CHOSEN`."""
    for part in parts(ids):
        yield from reader.run(statement, **part, **parameters)


def parts(ids: Sequence[int]) -> Iterator[dict[str, int]]:
    """Ids as parameters of `CHOSEN`; the last part is filled up with the last id."""
    for start in range(0, len(ids), AT_ONCE):
        last = len(ids) - 1
        yield {f"chosen_{at}": ids[min(start + at, last)] for at in range(AT_ONCE)}


def _organ(row: Sequence[Any]) -> CountyOrgan:
    """The organ in a row."""
    id_, name, level, contact, phone, closed_at, above, into, joined, report_id, *report = row
    return CountyOrgan(
        id_,
        name,
        above or "",
        Level(level) if level else guess_level(name),
        contact,
        phone,
        closed_at is not None,
        into or "",
        joined is not None,
        None if report_id is None else _report(report_id, *report),
    )


def _report(
    report_id: int,
    name: str,
    edition: str,
    source: str,
    final: int | None,
    state: str | None,
    note: str | None,
    history: int | None,
    changed_at: datetime | None,
    *more: Any,
) -> OrganReport:
    """The report in a row."""
    deadline, internal, withdrawn, reason, notice, *rest = more
    file_id, file_name, file_at, file_note, explained, before, counted, *counts = rest
    counted_from = (COUNTED_AS, edition, history or 0, explained or 0, before or 0, notice or "")
    mark = "-".join(map(str, counted_from))
    return OrganReport(
        report_id,
        name,
        edition,
        source,
        state_of(state),
        json.loads(note or "{}"),
        final is not None and final >= (history or 0),
        history is not None,
        changed_at,
        deadline,
        internal,
        bool(withdrawn),
        reason or "",
        None if file_id is None else SentFile(file_id, file_name, file_at, json.loads(file_note)),
        mark,
        Counts(*counts) if counted == mark else None,
    )


def keep_counts(unit: Unit, counted: Iterable[tuple[int, str, Counts]]) -> None:
    """Store counts of reports, each with the mark of what was counted."""
    for report_id, mark, counts in counted:
        unit.run(
            KEEP_COUNTS,
            report_id=report_id,
            mark=mark,
            filled=counts.filled,
            asked=counts.asked,
            whole=counts.whole,
            errors=counts.errors,
            unexplained=counts.unexplained,
            explained=counts.explained,
        )
