"""
The conversation: `step(session, event) → (session, effects)`, pure.

Every move stands once in `TRANSITIONS`; `docs/machine.svg` is drawn from that table.
An answer that cannot be accepted is a message, a total that fails is a finding; only
a mistake in the program raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from conversations.form.model import ItemId, LineKind, SectionKind
from conversations.talk.cards import card
from conversations.talk.effects import Effect
from conversations.talk.events import Commanded, Event, Opened, ReportRead, Tapped, Uploaded
from conversations.talk.moves.figures import (
    confirm_typed,
    say_no,
    say_yes,
    take_computed,
    total_typed,
    type_figures,
    zero,
    zero_over,
    zero_rest,
)
from conversations.talk.moves.findings import explain, finding_at, park
from conversations.talk.moves.going import (
    ask_level,
    figures_first,
    final_document,
    go_on,
    help_,
    keep,
    later,
    level_is,
    menu,
    open_item,
    open_section,
    opened,
    organ_typed,
    prepare,
    preview,
    previous,
    restart,
    restart_no,
    restart_yes,
    review,
    search,
    show_counts,
    status,
    table_typed,
    texts_first,
    year_tapped,
    year_typed,
)
from conversations.talk.moves.last_year import (
    compare_years,
    leave_look_up,
    look_up,
    look_up_typed,
    same_as_last_year,
    see_last_year,
    use_last_text,
)
from conversations.talk.moves.onward import returning
from conversations.talk.moves.reading import read_in, switch
from conversations.talk.moves.tables import (
    carry_right,
    carry_typed,
    choose_rows,
    rows_end,
    table_right,
    table_skip,
)
from conversations.talk.moves.texts import (
    append_text,
    done_text,
    narrative_typed,
    none_text,
    replace_text,
    rewrite,
    show_all,
    show_points,
)
from conversations.talk.moves.title_and_signature import (
    WORDING_ORDER,
    all_default,
    no_introduction,
    no_signature,
    wording_default,
    wording_typed,
)
from conversations.talk.moves.turn import Action, Turn
from conversations.talk.session import Session, State


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
    SEE_LAST_YEAR = "lyv"
    USE_LAST_TEXT = "lyt"
    LOOK_UP = "lastyear"
    LOOK_UP_END = "lyx"
    COMPARE_YEARS = "yoy"
    READ_IN = "read"
    IMPORT_SWITCH = "imp"


COMMANDS = {
    "start": Trigger.OPENED,
    "menu": Trigger.MENU,
    "status": Trigger.STATUS,
    "preview": Trigger.PREVIEW,
    "help": Trigger.HELP,
    "cancel": Trigger.CANCEL,
    "restart": Trigger.RESTART,
    "lastyear": Trigger.LOOK_UP,
}
SPOKEN = {
    "目录": "menu",
    "进度": "status",
    "草稿": "preview",
    "帮助": "help",
    "取消": "cancel",
    "重新开始": "restart",
    "上年": "lastyear",
}


# ------------------------------------------------------------ the one table

ANY = frozenset(State) - {State.ORGAN, State.YEAR}
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
    _move(ANYWHERE, Trigger.OPENED, opened, ANYWHERE),
    _move([State.ORGAN], Trigger.TYPED, organ_typed, [State.YEAR, State.ORGAN]),
    _move([State.YEAR], Trigger.TYPED, year_typed, [State.YEAR]),
    _move(ANYWHERE, Trigger.YEAR, year_tapped, ANYWHERE),
    # figures
    _move([State.LINE, State.CELL], Trigger.TYPED, type_figures, ANY),
    _move([State.CONFIRM], Trigger.TYPED, confirm_typed, ANY),
    _move([State.TOTAL], Trigger.TYPED, total_typed, ANY),
    _move([State.CARRY], Trigger.TYPED, carry_typed, ANY),
    _move(ANY, Trigger.ZERO, zero, ANY),
    _move(ANY, Trigger.ZERO_REST, zero_rest, ANY),
    _move(ANY, Trigger.ZERO_OVER, zero_over, ANY),
    _move(ANY, Trigger.SAME_AS_LAST_YEAR, same_as_last_year, ANY),
    _move(ANY, Trigger.YES, say_yes, ANY),
    _move(ANY, Trigger.NO, say_no, ANY),
    _move(ANY, Trigger.TAKE_COMPUTED, take_computed, ANY),
    _move(ANY, Trigger.ROWS, choose_rows, [State.ROWS, *ANY]),
    _move(ANY, Trigger.ROWS_END, rows_end, ANY),
    _move([State.TABLE], Trigger.TYPED, table_typed, ANY),
    _move(ANY, Trigger.TABLE_RIGHT, table_right, ANY),
    _move(ANY, Trigger.TABLE_SKIP, table_skip, ANY),
    _move(ANY, Trigger.CARRY_RIGHT, carry_right, ANY),
    _move(ANY, Trigger.COUNTS, show_counts),
    # texts
    _move([State.NARRATIVE], Trigger.TYPED, narrative_typed, [State.NARRATIVE, State.CONFIRM]),
    _move(ANY, Trigger.DONE_TEXT, done_text, ANY),
    _move(ANY, Trigger.NONE_TEXT, none_text, ANY),
    _move(ANY, Trigger.REWRITE, rewrite, ANY),
    _move(ANY, Trigger.REPLACE, replace_text, ANY),
    _move(ANY, Trigger.APPEND, append_text, ANY),
    _move(ANY, Trigger.SHOW_ALL, show_all),
    _move(ANY, Trigger.POINTS, show_points),
    # last year
    _move(ANY, Trigger.SEE_LAST_YEAR, see_last_year),
    _move(ANY, Trigger.USE_LAST_TEXT, use_last_text, ANY),
    _move(ANY, Trigger.LOOK_UP, look_up, [State.LOOKUP]),
    _move([State.LOOKUP], Trigger.TYPED, look_up_typed),
    _move(ANY, Trigger.LOOK_UP_END, leave_look_up, ANY),
    _move(ANY, Trigger.COMPARE_YEARS, compare_years),
    # a published report, read
    _move(ANY, Trigger.READ_IN, read_in, [State.CONFIRM]),
    _move(ANY, Trigger.IMPORT_SWITCH, switch, [State.CONFIRM]),
    # wording of the organ
    _move([State.WORDING], Trigger.TYPED, wording_typed, ANY),
    _move(ANY, Trigger.WORDING_DEFAULT, wording_default, ANY),
    _move(ANY, Trigger.ALL_DEFAULT, all_default, ANY),
    _move(ANY, Trigger.NO_INTRODUCTION, no_introduction, ANY),
    _move(ANY, Trigger.NO_SIGNATURE, no_signature, ANY),
    # findings
    _move([State.FINDING], Trigger.TYPED, explain, ANY),
    _move(ANY, Trigger.PARK, park, ANY),
    _move(ANY, Trigger.FINDING, finding_at, ANY),
    # going about
    _move(
        [State.CONTENTS, State.ROWS, State.REVIEW, State.RESTART, State.DONE],
        Trigger.TYPED,
        search,
    ),
    _move(ANY, Trigger.FIGURES_FIRST, figures_first, ANY),
    _move(ANY, Trigger.TEXTS_FIRST, texts_first, ANY),
    _move(ANY, Trigger.GO_ON, go_on, ANY),
    _move(ANY, Trigger.SECTION, open_section, ANY),
    _move(ANY, Trigger.OPEN, open_item, ANY),
    _move(ANY, Trigger.LATER, later, ANY),
    _move(ANY, Trigger.PREVIOUS, previous, ANY),
    _move(ANY, Trigger.KEEP, keep, ANY),
    _move(ANY, Trigger.MENU, menu, [State.CONTENTS]),
    _move(ANY, Trigger.CANCEL, menu, [State.CONTENTS]),
    _move(ANY, Trigger.STATUS, status),
    _move(ANYWHERE, Trigger.HELP, help_),
    _move(ANY, Trigger.PREPARE, prepare),
    # the end
    _move(ANY, Trigger.REVIEW, review, [State.REVIEW]),
    _move(ANY, Trigger.PREVIEW, preview),
    _move(ANY, Trigger.DRAFT, preview),
    _move(ANY, Trigger.FINAL, final_document, [State.DONE, State.REVIEW, State.WORDING]),
    _move(ANY, Trigger.LEVEL, ask_level),
    _move(ANY, Trigger.LEVEL_IS, level_is, ANY),
    _move(ANY, Trigger.RESTART, restart, [State.RESTART]),
    _move(ANY, Trigger.RESTART_YES, restart_yes, ANY),
    _move(ANY, Trigger.RESTART_NO, restart_no, ANY),
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
    Trigger.SEE_LAST_YEAR,
    Trigger.USE_LAST_TEXT,
}
# Numbers that are no items of the form.
_COUNTED = {Trigger.YEAR, Trigger.LEVEL_IS, Trigger.IMPORT_SWITCH}
_COMMAND_ONLY = set(COMMANDS.values()) - {Trigger.MENU} | {
    Trigger.TYPED,
    Trigger.UPLOADED,
    Trigger.READ_IN,
}


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
    if trigger in _NUMBERED or trigger in _COUNTED:
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
    turn = Turn(session)
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


def _trigger(turn: Turn, event: Event) -> Trigger:
    """Translate an event into a trigger of the table, its particulars into the turn."""
    session = turn.session
    if isinstance(event, Opened):
        return Trigger.OPENED
    if isinstance(event, Commanded):
        turn.text = event.argument
        return COMMANDS.get(event.name, Trigger.HELP)
    if isinstance(event, Tapped):
        tap = _parse_button(session, event.button)
        if tap is None:
            raise ImpossibleEvent(f"no such button: {event.button[:70]!r}")
        turn.argument, turn.mark = tap.argument, tap.mark
        return tap.trigger
    if isinstance(event, ReportRead):
        turn.read = event
        return Trigger.READ_IN
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
            said = card(session)
            for row in said.buttons:
                for one in row:
                    if one.label == label:
                        tap = _parse_button(session, one.id)
                        assert tap is not None
                        turn.argument, turn.mark = tap.argument, tap.mark
                        return tap.trigger
    turn.text, turn.order = text, event.order
    return Trigger.TYPED


def _visit(turn: Turn, item: ItemId) -> bool:
    """
    An answer to another question than the open one: go there, and come back after.

    False when it is no question: a total or a whole table, which can only be opened.
    """
    form = turn.session.form
    place = turn.place
    if item in (place.item, card(turn.session).item):
        return True
    back = returning(turn)
    if item in form.cells and form.lines[form.cells[item].line].kind is LineKind.ASKED:
        if item in form.sums:
            return False
        turn.go(State.CELL, item, back=back)
    elif item in form.lines and form.lines[item].kind is LineKind.ASKED:
        turn.go(State.LINE, item, back=back)
    elif item in form.section and form.section[item].kind is SectionKind.NARRATIVE:
        turn.go(State.NARRATIVE, item, back=back)
    elif item in WORDING_ORDER:
        turn.go(State.WORDING, item, back=back)
    else:
        return False
    return True


__all__ = ["TRANSITIONS", "ImpossibleEvent", "Transition", "Trigger", "knows_button", "step"]
