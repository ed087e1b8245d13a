"""On which days the present reports arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal_column, select

from conversations.county.status import FILE, HANDED_IN, CountyOrgan, Progress
from storage.county import CHOSEN, of_many
from storage.county_tables import COLLECTED
from storage.reports import Reader
from storage.sign_off_tables import SIGN_OFF
from storage.tables import REPORT

_NEWEST_STEP = select(func.max(SIGN_OFF.c.at)).where(SIGN_OFF.c.report_id == REPORT.c.id)
_SUBMITTED = SIGN_OFF.c.deed == literal_column("'submit'")

MOMENTS = select(
    *REPORT.c["id", "created_at", "final_at"],
    _NEWEST_STEP.where(_SUBMITTED).scalar_subquery(),
    _NEWEST_STEP.scalar_subquery(),
    select(func.min(COLLECTED.c.at)).where(COLLECTED.c.report_id == REPORT.c.id).scalar_subquery(),
).where(REPORT.c.id.in_(CHOSEN))


@dataclass(frozen=True, slots=True)
class Came:
    """When the first report was begun, and when each present report arrived."""

    begun: datetime | None
    handed_in: tuple[datetime, ...]


def came(reader: Reader, organs: Iterable[CountyOrgan]) -> Came:
    """
    When the reports of organs arrived.

    A file arrived with its first version, an answered report with its newest submission, or,
    without a leader, with its final document.
    """
    by_report = {organ.report.report_id: organ for organ in organs if organ.report}
    begun: list[datetime] = []
    handed_in = []
    for report_id, created_at, final_at, submitted_at, step_at, sent_at in of_many(
        reader, MOMENTS, [*by_report]
    ):
        organ = by_report[report_id]
        begun.append(created_at)
        if organ.progress not in HANDED_IN:
            continue
        if organ.report is not None and organ.report.source == FILE:
            moments = [sent_at, final_at]
        elif organ.progress is Progress.FINISHED:
            moments = [final_at]
        else:
            moments = [submitted_at, final_at, step_at]
        handed_in += [moment for moment in moments if moment is not None][:1]
    return Came(min(begun, default=None), tuple(handed_in))
