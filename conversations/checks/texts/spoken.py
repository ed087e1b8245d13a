"""What the reader of statements knows at a place of a paragraph: who, when, and of what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from conversations.checks.texts.phrases import (
    ANY_ORGAN,
    CLEARED,
    DELAYS,
    DOUBTFUL,
    ENDED_OTHERWISE,
    JOINS,
    SHOWN,
    SUBORDINATE,
    THROUGH,
    UNTIL,
    VAGUE_ORGANS,
    Act,
    Family,
    Kind,
    Row,
)
from conversations.checks.texts.speaker import Speaker
from conversations.checks.texts.words import NOTHING, Word, beside, first_of, said_of
from conversations.form.answers import Number

NEAR = 60  # words before a place that may have to do with it
ASKED = {Kind.REQUEST, Kind.BARE}
STOPS = {Kind.MARK, Kind.NUMBER}
OF_REQUESTS = (Family.REQUESTS, Family.OUTCOMES, Family.APPLICANTS)
WHO = {Kind.OWN, Kind.OURS, Kind.ORGAN}
_APART = ("机关", "本级", "办公室", "党政办")  # of an organ whose other parts are counted, too
_TOLD = {*DOUBTFUL, *DELAYS}  # figures beside others
_DONE_TO = {Kind.TOWARDS, Kind.VETO, Kind.VERB, Kind.LIMIT}  # 代表县政府, 指导各部门
_GIVEN_TO = ".[到至给]."  # 分发到责任科室: as one word, for that is what is unknown
_OF_A_THING = {Kind.ROW, Kind.MATTER, Kind.UNKNOWN, Kind.PAPER}
_YEARS = {Kind.YEAR, Kind.LAST, Kind.SPAN}
_OF_ANY = {"全年", "全年度", "年内", "当年"}
_BESIDE = {Kind.MARK, Kind.OWN, Kind.OURS, Kind.ORGAN}
_BETWEEN = {Kind.YEAR, Kind.DAY, Kind.FILLER, Kind.UNKNOWN}  # 2021年底—2023年
WHEN = {Kind.YEAR, Kind.DAY, Kind.LAST, Kind.NEXT, Kind.WHOLE, Kind.SPAN}


@dataclass(slots=True)
class Head:
    """The figure those after it may be parts of; `row` is None where it is something else."""

    row: Row | None
    veto: Word | None
    sentence: int
    number: Number = 0
    most: Number = 0  # what its parts may be, with those carried over

    @property
    def family(self) -> Family | None:
        """What kind of figure it is."""
        return self.row.family if self.row else None


class Spoken:
    """What was spoken of in a paragraph, its sentence, and the part of the sentence read last."""

    def __init__(self, year: int, speaker: Speaker) -> None:
        """Begin a paragraph."""
        self.year = year
        self.speaker = speaker
        self.head: Head | None = None
        self.whole: Head | None = None  # the last head that counts
        self.about = False  # applications for information
        self.paper: object = None  # the kind of document
        self.begin((), 0)

    def begin(self, words: Sequence[Word], sentence: int) -> None:
        """Begin a sentence."""
        self.sentence = sentence
        self.organ: Word | None = None  # another organ
        self.time: Word | None = None  # another time
        self.parts: Word | None = None  # a list of parts
        self.among_years: Row | None = None  # what was counted over several years
        self.cases: list[Row] = []  # those whose results may follow
        self.passing = False
        self.case_veto: Word | None = None
        self.published: Word | None = None
        self.handled: Word | None = None
        self.suffered = self.of_information = self.paper_here = False
        families = {word.family for word in words}
        asked = first_of(words, {Kind.BARE})
        self.outcomes = Family.OUTCOMES in families
        # All columns of table two: 发布 7 件，废止 1 件，现行有效 30 件.
        self.columns = {Act.REPEAL, Act.IN_FORCE} <= {word.value for word in words}
        self.people = Family.APPLICANTS in families
        self.ended = any(word.text in ENDED_OTHERWISE for word in words)
        told = [w for at, w in enumerate(words) if w.text in _TOLD and _has_number(words, at)]
        self.doubtful = [word for word in told if word.text in DOUBTFUL]
        self.delayed = said_of(told, DELAYS)
        if self.outcomes or (asked and first_of(words, {Kind.APPLICANT})):
            self.about = True
        if self.head and words and words[0].kind == Kind.AMONG:
            self.head.sentence = sentence
        elif self.head:
            ours = self.head.family in OF_REQUESTS
            if self.head.veto if ours else first_of(words, {Kind.REQUEST}):
                self.head = self.whole or self.head

    @property
    def is_here(self) -> bool:
        """Whether the head stands in this sentence."""
        return self.head is not None and self.head.sentence == self.sentence

    def note(self, words: Sequence[Word], clause: int, i: int) -> None:
        """Remember what a word speaks of."""
        word = words[i]
        kind = word.kind
        if kind in WHO:
            self._name(words, clause, i)
        elif kind in WHEN:
            self._date(words, i)
        elif kind == Kind.AMONG and word.text != "含":
            self.parts = word
        elif kind == Kind.REQUEST:
            self.about = self.of_information = True
        elif kind == Kind.SUBJECT:
            self.of_information = True
        elif kind == Kind.PAPER and word.value:
            self.paper, self.paper_here = word.value, True
        elif kind == Kind.PUBLISH or word.text in SHOWN:
            self.published = word
        elif kind == Kind.CAUSE or word.value is Act.SUFFER or word.text == "涉及":
            self.suffered = True
        elif word.value in (Act.RECEIVE, Act.HANDLE):
            self.handled = word
        elif isinstance(word.value, Row) and word.family is Family.CASES:
            self.cases = [*self.cases[-2:], word.value]
        elif kind == Kind.MARK and word.text != "、":
            if word.text == "；" or not first_of(words[clause:i], {Kind.NUMBER}):
                self.published = None
                if self.organ and self.organ.unit and self.is_here:  # 各部门均按要求办理，
                    self.organ = None
            if self.passing:  # 对 2022 年印发的文件进行清理，
                self.time, self.passing = None, False
            other = self.head and self.head.family not in OF_REQUESTS
            if word.text == "；" and self.parts:
                self.parts, self.organ = None, None if other else self.organ

    def is_request(self, words: Sequence[Word], clause: int, at: int) -> bool:
        """Whether a bare 申请 is one for information: not 低保申请, not 申请护照."""
        near = words[max(clause, at - NEAR) : at]
        if first_of(near, {Kind.SUBJECT}):
            return True
        if not self.about or first_of(near, {Kind.MATTER}):
            return False
        # 行政许可方面，收到申请 30 件
        return all(word.family is not Family.DECISIONS for word in words[max(at - NEAR, 0) : at])

    def is_ours(self, word: Word) -> bool:
        """Whether a word is the organ itself."""
        if word.kind == Kind.ORGAN:
            return self.speaker.is_own(word.text)
        return word.kind == Kind.OWN or (word.kind == Kind.OURS and self.speaker.owns(word.text))

    def _is_other(self, word: Word) -> bool:
        """Whether a word is another organ, or another part of this one: 各分局, 种植业科."""
        other = word.kind == Kind.ORGAN and word.text not in VAGUE_ORGANS
        return (word.kind == Kind.EACH and word.text != "属") or (other and not self.is_ours(word))

    def is_now(self, word: Word) -> bool:
        """Whether a word is the year reported on, or part of it only by name."""
        this_year = word.kind == Kind.YEAR and int(word.text[:4]) == self.year
        return word.kind == Kind.WHOLE or this_year

    def _name(self, words: Sequence[Word], clause: int, i: int) -> None:
        """Who acts from here on, if this is the name of somebody who does."""
        word, before = words[i], words[i - 1] if i > clause else NOTHING
        after = words[i + 1] if i + 1 < len(words) else NOTHING
        if after.kind in {Kind.ORGAN, Kind.UNKNOWN} and after.text not in ANY_ORGAN:
            return  # 我市教育局: the whole name decides
        ahead = takewhile(lambda other: other.kind != Kind.AMONG, words[i + 1 : i + NEAR])
        others = (other for by, other in pairwise(ahead) if by.kind not in _DONE_TO)
        # 县政府收到 15 件，各部门收到 85 件: what others did is of the county, too
        several = self.speaker.decides and word.kind != Kind.OURS
        apart = (word.text.endswith(_APART) or several) and any(map(self._is_other, others))
        if self._goes_on(words, clause, i):
            self.organ = word if apart and before.kind != Kind.EACH else None
            return
        acted = first_of(words[max(clause, i - NEAR) : i], {Kind.VERB, Kind.LIMIT})
        if (
            acted
            or re.search(_GIVEN_TO, word.text)
            or before.kind in {Kind.TOWARDS, Kind.CAUSE, *ASKED}
        ):
            return
        if after.kind == Kind.MARK and first_of(words[clause:i], _OF_A_THING):
            return  # 许可事项已划转县行政审批局，
        vague = word.text in VAGUE_ORGANS and before.kind != Kind.EACH
        alone = not first_of(ahead_of(words, i), {Kind.ORGAN, Kind.EACH})  # not 县政府部门
        if self.is_ours(word) or (alone and self.speaker.serves(word.text)):
            share = self.organ and self.organ.unit and word.kind != Kind.OURS
            apart = apart or bool(share)
            self.organ = word if apart else None  # 局机关 38 件，各分局 51 件
            whole = self.head.veto if self.head else None
            if whole and whole.kind == Kind.OURS:
                self.head = self.parts = None  # 全县收到申请 214 件，其中县政府办公室收到 36 件
        elif not vague and after.text not in {"的", "内", "中"}:
            each = "个" if before.kind == Kind.EACH else ""
            self.organ = word._replace(unit=each)

    def _goes_on(self, words: Sequence[Word], clause: int, i: int) -> bool:
        """县政府及县直部门, 全县各乡镇: the organ itself, and others; 局属单位 are not."""
        joined, subordinate = words[i].text in ANY_ORGAN, False
        each = joined
        for word in reversed(words[max(clause, i - NEAR) : i]):
            if word.text in JOINS or word.text == "其":
                joined, subordinate = True, False
            elif word.kind == Kind.EACH:
                joined = each = True
                some = bool(word.unit) and words[i].text not in ANY_ORGAN
                subordinate = subordinate or some or word.text in SUBORDINATE
            elif not subordinate and self.is_ours(word):
                return joined
            elif each and word.text.endswith("本级") and not subordinate:
                return self.speaker.is_own(word.text.removesuffix("本级"))  # 县政府本级及各部门
            elif word.kind != Kind.ORGAN and not word.inside and word.text != "系统":
                return False
        return False

    def _date(self, words: Sequence[Word], i: int) -> None:
        """When it is from here on, if this is no time of carrying over and no comparison."""
        word, before = words[i], words[i - 1] if i else NOTHING
        of_year = word.kind in {Kind.DAY, Kind.WHOLE} and before.kind in {Kind.YEAR, Kind.LAST}
        if word.text in _OF_ANY:
            year = next((other for other in reversed(words[:i]) if other.kind not in _BESIDE), word)
            of_year = year.kind in {Kind.YEAR, Kind.LAST}
        if self.time and of_year:  # 2022年12月31日, 上年全年; 2022年，我局全年收到
            return
        if span := self._span(words, i):
            self.time = span
            return
        carries = Kind.CARRY in (beside(words, i, 1).kind, beside(words, i, -1).kind)
        compares = before.kind == Kind.CHANGE or before.text in {"与", "和", "同"}
        if not carries and not compares and not (word.text == "以来" and self.is_now(before)):
            now = self.is_now(word) or self._is_end(words, i)
            self.time = None if now else word
            self.passing = any(
                other.text == "对" or other.text in CLEARED for other in words[max(i - NEAR, 0) : i]
            ) and not first_of(ahead_of(words, i), {*ASKED, Kind.ROW})
            if not self.time and self.head and self.head.veto and self.head.veto.kind in WHEN:
                spans = self.head.veto.kind == Kind.SPAN
                among = first_of(words[max(i - 3, 0) : i], {Kind.AMONG})
                if spans == bool(among):
                    self.among_years = self.head.row  # 2022年收到 44 件，2023年为 37 件
                if spans and among:  # 三年来收到申请 64 件，其中2023年 19 件
                    self.parts = None
                if spans or not among:  # 上年度收到申请 12 件，本年度收到 7 件
                    self.head = None

    def _is_end(self, words: Sequence[Word], i: int) -> bool:
        """截至12月28日 is the whole year; what came in on 28 December is not."""
        by = words[i - 1] if i else NOTHING
        by = words[i - 2] if i > 1 and by.kind in {Kind.YEAR, Kind.WHOLE} else by
        last = re.match("12月(?:(?:2[5-9]|3[01])日|底|末)", words[i].text)
        return bool(last) and by.text.endswith((*UNTIL, *THROUGH))

    def _span(self, words: Sequence[Word], i: int) -> Word | None:
        """2021年至2023年, 2019年以来，截至2023年底: the time before, if it goes on until here."""
        time = self.time
        said = [word for word in words[max(i - NEAR, 0) : i] if time and word.start > time.start]
        if not time or not said or first_of(said, {Kind.NUMBER}):
            return None
        until = time.kind == Kind.SPAN and (words[i].text in UNTIL or said[-1].text in UNTIL)
        part = time.kind == Kind.DAY and not time.text.startswith("1月")  # 7月1日至12月31日
        joined = said[-1].text.endswith(THROUGH) and (time.kind in _YEARS or part)
        return time._replace(kind=Kind.SPAN) if until or joined else None


def _has_number(words: Sequence[Word], at: int) -> bool:
    """Whether a word stands beside a number, with no mark between them: 撤回 1 件, 1 件撤回."""
    after = words[at + 1 + len(ahead_of(words, at)) :][:1]
    before = (word for word in reversed(words[max(at - NEAR, 0) : at]) if word.kind in STOPS)
    return Kind.NUMBER in {next(iter(after), NOTHING).kind, next(before, NOTHING).kind}


def ahead_of(words: Sequence[Word], at: int) -> Sequence[Word]:
    """What follows a word, up to the next mark or number."""
    return tuple(takewhile(lambda word: word.kind not in STOPS, words[at + 1 : at + NEAR]))
