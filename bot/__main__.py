"""
The command line: every way into the product on one screen.

Each command is a module of `bot/cli/`, imported only when it is the one that was typed.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

COMMANDS = {
    "run": "启动：设有令牌时为 Telegram，否则为终端对话，没有输入时演示",
    "chat": "在终端里填年报",
    "show": "显示一份年报的数据",
    "state": "送审、同意、公布到了哪一步；代成员办理",
    "form": "显示表样",
    "history": "改动记录：谁、什么时候、把什么改成什么",
    "serve": "启动 Telegram 机器人",
    "invite": "生成邀请链接（一次有效）",
    "people": "成员：查看、移除、移交、注销，收回邀请",
    "organs": "机关：上下级、导入名单、改名、合并、撤销",
    "overview": "下级机关的进度：谁没交、谁有错、谁逾期",
    "check": "核对已公布的年报：一个文件，或一个文件夹",
    "import": "把已公布的年报（文件或网址）读入数据",
    "collect": "收下级单位发来的年报文件：认单位、核对、存入",
    "compare": "核对公布的和批准的（没有批准的和正式文件）是否一致",
    "export": "导出一份年报（没有定稿的为草稿）",
    "sum": "下级单位年报汇总：缺谁、加总、更正、与本单位年报的差异",
    "standouts": "下级单位年报里与同类相差大的数字、大段相同的文字",
    "template": "自己的 Word 模板：底稿、检查、启用、换回",
    "task": "任务：截止日期、收集日期、分工",
    "reminders": "某一时刻会提醒谁、为什么；不发送",
    "calendar": "放假和调休：查看、录入",
    "doctor": "检查：改动记录、文件权限、设置",
    "demo": "演示：完整播放示例对话，生成示例报告",
}


def module_of(command: str) -> Any:
    """The module of a command; `import` is a word that no module can have for a name."""
    return import_module(f"bot.cli.{'importing' if command == 'import' else command}")


def _options(words: Sequence[str]) -> argparse.Namespace | None:
    """What the command line asks for; None, and the help is shown, where that is nothing."""
    from bot.cli import frame

    parser = frame.Parser(prog="nianbao", description="年报助手：政府信息公开工作年度报告")
    commands = parser.add_subparsers(dest="command", metavar="命令")
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about)
        if words[:1] == [name]:
            frame.add_data(command)
            module_of(name).add_options(command)
    options = parser.parse_args(words)
    if options.command is None:
        parser.print_help()
        return None
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends already
        sys.stderr.write("\n")
        from bot.cli import frame

        return frame.UNFINISHED


def _run(arguments: Sequence[str] | None) -> int:
    # Imported here: Ctrl-C while that takes its time is like any other.
    from bot.cli import frame
    from bot.cli.rights import NOTHING_FOR_OTHERS
    from bot.environment import SettingsError, read_env_file

    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    os.umask(NOTHING_FOR_OTHERS)
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = _options(words)
        if options is None:
            return frame.REFUSED
        # Settings that cannot be read are said by every command, also where it needs none.
        read_env_file()
        code: int = module_of(options.command).run(options)
        sys.stdout.flush()
    except (frame.Refused, SettingsError) as error:
        sys.stderr.write(frame.shown(str(error), frame.TEXT) + "\n")
        return frame.REFUSED
    except BrokenPipeError:
        # The reader has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return frame.UNFINISHED
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stderr.write(frame.NO_ROOM + "\n")
        return frame.REFUSED
    return code


if __name__ == "__main__":
    sys.exit(main())
