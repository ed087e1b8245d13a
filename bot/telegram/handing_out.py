"""
Files of many organs for a chat.

Files are built in parallel with the chat's other messages; progress is shown. A row names organ,
year and kind. It waits in no queue, and no message waits for it; if this process ends first, the
files are made again from the row. A tap that stops it gives the row up, whichever process is making
them.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import zipfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from telegram import InputFile
from telegram.error import RetryAfter, TelegramError

from bot.access import Access
from bot.county.handing_out import KINDS, ZIP, County, HandingOut, Stopped
from bot.files.documents import TemplateError
from bot.handle import Clock
from bot.telegram.client import MaybeSent, NotSent, RawBot, markup
from bot.telegram.intake import Intake
from bot.telegram.limiter import Superseded
from bot.telegram.schedule import Permit, Priority
from bot.telegram.screen import keyboard
from bot.telegram.talk import DoorSettings
from bot.telegram.worker import Worker
from conversations.sign_off.rights import Action
from conversations.wording import county_handing_out as wording
from conversations.wording import door as words
from storage.errors import StoreDamaged, StoreTooNew
from storage.members import MemberReader
from storage.messages import QUEUED, SENDING
from storage.messages import Message as Row
from storage.organs import below
from storage.store import Store

MAKERS = 2  # chats whose files are made at once
EVERY = 1.0  # seconds between two updates of progress
MOST_BYTES = 49_000_000  # bytes of one file: Telegram takes 50 MB from a bot
FINAL_ERRORS = (TemplateError, StoreDamaged, StoreTooNew)


class Making:
    """The files of one row, being made in a thread."""

    def __init__(
        self, store: Store, door: DoorSettings, chat: int, payload: dict[str, Any]
    ) -> None:
        """`payload` is the row's."""
        self.store = store
        self.door = door
        self.chat = chat
        self.kinds = [kind for kind in KINDS if kind in payload["kinds"]]
        self.county = County(payload["organ_id"], payload["organ"], payload["year"], door.data)
        self.folder = Path(tempfile.mkdtemp(prefix="nianbao-"))
        self.wanted = True
        self.done = 0
        self.work: HandingOut | None = None
        self.files: list[Path] = []  # unsent files
        self.too_large: list[Path] = []
        self.unsure: Path | None = None  # a file that may have arrived

    def run(self) -> None:
        """
        Make them all. For a thread.

        Raises:
            Stopped: They are no longer wanted, or the person may not have them.
            TemplateError: The office's own template cannot be used.
        """
        try:
            self.check()
            now = Clock.read(self.door.zone).now
            self.work = HandingOut(
                self.store, self.county, now, tell=self._tell, wanted=lambda: self.wanted
            )
            for path in self.work.files(self.folder, self.kinds, MOST_BYTES):
                file = _packed(path) if path.stat().st_size > MOST_BYTES else path
                (self.files if file.stat().st_size <= MOST_BYTES else self.too_large).append(file)
        finally:
            if not self.wanted:
                self.remove()

    def check(self) -> None:
        """
        Check that the person still looks after the organ, and after all whose reports are in it.

        Raises:
            Stopped: They do not.
        """
        with self.store.read() as reader:
            held = MemberReader(reader).memberships(self.chat)
            access = Access(reader, self.chat, held, self.door.admins)
            if not access.may(Action.MANAGE, self.county.organ_id):
                raise Stopped
            if self.work is not None and not access.everywhere:
                still = {organ_id for organ_id, _ in below(reader, self.county.organ_id)}
                if not {organ.organ_id for organ in self.work.organs} <= still:
                    raise Stopped

    def _tell(self, done: int) -> None:
        self.done = done

    @property
    def said(self) -> str:
        """The progress as a sentence."""
        total = len(self.work.organs) if self.work is not None and self.done else 0
        tables = set(self.kinds) != {ZIP}
        if tables and (self.done < total or ZIP not in self.kinds):
            return wording.reading(self.done, total)
        return wording.making(self.done - total * tables, total)

    def remove(self) -> None:
        """Remove them all."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _packed(path: Path) -> Path:
    """A file that is too large by itself, alone in an archive: open data become a fortieth."""
    packed = path.with_name(f"{path.name}.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    return packed


class HandOuts:
    """The rows of this process that ask for files of many organs."""

    def __init__(
        self,
        bot: RawBot,
        worker: Worker,
        looks: Worker,
        intake: Intake,
        send: Callable[[Row], Awaitable[None]],
        mark: Callable[[Row, int, None, int], None],
        until_sent: Callable[[int], Awaitable[None]],
    ) -> None:
        """
        `send` brings a row to its end, with as many attempts as needed; `mark` stores its progress;
        `until_sent` waits until the queued messages of a chat are sent.
        """
        self.bot = bot
        self.worker = worker
        self.looks = looks
        self.intake = intake
        self.send = send
        self.mark = mark
        self.until_sent = until_sent
        self.tasks: dict[int, asyncio.Task[None]] = {}
        self._makings: dict[int, Making] = {}
        self._makers = Worker("handing-out", MAKERS)

    def begin(self, row: Row) -> None:
        """Start a row, unless it was started already."""
        if row.id not in self.tasks:
            self.tasks[row.id] = asyncio.create_task(self._run(row))

    async def _run(self, row: Row) -> None:
        try:
            await self.send(row)
        finally:
            self._forget(row)
            del self.tasks[row.id]

    def _forget(self, row: Row) -> None:
        making = self._makings.pop(row.id, None)
        if making is not None:
            making.wanted = False  # a thread still running removes its own files
            making.remove()

    async def attempt(self, row: Row, chat: int, payload: dict[str, Any], unclear: int) -> int:
        """
        Make missing files; send unsent ones, and name what is missing.

        Returns:
            Telegram's id of the last message.

        Raises:
            Superseded: They are no longer wanted, or could not be made, and the person was told.
        """
        try:
            making = await self._made(row, payload)
            if not await self.worker.run(self.intake.sending, row, unclear + 1):
                raise Stopped
            message_id = 0
            while making.files:
                message_id = await self._sent(row, chat, making)
                making.files.pop(0)
        except (NotSent, RetryAfter):
            self.mark(row, SENDING if unclear else QUEUED, None, unclear)
            raise
        except Stopped:
            await self._show(row, payload, wording.STOPPED)
            raise Superseded from None
        except FINAL_ERRORS as error:
            await self._show(row, payload, str(error))
            raise Superseded from error
        assert making.work is not None
        too_large = [path.name for path in making.too_large]
        await self._show(row, payload, wording.done(making.work.all(), too_large))
        return message_id

    async def _made(self, row: Row, payload: dict[str, Any]) -> Making:
        """Make everything, and show progress meanwhile."""
        making = self._makings.get(row.id)
        if making is None:
            making = Making(self.intake.store, self.intake.door, row.chat, payload)
            self._makings[row.id] = making
            try:
                await self._follow(row, payload, making)
            except BaseException:
                self._forget(row)
                raise
        return making

    async def _follow(self, row: Row, payload: dict[str, Any], making: Making) -> None:
        work = asyncio.ensure_future(self._makers.run(making.run))
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        while not (await asyncio.wait((work,), timeout=EVERY))[0]:
            making.wanted = await self.looks.run(self.intake.is_unsent, row)
            if making.wanted:
                await self._show(row, payload, making.said, stops=True)
        work.result()

    async def _sent(self, row: Row, chat: int, making: Making) -> int:
        """Send the next file, if the person still looks after the organ and has not stopped it."""
        file, county = making.files[0], making.county
        await self.looks.run(making.check)
        if not await self.looks.run(self.intake.is_unsent, row):
            raise Stopped
        said = wording.caption(file.name, county.organ, county.year)
        if file == making.unsure or row.state == SENDING:
            said += words.REPEATED
        with file.open("rb") as content:
            try:
                message = await self.bot.send_document(
                    chat,
                    InputFile(content, filename=file.name, read_file_handle=False),
                    caption=said,
                    rate_limit_args=Permit(
                        wanted=lambda: self.looks.run(self.intake.is_unsent, row)
                    ),
                )
            except MaybeSent:
                making.unsure = file
                raise
        return message.message_id

    async def _show(
        self, row: Row, payload: dict[str, Any], text: str, *, stops: bool = False
    ) -> None:
        """Put a text into the progress message; the last one is surely delivered."""
        if not stops:
            await self.until_sent(row.chat)
        message_id = self.intake.arrived(payload["shown"])
        if message_id is None:
            message_id = await self.worker.run(self.intake.message_id, payload["shown"])
        with suppress(TelegramError):
            if message_id is not None:
                await self.bot.call(
                    "editMessageText",
                    Permit(Priority.DECORATION, ("handing out", row.id)),
                    chat_id=row.chat,
                    message_id=message_id,
                    text=text,
                    reply_markup=markup(keyboard(wording.stop_buttons(), "") if stops else []),
                )
            elif not stops:
                await self.bot.call("sendMessage", chat_id=row.chat, text=text)
