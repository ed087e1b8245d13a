"""
A restoring that is killed at a moment: `python -m tests.storage.mover FILE TARGET WHEN`.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from storage import files, moving
from storage.databases import locate


def main(file: str, target: str, when: str) -> None:
    def at(moment: str) -> Any:
        return die if moment == when else lambda *_: None

    def verified(*_: Any) -> list[Any]:
        at("looked at")()
        return []

    def placed(partial: Path, name: Path) -> None:
        files.place(partial, name)
        at("at its end")()

    place = locate(target if "://" in target else Path(target))
    with patch.multiple(moving, verify=verified, place=placed):
        moving.restore(
            Path(file),
            place,
            at("copied"),
            at("copying"),
            Path(file).parent,
            broken=False,
            put=at("put"),
        )


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
