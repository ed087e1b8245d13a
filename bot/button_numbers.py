"""Numbers in the buttons of a chat; button data may be forged."""

from __future__ import annotations

LARGEST = 2**31 - 1  # the largest id that its column holds


def read_number(text: str, base: int = 16) -> int | None:
    """The id, or the place in a list, in a button's data; None for an invalid one."""
    if not (text.isascii() and text.isalnum()):
        return None
    try:
        number = int(text, base)
    except ValueError:
        return None
    return number if number <= LARGEST else None
