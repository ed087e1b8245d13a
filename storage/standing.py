"""How much waits in a store, and for how long: one statement for whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.messages import IS_OPEN, IS_WAITING
from storage.reports import Reader
from storage.tables import INCOMING, OUTGOING, PROCESS, RECIPIENT


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What waits: updates to be handled and messages to be sent, each with the moment of the oldest
    (None for none); people whose reminders are to be looked at; processes on record.
    """

    waiting: int
    waiting_since: datetime | None
    unsent: int
    unsent_since: datetime | None
    due: int
    processes: int


# Each is a walk over a partial index, or a small table.
STANDING = select(
    select(func.count()).where(IS_WAITING).scalar_subquery(),
    select(func.min(INCOMING.c.received_at)).where(IS_WAITING).scalar_subquery(),
    select(func.count()).where(IS_OPEN).scalar_subquery(),
    select(func.min(OUTGOING.c.created_at)).where(IS_OPEN).scalar_subquery(),
    select(func.count()).where(RECIPIENT.c.next_check_at <= bindparam("now")).scalar_subquery(),
    select(func.count()).select_from(PROCESS).scalar_subquery(),
)


def standing(reader: Reader, now: datetime) -> Standing:
    """What waits at this moment."""
    return Standing(*reader.run(STANDING, now=now)[0])
