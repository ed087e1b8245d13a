"""
Reads a typed correction of a sum: the figure, how much more or less, and the reason.

A total is never corrected: it follows from its addends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from conversations.answers.figure import Reason, Refusal, cleaned, figure_of
from conversations.answers.names import cell_names, name_of
from conversations.county.summing import CountySum
from conversations.form import FORMS
from conversations.form.answers import Number, grouped
from conversations.form.model import CellId, Form
from conversations.wording import county_summing as wording
from conversations.wording.checks import cell_name, place_of_cell

_TYPED = re.compile(r"(?P<name>.*?)[ =:：,，]*(?P<sign>[+-])[ ]*(?P<rest>.*)", re.DOTALL)
# With the typed unit: «5元» and «1万» are not 5 and 1.
_AMOUNT = re.compile(
    r"(?P<amount>[\d.,]++(?:[亿万千百十元块角]+|[ ]*(?:件|万元))?)[ ,，。;；:：]*(?P<reason>.*)",
    re.DOTALL,
)
LONGEST_REASON = 200


class NotCorrected(ValueError):  # noqa: N818 - says what became of it
    """Nothing is corrected; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wanted correction; an `amount` of None takes the existing one back."""

    cell: CellId
    amount: Number | None
    reason: str = ""


@cache
def _names(edition: str) -> dict[str, CellId | None]:
    """The names of a form's figures; None for a name that two figures share."""
    form = FORMS[edition]
    names: dict[str, CellId | None] = {}
    for said, known in cell_names(tuple(form.lines.values())).items():
        names[name_of(said)] = known.id if known else None
    for cell in form.cells:
        names[name_of(cell_name(cell))] = names[name_of(place_of_cell(cell))] = cell
    return names


def read_cell(text: str, form: Form) -> CellId:
    """
    Find a figure by its id, its permanent number, or its row and column in words.

    Raises:
        NotCorrected: There is no such figure, or it is a total.
    """
    named = text.strip()
    cell = named if named in form.cells else _names(form.edition).get(name_of(named))
    if cell is None and named.isascii() and named.isdigit():
        item = form.item.get(int(named), "")
        cell = item if item in form.cells else None
    if cell is None:
        raise NotCorrected(wording.UNKNOWN_CELL.format(name=named))
    if cell in form.sums:
        raise NotCorrected(wording.IS_TOTAL.format(name=cell_name(cell)))
    return cell


def read_wish(text: str, form: Form, cell: CellId = "", reason: str = "") -> Wish:
    """
    Read «新收 自然人 -1 转办重复», or «-1 转办重复» if `cell` is given; 「撤销」 takes back.

    Raises:
        NotCorrected: It cannot be read, or has no reason.
    """
    plain = cleaned(text).strip()
    head = plain.removesuffix(wording.TAKE_BACK).rstrip()
    if head != plain or plain.endswith("="):
        return Wish(cell or read_cell(head.rstrip("= "), form), None)
    typed = _TYPED.fullmatch(plain)
    if typed is None or (cell and typed["name"].strip()):
        raise NotCorrected(wording.BAD_AMOUNT.format(text=plain))
    target = cell or read_cell(typed["name"], form)
    said = _AMOUNT.fullmatch(typed["rest"])
    if said is None:
        raise NotCorrected(wording.BAD_AMOUNT.format(text=plain))
    if reason and said["reason"]:
        raise NotCorrected(wording.BAD_AMOUNT.format(text=typed["rest"]))
    why = _on_one_line(reason or said["reason"])[:LONGEST_REASON]
    read = figure_of(said["amount"], form.cells[target].measure)
    if isinstance(read, Refusal) and read.reason is Reason.FRACTION:
        raise NotCorrected(wording.WHOLE_ONLY.format(name=cell_name(target)))
    if isinstance(read, Refusal) or read.converted or not read.value:
        raise NotCorrected(wording.BAD_AMOUNT.format(text=said["amount"]))
    if sum(character.isalnum() for character in why) < 2:
        raise NotCorrected(wording.NEEDS_REASON)
    return Wish(target, -read.value if typed["sign"] == "-" else read.value, why)


def _on_one_line(text: str) -> str:
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def look_over(wish: Wish, total: CountySum) -> None:
    """
    Check that a correction is possible in this sum.

    Raises:
        NotCorrected: There is nothing to correct, or the figure would be below 0.
    """
    if not total.cells:
        raise NotCorrected(wording.NEEDS_SUM)
    if wish.amount is None:
        if wish.cell not in total.corrections:
            raise NotCorrected(wording.NOTHING_CORRECTED.format(name=cell_name(wish.cell)))
        return
    plain = total.cells[wish.cell]
    if plain + wish.amount < 0:
        name = cell_name(wish.cell)
        raise NotCorrected(wording.BELOW_ZERO.format(name=name, total=grouped(plain)))
