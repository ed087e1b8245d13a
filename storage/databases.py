"""
The two databases: how to reach them, start a transaction, and say what went wrong.

The driver's own connections are used, in autocommit mode, with BEGIN and COMMIT written
out: one place decides when a transaction starts and of what kind it is.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import unquote, urlsplit

from storage import errors
from storage.errors import StoreBusy, StoreError
from storage.statements import Compiler, Connection

if TYPE_CHECKING:
    from sqlalchemy import Engine

FILE_NAME = "nianbao.sqlite3"
FILE_ENDINGS = {".sqlite3", ".sqlite", ".db"}

# How long one program waits for another to finish writing, in seconds.
PATIENCE = 10.0


class Database(Protocol):
    """
    What a store needs to know of its database.

    `single` says that all work must share one connection (SQLite in memory);
    `one_writer` that the database takes one writing transaction at a time; `locks` that
    a report's row is to be locked by whoever means to change it.
    """

    kind: str
    compiler: Compiler
    place: str
    single: bool
    one_writer: bool
    locks: bool
    begin_write: str
    begin_read: str
    error: type[Exception]

    def connect(self) -> Connection: ...

    def is_lost(self, connection: Connection) -> bool:
        """Whether the connection was cut, so that a new one may succeed."""
        ...

    def version(self, connection: Connection) -> str | None:
        """The migration the store stands at; None for a store that is to be made."""
        ...

    def explained(self, error: Exception) -> StoreError | None:
        """The sentence for a fault of the place; None for a bug of ours."""
        ...

    def engine(self, connection: Connection) -> Engine:
        """The same connection as SQLAlchemy sees it, for a migration."""
        ...

    def lock_for_migration(self, execute: Callable[[str], Any]) -> None:
        """Begin the transaction in which no other process migrates."""
        ...

    def check_migration(self, execute: Callable[[str], Any]) -> None:
        """At its end: whether everything still belongs together."""
        ...

    def after_migration(self, connection: Connection) -> Connection:
        """A connection as `connect` gives it, where a migration has changed its settings."""
        ...


def locate(target: Path | str) -> Database:
    """
    The database behind a folder, a file, or an address.

    Raises:
        StoreError: The address is none we know.
    """
    if isinstance(target, Path):
        return SQLite(_file_in(target))
    scheme, separator, rest = target.partition("://")
    scheme = scheme.lower()
    if separator and scheme.partition("+")[0] == "sqlite":
        name = unquote(rest.partition("?")[0].removeprefix("/"))
        return SQLite(Path(name) if name and name != ":memory:" else None)
    if separator and scheme in {"postgresql", "postgres", "postgresql+psycopg"}:
        return Postgres(f"postgresql://{rest}")
    if target == ":memory:":
        return SQLite(None)
    raise StoreError(errors.NOT_AN_ADDRESS)


def _file_in(target: Path) -> Path:
    if target.suffix.lower() in FILE_ENDINGS and not target.is_dir():
        return target
    return target if target.is_file() else target / FILE_NAME


class SQLite:
    """One file in WAL mode, synchronised at every commit; without a path, in memory."""

    kind = "sqlite"
    one_writer = True
    locks = False
    begin_write = "BEGIN IMMEDIATE"
    begin_read = "BEGIN"
    error: type[Exception] = sqlite3.Error

    def __init__(self, path: Path | None) -> None:
        """Touch nothing yet."""
        self.path = path
        self.single = path is None
        self.place = str(path) if path else ":memory:"
        self.compiler = Compiler(self.kind)

    def connect(self) -> Connection:
        """A connection that any thread may use, one at a time."""
        if self.path is not None and not self.path.parent.is_dir():
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(errors.CANNOT_OPEN.format(place=self.place)) from error
        connection = sqlite3.connect(
            self.place, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            self._set_wal(connection)
            # The record of who changed what must survive a power cut as the answers do.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # 16 MB, taken as needed: with the usual 2 the way to a report grows with their number.
            connection.execute("PRAGMA cache_size = -16000")
            # 16 MB, too: a page that many answers change is copied to the file less often.
            connection.execute("PRAGMA wal_autocheckpoint = 4000")
        except BaseException:
            connection.close()
            raise
        return cast("Connection", connection)

    @staticmethod
    def _set_wal(connection: sqlite3.Connection) -> None:
        """Two programs that make one new file may meet here, where SQLite does not wait."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    def is_lost(self, connection: Connection) -> bool:  # noqa: ARG002 - PostgreSQL asks it
        """A file cannot hang up."""
        return False

    def version(self, connection: Connection) -> str | None:
        """
        Read it; a file with other tables than ours is refused.

        Raises:
            StoreError: The file belongs to another program.
        """
        tables = {
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'", ()
            ).fetchall()
        }
        if "alembic_version" in tables:
            row = connection.execute("SELECT version_num FROM alembic_version", ()).fetchone()
            if row is not None:
                return cast("str", row[0])
        elif not tables:
            return None
        raise StoreError(errors.FOREIGN.format(place=self.place))

    def explained(self, error: Exception) -> StoreError | None:
        """By SQLite's own error code."""
        sentences = {
            sqlite3.SQLITE_CORRUPT: errors.DAMAGED,
            sqlite3.SQLITE_NOTADB: errors.DAMAGED,
            sqlite3.SQLITE_FULL: errors.FULL,
            sqlite3.SQLITE_READONLY: errors.READ_ONLY,
            sqlite3.SQLITE_PERM: errors.READ_ONLY,
            sqlite3.SQLITE_CANTOPEN: errors.CANNOT_OPEN,
            sqlite3.SQLITE_IOERR: errors.FAILED,
        }
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return StoreBusy(errors.BUSY)
        if code in sentences:
            return StoreError(sentences[code].format(place=self.place))
        return None

    def engine(self, connection: Connection) -> Engine:
        """As SQLAlchemy sees it."""
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool

        return create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    def lock_for_migration(self, execute: Callable[[str], Any]) -> None:
        """A migration may rebuild a table that others refer to; it is checked at its end."""
        execute("PRAGMA foreign_keys = OFF")
        execute("BEGIN IMMEDIATE")

    def check_migration(self, execute: Callable[[str], Any]) -> None:
        """
        What the foreign keys would have seen had they been on.

        Raises:
            RuntimeError: The migration has left a row without the one it refers to.
        """
        if execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError("the migration breaks a foreign key")

    def after_migration(self, connection: Connection) -> Connection:
        """What is in memory hangs on its one connection."""
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


class Postgres:
    """A PostgreSQL database, in the schema that the address's search_path names."""

    kind = "postgresql"
    single = False
    one_writer = False
    locks = True
    begin_write = "BEGIN"
    begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    # Any number, the same in every process: who holds this lock may migrate.
    MIGRATION_LOCK = 20210130

    def __init__(self, address: str) -> None:
        """Touch nothing yet."""
        try:
            import psycopg
        except ImportError as error:
            raise StoreError(errors.NO_POSTGRESQL) from error

        self._psycopg = psycopg
        self.error: type[Exception] = psycopg.Error
        self._address = address
        parts = urlsplit(address)
        # Shown to people: without the user and the password.
        self.place = f"{parts.netloc.rpartition('@')[2]}{parts.path}"
        self.compiler = Compiler(self.kind)
        self.compiler.get_ready()

    def connect(self) -> Connection:
        """A connection that any thread may use, one at a time."""
        connection = self._psycopg.connect(self._address, autocommit=True, connect_timeout=10)
        try:
            connection.execute(f"SET lock_timeout = {int(PATIENCE * 1000)}")
            # A server may be set up to confirm before it has written; ours must not.
            connection.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
        except BaseException:
            connection.close()
            raise
        return cast("Connection", connection)

    def is_lost(self, connection: Connection) -> bool:
        """After a restart of the server, say."""
        return bool(cast("Any", connection).closed)

    def version(self, connection: Connection) -> str | None:
        """Read it where the search_path leads."""
        if connection.execute("SELECT to_regclass('alembic_version')", ()).fetchone()[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version", ()).fetchone()
        if row is None:
            raise StoreError(errors.FOREIGN.format(place=self.place))
        return cast("str", row[0])

    def explained(self, error: Exception) -> StoreError | None:
        """By the class of the error, that is by its SQLSTATE."""
        found = self._psycopg.errors
        if isinstance(
            error, found.LockNotAvailable | found.DeadlockDetected | found.SerializationFailure
        ):
            return StoreBusy(errors.BUSY)
        if isinstance(error, found.DiskFull):
            return StoreError(errors.FULL.format(place=self.place))
        if isinstance(error, found.ReadOnlySqlTransaction | found.InsufficientPrivilege):
            return StoreError(errors.READ_ONLY.format(place=self.place))
        if isinstance(error, found.InvalidSchemaName | found.InvalidCatalogName):
            return StoreError(errors.UNREACHABLE.format(place=self.place))
        if isinstance(error, self._psycopg.OperationalError):
            sentence = errors.FAILED if error.sqlstate else errors.UNREACHABLE
            return StoreError(sentence.format(place=self.place))
        return None

    def engine(self, connection: Connection) -> Engine:
        """As SQLAlchemy sees it."""
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool

        return create_engine(
            "postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool
        )

    def lock_for_migration(self, execute: Callable[[str], Any]) -> None:
        """Held until the transaction ends; the lock_timeout counts here too."""
        execute("BEGIN")
        execute(f"SELECT pg_advisory_xact_lock({self.MIGRATION_LOCK})")

    def check_migration(self, execute: Callable[[str], Any]) -> None:
        """The foreign keys were on all the time."""

    def after_migration(self, connection: Connection) -> Connection:
        """SQLAlchemy has put its own converters on the old one."""
        connection.close()
        return self.connect()
