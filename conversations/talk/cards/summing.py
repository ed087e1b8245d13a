"""The card of an offered sum: all open figures at once, then figure by figure."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.form.answers import Number, grouped
from conversations.form.model import CellId, Line
from conversations.talk.buttons import button
from conversations.talk.effects import MessageKind, Say, Tone
from conversations.talk.offered_sum import asked_about, to_ask, to_fill
from conversations.talk.session import Pending, Session
from conversations.wording import offered_sum as words
from conversations.wording import talk as wording


def sum_card(session: Session, pending: Pending, mark: str) -> Say:
    """What a yes would store."""
    form = session.form
    filling, asking = to_fill(session, pending), to_ask(session, pending)
    if filling:
        held_back = sum(asked_about(pending, cell) for cell in asking)
        text = words.offer(
            pending.text,
            [said for line in form.lines.values() if (said := _told(line, filling))],
            len(filling),
            len(asking) - held_back,
            held_back,
        )
        yes = button(words.FILL_IN, "ok", mark, tone=Tone.GO)
        return Say(
            MessageKind.CARD, text[: wording.LIMIT], ((yes, button(words.NOT_NOW, "no", mark)),)
        )
    if not asking:
        rows = ((button(wording.GO_ON, "go", tone=Tone.MAIN),),)
        return Say(MessageKind.CARD, wording.PAST, rows)
    cell, value = next(iter(asking.items()))
    stands = session.answers.number(cell)
    text = words.ask(
        cell,
        stands,
        value,
        pending.typed.get(cell, "") if asked_about(pending, cell) else "",
        len(asking),
    )
    answers = (
        button(words.take(value), "ok", mark, tone=Tone.GO),
        button(words.keep(stands), "no", mark),
    )
    return Say(MessageKind.CARD, text, (answers, (button(wording.MENU, "menu"),)), item=cell)


def _told(line: Line, values: Mapping[CellId, Number]) -> str:
    """The figures of a line that are not 0; "" if all are."""
    known = [(cell.column.name, values[cell.id]) for cell in line.cells if values.get(cell.id)]
    if len(line.cells) == 1:
        return "".join(f"{line.short} {grouped(value)}" for _, value in known)
    said = "，".join(f"{name} {grouped(value)}" for name, value in known)
    return f"{line.short}：{said}" if said else ""
