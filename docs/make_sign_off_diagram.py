"""
Draw a report's way to publication from its table of steps: docs/sign_off.svg.

For developers, after a change of `conversations/sign_off/states.py`: `python
docs/make_sign_off_diagram.py`. A test says when it is due. Each box is a state; below the
picture stands each step with who may take it and what must hold before.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from conversations.sign_off.states import (
    LOCKED,
    TRANSITIONS,
    Need,
    Reach,
    ReportState,
    Role,
    Transition,
)
from conversations.wording.sign_off import DEEDS, STATES

FILE = Path(__file__).resolve().parent / "sign_off.svg"
PLACES = {
    ReportState.OPEN: (0, 0),
    ReportState.SUBMITTED: (1, 0),
    ReportState.APPROVED: (2, 0),
    ReportState.PUBLISHED: (3, 0),
    ReportState.RETURNED: (1, 1),
}
WIDTH, HEIGHT = 150, 64  # of a box
ACROSS, DOWN = 260, 150  # from box to box
LEFT, TOP = 40, 165
LINE = 19
BELOW = TOP + DOWN + HEIGHT + 50  # where the list begins
INK, PALE, MAIN, LOCK = "#1f2937", "#6b7280", "#1d4ed8", "#fef3c7"
NOTE = (
    "Drawn from TRANSITIONS in conversations/sign_off/states.py by docs/make_sign_off_diagram.py. "
    "In a yellow state nobody changes an answer."
)


def corner(state: ReportState) -> tuple[int, int]:
    """
    The upper left corner of a state's box.
    """
    column, row = PLACES[state]
    return LEFT + column * ACROSS, TOP + row * DOWN


def text(x: int, y: int, words: str, size: int = 12, colour: str = INK, more: str = "") -> str:
    """
    One line of text.
    """
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" {more}>{escape(words)}</text>'


def box(state: ReportState) -> list[str]:
    """
    A state by its names.
    """
    x, y = corner(state)
    fill = LOCK if state in LOCKED else "white"
    return [
        (
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="{fill}" '
            f'stroke="{INK}" stroke-width="1.3"/>'
        ),
        text(x + 12, y + 28, STATES[state], 17, INK, 'font-weight="bold"'),
        text(x + 12, y + 49, state.value, 12, PALE),
    ]


def arrows() -> list[str]:
    """
    One for each pair of states, with the numbers of the steps that lead there.
    """
    pairs: dict[tuple[ReportState, ReportState], list[int]] = {}
    for number, step in enumerate(TRANSITIONS, 1):
        for source in sorted(step.sources, key=list(ReportState).index):
            pairs.setdefault((source, step.target), []).append(number)
    return [line for (start, end), numbers in pairs.items() for line in arrow(start, end, numbers)]


def arrow(start: ReportState, end: ReportState, numbers: list[int]) -> list[str]:
    """
    A curve from box to box: those to the right above, those to the left below.
    """
    (x1, y1), (x2, y2) = corner(start), corner(end)
    label = " ".join(map(str, numbers))
    if start is end:
        x = x1 + WIDTH // 2
        path = f"M{x - 18} {y1} C{x - 34} {y1 - 44} {x + 34} {y1 - 44} {x + 18} {y1}"
        at = (x - 4 * len(label), y1 - 38)
    elif x1 == x2:
        way = 1 if y2 > y1 else -1
        x = x1 + WIDTH // 2 + 16 * way
        path = f"M{x} {y1 + HEIGHT * (way > 0)} L{x} {y2 + HEIGHT * (way < 0)}"
        at = (x + 6, (y1 + y2 + HEIGHT) // 2)
    elif y1 == y2:
        right = x2 > x1
        far = abs(x2 - x1) // ACROSS
        begin, finish = (x1 + WIDTH - 30, x2 + 30) if right else (x1 + 30, x2 + WIDTH - 30)
        y = y1 if right else y1 + HEIGHT
        bend = y - 34 * far if right else y + 34 * far
        path = f"M{begin} {y} C{begin} {bend} {finish} {bend} {finish} {y}"
        at = (
            (begin + finish) // 2 - 4 * len(label),
            y + (bend - y) * 3 // 4 + (-5 if right else 14),
        )
    else:
        right, down = x2 > x1, y2 > y1
        begin = x1 + WIDTH if right else x1
        finish = x2 + WIDTH // 2 - 20 if right else x2 + WIDTH // 2
        y = y1 + HEIGHT // 2
        path = f"M{begin} {y} Q{finish} {y} {finish} {y2 if down else y2 + HEIGHT}"
        at = ((begin + finish) // 2 - 4 * len(label), y - 6)
    return [
        f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.2" marker-end="url(#head)"/>',
        text(*at, label, 12, MAIN),
    ]


def who(step: Transition) -> str:
    """
    Who may take a step: roles of the organ, those above it named.
    """
    order = [(role, reach) for role in Role for reach in Reach]
    return ", ".join(
        role.value + (" above" if reach is Reach.BELOW else "")
        for role, reach in order
        if (role, reach) in step.by
    )


def listed() -> list[str]:
    """
    Every step: its number, what it is called, from where to where, who, what must hold.
    """
    lines = []
    y = BELOW
    for number, step in enumerate(TRANSITIONS, 1):
        sources = "、".join(STATES[state] for state in ReportState if state in step.sources)
        said = f"{DEEDS[step.deed]}：{sources} → {STATES[step.target]}"
        needs = "; ".join(need.value for need in Need if need in step.needs)
        lines += [
            text(LEFT, y, f"{number}", 13, MAIN),
            text(LEFT + 28, y, said, 13),
            text(LEFT + 330, y, who(step), 12, PALE),
            text(LEFT + 580, y, needs, 12, PALE),
        ]
        y += LINE
    return lines


def draw() -> str:
    """
    The whole picture.
    """
    height = BELOW + len(TRANSITIONS) * LINE + 10
    width = 1330
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
            text(LEFT, 34, "A report on its way to publication", 22, INK, 'font-weight="bold"'),
            text(LEFT, 56, NOTE, 12, PALE),
            *arrows(),
            *(line for state in ReportState for line in box(state)),
            *listed(),
            "</svg>",
            "",
        ]
    )


def main() -> None:
    FILE.write_text(draw(), encoding="utf-8")
    print(f"{FILE.name}: {len(ReportState)} states, {len(TRANSITIONS)} steps")


if __name__ == "__main__":
    main()
