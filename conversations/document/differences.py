"""The differences that `proof.py` finds between a template's document and what was put in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The kind of difference at a place."""

    UNREADABLE = "unreadable"
    MISSING = "missing"
    OTHERS = "others"  # the content of another place is there
    WRONG = "wrong"
    TWICE = "twice"
    ORDER = "order"
    ADDED = "added"  # a text of the office's own: reported, not refused
    NOT_A_DRAFT = "not a draft"
    A_DRAFT = "a draft"
    GAPS = "gaps"

    @property
    def is_more(self) -> bool:
        """Whether there is more than was put in."""
        return self in (Kind.TWICE, Kind.ADDED)


@dataclass(frozen=True, slots=True)
class Difference:
    """
    A difference between a document and what was put into it.

    `place` is the office's name for it, «» the whole document. `told` was put in, `said` was read.
    """

    kind: Kind
    place: str = ""
    told: str = ""
    said: str = ""

    @property
    def refused(self) -> bool:
        """Whether the template is refused because of it."""
        return self.kind is not Kind.ADDED


@dataclass(frozen=True, slots=True)
class Proof:
    """The numbers of compared items (in all trials), and the differences."""

    cells: int
    headings: int
    texts: int
    differences: tuple[Difference, ...]

    @property
    def refused(self) -> tuple[Difference, ...]:
        """The differences for which the template is refused."""
        return tuple(difference for difference in self.differences if difference.refused)
