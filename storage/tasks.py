"""
Tasks and reminders: dates, wishes, whom to look at when, and what was sent to whom.

Values in, values out, in a transaction of `Store.begin`. Every person who may be
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
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, delete, exists, func, select, update

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
from storage.reports import Reader, newest_change
from storage.tables import (
    ASSIGNMENT,
    CALENDAR_DAY,
    CALENDAR_YEAR,
    MEMBER,
    NOTICE,
    NUDGE,
    ORGAN,
    OUTGOING,
    PERSON,
    RECIPIENT,
    REMINDED,
    REPORT,
    TASK,
    insert,
    upsert,
)
from storage.unit import Unit
from storage.values import ITEMS

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


_CLERK = (MEMBER.c.role == "clerk") & MEMBER.c.left_at.is_(None)
_ADMINISTRATOR = (MEMBER.c.role == "administrator") & MEMBER.c.left_at.is_(None)

# Whose sections are whose; those of somebody who has left are everybody's again.
_ASSIGNED = (
    select(ASSIGNMENT.c.report_id, ASSIGNMENT.c.section, ASSIGNMENT.c.person_id)
    .join_from(ASSIGNMENT, REPORT, REPORT.c.id == ASSIGNMENT.c.report_id)
    .join(
        MEMBER,
        (MEMBER.c.person_id == ASSIGNMENT.c.person_id) & (MEMBER.c.organ_id == REPORT.c.organ_id),
    )
    .where(_CLERK)
    .order_by(ASSIGNMENT.c.report_id, ASSIGNMENT.c.section)
)


@dataclass(frozen=True)
class _About:
    """What is asked about people who may be reminded, whoever they are; `people` selects them."""

    people: Select[*tuple[Any, ...]]
    recipients: Select[*tuple[Any, ...]]
    own: Select[*tuple[Any, ...]]
    assigned: Select[*tuple[Any, ...]]
    deliveries: Select[*tuple[Any, ...]]
    nudges: Select[*tuple[Any, ...]]
    pending: Select[*tuple[Any, ...]]


def _about(people: Select[*tuple[Any, ...]]) -> _About:
    reports = (
        select(REPORT.c.id)
        .join(MEMBER, MEMBER.c.organ_id == REPORT.c.organ_id)
        .where(MEMBER.c.person_id.in_(people))
    )
    return _About(
        people,
        select(
            RECIPIENT.c.person_id,
            PERSON.c.name,
            PERSON.c.reachable,
            RECIPIENT.c.mode,
            RECIPIENT.c.starts,
            RECIPIENT.c.ends,
            RECIPIENT.c.zone,
            RECIPIENT.c.snooze_on,
            RECIPIENT.c.snooze_until,
            RECIPIENT.c.snooze_again,
            RECIPIENT.c.since,
            RECIPIENT.c.everything,
            RECIPIENT.c.look_at,
            RECIPIENT.c.unreachable_since,
            exists()
            .where(MEMBER.c.person_id == RECIPIENT.c.person_id, _ADMINISTRATOR)
            .label("administers"),
        )
        .outerjoin(PERSON, PERSON.c.id == RECIPIENT.c.person_id)
        .where(RECIPIENT.c.person_id.in_(people))
        .order_by(RECIPIENT.c.person_id),
        select(
            MEMBER.c.person_id,
            TASK.c.report_id,
            ORGAN.c.name,
            REPORT.c.year,
            REPORT.c.edition,
            TASK.c.deadline,
            TASK.c.internal,
            TASK.c.since,
            TASK.c.work,
            TASK.c.work_history,
            REPORT.c.final_history.is_not(None),
            newest_change(REPORT),
        )
        .join_from(MEMBER, REPORT, REPORT.c.organ_id == MEMBER.c.organ_id)
        .join(TASK, TASK.c.report_id == REPORT.c.id)
        .join(ORGAN, ORGAN.c.id == REPORT.c.organ_id)
        .where(
            MEMBER.c.person_id.in_(people),
            _CLERK,
            ~TASK.c.withdrawn,
            TASK.c.deadline >= bindparam("lower"),
        )
        .order_by(MEMBER.c.person_id, TASK.c.deadline, TASK.c.report_id),
        _ASSIGNED.where(ASSIGNMENT.c.report_id.in_(reports)),
        select(
            REMINDED.c.person_id,
            REMINDED.c.task,
            REMINDED.c.kind,
            REMINDED.c.day,
            REMINDED.c.at,
            REMINDED.c.step,
            REMINDED.c.number,
        ).where(REMINDED.c.person_id.in_(people), REMINDED.c.day >= bindparam("lower")),
        select(NUDGE.c.person_id, NUDGE.c.report_id, NUDGE.c.at).where(
            NUDGE.c.person_id.in_(people)
        ),
        select(
            NOTICE.c.person_id, NOTICE.c.day, NOTICE.c.number, NOTICE.c.lease, NOTICE.c.outgoing
        ).where(NOTICE.c.person_id.in_(people), NOTICE.c.lease.is_not(None)),
    )


# The people whose moment has come, the longest waiting first.
DUE = _about(
    select(RECIPIENT.c.person_id)
    .where(RECIPIENT.c.look_at <= bindparam("now"))
    .order_by(RECIPIENT.c.look_at, RECIPIENT.c.person_id)
    .limit(bindparam("most"))
)

ONE_PERSON = _about(
    select(RECIPIENT.c.person_id).where(RECIPIENT.c.person_id == bindparam("person"))
)

CLERKS_OF_REPORT = _about(
    select(MEMBER.c.person_id)
    .join(REPORT, REPORT.c.organ_id == MEMBER.c.organ_id)
    .where(REPORT.c.id == bindparam("report"), _CLERK)
)

EVERYBODY = _about(select(RECIPIENT.c.person_id))

TASK_OF = (
    select(ORGAN.c.name, REPORT.c.year, TASK.c.deadline, TASK.c.internal, TASK.c.withdrawn)
    .join_from(TASK, REPORT)
    .join(ORGAN)
    .where(TASK.c.report_id == bindparam("report"))
)

ASSIGNED_IN = _ASSIGNED.where(ASSIGNMENT.c.report_id == bindparam("report"))

CLERKS = (
    select(MEMBER.c.person_id, PERSON.c.name)
    .join_from(MEMBER, REPORT, REPORT.c.organ_id == MEMBER.c.organ_id)
    .outerjoin(PERSON, PERSON.c.id == MEMBER.c.person_id)
    .where(REPORT.c.id == bindparam("report"), _CLERK)
    .order_by(MEMBER.c.joined_at, MEMBER.c.person_id)
)

ALL_TASKS = (
    select(
        TASK.c.report_id,
        ORGAN.c.id,
        ORGAN.c.name,
        REPORT.c.year,
        TASK.c.deadline,
        TASK.c.internal,
        REPORT.c.final_history.is_not(None),
    )
    .join_from(TASK, REPORT)
    .join(ORGAN)
    .where(
        ~TASK.c.withdrawn,
        TASK.c.deadline >= bindparam("lower"),
        func.coalesce(TASK.c.internal, TASK.c.deadline) <= bindparam("upper"),
    )
    .order_by(TASK.c.deadline, ORGAN.c.name, TASK.c.report_id)
)

ADMINISTERED_TASKS = ALL_TASKS.where(
    REPORT.c.organ_id.in_(
        select(MEMBER.c.organ_id).where(MEMBER.c.person_id == bindparam("person"), _ADMINISTRATOR)
    )
)

# Clerks who cannot be written to, of all organs: there are few.
UNREACHABLE = (
    select(MEMBER.c.organ_id, PERSON.c.id, PERSON.c.name, RECIPIENT.c.unreachable_since)
    .join_from(PERSON, MEMBER, MEMBER.c.person_id == PERSON.c.id)
    .outerjoin(RECIPIENT, RECIPIENT.c.person_id == PERSON.c.id)
    .where(~PERSON.c.reachable, _CLERK)
    .order_by(MEMBER.c.organ_id, PERSON.c.id)
)

DAYS = select(CALENDAR_DAY.c.day, CALENDAR_DAY.c.works).order_by(CALENDAR_DAY.c.day)

COMPLETE_YEARS = select(CALENDAR_YEAR.c.year).order_by(CALENDAR_YEAR.c.year)


class TaskReader:
    """Tasks and reminders, to look at."""

    def __init__(self, reader: Reader) -> None:
        """Look at what `reader` sees."""
        self._reader = reader

    # ---- whom to look at ------------------------------------------------------------------

    def is_due(self, now: datetime) -> bool:
        """Whether anybody's moment has come: one indexed query."""
        return self._reader.run(DUE.people, now=now, most=1).first() is not None

    def due(self, now: datetime, most: int) -> tuple[Addressee, ...]:
        """The people whose moment has come, at most so many, the longest waiting first."""
        if not self.is_due(now):
            return ()
        return self._addressees(DUE, now, now=now, most=most)

    def everybody(self, now: datetime) -> tuple[Addressee, ...]:
        """All who may be reminded."""
        return self._addressees(EVERYBODY, now)

    def addressee(self, person: int, now: datetime) -> Addressee | None:
        """One person, None for somebody who was never to be reminded."""
        found = self._addressees(ONE_PERSON, now, person=person)
        return found[0] if found else None

    def clerks_of(self, report_id: int, now: datetime) -> tuple[Addressee, ...]:
        """The clerks of a report's organ."""
        return self._addressees(CLERKS_OF_REPORT, now, report=report_id)

    def _addressees(self, about: _About, moment: datetime, /, **whom: Any) -> tuple[Addressee, ...]:
        run = self._reader.run
        # Of tasks far ahead the next moment is wanted, too.
        lower, _ = candidate_deadlines(moment)
        nudges: dict[tuple[int, int], list[datetime]] = {}
        for person, report, at in run(about.nudges, **whom):
            nudges.setdefault((person, report), []).append(at)
        assigned: dict[int, list[tuple[str, str]]] = {}
        for report, section, person in run(about.assigned, **whom):
            assigned.setdefault(report, []).append((ITEMS[section], str(person)))
        own: dict[int, list[Own]] = {}
        for row in run(about.own, lower=lower, **whom):
            own.setdefault(row[0], []).append(_own(row, assigned, nudges))
        deliveries: dict[int, list[Delivery]] = {}
        for person, task, kind, day, at, step, number in run(about.deliveries, lower=lower, **whom):
            deliveries.setdefault(person, []).append(
                Delivery(task, KINDS[kind], day, at, step, number)
            )
        pending: dict[int, list[Pending]] = {}
        for person, day, number, lease, outgoing in run(about.pending, **whom):
            pending.setdefault(person, []).append(Pending(day, number, lease, outgoing))
        return tuple(
            Addressee(
                row[0],
                _member(row),
                tuple(own.get(row[0], ())),
                tuple(deliveries.get(row[0], ())),
                tuple(pending.get(row[0], ())),
                bool(row[14]) or row[11],
                row[11],
                row[12],
                row[13],
            )
            for row in run(about.recipients, **whom)
        )

    # ---- tasks ------------------------------------------------------------------------------

    def task(self, report_id: int) -> Task | None:
        """The task of a report, None where it has none."""
        row = self._reader.run(TASK_OF, report=report_id).first()
        if row is None:
            return None
        organ, year, deadline, internal, withdrawn = row
        assigned = tuple(
            (ITEMS[section], str(person))
            for _, section, person in self._reader.run(ASSIGNED_IN, report=report_id)
        )
        return Task(task_id(report_id), organ, year, deadline, internal, withdrawn, assigned)

    def clerks(self, report_id: int) -> tuple[Clerk, ...]:
        """The clerks of a report's organ, who joined first first."""
        return tuple(
            Clerk(person, name or "") for person, name in self._reader.run(CLERKS, report=report_id)
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
            rows = self._reader.run(ALL_TASKS, lower=lower, upper=upper)
        else:
            rows = self._reader.run(ADMINISTERED_TASKS, lower=lower, upper=upper, person=person)
        away: dict[int, list[tuple[str, date | None]]] = {}
        for organ_id, id_, name, day in self._reader.run(UNREACHABLE):
            away.setdefault(organ_id, []).append((name or f"经办人{id_}", day))
        made = []
        for report, organ_id, organ, year, deadline, internal, finished in rows:
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
        days = {row[0]: row[1] for row in self._reader.run(DAYS)}
        return days, tuple(self._reader.run(COMPLETE_YEARS).scalars())


KINDS = {kind.value: kind for kind in ReminderKind}
MODES = {mode.value: mode for mode in Mode}
_ZONES: dict[str, Any] = {}


def _zone(name: str) -> Any:
    found = _ZONES.get(name)
    if found is None:
        found = _ZONES.setdefault(name, ZoneInfo(name))
    return found


def _member(row: Row[*tuple[Any, ...]]) -> Member:
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
    row: Row[*tuple[Any, ...]],
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


BEGIN = insert(TASK).on_conflict_do_nothing()

CHANGE = update(TASK).where(TASK.c.report_id == bindparam("report"))

ASSIGN = upsert(ASSIGNMENT, "person_id")

UNASSIGN = delete(ASSIGNMENT).where(
    ASSIGNMENT.c.report_id == bindparam("report"), ASSIGNMENT.c.section == bindparam("part")
)

# Look at a person at once; it is made somebody who may be reminded.
WAKE = upsert(RECIPIENT, "look_at")

WISHES = update(RECIPIENT).where(RECIPIENT.c.person_id == bindparam("person"))

# Clerks of a report who had nothing to do: now they may.
WAKE_SILENT = (
    update(RECIPIENT)
    .where(
        RECIPIENT.c.look_at.is_(None),
        RECIPIENT.c.person_id.in_(
            select(MEMBER.c.person_id)
            .join(REPORT, REPORT.c.organ_id == MEMBER.c.organ_id)
            .where(REPORT.c.id == bindparam("report"))
        ),
    )
    .values(look_at=NOW)
)

_THEIR = MEMBER.alias("their")

# Those who look after one of a person's organs.
WAKE_ADMINISTRATORS = (
    update(RECIPIENT)
    .where(
        RECIPIENT.c.everything
        | RECIPIENT.c.person_id.in_(
            select(MEMBER.c.person_id).where(
                _ADMINISTRATOR,
                MEMBER.c.organ_id.in_(
                    select(_THEIR.c.organ_id).where(_THEIR.c.person_id == bindparam("person"))
                ),
            )
        )
    )
    .values(look_at=NOW)
)

WAKE_ALL = update(RECIPIENT).values(look_at=NOW)

# When to look again, unless something has happened meanwhile.
PLAN = (
    update(RECIPIENT)
    .where(RECIPIENT.c.person_id == bindparam("person"), RECIPIENT.c.look_at == bindparam("seen"))
    .values(look_at=bindparam("next"))
)

NOBODY_LOOKS_AFTER_EVERYTHING = (
    update(RECIPIENT).where(RECIPIENT.c.everything).values(everything=False)
)

NOTE = insert(NOTICE).on_conflict_do_nothing()

UNSAY = delete(OUTGOING).where(OUTGOING.c.id == bindparam("message"))

REMIND_ONCE = insert(REMINDED).on_conflict_do_nothing()

_THIS_NOTICE = (
    (NOTICE.c.person_id == bindparam("person"))
    & (NOTICE.c.day == bindparam("on"))
    & (NOTICE.c.number == bindparam("place"))
)

SETTLE = update(NOTICE).where(_THIS_NOTICE).values(lease=None)

GIVE_UP = delete(NOTICE).where(_THIS_NOTICE, NOTICE.c.lease == bindparam("until"))

FORGET = delete(REMINDED).where(
    REMINDED.c.person_id == bindparam("person"),
    REMINDED.c.day == bindparam("on"),
    REMINDED.c.number == bindparam("place"),
)

NUDGE_ONCE = insert(NUDGE).on_conflict_do_nothing()

PUT_DAY = upsert(CALENDAR_DAY, "works")

DROP_DAY = delete(CALENDAR_DAY).where(CALENDAR_DAY.c.day == bindparam("on"))

PUT_YEAR = insert(CALENDAR_YEAR).on_conflict_do_nothing()

DROP_YEAR = delete(CALENDAR_YEAR).where(CALENDAR_YEAR.c.year == bindparam("which"))


class Tasks(TaskReader):
    """Tasks and reminders of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        super().__init__(unit)
        self._unit = unit

    # ---- what happens ---------------------------------------------------------------------

    def opened(self, report_id: int, year: int, person: int, today: date) -> None:
        """
        A clerk has opened a report: it has a task from now on, and the person may be reminded.

        What is due today they know already. Reports of long ago get no task by themselves.
        """
        if year >= today.year - 1:
            self._begin(report_id, default_deadline(year), today + ONE_DAY)
        self.wake(person)

    def wake(self, *people: int) -> None:
        """Look at these people at once: something about them has changed."""
        for person in sorted(people):
            self._unit.run(
                WAKE,
                person_id=person,
                mode="on",
                starts=540,
                ends=1080,
                zone="Asia/Shanghai",
                snooze_again=False,
                everything=False,
                look_at=NOW,
            )

    def progressed(self, report_id: int) -> None:
        """An answer of a report has changed: who had nothing to do is looked at again."""
        self._unit.run(WAKE_SILENT, report=report_id)

    def set_task(self, task: Task, report_id: int) -> None:
        """Keep the dates of a report's task; it is made where there is none."""
        self._begin(report_id, task.deadline, None)
        self._unit.run(
            CHANGE,
            report=report_id,
            deadline=task.deadline,
            internal=task.internal,
            withdrawn=task.withdrawn,
        )
        self.wake(*(clerk.person for clerk in self.clerks(report_id)))

    def _begin(self, report_id: int, deadline: date, since: date | None) -> None:
        self._unit.run(BEGIN, report_id=report_id, deadline=deadline, withdrawn=False, since=since)

    def assign(self, report_id: int, section: str, person: int | None) -> None:
        """Give a section to a clerk; None: to everybody again."""
        if person is None:
            self._unit.run(UNASSIGN, report=report_id, part=NUMBERS[section])
        else:
            self._unit.run(ASSIGN, report_id=report_id, section=NUMBERS[section], person_id=person)
        self.wake(*(clerk.person for clerk in self.clerks(report_id)))

    def nudge(self, report_id: int, person: int, at: datetime, by: str) -> None:
        """An administrator asks to remind a clerk."""
        self._unit.run(NUDGE_ONCE, person_id=person, report_id=report_id, at=at, by=by)
        self.wake(person)

    def wishes(self, person: int, mode: Mode, start: time, end: time, since: date | None) -> None:
        """How much, and in which hours, a person wants to hear."""
        self.wake(person)
        self._unit.run(
            WISHES,
            person=person,
            mode=mode.value,
            starts=start.hour * 60 + start.minute,
            ends=end.hour * 60 + end.minute,
            since=since,
        )

    def snooze(self, person: int, snooze: Snooze | None) -> None:
        """A person does not want to hear anything until a day."""
        self.wake(person)
        self._unit.run(
            WISHES,
            person=person,
            snooze_on=snooze.on if snooze else None,
            snooze_until=snooze.until if snooze else None,
            snooze_again=snooze.again if snooze else False,
        )

    def administrators(self, people: Iterable[int]) -> None:
        """Those who look after all organs, and nobody else does."""
        self._unit.run(NOBODY_LOOKS_AFTER_EVERYTHING)
        for person in sorted(people):
            self.wake(person)
            self._unit.run(WISHES, person=person, everything=True)

    def reaches(self, person: int, since: date | None) -> None:
        """Whether a person can be written to, or since which day not."""
        self._unit.run(WISHES, person=person, unreachable_since=since)
        if since is not None:
            self._unit.run(WAKE_ADMINISTRATORS, person=person)

    # ---- the calendar -----------------------------------------------------------------------

    def put_day(self, day: date, works: bool | None) -> None:
        """Enter a day as worked or free; None takes it out again."""
        if works is None:
            self._unit.run(DROP_DAY, on=day)
        else:
            self._unit.run(PUT_DAY, day=day, works=works)
        self._unit.run(WAKE_ALL)

    def put_year(self, year: int, *, complete: bool) -> None:
        """Say whether all holidays of a year have been entered."""
        if complete:
            self._unit.run(PUT_YEAR, year=year)
        else:
            self._unit.run(DROP_YEAR, which=year)
        self._unit.run(WAKE_ALL)

    # ---- sending ----------------------------------------------------------------------------

    def remember(self, report_id: int, work: str, history: int) -> None:
        """Keep what is open in a report after that row of its history."""
        self._unit.run(CHANGE, report=report_id, work=work, work_history=history)

    def plan(self, person: int, seen: datetime | None, look_at: datetime | None) -> None:
        """When to look at a person again, unless something has happened since `seen`."""
        self._unit.run(PLAN, person=person, seen=seen, next=look_at)

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
        run = self._unit.run
        day, number = message[0].day, message[0].number
        row = Messages(self._unit).say(person, REMIND, payload, None, at)
        noted = run(NOTE, person_id=person, day=day, number=number, lease=lease, outgoing=row.id)
        if noted.rowcount != 1:
            run(UNSAY, message=row.id)
            return None
        fresh = 0
        for reminder in message:
            fresh += run(
                REMIND_ONCE,
                task=reminder.task.id,
                person_id=person,
                kind=reminder.kind.value,
                day=reminder.day,
                number=number,
                step=reminder.step,
                at=at,
            ).rowcount
        if not fresh:
            # Each was sent under another number of the day.
            run(GIVE_UP, person=person, on=day, place=number, until=lease)
            run(UNSAY, message=row.id)
            return None
        run(WISHES, person=person, look_at=lease)
        return row

    def settle(
        self, person: int, day: date, number: int, outgoing: int, message_id: int | None
    ) -> None:
        """A message was sent (or, without an id, can never be): it is over."""
        self._unit.run(SETTLE, person=person, on=day, place=number)
        Messages(self._unit).mark(outgoing, SENT if message_id else GIVEN_UP, message_id)
        self._unit.run(WISHES, person=person, look_at=NOW)

    def release(self, person: int, one: Pending) -> bool:
        """Take back a claim that nobody has settled; false when somebody did meanwhile."""
        run = self._unit.run
        given_up = run(GIVE_UP, person=person, on=one.day, place=one.number, until=one.lease)
        if given_up.rowcount != 1:
            return False
        run(FORGET, person=person, on=one.day, place=one.number)
        Messages(self._unit).mark(one.outgoing, GIVEN_UP)
        self._unit.run(WISHES, person=person, look_at=NOW)
        return True
