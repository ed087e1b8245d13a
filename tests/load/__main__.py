"""
Clerks who answer all at once: `python -m tests.load --people 50 --processes 2 …`.

Closed loop: each of so many people waits for the reply (and thinks, with `--think`) before the
next answer; whoever has finished a report gives the phone to the next clerk. With `--rate` so many
answers a second come, whether there is a reply or not. Afterwards every answer is looked for in
the store and every reply in its chat; the exit code is 1 where anything is lost, doubled, out of
order or another's.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.load.clerks import STEPS, faults
from tests.load.fill import Reports, fill
from tests.load.processes import backends, machine, memory, used
from tests.load.season import Season, closed, opened, placed, swept
from tests.load.telegram import Waits

SETTLE = 2.0  # seconds before anything is measured
PARTS = 10  # of the time, each of which is told by itself


# ---- what is measured --------------------------------------------------------------------


@dataclass
class Reading:
    """
    CPU seconds until a moment, by part.
    """

    at: float
    program: list[float]
    memory: float  # MiB of the largest process
    database: float
    telegram: float
    clerks: float
    machine: tuple[float, float]


def reading(season: Season) -> Reading:
    database = used(backends(season.target)) if isinstance(season.target, str) else 0.0
    return Reading(
        time.monotonic(),
        [used([process.program.pid]) for process in season.processes],
        max(memory(process.program.pid) for process in season.processes),
        database,
        time.process_time(),
        season.telegram.busy,
        machine(),
    )


def told(first: Reading, last: Reading, waits: Waits, cores: int) -> str:
    """
    The figures between two moments.
    """
    seconds = last.at - first.at
    updates = len(waits.replied)
    programs = [after - before for before, after in zip(first.program, last.program, strict=True)]
    parts = {
        "program": sum(programs),
        "PostgreSQL": last.database - first.database,
        "clerks": last.clerks - first.clerks,
    }
    parts["test server"] = last.telegram - first.telegram - parts["clerks"]
    busy, had = (b - a for a, b in zip(first.machine, last.machine, strict=True))
    others = busy - sum(parts.values())
    lines = [
        f"{updates / seconds:.0f} updates/s ({waits.changes / seconds:.0f} of them change the"
        f" report), {updates:,} in {seconds:.0f} s" + (f", {waits.late} late" * bool(waits.late)),
        f"acknowledged after {spread(waits.acknowledged)}",
        f"  p99 of each tenth of the time: {tenths(waits.acknowledged)} ms",
        f"reply seen after {spread(waits.replied)}",
        "CPU of one update: "
        + ", ".join(
            f"{name} {spent / max(1, updates) * 1000:.2f} ms" for name, spent in parts.items()
        ),
        "cores: "
        + ", ".join(f"{each / seconds:.2f}" for each in programs)
        + f" for each process, {parts['PostgreSQL'] / seconds:.2f} PostgreSQL,"
        f" {(parts['test server'] + parts['clerks']) / seconds:.2f} test server with clerks,"
        f" {others / seconds:.2f} others on this machine,"
        f" {(had - busy) / seconds:.2f} idle of {cores}",
        f"memory: {last.memory:.0f} MiB of the largest process",
        f"limit: {limit(max(programs) / seconds, busy / had)}",
    ]
    return "\n".join(lines)


def spread(waits: Sequence[float]) -> str:
    if not waits:
        return "—"
    ordered = sorted(waits)
    found = (ordered[int(len(ordered) * part)] * 1000 for part in (0.5, 0.95, 0.99))
    return "{:.0f} ms (p50), {:.0f} (p95), {:.0f} (p99)".format(*found)


def tenths(waits: Sequence[float]) -> str:
    """
    Whether it was slow all the time, or once.
    """
    size = max(1, -(-len(waits) // PARTS))
    parts = [sorted(waits[start : start + size]) for start in range(0, len(waits), size)]
    return " ".join(f"{part[int(len(part) * 0.99)] * 1000:.0f}" for part in parts)


def limit(process: float, machine_: float) -> str:
    if machine_ > 0.93:
        return "the machine's cores are used up"
    if process > 0.85:
        return "a process has no more than one core"
    return "waiting: for statements one after another, for the disk, or for people"


async def run(given: argparse.Namespace, season: Season) -> list[str]:
    """
    One run; what was wrong in it.
    """
    async with season.running(given.processes):
        if given.telegram_delay:
            season.telegram.fail("*", delay=given.telegram_delay, times=None)
        seconds = SETTLE + given.seconds
        if given.rate:
            coming = opened(season, given.people, seconds, given.rate)
        else:
            coming = closed(season, given.people, seconds, given.think)
        task = asyncio.create_task(coming)
        sweeping = asyncio.create_task(swept(season.target))
        await asyncio.sleep(SETTLE)
        season.telegram.waits = waits = Waits()
        first = reading(season)
        await asyncio.sleep(given.seconds)
        last, season.telegram.waits = reading(season), Waits()
        await task
        sweeping.cancel()
        print(told(first, last, waits, os.cpu_count() or 1))
        await season.drained()
        for process in season.processes:
            code = await process.ends()
            print(process.log.read_text(errors="replace"), end="", file=sys.stderr)
            assert 0 == code, "a process did not end well"
        found = faults(season.store, season.seated)
        if not season.waiting:
            found.append("the clerks ran out: --reports makes more of them")
        updates = sum(clerk.sent for clerk in season.seated)
        print(f"{updates:,} updates of {len(season.seated)} clerks looked at: {len(found)} faults")
        return found


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.load",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--people", type=int, default=50, help="who answer at once")
    parser.add_argument("--processes", type=int, default=1, help="of the program")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument(
        "--store", help="of tests.load.fill: a folder, or an address with an application_name"
    )
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--think", type=float, default=0, help="seconds between reply and answer")
    parser.add_argument("--rate", type=float, default=0, help="answers a second, come what may")
    parser.add_argument("--reports", type=int, default=0, help="empty ones in a new store")
    parser.add_argument("--telegram-delay", type=float, default=0, help="seconds of each call")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args()
    print(f"seed {given.seed}")
    settings = dict(each.split("=", 1) for each in given.setting)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if given.store:
            target: Path | str = given.store if "://" in given.store else Path(given.store)
        else:
            target = stack.enter_context(placed(given.database, folder))
            rate = given.rate or 400
            reports = given.reports or given.people + int(rate * (given.seconds + SETTLE) / STEPS)
            fill(target, reports, Reports(0, 0, 1))
        season = Season(target, folder, given.seed, **settings)
        # Looking through all that is loaded here stops the clerks for half a second, all of them.
        gc.freeze()
        found = asyncio.run(run(given, season))
    print("\n".join(found[:20]), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
