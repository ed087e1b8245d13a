"""
Restores text copied from pages: removes page headers and footers, joins paragraphs.

On a page a line is full before the next begins. So a line that ends inside a sentence, or where the
next word would have fitted, shows whether its paragraph continues.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from conversations.document.lines import width
from conversations.document.read.headings import heading
from conversations.document.read.heads import says_table
from conversations.document.read.words import is_value, squeeze

WIDEST = 110  # half characters; a wider line is a whole paragraph
NARROWEST = 36  # narrower lines may be headings
INDENT = 4  # half characters before the first line of a paragraph
SLACK = 5  # … by which a full line may be shorter than the widest
FEWEST_CUT = 2  # lines that end inside a sentence, in a text copied from pages
AT_EDGE = 2  # lines at the top and bottom of a page that may be headers or footers

_ENDED = tuple("。；：！？…”）.;:!?")
_CLOSED = tuple("。；：！？.;:!?”")
_GOING_ON = ("，", "、", ",")
_NUMBERED = re.compile(
    r"[(（][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十\d]+[、.．](?!\d)"
)
_INDENTED = re.compile(r"[ \t\u00a0]{2,}|\u3000+")
_FIRST_WORD = re.compile(r"[\x21-\x7e]+|.")
_DIGITS = re.compile(r"\d+")
_NUMBER_OF_PAGE = re.compile(
    r"\s*(?:[-—–－·~]+\s*\d{1,3}\s*[-—–－·~]+|第\s*\d{1,3}\s*页.{0,12}|\d{1,3}\s*/\s*\d{1,3})\s*"
)
_BARE_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_CHINESE = "[\u4e00-\u9fff，。；：、“”（）《》]"
_ROOM = r"[ \u00a0]+"
_BESIDE_DIGITS = re.compile(rf"(?<={_CHINESE}){_ROOM}(?=\d)|(?<=[\d%]){_ROOM}(?={_CHINESE})")
_CLOSE_UP = re.compile(r"\d[\u4e00-\u9fff]")
_SET_APART = re.compile(rf"\d{_ROOM}[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Setting:
    """
    How running text is set: the width of its lines in half characters, 0 for whole paragraphs; and
    whether there are blanks beside digits that nobody typed.
    """

    width: float = 0
    apart: bool = False


def setting_of(lines: Sequence[str]) -> Setting:
    """
    Find how the running text of a file is set.

    Its lines are cut if several end inside a sentence, and nearly all of these at one width.
    """
    texts = [line.strip() for line in lines if line.strip()]
    apart = sum(len(_SET_APART.findall(text)) for text in texts)
    close = sum(len(_CLOSE_UP.findall(text)) for text in texts)
    setting = Setting(apart=apart > 9 * close)
    widths = [(_measured(text, setting), text.endswith(_ENDED)) for text in texts]
    cut = [wide for wide, ended in widths if NARROWEST <= wide <= WIDEST and not ended]
    if len(cut) < FEWEST_CUT:
        return Setting()
    # The first lines of paragraphs are shorter, and some lines are stretched.
    told = [wide for wide, _ in widths if wide <= WIDEST]
    alike = [wide for wide in told if sum(wide - 2 <= other <= wide for other in told) > 1]
    widest = max(alike, default=0)
    full = sum(widest - INDENT - SLACK <= wide <= widest + 1 for wide in cut)
    wider = sum(wide > widest + 2 for wide, _ in widths)
    if full < FEWEST_CUT or full * 10 < len(cut) * 7 or wider * 10 > len(widths):
        return Setting()
    return replace(setting, width=widest)


def _measured(text: str, setting: Setting) -> float:
    """The width of a line; a blank beside digits counts as the quarter character it is."""
    if not setting.apart:
        return width(text)
    return width(tidied(text, setting)) + len(_BESIDE_DIGITS.findall(text)) / 2


def tidied(text: str, setting: Setting) -> str:
    """A text without a page's blanks beside digits."""
    return _BESIDE_DIGITS.sub("", text) if setting.apart else text


def paragraphs_of(lines: Sequence[str], setting: Setting) -> list[list[int]]:
    """The line numbers of each paragraph; blank lines belong to none."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if not setting.width:
        return [[number] for number in filled]
    apart = sum(b - a > 1 for a, b in itertools.pairwise(filled))
    parting = apart * 2 < len(filled)  # else there are blank lines between all
    indented = {n for n in filled if _INDENTED.match(lines[n])}
    telling = 0 < len(indented) < len(filled)
    made: list[list[int]] = []
    before, taken = -1, 0.0  # the previous line, and the used width of its line on the page
    for number in filled:
        line = lines[before].strip() if before >= 0 else ""
        room = setting.width - _measured(line, setting) - taken
        goes_on = before >= 0 and _goes_on(line, lines[number].strip(), room)
        if goes_on and telling:
            goes_on = number not in indented
        if goes_on and parting and number - before > 1:
            goes_on = not line.endswith(_CLOSED)
        if goes_on:
            made[-1].append(number)
            taken = 0.0 if room <= SLACK else setting.width - room
        else:
            made.append([number])
            taken = INDENT
        before = number
    return made


def _goes_on(line: str, following: str, room: float) -> bool:
    """
    Whether a paragraph continues on the next line, judged by the remaining width.

    After a comma it always does.
    """
    if _NUMBERED.match(following) or heading(following) is not None:
        return False
    if line.endswith(_CLOSED):
        word = _FIRST_WORD.match(following)
        return room < (width(word.group()) if word else 2)
    return room <= SLACK or line.endswith(_GOING_ON)


def joined(parts: Sequence[str]) -> str:
    """The lines of a paragraph as one; a blank only between two Latin words."""
    text = ""
    for part in parts:
        latin = text[-1:].isascii() and text[-1:].isalpha() and part[:1].isascii()
        text += (" " if latin and part[:1].isalpha() else "") + part
    return text


# ----------------------------------------------------------------- headers and footers


def without_running_lines(text: str) -> str:
    """
    A text without page numbers and texts repeated on every page.

    Pages end at form feeds, or else at page numbers. Words of a table are never removed.
    """
    if "\f" in text:
        pages = [page.split("\n") for page in text.split("\f")]
    else:
        pages = [[]]
        for line in text.split("\n"):
            pages[-1].append(line)
            if _NUMBER_OF_PAGE.fullmatch(line):
                pages.append([])
    if len(pages) < 2:
        return text
    edges = [_edges(page) for page in pages]
    # The organ is at the top of the first page, and perhaps again as signature on the last.
    often = Counter(
        key
        for page, numbers in zip(pages[1:], edges[1:], strict=True)
        for key in {(foot, alike(page[n])) for n, foot in numbers.items()}
    )
    counted = _counted(pages, edges) if "\f" in text else set()
    kept: list[str] = []
    seen: set[str] = set()
    for at, page in enumerate(pages):
        lines: list[str] = []
        for number, line in enumerate(page):
            said = alike(line)
            running = (
                number in edges[at]
                and often[edges[at][number], said] > 1
                and not is_of_report(line)
            )
            title = running and at == 0 and not edges[at][number] and said not in seen
            seen.add(said)
            if title or not (running or (at, number) in counted or _NUMBER_OF_PAGE.fullmatch(line)):
                lines.append(line)
        kept.append("\n".join(lines))
    return "\n".join(kept)


def _edges(page: Sequence[str]) -> dict[int, bool]:
    """The first and last lines of a page; True marks the last ones."""
    filled = [number for number, line in enumerate(page) if line.strip()]
    head = dict.fromkeys(filled[:AT_EDGE], False)
    return dict.fromkeys(filled[-AT_EDGE:], True) | head


def alike(line: str) -> str:
    """The part of a line that is the same on every page."""
    return _DIGITS.sub("#", squeeze(line))


def is_of_report(line: str) -> bool:
    """Whether a line may well be on two pages: figures, words of a table, headings."""
    words = line.split()
    return heading(line) is not None or all(is_value(word) or says_table(word) for word in words)


def _counted(
    pages: Sequence[Sequence[str]], edges: Sequence[Mapping[int, bool]]
) -> set[tuple[int, int]]:
    """Bare numbers at the edges of pages that count the pages."""
    ways: dict[int, set[tuple[int, int]]] = {}
    for at, numbers in enumerate(edges):
        for number in {min(numbers), max(numbers)} if numbers else ():
            if _BARE_NUMBER.fullmatch(pages[at][number]):
                ways.setdefault(int(pages[at][number]) - at, set()).add((at, number))
    most = max(ways.values(), key=len, default=set())
    return most if len({at for at, _ in most}) * 2 > len(pages) else set()
