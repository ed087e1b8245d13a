"""
The command line: runs one command and returns its exit code.

The commands themselves are in `bot/cli/commands.py`.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _options(words: Sequence[str]) -> argparse.Namespace | None:
    """The parsed command line; None, after showing the help, if no command was given."""
    from bot.cli.commands import parser

    top = parser(*words[:1])
    options = top.parse_args(words)
    if options.command is None:
        top.print_help()
        return None
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    _open_closed_streams()
    try:
        if arguments is None:
            from bot.cli import ending

            ending.listen()
        return _run(arguments)
    except KeyboardInterrupt:
        from bot.cli import ending

        return ending.interrupted()


def _open_closed_streams() -> None:
    """Open closed standard streams to nowhere, so that no other file gets their numbers."""
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, "w" if number else "r", encoding="utf-8"))


def _run(arguments: Sequence[str] | None) -> int:
    # Imported here so that Ctrl-C during the import is handled like any other.
    from bot.cli import frame
    from bot.cli.commands import module_of
    from bot.cli.rights import NOTHING_FOR_OTHERS
    from bot.environment import SettingsError, read_env_file

    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    os.umask(NOTHING_FOR_OTHERS)
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = _options(words)
        if options is None:
            return frame.REFUSED
        # Settings that cannot be read are reported by every command, even one that needs none.
        read_env_file()
        frame.check_place(options)
        code: int = module_of(options.command).run(options)
        sys.stdout.flush()
    except (frame.Refused, SettingsError) as error:
        sys.stderr.write(frame.shown(str(error), frame.TEXT) + "\n")
        return frame.REFUSED
    except BrokenPipeError:
        # The reader has gone; a message would not be seen.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return frame.UNFINISHED
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stderr.write(frame.NO_ROOM + "\n")
        return frame.REFUSED
    return code


if __name__ == "__main__":
    sys.exit(main())
