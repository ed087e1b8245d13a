"""
Who has filled in what: at a place, and in the history; nothing of it for a lone clerk.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.numbers import NUMBERS
from conversations.sign_off.rights import Standing
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import Remark, SignOff, SignOffRecord
from conversations.talk.buttons import short_mark
from conversations.talk.session import State
from conversations.talk.trail import Entry, Wanted
from conversations.talk.triggers import Trigger
from conversations.wording import trail as wording
from conversations.wording.sign_off import WHO
from tests.dialogue import Clerk, id_of, whole

ZONE = ZoneInfo("Asia/Shanghai")
LICENSING = "proactive_disclosure.licensing"
DECISIONS = f"{LICENSING}.decisions"
BEGAN = datetime(2026, 1, 5, 9, 30, tzinfo=ZONE)
WANG, LI, GONE = "p0123456789ab", "pba9876543210", "pffffffffffff"


def entry(hours: int, by: str, item: str, before, after, *, name: str = "", door="telegram"):
    return Entry(BEGAN + timedelta(hours=hours), by, name, door, item, before, after)


TRAIL = (
    entry(0, WANG, DECISIONS, None, 290, name="王芳"),
    entry(1, LI, DECISIONS, 290, 295, name="李强"),
    entry(2, GONE, "requests.received.natural_person", None, 3),
    entry(2, GONE, "requests.received.other", None, 1),
    entry(30, "terminal", "overview", None, "公开了若干信息。", door="chat"),
)


def office(**more) -> Clerk:
    """
    A clerk among others, in a report that several have written.
    """
    clerk = Clerk(answers=whole({DECISIONS: 295}))
    standing = Standing(colleague=True)
    clerk.session = replace(
        clerk.session, standing=standing, shared=True, **{"trail": TRAIL, **more}
    )
    return clerk.opens()


def test_a_row_tells_who_changed_it_from_what_to_what_the_newest_first():
    """
    With the day and the time; the door only where it is not the usual.
    """
    clerk = office().presses(id_of(FORM, "o", LICENSING)).taps(Trigger.WHO)

    first, second = clerk.text.split("\n")[1:3]
    assert all(word in first for word in ("1月5日 10:30", "李强", "290", "295"))
    assert "王芳" in second
    assert "290" in second
    assert "→" not in second


@pytest.mark.parametrize("at", [LICENSING, DECISIONS, "overview", "title"])
def test_the_button_stands_at_a_figure_a_row_and_a_text(at: str):
    """
    Where something stands.
    """
    assert Trigger.WHO in office().presses(id_of(FORM, "o", at)).taps(Trigger.MORE).verbs


@pytest.mark.parametrize(
    ("colleague", "shared"), [(False, True), (True, False)], ids=["alone", "wrote alone"]
)
def test_a_lone_clerk_has_no_such_button(colleague: bool, shared: bool):
    """
    Nor who wrote alone so far.
    """
    clerk = Clerk(answers=whole())
    standing = Standing(colleague=colleague)
    clerk.session = replace(clerk.session, standing=standing, shared=shared)
    for at in (LICENSING, DECISIONS, "overview", "title"):
        clerk.opens().presses(id_of(FORM, "o", at)).presses("more")
        assert Trigger.WHO not in clerk.verbs


def test_a_place_nobody_has_filled_in_says_so():
    """
    An old button of what was cleared, perhaps.
    """
    for item in ("problems_and_improvements", "proactive_disclosure.penalties"):
        said = wording.NOBODY.format(name=wording.place(FORM, item))
        assert said in office().presses(id_of(FORM, "who", item)).text


def test_a_table_tells_who_changed_any_figure_of_it():
    """
    Where a whole one is on the card.
    """
    clerk = office().presses(id_of(FORM, "who", "requests"))

    assert "自然人 3" in clerk.text
    assert "290" not in clerk.text


@pytest.mark.parametrize("at", [LICENSING, DECISIONS, "overview"])
def test_whoever_only_looks_has_the_button_too(at: str):
    """
    A place that is locked cannot be opened to be filled in; the word does the same.
    """
    clerk = office().presses(id_of(FORM, "lk", at))
    clerk.presses("more")
    assert Trigger.WHO in clerk.verbs
    assert WHO in clerk.types(WHO).text
    assert State.LOOK is clerk.at[0]


def test_the_history_tells_figures_of_one_step_together_and_who_is_forgotten():
    """
    Names are those of now.
    """
    said = office().commands("history").text

    assert wording.FORGOTTEN in said
    (together,) = (line for line in said.split("\n") if wording.FORGOTTEN in line)
    assert "自然人 3" in together
    assert "其他 1" in together
    assert wording.BY["terminal"] in said


def test_steps_of_the_sign_off_and_remarks_are_part_of_it():
    """
    In the order in which all came about.
    """
    at = (BEGAN + timedelta(hours=3)).isoformat()
    record = SignOffRecord(
        1, Deed.RETURN, ReportState.RETURNED, LI, "李强", at, "telegram", 4, "3F7A-92C1"
    )
    remark = Remark(1, DECISIONS, "", "请核对", LI, "李强", at, sent=True, open=True)
    hidden = replace(remark, id=2, text="还没发出", sent=False)
    said = office(sign_off=SignOff((record,), (remark, hidden))).commands("history").text

    assert "退回" in said
    assert "请核对" in said
    assert hidden.text not in said


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ("第三节", "自然人", "王芳"),
        ("王芳", "王芳", "李强"),
        ("1月6日", "终端", "王芳"),
        ("已注销", wording.USAGE, "王芳"),
    ],
)
def test_a_part_of_it_is_asked_for_by_section_person_or_day(asked: str, there: str, not_there: str):
    """
    What names nothing of it is said to be so.
    """
    said = office().commands("history", asked).text.partition(wording.FILTERS)[0]

    assert there in said
    assert not_there not in said


def test_a_long_history_has_pages_and_the_filter_stays():
    """
    Ten steps a page.
    """
    trail = tuple(entry(n, WANG, DECISIONS, n, n + 1, name="王芳") for n in range(1, 26))
    clerk = office(trail=(*trail, *TRAIL[2:]))
    clerk.commands("history", "王芳")
    assert "25 → 26" in clerk.text
    clerk.taps(wording.EARLIER)
    assert "15 → 16" in clerk.text
    clerk.taps(wording.EARLIER)
    assert "1 → 2" in clerk.text
    assert "自然人" not in clerk.text
    clerk.taps(wording.LATER)
    assert "15 → 16" in clerk.text


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(section="requests"),
        Wanted(day=BEGAN.date()),
        Wanted(person=short_mark(WANG)),
    ],
)
def test_what_is_wanted_goes_through_a_button(wanted: Wanted):
    """
    As a mark of at most eight digits.
    """
    mark = wanted.mark(FORM)

    assert len(mark) <= 8
    assert wanted == Wanted.of(mark, FORM)


@pytest.mark.parametrize("mark", ["", "f", "ffffffff", "99999999", "2", "3"])
def test_any_page_of_any_part_can_be_asked_for(mark: str):
    """
    Anybody may send any id.
    """
    for page in (0, 1, 10**30):
        assert office().presses(f"his:{page}{mark and ':'}{mark}").text
    assert NUMBERS["requests"] == 3
