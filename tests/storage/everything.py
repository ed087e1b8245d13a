"""
A store in which no table is empty: an office as it works, and a made-up row wherever it left none.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Connection, Date, LargeBinary, Table, func, insert, select
from sqlmodel.sql.sqltypes import UTCDateTime

from conversations.form.organ import Level
from conversations.talk.effects import Save
from storage import Store
from storage.people import People
from storage.rows import TABLES
from storage.tables import OUTGOING
from storage.tasks import Tasks
from tests.storage.clerk import CELL, ORGAN, TEXT, YEAR

NOON = datetime(2026, 1, 5, 4, 0, 0, 123456, tzinfo=UTC)
WANG = 7_000_000_000  # a number that needs more than 32 bits
NAME = "王芳🌾"
FILE = bytes(range(256))

# What a column holds that takes not everything; the others are filled by their types.
WORDS = {
    "role": "clerk",
    "what": "joined",
    "mode": "on",
    "source": "bot",
    "starts": 540,
    "ends": 1080,
    "state": 1,
    "sections": None,
    "parent_id": None,
    "merged_into": None,
    "internal": None,
}


def fill(store: Store) -> None:
    """
    Put something into every table.
    """
    with store.begin() as unit:
        report = unit.open_report(ORGAN, YEAR, now=NOON, edition="2021")
        # An organ that stands before the one above it.
        unit.organ("龙门镇人民政府", NOON)
        unit.organ("雷州市人民政府", NOON)
        unit.connection.exec_driver_sql("UPDATE organ SET parent_id = 3 WHERE id = 2")
        key = People(unit).begin(WANG, NOON, NAME).key
        changes = [Save(CELL, None, 3), Save(TEXT, None, "第一段\n第二段")]
        unit.save(report, changes, by=key, at=NOON, door="telegram")
        unit.save(report, [Save(CELL, 3, 4)], by=key, at=NOON, door="telegram")
        Tasks(unit).begin(report, YEAR, Level.TOWNSHIP, NOON.date())
        for table in TABLES:
            if not unit.connection.scalar(select(func.count()).select_from(table)):
                unit.connection.execute(insert(table).values(row(table)))
        waiting = row(OUTGOING) | {"id": 5, "method": "sendMessage", "state": 0}
        unit.connection.execute(insert(OUTGOING).values(waiting))


def row(table: Table) -> dict[str, Any]:
    return {column.key: value(column) for column in table.c}


def value(column: Any) -> Any:
    if column.name in WORDS and column.table.name != "sign_off":
        return WORDS[column.name]
    if column.foreign_keys:
        return 1
    if column.name in ("person_id", "chat", "bound_to"):
        return WANG
    of_type = {UTCDateTime: NOON, Date: date(2026, 1, 31), Boolean: True, LargeBinary: FILE}
    for kind, example in of_type.items():
        if isinstance(column.type, kind):
            return example
    return 1 if column.type.python_type is int else f"{column.name}：“甲”\t\\N\n乙"


def contents(connection: Connection) -> dict[str, list[str]]:
    """
    Every row of every table.
    """
    return {
        table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
        for table in TABLES
    }
