"""
The sending rates, checked as they arrive when a test switches them on.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.botapi.errors import too_many


@dataclass
class Limits:
    """
    Messages and edits a second over all chats, a second in a private chat, a minute in a group.

    A private chat may take `burst` at once, as long as the rate holds over `burst` seconds.
    """

    overall: float = 30
    tolerance: float = 1.1
    chat: float = 1
    burst: int = 3
    group: int = 20
    now: Callable[[], float] | None = None
    refused: int = 0
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def count(self, chat: int, now: float, weight: int = 1) -> None:
        """
        Note one send to a chat, or raise 429.
        """
        span, most = (60.0, self.group) if chat < 0 else (self.burst / self.chat, self.burst)
        recent = self._chats.setdefault(chat, deque())
        self._forget(recent, now - span)
        self._forget(self._all, now - 1)
        if len(recent) + weight > most + (0 if chat < 0 else 1):
            self.refused += 1
            raise too_many(max(1, round(recent[0] + span - now)))
        if len(self._all) + weight > self.overall * self.tolerance:
            self.refused += 1
            raise too_many(1)
        recent.extend([now] * weight)
        self._all.extend([now] * weight)

    @staticmethod
    def _forget(times: deque[float], before: float) -> None:
        while times and times[0] <= before:
            times.popleft()
