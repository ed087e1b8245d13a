"""Moves at the end of a table: play back, carry forward, choose rows."""

from __future__ import annotations

from conversations.answers.answer import read_answer
from conversations.answers.figure import Reason, Refusal
from conversations.answers.short import is_no, is_yes
from conversations.form.answers import Number, grouped
from conversations.form.model import Line, Section
from conversations.talk.derived import balanced, carry_mark, carry_now, carry_text, table_of
from conversations.talk.moves.figures import leave_to_table_end, play_back
from conversations.talk.moves.onward import next_section, resume
from conversations.talk.moves.turn import Turn, on_table, say_expired, section_of
from conversations.talk.session import State
from conversations.wording import talk as wording


def confirm_carry(turn: Turn, section: Section) -> None:
    """Store 结转下年度, computed from the balance, as confirmed."""
    line = balanced(table_of(section))
    if line is None or not turn.session.is_open(line.id):
        return
    now = carry_now(turn.session, line)
    values = {cell: value for cell, value in now.items() if value is not None}
    if len(values) == len(now) and all(value >= 0 for value in values.values()):
        turn.save(dict(values))


@on_table
def table_right(turn: Turn, section: Section) -> None:
    """The played-back table is right: continue."""
    line = balanced(table_of(section))
    if line is not None and turn.session.is_open(line.id):
        if turn.session.first_open(section) or turn.mark != carry_mark(turn.session, line):
            say_expired(turn)
            return
        confirm_carry(turn, section)
        turn.say_stale()
    elif turn.place.state is not State.TABLE or turn.place.item != section.id:
        say_expired(turn, wording.ALREADY)
        return
    leave_table(turn, section)


def leave_table(turn: Turn, section: Section) -> None:
    resume(turn, turn.place.back, section)


def table_skip(turn: Turn) -> None:
    section = section_of(turn)
    if section is None:
        say_expired(turn)
    else:
        next_section(turn, after=section)


@on_table
def carry_right(turn: Turn, section: Section) -> None:
    line = balanced(table_of(section))
    if line is None or not turn.session.is_open(line.id):
        say_expired(turn, wording.ALREADY)
        return
    if turn.mark != carry_mark(turn.session, line):
        say_expired(turn)
        return
    confirm_carry(turn, section)
    play_back(turn, [line.cells[0].id])
    turn.go(State.TABLE, section.id)


def carry_typed(turn: Turn) -> None:
    """Compare the office's own carried-forward figures with the balance."""
    form = turn.session.form
    section = form.section[turn.place.item]
    line = balanced(table_of(section))
    assert line is not None
    now = carry_now(turn.session, line)
    left = sum(value or 0 for value in now.values())
    turn.argument = section.item
    turn.mark = carry_mark(turn.session, line)
    if is_yes(turn.text):
        carry_right(turn)
        return
    if is_no(turn.text):
        choose_rows_of(turn, section)
        return
    reading = read_answer(turn.text, line.cells, form)
    if isinstance(reading, Refusal):
        typed = _carry_total(turn, line)
        if typed is None:
            turn.refuse(wording.refusal(reading, line.cells, line))
        elif typed == left:
            carry_right(turn)
        else:
            sentence = carry_text(turn.session, line)[0]
            gap = grouped(abs(int(typed) - left))
            turn.refuse(wording.carry_differs("总计", sentence, grouped(typed), gap))
        return
    if not reading.values.keys() <= now.keys():
        unknown = Refusal(Reason.UNKNOWN_LINE, turn.text)
        turn.refuse(wording.refusal(unknown, line.cells, line))
        return
    for cell in line.cells:
        said = reading.values.get(cell.id)
        if said is not None and said != now[cell.id]:
            plus, minus = form.balance[cell.id]
            received, before, done = (
                int(turn.session.figures.get(part) or 0) for part in (*plus, *minus)
            )
            sentence = wording.carry_sentence(received, before, done, received + before - done)
            gap = grouped(abs(int(said) - (now[cell.id] or 0)))
            turn.refuse(wording.carry_differs(cell.column.name, sentence, grouped(said), gap))
            return
    carry_right(turn)


def _carry_total(turn: Turn, line: Line) -> Number | None:
    """The answer as the total of the line; None if it is no single figure."""
    if line.total is None:
        return None
    reading = read_answer(turn.text, [line.total], turn.session.form)
    return None if isinstance(reading, Refusal) else reading.values.get(line.total.id)


@on_table
def choose_rows(turn: Turn, section: Section) -> None:
    """Choose the lines that have figures."""
    choose_rows_of(turn, section)


def choose_rows_of(turn: Turn, section: Section) -> None:
    place = turn.place
    inside = turn.session.form.section_of.get(place.item) is section
    back = place.back if inside and place.state is not State.FINDING else place.returning
    turn.go(State.ROWS, section.id, back=tuple(s for s in back if s != (State.ROWS, section.id)))


@on_table
def rows_end(turn: Turn, section: Section) -> None:
    leave_to_table_end(turn, section)
