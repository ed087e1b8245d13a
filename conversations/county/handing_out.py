"""
The files that a county hands out: each organ's final document and figures, or why not.

Final are finished reports of organs without a leader, approved or published ones, and files that
organs have sent. All others that are waited for are listed, and never handed out as if they were
final.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from conversations.county.status import FILE, CountyOrgan, Progress
from conversations.document.write.content import file_name
from conversations.form import Form
from conversations.form.answers import Number
from conversations.form.model import Cell, CellId, LineKind, Table
from conversations.form.organ import Level

FINAL = frozenset({Progress.FINISHED, Progress.APPROVED, Progress.PUBLISHED})
LEVELS = (Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.BUREAU, Level.UNKNOWN)
LONGEST_EXTENSION = 6


@dataclass(frozen=True, slots=True)
class HandedOut:
    """
    One organ among those handed out.

    `progress` is its state when it was read; if it is `final`, its document is handed out.
    `figures` are its figures with computed totals; `edition` is that of its form, "" without a
    report. `local` are the figures that its task asks beyond the form: name, unit, and the figure,
    None if unanswered. `in_tables` says that its form is that of the year, so that its figures are
    in the tables of all.
    """

    organ: CountyOrgan
    progress: Progress
    edition: str = ""
    figures: Mapping[CellId, Number] = field(default_factory=dict)
    fingerprint: str = ""
    local: tuple[tuple[str, str, Number | None], ...] = ()
    in_tables: bool = True

    @property
    def name(self) -> str:
        """The name on the report, else the organ's name."""
        return self.organ.report.name if self.organ.report else self.organ.organ

    @property
    def final(self) -> bool:
        """Whether its document is a final one."""
        return self.progress in FINAL

    @property
    def is_file(self) -> bool:
        """Whether its document is a file that the organ has sent."""
        report = self.organ.report
        return report is not None and report.source == FILE and report.file is not None

    @property
    def publication(self) -> Mapping[str, str]:
        """Its publication: `address` or `file`, `date`; empty before it."""
        report = self.organ.report
        return report.note if report and self.progress is Progress.PUBLISHED else {}

    @property
    def address(self) -> str:
        """The place of its publication."""
        return self.publication.get("address") or self.publication.get("file", "")

    @property
    def missing(self) -> bool:
        """Whether a final document is waited for and missing."""
        return self.organ.counts_in and not self.final


@dataclass(frozen=True, slots=True)
class Packed:
    """
    The content of an archive for one organ.

    `path` is the path of its file, "" for none, `mark` the SHA-256 of the file; `failed` says that
    a final document could not be made.
    """

    out: HandedOut
    path: str = ""
    mark: str = ""
    failed: bool = False

    @property
    def missing(self) -> bool:
        """Whether a document is waited for and not in the archive."""
        return self.failed or self.out.missing


def in_order(organs: Iterable[CountyOrgan]) -> list[CountyOrgan]:
    """The organs by kind, then by name, as in folders and tables."""
    return sorted(organs, key=lambda organ: (LEVELS.index(organ.level), organ.organ))


def document_name(out: HandedOut, year: int) -> str:
    """The file name of a final document; a file that was sent keeps its extension, not its name."""
    extension = ".docx"
    if out.is_file:
        assert out.organ.report is not None
        assert out.organ.report.file is not None
        extension = extension_of(out.organ.report.file.name)
    return file_name(out.name, year, extension=extension)


def extension_of(name: str) -> str:
    """The extension of a given name (`.docx`), "" if it is unusual."""
    ending = name.rpartition(".")[2].lower()
    plain = ending.isascii() and ending.isalnum() and len(ending) <= LONGEST_EXTENSION
    return f".{ending}" if plain and ending != name.lower() else ""


def apart(path: str, taken: set[str]) -> str:
    """A path that differs from all in `taken` on every system; it is added to them."""
    stem, dot, extension = path.rpartition(".")
    if not dot:
        stem, extension = path, ""
    number, name = 1, path
    while name.lower() in taken:
        number += 1
        name = f"{stem}（{number}）{dot}{extension}"
    taken.add(name.lower())
    return name


# ---- the meaning of figures ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    The meaning of a figure of the form: an entry of the data dictionary.

    `row` and `column` are the printed labels, `counts` says what is counted (口径), `source` is the
    article of law; `computed` figures are never typed.
    """

    cell: Cell
    table: str
    row: str
    column: str
    computed: bool
    counts: str
    source: str

    @property
    def name(self) -> str:
        """Row and column together."""
        return f"{self.row} · {self.column}"


def meanings(form: Form) -> Iterator[Meaning]:
    """All figures of a form in printed order."""
    for section in form.sections:
        for line in section.body.lines if isinstance(section.body, Table) else ():
            for cell in line.printed:
                yield Meaning(
                    cell,
                    section.heading,
                    " › ".join(line.path),
                    cell.column.label,
                    cell.id in form.sums or line.kind is not LineKind.ASKED,
                    line.counts,
                    line.source,
                )
