"""
Opening a store, and its transactions.

A store may be used from any thread; a unit only inside its `with`, by the thread that began it. One
thread begins one writing transaction at a time. On SQLite the threads of a process queue for it; on
PostgreSQL only threads that change the same report wait for each other. Several processes may share
one file or database. A coroutine must not await inside a transaction: other threads would wait for
it, and on SQLite a second transaction in the same thread is refused.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from conversations.wording import store as sentences
from storage import databases, migrations
from storage.databases import (
    Database,
    explained,
    explaining,
    file_of,
    locate,
    to_read,
    to_write,
)
from storage.errors import ReportDamaged, StoreBusy, StoreError, StoreTooNew
from storage.memory import Memory
from storage.reports import Reader
from storage.unit import Unit

# Needs permission to write, and writes nothing.
CHANGE_NOTHING = text("DELETE FROM alembic_version WHERE version_num IS NULL")


class Store:
    """
    One file, or one PostgreSQL database; keep it open while the program runs.

    `begin` is a transaction: when the `with` ends, everything in it is stored together; when it
    raises, nothing is. `read` sees one moment and changes nothing.
    """

    def __init__(self, database: Database) -> None:
        """Use `Store.open`."""
        self.database = database
        self.engine = database.engine()
        self.memory = Memory()
        self._reading = self.engine.execution_options(**database.reading)
        self.changes = 0  # transactions that have stored something, or may have
        self._queue = threading.Lock()
        self._writer = 0
        self._closed = False

    @classmethod
    def open(
        cls, target: Path | str | Database, *, reading: bool = False, older: bool = False
    ) -> Store:
        """
        Open a store; make or migrate it first if it is new or older than the program.

        `target` is a folder (the file in it is `nianbao.sqlite3`), a file, or an address
        (`postgresql://…`, `sqlite:///…`, `:memory:`). With `reading` it will only be read, so its
        folder need not be writable. With `older` a store of an older version is left as it is.

        Raises:
            StoreTooNew: A newer version has written it.
            StoreError: It is damaged, foreign, or cannot be reached or written.
        """
        there = locate(target) if isinstance(target, Path | str) else target
        database = to_read(there) if reading else to_write(there)
        store = cls(database)
        try:
            with explaining(database.place):
                if not (older and store.version()):
                    migrations.bring_up_to_date(store.engine, store.database)
        except BaseException:
            store.close()
            raise
        return store

    def version(self) -> str | None:
        """
        The version of the data, which are not changed; None if there are none yet.

        Raises:
            StoreTooNew: A newer program has written them.
            StoreError: They are damaged, foreign, or cannot be reached.
        """
        with explaining(self.database.place), self._reading.connect() as connection:
            there = databases.version(connection, self.database.place)
        if there is not None and there not in migrations.KNOWN:
            raise StoreTooNew(sentences.TOO_NEW)
        return there

    def refuse_older(self) -> None:
        """
        Check that a store opened as `older` is of this version.

        Raises:
            StoreError: Only an older version knows its tables.
        """
        if self.version() != migrations.HEAD:
            raise StoreError(sentences.OLDER.format(place=self.database.place))

    def server(self) -> str:
        """
        The database's own name and version.

        Raises:
            StoreError: It cannot be reached.
        """
        with explaining(self.database.place), self._reading.connect() as connection:
            version = connection.dialect.server_version_info or ()
            names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
            return f"{names[connection.dialect.name]} {'.'.join(map(str, version))}"

    def check_writable(self) -> None:
        """
        Find out at the start, not at the first answer, whether the store can be written.

        Raises:
            StoreError: The store can only be read.
        """
        with self.begin() as unit:
            unit.run(CHANGE_NOTHING)
        self.changes -= 1

    @contextmanager
    def begin(self, *, brief: bool = False) -> Iterator[Unit]:
        """
        A transaction that may write: `with store.begin() as unit:`.

        A `brief` one does not wait for a report that another program is changing: it fails as busy
        at once, so that one transaction can serve several reports.

        Raises:
            StoreBusy: Another program keeps the store locked.
            StoreError: The database cannot be reached or has failed: nothing was stored.
        """
        with self._transaction(self.engine, alone=not self.database.locks) as connection:
            unit = Unit(connection, self.memory, locks=self.database.locks, brief=brief)
            yield unit
        self.changes += 1
        unit.committed()

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Read one moment of the store: `with store.read() as reader:`."""
        with self._transaction(self._reading, alone=self.database.single) as connection:
            yield Reader(connection, self.memory)

    def is_busy(self, error: Exception) -> bool:
        """Whether an error says that another program holds what was wanted."""
        if isinstance(error, DBAPIError):
            return isinstance(explained(error, self.database.place), StoreBusy)
        return isinstance(error, StoreBusy)

    def is_out_of_order(self, error: Exception) -> bool:
        """Whether the store cannot be used now; only another try may help."""
        if isinstance(error, DBAPIError):
            return explained(error, self.database.place) is not None
        return isinstance(error, StoreError) and not isinstance(error, ReportDamaged | StoreTooNew)

    def settle(self) -> None:
        """
        Write SQLite's side files into the main file, so that deleted data is in neither.

        Left for later while another connection reads.

        Raises:
            StoreError: It cannot be written.
        """
        if file_of(self.database):
            with explaining(self.database.place), closing(self.engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connections; a connection in use is closed when its thread is done."""
        self._closed = True
        self.engine.dispose()

    def __enter__(self) -> Self:
        """For a short-lived program: `with Store.open(target) as store:`."""
        return self

    def __exit__(self, *_: Any) -> None:
        """Close it."""
        self.close()

    @contextmanager
    def _transaction(self, engine: Engine, *, alone: bool) -> Iterator[Connection]:
        """A connection with a transaction; if `alone`, it waits for earlier ones."""
        if alone:
            self._wait()
        try:
            with explaining(self.database.place), engine.connect() as connection:
                try:
                    with connection.begin():
                        yield connection
                finally:
                    if self._closed:
                        connection.invalidate()
        finally:
            if alone:
                self._writer = 0
                self._queue.release()

    def _wait(self) -> None:
        if self._writer == threading.get_ident():
            raise RuntimeError("this thread is already in a transaction")
        if not self._queue.acquire(timeout=databases.PATIENCE):
            raise StoreBusy(sentences.BUSY)
        self._writer = threading.get_ident()
