"""`python -m storage.migrations NAME` writes the next version; see the package's docstring."""

from __future__ import annotations

import re
import sys

from alembic import command
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - makes every table known
from storage.databases import SQLite
from storage.migrations import VERSIONS, bring_up_to_date, configuration


def main(arguments: list[str]) -> int:
    """Compare the tables with the newest version, and write what is different."""
    if len(arguments) != 1 or not re.fullmatch(r"[a-z_]+", arguments[0]):
        sys.stderr.write("usage: python -m storage.migrations lower_case_name\n")
        return 2
    if SQLModel.metadata.tables:
        stray = ", ".join(SQLModel.metadata.tables)
        sys.stderr.write(f"not under Base in storage/tables.py, so never made: {stray}\n")
        return 2
    name = arguments[0]
    versions = [int(file.stem[:4]) for file in VERSIONS.glob("[0-9]*.py")]
    database = SQLite(None)
    engine = database.engine()
    if versions:
        bring_up_to_date(engine, database)
    with engine.connect() as connection:
        command.revision(
            configuration(connection),
            message=f"Add {name.replace('_', ' ')}",
            autogenerate=True,
            rev_id=f"{max(versions, default=0) + 1:04}_{name}",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
