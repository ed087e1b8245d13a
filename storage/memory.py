"""
What a process remembers of the reports it has just read, so as not to read them again.

The newest row of a report's history names one state of its answers: the history only
grows, rows of one report are written one after another, and `Unit.save`, which alone
writes answers, writes the history with them. So what was read at that row is right as
long as that row is the newest, whichever process wrote it. Only what is committed is
remembered: the number of a row that was taken back may be given again.
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
    The answers of a report as they were after one row of its history.

    `texts` are the stored texts by number; nobody changes them.
    """

    history: int
    texts: dict[int, str]
    answers: Answers

    def changed(self, history: int, fresh: Mapping[int, str | None]) -> KnownAnswers:
        """The state after that row, with these texts instead; None takes an answer away."""
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
    """The newest state known of each report, of as many as were used last."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        """Remember nothing yet."""
        self.capacity = capacity
        self._states: OrderedDict[int, KnownAnswers] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, report_id: int, history: int) -> KnownAnswers | None:
        """The state after that row, if it is remembered."""
        state = self._states.get(report_id)
        return state if state is not None and state.history == history else None

    def put(self, report_id: int, state: KnownAnswers) -> None:
        """Remember a committed state; threads may do so in any order."""
        with self._lock:
            states = self._states
            states[report_id] = state
            states.move_to_end(report_id)
            while len(states) > self.capacity:
                states.popitem(last=False)
