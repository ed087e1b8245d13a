"""
The token, and what clerks enter, stand in no log, at no level, whatever goes wrong.
"""

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.settings import LOG_FORMATS, LOG_LEVELS, Settings, load_settings
from bot.telegram.client import AiohttpRequest
from bot.telegram.logs import HIDDEN, Redactor, set_up_logging
from tests.botapi import TOKEN, BotServer

ROOT = Path(__file__).resolve().parents[2]
SECRET = TOKEN.partition(":")[2]
TYPED = "本镇行政许可二百九十五件"


def make_settings(level: str = "DEBUG", **more: str) -> Settings:
    return load_settings(TELEGRAM_BOT_TOKEN=TOKEN, NIANBAO_LOG_LEVEL=level, **more)


@pytest.fixture(autouse=True)
def _undo() -> Iterator[None]:
    """
    The tests' own logging comes back afterwards.
    """
    root = logging.getLogger()
    names = ["", "nianbao", "bot", "telegram", "httpx", "httpcore", "aiohttp"]
    levels = {name: logging.getLogger(name).level for name in names}
    handlers, hooks = list(root.handlers), (sys.excepthook, sys.unraisablehook)
    yield
    root.handlers[:] = handlers
    sys.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def read_if_there(path: str) -> str:
    return Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""


def is_in_a_file(folder: Path, text: str) -> bool:
    files = [one for one in folder.rglob("*") if one.is_file()]
    assert files
    return any(text.encode() in one.read_bytes() for one in files)


@given(st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_a_token_survives_nowhere_in_a_text(before: str, after: str, quoted: bool):
    """
    Whole, percent-encoded or its secret part alone, whatever stands around it.
    """
    redact = Redactor([TOKEN])
    token = TOKEN.replace(":", "%3A") if quoted else TOKEN

    for text in (token, SECRET, f"/bot{token}/sendMessage"):
        assert SECRET not in redact(f"{before}{text}{after}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/bot987654321:AAHk_abcdefghijklmnopqrstuvwxyz01234/getMe", f"/bot{HIDDEN}/getMe"),
        ("POST https://h/bot5:short/getMe", f"POST https://h/bot{HIDDEN}/getMe"),
        ("987654321:AAHk_abcdefghijklmnopqrstuvwxyz01234", HIDDEN),
        ("socks5://me:pass-word@proxy:1080 failed", f"socks5://me:{HIDDEN}@proxy:1080 failed"),
        ("at 12:30, 4 of 5", "at 12:30, 4 of 5"),
    ],
)
def test_what_only_looks_like_a_secret_goes_too(text: str, expected: str):
    """
    Another bot's token, or a mistyped one, is a token.
    """
    assert expected == Redactor()(text)


@pytest.mark.parametrize("shape", LOG_FORMATS)
@pytest.mark.parametrize("level", LOG_LEVELS)
def test_our_log_shows_neither_token_nor_contents_at_any_level(level: str, shape: str):
    """
    In the message, its arguments, the traceback, the cause, a warning.
    """
    out = io.StringIO()
    set_up_logging(make_settings(level, NIANBAO_LOG_FORMAT=shape), out)
    log = logging.getLogger("nianbao.telegram")
    bot = Bot(TOKEN)

    log.debug("calling %s", f"https://h/bot{TOKEN}/x")
    log.warning("made %r with %s", bot, {"token": TOKEN})
    try:
        try:
            raise ValueError(f"cannot read {TYPED}")
        except ValueError as error:
            raise InvalidToken(f"The token `{TOKEN}` was rejected by the server.") from error
    except InvalidToken:
        log.exception("failed %s", TOKEN, stack_info=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"old {TOKEN}", UserWarning, stacklevel=1)
    sys.excepthook(KeyError, KeyError(TYPED), None)
    logging.getLogger("telegram.Bot").critical("Received data was %s", TYPED)
    logging.getLogger("httpx").error("POST %s", f"https://h/bot{TOKEN}/x")

    shown = out.getvalue()
    assert SECRET not in shown
    assert TYPED not in shown
    assert ("calling" in shown) == (level == "DEBUG")
    # What helps to find the fault is still there.
    for part in ("failed", "ValueError", "test_token_secrecy.py", "rejected by the server"):
        assert part in shown
    assert "Received data was" in shown


def test_other_peoples_packages_are_quiet_below_a_warning():
    """
    The library's DEBUG shows every message, the HTTP client's INFO every address.
    """
    out = io.StringIO()
    set_up_logging(make_settings("DEBUG"), out)

    for name in ("telegram.Bot", "telegram.ext.Application", "httpx", "httpcore", "sqlalchemy"):
        logging.getLogger(name).info("%s %s", TOKEN, TYPED)
        logging.getLogger(name).debug("%s %s", TOKEN, TYPED)

    assert "" == out.getvalue()


@pytest.mark.parametrize("own", [True, False], ids=["aiohttp", "httpx"])
async def test_a_real_start_with_a_wrong_token_does_not_tell_it(own: bool):
    """
    Neither through our client nor through the library's, nor in a forgotten task.
    """
    out = io.StringIO()
    set_up_logging(make_settings("DEBUG"), out)
    request: Any = AiohttpRequest if own else HTTPXRequest
    async with BotServer("110201543:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") as server:
        bot = Bot(TOKEN, base_url=server.base_url, request=request(), get_updates_request=request())
        with pytest.raises(InvalidToken):
            await bot.initialize()
        task = asyncio.create_task(bot.get_me())
        await asyncio.wait({task})
        asyncio.get_running_loop().call_exception_handler(
            {"message": "Task exception was never retrieved", "exception": task.exception()}
        )
        await bot.shutdown()

    assert "never retrieved" in out.getvalue()
    assert SECRET not in out.getvalue()


async def test_a_poisonous_update_is_not_written_into_the_log():
    """
    The library logs all it received when it cannot read one.
    """
    out = io.StringIO()
    set_up_logging(make_settings("DEBUG"), out)
    async with BotServer() as server:
        person = server.person("王芳")
        await person.says(TYPED)
        server.push("message", {"message_id": "x", "text": TYPED, "poll": {}})
        request = AiohttpRequest()
        bot = Bot(TOKEN, base_url=server.base_url, get_updates_request=request)
        async with request:
            with pytest.raises((TypeError, TelegramError, KeyError)) as caught:
                await bot.get_updates(allowed_updates=Update.ALL_TYPES)
        logging.getLogger("nianbao").error("polling failed", exc_info=caught.value)

    assert "polling failed" in out.getvalue()
    assert TYPED not in out.getvalue()


async def test_the_running_bot_tells_its_token_nowhere(tmp_path: Path):
    """
    `nianbao serve`, as a process of its own, with a token that Telegram refuses.
    """
    async with BotServer() as server:
        server.fail("getMe", error=401, description="Unauthorized", delay=1.0)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "serve",
            cwd=ROOT,
            env=os.environ
            | {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "NIANBAO_BASE_URL": server.base_url,
                "NIANBAO_DATA_DIR": str(tmp_path),
                "NIANBAO_LOG_LEVEL": "DEBUG",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        await server.until(lambda: server.called("getMe"), "the start")
        command = read_if_there(f"/proc/{process.pid}/cmdline")
        async with asyncio.timeout(30):
            told, _ = await process.communicate()

    shown = told.decode()
    assert 2 == process.returncode
    assert "TELEGRAM_BOT_TOKEN" in shown
    assert "Traceback" not in shown
    assert SECRET not in shown + command
    assert not is_in_a_file(tmp_path, SECRET)


def test_wrong_settings_end_the_program_with_one_sentence(tmp_path: Path):
    """
    Exit code 2, the name of the setting, no traceback, no value.
    """
    wrong = json.dumps({"a": SECRET})
    found = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=ROOT,
        env=os.environ | {"TELEGRAM_BOT_TOKEN": wrong, "NIANBAO_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 2 == found.returncode
    assert "TELEGRAM_BOT_TOKEN" in found.stderr
    assert 1 == len(found.stderr.strip().splitlines())
    assert SECRET not in found.stdout + found.stderr
