"""
`nianbao doctor`: what is there and what is missing on this machine, with the command that mends it.

It only looks: it makes no folder, no database and no message. It says where each setting comes
from; secrets are masked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bot.cli import frame
from bot.doctor.configured import Setting, configured
from bot.doctor.result import SIGNS, Grade, Result
from bot.environment import DATA_DIR
from bot.settings import Settings, load_settings

SOURCES = {"environment": "环境变量", "file": ".env", "option": "--data", "default": "默认"}
AGAINST_HELP = "再和一份备份（数据库文件或数据文件夹）核对"
OFFLINE_HELP = "不问 Telegram，也不问本机正在运行的程序"
NO_COPY = "没有这份备份：{copy}。"
EXAMPLES = ("nianbao doctor", "nianbao doctor --offline --json")
EXIT_CODES = {
    frame.FINE: "都好，或只有可以以后再说的（!）",
    frame.FINDINGS: "有要处理的（✗，逐条写明怎么做）",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Output, whether to ask Telegram, and an earlier copy to compare with."""
    parser.add_argument("--against", type=Path, metavar="备份", help=AGAINST_HELP)
    parser.add_argument("--offline", action="store_true", help=OFFLINE_HELP)
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything; FINDINGS if something must be mended."""
    frame.check_place(options)
    given = {DATA_DIR: options.data} if options.data else {}
    settings = load_settings(**given)
    listed = list(configured(settings, given))
    if options.against and not options.against.exists():
        raise frame.Refused(NO_COPY.format(copy=options.against))
    results = []
    for result in _looked_at(options, settings):
        results.append(result)
        if not options.json:
            # All at once: some are slow.
            sys.stdout.writelines(_lines(result))
            sys.stdout.flush()
    well = all(result.grade is not Grade.FAULT for result in results)
    if options.json:
        told = {
            "ok": well,
            "checks": [result.as_json() for result in results],
            "settings": [asdict(setting) for setting in listed],
        }
        frame.say_json(told)
    else:
        sys.stdout.writelines(_listed(listed))
    return frame.FINE if well else frame.FINDINGS


def _looked_at(options: argparse.Namespace, settings: Settings) -> Iterator[Result]:
    # Imported when the settings are known to be valid.
    from bot.doctor.machine import machine
    from bot.doctor.store import NoCopyError, stored
    from bot.doctor.telegram import running, telegram
    from storage.databases import locate
    from storage.errors import StoreError

    url = settings.database_url
    yield from machine(settings, settings.data_dir)
    try:
        database = locate(url.get_secret_value() if url else settings.data_dir)
        yield from stored(database, settings.data_dir, options.against)
    except (StoreError, NoCopyError) as error:
        raise frame.Refused(str(error)) from error
    if not options.offline:
        yield from telegram(settings)
        yield from running(settings)


def _lines(result: Result) -> Iterator[str]:
    yield f"{SIGNS[result.grade]} {frame.shown(result.text)}\n"
    if result.mend:
        yield f"  → {frame.shown(result.mend)}\n"


def _listed(settings: list[Setting]) -> Iterator[str]:
    yield "设置：\n"
    for setting in settings:
        yield f"  {setting.name}={frame.shown(setting.value)}（{SOURCES[setting.source]}）\n"
