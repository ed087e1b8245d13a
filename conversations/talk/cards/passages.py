"""Cards of a text by paragraphs and sentences."""

from __future__ import annotations

from conversations.talk.buttons import button, in_rows
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.talk.passages import INSTEAD, paragraphs, passage_marked
from conversations.talk.session import Session
from conversations.wording import talk as wording

MOST_LISTED = 40  # paragraphs with a button; others are found by their words


def passage_card(session: Session) -> Say:
    """The chosen passage with its possible changes; without one, the paragraphs."""
    place = session.place
    keep = button(wording.KEEP, "keep", session.form.number[place.item], tone=Tone.MAIN)
    pending = place.pending
    passage = passage_marked(session, pending.chosen[0]) if pending else None
    if pending is None or passage is None:
        name = session.form.name_of(place.item)
        listed = paragraphs(session, place.item)[:MOST_LISTED]
        rows = [(button(wording.shorten(p.text, 24), "pa", p.mark),) for p in listed]
        return Say(MessageKind.CARD, wording.which_passage(name), ((keep,), *rows))
    asks = (place.item,)
    if pending.chosen[1] != INSTEAD:
        return Say(MessageKind.CARD, wording.put_in(passage.text), ((keep,),), asks)
    rows = [(button(wording.shorten(p.text, 24), "pa", p.mark),) for p in passage.sentences]
    actions: list[Button] = [
        button(wording.PUT_BEFORE, "pb", passage.mark),
        button(wording.PUT_AFTER, "pf", passage.mark),
        button(wording.REMOVE, "pd", passage.mark, tone=Tone.DANGER),
        keep,
    ]
    text = wording.passage(passage.text, has_sentences=bool(rows))
    return Say(MessageKind.CARD, text, (*rows, *in_rows(actions, 2)), asks)
