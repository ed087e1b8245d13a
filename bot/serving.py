"""A web application served in this event loop: the webhook, and the health pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette


class _Server(uvicorn.Server):
    """A server that leaves signals to us, and ends when told."""

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
        The serving task; it ends by itself if the port is not free.
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
            async with asyncio.timeout(2.5):
                await task


async def _serve(server: uvicorn.Server) -> None:
    """Serve; uvicorn exits if the port is not free, here the task just ends."""
    with contextlib.suppress(SystemExit):
        await server.serve()
