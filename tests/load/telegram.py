"""
Telegram with its clerks, in this process; the program's processes are behind its webhook.

Updates of one chat are delivered one after another, those of different chats beside each other,
as many as the program has asked for; each goes to one of the processes, as a balancer would send
it, and to the next where that one is away.
"""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientTimeout, TCPConnector

from conversations.wording import door as words
from tests.botapi import TOKEN, BotServer, Person
from tests.botapi.calls import Call
from tests.botapi.messages import Button, Message
from tests.botapi.state import Chat
from tests.load.clerks import Clerk, Step

KEPT = 8  # messages of a chat
RETRY = 0.1  # seconds until a refused delivery is tried again
PATIENCE = ClientTimeout(total=30)  # for a delivery


@dataclass
class Waits:
    """
    Seconds from a delivery to its acknowledgement, and from an answer to the reply.
    """

    acknowledged: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)
    changes: int = 0  # of the updates that were answered: those that changed the report
    late: int = 0  # answers for which, at their time, nobody was free


class Telegram(BotServer):
    """
    The server, its clerks, and how long each of them waited.

    `heard` is called with each clerk who has read the reply, or who was told that there may be
    none; `lost_answers` of the next acknowledgements get lost, so the update comes again.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(TOKEN)
        self.keep_calls = False
        self.ports: list[int] = []
        self.chance = random.Random(seed)
        self.waits = Waits()
        self.heard: Callable[[Clerk], None] = lambda _: None
        self.clerks: dict[int, Clerk] = {}
        self.lost_answers = 0
        self.busy: float = 0.0  # CPU seconds of the clerks themselves
        self._began: dict[int, float] = {}
        self._rows: dict[int, deque[dict[str, Any]]] = {}
        self._delivering: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(40)

    async def start(self) -> None:
        await super().start()
        assert self._http
        await self._http.close()
        self._http = type(self._http)(connector=TCPConnector(limit=0))

    async def stop(self) -> None:
        for task in self._delivering:
            task.cancel()
        await asyncio.gather(*self._delivering, return_exceptions=True)
        await super().stop()

    # ---- what clerks do ------------------------------------------------------------------

    def sit(self, clerk: Clerk) -> None:
        """
        A clerk takes the phone.
        """
        self.clerks[clerk.id] = clerk
        self.person(f"芳{clerk.number}", clerk.id)
        self.chats[clerk.id].started = True

    def act(self, clerk: Clerk, since: float | None = None) -> None:
        """
        The clerk's next step; they wait `since` then, or from now on.
        """
        began = time.thread_time()
        step = clerk.steps[clerk.sent]
        clerk.sent += 1
        self._began[clerk.id] = since or time.monotonic()
        chat = self.chats[clerk.id]
        person = chat.people[clerk.id]
        if step.typed:
            message = self.new_message(chat, clerk.id, text=step.typed)
            if step.typed.startswith("/"):
                command = {"type": "bot_command", "offset": 0, "length": len(step.typed)}
                message.entities = (command,)
            self.push("message", self.message_json(message))
        else:
            self.tap(person, self._button(chat, person, step))
        self.busy += time.thread_time() - began

    def _button(self, chat: Chat, person: Person, step: Step) -> Button:
        for message in reversed(chat.messages.values()):
            for button in message.buttons:
                verb = (button.data or "").partition("/")[2]
                if step.tapped in (verb, verb.partition(":")[0]):
                    return button
        raise AssertionError(f"no {step.tapped} for {person.name}: {list(chat.messages.values())}")

    # ---- what they are shown -------------------------------------------------------------

    def do_send_message(self, call: Call) -> dict[str, Any]:
        found = super().do_send_message(call)
        self._shown(call, found["text"])
        return found

    def do_edit_message_text(self, call: Call) -> Any:
        """
        Looking whether a reply has arrived may write it over the word that the store is away.
        """
        chat = self.chats.get(call.chat or 0)
        before = chat and chat.messages.get(int(call.parameters.get("message_id") or 0))
        is_over = before and before.text == words.NOT_KEPT_YET
        found = super().do_edit_message_text(call)
        if is_over:
            self._shown(call, call.parameters["text"])
        return found

    def _shown(self, call: Call, said: str) -> None:
        began = time.thread_time()
        clerk = self.clerks.get(call.chat or 0)
        answered = clerk.answered if clerk else 0
        if clerk is not None and clerk.reads(said):
            if clerk.answered > answered:
                self.waits.replied.append(time.monotonic() - self._began[clerk.id])
                self.waits.changes += bool(clerk.steps[answered].changes)
            self.heard(clerk)
        self.busy += time.thread_time() - began

    def new_message(self, chat: Chat, sender: int, **content: Any) -> Message:
        made = super().new_message(chat, sender, **content)
        chat.messages.pop(made.id - KEPT, None)
        return made

    def do_answer_callback_query(self, call: Call) -> bool:
        found = super().do_answer_callback_query(call)
        self.queries.pop(call.parameters["callback_query_id"], None)
        return bool(found)

    # ---- delivering ----------------------------------------------------------------------

    def do_set_webhook(self, call: Call) -> bool:
        found = super().do_set_webhook(call)
        self._room = asyncio.Semaphore(self.webhook["connections"])
        return bool(found)

    def push(self, kind: str, content: dict[str, Any]) -> int:
        self._next_update += 1
        about = content.get("message", content)
        chat = int(about["chat"]["id"])
        row = self._rows.setdefault(chat, deque())
        row.append({"update_id": self._next_update, kind: content})
        if len(row) == 1:
            task = asyncio.create_task(self._deliver_row(row))
            self._delivering.add(task)
            task.add_done_callback(self._delivering.discard)
        return self._next_update

    @property
    def pending(self) -> int:
        return sum(map(len, self._rows.values()))

    async def _deliver_row(self, row: deque[dict[str, Any]]) -> None:
        while row:
            body = json.dumps(row[0]).encode()
            began = time.monotonic()
            while not await self._delivered(body):  # noqa: ASYNC110 - as Telegram does
                await asyncio.sleep(RETRY)
            self.waits.acknowledged.append(time.monotonic() - began)
            row.popleft()

    async def _delivered(self, body: bytes) -> bool:
        assert self._http
        secret = self.webhook.get("secret") or ""
        headers = {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": secret,
        }
        async with self._room:
            for port in self.chance.sample(self.ports, len(self.ports)):
                try:
                    async with self._http.post(
                        f"http://127.0.0.1:{port}/hook",
                        data=body,
                        headers=headers,
                        timeout=PATIENCE,
                    ) as answer:
                        await answer.read()
                        if answer.status == 200 and self.lost_answers:
                            self.lost_answers -= 1
                            return False
                        return answer.status == 200
                except (ClientError, OSError, TimeoutError):
                    continue
        return False
