"""
The content of a document, the same for Word, web page and plain text.

Texts are cleaned and split into paragraphs only here, so that all formats agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from conversations.answers.numerals import read_chinese, read_digits
from conversations.document.lines import TITLE, broken, signature_lines, width
from conversations.form.answers import Answers, Figures, format_number
from conversations.form.model import Box, CellId, Form, ItemId, SectionKind, Table
from conversations.form.organ import safe_file_name
from conversations.sign_off.fingerprint import fingerprint

GAP = "【未填】"
DRAFT = "草稿"
DRAFT_NOTICE = "草稿　尚未定稿，请勿对外发布"

WHOLE = "whole"  # the value of `table_breaks` that keeps each table on one page


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """
    One report as input for a document.

    `year` is the year reported on. `answers` hold the figures, the narratives and the organ's
    wording: `title` (its lines joined by line breaks), `introduction`, `signature`,
    `signature_date`. A missing or blank title becomes the official one; the other three are left
    out if missing or blank. `table_breaks` is WHOLE if no table may continue on another page.
    """

    form: Form
    organ: str
    year: int
    answers: Answers

    @property
    def figures(self) -> Figures:
        """The figures, with totals computed."""
        return Figures(self.form, self.answers)

    def lines(self, item: ItemId) -> tuple[str, ...]:
        """The paragraphs of a text, cleaned; none if it is missing or blank."""
        text = self.answers.text(item)
        return _lines(text) if text else ()

    @property
    def title(self) -> tuple[str, ...]:
        """The lines of the title as given, else the official wording in two lines."""
        return self.lines("title") or (
            *_lines(self.organ),
            f"{self.year}年政府信息公开工作年度报告",
        )

    @property
    def author(self) -> str:
        """The organ's name on one line, for the file's properties."""
        return " ".join(_lines(self.organ))

    @property
    def fingerprint(self) -> str:
        """The mark of the report's whole content, by which an approval names it."""
        return fingerprint(self.organ, self.year, self.form.edition, self.answers)

    @property
    def dated(self) -> date:
        """The date for the file's properties: the signature's, else 31 January after the year."""
        written = " ".join(self.lines("signature_date"))
        return date_of(written) or date(min(max(self.year + 1, 1), 9999), 1, 31)


class UnfinishedError(ValueError):
    """
    A final document was requested while items are still open.

    `items` are the open figures, then the open narratives, in printed order.
    """

    def __init__(self, items: tuple[ItemId, ...]) -> None:
        super().__init__(f"还有 {len(items)} 处未填，不能生成正式稿")
        self.items = items


@dataclass(frozen=True, slots=True)
class Contents:
    """
    The content that every format prints: the same figures, paragraphs and lines.

    `figures` are printed figures by cell; `texts` are the paragraphs of the narratives, the
    introduction and the remarks; `remark_at` has the remarks' ids by section and whether they stand
    below its table. A gap is 【未填】.
    """

    title: tuple[str, ...]
    figures: Mapping[CellId, str]
    texts: Mapping[ItemId, tuple[Paragraph, ...]]
    signature: Signature | None
    remark_at: Mapping[tuple[ItemId, bool], ItemId]

    def remark(self, section: ItemId, *, below: bool) -> tuple[Paragraph, ...]:
        """
        The text above the table of a section or `below` it; below the last section, after
        everything.
        """
        return self.texts.get(self.remark_at.get((section, below), ""), ())


def contents(report: DocumentInput, *, draft: bool = False) -> Contents:
    """
    The content of a report's document.

    Raises:
        UnfinishedError: A final one is requested, and a figure or a narrative is missing.
    """
    form = report.form
    known = report.figures.all()
    figures = {cell: format_number(known[cell]) if cell in known else GAP for cell in form.cells}
    signed = signature(report)
    free = ("introduction", *form.remark)
    texts = {item: paragraphs(report.lines(item)) for item in free}
    for remark in form.remarks:
        if texts[remark.id] and form.section[remark.section].kind is SectionKind.TABLE:
            texts[remark.id] = _beside_table(texts[remark.id], remark.below)
    for narrative in form.narratives:
        texts[narrative.id] = paragraphs(report.lines(narrative.id))
    if not draft:
        open_items = tuple(item for item in figures if item not in known)
        open_items += tuple(item.id for item in form.narratives if not texts[item.id])
        if open_items:
            raise UnfinishedError(open_items)
    for narrative in form.narratives:
        texts[narrative.id] = texts[narrative.id] or (Paragraph("", GAP),)
    last = form.sections[-1]
    if signed and last.kind is SectionKind.NARRATIVE:
        # A signature is never alone on a page.
        *before, end = texts[last.id]
        texts[last.id] = (*before, replace(end, keep=True))
    return Contents(report.title, figures, texts, signed, form.remark_at)


_SHORT = 108  # half characters on two lines


def _beside_table(texts: tuple[Paragraph, ...], below: bool) -> tuple[Paragraph, ...]:
    """A remark with space between it and its table; a short one above stays on the table's page."""
    if below:
        return (replace(texts[0], below=True), *texts[1:])
    *before, last = texts
    short = width(last.head + last.text) <= _SHORT
    return (*before, replace(last, above=True, keep=short))


# --------------------------------------------------------------------- texts

# Characters that Word, XML or a reader cannot handle: control characters, surrogates, direction
# marks, byte order marks.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
# Word's hidden bookmarks, as some programs print them when they extract text.
_BOOKMARK = re.compile(r"\[bookmark: _[A-Za-z]\w*\]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def clean_text(text: str) -> tuple[str, list[str]]:
    """
    A text that a document can hold, and a Chinese list of what was removed from it.

    Every kind of line break becomes a newline and a tab a blank; that loses nothing and is not
    listed. Everything printable stays as typed.
    """
    text = _BREAK.sub("\n", text).replace("\t", " ")
    removed: list[str] = []
    if "[bookmark: _" in text:
        text, times = _BOOKMARK.subn("", text)
        if times:
            removed.append(f"书签标记（{times} 处）")
    if all(line.isprintable() for line in text.split("\n")):
        return text, removed
    counted = Counter(_UNPRINTABLE.findall(text))
    removed += [f"{_kind(char)} U+{ord(char):04X}（{n} 处）" for char, n in sorted(counted.items())]
    return _UNPRINTABLE.sub("", text), removed


def _kind(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return "残缺的字符"
    return "控制字符" if unicodedata.category(char) == "Cc" else "不可见的字符"


def _lines(text: str) -> tuple[str, ...]:
    """The paragraphs of a text: cleaned, without surrounding blanks, without empty ones."""
    lines = (line.strip() for line in clean_text(text)[0].split("\n"))
    return tuple(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """
    One paragraph of running text.

    `head` is its second-level heading 「（一）……。」, before the `text` in the same paragraph or,
    without text, alone. `keep` keeps it on the page of what follows. `above` and `below` mark a
    paragraph just above or below a table, to be set with space between.
    """

    head: str
    text: str
    keep: bool = False
    above: bool = False
    below: bool = False

    @property
    def ragged(self) -> bool:
        """Whether its lines are not justified, because a long word moves whole to the next line."""
        return _LONG_WORD.search(self.head + self.text) is not None


# A web address or account number: a word processor does not break it, or in the wrong place.
_LONG_WORD = re.compile(r"(?=[!-~]*[A-Za-z])[!-~]{12}|[0-9]{12}")
_NUMBERED = re.compile(r"[（(][一二三四五六七八九十百]{1,4}[）)]")
# A sentence with figures is no heading: one about a whole year, or one with a figure at the end of
# a clause. 「聚焦12项重点任务」 may be one.
_MEASURE = "[件条次篇份个项期场人名户宗起例批元%％]"
_COUNTED = rf"\d[\d,，.]*\s*[余多]?[百千万亿]*[余多]?\s*{_MEASURE}+"
_FIGURES = re.compile(
    f"{_COUNTED}(?=[，、；。：（(]|$)|(?:年|(?<![公中])共(?![享建同治])|累计).*{_COUNTED}"
)
_RUN_IN = 32  # characters of a run-in heading with its number: a longer one is a sentence
_ALONE = 40  # the same for a heading on its own line


def paragraph(text: str, following: str = "") -> Paragraph:
    """
    Separate the second-level heading, if there is one, from the text.

    `following` is the next paragraph: a short sentence with text after it is a heading even with a
    full stop. A sentence with figures is none.
    """
    if not _NUMBERED.match(text):
        return Paragraph("", text)
    sentence, stop, rest = text.partition("。")
    if stop and "：" in sentence:  # 「（一）存在的问题：一是……。」
        sentence, stop, rest = text.partition("：")
    if len(sentence) > (_RUN_IN if stop else _ALONE) or _FIGURES.search(sentence):
        return Paragraph("", text)
    if rest:
        return Paragraph(sentence + stop, rest)
    if not stop or (following and not _NUMBERED.match(following)):
        return Paragraph(text, "", keep=True)
    return Paragraph("", text)


def paragraphs(lines: Sequence[str]) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, with their headings separated."""
    return tuple(paragraph(*pair) for pair in zip(lines, (*lines[1:], ""), strict=False))


# --------------------------------------------------------------------- title


def title_lines(title: Sequence[str], organ: str) -> tuple[str, ...]:
    """A title in lines; one too long for the page is broken by sense."""
    return tuple(part for line in title for part in broken(line, TITLE, organ))


# ----------------------------------------------------------------- signature

_EM = 315  # twips of a character of the body: 16 pt minus 0.25 pt of tracking
_HALF = 155  # a digit or Latin letter
_GAP = 72  # the gap that a word processor leaves between a character and a digit
_LINE = 8844  # twips of a line: 156 mm


@dataclass(frozen=True, slots=True)
class Signed:
    """A line of the signature with its indent from the right edge (in twips)."""

    signed: str
    right: int

    @property
    def inset(self) -> float:
        """The indent in characters of the body."""
        return self.right / _EM


@dataclass(frozen=True, slots=True)
class Signature:
    """The lines of the organ, and the date; either may be missing."""

    organs: tuple[Signed, ...]
    date: Signed | None


def signature(report: DocumentInput) -> Signature | None:
    """
    The signature without a seal, GB/T 9704-2012, 7.3.5.2; None if there is none.

    The organ ends two characters from the right, and the date begins two characters after the start
    of its longest line. A date longer than the organ ends two characters from the right and moves
    the organ to the left.
    """
    organs = signature_lines(report.lines("signature"))
    dated = "".join(report.lines("signature_date"))
    if not organs and not dated:
        return None
    of_organ = max((_twips(organ) for organ in organs), default=0)
    of_date = _twips(dated)
    organ_right = date_right = 2 * _EM
    if organs and dated and of_date <= of_organ:
        date_right = of_organ - of_date
    elif organs and dated:
        organ_right = 4 * _EM + of_date - of_organ
    return Signature(
        tuple(Signed(organ, _on_page(organ_right, _twips(organ))) for organ in organs),
        Signed(dated, _on_page(date_right, of_date)) if dated else None,
    )


def _twips(text: str) -> int:
    wide = [halves == 2 for halves in map(width, text) if halves]
    gaps_between = sum(left != right for left, right in pairwise(wide))
    return sum(_EM if is_wide else _HALF for is_wide in wide) + gaps_between * _GAP


def _on_page(right: int, taken: int) -> int:
    return max(0, min(right, _LINE - taken))


_DATE = re.compile(r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})")
_CHINESE = re.compile("[〇○零一二三四五六七八九十]{1,4}")


def date_of(text: str) -> date | None:
    """The date in a text («2024年1月15日», «二〇二四年一月十五日»)."""
    plain = unicodedata.normalize("NFKC", text)
    match = _DATE.search(_CHINESE.sub(_in_digits, plain))
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _in_digits(number: re.Match[str]) -> str:
    return read_digits(number[0]) or str(read_chinese(number[0]) or number[0])


# --------------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class TextSpot:
    """One physical cell of a printed table: a box, or (`opens` false) its continuation below."""

    box: Box
    column: int
    opens: bool


def text_spots(table: Table) -> Iterator[tuple[TextSpot, ...]]:
    """The rows of a printed table, with every merged box continued in the rows below."""
    running: dict[int, tuple[Box, int]] = {}  # column → a box above and its remaining rows
    for boxes in table.grid:
        row: list[TextSpot] = []
        waiting = iter(boxes)
        column = 0
        while column < table.width:
            if column in running:
                box, left = running.pop(column)
                row.append(TextSpot(box, column, opens=False))
            else:
                box = next(waiting)
                left = box.rows
                row.append(TextSpot(box, column, opens=True))
            if left > 1:
                running[column] = (box, left - 1)
            column += box.columns
        yield tuple(row)


# ------------------------------------------------------------------ file name


def file_name(organ: str, year: int, draft: bool = False, extension: str = ".docx") -> str:
    """The document's file name."""
    rest = f"{year}年政府信息公开工作年度报告{'（草稿）' if draft else ''}{extension}"
    return safe_file_name(organ, rest)
