"""
Permissions: our files are readable by their owner alone, and wider permissions are reported.

Permissions that were set by hand are never changed silently: an office may have a reason.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.environment import ENV_FILE

# The `os.umask` for all our files: nothing for group and others.
NOTHING_FOR_OTHERS = 0o077

WIDE = "这台机器上的其他账户能看到年报数据或设置。要收回，请运行：{command}\n"


def command_for(data: Path, store: Path | None) -> str | None:
    """
    The command that removes others' permissions; None if they have none.

    Checked are the data folder, its contents, the settings, and the file of the store.
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
