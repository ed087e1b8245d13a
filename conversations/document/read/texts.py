"""Reads the texts of a report: title and introduction, the narratives, the signature."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from conversations.document.lines import signature_lines
from conversations.document.read import marks
from conversations.document.read.blocks import (
    Block,
    Grid,
    Left,
    LeftOut,
    Para,
    Path,
    Source,
    WorkBudget,
)
from conversations.document.read.heading_vocabulary import NARRATIVES, SECTIONS
from conversations.document.read.headings import Heading, heading
from conversations.document.read.heads import is_article, says_table
from conversations.document.read.paged import Setting, joined, paragraphs_of, setting_of, tidied
from conversations.document.read.remarks import after_table, before_table, is_prose
from conversations.document.read.sections import (
    Part,
    common,
    date_of,
    date_signed,
    is_attached,
    is_draft,
    is_footer,
    is_metadata,
    is_organ,
    is_page_number,
)
from conversations.document.read.titles import taken_apart
from conversations.document.read.vocabulary import RECONCILED, PrintedTable
from conversations.document.read.words import plain, squeeze
from conversations.form import FORM_IN_FORCE
from conversations.form.model import ItemId

Signature = tuple[str, str]  # organ, date; either may be ""

LONGEST_ORGAN = 120  # characters
SIGNED_LINES = 4  # lines that the name of an organ may take
MOST_ABOVE = 30  # lines above a title that may say that it is a draft
BETWEEN = "　"  # between the boxes of a row written as a line

_CONTENTS = re.compile(r"目\s*录")
_OF_REPORT = re.compile(
    r"^[(（【]?(?:注|备注|说明)[:：]|本年报|本报告|年度报告|以上(?:数据|内容)|上述|更正|勘误|表[一二三四]"
)
_TABLE_SECTIONS = {table.value for table in PrintedTable}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of running text: its block, and what was left out of it."""

    text: str
    block: Block | None = None
    left: tuple[Left, ...] = ()


@dataclass
class TextReader:
    """
    Reads the texts of one report of a file.

    `leftover` are tables found in place of text, `left` is what was left out of a narrative; `ends`
    has the block at which a narrative ends. `remarks` are the texts around the tables, `taken`
    their blocks; text on the line of a heading is -1 minus the heading's place.
    """

    source: Source
    blocks: list[Block]
    part: Part
    work: WorkBudget
    leftover: list[str] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    ends: dict[ItemId, int] = field(default_factory=dict)
    remarks: dict[ItemId, str] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    below: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether the lines are those of a text file, including blanks."""
        return self.source.kind == "txt"

    def narratives(self) -> tuple[dict[ItemId, str], Signature | None]:
        """The narratives by section, and the signature after the last."""
        narratives: dict[ItemId, str] = {}
        signature: Signature | None = None
        headings = self.part.headings
        for index, opening in enumerate(headings):
            if opening.section not in NARRATIVES:
                beside = [self.blocks[at] for at in self.part.span(index)]
                lines = [Line("", block, block.left) for block in beside if isinstance(block, Para)]
                self.left += left_out(lines, opening.section)
                self._read_remarks(opening, self.part.span(index))
                continue
            last = index == len(headings) - 1
            lines, self.ends[opening.section] = self._lines(opening, self.part.span(index), last)
            attached: list[str] = []
            if last and self.source.site:
                every_line = lines
                within = _within(lines, common([self.blocks[h.at].path for h in headings]))
                lines = _without_site(within)
                attached = _attached(within[len(lines) :])
                attached += [line.text for line in every_line[len(within) :] if _of_report(line)]
            texts = [line.text for line in lines if line.text]
            if last:
                organ = squeeze(self.part.title.organ)
                every = texts
                texts, signature = signed(texts, organ, site=self.source.site)
                if signature is not None and not self.source.site:
                    under = _under(every[len(texts) :], signature)
                    self._keep_remark(opening.section, under, below=True)
                under = _under(every[len(texts) :], signature) if signature else []
                self.below = (*under, *attached) if self.source.site else ()
                if signature is not None and self.source.site:
                    lines = _first(lines, len(texts) + 2)
            self.left += left_out(lines, opening.section)
            narratives[opening.section] = "\n".join(texts)
        return narratives, signature

    def _read_remarks(self, opening: Heading, span: range) -> None:
        """Read the running text before and after a table; the rest belongs to the table."""
        places = [-1 - opening.at] if opening.rest else []
        grids = [at for at in span if _holds_table(self.blocks[at])]
        first = grids[0] if grids else span.stop
        last = self.part.headings[-1] is opening
        for at in span:
            self.work.spend()
            block = self.blocks[at]
            if not isinstance(block, Para) or not block.text.strip():
                continue
            if last and self.source.site and (is_footer(block.text) or is_metadata(block.text)):
                break
            if not is_page_number(block.text, bare=self.source.kind == "pdf"):
                places.append(at)
        above = [at for at in places if at < first]
        below = places[len(above) :] if grids else above
        texts = {at: opening.rest if at < 0 else self._text(at) for at in places}
        above = above[: before_table([texts[at] for at in above])]
        below = [at for at in below[after_table([texts[at] for at in below]) :] if at not in above]
        found = ((above, False), (below, True))
        for taken, is_below in found:
            self.taken.update(taken)
            self._keep_remark(opening.section, [texts[at] for at in taken], below=is_below)

    def _text(self, at: int) -> str:
        block = self.blocks[at]
        assert isinstance(block, Para)
        return block.text

    def _keep_remark(self, section: ItemId, texts: list[str], *, below: bool) -> None:
        lines = [Line(text if self.is_text else text.strip()) for text in texts]
        said = "\n".join(line.text for line in (self._unwrapped(lines) if self.is_text else lines))
        if item := said and FORM_IN_FORCE.remark_at.get((section, below)):
            self.remarks[item] = said

    def _lines(self, opening: Heading, span: range, last: bool) -> tuple[list[Line], int]:
        """
        The paragraphs of a narrative, and where it ends: at the next heading, or at a table whose
        own heading is missing.
        """
        lines = [Line(opening.rest)] if opening.rest else []
        following = "" if opening.section == SECTIONS[-1] else _next_section(opening.section)
        headless = following in _TABLE_SECTIONS and following not in self.part.by_section
        for at in span:
            block = self.blocks[at]
            self.work.spend()
            if isinstance(block, Grid):
                if (headless or last) and _is_table(block):
                    return lines, at
                if self.source.kind == "docx" and not _is_table(block):
                    lines += lines_of(block)
                else:
                    self.leftover.extend(
                        " | ".join(row.texts)[:200] for row in block.rows[:20] if row.texts
                    )
                continue
            text = block.text.strip()
            if headless and (is_article(text) or plain(text).startswith(RECONCILED)):
                return lines, at
            blank = self.is_text and not text
            if blank or (
                not is_page_number(text, bare=self.source.kind == "pdf") and (text or block.left)
            ):
                lines.append(Line(block.text if self.is_text else text, block, block.left))
        return (self._unwrapped(lines) if self.is_text else lines), span.stop

    @cached_property
    def setting(self) -> Setting:
        """How the running text of a text file is set."""
        spans = (
            [range(self.part.title.at[1], self.part.headings[0].at)] if self.part.headings else []
        )
        spans += [
            self.part.span(index)
            for index, opening in enumerate(self.part.headings)
            if opening.section in NARRATIVES
        ]
        blocks = (self.blocks[at] for span in spans for at in span)
        return setting_of([block.text for block in blocks if isinstance(block, Para)])

    def _unwrapped(self, lines: list[Line]) -> list[Line]:
        """The paragraphs of a text file, whose lines may be those of a page."""
        texts = [line.text for line in lines]
        made: list[Line] = []
        for numbers in paragraphs_of(texts, self.setting):
            text = joined([texts[number].strip() for number in numbers])
            left = tuple(left for number in numbers for left in lines[number].left)
            made.append(Line(tidied(text, self.setting), lines[numbers[-1]].block, left))
        return made

    def opening(self) -> tuple[list[str], str | None]:
        """The title's lines, and the introduction between title and first heading."""
        title = [tidied(" ".join(line.split()), self.setting) for line in self.part.title.lines]
        first = self.part.headings[0].at if self.part.headings else self.part.title.at[1]
        start = self.part.title.at[1] if title else max(self.part.start, first - 30)
        lines: list[str] = []
        for block in self.blocks[start:first]:
            if isinstance(block, Grid):
                continue
            text = block.text.strip()
            if not text or is_page_number(text) or (not title and "。" not in text):
                continue
            if self.source.site and (is_metadata(text) or is_footer(text)):
                continue
            if _CONTENTS.fullmatch(text) or heading(re.sub(r"[.…·\s\d]+$", "", text)):
                continue
            lines.append(block.text if self.is_text else text)
        if self.is_text:
            lines = [line.text for line in self._unwrapped([Line(text) for text in lines])]
        if self.source.site and lines and not any("。" in line for line in lines):
            lines = []
        return title or hinted_title(self.source.hints), "\n".join(lines) or None

    def marked_title(self, title: Sequence[str]) -> tuple[str, ...]:
        """
        The title with texts around it that may say that it is no final report.

        On a web page only draft marks are included: menus stand above the title.
        """
        found = self.part.title
        if not found.lines:
            return tuple(title)
        first = self.part.headings[0].at if self.part.headings else found.at[1]
        above = self._texts_in(range(self.part.start, found.at[0]))
        printed = "".join(squeeze(text) for text in self._texts_in(range(*found.at)))
        before, _, after = printed.partition(squeeze("".join(found.lines)))
        under = [text for text in self._texts_in(range(found.at[1], first)) if is_draft(text)]
        if not self.source.site:
            return (*above, before, *title, after) if before or after else (*above, *title)
        marks_around = [text for text in (*above[-MOST_ABOVE:], before) if is_draft(text)]
        behind = [text for text in (after, *under) if is_draft(text)]
        return (*marks_around, *title, *behind)

    def _texts_in(self, span: range) -> list[str]:
        """The lines of running text in some blocks, without page numbers and tables of contents."""
        texts = [b.text.strip() for b in (self.blocks[at] for at in span) if isinstance(b, Para)]
        return [
            text
            for text in texts
            if text
            and not is_page_number(text)
            and not _CONTENTS.fullmatch(text)
            and not heading(re.sub(r"[.…·\s\d]+$", "", text))
        ]


def _next_section(section: ItemId) -> ItemId:
    return SECTIONS[SECTIONS.index(section) + 1]


def _holds_table(block: Block) -> bool:
    return isinstance(block, Grid) and _is_table(block)


def _under(lines: list[str], signature: Signature) -> list[str]:
    """The lines after the signature at their beginning."""
    wanted = [squeeze(part) for part in signature]
    for count in range(1, len(lines) + 1):
        said = squeeze("".join(lines[:count]))
        if all(part in said for part in wanted):
            return lines[count:]
    return []


def _is_table(grid: Grid) -> bool:
    """Whether a table has labels of the report's tables."""
    return any(says_table(text) for row in grid.rows for text in row.texts)


def _within(lines: list[Line], container: Path) -> list[Line]:
    """The lines up to the first outside of the element that holds the report."""
    for at, line in enumerate(lines):
        if line.block and container and line.block.path[: len(container)] != container:
            return lines[:at]
    return lines


def _without_site(lines: list[Line]) -> list[Line]:
    """The lines up to the website's menus and footers."""
    return list(itertools.takewhile(lambda line: not is_footer(line.text), lines))


def _attached(lines: list[Line]) -> list[str]:
    """
    The lines after the last section that may belong to the report: attachments and their names.
    """
    first = next((at for at, line in enumerate(lines) if is_attached(line.text)), len(lines))
    texts = [line.text for line in lines[first:] if line.text]
    return list(itertools.takewhile(lambda text: is_attached(text) or not is_footer(text), texts))


def _of_report(line: Line) -> bool:
    """Whether a sentence outside of the report's element is still about it."""
    return is_prose(line.text) and bool(_OF_REPORT.search(line.text))


def _first(lines: list[Line], count: int) -> list[Line]:
    """The lines up to the last of `count` that have words."""
    kept: list[Line] = []
    for line in lines:
        if count <= 0:
            break
        count -= bool(line.text)
        kept.append(line)
    return kept


def lines_of(grid: Grid) -> list[Line]:
    """A table in running text: one line per row."""
    lines: list[Line] = []
    for row in grid.rows:
        words, left = marks.parted(BETWEEN.join(" ".join(text.split()) for text in row.texts))
        if words or left:
            lines.append(Line(words, grid, left))
    return lines


def left_out(lines: Sequence[Line], section: ItemId = "") -> list[LeftOut]:
    """The numbers of things left out of running text, in the order of `Left`."""
    counts = Counter(left for line in lines for left in line.left)
    counts[Left.TABLE] = len({id(line.block) for line in lines if isinstance(line.block, Grid)})
    return [LeftOut(section, what, counts[what]) for what in Left if counts[what]]


def signed(texts: list[str], organ: str, *, site: bool) -> tuple[list[str], Signature | None]:
    """
    The last section without the organ and date at its end, and these.

    On a web page they end the report: text below belongs to the website.
    """

    def signed_at(index: int) -> tuple[int, Signature] | None:
        """The start of the organ above a date, and both, if they are there."""
        date = date_signed(texts[index])
        if date is None:
            return None
        for begin in range(max(0, index - SIGNED_LINES), index):
            if is_signature(texts[begin:index], organ):
                return begin, (" ".join("".join(texts[begin:index]).split()), date)
        return None

    if site:
        for index in range(1, len(texts)):
            if found := signed_at(index):
                return texts[: found[0]], found[1]
    if len(texts) > 2 and is_signature(texts[-1:], organ) and (date := date_signed(texts[-2])):
        return texts[:-2], (texts[-1].strip(), date)
    for index in range(len(texts) - 1, max(-1, len(texts) - 8), -1):
        if found := signed_at(index):
            return texts[: found[0]], found[1]
        if date := date_of(texts[index]):
            return texts[:index], ("", date)
        name, _, rest = re.sub(r"[\s\u3000]+", " ", texts[index].strip()).partition(" ")
        if is_organ(name, organ) and (date := date_signed(rest)):
            return texts[:index], (name, date)
    for begin in range(max(1, len(texts) - SIGNED_LINES), len(texts)):
        if organ and squeeze("".join(texts[begin:])) == organ:
            return texts[:begin], ("".join(texts[begin:]).strip(), "")
    return texts, None


def is_signature(lines: list[str], organ: str) -> bool:
    """Whether lines are the name of an organ, on one line or broken as we break it."""
    parts = ["".join(line.split()) for line in lines]
    name = "".join(parts)
    if len(name) > LONGEST_ORGAN:  # a paragraph, which takes long to break by sense
        return False
    if len(parts) == 1 or squeeze(name) == organ:
        return is_organ(name, organ)
    return list(signature_lines([name])) == parts and is_organ(name, organ)


def hinted_title(hints: list[str]) -> list[str]:
    """The title in the page's own title, without the website's name after it."""
    for hint in hints:
        for part in (hint, re.split(r"[-_|—–]", hint)[0]):
            if found := taken_apart(part):
                return [found[0]]
    return []
