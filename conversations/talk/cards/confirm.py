"""Cards that ask for a yes or no before something is stored."""

from __future__ import annotations

from conversations.form.answers import grouped
from conversations.talk.buttons import button, in_rows, short_mark
from conversations.talk.cards.summing import sum_card
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.talk.facts import facts_of
from conversations.talk.passages import changes
from conversations.talk.session import DOUBTS, REPLACE, Asking, Pending, Session
from conversations.wording import importing as words
from conversations.wording import ledger
from conversations.wording import talk as wording


def confirm_card(session: Session) -> Say:
    form = session.form
    pending = session.place.pending
    assert pending is not None
    mark = session.place.mark
    if pending.asking is Asking.IMPORT:
        return _import(session, pending, mark)
    if pending.asking is Asking.SECTIONS:
        return _sections(session, pending, mark)
    if pending.asking is Asking.FACTS:
        return _facts(session, pending, mark)
    if pending.asking is Asking.SUM:
        return sum_card(session, pending, mark)
    if pending.asking is Asking.LEDGER:
        text = _ledger(session, pending)
        row = (button(ledger.TAKE, "ok", mark, tone=Tone.GO), button(wording.NO, "no", mark))
        return Say(MessageKind.CARD, text, (row,), item=session.place.item)
    names = [wording.cell_name(form, cell) for cell in pending.blanks]
    if pending.asking is Asking.BLANKS:
        text = wording.blanks(len(names), names)
        yes, no = wording.FILL_ZERO, wording.LEAVE_OPEN
    elif pending.asking is Asking.CONVERT:
        text = wording.convert(
            (
                wording.cell_name(form, cell),
                typed,
                f"{grouped(pending.values[cell])} {form.cells[cell].counted_in}",
            )
            for cell, typed in pending.typed.items()
        )
        yes, no = wording.YES, wording.NO
    elif pending.asking is Asking.OVERWRITE:
        figures = session.figures
        text = wording.overwrite(
            [
                f"{wording.cell_name(form, cell)} {grouped(figures.get(cell) or 0)}"
                for cell in pending.values
            ]
        )
        yes, no = wording.TO_ZERO, wording.KEEP
    else:
        section = form.section[session.place.item]
        text = wording.replace(
            section.heading,
            len(stands := session.answers.text(section.id) or ""),
            len(pending.text),
            wording.text_changes(changes(stands, pending.text)),
        )
        rows = (
            (button(wording.REPLACE, "rep", mark, tone=Tone.MAIN),),
            (button(wording.APPEND, "app", mark),),
            (button(wording.KEEP_OLD, "no", mark),),
        )
        return Say(MessageKind.CARD, text, rows, item=section.id)
    rows2 = ((button(yes, "ok", mark, tone=Tone.GO), button(no, "no", mark)),)
    return Say(MessageKind.CARD, text, rows2, item=session.place.item or None)


def _sections(session: Session, pending: Pending, mark: str) -> Say:
    """The parts of a text for the sections, each stored with one tap."""
    from conversations.talk.sections_sent import sections_sent

    waiting = sections_sent(session, pending)
    asked = session.form.section.get(session.place.item)
    rows: list[tuple[Button, ...]] = []
    if len(waiting.free) > 1:
        rows.append((button(words.TAKE_ALL, "ok", mark, tone=Tone.GO),))
    rows += [
        (button(words.take_section(sent.section, sent.replaces), "tks", sent.section.item),)
        for sent in waiting.texts
    ]
    if asked is not None and not pending.chosen:
        rows.append((button(words.take_as_one(asked), "tk1", mark),))
    rows.append((button(words.TAKE_NONE, "no", mark),))
    lengths = [
        (sent.section.heading, sent.text, session.answers.text(sent.section.id) or "")
        for sent in waiting.texts
    ]
    text = words.sections(lengths, [table.heading for table in waiting.tables], waiting.before)
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows))


def _facts(session: Session, pending: Pending, mark: str) -> Say:
    """The sentences made from the figures, each chosen with one tap."""
    section = session.form.section[session.place.item]
    sentences = facts_of(session, section)
    switches = (
        button(wording.fact_switch(n, on=text in pending.chosen), "fc", short_mark(text))
        for n, text in enumerate(sentences, 1)
    )
    rows = [*in_rows(switches, 5), (button(wording.NO_FACTS, "no", mark),)]
    if pending.chosen:
        rows.insert(0, (button(wording.TAKE_FACTS, "ok", mark, tone=Tone.GO),))
    text = wording.facts(section, sentences, pending.chosen)
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows), item=section.id)


def _ledger(session: Session, pending: Pending) -> str:
    """The figures of a spreadsheet: lines with figures, and what they would replace."""
    form, answers = session.form, session.answers
    said, zeros = [], 0
    for line in form.lines.values():
        values = {c.id: pending.values.get(c.id, pending.totals.get(c.id)) for c in line.printed}
        if any(values[cell.id] for cell in line.cells):
            said.append(f"{line.short}：{wording.figures_of(line, values)}")
        else:
            zeros += any(cell.id in pending.values for cell in line.cells)
    for cell, typed in pending.typed.items():
        value = f"{grouped(pending.values[cell])} {form.cells[cell].counted_in}"
        said.append(ledger.converted(wording.cell_name(form, cell), typed, value))
    table = form.section_of[session.place.item].body
    text = ledger.read(table.short, pending.text, said, zeros, int(pending.chosen[0]))
    others = [c for c, v in pending.values.items() if answers.get(c) not in (None, v)]
    if others:
        text += f"\n{ledger.replaces(len(others))}"
    return text[: wording.LIMIT]


def _import(session: Session, pending: Pending, mark: str) -> Say:
    """The figures and texts of a published report, in a short table."""
    # Imported only when a report was read: the reader is large.
    from conversations.talk.importing.plan import ImportPlan
    from conversations.talk.importing.text import plan_text

    waiting = ImportPlan.loads(pending.text, session.form_on)
    if waiting is None:
        return Say(
            MessageKind.CARD, wording.PAST, ((button(wording.GO_ON, "go", tone=Tone.MAIN),),)
        )
    waiting = waiting.over(session.answers_of(waiting.year))
    rows: list[tuple[Button, ...]] = [
        (button(wording.import_yes(waiting.year), "ok", mark, tone=Tone.GO),)
    ]
    switches = []
    if waiting.doubtful:
        switches.append((DOUBTS, 1, wording.IMPORT_DOUBTS))
    if waiting.conflicts:
        switches.append((REPLACE, 2, wording.IMPORT_REPLACE))
    for name, number, label in switches:
        on = "☑ " if name in pending.chosen else "☐ "
        rows.append((button(on + label, "imp", number),))
    rows.append((button(wording.IMPORT_NO, "no", mark),))
    text = f"{plan_text(waiting)}\n{wording.IMPORT_HOW_TO_CORRECT}"
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows))
