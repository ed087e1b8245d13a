"""
What the doctor says, and what it keeps to itself.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import names
from storage.databases import FILE_NAME
from storage.store import Store
from tests.bot.doors import FINISHED
from tests.county import AUTUMN, TOWN, answer, office

MENDING, REFUSED = 1, 2
CELL = "proactive_disclosure.licensing.decisions"
SECRETS = {
    "TELEGRAM_BOT_TOKEN": "123456789:a-token-that-nobody-may-see",
    "NIANBAO_PROXY": "socks5://clerk:hunter2@127.0.0.1:1080",
    "NIANBAO_WEBHOOK_SECRET": "very-secret",
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    data.mkdir(0o700)
    with Store.open(data) as store:
        report = office(store, clerks={101: "王芳"})
        answer(store, report, {CELL: 295}, AUTUMN)
        answer(store, report, {CELL: 296}, AUTUMN)
    (data / FILE_NAME).chmod(0o600)
    return data


def told(data: Path, capsys: pytest.CaptureFixture[str], code: int) -> dict[str, object]:
    assert code == main(["doctor", "--json", "--data", str(data)])
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_a_healthy_machine_has_nothing_to_mend(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    Every setting is listed with where it comes from.
    """
    said = told(data, capsys, FINISHED)

    assert said["ok"]
    assert isinstance(said["checks"], list)
    assert [("rights", True, None), ("chain", True, None)] == [
        (check["check"], check["ok"], check["mend"]) for check in said["checks"]
    ]
    assert isinstance(said["settings"], list)
    assert list(names()) == [setting["name"] for setting in said["settings"]]


def test_a_changed_history_is_to_be_mended(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    The report is named, and where it begins to differ.
    """
    connection = sqlite3.connect(data / FILE_NAME)
    connection.execute("DROP TRIGGER history_no_update")
    connection.execute("UPDATE history SET after = '1' WHERE id = 1")
    connection.commit()
    connection.close()

    said = told(data, capsys, MENDING)

    assert not said["ok"]
    assert isinstance(said["checks"], list)
    broken, unguarded = [check for check in said["checks"] if not check["ok"]]
    assert {"chain"} == {broken["check"], unguarded["check"]}
    assert TOWN in broken["text"]
    assert broken["mend"]


def test_wide_rights_are_to_be_mended(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    With the command.
    """
    data.chmod(0o755)

    assert MENDING == main(["doctor", "--data", str(data)])

    assert f"chmod -R go-rwx {data}" in capsys.readouterr().out


def test_a_folder_that_steers_the_terminal_is_written_out(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    In the setting, and in the command that mends its rights.
    """
    steering = data.with_name("\x1b[31m")
    data.rename(steering)
    steering.chmod(0o755)

    assert MENDING == main(["doctor", "--data", str(steering)])

    assert 2 == capsys.readouterr().out.count("\\x1b[31m")


def test_a_backup_is_compared_and_not_changed(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    A file or a folder; one that is not there, or is none, is refused.
    """
    copy = data.parent / "copy.sqlite3"
    with closing(sqlite3.connect(data / FILE_NAME)) as source, closing(sqlite3.connect(copy)) as to:
        source.backup(to)
    before = copy.read_bytes()

    def code(*against: str) -> int:
        return main(["doctor", "--data", str(data), "--against", *against])

    assert [FINISHED, FINISHED] == [code(str(copy)), code(str(data))]
    with Store.open(data) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE organ SET name = '龙门镇人民政府'")
    assert MENDING == code(str(copy))
    assert TOWN in capsys.readouterr().out
    assert before == copy.read_bytes()
    assert [REFUSED, REFUSED] == [code("nowhere"), code(__file__)]


def test_settings_are_told_with_their_source_and_without_secrets(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """
    From the environment, the file, the command line, or nowhere.
    """
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    (data.parent / ".env").write_text("NIANBAO_ADMIN_IDS=12,7\n")
    (data.parent / ".env").chmod(0o600)

    codes = [main(["doctor", "--data", str(data), *more]) for more in ([], ["--json"])]
    said = capsys.readouterr().out

    assert [FINISHED, FINISHED] == codes
    for secret in ("a-token", "hunter2", "clerk", "very-secret"):
        assert secret not in said
    settings = {each["name"]: each for each in json.loads(said.splitlines()[-1])["settings"]}
    assert {
        "TELEGRAM_BOT_TOKEN": "environment",
        "NIANBAO_ADMIN_IDS": "file",
        "NIANBAO_DATA_DIR": "option",
        "NIANBAO_TIME_ZONE": "default",
    } == {
        name: settings[name]["source"]
        for name in (
            "TELEGRAM_BOT_TOKEN",
            "NIANBAO_ADMIN_IDS",
            "NIANBAO_DATA_DIR",
            "NIANBAO_TIME_ZONE",
        )
    }
    assert ("7,12", "Asia/Shanghai", "127.0.0.1:8080") == tuple(
        settings[name]["value"]
        for name in ("NIANBAO_ADMIN_IDS", "NIANBAO_TIME_ZONE", "NIANBAO_WEBHOOK_LISTEN")
    )
