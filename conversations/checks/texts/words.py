"""A sentence as words of the vocabulary: linear in its length, whatever it is made of."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from conversations.checks.texts.phrases import OURS, WORDS, Family, Kind, Row

OWN_NAME = "\ue000"  # the reader puts it where the organ's own name stood
DEEPEST = 3  # brackets in brackets

_DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?(?:[万千亿](?!元))?"
_UNITS = (
    r"件次|人次|万元|亿元|元|件|份(?!额)|例(?![如行])|宗|起(?!诉)|条(?!例)|项(?!目)|"
    r"个(?!月|工作日)|笔|部(?!门)|次|篇|期|人|%"
)
# Before these a Chinese numeral is a number.
_COUNTED = r"(?=件|份|例|宗|起(?!诉)|条(?!例)|项|个|笔|部(?!门))"


class Word(NamedTuple):
    """A word of a sentence, or what stands between two of them; `inside` is a bracket's."""

    kind: str
    value: object
    text: str
    start: int
    end: int
    unit: str = ""
    inside: tuple[Word, ...] = ()

    @property
    def family(self) -> Family | None:
        """What kind of figure it names."""
        return self.value.family if isinstance(self.value, Row) else None


NOTHING = Word(Kind.MARK, None, "", 0, 0)


def spelled(words: str) -> Iterator[str]:
    """The words of an entry of the vocabulary, each alternative spelled out."""
    for word in words.split():
        parts = [part.split("|") for part in re.split(r"[()]", word)]
        yield from filter(None, map("".join, product(*parts)))


@cache
def _listed() -> dict[str, tuple[str, object]]:
    """Every word with what it is; where two entries have the same word, the first counts."""
    listed: dict[str, tuple[str, object]] = {}
    for kind, value, words in WORDS:
        for word in spelled(words):
            listed.setdefault(word, (kind, value))
    return listed


@cache
def _pattern() -> re.Pattern[str]:
    """All words in one pattern, by their first letter, the longest first."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(_listed(), key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]))
    known = "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return re.compile(
        rf"(?P<UNKNOWN>第[\d一二三四五六七八九十]+(?!方))|(?P<FILLER>\d+个?工作日|□+)|(?P<quote>[“”])|(?P<YEAR>(?:19|20)\d\d(?:年(?:度(?!过))?|(?=[至到、—–－～~-]{{1,2}}(?:19|20)\d\d|[两三四五]年)))|(?P<WHOLE>1月?[至到—–－～~-]{{1,2}}12月)|(?P<DAY>\d{{1,2}}月(?:\d{{1,2}}日|底|份|初|末|[上中下]旬)?)|"
        rf"(?P<NUMBER>(?P<digits>{_DIGITS}|[零〇一二两三四五六七八九十百千万]+{_COUNTED})(?P<about>[余多])?(?P<unit>{_UNITS})?)|"
        rf"(?P<OWN>{OWN_NAME}+)|(?P<OURS>{OURS})|(?P<MARK>[，；：、（）])|(?P<listed>{known})"
    )


# A word of one letter behind an unknown one belongs to it, but for these: 宅基+地, 证+件.
_APART = frozenset("的了共均已等为是和及或与并也都各另在对向从")
# What may stand inside the name of an organ: 审+计+局, 林业+和+草原+局.
_IN_NAMES = frozenset(
    ("和", "与", "社会", "信息", "工作", "事务", "计", "地", "量", "公众", "市民")
)
_NAMING = frozenset((Kind.UNKNOWN, Kind.ORGAN, Kind.MATTER, Kind.SUBJECT, Kind.PERSON))


def _named(found: list[Word], sentence: str) -> Word:
    """The organ whose ending was just found, with the whole of its name."""
    last = found.pop()
    name = [last]
    while found and found[-1].end == name[0].start:
        word = found[-1]
        if word.kind not in _NAMING and word.text not in _IN_NAMES:
            break
        name.insert(0, found.pop())
    if all(word.kind == Kind.SUBJECT or word.text in _IN_NAMES for word in name[:-1]):
        found += name[:-1]  # 政府信息公开工作机构 is nobody's name
        return last
    if len(name) == 2 and name[0].kind == Kind.UNKNOWN and len(name[0].text + last.text) == 2:
        last = last._replace(kind=Kind.UNKNOWN)  # 查处, 格局, 场所
    while name[0].text in _IN_NAMES:
        found.append(name.pop(0))
    start = name[0].start
    return last._replace(text=sentence[start : last.end], start=start)


def beside(words: Sequence[Word], place: int, step: int) -> Word:
    """The next word that says something, before or behind a place."""
    place += step
    while 0 <= place < len(words):
        if words[place].kind not in {Kind.FILLER, Kind.NO}:  # 上年没有结转
            return words[place]
        place += step
    return NOTHING


def place_of(word: Word, words: Sequence[Word]) -> int:
    """The last place at which just this word stands."""
    return next((at for at in range(len(words) - 1, -1, -1) if words[at] is word), 0)


def first_of(words: Iterable[Word], kinds: Container[str]) -> Word | None:
    """The first word of some kinds."""
    for word in words:
        if word.kind in kinds:
            return word
    return None


def said_of(words: Iterable[Word], texts: Container[str]) -> Word | None:
    """The first word that is one of some texts."""
    for word in words:
        if word.text in texts:
            return word
    return None


def words_of(sentence: str) -> tuple[Word, ...]:
    """The words of a sentence, brackets as one word each, organs with their whole names."""
    open_marks: list[int] = []
    found: list[Word] = []
    known = _listed()
    at = 0
    for place in _pattern().finditer(sentence):
        start, end = place.span()
        if start > at:
            found.append(Word(Kind.UNKNOWN, None, sentence[at:start], at, start))
        at = end
        text, group = place[0], str(place.lastgroup)
        if group == "quote":
            continue
        if text == "（":
            open_marks.append(len(found))
        elif text == "）":
            if open_marks:
                opened = open_marks.pop()
                inside = tuple(found[opened:]) if len(open_marks) < DEEPEST else ()
                del found[opened:]
                first = inside[0].start if inside else start
                found.append(Word(Kind.FILLER, None, "（）", first, end, inside=inside))
        elif group == "listed":
            word = Word(*known[text], text, start, end)
            before = found[-1] if found else None
            joined = before is not None and before.kind == Kind.UNKNOWN and before.end == start
            if joined and len(text) == 1 and word.kind == Kind.FILLER and text not in _APART:
                found[-1] = found[-1]._replace(text=found[-1].text + text, end=end)
                continue
            if text == "系统" and before is not None and before.kind in {Kind.ORGAN, Kind.OURS}:
                word = word._replace(kind=Kind.FILLER)  # 县政府系统 is no way of applying
            if text in {"期间", "至今"} and joined:
                word = word._replace(kind=Kind.SPAN)  # 国庆期间, 网站开通至今
            found.append(word)
            if word.kind == Kind.ORGAN:
                found.append(_named(found, sentence))
                several = found[-2] if len(found) > 1 else NOTHING
                if several.unit in {"个", "家"} and several.end + 1 == found[-1].start:
                    found[-2] = several._replace(kind=Kind.EACH)  # 全县 42 个行政机关
        elif group == "NUMBER":
            number = place["digits"]
            value = None if place["about"] else number
            stop = start + len(number)
            kind = Kind.FILLER if place["unit"] == "%" else Kind.NUMBER
            found.append(Word(kind, value, text, start, stop, place["unit"] or ""))
        else:
            found.append(Word(group.lower(), None, text, start, end))
    if at < len(sentence):
        found.append(Word(Kind.UNKNOWN, None, sentence[at:], at, len(sentence)))
    return tuple(found)
