"""`nianbao organs`: the tree of organs; an administrator looks after all organs below theirs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from bot import memberships
from bot.cli import frame
from bot.cli.people import NO_ORGAN, WHICH_ORGAN
from conversations.form.organ import Level, guess_level
from storage.members import MemberReader
from storage.organs import WrongParent, every
from storage.reports import Reader

NO_ORGANS = "还没有机关。"
NOT_BELOW = "「{organ}」不能放在「{under}」之下：上下级会成一个圈。"
NO_UNDER = "没有「{}」这个机关，请核对 --under。"
WHICH_UNDER = "请用 --under 写明上级的机关全称；不要上级，写 --under 无。"
PLACED = "✓ 「{organ}」的上级现在是「{under}」。"
ON_TOP = "✓ 「{organ}」现在没有上级。"
NONE = "无"
LEVELS = {
    Level.CITY: "市",
    Level.COUNTY: "县",
    Level.TOWNSHIP: "乡镇",
    Level.BUREAU: "部门",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is to be done, with which organ."""
    parser.add_argument(
        "action",
        choices=("list", "place"),
        metavar="动作",
        help="list 上下级一览，place 设置上级",
    )
    frame.add_organ(parser)
    parser.add_argument(
        "--under", default="", metavar="机关全称", help="list：只看这个机关及其下级；place：上级"
    )
    frame.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Show the tree, or put an organ below another."""
    if options.action == "list":
        with frame.open_store(options, reading=True) as store, store.read() as reader:
            listed = list(_tree(reader, "".join(options.under.split())))
        if options.json:
            rows = [
                {"organ": o, "parent": p, "level": LEVELS.get(guess_level(o))} for _, o, p in listed
            ]
            sys.stdout.write(frame.as_json(rows))
        else:
            lines = [f"{'  ' * depth}{frame.shown(organ)}\n" for depth, organ, _ in listed]
            sys.stdout.write("".join(lines) or f"{NO_ORGANS}\n")
        return frame.FINE
    under = _place(options)
    if options.json:
        sys.stdout.write(frame.as_json({"organ": options.organ, "parent": under or None}))
    else:
        said = PLACED if under else ON_TOP
        sys.stdout.write(f"{said.format(organ=options.organ, under=under)}\n")
    return frame.FINE


def _tree(reader: Reader, under: str) -> Iterator[tuple[int, str, str | None]]:
    """Depth, name and parent of each organ, those below an organ after it."""
    organs = every(reader)
    names = {id_: name for id_, name, _ in organs}
    children: dict[int | None, list[int]] = {}
    for id_, _, parent in organs:
        children.setdefault(parent, []).append(id_)
    parents = {id_: parent for id_, _, parent in organs}
    first = [id_ for id_ in names if names[id_] == under] if under else children.get(None, [])
    waiting = [(0, id_) for id_ in reversed(first)]
    while waiting:
        depth, id_ = waiting.pop()
        above = parents[id_]
        yield depth, names[id_], None if above is None else names[above]
        waiting += [(depth + 1, child) for child in reversed(children.get(id_, []))]


def _place(options: argparse.Namespace) -> str:
    """
    Put an organ below another; its name, "" for none.

    Raises:
        Refused: One of them is not there, or the tree would be a circle.
    """
    under = "".join(options.under.split())
    if not options.organ:
        raise frame.Refused(WHICH_ORGAN)
    if not under:
        raise frame.Refused(WHICH_UNDER)
    with frame.open_store(options) as store, store.begin() as unit:
        members = MemberReader(unit)
        organ = members.organs(1, options.organ)
        if not organ:
            raise frame.Refused(NO_ORGAN)
        parent = () if under == NONE else members.organs(1, under)
        if under != NONE and not parent:
            raise frame.Refused(NO_UNDER.format(frame.shown(under)))
        try:
            memberships.place(unit, organ[0][0], parent[0][0] if parent else None, frame.now())
        except WrongParent:
            raise frame.Refused(NOT_BELOW.format(organ=options.organ, under=under)) from None
    return "" if under == NONE else under
