"""`nianbao copy`: everything from one database into another, shown first, done with `--yes`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection

from bot.cli import copies, frame
from storage.databases import SQLite, file_of, locate
from storage.errors import StoreError
from storage.moving import copy_store, refuse_place
from storage.rows import counts, is_served, quieten, unsent
from storage.store import Store

FROM_HELP = "从哪里：数据文件夹，或 postgresql://…；不写为设置里的"
TO_HELP = "到哪里：空的；不写为设置里的"
WHICH = "请用 --from 和 --to 写明从哪里、到哪里（不写的一个按设置）。"
NO_DATA = "{place} 没有数据。"
PLAN = "从 {source} 复制到 {target}：\n"
ROWS = "  {rows}\n"
SUBJECTS = {
    "organ": "{rows:,} 个机关",
    "person": "{rows:,} 个人",
    "report": "{rows:,} 份年报",
    "answer": "{rows:,} 个答案",
    "history": "{rows:,} 条改动记录",
}
OTHERS = "其他 {rows:,} 行"
SERVED = (
    "！程序正在使用原来的数据（或者上次没有正常停下）。要搬家，请先停止程序再复制：\n"
    "  现在复制的是此刻的数据，之后填的不在里面；{unsent} 条没发出的消息由原来的发，新的不发。\n"
)
STILL = "  程序没有在用。{unsent} 条没发出的消息由新的发；复制以后不要再用原来的数据启动。\n"
MORE = "以上没有写入。确认无误后加 --yes 复制。\n"
DONE = "✓ 已复制 {rows:,} 行（{at:%Y-%m-%d %H:%M:%S} 的数据），逐行读回，{checked}。\n"
WHOLE = "改动记录核对无误"
NEXT = "  原来的数据没有动。把设置改成新的位置再启动；原来的不要再启动，以免消息发两次。\n"
EXAMPLES = (
    "nianbao copy --from var --to postgresql://nianbao@127.0.0.1/nianbao",
    "nianbao copy --from var --to postgresql://nianbao@127.0.0.1/nianbao --yes",
)
EXIT_CODES = {frame.FINDINGS: "复制好了，但改动记录和写入时不同"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Source and target."""
    parser.add_argument("--from", dest="source", type=_place, metavar="位置", help=FROM_HELP)
    parser.add_argument("--to", dest="target", type=_place, metavar="位置", help=TO_HELP)
    frame.add_yes(parser)
    frame.add_json(parser)


def _place(text: str) -> Path | str:
    return text if "://" in text else Path(text).expanduser()


def run(options: argparse.Namespace) -> int:
    """Say what would be done, or do it."""
    if not (options.source or options.target):
        raise frame.Refused(WHICH)
    at = frame.now()
    set_place = frame.place_of_store(options)
    with copies.sentences(options.target or set_place):
        source = locate(options.source or set_place)
        target = locate(options.target or set_place)
        file = file_of(source)
        if isinstance(source, SQLite) and (file is None or not file.is_file()):
            raise StoreError(NO_DATA.format(place=source.place))
        refuse_place(target)
        with Store.open(options.source or set_place, reading=True, older=True) as store:
            store.refuse_older()
            with store.read() as reader:
                rows = counts(reader.connection)
                served, waiting = is_served(reader.connection), unsent(reader.connection)
            told = {
                "from": source.place,
                "to": target.place,
                "at": at.isoformat(timespec="seconds"),
                "tables": rows,
                "served": served,
                "unsent": waiting,
                "done": options.yes,
            }
            if not options.json:
                frame.say(PLAN.format(source=source.place, target=target.place))
                frame.say(ROWS.format(rows="，".join(_subjects(rows))))
                frame.say((SERVED if served else STILL).format(unsent=waiting))
            faults = []
            if options.yes:
                faults = copy_store(store, target, _settle, copies.watch(), broken=True)
    if options.json:
        frame.say_json(told | {"whole": not faults})
    elif options.yes:
        checked = copies.DOUBTFUL.format(count=len(faults)) if faults else WHOLE
        frame.say(DONE.format(rows=sum(rows.values()), at=at, checked=checked) + NEXT)
    else:
        frame.say(MORE)
    return frame.FINDINGS if faults else frame.FINE


def _subjects(rows: Mapping[str, int]) -> Iterator[str]:
    """The contents, as people call them; the JSON names each table."""
    for table, words in SUBJECTS.items():
        yield words.format(rows=rows[table])
    yield OTHERS.format(rows=sum(rows.values()) - sum(rows[table] for table in SUBJECTS))


def _settle(copy: Connection) -> None:
    """Messages that a running program is about to send are not sent from the copy, too."""
    if is_served(copy):
        quieten(copy, frame.now())
