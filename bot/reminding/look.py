"""Checking one person: everything they could be reminded of is given to the decision."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.handle import begun_in, report_of
from bot.reminding.calendar import calendar_of
from conversations.checks import check_report
from conversations.checks.findings import Grade
from conversations.checks.questions import Question, open_questions
from conversations.form import FORMS
from conversations.form.local_notice import form_of
from conversations.form.model import Form, ItemId
from conversations.reminders.calendar import ONE_DAY, Calendar
from conversations.reminders.decide import Case, Reminder, Sent, by_urgency, decide, next_due
from conversations.reminders.known import Administered, OwnTask, PersonToRemind
from conversations.reminders.open_work import (
    OpenWork,
    OrganState,
    Overview,
    Waiting,
    open_work,
    own_part,
    pace,
)
from conversations.reminders.tasks import Task, collective
from conversations.sign_off.states import Role
from conversations.talk.effects import Say
from conversations.wording.reminders import explained, message_of
from storage.reports import Reader
from storage.tasks import TaskReader

# ---- a report -----------------------------------------------------------------------------


class ReportWork(NamedTuple):
    """The open work of a report; `history` is the newest row of its history."""

    form: Form
    work: OpenWork
    questions: tuple[Question, ...]
    history: int


def work_of(reader: Reader, report_id: int) -> ReportWork:
    """The open work of a report, by its checks."""
    stored = reader.load(report_id, "")
    form = form_of(stored.edition, stored.notice)
    last = reader.earlier(report_id)
    report = report_of(stored, last)
    wrong: list[ItemId] = []
    unexplained: list[ItemId] = []
    questions = open_questions(report, check_report(report))
    for question in questions:
        item = question.cause.narrative or next(iter(question.cause.cells), "")
        if item in form.section_of:
            left = wrong if question.grade is Grade.E else unexplained
            left.append(form.section_of[item].id)
    speed = _pace(reader, report_id, form)
    if speed is None and last is not None:
        speed = _pace(reader, last.report_id, FORMS[last.edition])
    answers = stored.answers.changed(dict.fromkeys(begun_in(reader, stored)))
    work = open_work(form, answers, wrong, unexplained, speed)
    return ReportWork(form, work, questions, stored.history)


def _pace(reader: Reader, report_id: int, form: Form) -> timedelta | None:
    """An office's own speed, from the times of its figures."""
    entries = reader.entries(report_id)
    return pace([entry.at for item, entry in entries.items() if item in form.cells])


@dataclass(slots=True)
class WorkCache:
    """
    Open work of reports: as stored, else computed.

    `computed` is to be stored: report, text, newest row of its history.
    """

    reader: Reader
    computed: list[tuple[int, str, int]] = field(default_factory=list)

    def of(self, own: OwnTask) -> tuple[Form, OpenWork]:
        """The work of a clerk's report; a finished one has none."""
        form = form_of(own.edition, own.task.notice)
        work = OpenWork.loads(own.work, form) if own.work is not None else None
        if work is None and own.finished:
            work = OpenWork()
        if work is None:
            form, work, _, history = work_of(self.reader, own.report_id)
            self.computed.append((own.report_id, work.dumps(form), history))
        return form, work


# ---- one person ---------------------------------------------------------------------------


def cases(
    person_to_remind: PersonToRemind, now: datetime, work: WorkCache, *, summaries: bool = True
) -> list[Case]:
    """Everything one person could be reminded of; `summaries` are an administrator's."""
    every = [clerks_case(person_to_remind, own, *work.of(own)) for own in person_to_remind.clerk_of]
    every += [leaders_case(person_to_remind, own) for own in person_to_remind.waiting]
    if person_to_remind.administers and summaries:
        member = replace(person_to_remind.member, role=Role.ADMINISTRATOR)
        organs = TaskReader(work.reader).administered(
            None if person_to_remind.everything else person_to_remind.person, now, near=True
        )
        sent = Sent(person_to_remind.deliveries)
        every += [
            Case(task, member, overview, sent) for task, overview in groups(organs, member.day(now))
        ]
    return every


def clerks_case(person_to_remind: PersonToRemind, own: OwnTask, form: Form, work: OpenWork) -> Case:
    """The case of a clerk and one report."""
    member = person_to_remind.member
    # A new member knows what is due that day.
    joined = own.joined and member.day(own.joined) + ONE_DAY
    if since := max(filter(None, (own.since, member.since, joined)), default=None):
        member = replace(member, since=since)
    progress = own_part(own.task, member, form, work, finished=own.finished, parts=own.parts)
    whole = own.parts is None
    progress = replace(progress, state=own.state, remarks=own.remarks * whole, leader=own.leader)
    return Case(own.task, member, progress, Sent(person_to_remind.deliveries, own.nudges))


def leaders_case(person_to_remind: PersonToRemind, own: OwnTask) -> Case:
    """
    The case of a leader and a report that has waited for them since they joined, at the earliest.
    """
    member = replace(person_to_remind.member, role=Role.LEADER)
    since = max(filter(None, (own.decided_at, own.joined)))
    return Case(own.task, member, Waiting(since), Sent(person_to_remind.deliveries))


def group_of(task: Task) -> Task:
    """The `collective` task that an organ's task belongs to."""
    return collective(task.year, task.deadline, task.internal)


def groups(organs: Iterable[Administered], today: date) -> list[tuple[Task, Overview]]:
    """An administrator's organs by year and dates, as `collective` tasks."""
    by_task: dict[Task, list[OrganState]] = {}
    for organ in organs:
        since = today if organ.unreachable_unknown else organ.unreachable_since
        state = OrganState(
            organ.task.organ,
            organ.finished,
            organ.unreachable,
            since,
            organ.joined,
            organ.state,
        )
        by_task.setdefault(group_of(organ.task), []).append(state)
    return [(task, Overview(tuple(states))) for task, states in by_task.items()]


@dataclass(frozen=True, slots=True)
class Look:
    """A message for now, or the time of the next check."""

    message: tuple[Reminder, ...]
    next_check_at: datetime | None


def look(
    person_to_remind: PersonToRemind, now: datetime, calendar: Calendar, work: WorkCache
) -> Look:
    """Give everything that one person could be reminded of to the decision."""
    member = person_to_remind.member
    today = member.day(now)
    # Skip the summary for anyone already messaged today; many organs need not be counted.
    told = any(delivery.day == today for delivery in person_to_remind.deliveries)
    every = cases(person_to_remind, now, work, summaries=not told)
    decisions = [decide(now, case, calendar) for case in every]
    reminders = [decision.reminder for decision in decisions if decision.reminder]
    if reminders:
        return Look(by_urgency(reminders), None)
    moments = [unsent.lease for unsent in person_to_remind.pending]
    for case in every:
        if not isinstance(case.progress, Overview):
            moment = next_due(now, case, calendar)
            moments += [moment] if moment else []
    if person_to_remind.administers or not member.reachable:
        # No event tells that an office has finished, or that a person is back.
        mornings = [
            datetime.combine(day, member.start, member.zone) for day in (today, today + ONE_DAY)
        ]
        moments += [morning for morning in mornings if morning > now]
    return Look((), min(moments, default=None))


# ---- explaining -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a person would be told of a task at a moment, or not."""

    person: int
    line: str
    due: bool


def explain(
    reader: Reader, now: datetime, organs: Container[str] | None = None
) -> tuple[list[Explained], list[tuple[int, Say]]]:
    """
    Who would get what at a moment, as things are now, and why or why not; sends nothing.

    With organs, only tasks about them; a message is shown whole, with its other subjects.

    Returns:
        A line for every person and task, and the messages as they would look.
    """
    calendar = calendar_of(TaskReader(reader))
    work = WorkCache(reader)
    lines, messages = [], []
    for person_to_remind in TaskReader(reader).everybody(now):
        reminders, wanted = [], organs is None
        for case in cases(person_to_remind, now, work):
            decision = decide(now, case, calendar)
            reminders += [decision.reminder] if decision.reminder else []
            if organs is None or _is_about(case, organs):
                line = explained(decision, case, calendar)
                due = decision.reminder is not None
                lines.append(Explained(person_to_remind.person, line, due))
                wanted = wanted or due
        if reminders and wanted:
            messages.append((person_to_remind.person, message_of(by_urgency(reminders))))
    return lines, messages


def _is_about(case: Case, organs: Container[str]) -> bool:
    """Whether a case is about one of these organs."""
    if isinstance(case.progress, Overview):
        return any(state.organ in organs for state in case.progress.organs)
    return case.task.organ in organs
