"""
A log that can be shown to anyone: no token, no password, no clerk's entries.

Written as lines for people, or as one JSON object per line for programs; both name the update and
the outgoing row of a line, if there is one (`bot/watching/following.py`).

The token is in the address of every call, in the texts of some errors and even in the `repr` of the
library's bot; so every record is searched once more before it leaves, with its traceback. An error
is logged with its place in the code and its class; its message only if it surely quotes nothing
typed. Other packages may log only warnings, and the Telegram library only its fixed wording: filled
in, it shows whole updates.
"""

import json
import logging
import os
import re
import socket
import sys
import threading
from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote
from zoneinfo import ZoneInfo

from telegram.error import TelegramError

from bot.faults import outline
from bot.settings import LOG_AS_JSON, Settings
from bot.watching.following import ROW, UPDATE
from storage.errors import StoreError

# Our own loggers: these follow NIANBAO_LOG_LEVEL.
OURS = ("nianbao", "bot", "storage", "conversations")

# Their messages may hold updates or addresses.
SPEAKS_OF_CONTENTS = ("telegram", "httpx", "httpcore", "aiohttp")

HIDDEN = "[隐藏]"

# Anything that looks like a token, with the colon plain or percent-encoded.
_TOKEN = re.compile(r"\d{3,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
# … and its replacement.
_IN_ADDRESS = re.compile(r"(/bot)\d+(?::|%3A)[^/\s'\"]+", re.IGNORECASE)
_PASSWORD = re.compile(r"(\w+://[^\s:/@]+:)[^\s/@]+@")

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(about)s%(message)s"


class Redactor:
    """Removes the secrets it knows, and what looks like one, from a text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = set()
        for secret in secrets:
            _, colon, tail = secret.partition(":")
            known |= {secret, quote(secret, safe="")} | ({tail} if colon else set())
        # Very short ones would blacken half the log; the patterns below catch a token anyway.
        long_enough = sorted((text for text in known if len(text) >= 4), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, long_enough)) or r"(?!)")

    def __call__(self, text: str) -> str:
        text = self._known.sub(HIDDEN, text)
        text = _IN_ADDRESS.sub(rf"\1{HIDDEN}", text)
        text = _TOKEN.sub(HIDDEN, text)
        return _PASSWORD.sub(rf"\1{HIDDEN}@", text)


def reason(error: Exception) -> str:
    """Why Telegram or the store does not answer; for a bug of ours its place, too."""
    if isinstance(error, StoreError):
        return str(error)
    return type(error).__name__ if isinstance(error, TelegramError) else outline(error)


class RedactingFilter(logging.Filter):
    """
    The last change of a record before it leaves: message, arguments, traceback.

    Messages of the Telegram library and the HTTP clients are reduced to their fixed wording.
    """

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] in SPEAKS_OF_CONTENTS:
            text = str(record.msg)
            record.exc_text = None
            if record.exc_info and record.exc_info[0] is not None:
                text = f"{text} ({record.exc_info[0].__name__})"
        else:
            text = record.getMessage()
            if record.exc_info and record.exc_info[1] is not None:
                record.exc_text = outline(record.exc_info[1])
        # No formatter may write the traceback anew.
        record.exc_info = None
        record.msg, record.args = self._redact(text), None
        if record.exc_text:
            record.exc_text = self._redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redact(record.stack_info)
        return True


class Lines(logging.Formatter):
    """Lines for people."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        about = {"update": UPDATE.get(), "message": ROW.get()}
        told = ", ".join(f"{what} {number}" for what, number in about.items() if number is not None)
        record.about = f"[{told}] " if told else ""
        return super().format(record)


class Objects(logging.Formatter):
    """One JSON object per line; `update` and `row` are null if there is none."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._process = f"{socket.gethostname()}/{os.getpid()}"

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, self._zone)
        told: dict[str, Any] = {
            "time": at.isoformat("T", "milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "update": UPDATE.get(),
            "row": ROW.get(),
            "process": self._process,
        }
        if trace := "\n".join(filter(None, (record.exc_text, record.stack_info))):
            told["trace"] = trace
        return json.dumps(told, ensure_ascii=False)


def set_up_logging(settings: Settings, stream: TextIO | None = None) -> Redactor:
    """
    One handler on the root logger, to standard error, also for uncaught errors.

    Returns:
        A function that removes the secrets from a text, for texts that are not logged.
    """
    redact = Redactor(settings.secrets)
    handler = logging.StreamHandler(stream)
    as_json = settings.log_format == LOG_AS_JSON
    handler.setFormatter(Objects(settings.time_zone) if as_json else Lines())
    handler.addFilter(RedactingFilter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level)
    for name in SPEAKS_OF_CONTENTS:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    _catch_the_rest()
    return redact


def _catch_the_rest() -> None:
    log = logging.getLogger("nianbao")

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("uncaught", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
