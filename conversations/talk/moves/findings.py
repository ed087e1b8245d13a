"""Moves at a finding: explained, put aside, gone to."""

from __future__ import annotations

from dataclasses import replace

from conversations.checks.findings import Explanation, Grade, reason_is_enough
from conversations.talk.buttons import short_mark
from conversations.talk.derived import standing_finding, todo_findings
from conversations.talk.effects import Explain, MessageKind
from conversations.talk.moves.onward import go_to_finding, resume, returning
from conversations.talk.moves.turn import Turn, clean, say_expired
from conversations.talk.session import State
from conversations.wording import talk as wording

REASON_LIMIT = 2000  # characters of a written reason


def explain(turn: Turn) -> None:
    """A written reason for a finding of the middle grade."""
    found = standing_finding(turn.session, turn.place.item)
    if found is None:
        resume(turn)
        return
    text = clean(turn, turn.text).strip()
    if found.grade is Grade.E:
        turn.refuse(wording.FIX_FIRST)
        turn.show()
        return
    if len(text) > REASON_LIMIT:
        turn.refuse(
            wording.REASON_TOO_LONG.format(found=f"{len(text):,}", limit=f"{REASON_LIMIT:,}")
        )
        turn.show()
        return
    if not reason_is_enough(text):
        turn.refuse(wording.NOT_A_REASON.format(text=wording.shorten(text, 30)))
        turn.show()
        return
    session = turn.session
    reason = Explanation(found.id, found.cells, found.key, text, session.by, session.now)
    turn.effects.append(Explain(reason))
    turn.session = replace(session, explanations=(*session.explanations, reason))
    turn.say(MessageKind.RESULT, wording.EXPLAINED.format(text=wording.shorten(text, 60)))
    resume(turn)


def park(turn: Turn) -> None:
    """Put a finding aside until the review."""
    place = turn.place
    if place.state not in (State.FINDING, State.TOTAL):
        say_expired(turn, wording.ALREADY)
        return
    marks = [turn.mark]
    if place.state is State.TOTAL:
        marks = [
            short_mark(found.key) for found in turn.findings([place.item]) if found.grade is Grade.E
        ]
    elif short_mark(place.item) != turn.mark:
        found_now = standing_finding(turn.session, place.item)
        if found_now is None or short_mark(found_now.key) != turn.mark:
            say_expired(turn)
            return
    turn.put(replace(place, parked=(*place.parked, *marks)[-200:]))
    turn.note(wording.PARKED)
    resume(turn)


def finding_at(turn: Turn) -> None:
    """Go to a finding from the review."""
    for found in todo_findings(turn.session):
        if short_mark(found.key) == turn.mark:
            go_to_finding(turn, found, returning(turn))
            return
    say_expired(turn, wording.RESOLVED)
