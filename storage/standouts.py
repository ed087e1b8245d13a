"""
The data by which organs are compared, and the figures that stand out.

Values in, values out. The results are stored for the organs' own reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, literal_column, select

from conversations.checks.findings import Similar
from conversations.form import FORMS
from conversations.form.model import CellId, ItemId
from conversations.form.numbers import ITEMS, NUMBERS
from conversations.form.texts import written
from storage.county import CHOSEN, of_many, parts
from storage.county_tables import STANDOUT
from storage.reports import Reader
from storage.tables import ANSWER, REPORT, upsert
from storage.unit import Unit

_TEXTS = sorted({NUMBERS[text.id] for form in FORMS.values() for text in form.narratives})

REPORTS = select(*REPORT.c["organ_id", "id", "edition"]).where(
    REPORT.c.organ_id.in_(CHOSEN), REPORT.c.year == bindparam("year")
)

TEXTS = (
    select(*ANSWER.c["report_id", "number", "value"])
    .where(
        ANSWER.c.report_id.in_(CHOSEN),
        ANSWER.c.number.in_([literal_column(str(number)) for number in _TEXTS]),
    )
    .order_by(ANSWER.c.report_id, ANSWER.c.number)
)

# Removed before a new comparison.
FORGET = delete(STANDOUT).where(STANDOUT.c.report_id.in_(CHOSEN))

KEEP = upsert(STANDOUT, "value", "middle", "low", "high", "count", "last")


def reports_of(reader: Reader, organs: Sequence[int], year: int) -> dict[int, tuple[int, str]]:
    """Id and edition of each organ's report on a year, by the organ's id."""
    rows = of_many(reader, REPORTS, organs, year=year)
    return {organ_id: (report_id, edition) for organ_id, report_id, edition in rows}


def texts_of(reader: Reader, reports: Sequence[int]) -> list[tuple[int, ItemId, str]]:
    """The texts of the sections of reports, with the reports' ids."""
    rows = of_many(reader, TEXTS, reports)
    return [(report_id, ITEMS[number], text) for report_id, number, text in rows]


def keep_standouts(
    unit: Unit, compared: Sequence[int], found: Iterable[tuple[int, CellId, Similar]]
) -> None:
    """Store what stands out in the compared reports, replacing earlier results."""
    for part in parts(compared):
        unit.run(FORGET, **part)
    unit.forget()
    for report_id, cell, similar in found:
        unit.run(
            KEEP,
            report_id=report_id,
            number=NUMBERS[cell],
            value=written(cell, similar.value),
            middle=written(cell, similar.middle),
            low=written(cell, similar.low),
            high=written(cell, similar.high),
            count=similar.count,
            last=None if similar.last is None else written(cell, similar.last),
        )
