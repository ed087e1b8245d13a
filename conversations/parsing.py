"""
What a clerk types → values, or a refusal that says what was not understood.

Nothing is guessed silently: a unit conversion is reported to be confirmed, an empty
place of a pasted row to be asked about, a total to be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from conversations.answers import Number
from conversations.form.model import Cell, CellId, Form, Line, Unit


class Reason(Enum):
    """Why an answer was refused; `wording.py` holds the sentence for each."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    FRACTION = "fraction"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"
    WRONG_UNIT = "wrong_unit"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`text` is the piece that was not understood (shortened); counts where they matter."""

    reason: Reason
    text: str = ""
    expected: int = 0
    found: int = 0
    unit: Unit = Unit.COUNT


@dataclass(frozen=True, slots=True)
class Conversion:
    """A figure that was typed in another unit and must be confirmed as converted."""

    cell: CellId
    typed: str
    value: Number


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What was read: figures (件 as int, 万元 as Decimal) by cell.

    `blanks` are empty places of a tabbed answer, to be asked about once; `totals`
    are totals typed along (total cell → figure), to be compared, never stored as
    figures; `conversions` are to be confirmed before anything is stored.
    """

    values: Mapping[CellId, Number]
    blanks: tuple[CellId, ...] = ()
    totals: Mapping[CellId, Number] | None = None
    conversions: tuple[Conversion, ...] = ()


def read_figure(text: str, unit: Unit) -> tuple[Number, Conversion | None] | Refusal:
    """One figure."""
    raise NotImplementedError


def read_answer(
    text: str, asked: Sequence[Cell], form: Form, following: Sequence[Line] = ()
) -> Reading | Refusal:
    """
    An answer to the cells asked, in order.

    `asked` are the cells the question is about: one cell, or the open or all cells of
    a line. `following` are the lines a pasted block may go on to fill, the asked one
    first.
    """
    raise NotImplementedError
