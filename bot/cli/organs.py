"""`nianbao organs`: the tree of organs; an administrator looks after all organs below theirs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot import memberships
from bot.cli import frame, organ_lists, organ_names
from bot.cli.people import WHICH_ORGAN
from bot.cli.under import chosen
from bot.environment import time_zone
from conversations.form.organ import guess_level
from conversations.wording import county_organs as wording
from conversations.wording.trail import called
from storage.organ_changes import OrganDetails, OrganRecord, all_details, is_closed, records
from storage.organs import WrongParent

EXAMPLES = (
    "nianbao organs list --under 甲县人民政府",
    "nianbao organs import 名单.xlsx --under 甲县人民政府 --yes",
)
EXIT_CODES = frame.VIEW
NO_ORGANS = "还没有机关。"
NOT_BELOW = "「{organ}」不能放在「{under}」之下：上下级会成一个圈。"
WHICH_UNDER = "请用 --under 写明上级的机关全称；不要上级，写 --under 无。"
PLACED = "✓ 「{organ}」的上级现在是「{under}」。"
ON_TOP = "✓ 「{organ}」现在没有上级。"
NONE = "无"
LEVELS = wording.LEVELS


ACTIONS = {
    "list": "上下级一览；--organ 看一个机关的变动记录",
    "place": "设置上级",
    "import": "导入名单（.xlsx、.csv、文本）",
    "table": "写出空白名单",
    "rename": "改名",
    "merge": "并入另一个机关",
    "close": "撤销",
    "open": "恢复",
}
UNDER = {
    "list": "只看这个机关及其下级",
    "place": "上级；无 表示不要上级",
    "import": "没写上级的放在它之下",
    "table": "填上它下面已有的机关",
}
VALUE = {"import": "文件（- 为标准输入）", "table": "文件", "rename": "新名称"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to do, with which organ."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    for name, about in ACTIONS.items():
        action = actions.add_parser(name, help=about, description=about)
        # An option before the action counts if there is none after it.
        action.add_argument(
            "--data", type=Path, default=argparse.SUPPRESS, metavar="文件夹", help=frame.DATA
        )
        frame.add_json(action)
        if name in VALUE:
            action.add_argument("value", metavar=VALUE[name])
        if name not in ("import", "table"):
            frame.add_organ(action)
        if name in UNDER:
            action.add_argument("--under", default="", metavar="机关全称", help=UNDER[name])
        if name == "merge":
            action.add_argument(
                "--into", type=frame.organ, default="", metavar="机关全称", help="并入哪个机关"
            )
        if name not in ("list", "place"):
            frame.add_yes(action)


def run(options: argparse.Namespace) -> int:
    """Show the tree, put an organ below another, or do what else is asked."""
    match options.action:
        case "list":
            return _list(options)
        case "import":
            return organ_lists.import_list(options)
        case "table":
            return organ_lists.write_table(options)
        case "place":
            under = _place(options)
        case _:
            return organ_names.change(options)
    if options.json:
        frame.say_json({"organ": options.organ, "parent": under or None})
    else:
        said = PLACED if under else ON_TOP
        sys.stdout.write(f"{said.format(organ=options.organ, under=under)}\n")
    return frame.FINE


def _list(options: argparse.Namespace) -> int:
    """The tree, or one organ with its record."""
    under, history = "".join(options.under.split()), ""
    with frame.open_store(options, reading=True) as store, store.read() as reader:
        organs = {organ.id: organ for organ in all_details(reader)}
        if options.organ:
            one = organ_lists.organ_named(reader, options.organ)
            listed, past = [(0, one)], records(reader, one.id)
            history = "".join(f"{frame.shown(_record(record))}\n" for record in past)
        else:
            listed, past = list(_tree(organs, under)), ()
    names = {id_: organ.organ for id_, organ in organs.items()}
    if options.json:
        rows = [_as_json(organ, names) for _, organ in listed]
        if options.organ:
            rows[0]["history"] = [_record_as_json(record) for record in past]
        frame.say_json(rows)
    else:
        lines = [f"{'  ' * depth}{frame.shown(_line(organ, names))}\n" for depth, organ in listed]
        sys.stdout.write("".join(lines) + history or f"{NO_ORGANS}\n")
    return frame.FINE


def _as_json(organ: OrganDetails, names: Mapping[int, str]) -> dict[str, object]:
    return {
        "organ": organ.organ,
        "parent": names.get(organ.parent_id or 0),
        "level": LEVELS.get(organ.level or guess_level(organ.organ)),
        "contact": organ.contact or None,
        "phone": organ.phone or None,
        "closed": None if organ.closed_at is None else organ.closed_at.isoformat(),
        "merged_into": names.get(organ.merged_into or 0),
    }


def _record_as_json(record: OrganRecord) -> dict[str, str]:
    return {
        "what": record.what,
        "before": record.before,
        "after": record.after,
        "by": record.by,
        "at": record.at.isoformat(),
    }


def _record(record: OrganRecord) -> str:
    at = record.at.astimezone(time_zone())
    return wording.record(record.what, record.before, record.after, called(record.by, ""), at)


def _line(organ: OrganDetails, names: Mapping[int, str]) -> str:
    """An organ's name, with its end if it is closed."""
    ended = organ.closed_at is not None
    return organ.organ + (wording.end_mark(names.get(organ.merged_into or 0, "")) if ended else "")


def _tree(organs: Mapping[int, OrganDetails], under: str) -> Iterator[tuple[int, OrganDetails]]:
    """Each organ with its depth, the organs below it after it."""
    children: dict[int | None, list[int]] = {}
    for organ in organs.values():
        children.setdefault(organ.parent_id, []).append(organ.id)
    first = children.get(None, [])
    if under:
        first = [organ.id for organ in organs.values() if organ.organ == under]
    waiting = [(0, id_) for id_ in reversed(first)]
    while waiting:
        depth, id_ = waiting.pop()
        yield depth, organs[id_]
        waiting += [(depth + 1, child) for child in reversed(children.get(id_, []))]


def _place(options: argparse.Namespace) -> str:
    """
    Put an organ below another; returns its name, "" for none.

    Raises:
        Refused: One of them does not exist, or the tree would have a circle.
    """
    under = "".join(options.under.split())
    if not options.organ:
        raise frame.Refused(WHICH_ORGAN)
    if not under:
        raise frame.Refused(WHICH_UNDER)
    with frame.open_store(options) as store, store.begin() as unit:
        organ_id, _ = chosen(unit, options.organ)
        parent = None if under == NONE else chosen(unit, under)
        if parent and is_closed(unit, under):
            raise frame.Refused(wording.IS_CLOSED.format(frame.shown(under)))
        try:
            memberships.place(unit, organ_id, parent[0] if parent else None, frame.now())
        except WrongParent:
            raise frame.Refused(NOT_BELOW.format(organ=options.organ, under=under)) from None
    return "" if under == NONE else under
