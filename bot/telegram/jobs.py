"""What a transaction leaves to be done after its commit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.telegram.screen import Decoration
from bot.watching.following import Handled
from storage.messages import Message


@dataclass(frozen=True, slots=True)
class CardPlace:
    """A message of a chat: by our outgoing row, or by Telegram's id."""

    chat: int
    row: int | None = None
    message: int | None = None


@dataclass(slots=True)
class Job:
    """
    The work left after a commit.

    `sends` are rows to be sent. `answers` are callback ids with the text to show, and whether a
    known person waits; `reactions` messages to get 👌; `decorations` cards to be replaced by their
    results; `contents` lists of sections to be updated (made when there is room to show them);
    `menus` chats whose person has more commands than others; `facts` are noted in memory; `handled`
    says which of `sends` are for which update.
    """

    sends: list[Message] = field(default_factory=list)
    answers: list[tuple[str, str, bool]] = field(default_factory=list)
    reactions: list[tuple[int, int]] = field(default_factory=list)
    decorations: list[tuple[CardPlace, Decoration]] = field(default_factory=list)
    contents: list[tuple[CardPlace, Callable[[], Decoration]]] = field(default_factory=list)
    menus: list[int] = field(default_factory=list)
    facts: list[Callable[[], None]] = field(default_factory=list)
    handled: list[Handled] = field(default_factory=list)

    def add(self, other: Job) -> None:
        """Add the work of another update of the same transaction."""
        self.sends += other.sends
        self.answers += other.answers
        self.reactions += other.reactions
        self.decorations += other.decorations
        self.contents += other.contents
        self.menus += other.menus
        self.facts += other.facts
        self.handled += other.handled


_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def dumps(data: Any) -> str:
    """JSON that both databases can hold."""
    return _encode(data)
