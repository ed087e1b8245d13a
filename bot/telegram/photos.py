"""
Sending pictures: drawn ones, and photos that Telegram keeps.

Of a sent photo only its id is stored. It is valid for this bot alone, and for its kind: a picture
sent as a file is sent back as a file.
"""

from __future__ import annotations

import logging
from typing import Any

from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.telegram.attachments import draw
from bot.telegram.client import RawBot, number_of
from bot.telegram.decorations import showing
from bot.telegram.schedule import Permit
from bot.telegram.worker import Worker
from conversations.wording import door as words

log = logging.getLogger("nianbao.telegram")

WAYS = {"sendPhoto": "photo", "sendDocument": "document"}


async def send_photo(
    bot: RawBot, painter: Worker, chat: int, payload: dict[str, Any], permit: Permit
) -> int:
    """Send the picture of a row: a kept photo, or a drawn one; returns its message id."""
    if "photo" in payload:
        return await _kept(bot, chat, payload, permit)
    async with showing(bot, chat, ChatAction.UPLOAD_PHOTO):
        drawn, said = await painter.run(draw, payload)
        if drawn is None:
            return number_of(await bot.call("sendMessage", chat_id=chat, text=said))
        message = await bot.send_photo(chat, drawn, caption=said, rate_limit_args=permit)
    return message.message_id


async def _kept(bot: RawBot, chat: int, payload: dict[str, Any], permit: Permit) -> int:
    """Send a photo by its id; if Telegram has it no more, say so."""
    for method, name in WAYS.items():
        how = {name: payload["photo"], "caption": payload["caption"]}
        try:
            return number_of(await bot.call(method, permit, chat_id=chat, **how))
        except BadRequest as error:
            log.info("a kept photo was refused by %s: %s", method, error)
    return number_of(await bot.call("sendMessage", permit, chat_id=chat, text=words.PHOTO_GONE))
