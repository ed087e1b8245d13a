"""
Running text that somebody sends: out of a file, pasted, or typed.

The words of a file come through the same blocks as a published report. In a text, however
it came, the headings of the statutory sections are known and say what belongs where.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from conversations.document.read.blocks import (
    Grid,
    LeftOut,
    Unreadable,
    UnreadableReason,
    WorkBudget,
)
from conversations.document.read.clean import cleaned
from conversations.document.read.heading_vocabulary import NARRATIVES, NUMERALS
from conversations.document.read.headings import Heading, heading
from conversations.document.read.open import open_source
from conversations.document.read.report import ReadReport
from conversations.document.read.sections import is_page_number
from conversations.document.read.texts import Line, left_out, lines_of, signed
from conversations.document.read.understand import read
from conversations.document.read.words import squeeze
from conversations.form.model import ItemId

ENOUGH_FIGURES = 30  # of some 200: less is no report but a text that mentions some
MOST_LINES = 3_000  # of a pasted report, each cell of its tables in a line of its own

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LIKE_HEADING = re.compile(
    r"(?m)^(?:[^\S\n]|[#*_])*+"
    r"(?:第?[一二三四五六]\s*+(?:[、.．,，:：]|部分|章|节|(?<=\s))|.{4,16}[^\w\n]*+$)"
)
_NUMERAL = re.compile("第?([一二三四五六])")


@dataclass(frozen=True, slots=True)
class RunningText:
    """The words of a file, a paragraph a line, and what was not taken as it stands."""

    text: str
    left: tuple[LeftOut, ...] = ()


def running_text(data: bytes, name: str = "") -> RunningText:
    """
    The words of a file.

    Raises:
        Unreadable: There are none to be had, and why.
        NeedsConversion: A file for LibreOffice (.doc, .rtf, .odt).
    """
    source = open_source(data, name, WorkBudget())
    lines: list[Line] = []
    for block in cleaned(source):
        if isinstance(block, Grid):
            lines += lines_of(block)
        elif not is_page_number(block.text, bare=False):
            lines.append(Line(block.text.strip(), block, block.left))
    text = "\n".join(line.text for line in lines if line.text)
    if source.kind == "txt" and b"\0" in data and not data.startswith(_WIDE_MARKS):
        raise Unreadable(UnreadableReason.UNSUPPORTED)  # a guess would be no more than that
    return RunningText(text, tuple(left_out(lines)))


@dataclass(frozen=True, slots=True)
class Passage:
    """
    The text under one heading, and the heading as it was written.

    `section` is empty for what stands before the first heading.
    """

    section: ItemId
    heading: str
    text: str


def passages(text: str) -> tuple[Passage, ...]:
    """A text taken apart at the headings of the sections; those of tables, too."""
    made: list[tuple[Heading | None, list[str]]] = [(None, [])]
    for line in text.split("\n"):
        opening = _opens(line)
        if opening is None:
            made[-1][1].append(line)
        else:
            made.append((opening, [opening.rest] if opening.rest else []))
    apart = []
    for opening, lines in made:
        said = "\n".join(lines).strip("\n")
        if opening is not None:
            apart.append(Passage(opening.section, opening.printed, said))
        elif said.strip():
            apart.append(Passage("", "", said))
    return tuple(_without_contents(apart))


def _without_contents(parts: list[Passage]) -> list[Passage]:
    """The parts without a list of contents: headings one under the other, which come again."""
    opened = [part.section for part in parts if part.section]
    for index in range(len(parts) - 1, 0, -1):
        ahead = [part for part in parts[:index] if part.section]
        again = parts[index].section == opened[0] and len(ahead) > 2
        if again and not any(part.text.strip() for part in ahead[:-1]):
            title = "\n".join(part.text for part in parts[:index] if part.text.strip())
            return [*([Passage("", "", title)] if title else []), *parts[index:]]
    return parts


def own_heading(text: str, section: ItemId) -> tuple[str, str]:
    """
    The heading of a section over its own text, numbered or not, and the text without it.

    The heading is empty where there is none.
    """
    first, _, rest = text.lstrip().partition("\n")
    opening = heading(first)
    if opening is None or opening.section != section or not (opening.exact or _opens(first)):
        return "", text
    return opening.printed, "\n".join(filter(None, (opening.rest, rest.strip("\n"))))


def signed_under(lines: list[str], organ: str) -> tuple[list[str], str]:
    """Lines without the organ and the date under them, and these; nothing where one is missing."""
    texts, signature = signed([line for line in lines if line.strip()], organ, site=False)
    if signature is None or not all(signature) or not texts:
        return lines, ""
    last = max(index for index, line in enumerate(lines) if line == texts[-1])
    return lines[: last + 1], " ".join(signature)


def holds_sections(text: str) -> bool:
    """Whether a text has the heading of a narrative and something under it; tables are figures."""
    return bool(_LIKE_HEADING.search(text)) and any(
        part.section in NARRATIVES and part.text.strip() for part in passages(text)
    )


def report_in(text: str) -> ReadReport | None:
    """The whole report that a text is, None where it is none."""
    if text.count("\n") > MOST_LINES:  # others wait while it is read
        return None
    try:
        report = read(text.encode("utf-8", "replace"), "text.txt")
    except Unreadable:
        return None
    if isinstance(report, ReadReport) and len(report.figures) >= ENOUGH_FIGURES:
        return report
    return None


def _opens(line: str) -> Heading | None:
    """
    The heading a line is: numbered as its section is, or word for word that of a narrative.

    Marks of headings that pages and programs write («## 一、…», «**一、…**») are none of it.
    """
    line = line.strip().lstrip("#").strip("*_ \u3000\t")
    opening = heading(line) if _LIKE_HEADING.match(line) else None
    if opening is None:
        return None
    numeral = _NUMERAL.match(squeeze(line))
    if opening.numbered and numeral and NUMERALS[numeral.group(1)] == opening.section:
        return opening
    return opening if opening.exact and opening.section in NARRATIVES else None
