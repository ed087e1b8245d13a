"""For which update each row is sent: the log says it, and how long it took is measured."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bot.watching import metrics
from bot.watching.following import Cause, Handled, following

log = logging.getLogger("nianbao.telegram")


class Replies:
    """The rows that this process is to send for updates it has handled; others have no cause."""

    def __init__(self) -> None:
        """None is to be sent."""
        # With whether it is the first reply to its update.
        self._causes: dict[int, tuple[Cause, bool]] = {}

    def expect(self, handled: Iterable[Handled]) -> None:
        """These rows are going to be sent."""
        for each in handled:
            for row in each.rows:
                self._causes[row] = each.cause, row == each.rows[0]

    def forget(self, row: int) -> None:
        """It is not sent, or not by us."""
        self._causes.pop(row, None)

    @contextmanager
    def sending(self, row: int) -> Iterator[None]:
        """What is logged meanwhile says the row, and for which update it is sent."""
        cause, _ = self._causes.get(row, (None, False))
        with following(cause.update if cause else None, row):
            try:
                yield
            finally:
                self.forget(row)

    def sent(self, row: int, method: str) -> None:
        """Telegram has it."""
        metrics.MESSAGES.labels(method).inc()
        cause, first = self._causes.get(row, (None, False))
        if cause and first:
            metrics.REPLY.observe(time.monotonic() - cause.since)
        log.info("sent")

    def read(self, row: int, then: Iterable[int]) -> None:
        """What a row fetched has been read: these rows are to be sent for the same update."""
        rows = tuple(then)
        log.info("read, to be sent: %s", ", ".join(map(str, rows)) or "nothing")
        cause, _ = self._causes.get(row, (None, False))
        if cause:
            self.expect((Handled(cause, "", rows),))
