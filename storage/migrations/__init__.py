"""
The store's versions, one file each, for SQLite and PostgreSQL alike.

To add a table: write it in `storage/tables.py`, then

    python -m storage.migrations inbox

which compares the tables with the newest version and writes `versions/0002_inbox.py`.
Read it, and complete by hand what a comparison cannot see (triggers, data to be moved).
A version that has been published is never changed.

Alembic is slow to import, so it is not, unless a store is new or older than we are.
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

# The newest version. The files are named by their numbers, so Alembic need not be asked.
KNOWN = frozenset(file.stem for file in VERSIONS.glob("[0-9]*.py"))
HEAD = max(KNOWN, default="")


def configuration(connection: Any = None) -> Config:
    """Alembic's settings, without a file; its `env.py` works on the connection given."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    return config


def bring_up_to_date(engine: Engine, database: Database) -> None:
    """
    Bring a new or older store to this version, in one transaction.

    Processes that start together wait for each other, and the later ones find nothing
    left to do. A process killed half way leaves the store as it was.

    Raises:
        StoreTooNew: The store's version is not one of ours.
        StoreError: The tables there are another program's.
    """
    with engine.execution_options(**database.reading).connect() as connection:
        if version(connection, database.place) == HEAD:
            return
    with engine.connect() as connection, database.migrating(connection):
        make(connection, database)


def make(connection: Connection, database: Database) -> None:
    """The same in the caller's own transaction, in which nobody else migrates."""
    from alembic import command

    there = version(connection, database.place)
    if there is not None and there not in KNOWN:
        raise StoreTooNew(TOO_NEW)
    if there != HEAD:
        command.upgrade(configuration(connection), HEAD)
