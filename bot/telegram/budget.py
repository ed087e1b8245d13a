"""
One budget of sends for all processes of a store: each tells the others what it has sent.

Every process may use the whole of each rate and counts in what the others say, so it takes what
they leave. A wait that Telegram asks for is told, too. Who does not hear the others, nor even its
own notices, keeps to an equal part of the rates.
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
EVERY = 0.05  # seconds between two notices of one process
PROOF = 2.0  # seconds within which our own notices come back, where any are heard


class Budget:
    """What this process tells of its sends, and hears of the others'."""

    def __init__(self, limiter: SendLimiter, peers: Peers, listening: Listening) -> None:
        """Nothing is told before `run`."""
        self.limiter = limiter
        self.peers = peers
        self.listening = listening
        self._worker = Worker("budget")
        self._news = asyncio.Event()
        self._unheard_since: float | None = None  # of our notices the first that did not come back
        limiter.news = self._news.set

    async def run(self) -> None:
        """Tell the others, until cancelled."""
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
        """Be one of those that live, or whoever takes what they leave."""
        since = self._unheard_since
        # Behind a pooler LISTEN succeeds, and hears nothing.
        proved = since is None or time.monotonic() - since <= PROOF
        self.limiter.schedule.share(1 if self.listening.hears and proved else self.peers.living)

    def came_back(self) -> None:
        """We have heard a notice of our own."""
        self._unheard_since = None

    def heard(self, what: str, said: Sequence[str]) -> None:
        """Another process says what it has sent, or for how long to wait."""
        now = asyncio.get_running_loop().time()
        # Another version may say things that we do not know.
        with suppress(ValueError):
            if what == SENT:
                rank, number = map(int, said)
                self.limiter.schedule.hear(now, Priority(rank), number)
            elif what == WAIT:
                seconds, chat = said
                self.limiter.schedule.told_to_wait(now, int(chat) or None, float(seconds))
