"""
What comes from Telegram and goes to it, through rows, so that nothing is lost or doubled.

An update is kept before it is confirmed; a message is decided in the transaction of the
step that says it and marked as sent afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.reports import Unit

if TYPE_CHECKING:
    from storage.message_statements import MessageStatements

WAITING, HANDLED, FAILED = 0, 1, 2
QUEUED, SENDING, SENT, GIVEN_UP = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Update:
    """One update of Telegram's as it came."""

    update_id: int
    chat: int
    body: str


@dataclass(frozen=True, slots=True)
class Message:
    """
    One call to Telegram as decided; `state` SENDING means it may have gone out.

    `data` is what the payload says, where that need not be read again.
    """

    id: int
    chat: int
    method: str
    payload: str
    file: bytes | None
    state: int
    data: Any = field(default=None, compare=False, repr=False)


class Messages:
    """The updates and messages of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        self._unit = unit
        self._statements: MessageStatements = unit.prepared("MessageStatements")

    def take_in(self, one: Update, at: datetime, state: int = WAITING) -> bool:
        """
        Keep an update; false when it was already here.

        One that is handled in this very transaction may come with an empty body.
        """
        found = self._unit.run(
            self._statements.take_in, one.update_id, one.chat, one.body, at, state
        )
        return found.rowcount == 1

    def claim(self, update_id: int) -> bool:
        """Mark a waiting update as handled; false when another process has done so."""
        found = self._unit.run(self._statements.claim, "", HANDLED, update_id, WAITING)
        return found.rowcount == 1

    def fail(self, update_id: int, body: str) -> None:
        """An update that could not be handled stays here as it came."""
        self._unit.run(self._statements.fail, body, FAILED, update_id)

    def waiting(self) -> tuple[Update, ...]:
        """The updates that were kept and not handled, in order."""
        return tuple(Update(*row) for row in self._unit.rows(self._statements.waiting, WAITING))

    def say(
        self,
        chat: int,
        method: str,
        payload: str,
        file: bytes | None,
        at: datetime,
        data: Any = None,
    ) -> Message:
        """Decide a call to Telegram; `data` is what the payload was made of."""
        row = self._unit.run(
            self._statements.say, chat, method, payload, file, at, QUEUED
        ).fetchone()
        return Message(row[0], chat, method, payload, file, QUEUED, data)

    def unsent(self) -> tuple[Message, ...]:
        """What was not surely sent, in order; after a restart it is sent again."""
        return tuple(Message(*row) for row in self._unit.rows(self._statements.unsent, SENDING))

    def mark(self, message: int, state: int, message_id: int | None = None) -> None:
        """
        How far a message has come, and under which id it arrived.

        What is over (SENT, GIVEN_UP) is forgotten but for its ids.
        """
        if state >= SENT:
            self._unit.run(self._statements.over, "", None, state, message_id, message)
        else:
            self._unit.run(self._statements.mark, state, message)

    def message_id(self, message: int) -> int | None:
        """The id under which an outgoing message arrived, None while it has not."""
        row = self._unit.run(self._statements.message_id, message).fetchone()
        return None if row is None else row[0]

    def shown(self, chat: int, message_id: int, report_id: int, number: int) -> None:
        """A message of a chat is about this item of this report."""
        self._unit.run(self._statements.shown, chat, message_id, report_id, number)

    def about(self, chat: int, message_id: int) -> tuple[int, int] | None:
        """Report and item number that a message is about."""
        row = self._unit.run(self._statements.about, chat, message_id).fetchone()
        return None if row is None else (row[0], row[1])

    def question(self, chat: int, before: int, report_id: int, number: int) -> int | None:
        """The message of ours that asked for an item, before that message of the person's."""
        row = self._unit.run(self._statements.question, chat, before, report_id, number).fetchone()
        return None if row is None else row[0]

    def prune(self, before: datetime, most: int = 500) -> int:
        """Forget some handled updates and sent messages of long ago; how many there were."""
        updates = self._unit.run(self._statements.prune_in, WAITING, before, most)
        messages = self._unit.run(self._statements.prune_out, SENT, before, most)
        return updates.rowcount + messages.rowcount


__all__: Sequence[str] = [
    "FAILED",
    "GIVEN_UP",
    "HANDLED",
    "QUEUED",
    "SENDING",
    "SENT",
    "WAITING",
    "Message",
    "Messages",
    "Update",
]
