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

from storage.errors import TOO_NEW, StoreTooNew

if TYPE_CHECKING:
    from alembic.config import Config

    from storage.databases import Database
    from storage.statements import Connection

VERSIONS = Path(__file__).parent / "versions"

# The newest version. The files are named by their numbers, so Alembic need not be asked.
HEAD = max((file.stem for file in VERSIONS.glob("[0-9]*.py")), default="")


def configuration(connection: Any = None) -> Config:
    """Alembic's settings, without a file; its `env.py` works on the connection given."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    return config


def migrate(database: Database, connection: Connection) -> None:
    """
    Bring a new or older store to this version, in one transaction.

    Processes that start together wait for each other, and the later ones find nothing
    left to do. A process killed half way leaves the store as it was.

    Raises:
        StoreTooNew: The store's version is not one of ours.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(str(VERSIONS.parent)).walk_revisions()}
    engine = database.engine(connection)
    with engine.connect() as link:
        database.lock_for_migration(link.exec_driver_sql)
        try:
            version = database.version(connection)
            if version is not None and version not in known:
                raise StoreTooNew(TOO_NEW)
            if version != HEAD:
                command.upgrade(configuration(link), HEAD)
                database.check_migration(link.exec_driver_sql)
            link.exec_driver_sql("COMMIT")
        except BaseException:
            link.exec_driver_sql("ROLLBACK")
            raise
