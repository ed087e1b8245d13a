"""
The number of an update, which follows it to its replies.

Telegram gives every update a number. Whatever is logged while it is handled, and while what
was decided then is sent, carries that number; a row that another process has taken over is
found by the row's own number, which the line of the update names.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

REMEMBERED = 10_000  # updates that have come and are not handled yet

UPDATE: ContextVar[int | None] = ContextVar("update", default=None)
ROW: ContextVar[int | None] = ContextVar("row", default=None)


@dataclass(frozen=True, slots=True)
class Handled:
    """
    What became of an update: its kind, and the rows that are to be sent for it.

    It came at `since`, by this process's `time.monotonic`.
    """

    update: int
    since: float
    kind: str
    rows: tuple[int, ...]
    failed: bool = False


class Arrivals:
    """When the updates came that this process was given."""

    def __init__(self) -> None:
        """None has come."""
        self._at: OrderedDict[int, float] = OrderedDict()

    def note(self, updates: Iterable[Any]) -> None:
        """These are here now; what is delivered again came when it came first."""
        now = time.monotonic()
        for update in updates:
            if isinstance(update, dict):
                self._at.setdefault(update.get("update_id", 0), now)
        while len(self._at) > REMEMBERED:
            self._at.popitem(last=False)

    def since(self, update: int, waited: float) -> float:
        """When an update came; what another process was given has waited so many seconds."""
        at = self._at.get(update)
        return time.monotonic() - max(0.0, waited) if at is None else at

    def handled(self, update: int) -> None:
        """It is not asked about any more."""
        self._at.pop(update, None)


def follow(update: int | None, row: int | None = None) -> None:
    """
    From now on every line of this task is about this update and row, and of what it begins.

    So is every line of what a `Worker` is at, until that is done.
    """
    UPDATE.set(update)
    ROW.set(row)
