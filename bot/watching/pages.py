"""The health pages: the present state of the process, without personal data."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.watching.health import Health


def application(health: Health) -> Starlette:
    """`/healthz`, `/readyz` and `/metrics`."""

    async def healthz(_: Request) -> Response:
        # An answer at all shows that the process lives and its loop turns.
        return JSONResponse({"ok": True})

    async def readyz(_: Request) -> Response:
        reasons = await health.reasons()
        said = {
            "ok": not reasons,
            "reasons": [{"reason": kind, "text": text} for kind, text in reasons.items()],
        }
        return JSONResponse(said, status_code=503 if reasons else 200)

    async def scraped(_: Request) -> Response:
        return Response(await health.metrics(), media_type=CONTENT_TYPE_LATEST)

    routes = {"/healthz": healthz, "/readyz": readyz, "/metrics": scraped}
    return Starlette(routes=[Route(path, page, methods=["GET"]) for path, page in routes.items()])
