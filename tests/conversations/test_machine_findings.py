"""
Dialogues about what is wrong: one slip is one question, shown once, mended where one stands.
"""

import pytest

from conversations.answers.only_figures import only_figures
from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.form.organ import Level
from conversations.talk.buttons import short_mark
from conversations.talk.derived import explained_questions, todo_findings
from conversations.talk.effects import Explain
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from conversations.wording import talk as wording
from tests.dialogue import TOWN, Clerk, id_of, whole, zeros

CARRIED_OVER = "requests.carried_over"
NEXT_ROW = "requests.outcome.disclosed"
FIVE = "problems_and_improvements"
REASON = "上年有三件在统计截止后才登记"


def last_year(**answers: int | str) -> Report:
    """
    A report on 2024: zeros and the named answers, dots as double underscores.
    """
    known = {name.replace("__", "."): value for name, value in answers.items()}
    return Report(FORM, TOWN, 2024, Answers({**zeros(), **known}), Level.TOWNSHIP)


def carried_over_differs() -> Clerk:
    """
    A clerk who typed another 上年结转 than last year's report, in three columns.
    """
    clerk = Clerk(
        answers=Answers(zeros(without=(CARRIED_OVER, NEXT_ROW))), last_year=last_year()
    ).opens()
    return clerk.presses(id_of(FORM, "o", CARRIED_OVER)).types("2 1 0 0 0 3")


def explained(clerk: Clerk) -> int:
    return sum(isinstance(effect, Explain) for effect in clerk.shown)


def test_one_slip_in_three_columns_is_one_question_with_one_reason():
    """
    Each finding keeps its own reason in the store; the clerk gives one.
    """
    clerk = carried_over_differs()

    assert State.FINDING is clerk.at[0]
    assert 1 == sum(verb is Trigger.OPEN for verb in clerk.verbs)
    clerk.types(REASON)
    assert 4 == explained(clerk)
    assert [] == [f for f in todo_findings(clerk.session) if f.id == "C1"]
    assert State.FINDING is not clerk.at[0]


def test_columns_that_differ_with_the_same_total_are_one_question():
    """
    A figure in the wrong column is one slip.
    """
    before = last_year(requests__carried_forward__natural_person=2)
    clerk = Clerk(answers=Answers(zeros(without=(CARRIED_OVER,))), last_year=before).opens()
    clerk.presses(id_of(FORM, "o", CARRIED_OVER)).types("0 2 0 0 0 0").types(REASON)

    assert 2 == explained(clerk)
    assert State.FINDING is not clerk.at[0]


def test_a_figure_sent_while_a_reason_is_asked_answers_the_next_row():
    """
    It is stored there, and is no reason.
    """
    clerk = carried_over_differs().types("自然人201 商业企业5 其余0")

    assert [201, 5, 0, 0, 0, 0] == clerk.row(NEXT_ROW)
    assert 0 == explained(clerk)
    assert "C1" in [finding.id for finding in todo_findings(clerk.session)]


@pytest.mark.parametrize(
    "text", ["12", "上年结转", "自然人2 企业1", "新收自然人三件", "表三其余都为0"]
)
def test_what_is_no_answer_of_the_next_row_is_refused_as_a_reason(text: str):
    """
    Nothing is stored, the question stays.
    """
    clerk = carried_over_differs()
    question = clerk.at
    clerk.types(text)

    if clerk.stored:
        assert set(clerk.stored) <= {cell.id for cell in FORM.lines[NEXT_ROW].cells}
    else:
        assert clerk.refused
        assert question == clerk.at
    assert 0 == explained(clerk)


@pytest.mark.parametrize(
    "text",
    ["上年漏统3件", "2022年制发的3件已于本年清理废止", "机构改革划入3件", "行政许可由区里办理"],
)
def test_a_sentence_with_figures_in_it_is_a_reason(text: str):
    """
    What says why is not only figures.
    """
    assert not only_figures(text, FORM.edition)


def test_what_is_new_is_shown_and_what_was_shown_is_not_shown_again():
    """
    N1 stays open in section one; then 「无。」 in section five, which is no answer there.
    """
    clerk = Clerk(answers=whole(without=("overview", FIVE))).opens().presses("s:1")
    clerk.types("2024年，本机关共收到申请3件。", wording.DONE_TEXT)
    first = clerk.at
    clerk.presses("s:5").types("无。", wording.DONE_TEXT)

    assert State.FINDING is clerk.at[0]
    assert first != clerk.at
    assert FIVE in clerk.at[1]
    clerk.taps(Trigger.PARK)
    assert State.FINDING is not clerk.at[0]


def test_a_finding_that_was_left_by_the_menu_is_not_shown_after_the_next_answer():
    """
    The overview has it; the clerk goes on with the figures.
    """
    clerk = carried_over_differs().taps(Trigger.MENU).taps(wording.GO_ON)
    clerk.types("0 0 0 0 0 0")

    assert State.FINDING is not clerk.at[0]
    assert "C1" in [finding.id for finding in todo_findings(clerk.session)]


def test_a_finding_whose_numbers_change_is_new():
    """
    Another wrong figure in its place is asked about again.
    """
    clerk = carried_over_differs().taps(Trigger.MENU)
    clerk.presses(id_of(FORM, "o", CARRIED_OVER)).types("5 1 0 0 0 3")

    assert State.FINDING is clerk.at[0]


def test_a_reason_is_read_changed_and_taken_back_in_the_overview():
    """
    Taken back, the finding is open again; the button does it once.
    """
    clerk = carried_over_differs().types(REASON).presses("rev").taps(wording.reason_of(""))

    assert REASON in clerk.card.text
    clerk.types("上年年报印错，已发更正公告")
    ((_, reason),) = explained_questions(clerk.session)
    assert "上年年报印错，已发更正公告" == reason.text
    assert State.REVIEW is clerk.at[0]

    clerk.taps(wording.reason_of("")).taps(Trigger.TAKE_BACK)
    assert () == clerk.session.explanations
    assert "C1" in [finding.id for finding in todo_findings(clerk.session)]
    again = next(id_ for id_ in clerk.ever if id_.startswith("unx:"))
    assert 0 == explained(clerk.presses(again))


def test_an_old_button_of_one_part_leads_to_the_whole():
    """
    Buttons of an earlier version carry the mark of one finding.
    """
    clerk = carried_over_differs()
    for finding in todo_findings(clerk.session):
        if finding.id == "C1":
            clerk.presses("rev").presses(f"fx:{short_mark(finding.key)}")
            assert State.FINDING is clerk.at[0]
