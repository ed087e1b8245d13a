"""Chats that wait because another program holds their report."""

from __future__ import annotations

import time

TRY_AFTER = 0.1  # seconds
TELL_AFTER = 3.0  # seconds, from which on waiting is worth a word


class Held:
    """Which chats wait, since when, and until when at least."""

    def __init__(self) -> None:
        """Nobody waits."""
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
        """The chats that have waited for so long that they should be told."""
        now = time.monotonic()
        return tuple(chat for chat, since in self._since.items() if now - since > TELL_AFTER)
