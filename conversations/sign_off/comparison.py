"""The result of comparing the published report with the approved one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from conversations.form.answers import Number, format_number
from conversations.form.model import CellId, ItemId

HEADINGS = "headings"  # the item for the order of the headings
LABELS = "labels"  # the item for the words in the tables
MOST_KEPT, LONGEST_KEPT = 300, 500  # differences, and characters of a text, kept in the record
_HEADING = ".heading"


def heading_of(section: ItemId) -> ItemId:
    """The item for a section's heading."""
    return f"{section}{_HEADING}"


def section_headed(item: ItemId) -> ItemId:
    """The section of an item from `heading_of`, "" for any other item."""
    return item.removesuffix(_HEADING) if item.endswith(_HEADING) else ""


class Result(Enum):
    """The result of a comparison; the values are those of `nianbao compare --json`."""

    EQUAL = "equal"
    DIFFERENT = "different"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A figure that was published differently; `theirs` is "" for an empty box."""

    cell: CellId
    ours: Number
    theirs: Number | str


@dataclass(frozen=True, slots=True)
class TextDifference:
    """The sentences of a text that were published differently; "" for none."""

    item: ItemId
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    The differences, and in `why` sentences about what could not be compared.

    If anything surely differs, the result is DIFFERENT, even if other parts were not read.
    """

    result: Result
    cells: tuple[CellDifference, ...] = ()
    texts: tuple[TextDifference, ...] = ()
    why: str = ""

    def dumps(self) -> str:
        """The differences as JSON for the record: a limited number, long texts cut."""
        cells = [[c.cell, format_number(c.ours), _written(c.theirs)] for c in self.cells]
        texts = [[t.item, t.ours[:LONGEST_KEPT], t.theirs[:LONGEST_KEPT]] for t in self.texts]
        return json.dumps(
            {"cells": cells[:MOST_KEPT], "texts": texts[:MOST_KEPT]}, ensure_ascii=False
        )


def recorded(note: Mapping[str, str]) -> Comparison:
    """The result from the note of a publication's step; without one it was not compared."""
    kept = json.loads(note.get("differences") or "{}")
    return Comparison(
        Result(note.get("result") or Result.NOT_COMPARED.value),
        tuple(CellDifference(c, _number(o), _read(t)) for c, o, t in kept.get("cells", ())),
        tuple(TextDifference(*text) for text in kept.get("texts", ())),
        note.get("why", ""),
    )


def _number(text: str) -> Number:
    return Decimal(text) if "." in text else int(text)


def _read(text: str) -> Number | str:
    try:
        return _number(text)
    except (ValueError, ArithmeticError):
        return text


def _written(value: Number | str) -> str:
    return value if isinstance(value, str) else format_number(value)


def not_compared(why: str) -> Comparison:
    """The result if nothing was read, with the reason."""
    return Comparison(Result.NOT_COMPARED, why=why)
