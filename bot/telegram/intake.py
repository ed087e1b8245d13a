"""
Updates in, messages out, in transactions: all that the door asks of the store.

An update is kept and handled in the transaction that stores its answer and decides its
messages; only after the commit is it confirmed to Telegram. A delivery of many updates
is handled in slices, one update of a chat at a time, so that no chat starves another.
Everything here is synchronous and called in the store's own thread (`worker.py`), but for
`pending`, `mark` and `arrived`, which belong to the event loop.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from bot import faults
from bot.faults import outline
from bot.files.documents import TemplateError
from bot.handle import Clock
from bot.telegram.attachments import FETCH
from bot.telegram.dispatch import dispatch, file_read, wants_text
from bot.telegram.held import Held
from bot.telegram.incoming import OTHER, Incoming, UpdateKind, read_update
from bot.telegram.jobs import Job, dumps
from bot.telegram.talk import REMEMBERED, DoorSettings, Lately, Talk
from conversations.talk.events import ReportRead, Uploaded
from conversations.wording import door as words
from storage.messages import HANDLED, LEFT, SENDING, SENT, WAITING, Messages, has_left, is_unsent
from storage.messages import Message as OutMessage
from storage.messages import Update as InUpdate
from storage.people import People
from storage.reminders import REMIND
from storage.store import Store
from storage.unit import Unit

log = logging.getLogger("nianbao.telegram")

SLICE = 32  # updates handled in one transaction, each of another chat
ANSWERED = {UpdateKind.MESSAGE, UpdateKind.EDIT, UpdateKind.TAP}
KEEP_DAYS = 14  # handled updates, sent messages, and strangers


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that is kept, or about to be, and not handled."""

    update_id: int
    raw: Any
    update: Incoming


class Intake:
    """The door's own logic, over one store."""

    def __init__(self, store: Store, door: DoorSettings) -> None:
        """Wait for updates; what was kept and not handled before comes first."""
        self.store = store
        self.door = door
        self._lately = Lately()
        self._waiting: dict[int, deque[Waiting]] = {}
        # Chats that wait for a file of theirs to be read, with the number of files.
        self._paused: dict[int, int] = {}
        self.held = Held()
        # How far messages have come, where the store learns of it with the next transaction.
        self._marks: list[tuple[OutMessage, int, int | None]] = []
        self._arrived: OrderedDict[int, int] = OrderedDict()
        with store.begin() as unit:
            for kept in Messages(unit).waiting():
                raw = json.loads(kept.body)
                queue = self._waiting.setdefault(kept.chat, deque())
                queue.append(Waiting(kept.update_id, raw, read_update(raw)))

    # ------------------------------------------------------------- taking in

    def take(self, updates: Sequence[Any] = (), most: int = SLICE) -> Job:
        """
        Keep the updates and handle one slice of what waits, `most` of them.

        When this returns, everything given is safe and may be confirmed. `pending` says
        whether more waits. When it raises, nothing was kept.

        Raises:
            StoreError: The store cannot be used now; another try may help.
        """
        job = Job()
        clock = Clock.read(self.door.zone)
        later: list[Waiting] = []
        held: set[int] = set()
        with self._transaction() as (unit, messages):
            old = self._heads(most)
            for waiting in old:
                # Another process with the same store may have been quicker.
                if messages.claim(waiting.update_id) and not self._handle(
                    unit, messages, waiting, clock, job
                ):
                    held.add(waiting.update.chat)
            room = most - len(old)
            busy: set[int] = set()
            for raw in updates:
                fresh = _read(raw)
                if fresh is None:
                    continue
                chat = fresh.update.chat
                free = chat not in busy and chat not in self._waiting and chat not in self._paused
                if room and free:
                    kept = InUpdate(fresh.update_id, chat, "")
                    if messages.take_in(kept, clock.now, HANDLED):
                        room -= 1
                        busy.add(chat)
                        if not self._handle(unit, messages, fresh, clock, job):
                            held.add(chat)
                            later.append(fresh)
                elif messages.take_in(
                    InUpdate(fresh.update_id, chat, dumps(raw)), clock.now, WAITING
                ):
                    later.append(fresh)
        # Only now is it true.
        for fact in job.facts:
            fact()
        for waiting in old:
            queue = self._waiting.pop(waiting.update.chat)
            if waiting.update.chat not in held:
                queue.popleft()
                self.held.release(waiting.update.chat)
            if queue:
                # To the end of the row: the next slice begins with the others.
                self._waiting[waiting.update.chat] = queue
        for fresh in later:
            self._waiting.setdefault(fresh.update.chat, deque()).append(fresh)
        for chat in held:
            self.held.hold(chat)
        for row in job.sends:
            if row.method == FETCH:
                self._pause_chat(row.chat)
        return job

    def _heads(self, most: int) -> list[Waiting]:
        """The updates that are first in the rows of their chats."""
        return [
            queue[0]
            for chat, queue in list(self._waiting.items())[: most + self._unready]
            if chat not in self._paused and chat not in self.held
        ][:most]

    def set_aside(self) -> None:
        """What `take` would handle first cannot be: it stays in the store as failed."""
        for waiting in self._heads(1):
            self._waiting[waiting.update.chat].popleft()
            if not self._waiting[waiting.update.chat]:
                del self._waiting[waiting.update.chat]
            try:
                with self.store.begin() as unit:
                    Messages(unit).fail(waiting.update_id, dumps(waiting.raw))
            except Exception as error:
                if self.store.is_out_of_order(error):
                    raise
                log.error("update %s is left out: %s", waiting.update_id, outline(error))

    @property
    def pending(self) -> bool:
        """Whether updates wait that could be handled now; not asked while `take` runs."""
        return any(
            chat not in self._paused and chat not in self.held
            for chat in islice(self._waiting, self._unready + 1)
        )

    @property
    def _unready(self) -> int:
        """As many chats at most have something waiting that cannot be handled yet."""
        return len(self._paused) + len(self.held)

    def chats(self, updates: Sequence[Any]) -> list[int]:
        """Who waits for an answer: to these updates, or to what was kept before."""
        fresh = (waiting for raw in updates if (waiting := _read(raw)) is not None)
        return [
            waiting.update.chat
            for waiting in (*self._heads(SLICE), *fresh)
            if waiting.update.kind in ANSWERED
        ]

    def _pause_chat(self, chat: int) -> None:
        """A file of this chat is being read: what comes after it waits, to keep the order."""
        self._paused[chat] = self._paused.get(chat, 0) + 1

    def resume_chat(self, chat: int) -> None:
        """A file of this chat has been read, or never will be."""
        left = self._paused.pop(chat, 1) - 1
        if left > 0:
            self._paused[chat] = left

    def _handle(
        self, unit: Unit, messages: Messages, waiting: Waiting, clock: Clock, job: Job
    ) -> bool:
        """One update: all of it, or an apology with a number; false where it has to wait."""
        update = waiting.update
        mine = Job()
        try:
            with self._apologising(f"update {waiting.update_id}") as excuse:
                with unit.savepoint():
                    dispatch(Talk(self.door, self._lately, unit, messages, clock, mine), update)
                job.add(mine)
        except Exception as error:
            if not self.store.is_busy(error):
                raise
            messages.put_back(waiting.update_id, dumps(waiting.raw))
            return False
        if excuse:
            messages.fail(waiting.update_id, dumps(waiting.raw))
            if update.query:
                job.answers.append((update.query, "", True))
            self._say(messages, update.person if update.chat > 0 else 0, excuse[0], clock, job)
        return True

    def wants_text(self, person: int) -> bool:
        """Whether a file that comes now is the text of the open question."""
        with self.store.begin(brief=True) as unit:
            clock = Clock.read(self.door.zone)
            talk = Talk(self.door, self._lately, unit, Messages(unit), clock, Job())
            screen = talk.people.focus(person)
            return screen is not None and wants_text(talk, screen)

    def uploaded(self, row: OutMessage, message_id: int, event: Uploaded | ReportRead | str) -> Job:
        """
        The text of a file that was fetched meanwhile, or why there is none.

        The row that asked for it is done with in the same transaction.
        """
        job, mine = Job(), Job()
        clock = Clock.read(self.door.zone)
        with self._transaction() as (unit, messages):
            messages.mark(row.id, SENT)
            with self._apologising(f"the file of message {row.id}") as excuse:
                with unit.savepoint():
                    talk = Talk(self.door, self._lately, unit, messages, clock, mine)
                    file_read(talk, row.chat, message_id, event)
                job.add(mine)
            if excuse:
                self._say(messages, row.chat, excuse[0], clock, job)
        for fact in job.facts:
            fact()
        self.resume_chat(row.chat)
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
            if self.store.is_out_of_order(error):
                raise
            excuse.append(words.ERROR.format(number=faults.number(what, outline(error))))

    def _say(self, messages: Messages, chat: int, text: str, clock: Clock, job: Job) -> None:
        if chat > 0:
            row = messages.say(chat, "sendMessage", dumps({"text": text}), None, clock.now)
            job.sends.append(row)

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Unit, Messages]]:
        """A transaction that also says how far earlier messages have come."""
        marks = len(self._marks)
        with self.store.begin(brief=True) as unit:
            messages = Messages(unit)
            for row, state, message_id in self._marks[:marks]:
                messages.mark(row.id, state, message_id)
            yield unit, messages
        del self._marks[:marks]

    # ------------------------------------------------------ what has been sent

    def unsent(self) -> list[OutMessage]:
        """What a former process did not surely send."""
        with self.store.begin() as unit:
            rows = Messages(unit).unsent()
        for row in rows:
            if row.method == FETCH:
                self._pause_chat(row.chat)
        # A reminder may be on its way from whoever claimed it.
        return [row for row in rows if row.method not in (REMIND, LEFT)]

    def pick_up(self) -> Job:
        """What another program has left to be sent."""
        with self.store.read() as reader:
            if not has_left(reader):
                return Job()
        with self.store.begin() as unit:
            return Job(sends=list(Messages(unit).pick_up()))

    def mark(self, row: OutMessage, state: int, message_id: int | None = None) -> None:
        """A message has come so far; the next transaction keeps it, or `flush`."""
        if message_id is not None:
            self._arrived[row.id] = message_id
            while len(self._arrived) > REMEMBERED:
                self._arrived.popitem(last=False)
        self._marks.append((row, state, message_id))

    @property
    def has_marks(self) -> bool:
        """Whether anything waits for `flush`."""
        return bool(self._marks)

    def arrived(self, row: int) -> int | None:
        """Telegram's id of an outgoing row that has arrived lately."""
        return self._arrived.get(row)

    def flush(self) -> None:
        """
        Keep how far messages have come.

        Raises:
            StoreError: Another try may help; nothing is forgotten.
        """
        if not self._marks:
            return
        try:
            with self._transaction():
                return
        except Exception as error:
            if self.store.is_out_of_order(error):
                raise
            log.error("what was sent cannot be noted: %s; each by itself", outline(error))
        for row, state, message_id in self._marks[:]:
            try:
                with self.store.begin() as unit:
                    Messages(unit).mark(row.id, state, message_id)
            except Exception as error:
                if self.store.is_out_of_order(error):
                    raise
            del self._marks[0]

    def is_unsent(self, row: OutMessage) -> bool:
        """Whether a message that has waited is still to be sent."""
        with self.store.read() as reader:
            return is_unsent(reader, row.id)

    def sending(self, row: OutMessage) -> None:
        """A message is about to go out: should we die now, it may have arrived."""
        with self.store.begin() as unit:
            Messages(unit).mark(row.id, SENDING)

    def begin_reading(self, row: OutMessage) -> int:
        """A file is about to be read: should it be the end of us, it is not read for ever."""
        with self.store.begin() as unit:
            return Messages(unit).begin_reading(row.id)

    def message_id(self, row: int) -> int | None:
        """Telegram's id of an outgoing row, None while it has not arrived."""
        with self.store.begin() as unit:
            return Messages(unit).message_id(row)

    def newest(self, chat: int) -> int:
        """The newest message of ours that is known to have arrived in a chat, 0 for none."""
        with self._transaction() as (_, messages):
            return messages.newest(chat)

    def lost(self, person: int) -> None:
        """Somebody has blocked the bot."""
        with self.store.begin() as unit:
            People(unit).reachable(person, False)

    # ----------------------------------------------------------- housekeeping

    def administrators(self) -> list[int]:
        """Everybody who looks after all organs or some."""
        with self.store.begin() as unit:
            return sorted({*self.door.admins, *People(unit).administrators()})

    def prune(self) -> int:
        """Forget some updates, messages and strangers of long ago; how many there were."""
        before = Clock.read(self.door.zone).now - timedelta(days=KEEP_DAYS)
        with self.store.begin() as unit:
            return Messages(unit).prune(before) + People(unit).prune(before)


def _read(raw: Any) -> Waiting | None:
    """An update, if it is one; what cannot be understood is kept all the same."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(update_id, int) or not -(2**62) < update_id < 2**62:
        return None
    try:
        return Waiting(update_id, raw, read_update(raw))
    except Exception as error:  # noqa: BLE001 - nothing that arrives may stop the intake
        log.error("update %s cannot be read: %s", update_id, outline(error))
        return Waiting(update_id, raw, OTHER)
