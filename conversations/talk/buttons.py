"""Buttons and their ids: `verb:number[:mark]`, meaningful for ever, at most 64 bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from conversations.talk.effects import Button, Tone

ROW = 18  # Chinese characters that fit in a row of buttons on a phone 360 px wide


def short_mark(text: str) -> str:
    """A short mark of a text, for button ids."""
    return format(zlib.crc32(text.encode("utf-8", "replace")), "x")


@lru_cache(maxsize=4096)
def button(label: str, *parts: str | int, tone: Tone = Tone.PLAIN) -> Button:
    """A button whose id is the parts joined by colons."""
    return Button(":".join(map(str, parts)), label, tone)


def in_rows(buttons: Iterable[Button], width: int) -> Iterator[tuple[Button, ...]]:
    """Buttons side by side, at most `width` in a row, as their labels leave room."""
    row: list[Button] = []
    for next_button in buttons:
        room = ROW / (len(row) + 1)
        if len(row) == width or any(room < wide(b.label) for b in (*row, next_button)):
            if row:
                yield tuple(row)
            row = []
        row.append(next_button)
    if row:
        yield tuple(row)


def wide(label: str) -> float:
    """The width of a label in Chinese characters; an ASCII character counts half."""
    return sum(0.5 if character < "\u0250" else 1 for character in label)
