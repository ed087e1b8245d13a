"""
Updates in, messages out, in transactions.

An update is kept and handled in the transaction that stores its answer and decides its
messages; only after the commit is it confirmed to Telegram. A delivery of many updates
is handled in slices, one update of a chat at a time, so that no chat starves another.
Everything here is synchronous and short; what takes long happens in `sender.py`.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.files.documents import TemplateError
from bot.handle import Clock
from bot.telegram.incoming import OTHER, Came, came
from bot.telegram.jobs import FETCH, Job, dumps
from bot.telegram.logs import outline
from bot.telegram.turn import Turn
from conversations.talk.events import ReportRead, Uploaded
from conversations.wording import door as words
from storage.errors import StoreError, StoreTooNew
from storage.messages import HANDLED, SENT, WAITING, Messages
from storage.messages import Message as OutMessage
from storage.messages import Update as InUpdate
from storage.reports import Unit
from storage.store import Store

log = logging.getLogger("nianbao.telegram")

SLICE = 32  # updates handled in one transaction, each of another chat
GUESSES = 5  # answers to wrong invitations, per person and hour
REMEMBERED = 10_000  # people and chats of which a small fact is kept in memory


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that is kept, or about to be, and not handled."""

    update_id: int
    raw: Any
    came: Came


class Intake:
    """The door's own logic, over one store."""

    def __init__(
        self,
        store: Store,
        username: str,
        data: Path,
        zone: ZoneInfo,
        admins: frozenset[int] = frozenset(),
    ) -> None:
        """
        Wait for updates; what was kept and not handled before comes first.

        `username` is the bot's, for links; `data` the folder with the office's template.
        """
        self.store = store
        self.username = username
        self.data = data
        self.zone = zone
        self.admins = admins
        self._waiting: dict[int, deque[Waiting]] = {}
        # Chats that wait for a file of theirs to be read, with the number of files.
        self._held: dict[int, int] = {}
        self._guesses: dict[int, tuple[datetime, int]] = {}
        self._albums: dict[int, str] = {}
        # How far messages have come, where the store learns of it with the next transaction.
        self._marks: list[tuple[OutMessage, int, int | None]] = []
        self._arrived: OrderedDict[int, int] = OrderedDict()
        with store.begin() as unit:
            for one in Messages(unit).waiting():
                raw = json.loads(one.body)
                queue = self._waiting.setdefault(one.chat, deque())
                queue.append(Waiting(one.update_id, raw, came(raw)))

    # ------------------------------------------------------------- taking in

    def take(self, updates: Sequence[Any] = ()) -> Job:
        """
        Keep the updates and handle one slice of what waits.

        When this returns, everything given is safe and may be confirmed. `pending` says
        whether more waits. When it raises, nothing was kept.

        Raises:
            StoreError: The store cannot be used now; another try may help.
        """
        job = Job()
        clock = Clock.read(self.zone)
        later: list[Waiting] = []
        with self._transaction() as (unit, messages):
            old = [
                queue[0]
                for chat, queue in list(self._waiting.items())[: SLICE + len(self._held)]
                if chat not in self._held
            ][:SLICE]
            for one in old:
                # Another process with the same store may have been quicker.
                if messages.claim(one.update_id):
                    self._one(unit, messages, one, clock, job)
            room = SLICE - len(old)
            busy: set[int] = set()
            for raw in updates:
                fresh = _read(raw)
                if fresh is None:
                    continue
                chat = fresh.came.chat
                if room and chat not in busy and chat not in self._waiting:
                    kept = InUpdate(fresh.update_id, chat, "")
                    if messages.take_in(kept, clock.now, HANDLED):
                        room -= 1
                        busy.add(chat)
                        self._one(unit, messages, fresh, clock, job)
                elif messages.take_in(
                    InUpdate(fresh.update_id, chat, dumps(raw)), clock.now, WAITING
                ):
                    later.append(fresh)
        # Only now is it true.
        for one in old:
            queue = self._waiting.pop(one.came.chat)
            queue.popleft()
            if queue:
                # To the end of the row: the next slice begins with the others.
                self._waiting[one.came.chat] = queue
        for one in later:
            self._waiting.setdefault(one.came.chat, deque()).append(one)
        for row in job.sends:
            if row.method == FETCH:
                self.hold(row.chat)
        return job

    @property
    def pending(self) -> bool:
        """Whether updates wait that could be handled now."""
        return any(chat not in self._held for chat in self._waiting)

    def hold(self, chat: int) -> None:
        """A file of this chat is being read: what comes after it waits, to keep the order."""
        self._held[chat] = self._held.get(chat, 0) + 1

    def release(self, chat: int) -> None:
        """A file of this chat has been read, or never will be."""
        left = self._held.pop(chat, 1) - 1
        if left > 0:
            self._held[chat] = left

    def _one(self, unit: Unit, messages: Messages, one: Waiting, clock: Clock, job: Job) -> None:
        """One update: all of it, or an apology with a number."""
        what = one.came
        mine = Job()
        with self._apologising(f"update {one.update_id}") as excuse:
            with unit.savepoint():
                Turn(self, unit, messages, clock, mine).take(what)
            job.add(mine)
        if excuse:
            messages.fail(one.update_id, dumps(one.raw))
            if what.query:
                job.answers.append((what.query, "", True))
            self._say(messages, what.person if what.chat > 0 else 0, excuse[0], clock, job)

    def wants_text(self, person: int) -> bool:
        """Whether a file that comes now is the text of the open question."""
        with self.store.begin() as unit:
            turn = Turn(self, unit, Messages(unit), Clock.read(self.zone), Job())
            screen = turn.people.screen(person)
            return screen is not None and turn.wants_text(screen.report_id, person)

    def uploaded(self, row: OutMessage, message_id: int, event: Uploaded | ReportRead | str) -> Job:
        """
        The text of a file that was fetched meanwhile, or why there is none.

        The row that asked for it is done with in the same transaction.
        """
        job, mine = Job(), Job()
        clock = Clock.read(self.zone)
        with self._transaction() as (unit, messages):
            messages.mark(row.id, SENT)
            with self._apologising(f"the file of message {row.id}") as excuse:
                with unit.savepoint():
                    Turn(self, unit, messages, clock, mine).file(row.chat, message_id, event)
                job.add(mine)
            if excuse:
                self._say(messages, row.chat, excuse[0], clock, job)
        self.release(row.chat)
        return job

    @contextmanager
    def _apologising(self, what: str) -> Iterator[list[str]]:
        """
        A mistake of ours in one update must not stop the others.

        Yields:
            The sentence for the person, once there is need for one.
        """
        excuse: list[str] = []
        try:
            yield excuse
        except TemplateError as error:
            excuse.append(str(error))
        except Exception as error:
            if self._is_the_stores(error):
                raise
            number = secrets.token_hex(3)
            log.error("%s failed, error %s: %s", what, number, outline(error))
            excuse.append(words.ERROR.format(number=number))

    def _is_the_stores(self, error: Exception) -> bool:
        """Whether the store cannot be used now; another try may help, and nothing else."""
        if isinstance(error, StoreError):
            return not isinstance(error, StoreTooNew)
        database = self.store.database
        return isinstance(error, database.error) and database.explained(error) is not None

    def _say(self, messages: Messages, chat: int, text: str, clock: Clock, job: Job) -> None:
        if chat > 0:
            row = messages.say(chat, "sendMessage", dumps({"text": text}), None, clock.now)
            job.sends.append(row)

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Unit, Messages]]:
        """A transaction that also says how far earlier messages have come."""
        marks = len(self._marks)
        with self.store.begin() as unit:
            messages = Messages(unit)
            for row, state, message_id in self._marks[:marks]:
                messages.mark(row.id, state, message_id)
                if message_id is not None and (about := _about(row)) is not None:
                    messages.shown(row.chat, message_id, *about)
            yield unit, messages
        del self._marks[:marks]

    # ------------------------------------------------------ what has been sent

    def mark(self, row: OutMessage, state: int, message_id: int | None = None) -> None:
        """A message has come so far; the next transaction keeps it, or `flush`."""
        if message_id is not None:
            self._arrived[row.id] = message_id
            while len(self._arrived) > REMEMBERED:
                self._arrived.popitem(last=False)
        self._marks.append((row, state, message_id))

    def flush(self) -> None:
        """
        Keep how far messages have come.

        Raises:
            StoreError: Another try may help; nothing is forgotten.
        """
        if self._marks:
            with self._transaction():
                pass

    def message_id(self, row: int) -> int | None:
        """Telegram's id of an outgoing row, None while it has not arrived."""
        found = self._arrived.get(row)
        if found is None:
            with self.store.begin() as unit:
                found = Messages(unit).message_id(row)
        return found

    # ------------------------------------------------- small facts of the moment

    def may_be_told(self, person: int, now: datetime) -> bool:
        """Whether a wrong invitation is answered once more in this hour."""
        since, count = self._guesses.get(person, (now, 0))
        if now - since > timedelta(hours=1):
            since, count = now, 0
        if len(self._guesses) > REMEMBERED:
            self._guesses.clear()
        self._guesses[person] = (since, count + 1)
        return count < GUESSES

    def is_new_album(self, chat: int, album: str) -> bool:
        """Whether a message begins an album; its other pictures need no answer."""
        if not album:
            return True
        if self._albums.get(chat) == album:
            return False
        if len(self._albums) > REMEMBERED:
            self._albums.clear()
        self._albums[chat] = album
        return True


def _about(row: OutMessage) -> tuple[int, int] | None:
    """Report and item number of the card in a row."""
    if '"report":' not in row.payload:
        return None
    payload = row.data or json.loads(row.payload)
    return payload["report"], payload["number"]


def _read(raw: Any) -> Waiting | None:
    """An update, if it is one; what cannot be understood is kept all the same."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(update_id, int) or not -(2**62) < update_id < 2**62:
        return None
    try:
        return Waiting(update_id, raw, came(raw))
    except Exception as error:  # noqa: BLE001 - nothing that arrives may stop the intake
        log.error("update %s cannot be read: %s", update_id, outline(error))
        return Waiting(update_id, raw, OTHER)
