"""
What a county hands out: of each organ its final document and figures, or why there is none.

Final is what an organ without a leader has finished, what was approved or published, and the
file that an organ has sent. Everything else that is waited for is named, and never handed out
as if it were final.
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
    One organ of those that are handed out.

    `progress` is where it was when it was looked into; `final` says that its document goes
    out. `figures` are those it has, totals computed; `edition` that of its form, "" without a
    report. `local` are what its task asks for beyond the form: name, unit, and the figure, None
    where it is not answered. `in_tables` says that its form is that of the year, and so its
    figures are among those of all.
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
        """The name that the report bears, else the organ's."""
        return self.organ.report.name if self.organ.report else self.organ.organ

    @property
    def final(self) -> bool:
        """Whether its document is a final one."""
        return self.progress in FINAL

    @property
    def is_file(self) -> bool:
        """Whether its document is a file that it has sent."""
        report = self.organ.report
        return report is not None and report.source == FILE and report.file is not None

    @property
    def publication(self) -> Mapping[str, str]:
        """What is known of its publication: `address` or `file`, `date`; empty before it."""
        report = self.organ.report
        return report.note if report and self.progress is Progress.PUBLISHED else {}

    @property
    def address(self) -> str:
        """Where it was published."""
        return self.publication.get("address") or self.publication.get("file", "")

    @property
    def missing(self) -> bool:
        """Whether a final document is waited for, and is not there."""
        return self.organ.counts_in and not self.final


@dataclass(frozen=True, slots=True)
class Packed:
    """
    What went into an archive for an organ.

    `path` is the file's in it, "" for none, `mark` the SHA-256 of its bytes; `failed` says
    that a final document could not be made.
    """

    out: HandedOut
    path: str = ""
    mark: str = ""
    failed: bool = False

    @property
    def missing(self) -> bool:
        """Whether a document is waited for, and is not in the archive."""
        return self.failed or self.out.missing


def in_order(organs: Iterable[CountyOrgan]) -> list[CountyOrgan]:
    """The organs by kind, then by name: as folders and tables have them."""
    return sorted(organs, key=lambda organ: (LEVELS.index(organ.level), organ.organ))


def document_name(out: HandedOut, year: int) -> str:
    """What a final document is called: a file that was sent keeps its kind, not its name."""
    extension = ".docx"
    if out.is_file:
        assert out.organ.report is not None
        assert out.organ.report.file is not None
        extension = extension_of(out.organ.report.file.name)
    return file_name(out.name, year, extension=extension)


def extension_of(name: str) -> str:
    """The end of a name that somebody gave, where a file's name can end so: `.docx`."""
    ending = name.rpartition(".")[2].lower()
    plain = ending.isascii() and ending.isalnum() and len(ending) <= LONGEST_EXTENSION
    return f".{ending}" if plain and ending != name.lower() else ""


def apart(path: str, taken: set[str]) -> str:
    """A path that no file of an archive has yet, on no system; it is taken from now on."""
    stem, dot, extension = path.rpartition(".")
    if not dot:
        stem, extension = path, ""
    number, name = 1, path
    while name.lower() in taken:
        number += 1
        name = f"{stem}（{number}）{dot}{extension}"
    taken.add(name.lower())
    return name


# ---- figures, and what they are ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    What a figure of the form is: an entry of the data dictionary.

    `row` and `column` are the printed labels, `counts` what is counted (口径), `source` the
    article of law; `computed` says that nobody types it.
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
    """Every figure of a form in printed order."""
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
