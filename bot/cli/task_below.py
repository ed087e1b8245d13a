"""`nianbao task --under`: the dates of all organs below one, shown first, set with `--yes`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.cli import frame
from bot.cli.under import chosen
from bot.county.dates import set_dates
from conversations.county.dates import (
    GROUPS,
    WRITTEN,
    Group,
    PlannedDates,
    WantedDates,
    plan_dates,
)
from conversations.form import form_to_fill_in
from conversations.wording import county_dates as wording
from storage.county import organs_below
from storage.reports import Reader

NOT_BELOW = "和 --under 一起请只写 --deadline、--internal、--only、--edition，其他的用 --organ 改。"
# Options for one task only.
OF_ONE = ("assign", "no_ask", "ask", "length", "headings", "withdrawn", "excuse", "reason", "ics")


def run_below(options: argparse.Namespace) -> int:
    """
    Show what would be set for whom; with `--yes` set it, all in one transaction.

    Raises:
        Refused: There is no such organ, or an option is for one task only.
    """
    if any(getattr(options, name) not in (None, [], "") for name in OF_ONE):
        raise frame.Refused(NOT_BELOW)
    deadline, internal = options.deadline, options.internal
    wanted = WantedDates(deadline, internal or None, no_internal=internal == "")
    if wanted.deadline and wanted.internal and wanted.internal > wanted.deadline:
        raise frame.Refused(wording.WRONG_ORDER)
    group = GROUPS.get(options.only, Group.ALL)
    if options.yes:
        with frame.open_store(options) as store, frame.working(), store.begin() as unit:
            under, planned = _plan(unit, options, wanted, group)
            set_dates(unit, planned, options.year, frame.now())
    else:
        with frame.open_store(options, reading=True) as store, store.read() as reader:
            under, planned = _plan(reader, options, wanted, group)
    if options.json:
        frame.say_json(_as_json(options, under, wanted, planned))
        return frame.FINE
    lines = wording.plan_lines(under, options.year, group, wanted, planned, most=None)
    if options.yes:
        lines += ["", wording.DONE.format(count=_count(planned), year=options.year)]
    elif _count(planned):
        lines += ["", wording.NOT_SET]
    frame.say("\n".join(lines) + "\n")
    return frame.FINE


def _plan(
    reader: Reader, options: argparse.Namespace, wanted: WantedDates, group: Group
) -> tuple[str, tuple[PlannedDates, ...]]:
    """The organ's present name, and the dates of the organs below it."""
    organ_id, under = chosen(reader, options.under)
    organs = organs_below(reader, organ_id, options.year)
    return under, plan_dates(organs, options.year, wanted, group)


def _count(planned: Sequence[PlannedDates]) -> int:
    return sum(each.fate in WRITTEN for each in planned)


def _as_json(
    options: argparse.Namespace,
    under: str,
    wanted: WantedDates,
    planned: Sequence[PlannedDates],
) -> dict[str, Any]:
    return {
        "under": under,
        "year": options.year,
        "edition": form_to_fill_in(options.year).edition,
        **_dates(wanted.deadline, wanted.internal),
        "done": options.yes,
        "organs": [_of(each) for each in planned],
    }


def _of(planned: PlannedDates) -> dict[str, Any]:
    """The change for one organ; `before` is what it had."""
    report = planned.organ.report
    had = report is not None and report.deadline is not None
    return {
        "organ": planned.organ.organ,
        "what": planned.fate.value,
        **_dates(planned.deadline, planned.internal),
        "before": _dates(report.deadline, report.internal) if report and had else None,
        "reason": report.reason if report else "",
    }


def _dates(deadline: date | None, internal: date | None) -> dict[str, str | None]:
    return {
        "deadline": None if deadline is None else str(deadline),
        "internal": None if internal is None else str(internal),
    }
