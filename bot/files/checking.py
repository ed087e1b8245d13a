"""
Published reports read and checked: one file, or all those in a folder.

A folder is read by as many processes as the machine has cores; each file stands alone, and
one that cannot be read takes nothing from the others.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.files.read import UnreadableFile, bytes_of, read_report, to_docx
from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade, Report
from conversations.document.read.report import ReadReport, as_report
from conversations.form.organ import guess_level
from conversations.wording import checks as wording

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


@dataclass(frozen=True, slots=True)
class Checked:
    """
    One file and what came of it.

    `problem` is the sentence that says why there is nothing, else "". `last_problem` is the
    one that says why last year's file could not be compared. `notes` are remarks about the
    reading that are no findings.
    """

    file: str
    problem: str = ""
    read: ReadReport | None = None
    report: Report | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    last_problem: str = ""

    @property
    def whole(self) -> bool:
        """Whether everything was read that was to be."""
        return self.read is not None and not self.read.unread and not self.last_problem

    @property
    def wrong(self) -> bool:
        """Whether something must be mended."""
        return self.count(Grade.E) > 0

    def count(self, grade: Grade) -> int:
        """How many findings of a grade."""
        return sum(finding.grade is grade for finding in self.findings)


# ------------------------------------------------------------------------ one report


def check_bytes(
    data: bytes, file: str, convert: Callable[[bytes, str], bytes] | None = None
) -> Checked:
    """Read and check one file by itself."""
    try:
        read = read_report(data, Path(file).name, convert=convert)
    except UnreadableFile as error:
        return Checked(file, str(error))
    report = seen_as_report(read)
    return Checked(file, "", read, report, check_report(report))


def seen_as_report(read: ReadReport, last_year: Report | None = None) -> Report:
    """A published report as the checks see it, its organ's level by its name."""
    return replace(as_report(read, last_year), level=guess_level(read.organ))


def check_file(path: Path, last_year: Path | None = None) -> Checked:
    """Read and check one file, and compare it with last year's where that is given."""
    try:
        checked = check_bytes(bytes_of(path), path.name)
    except UnreadableFile as error:
        return Checked(path.name, str(error))
    if last_year is None or checked.read is None:
        return checked
    wanted = None if checked.read.year is None else checked.read.year - 1
    try:
        read = read_report(bytes_of(last_year), last_year.name, year=wanted)
    except UnreadableFile as error:
        return replace(
            checked, last_problem=wording.UNREADABLE.format(file=last_year.name, why=error)
        )
    if wanted is not None and read.year not in {None, wanted}:
        note = wording.LAST_YEAR_OTHER.format(file=last_year.name, year=read.year, wanted=wanted)
        return replace(checked, notes=(note.strip(),))
    last = seen_as_report(read)
    report = seen_as_report(checked.read, replace(last, year=wanted) if wanted else last)
    return replace(checked, report=report, findings=check_report(report))


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
        folder: What the names that are told are relative to.
        files: The files.
        processes: How many to use; by default one for a few files, else one a core.
        progress: Told how many are done.
    """
    jobs = [(path, str(path.relative_to(folder))) for path in files]
    if processes is None:
        processes = 1 if len(files) <= POOL_FROM else min(os.cpu_count() or 1, 16)
    results: Iterator[tuple[int, Checked | _Old]] = (
        ((index, _work(*job)) for index, job in enumerate(jobs))
        if processes == 1
        else _in_pool(jobs, processes)
    )
    done: dict[int, Checked | _Old] = {}
    for index, result in results:
        done[index] = result
        progress(len(done))
    old = {index: result.kind for index, result in done.items() if isinstance(result, _Old)}
    with ThreadPoolExecutor(2) as pool:
        converted = pool.map(lambda index: _convert_and_check(*jobs[index], kind=old[index]), old)
        done.update(zip(old, converted, strict=True))
    return [result for _, result in sorted(done.items()) if isinstance(result, Checked)]


@dataclass(frozen=True, slots=True)
class _Old:
    """A file that LibreOffice must turn into .docx first."""

    kind: str


class _NeedsOffice(Exception):  # noqa: N818
    """Raised with the kind of the file."""


def _not_here(_data: bytes, kind: str) -> bytes:
    """In a worker no LibreOffice is started: the parent does it."""
    raise _NeedsOffice(kind)


def _work(path: Path, name: str) -> Checked | _Old:
    """One file, in a process of the pool."""
    try:
        return _check(bytes_of(path), name)
    except UnreadableFile as error:
        return Checked(name, str(error))


def _convert_and_check(path: Path, name: str, *, kind: str) -> Checked:
    try:
        result = _check(to_docx(bytes_of(path), kind), name)
    except UnreadableFile as error:
        return Checked(name, str(error))
    return result if isinstance(result, Checked) else Checked(name, wording.BROKEN_OFF)


def _check(data: bytes, name: str) -> Checked | _Old:
    try:
        return check_bytes(data, name, convert=_not_here)
    except _NeedsOffice as error:
        return _Old(str(error))
    except Exception:  # noqa: BLE001  # one file's trouble must not end the folder
        return Checked(name, wording.BROKEN_OFF)


def _in_pool(
    jobs: Sequence[tuple[Path, str]], processes: int
) -> Iterator[tuple[int, Checked | _Old]]:
    """
    Every job's result as soon as it is there, with its index.

    A process that dies takes its whole pool along; the files that were not done are then
    read one at a time, so that only the one that kills its process is lost.
    """
    # What every process needs is loaded once, here, before they part.
    import conversations.document.read.docx
    import conversations.document.read.html
    import conversations.document.read.pdf  # noqa: F401

    left = dict(enumerate(jobs))
    with ProcessPoolExecutor(min(processes, max(1, len(jobs)))) as pool:
        waiting: dict[Future[Checked | _Old], int] = {}
        # A process may die while files are still being handed in.
        with suppress(BrokenProcessPool):
            for index, job in left.items():
                waiting[pool.submit(_work, *job)] = index
        for future in as_completed(waiting):
            try:
                result = future.result()
            except BrokenProcessPool:
                continue
            index = waiting[future]
            del left[index]
            yield index, result
    for index, job in left.items():
        with ProcessPoolExecutor(1) as pool:
            try:
                yield index, pool.submit(_work, *job).result()
            except BrokenProcessPool:
                yield index, Checked(job[1], wording.BROKEN_OFF)
