"""
Reading a published report: bytes in, values out.

What a file is is decided by its content, not its name. Every figure read has its row's
label and its column's head; what has not is listed as unread or left over, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from conversations.checks.findings import FileEvidence, LabelDifference, Report
from conversations.document.read.blocks import (
    MAX_BYTES,
    Block,
    Grid,
    Link,
    NeedsConversion,
    Para,
    Reason,
    Row,
    Source,
    Unreadable,
    Work,
)
from conversations.document.read.rows import rows_of
from conversations.document.read.sections import (
    ORDER,
    Heading,
    Part,
    common,
    date_of,
    find_title,
    heading,
    is_footer,
    is_metadata,
    is_organ,
    is_page_number,
    organ_of,
    split_reports,
    year_of,
)
from conversations.document.read.tables import (
    CELLS,
    Doubt,
    Tables,
    is_article,
    read_tables,
    says_table,
)
from conversations.document.read.words import MARKS, plain, squeeze, whole_characters
from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021, FORMS
from conversations.form.answers import Answers, Number, Value
from conversations.form.editions.annual_report_2019 import MAPPED, SINGLE_ROW
from conversations.form.model import CellId, ItemId, SectionKind
from conversations.form.organ import guess_level

NARRATIVES = tuple(s.id for s in ANNUAL_REPORT_2021.sections if s.kind is SectionKind.NARRATIVE)
TABLES = tuple(s.id for s in ANNUAL_REPORT_2021.sections if s.kind is SectionKind.TABLE)
KINDS = dict(zip(("two", "three", "four"), TABLES, strict=True))
_THREE_ROWS = tuple(
    line.id
    for line in ANNUAL_REPORT_2021.tables[1].lines
    if line.id.startswith("requests.outcome.otherwise_handled.")
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
MAX_LEFTOVER = 200


@dataclass(frozen=True, slots=True)
class FoundHeading:
    """A heading of a section as printed, whether it is the official one, in file order."""

    section: ItemId
    printed: str
    official: bool


@dataclass(frozen=True, slots=True)
class ReadReport:
    """
    What was read of one published report.

    `values` are figures by cell id (件 int, 万元 Decimal; the purchase amount of 2019 is
    kept as printed, str), printed totals among them; `blank` are those of them that are
    empty or a stroke in print and count as 0. `unread` are cells the report should have and
    that were not read for sure; `doubtful` were read and want a look; `leftover` is text
    found about the tables and not understood. `narratives` hold paragraphs parted by line
    breaks. `old_rows` are rows of the 2019 edition in a report that follows 2021 otherwise.
    `missing_*` is what F1 and F2 need; `traces` are marks of tools as found (F6).
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
    headings: tuple[FoundHeading, ...]
    missing_sections: tuple[ItemId, ...]
    out_of_order: tuple[ItemId, ...]
    missing_tables: tuple[ItemId, ...]
    missing_rows: tuple[ItemId, ...]
    missing_columns: tuple[CellId, ...]
    label_differences: tuple[LabelDifference, ...]
    old_rows: tuple[ItemId, ...]
    traces: tuple[str, ...]
    reports_in_file: int = 1
    single_otherwise_row: bool = False

    @property
    def figures(self) -> dict[CellId, Number]:
        """The figures that are numbers."""
        return {cell: v for cell, v in self.values.items() if not isinstance(v, str)}


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


def read(
    data: bytes,
    name: str = "",
    *,
    year: int | None = None,
    late: Callable[[], bool] | None = None,
) -> ReadReport | Shell:
    """
    Read a report out of a file.

    Args:
        data: The file: .docx, .html, .txt or .pdf, whatever it is called.
        name: Its name; only a hint.
        year: The year wanted where a file holds several reports; else the first is read.
        late: Says whether the caller's time is up; asked often.

    Raises:
        Unreadable: There is nothing to be read, and why.
        NeedsConversion: A file for LibreOffice (.doc, .rtf, .odt).
    """
    work = Work(late)
    try:
        source = open_source(data, name, work)
        return _understand(source, data, year, work)
    except RecursionError as error:
        raise Unreadable(Reason.TOO_DEEP) from error
    except MemoryError as error:
        raise Unreadable(Reason.TOO_LARGE) from error


def open_source(data: bytes, name: str, work: Work) -> Source:
    """
    The file as blocks, by what its first bytes say.

    Raises:
        Unreadable: It is empty, too large, locked, or nothing we read.
        NeedsConversion: A file for LibreOffice.
    """
    from conversations.document.read.html import looks_like_html, read_page
    from conversations.document.read.text import read_text

    if not data.strip():
        raise Unreadable(Reason.EMPTY)
    if len(data) > MAX_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    head = data[:1024]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from conversations.document.read.docx import read_archive

        return read_archive(data, work)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _compound(data)
    if b"%PDF-" in head:
        from conversations.document.read.pdf import read_pdf

        return read_pdf(data, work)
    if head.lstrip().startswith(b"{\\rtf"):
        raise NeedsConversion("rtf")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")):
        raise Unreadable(Reason.SCANNED)
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x7fELF", b"MZ")):
        raise Unreadable(Reason.UNSUPPORTED)
    if re.match(
        rb"(?i)(from:|mime-version:|content-type: *multipart|date:|subject:)", head.lstrip()
    ):
        page = _web_archive(data)
        if page is not None:
            return read_page(page, work)
    if looks_like_html(head):
        return read_page(data, work)
    if name.lower().endswith((".html", ".htm", ".shtml", ".mht")) and b"<" in data[:20_000]:
        return read_page(data, work)
    return read_text(data, work)


def _compound(data: bytes) -> Exception:
    """What kind of old Office file this is."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage") or has("EncryptionInfo"):
        return Unreadable(Reason.ENCRYPTED)
    if has("WordDocument"):
        return NeedsConversion("doc")
    if has("Workbook") or has("Book") or has("PowerPoint Document"):
        return Unreadable(Reason.UNSUPPORTED)
    return Unreadable(Reason.BROKEN)


def _web_archive(data: bytes) -> bytes | None:
    """The page of a «single file web page», which Word saves under .doc or .mht."""
    import email
    import email.policy

    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        for index, part in enumerate(message.walk()):
            if index > 200:
                return None
            if part.get_content_type() == "text/html":
                payload = part.get_payload(decode=True)
                return payload if isinstance(payload, bytes) else None
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return None


# ---------------------------------------------------------------- cleaning


def _cleaned(source: Source) -> list[Block]:
    """Blocks without traces of tools, tables that only hold text taken apart."""
    blocks: list[Block] = []

    def clean(text: str) -> str:
        if "[bookmark:" in text:
            source.marks += MARKS.findall(text)
            text = MARKS.sub("", text)
        text = whole_characters(text, drawn=source.kind == "pdf")
        if not text.isprintable():
            source.marks += [f"U+{ord(char):04X}" for char in _CONTROL.findall(text)]
            text = _INVISIBLE.sub("", _CONTROL.sub("", text))
        return text

    for block in source.blocks:
        if isinstance(block, Para):
            block.text = clean(block.text)
            blocks.append(block)
            continue
        for row in block.rows:
            for slot in row.slots:
                slot.text = clean(slot.text)
        blocks.extend(_unfolded(block))
    source.marks = list(dict.fromkeys(source.marks))[:50]
    return blocks


def _unfolded(grid: Grid) -> list[Block]:
    """Headings and running text that stand in a table of their own come out of it."""
    made: list[Block] = []
    rows: list[Row] = []
    for row in grid.rows:
        full = [slot for slot in row.slots if slot.own and slot.text.strip()]
        if len(full) == 1 and _is_running(full[0].text):
            if rows:
                made.append(Grid(rows, grid.path))
                rows = []
            made.extend(Para(line, grid.path) for line in full[0].text.split("\n"))
        else:
            rows.append(row)
    if rows:
        made.append(Grid(rows, grid.path))
    return made


def _is_running(text: str) -> bool:
    """Text of the report that is no label: a heading, or a paragraph."""
    found = heading(text.split("\n", maxsplit=1)[0])
    if found is not None and (found.numbered or len(text) > 30):
        return True
    if says_table(text):
        return False
    return len(squeeze(text)) > 60 and "。" in text


# ------------------------------------------------------------- understanding


def _understand(source: Source, data: bytes, year: int | None, work: Work) -> ReadReport | Shell:
    found = _try(source, year, work)
    if found is None and source.kind == "html" and source.scripts:
        from conversations.document.read.html import read_page

        again = read_page(data, work, hidden=True)
        found = _try(again, year, work)
    if found is not None and not _is_empty(found):
        return found
    if source.kind == "html":
        shell = _shell(source)
        if shell is not None:
            return shell
    if found is not None and found.narratives and len(found.headings) >= 3:
        return found
    raise Unreadable(Reason.FOREIGN)


def _is_empty(found: ReadReport) -> bool:
    """No figure and hardly a heading: not a report."""
    return not found.values


def _try(source: Source, year: int | None, work: Work) -> ReadReport | None:
    blocks = _cleaned(source)
    parts = split_reports(blocks)
    wanted = parts[0] if parts else Part(0, len(blocks))
    if year is not None:
        for part in parts:
            if part.title and year_of("".join(part.title)) == year:
                wanted = part
                break
    if not parts:
        wanted.title, wanted.title_at = find_title(blocks, 0, min(len(blocks), 60))
    return _Understanding(source, blocks, wanted, len(parts), work).report()


@dataclass(slots=True)
class _Understanding:
    source: Source
    blocks: list[Block]
    part: Part
    parts: int
    work: Work
    leftover: list[str] = field(default_factory=list)
    ends: dict[ItemId, int] = field(default_factory=dict)

    def report(self) -> ReadReport | None:
        narratives, signature = self._narratives()
        tables = self._tables()
        if not self.part.headings and not tables.values:
            return None
        title, introduction = self._opening()
        organ, year = self._identity(title, introduction, signature)
        edition = _edition(tables, year)
        claimed, old_rows = _claimed(tables, edition)
        known = {cell: tables.values[cell] for cell in claimed if cell in tables.values}
        known.update(tables.values)
        headings = [
            FoundHeading(
                one.section,
                " ".join(one.printed.split()),
                plain(one.printed) in _official_headings(edition)[one.section],
            )
            for one in self.part.headings
        ]
        present = [one.section for one in headings]
        doubts = dict(tables.doubtful)
        _suspect(known, tables.blank, doubts)
        unread = tuple(cell for cell in claimed if cell not in known)
        return ReadReport(
            kind=self.source.kind,
            edition=edition,
            organ=organ,
            year=year,
            title=tuple(title),
            introduction=introduction,
            signature=signature,
            narratives=narratives,
            values=known,
            blank=frozenset(tables.blank & set(known)),
            claimed=claimed,
            unread=unread,
            doubtful=tuple(doubts.values()),
            leftover=tuple(dict.fromkeys((*self.leftover, *tables.leftover)))[:MAX_LEFTOVER],
            headings=tuple(headings),
            missing_sections=tuple(s for s in ORDER if s not in present),
            out_of_order=_out_of_order(present),
            missing_tables=tuple(
                section
                for kind, section in KINDS.items()
                if not any(cell.startswith(f"{section}.") for cell in (*known, *tables.unsure))
                and kind not in tables.kinds
            ),
            missing_rows=_missing_rows(claimed, tables),
            missing_columns=_missing_columns(unread, tables),
            label_differences=tuple(tables.differences),
            old_rows=tuple(old_rows),
            traces=tuple(self.source.marks),
            reports_in_file=max(1, self.parts),
            single_otherwise_row=SINGLE_ROW in tables.rows,
        )

    # -- texts

    def _span(self, index: int) -> range:
        """The blocks from a heading to the next."""
        headings = self.part.headings
        end = headings[index + 1].at if index + 1 < len(headings) else self.part.end
        return range(headings[index].at + 1, end)

    def _narratives(self) -> tuple[dict[ItemId, str], tuple[str, str] | None]:
        found: dict[ItemId, str] = {}
        signature: tuple[str, str] | None = None
        container = common([self.blocks[h.at].path for h in self.part.headings])
        last = len(self.part.headings) - 1
        for index, one in enumerate(self.part.headings):
            if one.section not in NARRATIVES:
                continue
            lines, end = self._lines(one, self._span(index), last=index == last)
            if index == last:
                lines = self._without_site(lines, container)
            texts = [text for text, _ in lines]
            if index == last:
                organ = organ_of(self.part.title)
                texts, signature = _signature(texts, organ, site=self.source.site)
            self.ends[one.section] = end
            found[one.section] = "\n".join(texts)
        return found, signature

    def _lines(
        self, one: Heading, span: range, *, last: bool
    ) -> tuple[list[tuple[str, Block | None]], int]:
        """
        The paragraphs of a narrative, and where it ends: at the next heading, or at a table
        whose own heading is missing.
        """
        lines: list[tuple[str, Block | None]] = [(one.rest, None)] if one.rest else []
        following = ORDER[ORDER.index(one.section) + 1] if one.section != ORDER[-1] else ""
        headless = following in TABLES and following not in self.part.by_section
        for at in span:
            block = self.blocks[at]
            self.work.spend()
            if isinstance(block, Grid):
                if (headless or last) and _says_table(block):
                    return lines, at
                self.leftover.extend(
                    " | ".join(row.texts)[:200] for row in block.rows[:20] if row.texts
                )
                continue
            text = block.text.strip()
            raw = block.text
            if headless and (is_article(text) or plain(text).startswith("本列数据的勾稽关系")):
                return lines, at
            if text and not is_page_number(text, bare=self.source.kind == "pdf"):
                lines.append((raw if self.source.kind == "txt" else text, block))
        return (_unwrapped(lines) if self.source.kind == "txt" else lines), span.stop

    def _without_site(
        self, lines: list[tuple[str, Block | None]], container: tuple[int, ...]
    ) -> list[tuple[str, Block | None]]:
        """The last section without the menus and footers of the site below it."""
        if not self.source.site:
            return lines
        kept: list[tuple[str, Block | None]] = []
        for text, block in lines:
            if is_footer(text):
                break
            if block and container and block.path[: len(container)] != container:
                break
            kept.append((text, block))
        return kept

    def _opening(self) -> tuple[list[str], str | None]:
        """Title lines, and the introduction between title and first heading."""
        title = [" ".join(line.split()) for line in self.part.title]
        first = self.part.headings[0].at if self.part.headings else self.part.title_at[1]
        start = self.part.title_at[1] if title else max(self.part.start, first - 30)
        lines: list[str] = []
        for at in range(start, first):
            block = self.blocks[at]
            if isinstance(block, Grid):
                continue
            text = block.text.strip()
            if not text or is_page_number(text) or (not title and "。" not in text):
                continue
            if self.source.site and (is_metadata(text) or is_footer(text)):
                continue
            if re.fullmatch(r"目\s*录", text) or heading(re.sub(r"[.…·\s\d]+$", "", text)):
                continue
            lines.append(block.text if self.source.kind == "txt" else text)
        if self.source.kind == "txt":
            lines = [text for text, _ in _unwrapped([(line, None) for line in lines])]
        if not title:
            title = _hinted(self.source.hints)
        if self.source.site and lines and not any("。" in line for line in lines):
            lines = []
        return title, "\n".join(lines) or None

    def _identity(
        self, title: list[str], introduction: str | None, signature: tuple[str, str] | None
    ) -> tuple[str, int | None]:
        organ = organ_of(title)
        year = year_of("".join(title))
        if not organ and signature:
            organ = squeeze(signature[0])
        if year is None:
            text = squeeze(introduction or "")
            match = re.search(r"(20\d\d)年1月1日", text) or re.search(
                r"(20\d\d)年(?:度)?政府信息公开", text
            )
            year = int(match.group(1)) if match else None
        return organ, year

    # -- tables

    def _tables(self) -> Tables:
        """The tables where they belong; where they are not, wherever they are."""
        headings = self.part.headings
        spans: list[tuple[ItemId, range]] = []
        if headings:
            for index, one in enumerate(headings):
                span = self._span(index)
                if one.section in TABLES:
                    spans.append((one.section, span))
                elif one.section in self.ends and self.ends[one.section] < span.stop:
                    spans.append(("", range(self.ends[one.section], span.stop)))
        else:
            spans.append(("", range(self.part.start, self.part.end)))
        found = read_tables(self._rows(spans), self.work)
        if not found.values and headings:
            outside = [("", range(self.part.start, self.part.end))]
            found = read_tables(self._rows(outside, grids_only=True), self.work)
        return found

    def _rows(
        self, spans: list[tuple[ItemId, range]], *, grids_only: bool = False
    ) -> list[tuple[ItemId, Row]]:
        rows: list[tuple[ItemId, Row]] = []
        number = 1_000_000
        for section, span in spans:
            lines: list[str] = []

            def flush(section: ItemId, lines: list[str]) -> None:
                nonlocal number
                number += 1
                rows.extend((section, row) for row in rows_of(lines, number, self.work))
                lines.clear()

            one = self.part.by_section.get(section)
            if one is not None and one.rest:
                lines.append(one.rest)
            for at in span:
                block = self.blocks[at]
                if isinstance(block, Grid):
                    flush(section, lines)
                    rows.extend((section, row) for row in block.rows)
                elif not grids_only and (self.source.kind == "txt" or block.text.strip()):
                    if is_page_number(block.text, bare=False):
                        continue
                    lines.append(block.text)
            flush(section, lines)
        return rows


def _unwrapped(lines: list[tuple[str, Block | None]]) -> list[tuple[str, Block | None]]:
    """
    Paragraphs out of lines that were cut at a fixed width, as text out of a PDF is.
    """
    widths = [_width(text.rstrip()) for text, _ in lines]
    whole = max(widths, default=0)
    full = [text for (text, _), width in zip(lines, widths, strict=True) if width > whole - 4]
    cut = sum(not text.rstrip().endswith(("。", "；", "：", "！", "？")) for text in full)
    if whole > 110 or len(full) < 3 or len(full) * 2 < len(lines) or cut * 5 < len(full) * 4:
        return [(text.strip(), block) for text, block in lines]
    made: list[tuple[str, Block | None]] = []
    open_line = False
    for (text, block), width in zip(lines, widths, strict=True):
        said = text.strip()
        begins = re.match(
            r"[\s\u3000]{2}|[(（][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十\d]+[、.．]",
            text,
        )
        if open_line and made and not begins:
            made[-1] = (made[-1][0] + said, made[-1][1])
        else:
            made.append((said, block))
        open_line = width > whole - 4
    return made


def _width(text: str) -> int:
    """The width of a line in half characters."""
    return sum(1 if char.isascii() else 2 for char in text)


def _says_table(grid: Grid) -> bool:
    """Whether a table has labels of the report's tables."""
    return any(says_table(text) for row in grid.rows for text in row.texts)


def _signature(
    texts: list[str], organ: str, *, site: bool
) -> tuple[list[str], tuple[str, str] | None]:
    """
    The organ and the date under the last section, and the section without them.

    On a page they end the report: what stands below is the site's, known as such or not.
    """
    if site:
        for index in range(1, len(texts)):
            date = date_of(texts[index])
            if date is not None and is_organ(texts[index - 1], organ):
                return texts[: index - 1], (" ".join(texts[index - 1].split()), date)
    for index in range(len(texts) - 1, max(-1, len(texts) - 8), -1):
        text = texts[index]
        date = date_of(text)
        if date is not None:
            if index and is_organ(texts[index - 1], organ):
                return texts[: index - 1], (" ".join(texts[index - 1].split()), date)
            return texts[:index], ("", date)
        parts = re.split(r"[\s\u3000]+", text.strip(), maxsplit=1)
        if len(parts) == 2 and is_organ(parts[0], organ) and date_of(parts[1]):
            return texts[:index], (parts[0], date_of(parts[1]) or "")
    if len(texts) > 1 and organ and squeeze(texts[-1]) == organ:
        return texts[:-1], (texts[-1].strip(), "")
    return texts, None


def _hinted(hints: list[str]) -> list[str]:
    """A title out of the page's own, without the site's name behind it."""
    for hint in hints:
        match = re.match(r"^(.{4,70}?(?:年度报告|年报|工作报告))", squeeze(hint))
        if match and "公开" in match.group(1):
            return [match.group(1)]
    return []


def _official_headings(edition: str) -> dict[ItemId, frozenset[str]]:
    """What counts as the official heading of each section."""
    form = FORMS[edition]
    found = {section.id: {plain(section.heading)} for section in form.sections}
    return {section: frozenset(said) for section, said in found.items()}


def _out_of_order(present: list[ItemId]) -> tuple[ItemId, ...]:
    found: list[ItemId] = []
    highest = -1
    for section in present:
        place = ORDER.index(section)
        if place < highest:
            found.append(section)
        highest = max(highest, place)
    return tuple(found)


# ---------------------------------------------------------------- editions


def _edition(tables: Tables, year: int | None) -> str:
    """The edition whose shape table two has; without table two, by table three and year."""
    only_old = {"proactive_disclosure.other_services", "proactive_disclosure.procurement"}
    old = tables.old_shape | (only_old & set(tables.rows))
    new = tables.new_shape - old
    if old or new:
        strong = {line for line in new if not line.endswith(("licensing", "penalties", "coercion"))}
        return (
            "2019"
            if len(old) > len(new) or (old and not strong and len(old) >= len(new))
            else "2021"
        )
    if year is not None and year <= 2020 and SINGLE_ROW in tables.rows:
        return "2019"
    return "2021"


def _claimed(tables: Tables, edition: str) -> tuple[tuple[CellId, ...], list[ItemId]]:
    """
    The cells the report should have, each row's by its own shape, and the rows of the
    older edition in a report of the newer.
    """
    form = FORMS[edition]
    other = FORMS["2019" if edition == "2021" else "2021"]
    old_rows: list[ItemId] = []
    claimed: list[CellId] = []
    shapes = tables.old_shape if edition == "2021" else tables.new_shape
    for line in form.tables[0].lines:
        source = line
        if line.id in shapes and line.id in other.lines:
            source = other.lines[line.id]
            old_rows.append(line.id)
        claimed.extend(cell.id for cell in source.printed)
    for line in other.tables[0].lines:
        if line.id not in form.lines and line.id in tables.rows:
            claimed.extend(cell.id for cell in line.printed)
            old_rows.append(line.id)
    single = SINGLE_ROW in tables.rows
    three = any(line in tables.rows for line in _THREE_ROWS)
    if not single and not three:
        single, three = edition == "2019", edition == "2021"
    for line in (*ANNUAL_REPORT_2021.tables[1].lines,):
        if line.id in _THREE_ROWS:
            if line.id == _THREE_ROWS[0] and single:
                claimed.extend(cell.id for cell in ANNUAL_REPORT_2019.lines[SINGLE_ROW].printed)
                if edition == "2021":
                    old_rows.append(SINGLE_ROW)
            if not three:
                continue
        claimed.extend(cell.id for cell in line.printed)
    claimed.extend(cell.id for cell in form.tables[2].cells)
    claimed.extend(cell for cell in tables.values if cell not in set(claimed))
    if edition == "2019":
        old_rows = []
    return tuple(claimed), old_rows


def _missing_rows(claimed: tuple[CellId, ...], tables: Tables) -> tuple[ItemId, ...]:
    """
    Rows of the tables that are there which are not; silent where a row's label was not
    understood, for it may be that one.
    """
    lines = dict.fromkeys(CELLS[cell].line for cell in claimed if cell in CELLS)
    return tuple(
        line
        for line in lines
        if not line.startswith("review.")
        and line not in tables.rows
        and not any(line.startswith(section) for section in tables.strange)
        and any(other.startswith(line.partition(".")[0]) for other in tables.rows)
    )


def _missing_columns(unread: tuple[CellId, ...], tables: Tables) -> tuple[CellId, ...]:
    """Cells whose row is there and whose column is not."""
    found: list[CellId] = []
    for cell in unread:
        line, _, column = cell.rpartition(".")
        kind = next(kind for kind, section in KINDS.items() if cell.startswith(section))
        columns = tables.columns.get(kind)
        if not columns or cell in tables.unsure:  # heads not understood are not missing
            continue
        if (kind == "three" and line in tables.rows and column not in columns) or (
            kind == "four" and cell not in columns
        ):
            found.append(cell)
    return tuple(found)


def _suspect(
    values: Mapping[CellId, int | Decimal | str],
    blank: set[CellId],
    doubts: dict[CellId, Doubt],
) -> None:
    """
    Where most rows of table three miss their printed sum, the columns may be mistaken.
    """
    wrong: list[ItemId] = []
    busy = 0
    cells: list[CellId] = []
    for form in FORMS.values():
        for line in form.tables[1].lines:
            if line.total is None or line.total.id in cells:
                continue
            figures = [values.get(cell.id) for cell in line.printed]
            cells.extend(cell.id for cell in line.printed)
            numbers = [v for v in figures if isinstance(v, int)]
            if len(numbers) != len(figures) or not any(numbers) or line.total.id in blank:
                continue
            busy += 1
            if sum(numbers[:-1]) != numbers[-1]:
                wrong.append(line.id)
    if len(wrong) >= 3 and len(wrong) * 2 > busy:
        for cell in cells:
            if cell in values and cell not in doubts and cell not in blank:
                doubts[cell] = Doubt(cell, values[cell], "多数行的总计与各列之和不符，栏目可能错位")


# -------------------------------------------------------------------- shell

_FILES = re.compile(r"\.(docx?|pdf|wps|rtf)(?:$|[?#&]|\b)", re.IGNORECASE)
_SAYS_REPORT = re.compile("年度报告|年报|信息公开.{0,12}报告")


def _shell(source: Source) -> Shell | None:
    """What a page offers instead of the report; None where it is just another page."""
    offered: list[tuple[int, int, Link]] = []
    for order, link in enumerate(source.links):
        href = link.href
        if href.lower().startswith(("javascript:", "mailto:", "#", "data:", "tel:")):
            continue
        viewer = re.search(r"[?&](?:file|url|src)=([^&]+)", href)
        is_file = bool(_FILES.search(href)) or bool(_FILES.search(link.text))
        if not is_file:
            continue
        weight = (
            4 * bool(_SAYS_REPORT.search(link.text))
            + 2 * ("docx" in href.lower())
            + (viewer is None)
        )
        offered.append((-weight, order, link))
    offered.sort(key=lambda item: item[:2])
    links = tuple(dict.fromkeys((link.href, link.text) for _, _, link in offered))
    said = sum(len(squeeze(b.text)) for b in source.blocks if isinstance(b, Para))
    title = source.hints[0] if source.hints else ""
    if links:
        return Shell(
            tuple(Link(href, text) for href, text in links[:20]),
            title,
            "这个网页没有报告正文，报告在附件里。",
        )
    if source.scripts and said < 400:
        return Shell(
            (),
            title,
            "这个网页的内容由脚本载入，读不到报告正文。请在浏览器中另存网页，或发送附件。",
        )
    return None


# ------------------------------------------------------------------- results


@dataclass(frozen=True, slots=True)
class Mapped:
    """Figures of 2019 as figures of 2021 where they mean the same, and those kept as they are."""

    values: Mapping[CellId, Number]
    kept: Mapping[CellId, int | Decimal | str]


def mapped_to_2021(values: Mapping[CellId, int | Decimal | str]) -> Mapped:
    """
    Map the figures of a 2019 report (or part) to the 2021 edition.

    A figure that stands against a sum (the single 「其他处理」) cannot be shared out to the
    rows of that sum: it is kept as it is, like all that mean something else.
    """
    mapped: dict[CellId, Number] = {}
    kept: dict[CellId, int | Decimal | str] = {}
    for cell, value in values.items():
        target = MAPPED.get(cell)
        if isinstance(value, str):
            kept[cell] = value
        elif cell in ANNUAL_REPORT_2021.cells:
            mapped[cell] = value
        elif target is not None and len(target) == 1:
            mapped[target[0]] = value
        else:
            kept[cell] = value
    return Mapped(mapped, kept)


def as_report(found: ReadReport, last_year: Report | None = None) -> Report:
    """The report as the checks see it: published, printed totals claimed."""
    answers: dict[ItemId, Value] = dict(found.values)
    answers.update({item: text for item, text in found.narratives.items() if text})
    if found.title:
        answers["title"] = "\n".join(found.title)
    if found.introduction:
        answers["introduction"] = found.introduction
    if found.signature:
        answers["signature"], answers["signature_date"] = found.signature
    return Report(
        form=FORMS[found.edition],
        organ=found.organ,
        year=found.year or 0,
        answers=Answers(answers),
        last_year=last_year,
        published=True,
        level=guess_level(found.organ),
        blank=found.blank,
        evidence=FileEvidence(
            headings=tuple((one.section, one.printed) for one in found.headings),
            missing_sections=found.missing_sections,
            missing_tables=found.missing_tables,
            missing_rows=found.missing_rows,
            missing_columns=found.missing_columns,
            other_edition=found.old_rows,
            labels=found.label_differences,
            traces=found.traces,
            reports=found.reports_in_file,
        ),
    )


__all__ = [
    "Doubt",
    "FoundHeading",
    "Link",
    "Mapped",
    "NeedsConversion",
    "ReadReport",
    "Reason",
    "Shell",
    "Unreadable",
    "as_report",
    "mapped_to_2021",
    "read",
]
