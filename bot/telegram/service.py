"""
The Telegram bot as a running program: polling or webhook, start to orderly end.

The library confirms updates before they are handled, so its updater is not used: an
update is confirmed (by the next poll, or by answering the webhook) when it is in the
store.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.handle import Clock
from bot.settings import Settings
from bot.telegram.client import AiohttpRequest, RawBot, WatchedRequest, pause_after
from bot.telegram.courier import Reminding
from bot.telegram.inbox import Inbox
from bot.telegram.intake import Intake
from bot.telegram.limiter import SendLimiter
from bot.telegram.logs import outline, reason
from bot.telegram.sender import Sender
from bot.telegram.talk import DoorSettings
from bot.telegram.worker import Worker
from conversations.wording import door as words
from storage.store import Store

log = logging.getLogger("nianbao.telegram")

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 30
STOP_SECONDS = 2.5  # for what is being sent; SIGTERM ends within five
STORE_SECONDS = 0.5  # for a transaction under way; what is not committed is rolled back
TIDY_EVERY = 3600.0  # seconds
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two attempts to reach Telegram
CONFLICTS = 5  # in a row with another process that polls, over some seconds
CONFLICT = "另一个进程正在用同一个机器人令牌接收消息。请先停掉它，再启动。"
REFUSED = "TELEGRAM_BOT_TOKEN 无效：Telegram 不认这个令牌，请在 BotFather 里核对。"
WEBHOOK_REFUSED = (
    "Telegram 不接受 NIANBAO_WEBHOOK_URL：请核对地址、端口（443、80、88、8443）和证书。"
)
NO_WEBHOOK = (
    "没有安装接收 webhook 的组件，请安装：pip install 'nianbao[webhook]'；"
    "或去掉 NIANBAO_WEBHOOK_URL，改用轮询。"
)


class Fatal(Exception):  # noqa: N818 - says what it is
    """The program cannot go on; the sentence is for the operator."""


def make_bot(settings: Settings) -> RawBot:
    """The bot as the settings say, talking through our own client and limiter."""
    proxy = settings.proxy.get_secret_value() if settings.proxy else None
    return RawBot(
        settings.required_token.get_secret_value(),
        base_url=settings.base_url,
        base_file_url=settings.file_url,
        request=WatchedRequest(proxy=proxy),
        get_updates_request=AiohttpRequest(proxy=proxy),
        rate_limiter=SendLimiter.of(settings),
    )


class Service:
    """One running bot."""

    def __init__(
        self, settings: Settings, store: Store, bot: RawBot, *, pictures: bool = True
    ) -> None:
        """Nothing happens before `run`; `pictures` says whether pages are shown as such."""
        self.settings = settings
        self.store = store
        self.bot = bot
        self.pictures = pictures
        self.stopping = asyncio.Event()
        self.last_heard = 0.0
        self.line = _Line("Telegram")
        self.worker = Worker("store")
        self.intake: Intake | None = None
        self.sender: Sender | None = None
        self.reminding: Reminding | None = None

    @property
    def busy(self) -> bool:
        """Whether a thread is still at work, which nothing can end from outside."""
        return (
            self.worker.busy
            or (self.sender is not None and self.sender.busy)
            or (self.reminding is not None and self.reminding.courier.worker.busy)
        )

    # ----------------------------------------------------------------- life

    async def run(self) -> None:
        """
        Serve until told to stop.

        Raises:
            Fatal: The token is wrong, or another process polls with it.
        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(name, self.stopping.set)
        serving = asyncio.create_task(self._serve())
        stopping = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            serving.cancel()
            stopping.cancel()
            await asyncio.gather(serving, stopping, return_exceptions=True)
            if self.sender is not None and self.reminding is not None:
                await asyncio.gather(
                    self.sender.stop(STOP_SECONDS), self.reminding.stop(STOP_SECONDS)
                )
            await self.worker.stop(STORE_SECONDS)
            with contextlib.suppress(TelegramError, RuntimeError, TimeoutError):
                await asyncio.wait_for(self.bot.shutdown(), 1)
        if not serving.cancelled() and (error := serving.exception()) is not None:
            raise error

    async def _serve(self) -> None:
        """Everything that runs; the first to fail ends the others."""
        inbox = await self._start()
        assert self.sender is not None
        assert self.reminding is not None
        receiving = self._webhook(inbox) if self.settings.webhook_url else self._poll(inbox)
        try:
            async with asyncio.TaskGroup() as group:
                for loop in (receiving, self._tidy(), self.reminding.run()):
                    group.create_task(loop)
                group.create_task(inbox.run(self.sender.do, self.sender.tell))
                group.create_task(self._introduce())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _start(self) -> Inbox:
        """Learn who we are, waiting for the network as long as it takes."""
        line = _Line("Telegram")
        while True:
            try:
                await self.bot.initialize()
                break
            except InvalidToken as error:
                raise Fatal(REFUSED) from error
            except (NetworkError, RetryAfter) as error:
                await asyncio.sleep(line.lost(error))
        settings = self.settings
        door = DoorSettings(
            self.bot.username, settings.data_dir, settings.time_zone, settings.admin_ids
        )
        self.intake = await self.worker.run(Intake, self.store, door)
        inbox = Inbox(self.worker, self.intake)
        sender = Sender(
            self.bot,
            self.worker,
            self.intake,
            menus=self._menu,
            pictures=self.pictures,
            hosts=settings.fetch_hosts,
            resumed=inbox.wake,
        )
        await sender.resume()
        self.reminding = Reminding(
            self.bot,
            self.store,
            lambda: Clock.read(settings.time_zone).now,
            administrators=settings.admin_ids,
            per_second=settings.reminders_per_second,
        )
        self.sender = sender
        log.info("ready as @%s", self.bot.username)
        return inbox

    # ------------------------------------------------------------- receiving

    async def _poll(self, inbox: Inbox) -> None:
        """Long polling; an update is confirmed by asking for the next one."""
        offset: int | None = None
        conflicts = 0
        line = self.line
        while True:
            # After trouble the first answer comes at once.
            seconds = 0 if line.wait else POLL_SECONDS
            try:
                updates = await self.bot.updates(offset, seconds, ALLOWED)
            except Conflict as error:
                if "webhook" in str(error):
                    # Left over from another way of running: taken away, losing nothing.
                    with contextlib.suppress(TelegramError):
                        await self.bot.delete_webhook(drop_pending_updates=False)
                # A former poll of our own may hang for a moment after a restart.
                conflicts += 1
                if conflicts > CONFLICTS:
                    raise Fatal(CONFLICT) from error
                await asyncio.sleep(conflicts / 2)
                continue
            except Exception as error:
                if isinstance(error, InvalidToken) and not self.last_heard:
                    raise Fatal(REFUSED) from error
                # A Bot API server of one's own that restarts refuses every token for a while.
                await asyncio.sleep(line.lost(error))
                continue
            line.found()
            conflicts = 0
            self.last_heard = time.monotonic()
            if not updates:
                continue
            if not await inbox.keep(updates):
                # Not confirmed, so they come again, and with them whoever has written since.
                continue
            numbers = [update.get("update_id") for update in updates if isinstance(update, dict)]
            offset = max((n for n in numbers if isinstance(n, int)), default=offset or 0) + 1

    async def _webhook(self, inbox: Inbox) -> None:
        """Be delivered to; an update is confirmed by answering 200."""
        try:
            from bot.telegram.webhook import listening
        except ImportError as error:
            raise Fatal(NO_WEBHOOK) from error

        async def keep(updates: list[Any]) -> bool:
            kept = await inbox.keep(updates)
            self.last_heard = time.monotonic()
            return kept

        async with listening(self.settings, keep, self.health) as serving:
            await self._set_webhook()
            await asyncio.shield(serving)
            host, port = self.settings.webhook_listen
            raise Fatal(f"NIANBAO_WEBHOOK_LISTEN {host}:{port} 不能使用，请换一个端口。")

    def health(self) -> dict[str, Any]:
        """Whether all is well, and how many seconds ago Telegram was last heard."""
        refused = self.line.refused or (self.sender is not None and self.sender.refused)
        health: dict[str, Any] = {"ok": not refused}
        if refused:
            health["trouble"] = "token"
        if self.last_heard:
            health["last_update_seconds_ago"] = round(time.monotonic() - self.last_heard)
        return health

    async def _set_webhook(self) -> None:
        """Tell Telegram where to deliver, for as long as it takes."""
        line = _Line("Telegram")
        while True:
            try:
                await self.bot.set_webhook(
                    str(self.settings.webhook_url),
                    secret_token=self.settings.secret_header,
                    max_connections=self.settings.webhook_max_connections,
                    allowed_updates=ALLOWED,
                    drop_pending_updates=False,
                )
            except InvalidToken as error:
                raise Fatal(REFUSED) from error
            except BadRequest as error:
                raise Fatal(WEBHOOK_REFUSED) from error
            except TelegramError as error:
                await asyncio.sleep(line.lost(error))
            else:
                return

    # ---------------------------------------------------------- housekeeping

    async def _tidy(self) -> None:
        """Forget what is long over, once an hour, a few rows at a time."""
        assert self.intake is not None
        while True:
            pruned = 0
            try:
                pruned = await self.worker.run(self.intake.prune)
            except Exception as error:  # noqa: BLE001 - the next hour tries again
                log.error("what is long over could not be forgotten: %s", outline(error))
            await asyncio.sleep(0.1 if pruned else TIDY_EVERY)

    async def _introduce(self) -> None:
        """Menus and descriptions; the bot works without them."""
        commands = [BotCommand(name, text) for name, text in words.COMMANDS.items()]
        calls: list[Callable[[], Awaitable[Any]]] = [
            lambda: self.bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats()),
            lambda: self.bot.set_my_commands(
                [BotCommand("start", words.COMMANDS["start"])],
                scope=BotCommandScopeAllGroupChats(),
            ),
            lambda: self.bot.set_my_description(words.DESCRIPTION),
            lambda: self.bot.set_my_short_description(words.SHORT_DESCRIPTION),
        ]
        assert self.intake is not None
        try:
            administrators = await self.worker.run(self.intake.administrators)
        except Exception as error:  # noqa: BLE001 - people are answered all the same
            log.error("the menus of administrators come with their next /start: %s", outline(error))
            administrators = []
        calls += [lambda chat=chat: self._menu(chat) for chat in administrators]  # type: ignore[misc]
        for call in calls:
            try:
                await call()
            except TelegramError as error:
                log.info("a menu could not be set: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - one menu must not stop the next
                log.error("a menu could not be set: %s", outline(error))

    async def _menu(self, chat: int) -> None:
        """The menu of an administrator: everybody's, and more for all organs or for some."""
        more = words.ADMIN_COMMANDS
        if chat not in self.settings.admin_ids:
            more = {name: text for name, text in more.items() if name != "organ"}
        await self.bot.set_my_commands(
            [BotCommand(name, text) for name, text in {**words.COMMANDS, **more}.items()],
            scope=BotCommandScopeChat(chat),
        )


class _Line:
    """The connection to somewhere: its loss is logged once, and how long to wait grows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wait = 0.0
        self.refused = False

    def lost(self, error: Exception) -> float:
        """The seconds to wait before the next attempt."""
        if isinstance(error, RetryAfter):
            return pause_after(error)
        if not self.wait or isinstance(error, InvalidToken) > self.refused:
            log.warning("%s cannot be reached (%s); waiting and going on", self.name, reason(error))
        self.refused = self.refused or isinstance(error, InvalidToken)
        self.wait = min(max(FIRST_WAIT, self.wait * 2), LONGEST_WAIT)
        return self.wait

    def found(self) -> None:
        """It answers."""
        if self.wait:
            log.info("%s can be reached again", self.name)
            self.wait, self.refused = 0.0, False
