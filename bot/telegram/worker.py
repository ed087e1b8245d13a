"""Threads for what may take its time: the event loop only awaits the result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Worker:
    """
    Some threads, and what they are at.

    One thread does one thing after the other, in the order in which it was asked for.
    """

    def __init__(self, name: str, threads: int = 1) -> None:
        """The threads begin with the first work."""
        self._threads = ThreadPoolExecutor(threads, name)
        self._work: set[Future[Any]] = set()

    @property
    def busy(self) -> bool:
        """Whether a thread is at work, which nothing can end from outside."""
        return bool(self._work)

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """The work's result; cancelled while it runs, it runs to its end all the same."""
        future = self._threads.submit(work, *given)
        self._work.add(future)
        future.add_done_callback(self._work.discard)
        return await asyncio.wrap_future(future)

    async def stop(self, seconds: float) -> None:
        """Let what has begun end, for so long; what has not begun never will."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        left = [asyncio.wrap_future(future) for future in list(self._work)]
        if left:
            await asyncio.wait(left, timeout=seconds)
