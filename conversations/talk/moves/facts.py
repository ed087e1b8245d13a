"""Moves of the fact sheet: sentences made from figures are chosen, confirmed, written."""

from __future__ import annotations

import re
from dataclasses import replace

from conversations.answers.short import is_no, is_yes
from conversations.checks.texts.contents import says_nothing
from conversations.form.model import Section
from conversations.talk.buttons import short_mark
from conversations.talk.derived import joined
from conversations.talk.facts import as_now, facts_of
from conversations.talk.moves.onward import resume, waiting
from conversations.talk.moves.texts import narrative_typed
from conversations.talk.moves.turn import Turn, keep_begun, on_text, say_expired
from conversations.talk.session import ANEW, Asking, Pending, State
from conversations.wording import talk as wording

_NUMBERS = re.compile(r"\d{1,2}(?:[\s,，、.;；/和]+\d{1,2})*[\s.。]*")
SHORT = 10  # characters of a message that is hardly a section's text


@on_text
def show_facts(turn: Turn, section: Section) -> None:
    """Offer the sentences; none is in the text before it is confirmed."""
    if not facts_of(turn.session, section):
        turn.note(wording.NO_FACTS_YET)
        return
    turn.visit(State.NARRATIVE, section.id)
    turn.go(State.CONFIRM, section.id, back=turn.place.returning)
    turn.put(replace(turn.place, pending=Pending(Asking.FACTS)))


def choose_fact(turn: Turn) -> None:
    """Choose a sentence, or leave it out again."""
    pending = turn.place.pending
    if pending is None or pending.asking is not Asking.FACTS:
        say_expired(turn)
        return
    offered = facts_of(turn.session, turn.session.form.section[turn.place.item])
    said = next((said for said in offered if short_mark(said) == turn.mark), None)
    if said is None:
        say_expired(turn)
    else:
        _choose(turn, pending, said)


def _choose(turn: Turn, pending: Pending, said: str) -> None:
    others = tuple(other for other in pending.chosen if other != said)
    chosen = others if said in pending.chosen else (*others, said)
    turn.put(replace(turn.place, pending=replace(pending, chosen=chosen)))


def facts_typed(turn: Turn, pending: Pending) -> bool:
    """
    Numbers choose sentences; a text is the section's own; False for yes and no.

    A few words without a full stop are meant for the sheet; «无» and the like are not, nor is an
    edited message of the text.
    """
    text = turn.text.strip()
    half = waiting(turn, (State.NARRATIVE, turn.place.item))
    if half and turn.order > 0 and turn.order in dict(half.parts):
        _go_on_with_text(turn)
        return True
    if is_yes(text) or is_no(text):
        return False
    offered = facts_of(turn.session, turn.session.form.section[turn.place.item])
    if text == wording.TAKE_FACTS:
        take_facts(turn, pending)
        return True
    if text in wording.EVERY_FACT:
        turn.put(replace(turn.place, pending=replace(pending, chosen=offered)))
        return True
    if not _NUMBERS.fullmatch(text):
        if len(text) <= SHORT and "。" not in text and not says_nothing(text):
            turn.refuse(wording.NO_SUCH_FACT)
            return True
        _go_on_with_text(turn)
        return True
    numbers = dict.fromkeys(int(number) for number in re.findall(r"\d+", text))
    if all(0 < number <= len(offered) for number in numbers):
        for number in numbers:
            _choose(turn, turn.place.pending or pending, offered[number - 1])
    else:
        turn.refuse(wording.NO_SUCH_FACT)
    return True


def _go_on_with_text(turn: Turn) -> None:
    resume(turn, turn.place.back)
    narrative_typed(turn)


def take_facts(turn: Turn, pending: Pending) -> None:
    """
    Add the chosen sentences to the text, and continue with it.

    If a figure has changed since a sentence was shown, it is shown anew instead.
    """
    place = turn.place
    section = turn.session.form.section[place.item]
    offered = facts_of(turn.session, section)
    if not pending.chosen:
        turn.refuse(wording.NO_SUCH_FACT)
        return
    changes = [(said, as_now(said, offered)) for said in pending.chosen if said not in offered]
    if changes:
        kept = (said for said in pending.chosen if said in offered)
        turn.put(replace(place, pending=replace(pending, chosen=tuple(kept))))
        turn.note(wording.facts_changed(changes))
        return
    half = waiting(turn, (State.NARRATIVE, section.id))
    stands = turn.session.answers.text(section.id)
    parts = half.parts if half and half.parts != ANEW else ()
    if not parts and stands and not half:
        parts = ((0, stands),)
    if says_nothing(joined(parts)):
        parts = ()
    said = "".join(said for said in offered if said in pending.chosen)
    parts = (*parts, (max((order for order, _ in parts), default=0) + 1, said))
    if turn.is_too_long(text := joined(parts)):
        return
    keep_begun(turn, section, text, parts)
