"""
What stands on the screen: the text and buttons for each place of the conversation.

A card is derived from the session alone, so any door can show it again at any time.
Button ids are `verb:number[:mark]`, meaningful for ever and at most 64 bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from conversations.checks.findings import Finding, Grade, Level, check_report, explained
from conversations.form.answers import Number
from conversations.form.model import (
    CellId,
    ItemId,
    Line,
    LineKind,
    Narrative,
    Section,
    SectionKind,
    Table,
)
from conversations.form.organ import default_title, offered_introduction
from conversations.talk.effects import Button, Buttons, MessageKind, Say, Tone
from conversations.talk.session import ANEW, Asking, Pending, Session, State
from conversations.talk.years import advance_title, advance_years
from conversations.wording import talk as wording

LEVELS = tuple(Level)


def short_mark(text: str) -> str:
    """A short mark of a text, for button ids."""
    return format(zlib.crc32(text.encode("utf-8", "replace")), "x")


@lru_cache(maxsize=4096)
def button(label: str, *parts: str | int, tone: Tone = Tone.PLAIN) -> Button:
    """A button whose id is the parts joined by colons."""
    return Button(":".join(map(str, parts)), label, tone)


def in_rows(buttons: Iterable[Button], width: int) -> Iterator[tuple[Button, ...]]:
    """Buttons side by side, `width` in a row."""
    row: list[Button] = []
    for one in buttons:
        row.append(one)
        if len(row) == width:
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)


# ------------------------------------------------------------------- reading


def asked_lines(table: Table) -> tuple[Line, ...]:
    """The lines of a table that are typed, in printed order."""
    return tuple(line for line in table.lines if line.kind is LineKind.ASKED)


def balanced(table: Table) -> Line | None:
    """The line that is computed from the balance and confirmed, where there is one."""
    return next((line for line in table.lines if line.kind is LineKind.BALANCE), None)


def carry_now(session: Session, line: Line) -> dict[CellId, int | None]:
    """What each column of the balanced line must be (件)."""
    figures = session.figures
    return {cell.id: figures.balance(cell.id) for cell in line.cells}


def line_figures(session: Session, line: Line) -> str:
    """The figures of a line as a sentence, «» where nothing is answered."""
    figures = session.figures
    values = {cell.id: figures.get(cell.id) for cell in line.printed}
    if all(values[cell.id] is None for cell in line.cells):
        return ""
    return wording.figures_of(line, values)


def last_year_figures(session: Session, line: Line) -> str:
    """Last year's figures of a line as a sentence, «» where unknown."""
    if session.last_year is None:
        return ""
    figures = session.last_year.figures
    values = {cell.id: figures.get(cell.id) for cell in line.printed}
    if all(values[cell.id] is None for cell in line.cells):
        return ""
    return wording.figures_of(line, values)


def offered(session: Session, line: Line) -> dict[CellId, Number]:
    """
    What last year offers for the open cells of a line; empty where it does not know.

    上年结转 is offered what last year carried forward, everything else its own figure.
    """
    last = session.last_year
    if last is None or line.kind is not LineKind.ASKED:
        return {}
    found: dict[CellId, Number] = {}
    for cell in session.open_in(line.id):
        value = last.figures.get(session.form.bridge.get(cell, cell))
        if value is None:
            return {}
        found[cell] = value
    return found


def todo_findings(session: Session) -> tuple[Finding, ...]:
    """Findings that still want something: E, and W without a reason."""
    report = session.report
    return tuple(
        found
        for found in check_report(report)
        if found.grade is not Grade.H and not (found.grade is Grade.W and explained(report, found))
    )


def find_by_place(session: Session, key: str) -> Finding | None:
    """The finding behind a key as it stands now: same check, same place, new numbers."""
    where = key.rsplit("|", 1)[0]
    for found in check_report(session.report):
        if found.key.rsplit("|", 1)[0] == where:
            return found
    return None


def finding_name(session: Session, found: Finding) -> str:
    """Where a finding is, in a few words."""
    if found.cells:
        line = session.form.lines[session.form.cells[found.cells[0]].line]
        return f"{found.id} {line.short}"
    if found.narrative and found.narrative in session.form.section:
        return f"{found.id} {session.form.section[found.narrative].short}"
    return {"title": f"{found.id} 标题", "introduction": f"{found.id} 引言"}.get(
        found.narrative or "", found.id
    )


def gap_names(session: Session) -> list[str]:
    """What is missing, by lines and sections."""
    names: list[str] = []
    for section in session.form.sections:
        if isinstance(section.body, Table):
            names += [
                f"{section.body.short}「{line.short}」"
                for line in section.body.lines
                if session.is_open(line.id)
            ]
        elif session.is_open(section.id):
            names.append(f"第{section.number}节文字")
    return names


def title_of(session: Session) -> str:
    """The title as answered, else the organ's own of another year, else the default."""
    said = session.answers.text("title")
    if said is not None:
        return said
    return default_of(session, "title")


def default_of(session: Session, item: ItemId) -> str:
    """The default of a piece of wording: last year's with its year advanced."""
    kept = session.kept_wording.get(item)
    if kept is not None and item != "signature_date":
        if item == "title":
            return advance_title(kept, session.kept_year, session.year)
        return advance_years(kept, session.kept_year, session.year, around=0)[0]
    if item == "title":
        return default_title(session.organ, session.year)
    return ""


# --------------------------------------------------------------------- cards


def card(session: Session) -> Say:
    """The card of the place the clerk is at."""
    return _CARDS[session.place.state](session)


def _organ(_session: Session) -> Say:
    return Say(MessageKind.CARD, wording.ask_organ(), asks=("organ",))


def _year(session: Session) -> Say:
    this = session.today.year
    buttons = ((button(f"{this - 1}年", "y", this - 1), button(f"{this}年", "y", this)),)
    return Say(MessageKind.CARD, wording.ask_year(this - 1, this), buttons, ("year",))


def section_lines(session: Session) -> list[str]:
    """The states of the six sections."""
    lines = []
    for section in session.form.sections:
        total = sum(1 for _ in _wanted(section))
        parts = len(session.place.parts) if session.place.item == section.id else 0
        lines.append(wording.section_state(section, len(session.open_in(section.id)), total, parts))
    return lines


def _wanted(section: Section) -> Iterator[ItemId]:
    """Everything of a section that wants an answer."""
    if isinstance(section.body, Table):
        for line in section.body.lines:
            if line.kind is not LineKind.SUM:
                yield from (cell.id for cell in line.cells)
    else:
        yield section.id


def _contents(session: Session) -> Say:
    form = session.form
    total = sum(1 for section in form.sections for _ in _wanted(section))
    open_count = len(session.gaps)
    lines = section_lines(session)
    rows: list[tuple[Button, ...]] = []
    if open_count == total:
        rows.append((button(wording.FIGURES_FIRST, "fig", tone=Tone.MAIN),))
        rows.append((button(wording.TEXTS_FIRST, "txt"),))
    elif open_count:
        rows.append((button(wording.GO_ON, "go", tone=Tone.MAIN),))
    elif session.final and not session.changed:
        rows.append((button(wording.REVIEW, "rev"),))
    else:
        rows.append((button(wording.REVIEW, "rev", tone=Tone.MAIN),))
    rows += in_rows(
        (button(f"{s.number}、{s.short}", "s", s.item) for s in form.sections),
        2,
    )
    extra = [button(wording.WORDING, "o", form.wording["title"])]
    if open_count:
        extra.append(button(wording.REVIEW, "rev"))
    rows += in_rows(extra, 2)
    rows.append((button(wording.MAKE_DRAFT, "dra"), button(wording.PREPARE, "prep")))
    text = wording.contents(session.organ, session.year, lines, total - open_count, total)
    if session.final:
        text += "\n" + (wording.FINAL_STALE if session.changed else wording.FINAL_CURRENT)
    return Say(MessageKind.CARD, text, tuple(rows))


def _place_in(section: Section, line: Line) -> tuple[int, int]:
    assert isinstance(section.body, Table)
    lines = asked_lines(section.body)
    return lines.index(line) + 1, len(lines)


def _ids(line: Line) -> tuple[CellId, ...]:
    return tuple(cell.id for cell in line.cells)


def asked_cells(session: Session, line: Line) -> tuple[ItemId, ...]:
    """What an answer to a line would fill: its open cells, or all when none is open."""
    open_cells = tuple(cell.id for cell in line.cells if cell.id not in session.answers)
    return open_cells or tuple(cell.id for cell in line.cells)


def _line(session: Session) -> Say:
    form = session.form
    line = form.lines[session.place.item]
    section = form.section_of[line.id]
    table = section.body
    assert isinstance(table, Table)
    asked = asked_cells(session, line)
    place, total = _place_in(section, line)
    in_table = form.asked_in[section.id]
    wanted = len(in_table)
    open_in_table = wanted - len(session.answers.among(in_table))
    untouched = open_in_table == wanted
    text = wording.question(
        section,
        line,
        [form.cells[cell] for cell in asked],
        place,
        total,
        line_figures(session, line),
        last_year_figures(session, line),
        wording.table_intro(table, wanted) if untouched else "",
    )
    rows: list[tuple[Button, ...]] = []
    number = line.number
    values = offered(session, line)
    if values:
        bridged = any(cell in form.bridge for cell in values)
        label = wording.SAME_AS_CARRIED if bridged else wording.SAME_AS_LAST_YEAR
        same = wording.figures_of(line, {**dict.fromkeys(_ids(line)), **values})
        rows.append((button(wording.same_as(label, same), "ly", number),))
    if session.is_open(line.id):
        zero = [button(wording.ZERO_LINE if len(asked) > 1 else "0", "z", number)]
        if open_in_table > len(asked):
            zero.append(button(wording.ZERO_REST, "zt", section.item, tone=Tone.MAIN))
        rows.append(tuple(zero))
    middle = [button(wording.COUNTS, "cnt", number)]
    if session.last_year is not None:
        middle.append(button(wording.SEE_LAST_YEAR, "lyv", section.item))
    if total > 3:
        middle.insert(0, button(wording.CHOOSE_ROWS, "pick", section.item))
    if session.is_open(line.id):
        middle.append(button(wording.LATER, "later", number))
    rows.append(tuple(middle))
    tail = [button(wording.MENU, "menu")]
    if place > 1:
        tail.insert(0, button(wording.BACK, "prev", number))
    if not session.is_open(line.id):
        tail.insert(0, button(wording.KEEP, "keep", number))
    rows.append(tuple(tail))
    return Say(MessageKind.CARD, text, tuple(rows), asked, line.id)


def _cell(session: Session) -> Say:
    form = session.form
    cell = form.cells[session.place.item]
    line = form.lines[cell.line]
    section = form.section_of[cell.id]
    value = session.answers.number(cell.id)
    known = "" if value is None else f"{wording.number(value)} {cell.unit.value}"
    place, total = _place_in(section, line) if line.kind is LineKind.ASKED else (1, 1)
    text = wording.question(section, line, [cell], place, total, known, "", "")
    rows = [
        (button("0", "z", cell.number), button(wording.COUNTS, "cnt", line.number)),
        (button(wording.KEEP, "keep", cell.number), button(wording.MENU, "menu")),
    ]
    return Say(MessageKind.CARD, text, tuple(rows), (cell.id,), cell.id)


def _rows(session: Session) -> Say:
    section = session.form.section[session.place.item]
    table = section.body
    assert isinstance(table, Table)
    buttons = []
    todo = 0
    for line in asked_lines(table):
        open_line = session.is_open(line.id)
        todo += open_line
        if open_line:
            mark = ""
        elif all(session.answers.get(cell.id) == 0 for cell in line.cells):
            mark = "0 "
        else:
            mark = "✓ "
        buttons.append(button(f"{mark}{line.short}", "o", line.number))
    rows: list[tuple[Button, ...]] = []
    if todo:
        rows.append((button(wording.ZERO_REST, "zt", section.item, tone=Tone.MAIN),))
    else:
        rows.append((button(wording.GO_ON, "end", section.item, tone=Tone.MAIN),))
    rows += in_rows(buttons, 2)
    rows.append((button(wording.MENU, "menu"),))
    return Say(MessageKind.CARD, wording.rows(table, todo), tuple(rows), item=section.id)


def carry_mark(session: Session, line: Line) -> str:
    """A mark of the figures a confirmation of 结转下年度 speaks of."""
    return short_mark(repr(sorted(carry_now(session, line).items())))


def carry_text(session: Session, line: Line) -> tuple[str, int, str]:
    """The arithmetic in total, what is left (件), and in which columns."""
    figures = session.figures
    totals = []
    for column in range(3):
        total = 0
        for cell in line.cells:
            plus, minus = session.form.balance[cell.id]
            group = (*plus, *minus)
            total += int(figures.get(group[column]) or 0)
        totals.append(total)
    left = totals[0] + totals[1] - totals[2]
    now = carry_now(session, line)
    where = "，".join(f"{cell.column.name} {now[cell.id]}" for cell in line.cells if now[cell.id])
    return wording.carry_sentence(totals[0], totals[1], totals[2], left), left, where


def _carry(session: Session) -> Say:
    section = session.form.section[session.place.item]
    assert isinstance(section.body, Table)
    line = balanced(section.body)
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
        (button(wording.FIX_RESULTS, "pick", section.item),),
        (button(wording.COUNTS, "cnt", line.number), button(wording.MENU, "menu")),
    )
    return Say(MessageKind.CARD, wording.carry(sentence, left, where), rows, item=line.id)


def _table(session: Session) -> Say:
    section = session.form.section[session.place.item]
    table = section.body
    assert isinstance(table, Table)
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
            (
                button(wording.GO_ON + "其他部分", "skip", section.item),
                button(wording.MENU, "menu"),
            ),
        ]
        text = wording.table_gaps(section, [line.short for line in open_lines])
        return Say(MessageKind.CARD, text, tuple(rows), item=section.id)
    figures = session.figures
    shown: list[str] = []
    zeros = 0
    for line in table.lines:
        values = {cell.id: figures.get(cell.id) for cell in line.printed}
        if line.kind is LineKind.BALANCE and session.is_open(line.id):
            continue
        if all(values[cell.id] == 0 for cell in line.cells):
            zeros += 1
        else:
            shown.append(f"· {line.short}：{wording.figures_of(line, values)}")
    carry = ""
    mark = ""
    balance = balanced(table)
    if balance is not None and session.is_open(balance.id):
        carry = carry_text(session, balance)[0]
        mark = carry_mark(session, balance)
    go = button(wording.NEXT, "n", section.item, *([mark] if mark else []), tone=Tone.GO)
    rows_: list[tuple[Button, ...]] = [(go,)]
    if len(lines) > 8:
        rows_.append((button("改某一行", "pick", section.item),))
    else:
        changes = (button(wording.change(line.short), "o", line.number) for line in lines)
        rows_ += in_rows(changes, 2 if len(lines) > 3 else 1)
    tail = [button(wording.MENU, "menu")]
    if any(session.answers.get(cell) for cell in session.form.asked_in[section.id]):
        tail.append(button(wording.TABLE_TO_ZERO, "zo", section.item))
    rows_.append(tuple(tail))
    return Say(
        MessageKind.CARD,
        wording.table_done(section, shown, zeros, carry),
        tuple(rows_),
        item=section.id,
    )


def _total(session: Session) -> Say:
    form = session.form
    target = form.cells[session.place.item]
    line = form.lines[target.line]
    figures = session.figures
    addends = [form.cells[cell] for cell in form.sums[target.id] if line.kind is LineKind.ASKED]
    computed = figures.computed(target.id) or 0
    claimed = figures.claimed(target.id)
    typed: Number = computed if claimed is None else claimed
    gap = max(computed, typed) - min(computed, typed)
    parts = [wording.number(figures.get(cell) or 0) for cell in form.sums[target.id]]
    shown = parts if len(parts) <= 8 else [part for part in parts if part != "0"] or ["0"]
    rows = [
        (
            button(
                wording.take(wording.number(computed)),
                "take",
                target.number,
                tone=Tone.GO,
            ),
        ),
        *in_rows(
            (
                button(
                    wording.change(
                        f"{cell.column.name} {wording.number(figures.get(cell.id) or 0)}"
                    ),
                    "o",
                    cell.number,
                )
                for cell in addends
            ),
            2,
        ),
        (button(wording.PARK, "park", short_mark(target.id)), button(wording.MENU, "menu")),
    ]
    text = wording.total_differs(
        line,
        shown,
        wording.number(computed),
        wording.number(typed),
        wording.number(gap),
    )
    return Say(MessageKind.CARD, text, tuple(rows), item=target.id)


def _confirm(session: Session) -> Say:
    form = session.form
    pending = session.place.pending
    assert pending is not None
    mark = session.place.mark
    if pending.asking is Asking.IMPORT:
        return _import(session, pending, mark)
    names = [wording.cell_name(form, cell) for cell in pending.blanks]
    if pending.asking is Asking.BLANKS:
        text = wording.blanks(len(names), names)
        yes, no = wording.FILL_ZERO, wording.LEAVE_OPEN
    elif pending.asking is Asking.CONVERT:
        text = wording.convert(
            (
                wording.cell_name(form, cell),
                typed,
                f"{wording.number(pending.values[cell])} {form.cells[cell].unit.value}",
            )
            for cell, typed in pending.typed.items()
        )
        yes, no = wording.YES, wording.NO
    elif pending.asking is Asking.OVERWRITE:
        figures = session.figures
        text = wording.overwrite(
            [
                f"{wording.cell_name(form, cell)} {wording.number(figures.get(cell) or 0)}"
                for cell in pending.values
            ]
        )
        yes, no = wording.TO_ZERO, wording.KEEP
    else:
        section = form.section[session.place.item]
        text = wording.replace(
            section.heading,
            len(session.answers.text(section.id) or ""),
            len(pending.text),
        )
        rows = (
            (button(wording.REPLACE, "rep", mark, tone=Tone.MAIN),),
            (button(wording.APPEND, "app", mark),),
            (button(wording.KEEP_OLD, "no", mark),),
        )
        return Say(MessageKind.CARD, text, rows, item=section.id)
    rows2 = ((button(yes, "ok", mark, tone=Tone.GO), button(no, "no", mark)),)
    return Say(MessageKind.CARD, text, rows2, item=session.place.item or None)


def _import(session: Session, pending: Pending, mark: str) -> Say:
    """What was read of a published report, in a short table."""
    # Only where a report was read: the reader's words are much to import.
    from conversations.talk.importing import ImportPlan, plan_text
    from conversations.talk.moves.reading import DOUBTS, REPLACE, standing

    found = ImportPlan.loads(pending.text, session.form)
    if found is None:
        return Say(MessageKind.CARD, wording.PAST, ((button(wording.GO_ON, "go", tone=Tone.MAIN),),))
    found = found.over(standing(session, found.year))
    rows: list[tuple[Button, ...]] = [
        (button(wording.import_yes(found.year), "ok", mark, tone=Tone.GO),)
    ]
    switches = []
    if found.doubtful:
        switches.append((DOUBTS, 1, wording.IMPORT_DOUBTS))
    if found.conflicts:
        switches.append((REPLACE, 2, wording.IMPORT_REPLACE))
    for name, number, label in switches:
        on = "☑ " if name in pending.chosen else "☐ "
        rows.append((button(on + label, "imp", number),))
    rows.append((button(wording.IMPORT_NO, "no", mark),))
    text = f"{plan_text(found)}\n{wording.IMPORT_HOW_TO_CORRECT}"
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows))


def _finding(session: Session) -> Say:
    form = session.form
    found = find_by_place(session, session.place.item)
    if found is None:
        return Say(MessageKind.CARD, wording.RESOLVED, ((button(wording.GO_ON, "go", tone=Tone.MAIN),),))
    fixes: list[Button] = []
    tables: set[ItemId] = set()
    for cell in found.cells:
        line = form.lines[form.cells[cell].line]
        if line.kind is LineKind.ASKED and cell not in form.sums:
            value = session.figures.get(cell)
            name = wording.cell_name(form, cell)
            if value is not None:
                name += f" {wording.number(value)}"
            fixes.append(button(wording.change(name), "o", form.cells[cell].number))
        elif line.kind is LineKind.ASKED:
            name = f"{line.short} {wording.number(session.figures.get(cell) or 0)}"
            fixes.append(button(wording.change(name), "o", line.number))
        elif line.kind is LineKind.SUM:
            tables.add(form.section_of[line.id].id)
    fixes = fixes[:20]
    for section in tables:
        fixes.append(button(wording.FIX_RESULTS[3:], "pick", form.section[section].item))
    if found.narrative:
        number = form.number.get(found.narrative)
        if number is not None:
            fixes.append(button(wording.MODIFY, "o", number))
    if found.id == "B2":
        fixes.append(button(wording.LEVEL, "lvl"))
    park = button(wording.PARK, "park", short_mark(found.key))
    text = wording.finding(found) + "\n\n"
    if found.grade is Grade.E:
        text += wording.FINDING_E
        asks: tuple[ItemId, ...] = ()
        # What was put aside once is now to be corrected.
        again = short_mark(found.key) in session.place.parked and fixes
        rows = [*in_rows(fixes, 2), (park,)] if again else [(park,), *in_rows(fixes, 2)]
    else:
        text += wording.FINDING_W
        asks = (f"explanation:{found.id}",)
        rows = [*in_rows(fixes, 2), (park,)]
    rows.append((button(wording.MENU, "menu"),))
    return Say(MessageKind.CARD, text, tuple(rows), asks)


def _narrative(session: Session) -> Say:
    section = session.form.section[session.place.item]
    body = section.body
    assert isinstance(body, Narrative)
    text = session.answers.text(section.id)
    number = section.item
    if session.place.parts == ANEW and text is not None:
        rows1 = (
            (button(wording.KEEP_OLD, "keep", number),),
            (button(wording.SHOW_ALL, "all", number), button(wording.POINTS, "pts", number)),
            (button(wording.MENU, "menu"),),
        )
        asked = wording.narrative(section, "", wording.ANEW)
        return Say(MessageKind.CARD, asked, rows1, (section.id,), section.id)
    if session.place.parts:
        rows = (
            (button(wording.DONE_TEXT, "done", number, tone=Tone.GO),),
            (button(wording.REWRITE, "rw", number), button(wording.SHOW_ALL, "all", number)),
        )
        pieces = sum(1 for _, part in session.place.parts if part)
        kept = wording.part_kept(len("".join((text or "").split())), pieces)
        return Say(
            MessageKind.CARD,
            f"{section.heading}\n{kept}接着发，或点「{wording.DONE_TEXT}」。",
            rows,
            item=section.id,
        )
    tail = (button(wording.LATER, "later", number), button(wording.MENU, "menu"))
    if text is not None:
        rows2 = (
            (button(wording.KEEP, "keep", number, tone=Tone.MAIN),),
            (button(wording.REWRITE, "rw", number), button(wording.SHOW_ALL, "all", number)),
            (button(wording.POINTS, "pts", number), button(wording.MENU, "menu")),
        )
        short = f"{len(''.join(text.split())):,} 字，“{wording.shorten(text, 30)}”"
        return Say(
            MessageKind.CARD, wording.narrative(section, short, ""), rows2, (section.id,), section.id
        )
    quick = [button("无。", "none", number)] if body.none_is_an_answer else []
    last = session.last_year and session.last_year.answers.text(section.id)
    before: tuple[Button, ...] = ()
    if last:
        before = (
            button(wording.SEE_LAST_YEAR, "lyv", number),
            button(wording.USE_LAST_TEXT, "lyt", number),
        )
    rows3 = tuple(
        row for row in (before, (*quick, button(wording.POINTS, "pts", number)), tail) if row
    )
    return Say(MessageKind.CARD, wording.narrative(section, "", ""), rows3, (section.id,), section.id)


def _wording(session: Session) -> Say:
    item = session.place.item
    answers = session.answers
    shown = {
        name: (answers.text(name) if answers.text(name) is not None else default_of(session, name))
        or ""
        for name in ("title", "introduction", "signature", "signature_date")
    }
    offered = offered_introduction(session.organ, session.year) if item == "introduction" else ""
    text = wording.wording(
        item,
        shown["title"],
        shown["introduction"],
        shown["signature"],
        shown["signature_date"],
        offered,
    )
    first = {
        "title": button(wording.TITLE_DEFAULT, "ts", session.form.wording["title"], tone=Tone.MAIN),
        "introduction": button(
            wording.KEEP if shown["introduction"] else wording.NO_INTRODUCTION,
            "ts",
            session.form.wording["introduction"],
            tone=Tone.MAIN,
        ),
        "signature": button(
            wording.KEEP if shown["signature"] else wording.NO_SIGNATURE,
            "ts",
            session.form.wording["signature"],
            tone=Tone.MAIN,
        ),
        "signature_date": button(
            default_date(session), "ts", session.form.wording["signature_date"], tone=Tone.MAIN
        ),
    }[item]
    rows: list[tuple[Button, ...]] = [(first,)]
    if item == "title":
        rows.append((button(wording.ALL_DEFAULT, "def", tone=Tone.GO),))
    if item == "introduction" and shown["introduction"]:
        rows.append((button(wording.NO_INTRODUCTION, "noi"),))
    if item == "signature" and shown["signature"]:
        rows.append((button(wording.NO_SIGNATURE, "nos"),))
    rows.append((button(wording.MENU, "menu"),))
    return Say(MessageKind.CARD, text, tuple(rows), (item,), item)


def default_date(session: Session) -> str:
    """The signature's date offered: the one answered, else today's."""
    said = session.answers.text("signature_date")
    today = session.today
    return said or f"{today.year}年{today.month}月{today.day}日"


def _review(session: Session) -> Say:
    form = session.form
    names = gap_names(session)
    found = todo_findings(session)
    todo: list[str] = []
    rows: list[tuple[Button, ...]] = []
    if names:
        todo.append(wording.gaps(names))
        rows.append((button(wording.fill_next(names[0]), "go", tone=Tone.MAIN),))
    for one in found[:8]:
        todo.append(wording.shorten(f"{wording.GRADES[one.grade]}（{one.id}）{one.message}", 300))
        rows.append(
            (
                button(
                    wording.explain(finding_name(session, one)),
                    "fx",
                    short_mark(one.key),
                    tone=Tone.PLAIN,
                ),
            )
        )
    if len(found) > 8:
        todo.append(f"……共 {len(found)} 处要处理。")
    lines = section_lines(session)
    lines.append(f"标题：{' / '.join(title_of(session).split(chr(10)))}")
    for explanation in session.explanations[-8:]:
        lines.append(wording.shorten(f"说明（{explanation.check}）：{explanation.text}", 120))
    if not names and not found:
        again = session.final
        label = wording.MAKE_FINAL_AGAIN if again else wording.MAKE_FINAL
        rows.insert(0, (button(label, "fin", tone=Tone.GO),))
    hints = [one for one in check_report(session.report) if one.grade is Grade.H]
    if hints:
        todo += ["", wording.hints(hints[:6])]
    changed = changed_lines(session)
    if session.final and changed:
        todo += ["", wording.changed(changed)]
    rows += in_rows((button(f"{s.number}、{s.short}", "s", s.item) for s in form.sections), 2)
    if session.last_year is not None:
        rows.append((button(wording.COMPARE, "yoy"),))
    rows.append((button(wording.WORDING, "o", form.wording["title"]), button(wording.LEVEL, "lvl")))
    rows.append((button(wording.MAKE_DRAFT, "dra"), button(wording.MENU, "menu")))
    guessed = session.answers.text("level") is None
    text = wording.review(session.organ, session.year, session.level, guessed, lines, todo)
    if not names and not found:
        text = wording.review(session.organ, session.year, session.level, guessed, lines, [])
        if todo:
            text += "\n" + "\n".join(todo)
    return Say(MessageKind.CARD, text[: wording.LIMIT], tuple(rows))


def changed_lines(session: Session) -> list[str]:
    """What changed since the last final document, a line each."""
    form = session.form
    lines = []
    for item, (then, now) in session.changed.items():
        if item in form.cells:
            name = wording.cell_name(form, item)
            shown = ["空" if value is None else str(value) for value in (then, now)]
            lines.append(f"· {name}：{shown[0]} → {shown[1]}")
        elif item in form.section:
            lines.append(f"· {form.section[item].heading}：文字有改动")
        else:
            lines.append("· 标题、引言或落款有改动")
    return lines


def _restart(session: Session) -> Say:
    rows = (
        (button(wording.NO_RESTART, "rstn", tone=Tone.MAIN),),
        (button(wording.RESTART, "rsty", tone=Tone.DANGER),),
    )
    return Say(MessageKind.CARD, wording.restart(len(session.answers)), rows)


def _done(session: Session) -> Say:
    rows: list[tuple[Button, ...]] = []
    changed = changed_lines(session)
    text = wording.DONE
    if changed:
        text = wording.DONE_STALE + "\n" + wording.changed(changed)
        rows.append((button(wording.REVIEW, "rev", tone=Tone.MAIN),))
    rows.append((button(wording.MENU, "menu"), button(wording.MODIFY, "rev")))
    return Say(MessageKind.CARD, text, tuple(rows))


def _lookup(session: Session) -> Say:
    rows: list[tuple[Button, ...]] = [(button(wording.BACK_TO_QUESTION, "lyx", tone=Tone.MAIN),)]
    rows += in_rows(
        (button(f"{s.number}、{s.short}", "lyv", s.item) for s in session.form.sections), 2
    )
    if session.last_year is not None:
        rows.append((button(wording.COMPARE, "yoy"),))
    return Say(MessageKind.CARD, wording.LOOK_UP, tuple(rows))


def level_buttons() -> Buttons:
    """The levels to choose from."""
    return tuple(
        in_rows(
            (
                button(wording.LEVELS[level], "lv", i)
                for i, level in enumerate(LEVELS)
                if level is not Level.UNKNOWN
            ),
            2,
        )
    )


def sections_of_kind(session: Session, kind: SectionKind) -> tuple[Section, ...]:
    """The sections with figures, or those with text."""
    return tuple(section for section in session.form.sections if section.kind is kind)


_CARDS = {
    State.ORGAN: _organ,
    State.YEAR: _year,
    State.CONTENTS: _contents,
    State.LINE: _line,
    State.CELL: _cell,
    State.ROWS: _rows,
    State.TABLE: _table,
    State.CARRY: _carry,
    State.TOTAL: _total,
    State.CONFIRM: _confirm,
    State.FINDING: _finding,
    State.NARRATIVE: _narrative,
    State.WORDING: _wording,
    State.REVIEW: _review,
    State.RESTART: _restart,
    State.DONE: _done,
    State.LOOKUP: _lookup,
}
