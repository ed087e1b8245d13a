"""
The two databases: how to reach them, begin a transaction, and explain errors.

Engine, pool, transactions and lost connections are SQLAlchemy's. Ours are the durability settings
of SQLite, how long who waits for whom, and the sentences for people.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import StaticPool

from conversations.wording import store as sentences
from storage import prepared
from storage.errors import ReportDamaged, StoreBusy, StoreDamaged, StoreError
from storage.prepared import UnreadableValue

FILE_NAME = "nianbao.sqlite3"
FILE_ENDINGS = {".sqlite3", ".sqlite", ".db"}

# How long one program waits for another to finish writing, in seconds.
PATIENCE = 10.0

BEGIN_WRITING = text("BEGIN IMMEDIATE")

# How soon a dead connection to PostgreSQL is noticed (the system alone takes hours), unless the
# address says otherwise. Seconds, milliseconds.
FOUND_DEAD = {
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}

# SQLite's codes and PostgreSQL's SQLSTATEs for faults that are no bugs of ours.
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, "55P03", "40P01", "40001"}
# The last two: a missing table or column.
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, "42P01", "42703"}
SENTENCES: dict[int | str, str] = {
    sqlite3.SQLITE_FULL: sentences.FULL,
    sqlite3.SQLITE_READONLY: sentences.READ_ONLY,
    sqlite3.SQLITE_PERM: sentences.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: sentences.CANNOT_OPEN,
    sqlite3.SQLITE_IOERR: sentences.FAILED,
    sqlite3.SQLITE_IOERR_WRITE: sentences.NOT_WRITTEN,
    sqlite3.SQLITE_IOERR_SHMSIZE: sentences.NOT_WRITTEN,
    "53100": sentences.FULL,
    "25006": sentences.READ_ONLY,
    "42501": sentences.READ_ONLY,
    "3F000": sentences.UNREACHABLE,
    "3D000": sentences.UNREACHABLE,
}


def locate(target: Path | str) -> Database:
    """
    The database in a folder, a file, or at an address.

    Raises:
        StoreError: The address is of an unknown kind.
    """
    if isinstance(target, Path):
        return SQLite(_file_in(target))
    scheme, separator, rest = target.partition("://")
    scheme = scheme.lower()
    if separator and scheme.partition("+")[0] == "sqlite":
        name = unquote(rest.partition("?")[0].removeprefix("/"))
        return SQLite(Path(name) if name and name != ":memory:" else None)
    if separator and scheme in {"postgresql", "postgres", "postgresql+psycopg"}:
        try:
            return Postgres(f"postgresql://{rest}")
        except ValueError as error:
            raise StoreError(sentences.NOT_AN_ADDRESS) from error
    if target == ":memory:":
        return SQLite(None)
    raise StoreError(sentences.NOT_AN_ADDRESS)


def _file_in(target: Path) -> Path:
    try:
        if target.suffix.lower() in FILE_ENDINGS and not target.is_dir():
            return target
        return target if target.is_file() else target / FILE_NAME
    except OSError as error:
        # A folder above may not be readable.
        raise StoreError(sentences.CANNOT_OPEN.format(place=target)) from error


def file_of(database: Database) -> Path | None:
    """The file of a database, None for PostgreSQL."""
    return database.path if isinstance(database, SQLite) else None


def is_missing(database: Database) -> bool:
    """Whether there is no file yet; false if it cannot be seen: the store reports that."""
    file = file_of(database)
    try:
        return file is not None and not file.stat().st_size
    except OSError as error:
        return isinstance(error, FileNotFoundError | NotADirectoryError)


def to_read(database: Database) -> Database:
    """
    The database opened for reading by a user who may not write it.

    SQLite wants to make two files beside its own. It can do without if nobody writes to the file
    and everything stored is in it, not in a side file.
    """
    file = file_of(database)
    if file is None or not file.is_file() or _is_writable(file):
        return database
    return database if has_rest(file) else SQLite(file, frozen=True)


def has_rest(file: Path) -> bool:
    """Whether the last changes are in SQLite's side file."""
    rest = file.with_name(f"{file.name}-wal")
    return rest.exists() and rest.stat().st_size > 0


def to_write(database: Database) -> Database:
    """
    The database, if its file may be written.

    Raises:
        StoreError: It may not; SQLite would leave side files that are in the way later.
    """
    file = file_of(database)
    if file is not None and file.is_file() and not _is_writable(file):
        raise StoreError(sentences.READ_ONLY.format(place=database.place))
    return database


def _is_writable(file: Path) -> bool:
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def version(connection: Connection, place: str) -> str | None:
    """
    The newest migration of the store; None if the store is still to be made.

    Raises:
        StoreError: The tables are another program's.
    """
    inspector = inspect(connection)
    if inspector.has_table("alembic_version"):
        there = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if there is not None:
            return str(there)
    elif connection.dialect.name != "sqlite" or not inspector.get_table_names():
        # A schema of PostgreSQL may be shared with others, a file may not.
        return None
    raise StoreError(sentences.FOREIGN.format(place=place))


def explained(error: DBAPIError, place: str) -> StoreError | None:
    """The sentence for a fault of the place; None for a bug of ours."""
    state = getattr(error.orig, "sqlstate", None)
    exactly: int = getattr(error.orig, "sqlite_errorcode", 0)
    code: int | str = state or exactly & 0xFF
    if code in BUSY:
        return StoreBusy(sentences.BUSY)
    if code in DAMAGE or _is_garbled(error) or _is_incomplete(error):
        return damaged(place)
    sentence = SENTENCES.get(exactly) or SENTENCES.get(code)
    if sentence is None and isinstance(error, OperationalError):
        if state:
            sentence = sentences.FAILED
        elif not isinstance(error.orig, sqlite3.Error):
            sentence = sentences.UNREACHABLE
    return None if sentence is None else StoreError(sentence.format(place=place))


@contextmanager
def explaining(place: str) -> Iterator[None]:
    """
    Turn a fault of the place into a sentence for the person who started the program.

    Raises:
        StoreError: With the sentence.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        fault: Any = error
        if isinstance(error, sqlite3.Error):  # for requests to the driver itself
            fault = DBAPIError.instance(None, None, error, sqlite3.Error)
        reason = explained(fault, place)
        if reason is None:
            raise
        raise reason from error
    except UnreadableValue as error:
        raise ReportDamaged(sentences.DAMAGED.format(place=place)) from error
    except UnicodeDecodeError as error:
        # The driver could not even decode SQLite's message about the damage.
        raise damaged(place) from error


def damaged(place: str) -> StoreDamaged:
    """The sentence about a damaged file."""
    return StoreDamaged(sentences.DAMAGED.format(place=place))


def _is_garbled(error: DBAPIError) -> bool:
    """Whether a text could not be decoded: the driver finds this, and SQLite has no code for it."""
    cause = error.orig
    return isinstance(cause, sqlite3.OperationalError) and not hasattr(cause, "sqlite_errorcode")


def _is_incomplete(error: DBAPIError) -> bool:
    """Whether a table is missing, for which SQLite has no code of its own."""
    return str(error.orig).startswith(("no such table", "no such column"))


class SQLite:
    """One file in WAL mode, synchronised at every commit; without a path, in memory."""

    locks = False
    reading: dict[str, Any] = {"begin": text("BEGIN")}  # noqa: RUF012 - never changed

    def __init__(self, path: Path | None, *, frozen: bool = False, place: str = "") -> None:
        """
        Touch nothing yet.

        A `frozen` file is read as if nobody could write to it; `place` is how people are told of a
        file that will be renamed.
        """
        self.path = path
        self.frozen = frozen
        self.single = path is None
        self.place = place or (str(path) if path else ":memory:")

    def engine(self) -> Engine:
        """
        Connections that any thread may use, one at a time.

        Raises:
            StoreError: The folder cannot be made.
        """
        address = URL.create("sqlite", database=str(self.path) if self.path else ":memory:")
        if self.path is not None and self.frozen:
            how = {"mode": "ro"} if has_rest(self.path) else {"immutable": "1"}
            query = {**how, "uri": "true"}
            address = URL.create("sqlite", database=self.path.absolute().as_uri(), query=query)
        elif self.path is not None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(sentences.CANNOT_OPEN.format(place=self.place)) from error
        # The driver begins no transaction by itself: `_begin` begins one of the right kind.
        engine = create_engine(
            address,
            connect_args={
                "timeout": PATIENCE,
                "isolation_level": None,
                "check_same_thread": False,
            },
            **({"poolclass": StaticPool} if self.single else {"max_overflow": -1}),
        )
        if not self.frozen:
            event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        return engine

    @contextmanager
    def migrating(self, connection: Connection) -> Iterator[None]:
        """
        A migration may rebuild a table that others refer to; references are checked at its end.

        Raises:
            RuntimeError: The migration has broken the reference of a row.
        """
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise RuntimeError("the migration breaks a foreign key")
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    """Settings of every connection to SQLite."""
    until = time.monotonic() + PATIENCE
    while True:
        # Two programs that make one new file may collide here, where SQLite does not wait.
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            break
    # The record of who changed what must survive a power cut, as the answers must.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Deleted data are overwritten: also in a copy of the file.
    connection.execute("PRAGMA secure_delete = ON")
    # 16 MB, used as needed: with the default of 2 MB, finding a report slows with their number.
    connection.execute("PRAGMA cache_size = -16000")
    # 16 MB, too: a page with many changes is copied to the file less often.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")


def _begin(connection: Connection) -> None:
    """Begin a transaction on SQLite; a writing one takes the lock at once."""
    prepared.run(connection, connection.get_execution_options().get("begin", BEGIN_WRITING), {})


class Postgres:
    """A PostgreSQL database, in the schema that the address's search_path names."""

    single = False
    locks = True
    reading: dict[str, Any] = {  # noqa: RUF012 - never changed
        "isolation_level": "REPEATABLE READ",
        "postgresql_readonly": True,
    }

    # Any number, the same in every process: the holder of this lock may migrate the schema.
    MIGRATION_LOCK = 20210130

    # Notices between processes (`listening.py`).
    CHANNEL = "'nianbao_' || md5(current_schema())"

    def __init__(self, address: str) -> None:
        """Touch nothing yet."""
        self.address = address
        parts = urlsplit(address)
        # Shown to people: without user and password.
        self.place = f"{parts.netloc.rpartition('@')[2]}{parts.path}"

    def engine(self) -> Engine:
        """
        After a restart of the server, dead connections are replaced.

        Raises:
            StoreError: The driver is not installed: it is optional.
        """
        try:
            return create_engine(
                "postgresql+psycopg://",
                creator=self._connect,
                pool_pre_ping=True,
                max_overflow=-1,
            )
        except ImportError as error:
            raise StoreError(sentences.NO_POSTGRESQL) from error

    @property
    def conninfo(self) -> str:
        """
        The address as every long connection takes it.

        Raises:
            psycopg.Error: It names an unknown option.
        """
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        given: dict[str, Any] = {**FOUND_DEAD, **conninfo_to_dict(self.address)}
        return make_conninfo(**given)

    def _connect(self) -> Any:
        import psycopg

        try:
            connection = psycopg.connect(self.conninfo, autocommit=True, connect_timeout=10)
        except psycopg.ProgrammingError as error:
            # An unknown option.
            raise StoreError(sentences.NOT_AN_ADDRESS) from error
        try:
            connection.execute(f"SET lock_timeout = {int(PATIENCE * 1000)}")
            # A server may be set to confirm before it has written; ours must not.
            connection.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
            connection.autocommit = False
        except BaseException:
            connection.close()
            raise
        return connection

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[Any]]:
        """
        Yields:
            The notices on the channel of our schema: a database may hold several stores.

        Raises:
            psycopg.Error: The connection cannot be made, or is lost.
        """
        import psycopg

        connecting = psycopg.AsyncConnection.connect(
            self.conninfo, autocommit=True, connect_timeout=10
        )
        async with await connecting as connection:
            channel = await (await connection.execute(f"SELECT {self.CHANNEL}")).fetchone()
            assert channel is not None
            await connection.execute(
                psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel[0]))
            )
            yield connection.notifies()

    @contextmanager
    def migrating(self, connection: Connection) -> Iterator[None]:
        """Hold the lock until the transaction ends; the lock_timeout counts here too."""
        with connection.begin():
            lock = f"pg_advisory_xact_lock({self.MIGRATION_LOCK}, hashtext(current_schema()))"
            connection.exec_driver_sql(f"SELECT {lock}")
            yield


# Both have: `place`, shown to people; `single`, if all work must share one connection (SQLite in
# memory); `locks`, if a report's row must be locked before a change, as the database allows several
# writing transactions at a time; `reading`, SQLAlchemy's execution options for reading
# transactions. `engine` connects to nothing yet, and inside `migrating` no other process migrates.
Database = SQLite | Postgres
