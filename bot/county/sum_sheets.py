"""The sum as a spreadsheet: every figure, its composition, missing organs, corrections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from bot.files.spreadsheet import Scalar, Sheet, workbook
from conversations.county.sum_text import why_missing
from conversations.county.summing import CountySum, Group
from conversations.form.model import CellId
from conversations.wording import county_summing as wording
from conversations.wording.talk import LEVELS

Row = tuple[Scalar, ...]
_PLACE_WIDTHS = (8, 34, 16)


def as_xlsx(total: CountySum, zone: tzinfo | None = None) -> bytes:
    """The file; the same sum gives the same bytes."""
    return workbook(sheets(total, zone))


def sheets(total: CountySum, zone: tzinfo | None = None) -> tuple[Sheet, ...]:
    """
    The sum of every figure, its composition, the organs in it and missing, the corrections.

    Moments are in `zone`.
    """
    plain, bridge, organs, corrections = wording.SHEETS
    groups = [group for group in Group if any(a.group is group for a in total.addends)]
    return (
        Sheet(
            plain,
            wording.SUM_HEAD,
            _sums(total),
            (*_PLACE_WIDTHS, 10, 10, 10, 12, 10, 60, 60),
        ),
        Sheet(
            bridge,
            wording.bridge_head([group.value for group in groups]),
            _bridges(total, groups),
            (*_PLACE_WIDTHS, *[10] * len(groups), 10, 10, 40, 10, 12, 10, 60),
        ),
        Sheet(organs, wording.MISSING_HEAD, _organs(total), (34, 34, 10, 14, 60)),
        Sheet(
            corrections,
            wording.CORRECTION_HEAD,
            _corrections(total, zone),
            (*_PLACE_WIDTHS, 10, 50, 16, 20, 60),
        ),
    )


def _place(total: CountySum, cell: CellId) -> Row:
    """Table, row and column of a figure."""
    form = total.form
    known = form.cells[cell]
    line = form.lines[known.line]
    return form.section_of[cell].body.short, "".join(line.path) or line.label, known.column.label


def _sums(total: CountySum) -> Iterator[Row]:
    for cell in total.cells:
        found = total.bridge(cell)
        yield (
            *_place(total, cell),
            found.total,
            found.correction or None,
            found.result,
            found.own_report,
            found.difference,
            total.why_not(cell),
            cell,
        )


def _bridges(total: CountySum, groups: list[Group]) -> Iterator[Row]:
    for cell in total.cells:
        found = total.bridge(cell)
        correction = total.corrections.get(cell)
        yield (
            *_place(total, cell),
            *(found.parts.get(group, 0) for group in groups),
            found.total,
            found.correction or None,
            correction.reason if correction else "",
            found.result,
            found.own_report,
            found.difference,
            cell,
        )


def _organs(total: CountySum) -> Iterator[Row]:
    """Missing ones first."""
    for place, missing in enumerate(total.missing):
        organ = missing.organ
        known = (organ.organ, organ.parent, LEVELS[organ.level])
        yield (*known, wording.NOT_COUNTED, why_missing(total, place))
    wrong = {addend.name: findings for addend, findings in total.wrong}
    for addend in total.addends:
        organ = addend.organ
        state = wording.COUNTED_UNFINISHED if addend.is_unfinished else wording.COUNTED
        checks = "、".join(dict.fromkeys(finding.id for finding in wrong.get(addend.name, ())))
        said = wording.WRONG.format(checks=checks) if checks else ""
        yield organ.organ, organ.parent, LEVELS[organ.level], state, said
    for organ in total.excused:
        reason = organ.report.reason if organ.report else ""
        yield organ.organ, organ.parent, LEVELS[organ.level], wording.NOT_NEEDED, reason


def _corrections(total: CountySum, zone: tzinfo | None) -> Iterator[Row]:
    for cell, correction in total.corrections.items():
        yield (
            *_place(total, cell),
            correction.amount,
            correction.reason,
            correction.by,
            correction.at.astimezone(zone).isoformat(" ", timespec="minutes"),
            cell,
        )
