"""
Data and settings that cannot be used: one sentence and exit code 2, in every command.
"""

import contextlib
import io
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.commands import COMMANDS
from conversations.document.write.text import as_text
from conversations.talk.effects import Save
from conversations.wording import store as sentences
from storage.databases import FILE_NAME
from storage.organs import place_below
from storage.store import Store
from tests.bot.doors import BAD_USAGE, FINISHED, UNFINISHED, environment
from tests.county import AUTUMN, TOWN, office
from tests.programs import Program
from tests.written import leiming

COUNTY = "徐闻县人民政府"
REPORT = f"--organ {TOWN} --year 2025"

# How each command is called where it needs the store to be able to write.
WRITING = {
    "run": "",
    "chat": REPORT,
    "serve": "",
    "invite": f"--organ {TOWN}",
    "import": "last.txt --yes",
    "task": f"{REPORT} --deadline 2026-01-31",
    "calendar": "--free 2031-01-02",
    "collect": f"last.txt --under {TOWN} --year 2025 --yes",
    "sum": f"--under {TOWN} --correct 107=+1 --reason 漏报",
    "people": f"remove --organ {TOWN} --person 101",
    "backup": "kept.sqlite3",
}
# … where it only looks …
LOOKING = {
    "show": REPORT,
    "export": f"{REPORT} --out -",
    "compare": f"last.txt {REPORT}",
    "task": REPORT,
    "reminders": "",
    "calendar": "",
    "people": "list",
    "organs": "list",
    "overview": f"--under {TOWN}",
    "sum": f"--under {TOWN}",
    "standouts": f"--under {TOWN}",
    "state": REPORT,
    "history": REPORT,
    "template": "list",
}
# … and where it has nothing to do with the store, or says of it as of much else how it is.
ELSEWHERE = {
    "form": "",
    "doctor": "--offline",
    "completion": "bash",
    "check": "last.txt",
    "demo": "--quiet",
    "template": "new began.docx",
}
# … and what this store is not for: another database, an empty place, a second store.
REFUSED = {"work": "", "restore": "last.txt", "copy": "--from data --to other"}

# … in every form that only looks.
LOOKS = [
    *(f"{name} {words}" for name, words in LOOKING.items()),
    "people invitations",
    f"people record --organ {TOWN}",
    f"organs list --organ {TOWN}",
    f"organs rename 新的镇人民政府 --organ {TOWN}",
    "organs import list.txt",
    f"template list --organ {TOWN}",
    f"task --under {COUNTY} --year 2025 --deadline 2026-01-31",
    f"invite --under {COUNTY} --year 2025",
    f"export --under {COUNTY} --year 2025 --format txt --out .",
    f"reminders --under {COUNTY} --at 2026-01-20T09:30",
    f"collect last.txt --under {COUNTY} --year 2023",
    "import last.txt",
    "check last.txt",
    "form",
]

USING = [*WRITING.items(), *LOOKING.items()]
IDS = [f"{name} {'to write' if name in WRITING else 'to look'}" for name in WRITING]
IDS += [f"{name} to look" for name in LOOKING]


def garbage(file: Path) -> None:
    file.write_bytes(b"PK\x03\x04" + b"docx" * 1000)


def truncated(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def garbled(file: Path) -> None:
    """
    Its list of tables is no text any more.
    """
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE", b"CREATE \xb6ABLE"))


def foreign(file: Path) -> None:
    file.unlink()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE organ (id)")
    connection.close()
    file.chmod(0o600)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir(0o700)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A store with something in it.
    """
    data = tmp_path_factory.mktemp("whole")
    with Store.open(data) as store:
        report = office(store, clerks={101: "王芳"})
        with store.begin() as unit:
            wording = [Save("introduction", None, "文" * 20_000)]
            unit.save(report, wording, by="terminal", at=AUTUMN, door="chat")
            place_below(unit, unit.organ(TOWN, AUTUMN), unit.organ(COUNTY, AUTUMN))
    return data / FILE_NAME


@pytest.fixture
def data(whole: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """
    A copy of it, beside a report in a file; a token is set, and the log left alone.

    It lies where everybody may come: pytest's own folders are for one account only.
    """
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        (place / "last.txt").write_text(as_text(leiming()), encoding="utf-8")
        (place / "data").mkdir(0o700)
        shutil.copy(whole, place / "data")
        (place / "data" / FILE_NAME).chmod(0o600)
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:abc")
        monkeypatch.setattr("bot.telegram.logs.set_up_logging", lambda _: None)
        monkeypatch.setattr("sys.stdin", io.StringIO("/menu\n"))
        with contextlib.chdir(place):
            yield place / "data"


def run(name: str, words: str) -> int:
    return main([name, *words.split(), "--data", "data"])


def test_every_command_is_tried():
    """
    A new one has its place in the tables above.
    """
    assert set(COMMANDS) == {*WRITING, *LOOKING, *ELSEWHERE, *REFUSED}


@pytest.mark.parametrize("damage", [garbage, truncated, garbled, foreign, folder])
@pytest.mark.parametrize(("name", "words"), USING, ids=IDS)
def test_a_database_that_is_none_is_one_sentence(
    name: str,
    words: str,
    damage: Callable[[Path], None],
    data: Path,
    capsys: pytest.CaptureFixture[str],
):
    """
    Also where it was whole at its beginning.
    """
    damage(data / FILE_NAME)

    code = run(name, words)

    said = capsys.readouterr().err
    assert (BAD_USAGE, 1) == (code, said.count("\n")), said
    assert f"data/{FILE_NAME}" in said


@pytest.mark.parametrize(("name", "words"), ELSEWHERE.items(), ids=list(ELSEWHERE))
def test_a_command_that_needs_no_database_does_not_mind_it(name: str, words: str, data: Path):
    """
    Nor does it touch it.
    """
    garbage(data / FILE_NAME)
    before = (data / FILE_NAME).read_bytes()

    assert BAD_USAGE != run(name, words)
    assert before == (data / FILE_NAME).read_bytes()


def utf16(file: Path) -> None:
    file.write_text("NIANBAO_TIME_ZONE=Asia/Shanghai\n", encoding="utf-16")


def gbk(file: Path) -> None:
    file.write_text("# 年报助手\n", encoding="gbk")


def binary(file: Path) -> None:
    file.write_text("NIANBAO_DATA_DIR=a\0b\n")


def unnamed(file: Path) -> None:
    file.write_text("NIANBAO_DATA_DIR=data\nTELEGRAM BOT TOKEN\n")


@pytest.mark.parametrize("wrong", [utf16, gbk, binary, unnamed, Path.mkdir])
@pytest.mark.parametrize("name", COMMANDS)
def test_settings_that_cannot_be_read_are_one_sentence(
    name: str,
    wrong: Callable[[Path], None],
    data: Path,
    capsys: pytest.CaptureFixture[str],
):
    """
    In commands that need none of them, too: whoever wrote it believes that it counts.
    """
    wrong(data.parent / ".env")

    code = run(name, {**REFUSED, **ELSEWHERE, **LOOKING, **WRITING}[name])

    said = capsys.readouterr().err
    assert (BAD_USAGE, 1) == (code, said.count("\n")), said
    assert ".env" in said


def as_nobody(*commands: str, cwd: Path) -> list[str]:
    """
    What commands say and end with, run by somebody whom rights bind.
    """
    program = Program(
        "tests.bot.nobody",
        *(f"{words} --data data" for words in commands),
        env=environment(),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return program.communicate()[1].decode().splitlines()


@pytest.mark.parametrize("rights", [(0o555, 0o444), (0o555, 0o644), (0o755, 0o444)])
def test_a_database_that_may_not_be_written_can_be_looked_at(rights: tuple[int, int], data: Path):
    """
    A copy on a medium that cannot be written: looking works, everything else is refused.
    """
    if os.getuid() == 0:
        for path in (data, data / FILE_NAME):
            os.chown(path, 65534, 65534)
    (data / FILE_NAME).chmod(rights[1])
    data.chmod(rights[0])

    said = as_nobody(
        f"show {REPORT}",
        f"export {REPORT} --out - --format txt",
        "reminders",
        f"overview --under {COUNTY} --year 2025",
        "calendar --free 2031-01-02",
        f"task {REPORT} --deadline 2026-01-31",
        f"chat {REPORT}",
        cwd=data.parent,
    )

    told = [line for line in said if "chmod" not in line]
    refused = sentences.READ_ONLY.format(place=f"data/{FILE_NAME}")
    codes = [FINISHED, UNFINISHED, FINISHED, FINISHED]
    assert [*map(str, codes), *[refused, str(BAD_USAGE)] * 3] == told
    # What SQLite would leave there would be in the way later.
    assert [FILE_NAME] == [path.name for path in data.iterdir()]


def test_whatever_only_looks_can_where_nothing_may_be_written(data: Path):
    """
    Nothing of it is refused for that, and nothing is left there.
    """
    (data.parent / "list.txt").write_text(f"{TOWN}\n", encoding="utf-8")
    if os.getuid() == 0:
        for path in (data, data / FILE_NAME):
            os.chown(path, 65534, 65534)
    (data / FILE_NAME).chmod(0o444)
    data.chmod(0o555)

    said = as_nobody(*LOOKS, cwd=data.parent)

    assert len(LOOKS) == sum(line.isdigit() for line in said)
    refused = sentences.READ_ONLY.format(place=f"data/{FILE_NAME}")
    assert refused not in said
    assert [FILE_NAME] == [path.name for path in data.iterdir()]


@pytest.mark.parametrize("words", LOOKS)
def test_whatever_only_looks_leaves_everything_as_it_was(
    words: str, data: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
):
    """
    Neither a folder nor a database nor a file beside it, wherever it looks.
    """
    (data.parent / "list.txt").write_text(f"{TOWN}\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    name, _, rest = words.partition(" ")
    places = {"data": [FILE_NAME], str(tmp_path / "empty"): [], str(tmp_path / "none"): None}
    beside = sorted(path.name for path in data.parent.iterdir())

    for place, there in places.items():
        main([name, *rest.split(), "--data", place])

        found = Path(place)
        assert there == ([path.name for path in found.iterdir()] if found.exists() else None)
    assert beside == sorted(path.name for path in data.parent.iterdir())


def test_settings_that_may_not_be_read_are_one_sentence(data: Path):
    """
    Left by whoever set the program up as root.
    """
    (data.parent / ".env").write_text("")
    (data.parent / ".env").chmod(0o600 if os.getuid() == 0 else 0)

    sentence, code = as_nobody("form", cwd=data.parent)

    assert ".env" in sentence
    assert str(BAD_USAGE) == code
