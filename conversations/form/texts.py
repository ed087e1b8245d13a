"""
How an answer is written as a text, and read back: the one place that knows.

Counts (件) and fees (万元) are plain digits without a needless zero, texts are as they
are. Which is which is decided by the form's unit of the item; everything that is not a
figure is a text. Equal values are written alike, so that texts can be compared.
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
    The text that stands for a value.

    Raises:
        ValueError: No such value can stand in this item. A bug in the caller: what a
            clerk types is refused long before.
    """
    unit = UNITS.get(item)
    if type(value) is int and value >= 0 and unit not in (None, Measure.AS_PRINTED):
        return str(value)  # nearly all of them
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
    The text itself, if every store can hold it.

    Raises:
        ValueError: It holds a NUL or half a surrogate pair. The conversation takes such
            marks away, or tells the clerk.
    """
    if "\0" in text:
        raise ValueError("a text with a NUL cannot be stored")
    text.encode()
    return text


class _Counts(dict[str, int]):
    """Small counts ready made: most of a report's figures are, and loading reads them all."""

    def __missing__(self, text: str) -> int:
        return int(text)


_COUNTS = _Counts((str(count), count) for count in range(1000))


def _reader(item: ItemId) -> Callable[[str], Value]:
    unit = UNITS.get(item)
    if unit in WHOLE:
        return _COUNTS.__getitem__
    return Decimal if unit is Measure.FEE else str


# How the text of an item is read, by the item's permanent number.
READERS: dict[int, Callable[[str], Value]] = {
    number: _reader(item) for item, number in NUMBERS.items()
}


def as_stored(item: ItemId, value: Value) -> Value:
    """
    The value as it is after it was stored and read again: of the unit's type, no needless 0.

    A figure typed for an amount as it was printed is its text.
    """
    if UNITS.get(item) is Measure.AS_PRINTED and not isinstance(value, str):
        value = format_number(value)
    return READERS[NUMBERS[item]](written(item, value))
