"""The library's interface to the schedule of calls: each call waits for its turn."""

import asyncio
import itertools
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import lru_cache
from typing import Any, Self

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.faults import outline
from bot.settings import Settings
from bot.telegram.schedule import Permit, Priority, Schedule, Ticket

log = logging.getLogger("nianbao.telegram")

# Methods that make or change a message: they count against the chat's rate.
_EDITS = ("editMessage", "stopPoll", "pinChatMessage")
_SENDS = ("send", "copyMessage", "forwardMessage")

# Calls that people see but that make no message: they count against the overall rate alone.
_LIGHT = {
    "answerCallbackQuery",
    "setMessageReaction",
    "sendChatAction",
    "deleteMessage",
    "deleteMessages",
}

_USUAL = Permit()

UNTOLD = 100  # waits that may still be reported

WAITED = 1.0  # seconds after which a waiting call is checked again


def pause_after(error: TelegramError, usual: float = 0.0) -> float:
    """Seconds before the next attempt: the usual ones, plus those Telegram asks for."""
    if not isinstance(error, RetryAfter):
        return usual
    asked = error.retry_after
    seconds = asked if isinstance(asked, int) else asked.total_seconds()
    return max(usual, seconds + 0.1)


def _nothing() -> None:
    pass


class Superseded(TelegramError):  # noqa: N818 — named as the library names its own
    """
    A call was given up before it was made.

    A newer decoration has replaced it, it is no longer wanted, or too many messages to strangers
    wait.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("superseded before it was sent")


class SendLimiter(BaseRateLimiter[Permit]):
    """
    The rate limiter of one bot: `ExtBot(..., rate_limiter=SendLimiter.of(settings))`.

    Obeys `retry_after`, for that chat alone, and tries again up to `retries` times. A wait of more
    than `patience` seconds is returned to the caller as `RetryAfter` at once, so that no call hangs
    for an hour; the caller sends the message later.
    """

    def __init__(self, *, retries: int = 5, patience: float = 60.0, **rates: float) -> None:
        """`rates` are those of the `Schedule`."""
        self.schedule = Schedule(**rates)
        self._retries = retries
        self._patience = patience
        self._timer: asyncio.TimerHandle | None = None
        self._waits: deque[tuple[int | str | None, float]] = deque(maxlen=UNTOLD)
        # Called when there is something to report to other processes.
        self.news: Callable[[], None] = _nothing

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            per_second=settings.sends_per_second,
            per_chat=settings.sends_per_chat_per_second,
            per_group_minute=settings.sends_per_group_per_minute,
            reminders=settings.reminders_per_second,
        )

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Permit | None,
    ) -> Any:
        """
        Make the call when its turn has come.

        Raises:
            RetryAfter: Telegram wants a longer wait than `patience`, or again and again.
            Superseded: As its docstring says.
        """
        light, edit, limited = _kind_of(endpoint)
        if not limited:
            return await callback(*args, **kwargs)
        chat = _chat_id(data.get("chat_id"))
        permit = rate_limit_args or (_permit_of_edit(endpoint, data) if edit else _USUAL)
        loop = asyncio.get_running_loop()
        media = data.get("media") if endpoint == "sendMediaGroup" else None
        weight = len(media) if media else 1
        ticket: Ticket | None = None
        for attempt in itertools.count():
            now = loop.time()
            if (wait := self.schedule.paused(now, chat)) > self._patience:
                raise RetryAfter(timedelta(seconds=wait))
            if ticket is None:
                ticket = self.schedule.enter(now, chat, permit, weight=weight, counts=not light)
            else:
                self.schedule.enter_again(now, ticket)
            await self._until_passed(ticket)
            try:
                waited = attempt or loop.time() - now > WAITED
                if waited and permit.wanted is not None and not await permit.wanted():
                    raise Superseded
                result = await callback(*args, **kwargs)
            except RetryAfter as error:
                wait = pause_after(error)
                self.schedule.told_to_wait(loop.time(), chat, wait)
                self._waits.append((chat, wait))
                self.news()
                if attempt >= self._retries or wait > self._patience:
                    self._finished(ticket)
                    raise
            except BaseException:
                self._finished(ticket)
                raise
            else:
                self._finished(ticket)
                return result
        raise AssertionError("unreachable")

    @property
    def has_news(self) -> bool:
        """Whether there is enough to report to other processes."""
        return bool(self._waits) or self.schedule.has_news

    def sent(self) -> Counter[Priority]:
        """The number of sends since the last call of this."""
        passed, self.schedule.passed = self.schedule.passed, Counter()
        return passed

    def waits(self) -> list[tuple[int | str | None, float]]:
        """
        The chats for which Telegram has asked to wait, and how long, since the last call of this.
        """
        waits = list(self._waits)
        self._waits.clear()
        return waits

    async def _until_passed(self, ticket: Ticket) -> None:
        if ticket.given_up:
            raise Superseded
        self._pump()
        if ticket.passed:
            return
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def go() -> None:
            if not ready.done():
                ready.set_result(None)

        def give_up() -> None:
            if not ready.done():
                ready.set_exception(Superseded())

        ticket.go, ticket.give_up = go, give_up
        try:
            await ready
        except asyncio.CancelledError:
            if not self.schedule.leave(ticket):
                self._finished(ticket)
            raise

    def _finished(self, ticket: Ticket) -> None:
        if self.schedule.finished(asyncio.get_running_loop().time(), ticket):
            self._pump()

    def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            wake = self.schedule.release(loop.time())
        except Exception as error:  # noqa: BLE001 - one call must not stop the others
            log.error("a call could not be let go: %s", outline(error))
            wake = loop.time()
        if self.schedule.passed:
            self.news()
        if self._timer is not None:
            if wake == self._timer.when() and not self._timer.cancelled():
                return
            self._timer.cancel()
            self._timer = None
        if wake is not None:
            self._timer = loop.call_at(wake, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._pump()


@lru_cache(maxsize=256)
def _kind_of(endpoint: str) -> tuple[bool, bool, bool]:
    """Whether a method is light, an edit, and limited at all."""
    light, edit = endpoint in _LIGHT, endpoint.startswith(_EDITS)
    return light, edit, light or edit or endpoint.startswith(_SENDS)


def _chat_id(value: Any) -> int | str | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return value if isinstance(value, str) else None


def _permit_of_edit(endpoint: str, data: dict[str, Any]) -> Permit:
    return Permit(Priority.DECORATION, (endpoint, data.get("message_id")))
