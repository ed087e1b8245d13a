"""
The stores that tests run on: SQLite always, PostgreSQL where a server answers.

`NIANBAO_TEST_DATABASE_URL` names another server than 127.0.0.1:5432. Without one the tests
are skipped, or fail where NIANBAO_REQUIRE_POSTGRES=1. Each store is a schema of its own,
dropped afterwards.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg

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
    The address of an empty store on PostgreSQL.
    """
    address, why = server()
    if not address:
        missing(f"PostgreSQL ({why})", "NIANBAO_REQUIRE_POSTGRES")
    schema = f"nianbao_test_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    try:
        yield f"{address}{'&' if '?' in address else '?'}options=-csearch_path%3D{schema}"
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            # Whoever was killed may not be gone yet.
            connection.execute("SET lock_timeout = '20s'")
            connection.execute("SET client_min_messages = warning")
            connection.execute(f"DROP SCHEMA {schema} CASCADE")
