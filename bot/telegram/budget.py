"""
One budget of sends for all processes of a store: each tells the others what it has sent.

Use the whole send rate and subtract what others report; if their reports do not arrive, use an
equal share. A wait that Telegram asks for is reported, too. A process whose own reports do not come
back takes it that none arrive.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

from bot.telegram.limiter import SendLimiter
from bot.telegram.peers import Peers
from bot.telegram.schedule import Priority
from bot.telegram.worker import Worker
from storage.errors import STORE_FAILURES
from storage.listening import Listening

SENT, WAIT = "sent", "wait"
EVERY = 0.05  # seconds between two reports of one process
PROOF = 2.0  # seconds within which our own reports come back, if any arrive


class Budget:
    """The reports of this process on its sends, and those of others."""

    def __init__(self, limiter: SendLimiter, peers: Peers, listening: Listening) -> None:
        """Nothing is reported before `run`."""
        self.limiter = limiter
        self.peers = peers
        self.listening = listening
        self._worker = Worker("budget")
        self._news = asyncio.Event()
        self._unheard_since: float | None = None  # time of the first report that did not come back
        limiter.news = self._news.set

    async def run(self) -> None:
        """Report to the others, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            if not self.limiter.has_news:
                continue
            notices = [f"{SENT} {rank:d} {number}" for rank, number in self.limiter.sent().items()]
            notices += [f"{WAIT} {seconds} {chat or 0}" for chat, seconds in self.limiter.waits()]
            if notices and self.listening.hears and self.peers.living > 1:
                if self._unheard_since is None:
                    self._unheard_since = time.monotonic()
                with suppress(*STORE_FAILURES):
                    await self._worker.run(self.peers.tell, *notices)
            await asyncio.sleep(EVERY)

    def share(self) -> None:
        """
        Use the whole send rate and subtract what others report; if their reports do not arrive, use
        an equal share.
        """
        since = self._unheard_since
        # Behind a pooler LISTEN succeeds, and hears nothing.
        proved = since is None or time.monotonic() - since <= PROOF
        self.limiter.schedule.share(1 if self.listening.hears and proved else self.peers.living)

    def came_back(self) -> None:
        """A report of our own has come back."""
        self._unheard_since = None

    def heard(self, what: str, said: Sequence[str]) -> None:
        """Another process reports its sends, or how long to wait."""
        now = asyncio.get_running_loop().time()
        # Another version may send reports that we do not know.
        with suppress(ValueError):
            if what == SENT:
                rank, number = map(int, said)
                self.limiter.schedule.hear(now, Priority(rank), number)
            elif what == WAIT:
                seconds, chat = said
                self.limiter.schedule.told_to_wait(now, int(chat) or None, float(seconds))
