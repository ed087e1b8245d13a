"""What reminders need to know about people and their tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from conversations.form.model import ItemId
from conversations.reminders.decide import Delivery
from conversations.reminders.people import Member
from conversations.reminders.tasks import Task
from conversations.sign_off.states import ReportState


@dataclass(frozen=True, slots=True)
class OwnTask:
    """
    A report that a clerk works on, or that waits for a leader.

    `work` is the open work when it was last computed, None after a change; `history` is the newest
    row of the report's history. `joined` is when the person joined the organ, `parts` are the
    sections of a helper, None for all. `state` is the report's state of sign-off and `decided_at`
    since when, `remarks` is the number of a leader's open remarks; `leader` says that the organ has
    one.
    """

    report_id: int
    edition: str
    task: Task
    finished: bool
    since: date | None
    work: str | None
    history: int
    nudges: tuple[datetime, ...] = ()
    joined: datetime | None = None
    parts: frozenset[ItemId] | None = None
    state: ReportState = ReportState.OPEN
    decided_at: datetime | None = None
    remarks: int = 0
    leader: bool = False


@dataclass(frozen=True, slots=True)
class UnsentReminder:
    """A message that was claimed and perhaps not sent."""

    day: date
    number: int
    lease: datetime
    outgoing: int


@dataclass(frozen=True, slots=True)
class PersonToRemind:
    """
    A person who may be reminded, with everything that decides it.

    `member` is the person as a clerk. `administers` says that they look after organs, `everything`
    that they look after all; `waiting` are the reports that they have to decide on as a leader.
    """

    person: int
    member: Member
    clerk_of: tuple[OwnTask, ...]
    deliveries: tuple[Delivery, ...]
    pending: tuple[UnsentReminder, ...]
    administers: bool
    everything: bool
    next_check_at: datetime | None
    unreachable_since: date | None
    waiting: tuple[OwnTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Administered:
    """
    A task of an administrator, with its clerks who cannot be reached.

    `joined` says that the organ has a clerk, or that its report has been begun.
    """

    report_id: int
    organ_id: int
    task: Task
    finished: bool
    unreachable: tuple[str, ...]
    unreachable_since: date | None
    unreachable_unknown: bool
    joined: bool
    state: ReportState = ReportState.OPEN
