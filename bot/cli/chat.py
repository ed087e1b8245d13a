"""`nianbao chat`: the conversation in a terminal, in a pipe, or as JSON lines."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from bot.cli import frame
from bot.cli.conversation import Conversation

EXAMPLES = (
    "nianbao chat --organ 甲镇人民政府 --year 2025",
    "nianbao chat --jsonl < 输入.jsonl",
)
EXIT_CODES = {
    frame.FINE: "正式文件已生成，之后没有再改",
    frame.UNFINISHED: "输入结束时还没有正式文件，或按了 Ctrl-C；填过的都在",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Whose report, where documents go, and who uses the chat."""
    frame.add_report(parser)
    parser.add_argument(
        "--as",
        dest="person",
        type=_name,
        default=None,
        metavar="姓名",
        help="修改记录里写谁的名字（默认登录名）；不带来任何权限",
    )
    parser.set_defaults(quiet=False)
    parser.add_argument("--out", type=Path, metavar="路径", help="文件放在哪里（默认数据文件夹）")
    parser.add_argument("--jsonl", action="store_true", help="每行一个 JSON，供程序使用")


def _name(text: str) -> str:
    """A name for the history; numbers are those of people on Telegram."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= 30 or name.isdigit() or not name.isprintable():
        raise argparse.ArgumentTypeError("姓名请用 1 到 30 个字，不要只有数字")
    return name


def login() -> str:
    """The login name, for the history."""
    try:
        return _name(getpass.getuser())
    except (OSError, KeyError, ImportError, argparse.ArgumentTypeError):
        return frame.PERSON


def run(options: argparse.Namespace) -> int:
    """Talk until the input ends; FINE if the final document is there."""
    data = frame.data_folder(options)
    with frame.open_store(options) as store:
        conversation = Conversation(
            store,
            data,
            options.out or data,
            options.organ,
            options.year,
            "jsonl" if options.jsonl else "chat",
            options.person or frame.PERSON,
            options.person or login(),
        )
        if options.jsonl:
            from bot.cli.jsonl import run_jsonl

            return run_jsonl(conversation, sys.stdin or iter(()), sys.stdout)
        from bot.cli import terminal

        if frame.at_terminal():
            colours = "NO_COLOR" not in os.environ
            lines = terminal.typed_lines(conversation)
            return terminal.run_terminal(
                conversation, lines, sys.stdout, colours=colours, quiet=options.quiet
            )
        lines = terminal.piped_lines()
        return terminal.run_terminal(conversation, lines, sys.stdout, colours=False)
