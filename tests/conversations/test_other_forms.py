"""
The final document in another form: for whoever has it, of the version that counts.
"""

from dataclasses import replace

import pytest

from bot.files.forms import FILE_FORMS
from conversations.sign_off.rights import Standing
from conversations.sign_off.states import ReportState
from conversations.talk.effects import Deliver
from conversations.talk.events import NotRead
from conversations.talk.other_forms import OTHER_FORMS, PDF, form_buttons
from conversations.talk.session import State
from conversations.talk.triggers import FORMS_SAID, Trigger, knows_button
from conversations.wording import door as words
from conversations.wording import sign_off as wording
from conversations.wording import talk
from tests.conversations.test_sign_off import ABOVE, LICENSING, clerk, decided, handed_in, leader
from tests.dialogue import CLERK, Clerk

LONE = Standing()
SAID_FOR = {letter: word for word, letter in FORMS_SAID.items()}
ALL = [f"as:{letter}" for letter in OTHER_FORMS]


def done() -> Clerk:
    """
    A lone clerk under the final document.
    """
    return clerk(LONE).taps(Trigger.FINAL)


def given(of: Clerk) -> list[tuple[str, bool, int]]:
    return [(e.form, e.final, e.version) for e in of.shown if isinstance(e, Deliver)]


def test_each_button_gives_forms_that_can_be_made_and_are_named():
    """
    Labels, captions and the names of the command line know the same forms.
    """
    forms = {form for given in OTHER_FORMS.values() for form in given}

    assert forms <= set(FILE_FORMS)
    assert forms <= set(words.FORM_CAPTIONS)
    assert set(words.FORM_CAPTIONS) == set(words.FORM_NAMES)
    assert ALL == [button.id for row in form_buttons() for button in row]
    assert [True] * len(ALL) == [knows_button(done().session, id_) for id_ in ALL]
    assert not any(knows_button(done().session, id_) for id_ in ("as", "as:z", "as:h:1", "as:hh"))


@pytest.mark.parametrize("letter", OTHER_FORMS)
def test_under_the_final_document_stands_a_button_for_each_form(letter: str):
    """
    It gives that form of the same answers and marks nothing anew; by name as well.
    """
    wang = done().presses(f"as:{letter}")

    assert [(form, True, 0) for form in OTHER_FORMS[letter]] == given(wang)
    assert State.DONE is wang.at[0]
    for word in (talk.OTHER_FORMS[letter].lower(), SAID_FOR[letter]):
        assert given(wang) == given(done().types(word))
    assert given(wang) == given(done().presses("rev").types(SAID_FOR[letter]))


def test_two_thumbs_at_once_get_one_file():
    """
    Another form is another file.
    """
    wang = done().presses("as:p", "as:p")
    assert [] == given(wang)
    assert talk.JUST_MADE in wang.text
    assert [("txt", True, 0)] == given(wang.presses("as:t"))


def test_after_a_change_nothing_comes_that_looks_final():
    """
    The old buttons say so; the card has none until the document is made again.
    """
    wang = done().types("3", item=LICENSING)
    for id_ in ALL:
        assert [] == given(wang.presses(id_))
        assert talk.FORM_STALE in wang.text
        assert Trigger.OTHER_FORM not in wang.verbs

    wang.presses("rev").taps(Trigger.FINAL)
    assert [(PDF, True, 0)] == given(wang.presses("as:p"))


def test_before_there_is_a_final_document_there_is_no_other_form():
    """
    Nor of what is handed in and not agreed to; the reason is said.
    """
    wang = clerk(LONE).presses("as:p")
    assert [] == given(wang)
    assert talk.NO_FORM_YET in wang.text
    assert talk.NO_FORM_YET in clerk(LONE).types("PDF版。").text

    wang = handed_in()
    assert Trigger.OTHER_FORM not in wang.verbs
    for person in (wang, leader(wang)):
        assert [] == given(person.presses("as:p"))
        assert wording.NO_FORM_YET in person.text


def test_of_an_approved_report_everybody_who_may_look_gets_the_forms_of_that_version():
    """
    The clerk, the leader, the administrator above; as they get the document.
    """
    zhang = leader(handed_in()).taps(wording.APPROVE)
    assert ReportState.APPROVED is zhang.session.sign_off.state
    version = zhang.session.sign_off.version
    assert version is not None
    people = (zhang, zhang.becomes(CLERK, "wang").opens(), zhang.becomes(ABOVE, "county").opens())
    for person in people:
        assert len(ALL) == person.verbs.count(Trigger.OTHER_FORM)
        person.presses("as:h")
        assert [("html", True, version.id), ("html-page", True, version.id)] == given(person)
        assert [] == decided(person)


def test_what_was_opened_again_has_no_form_until_it_is_agreed_to():
    """
    Where there is a leader; the buttons of the old card say so.
    """
    zhang = leader(handed_in()).taps(wording.APPROVE).presses("reo").types("数字与台账不符")
    wang = zhang.becomes(CLERK, "wang").opens()

    for person in (zhang, wang):
        assert [] == given(person.presses("as:p"))
    assert wording.NO_FORM_YET in wang.text
    wang.session = replace(wang.session, final=True)  # as the store has it after an approval
    assert [] == given(wang.presses("as:p"))
    assert wording.HAND_IN_FIRST in wang.text


def test_without_a_leader_the_published_report_has_its_forms():
    """
    Of the version that the publication has locked.
    """
    wang = done().presses("pub").does(NotRead("a.html", "x", "http://www.town.gov.cn/a.html"))
    version = wang.session.sign_off.version
    assert version is not None
    assert ReportState.PUBLISHED is version.state

    assert [(PDF, True, version.id)] == given(wang.presses("as:p"))


def test_a_helper_gets_no_form_of_what_they_may_not_make():
    """
    As of the document.
    """
    helper = done().becomes(Standing(parts=frozenset({"overview"}), colleague=True), "li").opens()

    assert Trigger.OTHER_FORM not in helper.verbs
    assert [] == given(helper.presses("as:p"))
