"""
`nianbao demo`: a real published report, played to its end from a clerk's script.

It uses a temporary store; only the document stays.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.cli import frame
from bot.cli.conversation import Conversation
from bot.cli.terminal import run_terminal
from storage.store import Store

EXAMPLES = ("nianbao demo --out 文件夹",)
EXIT_CODES = {
    frame.UNFINISHED: "示例没有填完，或按了 Ctrl-C",
}
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "leimingzhen-2023.chat.txt"
ORGAN, YEAR = "雷鸣镇人民政府", 2023
NO_INPUT = "没有输入，演示示例："


def add_options(parser: argparse.ArgumentParser) -> None:
    """How much is shown, and where the document goes."""
    parser.add_argument("--quiet", action="store_true", help="不显示对话")
    parser.add_argument("--out", type=Path, metavar="路径", help="文件放在哪里（默认数据文件夹）")


def script() -> Iterator[str]:
    """The lines a clerk types; a line that begins with // is a remark."""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if not line.startswith("//"):
            yield line


def run(options: argparse.Namespace) -> int:
    """Play the example and leave its document; the exit code of the chat."""
    out = options.out or frame.data_folder(options)
    sys.stdout.write(NO_INPUT if options.quiet else "演示：")
    sys.stdout.write(f"{ORGAN} {YEAR} 年年报，按经办人的输入从头填到尾（临时数据，用后即删）。\n")
    sys.stdout.flush()
    screen = io.StringIO() if options.quiet else sys.stdout
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        conversation = Conversation(store, Path(folder), out, ORGAN, YEAR)
        code = run_terminal(conversation, script(), screen, colours=sys.stdout.isatty(), echo=True)
    if code == frame.FINE:
        from conversations.document.write.content import file_name

        sys.stdout.write(f"完成。报告文件：{out / file_name(ORGAN, YEAR)}\n")
        sys.stdout.write("要填自己的年报，请在终端里运行 nianbao chat（或 make run）。\n")
    else:
        sys.stdout.write("示例没有填完，请报告这个错误。\n")
    return code
