"""
Leaders' remarks: their places, the present content there, and how they were settled.

The form also calls texts around tables remarks; they are not handled here.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from conversations.form.answers import Value
from conversations.form.model import CellId, ItemId, Table
from conversations.sign_off.states import Deed
from conversations.sign_off.status import Remark
from conversations.talk.buttons import button, in_rows
from conversations.talk.derived import change_lines, line_figures, table_of
from conversations.talk.effects import Buttons
from conversations.talk.passages import ALIKE, Passage, changes, passages
from conversations.talk.session import Session, State
from conversations.wording import remarks as wording
from conversations.wording.talk import cell_name, figure, shorten
from conversations.wording.trail import NOT_ASKED

MOST_TOLD = 8  # remarks in the message to the leader; the list has all
MOST_CHANGES = 12  # changes listed beside the remarks; the document has the others
MOST_BUTTONS = 30  # remarks with a button of their own
MOST_PAIRS = 2  # changed sentences shown of a text


def name_of(session: Session, item: ItemId) -> str:
    """A section, row, figure or text in a few words; "" is the whole report."""
    form = session.form
    if not item:
        return wording.WHOLE
    if item not in form.number:
        return NOT_ASKED
    if item not in form.cells and item not in form.lines:
        return form.name_of(item)
    name = cell_name(form, item) if item in form.cells else form.lines[item].short
    return f"{table_of(form.section_of[item]).short}「{name}」"


def place_name(session: Session, remark: Remark) -> str:
    """The place of a remark in a list; with the beginning of the sentence, if it is about one."""
    name = name_of(session, remark.item)
    return wording.at_sentence(name, remark.quote) if remark.quote else name


def stands(session: Session, item: ItemId, quote: str = "") -> str:
    """The present content of a place, in short; "" for a whole table or an empty place."""
    form = session.form
    if quote:
        return shorten(quote, 80)
    if item in form.cells:
        value = session.figures.get(item)
        return "" if value is None else figure(form.cells[item], value)
    if item in form.lines:
        return line_figures(session, form.lines[item])
    return shorten(session.answers.text(item) or "", 80)


def told_there(session: Session, item: ItemId) -> str:
    """A place with its content, in a line; "" for a whole table or an empty place."""
    found = stands(session, item) if item in session.form.number else ""
    return f"{name_of(session, item)}：{found}" if found else ""


def items_of(session: Session, item: ItemId) -> frozenset[ItemId]:
    """The answers at a place; none for the whole report."""
    form = session.form
    if item in form.cells:
        return frozenset(_answers_of(session, item))
    if item in form.lines:
        cells = form.lines[item].printed
        return frozenset(leaf for cell in cells for leaf in _answers_of(session, cell.id))
    section = form.section.get(item)
    if section is not None and isinstance(section.body, Table):
        return frozenset(cell.id for cell in section.body.cells if cell.id not in form.sums)
    return frozenset({item} if item else ())


def _answers_of(session: Session, cell: CellId) -> Iterator[ItemId]:
    form = session.form
    groups = form.balance.get(cell, ((), ()))
    for part in (cell, *groups[0], *groups[1]):
        yield from form.leaves.get(part, (part,))


def mended(before: Session, after: Session) -> tuple[Remark, ...]:
    """
    The open remarks whose place a step has changed.

    A sentence counts as changed when it is no longer there.
    """
    then, now = before.answers, after.answers
    if then is now:
        return ()
    return tuple(
        remark
        for remark in before.sign_off.open_remarks
        if any(then.get(item) != now.get(item) for item in items_of(before, remark.item))
        and not (remark.quote and remark.quote in (now.text(remark.item) or ""))
    )


def own_unsent(session: Session) -> tuple[Remark, ...]:
    """The person's own unsent remarks."""
    return tuple(remark for remark in session.sign_off.unsent if remark.by == session.by)


def remark_of(session: Session, number: int) -> Remark | None:
    """A sent remark, by its id."""
    sent = (remark for remark in session.sign_off.remarks if remark.sent)
    return next((remark for remark in sent if remark.id == number), None)


def remark_answered(session: Session) -> Remark | None:
    """The open remark that the next message answers, in State.ANSWERING."""
    number = session.place.item
    remark = remark_of(session, int(number)) if number.isdecimal() else None
    return remark if remark is not None and remark.open else None


def item_asked(session: Session) -> ItemId:
    """The place that the card is about, also through the remark being answered; or ""."""
    if session.place.state is State.ANSWERING:
        remark = remark_answered(session)
        return remark.item if remark else ""
    return session.place.item


def quoted(session: Session, remark: Remark) -> Passage | None:
    """The sentence that a remark is about, if it is still there."""
    return next((p for p in passages(session, remark.item) if p.text == remark.quote), None)


# ---- for the clerk


def open_remarks(session: Session) -> str:
    """The remarks that wait for the clerk, numbered; "" without any."""
    remarks = session.sign_off.open_remarks
    if not remarks:
        return ""
    return wording.returned(wording.listed([(place_name(session, r), r.text) for r in remarks]))


def open_buttons(session: Session) -> Buttons:
    """A button to the place of each, in the same order."""
    remarks = session.sign_off.open_remarks[:MOST_BUTTONS]
    labels = (wording.open_button(n, name_of(session, r.item)) for n, r in enumerate(remarks, 1))
    buttons = [button(label, "rm", r.id) for label, r in zip(labels, remarks, strict=True)]
    return tuple(in_rows(buttons, 2))


def unsettled(session: Session) -> str:
    """The line before the next submission with the number of unanswered remarks; "" for none."""
    count = len(session.sign_off.open_remarks)
    return wording.unsettled(count) if count else ""


# ---- for the leader who looks again


def told_again(session: Session) -> tuple[Remark, ...]:
    """
    The remarks of the last return, and older ones that are still open.

    Remarks of a return before the newest approval are settled.
    """
    last = session.sign_off.newest(Deed.RETURN, Deed.APPROVE, Deed.RECORD_APPROVAL)
    return tuple(
        remark
        for remark in session.sign_off.remarks
        if remark.sent and (remark.open or (last is not None and remark.returned == last.id))
    )


def remarks_report(session: Session, most: int = MOST_TOLD) -> str:
    """How each of them was settled; "" without any."""
    lines = [
        wording.became(place_name(session, r), r.text, _change(session, r), r.answer)
        for r in told_again(session)
    ]
    return wording.remarks_report(lines, most) if lines else ""


def changes_since(session: Session) -> str:
    """Other changes since the previous submission; "" for none."""
    # A change that a remark already shows is not repeated; an older remark shows none.
    remarks = told_again(session)
    told = {cell for remark in remarks for cell in _figures_at(session, remark.item)}
    figures: dict[ItemId, tuple[Value | None, Value | None]] = {}
    lines: list[str] = []
    for item, then in session.since_hand_in.items():
        now = session.answers.get(item)
        if isinstance(then, str) and isinstance(now, str) and then and now:
            quotes = [remark.quote for remark in remarks if remark.item == item and remark.quote]
            pairs = changes(then, now)
            left = [p for p in pairs or () if not any(quote in p[0] for quote in quotes)]
            if left or pairs is None:
                said = wording.text_changed(left[:MOST_PAIRS] if left else None)
                lines.append(f"· {session.form.name_of(item)}：{said}")
        elif item not in told and now != then:
            figures[item] = (then, now)
    lines = [*change_lines(session, figures), *lines]
    return wording.also_changed(lines, MOST_CHANGES) if lines else ""


def _figures_at(session: Session, item: ItemId) -> tuple[ItemId, ...]:
    """The figure at the place of a remark, or the figures of its row."""
    line = session.form.lines.get(item)
    return tuple(cell.id for cell in line.printed) if line else (item,)


def _change(session: Session, remark: Remark) -> str:
    """The change at a remark's place; "" without one."""
    form, since = session.form, session.since_hand_in
    if remark.item and remark.item not in form.number:
        return wording.NO_PLACE
    if remark.item in form.cells or remark.item in form.lines:
        now = stands(session, remark.item)
        return "" if now == remark.before else wording.from_to(remark.before, now)
    changed = [i for i in items_of(session, remark.item) if i in since]
    section = form.section.get(remark.item)
    if section is not None and isinstance(section.body, Table):
        return wording.cells_changed(len(changed)) if changed else ""
    text = session.answers.text(remark.item) or ""
    if remark.quote:
        if remark.quote in text:
            return ""
        return wording.from_to(
            stands(session, remark.item, remark.quote), _instead(session, remark)
        )
    if not changed:
        return ""
    whole = since[remark.item]
    pairs = changes(whole if isinstance(whole, str) else "", text)
    return wording.text_changed(pairs[:MOST_PAIRS] if pairs else None)


def _instead(session: Session, remark: Remark) -> str:
    """The sentence that has replaced the quoted one; "" if it was removed."""
    text = session.answers.text(remark.item) or ""
    then = session.since_hand_in.get(remark.item)
    for old, new in changes(then, text) or () if isinstance(then, str) else ():
        if remark.quote in old:
            return shorten(new, 80)
    pieces = [p.text for p in passages(session, remark.item) if not p.sentences]
    near = [(SequenceMatcher(None, remark.quote, piece).ratio(), piece) for piece in pieces]
    best = max(near, default=(0.0, ""))
    return shorten(best[1], 80) if best[0] >= ALIKE else ""
