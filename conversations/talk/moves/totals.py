"""Moves at a typed total that differs from the sum of its figures."""

from __future__ import annotations

from conversations.answers.answer import read_answer
from conversations.answers.figure import Reason, Refusal
from conversations.answers.short import is_yes
from conversations.form.model import CellId
from conversations.talk.buttons import button
from conversations.talk.derived import line_figures
from conversations.talk.effects import MessageKind
from conversations.talk.moves.onward import (
    resume,
)
from conversations.talk.moves.turn import Turn, say_expired
from conversations.talk.session import State
from conversations.wording import talk as wording


def total_typed(turn: Turn) -> None:
    """The computed total is taken; another one is compared."""
    form = turn.session.form
    cell = form.cells[turn.place.item]
    if is_yes(turn.text):
        take(turn, cell.id)
        return
    line = form.lines[cell.line]
    reading = read_answer(turn.text, [cell], form)
    if isinstance(reading, Refusal):
        turn.refuse(wording.refusal(reading, [cell], line))
    elif cell.id not in reading.values:
        turn.refuse(wording.refusal(Refusal(Reason.UNKNOWN_LINE, turn.text), [cell], line))
    elif reading.values[cell.id] == turn.session.figures.computed(cell.id):
        take(turn, cell.id)
    else:
        turn.save({cell.id: reading.values[cell.id]})


def take(turn: Turn, cell: CellId) -> None:
    """Take the computed total: the claim is dropped."""
    line = turn.session.form.lines[turn.session.form.cells[cell].line]
    turn.save({cell: None})
    turn.say(
        MessageKind.RESULT,
        wording.answered(line, line_figures(turn.session, line)),
        ((button(wording.MODIFY, "o", line.number),),),
        item=line.id,
    )
    if turn.place.state is State.TOTAL and turn.place.item == cell:
        resume(turn, turn.place.back)


def take_computed(turn: Turn) -> None:
    cell = turn.session.form.item.get(turn.argument, "")
    if cell not in turn.session.form.sums:
        say_expired(turn)
    elif turn.session.figures.claimed(cell) is None:
        say_expired(turn, wording.ALREADY)
    else:
        take(turn, cell)
