"""Finds the headings of the six sections by their words, official or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from conversations.document.read.blocks import Block, Para
from conversations.document.read.heading_vocabulary import (
    NUMERALS,
    SECTION_WORDS,
    TABLE_LABEL_BEGINNINGS,
    TABLE_LABELS,
    TITLES,
)
from conversations.document.read.words import distance, plain, squeeze

_NUMBERED = re.compile(
    r"^第?([一二三四五六])(?:部分|章|节)?[、.,:：，．\s]|^第([一二三四五六])(?:部分|章|节)"
)
_ANY_NUMBER = re.compile(
    r"^(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.,:，．]"
    r"|第[一二三四五六]部分[、.,:，．]?|\d{1,2}[、.,，．)）])"
)
_NUMBER = r"^\s*(第?[一二三四五六](?:部分)?[\s\u3000]*"
_RUN_IN = (
    _NUMBER
    + r"[、.．,，:：]?[\s\u3000]*([^。：:；;，,\n]{3,40}?))[\s\u3000]*[。：:][\s\u3000]*(.+)$",
    _NUMBER + r"[、.．][\s\u3000]*(\S{3,40}))[\s\u3000]+(.+)$",
)
MAX_HEADING = 48


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its section, its printed text, and the text after it on the line."""

    section: str
    printed: str
    at: int = 0
    rest: str = ""
    numbered: bool = True
    exact: bool = True


def is_heading(text: str) -> bool:
    """Whether a paragraph is surely one of the six headings."""
    opening = heading(text)
    return opening is not None and opening.numbered


def heading(text: str) -> Heading | None:
    """
    The heading in a paragraph, None if it opens no section.

    Numbers in brackets belong to a lower level and never open a section.
    """
    line = text.strip()
    if not line or len(line) > 4000:
        return None
    return _short_heading(line) if len(line) <= 100 else _heading(line)


def _heading(line: str) -> Heading | None:
    squeezed = squeeze(line)
    match = _NUMBERED.match(squeezed)
    if (
        match is None
        and re.match(r"[一二三四五六][\s\u3000]", line)
        and plain(squeezed[1:]) in TITLES
    ):
        return Heading(TITLES[plain(squeezed[1:])], line)
    if match is None:
        if _ANY_NUMBER.match(squeezed) or len(squeezed) > MAX_HEADING:
            return None
        said = plain(squeezed)
        section = TITLES.get(said)
        return Heading(section, line, numbered=False) if section else None
    numeral = match.group(1) or match.group(2)
    said = plain(squeezed)
    if said in TABLE_LABELS:
        return None
    title = plain(squeezed[match.end() :])
    if title in TITLES:
        return Heading(TITLES[title], line)
    run_in = _run_in(line, numeral)
    if run_in:
        return run_in
    if len(squeezed) > MAX_HEADING or squeezed[-1] in "。；;，," or not title:
        return None
    if title.startswith(TABLE_LABEL_BEGINNINGS):
        return None
    expected = NUMERALS[numeral]
    near = [
        (distance(title, known, max(1, len(known) // 4)), known)
        for known in TITLES
        if len(known) >= 6
    ]
    near = [(far, known) for far, known in near if far <= max(1, len(known) // 4)]
    if near:
        section = TITLES[min(near)[1]]
        return Heading(section, line, exact=False)
    if re.search(SECTION_WORDS[expected], title):
        return Heading(expected, line, exact=False)
    return None


_short_heading = lru_cache(maxsize=2048)(_heading)


def _run_in(line: str, numeral: str) -> Heading | None:
    """Read «六、其他需要报告的事项：无。» as the heading and the text on its line."""
    for form in _RUN_IN:
        match = re.match(form, line)
        section = TITLES.get(plain(match.group(2))) if match else None
        if match and section and NUMERALS[numeral] == section:
            return Heading(section, match.group(1).strip(), rest=match.group(3).strip())
    return None


def join_headings(blocks: Sequence[Block]) -> None:
    """Join headings that were broken over two lines, as in PDF files; in place."""
    for first, second in pairwise(blocks):
        if not isinstance(first, Para) or not isinstance(second, Para):
            continue
        before, after = first.text.strip(), second.text.strip()
        if not before or not after or len(before) + len(after) > MAX_HEADING:
            continue
        said = _said(before)
        if said not in TITLES and f"{said}{plain(after)}" in TITLES and _begins_title(said):
            first.text, second.text = before + after, ""


def _said(line: str) -> str:
    """The words of a heading after its number."""
    squeezed = squeeze(line)
    number = _ANY_NUMBER.match(squeezed)
    return plain(squeezed[number.end() :] if number else squeezed)


def _begins_title(said: str) -> bool:
    return len(said) >= 2 and any(title.startswith(said) for title in TITLES)
