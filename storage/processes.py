"""
The processes that serve one store, and which of them sends which message.

A message is sent by the process that decided it; long work that a job brings, by the process that
claims it. A process shows that it is alive while another is registered. Messages of a dead process
are unowned; another takes them over, or a job brings them again.
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
    """
    A process that serves the store: `beat` grows while it lives; `polls`: it asks for updates.
    """

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

# With jobs, it is they that bring long work.
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
    """The processes that serve the store."""

    def __init__(self, reader: Reader) -> None:
        """Read through `reader`."""
        self._reader = reader

    def all(self) -> tuple[Process, ...]:
        """The registered processes, dead or alive."""
        return self._reader.run(PROCESSES).all_as(Process)

    @property
    def is_any_left(self) -> bool:
        """Whether a message waits that no registered process will send."""
        left = ANY_LEFT if jobs.are_kept(self._reader) else ANY_NOBODYS
        return self._reader.run(left).first() is not None


class Processes(ProcessReader):
    """The same, in a transaction that may write."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        super().__init__(unit)
        self._unit = unit

    def register(self, process: str, *, polls: bool) -> None:
        """Register a process, so that messages can belong to it; repeating it changes nothing."""
        self._unit.run(REGISTER, id=process, beat=0, polls=polls)

    def beat(self, process: str) -> bool:
        """Show that a process lives; false if it is no longer registered."""
        return self._unit.run(BEAT, whose=process).rowcount == 1

    def end(self, process: str) -> None:
        """A process has ended: its unsent messages are unowned."""
        self._unit.run(END, whose=process)

    def take_over(self, heir: str) -> tuple[Message, ...]:
        """
        Give unowned messages to this process, in order.

        With jobs, long work waits for its own job again, or is given one.
        """
        if not jobs.are_kept(self._unit):
            return _in_order(self._unit.run(TAKE_OVER, heir=heir))
        jobs.retry_lost(self._unit, self._unit.run(RELEASE).scalars())
        for message, method in self._unit.run(JOBLESS):
            # This job is created late. With a lock it could deadlock: waiting for a job that waits
            # for this row.
            jobs.defer(self._unit, message, jobs.BESIDE if method in ASIDE else jobs.IN_CHAT, None)
        return _in_order(self._unit.run(TAKE_OVER_SHORT, heir=heir))

    def claim(self, message: int, process: str) -> Message | None:
        """Claim long work that a job has brought; None if it is over or another process's."""
        row = self._unit.run(CLAIM, message=message, me=process).first()
        return None if row is None else replace(Message(*row), behind=True)

    def give_back(self, message: int, process: str) -> None:
        """Long work has failed here and waits for its job again."""
        self._unit.run(GIVE_BACK, message=message, me=process)

    def own(self, process: str) -> tuple[Message, ...]:
        """The messages that a process still has to send, in order."""
        return _in_order(self._unit.run(OWN, whose=process))


def _in_order(rows: Iterable[Any]) -> tuple[Message, ...]:
    # Earlier messages of the chat may belong to a job or to another process.
    messages = (replace(Message(*row), behind=True) for row in rows)
    return tuple(sorted(messages, key=lambda message: message.id))
