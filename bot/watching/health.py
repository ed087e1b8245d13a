"""
Whether a running process is well: the content of `/healthz`, `/readyz` and `/metrics`.

The database is read by a real statement, at most every few seconds, in a thread of its own. A
scrape waits for it only for a limited time, and nothing else waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import math
import shutil
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import generate_latest

from bot.faults import outline
from bot.telegram.worker import Worker
from bot.watching import metrics
from storage.errors import StoreError
from storage.standing import Standing, standing
from storage.store import Store

log = logging.getLogger("nianbao.telegram")

FRESH = 5.0  # seconds for which the last reading of the database is used again
PATIENCE = 3.0  # seconds for the database to answer
LAG_EVERY = 1.0  # seconds
LAG_KEPT = 60  # measurements

SLOW = f"数据库 {PATIENCE:g} 秒内没有回应。"
FAILED = "读数据库时出错，原因见日志。"


@dataclass(frozen=True, slots=True)
class Sight:
    """
    A reading of the database, or one sentence why it failed; `seconds` is how long it took, `ended`
    when, by `time.monotonic`.
    """

    standing: Standing | None
    why: str
    seconds: float
    ended: float


class Health:
    """The health of one process."""

    def __init__(
        self, store: Store, troubles: Callable[[], Mapping[str, str]], data: Path | None = None
    ) -> None:
        """
        Nothing is read before the first request; `data` is the folder whose disk is measured.

        `troubles` returns the reasons why the process cannot serve, apart from the database: one
        sentence per kind, none if all is well.
        """
        self.store = store
        self.troubles = troubles
        self.data = data
        self._worker = Worker("watching")
        self._sight: Sight | None = None
        self._looking: asyncio.Task[None] | None = None
        self._lags: deque[float] = deque(maxlen=LAG_KEPT)

    async def sight(self) -> Sight:
        """The database now, or as it was up to `FRESH` seconds ago."""
        now = time.monotonic()
        if self._sight is not None and now - self._sight.ended < FRESH:
            return self._sight
        if self._looking is None:
            # One reading at a time; it goes on if the scrape that started it ends.
            self._looking = asyncio.create_task(self._look())
        await asyncio.wait((self._looking,), timeout=PATIENCE)
        if self._sight is not None and self._sight.ended >= now:
            return self._sight
        return Sight(None, SLOW, time.monotonic() - now, now)

    async def _look(self) -> None:
        began = time.monotonic()
        seen, why = None, ""
        try:
            seen = await self._worker.run(self._standing)
        except StoreError as error:
            why = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody is served meanwhile
            log.error("the store could not be looked at: %s", outline(error))
            why = FAILED
        finally:
            self._looking = None
        ended = time.monotonic()
        self._sight = Sight(seen, why, ended - began, ended)

    def _standing(self) -> Standing:
        with self.store.read() as reader:
            return standing(reader, datetime.now(UTC))

    async def reasons(self) -> dict[str, str]:
        """Why this process cannot do its work, one sentence per kind; none if it can."""
        return self._reasons(await self.sight())

    def _reasons(self, sight: Sight) -> dict[str, str]:
        reasons = {"database": sight.why} if sight.why else {}
        return reasons | dict(self.troubles())

    async def metrics(self) -> bytes:
        """All metrics, in the format of Prometheus."""
        sight = await self.sight()
        _show(sight)
        metrics.DISK_FREE.set(self._free())
        metrics.READY.set(not self._reasons(sight))
        metrics.LOOP_LAG.set(max(self._lags, default=0.0))
        return generate_latest(metrics.REGISTRY)

    def _free(self) -> float:
        try:
            return shutil.disk_usage(self.data or Path()).free
        except OSError:
            return math.nan

    async def watch_the_loop(self) -> None:
        """Measure the delay of the event loop until cancelled."""
        while True:
            asked = time.monotonic()
            await asyncio.sleep(LAG_EVERY)
            self._lags.append(max(0.0, time.monotonic() - asked - LAG_EVERY))


def _show(sight: Sight) -> None:
    seen = sight.standing
    metrics.DATABASE.set(seen is not None)
    if seen is None:
        for gauge in metrics.OF_THE_STORE:
            gauge.set(math.nan)
        metrics.JOBS.clear()
        return
    now = datetime.now(UTC)
    metrics.DATABASE_SECONDS.set(sight.seconds)
    metrics.WAITING.set(seen.waiting)
    metrics.WAITING_AGE.set(_age(seen.waiting_since, now))
    metrics.UNSENT.set(seen.unsent)
    metrics.UNSENT_AGE.set(_age(seen.unsent_since, now))
    metrics.DUE.set(seen.due)
    metrics.PROCESSES.set(seen.processes)
    if seen.jobs_waiting is not None and seen.jobs_failed is not None:
        metrics.JOBS.labels("waiting").set(seen.jobs_waiting)
        metrics.JOBS.labels("failed").set(seen.jobs_failed)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
