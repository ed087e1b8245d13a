"""
Opening a store, and its transactions.

Threads: a store may be used from any thread, a unit only inside its `with`, by the
thread that began it. One thread begins one writing transaction at a time; on SQLite the
threads of a process queue for it, on PostgreSQL only those that change the same report.
Several processes may share one file or database. In a coroutine nothing is awaited inside
a transaction: others would wait for it, and on SQLite be told that they are inside it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from storage import migrations
from storage.databases import Database, locate
from storage.memory import Memory
from storage.prepared_groups import MODULES, Prepared, group_named
from storage.reports import Reader, Unit
from storage.statements import Connection, Cursor, Statements

Group = TypeVar("Group", bound=Statements)
ReaderT = TypeVar("ReaderT", bound=Reader)


class Store:
    """
    One file, or one PostgreSQL database; keep it open while the program runs.

    `begin` is a transaction: everything in it is stored, surely and together, when the
    `with` ends, and nothing when it raises. `read` sees one moment and changes nothing.
    """

    def __init__(self, database: Database) -> None:
        """Use `Store.open`."""
        self.database = database
        self._idle: list[Connection] = []
        self._closed = False
        self.memory = Memory()
        self._groups: dict[type[Statements], Statements] = {}
        self._prepared: dict[str, Prepared] = {}
        self._queue = threading.Lock()
        self._writer = 0

    @classmethod
    def open(cls, target: Path | str) -> Store:
        """
        Open a store; make or migrate it first where it is new or older than the program.

        `target` is a folder (the file in it is `nianbao.sqlite3`), a file, or an address
        (`postgresql://…`, `sqlite:///…`, `:memory:`).

        Raises:
            StoreTooNew: A newer version has written it.
            StoreError: It is damaged, foreign, or cannot be reached or written.
        """
        database = locate(target)
        store = cls(database)
        try:
            connection = database.connect()
            try:
                if database.version(connection) != migrations.HEAD:
                    migrations.migrate(database, connection)
                    connection = database.after_migration(connection)
            except BaseException:
                connection.close()
                raise
        except database.error as error:
            explained = database.explained(error)
            if explained is None:
                raise
            raise explained from error
        store._idle.append(connection)
        # What has to be imported is imported now, and not within the first transaction.
        for name in MODULES:
            store.prepared(name)
        return store

    def begin(self) -> Transaction[Unit]:
        """A transaction that may write: `with store.begin() as unit:`."""
        return Transaction(self, Unit, self.database.begin_write, self.database.one_writer)

    def read(self) -> Transaction[Reader]:
        """A look at one moment of the store: `with store.read() as reader:`."""
        return Transaction(self, Reader, self.database.begin_read, self.database.single)

    def statements(self, group: type[Group]) -> Group:
        """The one instance of a group of statements for this store's database."""
        found = self._groups.get(group)
        if found is None:
            found = self._groups.setdefault(group, group(self.database.compiler))
        assert isinstance(found, group)
        return found

    def prepared(self, name: str) -> Any:
        """
        A group of statements by its name; those for SQLite need no SQLAlchemy at run time.

        Typed as its class by whoever asks.
        """
        if self.database.kind != "sqlite":
            return self.statements(group_named(name))
        found = self._prepared.get(name)
        if found is None:
            found = self._prepared.setdefault(name, Prepared(name))
        return found

    def close(self) -> None:
        """Close the connections; one that a thread still uses is closed when it is done."""
        self._closed = True
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return
            connection.close()

    def __enter__(self) -> Self:
        """For a short-lived program: `with Store.open(target) as store:`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    # The rest belongs to Transaction.

    def _take(self, begin: str, alone: bool) -> Connection:
        """A connection with a transaction begun; if `alone`, after those before us."""
        if alone:
            if self._writer == threading.get_ident():
                raise RuntimeError("this thread is already in a transaction")
            self._queue.acquire()
            self._writer = threading.get_ident()
        try:
            while True:
                try:
                    fresh = False
                    connection = self._idle.pop()
                except IndexError:
                    fresh = True
                    connection = self.database.connect()
                try:
                    connection.execute(begin)
                except BaseException as error:
                    lost = self.database.is_lost(connection)
                    if lost or not isinstance(error, self.database.error):
                        connection.close()
                    else:
                        self._idle.append(connection)
                    if fresh or not lost:
                        raise
                else:
                    return connection
        except BaseException:
            if alone:
                self._release()
            raise

    def _give_back(self, connection: Connection, alone: bool) -> None:
        self._idle.append(connection)
        if self._closed:
            self.close()
        if alone:
            self._release()

    def _abandon(self, connection: Connection, alone: bool) -> None:
        """Roll back; a connection that cannot even do that is thrown away."""
        try:
            connection.execute("ROLLBACK")
        except self.database.error:
            # SQLite has ended the transaction by itself (a full disk), or the server is gone.
            if not self.database.single:
                connection.close()
                if alone:
                    self._release()
                return
        self._give_back(connection, alone)

    def _release(self) -> None:
        self._writer = 0
        self._queue.release()


class Transaction(Generic[ReaderT]):
    """What `Store.begin` and `Store.read` give to a `with`."""

    __slots__ = ("_alone", "_begin", "_connection", "_make", "_store", "_unit")

    def __init__(self, store: Store, make: type[ReaderT], begin: str, alone: bool) -> None:
        """Touch nothing yet."""
        self._store = store
        self._make = make
        self._begin = begin
        self._alone = alone
        self._connection: Connection | None = None
        self._unit: ReaderT | None = None

    def __enter__(self) -> ReaderT:
        """
        Begin.

        Raises:
            StoreBusy: Another program keeps the store locked.
            StoreError: It cannot be reached.
        """
        store = self._store
        database = store.database
        try:
            self._connection = connection = store._take(self._begin, self._alone)
        except database.error as error:
            explained = database.explained(error)
            if explained is None:
                raise
            raise explained from error
        self._unit = unit = self._make(store, connection)
        return unit

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """
        Commit; or, after an exception, take everything back.

        Raises:
            StoreError: The database failed, in the `with` or now: nothing was stored.
        """
        store = self._store
        database = store.database
        connection = self._connection
        assert connection is not None
        assert self._unit is not None
        self._unit.connection = CLOSED
        try:
            if kind is None:
                connection.execute("COMMIT")
        except BaseException as failure:
            store._abandon(connection, self._alone)
            if isinstance(failure, database.error):
                explained = database.explained(failure)
                if explained is not None:
                    raise explained from failure
            raise
        if kind is None:
            self._unit.committed()
            store._give_back(connection, self._alone)
            return
        store._abandon(connection, self._alone)
        if isinstance(error, database.error):
            explained = database.explained(error)
            if explained is not None:
                raise explained from error


class _Closed:
    """Stands where a connection was, so that a unit that outlives its `with` is seen."""

    def execute(self, _sql: str, _values: Sequence[Any] = (), /) -> Cursor:
        raise RuntimeError("the transaction of this unit has ended")

    def cursor(self) -> Any:
        raise RuntimeError("the transaction of this unit has ended")

    def close(self) -> None:
        raise RuntimeError("the transaction of this unit has ended")


CLOSED = _Closed()
