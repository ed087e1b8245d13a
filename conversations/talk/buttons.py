"""Buttons and their ids: `verb:number[:mark]`, meaningful for ever, at most 64 bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from conversations.talk.effects import Button, Tone


def short_mark(text: str) -> str:
    """A short mark of a text, for button ids."""
    return format(zlib.crc32(text.encode("utf-8", "replace")), "x")


@lru_cache(maxsize=4096)
def button(label: str, *parts: str | int, tone: Tone = Tone.PLAIN) -> Button:
    """A button whose id is the parts joined by colons."""
    return Button(":".join(map(str, parts)), label, tone)


def in_rows(buttons: Iterable[Button], width: int) -> Iterator[tuple[Button, ...]]:
    """Buttons side by side, `width` in a row."""
    row: list[Button] = []
    for next_button in buttons:
        row.append(next_button)
        if len(row) == width:
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)
