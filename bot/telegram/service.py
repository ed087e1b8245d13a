"""
The Telegram bot as a running program: polling or webhook, start to orderly end.

The library confirms updates before they are handled, so its updater is not used: an
update is confirmed (by the next poll, or by answering the webhook) when it is in the
store.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

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
from bot.telegram.intake import Intake
from bot.telegram.limiter import SendLimiter
from bot.telegram.logs import outline
from bot.telegram.sender import Sender
from conversations.wording import door as words
from storage.errors import StoreError
from storage.messages import Messages
from storage.people import People
from storage.store import Store

log = logging.getLogger("nianbao.telegram")

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 30
KEEP_DAYS = 14  # handled updates and sent messages
STOP_SECONDS = 3.5  # for what is being sent; SIGTERM ends within five
BODY_LIMIT = 1024 * 1024  # bytes of a webhook request
LONGEST_WAIT = 30.0  # seconds between two attempts to reach Telegram
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
        self.more = asyncio.Event()
        self.last_heard = 0.0
        self.intake: Intake | None = None
        self.sender: Sender | None = None
        self.reminding: Reminding | None = None
        self._failed: BaseException | None = None
        self._store_down = False

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
        tasks: list[asyncio.Task[None]] = []
        try:
            if not await self._start():
                return
            receiving = self._webhook() if self.settings.webhook_url else self._poll()
            tasks = [
                asyncio.create_task(self._guard(receiving)),
                asyncio.create_task(self._guard(self._work())),
                asyncio.create_task(self._guard(self._tidy())),
                asyncio.create_task(self._introduce()),
            ]
            if self.reminding is not None:
                tasks.append(asyncio.create_task(self._guard(self.reminding.run())))
            await self.stopping.wait()
        finally:
            self.stopping.set()
            self.more.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.sender is not None and self.reminding is not None:
                await asyncio.gather(
                    self.sender.stop(STOP_SECONDS), self.reminding.stop(STOP_SECONDS)
                )
            with contextlib.suppress(TelegramError, RuntimeError):
                await asyncio.wait_for(self.bot.shutdown(), 1)
        if self._failed is not None:
            raise self._failed

    async def _guard(self, work: Awaitable[None]) -> None:
        """A loop of the service: if it fails, the service ends."""
        try:
            await work
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - raised again at the end
            self._failed = error
            self.stopping.set()

    async def _start(self) -> bool:
        """Learn who we are, waiting for the network as long as it takes."""
        line = _Line("Telegram")
        while not self.stopping.is_set():
            try:
                await self.bot.initialize()
                break
            except InvalidToken as error:
                raise Fatal(REFUSED) from error
            except (NetworkError, RetryAfter) as error:
                await self._sleep(line.lost(error))
        if self.stopping.is_set():
            return False
        self.intake = Intake(
            self.store,
            self.bot.username,
            self.settings.data_dir,
            self.settings.time_zone,
            self.settings.admin_ids,
        )
        self.sender = Sender(
            self.bot,
            self.store,
            self.intake,
            menus=self._menu,
            pictures=self.pictures,
            hosts=self.settings.fetch_hosts,
            handled=self.more.set,
        )
        self.sender.resume()
        self.reminding = Reminding(
            self.bot,
            self.store,
            lambda: Clock.read(self.settings.time_zone).now,
            administrators=self.settings.admin_ids,
            per_second=self.settings.reminders_per_second,
        )
        self.more.set()
        log.info("ready as @%s", self.bot.username)
        return True

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not through the end."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    # ------------------------------------------------------------- receiving

    def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keep updates, handle a first slice, start what it says."""
        assert self.intake is not None
        assert self.sender is not None
        self.sender.do(self.intake.take(updates))
        self.last_heard = time.monotonic()
        if self.intake.pending:
            self.more.set()

    async def _work(self) -> None:
        """Handle what waits, a slice at a time, letting others in between."""
        assert self.intake is not None
        assert self.sender is not None
        while not self.stopping.is_set():
            await self.more.wait()
            self.more.clear()
            while self.intake.pending and not self.stopping.is_set():
                await self._try(lambda: self.take(()))
                await asyncio.sleep(0)

    async def _try(self, work: Callable[[], None]) -> bool:
        """Do it; when the store fails, wait a little and say so; false then."""
        try:
            work()
        except (StoreError, self.store.database.error) as error:
            if not self._store_down:
                log.error("the store failed: %s; trying again", outline(error))
            self._store_down = True
            await self._sleep(1)
            return False
        if self._store_down:
            log.info("the store works again")
            self._store_down = False
        return True

    async def _poll(self) -> None:
        """Long polling; an update is confirmed by asking for the next one."""
        offset: int | None = None
        conflicts = 0
        line = _Line("Telegram")
        while not self.stopping.is_set():
            try:
                updates = await self.bot.updates(offset, POLL_SECONDS, ALLOWED)
            except Conflict as error:
                if "webhook" in str(error):
                    # Left over from another way of running: taken away, losing nothing.
                    with contextlib.suppress(TelegramError):
                        await self.bot.delete_webhook(drop_pending_updates=False)
                # A former poll of our own may hang for a moment after a restart.
                conflicts += 1
                if conflicts > CONFLICTS:
                    raise Fatal(CONFLICT) from error
                await self._sleep(conflicts / 2)
                continue
            except InvalidToken as error:
                raise Fatal(REFUSED) from error
            except RetryAfter as error:
                await self._sleep(pause_after(error))
                continue
            except TelegramError as error:
                await self._sleep(line.lost(error))
                continue
            line.found()
            conflicts = 0
            self.last_heard = time.monotonic()
            if not updates:
                continue
            while not await self._try(lambda updates=updates: self.take(updates)):  # type: ignore[misc]
                if self.stopping.is_set():
                    return
            numbers = [one.get("update_id") for one in updates if isinstance(one, dict)]
            offset = max((n for n in numbers if isinstance(n, int)), default=offset or 0) + 1

    async def _webhook(self) -> None:
        """Telegram delivers to us; answering 200 confirms."""
        try:
            import uvicorn
            from starlette.applications import Starlette
            from starlette.requests import Request
            from starlette.responses import JSONResponse, Response
            from starlette.routing import Route
        except ImportError as error:
            raise Fatal(NO_WEBHOOK) from error

        assert self.settings.webhook_url is not None
        secret = self.settings.secret_header.encode()

        async def receive(request: Request) -> Response:
            given = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
            if not hmac.compare_digest(given, secret):
                return Response(status_code=403)
            body = bytearray()
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    return Response(status_code=413)
            try:
                update = json.loads(bytes(body))
            except ValueError:
                return Response(status_code=400)
            if not isinstance(update, dict):
                return Response(status_code=400)
            if await self._try(lambda: self.take([update])):
                return Response(status_code=200)
            return Response(status_code=503)

        async def health(_: Request) -> Response:
            info: dict[str, Any] = {"ok": True}
            if self.last_heard:
                info["last_update_seconds_ago"] = round(time.monotonic() - self.last_heard)
            return JSONResponse(info)

        path = urlsplit(self.settings.webhook_url).path or "/"
        routes = [Route(path, receive, methods=["POST"])]
        if path != "/health":
            routes.append(Route("/health", health, methods=["GET"]))
        host, port = self.settings.webhook_listen

        class Server(uvicorn.Server):
            """Ends when we say so: signals are ours."""

            @contextlib.contextmanager
            def capture_signals(self) -> Iterator[None]:
                yield

        server = Server(
            uvicorn.Config(
                Starlette(routes=routes),
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=2,
            )
        )
        serving = asyncio.create_task(_serve(server))
        try:
            while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event
                await asyncio.sleep(0.02)
            await self._set_webhook()
            await asyncio.shield(serving)
            if not self.stopping.is_set():
                raise Fatal(f"NIANBAO_WEBHOOK_LISTEN {host}:{port} 不能使用，请换一个端口。")
        finally:
            server.should_exit = True
            with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(serving, 2.5)

    async def _set_webhook(self) -> None:
        """Tell Telegram where to deliver, for as long as it takes."""
        line = _Line("Telegram")
        while not self.stopping.is_set():
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
                await self._sleep(line.lost(error))
            else:
                return

    # ---------------------------------------------------------- housekeeping

    async def _tidy(self) -> None:
        """Forget handled updates and sent messages of long ago, once an hour, a few at a time."""
        while not self.stopping.is_set():
            before = Clock.read(self.settings.time_zone).now - timedelta(days=KEEP_DAYS)
            found = 0

            def prune(before: datetime = before) -> None:
                nonlocal found
                with self.store.begin() as unit:
                    found = Messages(unit).prune(before)

            await self._try(prune)
            await self._sleep(0.1 if found else 3600)

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
        with self.store.begin() as unit:
            somewhere = People(unit).administrators()
        calls += [
            lambda chat=chat: self._menu(chat)  # type: ignore[misc]
            for chat in sorted({*self.settings.admin_ids, *somewhere})
        ]
        for call in calls:
            try:
                await call()
            except TelegramError as error:
                log.info("a menu could not be set: %s", type(error).__name__)

    async def _menu(self, chat: int) -> None:
        """The menu of an administrator: everybody's and his own; all organs', or his organ's."""
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

    def lost(self, error: BaseException) -> float:
        """The seconds to wait before the next attempt."""
        if not self.wait:
            log.warning(
                "%s cannot be reached (%s); waiting and going on", self.name, type(error).__name__
            )
        self.wait = min(max(1.0, self.wait * 2), LONGEST_WAIT)
        return self.wait

    def found(self) -> None:
        """It answers."""
        if self.wait:
            log.info("%s can be reached again", self.name)
            self.wait = 0.0


async def _serve(server: Any) -> None:
    """A port that cannot be had makes uvicorn exit; here it is an answer."""
    with contextlib.suppress(SystemExit):
        await server.serve()
