"""
People who have to wait, for a failing store or a report held by another program, are told once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from bot.telegram.logs import reason
from conversations.wording import door as words
from storage.errors import StoreError

log = logging.getLogger("nianbao.telegram")

QUIET = 60.0  # seconds without a failure after which the next one is a new outage
MOST_TOLD = 1000  # chats told in one outage
TRY_AFTER = 0.1  # seconds
TELL_AFTER = 3.0  # seconds of waiting after which people are told


class Outage:
    """
    A time in which messages cannot be stored; they are handled afterwards.

    The notice cannot be a row, so it is sent directly, after all others, and not repeated if that
    fails.
    """

    def __init__(self, tell: Callable[[int, str], None]) -> None:
        """`tell` sends a chat a text, if it can."""
        self._tell = tell
        self._told: set[int] = set()
        self._why = ""
        self._failed_at = 0.0

    def failed(self, error: StoreError, chats: Iterable[int]) -> None:
        """The store could not be written, and these chats wait for it."""
        why = reason(error)
        if why != self._why:
            log.error("the store failed: %s; trying again", why)
        self._why = why
        self.wait(chats)

    def wait(self, chats: Iterable[int]) -> None:
        """These chats have to wait."""
        waiting = tuple(chats)
        if not waiting:
            return
        now = time.monotonic()
        if now - self._failed_at > QUIET:
            self._told.clear()
        self._failed_at = now
        for chat in waiting:
            # A group is not told what only one member waits for.
            if chat > 0 and chat not in self._told and len(self._told) < MOST_TOLD:
                self._told.add(chat)
                self._tell(chat, words.NOT_KEPT_YET)

    def over(self) -> None:
        """The store works."""
        if self._why:
            log.info("the store works again")
        self._why = ""


class Held:
    """
    The chats that wait because another program holds their report, since when, and until when at
    least.
    """

    def __init__(self) -> None:
        """No chat waits."""
        self._since: dict[int, float] = {}
        self._until: dict[int, float] = {}

    def __contains__(self, chat: int) -> bool:
        """Whether it is too early to try this chat again."""
        return self._until.get(chat, 0.0) > time.monotonic()

    def __len__(self) -> int:
        """How many chats wait."""
        return len(self._since)

    def hold(self, chat: int) -> None:
        """Try this chat again a little later."""
        now = time.monotonic()
        self._since.setdefault(chat, now)
        self._until[chat] = now + TRY_AFTER

    def release(self, chat: int) -> None:
        """This chat waits no longer."""
        self._since.pop(chat, None)
        self._until.pop(chat, None)

    @property
    def due(self) -> tuple[int, ...]:
        """The chats that may be tried again."""
        return tuple(chat for chat in self._until if chat not in self)

    @property
    def long(self) -> tuple[int, ...]:
        """The chats that have waited long enough to be told."""
        now = time.monotonic()
        return tuple(chat for chat, since in self._since.items() if now - since > TELL_AFTER)
