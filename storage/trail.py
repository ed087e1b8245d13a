"""The history of a report, with the present names of people."""

from __future__ import annotations

from sqlalchemy import bindparam, func, literal_column, select

from conversations.form.numbers import ITEMS
from conversations.talk.trail import Entry
from storage import values
from storage.reports import Reader
from storage.tables import HISTORY, PERSON

TRAIL = (
    select(
        *HISTORY.c["at", "by"],
        func.coalesce(PERSON.c.name, literal_column("''")),
        *HISTORY.c["door", "number", "before", "after"],
    )
    .outerjoin(PERSON, PERSON.c.key == HISTORY.c.by)
    .where(HISTORY.c.report_id == bindparam("report"))
    .order_by(HISTORY.c.id)
)

# Two rows suffice to know that there is more than one.
AUTHORS = select(HISTORY.c.by).where(HISTORY.c.report_id == bindparam("report")).distinct().limit(2)


def trail(reader: Reader, report_id: int) -> tuple[Entry, ...]:
    """Every change of a report, in order."""
    return tuple(
        Entry(
            at,
            by,
            name,
            door,
            ITEMS[number],
            None if before is None else values.read(number, before),
            None if after is None else values.read(number, after),
        )
        for at, by, name, door, number, before, after in reader.run(TRAIL, report=report_id)
    )


def is_shared(reader: Reader, report_id: int) -> bool:
    """Whether more than one person has written in a report."""
    return len(reader.run(AUTHORS, report=report_id)) > 1
