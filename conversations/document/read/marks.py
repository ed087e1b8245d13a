"""
What stands beside a figure and is no digit of it: note signs, raised and struck out text.

Readers write raised and lowered text with the characters made for it («12¹»), text that is
struck out with a stroke over each character (U+0336), and what is no text at all as one of
`OBJECTS`. So every kind of file, plain text too, comes to the same here, and a blank box
that holds a picture is not blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from conversations.document.read.blocks import Left

STROKE = "\u0336"
# In place of what is no text; characters that no text may hold.
PICTURE, CHART, EMBEDDED, FORMULA, FOOTNOTE, HIDDEN, SIGN, SOUND = OBJECTS = (
    "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7"
)
LEFT = {
    PICTURE: Left.PICTURE,
    CHART: Left.CHART,
    EMBEDDED: Left.EMBEDDED,
    FORMULA: Left.FORMULA,
    FOOTNOTE: Left.FOOTNOTE,
    HIDDEN: Left.HIDDEN,
    SIGN: Left.SIGN,
    SOUND: Left.SOUND,
}
OBJECT_NAMES = {
    PICTURE: "图片",
    CHART: "图表",
    EMBEDDED: "嵌入的对象",
    FORMULA: "公式",
    FOOTNOTE: "脚注",
    HIDDEN: "隐藏的文字",
    SIGN: "符号",
    SOUND: "拼音",
}

LONGEST_LABEL = 200  # characters; no label is longer
LONGEST_MARK = 12  # characters; raised text that is longer is no mark

_RAISED = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
)
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")

_SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾₀-₎ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻªº"
_CIRCLED = "①-⒛⒜-⓿❶-➓㈠-㈩㉑-㉟㊀-㊉㊱-㊿"
_STARS = "*＊﹡⁎∗✱※★☆#＃†‡§¤"
_NUMBER = rf"(?:\d{{1,2}}|[一二三四五六七八九十{_SMALL}]{{1,3}}|[{_CIRCLED}])"
_NOTE = rf"(?:[见附备脚尾]?注释?|说明)\s*[:：]?\s*(?:{_NUMBER})?"
_LETTERS = rf"[a-zA-Z{_STARS}]{{1,3}}"
_SQUARE = rf"[\[［〔【]\s*(?:{_NOTE}|{_NUMBER}|{_LETTERS})\s*[\]］〕】]"
_ROUND = rf"[(（〈《{{]\s*(?:{_NOTE}|{_NUMBER}|{_LETTERS})\s*[)）〉》}}]"
_LONE = rf"[{_SMALL}]+|[{_CIRCLED}{_STARS}{OBJECTS}]|{_SQUARE}"
_SIGN = rf"(?:{_LONE}|[△▲]|{_ROUND}|{_NOTE})"

_STRUCK = re.compile(f"(?:[^{STROKE}]{STROKE}+)+")
_AFTER = re.compile(rf"\s*({_SIGN})\s*$")
_BEFORE = re.compile(rf"^\s*({_LONE})\s*")
_BEFORE_UNIT = re.compile(rf"^(\d[\d.,，]*)\s*({_SIGN})\s*([^\W\d].*)$")
_APART = re.compile(rf"(?<=\d)[ \u00a0\u3000]+(?={_SIGN}(?:\s|$))")
_INSIDE = re.compile(f"[{_SMALL}{_CIRCLED}{OBJECTS}]")
_OF_LABEL = re.compile(rf"(?:{_LONE}|[(（]\s*{_NOTE}\s*[)）])+$")
_ANY = re.compile(rf"[{STROKE}{_SMALL}{_CIRCLED}{_STARS}△▲{OBJECTS}\[［〔【(（〈《{{注说]")
_OBJECT = re.compile(f"[{OBJECTS}]")


class Look(Enum):
    """What is said by the way a text is printed."""

    PLAIN = "plain"
    RAISED = "raised"
    LOWERED = "lowered"
    STRUCK = "struck"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Piece:
    """
    A text of one look; `position` is how far it is moved up.

    `pale`: its colour is that behind it; `signs`: what of it is drawn as signs, as a pattern.
    """

    text: str
    look: Look = Look.PLAIN
    position: float = 0
    pale: bool = False
    signs: str = ""

    @property
    def is_unseen(self) -> bool:
        """Whether nobody sees it on the page."""
        return self.pale or self.look is Look.GONE


def joined(pieces: Sequence[Piece], *, alone: bool) -> str:
    """
    The text of a paragraph.

    What is raised as a whole is so only in the layout, unless it stands `alone` in a box.
    What cannot be seen is not there; in a running text it leaves its mark. A label alone in
    its box is read in any colour: a style of the table may lie behind it.
    """
    said = [piece for piece in pieces if piece.text.strip()]
    label = alone and all(piece.pale for piece in said)
    label = label and not any(char.isdecimal() for piece in said for char in piece.text)
    if not label:
        pieces = [replace(p, look=Look.GONE) if p.is_unseen else p for p in pieces]
    pieces = [replace(p, text=re.sub(p.signs, SIGN, p.text)) if p.signs else p for p in pieces]
    said = [piece for piece in pieces if piece.text.strip() and piece.look is not Look.GONE]
    positions = {piece.position for piece in said}
    base = max(said, key=lambda piece: len(piece.text)).position if said else 0
    whole = not alone and len({piece.look for piece in said}) == 1

    def look_of(piece: Piece) -> Look:
        if piece.look is Look.PLAIN and len(positions) > 1 and piece.position != base:
            return Look.RAISED if piece.position > base else Look.LOWERED
        if whole and piece.look in {Look.RAISED, Look.LOWERED}:
            return Look.PLAIN
        return piece.look

    text = ""
    for look, run in groupby(pieces, look_of):
        part = "".join(piece.text for piece in run)
        match look:
            case Look.RAISED:
                part = raised(part)
            case Look.LOWERED:
                part = lowered(part)
            case Look.STRUCK:
                part = struck(part)
            case Look.GONE:
                part = HIDDEN if part.strip() and not alone else ""
            case Look.PLAIN:
                pass
        text += part
    return text


def raised(text: str) -> str:
    """Text that stands higher than the line, where it is short enough to be a mark."""
    return text.translate(_RAISED) if len(text.strip()) <= LONGEST_MARK else text


def lowered(text: str) -> str:
    """Text that stands lower than the line, where it is short enough to be a mark."""
    return text.translate(_LOWERED) if len(text.strip()) <= LONGEST_MARK else text


def struck(text: str) -> str:
    """Text that is struck out."""
    return "".join(char if char.isspace() else char + STROKE for char in text)


def kept(text: str) -> str:
    """A text without what is struck out in it."""
    return _STRUCK.sub("", text) if STROKE in text else text


def parted(text: str) -> tuple[str, tuple[Left, ...]]:
    """The words of a running text, and what stands in it beside them."""
    left = [LEFT[sign] for sign in _OBJECT.findall(text)]
    if STROKE in text:
        left += [Left.STRUCK] * len(_STRUCK.findall(text))
    return (_OBJECT.sub("", kept(text)), tuple(left)) if left else (text, ())


def closed_up(line: str) -> str:
    """A line whose note signs stand at their figures: «12 [1]» is one box, «12[1]»."""
    return _APART.sub("", line)


def of_label(text: str) -> str:
    """A label without the note signs behind it: 「行政许可①」 is 「行政许可」."""
    label = kept(text)
    if len(label) > LONGEST_LABEL:
        return label
    return _OF_LABEL.sub("", label) or label if _ANY.search(label) else label


def unmarked(text: str) -> tuple[str, tuple[str, ...]]:
    """
    What stands in a box without its marks, and the marks in the order they were found.

    Of a box with a mark between two digits nothing is left, for what would be left is another
    figure. That a footnote's number is no digit is certain, so it is not among the marks.
    """
    if not _ANY.search(text):
        return text, ()
    marks = [match.replace(STROKE, "") for match in _STRUCK.findall(text)]
    left = kept(text)
    while True:
        if match := _AFTER.search(left) or _BEFORE.search(left):
            left = left[: match.start()] + left[match.end() :]
            marks.append(match.group(1))
        elif match := _BEFORE_UNIT.match(left):
            left = match.group(1) + match.group(3)
            marks.append(match.group(2))
        else:
            left = "" if _INSIDE.search(left) else left
            return left, tuple(mark for mark in marks if mark != FOOTNOTE)


def named(marks: Iterable[str]) -> str:
    """Marks as they are told: 「¹」「图片」."""
    return "".join(f"「{OBJECT_NAMES.get(mark, mark)}」" for mark in marks)


def told(text: str) -> str:
    """A text to be shown: what is no text in it by its name."""
    return _OBJECT.sub(lambda match: f"〔{OBJECT_NAMES[match.group()]}〕", text)
