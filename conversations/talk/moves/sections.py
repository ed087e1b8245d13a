"""Texts with section headings: recognise them, offer them, store them in their sections."""

from __future__ import annotations

from dataclasses import replace

from conversations.form.model import ItemId, Section
from conversations.talk.buttons import button
from conversations.talk.derived import is_cut, joined
from conversations.talk.effects import MessageKind, Say
from conversations.talk.events import ReportRead
from conversations.talk.moves.onward import resume, say_hints, stop_at_finding
from conversations.talk.moves.reading import read_in
from conversations.talk.moves.turn import (
    MOST_LINES,
    Turn,
    clean,
    ended,
    keep_begun,
    pending_of,
    say_expired,
    section_of,
)
from conversations.talk.session import Asking, Parts, Pending, State, Stop
from conversations.wording import importing as words
from conversations.wording import talk as wording

SHORTEST = 20  # characters of a text that may have a heading and something under it
MORE = 60  # characters of a message that is no answer but goes on with a text


def are_in(text: str) -> bool:
    """Whether a text has the heading of a narrative, and text under it."""
    if len(text) < SHORTEST or not 0 < text.strip().count("\n") <= MOST_LINES:
        return False
    from conversations.document.read.sent_text import holds_sections

    return holds_sections(text)


def sections_in(turn: Turn) -> None:
    """A text with headings, sent at another question."""
    say_left(turn)
    parts = ((turn.order or 1, clean(turn, turn.text).strip("\n")),)
    offer(turn, parts, "", turn.place.returning)


def say_left(turn: Turn) -> None:
    """Name what was left out of a file, before any of it is stored."""
    if turn.left:
        turn.note(words.left_out((left.what, left.count) for left in turn.left))


def holds_more(text: str) -> bool:
    """Whether a section's text, without its own heading, has headings with text under them."""
    from conversations.document.read.sent_text import section_texts

    return any(part.section and part.text.strip() for part in section_texts(text))


def without_frame(turn: Turn, section: Section, text: str) -> str:
    """A section's text without heading and signature, which the document has; says so."""
    from conversations.document.read.sent_text import own_heading, signed_under

    heading, text = own_heading(text, section.id)
    signature = ""
    if section == turn.session.form.sections[-1]:
        lines, signature = signed_under(text.split("\n"), turn.session.organ)
        text = "\n".join(lines)
    if heading or signature:
        said = words.not_kept(heading, signature)
        if all(not isinstance(effect, Say) or effect.text != said for effect in turn.effects):
            turn.note(said)
    return text


def offer(turn: Turn, parts: Parts, item: ItemId, back: tuple[Stop, ...]) -> None:
    """
    Show the parts of a text for the sections; a whole report is shown as one.

    `item` is the narrative that was asked; text without a heading belongs to it.
    """
    text = joined(parts)
    if turn.is_too_long(text):
        return
    report = turn.report_in(text)
    if report is None:
        turn.go(State.CONFIRM, item, back=back)
        pending = Pending(Asking.SECTIONS, text=text)
        turn.put(replace(turn.place, pending=pending, parts=parts))
        return
    turn.read = ReportRead("", report)
    if read_in(turn, back):
        turn.put_parts(parts)


def goes_on(turn: Turn) -> bool:
    """Add a message that continues the waiting text; False if it is an answer."""
    place, text = turn.place, turn.text
    if not place.parts or not (is_cut(max(place.parts)[1]) or len(text) >= MORE):
        return False
    order = turn.order or max(place.parts)[0] + 1
    kept = tuple(part for part in place.parts if part[0] != order)
    say_left(turn)
    offer(turn, (*kept, (order, clean(turn, text).strip("\n"))), place.item, place.back)
    return True


def take_all(turn: Turn, pending: Pending) -> None:
    """Store every part that replaces no other text."""
    from conversations.talk.sections_sent import sections_sent

    free = sections_sent(turn.session, pending).free
    if free:
        _take(turn, pending, {sent.section: sent.text for sent in free})
    else:
        say_expired(turn)


def take_one(turn: Turn) -> None:
    """Store one part, replacing the text of its section."""
    from conversations.talk.sections_sent import sections_sent

    pending = turn.place.pending
    section = section_of(turn)
    if pending is None or pending.asking is not Asking.SECTIONS:
        say_expired(turn)
        return
    texts = {s.section: s.text for s in sections_sent(turn.session, pending).texts}
    if section in texts:
        _take(turn, pending, {section: texts[section]})
    else:
        say_expired(turn)


def _take(turn: Turn, pending: Pending, texts: dict[Section, str]) -> None:
    from conversations.talk.sections_sent import sections_sent

    turn.save({section.id: text for section, text in texts.items()})
    for section, text in texts.items():
        modify = button(wording.MODIFY, "o", section.item)
        said = wording.read_back(section, text)
        turn.say(MessageKind.RESULT, said, ((modify,),), item=section.id)
    chosen = (*pending.chosen, *(section.id for section in texts))
    pending = replace(pending, chosen=chosen)
    place = turn.place
    for section in texts:
        place = ended(place, section.id)
    turn.put(replace(place, pending=pending))
    if sections_sent(turn.session, pending).texts:
        return
    turn.say_stale()
    say_hints(turn, chosen)
    back = tuple(stop for stop in turn.place.back if stop[1] not in chosen)
    turn.put(replace(turn.place, pending=None, parts=()))
    if not stop_at_finding(turn, chosen, back):
        resume(turn, back)


def take_as_one(turn: Turn) -> None:
    """Store all of it as the text of the asked section, with the headings."""
    pending = pending_of(turn)
    if pending is None:
        return
    place = turn.place
    section = turn.session.form.section.get(place.item)
    if pending.asking is not Asking.SECTIONS or section is None:
        say_expired(turn)
        return
    text = without_frame(turn, section, pending.text)
    stands = turn.session.answers.text(section.id)
    if stands is not None and not text.startswith(stands):
        turn.put(replace(place, pending=Pending(Asking.REPLACE, text=text)))
        return
    keep_begun(turn, section, text, place.parts)
