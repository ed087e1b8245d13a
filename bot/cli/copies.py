"""Shared by `backup`, `restore` and `copy`: progress, errors, repeated messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.cli import frame
from storage.errors import StoreError

CANNOT_WRITE = (
    "写不了 {file}，请检查文件夹是否存在、能否写入、磁盘是否已满。没有留下写了一半的文件。"
)
DOUBTFUL = "改动记录有 {count} 处和写入时不同，请运行 nianbao doctor 查看"


@contextmanager
def sentences(place: object) -> Iterator[None]:
    """
    Turn errors into sentences: nothing is left half done at `place`.

    Raises:
        Refused: With the sentence.
    """
    try:
        yield
    except StoreError as error:
        raise frame.Refused(str(error)) from error
    except OSError as error:
        raise frame.Refused(CANNOT_WRITE.format(file=place)) from error


def watch() -> Callable[[int, int], None]:
    """A progress bar that learns the total with the progress."""
    tell: Callable[[int], None] | None = None

    def told(done: int, total: int) -> None:
        nonlocal tell
        if tell is None:
            tell = frame.progress(total)
        tell(done)

    return told
