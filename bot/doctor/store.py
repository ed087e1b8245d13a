"""The store: file rights, database and version, clock, the chain of the history, waiting work."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.cli import frame, rights
from bot.doctor.clocks import clocks
from bot.doctor.result import Result, fault, fine, warning
from bot.doctor.waiting import waiting
from storage import migrations
from storage.databases import Database, Postgres, file_of, is_missing, locate, to_read
from storage.errors import StoreDamaged, StoreError, StoreTooNew
from storage.moving import backup_as_now
from storage.standing import clock, sweeps
from storage.store import Store
from storage.verify import Break, Fault, compare, verify

RIGHTS = "文件权限：{what}"
PRIVATE = "只有本账户能看"
WIDE = "这台机器上的其他账户能看到"
CHAIN = "改动记录：{what}"
WHOLE = "逐条核对，与写入时一致"
KEPT = "备份里的都在，没有改动"
BROKEN = {
    Break.ROW: "「{organ}」{year} 年度从第 {row} 号起与写入时不同",
    Break.ANSWERS: "「{organ}」{year} 年度现有的数与改动记录不符",
    Break.END: "「{organ}」{year} 年度缺少最后的改动，只到第 {row} 号",
    Break.UNREADABLE: "「{organ}」{year} 年度有读不出的内容",
    Break.UNGUARDED: "数据库里防止改动的保护（触发器）没有了",
    Break.NOT_KEPT: "「{organ}」{year} 年度：备份里到第 {row} 号，现在没有，或者机关、年度不同",
    Break.STRAY: "从第 {row} 号起，有改动不属于任何年报",
}
FROM_BACKUP = "停止程序，移走坏的数据（{place}），再恢复改动之前的备份：nianbao restore 备份文件"
NOTHING_YET = "还没有数据（{place}），第一次启动时建立"
NO_TABLES = "数据库里还没有年报助手的数据（{place}），第一次启动时建立"
BEGIN = "nianbao run"
OLDER = "{server}，数据是旧版的（{there}），下次启动时升级到 {head}"
BACK_UP = "升级前先备份：nianbao backup 备份文件"
CURRENT = "{server}，数据是当前版本（{head}）：{place}"
UPGRADE = "换用写入这些数据的版本，或更新的：git pull && make run"
SWEPT = "PostgreSQL 自动整理（autovacuum）开着"
UNSWEPT = "PostgreSQL 自动整理（autovacuum）关着：用得越久回答越慢"
SWEEP = "psql -c 'ALTER SYSTEM SET autovacuum = on' -c 'SELECT pg_reload_conf()'"
CHECK_DATABASE = "核对 NIANBAO_DATABASE_URL，看数据库是否在运行：pg_isready"


class NoCopyError(Exception):
    """An earlier copy to compare with cannot be read; the sentence says why."""


def stored(database: Database, data: Path, against: Path | None = None) -> Iterator[Result]:
    """
    Everything about the store, as far as it can be read; `against` is an earlier copy.

    Raises:
        NoCopyError: The copy cannot be read.
    """
    yield _rights(data, file_of(database))
    if is_missing(database):
        yield warning("database", NOTHING_YET.format(place=database.place), BEGIN)
        return
    try:
        with closing(Store(to_read(database))) as store:
            version, server = store.version(), store.server()
            yield _version(store, version, server)
            if version == migrations.HEAD:
                yield from _server(store)
                yield from _chain(store)
                yield from waiting(store)
                if against is not None:
                    yield from _kept(store, against)
    except StoreError as error:
        yield fault("database", str(error), _mend(error, database))


def _mend(error: StoreError, database: Database) -> str:
    if isinstance(error, StoreDamaged):
        return FROM_BACKUP.format(place=database.place)
    if isinstance(error, StoreTooNew):
        return UPGRADE
    file = file_of(database)
    return CHECK_DATABASE if file is None else f"ls -la {shlex.quote(str(file.parent))}"


def _rights(data: Path, file: Path | None) -> Result:
    command = rights.command_for(data, file)
    text = RIGHTS.format(what=WIDE if command else PRIVATE)
    return fault("rights", text, command) if command else fine("rights", text)


def _version(store: Store, there: str | None, server: str) -> Result:
    place = store.database.place
    if there is None:
        return warning("database", NO_TABLES.format(place=place), BEGIN)
    if there != migrations.HEAD:
        text = OLDER.format(server=server, there=there, head=migrations.HEAD)
        return warning("database", text, BACK_UP)
    return fine("database", CURRENT.format(server=server, head=there, place=place))


def _server(store: Store) -> Iterator[Result]:
    """The clock of PostgreSQL, and whether its autovacuum is on; nothing for SQLite."""
    if not isinstance(store.database, Postgres):
        return
    with store.read() as reader:
        theirs, kept = clock(reader), sweeps(reader)
    yield clocks("database_clock", "数据库", (theirs - datetime.now(UTC)).total_seconds())
    yield fine("autovacuum", SWEPT) if kept else warning("autovacuum", UNSWEPT, SWEEP)


def _chain(store: Store) -> Iterator[Result]:
    with store.read() as reader:
        faults = [_broken("chain", each, store) for each in verify(reader, frame.each)]
    yield from faults or [fine("chain", CHAIN.format(what=WHOLE))]


def _kept(store: Store, copy: Path) -> Iterator[Result]:
    """Whether everything an earlier copy holds is still there."""
    with ExitStack() as opened:
        try:
            folder = Path(opened.enter_context(TemporaryDirectory()))
            file = file_of(locate(copy))
            assert file is not None
            earlier = opened.enter_context(backup_as_now(file, folder, lambda *_: None))
            before = opened.enter_context(earlier.read())
            reader = opened.enter_context(store.read())
            faults = [_broken("against", each, store) for each in compare(reader, before)]
        except StoreError as error:
            raise NoCopyError(str(error)) from error
    yield from faults or [fine("against", CHAIN.format(what=KEPT))]


def _broken(check: str, what: Fault, store: Store) -> Result:
    text = BROKEN[what.kind].format(organ=what.organ, year=what.year, row=what.row)
    mend = FROM_BACKUP.format(place=store.database.place)
    return fault(check, CHAIN.format(what=text), mend)
