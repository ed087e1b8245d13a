"""
Last year's text as the draft of this year's: years and figures moved on, each to be refused.
"""

from decimal import Decimal

import pytest

from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers, Value
from conversations.form.organ import Level
from conversations.talk.draft import draft_of
from conversations.talk.effects import MessageKind
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from conversations.wording import talk as wording
from tests.dialogue import TOWN, Clerk, whole, zeros

NATURAL = "requests.received.natural_person"
DISCLOSED = "requests.outcome.disclosed.natural_person"
FEE = "proactive_disclosure.administrative_fees.amount"
TEXT = (
    "（一）主动公开。2024年，主动公开信息3210条。\n"
    "（二）依申请公开。全年共收到政府信息公开申请154件，予以公开12件，较2023年减少8件。"
)


def clerk(text: str = TEXT, *, now: dict[str, Value] | None = None) -> Clerk:
    """
    A clerk at section one who took last year's text; 201 requests this year, 154 the last.
    """
    before: dict[str, Value] = {NATURAL: 154, DISCLOSED: 12, "overview": text}
    last = Report(FORM, TOWN, 2024, Answers({**zeros(), **before}), Level.TOWNSHIP)
    figures: dict[str, Value] = {NATURAL: 201, DISCLOSED: 30} if now is None else now
    taken = Clerk(answers=whole(figures, without=("overview",)), last_year=last).opens()
    return taken.presses("s:1").taps(Trigger.USE_LAST_TEXT)


def switches(of: Clerk) -> list[str]:
    return [b.id for row in of.card.buttons for b in row if b.id.startswith("lyc:")]


def test_figures_of_the_same_cell_and_years_become_those_of_this_year():
    """
    What no table has stays, and is listed as still last year's.
    """
    taken = clerk()

    moved = TEXT.replace("2023", "2024", 1).replace("2024年，主动", "2025年，主动")
    moved = moved.replace("154件", "201件").replace("公开12件", "公开30件")
    assert moved == taken.figure("overview")
    said = next(one.text for one in taken.said if one.kind is MessageKind.NOTE)
    assert all(pair in said for pair in ("154→201", "12→30", "2024→2025", "2023→2024"))
    assert 4 == len(switches(taken))
    draft = draft_of(taken.session, "overview")
    assert draft is not None
    assert ["3210条", "8件"] == [TEXT[start:end] for start, end in draft.left]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("近三年（2022—2024年），24年度", ["2024", "24"]),
        ("2024和2023两年", ["2024"]),
        ("二〇二一年至二〇二四年", ["二〇二四"]),
        ("《2024年工作要点》，国办发〔2024〕5号，2024年，第12024号", []),
    ],
)
def test_a_year_that_stays_last_years_is_listed(text, left):
    """
    A range or a bare number is not moved: who reads the draft decides.
    """
    draft = draft_of(clerk(text).session, "overview")

    assert draft is not None
    assert left == [text[start:end] for start, end in draft.left]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("2024年2月29日召开会议。", ["2024年2月29日"]),
        ("２０２４年２月２９日召开会议。", ["２０２４年２月２９日"]),
        ("二〇二四年二月二十九日召开会议。", ["二〇二四年二月二十九日"]),
        ("自2024.2.29起施行。", ["2024.2.29"]),
        ("2024年2月28日召开会议。", []),
        ("2024年2月召开29次会议。", []),
    ],
)
def test_a_day_that_this_year_has_not_stays_and_is_listed(text, left):
    """
    29 February is in no year after a leap year.
    """
    draft = draft_of(clerk(text).session, "overview")

    assert draft is not None
    assert left == [text[start:end] for start, end in draft.left if "次" not in text[start:end]]
    assert (text == draft.with_all_but(frozenset())) is bool(left)


def test_each_change_is_refused_by_itself_and_made_again():
    """
    Its number is its button; the others stay.
    """
    taken = clerk()
    third = switches(taken)[1]
    whole_draft = str(taken.figure("overview"))

    taken.presses(third)
    assert whole_draft.replace("201件", "154件") == taken.figure("overview")
    assert [wording.change_switch(2, on=False)] == [
        label for label in taken.labels if label == wording.change_switch(2, on=False)
    ]
    taken.presses(third)
    assert whole_draft == taken.figure("overview")
    assert State.NARRATIVE is taken.at[0]


def test_a_draft_that_was_changed_by_hand_is_left_alone():
    """
    An old button of a change says that it is past.
    """
    taken = clerk()
    old = switches(taken)[0]
    taken.types("另外补充一句。")
    stands = taken.figure("overview")

    assert [] == switches(taken)
    assert {} == taken.presses(old).stored
    assert stands == taken.figure("overview")


@pytest.mark.parametrize(
    ("text", "now", "becomes"),
    [
        ("全年共收到政府信息公开申请1,154件。", 2001, "全年共收到政府信息公开申请2,001件。"),
        ("全年共收到政府信息公开申请 1154 件。", 201, "全年共收到政府信息公开申请 201 件。"),
        ("全年共收到政府信息公开申请1154件。", None, "全年共收到政府信息公开申请1154件。"),
        ("全年共收到政府信息公开申请99件。", 201, "全年共收到政府信息公开申请99件。"),
    ],
)
def test_a_figure_is_moved_as_it_is_written_and_only_where_both_years_know_it(
    text: str, now: int | None, becomes: str
):
    """
    This year's not answered, or another than last year's table has: it stays, and is listed.
    """
    before: dict[str, Value] = {NATURAL: 1154, "overview": text}
    last = Report(FORM, TOWN, 2024, Answers({**zeros(), **before}), Level.TOWNSHIP)
    answers = whole({} if now is None else {NATURAL: now}, without=("overview", NATURAL))
    taken = Clerk(answers=answers, last_year=last).opens().presses("s:1", "lyt:1")

    assert becomes == taken.figure("overview")
    draft = draft_of(taken.session, "overview")
    assert draft is not None
    assert bool(draft.left) is (text == becomes)


def test_a_fee_in_yuan_stays_in_yuan():
    """
    The table has 万元, the text 元.
    """
    text = "收取行政事业性收费32000元。"
    before: dict[str, Value] = {FEE: Decimal("3.2"), "overview": text}
    last = Report(FORM, TOWN, 2024, Answers({**zeros(), **before}), Level.TOWNSHIP)
    now = whole({FEE: Decimal("4.5")}, without=("overview",))
    taken = Clerk(answers=now, last_year=last).opens().presses("s:1", "lyt:1")

    assert text.replace("32000", "45000") == taken.figure("overview")


def test_a_changed_copy_of_the_draft_replaces_it_after_a_yes():
    """
    It is not put behind the draft; what it changes is shown.
    """
    taken = clerk()
    copied = str(taken.figure("overview"))
    taken.types(copied.replace("3210条", "4000条"))

    assert State.CONFIRM is taken.at[0]
    taken.taps(Trigger.REPLACE)
    assert copied.replace("3210条", "4000条") == taken.figure("overview")
