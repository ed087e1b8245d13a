"""Further data for an overview of many organs: the tree, the years, the authors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, literal_column, select

from storage.county import HAS_BELOW
from storage.organs import DOWN
from storage.reports import Reader
from storage.tables import HISTORY, ORGAN, PERSON, REPORT

TOPS = (
    select(*ORGAN.c["id", "name"])
    .where(ORGAN.c.parent_id.is_(None), HAS_BELOW)
    .order_by(ORGAN.c.name)
)

HAS_ANY_BELOW = select(ORGAN.c.id).where(ORGAN.c.parent_id == bindparam("organ")).limit(1)

YEARS_BELOW = (
    select(REPORT.c.year)
    .distinct()
    .where(REPORT.c.organ_id.in_(select(DOWN.c.id)))
    .order_by(REPORT.c.year)
)

# The last author of a report; the command line has a word of its own.
LAST_CHANGE = (
    select(
        HISTORY.c.at, func.coalesce(func.nullif(PERSON.c.name, literal_column("''")), HISTORY.c.by)
    )
    .outerjoin(PERSON, PERSON.c.key == HISTORY.c.by)
    .where(HISTORY.c.report_id == bindparam("report"))
    .order_by(HISTORY.c.id.desc())
    .limit(1)
)


def tops(reader: Reader) -> tuple[tuple[int, str], ...]:
    """Id and name of the organs at the top that have organs below, by name."""
    return tuple((row[0], row[1]) for row in reader.run(TOPS))


def has_below(reader: Reader, organ_id: int) -> bool:
    """Whether an organ has organs below it."""
    return reader.run(HAS_ANY_BELOW, organ=organ_id).first() is not None


def years_below(reader: Reader, organ_id: int) -> tuple[int, ...]:
    """The years for which an organ or an organ below it has a report, oldest first."""
    return tuple(reader.run(YEARS_BELOW, organ=organ_id).scalars())


def last_change(reader: Reader, report_id: int) -> tuple[datetime, str] | None:
    """When a report was last changed and by whom; None if it is empty."""
    row = reader.run(LAST_CHANGE, report=report_id).first()
    return None if row is None else (row[0], row[1])
