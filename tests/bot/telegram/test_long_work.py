"""
Long work: whichever process has room does it, once, and what fails is tried again and seen.
"""

import asyncio
import signal
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.files import documents
from bot.telegram import long_work, peers, sender, service
from bot.telegram.intake import Intake
from conversations.wording import county_handing_out as handing_out
from conversations.wording import door as words
from storage.messages import FETCH, HAND_OUT, SEND_DOCUMENT, Messages, failed_jobs
from tests.bot.telegram.door import ROWS, Door, door, free_port, seated
from tests.bot.telegram.test_county_out import asks_for, files, head
from tests.bot.telegram.test_processes import Balanced, Balancer
from tests.botapi import BotServer, Person
from tests.handed_out import YEAR
from tests.storage.servers import postgres, postgres_made

ROW = ROWS[0].short
ANSWER = "1 0 0 0 0 0"


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Who is gone is missed at once, and nobody waits long before the next try.
    """
    monkeypatch.setattr(peers, "LEASE", 1.5)
    monkeypatch.setattr(service, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(long_work, "FIRST_WAIT", 0)
    monkeypatch.setattr(sender, "FIRST_WAIT", 0.01)


class Gate:
    """
    What the first who comes waits at; the others pass.
    """

    def __init__(self, pass_on: Callable[..., Any]) -> None:
        self.open = threading.Event()
        self.begun = 0
        self._pass_on = pass_on

    def __call__(self, *given: Any) -> Any:
        self.begun += 1
        if self.begun == 1:
            self.open.wait(60)
        return self._pass_on(*given)


GATES = {
    SEND_DOCUMENT: "bot.telegram.intake.make_document",
    FETCH: "bot.telegram.fetching.read_file",
    HAND_OUT: "bot.county.handing_out.final_document",
}


@pytest.fixture
def gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    target = GATES[request.param]
    found = Gate(pytest.importorskip(target.rpartition(".")[0]).__dict__[target.rpartition(".")[2]])
    monkeypatch.setattr(target, found)
    yield found
    found.open.set()


class Two:
    """
    Two services over one database: that they live in one process is all they share.
    """

    def __init__(self, doors: list[Door], address: str) -> None:
        self.doors = doors
        self.server = doors[0].server
        self.address = address

    def asked(self, query: str, *values: object) -> list[Any]:
        """
        Rows of the database.
        """
        with psycopg.connect(self.address) as outside:
            return outside.execute(query, values).fetchall()

    def at_it(self, method: str) -> Door:
        """
        Whoever is at an open row of this kind.
        """
        query = "SELECT process FROM outgoing WHERE method = %s AND state <= 1"
        ((process,),) = self.asked(query, method)
        (found,) = (door for door in self.doors if door.service.peers.name == process)
        return found

    async def dies(self, office: Door) -> None:
        """
        As by a kill: the other only sees that nothing comes of it any more.
        """
        office.service.peers.leave = lambda: None  # type: ignore[method-assign]
        await office.dies()

    async def rests(self) -> None:
        (lives, *_) = (door for door in self.doors if door.task is not None)
        await lives.rests()

    async def has_no_work(self) -> None:
        """
        Until the last job is over: that comes after its message, or is found out in time.
        """
        async with asyncio.timeout(30):
            # In a thread: what the jobs hold they give back on this loop.
            while await asyncio.to_thread(self.asked, "SELECT 1 FROM procrastinate_jobs"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@asynccontextmanager
async def two(server: BotServer, tmp: Path, address: str) -> AsyncIterator[Two]:
    balancer = Balancer()
    async with balancer.balancing(), AsyncExitStack() as stack:
        doors = []
        for _ in range(2):
            balancer.behind.append(free_port())
            settings = balancer.settings(balancer.behind[-1])
            office = Door(server, tmp / "data", NIANBAO_DATABASE_URL=address, **settings)
            await office.start()
            stack.push_async_callback(office.stop)
            doors.append(office)
        await server.until(lambda: len(server.called("setWebhook")) == 2, "both at work")
        yield Two(doors, address)


async def asks(method: str, person: Person) -> None:
    """
    Somebody wants something that takes long.
    """
    if method == SEND_DOCUMENT:
        await person.says("/preview")
    elif method == FETCH:
        await person.sends_file("a.txt", "本镇依法公开。".encode())
    else:
        await asks_for(person, handing_out.KINDS["zip"])


@pytest.mark.parametrize("gate", [SEND_DOCUMENT, FETCH, HAND_OUT], indirect=True)
async def test_what_a_dead_process_was_at_another_does_once(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gate: Gate, soon, request
):
    """
    And what was said meanwhile comes after it, where it has to.
    """
    method = request.node.callspec.params["gate"]
    monkeypatch.setattr("bot.county.under.year_of_work", lambda *_: YEAR)
    with postgres_made() as address:
        (person,) = seated(address, server, 1)
        async with two(server, tmp_path, address) as pair:
            if method == HAND_OUT:
                person = await head(pair.doors[0])
            await asks(method, person)
            await server.until(lambda: gate.begun, "the work")
            await pair.dies(pair.at_it(method))
            if method != HAND_OUT:
                await person.says(ANSWER)
                await person.sees(f"✓ {ROW}")
            await pair.rests()
            await pair.has_no_work()

            assert (method != FETCH) == len(person.documents)
            told = [each.text for each in person.from_bot if words.FILE_NOT_NOW in each.text]
            assert (method == FETCH) == len(told)
            if method != HAND_OUT:
                said = [each.file_name or each.text for each in person.from_bot]
                result = next(place for place, text in enumerate(said) if f"✓ {ROW}" in text)
                (work,) = [*files(person), *told]
                assert said.index(work) < result
            assert () == failed(pair.doors)


def failed(doors: list[Door]) -> Any:
    (lives, *_) = (door for door in doors if door.task is not None)
    with lives.store.read() as reader:
        return failed_jobs(reader)


async def test_two_processes_share_many_documents(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Each has made some, whoever has decided them.
    """
    made = Counter[str | None]()
    make = Intake.made

    def noted(intake: Intake, payload: dict[str, Any]) -> Any:
        made[intake.process] += 1
        return make(intake, payload)

    monkeypatch.setattr(Intake, "made", noted)
    monkeypatch.setattr(long_work, "AT_ONCE", dict.fromkeys(long_work.AT_ONCE, 1))
    with postgres_made() as address:
        people = seated(address, server, 12)
        async with two(server, tmp_path, address) as pair:
            await asyncio.gather(*(person.says("/preview") for person in people))
            await server.until(lambda: all(person.documents for person in people), "all of them")
            await pair.rests()
    assert 12 == made.total()
    assert 2 == len(made)
    assert [1] * 12 == [len(person.documents) for person in people]


async def test_what_always_fails_is_told_and_seen(
    office: Door, monkeypatch: pytest.MonkeyPatch, soon
):
    """
    After some tries; then the chat goes on.
    """
    tries = []

    def fails(*_: object) -> None:
        tries.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr("bot.telegram.intake.make_document", fails)
    (person,) = seated(office.target, office.server, 1)
    await person.says("/preview")
    await person.says(ANSWER)
    await person.sees(words.NOT_SHOWN)
    await person.sees(f"✓ {ROW}")
    await office.server.until(lambda: failed([office]), "that it is given up")
    await office.rests()

    assert sender.LONG_TRIES == len(tries)
    assert [] == person.documents
    ((_, method, _, why),) = [
        (each.id, each.method, each.at, each.why) for each in failed([office])
    ]
    assert SEND_DOCUMENT == method
    assert ZeroDivisionError.__name__ in why
    if isinstance(office.target, str):
        with psycopg.connect(office.target) as outside:
            jobs = outside.execute("SELECT status, attempts FROM procrastinate_jobs").fetchall()
        assert [("failed", sender.LONG_TRIES)] == jobs


async def test_what_fails_once_is_made_all_the_same(
    office: Door, monkeypatch: pytest.MonkeyPatch, soon
):
    """
    Nobody hears of the first try.
    """
    made = [OSError, None]
    make = documents.numbered

    def fails_once(*given: Any) -> Any:
        if (error := made.pop(0) if made else None) is not None:
            raise error
        return make(*given)

    monkeypatch.setattr("bot.telegram.intake.documents.numbered", fails_once)
    (person,) = seated(office.target, office.server, 1)
    await person.says("/preview")
    await office.server.until(lambda: person.documents, "the document")
    await office.rests()
    assert words.NOT_SHOWN not in [each.text for each in person.from_bot]
    assert () == failed([office])


async def test_work_goes_on_when_the_database_was_away(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """
    Every connection cut: the jobs' own are made anew, and what waits is done.
    """
    monkeypatch.setattr(long_work, "AFTER_FAULT", 0.05)
    with postgres_made() as address:
        first, second = seated(address, server, 2)
        async with two(server, tmp_path, address) as pair:
            await first.says("/preview")
            await server.until(lambda: first.documents, "a document")
            pair.asked(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = current_setting('application_name')"
                " AND pid <> pg_backend_pid()"
            )
            await second.says("/preview")
            await server.until(lambda: second.documents, "one more")
            await pair.rests()
            # That the first was done could perhaps not be said: it is found to be over, in time.
            later = "UPDATE procrastinate_events SET at = at - interval '8 seconds' RETURNING 1"
            await asyncio.to_thread(pair.asked, later)
            await pair.has_no_work()
    assert 1 == len(first.documents) == len(second.documents)


async def test_work_whose_worker_is_stopped_is_tried_to_its_end_where_it_is(
    server: BotServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soon
):
    """
    As when the database goes away: its job comes to nobody else while we are at it.
    """
    going = threading.Event()
    made = []

    def fails_once(*_: object) -> tuple[str, bytes]:
        made.append(1)
        if len(made) == 1:
            going.wait(60)
            raise OSError
        return "a.txt", b"made"

    monkeypatch.setattr(Intake, "made", fails_once)
    async with door(tmp_path / "data", server) as office:
        person = await office.joins()
        await office.rests()
        with office.store.begin() as unit:
            unit.process = office.service.peers.name
            row = Messages(unit).say(person.id, SEND_DOCUMENT, "{}", None, datetime.now(UTC))
        assert office.service.sender is not None
        job = asyncio.create_task(office.service.sender.perform(row, last=False))
        await server.until(lambda: made, "the work")
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        going.set()
        await server.until(lambda: person.documents, "the document")
        await office.rests()
    assert 1 == len(person.documents)
    assert words.NOT_SHOWN not in [each.text for each in person.from_bot]


# ---- real processes ----------------------------------------------------------------------


async def killed_at(several: Balanced, method: str) -> float | None:
    """
    Kill whichever process is at a row of this kind; when, None where it is done already.
    """
    query = "SELECT process FROM outgoing WHERE method = %s AND state = 0 AND process <> 'job'"
    while True:
        with psycopg.connect(several.database) as outside:
            rows = outside.execute(query, [method]).fetchall()
            over = outside.execute(
                "SELECT 1 FROM outgoing WHERE method = %s AND state > 0", [method]
            ).fetchall()
        if over:
            return None
        if rows:
            break
        await asyncio.sleep(0.002)
    number = int(rows[0][0].rsplit("/", 2)[1])
    (found,) = (pair for pair in several.running if _pid(pair[1]) == number)
    process = found[1]
    assert process.process is not None
    process.process.send_signal(signal.SIGSTOP)
    with psycopg.connect(several.database) as outside:
        still = outside.execute(query, [method]).fetchall()
    if not still:
        process.process.send_signal(signal.SIGCONT)
        return None
    await process.kill()
    several.running.remove(found)
    several.balancer.behind.remove(found[0])
    return time.monotonic()


def _pid(serve: Any) -> int:
    pid: int = serve.process.pid
    return pid


@pytest.mark.soak
@pytest.mark.parametrize("method", [SEND_DOCUMENT, FETCH])
async def test_of_two_processes_one_is_killed_at_long_work(tmp_path: Path, method: str):
    """
    The other does it within ten seconds, once; how long it took is printed.
    """
    with postgres() as database:
        async with BotServer() as server:
            several = Balanced(server, tmp_path, database, 10)
            async with several.balancer.balancing():
                try:
                    await several.begins()
                    await several.begins()
                    killed = None
                    people = iter(several.people)
                    person = several.people[0]
                    while killed is None:
                        person = next(people)
                        if method == FETCH:
                            server.fail("getFile", delay=1.0)
                        await asks(method, person)
                        killed = await killed_at(several, method)
                    await server.until(
                        lambda: (
                            person.documents
                            or any(words.FILE_NOT_NOW in each.text for each in person.from_bot)
                        ),
                        "the work",
                    )
                    took = time.monotonic() - killed
                    await server.handled()
                    await server.quiet(1.0)
                finally:
                    for _, process in several.running:
                        await process.kill()
    print(f"{method}: done {took:.1f} s after the kill")
    assert took < 10
    assert (method != FETCH) == len(person.documents)
    assert len(files(person)) == len(person.documents)
