"""
Moves of looking through a report, and of leaders' remarks on it.

Looking changes nothing. A remark is stored until the report is returned; then the clerk corrects
its place, which settles it, or answers it in words.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.answers.agreed import is_agreement
from conversations.answers.short import is_yes
from conversations.form.model import ItemId, Narrative
from conversations.sign_off.rights import Action, may
from conversations.sign_off.status import Remark
from conversations.talk.buttons import button, short_mark
from conversations.talk.cards.look import passage_looked_at, stations
from conversations.talk.effects import (
    DropRemark,
    MessageKind,
    SettleRemark,
    WriteRemark,
)
from conversations.talk.gate import locked
from conversations.talk.moves import going
from conversations.talk.moves.onward import resume
from conversations.talk.moves.passages import list_passages
from conversations.talk.moves.texts import split_text
from conversations.talk.moves.turn import Turn, clean, say_expired
from conversations.talk.passages import INSTEAD, Passage, passage_marked, passage_shown
from conversations.talk.remarks import (
    MOST_BUTTONS,
    mended,
    name_of,
    own_unsent,
    place_name,
    quoted,
    remark_answered,
    remark_of,
    remarks_report,
    stands,
    told_again,
)
from conversations.talk.session import Asking, Pending, Session, State, Stop
from conversations.talk.triggers import is_step, meant_by
from conversations.wording import remarks as wording
from conversations.wording import sign_off
from conversations.wording.talk import LIMIT, shorten

LONGEST = 1_000  # characters of a remark or an answer
REMEMBERED = 40  # messages whose edit changes their remark

READING = (State.LOOK, State.REMARK, State.ANSWERING)


def _back(turn: Turn) -> tuple[Stop, ...]:
    """Where to go after looking through: not from page to page."""
    place = turn.place
    stops = place.back if place.state in READING else place.returning
    return tuple(stop for stop in stops if stop[0] not in READING)


# ---------------------------------------------------------------- looking


def look(turn: Turn) -> None:
    """Show a section, row, figure, text or passage; without a number the first section."""
    session = turn.session
    if not session.may(Action.LOOK):
        turn.note(sign_off.NOT_ALLOWED[Action.LOOK])
        return
    item = session.form.item.get(turn.argument) or stations(session.form)[0]
    passage = passage_marked(session, turn.mark) if turn.mark else None
    if turn.mark and passage is None:
        say_expired(turn)
    _look_at(turn, item, passage)


def _look_at(turn: Turn, item: ItemId, passage: Passage | None) -> None:
    turn.go(State.LOOK, passage.item if passage else item, back=_back(turn))
    _put_passage(turn, passage)


def _put_passage(turn: Turn, passage: Passage | None, *how: str) -> None:
    """The chosen passage of a text, None for the whole."""
    pending = None
    if passage is not None:
        pending = Pending(Asking.PASSAGE, text=passage.text, chosen=(passage.mark, *how))
    turn.put(replace(turn.place, pending=pending))


def leave_look(turn: Turn) -> None:
    """Go back; from an unwritten remark, to its place."""
    place = turn.place
    if place.state in (State.REMARK, State.ANSWERING) and place.back:
        resume(turn, place.back)
    elif back := _back(turn):
        resume(turn, back)
    else:
        going.menu(turn)


def look_typed(turn: Turn) -> None:
    """A row's name shows the row; any other text from a leader is a remark on what is shown."""
    text = "".join(turn.text.split())
    form = turn.session.form
    named = [line for line in form.lines.values() if text and text in line.short]
    exact = next((line for line in named if line.short == text), None)
    if exact is not None and not turn.about:
        _look_at(turn, exact.id, None)
    elif turn.session.may(Action.REMARK):
        remark_typed(turn)
    elif len(named) == 1:
        _look_at(turn, named[0].id, None)
    else:
        turn.refuse(wording.ONLY_LOOKING)


# ---------------------------------------------------------------- remarks


def remark(turn: Turn) -> None:
    """「在此批注」: the next message is a remark on this place; without a number on the whole."""
    session = turn.session
    if not session.may(Action.REMARK):
        turn.note(wording.NOT_NOW)
        return
    passage = passage_marked(session, turn.mark) if turn.mark else None
    if turn.mark and passage is None:
        say_expired(turn)
        return
    item = passage.item if passage else session.form.item.get(turn.argument, "")
    place = turn.place
    back = _back(turn) if place.state in (State.REMARK, State.ANSWERING) else place.returning
    turn.go(State.REMARK, item, back=back)
    _put_passage(turn, passage)


def remark_typed(turn: Turn) -> None:
    """Store a remark on this place; an edited message replaces its remark."""
    session, place = turn.session, turn.place
    if not session.may(Action.REMARK):
        turn.refuse(wording.NOT_NOW)
        return
    text = clean(turn, turn.text).strip()
    if not text or meant_by(text) or is_yes(text):
        turn.refuse(wording.EMPTY)
        return
    if is_agreement(text) or is_step(text):
        turn.refuse(wording.no_remark(text))
        return
    if len(text) > LONGEST:
        turn.refuse(wording.too_long(len(text), LONGEST))
        return
    item = place.item
    passage = passage_looked_at(session)
    if turn.about:
        passage = passage_shown(session, item, turn.about)
    quote = passage.text if passage else ""
    before = _said_before(turn)
    if before is not None:
        _drop(turn, before)
        item, quote = before.item, before.quote
    written = write_remark(turn, item, text, quote)
    if turn.order:
        kept = [(order, mark) for order, mark in place.remarked if order != turn.order]
        remarked = (*kept[1 - REMEMBERED :], (turn.order, _mark(written)))
        turn.put(replace(turn.place, remarked=remarked))
    said = wording.written(name_of(turn.session, item), text, instead=before is not None)
    turn.say(MessageKind.RESULT, said, ((button(wording.REMARKS, "rms"),),), item=item or None)
    if turn.place.state is State.REMARK or turn.visited:
        resume(turn, turn.place.back)


def has_remarked(turn: Turn) -> bool:
    """Whether the person has written a remark, and so has read the place."""
    return any(isinstance(effect, WriteRemark) for effect in turn.effects)


def write_remark(turn: Turn, item: ItemId, text: str, quote: str = "") -> Remark:
    """Store a remark, with the present content of its place."""
    session = turn.session
    before = stands(session, item, quote)
    turn.effects.append(WriteRemark(item, text, quote, before))
    written = Remark(0, item, quote, text, session.by, "", session.now, sent=False, open=True)
    written = replace(written, before=before)
    _put_remarks(turn, (*session.sign_off.remarks, written))
    return written


def _drop(turn: Turn, remark: Remark) -> None:
    turn.effects.append(DropRemark(remark.id))
    remarks = turn.session.sign_off.remarks
    _put_remarks(turn, tuple(other for other in remarks if other != remark))


def whole_typed(turn: Turn) -> None:
    """A remark on the whole report, in the leader's message."""
    turn.go(State.REMARK, "", back=turn.place.returning)
    remark_typed(turn)
    if turn.place.state is State.REMARK:  # not taken
        resume(turn, turn.place.back)


def _said_before(turn: Turn) -> Remark | None:
    """The unsent remark that this message was before it was edited."""
    mark = dict(turn.place.remarked).get(turn.order) if turn.order else None
    return next((r for r in own_unsent(turn.session) if _mark(r) == mark), None)


def _mark(remark: Remark) -> str:
    return short_mark(f"{remark.item}|{remark.quote}|{remark.text}")


def _put_remarks(turn: Turn, remarks: tuple[Remark, ...]) -> None:
    """Let the cards after the step show the new remarks."""
    signed = replace(turn.session.sign_off, remarks=remarks)
    turn.session = replace(turn.session, sign_off=signed)


def own_remarks(turn: Turn) -> None:
    """「我的批注」: unsent ones, which can be taken back, and what became of the sent ones."""
    remarks, sent = own_unsent(turn.session), told_again(turn.session)
    if sent and turn.session.may(Action.REMARK):
        for piece in split_text(remarks_report(turn.session, len(sent)), LIMIT):
            turn.note(piece)
    elif not remarks:
        turn.note(wording.NONE_OF_YOURS)
    if not remarks:
        return
    said = wording.listed([(place_name(turn.session, r), r.text) for r in remarks])
    rows = [(button(wording.drop(n), "rmd", r.id),) for n, r in enumerate(remarks, 1) if r.id]
    *before, last = split_text(wording.yours(said), LIMIT)
    for piece in before:
        turn.note(piece)
    turn.say(MessageKind.NOTE, last, rows[-MOST_BUTTONS:])


def drop_remark(turn: Turn) -> None:
    """Take back the person's own unsent remark."""
    found = next((r for r in own_unsent(turn.session) if r.id == turn.argument), None)
    if found is None:
        turn.note(wording.GONE)
        return
    _drop(turn, found)
    turn.note(wording.DROPPED)
    if own_unsent(turn.session):
        own_remarks(turn)


# ---------------------------------------------------------------- the clerk


def open_remark(turn: Turn) -> None:
    """Open the place of a remark, with the remark above; for a reader, only show it."""
    session = turn.session
    found = remark_of(session, turn.argument)
    if found is None:
        say_expired(turn, wording.GONE)
        return
    passage = quoted(session, found) if found.quote else None
    # A removed question has no place.
    item = found.item if found.item in session.form.number else ""
    if not session.may(Action.WRITE):
        _look_at(turn, item or stations(session.form)[0], passage)
    elif passage is not None:
        turn.visit(State.PASSAGE, passage.item)
        _put_passage(turn, passage, INSTEAD)
    elif item:
        _open_place(turn, item)
    elif found.open and session.may(Action.SETTLE):
        turn.argument = found.id
        answer_remark(turn)
        return
    name = name_of(session, found.item)
    rows = ((button(wording.ANSWER, "rma", found.id),),) if _can_settle(session, found) else ()
    then = (
        (wording.HOW_TO_SETTLE if rows else "") if found.open else wording.closed_with(found.answer)
    )
    said = wording.to_mend(name, found.text, found.quote, found.name, then)
    turn.say(MessageKind.NOTE, said, rows)


def _open_place(turn: Turn, item: ItemId) -> None:
    """Open it as from the contents; an existing text by its paragraphs."""
    form = turn.session.form
    turn.argument = form.number[item]
    section = form.section.get(item)
    is_text = section is not None and isinstance(section.body, Narrative)
    if is_text and turn.session.answers.text(item):
        list_passages(turn)
    else:
        going.open_item(turn)


def _can_settle(session: Session, remark: Remark) -> bool:
    return remark.open and session.may(Action.SETTLE)


def answer_remark(turn: Turn) -> None:
    """「答复」: the next message is the answer."""
    found = remark_of(turn.session, turn.argument)
    if found is None or not found.open:
        say_expired(turn, wording.CLOSED if found else wording.GONE)
        return
    if not turn.session.may(Action.SETTLE):
        may_later = may(turn.session.standing, Action.SETTLE)
        turn.note(locked(turn.session) if may_later else sign_off.NOT_ALLOWED[Action.SETTLE])
        return
    turn.go(State.ANSWERING, str(found.id), back=_back(turn))


def answer_typed(turn: Turn) -> None:
    """Store the clerk's answer to a remark, which settles it."""
    found = remark_answered(turn.session)
    text = clean(turn, turn.text).strip()
    if found is None:
        turn.note(wording.CLOSED)
    elif not text or meant_by(text):
        turn.refuse(wording.EMPTY_ANSWER)
        return
    elif is_step(text):
        turn.refuse(wording.no_answer(text))
        return
    elif len(text) > LONGEST:
        turn.refuse(wording.too_long(len(text), LONGEST))
        return
    else:
        _settle(turn, found, text)
        name = name_of(turn.session, found.item)
        turn.say(MessageKind.RESULT, wording.answered(name, text), ())
    resume(turn, _before_the_remark(turn, found))


def _before_the_remark(turn: Turn, remark: Remark | None) -> tuple[Stop, ...]:
    """The place before a remark was opened: an answered remark needs no return to its place."""
    back = turn.place.back
    return back[:-1] if remark and back and back[-1][1] == remark.item else back


def _settle(turn: Turn, remark: Remark, answer: str = "") -> None:
    turn.effects.append(SettleRemark(remark.id, answer))
    settled = replace(remark, open=False, answer=answer)
    remarks = turn.session.sign_off.remarks
    _put_remarks(turn, tuple(settled if r.id == remark.id else r for r in remarks))


def settle_mended(turn: Turn, before: Session) -> None:
    """After every move: settle the remarks whose place it has changed."""
    for found in mended(before, turn.session):
        _settle(turn, found)
        turn.note(wording.settled(name_of(turn.session, found.item), shorten(found.text)))
