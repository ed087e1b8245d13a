"""
The stores that tests run on: SQLite always, PostgreSQL where a server answers.

`NIANBAO_TEST_DATABASE_URL` names another server than 127.0.0.1:5432. Without one the tests
are skipped, or fail where NIANBAO_REQUIRE_POSTGRES=1. Each store is a schema of its own, whose
name no other process has; it is dropped in the end.
"""

import atexit
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg

from storage import Store
from storage.tables import Base
from tests.conftest import missing

USUAL = (
    "postgresql://127.0.0.1:5432/test",
    "postgresql://postgres@127.0.0.1:5432/test",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)


@cache
def server() -> tuple[str, str]:
    """
    The address of a server that lets us in, else "" and why there is none.
    """
    given = os.environ.get("NIANBAO_TEST_DATABASE_URL")
    why = ""
    for address in (given,) if given else USUAL:
        try:
            with psycopg.connect(address, connect_timeout=5) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError as error:
            why = why or str(error).strip()
        else:
            return address, ""
    return "", why


@contextmanager
def postgres() -> Iterator[str]:
    """
    The address of an empty place for a store on PostgreSQL.
    """
    schema = _new_schema()
    try:
        yield _address(schema)
    finally:
        _drop(schema)


_emptied: list[str] = []


@contextmanager
def postgres_made() -> Iterator[str]:
    """
    The same with the tables there already: made once, emptied after each use.
    """
    if _emptied:
        schema = _emptied.pop()
    else:
        schema = _new_schema()
        Store.open(_address(schema)).close()
        atexit.register(_drop, schema)
    yield _address(schema)
    _empty(schema)
    _emptied.append(schema)


def _new_schema() -> str:
    address, why = server()
    if not address:
        missing(f"PostgreSQL ({why})", "NIANBAO_REQUIRE_POSTGRES")
    schema = f"nianbao_test_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return schema


def _address(schema: str) -> str:
    address, _ = server()
    options = f"-csearch_path%3D{schema}%20-csynchronous_commit%3Doff"  # as for files: no disk
    more = f"options={options}&application_name={schema}"
    return f"{address}{'&' if '?' in address else '?'}{more}"


@contextmanager
def _alone(schema: str) -> Iterator[psycopg.Connection]:
    """
    A connection when all that work in the schema are gone: who was killed may still be there.
    """
    with psycopg.connect(server()[0], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity"
            " WHERE application_name = %s",
            [schema],
        )
        yield connection


def _drop(schema: str) -> None:
    with _alone(schema) as connection:
        connection.execute("SET client_min_messages = warning")
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def _empty(schema: str) -> None:
    """
    Take out every row, of the history too, and let the numbers begin anew.
    """
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    jobs = ("periodic_defers", "events", "jobs", "workers")
    tables += [f"procrastinate_{name}" for name in jobs]
    with _alone(schema) as connection:
        connection.execute(f"SET search_path = {schema}")
        connection.execute(
            ";".join(
                [
                    "ALTER TABLE history DISABLE TRIGGER USER",
                    *(f"DELETE FROM {table}" for table in tables),
                    "ALTER TABLE history ENABLE TRIGGER USER",
                ]
            )
        )
        connection.execute(
            "SELECT setval(oid, 1, false) FROM pg_class"
            " WHERE relkind = 'S' AND relnamespace = %s::regnamespace",
            [schema],
        )
