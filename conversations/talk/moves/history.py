"""Moves that only show: who has filled in a place, and the whole history."""

from __future__ import annotations

from datetime import datetime

from conversations.form.model import ItemId, Table
from conversations.reminders.typed import read_day, read_section
from conversations.talk.buttons import button, short_mark
from conversations.talk.effects import MessageKind
from conversations.talk.moves.turn import Turn, say_expired
from conversations.talk.session import Session
from conversations.talk.trail import Happened, Wanted, section_of, told
from conversations.wording import trail as wording
from conversations.wording.sharing import ELSEWHERE

MOST_SHOWN = 8  # changes shown of one place
A_PAGE = 10  # entries shown of the history


def who(turn: Turn) -> None:
    """Who has filled in a figure, a row or a text, with the changes, the newest first."""
    session, form = turn.session, turn.session.form
    item = form.item.get(turn.argument, "")
    if not item:
        say_expired(turn)
        return
    name = wording.place(form, item)
    wanted = _items(session, item)
    single = len(wanted) == 1
    entries = [entry for entry in session.trail if entry.item in wanted]
    found = list(told(form, entries, lambda e: wording.changes(form, e, named=not single)))
    if not found:
        turn.note(wording.NOBODY.format(name=name))
        return
    lines = [_line(session, step) for step in reversed(found)]
    turn.note(wording.who(name, lines[:MOST_SHOWN], len(lines[MOST_SHOWN:])))


def history(turn: Turn) -> None:
    """All changes and decisions, the newest first; or a part of them."""
    session, form = turn.session, turn.session.form
    everything = happened(session)
    wanted = Wanted.of(turn.mark, form) if turn.mark else _asked(session, turn.text, everything)
    if wanted is None:
        turn.refuse(wording.USAGE)
        return
    found = [step for step in everything if wanted.fits(step)]
    if not found:
        turn.note(wording.EMPTY)
        return
    pages = -(-len(found) // A_PAGE)
    page = min(max(turn.argument, 1), pages)
    shown = found[::-1][(page - 1) * A_PAGE : page * A_PAGE]
    lines = [_line(session, step) for step in shown]
    mark = [wanted.mark(form)] if wanted != Wanted() else []
    row = [button(wording.LATER, "his", page - 1, *mark)] if page > 1 else []
    row += [button(wording.EARLIER, "his", page + 1, *mark)] if page < pages else []
    text = wording.page(lines, page, pages, len(found))
    turn.say(MessageKind.NOTE, text, (row,) if row else ())


def share(turn: Turn) -> None:
    """The assignment of sections: handled at the door, which knows the members."""
    turn.note(ELSEWHERE)


def happened(session: Session) -> list[Happened]:
    """The history of a report, in order: changes, steps of its sign-off, sent remarks."""
    form, signed = session.form, session.sign_off
    steps = list(told(form, session.trail, lambda entries: wording.changes(form, entries)))
    steps += [
        Happened(_moment(r.at), r.by, r.name, r.door, "", wording.step(r)) for r in signed.records
    ]
    steps += [
        Happened(_moment(r.at), r.by, r.name, "", section_of(form, r.item), wording.remark(form, r))
        for r in signed.remarks
        if r.sent
    ]
    zone = _moment(session.now).tzinfo
    steps.sort(key=lambda step: step.at)
    return [Happened(s.at.astimezone(zone), s.by, s.name, s.door, s.section, s.text) for s in steps]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _line(session: Session, step: Happened) -> str:
    at = step.at.astimezone(_moment(session.now).tzinfo)
    return wording.line(at, step.by, step.name, step.door, step.text)


def _items(session: Session, item: ItemId) -> frozenset[ItemId]:
    """The item, or the figures of a row or table."""
    line, section = session.form.lines.get(item), session.form.section.get(item)
    if section is not None and isinstance(section.body, Table):
        return frozenset(cell.id for cell in section.body.cells)
    return frozenset((item,)) if line is None else frozenset(cell.id for cell in line.printed)


def _asked(session: Session, text: str, everything: list[Happened]) -> Wanted | None:
    """
    The filter that a word after the command means: a section, a day, a person; None for nothing.
    """
    said = "".join(text.split())
    if not said:
        return Wanted()
    if section := read_section(said, session.form):
        return Wanted(section=section)
    if day := read_day(said, session.year):
        return Wanted(day=day)
    for step in reversed(everything):
        if said in (step.by, "".join(wording.called(step.by, step.name).split())):
            return Wanted(person=short_mark(step.by))
    named = [s for s in session.form.sections if said in s.heading]
    return Wanted(section=named[0].id) if len(named) == 1 else None
