"""What a local notice asks for beyond the form: asked, told in a text, checked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade
from conversations.document.write.content import DocumentInput
from conversations.document.write.text import as_text
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers
from conversations.form.local_notice import (
    LOCAL_CELLS,
    NOTHING,
    LocalNotice,
    answers_for,
    form_of,
)
from conversations.form.numbers import LOCAL
from conversations.reminders.typed import read_demand
from conversations.talk.facts import facts_of
from conversations.talk.session import Place, State
from conversations.talk.triggers import Trigger
from tests.dialogue import TOWN, Clerk, id_of, whole

OVERVIEW = "overview"
SITE, POSTS = "政府网站发布信息数", "政务微信"
ASKS = NOTHING.asking(SITE, "条").asking(POSTS, "篇")
FIRST, SECOND = LOCAL_CELLS[:2]


def clerk_with(notice: LocalNotice, answers: Answers) -> Clerk:
    """
    A clerk at work on a report whose task asks for more.
    """
    clerk = Clerk(form=form_of("2021", notice), answers=answers)
    clerk.session = replace(clerk.session, notice=notice)
    return clerk.opens()


def told_of(clerk: Clerk, item: str, text: str) -> set[str]:
    """
    What the checks would say of a text, as it is said.
    """
    return {finding.message for finding in checked(clerk, item, text)}


def findings(clerk: Clerk, item: str, text: str) -> set[tuple[str, Grade]]:
    """
    The same by check and grade.
    """
    return {(finding.id, finding.grade) for finding in checked(clerk, item, text)}


def checked(clerk: Clerk, item: str, text: str) -> tuple[Finding, ...]:
    """
    The findings on a text.
    """
    answers = clerk.session.answers.changed({item: text})
    return check_report(replace(clerk.session, answers=answers).report)


def test_its_figures_are_asked_after_the_tables_and_before_the_texts():
    """
    Each in its own unit, which may be typed with it; the final document waits for them.
    """
    clerk = clerk_with(ASKS, whole(without=["review", OVERVIEW]))
    clerk.taps(Trigger.GO_ON, Trigger.ZERO_REST, Trigger.TABLE_RIGHT)

    assert clerk.asks == (FIRST,)
    assert "条" in clerk.text
    clerk.types("312条")
    assert clerk.asks == (SECOND,)
    clerk.types("多")
    assert clerk.refused
    clerk.types("120 篇")
    assert (clerk.figure(FIRST), clerk.figure(SECOND)) == (312, 120)
    clerk.taps(Trigger.TABLE_RIGHT)
    assert clerk.at == (State.NARRATIVE, OVERVIEW)


def test_they_are_told_in_a_text_and_kept_in_step():
    """
    Also where the sentence was joined to another.
    """
    answers = whole({FIRST: 312, SECOND: 120}, without=[OVERVIEW])
    clerk = clerk_with(ASKS, answers).presses(id_of(ANNUAL_REPORT_2021, "fs", OVERVIEW))
    said = facts_of(clerk.session, clerk.form.section[OVERVIEW])
    numbers = [n for n, sentence in enumerate(said, 1) if SITE in sentence or POSTS in sentence]

    clerk.types(" ".join(map(str, numbers))).taps(Trigger.YES, Trigger.DONE_TEXT)
    text = str(clerk.figure(OVERVIEW))
    assert text == f"{SITE}312条。{POSTS}120篇。"
    joined = text.replace("条。", "条，")
    clerk.session = replace(
        clerk.session, answers=clerk.session.answers.changed({OVERVIEW: joined})
    )

    clerk.presses(f"o:{clerk.form.number[LOCAL + '.q2']}").types("125")

    assert clerk.at[0] is State.FINDING
    clerk.taps(Trigger.MEND)
    assert clerk.figure(OVERVIEW) == joined.replace("120", "125")


def test_a_name_within_another_is_not_taken_for_it():
    """
    «县政务微信120篇» says nothing of 政务微信.
    """
    clerk = clerk_with(ASKS, whole({FIRST: 1, SECOND: 2}))

    for text in (f"县{POSTS}120篇。", f"{POSTS}120篇次。", f"{POSTS}公众号120篇。"):
        assert "N2" not in {id_ for id_, _ in findings(clerk, OVERVIEW, text)}
    assert ("N2", Grade.W) in findings(clerk, OVERVIEW, f"一年来，{POSTS} 120 篇。")


@pytest.mark.parametrize(
    ("length", "expected"),
    [(100, set()), (101, {("N7", Grade.H)}), (110, {("N7", Grade.H)}), (111, {("N7", Grade.W)})],
)
def test_a_text_that_is_too_long_is_told(length: int, expected: set[tuple[str, Grade]]):
    """
    Up to a tenth over it only said, beyond that explained; blanks do not count.
    """
    clerk = clerk_with(NOTHING.allowing(OVERVIEW, 100), whole())
    text = "政" * (length - 1) + " 。"

    assert expected == {f for f in findings(clerk, OVERVIEW, text) if f[0] == "N7"}


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("（一）主动公开。依法公开。\n（二）依申请公开情况\n依法办理。", True),
        ("1. 主动公开：依法公开。\n2．依申请公开", True),
        ("一是主动公开，依法公开。\n二是依申请公开，依法办理。", True),
        ("（一）主动公开。依法公开，并做好依申请公开。", False),
    ],
)
def test_headings_that_are_wanted_begin_a_line(text: str, silent: bool):
    """
    With any number before them, and whatever stands behind.
    """
    clerk = clerk_with(NOTHING.heading(OVERVIEW, ["主动公开", "依申请公开"]), whole())
    plain = clerk_with(NOTHING, whole())

    told = told_of(clerk, OVERVIEW, text) - told_of(plain, OVERVIEW, text)

    assert silent is not bool(told)


def test_no_document_has_them():
    """
    The printed form is the statutory one, and a change of them makes no file stale.
    """
    clerk = clerk_with(ASKS, whole({FIRST: 312, SECOND: 120}))
    clerk.session = replace(clerk.session, final=True)
    clerk.presses(f"o:{clerk.form.number[LOCAL + '.q2']}").types("125")
    assert clerk.figure(SECOND) == 125
    assert not clerk.session.changed

    answers = whole({FIRST: 312, SECOND: 120})
    assert SITE not in as_text(DocumentInput(ANNUAL_REPORT_2021, TOWN, 2025, answers))
    assert form_of("2021") is ANNUAL_REPORT_2021
    assert form_of("2021", NOTHING.allowing(OVERVIEW, 100)) is ANNUAL_REPORT_2021


def test_who_stands_at_a_question_that_is_asked_no_more_is_at_the_contents():
    """
    And an old button of it does nothing.
    """
    place = Place(State.LINE, f"{LOCAL}.q1").dumps()

    assert Place.loads(place, form_of("2021", ASKS)).item == f"{LOCAL}.q1"
    assert Place.loads(place, form_of("2021", ASKS.not_asking(SITE))) == Place()


def test_a_question_keeps_its_answer_and_no_other_gets_it():
    """
    Asked again, it has its place; another unit is another question.
    """
    again = ASKS.not_asking(SITE).asking("培训", "次").asking(SITE, "条")
    assert {SITE: 1, POSTS: 2, "培训": 3} == {q.name: q.place for q in again.questions}

    changed = ASKS.asking(SITE, "篇")
    assert [(POSTS, 2), (SITE, 3)] == [(q.name, q.place) for q in changed.questions]


def test_last_years_answer_is_that_of_the_same_question():
    """
    Whatever its place was; what is not asked this year is not there.
    """
    last = NOTHING.asking("培训", "次").asking(POSTS, "篇")
    answers = Answers({OVERVIEW: "无。", FIRST: 7, SECOND: 99})

    assert answers_for(answers, last, ASKS.asking("培训", "期")) == {OVERVIEW: "无。", SECOND: 99}
    assert answers_for(answers, last, NOTHING) == {OVERVIEW: "无。"}


@pytest.mark.parametrize(
    "name", ["", " 信息", "长" * 31, "信{息}", "信\n息", "信息2", "信\ud800", "信\u200b息", "——"]
)
def test_what_cannot_be_asked_is_refused(name: str):
    """
    Nothing that would make a sentence nobody can read again.
    """
    with pytest.raises(ValueError, match=r"(?s).*"):
        NOTHING.asking(name, "条")
    with pytest.raises(ValueError, match="信息"):
        NOTHING.asking("信息", "3条").asking("信息", "")


@pytest.mark.parametrize("typed", ["政务微信 条", "政务\u200b微信（条）", "政 务微信\u202e (条)"])
def test_a_question_is_read_as_people_write_it(typed: str):
    """
    And taken back as its card has it; letters that nobody sees are none of it.
    """
    notice = read_demand("ask", typed, NOTHING, ANNUAL_REPORT_2021)
    assert [("政务微信", "条")] == [(q.name, q.unit) for q in notice.questions]
    assert not read_demand("no_ask", typed, notice, ANNUAL_REPORT_2021).questions


@pytest.mark.parametrize(
    ("typed", "length"),
    [("一=1,000", 1000), ("一：1，000个字以内", 1000), ("第一节＝５０字", 50), ("一=", None)],
)
def test_a_length_is_read_as_people_write_it(typed: str, length: int | None):
    """
    Nothing after the sign takes it away.
    """
    notice = read_demand("length", typed, NOTHING.allowing(OVERVIEW, 70), ANNUAL_REPORT_2021)
    assert dict(notice.lengths).get(OVERVIEW) == length


@pytest.mark.parametrize(
    ("what", "typed"),
    [
        *(
            ("length", said)
            for said in ("一", "一=字", "一=0", "一=-60", "一=1_000", "一=1" + "0" * 9)
        ),
        ("length", "一=" + "9" * 5000),
        *(("headings", said) for said in ("一", "一=——；…", "二=甲")),
    ],
)
def test_what_is_half_said_takes_nothing_away(what: str, typed: str):
    """
    It is refused, and so is what nobody can mean.
    """
    with pytest.raises(ValueError, match=r"(?s).*"):
        read_demand(what, typed, NOTHING, ANNUAL_REPORT_2021)


def test_headings_are_as_they_are_seen():
    """
    Blanks of any kind are one, marks without a width are none.
    """
    wanted = read_demand(
        "headings", "一=（一）　主动\u200b公开；\u202e乙", NOTHING, ANNUAL_REPORT_2021
    )
    assert dict(wanted.headings) == {OVERVIEW: ("（一） 主动公开", "乙")}


def test_thirty_questions_are_enough():
    """
    One that was asked before still has its place.
    """
    notice = NOTHING
    for place in range(30):
        notice = notice.asking(f"第{place}项数", "条")
    with pytest.raises(ValueError, match="再一项"):
        notice.asking("再一项", "条")
    assert notice == notice.not_asking("第3项数").asking("第3项数", "条")


texts = st.text(st.characters(categories=["L"]), min_size=1, max_size=4)


@given(st.lists(st.tuples(texts, texts), max_size=5), st.booleans())
def test_it_comes_back_as_it_was_stored(asked: list[tuple[str, str]], more: bool):
    """
    Nothing at all is nothing in the store.
    """
    notice = NOTHING
    for name, unit in asked:
        notice = notice.asking(name, unit)
    if more:
        notice = notice.allowing(OVERVIEW, 800).heading(OVERVIEW, ["甲", "乙"])
    assert notice == LocalNotice.loads(notice.dumps())
    assert (notice.dumps() is None) is (notice == NOTHING)
