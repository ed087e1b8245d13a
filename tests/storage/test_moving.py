"""
Whole stores copied: between the databases, into a backup and back, while people answer.
"""

import re
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from conversations.talk.effects import Save
from storage import Store
from storage.databases import FILE_NAME, SQLite, explaining, locate
from storage.errors import StoreError, StoreTooNew
from storage.files import PREFIX
from storage.moving import Broken, copy_store, keep_beside, open_backup, refuse_place, restore
from storage.rows import copy_rows, quieten
from storage.tables import INCOMING, OUTGOING, PROCESS
from storage.verify import Break, compare, verify
from tests.bot.doors import environment
from tests.programs import Program
from tests.storage.clerk import CELL, ORGAN, YEAR
from tests.storage.everything import FILE, NOON, contents, fill, row
from tests.storage.older import make_older
from tests.storage.servers import postgres, postgres_made
from tests.storage.test_together import start, stored


@contextmanager
def a_place(kind: str, folder: Path) -> Iterator[Path | str]:
    if kind == "sqlite":
        folder.mkdir()
        yield folder
    else:
        with postgres() as address:
            yield address


def nothing(*_: Any) -> None:
    """
    To be done with a copy, or at a step of it.
    """


def backed_up(source: Path | str, file: Path) -> Path:
    with Store.open(source, reading=True) as store:
        assert [] == copy_store(store, SQLite(file), nothing, nothing)
    return file


def restored(file: Path, target: Path | str, *, broken: bool = False) -> dict[str, bytes]:
    beside: dict[str, bytes] = {}
    restore(
        file,
        locate(target),
        nothing,
        nothing,
        file.parent,
        broken=broken,
        put=beside.__setitem__,
    )
    return beside


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with Store.open(folder / "office") as store:
        fill(store)
    backed_up(folder / "office", folder / "backup.sqlite3")
    return folder


@pytest.fixture
def backup(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "backup.sqlite3"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("sqlite", "sqlite"),
        ("sqlite", "postgresql"),
        ("postgresql", "sqlite"),
        pytest.param("postgresql", "postgresql", marks=pytest.mark.soak),
    ],
)
def test_a_copy_holds_every_row_and_goes_on(source: str, target: str, tmp_path: Path):
    """
    Permanent numbers stay, the history is guarded, and new rows get numbers of their own.
    """
    used = postgres_made() if source == "postgresql" else a_place(source, tmp_path / "a")
    with used as old, a_place(target, tmp_path / "b") as new:
        with Store.open(old) as store:
            fill(store)
            assert [] == copy_store(store, locate(new), nothing, nothing)
            with store.read() as reader:
                expected = contents(reader.connection)

        with Store.open(new) as store, store.begin() as unit:
            assert expected == contents(unit.connection)
            assert [] == list(verify(unit))
            report = unit.find_report(ORGAN, YEAR)
            assert report is not None
            assert report < unit.open_report(ORGAN, YEAR + 1, now=NOON, edition="2021")
            unit.save(report, [Save(CELL, 4, 5)], by="a", at=NOON, door="terminal")
            assert [] == list(verify(unit))


@pytest.mark.parametrize(
    "target", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
@pytest.mark.long
def test_a_backup_made_while_people_answer_is_of_one_moment(target: Path | str, tmp_path: Path):
    """
    It has what was acknowledged before, everything in it agrees, and the doctor knows it again.
    """
    clerk = start(target, "write")
    try:
        assert b"open\n" == clerk.stdout.readline()
        acknowledged = [int(clerk.stdout.readline()) for _ in range(5)][-1]
        file = backed_up(target, tmp_path / "backup.sqlite3")
        int(clerk.stdout.readline())
    finally:
        clerk.kill()
        clerk.communicate()

    restored(file, tmp_path / "new")
    assert stored(tmp_path / "new") >= acknowledged
    with (
        Store.open(target) as store,
        store.read() as now,
        Store.open(file, reading=True) as copy,
        copy.read() as then,
    ):
        assert [] == list(compare(now, then))


def test_files_of_the_folder_come_back(backup: Path, tmp_path: Path):
    """
    They are no table of the store that was restored.
    """
    file = tmp_path / "more.sqlite3"
    with Store.open(tmp_path / "office", reading=True) as store:
        beside = {"template.docx": FILE}
        copy_store(store, SQLite(file), lambda copy: keep_beside(copy, beside), nothing)

    assert beside == restored(file, tmp_path / "new")
    again = backed_up(tmp_path / "new", tmp_path / "again.sqlite3")
    assert {} == restored(again, tmp_path / "newer")


@pytest.mark.parametrize(
    "target",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)],
    indirect=True,
)
def test_a_backup_of_an_older_version_is_brought_up_to_date(target: Path | str, tmp_path: Path):
    """
    The backup itself is not touched.
    """
    file = tmp_path / "old.sqlite3"
    before = make_older(file)

    restored(file, target)

    assert before == file.read_bytes()
    with Store.open(target) as store, store.read() as reader:
        report = reader.find_report(ORGAN, YEAR)
        assert report is not None
        assert 295 == reader.load(report, "a").answers[CELL]


def changed(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def newer(file: Path) -> None:
    changed(file, "UPDATE alembic_version SET version_num = '9999_later'")


def foreign(file: Path) -> None:
    file.unlink()
    changed(file, "CREATE TABLE other (id INTEGER)")


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def cut_a_little(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def scratched(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
    file.write_bytes(content)


def crossed(file: Path) -> None:
    """
    An index that is another table's: nothing that is read for the chain goes by it.
    """
    of = "SELECT min(rootpage) FROM sqlite_master WHERE type = 'index' AND tbl_name ="
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            f"UPDATE sqlite_master SET rootpage = ({of} 'member_record')"
            " WHERE type = 'index' AND tbl_name = 'organ_record'"
        )


def gone(file: Path) -> None:
    file.unlink()


def tampered(file: Path) -> None:
    changed(file, "DROP TRIGGER history_no_update")
    changed(file, "UPDATE history SET after = '9' WHERE id = 1")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (newer, StoreTooNew),
        (foreign, StoreError),
        (empty, StoreError),
        (cut, StoreError),
        (cut_a_little, StoreError),
        (scratched, StoreError),
        (crossed, StoreError),
        (gone, StoreError),
        (tampered, Broken),
    ],
)
def test_what_is_no_whole_backup_of_ours_is_refused(
    backup: Path, harm: Any, said: type[Exception], tmp_path: Path
):
    """
    Nothing is left where it was to be.
    """
    harm(backup)

    with pytest.raises(said):
        restored(backup, tmp_path / "new")
    if said is StoreTooNew:
        with pytest.raises(said), open_backup(backup):
            pass

    assert not [*(tmp_path / "new").glob("*")]


@pytest.mark.soak
def test_nor_is_it_put_into_postgresql(backup: Path):
    """
    The transaction is rolled back, the tables with it.
    """
    tampered(backup)
    with postgres() as address:
        with pytest.raises(Broken):
            restored(backup, address)

        refuse_place(locate(address))


def test_a_history_that_was_changed_is_restored_if_somebody_insists(backup: Path, tmp_path: Path):
    """
    It may be the only backup there is; the doctor goes on saying what is wrong.
    """
    tampered(backup)

    restored(backup, tmp_path / "new", broken=True)

    with Store.open(tmp_path / "new") as store, store.read() as reader:
        assert {Break.ROW, Break.UNGUARDED} == {fault.kind for fault in verify(reader)}


def test_a_value_that_cannot_be_read_is_no_fault_of_where_it_goes(backup: Path, tmp_path: Path):
    """
    Somebody would else look for the damage in the new database.
    """
    with Store.open(backup) as store:
        with store.begin() as unit:
            unit.connection.execute(text("UPDATE task SET reason = CAST(x'ff41' AS TEXT)"))
        with store.read() as reader, Store.open(":memory:") as other, other.begin() as unit:
            unit.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            places = (str(backup), "elsewhere")
            with explaining("elsewhere"), pytest.raises(StoreError, match=re.escape(str(backup))):
                copy_rows(reader.connection, unit.connection, places, nothing)


def test_a_row_that_is_not_there_as_it_was_is_noticed(backup: Path):
    """
    Whatever the new database has made of it.
    """
    with (
        Store.open(backup, reading=True) as store,
        store.read() as reader,
        Store.open(":memory:") as other,
        other.begin() as unit,
    ):
        for statement in (
            "PRAGMA defer_foreign_keys = ON",
            (
                "CREATE TRIGGER other AFTER INSERT ON outgoing BEGIN"
                " UPDATE outgoing SET attempts = 9 WHERE id = new.id; END"
            ),
        ):
            unit.connection.exec_driver_sql(statement)
        with pytest.raises(StoreError, match="outgoing"):
            copy_rows(reader.connection, unit.connection, ("", ""), nothing)


def test_tables_of_ours_are_not_filled(backup: Path):
    """
    Not even empty ones: somebody may be about to use them.
    """
    with postgres_made() as address, pytest.raises(StoreError):
        restored(backup, address)


@pytest.mark.parametrize("left", [FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-journal"])
def test_what_is_there_stays(backup: Path, left: str, tmp_path: Path):
    """
    SQLite would take what a former file has left for a part of the new one.
    """
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / left).write_bytes(b"something")

    with pytest.raises(StoreError):
        restored(backup, folder)

    assert [folder / left] == [*folder.glob("*")]
    assert b"something" == (folder / left).read_bytes()


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("copying", marks=pytest.mark.soak),
        pytest.param("copied", marks=pytest.mark.soak),
        "looked at",
        pytest.param("at its end", marks=pytest.mark.soak),
    ],
)
def test_a_restoring_that_was_killed_is_begun_anew(backup: Path, when: str, tmp_path: Path):
    """
    There is nothing, or everything; what was half written is taken away by the next.
    """
    folder = tmp_path / "new"
    folder.mkdir()
    assert -signal.SIGKILL == killed(backup, folder, when)
    if when != "at its end":
        assert not (folder / FILE_NAME).exists()
        assert [*folder.iterdir()]
        restored(backup, folder)

    with Store.open(folder) as store, store.read() as reader:
        assert [] == list(verify(reader))
        assert reader.find_report(ORGAN, YEAR)
    with pytest.raises(StoreError):
        restored(backup, folder)


@pytest.mark.soak
def test_on_postgresql_nothing_is_there_of_it(backup: Path):
    """
    Its transaction ends with it; a store that is there stays.
    """
    with postgres() as address:
        assert -signal.SIGKILL == killed(backup, address, "looked at")

        restored(backup, address)
        with pytest.raises(StoreError):
            restored(backup, address)


def killed(backup: Path, target: Path | str, when: str) -> int:
    program = Program("tests.storage.mover", backup, target, when, env=environment())
    program.communicate()
    return program.wait()


def test_a_restored_store_sends_nothing_again(backup: Path, tmp_path: Path):
    """
    What waited to be sent then was sent; what came in and waited is handled.
    """
    with Store.open(tmp_path / "office") as store, store.begin() as unit:
        unit.connection.execute(
            insert(INCOMING).values(row(INCOMING) | {"update_id": 2, "state": 0})
        )
        unit.connection.execute(
            insert(OUTGOING).values(row(OUTGOING) | {"id": 6, "method": "fetchFile", "state": 0})
        )
        unit.connection.execute(text("UPDATE recipient SET since = NULL"))
    file = backed_up(tmp_path / "office", tmp_path / "now.sqlite3")

    restore(
        file,
        locate(tmp_path / "new"),
        lambda copy: quieten(copy, NOON),
        nothing,
        tmp_path,
        broken=False,
        put=nothing,
    )

    with Store.open(tmp_path / "new") as store, store.read() as reader:
        ask = reader.connection.execute
        assert [(6,)] == ask(text("SELECT id FROM outgoing WHERE state <= 1")).all()
        assert [(2,)] == ask(text("SELECT update_id FROM incoming WHERE state = 0")).all()
        assert [] == ask(PROCESS.select()).all()
        assert [("2026-01-05",)] == ask(text("SELECT since FROM recipient")).all()
        for nobody in ("SELECT 1 FROM postponed", "SELECT 1 FROM notice WHERE lease IS NOT NULL"):
            assert [] == ask(text(nobody)).all()


def test_files_of_the_folder_are_there_before_the_store(backup: Path, tmp_path: Path):
    """
    Who is killed between them begins anew.
    """
    file = tmp_path / "more.sqlite3"
    with Store.open(tmp_path / "office", reading=True) as store:
        copy_store(store, SQLite(file), lambda copy: keep_beside(copy, {"a": FILE}), nothing)
    there: list[bool] = []

    def put(*_: Any) -> None:
        there.append((tmp_path / "new" / FILE_NAME).exists())

    restore(file, locate(tmp_path / "new"), nothing, nothing, tmp_path, broken=False, put=put)

    assert [False] == there


def test_a_full_disk_is_said_of_the_file_that_was_named(backup: Path, tmp_path: Path):
    """
    Nobody knows the one that is written first.
    """
    file = tmp_path / "full.sqlite3"

    def fill_up(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        connection.exec_driver_sql("CREATE TABLE much AS SELECT randomblob(1000000)")

    with (
        Store.open(tmp_path / "office", reading=True) as store,
        pytest.raises(StoreError, match=re.escape(str(file))),
    ):
        copy_store(store, SQLite(file), fill_up, nothing)

    assert not file.exists()


def test_only_what_we_have_left_is_taken_away(backup: Path, tmp_path: Path):
    """
    Whatever else lies there, and however it is called.
    """
    theirs = tmp_path / ".nianbao-old" / "letter"
    theirs.parent.mkdir()
    theirs.write_bytes(b"")
    (tmp_path / f"{PREFIX}link").symlink_to(theirs.parent)
    ours = tmp_path / f"{PREFIX}left"
    ours.mkdir()

    backed_up(tmp_path / "office", tmp_path / "more.sqlite3")

    assert theirs.exists()
    assert not ours.exists()


def test_a_backup_with_a_rest_beside_it_is_read_and_stays(backup: Path, tmp_path: Path):
    """
    As `cp` has left it of a program that ran.
    """
    copy = tmp_path / "copy.sqlite3"
    with Store.open(tmp_path / "office") as store:
        with store.begin() as unit:
            unit.connection.execute(text("UPDATE task SET reason = 'later'"))
        for end in ("", "-wal"):
            shutil.copy(tmp_path / "office" / f"{FILE_NAME}{end}", f"{copy}{end}")
    before = [Path(f"{copy}{end}").read_bytes() for end in ("", "-wal")]

    with open_backup(copy) as store, store.read() as reader:
        assert "later" == reader.connection.scalar(text("SELECT reason FROM task"))

    assert before == [Path(f"{copy}{end}").read_bytes() for end in ("", "-wal")]


def test_a_backup_is_one_file_that_nobody_need_write_beside(backup: Path):
    """
    Looking at it leaves nothing there.
    """
    before = backup.read_bytes()
    with open_backup(backup) as store, store.read() as reader:
        assert [] == list(verify(reader))

    assert before == backup.read_bytes()
    assert [] == [*backup.parent.glob("backup.sqlite3-*")]


def test_what_was_deleted_is_in_no_backup(tmp_path: Path):
    """
    Not even in the pages that SQLite keeps for later.
    """
    with Store.open(tmp_path / "office") as store:
        fill(store)
        with store.begin() as unit:
            unit.connection.execute(OUTGOING.delete())
        with store.read() as reader:
            assert not any("payload" in row for row in contents(reader.connection)["outgoing"])

    file = backed_up(tmp_path / "office", tmp_path / "backup.sqlite3")
    assert "payload：“甲”".encode() not in file.read_bytes()
