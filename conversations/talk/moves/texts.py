"""Moves of the narratives: a text in several messages."""

from __future__ import annotations

from dataclasses import replace

from conversations.checks.texts.contents import says_nothing
from conversations.form.model import ItemId, Narrative, Section
from conversations.talk.buttons import button
from conversations.talk.derived import is_cut, joined
from conversations.talk.effects import MessageKind
from conversations.talk.moves.onward import (
    resume,
    say_hints,
    stop_at_finding,
)
from conversations.talk.moves.sections import holds_more, offer, say_left, without_frame
from conversations.talk.moves.turn import (
    Turn,
    begun,
    clean,
    ended,
    is_no_text,
    on_text,
    pending_of,
    say_expired,
    section_of,
)
from conversations.talk.passages import changes
from conversations.talk.session import ANEW, Asking, Pending, Place, State
from conversations.talk.triggers import FINISHES, meant_by
from conversations.wording import talk as wording


def pieces_of(place: Place, item: ItemId, text: str) -> tuple[tuple[int, str], ...]:
    """The messages of a finished text; none if it was made or changed in another way."""
    pieces: list[tuple[int, str]] = []
    start = 0
    for order, length in dict(place.written).get(item, ()):
        part = text[start : start + length]
        pieces.append((order, part))
        start += length + (not is_cut(part) and not part.endswith("\n"))
    return tuple(pieces) if joined(pieces) == text else ()


def narrative_typed(turn: Turn) -> None:
    """A piece of a text: stored at once, more may follow."""
    section = turn.session.form.section[turn.place.item]
    body = section.body
    assert isinstance(body, Narrative)
    say_left(turn)
    text = clean(turn, turn.text).strip("\n")
    *lines, last = text.rstrip().split("\n")
    if ends := bool(lines) and meant_by(last) is FINISHES:
        text = "\n".join(lines)  # 「完成」 under the text is not part of it
    if not text.strip():
        turn.refuse(wording.EMPTY_TEXT)
        return
    if turn.is_too_long(text):
        return
    if not is_cut(text):  # a piece that continues in the next message is not changed
        text = without_frame(turn, section, text).strip("\n")
    if not text.strip():
        return  # only its heading, and the clerk was told
    if is_no_text(turn, text) or (says_nothing(text) and not body.none_is_an_answer):
        turn.refuse(wording.no_text(text, none=body.none_is_an_answer))
        return
    place, stands = turn.place, turn.session.answers.text(section.id)
    order = turn.order or (max((o for o, _ in place.parts), default=0) + 1)
    # An edited message replaces its old words.
    kept = place.parts if place.parts or stands is None else pieces_of(place, section.id, stands)
    again = turn.order > 0 and order in dict(kept)
    copied = _is_changed_copy(place, stands, text) and not again
    if copied or (not place.parts and not again):
        kept = ()
    parts = (*(part for part in kept if part[0] != order), (order, text))
    whole = without_frame(turn, section, joined(parts))
    if turn.is_too_long(whole):
        return
    if holds_more(whole):
        offer(
            turn, parts, section.id, place.back if place.state is State.CONFIRM else place.returning
        )
        return
    if again and not place.parts:
        # The text was finished before: only this piece changes.
        turn.save({section.id: whole})
        turn.put(replace(turn.place, parts=tuple(sorted(parts))))
        finish_text(turn, section)
        return
    first = stands is not None and (not place.parts or copied)
    if first or turn.place.state is State.CONFIRM:
        # There is a text already. More pieces of the new one may come before the clerk chooses.
        if first:
            turn.go(State.CONFIRM, section.id, back=turn.place.returning)
        pending = Pending(Asking.REPLACE, text=whole)
        turn.put(replace(turn.place, pending=pending, parts=parts))
    else:
        turn.save({section.id: whole})
        turn.put(replace(begun(turn.place, section.id), parts=parts))
        if ends:
            finish_text(turn, section)


def _is_changed_copy(place: Place, stands: str | None, text: str) -> bool:
    """Whether a message is a changed copy of the text that is being written."""
    if not place.parts or place.parts == ANEW or place.state is State.CONFIRM or stands is None:
        return False
    return changes(stands, text) is not None


def replace_text(turn: Turn) -> None:
    settle_text(turn, append=False)


def append_text(turn: Turn) -> None:
    settle_text(turn, append=True)


def settle_text(turn: Turn, *, append: bool) -> None:
    pending = pending_of(turn)
    if pending is None:
        return
    if pending.asking is not Asking.REPLACE:
        say_expired(turn)
        return
    place = turn.place
    section = turn.session.form.section[place.item]
    parts = place.parts
    if append:
        old = turn.session.answers.text(section.id)
        parts = ((0, old + "\n"), *parts) if old else parts
    turn.save({section.id: without_frame(turn, section, joined(parts))})
    back = place.back
    if back and back[-1] == (State.NARRATIVE, section.id):
        back = back[:-1]
    turn.go(State.NARRATIVE, section.id, back=back)
    turn.put(replace(begun(turn.place, section.id), parts=parts))


@on_text
def done_text(turn: Turn, section: Section) -> None:
    text = turn.session.answers.text(section.id)
    if text is None or turn.place.item != section.id:
        say_expired(turn)
        return
    finish_text(turn, section)


@on_text
def none_text(turn: Turn, section: Section) -> None:
    """「无。」 for a section that allows it; an existing text is kept."""
    if turn.session.answers.text(section.id) is not None:
        say_expired(turn, wording.ALREADY)
        return
    turn.visit(State.NARRATIVE, section.id)
    turn.save({section.id: "无。"})
    finish_text(turn, section)


def finish_text(turn: Turn, section: Section) -> None:
    """Read the text back in short, show the findings, and continue."""
    turn.put(ended(turn.place, section.id))
    if turn.place.parts:
        # So that an edit of one piece can find it among the others.
        lengths = tuple((order, len(part)) for order, part in sorted(turn.place.parts))
        others = tuple(piece for piece in turn.place.written if piece[0] != section.id)
        turn.put(replace(turn.place, written=(*others, (section.id, lengths))))
    text = turn.session.answers.text(section.id) or ""
    modify = button(wording.MODIFY, "o", section.item)
    turn.say(MessageKind.RESULT, wording.read_back(section, text), ((modify,),), item=section.id)
    turn.say_stale()
    say_hints(turn, [section.id])
    back = turn.place.back
    if stop_at_finding(turn, [section.id], back):
        return
    resume(turn, back, section)


@on_text
def rewrite(turn: Turn, section: Section) -> None:
    """Write a text anew; the old one stays until the new one comes."""
    turn.visit(State.NARRATIVE, section.id)
    turn.go(State.NARRATIVE, section.id)
    turn.put(replace(turn.place, parts=ANEW))


def show_all(turn: Turn) -> None:
    section = section_of(turn)
    text = turn.session.answers.text(section.id) if section else None
    if text is None:
        say_expired(turn)
        return
    for piece in split_text(text, wording.LIMIT):
        turn.say(MessageKind.COPY, piece)


def split_text(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters, cut at paragraph ends where possible."""
    limit //= 1 + any(ord(character) > 0xFFFF for character in text)  # an emoji counts twice
    pieces: list[str] = []
    rest = text
    while len(rest) > limit:
        cut = rest.rfind("\n", 1, limit + 1)
        cut = cut if cut > 0 else limit
        pieces.append(rest[:cut])
        rest = rest[cut:].lstrip("\n")
    if rest:
        pieces.append(rest)
    return pieces


@on_text
def show_points(turn: Turn, section: Section) -> None:
    assert isinstance(section.body, Narrative)
    turn.note(wording.points(section.body))
