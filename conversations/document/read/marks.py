"""
Marks beside a figure that are no digits of it: note signs, raised and struck-out text.

Readers write raised and lowered text with special characters («12¹»), struck-out text with a stroke
over each character (U+0336), and content that is no text as one of `OBJECTS`. So all kinds of
files, also plain text, are treated the same, and a box that holds a picture is not empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from conversations.document.read.blocks import Left

STROKE = "\u0336"
# Replacements for content that is no text; no text may contain these characters.
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
LONGEST_MARK = 12  # characters; longer raised text is no mark

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
    """How a text is printed."""

    PLAIN = "plain"
    RAISED = "raised"
    LOWERED = "lowered"
    STRUCK = "struck"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Piece:
    """
    A text with one look; `position` is how far it is raised.

    `pale`: it has the colour of its background; `signs`: a pattern for the characters drawn as
    signs.
    """

    text: str
    look: Look = Look.PLAIN
    position: float = 0
    pale: bool = False
    signs: str = ""

    @property
    def is_unseen(self) -> bool:
        """Whether it is invisible on the page."""
        return self.pale or self.look is Look.GONE


def joined(pieces: Sequence[Piece], *, alone: bool) -> str:
    """
    The text of a paragraph.

    Text that is raised as a whole is plain, unless it is `alone` in a box. Invisible text is
    dropped; in running text a mark replaces it. A label alone in its box is read in any colour: its
    background may come from a style of the table.
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
    """Raised text, if it is short enough to be a mark."""
    return text.translate(_RAISED) if len(text.strip()) <= LONGEST_MARK else text


def lowered(text: str) -> str:
    """Lowered text, if it is short enough to be a mark."""
    return text.translate(_LOWERED) if len(text.strip()) <= LONGEST_MARK else text


def struck(text: str) -> str:
    """Struck-out text."""
    return "".join(char if char.isspace() else char + STROKE for char in text)


def kept(text: str) -> str:
    """A text without its struck-out parts."""
    return _STRUCK.sub("", text) if STROKE in text else text


def parted(text: str) -> tuple[str, tuple[Left, ...]]:
    """The words of a running text, and its other content."""
    left = [LEFT[sign] for sign in _OBJECT.findall(text)]
    if STROKE in text:
        left += [Left.STRUCK] * len(_STRUCK.findall(text))
    return (_OBJECT.sub("", kept(text)), tuple(left)) if left else (text, ())


def closed_up(line: str) -> str:
    """A line with note signs moved to their figures: «12 [1]» is one box, «12[1]»."""
    return _APART.sub("", line)


def of_label(text: str) -> str:
    """A label without the note signs after it: 「行政许可①」 is 「行政许可」."""
    label = kept(text)
    if len(label) > LONGEST_LABEL:
        return label
    return _OF_LABEL.sub("", label) or label if _ANY.search(label) else label


def unmarked(text: str) -> tuple[str, tuple[str, ...]]:
    """
    The content of a box without its marks, and the marks in the order of removal.

    A box with a mark between two digits becomes empty: the rest would be another figure. A
    footnote's number is certainly no digit, so it is not among the marks.
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
    """Marks for a message: 「¹」「图片」."""
    return "".join(f"「{OBJECT_NAMES.get(mark, mark)}」" for mark in marks)


def told(text: str) -> str:
    """A text for a message: content that is no text is named."""
    return _OBJECT.sub(lambda match: f"〔{OBJECT_NAMES[match.group()]}〕", text)
