"""
Getting messages out: in order within a chat, chats beside each other, none lost.

A message is a row that the step's transaction decided. It is marked as sent after
Telegram has it. Where no answer came it may be there or not: a text is looked for under the
next numbers before it is sent again, a document comes again with a word about it. What may have
arrived twice is not sent a third time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Container, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from telegram import InputFile
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.faults import outline
from bot.files import child
from bot.files.documents import TemplateError
from bot.files.pictures import PictureError
from bot.files.received import report_of
from bot.files.unreadable import BrokenOff
from bot.telegram.attachments import Fetched, downloaded, read_file, read_link
from bot.telegram.client import MaybeSent, NotSent, RawBot, markup, pause_after
from bot.telegram.collector import Collector
from bot.telegram.decorations import LOW, Decorations, showing
from bot.telegram.handing_out import HandOuts
from bot.telegram.intake import Intake
from bot.telegram.jobs import Job
from bot.telegram.limiter import Superseded
from bot.telegram.logs import reason
from bot.telegram.maker import Maker
from bot.telegram.photos import send_photo
from bot.telegram.schedule import Permit, Priority
from bot.telegram.worker import Worker
from bot.watching import metrics
from bot.watching.replies import Replies
from conversations.talk.events import NeedsReading, Reading
from conversations.wording import door as words
from storage.errors import STORE_FAILURES
from storage.messages import ASIDE, FETCH, GIVEN_UP, HAND_OUT, PRINT, QUEUED, SENDING, SENT
from storage.messages import Message as Row

log = logging.getLogger("nianbao.telegram")

T = TypeVar("T")

BEHIND = 0.1  # seconds until another process may have sent what comes before
FLUSH_AFTER = 0.05  # seconds that a «sent» mark may wait for others
FLUSH_PATIENCE = 0.5  # seconds for the last marks when the process ends
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts
LOOKED_FOR = 4  # numbers under which a message may have arrived
ATTEMPTS = 8  # of a call that Telegram answers with something we do not know
MAKERS = 4  # files that are made at once
ROOM = 8  # files that are held at once to be read
SENDS = 2  # of a message of which no answer comes
TRIES = 720  # of a message that is sent and looked for without an answer: some six hours
READINGS = 2  # of one file, should reading it be the end of the child or of us


class TakenOver(Exception):  # noqa: N818 - it is not an error
    """Another process sends this message."""


class Sender:
    """Everything that goes to Telegram from this process, but for polling and reminders."""

    def __init__(
        self,
        bot: RawBot,
        worker: Worker,
        intake: Intake,
        *,
        menus: Callable[[int], Awaitable[None]] | None = None,
        pictures: bool = True,
        hosts: tuple[str, ...] = (),
        resumed: Callable[[], None] = lambda: None,
    ) -> None:
        """
        `worker` is the store's thread. `menus` sets the menu of a chat, `hosts` may be
        fetched from; `resumed` is called when a chat that waited for its file goes on.
        """
        self.bot = bot
        self.worker = worker
        self.intake = intake
        self.menus = menus
        self.pictures = pictures
        self.hosts = hosts
        self.resumed = resumed
        self.decorations = Decorations(bot, worker, intake, self._until_sent)
        self._files = Worker("files", MAKERS)
        self._maker = Maker(intake, worker, self._files, self.decorations.painter)
        self._collector = Collector(bot, intake, self.decorations.start)
        self._readers = Worker("readers", child.AT_ONCE)
        self._room = asyncio.Semaphore(ROOM)
        self._events: dict[int, Fetched] = {}
        self._readings: dict[int, Reading] = {}
        self._unfetched: Counter[int] = Counter()
        # Where a look does not wait for whoever waits to write.
        self._looks = Worker("looks")
        self.hand_outs = HandOuts(
            bot, worker, self._looks, intake, self._send, self._mark, self._until_sent
        )
        self._queues: dict[int, deque[Row]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._replies = Replies()
        self._flusher: asyncio.Task[None] | None = None
        self._over: set[int] | None = None  # while `catch_up` asks: what has been sent meanwhile
        self.down_since: float | None = None  # by `time.monotonic`; None while Telegram answers
        self._unkept = False  # how far messages have come could not be stored
        self.refused = False  # the token, which was good at the start
        self._newest = 0  # message that is known to have arrived anywhere
        self._stopping = False

    # -------------------------------------------------------------- from jobs

    def take_over(self, rows: Iterable[Row]) -> None:
        """Take up what a process that is gone did not surely send."""
        for row in rows:
            self._enqueue(row)

    async def catch_up(self) -> None:
        """Queue what is ours without our knowing: a commit may have been kept that failed."""
        self.intake.unsure = False
        self._over = set()
        try:
            for row in await self.worker.run(self.intake.own):
                queued = {each.id for each in self._queues.get(row.chat, ())}
                if row.id not in queued | self._over:
                    self._enqueue(row)
        finally:
            self._over = None

    def keep_only(self, own: Container[int]) -> None:
        """Others have taken over what is not among these; what is on its way arrives."""
        for queue in self._queues.values():
            for row in list(queue)[1:]:
                if row.id not in own:
                    queue.remove(row)
                    self._replies.forget(row.id)

    def do(self, job: Job) -> None:
        """Start everything a committed transaction left to do."""
        self.decorations.answer(job)
        self._replies.expect(job.handled)
        for row in job.sends:
            self._enqueue(row)
        self.decorations.do(job)
        for chat in job.menus:
            if self.menus is not None:
                self.decorations.start(self.menus(chat))

    def tell(self, chat: int, text: str) -> None:
        """Send something that is no row: once, behind everything else, if it can be."""
        self.decorations.start(self.bot.call("sendMessage", LOW, chat_id=chat, text=text))

    def _enqueue(self, row: Row) -> None:
        chat = row.chat
        if row.method in ASIDE:
            self.hand_outs.begin(row)
            return
        queue = self._queues.setdefault(chat, deque())
        place = len(queue)
        while place and queue[place - 1].id > row.id:
            place -= 1
        queue.insert(place, row)
        if chat not in self._tasks:
            self._tasks[chat] = asyncio.create_task(self._run(chat))

    # ------------------------------------------------------------ one chat

    async def _run(self, chat: int) -> None:
        """Send a chat's messages in order until none is left."""
        queue = self._queues[chat]
        waited = False
        try:
            while queue and not self._stopping:
                row = queue[0]
                try:
                    # What comes before may have been taken over while this was asked.
                    if row.behind and (await self._comes_later(row) or queue[0] is not row):
                        continue
                    await self._send(row, waited=waited)
                except Exception as error:  # noqa: BLE001 - one message must not stop the next
                    log.error("message %s is left out: %s", row.id, outline(error))
                    metrics.GIVEN_UP.inc()
                    self._mark(row, GIVEN_UP, None)
                waited = True
                if not self._stopping:
                    queue.remove(row)
        finally:
            del self._tasks[chat]
            if not queue:
                self._queues.pop(chat, None)

    async def _comes_later(self, row: Row) -> bool:
        """Wait a little where another process has yet to send what comes before."""
        behind = True
        with suppress(*STORE_FAILURES):
            behind = await self.worker.run(self.intake.is_behind, row)
        if behind:
            await asyncio.sleep(BEHIND)
        return behind

    async def _until_sent(self, chat: int) -> None:
        """Wait until what is queued for a chat is out, or given up."""
        task = self._tasks.get(chat)
        if task is not None:
            await asyncio.wait((task,))

    async def _send(self, row: Row, *, waited: bool = False) -> None:
        """As `_send_it`."""
        with self._replies.sending(row.id):
            await self._send_it(row, waited=waited)

    async def _send_it(self, row: Row, *, waited: bool) -> None:
        """
        One message to its end, however long it takes, or until the process stops.

        After waiting it may not be wanted any more: its reader may have been removed.
        """
        wait = FIRST_WAIT
        chat = row.chat
        is_sent = row.method != FETCH
        unclear = max(row.attempts, int(row.state == SENDING)) if is_sent else 0
        tries = 0
        newest = self._newest
        strange = 0
        while not self._stopping:
            pause = wait
            sending = False
            try:
                if waited and not await self._looks.run(self.intake.is_unsent, row):
                    await self._give_up(row)
                    return
                waited = True
                message_id = None
                if unclear and row.method == "sendMessage":
                    message_id = await self._arrived_unheard(row, chat, newest)
                    if message_id is None and 0 < self._newest <= newest + LOOKED_FOR:
                        unclear = 0  # it surely is not there
                if message_id is None:
                    if unclear >= SENDS:
                        await self._leave_unclear(row)
                        return
                    sending = is_sent
                    message_id = await self._attempt(row, chat, unclear)
            except RetryAfter as error:
                pause = pause_after(error, wait)
            except ChatMigrated as error:
                chat, pause = error.new_chat_id, 0
            except Forbidden:
                await self._lost(row)
                return
            except TakenOver:
                return
            except Superseded:
                await self._give_up(row)
                return
            except BadRequest as error:
                log.error("message %s refused: %s", row.id, error)
                await self._not_shown(row)
                return
            except InvalidToken as error:
                # It was good at the start: a server of one's own may be restarting.
                self.refused = True
                self._trouble(error)
            except NetworkError as error:
                self._trouble(error)
                if not isinstance(error, NotSent):
                    tries += 1
                    if sending:
                        unclear += 1
                        self._mark(row, SENDING, None, unclear)
                    if tries >= TRIES:
                        await self._not_shown(row, words.MAYBE_NOT_SHOWN)
                        return
            except STORE_FAILURES as error:
                log.error("the store failed: %s", reason(error))
            except Exception as error:  # noqa: BLE001 - one message must not stop the next
                strange += 1
                if strange == 1:
                    log.error("message %s failed: %s", row.id, outline(error))
                if strange >= ATTEMPTS or not isinstance(error, TelegramError):
                    await self._not_shown(row)
                    return
            else:
                self._well()
                if row.method != FETCH:
                    self._newest = max(self._newest, message_id or 0)
                    self._mark(row, SENT, message_id)
                    self._replies.sent(row.id, row.method)
                return
            if pause:
                await asyncio.sleep(pause)
                wait = min(wait * 2, LONGEST_WAIT)

    async def _attempt(self, row: Row, chat: int, unclear: int) -> int | None:
        """The call itself, after so many unclear ones; Telegram's id of the message it made."""
        payload = row.data or json.loads(row.payload)
        if row.method == FETCH:
            await self._fetch(row, payload)
            return None
        if row.method == HAND_OUT:
            return await self.hand_outs.attempt(row, chat, payload, unclear)
        if row.method in ("sendDocument", PRINT):
            return await self._document(row, chat, payload, unclear)
        if row.method == "sendPhoto":
            return await send_photo(self.bot, self._files, chat, payload, self._permit(row))
        permit = self._permit(row, Priority.STRANGER if payload.get("low") else Priority.PROMPT)
        buttons = markup(payload.get("buttons"))
        return _number(
            await self.bot.call(
                row.method, permit, chat_id=chat, text=payload["text"], reply_markup=buttons
            )
        )

    async def _arrived_unheard(self, row: Row, chat: int, newest: int) -> int | None:
        """
        Telegram's id of a text that arrived although no answer said so, None if it did not.

        A message that is the same already is not modified by an edit, and somebody else's
        cannot be edited. `newest` is the last that was known anywhere before it was sent.
        """
        payload = row.data or json.loads(row.payload)
        known = await self.worker.run(self.intake.newest, chat)
        bases = {known, max(known, newest)}
        numbers = {base + step for base in bases for step in range(1, LOOKED_FOR + 1)}
        for number in sorted(numbers):
            try:
                await self.bot.call(
                    "editMessageText",
                    Permit(),
                    chat_id=chat,
                    message_id=number,
                    text=payload["text"],
                    reply_markup=markup(payload.get("buttons")),
                )
            except BadRequest as error:
                if "not modified" not in str(error):
                    continue
            return number
        return None

    def _permit(self, row: Row, priority: Priority = Priority.PROMPT) -> Permit:
        """Of this priority, asking again after a wait whether the message is still to be sent."""
        return Permit(priority, wanted=lambda: self._looks.run(self.intake.is_unsent, row))

    async def _document(
        self, row: Row, chat: int, payload: dict[str, Any], unclear: int
    ) -> int | None:
        """A file: made, and noted as being sent first, so that a repeat can be told."""
        async with showing(self.bot, chat, ChatAction.UPLOAD_DOCUMENT):
            try:
                if row.file is not None:
                    name, content, said = payload["name"], row.file, ""
                else:
                    name, content, said = await self._maker.made(payload)
            except (TemplateError, PictureError) as error:
                text = error.said if isinstance(error, PictureError) else str(error)
                log.info("a file was not made: %s", error)
                return _number(await self.bot.call("sendMessage", chat_id=chat, text=text))
            if not await self.worker.run(self.intake.sending, row, unclear + 1):
                raise TakenOver
            caption = payload.get("caption", "") + said
            try:
                message = await self.bot.send_document(
                    chat,
                    InputFile(content, filename=name, read_file_handle=False),
                    caption=f"{caption}{words.REPEATED}" if unclear else caption,
                    rate_limit_args=self._permit(row),
                )
            except (NotSent, RetryAfter):
                self._mark(row, SENDING if unclear else QUEUED, None, unclear)
                raise
        if self.pictures and row.file is None and name.endswith(".docx"):
            self.decorations.show_pages(chat, content, asked=payload.get("draft", False))
        return message.message_id

    async def _fetch(self, row: Row, wanted: dict[str, Any]) -> None:
        """A file, a link or a long text somebody sent: what it holds goes through the machine."""
        try:
            # What was read and could not be stored is not read again; a text is here already.
            if row.id not in self._events and "update" not in wanted:
                async with self._room, showing(self.bot, row.chat, ChatAction.TYPING):
                    self._events[row.id] = await self._event(row, wanted)
        except (BadRequest, Forbidden) as error:
            too_large = "too big" in str(error)
            self._events[row.id] = words.FILE_TOO_LARGE if too_large else words.FILE_FAILED
        except (NotSent, RetryAfter):
            raise
        except TelegramError:
            # A chat waits for its file, but not for ever for one that is not to be had.
            self._unfetched[row.id] += 1
            if self._unfetched[row.id] < ATTEMPTS:
                raise
            self._events[row.id] = words.FILE_FAILED
        job = await self._taken(row, wanted)
        self._replies.read(row.id, (each.id for each in job.sends))
        self.do(job)
        for known in (self._events, self._readings, self._unfetched):
            known.pop(row.id, None)
        self.resumed()

    async def _taken(self, row: Row, wanted: dict[str, Any]) -> Job:
        """Everything that came of it, in one transaction; a text of it is read before."""
        while True:
            event, reading = self._events.get(row.id), self._readings.get(row.id)
            try:
                return await self.worker.run(self.intake.uploaded, row, wanted, event, reading)
            except NeedsReading as needs:
                self._readings[row.id] = await self._reading(row, needs.text)

    async def _reading(self, row: Row, text: str) -> Reading:
        """Whether a text is a whole report; one that cannot be read so is a text."""
        report = None
        async with showing(self.bot, row.chat, ChatAction.TYPING):
            with suppress(BrokenOff):
                report = await self._read(row, lambda: self._readers.run(report_of, text))
        return Reading(text, report)

    async def _event(self, row: Row, wanted: dict[str, Any]) -> Fetched:
        data = await downloaded(self.bot, wanted["file_id"]) if "file_id" in wanted else b""
        if isinstance(data, str):
            return data
        as_text = await self.worker.run(self.intake.wants_text, row.chat)

        async def read() -> Fetched:
            if "kept" in wanted:
                return await self._collector.taken(row, wanted)
            if "link" in wanted:
                return await read_link(wanted["link"], self.hosts, as_text)
            if "county" in wanted and (found := await self._collector.found(row, wanted, data)):
                return found
            with metrics.document("reading"):
                return await self._readers.run(read_file, data, wanted, as_text)

        try:
            return await self._read(row, read)
        except BrokenOff as error:
            return str(error)

    async def _read(self, row: Row, read: Callable[[], Awaitable[T]]) -> T:
        """
        What a reading gives.

        Raises:
            BrokenOff: It was the end of the child, or of us, as often as may be.
        """
        broken_off = row.attempts
        try:
            while await self.worker.run(self.intake.begin_reading, row) <= READINGS:
                try:
                    return await read()
                except BrokenOff:
                    broken_off += 1
        except asyncio.CancelledError:
            # It was not the file's doing that we were told to stop.
            self.intake.mark(row, row.state, attempts=broken_off)
            raise
        raise BrokenOff(words.FILE_BROKEN_OFF)

    # ------------------------------------------------------------- what failed

    async def _give_up(self, row: Row) -> None:
        self._replies.forget(row.id)
        self._mark(row, GIVEN_UP, None)
        if row.method == FETCH and await self.flush():
            self.resumed()

    async def _not_shown(self, row: Row, text: str = words.NOT_SHOWN) -> None:
        """Nobody must wait for what will never come."""
        metrics.GIVEN_UP.inc()
        await self._give_up(row)
        if row.chat > 0:
            self.tell(row.chat, words.FILE_FAILED if row.method == FETCH else text)

    async def _leave_unclear(self, row: Row) -> None:
        """
        What may have arrived is not sent again; the person is told, once, that it may not.

        That waits until Telegram answers, or it would be lost as well.
        """
        if row.chat > 0:
            await self.bot.call("sendChatAction", chat_id=row.chat, action=ChatAction.TYPING.value)
            with suppress(MaybeSent):
                await self.bot.call("sendMessage", chat_id=row.chat, text=words.MAYBE_NOT_SHOWN)
        log.error("message %s may have arrived and is not sent again", row.id)
        metrics.GIVEN_UP.inc()
        await self._give_up(row)

    async def _lost(self, row: Row) -> None:
        """The person has blocked the bot: nothing more goes there until they come back."""
        try:
            await self.worker.run(self.intake.lost, row.chat)
        except STORE_FAILURES as error:
            log.error("the store failed: %s", reason(error))
        queue = self._queues.get(row.chat, deque())
        unsent = [row]
        while len(queue) > 1:
            unsent.append(queue.pop())
        for hopeless in unsent:
            await self._give_up(hopeless)

    def _trouble(self, error: TelegramError) -> None:
        if self.down_since is None:
            self.down_since = time.monotonic()
            log.warning(
                "Telegram cannot be reached (%s); waiting and going on", type(error).__name__
            )

    def _well(self) -> None:
        if self.down_since is not None:
            self.down_since, self.refused = None, False
            log.info("Telegram can be reached again")

    # ------------------------------------------------------------- marking

    def _mark(self, row: Row, state: int, message_id: int | None, attempts: int = 0) -> None:
        """Remember how far a message came; the next update's commit, or a timer, keeps it."""
        self.intake.mark(row, state, message_id, attempts)
        if self._over is not None and state >= SENT:
            self._over.add(row.id)
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_soon())

    async def _flush_soon(self) -> None:
        # A mark may be made while the transaction runs that keeps those before it.
        while self.intake.has_marks:
            await asyncio.sleep(FLUSH_AFTER)
            if not await self.flush():
                await asyncio.sleep(FIRST_WAIT)

    async def flush(self) -> bool:
        """Keep the marks that wait; false when the store would not have them."""
        try:
            await self.worker.run(self.intake.flush)
        except Exception as error:  # noqa: BLE001 - of whatever kind, it must be tried again
            if not self._unkept:
                log.error("the store failed: %s", reason(error))
            self._unkept = True
            return False
        self._unkept = False
        return True

    # ------------------------------------------------------------------ end

    @property
    def at_work(self) -> list[asyncio.Task[None]]:
        """What is being sent, or made to be sent."""
        return [*self._tasks.values(), *self.hand_outs.tasks.values()]

    async def idle(self) -> None:
        """Wait until every message that can be sent has been."""
        while tasks := [*self.at_work, *self.decorations.tasks]:
            await asyncio.gather(*tasks, return_exceptions=True)
        await self.flush()

    async def stop(self, seconds: float) -> None:
        """End within so many seconds; what is not out by then goes out after a restart."""
        self._stopping = True
        self.decorations.end()
        flying: set[Any] = getattr(self.bot.request, "in_flight", set())
        for task in self.at_work:
            if task not in flying:
                task.cancel()
        if tasks := self.at_work:
            await asyncio.wait(tasks, timeout=seconds)
        left = [*self.at_work, *self.decorations.tasks]
        if self._flusher is not None:
            left.append(self._flusher)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        try:
            await asyncio.wait_for(self.flush(), FLUSH_PATIENCE)
        except TimeoutError:
            log.warning("the store is busy: what was sent last may be sent again")
        self.decorations.end()


def _number(message: Any) -> int:
    number: int = message["message_id"]
    return number
