"""The rows of a report's sign-off: beside `tables.py`, in the same collection."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index
from sqlmodel import Field

from storage.tables import BY_KEY, LONG, Base


class SignOffRow(Base, table=True):
    """
    What was decided about a report as a whole, in order, for ever.

    `deed` and `state` (its result) are those of `conversations/sign_off/states.py`; `by` is the key
    of the person, or the word of another door; `history` and `fingerprint` name the version. `note`
    is JSON with the particulars of the step.
    """

    __table_args__ = (Index(None, "report_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(LONG, primary_key=True))
    report_id: int = Field(foreign_key="report.id")
    deed: str
    state: str
    by: str
    at: datetime
    door: str
    history: int = Field(sa_type=LONG)
    fingerprint: str
    note: str = "{}"


class VersionRow(Base, table=True):
    """The document of a version that was handed in: made once, the same bytes for everybody."""

    sign_off_id: int = Field(
        sa_column=Column(LONG, ForeignKey("sign_off.id"), primary_key=True, autoincrement=False)
    )
    name: str
    content: bytes


class RemarkRow(Base, table=True):
    """
    A leader's remark on a place of a report.

    `number` is the permanent number of a section, line, figure or text, 0 for the whole; `quote` is
    the sentence it is about. `returned` is the step that sent it to the clerk, NULL before.
    `answer` and `settled_at` are the clerk's; `before` is the old content of the place, in short.
    """

    __table_args__ = (
        Index(None, "report_id"),
        CheckConstraint("length(text) > 0", name="text"),
    )

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    number: int = 0
    quote: str = ""
    text: str
    before: str = ""
    by: str
    at: datetime
    returned: int | None = Field(default=None, sa_column=Column(LONG, ForeignKey("sign_off.id")))
    answer: str = ""
    settled_at: datetime | None = None


class PostponedRow(Base, table=True):
    """A step that a person is to be told of when their working hours begin."""

    __table_args__ = BY_KEY

    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    sign_off_id: int = Field(
        sa_column=Column(LONG, ForeignKey("sign_off.id"), primary_key=True, autoincrement=False)
    )
    due: datetime = Field(index=True)


SIGN_OFF = Base.metadata.tables["sign_off"]
VERSION = Base.metadata.tables["version"]
REMARK = Base.metadata.tables["remark"]
POSTPONED = Base.metadata.tables["postponed"]
