"""
The Telegram bot as a running program: polling, webhook, or neither; from start to orderly end.

The library confirms updates before they are handled, so its updater is not used: an update is
confirmed (by the next poll, or by answering the webhook) when it is in the store.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import (
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.faults import outline
from bot.files import documents
from bot.handle import Clock, form_of_now
from bot.settings import Settings
from bot.telegram.announcing import announce_due
from bot.telegram.budget import Budget
from bot.telegram.client import AiohttpRequest, RawBot, WatchedRequest
from bot.telegram.courier import Reminding
from bot.telegram.inbox import Inbox
from bot.telegram.intake import Intake
from bot.telegram.limiter import SendLimiter
from bot.telegram.logs import reason
from bot.telegram.long_work import LongWork, long_work
from bot.telegram.peers import LOOK_EVERY, Look, Peers
from bot.telegram.receiving import CONFLICT, POLL_SECONDS, REFUSED, Fatal, Line, Polling, Webhook
from bot.telegram.sender import Sender
from bot.telegram.talk import DoorSettings
from bot.telegram.worker import Worker
from bot.watching import metrics
from bot.watching.health import Health
from bot.watching.showing import shown
from conversations.wording import door as words
from storage import templates
from storage.errors import STORE_FAILURES, StoreError
from storage.listening import LOOK, UPDATES_WAIT, Listening
from storage.store import Store

T = TypeVar("T")

log = logging.getLogger("nianbao.telegram")

STOP_SECONDS = 2.5  # seconds for messages being sent; SIGTERM ends within five
STORE_SECONDS = 0.5  # seconds for a running transaction; uncommitted work is rolled back
TIDY_EVERY = 3600.0  # seconds
LOST_AFTER = 10.0  # seconds without Telegram after which the process says so
LONGEST_POLL = 2.0 * POLL_SECONDS  # seconds in which Telegram answers a poll, or it is lost
BEGUN_WITH = 4  # templates of offices that are checked at the start
NO_WEBHOOK = (
    "没有安装接收 webhook 的组件，请安装：pip install 'nianbao[webhook]'；"
    "或去掉 NIANBAO_WEBHOOK_URL，改用轮询。"
)


def make_bot(settings: Settings) -> RawBot:
    """The bot as the settings say, with our own client and limiter."""
    proxy = settings.proxy.get_secret_value() if settings.proxy else None
    return RawBot(
        settings.required_token.get_secret_value(),
        base_url=settings.base_url,
        base_file_url=settings.file_url,
        request=WatchedRequest(proxy=proxy),
        get_updates_request=AiohttpRequest(proxy=proxy),
        rate_limiter=SendLimiter.of(settings),
    )


WEBHOOK_TAKEN = "webhook 被别人改了或删了，收不到消息。"
STARTING = "正在启动：还没有连上 Telegram。"
LOST = "已经 {seconds} 秒没有连上 Telegram，请检查网络和代理。"


class Service:
    """One running bot."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        bot: RawBot,
        *,
        pictures: bool = True,
        take_over: bool = False,
        receives: bool = True,
    ) -> None:
        """
        Nothing happens before `run`.

        `pictures` says whether pages are shown as pictures, `take_over` that polling may remove a
        webhook, `receives` that this process also receives updates.
        """
        self.settings = settings
        self.store = store
        self.bot = bot
        self.pictures = pictures
        self.stopping = asyncio.Event()
        self.take_over = take_over
        self.receives = receives
        self.line = Line()
        self.peers = Peers(store, polls=receives and not settings.webhook_url)
        self.listening = Listening(store, self._hear)
        assert isinstance(bot.rate_limiter, SendLimiter)
        self.budget = Budget(bot.rate_limiter, self.peers, self.listening)
        self.polling = Polling(bot, self.line)
        self.webhook = Webhook(bot, settings, self.line)
        self.worker = Worker("store")
        self._look_now = asyncio.Event()
        self.intake: Intake | None = None
        self.inbox: Inbox | None = None
        self.sender: Sender | None = None
        self.long_work: LongWork | None = None
        self.reminding: Reminding | None = None
        self.wellness = Health(store, self.troubles, settings.data_dir)
        self._ready_at = 0.0

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
        serving = asyncio.create_task(self._serve_watched())
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
            with contextlib.suppress(Exception):
                async with asyncio.timeout(STORE_SECONDS):
                    await self.worker.run(self.peers.leave)
            await self.worker.stop(STORE_SECONDS)
            with contextlib.suppress(TelegramError, RuntimeError, TimeoutError):
                async with asyncio.timeout(1):
                    await self.bot.shutdown()
        if not serving.cancelled() and (error := serving.exception()) is not None:
            raise error

    async def _serve_watched(self) -> None:
        """Serve, with health pages from the start: also while nothing can be reached."""
        async with shown(self.wellness, self.settings.health_listen):
            await self._serve()

    async def _serve(self) -> None:
        """All parts; the first to fail ends the others."""
        inbox = await self._start()
        assert self.sender is not None
        assert self.reminding is not None
        assert self.long_work is not None
        loops = [
            inbox.run(self.sender.do, self.sender.tell),
            self.listening.run(),
            self._look_around(inbox),
            self.budget.run(),
            self.reminding.run(),
            self.long_work.run(),
            self._tidy(),
        ]
        if self.receives:
            webhook = self.settings.webhook_url
            loops += [self._webhook(inbox) if webhook else self.polling.run(inbox.keep)]
            loops += [self._introduce()]
        try:
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop)
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    def _check_templates(self) -> None:
        """Check the offices' templates at the start, so that no document waits for it later."""
        data = self.settings.data_dir
        edition = form_of_now(Clock.read(self.settings.time_zone).today).edition
        with self.store.read() as reader:
            in_use = [used.id for used in templates.all_in_use(reader)]
            for template in (0, *in_use[:BEGUN_WITH]):
                with contextlib.suppress(documents.TemplateError, OSError):
                    own = documents.numbered(reader, data, template)
                    documents.check_at_once(own, edition)

    async def _start(self) -> Inbox:
        """Learn the bot's name, waiting for the network as long as it takes."""
        line = self.line
        while True:
            try:
                await self.bot.initialize()
                line.found()
                break
            except InvalidToken as error:
                raise Fatal(REFUSED) from error
            except (NetworkError, RetryAfter) as error:
                await asyncio.sleep(line.lost(error))
        settings = self.settings
        await self._surely(self._check_templates)
        await self._surely(self.peers.join)
        look = await self._surely(self.peers.look)
        if self.peers.polls:
            look = await self._be_the_only_poller(look)
            await self.polling.clear(take_over=self.take_over)
        door = DoorSettings(
            self.bot.username,
            settings.data_dir,
            settings.time_zone,
            settings.admin_ids,
            settings.keep_messages_days,
        )
        self.intake = Intake(self.store, door, self.peers.name)
        inbox = self.inbox = Inbox(self.worker, self.intake, lambda: self.peers.speaks)
        sender = Sender(
            self.bot,
            self.worker,
            self.intake,
            menus=self._menu,
            pictures=self.pictures,
            hosts=settings.fetch_hosts,
            resumed=inbox.wake,
        )
        try:
            self.long_work = long_work(self.store.database, sender, self.worker)
        except StoreError as error:
            raise Fatal(str(error)) from error
        sender.take_over(look.messages)
        self.reminding = Reminding(
            self.bot,
            self.store,
            lambda: Clock.read(settings.time_zone).now,
            administrators=settings.admin_ids,
            per_second=settings.reminders_per_second,
        )
        self.sender = sender
        self._ready_at = time.monotonic()
        log.info("ready as @%s", self.bot.username)
        return inbox

    async def _be_the_only_poller(self, look: Look) -> Look:
        """
        Wait until it is clear that no other process polls over this store.

        Raises:
            Fatal: A live one does.
        """
        messages = look.messages
        while look.rivals is not False:
            if look.rivals:
                raise Fatal(CONFLICT)
            await asyncio.sleep(LOOK_EVERY / 2)
            look = await self._surely(self.peers.look)
            messages += look.messages
        return replace(look, messages=messages)

    async def _look_around(self, inbox: Inbox) -> None:
        """Show that this process lives, and take over what dead ones have left."""
        assert self.sender is not None
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._look_now.wait()
            self._look_now.clear()
            look = await self._surely(self.peers.look)
            if look.lost:
                log.warning("other processes have taken this one for dead")
                self.sender.keep_only(look.own)
            self.sender.take_over(look.messages)
            self.budget.share()
            if look.waiting:
                inbox.wake()
            if look.announcing:
                await self._announce()
            if self.sender.intake.unsure:
                try:
                    await self.sender.catch_up()
                except STORE_FAILURES:
                    pass  # the next use of the store reports it
                except Exception as error:  # noqa: BLE001 - the next look tries again
                    log.error("what is left to send could not be asked for: %s", outline(error))

    def _hear(self, who: str, what: str) -> None:
        """A notice of a process (`storage/listening.py`); looks make up for missed ones."""
        topic, *said = what.split(" ")
        if topic == LOOK:
            self._look_now.set()
        elif who == self.peers.name:
            self.budget.came_back()
        elif topic == UPDATES_WAIT:
            assert self.inbox is not None
            self.inbox.wake()
        else:
            self.budget.heard(topic, said)

    async def _announce(self) -> None:
        """Tell people of due steps of sign-off."""
        assert self.sender is not None
        assert self.intake is not None
        try:
            self.sender.do(await self.worker.run(announce_due, self.intake))
        except Exception as error:  # noqa: BLE001 - the next look tries again
            log.error("what was decided could not be told: %s", reason(error))

    async def _surely(self, work: Callable[[], T]) -> T:
        """The result of work in the store, however long the store fails."""
        failing = False
        while True:
            try:
                return await self.worker.run(work)
            except Exception as error:  # noqa: BLE001 - the next try may do
                if self.intake is not None:
                    self.intake.unsure = True
                if not failing:
                    log.error("the other processes cannot be seen: %s", reason(error))
                failing = True
            await asyncio.sleep(LOOK_EVERY)

    # ------------------------------------------------------------- receiving

    async def _webhook(self, inbox: Inbox) -> None:
        """Receive deliveries; an update is confirmed by answering 200."""
        try:
            from bot.telegram.webhook import listening
        except ImportError as error:
            raise Fatal(NO_WEBHOOK) from error

        async def keep(updates: list[Any]) -> bool:
            kept = await inbox.keep(updates)
            self.polling.last_heard = time.monotonic()
            if kept:
                metrics.LAST_DELIVERY.set_to_current_time()
            return kept

        async with listening(self.settings, keep, self.health) as serving:
            await self.webhook.put()
            watching = asyncio.create_task(self.webhook.watch())
            try:
                await asyncio.shield(serving)
            finally:
                watching.cancel()
            host, port = self.settings.webhook_listen
            raise Fatal(f"NIANBAO_WEBHOOK_LISTEN {host}:{port} 不能使用，请换一个端口。")

    def health(self) -> dict[str, Any]:
        """Whether all is well, and how many seconds ago Telegram last answered."""
        refused = self.line.refused or (self.sender is not None and self.sender.refused)
        health: dict[str, Any] = {"ok": not (refused or self.webhook.taken)}
        if not health["ok"]:
            health["trouble"] = "token" if refused else "webhook"
        if heard := self.polling.last_heard:
            health["last_update_seconds_ago"] = round(time.monotonic() - heard)
        return health

    def troubles(self) -> dict[str, str]:
        """Why no one can be served now although the database answers; a sentence each."""
        found = {}
        if self.line.refused or (self.sender is not None and self.sender.refused):
            found["token"] = REFUSED
        if self.webhook.taken:
            found["webhook"] = WEBHOOK_TAKEN
        if self.sender is None:
            found["starting"] = STARTING
        now = time.monotonic()
        lost = (self.line.lost_since, self.sender.down_since if self.sender is not None else None)
        silent = max((now - since for since in lost if since is not None), default=0.0)
        if self.peers.polls and self.sender is not None:
            unheard = now - max(self.polling.last_heard, self._ready_at)
            # An answer may take as long as a poll.
            silent = unheard if unheard > LONGEST_POLL else silent
        if silent > LOST_AFTER:
            found["telegram"] = LOST.format(seconds=round(silent))
        return found

    # ---------------------------------------------------------- housekeeping

    async def _tidy(self) -> None:
        """Forget old data, once an hour, a few rows at a time."""
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
            people = await self.worker.run(self.intake.with_own_menus)
        except Exception as error:  # noqa: BLE001 - people are answered all the same
            log.error("people's own menus come with their next /start: %s", outline(error))
            people = []
        calls += [lambda chat=chat: self._menu(chat) for chat in people]  # type: ignore[misc]
        for call in calls:
            try:
                await call()
            except TelegramError as error:
                log.info("a menu could not be set: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - one menu must not stop the next
                log.error("a menu could not be set: %s", outline(error))

    async def _menu(self, chat: int) -> None:
        """The menu of a person whose commands differ from a clerk's."""
        assert self.intake is not None
        commands = await self.worker.run(self.intake.menu, chat)
        if commands == words.COMMANDS:
            await self.bot.delete_my_commands(scope=BotCommandScopeChat(chat))
            return
        await self.bot.set_my_commands(
            [BotCommand(name, text) for name, text in commands.items()],
            scope=BotCommandScopeChat(chat),
        )
