"""
`nianbao backup`, `restore` and `copy` as an operator uses them.
"""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from alembic import command
from sqlalchemy import text

from bot.__main__ import main
from bot.cli import copies
from bot.cli.frame import FINDINGS, FINE, REFUSED, UNFINISHED
from storage import Store
from storage.databases import FILE_NAME, locate
from storage.migrations import configuration
from tests.storage.everything import contents, fill
from tests.storage.older import make_older
from tests.storage.servers import postgres

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "data"
    with Store.open(folder) as store:
        fill(store)
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Iterator[Path]:
    """
    The folder of an office with a template of its own; a process serves it.
    """
    umask = os.umask(0o077)
    folder = tmp_path / "data"
    shutil.copytree(made, folder)
    (folder / "template.docx").write_bytes(b"own")
    yield folder
    os.umask(umask)


def run(*words: str | Path) -> int:
    return main([str(word) for word in words])


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def rows(target: Path | str) -> dict[str, list[str]]:
    with Store.open(target, reading=True) as store, store.read() as reader:
        return contents(reader.connection)


def test_a_backup_is_the_owners_alone_and_comes_back(data: Path, tmp_path: Path):
    """
    With the template that lies in the data folder.
    """
    file, new = tmp_path / "backup.sqlite3", tmp_path / "new"
    assert FINE == run("backup", file, "--data", data)
    assert 0o600 == file.stat().st_mode & 0o777
    assert FINE == run("restore", file, "--data", new)

    assert b"own" == (new / "template.docx").read_bytes()
    before, after = rows(data), rows(new)
    quieter = {"process", "outgoing", "notice", "postponed", "recipient"}
    assert quieter == {name for name in before if before[name] != after[name]}


def test_a_file_that_is_there_is_replaced_only_by_a_yes(data: Path, tmp_path: Path):
    """
    The store that is backed up never.
    """
    file = tmp_path / "backup.sqlite3"
    file.write_bytes(b"mine")
    assert REFUSED == run("backup", file, "--data", data)
    assert b"mine" == file.read_bytes()
    assert FINE == run("backup", file, "--data", data, "--yes")

    before = (data / FILE_NAME).read_bytes()
    (data / "link").hardlink_to(data / FILE_NAME)
    for own in (FILE_NAME, f"{FILE_NAME}-wal", "link"):
        assert REFUSED == run("backup", data / own, "--data", data, "--yes")
    assert before == (data / FILE_NAME).read_bytes()
    assert (data / "link").samefile(data / FILE_NAME)


def test_a_backup_before_an_upgrade_is_of_the_older_version(tmp_path: Path):
    """
    The store is not brought up to date by it; the older program can be restored from it.
    """
    (tmp_path / "data").mkdir()
    make_older(tmp_path / "data" / FILE_NAME)
    file = tmp_path / "backup.sqlite3"

    assert FINE == run("backup", file, "--data", tmp_path / "data")

    for place in (file, tmp_path / "data" / FILE_NAME):
        with Store.open(place, reading=True, older=True) as store:
            assert "0005_cards" == store.version()
    assert FINE == run("restore", file, "--data", tmp_path / "new")


def test_a_backup_leaves_an_older_database_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    It is refused: the program that wrote it could not read what would be made of it.
    """
    file = tmp_path / "backup.sqlite3"
    with postgres() as address:
        engine = locate(address).engine()
        with engine.begin() as connection:
            command.upgrade(configuration(connection), "0005_cards")
        engine.dispose()
        monkeypatch.setenv("NIANBAO_DATABASE_URL", address)

        assert REFUSED == run("backup", file)

        with Store.open(address, reading=True, older=True) as store:
            assert "0005_cards" == store.version()
    assert [] == [*tmp_path.iterdir()]


@pytest.mark.parametrize("words", [(), ("--yes",)], ids=["shown", "done"])
def test_a_copy_leaves_an_older_store_as_it_is(tmp_path: Path, words: tuple[str, ...]):
    """
    It is refused, so that what it was copied from is not changed.
    """
    source = tmp_path / "data"
    source.mkdir()
    before = make_older(source / FILE_NAME)

    assert REFUSED == run("copy", "--from", source, "--to", tmp_path / "new", *words)

    assert before == (source / FILE_NAME).read_bytes()
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("backup", "{tmp}/nowhere/backup.sqlite3", "--data", "{tmp}/data"),
        ("backup", "{tmp}/backup.sqlite3", "--keep", "3", "--data", "{tmp}/data"),
        ("backup", "{tmp}/backup.sqlite3", "--data", "{tmp}/nothing"),
        ("restore", "{tmp}/nowhere.sqlite3", "--data", "{tmp}/new"),
        ("restore", "{tmp}/data/nianbao.sqlite3", "--data", "{tmp}/data"),
        ("copy", "--data", "{tmp}/data"),
        ("copy", "--from", "{tmp}/nothing", "--to", "{tmp}/new"),
        ("copy", "--from", "{tmp}/data", "--to", "{tmp}/data"),
        ("copy", "--from", "{tmp}/data", "--to", "mysql://host/base"),
    ],
)
def test_what_cannot_be_done_is_refused(data: Path, tmp_path: Path, words: tuple[str, ...]):
    """
    Nothing is made anywhere.
    """
    before = sorted(tmp_path.glob("**/*"))

    assert REFUSED == run(*(word.format(tmp=tmp_path) for word in words))

    assert before == [file for file in sorted(tmp_path.glob("**/*")) if file != tmp_path / "new"]


def test_before_the_first_start_there_is_nothing_to_back_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    An upgrade of what was never used goes on, and a program hears it; nothing is made anywhere.
    """
    words = ("backup", tmp_path / "backup.sqlite3", "--data", tmp_path / "nothing")
    assert (REFUSED, FINE) == (run(*words), run(*words, "--if-any"))
    assert "" == capsys.readouterr().out
    assert FINE == run(*words, "--if-any", "--json")
    assert {"file": None} == told(capsys)
    assert [] == [*tmp_path.iterdir()]


def test_a_folder_keeps_its_newest_backups(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Other files in it are nobody's business, and a doubtful store costs no earlier backup.
    """
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "nianbao-mine.sqlite3").write_bytes(b"mine")
    for day in range(4):
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            assert FINE == run("backup", folder, "--keep", "2", "--data", data, "--json")
            assert (day >= 2) == bool(told(capsys)["removed"])
    names = sorted(file.name for file in folder.iterdir())
    assert ["nianbao-20261122-120000.sqlite3", "nianbao-20261123-120000.sqlite3"] == names[:2]
    assert 3 == len(names)

    # The clock has gone back; what only has such a name is no backup.
    for number in (1, 2):
        (folder / f"nianbao-19990101-00000{number}.sqlite3").symlink_to(data / FILE_NAME)
    (folder / "nianbao-19990101-000000.sqlite3").mkdir()
    with time_machine.travel(NOW, tick=False):
        assert FINE == run("backup", folder, "--keep", "2", "--data", data)
    names = sorted(file.name for file in folder.iterdir())[3:]
    assert ["nianbao-20261120-120000.sqlite3", "nianbao-20261123-120000.sqlite3"] == names[:2]

    with Store.open(data) as store, store.begin() as unit:
        unit.connection.execute(text("DROP TRIGGER history_no_delete"))
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        assert FINDINGS == run("backup", folder, "--keep", "2", "--data", data)
    assert 7 == len([*folder.iterdir()])


def test_who_stops_it_leaves_nothing(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """
    Ctrl-C while it copies.
    """

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(copies, "watch", lambda: stop)
    before = sorted(tmp_path.glob("**/*"))

    assert UNFINISHED == run("backup", tmp_path / "backup.sqlite3", "--data", data)

    assert before == sorted(tmp_path.glob("**/*"))


def test_a_store_moves_to_postgresql_and_is_restored_from_there(
    data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Without a yes it is only told; a store that is served is copied without what it will send.
    """
    with postgres() as address:
        words = ("copy", "--from", data, "--to", address, "--json")
        assert FINE == run(*words)
        plan = told(capsys)
        assert (True, 2, False) == (plan["served"], plan["unsent"], plan["done"])
        assert FINE == run(*words, "--yes")
        assert plan["tables"] == told(capsys)["tables"]
        assert REFUSED == run(*words, "--yes")
        copied = rows(address)
        assert [] == copied["process"]
        assert rows(data)["history"] == copied["history"]
        with Store.open(address) as store, store.begin() as unit:
            unit.connection.execute(text("UPDATE outgoing SET state = 0 WHERE id = 5"))

        # Nobody serves this one, so what it has not sent goes along.
        back = tmp_path / "back"
        assert FINE == run("copy", "--from", address, "--to", back, "--yes")
        assert rows(address) == rows(back)

        monkeypatch.setenv("NIANBAO_DATABASE_URL", address)
        file = tmp_path / "backup.sqlite3"
        assert FINE == run("backup", file)
    assert rows(back) == rows(file)
