"""
The processes that serve one store, and whose the messages are that wait to be sent.

A message is sent by the process that decided it, or, where it is long work that a job brings, by
the one that claims it then. A process shows that it lives as long as another is there to see it;
what one has left that is gone is nobody's, and taken over, or waits for a job again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, literal, or_, select, update

from storage import jobs
from storage.messages import ASIDE, IS_LONG, IS_OPEN, REMIND, UNSENT_COLUMNS, Message
from storage.messages import OWN as STILL_OWN
from storage.reports import Reader
from storage.tables import OUTGOING, PROCESS, insert
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Process:
    """A process that serves the store: `beat` grows while it lives, `polls` how it receives."""

    id: str
    beat: int
    polls: bool


PROCESSES = select(PROCESS.c.id, PROCESS.c.beat, PROCESS.c.polls)

REGISTER = insert(PROCESS).on_conflict_do_nothing()

BEAT = update(PROCESS).where(PROCESS.c.id == bindparam("whose")).values(beat=PROCESS.c.beat + 1)

END = delete(PROCESS).where(PROCESS.c.id == bindparam("whose"))

# A reminder has a lease of its own.
_NOBODYS = (
    IS_OPEN
    & (OUTGOING.c.method != REMIND)
    & (OUTGOING.c.process.is_(None) | OUTGOING.c.process.not_in(select(PROCESS.c.id)))
)

ANY_NOBODYS = select(literal(1)).where(select(OUTGOING.c.id).where(_NOBODYS).exists())

TAKE_OVER = (
    update(OUTGOING).where(_NOBODYS).values(process=bindparam("heir")).returning(*UNSENT_COLUMNS)
)

# Where there are jobs, it is they that bring what is long.
_LEFT = _NOBODYS & OUTGOING.c.process.is_distinct_from(jobs.FOR_A_JOB)

_IS_JOBLESS = IS_OPEN & (OUTGOING.c.process == jobs.FOR_A_JOB) & ~jobs.HAS_JOB

JOBLESS = select(OUTGOING.c.id, OUTGOING.c.method).where(_IS_JOBLESS).order_by(OUTGOING.c.id)

ANY_LEFT = select(literal(1)).where(
    or_(
        select(OUTGOING.c.id).where(_LEFT).exists(),
        select(OUTGOING.c.id).where(_IS_JOBLESS).exists(),
        jobs.ANY_LOST,
    )
)

RELEASE = (
    update(OUTGOING).where(_LEFT, IS_LONG).values(process=jobs.FOR_A_JOB).returning(OUTGOING.c.id)
)

TAKE_OVER_SHORT = TAKE_OVER.where(~IS_LONG)

CLAIM = (
    update(OUTGOING)
    .where(
        OUTGOING.c.id == bindparam("message"),
        _NOBODYS | (IS_OPEN & (OUTGOING.c.process == bindparam("me"))),
    )
    .values(process=bindparam("me"))
    .returning(*UNSENT_COLUMNS)
)

GIVE_BACK = STILL_OWN.values(process=jobs.FOR_A_JOB)

OWN = select(*UNSENT_COLUMNS).where(IS_OPEN, OUTGOING.c.process == bindparam("whose"))


class ProcessReader:
    """Who serves the store."""

    def __init__(self, reader: Reader) -> None:
        """Look at what `reader` sees."""
        self._reader = reader

    def all(self) -> tuple[Process, ...]:
        """The processes that are registered, whether they live or not."""
        return tuple(Process(*row) for row in self._reader.run(PROCESSES))

    @property
    def is_any_left(self) -> bool:
        """Whether a message waits that no registered process will send."""
        left = ANY_LEFT if jobs.are_kept(self._reader) else ANY_NOBODYS
        return self._reader.run(left).first() is not None


class Processes(ProcessReader):
    """The same in a transaction that may write."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        super().__init__(unit)
        self._unit = unit

    def register(self, process: str, *, polls: bool) -> None:
        """From now on messages can be this process's; again it changes nothing."""
        self._unit.run(REGISTER, id=process, beat=0, polls=polls)

    def beat(self, process: str) -> bool:
        """Show that a process lives; false when it is not registered any more."""
        return self._unit.run(BEAT, whose=process).rowcount == 1

    def end(self, process: str) -> None:
        """A process is gone: what it has not sent is nobody's."""
        self._unit.run(END, whose=process)

    def take_over(self, heir: str) -> tuple[Message, ...]:
        """
        Make what is nobody's this process's, in order.

        Where there are jobs, long work waits for its own again, or is given one.
        """
        if not jobs.are_kept(self._unit):
            return _in_order(self._unit.run(TAKE_OVER, heir=heir))
        jobs.retry_lost(self._unit, self._unit.run(RELEASE).scalars())
        for message, method in self._unit.run(JOBLESS):
            # It is late: a lock might make it wait for what waits for it.
            jobs.defer(self._unit, message, jobs.BESIDE if method in ASIDE else jobs.IN_CHAT, None)
        return _in_order(self._unit.run(TAKE_OVER_SHORT, heir=heir))

    def claim(self, message: int, process: str) -> Message | None:
        """Long work that a job has brought; None where it is over, or another process's."""
        row = self._unit.run(CLAIM, message=message, me=process).first()
        return None if row is None else replace(Message(*row), behind=True)

    def give_back(self, message: int, process: str) -> None:
        """Long work that has failed here waits for its job again."""
        self._unit.run(GIVE_BACK, message=message, me=process)

    def own(self, process: str) -> tuple[Message, ...]:
        """The messages that a process still has to send, in order."""
        return _in_order(self._unit.run(OWN, whose=process))


def _in_order(rows: Iterable[Any]) -> tuple[Message, ...]:
    # What comes before it may be a job's, or another process's.
    messages = (replace(Message(*row), behind=True) for row in rows)
    return tuple(sorted(messages, key=lambda message: message.id))
