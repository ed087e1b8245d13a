"""
The name on a report after its organ was renamed.

Locked reports, sent files, and reports of earlier years keep the name under which they were made,
so that an approval still matches; every other report has the present name.
"""

from __future__ import annotations

from datetime import datetime

from conversations.form.model import ItemId
from conversations.sign_off.rights import is_locked
from conversations.talk.effects import Save
from storage import organ_changes as changes
from storage.organ_changes import OrganReportState
from storage.sign_off_reading import state_of
from storage.unit import Unit

# The parts of a report that name the organ by default, not in a person's own words.
NAMING: tuple[ItemId, ...] = ("title", "introduction", "signature")
FILE = "file"


def keeps_name(report: OrganReportState, now: datetime) -> bool:
    """Whether a report keeps the name under which it was made."""
    return (
        is_locked(state_of(report.state))
        or report.source == FILE
        or (report.begun and report.year < now.year - 1)
    )


def back_to_clerk(unit: Unit, report_id: int, by: str, now: datetime, door: str) -> None:
    """A report can be edited again: from now on it has its organ's present name."""
    present, named = changes.present_name(unit, report_id)
    if named is None:
        return
    stored = unit.load(report_id, "")
    if stored.year < now.year - 1 or stored.source == FILE:
        return
    changes.name_report(unit, report_id, None)
    _replace_name(unit, report_id, named, present, by, now, door)


def take_name(
    unit: Unit,
    report: OrganReportState,
    old: str,
    new: str,
    by: str,
    now: datetime,
    door: str,
) -> None:
    """Give a report the new name; a finished one must be made anew."""
    replaced = _replace_name(unit, report.report_id, old, new, by, now, door)
    if report.is_final and not replaced:
        changes.unfinish(unit, report.report_id)


def _replace_name(
    unit: Unit, report_id: int, old: str, new: str, by: str, now: datetime, door: str
) -> bool:
    """Replace the old name in a title, introduction or signature."""
    answers = unit.load(report_id, "").answers
    saves = [
        Save(item, text, renamed)
        for item in NAMING
        if (text := answers.text(item)) and (renamed := _renamed(text, old, new)) != text
    ]
    if saves:
        unit.save(report_id, saves, by=by, at=now, door=door)
    return bool(saves)


def _renamed(text: str, old: str, new: str) -> str:
    """With the new name instead of the old; a new name that is already there stays."""
    return new.join(part.replace(old, new) for part in text.split(new))
