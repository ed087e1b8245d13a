"""`nianbao completion`: the script by which a shell completes commands and options."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.cli import frame

SHELLS = ("bash", "zsh")
EXAMPLES = (
    "nianbao completion bash > ~/.local/share/bash-completion/completions/nianbao",
    "nianbao completion zsh > ~/.zsh/completions/_nianbao",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which shell."""
    parser.add_argument("shell", choices=SHELLS, metavar="bash|zsh", help="哪一种 shell")


def run(options: argparse.Namespace) -> int:
    """Print the script; this loads the options of all commands."""
    import shtab

    from bot.cli.commands import COMMANDS, parser

    top = parser(*COMMANDS)
    _name_files(top)
    sys.stdout.write(shtab.complete(top, options.shell) + "\n")
    return frame.FINE


def _name_files(parser: argparse.ArgumentParser) -> None:
    """Propose files for options that take a path."""
    import shtab

    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _name_files(below)
        elif action.type in (Path, frame.folder):
            vars(action)["complete"] = shtab.FILE
