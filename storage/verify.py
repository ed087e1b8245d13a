"""Checks that the histories are unaltered, and that the reports agree with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, column, exists, func, select, text

from storage.chain import FIRST, link
from storage.reports import Reader
from storage.tables import ANSWER, HISTORY, ORGAN, REPORT, TASK

REPORTS = (
    select(REPORT.c.id, ORGAN.c.name, REPORT.c.year, REPORT.c.final_history, TASK.c.work_history)
    .join_from(REPORT, ORGAN)
    .outerjoin(TASK, TASK.c.report_id == REPORT.c.id)
    .order_by(REPORT.c.id)
)

# For a report that no longer exists.
STRAY = select(func.min(HISTORY.c.id)).where(
    HISTORY.c.report_id.not_in(select(REPORT.c.id).join_from(REPORT, ORGAN))
)

LINKS = (
    select(*HISTORY.c["id", "hash", "number", "before", "after", "by", "at", "door"])
    .where(HISTORY.c.report_id == bindparam("report"))
    .order_by(HISTORY.c.id)
)

STANDING = select(*ANSWER.c["number", "value", "by", "at"]).where(
    ANSWER.c.report_id == bindparam("report")
)

# The reports with a history, each with its last row.
_LATER = HISTORY.alias("later")
LAST_ROWS = (
    select(REPORT.c.id, ORGAN.c.name, REPORT.c.year, HISTORY.c.id, HISTORY.c.hash)
    .join_from(REPORT, ORGAN)
    .join(HISTORY, HISTORY.c.report_id == REPORT.c.id)
    .where(~exists().where(_LATER.c.report_id == REPORT.c.id, _LATER.c.id > HISTORY.c.id))
    .order_by(REPORT.c.id)
)

IS_KEPT = (
    select(HISTORY.c.id)
    .join_from(HISTORY, REPORT)
    .join(ORGAN)
    .where(
        REPORT.c.id == bindparam("report"),
        ORGAN.c.name == bindparam("organ"),
        REPORT.c.year == bindparam("year"),
        HISTORY.c.id == bindparam("row"),
        HISTORY.c.hash == bindparam("hash"),
    )
)

# The number of triggers that protect the history and are missing or switched off.
UNGUARDED = {
    "sqlite": text(
        "SELECT 3 - count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'history'"
        " AND name IN ('history_no_update', 'history_no_delete', 'history_no_replace')"
        " AND sql LIKE '%RAISE(ABORT%'"
    ).columns(column("missing")),
    "postgresql": text(
        "SELECT 1 - count(*) FROM pg_trigger WHERE tgrelid = to_regclass('history')"
        " AND tgname = 'history_no_change' AND tgenabled IN ('O', 'A')"
    ).columns(column("missing")),
}


class Break(Enum):
    """The kind of a fault."""

    ROW = "a row is not what was written, or not after the row it was written after"
    ANSWERS = "what stands is not what the history ends with"
    END = "the history ends before a row that the final document or the reminders have seen"
    UNREADABLE = "a row holds what no row can hold"
    STRAY = "rows belong to no report"
    NOT_KEPT = "what an earlier copy holds is not what came before"
    UNGUARDED = "the database does not refuse a change of the history any more"


@dataclass(frozen=True, slots=True)
class Fault:
    """
    A report with an altered history; `row` is the id of the first wrong row.

    `organ` is empty and `year` 0 for a fault of no single report.
    """

    kind: Break
    organ: str
    year: int
    row: int | None = None


def verify(
    reader: Reader, each: Callable[[Sequence[Any]], Iterable[Any]] = iter
) -> Iterator[Fault]:
    """
    Check every row of every report, one report after another; at most one fault of each.

    `each` iterates over the reports, so that progress can be shown.
    """
    for report_id, organ, year, *known in each(list(reader.run(REPORTS))):
        try:
            fault = _verify(reader, report_id, [row for row in known if row is not None])
        except (TypeError, ValueError):
            # SQLite stores a value of any kind in any column.
            fault = Break.UNREADABLE, None
        if fault is not None:
            yield Fault(fault[0], organ, year, fault[1])
    ((stray,),) = reader.run(STRAY)
    if stray is not None:
        yield Fault(Break.STRAY, "", 0, stray)
    ((missing,),) = reader.run(UNGUARDED[reader.connection.dialect.name])
    if missing:
        yield Fault(Break.UNGUARDED, "", 0)


def compare(reader: Reader, copy: Reader) -> Iterator[Fault]:
    """
    Reports of an earlier copy that differ here: another organ or year, missing, set back, or with a
    rewritten history. Together with `verify`, as the last hash of a history stands for all of it.
    """
    for report, organ, year, row, digest in copy.run(LAST_ROWS):
        kept = reader.run(
            IS_KEPT, report=report, organ=organ, year=year, row=row, hash=digest
        ).first()
        if kept is None:
            yield Fault(Break.NOT_KEPT, organ, year, row)


def _verify(reader: Reader, report_id: int, known: list[int]) -> tuple[Break, int | None] | None:
    """`known` are rows that must be there, or must have been."""
    previous, newest = FIRST, 0
    stands: dict[int, tuple[str, str, datetime]] = {}
    for newest, stored, number, before, after, by, at, door in reader.run(LINKS, report=report_id):
        expected = link(previous, report_id, number, before, after, by, at, door)
        if stored != expected:
            return Break.ROW, newest
        previous = stored
        if after is None:
            stands.pop(number, None)
        else:
            stands[number] = after, by, at
    if known and max(known) > newest:
        return Break.END, newest
    standing = {number: tuple(entry) for number, *entry in reader.run(STANDING, report=report_id)}
    if stands != standing:
        return Break.ANSWERS, None
    return None
