"""Threads for slow work: the event loop only awaits the result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Worker:
    """
    Some threads and their work.

    Each thread does one piece after another, in the order of asking. The program does not wait for
    them when it ends: uncommitted work is rolled back.
    """

    def __init__(self, name: str, threads: int = 1) -> None:
        """The threads start with the first work."""
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._names = [f"{name}-{number}" for number in range(threads)]
        self._work: set[Future[Any]] = set()

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """The result of the work; if cancelled while running, it still runs to its end."""
        future: Future[T] = Future()
        self._work.add(future)
        future.add_done_callback(self._work.discard)
        # Its log lines are about the same update.
        self._queue.put((future, partial(copy_context().run, work, *given)))
        while self._names:
            Thread(target=self._do, name=self._names.pop(), daemon=True).start()
        return await asyncio.wrap_future(future)

    def _do(self) -> None:
        while (asked := self._queue.get()) is not None:
            future, work = asked
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001  # whoever waits is told
                    future.set_exception(error)
        self._queue.put(None)  # for the next thread

    async def stop(self, seconds: float) -> None:
        """Let begun work end, for so long; the rest is never begun."""
        self._queue.put(None)
        left = [asyncio.wrap_future(each) for each in tuple(self._work) if not each.cancel()]
        if left:
            await asyncio.wait(left, timeout=seconds)
