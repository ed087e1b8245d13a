"""Sentences about filling the sum over the organs below into the organ's own report."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.form.answers import Number, grouped
from conversations.form.model import CellId
from conversations.wording.checks import place_of_cell

MOST_LINES = 12
REST_IS_0 = "（没列出的为 0）"

SAME = "本单位年报和汇总一致，没有要填的。"
FILL_IN, NOT_NOW = "填入", "不填"
DONE = "汇总里的数都看过了。请核对各表，文字部分要另写。"


def offer(note: str, lines: Sequence[str], count: int, conflicts: int, held_back: int) -> str:
    """What a yes fills in, which organs are missing, and what is asked afterwards."""
    shown, others = [f"· {line}" for line in lines[:MOST_LINES]], REST_IS_0
    if len(lines) > MOST_LINES:
        shown.append(more(len(lines)))
        others = ""
    said = [f"把下级汇总填入本单位年报：空着的 {count} 格{others}。", *shown]
    if note:
        said.append(note)
    if conflicts:
        said.append(f"已有别的数的 {conflicts} 格不动，之后逐格问。")
    if held_back:
        said.append(f"可能计了两次的 {held_back} 格不直接填，之后逐格问。")
    return "\n".join([*said, "填入吗？"])


def more(count: int) -> str:
    """The number of rows with figures; only the first are listed."""
    return f"……有数的共 {count} 行，其余的在汇总里看"


def filled_in(count: int) -> str:
    """The number of figures taken over."""
    return f"已按汇总填入 {count} 格。"


def ask(cell: CellId, stands: Number | None, value: Number, why: str, left: int) -> str:
    """One figure: the present one, the sum, and why it has to be decided."""
    now = "还没有填" if stands is None else f"已填 {grouped(stands)}"
    lines = [f"{place_of_cell(cell)}：{now}，汇总 {grouped(value)}。", *([why] if why else [])]
    return "\n".join([*lines, f"填 {grouped(value)} 吗？也可以直接发应填的数。（还有 {left} 格）"])


def take(value: Number) -> str:
    """The button that takes the sum's figure."""
    return f"填 {grouped(value)}"


def keep(stands: Number | None) -> str:
    """The button that keeps the present figure."""
    return "先空着" if stands is None else f"保持 {grouped(stands)}"
