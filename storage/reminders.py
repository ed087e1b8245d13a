"""
Reminders: wishes of people, whom to check when, and what was sent to whom.

Values in, values out, in a transaction of `Store.begin`. Every person who may be reminded has one
row with the time of their next check; a change that may matter sets it to `CHECK_IMMEDIATELY`. So a
tick is one indexed query.

A reminder is claimed before it is sent: its rows are unique, and the process that inserts them
sends it. If the process dies, the claim is released when its lease is over, and decided anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, delete, exists, literal_column, select, update

from conversations.form.local_notice import LocalNotice
from conversations.form.numbers import ITEMS
from conversations.reminders.decide import Delivery, Reminder
from conversations.reminders.known import OwnTask, PersonToRemind, UnsentReminder
from conversations.reminders.open_work import is_finished
from conversations.reminders.people import Member, Mode, Snooze
from conversations.reminders.tasks import ReminderKind, Task, candidate_deadlines
from conversations.sign_off.states import ReportState
from storage.messages import GIVEN_UP, REMIND, SENT, Message, Messages
from storage.people import parts_of
from storage.prepared import Result
from storage.reports import HAS_LEADER, Reader
from storage.sign_off_reading import open_remarks, state_of
from storage.sign_off_tables import SIGN_OFF
from storage.tables import (
    ASSIGNMENT,
    HISTORY,
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
    newest,
    upsert,
)
from storage.unit import Unit

# Check at once, before all others.
CHECK_IMMEDIATELY = datetime(2000, 1, 1, tzinfo=UTC)


def task_id(report_id: int) -> str:
    """A report's id as tasks and their buttons write it."""
    return f"{report_id:x}"


CLERK = (MEMBER.c.role == "clerk") & MEMBER.c.left_at.is_(None)
LEADER = (MEMBER.c.role == "leader") & MEMBER.c.left_at.is_(None)
ADMINISTRATOR = (MEMBER.c.role == "administrator") & MEMBER.c.left_at.is_(None)

# Who fills in which section; sections of a clerk who has left are everyone's again.
ASSIGNED = (
    select(*ASSIGNMENT.c["report_id", "section", "person_id"])
    .join_from(ASSIGNMENT, REPORT, REPORT.c.id == ASSIGNMENT.c.report_id)
    .join(
        MEMBER,
        (MEMBER.c.person_id == ASSIGNMENT.c.person_id) & (MEMBER.c.organ_id == REPORT.c.organ_id),
    )
    .where(CLERK)
    .order_by(ASSIGNMENT.c.report_id, ASSIGNMENT.c.section)
)


@dataclass(frozen=True)
class _About:
    """What is read about people who may be reminded; `people` selects them."""

    people: Select[*tuple[Any, ...]]
    recipients: Select[*tuple[Any, ...]]
    own: Select[*tuple[Any, ...]]
    assigned: Select[*tuple[Any, ...]]
    deliveries: Select[*tuple[Any, ...]]
    nudges: Select[*tuple[Any, ...]]
    pending: Select[*tuple[Any, ...]]


EVERYTHING_AT = list(RECIPIENT.c).index(RECIPIENT.c.everything)


def _about(people: Select[*tuple[Any, ...]]) -> _About:
    reports = (
        select(REPORT.c.id)
        .join(MEMBER, MEMBER.c.organ_id == REPORT.c.organ_id)
        .where(MEMBER.c.person_id.in_(people))
    )
    return _About(
        people,
        # The columns, with `everything` and the following at `EVERYTHING_AT`.
        select(
            *RECIPIENT.c,
            *PERSON.c["name", "reachable"],
            exists()
            .where(MEMBER.c.person_id == RECIPIENT.c.person_id, ADMINISTRATOR)
            .label("administers"),
        )
        .outerjoin(PERSON, PERSON.c.id == RECIPIENT.c.person_id)
        .where(RECIPIENT.c.person_id.in_(people))
        .order_by(RECIPIENT.c.person_id),
        select(
            *MEMBER.c["person_id", "role"],
            TASK.c.report_id,
            ORGAN.c.name,
            REPORT.c.year,
            REPORT.c.edition,
            *TASK.c["deadline", "internal", "since", "work", "work_history", "notice"],
            MEMBER.c.joined_at,
            REPORT.c.final_at,
            newest(HISTORY.c.id, REPORT),
            MEMBER.c.sections,
            newest(SIGN_OFF.c.state, REPORT),
            newest(SIGN_OFF.c.at, REPORT),
            open_remarks(REPORT),
            HAS_LEADER,
        )
        .join_from(MEMBER, REPORT, REPORT.c.organ_id == MEMBER.c.organ_id)
        .join(TASK, TASK.c.report_id == REPORT.c.id)
        .join(ORGAN, ORGAN.c.id == REPORT.c.organ_id)
        .where(
            MEMBER.c.person_id.in_(people),
            CLERK | LEADER,
            ~TASK.c.withdrawn,
            TASK.c.deadline >= bindparam("lower"),
        )
        .order_by(MEMBER.c.person_id, TASK.c.deadline, TASK.c.report_id),
        ASSIGNED.where(ASSIGNMENT.c.report_id.in_(reports)),
        select(*REMINDED.c["person_id", "task", "kind", "day", "at", "step", "number"]).where(
            REMINDED.c.person_id.in_(people), REMINDED.c.day >= bindparam("lower")
        ),
        select(*NUDGE.c["person_id", "report_id", "at"]).where(NUDGE.c.person_id.in_(people)),
        select(*NOTICE.c["person_id", "day", "number", "lease", "outgoing"]).where(
            NOTICE.c.person_id.in_(people), NOTICE.c.lease.is_not(None)
        ),
    )


# The people whose check is due, the longest waiting first.
DUE = _about(
    select(RECIPIENT.c.person_id)
    .where(RECIPIENT.c.next_check_at <= bindparam("now"))
    .order_by(RECIPIENT.c.next_check_at, RECIPIENT.c.person_id)
    .limit(bindparam("most"))
)

ONE_PERSON = _about(
    select(RECIPIENT.c.person_id).where(RECIPIENT.c.person_id == bindparam("person"))
)

CLERKS_OF_REPORT = _about(
    select(MEMBER.c.person_id)
    .join(REPORT, REPORT.c.organ_id == MEMBER.c.organ_id)
    .where(REPORT.c.id == bindparam("report"), CLERK)
)

EVERYBODY = _about(select(RECIPIENT.c.person_id))

LOOKING_AFTER_EVERYTHING = select(RECIPIENT.c.person_id).where(RECIPIENT.c.everything)


class ReminderReader:
    """People who may be reminded, for reading."""

    def __init__(self, reader: Reader) -> None:
        """Read through `reader`."""
        self._reader = reader

    def is_due(self, now: datetime) -> bool:
        """Whether any check is due: one indexed query."""
        return self._reader.run(DUE.people, now=now, most=1).first() is not None

    def due(self, now: datetime, most: int) -> tuple[PersonToRemind, ...]:
        """The people whose check is due, at most so many, the longest waiting first."""
        if not self.is_due(now):
            return ()
        return self._people(DUE, now, now=now, most=most)

    def everybody(self, now: datetime) -> tuple[PersonToRemind, ...]:
        """All who may be reminded."""
        return self._people(EVERYBODY, now)

    def person_to_remind(self, person: int, now: datetime) -> PersonToRemind | None:
        """One person, None if they were never to be reminded."""
        people = self._people(ONE_PERSON, now, person=person)
        return people[0] if people else None

    def clerks_of(self, report_id: int, now: datetime) -> tuple[PersonToRemind, ...]:
        """The clerks of a report's organ."""
        return self._people(CLERKS_OF_REPORT, now, report=report_id)

    def looking_after_everything(self) -> tuple[int, ...]:
        """The people who look after all organs."""
        return tuple(self._reader.run(LOOKING_AFTER_EVERYTHING).scalars())

    def _people(
        self, about: _About, moment: datetime, /, **whom: Any
    ) -> tuple[PersonToRemind, ...]:
        run = self._reader.run
        # The next date is needed of tasks far ahead, too.
        lower, _ = candidate_deadlines(moment)
        nudges = _by_person(run(about.nudges, **whom))
        assigned: dict[int, list[tuple[str, str]]] = {}
        for report, section, person in run(about.assigned, **whom):
            assigned.setdefault(report, []).append((ITEMS[section], str(person)))
        own = _by_person(run(about.own, lower=lower, **whom))
        deliveries = _by_person(run(about.deliveries, lower=lower, **whom))
        pending = _by_person(run(about.pending, **whom))
        return tuple(
            _person(
                row,
                [(role, _own(task, assigned, nudges[row[0]])) for role, *task in own[row[0]]],
                tuple(Delivery(task, KINDS[kind], *at) for task, kind, *at in deliveries[row[0]]),
                tuple(UnsentReminder(*unsent) for unsent in pending[row[0]]),
            )
            for row in run(about.recipients, **whom)
        )


def _person(
    row: tuple[Any, ...],
    tasks: Sequence[tuple[str, OwnTask]],
    deliveries: tuple[Delivery, ...],
    pending: tuple[UnsentReminder, ...],
) -> PersonToRemind:
    """
    A person with their tasks and the role in each; a leader has those that wait for a decision.
    """
    everything, next_check_at, unreachable_since = row[EVERYTHING_AT : EVERYTHING_AT + 3]
    return PersonToRemind(
        row[0],
        _member(row),
        tuple(own for role, own in tasks if role == "clerk"),
        deliveries,
        pending,
        row[-1] or everything,
        everything,
        next_check_at,
        unreachable_since,
        tuple(
            own for role, own in tasks if role == "leader" and own.state is ReportState.SUBMITTED
        ),
    )


def _by_person(rows: Result) -> Mapping[int, list[tuple[Any, ...]]]:
    """Rows grouped by the person in their first column; nothing for others."""
    people: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for person, *row in rows:
        people[person].append(tuple(row))
    return people


KINDS = {kind.value: kind for kind in ReminderKind}
MODES = {mode.value: mode for mode in Mode}


def _member(row: tuple[Any, ...]) -> Member:
    id_, mode, starts, ends, zone, on, until, again, since, *_, name, reachable, _ = row
    return Member(
        str(id_),
        name=name or "",
        start=time(*divmod(starts, 60)),
        end=time(*divmod(ends, 60)),
        zone=ZoneInfo(zone),
        mode=MODES[mode],
        snooze=Snooze(on, until, bool(again)) if on and until else None,
        # A person who has never spoken with us cannot be written to.
        reachable=bool(reachable),
        since=since,
    )


def _own(
    row: Sequence[Any],
    assigned: Mapping[int, list[tuple[str, str]]],
    nudges: Sequence[tuple[int, datetime]],
) -> OwnTask:
    report, organ, year, edition, deadline, internal, since, *rest = row
    work, at, notice, joined, final_at, change, sections, *signed = rest
    step, decided_at, remarks, leader = signed
    state = state_of(step)
    whose = tuple(assigned.get(report, ()))
    asked = LocalNotice.loads(notice)
    task = Task(task_id(report), organ, year, deadline, internal, False, whose, asked)
    return OwnTask(
        report,
        edition,
        task,
        is_finished(final_at, state, decided_at),
        since,
        work if at == (change or 0) else None,
        change or 0,
        tuple(moment for nudged, moment in nudges if nudged == report),
        joined,
        parts_of(sections),
        state,
        decided_at,
        remarks,
        bool(leader),
    )


# Check a person at once, adding them to those who may be reminded.
WAKE = upsert(RECIPIENT, "next_check_at")

WISHES = update(RECIPIENT).where(RECIPIENT.c.person_id == bindparam("person"))

# Clerks of a report who had nothing to do: now they may.
WAKE_SILENT = (
    update(RECIPIENT)
    .where(
        RECIPIENT.c.next_check_at.is_(None),
        RECIPIENT.c.person_id.in_(
            select(MEMBER.c.person_id)
            .join(REPORT, REPORT.c.organ_id == MEMBER.c.organ_id)
            .where(REPORT.c.id == bindparam("report"))
        ),
    )
    .values(next_check_at=CHECK_IMMEDIATELY)
)

# A person's organs, and all above them.
_OVER = (
    select(*ORGAN.c["id", "parent_id"])
    .join(MEMBER, MEMBER.c.organ_id == ORGAN.c.id)
    .where(MEMBER.c.person_id == bindparam("person"))
    .cte("over", recursive=True)
)
_OVER = _OVER.union(
    select(*ORGAN.c["id", "parent_id"]).join(_OVER, ORGAN.c.id == _OVER.c.parent_id)
)

# The administrators of one of a person's organs.
WAKE_ADMINISTRATORS = (
    update(RECIPIENT)
    .where(
        RECIPIENT.c.everything
        | RECIPIENT.c.person_id.in_(
            select(MEMBER.c.person_id).where(
                ADMINISTRATOR, MEMBER.c.organ_id.in_(select(_OVER.c.id))
            )
        )
    )
    .values(next_check_at=CHECK_IMMEDIATELY)
)

WAKE_ALL = update(RECIPIENT).values(next_check_at=CHECK_IMMEDIATELY)

# When to check next, unless something has happened meanwhile.
PLAN = (
    update(RECIPIENT)
    .where(
        RECIPIENT.c.person_id == bindparam("person"), RECIPIENT.c.next_check_at == bindparam("seen")
    )
    .values(next_check_at=bindparam("next"))
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

SETTLE = update(NOTICE).where(_THIS_NOTICE)

# Reminders that may not have arrived. The message's id is above the ids of all that came before
# them.
_KNOWN = OUTGOING.alias("known")
UNCLEAR = (
    select(*NOTICE.c["day", "number", "outgoing"])
    .join_from(NOTICE, OUTGOING, OUTGOING.c.id == NOTICE.c.outgoing)
    .where(
        NOTICE.c.person_id == bindparam("person"),
        NOTICE.c.lease.is_not(None),
        OUTGOING.c.state == literal_column(str(GIVEN_UP)),
        ~exists().where(
            _KNOWN.c.chat == NOTICE.c.person_id,
            _KNOWN.c.id < NOTICE.c.outgoing,
            _KNOWN.c.message_id >= bindparam("message"),
        ),
    )
)

UNCLEAR_BEFORE = (
    select(OUTGOING.c.id)
    .where(
        OUTGOING.c.chat == bindparam("person"),
        OUTGOING.c.id != bindparam("message"),
        OUTGOING.c.method == literal_column(f"'{REMIND}'"),
        OUTGOING.c.state == literal_column(str(GIVEN_UP)),
        OUTGOING.c.created_at > bindparam("after"),
    )
    .limit(1)
)

GIVE_UP = delete(NOTICE).where(_THIS_NOTICE, NOTICE.c.lease == bindparam("until"))

FORGET = delete(REMINDED).where(
    REMINDED.c.person_id == bindparam("person"),
    REMINDED.c.day == bindparam("on"),
    REMINDED.c.number == bindparam("place"),
)


class Reminders(ReminderReader):
    """Reminders, in a transaction that may write."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        super().__init__(unit)
        self._unit = unit

    def wake(self, *people: int) -> None:
        """Check these people at once: something about them has changed."""
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
                next_check_at=CHECK_IMMEDIATELY,
            )

    def progressed(self, report_id: int) -> None:
        """An answer of a report has changed: clerks who had nothing to do are checked again."""
        self._unit.run(WAKE_SILENT, report=report_id)

    def wishes(self, person: int, mode: Mode, start: time, end: time, since: date | None) -> None:
        """How much a person wants to hear, and in which hours."""
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
        """A person wants no reminder until a day."""
        self.wake(person)
        self._unit.run(
            WISHES,
            person=person,
            snooze_on=snooze.on if snooze else None,
            snooze_until=snooze.until if snooze else None,
            snooze_again=snooze.again if snooze else False,
        )

    def administrators(self, people: Iterable[int]) -> None:
        """Set who administers all organs; others do so no longer."""
        self._unit.run(NOBODY_LOOKS_AFTER_EVERYTHING)
        for person in sorted(people):
            self.wake(person)
            self._unit.run(WISHES, person=person, everything=True)

    def reaches(self, person: int, since: date | None) -> None:
        """Whether a person can be written to, or since which day not."""
        self._unit.run(WISHES, person=person, unreachable_since=since)
        if since is not None:
            self._unit.run(WAKE_ADMINISTRATORS, person=person)

    def plan(self, person: int, seen: datetime | None, next_check_at: datetime | None) -> None:
        """When to check a person next, unless something has happened since `seen`."""
        self._unit.run(PLAN, person=person, seen=seen, next=next_check_at)

    def claim(
        self,
        person: int,
        message: tuple[Reminder, ...],
        payload: str,
        at: datetime,
        lease: datetime,
    ) -> Message | None:
        """
        Claim a message of reminders for sending; None if another process has it.

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
        run(WISHES, person=person, next_check_at=lease)
        return row

    def settle(
        self, person: int, day: date, number: int, outgoing: int, message_id: int | None
    ) -> None:
        """A message was sent (or, without an id, never can be): its claim is over."""
        self._unit.run(SETTLE, person=person, on=day, place=number, lease=None)
        Messages(self._unit).mark(outgoing, SENT if message_id else GIVEN_UP, message_id)
        self._unit.run(WISHES, person=person, next_check_at=CHECK_IMMEDIATELY)

    def make_up(self, person: int, day: date, number: int, until: datetime) -> None:
        """Decide again, at a given time, on a message that may not have arrived."""
        self._unit.run(SETTLE, person=person, on=day, place=number, lease=until)
        self._unit.run(WISHES, person=person, next_check_at=until)

    def was_made_up(self, person: int, outgoing: int, at: datetime) -> bool:
        """Whether another reminder of the last day may not have arrived either."""
        return bool(
            self._unit.run(
                UNCLEAR_BEFORE, person=person, message=outgoing, after=at - timedelta(days=1)
            ).scalar()
        )

    def arrived(self, person: int, message_id: int) -> None:
        """A button of a reminder was tapped: a reminder that was unclear has arrived."""
        for day, number, outgoing in self._unit.run(UNCLEAR, person=person, message=message_id):
            self.settle(person, day, number, outgoing, message_id)

    def release(self, person: int, unsent: UnsentReminder) -> bool:
        """Take back an open claim; false if it was settled meanwhile."""
        run = self._unit.run
        given_up = run(
            GIVE_UP, person=person, on=unsent.day, place=unsent.number, until=unsent.lease
        )
        if given_up.rowcount != 1:
            return False
        run(FORGET, person=person, on=unsent.day, place=unsent.number)
        Messages(self._unit).mark(unsent.outgoing, GIVEN_UP)
        self._unit.run(WISHES, person=person, next_check_at=CHECK_IMMEDIATELY)
        return True
