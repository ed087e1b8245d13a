"""N6: slips of numbering and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from conversations.answers.numerals import read_ordinal
from conversations.checks.findings import Finding, Grade, Repair, Report
from conversations.checks.texts.days import no_days
from conversations.checks.texts.running_text import KEPT, TextCheck, compiled, quoted

DEEPEST = 50  # brackets in brackets; deeper nesting is no text

# The numbering at the head of a paragraph and inside it, by its depth: 一、 （一） 1. （1）
# 一是.
_PARAGRAPH_MARKS: tuple[tuple[int, str], ...] = (
    (1, r"^[ \t\u3000]*([一二三四五六七八九十]{1,3})、"),
    (2, r"^[ \t\u3000]*[（(]([一二三四五六七八九十]{1,3})[）)]"),
    (3, r"^[ \t\u3000]*(\d{1,2})[.．、](?!\d)"),
    (4, r"^[ \t\u3000]*[（(](\d{1,2})[）)]"),
)
_INSIDE_MARKS: tuple[tuple[int, str], ...] = (
    (2, r"(?<=[。；：])[ \u3000]*[（(]([一二三四五六七八九十]{1,3})[）)]"),
    (3, r"(?<=[。；：])[ \u3000]*(\d{1,2})[.．、](?!\d)"),
    (4, r"(?<=[。；：])[ \u3000]*[（(](\d{1,2})[）)]"),
    (5, r"(?:^|(?<=[。；，：、）)]))[ \u3000]*([一二三四五六七八九十]{1,3})是"),
    (5, r"(?:^|(?<=[。；，：、]))[ \u3000]*其([一二三四五六七八九十])(?=[，、：]|是)"),
    (5, r"(?:^|(?<=[。；：]))[ \u3000]*第([一二三四五六七八九十]{1,3})[，、：]"),
)
_DOUBLED = r"[。，；：、][ \u3000]*[。，；：、]"
_BLANK_BEFORE = r"(?<=[^\s])[ \t\u3000]+[，。；：、！？）》”]"
_PAIRS = {
    "（": "）",
    "(": "）",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "〔": "〕",
    "“": "”",
    "「": "」",
    "『": "』",
}
_CLOSERS = {"）", ")", "》", "〉", "】", "〕", "”", "」", "』"}
_ENDS = "。！？!?；;：:…”’）)》」』】.~～"


@dataclass(frozen=True, slots=True)
class _Mark:
    """One number of a numbering: its depth, its place in the paragraph, and as printed."""

    depth: int
    start: int
    number: int
    printed: str


def numbering_slips(text: str) -> Iterator[str]:
    """
    Numbers left out or used twice; numbering starts anew under each higher level.

    A sequence is followed from its 1 on; what begins elsewhere is not judged.
    """
    reached: dict[int, tuple[int, int]] = {}  # depth → the last number and its paragraph
    for index, paragraph in enumerate(text.split("\n")):
        for mark in _marks(paragraph):
            before = reached.get(mark.depth)
            for deeper in [depth for depth in reached if depth > mark.depth]:
                del reached[deeper]
            if mark.number == 1:
                if before == (1, index - 1) and mark.start == 0 and mark.depth < 5:
                    yield f"“{mark.printed}”出现了两次"
            elif before is None:
                continue
            elif mark.number == before[0]:
                yield f"“{mark.printed}”出现了两次"
            elif mark.number != before[0] + 1:
                yield f"“{mark.printed}”前面少了编号，或者顺序不对"
            reached[mark.depth] = (mark.number, index)


def _marks(paragraph: str) -> list[_Mark]:
    """The numbering of a paragraph, in order; its head counts as place 0."""
    marks: dict[int, _Mark] = {}
    for depth, pattern in _PARAGRAPH_MARKS:
        if mark := compiled(pattern).match(paragraph):
            marks[mark.start(1)] = _Mark(depth, 0, read_ordinal(mark[1]), mark[0].strip())
    for depth, pattern in _INSIDE_MARKS:
        for mark in compiled(pattern).finditer(paragraph):
            start = mark.start(1)
            marks.setdefault(start, _Mark(depth, start, read_ordinal(mark[1]), mark[0].strip()))
    return [marks[place] for place in sorted(marks)]


def _unclosed(paragraph: str) -> str:
    """The brackets and quotation marks that are opened and not closed."""
    open_marks: list[str] = []
    for letter in paragraph:
        if letter in _PAIRS:
            open_marks.append(letter)
            if len(open_marks) > DEEPEST:
                break
        elif letter in _CLOSERS:
            closer = "）" if letter == ")" else letter
            for place in range(len(open_marks) - 1, -1, -1):
                if _PAIRS[open_marks[place]] == closer:
                    del open_marks[place]
                    break
    return "".join(open_marks)


def punctuation_slips(text: str) -> Iterator[str]:
    """Doubled marks, blanks before a mark, unclosed brackets, running text without an end."""
    paragraphs = [paragraph.strip() for paragraph in text.split("\n")]
    last = max((i for i, paragraph in enumerate(paragraphs) if paragraph), default=-1)
    surplus = sum(_surplus(paragraph) for paragraph in paragraphs)
    for i, paragraph in enumerate(paragraphs):
        if not paragraph:
            continue
        for mark in compiled(_DOUBLED).finditer(paragraph):
            yield f"标点重复：“{paragraph[max(0, mark.start() - 6) : mark.end()]}”"
        for mark in compiled(_BLANK_BEFORE).finditer(paragraph):
            yield f"标点前有空格：“{paragraph[max(0, mark.start() - 6) : mark.end()]}”"
        if (marks := _unclosed(paragraph)) and len(marks) > surplus:
            yield f"“{marks[0]}”没有配对：“{quoted(paragraph, paragraph.rfind(marks[0]), 0)}”"
        if _runs_on(paragraph, i == last):
            yield f"段末没有句号：“…{paragraph[-12:]}”"


def _surplus(paragraph: str) -> int:
    """Closing marks without an opening one: perhaps a bracket over two paragraphs."""
    opened = sum(letter in _PAIRS for letter in paragraph)
    closed = sum(letter in _CLOSERS for letter in paragraph)
    return max(0, closed - opened - len(re.findall(r"(?:^|[。；：，])\d{1,2}[）)]", paragraph)))


def _runs_on(paragraph: str, is_last: bool) -> bool:
    """Whether a paragraph is running text, no heading, and lacks the mark at its end."""
    end = paragraph[-1]
    if end in _ENDS or (end.isascii() and end.isalnum()):
        return False
    if end in "，、,":
        return len(paragraph) >= 6
    if re.search(r"[。；！？]", paragraph[:-1]):
        return True
    commas = paragraph.count("，")
    if is_last:
        return len(paragraph) >= 15 and commas > 0
    return len(paragraph) >= 45 and commas > 1


@lru_cache(maxsize=KEPT)
def slips_of(text: str) -> tuple[str, ...]:
    """The slips of a text, each said once."""
    return tuple(dict.fromkeys((*numbering_slips(text), *punctuation_slips(text))))


@dataclass(frozen=True, eq=False)
class Slips(TextCheck):
    """
    Slips of numbering and punctuation (N6), one finding a text, the first `shown` of them.

    A day that there is not is W.
    """

    shown: int = 4

    def findings(self, report: Report) -> Iterator[Finding]:
        """The first slips of each text."""
        for item, text in self.texts(report):
            if days := no_days(text):
                said = "、".join(f"“{text[day.start : day.end]}”" for day in days[: self.shown])
                repairs = tuple(Repair(item, day.start, day.end) for day in days)
                numbers = tuple(n for day in days for n in (day.year, day.month, day.day))
                message = f"里写了没有的日子：{said}。"
                yield self.finding(report, item, Grade.W, message, numbers, repairs=repairs)
            slips = slips_of(text)
            if slips:
                more = f"等 {len(slips)} 处" if len(slips) > self.shown else ""
                message = f"：{'；'.join(slips[: self.shown])}{more}。"
                yield self.finding(report, item, Grade.H, message)
