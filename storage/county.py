"""
The organs below an organ, with their reports of a year.

Values in, values out. Counts of a report are stored with a mark of what they were counted from, so
that only changed reports are loaded again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, func, literal_column, select

from conversations.county.status import (
    FILE,
    HANDED_IN,
    Counts,
    CountyOrgan,
    OrganReport,
    Progress,
    SentFile,
)
from conversations.form.organ import Level, guess_level
from storage.county_tables import COLLECTED, COUNTED
from storage.organs import HAS_BELOW, SELF_AND_BELOW
from storage.reminders import CLERK
from storage.reports import NAME_BORNE, Reader
from storage.sign_off_reading import state_of
from storage.sign_off_tables import SIGN_OFF
from storage.tables import EXPLANATION, HISTORY, MEMBER, ORGAN, PERSON, REPORT, TASK, newest, upsert
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

# Neither above nor below another.
ALONE = (
    select(ORGAN.c.id)
    .where(ORGAN.c.parent_id.is_(None), ~HAS_BELOW)
    .order_by(ORGAN.c.name)
    .limit(bindparam("most"))
)

# The last author of a report; the command line has a word of its own.
LAST_CHANGE = (
    select(
        HISTORY.c.at, func.coalesce(func.nullif(PERSON.c.name, literal_column("''")), HISTORY.c.by)
    )
    .outerjoin(PERSON, PERSON.c.key == HISTORY.c.by)
    .where(HISTORY.c.report_id == bindparam("report"))
    .order_by(HISTORY.c.id.desc())
    .limit(1)
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
        unit.run(KEEP_COUNTS, report_id=report_id, mark=mark, **asdict(counts))


def last_change(reader: Reader, report_id: int) -> tuple[datetime, str] | None:
    """When a report was last changed and by whom; None if it is empty."""
    row = reader.run(LAST_CHANGE, report=report_id).first()
    return None if row is None else (row[0], row[1])


# ---- on which days the present reports arrived --------------------------------------------------

_NEWEST_STEP = select(func.max(SIGN_OFF.c.at)).where(SIGN_OFF.c.report_id == REPORT.c.id)
_SUBMITTED = SIGN_OFF.c.deed == literal_column("'submit'")

MOMENTS = select(
    *REPORT.c["id", "created_at", "final_at"],
    _NEWEST_STEP.where(_SUBMITTED).scalar_subquery(),
    _NEWEST_STEP.scalar_subquery(),
    select(func.min(COLLECTED.c.at)).where(COLLECTED.c.report_id == REPORT.c.id).scalar_subquery(),
).where(REPORT.c.id.in_(CHOSEN))


@dataclass(frozen=True, slots=True)
class Came:
    """When the first report was begun, and when each present report arrived."""

    begun: datetime | None
    handed_in: tuple[datetime, ...]


def came(reader: Reader, organs: Iterable[CountyOrgan]) -> Came:
    """
    When the reports of organs arrived.

    A file arrived with its first version, an answered report with its newest submission, or,
    without a leader, with its final document.
    """
    by_report = {organ.report.report_id: organ for organ in organs if organ.report}
    begun: list[datetime] = []
    handed_in = []
    for report_id, created_at, final_at, submitted_at, step_at, sent_at in of_many(
        reader, MOMENTS, [*by_report]
    ):
        organ = by_report[report_id]
        begun.append(created_at)
        if organ.progress not in HANDED_IN:
            continue
        if organ.report is not None and organ.report.source == FILE:
            moments = [sent_at, final_at]
        elif organ.progress is Progress.FINISHED:
            moments = [final_at]
        else:
            moments = [submitted_at, final_at, step_at]
        handed_in += [moment for moment in moments if moment is not None][:1]
    return Came(min(begun, default=None), tuple(handed_in))
