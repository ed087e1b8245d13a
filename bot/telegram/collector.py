"""
Files for an administrator of organs above, read outside a transaction: checked and taken in.

The files were kept when they came, and none is taken in twice, so interrupted work can start again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from threading import Event
from typing import Any

from bot.county.collecting import Found, Refused, Taken
from bot.files.archives import Source, is_archive, sources_in
from bot.files.checking import Checked, check_each
from bot.files.unreadable import UnreadableFile
from bot.telegram.client import RawBot
from bot.telegram.intake import Intake
from bot.telegram.schedule import Permit, Priority
from bot.telegram.worker import Worker
from conversations.document.read.sent_text import ENOUGH_FIGURES
from conversations.wording import county_received as wording
from storage.messages import Message as Row

PROGRESS_EVERY = 3.0  # seconds between two edits of the progress message


class Collector:
    """Reads for one process; `start` begins work that may fail."""

    def __init__(
        self, bot: RawBot, intake: Intake, start: Callable[[Awaitable[Any]], None]
    ) -> None:
        """It has threads of its own: a county's archive delays no other file."""
        self.bot = bot
        self.intake = intake
        self._start = start
        self._readers = Worker("archives", 2)

    async def found(self, row: Row, wanted: Mapping[str, Any], data: bytes) -> Found | str | None:
        """
        The result for a file; None if it is no archive and no report, the sentence if it is broken.
        """
        name = wanted["name"]
        archive = is_archive(data, name)
        try:
            files = sources_in(data).files if archive else (Source(name, lambda: data),)
        except UnreadableFile as error:
            return str(error)
        if not files:
            return wording.NOTHING_IN_IT.format(name=name)
        told = self._telling(row, wanted, wording.PROGRESS) if archive else None
        results = await self._checked(files, told)
        read = results[0].read
        if not archive and (read is None or len(read.figures) < ENOUGH_FIGURES):
            return None
        year = 0 if archive or read is None else read.year or 0
        said = wanted.get("caption", "")
        items = await self._readers.run(self.intake.looked, row.chat, results, year, said)
        return Found(name, data, archive, items)

    async def taken(self, row: Row, wanted: Mapping[str, Any]) -> Taken | str:
        """Take kept files in, one after another."""
        kept = await self._readers.run(self.intake.received, row.chat, wanted["kept"])
        if kept is None:
            return wording.GONE
        received, content = kept
        files = (
            sources_in(content).files
            if received.archive
            else (Source(received.name, lambda: content),)
        )
        load = {source.name: source for source in files}
        tell = self._telling(row, wanted, wording.TAKING)
        results: dict[int, Refused | None] = {}
        total = len(wanted["files"])
        for done, (place, organ) in enumerate(wanted["files"].items(), 1):
            file = received.files[int(place)]
            (checked,) = await self._checked((load[file.file],), None)
            results[int(place)] = await self._readers.run(
                self.intake.take_in,
                *(row.chat, checked, load[file.file].load, organ, file.year, wanted["replaces"]),
            )
            tell(done, total)
        return Taken(wanted["kept"], results)

    async def _checked(
        self, files: Sequence[Source], tell: Callable[[int, int], None] | None
    ) -> list[Checked]:
        """Read the files, in children; after a stop no further one begins."""
        stopped, loop = Event(), asyncio.get_running_loop()

        def loading(source: Source) -> Callable[[], bytes]:
            def load() -> bytes:
                if stopped.is_set():
                    raise UnreadableFile("")
                return source.load()

            return load

        def progress(done: int) -> None:
            if tell is not None and not stopped.is_set():
                loop.call_soon_threadsafe(tell, done, len(files))

        def work() -> list[Checked]:
            named = ((source.name, loading(source)) for source in files)
            return check_each(named, progress=progress)[0]

        try:
            return await self._readers.run(work)
        except asyncio.CancelledError:
            stopped.set()
            raise

    def _telling(
        self, row: Row, wanted: Mapping[str, Any], sentence: str
    ) -> Callable[[int, int], None]:
        """Keeps the progress message up to date."""

        def tell(done: int, total: int) -> None:
            if total > 1 and (shown := wanted.get("shown")):
                text = sentence.format(name=wanted.get("name", ""), done=done, total=total)
                self._start(self._edited(row.chat, shown, text))

        return tell

    async def _edited(self, chat: int, shown: int, text: str) -> None:
        message = self.intake.arrived(shown)
        if message is None:
            message = await self._readers.run(self.intake.message_id, shown)
        if message is not None:
            # Keyed by the message, like any edit: the final text replaces this one.
            key = ("editMessageText", str(message))
            permit = Permit(Priority.DECORATION, key, PROGRESS_EVERY)
            await self.bot.call(
                "editMessageText", permit, chat_id=chat, message_id=message, text=text
            )
