"""
What a sum over organs is made of: the figures of all organs below one, and its corrections.

Values in, values out. However many the organs are, their figures are one query.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, func, literal_column, select

from conversations.county.summing import Correction
from conversations.form import FORMS
from conversations.form.answers import Answers, Number, format_number
from conversations.form.model import CellId
from conversations.form.numbers import ITEMS, NUMBERS
from storage import values
from storage.county_tables import CORRECTION
from storage.organs import DOWN
from storage.reports import Reader
from storage.tables import ANSWER, PERSON, REPORT, insert
from storage.unit import Unit

# The numbers of all figures of all editions lie between these; texts have others.
_FIGURES = [NUMBERS[cell] for form in FORMS.values() for cell in form.cells]

FIGURES_BELOW = (
    select(*ANSWER.c["report_id", "number", "value"])
    .join_from(DOWN, REPORT, REPORT.c.organ_id == DOWN.c.id)
    .join(ANSWER, ANSWER.c.report_id == REPORT.c.id)
    .where(
        DOWN.c.id != bindparam("organ"),
        REPORT.c.year == bindparam("year"),
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


def figures_below(reader: Reader, organ_id: int, year: int) -> dict[int, Answers]:
    """The figures in the reports of a year of all organs below one, by the reports' ids."""
    reports: dict[int, dict[int, str]] = {}
    for report_id, number, text in reader.run(FIGURES_BELOW, organ=organ_id, year=year):
        reports.setdefault(report_id, {})[number] = text
    return {report_id: values.answers(texts) for report_id, texts in reports.items()}


def corrections(reader: Reader, organ_id: int, year: int) -> Mapping[CellId, Correction]:
    """What counts of the corrections of an organ's sum: the newest of each figure."""
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
    """Add an amount to the sum of a figure, instead of what was added before; None: nothing."""
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
