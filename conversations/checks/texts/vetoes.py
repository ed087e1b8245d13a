"""Why a figure does not count: the word that makes it one of others, of a part, of more."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.checks.texts.counted import WITH_PAPERS, Counted, is_any_way, is_new, items_of
from conversations.checks.texts.phrases import (
    ANSWERED,
    BESIDES,
    CARRIED_OVER,
    CARRIED_ROWS,
    CLEARED,
    COUNTING,
    DOUBTFUL,
    FORWARD,
    HANDLED,
    IN_FORCE,
    ISSUED,
    ON_TIME,
    RECEIVED,
    SOME,
    Act,
    Family,
    Kind,
    Row,
)
from conversations.checks.texts.spoken import OF_REQUESTS, WHEN, Spoken
from conversations.checks.texts.words import NOTHING, Word, first_of, said_of
from conversations.form.answers import Number

# Reasons that are no word of the sentence.
EXCEEDS = Word(Kind.NUMBER, None, "", 0, 0)  # a part is more than its whole
NOT_SAID = Word(Kind.SUBJECT, None, "", 0, 0)  # nothing says that it is about information
# What a report is about, and what may be named beside it: 不予公开类 2 件, 涉及行政复议 1 件.
_OURS = {Kind.SUBJECT, Kind.REQUEST, Kind.OWN, Kind.OURS, Family.OUTCOMES, Family.CASES}
PARTS = (Family.OUTCOMES, Family.APPLICANTS)


def vetoed(row: Row, said: Counted, spoken: Spoken, number: Number) -> Word | None:
    """The word for which a figure is not one of this organ, this year and the whole."""
    near, elsewhen = said.near, row not in (FORWARD, CARRIED_OVER)
    if spoken.organ or (elsewhen and spoken.time):
        return spoken.organ or spoken.time
    for at, word in enumerate(near):
        if word.kind == Kind.VETO:
            return word
        if word.kind == Kind.LIMIT:  # but 1 件涉及国家秘密
            of_outcome = said.first and at + 1 == len(near) and row.family is Family.OUTCOMES
            if not (of_outcome or _is_ours(near, at) or _are_all(near, at, spoken)):
                return word
        if since := first_of(word.inside, {Kind.SPAN}):
            return since
        if said.first and elsewhen and word.kind in WHEN and not spoken.is_now(word):
            return word  # 2 件于 2022 年收到
    if row.family in OF_REQUESTS:
        return _of_request(row, said, spoken, number)
    if row.family in (Family.CASES, Family.RESULTS):
        return _of_case(near, spoken, number)
    if said.elliptic and spoken.head and spoken.head.row and spoken.head.veto:
        return spoken.head.veto
    if row.family is Family.PAPERS:  # 制定并发布 is making it, 发布 alone is not
        done = next((at for at, word in enumerate(near) if word.value in WITH_PAPERS), len(near))
        whole = spoken.head and spoken.head.row  # 现行有效 21 件，其中本年制发 3 件
        of_all = whole in IN_FORCE and first_of(near, {Kind.WHOLE, Kind.YEAR})
        shown = (word for word in near[:done] if word.kind == Kind.PUBLISH)
        shown = (word for word in shown if row in ISSUED or word.text not in CLEARED)
        # Published 0 is made 0, but not on one page alone: 抖音发布规范性文件 0 件.
        seen = next(shown, None)
        if seen and (spoken.columns or not number):
            seen = first_of(near, {Kind.CHANNEL, Kind.UNKNOWN})
        return (None if of_all else spoken.parts) or seen
    strange = None
    if row.family is Family.DECISIONS:
        strange = first_of(near, {Kind.BARE, Kind.MATTER, Kind.DECIDES, Kind.PART})
        strange = strange or (None if is_any_way(near) else first_of(near, {Kind.CHANNEL}))
        opened = max((at for at, word in enumerate(near) if _opens(word)), default=-1)
        of = near[opened + 1 :]
        kind_of = (w for w in of if w.kind in {Kind.UNKNOWN, Kind.ORGAN} or w.text == "登记")
        # 作出企业登记行政许可, 民办学校行政许可
        strange = strange or next((w for w in kind_of if not spoken.is_ours(w)), None)
        acts = {word.value: word for word in near}  # 受理并办结 460 件
        strange = strange or (None if Act.ANSWER in acts else acts.get(Act.RECEIVE))
    elif spoken.of_information:  # 信息公开工作未收取行政事业性收费
        strange = first_of(near, {Kind.SUBJECT, Kind.REQUEST}) or NOT_SAID
    return spoken.parts or strange or spoken.published


def doubted(row: Row, said: Counted, after: Sequence[Word], spoken: Spoken) -> Word | None:
    """The word for which a figure is only likely; `after` is what follows its number."""
    doubt = _unknown(said.near)
    others = (w for w in spoken.doubtful if row in DOUBTFUL[w.text] and w not in said.near)
    doubt = doubt or next(others, None)
    if row.family is Family.PAPERS and row not in IN_FORCE:  # a county's 以县政府名义印发; 累计制发
        some = {"累计", "名义"} if spoken.speaker.decides else {"累计"}
        doubt = doubt or said_of(said.near, some)
    if row is ANSWERED and said_of(said.near, ON_TIME):
        doubt = doubt or spoken.delayed  # 按时答复 82 件，延期答复 4 件
    then = after[0].inside or after[1:] if after else ()
    if row is RECEIVED and then and then[0].text in BESIDES:  # 91 件（另有 2 件结转下年）
        beside = items_of(then[1:], spoken.year)
        doubt = doubt or (then[0] if beside and beside[0].forward else None)
    return doubt


def _unknown(near: Sequence[Word]) -> Word | None:
    """An unknown word of a figure, none in a list of examples, none for whom it was done to."""
    found = subject = None
    for word in reversed(near):
        if word.kind == Kind.NUMBER or word.text == "等":  # 林权、征占用林地等方面的申请 9 件
            break
        if word.kind == Kind.VERB:
            found, subject = found or subject, None
        elif word.text == "对":  # 对违规企业作出行政处罚 6 件
            subject = None
        elif word.kind == Kind.UNKNOWN:
            subject = subject or word
    return found or subject


def _opens(word: Word) -> bool:
    """Whether what stands before a word does not narrow down what follows: 对企业作出, 运输等."""
    return word.kind == Kind.VERB or word.text == "等"


def _is_ours(near: Sequence[Word], at: int) -> bool:
    """「关于政府信息公开的申请」, 「信息公开类行政复议」 narrow nothing down."""
    before = near[at - 1] if at else NOTHING
    after = near[at + 1] if at + 1 < len(near) else NOTHING
    if _OURS & {before.kind, before.family, after.kind, after.family}:
        return True
    manner = near[at].text in {"按照", "按"}  # 按规定受理, 1 件按无法提供办结
    return manner or (near[at].text == "有关" and after.kind in {Kind.FILLER, Kind.MARK})


def _are_all(near: Sequence[Word], at: int, spoken: Spoken) -> bool:
    """共收到涉及征地、物业等领域的申请共 15 件: of what, not of which."""
    before = any(word.text in COUNTING for word in near[:at])
    return before and not spoken.head and any(word.text == "等" for word in near)


def _of_request(row: Row, said: Counted, spoken: Spoken, number: Number) -> Word | None:
    head = spoken.head
    other = head and head.family not in OF_REQUESTS
    if row in CARRIED_ROWS:
        return None if spoken.about and not other else NOT_SAID
    channel = first_of(said.near, {Kind.CHANNEL})
    channel = channel or said_of(said.near, SOME)
    if channel and not is_any_way(said.near):
        return channel
    answers = head is not None and head.row is ANSWERED  # 办结 84 件，其中 2023 年新收 80 件
    new = is_new(said.near) and not answers
    if spoken.parts and said.elliptic and row in (RECEIVED, HANDLED) and not new:
        return spoken.parts  # 办理 10 件，其中本局收到 8 件
    if row.family in PARTS or said.elliptic:
        if head is None:
            return None if spoken.about else NOT_SAID
        exceeds = number > head.most and row.family in PARTS
        return head.veto or (NOT_SAID if other else EXCEEDS if exceeds else None)
    return spoken.parts if row is not ANSWERED else None


def _of_case(near: Sequence[Word], spoken: Spoken, number: Number) -> Word | None:
    if decided := first_of(near, {Kind.DECIDES, Kind.MATTER}):
        return decided
    suffered = spoken.suffered or first_of(near, {Kind.CAUSE})
    about = spoken.of_information and not spoken.case_veto
    head = spoken.head
    known = (head.row and not head.veto) if head else spoken.about
    for word in near:  # 因征地拆迁引发, 因行政处罚引发
        known = known and word.kind != Kind.UNKNOWN and word.family is not Family.DECISIONS
    if number and not about and not (known and suffered):
        return NOT_SAID
    return spoken.handled if number and spoken.speaker.decides and not suffered else None
