"""
`nianbao doctor`: what is not as it should be on this machine, and the command that mends it.

It only looks. What is said of the settings is where each comes from; secrets are masked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.cli import frame, rights
from bot.environment import ENV_FILE, read_env_file
from bot.settings import Settings, load_settings, names
from storage.databases import file_of
from storage.errors import StoreError
from storage.store import Store
from storage.verify import Break, Fault, compare, verify

EXAMPLES = (
    "nianbao doctor",
    "nianbao doctor --against 备份.sqlite3",
)
EXIT_CODES = {
    frame.FINE: "都好",
    frame.FINDINGS: "有要处理的（逐条写明怎么做）",
}
MASK = "****"
SOURCES = {"environment": "环境变量", "file": ".env", "option": "--data", "default": "默认"}
RIGHTS = "文件权限：{what}"
PRIVATE = "只有本账户能看"
WIDE = "这台机器上的其他账户能看到"
CHAIN = "改动记录：{what}"
WHOLE = "逐条核对，与写入时一致"
KEPT = "备份里的都在，没有改动"
AGAINST_HELP = "再和一份备份（数据库文件或数据文件夹）核对"
NO_COPY = "没有这份备份：{copy}。"
BROKEN = {
    Break.ROW: "「{organ}」{year} 年度从第 {row} 号起与写入时不同",
    Break.ANSWERS: "「{organ}」{year} 年度现有的数与改动记录不符",
    Break.END: "「{organ}」{year} 年度缺少最后的改动，只到第 {row} 号",
    Break.UNREADABLE: "「{organ}」{year} 年度有读不出的内容",
    Break.UNGUARDED: "数据库里防止改动的保护（触发器）没有了",
    Break.NOT_KEPT: "「{organ}」{year} 年度：备份里到第 {row} 号，现在没有，或者机关、年度不同",
    Break.STRAY: "从第 {row} 号起，有改动不属于任何年报",
}
FROM_BACKUP = "停止程序，用改动之前的备份换回数据库：{place}"


@dataclass(frozen=True, slots=True)
class Result:
    """What was looked at and what was seen; `mend` is what to do where it is not well."""

    check: str
    ok: bool
    text: str
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it counts now, and where it comes from."""

    name: str
    value: str
    source: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """For whom it is, and an earlier copy to compare with."""
    parser.add_argument("--against", type=Path, metavar="备份", help=AGAINST_HELP)
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything; FINDINGS where something is to be mended."""
    settings = list(_settings(options))
    with frame.open_store(options, reading=True) as store:
        results = [_rights(frame.data_folder(options), file_of(store.database))]
        results += _chain(store)
        if options.against:
            results += _kept(store, options.against)
    well = all(result.ok for result in results)
    if options.json:
        told = {
            "ok": well,
            "checks": [asdict(result) for result in results],
            "settings": [asdict(setting) for setting in settings],
        }
        sys.stdout.write(frame.as_json(told))
    else:
        sys.stdout.writelines(_lines(results, settings))
    return frame.FINE if well else frame.FINDINGS


def _lines(results: list[Result], settings: list[Setting]) -> Iterator[str]:
    for result in results:
        yield f"{'✓' if result.ok else '✗'} {result.text}\n"
        if result.mend:
            yield f"  → {frame.shown(result.mend)}\n"
    yield "设置：\n"
    for setting in settings:
        yield f"  {setting.name}={frame.shown(setting.value)}（{SOURCES[setting.source]}）\n"


def _rights(data: Path, file: Path | None) -> Result:
    others = () if file is None or file.parent == data else (file,)
    command = rights.command_for(data, ENV_FILE, *others)
    what = RIGHTS.format(what=WIDE if command else PRIVATE)
    return Result("rights", command is None, what, command)


def _chain(store: Store) -> list[Result]:
    with store.read() as reader:
        faults = [_broken("chain", fault, store) for fault in verify(reader, frame.each)]
    return faults or [Result("chain", ok=True, text=CHAIN.format(what=WHOLE))]


def _kept(store: Store, copy: Path) -> list[Result]:
    if not copy.exists():
        raise frame.Refused(NO_COPY.format(copy=copy))
    try:
        with (
            Store.open(copy, reading=True) as earlier,
            store.read() as reader,
            earlier.read() as before,
        ):
            faults = [_broken("against", fault, store) for fault in compare(reader, before)]
    except StoreError as error:
        raise frame.Refused(str(error)) from error
    return faults or [Result("against", ok=True, text=CHAIN.format(what=KEPT))]


def _broken(check: str, fault: Fault, store: Store) -> Result:
    what = BROKEN[fault.kind].format(organ=fault.organ, year=fault.year, row=fault.row)
    mend = FROM_BACKUP.format(place=store.database.place)
    return Result(check, ok=False, text=CHAIN.format(what=what), mend=mend)


def _settings(options: argparse.Namespace) -> Iterator[Setting]:
    """
    All settings with their sources.

    Raises:
        SettingsError: One is wrong.
    """
    given = {"NIANBAO_DATA_DIR": options.data} if options.data else {}
    settings = load_settings(**given)
    written = read_env_file()
    for field, name in zip(Settings.model_fields, names(), strict=True):
        if name in given:
            source = "option"
        elif os.environ.get(name):
            source = "environment"
        else:
            source = "file" if written.get(name) else "default"
        yield Setting(name, _shown(getattr(settings, field)), source)


def _shown(value: object) -> str:
    """A value for people; of a secret address only where it leads."""
    if isinstance(value, SecretStr):
        parts = urlsplit(value.get_secret_value())
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{MASK}@{host}{parts.path}" if host else MASK
    if isinstance(value, frozenset):
        return ",".join(map(str, sorted(value)))
    if isinstance(value, tuple):
        # Names of hosts, or a host and its port.
        return (":" if any(isinstance(part, int) for part in value) else ",").join(map(str, value))
    return "" if value is None else str(value)
