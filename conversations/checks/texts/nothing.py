"""What «未», «无», «没有» say there was none of, in whatever words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile, pairwise, takewhile
from typing import NamedTuple

from conversations.checks.texts.counted import WITH_PAPERS, carried, is_anybody
from conversations.checks.texts.phrases import (
    JOINS,
    MORE,
    ONE,
    PUBLISHED,
    RECEIVED,
    Act,
    Family,
    Kind,
    Row,
    papers,
    together,
)
from conversations.checks.texts.spoken import ASKED, NEAR, Spoken
from conversations.checks.texts.words import Word, first_of

_NOUNS = {Kind.ROW, Kind.CARRY, Kind.PAPER, *ASKED}
_BEHIND = {Kind.FILLER, Kind.CAUSE, Kind.MARK, Kind.NEXT, Kind.YEAR, Kind.PUBLISH}
_DONE_BEHIND = (*WITH_PAPERS, Act.SUFFER, Act.HANDLE, Act.RECEIVE)
_TROUBLES = {"投诉", "举报", "信访", "问题", "纠纷"}  # there were none of them, either
_CHANGES_IT = {Kind.PART, Kind.DECIDES, Kind.CHANGE}


class Nothing(NamedTuple):
    """A figure that is said to be 0, from the first word to the last."""

    row: Row
    near: Sequence[Word]
    first: Word
    last: Word
    veto: Word | None = None
    sure: bool = True


def nothing(
    words: Sequence[Word], clause: int, i: int, end: int, spoken: Spoken
) -> Iterator[Nothing]:
    """What the negation at `i` says of its clause, which ends before `end`."""
    listed = words[i + 1 : end]
    said = [word for word in listed if word.value not in ONE or word is listed[-1]]  # 未发生一起
    before = words[max(clause, i - NEAR) : i]
    if _is_apart(said, before):
        return
    last = max((at for at, word in enumerate(said) if word.kind in _NOUNS), default=-1)
    if last < 0:
        if all(word.kind in {Kind.FILLER, Kind.VERB, Kind.CAUSE, Kind.MARK} for word in said):
            yield from _behind(before, words[i], words[end - 1], spoken)
        return
    core = said[: last + 1]
    verbs = {word.value for word in core if word.kind == Kind.VERB}
    # 行政执法工作均无被申请行政复议; 行政处罚 12 件，均未引起行政复议
    of = takewhile(lambda word: word.kind != Kind.NO, before)
    known = not first_of(of, {Kind.UNKNOWN}) and (
        spoken.of_information
        or not any(word.family is Family.DECISIONS or word.text == "行政执法" for word in words[:i])
    )
    people = next((w for w in core if w.kind == Kind.APPLICANT and not is_anybody(core, w)), None)
    own: list[Word] = []
    cases: list[Row] = []
    named: Nothing | None = None
    for start, stop in _items(said):
        item = said[start:stop]
        places = [at for at in range(start, stop) if said[at].kind in _NOUNS]
        until = places[-1] + 1 if places else stop
        case = said[until - 1].family is Family.CASES  # 行政诉讼投诉
        other = first_of(said[start:until] if case else item, {Kind.MATTER})
        if not places or other:
            own += () if other else item
            continue
        noun, behind = said[until - 1], said[until:stop]
        if case:
            behind = [word for word in behind if word.text not in _TROUBLES]
        if any(w.kind not in _BEHIND and w.value not in _DONE_BEHIND for w in behind):
            return  # 行政复议、行政诉讼败诉
        own = [*own, *said[start:until]][-NEAR:]
        near = (*before, *own)
        if first_of(own, _CHANGES_IT):
            break
        strange = first_of(own, {Kind.UNKNOWN, *([Kind.CARRY] if noun.kind == Kind.ROW else ())})
        denied = first_of(own, {Kind.NO})  # 不存在未公布的规范性文件
        shown = () if denied else PUBLISHED
        done = verbs | {Act.ISSUE if w.text in shown else w.value for w in (*own, *behind)}
        rows = _named(said, start, until, done, spoken)
        if not rows and noun.kind in ASKED and not (verbs and verbs <= {Act.HANDLE, Act.ANSWER}):
            bare = noun.kind == Kind.BARE
            if not bare or (not strange and spoken.is_request(words, clause, words.index(noun, i))):
                sure = until == 1 or said[until - 2].kind != Kind.UNKNOWN
                yield Nothing(RECEIVED, near, words[i], noun, people, sure)
        about = first_of(own, {Kind.SUBJECT, Kind.REQUEST})
        contested = any(word.family is Family.DECISIONS for word in said[start:until])
        for row in () if strange and not about else rows:
            if row.family is Family.CASES:
                if contested:
                    continue  # 对行政处罚的行政复议申请
                cases.append(row)
                named = Nothing(together(cases), near, words[i], noun, people, sure=known)
            elif noun.kind not in ASKED or row.family is Family.REQUESTS:
                yield Nothing(row, near, words[i], noun, people)
    if named:
        yield named


def _is_apart(said: Sequence[Word], before: Sequence[Word]) -> bool:
    """Whether there may be others that count, or it is a number that is told."""
    because = dropwhile(lambda word: word.text != "因", said)
    cause = takewhile(lambda word: word.value is not Act.SUFFER, because)
    if any(word.family is Family.DECISIONS for word in cause):  # 未因行政处罚引发行政复议
        return True
    for word, after in pairwise(said):
        if word.family is Family.DECISIONS and after.kind == Kind.CAUSE:  # 未发生行政处罚被复议
            return True
        counts = after.kind in {Kind.VERB, Kind.REQUEST} or after.family is Family.CASES
        if word.text in MORE and counts:  # 未再收到申请, 没有其他申请
            return True
    just_before = takewhile(lambda word: word.kind != Kind.MARK, reversed(before))
    counted = any(word.kind == Kind.NUMBER and word.unit for word in just_before)
    return counted or bool(first_of(said, {Kind.NUMBER}))  # 2 件尚未答复，转 2024 年


def _items(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """The items of a list: from where to where."""
    start = 0
    for at, word in enumerate(words):
        if word.text in JOINS:
            yield start, at
            start = at + 1
    yield start, len(words)


def _named(
    words: Sequence[Word], start: int, end: int, verbs: set[object], spoken: Spoken
) -> list[Row]:
    """The figures an item names, not those by which it was caused: 因不予公开引发的行政复议."""
    rows: list[Row] = []
    paper = spoken.paper if spoken.paper_here else None
    if because := [at for at in range(start, end) if words[at].text == "因"]:
        caused = [at for at in range(because[0], end) if words[at].value is Act.SUFFER]
        start = max(caused, default=start)
    for at in range(start, end):
        word = words[at]
        if word.kind == Kind.CARRY:
            rows += filter(None, (carried(words, at, spoken.year),))
        elif word.kind == Kind.PAPER and (paper := word.value or paper):  # 也无废止文件
            rows += [papers(str(paper), act) for act in WITH_PAPERS if act in verbs]
        elif isinstance(word.value, Row) and word.value.family is not Family.APPLICANTS:
            rows.append(word.value)
    return rows


def _behind(before: Sequence[Word], no: Word, last: Word, spoken: Spoken) -> Iterator[Nothing]:
    """行政复议、行政诉讼均未发生, 上年结转无, 依申请公开数量为零."""
    if not before or first_of(before, {Kind.UNKNOWN, Kind.NUMBER, Kind.MATTER}):
        return
    rows = _named(before, 0, len(before), set(), spoken)
    if not rows and no.text == "零" and first_of(before, {Kind.REQUEST}):
        rows = [RECEIVED]
    cases = [row for row in rows if row.family is Family.CASES]
    for row in [together(cases)] if cases else rows:
        if row.family in (Family.CASES, Family.REQUESTS):
            yield Nothing(row, before, before[0], last)
