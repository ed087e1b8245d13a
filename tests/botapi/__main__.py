"""
The server as a process of its own: `python -m tests.botapi [--port N] [--people N]`.

Prints its address in the first line and stops when its input ends. The people have the ids
1, 2, … and have pressed Start. `GET /arrivals` gives the times of all calls, in seconds, by
method. For benchmarks: whatever arrives is checked, little is kept.
"""

import argparse
import asyncio
import sys
from collections import defaultdict
from typing import Any

from aiohttp import web

from tests.botapi.calls import Call
from tests.botapi.messages import Message
from tests.botapi.server import TOKEN, BotServer
from tests.botapi.state import Chat


class Counting(BotServer):
    """
    A server that keeps the times of the calls, and of each chat the last few messages.
    """

    def __init__(self, token: str, port: int) -> None:
        super().__init__(token, port=port)
        self.keep_calls = False
        self.arrivals: dict[str, list[float]] = defaultdict(list)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/arrivals":
            found, self.arrivals = self.arrivals, defaultdict(list)
            return web.json_response(found)
        return await super()._handle(request)

    async def _perform(self, call: Call) -> Any:
        self.arrivals[call.method].append(call.at)
        return await super()._perform(call)

    def new_message(self, chat: Chat, sender: int, **content: Any) -> Message:
        made = super().new_message(chat, sender, **content)
        chat.messages.pop(made.id - 20, None)
        return made


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--people", type=int, default=1)
    parser.add_argument("--token", default=TOKEN)
    given = parser.parse_args()
    async with Counting(given.token, given.port) as server:
        for number in range(given.people):
            server.person(f"第{number + 1}人", number + 1)
            server.chats[number + 1].started = True
        print(server.origin, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
