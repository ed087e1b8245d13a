"""
N2, the reader: which figures a text surely states about this organ, year and the whole.

How reports speak of the figures stands in `phrases_2021.py`; here is what may stand
between a phrase and its number, and where such a statement does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from conversations.answers.numerals import read_chinese, read_mixed
from conversations.checks.texts.phrases_2021 import (
    ABOUT_REQUESTS,
    APPLICANT_PHRASES,
    APPLICANT_TAIL,
    BOTH,
    FILLERS,
    INCLUDING_CARRIED_OVER,
    PHRASES,
    RECEIVED,
    REQUEST,
    Phrase,
    PhraseKind,
    Sum,
    Topic,
    of_applicants,
)
from conversations.checks.texts.running_text import (
    KEPT,
    LONGEST,
    compiled,
    quoted,
    squeezed,
    without_asides,
)
from conversations.checks.texts.speaker import CLAUSE_MARKS, Speaker
from conversations.form.answers import Number

REST = 40  # characters after a statement that are kept, for a rate of change

_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+)"
_LINK = (
    r"(?:(?:的)?(?:数量|总数|总量|件数)|的|共计|总计|合计|累计|共有|共|计|为|是|有|达到|达|了|：|:|"
    r"，(?=(?:共|合计|累计|总计))){0,6}（?"
)
_AFTER_NUMBER = (
    r"(?:政府信息公开|信息公开)?(?:申请)?(?:属于|属|为|系|是|按|均|全部|都|已|被|决定|作出?|进行|"
    r"依法|按时|按期|及时|的){0,6}"
)
# Where a measure word is the beginning of another word, or the number only about right.
_NO_UNIT = {"条": "例", "起": "诉", "个": "月", "项": "目", "例": "如|行", "份": "额"}


def _measure_words(units: str) -> str:
    """Measure words as a pattern."""
    each = (
        word + (f"(?!{_NO_UNIT[word]})" if word in _NO_UNIT else "") for word in units.split("|")
    )
    return rf"(?:{'|'.join(each)})(?!次|以上|左右|多|余|\d)"


_END = r"(?=[，。；：、）（)]|$|情况|情形|问题|的情况|的情形|事项|案件)"
_BETWEEN = r"(?:方面|工作|情况)?(?:，)?(?:共计?|累计|全年|本年度?|已|均|依法|总计){0,6}"
_NONE = r"(?:未曾|尚未|暂未|均未|从未|未|没有|暂无|均无|无)"
_IN_WAN_YUAN = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}
_MONEY = r"(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>亿元|万元|元)"

_SPEAKS_OF_NUMBERS = (
    r"[\d零〇一二两三四五六七八九十百千万](?:件|份|例|宗|起|条|项|个|笔|部|次|元|万|亿)|未|无|没有"
)


_STOP = r"(?=[，。；、）]|$)"
_STARTS = r"(?:^|(?<=[，；：、（件份例宗中理到复结收和及为自]))"
_ARE_FROM = r"(?:申请)?(?:为|系|是|来自|由)"
_REQUESTS = _measure_words("件|份|例|宗|起|条")
_APPLICANT_VERB = r"(?:受理|收到|新收|办结|答复)$"

# What a number after 「其中」 must begin with to be an outcome or a kind of applicant.
_OUTCOME_HEAD = (
    r"^[，：:]?(?:\d+[件份例宗])?(?:申请)?(?:依法|决定|答复|属于|为|是|由|已){0,6}"
    rf"(?:{'|'.join(phrase.words for phrase in (*PHRASES, *APPLICANT_PHRASES) if phrase.outcome)})"
)
_CLOSED = r"（[^（）]*）"
_ITEM_NUMBER = r"(\d+)(?:件|份|例|宗|起|条)"

_SCOPE_TOKENS = (
    r"(?P<whole>(?:今年|本年度?|YEAR年度?)以来|一年来|全年|本年度?|今年|年内|当年|YEAR年度?(?!\d{1,2}月|[上下]半年|第?[一二三四]季度)|12月31日|12月底|"
    r"1月(?:1日)?(?:至|—+|-+|－|~|到)12月(?:31日)?)|"
    r"(?P<part>[上下]半年|第?[一二三四1-4]季度|\d{1,2}月|月均|每月|每年|日均|年均|同期|往年|历年|"
    r"近[一二两三四五六七八九十\d]+年|[一二三四五六七八九十\d]+年来|以来|(?:19|20)\d\d年(?!度?结转)|"
    r"去年(?!结转)|上年(?!度?结转)|上一年(?!度?结转))"
)
_COMPARING = r"较|比(?!例)|增加|增长|减少|下降|上升|多(?!种|个|渠)|少(?!数)|提高|超"
_COMPARED_WITH = r"较|相比|同比|同期|比(?:上|去|20)"
_MANY_WAYS = (
    r"[^，。；]{0,60}等(?:各种|多种|各类|不同)?(?:渠道|方式|途径|形式)|"
    r"(?:通过|以|经)?(?:各种|多种|各类|各个|各|不同|线上线下)[^，。；、]{0,6}?(?:渠道|方式|途径|形式)|线上线下"
)
_WAYS = (
    r"当面|面对面|网上|网络|互联网|线上|线下|信函|信件|邮寄|邮件|邮箱|传真|在线|窗口|现场|来函|函件|书面|口头|"
    r"邮政|快递|网站|电子|电话|微信|平台|系统|热线|门户|小程序|通过|经由|渠道"
)
_SUBJECT_LIMITS = r"涉及|关于|有关|针对|围绕|类|领域|方面|按照?[^，]*分|性质|内容"
_OWN_SIDE = (
    r"(?:依申请公开|政府信息公开|信息公开|申请公开|依申请|申请办理|公开申请)"
    r"(?:政府信息)?(?:工作|办理)?(?:方面|情况|上|中)?"
)


def whole_number(text: str) -> int | None:
    """A whole number in digits, Chinese numerals or both («1万»); None where it is none."""
    digits = text.replace(",", "")
    if digits.isdecimal():
        return int(digits)
    number = read_chinese(text) if "点" not in text else None
    number = read_mixed(text) if number is None else number
    return number if isinstance(number, int) else None


@dataclass(frozen=True, slots=True)
class Statement:
    """
    A figure that a text states about this organ, this year and the whole.

    `number` is in 件, or in 万元 for money. `cells` are alternatives, each a sum of
    cells. `step` is the size of the last digit printed (万元), 0 for counts; `after` is
    what the sentence goes on with. `at` is where the squeezed text has the number, or the
    whole statement where it says that there was nothing (`none`).
    """

    name: str
    number: Number
    cells: tuple[Sum, ...]
    quote: str
    after: str = ""
    step: Decimal = Decimal(0)
    at: tuple[int, int] = (0, 0)
    none: bool = False


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A way of saying a phrase; `none` where it says that there was nothing."""

    phrase: Phrase
    rank: int
    pattern: str
    none: bool = False


@lru_cache(maxsize=16)
def _patterns(year: int) -> tuple[_Pattern, ...]:
    """The phrases as patterns, those where the number stands first last."""
    patterns: list[_Pattern] = []

    def add(rank: int, phrase: Phrase, pattern: str, *, none: bool = False) -> None:
        pattern = pattern.replace("PREVIOUS", f"{year - 1}").replace("NEXT", f"{year + 1}")
        patterns.append(_Pattern(phrase, rank, pattern, none))

    for phrase in PHRASES:
        unit = _measure_words(phrase.units)
        words = f"(?:{phrase.words})"
        if phrase.kind is PhraseKind.VERB:
            obj = f"(?:{phrase.object})"
            fill = FILLERS if "申请" in phrase.object else r"(?:了|各类|的){0,6}"
            add(1, phrase, f"{words}{obj}{_LINK}{_NUMBER}{unit}")
            add(2, phrase, f"{words}{fill}(?:共|共计)?{_NUMBER}{unit}{obj}")
            add(2, phrase, f"{obj}{_BETWEEN}{words}{_LINK}{_NUMBER}{unit}")
            if phrase.none:
                verb = f"(?:{phrase.none})" + ("?" if "申请" in phrase.object else "")
                add(1, phrase, f"{_NONE}{verb}(?:到|过)?{obj}{_END}", none=True)
        elif phrase.kind is PhraseKind.MONEY:
            add(1, phrase, f"{words}{_LINK}{_MONEY}")
            add(1, phrase, f"{_NONE}(?:{phrase.none})?{words}{_END}", none=True)
        elif phrase.kind is PhraseKind.NAME:
            add(1, phrase, f"{words}{_LINK}{_NUMBER}{unit}")
            add(3, phrase, f"{_NUMBER}{unit}{_AFTER_NUMBER}{words}(?=[，。；：、）（)]|$)")
            if phrase.none:
                add(1, phrase, f"{_NONE}(?:{phrase.none}){{0,10}}{words}{_END}", none=True)
    return tuple(sorted(patterns, key=lambda pattern: pattern.rank))


_APPLICANT_PATTERNS = tuple(
    _Pattern(phrase, rank, pattern)
    for phrase in APPLICANT_PHRASES
    for rank, pattern in (
        (1, rf"{_STARTS}(?:{phrase.words}){APPLICANT_TAIL}{_LINK}{_NUMBER}{_REQUESTS}"),
        (3, rf"{_NUMBER}{_REQUESTS}{_ARE_FROM}(?:{phrase.words}){APPLICANT_TAIL}{_STOP}"),
    )
)


@lru_cache(maxsize=KEPT)
def statements(text: str, year: int, organ: str) -> tuple[Statement, ...]:
    """
    Every figure the text surely states about this organ, this year and the whole.

    Kept for the texts last seen: the same text is asked about after every figure.
    """
    reader = _Reader(year, organ)
    stated: list[Statement] = []
    heading = ""
    start = 0
    for paragraph in without_asides(squeezed(text)).split("\n"):
        before = heading
        for sentence in re.split(r"[。！？]", paragraph):
            if len(sentence) <= LONGEST and compiled(_SPEAKS_OF_NUMBERS).search(sentence):
                stated += (
                    replace(said, at=(start + said.at[0], start + said.at[1]))
                    for said in reader.statements(sentence, before)
                )
            before = sentence[-LONGEST:] or before
            start += len(sentence) + 1
        heading = "" if "。" in paragraph else paragraph
    return tuple(stated)


class _Reader:
    """Reads the sentences of one organ's text about one year."""

    def __init__(self, year: int, organ: str) -> None:
        self.year = year
        self.speaker = Speaker(organ)
        self.scope = _SCOPE_TOKENS.replace("YEAR", str(year))

    def statements(self, sentence: str, before: str) -> Iterator[Statement]:
        """What a sentence states; `before` is the sentence or heading before it."""
        taken: set[int] = set()
        governing: list[tuple[int, Sum]] = []
        for pattern in _patterns(self.year):
            for place in compiled(pattern.pattern).finditer(sentence):
                at = place.start() if pattern.none else place.start("n")
                topic = pattern.phrase.topic
                if at in taken or (
                    topic and not _is_topic(topic, sentence[: place.start()], before, place[0])
                ):
                    continue
                taken.add(at)
                statement = self._statement(pattern, place, sentence, before)
                if statement:
                    yield statement
                    governing.append((place.start(), statement.cells[0]))
        if re.search(Topic.REQUESTS.value, sentence + before):
            yield from self._of_applicants(sentence, taken, sorted(governing))

    def _statement(
        self, pattern: _Pattern, place: re.Match[str], sentence: str, before: str
    ) -> Statement | None:
        phrase = pattern.phrase
        number, step = (0, Decimal(0)) if pattern.none else _number(phrase, place)
        if phrase.object == REQUEST and not re.search(ABOUT_REQUESTS, place[0] + sentence + before):
            return None  # a bare 「申请」, perhaps for something else
        if number is None or not self._counts(phrase, sentence, place.start(), number):
            return None
        if re.match(rf"{_NONE}$", sentence[max(0, place.start() - 1) : place.start()]):
            return None
        cells = phrase.cells
        if cells == (RECEIVED,) and re.match(INCLUDING_CARRIED_OVER, sentence[place.end() :]):
            cells = (RECEIVED, BOTH)
        statement = _stated(phrase.name, number, cells, sentence, place.start(), place.end(), step)
        at = place.span() if pattern.none else place.span("n")
        return replace(statement, at=at, none=pattern.none)

    def _of_applicants(
        self, sentence: str, taken: set[int], governing: list[tuple[int, Sum]]
    ) -> Iterator[Statement]:
        """How many requests came from a kind of applicant, in the row spoken of before."""
        for pattern in _APPLICANT_PATTERNS:
            for place in compiled(pattern.pattern).finditer(sentence):
                number = whole_number(place["n"])
                if place.start("n") in taken or number is None:
                    continue
                start = place.start()
                if verb := compiled(_APPLICANT_VERB).search(sentence[:start]):
                    start = verb.start()
                if not self._counts(pattern.phrase, sentence, start, number):
                    continue
                taken.add(place.start("n"))
                rows = [cells for position, cells in governing if position < place.start()]
                cells = of_applicants(pattern.phrase, rows[-1] if rows else ())
                said = _stated(pattern.phrase.name, number, cells, sentence, start, place.end())
                yield replace(said, at=place.span("n"))

    def _counts(self, phrase: Phrase, sentence: str, start: int, number: Number) -> bool:
        """Whether a statement is about this organ, this year and the whole."""
        earlier = compiled(_CLOSED).sub("", sentence[:start])
        clause_start = max(earlier.rfind(mark) for mark in CLAUSE_MARKS) + 1
        clause = earlier[clause_start:]
        part = earlier[earlier.rfind("；") + 1 :]
        never_in = compiled(_OWN_SIDE).sub("", part if phrase.wide else clause)
        if phrase.never and re.search(phrase.never, never_in):
            return False
        organs, more = phrase.never_of
        if organs and re.search(organs, self.speaker.stem) and re.search(more, clause):
            return False
        if phrase.needs and number and not re.search(phrase.needs, sentence):
            return False
        # «较上年的 87 件增加 18 件» speaks of another year, what follows of this one.
        clauses = re.split("[，；]", earlier)
        told = "，".join(c for c in clauses if not compiled(_COMPARED_WITH).search(c))
        times = [token.lastgroup for token in compiled(self.scope).finditer(told)]
        if times and times[-1] == "part" and not phrase.anywhere:
            return False
        said = compiled(_OWN_SIDE).sub("", compiled(_MANY_WAYS).sub("", clause))
        if compiled(_COMPARING).search(said) or compiled(_WAYS).search(said):
            return False
        if compiled(_SUBJECT_LIMITS).search(said) and not (phrase.needs and "涉及" in said):
            return False
        if phrase.strict and self.speaker.unknown_words(said).strip("和及与"):
            return False
        if self.speaker.is_other(said) or self.speaker.is_other_before(earlier[:clause_start]):
            return False
        return _stands_after_whole(phrase, part, clause)


def _stated(
    name: str,
    number: Number,
    cells: tuple[Sum, ...],
    sentence: str,
    start: int,
    end: int,
    step: Decimal = Decimal(0),
) -> Statement:
    quote = quoted(sentence, start, end)
    return Statement(name, number, cells, quote, sentence[end : end + REST], step)


def _number(phrase: Phrase, place: re.Match[str]) -> tuple[Number | None, Decimal]:
    """The number of a statement, and the size of its last digit (万元; 0 for counts)."""
    if phrase.kind is not PhraseKind.MONEY:
        return whole_number(place["n"]), Decimal(0)
    amount = Decimal(place["n"].replace(",", ""))
    factor = _IN_WAN_YUAN[place["unit"]]
    return amount * factor, Decimal((0, (1,), int(amount.as_tuple().exponent))) * factor


def _is_topic(topic: Topic, earlier: str, before: str, rest: str) -> bool:
    """Whether the nearest subject named before, in this sentence or the last, is the topic."""
    for text in (earlier, before):
        ends = {other: place.end() for other in Topic for place in re.finditer(other.value, text)}
        if ends:
            return max(ends, key=ends.__getitem__) is topic
    return bool(re.match(rf"[^，。；]{{0,20}}?(?:{topic.value})", rest))


def _stands_after_whole(phrase: Phrase, part: str, clause: str) -> bool:
    """Whether 「其中」 before it leaves the statement one about the whole."""
    at = part.rfind("其中")
    if at < 0:
        return True
    listed = part[at + 2 :]
    if phrase.anywhere:
        return bool(listed.strip("，：:"))
    if compiled(_OUTCOME_HEAD).match(listed) or (
        phrase.outcome and not listed.strip("，：:、依法决定属于由为是已")
    ):
        return phrase.outcome or ("其中" not in clause and bool(listed.strip("，：:")))
    # A list of something else is over when its numbers make up the number before it.
    whole = compiled(_ITEM_NUMBER).findall(part[:at])
    items = map(int, compiled(_ITEM_NUMBER).findall(listed))
    return bool(whole) and int(whole[-1]) in accumulate(items)
