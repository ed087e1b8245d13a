"""
SIGKILL at any moment of the chat: what was acknowledged is there, and the chat goes on.

Real processes and a real file. A program fills in a whole report while its chat is killed
again and again, at rest, while an answer is on its way and while the document is made.
"""

import json
import random
import subprocess
import threading
import time
import zipfile
from pathlib import Path

import pytest

from bot.cli.show import ReportView, find
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.wording import talk as say
from storage.store import Store
from tests.bot.doors import (
    FINISHED,
    UNFINISHED,
    Jsonl,
    Message,
    answer,
    environment,
    nianbao,
)
from tests.conftest import ROOT
from tests.dialogue import TEXTS, TOWN
from tests.programs import Program

pytestmark = pytest.mark.usefixtures("out_of_season")

ANSWERS = {
    "organ": TOWN,
    "year": "2025",
    "title": f"{TOWN}\n2025年政府信息公开工作年度报告",
    "introduction": "无",
    "signature": TOWN,
    "signature_date": "2026年1月15日",
    "proactive_disclosure.licensing.decisions": "295",
    "proactive_disclosure.administrative_fees.amount": "12.5",
    "requests.received.natural_person": "3",
    "requests.received.commercial_enterprise": "1",
    "requests.outcome.disclosed.natural_person": "2",
    "requests.outcome.disclosed.commercial_enterprise": "1",
    "review.reconsideration.upheld": "1",
    **TEXTS,
}
# Long enough for the answer to be anywhere between the pipe and the disk.
LONGEST_WAIT = 0.03


class KilledClerk:
    """
    A program that fills in a report through a chat that is killed every few turns.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        """
        Nothing is started yet.
        """
        folder.mkdir(exist_ok=True)
        self.data = folder / "var"
        self.random = random.Random(seed)
        self.acknowledged: dict[str, str] = {}
        self.kills = 0
        self.card: Message | None = None

    def fill_in(self) -> Path:
        """
        From the first question to the final document, however often it dies.
        """
        for _ in range(200):
            with Jsonl(self.data) as chat:
                self.check_after_restart(chat)
                left = self.random.randint(1, 9)
                while True:
                    final = self.is_at_the_end(chat)
                    left -= 1
                    if left <= 0 or (final and self.random.random() < 0.7):
                        self.kill(chat)
                        break
                    self.one_turn(chat)
                    if chat.document:
                        assert FINISHED == chat.close()
                        return chat.document
        raise AssertionError("never came to the end")

    def is_at_the_end(self, chat: Jsonl) -> bool:
        """
        Whether the next tap makes the final document.
        """
        return not chat.asks and chat.said[-1]["buttons"][0][0]["id"] == "fin"

    def line(self, chat: Jsonl) -> dict[str, str]:
        """
        What the program sends next.
        """
        if chat.asks:
            return {"text": answer(chat.asks, ANSWERS)}
        return {"tap": chat.said[-1]["buttons"][0][0]["id"]}

    def one_turn(self, chat: Jsonl) -> None:
        """
        A turn that is answered: from now on it must never be lost.
        """
        asked = chat.asks
        chat.send(**self.line(chat))
        self.note(asked)
        self.card = chat.said[-1]

    def note(self, asked: list[str]) -> None:
        """
        Remember what was acknowledged.
        """
        self.acknowledged |= {item: ANSWERS.get(item, "0") for item in asked}

    def kill(self, chat: Jsonl) -> None:
        """
        At rest, or with a line on its way; a reply that still came out counts.
        """
        self.kills += 1
        if self.random.random() < 0.25:
            chat.process.kill()
            return
        asked = chat.asks
        line = (json.dumps(self.line(chat)) + "\n").encode()
        chat.process.stdin.write(line)
        chat.process.stdin.flush()
        time.sleep(self.random.uniform(0, LONGEST_WAIT))
        chat.process.kill()
        self.card = None
        for said in chat.process.stdout.read().splitlines():
            try:
                message = json.loads(said)
            except ValueError:
                continue
            if message.get("done"):
                self.note(asked)
                self.card = message

    def check_after_restart(self, chat: Jsonl) -> None:
        """
        Everything acknowledged is there; an answer is there whole or not at all.
        """
        if self.card is not None and "organ" in self.acknowledged:
            assert self.card["asks"] == chat.asks, "the conversation goes on elsewhere"
        found = self.shown()
        if "organ" in self.acknowledged:
            expected = ["organ"] if found is None and "year" in self.acknowledged else []
            assert [] == expected, "the report is lost"
            assert ["organ"] != chat.asks
        if found is None:
            return
        answers = found.stored.answers
        for item, value in self.acknowledged.items():
            if item in FORM.number and value != "无":
                assert value == str(answers.get(item)), f"{item} is lost"
        for line in FORM.lines.values():
            present = {cell.id in answers for cell in line.cells}
            assert len(present) == 1, f"half of {line.id} was stored"
        if found.status == "final":
            (document,) = self.data.glob("*.docx")
            assert zipfile.ZipFile(document).testzip() is None

    def shown(self) -> ReportView | None:
        """
        The report as it stands in the store.
        """
        with Store.open(self.data) as store:
            return find(store, "", 0)


def test_a_report_is_filled_in_although_its_chat_is_killed_ten_times(tmp_path: Path):
    """
    Every acknowledged answer is there, and the document is the one of a quiet day.
    """
    clerk = KilledClerk(tmp_path, 1)
    document = clerk.fill_in().read_bytes()
    quiet = KilledClerk(tmp_path / "quiet", 0)
    quiet.random.randint = lambda *_: 1000  # type: ignore[method-assign]  # never killed
    quiet.random.random = lambda: 1.0  # type: ignore[method-assign]

    assert clerk.kills >= 8
    assert quiet.fill_in().read_bytes() == document
    assert 0 == quiet.kills


@pytest.mark.soak
def test_a_hundred_and_fifty_kills_lose_nothing(tmp_path: Path):
    """
    The same again and again, each time at other moments.
    """
    kills = 0
    documents = set()
    seed = 100
    while kills < 150:
        clerk = KilledClerk(tmp_path / str(seed), seed)
        documents.add(clerk.fill_in().read_bytes())
        kills += clerk.kills
        seed += 1

    print(f"{kills} kills, {seed - 100} reports, nothing lost")
    assert 1 == len(documents)


@pytest.mark.parametrize(
    ("typed", "shown", "item", "value"),
    [
        ("295", "295 件", "proactive_disclosure.licensing.decisions", 295),
        ("9 0 0 0 0 0", "自然人 9", "requests.received.natural_person", 9),
    ],
)
def test_what_the_terminal_has_shown_survives_a_kill(
    typed: str, shown: str, item: str, value: int, tmp_path: Path
):
    """
    Killed as soon as the answer is on the screen; the next start asks the next question.
    """
    data = tmp_path / "var"
    options = ("chat", "--organ", TOWN, "--year", "2025", "--data", data)
    chat = Program("bot", *options, stderr=subprocess.DEVNULL, env=environment())
    guard = threading.Timer(60, chat.kill)
    guard.start()
    name = "行政许可" if typed == "295" else "新收"
    chat.stdin.write(f"{name}\n{name}\n{typed}\n".encode())
    chat.stdin.flush()
    seen = ""
    while shown not in seen.split("✓", 1)[-1] or "✓" not in seen:
        line = chat.stdout.readline().decode()
        assert line, f"the answer was never shown: {seen}"
        seen += line
    chat.kill()
    chat.communicate()
    guard.cancel()

    with Store.open(data) as store:
        found = find(store, "", 0)
    assert found is not None
    assert value == found.stored.answers.get(item)
    again = nianbao("chat", "--data", data).stdout.decode()
    assert "表" in again
    assert say.NEED_ORGAN not in again


def test_the_organ_is_remembered_while_its_year_is_not_yet_said(tmp_path: Path):
    """
    Killed between the first two questions: the second one is asked.
    """
    data = tmp_path / "var"
    with Jsonl(data) as chat:
        chat.text(TOWN)
        chat.process.kill()
    with Jsonl(data) as chat:
        assert ["year"] == chat.asks
        chat.text("2025")
        chat.process.kill()
    with Jsonl(data) as chat:
        assert TOWN in chat.whole
        assert "2025" in chat.whole
        assert [] == chat.asks


@pytest.mark.parametrize("cut", [3, 12, 24])
def test_a_terminal_script_cut_in_the_middle_goes_on_where_it_was(cut: int, tmp_path: Path):
    """
    The example's script in two runs: what is left of it finishes the report.
    """
    script = (
        (ROOT / "bot" / "examples" / "leimingzhen-2023.chat.txt").read_text("utf-8").split("\n")
    )
    lines = [line for line in script if not line.startswith("//")]
    options = ("chat", "--organ", TOWN, "--year", "2023", "--data", tmp_path / "var")

    first = nianbao(*options, typed="\n".join(lines[:cut]) + "\n", cwd=tmp_path)
    second = nianbao(*options, typed="\n".join(lines[cut:]) + "\n", cwd=tmp_path)

    assert [UNFINISHED, FINISHED] == [first.returncode, second.returncode]
