"""
Long work as jobs: deferred with the row that decides it, following the row ever after.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.doctor.waiting import waiting
from storage import Store, jobs, migrations
from storage.messages import (
    FETCH,
    GIVEN_UP,
    HAND_OUT,
    SENT,
    FailedWork,
    Messages,
    failed_jobs,
)
from storage.processes import Processes
from tests.storage.servers import postgres_made

NOW = datetime(2026, 1, 5, tzinfo=UTC)
CHAT = 7


@pytest.fixture
def store() -> Iterator[Store]:
    with postgres_made() as address, Store.open(address) as store:
        with store.begin() as unit:
            for name in ("first", "second"):
                Processes(unit).register(name, polls=False)
        yield store


def said(store: Store, method: str = FETCH, file: bytes | None = None, process: str = "first"):
    with store.begin() as unit:
        unit.process = process
        return Messages(unit).say(CHAT, method, "{}", file, NOW)


def listed(store: Store) -> list[tuple[int, str, int]]:
    """
    Message, status and attempts of every job, in order.
    """
    with store.read() as reader:
        query = "SELECT (args->>'message')::bigint, status::text, attempts FROM procrastinate_jobs"
        rows = reader.connection.execute(text(f"{query} ORDER BY id"))
        return [(message, status, attempts) for message, status, attempts in rows]


def fetched(store: Store, queue: str = jobs.IN_CHAT) -> int | None:
    """
    The message of the next job, as a worker of procrastinate's takes it.
    """
    with store.begin() as unit:
        query = "SELECT args->>'message' FROM procrastinate_fetch_job_v2(ARRAY[:queue], NULL)"
        found = unit.connection.execute(text(query), {"queue": queue}).scalar()
    return None if found is None else int(found)


def passed(store: Store) -> None:
    """
    Some seconds have gone since every job began.
    """
    with store.begin() as unit:
        unit.connection.execute(
            text("UPDATE procrastinate_events SET at = at - interval '8 seconds'")
        )


def looked(store: Store, process: str = "second") -> tuple[int, ...]:
    with store.begin() as unit:
        return tuple(row.id for row in Processes(unit).take_over(process))


def is_any_left(store: Store) -> bool:
    with store.begin() as unit:
        return Processes(unit).is_any_left


def test_the_schema_is_that_of_the_procrastinate_that_is_installed():
    """
    An upgrade of the package needs a migration of ours, with what is new in its own.

    Write one that runs the files that are newer than `jobs.SCHEMA`, and say so there; a new
    minor version may be allowed in pyproject.toml only with it.
    """
    there = resources.files("procrastinate.sql") / "migrations"
    newest = max(Path(file.name).stem for file in there.iterdir() if file.name.endswith(".sql"))
    assert jobs.SCHEMA == newest

    shipped = (resources.files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")
    ours = (migrations.VERSIONS / "0014_jobs.sql").read_text(encoding="utf-8")
    assert ours.endswith(shipped)


def test_a_commit_holds_both_the_row_and_its_job_or_neither(store: Store):
    """
    And of what is not long, no job.
    """
    row = said(store)
    assert row.deferred
    assert not said(store, "sendMessage").deferred
    assert not said(store, "sendDocument", b"made already").deferred
    with store.begin() as unit, suppress(ZeroDivisionError), unit.savepoint():
        Messages(unit).say(CHAT, FETCH, "{}", None, NOW)
        raise ZeroDivisionError

    assert [(row.id, "todo", 0)] == listed(store)
    assert not is_any_left(store)


def test_the_jobs_of_a_chat_come_one_after_another(store: Store):
    """
    But for what is made beside everything else.
    """
    first, second, beside = said(store), said(store), said(store, HAND_OUT)
    assert first.id == fetched(store)
    assert fetched(store) is None
    assert beside.id == fetched(store, jobs.BESIDE)
    assert second.id not in {message for message, status, _ in listed(store) if status != "todo"}


def test_of_two_that_claim_a_row_one_gets_it(store: Store):
    """
    Until it is over, or given back.
    """
    row = said(store)
    with store.begin() as unit:
        processes = Processes(unit)
        claimed = processes.claim(row.id, "first")
        assert claimed == row
        assert claimed is not None
        assert claimed.behind
        assert processes.claim(row.id, "second") is None
        assert processes.claim(row.id, "first") == row  # a commit of which no word came
        processes.give_back(row.id, "second")
        assert processes.claim(row.id, "second") is None
        processes.give_back(row.id, "first")
        assert processes.claim(row.id, "second") == row
        unit.process = "second"
        Messages(unit).mark(row.id, SENT, 5)
        assert processes.claim(row.id, "second") is None


def test_what_a_dead_process_was_at_waits_for_its_job_again(store: Store):
    """
    At once, by the row alone: whoever looks need not know how old the job is.
    """
    row, short = said(store), said(store, "sendMessage")
    assert row.id == fetched(store)
    with store.begin() as unit:
        Processes(unit).claim(row.id, "first")
    assert not is_any_left(store)
    with store.begin() as unit:
        Processes(unit).end("first")
    assert is_any_left(store)

    assert (short.id,) == looked(store)

    assert [(row.id, "todo", 1)] == listed(store)
    assert not is_any_left(store)
    with store.begin() as unit:
        assert row == Processes(unit).claim(row.id, "second")


def test_a_job_whose_worker_died_before_its_claim_comes_again(store: Store):
    """
    After some seconds, as nobody can say who it was.
    """
    row = said(store)
    fetched(store)
    assert not is_any_left(store)
    passed(store)
    assert is_any_left(store)
    looked(store)
    assert [(row.id, "todo", 1)] == listed(store)


def test_a_job_that_was_put_off_by_a_wrong_clock_comes_now(store: Store):
    """
    But not one that waits as long as a try may have to.
    """
    row = said(store)
    for seconds, comes in ((50, False), (3600, True)):
        with store.begin() as unit:
            query = "UPDATE procrastinate_jobs SET scheduled_at = now() + :seconds * interval '1 s'"
            unit.connection.execute(text(query), {"seconds": seconds})
        assert comes == is_any_left(store)
        looked(store)
        assert (row.id if comes else None) == fetched(store)


def test_a_job_whose_end_could_not_be_said_holds_nothing_up(store: Store):
    """
    Its row is over: it comes again, to be done with, and the next of the chat comes then.
    """
    row = said(store)
    fetched(store)
    with store.begin() as unit:
        unit.process = "first"
        Processes(unit).claim(row.id, "first")
        Messages(unit).mark(row.id, SENT, 5)
    assert not is_any_left(store)
    passed(store)
    looked(store)
    assert [(row.id, "todo", 1)] == listed(store)


def test_as_long_as_a_process_is_at_it_a_job_is_left_alone(store: Store):
    """
    However long it takes.
    """
    row = said(store)
    fetched(store)
    with store.begin() as unit:
        Processes(unit).claim(row.id, "first")
    passed(store)
    assert not is_any_left(store)
    looked(store)
    assert [(row.id, "doing", 0)] == listed(store)


def test_rows_without_jobs_are_given_theirs(store: Store):
    """
    As after a restore or a copy, which know of rows only.
    """
    row, hand_out = said(store), said(store, HAND_OUT)
    with store.begin() as unit:
        unit.connection.execute(text("DELETE FROM procrastinate_jobs"))
    assert is_any_left(store)
    assert () == looked(store)
    assert [(row.id, "todo", 0), (hand_out.id, "todo", 0)] == listed(store)
    assert () == looked(store)
    assert 2 == len(listed(store))
    assert (row.id, hand_out.id) == (fetched(store), fetched(store, jobs.BESIDE))


def test_on_sqlite_a_row_that_waited_for_a_job_is_taken_over(tmp_path: Path):
    """
    It came from the other database with a copy.
    """
    with Store.open(tmp_path) as store:
        row = said(store, process=jobs.FOR_A_JOB)
        assert not row.deferred
        assert is_any_left(store)
        assert (row.id,) == looked(store)


def test_what_has_failed_is_seen_until_it_is_forgotten(store: Store):
    """
    With its reason, also by the doctor; what was only not wanted is not.
    """
    row, other = said(store), said(store)
    with store.begin() as unit:
        unit.process = "first"
        for each, why in ((row, "OSError at maker.py:3"), (other, "")):
            Processes(unit).claim(each.id, "first")
            Messages(unit).mark(each.id, GIVEN_UP, why=why)
        unit.connection.execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
    with store.read() as reader:
        assert (FailedWork(row.id, FETCH, NOW, "OSError at maker.py:3"),) == failed_jobs(reader)
    (told,) = (result for result in waiting(store) if result.check == "jobs")
    assert re.search(rf"\b{row.id}\b.*OSError at maker\.py:3", told.text)
    with store.begin() as unit:
        assert 0 == Messages(unit).prune(NOW)
        assert 4 == Messages(unit).prune(NOW.replace(year=2027))
        assert () == failed_jobs(unit)
    assert [] == listed(store)
