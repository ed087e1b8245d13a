"""
Sends messages: in order within a chat, chats in parallel, none lost.

A message is a row that the step's transaction decided. It is marked as sent after Telegram has it.
If no answer came, it may have arrived: a text is looked for under the next message ids before it is
sent again, a document is sent again with a note. A message that may have arrived twice is not sent
a third time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Container, Iterable
from contextlib import suppress
from typing import Any

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
from bot.files.documents import TemplateError
from bot.files.pictures import PictureError
from bot.telegram.client import MaybeSent, NotSent, RawBot, markup, number_of
from bot.telegram.decorations import LOW, Decorations, showing
from bot.telegram.fetching import ATTEMPTS, Fetching
from bot.telegram.handing_out import HandOuts
from bot.telegram.intake import Intake
from bot.telegram.jobs import Job
from bot.telegram.limiter import Superseded, pause_after
from bot.telegram.logs import reason
from bot.telegram.maker import Maker
from bot.telegram.photos import send_photo
from bot.telegram.schedule import Permit, Priority
from bot.telegram.worker import Worker
from bot.watching import metrics
from bot.watching.replies import Replies
from conversations.wording import door as words
from storage.errors import STORE_FAILURES
from storage.messages import (
    ASIDE,
    FETCH,
    GIVEN_UP,
    HAND_OUT,
    PRINT,
    QUEUED,
    SEND_DOCUMENT,
    SENDING,
    SENT,
    is_long,
)
from storage.messages import Message as Row

log = logging.getLogger("nianbao.telegram")

BEHIND, LONGEST_BEHIND = 0.1, 0.5  # seconds between checks for messages before
FLUSH_AFTER = 0.05  # seconds that a «sent» mark may wait for others
FLUSH_PATIENCE = 0.5  # seconds for the last marks when the process ends
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts
LOOKED_FOR = 4  # message ids under which a message may have arrived
MAKERS = 4  # files that are made at once
SENDS = 2  # sends of a message without an answer
TRIES = 720  # tries of a message without an answer: some six hours
LONG_TRIES = 3  # tries of long work that fails in an unknown way


class TakenOver(Exception):  # noqa: N818 - it is not an error
    """Another process sends this message."""


class Again(Exception):  # noqa: N818
    """Long work has failed here, and the person was not told: another try may succeed."""


class Failed(Exception):  # noqa: N818
    """Long work has failed for good, and the person was told."""


class Sender:
    """Everything that this process sends to Telegram, except polling and reminders."""

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
        `worker` is the store's thread. `menus` sets the menu of a chat, `hosts` may be fetched
        from; `resumed` is called when a chat that waited for its file continues.
        """
        self.bot = bot
        self.worker = worker
        self.intake = intake
        self.menus = menus
        self.pictures = pictures
        self.resumed = resumed
        self.decorations = Decorations(bot, worker, intake, self._until_sent)
        self._files = Worker("files", MAKERS)
        self._maker = Maker(intake, worker, self._files, self.decorations.painter)
        self._fetching = Fetching(bot, worker, intake, hosts, self.decorations.start)
        # For reads that need not wait for writing transactions.
        self._looks = Worker("looks")
        self.hand_outs = HandOuts(
            bot, worker, self._looks, intake, self._deliver, self._mark, self._until_sent
        )
        # Long work that a job has brought, and will bring again if it fails.
        self._ends: dict[int, asyncio.Future[None]] = {}
        self._comes_again: set[int] = set()
        self._queues: dict[int, deque[Row]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._replies = Replies()
        self._flusher: asyncio.Task[None] | None = None
        self._over: set[int] | None = None  # messages sent while `catch_up` reads
        self.down_since: float | None = None  # by `time.monotonic`; None while Telegram answers
        self._unkept = False  # progress of messages could not be stored
        self.refused = False  # whether the token is refused, which was valid at the start
        self._newest = 0  # newest message id known to have arrived anywhere
        self._stopping = False

    # -------------------------------------------------------------- from jobs

    def take_over(self, rows: Iterable[Row]) -> None:
        """Queue messages of a dead process that may be unsent."""
        for row in rows:
            self._enqueue(row)

    async def catch_up(self) -> None:
        """Queue messages of ours that are unknown here: a failed commit may have succeeded."""
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
        """Drop queued messages that others have taken over; those under way will arrive."""
        for queue in self._queues.values():
            for row in list(queue)[1:]:
                if row.id not in own:
                    queue.remove(row)
                    self._settle(row)

    def do(self, job: Job) -> None:
        """Start all work that a committed transaction left."""
        self.decorations.answer(job)
        self._replies.expect(job.handled)
        for row in job.sends:
            if row.deferred:
                self._replies.forget(row.id)
            else:
                self._enqueue(row)
        self.decorations.do(job)
        for chat in job.menus:
            if self.menus is not None:
                self.decorations.start(self.menus(chat))

    def is_at(self, message: int) -> bool:
        """Whether a message is being sent, or is queued here."""
        queued = (row.id for queue in self._queues.values() for row in queue)
        return message in self.hand_outs.tasks or message in queued

    async def perform(self, row: Row, *, last: bool) -> None:
        """
        Do long work that a job has brought, to its end.

        Raises:
            Again: It has failed, and this is not the `last` time that it is brought.
            Failed: It has failed for good.
        """
        end = self._ends[row.id] = asyncio.get_running_loop().create_future()
        if not last:
            self._comes_again.add(row.id)
        self._enqueue(row)
        try:
            await end
        except asyncio.CancelledError:
            # No job brings it again meanwhile: it is tried to its end here.
            self._comes_again.discard(row.id)
            self._ends.pop(row.id, None)
            raise

    async def abandon(self, row: Row) -> None:
        """Give up long work."""
        await self._not_shown(row, "it was begun too often")

    def _settle(self, row: Row, failure: BaseException | None = None) -> None:
        """A message is finished here; its waiting job gets the result."""
        self._replies.forget(row.id)
        if row.method == FETCH:
            self._fetching.forget(row)
        self._comes_again.discard(row.id)
        end = self._ends.pop(row.id, None)
        if end is None or end.done():
            return
        if self._stopping or isinstance(failure, asyncio.CancelledError):
            end.cancel()
        elif failure is None:
            end.set_result(None)
        else:
            end.set_exception(failure)

    def tell(self, chat: int, text: str) -> None:
        """Send a text without a row: once, after everything else, if possible."""
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
        waited, pause = False, BEHIND
        try:
            while queue and not self._stopping:
                row = queue[0]
                # It may have been taken over during this check.
                if row.behind and (await self._comes_later(row, pause) or queue[0] is not row):
                    pause = min(pause * 1.5, LONGEST_BEHIND)
                    continue
                await self._deliver(row, waited=waited or row.behind)
                waited, pause = True, BEHIND
                if not self._stopping:
                    queue.remove(row)
        finally:
            del self._tasks[chat]
            if not queue:
                self._queues.pop(chat, None)

    async def _comes_later(self, row: Row, pause: float) -> bool:
        """Wait a little if another process has yet to send an earlier message."""
        behind = True
        with suppress(*STORE_FAILURES):
            behind = await self._looks.run(self.intake.is_behind, row)
        if behind:
            await asyncio.sleep(pause)
        return behind

    async def _until_sent(self, chat: int) -> None:
        """Wait until the queued messages of a chat are sent, or given up."""
        task = self._tasks.get(chat)
        if task is not None:
            await asyncio.wait((task,))

    async def _deliver(self, row: Row, *, waited: bool = False) -> None:
        """Bring a message to its end: it must not stop the next, nor be tried for ever."""
        failure: BaseException | None = asyncio.CancelledError()
        self._replies.begin(row.id)
        try:
            await self._send(row, waited=waited)
            failure = None
        except (Again, Failed) as error:
            failure = error
        except Exception as error:  # noqa: BLE001
            log.error("message %s is left out: %s", row.id, outline(error))
            await self._give_up(row, outline(error))
            failure = Failed()
        finally:
            self._settle(row, failure)

    async def _send(self, row: Row, *, waited: bool) -> None:
        """
        Send one message, however long it takes, or until the process stops.

        After waiting it may no longer be wanted: its reader may have been removed.
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
                    await self._drop(row)
                    return
                waited = True
                message_id = None
                if unclear and row.method == "sendMessage":
                    message_id = await self._arrived_unheard(row, chat, newest)
                    if message_id is None and 0 < self._newest <= newest + LOOKED_FOR:
                        unclear = 0  # it surely has not arrived
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
                await self._drop(row)
                return
            except BadRequest as error:
                log.error("message %s refused: %s", row.id, error)
                await self._not_shown(row, reason(error))
                raise Failed from error
            except InvalidToken as error:
                # It was valid at the start: our own server may be restarting.
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
                        await self._not_shown(row, reason(error), words.MAYBE_NOT_SHOWN)
                        raise Failed from error
            except STORE_FAILURES as error:
                log.error("the store failed: %s", reason(error))
            except Exception as error:
                strange += 1
                if strange == 1:
                    log.error("message %s failed: %s", row.id, outline(error))
                if strange >= (ATTEMPTS if isinstance(error, TelegramError) else self._tries(row)):
                    if row.id in self._comes_again:
                        raise Again from error
                    await self._not_shown(row, reason(error))
                    raise Failed from error
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

    def _tries(self, row: Row) -> int:
        """How often a message that fails in an unknown way is tried here."""
        return LONG_TRIES if is_long(row.method, row.file) and row.id not in self._ends else 1

    async def _attempt(self, row: Row, chat: int, unclear: int) -> int | None:
        """The call itself, after so many unclear ones; returns Telegram's message id."""
        payload = row.data or json.loads(row.payload)
        if row.method == FETCH:
            await self._fetch(row, payload)
            return None
        if row.method == HAND_OUT:
            return await self.hand_outs.attempt(row, chat, payload, unclear)
        if row.method in (SEND_DOCUMENT, PRINT):
            return await self._document(row, chat, payload, unclear)
        if row.method == "sendPhoto":
            return await send_photo(self.bot, self._files, chat, payload, self._permit(row))
        permit = self._permit(row, Priority.STRANGER if payload.get("low") else Priority.PROMPT)
        buttons = markup(payload.get("buttons"))
        return number_of(
            await self.bot.call(
                row.method, permit, chat_id=chat, text=payload["text"], reply_markup=buttons
            )
        )

    async def _arrived_unheard(self, row: Row, chat: int, newest: int) -> int | None:
        """
        Telegram's id of a text that arrived without an answer, None if it did not arrive.

        An edit does not modify a message with the same text, and other people's messages cannot be
        edited. A text of ours whose id is not known yet is replaced by this one: a text without a
        row, such as that the store fails, or one that was sent a few milliseconds ago. `newest` is
        the last id known anywhere before it was sent.
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
        """A permit that asks after a wait whether the message is still to be sent."""
        return Permit(priority, wanted=lambda: self._looks.run(self.intake.is_unsent, row))

    async def _document(
        self, row: Row, chat: int, payload: dict[str, Any], unclear: int
    ) -> int | None:
        """Send a file: made first, marked before sending, so that a repeat is announced."""
        async with showing(self.bot, chat, ChatAction.UPLOAD_DOCUMENT):
            try:
                if row.file is not None:
                    name, content, said = payload["name"], row.file, ""
                else:
                    name, content, said = await self._maker.made(payload)
            except (TemplateError, PictureError) as error:
                text = error.said if isinstance(error, PictureError) else str(error)
                log.info("a file was not made: %s", error)
                return number_of(await self.bot.call("sendMessage", chat_id=chat, text=text))
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
        job = await self._fetching.taken(row, wanted)
        self._replies.read(row.id, (each.id for each in job.sends if not each.deferred))
        self.do(job)
        self.resumed()

    # ------------------------------------------------------------- what failed

    async def _give_up(self, row: Row, why: str = "") -> None:
        """A message that a person waits for is lost: count it."""
        metrics.GIVEN_UP.inc()
        await self._drop(row, why)

    async def _drop(self, row: Row, why: str = "") -> None:
        """Do not send it any more, and tell no one."""
        self._mark(row, GIVEN_UP, None, why=why if is_long(row.method, row.file) else "")
        if row.method == FETCH and await self.flush():
            self.resumed()

    async def _not_shown(self, row: Row, why: str, text: str = words.NOT_SHOWN) -> None:
        """Tell the person that a message will not come; `why` is for the operator."""
        await self._give_up(row, why)
        if row.chat > 0:
            self.tell(row.chat, words.FILE_FAILED if row.method == FETCH else text)

    async def _leave_unclear(self, row: Row) -> None:
        """
        Do not send again what may have arrived; tell the person, once, that it may not have.

        This waits until Telegram answers, or the notice would be lost as well.
        """
        if row.chat > 0:
            await self.bot.call("sendChatAction", chat_id=row.chat, action=ChatAction.TYPING.value)
            with suppress(MaybeSent):
                await self.bot.call("sendMessage", chat_id=row.chat, text=words.MAYBE_NOT_SHOWN)
        log.error("message %s may have arrived and is not sent again", row.id)
        await self._give_up(row)

    async def _lost(self, row: Row) -> None:
        """The person has blocked the bot: send nothing more until they come back."""
        try:
            await self.worker.run(self.intake.lost, row.chat)
        except STORE_FAILURES as error:
            log.error("the store failed: %s", reason(error))
        queue = self._queues.get(row.chat, deque())
        unsent = [row]
        while len(queue) > 1:
            unsent.append(queue.pop())
        for hopeless in unsent:
            await self._drop(hopeless)
            self._settle(hopeless)

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

    def _mark(
        self, row: Row, state: int, message_id: int | None, attempts: int = 0, why: str = ""
    ) -> None:
        """Remember a message's progress; the next update's commit, or a timer, stores it."""
        self.intake.mark(row, state, message_id, attempts, why)
        if self._over is not None and state >= SENT:
            self._over.add(row.id)
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_soon())

    async def _flush_soon(self) -> None:
        # A mark may be made while the transaction of earlier ones runs.
        while self.intake.has_marks:
            await asyncio.sleep(FLUSH_AFTER)
            if not await self.flush():
                await asyncio.sleep(FIRST_WAIT)

    async def flush(self) -> bool:
        """Store the waiting marks; false if the store failed."""
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
        """Messages being sent, or made."""
        return [*self._tasks.values(), *self.hand_outs.tasks.values()]

    async def idle(self) -> None:
        """Wait until every message that can be sent has been."""
        while tasks := [*self.at_work, *self.decorations.tasks]:
            await asyncio.gather(*tasks, return_exceptions=True)
        await self.flush()

    async def stop(self, seconds: float) -> None:
        """End within so many seconds; the rest is sent after a restart."""
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
            async with asyncio.timeout(FLUSH_PATIENCE):
                await self.flush()
        except TimeoutError:
            log.warning("the store is busy: what was sent last may be sent again")
        self.decorations.end()
