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
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from telegram import InputFile, InputMediaPhoto
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.files import documents
from bot.telegram.client import NotSent, RawBot, markup, pause_after
from bot.telegram.intake import Intake
from bot.telegram.jobs import FETCH, Job, Place
from bot.telegram.logs import outline
from bot.telegram.schedule import Permit, Priority
from bot.telegram.screen import Decoration
from bot.telegram.turn import UPLOAD_LIMIT
from conversations.document.write.content import DocumentInput
from conversations.form import FORMS
from conversations.talk.events import ReportRead, Uploaded
from conversations.wording import door as words
from storage import values
from storage.errors import StoreError
from storage.messages import GIVEN_UP, SENDING, SENT, Messages
from storage.messages import Message as Row
from storage.people import People
from storage.store import Store
from storage.tasks import REMIND

T = TypeVar("T")
log = logging.getLogger("nianbao.telegram")

CONTENTS_EVERY = 10.0  # seconds between two edits of the list of sections
FLUSH_AFTER = 0.05  # seconds that a «sent» mark may wait for others
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts
ATTEMPTS = 8  # of a call that Telegram answers with something we do not know
SHOWING = 4.5  # seconds; Telegram shows what the bot is doing for five
NOD = '[{"type":"emoji","emoji":"👌"}]'
LOW = Permit(Priority.REMINDER)


class Menus(Protocol):
    """Who sets the menu of a chat."""

    def __call__(self, chat: int, /) -> Awaitable[None]: ...


class Sender:
    """Everything that goes to Telegram from this process, but for polling."""

    def __init__(
        self,
        bot: RawBot,
        store: Store,
        intake: Intake,
        *,
        menus: Menus | None = None,
        pictures: bool = True,
        hosts: tuple[str, ...] = (),
        handled: Callable[[], None] = lambda: None,
    ) -> None:
        """
        `hosts` may be fetched from; `handled` is called when something new can be taken
        from the intake.
        """
        self.bot = bot
        self.store = store
        self.intake = intake
        self.menus = menus
        self.pictures = pictures
        self.hosts = hosts
        self.handled = handled
        self._queues: dict[int, deque[Row]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._flusher: asyncio.Task[None] | None = None
        self._extras: set[asyncio.Task[Any]] = set()
        # LibreOffice takes a core and 200 MB: one at a time.
        self._painter = ThreadPoolExecutor(1, "pictures")
        self._down = False
        self._stopping = asyncio.Event()
        # Works in threads, which nothing can end from outside.
        self.busy = 0

    # -------------------------------------------------------------- from jobs

    def resume(self) -> None:
        """Take up what a former process did not surely send."""
        with self.store.begin() as unit:
            rows = Messages(unit).unsent()
        for row in rows:
            if row.method == REMIND:
                continue  # whoever claimed it may be sending it
            if row.method == FETCH:
                self.intake.hold(row.chat)
            self._enqueue(row)

    def do(self, job: Job) -> None:
        """Start everything a committed transaction left to do."""
        for query, toast, known in job.answers:
            if query:
                self._extra(self._answer(query, toast, None if known else LOW))
        for row in job.sends:
            self._enqueue(row)
        for chat, message_id in job.reactions:
            self._extra(self._nod(chat, message_id))
        for place, decoration in job.decorations:
            self._extra(self._decorate(place, lambda d=decoration: d))  # type: ignore[misc]
        for place, contents in job.contents:
            # A newer state takes the place of one that still waits.
            permit = Permit(Priority.DECORATION, ("contents", place.row), CONTENTS_EVERY)
            self._extra(self._decorate(place, contents, permit))
        for chat in job.menus:
            if self.menus is not None:
                self._extra(self.menus(chat))

    def _enqueue(self, row: Row) -> None:
        chat = row.chat
        self._queues.setdefault(chat, deque()).append(row)
        if chat not in self._tasks:
            self._tasks[chat] = asyncio.create_task(self._run(chat))

    def _extra(self, work: Awaitable[Any]) -> None:
        """Something that may fail without anybody noticing."""

        async def quiet() -> None:
            try:
                await work
            except TelegramError:
                pass
            except Exception as error:  # noqa: BLE001 - decoration stops nothing
                log.error("decoration failed: %s", outline(error))

        task = asyncio.create_task(quiet())
        self._extras.add(task)
        task.add_done_callback(self._extras.discard)

    # ------------------------------------------------------------ one chat

    async def _run(self, chat: int) -> None:
        """Send a chat's messages in order until none is left."""
        queue = self._queues[chat]
        try:
            while queue and not self._stopping.is_set():
                await self._one(queue[0])
                if not self._stopping.is_set():
                    queue.popleft()
        finally:
            del self._tasks[chat]
            if not queue:
                self._queues.pop(chat, None)

    async def _one(self, row: Row) -> None:
        """One message to its end, however long it takes, or until the process stops."""
        wait = FIRST_WAIT
        chat = row.chat
        maybe_sent = row.state == SENDING
        strange = 0
        while not self._stopping.is_set():
            pause = wait
            try:
                message_id = await self._attempt(row, chat, maybe_sent=maybe_sent)
            except RetryAfter as error:
                pause = pause_after(error, wait)
            except ChatMigrated as error:
                chat, pause = error.new_chat_id, 0
            except Forbidden:
                self._lost(row)
                return
            except BadRequest as error:
                log.error("message %s refused: %s", row.id, error)
                self._give_up(row)
                # He must not wait for what will never come.
                if chat > 0 and row.method != FETCH:
                    self._extra(self.bot.call("sendMessage", chat_id=chat, text=words.NOT_SHOWN))
                return
            except NetworkError as error:
                maybe_sent = maybe_sent or not isinstance(error, NotSent)
                self._trouble(error)
            except (StoreError, self.store.database.error) as error:
                log.error("the store failed: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - one message must not stop the next
                strange += 1
                if strange == 1:
                    log.error("message %s failed: %s", row.id, outline(error))
                if strange >= ATTEMPTS or not isinstance(error, TelegramError):
                    self._give_up(row)
                    return
            else:
                self._well()
                if row.method != FETCH:
                    self._mark(row, SENT, message_id)
                return
            if pause:
                await self._sleep(pause)
                wait = min(wait * 2, LONGEST_WAIT)

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not through the end."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _attempt(self, row: Row, chat: int, *, maybe_sent: bool) -> int | None:
        """The call itself; Telegram's id of the message it made."""
        payload = row.data or json.loads(row.payload)
        if row.method == FETCH:
            await self._fetch(row, payload)
            return None
        if row.method == "sendDocument":
            return await self._document(row, chat, payload, again=maybe_sent)
        if row.method == "sendPhoto":
            return await self._photo(chat, payload)
        permit = LOW if payload.get("low") else None
        sent = await self.bot.call(
            row.method,
            permit,
            chat_id=chat,
            text=payload["text"],
            reply_markup=markup(payload.get("buttons")),
        )
        return _id(sent)

    async def _document(
        self, row: Row, chat: int, payload: dict[str, Any], *, again: bool
    ) -> int | None:
        """A file: noted as being sent first, so that a repeat can be told."""
        if not again:
            with self.store.begin() as unit:
                Messages(unit).mark(row.id, SENDING)
        async with self._showing(chat, ChatAction.UPLOAD_DOCUMENT):
            try:
                if row.file is not None:
                    name, content = payload["name"], row.file
                else:
                    name, content = await self._thread(make, self.intake, payload)
            except documents.TemplateError as error:
                return _id(await self.bot.call("sendMessage", chat_id=chat, text=str(error)))
            caption = payload.get("caption", "")
            message = await self.bot.send_document(
                chat,
                InputFile(content, filename=name, read_file_handle=False),
                caption=f"{caption}{words.REPEATED}" if again else caption,
            )
        if self.pictures and row.file is None:
            self._extra(self._pages(chat, content))
        return message.message_id

    async def _photo(self, chat: int, payload: dict[str, Any]) -> int | None:
        """The picture of the years in store, drawn in a thread."""
        async with self._showing(chat, ChatAction.UPLOAD_PHOTO):
            drawn = await asyncio.to_thread(draw_years, payload)
            if isinstance(drawn, str):
                return _id(await self.bot.call("sendMessage", chat_id=chat, text=drawn))
            message = await self.bot.send_photo(chat, drawn, caption=payload["caption"])
        return message.message_id

    async def _thread(self, work: Callable[..., T], *given: Any) -> T:
        """Outside the loop; `busy` counts it until it is really over."""

        def counted() -> T:
            try:
                return work(*given)
            finally:
                self.busy -= 1

        self.busy += 1
        return await asyncio.to_thread(counted)

    @contextlib.asynccontextmanager
    async def _showing(self, chat: int, what: ChatAction) -> Any:
        """Meanwhile the person sees that something is being made for him."""

        async def show() -> None:
            while True:
                with contextlib.suppress(TelegramError):
                    await self.bot.call("sendChatAction", chat_id=chat, action=what.value)
                await asyncio.sleep(SHOWING)

        task = asyncio.create_task(show())
        # The first is on its way before the work begins.
        await asyncio.sleep(0)
        try:
            yield
        finally:
            task.cancel()

    async def _fetch(self, row: Row, wanted: dict[str, Any]) -> None:
        """A file or link somebody sent: what it holds goes through the machine."""
        event: Uploaded | ReportRead | str
        try:
            async with self._showing(row.chat, ChatAction.TYPING):
                if "link" in wanted:
                    event = await read_link(wanted["link"], self.hosts)
                    self.do(self.intake.uploaded(row, wanted["message"], event))
                    self.handled()
                    return
                file = await self.bot.get_file(wanted["file_id"])
                if (file.file_size or 0) > UPLOAD_LIMIT:
                    event = words.FILE_TOO_LARGE
                else:
                    data = bytes(await file.download_as_bytearray())
                    as_text = self.intake.wants_text(row.chat)
                    event = await self._thread(read_file, data, wanted["name"], as_text)
        except BadRequest as error:
            too_large = "too big" in str(error)
            event = words.FILE_TOO_LARGE if too_large else words.FILE_FAILED
        self.do(self.intake.uploaded(row, wanted["message"], event))
        self.handled()

    def _give_up(self, row: Row) -> None:
        self._mark(row, GIVEN_UP, None)
        if row.method == FETCH:
            self.intake.release(row.chat)
            self.handled()

    def _lost(self, row: Row) -> None:
        """The person has blocked the bot: nothing more goes there until he comes back."""
        queue = self._queues.get(row.chat, deque())
        rest = list(queue)[1:]
        with contextlib.suppress(StoreError, self.store.database.error), self.store.begin() as unit:
            People(unit).reachable(row.chat, False)
        for one in (row, *rest):
            self._give_up(one)
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
        """Remember how far a message came; the next update's commit, or a timer, keeps it."""
        self.intake.mark(row, state, message_id)
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_soon())

    async def _flush_soon(self) -> None:
        await asyncio.sleep(FLUSH_AFTER)
        while not self.flush():  # noqa: ASYNC110 - the store tells nobody that it works again
            await asyncio.sleep(FIRST_WAIT)

    def flush(self) -> bool:
        """Keep the marks that wait; false when the store would not have them."""
        try:
            self.intake.flush()
        except (StoreError, self.store.database.error) as error:
            log.error("the store failed: %s", type(error).__name__)
            return False
        return True

    # ----------------------------------------------------------- decoration

    async def _answer(self, query: str, toast: str, permit: Permit | None) -> None:
        """Stop the button's waiting; too late is no harm."""
        await self.bot.call(
            "answerCallbackQuery", permit, callback_query_id=query, text=toast or None
        )

    async def _nod(self, chat: int, message_id: int) -> None:
        await self.bot.call(
            "setMessageReaction",
            chat_id=chat,
            message_id=message_id,
            reaction=NOD,
        )

    async def _decorate(
        self, place: Place, make: Callable[[], Decoration], permit: Permit | None = None
    ) -> None:
        """An answered card becomes its result; the next question goes first."""
        task = self._tasks.get(place.chat)
        if task is not None:
            with contextlib.suppress(Exception):
                await asyncio.shield(task)
        message_id = place.message
        if message_id is None and place.row is not None:
            message_id = self.intake.message_id(place.row)
        if message_id is None:
            return
        decoration = make()
        try:
            await self.bot.call(
                "editMessageText",
                permit,
                chat_id=place.chat,
                message_id=message_id,
                text=decoration.text,
                reply_markup=markup(decoration.buttons),
            )
        except BadRequest as error:
            if "not modified" not in str(error):
                log.info("a card could not be edited: %s", error)

    async def _pages(self, chat: int, document: bytes) -> None:
        """The pages as pictures, where LibreOffice is there; made outside the loop."""
        from bot.files.pictures import PictureError, page_pictures, pictures_available

        if not pictures_available():
            return
        loop = asyncio.get_running_loop()
        try:
            async with self._showing(chat, ChatAction.UPLOAD_PHOTO):
                pages = await loop.run_in_executor(self._painter, page_pictures, document)
        except PictureError as error:
            log.info("no page pictures: %s", error)
            return
        media = [
            InputMediaPhoto(page, caption=words.PICTURES if i == 0 else None)
            for i, page in enumerate(pages[:10])
        ]
        if len(media) > 1:
            await self.bot.send_media_group(chat, media)
        elif pages:
            await self.bot.send_photo(chat, pages[0], caption=words.PICTURES)

    # ------------------------------------------------------------------ end

    async def idle(self) -> None:
        """Wait until every message that can be sent has been."""
        while self._tasks or self._extras:
            await asyncio.gather(*self._tasks.values(), *self._extras, return_exceptions=True)
        self.flush()

    async def stop(self, seconds: float) -> None:
        """End within so many seconds; what is not out by then goes out after a restart."""
        self._stopping.set()
        self._end_pictures()
        flying: set[Any] = getattr(self.bot.request, "in_flight", set())
        waiting = [task for task in self._tasks.values() if task not in flying]
        for task in (*waiting, *self._extras):
            task.cancel()
        if tasks := list(self._tasks.values()):
            await asyncio.wait(tasks, timeout=seconds)
        left = [*self._tasks.values(), *self._extras]
        if self._flusher is not None:
            left.append(self._flusher)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self.flush()
        self._painter.shutdown(wait=False, cancel_futures=True)
        self._end_pictures()

    def _end_pictures(self) -> None:
        if "bot.files.pictures" in sys.modules:
            sys.modules["bot.files.pictures"].end()


def read_file(data: bytes, name: str, as_text: bool) -> Uploaded | ReportRead | str:
    """
    What a file holds: a published report, or the text of the narrative that is open
    (`as_text`); or the sentence why neither. For a thread.
    """
    from bot.files.received import UploadError, event_of

    try:
        found = event_of(data, name)
    except UploadError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever a file does, its sender hears of it
        log.error("a file could not be read: %s", outline(error))
        return words.FILE_FAILED
    return found if as_text or isinstance(found, ReportRead) else words.FILE_NOT_NOW


async def read_link(link: str, hosts: tuple[str, ...]) -> ReportRead | str:
    """The published report behind a link, or the sentence why there is none."""
    from bot.files.received import UploadError, event_of_link

    try:
        return await event_of_link(link, hosts)
    except UploadError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever a page does, its sender hears of it
        log.error("a link could not be read: %s", outline(error))
        return words.FILE_FAILED


def make(intake: Intake, payload: dict[str, Any]) -> tuple[str, bytes]:
    """
    The document behind a stored call: its name and its bytes. For a thread.

    Raises:
        TemplateError: The office has spoilt its template in the meantime.
    """
    answers = values.answers({int(number): text for number, text in payload["answers"].items()})
    report = DocumentInput(FORMS[payload["edition"]], payload["organ"], payload["year"], answers)
    return documents.make(intake.data, report, draft=payload["draft"])


def draw_years(payload: dict[str, Any]) -> bytes | str:
    """The picture behind a stored call as PNG, or why there is none. For a thread."""
    from bot.files.charts import NoPicture, png
    from conversations.talk.year_on_year import picture

    years = {
        int(year): values.answers({int(number): text for number, text in texts.items()})
        for year, texts in payload["years"].items()
    }
    try:
        return png(picture(years, FORMS[payload["edition"]], payload["organ"]))
    except NoPicture:
        return words.NO_CHART


def _id(message: Any) -> int | None:
    found = message.get("message_id") if isinstance(message, dict) else None
    return found if isinstance(found, int) else None
