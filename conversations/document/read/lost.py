"""Content of a file that was not read: tables with known labels, texts without a heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conversations.document.read.blocks import Block, Para
from conversations.document.read.heading_vocabulary import NARRATIVES, SECTIONS, TITLES
from conversations.document.read.headings import heading
from conversations.document.read.heads import says_table
from conversations.document.read.sections import Part
from conversations.document.read.vocabulary import EDITIONS, HEADS, PrintedTable
from conversations.document.read.words import core, plain, squeeze
from conversations.form.model import ItemId

LONGEST_HEADING = 60  # characters of a line that may be a heading, even with other words
RUNNING_TEXT = 40  # characters from which on a sentence is more than a note below a table
INTRODUCTION = 400  # characters; a longer one is the text of section one without its heading

RUNNING = frozenset({"行政复议", "现行有效"})  # words that running text uses, too

_FIGURES = re.compile(r"[\d\W_]+")
# Words of the tables that no running text has together: labels of table three, heads of the others.
_WORDS: dict[PrintedTable, frozenset[str]] = {
    PrintedTable.THREE: frozenset(
        word
        for form in EDITIONS
        for line in form.tables[1].lines
        if len(word := _FIGURES.sub("", core(line.path[-1]))) >= 4
    )
} | {
    table: frozenset(
        word
        for word, head in HEADS[table].items()
        if (head.column or table is PrintedTable.TWO) and len(word) >= 4
    )
    - RUNNING
    for table in (PrintedTable.TWO, PrintedTable.FOUR)
}
_ENOUGH = {PrintedTable.TWO: 3, PrintedTable.THREE: 6, PrintedTable.FOUR: 5}


def tables_there(texts: Iterable[str]) -> set[ItemId]:
    """The sections whose table labels are somewhere in a text, even if broken."""
    said = _FIGURES.sub("", plain("".join(texts)))
    return {
        table.value
        for table, words in _WORDS.items()
        if sum(word in said for word in words) >= _ENOUGH[table]
    }


def hidden_texts(blocks: Sequence[Block], part: Part) -> tuple[ItemId, ...]:
    """
    The narratives without a heading whose text may still be in the file.

    A line has their title, or running text follows a table, or the text above the first heading is
    longer than an introduction.
    """
    missing = [s for s in SECTIONS if s in NARRATIVES and s not in part.by_section]
    if not missing or not part.headings:
        return ()
    called: set[ItemId] = set()
    for block in blocks[part.start : part.end]:
        if not isinstance(block, Para) or len(block.text) > LONGEST_HEADING:
            continue
        said = plain(block.text)
        if said and heading(block.text) is None:
            called |= {s for title, s in TITLES.items() if len(title) >= 4 and title in said}
    stray = {
        _following(o.section) for i, o in enumerate(part.headings) if _text_under(blocks, part, i)
    }
    first = blocks[max(part.start, part.title.at[1]) : part.headings[0].at]
    before = sum(len(block.text) for block in first if isinstance(block, Para))
    if before > INTRODUCTION:
        stray.add(SECTIONS[0])
    return tuple(section for section in missing if section in called | stray)


def _following(section: ItemId) -> ItemId:
    at = SECTIONS.index(section) + 1
    return SECTIONS[at] if at < len(SECTIONS) else section


def _text_under(blocks: Sequence[Block], part: Part, index: int) -> bool:
    """Whether there is running text in the section of a table."""
    if part.headings[index].section in NARRATIVES:
        return False
    return any(
        isinstance(block, Para)
        and len(said := squeeze(block.text)) >= RUNNING_TEXT
        and "。" in said
        and not says_table(block.text)
        for block in (blocks[at] for at in part.span(index))
    )
