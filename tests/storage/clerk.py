"""
A process that works in a store, for tests of several at once and of one that is killed.

    python -m tests.storage.clerk TARGET open         make the store by its migrations, say so
    python -m tests.storage.clerk TARGET count N      raise one figure by one, N times
    python -m tests.storage.clerk TARGET write        answer for ever, each acknowledged
"""

import itertools
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from conversations.talk.effects import Save
from storage import Store, migrations
from storage.members import Members
from storage.unit import Unit
from tests.storage import made_once

CELL = "requests.received.natural_person"
TEXT = "overview"
ORGAN, YEAR = "雷鸣镇人民政府", 2025
NOW = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)


def leaves(unit: Unit, person: int, organ: str, at: datetime) -> None:
    """
    Somebody is removed from an organ by the operator.
    """
    members = Members(unit)
    (member,) = (one for one in members.memberships(person) if one.organ == organ)
    assert members.remove(member, "operator", at)


def main(target: str, work: str, times: str = "0") -> None:
    if work == "open":
        migrations.make = made_once.by_migrations
    with Store.open(target if "://" in target else Path(target)) as store:
        print("open", flush=True)
        if work == "count":
            raise_by_one(store, range(int(times)))
        elif work == "write":
            raise_by_one(store, itertools.count())


def raise_by_one(store: Store, turns: Iterable[int]) -> None:
    """
    One step each: two answers, an explained place, one commit; then the acknowledgement.
    """
    for _ in turns:
        with store.begin() as unit:
            report = unit.open_report(ORGAN, YEAR, now=NOW, edition="2021")
            answers = unit.load(report, "terminal").answers
            figure = answers.number(CELL)
            value = int(figure or 0) + 1
            changes = (
                Save(CELL, figure, value),
                Save(TEXT, answers.text(TEXT), f"第{value}稿" + "。" * (value % 1000)),
            )
            assert unit.save(report, changes, by="terminal", at=NOW, door="terminal") == ()
            unit.place(report, "terminal", f'{{"turn": {value}}}', NOW)
        print(value, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
