"""
Shared by every command: exit codes, options, the store, the present moment, one line of JSON.

A command is a module of this folder with `add_options(parser)` and `run(options)`, which returns an
exit code; `commands.py` names it.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.environment import DATABASE_URL, data_dir, folder_named, setting, time_zone
from conversations.form.organ import is_unseen, read_organ_name

if TYPE_CHECKING:
    from storage.store import Store

FINE = 0
FINDINGS = 1  # everything was read, and something in it must be corrected
REFUSED = 2  # wrong usage or settings; unreadable, or only partly readable
UNFINISHED = 3  # a draft was made, or the input ended before the final document
VIEW = {FINE: "看到了，不论有没有要处理的"}  # meanings of the codes of a view

PERSON = "terminal"  # the person at the machine itself, in the record

WRONG_USAGE = "用法不对："
NOT_WRITTEN = "写不了 {file}，请检查文件夹是否存在、文件是否正被打开、磁盘是否已满。"
WRITTEN = "结果已写入 {file}\n"
NO_ROOM = "结果没有写完：磁盘可能满了，请腾出空间再来一次。"
DATA = "数据文件夹（不用设置 NIANBAO_DATA_DIR 的）"
NO_FOLDER = "没有写是哪个文件夹"
TWO_PLACES = (
    f"--data 和设置 {DATABASE_URL} 不能都有：数据在文件夹里，或者在这个地址的数据库里。"
    "请去掉其中一个（用数据库时，模板和文件放在 NIANBAO_DATA_DIR）。"
)
NO_REPORT = "没有找到这份年报，请核对 --organ、--year 和 --data。"


T = TypeVar("T")


class Refused(Exception):  # noqa: N818 - says what became of the command
    """The command was not done; the sentence says why, and the exit code is REFUSED."""


# ---- options ----------------------------------------------------------------------------------


def add_take_over(parser: argparse.ArgumentParser) -> None:
    """`--take-over`, for commands that may poll."""
    parser.add_argument("--take-over", action="store_true", help="改用轮询：删除以前设的 webhook")


def add_data(parser: argparse.ArgumentParser) -> None:
    """`--data`, which every command has."""
    parser.add_argument("--data", type=folder, metavar="文件夹", help=DATA)


def add_report(parser: argparse.ArgumentParser) -> None:
    """`--organ` and `--year`: which report."""
    add_organ(parser)
    add_year(parser, "填报年度")


def add_year(parser: argparse.ArgumentParser, about: str) -> None:
    """`--year`; without it, 0."""
    parser.add_argument("--year", type=year, default=0, metavar="年度", help=about)


def add_organ(parser: argparse._ActionsContainer) -> None:
    """`--organ`: which organ."""
    parser.add_argument("--organ", type=organ, default="", metavar="机关全称", help="哪个机关")


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: the values for programs."""
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def add_yes(parser: argparse.ArgumentParser) -> None:
    """`--yes`: do what is otherwise only shown."""
    parser.add_argument("--yes", action="store_true", help="不再询问，直接进行")


def folder(text: str) -> Path:
    """The type of `--data`; an empty value, as from an unset variable, is refused."""
    if not text.strip():
        raise argparse.ArgumentTypeError(NO_FOLDER)
    try:
        return folder_named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def year(text: str) -> int:
    """The type of an option that names a year."""
    from conversations.answers.short import read_year

    number = read_year(text)
    if number is None:
        raise argparse.ArgumentTypeError(f"年度 {text!r} 不对，例如 2025")
    return number


def day(text: str) -> date:
    """The type of an option that names a day: 2027-01-31."""
    from conversations.reminders.typed import read_day

    named = read_day(text, 0)
    if named is None or named.year < 1900:
        raise argparse.ArgumentTypeError(f"日期 {text!r} 不对，例如 2027-01-31")
    return named


def organ(text: str) -> str:
    """The type of an option that names an organ; spaces in it are removed."""
    from conversations.wording.talk import BAD_ORGAN

    name = read_organ_name(text)
    if text and not name:
        raise argparse.ArgumentTypeError(BAD_ORGAN)
    return name


# ---- the store, the moment, the terminal ------------------------------------------------------


def check_place(options: argparse.Namespace) -> None:
    """
    Check that the place of the data is not given twice.

    Raises:
        Refused: A folder and the address of a database are given.
    """
    if options.data is not None and setting(DATABASE_URL):
        raise Refused(TWO_PLACES)


def data_folder(options: argparse.Namespace) -> Path:
    """The folder of the data: `--data`, else the setting."""
    given: Path | None = options.data
    return given or data_dir()


def place_of_store(options: argparse.Namespace) -> Path | str:
    """The place of the store: an address, else the data folder."""
    return setting(DATABASE_URL) or data_folder(options)


@contextmanager
def open_store(
    options: argparse.Namespace, *, reading: bool = False, older: bool = False
) -> Iterator[Store]:
    """
    The store, made if there is none; for reading only, a missing one is an empty one in memory.

    With `older`, a store of an older version is left as it is.

    Raises:
        Refused: It cannot be used, or not now.
    """
    from bot.cli import rights
    from storage.databases import file_of, is_missing, locate
    from storage.errors import StoreError
    from storage.store import Store

    target = place_of_store(options)
    try:
        database = locate(target)
        if not reading:
            if command := rights.command_for(data_folder(options), file_of(database)):
                sys.stderr.write(rights.WIDE.format(command=command))
        elif is_missing(database):
            target = ":memory:"
        with Store.open(target, reading=reading, older=older) as store:
            if not reading:
                store.check_writable()
            _opened.append(store)
            yield store
    except StoreError as error:
        raise Refused(str(error)) from error


_opened: list[Store] = []


def has_stored() -> bool:
    """Whether this command has stored anything yet."""
    return any(store.changes for store in _opened)


def write_results(target: Path, content: bytes) -> None:
    """
    Write the `--xlsx` file, and say so on stderr.

    Raises:
        Refused: It cannot be written there.
    """
    from bot.files.documents import write

    file = shown(str(target))
    try:
        write(target.parent, target.name, content)
    except OSError as error:
        raise Refused(NOT_WRITTEN.format(file=file)) from error
    sys.stderr.write(WRITTEN.format(file=file))


def now() -> datetime:
    """The present moment in the office's zone."""
    return datetime.now(time_zone())


def at_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


# Invisible characters that a text may contain: line ends, and joiners of emoji.
TEXT = "\n\t\u200d"


def shown(text: str, kept: str = "") -> str:
    """
    Foreign text for the terminal: characters that would control it are written out.

    Control characters, line ends and marks that change the direction of writing, except those in
    `kept`.
    """
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if is_unseen(character) and character not in kept
        else character
        for character in text
    )


def aligned(rows: Sequence[Sequence[object]]) -> list[str]:
    """The rows of a table as lines with aligned columns; None is an empty cell."""
    from conversations.document.lines import width

    texts = [
        ["" if value is None else " ".join(str(value).split()) for value in row] for row in rows
    ]
    widths = [max(width(row[column]) for row in texts) for column in range(len(texts[0]))]
    widths[-1] = 0
    return [
        "  ".join(
            text + " " * (wide - width(text)) for text, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in texts
    ]


def as_json(value: object) -> str:
    """One line of JSON; what no encoding can hold is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value)
    return text + "\n"


def say(text: str) -> None:
    """Print text of several lines, some of which may be foreign."""
    sys.stdout.write(shown(text, TEXT))


def say_json(value: object) -> None:
    """Print one line of JSON."""
    sys.stdout.write(as_json(value))


SHOWN_AFTER = 1.0  # seconds of work before a bar appears
WORKING = "\r正在处理，{seconds} 秒"
CLEARED = "\r\033[K"


def progress(total: int) -> Callable[[int], None]:
    """A bar on stderr that is told how many are done, if a person can see it."""
    from tqdm import tqdm  # imported here: most commands show none

    bar = tqdm(total=total, file=sys.stderr, disable=None, leave=False, delay=SHOWN_AFTER, ncols=60)

    def tell(done: int) -> None:
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return tell


def each(items: Sequence[T]) -> Iterator[T]:
    """The items one by one, with the same bar."""
    tell = progress(len(items))
    for done, item in enumerate(items, 1):
        yield item
        tell(done)


@contextmanager
def working() -> Iterator[None]:
    """Count the seconds on stderr during work of unknown length."""
    done = threading.Event()

    def tell() -> None:
        seconds = 0
        while not done.wait(SHOWN_AFTER):
            seconds += 1
            sys.stderr.write(WORKING.format(seconds=seconds))
            sys.stderr.flush()
        if seconds:
            sys.stderr.write(CLEARED)

    teller = threading.Thread(target=tell, daemon=True)
    if sys.stderr.isatty():
        teller.start()
    try:
        yield
    finally:
        done.set()
        if teller.ident:
            teller.join()
