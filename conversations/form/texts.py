"""
The text form of answers in the store: writing and reading it happens only here.

Counts (件) and fees (万元) are plain digits without needless zeros, texts stay as they are. The
form's measure of the item decides which it is; an item without a measure is a text. Equal values
have equal texts, so that texts can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from conversations.form import FORMS
from conversations.form.answers import Value, format_number
from conversations.form.local_notice import LOCAL_CELLS
from conversations.form.model import ItemId, Measure
from conversations.form.numbers import NUMBERS

UNITS: dict[ItemId, Measure] = {
    cell.id: cell.measure for form in FORMS.values() for cell in form.cells.values()
} | dict.fromkeys(LOCAL_CELLS, Measure.COUNT)

WHOLE = {Measure.COUNT, Measure.SIGNED}


def written(item: ItemId, value: Value) -> str:
    """
    The text of a value.

    Raises:
        ValueError: The item cannot have this value. A bug in the caller: wrong input by a clerk is
            refused long before.
    """
    unit = UNITS.get(item)
    if type(value) is int and value >= 0 and unit not in (None, Measure.AS_PRINTED):
        return str(value)  # nearly all values
    if unit is None or unit is Measure.AS_PRINTED:
        if not isinstance(value, str):
            raise ValueError(f"{item} is a text, not {value!r}")
        return storable(value)
    if isinstance(value, str | bool):
        raise ValueError(f"{item} is a figure, not {value!r}")  # noqa: TRY004 - as all here
    if isinstance(value, int):
        text = str(value)
    elif value.is_finite():
        text = format(value, "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        text = "0" if text == "-0" else text
    else:
        raise ValueError(f"{item} is a figure, not {value!r}")
    if unit in WHOLE and "." in text:
        raise ValueError(f"{item} is a whole number, not {value!r}")
    if unit is not Measure.SIGNED and text.startswith("-"):
        raise ValueError(f"{item} is not negative, as {value!r} is")
    return text


def storable(text: str) -> str:
    """
    Return the text, if every store can hold it.

    Raises:
        ValueError: It contains a NUL or half a surrogate pair. The conversation removes such
            characters, or tells the clerk.
    """
    if "\0" in text:
        raise ValueError("a text with a NUL cannot be stored")
    text.encode()
    return text


class _Counts(dict[str, int]):
    """Small counts, prepared: loading reads all figures, and most are small."""

    def __missing__(self, text: str) -> int:
        return int(text)


_COUNTS = _Counts((str(count), count) for count in range(1000))


def _reader(item: ItemId) -> Callable[[str], Value]:
    unit = UNITS.get(item)
    if unit in WHOLE:
        return _COUNTS.__getitem__
    return Decimal if unit is Measure.FEE else str


# The function that reads an item's text, by the item's permanent number.
READERS: dict[int, Callable[[str], Value]] = {
    number: _reader(item) for item, number in NUMBERS.items()
}


def as_stored(item: ItemId, value: Value) -> Value:
    """
    The value as it is after storing and reading: of the measure's type, without needless zeros.

    A figure for an amount as printed becomes its text.
    """
    if UNITS.get(item) is Measure.AS_PRINTED and not isinstance(value, str):
        value = format_number(value)
    return READERS[NUMBERS[item]](written(item, value))
