"""
Looking at running text: patterns, blanks and digits, quotes, and the checks of texts.

Such checks are judged by their false alarms: what is not surely a slip is passed over in
silence. Text is looked at without blanks and with half-width digits; what stands in
《…》 and 〔…〕 (laws, numbers of documents) is never taken for a statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from conversations.answers.numerals import read_digits
from conversations.checks.findings import Check, Finding, Grade, Repair, Report
from conversations.form.answers import Number
from conversations.form.model import Form, ItemId

QUOTE = 24  # characters of a text that are shown to find a place by
LONGEST = 2_000  # characters of a sentence; what is longer is somebody's table, or noise
KEPT = 256  # the same few texts are looked at after every answer: results kept for so many

_WIDE = {ord("０") + digit: str(digit) for digit in range(10)} | {ord("％"): "%"}
_BLANKS = dict.fromkeys(map(ord, " \t\r\v\f\u00a0\u3000\u200b\u200c\u200d\ufeff"))
_WIDE_MARKS = str.maketrans(";()?!", "；（）？！")
_COMMA_OR_COLON = r"(?<!\d)[,:]|[,:](?!\d)"
_STOP = r"(?<=[\u4e00-\u9fff）”])\.(?!\d)"
_CHINESE_YEAR = r"[一二][〇○零一二三四五六七八九]{3}(?=年)"
_ASIDE = (
    r"《[^《》\n]{0,200}(?:《[^《》\n]{0,200}》[^《》\n]{0,200}){0,4}》|〔[^〕\n]{0,60}〕|〈[^〉\n]{0,200}〉|"
    r"\[[^\]\n]{0,200}\]"
)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled at first use: a start waits for none, most chats need few."""
    return re.compile(pattern)


def half_width(text: str) -> str:
    """The text with half-width digits."""
    return text.translate(_WIDE)


@lru_cache(maxsize=KEPT)
def squeezed(text: str) -> str:
    """The text without blanks inside lines, with half-width digits, wide marks, arabic years."""
    text = half_width(text).translate(_BLANKS).translate(_WIDE_MARKS)
    text = compiled(_COMMA_OR_COLON).sub(lambda mark: "，" if mark[0] == "," else "：", text)
    text = compiled(_STOP).sub("。", text)
    return compiled(_CHINESE_YEAR).sub(lambda year: read_digits(year[0]) or year[0], text)


def without_signs(text: str) -> str:
    """Only its letters, characters and digits."""
    return compiled(r"[\W_]+").sub("", text)


def place_in(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a piece of the squeezed text stands in the text itself."""
    kept = [place for place, letter in enumerate(text) if ord(letter) not in _BLANKS]
    return kept[start], kept[end - 1] + 1


def without_asides(text: str) -> str:
    """The same length, with the titles of laws and numbers of documents blotted out."""
    return compiled(_ASIDE).sub(lambda aside: "□" * len(aside[0]), text)


def quoted(text: str, start: int, end: int) -> str:
    """A short piece of the text around a place, to find it by."""
    if end - start < QUOTE:
        end = min(len(text), start + QUOTE)
    piece = text[start : min(end, start + 2 * QUOTE)]
    return piece.split("\n")[0]


@dataclass(frozen=True, eq=False)
class TextCheck(Check):
    """A check of running texts; `read` are their ids."""

    read: tuple[ItemId, ...]

    def depends_on(self, form: Form) -> Iterable[ItemId]:  # noqa: ARG002  # some look at it
        """The texts."""
        return self.read

    def texts(self, report: Report) -> Iterator[tuple[ItemId, str]]:
        """The texts that are answered, with their ids."""
        for item in self.read:
            text = report.answers.text(item)
            if text is not None:
                yield item, text

    def finding(
        self,
        report: Report,
        item: ItemId,
        grade: Grade,
        message: str,
        numbers: tuple[Number, ...] = (),
        slip: str = "",
        repairs: tuple[Repair, ...] = (),
    ) -> Finding:
        """A finding about a whole text; the message goes on after the text's name."""
        name = report.form.name_of(item)
        return Finding(
            self.id,
            grade,
            f"{name}{message}",
            narrative=item,
            numbers=numbers,
            slip=slip,
            repairs=repairs,
        )
