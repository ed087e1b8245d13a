"""
The command line's own words: argparse in Chinese, with help as wide as it looks.

The end of a command's help, its examples and exit codes, is in its module.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from bot.cli import frame

EXAMPLES = "示例"
CODES = "退出码"

# Texts of argparse itself.
WORDS = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "%(heading)s:": "%(heading)s：",
    "show this help message and exit": "显示这段说明",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少 %s",
    "one of the arguments %s is required": "要写明 %s 之一",
    "not allowed with argument %s": "不能和 %s 一起写",
    "unrecognized arguments: %s": "没有这样的选项：%s",
    "unexpected option string: %s": "没有这样的选项：%s",
    "ignored explicit argument %r": "后面不带值（%r）",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s 不止一个意思：%(matches)s，请写完整"
    ),
    "expected one argument": "后面要写一个值",
    "expected at most one argument": "后面最多写一个值",
    "expected at least one argument": "后面至少写一个值",
    "expected %s argument": "后面要写 %s 个值",
    "expected %s arguments": "后面要写 %s 个值",
    "invalid %(type)s value: %(value)r": "值 %(value)r 不对",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r，可以写：%(choices)s",
    "invalid choice: %(value)r, maybe you meant %(maybe)r? (choose from %(choices)s)": (
        "没有 %(value)r，是 %(maybe)r 吗？可以写：%(choices)s"
    ),
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "没有 %(parser_name)r，可以写：%(choices)s"
    ),
    "option '%(option)s' is deprecated": "选项 %(option)s 将来不再有",
    "argument '%(argument_name)s' is deprecated": "参数 %(argument_name)s 将来不再有",
    "command '%(parser_name)s' is deprecated": "命令 %(parser_name)s 将来不再有",
}


def _said(text: str) -> str:
    return WORDS.get(text, text)


def _counted(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many)


# argparse asks gettext, whose language is a setting of the whole machine; ours is fixed.
vars(argparse).update(_=_said, ngettext=_counted)


class Parser(argparse.ArgumentParser):
    """Reports errors in one Chinese sentence."""

    def __init__(self, **more: Any) -> None:
        """As argparse's own, with our help."""
        super().__init__(**{"formatter_class": Formatter, **more})

    def print_help(self, file: Any = None) -> None:
        """As argparse's own, but text that cannot be written is an error."""
        file = file or sys.stdout
        file.write(self.format_help())
        file.flush()

    def error(self, message: str) -> NoReturn:
        """Exit with the usage."""
        self.print_usage(sys.stderr)
        self.exit(frame.REFUSED, f"{frame.WRONG_USAGE}{frame.shown(message, frame.TEXT)}\n")


class Version(argparse.Action):
    """`--version`: the installed package's, looked up on demand."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it and exit."""
        from importlib.metadata import version

        sys.stdout.write(f"{parser.prog} {version(parser.prog)}\n")
        sys.stdout.flush()
        parser.exit()


class Formatter(argparse.HelpFormatter):
    """Lines and columns by the width of the characters; explicit line ends are kept."""

    COLUMN = 28  # the column of the meanings, if the terminal is wide enough

    class _Section(argparse.HelpFormatter._Section):
        # Until Python 3.13 the colon of a heading cannot be translated.
        def format_help(self) -> str:
            return super().format_help().replace(f"{self.heading}:\n", f"{self.heading}：\n", 1)

    def _format_action(self, action: argparse.Action) -> str:
        indent = " " * self._current_indent
        head = f"{indent}{self._format_action_invocation(action)}"
        about = self._expand_help(action) if action.help else ""
        column = self.COLUMN if self._width >= 2 * self.COLUMN else self._current_indent + 4
        lines = self._split_lines(about, self._width - column) if about else []
        text = "\n".join(columns(head, lines, column)) + "\n"
        return text + "".join(map(self._format_action, self._iter_indented_subactions(action)))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return list(wrapped(text, width))

    def _fill_text(self, text: str, width: int, _: str) -> str:
        # A line that begins with spaces is an example, kept as it is.
        lines = text.split("\n")
        return "\n".join(
            line if line.startswith(" ") else "\n".join(wrapped(line, width)) for line in lines
        )


def columns(head: str, lines: Sequence[str], column: int) -> Iterator[str]:
    """A name with the lines of its meaning beside it or, without room, below."""
    from conversations.document.lines import width  # imported here: help is rarely asked for

    room = column - width(head)
    if lines and room >= 2:
        head, lines = f"{head}{' ' * room}{lines[0]}", lines[1:]
    yield head
    yield from (" " * column + line for line in lines)


def wrapped(text: str, most: int) -> Iterator[str]:
    """Lines no wider than `most`; Chinese breaks anywhere but before a mark, words do not."""
    from conversations.document.lines import width

    for paragraph in text.split("\n"):
        line = ""
        for piece in re.findall(r"(?:[!-~]+|.)[，。；：、？！）」]* ?", paragraph):
            if line and width(line + piece.rstrip()) > most:
                yield line.rstrip()
                line = ""
            line += piece
        yield line.rstrip()


def ending(examples: Iterable[str], codes: Mapping[int, str]) -> str:
    """The end of a help text."""
    lines = [f"{EXAMPLES}："] if examples else []
    lines += [f"  {example}" for example in examples]
    lines += ["", f"{CODES}：", *(f"  {code}  {means}" for code, means in sorted(codes.items()))]
    return "\n".join(lines).strip()
