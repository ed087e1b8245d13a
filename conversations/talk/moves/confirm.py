"""Moves of questions that want a yes or no before something is stored."""

from __future__ import annotations

from dataclasses import replace

from conversations.answers.short import is_no, is_yes
from conversations.talk.moves.facts import facts_typed, take_facts
from conversations.talk.moves.figures import (
    answered,
    leave_to_table_end,
    play_back,
    store_and_go,
    store_figures,
    type_figures,
)
from conversations.talk.moves.ledger import store_ledger
from conversations.talk.moves.onward import (
    resume,
    say_hints,
)
from conversations.talk.moves.reading import confirm_import, import_typed
from conversations.talk.moves.sections import goes_on, take_all
from conversations.talk.moves.summing import leave_sum, sum_typed, take_sum
from conversations.talk.moves.texts import narrative_typed, replace_text
from conversations.talk.moves.turn import Turn, pending_of
from conversations.talk.session import Asking, State
from conversations.wording import talk as wording


def say_yes(turn: Turn) -> None:
    """Confirm what is pending."""
    pending = pending_of(turn)
    if pending is None:
        return
    if pending.asking is Asking.REPLACE:
        replace_text(turn)
        return
    place = turn.place
    form = turn.session.form
    if pending.asking is Asking.IMPORT:
        confirm_import(turn, pending)
        return
    if pending.asking is Asking.SECTIONS:
        take_all(turn, pending)
        return
    if pending.asking is Asking.FACTS:
        take_facts(turn, pending)
        return
    if pending.asking is Asking.SUM:
        take_sum(turn, pending)
        return
    turn.put(replace(place, pending=None))
    if pending.asking is Asking.BLANKS:
        zeros = dict.fromkeys(pending.blanks, 0)
        line = form.lines[place.item]
        store_figures(turn, zeros, pending.totals)
        play_back(turn, zeros)
        answered(turn, line, (*zeros, *pending.totals))
    elif pending.asking is Asking.LEDGER:
        store_ledger(turn, pending)
    elif pending.asking is Asking.CONVERT:
        line = form.lines[place.item]
        store_and_go(turn, pending.values, pending.totals, pending.blanks, line)
    else:
        store_figures(turn, pending.values, {})
        play_back(turn, pending.values)
        say_hints(turn, pending.values)
        if place.item in form.section:
            leave_to_table_end(turn, form.section[place.item])
        else:
            answered(turn, form.lines[place.item], pending.values)


def say_no(turn: Turn) -> None:
    """Keep what was there before."""
    pending = pending_of(turn)
    if pending is None:
        return
    if pending.asking is Asking.SUM:
        leave_sum(turn, pending)
        return
    if pending.asking is Asking.BLANKS:
        # The total in the same message is compared when the gaps are filled.
        store_figures(turn, {}, pending.totals)
    resume(turn, turn.place.back)


def confirm_typed(turn: Turn) -> None:
    """A typed yes or no; any other text is a new answer to the question before."""
    place = turn.place
    pending = place.pending
    if pending and pending.asking in (Asking.IMPORT, Asking.SECTIONS) and goes_on(turn):
        return
    if pending and pending.asking is Asking.IMPORT:
        import_typed(turn, pending)
        return
    if pending and pending.asking is Asking.FACTS and facts_typed(turn, pending):
        return
    if pending and pending.asking is Asking.SUM and sum_typed(turn, pending):
        return
    if is_yes(turn.text) and pending and pending.asking is not Asking.REPLACE:
        say_yes(turn)
    elif is_no(turn.text):
        say_no(turn)
    elif pending and pending.asking is Asking.REPLACE and not is_yes(turn.text):
        narrative_typed(turn)
    elif pending is None or place.item not in turn.session.form.lines:
        turn.refuse(wording.ANSWER_FIRST)
    elif place.back and place.back[-1][0] in (State.LINE, State.CELL):
        *back, (state, item) = place.back
        turn.go(state, item, back=tuple(back))
        type_figures(turn)
    elif pending.asking is Asking.LEDGER:
        turn.refuse(wording.ANSWER_FIRST)  # no row was asked before
    else:
        turn.go(State.LINE, place.item, back=place.back)
        type_figures(turn)
