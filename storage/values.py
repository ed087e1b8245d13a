"""Answers read from their texts (`conversations/form/texts.py`), and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.form.answers import Answers, Value
from conversations.form.numbers import ITEMS
from conversations.form.texts import READERS
from conversations.wording.store import DAMAGED_VALUE, TOO_NEW
from storage.errors import ReportDamaged, StoreTooNew


def read(number: int, text: str) -> Value:
    """
    The value behind an item's text.

    Raises:
        StoreTooNew: The item is not known to this version.
        ReportDamaged: It is no such value.
    """
    try:
        return READERS[number](text)
    except KeyError:
        raise StoreTooNew(TOO_NEW) from None
    except (ValueError, ArithmeticError):
        raise ReportDamaged(DAMAGED_VALUE) from None


def answers(texts: Mapping[int, str]) -> Answers:
    """
    The answers behind the rows of a report, by number.

    Raises:
        StoreTooNew: An item is not known to this version: answering on without it could
            finish a report with a gap.
        ReportDamaged: A figure is none.
    """
    items, readers = ITEMS, READERS
    try:
        return Answers({items[n]: readers[n](text) for n, text in texts.items()})
    except KeyError:
        raise StoreTooNew(TOO_NEW) from None
    except (ValueError, ArithmeticError):
        raise ReportDamaged(DAMAGED_VALUE) from None
