"""
Finds headings in unofficial styles: «1.», «（一）», «第一部分», misnumbered, not numbered.

Used only if official headings are missing, because running text numbers its lower levels the same
way. The style that most headings share opens sections. A heading in another style counts if its
section is missing and it stands between its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from conversations.document.read.blocks import Block, Grid, Para
from conversations.document.read.heading_vocabulary import SECTIONS, TITLES
from conversations.document.read.headings import MAX_HEADING, Heading
from conversations.document.read.heads import says_table
from conversations.document.read.vocabulary import PrintedTable
from conversations.document.read.words import distance, plain

ENOUGH = 3  # headings in one style that make it the report's style
LONG = 8  # characters of a title that cannot mean anything else
LONGEST = 4000  # characters of a heading with the text on its line
NEAR_BY = 4  # blocks after a heading within which its table begins

_CHINESE = "一二三四五六七八九十壹贰叁肆伍陆"
_AROUND = r"^[\s\u3000#*_【\[<《〈★●◆■▲•·]*"
# The styles; the first that fits counts.
_MANNERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(_AROUND + pattern))
    for name, pattern in (
        ("part", rf"第\s*[{_CHINESE}\d]{{1,3}}\s*(?:部分|章|节|项|条|篇)[\s\u3000、.．:：，,]*"),
        ("bracket", rf"[（(]\s*[{_CHINESE}]{{1,3}}\s*[）)][\s\u3000、.．:：，,]*"),
        ("chinese", rf"[{_CHINESE}]{{1,3}}[\s\u3000]*[、.．:：，,）)\s\u3000丶][\s\u3000]*"),
        ("digit bracket", r"[（(]\s*\d{1,2}\s*[）)][\s\u3000、.．:：，,]*"),
        ("digit", r"\d{1,2}[\s\u3000]*[、.．:：，,）)\s\u3000丶][\s\u3000]*(?!\d)"),
        ("circled", r"[①-⑩][\s\u3000、.．]*"),
        ("roman", r"[IVXⅠ-Ⅻ]{1,4}[\s\u3000]*[、.．:：\s\u3000][\s\u3000]*"),
        ("none", r""),
    )
)
_TITLE_ENDS = re.compile(r"[】\]>》〉#*_\s\u3000:：。;；.…]*$")
_RUN_IN = re.compile(
    r"^([^。：:；;，,\n\s\u3000]{3,40}?)(?:[\s\u3000]*[。：:][\s\u3000]*|[\s\u3000]+)(\S.*)$"
)
_SAYS_SECTION = re.compile("情\\s*况|事\\s*项|措\\s*施")  # as in every title
_OF_CONTENTS = re.compile(r"(?:[.．…·]{2,}|\s)[\s.．…·\-—]*\d{1,3}\s*$")  # with its page number
_OF_TABLES = {table.value for table in PrintedTable}


def find_loosely(blocks: Sequence[Block], strict: Sequence[Heading]) -> list[Heading]:
    """
    The headings of a file in any style; `strict` are those in the official style.

    They are in the order of the file: those of one style, and missing ones between their
    neighbours.
    """
    if {opening.section for opening in strict} == set(SECTIONS):
        return list(strict)
    manners: dict[str, list[Heading]] = {}
    for at, block in enumerate(blocks):
        if isinstance(block, Para) and (found := _loosely(block.text, at)):
            manners.setdefault(found[0], []).append(found[1])
    sure = {o for found_in in manners.values() for o in found_in if _says_enough(o, blocks)}
    surely = {opening.section for opening in sure}
    for manner, found_in in manners.items():
        # «（一）主动公开情况» inside a text is no heading if the section has a better one.
        manners[manner] = [o for o in found_in if o in sure or o.section not in surely]
    base = list(strict)
    for found_in in manners.values():
        sections = {opening.section for opening in found_in}
        if len(sections) > max(len({o.section for o in base}), ENOUGH - 1):
            base = found_in
    others = [opening for found_in in (strict, *manners.values()) for opening in found_in]
    for section in SECTIONS:
        if len({o.section for o in base}) == len(base) and section not in {o.section for o in base}:
            base = _with_missing(base, section, others, blocks)
    return base


def _with_missing(
    base: list[Heading], section: str, others: Sequence[Heading], blocks: Sequence[Block]
) -> list[Heading]:
    """The headings with that of a missing section, if one stands at the right place."""
    order = SECTIONS.index(section)
    after = max((o.at for o in base if SECTIONS.index(o.section) < order), default=-1)
    before = min((o.at for o in base if SECTIONS.index(o.section) > order), default=len(blocks))
    for opening in sorted(others, key=lambda opening: opening.at):
        if (
            opening.section == section
            and after < opening.at < before
            and _says_enough(opening, blocks)
            and (base or opening.exact)
        ):
            return sorted([*base, opening], key=lambda opening: opening.at)
    return base


def _says_enough(opening: Heading, blocks: Sequence[Block]) -> bool:
    """Whether only the section can be meant: its title is long, or its table follows."""
    title = plain(opening.printed)
    if any(len(known) >= LONG and known in title for known in TITLES):
        return True
    if opening.section in _OF_TABLES:
        for under in blocks[opening.at + 1 : opening.at + 1 + NEAR_BY]:
            if isinstance(under, Grid) or says_table(under.text):
                return True
            if _loosely(under.text, 0):
                return False
        return False
    return opening.section == SECTIONS[0] and not opening.rest


def _loosely(text: str, at: int) -> tuple[str, Heading] | None:
    """The style of a heading and the heading, None if the paragraph is none."""
    line = text.strip()
    if (
        len(line) > LONGEST
        or _OF_CONTENTS.search(line)
        or not _SAYS_SECTION.search(line, 0, MAX_HEADING + 20)
    ):
        return None
    for manner, number in _MANNERS:
        match = number.match(line)
        if match is None:
            continue
        said = line[match.end() :]
        title = _TITLE_ENDS.sub("", said)
        if section := _section_of(title, numbered=manner != "none"):
            exact = plain(title) in TITLES
            return manner, Heading(section, line, at, numbered=manner != "none", exact=exact)
        run_in = _RUN_IN.match(said)
        section = TITLES.get(plain(run_in[1]), "") if run_in else ""
        if run_in and section:
            printed = line[: match.end()] + run_in[1]
            return manner, Heading(section, printed, at, run_in[2], numbered=manner != "none")
        if manner != "none" and (glued := _glued(said)):
            printed = line[: match.end()] + glued[1]
            return manner, Heading(glued[0], printed, at, said[len(glued[1]) :].strip())
        if manner != "none":
            return None
    return None


def _section_of(title: str, *, numbered: bool) -> str:
    said = plain(title)
    if len(said) > MAX_HEADING:
        return ""
    if said in TITLES or not numbered or len(said) < LONG:
        return TITLES.get(said, "")
    near = [(distance(said, known, 2), known) for known in TITLES if len(known) >= LONG]
    far, known = min(near)
    return TITLES[known] if far <= 2 else ""


def _glued(said: str) -> tuple[str, str] | None:
    """The section and title at the start of a text without separator: «其他需要报告的事项无。»"""
    titles = [
        title for title in TITLES if len(title) >= LONG and plain(said[:60]).startswith(title)
    ]
    if not titles:
        return None
    longest = max(titles, key=len)
    for end in range(len(longest), min(len(said), len(longest) + 12) + 1):
        if plain(said[:end]) == longest:
            return TITLES[longest], said[:end]
    return None
