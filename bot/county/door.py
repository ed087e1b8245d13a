"""
The county's views in a chat: each has its commands and buttons.

A view is a module beside this one with `COMMANDS` (the names of its commands), `command` and
`tapped`, perhaps `typed_next` (a message that it waits for); its letter is in its buttons
(`cy:<letter>:<rest>`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from bot.county import (
    dates,
    handing_out_view,
    inviting,
    organ_door,
    overview,
    standing_out,
    sum_view,
)
from bot.reminding.asker import Asker, Reply, note
from conversations.wording import county as wording

COUNTY = wording.COUNTY

VIEWS: Mapping[str, ModuleType] = {
    view.LETTER: view
    for view in (
        dates,
        handing_out_view,
        inviting,
        organ_door,
        overview,
        standing_out,
        sum_view,
    )
}
# A clerk without an administrator may use it, too; it checks rights itself.
FOR_ALL = frozenset({organ_door.LETTER})


def command(asker: Asker, name: str, argument: str) -> Reply | None:
    """The answer to a command; None if it is no view's."""
    letter = next((letter for letter, view in VIEWS.items() if name in view.COMMANDS), None)
    if letter is None:
        return None
    if not (letter in FOR_ALL or asker.administers_some()):
        return note(wording.NOT_YOURS)
    reply: Reply = VIEWS[letter].command(asker, name, argument)
    return reply


def tapped(asker: Asker, rest: str) -> Reply:
    """The answer to a button, without the verb before it; its data may be anything."""
    letter, _, data = rest.partition(":")
    view = VIEWS.get(letter)
    if view is None or not (letter in FOR_ALL or asker.administers_some()):
        return Reply(toast=wording.NOT_YOURS if view else wording.OLD)
    reply: Reply = view.tapped(asker, data.split(":") if data else [])
    return reply


def typed(asker: Asker, text: str) -> Reply | None:
    """The answer to a message that a view waits for; None otherwise."""
    for view in VIEWS.values():
        if hasattr(view, "typed_next") and (reply := view.typed_next(asker, text)):
            said: Reply = reply
            return said
    return None
