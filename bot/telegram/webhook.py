"""Deliveries from Telegram: one update per request, confirmed by answering 200."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.serving import serving
from bot.settings import Settings

BODY_LIMIT = 1024 * 1024  # bytes of a request
KEEP_PATIENCE = 25.0  # seconds for an update to be kept, else it is to be delivered again


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
) -> AsyncIterator[asyncio.Task[None]]:
    """
    Take deliveries, each answered 200 once `keep` says that it is in the store.

    Yields:
        As `serving`.
    """
    application = _application(settings, keep, health)
    async with serving(application, settings.webhook_listen) as task:
        yield task
