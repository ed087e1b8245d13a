"""
Reminders over many reports: a tick with nothing due, one with many due, and their sending.

NIANBAO_BENCH_REPORTS sets how many reports are in the store (150,000), NIANBAO_BENCH_SENDS
how many reminders are sent (5,000), NIANBAO_BENCH_RATE at how many a second (150).
"""

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.reminding.claim import Claim, Outcome, tick
from bot.settings import load_settings
from bot.telegram.courier import Courier, Reminding
from bot.telegram.service import make_bot
from storage import Store
from tests.bench import spread
from tests.botapi.limits import Limits
from tests.botapi.server import TOKEN, BotServer
from tests.county import SHANGHAI

REPORTS = int(os.environ.get("NIANBAO_BENCH_REPORTS", "150000"))
DUE = min(10_000, REPORTS)
SENDS = min(int(os.environ.get("NIANBAO_BENCH_SENDS", "5000")), REPORTS)
RATE = float(os.environ.get("NIANBAO_BENCH_RATE", "150"))
FIRST = 1_000_000
NOW = datetime(2026, 1, 23, 9, 0, tzinfo=SHANGHAI)
DUE_SQL = "SELECT person_id FROM recipient WHERE look_at <= ? ORDER BY look_at LIMIT ?"
# What is open in a report of which nothing is answered, as the store remembers it.
WORK = "1,0;1,1,1,0;2,16,{first},0;3,150,301,0"


def run() -> None:
    """
    The tick, and the way out.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.sqlite3"
        fill(path, REPORTS)
        with Store.open(path) as store:
            nothing_due(store, path)
            many_due(store, path)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sends.sqlite3"
        fill(path, SENDS)
        due(path, SENDS)
        with Store.open(path) as store:
            asyncio.run(sending(store))


def fill(path: Path, reports: int) -> None:
    """
    So many offices with a clerk and a task each; nobody is due.
    """
    Store.open(path).close()
    link = sqlite3.connect(path, isolation_level=None)
    link.execute("PRAGMA synchronous = OFF")
    link.execute("BEGIN")
    then = "2026-01-01 00:00:00.000000"
    every = range(1, reports + 1)
    link.executemany(
        "INSERT INTO organ (id, name, created) VALUES (?, ?, ?)",
        ((n, f"第{n}镇人民政府", then) for n in every),
    )
    link.execute(
        "INSERT INTO report (id, organ_id, year, edition, created_at)"
        f" SELECT id, id, 2025, '2021', '{then}' FROM organ"
    )
    first = link.execute("SELECT 301").fetchone()[0]
    link.execute(
        "INSERT INTO history (report_id, number, after, by, at, door)"
        f" SELECT id, {first}, '0', '1', '{then}', 'telegram' FROM report"
    )
    link.execute(
        "INSERT INTO task (report_id, deadline, withdrawn, work, work_history)"
        " SELECT report_id, '2026-01-31', 0, ?, id FROM history",
        (WORK.format(first=first),),
    )
    link.execute(
        "INSERT INTO person (id, key, name, reachable, created_at)"
        f" SELECT id + {FIRST}, printf('p%012x', id), '王芳', 1, '{then}' FROM organ"
    )
    link.execute(
        "INSERT INTO member (person_id, organ_id, role, joined_at)"
        f" SELECT id + {FIRST}, id, 'clerk', '{then}' FROM organ"
    )
    link.execute(
        "INSERT INTO recipient (person_id, mode, starts, ends, zone, snooze_again, everything,"
        f" look_at) SELECT id + {FIRST}, 'on', 540, 1080, 'Asia/Shanghai', 0, 0,"
        " '2026-01-28 01:00:00.000000' FROM organ"
    )
    link.execute("COMMIT")
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link.close()


def due(path: Path, count: int) -> None:
    """
    The moment of so many, spread over all of them, has come; what was claimed is undone.
    """
    link = sqlite3.connect(path, isolation_level=None)
    link.execute("BEGIN")
    for table in ("notice", "reminded", "outgoing"):
        link.execute(f"DELETE FROM {table}")
    link.execute("UPDATE recipient SET look_at = '2026-01-28 01:00:00.000000'")
    step = link.execute("SELECT COUNT(*) FROM recipient").fetchone()[0] // count
    link.execute(
        "UPDATE recipient SET look_at = '2026-01-23 01:00:00.000000'"
        f" WHERE person_id % {step} = 0 AND person_id IN"
        f" (SELECT person_id FROM recipient WHERE person_id % {step} = 0 LIMIT {count})"
    )
    link.execute("COMMIT")
    link.close()


def nothing_due(store: Store, path: Path) -> None:
    """
    The same query by hand on the bare driver, and a whole tick, taking turns.
    """
    link = sqlite3.connect(path, isolation_level=None)
    values = ("2026-01-23 01:00:00.000000", 1)
    bare: list[float] = []
    ours: list[float] = []
    for _ in range(300):
        began = time.perf_counter()
        link.execute("BEGIN")
        link.execute(DUE_SQL, values).fetchone()
        link.execute("COMMIT")
        middle = time.perf_counter()
        assert not tick(store, NOW).looked
        bare.append((middle - began) * 1000)
        ours.append((time.perf_counter() - middle) * 1000)
    link.close()
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"-- a tick with nothing due, {REPORTS:,} reports in the store")
    print(f"bare query: {spread(bare)} ms")
    print(f"tick: {spread(ours)} ms, {ratio:.2g} times the bare query")


def many_due(store: Store, path: Path) -> None:
    """
    Against the bare rows that a claim writes, with their commit, from ready values.
    """
    ours: list[float] = []
    cpu: list[float] = []
    bare: list[float] = []
    for _ in range(3):
        due(path, DUE)
        began, busy = time.perf_counter(), time.process_time()
        found = tick(store, NOW, DUE)
        ours.append(time.perf_counter() - began)
        cpu.append(time.process_time() - busy)
        assert DUE == len(found.claims), len(found.claims)
        due(path, DUE)
        bare.append(by_hand(path, found.claims))
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"-- a tick with {DUE:,} due, {REPORTS:,} reports in the store")
    print(f"bare select and inserts: {spread(bare)} s")
    print(f"look, decide, claim: {spread(ours)} s, {ratio:.2g} times the bare rows")
    print(f"of it this process was at work: {spread(cpu)} s")


def by_hand(path: Path, claims: tuple[Claim, ...]) -> float:
    """
    Seconds for the rows alone.
    """
    link = sqlite3.connect(path, isolation_level=None)
    link.execute("PRAGMA synchronous = FULL")
    began = time.perf_counter()
    link.execute("BEGIN IMMEDIATE")
    link.execute(
        "SELECT * FROM recipient JOIN member USING (person_id)"
        " JOIN report ON report.organ_id = member.organ_id"
        " JOIN task ON task.report_id = report.id"
        " JOIN organ ON organ.id = report.organ_id WHERE look_at <= ?",
        ("2026-01-23 01:00:00.000000",),
    ).fetchall()
    for one in claims:
        link.execute(
            "INSERT INTO notice VALUES (?, '2026-01-23', 1, '2026-01-23 01:05:00.000000', 0)",
            (one.person,),
        )
        link.execute(
            "INSERT INTO reminded VALUES (?, ?, 'step', '2026-01-23', 1, 7, ?)",
            (str(one.person), one.person, "2026-01-23 01:00:00.000000"),
        )
        link.execute(
            "INSERT INTO outgoing (chat, method, payload, created_at, state)"
            " VALUES (?, 'remind', ?, '2026-01-23 01:00:00.000000', 0)",
            (one.person, one.row.payload),
        )
        link.execute(
            "UPDATE recipient SET look_at = '2026-01-23 01:05:00.000000' WHERE person_id = ?",
            (one.person,),
        )
    link.execute("COMMIT")
    seconds = time.perf_counter() - began
    link.close()
    return seconds


class Watched(Courier):
    """
    A courier that notes when each reminder was recorded.
    """

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.recorded: dict[int, float] = {}

    def record(self, outcomes: Sequence[Outcome]) -> None:
        super().record(outcomes)
        now = time.monotonic()
        self.recorded.update({sent.claim.person: now for sent in outcomes if sent.message_id})


async def sending(store: Store) -> None:
    """
    Everything due is claimed and sent at the limit; the server counts.
    """
    limits = Limits(overall=RATE, chat=100)
    async with BotServer(limits=limits) as server:
        for number in range(1, SENDS + 1):
            server.chats[server.person("王芳", FIRST + number).id].started = True
        settings = load_settings(
            TELEGRAM_BOT_TOKEN=TOKEN,
            NIANBAO_BASE_URL=server.base_url,
            NIANBAO_SENDS_PER_SECOND=str(RATE),
            NIANBAO_REMINDERS_PER_SECOND=str(RATE),
        )
        bot = make_bot(settings)
        await bot.initialize()
        began = time.monotonic()
        moved = datetime.now(SHANGHAI)

        def clock() -> datetime:
            return NOW + (datetime.now(SHANGHAI) - moved)

        reminding = Reminding(bot, store, clock, per_second=RATE)
        watched = reminding.courier = Watched(bot, store, clock, RATE)
        await reminding.round()
        await watched.idle()
        calls = server.called("sendMessage")
        seconds = max(one.at for one in calls) - min(one.at for one in calls)
        await bot.shutdown()
    took = time.monotonic() - began
    accepted = [one for one in calls if one.outcome == "ok"]
    people = {one.chat for one in accepted}
    times = sorted(one.at for one in accepted)
    most = max(_within(times, at) for at in times)
    rate = (len(accepted) - 1) / seconds
    window = [
        (watched.recorded[one.chat] - one.at) * 1000
        for one in accepted
        if one.chat in watched.recorded
    ]
    slow = sorted(window)[int(len(window) * 0.99)]
    print(f"-- {SENDS:,} reminders to the test server at {RATE:g} a second")
    print(
        f"{rate:.1f}/s, {rate / RATE:.3f} of the allowed rate  goal ≥ 0.98;"
        f" {took:.1f} s, {limits.refused} refused (429)"
    )
    print(
        f"{len(people):,} people, {len(accepted) - len(people)} twice, {SENDS - len(people)} lost"
    )
    print(f"most within a second: {most / RATE:.3f} of the rate  goal ≤ 1.1")
    print(
        f"from Telegram having it to recorded: {spread(window)} ms, 99 % within {slow:.3g} ms,"
        f" at most {watched.workers} at once"
    )


def _within(times: list[float], start: float) -> int:
    return bisect_left(times, start + 1) - bisect_left(times, start)
