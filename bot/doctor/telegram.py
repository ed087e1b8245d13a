"""Whether Telegram answers, through the proxy if one is set, and whether the webhook is right."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.doctor.clocks import clocks
from bot.doctor.result import Result, fault, fine, warning
from bot.settings import Settings

SECONDS = 10.0  # for all questions to Telegram together
OWN_SECONDS = 5.0  # for a process of ours on this machine
LATELY = timedelta(hours=1)  # a failed delivery counts for this long

TERMINAL_ONLY = "没有设令牌：只在终端里用；要用 Telegram，在 .env 里填 TELEGRAM_BOT_TOKEN"
REFUSED = "Telegram 不认这个令牌（TELEGRAM_BOT_TOKEN）"
ASK_BOTFATHER = (
    "在 Telegram 里向 @BotFather 发 /mybots，选这个机器人，核对 API Token，改 .env 后重新启动"
)
UNREACHABLE = "{seconds:g} 秒内没有得到 Telegram 的回答（{way}）：{why}"
NOT_TELEGRAMS = "有回应，但不是 Telegram 的，多半被网络或代理拦下了"
TOO_MANY = "Telegram 说请求太多，请过一会儿再试"
NO_CONNECTION = "没有连上（{what}）"
NO_ANSWER = "连上了，但没有回答（{what}）"
CHECK_WAY = "curl -sS -o /dev/null -w '%{{http_code}}\\n' {proxy}{origin}"
SERVE = "nianbao serve"


def telegram(settings: Settings) -> Iterator[Result]:
    """Whether Telegram answers and knows the token; only reading calls are made."""
    if settings.token is None:
        yield warning("telegram", TERMINAL_ONLY)
        return
    try:
        yield from asyncio.run(_asked(settings))
    except TimeoutError:
        yield _unreachable(settings, "没有回应")


async def _asked(settings: Settings) -> list[Result]:
    """Ask getMe and getWebhookInfo, and compare the clocks."""
    from telegram.error import InvalidToken, TelegramError

    from bot.telegram.service import make_bot

    bot = make_bot(settings)
    async with asyncio.timeout(SECONDS):
        try:
            await bot.initialize()
            info = await bot.get_webhook_info()
            clock = await bot.request.clock(_origin(settings))  # type: ignore[attr-defined]
            ours = datetime.now(UTC)
        except InvalidToken:
            return [fault("telegram", REFUSED, ASK_BOTFATHER)]
        except TelegramError as error:
            return [_unreachable(settings, _why(error))]
        finally:
            await bot.shutdown()
    found = [fine("telegram", f"Telegram 有回应（{_way(settings)}）：@{bot.username}")]
    if clock is not None:
        seconds = (clock - ours).total_seconds()
        found.append(clocks("telegram_clock", " Telegram ", seconds))
    return [*found, *_webhook(settings, info)]


def _webhook(settings: Settings, info: object) -> Iterator[Result]:
    url = getattr(info, "url", "")
    waits = f"，等待送来的消息 {getattr(info, 'pending_update_count', 0)} 条"
    if not settings.webhook_url:
        if url:
            text = f"设置里没有 webhook，Telegram 那里却有一个，轮询收不到消息：{url}"
            yield fault("webhook", text, "确定不用它了：nianbao serve --take-over")
        else:
            yield fine("webhook", f"用轮询接收{waits}")
        return
    if not url:
        yield warning("webhook", f"Telegram 那里还没有 webhook{waits}，启动时会设上", SERVE)
    elif url != settings.webhook_url:
        text = f"Telegram 那里的 webhook 是另一个地址：{url}"
        yield fault("webhook", text, "停掉那个程序，重新启动本程序：nianbao serve")
    else:
        at = getattr(info, "last_error_date", None)
        if at is not None and datetime.now(UTC) - at < LATELY:
            why = getattr(info, "last_error_message", "")
            when = f"{at.astimezone(settings.time_zone):%H:%M}"
            text = f"webhook 设好了，但 {when} 没有送到：{why}{waits}"
            yield fault("webhook", text, f"从外面试：curl -i {settings.webhook_url}（应为 405）")
        else:
            yield fine("webhook", f"webhook 设好了{waits}")


def running(settings: Settings) -> Iterator[Result]:
    """The state of the process on this machine, if it serves the health pages."""
    if settings.health_listen is None:
        return
    host, port = settings.health_listen
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked, not bound
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/readyz"
    asking = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with asking.open(url, timeout=OWN_SECONDS):
            yield fine("running", f"程序正在运行，能办事（{url}）")
    except urllib.error.HTTPError as error:
        yield fault("running", f"程序正在运行，但不能办事：{_reasons(error)}", f"curl {url}")
    except OSError:
        yield warning("running", f"这台机器上程序没有在运行，或没有打开 {url}", SERVE)


def _reasons(error: urllib.error.HTTPError) -> str:
    try:
        return " ".join(each["text"] for each in json.load(error)["reasons"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code}"


def _why(error: Exception) -> str:
    from telegram.error import RetryAfter

    from bot.telegram.client import FOREIGN, NotSent

    if isinstance(error, RetryAfter):
        return TOO_MANY
    said = str(error)
    if FOREIGN in said:
        return NOT_TELEGRAMS
    what = said.partition("(")[2].rstrip(")") or said
    return (NO_CONNECTION if isinstance(error, NotSent) else NO_ANSWER).format(what=what)


def _unreachable(settings: Settings, why: str) -> Result:
    proxy = f"-x {_shown_proxy(settings)} " if settings.proxy else ""
    mend = CHECK_WAY.format(proxy=proxy, origin=_origin(settings))
    text = UNREACHABLE.format(seconds=SECONDS, way=_way(settings), why=why)
    return fault("telegram", text, mend)


def _way(settings: Settings) -> str:
    origin = urlsplit(settings.base_url).netloc
    return f"{origin}，经代理 {_shown_proxy(settings)}" if settings.proxy else origin


def _shown_proxy(settings: Settings) -> str:
    """The proxy's address without user and password."""
    assert settings.proxy is not None
    parts = urlsplit(settings.proxy.get_secret_value())
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _origin(settings: Settings) -> str:
    parts = urlsplit(settings.base_url)
    return f"{parts.scheme}://{parts.netloc}"
