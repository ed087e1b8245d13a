"""
Copies every row of a store into another, between SQLite and PostgreSQL, and compares them there.

Both sides have the same version. Only some rows are in memory at a time. Tables are compared by
their number of rows and a sum of hashes, which does not depend on the order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from conversations.wording import store as sentences
from storage import sign_off_tables
from storage.databases import damaged, explained, explaining
from storage.errors import StoreError
from storage.messages import FETCH, GIVEN_UP, IS_OPEN
from storage.tables import NOTICE, OUTGOING, PROCESS, RECIPIENT, Base

# Tables that others refer to come first. Named, so that all modules of tables are imported.
TABLES: tuple[Table, ...] = tuple(Base.metadata.sorted_tables)
POSTPONED = sign_off_tables.POSTPONED

BATCH = 1_000  # rows in memory
# Rows of one COPY: PostgreSQL remembers all rows whose references it checks at the end.
PART = 100_000

# Progress: so many done of so many.
Watch = Callable[[int, int], None]
Row = tuple[Any, ...]


@dataclass
class Digest:
    """The number of rows, and the sum of their hashes."""

    rows: int = 0
    total: int = 0

    def add(self, row: Row) -> None:
        """Add a row; its values are the same in both databases."""
        content = repr(row).encode("utf-8", "surrogatepass")
        self.rows += 1
        self.total += int.from_bytes(hashlib.blake2b(content, digest_size=16).digest())
        self.total &= (1 << 128) - 1


def counts(connection: Connection) -> dict[str, int]:
    """The number of rows in each table."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in TABLES
    }


def copy_rows(
    source: Connection, target: Connection, places: tuple[str, str], watch: Watch
) -> None:
    """
    Copy all rows that `source` sees into the empty tables of `target`, and compare each table.

    `places` name both for sentences.

    Raises:
        StoreDamaged: A row of the source cannot be read.
        StoreError: A row cannot be stored in the target, or differs there.
    """
    total = 2 * sum(counts(source).values())
    done = 0

    def seen(rows: Iterator[Row], digest: Digest) -> Iterator[Row]:
        nonlocal done
        for row in rows:
            digest.add(row)
            done += 1
            if not done % BATCH:
                watch(done, total)
            yield row

    for table in TABLES:
        before, after = Digest(), Digest()
        _put(target, table, seen(_rows(source, table, places[0]), before))
        for _ in seen(_rows(target, table, places[1]), after):
            pass
        if before != after:
            raise StoreError(sentences.NOT_THE_SAME.format(table=table.name))
    if target.dialect.name == "postgresql":
        _go_on_counting(target)
    watch(total, total)


def _rows(connection: Connection, table: Table, place: str) -> Iterator[Row]:
    """The rows of a table, some at a time."""
    streamed = {"stream_results": True, "yield_per": BATCH}
    try:
        with explaining(place):
            for row in connection.execute(select(table), execution_options=streamed):
                yield tuple(row)
    except (TypeError, ValueError) as error:
        # SQLite stores a value of any kind in any column.
        raise damaged(place) from error


def _put(target: Connection, table: Table, rows: Iterator[Row]) -> None:
    """
    Put rows into an empty table.

    Raises:
        StoreError: A row cannot be stored, such as a text with a zero character in PostgreSQL.
    """
    try:
        if target.dialect.name == "postgresql":
            _copy_in(target, table, rows)
            return
        names = [column.key for column in table.c]
        while some := [dict(zip(names, row, strict=True)) for row in islice(rows, BATCH)]:
            target.execute(insert(table), some)
    except DBAPIError as error:
        if explained(error, "") is not None:
            raise
        raise StoreError(sentences.NOT_KEPT_THERE.format(table=table.name)) from error


def _copy_in(target: Connection, table: Table, rows: Iterator[Row]) -> None:
    """By COPY, which is many times faster than INSERT."""
    dialect, raw = target.dialect, target.connection
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.format_column(column) for column in table.c)
    command = f"COPY {quoted.format_table(table)} ({columns}) FROM STDIN"
    # A row may refer to a later row of its own table.
    own = any(key.column.table is table for key in table.foreign_keys)
    cursor: Any = raw.cursor()
    try:
        for first in rows:
            with cursor.copy(command) as copy:
                for row in chain((first,), rows if own else islice(rows, PART - 1)):
                    copy.write_row(row)
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            command, None, error, dialect.loaded_dbapi.Error, dialect=dialect
        ) from error
    finally:
        cursor.close()


def _go_on_counting(target: Connection) -> None:
    """Make PostgreSQL continue the ids after the last row, and count the rows for its plans."""
    for table in TABLES:
        counted = table.autoincrement_column
        if counted is not None:
            last = select(func.max(counted)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, counted.name)
            target.execute(select(func.setval(sequence, last)).where(last.is_not(None)))
    for table in TABLES:
        target.execute(text(f"ANALYZE {target.dialect.identifier_preparer.format_table(table)}"))


def is_served(connection: Connection) -> bool:
    """Whether a process serves the store, or was killed while serving."""
    return connection.scalar(select(func.count()).select_from(PROCESS)) != 0


def unsent(connection: Connection) -> int:
    """The number of messages that wait to be sent."""
    waiting = select(func.count()).select_from(OUTGOING).where(IS_OPEN, OUTGOING.c.method != FETCH)
    return connection.scalar(waiting) or 0


def quieten(connection: Connection, now: datetime) -> int:
    """
    Keep a copy from sending what the original store has sent or will send.

    Unhandled updates keep waiting: Telegram sends them no second time. Outgoing messages are given
    up; missed reminders of days before `now` are not sent late.

    Returns:
        The number of messages given up.
    """
    connection.execute(delete(PROCESS))
    given_up = connection.execute(
        update(OUTGOING)
        .where(IS_OPEN, OUTGOING.c.method != FETCH)
        .values(state=GIVEN_UP, payload="", file=None)
    )
    connection.execute(update(NOTICE).values(lease=None))
    connection.execute(delete(POSTPONED).where(POSTPONED.c.due <= now))
    today = now.date()
    connection.execute(
        update(RECIPIENT)
        .where(RECIPIENT.c.since.is_(None) | (RECIPIENT.c.since < today))
        .values(since=today)
    )
    return given_up.rowcount
