"""
The chat as a person sees it: a pseudo-terminal, prompt_toolkit and all.
"""

import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

import pytest

from bot.cli.conversation import NOT_BEGUN
from bot.cli.show import find
from bot.cli.terminal import LEAVE
from conversations.answers.figure import Reason, Refusal
from conversations.checks.findings import Grade
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.wording import door
from conversations.wording import talk as say
from storage.store import Store
from tests.bot.doors import FINISHED, UNFINISHED, environment
from tests.dialogue import TEXTS, TOWN
from tests.programs import Program
from tests.said import result

TWO, THREE = FORM.sections[1:3]
ZERO_RULES = result("规章", 0)
LICENSING = FORM.lines["proactive_disclosure.licensing"]
RULES = FORM.lines["proactive_disclosure.rules"]
REFUSED = Refusal(Reason.TOO_FEW, "3", expected=3, found=1)
TOO_FEW = say.refusal(REFUSED, RULES.cells, RULES).split("，")[0]
COLUMNS, LINES = 90, 40
PATIENCE = 120.0
PROMPT = LEAVE  # the foot of the window, drawn with each prompt
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-_])")


class Terminal:
    """
    A person before a terminal window.
    """

    def __init__(self, data: Path, *options: str, command: str = "chat", **settings: str) -> None:
        """
        Open the window and start the chat in it.
        """
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.process = Program(
            "bot",
            command,
            "--data",
            data,
            *options,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment(TERM="xterm-256color", **settings),
        )
        os.close(theirs)
        self.window = ours
        self.raw = ""

    def read(self, seconds: float) -> bool:
        """
        What is on its way; False when the program has closed the window.
        """
        ready, _, _ = select.select([self.window], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.window, 65536)
        except OSError:
            return False
        if b"\x1b[6n" in data:
            os.write(self.window, b"\x1b[1;1R")  # prompt_toolkit asks where the cursor is
        self.raw += data.decode("utf-8", "replace")
        return bool(data)

    def sees(self, *words: str) -> str:
        """
        Wait until all this stands on the screen, and the prompt; what is new since then.
        """
        words = (*words, PROMPT)
        end = time.monotonic() + PATIENCE
        while not all(word in self.text for word in words):
            assert time.monotonic() < end, f"{words} never came: {self.text[-2000:]}"
            assert self.read(0.2), f"the chat has ended: {self.text[-2000:]}"
        found, self.raw = self.text, ""
        return found

    @property
    def text(self) -> str:
        """
        The screen without colours.
        """
        return ESCAPES.sub("", self.raw).replace("\r", "")

    def types(self, text: str) -> None:
        """
        Type a line.
        """
        os.write(self.window, text.encode() + b"\r")

    def presses(self, keys: bytes) -> None:
        """
        Press keys.
        """
        os.write(self.window, keys)

    def ends(self) -> int:
        """
        Wait for the end; the exit code.
        """
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        return self.process.wait(1)

    def close(self) -> None:
        """
        Close the window.
        """
        if self.window >= 0:
            os.close(self.window)
            self.window = -1


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """
    A person before a report just begun.
    """
    window = Terminal(tmp_path / "var", "--organ", TOWN, "--year", "2025")
    yield window
    window.close()
    if window.process.poll() is None:
        window.process.kill()
    window.process.wait()


def test_a_person_sees_colours_numbers_and_how_far_they_are(terminal: Terminal):
    """
    Buttons in colour, the report and what is missing at the foot.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}", "160")
    terminal.types("#1")
    terminal.sees(say.progress(TWO, 1, 6))
    terminal.types("0 0 0")
    terminal.sees(ZERO_RULES, say.progress(TWO, 2, 6), "157")
    terminal.types("#1")
    while "#3" not in terminal.raw:
        assert terminal.read(5)
    assert "\x1b[1;34m#1\x1b[0m" in terminal.raw


def test_no_colour_is_shown_where_none_is_wanted(tmp_path: Path):
    """
    NO_COLOR, as everywhere.
    """
    window = Terminal(tmp_path / "var", "--organ", TOWN, "--year", "2025", NO_COLOR="1")
    while PROMPT not in window.text:
        assert window.read(5)
    window.presses(b"\x04")

    assert "\x1b[1;34m" not in window.raw
    assert UNFINISHED == window.ends()
    window.close()


def test_a_row_is_pasted_with_its_tabs(terminal: Terminal):
    """
    As it comes from a spreadsheet: seven cells, five of them empty.
    """
    terminal.sees("#5 三、依申请公开")
    terminal.types("#5")
    terminal.sees(say.progress(THREE, 1, 23), "#1")
    terminal.presses(b"\x1b[200~26\t\t\t\t\t\t26\x1b[201~\r")
    terminal.sees(f"#1 {say.FILL_ZERO}")
    terminal.types("#1")
    terminal.sees(say.progress(THREE, 2, 23))


def test_the_last_line_is_had_again_by_the_arrow_key(terminal: Terminal):
    """
    History and line editing: ↑, and the 3 becomes a 4.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}")
    terminal.types("#1")
    terminal.sees(say.progress(TWO, 1, 6), "#4")
    terminal.types("3")
    terminal.sees(TOO_FEW)
    terminal.presses(b"\x1b[A\x7f0 0 0\r")
    terminal.sees(ZERO_RULES)


@pytest.mark.parametrize("keys", [b"\x03", b"\x04", b"half a line\x03\x03"])
def test_leaving_loses_nothing(keys: bytes, terminal: Terminal, tmp_path: Path):
    """
    Ctrl-C (the first clears a half-typed line) and Ctrl-D: what is missing is said, exit code 3.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}")
    terminal.types("#1")
    terminal.sees(say.progress(TWO, 1, 6), "#4")
    terminal.types("0 0 7")
    terminal.sees("现行有效 7", say.GRADES[Grade.W], say.PARK)
    terminal.presses(keys)

    assert UNFINISHED == terminal.ends()
    assert "Traceback" not in terminal.text
    assert say.GAPS in terminal.text
    assert 7 == stored(tmp_path / "var", "proactive_disclosure.rules.in_force")


def test_leaving_make_run_is_no_error(tmp_path: Path):
    """
    It ends quietly; make would print an error of its own.
    """
    window = Terminal(tmp_path / "var", command="run")
    while "›" not in window.text:
        assert window.read(5)
    window.presses(b"\x04")

    assert FINISHED == window.ends()
    assert NOT_BEGUN not in window.text
    window.close()


def test_a_tab_is_kept_where_the_terminal_does_not_mark_what_is_pasted(terminal: Terminal):
    """
    Two figures never become one: 7⇥3 is refused where one is asked, and is two in a row.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}")
    terminal.types("行政许可")
    terminal.sees(say.search_hits("行政许可"))
    terminal.types("行政许可")
    terminal.sees(say.progress(TWO, 3, 6))
    terminal.presses(b"7\t3\r")
    terminal.sees(say.refusal(Refusal(Reason.TOO_MANY, "", 1, 2), LICENSING.cells, LICENSING)[:12])
    terminal.types(say.MENU)
    terminal.sees("#5 三、依申请公开")
    terminal.types("#5")
    terminal.sees(say.progress(THREE, 1, 23))
    terminal.presses(b"26\t\t\t\t\t\t26\r")
    terminal.sees(f"#1 {say.FILL_ZERO}")


def test_a_refusal_stands_under_the_card_and_not_above_a_new_one(terminal: Terminal):
    """
    The card is still there, with its numbers.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}")
    terminal.types("#1")
    terminal.sees(say.progress(TWO, 1, 6), say.ZERO_REST)
    terminal.types("约3")
    said = terminal.sees(say.what_to_type(RULES.cells, RULES).split("\n")[0])
    assert say.progress(TWO, 1, 6) not in said
    terminal.types("#1")
    terminal.sees(ZERO_RULES)


def test_a_button_is_known_by_its_number_or_its_beginning(terminal: Terminal):
    """
    A bare number only where nothing else could be meant; a figure stays a figure.
    """
    said = terminal.sees(f"#1 {say.FIGURES_FIRST}")
    assert door.PRESS_BY_NUMBER in said
    terminal.types("1")
    said = terminal.sees(say.progress(TWO, 1, 6), say.ZERO_REST)
    assert door.PRESS_BY_NUMBER not in said
    terminal.types("1")
    terminal.sees(TOO_FEW)
    terminal.types("其余全部为0")
    terminal.sees(f"#1 {say.NEXT}")
    terminal.types("目录")
    terminal.sees("#3")
    terminal.types("总体")
    assert door.SEND_FILE in terminal.sees(FORM.sections[0].heading)


def test_another_report_is_had_by_a_button_or_the_command(terminal: Terminal, tmp_path: Path):
    """
    What is typed before the choice is no answer; an organ that is not there yet can be begun.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}", door.SWITCH_REPORT)
    terminal.types("/nothing")
    terminal.sees(say.UNKNOWN_COMMAND.split("{")[0], "/switch")
    terminal.types("切换")
    terminal.sees(door.CHOOSE_REPORT, f"#2 {door.OTHER_ORGAN}")
    terminal.types("0 0 0")
    terminal.sees(door.CHOOSE_FIRST)
    terminal.types("2")
    terminal.sees(say.NEED_ORGAN)
    terminal.types("定远县水务局")
    terminal.sees("定远县水务局")
    terminal.types("/switch")
    terminal.sees(say.head(TOWN, 2025), door.OTHER_ORGAN)
    terminal.types("雷鸣镇")
    terminal.sees(TOWN, f"#1 {say.FIGURES_FIRST}")


def test_two_terminals_at_one_question_take_one_answer(terminal: Terminal, tmp_path: Path):
    """
    The second is shown where the report is now; what was typed is nobody's figure.
    """
    other = Terminal(tmp_path / "var", "--organ", TOWN, "--year", "2025")
    for window in (terminal, other):
        window.sees(f"#1 {say.FIGURES_FIRST}")
    terminal.types("#1")
    terminal.sees(say.progress(TWO, 1, 6))
    other.types("#1")
    other.sees(say.progress(TWO, 1, 6))
    terminal.types("0 0 1")
    terminal.sees("#2")
    other.types("0 0 2")
    other.sees(door.PLACE_MOVED)

    assert 1 == stored(tmp_path / "var", "proactive_disclosure.rules.in_force")
    assert stored(tmp_path / "var", "proactive_disclosure.normative_documents.issued") is None
    other.presses(b"\x04")
    other.ends()
    other.close()


def test_a_closed_window_loses_nothing(terminal: Terminal, tmp_path: Path):
    """
    SIGHUP; the next start stands before the same question.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}")
    terminal.types("#1")
    terminal.sees(say.progress(TWO, 1, 6), "#4")
    terminal.types("0 0 0")
    terminal.sees(say.progress(TWO, 2, 6), "#3")
    terminal.presses(b"8 0")
    os.killpg(terminal.process.pid, signal.SIGHUP)
    terminal.close()
    terminal.process.wait(PATIENCE)

    assert 0 == stored(tmp_path / "var", "proactive_disclosure.rules.issued")
    again = Terminal(tmp_path / "var")
    again.sees(say.progress(TWO, 2, 6), "行政规范性文件")
    again.presses(b"\x04")
    assert UNFINISHED == again.ends()
    again.close()


def stored(data: Path, item: str) -> object:
    """
    An answer as it stands in the store.
    """
    with Store.open(data) as store:
        found = find(store, "", 0)
    assert found is not None
    return found.stored.answers.get(item)


def test_a_person_fills_in_a_whole_report(terminal: Terminal, tmp_path: Path):
    """
    Zeros, three pasted texts of several lines, everything by default; exit code 0.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}")
    terminal.types("#1")
    for section, lines in zip(FORM.sections[1:4], (6, 23, 3), strict=True):
        terminal.sees(say.progress(section, 1, lines), f"#2 {say.ZERO_REST}")
        terminal.types("#2")
        terminal.sees(f"#1 {say.NEXT}")
        terminal.types("#1")
    for item, text in TEXTS.items():
        terminal.sees(FORM.section[item].heading, "#1")
        terminal.presses(b"\x1b[200~" + text.encode() + b"\x1b[201~\r")
        terminal.sees(f"#1 {say.DONE_TEXT}")
        terminal.types("#1")
    terminal.sees(f"#2 {say.ALL_DEFAULT}")
    terminal.types("#2")
    terminal.sees(f"#1 {say.MAKE_FINAL}")
    terminal.types("#1")
    said = terminal.sees(".docx")
    terminal.presses(b"\x04")

    assert FINISHED == terminal.ends()
    assert str(tmp_path / "var") in said.replace("\n", "")
    assert (tmp_path / "var" / "chat_history").is_file()
    assert [] == [path for path in (tmp_path / "var").rglob("*") if path.stat().st_mode & 0o077]


def test_no_line_of_ours_is_wider_than_a_phone_in_a_row_of_buttons(terminal: Terminal):
    """
    Chinese characters take two columns; a row of buttons stays within the window.
    """
    terminal.sees(f"#1 {say.FIGURES_FIRST}")
    terminal.types("#5")
    terminal.sees(say.progress(THREE, 1, 23), "#4")
    terminal.types(say.CHOOSE_ROWS)
    terminal.sees(say.MORE)
    terminal.types(say.MORE)
    said = terminal.sees("#24 其他·其他")

    rows = [line for line in said.splitlines() if line.startswith("  #")]
    assert len(rows) >= 12
    assert max(map(width, rows)) <= COLUMNS


def width(text: str) -> int:
    """
    How many columns a terminal needs.
    """
    return sum(2 if unicodedata.east_asian_width(one) in "FW" else 1 for one in text)
