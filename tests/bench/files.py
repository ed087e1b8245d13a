"""
Files from outside: what the child costs a good one, and what hostile ones cost everybody.
"""

import asyncio
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.files import child
from bot.files.read import report_in
from bot.files.received import event_of
from bot.files.unreadable import UnreadableFile
from tests.bench import compare
from tests.bench.reading import over
from tests.bot.telegram.door import ROWS, Serve, seated, serve
from tests.botapi import BotServer, Person
from tests.hostile import HOSTILE
from tests.reading_variants import model_of, sample_of, to_docx, to_html, to_pdf, to_txt

FILES = 10
ANSWERS = 5


def run() -> None:
    """
    Good files against reading them directly, hostile ones one by one, then beside ten people.
    """
    models = [model_of(sample_of(seed, "2021")) for seed in range(FILES)]
    child.warm()
    for kind, made in {
        ".docx": [to_docx(model) for model in models],
        ".html": [to_html(model, messy=True) for model in models],
        ".txt": [to_txt(model, "word") for model in models],
        ".pdf": [to_pdf(model) for model in models[:3]],
    }.items():
        print(f"-- {kind}: read directly, and by a warm child")
        compare(
            {"directly": over(direct, made), "by a child": over(by_child, made)},
            goals={"by a child": "≥ 0.77, which is 1.3 × the cost"},
        )
    print("-- hostile files, one at a time: seconds, and what the sender is told")
    for name, make in HOSTILE.items():
        data = make()
        began = time.perf_counter()
        print(f"{name}: {told(data, name)} ({time.perf_counter() - began:.1f} s)")
    child.end()
    print("-- ten people, each answering one question after the other: milliseconds until seen")
    for files in (0, len(HOSTILE)):
        waits, memory = asyncio.run(beside(files))
        print(
            f"beside {files} hostile files: median {statistics.median(waits):.0f},"
            f" most {max(waits):.0f}; the service's own memory at most {memory} MB"
        )


def direct(data: bytes) -> object:
    return report_in(data, "")


def by_child(data: bytes) -> object:
    return child.run(report_in, data, "")


def told(data: bytes, name: str) -> str:
    try:
        return type(event_of(data, name)).__name__
    except UnreadableFile as error:
        return str(error)


async def beside(files: int) -> tuple[list[float], int]:
    """
    The waiting times of ten people while so many others send hostile files.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with BotServer() as server:
            people = seated(Path(folder) / "data", server, files + 10)
            async with serve(Path(folder), server) as running:
                for person, (name, make) in zip(people[:files], HOSTILE.items(), strict=False):
                    await person.sends_file(name, make())
                waits = await asyncio.gather(*map(answers, people[files:]))
                for person in people[:files]:
                    await server.until(sentence(person), f"a sentence for {person.name}", 300)
                memory = peak(running)
                await running.terminate()
    return [wait for each in waits for wait in each], memory


def sentence(person: Person) -> Callable[[], bool]:
    return lambda: bool(person.from_bot)


async def answers(person: Person) -> list[float]:
    waits = []
    for number in range(ANSWERS):
        began = time.perf_counter()
        await person.says("1 0 0 0 0 0")
        await person.sees(f"✓ {ROWS[number].short}", timeout=60)
        waits.append(1000 * (time.perf_counter() - began))
    return waits


def peak(running: Serve) -> int:
    assert running.process is not None
    status = Path(f"/proc/{running.process.pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found is not None
    return int(found[1]) // 1000
