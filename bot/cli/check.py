"""`nianbao check`: the findings of a published report, or of a folder of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.cli import frame
from bot.cli.values import findings_as_json, remarks_as_json, value_as_json
from bot.files.checking import Checked, check_file, check_folder, files_of
from conversations.checks import read_in_texts
from conversations.checks.findings import Grade
from conversations.checks.texts.statements import Statement
from conversations.document.read.report import ReadReport
from conversations.form import FORMS
from conversations.form.model import CellId, ItemId
from conversations.wording import checks as wording

EXAMPLES = (
    "nianbao check 年报.docx --last-year 上年年报.docx",
    "nianbao check 文件夹 --xlsx 结果.xlsx",
)
EXIT_CODES = {
    frame.FINE: "全部读完，没有必须改正的",
    frame.FINDINGS: "全部读完，至少一处必须改正",
    frame.REFUSED: "有文件读不了，或只读了一部分",
    frame.UNFINISHED: "没有核对完就按了 Ctrl-C",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What to check, what to compare it with, and the output format."""
    parser.add_argument("target", metavar="文件或文件夹", type=Path)
    parser.add_argument("--last-year", type=Path, metavar="文件", help="同一机关上年年报的文件")
    frame.add_json(parser)
    parser.add_argument("--explain", action="store_true", help="列出正文里读到的数字和依据")
    parser.add_argument("--xlsx", type=Path, metavar="文件", help="结果另存为表格")


def run(options: argparse.Namespace) -> int:
    """Print the results; returns the code of all files together."""
    target: Path = options.target
    results, all_done = _folder(options) if target.is_dir() else (_file(options), True)
    if options.xlsx is not None:
        frame.write_results(options.xlsx, as_xlsx(results))
    if not all_done:
        return frame.UNFINISHED
    if not all(result.whole for result in results):
        return frame.REFUSED
    return frame.FINDINGS if any(result.wrong for result in results) else frame.FINE


def _file(options: argparse.Namespace) -> list[Checked]:
    if not options.target.exists():
        raise frame.Refused(wording.NO_SUCH.format(file=options.target).rstrip())
    with frame.working():
        checked = check_file(options.target, options.last_year)
    sys.stderr.write(checked.last_problem)
    if checked.read is None:
        file = frame.shown(checked.file)
        sys.stderr.write(wording.UNREADABLE.format(file=file, why=checked.problem))
    elif options.json:
        told = report_as_json(checked)
        if options.explain and checked.report:
            told["statements"] = [
                statement_as_json(item, said) for item, said in read_in_texts(checked.report)
            ]
        frame.say_json(told)
        sys.stderr.writelines(f"{note}\n" for note in checked.notes)
    elif not checked.last_problem:
        frame.say(as_text(named(checked)))
        if options.explain and checked.report:
            form = checked.report.form
            read = ((form.name_of(item), said) for item, said in read_in_texts(checked.report))
            lines = wording.explained_text(read)
            frame.say("\n".join(lines) + "\n")
    return [checked]


def _folder(options: argparse.Namespace) -> tuple[list[Checked], bool]:
    """The checked files, and whether they are complete."""
    folder: Path = options.target
    if options.last_year is not None:
        raise frame.Refused(wording.LAST_YEAR_OF_FOLDER.rstrip())
    files, others = files_of(folder)
    if not files:
        raise frame.Refused(wording.EMPTY_FOLDER.format(file=folder).rstrip())
    results, all_done = check_folder(folder, files, progress=frame.progress(len(files)))
    if not all_done:
        sys.stderr.write(wording.INTERRUPTED.format(done=len(results), total=len(files)))
    if options.json:
        frame.say_json([report_as_json(result) for result in results])
    else:
        names = [
            frame.shown(str(path.relative_to(folder))) for path in others if path != options.xlsx
        ]
        frame.say(folder_text([named(result) for result in results], names))
    return results, all_done


def named(checked: Checked) -> Checked:
    """For people: nothing in a file's name stays invisible."""
    return replace(checked, file=frame.shown(checked.file))


# ------------------------------------------------------------------------ one report


def report_as_json(checked: Checked) -> dict[str, Any]:
    """
    One report as in `nianbao show --json`, with unread and doubtful parts.

    Totals are those in print; a blank figure is 0.
    """
    read, report = checked.read, checked.report
    if read is None or report is None:
        return {"file": checked.file, "error": checked.problem}
    order = {cell: index for index, cell in enumerate(read.claimed)}
    cells = sorted(read.values, key=lambda cell: order.get(cell, len(order)))
    signature = read.signature
    return {
        "file": checked.file,
        "organ": read.organ,
        "year": read.year,
        "edition": read.edition,
        "level": report.level.value,
        "status": "final",
        "title": list(read.title),
        "introduction": read.introduction or None,
        "signature": list(signature) if signature else None,
        "cells": {cell: value_as_json(cell, read.values[cell]) for cell in cells},
        "narratives": dict(read.narratives),
        **remarks_as_json(read.remarks),
        "explanations": [],
        "findings": findings_as_json(checked.findings),
        "unread": list(read.unread),
        "not_read": wording.not_read(read.lost, report.form, read.reports_in_file),
        "doubtful": [
            {"cell": doubt.cell, "value": value_as_json(doubt.cell, doubt.value), "why": doubt.why}
            for doubt in read.doubtful
        ],
    }


def statement_as_json(item: ItemId, said: Statement) -> dict[str, Any]:
    """
    A figure read in a text; `veto` is the word, and its kind, because of which it does not count.

    `doubt` is the unknown word that makes it only likely.
    """
    return {
        "narrative": item,
        "quote": said.quote,
        "name": said.name,
        "number": int(said.number) if said.number == int(said.number) else str(said.number),
        "cells": [list(group) for group in said.cells],
        "sure": said.sure,
        "doubt": said.doubt or None,
        "veto": {"kind": said.veto.kind, "word": said.veto.text} if said.veto else None,
    }


def doubts_of(read: ReadReport) -> list[tuple[CellId, str, str]]:
    """Doubtful readings: cell, value, why."""
    return [
        (doubt.cell, str(value_as_json(doubt.cell, doubt.value)), doubt.why)
        for doubt in read.doubtful
    ]


def as_text(checked: Checked) -> str:
    """One report for a person: what was read, then the findings by grade."""
    read, report = checked.read, checked.report
    if read is None or report is None:
        return wording.UNREADABLE.format(file=checked.file, why=checked.problem)
    lost = wording.not_read(read.lost, report.form, read.reports_in_file)
    lines = [
        *([lost] if lost else []),
        wording.head(checked.file, read.organ, read.year, read.edition),
        *wording.reading_text(len(read.values), read.unread, doubts_of(read), read.leftover),
        *checked.notes,
        wording.summary(checked.findings),
        "",
        *wording.findings_text(checked.findings, report.form, whole=not lost),
    ]
    return "\n".join(lines) + "\n"


# -------------------------------------------------------------------------- a folder


def folder_rows(results: Sequence[Checked]) -> list[tuple[str | int | None, ...]]:
    """The table of a folder, one row per file."""
    rows: list[tuple[str | int | None, ...]] = []
    for result in results:
        if result.read is None:
            rows.append((result.file, "", None, "", None, None, None, result.problem))
            continue
        form = FORMS[result.read.edition]
        lost = wording.not_read(result.read.lost, form, result.read.reports_in_file)
        told = [lost.rstrip("。")] if lost else []
        if result.read.doubtful:
            told.append(f"存疑 {len(result.read.doubtful)} 格")
        counts = [result.count(grade) for grade in Grade]
        rows.append(
            (
                result.file,
                result.read.organ,
                result.read.year,
                result.read.edition,
                *counts,
                "；".join(told),
            )
        )
    return rows


def folder_text(results: Sequence[Checked], others: Sequence[str]) -> str:
    """The table of a folder for a terminal, with further notes."""
    lines = frame.aligned([wording.FOLDER_HEAD, *folder_rows(results)])
    lines.append("")
    lines += doubles(results)
    if others:
        lines.append(wording.not_checked(others))
    lines.append(
        wording.folder_summary(
            len(results),
            sum(result.wrong for result in results),
            sum(result.read is None for result in results),
        )
    )
    return "\n".join(lines) + "\n"


def doubles(results: Sequence[Checked]) -> list[str]:
    """A sentence for every organ with several files of one year."""
    files: dict[tuple[str, int], list[str]] = {}
    for result in results:
        if result.read and result.read.organ and result.read.year:
            files.setdefault((result.read.organ, result.read.year), []).append(result.file)
    return [wording.twice(*key, names) for key, names in files.items() if len(names) > 1]


# ----------------------------------------------------------------------- spreadsheet


def as_xlsx(results: Sequence[Checked]) -> bytes:
    """The findings and the overview as a spreadsheet."""
    from bot.files.spreadsheet import Scalar, Sheet, workbook

    def findings() -> Iterator[tuple[Scalar, ...]]:
        for result in results:
            if result.read is None or result.report is None:
                continue
            for finding in result.findings:
                yield (
                    result.file,
                    result.read.organ,
                    result.read.year,
                    finding.id,
                    finding.grade.value,
                    finding.message,
                    wording.place_of(finding, result.report.form),
                    len(finding.cells),
                    "\n".join(finding.cells[:50]),
                )

    def unread() -> Iterator[tuple[Scalar, ...]]:
        for result in results:
            if result.read is None:
                continue
            known = (result.file, result.read.organ, result.read.year)
            for cell in result.read.unread:
                yield (*known, "没有读到", wording.cell_name(cell), None, "", cell)
            for cell, value, why in doubts_of(result.read):
                yield (*known, "存疑", wording.cell_name(cell), value, why, cell)

    overview, problems, doubtful = wording.SHEETS
    return workbook(
        (
            Sheet(
                overview, wording.FOLDER_HEAD, folder_rows(results), (44, 30, 8, 8, 10, 10, 8, 50)
            ),
            Sheet(problems, wording.FINDINGS_HEAD, findings(), (36, 26, 8, 7, 10, 70, 40, 7, 50)),
            Sheet(doubtful, wording.UNREAD_HEAD, unread(), (36, 26, 8, 10, 30, 12, 40, 50)),
        )
    )
