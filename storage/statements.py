"""
Statements compiled once from the tables, to be run on the driver's own connection.

SQLModel and SQLAlchemy write the SQL, for SQLite or PostgreSQL; after that they are out
of the way, since building and compiling a statement costs more than running it. A group
of statements is a class, each statement a cached property, so that a start compiles only
what it uses:

    class InboxStatements(Statements):
        @cached_property
        def handled(self) -> Statement:
            return self.compile(
                update(Update).where(col(Update.id) == bindparam("id")).values(
                    handled_at=bindparam("at")
                ),
                "at", "id",
            )

    class Inbox:
        def __init__(self, unit: Unit) -> None:
            self._unit = unit
            self._statements: InboxStatements = unit.prepared("InboxStatements")

        def handled(self, update_id: int, at: datetime) -> None:
            self._unit.run(self._statements.handled, at, update_id)

The names after the statement are its parameters in the order of the SQL text: they are
compared with what was compiled, so a wrong order is seen at once, not in the data.

A group stands in a module of its own, which a start with SQLite does not import: see
`prepared_groups.py`, where it has to be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast

from storage import converters

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.engine.default import DefaultDialect
    from sqlalchemy.sql import ClauseElement
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlmodel import SQLModel

Convert = Callable[[Any], Any]
Record = Sequence[Any]


class Cursor(Protocol):
    """What the two drivers' cursors share, as far as we use it."""

    rowcount: int

    @property
    def lastrowid(self) -> Any: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """What the two drivers' connections share, as far as we use it."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor: ...

    def cursor(self) -> Any: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Statement:
    """
    One SQL text for the driver.

    `binds` and `results` convert, by place, what the driver does not take or give as
    the table has it (a moment on SQLite); None where there is nothing to convert.
    """

    sql: str
    binds: tuple[Convert | None, ...] | None
    results: tuple[Convert | None, ...] | None

    def values(self, values: Sequence[Any]) -> Sequence[Any]:
        """The parameters as the driver takes them."""
        if self.binds is None:
            return values
        return [
            value if convert is None or value is None else convert(value)
            for convert, value in zip(self.binds, values, strict=True)
        ]

    def record(self, row: Sequence[Any]) -> Record:
        """A row of the result as the table has it."""
        if self.results is None:
            return row
        return [
            value if convert is None or value is None else convert(value)
            for convert, value in zip(self.results, row, strict=True)
        ]


class Compiler:
    """
    Makes driver statements for one kind of database, "sqlite" or "postgresql".

    `insert` makes an INSERT that can say what to do where the row is already there.
    """

    def __init__(self, kind: str) -> None:
        """Import nothing yet: most starts find their statements in `prepared.py`."""
        self.kind = kind

    def get_ready(self) -> None:
        """Import what compiling takes, now rather than at the first statement."""
        _ = self.dialect

    @cached_property
    def dialect(self) -> DefaultDialect:
        """SQLAlchemy's, with parameters by place."""
        if self.kind == "sqlite":
            from sqlalchemy.dialects import sqlite

            return sqlite.dialect(paramstyle="qmark")
        from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

        return PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]

    def insert(self, table: type[SQLModel]) -> sqlite.Insert:
        """INSERT with `on_conflict_do_update` and `on_conflict_do_nothing`."""
        if self.kind == "sqlite":
            from sqlalchemy.dialects.sqlite import insert
        else:
            from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
        return insert(table)

    def convert_in(self, type_: Any) -> Convert:
        """What makes a value of this column type the driver's."""
        return self._converters(type_)[0] or _same

    def _converters(self, type_: Any) -> tuple[Convert | None, Convert | None]:
        """To the driver and back: for SQLite ours, which a start can have without SQLAlchemy."""
        if self.kind == "sqlite":
            from sqlalchemy import Boolean, Date
            from sqlmodel.sql.sqltypes import UTCDateTime

            for known, ours in (
                (UTCDateTime, (converters.moment_in, converters.moment_out)),
                (Date, (converters.day_in, converters.day_out)),
                (Boolean, (converters.flag_in, converters.flag_out)),
            ):
                if isinstance(type_, known):
                    return ours
        there = type_.dialect_impl(self.dialect)
        return there.bind_processor(self.dialect), there.result_processor(self.dialect, None)

    def __call__(self, statement: ClauseElement, *names: str) -> Statement:
        """
        Compile a statement whose parameters stand in this order in its text.

        Raises:
            ValueError: They stand in another order.
        """
        from sqlalchemy.sql import Select

        compiled = cast("SQLCompiler", statement.compile(dialect=self.dialect))
        order = tuple(compiled.positiontup or ())
        if order != names:
            raise ValueError(f"the parameters stand as {order}, not as {names}: {compiled}")
        binds = [self._converters(compiled.binds[name].type)[0] for name in names]
        results: list[Convert | None] = []
        if isinstance(statement, Select):
            results = [self._converters(column.type)[1] for column in statement.selected_columns]
        return Statement(
            str(compiled),
            tuple(binds) if any(binds) else None,
            tuple(results) if any(results) else None,
        )


def _same(value: Any) -> Any:
    return value


class Statements:
    """A group of statements for one database; `Store.statements` keeps one of each."""

    def __init__(self, compiler: Compiler) -> None:
        """Compile nothing yet."""
        self.compile = compiler
