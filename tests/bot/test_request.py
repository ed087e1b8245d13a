import asyncio
import io
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, InputFile, InputMediaDocument, Update
from telegram.error import NetworkError

from bot.telegram.client import AiohttpRequest, MaybeSent, NotSent, encode_form
from tests.bot.telegram.door import free_port
from tests.botapi import TOKEN, BotServer, Person

SECRET = TOKEN.partition(":")[2]


@pytest.fixture
async def server() -> AsyncIterator[BotServer]:
    async with BotServer() as found:
        yield found


@pytest.fixture
async def person(server: BotServer) -> Person:
    found = server.person("王芳")
    await found.starts()
    return found


@asynccontextmanager
async def bot_of(server: BotServer, base: str | None = None, **how: Any) -> AsyncIterator[Bot]:
    """
    A bot whose calls all go through our client, without the getMe of a real start.
    """
    found = Bot(
        TOKEN,
        base_url=base or server.base_url,
        base_file_url=server.base_file_url,
        request=(request := AiohttpRequest(**how)),
        get_updates_request=(polling := AiohttpRequest(**how)),
    )
    async with request, polling:
        yield found


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[int]:
    """
    The port on which this handler takes connections; at the end none is left.
    """
    tasks: set[asyncio.Task[Any]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def is_silent_about_the_token(error: BaseException) -> bool:
    """
    Neither in the text nor anywhere in the chain of causes and contexts.
    """
    seen: list[BaseException] = []
    rest: list[BaseException | None] = [error]
    while rest:
        one = rest.pop()
        if one is not None and one not in seen:
            seen.append(one)
            rest += [one.__cause__, one.__context__]
    told = "".join(map(repr, seen)) + "".join(traceback.format_exception(error))
    return SECRET not in told


# ---- what goes out -----------------------------------------------------------------------


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,10}", fullmatch=True),
        st.text(st.characters(exclude_categories=["Cs"])),
    )
)
def test_a_form_says_what_was_put_into_it(parameters: dict[str, str]):
    """
    Whatever a clerk types reaches Telegram as typed.
    """
    found = encode_form(parameters)

    assert parameters == dict(parse_qsl(found.decode("ascii"), keep_blank_values=True))


def test_half_a_character_does_not_stop_a_message():
    """
    A lone surrogate cannot be sent; the rest of the text can.
    """
    assert b"text=a%3fb" == encode_form({"text": "a\ud800b"})


async def test_files_go_out_from_bytes_and_from_open_files(server: BotServer, person: Person):
    """
    Read in pieces, under the name as it is; what could end the header is taken out.
    """
    content = bytes(range(256)) * 2000
    handle = InputFile(io.BytesIO(content), "报告 2023.docx", read_file_handle=False)
    nasty = 'a"b\r\nX: y\\.txt'

    async with bot_of(server) as bot:
        await bot.send_document(person.id, handle, caption="甲 & 乙")
        await bot.send_document(person.id, content, filename=nasty)
        await bot.send_media_group(
            person.id,
            [
                InputMediaDocument(InputFile(content, f"{n}.docx", attach=True), caption=str(n))
                for n in range(2)
            ],
        )

    assert ["报告 2023.docx", "a_b__X: y_.txt", "0.docx", "1.docx"] == [
        one.file_name for one in person.documents
    ]
    assert {content} == {one.file for one in person.documents}
    assert ["甲 & 乙", "", "0", "1"] == [one.text for one in person.documents]


async def test_many_calls_share_a_few_connections(server: BotServer, person: Person):
    """
    Who finds none free waits its turn.
    """
    async with bot_of(server, connections=3) as bot:
        await asyncio.gather(*(bot.send_message(person.id, str(n)) for n in range(60)))

    assert {str(n) for n in range(60)} == {one.text for one in person.from_bot}


async def test_a_client_can_be_shut_down_twice_and_started_again(server: BotServer, person: Person):
    """
    As the library does around a restart; in between a call says that nothing went out.
    """
    request = AiohttpRequest()
    bot = Bot(TOKEN, base_url=server.base_url, request=request)
    await request.initialize()
    await request.shutdown()
    await request.shutdown()
    with pytest.raises(NotSent):
        await bot.send_message(person.id, "1")
    async with request:
        await bot.send_message(person.id, "2")

    assert ["2"] == [one.text for one in person.from_bot]


# ---- what did not go out, and what may have ----------------------------------------------


async def test_without_a_connection_nothing_was_sent(server: BotServer, person: Person):
    """
    Refused: it may be repeated.
    """
    async with bot_of(server, f"http://127.0.0.1:{free_port()}/bot") as bot:
        with pytest.raises(NotSent) as caught:
            await bot.send_message(person.id, "1")

    assert "refused" in str(caught.value)
    assert is_silent_about_the_token(caught.value)


async def test_a_handshake_that_hangs_has_sent_nothing(person: Person, server: BotServer):
    """
    A proxy or a wall that takes the connection and is silent.
    """

    async def silence(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        while await reader.read(1024):
            pass

    async with listening(silence) as port:
        base = f"https://127.0.0.1:{port}/bot"
        async with bot_of(server, base, connect_timeout=0.1) as bot:
            with pytest.raises(NotSent) as caught:
                await bot.send_message(person.id, "1")

    assert is_silent_about_the_token(caught.value)


async def test_who_waits_too_long_for_a_connection_has_sent_nothing(
    server: BotServer, person: Person
):
    """
    The pool is full: the call never left.
    """
    # The first has time to connect on a busy machine, and is held until the second is refused.
    server.fail("sendMessage", delay=2)
    async with bot_of(server, connections=1, read_timeout=60) as bot:
        first = asyncio.create_task(bot.send_message(person.id, "1", connect_timeout=30))
        await server.until(lambda: server.called("sendMessage"), "the first call")
        with pytest.raises(NotSent) as caught:
            await bot.send_message(person.id, "2", pool_timeout=0.02, connect_timeout=0.02)
        await first

    assert ["1"] == [one.text for one in person.from_bot]
    assert is_silent_about_the_token(caught.value)


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        ({"cut": "before"}, {}),
        ({"cut": "after"}, {}),
        ({"cut": "after", "delay": 0.3}, {"read_timeout": 0.05}),
    ],
)
async def test_after_a_request_has_left_its_fate_is_unknown(
    server: BotServer, person: Person, fault: dict[str, Any], how: dict[str, Any]
):
    """
    Cut or late: the bot must not simply send it again.
    """
    server.fail("sendMessage", **fault)
    async with bot_of(server, **how) as bot:
        with pytest.raises(MaybeSent) as caught:
            await bot.send_message(person.id, "1")

    assert is_silent_about_the_token(caught.value)


async def test_an_answer_cut_in_the_middle_leaves_the_fate_unknown(
    server: BotServer, person: Person
):
    """
    The head came, the body did not.
    """

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok": true')

    async with listening(half) as port, bot_of(server, f"http://127.0.0.1:{port}/bot") as bot:
        with pytest.raises(MaybeSent) as caught:
            await bot.send_message(person.id, "1")

    assert is_silent_about_the_token(caught.value)


async def test_an_answer_that_is_no_json_is_neither_shown_nor_logged(
    person: Person, server: BotServer, caplog: pytest.LogCaptureFixture
):
    """
    It may hold what people wrote.
    """

    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n<html>295</htm")

    async with listening(page) as port, bot_of(server, f"http://127.0.0.1:{port}/bot") as bot:
        with pytest.raises(MaybeSent, match="not Telegram's") as caught:
            await bot.send_message(person.id, "1")

    assert "295" not in caplog.text + "".join(traceback.format_exception(caught.value))
    assert is_silent_about_the_token(caught.value)


async def test_an_upload_may_be_slow_as_long_as_it_moves(server: BotServer, person: Person):
    """
    A township's line is thin; only a standstill is cut.
    """
    content = bytes(6 * 1024 * 1024)
    server.fail("sendDocument", slow=2 * 1024 * 1024)
    async with bot_of(server, media_write_timeout=2.5, read_timeout=60) as bot:
        await bot.send_document(person.id, content, filename="a.docx")

    assert [len(content)] == [len(one.file or b"") for one in person.documents]


async def test_an_upload_that_stands_still_is_cut(server: BotServer, person: Person):
    """
    Its fate is unknown, strictly speaking.
    """
    server.fail("sendDocument", slow=20_000)
    async with bot_of(server, media_write_timeout=0.1) as bot:
        with pytest.raises(MaybeSent) as caught:
            await bot.send_document(person.id, bytes(16 * 1024 * 1024), filename="a.docx")

    assert [] == person.documents
    assert is_silent_about_the_token(caught.value)


async def test_timeouts_of_one_call_go_before_those_of_the_client(
    server: BotServer, person: Person
):
    """
    As with the library's own client: None waits for ever.
    """
    server.fail("sendMessage", delay=0.15, times=None)
    async with bot_of(server, read_timeout=0.05) as bot:
        await bot.send_message(person.id, "1", read_timeout=None)
        with pytest.raises(MaybeSent):
            await bot.send_message(person.id, "2", write_timeout=None)
        assert 0.05 == bot.request.read_timeout


async def test_a_proxys_page_for_502_is_an_error_of_the_network(server: BotServer, person: Person):
    """
    HTML is not taken for an answer, and whether the call was carried out is not known.
    """
    server.fail("sendMessage", error=502)
    async with bot_of(server) as bot:
        with pytest.raises(NetworkError, match="502") as caught:
            await bot.send_message(person.id, "1")

    assert not isinstance(caught.value, NotSent)
    assert is_silent_about_the_token(caught.value)


# ---- proxies -----------------------------------------------------------------------------


class Proxy:
    """
    A proxy in front of a server, speaking SOCKS5 or HTTP; notes whom it was asked for.
    """

    def __init__(self, target: int, *, refuses: bool = False) -> None:
        self.target = target
        self.refuses = refuses
        self.asked: list[str] = []

    async def socks5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        if 2 in methods:
            writer.write(b"\x05\x02")
            await reader.readexactly(1)
            user = await reader.readexactly((await reader.readexactly(1))[0])
            password = await reader.readexactly((await reader.readexactly(1))[0])
            self.asked.append(f"{user.decode()}/{password.decode()}")
            writer.write(b"\x01\x00")
        else:
            writer.write(b"\x05\x00")
        _, _, _, kind = await reader.readexactly(4)
        assert 3 == kind, "the name was resolved here, not by the proxy"
        host = await reader.readexactly((await reader.readexactly(1))[0])
        await reader.readexactly(2)
        self.asked.append(host.decode())
        answer = 5 if self.refuses else 0
        writer.write(bytes([5, answer, 0, 1, 0, 0, 0, 0, 0, 0]))
        if not self.refuses:
            await self._join(reader, writer)

    async def http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.asked.append(lines[0].replace(TOKEN, "<token>"))
        self.asked += [one for one in lines if one.lower().startswith("proxy-authorization")]
        if self.refuses:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        await self._join(reader, writer, head)

    async def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes = b""
    ) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        far_writer.write(first)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
            sink.close()

        try:
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        finally:
            far_writer.close()


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_everything_goes_through_a_socks_proxy_which_resolves_the_name(
    server: BotServer, person: Person, scheme: str
):
    """
    In mainland China the name cannot be resolved rightly at home.
    """
    proxy = Proxy(server.port)
    async with listening(proxy.socks5) as port:
        address = f"{scheme}://user:pass-word@127.0.0.1:{port}"
        base = f"http://api.telegram.invalid:{server.port}/bot"
        async with bot_of(server, base, proxy=address) as bot:
            await bot.send_message(person.id, "1")
            await bot.send_document(person.id, bytes(300_000), filename="年报.docx")
            found = await bot.get_updates(allowed_updates=Update.ALL_TYPES)

    assert ["1", ""] == [one.text for one in person.from_bot]
    assert 1 == len(found)
    assert ["user/pass-word", "api.telegram.invalid"] * 2 == proxy.asked


async def test_everything_goes_through_an_http_proxy(server: BotServer, person: Person):
    """
    With its name and password, which stand in no error.
    """
    proxy = Proxy(server.port)
    async with listening(proxy.http) as port:
        address = f"http://user:pass-word@127.0.0.1:{port}"
        base = "http://api.telegram.invalid/bot"
        async with bot_of(server, base, proxy=address) as bot:
            await bot.send_message(person.id, "1")

    assert ["1"] == [one.text for one in person.from_bot]
    assert [
        "POST http://api.telegram.invalid/bot<token>/sendMessage HTTP/1.1",
        "Proxy-Authorization: Basic dXNlcjpwYXNzLXdvcmQ=",
    ] == proxy.asked


@pytest.mark.parametrize("scheme", ["socks5", "http", "nobody"])
async def test_a_proxy_that_refuses_has_let_nothing_out(
    server: BotServer, person: Person, scheme: str
):
    """
    The message may be sent again, and the proxy's password is not told.
    """
    proxy = Proxy(server.port, refuses=True)
    handler = proxy.socks5 if scheme == "socks5" else proxy.http
    async with listening(handler) as open_port:
        port = free_port() if scheme == "nobody" else open_port
        address = f"{scheme.replace('nobody', 'socks5')}://user:pass-word@127.0.0.1:{port}"
        async with bot_of(server, "https://api.telegram.invalid/bot", proxy=address) as bot:
            with pytest.raises(NotSent) as caught:
                await bot.send_message(person.id, "1")

    assert is_silent_about_the_token(caught.value)
    assert "pass-word" not in "".join(traceback.format_exception(caught.value))


async def test_the_environments_proxy_is_not_used(
    server: BotServer, person: Person, monkeypatch: pytest.MonkeyPatch
):
    """
    There is one setting for it.
    """
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    async with bot_of(server) as bot:
        await bot.send_message(person.id, "1")

    assert ["1"] == [one.text for one in person.from_bot]
