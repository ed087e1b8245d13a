"""Whether the histories are as they were written, and the reports what their histories say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import bindparam, select

from storage.chain import FIRST, link
from storage.reports import ANSWERS, Reader
from storage.tables import HISTORY, ORGAN, REPORT

REPORTS = (
    select(REPORT.c.id, ORGAN.c.name, REPORT.c.year, REPORT.c.final_history)
    .join_from(REPORT, ORGAN)
    .order_by(REPORT.c.id)
)

LINKS = (
    select(
        HISTORY.c.id,
        HISTORY.c.hash,
        HISTORY.c.number,
        HISTORY.c.before,
        HISTORY.c.after,
        HISTORY.c.by,
        HISTORY.c.at,
        HISTORY.c.door,
    )
    .where(HISTORY.c.report_id == bindparam("report"))
    .order_by(HISTORY.c.id)
)


class Break(Enum):
    """What does not fit."""

    ROW = "a row is not what was written, or not after the row it was written after"
    ANSWERS = "what stands is not what the history ends with"
    END = "the history ends before the row that the final document was made of"


@dataclass(frozen=True, slots=True)
class Fault:
    """A report whose history cannot be trusted; `row` is the first wrong row's id."""

    kind: Break
    organ: str
    year: int
    row: int | None = None


def verify(reader: Reader) -> Iterator[Fault]:
    """Every row of every report, one report after another; at most one fault of each."""
    for report_id, organ, year, final in reader.run(REPORTS):
        fault = _verify(reader, report_id, final)
        if fault is not None:
            yield Fault(fault[0], organ, year, fault[1])


def _verify(reader: Reader, report_id: int, final: int | None) -> tuple[Break, int | None] | None:
    previous, newest = FIRST, 0
    stands: dict[int, str | None] = {}
    for newest, stored, number, before, after, by, at, door in reader.run(LINKS, report=report_id):
        expected = link(previous, report_id, number, before, after, by, at, door)
        if stored != expected:
            return Break.ROW, newest
        previous = stored
        stands[number] = after
    if final is not None and final > newest:
        return Break.END, newest
    standing = {number: value for number, value in stands.items() if value is not None}
    if standing != {row[0]: row[1] for row in reader.run(ANSWERS, report=report_id)}:
        return Break.ANSWERS, None
    return None
