"""
What the doctor says, and what it keeps to itself.
"""

import asyncio
import json
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Select, false, select, true

from bot.__main__ import main
from bot.doctor.clocks import clocks
from bot.settings import names
from storage import migrations
from storage.databases import FILE_NAME
from storage.messages import Messages
from storage.store import Store
from tests.bot.doors import FINISHED, nianbao
from tests.bot.telegram.door import free_port, settings_for
from tests.botapi import BotServer
from tests.county import AUTUMN, TOWN, answer, office
from tests.storage.older import make_older
from tests.storage.servers import postgres_made

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
    seen = {check["check"]: (check["grade"], check["mend"]) for check in said["checks"]}
    for check in ("python", "disk", "time_zone", "rights", "database", "chain", "messages"):
        assert ("fine", None) == seen[check]
    assert "telegram" in seen
    assert all(check["ok"] for check in said["checks"])
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

    assert 4 == capsys.readouterr().out.count("\\x1b[31m")


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


def test_an_older_backup_is_compared_and_stays_older(data: Path):
    """
    Not even a file is left beside it.
    """
    copy = data.parent / "older.sqlite3"
    before = make_older(copy)
    there = sorted(data.parent.iterdir())

    code = main(["doctor", "--offline", "--data", str(data), "--against", str(copy)])

    assert MENDING == code
    assert before == copy.read_bytes()
    assert there == sorted(data.parent.iterdir())


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

    offline = ["doctor", "--offline", "--data", str(data)]
    codes = [main([*offline, *more]) for more in ([], ["--json"])]
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


# ---- the store, however it is ------------------------------------------------------------------


def graded(said: dict[str, Any]) -> dict[str, str]:
    """
    The worst grade of each check.
    """
    order = ["fine", "warning", "fault"]
    found: dict[str, str] = {}
    for check in said["checks"]:
        name, grade = check["check"], check["grade"]
        found[name] = max(found.get(name, "fine"), grade, key=order.index)
        assert check["ok"] == (grade != "fault")
        assert check["mend"] or grade != "fault"
    return found


def test_where_nothing_is_yet_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """
    That there is no store is a warning: the first start makes it.
    """
    monkeypatch.chdir(tmp_path)
    said = told(tmp_path / "nowhere", capsys, FINISHED)

    assert "warning" == graded(said)["database"]
    assert [] == list(tmp_path.iterdir())


OLDER = sorted(migrations.KNOWN)[-2]


@pytest.mark.parametrize(("there", "grade"), [(OLDER, "warning"), ("9999_coming", "fault")])
def test_a_store_of_another_version_is_told_and_left_as_it_is(
    there: str, grade: str, data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    An older one is brought up to date by the next start, not by a look; a newer one is not ours.
    """

    def version(*change: str) -> Any:
        with closing(sqlite3.connect(data / FILE_NAME)) as connection:
            if change:
                connection.execute("UPDATE alembic_version SET version_num = ?", change)
                connection.commit()
            return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]

    version(there)
    seen = graded(told(data, capsys, MENDING if grade == "fault" else FINISHED))

    assert grade == seen["database"]
    assert "chain" not in seen
    assert there == version()


def test_a_damaged_store_is_a_fault_among_the_others(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    """
    What can be looked at without it is told all the same.
    """
    (data / FILE_NAME).write_bytes(b"PK\x03\x04" + b"docx" * 1000)
    seen = graded(told(data, capsys, MENDING))

    assert ("fault", "fine") == (seen["database"], seen["python"])


def test_a_database_that_is_away_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """
    Its password is in no line.
    """
    monkeypatch.chdir(tmp_path)
    address = f"postgresql://clerk:hunter2@127.0.0.1:{free_port()}/x"
    monkeypatch.setenv("NIANBAO_DATABASE_URL", address)

    assert MENDING == main(["doctor", "--json"])

    out = capsys.readouterr().out
    assert "hunter2" not in out
    assert "fault" == graded(json.loads(out))["database"]


def test_postgresql_has_a_clock_and_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """
    Both are looked at there.
    """
    monkeypatch.chdir(tmp_path)
    with postgres_made() as address:
        monkeypatch.setenv("NIANBAO_DATABASE_URL", address)
        main(["doctor", "--json"])
    seen = graded(json.loads(capsys.readouterr().out))

    assert "database_clock" in seen
    assert ("fine", "fine") == (seen["database"], seen["jobs"])


@pytest.mark.parametrize(
    ("answer", "grade"), [(select(true()), "fine"), (select(false()), "warning")]
)
def test_a_database_that_does_not_sweep_is_a_warning(
    answer: Select[tuple[bool]],
    grade: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("storage.standing.SWEEPS", answer)
    with postgres_made() as address:
        monkeypatch.setenv("NIANBAO_DATABASE_URL", address)
        main(["doctor", "--json"])

    assert grade == graded(json.loads(capsys.readouterr().out))["autovacuum"]


def test_what_has_waited_for_long_is_a_warning(data: Path, capsys: pytest.CaptureFixture[str]):
    """
    Perhaps nothing runs.
    """
    with Store.open(data) as store, store.begin() as unit:
        long_ago = datetime.now(UTC) - timedelta(hours=3)
        Messages(unit).say(101, "sendMessage", "{}", None, long_ago)

    assert "warning" == graded(told(data, capsys, FINISHED))["messages"]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "grade"), [(10**10, "fine"), (5 * 10**8, "warning"), (10**8, "fault")]
)
def test_a_disk_that_is_nearly_full_is_told(
    free: int,
    grade: str,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """
    Before it is full.
    """
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**11, 0, free))
    said = told(data, capsys, MENDING if grade == "fault" else FINISHED)

    assert grade == graded(said)["disk"]


@pytest.mark.parametrize(
    ("seconds", "grade"), [(-2, "fine"), (30, "warning"), (-30, "warning"), (300, "fault")]
)
def test_a_clock_that_is_wrong_is_told(seconds: float, grade: str):
    """
    The dates of reminders and of signatures hang on it.
    """
    assert grade == clocks("clock", "", seconds).grade.value


# ---- Telegram ----------------------------------------------------------------------------------


async def asked(data: Path, settings: dict[str, str]) -> tuple[int, dict[str, str], str]:
    """
    The exit code, the grades, and everything that was said.
    """
    done = await asyncio.to_thread(nianbao, "doctor", "--json", cwd=data.parent, settings=settings)
    out = done.stdout.decode()
    return done.returncode, graded(json.loads(out)), out


async def test_telegram_is_asked_and_told_nothing(data: Path):
    """
    Who we are, whether a webhook stands and what time it is there; not with --offline.
    """
    async with BotServer() as server:
        settings = settings_for(server, data)
        code, seen, _ = await asked(data, settings)
        methods = {call.method for call in server.calls}
        settings["NIANBAO_BASE_URL"] = f"http://127.0.0.1:{free_port()}"
        offline = await asyncio.to_thread(
            nianbao, "doctor", "--offline", "--json", cwd=data.parent, settings=settings
        )

    assert FINISHED == code
    assert ("fine", "fine", "fine") == (
        *(seen["telegram"], seen["telegram_clock"], seen["webhook"]),
    )
    assert {"getMe", "getWebhookInfo"} == methods
    assert "telegram" not in graded(json.loads(offline.stdout))


@pytest.mark.parametrize("what", ["token", "proxy", "webhook", "other", "nobody"])
async def test_what_keeps_messages_from_coming_is_a_fault(what: str, data: Path):
    """
    A token that is refused, a proxy or a server that is away, a webhook that is in the way or
    another's; no secret is in any line.
    """
    async with BotServer() as server:
        settings = settings_for(server, data)
        if what == "token":
            settings["TELEGRAM_BOT_TOKEN"] = f"110201543:{'A' * 35}"
        elif what == "proxy":
            settings["NIANBAO_PROXY"] = f"socks5://clerk:hunter2@127.0.0.1:{free_port()}"
        elif what == "nobody":
            settings["NIANBAO_BASE_URL"] = f"http://127.0.0.1:{free_port()}"
        else:
            server.webhook = {"url": "http://127.0.0.1:9/x", "secret": "", "connections": 1}
            if what == "other":
                settings["NIANBAO_WEBHOOK_URL"] = "http://127.0.0.1:9/y"
        code, seen, out = await asked(data, settings)

    assert MENDING == code
    assert "fault" == seen["webhook" if what in ("webhook", "other") else "telegram"]
    for secret in ("hunter2", "A" * 35, server.token.partition(":")[2]):
        assert secret not in out


@pytest.mark.parametrize("how", [{"body": "<html>"}, {"error": 429, "retry_after": 3}])
async def test_an_answer_that_is_no_help_is_told_without_a_word_of_english(
    how: dict[str, object], data: Path
):
    """
    A page of the network's, or Telegram asking for patience.
    """
    async with BotServer() as server:
        server.fail("getMe", **how)
        _, seen, out = await asked(data, settings_for(server, data))

    told = next(each["text"] for each in json.loads(out)["checks"] if each["check"] == "telegram")
    assert "fault" == seen["telegram"]
    assert {"Telegram"} == set(re.findall("[A-Za-z]+", told))


@pytest.mark.parametrize(("ready", "grade"), [(True, "fine"), (False, "fault"), (None, "warning")])
async def test_the_running_process_is_asked_how_it_is(ready: bool | None, grade: str, data: Path):
    """
    Where the settings say at which port.
    """
    port = free_port()
    reasons = [] if ready else [{"reason": "database", "text": "away"}]
    body = json.dumps({"ok": ready, "reasons": reasons}).encode()
    head = f"HTTP/1.1 {200 if ready else 503} X\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    async def answer_it(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head + body)
        await writer.drain()
        writer.close()

    settings = {"NIANBAO_HEALTH_LISTEN": f"127.0.0.1:{port}", "NIANBAO_DATA_DIR": str(data)}
    if ready is None:
        _, seen, out = await asked(data, settings)
    else:
        async with await asyncio.start_server(answer_it, "127.0.0.1", port):
            _, seen, out = await asked(data, settings)

    assert grade == seen["running"]
    assert ("away" in out) == (ready is False)
