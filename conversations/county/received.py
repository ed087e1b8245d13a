"""A file or an archive that a person has sent to the bot, waiting for their decision."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from conversations.county.assigning import Doubt

RECEIVED = "received"  # the kind of the kept data

# Doubts that a person's decision cannot settle.
NEVER = frozenset({Doubt.UNREADABLE.value, Doubt.LOCKED.value, Doubt.CLOSED.value})


class FileState(Enum):
    """The state of a sent file."""

    READY = "ready"  # can be taken in as it is
    SAME = "same"  # was taken in before
    DOUBT = "doubt"
    UNREADABLE = "unreadable"
    STORED = "stored"
    LEFT = "left"  # will not be taken in


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """
    A file with the result of reading it: its organ (0 if not known) and its own year.

    `doubts` are kinds of `Doubt`, `why` their sentences, `near` possible organs; `errors` and
    `unexplained` count what goes back to the organ; `corrects` says that an earlier file of the
    organ was taken in.
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
        """Whether it becomes a report if the person agrees."""
        open_ = self.state in (FileState.READY, FileState.DOUBT)
        return open_ and bool(self.organ) and NEVER.isdisjoint(self.doubts)

    @property
    def waits(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in (FileState.READY, FileState.DOUBT)


@dataclass(frozen=True, slots=True)
class Received:
    """A file, or an archive with its files; a file is named by its place."""

    name: str
    archive: bool
    files: tuple[ReceivedFile, ...]

    def changed(self, place: int, **changes: Any) -> Received:
        """The same with changes to one file."""
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
