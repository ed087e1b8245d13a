"""
Very much at once, and very strange: everything is taken, in order, and nobody is harmed.
"""

import copy
import random
import time
from pathlib import Path
from typing import Any

import pytest

from tests.bot.telegram.door import ROWS, door, seated, serve
from tests.botapi import BotServer

STRANGE: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "x",
    "\0",
    "\ud800",
    [],
    {},
    [[]],
    {"id": 1},
]
NAMES = ("id", "text", "chat", "from", "message", "data", "document", "caption", "date")
EACH = 10  # updates of one person


@pytest.mark.soak
@pytest.mark.parametrize("people", [1000])
async def test_what_waits_at_the_start_is_handled_in_order_with_bounded_memory(
    tmp_path: Path, people: int
):
    """
    With a thousand people it is ten thousand answers, each to its own question.
    """
    async with BotServer() as server:
        clerks = seated(tmp_path / "data", server, people)
        for number in range(EACH):
            for clerk in clerks:
                await clerk.says(f"{number} 0 0 0 0 0")
        async with serve(tmp_path, server) as running:
            assert running.process is not None
            before = memory(running.process.pid)
            await server.until(lambda: not server.pending, "all of them", 900)
            for clerk in clerks:
                await clerk.sees(f"✓ {ROWS[EACH - 1].short}", timeout=300)
            assert memory(running.process.pid) < before + 60_000

            cells = [row.cells[0].id for row in ROWS[:EACH]]
            for number in range(people):
                answers = running.answers(f"第{number}镇人民政府")
                assert list(range(EACH)) == [answers[cell] for cell in cells]


def memory(process: int, which: str = "VmHWM") -> int:
    """
    The most that a process has had, or what it has now (`VmRSS`), in kB.
    """
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(which)))


@pytest.mark.soak
async def test_a_hundred_thousand_updates_leave_nothing_behind_in_memory(tmp_path: Path):
    """
    Figures, searches and commands of two hundred people. The last four fifths of them may take
    20 MB in all, 250 bytes each: a row or a message that is kept would be more.
    """
    seen: list[int] = []
    async with BotServer() as server:
        clerks = seated(tmp_path / "data", server, 200)
        async with serve(tmp_path, server) as running:
            assert running.process is not None
            for number in range(100):
                for text in (f"{number} 0 0 0 0 0", "/menu", "行政许可", "/status", "/help"):
                    for clerk in clerks:
                        await clerk.says(text)
                await server.until(lambda: not server.pending, "all of them", 900)
                seen.append(memory(running.process.pid, "VmRSS"))
            print(f"memory in kB after each thousand updates: {seen}")
            assert running.process.returncode is None

    assert max(seen[20:]) < seen[20] + 20_000


@pytest.mark.parametrize(
    ("count", "minutes"), [(100, 0), pytest.param(20_000, 10, marks=pytest.mark.soak)]
)
async def test_no_damaged_update_stops_anybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, count: int, minutes: int
):
    """
    Whatever is missing or strange in it, and whoever it is from.
    """
    chance = random.Random(random.randrange(10**9) if minutes else count)
    end, number = time.monotonic() + 60 * minutes, 0
    async with BotServer() as server:
        sender, other = seated(tmp_path / "data", server, 2)
        async with door(tmp_path / "data", server):
            wholes = updates_of(server.message_json(await sender.says("5 0 0 0 0 0")))
            while not number or time.monotonic() < end:
                for _ in range(count):
                    number += 1
                    update = damaged(chance.choice(wholes), chance)
                    server.push_again(3_000_000_000 + number, update)
                await server.until(lambda: not server.pending, "all of them", 900)
            await other.says("7 0 0 0 0 0")

            await other.sees(f"✓ {ROWS[0].short}", timeout=900)
            await sender.says("/menu")
            await sender.sees_next("📋", timeout=900)
    print(f"{number} damaged updates")
    assert "Traceback" not in caplog.text
    assert [] == [line for line in caplog.messages if "error " in line]


def updates_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """
    One of each kind.
    """
    document = {"file_id": "a", "file_unique_id": "b", "file_name": "a.txt", "file_size": 3}
    without = {name: value for name, value in message.items() if name != "text"}
    member = {"user": message["from"], "status": "member"}
    return [
        {"message": message},
        {"edited_message": message},
        {"message": {**without, "document": document, "caption": "c"}},
        {
            "callback_query": {
                "id": "1",
                "from": message["from"],
                "message": message,
                "chat_instance": "1",
                "data": "o:23",
            }
        },
        {
            "my_chat_member": {
                "chat": message["chat"],
                "from": message["from"],
                "date": 1,
                "old_chat_member": member,
                "new_chat_member": member,
            }
        },
    ]


def damaged(whole: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """
    The same with something missing, something strange, or something too many.
    """
    update = copy.deepcopy(whole)
    for _ in range(chance.randint(1, 3)):
        node: Any = update
        while node:
            key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
            if isinstance(node[key], dict | list) and chance.random() < 0.7:
                node = node[key]
                continue
            what = chance.randrange(3)
            if what == 0:
                del node[key]
            elif what == 1 or isinstance(node, list):
                node[key] = chance.choice(STRANGE)
            else:
                node[chance.choice(NAMES)] = chance.choice(STRANGE)
            break
    return update
