"""
The queue of updates on their way into the store: those that wait together are stored together.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from bot.faults import outline
from bot.telegram.intake import SLICE, Intake
from bot.telegram.jobs import Job
from bot.telegram.outage import TELL_AFTER, TRY_AFTER, Outage
from bot.telegram.worker import Worker
from storage.errors import StoreError

log = logging.getLogger("nianbao.telegram")

AFTER_FAULT = 1.0  # seconds until the store is asked again


class Inbox:
    """
    The queue before the intake, which works in the store's thread.

    A poll brings many updates, a request of the webhook one. Updates that wait while a transaction
    runs share the next one.
    """

    def __init__(
        self, worker: Worker, intake: Intake, speaks: Callable[[], bool] = lambda: True
    ) -> None:
        """
        Nothing is taken before `run`.

        `speaks` says whether this process, of several, tells people whose report is held: each of
        them tries it.
        """
        self.worker = worker
        self.intake = intake
        self.speaks = speaks
        self._ended = False
        self._deliveries: deque[tuple[Sequence[Any], asyncio.Future[bool]]] = deque()
        self._more = asyncio.Event()
        self._more.set()

    async def keep(self, updates: Sequence[Any]) -> bool:
        """Wait until updates are in the store; false if storing fails now: deliver them again."""
        if self._ended:
            return False
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.intake.arrivals.note(updates)
        self._deliveries.append((updates, kept))
        self._more.set()
        return await kept

    def wake(self) -> None:
        """A waiting update can be handled now."""
        self.intake.waiting = True
        self._more.set()

    async def run(self, do: Callable[[Job], None], tell: Callable[[int, str], None]) -> None:
        """
        Take waiting updates, a group at a time, until cancelled.

        `do` starts the rest of a committed transaction, `tell` sends a chat a text that cannot be
        stored.
        """
        outage = Outage(tell)
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TRY_AFTER if self.intake.held else None):
                        await self._more.wait()
                self._more.clear()
                while self._deliveries or self.intake.pending:
                    await self._take(do, outage)
        finally:
            self._ended = True
            while self._deliveries:
                _settle(self._deliveries.popleft()[1], kept=False)

    async def _take(self, do: Callable[[Job], None], outage: Outage) -> None:
        """One group; the intake remembers the rest of a large poll."""
        updates: list[Any] = []
        waiting: list[asyncio.Future[bool]] = []
        while self._deliveries and (
            not waiting or len(updates) + len(self._deliveries[0][0]) <= SLICE
        ):
            delivered, future = self._deliveries.popleft()
            updates += delivered
            waiting.append(future)
        kept = False
        self._tell_later(outage, updates)
        try:
            if not await self._attempt(do, updates):
                await self._take_singly(do, updates)
            kept = True
        except StoreError as error:
            outage.failed(error, self.intake.chats(updates))
            await asyncio.sleep(AFTER_FAULT)
        else:
            outage.over()
            if self.speaks():
                outage.wait(self.intake.held.long)
        finally:
            self._late.cancel()
            for future in waiting:
                _settle(future, kept=kept)

    def _tell_later(self, outage: Outage, updates: Sequence[Any]) -> None:
        """If the store takes long, tell those who wait for it, and those who come meanwhile."""
        self._late = asyncio.get_running_loop().call_later(TELL_AFTER, self._tell, outage, updates)

    def _tell(self, outage: Outage, updates: Sequence[Any]) -> None:
        for each in (updates, *(delivered for delivered, _ in self._deliveries)):
            outage.wait(self.intake.chats(each))
        self._tell_later(outage, updates)

    async def _attempt(self, do: Callable[[Job], None], updates: Sequence[Any], *most: int) -> bool:
        """
        One transaction of the intake; false if it fails although the store works.

        Raises:
            StoreError: Another try may help.
        """
        try:
            job = await self.worker.run(self.intake.take, updates, *most)
        except Exception as error:
            if self.intake.store.is_out_of_order(error):
                raise
            log.error("updates could not be taken: %s", outline(error))
            return False
        try:
            do(job)
        except Exception as error:  # noqa: BLE001 - it is stored; a restart sends what is not sent
            log.error("what was stored could not be done: %s", outline(error))
        return True

    async def _take_singly(self, do: Callable[[Job], None], updates: Sequence[Any]) -> None:
        """
        Find the update that cannot be taken and leave only that out.

        It is confirmed all the same, or Telegram would send it for ever.
        """
        await self.worker.run(self.intake.flush)
        for update in updates:
            await self._attempt(do, [update], 0)
        for _ in range(2 * SLICE):
            if self.intake.pending and not await self._attempt(do, (), 1):
                await self.worker.run(self.intake.set_aside)


def _settle(future: asyncio.Future[bool], *, kept: bool) -> None:
    """Answer the waiting delivery, if it still waits."""
    if not future.done():
        future.set_result(kept)
