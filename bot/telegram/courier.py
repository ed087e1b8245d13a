"""Sending reminders: a tick a minute, and the courier that sends its claims."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.faults import outline
from bot.memberships import begin_invited
from bot.reminding.claim import LEASE, Claim, Outcome, release, settle, tick
from bot.telegram.client import MaybeSent, RawBot, markup, number_of
from bot.telegram.limiter import pause_after
from bot.telegram.schedule import Permit, Priority
from bot.telegram.worker import Worker
from bot.watching import metrics
from bot.watching.following import follow
from storage.errors import STORE_FAILURES
from storage.messages import is_unsent
from storage.store import Store
from storage.tasks import Tasks

log = logging.getLogger("nianbao.reminders")

EVERY = 60.0  # seconds between two ticks
AHEAD = 10.0  # seconds of sending that may be claimed at once
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts
MOST_AT_ONCE = 32  # messages between sending and recording
RECORD_AGAIN = 1.0  # seconds until recording is tried again
FAREWELL = 1.0  # seconds for recording and giving back, at the end


class Courier:
    """
    Sends claimed reminders, slowly, and records each at once.

    The limiter lets them pass last, at a rate of their own. A claim that cannot be sent in time is
    released, and decided anew.
    """

    def __init__(
        self,
        bot: RawBot,
        store: Store,
        clock: Callable[[], datetime],
        per_second: float = 3.0,
    ) -> None:
        """`per_second` is the expected rate; the limiter of the bot enforces it."""
        self.bot = bot
        self.store = store
        self.clock = clock
        # Two threads: a long tick must not delay the recording.
        self.worker = Worker("reminders", 2)
        # Enough to keep the rate while each waits for Telegram, and no more.
        self.workers = max(1, min(MOST_AT_ONCE, round(per_second / 2)))
        self._queue: deque[Claim] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._recorder: asyncio.Task[None] | None = None
        self._room = asyncio.Event()
        self._failing = False
        self._stopping = False

    @property
    def backlog(self) -> int:
        """Claims that wait to be sent."""
        return len(self._queue)

    def send(self, claims: Iterable[Claim]) -> None:
        """Take claims for sending."""
        self._queue.extend(claims)
        for _ in range(min(self.workers, len(self._queue)) - len(self._tasks)):
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def below(self, count: int) -> None:
        """
        Wait until at most so many are waiting.

        Raises:
            TimeoutError: None was sent for as long as a claim lasts.
        """
        while len(self._queue) > count:
            self._room.clear()
            async with asyncio.timeout(LEASE.total_seconds()):
                await self._room.wait()

    async def idle(self) -> None:
        """Wait until everything is sent and recorded; no claim lasts longer than its lease."""
        while self._tasks or self._recorder:
            recorder = [self._recorder] if self._recorder else []
            await asyncio.gather(*self._tasks, *recorder, return_exceptions=True)

    async def stop(self, seconds: float) -> None:
        """Wait so long for those on their way; release the others at once."""
        self._stopping = True
        left = list(self._queue)
        self._queue.clear()
        self._room.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        # A claim that cannot be released is decided anew when its lease is over.
        with contextlib.suppress(TimeoutError, *STORE_FAILURES):
            async with asyncio.timeout(FAREWELL):
                await self.idle()
                if left:
                    await self.worker.run(release, self.store, left)

    # ---- sending ----------------------------------------------------------------------

    async def _work(self) -> None:
        while self._queue:
            claim = self._queue.popleft()
            self._room.set()
            try:
                follow(None, claim.row.id)
                await self._deliver(claim)
            except Exception as error:  # noqa: BLE001 - one reminder must not stop the next
                log.error("the reminder in message %s failed: %s", claim.row.id, outline(error))
                await self._record(Outcome(claim))

    async def _deliver(self, claim: Claim) -> None:
        """Send one, repeatedly while its time lasts, and record the outcome."""
        wait = FIRST_WAIT
        while not self._stopping:
            left = (claim.until - self.clock()).total_seconds()
            if left <= 0:
                return
            try:
                async with asyncio.timeout(left):
                    if not await self.worker.run(self.is_unsent, claim):
                        return
                    outcome = await self._send(claim)
            except TimeoutError:
                return
            except STORE_FAILURES:
                # Decided anew when the lease is over.
                return
            except TelegramError as error:
                if not (self._failing or isinstance(error, NetworkError | RetryAfter)):
                    self._failing = True
                    log.error("a reminder failed: %s", type(error).__name__)
                await asyncio.sleep(min(pause_after(error, wait), left))
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                self._failing = False
                what = _told(outcome)
                log.info("a reminder: %s", what)
                metrics.REMINDERS.labels(what).inc()
                await self._record(outcome)
                return

    async def _send(self, claim: Claim) -> Outcome:
        """
        The call itself, after all calls that people wait for.

        Raises:
            TelegramError: It surely did not arrive, and may later.
        """
        payload = json.loads(claim.row.payload)
        try:
            message = await self.bot.call(
                "sendMessage",
                Permit(Priority.REMINDER, wanted=lambda: self.worker.run(self.is_unsent, claim)),
                chat_id=claim.row.chat,
                text=payload["text"],
                reply_markup=markup(payload["buttons"]),
            )
        except MaybeSent:
            return Outcome(claim, unclear=self.clock())
        except Forbidden:
            return Outcome(claim, lost=True)
        except BadRequest as error:
            lost = "chat not found" in str(error).lower()
            if not lost:
                log.error("a reminder was refused: %s", error)
            return Outcome(claim, lost=lost)
        return Outcome(claim, number_of(message))

    # ---- recording --------------------------------------------------------------------

    async def _record(self, outcome: Outcome) -> None:
        """Record outcomes; those that come meanwhile share the next transaction."""
        self._outcomes.append(outcome)
        if self._recorder is None:
            self._recorder = asyncio.create_task(self._write())
        await asyncio.shield(self._recorder)

    async def _write(self) -> None:
        try:
            while self._outcomes:
                outcomes, self._outcomes = self._outcomes, []
                try:
                    await self.worker.run(self.record, outcomes)
                except Exception as error:  # noqa: BLE001 - of whatever kind, it must be tried again
                    log.error("reminders could not be recorded: %s", outline(error))
                    if self._stopping:
                        return
                    self._outcomes = outcomes + self._outcomes
                    await asyncio.sleep(RECORD_AGAIN)
        finally:
            self._recorder = None

    def is_unsent(self, claim: Claim) -> bool:
        """Whether a claimed reminder is still to be sent."""
        with self.store.read() as reader:
            return is_unsent(reader, claim.row.id)

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Settle claims in one transaction."""
        settle(self.store, outcomes)


def _told(outcome: Outcome) -> str:
    """The outcome of a claim, in one word."""
    if outcome.message_id is not None:
        return "sent"
    if outcome.unclear is not None:
        return "unclear"
    return "unreachable" if outcome.lost else "refused"


class Reminding:
    """The clock of the running bot: a tick a minute, and the courier."""

    def __init__(
        self,
        bot: RawBot,
        store: Store,
        clock: Callable[[], datetime],
        *,
        administrators: Iterable[int] = (),
        per_second: float = 3.0,
    ) -> None:
        """`administrators` look after all organs."""
        self.store = store
        self.clock = clock
        self.administrators = tuple(administrators)
        self.courier = Courier(bot, store, clock, per_second)
        self.batch = max(5, round(per_second * AHEAD))

    async def run(self) -> None:
        """Tick until cancelled."""
        named = False
        while True:
            try:
                if not named:
                    await self.courier.worker.run(self.name_administrators)
                    named = True
                await self.round()
            except Exception as error:  # noqa: BLE001 - the next minute tries again
                log.error("a round of reminders failed: %s", outline(error))
            await asyncio.sleep(EVERY)

    def name_administrators(self) -> None:
        """Store who looks after all organs; organs invited long ago get their tasks."""
        with self.store.begin() as unit:
            Tasks(unit).administrators(self.administrators)
            begin_invited(unit, self.clock())

    async def round(self) -> None:
        """Claim what is due, no more at once than can be sent in `AHEAD` seconds."""
        while True:
            await self.courier.below(self.batch // 2)
            room = self.batch - self.courier.backlog
            ticked = await self.courier.worker.run(tick, self.store, self.clock(), room)
            self.courier.send(ticked.claims)
            if ticked.looked < room:
                return

    async def stop(self, seconds: float) -> None:
        """Let what is on its way arrive."""
        await self.courier.stop(seconds)
