"""Collected files as a table: the organ of each, findings, and doubts to settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.county.collecting import Item
from bot.files.spreadsheet import Scalar, Sheet, workbook
from conversations.checks.findings import Grade
from conversations.form import FORMS
from conversations.wording import checks as check_wording
from conversations.wording import county_collecting as wording


def state_of(item: Item, stored: Sequence[str]) -> str:
    """The state of a file: `ready`, `stored`, `same`, `doubt` or `unreadable`."""
    if item.file in stored:
        return "stored"
    if item.same:
        return "same"
    if item.ready:
        return "ready"
    return "unreadable" if item.checked.read is None else "doubt"


def rows(items: Sequence[Item], stored: Sequence[str]) -> list[tuple[Scalar, ...]]:
    """The table of collected files, one row per file."""
    table: list[tuple[Scalar, ...]] = []
    for item in items:
        read = item.checked.read
        counts = [item.count(grade) if read else None for grade in (Grade.E, Grade.W)]
        notes = [*item.why, *([wording.CORRECTS] if item.corrects and not item.doubts else [])]
        name = item.office.name if item.office else ""
        table.append(
            (item.file, name, wording.STATES[state_of(item, stored)], *counts, "".join(notes))
        )
    return table


def as_xlsx(items: Sequence[Item], stored: Sequence[str]) -> bytes:
    """The files with all their findings as a spreadsheet."""

    def findings() -> Iterator[tuple[Scalar, ...]]:
        for item in items:
            read, name = item.checked.read, item.office.name if item.office else ""
            if read is None:
                continue
            form = FORMS[read.edition]
            for finding in item.findings:
                yield (
                    *(item.file, name, read.year, finding.grade.value, finding.id),
                    *(finding.message, check_wording.place_of(finding, form)),
                )

    names = ((item, item.office.name if item.office else "") for item in items)
    doubts = [(item.file, name, why) for item, name in names for why in item.why]
    files_sheet, findings_sheet, doubts_sheet = zip(wording.SHEETS, wording.WIDTHS, strict=True)
    return workbook(
        (
            Sheet(files_sheet[0], wording.HEAD, rows(items, stored), files_sheet[1]),
            Sheet(findings_sheet[0], wording.FINDINGS_HEAD, findings(), findings_sheet[1]),
            Sheet(doubts_sheet[0], wording.DOUBTS_HEAD, doubts, doubts_sheet[1]),
        )
    )
