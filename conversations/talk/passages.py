"""A text by paragraphs and sentences: cut, found again, replaced, compared."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from conversations.checks.findings import Repair
from conversations.checks.questions import Question
from conversations.form.model import ItemId
from conversations.talk.buttons import short_mark
from conversations.talk.session import Session

_PARAGRAPH = re.compile(r"[^\n]*[^\s][^\n]*")
_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’）」』]*|[^。！？]+$")
# What a message does to the chosen passage.
INSTEAD, BEFORE, AFTER = "instead", "before", "after"

ALIKE = 0.5  # similarity from which a text counts as a changed copy of another
MOST_COMPARED = 3_000  # sentences; longer texts are not compared


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or sentence of a stored text, `start` to `end` of its characters."""

    item: ItemId
    start: int
    end: int
    whole: str

    @property
    def text(self) -> str:
        """Its present text."""
        return self.whole[self.start : self.end]

    @property
    def mark(self) -> str:
        """For buttons: identifies this place in this very text."""
        return short_mark(f"{self.item}|{self.start}|{self.end}|{self.whole}")

    def replaced(self, new: str) -> str:
        """The whole text with another passage in its place."""
        return self.whole[: self.start] + new + self.whole[self.end :]

    def removed(self) -> str:
        """The whole text without it; a paragraph goes with its line."""
        before, after = self.whole[: self.start], self.whole[self.end :]
        if self.is_paragraph:
            return f"{before}{after[1:]}" if after else before.rstrip("\n")
        return before + after

    @property
    def is_paragraph(self) -> bool:
        """Whether it fills whole lines."""
        begins = self.start == 0 or self.whole[self.start - 1] == "\n"
        return begins and (self.end == len(self.whole) or self.whole[self.end] == "\n")

    def is_exceeded_by(self, text: str) -> bool:
        """Whether a message for it contains more of the whole text: a copy of all of it."""
        others = set(_pieces(self.whole)) - set(_pieces(self.text))
        return any(piece in others for piece in _pieces(text))

    @property
    def sentences(self) -> tuple[Passage, ...]:
        """The sentences of a paragraph, if it has several."""
        found = [
            Passage(self.item, self.start + place.start(), self.start + place.end(), self.whole)
            for place in _SENTENCE.finditer(self.text)
            if place[0].strip()
        ]
        return tuple(found) if len(found) > 1 else ()


def paragraphs(session: Session, item: ItemId) -> tuple[Passage, ...]:
    """The paragraphs of a text."""
    text = session.answers.text(item) or ""
    return tuple(Passage(item, *place.span(), text) for place in _PARAGRAPH.finditer(text))


def passages(session: Session, item: ItemId) -> Iterator[Passage]:
    """Each paragraph, followed by its sentences."""
    for paragraph in paragraphs(session, item):
        yield paragraph
        yield from paragraph.sentences


def passage_marked(session: Session, mark: str) -> Passage | None:
    """The passage that a button means; None if the text has changed."""
    form = session.form
    texts = (*form.wording, *form.remark, *(narrative.id for narrative in form.narratives))
    for item in texts:
        for passage in passages(session, item):
            if passage.mark == mark:
                return passage
    return None


def passage_shown(session: Session, item: ItemId, shown: str) -> Passage | None:
    """
    The passage that a card showed, or that was selected; None for the whole text.

    A card that shows several paragraphs, or several sentences, means all of them.
    """
    pieces = tuple(passages(session, item))
    selected = shown.strip()
    around = [piece for piece in pieces if selected and selected in piece.text]
    if around:
        return min(around, key=lambda piece: len(piece.text))
    held = [piece for piece in pieces if piece.text in shown]
    whole = [piece for piece in held if piece.is_paragraph] or held
    return whole[0] if len(whole) == 1 else None


def sentences_of(session: Session, repairs: Iterable[Repair]) -> tuple[Passage, ...]:
    """The sentences, or else paragraphs, with the wrong places; each once."""
    cut: dict[ItemId, tuple[Passage, ...]] = {}
    found: dict[tuple[ItemId, int, int], Passage] = {}
    for repair in repairs:
        if repair.item not in cut:
            cut[repair.item] = tuple(passages(session, repair.item))
        pieces = cut[repair.item]
        at = bisect_right(pieces, repair.start, key=lambda piece: piece.start) - 1
        while at >= 0 and pieces[at].end < repair.end:
            at -= 1  # the place covers several sentences: its paragraph comes before them
        if at >= 0:
            piece = pieces[at]
            found[piece.item, piece.start, piece.end] = piece
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Mending:
    """The change of one button: the same words, wherever a question found them."""

    item: ItemId
    wrong: str
    right: str
    places: tuple[tuple[int, int], ...]
    mark: str


def mendings(session: Session, question: Question) -> tuple[Mending, ...]:
    """The changes that a tap can make."""
    places: dict[tuple[ItemId, str, str], list[tuple[int, int]]] = {}
    for part in question.parts:
        for repair in part.repairs:
            text = session.answers.text(repair.item) or ""
            for right in repair.instead:
                key = (repair.item, text[repair.start : repair.end], right)
                places.setdefault(key, []).append((repair.start, repair.end))
    return tuple(
        Mending(*key, tuple(dict.fromkeys(found)), _mark(session, key, found))
        for key, found in places.items()
    )


def _mark(session: Session, key: tuple[ItemId, str, str], places: list[tuple[int, int]]) -> str:
    return short_mark(f"{key}|{places}|{session.answers.text(key[0])}")


def mended(session: Session, mending: Mending) -> str:
    """The text with the wrong words corrected."""
    text = session.answers.text(mending.item) or ""
    for start, end in sorted(mending.places, reverse=True):
        text = text[:start] + mending.right + text[end:]
    return text


def changes(old: str, new: str) -> tuple[tuple[str, str], ...] | None:
    """
    The differences between two texts, sentence by sentence: (then, now), "" for nothing.

    None if the second is no changed copy of the first.
    """
    then, now = _pieces(old), _pieces(new)
    if max(len(then), len(now)) > MOST_COMPARED:
        return None
    matcher = SequenceMatcher(None, then, now, autojunk=False)
    same = sum(
        len(piece)
        for block in matcher.get_matching_blocks()
        for piece in then[block.a : block.a + block.size]
    )
    if same < ALIKE * max(map(len, map("".join, (then, now)))):
        return None
    return tuple(
        ("".join(then[a:b]), "".join(now[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    )


def _pieces(text: str) -> list[str]:
    lines = (line.strip() for line in text.split("\n"))
    return [piece[0] for line in lines for piece in _SENTENCE.finditer(line)]
