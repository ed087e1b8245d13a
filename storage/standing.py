"""How much waits in a store, and for how long: one statement, for monitoring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage import jobs
from storage.messages import IS_OPEN, IS_WAITING
from storage.reports import Reader
from storage.sign_off_tables import POSTPONED
from storage.tables import INCOMING, OUTGOING, PROCESS, RECIPIENT


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What waits: updates and messages, each with the time of the oldest (None for none); people whose
    reminders are due for a check; notes of steps of sign-off that are due; registered processes;
    jobs of long work, None on SQLite.
    """

    waiting: int
    waiting_since: datetime | None
    unsent: int
    unsent_since: datetime | None
    due: int
    announcing: int
    processes: int
    jobs_waiting: int | None = None
    jobs_failed: int | None = None


# Each reads a partial index, or a small table.
_STANDING = (
    select(func.count()).where(IS_WAITING).scalar_subquery(),
    select(func.min(INCOMING.c.received_at)).where(IS_WAITING).scalar_subquery(),
    select(func.count()).where(IS_OPEN).scalar_subquery(),
    select(func.min(OUTGOING.c.created_at)).where(IS_OPEN).scalar_subquery(),
    select(func.count()).where(RECIPIENT.c.next_check_at <= bindparam("now")).scalar_subquery(),
    select(func.count()).where(POSTPONED.c.due <= bindparam("now")).scalar_subquery(),
    select(func.count()).select_from(PROCESS).scalar_subquery(),
)

STANDING = select(*_STANDING)

STANDING_WITH_JOBS = select(*_STANDING, jobs.WAITING, jobs.FAILED)

CLOCK = select(func.now())

SWEEPS = select(func.current_setting("autovacuum") == "on")


def standing(reader: Reader, now: datetime) -> Standing:
    """What waits now."""
    statement = STANDING_WITH_JOBS if jobs.are_kept(reader) else STANDING
    return Standing(*reader.run(statement, now=now)[0])


def clock(reader: Reader) -> datetime:
    """The time of the database's clock; SQLite's is the machine's."""
    moment: datetime = reader.run(CLOCK).scalar()
    return moment


def sweeps(reader: Reader) -> bool:
    """
    Whether PostgreSQL vacuums by itself and keeps statistics of its tables.

    If not, it reads whole tables for an answer, slower every day.
    """
    return bool(reader.run(SWEEPS).scalar())
