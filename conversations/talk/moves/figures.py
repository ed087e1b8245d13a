"""Moves that answer figures: typed, pasted, zero in one tap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from conversations.answers.answer import read_answer
from conversations.answers.figure import Refusal
from conversations.answers.question import Reading
from conversations.form.answers import Number, Value
from conversations.form.model import Cell, CellId, ItemId, Line, LineKind, Section
from conversations.talk.buttons import button
from conversations.talk.derived import asked_cells, asked_lines, line_figures, table_of
from conversations.talk.effects import MessageKind
from conversations.talk.moves.onward import (
    after_line,
    items_of,
    say_hints,
    stop_at_finding,
    table_end,
)
from conversations.talk.moves.turn import Turn, line_of, on_table, say_expired
from conversations.talk.session import Asking, Pending, State
from conversations.wording import talk as wording


def store_figures(
    turn: Turn, values: Mapping[CellId, Number], totals: Mapping[CellId, Number]
) -> None:
    """
    Store figures, compare typed totals, and reopen what the change affects.

    A typed total that differs stays beside the figures as a claim until the computed one is taken
    or a figure is corrected; a changed 结转下年度 must be confirmed anew.
    """
    form = turn.session.form
    turn.save(dict(values))
    figures = turn.session.figures
    claims: dict[ItemId, Value | None] = {}
    for cell, typed in totals.items():
        claims[cell] = None if figures.computed(cell) == typed else typed
    answers = turn.session.answers
    for cell in answers.among(form.sums):
        if cell not in totals and answers[cell] == figures.computed(cell):
            claims[cell] = None
    turn.save(claims)
    figures = turn.session.figures
    stale: dict[ItemId, Value | None] = {}
    for cell in form.balance:
        said = turn.session.answers.number(cell)
        if said is not None and cell not in values and figures.balance(cell) != said:
            stale[cell] = None
    if stale:
        line = form.lines[form.cells[next(iter(stale))].line]
        # The line is confirmed as a whole, so it opens as a whole.
        turn.save({cell.id: None for cell in line.cells})
        turn.note(wording.CARRY_REOPENED)


def play_back(turn: Turn, cells: Iterable[CellId], extra: str = "") -> None:
    """
    Play back the lines of the cells, each with a button to change it.

    Several lines that complete a table are only counted: the table is played back next.
    """
    form = turn.session.form
    lines = list(dict.fromkeys(form.cells[cell].line for cell in cells))
    section = form.section_of[lines[0]]
    if len(lines) > 1 and turn.session.first_open(section) is None:
        text = wording.rows_taken(section.body.short, len(lines))
        turn.say(MessageKind.RESULT, text, item=section.id)
        lines = []
    for line_id in lines:
        line = form.lines[line_id]
        said = wording.answered(line, line_figures(turn.session, line))
        if extra:
            said += f"（{extra}）"
        modify = button(wording.MODIFY, "o", line.number)
        turn.say(MessageKind.RESULT, said, ((modify,),), item=line_id)
    turn.say_stale()


def take_reading(turn: Turn, reading: Reading, line: Line) -> None:
    """An answer was understood: ask what must be asked, store the rest, continue."""
    if reading.conversions:
        turn.go(State.CONFIRM, line.id, back=turn.place.returning)
        turn.put(replace(turn.place, pending=Pending.of(Asking.CONVERT, reading)))
        return
    store_and_go(turn, reading.values, reading.totals or {}, reading.blanks, line)


def store_and_go(
    turn: Turn,
    values: Mapping[CellId, Number],
    totals: Mapping[CellId, Number],
    blanks: tuple[CellId, ...],
    line: Line,
) -> None:
    unanswered = tuple(cell for cell in blanks if cell not in turn.session.answers)
    if unanswered:
        # The figures are stored at once; only the empty cells are asked about.
        store_figures(turn, values, {})
        pending = Pending(Asking.BLANKS, {}, dict(totals), unanswered)
        turn.go(State.CONFIRM, line.id, back=turn.place.returning)
        turn.put(replace(turn.place, pending=pending))
        if values:
            play_back(turn, values)
        return
    store_figures(turn, values, totals)
    claimed = turn.session.figures
    agrees = any(claimed.claimed(cell) is None for cell in totals)
    play_back(
        turn,
        [*values, *totals] if values else totals,
        wording.TOTAL_AGREES[:-1] if agrees and len(totals) == 1 else "",
    )
    answered(turn, line, (*values, *totals))


def answered(turn: Turn, line: Line, items: Iterable[ItemId]) -> None:
    """Show hints and findings on the stored figures, then continue."""
    items = tuple(items)
    say_hints(turn, items)
    place = turn.place
    form = turn.session.form
    back = place.back
    if place.state is State.CONFIRM and back and back[-1] == (State.LINE, line.id):
        back = back[:-1]
    # For a pasted block, findings in printed order; the next one when the first is settled.
    touched = {form.cells[item].line for item in items if item in form.cells}
    for other in form.lines.values() if len(touched) > 1 else ():
        if other.id in touched and stop_at_finding(
            turn, items_of(other), (*back, (State.LINE, line.id))
        ):
            return
    if line.kind is LineKind.ASKED and turn.session.is_open(line.id):
        turn.go(State.LINE, line.id, back=back)
    else:
        after_line(turn, line, back)


def asked_here(turn: Turn) -> tuple[Line, list[Cell]]:
    """The line and cells that a typed answer fills at this place."""
    form = turn.session.form
    place = turn.place
    if place.state is State.CELL:
        cell = form.cells[place.item]
        return form.lines[cell.line], [cell]
    line = form.lines[place.item]
    return line, [form.cells[cell] for cell in asked_cells(turn.session, line)]


def reading_of(turn: Turn) -> Reading | Refusal:
    """Read the typed answer to the open question."""
    line, asked = asked_here(turn)
    following: tuple[Line, ...] = ()
    section = turn.session.form.section_of[line.id]
    table = table_of(section)
    if turn.place.state is State.LINE:
        following = table.lines[table.lines.index(line) :]
    form, year = turn.session.form, turn.session.year
    if unit := asked[0].unit:
        turn.text = turn.text.strip().removesuffix(unit)
    reading = read_answer(turn.text, asked, form, following, year)
    whole = list(line.cells)
    if not isinstance(reading, Refusal) or turn.place.state is State.CELL or asked == whole:
        return reading
    # A half-answered line may also be typed whole.
    again = read_answer(turn.text, whole, form, following, year)
    return reading if isinstance(again, Refusal) else again


def type_figures(turn: Turn) -> None:
    reading = reading_of(turn)
    line, asked = asked_here(turn)
    if isinstance(reading, Refusal):
        turn.refuse(wording.refusal(reading, asked, line))
    else:
        take_reading(turn, reading, line)


def zero(turn: Turn) -> None:
    """Fill the empty cells of a line, or one cell, with zeros; ask before replacing a figure."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    line = line_of(turn)
    if line is None or line.kind is not LineKind.ASKED:
        say_expired(turn)
        return
    cells = [item] if item in form.cells else [cell.id for cell in line.cells]
    open_cells = [cell for cell in cells if cell not in turn.session.answers]
    if turn.place.state not in (State.LINE, State.CELL) or (turn.place.item not in (line.id, item)):
        turn.go(State.CELL if item in form.cells else State.LINE, item, back=turn.place.returning)
    if open_cells:
        store_and_go(turn, dict.fromkeys(open_cells, 0), {}, (), line)
        return
    figures = {cell: 0 for cell in cells if turn.session.answers.get(cell) != 0}
    if figures and len(cells) == 1:
        ask_overwrite(turn, figures, line.id)
    else:
        # An answered row has no such button any more: this is a second tap.
        say_expired(turn, wording.ALREADY)
        after_line(turn, line, turn.place.back)


def ask_overwrite(turn: Turn, figures: Mapping[CellId, Number], item: ItemId) -> None:
    turn.go(State.CONFIRM, item, back=turn.place.returning)
    turn.put(replace(turn.place, pending=Pending(Asking.OVERWRITE, figures)))


@on_table
def zero_rest(turn: Turn, section: Section) -> None:
    """
    Fill the empty cells of a whole table with zeros; figures are kept.

    A second tap asks nothing, so that a third one cannot lose a figure.
    """
    lines = asked_lines(table_of(section))
    cells = [cell.id for line in lines for cell in line.cells]
    open_cells = [cell for cell in cells if cell not in turn.session.answers]
    kept = any(turn.session.answers.get(cell, 0) != 0 for cell in cells)
    if not open_cells:
        turn.note(wording.ALREADY)
        leave_to_table_end(turn, section)
        return
    store_figures(turn, dict.fromkeys(open_cells, 0), {})
    text = wording.filled_zero(section.body.short, kept=kept)
    turn.say(MessageKind.RESULT, text, item=section.id)
    say_hints(turn, open_cells)
    leave_to_table_end(turn, section)


def leave_to_table_end(turn: Turn, section: Section) -> None:
    """Go to the end of the table, stopping at findings on the way."""
    place = turn.place
    form = turn.session.form
    inside = form.section_of.get(place.item)
    back = place.back if inside is section else turn.place.returning
    if place.state in (State.CONTENTS, State.REVIEW, State.DONE) and inside is not section:
        back = ()
    items = [cell.id for cell in table_of(section).cells]
    if stop_at_finding(turn, items, (*back, (State.TABLE, section.id))):
        return
    table_end(turn, section, back)


@on_table
def zero_over(turn: Turn, section: Section) -> None:
    """Ask before the figures of a table become zeros."""
    figures: dict[CellId, Number] = {
        cell.id: 0
        for line in asked_lines(table_of(section))
        for cell in line.cells
        if turn.session.answers.get(cell.id, 0) != 0
    }
    if figures:
        ask_overwrite(turn, figures, section.id)
    else:
        turn.note(wording.ALREADY)
