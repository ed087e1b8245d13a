"""
`nianbao serve` killed while a report is handed in, decided and published: done once, said once.

Real processes, SIGKILL after so many calls of the answer to a tap; the next process goes on.
What is left in the store and in the chats is that of a quiet day.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from conversations.document.write.content import DocumentInput
from conversations.document.write.html import as_html
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.reminders.people import Mode
from conversations.sign_off.states import Deed, Role
from conversations.wording import comparing
from conversations.wording import sign_off as words
from storage import Store
from storage.people import People
from storage.sign_off import is_any_due, version_of
from storage.tasks import Tasks
from storage.verify import verify
from tests.bot.telegram.door import TOWN, Serve, rest
from tests.bot.telegram.test_announcing import YEAR, due_now
from tests.botapi import BotServer, Person
from tests.botapi.people import PATIENCE
from tests.county import AUTUMN
from tests.dialogue import whole
from tests.sign_off import fill, joins
from tests.storage.servers import postgres_made

PAGE = as_html(DocumentInput(FORM, TOWN, YEAR, Answers(whole()))).encode()
NEVER = -1
LATER = datetime(2100, 1, 1, tzinfo=UTC)
DONE = [Deed.SUBMIT, Deed.APPROVE, Deed.PUBLISH]


class Season:
    """
    A clerk and a leader, in whose way the process dies.
    """

    def __init__(self, server: BotServer, tmp: Path, database: str = "") -> None:
        self.server = server
        self.target: Path | str = database or tmp / "data"
        more = {"NIANBAO_DATABASE_URL": database} if database else {}
        tmp.mkdir(exist_ok=True)
        self.serve = Serve(server, tmp / "data", tmp / "log.txt", **more)
        self.clerk, self.leader = server.person("王芳"), server.person("张局")
        with Store.open(self.target) as store:
            sit_down(store, self.clerk, self.leader)

    def calls(self) -> int:
        return sum(call.method != "getUpdates" for call in self.server.calls)

    async def killed(self, does: Callable[[], Awaitable[object]], point: int) -> None:
        """
        Somebody does something; after so many calls that it brings the process is dead.

        Or when all is said: how many there are beside the messages hangs on how busy it is.
        """
        before, taken = self.calls(), len(self.server.called("getUpdates"))
        await does()
        if point == NEVER:
            return
        if point:
            wanted = lambda: self.calls() >= before + point  # noqa: E731
        else:
            wanted = lambda: len(self.server.called("getUpdates")) > taken  # noqa: E731
        waits = [
            asyncio.ensure_future(self.server.until(wanted, f"{point} calls")),
            asyncio.ensure_future(self.rests()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        await self.serve.kill()
        await self.serve.start()

    async def play(self, point: int) -> None:
        clerk, leader = self.clerk, self.leader
        await self.serve.start()
        await clerk.says("/menu")
        menu = await clerk.sees("📋")
        await self.killed(lambda: clerk.taps(words.SUBMIT, menu), point)
        asked = await leader.sees(words.APPROVE, words.RETURN)
        await self.rests()
        await self.killed(lambda: leader.taps(words.APPROVE, asked), point)
        await clerk.sees("张局")
        await self.rests()
        await clerk.says(words.PUBLISHED)
        await clerk.sees(comparing.ASK)
        await self.rests()
        await self.killed(lambda: clerk.sends_file("page.html", PAGE), point)
        await clerk.sees(comparing.EQUAL.format(ours=comparing.APPROVED))
        await self.rests()
        assert 0 == await self.serve.terminate()

    async def rests(self) -> None:
        """
        Until everything that is to be said is said, and nobody is to be told of anything.
        """
        with Store.open(self.target) as store:
            told = False
            while not told:
                await rest(self.server, store, PATIENCE)
                with store.read() as reader:
                    told = not is_any_due(reader, LATER)

    def said(self) -> Counter[tuple[int, str]]:
        """
        How many messages of what kind were decided for whom, each sent.
        """
        with Store.open(self.target) as store, store.begin() as unit:
            rows = unit.connection.exec_driver_sql("SELECT chat, method, state FROM outgoing")
            found = [tuple(row) for row in rows]
            assert 0 == unit.connection.exec_driver_sql("SELECT COUNT(*) FROM postponed").scalar()
        assert {2} == {state for *_, state in found}
        clerk = self.clerk.id
        return Counter((int(chat == clerk), method) for chat, method, _ in found)

    def check(self) -> None:
        """
        Three steps, and one document for everybody.
        """
        with Store.open(self.target) as store, store.read() as reader:
            assert [] == list(verify(reader))
            report = reader.find_report(TOWN, YEAR)
            assert report is not None
            records = reader.load(report, "").sign_off.records
            kept = version_of(reader, records[0].id)
        assert DONE == [record.deed for record in records]
        assert 1 == len({record.fingerprint for record in records})
        assert kept is not None
        files = [each.file for each in (*self.clerk.documents, *self.leader.documents)]
        assert {kept.content} == set(files) - {PAGE}


def sit_down(store: Store, clerk: Person, leader: Person) -> None:
    """
    A filled report on its last day, the clerk before it; nobody is reminded of it.
    """
    with store.begin() as unit:
        report = unit.open_report(TOWN, YEAR, now=AUTUMN, edition="2021")
    joins(store, clerk.id, clerk.name, Role.CLERK)
    joins(store, leader.id, leader.name, Role.LEADER)
    fill(store, report)
    with store.begin() as unit:
        People(unit).focus_on(clerk.id, report, None)
        for person in (clerk, leader):
            Tasks(unit).wishes(person.id, Mode.OFF, time(0), time(23, 59), None)
    for person in (clerk, leader):
        person.server.chats[person.id].started = True
    due_now(store, report)


async def run(tmp: Path, point: int, database: str = "") -> Counter[tuple[int, str]]:
    """
    One season in a place of its own; what was said in it.
    """
    async with BotServer() as server:
        season = Season(server, tmp, database)
        try:
            await season.play(point)
        finally:
            process = season.serve.process
            if process is not None and process.returncode is None:
                await season.serve.kill()
        season.check()
        return season.said()


async def test_a_season_in_which_the_process_is_killed_is_a_quiet_one(tmp_path: Path):
    """
    In the middle of the answer to the tap.
    """
    quiet = await run(tmp_path / "quiet", NEVER)

    assert quiet == await run(tmp_path / "killed", 2)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_season_in_which_the_process_is_killed_at_any_call_is_a_quiet_one(
    tmp_path: Path, kind: str
):
    """
    The same at every call of the answers, on both databases.
    """
    quiet = await run(tmp_path / "quiet", NEVER)

    for point in range(7):  # no step brings more calls
        if kind == "sqlite":
            assert quiet == await run(tmp_path / str(point), point)
        else:
            with postgres_made() as address:
                assert quiet == await run(tmp_path / str(point), point, address)
