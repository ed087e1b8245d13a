"""
The command line: every way into the product on one screen.

Each command imports what it needs and nothing else.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.handle import Clock

FINISHED, UNFINISHED, BAD_USAGE = 0, 3, 2


class _Parser(argparse.ArgumentParser):
    """Says in one Chinese sentence what is wrong."""

    def error(self, message: str) -> None:  # type: ignore[override]  # it exits, too
        """Exit 2 with the usage."""
        self.print_usage(sys.stderr)
        self.exit(BAD_USAGE, f"用法不对：{message}\n")


def _year(text: str) -> int:
    from conversations.answers.parsing import read_year

    year = read_year(text)
    if year is None:
        raise argparse.ArgumentTypeError(f"年度 {text!r} 不对，例如 2025")
    return year


def _organ(text: str) -> str:
    from conversations.document.write.content import clean_text
    from conversations.form.organ import is_organ_name

    name = "".join(text.split())
    kept, _ = clean_text(name)
    if text and (kept != name or not is_organ_name(name)):
        raise argparse.ArgumentTypeError("机关名称请用 2 到 60 个字，不要只有数字或符号")
    return name


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="nianbao", description="年报助手：政府信息公开工作年度报告")
    commands = parser.add_subparsers(dest="command", metavar="命令", parser_class=_Parser)

    def add(name: str, help_text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help_text, description=help_text)

    def report(command: argparse.ArgumentParser) -> None:
        command.add_argument("--organ", type=_organ, default="", help="机关全称")
        command.add_argument("--year", type=_year, default=0, help="填报年度")
        command.add_argument("--data", type=Path, default=None, help="数据文件夹")

    add("run", "启动：设有令牌时为 Telegram，否则为终端对话，没有输入时演示")
    chat = add("chat", "在终端里填年报")
    report(chat)
    chat.add_argument("--out", type=Path, default=None, help="文件放在哪里（默认数据文件夹）")
    chat.add_argument("--jsonl", action="store_true", help="每行一个 JSON，供程序使用")
    show = add("show", "显示一份年报的数据")
    report(show)
    show.add_argument("--json", action="store_true", help="以 JSON 输出")
    form = add("form", "显示表样")
    form.add_argument("--json", action="store_true", help="以 JSON 输出")
    form.add_argument("--edition", choices=("2021", "2019"), default="2021", help="哪一版表样")
    add("serve", "启动 Telegram 机器人")
    invite = add("invite", "生成邀请链接（一次有效）")
    invite.add_argument("--organ", type=_organ, required=True, help="机关全称")
    invite.add_argument(
        "--role", choices=("clerk", "leader", "administrator"), default="clerk", help="身份"
    )
    check = add("check", "核对已公布的年报：一个文件，或一个文件夹")
    check.add_argument("target", metavar="文件或文件夹", type=Path)
    check.add_argument("--last-year", type=Path, default=None, help="同一机关上年年报的文件")
    check.add_argument("--json", action="store_true", help="以 JSON 输出")
    check.add_argument("--xlsx", type=Path, default=None, help="结果另存为表格")
    imported = add("import", "把已公布的年报（文件或网址）读入数据")
    imported.add_argument("source", metavar="文件或网址")
    report(imported)
    imported.add_argument("--yes", action="store_true", help="不再询问，直接导入")
    imported.add_argument("--replace", action="store_true", help="与已有的不同时，用文件里的替换")
    imported.add_argument("--doubtful", action="store_true", help="存疑的数字也导入")
    export = add("export", "导出一份年报（没有定稿的为草稿）")
    report(export)
    export.add_argument(
        "--format", choices=("docx", "html", "txt", "json"), default="docx", help="文件格式"
    )
    export.add_argument(
        "--out", type=Path, default=None, help="文件夹或文件名，- 为直接输出（默认数据文件夹）"
    )
    task = add("task", "任务：截止日期、收集日期、分工")
    task.add_argument("--organ", type=_organ, required=True, help="机关全称")
    task.add_argument("--year", type=_year, required=True, help="填报年度")
    task.add_argument("--data", type=Path, default=None, help="数据文件夹")
    task.add_argument("--deadline", default=None, metavar="日期", help="截止日期")
    task.add_argument("--internal", default=None, metavar="日期", help="收集日期，无 为不设")
    task.add_argument(
        "--assign",
        action="append",
        default=[],
        metavar="节=经办人",
        help="一节由谁填，如 三=姓名；三= 为不指定",
    )
    state = task.add_mutually_exclusive_group()
    state.add_argument("--withdraw", action="store_true", help="撤销：不再提醒")
    state.add_argument("--restore", action="store_true", help="恢复")
    task.add_argument("--ics", type=Path, default=None, help="日历文件放在哪里")
    reminders = add("reminders", "某一时刻会提醒谁、为什么；不发送")
    reminders.add_argument("--at", default="", metavar="时间", help="如 2027-01-20T09:30，默认现在")
    reminders.add_argument("--data", type=Path, default=None, help="数据文件夹")
    calendar = add("calendar", "放假和调休：查看、录入")
    calendar.add_argument("--data", type=Path, default=None, help="数据文件夹")
    for name, help_text in (("free", "放假"), ("work", "上班"), ("clear", "取消录入")):
        calendar.add_argument(
            f"--{name}", nargs="+", default=[], metavar="日期", help=f"{help_text}的日期"
        )
    calendar.add_argument(
        "--complete", nargs="+", type=_year, default=[], metavar="年", help="这一年已全部录入"
    )
    calendar.add_argument(
        "--incomplete", nargs="+", type=_year, default=[], metavar="年", help="这一年没有录全"
    )
    demo = add("demo", "演示：完整播放示例对话，生成示例报告")
    demo.add_argument("--quiet", action="store_true", help="不显示对话")
    demo.add_argument("--out", type=Path, default=None, help="文件放在哪里")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.stdin is not None and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return BAD_USAGE
    try:
        return _COMMANDS[options.command](options)
    except BrokenPipeError:
        # The reader has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return UNFINISHED
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return UNFINISHED


def _open_store(data: Path) -> object:
    from bot.environment import setting
    from storage.errors import StoreError
    from storage.store import Store

    try:
        return Store.open(setting("NIANBAO_DATABASE_URL") or data)
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(BAD_USAGE) from error


def _data(options: argparse.Namespace) -> Path:
    from bot.environment import data_dir

    given: Path | None = options.data
    return given or data_dir()


def _chat(options: argparse.Namespace) -> int:
    from bot.cli import chat
    from storage.errors import StoreError
    from storage.store import Store

    data = _data(options)
    store = _open_store(data)
    assert isinstance(store, Store)
    with store:
        try:
            conversation = chat.Conversation(
                store,
                data,
                options.out or data,
                options.organ,
                options.year,
                "jsonl" if options.jsonl else "chat",
            )
        except (chat.BadZone, StoreError) as error:
            sys.stderr.write(f"{error}\n")
            return BAD_USAGE
        if options.jsonl:
            return chat.run_jsonl(conversation, sys.stdin or iter(()), sys.stdout)  # type: ignore[arg-type]
        if sys.stdin is None:
            return chat.run_terminal(conversation, lambda: iter(()), sys.stdout, colours=False)
        if sys.stdin.isatty() and sys.stdout.isatty():
            return chat.run_terminal(
                conversation,
                lambda: chat.interactive_lines(conversation),
                sys.stdout,
                colours="NO_COLOR" not in os.environ,
            )
        return chat.run_terminal(conversation, chat.piped_lines, sys.stdout, colours=False)


def _run(options: argparse.Namespace) -> int:
    """What `make run` starts."""
    options.organ, options.year, options.data, options.out = "", 0, None, None
    options.jsonl, options.quiet = False, True
    from bot.environment import has_token

    if has_token():
        return _serve(options)
    if sys.stdin is None or (not sys.stdin.isatty() and not _has_input()):
        return _demo(options)
    return _chat(options)


def _serve(_options: argparse.Namespace) -> int:
    from bot.telegram.run import serve

    return serve()


def _invite(options: argparse.Namespace) -> int:
    from bot.telegram.run import print_invitation

    return print_invitation("".join(options.organ.split()), options.role)


def _has_input() -> bool:
    """Whether a pipe has a first byte; waits for it, takes nothing away."""
    buffer = sys.stdin.buffer
    return isinstance(buffer, io.BufferedReader) and bool(buffer.peek(1))


def _demo(options: argparse.Namespace) -> int:
    from bot.cli.demo import play

    return play(options.out or _data(argparse.Namespace(data=None)), quiet=options.quiet)


def _show(options: argparse.Namespace) -> int:
    from bot.cli import show
    from storage.store import Store

    data = _data(options)
    store = _open_store(data)
    assert isinstance(store, Store)
    with store:
        found = show.find(store, "".join(options.organ.split()), options.year)
    if found is None:
        sys.stderr.write("没有找到这份年报，请核对 --organ、--year 和 --data。\n")
        return BAD_USAGE
    sys.stdout.write(show.as_json(found) if options.json else show.as_text(found))
    return FINISHED


def _check(options: argparse.Namespace) -> int:
    from bot.cli.check import run

    return run(
        options.target,
        last_year=options.last_year,
        json_wanted=options.json,
        xlsx=options.xlsx,
    )


def _import(options: argparse.Namespace) -> int:
    from bot.cli.importing import Wishes, run
    from storage.store import Store

    store = _open_store(_data(options))
    assert isinstance(store, Store)
    wishes = Wishes(
        "".join(options.organ.split()),
        options.year,
        options.yes,
        options.replace,
        options.doubtful,
    )
    with store:
        at_terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
        return run(store, options.source, wishes, _clock(), ask=_ask if at_terminal else None)


def _ask(question: str) -> str:
    """A question at the terminal; no answer is no."""
    try:
        return input(question)
    except EOFError:
        return ""


def _clock() -> Clock:
    """The present moment in the office's zone."""
    from bot.handle import Clock
    from bot.settings import SettingsError, load_settings

    try:
        return Clock.read(load_settings().time_zone)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(BAD_USAGE) from error


def _export(options: argparse.Namespace) -> int:
    from bot.cli.export import run
    from storage.store import Store

    data = _data(options)
    store = _open_store(data)
    assert isinstance(store, Store)
    with store:
        return run(
            store, data, "".join(options.organ.split()), options.year, options.format, options.out
        )


def _form(options: argparse.Namespace) -> int:
    from bot.cli.show import form_as_json
    from conversations.form import FORMS

    data = form_as_json(FORMS[options.edition])
    indent = None if options.json else 2
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=indent) + "\n")
    return FINISHED


def _with_store(options: argparse.Namespace, work: Callable[[Any], int]) -> int:
    """Do it with the store open; what cannot be done is one sentence and bad usage."""
    from bot.cli.tasks import Unusable

    store: Any = _open_store(_data(options))
    with store:
        try:
            return work(store)
        except Unusable as error:
            sys.stderr.write(f"{error}\n")
            return BAD_USAGE


def _task(options: argparse.Namespace) -> int:
    from bot.cli import tasks

    def work(store: Any) -> int:
        internal = options.internal
        if internal is not None:
            internal = "" if internal in ("无", "none", "") else tasks.day(internal)
        changes = tasks.Changes(
            tasks.day(options.deadline) if options.deadline else None,
            internal,
            True if options.withdraw else False if options.restore else None,
            tuple(options.assign),
        )
        now = _clock().now
        return tasks.run_task(
            store, options.organ, options.year, changes, options.ics, now, sys.stdout
        )

    return _with_store(options, work)


def _reminders(options: argparse.Namespace) -> int:
    from bot.cli import tasks

    def work(store: Any) -> int:
        now = _clock().now
        zone = now.tzinfo
        assert zone is not None
        at = tasks.moment(options.at, zone) if options.at else now
        return tasks.run_reminders(store, at, sys.stdout)

    return _with_store(options, work)


def _calendar(options: argparse.Namespace) -> int:
    from bot.cli import tasks

    def work(store: Any) -> int:
        free, work_, clear = (
            [tasks.day(one) for one in getattr(options, name)] for name in ("free", "work", "clear")
        )
        today = _clock().today
        return tasks.run_calendar(
            store, free, work_, clear, options.complete, options.incomplete, today, sys.stdout
        )

    return _with_store(options, work)


_COMMANDS = {
    "run": _run,
    "chat": _chat,
    "show": _show,
    "form": _form,
    "demo": _demo,
    "serve": _serve,
    "invite": _invite,
    "check": _check,
    "import": _import,
    "export": _export,
    "task": _task,
    "reminders": _reminders,
    "calendar": _calendar,
}

if __name__ == "__main__":
    sys.exit(main())
