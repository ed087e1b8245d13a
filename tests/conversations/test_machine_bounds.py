"""
The bounds of the talk: nothing that is kept grows without end, whatever is sent.
"""

from dataclasses import replace

import pytest

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.talk.effects import Explain
from conversations.talk.events import Opened
from conversations.talk.moves.findings import PARKED_LIMIT, REASON_LIMIT
from conversations.talk.moves.turn import TEXT_LIMIT
from conversations.talk.session import BACK_LIMIT, State
from conversations.talk.triggers import Trigger, knows_button
from tests.dialogue import Clerk, id_of, whole

OVERVIEW = "overview"


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


def finding_to_explain() -> Clerk:
    """
    A clerk before a finding that wants a reason: last year's number in the text.
    """
    clerk = Clerk(answers=whole(without=(OVERVIEW,))).opens().presses("s:1")
    clerk.types("2024年，本机关共收到申请3件。", "完成")
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
    old = tuple(f"{number:x}" for number in range(PARKED_LIMIT))
    clerk.session = clerk.session.at(replace(clerk.session.place, parked=old))
    clerk.does(Opened()).taps(Trigger.PARK)

    parked = clerk.session.place.parked
    assert PARKED_LIMIT == len(parked)
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
