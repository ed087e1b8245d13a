"""What a number of a sentence counts: the noun or verb of its clause that can have it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import NamedTuple

from conversations.checks.texts.phrases import (
    APART,
    CARRIED,
    CARRIED_OVER,
    CLEARED,
    COUNTING,
    FORWARD,
    HANDLED,
    JOINS,
    MAIN_OUTCOMES,
    NONE,
    NUMBER_OF,
    PUBLISHED,
    RECEIVED,
    REST,
    ROWS,
    Act,
    Family,
    Kind,
    Row,
    by_acts,
    of_applicants,
    papers,
    results,
    together,
)
from conversations.checks.texts.spoken import ASKED, NEAR, STOPS, Spoken, ahead_of
from conversations.checks.texts.words import Word, beside, first_of, place_of, said_of

WITH_PAPERS = (Act.ISSUE, Act.REPEAL, Act.IN_FORCE)
HANDLING = (Act.RECEIVE, Act.HANDLE, Act.ANSWER)
_NOUNS = {Kind.ROW, Kind.RESULT, Kind.APPLICANT, Kind.CARRY, Kind.MATTER, Kind.PART}
_SOMETHING_ELSE = {Kind.PAPER, Kind.PUBLISH, Kind.SUBJECT, Kind.UNKNOWN}
_STRANGE = {Kind.UNKNOWN, Kind.WAYS, Kind.TOWARDS, Kind.PAPER}  # behind the name of an application
_OPENING = {Kind.FILLER, Kind.WHOLE, Kind.AMONG, Kind.YEAR, Kind.OWN, Kind.OURS}
_CALLED = {Kind.VERB, Kind.FILLER, Kind.WHOLE}  # 新收, 新增, 本年新
# What may stand around a verb without its object.
_PLAIN = _OPENING | {Kind.ORGAN, Kind.EACH, Kind.TOWARDS, Kind.MARK, Kind.VERB}


class Item(NamedTuple):
    """A number that comes first, and what is said of it: 1 件结转下年, 18 件按期答复."""

    at: int
    answered: bool
    forward: bool


class Place(NamedTuple):
    """
    Where a number stands: its place in the words, and where its clause begins.

    `region` has no other number before it, `ahead` none behind it in its clause.
    """

    words: Sequence[Word]
    clause: int
    i: int
    region: Sequence[Word]
    ahead: Sequence[Word]
    items: Sequence[Item]

    @property
    def near(self) -> Sequence[Word]:
        """The words of the clause before the number."""
        return self.words[max(self.clause, self.i - NEAR) : self.i]


@dataclass(frozen=True, slots=True)
class Counted:
    """
    What a number counts; `row` is None where it is something else.

    `near` are the words whose company decides whether it counts, `veto` the one that
    already did. `first` where the number comes first; `elliptic` where only a verb was said.
    """

    row: Row | None
    near: Sequence[Word]
    veto: Word | None = None
    first: bool = False
    elliptic: bool = False
    sure: bool = True


def counted(place: Place, spoken: Spoken) -> Counted | None:
    """What a number counts; None where nothing can have it."""
    ahead = place.ahead
    to = "".join(word.text for word in ahead[:2])
    if ahead and ahead[0].kind == Kind.CHANGE and to.endswith(("到", "至", "为")):
        return None  # 由 6 件增加到 11 件
    said = _before(place, spoken)
    if said or not all(map(_opens, place.region)):
        return said
    if said := _behind(place, spoken):
        return said
    if spoken.among_years and first_of(place.region, {Kind.YEAR, Kind.WHOLE}):
        return Counted(spoken.among_years, place.near)
    # «政府信息公开申请，共 5 件», «依申请公开：5 件»
    mark = place.words[place.clause - 1].text if place.clause else ""
    if mark == "：" or (mark == "，" and any(word.text in COUNTING for word in place.region)):
        earlier = place.clause - 1
        while earlier and place.words[earlier - 1].kind not in STOPS:
            earlier -= 1
        region = (*place.words[earlier : place.clause - 1], *place.region)
        return _before(place._replace(clause=earlier, region=region[-NEAR:]), spoken)
    return None


def _before(place: Place, spoken: Spoken) -> Counted | None:
    """What stands before a number has it: the nearest noun, else a verb."""
    region, near = place.region, place.near
    if _is_disclosed(region, spoken):
        noun = next(word for word in region if word.text == "公开")
        joined = _joined(ROWS["disclosed"], noun, near)
        return Counted(together(joined), near)  # 公开 5 件，不予公开 2 件
    if first_of(region, {Kind.CHANGE}):
        return None
    acts = {word.value for word in region if word.kind == Kind.VERB}
    handling = acts.intersection(HANDLING)
    nouns = _nouns(region, near, spoken)
    if not nouns and not handling and (spoken.head or spoken.people):  # 其中公民申请 5 件
        people = [at for at, word in enumerate(region) if word.kind == Kind.PERSON]
        nouns = [at for at in people if not is_anybody(near, region[at])]
    if nouns:
        return _noun(region, nouns[-1], near, acts, spoken)
    about = near if first_of(region, {Kind.PAPER}) else region  # 出台规章 2 件、规范性文件 17 件
    done = [word.value for word in about if word.value in WITH_PAPERS]
    if not done and (spoken.columns or place.words[place.i].value in NONE):
        done = [Act.ISSUE for word in about if word.text in PUBLISHED]
    if done:
        return _of_papers(place, done[-1], spoken)
    ahead = tuple(takewhile(lambda word: word.kind not in ASKED, place.ahead))
    named = first_of(region, ASKED)  # 收到申请 3 件全部予以公开
    if acts and not named and (nouns := _nouns(ahead, ahead, spoken)):
        return _noun(ahead, nouns[-1], (*near, *ahead), acts, spoken)
    if handling:
        return _of_requests(place, handling, spoken)
    if word := first_of(reversed(region), {Kind.REQUEST}) or _how_many(place, spoken):
        return _without_verb(place, word, spoken)
    other = first_of(region, _SOMETHING_ELSE)
    return Counted(None, near, veto=other) if other else None


def _is_disclosed(words: Sequence[Word], spoken: Spoken) -> bool:
    """公开 5 件，不予公开 2 件: where outcomes are told it is one of them."""
    said = [word.text for word in words if word.kind not in _OPENING]
    return said == ["公开"] and (spoken.outcomes or spoken.is_here)


def _behind(place: Place, spoken: Spoken) -> Counted | None:
    """The number comes first: 3 件结转下年, 36 件已办结."""
    ahead, near = place.ahead, place.near
    if _is_disclosed(ahead, spoken):
        return Counted(ROWS["disclosed"], near, first=True)
    after = place.words[place.i + len(ahead) + 1 :][:1]
    if ahead and ahead[-1].kind == Kind.VERB and first_of(after, {Kind.NUMBER}):
        ahead = ahead[:-1]  # 33 件申请已答复 31 件
    acts = {word.value for word in ahead}.intersection(HANDLING)
    unfinished = first_of(ahead, {Kind.PART})
    passed = {Kind.PART, Kind.MATTER} if unfinished else {Kind.PART}  # 1 件正在征求意见
    nouns = [at for at in _nouns(ahead, ahead, spoken) if ahead[at].kind not in passed]
    if nouns:
        said = _noun(ahead, nouns[0], (*near, *ahead[: nouns[0]]), set(), spoken)
        return said and Counted(said.row, said.near, said.veto, first=True)
    if unfinished or not acts:  # 1 件正在办理，结转下年
        item = next((item for item in place.items if item.at == place.i), None)
        if item and item.forward:
            return Counted(FORWARD, near, first=True)
        if unfinished:
            return None
    counting = any(word.text in COUNTING for word in place.region)
    if counting and not spoken.parts and [w.kind for w in ahead] == [Kind.REQUEST]:
        return Counted(RECEIVED, near, first=True)  # 共有 6 件政府信息公开申请
    at = max((p for p, word in enumerate(ahead) if word.value in HANDLING), default=0)
    if not acts or any(word.kind not in _PLAIN | ASKED for word in ahead[:at]):
        return None
    row = HANDLED if first_of(ahead[:at], ASKED) else by_acts(acts)
    veto = spoken.delayed or _among_items(place, spoken)
    return Counted(row, (*near, *ahead[:at]), veto, first=True, elliptic=row is not HANDLED)


def items_of(words: Sequence[Word], year: int) -> tuple[Item, ...]:
    """The items of a sentence that begin with a number."""
    items: list[Item] = []
    first = True  # nothing was said in this clause yet
    for at, word in enumerate(words):
        if word.kind == Kind.NUMBER and first:
            said = ahead_of(words, at)
            then = words[at + len(said) + 2 :][:NEAR]
            forward = _goes_on(said, year) or _goes_on(then, year)
            forward |= any(word.value == "unfinished" for word in said)
            items.append(Item(at, any(map(_is_answer, said)), forward))
        first = word.kind == Kind.MARK or (first and _opens(word))
    return tuple(items)


def _opens(word: Word) -> bool:
    """Whether a number still comes first behind a word: 其中有 3 件."""
    return word.kind in _OPENING or word.text == "有"


def _amount(number: Word) -> int:
    digits = str(number.value).replace(",", "")
    return int(digits) if digits.isdecimal() else 0


def _is_answer(word: Word) -> bool:
    """办结, 当场答复, 予以公开, 转交."""
    answers = word.value in (Act.ANSWER, "passed_on") or word.text.endswith("答复")
    return answers or word.family is Family.OUTCOMES


def _goes_on(words: Sequence[Word], year: int) -> bool:
    """结转至 2024 年, 将于 2024 年继续办理, 明年办结: in another year."""
    clause = tuple(takewhile(lambda word: word.kind != Kind.MARK, words))
    acts = any(word.kind == Kind.CARRY or word.value in (Act.HANDLE, Act.ANSWER) for word in clause)
    later = any(
        word.kind == Kind.NEXT or (word.kind == Kind.YEAR and int(word.text[:4]) > year)
        for word in clause
    )
    return acts and later and not first_of(clause, {Kind.NUMBER})


def _among_items(place: Place, spoken: Spoken) -> Word | None:
    """
    The word for which what was answered is only some of it.

    18 件按期答复，1 件无法提供: another item is a part as well, unless one is their sum.
    另 2 件已答复: all but those only where the rest goes on in the next year.
    """
    words, here = place.words, place.i
    start = bisect(place.items, here - NEAR, key=lambda item: item.at)
    around = takewhile(lambda item: item.at < here + NEAR, place.items[start : start + 2 * NEAR])
    others = [item for item in around if item.at != here]
    if rest := said_of(place.region, REST):
        forward = [words[other.at] for other in others if other.forward]
        whole = sum(map(_amount, (*forward, words[here])))
        proved = forward and (not spoken.head or spoken.head.number == whole)
        return None if proved else rest
    near = range(max(here - NEAR, 0), min(here + NEAR, len(words)))
    among = [at for at in near if words[at].kind == Kind.AMONG]
    after = max((at for at in among if at < here), default=-1)
    before = min((at for at in among if at > here), default=len(words))
    answered = [words[at] for at, done, _ in others if done and after < at < before]
    whole = sum(map(_amount, answered))
    return answered[0] if answered and _amount(words[here]) != whole else None


def _nouns(region: Sequence[Word], near: Sequence[Word], spoken: Spoken) -> list[int]:
    """The places of the nouns that can have a number."""
    return [
        at
        for at, word in enumerate(region)
        if word.kind in _NOUNS
        and not (word.kind == Kind.CARRY and not _is_counted(region, at, spoken.year))
        and not is_anybody(near, word)
    ]


def _is_counted(region: Sequence[Word], at: int, year: int) -> bool:
    """Whether a number is of what was carried: not 结转上年后新收到 47 件."""
    then = region[at + 1 :]
    apart = any(word.text in APART or word.value is Act.RECEIVE for word in then)
    return not apart and carried(region, at, year) is not None


def _noun(
    region: Sequence[Word], at: int, near: Sequence[Word], acts: set[object], spoken: Spoken
) -> Counted | None:
    """The figure that a noun is of."""
    noun, row = region[at], region[at].value
    if noun.kind == Kind.MATTER:
        return Counted(None, near, veto=noun)
    if noun.kind == Kind.CARRY:
        odd = {Kind.MATTER, Kind.UNKNOWN} if noun.value else ()  # 信访件未办结 2 件
        return Counted(carried(region, at, spoken.year), near, first_of((*near, *region[:at]), odd))
    if noun.kind == Kind.RESULT:
        cases = spoken.cases
        return Counted(results(cases, str(row)), near, spoken.case_veto) if cases else None
    if not isinstance(row, Row):
        return None
    strange = None  # 行政诉讼旁听 1 次
    if row.family in (Family.APPLICANTS, Family.CASES):
        strange = first_of(region[at + 1 :], {Kind.UNKNOWN})
    if row.family is Family.OUTCOMES:  # 不予公开文件 8 件
        strange = strange or first_of(region[at + 1 :], {Kind.PAPER})
    if row.family is Family.APPLICANTS:
        head = spoken.head.row if spoken.head else None
        governing = RECEIVED if Act.RECEIVE in acts else head
        return Counted(of_applicants(row, governing), near, strange)
    if any(word.text == "等" for word in region[at + 1 : at + 2]):
        return None  # 无法提供等其他情况 46 件
    joined = _joined(row, noun, near)
    if len(joined) > 1 and any(word.text in {"分别", "分别为", "各"} for word in region):
        return None
    return Counted(together(joined), near, strange)


def _joined(row: Row, noun: Word, near: Sequence[Word]) -> list[Row]:
    """予以公开及部分公开 6 件, 行政复议、行政诉讼共 5 件: a sum."""
    joined = [row]
    at = place_of(noun, near) - 1
    while at > 0 and near[at].text in JOINS:
        at -= 1
        while at and near[at].kind == Kind.FILLER:
            at -= 1  # 行政复议案件和行政诉讼案件
        other = near[at].value
        if not isinstance(other, Row) or other.family is not row.family:
            break
        joined.insert(0, other)
        at -= 1
    inside = next((after.inside for word, after in pairwise(near) if word is noun), ())
    if row in MAIN_OUTCOMES and inside and inside[0].text != "不含":  # 公开（含部分公开）
        rows = (word.value for word in inside if isinstance(word.value, Row))
        joined += [other for other in rows if other in MAIN_OUTCOMES]
    return joined


def carried(region: Sequence[Word], at: int, year: int) -> Row | None:
    """Over from last year or forward to the next, by the year beside the word."""
    after, before = beside(region, at, 1), beside(region, at, -1)
    to, since = (int(word.text[:4]) if word.kind == Kind.YEAR else 0 for word in (after, before))
    if Kind.NEXT in (after.kind, before.kind) or to > year:
        return FORWARD
    if Kind.LAST in (before.kind, after.kind) or to == year or 0 < since < year:
        return CARRIED_OVER
    if region[at].value == "unfinished":
        return FORWARD
    return CARRIED if region[at].text in {"结转", "转结"} else None


def _of_papers(place: Place, act: object, spoken: Spoken) -> Counted | None:
    """Documents made, repealed or in force; «废止 3 件» after others were counted."""
    behind = max((at + 1 for at, w in enumerate(place.ahead) if w.kind == Kind.PAPER), default=0)
    behind = behind if act is Act.IN_FORCE else len(place.ahead)
    words = (*place.region, *place.ahead[:behind])
    paper = first_of(reversed(words), {Kind.PAPER})
    row = paper.value if paper else None
    elliptic = row is None
    if row is None:
        head = spoken.head
        known = head and head.family is Family.PAPERS
        named = spoken.paper_here and not (head and head.sentence == spoken.sentence)
        if act is not Act.IN_FORCE and not (known if paper else known or named):
            other = first_of(place.region, {Kind.UNKNOWN})  # 制定整改措施 8 条
            return Counted(None, place.near, veto=other) if other else None
        row = spoken.paper
    done = max((at for at, word in enumerate(words) if word.value is act), default=len(words))
    strange = first_of(words[done:], {Kind.UNKNOWN, Kind.MATTER})
    strange = strange or said_of(words[done:], CLEARED)
    if not isinstance(act, Act) or row is None or strange:
        return None
    return Counted(papers(str(row), act), place.near, elliptic=elliptic)


def _of_requests(place: Place, acts: set[object], spoken: Spoken) -> Counted | None:
    """Requests received, handled or answered, with or without their name."""
    row, region, near = by_acts(acts), place.region, place.near
    bare = region[-1].kind == Kind.SUBJECT and all(w.kind in _PLAIN for w in place.ahead)
    if bare and Act.RECEIVE in acts:  # 受理政府信息公开 1 件, not 接受政务公开 3 次检查
        return Counted(row, near)
    if not first_of(region, ASKED):
        behind = [at for at, word in enumerate(place.ahead) if word.kind in ASKED]
        if not behind:
            around = (*region, *place.ahead)
            odd = next((word for word in around if word.kind not in _PLAIN), None)
            odd = odd or said_of(region, REST)
            before = reversed(place.words[: max(place.clause - 1, 0)])
            way = tuple(takewhile(lambda word: word.text == "、" or word.kind not in STOPS, before))
            if not spoken.is_here and not first_of(way, ASKED):  # 用好领导留言板，共受理 59 件
                odd = odd or first_of(way, {Kind.MATTER, Kind.UNKNOWN})
            if odd:
                return Counted(None, near, veto=odd)
            return Counted(row, near, elliptic=True)
        region = (*region, *place.ahead[: behind[-1] + 1])  # 受理 36 件申请
        near = (*near, *place.ahead[: behind[-1] + 1])
    last = max(at for at, word in enumerate(region) if word.kind in ASKED)
    word, words = region[last], place.words
    strange = first_of(region[last + 1 :], _STRANGE)
    among = first_of(words[place.i :], {Kind.AMONG})  # 申请 28 件，其中政府信息公开申请 5 件
    broader = among and first_of(words[words.index(among) :], {Kind.REQUEST, Kind.SUBJECT})
    if word.kind == Kind.BARE and (
        strange
        or broader
        or first_of(region[:last], {Kind.UNKNOWN})
        or not spoken.is_request(words, place.clause, words.index(word))
    ):
        return Counted(None, near, veto=word)
    return Counted(row, near, sure=not strange)


def _without_verb(place: Place, word: Word, spoken: Spoken) -> Counted | None:
    """政府信息公开申请 5 件; «依申请公开 5 条» may be a kind of documents."""
    at = place_of(word, place.region)
    behind = place.region[at + 1 :]
    if first_of(place.region, {Kind.UNKNOWN, Kind.PUBLISH}) or first_of(behind, _STRANGE):
        return None  # 信息公开申请表更新 2 份, 抽查政府信息公开申请 20 件
    to = next((who for by, who in pairwise(place.near) if by.text == "向"), None)
    if to and not (spoken.is_ours(to) or spoken.speaker.serves(to.text)):
        return None  # 向县政府申请公开信息 5 件
    people = first_of(place.words[place.i :], {Kind.APPLICANT, Kind.PERSON})
    listed = first_of(place.words[: place.i], {Kind.MATTER})
    counts = not listed and place.words[place.i].unit in "件份宗起"
    if word.text.endswith("申请") or people or counts:
        return Counted(RECEIVED, place.near)
    return Counted(RECEIVED, place.near, listed, sure=False)


def _how_many(place: Place, spoken: Spoken) -> Word | None:
    """The 申请 of «申请量为 5 件» where applications for information were spoken of."""
    if any(word.kind not in _OPENING | {Kind.BARE} for word in place.region):
        return None  # 补正的申请数量
    for at, (word, after) in enumerate(pairwise(place.region)):
        how_many = word.kind == Kind.BARE and after.text in NUMBER_OF
        if how_many and spoken.is_request(place.region, 0, at):
            return word
    return None


def is_new(near: Sequence[Word]) -> bool:
    """Whether what was received is called new (新收, 本年新收到)."""
    return any("新" in word.text and word.kind in _CALLED for word in near)


def is_anybody(words: Sequence[Word], word: Word) -> bool:
    """「公民、法人和其他组织」: several kinds of applicants together are the whole."""
    if word.kind not in {Kind.APPLICANT, Kind.PERSON}:
        return False
    at = place_of(word, words)
    joined = at + 1 < len(words) and words[at + 1].text in JOINS
    return joined or (at >= 2 and words[at - 1].text in JOINS and words[at - 2].kind != Kind.NUMBER)


def is_any_way(near: Sequence[Word]) -> bool:
    """「通过网络、信函等渠道」, 「书面和网络」: all ways of applying, not one of them."""
    places = [at for at, word in enumerate(near) if word.kind == Kind.CHANNEL]
    # 线上和线下, 网上申请及书面申请
    joined = any(
        near[b - 1].text in JOINS and all(word.kind == Kind.BARE for word in near[a + 1 : b - 1])
        for a, b in pairwise(places)
    )
    several = any(
        word.text in {"等", "各种", "各类", "多种", "不同", "任何", "其他"} for word in near
    )
    return joined or bool(several and first_of(near, {Kind.WAYS}))
