"""
Draw the machine from its tables of moves: docs/machine.svg.

For developers, after a change of the tables: `python docs/make_diagram.py`. A test says when
it is due. The frames are the named sets of states to which a move can lead when the answers
decide; each box names its state's own moves and where they lead; beside the picture stands
what works anywhere, and what an expired button does.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from conversations.talk.machine import (
    ALWAYS,
    ANYWHERE,
    EXPIRED,
    MOVES,
    NEXT,
    ONWARD,
    SECTION,
    Move,
)
from conversations.talk.session import State
from conversations.talk.triggers import Trigger

FILE = Path(__file__).resolve().parent / "machine.svg"
SETS = {"onward": ONWARD, "next": NEXT, "section": SECTION}  # the widest first
SAYS = {
    "onward": "onward: back to where one was, if that is not settled by now; else next",
    "next": "next: the next gap in the clerk's order; then title and signature; then the review",
    "section": "section: its next question, or its end",
}

# Where each state stands: column, row. A new state without a place goes below the others.
PLACES = {
    State.ORGAN: (0, 3),
    State.YEAR: (0, 2),
    State.CONFIRM: (0, 1),
    State.CELL: (0, 0),
    State.RESTART: (0, 4),
    State.LINE: (1, 0),
    State.NARRATIVE: (2, 0),
    State.FINDING: (3, 0),
    State.TABLE: (1, 1),
    State.CARRY: (2, 1),
    State.TOTAL: (3, 1),
    State.CONTENTS: (1, 2),
    State.WORDING: (2, 2),
    State.REVIEW: (3, 2),
    State.ROWS: (2, 3),
    State.LOOKUP: (1, 3),
    State.DONE: (3, 3),
    State.LOOK: (1, 4),
    State.REMARK: (2, 4),
    State.ANSWERING: (3, 4),
    State.PUBLISH: (0, 5),
    State.REASON: (1, 5),
    State.SIGN_OFF: (2, 5),
    State.OFF_LINE: (3, 5),
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
    State.LOOK: "looked through",
    State.REMARK: "a leader's remark",
    State.ANSWERING: "a remark is answered",
    State.PUBLISH: "where it was published",
    State.SIGN_OFF: "where its sign-off stands",
    State.REASON: "why it goes back or is reopened",
    State.OFF_LINE: "who agreed on paper",
}
WIDTH, HEIGHT = 246, 122  # of a box
ACROSS, DOWN = 296, 172  # from box to box
LEFT, TOP = 24, 118
LIST = LEFT + 4 * ACROSS + 30  # where the list beside the picture begins
LINE = 16
INK, PALE, MAIN = "#1f2937", "#6b7280", "#1d4ed8"
SHADES = {"onward": "#eef2ff", "next": "#e0e7ff", "section": "#c7d2fe"}


def target(move: Move) -> str:
    """
    Where a move leads, in words: the widest named set, and the states beside it.
    """
    rest, words = set(move.to), []
    for name, states in SETS.items():
        if states <= rest:
            words.append(name)
            rest -= states
    words += [state.value for state in State if state in rest]
    return "stays" if not words else "→ " + " or ".join(words)


def grouped(moves: Mapping[Trigger, Move]) -> dict[str, list[str]]:
    """
    The triggers by where they lead.
    """
    groups: dict[str, list[str]] = {}
    for trigger, move in moves.items():
        groups.setdefault(target(move), []).append(trigger.name.lower())
    return groups


def place(state: State) -> tuple[int, int]:
    """
    The upper left corner of a state's box.
    """
    unknown = [one for one in State if one not in PLACES]
    column, row = PLACES.get(state) or (unknown.index(state) % 4, 5)
    return LEFT + column * ACROSS, TOP + row * DOWN


def text(x: int, y: int, words: str, size: int = 12, colour: str = INK, more: str = "") -> str:
    """
    One line of text.
    """
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" {more}>{escape(words)}</text>'


def frames() -> list[str]:
    """
    The named sets as nested frames, each with its name below its boxes.
    """
    lines = []
    for margin, (name, states) in zip((34, 22, 10), SETS.items(), strict=True):
        corners = [place(state) for state in states]
        x, y = min(x for x, _ in corners) - margin, min(y for _, y in corners) - margin
        width = max(x for x, _ in corners) + WIDTH + margin - x
        height = max(y for _, y in corners) + HEIGHT + 24 - y
        lines += [
            (
                f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="12" '
                f'fill="{SHADES[name]}" stroke="{MAIN}" stroke-opacity="0.35"/>'
            ),
            text(x + margin, y + height - 8, SAYS[name], 12, MAIN),
        ]
    return lines


def box(state: State) -> list[str]:
    """
    A state with its meaning, its own moves, and the ways in that work from anywhere.
    """
    x, y = place(state)
    lines = [
        (
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="white" '
            f'stroke="{INK}" stroke-width="1.3"/>'
        ),
        text(x + 10, y + 20, state.value, 15, INK, 'font-weight="bold"'),
        text(x + 16 + 9 * len(state.value), y + 20, MEANING.get(state, ""), 11, PALE),
    ]
    for number, (where, triggers) in enumerate(grouped(MOVES[state]).items()):
        said = f"{', '.join(triggers)} {where}".replace(" stays", ": stays")
        lines.append(text(x + 10, y + 40 + number * 15, said, 11))
    ways = [t.name.lower() for t, move in ANYWHERE.items() if state in move.to - ONWARD]
    ways += [t.name.lower() for t, move in ANYWHERE.items() if set(move.to) == {state}]
    if ways:
        said = "anywhere: " + ", ".join(dict.fromkeys(ways))
        lines.append(text(x + 10, y + HEIGHT - 9, said, 11, MAIN))
    return lines


def arrows() -> list[str]:
    """
    A state's own moves to states that its sets do not name, and to single states.
    """
    pairs: dict[tuple[State, State], None] = {}
    for start, moves in MOVES.items():
        for move in moves.values():
            named = next((states for states in SETS.values() if states <= move.to), frozenset())
            for end in (state for state in State if state in move.to - named):
                pairs[start, end] = None
    pairs[State.YEAR, State.CONTENTS] = None  # the report is opened
    return [arrow(start, end) for start, end in pairs]


def arrow(start: State, end: State) -> str:
    """
    From one box to another, edge to edge.
    """
    (x1, y1), (x2, y2) = place(start), place(end)
    across, down = x2 - x1, y2 - y1
    begin = [x1 + WIDTH // 2, y1 + HEIGHT // 2]
    finish = [x2 + WIDTH // 2, y2 + HEIGHT // 2]
    if across:
        way = 1 if across > 0 else -1
        begin[0] += way * WIDTH // 2
        finish[0] -= way * WIDTH // 2
    else:
        way = 1 if down > 0 else -1
        begin[1] += way * HEIGHT // 2
        finish[1] -= way * HEIGHT // 2
    return (
        f'<line x1="{begin[0]}" y1="{begin[1]}" x2="{finish[0]}" y2="{finish[1]}" '
        f'stroke="{INK}" stroke-width="1.2" marker-end="url(#head)"/>'
    )


def beside() -> tuple[list[str], int]:
    """
    What works anywhere by where it leads, what works always, what expires; and its height.
    """
    y = TOP - 30
    lines: list[str] = []

    def heading(words: str) -> None:
        nonlocal y
        lines.append(text(LIST, y, words, 14, MAIN, 'font-weight="bold"'))
        y += LINE + 4

    def names(listed: list[str]) -> None:
        nonlocal y
        half = (len(listed) + 1) // 2
        for number, name in enumerate(listed):
            x = LIST + 14 + number // half * 150
            lines.append(text(x, y + number % half * LINE, name, 12, PALE))
        y += half * LINE + 8

    heading("Anywhere, however old the button")
    for where, triggers in sorted(grouped(ANYWHERE).items()):
        lines.append(text(LIST, y, where, 12))
        y += LINE
        names(triggers)
    heading("Before organ and year are known, too")
    for where, triggers in grouped(ALWAYS).items():
        lines.append(text(LIST, y, where, 12))
        y += LINE
        names(triggers)
    heading("In another state: expired, stays")
    names([trigger.name.lower() for trigger in EXPIRED])
    return lines, y


def draw() -> str:
    """
    The whole picture.
    """
    listed, low = beside()
    height = max(low, max(place(state)[1] for state in State) + HEIGHT) + 30
    width = LIST + 330
    style = "font-family=\"'Noto Sans CJK SC', 'Noto Sans', sans-serif\""
    notes = [
        text(LEFT, 34, "The conversation", 22, INK, 'font-weight="bold"'),
        text(
            LEFT,
            56,
            "Drawn from the tables in conversations/talk/machine.py by docs/make_diagram.py. In "
            "each box: what only that state has. Any move may also stay where it is.",
            12,
            PALE,
        ),
    ]
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
            *frames(),
            *arrows(),
            *(line for state in State for line in box(state)),
            *listed,
            *notes,
            "</svg>",
            "",
        ]
    )


def main() -> None:
    FILE.write_text(draw(), encoding="utf-8")
    kinds = sum(map(len, MOVES.values())) + len(ANYWHERE) + len(ALWAYS)
    print(f"{FILE.name}: {len(State)} states, {kinds} kinds of move")


if __name__ == "__main__":
    main()
