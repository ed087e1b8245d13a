"""
A new store on SQLite, without the half second of work that its migrations are.

They are run once in each process of the tests; what they have made is written down as SQL and
made again from that. An older store is migrated as ever, and `test_open.py` looks at the
migrations themselves.
"""

from functools import cache
from typing import Any

from sqlalchemy import Connection

from storage import migrations
from storage.databases import Database, SQLite, version

by_migrations = migrations.make


def from_the_script(connection: Connection, database: Database) -> None:
    if not isinstance(database, SQLite) or version(connection, database.place) is not None:
        by_migrations(connection, database)
        return
    for statement in script():
        driver(connection).execute(statement)


@cache
def script() -> list[str]:
    database = SQLite(None)
    engine = database.engine()
    with engine.connect() as connection:
        with database.migrating(connection):
            by_migrations(connection, database)
        statements: list[str] = list(driver(connection).iterdump())
    engine.dispose()
    assert ["BEGIN TRANSACTION;", "COMMIT;"] == [statements[0], statements[-1]]
    return statements[1:-1]


def driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
