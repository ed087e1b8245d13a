import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Integer, Table
from sqlmodel import SQLModel

from conversations.form.local_notice import NOTHING
from conversations.talk.effects import Save
from conversations.wording.store import BUSY, CANNOT_OPEN, FOREIGN, FULL, UNREACHABLE
from storage import Store, StoreBusy, StoreError, StoreTooNew, databases, migrations
from storage.databases import locate, version
from storage.errors import StoreDamaged
from storage.messages import (
    ABOUT,
    HEADS,
    IS_BEHIND,
    LEFT_WAITING,
    NEWEST,
    QUESTION,
    SENT,
    TAKE_IN,
    UNSENT,
    Messages,
)
from storage.migrations.__main__ import main as write_version
from storage.people import FOCUS, People
from storage.reports import EXPLANATIONS
from storage.tables import Base
from storage.tasks import Tasks
from tests.bot.doors import environment
from tests.conftest import ROOT
from tests.programs import Program
from tests.storage.clerk import CELL, NOW, ORGAN, TEXT, YEAR
from tests.storage.made_once import by_migrations


@pytest.fixture(autouse=True)
def made_by_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "make", by_migrations)


def answers_in(target: Path | str) -> dict[str, object]:
    with Store.open(target) as store, store.read() as reader:
        report = reader.find_report(ORGAN, YEAR)
        assert report is not None
        return dict(reader.load(report, "terminal").answers)


def make(target: Path | str) -> None:
    """
    A store with one answer in it.
    """
    with Store.open(target) as store, store.begin() as unit:
        report = unit.open_report(ORGAN, YEAR, now=NOW, edition="2021")
        unit.save(report, [Save(TEXT, None, "一")], by="a", at=NOW, door="terminal")


def test_what_is_stored_is_there_when_the_store_is_opened_again(target: Path | str):
    """
    The next day, in another process.
    """
    make(target)

    assert {TEXT: "一"} == answers_in(target)


@pytest.mark.parametrize(
    ("given", "file"),
    [
        (Path("data"), "data/nianbao.sqlite3"),
        (Path("a/b/data.2025"), "a/b/data.2025/nianbao.sqlite3"),
        (Path("backup.sqlite3"), "backup.sqlite3"),
        ("sqlite:///data/x.db", "data/x.db"),
    ],
)
def test_a_folder_or_a_file_may_be_named(
    given: Path | str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    What is not there yet is made, its folders too.
    """
    monkeypatch.chdir(tmp_path)

    make(given)

    assert (tmp_path / file).is_file()
    assert {TEXT: "一"} == answers_in(tmp_path / file)


def test_a_file_in_wal_mode_is_synchronised_at_every_commit(sqlite_store: Store):
    """
    WAL, synchronous FULL (2), foreign keys on, and some patience, on every connection.
    """
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}

    def settings(connection: Connection) -> dict[str, object]:
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}

    with sqlite_store.begin() as unit, sqlite_store.read() as reader:
        assert unit.connection is not reader.connection
        assert wanted == settings(unit.connection)
        assert wanted == settings(reader.connection)


def test_foreign_keys_hold_in_memory_too():
    """
    A migration turns them off for a while, on the only connection there is.
    """
    with Store.open(":memory:") as store, store.read() as reader:
        assert 1 == reader.connection.exec_driver_sql("PRAGMA foreign_keys").scalar()


@pytest.mark.parametrize(
    "address",
    [
        "mysql://a/b",
        "nianbao",
        "",
        "postgres:/a",
        "http://a",
        "postgresql://[a/b",
        "postgresql://a/b?nothing=1",
    ],
)
def test_an_address_of_another_kind_is_refused(address: str):
    """
    With a sentence that says which kinds there are.
    """
    with pytest.raises(StoreError, match="postgresql://"):
        Store.open(address)


def test_an_address_is_shown_without_its_password():
    """
    What is shown may end up in a log.
    """
    database = locate("postgres://user:secret@db.example:5433/nianbao?sslmode=require")

    assert "db.example:5433/nianbao" == database.place


def test_a_server_that_does_not_answer_is_said_so():
    """
    One sentence with the address, no password and no traceback of the driver.
    """
    with pytest.raises(
        StoreError, match=re.escape(UNREACHABLE.format(place="127.0.0.1:1/x"))
    ) as caught:
        Store.open("postgresql://user:secret@127.0.0.1:1/x")

    assert "secret" not in str(caught.value)


# ---- versions ----------------------------------------------------------------------------


def test_the_newest_version_is_the_one_alembic_knows():
    """
    Its number is read from the file names, so that Alembic need not be imported.
    """
    script = ScriptDirectory(str(migrations.VERSIONS.parent))

    assert [migrations.HEAD] == script.get_heads()
    assert sorted(file.stem for file in migrations.VERSIONS.glob("0*.py")) == sorted(
        revision.revision for revision in script.walk_revisions()
    )


def test_opening_a_store_of_this_version_does_without_alembic(tmp_path: Path):
    """
    It costs a quarter of the start of the chat, for nothing.
    """
    make(tmp_path)
    code = (
        "import pathlib, sys; from storage import Store;"
        f"Store.open(pathlib.Path({str(tmp_path)!r}));"
        "sys.exit('alembic' in sys.modules or 'psycopg' in sys.modules)"
    )

    assert 0 == subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode


def test_the_migrations_make_the_tables(shared_store: Store):
    """
    A column that is only in the one or the other would be found by a clerk.
    """
    with shared_store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, *_: not str(name).startswith("procrastinate_"),
            },
        )

        assert [] == compare_metadata(context, Base.metadata)


def test_a_table_outside_the_collection_is_told_when_a_version_is_written(
    capsys: pytest.CaptureFixture[str],
):
    """
    A class under SQLModel itself is compared with nothing: the version would be empty.
    """
    assert {} == SQLModel.metadata.tables
    stray = Table("stray", SQLModel.metadata, Column("id", Integer))
    before = sorted(migrations.VERSIONS.iterdir())
    try:
        assert 2 == write_version(["stray"])
    finally:
        SQLModel.metadata.remove(stray)

    assert "stray" in capsys.readouterr().err
    assert before == sorted(migrations.VERSIONS.iterdir())


def earlier_versions() -> Iterator[str]:
    script = ScriptDirectory(str(migrations.VERSIONS.parent))
    return (revision.revision for revision in script.walk_revisions())


@pytest.mark.long
@pytest.mark.parametrize("earlier", sorted(earlier_versions()))
def test_an_older_store_is_migrated_with_what_is_in_it(target: Path | str, earlier: str):
    """
    Whatever version it was left at.
    """
    engine = locate(target).engine()
    with engine.begin() as connection:
        command.upgrade(migrations.configuration(connection), earlier)
        for statement in (
            f"INSERT INTO organ (id, name, created) VALUES (1, '{ORGAN}', '2026-01-05 00:00:00')",
            (
                "INSERT INTO report (id, organ_id, year, edition, created_at)"
                f" VALUES (1, 1, {YEAR}, '2021', '2026-01-05 00:00:00')"
            ),
            (
                "INSERT INTO answer (report_id, number, value, by, at)"
                " VALUES (1, 201, '295', 'a', '2026-01-05 00:00:00')"
            ),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()

    assert {CELL: 295} == answers_in(target)
    with Store.open(target) as store, store.read() as reader:
        assert migrations.HEAD == version(reader.connection, store.database.place)


def test_cards_of_an_older_store_still_say_what_they_ask(target: Path | str):
    """
    One that was sent, as it is known as shown, and one that was not, as it stands in its payload.
    """
    engine = locate(target).engine()
    with engine.begin() as connection:
        command.upgrade(migrations.configuration(connection), "0004_keys_of_people")
        day = "'2026-01-05 00:00:00'"
        for statement in (
            f"INSERT INTO organ (id, name, created) VALUES (1, '{ORGAN}', {day})",
            (
                "INSERT INTO report (id, organ_id, year, edition, created_at)"
                f" VALUES (1, 1, {YEAR}, '2021', {day})"
            ),
            (
                "INSERT INTO outgoing (id, chat, method, payload, created_at, state, message_id)"
                f" VALUES (1, 7, 'sendMessage', '', {day}, 2, 70)"
            ),
            "INSERT INTO shown (chat, message_id, report_id, number) VALUES (7, 70, 1, 201)",
            (
                "INSERT INTO outgoing (id, chat, method, payload, created_at, state) VALUES"
                """ (2, 7, 'sendMessage', '{"text":"","report":1,"number":202}',"""
                f" {day}, 0), (3, 7, 'sendMessage', '{{}}', {day}, 0)"
            ),
            (
                "INSERT INTO person"
                " (id, key, report_id, card, contents, name, reachable, created_at)"
                f" VALUES (7, 'p7', 1, 2, 1, '', true, {day})"
            ),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()

    with Store.open(target) as store, store.begin() as unit:
        messages = Messages(unit)
        assert 70 == messages.question(7, 71, 1, 201)
        focus = People(unit).focus(7)
        assert focus is not None
        assert (2, None, 1) == (focus.card, focus.card_id, focus.contents)
        messages.mark(2, SENT, 72)
        assert (1, 202) == messages.about(7, 72)
        assert [3] == [message.id for message in messages.unsent()]


def test_what_is_open_is_found_without_looking_at_what_is_over(sqlite_store: Store):
    """
    By an index, whatever has been sent before.
    """
    asked = (
        (LEFT_WAITING, "ix_incoming_waiting"),
        (HEADS, "ix_incoming_waiting"),
        (TAKE_IN, "ix_incoming_waiting"),
        (TAKE_IN, "ix_outgoing_unsent"),
        (IS_BEHIND, "ix_outgoing_unsent"),
        (UNSENT, "ix_outgoing_unsent"),
        (FOCUS, "ix_outgoing_card"),
        (QUESTION, "ix_outgoing_arrived"),
        (ABOUT, "ix_outgoing_arrived"),
        (NEWEST, "ix_outgoing_arrived"),
    )
    with sqlite_store.read() as reader:
        for statement, index in asked:
            query = str(statement.compile(sqlite_store.engine))
            plan = reader.connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {query}", tuple(0 for _ in range(query.count("?")))
            )
            steps = [row[-1] for row in plan]
            assert any(index in step for step in steps), steps
            assert not [
                step
                for step in steps
                if step.startswith("SCAN ") and index not in step and "CONSTANT" not in step
            ]


def test_a_task_of_an_older_store_asks_for_the_form_alone(target: Path | str):
    """
    Its dates stay, and from now on it can ask for more.
    """
    engine = locate(target).engine()
    with engine.begin() as connection:
        command.upgrade(migrations.configuration(connection), "0009_reasons_withdrawn")
        for statement in (
            f"INSERT INTO organ (id, name, created) VALUES (1, '{ORGAN}', '2026-01-05 00:00:00')",
            (
                "INSERT INTO report (id, organ_id, year, edition, created_at)"
                f" VALUES (1, 1, {YEAR}, '2021', '2026-01-05 00:00:00')"
            ),
            (
                "INSERT INTO task (report_id, deadline, internal, withdrawn)"
                " VALUES (1, '2026-01-31', '2026-01-20', false)"
            ),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()

    with Store.open(target) as store, store.begin() as unit:
        task = Tasks(unit).task(1)
        assert task is not None
        assert (date(2026, 1, 31), date(2026, 1, 20), NOTHING) == (
            task.deadline,
            task.internal,
            task.notice,
        )
        assert unit.load(1, "a").notice == NOTHING
        wanted = NOTHING.asking("政务微信发布信息", "条")
        Tasks(unit).set_task(replace(task, notice=wanted), 1)
        assert unit.load(1, "a").notice == wanted


def test_a_message_that_waits_in_an_older_store_has_not_been_tried(target: Path | str):
    """
    And is still to be sent.
    """
    engine = locate(target).engine()
    with engine.begin() as connection:
        command.upgrade(migrations.configuration(connection), "0005_cards")
        connection.exec_driver_sql(
            "INSERT INTO outgoing (id, chat, method, payload, created_at, state)"
            " VALUES (7, 1, 'fetchFile', '{}', '2026-01-05 00:00:00', 0)"
        )
    engine.dispose()

    with Store.open(target) as store, store.begin() as unit:
        messages = Messages(unit)
        assert [7] == [row.id for row in messages.unsent()]
        assert [1, 2] == [messages.begin_reading(7) for _ in range(2)]


def test_a_store_of_a_newer_version_is_refused_and_left_alone(target: Path | str):
    """
    An older program that writes into it could lose what only the newer one knows.
    """
    make(target)
    engine = locate(target).engine()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_future'")

    with pytest.raises(StoreTooNew, match="升级"):
        Store.open(target)

    with engine.begin() as connection:
        assert "9999_future" == version(connection, "")
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{migrations.HEAD}'")
    engine.dispose()
    assert {TEXT: "一"} == answers_in(target)


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    All or nothing: the next start tries again.
    """
    upgrade = command.upgrade

    def fail(configuration: Config, revision: str) -> None:
        upgrade(configuration, revision)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", fail)
        with pytest.raises(ZeroDivisionError):
            Store.open(tmp_path)
    connection = sqlite3.connect(tmp_path / databases.FILE_NAME)
    assert [] == connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()

    make(tmp_path)


def test_processes_that_start_together_make_one_store(target: Path | str):
    """
    The terminal and the bot on a fresh machine.
    """
    started = [Program("tests.storage.clerk", target, "open", env=environment()) for _ in range(4)]

    ends = [process.communicate() for process in started]

    assert [(b"open\n", b"")] * 4 == ends
    make(target)


# ---- what is wrong with the place ----------------------------------------------------------


@pytest.mark.parametrize("content", [b"PK\x03\x04" + b"docx" * 1000, b"SQLite format 3\0" * 300])
def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path, content: bytes):
    """
    And it is not touched: perhaps it can be mended.
    """
    file = tmp_path / databases.FILE_NAME
    file.write_bytes(content)

    with pytest.raises(StoreError, match="损坏"):
        Store.open(tmp_path)

    assert content == file.read_bytes()


def test_damage_found_later_is_said_too(tmp_path: Path):
    """
    A file whose beginning is whole and whose end is not.
    """
    make(tmp_path)
    file = tmp_path / databases.FILE_NAME
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + os.urandom(len(whole) - 8192))

    with pytest.raises(StoreError, match="损坏"):
        answers_in(tmp_path)


def test_a_table_that_is_not_there_is_damage(target: Path | str):
    """
    No traceback, and no other try.
    """
    with Store.open(target) as store:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE explanation")
        with pytest.raises(StoreDamaged), store.read() as reader:
            reader.run(EXPLANATIONS, report=1)


def test_the_file_of_another_program_is_left_alone(tmp_path: Path):
    """
    Tables of ours among its own would spoil both.
    """
    file = tmp_path / "other.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE organ (id)")
    connection.close()

    with pytest.raises(StoreError, match=FOREIGN.partition("：")[0]):
        Store.open(file)


@pytest.mark.parametrize("name", ["file/data", "file/x.sqlite3"])
def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path, name: str):
    """
    Where a file stands there can be no folder, whoever asks.
    """
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=CANNOT_OPEN.partition("{place}")[0]):
        Store.open(tmp_path / name)


def test_a_folder_without_leave_to_write_is_said_so():
    """
    As anybody but root finds it; root is let in everywhere, so it becomes somebody else.
    """
    code = (
        "import os, pathlib, storage, sys\n"
        "import storage.migrations, alembic.command, alembic.script, sqlalchemy.pool\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try: storage.Store.open(pathlib.Path(sys.argv[1]))\n"
        "except storage.StoreError as error: print(error)"
    )

    # Where everybody may come: pytest's own folders are for one account only.
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        said = subprocess.run(
            [sys.executable, "-c", code, name],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert CANNOT_OPEN.partition("{place}")[0] in said.stdout, said


def test_a_full_disk_is_said_and_the_step_can_be_done_again(sqlite_store: Store):
    """
    Nothing of the step is stored, and everything before it is.
    """
    with sqlite_store.begin() as unit:
        report = unit.open_report(ORGAN, YEAR, now=NOW, edition="2021")
        pages = unit.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        unit.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
    text = "文" * 100_000

    def step(after: str) -> None:
        with sqlite_store.begin() as unit:
            unit.save(report, [Save(TEXT, None, after)], by="a", at=NOW, door="terminal")

    with pytest.raises(StoreError, match=FULL.partition("：")[0]):
        step(text)
    with sqlite_store.begin() as unit:
        assert {} == dict(unit.load(report, "a").answers)
        unit.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    step(text)


def test_a_store_locked_for_long_is_said_to_be_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    The clerk is asked to try again, and can.
    """
    make(tmp_path)
    monkeypatch.setattr(databases, "PATIENCE", 0.05)
    with Store.open(tmp_path) as store, Store.open(tmp_path) as other:
        with other.begin(), pytest.raises(StoreBusy, match=BUSY), store.begin():
            pass
        with store.begin() as unit:
            assert (ORGAN,) == unit.organs()


def test_a_report_locked_for_long_is_said_to_be_busy(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    There only who changes the same report waits.
    """
    with postgres_store.begin() as unit:
        report = unit.open_report(ORGAN, YEAR, now=NOW, edition="2021")
        other_report = unit.open_report(ORGAN, YEAR - 1, now=NOW, edition="2021")
    monkeypatch.setattr(databases, "PATIENCE", 0.05)
    with Store(postgres_store.database) as store, postgres_store.begin() as holder:
        holder.load(report, "a")

        with store.begin() as unit:
            unit.load(other_report, "b")
        with pytest.raises(StoreBusy, match=BUSY), store.begin() as unit:
            unit.load(report, "b")
        with store.read() as reader:
            assert YEAR == reader.load(report, "b").year
