"""
The command line as people expect it: the same options, help and exit codes everywhere.
"""

import argparse
import ast
import inspect
import io
import json
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli import ending, frame
from bot.cli.commands import COMMANDS, GROUPS, codes_of, module_of, parser
from bot.cli.parser import WORDS, wrapped
from conversations.document.lines import width
from storage.databases import FILE_NAME
from storage.store import Store
from tests.bot.doors import environment
from tests.conftest import ROOT
from tests.programs import Program

# The options that programs outside this project rely on, beside `--data`.
OPTIONS = {
    "chat": "--organ --year --as --jsonl",
    "show": "--organ --year --json",
    "export": "--organ --year --format --out --under",
    "state": "--organ --year --json",
    "history": "--organ --year --json",
    "compare": "--organ --year --json",
    "check": "--last-year --xlsx --explain --json",
    "import": "--organ --year --yes --json",
    "people": "--organ --person --json",
    "invite": "--organ --role --section --json",
    "organs import": "--under --yes --json",
    "organs table": "--under --yes --json",
    "organs list": "--under --organ --json",
    "organs rename": "--organ --yes --json",
    "organs merge": "--organ --yes --json",
    "organs close": "--organ --yes --json",
    "task": "--organ --under --year --yes --json",
    "reminders": "--organ --under --at --json",
    "calendar": "--organ --year --json",
    "collect": "--under --year --yes --json",
    "overview": "--under --year --json",
    "sum": "--under --organ --year --json",
    "standouts": "--under --year --json",
    "template": "--organ --json",
    "doctor": "--json",
    "form": "--json",
}
# What argparse says to whoever writes a program, not to whoever runs it.
TO_PROGRAMMERS = (
    "conflict",
    "invalid conflict",
    ".__call__",
    "'required'",
    "dest=",
    "invalid option string",
    "mutually exclusive",
    "cannot ",
    "%r is not callable",
    'argument "-"',
    "can't open",
    "%(prog)s: error",
    "%(prog)s: warning",
)
CODE = re.compile(r"^\| `(\w+)` \| (\d) \| (.+) \|$", re.MULTILINE)

EXAMPLES = [(name, line) for name in COMMANDS for line in module_of(name).EXAMPLES]


def parsers(of: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, str, set[str]]]:
    """
    Every command and each of its actions: its name, its help, the options it takes.
    """
    yield name, of.format_help(), set(of._option_string_actions)
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                yield from parsers(below, f"{name} {word}".strip())


@pytest.fixture(scope="module")
def helps() -> dict[str, tuple[str, set[str]]]:
    return {name: (text, options) for name, text, options in parsers(parser(*COMMANDS))}


# ---------------------------------------------------------------------------- options


@pytest.mark.parametrize("name", OPTIONS)
def test_a_command_takes_the_options_that_others_use(name, helps):
    """
    And the folder of the data.
    """
    assert set() == {"--data", *OPTIONS[name].split()} - helps[name][1]


def test_every_command_takes_the_options_of_the_published_table(helps):
    """
    Where the table of the interfaces lies beside the project.
    """
    table = next((p for d in ROOT.parents if (p := d / "shared/interfaces.md").exists()), None)
    if table is None:
        warnings.warn("no ../shared/interfaces.md: its table was not gone through", stacklevel=1)
        pytest.skip("no ../shared/interfaces.md")
    taken: dict[str, set[str]] = {}
    for name, (_, options) in helps.items():
        taken.setdefault(name.partition(" ")[0], set()).update(options)
    rows = [
        line.strip("| \n").replace("\\|", "/").split("|")
        for line in table.read_text("utf-8").partition("## Commands")[2].splitlines()
        if line.startswith("| `")
    ]
    missing = set()
    for row in rows:
        if row[0].strip("` ").isdigit():
            continue
        groups, parts = row[0].split("·"), (row[1] if len(row) > 1 else "").split("·")
        if len(groups) != len(parts):
            groups, parts = [row[0]], [" ".join(parts)]
        for group, part in zip(groups, parts, strict=True):
            commands = re.findall(r"`([a-z]+)", group)
            missing |= {(name, "") for name in commands if name not in taken}
            for piece in re.sub(r"\(.*?\)", "", part).split(";"):
                own = [name for name in commands if re.search(rf"`{name}\b", piece)]
                for option in re.findall(r"--[a-z-]+", piece):
                    named = [name for name in own or commands if name in taken]
                    every = own or "·" not in row[0]
                    have = [name for name in named if option in taken[name]]
                    if have != named if every else not have:
                        missing.add((" ".join(named), option))

    assert rows
    assert set() == missing


@pytest.mark.parametrize(("name", "line"), EXAMPLES)
def test_a_folder_and_a_database_together_are_refused_naming_both(
    name, line, tmp_path, monkeypatch, capsys
):
    """
    By every command, before anything is opened or made.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIANBAO_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/none")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:abc")

    assert frame.REFUSED == main([*words_of(line), "--data", "data"])
    told = capsys.readouterr()
    assert "" == told.out
    assert "--data" in told.err
    assert "NIANBAO_DATABASE_URL" in told.err
    assert "secret" not in told.err
    assert [] == list(tmp_path.iterdir())


def words_of(line: str) -> list[str]:
    program, *words = shlex.split(line.partition(" < ")[0].partition(" > ")[0])
    assert "nianbao" == program
    return words


# ------------------------------------------------------------------------------- help


def test_all_that_argparse_says_to_people_is_translated():
    """
    Of the Python that runs this.
    """
    said = {
        argument.value
        for call in ast.walk(ast.parse(inspect.getsource(argparse)))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "ngettext")
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }

    assert said
    assert set() == {text for text in said if not text.startswith(TO_PROGRAMMERS)} - set(WORDS)


def test_help_is_chinese_in_every_corner(helps):
    """
    No line of argparse's own; every option says what it means.
    """
    for name, (text, options) in helps.items():
        assert not [said for said in WORDS if "%" not in said and said in text], name
        assert not re.search(r"^  (--?[\w-]+,? ?)+$", text, re.MULTILINE), name
        assert not re.search(r" [A-Z]{3,}[\]\n ]", text.partition("\n\n")[0]), name
        assert "--help" in options


def test_help_tells_every_command_by_group(helps):
    """
    With examples, and what each exit code means.
    """
    text = helps[""][0]

    assert sum(map(len, GROUPS.values())) == len(COMMANDS)
    assert list(GROUPS) == re.findall(r"^(\w+)：$", text, re.MULTILINE)[: len(GROUPS)]
    assert list(COMMANDS) == re.findall(r"^  ([a-z]+) ", text.partition("--help")[0], re.MULTILINE)
    assert ["0", "1", "2", "3"] == re.findall(r"^  (\d)  ", text, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_ends_with_examples_and_exit_codes(name, helps):
    """
    Each example is one that the program takes.
    """
    text = helps[name][0]
    examples = module_of(name).EXAMPLES

    assert examples
    for example in examples:
        words = words_of(example)
        assert name == parser(name).parse_args(words).command == words[0]
        assert example in text
    for code, means in codes_of(name).items():
        assert re.search(rf"^  {code}  {re.escape(means[:10])}", text, re.MULTILINE)


def test_what_a_command_returns_is_in_the_document():
    """
    The same words as in its help.
    """
    told: dict[str, dict[int, str]] = {}
    document = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    for name, code, means in CODE.findall(document):
        told.setdefault(name, {})[int(code)] = means

    assert {name for name in COMMANDS if hasattr(module_of(name), "EXIT_CODES")} <= set(told)
    assert set(told) <= set(COMMANDS)
    for name, codes in told.items():
        known = codes_of(name)
        assert codes == {code: known[code] for code in codes}
        assert set(codes) >= set(getattr(module_of(name), "EXIT_CODES", ()))


def test_a_line_is_as_wide_as_it_looks():
    """
    A Chinese character is two columns; a word is not parted, a mark does not begin a line.
    """
    lines = list(wrapped("文件夹或文件名，例如 nianbao-report.docx，- 为直接输出。" * 3, 30))

    assert all(width(line) <= 32 for line in lines)
    assert not [line for line in lines if line[0] in "，。"]
    assert 3 == sum("nianbao-report.docx" in line for line in lines)


@pytest.mark.parametrize(
    "words", ["nothing", "chat --year x", "task", "compare", "people nothing", "show --nothing"]
)
def test_what_is_typed_wrongly_is_said_in_chinese(words, capsys):
    """
    With the usage, and code 2.
    """
    with pytest.raises(SystemExit) as ended:
        main(words.split())

    assert frame.REFUSED == ended.value.code
    told = capsys.readouterr().err
    assert frame.WRONG_USAGE in told
    assert not re.search(r"\b(argument|required|invalid|usage|choose)\b", told)


def test_the_version_is_the_packages(capsys):
    """
    Nothing is opened for it.
    """
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert frame.FINE == ended.value.code
    assert f"nianbao {version('nianbao')}\n" == capsys.readouterr().out


@pytest.mark.parametrize("given", ["", " ", "~nobody-of-this-name/data"])
def test_a_folder_that_is_none_is_refused(given, tmp_path, monkeypatch):
    """
    A script's empty variable does not put the data where it happens to stand.
    """
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit) as ended:
        main(["calendar", "--free", "2031-01-02", f"--data={given}"])

    assert frame.REFUSED == ended.value.code
    assert [] == list(tmp_path.iterdir())


def test_a_folder_in_ones_home_is_found(tmp_path, monkeypatch):
    """
    Where the shell leaves the `~` as it is, as in `--data=~/data`.
    """
    monkeypatch.setenv("HOME", str(tmp_path))

    assert tmp_path / "data" == parser("show").parse_args(["show", "--data=~/data"]).data


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_closed_stream_leads_nowhere(stream, monkeypatch):
    """
    The command is done all the same, with its exit code.
    """
    monkeypatch.setattr(sys, stream, None)

    assert frame.FINE == main(["form", "--json"])
    getattr(sys, stream).close()


@pytest.mark.parametrize("words", ["", "--help", "show --help", "--version"])
def test_help_that_finds_no_room_is_one_sentence(words):
    """
    The disk behind the output is full: the exit code says that it was not written.
    """
    with Path("/dev/full").open("wb") as full:
        program = Program("bot", *words.split(), env=environment(), stdout=full)
        _, error = program.communicate()

    assert (frame.REFUSED, f"{frame.NO_ROOM}\n") == (program.wait(), error.decode())


def test_help_on_a_narrow_terminal_uses_its_width(monkeypatch):
    """
    What an option means then stands below it, not in a strip at the edge.
    """
    monkeypatch.setenv("COLUMNS", "40")
    lines = listed_options("export")

    assert all(width(line) <= 40 for line in lines)
    assert not [line for line in lines if line.startswith(" " * 20)]


def listed_options(name: str) -> list[str]:
    text = next(text for command, text, _ in parsers(parser(name)) if command == name)
    listed = text.partition("\n选项：\n")[2].partition("\n\n")[0].splitlines()
    assert listed
    return [line for line in listed if not line.startswith("  --format")]


# -------------------------------------------------------------- while it takes its time


class Screen(io.StringIO):
    """
    An error output that somebody looks at.
    """

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.written.set()
        return super().write(text)


def test_what_takes_long_shows_that_it_goes_on(monkeypatch):
    """
    Where somebody looks at it; the line is gone afterwards.
    """
    monkeypatch.setattr(frame, "SHOWN_AFTER", 0.01)
    monkeypatch.setattr("sys.stderr", screen := Screen())

    with frame.working():
        assert screen.written.wait(60)
    shown = screen.getvalue()
    monkeypatch.setattr(frame, "SHOWN_AFTER", 0.0)
    assert [1, 2, 3] == list(frame.each([1, 2, 3]))

    assert frame.WORKING.format(seconds=1) in shown
    assert shown.endswith(frame.CLEARED)
    assert "/3" in screen.getvalue()


def test_nothing_is_shown_where_nobody_looks(monkeypatch, capsys):
    """
    The error output of a script stays empty.
    """
    monkeypatch.setattr(frame, "SHOWN_AFTER", 0.0)

    with frame.working():
        assert [1, 2] == list(frame.each([1, 2]))

    assert "" == capsys.readouterr().err


def pressed(*_: object, **_more: object) -> int:
    """
    Ctrl-C.
    """
    raise KeyboardInterrupt


@pytest.mark.parametrize("stores", [False, True])
def test_ctrl_c_is_told_with_what_was_done(stores, tmp_path, monkeypatch, capsys):
    """
    In one line, with code 3; what was stored is there.
    """
    monkeypatch.setattr(frame, "_opened", [])
    monkeypatch.setattr("bot.cli.ending.signal.signal", lambda *_: None)
    entered = ("calendar", "--data", str(tmp_path / "data"), "--free", "2031-1-2")
    at = "bot.cli.calendar.calendar_of" if stores else "storage.tasks.Tasks.put_day"
    monkeypatch.setattr(at, pressed)

    assert frame.UNFINISHED == main(entered)

    said = ending.KEPT if stores else ending.NOTHING
    assert f"\n{said}\n" == capsys.readouterr().err
    monkeypatch.undo()
    assert frame.FINE == main([*entered[:3], "--json"])
    found = json.loads(capsys.readouterr().out)["entered"]
    assert [{"day": "2031-01-02", "works": False}] * stores == found


@pytest.mark.outside
def test_ctrl_c_ends_what_waits_for_a_lock_of_the_database(tmp_path):
    """
    Where the driver does not hear of it: here it would wait for more than a day.
    """
    Store.open(tmp_path).close()
    # Whoever starts the tests in the background has them ignore Ctrl-C.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    code += "import sys, storage.databases as d; d.PATIENCE = 1e5;"
    code += "from bot.__main__ import main; sys.exit(main())"
    words = ("calendar", "--free", "2031-01-02", "--data", str(tmp_path))
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            cwd=ROOT,
            env=environment(),
            stderr=subprocess.PIPE,
        )
        try:
            while not is_waiting(process.pid):
                assert process.poll() is None
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
        finally:
            process.kill()

    assert frame.UNFINISHED == process.returncode
    assert ending.NOTHING in told.decode().splitlines()


def is_waiting(pid: int) -> bool:
    """
    Whether a process has the database open and does nothing.
    """
    try:
        files = [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state == "S" and any(file.endswith("-shm") for file in files)


# ------------------------------------------------------------------------- completion


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("nianbao ch", {"chat", "check"}),
        ("nianbao export --fo", {"--format"}),
        ("nianbao export --format htm", {"html", "html-page"}),
        ("nianbao organs l", {"list"}),
        ("nianbao organs import --u", {"--under"}),
        ("nianbao check 年", {"年报.docx"}),
    ],
)
def test_a_shell_completes_what_is_typed(typed, proposed, completion, tmp_path):
    """
    In a real bash: commands, actions, options, values, files.
    """
    (tmp_path / "年报.docx").touch()
    words = shlex.join(typed.split(" "))
    asked = f"source {completion}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1));"
    asked += '_shtab_nianbao; printf "%s\\n" "${COMPREPLY[@]}"'

    done = subprocess.run(
        ["bash", "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert proposed == set(done.stdout.split())


@pytest.fixture(scope="module")
def completion(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    The script as the program prints it.
    """
    file = tmp_path_factory.mktemp("completion") / "nianbao"
    with pytest.MonkeyPatch.context() as patch, file.open("w", encoding="utf-8") as out:
        patch.setattr("sys.stdout", out)
        assert frame.FINE == main(["completion", "bash"])
    return file


def test_zsh_has_its_own(capsys):
    """
    Every command is in it.
    """
    assert frame.FINE == main(["completion", "zsh"])

    script = capsys.readouterr().out
    assert script.startswith("#compdef nianbao")
    assert not [name for name in COMMANDS if f"\n    {name}:'" not in script]
