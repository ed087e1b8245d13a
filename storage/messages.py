"""
What comes from Telegram and goes to it, through rows, so that nothing is lost or doubled.

An update is kept before it is confirmed; a message is decided in the transaction of the
step that says it and marked as sent afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, literal_column, select, update

from storage.reports import Reader
from storage.tables import INCOMING, OUTGOING, SHOWN, insert, upsert
from storage.unit import Unit

WAITING, HANDLED, FAILED = 0, 1, 2
QUEUED, SENDING, SENT, GIVEN_UP = 0, 1, 2, 3
LEFT = "left"  # the method of a text that waits for whoever serves


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


# Written out, as in the indexes of what is open.
_IS_WAITING = INCOMING.c.state == literal_column(str(WAITING))
_IS_UNSENT = OUTGOING.c.state <= literal_column(str(SENDING))
_IS_CARD = OUTGOING.c.report_id.is_not(None)

TAKE_IN = insert(INCOMING).on_conflict_do_nothing()

CLAIM = (
    update(INCOMING)
    .where(INCOMING.c.update_id == bindparam("update"), INCOMING.c.state == WAITING)
    .values(state=HANDLED, body="")
)

FAIL = update(INCOMING).where(INCOMING.c.update_id == bindparam("update")).values(state=FAILED)

PUT_BACK = update(INCOMING).where(INCOMING.c.update_id == bindparam("update")).values(state=WAITING)

LEFT_WAITING = (
    select(INCOMING.c.update_id, INCOMING.c.chat, INCOMING.c.body)
    .where(_IS_WAITING)
    .order_by(INCOMING.c.update_id)
)

SAY = insert(OUTGOING).returning(OUTGOING.c.id)

UNSENT = (
    select(
        OUTGOING.c.id,
        OUTGOING.c.chat,
        OUTGOING.c.method,
        OUTGOING.c.payload,
        OUTGOING.c.file,
        OUTGOING.c.state,
    )
    .where(_IS_UNSENT)
    .order_by(OUTGOING.c.id)
)

MARK = update(OUTGOING).where(OUTGOING.c.id == bindparam("message"))

OVER = MARK.values(payload="", file=None)

BEGIN_READING = MARK.values(attempts=OUTGOING.c.attempts + 1).returning(OUTGOING.c.attempts)

ARRIVED_AS = select(OUTGOING.c.message_id).where(OUTGOING.c.id == bindparam("message"))

NEWEST = select(func.coalesce(func.max(OUTGOING.c.message_id), 0)).where(
    OUTGOING.c.chat == bindparam("chat"), OUTGOING.c.message_id.is_not(None)
)

# A program that cannot send leaves a message to whoever serves.
LEAVE = MARK.values(method=LEFT)

LEFT_HERE = (
    select(OUTGOING.c.id, OUTGOING.c.chat, OUTGOING.c.payload)
    .where(OUTGOING.c.state == QUEUED, OUTGOING.c.method == LEFT)
    .order_by(OUTGOING.c.id)
)

PICK_UP = (
    update(OUTGOING)
    .where(OUTGOING.c.id == bindparam("message"), OUTGOING.c.method == LEFT)
    .values(method="sendMessage")
)

IS_UNSENT = select(OUTGOING.c.id).where(
    OUTGOING.c.id == bindparam("message"), OUTGOING.c.state <= SENDING
)

SHOW = upsert(SHOWN, "report_id", "number")

# A card, an answer, or a card of long ago.
ABOUT = (
    select(OUTGOING.c.report_id, OUTGOING.c.number)
    .where(
        OUTGOING.c.chat == bindparam("chat"),
        OUTGOING.c.message_id == bindparam("message"),
        _IS_CARD,
    )
    .union_all(
        select(SHOWN.c.report_id, SHOWN.c.number).where(
            SHOWN.c.chat == bindparam("chat"), SHOWN.c.message_id == bindparam("message")
        )
    )
)

# The newest card about an item, before a message of the person's.
QUESTION = (
    select(OUTGOING.c.message_id)
    .where(
        OUTGOING.c.chat == bindparam("chat"),
        OUTGOING.c.message_id < bindparam("before"),
        OUTGOING.c.report_id == bindparam("report"),
        OUTGOING.c.number == bindparam("number"),
        _IS_CARD,
    )
    .order_by(OUTGOING.c.message_id.desc())
    .limit(1)
)

PRUNE_UPDATES = delete(INCOMING).where(
    INCOMING.c.update_id.in_(
        select(INCOMING.c.update_id)
        .where(INCOMING.c.state != WAITING, INCOMING.c.received_at < bindparam("before"))
        .limit(bindparam("most"))
    )
)

_OLD_MESSAGES = (
    select(OUTGOING.c.id)
    .where(OUTGOING.c.state >= SENT, OUTGOING.c.created_at < bindparam("before"))
    .order_by(OUTGOING.c.id)
    .limit(bindparam("most"))
)

# Somebody may still reply to a card of long ago.
KEEP_SHOWN = (
    insert(SHOWN)
    .from_select(
        ["chat", "message_id", "report_id", "number"],
        select(
            OUTGOING.c.chat, OUTGOING.c.message_id, OUTGOING.c.report_id, OUTGOING.c.number
        ).where(OUTGOING.c.id.in_(_OLD_MESSAGES), OUTGOING.c.message_id.is_not(None), _IS_CARD),
    )
    .on_conflict_do_nothing()
)

PRUNE_MESSAGES = delete(OUTGOING).where(OUTGOING.c.id.in_(_OLD_MESSAGES))


def has_left(reader: Reader) -> bool:
    """Whether a text waits for whoever serves."""
    return reader.run(LEFT_HERE).first() is not None


def is_unsent(reader: Reader, message: int) -> bool:
    """Whether a message is still to be sent; somebody who was removed gets it no more."""
    return reader.run(IS_UNSENT, message=message).first() is not None


class Messages:
    """The updates and messages of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        self._unit = unit

    def take_in(self, update: Update, at: datetime, state: int = WAITING) -> bool:
        """
        Keep an update; false when it was already here.

        One that is handled in this very transaction may come with an empty body.
        """
        kept = self._unit.run(
            TAKE_IN,
            update_id=update.update_id,
            chat=update.chat,
            body=update.body,
            received_at=at,
            state=state,
        )
        return kept.rowcount == 1

    def claim(self, update_id: int) -> bool:
        """Mark a waiting update as handled; false when another process has done so."""
        return self._unit.run(CLAIM, update=update_id).rowcount == 1

    def fail(self, update_id: int, body: str) -> None:
        """An update that could not be handled stays here as it came."""
        self._unit.run(FAIL, update=update_id, body=body)

    def put_back(self, update_id: int, body: str) -> None:
        """An update that cannot be handled yet waits again, as it came."""
        self._unit.run(PUT_BACK, update=update_id, body=body)

    def waiting(self) -> tuple[Update, ...]:
        """The updates that were kept and not handled, in order."""
        return tuple(Update(*row) for row in self._unit.run(LEFT_WAITING))

    def say(
        self,
        chat: int,
        method: str,
        payload: str,
        file: bytes | None,
        at: datetime,
        data: Any = None,
        about: tuple[int | None, int | None] = (None, None),
    ) -> Message:
        """
        Decide a call to Telegram; `data` is what the payload was made of.

        A card is `about` a report and an item's number.
        """
        id_ = self._unit.run(
            SAY,
            chat=chat,
            method=method,
            payload=payload,
            file=file,
            created_at=at,
            state=QUEUED,
            report_id=about[0],
            number=about[1],
        ).scalar()
        return Message(id_, chat, method, payload, file, QUEUED, data)

    def leave(self, message: int) -> None:
        """Leave a text to whatever process serves."""
        self._unit.run(LEAVE, message=message)

    def pick_up(self) -> tuple[Message, ...]:
        """The texts that were left to whoever serves: ours to send from now on."""
        return tuple(
            Message(id_, chat, "sendMessage", payload, None, QUEUED)
            for id_, chat, payload in list(self._unit.run(LEFT_HERE))
            if self._unit.run(PICK_UP, message=id_).rowcount == 1
        )

    def unsent(self) -> tuple[Message, ...]:
        """What was not surely sent, in order; after a restart it is sent again."""
        return tuple(Message(*row) for row in self._unit.run(UNSENT))

    def mark(self, message: int, state: int, message_id: int | None = None) -> None:
        """
        How far a message has come, and under which id it arrived.

        What is over (SENT, GIVEN_UP) is forgotten but for its ids.
        """
        if state >= SENT:
            self._unit.run(OVER, message=message, state=state, message_id=message_id)
        else:
            self._unit.run(MARK, message=message, state=state)

    def begin_reading(self, message: int) -> int:
        """What a message fetches is about to be read, for so many times with this one."""
        attempts: int = self._unit.run(BEGIN_READING, message=message).scalar()
        return attempts

    def message_id(self, message: int) -> int | None:
        """The id under which an outgoing message arrived, None while it has not."""
        arrived: int | None = self._unit.run(ARRIVED_AS, message=message).scalar()
        return arrived

    def newest(self, chat: int) -> int:
        """The newest message of ours that is known to have arrived in a chat, 0 for none."""
        newest: int = self._unit.run(NEWEST, chat=chat).scalar()
        return newest

    def shown(self, chat: int, message_id: int, report_id: int, number: int) -> None:
        """A message of a person's is about this item of this report."""
        self._unit.run(SHOW, chat=chat, message_id=message_id, report_id=report_id, number=number)

    def about(self, chat: int, message_id: int) -> tuple[int, int] | None:
        """Report and item number that a message is about."""
        row = self._unit.run(ABOUT, chat=chat, message=message_id).first()
        return None if row is None else (row[0], row[1])

    def question(self, chat: int, before: int, report_id: int, number: int) -> int | None:
        """The message of ours that asked for an item, before that message of the person's."""
        asked: int | None = self._unit.run(
            QUESTION, chat=chat, before=before, report=report_id, number=number
        ).scalar()
        return asked

    def prune(self, before: datetime, most: int = 500) -> int:
        """Forget some handled updates and sent messages of long ago; how many there were."""
        self._unit.run(KEEP_SHOWN, before=before, most=most)
        return sum(
            self._unit.run(statement, before=before, most=most).rowcount
            for statement in (PRUNE_UPDATES, PRUNE_MESSAGES)
        )
