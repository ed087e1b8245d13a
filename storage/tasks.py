"""Tasks: the dates of each report's work, who fills in which section, and days off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from conversations.form.local_notice import LocalNotice
from conversations.form.numbers import ITEMS, NUMBERS
from conversations.form.organ import Level
from conversations.reminders.known import Administered
from conversations.reminders.open_work import is_finished
from conversations.reminders.tasks import Task, candidate_deadlines, default_deadline
from storage.organs import THEIRS
from storage.reminders import (
    ASSIGNED,
    CLERK,
    WAKE_ALL,
    ReminderReader,
    Reminders,
    task_id,
)
from storage.sign_off_reading import state_of
from storage.sign_off_tables import SIGN_OFF
from storage.tables import (
    ASSIGNMENT,
    CALENDAR_DAY,
    CALENDAR_YEAR,
    HISTORY,
    INVITATION,
    MEMBER,
    NUDGE,
    ORGAN,
    PERSON,
    RECIPIENT,
    REPORT,
    TASK,
    insert,
    newest,
    upsert,
)

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NamedClerk:
    """A clerk of an organ, as its administrator sees them."""

    person: int
    name: str


TASK_OF = (
    select(
        ORGAN.c.name,
        REPORT.c.year,
        *TASK.c["deadline", "internal", "withdrawn", "notice", "reason"],
    )
    .join_from(TASK, REPORT)
    .join(ORGAN)
    .where(TASK.c.report_id == bindparam("report"))
)

ASSIGNED_IN = ASSIGNED.where(ASSIGNMENT.c.report_id == bindparam("report"))

CLERKS = (
    select(MEMBER.c.person_id, PERSON.c.name)
    .join_from(MEMBER, REPORT, REPORT.c.organ_id == MEMBER.c.organ_id)
    .outerjoin(PERSON, PERSON.c.id == MEMBER.c.person_id)
    .where(REPORT.c.id == bindparam("report"), CLERK)
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
        REPORT.c.final_at,
        newest(SIGN_OFF.c.state, REPORT),
        newest(SIGN_OFF.c.at, REPORT),
        newest(HISTORY.c.id, REPORT),
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

ADMINISTERED_TASKS = ALL_TASKS.where(REPORT.c.organ_id.in_(THEIRS))

# Clerks of all organs who cannot be written to: there are few.
UNREACHABLE = (
    select(MEMBER.c.organ_id, PERSON.c.id, PERSON.c.name, RECIPIENT.c.unreachable_since)
    .join_from(PERSON, MEMBER, MEMBER.c.person_id == PERSON.c.id)
    .outerjoin(RECIPIENT, RECIPIENT.c.person_id == PERSON.c.id)
    .where(~PERSON.c.reachable, CLERK)
    .order_by(MEMBER.c.organ_id, PERSON.c.id)
)

# The organs that have a clerk.
JOINED = select(MEMBER.c.organ_id).where(CLERK).distinct()

# Organs with a clerk, or with an open invitation, that never had a task.
UNBEGUN = (
    select(ORGAN.c.name)
    .where(
        ORGAN.c.id.in_(
            select(MEMBER.c.organ_id)
            .where(CLERK)
            .union(
                select(INVITATION.c.organ_id).where(
                    INVITATION.c.role == "clerk", INVITATION.c.revoked_at.is_(None)
                )
            )
        ),
        ORGAN.c.id.not_in(select(REPORT.c.organ_id).join_from(TASK, REPORT)),
        ORGAN.c.closed_at.is_(None),
    )
    .order_by(ORGAN.c.name)
)

DAYS = select(CALENDAR_DAY.c.day, CALENDAR_DAY.c.works).order_by(CALENDAR_DAY.c.day)

COMPLETE_YEARS = select(CALENDAR_YEAR.c.year).order_by(CALENDAR_YEAR.c.year)


class TaskReader(ReminderReader):
    """Tasks and reminders, for reading."""

    def task(self, report_id: int) -> Task | None:
        """The task of a report, None without one."""
        row = self._reader.run(TASK_OF, report=report_id).first()
        if row is None:
            return None
        organ, year, deadline, internal, withdrawn, notice, reason = row
        assigned = tuple(
            (ITEMS[section], str(person))
            for _, section, person in self._reader.run(ASSIGNED_IN, report=report_id)
        )
        return Task(
            task_id(report_id),
            organ,
            year,
            deadline,
            internal,
            withdrawn,
            assigned,
            LocalNotice.loads(notice),
            reason,
        )

    def clerks(self, report_id: int) -> tuple[NamedClerk, ...]:
        """The clerks of a report's organ, in the order of joining."""
        return tuple(
            NamedClerk(person, name or "")
            for person, name in self._reader.run(CLERKS, report=report_id)
        )

    def administered(
        self, person: int | None, now: datetime, *, near: bool = False
    ) -> tuple[Administered, ...]:
        """
        The tasks of an administrator's organs and the organs below; None: of all organs.

        Old tasks are left out; with `near`, also tasks of which nothing can be due.
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
        joined = set(self._reader.run(JOINED).scalars())
        made = []
        for report, organ_id, organ, year, deadline, internal, final_at, state, at, change in rows:
            task = Task(task_id(report), organ, year, deadline, internal)
            names = tuple(name for name, _ in away.get(organ_id, ()))
            days = [day for _, day in away.get(organ_id, ()) if day is not None]
            made.append(
                Administered(
                    report,
                    organ_id,
                    task,
                    is_finished(final_at, state_of(state), at),
                    names,
                    max(days, default=None),
                    len(days) < len(names),
                    organ_id in joined or change is not None,
                    state_of(state),
                )
            )
        return tuple(made)

    def unbegun(self) -> tuple[str, ...]:
        """Organs that were invited and never had a task."""
        return tuple(self._reader.run(UNBEGUN).scalars())

    def overrides(self) -> tuple[dict[date, bool], tuple[int, ...]]:
        """The days administrators have entered (True: worked), and the years entered whole."""
        days = {row[0]: row[1] for row in self._reader.run(DAYS)}
        return days, tuple(self._reader.run(COMPLETE_YEARS).scalars())


BEGIN = insert(TASK).on_conflict_do_nothing()

CHANGE = update(TASK).where(TASK.c.report_id == bindparam("report"))

ASSIGN = upsert(ASSIGNMENT, "person_id")

UNASSIGN = delete(ASSIGNMENT).where(
    ASSIGNMENT.c.report_id == bindparam("report"), ASSIGNMENT.c.section == bindparam("part")
)

NUDGE_ONCE = insert(NUDGE).on_conflict_do_nothing()

PUT_DAY = upsert(CALENDAR_DAY, "works")

DROP_DAY = delete(CALENDAR_DAY).where(CALENDAR_DAY.c.day == bindparam("on"))

PUT_YEAR = insert(CALENDAR_YEAR).on_conflict_do_nothing()

DROP_YEAR = delete(CALENDAR_YEAR).where(CALENDAR_YEAR.c.year == bindparam("which"))


class Tasks(TaskReader, Reminders):
    """Tasks and reminders, in a transaction that may write."""

    def opened(self, report_id: int, year: int, level: Level, person: int, today: date) -> None:
        """
        A clerk has opened a report: it gets a task, and the person may be reminded.

        They are not reminded of what is due today. Old reports get no task this way.
        """
        if year >= today.year - 1:
            self.begin(report_id, year, level, today)
        self.wake(person)

    def begin(self, report_id: int, year: int, level: Level, today: date) -> None:
        """Give a report a task, unless it has one already."""
        self._begin(report_id, default_deadline(year, level), today + ONE_DAY)
        self.wake(*(clerk.person for clerk in self.clerks(report_id)))

    def level_changed(self, report_id: int, before: Level, after: Level) -> None:
        """The organ's level was corrected: a default deadline changes with it."""
        task = self.task(report_id)
        if task is None or task.deadline != default_deadline(task.year, before):
            return
        deadline = default_deadline(task.year, after)
        if task.internal is None or task.internal <= deadline:
            self.set_task(replace(task, deadline=deadline), report_id)

    def set_task(self, task: Task, report_id: int) -> None:
        """Store the dates of a report's task and what it asks for; a missing task is made."""
        before = self._unit.notice(report_id)
        self._begin(report_id, task.deadline, None)
        self._unit.run(
            CHANGE,
            report=report_id,
            deadline=task.deadline,
            internal=task.internal,
            withdrawn=task.withdrawn,
            notice=task.notice.dumps(),
            reason=task.reason,
        )
        if task.notice != before:
            self.work_changed(report_id)
        self.wake(*(clerk.person for clerk in self.clerks(report_id)))

    def _begin(self, report_id: int, deadline: date, since: date | None) -> None:
        self._unit.run(BEGIN, report_id=report_id, deadline=deadline, withdrawn=False, since=since)

    def assign(self, report_id: int, section: str, person: int | None) -> None:
        """Give a section to a clerk; None: to every clerk again."""
        if person is None:
            self._unit.run(UNASSIGN, report=report_id, part=NUMBERS[section])
        else:
            self._unit.run(ASSIGN, report_id=report_id, section=NUMBERS[section], person_id=person)
        self.wake(*(clerk.person for clerk in self.clerks(report_id)))

    def nudge(self, report_id: int, person: int, at: datetime, by: str) -> None:
        """An administrator asks for a reminder to a clerk."""
        self._unit.run(NUDGE_ONCE, person_id=person, report_id=report_id, at=at, by=by)
        self.wake(person)

    def put_day(self, day: date, works: bool | None) -> None:
        """Enter a day as worked or free; None removes the entry."""
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

    def work_changed(self, report_id: int) -> None:
        """What is open in a report has changed although no answer did."""
        self._unit.run(CHANGE, report=report_id, work=None)
        self.progressed(report_id)

    def remember(self, report_id: int, work: str, history: int) -> None:
        """Store what is open in a report after that row of its history."""
        self._unit.run(CHANGE, report=report_id, work=work, work_history=history)
