"""
Cards for looking through a report, and for leaders' remarks.

They ask nothing: a message from a leader there is a remark on what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from conversations.form.answers import Number, grouped
from conversations.form.model import Cell, Form, ItemId, Line, Section, Table
from conversations.sign_off.rights import Action
from conversations.talk.buttons import button, in_rows
from conversations.talk.cards.who import who_button
from conversations.talk.derived import table_of
from conversations.talk.effects import Button, Buttons, MessageKind, Say, Tone
from conversations.talk.passages import Passage, paragraphs, passage_marked
from conversations.talk.remarks import name_of, own_unsent, remark_answered, stands
from conversations.talk.session import Session
from conversations.wording import remarks as wording
from conversations.wording import talk

SHOWN = 2_500  # characters of a text, or of a table's rows, on its card
BRIEF = 60  # characters; under a remark, a longer card is only named
MOST_ROWS = 12  # rows of a table with a button at once; the others are behind 「更多」
MOST_LISTED = 40  # paragraphs with a button

HEADS = ("title", "introduction", "signature", "signature_date")


def stations(form: Form) -> tuple[ItemId, ...]:
    """The order of looking through: the sections, then title and signature."""
    return (*(section.id for section in form.sections), HEADS[0])


def look_card(session: Session) -> Say:
    """The content of a section, row, figure, text or passage."""
    form = session.form
    item = session.place.item or stations(form)[0]
    passage = passage_looked_at(session)
    if passage is not None:
        return _passage(session, passage)
    if item in form.cells:
        return _cell(session, form.cells[item])
    if item in form.lines:
        return _line(session, form.lines[item])
    section = form.section.get(item)
    if section is not None and isinstance(section.body, Table):
        return _table(session, section)
    return _text(session, item)


def passage_looked_at(session: Session) -> Passage | None:
    """The chosen passage, while it exists."""
    pending = session.place.pending
    return passage_marked(session, pending.chosen[0]) if pending else None


def _said(
    session: Session,
    item: ItemId,
    lines: Sequence[str],
    rows: Buttons,
    *,
    passage: Passage | None = None,
    more: Buttons = (),
) -> Say:
    """A card with the person's remarks there, and the button for a new one."""
    quote = passage.text if passage else ""
    own = [r for r in own_unsent(session) if (r.item, r.quote) == (item, quote)]
    text = "\n".join([*lines, *(wording.standing(remark.text, "") for remark in own)])
    remark: tuple[Button, ...] = ()
    if session.may(Action.REMARK):
        of = (session.form.number[item], *((passage.mark,) if passage else ()))
        remark = (button(wording.REMARK, "rmk", *of, tone=Tone.MAIN),)
    who = who_button(session, session.form.number[item], answered=bool(stands(session, item)))
    more = (*more, tuple(who)) if who else more
    rows = (remark, *rows) if remark else rows
    brief = lines[0] if len(text) > BRIEF else ""
    return Say(MessageKind.CARD, text, rows, item=item, more=more, again=brief)


def _table(session: Session, section: Section) -> Say:
    table = table_of(section)
    shown: list[str] = []
    filled: list[Button] = []
    zeros: list[Button] = []
    for line in table.lines:
        to = button(line.short, "lk", line.number)
        said = _row(session, line)
        if said:
            shown.append(f"· {line.short}：{said}")
            filled.append(to)
        else:
            zeros.append(to)
    kept = list(shown)
    while sum(map(len, kept)) > SHOWN:
        kept.pop()
    if len(kept) < len(shown):
        shown = [*kept, wording.rows_left(len(shown) - len(kept))]
    if zeros:
        shown.append(wording.zeros(len(zeros)))
    around = [item for item, text in _around(session, section) if text]
    shown += [f"{session.form.name_of(i)}：{session.answers.text(i)}" for i in around]
    filled += [button(session.form.name_of(i), "lk", session.form.number[i]) for i in around]
    rows = (*in_rows(filled[:MOST_ROWS], 2), *_ways(session, section.id))
    more = tuple(in_rows((*filled[MOST_ROWS:], *zeros), 2))
    return _said(session, section.id, (section.heading, *shown), rows, more=more)


def _around(session: Session, section: Section) -> list[tuple[ItemId, str | None]]:
    """The texts around a table."""
    form = session.form
    return [(r.id, session.answers.text(r.id)) for r in form.remarks if r.section == section.id]


def _row(session: Session, line: Line) -> str:
    """The figures of a row, with last year's if they differ; "" if both are 0."""
    now = {cell.id: session.figures.get(cell.id) for cell in line.printed}
    then = _last_year(session, line)
    if not any(then.values()) and all(value == 0 for value in now.values()):
        return ""
    said = talk.figures_of(line, now, zeros=False)
    if any(value is not None for value in then.values()) and then != now:
        said += wording.last_year(talk.figures_of(line, then, zeros=False))
    return said


def _last_year(session: Session, line: Line) -> dict[ItemId, Number | None]:
    last = session.last_year
    return {cell.id: last.figures.get(cell.id) if last else None for cell in line.printed}


def _line(session: Session, line: Line) -> Say:
    form = session.form
    section = form.section_of[line.id]
    then = _last_year(session, line)
    lines = [f"{section.heading}\n{talk.line_name(line)}"]
    cells: list[Button] = []
    for cell in line.printed:
        now, before = session.figures.get(cell.id), then[cell.id]
        cells.append(button(f"{cell.column.name} {_figure(now)}", "lk", cell.number))
        lines.append(f"· {cell.column.name}：{_figure(now)}{_differs(now, before)}")
    order = list(table_of(section).lines)
    rows = [] if len(line.printed) == 1 else list(in_rows(cells, 3))
    ways = _steps("line", [other.number for other in order], order.index(line))
    rows += in_rows((*ways, button(wording.UP, "lk", section.item)), 3)
    return _said(session, line.id, lines, tuple(rows))


def _cell(session: Session, cell: Cell) -> Say:
    form = session.form
    line, section = form.lines[cell.line], form.section_of[cell.id]
    now = session.figures.get(cell.id)
    before = _last_year(session, line)[cell.id]
    value = wording.NOT_FILLED if now is None else talk.figure(cell, now)
    lines = [
        f"{section.heading}\n{talk.line_name(line)}",
        f"{cell.column.name}：{value}{_differs(now, before)}",
    ]
    ways = (button(line.short, "lk", line.number), button(wording.UP, "lk", section.item))
    return _said(session, cell.id, lines, tuple(in_rows(ways, 2)))


def _figure(value: Number | None) -> str:
    return wording.NOT_FILLED if value is None else grouped(value)


def _differs(now: Number | None, before: Number | None) -> str:
    """Last year's figure, if it is known and different."""
    return "" if before is None or before == now else wording.last_year(grouped(before))


def _text(session: Session, item: ItemId) -> Say:
    """A text with its paragraphs, or title, introduction and signature together."""
    form = session.form
    text = session.answers.text(item) or ""
    lines = [form.name_of(item)]
    if item == HEADS[0]:
        lines = [wording.HEADS]
        lines += [f"{form.name_of(i)}：{session.answers.text(i) or wording.NOTHING}" for i in HEADS]
        return _said(session, item, lines, _ways(session, item))
    lines.append(text[:SHOWN] or wording.NOTHING)
    if len(text) > SHOWN:
        lines.append(wording.CUT)
    listed = paragraphs(session, item)[:MOST_LISTED]
    number = form.number[item]
    rows: Buttons = ()
    if len(listed) > 1:
        rows = tuple((_to(number, place, p),) for place, p in enumerate(listed, 1))
    elif listed:
        rows = tuple((_to(number, n, p),) for n, p in enumerate(listed[0].sentences, 1))
    return _said(session, item, lines, (*rows, *_ways(session, item)))


def _to(number: int, place: int, passage: Passage) -> Button:
    return button(wording.paragraph_button(place, passage.text), "lk", number, passage.mark)


def _passage(session: Session, passage: Passage) -> Say:
    """A paragraph with its sentences, or a sentence with its neighbours."""
    item, number = passage.item, session.form.number[passage.item]
    around = paragraphs(session, item)
    inside = next((p for p in around if p != passage and passage in p.sentences), None)
    pieces = around if inside is None else inside.sentences
    at = pieces.index(passage) if passage in pieces else 0
    place = wording.numbered(at + 1, len(pieces))
    rows: list[tuple[Button, ...]] = []
    rows += [(_to(number, n, p),) for n, p in enumerate(passage.sentences, 1)]
    ways = _steps("passage", [f"{number}:{piece.mark}" for piece in pieces], at)
    rows += in_rows((*ways, button(wording.UP, "lk", number)), 3)
    lines = (f"{session.form.name_of(item)}　{place}".rstrip(), passage.text[:SHOWN])
    return _said(session, item, lines, tuple(rows), passage=passage)


def _ways(session: Session, item: ItemId) -> Buttons:
    """Buttons to the next section, to the remarks, and back."""
    order = stations(session.form)
    form = session.form
    at = form.remark[item].section if item in form.remark else item
    place = order.index(at if at in order else HEADS[0])
    numbers = [session.form.number[station] for station in order]
    ways = _steps("section", numbers, place)
    if own_unsent(session):
        ways.append(button(f"{wording.REMARKS}（{len(own_unsent(session))}）", "rms"))
    return tuple(in_rows((*ways, button(wording.LEAVE, "lkx")), 3))


def _steps(kind: str, targets: Sequence[int | str], at: int) -> list[Button]:
    """Buttons to the previous and the next one, if any."""
    steps = [button(wording.PREVIOUS[kind], "lk", targets[at - 1])] if at > 0 else []
    if at + 1 < len(targets):
        steps.append(button(wording.NEXT[kind], "lk", targets[at + 1]))
    return steps


def remark_card(session: Session) -> Say:
    """The next message is a remark on this place."""
    item = session.place.item
    passage = passage_looked_at(session)
    quote = passage.text if passage else ""
    text = wording.remark_card(name_of(session, item), stands(session, item), quote)
    return Say(MessageKind.CARD, text, ((button(wording.LEAVE, "lkx"),),), item=item or None)


def answering_card(session: Session) -> Say:
    """The next message is the clerk's answer to a remark."""
    remark = remark_answered(session)
    text = wording.CLOSED
    if remark is not None:
        text = wording.ask_answer(name_of(session, remark.item), remark.text)
    return Say(MessageKind.CARD, text, ((button(wording.LEAVE, "lkx"),),))
