"""`nianbao restore`: puts a backup into an empty place and brings an older one up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlalchemy import Connection

from bot.cli import copies, frame
from storage.databases import locate
from storage.moving import restore
from storage.rows import quieten

FILE_HELP = "nianbao backup 写的文件"
DONE = "✓ 已恢复到 {place}，核对无误。\n"
DOUBTFUL = f"已恢复到 {{place}}；{copies.DOUBTFUL}。\n"
KEPT = "{file} 已经有了，没有换成备份里的。\n"
NOT_SENT = "{unsent} 条没发出的消息不再发送（多半已经发过）；今天以前的提醒不再补发。\n"
EXAMPLES = ("nianbao restore 备份.sqlite3 --data 新的文件夹",)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which backup; `--data` and the settings give the target."""
    parser.add_argument("file", type=Path, metavar="备份文件", help=FILE_HELP)
    frame.add_yes(parser)
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Do it; if it fails, nothing is there."""
    from bot.files.documents import write

    data = frame.data_folder(options)
    there: list[str] = []
    unsent = 0

    def silence(copy: Connection) -> None:
        nonlocal unsent
        unsent = quieten(copy, frame.now())

    def put(name: str, content: bytes) -> None:
        file = data / name
        if not file.exists():
            write(data, name, content)
        elif file.read_bytes() != content:
            there.append(name)

    with copies.sentences(data):
        target = locate(frame.place_of_store(options))
        data.mkdir(parents=True, exist_ok=True)
        faults = restore(
            options.file, target, silence, copies.watch(), data, broken=options.yes, put=put
        )
    for name in there:
        sys.stderr.write(KEPT.format(file=frame.shown(str(data / name))))
    if options.json:
        told = {"place": target.place, "whole": not faults, "unsent": unsent}
        frame.say_json(told)
        return frame.FINE
    said = DOUBTFUL if faults else DONE
    frame.say(said.format(place=target.place, count=len(faults)))
    sys.stdout.write(NOT_SENT.format(unsent=unsent))
    return frame.FINE
