"""The person who asks about tasks and reminders, their rights, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.access import Access
from bot.reminding.calendar import calendar_of
from conversations.reminders.ics import calendar_file, dates_file_name
from conversations.reminders.known import Administered, PersonToRemind
from conversations.reminders.tasks import Task
from conversations.sign_off.rights import Action
from conversations.talk.effects import MessageKind, Say
from conversations.talk.events import Event
from conversations.wording import tasks as wording
from storage.members import Member, MemberReader
from storage.messages import Message
from storage.people import People
from storage.tasks import Tasks
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file to be handed over."""

    name: str
    content: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Reply:
    """
    The answer to a command or a tap.

    `toast` is the word on the tapped button. `go` is a button of the conversation, after its report
    (`1f/s:3`), taken as if it had been tapped; `step` is a report and an event of its conversation.
    `instead` puts the first message in the place of the tapped one (another page of the same list).
    `told` are messages to others. `picture` is the subject of a picture that the sender draws,
    `document` the report whose document is made. `hands_out` is made outside of the transaction
    (`bot/telegram/handing_out.py`), while the last message shows its progress.
    """

    says: tuple[Say, ...] = ()
    files: tuple[SentFile, ...] = ()
    toast: str = ""
    go: str = ""
    step: tuple[int, Event] | None = None
    instead: bool = False
    picture: Mapping[str, Any] | None = None
    document: int | None = None
    told: tuple[Message, ...] = ()
    hands_out: Mapping[str, Any] | None = None


def note(text: str) -> Reply:
    return Reply((Say(MessageKind.NOTE, text),))


class Asker:
    """The person who asks, in one transaction, and their rights."""

    def __init__(
        self,
        unit: Unit,
        person: int,
        now: datetime,
        admins: frozenset[int],
        username: str = "",
    ) -> None:
        """
        `now` is in the office's zone; `admins` look after all organs.

        `username` is the bot's, for links.
        """
        self.unit = unit
        self.tasks = Tasks(unit)
        self.people = People(unit)
        self.person = person
        self.now = now
        self.today = now.date()
        self.admins = admins
        self.username = username

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The person's organs, with the role in each."""
        return MemberReader(self.unit).memberships(self.person)

    @cached_property
    def key(self) -> str:
        """The key that names the person in rows."""
        return self.people.key(self.person)

    @cached_property
    def access(self) -> Access:
        """The rights of the person."""
        return Access(self.unit, self.person, self.members, self.admins)

    def administers_some(self) -> bool:
        """Whether the person looks after any organ."""
        return self.access.somewhere

    def administers(self, report_id: int) -> bool:
        """Whether the person looks after a report's organ."""
        report = self.people.known_report(report_id)
        return report is not None and self.access.may(Action.MANAGE, report[0])

    def administered(self) -> tuple[Administered, ...]:
        """The tasks of the organs the person looks after."""
        person = None if self.access.everywhere else self.person
        return self.tasks.administered(person, self.now)

    def person_to_remind(self) -> PersonToRemind | None:
        """The person as one who may be reminded, None without a membership."""
        if not self.access.everywhere and not self.members:
            return None
        person_to_remind = self.tasks.person_to_remind(self.person, self.now)
        if person_to_remind is None:
            self.tasks.wake(self.person)
            person_to_remind = self.tasks.person_to_remind(self.person, self.now)
        return person_to_remind

    def ics(self, task: Task) -> SentFile:
        """The calendar file of a task."""
        content = calendar_file(task, calendar_of(self.tasks), self.now)
        return SentFile(dates_file_name(task.organ, task.year), content, wording.ICS_CAPTION)
