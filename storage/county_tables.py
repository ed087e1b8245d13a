"""The rows for administrators of many organs: beside `tables.py`, in the same collection."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field

from storage.tables import BY_KEY, LONG, Base


class OrganRecordRow(Base, table=True):
    """
    What happened to an organ, in order, for ever.

    `what` is `renamed`, `merged`, `closed`, `reopened`, `placed` or `level`; `before` and `after`
    are names (of the organ, of the organ it was merged into, of the organs above it).
    """

    __table_args__ = (Index(None, "organ_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(LONG, primary_key=True))
    organ_id: int = Field(foreign_key="organ.id")
    what: str
    before: str = ""
    after: str = ""
    by: str
    at: datetime


class CollectedRow(Base, table=True):
    """
    A file that an organ sent instead of answering; the newest of a report is its document.

    `note` is JSON with the findings of its reading.
    """

    __table_args__ = (Index(None, "report_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(LONG, primary_key=True))
    report_id: int = Field(foreign_key="report.id")
    name: str
    content: bytes
    by: str
    at: datetime
    note: str = "{}"


class CountedRow(Base, table=True):
    """
    How far a report is, as last counted: right while `mark` is the same.

    `filled` of `asked` answers are there; `whole` says that every figure of the tables is. `errors`
    are findings to be corrected (E), `unexplained` findings that want a reason (W), `explained`
    findings that have one.
    """

    report_id: int = Field(primary_key=True, foreign_key="report.id")
    mark: str
    filled: int
    asked: int
    whole: bool
    errors: int
    unexplained: int
    explained: int


class CorrectionRow(Base, table=True):
    """
    What an administrator adds to or subtracts from the sum of a figure, and why.

    `number` is the figure's permanent number, `amount` as `form/texts.py` writes it, with its sign.
    The newest row of a figure counts; an empty `amount` cancels it.
    """

    __table_args__ = (Index(None, "organ_id", "year"),)

    id: int | None = Field(default=None, primary_key=True)
    organ_id: int = Field(foreign_key="organ.id")
    year: int
    number: int
    amount: str
    reason: str
    by: str
    at: datetime


class StandoutRow(Base, table=True):
    """
    A figure that was far from those of similar organs when they were last compared.

    Right while the report still has `value`. `middle` is the median of the others, `low` and `high`
    the range of most of them, `count` their number; all as `form/texts.py` writes. If `last`, the
    organ's own figure of the year before, is set (and still the same), `middle`, `low` and `high`
    are the values expected from the other organs' change since last year.
    """

    __table_args__ = BY_KEY

    report_id: int = Field(primary_key=True, foreign_key="report.id")
    number: int = Field(primary_key=True)
    value: str
    middle: str
    low: str
    high: str
    count: int
    last: str | None = None


class TemplateRow(Base, table=True):
    """
    A Word template that an organ has put into use, for itself and the organs below it.

    The organ's newest template without `ended_at` is in use: cancelling it puts the one before it
    into use again. None is ever deleted. `name` is the file's.
    """

    __table_args__ = (Index(None, "organ_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    organ_id: int = Field(foreign_key="organ.id")
    name: str
    content: bytes
    by: str
    at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None


ORGAN_RECORD = Base.metadata.tables["organ_record"]
COLLECTED = Base.metadata.tables["collected"]
COUNTED = Base.metadata.tables["counted"]
CORRECTION = Base.metadata.tables["correction"]
STANDOUT = Base.metadata.tables["standout"]
TEMPLATE = Base.metadata.tables["template"]
