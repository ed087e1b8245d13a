"""
A memory of the reports that a process has just read, which saves reading them again.

The newest row of a report's history identifies one state of its answers: the history only grows,
rows of one report are written one after another, and only `Unit.save` writes answers, together with
the history. So a remembered state is right as long as its row is the newest, whichever process
wrote it. Only committed states are remembered: the id of a row that was rolled back may be used
again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from conversations.form.answers import Answers
from conversations.form.numbers import ITEMS
from storage import values

# A report takes some 30 kB.
CAPACITY = 512


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """
    The answers of a report after one row of its history.

    `texts` are the stored texts by number; they are never changed.
    """

    history: int
    texts: dict[int, str]
    answers: Answers

    def changed(self, history: int, fresh: Mapping[int, str | None]) -> KnownAnswers:
        """The state after a later row, with these texts instead; None removes an answer."""
        texts = dict(self.texts)
        for number, text in fresh.items():
            if text is None:
                texts.pop(number, None)
            else:
                texts[number] = text
        changes = {
            ITEMS[number]: None if text is None else values.read(number, text)
            for number, text in fresh.items()
        }
        return KnownAnswers(history, texts, self.answers.changed(changes))


class Memory:
    """The newest known state of the reports that were used last."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Nothing is remembered yet."""
        self.capacity = capacity
        self._states: OrderedDict[int, KnownAnswers] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, report_id: int, history: int) -> KnownAnswers | None:
        """The state after that row, if it is remembered."""
        state = self._states.get(report_id)
        return state if state is not None and state.history == history else None

    def put(self, report_id: int, state: KnownAnswers) -> None:
        """Remember a committed state; threads may call this in any order."""
        with self._lock:
            states = self._states
            states[report_id] = state
            states.move_to_end(report_id)
            while len(states) > self.capacity:
                states.popitem(last=False)
