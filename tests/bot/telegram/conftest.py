from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.telegram.door import Door, door
from tests.botapi import BotServer
from tests.storage.servers import postgres


@pytest.fixture
async def server() -> AsyncIterator[BotServer]:
    """
    A Bot API server.
    """
    async with BotServer() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
async def office(
    request: pytest.FixtureRequest, server: BotServer, tmp_path: Path
) -> AsyncIterator[Door]:
    """
    The bot at work, nobody invited yet; once on each database.
    """
    if request.param == "sqlite":
        async with door(tmp_path / "data", server) as found:
            yield found
    else:
        with postgres() as address:
            async with door(tmp_path / "data", server, NIANBAO_DATABASE_URL=address) as found:
                yield found
