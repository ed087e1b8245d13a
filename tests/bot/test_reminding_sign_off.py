"""
Reminders and the states of sign-off: who waits for whom.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.reminding.claim import Outcome, settle, tick
from bot.reminding.look import explain
from bot.task_door import TaskDoor
from conversations.form.answers import Value
from conversations.reminders.decide import Why
from conversations.sign_off.states import Deed, Role
from conversations.wording import reminders as words
from storage import Store
from storage.members import Members
from storage.people import People
from storage.reminders import task_id
from tests.county import TOWN, answer, at, finish
from tests.sign_off import LEADER, LI, WANG, ZHAO, decides, joins, remarks, team

HANDED_IN = at("2026-01-20 10:00")  # a Tuesday; the deadline is Saturday 31 January
WEEK_BEFORE = at("2026-01-23 09:00")
HELPER = 103


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """
    A store in a file.
    """
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def report(store: Store) -> int:
    """
    Two clerks, a leader, an administrator; everything is filled in.
    """
    return team(store, {WANG: "王芳", LI: "李伟"}, administrators={ZHAO: "赵敏"})


def reminded(store: Store, now: datetime) -> dict[int, str]:
    """
    Who is sent what at a moment; it is sent.
    """
    said = {}
    for _ in range(20):
        ticked = tick(store, now)
        for claim in ticked.claims:
            said[claim.person] = json.loads(claim.row.payload)["text"]
        settle(store, (Outcome(claim, claim.row.id) for claim in ticked.claims))
        if not ticked.looked:
            return said
    raise AssertionError("the ticks do not come to an end")


def why(store: Store, now: datetime, name: str) -> str:
    with store.read() as reader:
        lines, _ = explain(reader, now)
    (line,) = (line.line for line in lines if name in line.line)
    return line


def test_a_leader_is_reminded_of_what_waits_and_the_clerk_is_left_alone(store: Store, report: int):
    """
    From the next working day on, since when it waits; without a hand-in nothing is said.
    """
    assert {WANG, LI, ZHAO} == set(reminded(store, HANDED_IN.replace(hour=9)))
    decides(store, report, WANG, Deed.SUBMIT, HANDED_IN)
    assert {} == reminded(store, HANDED_IN.replace(hour=17))
    heard = reminded(store, at("2026-01-21 09:00"))
    assert {LEADER} == set(heard)
    assert "1月20日" in heard[LEADER]
    assert {} == reminded(store, at("2026-01-22 09:00"))
    week = reminded(store, WEEK_BEFORE)
    assert {LEADER, ZHAO} == set(week)
    assert words.SUBMITTED.format(1, TOWN) in week[ZHAO]
    assert words.WHY[Why.WITH_LEADER] in why(store, WEEK_BEFORE, "王芳")

    decides(store, report, LEADER, Deed.APPROVE, WEEK_BEFORE)
    assert {} == reminded(store, at("2026-01-28 09:00"))


def test_a_returned_report_is_the_clerks_work_again(store: Store, report: int):
    """
    With the number of remarks, although everything is filled in.
    """
    decides(store, report, WANG, Deed.SUBMIT, HANDED_IN)
    remarks(store, report, LEADER, "overview", "请补充")
    remarks(store, report, LEADER, "", "尽快")
    decides(store, report, LEADER, Deed.RETURN, HANDED_IN)

    heard = reminded(store, WEEK_BEFORE)
    assert {WANG, LI, ZHAO} == set(heard)
    assert words.TO_ANSWER.format(2) in heard[WANG]
    assert words.ONLY_HAND_IN in heard[WANG]
    assert words.SUBMITTED.format(1, TOWN) not in heard[ZHAO]


def test_a_helper_is_reminded_of_their_part_only(store: Store, report: int):
    """
    Not of the hand-in, which is the clerk's, nor of what is open elsewhere.
    """
    joins(store, HELPER, "帮手", Role.CLERK, parts=("requests",))
    assert {WANG, LI, ZHAO} == set(reminded(store, WEEK_BEFORE))
    wanted: dict[str, Value | None] = {"requests.received.natural_person": None}
    answer(store, report, wanted, WEEK_BEFORE)
    assert HELPER in reminded(store, at("2026-01-28 09:00"))


def test_what_was_opened_again_is_to_be_done_again(store: Store, report: int):
    """
    Although a final document was made before; also in an office without a leader.
    """
    decides(store, report, WANG, Deed.SUBMIT, HANDED_IN)
    decides(store, report, LEADER, Deed.APPROVE, HANDED_IN)
    assert {} == reminded(store, at("2026-01-22 09:00"))
    with store.begin() as unit:
        (leader,) = Members(unit).memberships(LEADER)
        Members(unit).remove(leader, "operator", HANDED_IN)
    decides(store, report, WANG, Deed.REOPEN, HANDED_IN, reason="笔误")
    heard = reminded(store, WEEK_BEFORE)
    assert {WANG, LI, ZHAO} == set(heard)
    assert words.ONLY_DOCUMENT in heard[LI]
    finish(store, report, WEEK_BEFORE)
    assert {} == reminded(store, at("2026-01-28 09:00"))


def test_a_leaders_button_opens_the_report(store: Store, report: int):
    """
    Not the next question, which is the clerk's.
    """
    decides(store, report, WANG, Deed.SUBMIT, HANDED_IN)
    with store.begin() as unit:
        assert People(unit).report_of(report)
        for person, button in ((LEADER, "show"), (WANG, "go")):
            door = TaskDoor(unit, person, HANDED_IN, frozenset())
            reply = door.tapped(f"{words.GO}:{task_id(report)}:0")
            assert reply is not None
            assert f"{report:x}/{button}" == reply.go
