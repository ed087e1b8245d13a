"""
The sending rates, checked as the calls arrive, when a test switches them on.
"""

import math
from collections import deque
from dataclasses import dataclass, field

from tests.botapi.errors import too_many


@dataclass
class Limits:
    """
    What Telegram lets through: messages and edits.

    Args:
        overall: A second, over all chats; `tolerance` times as many pass.
        chat: A second in a private chat, once a burst is used up.
        burst: That many at once in a private chat, and one more.
        group: A minute in a group.
    """

    overall: float = 30
    tolerance: float = 1.1
    chat: float = 1
    burst: int = 3
    group: int = 20
    refused: int = 0
    _all: deque[float] = field(default_factory=deque)
    _groups: dict[int, deque[float]] = field(default_factory=dict)
    _empty_at: dict[int, float] = field(default_factory=dict)

    def count(self, chat: int, now: float, weight: int = 1) -> None:
        """
        Note one send to a chat, or raise 429.
        """
        wait = self._group_wait(chat, now) if chat < 0 else self._chat_wait(chat, now)
        _forget(self._all, now - 1)
        if wait <= 0 and len(self._all) + weight > self.overall * self.tolerance:
            wait = 1
        if wait > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait)))
        self._all.extend([now] * weight)
        if chat < 0:
            self._groups[chat].extend([now] * weight)
        else:
            self._empty_at[chat] = max(self._empty_at.get(chat, 0), now) + weight / self.chat

    def _chat_wait(self, chat: int, now: float) -> float:
        return self._empty_at.get(chat, 0) - self.burst / self.chat - now

    def _group_wait(self, chat: int, now: float) -> float:
        recent = self._groups.setdefault(chat, deque())
        _forget(recent, now - 60)
        return recent[0] + 60 - now if len(recent) >= self.group else 0.0


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
