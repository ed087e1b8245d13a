from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.telegram.door import Door, door
from tests.botapi import BotServer


@pytest.fixture
async def server() -> AsyncIterator[BotServer]:
    """
    A Bot API server.
    """
    async with BotServer() as found:
        yield found


@pytest.fixture
async def office(server: BotServer, tmp_path: Path) -> AsyncIterator[Door]:
    """
    The bot at work, nobody invited yet.
    """
    async with door(tmp_path / "data", server) as found:
        yield found
