"""Serves the health pages on a port, if the settings name one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.telegram.receiving import Fatal
from bot.watching.health import Health

NO_SERVER = (
    "没有安装监听端口的组件，请安装：pip install 'nianbao[webhook]'；或去掉 NIANBAO_HEALTH_LISTEN。"
)
NO_PORT = "NIANBAO_HEALTH_LISTEN {host}:{port} 不能使用，请换一个端口。"


@contextlib.asynccontextmanager
async def shown(health: Health, address: tuple[str, int] | None) -> AsyncIterator[None]:
    """
    Serve the health pages at a host and a port; without an address, do nothing.

    Raises:
        Fatal: The port is not free, or the web server is not installed.
    """
    if address is None:
        yield
        return
    try:
        from bot.serving import serving
        from bot.watching.pages import application
    except ImportError as error:
        raise Fatal(NO_SERVER) from error
    async with serving(application(health), address) as task:
        if task.done():
            raise Fatal(NO_PORT.format(host=address[0], port=address[1]))
        watching = asyncio.create_task(health.watch_the_loop())
        try:
            yield
        finally:
            watching.cancel()
