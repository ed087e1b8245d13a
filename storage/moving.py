"""
Copying a whole store: to a backup, back from it, or to another database.

A copy is a store like any other. From SQLite to SQLite its pages are copied, otherwise its rows. A
copy shows one moment, even while the store is in use. It is built where no program takes it for a
store (a file beside its place, one transaction of PostgreSQL), checked as a whole, and only then
put in its place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, String, Table, inspect

from conversations.wording import store as sentences
from storage import migrations
from storage.databases import Database, Postgres, SQLite, damaged, explaining, has_rest, version
from storage.errors import StoreDamaged, StoreError
from storage.files import part_of, place
from storage.memory import Memory
from storage.reports import Reader
from storage.rows import TABLES, Watch, copy_rows
from storage.store import Store
from storage.verify import Fault, verify

PAGES = 2_000  # copied at a time, between two reports of progress and checks for a stop
STEPS = 1_000_000  # steps of SQLite between two checks for a stop

# Endings of the files that SQLite takes for parts of the file without them.
PARTS = ("-wal", "-shm", "-journal")

# Other contents of a backup: files of the data folder.
BESIDE = Table(
    "beside",
    MetaData(),
    Column("name", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

Complete = Callable[[Connection], object]


def nothing() -> None:
    """Do nothing."""


class Broken(StoreError):  # noqa: N818 - says what the copy is
    """The history of the copied store was altered; nothing was put in place."""


# ---- copying ----------------------------------------------------------------------------------


def copy_store(
    source: Store,
    target: Database,
    complete: Complete,
    watch: Watch,
    *,
    over: bool = False,
    broken: bool = False,
    older: bool = False,
    found_whole: Callable[[], None] = nothing,
) -> list[Fault]:
    """
    Copy a store into an empty place; `over` says that a file there may be replaced.

    `complete` is called with the copy before it is checked, `found_whole` after that, last. The
    copy of an older file is brought up to date, unless it may stay `older`.

    Returns:
        The faults of the histories, if a copy with faults is allowed (`broken`).

    Raises:
        Broken: There are faults, and they are not allowed.
        StoreError: The place is not empty; the source cannot be read; the target cannot be written.
        OSError: A file cannot be written.
    """
    if isinstance(target, Postgres):
        with _in_postgres(source, target, complete, watch, broken=broken) as faults:
            found_whole()
        return faults
    assert target.path is not None
    refuse_file(target.path, over=over)
    target.path.parent.mkdir(parents=True, exist_ok=True)
    with part_of(target.path) as file:
        part = SQLite(file, place=target.place)
        if isinstance(source.database, SQLite):
            _copy_pages(source, part, watch)
        else:
            _copy_into_file(source, part, watch)
        with Store.open(part, older=older) as made:
            with made.begin() as unit:
                complete(unit.connection)
            with made.read() as reader:
                check_whole(reader.connection, source.database.place)
            with (
                _as_now(made, file.with_name(f"{file.name}.now"), watch) as now,
                now.read() as reader,
            ):
                faults = _faults(reader, broken=broken)
        _as_one_file(part)
        refuse_file(target.path, over=over)
        found_whole()
        place(file, target.path)
    return faults


@contextmanager
def _as_now(store: Store, scratch: Path, watch: Watch) -> Iterator[Store]:
    """A file as it is, or a copy brought up to date if it is of an older version."""
    if store.version() == migrations.HEAD:
        yield store
        return
    part = SQLite(scratch, place=store.database.place)
    _copy_pages(store, part, watch)
    with Store.open(part) as newer:
        yield newer


def _copy_pages(source: Store, part: SQLite, watch: Watch) -> None:
    """From SQLite to SQLite. The first read holds the moment until the end."""

    def progress(_: int, remaining: int, total: int) -> None:
        watch(total - remaining, total)

    assert part.path is not None
    with source.read() as reader, closing(sqlite3.connect(part.path)) as made:
        version(reader.connection, source.database.place)
        try:
            with explaining(part.place):
                _driver(reader.connection).backup(made, pages=PAGES, progress=progress, sleep=0)
        except StoreDamaged as error:
            raise damaged(source.database.place) from error


def _copy_into_file(source: Store, target: SQLite, watch: Watch) -> None:
    """From PostgreSQL to SQLite, without syncing: half a copy is of no use."""
    source.refuse_older()
    engine = target.engine()
    places = (source.database.place, target.place)
    try:
        with source.read() as reader, explaining(target.place), engine.connect() as connection:
            for pragma in ("journal_mode = OFF", "synchronous = OFF"):
                _driver(connection).execute(f"PRAGMA {pragma}")
            with target.migrating(connection):
                migrations.make(connection, target)
                copy_rows(reader.connection, connection, places, watch)
    finally:
        engine.dispose()


@contextmanager
def _in_postgres(
    source: Store, target: Postgres, complete: Complete, watch: Watch, *, broken: bool
) -> Iterator[list[Fault]]:
    """Everything in one transaction: if the process is killed, nothing is there."""
    engine = target.engine()
    places = (source.database.place, target.place)
    try:
        with (
            source.read() as reader,
            explaining(target.place),
            engine.connect() as connection,
            target.migrating(connection),
        ):
            _refuse_tables(connection, target)
            migrations.make(connection, target)
            copy_rows(reader.connection, connection, places, watch)
            complete(connection)
            yield _faults(Reader(connection, Memory()), broken=broken)
    finally:
        engine.dispose()


def _faults(reader: Reader, *, broken: bool) -> list[Fault]:
    faults = list(verify(reader))
    if faults and not broken:
        fault = faults[0]
        raise Broken(sentences.CHAIN_BROKEN.format(organ=fault.organ, year=fault.year))
    return faults


def refuse_file(file: Path, *, over: bool = False) -> None:
    """
    Check that the place of a file is free, and of files SQLite would take for a part of it.

    Raises:
        StoreError: It is not.
    """
    if not over and file.exists() and (file.is_dir() or file.stat().st_size):
        raise StoreError(sentences.NOT_EMPTY.format(place=file))
    if any(file.with_name(file.name + end).exists() for end in PARTS):
        raise StoreError(sentences.UNFINISHED.format(place=file))


def refuse_place(target: Database) -> None:
    """
    Check that the place is empty; this leaves nothing there.

    Raises:
        StoreError: It is not, or it cannot be reached.
    """
    if isinstance(target, SQLite):
        assert target.path is not None
        refuse_file(target.path)
        return
    engine = target.engine()
    try:
        with explaining(target.place), engine.connect() as connection:
            _refuse_tables(connection, target)
    finally:
        engine.dispose()


def _refuse_tables(connection: Connection, target: Postgres) -> None:
    there = {*inspect(connection).get_table_names()}
    if there & {"alembic_version", *(table.name for table in TABLES)}:
        raise StoreError(sentences.NOT_EMPTY.format(place=target.place))


def _as_one_file(part: SQLite) -> None:
    """Make a file readable where no side files can be written."""
    assert part.path is not None
    with explaining(part.place), closing(sqlite3.connect(part.path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def check_whole(connection: Connection, place: str) -> None:
    """
    Check that a file of SQLite is undamaged.

    Raises:
        StoreDamaged: It is damaged.
    """
    driver = _driver(connection)
    # Without it a Ctrl-C would wait for SQLite.
    driver.set_progress_handler(lambda: 0, STEPS)
    try:
        with explaining(place):
            (found,) = driver.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise
    finally:
        driver.set_progress_handler(None, STEPS)
    if found != "ok":
        raise damaged(place)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


# ---- backups ----------------------------------------------------------------------------------


@contextmanager
def open_backup(file: Path) -> Iterator[Store]:
    """
    Open a backup as it is: it is neither brought up to date nor changed.

    Raises:
        StoreTooNew: A newer version has written it.
        StoreError: It is missing, damaged, or another program's.
    """
    if not file.is_file():
        raise StoreError(sentences.NO_BACKUP.format(place=file))
    whole = not has_rest(file)
    with Store(SQLite(file, frozen=True)) as store:
        there = store.version()
        with store.read() as reader:
            ask = reader.connection.exec_driver_sql
            pages, size = (ask(f"PRAGMA page_{what}").scalar() or 0 for what in ("count", "size"))
        if there is None or (whole and file.stat().st_size < pages * size):
            raise damaged(str(file))
        yield store


@contextmanager
def backup_as_now(file: Path, folder: Path, watch: Watch) -> Iterator[Store]:
    """
    A backup in this version; an older one is copied into `folder` for that.

    Raises:
        StoreError: As `open_backup`.
    """
    with (
        open_backup(file) as backup,
        part_of(folder / file.name) as part,
        _as_now(backup, part, watch) as store,
    ):
        yield store


def keep_beside(connection: Connection, files: Mapping[str, bytes]) -> None:
    """Add files of the data folder to a backup."""
    BESIDE.drop(connection, checkfirst=True)
    if files:
        BESIDE.create(connection)
        connection.execute(
            BESIDE.insert(), [{"name": name, "content": files[name]} for name in files]
        )


def kept_beside(connection: Connection) -> dict[str, bytes]:
    """The files that were added to a backup."""
    if not inspect(connection).has_table(BESIDE.name):
        return {}
    return {row.name: row.content for row in connection.execute(BESIDE.select())}


def restore(
    file: Path,
    target: Database,
    complete: Complete,
    watch: Watch,
    folder: Path,
    *,
    broken: bool,
    put: Callable[[str, bytes], None],
) -> list[Fault]:
    """
    Restore a backup into an empty place.

    A copy of an older backup is brought up to date in `folder`. `put` gets the files that were kept
    beside the store; they are in place before the store is.

    Returns:
        The faults from `copy_store`.

    Raises:
        StoreError: As `open_backup` and `copy_store`.
        OSError: A file cannot be written.
    """

    def taken_out(connection: Connection) -> None:
        BESIDE.drop(connection, checkfirst=True)
        complete(connection)

    def put_all() -> None:
        for name, content in beside.items():
            put(name, content)

    with ExitStack() as opened:
        source = opened.enter_context(open_backup(file))
        with source.read() as reader:
            beside = kept_beside(reader.connection)
            if isinstance(target, Postgres):
                check_whole(reader.connection, str(file))
                part = opened.enter_context(part_of(folder / file.name))
                source = opened.enter_context(_as_now(source, part, watch))
        return copy_store(source, target, taken_out, watch, broken=broken, found_whole=put_all)
