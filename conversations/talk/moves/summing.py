"""
Moves of a sum over the organs below: offered for the organ's own report, figure by figure.

One yes fills in the open figures. Figures that differ, or may not be added up as they are, are
asked about one by one.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.answers.answer import read_answer
from conversations.answers.figure import Refusal
from conversations.form.answers import Number
from conversations.form.model import CellId
from conversations.sign_off.rights import Action, may
from conversations.talk.effects import MessageKind
from conversations.talk.moves.onward import resume
from conversations.talk.moves.turn import Turn
from conversations.talk.offered_sum import to_ask, to_fill
from conversations.talk.own import is_own
from conversations.talk.session import Asking, Pending, State
from conversations.wording import offered_sum as words
from conversations.wording.sign_off import NOT_ALLOWED

DOOR = "sum"  # the source in the history


def offer(turn: Turn) -> None:
    """Show what the sum would fill in and what must be decided."""
    assert turn.offered is not None
    session, offered = turn.session, turn.offered
    if not may(session.standing, Action.WRITE):
        turn.note(NOT_ALLOWED[Action.WRITE])
        return
    values = {
        cell: value
        for cell, value in offered.values.items()
        if cell in session.form.cells
        and cell not in session.form.sums
        and session.answers.get(cell) != value
        and is_own(session, cell)
    }
    if not values:
        turn.note(words.SAME)
        return
    why = {cell: said for cell, said in offered.why.items() if cell in values}
    turn.go(State.CONFIRM, "", back=turn.place.returning)
    pending = Pending(Asking.SUM, values, typed=why, text=offered.note)
    turn.put(replace(turn.place, pending=pending))


def take_sum(turn: Turn, pending: Pending) -> None:
    """Fill in the open figures; after that, the figure that is asked about."""
    values = to_fill(turn.session, pending)
    if not values:
        values = dict(list(to_ask(turn.session, pending).items())[:1])
    turn.save(dict(values), DOOR)
    if len(values) > 1:
        turn.say(MessageKind.RESULT, words.filled_in(len(values)))
    _go_on(turn, pending, values)


def leave_sum(turn: Turn, pending: Pending) -> None:
    """Fill in nothing; or keep the figure that is asked about."""
    if to_fill(turn.session, pending):
        resume(turn, turn.place.back)
        return
    _go_on(turn, pending, dict(list(to_ask(turn.session, pending).items())[:1]))


def sum_typed(turn: Turn, pending: Pending) -> bool:
    """Another figure for the one that is asked about; false for any other text."""
    asked = next(iter(to_ask(turn.session, pending)), None)
    if asked is None or to_fill(turn.session, pending):
        return False
    form = turn.session.form
    reading = read_answer(turn.text, (form.cells[asked],), form)
    if isinstance(reading, Refusal) or reading.conversions or reading.blanks:
        return False
    turn.save(dict(reading.values))
    _go_on(turn, pending, {asked: 0})
    return True


def _go_on(turn: Turn, pending: Pending, settled: dict[CellId, Number]) -> None:
    """Ask about the next figure; after the last, back to the clerk's place."""
    rest = {cell: value for cell, value in pending.values.items() if cell not in settled}
    left = replace(pending, values=rest)
    if to_ask(turn.session, left):
        turn.put(replace(turn.place, pending=left))
        return
    turn.note(words.DONE)
    resume(turn, turn.place.back)
