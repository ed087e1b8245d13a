"""Removes traces of tools from a file's blocks, and takes running text out of tables."""

from __future__ import annotations

import re

from conversations.document.read import marks
from conversations.document.read.blocks import Block, Grid, GridRow, Para, Source
from conversations.document.read.heading_vocabulary import NARRATIVES, SCROLLS
from conversations.document.read.headings import heading
from conversations.document.read.heads import says_table
from conversations.document.read.remarks import is_prose
from conversations.document.read.words import MARKS, is_value, squeeze, whole_characters

MAX_MARKS = 50

_SCROLLS = squeeze(SCROLLS)

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufde0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def cleaned(source: Source) -> list[Block]:
    """The blocks without traces of tools, with tables that only hold text split into paragraphs."""
    blocks: list[Block] = []
    last_heading = ""

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
            words, block.left = marks.parted(block.text)
            block.text = clean(words)
            said = squeeze(block.text)
            if said == _SCROLLS or (said == last_heading and _is_caption(said)):
                continue
            last_heading = said if heading(said) else last_heading
            blocks.append(block)
            continue
        for row in block.rows:
            for cell in row.cells:
                text = clean(cell.text)
                cell.text = text if is_value(text) else marks.of_label(text) or text
        blocks.extend(_unfolded(block))
    source.marks = list(dict.fromkeys(source.marks))[:MAX_MARKS]
    return blocks


def _is_caption(said: str) -> bool:
    """Whether this heading may be repeated as a caption above its table."""
    opening = heading(said)
    return opening is not None and opening.section not in NARRATIVES


def _unfolded(grid: Grid) -> list[Block]:
    """Split headings and running text off from a table."""
    blocks: list[Block] = []
    rows: list[GridRow] = []
    for row in grid.rows:
        if len(row.texts) == 1 and _is_running(row.texts[0], alone=len(row.own) == 1):
            if rows:
                blocks.append(Grid(rows, grid.path))
                rows = []
            blocks.extend(Para(line, grid.path) for line in row.texts[0].split("\n"))
        else:
            rows.append(row)
    return [*blocks, Grid(rows, grid.path)] if rows else blocks


def _is_running(text: str, *, alone: bool) -> bool:
    """
    Whether a text is running text and no label: a heading, a paragraph, or a note alone in its row.
    """
    opening = heading(text.split("\n", maxsplit=1)[0])
    if opening is not None and (opening.numbered or len(text) > 30):
        return True
    if alone and is_prose(text):
        return True
    return not says_table(text) and len(squeeze(text)) > 60 and "。" in text
