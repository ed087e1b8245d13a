"""For which update each row is sent: the log says it, and how long it took is measured."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import replace

from bot.watching import metrics
from bot.watching.following import Handled, follow

log = logging.getLogger("nianbao.telegram")


class Replies:
    """The rows that this process is to send for updates it has handled; others have no update."""

    def __init__(self) -> None:
        """None is to be sent."""
        self._handled: dict[int, Handled] = {}

    def expect(self, handled: Iterable[Handled]) -> None:
        """These rows are going to be sent."""
        for each in handled:
            for row in each.rows:
                self._handled[row] = each

    def forget(self, row: int) -> None:
        """It is not sent, or not by us."""
        self._handled.pop(row, None)

    def begin(self, row: int) -> None:
        """What this task logs from now on says the row, and for which update it is sent."""
        handled = self._handled.get(row)
        follow(handled.update if handled else None, row)

    def sent(self, row: int, method: str) -> None:
        """Telegram has it."""
        metrics.MESSAGES.labels(method).inc()
        handled = self._handled.get(row)
        if handled and row == handled.rows[0]:
            metrics.REPLY.observe(time.monotonic() - handled.since)
        log.info("sent")

    def read(self, row: int, then: Iterable[int]) -> None:
        """What a row fetched has been read: these rows are to be sent for the same update."""
        rows = tuple(then)
        log.info("read, to be sent: %s", ", ".join(map(str, rows)) or "nothing")
        handled = self._handled.get(row)
        if handled:
            self.expect((replace(handled, rows=rows),))
