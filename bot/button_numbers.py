"""The numbers in the buttons of a chat: anybody may send any."""

from __future__ import annotations

LARGEST = 2**31 - 1  # of an id: what its column holds


def read_number(text: str, base: int = 16) -> int | None:
    """The id, or the place in a list, that stands in a button; None for what cannot be one."""
    if not (text.isascii() and text.isalnum()):
        return None
    try:
        number = int(text, base)
    except ValueError:
        return None
    return number if number <= LARGEST else None
