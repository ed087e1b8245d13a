"""
Getting messages out: in order within a chat, chats beside each other, none lost.

A message is a row that the step's transaction decided. It is marked as sent after
Telegram has it; what was not surely sent is sent again, a document with a word about it.
Decoration (the card that becomes its result, the list of sections, a nod at a message)
waits until there is room and is dropped rather than delaying a question.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Iterable
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    Message,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.pictures import PictureError, page_pictures, pictures_available
from bot.received import event_of, event_of_link
from bot.telegram.intake import FETCH, UPLOAD_LIMIT, Intake, Job
from bot.telegram.limiter import Priority, Turn
from bot.telegram.screen import Decoration
from bot.uploads import UploadError
from conversations import door_wording as words
from conversations.events import ReportRead, Uploaded
from storage.messages import GIVEN_UP, SENDING, SENT, Messages
from storage.messages import Message as Row
from storage.people import People
from storage.store import Store

log = logging.getLogger("nianbao.telegram")

CONTENTS_EVERY = 10.0  # seconds between two edits of the list of sections
FLUSH_AFTER = 0.05  # seconds that a «sent» mark may wait for others
MOST_ATTEMPTS = 8  # per message, with growing waits; then the restart tries again
REMEMBERED = 20_000  # message ids of rows kept in memory
NOD = "👌"


class Sender:
    """Everything that goes to Telegram from this process, but for polling."""

    def __init__(
        self,
        bot: ExtBot[Any],
        store: Store,
        intake: Intake,
        *,
        pictures: bool = True,
        hosts: tuple[str, ...] = (),
        atonce: int = 32,
    ) -> None:
        """`atonce` chats are written to beside each other."""
        self.bot = bot
        self.store = store
        self.intake = intake
        self.hosts = hosts
        self.pictures = pictures and pictures_available()
        self._queues: dict[int, deque[Row]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(atonce)
        self._marks: list[tuple[Row, int, int | None]] = []
        self._flusher: asyncio.Task[None] | None = None
        self._ids: OrderedDict[int, int] = OrderedDict()
        self._extras: set[asyncio.Task[Any]] = set()
        self._down = False
        self._stopping = False

    # -------------------------------------------------------------- from jobs

    def resume(self) -> None:
        """Take up what a former process did not surely send."""
        with self.store.begin() as unit:
            rows = Messages(unit).unsent()
        for row in rows:
            self._enqueue(row)

    def do(self, job: Job) -> None:
        """Start everything a committed transaction left to do."""
        for query, toast in job.answers:
            self._extra(self._answer(query, toast))
        for row in job.sends:
            self._enqueue(row)
        for chat, message_id in job.reactions:
            self._extra(self._nod(chat, message_id))
        for chat, card, decoration in job.decorations:
            self._extra(self._decorate(chat, card, decoration))
        for chat, (contents, decoration) in job.contents.items():
            # A newer state takes the place of one that still waits.
            turn = Turn(Priority.DECORATION, ("contents", chat), CONTENTS_EVERY)
            self._extra(self._decorate(chat, contents, decoration, turn))

    def _enqueue(self, row: Row) -> None:
        chat = row.chat
        self._queues.setdefault(chat, deque()).append(row)
        if chat not in self._tasks:
            self._tasks[chat] = asyncio.create_task(self._run(chat))

    def _extra(self, work: Awaitable[Any]) -> None:
        """Something that may fail without anybody noticing."""

        async def quiet() -> None:
            with contextlib.suppress(TelegramError):
                await work

        task = asyncio.create_task(quiet())
        self._extras.add(task)
        task.add_done_callback(self._extras.discard)

    # ------------------------------------------------------------ one chat

    async def _run(self, chat: int) -> None:
        """Send a chat's messages in order until none is left."""
        queue = self._queues[chat]
        try:
            while queue:
                async with self._room:
                    done = await self._one(queue[0])
                if not done:
                    return
                queue.popleft()
        finally:
            del self._tasks[chat]
            if not queue:
                self._queues.pop(chat, None)

    async def _one(self, row: Row) -> bool:
        """One message to its end; false when the process stops meanwhile."""
        wait = 1.0
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                if row.method == FETCH:
                    await self._fetch(row)
                    self._mark(row, SENT, None)
                    return True
                message = await self._call(row, again=attempt > 1 or row.state == SENDING)
            except RetryAfter as error:
                wait = max(wait, float(_seconds(error)) + 0.1)
            except Forbidden:
                self._lost(row)
                return True
            except BadRequest as error:
                log.error("message %s refused: %s", row.id, error)
                self._mark(row, GIVEN_UP, None)
                return True
            except NetworkError as error:
                self._trouble(error)
            except TelegramError as error:
                log.error("message %s failed: %s", row.id, type(error).__name__)
            else:
                self._well()
                self._mark(row, SENT, message.message_id)
                if row.method == "sendDocument" and self.pictures and row.file:
                    self._extra(self._pages(row))
                return True
            if self._stopping:
                return False
            await asyncio.sleep(wait)
            wait = min(wait * 2, 30.0)
        return await self._later(row)

    async def _later(self, row: Row) -> bool:
        """Telegram is away for long: go on trying, slowly, keeping the order."""
        while not self._stopping:
            try:
                message = await self._call(row, again=True)
            except Forbidden:
                self._lost(row)
                return True
            except BadRequest:
                self._mark(row, GIVEN_UP, None)
                return True
            except TelegramError:
                await asyncio.sleep(30)
            else:
                self._well()
                self._mark(row, SENT, message.message_id)
                return True
        return False

    async def _call(self, row: Row, *, again: bool) -> Message:
        """The call itself."""
        payload = json.loads(row.payload)
        if row.method == "sendDocument":
            return await self._document(row, payload, again=again)
        return await self.bot.send_message(
            row.chat,
            payload["text"],
            reply_markup=markup(payload.get("buttons")),
        )

    async def _document(self, row: Row, payload: dict[str, Any], *, again: bool) -> Message:
        """A file: noted as being sent first, so that a repeat can be told."""
        if not again:
            self._mark_now(row, SENDING)
        with contextlib.suppress(TelegramError):
            await self.bot.send_chat_action(row.chat, ChatAction.UPLOAD_DOCUMENT)
        caption = payload.get("caption", "")
        if again:
            caption = f"{caption}{words.REPEATED}"
        return await self.bot.send_document(
            row.chat,
            InputFile(row.file or b"", filename=payload["name"], read_file_handle=False),
            caption=caption,
        )

    async def _fetch(self, row: Row) -> None:
        """A file or link somebody sent: what it holds goes through the machine."""
        wanted = json.loads(row.payload)
        event: Uploaded | ReportRead | str
        try:
            if "link" in wanted:
                event = await event_of_link(wanted["link"], self.hosts)
                self.do(self.intake.uploaded(row.chat, wanted["message"], event))
                return
            file = await self.bot.get_file(wanted["file_id"])
            if (file.file_size or 0) > UPLOAD_LIMIT:
                event = words.FILE_TOO_LARGE
            else:
                data = bytes(await file.download_as_bytearray())
                event = await asyncio.to_thread(event_of, data, wanted["name"])
        except BadRequest:
            event = words.FILE_FAILED
        except UploadError as error:
            event = str(error)
        self.do(self.intake.uploaded(row.chat, wanted["message"], event))

    def _lost(self, row: Row) -> None:
        """The person has blocked the bot: nothing more goes there until he comes back."""
        queue = self._queues.get(row.chat, deque())
        rest = list(queue)[1:]
        with self.store.begin() as unit:
            People(unit).reachable(row.chat, False)
            messages = Messages(unit)
            for one in (row, *rest):
                messages.mark(one.id, GIVEN_UP)
        while len(queue) > 1:
            queue.pop()

    def _trouble(self, error: NetworkError) -> None:
        if not self._down:
            self._down = True
            log.warning(
                "Telegram cannot be reached (%s); waiting and going on", type(error).__name__
            )

    def _well(self) -> None:
        if self._down:
            self._down = False
            log.info("Telegram can be reached again")

    # ------------------------------------------------------------- marking

    def _mark(self, row: Row, state: int, message_id: int | None) -> None:
        """Remember how far a message came; several marks share one commit."""
        if message_id is not None:
            self._ids[row.id] = message_id
            while len(self._ids) > REMEMBERED:
                self._ids.popitem(last=False)
        self._marks.append((row, state, message_id))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_soon())

    async def _flush_soon(self) -> None:
        await asyncio.sleep(FLUSH_AFTER)
        self.flush()

    def flush(self) -> None:
        """Write the marks that wait."""
        marks, self._marks = self._marks, []
        if not marks:
            return
        with self.store.begin() as unit:
            messages = Messages(unit)
            for row, state, message_id in marks:
                messages.mark(row.id, state, message_id)
                if message_id is not None and '"report":' in row.payload:
                    payload = json.loads(row.payload)
                    messages.shown(row.chat, message_id, payload["report"], payload["number"])

    def _mark_now(self, row: Row, state: int) -> None:
        with self.store.begin() as unit:
            Messages(unit).mark(row.id, state)

    def _message_id(self, row: int) -> int | None:
        found = self._ids.get(row)
        if found is None:
            with self.store.begin() as unit:
                found = Messages(unit).message_id(row)
        return found

    # ----------------------------------------------------------- decoration

    async def _answer(self, query: str, toast: str) -> None:
        """Stop the button's waiting; too late is no harm."""
        await self.bot.answer_callback_query(query, text=toast or None)

    async def _nod(self, chat: int, message_id: int) -> None:
        await self.bot.set_message_reaction(chat, message_id, NOD)

    async def _decorate(
        self, chat: int, row: int, decoration: Decoration, turn: Turn | None = None
    ) -> None:
        """An answered card becomes its result; the next question goes first."""
        task = self._tasks.get(chat)
        if task is not None:
            with contextlib.suppress(Exception):
                await asyncio.shield(task)
        message_id = self._message_id(row)
        if message_id is not None:
            await self._edit(chat, message_id, decoration, turn)

    async def _edit(
        self, chat: int, message_id: int, decoration: Decoration, turn: Turn | None
    ) -> None:
        try:
            await self.bot.edit_message_text(
                decoration.text,
                chat_id=chat,
                message_id=message_id,
                reply_markup=markup(decoration.buttons),
                rate_limit_args=turn,
            )
        except BadRequest as error:
            if "not modified" not in str(error):
                log.info("a card could not be edited: %s", error)

    async def _pages(self, row: Row) -> None:
        """The pages as pictures, where LibreOffice is there; made outside the loop."""
        try:
            pages = await asyncio.to_thread(page_pictures, row.file or b"")
        except PictureError as error:
            log.info("no page pictures: %s", error)
            return
        media = [
            InputMediaPhoto(page, caption=words.PICTURES if i == 0 else None)
            for i, page in enumerate(pages[:10])
        ]
        if len(media) > 1:
            await self.bot.send_media_group(row.chat, media)
        elif pages:
            await self.bot.send_photo(row.chat, pages[0], caption=words.PICTURES)

    # ------------------------------------------------------------------ end

    async def idle(self) -> None:
        """Wait until every message that can be sent has been."""
        while self._tasks or self._extras:
            await asyncio.gather(*self._tasks.values(), *self._extras, return_exceptions=True)
        self.flush()

    async def stop(self, seconds: float) -> None:
        """End within so many seconds; what is not out by then goes out after a restart."""
        self._stopping = True
        tasks: Iterable[asyncio.Task[Any]] = [*self._tasks.values(), *self._extras]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        left = [*self._tasks.values(), *self._extras]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self.flush()


def markup(buttons: list[list[list[str]]] | None) -> InlineKeyboardMarkup | None:
    """The keyboard of a stored message."""
    if not buttons:
        return None
    return InlineKeyboardMarkup([[_button(*one) for one in row] for row in buttons])


def _button(data: str, label: str, style: str) -> InlineKeyboardButton:
    if style == "url":
        return InlineKeyboardButton(label, url=data)
    return InlineKeyboardButton(label, callback_data=data, style=style or None)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()


__all__ = ["Sender", "markup"]
