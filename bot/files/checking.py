"""
Reading and checking published reports: one file, or all files in a folder.

A child reads and checks each file separately: an unreadable one does not affect the others.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePath

from bot.files import child
from bot.files.read import bytes_of, in_child, read_report, report_in, sentences
from bot.files.unreadable import UnreadableFile
from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade, Report
from conversations.document.read.report import ReadReport, as_report
from conversations.form.organ import Level, guess_level
from conversations.wording import checks as wording

# Possible reports in a folder; other files are named and left alone. Pictures and archives count,
# so that a scanned report is reported as one.
REPORTS = frozenset(
    (
        *(".docx", ".doc", ".docm", ".wps", ".rtf", ".odt", ".txt", ".pdf"),
        *(".html", ".htm", ".shtml", ".mht", ".mhtml", ".ofd", ".pages"),
        *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".zip", ".rar", ".7z"),
    )
)
MOST_FILES = 20_000
# Names with these beginnings are left out: hidden files, temporary files of Word.
IGNORED = (".", "~$", "thumbs.db", "desktop.ini")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Checked:
    """
    One file and its result.

    `problem` is the sentence why it could not be read, else "". `last_problem` is the sentence why
    last year's file could not be compared. `notes` are remarks about the reading that are no
    findings. `digest` is the SHA-256 of the file.
    """

    file: str
    problem: str = ""
    read: ReadReport | None = None
    report: Report | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    last_problem: str = ""
    digest: str = ""

    @property
    def whole(self) -> bool:
        """Whether everything was read."""
        if self.read is None or self.last_problem or self.read.reports_in_file > 1:
            return False
        return not any(lost.cells or lost.there for lost in self.read.lost)

    @property
    def wrong(self) -> bool:
        """Whether something must be corrected."""
        return self.count(Grade.E) > 0

    def count(self, grade: Grade) -> int:
        """The number of findings of a grade."""
        return sum(finding.grade is grade for finding in self.findings)


# ------------------------------------------------------------------------ one report


def check_bytes(data: bytes, file: str) -> Checked:
    """Read and check one file on its own."""
    digest = digest_of(data)
    try:
        read, findings = in_child(checked_report, data, Path(file).name)
    except UnreadableFile as error:
        return Checked(file, str(error), digest=digest)
    return Checked(file, "", read, seen_as_report(read), findings, digest=digest)


def digest_of(data: bytes) -> str:
    """The SHA-256 of a file, as digits."""
    return sha256(data).hexdigest()


def checked_report(data: bytes, name: str) -> tuple[ReadReport, tuple[Finding, ...]]:
    """
    The report in a file and its findings. For a child.

    Raises:
        UnreadableFile: With the sentence that says why.
        NeedsConversion: LibreOffice has to convert it.
    """
    read = report_in(data, name)
    return read, check_report(seen_as_report(read))


def seen_as_report(read: ReadReport, last_year: Report | None = None) -> Report:
    """A published report as the checks need it; the level from its organ's name."""
    return replace(as_report(read, last_year), level=guess_level(read.organ))


def check_file(path: Path, last_year: Path | None = None) -> Checked:
    """Read and check one file, and compare it with last year's if that is given."""
    try:
        checked = check_bytes(bytes_of(path), path.name)
    except UnreadableFile as error:
        return Checked(path.name, str(error))
    if last_year is None or checked.read is None:
        return checked
    wanted = None if checked.read.year is None else checked.read.year - 1
    try:
        read = read_report(bytes_of(last_year), last_year.name, year=wanted)
        with sentences():
            findings = child.run(findings_beside, checked.read, read)
    except UnreadableFile as error:
        return replace(
            checked, last_problem=wording.UNREADABLE.format(file=last_year.name, why=error)
        )
    if wanted is not None and read.year not in {None, wanted}:
        note = wording.LAST_YEAR_OTHER.format(file=last_year.name, year=read.year, wanted=wanted)
        return replace(checked, notes=(note.strip(),))
    report = beside_last_year(checked.read, read)
    return replace(checked, report=report, findings=findings)


def beside_last_year(read: ReadReport, last: ReadReport) -> Report:
    """A published report as the checks need it, with the one of the year before."""
    year = last.year if read.year is None else read.year - 1
    return seen_as_report(read, replace(seen_as_report(last), year=year or 0))


def findings_beside(read: ReadReport, last: ReadReport) -> tuple[Finding, ...]:
    """The findings about both. For a child."""
    return check_report(beside_last_year(read, last))


def findings_after(read: ReadReport, level: Level, last: Report | None) -> tuple[Finding, ...]:
    """
    The findings for the report of an organ of this level. For a child.

    `last` is the stored report of the year before, if any.
    """
    return check_report(replace(seen_as_report(read, last), level=level))


# -------------------------------------------------------------------------- a folder


def may_be_report(name: str) -> bool:
    """Whether a file with this name is read."""
    return PurePath(name).suffix.lower() in REPORTS


def files_of(folder: Path) -> tuple[list[Path], list[Path]]:
    """
    The possible reports in a folder and its subfolders, and the other files.

    In natural order: `2` before `10`. Hidden files, Word's temporary files, and links to folders
    are left out.
    """
    reports: list[Path] = []
    others: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        for name in names:
            if name.lower().startswith(IGNORED):
                continue
            path = Path(parent) / name
            ours = may_be_report(name) and path.is_file()
            (reports if ours else others).append(path)
    reports.sort(key=lambda path: natural(path.relative_to(folder)))
    others.sort(key=lambda path: natural(path.relative_to(folder)))
    return reports[:MOST_FILES], others


def natural(path: Path) -> tuple[tuple[tuple[int, int | str], ...], ...]:
    """A sort key that puts 2 before 10."""
    return tuple(
        tuple((0, int(part)) if part.isdecimal() else (1, part) for part in _DIGITS.split(name))
        for name in path.parts
    )


def check_folder(
    folder: Path, files: Sequence[Path], *, progress: Callable[[int], None] = lambda _: None
) -> tuple[list[Checked], bool]:
    """
    Check every file; names are shown relative to `folder`.

    Returns:
        As `check_each`.
    """
    named = [(str(path.relative_to(folder)), partial(bytes_of, path)) for path in files]
    return check_each(named, progress=progress)


def check_each(
    files: Iterable[tuple[str, Callable[[], bytes]]],
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[list[Checked], bool]:
    """
    Check every file, as many at once as the machine has cores.

    Args:
        files: The name of each, and a function that loads its bytes when its turn comes.
        progress: Called with the number of files done.

    Returns:
        The results, in the order of `files`, and whether they are complete: Ctrl-C ends it.
    """
    with ThreadPoolExecutor(child.AT_ONCE) as pool:
        waiting = [pool.submit(_check, load, name) for name, load in files]
        try:
            for done, _ in enumerate(as_completed(waiting), 1):
                progress(done)
        except KeyboardInterrupt:
            # The rest is short: a second Ctrl-C would lose the results.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            results = [each.result() for each in waiting if each.done()]
            pool.shutdown(wait=False, cancel_futures=True)
            child.end()
            while not all(each.done() for each in waiting):
                time.sleep(0.02)
                child.end()  # a file that has just come back from LibreOffice begins anew
            return results, False
    return [each.result() for each in waiting], True


def _check(load: Callable[[], bytes], name: str) -> Checked:
    try:
        return check_bytes(load(), name)
    except UnreadableFile as error:
        return Checked(name, str(error))
