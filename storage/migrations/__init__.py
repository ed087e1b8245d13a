"""
The store's versions, one file each, for SQLite and PostgreSQL alike.

Change the tables (`storage/tables.py`, `county_tables.py`, `sign_off_tables.py`), then

    python -m storage.migrations notices

compares them with the newest version and writes the next file, here `versions/0010_notices.py`.
Read it, complete by hand what a comparison cannot see (triggers, data to be moved), and remove
Alembic's comments. A new column of an old table needs a `server_default` or allows NULL. A new
module of tables must be imported in `env.py`. A published version is never changed.

Alembic is slow to import, so it is imported only if a store is new or older than the program.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from conversations.wording.store import TOO_NEW
from storage.databases import Database, version
from storage.errors import StoreTooNew

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "versions"

# The newest version. The files are named by their numbers, so Alembic is not needed.
KNOWN = frozenset(file.stem for file in VERSIONS.glob("[0-9]*.py"))
HEAD = max(KNOWN, default="")


def configuration(connection: Any = None) -> Config:
    """Alembic's settings, without a file; its `env.py` uses the given connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    return config


def bring_up_to_date(engine: Engine, database: Database) -> None:
    """
    Bring a new or older store to this version, in one transaction.

    Processes that start together wait for each other, and the later ones find nothing to do. A
    process killed half way leaves the store as it was.

    Raises:
        StoreTooNew: The store's version is not one of ours.
        StoreError: The tables are another program's.
    """
    with engine.execution_options(**database.reading).connect() as connection:
        if version(connection, database.place) == HEAD:
            return
    with engine.connect() as connection, database.migrating(connection):
        make(connection, database)


def make(connection: Connection, database: Database) -> None:
    """The same in the caller's own transaction, while nobody else migrates."""
    from alembic import command

    there = version(connection, database.place)
    if there is not None and there not in KNOWN:
        raise StoreTooNew(TOO_NEW)
    if there != HEAD:
        command.upgrade(configuration(connection), HEAD)
