"""
The history cannot be changed, and where somebody has done it all the same, it shows.
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.exc import IntegrityError

from conversations.talk.effects import Save
from storage import Store, Unit, migrations
from storage.databases import locate
from storage.reports import Reader
from storage.verify import Break, Fault, compare, verify
from tests.storage.clerk import CELL, NOW, ORGAN, TEXT, YEAR

OTHER = "龙门镇人民政府"
AT = "'2026-01-05 00:00:00'"
UNREADABLE = Fault(Break.UNREADABLE, ORGAN, YEAR)


def filled(store: Store) -> None:
    """
    Two reports whose changes come in turns; the first is changed four times.
    """
    for organ, changes in (
        (ORGAN, [Save(CELL, None, 1), Save(TEXT, None, "一")]),
        (OTHER, [Save(CELL, None, 7)]),
        (ORGAN, [Save(CELL, 1, None)]),
        (OTHER, [Save(CELL, 7, 8)]),
        (ORGAN, [Save(CELL, None, 3)]),
    ):
        with store.begin() as unit:
            report = unit.open_report(organ, YEAR, now=NOW, edition="2021")
            unit.save(report, changes, by="terminal", at=NOW, door="chat")


def fail(unit: Unit, report: int) -> None:
    """
    A step that is taken back.
    """
    with unit.savepoint():
        unit.save(report, [Save(CELL, 3, 4)], by="a", at=NOW, door="chat")
        raise ZeroDivisionError


def faults(store: Store) -> list[Fault]:
    with store.read() as reader:
        return list(verify(reader))


def unprotected(store: Store, statement: str) -> None:
    """
    What somebody does who may change the tables.
    """
    with store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("update", "delete", "replace"):
                connection.exec_driver_sql(f"DROP TRIGGER history_no_{name}")
        else:
            connection.exec_driver_sql("ALTER TABLE history DISABLE TRIGGER history_no_change")
        connection.exec_driver_sql(statement)


def test_what_was_written_is_whole(store: Store):
    """
    One report or several, one change at a time or many, one taken back in between.
    """
    filled(store)
    with store.begin() as unit:
        report = unit.find_report(ORGAN, YEAR)
        assert report is not None
        with pytest.raises(ZeroDivisionError):
            fail(unit, report)
        following = unit.open_report(ORGAN, YEAR + 1, now=NOW, edition="2021")
        unit.load(following, "a")
        assert unit.earlier(following) is not None
        unit.save(report, [Save(CELL, 3, 5)], by="a", at=NOW, door="chat")
        unit.save(report, [Save(CELL, 5, 6)], by="b", at=NOW, door="chat")

    assert [] == faults(store)


def test_two_at_a_time_make_one_chain(shared_store: Store):
    """
    Each row of a report follows the one before, whoever writes it.
    """
    filled(shared_store)

    def write(number: int) -> None:
        for _ in range(5):
            with shared_store.begin() as unit:
                report = unit.find_report(ORGAN, YEAR)
                assert report is not None
                held = unit.load(report, "a").answers.get(CELL)
                unit.save(report, [Save(CELL, held, number)], by="a", at=NOW, door="chat")
                number += 10

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(10, 14)))

    assert [] == faults(shared_store)


@pytest.mark.parametrize(
    ("statement", "kind", "row"),
    [
        ("UPDATE history SET after = '2' WHERE id = 1", Break.ROW, 1),
        ("UPDATE history SET by = 'somebody' WHERE id = 2", Break.ROW, 2),
        ("UPDATE history SET at = '2020-01-01 00:00:00' WHERE id = 4", Break.ROW, 4),
        ("UPDATE history SET report_id = 2 WHERE id = 4", Break.ROW, 6),
        ("DELETE FROM history WHERE id = 2", Break.ROW, 4),
        ("DELETE FROM history WHERE id = 6", Break.ANSWERS, None),
        ("UPDATE answer SET value = '9' WHERE report_id = 1 AND number = 201", Break.ANSWERS, None),
        ("DELETE FROM answer WHERE report_id = 1", Break.ANSWERS, None),
        (
            f"INSERT INTO history VALUES (7, 1, 201, '3', '4', 'terminal', {AT}, 'chat', '')",
            Break.ROW,
            7,
        ),
        (f"UPDATE report SET final_history = 7, final_at = {AT} WHERE id = 1", Break.END, 6),
        (
            (
                "INSERT INTO task (report_id, deadline, withdrawn, work, work_history)"
                " VALUES (1, '2026-01-31', false, '{}', 7)"
            ),
            Break.END,
            6,
        ),
        ("UPDATE answer SET by = 'somebody' WHERE report_id = 1", Break.ANSWERS, None),
        (f"UPDATE answer SET at = {AT} WHERE report_id = 1", Break.ANSWERS, None),
    ],
)
def test_what_somebody_has_changed_shows(
    shared_store: Store, statement: str, kind: Break, row: int | None
):
    """
    Changed, moved, taken out, put in, cut off; in the history or in what stands.
    """
    filled(shared_store)

    unprotected(shared_store, statement)

    assert Fault(kind, ORGAN, YEAR, row) in faults(shared_store)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE history SET at = 'noon' WHERE id = 2", UNREADABLE),
        ("UPDATE history SET after = x'ff' WHERE id = 2", UNREADABLE),
        ("UPDATE answer SET at = x'ff'", UNREADABLE),
        (
            f"UPDATE report SET final_history = 'x', final_at = {AT}",
            Fault(Break.UNREADABLE, ORGAN, YEAR),
        ),
        ("UPDATE history SET report_id = 9 WHERE id > 3", Fault(Break.STRAY, "", 0, 4)),
        ("DELETE FROM report WHERE id = 1", Fault(Break.STRAY, "", 0, 1)),
        ("DELETE FROM organ WHERE id = 1", Fault(Break.STRAY, "", 0, 1)),
    ],
)
def test_what_only_sqlite_lets_somebody_write_shows(
    sqlite_store: Store, statement: str, fault: Fault
):
    """
    Values of another kind, and rows of a report that is not there.
    """
    filled(sqlite_store)
    unprotected(sqlite_store, "PRAGMA user_version = 0")

    with closing(sqlite3.connect(sqlite_store.database.place)) as connection:
        connection.execute(statement)
        connection.commit()

    assert fault in faults(sqlite_store)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organ SET name = '别的镇人民政府' WHERE id = 1",
        "UPDATE report SET year = year + 1 WHERE id = 1",
        "UPDATE report SET organ_id = 2, year = 2019 WHERE id = 1",
        "DELETE FROM history WHERE id = 6",
        "UPDATE history SET hash = 'another' WHERE id = 6",
        "DELETE FROM history WHERE report_id = 1",
    ],
)
def test_a_copy_shows_what_the_chain_alone_cannot(
    shared_store: Store, tmp_path: Path, statement: str
):
    """
    Whoever has done it is taken to have made everything else fit.
    """
    with Store.open(tmp_path) as copy:
        filled(copy)
        filled(shared_store)
        with shared_store.begin() as unit:
            report = unit.find_report(OTHER, YEAR)
            assert report is not None
            unit.save(report, [Save(CELL, 8, 9)], by="a", at=NOW, door="chat")
        with shared_store.read() as reader, copy.read() as before:
            assert [] == list(compare(reader, before))

        unprotected(shared_store, statement)

        with shared_store.read() as reader, copy.read() as before:
            assert [Fault(Break.NOT_KEPT, ORGAN, YEAR, 6)] == list(compare(reader, before))


def test_a_history_that_may_be_changed_shows(shared_store: Store):
    """
    Although nobody has changed it yet.
    """
    filled(shared_store)

    unprotected(shared_store, "UPDATE answer SET value = value")

    assert [Fault(Break.UNGUARDED, "", 0)] == faults(shared_store)


def test_a_row_cannot_be_replaced(shared_store: Store):
    """
    SQLite asks no trigger for DELETE when a row replaces another.
    """
    filled(shared_store)
    names = "id, report_id, number, before, after, by, at, door"
    row = "1, 1, 201, NULL, '2', 'somebody', '2026-01-05 00:00:00', 'chat'"

    for verb, end in (
        ("INSERT OR REPLACE", ""),
        ("REPLACE", ""),
        ("INSERT", "ON CONFLICT (id) DO UPDATE SET after = '2'"),
    ):
        if end or shared_store.engine.dialect.name == "sqlite":
            with pytest.raises(IntegrityError), shared_store.engine.begin() as connection:
                connection.exec_driver_sql(f"{verb} INTO history ({names}) VALUES ({row}) {end}")

    assert [] == faults(shared_store)


OLD_ROWS = (
    f"INSERT INTO organ (id, name, created) VALUES (1, '{ORGAN}', '2026-01-05 00:00:00')",
    (
        "INSERT INTO report (id, organ_id, year, edition, created_at)"
        f" VALUES (1, 1, {YEAR}, '2021', '2026-01-05 00:00:00')"
    ),
    (
        "INSERT INTO answer (report_id, number, value, by, at)"
        " VALUES (1, 201, '295', 'terminal', '2026-01-05 00:00:01.25')"
    ),
    (
        "INSERT INTO history (report_id, number, before, after, by, at, door) VALUES"
        " (1, 201, NULL, '29', '4611686018427387', '2026-01-05 00:00:00', 'telegram'),"
        " (1, 201, '29', '295', 'terminal', '2026-01-05 00:00:01.25', 'chat')"
    ),
)


def test_old_rows_are_chained_by_the_migration(target: Path | str):
    """
    Those of the first version; the next change goes on from there, none can be altered.
    """
    engine = locate(target).engine()
    with engine.begin() as connection:
        command.upgrade(migrations.configuration(connection), "0001_first")
        for statement in OLD_ROWS:
            connection.exec_driver_sql(statement)
    engine.dispose()

    with Store.open(target) as store:
        assert [] == faults(store)
        with store.begin() as unit:
            unit.save(1, [Save(CELL, 295, 296)], by="terminal", at=NOW, door="chat")
        assert [] == faults(store)
        for statement in ("UPDATE history SET after = '1'", "DELETE FROM history"):
            with pytest.raises(IntegrityError), store.engine.begin() as connection:
                connection.exec_driver_sql(statement)


def test_looking_holds_one_report_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch):
    """
    A province's history does not fit into memory.
    """
    filled(store)
    rows: list[int] = []
    run = Reader.run

    def counted(reader: Reader, statement: object, **parameters: object) -> object:
        result = list(run(reader, statement, **parameters))  # type: ignore[arg-type]
        rows.append(len(result))
        return result

    with store.read() as reader, monkeypatch.context() as patch:
        patch.setattr(Reader, "run", counted)
        assert [] == list(verify(reader))
    assert max(rows) <= 4
