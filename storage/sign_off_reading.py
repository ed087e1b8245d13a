"""Reads what was decided about a report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import FromClause, ScalarSelect, bindparam, func, literal_column, select

from conversations.form.numbers import ITEMS
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import Remark, SignOff, SignOffRecord
from storage.prepared import Result
from storage.sign_off_tables import REMARK, SIGN_OFF
from storage.tables import PERSON

_NAME = func.coalesce(PERSON.c.name, literal_column("''"))


def open_remarks(report: FromClause) -> ScalarSelect[Any]:
    """The number of remarks that went to the clerk of a report and are unanswered."""
    return (
        select(func.count(REMARK.c.id))
        .where(
            REMARK.c.report_id == report.c.id,
            REMARK.c.returned.is_not(None),
            REMARK.c.settled_at.is_(None),
        )
        .scalar_subquery()
    )


def state_of(value: str | None) -> ReportState:
    """The state after a newest step."""
    return ReportState(value) if value else ReportState.OPEN


RECORDS = (
    select(
        *SIGN_OFF.c["id", "deed", "state", "by"],
        _NAME,
        *SIGN_OFF.c["at", "door", "history", "fingerprint", "note"],
    )
    .outerjoin(PERSON, PERSON.c.key == SIGN_OFF.c.by)
    .where(SIGN_OFF.c.report_id == bindparam("report"))
    .order_by(SIGN_OFF.c.id)
)

REMARKS = (
    select(
        *REMARK.c["id", "number", "quote", "text", "by"],
        _NAME,
        *REMARK.c["at", "returned", "settled_at", "answer", "before"],
    )
    .outerjoin(PERSON, PERSON.c.key == REMARK.c.by)
    .where(REMARK.c.report_id == bindparam("report"))
    .order_by(REMARK.c.id)
)


def read_sign_off(run: Callable[..., Result], report_id: int) -> SignOff:
    """Everything that was decided about a report; `run` is a transaction's."""
    records = tuple(
        SignOffRecord(
            id_,
            Deed(deed),
            ReportState(state),
            by,
            name,
            at.isoformat(timespec="seconds"),
            door,
            history,
            mark,
            json.loads(note),
        )
        for id_, deed, state, by, name, at, door, history, mark, note in run(
            RECORDS, report=report_id
        )
    )
    remarks = tuple(
        Remark(
            id_,
            ITEMS.get(number, ""),
            quote,
            text,
            by,
            name,
            at.isoformat(timespec="seconds"),
            returned is not None,
            settled is None,
            answer,
            before,
            returned or 0,
        )
        for id_, number, quote, text, by, name, at, returned, settled, answer, before in run(
            REMARKS, report=report_id
        )
    )
    return SignOff(records, remarks)
