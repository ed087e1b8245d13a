"""
Backups of a bot that answers, restored: everything acknowledged is there, nothing is said again.
"""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage import Store
from storage.messages import WAITING
from storage.tables import INCOMING
from storage.verify import compare, verify
from tests.bot.doors import environment
from tests.bot.telegram.door import Serve, seated
from tests.botapi import BotServer
from tests.programs import Program
from tests.storage.servers import postgres, postgres_made

PEOPLE, BACKUPS = 8, 3


@pytest.mark.soak
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_backups_of_a_bot_that_answers(server: BotServer, tmp_path: Path, database: str):
    """
    Real processes: `serve` answers eight people, `backup` is called again and again.
    """
    if database == "sqlite":
        await tried(server, tmp_path, tmp_path / "data", tmp_path / "new", {}, {})
        return
    with postgres_made() as old, postgres() as new:
        url = "NIANBAO_DATABASE_URL"
        await tried(server, tmp_path, old, new, {url: old}, {url: new})


async def tried(
    server: BotServer,
    tmp: Path,
    old: Path | str,
    new: Path | str,
    there: dict[str, str],
    here: dict[str, str],
) -> None:
    people = seated(old, server, PEOPLE)
    serve = Serve(server, tmp / "data", tmp / "log.txt", **there)
    await serve.start()
    going = True

    async def answers(number: int) -> None:
        turn = 0
        while going and turn < 20:
            turn += 1
            await people[number].says(f"{turn} 0 0 0 0 0")
            await asyncio.sleep(0.1)

    said = asyncio.gather(*(answers(number) for number in range(PEOPLE)))
    files = [tmp / f"backup{number}.sqlite3" for number in range(BACKUPS)]
    for file in files:
        assert 0 == await command("backup", file, data=tmp / "data", settings=there)
    going = False
    await said
    await server.handled()
    await serve.terminate()

    with Store.open(old) as store, store.read() as now:
        for file in files:
            with Store.open(file, reading=True) as copy, copy.read() as then:
                assert [] == list(verify(then))
                assert [] == list(compare(now, then))
    assert 0 == await command("restore", files[-1], data=tmp / "new", settings=here)
    before = len(server.calls)
    again = Serve(server, tmp / "new", tmp / "again.txt", **here)
    await again.start()
    await server.quiet(1)
    # An update that was taken in and waited is answered; it comes from nowhere else.
    with Store.open(files[-1], reading=True) as copy, copy.read() as then:
        waited = then.connection.scalar(select(func.count()).where(INCOMING.c.state == WAITING))
    told = [call for call in server.calls[before:] if call.method.startswith("send")]
    assert len(told) <= (waited or 0)
    await again.terminate()
    with Store.open(new) as store, store.read() as reader:
        assert [] == list(verify(reader))


async def command(name: str, file: Path, *, data: Path, settings: dict[str, str]) -> int:
    place = settings or {"NIANBAO_DATA_DIR": str(data)}
    program = Program("bot", name, file, cwd=file.parent, env=environment(**place))
    _, error = await asyncio.to_thread(program.communicate)
    assert b"Traceback" not in error
    return program.wait()
