"""`nianbao invite`: a link that makes one person a member of an organ, good once."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot.cli import frame
from bot.cli.serve import telegram_settings
from bot.settings import Settings

UNREACHABLE = "连不上 Telegram，不知道机器人的名字，没有生成链接。请检查网络或代理。"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Of which organ, and as what."""
    frame.add_organ(parser, required=True)
    frame.add_json(parser)
    parser.add_argument(
        "--role", choices=("clerk", "leader", "administrator"), default="clerk", help="身份"
    )


def run(options: argparse.Namespace) -> int:
    """Print the link; what it is worth goes to the error output."""
    settings = telegram_settings(options)
    from bot.telegram.members import INVITATION_DAYS, invite
    from conversations.wording.door import ROLES

    with frame.open_store(options) as store:
        name = asyncio.run(_name_of_bot(settings))
        with store.begin() as unit:
            link = invite(unit, name, options.organ, options.role, "operator", frame.now())
    if options.json:
        made = {"organ": options.organ, "role": options.role, "link": link}
        sys.stdout.write(frame.as_json(made | {"days": INVITATION_DAYS}))
        return frame.FINE
    sys.stdout.write(f"{link}\n")
    sys.stderr.write(
        f"「{options.organ}」{ROLES[options.role]}，"
        f"{INVITATION_DAYS} 天内有效，只能用一次，请只发给本人。\n"
    )
    return frame.FINE


async def _name_of_bot(settings: Settings) -> str:
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
