"""`nianbao serve`: the Telegram bot, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc

from bot.cli import frame
from bot.settings import Settings, load_settings

EXAMPLES = ("nianbao serve",)
EXIT_CODES = {
    frame.FINE: "按要求停止",
    frame.REFUSED: "设置不对，令牌或地址被 Telegram 拒绝",
    frame.UNFINISHED: "还没有启动好就按了 Ctrl-C",
}
UNREACHABLE = "连不上 Telegram，不知道机器人的名字，没有生成链接。请检查网络或代理。"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The settings say the rest."""
    frame.add_take_over(parser)


def telegram_settings(options: argparse.Namespace) -> Settings:
    """
    The settings, with a token among them, and the log set up by them.

    Raises:
        SettingsError: With a sentence for the operator.
    """
    given = {"NIANBAO_DATA_DIR": options.data} if options.data else {}
    settings = load_settings(**given)
    assert settings.required_token
    from bot.telegram.logs import set_up_logging

    set_up_logging(settings)
    return settings


async def name_of_bot(settings: Settings) -> str:
    """
    The bot's name at Telegram; links begin with it.

    Raises:
        Refused: Telegram refuses the token, or cannot be reached.
    """
    from telegram.error import InvalidToken, TelegramError

    from bot.telegram.receiving import REFUSED
    from bot.telegram.service import make_bot

    bot = make_bot(settings)
    try:
        await bot.initialize()
    except InvalidToken as error:
        raise frame.Refused(REFUSED) from error
    except TelegramError as error:
        raise frame.Refused(UNREACHABLE) from error
    try:
        return bot.username
    finally:
        await bot.shutdown()


def run(options: argparse.Namespace) -> int:
    """Run it. A wrong setting is reported before slow imports."""
    return run_service(options, take_over=options.take_over)


def run_service(options: argparse.Namespace, **how: bool) -> int:
    """Run the bot until it is told to stop; `how` is passed to the service."""
    settings = telegram_settings(options)
    from bot.files import child
    from bot.telegram.receiving import Fatal
    from bot.telegram.service import Service, make_bot

    with frame.open_store(options) as store:

        async def serve() -> None:
            service = Service(settings, store, make_bot(settings), **how)
            await service.run()

        child.warm()
        # These objects stay: the garbage collector need not visit them.
        gc.freeze()
        try:
            asyncio.run(serve())
        except Fatal as error:
            raise frame.Refused(str(error)) from error
        except KeyboardInterrupt:
            pass
    return frame.FINE
