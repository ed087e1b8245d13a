"""
The command line as a frame: what every command has in common.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.commands import COMMANDS, module_of
from bot.cli.ending import NOTHING
from conversations.document.write.docx import render, standard
from conversations.document.write.text import as_text
from storage.store import Store
from tests.bot.doors import BAD_USAGE, FINISHED, UNFINISHED, nianbao
from tests.conftest import ROOT
from tests.county import TOWN, office
from tests.written import leiming

READING = {
    "show": BAD_USAGE,
    "export": BAD_USAGE,
    "task --organ 甲县财政局 --year 2025": BAD_USAGE,
    "reminders": FINISHED,
    "calendar": FINISHED,
    "people list": FINISHED,
    "people invitations": FINISHED,
    "form": FINISHED,
    "check nothing.docx": BAD_USAGE,
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_a_module_that_the_readme_tells_of(name):
    """
    Its options and what it does stand together.
    """
    module = module_of(name)

    assert callable(module.add_options)
    assert callable(module.run)
    assert f"nianbao {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_data_folder(name, capsys):
    """
    It is told with the other options.
    """
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])

    assert 0 == ended.value.code
    assert "--data" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "code"), READING.items())
def test_looking_makes_no_folder_and_no_database(words, code, tmp_path):
    """
    And what is not there is one sentence at most, never a question.
    """
    done = nianbao(*words.split(), "--data", tmp_path / "none", cwd=tmp_path)

    assert code == done.returncode
    assert done.stderr.count(b"\n") == (code == BAD_USAGE)
    assert [] == list(tmp_path.iterdir())


def test_the_data_folder_that_is_named_wins(tmp_path):
    """
    Over the setting.
    """
    for folder in ("set", "named"):
        with Store.open(tmp_path / folder) as store:
            office(store, organ=f"{folder}镇人民政府")

    done = nianbao(
        *("show", "--json", "--data", tmp_path / "named"),
        settings={"NIANBAO_DATA_DIR": str(tmp_path / "set")},
    )

    assert "named镇人民政府" == json.loads(done.stdout)["organ"]


@pytest.mark.parametrize("words", [("nothing",), ("chat", "--year", "x"), ()])
def test_a_command_line_that_is_wrong_is_code_2(words):
    """
    Nothing is started.
    """
    done = nianbao(*words)

    assert BAD_USAGE == done.returncode


@pytest.mark.parametrize("command", ["chat", "run", "reminders", "serve"])
def test_settings_that_cannot_be_read_are_one_sentence(command, tmp_path):
    """
    Saved as UTF-16 by an editor; whichever command reads them first.
    """
    (tmp_path / ".env").write_bytes("NIANBAO_DATA_DIR=x".encode("utf-16"))

    done = nianbao(command, cwd=tmp_path)

    assert (BAD_USAGE, 1) == (done.returncode, done.stderr.count(b"\n"))
    assert ".env" in done.stderr.decode()


def test_a_command_imports_nothing_of_the_others():
    """
    Looking at the form waits neither for Telegram nor for a database.
    """
    slow = ("telegram", "aiohttp", "sqlalchemy", "pydantic", "lxml", "prompt_toolkit")
    code = (
        "import sys; from bot.__main__ import main; main(['form', '--json']);"
        f"print(sorted(sys.modules.keys() & {set(slow)}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "[]" == done.stdout.splitlines()[-1]


# ------------------------------------------------------------------------------ as JSON


def said(capsys: pytest.CaptureFixture[str], *words: str | Path) -> object:
    assert 0 == main([str(word) for word in words])
    (line,) = capsys.readouterr().out.splitlines()
    return json.loads(line)


def test_a_task_for_programs(tmp_path, capsys):
    """
    The dates, the clerks, who has which section.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={101: "王芳"})
    task = ("task", "--organ", TOWN, "--year", "2025", "--data", tmp_path, "--json")

    found = said(capsys, *task, "--internal", "2026-1-20", "--assign", "三=王芳")

    assert isinstance(found, dict)
    assert found == {
        "organ": TOWN,
        "year": 2025,
        "deadline": "2026-01-31",
        "internal": "2026-01-20",
        "withdrawn": False,
        "reason": "",
        "assigned": {"requests": "101"},
        "clerks": {"101": "王芳（101）"},
        "reminders": found["reminders"],
        "notice": {"questions": [], "lengths": {}, "headings": {}},
    }
    assert found == said(capsys, *task)


def test_reminders_for_programs(tmp_path, capsys):
    """
    Whom the decision is about, and what would be said.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={101: "王芳"}, year=2026)

    found = said(capsys, "reminders", "--data", tmp_path, "--json", "--at", "2027-01-22T09:30")

    assert isinstance(found, dict)
    assert ["101"] == [message["person"] for message in found["messages"]]
    assert ["101"] == [decision["person"] for decision in found["decisions"]]
    assert found["at"].startswith("2027-01-22T09:30")


def test_the_calendar_for_programs(tmp_path, capsys):
    """
    What was entered counts.
    """
    entered = ("--free", "2031-1-2", "--work", "2031-1-4")

    found = said(capsys, "calendar", "--data", tmp_path, "--json", *entered)

    assert isinstance(found, dict)
    assert [
        {"day": "2031-01-02", "works": False},
        {"day": "2031-01-04", "works": True},
    ] == found["entered"]
    assert 2 == len(found["years"])


def test_reminders_of_one_organ(tmp_path, capsys):
    """
    Nobody else is spoken of.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={101: "王芳"}, year=2026)
        office(store, "甲县财政局", clerks={102: "李明"}, year=2026)
    look = ("reminders", "--data", tmp_path, "--json", "--at", "2027-01-22T09:30")

    every = said(capsys, *look)
    one = said(capsys, *look, "--organ", TOWN)

    assert isinstance(every, dict)
    assert isinstance(one, dict)
    assert {"101", "102"} == {decision["person"] for decision in every["decisions"]}
    for key in ("decisions", "messages"):
        assert ["101"] == [told["person"] for told in one[key]]


def test_the_calendar_of_a_year_and_an_organ(tmp_path, capsys):
    """
    The days of that year alone, and on which of them the organ is reminded.
    """
    with Store.open(tmp_path) as store:
        office(store, clerks={101: "王芳"}, year=2025)
    words = ("calendar", "--data", tmp_path, "--organ", TOWN)

    found = said(capsys, *words, "--year", "2026", "--json")
    other = said(capsys, *words, "--year", "2030", "--json")

    assert isinstance(found, dict)
    assert isinstance(other, dict)
    assert [2026] == [year["year"] for year in found["years"]]
    assert {"year": 2025, "day": "2026-01-31", "kind": "deadline", "step": 0} in found["dates"]
    assert [] == other["dates"]
    assert BAD_USAGE == main(["calendar", "--data", str(tmp_path), "--organ", "乙县财政局"])


def test_an_import_for_programs(tmp_path, capsys):
    """
    The plan with what was stored of it; without a yes it is the plan alone, and no question.
    """
    file = tmp_path / "2023.docx"
    file.write_bytes(render(standard("2021"), leiming()))
    words = ["import", str(file), "--json", "--data", str(tmp_path / "data")]

    codes = [main(words)]
    looked = list(tmp_path.iterdir())
    codes += [main([*words, "--yes"])]
    plan, done = map(json.loads, capsys.readouterr().out.splitlines())

    assert [UNFINISHED, FINISHED] == codes
    assert {**plan, "stored": done["stored"]} == done
    assert (0, len(done["values"])) == (plan["stored"], done["stored"])
    assert [file] == looked
    assert 295 == done["values"]["proactive_disclosure.licensing.decisions"]


def test_an_invitation_for_programs(tmp_path, capsys, monkeypatch):
    """
    The link, what it makes of a person, and for how long it is good.
    """

    async def name(_: object) -> str:
        return "nianbao_bot"

    monkeypatch.setattr("bot.cli.serve.name_of_bot", name)
    monkeypatch.setattr("bot.cli.serve.telegram_settings", lambda _: None)

    role = "administrator"
    made = said(capsys, "invite", "--organ", TOWN, "--role", role, "--json", "--data", tmp_path)

    assert isinstance(made, dict)
    assert (TOWN, role, 7) == (made["organ"], made["role"], made["days"])
    assert made["link"].startswith("https://t.me/nianbao_bot?start=")


def test_what_was_read_in_part_is_printed_with_code_2(tmp_path, capsys):
    """
    The figure that is missing is named.
    """
    text = as_text(leiming()).replace("行政许可\t295", "行政许可\t见附件")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")

    code = main(["check", "--json", str(tmp_path / "a.txt")])
    found = json.loads(capsys.readouterr().out)

    assert ["proactive_disclosure.licensing.decisions"] == found["unread"]
    assert BAD_USAGE == code


def test_the_report_is_printed_though_last_years_cannot_be_read(tmp_path, capsys):
    """
    Code 2, for it was not compared.
    """
    (tmp_path / "a.docx").write_bytes(render(standard("2021"), leiming()))
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04rubbish")
    words = ["check", str(tmp_path / "a.docx"), "--last-year", str(tmp_path / "b.docx")]

    code = main([*words, "--json"])
    out, err = capsys.readouterr()

    assert (BAD_USAGE, 1) == (code, err.count("\n"))
    assert leiming().organ == json.loads(out)["organ"]


INTERRUPTED = """
import sys
from bot.__main__ import main

class CtrlC:
    def find_spec(self, name, *_):
        if name == "bot.cli.frame":
            sys.meta_path.remove(self)
            raise KeyboardInterrupt

sys.meta_path.insert(0, CtrlC())
sys.exit(main(["form"]))
"""


def test_ctrl_c_while_it_begins_is_like_any_other():
    """
    No traceback, and the exit code says that nothing was finished.
    """
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert UNFINISHED == done.returncode
    assert NOTHING in done.stderr.splitlines()
    assert "Traceback" not in done.stderr
