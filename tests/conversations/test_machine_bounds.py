"""
The bounds of the talk: nothing that is kept grows without end, whatever is sent.
"""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.talk.derived import carry_mark
from conversations.talk.effects import Explain, MessageKind, Say
from conversations.talk.events import Opened, Uploaded
from conversations.talk.moves.findings import REASON_LIMIT
from conversations.talk.moves.onward import TOLD_LIMIT
from conversations.talk.moves.texts import split_text
from conversations.talk.moves.turn import MOST_LINES, TEXT_LIMIT, Turn
from conversations.talk.session import BACK_LIMIT, State
from conversations.talk.triggers import Trigger, knows_button
from conversations.wording import talk as wording
from tests.dialogue import TOWN, Clerk, id_of, whole

OVERVIEW = "overview"
CARRIED = "requests.carried_forward"


def test_of_the_places_to_return_to_the_newest_are_kept():
    """
    Whoever opens line after line comes back along the last of them only.
    """
    clerk = Clerk().opens()
    lines = [line.id for line in FORM.tables[1].lines[: BACK_LIMIT + 4]]
    for line in lines:
        clerk.presses(id_of(FORM, "o", line))

    stops = clerk.session.place.back
    assert [(State.LINE, line) for line in lines[-BACK_LIMIT - 1 : -1]] == list(stops)


def test_an_introduction_too_long_to_be_true_is_refused():
    """
    It is not cut, and the question stays.
    """
    clerk = (
        Clerk(answers=whole(without=("title",))).opens().presses(id_of(FORM, "o", "introduction"))
    )
    clerk.types("引" * (TEXT_LIMIT + 1))

    assert clerk.refused
    assert {} == clerk.stored
    assert (State.WORDING, "introduction") == clerk.at


@pytest.mark.parametrize("heading", ["", "一、总体情况\n"])
@pytest.mark.parametrize("asked", [OVERVIEW, "requests.received"])
def test_a_text_of_more_lines_than_a_report_has_is_refused(asked: str, heading: str):
    """
    It is looked at line by line while the store is held.
    """
    clerk = Clerk().opens().presses(id_of(FORM, "o", asked))
    at = clerk.at
    clerk.does(Uploaded("一.txt", heading + "公开了。\n" * (MOST_LINES + 1)))

    assert clerk.refused
    assert {} == clerk.stored
    assert at == clerk.at


def finding_to_explain() -> Clerk:
    """
    A clerk before a finding that wants a reason: last year's number in the text.
    """
    clerk = Clerk(answers=whole(without=(OVERVIEW,))).opens().presses("s:1")
    clerk.types("2024年，本机关共收到申请3件。", wording.DONE_TEXT)
    assert State.FINDING is clerk.at[0]
    return clerk


@pytest.mark.parametrize(("length", "kept"), [(REASON_LIMIT, True), (REASON_LIMIT + 1, False)])
def test_a_reason_has_a_length_it_may_reach(length: int, kept: bool):
    """
    One character more is refused and stored nowhere.
    """
    clerk = finding_to_explain().types(("上年文件已经全部清理废止，数字因此变化。" * 200)[:length])

    assert kept is not clerk.refused
    assert kept is any(isinstance(effect, Explain) for effect in clerk.shown)


def test_of_the_findings_put_aside_the_newest_are_remembered():
    """
    The list in the place does not grow for ever; what was put aside last is in it.
    """
    clerk = finding_to_explain()
    old = tuple(f"{number:x}" for number in range(TOLD_LIMIT))
    clerk.session = clerk.session.at(replace(clerk.session.place, parked=old))
    clerk.does(Opened()).taps(Trigger.PARK)

    parked = clerk.session.place.parked
    assert TOLD_LIMIT == len(parked)
    assert old[1:] == parked[:-1]


def test_a_clerk_without_a_report_is_asked_for_it_and_nothing_else_is_done():
    """
    Any button taps into nothing before organ and year are known.
    """
    clerk = Clerk(organ="", year=0, answers=Answers()).opens()
    for button in ("fin", "rsty", id_of(FORM, "z", "requests.received"), "ok:abc", "y:2025"):
        clerk.presses(button)
        assert {} == clerk.stored
        assert ("organ",) == clerk.asks


@pytest.mark.parametrize(
    "button", ["ok:123456789", "z:" + "21".zfill(63), "z:２１", "z:21:1:2", "fin:1"]
)
def test_an_id_that_is_longer_or_other_than_any_button_is_none(button: str):
    """
    Marks have eight digits, ids sixty-four characters, numbers are plain.
    """
    assert knows_button(Clerk().session, "z:" + "21".zfill(62))
    assert not knows_button(Clerk().session, button)


def test_of_what_is_moved_in_a_text_the_first_are_shown_and_all_counted():
    """
    A message has a length; a text with more years and figures than that is read anyway.
    """
    named = [f"约{number}年" for number in range(100, 200)]
    said = wording.draft_taken(named, named)

    shown = named[: wording.MOST_MOVED] + named[: wording.MOST_LEFT]
    assert shown == re.findall(r"约\d+年", said)
    assert 2 == re.findall(r"\d+", said).count("100") - 2


def test_of_the_changes_of_a_revised_text_the_first_are_shown_and_all_counted():
    """
    A message has a length, a text may be another in every sentence.
    """
    changes = [(f"旧{number}。", f"新{number}。") for number in range(200)]
    said = wording.text_changes(changes)

    assert [f"{n}" for n in range(wording.MOST_CHANGES)] == re.findall(r"旧(\d+)", said)
    assert "200" in said.splitlines()[0]


# ------------------------------------------------------ old and forged buttons


CARRY_LINE = FORM.lines[CARRIED]


def unconfirmed(**others: int) -> Clerk:
    """
    A clerk with everything but 结转下年度, in the contents.
    """
    changes = {f"{name}.natural_person": value for name, value in others.items()}
    changes = {f"requests.{name}": value for name, value in changes.items()}
    return Clerk(answers=whole(changes, without=(CARRIED,))).opens()


def test_an_old_yes_to_a_played_back_table_confirms_no_other_carry():
    """
    The button speaks of the figures of its day.
    """
    clerk = unconfirmed().presses("s:3")
    old = clerk.button(Trigger.TABLE_RIGHT).id
    clerk.types("1 0 0 0 0 0", item="requests.received")

    clerk.presses(old)

    assert {} == clerk.stored
    assert clerk.session.is_open(CARRIED)


def test_a_table_with_a_gap_is_not_right():
    """
    Even with the mark of today's figures.
    """
    clerk = Clerk(answers=whole(without=(CARRIED, "requests.outcome.disclosed"))).opens()
    clerk.taps(Trigger.REVIEW).presses(f"n:3:{carry_mark(clerk.session, CARRY_LINE)}")

    assert {} == clerk.stored
    assert State.REVIEW is clerk.at[0]


def test_a_carry_below_nothing_is_not_confirmed():
    """
    More was answered than received: a finding, whatever button comes.
    """
    clerk = unconfirmed(**{"outcome.disclosed": 1})
    clerk.presses(f"carry:3:{carry_mark(clerk.session, CARRY_LINE)}")

    assert {} == clerk.stored
    assert clerk.session.is_open(CARRIED)


@pytest.mark.parametrize(
    "button",
    [
        "n:2",
        "prev:21",
        "keep:31",
        "lv:99",
        "def",
        id_of(FORM, "ts", "title"),
        id_of(FORM, "take", "requests.received.total"),
        id_of(FORM, "done", OVERVIEW),
    ],
)
def test_a_button_with_nothing_left_to_do_changes_nothing_and_leads_nowhere(button: str):
    """
    From the text of another section: nothing is stored, said as done, or left.
    """
    clerk = Clerk(answers=whole({"signature": TOWN})).opens().presses("s:5")
    before = clerk.session.place

    clerk.presses(button)

    assert {} == clerk.stored
    assert before == clerk.session.place
    assert MessageKind.RESULT not in {said.kind for said in clerk.said}


def test_a_question_that_waits_is_answered_by_its_own_buttons_only():
    """
    A conversion is neither a text to be replaced nor an import with switches.
    """
    fee = FORM.lines["proactive_disclosure.administrative_fees"]
    clerk = Clerk().opens().presses(f"o:{fee.number}").types("3500元")
    before = clerk.session.place

    for button in (f"rep:{before.mark}", f"app:{before.mark}", "imp:1"):
        clerk.presses(button)
        assert {} == clerk.stored
        assert before == clerk.session.place


def test_only_the_finding_on_the_card_is_put_aside():
    """
    The mark of another one is an old button.
    """
    clerk = finding_to_explain()
    before = clerk.session.place

    assert before == clerk.presses("park:abc").session.place


def test_what_must_be_corrected_takes_no_reason():
    """
    The finding stays, nothing is explained.
    """
    clerk = unconfirmed(**{"outcome.disclosed": 1}).presses("s:3")
    assert State.FINDING is clerk.at[0]

    clerk.types("上年文件已经全部清理废止，数字因此变化。")

    assert clerk.refused
    assert not any(isinstance(effect, Explain) for effect in clerk.shown)


# ------------------------------------------------------------- what is too long


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("title", "题" * 121),
        ("title", "一\n二\n三\n四"),
        ("signature", "款" * 61),
        ("signature_date", "2026年2月30日"),
    ],
)
def test_what_does_not_fit_the_cover_or_the_foot_is_refused(item: str, text: str):
    """
    The question stays open.
    """
    clerk = Clerk(answers=whole({"signature": TOWN})).opens().presses(id_of(FORM, "o", item))
    clerk.types(text)

    assert clerk.refused
    assert {} == clerk.stored
    assert (State.WORDING, item) == clerk.at


def test_a_message_is_cut_before_a_door_has_to():
    """
    Whatever an action has to say.
    """
    turn = Turn(Clerk().session)
    turn.note("字" * 9000)

    said = turn.effects[0]
    assert isinstance(said, Say)
    assert len(said.text) <= 4096


def test_emojis_count_twice_where_a_text_is_cut():
    """
    Telegram counts in units of sixteen bits.
    """
    assert all(len(piece) <= 1750 for piece in split_text("😀" * 5000, 3500))


def test_what_is_sought_has_a_length_and_its_hits_a_number():
    """
    A pasted text is no search; twenty buttons are enough.
    """
    clerk = Clerk().opens().types("公" * 31)
    assert wording.NOT_HERE == clerk.said[0].text

    clerk.types("办理结果")
    assert 20 == sum(len(row) for row in clerk.said[0].buttons)


def test_the_review_of_a_report_full_of_mistakes_fits_a_message():
    """
    Eight findings are named; the others are counted.
    """
    wrong = dict.fromkeys(FORM.sums, 9)
    clerk = Clerk(answers=whole(wrong)).opens().commands("menu").taps(Trigger.REVIEW)

    assert 8 == clerk.verbs.count(Trigger.FINDING)
    assert len(clerk.card.text) <= wording.LIMIT


def test_no_final_document_is_made_while_something_must_be_corrected():
    """
    Nothing is missing; an old button for the document still leads to the review.
    """
    clerk = Clerk(answers=whole({"requests.outcome.disclosed.natural_person": 1})).opens()
    clerk.presses("fin")

    assert [] == clerk.documents
    assert State.REVIEW is clerk.at[0]


def test_a_question_that_waited_waits_while_another_line_is_answered():
    """
    Whoever leaves it for another line finds it on the way back, its buttons alive.
    """
    fee = FORM.lines["proactive_disclosure.administrative_fees"]
    clerk = Clerk().opens().presses(f"o:{fee.number}").types("3500元")
    asked = clerk.card
    assert State.CONFIRM is clerk.at[0]

    clerk.types("1 0 0 0 0 0", item="requests.received")

    assert asked == clerk.card
    clerk.taps(Trigger.YES)
    assert {fee.cells[0].id: Decimal("0.35")} == clerk.stored


def test_a_reply_to_the_total_of_a_row_is_no_answer():
    """
    A total is computed; replying to it opens its row.
    """
    clerk = Clerk().opens().types("5", item="requests.received.total")

    assert {} == clerk.stored
    assert State.CELL is not clerk.at[0]


def test_a_typed_figure_is_an_answer_even_where_a_button_says_the_same():
    """
    「0」 typed at a figure that stands replaces it; the button would ask first.
    """
    cell = "proactive_disclosure.licensing.decisions"
    clerk = Clerk(answers=whole({cell: 7})).opens().presses(id_of(FORM, "o", cell)).types("0")

    assert {cell: 0} == clerk.stored
