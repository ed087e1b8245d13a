"""Logs the update for which each row is sent, and measures how long the reply took."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import replace

from bot.watching import metrics
from bot.watching.following import Handled, follow

log = logging.getLogger("nianbao.telegram")


class Replies:
    """
    The rows that this process will send for updates it has handled; other rows have no update.
    """

    def __init__(self) -> None:
        """Start with no rows."""
        self._handled: dict[int, Handled] = {}

    def expect(self, handled: Iterable[Handled]) -> None:
        """Note rows that will be sent."""
        for each in handled:
            for row in each.rows:
                self._handled[row] = each

    def forget(self, row: int) -> None:
        """Forget a row: it is not sent, or by another process."""
        self._handled.pop(row, None)

    def begin(self, row: int) -> None:
        """Mark this task's log lines from now on with the row and its update."""
        handled = self._handled.get(row)
        follow(handled.update if handled else None, row)

    def sent(self, row: int, method: str) -> None:
        """Telegram has taken the row."""
        metrics.MESSAGES.labels(method).inc()
        handled = self._handled.get(row)
        if handled and row == handled.rows[0]:
            metrics.REPLY.observe(time.monotonic() - handled.since)
        log.info("sent")

    def read(self, row: int, then: Iterable[int]) -> None:
        """The file that a row fetched was read: note the rows to be sent for the same update."""
        rows = tuple(then)
        log.info("read, to be sent: %s", ", ".join(map(str, rows)) or "nothing")
        handled = self._handled.get(row)
        if handled:
            self.expect((replace(handled, rows=rows),))
