"""
All commands, grouped by purpose, and the command line they make together.

A command is a module of this folder with `add_options(parser)`, `run(options)`, `EXAMPLES`, and
`EXIT_CODES` if they differ from `CODES`. Only the module of the typed command is imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from bot.cli import frame
from bot.cli.parser import Parser, Version, columns, ending

GROUPS = {
    "填报": {
        "chat": "在终端里填年报",
        "show": "显示一份年报的数据",
        "state": "送审、同意、公布到了哪一步；代成员办理",
        "history": "改动记录：谁、什么时候、把什么改成什么",
        "import": "把已公布的年报（文件或网址）读入数据",
        "demo": "演示：完整播放示例对话，生成示例报告",
    },
    "导出和核对": {
        "export": "导出一份年报（没有定稿的为草稿），或下级单位的全部年报",
        "check": "核对已公布的年报：一个文件，或一个文件夹",
        "compare": "核对公布的和批准的（没有批准的和正式文件）是否一致",
        "template": "自己的 Word 模板：底稿、检查、启用、换回",
        "form": "显示表样",
    },
    "下级单位": {
        "overview": "下级机关的进度：谁没交、谁有错、谁逾期",
        "collect": "收下级单位发来的年报文件：认单位、核对、存入",
        "sum": "下级单位年报汇总：缺谁、加总、更正、与本单位年报的差异",
        "standouts": "下级单位年报里与同类相差大的数字、大段相同的文字",
    },
    "机关和人员": {
        "organs": "机关：上下级、导入名单、改名、合并、撤销",
        "people": "成员：查看、移除、移交、注销，收回邀请",
        "invite": "生成邀请链接（一次有效）",
    },
    "任务和提醒": {
        "task": "任务：截止日期、收集日期、分工",
        "reminders": "某一时刻会提醒谁、为什么；不发送",
        "calendar": "放假和调休：查看、录入",
    },
    "运行和维护": {
        "run": "启动：设有令牌时为 Telegram，否则为终端对话，没有输入时演示",
        "serve": "启动 Telegram 机器人",
        "work": "再开一个进程，和 serve 一起处理（PostgreSQL）",
        "doctor": "检查：装了什么、数据、文件权限、设置、Telegram；写明怎么改",
        "backup": "备份全部数据，程序运行时也可以",
        "restore": "把备份恢复到空的位置",
        "copy": "把全部数据从一个数据库复制到另一个（SQLite、PostgreSQL）",
        "completion": "命令行补全的脚本（按 Tab 键补全）",
    },
}
COMMANDS = {name: about for group in GROUPS.values() for name, about in group.items()}

ABOUT = "年报助手：政府信息公开工作年度报告"
USAGE = "nianbao 命令 [选项]"
EXAMPLES = (
    "nianbao chat --organ 甲镇人民政府 --year 2025",
    "nianbao export --organ 甲镇人民政府 --year 2025 --format pdf",
    "nianbao check 年报.docx",
    "nianbao overview --under 甲县人民政府 --year 2025",
)
CODES = {
    frame.FINE: "完成",
    frame.REFUSED: "用法或设置不对，读不了，或被拒绝（错误输出里写明原因）",
    frame.UNFINISHED: "没有做完，或按了 Ctrl-C",
}
FINDINGS = {frame.FINDINGS: "做完了，查出要改的（check、compare、collect、doctor、backup、copy）"}
MORE = "\n每个命令的选项和示例：nianbao 命令 --help"
VERSION = "显示版本"


def module_of(command: str) -> Any:
    """The module of a command; `import` cannot be the name of a module."""
    return import_module(f"bot.cli.{'importing' if command == 'import' else command}")


def codes_of(command: str) -> dict[int, str]:
    """The meanings of the exit codes of a command."""
    return CODES | getattr(module_of(command), "EXIT_CODES", {})


class _Top(Parser):
    """Shows its commands by groups."""

    def format_help(self) -> str:
        formatter = self._get_formatter()
        formatter.add_usage(self.usage, (), ())
        formatter.add_text("\n".join(_groups()))
        formatter.start_section(self._optionals.title)
        formatter.add_arguments(self._optionals._group_actions)
        formatter.end_section()
        formatter.add_text(self.epilog)
        return formatter.format_help()


def _groups() -> Iterator[str]:
    yield ABOUT
    for group, members in GROUPS.items():
        yield f"\n{group}："
        for name, about in members.items():
            yield from columns(f"  {name}", [about], 14)


def parser(*names: str) -> Parser:
    """The whole command line, with the options of the named commands."""
    top = _Top(
        prog="nianbao",
        usage=USAGE,
        description=ABOUT,
        epilog=ending(EXAMPLES, CODES | FINDINGS) + "\n" + MORE,
    )
    top.add_argument("--version", action=Version, nargs=0, help=VERSION)
    commands = top.add_subparsers(dest="command", metavar="命令", parser_class=Parser)
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, prog=f"nianbao {name}", help=about, description=about)
        if name in names:
            module = module_of(name)
            frame.add_data(command)
            module.add_options(command)
            command.epilog = ending(getattr(module, "EXAMPLES", ()), codes_of(name))
    return top
