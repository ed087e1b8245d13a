"""`nianbao run`, which is `make run`: the bot, the chat, or the example without any input."""

from __future__ import annotations

import argparse
import io
import sys

from bot.cli import frame
from bot.environment import has_token

EXAMPLES = ("nianbao run",)
EXIT_CODES = {
    frame.FINE: "已停止；在终端里离开对话也是",
    frame.UNFINISHED: "输入结束时还没有正式文件",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`; the chat and the demo use defaults."""
    frame.add_take_over(parser)
    parser.set_defaults(organ="", year=0, person=None, out=None, jsonl=False, quiet=True)


def run(options: argparse.Namespace) -> int:
    """Start what the settings and the input ask for."""
    if has_token():
        from bot.cli import serve

        return serve.run(options)
    if sys.stdin is None or (not sys.stdin.isatty() and not _has_input()):
        from bot.cli import demo

        return demo.run(options)
    from bot.cli import chat

    code = chat.run(options)
    # The person was told what is missing; make would call it an error.
    return frame.FINE if code == frame.UNFINISHED and frame.at_terminal() else code


def _has_input() -> bool:
    """Whether a pipe has a first byte; waits for it, takes nothing away."""
    buffer = sys.stdin.buffer
    return isinstance(buffer, io.BufferedReader) and bool(buffer.peek(1))
