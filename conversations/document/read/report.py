"""The result of reading a file: a report, or a web page that only links to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from conversations.checks.findings import FileEvidence, LabelDifference, Report
from conversations.document.read.blocks import LeftOut, Link
from conversations.document.read.readings import Doubt
from conversations.document.read.sections import is_draft
from conversations.form import FORMS
from conversations.form.answers import Answers, Number, Value
from conversations.form.model import CellId, ItemId, SectionKind
from conversations.form.organ import guess_level


@dataclass(frozen=True, slots=True)
class Lost:
    """
    A section that was not read completely: for a table the number of unread cells, for a text 0.

    `whole`: nothing of it was read. `there`: the file seems to contain it: labels of the table, or
    text that may belong to the section.
    """

    section: ItemId
    cells: int = 0
    whole: bool = True
    there: bool = False


@dataclass(frozen=True, slots=True)
class ReadReport:
    """
    One published report as read.

    `values` are figures by cell id (件 int, 万元 Decimal; the purchase amount of 2019 as printed,
    str), including printed totals; `blank` are those printed empty or as a stroke, which count as
    0. `unread` are cells that the report should have and that were not surely read; `doubtful` were
    read and should be checked; `leftover` is text around the tables that was not understood,
    `left_out` counts what was left out of the narratives. `narratives` have paragraphs separated by
    line breaks, `remarks` (by the ids of the form) those around the tables, `headings` each
    section's heading as printed, in file order. `old_rows` are rows of an older edition in a report
    of a newer one. `missing_*` are the input of F1 and F2; `traces` are marks of tools as found
    (F6); `hidden` are missing sections whose text may still be in the file. `marked_title` is the
    title with the marks printed around it (草稿…), `below` is text under the signature of a web
    page that may belong to the report. `labels` are the words in the boxes of the tables with their
    sections, in printed order. For our own JSON `answers` are all that is stored of the report, to
    be taken unchanged, `local` are the figures beyond the form (name, unit, value), and `altered`
    says that it was changed after the export.
    """

    kind: str
    edition: str
    organ: str
    year: int | None
    title: tuple[str, ...]
    introduction: str | None
    signature: tuple[str, str] | None
    narratives: Mapping[ItemId, str]
    values: Mapping[CellId, int | Decimal | str]
    blank: frozenset[CellId]
    claimed: tuple[CellId, ...]
    unread: tuple[CellId, ...]
    doubtful: tuple[Doubt, ...]
    leftover: tuple[str, ...]
    headings: tuple[tuple[ItemId, str], ...]
    missing_sections: tuple[ItemId, ...]
    missing_tables: tuple[ItemId, ...]
    missing_rows: tuple[ItemId, ...]
    missing_columns: tuple[CellId, ...]
    label_differences: tuple[LabelDifference, ...]
    old_rows: tuple[ItemId, ...]
    traces: tuple[str, ...]
    reports_in_file: int = 1
    left_out: tuple[LeftOut, ...] = ()
    hidden: tuple[ItemId, ...] = ()
    remarks: Mapping[ItemId, str] = field(default_factory=dict)
    marked_title: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    labels: tuple[tuple[ItemId, str], ...] = ()
    answers: Mapping[ItemId, Value] | None = None
    local: tuple[tuple[str, str, int], ...] = ()
    altered: bool = False

    @property
    def figures(self) -> dict[CellId, Number]:
        """The figures that are numbers."""
        return {cell: v for cell, v in self.values.items() if not isinstance(v, str)}

    @property
    def lost(self) -> tuple[Lost, ...]:
        """The sections that were not read completely, in the form's order."""
        unread = Counter(cell.partition(".")[0] for cell in self.unread)
        claimed = Counter(cell.partition(".")[0] for cell in self.claimed)
        lost: list[Lost] = []
        for section in FORMS[self.edition].sections:
            if cells := unread[section.id]:
                whole, there = cells == claimed[section.id], section.id not in self.missing_tables
                lost.append(Lost(section.id, cells, whole, there))
            elif section.kind is SectionKind.NARRATIVE and section.id in self.missing_sections:
                lost.append(Lost(section.id, there=section.id in self.hidden))
        return tuple(lost)


@dataclass(frozen=True, slots=True)
class Shell:
    """
    A page without the report: it links to it as an attachment, or only runs scripts.

    `links` are the offered files, the likeliest first, with hrefs as on the page (perhaps
    relative). Empty if there are none.
    """

    links: tuple[Link, ...]
    title: str = ""
    sentence: str = ""


def as_report(read: ReadReport, last_year: Report | None = None) -> Report:
    """The report as input for the checks: published, with printed totals as claims."""
    answers: dict[ItemId, Value] = dict(read.values)
    texts = {**read.narratives, **read.remarks}
    answers.update({item: text for item, text in texts.items() if text})
    if read.title:
        answers["title"] = "\n".join(read.title)
    if read.introduction:
        answers["introduction"] = read.introduction
    if read.signature:
        answers["signature"], answers["signature_date"] = read.signature
    return Report(
        form=FORMS[read.edition],
        organ=read.organ,
        year=read.year or 0,
        answers=Answers(answers),
        last_year=last_year,
        published=True,
        level=guess_level(read.organ),
        blank=read.blank,
        evidence=FileEvidence(
            headings=read.headings,
            missing_sections=read.missing_sections,
            missing_tables=read.missing_tables,
            missing_rows=read.missing_rows,
            missing_columns=read.missing_columns,
            other_edition=read.old_rows,
            labels=read.label_differences,
            traces=(*read.traces, *_draft_marks(read)),
            reports=read.reports_in_file,
        ),
    )


def _draft_marks(read: ReadReport) -> list[str]:
    """Marks around the title that say that the file is no final report."""
    marks = (mark for mark in read.marked_title if mark not in read.title and is_draft(mark))
    return [f"标题旁印着「{' '.join(mark.split())}」" for mark in marks]
