"""
The conversation: `step(session, event) → (session, effects)`, pure.

Every move stands once in `TRANSITIONS`; `docs/machine.svg` is drawn from that table.
An answer that cannot be accepted is a message, a total that fails is a finding; only
a mistake in the program raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from conversations import cards, wording
from conversations.answers import Number, Value
from conversations.checks import (
    Explanation,
    Finding,
    Grade,
    check_items,
    explained,
    reason_is_enough,
)
from conversations.document.content import clean_text
from conversations.effects import (
    Button,
    Deliver,
    Effect,
    Explain,
    Kind,
    OpenReport,
    Save,
    Say,
)
from conversations.events import Commanded, Event, Opened, Tapped, Uploaded
from conversations.form.model import (
    Cell,
    CellId,
    ItemId,
    Line,
    LineKind,
    Narrative,
    Section,
    SectionKind,
    Table,
)
from conversations.parsing import (
    Reading,
    Refusal,
    is_no,
    is_none,
    is_yes,
    read_answer,
    read_date,
    read_year,
)
from conversations.session import Asking, Pending, Place, Session, State, Stop

TEXT_LIMIT = 100_000  # characters of one narrative, far above any published one
BACK_LIMIT = 6  # places remembered to return to


class ImpossibleEvent(Exception):  # noqa: N818 - the name the design gives it
    """The table has no such move, or a move ended where the table does not say: a bug."""


class Trigger(Enum):
    """What can set the conversation moving: a kind of message, or a button's verb."""

    OPENED = "opened"
    TYPED = "typed"
    UPLOADED = "uploaded"
    MENU = "menu"
    STATUS = "status"
    PREVIEW = "preview"
    HELP = "help"
    CANCEL = "cancel"
    RESTART = "restart"
    YEAR = "y"
    FIGURES_FIRST = "fig"
    TEXTS_FIRST = "txt"
    GO_ON = "go"
    SECTION = "s"
    OPEN = "o"
    ZERO = "z"
    ZERO_REST = "zt"
    ZERO_OVER = "zo"
    ROWS = "pick"
    ROWS_END = "end"
    LATER = "later"
    PREVIOUS = "prev"
    KEEP = "keep"
    COUNTS = "cnt"
    POINTS = "pts"
    YES = "ok"
    NO = "no"
    REPLACE = "rep"
    APPEND = "app"
    TABLE_RIGHT = "n"
    TABLE_SKIP = "skip"
    CARRY_RIGHT = "carry"
    TAKE_COMPUTED = "take"
    PARK = "park"
    FINDING = "fx"
    DONE_TEXT = "done"
    NONE_TEXT = "none"
    REWRITE = "rw"
    SHOW_ALL = "all"
    WORDING_DEFAULT = "ts"
    ALL_DEFAULT = "def"
    NO_INTRODUCTION = "noi"
    NO_SIGNATURE = "nos"
    REVIEW = "rev"
    FINAL = "fin"
    DRAFT = "dra"
    PREPARE = "prep"
    LEVEL = "lvl"
    LEVEL_IS = "lv"
    RESTART_YES = "rsty"
    RESTART_NO = "rstn"
    SAME_AS_LAST_YEAR = "ly"


COMMANDS = {
    "start": Trigger.OPENED,
    "menu": Trigger.MENU,
    "status": Trigger.STATUS,
    "preview": Trigger.PREVIEW,
    "help": Trigger.HELP,
    "cancel": Trigger.CANCEL,
    "restart": Trigger.RESTART,
}
SPOKEN = {
    "目录": "menu",
    "进度": "status",
    "草稿": "preview",
    "帮助": "help",
    "取消": "cancel",
    "重新开始": "restart",
}


# ------------------------------------------------------------------ a turn


class _Turn:
    """One step in the making: the session as it becomes and the effects so far."""

    __slots__ = ("argument", "effects", "mark", "order", "session", "text")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.effects: list[Effect] = []
        self.text = ""
        self.order = 0
        self.argument = 0
        self.mark = ""

    @property
    def place(self) -> Place:
        return self.session.place

    def say(
        self,
        kind: Kind,
        text: str,
        buttons: Iterable[Sequence[Button]] = (),
        item: ItemId | None = None,
    ) -> None:
        rows = tuple(tuple(row) for row in buttons)
        self.effects.append(Say(kind, text[: wording.LIMIT + 500], rows, item=item))

    def refuse(self, text: str) -> None:
        self.say(Kind.REFUSAL, text)

    def note(self, text: str) -> None:
        self.say(Kind.NOTE, text)

    def show(self) -> None:
        """Put the card of the present place on the screen."""
        self.effects.append(cards.card(self.session))

    def put(self, place: Place) -> None:
        self.session = replace(self.session, place=place)

    def go(self, state: State, item: ItemId = "", *, back: tuple[Stop, ...] | None = None) -> None:
        """Move; what was pending or half said at the old place is left behind."""
        place = self.place
        self.put(
            replace(
                place,
                state=state,
                item=item,
                back=(place.back if back is None else back)[-BACK_LIMIT:],
                pending=None,
                parts=(),
            )
        )

    def save(self, changes: Mapping[ItemId, Value | None]) -> None:
        """Store what really changes, each with its history."""
        real = {i: v for i, v in changes.items() if self.session.answers.get(i) != v}
        if not real:
            return
        self.effects += [Save(i, self.session.answers.get(i), v) for i, v in real.items()]
        self.session = replace(self.session, answers=self.session.answers.changed(real))


Action = Callable[[_Turn], None]


# --------------------------------------------------------- moving on by itself


def _returning(turn: _Turn) -> tuple[Stop, ...]:
    """Where to come back to after an excursion from the present place."""
    place = turn.place
    if place.state in (State.CONFIRM, State.RESTART):
        return place.back
    return (*place.back, (place.state, place.item))


def _resume(turn: _Turn) -> None:
    """Go back to where the clerk was, or on from there when that is settled by now."""
    back = turn.place.back
    if not back:
        _next_section(turn)
        return
    (state, item), rest = back[-1], back[:-1]
    session = turn.session
    form = session.form
    turn.go(State.CONTENTS, back=rest)
    if state is State.LINE:
        if session.is_open(item):
            turn.go(State.LINE, item, back=rest)
            turn.show()
        else:
            _after_line(turn, form.lines[item])
    elif state is State.FINDING:
        if cards.find_by_place(session, item) is None:
            turn.note(wording.RESOLVED)
            _resume(turn)
        else:
            turn.go(State.FINDING, item, back=rest)
            turn.show()
    elif state is State.TOTAL:
        if session.figures.claimed(item) is None:
            _resume(turn)
        else:
            turn.go(State.TOTAL, item, back=rest)
            turn.show()
    elif state in (State.TABLE, State.CARRY) or (
        state is State.ROWS and session.first_open(form.section[item]) is None
    ):
        _table_end(turn, form.section[item])
    elif state is State.CELL:
        _resume(turn)
    else:
        turn.go(state, item, back=rest)
        turn.show()


def _open_findings(turn: _Turn, items: Iterable[ItemId]) -> tuple[Finding, ...]:
    """What hangs on the items and still wants something now, parked ones left out."""
    report = turn.session.report
    return tuple(
        found
        for found in check_items(report, items)
        if found.grade is not Grade.H
        and not explained(report, found)
        and cards.short_mark(found.key) not in turn.place.parked
    )


def _hints(turn: _Turn, items: Iterable[ItemId]) -> None:
    """Say the hints that hang on the items, once, without stopping."""
    found = [f for f in check_items(turn.session.report, items) if f.grade is Grade.H]
    if found:
        turn.note(wording.hints(found))


def _items_of(line: Line) -> tuple[ItemId, ...]:
    return tuple(cell.id for cell in line.printed)


def _stop_at_finding(turn: _Turn, items: Iterable[ItemId], back: tuple[Stop, ...]) -> bool:
    """Show the first open finding on the items; False when there is none."""
    found = _open_findings(turn, items)
    if not found:
        return False
    first = found[0]
    claimed = [
        cell
        for cell in first.cells
        if cell in turn.session.form.sums and turn.session.figures.claimed(cell) is not None
    ]
    if first.id in ("A2", "A3", "A4") and claimed:
        turn.go(State.TOTAL, claimed[-1], back=back)
    else:
        turn.go(State.FINDING, first.key, back=back)
    turn.show()
    return True


def _after_line(turn: _Turn, line: Line) -> None:
    """A line is answered: findings first, then back to where he was, else the next line."""
    back = turn.place.back
    if _stop_at_finding(turn, _items_of(line), (*back, (State.LINE, line.id))):
        return
    section = turn.session.form.section_of[line.id]
    table = section.body
    assert isinstance(table, Table)
    balance = cards.balanced(table)
    settled = turn.session.first_open(section) is None
    if settled and balance is not None and turn.session.is_open(balance.id):
        _table_end(turn, section)
        return
    if back:
        _resume(turn)
        return
    lines = cards.asked_lines(table)
    start = lines.index(line) + 1 if line in lines else len(lines)
    for following in lines[start:]:
        if turn.session.is_open(following.id):
            turn.go(State.LINE, following.id)
            turn.show()
            return
    _table_end(turn, section)


def _table_end(turn: _Turn, section: Section) -> None:
    """The end of a table: its gaps, what is carried forward, or the whole played back."""
    session = turn.session
    table = section.body
    assert isinstance(table, Table)
    back = tuple(stop for stop in turn.place.back if stop != (State.ROWS, section.id))
    balance = cards.balanced(table)
    if session.first_open(section) is None and balance and session.is_open(balance.id):
        now = cards.carry_now(session, balance)
        if any(value is not None and value < 0 for value in now.values()):
            items = [cell.id for cell in balance.cells]
            if _stop_at_finding(turn, items, (*back, (State.TABLE, section.id))):
                return
            turn.go(State.CONTENTS, back=())
            _next_section(turn, after=section)
            return
        if any(now.values()):
            turn.go(State.CARRY, section.id, back=back)
            turn.show()
            return
    turn.go(State.TABLE, section.id, back=back)
    turn.show()


def _order(session: Session) -> tuple[Section, ...]:
    tables = cards.sections_of_kind(session, SectionKind.TABLE)
    texts = cards.sections_of_kind(session, SectionKind.NARRATIVE)
    return (*texts, *tables) if session.place.texts_first else (*tables, *texts)


def _next_section(turn: _Turn, after: Section | None = None) -> None:
    """The next section with a gap in the clerk's order; then the wording; then the review."""
    order = _order(turn.session)
    start = order.index(after) + 1 if after in order else 0
    for section in (*order[start:], *order[:start]):
        if section is not after and turn.session.is_open(section.id):
            _enter(turn, section, back=())
            return
    if turn.session.gaps:
        turn.go(State.CONTENTS, back=())
    elif turn.session.answers.text("title") is None:
        turn.go(State.WORDING, "title", back=())
    else:
        turn.go(State.REVIEW, back=())
    turn.show()


def _enter(turn: _Turn, section: Section, *, back: tuple[Stop, ...]) -> None:
    """Begin a section, or go on in it, or show it when it is complete."""
    if section.kind is SectionKind.NARRATIVE:
        turn.go(State.NARRATIVE, section.id, back=back)
        turn.show()
        return
    line = turn.session.first_open(section)
    if line is not None:
        turn.go(State.LINE, line, back=back)
        turn.show()
    else:
        turn.go(State.CONTENTS, back=back)
        _table_end(turn, section)


# ---------------------------------------------------------------- figures


def _store_figures(
    turn: _Turn, values: Mapping[CellId, Number], totals: Mapping[CellId, Number]
) -> None:
    """
    Store figures, compare typed totals, and open again what hangs on the change.

    A typed total that differs stays beside the figures as a claim until the computed
    one is taken or a figure is corrected; 结转下年度 is confirmed anew where it moves.
    """
    form = turn.session.form
    turn.save(dict(values))
    figures = turn.session.figures
    claims: dict[ItemId, Value | None] = {}
    for cell, typed in totals.items():
        claims[cell] = None if figures.computed(cell) == typed else typed
    for cell in form.sums:
        old = figures.claimed(cell)
        if cell not in totals and old is not None and old == figures.computed(cell):
            claims[cell] = None
    turn.save(claims)
    figures = turn.session.figures
    stale: dict[ItemId, Value | None] = {}
    for cell in form.balance:
        said = turn.session.answers.number(cell)
        if said is not None and cell not in values and figures.balance(cell) != said:
            stale[cell] = None
    if stale:
        line = form.lines[form.cells[next(iter(stale))].line]
        # The line is confirmed as a whole, so it opens as a whole.
        turn.save({cell.id: None for cell in line.cells})
        turn.note(wording.CARRY_REOPENED)


def _result(turn: _Turn, cells: Iterable[CellId], extra: str = "") -> None:
    """Play back the lines that the cells stand in, each with its button to change it."""
    form = turn.session.form
    lines = list(dict.fromkeys(form.cells[cell].line for cell in cells))
    for line_id in lines[:30]:
        line = form.lines[line_id]
        said = wording.answered(line, cards.line_figures(turn.session, line))
        if extra:
            said += f"（{extra}）"
        modify = cards.button(wording.MODIFY, "o", line.number)
        turn.say(Kind.RESULT, said, ((modify,),), item=line_id)
    if turn.session.final and turn.session.changed:
        turn.note(wording.FINAL_STALE)


def _take_reading(turn: _Turn, reading: Reading, line: Line) -> None:
    """An answer was understood: ask what must be asked, store the rest, go on."""
    if reading.conversions:
        values = dict(reading.values)
        values.update({one.cell: one.value for one in reading.conversions})
        pending = Pending(
            Asking.CONVERT,
            values,
            dict(reading.totals or {}),
            reading.blanks,
            {one.cell: one.typed for one in reading.conversions},
        )
        back = _returning(turn)
        turn.go(State.CONFIRM, line.id, back=back)
        turn.put(replace(turn.place, pending=pending))
        turn.show()
        return
    _store_and_go(turn, reading.values, reading.totals or {}, reading.blanks, line)


def _store_and_go(
    turn: _Turn,
    values: Mapping[CellId, Number],
    totals: Mapping[CellId, Number],
    blanks: tuple[CellId, ...],
    line: Line,
) -> None:
    unanswered = tuple(cell for cell in blanks if cell not in turn.session.answers)
    if unanswered:
        # What was typed is kept at once; only the empty places are asked about.
        _store_figures(turn, values, {})
        pending = Pending(Asking.BLANKS, {}, dict(totals), unanswered)
        turn.go(State.CONFIRM, line.id, back=_returning(turn))
        turn.put(replace(turn.place, pending=pending))
        if values:
            _result(turn, values)
        turn.show()
        return
    _store_figures(turn, values, totals)
    claimed = turn.session.figures
    agrees = any(claimed.claimed(cell) is None for cell in totals)
    _result(
        turn,
        [*values, *totals] if values else totals,
        wording.TOTAL_AGREES[:-1] if agrees and len(totals) == 1 else "",
    )
    _answered(turn, line, (*values, *totals))


def _answered(turn: _Turn, line: Line, items: Iterable[ItemId]) -> None:
    """Hints and findings on what was just stored, then on."""
    items = tuple(items)
    _hints(turn, items)
    place = turn.place
    form = turn.session.form
    back = place.back
    if place.state is State.CONFIRM and back and back[-1] == (State.LINE, line.id):
        back = back[:-1]
    lines = {form.cells[item].line for item in items if item in form.cells}
    for other in lines - {line.id}:
        if _stop_at_finding(turn, _items_of(form.lines[other]), (*back, (State.LINE, line.id))):
            return
    if place.state is State.CONFIRM:
        turn.go(State.CONTENTS, back=back)
    if turn.session.is_open(line.id):
        turn.go(State.LINE, line.id, back=back)
        turn.show()
    else:
        if place.state in (State.CELL, State.LINE):
            turn.go(place.state, place.item, back=back)
        _after_line(turn, line)


def _asked_here(turn: _Turn) -> tuple[Line, list[Cell]]:
    """The line and cells that a typed answer fills at the present place."""
    form = turn.session.form
    place = turn.place
    if place.state is State.CELL:
        cell = form.cells[place.item]
        return form.lines[cell.line], [cell]
    line = form.lines[place.item]
    return line, [form.cells[cell] for cell in cards.asked_cells(turn.session, line)]


def _type_figures(turn: _Turn) -> None:
    line, asked = _asked_here(turn)
    following: tuple[Line, ...] = ()
    section = turn.session.form.section_of[line.id]
    table = section.body
    assert isinstance(table, Table)
    if turn.place.state is State.LINE:
        following = table.lines[table.lines.index(line) :]
    reading = read_answer(turn.text, asked, turn.session.form, following)
    if isinstance(reading, Refusal):
        whole = list(line.cells)
        if turn.place.state is State.LINE and len(asked) < len(whole):
            # A half-answered line may also be typed whole.
            again = read_answer(turn.text, whole, turn.session.form, following)
            if not isinstance(again, Refusal):
                _take_reading(turn, again, line)
                return
        turn.refuse(wording.refusal(reading))
        turn.show()
        return
    _take_reading(turn, reading, line)


def _line_of(turn: _Turn) -> Line | None:
    """The line that a button's number names, or the line of the cell it names."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    if item in form.cells:
        return form.lines[form.cells[item].line]
    return form.lines.get(item)


def _section_of(turn: _Turn) -> Section | None:
    form = turn.session.form
    return form.section.get(form.item.get(turn.argument, ""))


def _zero(turn: _Turn) -> None:
    """Fill a line, or one cell, with zeros: only what is unanswered."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    line = _line_of(turn)
    if line is None or line.kind is not LineKind.ASKED:
        _past(turn)
        return
    cells = [item] if item in form.cells else [cell.id for cell in line.cells]
    open_cells = [cell for cell in cells if cell not in turn.session.answers]
    if turn.place.state not in (State.LINE, State.CELL) or (turn.place.item not in (line.id, item)):
        turn.go(State.CELL if item in form.cells else State.LINE, item, back=_returning(turn))
    if open_cells:
        _store_and_go(turn, dict.fromkeys(open_cells, 0), {}, (), line)
        return
    figures = {cell: 0 for cell in cells if turn.session.answers.get(cell) != 0}
    if figures:
        _ask_overwrite(turn, figures, line.id)
    else:
        turn.note(wording.ALREADY)
        _after_line(turn, line)


def _ask_overwrite(turn: _Turn, figures: Mapping[CellId, Number], item: ItemId) -> None:
    back = _returning(turn)
    turn.go(State.CONFIRM, item, back=back)
    turn.put(replace(turn.place, pending=Pending(Asking.OVERWRITE, figures)))
    turn.show()


def _zero_rest(turn: _Turn) -> None:
    """Fill a whole table with zeros: only what is unanswered; figures are listed, kept."""
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Table):
        _past(turn)
        return
    lines = cards.asked_lines(section.body)
    cells = [cell.id for line in lines for cell in line.cells]
    open_cells = [cell for cell in cells if cell not in turn.session.answers]
    kept = {c: 0 for c in cells if turn.session.answers.get(c, 0) != 0}
    if not open_cells:
        if kept:
            _ask_overwrite(turn, kept, section.id)
        else:
            turn.note(wording.ALREADY)
            _leave_to_table_end(turn, section)
        return
    _store_figures(turn, dict.fromkeys(open_cells, 0), {})
    text = wording.filled_zero(section.body.short, len(open_cells))
    buttons: list[list[Button]] = []
    if kept:
        names = [
            f"{wording.cell_name(turn.session.form, cell)} "
            f"{wording.number(turn.session.answers.number(cell) or 0)}"
            for cell in kept
        ]
        text += "\n" + wording.kept_figures(names)
        buttons.append([cards.button(wording.TO_ZERO, "zo", section.item)])
    turn.say(Kind.RESULT, text, buttons, item=section.id)
    _hints(turn, open_cells)
    _leave_to_table_end(turn, section)


def _leave_to_table_end(turn: _Turn, section: Section) -> None:
    """From inside a table to its end, findings on the way first."""
    place = turn.place
    form = turn.session.form
    inside = form.section_of.get(place.item)
    back = place.back if inside is section else _returning(turn)
    if place.state in (State.CONTENTS, State.REVIEW, State.DONE) and inside is not section:
        back = ()
    assert isinstance(section.body, Table)
    items = [cell.id for cell in section.body.cells]
    if _stop_at_finding(turn, items, (*back, (State.TABLE, section.id))):
        return
    turn.go(State.TABLE, section.id, back=back)
    _table_end(turn, section)


def _zero_over(turn: _Turn) -> None:
    """Ask before the figures of a table become zeros."""
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Table):
        _past(turn)
        return
    figures: dict[CellId, Number] = {
        cell.id: 0
        for line in cards.asked_lines(section.body)
        for cell in line.cells
        if turn.session.answers.get(cell.id, 0) != 0
    }
    if figures:
        _ask_overwrite(turn, figures, section.id)
    else:
        turn.note(wording.ALREADY)
        turn.show()


def _yes(turn: _Turn) -> None:
    """Confirm what is pending."""
    place = turn.place
    pending = place.pending
    if place.state is not State.CONFIRM or pending is None:
        _past(turn)
        return
    if turn.mark and turn.mark != place.mark:
        _past(turn)
        return
    form = turn.session.form
    if pending.asking is Asking.BLANKS:
        zeros = dict.fromkeys(pending.blanks, 0)
        line = form.lines[place.item]
        _store_figures(turn, zeros, pending.totals)
        _result(turn, zeros)
        _answered(turn, line, (*zeros, *pending.totals))
    elif pending.asking is Asking.CONVERT:
        line = form.lines[place.item]
        turn.put(replace(place, pending=None))
        _store_and_go(turn, pending.values, pending.totals, pending.blanks, line)
    elif pending.asking is Asking.OVERWRITE:
        _store_figures(turn, pending.values, {})
        _result(turn, pending.values)
        _hints(turn, pending.values)
        if place.item in form.section:
            turn.go(State.TABLE, place.item)
            _leave_to_table_end(turn, form.section[place.item])
        else:
            _answered(turn, form.lines[place.item], pending.values)
    else:
        _replace_text(turn)


def _no(turn: _Turn) -> None:
    """Leave what is pending as it was."""
    place = turn.place
    pending = place.pending
    if place.state is not State.CONFIRM or pending is None:
        _past(turn)
        return
    if turn.mark and turn.mark != place.mark:
        _past(turn)
        return
    if pending.asking is Asking.BLANKS and pending.totals:
        _store_figures(turn, {}, {})
    _resume(turn)


def _confirm_typed(turn: _Turn) -> None:
    """A typed yes or no; anything else is a new answer to the question before."""
    place = turn.place
    pending = place.pending
    if is_yes(turn.text) and pending and pending.asking is not Asking.REPLACE:
        _yes(turn)
    elif is_no(turn.text):
        _no(turn)
    elif pending is None or place.item not in turn.session.form.lines:
        turn.refuse(wording.NOT_HERE)
        turn.show()
    else:
        back = place.back
        line = place.item
        state: State = State.LINE
        item: ItemId = line
        if back and back[-1][0] in (State.LINE, State.CELL):
            state, item = back[-1]
            back = back[:-1]
        turn.go(state, item, back=back)
        _type_figures(turn)


def _total_typed(turn: _Turn) -> None:
    """At a total that differs: the computed total takes it, another is compared."""
    form = turn.session.form
    cell = form.cells[turn.place.item]
    if is_yes(turn.text):
        _take(turn, cell.id)
        return
    reading = read_answer(turn.text, [cell], form)
    if isinstance(reading, Refusal):
        turn.refuse(wording.refusal(reading))
        turn.show()
    elif reading.values.get(cell.id) == turn.session.figures.computed(cell.id):
        _take(turn, cell.id)
    else:
        turn.save({cell.id: reading.values[cell.id]})
        turn.show()


def _take(turn: _Turn, cell: CellId) -> None:
    """Take the computed total: the claim is dropped."""
    line = turn.session.form.lines[turn.session.form.cells[cell].line]
    turn.save({cell: None})
    turn.say(
        Kind.RESULT,
        wording.answered(line, cards.line_figures(turn.session, line)),
        ((cards.button(wording.MODIFY, "o", line.number),),),
        item=line.id,
    )
    if turn.place.state is State.TOTAL and turn.place.item == cell:
        _resume(turn)
    else:
        turn.show()


def _take_computed(turn: _Turn) -> None:
    cell = turn.session.form.item.get(turn.argument, "")
    if cell not in turn.session.form.sums:
        _past(turn)
    elif turn.session.figures.claimed(cell) is None:
        _past(turn, wording.ALREADY)
    else:
        _take(turn, cell)


# -------------------------------------------------------- tables and carry


def _confirm_carry(turn: _Turn, section: Section) -> None:
    """Store 结转下年度 as the balance has it, confirmed."""
    assert isinstance(section.body, Table)
    line = cards.balanced(section.body)
    if line is None or not turn.session.is_open(line.id):
        return
    now = cards.carry_now(turn.session, line)
    values = {cell: value for cell, value in now.items() if value is not None}
    if len(values) == len(now) and all(value >= 0 for value in values.values()):
        turn.save(dict(values))


def _table_right(turn: _Turn) -> None:
    """The played-back table is right: on to what is next."""
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Table):
        _past(turn)
        return
    line = cards.balanced(section.body)
    if line is not None and turn.session.is_open(line.id):
        if turn.session.first_open(section) or turn.mark != cards.carry_mark(turn.session, line):
            _past(turn)
            return
        _confirm_carry(turn, section)
        if turn.session.final and turn.session.changed:
            turn.note(wording.FINAL_STALE)
    elif turn.place.state is not State.TABLE or turn.place.item != section.id:
        _past(turn, wording.ALREADY)
        return
    _leave_table(turn, section)


def _leave_table(turn: _Turn, section: Section) -> None:
    back = turn.place.back
    if back:
        _resume(turn)
    else:
        _next_section(turn, after=section)


def _table_skip(turn: _Turn) -> None:
    section = _section_of(turn)
    if section is None:
        _past(turn)
    else:
        turn.go(State.CONTENTS, back=())
        _next_section(turn, after=section)


def _carry_right(turn: _Turn) -> None:
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Table):
        _past(turn)
        return
    line = cards.balanced(section.body)
    if line is None or not turn.session.is_open(line.id):
        _past(turn, wording.ALREADY)
        return
    if turn.mark != cards.carry_mark(turn.session, line):
        _past(turn)
        return
    _confirm_carry(turn, section)
    _result(turn, [line.cells[0].id])
    back = turn.place.back
    turn.go(State.TABLE, section.id, back=back)
    turn.show()


def _carry_typed(turn: _Turn) -> None:
    """The office's own carried-forward figures, compared with the balance."""
    form = turn.session.form
    section = form.section[turn.place.item]
    assert isinstance(section.body, Table)
    line = cards.balanced(section.body)
    assert line is not None
    now = cards.carry_now(turn.session, line)
    left = sum(value or 0 for value in now.values())
    turn.argument = section.item
    turn.mark = cards.carry_mark(turn.session, line)
    if is_yes(turn.text):
        _carry_right(turn)
        return
    if is_no(turn.text):
        _rows(turn)
        return
    asked: Sequence[Cell] = line.cells
    reading = read_answer(turn.text, asked, form)
    single = None
    if isinstance(reading, Refusal) and line.total is not None:
        single = read_answer(turn.text, [line.total], form)
        if isinstance(single, Refusal):
            turn.refuse(wording.refusal(reading))
            turn.show()
            return
        typed = single.values[line.total.id]
        if typed == left:
            _carry_right(turn)
            return
        sentence = cards.carry_text(turn.session, line)[0]
        turn.refuse(
            wording.carry_differs(
                "总计", sentence, wording.number(typed), str(abs(int(typed) - left))
            )
        )
        turn.show()
        return
    assert isinstance(reading, Reading)
    for cell in line.cells:
        said = reading.values.get(cell.id)
        if said is not None and said != now[cell.id]:
            plus, minus = form.balance[cell.id]
            values = [int(turn.session.figures.get(one) or 0) for one in (*plus, *minus)]
            sentence = wording.carry_sentence(
                values[0], values[1], values[2], values[0] + values[1] - values[2]
            )
            gap = str(abs(int(said) - (now[cell.id] or 0)))
            turn.refuse(
                wording.carry_differs(cell.column.name, sentence, wording.number(said), gap)
            )
            turn.show()
            return
    _carry_right(turn)


def _rows(turn: _Turn) -> None:
    """Choose the lines that have figures."""
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Table):
        _past(turn)
        return
    place = turn.place
    inside = turn.session.form.section_of.get(place.item) is section
    back = place.back if inside and place.state is not State.FINDING else _returning(turn)
    turn.go(State.ROWS, section.id, back=tuple(s for s in back if s != (State.ROWS, section.id)))
    turn.show()


def _rows_end(turn: _Turn) -> None:
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Table):
        _past(turn)
    else:
        _leave_to_table_end(turn, section)


# -------------------------------------------------------------- narratives


def _clean(turn: _Turn, text: str) -> str:
    """The text as a document can hold it; the clerk is told what was taken out."""
    kept, removed = clean_text(text)
    if removed:
        turn.note(wording.removed(removed))
    return kept


def _join(parts: Sequence[tuple[int, str]]) -> str:
    """
    The pieces of one text in the order they were written.

    Telegram cuts a long paste near 4,096 characters, in the middle of a sentence:
    after such a piece the text simply goes on, after a shorter one a paragraph ends.
    """
    joined = ""
    cut = False
    for _, part in sorted(parts, key=lambda one: one[0]):
        joined += ("" if cut or not joined else "\n") + part
        cut = len(part.encode("utf-16-le", "surrogatepass")) // 2 >= 4090
    return joined


def _narrative_typed(turn: _Turn) -> None:
    """A piece of running text: kept at once, more may follow."""
    section = turn.session.form.section[turn.place.item]
    body = section.body
    assert isinstance(body, Narrative)
    text = _clean(turn, turn.text).strip("\n")
    if not text.strip():
        turn.refuse(wording.EMPTY_TEXT)
        turn.show()
        return
    parts = turn.place.parts
    old = turn.session.answers.text(section.id)
    if len(text) + (len(old or "") if parts else 0) > TEXT_LIMIT:
        turn.refuse(wording.TOO_LONG.format(found=f"{len(text):,}", limit=f"{TEXT_LIMIT:,}"))
        turn.show()
        return
    if old is not None and not parts:
        pending = Pending(Asking.REPLACE, text=text)
        turn.go(State.CONFIRM, section.id, back=_returning(turn))
        turn.put(replace(turn.place, pending=pending))
        turn.show()
        return
    order = turn.order or (max((o for o, _ in parts), default=0) + 1)
    parts = (*parts, (order, text))
    turn.save({section.id: _join(parts)})
    turn.put(replace(turn.place, parts=parts))
    turn.show()


def _replace_text(turn: _Turn) -> None:
    _settle_text(turn, append=False)


def _append_text(turn: _Turn) -> None:
    _settle_text(turn, append=True)


def _settle_text(turn: _Turn, *, append: bool) -> None:
    place = turn.place
    pending = place.pending
    if place.state is not State.CONFIRM or pending is None or pending.asking is not Asking.REPLACE:
        _past(turn)
        return
    if turn.mark and turn.mark != place.mark:
        _past(turn)
        return
    section = turn.session.form.section[place.item]
    old = turn.session.answers.text(section.id) or ""
    parts: tuple[tuple[int, str], ...] = ((1, pending.text),)
    if append:
        parts = ((0, old), (1, pending.text))
        turn.save({section.id: old + "\n" + pending.text})
    else:
        turn.save({section.id: pending.text})
    back = place.back
    if back and back[-1] == (State.NARRATIVE, section.id):
        back = back[:-1]
    turn.go(State.NARRATIVE, section.id, back=back)
    turn.put(replace(turn.place, parts=parts))
    turn.show()


def _done_text(turn: _Turn) -> None:
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Narrative):
        _past(turn)
        return
    text = turn.session.answers.text(section.id)
    if text is None or turn.place.item != section.id:
        _past(turn)
        return
    _finish_text(turn, section)


def _none_text(turn: _Turn) -> None:
    """「无。」 for a section where that is an answer; a text that stands is kept."""
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Narrative):
        _past(turn)
        return
    if turn.session.answers.text(section.id) is not None:
        _past(turn, wording.ALREADY)
        return
    if turn.place.item != section.id:
        turn.go(State.NARRATIVE, section.id, back=_returning(turn))
    turn.save({section.id: "无。"})
    _finish_text(turn, section)


def _finish_text(turn: _Turn, section: Section) -> None:
    """Read the text back in short, say what the checks find in it, and go on."""
    text = turn.session.answers.text(section.id) or ""
    modify = cards.button(wording.MODIFY, "o", section.item)
    turn.say(Kind.RESULT, wording.read_back(section.heading, text), ((modify,),), item=section.id)
    if turn.session.final and turn.session.changed:
        turn.note(wording.FINAL_STALE)
    _hints(turn, [section.id])
    back = turn.place.back
    turn.go(State.CONTENTS, back=back)
    if _stop_at_finding(turn, [section.id], back):
        return
    if back:
        _resume(turn)
    else:
        _next_section(turn, after=section)


def _rewrite(turn: _Turn) -> None:
    """Begin a text anew; the old one stays until the new one comes, and in the record."""
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Narrative):
        _past(turn)
        return
    if turn.place.item != section.id:
        turn.go(State.NARRATIVE, section.id, back=_returning(turn))
    back = turn.place.back
    turn.save({section.id: None})
    turn.go(State.NARRATIVE, section.id, back=back)
    turn.show()


def _show_all(turn: _Turn) -> None:
    section = _section_of(turn)
    text = turn.session.answers.text(section.id) if section else None
    if text is None:
        _past(turn)
        return
    for piece in split_text(text, wording.LIMIT):
        turn.note(piece)
    turn.show()


def split_text(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters, cut at paragraph ends where possible."""
    pieces: list[str] = []
    rest = text
    while len(rest) > limit:
        cut = rest.rfind("\n", 1, limit + 1)
        cut = cut if cut > 0 else limit
        pieces.append(rest[:cut])
        rest = rest[cut:].lstrip("\n")
    if rest:
        pieces.append(rest)
    return pieces


def _points(turn: _Turn) -> None:
    section = _section_of(turn)
    if section is None or not isinstance(section.body, Narrative):
        _past(turn)
        return
    turn.note(wording.points(section.body, _facts(turn.session, section)))
    turn.show()


def _facts(session: Session, section: Section) -> list[str]:
    """Sentences made only of stored figures, marked as such until the clerk takes them."""
    if section.id != "overview":
        return []
    figures = session.figures
    facts: list[str] = []
    new = figures.get("requests.received.total")
    done = figures.get("requests.outcome.total.total")
    if new is not None and done is not None:
        facts.append(f"本年新收政府信息公开申请 {new} 件，办结 {done} 件。")
    for table in session.form.tables:
        for line in cards.asked_lines(table):
            if len(line.cells) == 1 and len(line.printed) == 1:
                value = figures.get(line.cells[0].id)
                if value:
                    unit = line.cells[0].unit.value
                    facts.append(f"{line.short} {wording.number(value)} {unit}。")
    return facts


# ----------------------------------------------------------------- wording

_WORDING_ORDER = ("title", "introduction", "signature", "signature_date")


def _wording_typed(turn: _Turn) -> None:
    item = turn.place.item
    text = _clean(turn, turn.text).strip()
    if item == "title":
        lines = [part.strip() for part in _split_title(text)]
        lines = [line for line in lines if line]
        if not lines or sum(map(len, lines)) > 120 or len(lines) > 3:
            turn.refuse(wording.TITLE_TOO_LONG)
            turn.show()
            return
        value = "\n".join(lines)
    elif item == "introduction":
        value = "" if not text or is_none(text) or is_no(text) else text
        if len(value) > TEXT_LIMIT:
            turn.refuse(wording.TOO_LONG.format(found=f"{len(value):,}", limit=f"{TEXT_LIMIT:,}"))
            turn.show()
            return
    elif item == "signature":
        value = "" if not text or is_none(text) or is_no(text) else " ".join(text.split())
        if len(value) > 60:
            turn.refuse(wording.ORGAN_TOO_LONG)
            turn.show()
            return
    else:
        date = read_date(text)
        if date is None:
            turn.refuse(wording.BAD_DATE)
            turn.show()
            return
        value = date
    _keep_wording(turn, {item: value})


def _split_title(text: str) -> list[str]:
    for mark in ("\n", "／", "/", "｜", "|"):
        if mark in text:
            return text.split(mark)
    return [text]


def _keep_wording(turn: _Turn, values: Mapping[ItemId, str]) -> None:
    """Store wording and go to the next piece of it, or on."""
    item = turn.place.item if turn.place.state is State.WORDING else next(iter(values))
    turn.save(dict(values))
    if turn.session.answers.text("signature") == "" and "signature_date" in turn.session.answers:
        turn.save({"signature_date": None})
    if turn.session.final and turn.session.changed:
        turn.note(wording.FINAL_STALE)
    _hints(turn, values)
    back = turn.place.back
    following: ItemId | None = None
    index = _WORDING_ORDER.index(item)
    for candidate in _WORDING_ORDER[index + 1 :]:
        if candidate == "signature_date" and not turn.session.answers.text("signature"):
            continue
        following = candidate
        break
    if following is not None:
        turn.go(State.WORDING, following, back=back)
        turn.show()
        return
    _after_wording(turn)


def _after_wording(turn: _Turn) -> None:
    back = turn.place.back
    turn.go(State.CONTENTS, back=back)
    if _stop_at_finding(turn, ("title", "introduction"), back):
        return
    if back:
        _resume(turn)
    else:
        _next_section(turn)


def _wording_default(turn: _Turn) -> None:
    item = turn.session.form.item.get(turn.argument, "")
    if item not in _WORDING_ORDER:
        _past(turn)
        return
    if turn.place.state is not State.WORDING or turn.place.item != item:
        if item in turn.session.answers:
            _past(turn, wording.ALREADY)
            return
        turn.go(State.WORDING, item, back=_returning(turn))
    _keep_wording(turn, {item: _wording_value(turn.session, item)})


def _wording_value(session: Session, item: ItemId) -> str:
    if item == "signature_date":
        return cards.default_date(session)
    said = session.answers.text(item)
    return cards.default_of(session, item) if said is None else said


def _all_default(turn: _Turn) -> None:
    session = turn.session
    values = {
        item: _wording_value(session, item) for item in ("title", "introduction", "signature")
    }
    if values["signature"]:
        values["signature_date"] = cards.default_date(session)
    if turn.place.state is not State.WORDING:
        if "title" in session.answers:
            _past(turn, wording.ALREADY)
            return
        turn.go(State.WORDING, "title", back=_returning(turn))
    turn.save(dict(values))
    if turn.session.final and turn.session.changed:
        turn.note(wording.FINAL_STALE)
    _after_wording(turn)


def _no_introduction(turn: _Turn) -> None:
    _wording_is(turn, "introduction")


def _no_signature(turn: _Turn) -> None:
    _wording_is(turn, "signature")


def _wording_is(turn: _Turn, item: ItemId) -> None:
    """None of it: an empty text, which is an answer."""
    if turn.place.state is not State.WORDING or turn.place.item != item:
        turn.go(State.WORDING, item, back=_returning(turn))
    _keep_wording(turn, {item: ""})


# ---------------------------------------------------------------- findings


def _explain(turn: _Turn) -> None:
    """A written reason for a finding of the middle grade."""
    found = cards.find_by_place(turn.session, turn.place.item)
    if found is None:
        _resume(turn)
        return
    text = _clean(turn, turn.text).strip()
    if found.grade is Grade.E:
        turn.refuse(wording.NOT_HERE)
        turn.show()
        return
    if not reason_is_enough(text) or len(text) > 2000:
        turn.refuse(wording.NOT_A_REASON.format(text=wording.shorten(text, 30)))
        turn.show()
        return
    session = turn.session
    reason = Explanation(found.id, found.cells, found.key, text, session.by, session.now)
    turn.effects.append(Explain(reason))
    turn.session = replace(session, explanations=(*session.explanations, reason))
    turn.say(Kind.RESULT, wording.EXPLAINED.format(text=wording.shorten(text, 60)))
    _resume(turn)


def _park(turn: _Turn) -> None:
    """Put a finding aside until the review."""
    place = turn.place
    if place.state not in (State.FINDING, State.TOTAL):
        _past(turn, wording.ALREADY)
        return
    marks = [turn.mark]
    if place.state is State.TOTAL:
        report = turn.session.report
        marks = [
            cards.short_mark(found.key)
            for found in check_items(report, [place.item])
            if found.grade is Grade.E
        ]
    elif cards.short_mark(place.item) != turn.mark:
        found_now = cards.find_by_place(turn.session, place.item)
        if found_now is None or cards.short_mark(found_now.key) != turn.mark:
            _past(turn)
            return
    turn.put(replace(place, parked=(*place.parked, *marks)[-200:]))
    turn.note(wording.PARKED)
    _resume(turn)


def _finding_at(turn: _Turn) -> None:
    """Go to a finding from the review."""
    for found in cards.todo_findings(turn.session):
        if cards.short_mark(found.key) == turn.mark:
            back = _returning(turn)
            claimed = [
                cell
                for cell in found.cells
                if cell in turn.session.form.sums and turn.session.figures.claimed(cell) is not None
            ]
            if found.id in ("A2", "A3", "A4") and claimed:
                turn.go(State.TOTAL, claimed[-1], back=back)
            else:
                turn.go(State.FINDING, found.key, back=back)
            turn.show()
            return
    _past(turn, wording.RESOLVED)


# ------------------------------------------------------------ from anywhere


def _past(turn: _Turn, text: str = wording.PAST) -> None:
    """An old button that has nothing left to do: say so, show what is there now."""
    turn.note(text)
    turn.show()


def _opened(turn: _Turn) -> None:
    """The chat was opened: show where we are, or what was settled meanwhile."""
    session = turn.session
    place = session.place
    form = session.form
    if not session.organ:
        turn.go(State.ORGAN, back=())
    elif not session.year:
        turn.go(State.YEAR, back=())
    elif place.state in (State.ORGAN, State.YEAR) or not _fits(session, place):
        turn.go(State.CONTENTS, back=())
    elif _settled_meanwhile(session):
        _resume(turn)
        return
    elif place.state in (State.TABLE, State.CARRY):
        _table_end(turn, form.section[place.item])
        return
    turn.show()


def _settled_meanwhile(session: Session) -> bool:
    """Whether a colleague settled the finding or total that stood here."""
    place = session.place
    if place.state is State.FINDING:
        return cards.find_by_place(session, place.item) is None
    return place.state is State.TOTAL and session.figures.claimed(place.item) is None


def _fits(session: Session, place: Place) -> bool:
    """Whether a stored place still makes sense with this form."""
    form = session.form
    known: Mapping[State, Iterable[str]] = {
        State.LINE: form.lines,
        State.CELL: form.cells,
        State.ROWS: form.section,
        State.TABLE: form.section,
        State.CARRY: form.section,
        State.TOTAL: form.sums,
        State.NARRATIVE: form.section,
        State.WORDING: _WORDING_ORDER,
    }
    if place.state is State.CONFIRM:
        return place.pending is not None
    return place.state not in known or place.item in known[place.state]


def _organ_typed(turn: _Turn) -> None:
    name = "".join(_clean(turn, turn.text).split())
    if not 2 <= len(name) <= 60 or not any("一" <= c <= "鿿" for c in name):
        turn.refuse(wording.BAD_ORGAN)
        turn.show()
        return
    turn.session = replace(turn.session, organ=name)
    if turn.session.year:
        turn.effects.append(OpenReport(name, turn.session.year))
        return
    turn.go(State.YEAR, back=())
    turn.show()


def _year_typed(turn: _Turn) -> None:
    year = read_year(turn.text)
    if year is None or year > turn.session.today.year:
        turn.refuse(wording.BAD_YEAR)
        turn.show()
        return
    turn.session = replace(turn.session, year=year)
    turn.effects.append(OpenReport(turn.session.organ, year))


def _year_tapped(turn: _Turn) -> None:
    if turn.place.state is not State.YEAR:
        _past(turn, wording.ALREADY)
        return
    turn.text = str(turn.argument)
    _year_typed(turn)


def _menu(turn: _Turn) -> None:
    turn.go(State.CONTENTS, back=())
    turn.show()


def _status(turn: _Turn) -> None:
    session = turn.session
    final = ""
    if session.final:
        final = wording.FINAL_STALE if session.changed else wording.FINAL_CURRENT
    names = cards.gap_names(session)
    turn.note(
        wording.status(session.organ, session.year, cards.section_lines(session), len(names), final)
    )
    turn.show()


def _preview(turn: _Turn) -> None:
    turn.note(wording.DRAFT)
    turn.effects.append(Deliver(final=False))
    turn.show()


def _help(turn: _Turn) -> None:
    turn.note(wording.HELP)
    turn.show()


def _prepare(turn: _Turn) -> None:
    turn.note(wording.prepare(turn.session.form))
    turn.show()


def _figures_first(turn: _Turn) -> None:
    turn.put(replace(turn.place, texts_first=False))
    _next_section(turn)


def _texts_first(turn: _Turn) -> None:
    turn.put(replace(turn.place, texts_first=True))
    _next_section(turn)


def _go_on(turn: _Turn) -> None:
    """To the next gap; from the review the review is where to come back to."""
    if turn.place.state is State.FINDING:
        _resume(turn)
        return
    _next_section(turn)


def _section(turn: _Turn) -> None:
    section = _section_of(turn)
    if section is None:
        _past(turn)
        return
    back: tuple[Stop, ...] = ()
    if turn.place.state is State.REVIEW:
        back = ((State.REVIEW, ""),)
    _enter(turn, section, back=back)


def _open(turn: _Turn) -> None:
    """Open a line, a figure, a text or a piece of wording, from anywhere."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    if (turn.place.state, turn.place.item) in ((State.LINE, item), (State.CELL, item)):
        turn.show()
        return
    back = _returning(turn)
    if item in form.cells:
        line = form.lines[form.cells[item].line]
        if line.kind is not LineKind.ASKED or item in form.sums:
            _open_line(turn, line, back)
            return
        turn.go(State.CELL, item, back=back)
    elif item in form.lines:
        _open_line(turn, form.lines[item], back)
        return
    elif item in _WORDING_ORDER:
        turn.go(State.WORDING, item, back=_without_contents(back))
    elif item in form.section:
        _enter(turn, form.section[item], back=_without_contents(back))
        return
    else:
        _past(turn)
        return
    turn.show()


def _without_contents(back: tuple[Stop, ...]) -> tuple[Stop, ...]:
    return tuple(stop for stop in back if stop[0] is not State.CONTENTS)


def _open_line(turn: _Turn, line: Line, back: tuple[Stop, ...]) -> None:
    section = turn.session.form.section_of[line.id]
    if line.kind is LineKind.ASKED:
        turn.go(State.LINE, line.id, back=_without_contents(back))
        turn.show()
    elif line.kind is LineKind.BALANCE and turn.session.is_open(line.id):
        turn.go(State.CONTENTS, back=_without_contents(back))
        _table_end(turn, section)
    else:
        turn.argument = section.item
        _rows(turn)


def _later(turn: _Turn) -> None:
    """Leave a gap that the list of sections shows, and go on."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    if item in form.lines:
        line = form.lines[item]
        section = form.section_of[item]
        if turn.place.back:
            turn.put(replace(turn.place, state=State.CONTENTS, item="", pending=None))
            _resume(turn)
            return
        table = section.body
        assert isinstance(table, Table)
        lines = cards.asked_lines(table)
        for following in lines[lines.index(line) + 1 :]:
            if turn.session.is_open(following.id):
                turn.go(State.LINE, following.id)
                turn.show()
                return
        _table_end(turn, section)
    elif item in form.section:
        if turn.place.back:
            _resume(turn)
        else:
            _later_section(turn, form.section[item])
    else:
        _past(turn)


def _later_section(turn: _Turn, section: Section) -> None:
    """After a text that is put off: the next gap after it in order, else the contents."""
    order = _order(turn.session)
    for following in order[order.index(section) + 1 :]:
        if turn.session.is_open(following.id):
            _enter(turn, following, back=())
            return
    turn.go(State.CONTENTS, back=())
    turn.show()


def _previous(turn: _Turn) -> None:
    """The line before, whatever stands in it; nothing is undone."""
    line = _line_of(turn)
    if line is None:
        _past(turn)
        return
    table = turn.session.form.section_of[line.id].body
    assert isinstance(table, Table)
    lines = cards.asked_lines(table)
    index = lines.index(line)
    if index == 0:
        _past(turn)
        return
    turn.go(State.LINE, lines[index - 1].id)
    turn.show()


def _keep(turn: _Turn) -> None:
    """Nothing to change here: back to where he was."""
    form = turn.session.form
    item = form.item.get(turn.argument, "")
    if turn.place.item != item:
        _past(turn)
    elif turn.place.back:
        _resume(turn)
    elif item in form.lines and not turn.session.is_open(item):
        _after_line(turn, form.lines[item])
    elif item in form.section:
        _next_section(turn, after=form.section[item])
    else:
        _next_section(turn)


def _counts(turn: _Turn) -> None:
    line = _line_of(turn)
    if line is None:
        _past(turn)
        return
    turn.note(wording.counts(line))
    turn.show()


def _review(turn: _Turn) -> None:
    turn.go(State.REVIEW, back=())
    turn.show()


def _final(turn: _Turn) -> None:
    """The final document, when nothing is missing and nothing must be corrected."""
    session = turn.session
    if session.gaps or cards.todo_findings(session):
        turn.go(State.REVIEW, back=())
        turn.show()
        return
    if "title" not in session.answers:
        turn.go(State.WORDING, "title", back=((State.REVIEW, ""),))
        turn.show()
        return
    turn.effects.append(Deliver(final=True))
    turn.session = replace(turn.session, final=True, since_final={})
    turn.go(State.DONE, back=())
    turn.show()


def _level(turn: _Turn) -> None:
    turn.say(Kind.NOTE, "本机关属于哪一级？", cards.level_buttons())
    turn.show()


def _level_is(turn: _Turn) -> None:
    if not 0 <= turn.argument < len(cards.LEVELS):
        _past(turn)
        return
    level = cards.LEVELS[turn.argument]
    turn.save({"level": level.value})
    turn.say(Kind.RESULT, f"✓ 机关层级：{wording.LEVELS[level]}", item="level")
    turn.show()


def _restart(turn: _Turn) -> None:
    turn.go(State.RESTART, back=_returning(turn))
    turn.show()


def _restart_yes(turn: _Turn) -> None:
    if turn.place.state is not State.RESTART:
        _past(turn)
        return
    turn.save(dict.fromkeys(turn.session.answers))
    turn.put(Place())
    turn.note(wording.RESTARTED)
    turn.show()


def _restart_no(turn: _Turn) -> None:
    if turn.place.state is not State.RESTART:
        _past(turn, wording.ALREADY)
    elif turn.place.back:
        _resume(turn)
    else:
        _menu(turn)


def _same_as_last_year(turn: _Turn) -> None:
    """Take over last year's figures where this line is open."""
    line = _line_of(turn)
    last = turn.session.last_year
    if line is None or last is None or line.kind is not LineKind.ASKED:
        _past(turn)
        return
    values: dict[CellId, Number] = {}
    for cell in cards.asked_cells(turn.session, line):
        value = last.figures.get(cell)
        if value is None:
            _past(turn)
            return
        values[cell] = value
    if turn.place.item != line.id:
        turn.go(State.LINE, line.id, back=_returning(turn))
    _store_and_go(turn, values, {}, (), line)


def _search(turn: _Turn) -> None:
    """Text where none is asked: find the line or section it names."""
    text = "".join(turn.text.split())
    form = turn.session.form
    if not text or len(text) > 30:
        turn.refuse(wording.NOT_HERE)
        turn.show()
        return
    hits = [
        cards.button(line.short, "o", line.number)
        for line in form.lines.values()
        if text in "".join(line.path) or text in line.short
    ]
    hits += [
        cards.button(section.heading, "s", section.item)
        for section in form.sections
        if text in section.heading
    ]
    if hits:
        turn.say(Kind.NOTE, wording.search_hits(text), tuple(cards.in_rows(hits[:20], 2)))
    else:
        turn.refuse(wording.NOTHING_FOUND.format(text=wording.shorten(text, 20)))
    turn.show()


# ------------------------------------------------------------ the one table

ANY = frozenset(State) - {State.ORGAN, State.YEAR}
TABLE_STATES = frozenset(
    {
        State.LINE,
        State.ROWS,
        State.TABLE,
        State.CARRY,
        State.TOTAL,
        State.CONFIRM,
        State.FINDING,
        State.CONTENTS,
        State.CELL,
    }
)
ANYWHERE = frozenset(State)


@dataclass(frozen=True, slots=True)
class Transition:
    """
    One kind of move: in which states, by what, done by which action, leading where.

    `to` empty means the place stays as it is.
    """

    states: frozenset[State]
    trigger: Trigger
    action: Action
    to: frozenset[State]


def _move(
    states: Iterable[State], trigger: Trigger, action: Action, to: Iterable[State] = ()
) -> Transition:
    return Transition(frozenset(states), trigger, action, frozenset(to))


TRANSITIONS: tuple[Transition, ...] = (
    # opening, organ and year
    _move(ANYWHERE, Trigger.OPENED, _opened, ANYWHERE),
    _move([State.ORGAN], Trigger.TYPED, _organ_typed, [State.YEAR, State.ORGAN]),
    _move([State.YEAR], Trigger.TYPED, _year_typed, [State.YEAR]),
    _move(ANYWHERE, Trigger.YEAR, _year_tapped, ANYWHERE),
    # figures
    _move([State.LINE, State.CELL], Trigger.TYPED, _type_figures, ANY),
    _move([State.CONFIRM], Trigger.TYPED, _confirm_typed, ANY),
    _move([State.TOTAL], Trigger.TYPED, _total_typed, ANY),
    _move([State.CARRY], Trigger.TYPED, _carry_typed, ANY),
    _move(ANY, Trigger.ZERO, _zero, ANY),
    _move(ANY, Trigger.ZERO_REST, _zero_rest, ANY),
    _move(ANY, Trigger.ZERO_OVER, _zero_over, ANY),
    _move(ANY, Trigger.SAME_AS_LAST_YEAR, _same_as_last_year, ANY),
    _move(ANY, Trigger.YES, _yes, ANY),
    _move(ANY, Trigger.NO, _no, ANY),
    _move(ANY, Trigger.TAKE_COMPUTED, _take_computed, ANY),
    _move(ANY, Trigger.ROWS, _rows, [State.ROWS, *ANY]),
    _move(ANY, Trigger.ROWS_END, _rows_end, ANY),
    _move(ANY, Trigger.TABLE_RIGHT, _table_right, ANY),
    _move(ANY, Trigger.TABLE_SKIP, _table_skip, ANY),
    _move(ANY, Trigger.CARRY_RIGHT, _carry_right, ANY),
    _move(ANY, Trigger.COUNTS, _counts),
    # texts
    _move([State.NARRATIVE], Trigger.TYPED, _narrative_typed, [State.NARRATIVE, State.CONFIRM]),
    _move(ANY, Trigger.DONE_TEXT, _done_text, ANY),
    _move(ANY, Trigger.NONE_TEXT, _none_text, ANY),
    _move(ANY, Trigger.REWRITE, _rewrite, ANY),
    _move(ANY, Trigger.REPLACE, _replace_text, ANY),
    _move(ANY, Trigger.APPEND, _append_text, ANY),
    _move(ANY, Trigger.SHOW_ALL, _show_all),
    _move(ANY, Trigger.POINTS, _points),
    # wording of the organ
    _move([State.WORDING], Trigger.TYPED, _wording_typed, ANY),
    _move(ANY, Trigger.WORDING_DEFAULT, _wording_default, ANY),
    _move(ANY, Trigger.ALL_DEFAULT, _all_default, ANY),
    _move(ANY, Trigger.NO_INTRODUCTION, _no_introduction, ANY),
    _move(ANY, Trigger.NO_SIGNATURE, _no_signature, ANY),
    # findings
    _move([State.FINDING], Trigger.TYPED, _explain, ANY),
    _move(ANY, Trigger.PARK, _park, ANY),
    _move(ANY, Trigger.FINDING, _finding_at, ANY),
    # going about
    _move(
        [State.CONTENTS, State.ROWS, State.TABLE, State.REVIEW, State.RESTART, State.DONE],
        Trigger.TYPED,
        _search,
    ),
    _move(ANY, Trigger.FIGURES_FIRST, _figures_first, ANY),
    _move(ANY, Trigger.TEXTS_FIRST, _texts_first, ANY),
    _move(ANY, Trigger.GO_ON, _go_on, ANY),
    _move(ANY, Trigger.SECTION, _section, ANY),
    _move(ANY, Trigger.OPEN, _open, ANY),
    _move(ANY, Trigger.LATER, _later, ANY),
    _move(ANY, Trigger.PREVIOUS, _previous, ANY),
    _move(ANY, Trigger.KEEP, _keep, ANY),
    _move(ANY, Trigger.MENU, _menu, [State.CONTENTS]),
    _move(ANY, Trigger.CANCEL, _menu, [State.CONTENTS]),
    _move(ANY, Trigger.STATUS, _status),
    _move(ANYWHERE, Trigger.HELP, _help),
    _move(ANY, Trigger.PREPARE, _prepare),
    # the end
    _move(ANY, Trigger.REVIEW, _review, [State.REVIEW]),
    _move(ANY, Trigger.PREVIEW, _preview),
    _move(ANY, Trigger.DRAFT, _preview),
    _move(ANY, Trigger.FINAL, _final, [State.DONE, State.REVIEW, State.WORDING]),
    _move(ANY, Trigger.LEVEL, _level),
    _move(ANY, Trigger.LEVEL_IS, _level_is),
    _move(ANY, Trigger.RESTART, _restart, [State.RESTART]),
    _move(ANY, Trigger.RESTART_YES, _restart_yes, ANY),
    _move(ANY, Trigger.RESTART_NO, _restart_no, ANY),
)

_BY_TRIGGER: dict[tuple[State, Trigger], Transition] = {
    (state, transition.trigger): transition
    for transition in TRANSITIONS
    for state in transition.states
}
_TAPS = {trigger.value: trigger for trigger in Trigger}
_MARKED = {Trigger.YES, Trigger.NO, Trigger.REPLACE, Trigger.APPEND, Trigger.PARK, Trigger.FINDING}
_NUMBERED = {
    Trigger.SECTION,
    Trigger.OPEN,
    Trigger.ZERO,
    Trigger.ZERO_REST,
    Trigger.ZERO_OVER,
    Trigger.ROWS,
    Trigger.ROWS_END,
    Trigger.LATER,
    Trigger.PREVIOUS,
    Trigger.KEEP,
    Trigger.COUNTS,
    Trigger.POINTS,
    Trigger.TABLE_RIGHT,
    Trigger.TABLE_SKIP,
    Trigger.CARRY_RIGHT,
    Trigger.TAKE_COMPUTED,
    Trigger.DONE_TEXT,
    Trigger.NONE_TEXT,
    Trigger.REWRITE,
    Trigger.SHOW_ALL,
    Trigger.WORDING_DEFAULT,
    Trigger.SAME_AS_LAST_YEAR,
}
_COMMAND_ONLY = set(COMMANDS.values()) - {Trigger.MENU} | {Trigger.TYPED, Trigger.UPLOADED}


@dataclass(frozen=True, slots=True)
class _Tap:
    trigger: Trigger
    argument: int = 0
    mark: str = ""


def _parse_button(session: Session, button: str) -> _Tap | None:
    """What a button id means; None for one that never existed."""
    verb, *rest = button.split(":")
    trigger = _TAPS.get(verb)
    if trigger is None or trigger in _COMMAND_ONLY or len(button) > 64:
        return None
    if trigger in _MARKED:
        ok = len(rest) == 1 and _is_mark(rest[0])
        return _Tap(trigger, 0, rest[0]) if ok else None
    if trigger in _NUMBERED or trigger in (Trigger.YEAR, Trigger.LEVEL_IS):
        if not rest or not (rest[0].isascii() and rest[0].isdigit()) or len(rest) > 2:
            return None
        number = int(rest[0])
        mark = rest[1] if len(rest) == 2 else ""
        if mark and not _is_mark(mark):
            return None
        if trigger in _NUMBERED and number not in session.form.item:
            return None
        return _Tap(trigger, number, mark)
    return _Tap(trigger) if not rest else None


def _is_mark(text: str) -> bool:
    return 0 < len(text) <= 8 and all(c in "0123456789abcdef" for c in text)


def knows_button(session: Session, button: str) -> bool:
    """Whether a button id is one this form could ever have shown."""
    return _parse_button(session, button) is not None


# ------------------------------------------------------------------- the step


def step(session: Session, event: Event) -> tuple[Session, tuple[Effect, ...]]:
    """
    Advance one conversation by one thing the clerk did.

    Effects are in the order the edge should perform them; the last message is the
    card of the place the clerk is at then.

    Raises:
        ImpossibleEvent: The table has no such move. A bug in the caller.
    """
    turn = _Turn(session)
    trigger = _trigger(turn, event)
    start = turn.place.state  # an answer to another question is given at that question
    transition = _BY_TRIGGER.get((start, trigger))
    if transition is None:
        if trigger in (Trigger.TYPED, Trigger.UPLOADED):
            raise ImpossibleEvent(f"{start.value} has no {trigger.value}")
        # Before organ and year are known there is nothing else to do.
        turn.show()
        return turn.session, tuple(turn.effects)
    transition.action(turn)
    state = turn.place.state
    if state is not start and state not in transition.to:
        raise ImpossibleEvent(f"{transition.trigger.value} may not lead to {state.value}")
    return turn.session, tuple(turn.effects)


def _trigger(turn: _Turn, event: Event) -> Trigger:
    """Translate an event into a trigger of the table, its particulars into the turn."""
    session = turn.session
    if isinstance(event, Opened):
        return Trigger.OPENED
    if isinstance(event, Commanded):
        return COMMANDS.get(event.name, Trigger.HELP)
    if isinstance(event, Tapped):
        tap = _parse_button(session, event.button)
        if tap is None:
            raise ImpossibleEvent(f"no such button: {event.button[:70]!r}")
        turn.argument, turn.mark = tap.argument, tap.mark
        return tap.trigger
    if isinstance(event, Uploaded):
        turn.text = event.text
        return Trigger.TYPED
    text = event.text
    known = session.organ and session.year
    if event.item is not None and known and event.item in session.form.number:
        if not _visit(turn, event.item):
            turn.argument = session.form.number[event.item]
            return Trigger.OPEN
    else:
        label = text.strip()
        if len(label) <= 40 and not label.replace(" ", "").isdigit():
            if label in SPOKEN and session.place.state is not State.ORGAN:
                return COMMANDS[SPOKEN[label]]
            said = cards.card(session)
            for row in said.buttons:
                for one in row:
                    if one.label == label:
                        tap = _parse_button(session, one.id)
                        assert tap is not None
                        turn.argument, turn.mark = tap.argument, tap.mark
                        return tap.trigger
    turn.text, turn.order = text, event.order
    return Trigger.TYPED


def _visit(turn: _Turn, item: ItemId) -> bool:
    """
    An answer to another question than the open one: go there, and come back after.

    False when it is no question: a total or a whole table, which can only be opened.
    """
    form = turn.session.form
    place = turn.place
    if item in (place.item, cards.card(turn.session).item):
        return True
    back = _returning(turn)
    if item in form.cells and form.lines[form.cells[item].line].kind is LineKind.ASKED:
        if item in form.sums:
            return False
        turn.go(State.CELL, item, back=back)
    elif item in form.lines and form.lines[item].kind is LineKind.ASKED:
        turn.go(State.LINE, item, back=back)
    elif item in form.section and form.section[item].kind is SectionKind.NARRATIVE:
        turn.go(State.NARRATIVE, item, back=back)
    elif item in _WORDING_ORDER:
        turn.go(State.WORDING, item, back=back)
    else:
        return False
    return True


__all__ = ["TRANSITIONS", "ImpossibleEvent", "Transition", "Trigger", "knows_button", "step"]
