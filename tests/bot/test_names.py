"""
Names of organs at every door, and names from elsewhere at the terminal and on the disk.
"""

import io
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.conversation import Conversation
from bot.cli.frame import REFUSED, WRONG_USAGE, shown
from bot.cli.jsonl import run_jsonl
from bot.cli.terminal import TerminalScreen
from conversations.form.organ import Level
from conversations.wording.talk import BAD_ORGAN
from storage import Store
from tests.county import AUTUMN, TOWN, office

BAD = {
    "nul": "雷鸣\0镇",
    "line separator": "雷鸣\u2028镇",
    "written from the right": "雷鸣\u202e镇",
    "path": "../雷鸣镇",
    "formula": "=雷鸣镇",
}


@pytest.mark.parametrize("name", BAD.values(), ids=BAD.keys())
def test_the_chat_for_programs_asks_again(name: str, tmp_path: Path):
    """
    Nothing is made of such a name.
    """
    out = io.StringIO()
    with Store.open(tmp_path / "data") as store:
        conversation = Conversation(store, tmp_path, tmp_path)
        run_jsonl(conversation, [json.dumps({"text": name})], out)
        assert "" == conversation.session.organ
    assert any(
        BAD_ORGAN in json.loads(line).get("text", "") for line in out.getvalue().split("\n") if line
    )


COMMANDS = (
    "task --year 2025 --deadline 2026-01-31",
    "invite",
    "import nothing.docx --year 2025",
    "people list",
    "show --year 2025",
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", BAD.values(), ids=BAD.keys())
def test_commands_refuse_it(
    command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """
    Before anything is opened.
    """
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), f"--organ={name}", "--data", str(tmp_path / "data")])

    assert REFUSED == ended.value.code
    told = capsys.readouterr().err
    assert f"{WRONG_USAGE}--organ：{BAD_ORGAN}" in told
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", BAD.values(), ids=BAD.keys())
def test_the_store_takes_none_whoever_asks(name: str):
    """
    The last door of all, on both databases the same: before a statement is run.
    """
    with Store.open(":memory:") as store, store.begin() as unit:
        with pytest.raises(ValueError, match="organ"):
            unit.organ(name, AUTUMN)
        with pytest.raises(ValueError, match="organ"):
            unit.open_report(name, 2025, now=AUTUMN, edition="2021")
        assert () == unit.organs()


def test_a_calendar_file_stays_in_its_folder(tmp_path: Path):
    """
    For an organ of an earlier version, whose name would be refused today.
    """
    from bot.reminding.asker import Asker
    from storage.tasks import Tasks

    with Store.open(":memory:") as store, store.begin() as unit:
        report = unit.open_report(TOWN, 2025, now=AUTUMN, edition="2021")
        unit.connection.exec_driver_sql("UPDATE organ SET name = '../../雷鸣镇'")
        Tasks(unit).opened(report, 2025, Level.TOWNSHIP, 1, AUTUMN.date())
        task = Tasks(unit).task(report)
        assert task is not None
        name = Asker(unit, 1, AUTUMN, frozenset()).ics(task).name
    assert (name, name) == (Path(name).name, name.lstrip("."))


STEERING = "报告\x1b[2J\u202e\r假的.docx"


def test_what_steers_a_terminal_is_written_out():
    """
    And what does not is left as it is, rare characters and wide blanks too.
    """
    assert "报告\\x1b[2J\\u202e\\r假的.docx" == shown(STEERING)
    assert "𠮷　林 A·（1）" == shown("𠮷　林 A·（1）")
    out = io.StringIO()
    TerminalScreen(out, colours=False).line(f"第一行\n{STEERING}")
    assert "第一行\n报告\\x1b[2J\\u202e\\r假的.docx\n" == out.getvalue()


def test_a_files_name_steers_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """
    In the sentence that it cannot be read, alone and in a folder.
    """
    (tmp_path / STEERING).write_bytes(b"nothing")
    for target in (tmp_path / STEERING, tmp_path):
        main(["check", str(target)])
        told = "".join(capsys.readouterr())
        assert shown(STEERING) in told
        assert not {"\x1b", "\u202e"} & set(told)


def test_a_files_name_too_many_steers_no_terminal(capsys: pytest.CaptureFixture[str]):
    """
    As a shell writes it for `*`.
    """
    with pytest.raises(SystemExit):
        main(["check", "a.docx", STEERING])
    told = capsys.readouterr().err
    assert shown(STEERING) in told
    assert not {"\x1b", "\u202e"} & set(told)


def test_names_of_people_steer_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """
    Kept by an earlier version as Telegram gave them.
    """
    with Store.open(tmp_path / "data") as store:
        office(store, clerks={101: "王\u202e芳"})
    for command in (f"task --organ {TOWN} --year 2025", "people list", "reminders"):
        main([*command.split(), "--data", str(tmp_path / "data")])
        assert "\u202e" not in "".join(capsys.readouterr())
