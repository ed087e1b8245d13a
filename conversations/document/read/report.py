"""What comes of reading a file: a report, or a page that only offers one."""

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
    A section that was not read as a whole: of a table how many of its cells, of a text 0.

    `whole` where nothing of it was read. `there` where it stands in the file all the same:
    the labels of a table, or text that may be that of the section.
    """

    section: ItemId
    cells: int = 0
    whole: bool = True
    there: bool = False


@dataclass(frozen=True, slots=True)
class ReadReport:
    """
    What was read of one published report.

    `values` are figures by cell id (件 int, 万元 Decimal; the purchase amount of 2019 is
    kept as printed, str), printed totals among them; `blank` are those of them that are
    empty or a stroke in print and count as 0. `unread` are cells the report should have and
    that were not read for sure; `doubtful` were read and want a look; `leftover` is text
    found about the tables and not understood, `left_out` what was not taken of the narratives
    as it stands. `narratives` hold paragraphs parted by line breaks, `remarks` (by the ids of
    the form) those around the tables, `headings` each section's as printed, in file order.
    `old_rows` are rows of an older edition in a report that follows a newer one otherwise.
    `missing_*` is what F1 and F2 need; `traces` are marks of tools as found
    (F6), `hidden` the missing sections whose text may stand somewhere all the same.
    `marked_title` is the title with what is printed about it (草稿…), `below` what stands under
    the signature of a page and may be the report's. `labels` are the words in the boxes of the
    tables with their sections, in printed order. Of a file of our own (JSON) `answers` are all
    that is stored of the report, to be taken as they are, `local` the figures beyond the form
    (name, unit, value), and `altered` says that it is not as it was exported.
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
        """What should be there and was not read, by section, in the form's order."""
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
    A page without the report: it offers it as an attachment, or only runs scripts.

    `links` lead to the files it offers, the likeliest first; hrefs are as the page has
    them (they may be relative). Empty: nothing to follow.
    """

    links: tuple[Link, ...]
    title: str = ""
    sentence: str = ""


def as_report(read: ReadReport, last_year: Report | None = None) -> Report:
    """The report as the checks see it: published, printed totals claimed."""
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
    """What is printed about the title and says that the file is no final report."""
    marks = (mark for mark in read.marked_title if mark not in read.title and is_draft(mark))
    return [f"标题旁印着「{' '.join(mark.split())}」" for mark in marks]
