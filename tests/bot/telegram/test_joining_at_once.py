"""
Two people on one invitation at the same moment: exactly one gets in, on both databases.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from bot.inviting import invite
from storage import Store
from storage.members import Members
from tests.bot.doors import environment
from tests.bot.telegram.joining import Newcomer
from tests.programs import Program
from tests.storage.conftest import target

__all__ = ["target"]

FIRST, SECOND = 1_000_000, 2_000_000
PATIENCE = 3600  # seconds; what hangs ends by the timeout of the test


def invited(place: Path | str, rounds: int) -> list[str]:
    """
    The tokens of one invitation each to as many organs.
    """
    now = datetime.now().astimezone()
    with Store.open(place) as store, store.begin() as unit:
        links = [
            invite(unit, "bot", f"第{number}镇人民政府", "clerk", "operator", now)
            for number in range(rounds)
        ]
    return [link.partition("=")[2] for link in links]


def members(place: Path | str) -> list[str]:
    """
    The organs that somebody has joined, once for each.
    """
    with Store.open(place) as store, store.begin() as unit:
        return [member.organ for member in Members(unit).members()]


@pytest.mark.parametrize("rounds", [50, pytest.param(1000, marks=pytest.mark.soak)])
def test_of_two_who_open_an_invitation_at_once_one_joins(target: Path | str, rounds: int):
    """
    Two doors over one store, both at the same link, then both at its button.
    """
    tokens = invited(target, rounds)
    together = threading.Barrier(2, timeout=PATIENCE)

    def race(person: int) -> None:
        with Store.open(target) as store:
            newcomer = Newcomer(store, person)
            for token in tokens:
                together.wait()
                newcomer.opens(token)
                together.wait()
                newcomer.joins()

    with ThreadPoolExecutor(2) as threads:
        assert [None, None] == list(threads.map(race, (FIRST, SECOND)))
    joined = members(target)
    assert (rounds, rounds) == (len(joined), len(set(joined)))


@pytest.mark.parametrize("rounds", [20, pytest.param(1000, marks=pytest.mark.soak)])
def test_of_two_processes_one_lets_somebody_in(target: Path | str, rounds: int):
    """
    The same with nothing in common but the database.
    """
    tokens = invited(target, rounds)
    people = [
        Program("tests.bot.telegram.joining", target, str(person), *tokens, env=environment())
        for person in (FIRST, SECOND)
    ]
    for person in people:
        person.communicate(timeout=PATIENCE)

    assert [0, 0] == [person.returncode for person in people]
    joined = members(target)
    assert (rounds, rounds) == (len(joined), len(set(joined)))
