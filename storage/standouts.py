"""
What organs are compared by, and what stands out among them.

Values in, values out. What was found is kept for the organs' own reports.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, literal_column, select

from conversations.checks.findings import Similar
from conversations.form import FORMS
from conversations.form.model import CellId, ItemId
from conversations.form.numbers import ITEMS, NUMBERS
from conversations.form.texts import written
from storage.county_tables import STANDOUT
from storage.organs import DOWN
from storage.reports import Reader
from storage.tables import ANSWER, REPORT, upsert
from storage.unit import Unit

_TEXTS = sorted({NUMBERS[text.id] for form in FORMS.values() for text in form.narratives})

REPORTS_BELOW = (
    select(*REPORT.c["organ_id", "id", "edition"])
    .join_from(DOWN, REPORT, REPORT.c.organ_id == DOWN.c.id)
    .where(DOWN.c.id != bindparam("organ"), REPORT.c.year == bindparam("year"))
)

TEXTS_BELOW = (
    select(*ANSWER.c["report_id", "number", "value"])
    .join_from(DOWN, REPORT, REPORT.c.organ_id == DOWN.c.id)
    .join(ANSWER, ANSWER.c.report_id == REPORT.c.id)
    .where(
        DOWN.c.id != bindparam("organ"),
        REPORT.c.year == bindparam("year"),
        ANSWER.c.number.in_([literal_column(str(number)) for number in _TEXTS]),
    )
    .order_by(ANSWER.c.report_id, ANSWER.c.number)
)

# Before they are compared anew.
FORGET = delete(STANDOUT).where(
    STANDOUT.c.report_id.in_(
        select(REPORT.c.id)
        .join_from(DOWN, REPORT, REPORT.c.organ_id == DOWN.c.id)
        .where(DOWN.c.id != bindparam("organ"), REPORT.c.year == bindparam("year"))
    )
)

KEEP = upsert(STANDOUT, "value", "middle", "low", "high", "count", "last")


def reports_below(reader: Reader, organ_id: int, year: int) -> dict[int, tuple[int, str]]:
    """Id and edition of the report on a year of each organ below one, by the organ's id."""
    rows = reader.run(REPORTS_BELOW, organ=organ_id, year=year)
    return {organ: (report_id, edition) for organ, report_id, edition in rows}


def texts_below(reader: Reader, organ_id: int, year: int) -> tuple[tuple[int, ItemId, str], ...]:
    """The texts of the sections in the reports on a year of all organs below one."""
    rows = reader.run(TEXTS_BELOW, organ=organ_id, year=year)
    return tuple((report_id, ITEMS[number], text) for report_id, number, text in rows)


def keep_standouts(
    unit: Unit, organ_id: int, year: int, found: Iterable[tuple[int, CellId, Similar]]
) -> None:
    """Remember what stands out among the organs below one, instead of what did before."""
    unit.run(FORGET, organ=organ_id, year=year)
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
