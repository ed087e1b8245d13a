"""
The server itself: the HTTP side, updates by polling and by webhook, faults.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
import socket
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.botapi.calls import Call, read_parameters
from tests.botapi.errors import ApiError, bad, too_many
from tests.botapi.faults import Fault
from tests.botapi.known import UNASKED, UPDATE_KINDS
from tests.botapi.limits import Limits
from tests.botapi.messages import Button
from tests.botapi.methods import Methods, integer
from tests.botapi.people import PATIENCE, Group, Person
from tests.botapi.state import QUERY_LIFE, Chat, Query

LOOK_EVERY = 0.2  # seconds between two looks at what this server is not told of
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"


def hold_port(port: int = 0) -> socket.socket:
    """
    Keep a port of 127.0.0.1 from other processes until the socket is closed.

    Nobody listens there yet; a server that is given its number still may.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    return held


@dataclass
class Delivery:
    """
    How updates are handed out.

    Args:
        copies: Each is delivered that many times.
        overtaking: By webhook, the updates of one chat may be in flight at once and overtake
            each other; else only those of different chats.
        shuffle: Deliver what waits in a random order (webhook, overtaking), by this source of
            chance.
        lost_answers: So many of the bot's next answers to a webhook get lost: the update
            comes again although it was taken.
        retry: Seconds until a refused delivery is tried again, doubled each time up to 20-fold.
    """

    copies: int = 1
    overtaking: bool = False
    shuffle: random.Random | None = None
    lost_answers: int = 0
    retry: float = 0.02
    timeout: float = 10.0


class BotServer(Methods):
    """
    One bot's Bot API server, on a free port of 127.0.0.1.

    Attributes:
        calls: Every call, oldest first, with its outcome.
        limits: The sending rates to hold the bot to; None does not count.
        delivery: How updates are handed out.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = "nianbao_bot",
        limits: Limits | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(token, username, limits)
        self.port = port
        self.delivery = Delivery()
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.webhook: dict[str, Any] = {}
        self.webhook_errors: list[str] = []
        self.deliveries: list[tuple[int, int]] = []
        self.keep_calls = True
        self._next_update = random.randrange(10_000, 900_000_000)
        self._updates: deque[dict[str, Any]] = deque()
        self._repeated = False
        self._allowed: frozenset[str] = UPDATE_KINDS - UNASKED
        self._arrived = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None
        self._in_flight: set[int] = set()
        self._failures: dict[int, int] = defaultdict(int)
        self._not_before: dict[int, float] = {}
        self._deliverer: asyncio.Task[None] | None = None
        self._held: socket.socket | None = None
        self._runner: web.ServerRunner | None = None
        self._site: web.SockSite | None = None
        self._http: ClientSession | None = None
        self._methods: dict[str, Callable[[Call], Any]] = {
            _endpoint(name): getattr(self, name) for name in dir(self) if name.startswith("do_")
        }

    # ---- being there ---------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self._held = hold_port(self.port)
        self.port = self._held.getsockname()[1]
        self._runner = web.ServerRunner(
            web.Server(self._handle, access_log=None), shutdown_timeout=0.1
        )
        await self._runner.setup()
        self._http = ClientSession()
        await self._listen()
        self._deliverer = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        if self._deliverer:
            self._deliverer.cancel()
            await asyncio.gather(self._deliverer, return_exceptions=True)
        self._end_poll(None)
        if self._http:
            await self._http.close()
        if self._runner:
            self._cut_all()
            await self._runner.cleanup()
        if self._held:
            self._held.close()

    async def _listen(self) -> None:
        assert self._runner
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A small window, so that a slow reader is felt by the one who sends.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        listener.bind(("127.0.0.1", self.port))
        self._site = web.SockSite(self._runner, listener)
        await self._site.start()

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """
        Nobody answers: every connection is cut, and new ones are refused.
        """
        assert self._site
        await self._site.stop()
        self._cut_all()
        self._end_poll(None)
        try:
            yield
        finally:
            await self._listen()

    def _cut_all(self) -> None:
        assert self._runner
        assert self._runner.server
        for connection in list(self._runner.server.connections):
            if connection.transport:
                connection.transport.abort()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """
        What the library puts the token behind.
        """
        return f"{self.origin}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.origin}/file/bot"

    def person(self, name: str = "王芳", user_id: int | None = None, **about: Any) -> Person:
        """
        Somebody with a phone; without `user_id` a new one.
        """
        found = Person(self, user_id or 1_000_000_001 + len(self.chats), name, **about)
        self.chats.setdefault(found.id, Chat(found.id)).people[found.id] = found
        return found

    def group(self, title: str, *people: Person, kind: str = "supergroup") -> Group:
        """
        A group with these people in it, and the bot, in privacy mode.
        """
        chat = Chat(-1_001_000_000_000 - len(self.chats), kind, title, started=True)
        chat.people = {person.id: person for person in people}
        self.chats[chat.id] = chat
        return Group(self, chat)

    # ---- what a test asks ----------------------------------------------------------------

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def pending(self) -> int:
        """
        Updates that the bot has not confirmed.
        """
        return len(self._updates)

    def fail(self, method: str = "*", **how: Any) -> Fault:
        """
        Play a fault on the next calls: `server.fail("sendMessage", cut="after")`.
        """
        fault = Fault(method, **how)
        self.faults.append(fault)
        return fault

    async def until(
        self,
        condition: Callable[[], Any],
        what: str,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> Any:
        """
        Wait for something to become true, looking whenever anything happens here, and now and then.
        """
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self._changed.clear()
            if found := condition():
                return found
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):  # it may be true in the store alone
                    await self._changed.wait()
        raise AssertionError(f"after {timeout} s still not: {what}")

    async def handled(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """
        Wait until the bot has confirmed every update.
        """
        await self.until(lambda: not self._updates, "every update confirmed", timeout)

    async def quiet(self, seconds: float = 0.1, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """
        Wait until the bot has called nothing but getUpdates for a while.
        """
        end = time.monotonic() + timeout
        while True:
            last = max((call.at for call in self.calls if call.method != "getUpdates"), default=0.0)
            left = last + seconds - time.monotonic()
            if left <= 0:
                return
            assert time.monotonic() < end, "the bot does not come to rest"
            await asyncio.sleep(min(left, seconds))

    def expire_queries(self) -> None:
        """
        Let the taps so far be too old to be answered.
        """
        for query in self.queries.values():
            query.at -= 2 * QUERY_LIFE

    # ---- updates -------------------------------------------------------------------------

    def push(self, kind: str, content: dict[str, Any]) -> int:
        """
        Put an update into the queue, as JSON; returns its id.
        """
        self._next_update += 1
        if kind in self._allowed:
            self._updates.append({"update_id": self._next_update, kind: content})
            self._arrived.set()
        return self._next_update

    def push_again(self, update_id: int, content: dict[str, Any]) -> None:
        """
        Deliver an update once more, under its old id.
        """
        self._updates.append({"update_id": update_id, **content})
        self._repeated = True
        self._arrived.set()

    # ---- the HTTP side -------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        method = "?"
        try:
            path = request.rel_url.raw_path
            if path.startswith("/file/bot"):
                return self._send_file(path.removeprefix("/file/bot"))
            method = self._method(path)
            return await self._answer(request, method)
        except ApiError as error:
            return _response(error.code, error.body())
        except ConnectionError:
            return web.Response()  # to nobody: the caller has gone in the middle of it

    def _method(self, path: str) -> str:
        token, _, method = path.removeprefix("/bot").partition("/")
        token = token.replace("%3A", ":")
        if not path.startswith("/bot") or not re.fullmatch(r"\d+:[\w-]+", token) or not method:
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")
        return method

    async def _answer(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        call = Call(method, {}, at=time.monotonic())
        if self.keep_calls:
            self.calls.append(call)
            self.changed()
        body = await self._read(request, self._fault(method, None, "slow"))
        call.parameters, call.files = read_parameters(
            request.rel_url.raw_query_string, request.headers.get("Content-Type", ""), body
        )
        call.at = time.monotonic()
        fault = self._fault(method, call.chat)
        if fault:
            fault.done += 1
            call.outcome = f"fault: {fault.error or fault.cut or 'delay'}"
            if fault.cut != "after":
                await asyncio.sleep(fault.delay)
            if fault.cut == "before":
                return self._cut(request)
            if fault.error or (fault.body is not None and not fault.cut):
                self.changed()
                return _faulty(fault)
        try:
            result = await self._perform(call)
        except ApiError as error:
            call.outcome = error.description
            self.changed()
            if error.code == 413:
                return web.Response(status=413, text="Request Entity Too Large")
            raise
        call.result = result
        call.outcome = call.outcome or "ok"
        self.changed()
        if fault and fault.cut == "after":
            await asyncio.sleep(fault.delay)
            return self._cut(request) if fault.body is None else _faulty(fault)
        return _response(200, {"ok": True, "result": result})

    @staticmethod
    async def _read(request: web.BaseRequest, slow: Fault | None) -> bytes:
        """
        The body; at the fault's pace if there is one.
        """
        if slow is None or slow.slow is None:
            pieces = [piece async for piece in request.content.iter_any()]
            return b"".join(pieces)
        slow.done += 1
        found = bytearray()
        while data := await request.content.read(64 * 1024):
            found += data
            await asyncio.sleep(len(data) / slow.slow)
        return bytes(found)

    def _fault(self, method: str, chat: int | None, only: str = "") -> Fault | None:
        for fault in self.faults:
            if bool(fault.slow) == bool(only) and fault.fits(method, chat):
                return fault
        return None

    @staticmethod
    def _cut(request: web.BaseRequest) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def _perform(self, call: Call) -> Any:
        perform = self._methods.get(call.method)
        if perform is None:
            raise ApiError(404, "Not Found")
        found = perform(call)
        return await found if isinstance(found, Awaitable) else found

    def _send_file(self, rest: str) -> web.Response:
        token, _, path = rest.replace("%3A", ":").partition("/")
        found = [file for file in self.files.values() if file.path == path]
        if token != self.token or not found:
            raise ApiError(404, "Not Found")
        return web.Response(body=found[0].content, content_type="application/octet-stream")

    # ---- receiving updates ---------------------------------------------------------------

    async def do_get_updates(self, call: Call) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        offset = integer(call, "offset", 0)
        limit = integer(call, "limit", 100)
        timeout = float(call.parameters.get("timeout") or 0)
        self._allow(call)
        self._end_poll(
            ApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        )
        if offset < 0:
            while len(self._updates) > -offset:
                self._updates.popleft()
        else:
            while self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            if self._repeated:
                self._repeated = False
                kept = [one for one in self._updates if one["update_id"] >= offset]
                self._updates = deque(kept)
        self.changed()
        if not self._updates and timeout > 0:
            await self._wait_for_update(timeout)
        first = itertools.islice(self._updates, limit)
        batch = [one for one in first for _ in range(self.delivery.copies)]
        self.deliveries += [(one["update_id"], 0) for one in batch]
        return batch

    async def _wait_for_update(self, seconds: float) -> None:
        poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poll
        self._arrived.clear()
        arrived: asyncio.Future[Any] = asyncio.ensure_future(self._arrived.wait())
        try:
            await asyncio.wait(
                {arrived, poll}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if poll.done():
                poll.result()
        finally:
            arrived.cancel()
            if self._poller is poll:
                self._poller = None

    def _end_poll(self, error: ApiError | None) -> None:
        poll, self._poller = self._poller, None
        if poll and not poll.done():
            if error:
                poll.set_exception(error)
            else:
                poll.set_result(None)

    def _allow(self, call: Call) -> None:
        if "allowed_updates" not in call.parameters:
            return
        wanted = call.parameters["allowed_updates"] or []
        if not isinstance(wanted, list):
            raise bad("can't parse allowed_updates JSON array")
        self._allowed = frozenset(wanted) or UPDATE_KINDS - UNASKED

    def do_set_webhook(self, call: Call) -> bool:
        given = call.parameters
        url = given.get("url", "")
        secret = given.get("secret_token", "")
        if not re.match(r"https?://", url):
            raise bad("bad webhook: invalid webhook URL specified")
        if self.token in url:
            raise AssertionError("the token stands in the webhook's address")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        connections = integer(call, "max_connections", 40)
        if not 1 <= connections <= 100:
            raise bad("max_connections must be between 1 and 100")
        self._allow(call)
        if given.get("drop_pending_updates") is True:
            self._updates.clear()
        self._end_poll(ApiError(409, "Conflict: terminated by setWebhook request"))
        self.webhook = {"url": url, "secret": secret, "connections": connections}
        self._arrived.set()
        return True

    def do_delete_webhook(self, call: Call) -> bool:
        if call.parameters.get("drop_pending_updates") is True:
            self._updates.clear()
        self.webhook = {}
        return True

    def do_get_webhook_info(self, _call: Call) -> dict[str, Any]:
        found: dict[str, Any] = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self.webhook:
            found["max_connections"] = self.webhook["connections"]
        if self.webhook_errors:
            found["last_error_date"] = int(time.time())
            found["last_error_message"] = self.webhook_errors[-1]
        return found

    async def _deliver(self) -> None:
        """
        Hand updates to the webhook, `max_connections` at once, each until it is taken.
        """
        tasks: set[asyncio.Task[None]] = set()
        try:
            while True:
                self._arrived.clear()
                wait = self._next_delivery(tasks)
                try:
                    async with asyncio.timeout(wait):
                        await self._arrived.wait()
                except TimeoutError:
                    pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _next_delivery(self, tasks: set[asyncio.Task[None]]) -> float | None:
        """
        Start what can be started; seconds until a retry is due.
        """
        if not self.webhook:
            return None
        now = time.monotonic()
        waiting = [one for one in self._updates if one["update_id"] not in self._in_flight]
        if self.delivery.overtaking and self.delivery.shuffle:
            self.delivery.shuffle.shuffle(waiting)
        busy = {_queue(one) for one in self._updates if one["update_id"] in self._in_flight}
        for update in waiting:
            if not self.delivery.overtaking:
                if _queue(update) in busy:
                    continue
                busy.add(_queue(update))
            if len(self._in_flight) >= self.webhook["connections"]:
                return None
            if self._not_before.get(update["update_id"], 0) > now:
                continue
            self._in_flight.add(update["update_id"])
            task = asyncio.create_task(self._post(update))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        return min((t - now for t in self._not_before.values() if t > now), default=None)

    async def _post(self, update: dict[str, Any]) -> None:
        number = update["update_id"]
        problem = ""
        try:
            for _ in range(self.delivery.copies):
                problem = problem or await self._post_once(update)
        finally:
            self._in_flight.discard(number)
            if problem:
                self.webhook_errors.append(problem)
                self._failures[number] += 1
                pause = self.delivery.retry * min(2 ** (self._failures[number] - 1), 20)
                self._not_before[number] = time.monotonic() + pause
            else:
                self._not_before.pop(number, None)
                self._updates = deque(one for one in self._updates if one is not update)
            self._arrived.set()
            self.changed()

    async def _post_once(self, update: dict[str, Any]) -> str:
        assert self._http
        headers = {"Content-Type": "application/json"}
        if self.webhook.get("secret"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret"]
        try:
            async with self._http.post(
                self.webhook["url"],
                data=json.dumps(update).encode(),
                headers=headers,
                timeout=ClientTimeout(total=self.delivery.timeout),
            ) as response:
                await response.read()
                self.deliveries.append((update["update_id"], response.status))
                if not 200 <= response.status < 300:
                    return f"Wrong response from the webhook: {response.status} {response.reason}"
        except (ClientError, OSError, TimeoutError) as error:
            self.deliveries.append((update["update_id"], 0))
            return f"{type(error).__name__}: Connection failed"
        if self.delivery.lost_answers:
            self.delivery.lost_answers -= 1
            return "Read timeout expired"
        return ""

    # ---- a person taps -------------------------------------------------------------------

    def tap(self, person: Person, button: Button, **changed: Any) -> Query:
        """
        A callback query for this button, whatever its message looks like by now.
        """
        assert button.data is not None, f"{button} does nothing that reaches the bot"
        query = Query(
            str(random.getrandbits(63)),
            person,
            button.message,
            button.chat,
            button.data,
            time.monotonic(),
        )
        self.queries[query.id] = query
        self.push(
            "callback_query",
            {
                "id": query.id,
                "from": person.as_json(),
                "message": self.message_json(self.chats[button.chat].messages[button.message]),
                "chat_instance": str(button.chat * 7),
                "data": button.data,
                **changed,
            },
        )
        return query


def _queue(update: dict[str, Any]) -> int:
    """
    Updates of one queue are delivered one after the other: those of one chat.
    """
    for content in update.values():
        if isinstance(content, dict):
            about = content.get("message", content)
            chat = about.get("chat") or about.get("from") or {}
            return int(chat.get("id", 0))
    return 0


def _endpoint(name: str) -> str:
    """
    The method's name on the wire: `do_send_message` is `sendMessage`.
    """
    first, *rest = name.removeprefix("do_").split("_")
    return first + "".join(part.capitalize() for part in rest)


def _response(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json"
    )


def _faulty(fault: Fault) -> web.Response:
    if fault.body is not None:
        status = fault.error or 200
        return web.Response(status=status, text=fault.body, content_type="text/html")
    assert fault.error
    if fault.error == 429:
        return _response(429, too_many(fault.retry_after).body())
    phrase = HTTPStatus(fault.error).phrase
    if fault.error >= 500 and not fault.description:
        page = f"<html><head><title>{fault.error} {phrase}</title></head></html>"
        return web.Response(status=fault.error, text=page, content_type="text/html")
    error = ApiError(fault.error, fault.description or f"{phrase}: made to fail")
    return _response(fault.error, error.body())
