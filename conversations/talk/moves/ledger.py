"""Moves of a spreadsheet that was sent, and of the empty table."""

from __future__ import annotations

from dataclasses import replace

from conversations.answers.ledger import NotTaken, Taken, Why, read_ledger
from conversations.form.model import Line, Section, SectionKind
from conversations.talk.buttons import button
from conversations.talk.derived import asked_lines, sections_of_kind, table_of
from conversations.talk.effects import Deliver, MessageKind
from conversations.talk.moves.figures import answered, store_figures
from conversations.talk.moves.turn import Turn, on_table, say_expired
from conversations.talk.session import Asking, Pending, State
from conversations.wording import ledger as words
from conversations.wording import talk as wording


def take_ledger(turn: Turn) -> None:
    """Show the figures of a spreadsheet; only a yes stores them."""
    assert turn.ledger is not None
    form, place = turn.session.form, turn.place
    sections = _asked(turn)
    line = form.lines.get(place.item) if place.state is State.LINE else None
    refused: tuple[Section, NotTaken] | None = None
    for section in sections:
        read = read_ledger(turn.ledger.sheets, section, form, turn.session.year, line)
        if isinstance(read, Taken):
            _show(turn, read)
            return
        if refused is None or refused[1].why is Why.SHAPE:
            refused = section, read
    if refused is None:
        turn.note(words.NOT_HERE)
    else:
        _refuse(turn, *refused)


def _asked(turn: Turn) -> tuple[Section, ...]:
    """The table that is asked, or all tables at any other place."""
    form, item = turn.session.form, turn.place.item
    section = form.section_of.get(item) or form.section.get(item)
    if section is None:
        elsewhere = turn.place.state in (State.WORDING, State.LOOKUP)
        return () if elsewhere else sections_of_kind(turn.session, SectionKind.TABLE)
    return (section,) if section.kind is SectionKind.TABLE else ()


def _show(turn: Turn, read: Taken) -> None:
    form = turn.session.form
    pending = Pending.of(Asking.LEDGER, read.reading, text=read.sheet, chosen=(str(read.hidden),))
    touched = {form.cells[cell].line for cell in pending.values}
    first = next(line for line in form.lines if line in touched)
    turn.go(State.CONFIRM, first, back=turn.place.returning)
    turn.put(replace(turn.place, pending=pending))


def _refuse(turn: Turn, section: Section, read: NotTaken) -> None:
    """Say why nothing was taken, and offer the empty table, which can be read."""
    text = ""
    match read.why:
        case Why.SHAPE:
            lines = asked_lines(table_of(section))
            text = words.SHAPE.format(
                table=table_of(section).short,
                example=lines[0].short,
                rows=len(lines),
                columns=len(lines[0].cells),
            )
        case Why.SEVERAL:
            text = words.SEVERAL.format(where=read.where)
        case Why.YEAR:
            text = words.OTHER_YEAR.format(found=read.where, wanted=turn.session.year)
        case Why.CELL:
            text = words.CELL.format(where=read.where)
        case Why.FIGURE:
            text = words.FIGURE.format(why=read.refusal and wording.why_refused(read.refusal))
    rows = ((button(words.EMPTY_TABLE, "xls", section.item),),) if section.printed else ()
    turn.say(MessageKind.NOTE, text, rows)


def store_ledger(turn: Turn, pending: Pending) -> None:
    """Store the confirmed figures; empty cells are asked about once."""
    session = turn.session
    line: Line = session.form.lines[turn.place.item]
    blanks = tuple(cell for cell in pending.blanks if cell not in session.answers)
    store_figures(turn, pending.values, {} if blanks else pending.totals)
    turn.note(words.STORED.format(count=len(pending.values)))
    if blanks:
        turn.put(replace(turn.place, pending=Pending(Asking.BLANKS, {}, pending.totals, blanks)))
    else:
        answered(turn, line, (*pending.values, *pending.totals))


@on_table
def empty_table(turn: Turn, section: Section) -> None:
    """The table as a spreadsheet, to be filled at a desk and sent back."""
    if not section.printed:
        say_expired(turn)
        return
    if turn.is_again(f"table {section.id}"):
        turn.note(wording.JUST_MADE)
        return
    turn.effects.append(Deliver(final=False, table=section.id))
