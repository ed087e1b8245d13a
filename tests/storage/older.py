"""
A store as an early version has left it, with one answer.
"""

from pathlib import Path

from alembic import command

from storage import migrations
from storage.databases import SQLite
from tests.storage.clerk import ORGAN, YEAR


def make_older(file: Path) -> bytes:
    """
    The bytes of the file.
    """
    engine = SQLite(file).engine()
    with engine.begin() as connection:
        command.upgrade(migrations.configuration(connection), "0005_cards")
        at = "2026-01-05 00:00:00.000000"
        for statement in (
            f"INSERT INTO organ (id, name, created) VALUES (1, '{ORGAN}', '{at}')",
            (
                "INSERT INTO report (id, organ_id, year, edition, created_at)"
                f" VALUES (1, 1, {YEAR}, '2021', '{at}')"
            ),
            f"INSERT INTO answer VALUES (1, 201, '295', 'a', '{at}')",
            (
                "INSERT INTO history (report_id, number, after, by, at, door)"
                f" VALUES (1, 201, '295', 'a', '{at}', 'terminal')"
            ),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return file.read_bytes()
