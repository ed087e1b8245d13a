"""The next place of the conversation when something is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from conversations.checks.findings import Grade
from conversations.checks.questions import Question, alarms
from conversations.form.model import ItemId, Line, LineKind, Section, SectionKind
from conversations.sign_off.states import ReportState
from conversations.talk.buttons import short_mark
from conversations.talk.derived import (
    asked_lines,
    balanced,
    carry_now,
    clerks_order,
    is_open,
    joined,
    standing_question,
    table_of,
)
from conversations.talk.moves.turn import Turn
from conversations.talk.own import is_helper, own_questions
from conversations.talk.session import ANEW, Asking, Half, State, Stop
from conversations.wording import talk as wording

TOLD_LIMIT = 200  # findings remembered as shown, and as put aside


def resume(turn: Turn, back: tuple[Stop, ...], after: Section | None = None) -> None:
    """
    Go back to the clerk's place, or on from there if it is settled by now.

    Without such a place, on to the section `after` one, or to the first that is open.
    """
    if not back:
        next_section(turn, after=after)
        return
    (state, item), rest = back[-1], back[:-1]
    session = turn.session
    form = session.form
    if state is State.LINE and not session.is_open(item):
        after_line(turn, form.lines[item], rest)
    elif state is State.LINE and form.lines[item].kind is not LineKind.ASKED:
        table_end(turn, form.section_of[item], rest)
    elif state is State.FINDING and standing_question(session, item) is None:
        turn.note(wording.RESOLVED)
        resume(turn, rest)
    elif state is State.TOTAL and session.figures.claimed(item) is None:
        resume(turn, rest)
    elif state in (State.TABLE, State.CARRY) or (
        state is State.ROWS and session.first_open(form.section[item]) is None
    ):
        table_end(turn, form.section[item], rest)
    elif state in (State.CELL, State.RESTART, State.REASON, State.OFF_LINE) or (
        (state is State.SIGN_OFF and session.sign_off.state is ReportState.OPEN)
        or (state is State.CONFIRM and waiting(turn, (state, item)) is None)
        or (item == "signature_date" and not session.answers.text("signature"))
        or (item in form.remark and item not in session.answers)
    ):
        # It is settled or was left for good: go further back.
        resume(turn, rest)
    else:
        half = waiting(turn, (state, item))
        turn.go(state, item, back=rest)
        if half is not None:
            turn.put(replace(turn.place, pending=half.pending, parts=half.parts))


def waiting(turn: Turn, stop: Stop) -> Half | None:
    """The question or half-finished text at a place, if it is still valid; else None."""
    half = next((half for half in turn.place.halves if half.at == stop), None)
    if half is None:
        return None
    answers, pending = turn.session.answers, half.pending
    if pending is None:
        text = answers.text(stop[1])
        if stop[0] is State.WORDING:
            return half
        return half if half.parts == ANEW or joined(half.parts) == text else None
    if pending.asking is Asking.BLANKS and answers.among(pending.blanks):
        return None
    if pending.asking is Asking.OVERWRITE and not all(map(answers.number, pending.values)):
        return None
    return half


def new_questions(turn: Turn, items: Iterable[ItemId]) -> list[Question]:
    """
    New questions on the items: open, and never shown before.

    Questions about the items themselves come first, of these corrections first.
    """
    wanted = set(items)
    place = turn.place

    def is_new(question: Question) -> bool:
        marks = {short_mark(part.key) for part in question.parts}
        return is_open(turn.session, question) and not marks <= {*place.told, *place.parked}

    def rank(question: Question) -> tuple[bool, bool]:
        stands_in = {*question.cells, *(part.narrative for part in question.parts)}
        return wanted.isdisjoint(stands_in), question.grade is not Grade.E

    found = own_questions(turn.session, alarms(turn.findings(wanted)))
    return sorted(filter(is_new, found), key=rank)


def leave_text(turn: Turn, item: ItemId | None) -> None:
    """Leave a finding in a text: show the next new one in it, then go back."""
    back = turn.place.back
    if item is None or not stop_at_finding(turn, [item], back):
        resume(turn, back)


def say_hints(turn: Turn, items: Iterable[ItemId]) -> None:
    """Say the hints on the items, once, without stopping."""
    wanted = set(items)
    form = turn.session.form
    # The whole line is checked, as for the stop after it; only new hints are said.
    lines = {form.cells[item].line for item in wanted if item in form.cells}
    whole = [item for line in lines for item in items_of(form.lines[line])] or wanted
    hints = [
        finding
        for finding in turn.findings(whole)
        if finding.grade is Grade.H and wanted.intersection((*finding.cells, finding.narrative))
    ]
    if hints:
        turn.note(wording.hints(hints))


def items_of(line: Line) -> tuple[ItemId, ...]:
    return tuple(cell.id for cell in line.printed)


def stop_at_finding(turn: Turn, items: Iterable[ItemId], back: tuple[Stop, ...]) -> bool:
    """Show the gravest new finding on the items; False if there is none."""
    found = new_questions(turn, items)
    if not found:
        return False
    go_to_question(turn, found[0], back)
    return True


def go_to_question(turn: Turn, question: Question, back: tuple[Stop, ...]) -> None:
    """Go to a question; a typed total that differs has a card of its own."""
    figures = turn.session.figures
    claimed = [
        cell
        for cell in question.cause.cells
        if cell in turn.session.form.sums and figures.claimed(cell) is not None
    ]
    if question.cause.id in ("A2", "A3", "A4") and claimed:
        turn.go(State.TOTAL, claimed[-1], back=back)
    else:
        turn.go(State.FINDING, question.key, back=back)
    marks = dict.fromkeys(short_mark(part.key) for part in question.parts)
    told = (*(mark for mark in turn.place.told if mark not in marks), *marks)
    turn.put(replace(turn.place, told=told[-TOLD_LIMIT:]))


def after_line(turn: Turn, line: Line, back: tuple[Stop, ...]) -> None:
    """A line is answered: stop at findings, then go back or to the next line."""
    if stop_at_finding(turn, items_of(line), (*back, (State.LINE, line.id))):
        return
    section = turn.session.form.section_of[line.id]
    table = table_of(section)
    balance = balanced(table)
    settled = turn.session.first_open(section) is None
    if settled and balance is not None and turn.session.is_open(balance.id):
        table_end(turn, section, back)
    elif back:
        resume(turn, back)
    else:
        next_line(turn, section, line)


def next_line(turn: Turn, section: Section, line: Line) -> None:
    """The first open line after this one, else the end of the table."""
    lines = asked_lines(table_of(section))
    start = lines.index(line) + 1 if line in lines else len(lines)
    for following in lines[start:]:
        if turn.session.is_open(following.id):
            turn.go(State.LINE, following.id, back=())
            return
    table_end(turn, section, ())


def table_end(turn: Turn, section: Section, back: tuple[Stop, ...]) -> None:
    """The end of a table: its gaps, the carried-forward line, or the whole played back."""
    session = turn.session
    table = table_of(section)
    back = tuple(stop for stop in back if stop != (State.ROWS, section.id))
    here = (*back, (State.TABLE, section.id))
    balance = balanced(table)
    settled = session.first_open(section) is None
    if settled and stop_at_finding(turn, [cell.id for cell in table.cells], here):
        return
    if settled and balance and session.is_open(balance.id):
        now = carry_now(session, balance)
        if any(value is not None and value < 0 for value in now.values()):
            items = [cell.id for cell in balance.cells]
            if stop_at_finding(turn, items, here):
                return
            others = (other for other in clerks_order(session) if other != section)
            if any(session.is_open(other.id) for other in others):
                next_section(turn, after=section)
            else:
                # It was put aside before; now no other work is left.
                errors = [q for q in alarms(turn.findings(items)) if q.grade is Grade.E]
                turn.go(State.FINDING, errors[0].key, back=())
            return
        if any(now.values()):
            turn.go(State.CARRY, section.id, back=back)
            return
    turn.go(State.TABLE, section.id, back=back)


def next_section(turn: Turn, after: Section | None = None) -> None:
    """The next section with a gap in the clerk's order; then the wording; then the review."""
    order = clerks_order(turn.session)
    start = order.index(after) + 1 if after in order else 0
    for section in (*order[start:], *order[:start]):
        if section is not after and turn.session.is_open(section.id):
            enter(turn, section, back=())
            return
    if is_helper(turn.session):
        turn.go(State.REVIEW, back=())
    elif turn.session.gaps:
        turn.go(State.CONTENTS, back=())
    elif (open_wording := turn.session.wording_open) is not None:
        turn.go(State.WORDING, open_wording, back=())
    else:
        turn.go(State.REVIEW, back=())


def enter(turn: Turn, section: Section, *, back: tuple[Stop, ...]) -> None:
    """Begin a section, continue it, or show it if it is complete."""
    if section.kind is SectionKind.NARRATIVE:
        turn.go(State.NARRATIVE, section.id, back=back)
        return
    line = turn.session.first_open(section)
    if line is not None:
        turn.go(State.LINE, line, back=back)
    else:
        table_end(turn, section, back)
