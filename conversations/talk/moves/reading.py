"""
Moves of a published report that was sent or linked: show, correct, confirm.

`importing` imports the reader, which is large, so it is imported only when a report was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from conversations.answers.answer import read_answer
from conversations.answers.figure import Refusal
from conversations.answers.short import is_no, is_yes, read_year
from conversations.form.answers import Number
from conversations.form.model import CellId, Form
from conversations.talk.effects import ImportReport, MessageKind
from conversations.talk.moves.onward import resume
from conversations.talk.moves.turn import Turn, say_expired
from conversations.talk.session import DOUBTS, REPLACE, Asking, Pending, Session, State, Stop
from conversations.wording import talk as wording

if TYPE_CHECKING:
    from conversations.talk.importing.plan import ImportPlan

SWITCHES = {1: DOUBTS, 2: REPLACE}


def report_sent(turn: Turn) -> None:
    """A published report was read."""
    read_in(turn, turn.place.returning)


def read_in(turn: Turn, back: tuple[Stop, ...]) -> bool:
    """Show what was read; only a confirmation stores it. False if nothing was read."""
    from conversations.talk.importing.make import plan

    assert turn.read is not None
    session = turn.session
    report = turn.read.report
    # A report without a year is taken as last year's, and the card says so.
    year = report.year or session.year - 1
    plan_read = plan(report, session.organ, year, session.answers_of(year), session.form_on(year))
    if not plan_read.values and not plan_read.doubtful:
        turn.refuse(wording.IMPORT_NOTHING)
        return False
    turn.go(State.CONFIRM, "", back=back)
    _wait(turn, Pending(Asking.IMPORT, text=plan_read.dumps()))
    return True


def planned(session: Session, pending: Pending) -> ImportPlan | None:
    """The waiting plan, with the present answers and its switches."""
    from conversations.talk.importing.plan import ImportPlan

    plan_read = ImportPlan.loads(pending.text, session.form_on)
    if plan_read is None:
        return None
    plan_read = plan_read.over(session.answers_of(plan_read.year))
    return plan_read.confirmed() if DOUBTS in pending.chosen else plan_read


def _wait(turn: Turn, pending: Pending) -> None:
    turn.put(replace(turn.place, pending=pending))


def switch(turn: Turn) -> None:
    """Set a switch: also take doubtful figures, or replace existing answers."""
    pending = turn.place.pending
    name = SWITCHES.get(turn.argument)
    if pending is None or pending.asking is not Asking.IMPORT or name is None:
        say_expired(turn)
        return
    _wait(turn, replace(pending, chosen=tuple(sorted(set(pending.chosen) ^ {name}))))


def confirm_import(turn: Turn, pending: Pending) -> None:
    """Store the plan: in its own year, or in the gaps of this report."""
    session = turn.session
    plan_read = planned(session, pending)
    if plan_read is None:
        say_expired(turn)
        return
    saves = plan_read.saves(replace=REPLACE in pending.chosen)
    values = {save.item: save.after for save in saves if save.after is not None}
    if plan_read.year == session.year:
        turn.save(dict(values))
    else:
        turn.effects.append(ImportReport(session.organ, plan_read.year, values))
    turn.say(MessageKind.RESULT, wording.imported(plan_read.year, len(values)))
    resume(turn, turn.place.back)


def import_typed(turn: Turn, pending: Pending) -> None:
    """Yes or no, another year, or one corrected figure: 「行政许可 295」."""
    if is_yes(turn.text):
        confirm_import(turn, pending)
        return
    if is_no(turn.text):
        resume(turn, turn.place.back)
        return
    from conversations.talk.importing.plan import ImportPlan

    plan_read = ImportPlan.loads(pending.text, turn.session.form_on)
    if plan_read is None:
        say_expired(turn)
        return
    year = read_year(turn.text)
    if year is not None and plan_read.found_year is None and year <= turn.session.today.year:
        _wait(turn, replace(pending, text=replace(plan_read, year=year).dumps()))
        return
    values = _corrected(turn, plan_read.form)
    if values is None:
        turn.refuse(wording.IMPORT_HOW_TO_CORRECT)
        return
    _wait(turn, replace(pending, text=plan_read.corrected(values).dumps()))


def _corrected(turn: Turn, form: Form) -> Mapping[CellId, Number] | None:
    """The figures of the line named before them; None if no single line is named."""
    text = turn.text.strip()
    named = [
        (len(name), line)
        for line in form.lines.values()
        for name in (line.short, line.label)
        if text.startswith(name)
    ]
    if not named:
        return None
    length, line = max(named, key=lambda save: save[0])
    reading = read_answer(text[length:].lstrip(" ：:，,"), line.cells, form)
    if isinstance(reading, Refusal) or reading.conversions or reading.blanks:
        return None
    return reading.values
