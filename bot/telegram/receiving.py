"""How updates come in: by polling, or delivered to an address of ours (webhook)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.faults import outline
from bot.settings import Settings
from bot.telegram.client import RawBot
from bot.telegram.limiter import pause_after
from bot.telegram.logs import reason
from bot.watching import metrics

log = logging.getLogger("nianbao.telegram")

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 30
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts to reach Telegram
# A process that has polled undisturbed for so many seconds was first and outlasts the other.
SETTLED = 60.0
CONFLICT_SPAN = 120.0  # seconds in which conflicts count
CONFLICTS, SETTLED_CONFLICTS = 5, 60  # with another process that polls
WATCH_EVERY = 30.0  # seconds between two looks at the webhook
PUT_BACK_EVERY = 3600.0  # seconds; a second removal is on purpose
CONFLICT = "另一个进程正在用同一个机器人令牌接收消息。请先停掉它，再启动。"
REFUSED = "TELEGRAM_BOT_TOKEN 无效：Telegram 不认这个令牌，请在 BotFather 里核对。"
WEBHOOK_REFUSED = (
    "Telegram 不接受 NIANBAO_WEBHOOK_URL：请核对地址、端口（443、80、88、8443）和证书。"
)
WEBHOOK_THERE = (
    "这个机器人设有 webhook，可能另有服务正在用它接收消息。"
    "确定改用轮询时，停掉那个服务，再加 --take-over 启动。"
)


class Fatal(Exception):  # noqa: N818 - says what it is
    """The program cannot go on; the sentence is for the operator."""


class Line:
    """The connection to Telegram: its loss is logged once, and the waits grow."""

    def __init__(self) -> None:
        """All is well until something is known."""
        self.wait = 0.0
        self.refused = False
        self.lost_since: float | None = None  # by `time.monotonic`; None while it answers

    def lost(self, error: Exception) -> float:
        """The seconds to wait before the next attempt."""
        if isinstance(error, RetryAfter):
            return pause_after(error)
        if self.lost_since is None:
            self.lost_since = time.monotonic()
        if not self.wait or isinstance(error, InvalidToken) > self.refused:
            log.warning("Telegram cannot be reached (%s); waiting and going on", reason(error))
        self.refused = self.refused or isinstance(error, InvalidToken)
        self.wait = min(max(FIRST_WAIT, self.wait * 2), LONGEST_WAIT)
        return self.wait

    def found(self) -> None:
        """It answers."""
        if self.wait:
            log.info("Telegram can be reached again")
            self.wait, self.refused, self.lost_since = 0.0, False, None


class Polling:
    """Long polling; an update is confirmed by asking for the next one."""

    def __init__(self, bot: RawBot, line: Line) -> None:
        """Nothing is asked before `run`."""
        self.bot = bot
        self.line = line
        self.last_heard = 0.0
        self._undisturbed_since: float | None = None
        self._conflicts: deque[float] = deque()

    async def clear(self, *, take_over: bool) -> None:
        """
        Make sure that no webhook is in the way.

        Raises:
            Fatal: There is one, and it is not to be replaced.
        """
        while True:
            try:
                there = (await self.bot.get_webhook_info()).url
                if there and take_over:
                    await self.bot.delete_webhook(drop_pending_updates=False)
            except InvalidToken as error:
                raise Fatal(REFUSED) from error
            except TelegramError as error:
                await asyncio.sleep(self.line.lost(error))
                continue
            self.line.found()
            if there and not take_over:
                raise Fatal(WEBHOOK_THERE)
            return

    async def run(self, keep: Callable[[list[Any]], Awaitable[bool]]) -> None:
        """
        Poll until cancelled; `keep` says when updates are in the store.

        Raises:
            Fatal: The token was never valid, or another process uses it.
        """
        offset: int | None = None
        while True:
            # After trouble the first answer comes at once.
            seconds = 0 if self.line.wait else POLL_SECONDS
            try:
                updates = await self.bot.updates(offset, seconds, ALLOWED)
            except Conflict as error:
                await asyncio.sleep(self._conflict(error))
                continue
            except Exception as error:
                if isinstance(error, InvalidToken) and not self.last_heard:
                    raise Fatal(REFUSED) from error
                # One's own Bot API server refuses every token for a while after a restart.
                await asyncio.sleep(self.line.lost(error))
                continue
            self.line.found()
            self.last_heard = time.monotonic()
            metrics.LAST_POLL.set_to_current_time()
            if self._undisturbed_since is None:
                self._undisturbed_since = self.last_heard
            if not updates:
                continue
            if not await keep(updates):
                # Not confirmed, so they come again, with all later ones.
                continue
            offset = 1 + max(update["update_id"] for update in updates)

    def _conflict(self, error: Conflict) -> float:
        """
        Another process receives with our token; returns the seconds to wait.

        A poll of an earlier process may linger for a moment after a restart. Two that go on disturb
        each other whether there are updates or not: the later one ends.
        """
        now = time.monotonic()
        while self._conflicts and self._conflicts[0] < now - CONFLICT_SPAN:
            self._conflicts.popleft()
        if not self._conflicts:
            since = self._undisturbed_since
            self._settled = since is not None and now - since >= SETTLED
            if self._settled:
                log.warning("another process receives with the same token")
            self._undisturbed_since = None
        self._conflicts.append(now)
        if len(self._conflicts) > (SETTLED_CONFLICTS if self._settled else CONFLICTS):
            raise Fatal(WEBHOOK_THERE if "webhook" in str(error) else CONFLICT) from error
        return min(len(self._conflicts) / 2, 3.0)


class Webhook:
    """The address to which Telegram delivers, and whether it is still set."""

    def __init__(self, bot: RawBot, settings: Settings, line: Line) -> None:
        """Nothing is set before `put`."""
        self.bot = bot
        self.settings = settings
        self.line = line
        self.taken = False
        self._put_back = float("-inf")

    async def put(self) -> None:
        """
        Tell Telegram where to deliver, for as long as it takes.

        Raises:
            Fatal: Telegram refuses the token or the address.
        """
        while True:
            try:
                await self._set()
            except InvalidToken as error:
                raise Fatal(REFUSED) from error
            except BadRequest as error:
                raise Fatal(WEBHOOK_REFUSED) from error
            except TelegramError as error:
                await asyncio.sleep(self.line.lost(error))
            else:
                self.line.found()
                return

    async def watch(self) -> None:
        """Check now and then whether it is still set; set it again once."""
        while True:
            await asyncio.sleep(WATCH_EVERY)
            try:
                await self._look()
            except TelegramError as error:
                self.line.lost(error)
            except Exception as error:  # noqa: BLE001 - the next look tries again
                log.error("the webhook could not be looked at: %s", outline(error))
            else:
                self.line.found()

    async def _look(self) -> None:
        there = (await self.bot.get_webhook_info()).url == self.settings.webhook_url
        if there and self.taken:
            log.info("the webhook is there again")
        elif not there and not self.taken:
            log.error("somebody has taken the webhook away, or set another")
        self.taken = not there
        now = time.monotonic()
        if not there and now - self._put_back > PUT_BACK_EVERY:
            self._put_back = now
            log.warning("putting the webhook back")
            await self._set()

    async def _set(self) -> None:
        await self.bot.set_webhook(
            str(self.settings.webhook_url),
            secret_token=self.settings.secret_header,
            max_connections=self.settings.webhook_max_connections,
            allowed_updates=ALLOWED,
            drop_pending_updates=False,
        )
