"""
Statements compiled once and run on the driver's own cursor.

SQLAlchemy compiles a statement for each database and says how parameters are written, how columns
are read and what an error of the driver means. Only its own way to the cursor is left out: it costs
several times what SQLite needs for a small statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError

Parameters = Mapping[str, Any]
T = TypeVar("T")


class UnreadableValue(ValueError):  # noqa: N818 - says what was read
    """A row holds a value that its column's type cannot read: the store is damaged."""


class Result(list[tuple[Any, ...]]):
    """All rows that a statement returns; `rowcount` is how many rows it changed."""

    rowcount: int

    def first(self) -> tuple[Any, ...] | None:
        """The first row, None without one."""
        return self[0] if self else None

    def first_as(self, make: Callable[..., T]) -> T | None:
        """The first row as `make` takes it, None without one."""
        return make(*self[0]) if self else None

    def all_as(self, make: Callable[..., T]) -> tuple[T, ...]:
        """All rows as `make` takes them."""
        return tuple(make(*row) for row in self)

    def scalar(self) -> Any:
        """The first value of the first row, None without one."""
        return self[0][0] if self else None

    def scalars(self) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self]


class Prepared:
    """One statement, compiled for one database."""

    def __init__(self, statement: Any, dialect: Dialect, names: Sequence[str]) -> None:
        """Compile it, and keep what stays the same; `names` are the parameters given."""
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        self.text: str = compiled.string
        self._order: list[str] | None = compiled.positiontup
        self._constants: dict[str, Any] = {}
        # A name may stand in a statement more than once.
        self._writers: dict[str, Any] = {}
        for bind, name in compiled.bind_names.items():
            write = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if not bind.required:
                self._constants[name] = write(bind.value) if write else bind.value
            elif write:
                self._writers[name] = write
        types = [column.type for column in getattr(statement, "exported_columns", ())]
        reads = [type_.dialect_impl(dialect).result_processor(dialect, None) for type_ in types]
        self.returns = bool(reads)
        self._readers = [(place, read) for place, read in enumerate(reads) if read]

    def values(self, given: Parameters) -> Any:
        """Parameters as the driver takes them."""
        values = {**self._constants, **given}
        for name, write in self._writers.items():
            values[name] = write(values[name])
        return values if self._order is None else [values[name] for name in self._order]

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """
        A row from the driver, read by the types of its columns.

        Raises:
            UnreadableValue: SQLite stores a value of any kind in any column.
        """
        values = list(row)
        try:
            for place, read in self._readers:
                values[place] = read(values[place])
        except (TypeError, ValueError) as error:
            raise UnreadableValue from error
        return tuple(values)


# By database and the names of the parameters (an UPDATE sets those it is given). There are not
# many: every statement is a constant of this room.
_PREPARED: dict[tuple[str, Executable, tuple[str, ...]], Prepared] = {}


def run(connection: Connection, statement: Executable, *given: Parameters) -> Result:
    """
    Run a statement with each of these sets of parameters.

    Raises:
        DBAPIError: The driver's error, as SQLAlchemy's class for it.
    """
    dialect, raw = connection.dialect, connection.connection
    key = (dialect.name, statement, tuple(given[0]))
    prepared = _PREPARED.get(key)
    if prepared is None:
        prepared = _PREPARED[key] = Prepared(statement, dialect, key[2])
    sets = [prepared.values(each) for each in given]
    result = Result()
    cursor: Any = raw.cursor()
    try:
        if len(sets) > 1 and dialect.name == "postgresql":
            # On the way together.
            cursor.executemany(prepared.text, sets, returning=prepared.returns)
            if prepared.returns:
                for part in cursor.results():
                    result += map(prepared.read, part)
        else:
            for values in sets:
                cursor.execute(prepared.text, values)
                if prepared.returns:
                    result += map(prepared.read, cursor)
        result.rowcount = cursor.rowcount
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, raw, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            prepared.text,
            sets,
            error,
            dialect.loaded_dbapi.Error,
            connection_invalidated=lost,
            dialect=dialect,
        ) from error
    finally:
        cursor.close()
    return result
