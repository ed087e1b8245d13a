"""
Work for a child process; most functions go wrong in one way.
"""

import os
import resource
import signal
import time
from pathlib import Path

from bot.files.checking import checked_report
from bot.files.received import held_by
from bot.files.unreadable import UnreadableFile
from conversations.checks.findings import Finding
from conversations.document.read.report import ReadReport
from conversations.talk.events import FileRead

LIMITS = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)


def surroundings() -> tuple[int, tuple[str, ...], tuple[int, ...]]:
    """
    The process id, the names of the environment variables, and the limits.
    """
    return os.getpid(), tuple(os.environ), tuple(resource.getrlimit(each)[0] for each in LIMITS)


def sleeps() -> None:
    time.sleep(60)


def begins_and_sleeps(begun: str) -> None:
    Path(begun).touch()
    sleeps()


def begins_and_stays(begun: str) -> None:
    """
    Ignore the alarm signal and sleep; the process id is written to `begun`.
    """
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    Path(begun).write_text(f"{os.getpid()}\n")
    time.sleep(600)


def deaf_and_busy() -> None:
    """
    Ignore the alarm signal and loop; only the limit on processor time ends it.
    """
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass


def deaf_and_asleep() -> None:
    """
    Ignore the alarm signal and sleep; only the parent can end it.
    """
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    time.sleep(60)


def grows() -> int:
    return len(bytearray(1_000_000_000))


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(sentence: str) -> None:
    raise UnreadableFile(sentence)


def stumbles(secret: str) -> None:
    raise ValueError(secret)


def answers_a_module() -> object:
    return os


def dies_at_2(data: bytes, name: str) -> tuple[ReadReport, tuple[Finding, ...]]:
    if name == "2.txt":
        dies()
    return checked_report(data, name)


def lasts_at_2(data: bytes, name: str) -> tuple[ReadReport, tuple[Finding, ...]]:
    if name == "2.txt":
        sleeps()
    return checked_report(data, name)


def dies_reading(_data: bytes, _name: str) -> None:
    dies()


def stumbles_reading(_data: bytes, name: str) -> None:
    stumbles(name)


def reads_when_told(data: bytes, name: str) -> FileRead:
    """
    Read a file after waiting for another file, which the last line of `data` names.
    """
    while not Path(data.decode().rpartition("\n")[2]).exists():
        time.sleep(0.02)
    return held_by(data, name)
