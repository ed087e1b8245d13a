"""
Updates in, messages out, in transactions: all that the door needs of the store.

An update is stored and handled in one transaction with its answer and its messages; it is confirmed
to Telegram only after the commit. A delivery of many updates is handled in slices, one update per
chat at a time, so that no chat delays another. Waiting updates are only in the store, where every
process finds them.

Everything here is synchronous and runs in the store's own thread (`worker.py`), except `pending`,
`waiting`, `mark` and `arrived`, which belong to the event loop.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import faults
from bot.access import Access
from bot.county.collecting import Item, Refused, look_for, take_in
from bot.faults import outline
from bot.files import documents
from bot.files.checking import Checked
from bot.files.documents import TemplateError
from bot.handle import Clock
from bot.telegram.attachments import Fetched, make_document
from bot.telegram.dispatch import dispatch, file_read, wants_text
from bot.telegram.incoming import OTHER, Incoming, UpdateKind, read_update
from bot.telegram.jobs import Job, dumps
from bot.telegram.outage import Held
from bot.telegram.talk import REMEMBERED, DoorSettings, Lately, Talk
from bot.watching import metrics
from bot.watching.following import Arrivals, Handled, follow
from conversations.county.received import RECEIVED, Received
from conversations.reminders.tasks import newest_year
from conversations.sign_off.states import Role
from conversations.talk.events import NeedsReading, Reading
from conversations.wording import door as words
from conversations.wording.county_received import NOT_BELOW
from storage import kept
from storage.listening import UPDATES_WAIT
from storage.members import MemberReader
from storage.messages import FETCH, HANDLED, WAITING, Messages, is_behind, is_unsent
from storage.messages import Message as OutMessage
from storage.messages import Update as InUpdate
from storage.people import People
from storage.processes import Processes
from storage.reports import Reader
from storage.sign_off import SignOffs, Version, version_of
from storage.store import Store
from storage.unit import Unit

log = logging.getLogger("nianbao.telegram")

SLICE = 32  # updates handled in one transaction, each of another chat
ANSWERED = {UpdateKind.MESSAGE, UpdateKind.EDIT, UpdateKind.TAP}
FIRST_CHAT = -(2**62)  # before all others


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that is stored, or about to be, and not handled."""

    update_id: int
    raw: Any
    update: Incoming
    since: datetime | None = None  # for updates that were in the store before


class Intake:
    """The door's own logic, over one store."""

    def __init__(self, store: Store, door: DoorSettings, process: str | None = None) -> None:
        """Wait for updates; `process` sends the messages decided here."""
        self.store = store
        self.door = door
        self.process = process
        self._lately = Lately()
        # Whether the store may hold updates that could be handled now, and the last chat handled.
        self.waiting = True
        self._after = FIRST_CHAT
        self.held = Held()
        self.arrivals = Arrivals()
        # Progress of messages, stored with the next transaction.
        self.unsure = False  # a failed transaction may have been committed
        self._marks: list[tuple[int, int, int | None, int, str]] = []
        self._arrived: OrderedDict[int, int] = OrderedDict()

    # ------------------------------------------------------------- taking in

    def take(self, updates: Sequence[Any] = (), most: int = SLICE) -> Job:
        """
        Store the updates and handle one slice of the waiting ones, at most `most`.

        When this returns, all given updates are safe and may be confirmed; `pending` says whether
        more wait. When it raises, nothing was stored.

        Raises:
            StoreError: The store cannot be used now; another try may help.
        """
        job = Job()
        clock = Clock.read(self.door.zone)
        due, held, later = self.held.due, set[int](), False
        with self._looking() as look, self._transaction() as (unit, messages):
            old = self._heads(messages, most) if look else []
            fresh = [waiting for raw in updates if (waiting := _read(raw)) is not None]
            # Other processes handle the other chats; each chat is handled by one at a time.
            free = unit.alone(waiting.update.chat for waiting in (*old, *fresh))
            mine = [waiting for waiting in old if waiting.update.chat in free]
            held.update({waiting.update.chat for waiting in old} - free)
            messages.handle([waiting.update_id for waiting in mine])
            for waiting in mine:
                free.discard(waiting.update.chat)
                most -= 1
                if not self._handle(unit, messages, waiting, clock, job):
                    held.add(waiting.update.chat)
            for waiting in fresh:
                chat = waiting.update.chat
                wait = most <= 0 or chat not in free
                stored = InUpdate(waiting.update_id, chat, dumps(waiting.raw) if wait else "")
                state = messages.take_in(stored, clock.now, wait=wait)
                if state == HANDLED:
                    free.discard(chat)
                    most -= 1
                    if not self._handle(unit, messages, waiting, clock, job):
                        held.add(chat)
                elif state == WAITING:
                    later = True
                    if not wait:
                        messages.put_back(waiting.update_id, dumps(waiting.raw))
            if later:
                unit.tell(UPDATES_WAIT)
        # True only after the commit.
        for fact in job.facts:
            fact()
        self._tell(job.handled)
        for chat in set(due) - held:
            self.held.release(chat)
        for chat in held:
            self.held.hold(chat)
        if later or old or (look and self._after > FIRST_CHAT):
            self.waiting = True
        self._after = old[-1].update.chat if old else FIRST_CHAT
        return job

    @contextmanager
    def _looking(self) -> Iterator[bool]:
        """
        Yields:
            Whether updates may wait in the store; news during the transaction counts for the next.
        """
        look, self.waiting = self.pending, False
        try:
            yield look
        except BaseException:
            self.waiting = self.waiting or look
            raise

    def _heads(self, messages: Messages, most: int) -> list[Waiting]:
        """The first waiting updates of some chats, of other chats each time."""
        if most <= 0:
            return []
        heads = messages.heads(self._after, most + len(self.held))
        waiting = (_read(json.loads(update.body), update.at) for update in heads)
        return [w for w in waiting if w is not None and w.update.chat not in self.held][:most]

    def set_aside(self) -> None:
        """
        The update that `take` would handle first cannot be handled: it stays in the store as
        failed.
        """
        try:
            with self.store.begin() as unit:
                messages = Messages(unit)
                for waiting in self._heads(messages, 1):
                    messages.fail(waiting.update_id, dumps(waiting.raw))
        except Exception as error:
            if self.store.is_out_of_order(error):
                raise
            log.error("an update is left out: %s", outline(error))

    @property
    def pending(self) -> bool:
        """Whether updates may wait that could be handled now; not called while `take` runs."""
        return self.waiting or bool(self.held.due)

    def chats(self, updates: Sequence[Any]) -> list[int]:
        """The chats that wait for an answer to these updates."""
        fresh = (waiting for raw in updates if (waiting := _read(raw)) is not None)
        return [waiting.update.chat for waiting in fresh if waiting.update.kind in ANSWERED]

    def _handle(
        self, unit: Unit, messages: Messages, waiting: Waiting, clock: Clock, job: Job
    ) -> bool:
        """Handle one update completely, or apologise with a number; false if it has to wait."""
        follow(waiting.update_id)
        update = waiting.update
        before = len(job.sends)
        mine = Job()
        try:
            with self._apologising(f"update {waiting.update_id}") as excuse:
                with unit.savepoint():
                    dispatch(Talk(self.door, self._lately, unit, messages, clock, mine), update)
                job.add(mine)
        except NeedsReading:
            # Read like a file, from a row that survives a crash; later updates wait.
            wanted = {"update": waiting.raw}
            row = messages.say(update.chat, FETCH, dumps(wanted), None, clock.now, wanted)
            job.sends.append(row)
            self._handled(waiting, clock, job, before)
            return True
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
        self._handled(waiting, clock, job, before, failed=bool(excuse))
        return True

    def _handled(
        self, waiting: Waiting, clock: Clock, job: Job, before: int, *, failed: bool = False
    ) -> None:
        """Note that the rows after the first `before` are for this update."""
        waited = (clock.now - waiting.since).total_seconds() if waiting.since else 0.0
        since = self.arrivals.since(waiting.update_id, waited)
        rows = tuple([row.id for row in job.sends[before:]])
        kind = waiting.update.kind.value
        job.handled.append(Handled(waiting.update_id, since, kind, rows, failed))

    def _tell(self, handled: Iterable[Handled]) -> None:
        """Log and count the updates handled by a committed transaction."""
        for each in handled:
            self.arrivals.handled(each.update)
            metrics.UPDATES.labels(each.kind).inc()
            follow(each.update)
            what = "failed" if each.failed else "handled"
            rows = ", ".join(map(str, each.rows)) or "nothing"
            log.info("%s %s, to be sent: %s", each.kind, what, rows)

    @contextmanager
    def talking(self) -> Iterator[Talk]:
        """A transaction for messages that no update asked for."""
        with self._transaction() as (unit, messages):
            clock = Clock.read(self.door.zone)
            yield Talk(self.door, self._lately, unit, messages, clock, Job())

    def wants_text(self, person: int) -> bool:
        """Whether a file that comes now is the text of the open question."""
        with self.store.begin(brief=True) as unit:
            clock = Clock.read(self.door.zone)
            talk = Talk(self.door, self._lately, unit, Messages(unit), clock, Job())
            screen = talk.people.focus(person)
            return screen is not None and wants_text(talk, screen)

    def uploaded(
        self,
        row: OutMessage,
        wanted: Mapping[str, Any],
        event: Fetched | None,
        reading: Reading | None = None,
    ) -> Job:
        """
        Handle the content of a fetched file, or say why there is none; with None, handle the update
        that is in `wanted`, a long text.

        The row that asked for it is finished in the same transaction.

        Raises:
            NeedsReading: Nothing happens before this is called with the `reading`.
        """
        job, mine = Job(), Job()
        clock = Clock.read(self.door.zone)
        with self._transaction() as (unit, messages):
            if not messages.finish(row.id):
                # Another process has taken it over: a late result is dropped.
                return job
            with self._apologising(f"the file of message {row.id}") as excuse:
                with unit.savepoint():
                    talk = Talk(self.door, self._lately, unit, messages, clock, mine, reading)
                    if event is None:
                        dispatch(talk, read_update(wanted["update"]))
                    else:
                        file_read(talk, row.chat, wanted, event)
                job.add(mine)
            if excuse:
                if event is None and (waiting := _read(wanted["update"])) is not None:
                    messages.fail(waiting.update_id, dumps(waiting.raw))
                self._say(messages, row.chat, excuse[0], clock, job)
        for fact in job.facts:
            fact()
        return job

    @contextmanager
    def _apologising(self, what: str) -> Iterator[list[str]]:
        """
        A bug of ours in one update must not stop the others.

        Yields:
            A list for the sentence to the person, if one is needed.
        """
        excuse: list[str] = []
        try:
            yield excuse
        except NeedsReading:
            raise
        except TemplateError as error:
            excuse.append(str(error))
        except Exception as error:
            if self.store.is_out_of_order(error):
                raise
            metrics.FAULTS.inc()
            excuse.append(words.ERROR.format(number=faults.number(what, outline(error))))

    def _say(self, messages: Messages, chat: int, text: str, clock: Clock, job: Job) -> None:
        if chat > 0:
            row = messages.say(chat, "sendMessage", dumps({"text": text}), None, clock.now)
            job.sends.append(row)

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Unit, Messages]]:
        """A transaction that also stores the progress of earlier messages."""
        marks = len(self._marks)
        try:
            with self.store.begin(brief=True) as unit:
                unit.process = self.process
                messages = Messages(unit)
                for mark in self._marks[:marks]:
                    messages.mark(*mark)
                yield unit, messages
        except NeedsReading:
            raise
        except Exception:
            self.unsure = True
            raise
        del self._marks[:marks]

    # ------------------------------------------------------ what has been sent

    def mark(
        self,
        row: OutMessage,
        state: int,
        message_id: int | None = None,
        attempts: int = 0,
        why: str = "",
    ) -> None:
        """Note the progress of a message; the next transaction, or `flush`, stores it."""
        if message_id is not None:
            self._arrived[row.id] = message_id
            while len(self._arrived) > REMEMBERED:
                self._arrived.popitem(last=False)
        self._marks.append((row.id, state, message_id, attempts, why))

    @property
    def has_marks(self) -> bool:
        """Whether progress waits for `flush`."""
        return bool(self._marks)

    def arrived(self, row: int) -> int | None:
        """Telegram's id of an outgoing row that has arrived lately."""
        return self._arrived.get(row)

    def flush(self) -> None:
        """
        Store the progress of messages.

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
        for mark in self._marks[:]:
            try:
                with self.store.begin() as unit:
                    unit.process = self.process
                    Messages(unit).mark(*mark)
            except Exception as error:
                if self.store.is_out_of_order(error):
                    raise
            del self._marks[0]

    def is_unsent(self, row: OutMessage) -> bool:
        """Whether a message that has waited is still to be sent by this process."""
        with self.store.read() as reader:
            return is_unsent(reader, row.id, self.process)

    def sending(self, row: OutMessage, attempts: int) -> bool:
        """
        Store that a message is about to be sent for the `attempts`th time: if this process dies
        now, it may have arrived.

        False if another process has taken it over.
        """
        with self._transaction() as (_, messages):
            return messages.sending(row.id, attempts)

    def version(self, sign_off: int) -> Version | None:
        """The document of a step of sign-off, None if it was not made yet."""
        with self.store.read() as reader:
            return version_of(reader, sign_off)

    def keep_version(self, sign_off: int, version: Version) -> Version:
        """Keep it; if another process was first, its document counts for everyone."""
        with self.store.begin() as unit:
            return SignOffs(unit).keep_version(sign_off, version)

    def made(self, payload: dict[str, Any]) -> tuple[str, bytes]:
        """
        The name and the bytes of a document. For a thread of its own.

        Raises:
            TemplateError: The office's template was damaged in the meantime.
        """
        with self.store.read() as reader:
            own = documents.numbered(reader, self.door.data, payload.get("template", 0))
        return make_document(own, payload)

    def own(self) -> tuple[OutMessage, ...]:
        """This process's open messages, as the store knows them."""
        with self._transaction() as (unit, _):
            return Processes(unit).own(self.process) if self.process else ()

    def is_behind(self, row: OutMessage) -> bool:
        """Whether another process has yet to send an earlier message of the chat."""
        with self.store.read() as reader:
            return is_behind(reader, row, self.process)

    def claim(self, message: int) -> OutMessage | None:
        """Claim long work that a job has brought; None if it is over or another process's."""
        assert self.process is not None
        with self._transaction() as (unit, _):
            return Processes(unit).claim(message, self.process)

    def give_back(self, message: int) -> None:
        """Long work has failed here and waits for its job again."""
        assert self.process is not None
        with self._transaction() as (unit, _):
            Processes(unit).give_back(message, self.process)

    def begin_reading(self, row: OutMessage) -> int:
        """Count a reading of a file: one that kills the process is not repeated for ever."""
        with self.store.begin() as unit:
            return Messages(unit).begin_reading(row.id)

    def message_id(self, row: int) -> int | None:
        """Telegram's id of an outgoing row, None before it has arrived."""
        with self.store.begin() as unit:
            return Messages(unit).message_id(row)

    def newest(self, chat: int) -> int:
        """The newest message of ours known to have arrived in a chat, 0 for none."""
        with self._transaction() as (_, messages):
            return messages.newest(chat)

    # ------------------------------------------------- files of organs below

    def looked(
        self, person: int, results: Sequence[Checked], year: int, said: str
    ) -> tuple[Item, ...]:
        """The organs of an administrator's files; `year` is 0 for the present one."""
        with self.store.read() as reader:
            year = year or newest_year(Clock.read(self.door.zone).today)
            return look_for(reader, self._access(reader, person), results, year, {}, said)

    def received(self, person: int, number: int) -> tuple[Received, bytes] | None:
        """The files a person has sent, with the results; None if they are gone."""
        with self.store.read() as reader:
            said = kept.kept(reader, person, RECEIVED, number)
            content = kept.file_of(reader, person, RECEIVED, number)
        return (Received.read(said), content) if said and content is not None else None

    def take_in(
        self,
        person: int,
        checked: Checked,
        load: Callable[[], bytes],
        organ: int,
        year: int,
        replaces: bool,
    ) -> Refused | None:
        """Make a file the report of an organ; returns why not, else None."""
        with self.store.read() as reader:
            access, chosen = self._access(reader, person), {checked.file: organ}
            (item,) = look_for(reader, access, [checked], year, chosen, replaces=replaces)
        if item.office is None or item.office.id != organ:
            return Refused(NOT_BELOW)
        if item.same:
            return None
        if not item.ready:
            return Refused(" ".join(item.why), item.doubts)
        content = load()
        with self.store.begin() as unit:
            clock = Clock.read(self.door.zone)
            acts = self._access(unit, person).standing(organ)
            by = People(unit).key(person)
            doubt = take_in(unit, item, content, by, clock.now, acts, replaces=replaces)
        return Refused(item.doubted(doubt).why[-1], (doubt,)) if doubt else None

    def _access(self, reader: Reader, person: int) -> Access:
        held = MemberReader(reader).memberships(person)
        return Access(reader, person, held, self.door.admins)

    def lost(self, person: int) -> None:
        """A person has blocked the bot."""
        with self.store.begin() as unit:
            People(unit).reachable(person, False)

    # ----------------------------------------------------------- housekeeping

    def with_own_menus(self) -> list[int]:
        """Everyone whose menu may differ from a clerk's."""
        with self.store.begin() as unit:
            return sorted({*self.door.admins, *People(unit).more_than_clerks()})

    def menu(self, person: int) -> dict[str, str]:
        """The commands that a person can use, with a short description of each."""
        with self.store.begin() as unit:
            held = MemberReader(unit).memberships(person)
            access = Access(unit, person, held, self.door.admins)
            return words.commands(
                writes=access.everywhere or any(each.roles != {Role.LEADER} for each in held),
                manages=access.somewhere,
                several=access.everywhere or len(access.managed(2)) > 1,
            )

    def prune(self) -> int:
        """Forget some old updates, messages and strangers; returns their number."""
        before = Clock.read(self.door.zone).now - timedelta(days=self.door.keep_days)
        with self.store.begin() as unit:
            return Messages(unit).prune(before) + People(unit).prune(before)


def _read(raw: Any, since: datetime | None = None) -> Waiting | None:
    """An update, if it is one; an update that cannot be understood is stored, too."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(update_id, int) or not -(2**62) < update_id < 2**62:
        return None
    try:
        return Waiting(update_id, raw, read_update(raw), since)
    except Exception as error:  # noqa: BLE001 - nothing that arrives may stop the intake
        log.error("update %s cannot be read: %s", update_id, outline(error))
        return Waiting(update_id, raw, OTHER, since)
