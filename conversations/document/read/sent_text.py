"""
Running text that a person sends: in a file, pasted, or typed.

The words of a file are read through the same blocks as a published report. In any text the headings
of the statutory sections show what belongs where.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conversations.document.read.blocks import (
    Block,
    Grid,
    Left,
    LeftOut,
    Para,
    Unreadable,
    UnreadableReason,
    WorkBudget,
)
from conversations.document.read.clean import cleaned
from conversations.document.read.heading_vocabulary import NARRATIVES, NUMERALS, TITLES
from conversations.document.read.headings import Heading, heading
from conversations.document.read.open import open_source
from conversations.document.read.sections import common, is_footer, is_page_number
from conversations.document.read.texts import Line, left_out, lines_of, signed
from conversations.document.read.words import plain, squeeze
from conversations.form.model import ItemId

ENOUGH_FIGURES = 30  # of about 200: a text with fewer only mentions some

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LIKE_HEADING = re.compile(
    r"(?m)^(?>(?:[^\S\n]|[#*_])*)"
    r"(?:第?[一二三四五六]\s*+(?:[、.．,，:：]|部分|章|节|(?<=\s))|.{4,16}[^\w\n]*+$)"
)
_NUMERAL = re.compile("第?([一二三四五六])")
# Signs of pages, chats and programs around a heading. Those after it are only matched at the start
# of a run: otherwise long runs take quadratic time.
_AROUND = re.compile(r"^[^\w(（]+|(?<![^\w)）。；;，,!！?？])[^\w)）。；;，,!！?？]++$")
_ANY_NUMBER = re.compile(
    r"(?:[(（]\s*+[一二三四五六七八九十\d]{1,2}\s*+[)）]|第?[一二三四五六七八九十壹贰叁肆伍陆\d]{1,2}"
    r"(?:部分|章|节|项)?(?:\.\d)?|[ivx]{1,3}(?![a-z]))(?>(?:[^\w\n]|丶)*)"
)
_FREE_WORDS = {  # of narratives, under any number
    "problems_and_improvements": re.compile(
        r"(?:工作中?)?(?:存在的?)?(?:主要)?(?:问题|不足)[和与及](?:下一步)?(?:工作)?"
        r"(?:改进|整改|不足|打算)(?:情况|措施|方向)?"
    ),
    "other_matters": re.compile("其他(?:需要)?(?:报告|说明)?的?事项"),
}
_LONGEST = 40  # characters of a line that is only a heading
_BEGINS = re.compile(r"\s*[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*\S")  # a numbered heading
_COUNTED = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class RunningText:
    """The words of a file, one line per paragraph, and what was left out."""

    text: str
    left: tuple[LeftOut, ...] = ()


def running_text(data: bytes, name: str = "") -> RunningText:
    """
    Read the words of a file.

    Raises:
        Unreadable: It has no readable words.
        NeedsConversion: LibreOffice has to convert it (.doc, .rtf, .odt).
    """
    source = open_source(data, name, WorkBudget())
    lines: list[Line] = []
    blocks, around = cleaned(source), 0
    if source.kind == "html":
        blocks, around = _article(blocks)
    for block in blocks:
        if isinstance(block, Grid):
            lines += lines_of(block)
        elif not is_page_number(block.text, bare=source.kind == "pdf"):
            lines.append(Line(block.text.strip(), block, block.left))
    text = "\n".join(line.text for line in lines if line.text)
    if source.kind == "txt" and b"\0" in data and not data.startswith(_WIDE_MARKS):
        raise Unreadable(UnreadableReason.UNSUPPORTED)  # the encoding would only be a guess
    left = left_out(lines)
    return RunningText(text, (*left, LeftOut("", Left.AROUND, around)) if around else tuple(left))


def _article(blocks: list[Block]) -> tuple[list[Block], int]:
    """
    The article of a page: from its first sentence to its last, without the website around it.

    Nothing if there is no sentence. A heading right above the first sentence is included. The lines
    around the article may be text without full stops: they are counted, with one for each row of a
    table.
    """
    if not any(isinstance(block, Para) and "。" in block.text for block in blocks):
        blocks = [  # laid out by tables
            Para(line, block.path)
            for block in blocks
            if isinstance(block, Grid)
            for row in block.rows
            for text in row.texts
            for line in text.split("\n")
        ]
    said = [isinstance(block, Para) and "。" in block.text for block in blocks]
    if not any(said):
        return [], 0
    first = said.index(True)
    feet = (
        place
        for place, block in enumerate(blocks)
        if place > first and isinstance(block, Para) and is_footer(block.text)
    )
    end = next(feet, len(blocks))
    container = common([blocks[at].path for at in range(first, end) if said[at]])
    inside = [block for block in blocks[:end] if block.path[: len(container)] == container]
    places = [at for at, b in enumerate(inside) if isinstance(b, Para) and "。" in b.text]
    first = places[0]
    while first and isinstance(above := inside[first - 1], Para) and _BEGINS.match(above.text):
        first -= 1
    article = inside[first : places[-1] + 1]
    return article, _rows_in(blocks) - _rows_in(article)


def _rows_in(blocks: list[Block]) -> int:
    """The number of lines of text and of table rows."""
    return sum(
        len(lines_of(block)) if isinstance(block, Grid) else bool(block.text.strip())
        for block in blocks
    )


@dataclass(frozen=True, slots=True)
class SectionText:
    """
    The text under one heading, and the heading as written.

    `section` is "" for the text before the first heading.
    """

    section: ItemId
    heading: str
    text: str


def section_texts(text: str) -> tuple[SectionText, ...]:
    """A text split at the headings of the sections, including those of tables."""
    made: list[tuple[Heading | None, list[str]]] = [(None, [])]
    lines = _made_whole(text.split("\n"))
    openings = [_opens(line) for line in lines]
    if not any(opening and opening.section in NARRATIVES for opening in openings):
        loose = [_opens_anyhow(line) for line in lines]
        one = len({opening.section for opening in loose if opening}) == 1
        openings = [
            None if one and anyhow and _counts_on(line, lines[at + 1 :]) else anyhow or opening
            for at, (line, anyhow, opening) in enumerate(zip(lines, loose, openings, strict=True))
        ]
    for line, opening in zip(lines, openings, strict=True):
        if opening is None:
            made[-1][1].append(line)
        else:
            made.append((opening, [opening.rest] if opening.rest else []))
    apart = []
    for opening, under in made:
        said = "\n".join(under).strip("\n")
        if opening is not None:
            apart.append(SectionText(opening.section, opening.printed, said))
        elif said.strip():
            apart.append(SectionText("", "", said))
    return tuple(_without_contents(apart))


def _without_contents(parts: list[SectionText]) -> list[SectionText]:
    """The parts without a table of contents: headings without text that are repeated later."""
    opened = [part.section for part in parts if part.section]
    for index in range(len(parts) - 1, 0, -1):
        ahead = [part for part in parts[:index] if part.section]
        again = parts[index].section == opened[0] and len(ahead) > 2
        if again and not any(part.text.strip() for part in ahead[:-1]):
            title = "\n".join(part.text for part in parts[:index] if part.text.strip())
            return [*([SectionText("", "", title)] if title else []), *parts[index:]]
    return parts


def own_heading(text: str, section: ItemId) -> tuple[str, str]:
    """
    A section's heading at the start of its own text, numbered or not, and the text without it.

    The heading is "" if there is none.
    """
    first, *under = _made_whole(text.lstrip().split("\n"))
    opening = _opens(first)
    if opening is None and (exact := heading(first)) and exact.exact:
        opening = exact
    if opening is None and not _counts_on(first, under):
        opening = _opens_anyhow(first)
    if opening is None or opening.section != section:
        return "", text
    return opening.printed, "\n".join(filter(None, (opening.rest, "\n".join(under).strip("\n"))))


def signed_under(lines: list[str], organ: str) -> tuple[list[str], str]:
    """The lines without the organ and date at their end, and these; "" if one is missing."""
    texts, signature = signed([line for line in lines if line.strip()], organ, site=False)
    if signature is None or not all(signature) or not texts:
        return lines, ""
    last = max(index for index, line in enumerate(lines) if line == texts[-1])
    return lines[: last + 1], " ".join(signature)


def holds_sections(text: str) -> bool:
    """Whether a text has a narrative's heading with text under it; tables are for figures."""
    like = bool(_LIKE_HEADING.search(text)) or any(map(_opens_anyhow, text.split("\n")))
    return like and any(
        part.section in NARRATIVES and part.text.strip() for part in section_texts(text)
    )


def _opens(line: str) -> Heading | None:
    """
    The heading in a line: with its section's number, or exactly that of a narrative.

    Marks of pages and programs («## 一、…», «【一、…】», «- 一、…») are ignored.
    """
    opening = _opens_plainly(line.strip().lstrip("#").strip("*_ \u3000\t"))
    if opening is None and len(line) <= _LONGEST:
        opening = _opens_plainly(_AROUND.sub("", line))
        return opening if opening and not opening.rest else None
    return opening


def _opens_plainly(line: str) -> Heading | None:
    opening = heading(line) if _LIKE_HEADING.match(line) else None
    if opening is None:
        anyhow = _opens_anyhow(line) if _LIKE_HEADING.match(line) else None
        return anyhow if anyhow and _NUMERAL.match(line) else None
    if opening.rest.isdecimal():  # the page number in a table of contents
        opening = replace(opening, rest="")
    numeral = _NUMERAL.match(squeeze(line))
    if opening.numbered and numeral and NUMERALS[numeral.group(1)] == opening.section:
        return opening
    return opening if opening.exact and opening.section in NARRATIVES else None


def _opens_anyhow(line: str) -> Heading | None:
    """A narrative's heading with a number of any kind: «1.总体情况», «（五）存在的…»."""
    if len(line) > _LONGEST:
        return None
    printed = _AROUND.sub("", line)
    number, said = _after_number(printed)
    section = TITLES.get(said, "")
    if not section and not number.startswith("("):
        section = next((s for s, words in _FREE_WORDS.items() if words.fullmatch(said)), "")
        if number.startswith("六") and said in ("其他", "其他情况"):
            section = NUMERALS["六"]
    return Heading(section, printed, numbered=False) if section in NARRATIVES else None


def _after_number(line: str) -> tuple[str, str]:
    """The number before a heading, in any form, and the text after it."""
    squeezed = squeeze(line).lower()
    found = _ANY_NUMBER.match(squeezed)
    number = found.group() if found else ""
    said = plain(squeezed[len(number) :]).replace("其它", "其他")
    return number, said.removesuffix("如下")


def _counts_on(first: str, under: Sequence[str]) -> bool:
    """Whether the next number of the same kind follows: then the line is part of a list."""
    number, _ = _after_number(_AROUND.sub("", first))
    token = re.search(rf"\d+|[{_COUNTED[:-1]}]", number)
    if token is None:
        return False
    one = token.group()
    after = str(int(one) + 1) if one.isdecimal() else _COUNTED[_COUNTED.index(one) + 1]
    following = number[: token.start()] + after + number[token.end() :]
    return any(_after_number(line)[0] == following for line in under)


def _made_whole(lines: list[str]) -> list[str]:
    """Lines in which a heading broken into two, as in PDF files, is joined."""
    whole: list[str] = []
    for line in lines:
        before, after = whole[-1].strip() if whole else "", line.strip()
        if before and after and len(before) + len(after) <= _LONGEST:
            _, said = _after_number(before)
            joined = before + ("" if said or before[-1:] in "、." else "、") + after
            if _after_number(joined)[1] in TITLES and plain(after):
                whole[-1] = joined
                continue
        whole.append(line)
    return whole
