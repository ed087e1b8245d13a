"""Files, links and long texts that people send: fetched, read, and taken into the machine."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.files import child
from bot.files.received import report_of
from bot.files.unreadable import BrokenOff
from bot.telegram.attachments import Fetched, downloaded, read_file, read_link
from bot.telegram.client import NotSent, RawBot
from bot.telegram.collector import Collector
from bot.telegram.decorations import showing
from bot.telegram.intake import Intake
from bot.telegram.jobs import Job
from bot.telegram.worker import Worker
from bot.watching import metrics
from conversations.talk.events import NeedsReading, Reading
from conversations.wording import door as words
from storage.messages import Message as Row

T = TypeVar("T")

ATTEMPTS = 8  # tries of a call with an unknown error
ROOM = 8  # files that are held at once to be read
READINGS = 2  # readings of one file, if the child or this process dies of it


class Fetching:
    """Reads what the rows of this process ask for."""

    def __init__(
        self,
        bot: RawBot,
        worker: Worker,
        intake: Intake,
        hosts: tuple[str, ...],
        start: Callable[[Awaitable[Any]], None],
    ) -> None:
        """
        `worker` is the store's thread, `hosts` may be fetched from; `start` begins decorations.
        """
        self.bot = bot
        self.worker = worker
        self.intake = intake
        self.hosts = hosts
        self.collector = Collector(bot, intake, start)
        self._readers = Worker("readers", child.AT_ONCE)
        self._room = asyncio.Semaphore(ROOM)
        self._events: dict[int, Fetched] = {}
        self._readings: dict[int, Reading] = {}
        self._unfetched: Counter[int] = Counter()

    async def taken(self, row: Row, wanted: dict[str, Any]) -> Job:
        """
        Take a sent file, link or long text through the machine.

        Raises:
            TelegramError: It could not be fetched; another try may help.
        """
        try:
            # A file that was read but not stored is not read again; a text is here already.
            if row.id not in self._events and "update" not in wanted:
                async with self._room, showing(self.bot, row.chat, ChatAction.TYPING):
                    self._events[row.id] = await self._event(row, wanted)
        except (BadRequest, Forbidden) as error:
            too_large = "too big" in str(error)
            self._events[row.id] = words.FILE_TOO_LARGE if too_large else words.FILE_FAILED
        except (NotSent, RetryAfter):
            raise
        except TelegramError:
            # A chat waits for its file, but not for ever for one that cannot be fetched.
            self._unfetched[row.id] += 1
            if self._unfetched[row.id] < ATTEMPTS:
                raise
            self._events[row.id] = words.FILE_FAILED
        return await self._taken(row, wanted)

    def forget(self, row: Row) -> None:
        """Forget a file that is not read here any more."""
        for known in (self._events, self._readings, self._unfetched):
            known.pop(row.id, None)

    async def _taken(self, row: Row, wanted: dict[str, Any]) -> Job:
        """All results, in one transaction; a long text among them is read first."""
        while True:
            event, reading = self._events.get(row.id), self._readings.get(row.id)
            try:
                return await self.worker.run(self.intake.uploaded, row, wanted, event, reading)
            except NeedsReading as needs:
                self._readings[row.id] = await self._reading(row, needs.text)

    async def _reading(self, row: Row, text: str) -> Reading:
        """Whether a text is a whole report; an unreadable one is only a text."""
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
                return await self.collector.taken(row, wanted)
            if "link" in wanted:
                return await read_link(wanted["link"], self.hosts, as_text)
            if "county" in wanted and (found := await self.collector.found(row, wanted, data)):
                return found
            with metrics.document("reading"):
                return await self._readers.run(read_file, data, wanted, as_text)

        try:
            return await self._read(row, read)
        except BrokenOff as error:
            return str(error)

    async def _read(self, row: Row, read: Callable[[], Awaitable[T]]) -> T:
        """
        The result of a reading.

        Raises:
            BrokenOff: The child or this process died of it, as often as allowed.
        """
        broken_off = row.attempts
        try:
            while await self.worker.run(self.intake.begin_reading, row) <= READINGS:
                try:
                    return await read()
                except BrokenOff:
                    broken_off += 1
        except asyncio.CancelledError:
            # This stop was not caused by the file.
            self.intake.mark(row, row.state, attempts=broken_off)
            raise
        raise BrokenOff(words.FILE_BROKEN_OFF)
