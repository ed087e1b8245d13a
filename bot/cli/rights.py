"""
Who else may look: what we write is its owner's alone, and wider rights are told.

Rights that somebody has set are never changed silently: an office may have a reason.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.environment import ENV_FILE

# What `os.umask` takes from everything this program makes: group and others get nothing.
NOTHING_FOR_OTHERS = 0o077

WIDE = "这台机器上的其他账户能看到年报数据或设置。要收回，请运行：{command}\n"


def command_for(data: Path, store: Path | None) -> str | None:
    """
    What takes the rights of others away; None where they have none.

    Looked at are the data folder, what lies in it, the settings, and the file of the store.
    """
    files = (ENV_FILE,) if store is None or store.parent == data else (ENV_FILE, store)
    wide = [f"chmod go-rwx {_quoted(file)}" for file in files if _is_wide(file)]
    if _is_wide(data) or any(map(_is_wide, _files_in(data))):
        wide.insert(0, f"chmod -R go-rwx {_quoted(data)}")
    return " && ".join(wide) or None


def _is_wide(path: Path | os.DirEntry[str]) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    ours = stat.S_ISREG(mode) or stat.S_ISDIR(mode)
    return os.name == "posix" and ours and bool(mode & NOTHING_FOR_OTHERS)


def _files_in(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry for entry in entries if not entry.is_symlink())
    except OSError:
        return


def _quoted(path: Path) -> str:
    text = shlex.quote(str(path))
    return f"./{text}" if text.startswith("-") else text
