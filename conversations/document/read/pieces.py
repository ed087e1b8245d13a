"""The text lines of a table, cut into pieces: words and figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from conversations.document.read.marks import closed_up, unmarked
from conversations.document.read.rows import TORN, heads_whole
from conversations.document.read.vocabulary import HEADS, RECONCILING, PrintedTable
from conversations.document.read.words import UNITS, is_value, plain
from conversations.form.model import Table

LONGEST_PREFIX = 5  # characters by which a label is recognized
MOST_PIECES = 4000

_APART = re.compile(r"[\s\u00a0\u3000\u2003|│┃｜¦`]+")
_WITH_LETTERS = re.compile(r"[\dOoＯｏlI丨]{1,12}")
_SAYS = re.compile(r"[\u4e00-\u9fff]{4}")
_HARD_BLANK = re.compile("[\u00a0\u3000]")
_MARKED = re.compile(r"[\d/\\_∕—–−-]")  # digits, or a stroke in place of a figure


@dataclass(frozen=True, slots=True)
class Piece:
    """
    A piece of a line: its text and its place in the line; perhaps a figure.

    `letters`: the figure has letters in place of digits.
    """

    text: str
    col: int
    line: int
    is_figure: bool = False
    letters: bool = False


@dataclass(slots=True)
class Stream:
    """
    The pieces of a table in order.

    `said` are the joined texts; `before` has, for each of their characters, the number of figures
    before it; `parted` are the places between figures with a text, `broken` those with a line end.
    """

    figures: list[Piece] = field(default_factory=list)
    texts: list[Piece] = field(default_factory=list)
    said: str = ""
    before: list[int] = field(default_factory=list)
    parted: set[int] = field(default_factory=set)
    broken: set[int] = field(default_factory=set)
    spaced: bool = False

    def find(self, word: str, start: int) -> int:
        """The start of a label, recognized by its first characters; -1 if it is missing."""
        return self.said.find(word[:LONGEST_PREFIX], start)


_OFFICIAL: dict[tuple[str, str], frozenset[str]] = {}


def words_of(table: str, edition: str, printed: Table) -> frozenset[str]:
    """Every part of the words of a table."""
    known = _OFFICIAL.get((table, edition))
    if known is None:
        words = {plain(box.text) for row in printed.grid for box in row if box.text}
        words |= {plain(part) for line in printed.lines for part in (line.label, *line.path)}
        words |= HEADS[PrintedTable(table)].keys() | {RECONCILING}
        known = frozenset(
            word[a:b]
            for word in words
            for a in range(len(word))
            for b in range(a + 1, len(word) + 1)
        )
        _OFFICIAL[table, edition] = known
    return known


def stream_of(
    lines: Sequence[str], official: frozenset[str], *, blanks: bool = False
) -> Stream | None:
    """
    The pieces of a table's lines, without lines that contain other text.

    With `blanks` a line with only a non-breaking blank is an empty cell, once figures have begun:
    web pages write them so.

    None if a figure is torn, or there are more pieces than any table has.
    """
    stream = Stream()
    joined: list[str] = []
    for number, line in enumerate(heads_whole(lines)):
        if blanks and stream.figures and not line.strip() and _HARD_BLANK.search(line):
            stream.figures.append(Piece("", 0, number, is_figure=True))
            stream.broken.add(len(stream.figures))
            continue
        pieces = _pieces(line, number)
        if not all(_is_ours(piece, official) for piece in pieces):
            if not _SAYS.search(line):
                return None  # part of a figure, or several in one
            continue
        stream.spaced = stream.spaced or bool(re.search(r"\S {2,}\S", line))
        for piece in pieces:
            at = len(stream.figures)
            if piece.is_figure:
                stream.figures.append(piece)
            elif TORN.match(piece.text):
                return None
            elif piece.text in UNITS and at and stream.figures[-1].line >= number - 1:
                last = stream.figures[-1]
                stream.figures[-1] = replace(last, text=last.text + piece.text)
            elif not unmarked(piece.text)[0].strip():
                if at:  # a mark beside the figure before it
                    last = stream.figures[-1]
                    stream.figures[-1] = replace(last, text=last.text + piece.text)
            elif said := plain(piece.text):
                stream.texts.append(piece)
                stream.parted.add(at)
                stream.before += [at] * len(said)
                joined.append(said)
        if pieces and stream.figures:
            stream.broken.add(len(stream.figures))
        if len(stream.texts) + len(stream.figures) > MOST_PIECES:
            return None
    stream.said = "".join(joined)
    return stream


def _is_ours(piece: Piece, official: frozenset[str]) -> bool:
    """Whether a piece is a figure, its unit, a mark, or some of the words of the table."""
    said = plain(piece.text)
    if piece.is_figure or not said or said in official or piece.text in UNITS:
        return True
    return any(said[:cut] in official and said[cut:] in official for cut in range(2, len(said) - 1))


def _pieces(line: str, number: int) -> list[Piece]:
    """A line cut at blanks and strokes; a label keeps its number."""
    pieces: list[Piece] = []
    start = 0
    shown = closed_up(line)
    for gap in (*_APART.finditer(shown), None):
        end = gap.start() if gap else len(shown)
        text = shown[start:end]
        if text:
            bare = unmarked(text)[0]
            letters = bool(_WITH_LETTERS.fullmatch(text)) and not text.isdecimal()
            is_figure = letters or (is_value(text) and bool(_MARKED.search(bare)))
            pieces.append(Piece(text, start, number, is_figure, letters))
        if gap:
            start = gap.end()
    return pieces
