"""
Draw the machine from its table of transitions: docs/machine.svg.

For developers, after a change of `TRANSITIONS`: `python docs/make_diagram.py`. A test says
when it is due. Moves that are possible everywhere are listed beside the picture and not
drawn from every state; moves that may end anywhere (what is next depends on what is still
missing) go to one place, «what is next».
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from conversations.talk.machine import ANY, ANYWHERE, TRANSITIONS, Transition
from conversations.talk.session import State

FILE = Path(__file__).resolve().parent / "machine.svg"
NEXT = "what is next"

# Where each state stands: column, row. A new state without a place goes below the others.
PLACES: dict[str, tuple[int, int]] = {
    "organ": (0, 0),
    "year": (1, 0),
    "contents": (2, 0),
    "line": (0, 1),
    "cell": (1, 1),
    "rows": (2, 1),
    "table": (3, 1),
    "confirm": (0, 2),
    "total": (1, 2),
    "carry": (2, 2),
    "finding": (3, 2),
    "narrative": (0, 3),
    "wording": (1, 3),
    "lookup": (2, 3),
    "restart": (3, 3),
    "review": (0, 4),
    "done": (1, 4),
}
MEANING = {
    State.ORGAN: "whose report",
    State.YEAR: "on which year",
    State.CONTENTS: "the six sections",
    State.LINE: "a row is asked",
    State.CELL: "one figure is changed",
    State.ROWS: "rows are chosen",
    State.TABLE: "a table is played back",
    State.CARRY: "结转下年度 is asked",
    State.CONFIRM: "yes or no",
    State.TOTAL: "a typed total differs",
    State.FINDING: "a check has found something",
    State.NARRATIVE: "a text is written",
    State.WORDING: "title, introduction, signature",
    State.LOOKUP: "earlier years",
    State.RESTART: "begin again?",
    State.REVIEW: "everything on one page",
    State.DONE: "the document is made",
}
FEW = 3  # targets that can still be drawn
WIDTH, HEIGHT = 206, 96  # of a box
ACROSS, DOWN = 250, 138  # from box to box
LEFT, TOP = 24, 84
LIST = LEFT + 4 * ACROSS + 20  # where the list beside the picture begins
LINE = 17
INK, PALE, MAIN, RULE = "#1f2937", "#6b7280", "#1d4ed8", "#d1d5db"


def words(transitions: Iterable[Transition]) -> str:
    """
    The triggers of some moves, each once, in the order of the table.
    """
    return ", ".join(dict.fromkeys(one.trigger.name.lower() for one in transitions))


def own_moves(state: State) -> list[Transition]:
    """
    The moves that this state has and others have not.
    """
    return [one for one in TRANSITIONS if state in one.states and not one.states >= ANY]


def way_in(state: State) -> list[Transition]:
    """
    The moves that lead here from everywhere, and to few other places.
    """
    return [
        one for one in TRANSITIONS if one.states >= ANY and state in one.to and len(one.to) <= FEW
    ]


def target(transition: Transition) -> str:
    """
    Where a move leads, in words.
    """
    if not transition.to:
        return "stays"
    if transition.to >= ANY:
        return NEXT
    return " or ".join(one.value for one in State if one in transition.to)


def place(state: State) -> tuple[int, int]:
    """
    The upper left corner of a state's box.
    """
    unknown = [one.value for one in State if one.value not in PLACES]
    column, row = PLACES.get(state.value) or (unknown.index(state.value) % 4, 5)
    return LEFT + column * ACROSS, TOP + row * DOWN


def text(x: int, y: int, words: str, size: int = 12, colour: str = INK, more: str = "") -> str:
    """
    One line of text.
    """
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" {more}>{escape(words)}</text>'


def box(state: State) -> list[str]:
    """
    A state with its meaning and its own moves.
    """
    x, y = place(state)
    edge = MAIN if state in (State.CONTENTS, State.DONE) else INK
    lines = [
        (
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="white" '
            f'stroke="{edge}" stroke-width="1.5"/>'
        ),
        text(x + 10, y + 20, state.value, 15, edge, 'font-weight="bold"'),
        text(x + 10, y + 37, MEANING.get(state, ""), 12, PALE),
    ]
    moves: dict[str, list[Transition]] = {}
    for one in own_moves(state):
        moves.setdefault(target(one), []).append(one)
    for number, (where, some) in enumerate(moves.items()):
        said = f"{words(some)} → {where}" if where != "stays" else f"{words(some)}: stays"
        lines.append(text(x + 10, y + 56 + number * 15, said, 11))
    if some := way_in(state):
        lines.append(text(x + 10, y + HEIGHT - 9, f"anywhere: {words(some)}", 11, MAIN))
    return lines


def arrow(start: State, end: State) -> str:
    """
    From one box to another, edge to edge.
    """
    (x1, y1), (x2, y2) = place(start), place(end)
    across, down = x2 - x1, y2 - y1
    begin = (x1 + WIDTH // 2, y1 + HEIGHT // 2)
    finish = (x2 + WIDTH // 2, y2 + HEIGHT // 2)
    if abs(across) >= abs(down):
        way = 1 if across > 0 else -1
        begin = (begin[0] + way * WIDTH // 2, begin[1])
        finish = (finish[0] - way * WIDTH // 2, finish[1])
    else:
        way = 1 if down > 0 else -1
        begin = (begin[0], begin[1] + way * HEIGHT // 2)
        finish = (finish[0], finish[1] - way * HEIGHT // 2)
    return (
        f'<line x1="{begin[0]}" y1="{begin[1]}" x2="{finish[0]}" y2="{finish[1]}" '
        f'stroke="{INK}" stroke-width="1.2" marker-end="url(#head)"/>'
    )


def arrows() -> list[str]:
    """
    The moves of single states that lead to another single state.
    """
    pairs = {
        (start, end): None
        for one in TRANSITIONS
        if not one.states >= ANY and len(one.to) <= FEW
        for start in sorted(one.states, key=list(State).index)
        for end in sorted(one.to, key=list(State).index)
        if start is not end
    }
    # Two moves that no row of the table names: a report is opened, and asks its contents.
    pairs[State.YEAR, State.CONTENTS] = None
    return [arrow(start, end) for start, end in pairs]


def beside() -> tuple[list[str], int]:
    """
    The list of moves that are possible everywhere, by where they lead; and its height.
    """
    groups: dict[str, list[Transition]] = {}
    for one in TRANSITIONS:
        if one.states >= ANY and not 0 < len(one.to) <= FEW:
            groups.setdefault(target(one), []).append(one)
    y = TOP
    lines = [text(LIST, y, "Possible everywhere, old buttons too", 15, MAIN, 'font-weight="bold"')]
    y += LINE + 6
    for where, some in sorted(groups.items(), key=lambda group: -len(group[1])):
        lines.append(text(LIST, y, f"→ {where}" if where != "stays" else "stays", 13, INK))
        y += LINE
        half = (len(some) + 1) // 2
        for number, one in enumerate(some):
            early = "" if one.states < ANYWHERE else " *"
            down, across = number % half, number // half
            x = LIST + 14 + across * 160
            lines.append(text(x, y + down * (LINE - 1), one.trigger.name.lower() + early, 12, PALE))
        y += half * (LINE - 1) + 12
    lines.append(text(LIST, y, "* before organ and year are known, too", 11, PALE))
    return lines, y


def draw() -> str:
    """
    The whole picture.
    """
    listed, low = beside()
    rows = max(place(state)[1] for state in State) + HEIGHT
    height = max(low, rows) + 64
    width = LIST + 340
    boxes = [line for state in State for line in box(state)]
    notes = [
        text(LEFT, 34, "The conversation", 22, INK, 'font-weight="bold"'),
        text(
            LEFT,
            56,
            "Drawn from TRANSITIONS in conversations/machine.py by docs/make_diagram.py. In each "
            "box: what only that state has.",
            12,
            PALE,
        ),
        text(
            LEFT,
            height - 30,
            f"«{NEXT}»: back to where he was; else the next gap in the clerk's order, a finding "
            "first; else wording, review.",
            12,
            PALE,
        ),
    ]
    style = "font-family=\"'Noto Sans CJK SC', 'Noto Sans', sans-serif\""
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
                f'viewBox="0 0 {width} {height}" {style}>'
            ),
            (
                '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
                f'markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{INK}"/>'
                "</marker></defs>"
            ),
            f'<rect width="{width}" height="{height}" fill="#f9fafb"/>',
            (
                f'<line x1="{LIST - 24}" y1="{TOP - 16}" x2="{LIST - 24}" y2="{height - 56}" '
                f'stroke="{RULE}"/>'
            ),
            *arrows(),
            *boxes,
            *listed,
            *notes,
            "</svg>",
            "",
        ]
    )


def main() -> None:
    FILE.write_text(draw(), encoding="utf-8")
    print(f"{FILE.name}: {len(State)} states, {len(TRANSITIONS)} kinds of move")


if __name__ == "__main__":
    main()
