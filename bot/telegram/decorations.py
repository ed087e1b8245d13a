"""
Extras beside the messages: the end of a button's waiting, 👌, the answered card as its result, the
present list of sections, pages as pictures.

They wait until there is room, and are dropped rather than delaying a question.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from telegram import InputMediaPhoto
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.faults import outline
from bot.files import child
from bot.telegram.client import RawBot, markup
from bot.telegram.intake import Intake
from bot.telegram.jobs import CardPlace, Job
from bot.telegram.schedule import Permit, Priority
from bot.telegram.screen import Decoration
from bot.telegram.worker import Worker
from bot.watching import metrics
from conversations.wording import door as words

log = logging.getLogger("nianbao.telegram")

ANSWERED_AGAIN = (1.0, 5.0)  # seconds until a button is answered again after a failure
CONTENTS_EVERY = 10.0  # seconds between two edits of the list of sections
SHOWING = 4.5  # seconds; Telegram shows what the bot is doing for five
PAGES = 10  # pictures of one album
NOD = '[{"type":"emoji","emoji":"👌"}]'
LOW = Permit(Priority.STRANGER)
CARD = "card"  # the name of the tasks that turn a card into its result


class Decorations:
    """Everything that may fail unnoticed."""

    def __init__(
        self, bot: RawBot, worker: Worker, intake: Intake, sent: Callable[[int], Awaitable[None]]
    ) -> None:
        """`sent` waits until the queued messages of a chat are sent."""
        self.bot = bot
        self.worker = worker
        self.intake = intake
        self.sent = sent
        self.tasks: set[asyncio.Task[None]] = set()
        # LibreOffice takes a core and 200 MB: one at a time.
        self.painter = Worker("pictures")
        self._told_missing: set[int] = set()  # chats that were told that there is no LibreOffice

    def answer(self, job: Job) -> None:
        """End the waiting of the tapped buttons."""
        for query, toast, known in job.answers:
            if query:
                self.start(self._answer(query, toast, None if known else LOW))

    def do(self, job: Job) -> None:
        """Start the other decorations of a committed transaction."""
        for chat, message_id in job.reactions:
            self.start(self._nod(chat, message_id))
        for place, decoration in job.decorations:
            self.start(self._decorate(place, lambda d=decoration: d), CARD)  # type: ignore[misc]
        for place, contents in job.contents:
            # A newer state replaces one that still waits.
            permit = Permit(Priority.DECORATION, ("contents", place.row), CONTENTS_EVERY)
            self.start(self._decorate(place, contents, permit))

    def start(self, work: Awaitable[Any], name: str | None = None) -> None:
        """Begin something that may fail."""

        async def quiet() -> None:
            try:
                await work
            except TelegramError:
                pass
            except Exception as error:  # noqa: BLE001 - decoration stops nothing
                log.error("decoration failed: %s", outline(error))

        task = asyncio.create_task(quiet(), name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, query: str, toast: str, permit: Permit | None) -> None:
        """End the button's waiting; too late does no harm, without an answer it goes on turning."""
        for wait in (*ANSWERED_AGAIN, 0.0):
            try:
                await self.bot.call(
                    "answerCallbackQuery", permit, callback_query_id=query, text=toast or None
                )
            except NetworkError as error:
                if isinstance(error, BadRequest) or not wait:
                    raise
                await asyncio.sleep(wait)
            else:
                return

    async def _nod(self, chat: int, message_id: int) -> None:
        await self.bot.call("setMessageReaction", chat_id=chat, message_id=message_id, reaction=NOD)

    async def _decorate(
        self, place: CardPlace, make: Callable[[], Decoration], permit: Permit | None = None
    ) -> None:
        """Turn an answered card into its result; the next question goes first."""
        await self.sent(place.chat)
        message_id = place.message
        if message_id is None and place.row is not None:
            message_id = self.intake.arrived(place.row)
            if message_id is None:
                message_id = await self.worker.run(self.intake.message_id, place.row)
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

    def show_pages(self, chat: int, document: bytes, *, asked: bool) -> None:
        """
        Send the first pages as pictures.

        A person who has `asked` for them is told if there are none; once, if LibreOffice is
        missing.
        """
        self.start(self._pages(chat, document, asked=asked))

    async def _pages(self, chat: int, document: bytes, *, asked: bool) -> None:
        from bot.files.pictures import PictureError, look, pictures_available

        if not pictures_available():
            if asked and chat not in self._told_missing:
                self._told_missing.add(chat)
                await self.bot.call("sendMessage", LOW, chat_id=chat, text=words.NO_LIBREOFFICE)
            return
        try:
            async with showing(self.bot, chat, ChatAction.UPLOAD_PHOTO):
                with metrics.document("pages"):
                    seen = await self.painter.run(lambda: look(document, most=PAGES))
        except PictureError as error:
            log.info("no page pictures: %s", error)
            if asked:
                await self.bot.call("sendMessage", LOW, chat_id=chat, text=words.NO_PAGES)
            return
        caption = words.pictures(seen.pages, len(seen.pictures), seen.stand_ins)
        media = [
            InputMediaPhoto(page, caption=None if number else caption)
            for number, page in enumerate(seen.pictures)
        ]
        if len(media) > 1:
            await self.bot.send_media_group(chat, media)
        elif media:
            await self.bot.send_photo(chat, seen.pictures[0], caption=caption)

    def end(self) -> None:
        """Drop the rest; reading and drawing end, too."""
        for task in self.tasks:
            task.cancel()
        child.end()


@contextlib.asynccontextmanager
async def showing(bot: RawBot, chat: int, action: ChatAction) -> AsyncIterator[None]:
    """Show the person meanwhile that something is being made for them."""

    async def show() -> None:
        while True:
            with contextlib.suppress(TelegramError):
                await bot.call("sendChatAction", chat_id=chat, action=action.value)
            await asyncio.sleep(SHOWING)

    task = asyncio.create_task(show())
    # The first is sent before the work begins.
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
