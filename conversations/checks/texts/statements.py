"""
N2, the reader: which figures a text states about this organ, this year and the whole.

A sentence is read once, word by word (`words.py`, by the lists of `phrases.py`), and what
was spoken of is remembered (`spoken.py`). The rules:

- A number belongs to the nearest noun of its clause. A verb has it with an application as
  its object, or without one where nothing unknown stands around it and applications were
  spoken of. A number that comes first belongs to what follows (`counted.py`). An unknown word
  before it, since the number before or 「等」, makes it only likely, and so do others beside it
  that may be no part of it (另有 2 件结转, 不予受理 4 件).
- The figure before is the head of those that follow («其中…»): what vetoes it vetoes its
  parts, and a part that exceeds it is not believed. A figure of something else becomes the
  head only where it has a verb or a noun of its own: it is else an item of the list.
- A figure is vetoed by another organ, another time, one way of applying, one subject, a plan
  or a rate beside it; by the publishing of a decision; by the deciding of somebody's case, or
  of one that is not about information (`vetoes.py`). Organs and years that only name what is
  spoken of (对2022年印发的文件, 代表县政府, 事项已划转某局) veto nothing.
- «均为自然人», «申请人为自然人», «1 件，转至2024年» are as many as were counted before; what a
  sentence counts several times are parts, unless one is their sum.
- A time of several years (2021年至2023年, 2019年以来) is another time; 「其中2023年 19 件」 is not.
- Where last year's were spoken of, what was received is the new alone or all, unless it is
  called new. Answers in a list («18 件按期答复，1 件无法提供») are parts, unless one is the sum.
- Where others were left of last year, what was answered is likely of the new alone if it and
  what goes on are all that came in. What a county's government did itself is a part of the
  county's, where others are counted beside it.
- What is still being handled (待答复 1 件) is carried forward. Kinds of applicants are those of
  the row counted before them. Where one outcome of a sentence is vetoed, all are.
- Shares (线上 2 件、线下 1 件) are nothing by themselves; a number that is their sum is the whole.
- «未», «无» before a list, or behind cases, says 0 of each item that is a figure and has
  nothing else to qualify it (`nothing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain, takewhile

from conversations.answers.numerals import read_chinese, read_mixed
from conversations.checks.texts.counted import Counted, Place, carried, counted, is_new, items_of
from conversations.checks.texts.nothing import Nothing, nothing
from conversations.checks.texts.phrases import (
    ABOUT,
    ALL,
    ANSWERED,
    ANSWERED_ALONE,
    BEING,
    BESIDES,
    CARRIED,
    CARRIED_OVER,
    CARRIED_ROWS,
    COUNTING,
    FORWARD,
    HANDLED,
    MAIN_OUTCOMES,
    NUMBER_OF,
    ONE,
    OUTCOMES,
    RECEIVED,
    WITH_CARRIED,
    Family,
    Kind,
    Row,
    Sum,
    of_applicants,
    together,
)
from conversations.checks.texts.running_text import (
    KEPT,
    LONGEST,
    compiled,
    quoted,
    squeezed,
    without_asides,
)
from conversations.checks.texts.speaker import Speaker
from conversations.checks.texts.spoken import ASKED, NEAR, STOPS, WHO, Head, Spoken, ahead_of
from conversations.checks.texts.vetoes import EXCEEDS, PARTS, doubted, vetoed
from conversations.checks.texts.words import NOTHING, Word, beside, first_of, words_of
from conversations.form.answers import Number

REST = 40  # characters after a statement that are kept, for a rate of change
_IN_WAN_YUAN = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}
_SPEAKS_OF_FIGURES = (
    r"[\d零〇一二两三四五六七八九十百千万][余多]?(?:件|份|例|宗|起|条|项|个|笔|部|次|元|万|亿)|"
    r"未|无|没|零|不存在|[为是：]\d"
)
_HEADS = (Family.REQUESTS, Family.CASES, Family.DECISIONS, Family.PAPERS)
_ASKING = {
    Kind.FILLER,
    Kind.BARE,
    Kind.TOWARDS,
    Kind.CHANNEL,
    Kind.WAYS,
    Kind.SUBJECT,
}  # 以邮寄方式提出
_DONE = {Kind.FILLER, Kind.OURS, Kind.OWN}  # 已依法
_STOPS = {*STOPS, Kind.NO}
_WHOLE = Decimal(0)
_ANSWERED = (ANSWERED.cells, ANSWERED_ALONE.cells, HANDLED.cells)
_SHARES = {Kind.CHANNEL, Kind.ORGAN, Kind.EACH}  # what was received may be told in shares
_DENIED = {Kind.VERB, Kind.FILLER, Kind.MARK}


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
    whole statement where it has no number: that there was nothing, or all (`none`). `sure` is
    false where the reading is only likely, `doubt` the unknown word that made it so. `veto` is the
    word for which it does not count.
    """

    name: str
    number: Number
    cells: tuple[Sum, ...]
    quote: str
    after: str = ""
    at: tuple[int, int] = (0, 0)
    step: Decimal = Decimal(0)
    none: bool = False
    sure: bool = True
    veto: Word | None = None
    doubt: str = ""


def statements(text: str, year: int, organ: str) -> tuple[Statement, ...]:
    """Every figure the text states about this organ, this year and the whole."""
    return tuple(said for said in readings(text, year, organ) if said.veto is None)


@lru_cache(maxsize=KEPT)
def readings(text: str, year: int, organ: str) -> tuple[Statement, ...]:
    """
    What might be a figure of the form, those that do not count with their veto.

    Kept for the texts last seen: the same text is asked about after every figure.
    """
    speaker = Speaker(organ)
    flat = squeezed(text)
    masked = speaker.without_names(without_asides(flat))
    reader = _Reader(flat)
    spoken = Spoken(year, speaker)
    read: list[tuple[Statement, ...]] = []
    start = 0
    for paragraph in masked.split("\n"):
        for sentence in re.split(r"[。！？]", paragraph):
            if len(sentence) <= LONGEST:
                read.append(tuple(reader.read(sentence, start, spoken)))
            start += len(sentence) + 1
        if "。" in paragraph:  # not behind a heading of its own
            spoken = Spoken(year, speaker)
    if not reader.over:
        read = [tuple(map(_as_new, said)) for said in read]
    said = tuple(chain.from_iterable(map(_as_parts, read)))
    return tuple(_of_others(said, left=reader.left))


class _Reader:
    """Reads the sentences of a text, one after the other."""

    def __init__(self, flat: str) -> None:
        self.flat = flat  # the text, to quote from
        self.over = False  # whether some may have been carried over from last year
        self.left = False  # whether some surely were, and are not among those received

    def read(self, sentence: str, offset: int, spoken: Spoken) -> Iterator[Statement]:
        """What a sentence says; `offset` is where it begins in the text."""
        if not compiled(_SPEAKS_OF_FIGURES).search(sentence):
            spoken.about = spoken.about or "依申请" in sentence or "公开申请" in sentence
            return
        self.sentence, self.offset, self.spoken = sentence, offset, spoken
        words = words_of(sentence)
        spoken.begin(words, offset)
        self.last: Number | None = None
        self.listed: list[tuple[Number, Word]] = []  # parts of what was received, and whose
        yield from self._walk(words)

    def _walk(self, words: Sequence[Word]) -> Iterator[Statement]:
        spoken = self.spoken
        items = items_of(words, spoken.year)
        clause = free = denied = 0  # where the clause begins; what has no number yet; 「未…」
        for i, word in enumerate(words):
            if word.kind == Kind.FILLER:
                if word.inside:
                    yield from self._inside(word, words[i - 1] if i else NOTHING)
            elif i + 1 < denied and word.value in ONE:
                continue  # 未发生一起行政复议
            elif word.kind == Kind.NUMBER:
                ahead = ahead_of(words, i)
                end = i + 1 + len(ahead)
                region = words[max(free, i - NEAR) : i]
                place = Place(words, clause, i, region, ahead, items)
                said = counted(place, spoken)
                said = said or self._sum(
                    word, region, more=any(w.text in BESIDES for w in words[end : end + 2])
                )
                free = end if said and said.first else i + 1
                if said:
                    yield from self._stated(said, words, i)
                elif first_of(region, {Kind.CHANNEL, *ASKED}) and not first_of(
                    region, {Kind.CHANGE}
                ):
                    self.listed.append((_value(word, RECEIVED)[0] or 0, spoken.organ or NOTHING))
            elif word.kind == Kind.NO:
                if i >= denied:
                    denied = i + 1
                    while denied < len(words) and not _ends(words[denied]):
                        listed = words[denied].kind == Kind.NO and words[denied - 1].text == "、"
                        whole = any(w.kind not in _DENIED for w in words[i + 1 : denied])
                        if listed and (whole or word.text == "零"):
                            break  # 未收到申请、未产生费用, 零受理、零复议, not 未制发、未废止文件
                        denied += 1
                    said_none = nothing(words, clause, i, denied, spoken)
                    yield from map(self._none, said_none)
            elif word.kind != Kind.UNKNOWN:
                spoken.note(words, clause, i)
                if word.kind == Kind.CARRY:
                    self.over |= carried(words, i, spoken.year) in (CARRIED_OVER, CARRIED)
                if _ends(word):
                    free = clause = i + 1
                elif word.kind == Kind.MARK and free > clause:  # 予以公开 5 件、
                    free = i + 1
                elif isinstance(word.value, Row) or word.kind == Kind.CARRY:
                    yield from self._all(words, clause, i)

    def _sum(self, word: Word, region: Sequence[Word], *, more: bool) -> Counted | None:
        """线上申请 2 件、线下申请 1 件，合计 3 件: what is their sum is what was received."""
        counting = {other.text for other in region if other.kind not in WHO}  # 全县合计
        whole = sum(number for number, _ in self.listed)
        proved = len(self.listed) > 1 and _value(word, RECEIVED)[0] == whole and not more
        if not (proved and counting and counting <= COUNTING):
            return None
        if any(organ.text.endswith("本级") for _, organ in self.listed):
            self.spoken.organ = None  # 县政府本级 3 件，各乡镇 5 件，合计 8 件
        return Counted(RECEIVED, region)

    def _inside(self, bracket: Word, before: Word) -> Iterator[Statement]:
        """What a bracket says, of parts of what stands before it, or of all: 3 件（均为…）."""
        spoken, words = self.spoken, bracket.inside
        outside = spoken.organ, spoken.time, spoken.parts
        if before.kind != Kind.NUMBER or words[0].text not in ALL:
            spoken.parts = bracket
        yield from self._walk(words)
        spoken.organ, spoken.time, spoken.parts = outside

    # ------------------------------------------------------------------------ a statement

    def _stated(self, said: Counted, words: Sequence[Word], i: int) -> Iterator[Statement]:
        """The statement, if the measure word fits; it may become the head of others."""
        word, row = words[i], said.row
        after = words[i + 1] if i + 1 < len(words) else NOTHING
        self.last = None
        if row is None:
            self.listed = []
            self._something_else(said)
            return
        number, step = _value(word, row)
        if number is None or not _fits(row, word, words[i - 1] if i else NOTHING, after):
            return
        veto = said.veto or vetoed(row, said, self.spoken, number)
        doubt = doubted(row, said, words[i + 1 : i + NEAR], self.spoken)
        share = row is RECEIVED and veto is not None and veto.kind in _SHARES
        part = share or (row.family is Family.APPLICANTS and not veto)
        listed = [*self.listed, (number, self.spoken.organ or NOTHING)]
        self.listed = listed if part and not self.spoken.parts else []
        sure = said.sure
        if not sure and word.unit in {"个", "项", "条"}:
            return
        if row is RECEIVED and not is_new(said.near):
            row = WITH_CARRIED
        self.left |= row is CARRIED_OVER and number > 0 and not self.spoken.parts
        if row is ANSWERED and self.spoken.ended:
            row = ANSWERED_ALONE
        within = after.inside or _among(words, i)
        inner = next((w.value for w in within if isinstance(w.value, Row)), row)
        if inner is not row and {row, inner} <= MAIN_OUTCOMES:  # 公开 16 件（含部分公开 2 件）
            row = replace(row, cells=(*row.cells, *together([row, inner]).cells))
        if row.family is not Family.PAPERS:
            veto = veto or self._over_years(within)
        self._remember(row, number, veto, said)
        if row in CARRIED_ROWS and within and not after.inside:
            self.spoken.head = Head(None, word, self.offset)  # 上年结转 4 件，其中公开 3 件
        self.last = number
        first = min(said.near[0].start if said.near else word.start, word.start)
        rest = word.start + len(word.text)  # behind the measure word
        place = (first, word.start, word.end, rest)
        known = self._known(row, number, place, veto, sure=sure and not doubt, step=step)
        yield replace(known, doubt=doubt.text) if doubt else known

    def _over_years(self, within: Sequence[Word]) -> Word | None:
        """The other year of 60 件，其中2022年 35 件、2023年 25 件."""
        years = [
            word
            for at, word in enumerate(within)
            if word.kind == Kind.YEAR
            and Kind.CARRY not in (beside(within, at, 1).kind, beside(within, at, -1).kind)
        ]
        others = [word for word in years if not self.spoken.is_now(word)]
        return others[0]._replace(kind=Kind.SPAN) if 0 < len(others) < len(years) else None

    def _known(
        self,
        row: Row,
        number: Number,
        place: tuple[int, int, int, int],
        veto: Word | None,
        *,
        none: bool = False,
        sure: bool = True,
        step: Decimal = _WHOLE,
    ) -> Statement:
        """A statement: where its quotation begins, where it stands, and what goes on."""
        first, start, end, rest = place
        quote = quoted(self.flat[self.offset : self.offset + len(self.sentence)], first, end)
        after = self.sentence[rest : rest + REST]
        at = (self.offset + start, self.offset + end)
        return Statement(row.name, number, row.cells, quote, after, at, step, none, sure, veto)

    def _something_else(self, said: Counted) -> None:
        """A figure of something else becomes the head of what follows, unless it is a part."""
        spoken, head = self.spoken, self.spoken.head
        if head:
            # Of what was counted: 修改 1 件, 非本机关 3 件, 涉及征地的 5 件, not 热线工单 5 件.
            item = tuple(takewhile(lambda word: word.kind != Kind.NUMBER, reversed(said.near)))
            other = first_of(item, {Kind.VERB, Kind.MATTER})
            part = said.veto and said.veto.kind in {Kind.PUBLISH, Kind.VETO}
            of_these = not other and first_of(item, {Kind.LIMIT})
            here = spoken.is_here or spoken.outcomes
            part = part or not other or other.value == "passed_on"
            if spoken.parts or of_these or (here and part):
                return
        spoken.head = Head(None, said.veto, self.offset)

    def _remember(self, row: Row, number: Number, veto: Word | None, said: Counted) -> None:
        """What a figure means for those after it."""
        spoken, family = self.spoken, row.family
        if family is Family.CASES:
            spoken.case_veto = veto
        part_of = spoken.head or not veto  # without a head what vetoes it vetoes those behind it
        if row is CARRIED_OVER or (said.elliptic and family is Family.REQUESTS and part_of):
            if spoken.head and not veto:
                more = spoken.head.most + number if row is CARRIED_OVER else number
                spoken.head.most = max(spoken.head.most, more)
                spoken.head.row = spoken.head.row if row is CARRIED_OVER else HANDLED
            return
        if spoken.head and spoken.parts:
            return  # 现行有效 23 件，其中本年制发 4 件
        if family in _HEADS and row not in CARRIED_ROWS:
            spoken.head = Head(row, veto, self.offset, number, number)
            if family is Family.REQUESTS and not veto:
                spoken.whole = spoken.head

    def _all(self, words: Sequence[Word], clause: int, i: int) -> Iterator[Statement]:
        """收到申请 7 件，均为自然人: as many as were counted last."""
        word, head, row = words[i], self.spoken.head, words[i].value
        if not head or head.number != self.last or self.spoken.parts:
            return
        said = [
            word
            for word in words[max(i - NEAR, clause) : i]
            if word.kind not in _DONE or word.text in {*ALL, *BEING, "申请人"}
        ]
        being = bool(said) and said[-1].text in BEING
        by = said[:-1] if being else said
        end = i + 1
        if word.kind == Kind.CARRY:  # 收到申请 1 件，结转至 2024 年办理
            row = carried(words, i, self.spoken.year)
            fits = row is FORWARD and head.number == 1 and not head.veto
            fits = fits and not first_of(words[max(clause, i - NEAR) : i], {Kind.NUMBER, Kind.NO})
            while fits and end < min(len(words), i + NEAR) and words[end].kind not in _STOPS:
                end += 1
        else:
            while end < len(words) and words[end].kind in _ASKING:
                end += 1
            every = word.text.startswith("全部") or (by and by[-1].text in ALL)
            # 系自然人提出, 申请人为自然人, 1 件，已予以公开
            alone = being or (not said and head.number == 1)
            every = every or (alone and all(other.text == "申请人" for other in by))
            fits = isinstance(row, Row) and row.family in PARTS and every
            fits = fits and not first_of(words[clause:i], {Kind.TOWARDS})  # 对符合的均予以公开
        if not isinstance(row, Row) or not fits or not (end == len(words) or _ends(words[end])):
            return
        if row.family is Family.APPLICANTS:
            row = of_applicants(row, head.row)
        veto = vetoed(row, Counted(row, words[i : i + 1]), self.spoken, head.number)
        start = said[-1 - being].start if by else word.start
        place = (start, start, word.end, word.end)
        yield self._known(row, head.number, place, veto, none=True)

    def _none(self, said: Nothing) -> Statement:
        """That there was none of something."""
        spoken, row = self.spoken, said.row
        veto = said.veto or vetoed(row, Counted(row, said.near), spoken, 0)
        start, end = said.first.start, said.last.end
        return self._known(row, 0, (start, start, end, end), veto, none=True, sure=said.sure)


def _among(words: Sequence[Word], i: int) -> Sequence[Word]:
    """The list of parts right behind a number: 16 件，其中部分公开 2 件."""
    then = words[i + 1 : i + NEAR]
    return then if len(then) > 1 and Kind.AMONG in (then[0].kind, then[1].kind) else ()


def _as_new(said: Statement) -> Statement:
    """What was received, and by whom, where nothing was carried over: all of it is new."""
    carried = CARRIED_OVER.cells[0][0].removesuffix("total")
    new = tuple(group for group in said.cells if not any(carried in cell for cell in group))
    return replace(said, cells=new) if new and said.cells != HANDLED.cells else said


def _of_others(said: tuple[Statement, ...], *, left: bool) -> Iterator[Statement]:
    """
    What was answered is only likely the whole where it is more, or surely less, than came in.

    新收 86 件，办结 80 件，6 件结转；上年结转 4 件已办结 (`left`): it is of the new ones alone.
    收到 2 件，救助申请 35 件，答复 37 件: others are counted, too.
    """
    counts = [one for one in said if one.veto is None and one.cells != HANDLED.cells]
    new = [one.number for one in counts if one.cells[0] == RECEIVED.cells[0]]
    forward = [one.number for one in counts if one.cells in (FORWARD.cells, CARRIED.cells)] or [0]
    over = [one.number for one in said if one.cells in (CARRIED_OVER.cells, CARRIED.cells)] or [0]
    for one in said:
        if one.cells in _ANSWERED and one.veto is None and new:
            alone = left and min(new) - one.number in forward
            if alone or one.number > max(new) + max(over):
                yield replace(one, sure=False, doubt=CARRIED_OVER.name if alone else RECEIVED.name)
                continue
        yield one


def _as_parts(said: tuple[Statement, ...]) -> Iterator[Statement]:
    """
    What is told in parts: a figure that a sentence has several times, unless one is their sum.

    Where one outcome is vetoed all are: 网站审核不予公开 12 条，部分公开 3 条.
    """
    told: dict[tuple[Sum, ...], list[Number]] = {}
    carried = [row.cells for row in CARRIED_ROWS]
    doubted = any(one.veto and one.cells in OUTCOMES for one in said)
    for one in said:
        if not one.veto and one.cells not in carried:
            told.setdefault(one.cells, []).append(one.number)
    for one in said:
        numbers = told.get(one.cells, [])
        outcome = one.cells in OUTCOMES
        apart = len(numbers if outcome else set(numbers)) > 1 or (outcome and doubted)
        whole = len(numbers) > 2 and one.number * 2 == sum(numbers)
        yield replace(one, veto=EXCEEDS) if apart and not (whole or one.veto) else one


def _ends(word: Word) -> bool:
    """Whether a clause ends here."""
    return word.kind == Kind.MARK and word.text != "、"


def _fits(row: Row, word: Word, before: Word, after: Word) -> bool:
    """Whether the measure word is one of these figures; 「申请数为 5，」 has none."""
    if before.text in ABOUT or after.text in ABOUT:
        return False
    if not word.unit:
        return before.text in NUMBER_OF and after.kind == Kind.MARK
    if word.unit in {"个", "项", "条"} and after.kind == Kind.UNKNOWN:
        return False
    unit = word.unit.removesuffix("次") or word.unit  # 件次
    return unit in (_IN_WAN_YUAN if row.family is Family.FEES else row.family.value)


def _value(word: Word, row: Row) -> tuple[Number | None, Decimal]:
    """The number of a statement, and the size of its last digit (万元; 0 for counts)."""
    text = str(word.value or "")
    if row.family is not Family.FEES:
        return whole_number(text), Decimal(0)
    if word.unit not in _IN_WAN_YUAN or not re.fullmatch(r"[\d,.]+", text):
        return None, Decimal(0)
    amount, factor = Decimal(text.replace(",", "")), _IN_WAN_YUAN[word.unit]
    return amount * factor, Decimal((0, (1,), int(amount.as_tuple().exponent))) * factor
