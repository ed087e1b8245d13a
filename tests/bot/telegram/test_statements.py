"""
How much the door asks of the store for one update.

Counted are the statements that are run (one for several rows written at once), without
BEGIN, COMMIT and savepoints; on SQLite, with the message before it just sent.
"""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import Connection, Executable, TextClause

from bot.telegram.intake import Intake
from bot.telegram.talk import DoorSettings
from storage import Store, prepared
from storage.messages import SENT
from storage.people import People
from storage.prepared import Parameters, Result, run
from storage.reminders import CHECK_IMMEDIATELY
from storage.tasks import Tasks

PERSON = 7
NOW = datetime(2026, 1, 5, tzinfo=UTC)


class Counted:
    """
    A door over a store, that counts.
    """

    def __init__(self, store: Store, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.intake = Intake(store, DoorSettings("bot", data, ZoneInfo("Asia/Shanghai")))
        self._ids = itertools.count(1)
        self._count = 0
        monkeypatch.setattr(prepared, "run", self._run)

    def _run(self, connection: Connection, statement: Executable, *given: Parameters) -> Result:
        # What frames a transaction is plain text.
        self._count += not isinstance(statement, TextClause)
        return run(connection, statement, *given)

    def says(self, text: str) -> int:
        return self._takes("message", {**self._message(), "text": text})

    def taps(self, data: str) -> int:
        tap = {"id": "1", "message": self._message(), "chat_instance": "1", "data": data}
        return self._takes("callback_query", {**tap, "from": self._message()["from"]})

    def _message(self) -> dict[str, Any]:
        person = {"id": PERSON, "is_bot": False, "first_name": "王芳"}
        chat = {"id": PERSON, "type": "private"}
        return {"message_id": next(self._ids), "date": 1, "chat": chat, "from": person}

    def _takes(self, kind: str, content: dict[str, Any]) -> int:
        before = self._count
        job = self.intake.take([{"update_id": next(self._ids), kind: content}])
        count = self._count - before
        for row in job.sends:
            self.intake.mark(row, SENT, next(self._ids))
        return count


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    with time_machine.travel(NOW), Store.open(tmp_path) as store:
        with store.begin() as unit:
            people = People(unit)
            people.begin(PERSON, NOW, "王芳")
            people.join(PERSON, unit.organ("雷鸣镇人民政府", NOW), "clerk", NOW)
        door = Counted(store, tmp_path, monkeypatch)
        door.says("/start")
        door.says("2025")
        door.taps("1/fig")
        yield door


def test_an_answer_takes_few_statements(door: Counted):
    """
    Three figures in one message, stored, with the next question.
    """
    assert door.says("3 4 5") <= 8


def test_an_answer_wakes_who_sleeps(door: Counted):
    """
    Somebody whom the reminders look at only when something happens.
    """
    with door.intake.store.begin() as unit:
        asked = Tasks(unit).person_to_remind(PERSON, NOW)
        assert asked is not None
        Tasks(unit).plan(PERSON, asked.next_check_at, None)

    assert door.says("3 4 5") <= 9

    with door.intake.store.begin() as unit:
        woken = Tasks(unit).person_to_remind(PERSON, NOW)
        assert woken is not None
        assert CHECK_IMMEDIATELY == woken.next_check_at


def test_a_tap_takes_few_statements(door: Counted):
    """
    A button that leads to another card.
    """
    assert door.taps("1/menu") <= 6
