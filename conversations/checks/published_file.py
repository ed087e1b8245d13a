"""
F: the form of a published file, from the observations of its reader; and A6, its blanks.

In a conversation there is no file, and these checks are silent.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from conversations.checks.findings import Check, FileEvidence, Finding, Grade, Report
from conversations.form import form_of_year
from conversations.form.model import CellId, Form, ItemId, RowId, Table

MOST_TRACES = 5  # shown of one file

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, eq=False)
class FileCheck(Check):
    """A check of a file; it depends on no question."""

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # files only
        """No question."""
        return ()

    def findings(self, report: Report) -> Iterator[Finding]:
        """The faults of the file, if there is one."""
        if report.published and report.evidence is not None:
            yield from self.faults(report, report.evidence)

    @abstractmethod
    def faults(self, report: Report, seen: FileEvidence) -> Iterator[Finding]:
        """The faults of the file."""


@dataclass(frozen=True, eq=False)
class Headings(FileCheck):
    """
    The six sections are there (F1, E), in order and under their official headings (H).

    `also` are headings that are official in another edition, allowed here too.
    """

    also: tuple[str, ...] = ()

    def faults(self, report: Report, seen: FileEvidence) -> Iterator[Finding]:
        """Missing sections, then wrong order and wording, in the order of the file."""
        form = report.form
        texts = {narrative.id for narrative in form.narratives}

        def finding(grade: Grade, message: str, item: ItemId) -> Finding:
            return Finding(self.id, grade, message, narrative=item if item in texts else None)

        for item in seen.missing_sections:
            heading = form.section[item].heading
            yield finding(Grade.E, f"没有找到「{heading}」这一节。", item)
        order = list(form.section)
        highest = -1
        for item, printed in seen.headings:
            official = form.section[item].heading
            if order.index(item) < highest:
                yield finding(Grade.H, f"「{printed}」的次序不对。", item)
            highest = max(highest, order.index(item))
            if _letters(printed) not in map(_letters, (official, *self.also)):
                message = f"标题是「{printed}」，格式规定的是「{official}」。"
                yield finding(Grade.H, message, item)


@dataclass(frozen=True, eq=False)
class WholeTables(FileCheck):
    """
    The three tables have all their rows and columns (F2), one finding per table.

    `names` are short names of the rows of the other edition.
    """

    tables: tuple[tuple[ItemId, str], ...]
    names: Mapping[RowId, str]

    def faults(self, report: Report, seen: FileEvidence) -> Iterator[Finding]:
        """The missing parts of each table."""
        for table, name in self.tables:
            if table in seen.missing_tables:
                yield Finding(self.id, Grade.E, f"没有找到{name}。")
                continue
            rows = [row for row in seen.missing_rows if row.startswith(f"{table}.")]
            columns = [cell for cell in seen.missing_columns if cell.startswith(f"{table}.")]
            lacks = [f"「{_row_name(report.form, row, self.names)}」一行" for row in rows]
            lacks += [f"「{_column_name(report.form, cell)}」一列" for cell in columns]
            if lacks:
                yield Finding(self.id, Grade.E, f"{name}缺{'、'.join(dict.fromkeys(lacks))}。")


@dataclass(frozen=True, eq=False)
class Labels(FileCheck):
    """Labels use the official wording (F3), one finding per label."""

    def faults(self, report: Report, seen: FileEvidence) -> Iterator[Finding]:  # noqa: ARG002
        """Each printed label beside the official one."""
        for label in dict.fromkeys(seen.labels):
            yield Finding(
                self.id,
                Grade.H,
                f"表里印的是「{label.printed}」，格式规定的是「{label.official}」。",
            )


@dataclass(frozen=True, eq=False)
class OldEdition(FileCheck):
    """A form older than the report's year, or rows of an older one in it (F4)."""

    names: Mapping[RowId, str]

    def faults(self, report: Report, seen: FileEvidence) -> Iterator[Finding]:
        """One finding that names the rows."""
        due = form_of_year(report.year)
        before = form_of_year(due.since - 1)
        if report.form.since < due.since:
            old = f"表格用的是 {report.form.edition} 年的旧格式"
        elif seen.other_edition and before is not due:
            rows = (_row_name(report.form, row, self.names) for row in seen.other_edition)
            parts = "、".join(f"「{row}」" for row in rows)
            old = f"表格里有 {before.edition} 年旧格式的部分：{parts}"
        else:
            return
        message = f"{old}；{due.since} 年起应使用{due.notice}的格式。"
        yield Finding(self.id, Grade.W, message)


@dataclass(frozen=True, eq=False)
class Traces(FileCheck):
    """Traces of tools, marks of a draft, or several reports in one file (F6)."""

    def faults(self, report: Report, seen: FileEvidence) -> Iterator[Finding]:  # noqa: ARG002
        """One finding with all of them."""
        traces = list(dict.fromkeys(seen.traces))
        if seen.reports > 1:
            traces.append(f"文件里有 {seen.reports} 份年报")
        if traces:
            shown = "；".join(traces[:MOST_TRACES])
            yield Finding(self.id, Grade.H, f"文件里有不该有的痕迹：{shown}。")


@dataclass(frozen=True, eq=False)
class Title(Check):
    """The printed title has the official ending (F5); in a conversation it is the organ's own."""

    title: ItemId
    ending: str

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # the same in all
        """The title."""
        return (self.title,)

    def findings(self, report: Report) -> Iterator[Finding]:
        """The printed title, if its ending differs."""
        title = report.answers.text(self.title)
        if report.published and title and not _letters(title).endswith(self.ending):
            yield Finding(
                self.id,
                Grade.H,
                f"标题是「{' '.join(title.split())}」，格式规定的是「…{self.ending}」。",
                narrative=self.title,
            )


@dataclass(frozen=True, eq=False)
class Blank(Check):
    """Blank figures of a published table (A6), counted as 0, one finding per table."""

    table: ItemId
    name: str

    def depends_on(self, form: Form) -> Iterable[ItemId]:
        """The figures of the table."""
        return [cell for cell in form.cells if cell.startswith(f"{self.table}.")]

    def findings(self, report: Report) -> Iterator[Finding]:
        """The blank cells in printed order, those of the other edition last."""
        if not report.published:
            return
        here = {cell for cell in report.blank if cell.startswith(f"{self.table}.")}
        ordered = [cell for cell in report.form.cells if cell in here]
        ordered += sorted(here.difference(ordered))
        if ordered:
            yield Finding(
                self.id,
                Grade.H,
                f"{self.name}有 {len(ordered)} 格没有填数字，核对时按 0 计；没有的请填 0。",
                tuple(ordered),
                numbers=(len(ordered),),
            )


def _letters(text: str) -> str:
    """A label without blanks and punctuation."""
    return _NO_LETTER.sub("", text)


def _row_name(form: Form, row: RowId, other_edition: Mapping[RowId, str]) -> str:
    """The short name of a row of this edition or the other."""
    line = form.lines.get(row)
    return line.short if line else other_edition.get(row, row)


def _column_name(form: Form, cell: CellId) -> str:
    """The label of a cell's column; if the table is one row, with the name of its block."""
    if cell not in form.cells:
        return cell.rpartition(".")[2]
    line, label = form.lines[form.cells[cell].line], form.cells[cell].column.label
    table = form.section_of[cell].body
    return f"{line.short}{label}" if isinstance(table, Table) and len(table.rows) == 1 else label
