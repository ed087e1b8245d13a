"""How much waits in a store, and for how long: one statement for whoever watches it."""

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
    What waits: updates to be handled and messages to be sent, each with the moment of the oldest
    (None for none); people whose reminders are to be looked at, notes of steps of sign-off whose
    moment has come; processes on record; jobs of long work, None where there are none at all.
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


# Each is a walk over a partial index, or a small table.
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
    """What waits at this moment."""
    statement = STANDING_WITH_JOBS if jobs.are_kept(reader) else STANDING
    return Standing(*reader.run(statement, now=now)[0])


def clock(reader: Reader) -> datetime:
    """The moment by the database's own clock; SQLite's is the machine's."""
    moment: datetime = reader.run(CLOCK).scalar()
    return moment


def sweeps(reader: Reader) -> bool:
    """
    Whether PostgreSQL clears away by itself what is gone, and learns how large its tables are.

    Where it does not, it reads whole tables for an answer, which takes longer every day.
    """
    return bool(reader.run(SWEEPS).scalar())
