"""
The sum over the organs below, offered for the county's own report: nothing is filled silently.
"""

from dataclasses import replace

import pytest

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.sign_off.rights import Standing
from conversations.sign_off.states import ReportState, Role
from conversations.talk.effects import Save
from conversations.talk.events import SumOffered
from conversations.talk.moves.summing import DOOR
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from conversations.wording import offered_sum as words
from conversations.wording import sign_off
from conversations.wording.checks import place_of_cell
from tests.conversations.test_rights_matrix import in_state
from tests.dialogue import Clerk

NEW, LICENSES = "requests.received.natural_person", "proactive_disclosure.licensing.decisions"
PENALTIES, DISCLOSED = (
    "proactive_disclosure.penalties.decisions",
    "requests.outcome.disclosed.natural_person",
)
WHY = "一件申请可能计了两次。"
SUM = SumOffered({LICENSES: 15, PENALTIES: 4, NEW: 7, DISCLOSED: 0}, {NEW: WHY})
YES, NO = Trigger.YES, Trigger.NO


def doors(clerk: Clerk) -> set[str]:
    return {effect.door for effect in clerk.shown if isinstance(effect, Save)}


def test_one_yes_fills_what_is_open_and_may_be_added():
    """
    The figure that may be counted twice is asked about with its reason, and only then stored.
    """
    clerk = Clerk().opens().does(SUM)
    assert {} == clerk.stored
    assert State.CONFIRM is clerk.at[0]

    clerk.taps(YES)
    assert {LICENSES: 15, PENALTIES: 4, DISCLOSED: 0} == clerk.stored
    assert {DOOR} == doors(clerk)
    assert words.ask(NEW, None, 7, WHY, 1) == clerk.card.text

    clerk.taps(YES)
    assert {NEW: 7} == clerk.stored
    assert {DOOR} == doors(clerk)
    assert State.CONFIRM is not clerk.at[0]


def test_what_is_not_listed_is_said_to_be_0_only_where_it_is():
    """
    A county has more rows with figures than are listed.
    """
    rows = [line for line in FORM.lines.values() if len(line.cells) == 6][: words.MOST_LINES + 1]
    few, many = (
        Clerk().opens().does(SumOffered({cell.id: 3 for line in lines for cell in line.cells}, {}))
        for lines in (rows[:2], rows)
    )

    assert words.REST_IS_0 in few.card.text
    assert words.REST_IS_0 not in many.card.text
    assert words.more(len(rows)) in many.card.text


def test_figures_that_stand_are_asked_about_one_by_one():
    """
    One is kept, one replaced, one typed anew; the typed one is the person's own in the history.
    """
    clerk = Clerk(answers=Answers({LICENSES: 12, PENALTIES: 3, NEW: 6, DISCLOSED: 0}))
    clerk.opens().does(SUM)
    assert words.ask(LICENSES, 12, 15, "", 3) == clerk.card.text

    clerk.taps(NO)
    assert {} == clerk.stored
    assert place_of_cell(PENALTIES) in clerk.card.text
    clerk.taps(YES)
    assert {PENALTIES: 4} == clerk.stored
    assert WHY in clerk.card.text
    clerk.types("5")
    assert {NEW: 5} == clerk.stored
    assert {""} == doors(clerk)
    assert words.DONE in clerk.text
    assert 12 == clerk.session.answers[LICENSES]


def test_what_the_report_already_says_is_not_offered():
    clerk = Clerk(answers=Answers(SUM.values)).opens()
    place = clerk.session.place
    clerk.does(SUM)

    assert words.SAME in clerk.text
    assert place == clerk.session.place


def test_no_leaves_everything_as_it_is():
    clerk = Clerk().opens()
    before = clerk.at
    clerk.does(SUM).taps(NO)

    assert {} == dict(clerk.session.answers)
    assert before == clerk.at


def test_what_is_no_figure_of_the_question_stores_nothing():
    """
    Neither before the yes, nor where one figure is asked about.
    """
    clerk = Clerk().opens().does(SUM).types("差不多")
    assert clerk.refused
    clerk.taps(YES).types("差不多")
    assert clerk.refused
    assert NEW not in clerk.session.answers


def test_what_a_colleague_fills_in_meanwhile_is_asked_about():
    """
    The offer is looked at over the answers as they are at each step.
    """
    clerk = Clerk().opens().does(SUM)
    clerk.session = replace(clerk.session, answers=clerk.session.answers.changed({LICENSES: 1}))
    clerk.taps(YES)

    assert {PENALTIES: 4, DISCLOSED: 0} == clerk.stored
    assert words.ask(LICENSES, 1, 15, "", 2) == clerk.card.text


def test_an_old_yes_confirms_nothing_new():
    clerk = Clerk().opens().does(SUM)
    old = next(button.id for row in clerk.card.buttons for button in row)
    clerk.taps(YES).presses(old)

    assert NEW not in clerk.session.answers


@pytest.mark.parametrize(
    "standing",
    [
        Standing(frozenset({Role.LEADER}), leader=True),
        Standing(frozenset()),
    ],
)
def test_nobody_is_offered_what_they_may_not_write(standing: Standing):
    clerk = Clerk(standing=standing).opens().does(SUM)

    assert State.CONFIRM is not clerk.at[0]
    assert {} == dict(clerk.session.answers)


def test_a_locked_report_takes_nothing():
    """
    It is said that it is locked, not asked.
    """
    clerk = Clerk(standing=Standing(leader=True, colleague=True)).opens()
    clerk.session = in_state(clerk.session, ReportState.APPROVED)
    clerk.does(SUM)

    assert {} == dict(clerk.session.answers)
    assert sign_off.LOCKED[ReportState.APPROVED] in clerk.text


def test_a_helper_is_offered_their_sections():
    standing = Standing(frozenset({Role.CLERK}), parts=frozenset({"requests"}))
    clerk = Clerk(standing=standing).opens().does(SUM).taps(YES)

    assert {DISCLOSED: 0} == clerk.stored
    assert WHY in clerk.card.text


def test_a_total_is_never_offered():
    clerk = Clerk().opens().does(SumOffered({"requests.received.total": 3}, {}))

    assert words.SAME in clerk.text
    assert set(FORM.sums).isdisjoint(clerk.session.answers)
