"""Moves at a finding: explain it, put it aside, go to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conversations.answers.figure import Refusal
from conversations.answers.only_figures import only_figures
from conversations.checks import check_report
from conversations.checks.findings import Explanation, Finding, Grade
from conversations.checks.questions import Question, alarms
from conversations.checks.reasons import reason_is_enough
from conversations.talk.buttons import short_mark
from conversations.talk.derived import standing_question
from conversations.talk.effects import Explain, MessageKind
from conversations.talk.moves.figures import reading_of, type_figures
from conversations.talk.moves.onward import TOLD_LIMIT, go_to_question, leave_text, resume
from conversations.talk.moves.turn import Turn, clean, say_expired
from conversations.talk.session import State
from conversations.wording import talk as wording

REASON_LIMIT = 2000  # characters of a written reason


def explain(turn: Turn) -> None:
    """Store a written reason for something unusual: one for all findings of the same cause."""
    question = standing_question(turn.session, turn.place.item)
    if question is None:
        resume(turn, turn.place.back)
        return
    text = clean(turn, turn.text).strip()
    if question.grade is Grade.E:
        turn.refuse(wording.FIX_FIRST)
        return
    if only_figures(text, turn.session.form.edition):
        if not _taken_as_next_answer(turn):
            turn.refuse(wording.NOT_A_REASON.format(text=wording.shorten(text, 30)))
        return
    if len(text) > REASON_LIMIT:
        turn.refuse(
            wording.REASON_TOO_LONG.format(found=f"{len(text):,}", limit=f"{REASON_LIMIT:,}")
        )
        return
    if not reason_is_enough(text):
        turn.refuse(wording.NOT_A_REASON.format(text=wording.shorten(text, 30)))
        return
    for part in question.parts:
        _record(turn, part, text)
    turn.say(MessageKind.RESULT, wording.EXPLAINED.format(text=wording.shorten(text, 60)))
    leave_text(turn, question.cause.narrative)


def _taken_as_next_answer(turn: Turn) -> bool:
    """Figures typed where a reason is asked answer the next row, if they fit it."""
    before, said = turn.session, len(turn.effects)
    resume(turn, turn.place.back)
    if turn.place.state is State.LINE and not isinstance(reading_of(turn), Refusal):
        turn.note(wording.PARKED)
        type_figures(turn)
        return True
    turn.session = before
    del turn.effects[said:]
    return False


def _record(turn: Turn, finding: Finding, text: str, *, withdrawn: bool = False) -> None:
    """Store a reason or its withdrawal."""
    session = turn.session
    reason = Explanation(
        finding.id, finding.cells, finding.key, text, session.by, session.now, withdrawn
    )
    others = tuple(other for other in session.explanations if other.key != finding.key)
    turn.effects.append(Explain(reason))
    turn.session = replace(session, explanations=others if withdrawn else (*others, reason))


def take_back(turn: Turn) -> None:
    """Withdraw a reason; its finding is open again."""
    question = _marked(turn)
    given = {reason.key: reason.text for reason in turn.session.explanations}
    parts = [part for part in question.parts if part.key in given] if question else []
    if not parts:
        say_expired(turn, wording.ALREADY)
        return
    for part in parts:
        _record(turn, part, given[part.key], withdrawn=True)
    turn.say(MessageKind.RESULT, wording.TAKEN_BACK)


def park(turn: Turn) -> None:
    """Put a finding aside until the review."""
    question = standing_question(turn.session, turn.place.item)
    if question is None or turn.mark not in _marks_of(question):
        say_expired(turn)
        return
    _put_aside(turn, question.parts)


def park_total(turn: Turn) -> None:
    """Put a differing total aside, with all corrections about it."""
    _put_aside(turn, [f for f in turn.findings([turn.place.item]) if f.grade is Grade.E])


def _put_aside(turn: Turn, findings: Sequence[Finding]) -> None:
    place = turn.place
    marks = [short_mark(finding.key) for finding in findings]
    turn.put(replace(place, parked=(*place.parked, *marks)[-TOLD_LIMIT:]))
    turn.note(wording.PARKED)
    leave_text(turn, findings[0].narrative if findings else None)


def question_at(turn: Turn) -> None:
    """Go from the review to a finding, or to its reason."""
    question = _marked(turn)
    if question is None:
        say_expired(turn, wording.RESOLVED)
    else:
        go_to_question(turn, question, turn.place.returning)


def _marked(turn: Turn) -> Question | None:
    """The present question that the mark of a button means."""
    for question in alarms(check_report(turn.session.report)):
        if turn.mark in _marks_of(question):
            return question
    return None


def _marks_of(question: Question) -> set[str]:
    """The marks of the whole and of its parts: older buttons carry the mark of a part."""
    return {short_mark(key) for key in (question.key, *(part.key for part in question.parts))}
