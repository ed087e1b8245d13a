"""Claiming reminders that are due, and settling or returning the claims."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.reminding.calendar import calendar_of
from bot.reminding.look import Look, WorkCache, look
from conversations.reminders.calendar import Calendar
from conversations.reminders.decide import Reminder
from conversations.reminders.known import PersonToRemind, UnsentReminder
from conversations.reminders.people import next_working_hour
from conversations.wording.reminders import message_of
from storage.errors import STORE_FAILURES, ReportDamaged, StoreTooNew
from storage.messages import Message
from storage.people import People
from storage.store import Store
from storage.tasks import TaskReader, Tasks

log = logging.getLogger("nianbao.reminders")

LEASE = timedelta(minutes=5)
# No sending in the last part of a lease: another process may soon take it.
SAFETY = timedelta(minutes=1)
SOON = timedelta(minutes=1)  # when to check again what could not be claimed
AFTER_FAULT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process may send until a moment; its lease ends later."""

    person: int
    day: date
    number: int
    row: Message
    until: datetime
    lease: datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick has claimed, and how many people it has checked."""

    claims: tuple[Claim, ...] = ()
    looked: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    The result of a claim.

    `message_id` is Telegram's, None for a message that can never be sent; `lost` says that the
    person cannot be written to. `unclear` is the moment of a send that may or may not have arrived.
    """

    claim: Claim
    message_id: int | None = None
    lost: bool = False
    unclear: datetime | None = None


def tick(store: Store, now: datetime, most: int = 100) -> Tick:
    """
    Check people who are due, at most so many, and claim their reminders.

    The next tick takes the rest. With nothing due it is one indexed query.
    """
    with store.read() as reader:
        people = TaskReader(reader).due(now, most)
        if not people:
            return Tick()
        calendar = calendar_of(TaskReader(reader))
        work = WorkCache(reader)
        looks = [_look(person_to_remind, now, calendar, work) for person_to_remind in people]
    with store.begin() as unit:
        tasks = Tasks(unit)
        for report_id, text, history in work.computed:
            tasks.remember(report_id, text, history)
        # In the order of ids, so that two processes lock rows in the same order.
        claims = [
            _store(tasks, person_to_remind, seen, payload, now.astimezone(UTC))
            for person_to_remind, (seen, payload) in zip(people, looks, strict=True)
        ]
    return Tick(tuple(claim for claim in claims if claim is not None), len(people))


def _look(
    person_to_remind: PersonToRemind,
    now: datetime,
    calendar: Calendar,
    work: WorkCache,
) -> tuple[Look, str]:
    """Check one person; returns the message's content. A fault does not stop the others."""
    if _expired(person_to_remind, now):
        return Look((), None), ""
    try:
        seen = look(person_to_remind, now, calendar, work)
        return seen, _payload(seen.message) if seen.message else ""
    except Exception as error:
        # An unreadable report is a fault of that report, not of the store.
        of_report = isinstance(error, ReportDamaged | StoreTooNew)
        if isinstance(error, STORE_FAILURES) and not of_report:
            raise
        log.exception("no reminder for %s", person_to_remind.person)
        return Look((), now + AFTER_FAULT), ""


def _payload(reminders: Sequence[Reminder]) -> str:
    """The outgoing row's content: text and buttons as plain data."""
    said = message_of(reminders)
    buttons = [
        [[button.id, button.label[:60], button.tone.value] for button in row]
        for row in said.buttons
    ]
    return json.dumps({"text": said.text, "buttons": buttons}, separators=(",", ":"))


def _expired(person_to_remind: PersonToRemind, now: datetime) -> list[UnsentReminder]:
    """Claims of a dead process: their lease has ended."""
    return [unsent for unsent in person_to_remind.pending if unsent.lease <= now]


def _store(
    tasks: Tasks, person_to_remind: PersonToRemind, seen: Look, payload: str, now: datetime
) -> Claim | None:
    """Store the result of checking one person."""
    person, member = person_to_remind.person, person_to_remind.member
    today = member.day(now)
    if member.reachable == (person_to_remind.unreachable_since is not None):
        tasks.reaches(person, None if member.reachable else today)
    if expired := _expired(person_to_remind, now):
        # Checked again at once, without these: they may no longer be true or wanted.
        for unsent in expired:
            tasks.release(person, unsent)
        return None
    next_check_at = seen.next_check_at
    if seen.message:
        lease = now + LEASE
        row = tasks.claim(person, seen.message, payload, now, lease)
        if row is not None:
            first = seen.message[0]
            evening = datetime.combine(today, member.end, member.zone)
            until = min(lease - SAFETY, evening)
            return Claim(person, first.day, first.number, row, until, lease)
        # Another process was quicker; check again after its change.
        next_check_at = now
    if next_check_at is not None and next_check_at <= now:
        next_check_at = now + SOON
    tasks.plan(person, person_to_remind.next_check_at, next_check_at)
    return None


def settle(store: Store, outcomes: Iterable[Outcome]) -> None:
    """Record the results of claims, in one transaction."""
    with store.begin() as unit:
        tasks = Tasks(unit)
        for outcome in sorted(outcomes, key=lambda outcome: outcome.claim.person):
            claim = outcome.claim
            tasks.settle(claim.person, claim.day, claim.number, claim.row.id, outcome.message_id)
            if outcome.unclear is not None:
                _make_up(tasks, claim, outcome.unclear)
            if outcome.lost:
                People(unit).reachable(claim.person, False)
                tasks.reaches(claim.person, claim.day)


def _make_up(tasks: Tasks, claim: Claim, at: datetime) -> None:
    """Decide again on a possibly lost message, in the next working hour; at most once a day."""
    person_to_remind = tasks.person_to_remind(claim.person, at)
    if person_to_remind is not None and not tasks.was_made_up(claim.person, claim.row.id, at):
        until = next_working_hour(at, person_to_remind.member, calendar_of(tasks))
        tasks.make_up(claim.person, claim.day, claim.number, until.astimezone(UTC))


def release(store: Store, claims: Iterable[Claim]) -> None:
    """Return unsent claims, so that the next process need not wait for the lease."""
    with store.begin() as unit:
        for claim in claims:
            unsent = UnsentReminder(claim.day, claim.number, claim.lease, claim.row.id)
            Tasks(unit).release(claim.person, unsent)
