"""
What an operator sees of a running bot: the log that follows an update, metrics, readiness.
"""

import asyncio
import json
import re
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.telegram import service
from bot.watching import health as watched
from bot.watching import metrics
from bot.watching.health import Health
from conversations.wording import door as words
from storage.errors import StoreError
from storage.store import Store
from tests.bot.telegram.door import Serve, door, free_port, seated, serve, webhook
from tests.botapi import BotServer

PAGES = "NIANBAO_HEALTH_LISTEN"


class Pages:
    """
    The pages of one process.
    """

    def __init__(self, http: aiohttp.ClientSession, port: int) -> None:
        self.http = http
        self.origin = f"http://127.0.0.1:{port}"

    async def get(self, path: str) -> tuple[int, str]:
        async with self.http.get(self.origin + path) as response:
            return response.status, await response.text()

    async def value(self, name: str) -> float:
        """
        Of one metric, with its labels.
        """
        _, text = await self.get("/metrics")
        (found,) = re.findall(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found)

    async def reasons(self) -> list[str]:
        status, text = await self.get("/readyz")
        said = json.loads(text)
        assert said["ok"] == (status == 200) == (not said["reasons"])
        return [each["reason"] for each in said["reasons"]]

    async def until(self, found: Callable[[list[str]], bool]) -> None:
        """
        Ask again until the reasons are such.
        """
        async with asyncio.timeout(60):
            while not found(await self.reasons()):  # noqa: ASYNC110 - the page tells nobody
                await asyncio.sleep(0.05)


def logged(running: Serve, update: int | None = None) -> list[Any]:
    """
    The lines of the log, or those about one update.
    """
    whole = running.shown.rpartition("\n")[0].splitlines()
    lines = [json.loads(line) for line in whole if line.startswith("{")]
    return lines if update is None else [line for line in lines if line["update"] == update]


def promised(running: Serve, update: int) -> set[int]:
    """
    The rows that its first line says are to be sent; -1 where there is none yet.
    """
    first = next(iter(logged(running, update)), {"message": "-1"})
    return set(map(int, re.findall(r"-?\d+", first["message"])))


def sent(running: Serve, update: int) -> set[int]:
    return {line["row"] for line in logged(running, update) if line["message"] == "sent"}


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_one_number_leads_from_an_update_to_its_replies(tmp_path: Path, way: str):
    """
    In every line that is about it, though the text that was typed is in none.
    """
    more = {"NIANBAO_LOG_FORMAT": "json", **(webhook() if way == "webhook" else {})}
    async with BotServer() as server:
        people = seated(tmp_path / "data", server, 2)
        async with serve(tmp_path, server, **more) as running:
            for person, text in zip(people, ("41 0 0 0 0 0", "/preview"), strict=True):
                await person.says(text)
            await people[0].sees("✓")
            await people[1].sees("docx")
            numbers = {update for update, _ in server.deliveries}
            async with asyncio.timeout(60):
                # What is edited afterwards is seen by nobody.
                while any(promised(running, each) - sent(running, each) for each in numbers):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await running.terminate()
        lines = logged(running)

    assert all(
        {"time", "level", "logger", "message", "update", "row", "process"} <= set(line)
        for line in lines
    )
    assert not any("41 0" in line["message"] for line in lines)
    for number in numbers:
        assert promised(running, number)
        assert promised(running, number) == sent(running, number)


async def test_the_pages_tell_of_telegram_lost_and_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Who cannot be reached is a reason; the process itself is well all the time.
    """
    monkeypatch.setattr(service, "LOST_AFTER", 0.0)
    port = free_port()
    async with BotServer() as server, aiohttp.ClientSession() as http:
        pages = Pages(http, port)
        (person,) = seated(tmp_path / "data", server, 1)
        async with door(tmp_path / "data", server, **{PAGES: f"127.0.0.1:{port}"}) as office:
            await server.until(lambda: server.called("getUpdates"), "the first poll")
            assert [] == await pages.reasons()
            before = await pages.value('nianbao_telegram_refusals_total{kind="network"}')
            server.fail("getUpdates", error=502, times=None)
            await person.says("/help")
            await pages.until(lambda reasons: reasons == ["telegram"])
            assert 200 == (await pages.get("/healthz"))[0]
            assert 0 == await pages.value("nianbao_ready")
            server.faults.clear()
            await pages.until(lambda reasons: not reasons)
            assert before < await pages.value('nianbao_telegram_refusals_total{kind="network"}')
            await office.rests()
            assert 1 == await pages.value("nianbao_ready")


async def test_before_telegram_was_ever_reached_it_is_not_ready(tmp_path: Path):
    """
    The pages are there from the start.
    """
    port = free_port()
    async with BotServer() as server, aiohttp.ClientSession() as http:
        server.fail("getMe", error=502, times=None)
        async with door(tmp_path / "data", server, **{PAGES: f"127.0.0.1:{port}"}):
            await server.until(lambda: server.called("getMe"), "the first call")
            assert ["starting"] == await Pages(http, port).reasons()


async def test_what_is_done_is_counted(tmp_path: Path):
    """
    An update, its replies, a fault; and no label says who or where.
    """
    port = free_port()
    async with BotServer() as server, AsyncExitStack() as stack:
        pages = Pages(await stack.enter_async_context(aiohttp.ClientSession()), port)
        (person,) = seated(tmp_path / "data", server, 1)
        settings = {PAGES: f"127.0.0.1:{port}", **webhook()}
        office = await stack.enter_async_context(door(tmp_path / "data", server, **settings))
        await server.until(lambda: server.webhook, "the webhook")
        handled = metrics.UPDATES.labels("message")._value.get()
        _, before = await pages.get("/metrics")
        await person.says("1 0 0 0 0 0")
        await person.sees("✓")
        await office.rests()
        _, after = await pages.get("/metrics")

        assert handled + 1 == await pages.value('nianbao_updates_total{kind="message"}')
        assert counted(before, "nianbao_reply_seconds_count") + 1 == counted(
            after, "nianbao_reply_seconds_count"
        )
        assert 0 < await pages.value("nianbao_last_delivery_timestamp_seconds")
        assert 1 == await pages.value("nianbao_database_up")
        assert 0 < await pages.value("nianbao_disk_free_bytes")
        labels = set(re.findall(r'(?:kind|method|outcome)="([^"]*)"', after))
        assert all(re.fullmatch(r"[A-Za-z_]+|4\d\d", label) for label in labels)
        assert str(person.id) not in labels


def counted(text: str, name: str) -> float:
    return float(re.findall(rf"^{name} (\S+)$", text, re.MULTILINE)[0])


async def test_a_port_that_is_taken_is_said(tmp_path: Path):
    """
    At the start, with code 2.
    """
    port = free_port()
    async with BotServer() as server:
        taken = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", port)
        async with taken:
            found = Serve(
                server, tmp_path / "data", tmp_path / "log.txt", **{PAGES: f"127.0.0.1:{port}"}
            )
            await found.start(wait=False)
            assert 2 == await found.ends()
    assert PAGES in found.shown


# ---- the look at the database ------------------------------------------------------------------


@pytest.fixture
def store() -> Any:
    with Store.open(":memory:") as opened:
        yield opened


async def test_a_scrape_asks_the_database_once_in_a_while(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    However often somebody scrapes.
    """
    looks = []
    health = Health(store, dict)
    look = health._standing

    def noted() -> Any:
        looks.append(1)
        return look()

    monkeypatch.setattr(health, "_standing", noted)
    await asyncio.gather(*(health.metrics() for _ in range(20)))
    await health.metrics()

    assert 1 == len(looks)


async def test_a_database_that_hangs_holds_up_nobody(store: Store, monkeypatch: pytest.MonkeyPatch):
    """
    It is said to be slow, the numbers are unknown, and one look waits, not one for each scrape.
    """
    monkeypatch.setattr(watched, "PATIENCE", 0.05)
    monkeypatch.setattr(watched, "FRESH", 0.0)
    answers, asked = threading.Event(), []
    health = Health(store, dict)
    look = health._standing

    def slow() -> Any:
        asked.append(1)
        answers.wait(60)
        return look()

    monkeypatch.setattr(health, "_standing", slow)

    for _ in range(3):
        assert ["database"] == list(await health.reasons())
    assert "nianbao_updates_waiting NaN" in (await health.metrics()).decode()
    assert 1 == len(asked)
    monkeypatch.setattr(watched, "PATIENCE", 60.0)
    answers.set()
    assert {} == await health.reasons()
    assert "nianbao_database_up 1.0" in (await health.metrics()).decode()


async def test_a_database_that_fails_is_a_reason_with_its_sentence(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    And troubles with Telegram stand beside it.
    """
    health = Health(store, lambda: {"telegram": words.ERROR})

    def gone() -> Any:
        raise StoreError("away")

    monkeypatch.setattr(health, "_standing", gone)

    assert {"database": "away", "telegram": words.ERROR} == await health.reasons()
    assert "nianbao_database_up 0.0" in (await health.metrics()).decode()
