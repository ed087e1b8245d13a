"""Moves at the end: the review, the organ's level, the draft and the final document."""

from __future__ import annotations

from dataclasses import replace

from conversations.document.write.content import WHOLE
from conversations.sign_off.rights import Action
from conversations.sign_off.states import DECIDED
from conversations.talk.buttons import button
from conversations.talk.cards.contents import LEVELS, level_buttons
from conversations.talk.derived import (
    missing_line,
    section_lines,
    standing_line,
    todo_questions,
)
from conversations.talk.effects import Chart, Deliver, Draw, MessageKind
from conversations.talk.moves import sign_off
from conversations.talk.moves.onward import (
    resume,
)
from conversations.talk.moves.opening import settled_meanwhile
from conversations.talk.moves.turn import Turn, say_expired
from conversations.talk.other_forms import OTHER_FORMS
from conversations.talk.own import is_helper
from conversations.talk.session import State
from conversations.wording import sign_off as sign_off_wording
from conversations.wording import talk as wording
from conversations.wording.sign_off import NOT_ALLOWED


def review(turn: Turn) -> None:
    turn.go(State.REVIEW, back=())


def status(turn: Turn) -> None:
    session = turn.session
    todo = todo_questions(session)
    lines, missing = section_lines(session, todo), missing_line(session, todo)
    text = wording.status(session.organ, session.year, missing, lines, standing_line(session))
    turn.say(MessageKind.NOTE, text, ((button(wording.SEE_PICTURE, "pic"),),))


def progress_picture(turn: Turn) -> None:
    """Show the progress of the report as a picture."""
    if turn.is_again("progress"):
        turn.note(wording.JUST_MADE)
        return
    turn.effects.append(Draw(Chart.PROGRESS))


def preview(turn: Turn) -> None:
    if turn.is_again("draft"):
        turn.note(wording.JUST_MADE)
        return
    turn.note(wording.DRAFT)
    turn.effects.append(Deliver(final=False))


def prepare(turn: Turn) -> None:
    """The questions for colleagues, as a message to forward."""
    session = turn.session
    turn.say(MessageKind.COPY, wording.prepare(session.form, session.organ, session.year))


def final_document(turn: Turn) -> None:
    """
    Make the final document if nothing is missing and nothing must be corrected.

    With the same answers it is made again only from the review, whose button says so. In an office
    with a leader it is the approved version.
    """
    session = turn.session
    if session.sign_off.approval is not None:
        sign_off.version_again(turn)
        return
    if is_helper(session):
        turn.note(NOT_ALLOWED[Action.FINISH])
        turn.go(State.REVIEW, back=())
        return
    if session.final and not session.changed and turn.place.state is not State.REVIEW:
        turn.note(wording.FINAL_CURRENT)
        if turn.place.state is not State.DONE:
            turn.go(State.REVIEW, back=())
        return
    if sign_off.waits(turn, wording.MAKE_FINAL):
        return
    turn.effects.append(Deliver(final=True))
    turn.session = replace(turn.session, final=True, since_final={})
    turn.go(State.DONE, back=())


def other_form(turn: Turn) -> None:
    """
    The final document in another format: of the kept version, or of the answers it was made of.

    Later changes are in no file that looks final.
    """
    session = turn.session
    version, leader = session.sign_off.version, session.standing.leader
    is_final = session.is_finished if version is None else session.sign_off.state in DECIDED
    if not is_final and session.final and session.changed:
        turn.note(sign_off_wording.STALE if leader else wording.FORM_STALE)
    elif not is_final:
        turn.note(sign_off_wording.NO_FORM_YET if leader else wording.NO_FORM_YET)
    elif turn.is_again(f"form {turn.mark}"):
        turn.note(wording.JUST_MADE)
    else:
        step = version.id if version is not None else 0
        turn.effects += [
            Deliver(final=True, version=step, form=form) for form in OTHER_FORMS[turn.mark]
        ]


def ask_level(turn: Turn) -> None:
    turn.say(MessageKind.NOTE, wording.ASK_LEVEL, level_buttons())


def level_is(turn: Turn) -> None:
    if not 0 <= turn.argument < len(LEVELS):
        say_expired(turn)
        return
    level = LEVELS[turn.argument]
    turn.save({"level": level.value})
    turn.say(MessageKind.RESULT, wording.LEVEL_IS.format(level=wording.LEVELS[level]), item="level")
    if settled_meanwhile(turn.session):
        turn.note(wording.RESOLVED)
        resume(turn, turn.place.back)


def set_table_breaks(turn: Turn) -> None:
    """Keep each table on one page (1), or let the long one continue on the next (0)."""
    if turn.argument not in (0, 1):
        say_expired(turn)
        return
    turn.save({"table_breaks": WHOLE if turn.argument else None})
    turn.say(MessageKind.RESULT, wording.TABLES_ARE[turn.argument], item="table_breaks")
