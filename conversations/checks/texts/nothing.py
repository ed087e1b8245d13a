"""What «未», «无», «没有» say there was none of, in whatever words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from conversations.checks.texts.counted import HANDLING, WITH_PAPERS, carried, is_anybody
from conversations.checks.texts.phrases import (
    JOINS,
    NEEDS_VERB,
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
_DONE_BEHIND = (*WITH_PAPERS, Act.SUFFER, Act.HANDLE)


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
    said = words[i + 1 : end]
    before = words[max(clause, i - NEAR) : i]
    if first_of(said, {Kind.NUMBER}):
        return
    last = max((at for at, word in enumerate(said) if word.kind in _NOUNS), default=-1)
    if last < 0:
        if all(word.kind in {Kind.FILLER, Kind.VERB, Kind.CAUSE, Kind.MARK} for word in said):
            yield from _behind(before, words[i], words[end - 1], spoken)
        return
    for word in said[last + 1 :]:
        if word.text in JOINS:  # 行政复议、行政诉讼及举报投诉: none of those either
            break
        if word.kind not in _BEHIND and word.value not in _DONE_BEHIND:
            return
    verbs = {word.value for word in said if word.kind == Kind.VERB}
    if words[i].text in NEEDS_VERB and not verbs and not first_of(said, {Kind.CAUSE}):
        return
    core = said[: last + 1]
    rows = _named(core, verbs, spoken)
    if rows is None or first_of(core, {Kind.PART, Kind.DECIDES, Kind.CHANGE}):
        return
    people = first_of(core, {Kind.APPLICANT})
    people = None if people and is_anybody(core, people) else people
    near = (*before, *core)
    if rows:
        if first_of(core, {Kind.UNKNOWN}):
            return
        for row in rows:
            # Not 未收到行政许可申请, 未收到涉及国家秘密的申请.
            if core[-1].kind not in ASKED or row.family in (Family.CASES, Family.REQUESTS):
                yield Nothing(row, near, words[i], core[-1], people)
        return
    if core[-1].kind not in ASKED or verbs.intersection(HANDLING) - {Act.RECEIVE} == verbs != set():
        return
    if core[-1].kind == Kind.BARE:
        strange = first_of(core, {Kind.UNKNOWN})
        if strange or not spoken.is_request(words, clause, i + len(core)):
            return
    sure = last == 0 or core[-2].kind != Kind.UNKNOWN
    yield Nothing(RECEIVED, near, words[i], core[-1], people, sure)


def _named(core: Sequence[Word], verbs: set[object], spoken: Spoken) -> list[Row] | None:
    """The figures named, cases together; None where something else is, too."""
    rows: list[Row] = []
    paper = spoken.paper if spoken.paper_here else None
    for at, word in enumerate(core):
        if word.kind == Kind.MATTER and not (at and core[at - 1].text in JOINS):
            return None
        if word.kind == Kind.CARRY:
            rows += filter(None, (carried(core, at, spoken.year),))
        elif word.kind == Kind.PAPER and (paper := word.value or paper):  # 也无废止文件
            rows += [papers(str(paper), act) for act in WITH_PAPERS if act in verbs]
        elif isinstance(word.value, Row) and (verbs or word.value.family is not Family.OUTCOMES):
            rows += [] if word.value.family is Family.APPLICANTS else [word.value]
    cases = [row for row in rows if row.family is Family.CASES]
    return [together(cases)] if cases else rows


def _behind(before: Sequence[Word], no: Word, last: Word, spoken: Spoken) -> Iterator[Nothing]:
    """行政复议、行政诉讼均未发生, 上年结转无, 依申请公开数量为零."""
    rows = _named(before, set(), spoken)
    if rows == [] and no.text == "零" and first_of(before, {Kind.REQUEST}):
        rows = [RECEIVED]
    if rows and not first_of(before, {Kind.UNKNOWN, Kind.NUMBER}):
        for row in rows:
            if row.family in (Family.CASES, Family.REQUESTS):
                yield Nothing(row, before, before[0], last)
