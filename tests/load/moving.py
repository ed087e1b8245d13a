"""
How long it takes to move a store of many reports: `python -m tests.load.moving FOLDER ADDRESS`.

It is made in the first version's tables and brought up to date, backed up, restored, copied to an
empty place of PostgreSQL and back; each step in a process of its own, with its time and memory.
"""

import argparse
import multiprocessing
import resource
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command

from conversations.form import FORM_IN_FORCE as FORM
from conversations.form.numbers import NUMBERS
from storage import Store, migrations
from storage.databases import FILE_NAME, SQLite, locate
from storage.moving import copy_store, restore
from storage.rows import counts

FIRST = "0001_first"
AT = "2025-01-06 01:00:00.000000"


def make(file: Path, reports: int, answers: int) -> None:
    """
    A store of the first version: so many answers in each report, each with its row of history.
    """
    engine = SQLite(file).engine()
    with engine.begin() as first:
        command.upgrade(migrations.configuration(first), FIRST)
    engine.dispose()
    numbers = [(NUMBERS[cell],) for cell in list(FORM.asked)[:answers]]
    with closing(sqlite3.connect(file)) as connection, connection:
        put = connection.executemany
        put(
            f"INSERT INTO organ VALUES (?, ?, '{AT}')",
            ((id_, f"第{id_}镇人民政府") for id_ in range(1, reports + 1)),
        )
        connection.execute(
            "INSERT INTO report (id, organ_id, year, edition, created_at)"
            f" SELECT id, id, 2024, '{FORM.edition}', created FROM organ"
        )
        connection.execute("CREATE TEMP TABLE numbers (number INTEGER)")
        put("INSERT INTO numbers VALUES (?)", numbers)
        connection.execute(
            "INSERT INTO answer SELECT id, number, '0', 'telegram:1', created_at"
            " FROM report, numbers ORDER BY id, number"
        )
        connection.execute(
            "INSERT INTO history (report_id, number, after, by, at, door)"
            " SELECT report_id, number, value, by, at, 'telegram' FROM answer"
        )


def upgrade(place: Path) -> None:
    with Store.open(place) as store, store.read() as reader:
        print(f"   {sum(counts(reader.connection).values()):,} rows")


def copied(source: Any, target: Any) -> None:
    with Store.open(source, reading=True) as store:
        assert [] == copy_store(store, locate(target), nothing, nothing)


def restored(file: Path, target: Path) -> None:
    restore(file, locate(target), nothing, nothing, target, broken=False, put=nothing)


def nothing(*_: Any) -> None:
    """
    To be done with a copy, or at a step of it.
    """


def timed(title: str, work: Callable[..., None], *arguments: Any) -> None:
    """
    In a process of its own, whose memory is its own.
    """
    began = time.monotonic()
    process = multiprocessing.get_context("spawn").Process(
        target=told, args=(title, work, *arguments)
    )
    process.start()
    process.join()
    assert process.exitcode == 0
    print(f"{title}: {time.monotonic() - began:.0f} s", flush=True)


def told(title: str, work: Callable[..., None], *arguments: Any) -> None:
    work(*arguments)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    print(f"   {title}: {used.ru_maxrss / 1024:.0f} MB at most, {cpu:.0f} s of CPU", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("address")
    parser.add_argument("--reports", type=int, default=150_000)
    parser.add_argument("--answers", type=int, default=200)
    given = parser.parse_args()
    office, backup = given.folder / "office", given.folder / "backup.sqlite3"
    office.mkdir(parents=True)
    timed("made", make, office / FILE_NAME, given.reports, given.answers)
    print(f"   {(office / FILE_NAME).stat().st_size / 1e6:,.0f} MB")
    timed("upgrade from the first version", upgrade, office)
    timed("backup of SQLite", copied, office, backup)
    print(f"   {backup.stat().st_size / 1e6:,.0f} MB")
    timed("restore to SQLite", restored, backup, given.folder / "restored")
    timed("copy from SQLite to PostgreSQL", copied, office, given.address)
    timed("copy from PostgreSQL to SQLite", copied, given.address, given.folder / "back")


if __name__ == "__main__":
    main()
