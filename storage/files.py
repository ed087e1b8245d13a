"""A file is written beside its place, and moved there only when it is whole and on the disk."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
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
        with suppress(OSError), _locked(left):
            shutil.rmtree(left)
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, dir=file.parent) as folder,
        _locked(Path(folder), own=True),
    ):
        _parts.add(Path(folder))
        try:
            yield Path(folder, file.name)
        finally:
            _parts.discard(Path(folder))


@contextmanager
def _locked(folder: Path, *, own: bool = False) -> Iterator[None]:
    """
    Lock a folder; the lock ends with the program that holds it.

    A network share may know no locks: our `own` folder is then used without, and nobody removes it.

    Raises:
        OSError: Another program holds it.
    """
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError) if own else nullcontext():
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)


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
