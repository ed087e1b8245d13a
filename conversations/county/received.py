"""What somebody has sent to the bot, as it waits for a word: a file, or an archive of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from conversations.county.assigning import Doubt

RECEIVED = "received"  # as what it is kept

# What no word of the person settles.
NEVER = frozenset({Doubt.UNREADABLE.value, Doubt.LOCKED.value, Doubt.CLOSED.value})


class FileState(Enum):
    """How far a file is that was sent."""

    READY = "ready"  # can be taken in as it is
    SAME = "same"  # was taken in before
    DOUBT = "doubt"
    UNREADABLE = "unreadable"
    STORED = "stored"
    LEFT = "left"  # is not to be taken in


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """
    A file with what was found: the organ (0 where that is not known), its own year.

    `doubts` are kinds of `Doubt`, `why` their sentences, `near` organs that may be meant;
    `errors` and `unexplained` count what goes back to the organ; `corrects` says that a file
    of the organ was taken in before.
    """

    file: str
    organ: int
    name: str
    year: int
    state: FileState
    doubts: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    near: tuple[tuple[int, str], ...] = ()
    errors: int = 0
    unexplained: int = 0
    corrects: bool = False

    @property
    def can_be_taken(self) -> bool:
        """Whether it becomes a report when the person says so."""
        open_ = self.state in (FileState.READY, FileState.DOUBT)
        return open_ and bool(self.organ) and NEVER.isdisjoint(self.doubts)

    @property
    def waits(self) -> bool:
        """Whether there is something to be said about it."""
        return self.state in (FileState.READY, FileState.DOUBT)


@dataclass(frozen=True, slots=True)
class Received:
    """A file, or an archive with what is in it; a file is named by its place."""

    name: str
    archive: bool
    files: tuple[ReceivedFile, ...]

    def changed(self, place: int, **changes: Any) -> Received:
        """With something else about one file."""
        files = list(self.files)
        files[place] = replace(files[place], **changes)
        return replace(self, files=tuple(files))

    def places(self, *states: FileState) -> list[int]:
        """The places of the files in some states."""
        return [place for place, file in enumerate(self.files) if file.state in states]

    def written(self) -> str:
        """As JSON."""
        files = [asdict(file) | {"state": file.state.value} for file in self.files]
        return json.dumps({"name": self.name, "archive": self.archive, "files": files})

    @classmethod
    def read(cls, written: str) -> Received:
        """From `written`."""
        data = json.loads(written)
        files = [
            ReceivedFile(
                **each
                | {
                    "state": FileState(each["state"]),
                    "doubts": tuple(each["doubts"]),
                    "why": tuple(each["why"]),
                    "near": tuple((organ, name) for organ, name in each["near"]),
                }
            )
            for each in data["files"]
        ]
        return cls(data["name"], data["archive"], tuple(files))
