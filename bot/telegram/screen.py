"""
Turns the effects of a step into messages for a phone.

One turn becomes one message if it fits: the result, notes, and the open question with its buttons.
The card of the answered question becomes its short result, if there is time for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversations.form.model import Form
from conversations.talk.effects import (
    Buttons,
    Deliver,
    Draw,
    Effect,
    MessageKind,
    Say,
    ShowPhoto,
)
from conversations.talk.moves.texts import split_text
from conversations.wording import talk as wording

TEXT_LIMIT = 4096  # UTF-16 units of one message
CAPTION_LIMIT = 1024  # … and of a caption
ROOM = 3900  # units that we use
RESULTS = 12  # results named on an answered card; the rest are counted


@dataclass(frozen=True, slots=True)
class Call:
    """
    One call to be stored and sent: `payload` goes into the store as JSON.

    A card of a report is `about` that report and the number of the item it asks for.
    """

    method: str
    payload: dict[str, Any]
    card: bool = False
    final: bool = False
    table: str = ""
    version: int = 0
    form: str = ""
    about: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Decoration:
    """The new content of an answered card; sent if there is time."""

    text: str
    buttons: list[list[list[str]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Everything one turn shows."""

    calls: tuple[Call, ...]
    toast: str = ""
    decoration: Decoration | None = None


def units(text: str) -> int:
    """Length as Telegram counts it (UTF-16)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """A text of at most so many UTF-16 units, without characters that Telegram refuses."""
    text = plain(text)
    if units(text) <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"


_UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def plain(text: str) -> str:
    """The text without what Telegram refuses: half characters, control characters."""
    return text if text.isprintable() else _UNSENDABLE.sub("�", text)


def fits(text: str) -> bool:
    """Whether a text fits into one message; no character counts more than twice."""
    return 2 * len(text) <= ROOM or units(plain(text)) <= ROOM


def pieces(text: str) -> list[str]:
    """A text in messages below the limit, cut at paragraph ends where possible."""
    text = plain(text)
    if text and fits(text):
        return [text]
    parts = []
    for piece in split_text(text, ROOM):
        parts += [piece] if units(piece) <= TEXT_LIMIT else split_text(piece, ROOM // 2)
    return parts


def keyboard(buttons: Buttons, prefix: str) -> list[list[list[str]]]:
    """Buttons as plain data: id with the report's prefix, label, style."""
    return [
        [[f"{prefix}{button.id}", plain(button.label)[:60], button.tone.value] for button in row]
        for row in buttons
        if row
    ]


def prefix_of(report_id: int | None) -> str:
    """The prefix that ties a button id to its report for ever."""
    return "" if report_id is None else f"{report_id:x}/"


def render(
    effects: Sequence[Effect],
    *,
    prefix: str,
    report_id: int | None,
    head: str,
    foot: list[list[list[str]]],
    form: Form,
    moved: bool,
    tapped: bool,
    shown: bool = False,
    unseen: bool = False,
) -> Rendered:
    """
    The calls of one turn.

    `head` names organ and year for a person who works for several; `foot` are buttons on all of
    their cards. `moved` says whether the place or an answer has changed, `shown` that the open
    question is on the screen: then a tap that changed nothing, or a refused answer, gets a word
    instead of the same card again. After an answer to a question that was not on the screen yet
    (`unseen`), the result names the question in full, with the button to change it.
    """
    says = [effect for effect in effects if isinstance(effect, Say)]
    deliveries = [effect for effect in effects if isinstance(effect, Deliver)]
    results = [say for say in says if say.kind is MessageKind.RESULT]
    refusals = [say for say in says if say.kind is MessageKind.REFUSAL]
    notes = [say for say in says if say.kind in (MessageKind.NOTE, MessageKind.REFUSAL)]
    cards = [say for say in says if say.kind in (MessageKind.CARD, MessageKind.CONTENTS)]
    card = cards[-1] if cards else None
    if tapped and shown and not moved and not results and not deliveries and len(notes) == 1:
        text = notes[0].text
        said_first = text.partition("\n")[0]
        if said_first in (wording.PAST, wording.ALREADY):
            return Rendered((), said_first)
        if len(text) <= 60 and not notes[0].buttons:
            return Rendered((), text)
    if refusals and shown and not moved and len(refusals) == len(says) - 1 and card is not None:
        # The question is right above: only say what is wrong.
        return Rendered(tuple(_texts("\n".join(say.text for say in refusals))))
    calls = [
        Call(
            "sendDocument",
            {},
            final=delivery.final,
            table=delivery.table,
            version=delivery.version,
            form=delivery.form,
        )
        for delivery in deliveries
    ]
    for effect in effects:
        if isinstance(effect, Draw):
            calls.append(Call("sendPhoto", {"chart": effect.chart.value}))
        elif isinstance(effect, ShowPhoto):
            kept = {"photo": effect.photo, "caption": plain(effect.caption)}
            calls.append(Call("sendPhoto", kept))
    for say in says:
        if say.kind is MessageKind.COPY:
            calls += _texts(say.text)
    said = [say for say in says if say in results or say in notes]
    named = unseen and len(results) == 1
    text = "\n".join(
        f"{say.text}{_where(form, say.item)}" if named and say in results else say.text
        for say in said
    )
    buttons = keyboard(_extra_buttons(said, modify=named), prefix)
    if card is not None:
        before, text = text, f"{head}{card.text}"
        buttons += keyboard(card.buttons, prefix) + foot
        if before:
            joined = f"{before}\n\n{text}"
            if fits(joined):
                text = joined
            else:
                calls += _texts(before)
    *first, last = pieces(text) or [wording.ALREADY]
    calls += [Call("sendMessage", {"text": piece}) for piece in first]
    payload: dict[str, Any] = {"text": last, "buttons": buttons}
    about: tuple[int | None, int | None] = (None, None)
    if card is not None and report_id is not None:
        about = (report_id, form.number.get(card.item or "", 0))
    calls.append(Call("sendMessage", payload, card=card is not None, about=about))
    return Rendered(tuple(calls), decoration=_result(results, prefix) if results else None)


def _texts(text: str) -> list[Call]:
    return [Call("sendMessage", {"text": piece}) for piece in pieces(text)]


def _result(results: Sequence[Say], prefix: str) -> Decoration:
    """The new content of the answered card."""
    text = "\n".join(say.text for say in results[:RESULTS])
    if len(results) > RESULTS:
        text += f"\n……共 {len(results)} 项"
    modify = results[0].buttons[:1] if len(results) == 1 else ()
    return Decoration(pieces(text)[0], keyboard(modify, prefix))


def _where(form: Form, item: str | None) -> str:
    """A line in full: its section and its official wording."""
    line = form.lines.get(item or "")
    if line is None:
        return ""
    return f"（{form.section_of[line.id].heading} › {wording.line_name(line)}）"


def _extra_buttons(said: Iterable[Say], *, modify: bool) -> Buttons:
    """Buttons of notes and results for the new message."""
    return tuple(
        tuple(row)
        for say in said
        for row in say.buttons
        if modify
        or not (say.kind is MessageKind.RESULT and all(b.label == wording.MODIFY for b in row))
    )
