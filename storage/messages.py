"""
Updates from Telegram and messages to it are rows, so that none is lost or doubled.

An update is stored before it is confirmed. A message is stored in the transaction of the step that
decides it, and marked as sent afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    update,
)

from storage import jobs, prepared
from storage.reports import Reader
from storage.tables import INCOMING, OUTGOING, SHOWN, insert, upsert
from storage.unit import Unit

REMIND = "remind"  # the method of an outgoing row that is a reminder
FETCH = "fetchFile"  # … that asks for a file to be fetched and read
# … that are made beside the queue of the chat: files of many organs, and PDFs (by LibreOffice).
HAND_OUT, PRINT = ASIDE = "handOut", "printDocument"
SEND_DOCUMENT = "sendDocument"  # … that sends a file, which is made first if the row holds none
LONG = (FETCH, HAND_OUT, PRINT, "sendPhoto")

WAITING, HANDLED, FAILED = 0, 1, 2
QUEUED, SENDING, SENT, GIVEN_UP = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Update:
    """One update as Telegram sent it; `at` is when it was stored, None if that was not read."""

    update_id: int
    chat: int
    body: str
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    """
    One call to Telegram as decided; `state` SENDING means that it may have arrived.

    `attempts` counts the sends that may have arrived, or the readings of the file it fetches.
    `data` is the payload as an object, if it need not be parsed again. `behind`: another process
    has not yet sent an earlier message of the chat. `deferred`: a job will bring it.
    """

    id: int
    chat: int
    method: str
    payload: str
    file: bytes | None
    state: int
    attempts: int = 0
    data: Any = field(default=None, compare=False, repr=False)
    behind: bool = field(default=False, compare=False)
    deferred: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class FailedWork:
    """Long work that was given up: its method, when it was decided, and what went wrong."""

    id: int
    method: str
    at: datetime
    why: str


def is_long(method: str, file: bytes | None) -> bool:
    """Whether something must be made or read for a message first."""
    return method in LONG or (method == SEND_DOCUMENT and file is None)


# Literals, as in the partial indexes.
IS_WAITING = INCOMING.c.state == literal_column(str(WAITING))
IS_OPEN = OUTGOING.c.state <= literal_column(str(SENDING))
IS_LONG = or_(
    *(OUTGOING.c.method == method for method in LONG),
    (OUTGOING.c.method == SEND_DOCUMENT) & OUTGOING.c.file.is_(None),
)
_IS_CARD = OUTGOING.c.report_id.is_not(None)

UNSENT_COLUMNS = (
    OUTGOING.c.id,
    OUTGOING.c.chat,
    OUTGOING.c.method,
    OUTGOING.c.payload,
    OUTGOING.c.file,
    OUTGOING.c.state,
    OUTGOING.c.attempts,
)

# While a file of the chat is being read, later updates wait, to keep the order.
_EARLIER = INCOMING.alias("earlier")


def _is_reading(chat: Any) -> ColumnElement[bool]:
    return exists().where(OUTGOING.c.chat == chat, IS_OPEN, OUTGOING.c.method == FETCH)


_HAS_TO_WAIT = (
    (bindparam("wait", type_=Boolean) == true())
    | exists().where(
        _EARLIER.c.chat == bindparam("chat"), _EARLIER.c.state == literal_column(str(WAITING))
    )
    | _is_reading(bindparam("chat"))
)

TAKE_IN = (
    insert(INCOMING)
    .values(
        update_id=bindparam("update"),
        chat=bindparam("chat"),
        body=bindparam("body"),
        received_at=bindparam("at"),
        state=case(
            (_HAS_TO_WAIT, literal_column(str(WAITING))), else_=literal_column(str(HANDLED))
        ),
    )
    .on_conflict_do_nothing()
    .returning(INCOMING.c.state)
)

CHANGE_UPDATE = update(INCOMING).where(INCOMING.c.update_id == bindparam("update"))

LEFT_WAITING = (
    select(*INCOMING.c["update_id", "chat", "body", "received_at"])
    .where(IS_WAITING)
    .order_by(INCOMING.c.chat, INCOMING.c.update_id)
)

# The first waiting update of some chats; on PostgreSQL each is locked for one process (SQLite has
# one writer anyway).
HEADS = (
    LEFT_WAITING.where(
        INCOMING.c.chat > bindparam("after"),
        ~exists().where(
            _EARLIER.c.chat == INCOMING.c.chat,
            _EARLIER.c.state == literal_column(str(WAITING)),
            _EARLIER.c.update_id < INCOMING.c.update_id,
        ),
        ~_is_reading(INCOMING.c.chat),
    )
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

ANY_WAITING = select(literal(1)).where(select(INCOMING.c.update_id).where(IS_WAITING).exists())

_BEFORE = OUTGOING.alias("before")


def _comes_before(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether another process has not yet sent a message of the same chat."""
    return exists().where(
        _BEFORE.c.chat == bindparam("its_chat"),
        _BEFORE.c.state <= literal_column(str(SENDING)),
        _BEFORE.c.process != bindparam("me"),
        _BEFORE.c.method != REMIND,
        *(_BEFORE.c.method != method for method in ASIDE),
        *more,
    )


SAY = insert(OUTGOING).returning(OUTGOING.c.id, _comes_before())

IS_BEHIND = select(_comes_before(_BEFORE.c.id < bindparam("message")))

UNSENT = select(*UNSENT_COLUMNS).where(IS_OPEN).order_by(OUTGOING.c.chat, OUTGOING.c.id)

MARK = update(OUTGOING).where(OUTGOING.c.id == bindparam("message"))

_EMPTIED: dict[str, Any] = {"payload": "", "file": None}  # what a finished message keeps

BEGIN_READING = MARK.values(attempts=OUTGOING.c.attempts + 1).returning(OUTGOING.c.attempts)

# Only while this process owns it.
OWN = MARK.where(IS_OPEN, OUTGOING.c.process == bindparam("me"))

# … or no process does, as with a reminder.
_IS_NOT_ANOTHERS = OUTGOING.c.process.is_(None) | (OUTGOING.c.process == bindparam("me"))
MARK_OWN = MARK.where(_IS_NOT_ANOTHERS)

# As in its index. Nothing is kept of messages that were merely no longer wanted.
IS_FAILED_WORK: ColumnElement[bool] = literal_column(
    "outgoing.state = 3 AND outgoing.payload <> ''"
)
FAILED_WORK = (
    select(OUTGOING.c.id, OUTGOING.c.method, OUTGOING.c.created_at, OUTGOING.c.payload)
    .where(IS_FAILED_WORK)
    .order_by(OUTGOING.c.id)
)

ARRIVED_AS = select(OUTGOING.c.message_id).where(OUTGOING.c.id == bindparam("message"))

NEWEST = select(func.coalesce(func.max(OUTGOING.c.message_id), 0)).where(
    OUTGOING.c.chat == bindparam("chat"), OUTGOING.c.message_id.is_not(None)
)

IS_UNSENT = select(OUTGOING.c.process).where(
    OUTGOING.c.id == bindparam("message"), OUTGOING.c.state <= SENDING
)

_HANDING_OUT = (
    OUTGOING.c.chat == bindparam("whose"),
    IS_OPEN,
    OUTGOING.c.method == literal_column(f"'{HAND_OUT}'"),
)

IS_HANDING_OUT = select(OUTGOING.c.id).where(*_HANDING_OUT)

STOP_HANDING_OUT = update(OUTGOING).where(*_HANDING_OUT)

SHOW = upsert(SHOWN, "report_id", "number")

# A card, an answer, or an old card whose row is gone.
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

# The newest card about an item, before a message of the person.
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

# People may still reply to an old card.
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


def is_unsent(reader: Reader, message: int, process: str | None = None) -> bool:
    """
    Whether a message is still to be sent by `process`.

    A removed person gets it no more; another process may have taken it over.
    """
    row = reader.run(IS_UNSENT, message=message).first()
    return row is not None and row[0] in (None, process)


def are_waiting(reader: Reader) -> bool:
    """Whether any update waits."""
    return reader.run(ANY_WAITING).first() is not None


def is_behind(reader: Reader, message: Message, process: str | None) -> bool:
    """Whether another process has yet to send an earlier message of the chat."""
    return bool(
        reader.run(IS_BEHIND, its_chat=message.chat, me=process, message=message.id).scalar()
    )


def failed_jobs(reader: Reader) -> tuple[FailedWork, ...]:
    """Documents, files and hand-outs that were given up, while their rows are kept."""
    return reader.run(FAILED_WORK).all_as(FailedWork)


class Messages:
    """The updates and messages of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`; its process sends the messages decided here."""
        self._unit = unit
        self._process = unit.process

    def take_in(self, update: Update, at: datetime, *, wait: bool = True) -> int | None:
        """
        Store an update, to be handled in this very transaction unless it has to `wait`.

        It also has to wait if an earlier update of its chat waits, or a file of the chat is being
        read.

        Returns:
            WAITING or HANDLED, None if it was stored before.
        """
        state: int | None = self._unit.run(
            TAKE_IN,
            update=update.update_id,
            chat=update.chat,
            body=update.body,
            at=at,
            wait=wait,
        ).scalar()
        return state

    def handle(self, updates: Sequence[int]) -> None:
        """Mark some of the `heads` as handled."""
        if updates:
            sets = ({"update": id_, "state": HANDLED, "body": ""} for id_ in updates)
            prepared.run(self._unit.connection, CHANGE_UPDATE, *sets)

    def fail(self, update_id: int, body: str) -> None:
        """An update that could not be handled is stored as it came."""
        self._unit.run(CHANGE_UPDATE, update=update_id, state=FAILED, body=body)

    def put_back(self, update_id: int, body: str) -> None:
        """An update that cannot be handled yet waits again, stored as it came."""
        self._unit.run(CHANGE_UPDATE, update=update_id, state=WAITING, body=body)

    def heads(self, after: int, most: int) -> tuple[Update, ...]:
        """
        The first waiting update of some chats with ids above `after`, locked until the end.

        Chats whose file is being read are left out.
        """
        return self._unit.run(HEADS, after=after, most=most).all_as(Update)

    def waiting(self) -> tuple[Update, ...]:
        """The updates that were stored and not handled, in the order of each chat."""
        return self._unit.run(LEFT_WAITING).all_as(Update)

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
        Decide a call to Telegram; `data` is the payload as an object.

        A card is `about` a report and an item's number. With jobs, long work gets its job here and
        belongs to no process yet.
        """
        deferred = is_long(method, file) and jobs.are_kept(self._unit)
        id_, behind = self._unit.run(
            SAY,
            chat=chat,
            method=method,
            payload=payload,
            file=file,
            created_at=at,
            state=QUEUED,
            report_id=about[0],
            number=about[1],
            process=jobs.FOR_A_JOB if deferred else self._process,
            its_chat=chat,
            me=self._process,
        )[0]
        if deferred:
            queue, lock = (jobs.BESIDE, None) if method in ASIDE else (jobs.IN_CHAT, str(chat))
            jobs.defer(self._unit, id_, queue, lock)
        return Message(id_, chat, method, payload, file, QUEUED, 0, data, behind, deferred)

    def unsent(self) -> tuple[Message, ...]:
        """All messages that may be unsent, in the order of each chat."""
        return self._unit.run(UNSENT).all_as(Message)

    def mark(
        self,
        message: int,
        state: int,
        message_id: int | None = None,
        attempts: int = 0,
        why: str = "",
    ) -> None:
        """
        Store how far a message has come, its attempts, and its id at Telegram.

        A finished message (SENT, GIVEN_UP) keeps only its ids, and `why` long work failed. A
        message that another process has taken over can only be marked as sent.
        """
        if state == SENT:
            self._unit.run(MARK, message=message, state=state, message_id=message_id, **_EMPTIED)
        elif state == GIVEN_UP:
            given_up = _EMPTIED | {"payload": why}
            self._unit.run(MARK_OWN, message=message, state=state, me=self._process, **given_up)
        else:
            self._unit.run(
                MARK_OWN, message=message, state=state, me=self._process, attempts=attempts
            )

    def is_handing_out(self, chat: int) -> bool:
        """Whether files of many organs are being made for a chat."""
        return self._unit.run(IS_HANDING_OUT, whose=chat).first() is not None

    def stop_handing_out(self, chat: int) -> bool:
        """Give these files up, whichever process makes them; false if there are none."""
        return bool(
            self._unit.run(STOP_HANDING_OUT, whose=chat, state=GIVEN_UP, **_EMPTIED).rowcount
        )

    def sending(self, message: int, attempts: int) -> bool:
        """From now on it may have arrived; false if another process has taken it over."""
        marked = self._unit.run(
            OWN, message=message, me=self._process, state=SENDING, attempts=attempts
        )
        return marked.rowcount == 1

    def finish(self, message: int) -> bool:
        """The work of a row is done; false if another process has taken it over."""
        done = self._unit.run(OWN, message=message, me=self._process, state=SENT, **_EMPTIED)
        return done.rowcount == 1

    def begin_reading(self, message: int) -> int:
        """The file of a message is about to be read; returns how often, with this time."""
        attempts: int = self._unit.run(BEGIN_READING, message=message).scalar()
        return attempts

    def message_id(self, message: int) -> int | None:
        """Telegram's id of an outgoing message, None before it has arrived."""
        arrived: int | None = self._unit.run(ARRIVED_AS, message=message).scalar()
        return arrived

    def newest(self, chat: int) -> int:
        """The newest message of ours known to have arrived in a chat, 0 for none."""
        newest: int = self._unit.run(NEWEST, chat=chat).scalar()
        return newest

    def shown(self, chat: int, message_id: int, report_id: int, number: int) -> None:
        """Note which item of which report a person's message is about."""
        self._unit.run(SHOW, chat=chat, message_id=message_id, report_id=report_id, number=number)

    def about(self, chat: int, message_id: int) -> tuple[int, int] | None:
        """Report and item number that a message is about."""
        row = self._unit.run(ABOUT, chat=chat, message=message_id).first()
        return None if row is None else (row[0], row[1])

    def question(self, chat: int, before: int, report_id: int, number: int) -> int | None:
        """Our newest message that asked for an item, before the person's message `before`."""
        asked: int | None = self._unit.run(
            QUESTION, chat=chat, before=before, report=report_id, number=number
        ).scalar()
        return asked

    def prune(self, before: datetime, most: int = 500) -> int:
        """Forget some old handled updates and sent messages; returns their number."""
        self._unit.run(KEEP_SHOWN, before=before, most=most)
        pruned = sum(
            self._unit.run(statement, before=before, most=most).rowcount
            for statement in (PRUNE_UPDATES, PRUNE_MESSAGES)
        )
        return pruned + (jobs.prune(self._unit) if jobs.are_kept(self._unit) else 0)
