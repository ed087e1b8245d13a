"""A web application that is served in this very loop: the webhook, and the pages of health."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette


class _Server(uvicorn.Server):
    """Ends when we say so: signals are ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(
    application: Starlette, address: tuple[str, int]
) -> AsyncIterator[asyncio.Task[None]]:
    """
    Serve at a host and a port.

    Yields:
        The task that serves: it ends by itself where the port cannot be had.
    """
    host, port = address
    server = _Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
    )
    task = asyncio.create_task(_serve(server))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.02)
        yield task
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(task, 2.5)


async def _serve(server: uvicorn.Server) -> None:
    """A port that cannot be had makes uvicorn exit; here it is an answer."""
    with contextlib.suppress(SystemExit):
        await server.serve()
