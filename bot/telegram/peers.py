"""The processes that serve the same store: which are alive, and what dead ones have left."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.listening import LOOK
from storage.messages import Message, are_waiting
from storage.processes import Process, Processes, ProcessReader
from storage.sign_off import is_any_due
from storage.store import Store

LOOK_EVERY = 1.0  # seconds between two looks at the others
LEASE = 5.0  # seconds without a sign of life after which a process counts as dead


@dataclass(frozen=True, slots=True)
class Look:
    """
    The result of a look at the store.

    `messages` were a dead process's and are ours now. `lost` says that others took this process for
    dead, and `own` which messages are still ours then. `waiting` says that updates wait, `rivals`
    that another live process polls as well (None while unclear), `announcing` that a step of
    sign-off is to be told.
    """

    messages: tuple[Message, ...] = ()
    lost: bool = False
    own: frozenset[int] = frozenset()
    waiting: bool = False
    rivals: bool | None = False
    announcing: bool = False


class Peers:
    """
    This process among those that serve the same store.

    A lone process writes nothing; with others, each counts up in its own row. How long a count
    stands still is measured by the watcher's own clock: the clocks of the machines may differ or
    jump.
    """

    def __init__(self, store: Store, *, polls: bool) -> None:
        """Nothing is known before the first look."""
        self.store = store
        self.polls = polls
        self.name = f"{PLACE}/{os.getpid()}/{secrets.token_hex(4)}"
        self.living = 1
        self.speaks = True  # of all live processes, the one that tells people
        self._beats: dict[str, tuple[int, float]] = {}
        self._moved: set[str] = set()

    def join(self) -> None:
        """Register this process."""
        with self.store.begin() as unit:
            Processes(unit).register(self.name, polls=self.polls)
            unit.tell(LOOK)

    def leave(self) -> None:
        """Unregister: the others take over what is left to send."""
        with self.store.begin() as unit:
            Processes(unit).end(self.name)
            unit.tell(LOOK)

    def tell(self, *notices: str) -> None:
        """Tell the others, if the database can (`storage/listening.py`)."""
        with self.store.begin() as unit:
            unit.process = self.name
            for notice in notices:
                unit.tell(notice)

    def look(self) -> Look:
        """Show that this process lives, and take over what dead ones have left."""
        with self.store.read() as reader:
            processes = ProcessReader(reader)
            everybody = processes.all()
            left = processes.is_any_left
            waiting = are_waiting(reader)
            announcing = is_any_due(reader, datetime.now(UTC))
        others = [process for process in everybody if process.id != self.name]
        dead = [process for process in others if self._is_dead(process)]
        living = [process for process in others if process not in dead]
        self._beats = {process.id: self._beats[process.id] for process in living}
        self.living = 1 + len(living)
        self.speaks = all(self.name < process.id for process in living)
        lost = len(others) == len(everybody)
        if not (others or left or lost):
            return Look(waiting=waiting, announcing=announcing)
        with self.store.begin() as unit:
            writing = Processes(unit)
            # Others may have taken this process for dead since the list was read.
            lost = lost or (bool(living) and not writing.beat(self.name))
            if lost:
                writing.register(self.name, polls=self.polls)
            for process in dead:
                writing.end(process.id)
            messages = writing.take_over(self.name) if left or dead else ()
            own = frozenset(row.id for row in writing.own(self.name)) if lost else frozenset()
        return Look(messages, lost, own, waiting, self._rivals(living), announcing)

    def _is_dead(self, process: Process) -> bool:
        place, pid, _ = process.id.rsplit("/", 2)
        if place == PLACE and not _runs(int(pid)):
            return True
        now = time.monotonic()
        beat, since = self._beats.setdefault(process.id, (process.beat, now))
        if beat != process.beat:
            self._beats[process.id] = (process.beat, now)
            self._moved.add(process.id)
            return False
        return now - since > LEASE

    def _rivals(self, living: list[Process]) -> bool | None:
        rivals = [process.id for process in living if process.polls]
        if not rivals:
            return False
        return True if self._moved.intersection(rivals) else None


def _place() -> str:
    """The range in which a process number is unique: this boot, this container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return secrets.token_hex(8)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return False
    except OSError:
        return True
    # A zombie is dead, but not yet removed.
    return state != "Z"


PLACE = _place()
