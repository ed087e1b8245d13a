"""
Sends a second of one core, and reminders at their rate, against the tests' own server.

The server runs in a process of its own; the CPU clock is the client's alone. No TLS, no
network: what is measured is the client.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from aiohttp import ClientSession
from telegram import Bot
from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.telegram.client import AiohttpRequest
from bot.telegram.limiter import SendLimiter
from bot.telegram.schedule import Permit, Priority
from tests.bench import CPU, Candidate, compare
from tests.botapi import TOKEN

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 16
SENDS = 320
TEXT = "第三节 12/25\n本年新收政府信息公开申请数量——自然人（件）\n上年：3\n请输入件数，或点按钮。"

REMINDERS_A_SECOND = 300
REMINDERS = 1500
SENDERS = 32

Send = Callable[[int], Awaitable[object]]


@contextmanager
def serving(people: int) -> Iterator[str]:
    """
    The address of a server in its own process.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.botapi", "--people", str(people)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


async def many(send: Send, count: int = SENDS, at_once: int = AT_ONCE) -> int:
    """
    So many sends, this many at once.
    """
    numbers = iter(range(count))

    async def sender() -> None:
        for number in numbers:
            await send(number)

    await asyncio.gather(*(sender() for _ in range(at_once)))
    return count


def sends(origin: str) -> None:
    loop = asyncio.new_event_loop()
    run = loop.run_until_complete

    async def open_session() -> ClientSession:
        return ClientSession()

    session = run(open_session())
    url = f"{origin}/bot{TOKEN}/sendMessage"

    async def bare(number: int) -> object:
        data = {"chat_id": str(number + 1), "text": f"{TEXT}{number}"}
        async with session.post(url, data=data) as response:
            return json.loads(await response.read())

    requests: list[BaseRequest] = []

    def candidate(request: BaseRequest, limiter: SendLimiter | None = None) -> Candidate:
        requests.append(request)
        run(request.initialize())
        bot = ExtBot(TOKEN, base_url=f"{origin}/bot", request=request, rate_limiter=limiter)
        return lambda: run(many(lambda number: bot.send_message(number + 1, f"{TEXT}{number}")))

    far = 1_000_000.0
    limiter = SendLimiter(per_second=far, per_chat=far, per_group_minute=far, reminders=far)
    try:
        found = compare(
            {
                "aiohttp client alone": lambda: run(many(bare)),
                "PTB with our request": candidate(AiohttpRequest()),
                "PTB with our request and limiter": candidate(AiohttpRequest(), limiter),
                "PTB with HTTPXRequest": candidate(HTTPXRequest()),
            },
            goals={"PTB with our request": "≥ 0.45, and 4 times HTTPXRequest"},
            clock=CPU,
        )
        times = found["PTB with our request"] / found["PTB with HTTPXRequest"]
        print(f"our request against HTTPXRequest: {times:.2g} times")
    finally:
        for request in requests:
            run(request.shutdown())
        run(session.close())
        loop.close()


def reminders(origin: str) -> None:
    """
    A few dozen senders over one queue, each chat once, at a scaled-up limit.
    """

    async def work() -> int:
        request = AiohttpRequest()
        limiter = SendLimiter(per_second=1000, reminders=REMINDERS_A_SECOND)
        bot: Bot = ExtBot(TOKEN, base_url=f"{origin}/bot", request=request, rate_limiter=limiter)
        turn = {"rate_limit_args": Permit(Priority.REMINDER)}
        async with request:
            return await many(
                lambda number: bot.send_message(number + 1, TEXT, **turn),  # type: ignore[arg-type]
                REMINDERS,
                SENDERS,
            )

    with urlopen(f"{origin}/arrivals"):
        pass
    sent = asyncio.run(work())
    with urlopen(f"{origin}/arrivals") as answer:
        times = json.load(answer)["sendMessage"]
    rate = (len(times) - 1) / (times[-1] - times[0])
    busiest = max(sum(1 for one in times if start <= one < start + 1) for start in times)
    print(
        f"reminders at {REMINDERS_A_SECOND}/s: {rate / REMINDERS_A_SECOND:.1%} of the rate"
        f" (goal ≥ 98%), {sent - len(times)} lost,"
        f" busiest second {busiest / REMINDERS_A_SECOND:.2f} times the rate (goal ≤ 1.1)"
    )


def run() -> None:
    with serving(REMINDERS) as origin:
        sends(origin)
        reminders(origin)


if __name__ == "__main__":
    run()
