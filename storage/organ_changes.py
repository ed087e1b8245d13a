"""
Details of organs and their changes: names, mergers, ends, and the record.

Values in, values out. The doors decide who may do this and who is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select, true, update

from conversations.form.organ import Level, guess_level, organ_name
from storage.county_tables import ORGAN_RECORD
from storage.organs import CHANGE_ORGAN, DOWN, THEIRS
from storage.people import UNUSED
from storage.reports import KNOWN_AS, RENAMED, Reader
from storage.sign_off_tables import SIGN_OFF
from storage.tables import HISTORY, INVITATION, ORGAN, REPORT, TASK, insert, newest
from storage.unit import CHANGE_REPORT, Unit


@dataclass(frozen=True, slots=True)
class OrganDetails:
    """An organ with its details; `level` is None if its name decides."""

    id: int
    organ: str
    parent_id: int | None
    level: Level | None
    contact: str
    phone: str
    closed_at: datetime | None
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class OrganRecord:
    """A change of an organ; `by` is a person's key, or the word of a door."""

    what: str
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrganReportState:
    """
    A report of an organ: its state in the sign-off, and whether its final document is current.

    `waits` says that it has a task, `begun` that it has any history; `named` as in the row.
    """

    report_id: int
    year: int
    state: str | None
    is_final: bool
    begun: bool
    source: str
    named: str | None
    waits: bool


_DETAILS = ORGAN.c[
    "id", "name", "parent_id", "level", "contact", "phone", "closed_at", "merged_into"
]

ALL_DETAILS = select(*_DETAILS).order_by(ORGAN.c.name)

DETAILS_OF_THEIRS = ALL_DETAILS.where(ORGAN.c.id.in_(THEIRS))

DETAILS_BELOW = ALL_DETAILS.where(ORGAN.c.id.in_(select(DOWN.c.id)))

DETAILS = select(*_DETAILS).where(ORGAN.c.id == bindparam("organ"))

CHILDREN = select(ORGAN.c.id).where(ORGAN.c.parent_id == bindparam("organ")).order_by(ORGAN.c.name)

RECORD = insert(ORGAN_RECORD)

RECORDS = (
    select(*ORGAN_RECORD.c["what", "before", "after", "by", "at"])
    .where(ORGAN_RECORD.c.organ_id == bindparam("organ"))
    .order_by(ORGAN_RECORD.c.id)
)

FORMER_NAMES = (
    select(ORGAN_RECORD.c.organ_id, ORGAN_RECORD.c.before)
    .where(ORGAN_RECORD.c.what == RENAMED)
    .order_by(ORGAN_RECORD.c.id)
)

REPORTS_OF = (
    select(
        REPORT.c.id,
        REPORT.c.year,
        newest(SIGN_OFF.c.state, REPORT),
        REPORT.c.final_history,
        newest(HISTORY.c.id, REPORT),
        *REPORT.c["source", "named"],
        exists().where(TASK.c.report_id == REPORT.c.id, ~TASK.c.withdrawn),
    )
    .where(REPORT.c.organ_id == bindparam("organ"))
    .order_by(REPORT.c.year)
)

PRESENT_NAME = select(ORGAN.c.name, REPORT.c.named).join_from(REPORT, ORGAN)
PRESENT_NAME = PRESENT_NAME.where(REPORT.c.id == bindparam("report"))

_BESIDE = REPORT.alias("beside")

YEARS_BESIDE = (
    select(_BESIDE.c.year)
    .join_from(REPORT, _BESIDE, _BESIDE.c.organ_id == REPORT.c.organ_id)
    .where(REPORT.c.id == bindparam("report"))
    .order_by(_BESIDE.c.year)
)

EXCUSE = (
    update(TASK)
    .where(TASK.c.report_id == bindparam("report"), ~TASK.c.withdrawn)
    .values(withdrawn=true())
)

WAIT_AGAIN = (
    update(TASK)
    .where(
        TASK.c.report_id.in_(select(REPORT.c.id).where(REPORT.c.organ_id == bindparam("organ"))),
        TASK.c.withdrawn,
        TASK.c.reason == bindparam("why"),
    )
    .values(withdrawn=False, reason="")
)

REVOKE_ALL = update(INVITATION).where(INVITATION.c.organ_id == bindparam("organ"), UNUSED)

CLOSED_AT = select(ORGAN.c.closed_at).where(ORGAN.c.id == KNOWN_AS)

LEVEL_OF = select(ORGAN.c.level).where(ORGAN.c.id == KNOWN_AS)


def _details(
    id_: int, name: str, parent: int | None, level: str | None, *rest: Any
) -> OrganDetails:
    return OrganDetails(id_, name, parent, Level(level) if level else None, *rest)


def all_details(reader: Reader, person: int | None = None) -> tuple[OrganDetails, ...]:
    """The organs that an administrator looks after, closed ones too; None: all."""
    if person is None:
        rows = reader.run(ALL_DETAILS)
    else:
        rows = reader.run(DETAILS_OF_THEIRS, person=person)
    return rows.all_as(_details)


def details_below(reader: Reader, organ_id: int) -> tuple[OrganDetails, ...]:
    """An organ and all below it, by name."""
    return reader.run(DETAILS_BELOW, organ=organ_id).all_as(_details)


def details(reader: Reader, organ_id: int) -> OrganDetails | None:
    """One organ."""
    return reader.run(DETAILS, organ=organ_id).first_as(_details)


def organ_level(reader: Reader, organ: str) -> Level:
    """The level that an administrator has set for an organ, else the one its name suggests."""
    level: str | None = reader.run(LEVEL_OF, organ=organ).scalar()
    return Level(level) if level else guess_level(organ)


def children(reader: Reader, organ_id: int) -> tuple[int, ...]:
    """The organs right below one."""
    return tuple(reader.run(CHILDREN, organ=organ_id).scalars())


def former_names(reader: Reader) -> dict[str, int]:
    """Former names, and the last organ with each."""
    return {name: organ_id for organ_id, name in reader.run(FORMER_NAMES)}


def records(reader: Reader, organ_id: int) -> tuple[OrganRecord, ...]:
    """Every change of an organ, in order."""
    return reader.run(RECORDS, organ=organ_id).all_as(OrganRecord)


def reports_of(reader: Reader, organ_id: int) -> tuple[OrganReportState, ...]:
    """The reports of an organ, the oldest first."""
    return tuple(
        OrganReportState(
            report_id,
            year,
            state,
            final is not None and final >= (history or 0),
            history is not None,
            source,
            named,
            bool(waits),
        )
        for report_id, year, state, final, history, source, named, waits in reader.run(
            REPORTS_OF, organ=organ_id
        )
    )


def years_beside(reader: Reader, report_id: int) -> tuple[int, ...]:
    """The years for which a report's organ has one, including this, oldest first."""
    return tuple(reader.run(YEARS_BESIDE, report=report_id).scalars())


def present_name(reader: Reader, report_id: int) -> tuple[str, str | None]:
    """The present name of a report's organ, and the old name on the report, if any."""
    name, named = reader.run(PRESENT_NAME, report=report_id)[0]
    return name, named


def is_closed(reader: Reader, organ: str) -> bool:
    """Whether the organ with a name is closed."""
    return reader.run(CLOSED_AT, organ=organ).scalar() is not None


def record(
    unit: Unit, organ_id: int, what: str, before: str, after: str, by: str, at: datetime
) -> None:
    """Record a change of an organ."""
    unit.run(RECORD, organ_id=organ_id, what=what, before=before, after=after, by=by, at=at)


def describe(
    unit: Unit,
    organ_id: int,
    *,
    level: Level | None = None,
    contact: str | None = None,
    phone: str | None = None,
) -> None:
    """Store details of an organ; None leaves a detail as it is."""
    given = {"level": level.value if level else None, "contact": contact, "phone": phone}
    if changes := {name: value for name, value in given.items() if value is not None}:
        unit.run(CHANGE_ORGAN, organ=organ_id, **changes)


def rename(unit: Unit, organ: OrganDetails, name: str, by: str, at: datetime) -> None:
    """Give an organ another name; the caller checks that no other organ has it."""
    unit.forget()
    unit.run(CHANGE_ORGAN, organ=organ.id, name=organ_name(name))
    record(unit, organ.id, RENAMED, organ.organ, name, by, at)


def name_report(unit: Unit, report_id: int, named: str | None) -> None:
    """Give a report a former name, or its organ's present one (None)."""
    unit.forget()
    unit.run(CHANGE_REPORT, report=report_id, named=named)


def unfinish(unit: Unit, report_id: int) -> None:
    """The final document of a report counts no longer."""
    unit.forget()
    unit.run(CHANGE_REPORT, report=report_id, final_history=None, final_at=None)


def close(unit: Unit, organ_id: int, into: int | None, at: datetime) -> None:
    """Close an organ, perhaps taken over by another; its invitations end."""
    unit.run(CHANGE_ORGAN, organ=organ_id, closed_at=at, merged_into=into)
    unit.run(REVOKE_ALL, organ=organ_id, revoked_at=at)


def reopen(unit: Unit, organ_id: int) -> None:
    """Open a closed organ again."""
    unit.run(CHANGE_ORGAN, organ=organ_id, closed_at=None, merged_into=None)


def excuse(unit: Unit, report_id: int, why: str) -> bool:
    """Withdraw a report's task, with the reason; false if there was none."""
    return unit.run(EXCUSE, report=report_id, reason=why).rowcount == 1


def wait_again(unit: Unit, organ_id: int, why: str) -> int:
    """Restore tasks of an organ that were withdrawn for this reason; returns their number."""
    return unit.run(WAIT_AGAIN, organ=organ_id, why=why).rowcount
