"""
One step of the conversation, with the checks that hang on the changed figures; cold starts.

The baseline of a step is the answer of a bot by hand (the library, nothing on a disk); that of
a start is importing the packages that the chat needs.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.talk.events import Opened, Tapped, Typed
from conversations.talk.machine import step
from conversations.talk.session import Session
from tests.bench import CPU, Candidate, compare
from tests.bench.telegram import ByHand, update
from tests.dialogue import TEXTS, TODAY, TOWN, id_of, zeros

BATCH = 200
STARTS = 7

# The packages the store's tables and statements are written with.
PACKAGES = ("sqlmodel", "sqlalchemy.dialects.sqlite")
IMPORTS = "import " + ", ".join(PACKAGES)


def run() -> None:
    """
    A step against an answer by hand, and a start against its imports.
    """
    steps()
    starts()


def steps() -> None:
    print("-- one step with the checks of the changed cells, 120 answers in the report")
    compare(
        {
            "a bot by hand: parse, dispatch, reply": by_hand(),
            "step: one figure typed": typing("proactive_disclosure.licensing", "{0}"),
            "step: a row of six typed": typing("requests.received", "{0} 1 0 0 0 0"),
            "step: a button for another row": tapping(),
        },
        rounds=9,
        clock=CPU,
    )


def by_hand() -> Candidate:
    """
    The library, fed with raw updates.
    """
    runner = asyncio.Runner()
    bot = ByHand(Path(":memory:"))
    runner.run(bot.begin())

    def work() -> int:
        raws = [json.dumps(update(1, str(number))).encode() for number in range(BATCH)]
        for raw in raws:
            runner.run(bot.answer([raw]))
        return BATCH

    return work


def before(line: str) -> Session:
    """
    A half-filled report, with this line asked.
    """
    left_out = (line, *TEXTS)
    answers = dict(list(zeros(without=left_out).items())[:120])
    session = Session(
        form=FORM,
        today=TODAY,
        now="2026-01-12T09:00:00+08:00",
        by="bench",
        organ=TOWN,
        year=2025,
        answers=Answers(answers),
    )
    session, _ = step(session, Opened())
    return step(session, Tapped(id_of(FORM, "o", line)))[0]


def typing(line: str, answer: str) -> Candidate:
    """
    The same question answered again and again, always with another figure.
    """
    session = before(line)
    fresh = itertools.count(1)

    def work() -> int:
        for _ in range(BATCH):
            step(session, Typed(answer.format(next(fresh) % 100_000)))
        return BATCH

    return work


def tapping() -> Candidate:
    """
    Going about: the card of another row.
    """
    session = before("requests.received")
    lines = itertools.cycle([line.number for line in FORM.tables[1].lines[1:20]])

    def work() -> int:
        for _ in range(BATCH):
            step(session, Tapped(f"o:{next(lines)}"))
        return BATCH

    return work


def starts() -> None:
    print("-- cold start of `nianbao chat` to its first question, against importing its packages")
    with tempfile.TemporaryDirectory() as folder:
        chat = [sys.executable, "-m", "bot", "chat", "--jsonl", "--data", str(Path(folder) / "var")]
        chat += ["--organ", TOWN, "--year", "2025"]
        compare(
            {
                f"python -c '{IMPORTS}'": starting([sys.executable, "-c", IMPORTS]),
                "nianbao chat": starting(chat),
                "python -c pass": starting([sys.executable, "-c", "pass"]),
            },
            goals={"nianbao chat": "≥ 0.87 (at most 1.15× the time)"},
            rounds=STARTS,
        )


def starting(command: list[str]) -> Candidate:
    """
    A process from its start to its end; its input ends at once.
    """

    def work() -> int:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        return 1

    return work
