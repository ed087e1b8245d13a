"""Reads answers from their texts (`conversations/form/texts.py`)."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.form.answers import Answers, Value
from conversations.form.numbers import ITEMS
from conversations.form.texts import READERS
from conversations.wording.store import DAMAGED_VALUE, TOO_NEW
from storage.errors import ReportDamaged, StoreTooNew


def read(number: int, text: str) -> Value:
    """
    The value that an item's text stands for.

    Raises:
        StoreTooNew: The item is not known to this version.
        ReportDamaged: The text is no such value.
    """
    try:
        return READERS[number](text)
    except KeyError:
        raise StoreTooNew(TOO_NEW) from None
    except (ValueError, ArithmeticError):
        raise ReportDamaged(DAMAGED_VALUE) from None


def answers(texts: Mapping[int, str]) -> Answers:
    """
    The answers of a report, from its texts by number.

    Raises:
        StoreTooNew: An item is not known to this version: going on without it could finish a report
            with a gap.
        ReportDamaged: The text of a figure is no figure.
    """
    items, readers = ITEMS, READERS
    try:
        return Answers({items[n]: readers[n](text) for n, text in texts.items()})
    except KeyError:
        raise StoreTooNew(TOO_NEW) from None
    except (ValueError, ArithmeticError):
        raise ReportDamaged(DAMAGED_VALUE) from None
