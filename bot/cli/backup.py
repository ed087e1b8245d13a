"""
`nianbao backup`: the whole store in one file, while the program runs.

In a folder its name contains the time; `--keep` keeps the newest of these.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from bot.cli import copies, frame
from bot.environment import TEMPLATE
from bot.files.documents import BEFORE
from storage.databases import SQLite, file_of
from storage.moving import PARTS, copy_store, keep_beside

NAME = "nianbao-{at:%Y%m%d-%H%M%S}.sqlite3"
IS_OURS = re.compile(r"nianbao-[0-9]{8}-[0-9]{6}\.sqlite3")
FILE_HELP = "备份文件；是文件夹时，文件名带日期和时间"
KEEP_HELP = "文件夹里只留最近的几份（只删这样命名的备份）"
IF_ANY_HELP = "还没有数据时什么也不做，也算完成"
NO_DATA = "还没有数据可以备份，请核对 --data。"
NO_FOLDER = "没有这个文件夹：{folder}。"
EXISTS = "已经有 {file}，没有改动；要换成新的，加 --yes。"
ITSELF = "{file} 就是正在使用的数据，请换一个位置。"
KEEP_WHAT = "--keep 只用于文件夹，{file} 不是文件夹。"
DONE = "✓ 已备份到 {file}（{at:%Y-%m-%d %H:%M:%S} 的数据，{size:,} 字节），核对无误。\n"
DOUBTFUL = (
    "已备份到 {file}（{at:%Y-%m-%d %H:%M:%S} 的数据），和现在的数据一样；\n"
    f"但{copies.DOUBTFUL}。较早的备份都留着。\n"
)
REMOVED = "已删除 {count} 份较早的备份。\n"
EXAMPLES = (
    "nianbao backup 备份.sqlite3",
    "nianbao backup /srv/nianbao/backup --keep 14",
)
EXIT_CODES = {frame.FINDINGS: "备份好了，但改动记录和写入时不同"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The target, and how many earlier ones are kept."""
    parser.add_argument("file", type=Path, metavar="文件或文件夹", help=FILE_HELP)
    parser.add_argument("--keep", type=_count, metavar="份数", help=KEEP_HELP)
    parser.add_argument("--if-any", action="store_true", help=IF_ANY_HELP)
    frame.add_yes(parser)
    frame.add_json(parser)


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise argparse.ArgumentTypeError(f"份数 {text!r} 不对，例如 14")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Make it; FINDINGS if the histories in it were altered."""
    given: Path = options.file
    if options.keep and not given.is_dir():
        raise frame.Refused(KEEP_WHAT.format(file=given))
    at = frame.now()
    file = given / NAME.format(at=at) if given.is_dir() else given
    if not file.parent.is_dir():
        raise frame.Refused(NO_FOLDER.format(folder=file.parent))
    with frame.open_store(options, reading=True, older=True) as store:
        source = file_of(store.database)
        if isinstance(store.database, SQLite) and source is None:
            if options.if_any:
                sys.stderr.write(f"{NO_DATA}\n")
                if options.json:
                    frame.say_json({"file": None})
                return frame.FINE
            raise frame.Refused(NO_DATA)
        if source is not None and _is_of(source, file):
            raise frame.Refused(ITSELF.format(file=file))
        if file.exists() and not options.yes:
            raise frame.Refused(EXISTS.format(file=file))
        data = frame.data_folder(options)
        with copies.sentences(file):
            beside = {
                name: (data / name).read_bytes()
                for name in (TEMPLATE, BEFORE)
                if (data / name).is_file()
            }
            faults = copy_store(
                store,
                SQLite(file),
                lambda copy: keep_beside(copy, beside),
                copies.watch(),
                over=options.yes,
                broken=True,
                older=True,
            )
    # If a history was altered, an earlier copy may be the last intact one.
    removed = _earlier(file, options.keep) if options.keep and not faults else []
    with copies.sentences(given):
        for earlier in removed:
            earlier.unlink()
    size = file.stat().st_size
    if options.json:
        told = {
            "file": str(file),
            "at": at.isoformat(timespec="seconds"),
            "bytes": size,
            "whole": not faults,
            "beside": sorted(beside),
            "removed": [str(each) for each in removed],
        }
        frame.say_json(told)
    elif faults:
        said = DOUBTFUL.format(file=file, at=at, count=len(faults))
        frame.say(said)
    else:
        said = DONE.format(file=file, at=at, size=size)
        said += REMOVED.format(count=len(removed)) if removed else ""
        frame.say(said)
    return frame.FINDINGS if faults else frame.FINE


def _is_of(source: Path, file: Path) -> bool:
    """Whether a file is the store's own, or one that SQLite takes for a part of it."""
    there = source.resolve()
    own = {there.with_name(there.name + end) for end in ("", *PARTS)}
    return file.resolve() in own or (file.exists() and file.samefile(source))


def _earlier(made: Path, keep: int) -> list[Path]:
    """
    The backups of a folder except the newest; their names sort by time.

    The one just made counts as the newest, even if the clock has gone back.
    """
    ours = sorted(
        file
        for file in made.parent.iterdir()
        if IS_OURS.fullmatch(file.name) and file.is_file() and not file.is_symlink()
    )
    ours = [file for file in ours if file.name != made.name]
    return ours[: max(0, len(ours) - keep + 1)]
