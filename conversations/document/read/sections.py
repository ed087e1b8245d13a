"""
The order of a report: its headings, title, and the lines that tell of it.

A report starts anew where the headings start anew, so that two years in one file are never
mixed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from conversations.answers.numerals import read_digits
from conversations.document.lines import TITLE, broken
from conversations.document.read.blocks import Block, Grid, Para, Path
from conversations.document.read.heading_vocabulary import (
    FOOTER_WORDS,
    METADATA_WORDS,
    SECTIONS,
)
from conversations.document.read.headings import Heading, heading, is_heading
from conversations.document.read.words import squeeze
from conversations.form.organ import ends_as_organ

_TITLE = re.compile(r"(报告|年报|年度报告\(?.{0,8}\)?)$")
_TITLE_WORDS = re.compile("信息公开|政务公开|年度报告|年报")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)[\s]*年")
_AS_DIGITS = str.maketrans("0oO两", "〇〇〇二")
_CHINESE_YEAR = re.compile(r"[二两][〇○零０0oO][一二三四五六七八九〇○零]{2}年")
_SENTENCE = re.compile(r"[。；;！？!?，,：:]")
_DATE = re.compile(
    r"^\(?((?:20\d\d|二[〇○零0][一二三四五六七八九〇○零]{2})年"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日)\)?$"
)
_SIGNED_ON = re.compile(r"^(20\d\d(?:[-./年]\d{1,2}[-./月]\d{1,2}日?|年\d{1,2}月))$")
_BESIDE_DATE = re.compile(r"^\(?日期:|\(盖章\)$")
_BULLETS = r"^[\s\u3000【\[(（>》«»|·•\-]*"
_BRACKET = re.compile(r"(?<=.)\([^()]*\)$")
TITLE_LINES = 3  # that the name of an organ may take above the last of them
_FOOTER = re.compile(f"{_BULLETS}({FOOTER_WORDS})")
_METADATA = re.compile(f"{_BULLETS}({METADATA_WORDS})")
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–－·]+\d{1,3}[-—–－·]+|\d{1,3})$|^第\s*\d+\s*页(.{0,3}共\s*\d+\s*页)?$"
)


@dataclass(slots=True)
class Part:
    """
    One report inside a file: where it starts and ends, its headings by section.

    Positions are indexes of blocks.
    """

    start: int
    end: int
    headings: list[Heading] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    title_at: tuple[int, int] = (0, 0)

    def span(self, index: int) -> range:
        """The blocks from a heading to the next."""
        following = self.headings[index + 1 : index + 2]
        return range(self.headings[index].at + 1, following[0].at if following else self.end)

    @property
    def by_section(self) -> dict[str, Heading]:
        """The headings by their section."""
        return {opening.section: opening for opening in self.headings}


def find_headings(blocks: Sequence[Block]) -> list[Heading]:
    """Every heading; without a number only where its section has none with one."""
    headings = [
        replace(opening, at=at)
        for at, block in enumerate(blocks)
        if isinstance(block, Para) and (opening := heading(block.text))
    ]
    numbered = {opening.section for opening in headings if opening.numbered}
    if len(numbered) < 3:
        return headings
    return [opening for opening in headings if opening.numbered or opening.section not in numbered]


def split_reports(blocks: Sequence[Block]) -> list[Part]:
    """
    The reports of a file, each with its headings; contents pages are none.

    Where the headings begin again a new report begins, at its title.
    """
    runs: list[list[Heading]] = []
    for opening in find_headings(blocks):
        run = runs[-1] if runs else []
        if not runs:
            runs.append([opening])
        elif opening.section == run[-1].section:
            continue  # the heading again, over its table
        elif any(opening.section == other.section for other in run):
            if opening.exact or opening.section == SECTIONS[0]:
                runs.append([opening])
        else:
            run.append(opening)
    runs = _rejoined([run for run in runs if not _is_contents(run, blocks)])
    whole = [run for run in runs if len(run) >= 3]
    if not whole and runs:
        whole = [max(runs, key=len)]
    parts = [Part(0, len(blocks), run) for run in whole]
    for index, part in enumerate(parts):
        first = part.headings[0].at
        begins = parts[index - 1].headings[-1].at + 1 if index else 0
        part.title, part.title_at = find_title(blocks, begins, first)
        if index:
            start = part.title_at[0] if part.title else first
            part.start = start
            parts[index - 1].end = min(parts[index - 1].end, start)
    return parts


def _rejoined(runs: list[list[Heading]]) -> list[list[Heading]]:
    """A few stray headings begin no report: those that are new belong to the one before."""
    made: list[list[Heading]] = []
    for run in runs:
        if made and len(run) < 3 and run[0].section != SECTIONS[0]:
            known = {opening.section for opening in made[-1]}
            made[-1].extend(opening for opening in run if opening.section not in known)
        else:
            made.append(run)
    return made


def _is_contents(run: list[Heading], blocks: Sequence[Block]) -> bool:
    """A list of contents: headings one under the other with nothing between."""
    if len(run) < 3:
        return False
    return all(
        not any(
            isinstance(block, Grid) or block.text.strip()
            for block in blocks[opening.at + 1 : following.at]
        )
        for opening, following in itertools.pairwise(run)
    )


def find_title(blocks: Sequence[Block], start: int, end: int) -> tuple[list[str], tuple[int, int]]:
    """
    The title above the first heading: its lines, and the places it takes.

    The last one before the introduction counts; site pages print it twice.
    """
    window = range(max(start, end - 400), end)
    best: tuple[list[str], tuple[int, int]] | None = None
    for at in reversed(window):
        block = blocks[at]
        if not isinstance(block, Para):
            continue
        said = squeeze(block.text)
        if not said or len(said) > 80 or _SENTENCE.search(said) or not _TITLE.search(said):
            continue
        if _METADATA.match(block.text) and not _TITLE_WORDS.search(said):
            continue
        lines, first = _upwards(blocks, at, window.start)
        joined = squeeze("".join(lines))
        if not _TITLE_WORDS.search(joined):
            continue
        whole = bool(_YEAR.search(joined) or _CHINESE_YEAR.search(joined))
        if whole:
            return lines, (first, at + 1)
        best = best or (lines, (first, at + 1))
    return best or ([], (start, start))


def _upwards(blocks: Sequence[Block], at: int, start: int) -> tuple[list[str], int]:
    """The lines of a title that stand above its last opening."""
    block = blocks[at]
    assert isinstance(block, Para)
    lines = [block.text.strip()]
    first = at
    position = at - 1
    while position >= start and len(lines) < 4:
        above = blocks[position]
        if not isinstance(above, Para):
            break
        said = squeeze(above.text)
        if not said:
            if lines and first - position > 2:
                break
            position -= 1
            continue
        joined = squeeze("".join(lines))
        has_organ = not re.match(
            r"^(关于)?(20\d\d|二[〇○零]|年度|政府信息公开|信息公开|工作|政务公开)", joined
        )
        begins = bool(re.match(r"^(年度|工作|报告|年报|政府信息公开|信息公开|政务公开)", joined))
        if has_organ or len(said) > 40 or _SENTENCE.search(said) or _METADATA.match(above.text):
            break
        if _TITLE.search(said) or _PAGE_NUMBER.match(said) or "位置" in said or ">" in said:
            break
        if not (
            ends_as_organ(said) or _YEAR.search(said) or (begins and _TITLE_WORDS.search(said))
        ) and not re.search(r"关于|年度?$|的$", said):
            break
        lines.insert(0, above.text.strip())
        first = position
        position -= 1
    return _as_broken(blocks, first, start, lines)


def _as_broken(
    blocks: Sequence[Block], first: int, start: int, lines: list[str]
) -> tuple[list[str], int]:
    """The same with the lines above it that an organ's long name was broken into."""
    whole = lines
    parts = ["".join(line.split()) for line in lines]
    for position in range(first - 1, max(start, first - TITLE_LINES) - 1, -1):
        block = blocks[position]
        said = "".join(block.text.split()) if isinstance(block, Para) else ""
        if not said:
            break
        parts.insert(0, said)
        above = len(parts) - len(lines)
        for count in range(max(2, above), len(parts) + 1):
            name = "".join(parts[:count])
            if ends_as_organ(squeeze(name)) and list(broken(name, TITLE)) == parts[:count]:
                whole, first = [*parts[:above], *lines], position
    return whole, first


def year_of(text: str) -> int | None:
    """The first year named in a text, in digits or characters."""
    squeezed = squeeze(text)
    match = _YEAR.search(squeezed)
    if match:
        return int(match.group(1))
    written = _CHINESE_YEAR.search(squeezed)
    if written:
        return int(read_digits(written[0][:4].translate(_AS_DIGITS)) or 0)
    match = re.search(r"(?<!\d)(20\d\d)(?!\d)", squeezed)
    return int(match.group(1)) if match else None


def organ_of(title: Sequence[str]) -> str:
    """The organ that a title names, its brackets as printed; empty where it names none."""
    printed = "".join("".join(title).split())
    joined = squeeze(printed)
    organ = _organ_in(joined)
    if organ and len(joined) == len(printed):
        at = joined.find(organ)
        return printed[at : at + len(organ)] if at >= 0 else organ
    return organ


def _organ_in(joined: str) -> str:
    before, mark, after = _cut(joined)
    if mark and before:
        return re.sub(r"^关于(发布|公布|公开)?|关于$", "", before)
    after = re.sub(r"^度", "", after) if mark else joined
    match = re.match(r"^(.+?)(?:政府信息公开|信息公开|政务公开|年度报告)", after)
    if not match:
        return ""
    return match.group(1) + ("政府" if match.group(1).endswith("人民") else "")


def _cut(text: str) -> tuple[str, str, str]:
    match = _YEAR.search(text) or _CHINESE_YEAR.search(text)
    if not match:
        return text, "", ""
    return text[: match.start()], match.group(), text[match.end() :]


def date_of(text: str) -> str | None:
    """A line that is only a date, as printed without blanks."""
    match = _DATE.match(squeeze(text))
    return match.group(1) if match else None


def date_signed(text: str) -> str | None:
    """The date beside the name of an organ: also «2026.1.20», «2026年1月», with its mark."""
    said = _BESIDE_DATE.sub("", squeeze(text))
    match = _DATE.match(said) or _SIGNED_ON.match(said.strip("()"))
    return match.group(1) if match else None


def is_footer(text: str) -> bool:
    """A line of the site, not of the report: 上一篇, 打印, 版权所有…"""
    said = text.strip()
    return (
        len(squeeze(said)) <= 60 and not said.endswith(("。", "；")) and bool(_FOOTER.match(said))
    )


def is_metadata(text: str) -> bool:
    """A line of a site's box about the page: 索引号, 发布日期…"""
    said = text.strip()
    return len(squeeze(said)) <= 60 and "。" not in said and bool(_METADATA.match(said))


def is_page_number(text: str, *, bare: bool = True) -> bool:
    """A page's number or running foot: «— 3 —», with `bare` also «3»."""
    said = squeeze(text)
    return bool(_PAGE_NUMBER.match(said)) and (bare or not said.isdigit())


def is_organ(text: str, organ: str) -> bool:
    """Whether a line is the name of an organ, as a signature has it."""
    said = squeeze(text)
    if said and said == organ:
        return True
    if not said or len(said) > 40 or _SENTENCE.search(said) or "、" in _BRACKET.sub("", said):
        return False
    return ends_as_organ(said)


def common(paths: Sequence[Path]) -> Path:
    """The path of the smallest element that holds all."""
    if not paths:
        return ()
    first, last = min(paths), max(paths)
    shared = 0
    for a, b in zip(first, last, strict=False):
        if a != b:
            break
        shared += 1
    return first[:shared]


def lays_out_page(cells: Sequence[Sequence[Block]]) -> bool:
    """Whether a table of these cells holds the report and not figures: tables, or headings."""
    return any(
        isinstance(block, Grid) or (len(blocks) > 1 and is_heading(block.text))
        for blocks in cells
        for block in blocks
    )
