"""
A helper has some sections: is asked only for these, and changes nothing else whatever comes.
"""

from dataclasses import replace

import pytest

from conversations.checks.findings import Explanation
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.reminders.open_work import open_work, own_part
from conversations.reminders.people import Member
from conversations.reminders.tasks import Task
from conversations.sign_off.rights import Action, Standing, is_locked, may_in
from conversations.sign_off.states import Deed, ReportState, Role
from conversations.sign_off.status import Remark, SignOff, SignOffRecord
from conversations.talk.effects import Explain, ImportReport, Save, Say, SettleRemark
from conversations.talk.gate import refusal
from conversations.talk.report_picture import report_progress
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from conversations.wording import sharing, sign_off
from tests.conversations.test_machine_sections import SEVERAL
from tests.dialogue import TODAY, Clerk, id_of, whole

REQUESTS, DISCLOSURE = "requests", "proactive_disclosure"
FIRST = "requests.received"


def helper(*parts: str, without=(REQUESTS,), **answers) -> Clerk:
    """
    Somebody who has some sections of a report in which others are open.
    """
    clerk = Clerk(answers=whole(answers, without=without))
    standing = Standing(parts=frozenset(parts or (REQUESTS,)), colleague=True)
    clerk.session = replace(clerk.session, standing=standing)
    return clerk.opens()


def test_the_contents_have_buttons_to_the_own_sections_and_show_the_rest():
    """
    The first leads to what is open of the own; nothing makes the final document.
    """
    clerk = helper(without=(REQUESTS, DISCLOSURE)).taps(Trigger.MORE)

    sections = [button for button in clerk.ever if button.startswith("s:")]
    assert [id_of(FORM, "s", REQUESTS)] == sections
    assert Trigger.FINAL not in clerk.verbs
    assert sharing.THE_REST in clerk.opens().text
    clerk.taps(Trigger.GO_ON)
    assert (State.LINE, FIRST) == clerk.at
    clerk.presses("menu").taps(Trigger.MORE, sharing.SEE_REST)
    assert (State.LOOK, "overview") == clerk.at


@pytest.mark.parametrize("state", [s for s in ReportState if s is not ReportState.OPEN])
def test_the_list_says_where_the_report_stands_once_it_was_handed_in(state: ReportState):
    """
    With the way to see more; what is locked has no button to fill it in.
    """
    clerk = helper(without=())
    record = SignOffRecord(1, Deed.SUBMIT, state, "p", "王芳", "2026-01-12T09:00", "chat", 0, "m")
    clerk.session = replace(clerk.session, sign_off=SignOff((record,)))
    for at in ("menu", "rev"):
        clerk.presses(at)
        assert sign_off.standing(state) in clerk.card.text
        assert Trigger.SIGN_OFF in clerk.verbs
    verb = "lk" if is_locked(state) else "s"
    clerk.presses("menu")
    assert id_of(FORM, verb, REQUESTS) in [b.id for row in clerk.card.buttons for b in row]


@pytest.mark.parametrize(
    ("clerk", "said"),
    [
        (helper(without=(DISCLOSURE,)), sharing.PART_DONE),
        (helper("none", without=(DISCLOSURE,)), sharing.NO_PART),
        (helper(without=(DISCLOSURE, REQUESTS)), sharing.of_part("")),
    ],
)
def test_progress_never_says_that_a_report_is_finished_of_which_a_part_is(clerk: Clerk, said: str):
    """
    In words and as a picture: what is missing is missing of the own sections.
    """
    clerk.commands("status")

    line = report_progress(clerk.session).lines[0]
    assert line.startswith(said)
    assert line in next(one.text for one in clerk.shown if isinstance(one, Say))


def test_after_the_own_sections_nothing_else_is_asked():
    """
    Not even where the report is open elsewhere: the clerk goes on.
    """
    clerk = helper(without=(REQUESTS, DISCLOSURE, "overview", "title"))
    clerk.taps(Trigger.GO_ON, Trigger.ZERO_REST, Trigger.TABLE_RIGHT)

    assert (State.REVIEW, "") == clerk.at
    assert sharing.PART_DONE in clerk.text
    assert Trigger.FINAL not in clerk.verbs
    clerk.presses("fin")
    assert sign_off.NOT_ALLOWED[Action.FINISH] in clerk.text
    assert not clerk.documents


def test_who_has_no_section_any_more_is_told_so():
    """
    The last one was taken back.
    """
    clerk = Clerk(answers=whole(without=(REQUESTS,)))
    standing = Standing(parts=frozenset(), colleague=True)
    clerk.session = replace(clerk.session, standing=standing)

    assert sharing.NO_PART in clerk.opens().text
    clerk.presses("go", "rev", "menu")


WAYS = {
    "a figure": lambda c: c.presses(id_of(FORM, "o", f"{DISCLOSURE}.licensing")).types("295"),
    "an edited message": lambda c: c.types("295", item=f"{DISCLOSURE}.licensing.decisions"),
    "zeros": lambda c: c.presses(id_of(FORM, "zt", DISCLOSURE)),
    "zeros over figures": lambda c: c.presses(id_of(FORM, "zo", DISCLOSURE), "ok:0"),
    "a text": lambda c: c.presses(id_of(FORM, "o", "overview")).types("公开了二十条。"),
    "a text anew": lambda c: c.presses(id_of(FORM, "rw", "overview")).types("公开了。"),
    "no text": lambda c: c.presses(id_of(FORM, "none", "other_matters")),
    "sections sent": lambda c: c.types(SEVERAL).taps(Trigger.YES),
    "the title": lambda c: c.presses(id_of(FORM, "o", "title")).types("别的标题"),
    "all of the wording": lambda c: c.presses("def"),
    "no introduction": lambda c: c.presses("noi"),
    "the signature": lambda c: c.presses("sig"),
    "the level": lambda c: c.presses("lv:1"),
    "all anew": lambda c: c.commands("restart").presses("rsty"),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_else_is_changed_in_any_way(way: str):
    """
    It is said that the section is not theirs, where the way is open at all.
    """
    clerk = helper()
    before = clerk.session.answers
    WAYS[way](clerk)

    assert before == clerk.session.answers
    assert not clerk.saved


def test_a_block_that_reaches_into_another_table_is_refused_whole():
    """
    Half of what was pasted would be taken for all of it.
    """
    clerk = helper()
    effects = (Save(f"{FIRST}.other", None, 1), Save(f"{DISCLOSURE}.licensing.decisions", 0, 1))

    assert sign_off.NOT_YOUR_PART == refusal(clerk.session, effects)
    assert "" == refusal(clerk.session, effects[:1])


@pytest.mark.parametrize(("item", "may"), [(FIRST, True), ("overview", False), ("", False)])
def test_a_remark_is_answered_by_whose_the_section_is(item: str, may: bool):
    """
    What is about the whole is the clerk's to answer.
    """
    clerk = helper()
    remark = Remark(1, item, "", "请核对", "p", "周敏", "2026-01-12", sent=True, open=True)
    session = replace(clerk.session, sign_off=SignOff((), (remark,)))

    assert may == (refusal(session, (SettleRemark(1, "已核对"),)) == "")


def test_a_report_that_was_read_is_not_stored():
    """
    Neither as another year's nor as this one's.
    """
    assert sign_off.NOT_YOUR_PART == refusal(
        helper().session, (ImportReport("雷鸣镇人民政府", 2024, {}),)
    )


@pytest.mark.parametrize(
    ("check", "cells", "key", "may"),
    [
        ("B1", (f"{FIRST}.other",), f"B1|{FIRST}.other|1", True),
        ("B1", (f"{DISCLOSURE}.licensing.decisions",), "B1|x|1", False),
        ("N2", (), f"N2|{REQUESTS}|1", True),
        ("N2", (), "N2|overview|3 4", False),
        ("C1", (), "C1|title|", False),
        ("C1", (), "C1||", False),
        ("C1", (), "", False),
    ],
)
def test_a_reason_is_given_for_what_is_ones_own(check: str, cells, key: str, may: bool):
    """
    Of what hangs on a text the key says which.
    """
    reason = Explain(Explanation(check, cells, key, "原因如此。", "p", "2026-01-12"))

    assert may == (refusal(helper().session, (reason,)) == "")


def test_what_is_wrong_in_another_section_is_not_the_helpers_to_settle():
    """
    The clerk of the whole is asked about it.
    """
    texts = {"other_matters": "2019年收取信息处理费0元。"}
    clerk = helper(**texts).presses("rev")
    whole_clerk = Clerk(answers=whole(texts)).opens().presses("rev")

    assert any(button.startswith("fx:") for button in whole_clerk.ever)
    assert not any(button.startswith("fx:") for button in clerk.ever)


@pytest.mark.parametrize("also", [Role.LEADER, Role.ADMINISTRATOR])
def test_only_an_administrator_writes_beyond_the_own_sections(also: Role):
    """
    A leader's role adds no right to write.
    """
    standing = Standing(frozenset({Role.CLERK, also}), parts=frozenset({REQUESTS}))

    assert may_in(standing, REQUESTS)
    assert may_in(standing, "overview") == (also is Role.ADMINISTRATOR)
    assert may_in(standing, "") == (also is Role.ADMINISTRATOR)


def test_a_helper_is_reminded_of_the_own_part_only():
    """
    Not of what is nobody's, and not of the document.
    """
    task = Task("1", "雷鸣镇人民政府", 2025, TODAY)
    member = Member("7")
    both = open_work(FORM, whole(without=(REQUESTS, "overview")))
    rest = open_work(FORM, whole(without=("overview",)))
    done = open_work(FORM, whole())
    parts = frozenset({REQUESTS})

    progress = own_part(task, member, FORM, both, finished=False, parts=parts)
    assert [REQUESTS] == [missing.section for missing in progress.missing]
    for work in (rest, done):
        assert not own_part(task, member, FORM, work, finished=False, parts=parts).unfinished
    assert own_part(task, member, FORM, done, finished=False).unfinished
