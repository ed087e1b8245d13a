"""A file is written beside its place, and moved there only when it is whole and on the disk."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PREFIX = ".nianbao-part-"

_parts: set[Path] = set()


def remove_parts() -> None:
    """Remove unfinished files, in a program that ends at once."""
    for folder in tuple(_parts):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def part_of(file: Path) -> Iterator[Path]:
    """
    Where to write what will become `file`: in a folder of its own beside it, removed at the end.

    Such folders of killed programs are removed, too.

    Raises:
        OSError: Nothing can be written there.
    """
    for left in file.parent.glob(f"{PREFIX}*"):
        with suppress(OSError), _opened(left) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # unless another program holds it
            shutil.rmtree(left)
    with ExitStack() as ours:
        folder = _new_folder(file.parent, ours)
        _parts.add(folder)
        try:
            yield folder / file.name
        finally:
            _parts.discard(folder)


def _new_folder(parent: Path, ours: ExitStack) -> Path:
    """
    A new folder, ours and locked until the end of `ours` or of the program.

    Another program that finds it before it is locked takes it for a left one and removes it: then
    there is one more. A network share may know no locks: nobody removes it there.
    """
    while True:
        folder = Path(ours.enter_context(tempfile.TemporaryDirectory("", PREFIX, parent)))
        with suppress(FileNotFoundError):
            lock = ours.enter_context(_opened(folder))
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open a folder, to lock it; the lock ends with the program that holds it."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield opened
    finally:
        os.close(opened)


def write_whole(file: Path, content: bytes) -> Path:
    """Write a file, whole or not at all, and surely on the disk."""
    with part_of(file) as part:
        part.write_bytes(content)
        return place(part, file)


def place(partial: Path, target: Path) -> Path:
    """Give a completely written file its name, once its content is on the disk."""
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(target)
    # The name, too, must be on the disk before it counts as finished.
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return target
