"""
Who else on the machine may look: nobody, and who might is told of.
"""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from storage.databases import FILE_NAME
from storage.store import Store
from tests.bot.doors import FINISHED, UNFINISHED, Jsonl, nianbao
from tests.county import TOWN, office


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """
    The account that starts the program gives everything to everybody.
    """
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[Path]:
    """
    What others may read, write or enter, the folder itself included.
    """
    return [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def test_what_a_chat_makes_is_its_owners_alone(tmp_path: Path):
    """
    The folder, the database, and while it is open the files beside it.
    """
    data = tmp_path / "data"
    with Jsonl(data, "--organ", TOWN, "--year", "2023") as chat:
        chat.text("/menu")
        made = {path.name for path in data.iterdir()}
        assert {FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"} <= made
        assert [] == open_to_others(data)
        chat.close()
    assert [] == open_to_others(data)


def test_what_is_exported_is_its_owners_alone(tmp_path: Path):
    """
    In the data folder and where else it was asked for: a draft is not published yet.
    """
    data, out = tmp_path / "data", tmp_path / "out"
    with Store.open(data) as store:
        office(store, clerks={101: "王芳"}, year=2025)
    report = ["--organ", TOWN, "--year", "2025", "--data", str(data)]

    codes = [
        main(["export", *report]),
        main(["export", *report, "--out", str(out / "draft.docx")]),
        main(["task", *report, "--ics", str(out / "days.ics")]),
    ]

    assert [UNFINISHED, UNFINISHED, FINISHED] == codes
    assert [] == open_to_others(out)
    assert [] == [path for path in data.glob("*.docx") if path.stat().st_mode & 0o077]


@pytest.mark.parametrize("wide", ["data", f"data/{FILE_NAME}", ".env", "other.db"])
def test_wider_rights_are_told_with_the_command_that_mends_them(
    wide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """
    One line at the start; nothing is changed before somebody runs it.
    """
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch(0o600)
    if wide == "other.db":
        (tmp_path / ".env").write_text("NIANBAO_DATABASE_URL=sqlite:///other.db\n")
    words = ["calendar", "--free", "2031-01-02"]
    monkeypatch.setenv("NIANBAO_DATA_DIR", "data")
    (tmp_path / "data").mkdir(0o700)
    assert FINISHED == main(words)
    assert "" == capsys.readouterr().err
    (tmp_path / wide).chmod(0o755 if wide == "data" else 0o644)

    assert FINISHED == main(words)

    (line,) = capsys.readouterr().err.splitlines()
    assert (tmp_path / wide).stat().st_mode & 0o077
    subprocess.run(line.partition("：")[2], shell=True, check=True)
    assert FINISHED == main(words)
    assert "" == capsys.readouterr().err


def test_looking_says_nothing_of_rights(tmp_path: Path):
    """
    What prints values prints nothing else.
    """
    with Store.open(tmp_path / "data") as store:
        office(store, clerks={101: "王芳"})

    done = nianbao("calendar", "--json", "--data", tmp_path / "data")

    assert (FINISHED, b"") == (done.returncode, done.stderr)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o777
