"""
/export in a chat: choose organ and kind, and stop it by a tap.

The files are made outside of the transaction (`bot/telegram/handing_out.py`). The person must look
after the organ, both when they ask and when the files are sent.
"""

from __future__ import annotations

from bot.county.under import named, year_below
from bot.reminding.asker import Asker, Reply, note
from conversations.answers.short import read_year
from conversations.talk.effects import MessageKind, Say
from conversations.wording import county as county_wording
from conversations.wording import county_handing_out as wording
from storage.county import organs_below
from storage.messages import Messages

LETTER = wording.EXPORT
COMMANDS = frozenset({"export"})
MOST_CHOICES = 8


def command(asker: Asker, _: str, argument: str) -> Reply:
    """The card of the named organ, or of the only one; else a choice; perhaps with a year."""
    words = argument.split()
    years = [year for word in words if (year := read_year(word))]
    if name := "".join(word for word in words if not read_year(word)):
        organs = asker.access.managed(1, name) or [o for o in asker.access.heads() if name in o[1]]
        if not organs:
            return note(wording.NOT_THERE.format(organ=name))
    else:
        organs = asker.access.heads()
        if not organs:
            return note(wording.NO_ORGANS)
    if len(organs) > MOST_CHOICES:
        return note(wording.TYPE_NAME)
    year = years[0] if years else year_below(asker, (organ_id for organ_id, _ in organs))
    if len(organs) == 1:
        return _card(asker, *organs[0], year)
    return Reply((Say(MessageKind.NOTE, wording.CHOOSE, wording.choice(organs, year)),))


def tapped(asker: Asker, parts: list[str]) -> Reply:
    """A button; its data may be anything."""
    if parts == [wording.STOP]:
        stopped = Messages(asker.unit).stop_handing_out(asker.person)
        return Reply(toast=wording.STOPPING if stopped else wording.NOTHING_TO_STOP)
    organ = named(asker, parts[0]) if parts else None
    year = int(parts[1]) if len(parts) > 1 and _is_year(parts[1]) else 0
    if organ is None or not year or len(parts) > 3:
        return Reply(toast=county_wording.OLD)
    if len(parts) == 2:
        return _card(asker, *organ, year)
    kinds = list(wording.KINDS) if parts[2] == wording.ALL else [parts[2]]
    if not set(kinds) <= wording.KINDS.keys():
        return Reply(toast=county_wording.OLD)
    if Messages(asker.unit).is_handing_out(asker.person):
        return Reply(toast=wording.UNDER_WAY)
    organ_id, name = organ
    return Reply(
        (Say(MessageKind.NOTE, wording.begun(name, year), wording.stop_buttons()),),
        toast=wording.BEGUN,
        hands_out={"organ_id": organ_id, "organ": name, "year": year, "kinds": kinds},
    )


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4


def _card(asker: Asker, organ_id: int, organ: str, year: int) -> Reply:
    organs = organs_below(asker.unit, organ_id, year)
    if not organs:
        return note(wording.NO_ORGANS)
    text = wording.card(organ, year, organs)
    return Reply((Say(MessageKind.NOTE, text, wording.card_buttons(organ_id, year)),))
