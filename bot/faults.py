"""
Faults of the program: a log line that quotes nothing a person has typed, and a number that the
person is told, so that the line can be found.
"""

from __future__ import annotations

import logging
import secrets
import traceback

from bot.environment import SettingsError

log = logging.getLogger("nianbao")

# The text of these errors is about the machine or the network, never about a report.
TELLING = (OSError, SettingsError)
TELLING_MODULES = ("telegram.error", "storage.errors")


def outline(error: BaseException) -> str:
    """
    A traceback with every place in the code, but only messages of errors that never quote what a
    person has typed.
    """
    parts: list[str] = []
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        what = type(cause).__qualname__
        if _is_telling(cause) and str(cause):
            what = f"{what}: {cause}"
        parts.append("".join(traceback.format_tb(cause.__traceback__)) + what)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\nwhich led to\n".join(reversed(parts))


def _is_telling(error: BaseException) -> bool:
    # By module name, so that neither the store nor the Telegram library has to be loaded.
    modules = {kind.__module__ for kind in type(error).__mro__}
    return isinstance(error, TELLING) or not modules.isdisjoint(TELLING_MODULES)


def number(what: str, told: str) -> str:
    """Log a fault, described by `outline`, and return its number for the person."""
    given = secrets.token_hex(3)
    log.error("%s failed, error %s: %s", what, given, told)
    return given
