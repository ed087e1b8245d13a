"""Moves at the beginning: organ and year, coming back, starting again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from conversations.answers.short import is_yes, year_from
from conversations.checks.texts.unwanted import is_placeholder
from conversations.form.organ import is_model, is_surely_organ, is_talk, read_organ_name
from conversations.sign_off.rights import is_locked
from conversations.sign_off.states import ReportState
from conversations.talk.cards.contents import year_buttons
from conversations.talk.derived import standing_question, where
from conversations.talk.effects import MessageKind, OpenReport
from conversations.talk.gate import locked
from conversations.talk.moves import sign_off
from conversations.talk.moves.onward import (
    resume,
    table_end,
)
from conversations.talk.moves.title_and_signature import WORDING_ORDER
from conversations.talk.moves.turn import Turn
from conversations.talk.session import Asking, Pending, Place, Session, State
from conversations.talk.triggers import SPOKEN, meant_by
from conversations.wording import talk as wording

AWAY = timedelta(hours=6)  # after which people are told where they stopped


def opened(turn: Turn) -> None:
    """The chat was opened: show the present place, or what was settled meanwhile."""
    session = turn.session
    place = session.place
    form = session.form
    if not session.organ:
        turn.go(State.ORGAN, back=())
    elif not session.year:
        year_open(turn)
    elif place.state in (State.ORGAN, State.YEAR) or not fits(session, place):
        turn.go(State.CONTENTS, back=())
    elif sign_off.is_asked(session):
        return
    elif sign_off.belongs(session):
        sign_off.show(turn)
    elif place.state in sign_off.STATES and session.sign_off.state is not ReportState.RETURNED:
        sign_off.go_on(turn)
    else:
        greet(turn)
        if settled_meanwhile(session):
            resume(turn, place.back)
        elif place.state in (State.TABLE, State.CARRY):
            table_end(turn, form.section[place.item], place.back)


def greet(turn: Turn) -> None:
    """
    Tell a person who comes back after hours where and when they stopped; the card shows the next
    step.
    """
    session = turn.session
    last = session.last_here
    if last is None or session.imported or not session.answers:
        return
    stopped = where(session)
    if stopped and datetime.fromisoformat(session.now) - last >= AWAY:
        turn.note(wording.stopped(stopped, last, session.today))


def settled_meanwhile(session: Session) -> bool:
    """Whether a colleague has settled the finding or total at this place."""
    place = session.place
    if place.state is State.FINDING:
        return standing_question(session, place.item) is None
    return place.state is State.TOTAL and session.figures.claimed(place.item) is None


def fits(session: Session, place: Place) -> bool:
    """Whether a stored place is still valid for this form."""
    form = session.form
    known: Mapping[State, Iterable[str]] = {
        State.LINE: form.lines,
        State.CELL: form.cells,
        State.ROWS: form.section,
        State.TABLE: form.section,
        State.CARRY: form.section,
        State.TOTAL: form.sums,
        State.NARRATIVE: form.section,
        State.PASSAGE: (item for item in form.number if session.answers.text(item)),
        State.WORDING: WORDING_ORDER,
    }
    if place.state is State.CONFIRM:
        return place.pending is not None
    return place.state not in known or place.item in known[place.state]


def organ_typed(turn: Turn) -> None:
    pending = turn.place.pending
    name = read_organ_name(turn.text)
    if pending is not None and is_yes(turn.text):
        name = pending.text
    if not name or meant_by(name) or name in SPOKEN or is_talk(name) or is_placeholder(name):
        turn.refuse(wording.NO_ORGAN_NAME if name else wording.BAD_ORGAN)
        return
    sure = is_surely_organ(name) and not is_model(name)
    if not sure and (pending is None or pending.text != name):
        turn.put(replace(turn.place, pending=Pending(Asking.ORGAN, text=name)))
        turn.refuse(wording.IS_IT_AN_ORGAN.format(text=wording.shorten(name, 30)))
        return
    turn.put(replace(turn.place, pending=None))
    turn.session = replace(turn.session, organ=name)
    if turn.session.year:
        turn.effects.append(OpenReport(name, turn.session.year))
        return
    year_open(turn)


def year_open(turn: Turn) -> None:
    """The organ is known: find its year, or ask for it."""
    if turn.session.usual_year:
        turn.text = str(turn.session.usual_year)
        year_typed(turn)
    else:
        turn.go(State.YEAR, back=())


def year_typed(turn: Turn) -> None:
    year = year_from(turn.text, turn.session.today)
    if year is None or year > turn.session.today.year:
        _ask_again(turn, wording.BAD_YEAR)
    elif year == turn.session.year:
        turn.note(wording.THIS_YEAR.format(year=year))
    else:
        if not turn.session.year:
            turn.session = replace(turn.session, year=year)
        turn.effects.append(OpenReport(turn.session.organ, year))


def other_year(turn: Turn) -> None:
    """「换年度」, perhaps with the year; before a report is open, ask for it."""
    if turn.text.strip():
        year_typed(turn)
    elif not turn.session.year:
        turn.go(State.YEAR, back=())
    else:
        _ask_again(turn, wording.OTHER_YEAR)


def _ask_again(turn: Turn, text: str) -> None:
    """Ask for the year again, with its buttons if the card has others."""
    if turn.place.state is State.YEAR:
        turn.refuse(text)
    else:
        turn.say(MessageKind.NOTE, text, year_buttons(turn.session))


def unlock(turn: Turn) -> None:
    """Let this person change last year's data from now on."""
    turn.put(replace(turn.place, unlocked=True))
    turn.note(wording.UNLOCKED)


def year_tapped(turn: Turn) -> None:
    turn.text = str(turn.argument)
    year_typed(turn)


def restart(turn: Turn) -> None:
    if is_locked(turn.session.sign_off.state):
        turn.note(locked(turn.session))
        return
    turn.go(State.RESTART, back=turn.place.returning)


def restart_yes(turn: Turn) -> None:
    turn.save(dict.fromkeys(turn.session.answers))
    turn.put(Place())
    turn.note(wording.RESTARTED)
