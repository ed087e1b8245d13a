"""
Running text around the tables: before a table, after it, and under the signature.

In the section of a table only whole sentences and notes are text; a possible label, head or figure
is left to the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from conversations.document.read.heads import is_article, says_table
from conversations.document.read.vocabulary import RECONCILED, UNIT_LINE
from conversations.document.read.words import is_value, plain, squeeze

LEAST = 8  # characters of a sentence
LONG = 16  # characters from which on a sentence cannot be a label

_PARTS = re.compile(r"[\t|│┃｜]|\s{2,}|\u3000+")
_STOPS = re.compile(r"[。！？!?][”’）)」』\]】]*$")
_ENDS = re.compile(r"[。！？!?：；:;][”’）)」』\]】]*$")
_NOTE = re.compile(r"^[(（【*＊※]?(?:备注|附注|注释|说明|注)\d?[\s\u3000]*[:：、.．]")
_POINTS = re.compile(r"(?:如下|下表|见表|所示|附表)[^\d]{0,6}$")


def is_prose(text: str) -> bool:
    """Whether a line is surely running text: the end of a sentence, or a note."""
    said = squeeze(text)
    if of_table(text):
        return False
    ends = _STOPS if len(said) < LONG else _ENDS
    return bool(_NOTE.match(said)) or (
        len(said) >= LEAST and bool(ends.search(said) or _POINTS.search(said))
    )


def of_table(text: str) -> bool:
    """Whether a line belongs, or may belong, to a table: a label, a head, figures."""
    said = squeeze(text)
    if says_table(text) or plain(text).startswith(RECONCILED):
        return True
    if _is_sentence(text, said):
        return False
    parts = [part for part in _PARTS.split(text) if part.strip()]
    words = text.split()
    return (
        any(says_table(part) or is_article(part) or is_value(part) for part in parts)
        or (len(words) > 1 and is_value(words[-1]))
        or is_caption(text)
    )


def is_caption(text: str) -> bool:
    """Whether a line only names a table or its unit: «单位：件», «表 2»."""
    said = squeeze(text)
    return len(said) < LONG and bool(UNIT_LINE.match(said))


def _is_sentence(text: str, said: str) -> bool:
    """Whether a text is long, undivided, and ends with a full stop."""
    return len(said) >= LONG and "\t" not in text.strip() and bool(_STOPS.search(said))


def before_table(texts: Sequence[str]) -> int:
    """
    The number of lines above a table that are running text: up to the last sentence above its
    heads.
    """
    heads = next((at for at, text in enumerate(texts) if of_table(text)), len(texts))
    return max((at + 1 for at, text in enumerate(texts[:heads]) if is_prose(text)), default=0)


def after_table(texts: Sequence[str]) -> int:
    """
    The first line of running text after a table's last line; the number of lines if there is none.
    """
    start = max((at + 1 for at, text in enumerate(texts) if of_table(text)), default=0)
    first = next((at for at in range(start, len(texts)) if is_prose(texts[at])), len(texts))
    if first == len(texts) or _NOTE.match(squeeze(texts[first])):
        return first
    # In a paragraph cut into lines, the end of the sentence is further down.
    while first > start and len(squeeze(texts[first - 1])) >= LONG and "\t" not in texts[first - 1]:
        first -= 1
    return first
