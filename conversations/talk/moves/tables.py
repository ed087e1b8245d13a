"""Moves at the end of a table: played back, carried forward, chosen line by line."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.answers.parsing import Reading, Refusal, is_no, is_yes, read_answer
from conversations.form.model import Cell, Section, Table
from conversations.talk.derived import balanced, carry_mark, carry_now, carry_text
from conversations.talk.moves.figures import leave_to_table_end, play_back
from conversations.talk.moves.onward import next_section, resume, returning
from conversations.talk.moves.turn import Turn, say_expired, section_of
from conversations.talk.session import State
from conversations.wording import talk as wording


def confirm_carry(turn: Turn, section: Section) -> None:
    """Store 结转下年度 as the balance has it, confirmed."""
    assert isinstance(section.body, Table)
    line = balanced(section.body)
    if line is None or not turn.session.is_open(line.id):
        return
    now = carry_now(turn.session, line)
    values = {cell: value for cell, value in now.items() if value is not None}
    if len(values) == len(now) and all(value >= 0 for value in values.values()):
        turn.save(dict(values))


def table_right(turn: Turn) -> None:
    """The played-back table is right: on to what is next."""
    section = section_of(turn)
    if section is None or not isinstance(section.body, Table):
        say_expired(turn)
        return
    line = balanced(section.body)
    if line is not None and turn.session.is_open(line.id):
        if turn.session.first_open(section) or turn.mark != carry_mark(turn.session, line):
            say_expired(turn)
            return
        confirm_carry(turn, section)
        if turn.session.final and turn.session.changed:
            turn.note(wording.FINAL_STALE)
    elif turn.place.state is not State.TABLE or turn.place.item != section.id:
        say_expired(turn, wording.ALREADY)
        return
    leave_table(turn, section)


def leave_table(turn: Turn, section: Section) -> None:
    back = turn.place.back
    if back:
        resume(turn)
    else:
        next_section(turn, after=section)


def table_skip(turn: Turn) -> None:
    section = section_of(turn)
    if section is None:
        say_expired(turn)
    else:
        turn.go(State.CONTENTS, back=())
        next_section(turn, after=section)


def carry_right(turn: Turn) -> None:
    section = section_of(turn)
    if section is None or not isinstance(section.body, Table):
        say_expired(turn)
        return
    line = balanced(section.body)
    if line is None or not turn.session.is_open(line.id):
        say_expired(turn, wording.ALREADY)
        return
    if turn.mark != carry_mark(turn.session, line):
        say_expired(turn)
        return
    confirm_carry(turn, section)
    play_back(turn, [line.cells[0].id])
    back = turn.place.back
    turn.go(State.TABLE, section.id, back=back)
    turn.show()


def carry_typed(turn: Turn) -> None:
    """The office's own carried-forward figures, compared with the balance."""
    form = turn.session.form
    section = form.section[turn.place.item]
    assert isinstance(section.body, Table)
    line = balanced(section.body)
    assert line is not None
    now = carry_now(turn.session, line)
    left = sum(value or 0 for value in now.values())
    turn.argument = section.item
    turn.mark = carry_mark(turn.session, line)
    if is_yes(turn.text):
        carry_right(turn)
        return
    if is_no(turn.text):
        choose_rows(turn)
        return
    asked: Sequence[Cell] = line.cells
    reading = read_answer(turn.text, asked, form)
    single = None
    if isinstance(reading, Refusal) and line.total is not None:
        single = read_answer(turn.text, [line.total], form)
        if isinstance(single, Refusal):
            turn.refuse(wording.refusal(reading))
            turn.show()
            return
        typed = single.values[line.total.id]
        if typed == left:
            carry_right(turn)
            return
        sentence = carry_text(turn.session, line)[0]
        turn.refuse(
            wording.carry_differs(
                "总计", sentence, wording.number(typed), str(abs(int(typed) - left))
            )
        )
        turn.show()
        return
    assert isinstance(reading, Reading)
    for cell in line.cells:
        said = reading.values.get(cell.id)
        if said is not None and said != now[cell.id]:
            plus, minus = form.balance[cell.id]
            values = [int(turn.session.figures.get(one) or 0) for one in (*plus, *minus)]
            sentence = wording.carry_sentence(
                values[0], values[1], values[2], values[0] + values[1] - values[2]
            )
            gap = str(abs(int(said) - (now[cell.id] or 0)))
            turn.refuse(
                wording.carry_differs(cell.column.name, sentence, wording.number(said), gap)
            )
            turn.show()
            return
    carry_right(turn)


def choose_rows(turn: Turn) -> None:
    """Choose the lines that have figures."""
    section = section_of(turn)
    if section is None or not isinstance(section.body, Table):
        say_expired(turn)
        return
    place = turn.place
    inside = turn.session.form.section_of.get(place.item) is section
    back = place.back if inside and place.state is not State.FINDING else returning(turn)
    turn.go(State.ROWS, section.id, back=tuple(s for s in back if s != (State.ROWS, section.id)))
    turn.show()


def rows_end(turn: Turn) -> None:
    section = section_of(turn)
    if section is None or not isinstance(section.body, Table):
        say_expired(turn)
    else:
        leave_to_table_end(turn, section)
