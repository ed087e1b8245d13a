"""The order of columns whose heads are broken over several lines."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from conversations.document.read.blocks import GridCell
from conversations.document.read.heads import expanded_four, expanded_three
from conversations.document.read.pieces import Piece, Stream
from conversations.document.read.vocabulary import APPLICANTS, HEADS, RECONCILING, PrintedTable
from conversations.document.read.words import plain
from conversations.form.model import Table

TOTAL = "总计"


@dataclass(frozen=True, slots=True)
class Order:
    """
    The columns from left to right; `guessed` if broken heads do not prove the order.

    `by_total`: only the sums can prove that the total is the last column.
    """

    order: tuple[str, ...]
    guessed: bool = False
    by_total: bool = False


def order_of(stream: Stream, end: int, table: PrintedTable, printed: Table) -> Order | None:
    """The columns named by the heads before a place; None if they differ from the form's."""
    said = stream.said[:end].removesuffix("一")
    official = (
        APPLICANTS
        if table is PrintedTable.THREE
        else tuple(cell.id for line in printed.lines for cell in line.printed)
    )
    pieces = _pieces_before(stream, end)
    words = _segmented(said.replace(RECONCILING, ""), table)
    if words is None:
        pieces = [p for p in pieces if not _is_corner(plain(p.text))]
        words = _segmented("".join(plain(p.text) for p in pieces), table)
    if words is not None:
        order = _expanded(words, table)
        return Order(order) if sorted(order) == sorted(official) else None
    words = _segmented(_by_columns(pieces, table), table) if stream.spaced else None
    if words and _expanded(words, table) == official:
        return Order(official)
    if table is PrintedTable.THREE and said.count(TOTAL) == 1:
        words = _segmented(said.replace(RECONCILING, "").replace(TOTAL, ""), table)
        if words and (*_expanded(words, table), APPLICANTS[-1]) == APPLICANTS:
            return Order(APPLICANTS, by_total=True)
    heads = [box.text for row in printed.grid for box in row if _is_head(box.text, table)]
    every = Counter("".join(map(plain, heads)))
    least = Counter("".join(plain(text) for text in heads if HEADS[table][plain(text)].column))
    found = Counter(said)
    if found - every - Counter(RECONCILING) or least - found:
        return None
    if table is PrintedTable.FOUR:
        return Order(official, guessed=True)
    return _in_official_order(pieces, spaced=stream.spaced)


def _expanded(words: Sequence[str], table: PrintedTable) -> tuple[str, ...]:
    """The columns of complete heads, in order."""
    boxes = [(GridCell(word), HEADS[table][word]) for word in words]
    three = table is PrintedTable.THREE
    columns = expanded_three([boxes], loose=True) if three else expanded_four([boxes])
    return tuple(column.name for column in columns)


def _is_corner(said: str) -> bool:
    """Whether a text belongs to the corner of table three, and to no head."""
    return said in RECONCILING and not any(said in word for word in HEADS[PrintedTable.THREE])


def _by_columns(pieces: Sequence[Piece], table: PrintedTable) -> str:
    """The text of broken heads, with pieces that stand above each other joined."""
    over: dict[int, str] = {}
    first = ""  # the heads over several columns
    for piece in sorted(pieces, key=lambda p: p.line):
        said = plain(piece.text)
        head = HEADS[table].get(said)
        if table is PrintedTable.FOUR and head and (not head.column or "." in head.column):
            first += said
            continue
        col = next((col for col in over if abs(col - piece.col) <= 1), piece.col)
        over[col] = over.get(col, "") + said
    return first + "".join(said for _, said in sorted(over.items()))


def _is_head(text: str, table: PrintedTable) -> bool:
    return plain(text) in HEADS[table]


def _pieces_before(stream: Stream, end: int) -> list[Piece]:
    """The texts before a place in the stream, without the number of the first label."""
    pieces: list[Piece] = []
    count = 0
    for piece in stream.texts:
        count += len(plain(piece.text))
        if count > end:
            break
        pieces.append(piece)
    return pieces[:-1] if pieces and plain(pieces[-1].text) == "一" else pieces


def _segmented(said: str, table: PrintedTable) -> list[str] | None:
    """A text split into heads; None if it contains anything else."""
    known = HEADS[table]
    words: list[str] = []
    at = 0
    while at < len(said):
        word = next((said[at : at + n] for n in range(12, 1, -1) if said[at : at + n] in known), "")
        if not word:
            return None
        words.append(word)
        at += len(word)
    return words


def _in_official_order(pieces: Sequence[Piece], *, spaced: bool) -> Order | None:
    """
    The official order, if heads broken over lines follow it: on each line from left to right.

    The order is certain if the places in the lines agree.
    """
    labels = [
        next(w for w, head in HEADS[PrintedTable.THREE].items() if head.column == column)
        for column in APPLICANTS
    ]
    leftmost: dict[int, int] = {}
    last, line = -1, -1
    for piece in pieces:
        said = plain(piece.text)
        if piece.line != line:
            last, line = -1, piece.line
        fitting = [n for n, label in enumerate(labels) if said in label]
        if not fitting:
            continue
        column = next((n for n in fitting if n > last), -1)
        if column < 0:
            return None
        last = column
        if labels[column].startswith(said):
            leftmost.setdefault(column, piece.col)
    places = [leftmost.get(column, -1) for column in range(len(labels))]
    certain = spaced and all(0 <= a < b for a, b in itertools.pairwise(places))
    return Order(APPLICANTS, guessed=not certain)
