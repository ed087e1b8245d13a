"""
Which name a report bears when its organ has got another.

What is locked, sent as a file, or of an earlier year keeps the one under which it was made, so
that an approval still fits; every other one bears the present name.
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

# What of a report names the organ by itself, and not in somebody's own words.
NAMING: tuple[ItemId, ...] = ("title", "introduction", "signature")
FILE = "file"


def keeps_name(report: OrganReportState, now: datetime) -> bool:
    """Whether a report goes on bearing the name under which it was made."""
    return (
        is_locked(state_of(report.state))
        or report.source == FILE
        or (report.begun and report.year < now.year - 1)
    )


def back_to_clerk(unit: Unit, report_id: int, by: str, now: datetime, door: str) -> None:
    """A report can be written in again: it bears its organ's present name from now on."""
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
    """A report bears the new name; one that is finished has to be made anew."""
    replaced = _replace_name(unit, report.report_id, old, new, by, now, door)
    if report.is_final and not replaced:
        changes.unfinish(unit, report.report_id)


def _replace_name(
    unit: Unit, report_id: int, old: str, new: str, by: str, now: datetime, door: str
) -> bool:
    """Put the new name where a title, introduction or signature has the old one."""
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
    """With the new name for the old; where somebody has written the new one, it stands."""
    return new.join(part.replace(old, new) for part in text.split(new))
