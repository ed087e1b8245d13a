"""
The answers of a report: item id → value, immutable.

An item is a cell, a narrative or a piece of the organ's wording. A missing item is unanswered,
never zero. Counts are `int` (件), fees `Decimal` (万元), texts `str`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from conversations.form.model import CellId, Form, ItemId

Number = int | Decimal
Value = int | Decimal | str


def format_number(value: Number) -> str:
    """A figure as shown and printed: no trailing zeros, no exponent."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def grouped(value: Number) -> str:
    """A figure with thousands separators, for a sentence: 4,119."""
    return f"{Decimal(format_number(value)):,f}"


class Answers(Mapping[str, Value]):
    """
    An immutable mapping of answers.

    `changed` returns a new one; None removes an answer.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[ItemId, Value] | None = None) -> None:
        """Take a copy of `values`."""
        self._values = dict(values or {})

    def __getitem__(self, item: ItemId) -> Value:
        """The answer to an item."""
        return self._values[item]

    def __iter__(self) -> Iterator[ItemId]:
        """The answered items."""
        return iter(self._values)

    def __len__(self) -> int:
        """The number of answered items."""
        return len(self._values)

    def __contains__(self, item: object) -> bool:
        """Whether the item is answered."""
        return item in self._values

    def __repr__(self) -> str:
        """The values, for a failing test."""
        return f"Answers({self._values!r})"

    def among(self, items: Iterable[ItemId]) -> list[ItemId]:
        """The answered ones of the items, in their order."""
        values = self._values
        return [item for item in items if item in values]

    def number(self, cell: CellId) -> Number | None:
        """The figure of a cell, None if unanswered."""
        value = self._values.get(cell)
        return None if isinstance(value, str) else value

    def sum_of(self, cells: Iterable[CellId]) -> Number | None:
        """The sum of some figures, None if one is unanswered."""
        try:
            return sum(map(self._values.__getitem__, cells))  # type: ignore[arg-type]  # no texts
        except (KeyError, TypeError):
            return None

    def text(self, item: ItemId) -> str | None:
        """The text of a narrative or wording, None if unanswered."""
        value = self._values.get(item)
        return value if isinstance(value, str) else None

    def changed(self, changes: Mapping[ItemId, Value | None]) -> Answers:
        """These answers with some replaced, added, or (None) removed."""
        fresh = Answers.__new__(Answers)
        values = dict(self._values)
        for item, value in changes.items():
            if value is None:
                values.pop(item, None)
            else:
                values[item] = value
        fresh._values = values
        return fresh


class Figures:
    """
    The figures of a report, with computed totals.

    A total that was typed, pasted or printed (a *claimed* total) is in the answers under the id of
    the total cell: it is compared with the computed one and never replaces it in the document.
    """

    __slots__ = ("_answers", "_form")

    def __init__(self, form: Form, answers: Answers) -> None:
        """Combine `answers` with the sums of `form`."""
        self._form = form
        self._answers = answers

    def get(self, cell: CellId) -> Number | None:
        """The figure for the document: totals computed, None while open."""
        if cell in self._form.sums:
            return self.computed(cell)
        return self._answers.number(cell)

    def claimed(self, cell: CellId) -> Number | None:
        """A total as typed or printed, None without one."""
        return self._answers.number(cell) if cell in self._form.sums else None

    def stated(self, cell: CellId) -> Number | None:
        """The figure as the report states it: a claimed total goes before the computed one."""
        figure = self._answers.number(cell)
        return self.computed(cell) if figure is None and cell in self._form.sums else figure

    def computed(self, cell: CellId) -> Number | None:
        """The sum of a total's addends, None while one of them is open."""
        return self._answers.sum_of(self._form.leaves[cell])

    def balance(self, cell: CellId) -> int | None:
        """
        The value of 结转下年度 in this column for which the balance holds (件).

        Below 0 if more was answered than received; None while a figure is open.
        """
        plus, minus = self._form.balance[cell]
        total = 0
        for sign, group in ((1, plus), (-1, minus)):
            for addend in group:
                value = self.get(addend)
                if value is None:
                    return None
                total += sign * int(value)
        return total

    def all(self) -> dict[CellId, Number]:
        """Every known figure in printed order, totals computed."""
        known = {cell: self.get(cell) for cell in self._form.cells}
        return {cell: value for cell, value in known.items() if value is not None}
