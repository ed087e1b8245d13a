"""What `backup`, `restore` and `copy` share: how far it is, what went wrong, who is told again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from bot.cli import frame
from storage.errors import StoreError
from storage.rows import quieten, unsent

CANNOT_WRITE = (
    "写不了 {file}，请检查文件夹是否存在、能否写入、磁盘是否已满。没有留下写了一半的文件。"
)
NOT_SENT = "{unsent} 条没发出的消息不再发送（多半已经发过）；今天以前的提醒不再补发。\n"


@contextmanager
def sentences(place: object) -> Iterator[None]:
    """
    Whatever goes wrong, nothing is half there: `place` is where it was to be.

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
    """A bar that learns how much there is when it is told how far it is."""
    tell: Callable[[int], None] | None = None

    def told(done: int, total: int) -> None:
        nonlocal tell
        if tell is None:
            tell = frame.progress(total)
        tell(done)

    return told


class Quieten:
    """What makes a copy quiet; afterwards it knows how many messages are not sent any more."""

    def __init__(self) -> None:
        """Nothing was found yet."""
        self.unsent = 0

    def __call__(self, connection: Connection) -> None:
        """Do it."""
        self.unsent = unsent(connection)
        quieten(connection, frame.now())
