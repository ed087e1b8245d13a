"""Reads the figures of a report that stood out when organs were last compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import bindparam, select

from conversations.checks.findings import Similar
from conversations.form.answers import Number
from conversations.form.model import CellId
from conversations.form.numbers import ITEMS
from storage import values
from storage.county_tables import STANDOUT
from storage.prepared import Result

STANDOUTS = (
    select(*STANDOUT.c["number", "value", "middle", "low", "high", "count", "last"])
    .where(STANDOUT.c.report_id == bindparam("report"))
    .order_by(STANDOUT.c.number)
)


def read_standouts(run: Callable[..., Result], report_id: int) -> Mapping[CellId, Similar]:
    """What stood out in a report; `run` is a transaction's."""
    found = {}
    for number, value, middle, low, high, count, last in run(STANDOUTS, report=report_id):
        found[ITEMS[number]] = Similar(
            _read(number, value),
            _read(number, middle),
            _read(number, low),
            _read(number, high),
            count,
            None if last is None else _read(number, last),
        )
    return found


def _read(number: int, text: str) -> Number:
    figure = values.read(number, text)
    assert not isinstance(figure, str)
    return figure
