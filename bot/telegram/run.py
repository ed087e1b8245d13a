"""
`nianbao serve` and `nianbao invite`: settings, store and bot put together.

The settings are looked at before anything heavy is imported: a wrong one is said at once.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from bot.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from storage.store import Store

BAD_USAGE = 2


def _sorry(text: object) -> int:
    sys.stderr.write(f"{text}\n")
    return BAD_USAGE


def _checked() -> Settings:
    """
    The settings, the log set up by them.

    Raises:
        SettingsError: With a sentence for the operator.
    """
    settings = load_settings()
    assert settings.required_token
    from bot.telegram.logs import set_up_logging

    set_up_logging(settings)
    return settings


def _open(settings: Settings) -> Store:
    """
    The store.

    Raises:
        StoreError: With a sentence for the operator.
    """
    from storage.store import Store

    url = settings.database_url
    return Store.open(url.get_secret_value() if url else settings.data_dir)


def serve() -> int:
    """Run the bot until it is told to stop; 2 when the settings are wrong."""
    try:
        settings = _checked()
    except SettingsError as error:
        return _sorry(error)
    from bot.telegram.service import Fatal, Service, make_bot
    from storage.errors import StoreError

    async def run() -> None:
        service = Service(settings, store, make_bot(settings))
        await service.run()
        if service.sender is not None and service.sender.busy:
            # A file is being read that nobody waits for any more; a thread cannot be ended.
            store.close()
            sys.stderr.flush()
            os._exit(0)

    try:
        store = _open(settings)
    except StoreError as error:
        return _sorry(error)
    with store:
        try:
            asyncio.run(run())
        except Fatal as error:
            return _sorry(error)
        except KeyboardInterrupt:
            return 0
    return 0


def print_invitation(organ: str, role: str) -> int:
    """Print a link that works once, for one person."""
    try:
        settings = _checked()
    except SettingsError as error:
        return _sorry(error)
    from telegram.error import InvalidToken, TelegramError

    from bot.handle import Clock
    from bot.telegram.members import INVITATION_DAYS, invite
    from bot.telegram.service import REFUSED, make_bot
    from conversations.wording import door as words
    from storage.errors import StoreError

    try:
        store = _open(settings)
    except StoreError as error:
        return _sorry(error)

    async def username() -> str:
        bot = make_bot(settings)
        await bot.initialize()
        try:
            return bot.username
        finally:
            await bot.shutdown()

    with store:
        try:
            name = asyncio.run(username())
        except InvalidToken:
            return _sorry(REFUSED)
        except TelegramError:
            return _sorry("连不上 Telegram，不知道机器人的名字，没有生成链接。请检查网络或代理。")
        clock = Clock.read(settings.time_zone)
        with store.begin() as unit:
            link = invite(unit, name, organ, role, "operator", clock.now)
    sys.stdout.write(f"{link}\n")
    sys.stderr.write(
        f"「{organ}」{words.ROLES[role]}，{INVITATION_DAYS} 天内有效，只能用一次，请只发给本人。\n"
    )
    return 0
