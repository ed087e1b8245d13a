"""
Whoever is told to stop stops, whatever it hears at that moment.
"""

import asyncio
from pathlib import Path

import pytest

from conversations.wording import door as words
from tests.bot.telegram.door import door
from tests.botapi import BotServer


@pytest.mark.parametrize("turns", range(9))
async def test_a_notice_while_it_stops_keeps_nobody(server: BotServer, tmp_path: Path, turns: int):
    """
    As from another process that stops as well: so many turns of the loop after we are told.
    """
    async with door(tmp_path / "data", server) as office:
        person = server.person()
        await person.starts()
        await person.sees(words.STRANGER)
        office.service.stopping.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        office.service._hear("", "look")
        assert office.task is not None
        await asyncio.wait((office.task,), timeout=8)
        assert office.task.done()
