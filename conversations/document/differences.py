"""What a template says otherwise than it was told, as `proof.py` finds it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What is different at a place."""

    UNREADABLE = "unreadable"
    MISSING = "missing"
    OTHERS = "others"  # what belongs to another place stands there
    WRONG = "wrong"
    TWICE = "twice"
    ORDER = "order"
    ADDED = "added"  # a text of the office's own: said, not refused
    NOT_A_DRAFT = "not a draft"
    A_DRAFT = "a draft"
    GAPS = "gaps"

    @property
    def is_more(self) -> bool:
        """Whether something stands there that was not told."""
        return self in (Kind.TWICE, Kind.ADDED)


@dataclass(frozen=True, slots=True)
class Difference:
    """
    What a document says otherwise than it was told.

    `place` is what an office calls it; «» is the whole document. `told` was put in, `said`
    was read.
    """

    kind: Kind
    place: str = ""
    told: str = ""
    said: str = ""

    @property
    def refused(self) -> bool:
        """Whether no report may be made so."""
        return self.kind is not Kind.ADDED


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared (in all trials), and what differs."""

    cells: int
    headings: int
    texts: int
    differences: tuple[Difference, ...]

    @property
    def refused(self) -> tuple[Difference, ...]:
        """What no report may have."""
        return tuple(difference for difference in self.differences if difference.refused)
