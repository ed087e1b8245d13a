"""
Reads a published report: bytes in, values out.

Every figure that is read has a known label and head; any other is listed as unread or left over,
never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.document.read import marks
from conversations.document.read.blocks import (
    Grid,
    GridRow,
    Para,
    Source,
    Unreadable,
    UnreadableReason,
    WorkBudget,
)
from conversations.document.read.by_sums import fill_in
from conversations.document.read.clean import cleaned
from conversations.document.read.editions import (
    claimed_cells,
    form_of,
    misplaced,
    missing_columns,
    missing_rows,
    missing_tables,
)
from conversations.document.read.heading_vocabulary import SECTIONS
from conversations.document.read.headings import join_headings
from conversations.document.read.lost import hidden_texts, tables_there
from conversations.document.read.open import open_source
from conversations.document.read.own_json import is_own_json, read_own_json
from conversations.document.read.readings import Readings
from conversations.document.read.report import ReadReport, Shell
from conversations.document.read.rows import rows_of
from conversations.document.read.sections import (
    Part,
    is_page_number,
    split_reports,
)
from conversations.document.read.shell import shell_of
from conversations.document.read.tables import read_tables
from conversations.document.read.texts import Signature, TextReader, hinted_title
from conversations.document.read.titles import (
    Title,
    find_title,
    organ_below,
    organ_of,
    titles_above,
    year_of,
)
from conversations.document.read.vocabulary import PrintedTable
from conversations.document.read.words import is_value, squeeze
from conversations.form.model import ItemId
from conversations.form.organ import is_surely_organ

MAX_LEFTOVER = 200

_YEAR_REPORTED = re.compile(r"(20\d\d)年1月1日"), re.compile(r"(20\d\d)年(?:度)?政府信息公开")
_TABLE_SECTIONS = {table.value for table in PrintedTable}
_FIRST_TEXT_GRID = 1_000_001  # lines of text have no grid in the file


def read(
    data: bytes, name: str = "", *, year: int | None = None, source: Source | None = None
) -> ReadReport | Shell:
    """
    Read a report from a file.

    Args:
        data: The file: .docx, .html, .txt or .pdf; its name does not matter.
        name: Its name; only a hint.
        year: The wanted year if a file holds several reports; else the first is read.
        source: Its blocks, if it was opened before.

    Raises:
        Unreadable: It has no readable report.
        NeedsConversion: LibreOffice has to convert it (.doc, .rtf, .odt).
    """
    work = WorkBudget()
    try:
        if is_own_json(data, name):
            return read_own_json(data)
        return _read(source or open_source(data, name, work), data, year, work)
    except RecursionError as error:
        raise Unreadable(UnreadableReason.TOO_DEEP) from error
    except MemoryError as error:
        raise Unreadable(UnreadableReason.TOO_MUCH_MEMORY) from error


def _read(source: Source, data: bytes, year: int | None, work: WorkBudget) -> ReadReport | Shell:
    report = _understood(source, year, work)
    if report is None and source.kind == "html" and source.scripts:
        from conversations.document.read.html import read_page

        report = _understood(read_page(data, work, hidden=True), year, work)
    if report is not None and report.values:
        return report
    shell = shell_of(source) if source.kind == "html" else None
    if shell is not None:
        return shell
    if report is not None and report.narratives and len(report.headings) >= 3:
        return report
    raise Unreadable(UnreadableReason.FOREIGN)


# ------------------------------------------------------------------- understanding


def _understood(source: Source, year: int | None, work: WorkBudget) -> ReadReport | None:
    """The report in a file's blocks, None without any known heading or figure."""
    blocks = cleaned(source)
    join_headings(blocks)
    parts = split_reports(blocks)
    part = parts[0] if parts else Part(0, len(blocks))
    if not parts:
        part.title = find_title(blocks, 0, min(len(blocks), 60))
    elif year is not None:
        of_year = (p for p in parts if p.title.year == year)
        part = next(of_year, part)
    reader = TextReader(source, blocks, part, work)
    narratives, signature = reader.narratives()
    readings = _readings(reader)
    if not part.headings and not readings.values:
        return None
    title, introduction = reader.opening()
    organ, year = _identity(reader, title, introduction, signature)
    form = form_of(readings, year)
    claimed, of_older = claimed_cells(readings, form)
    values = {cell: readings.values[cell] for cell in claimed if cell in readings.values}
    unread = tuple(cell for cell in claimed if cell not in values)
    doubtful = dict(readings.doubtful)
    for cell, doubt in misplaced(values, readings.blank).items():
        doubtful.setdefault(cell, doubt)
    headings = tuple(
        (opening.section, " ".join(opening.printed.split())) for opening in part.headings
    )
    present = [section for section, _ in headings]
    leftover = tuple(dict.fromkeys(map(marks.told, (*reader.leftover, *readings.leftover))))
    return ReadReport(
        kind=source.kind,
        edition=form.edition,
        organ=organ,
        year=year,
        title=tuple(title),
        introduction=introduction,
        signature=signature,
        narratives=narratives,
        values=values,
        blank=frozenset(readings.blank & values.keys()),
        claimed=claimed,
        unread=unread,
        doubtful=tuple(doubtful.values()),
        leftover=leftover[:MAX_LEFTOVER],
        headings=headings,
        missing_sections=tuple(section for section in SECTIONS if section not in present),
        missing_tables=missing_tables(values, readings, tables_there(_texts_of(reader))),
        missing_rows=missing_rows(claimed, readings),
        missing_columns=missing_columns(unread, readings),
        label_differences=tuple(readings.differences),
        old_rows=of_older,
        traces=tuple(source.marks),
        reports_in_file=max(1, len(parts)),
        left_out=tuple(reader.left),
        hidden=hidden_texts(blocks, part),
        remarks=reader.remarks,
        marked_title=reader.marked_title(title),
        below=reader.below,
        labels=tuple(_labels(reader)),
    )


def _texts_of(reader: TextReader) -> Iterator[str]:
    """Every text of the report, also in its tables."""
    for block in reader.blocks[reader.part.start : reader.part.end]:
        if isinstance(block, Grid):
            yield from (text for row in block.rows for text in row.texts)
        else:
            yield block.text


def _labels(reader: TextReader) -> Iterator[tuple[ItemId, str]]:
    """The words in the boxes of each section's tables."""
    for index, opening in enumerate(reader.part.headings):
        if opening.section not in _TABLE_SECTIONS:
            continue
        for block in (reader.blocks[at] for at in reader.part.span(index)):
            if isinstance(block, Grid):
                boxes = (box.text for row in block.rows for box in row.own)
                yield from ((opening.section, squeeze(t)) for t in boxes if not is_value(t))


def _identity(
    reader: TextReader, title: list[str], introduction: str | None, signature: Signature | None
) -> tuple[str, int | None]:
    """
    The organ and the year reported on: from the title, else from signature and introduction.

    The organ is "" if none is named, or if the head of a website above the title and the signature
    under the text name different ones.
    """
    part = reader.part
    found = part.title if part.title.lines else Title(tuple(title))
    organ, year = organ_of(title), year_of("".join(title))
    signed = squeeze(signature[0]) if signature and is_surely_organ(signature[0]) else ""
    if found.apart and reader.source.site and signed and not _alike(organ, signed):
        organ = ""
    elif not organ:
        first = part.headings[0].at if part.headings else found.at[0]
        others = titles_above(reader.blocks, part.start, first)
        hinted = organ_of(hinted_title(reader.source.hints))
        organ = signed or organ_below(reader.blocks, found, first, site=reader.source.site)
        organ = organ or next((o.organ for o in others if o.organ and o.year == year), hinted)
    if year is None:
        text = squeeze(introduction or "")
        match = _YEAR_REPORTED[0].search(text) or _YEAR_REPORTED[1].search(text)
        year = int(match.group(1)) if match else None
    return organ, year


def _alike(organ: str, signed: str) -> bool:
    """Whether two names may mean one organ, or the second its office."""
    whole, stem = squeeze(organ), squeeze(organ).removesuffix("人民政府")
    office = re.sub("(?:人民)?政府(?:办公[室厅]|办)?$", "", signed)
    return signed.startswith(whole) or whole.endswith(signed) or office.endswith(stem)


# -------------------------------------------------------------------------- tables


def _readings(reader: TextReader) -> Readings:
    """
    The figures of the tables: from their sections, or from the whole report if these have none.
    """
    part = reader.part
    whole = ("", range(part.start, part.end))
    if not part.headings:
        return read_tables(_rows(reader, [whole]), reader.work)
    spans: list[tuple[ItemId, range]] = []
    for index, opening in enumerate(part.headings):
        span = part.span(index)
        end = reader.ends.get(opening.section, span.stop)
        if opening.section in _TABLE_SECTIONS:
            spans.append((opening.section, span))
        elif end < span.stop:
            spans.append(("", range(end, span.stop)))
    readings = read_tables(_rows(reader, spans), reader.work)
    if not readings.values:
        readings = read_tables(_rows(reader, [whole], grids_only=True), reader.work)
    for section, span in spans:
        if section in _TABLE_SECTIONS:
            fill_in(readings, PrintedTable(section), _lines(reader, span), reader.work)
    return readings


def _lines(reader: TextReader, span: range) -> list[str]:
    """The lines of text in some blocks."""
    blocks = (reader.blocks[at] for at in span if at not in reader.taken)
    return [
        b.text for b in blocks if isinstance(b, Para) and not is_page_number(b.text, bare=False)
    ]


def _rows(
    reader: TextReader, spans: list[tuple[ItemId, range]], *, grids_only: bool = False
) -> list[tuple[ItemId, GridRow]]:
    """The rows of tables in some blocks, each with its section, also rows in lines of text."""
    rows: list[tuple[ItemId, GridRow]] = []
    number = _FIRST_TEXT_GRID
    for section, span in spans:
        opening = reader.part.by_section.get(section)
        on_line = opening is not None and -1 - opening.at not in reader.taken
        lines = [opening.rest] if opening is not None and on_line and opening.rest else []
        of_table = (reader.blocks[at] for at in span if at not in reader.taken)
        for block in (*of_table, Grid([])):
            if isinstance(block, Grid):
                text_rows = rows_of(lines, number, reader.work)
                rows.extend((section, row) for row in (*text_rows, *block.rows))
                number += 1
                lines = []
            elif grids_only or is_page_number(block.text, bare=False):
                continue
            elif reader.is_text or block.text.strip():
                lines.append(marks.closed_up(block.text))
    return rows
