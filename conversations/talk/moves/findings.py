"""Moves at a finding: explained, put aside, gone to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.checks.findings import Explanation, Grade
from conversations.checks.reasons import reason_is_enough
from conversations.talk.buttons import short_mark
from conversations.talk.derived import standing_finding, todo_findings
from conversations.talk.effects import Explain, MessageKind
from conversations.talk.moves.onward import go_to_finding, resume
from conversations.talk.moves.turn import Turn, clean, say_expired
from conversations.wording import talk as wording

PARKED_LIMIT = 200  # findings remembered as put aside
REASON_LIMIT = 2000  # characters of a written reason


def explain(turn: Turn) -> None:
    """A written reason for a finding of the middle grade."""
    finding = standing_finding(turn.session, turn.place.item)
    if finding is None:
        resume(turn, turn.place.back)
        return
    text = clean(turn, turn.text).strip()
    if finding.grade is Grade.E:
        turn.refuse(wording.FIX_FIRST)
        return
    if len(text) > REASON_LIMIT:
        turn.refuse(
            wording.REASON_TOO_LONG.format(found=f"{len(text):,}", limit=f"{REASON_LIMIT:,}")
        )
        return
    if not reason_is_enough(text):
        turn.refuse(wording.NOT_A_REASON.format(text=wording.shorten(text, 30)))
        return
    session = turn.session
    reason = Explanation(finding.id, finding.cells, finding.key, text, session.by, session.now)
    turn.effects.append(Explain(reason))
    turn.session = replace(session, explanations=(*session.explanations, reason))
    turn.say(MessageKind.RESULT, wording.EXPLAINED.format(text=wording.shorten(text, 60)))
    resume(turn, turn.place.back)


def park(turn: Turn) -> None:
    """Put a finding aside until the review."""
    key = turn.place.item
    if short_mark(key) != turn.mark:
        standing = standing_finding(turn.session, key)
        if standing is None or short_mark(standing.key) != turn.mark:
            say_expired(turn)
            return
    put_aside(turn, [turn.mark])


def park_total(turn: Turn) -> None:
    """Put a typed total that differs aside: everything that must be corrected about it."""
    errors = [f for f in turn.findings([turn.place.item]) if f.grade is Grade.E]
    put_aside(turn, [short_mark(finding.key) for finding in errors])


def put_aside(turn: Turn, marks: Sequence[str]) -> None:
    place = turn.place
    turn.put(replace(place, parked=(*place.parked, *marks)[-PARKED_LIMIT:]))
    turn.note(wording.PARKED)
    resume(turn, place.back)


def finding_at(turn: Turn) -> None:
    """Go to a finding from the review."""
    for finding in todo_findings(turn.session):
        if short_mark(finding.key) == turn.mark:
            go_to_finding(turn, finding, turn.place.returning)
            return
    say_expired(turn, wording.RESOLVED)
