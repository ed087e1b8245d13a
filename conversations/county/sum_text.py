"""The sum in words: the terminal's text, whose lines the chat uses, too."""

from __future__ import annotations

from conversations.county.summing import CountySum, Group
from conversations.form.answers import Number, grouped
from conversations.form.main_figures import MAIN_FIGURES
from conversations.form.model import CellId
from conversations.wording import checks as check_wording
from conversations.wording import county_summing as wording


def head_lines(total: CountySum, most: int = 0) -> list[str]:
    """
    The organs in the sum and those missing: always the first lines.

    `most` limits the names of each kind, 0 means all.
    """
    lines = [wording.head(total.organ, total.year)]
    if not total.waited_for:
        return [*lines, wording.NOBODY_BELOW.format(organ=total.organ)]
    names = [missing.organ.organ for missing in total.missing]
    lines.append(wording.count_line(len(total.addends), total.waited_for, names, most))
    for line, organs in (
        (wording.unfinished_line, [addend.name for addend in total.unfinished]),
        (wording.wrong_line, [addend.name for addend, _ in total.wrong]),
        (wording.excused_line, [organ.organ for organ in total.excused]),
    ):
        if organs:
            lines.append(line(organs, most))
    if total.below_zero:
        lines.append(wording.below_zero_line(total.below_zero, most))
    if total.twice:
        lines.append(wording.twice([addend.name for addend in total.twice]))
    if not total.has_own_part:
        lines.append(wording.NO_OWN_PART)
    if not total.addends:
        lines.append(wording.NOBODY_REPORTED)
    return lines


def missing_lines(total: CountySum) -> list[str]:
    """Each missing organ with the reason."""
    return [
        f"· {missing.organ.organ}：{why_missing(total, place)}"
        for place, missing in enumerate(total.missing)
    ]


def why_missing(total: CountySum, place: int) -> str:
    """The reason why the organ at this place of the missing ones is missing."""
    missing = total.missing[place]
    return wording.why_missing(missing.why.value, missing.gaps, total.form)


def main_lines(total: CountySum) -> list[str]:
    """The main figures, with corrections."""
    if not total.cells:
        return []
    lines = []
    for figure in MAIN_FIGURES:
        if all(cell in total.cells for cell in figure.cells):
            plain = sum(total.cells[cell] for cell in figure.cells)
            result = sum(total.result[cell] for cell in figure.cells)
            lines.append(f"· {figure.name} {result_of(plain, result, f' {figure.unit}')}")
    return lines


def result_of(plain: Number, result: Number, unit: str = "") -> str:
    """«15», «15（更正后 14）», with its unit «15 件»."""
    if plain == result:
        return f"{grouped(plain)}{unit}"
    return wording.corrected_to(plain, result, unit)


def difference_lines(total: CountySum) -> list[str]:
    """Figures for which the county's own report differs, without totals."""
    return [
        wording.difference_line(found.cell, found.own, total.cells[found.cell], found.result)
        for found in total.differences
        if found.cell not in total.form.sums
    ]


def compared_lines(total: CountySum, count: int) -> list[str]:
    """The number of figures in which the own report differs, and of those it lacks."""
    if not total.own_open:
        return [wording.DIFFERENCES.format(count=count) if count else wording.SAME]
    told = wording.DIFFERENCES.format(count=count) if count else wording.SAME_SO_FAR
    return [wording.own_open(total.own_open), told]


def part_lines(total: CountySum, cell: CellId) -> list[str]:
    """The parts of a figure: 本级, 部门, 乡镇, sum, correction, result, own report, gap."""
    bridge = total.bridge(cell)
    lines = [
        f"{wording.GROUPS[group.value]} {grouped(bridge.parts[group])}"
        for group in Group
        if group in bridge.parts
    ]
    lines.append(f"{wording.SUM} {grouped(bridge.total)}")
    if correction := total.corrections.get(cell):
        said = wording.signed(correction.amount)
        lines.append(f"{wording.CORRECTED} {said}（{correction.reason}，{correction.by}）")
    elif bridge.correction:
        lines.append(f"{wording.CORRECTED} {wording.signed(bridge.correction)}")
    if bridge.result != bridge.total:
        lines.append(f"{wording.RESULT} {grouped(bridge.result)}")
    if bridge.own_report is not None:
        lines.append(f"{wording.OWN_REPORT} {grouped(bridge.own_report)}")
    if bridge.difference:
        lines.append(f"{wording.GAP} {wording.signed(bridge.difference)}")
    return lines


def as_text(total: CountySum) -> str:
    """The whole sum as text for a terminal."""
    lines = head_lines(total)
    if total.missing:
        lines += ["", wording.MISSING, *missing_lines(total)]
    if total.cells:
        lines += ["", wording.MAIN, *main_lines(total)]
        held_back = [cell for cell in total.cells if total.cells[cell] and total.why_not(cell)]
        if held_back:
            lines += ["", wording.NOT_AS_THEY_ARE]
            by_why: dict[str, list[CellId]] = {}
            for cell in held_back:
                by_why.setdefault(total.why_not(cell), []).append(cell)
            lines += [f"· {check_wording.places(cells)}：{why}" for why, cells in by_why.items()]
        if total.corrections:
            lines += ["", wording.CORRECTIONS]
            lines += [
                wording.correction_line(cell, correction.amount, correction.reason)
                for cell, correction in total.corrections.items()
            ]
        if total.own is not None:
            found = difference_lines(total)
            lines += ["", *compared_lines(total, len(found)), *found]
        arithmetic = [finding for finding in total.findings if finding.id != "S1"]
        if arithmetic:
            lines += ["", wording.DOES_NOT_ADD_UP]
            lines += [f"· [{finding.id}] {finding.message}" for finding in arithmetic]
    return "\n".join(lines) + "\n"
