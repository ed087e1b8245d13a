"""
`nianbao serve` as an operator runs it: start, stop, webhook, wrong settings, secrets.
"""

import asyncio
import io
import subprocess
from pathlib import Path

import aiohttp
import pytest

from bot.telegram.receiving import CONFLICT, WEBHOOK_THERE
from conversations.wording import door as words
from tests.bot.doors import nianbao
from tests.bot.telegram.door import (
    ROWS,
    Serve,
    seated,
    serve,
    settings_for,
    webhook,
)
from tests.botapi import TOKEN, BotServer

SECRET = TOKEN.partition(":")[2]


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_sigterm_ends_it_and_loses_nothing(tmp_path: Path, way: str):
    """
    With answers on their way, a file being drawn and a chat that must wait ten minutes.
    """
    more = webhook() if way == "webhook" else {}
    async with BotServer() as server:
        people = seated(tmp_path / "data", server, 5)
        async with serve(tmp_path, server, **more) as running:
            await people[0].says("1 0 0 0 0 0")
            await people[0].sees("✓")
            server.fail("sendMessage", error=429, retry_after=600, chat=people[1].id)
            await people[2].says("/preview")
            await people[2].sees("docx")
            for person in people:
                await person.says("2 0 0 0 0 0")
            await asyncio.sleep(0.1)

            assert 0 == await running.terminate(), running.shown
            server.faults.clear()
            await running.start()
            for person in people[1:]:
                await person.sees(f"✓ {ROWS[0].short}")
            await people[0].sees(f"✓ {ROWS[1].short}")
            await server.handled()
            await running.terminate()
        for number in range(5):
            assert 6 * (2 if number == 0 else 1) == changes(tmp_path / "data", number)


def changes(data: Path, number: int) -> int:
    from storage import Store

    with Store.open(data) as store, store.begin() as unit:
        report = unit.find_report(f"第{number}镇人民政府", 2023)
        assert report is not None
        return len(unit.history(report))


async def test_the_webhook_takes_only_what_has_the_secret(tmp_path: Path):
    """
    Nothing of it is stored; the health page needs none; too large a body is refused.
    """
    settings = webhook()
    url = settings["NIANBAO_WEBHOOK_URL"]
    async with BotServer() as server:
        (person,) = seated(tmp_path / "data", server, 1)
        async with serve(tmp_path, server, **settings) as running, aiohttp.ClientSession() as http:
            await server.until(lambda: server.webhook, "the webhook")
            assert "a-secret-for-tests" == server.webhook["secret"]
            assert 40 == server.webhook["connections"]
            message = server.message_json(await person.says("/status"))
            forged = {"update_id": 1, "message": message | {"text": "7 0 0 0 0 0"}}
            header = "X-Telegram-Bot-Api-Secret-Token"
            good = {header: "a-secret-for-tests"}
            for headers, data, expected in (
                ({}, "{}", 403),
                ({header: "wrong"}, "{}", 403),
                ({header: "秘密".encode().decode("latin-1")}, "{}", 403),
                (good, "no json", 400),
                (good, "[]", 400),
                (good, "x" * (1024 * 1024 + 1), 413),
            ):
                async with http.post(
                    url, data=io.BytesIO(data.encode()), headers=headers
                ) as response:
                    assert expected == response.status
            async with http.post(url, json=forged, headers={header: "x"}) as response:
                assert 403 == response.status
            async with http.get(url) as response:
                assert 405 == response.status
            async with http.get(url.replace("/hook", "/health")) as response:
                assert 200 == response.status
                assert (await response.json())["ok"]
            await person.says("1 0 0 0 0 0")
            await person.sees("自然人 1")
            assert 0 == await running.terminate()
        assert 6 == changes(tmp_path / "data", 0)


async def test_back_to_polling_after_a_webhook(tmp_path: Path):
    """
    Only when told so: somebody else may be served there. Nothing that waited is dropped.
    """
    async with BotServer() as server:
        (person,) = seated(tmp_path / "data", server, 1)
        there = {"url": "http://127.0.0.1:9/x", "secret": "", "connections": 1}
        server.webhook = there
        await person.says("1 0 0 0 0 0")
        running = Serve(server, tmp_path / "data", tmp_path / "log.txt")
        await running.start()
        assert 2 == await running.ends()
        assert there == server.webhook
        assert WEBHOOK_THERE in running.shown
        assert not server.called("getUpdates")
        running.options = ("--take-over",)
        try:
            await running.start()
            await person.sees("✓")
        finally:
            await running.kill()


async def test_a_second_process_with_the_token_ends_with_a_sentence(tmp_path: Path):
    """
    Exit code 2, and why.
    """
    async with BotServer() as server:
        server.fail(
            "getUpdates",
            error=409,
            description="Conflict: terminated by other getUpdates request",
            times=None,
        )
        found = Serve(server, tmp_path / "data", tmp_path / "log.txt")
        await found.start()
        code = await found.ends()

    assert 2 == code
    assert CONFLICT in found.shown
    assert "Traceback" not in found.shown


async def test_a_port_that_is_taken_is_said(tmp_path: Path):
    """
    Exit code 2, naming the setting.
    """
    settings = dict(webhook())
    async with BotServer() as server:
        settings["NIANBAO_WEBHOOK_LISTEN"] = f"127.0.0.1:{server.port}"
        found = Serve(server, tmp_path / "data", tmp_path / "log.txt", **settings)
        await found.start()
        code = await found.ends()

    assert 2 == code
    assert "NIANBAO_WEBHOOK_LISTEN" in found.shown
    assert "Traceback" not in found.shown


async def test_it_starts_without_a_network_and_says_so_once(tmp_path: Path):
    """
    Then goes on when there is one.
    """
    async with BotServer() as server:
        (person,) = seated(tmp_path / "data", server, 1)
        found = Serve(server, tmp_path / "data", tmp_path / "log.txt")
        try:
            async with server.outage():
                await found.start(wait=False)
                await person.says("1 0 0 0 0 0")
                while "cannot be reached" not in found.shown:  # noqa: ASYNC110  # it is a file
                    await asyncio.sleep(0.1)
                await asyncio.sleep(1.5)
            await person.sees("✓")
        finally:
            await found.kill()
    assert 1 == found.shown.count("cannot be reached")


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_run_at_debug_tells_neither_token_nor_contents(tmp_path: Path, way: str):
    """
    Start, answers, a poisonous update, trouble of all kinds, the end; and the process listing.
    """
    more = {**(webhook() if way == "webhook" else {}), "NIANBAO_LOG_LEVEL": "DEBUG"}
    typed = "本镇依法公开二百九十五件"
    async with BotServer() as server:
        (person,) = seated(tmp_path / "data", server, 1)
        async with serve(tmp_path, server, **more) as running:
            await person.says("1 0 0 0 0 0")
            await person.sees("✓")
            for fault in (
                {"error": 502},
                {"cut": "after"},
                {"error": 400, "description": f"Bad Request: {typed}"},
                {"error": 429, "retry_after": 1},
            ):
                server.fail("sendMessage", **fault)
                await person.says(typed)
                await server.handled()
                await asyncio.sleep(0.3)
            server.push("message", {"chat": {"id": person.id}, "text": typed})
            await server.handled()
            assert running.process is not None
            listing = await asyncio.to_thread(processes)
            await running.terminate()

        shown = running.shown
        assert "ready as @nianbao_bot" in shown
        assert SECRET not in shown
        assert SECRET not in listing
        assert typed not in shown.replace(f"Bad Request: {typed}", "")
        if way == "webhook":
            assert "a-secret-for-tests" not in shown


def processes() -> str:
    """
    What everybody on the machine can see of the programs that run.
    """
    found = subprocess.run(
        ["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=False
    )
    return found.stdout


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", ""),
        ("TELEGRAM_BOT_TOKEN", "12345"),
        ("NIANBAO_ADMIN_IDS", "wang"),
        ("NIANBAO_TIME_ZONE", "Asia/Nowhere"),
        ("NIANBAO_WEBHOOK_LISTEN", "4321"),
        ("NIANBAO_WEBHOOK_URL", f"https://bot.example.gov.cn/{TOKEN}"),
        ("NIANBAO_DATABASE_URL", "mysql://user:word@host/x"),
        ("NIANBAO_PROXY", "proxy:1080"),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, setting: str, value: str):
    """
    It names the setting, never the value; exit code 2; no traceback.
    """
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "NIANBAO_DATA_DIR": str(tmp_path), setting: value}
    done = nianbao("serve", cwd=tmp_path, settings=given)
    error = done.stderr.decode()

    assert 2 == done.returncode
    assert setting in error
    assert 1 == len(error.strip().splitlines())
    assert SECRET not in done.stdout.decode() + error
    assert not value or value not in error


async def test_a_link_of_the_operator_works(tmp_path: Path):
    """
    `nianbao invite` prints it, and to whom it belongs.
    """
    async with BotServer() as server:
        settings = settings_for(server, tmp_path / "data")
        made = await asyncio.to_thread(
            nianbao, "invite", "--organ", "雷鸣镇人民政府", settings=settings
        )
        assert 0 == made.returncode
        assert "雷鸣镇人民政府" in made.stderr.decode()
        link = made.stdout.decode().strip()
        async with serve(tmp_path, server):
            person = server.person("王芳")
            await person.starts(link.partition("start=")[2])
            await person.sees(words.join("雷鸣镇人民政府", "clerk"))
