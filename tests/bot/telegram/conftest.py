import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.bot.telegram.door import ROOT, Door, door
from tests.botapi import BotServer
from tests.storage.servers import postgres_made

BOT = str(ROOT / "bot")


# What these show on a screen is the same on both databases, whose queries the tests of
# `tests/storage` and of the other doors run each time; on PostgreSQL they run under soak.
SCREENS = frozenset(
    {
        *("test_below", "test_clock", "test_county_out", "test_county_standouts"),
        *("test_county_sum", "test_examples_on_the_phone", "test_overview", "test_talking"),
        *("test_last_year", "test_leaders_remarks", "test_local_questions", "test_organ_lists"),
        *("test_other_forms", "test_people", "test_sharing", "test_signed_page"),
    }
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    for item in items:
        on = getattr(item, "callspec", None)
        database = on.params.get("office") if on else None
        if database == "postgresql" and item.path.stem in SCREENS:
            item.add_marker(pytest.mark.soak)


@pytest.fixture(autouse=True)
def nobody_is_told_to_wait(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A machine that is busy with other things is no outage: tests count what a person is told.
    """
    if request.path.stem != "test_outage":
        monkeypatch.setattr("bot.telegram.inbox.TELL_AFTER", 60.0)


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
        with postgres_made() as address:
            async with door(tmp_path / "data", server, NIANBAO_DATABASE_URL=address) as found:
                yield found


@pytest.fixture(autouse=True)
def no_notices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What is told of steps of sign-off hangs on the hour; its own tests set their hour.
    """
    if not request.module.__name__.endswith(("test_announcing", "test_season_of_an_office")):
        monkeypatch.setattr("bot.telegram.peers.is_any_due", lambda *_: False)


@pytest.fixture(autouse=True)
def no_store_on_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """
    Whatever the bot does in these tests, its coroutines never use the store themselves.
    """
    waited: list[str] = []
    for name in ("begin", "read"):
        monkeypatch.setattr(Store, name, watched(getattr(Store, name), waited))
    yield
    assert not waited


def watched(transaction, waited: list[str]):
    def begin(store: Store, **how: bool):
        caller = sys._getframe(1)
        if asyncio._get_running_loop() and caller.f_code.co_filename.startswith(BOT):
            waited.append(f"{caller.f_code.co_filename}:{caller.f_lineno}")
        return transaction(store, **how)

    return begin
