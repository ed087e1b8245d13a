"""Cards of figures: a line, one cell, a table, the carried-forward line, a total."""

from __future__ import annotations

from conversations.form.answers import Number, grouped
from conversations.form.model import (
    CellId,
    Line,
    LineKind,
    Section,
    Table,
)
from conversations.talk.buttons import button, in_rows, short_mark
from conversations.talk.cards.who import share_button, who_button
from conversations.talk.derived import (
    asked_cells,
    asked_lines,
    balanced,
    carry_mark,
    carry_text,
    last_year_figures,
    line_figures,
    offered,
    table_of,
)
from conversations.talk.effects import Button, MessageKind, Say, Tone
from conversations.talk.session import Session, State
from conversations.wording import talk as wording
from conversations.wording.ledger import EMPTY_TABLE

MOST_ROWS = 6  # rows of a table offered at once; the others are behind 「更多」


def _place_in(section: Section, line: Line) -> tuple[int, int]:
    lines = asked_lines(table_of(section))
    return lines.index(line) + 1, len(lines)


def _ids(line: Line) -> tuple[CellId, ...]:
    return tuple(cell.id for cell in line.cells)


def line_card(session: Session) -> Say:
    form = session.form
    line = form.lines[session.place.item]
    section = form.section_of[line.id]
    table = table_of(section)
    asked = asked_cells(session, line)
    place, total = _place_in(section, line)
    in_table = form.asked_in[section.id]
    wanted = len(in_table)
    open_in_table = wanted - len(session.answers.among(in_table))
    untouched = open_in_table == wanted
    cells = [form.cells[cell] for cell in asked]
    chosen = session.place.back[-1:] == ((State.ROWS, section.id),)
    begun = bool(session.answers.among(form.asked))
    text = wording.question(
        section,
        line,
        cells,
        place,
        total,
        known=line_figures(session, line),
        last_year=last_year_figures(session, line),
        example=untouched and not chosen,
        intro="" if begun or chosen else wording.table_intro(table),
    )
    brief = wording.question(section, line, cells, place, total)
    rows: list[tuple[Button, ...]] = []
    more: list[Button] = []
    number = line.number
    is_open = session.is_open(line.id)
    values = offered(session, line)
    if values:
        bridged = any(cell in form.bridge for cell in values)
        label = wording.SAME_AS_CARRIED if bridged else wording.SAME_AS_LAST_YEAR
        same = wording.figures_of(line, {**dict.fromkeys(_ids(line)), **values})
        rows.append((button(wording.same_as(label, same), "ly", number),))
    ways: list[Button] = []
    if is_open:
        zero = button(wording.ZERO_LINE if len(asked) > 1 else "0", "z", number)
        # The row was chosen because it has figures: zeros are unlikely.
        (more if chosen else ways).append(zero)
        if open_in_table > len(asked):
            rest = button(wording.ZERO_REST, "zt", section.item, tone=Tone.MAIN)
            (more if chosen else ways).append(rest)
    else:
        ways.append(button(wording.KEEP, "keep", number))
    if total > 3:
        # The first question of a table asks how to go through it.
        choose = button(wording.CHOOSE_ROWS, "pick", section.item)
        (ways if is_open and untouched and not chosen else more).append(choose)
        if untouched and section.printed:
            more.append(button(EMPTY_TABLE, "xls", section.item))
    rows += in_rows(ways, 3)
    more.append(button(wording.COUNTS, "cnt", number))
    if session.last_year is not None:
        more.append(button(wording.SEE_LAST_YEAR, "lyv", section.item))
    if is_open:
        more.append(button(wording.LATER, "later", number))
    if place > 1:
        more.append(button(wording.BACK, "prev", number))
    more += who_button(session, number, answered=bool(session.answers.among(_ids(line))))
    more.append(button(wording.MENU, "menu"))
    return Say(
        MessageKind.CARD,
        text,
        tuple(rows),
        asked,
        line.id,
        more=tuple(in_rows(more, 3)),
        again=brief,
    )


def cell_card(session: Session) -> Say:
    form = session.form
    cell = form.cells[session.place.item]
    line = form.lines[cell.line]
    section = form.section_of[cell.id]
    value = session.answers.number(cell.id)
    before = session.last_year.figures.get(cell.id) if session.last_year else None
    place, total = _place_in(section, line) if line.kind is LineKind.ASKED else (1, 1)
    text = wording.question(
        section,
        line,
        [cell],
        place,
        total,
        known="" if value is None else wording.figure(cell, value),
        last_year="" if before is None else wording.figure(cell, before),
    )
    rows = ((button("0", "z", cell.number), button(wording.KEEP, "keep", cell.number)),)
    others = [button(wording.COUNTS, "cnt", line.number)]
    others += who_button(session, cell.number, answered=value is not None)
    more = tuple(in_rows((*others, button(wording.MENU, "menu")), 3))
    brief = wording.question(section, line, [cell], place, total)
    return Say(MessageKind.CARD, text, rows, (cell.id,), cell.id, more=more, again=brief)


def _has_figures(session: Session, line: Line) -> bool:
    """Whether a row has a figure that is not 0."""
    return any(session.answers.get(cell.id) for cell in line.cells)


def _figures_first(session: Session, table: Table) -> list[Line]:
    """The rows to choose from: those with figures, then the others, each in printed order."""
    return sorted(asked_lines(table), key=lambda line: not _has_figures(session, line))


def _rows_to_choose(session: Session, table: Table) -> list[Line]:
    """
    The rows to choose from, likely ones first.

    While rows are open: the last one filled in, then the open ones, those with figures last year
    first, in printed order from there on. Otherwise those with figures.
    """
    lines = asked_lines(table)
    last_year = session.last_year.figures if session.last_year else None
    filled = [place for place, line in enumerate(lines) if not session.is_open(line.id)]
    last = filled[-1] if filled else -1

    def unlikely(line: Line) -> bool:
        return last_year is None or not any(last_year.get(cell.id) for cell in line.cells)

    if len(filled) == len(lines):
        return sorted(
            _figures_first(session, table),
            key=lambda line: (not _has_figures(session, line), unlikely(line)),
        )
    ordered = [*lines[last + 1 :], *lines[: last + 1]]
    todo = sorted((line for line in ordered if session.is_open(line.id)), key=unlikely)
    done = [line for line in _figures_first(session, table) if not session.is_open(line.id)]
    newest = [lines[last]] if filled and _has_figures(session, lines[last]) else []
    return list(dict.fromkeys((*newest, *todo, *done)))


def _holding(session: Session, line: Line) -> str:
    """A row to choose, with its content before its name; only the name while it is open."""
    if session.is_open(line.id):
        return line.short
    if line.total is not None:
        held = session.figures.get(line.total.id)
    elif len(line.cells) == 1:
        held = session.figures.get(line.cells[0].id)
    else:
        held = None if any(session.answers.get(cell.id) for cell in line.cells) else 0
    return f"{'✓' if held is None else grouped(held)} {line.short}"


def rows_card(session: Session) -> Say:
    section = session.form.section[session.place.item]
    table = table_of(section)
    lines = _rows_to_choose(session, table)
    todo = sum(session.is_open(line.id) for line in lines)
    buttons = [button(_holding(session, line), "o", line.number) for line in lines]
    shown = len(buttons) if len(buttons) <= MOST_ROWS + 1 else MOST_ROWS
    rows: list[tuple[Button, ...]] = []
    if todo:
        rows.append((button(wording.ZERO_REST, "zt", section.item, tone=Tone.MAIN),))
    else:
        rows.append((button(wording.GO_ON, "end", section.item, tone=Tone.MAIN),))
    rows += in_rows(buttons[:shown], 2)
    others = [button(EMPTY_TABLE, "xls", section.item)] if section.printed else []
    more = (*in_rows(buttons[shown:], 2), (*others, button(wording.MENU, "menu")))
    text = wording.rows(table, todo)
    return Say(MessageKind.CARD, text, tuple(rows), item=section.id, more=more)


def carry_card(session: Session) -> Say:
    section = session.form.section[session.place.item]
    line = balanced(table_of(section))
    assert line is not None
    sentence, left, where = carry_text(session, line)
    rows = (
        (
            button(
                wording.carry_yes(left),
                "carry",
                section.item,
                carry_mark(session, line),
                tone=Tone.GO,
            ),
        ),
        (button(wording.NOT_SO_FIX_RESULTS, "pick", section.item),),
    )
    more = ((button(wording.COUNTS, "cnt", line.number), button(wording.MENU, "menu")),)
    text = wording.carry(sentence, left, where)
    return Say(MessageKind.CARD, text, rows, item=line.id, more=more)


def table_card(session: Session) -> Say:
    section = session.form.section[session.place.item]
    table = table_of(section)
    lines = asked_lines(table)
    open_lines = [line for line in lines if session.is_open(line.id)]
    if open_lines:
        rows = [
            (
                button(
                    wording.fill_next(open_lines[0].short),
                    "o",
                    open_lines[0].number,
                    tone=Tone.MAIN,
                ),
            ),
            (
                button(wording.ZERO_REST, "zt", section.item),
                button(wording.CHOOSE_ROWS, "pick", section.item),
            ),
        ]
        beside = [button(wording.OTHER_PARTS, "skip", section.item), button(wording.MENU, "menu")]
        more = tuple(in_rows((*beside, *share_button(session, section)), 2))
        text = wording.table_gaps(section, [line.short for line in open_lines])
        return Say(MessageKind.CARD, text, tuple(rows), item=section.id, more=more)
    figures = session.figures
    shown: list[str] = []
    zeros = 0
    for line in table.lines:
        values = {cell.id: figures.get(cell.id) for cell in line.printed}
        if line.kind is LineKind.BALANCE and session.is_open(line.id):
            continue
        if all(values[cell.id] == 0 for cell in line.cells):
            zeros += line.kind is LineKind.ASKED
        else:
            shown.append(f"· {line.short}：{wording.figures_of(line, values, zeros=False)}")
    carry = ""
    mark = ""
    balance = balanced(table)
    if balance is not None and session.is_open(balance.id):
        carry = carry_text(session, balance)[0]
        mark = carry_mark(session, balance)
    go = button(wording.NEXT, "n", section.item, *([mark] if mark else []), tone=Tone.GO)
    rows_: list[tuple[Button, ...]] = [(go,)]
    tail: list[Button] = []
    if len(lines) > 8:
        rows_.append((button(wording.CHANGE_A_ROW, "pick", section.item),))
    else:
        # If all is 0, any figure may have been forgotten.
        with_figures = [line for line in lines if _has_figures(session, line)] or lines
        others = [line for line in lines if line not in with_figures]
        changes = (button(wording.change(line.short), "o", line.number) for line in with_figures)
        rows_ += in_rows(changes, 2)
        tail += [button(wording.change(line.short), "o", line.number) for line in others]
    tail.append(button(wording.MENU, "menu"))
    if any(session.answers.get(cell) for cell in session.form.asked_in[section.id]):
        tail.append(button(wording.TABLE_TO_ZERO, "zo", section.item))
    tail += share_button(session, section)
    return Say(
        MessageKind.CARD,
        wording.table_done(section, shown, zeros, carry),
        tuple(rows_),
        item=section.id,
        more=tuple(in_rows(tail, 2)),
        again=wording.table_again(table),
    )


def total_card(session: Session) -> Say:
    form = session.form
    target = form.cells[session.place.item]
    line = form.lines[target.line]
    figures = session.figures
    addends = [form.cells[cell] for cell in form.sums[target.id] if line.kind is LineKind.ASKED]
    computed = figures.computed(target.id) or 0
    claimed = figures.claimed(target.id)
    typed: Number = computed if claimed is None else claimed
    gap = max(computed, typed) - min(computed, typed)
    parts = [grouped(figures.get(cell) or 0) for cell in form.sums[target.id]]
    shown = parts if len(parts) <= 8 else [part for part in parts if part != "0"] or ["0"]
    rows = [
        (
            button(
                wording.take(grouped(computed)),
                "take",
                target.number,
                tone=Tone.GO,
            ),
        ),
        *in_rows(
            (
                button(
                    wording.change(f"{cell.column.name} {grouped(figures.get(cell.id) or 0)}"),
                    "o",
                    cell.number,
                )
                for cell in addends
            ),
            2,
        ),
    ]
    more = ((button(wording.PARK, "park", short_mark(target.id)), button(wording.MENU, "menu")),)
    text = wording.total_differs(
        line,
        shown,
        grouped(computed),
        grouped(typed),
        grouped(gap),
    )
    return Say(MessageKind.CARD, text, tuple(rows), item=target.id, more=more)
