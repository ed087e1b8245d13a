"""What is known of whoever may be reminded, and of the tasks that decide what of."""

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

    `work` is what was open when it was last computed, None when something has changed
    since; `history` is the newest row of the report's history. `joined` is when the person
    came to the organ, `parts` the sections of a helper, None for all. `state` is where the
    report is in its sign-off and `decided_at` since when, `remarks` how many of a leader's
    are open; `leader` says that the organ has one.
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
    """A message that was claimed and not surely sent."""

    day: date
    number: int
    lease: datetime
    outgoing: int


@dataclass(frozen=True, slots=True)
class PersonToRemind:
    """
    A person who may be reminded, with everything that decides whether they are.

    `member` is the person as a clerk. `administers` says that they have organs to look
    after, `everything` that these are all; `waiting` is what they are to decide as a leader.
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
    A task of an administrator's, with the clerks of it who cannot be written to.

    `joined` says that the organ has a clerk, or that somebody has begun its report.
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
