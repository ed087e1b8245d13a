"""
One step of the conversation, with the checks that hang on the changed figures; cold starts.

The baseline of a step is the answer of a bot by hand (the library, nothing on a disk); that of
a start is a bare Python that imports exactly the modules of others that a start of the chat
imports, and does nothing. Both find their modules compiled, as an installed program does.
"""

import asyncio
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.talk.events import Opened, Tapped, Typed
from conversations.talk.machine import step
from conversations.talk.session import Session
from tests.bench import CPU, WALL, Candidate, compare
from tests.bench.telegram import ByHand, update
from tests.dialogue import TEXTS, TODAY, TOWN, id_of, zeros

BATCH = 200
STARTS = 7

# Starts the program that is named after it, and tells on standard error what is imported then.
TELL_IMPORTS = """
import runpy, sys
try:
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
except SystemExit:
    pass
for name, module in list(sys.modules.items()):
    spec = getattr(module, "__spec__", None)
    if spec is not None and spec.name == name and "site-packages" in (spec.origin or ""):
        print(name, file=sys.stderr)
"""


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
    print("-- cold start of `nianbao chat` to its first question, against importing what it needs")
    with tempfile.TemporaryDirectory() as folder:
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
        environment = os.environ | compiled
        chat = ["chat", "--jsonl", "--data", f"{folder}/var", "--organ", TOWN, "--year", "2025"]
        # The first start makes the store, which takes more.
        start(["-m", "bot", *chat], environment)
        told = start(["-c", TELL_IMPORTS, *chat], environment).stderr.split()
        for clock, title in ((children_cpu, "CPU"), (WALL, "wall")):
            compare(
                {
                    f"importing {len(told)} modules, {title} clock": starting(
                        ["-c", f"import {', '.join(told)}"], environment
                    ),
                    f"nianbao chat, {title} clock": starting(["-m", "bot", *chat], environment),
                    f"python -c pass, {title} clock": starting(["-c", "pass"], environment),
                },
                goals={f"nianbao chat, {title} clock": "≥ 0.87 (at most 1.15× the time)"},
                rounds=STARTS,
                clock=clock,
            )


def children_cpu() -> float:
    """
    The CPU time of the processes that have ended.
    """
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """
    Python from its start to its end; its input ends at once.
    """
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def starting(arguments: list[str], environment: dict[str, str]) -> Candidate:
    def work() -> int:
        start(arguments, environment)
        return 1

    return work
