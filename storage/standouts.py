"""
What organs are compared by, and what stands out among them.

Values in, values out. What was found is kept for the organs' own reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import BindParameter, bindparam, delete, literal_column, select

from conversations.checks.findings import Similar
from conversations.form import FORMS
from conversations.form.model import CellId, ItemId
from conversations.form.numbers import ITEMS, NUMBERS
from conversations.form.texts import written
from storage.county import AT_ONCE, filled
from storage.county_tables import STANDOUT
from storage.reports import Reader
from storage.tables import ANSWER, REPORT, upsert
from storage.unit import Unit

_TEXTS = sorted({NUMBERS[text.id] for form in FORMS.values() for text in form.narratives})

# So many at once, by their ids, as `storage/county.py` reads organs.
REPORTS = select(*REPORT.c["organ_id", "id", "edition"]).where(
    REPORT.c.organ_id.in_([bindparam(f"organ_{place}") for place in range(AT_ONCE)]),
    REPORT.c.year == bindparam("year"),
)

_THOSE: list[BindParameter[int]] = [bindparam(f"report_{place}") for place in range(AT_ONCE)]

TEXTS = (
    select(*ANSWER.c["report_id", "number", "value"])
    .where(
        ANSWER.c.report_id.in_(_THOSE),
        ANSWER.c.number.in_([literal_column(str(number)) for number in _TEXTS]),
    )
    .order_by(ANSWER.c.report_id, ANSWER.c.number)
)

# Before they are compared anew.
FORGET = delete(STANDOUT).where(STANDOUT.c.report_id.in_(_THOSE))

KEEP = upsert(STANDOUT, "value", "middle", "low", "high", "count", "last")


def reports_of(reader: Reader, organs: Sequence[int], year: int) -> dict[int, tuple[int, str]]:
    """Id and edition of the report on a year of each of the organs, by the organ's id."""
    found = {}
    for start in range(0, len(organs), AT_ONCE):
        places = filled("organ_{}", organs[start : start + AT_ONCE])
        for organ_id, report_id, edition in reader.run(REPORTS, year=year, **places):
            found[organ_id] = report_id, edition
    return found


def texts_of(reader: Reader, reports: Sequence[int]) -> list[tuple[int, ItemId, str]]:
    """The texts of the sections of reports, with the reports' ids."""
    found = []
    for start in range(0, len(reports), AT_ONCE):
        places = filled("report_{}", reports[start : start + AT_ONCE])
        for report_id, number, text in reader.run(TEXTS, **places):
            found.append((report_id, ITEMS[number], text))
    return found


def keep_standouts(
    unit: Unit, compared: Sequence[int], found: Iterable[tuple[int, CellId, Similar]]
) -> None:
    """Remember what stands out in the reports that were compared, instead of what did before."""
    for start in range(0, len(compared), AT_ONCE):
        unit.run(FORGET, **filled("report_{}", compared[start : start + AT_ONCE]))
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
