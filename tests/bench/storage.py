"""
One accepted answer through storage: load, answer, history, place, commit with full sync.

Every value is new: a value equal to the stored one writes nothing and measures nothing.
"""

import itertools
import os
import random
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import ClauseElement

from conversations.form import ANNUAL_REPORT_2021
from conversations.form.numbers import NUMBERS
from conversations.talk.effects import Save
from storage import Store, reports, unit
from storage.databases import Database, SQLite, locate
from storage.memory import CAPACITY
from tests.bench import CPU, WALL, Candidate, compare
from tests.storage.servers import postgres, server

# A form half filled in.
CELLS = tuple(ANNUAL_REPORT_2021.asked)[:120]
BATCH = 100
FEW, MANY = 1_000, int(os.environ.get("NIANBAO_BENCH_REPORTS", "100000"))
NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)
PERSON = "telegram:1"

Maker = Callable[[Path, Callable[[], int]], Candidate]

fresh = itertools.count(1)


def run() -> None:
    """
    The store against bare sqlite3 and psycopg, and as it grows.
    """
    with tempfile.TemporaryDirectory() as folder:
        against_bare(Path(folder))
        on_postgres()
        growth(Path(folder))


def against_bare(folder: Path) -> None:
    print("-- one accepted answer: load 120 answers, save one, place, commit (FULL)")
    chosen: dict[str, tuple[Maker, str]] = {
        "bare sqlite3, the same statements": (bare, ""),
        "Store": (through_store, "≥ 0.60"),
        "Store that remembers nothing": (through_forgetful_store, ""),
    }
    candidates = {}
    for name, (make, _) in chosen.items():
        path = folder / f"{make.__name__}.sqlite3"
        fill(path, 1)
        candidates[name] = make(path, lambda: 1)
    goals = {name: goal for name, (_, goal) in chosen.items() if goal}
    compare(candidates, goals=goals, rounds=31)


def on_postgres() -> None:
    address, why = server()
    if not address:
        print(f"-- PostgreSQL is not measured: {why}")
        return
    print("-- the same on PostgreSQL")
    with ExitStack() as stack:
        made = {}
        for name, make, capacity in (
            ("bare psycopg, the same statements", bare_psycopg, 0),
            ("Store on PostgreSQL", through_store, CAPACITY),
            ("Store on PostgreSQL that remembers nothing", through_store, 0),
        ):
            target = stack.enter_context(postgres())
            with Store.open(target) as store, store.begin() as unit:
                report = unit.open_report("雷鸣镇人民政府", 2025, now=NOON, edition="2021")
                zeros = [Save(cell, None, 0) for cell in CELLS]
                unit.save(report, zeros, by=PERSON, at=NOON, door="telegram")
            made[name] = make(target, lambda: 1, capacity)
        compare(made, rounds=31)


def growth(folder: Path) -> None:
    few, many = folder / "few.sqlite3", folder / "many.sqlite3"
    fill(few, FEW)
    fill(many, MANY)
    print(f"-- the same with {FEW:,} and {MANY:,} reports in the store")
    ways: tuple[tuple[str, Maker, int], ...] = (
        ("any report, nothing remembered", through_forgetful_store, MANY),
        ("500 reports in use", through_store, 500),
    )
    for clock, title in ((CPU, "CPU"), (WALL, "wall")):
        for way, make, most in ways:
            compare(
                {
                    f"{count:,} reports, {way}, {title} clock": make(path, anyone(count, most))
                    for path, count in ((few, FEW), (many, MANY))
                },
                goals={f"{MANY:,} reports, {way}, {title} clock": "0.9 to 1.1"},
                rounds=31,
                clock=clock,
            )


def anyone(count: int, most: int) -> Callable[[], int]:
    """
    Ids of reports lying anywhere in the store, at most so many different ones.
    """
    draw = random.Random(1)
    if most >= count:
        return lambda: draw.randint(1, count)
    used = draw.sample(range(1, count + 1), most)
    return lambda: draw.choice(used)


def fill(path: Path, reports: int) -> None:
    """
    Make a store of many half-filled reports, each answer with its row of history.
    """
    Store.open(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO organ (id, name, created) VALUES (?, ?, ?)",
        ((i, f"第{i}镇人民政府", "2026-01-01 00:00:00.000000") for i in range(1, reports + 1)),
    )
    connection.execute(
        "INSERT INTO report (id, organ_id, year, edition, created_at)"
        " SELECT id, id, 2025, '2021', created FROM organ"
    )
    connection.execute("CREATE TEMP TABLE numbers (number INTEGER)")
    connection.executemany("INSERT INTO numbers VALUES (?)", ((NUMBERS[c],) for c in CELLS))
    connection.execute(
        "INSERT INTO answer (report_id, number, value, by, at)"
        " SELECT id, number, '0', 'telegram:1', created_at FROM report, numbers"
        " ORDER BY id, number"
    )
    connection.execute(
        "INSERT INTO history (report_id, number, after, by, at, door)"
        " SELECT report_id, number, value, by, at, 'telegram' FROM answer"
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def one() -> tuple[str, int, str, datetime]:
    """
    A cell, a figure never given before, a place, and the moment.
    """
    number = next(fresh)
    place = f'{{"at": "requests", "card": {number}}}'
    return CELLS[number % len(CELLS)], number, place, NOON + timedelta(seconds=number)


def through_forgetful_store(path: Path, report: Callable[[], int]) -> Candidate:
    """
    As when another process has changed every report meanwhile: each is read again.
    """
    return through_store(path, report, capacity=0)


def through_store(
    target: Path | str, report: Callable[[], int], capacity: int = CAPACITY
) -> Candidate:
    store = Store.open(target)
    store.memory.capacity = capacity

    def work() -> int:
        for _ in range(BATCH):
            cell, value, place, at = one()
            report_id = report()
            with store.begin() as unit:
                stored = unit.load(report_id, PERSON)
                change = Save(cell, stored.answers[cell], value)
                unit.save(report_id, (change,), by=PERSON, at=at, door="telegram")
                unit.place(report_id, PERSON, place, at)
        return BATCH

    return work


# What one accepted answer takes, and the columns it writes, as the store names them.
STATEMENTS: tuple[tuple[ClauseElement, tuple[str, ...]], ...] = (
    (unit.LOCK, ()),
    (reports.HEAD, ()),
    (reports.ANSWERS, ()),
    (unit.PUT, ("report_id", "number", "value", "by", "at")),
    (unit.RECORD, ("report_id", "number", "before", "after", "by", "at", "door", "hash")),
    (unit.PLACE, ("person", "report_id", "place", "updated_at")),
)


def texts(database: Database) -> tuple[str, ...]:
    """
    Their SQL, with parameters by place; a number that is always the same is written out.
    """
    dialect: Any = type(database.engine().dialect)
    style, mark = ("qmark", "?") if isinstance(database, SQLite) else ("format", "%s")
    made = []
    for statement, columns in STATEMENTS:
        compiled: Any = statement.compile(
            dialect=dialect(paramstyle=style), column_keys=list(columns) or None
        )
        text, *rest = compiled.string.split(mark)
        for name, part in zip(compiled.positiontup, rest, strict=True):
            bind = compiled.binds[name]
            text += f"{mark if bind.required else bind.value}{part}"
        made.append(text)
    return tuple(made)


def bare(path: Path, report: Callable[[], int]) -> Candidate:
    """
    What one would write by hand, with the very same SQL; rows are fetched and left as they are.
    """
    _, head, answers, put, record, place_ = texts(locate(path))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -16000")

    def work() -> int:
        run = connection.execute
        for _ in range(BATCH):
            cell, value, place, at = one()
            report_id, number, moment = report(), NUMBERS[cell], str(at)
            run("BEGIN IMMEDIATE")
            run(head, (PERSON, report_id)).fetchone()
            held = dict(run(answers, (report_id,)).fetchall())
            run(put, (report_id, number, str(value), PERSON, moment))
            change = (report_id, number, held[number], str(value), PERSON, moment, "telegram", "")
            run(record, change).fetchone()
            run(place_, (PERSON, report_id, place, moment))
            run("COMMIT")
        return BATCH

    return work


def bare_psycopg(target: str, report: Callable[[], int], _: int) -> Candidate:
    """
    By hand on PostgreSQL, with the very same SQL.
    """
    lock, head, answers, put, record, place_ = texts(locate(target))
    connection: Any = psycopg.connect(target, autocommit=True)

    def work() -> int:
        run = connection.execute
        for _ in range(BATCH):
            cell, value, place, at = one()
            report_id, number = report(), NUMBERS[cell]
            run("BEGIN")
            run(lock, (report_id,))
            run(head, (PERSON, report_id)).fetchone()
            held = dict(run(answers, (report_id,)).fetchall())
            run(put, (report_id, number, str(value), PERSON, at))
            run(record, (report_id, number, held[number], str(value), PERSON, at, "telegram", ""))
            run(place_, (PERSON, report_id, place, at))
            run("COMMIT")
        return BATCH

    return work
