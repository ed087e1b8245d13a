"""Moves that go about: the contents, an item, back, later, a search by name."""

from __future__ import annotations

import re
from dataclasses import replace

from conversations.answers.short import is_no, is_yes
from conversations.form.model import Line, LineKind, Section
from conversations.sign_off.rights import Action
from conversations.talk.buttons import button, in_rows
from conversations.talk.derived import (
    asked_lines,
    balanced,
    carry_mark,
    clerks_order,
    table_of,
)
from conversations.talk.effects import Button, MessageKind
from conversations.talk.moves.onward import (
    after_line,
    enter,
    next_line,
    next_section,
    resume,
    table_end,
)
from conversations.talk.moves.passages import list_passages
from conversations.talk.moves.tables import choose_rows_of, table_right
from conversations.talk.moves.texts import show_points
from conversations.talk.moves.title_and_signature import WORDING_ORDER
from conversations.talk.moves.turn import Turn, ended, line_of, say_expired, section_of
from conversations.talk.session import Session, State, Stop
from conversations.talk.triggers import meant_by
from conversations.wording import talk as wording

MOST_HITS = 20  # matching rows and sections shown


def menu(turn: Turn) -> None:
    """The list of sections; a pending question is dropped, and the clerk is told."""
    pending = turn.place.pending
    if turn.place.state is State.CONFIRM and pending is not None:
        turn.note(wording.NOT_TAKEN[pending.asking.value])
    turn.go(State.CONTENTS, back=())


def go_back(turn: Turn) -> None:
    """Back to the clerk's place, without one to the list of sections."""
    if turn.place.back:
        resume(turn, turn.place.back)
    else:
        menu(turn)


def help_(turn: Turn) -> None:
    turn.note(wording.HELP)


def say_unknown(turn: Turn) -> None:
    """An unknown command."""
    turn.refuse(wording.UNKNOWN_COMMAND.format(name=wording.shorten(turn.text, 20)))


def show_more(_turn: Turn) -> None:
    """The open question with all its buttons: the card itself shows them."""


def figures_first(turn: Turn) -> None:
    turn.put(replace(turn.place, texts_first=False))
    next_section(turn)


def texts_first(turn: Turn) -> None:
    turn.put(replace(turn.place, texts_first=True))
    next_section(turn)


def leave_finding(turn: Turn) -> None:
    """Continue from a finding: back to the clerk's place."""
    resume(turn, turn.place.back)


def open_section(turn: Turn) -> None:
    section = section_of(turn)
    if section is None:
        say_expired(turn)
        return
    back: tuple[Stop, ...] = ()
    if turn.place.state is State.REVIEW:
        back = ((State.REVIEW, ""),)
    enter(turn, section, back=back)


def open_item(turn: Turn) -> None:
    """Open a line, a figure, a text or a piece of wording, from anywhere."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    if (turn.place.state, turn.place.item) in ((State.LINE, item), (State.CELL, item)):
        return
    back = turn.place.returning
    if item in form.cells:
        line = form.lines[form.cells[item].line]
        if line.kind is not LineKind.ASKED or item in form.sums:
            open_line(turn, line, back)
            return
        turn.go(State.CELL, item, back=back)
    elif item in form.lines:
        open_line(turn, form.lines[item], back)
        return
    elif item in WORDING_ORDER:
        turn.go(State.WORDING, item, back=without_contents(back))
    elif item in form.section:
        enter(turn, form.section[item], back=without_contents(back))
        return
    elif item in form.remark:
        list_passages(turn)
        return
    else:
        say_expired(turn)
        return


def without_contents(back: tuple[Stop, ...]) -> tuple[Stop, ...]:
    return tuple(stop for stop in back if stop[0] is not State.CONTENTS)


def open_line(turn: Turn, line: Line, back: tuple[Stop, ...]) -> None:
    section = turn.session.form.section_of[line.id]
    if line.kind is LineKind.ASKED:
        turn.go(State.LINE, line.id, back=without_contents(back))
    elif line.kind is LineKind.BALANCE and turn.session.is_open(line.id):
        table_end(turn, section, without_contents(back))
    else:
        choose_rows_of(turn, section)


def later(turn: Turn) -> None:
    """Leave a gap, which the list of sections shows, and continue."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    if item in form.lines and form.lines[item].kind is LineKind.ASKED:
        line = form.lines[item]
        section = form.section_of[item]
        if turn.place.back:
            resume(turn, turn.place.back)
        else:
            next_line(turn, section, line)
    elif item in form.section:
        if turn.place.back:
            resume(turn, turn.place.back)
        else:
            later_section(turn, form.section[item])
    else:
        say_expired(turn)


def unsure(turn: Turn) -> None:
    """«不知道»: explain the question once more, and leave it for later."""
    section = section_of(turn)
    if section is None:
        show_counts(turn)
    else:
        show_points(turn)
    later(turn)


def later_section(turn: Turn, section: Section) -> None:
    """After a postponed text: the next gap after it, else the contents."""
    order = clerks_order(turn.session)
    start = order.index(section) + 1 if section in order else 0
    for following in order[start:]:
        if turn.session.is_open(following.id):
            enter(turn, following, back=())
            return
    turn.go(State.CONTENTS, back=())


def previous(turn: Turn) -> None:
    """The previous line, answered or not; nothing is undone."""
    line = line_of(turn)
    if line is None or line.kind is not LineKind.ASKED:
        say_expired(turn)
        return
    table = table_of(turn.session.form.section_of[line.id])
    lines = asked_lines(table)
    index = lines.index(line)
    if index == 0:
        say_expired(turn)
        return
    turn.go(State.LINE, lines[index - 1].id)


def keep(turn: Turn) -> None:
    """Change nothing, and go back to the clerk's place."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    if turn.place.item != item:
        say_expired(turn)
        return
    turn.put(ended(turn.place, item))
    if turn.place.back:
        resume(turn, turn.place.back)
    elif item in form.lines and not turn.session.is_open(item):
        after_line(turn, form.lines[item], ())
    elif item in form.section:
        next_section(turn, after=form.section[item])
    else:
        next_section(turn)


def show_counts(turn: Turn) -> None:
    line = line_of(turn)
    if line is None:
        say_expired(turn)
        return
    turn.note(wording.counts(line))


def search(turn: Turn) -> None:
    """A text at a place that asks for none: find the line or section it names."""
    text = "".join(turn.text.split())
    if not text or len(text) > 30 or meant_by(text):
        turn.refuse(wording.NOT_HERE)
        return
    hits = _named(turn.session, text)
    has_digits = any(character.isdecimal() for character in text)
    if text.isdecimal() or (not hits and has_digits):
        # «行政许可 295»: it names the row of a figure that was not asked for.
        name = re.split(r"[\d：:=＝]", text)[0]
        rows = tuple(in_rows(_named(turn.session, name)[:MOST_HITS], 2)) if name else ()
        shown = wording.shorten(turn.text, 20)
        if rows:
            turn.say(MessageKind.NOTE, wording.FIGURE_NOT_ASKED.format(text=shown), rows)
        else:
            turn.refuse(wording.WHICH_FIGURE.format(text=shown))
    elif hits:
        said = wording.search_hits(text)
        if len(hits) > MOST_HITS:
            said += f"\n{wording.more_hits(len(hits))}"
        turn.say(MessageKind.NOTE, said, tuple(in_rows(hits[:MOST_HITS], 2)))
    else:
        turn.refuse(wording.NOTHING_FOUND.format(text=wording.shorten(turn.text, 20)))


def _named(session: Session, text: str) -> list[Button]:
    """
    Buttons to the sections and rows whose names contain a text; names that begin with it first.
    """
    form = session.form
    section_verb, line_verb = ("s", "o") if session.may(Action.WRITE) else ("lk", "lk")
    named = [
        (section.heading, button(section.heading, section_verb, section.item))
        for section in form.sections
        if text in section.heading
    ]
    named += [
        (line.short, button(line.short, line_verb, line.number))
        for line in form.lines.values()
        if text in "".join(line.path) or text in line.short
    ]
    return [found for _, found in sorted(named, key=lambda hit: not hit[0].startswith(text))]


def row_typed(turn: Turn) -> None:
    """A name at the list of rows: if only one row has it, open that row."""
    text = "".join(turn.text.split())
    lines = asked_lines(table_of(turn.session.form.section[turn.place.item]))
    named = [line for line in lines if text == line.short]
    if not named and text and not any(character.isdecimal() for character in text):
        named = [line for line in lines if text in line.short or text in "".join(line.path)]
    if len(named) == 1:
        open_line(turn, named[0], turn.place.returning)
    else:
        search(turn)


def table_typed(turn: Turn) -> None:
    """A typed yes or no to 「对吗？」; any other text is searched by name."""
    section = turn.session.form.section[turn.place.item]
    whole = turn.session.first_open(section) is None
    turn.argument = section.item
    if whole and is_yes(turn.text):
        line = balanced(table_of(section))
        turn.mark = carry_mark(turn.session, line) if line is not None else ""
        table_right(turn)
    elif whole and is_no(turn.text):
        choose_rows_of(turn, section)
    else:
        search(turn)
