"""N4, N5: what must not stand in a published text: unfilled places, personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from conversations.checks.findings import Finding, Grade, Repair, Report
from conversations.checks.texts.running_text import KEPT, TextCheck, compiled, half_width

MOST_PLACES = 5  # quoted of one text
AROUND = 8  # characters shown on both sides of an unfilled place

_LEFTOVER = (
    r"(?<![A-Za-z0-9/._@-])[XxＸ]{2,}(?![A-Za-z0-9/._@-])|[×✕╳]{2,}|[某]{2}|\*{2,}|＊{2,}|\{\{|\}\}|"
    r"_{3,}|＿{2,}|[（(【\[]此处[^）)】\]\n]{0,40}[）)】\]]?|(?<![有期等])待(?:补充|填(?!补))|"
    r"(?<![A-Za-z])(?:TODO|todo)(?![A-Za-z])|[○〇◯]{2,}(?!年|[一二三四五六七八九])|…{3,}|\.{7,}"
)


@lru_cache(maxsize=KEPT)
def leftovers(text: str) -> tuple[str, ...]:
    """The unfilled places of a text, with what stands around them."""
    return tuple(
        text[max(0, place.start() - AROUND) : place.end() + AROUND].replace("\n", " ")
        for place in compiled(_LEFTOVER).finditer(text)
    )


@dataclass(frozen=True, eq=False)
class Leftovers(TextCheck):
    """
    Places that were to be filled in and were not (N4, W), shown with what is around them.

    The text is kept as typed when the clerk gives a reason; nothing is evaluated.
    """

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text."""
        for item, text in self.texts(report):
            places = leftovers(text)
            if places:
                shown = "；".join(f"“{place}”" for place in places[:MOST_PLACES])
                message = f"里还有没填完的地方：{shown}。"
                found = compiled(_LEFTOVER).finditer(text)
                repairs = tuple(Repair(item, *place.span()) for place in found)
                yield self.finding(report, item, Grade.W, message, (len(places),), repairs=repairs)


_IDENTITY = r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])"
_MOBILE = (
    r"(?<![0-9A-Za-z.])(?:\+?86-?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?![0-9A-Za-z元万条件次人])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def is_identity_number(text: str) -> bool:
    """
    Whether 18 characters are a citizen identity number with a valid check digit.

    Source: GB 11643.
    """
    if not re.fullmatch(r"\d{17}[\dXx]", text):
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[weighed % 11] == text[-1].upper()


@lru_cache(maxsize=KEPT)
def personal_numbers(text: str) -> tuple[str, ...]:
    """Identity and mobile numbers of a text, masked."""
    text = half_width(text)
    masked = [
        f"身份证号 {number[0][:6]}********{number[0][-4:]}"
        for number in compiled(_IDENTITY).finditer(text)
        if is_identity_number(number[0])
    ]
    mobiles = compiled(_MOBILE).finditer(text)
    return (*masked, *(f"手机号 {number[1]}****{number[3]}" for number in mobiles))


@dataclass(frozen=True, eq=False)
class PersonalData(TextCheck):
    """Identity numbers and mobile numbers in the text (N5), shown masked."""

    def findings(self, report: Report) -> Iterator[Finding]:
        """One finding a text; the numbers themselves are never repeated."""
        for item, text in self.texts(report):
            masked = personal_numbers(text)
            if masked:
                message = (
                    f"里有个人信息：{'、'.join(dict.fromkeys(masked))}。"
                    f"公开前请删去或换成办公电话。"
                )
                yield self.finding(report, item, Grade.W, message, (len(masked),))
