"""
Several processes in one store, and one that is killed while it writes.
"""

import random
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from storage import Store
from tests.bot.doors import environment
from tests.programs import Program
from tests.storage.clerk import CELL, NOW, ORGAN, TEXT, YEAR, raise_by_one


def start(target: Path | str, *arguments: str) -> Program:
    return Program("tests.storage.clerk", target, *arguments, env=environment())


def stored(target: Path | str) -> int:
    """
    The figure in the store, after seeing that everything in it belongs together.
    """
    with Store.open(target) as store, store.read() as reader:
        report = reader.find_report(ORGAN, YEAR)
        assert report is not None
        found = reader.load(report, "terminal")
        value = found.answers[CELL]
        assert isinstance(value, int)
        assert f"第{value}稿" + "。" * (value % 1000) == found.answers[TEXT]
        assert f'{{"turn": {value}}}' == found.place
        assert [(n or None, n + 1) for n in range(value)] == [
            (change.before, change.after) for change in reader.history(report, CELL)
        ]
    return value


def test_two_processes_raise_one_figure_and_no_step_is_lost(target: Path | str):
    """
    Each sees what the other has just written: 60 steps each make 120.
    """
    Store.open(target).close()

    clerks = [start(target, "count", "60") for _ in range(2)]
    for clerk in clerks:
        clerk.communicate()

    assert [0, 0] == [clerk.returncode for clerk in clerks]
    assert 120 == stored(target)


def test_threads_of_one_process_do_the_same(target: Path | str):
    """
    A small executor behind the bot.
    """
    with Store.open(target) as store:
        threads = [threading.Thread(target=raise_by_one, args=(store, range(25))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert 100 == stored(target)


def test_two_processes_that_begin_one_report_are_in_the_same(target: Path | str):
    """
    Neither is told that the other was quicker.
    """
    with Store.open(target) as one, Store.open(target) as two:
        found: list[int] = []

        def begin(store: Store) -> None:
            for year in range(2000, 2030):
                with store.begin() as unit:
                    found.append(unit.open_report(ORGAN, year, now=NOW, edition="2021"))

        threads = [threading.Thread(target=begin, args=(store,)) for store in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert 60 == len(found)
    assert 30 == len(set(found))


def kill_while_writing(target: Path | str, times: int, moment: Callable[[], float]) -> None:
    """
    Each time the store is opened again and the writing goes on.

    Every other process is killed after something that it has acknowledged: a busy machine may
    let none come so far by itself.
    """
    with Store.open(target) as store:
        raise_by_one(store, range(1))
    figure = 1
    for life in range(times):
        clerk = start(target, "write")
        assert b"open\n" == clerk.stdout.readline()
        told = clerk.stdout.readline() if life % 2 else b""
        time.sleep(moment())
        clerk.kill()
        out, _ = clerk.communicate()
        lines = [line for line in (told + out).splitlines(keepends=True) if line.endswith(b"\n")]
        last = int(lines[-1]) if lines else figure

        # The last step may have been stored and its acknowledgement cut off.
        figure = stored(target)
        assert figure in {last, last + 1}


def test_a_killed_process_has_stored_what_it_acknowledged(target: Path | str):
    """
    By kill -9, at moments that only the seed knows.
    """
    chance = random.Random(20260105)

    kill_while_writing(target, 4, lambda: chance.uniform(0.05, 0.3))


@pytest.mark.soak
def test_a_process_killed_a_hundred_times_has_lost_nothing(target: Path | str):
    """
    The same at more moments.
    """
    chance = random.Random()

    kill_while_writing(target, 100, lambda: chance.uniform(0, 0.2))


def test_a_connection_in_use_is_closed_when_its_transaction_ends(shared_store: Store):
    """
    A store that is closed while a thread still works leaves no connection behind.
    """
    with shared_store.begin() as unit:
        connection = unit.connection.connection.driver_connection
        assert connection is not None
        shared_store.close()
        unit.organs()

    with pytest.raises((sqlite3.Error, psycopg.Error), match="closed"):
        connection.execute("SELECT 1")
