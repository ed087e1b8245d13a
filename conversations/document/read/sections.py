"""
The structure of a report: its headings, and lines with a special meaning.

A new report begins where the headings begin again, so that two years in one file are never mixed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from conversations.document.read.blocks import Block, Grid, Para, Path
from conversations.document.read.heading_vocabulary import (
    FOOTER_WORDS,
    METADATA_WORDS,
    SECTIONS,
)
from conversations.document.read.headings import Heading, heading, is_heading
from conversations.document.read.loose_headings import find_loosely
from conversations.document.read.titles import Title, find_title
from conversations.document.read.words import squeeze
from conversations.form.organ import ends_as_organ

_SENTENCE = re.compile(r"[。；;！？!?，,：:]")
_DATE = re.compile(
    r"^\(?((?:20\d\d|二[〇○零0][一二三四五六七八九〇○零]{2})年"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日)\)?$"
)
_SIGNED_ON = re.compile(r"^(20\d\d(?:[-./年]\d{1,2}[-./月]\d{1,2}日?|年\d{1,2}月))$")
_BESIDE_DATE = re.compile(r"^\(?日期:|\(盖章\)$")
_BULLETS = r"^[\s\u3000【\[(（>》«»|·•\-]*"
_BRACKET = re.compile(r"(?<=.)\([^()]*\)$")
_FOOTER = re.compile(f"{_BULLETS}({FOOTER_WORDS})")
_ATTACHED = re.compile(rf"{_BULLETS}附\s*件\d{{0,2}}[:：.、]")
_DRAFT = re.compile(
    r"草稿|初稿|未定稿|(?:征求意见|送审|讨论|审议|修改|内部|报批|送签|试行|待审)稿|样稿|作废"
)
_METADATA = re.compile(f"{_BULLETS}({METADATA_WORDS})")
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–－·]+\d{1,3}[-—–－·]+|\d{1,3})$|^第\s*\d+\s*页(.{0,3}共\s*\d+\s*页)?$"
)


LONGEST_MARK = 16  # characters of a draft mark


@dataclass(slots=True)
class Part:
    """
    One report inside a file: its start and end, and its headings.

    Positions are indexes of blocks.
    """

    start: int
    end: int
    headings: list[Heading] = field(default_factory=list)
    title: Title = field(default_factory=Title)

    def span(self, index: int) -> range:
        """The blocks between a heading and the next."""
        following = self.headings[index + 1 : index + 2]
        return range(self.headings[index].at + 1, following[0].at if following else self.end)

    @property
    def by_section(self) -> dict[str, Heading]:
        """The headings by their section."""
        return {opening.section: opening for opening in self.headings}


def find_headings(blocks: Sequence[Block]) -> list[Heading]:
    """
    Every heading; one without a number only if no numbered one opens its section.

    If official headings are missing, unofficial ones are looked for.
    """
    headings = [
        replace(opening, at=at)
        for at, block in enumerate(blocks)
        if isinstance(block, Para) and (opening := heading(block.text))
    ]
    numbered = {opening.section for opening in headings if opening.numbered}
    if len(numbered) >= 3:
        headings = [o for o in headings if o.numbered or o.section not in numbered]
    return find_loosely(blocks, headings)


def split_reports(blocks: Sequence[Block]) -> list[Part]:
    """
    The reports of a file, each with its headings, without tables of contents.

    A new report begins, at its title, where the headings begin again.
    """
    runs: list[list[Heading]] = []
    for opening in find_headings(blocks):
        run = runs[-1] if runs else []
        if not runs:
            runs.append([opening])
        elif opening.section == run[-1].section:
            continue  # the heading repeated above its table
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
        part.title = find_title(blocks, begins, first)
        if index:
            start = part.title.at[0] if part.title.lines else first
            part.start = start
            parts[index - 1].end = min(parts[index - 1].end, start)
    return parts


def _rejoined(runs: list[list[Heading]]) -> list[list[Heading]]:
    """The runs of headings; a few stray headings that are new belong to the run before."""
    made: list[list[Heading]] = []
    for run in runs:
        if made and len(run) < 3 and run[0].section != SECTIONS[0]:
            known = {opening.section for opening in made[-1]}
            made[-1].extend(opening for opening in run if opening.section not in known)
        else:
            made.append(run)
    return made


def _is_contents(run: list[Heading], blocks: Sequence[Block]) -> bool:
    """Whether headings are a table of contents: nothing stands between them."""
    if len(run) < 3:
        return False
    return all(
        not any(
            isinstance(block, Grid) or block.text.strip()
            for block in blocks[opening.at + 1 : following.at]
        )
        for opening, following in itertools.pairwise(run)
    )


def date_of(text: str) -> str | None:
    """The date of a line that is only a date, without blanks; None for any other line."""
    match = _DATE.match(squeeze(text))
    return match.group(1) if match else None


def date_signed(text: str) -> str | None:
    """
    The date beside an organ's name, also «2026.1.20» and «2026年1月», or with 日期 or （盖章）.
    """
    said = _BESIDE_DATE.sub("", squeeze(text))
    match = _DATE.match(said) or _SIGNED_ON.match(said.strip("()"))
    return match.group(1) if match else None


def is_footer(text: str) -> bool:
    """Whether a line belongs to the website, not the report: 上一篇, 打印, 版权所有…"""
    said = text.strip()
    return (
        len(squeeze(said)) <= 60 and not said.endswith(("。", "；")) and bool(_FOOTER.match(said))
    )


def is_metadata(text: str) -> bool:
    """Whether a line belongs to a website's box about the page: 索引号, 发布日期…"""
    said = text.strip()
    return len(squeeze(said)) <= 60 and "。" not in said and bool(_METADATA.match(said))


def is_attached(text: str) -> bool:
    """Whether a line names an attachment, of the website or of the report."""
    return bool(_ATTACHED.match(text.strip()))


def is_draft(text: str) -> bool:
    """Whether a short line says that it is no final report: 草稿…"""
    said = squeeze(text)
    return len(said) <= LONGEST_MARK and bool(_DRAFT.search(said))


def is_page_number(text: str, *, bare: bool = True) -> bool:
    """Whether a line is a page number: «— 3 —», with `bare` also «3»."""
    said = squeeze(text)
    return bool(_PAGE_NUMBER.match(said)) and (bare or not said.isdigit())


def is_organ(text: str, organ: str) -> bool:
    """Whether a line is the name of an organ, as in a signature."""
    said = squeeze(text)
    if said and said == organ:
        return True
    if not said or len(said) > 40 or _SENTENCE.search(said) or "、" in _BRACKET.sub("", said):
        return False
    return ends_as_organ(said)


def common(paths: Sequence[Path]) -> Path:
    """The path of the smallest element that contains all of them."""
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
    """
    Whether a table with these cells contains the report instead of figures: tables, or headings.
    """
    return any(
        isinstance(block, Grid) or (len(blocks) > 1 and is_heading(block.text))
        for blocks in cells
        for block in blocks
    )
