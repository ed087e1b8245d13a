"""
The parts of a sum over organs: the figures of many reports, and corrections.

Values in, values out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import bindparam, func, literal_column, select

from conversations.county.summing import Correction
from conversations.form import FORMS
from conversations.form.answers import Answers, Number, format_number
from conversations.form.model import CellId
from conversations.form.numbers import ITEMS, NUMBERS
from storage import kept, values
from storage.county import CHOSEN, of_many
from storage.county_tables import CORRECTION
from storage.reports import Reader
from storage.tables import ANSWER, PERSON, insert
from storage.unit import Unit

# The numbers of all figures of all editions are between these; those of texts are not.
_FIGURES = [NUMBERS[cell] for form in FORMS.values() for cell in form.cells]

FIGURES = (
    select(*ANSWER.c["report_id", "number", "value"])
    .where(
        ANSWER.c.report_id.in_(CHOSEN),
        ANSWER.c.number.between(
            literal_column(str(min(_FIGURES))), literal_column(str(max(_FIGURES)))
        ),
    )
    .order_by(ANSWER.c.report_id)
)

_NEWEST = (
    select(func.max(CORRECTION.c.id))
    .where(CORRECTION.c.organ_id == bindparam("organ"), CORRECTION.c.year == bindparam("year"))
    .group_by(CORRECTION.c.number)
)

CORRECTIONS = (
    select(
        *CORRECTION.c["number", "amount", "reason"],
        func.coalesce(func.nullif(PERSON.c.name, literal_column("''")), CORRECTION.c.by),
        CORRECTION.c.at,
    )
    .outerjoin(PERSON, PERSON.c.key == CORRECTION.c.by)
    .where(CORRECTION.c.id.in_(_NEWEST), CORRECTION.c.amount != literal_column("''"))
    .order_by(CORRECTION.c.number)
)

CORRECT = insert(CORRECTION)

AWAITED = "correcting"  # what is kept
WAITED_FOR = timedelta(days=1)


def figures_of(reader: Reader, reports: Sequence[int]) -> dict[int, Answers]:
    """The figures of reports, by their ids; nothing for a report without figures."""
    found: dict[int, dict[int, str]] = {}
    for report_id, number, text in of_many(reader, FIGURES, reports):
        found.setdefault(report_id, {})[number] = text
    return {report_id: values.answers(texts) for report_id, texts in found.items()}


def corrections(reader: Reader, organ_id: int, year: int) -> Mapping[CellId, Correction]:
    """The corrections of an organ's sum that count: the newest of each figure."""
    found = {}
    for number, amount, reason, by, at in reader.run(CORRECTIONS, organ=organ_id, year=year):
        cell = ITEMS[number]
        found[cell] = Correction(cell, _read(amount), reason, by, at)
    return found


def correct(
    unit: Unit,
    organ_id: int,
    year: int,
    cell: CellId,
    amount: Number | None,
    reason: str,
    *,
    by: str,
    at: datetime,
) -> None:
    """Add an amount to the sum of a figure, replacing an earlier one; None: nothing."""
    unit.run(
        CORRECT,
        organ_id=organ_id,
        year=year,
        number=NUMBERS[cell],
        amount="" if amount is None else format_number(amount),
        reason=reason,
        by=by,
        at=at,
    )


def _read(text: str) -> Number:
    """An amount with its sign: 件 as int, 万元 as Decimal."""
    number = Decimal(text)
    return number if "." in text else int(number)


# ---- a correction that is waited for ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Awaited:
    """The figure that a person was asked to correct, and of which sum."""

    organ_id: int
    year: int
    cell: CellId


def await_correction(
    unit: Unit, person: int, organ_id: int, year: int, cell: CellId, at: datetime
) -> None:
    """Remember which figure a person was asked to correct: their next message may be for it."""
    end_waiting(unit, person)
    kept.keep(unit, person, AWAITED, json.dumps([organ_id, year, NUMBERS[cell]]), at)


def awaited_correction(reader: Reader, person: int, now: datetime) -> Awaited | None:
    """The figure that a person was last asked to correct; None if that was long ago."""
    said = kept.newest(reader, person, AWAITED, now - WAITED_FOR)
    if not said:
        return None
    organ_id, year, number = json.loads(said)
    return Awaited(organ_id, year, ITEMS[number])


def end_waiting(unit: Unit, person: int) -> None:
    """Wait for no correction any more."""
    kept.forget(unit, person, AWAITED)
