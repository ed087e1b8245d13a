"""What a transaction leaves to be done when it is stored."""

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
    """A message of a chat: an outgoing row of ours, or Telegram's id of it."""

    chat: int
    row: int | None = None
    message: int | None = None


@dataclass(slots=True)
class Job:
    """
    What is left to do after a commit.

    `answers` are callback ids with the word to show, and whether a person we know waits;
    `reactions` messages to be nodded at; `decorations` cards that become their short
    result; `contents` lists of sections as they are now (made when there is room to show
    them); `menus` chats whose person has more commands than others; `facts` are noted in
    memory; `handled` says which of `sends` are for which update.
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
        """What another update of the same transaction left."""
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
