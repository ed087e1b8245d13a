"""Telegram delivers to us: one request an update, and answering 200 confirms it."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.settings import Settings

BODY_LIMIT = 1024 * 1024  # bytes of a request
KEEP_PATIENCE = 25.0  # seconds for an update to be kept, else it is to be delivered again


class _Server(uvicorn.Server):
    """Ends when we say so: signals are ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _application(
    settings: Settings,
    keep: Callable[[list[Any]], Awaitable[bool]],
    health: Callable[[], dict[str, Any]],
) -> Starlette:
    secret = settings.secret_header.encode()

    async def receive(request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
        if not hmac.compare_digest(given, secret):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                return Response(status_code=413)
        try:
            update = json.loads(bytes(body))
        except ValueError:
            return Response(status_code=400)
        if not isinstance(update, dict):
            return Response(status_code=400)
        try:
            async with asyncio.timeout(KEEP_PATIENCE):
                kept = await keep([update])
        except TimeoutError:
            kept = False
        return Response(status_code=200 if kept else 503)

    async def healthy(_: Request) -> Response:
        said = health()
        return JSONResponse(said, status_code=200 if said["ok"] else 503)

    path = urlsplit(settings.webhook_url or "").path or "/"
    routes = [Route(path, receive, methods=["POST"])]
    if path != "/health":
        routes.append(Route("/health", healthy, methods=["GET"]))
    return Starlette(routes=routes)


@contextlib.asynccontextmanager
async def listening(
    settings: Settings,
    keep: Callable[[list[Any]], Awaitable[bool]],
    health: Callable[[], dict[str, Any]],
) -> Any:
    """
    Take deliveries, each answered 200 once `keep` says that it is in the store.

    Yields:
        The task that serves: it ends by itself where the port cannot be had.
    """
    host, port = settings.webhook_listen
    server = _Server(
        uvicorn.Config(
            _application(settings, keep, health),
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
    )
    serving = asyncio.create_task(_serve(server))
    try:
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.02)
        yield serving
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(serving, 2.5)


async def _serve(server: uvicorn.Server) -> None:
    """A port that cannot be had makes uvicorn exit; here it is an answer."""
    with contextlib.suppress(SystemExit):
        await server.serve()
