"""
The number of an update, which connects it in the log with its replies.

Telegram gives every update a number. Every log line carries it, both while the update is handled
and while its replies are sent. A row sent by another process carries only the row's number, which
the log line of the update names.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

REMEMBERED = 10_000  # updates that arrived and are not handled yet

UPDATE: ContextVar[int | None] = ContextVar("update", default=None)
ROW: ContextVar[int | None] = ContextVar("row", default=None)


@dataclass(frozen=True, slots=True)
class Handled:
    """
    The result of an update: its kind, and the rows to be sent for it.

    `since` is its arrival, by this process's `time.monotonic`.
    """

    update: int
    since: float
    kind: str
    rows: tuple[int, ...]
    failed: bool = False


class Arrivals:
    """The arrival times of the updates that this process was given."""

    def __init__(self) -> None:
        """Start with no updates."""
        self._at: OrderedDict[int, float] = OrderedDict()

    def note(self, updates: Iterable[Any]) -> None:
        """Note the arrival of updates; one that is delivered again keeps its first time."""
        now = time.monotonic()
        for update in updates:
            if isinstance(update, dict):
                self._at.setdefault(update.get("update_id", 0), now)
        while len(self._at) > REMEMBERED:
            self._at.popitem(last=False)

    def since(self, update: int, waited: float) -> float:
        """The arrival of an update; one that another process was given is `waited` seconds old."""
        at = self._at.get(update)
        return time.monotonic() - max(0.0, waited) if at is None else at

    def handled(self, update: int) -> None:
        """Forget an update: it is handled."""
        self._at.pop(update, None)


def follow(update: int | None, row: int | None = None) -> None:
    """
    Mark the log lines of this task from now on, and of tasks it starts, with this update and row.

    The same holds for work that it gives to a `Worker`.
    """
    UPDATE.set(update)
    ROW.set(row)
