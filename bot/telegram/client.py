"""
How a call reaches Telegram: the library's bot, with parameters as on the wire and aiohttp as the
client behind the library's `BaseRequest`.

The library's own client takes most of the time of a reply; this one sends several times as many
from one core (`tests/bench/sending.py`). It also distinguishes what a sender has to know: after
`NotSent` a call may be repeated, after `MaybeSent` the message may have arrived.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Awaitable
from contextvars import ContextVar
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from telegram import Bot
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import JSONDict, ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.telegram.schedule import Permit
from bot.telegram.upload import Upload, Watch
from bot.watching import metrics

_UNSAFE = re.compile(r"[^A-Za-z0-9_.~-]+")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}

FOREIGN = "the answer is not Telegram's"

# Methods that answer only «done», and what results of others must contain.
_DONE = {"deleteWebhook", "setWebhook"}
_RESULTS: dict[str, tuple[str, type]] = {
    "getFile": ("file_path", str),
    "getMe": ("id", int),
    "getWebhookInfo": ("url", str),
    "sendDocument": ("message_id", int),
    "sendMessage": ("message_id", int),
    "sendPhoto": ("message_id", int),
}

quoted = json.encoder.encode_basestring_ascii  # a text as JSON

# aiohttp would add these; Telegram needs none of them.
_UNNEEDED = ("Accept", "Accept-Encoding")


class NotSent(NetworkError):  # noqa: N818 — named as the library names its own
    """The request surely did not reach Telegram: it may be repeated."""

    __slots__ = ()


class MaybeSent(TimedOut):
    """The request was sent, and no answer came: it may have taken effect, or not."""

    __slots__ = ()


# ---- the bot -----------------------------------------------------------------------------


class _Given:
    """What a client needs of the library's RequestData; the parameters are texts already."""

    __slots__ = ("json_parameters",)
    contains_files = False

    def __init__(self, given: dict[str, str]) -> None:
        self.json_parameters = given


class _Checked(Bot):
    """The library's bot below its limiter, which may repeat a call."""

    __slots__ = ()

    async def _do_post(self, endpoint: str, *given: Any, **how: Any) -> Any:
        return await _answer(endpoint, super()._do_post(endpoint, *given, **how))


class RawBot(ExtBot[Any], _Checked):
    """
    The library's bot, with calls and updates as they are on the wire.

    Its limiter, errors and client are used. Its objects, which cost more than the rest of an
    answer, are only made if they are used.
    """

    async def call(
        self, method: str, permit: Permit | None = None, **data: str | int | None
    ) -> Any:
        """One call of the Bot API with parameters as on the wire; returns the result as in JSON."""
        given = {name: str(value) for name, value in data.items() if value is not None}
        limiter = self.rate_limiter
        assert limiter is not None
        return await limiter.process_request(self._call, (method, given), {}, method, given, permit)

    async def _call(self, method: str, given: dict[str, str]) -> Any:
        data = cast("RequestData", _Given(given))
        return await _answer(method, self.request.post(f"{self.base_url}/{method}", data))

    async def updates(self, offset: int | None, seconds: int, kinds: list[str]) -> list[Any]:
        """
        Wait for updates, each with its number; asking with an offset confirms all before it.

        Raises:
            MaybeSent: The answer is no list of updates.
        """
        answer = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": seconds, "limit": 100, "allowed_updates": kinds},
            read_timeout=seconds + 10,
        )
        if not isinstance(answer, list) or not all(map(_is_update, answer)):
            raise MaybeSent(FOREIGN)
        return answer


async def _answer(method: str, asked: Awaitable[Any]) -> Any:
    """The answer of Telegram to one attempt; a refusal is counted."""
    try:
        return _telegrams(method, await asked)
    except TelegramError as error:
        metrics.count_refusal(error)
        raise


def _telegrams(method: str, result: Any) -> Any:
    """
    The result, if it is an answer of Telegram to this method.

    Raises:
        MaybeSent: Another server has answered.
    """
    fits = True
    if method in _DONE:
        fits = result is True
    elif (expected := _RESULTS.get(method)) is not None:
        name, kind = expected
        fits = isinstance(result, dict) and isinstance(result.get(name), kind)
    if not fits:
        raise MaybeSent(FOREIGN)
    return result


def _is_update(raw: Any) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)


def number_of(message: Any) -> int:
    """Telegram's id of a message that was sent."""
    number: int = message["message_id"]
    return number


def markup(buttons: list[list[list[str]]] | None) -> str | None:
    """The keyboard of a stored message, as Telegram's JSON: rows of id, label and style."""
    if not buttons:
        return None
    rows = (f"[{','.join([_button(*button) for button in row])}]" for row in buttons)
    return f'{{"inline_keyboard":[{",".join(rows)}]}}'


def _button(data: str, label: str, style: str) -> str:
    head = f'{{"text":{quoted(label)}'
    if style == "url":
        return f'{head},"url":{quoted(data)}}}'
    if style:
        return f'{head},"callback_data":{quoted(data)},"style":{quoted(style)}}}'
    return f'{head},"callback_data":{quoted(data)}}}'


# ---- the connection ----------------------------------------------------------------------


class _Progress:
    """How far one request got."""

    __slots__ = ("connected",)

    def __init__(self) -> None:
        self.connected = False


_PROGRESS: ContextVar[_Progress] = ContextVar("progress")


class _DirectConnector(TCPConnector):
    async def connect(self, *args: Any, **kwargs: Any) -> Any:
        connection = await super().connect(*args, **kwargs)
        _PROGRESS.get().connected = True
        return connection


class AiohttpRequest(BaseRequest):
    """
    Calls of the Bot API over a pool of connections.

    Args:
        proxy: `http://`, `https://`, `socks4://` or `socks5://`, with user and password if
            need be. Names are resolved by the proxy. The environment is not asked for one.
        connections: How many at once; a further call waits `pool_timeout` for one to be free.
        read_timeout: Seconds without a byte of the answer; None waits for ever, as with all
            of these.
        write_timeout: Seconds for a call without a file to be taken by the network.
        media_write_timeout: Seconds in which no part of a file could be sent. A slow upload
            that moves is not cut.
    """

    def __init__(
        self,
        *,
        proxy: str | None = None,
        connections: int = 256,
        read_timeout: float | None = 10.0,
        write_timeout: float | None = 10.0,
        connect_timeout: float | None = 10.0,
        pool_timeout: float | None = 5.0,
        media_write_timeout: float | None = 30.0,
    ) -> None:
        self._proxy = proxy
        self._connections = connections
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._media_write_timeout = media_write_timeout
        self._session: ClientSession | None = None
        self._failures: tuple[type[Exception], ...] = (ClientError, OSError, TimeoutError)

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            connector, proxy = self._connector()
            self._session = ClientSession(
                connector=connector,
                proxy=proxy,
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                skip_auto_headers=_UNNEEDED,
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _connector(self) -> tuple[TCPConnector, str | None]:
        """The pool, and the proxy in the form aiohttp knows."""
        limits: dict[str, Any] = {"limit": self._connections, "keepalive_timeout": 30}
        if not (self._proxy and self._proxy.startswith("socks")):
            return _DirectConnector(**limits), self._proxy
        from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError

        self._failures = (*self._failures, ProxyConnectionError, ProxyError, ProxyTimeoutError)
        return _socks_connector(self._proxy, limits), None

    async def clock(self, url: str) -> datetime | None:
        """
        The time at a server, from its answer's head; None if it has none.

        Raises:
            NotSent: There was no connection.
            MaybeSent: No answer came.
        """
        if self._session is None:
            raise NotSent("the client is not initialised")
        progress = _Progress()
        _PROGRESS.set(progress)
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                told = response.headers.get("Date", "")
            return parsedate_to_datetime(told)
        except ValueError:
            return None
        except self._failures as error:
            failure = _failure(error, progress)
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """
        Telegram's answer; the library's own version logs unreadable answers.

        Raises:
            MaybeSent: The answer is incomplete, or not Telegram's.
        """
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            answer = None
        # Raised here: its cause would quote the answer.
        if not isinstance(answer, dict) or {"result", "description"}.isdisjoint(answer):
            raise MaybeSent(FOREIGN)
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """
        One call: its HTTP status and the body of the answer.

        Raises:
            NotSent: There was no connection; nothing went out.
            MaybeSent: The request went out, wholly or in part, and no whole answer came.
        """
        session = self._session
        if session is None:
            raise NotSent("the client is not initialised")
        files = request_data.multipart_data if request_data and request_data.contains_files else {}
        read = _given(read_timeout, self._read_timeout)
        connect = _given(connect_timeout, self._connect_timeout)
        pool = _given(pool_timeout, self._pool_timeout)
        write = _given(write_timeout, self._media_write_timeout if files else self._write_timeout)
        progress = _Progress()
        _PROGRESS.set(progress)
        try:
            if files:
                assert request_data is not None
                upload = Upload(request_data.json_parameters, files)
                timeout = _timeout(read, None, connect, pool)
                async with asyncio.timeout(None) as clock:
                    return await _call(
                        session,
                        method,
                        url,
                        timeout,
                        upload.headers,
                        upload.chunks(Watch(clock, write)),
                    )
            body = encode_form(request_data.json_parameters) if request_data else None
            # A download may take long, as long as bytes arrive.
            timeout = _timeout(read, write if method == "POST" else None, connect, pool)
            return await _call(session, method, url, timeout, _FORM if body else None, body)
        except self._failures as error:
            failure = _failure(error, progress)
        # Raised here: its cause would quote the address, and with it the token.
        raise failure


class WatchedRequest(AiohttpRequest):
    """Our client, which also knows whose calls are under way."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.in_flight: set[asyncio.Task[Any] | None] = set()

    async def do_request(self, *given: Any, **how: Any) -> tuple[int, bytes]:
        """One call; see `AiohttpRequest`."""
        task = asyncio.current_task()
        self.in_flight.add(task)
        try:
            return await super().do_request(*given, **how)
        finally:
            self.in_flight.discard(task)


async def _call(
    session: ClientSession,
    method: str,
    url: str,
    timeout: ClientTimeout,  # noqa: ASYNC109 — aiohttp's own, four limits in one
    headers: dict[str, str] | None,
    body: bytes | AsyncIterator[bytes] | None,
) -> tuple[int, bytes]:
    async with session.request(
        method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
    ) as response:
        answer = await response.read()
    # A refusal by a proxy is no refusal by Telegram.
    if method == "POST" and response.status >= 400 and not answer.lstrip().startswith(b"{"):
        raise MaybeSent(f"{FOREIGN} ({response.status})")
    return response.status, answer


def _socks_connector(proxy: str, limits: dict[str, Any]) -> TCPConnector:
    from aiohttp_socks import ProxyConnector

    class SocksConnector(ProxyConnector):
        async def connect(self, *args: Any, **kwargs: Any) -> Any:
            connection = await super().connect(*args, **kwargs)
            _PROGRESS.get().connected = True
            return connection

    parts = urlsplit(proxy)
    plain = urlunsplit(parts._replace(scheme=parts.scheme.removesuffix("h")))
    return SocksConnector.from_url(plain, rdns=True, **limits)


def _given(value: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(value, DefaultValue) else value


@lru_cache(maxsize=64)
def _timeout(
    read: float | None, write: float | None, connect: float | None, pool: float | None
) -> ClientTimeout:
    """
    The time limits of a call; aiohttp has none for writing, so one for writing limits the whole
    call.
    """
    connecting = None if connect is None or pool is None else connect + pool
    total = None
    if write is not None and read is not None and connecting is not None:
        total = connecting + write + read
    return ClientTimeout(total=total, connect=connecting, sock_connect=connect, sock_read=read)


def _failure(error: Exception, progress: _Progress) -> NetworkError:
    """What happened, in words that are safe to show: the class and the system's reason."""
    if isinstance(error, ClientConnectorError):
        error = error.os_error
    number = getattr(error, "errno", None)
    reason = os.strerror(number) if number and number > 0 else getattr(error, "strerror", None)
    what = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
    if not progress.connected:
        return NotSent(f"no connection, nothing was sent ({what})")
    return MaybeSent(f"no answer; the request may have gone out ({what})")


def encode_form(parameters: dict[str, str]) -> bytes:
    """`application/x-www-form-urlencoded`, many times faster than the standard library."""
    return "&".join(f"{name}={_quote(value)}" for name, value in parameters.items()).encode()


def _quote(text: str) -> str:
    return _UNSAFE.sub(_percent, text)


def _percent(run: re.Match[str]) -> str:
    return "%" + run[0].encode("utf-8", "replace").hex("%")
