"""
`nianbao collect`: files of organs that do not use the bot, taken in as their reports.

Results are shown; `--yes` takes the files in. A doubtful file is named, with what to do, and left
out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.cli import frame
from bot.cli.check import named
from bot.cli.under import add_under, chosen
from bot.cli.values import findings_as_json
from bot.county.collected_table import as_xlsx, rows, state_of
from bot.county.collecting import Below, Item, below, look, take_in
from bot.files.archives import Sources, sources_at
from bot.files.checking import check_each, digest_of
from bot.files.unreadable import UnreadableFile
from conversations.county.assigning import Office
from conversations.reminders.tasks import newest_year
from conversations.wording import county_collecting as wording
from storage.store import Store

EXAMPLES = (
    "nianbao collect 文件夹 --under 甲县人民政府 --year 2025",
    "nianbao collect 文件夹 --under 甲县人民政府 --year 2025 --yes",
)
EXIT_CODES = {
    frame.FINE: "都认得出、没有要改的",
    frame.FINDINGS: "都认得出，文件里有要改的",
    frame.REFUSED: "有拿不准或读不了的（逐个列出），这些没有收",
    frame.UNFINISHED: "没有读完或没有收完就按了 Ctrl-C",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to read, of which organs and year, and what is confirmed beforehand."""
    parser.add_argument("source", metavar="文件夹、.zip 或文件", type=Path)
    add_under(parser, "收谁的下级单位的年报")
    frame.add_year(parser, "填报年度")
    parser.add_argument(
        "--assign",
        action="append",
        default=[],
        metavar="文件名=机关",
        help="这个文件就是这个机关的（可以写多次）",
    )
    parser.add_argument("--replace", action="store_true", help="已在机器人里填的，用文件代替")
    parser.add_argument("--xlsx", type=Path, metavar="文件", help="结果另存为表格")
    frame.add_json(parser)
    frame.add_yes(parser)


def run(options: argparse.Namespace) -> int:
    """Read, show, and take in the sure files if confirmed."""
    try:
        sources = sources_at(options.source)
    except UnreadableFile as error:
        raise frame.Refused(f"{frame.shown(str(options.source))}：{error}") from error
    if not sources.files:
        raise frame.Refused(wording.NO_FILES.format(file=frame.shown(str(options.source))))
    year = options.year or newest_year(frame.now().date())
    with frame.open_store(options, reading=not options.yes) as store:
        with store.read() as reader:
            top = chosen(reader, options.under)
            known = below(reader, (top[0],), year)
        if not known.organs:
            raise frame.Refused(wording.NO_ORGANS_BELOW.format(organ=frame.shown(top[1])))
        assigned = _assigned(options.assign, sources, known, top[1])
        total = len(sources.files)
        each = ((source.name, source.load) for source in sources.files)
        results, all_done = check_each(each, progress=frame.progress(total))
        if not all_done:
            sys.stderr.write(wording.READ_INTERRUPTED.format(done=len(results), total=total))
            return frame.UNFINISHED
        with store.read() as reader:
            items = look(reader, known, results, assigned, replaces=options.replace)
        stored: list[str] = []
        finished = True
        if options.yes:
            finished = _take(store, items, sources, replaces=options.replace, stored=stored)
    if options.xlsx is not None:
        frame.write_results(options.xlsx, as_xlsx(items, stored))
    if options.json:
        frame.say_json(as_json(top[1], year, items, stored))
    else:
        told = as_text(items, stored, sources.others, taken=options.yes)
        frame.say(told)
    if not finished:
        ready = sum(item.ready for item in items)
        sys.stderr.write(wording.STORE_INTERRUPTED.format(done=len(stored), total=ready))
        return frame.UNFINISHED
    return _code(items)


def _code(items: Sequence[Item]) -> int:
    if any(item.doubts for item in items):
        return frame.REFUSED
    return frame.FINE if all(item.is_fine for item in items) else frame.FINDINGS


def _assigned(
    words: Sequence[str], sources: Sources, known: Below, under: str
) -> dict[str, Office]:
    """
    The files that were assigned to organs.

    Raises:
        Refused: There is no such file or no such organ.
    """
    assigned: dict[str, Office] = {}
    for word in words:
        file, equals, organ = word.rpartition("=")
        if not (file and equals and organ):
            raise frame.Refused(wording.BAD_ASSIGN)
        names = [source.name for source in sources.files]
        named = [name for name in names if name == file] or [
            name for name in names if Path(name).name == file
        ]
        office = known.office(organ)
        if len(named) != 1:
            raise frame.Refused(wording.NO_SUCH_FILE.format(file=frame.shown(file)))
        if office is None:
            told = wording.NO_SUCH_ORGAN.format(organ=frame.shown(organ), under=under)
            raise frame.Refused(told)
        assigned[named[0]] = office
    return assigned


def _take(
    store: Store, items: Sequence[Item], sources: Sources, *, replaces: bool, stored: list[str]
) -> bool:
    """
    Take in the sure files, each by itself; false if Ctrl-C ends it.

    `stored` gets their names.
    """
    ready = [item for item in items if item.ready]
    load = {source.name: source.load for source in sources.files}
    tell = frame.progress(len(ready))
    try:
        for done, item in enumerate(ready, 1):
            if why := _take_one(store, item, load[item.file], replaces=replaces):
                sys.stderr.write(f"{frame.shown(item.file)}：{why}\n")
            else:
                stored.append(item.file)
            tell(done)
    except KeyboardInterrupt:
        return False
    return True


def _take_one(store: Store, item: Item, load: Callable[[], bytes], *, replaces: bool) -> str:
    """Take in one file; returns why not, "" on success."""
    try:
        content = load()
    except UnreadableFile as error:
        return str(error)
    if digest_of(content) != item.checked.digest:
        return wording.CHANGED_MEANWHILE
    with store.begin() as unit:
        now = frame.now()
        doubt = take_in(unit, item, content, frame.PERSON, now, replaces=replaces)
    return item.doubted(doubt).why[-1] if doubt else ""


# -------------------------------------------------------------------------------- what is shown


def as_text(
    items: Sequence[Item], stored: Sequence[str], others: Sequence[str], *, taken: bool
) -> str:
    """For a person: the table, what has to be settled, what can be forwarded."""
    told = [replace(item, checked=named(item.checked)) for item in items]
    kept = [frame.shown(name) for name in stored]
    lines = frame.aligned([wording.HEAD, *rows(told, kept)])
    doubts = [doubt for item in items for doubt in item.doubts]
    if steps := wording.what_to_do(doubts):
        lines += ["", *steps]
    if others:
        lines += ["", wording.not_taken([frame.shown(name) for name in others])]
    if texts := [item.text for item in items if item.text]:
        lines += ["", wording.TO_FORWARD]
        for text in texts:
            lines += ["", text]
    states = [state_of(item, stored) for item in items]
    lines += ["", wording.summary(states)]
    if not taken:
        lines.append(wording.NOT_STORED)
    return "\n".join(lines) + "\n"


def as_json(under: str, year: int, items: Sequence[Item], stored: Sequence[str]) -> dict[str, Any]:
    """For programs: one entry per file; `text` can be forwarded."""
    return {
        "under": under,
        "year": year,
        "files": [_item_as_json(item, stored) for item in items],
        "stored": len(stored),
    }


def _item_as_json(item: Item, stored: Sequence[str]) -> dict[str, Any]:
    read = item.checked.read
    return {
        "file": item.file,
        "organ": item.office.name if item.office else None,
        "state": state_of(item, stored),
        "doubts": [
            {"kind": doubt.value, "message": why}
            for doubt, why in zip(item.doubts, item.why, strict=True)
        ],
        "near": [office.name for office in item.assignment.near],
        "said": item.assignment.said or None,
        "year": read.year if read else None,
        "edition": read.edition if read else None,
        "corrects": item.corrects,
        "findings": findings_as_json(item.findings),
        "text": item.text or None,
    }
