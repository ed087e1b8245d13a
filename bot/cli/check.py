"""
`nianbao check`: the findings of a published report, or of a folder of them.

A folder is read by as many processes as the machine has cores; each file stands alone, and
one that cannot be read takes nothing from the others.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from bot.cli.show import findings_of
from bot.files.read import UnreadableFile, bytes_of, read_report, to_docx
from conversations.answers.parsing import format_number
from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade, Report
from conversations.document.read.understand import ReadReport, as_report
from conversations.document.write.content import width
from conversations.form import FORMS
from conversations.form.answers import Value
from conversations.form.model import CellId, Measure
from conversations.form.organ import guess_level
from conversations.wording import checks as wording

FINE, ERRORS, UNREADABLE = 0, 1, 2

# What in a folder may be a report; anything else is told and left alone. Pictures and
# archives are among them, so that a scanned report is said to be one.
REPORTS = frozenset(
    (
        *(".docx", ".doc", ".docm", ".wps", ".rtf", ".odt", ".txt", ".pdf"),
        *(".html", ".htm", ".shtml", ".mht", ".mhtml"),
        *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".zip", ".rar", ".7z"),
    )
)
POOL_FROM = 20  # files from which several processes are worth their start
MOST_FILES = 20_000
_DIGITS = re.compile(r"(\d+)")
_UNITS = {cell.id: cell.measure for form in FORMS.values() for cell in form.cells.values()}


@dataclass(frozen=True, slots=True)
class Checked:
    """
    One file and what came of it.

    `problem` is the sentence that says why there is nothing, else "". `notes` are
    remarks about the reading that are no findings.
    """

    file: str
    problem: str = ""
    read: ReadReport | None = None
    report: Report | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """The exit code of this file alone."""
        if self.read is None:
            return UNREADABLE
        return ERRORS if any(one.grade is Grade.E for one in self.findings) else FINE

    def count(self, grade: Grade) -> int:
        """How many findings of a grade."""
        return sum(one.grade is grade for one in self.findings)


# ------------------------------------------------------------------------ one report


def check_bytes(
    data: bytes,
    file: str,
    last: Callable[[int | None], tuple[Report | None, tuple[str, ...]]] | None = None,
    convert: Callable[[bytes, str], bytes] | None = None,
) -> Checked:
    """
    Read and check one file. `last` finds the report on the year before the given one.
    """
    try:
        found = read_report(data, Path(file).name, convert=convert)
    except UnreadableFile as error:
        return Checked(file, str(error))
    before, notes = last(found.year) if last else (None, ())
    report = seen_as_report(found, before)
    return Checked(file, "", found, report, check_report(report), notes)


def seen_as_report(found: ReadReport, last_year: Report | None = None) -> Report:
    """A published report as the checks see it, its organ's level by its name."""
    return replace(as_report(found, last_year), level=guess_level(found.organ))


def check_file(path: Path, last_year: Path | None = None) -> Checked:
    """Read and check one file, and compare it with last year's where that is given."""
    try:
        data = bytes_of(path)
        if last_year is None:
            return check_bytes(data, path.name)
        earlier = bytes_of(last_year)
    except UnreadableFile as error:
        failed = path if last_year is None or not path.is_file() else last_year
        return Checked(failed.name, str(error))

    def last(year: int | None) -> tuple[Report | None, tuple[str, ...]]:
        wanted = None if year is None else year - 1
        found = read_report(earlier, last_year.name, year=wanted)
        if wanted is not None and found.year not in {None, wanted}:
            note = wording.LAST_YEAR_OTHER.format(
                file=last_year.name, year=found.year, wanted=wanted
            )
            return None, (note.strip(),)
        report = seen_as_report(found)
        return (replace(report, year=wanted) if wanted else report), ()

    try:
        return check_bytes(data, path.name, last)
    except UnreadableFile as error:  # last year's
        return Checked(last_year.name, str(error))


def value_as_json(cell: CellId, value: Value) -> int | str:
    """A figure as `nianbao show --json` has it: counts as numbers, fees as text."""
    if isinstance(value, str):
        return value
    if _UNITS.get(cell) is Measure.FEE or value != int(value):
        return format_number(value)
    return int(value)


def as_json(checked: Checked) -> dict[str, Any]:
    """
    One report as `nianbao show --json`, with what was not read and what is doubtful.

    Totals are those in print; a blank figure is 0.
    """
    found, report = checked.read, checked.report
    if found is None or report is None:
        return {"file": checked.file, "error": checked.problem}
    order = {cell: index for index, cell in enumerate(found.claimed)}
    cells = sorted(found.values, key=lambda cell: order.get(cell, len(order)))
    signature = found.signature
    return {
        "file": checked.file,
        "organ": found.organ,
        "year": found.year,
        "edition": found.edition,
        "level": report.level.value,
        "status": "final",
        "title": list(found.title),
        "introduction": found.introduction or None,
        "signature": list(signature) if signature else None,
        "cells": {cell: value_as_json(cell, found.values[cell]) for cell in cells},
        "narratives": dict(found.narratives),
        "explanations": [],
        "findings": findings_of(checked.findings),
        "unread": list(found.unread),
        "doubtful": [
            {"cell": one.cell, "value": value_as_json(one.cell, one.value), "why": one.why}
            for one in found.doubtful
        ],
    }


def doubts_of(found: ReadReport) -> list[tuple[CellId, str, str]]:
    """What was read with doubt: cell, value, why."""
    return [(one.cell, str(value_as_json(one.cell, one.value)), one.why) for one in found.doubtful]


def as_text(checked: Checked) -> str:
    """One report for a person: what was read, then the findings by grade."""
    found, report = checked.read, checked.report
    if found is None or report is None:
        return wording.UNREADABLE.format(file=checked.file, why=checked.problem)
    lines = [
        wording.head(checked.file, found.organ, found.year, found.edition),
        *wording.reading_text(len(found.values), found.unread, doubts_of(found), found.leftover),
        *checked.notes,
        wording.summary(checked.findings),
        "",
        *wording.findings_text(checked.findings, report.form),
    ]
    return "\n".join(lines) + "\n"


# -------------------------------------------------------------------------- a folder


def files_of(folder: Path) -> tuple[list[Path], list[Path]]:
    """
    The files of a folder and the folders in it that may be reports, and the others.

    In the order a person would put them: `2` before `10`. Hidden files, those Word keeps
    beside an open document, and links to folders are passed over.
    """
    reports: list[Path] = []
    others: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        for name in names:
            if name.startswith((".", "~$")) or name.lower() in {"thumbs.db", "desktop.ini"}:
                continue
            path = Path(parent) / name
            ours = path.suffix.lower() in REPORTS and path.is_file()
            (reports if ours else others).append(path)
    reports.sort(key=lambda path: natural(path.relative_to(folder)))
    others.sort(key=lambda path: natural(path.relative_to(folder)))
    return reports[:MOST_FILES], others


def natural(path: Path) -> tuple[tuple[tuple[int, int | str], ...], ...]:
    """A key that puts 2 before 10."""
    return tuple(
        tuple((0, int(part)) if part.isdecimal() else (1, part) for part in _DIGITS.split(name))
        for name in path.parts
    )


@dataclass(frozen=True, slots=True)
class _Old:
    """A file that LibreOffice must turn into .docx first."""

    kind: str


class _NeedsOffice(Exception):  # noqa: N818
    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def _not_here(_data: bytes, kind: str) -> bytes:
    """In a worker no LibreOffice is started: the parent does it."""
    raise _NeedsOffice(kind)


def _work(path: Path, shown: str) -> Checked | _Old:
    """One file, in a process of the pool."""
    try:
        return check_bytes(bytes_of(path), shown, convert=_not_here)
    except UnreadableFile as error:
        return Checked(shown, str(error))
    except _NeedsOffice as error:
        return _Old(error.kind)
    except Exception:  # noqa: BLE001  # one file's trouble must not end the folder
        return Checked(shown, wording.BROKEN_OFF)


def _convert_and_check(path: Path, shown: str, kind: str) -> Checked:
    try:
        modern = to_docx(bytes_of(path), kind)
    except UnreadableFile as error:
        return Checked(shown, str(error))
    done = _work_on(modern, shown)
    return Checked(shown, wording.BROKEN_OFF) if isinstance(done, _Old) else done


def _work_on(data: bytes, shown: str) -> Checked | _Old:
    try:
        return check_bytes(data, shown, convert=_not_here)
    except _NeedsOffice as error:
        return _Old(error.kind)
    except Exception:  # noqa: BLE001  # as above
        return Checked(shown, wording.BROKEN_OFF)


def check_folder(
    folder: Path,
    files: Sequence[Path],
    *,
    processes: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Checked]:
    """
    Check every file; the results stand in the order of `files`.

    Args:
        folder: What the names that are shown are relative to.
        files: The files.
        processes: How many to use; by default one for a few files, else one a core.
        progress: Told how many are done.
    """
    shown = [str(path.relative_to(folder)) for path in files]
    if processes is None:
        processes = 1 if len(files) <= POOL_FROM else min(os.cpu_count() or 1, 16)
    done: dict[int, Checked | _Old] = {}
    if processes == 1:
        for index, path in enumerate(files):
            done[index] = _work(path, shown[index])
            progress(len(done))
    else:
        # What every process needs is loaded once, here, before they part.
        import conversations.document.read.docx
        import conversations.document.read.html
        import conversations.document.read.pdf  # noqa: F401

        for index, result in _in_pool(list(enumerate(zip(files, shown, strict=True))), processes):
            done[index] = result
            progress(len(done))
    old = {index: one for index, one in done.items() if isinstance(one, _Old)}
    with ThreadPoolExecutor(2) as pool:
        converted = pool.map(
            lambda index: _convert_and_check(files[index], shown[index], old[index].kind), old
        )
        done.update(zip(old, converted, strict=True))
    return [one for _, one in sorted(done.items()) if isinstance(one, Checked)]


def _in_pool(
    jobs: list[tuple[int, tuple[Path, str]]], processes: int
) -> Iterator[tuple[int, Checked | _Old]]:
    """
    Every job's result as it comes. A process that dies takes its whole pool along; the
    files that were not done are then read one at a time, so that only the one that kills
    its process is lost.
    """
    left = dict(jobs)
    with ProcessPoolExecutor(min(processes, max(1, len(jobs)))) as pool:
        waiting: dict[Future[Checked | _Old], int] = {
            pool.submit(_work, *job): index for index, job in jobs
        }
        for future in as_completed(waiting):
            try:
                result = future.result()
            except BrokenProcessPool:
                continue
            index = waiting[future]
            del left[index]
            yield index, result
    for index, (path, shown) in left.items():
        with ProcessPoolExecutor(1) as pool:
            try:
                yield index, pool.submit(_work, path, shown).result()
            except BrokenProcessPool:
                yield index, Checked(shown, wording.BROKEN_OFF)


def folder_code(results: Sequence[Checked]) -> int:
    """1 if any has an error, else 2 if any could not be read, else 0."""
    codes = {one.code for one in results}
    return ERRORS if ERRORS in codes else max(codes, default=FINE)


def folder_rows(results: Sequence[Checked]) -> list[tuple[str | int | None, ...]]:
    """The table of a folder, a row a file."""
    rows: list[tuple[str | int | None, ...]] = []
    for one in results:
        if one.read is None:
            rows.append((one.file, "", None, "", None, None, None, one.problem))
            continue
        told = []
        if one.read.unread:
            told.append(f"没有读到 {len(one.read.unread)} 格")
        if one.read.doubtful:
            told.append(f"存疑 {len(one.read.doubtful)} 格")
        counts = [one.count(grade) for grade in Grade]
        rows.append(
            (one.file, one.read.organ, one.read.year, one.read.edition, *counts, "，".join(told))
        )
    return rows


def folder_text(results: Sequence[Checked], others: Sequence[str]) -> str:
    """The table of a folder for a terminal, with what is left to say under it."""
    rows = [wording.FOLDER_HEAD, *folder_rows(results)]
    texts = [
        ["" if value is None else " ".join(str(value).split()) for value in row] for row in rows
    ]
    widths = [max(width(row[column]) for row in texts) for column in range(len(texts[0]))]
    widths[-1] = 0
    lines = [
        "  ".join(
            text + " " * (wide - width(text)) for text, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in texts
    ]
    lines.append("")
    lines += doubles(results)
    if others:
        lines.append(wording.not_checked(others))
    lines.append(
        wording.folder_summary(
            len(results),
            sum(one.code == ERRORS for one in results),
            sum(one.code == UNREADABLE for one in results),
        )
    )
    return "\n".join(lines) + "\n"


def doubles(results: Sequence[Checked]) -> list[str]:
    """A sentence for every organ that has several files of one year."""
    found: dict[tuple[str, int], list[str]] = {}
    for one in results:
        if one.read and one.read.organ and one.read.year:
            found.setdefault((one.read.organ, one.read.year), []).append(one.file)
    return [wording.twice(*key, files) for key, files in found.items() if len(files) > 1]


# ----------------------------------------------------------------------- spreadsheet


def as_xlsx(results: Sequence[Checked]) -> bytes:
    """The findings and the overview as a spreadsheet."""
    from bot.files.spreadsheet import Scalar, Sheet, workbook

    def findings() -> Iterator[tuple[Scalar, ...]]:
        for one in results:
            if one.read is None or one.report is None:
                continue
            for finding in one.findings:
                yield (
                    one.file,
                    one.read.organ,
                    one.read.year,
                    finding.id,
                    finding.grade.value,
                    finding.message,
                    wording.place_of(finding, one.report.form),
                    len(finding.cells),
                    "\n".join(finding.cells[:50]),
                )

    def unread() -> Iterator[tuple[Scalar, ...]]:
        for one in results:
            if one.read is None:
                continue
            known = (one.file, one.read.organ, one.read.year)
            for cell in one.read.unread:
                yield (*known, "没有读到", wording.cell_name(cell), None, "", cell)
            for cell, value, why in doubts_of(one.read):
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


# ------------------------------------------------------------------------ the command


def run(
    target: Path,
    *,
    last_year: Path | None = None,
    json_wanted: bool = False,
    xlsx: Path | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """`nianbao check`; the result is the exit code."""
    out, err = out or sys.stdout, err or sys.stderr
    if target.is_dir():
        if last_year is not None:
            err.write(wording.LAST_YEAR_OF_FOLDER)
            return UNREADABLE
        files, others = files_of(target)
        if not files:
            err.write(wording.EMPTY_FOLDER.format(file=target))
            return UNREADABLE
        results = check_folder(target, files, progress=_progress(len(files), err))
        names = [str(path.relative_to(target)) for path in others if path != xlsx]
        if json_wanted:
            _write_json([as_json(one) for one in results], out)
        else:
            out.write(folder_text(results, names))
        code = folder_code(results)
    else:
        if not target.exists():
            err.write(wording.NO_SUCH.format(file=target))
            return UNREADABLE
        one = check_file(target, last_year)
        results = [one]
        code = one.code
        if one.read is None:
            err.write(wording.UNREADABLE.format(file=one.file, why=one.problem))
        elif json_wanted:
            _write_json(as_json(one), out)
            err.writelines(f"{note}\n" for note in one.notes)
        else:
            out.write(as_text(one))
    if xlsx is not None and not _write(xlsx, results, err):
        return UNREADABLE
    return code


def _write_json(value: object, out: TextIO) -> None:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value)
    out.write(text + "\n")


def _progress(total: int, err: TextIO) -> Callable[[int], None]:
    """A line that counts, where somebody looks at it."""
    if total <= POOL_FROM or not err.isatty():
        return lambda _: None

    def tell(done: int) -> None:
        err.write(f"\r{done}/{total}" if done < total else "\r" + " " * 20 + "\r")
        err.flush()

    return tell


def _write(target: Path, results: Sequence[Checked], err: TextIO) -> bool:
    from bot.files.documents import write

    try:
        write(target.parent, target.name, as_xlsx(results))
    except OSError:
        err.write(wording.XLSX_FAILED.format(file=target))
        return False
    err.write(wording.XLSX_WRITTEN.format(file=target))
    return True
