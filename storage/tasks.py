"""
Tasks and reminders: dates, wishes, whom to look at when, and what was sent to whom.

Values in, values out, in a transaction of `reports.py`'s. Every person who may be
reminded has one row with `look_at`, the moment to ask again whether something is due;
whatever changes the answer puts it to `NOW`. So a tick is one indexed query.

A reminder is claimed before it is sent: its rows are unique, whoever inserts them sends
it. A claim that was not settled before its lease is over (the process has died) is
released and decided anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from conversations.form.numbers import NUMBERS
from conversations.reminders.decide import Delivery, Reminder
from conversations.reminders.people import Member, Mode, Snooze
from conversations.reminders.tasks import (
    ReminderKind,
    Task,
    candidate_deadlines,
    default_deadline,
)
from storage.messages import GIVEN_UP, SENT, Message, Messages
from storage.reports import Reader, Unit
from storage.statements import Cursor, Record, Statement
from storage.values import ITEMS

if TYPE_CHECKING:
    from storage.task_statements import DueStatements, TaskStatements

# Look at once, and before all others.
NOW = datetime(2000, 1, 1, tzinfo=UTC)

ONE_DAY = timedelta(days=1)

REMIND = "remind"  # the method of an outgoing row that is a reminder


@dataclass(frozen=True, slots=True)
class Own:
    """
    A report that a clerk works on.

    `work` is what was open when it was last computed, None when something has changed
    since; `history` is the newest row of the report's history.
    """

    report_id: int
    edition: str
    task: Task
    finished: bool
    since: date | None
    work: str | None
    history: int
    nudges: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that was claimed and not surely sent."""

    day: date
    number: int
    lease: datetime
    outgoing: int


@dataclass(frozen=True, slots=True)
class Addressee:
    """
    Somebody who may be reminded, with everything that decides whether he is.

    `member` is he as a clerk. `administers` says that he has organs to look after,
    `everything` that these are all.
    """

    person: int
    member: Member
    clerk_of: tuple[Own, ...]
    deliveries: tuple[Delivery, ...]
    pending: tuple[Pending, ...]
    administers: bool
    everything: bool
    look_at: datetime | None
    unreachable_since: date | None


@dataclass(frozen=True, slots=True)
class Administered:
    """A task of an administrator's, with the clerks of it who cannot be written to."""

    report_id: int
    organ_id: int
    task: Task
    finished: bool
    unreachable: tuple[str, ...] = ()
    unreachable_since: date | None = None
    unreachable_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Clerk:
    """A clerk of an organ, to be shown to its administrator."""

    person: int
    name: str


def task_id(report_id: int) -> str:
    """A report's id as tasks and their buttons have it."""
    return f"{report_id:x}"


class TaskReader:
    """Tasks and reminders, to look at."""

    def __init__(self, reader: Reader) -> None:
        """Look at what `reader` sees."""
        self._reader = reader
        self._statements: TaskStatements = reader.prepared("TaskStatements")

    # ---- whom to look at ------------------------------------------------------------------

    def is_due(self, now: datetime) -> bool:
        """Whether anybody's moment has come: one indexed query."""
        statement = self._reader.prepared("DueStatements").due
        return self._reader.run(statement, now, 1).fetchone() is not None

    def due(self, now: datetime, most: int) -> tuple[Addressee, ...]:
        """The people whose moment has come, at most so many, the longest waiting first."""
        group = self._reader.prepared("DueStatements")
        if not self.is_due(now):
            return ()
        return self._addressees(group, now, now, most)

    def everybody(self, now: datetime) -> tuple[Addressee, ...]:
        """All who may be reminded."""
        return self._addressees(self._reader.prepared("EveryStatements"), now)

    def addressee(self, person: int, now: datetime) -> Addressee | None:
        """One person, None for somebody who was never to be reminded."""
        found = self._addressees(self._reader.prepared("OneStatements"), now, person)
        return found[0] if found else None

    def clerks_of(self, report_id: int, now: datetime) -> tuple[Addressee, ...]:
        """The clerks of a report's organ."""
        return self._addressees(self._reader.prepared("OrganStatements"), now, report_id)

    def _addressees(self, of: DueStatements, now: datetime, *whom: Any) -> tuple[Addressee, ...]:
        rows = self._reader.rows
        # Of tasks far ahead the next moment is wanted, too.
        lower, _ = candidate_deadlines(now)
        nudges: dict[tuple[int, int], list[datetime]] = {}
        for person, report, at in rows(of.nudges, *whom):
            nudges.setdefault((person, report), []).append(at)
        assigned: dict[int, list[tuple[str, str]]] = {}
        for report, section, person in rows(of.assigned, *whom):
            assigned.setdefault(report, []).append((ITEMS[section], str(person)))
        own: dict[int, list[Own]] = {}
        for row in rows(of.own, *whom, lower):
            own.setdefault(row[0], []).append(_own(row, assigned, nudges))
        deliveries: dict[int, list[Delivery]] = {}
        for person, task, kind, day, at, step, number in rows(of.deliveries, *whom, lower):
            deliveries.setdefault(person, []).append(
                Delivery(task, KINDS[kind], day, at, step, number)
            )
        pending: dict[int, list[Pending]] = {}
        for person, day, number, lease, outgoing in rows(of.pending, *whom):
            pending.setdefault(person, []).append(Pending(day, number, lease, outgoing))
        return tuple(
            Addressee(
                row[0],
                _member(row),
                tuple(own.get(row[0], ())),
                tuple(deliveries.get(row[0], ())),
                tuple(pending.get(row[0], ())),
                bool(row[14]) or bool(row[11]),
                bool(row[11]),
                row[12],
                row[13],
            )
            for row in rows(of.recipients, *whom)
        )

    # ---- tasks ------------------------------------------------------------------------------

    def task(self, report_id: int) -> Task | None:
        """The task of a report, None where it has none."""
        found = self._reader.rows(self._statements.task, report_id)
        if not found:
            return None
        organ, year, deadline, internal, withdrawn = found[0]
        assigned = tuple(
            (ITEMS[section], str(person))
            for _, section, person in self._reader.rows(self._statements.assigned, report_id)
        )
        return Task(task_id(report_id), organ, year, deadline, internal, bool(withdrawn), assigned)

    def clerks(self, report_id: int) -> tuple[Clerk, ...]:
        """The clerks of a report's organ, who joined first first."""
        return tuple(
            Clerk(person, name or "")
            for person, name in self._reader.rows(self._statements.clerks, report_id)
        )

    def administered(
        self, person: int | None, now: datetime, *, near: bool = False
    ) -> tuple[Administered, ...]:
        """
        The tasks of an administrator's organs; None: of all organs.

        Those of long ago are left out, and if `near` those of which nothing can be due.
        """
        lower, upper = candidate_deadlines(now)
        if not near:
            upper = date.max
        if person is None:
            found = self._reader.rows(self._statements.all_tasks, lower, upper)
        else:
            found = self._reader.rows(self._statements.their_tasks, lower, upper, person)
        away: dict[int, list[tuple[str, date | None]]] = {}
        for organ_id, id_, name, day in self._reader.rows(self._statements.unreachable):
            away.setdefault(organ_id, []).append((name or f"经办人{id_}", day))
        made = []
        for report, organ_id, organ, year, deadline, internal, finished in found:
            task = Task(task_id(report), organ, year, deadline, internal)
            if organ_id not in away:
                made.append(Administered(report, organ_id, task, bool(finished)))
                continue
            days = [day for _, day in away[organ_id] if day is not None]
            made.append(
                Administered(
                    report,
                    organ_id,
                    task,
                    bool(finished),
                    tuple(name for name, _ in away[organ_id]),
                    max(days, default=None),
                    len(days) < len(away[organ_id]),
                )
            )
        return tuple(made)

    def overrides(self) -> tuple[dict[date, bool], tuple[int, ...]]:
        """The days administrators have entered (True: worked), and the years entered whole."""
        days = {day: bool(works) for day, works in self._reader.rows(self._statements.days)}
        return days, tuple(row[0] for row in self._reader.rows(self._statements.years))


KINDS = {kind.value: kind for kind in ReminderKind}
MODES = {mode.value: mode for mode in Mode}
_ZONES: dict[str, Any] = {}


def _zone(name: str) -> Any:
    found = _ZONES.get(name)
    if found is None:
        found = _ZONES.setdefault(name, ZoneInfo(name))
    return found


def _member(row: Record) -> Member:
    id_, name, reachable, mode, starts, ends, zone, on, until, again, since, *_ = row
    return Member(
        str(id_),
        name=name or "",
        start=time(*divmod(starts, 60)),
        end=time(*divmod(ends, 60)),
        zone=_zone(zone),
        mode=MODES[mode],
        snooze=Snooze(on, until, bool(again)) if on and until else None,
        # Somebody who has never spoken with us cannot be written to.
        reachable=bool(reachable),
        since=since,
    )


def _own(
    row: Record,
    assigned: Mapping[int, list[tuple[str, str]]],
    nudges: Mapping[tuple[int, int], list[datetime]],
) -> Own:
    person, report, organ, year, edition, deadline, internal, since, work, at, final, newest = row
    task = Task(
        task_id(report), organ, year, deadline, internal, False, tuple(assigned.get(report, ()))
    )
    return Own(
        report,
        edition,
        task,
        bool(final),
        since,
        work if at == (newest or 0) else None,
        newest or 0,
        tuple(nudges.get((person, report), ())),
    )


class Tasks(TaskReader):
    """Tasks and reminders of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        super().__init__(unit)
        self._unit = unit
        self._bound: dict[Any, Any] = {}

    # ---- what happens ---------------------------------------------------------------------

    def opened(self, report_id: int, year: int, person: int, today: date) -> None:
        """
        A clerk has opened a report: it has a task from now on, and he may be reminded.

        Of what is due today he knows. Reports of long ago get no task by themselves.
        """
        if year >= today.year - 1:
            self._unit.run(
                self._statements.begin,
                report_id,
                default_deadline(year),
                False,
                today + ONE_DAY,
            )
        self.wake(person)

    def wake(self, *people: int) -> None:
        """Look at these people at once: something about them has changed."""
        for person in sorted(people):
            self._unit.run(
                self._statements.wake,
                person,
                "on",
                540,
                1080,
                "Asia/Shanghai",
                False,
                None,
                False,
                NOW,
            )

    def progressed(self, report_id: int) -> None:
        """An answer of a report has changed: who had nothing to do is looked at again."""
        self._unit.run(self._statements.wake_silent, NOW, report_id)

    def set_task(self, task: Task, report_id: int) -> None:
        """Keep the dates of a report's task; it is made where there is none."""
        self._unit.run(self._statements.begin, report_id, task.deadline, False, None)
        self._unit.run(
            self._statements.change, task.deadline, task.internal, task.withdrawn, report_id
        )
        self.wake(*(clerk.person for clerk in self.clerks(report_id)))

    def assign(self, report_id: int, section: str, person: int | None) -> None:
        """Give a section to a clerk; None: to everybody again."""
        if person is None:
            self._unit.run(self._statements.unassign, report_id, NUMBERS[section])
        else:
            self._unit.run(self._statements.assign, report_id, NUMBERS[section], person)
        self.wake(*(clerk.person for clerk in self.clerks(report_id)))

    def nudge(self, report_id: int, person: int, at: datetime, by: str) -> None:
        """An administrator asks to remind a clerk."""
        self._unit.run(self._statements.nudge, person, report_id, at, by)
        self.wake(person)

    def wishes(self, person: int, mode: Mode, start: time, end: time, since: date | None) -> None:
        """How much, and in which hours, a person wants to hear."""
        self.wake(person)
        self._unit.run(
            self._statements.wishes,
            mode.value,
            start.hour * 60 + start.minute,
            end.hour * 60 + end.minute,
            since,
            NOW,
            person,
        )

    def snooze(self, person: int, snooze: Snooze | None) -> None:
        """A person does not want to hear anything until a day."""
        self.wake(person)
        on, until, again = (
            (snooze.on, snooze.until, snooze.again) if snooze else (None, None, False)
        )
        self._unit.run(self._statements.snooze, on, until, again, NOW, person)

    def administrators(self, people: Iterable[int]) -> None:
        """Those who look after all organs, and nobody else does."""
        self._unit.run(self._statements.no_longer_everything, False)
        for person in sorted(people):
            self.wake(person)
            self._unit.run(self._statements.everything, True, person)

    def reaches(self, person: int, since: date | None) -> None:
        """Whether a person can be written to, or since which day not."""
        self._unit.run(self._statements.unreachable_since, since, person)
        if since is not None:
            self._unit.run(self._statements.wake_administrators, NOW, person)

    # ---- the calendar -----------------------------------------------------------------------

    def put_day(self, day: date, works: bool | None) -> None:
        """Enter a day as worked or free; None takes it out again."""
        if works is None:
            self._unit.run(self._statements.drop_day, day)
        else:
            self._unit.run(self._statements.put_day, day, works)
        self._unit.run(self._statements.wake_all, NOW)

    def put_year(self, year: int, *, complete: bool) -> None:
        """Say whether all holidays of a year have been entered."""
        self._unit.run(self._statements.put_year if complete else self._statements.drop_year, year)
        self._unit.run(self._statements.wake_all, NOW)

    # ---- sending ----------------------------------------------------------------------------

    def remember(self, report_id: int, work: str, history: int) -> None:
        """Keep what is open in a report after that row of its history."""
        self._unit.run(self._statements.remember, work, history, report_id)

    def plan(self, person: int, seen: datetime | None, look_at: datetime | None) -> None:
        """When to look at a person again, unless something has happened since `seen`."""
        self._unit.run(self._statements.plan, look_at, person, seen)

    def claim(
        self,
        person: int,
        message: tuple[Reminder, ...],
        payload: str,
        at: datetime,
        lease: datetime,
    ) -> Message | None:
        """
        Take a message of reminders for sending; None when somebody else has it.

        Until `lease` it counts as sent.
        """
        first = message[0]
        statements = self._statements
        row = Messages(self._unit).say(person, REMIND, payload, None, at)
        place = (person, first.day, first.number)
        if self._run(statements.notice, *place, lease, row.id).rowcount != 1:
            self._run(statements.unsay, row.id)
            return None
        fresh = 0
        for one in message:
            fresh += self._run(
                statements.reminded,
                one.task.id,
                person,
                one.kind.value,
                one.day,
                first.number,
                one.step,
                at,
            ).rowcount
        if not fresh:
            # Each was sent under another number of the day.
            self._run(statements.give_up, *place, lease)
            self._run(statements.unsay, row.id)
            return None
        self._run(statements.look, lease, person)
        return row

    def _run(self, statement: Statement, *values: Any) -> Cursor:
        """As `Unit.run`; days and moments, the same for a whole tick, are converted once."""
        binds = statement.binds
        if binds is None:
            return self._unit.connection.execute(statement.sql, values)
        bound = self._bound
        found = []
        for value, convert in zip(values, binds, strict=True):
            if convert is None or value is None:
                found.append(value)
                continue
            key = (convert, value)
            if key not in bound:
                bound[key] = convert(value)
            found.append(bound[key])
        return self._unit.connection.execute(statement.sql, found)

    def settle(
        self, person: int, day: date, number: int, outgoing: int, message_id: int | None
    ) -> None:
        """A message was sent (or, without an id, can never be): it is over."""
        self._unit.run(self._statements.settle, None, person, day, number)
        Messages(self._unit).mark(outgoing, SENT if message_id else GIVEN_UP, message_id)
        self._unit.run(self._statements.look, NOW, person)

    def release(self, person: int, one: Pending) -> bool:
        """Take back a claim that nobody has settled; false when somebody did meanwhile."""
        found = self._unit.run(self._statements.give_up, person, one.day, one.number, one.lease)
        if found.rowcount != 1:
            return False
        self._unit.run(self._statements.forget, person, one.day, one.number)
        Messages(self._unit).mark(one.outgoing, GIVEN_UP)
        self._unit.run(self._statements.look, NOW, person)
        return True


__all__ = [
    "NOW",
    "REMIND",
    "Addressee",
    "Administered",
    "Clerk",
    "Own",
    "Pending",
    "TaskReader",
    "Tasks",
    "task_id",
]
