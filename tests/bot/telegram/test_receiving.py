"""
One receiver for a token: whoever comes later, or by mistake, does not silence the other.
"""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.settings import load_settings
from bot.telegram import receiving
from bot.telegram import webhook as incoming
from bot.telegram.receiving import CONFLICT, Fatal
from conversations.wording import talk as say
from tests.bot.telegram.door import OTHER_TOWN, Door, door, settings_for, webhook
from tests.botapi import BotServer, Person


async def ended(office: Door) -> str:
    """
    Wait until a bot has given up; its sentence.
    """
    task, office.task = office.task, None
    assert task is not None
    with pytest.raises(Fatal) as caught:
        async with asyncio.timeout(60):
            await task
    office.store.close()
    return str(caught.value)


async def chatters(person: Person) -> None:
    while True:
        await person.says("/status")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("traffic", [False, True])
async def test_of_two_that_poll_the_later_one_ends(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traffic: bool
):
    """
    Whether updates come or not; the first goes on as if nothing had been.
    """
    monkeypatch.setattr(receiving, "CONFLICTS", 2)
    async with door(tmp_path / "first", server) as first:
        person = await first.joins()
        polling = first.service.polling
        assert polling._undisturbed_since is not None
        polling._undisturbed_since -= receiving.SETTLED
        talking = asyncio.create_task(chatters(person) if traffic else asyncio.sleep(0))
        second = Door(server, tmp_path / "second")
        await second.start()

        assert CONFLICT == await ended(second)

        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        assert first.task is not None
        assert not first.task.done()
        await first.joins("李强", OTHER_TOWN)


async def test_two_that_poll_for_ever_both_end(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The first has waited long enough for the other: people would get half of their answers.
    """
    monkeypatch.setattr(receiving, "SETTLED", 0.0)
    monkeypatch.setattr(receiving, "SETTLED_CONFLICTS", 2)
    office = Door(server, tmp_path / "data")
    await office.start()
    await office.joins()
    conflict = "Conflict: terminated by other getUpdates request"
    server.fail("getUpdates", error=409, description=conflict, times=None)
    await server.person("李强").says("/start")

    assert CONFLICT == await ended(office)


async def test_a_webhook_that_is_taken_away_is_put_back_once(
    server: BotServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    """
    And the bot is not well until it is there; whoever takes it away again means it.
    """
    monkeypatch.setattr(receiving, "WATCH_EVERY", 0.05)
    settings = webhook()
    page = settings["NIANBAO_WEBHOOK_URL"].replace("/hook", "/health")

    async def health(http: aiohttp.ClientSession, expected: int) -> None:
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with http.get(page) as response:
                        if response.status == expected:
                            return
                await asyncio.sleep(0.01)

    async with (
        door(tmp_path / "data", server, **settings) as office,
        aiohttp.ClientSession() as http,
    ):
        person = await office.joins()
        refused = server.fail("setWebhook", error=502, times=1)
        server.webhook = {}
        await health(http, 503)
        await server.until(lambda: refused.done, "the first attempt")
        await health(http, 503)
        server.webhook = {}
        assert "taken the webhook away" in caplog.text

    async with door(tmp_path / "data", server, **settings), aiohttp.ClientSession() as http:
        await server.until(lambda: server.webhook, "the webhook")
        server.webhook = {}
        await server.until(lambda: server.webhook, "the webhook again")
        await health(http, 200)
        await person.says("/status")
        await person.sees_next(say.STATUS)
        looks = len(server.called("getWebhookInfo"))
        server.webhook = {}
        await health(http, 503)
        await server.until(lambda: len(server.called("getWebhookInfo")) > looks + 3, "looks")
        assert not server.webhook


@pytest.mark.parametrize(
    "body", ["<html></html>", '{"ok":true,"result":"x"}', '{"ok":true,"res', '{"ok":true}']
)
async def test_a_webhook_of_which_somebody_else_answers_is_set_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
):
    """
    A proxy's answer to getMe, setWebhook or getWebhookInfo says nothing.
    """
    monkeypatch.setattr(receiving, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(receiving, "WATCH_EVERY", 0.01)
    async with BotServer() as server:
        for method in ("getMe", "setWebhook", "getWebhookInfo"):
            server.fail(method, body=body, times=2)
        async with door(tmp_path / "data", server, **webhook()) as office:
            await server.until(lambda: len(server.called("getWebhookInfo")) > 3, "looks")
            assert office.service.health()["ok"]
            person = await office.joins()
            assert person.from_bot
    assert 3 == len(server.called("setWebhook"))


async def test_a_delivery_that_cannot_be_kept_in_time_is_to_come_again(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Telegram waits for an answer; without a bound the deliveries behind it would wait, too.
    """
    monkeypatch.setattr(incoming, "KEEP_PATIENCE", 0.1)
    settings = load_settings(**settings_for(server, tmp_path, **webhook()))
    stuck = asyncio.Event()

    async def keep(_: list[Any]) -> bool:
        return await stuck.wait()

    async with incoming.listening(settings, keep, dict), aiohttp.ClientSession() as http:
        secret = {"X-Telegram-Bot-Api-Secret-Token": settings.secret_header}
        post = http.post(str(settings.webhook_url), json={"update_id": 1}, headers=secret)
        async with asyncio.timeout(60), post as answer:
            assert 503 == answer.status
