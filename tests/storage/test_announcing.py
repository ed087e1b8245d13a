"""
Who is told of a step of sign-off, when, and that it is once: on every kind of store.
"""

import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot import memberships
from bot.telegram.announcing import announce_due
from bot.telegram.intake import Intake
from bot.telegram.talk import DoorSettings
from conversations.sign_off.comparison import (
    CellDifference,
    Comparison,
    Result,
    TextDifference,
    recorded,
)
from conversations.sign_off.states import Deed, ReportState, Role
from conversations.wording import announcing as wording
from conversations.wording import comparing
from conversations.wording.deeds import BY_OPERATOR
from storage import Store
from storage.members import Members
from storage.messages import Messages
from storage.organs import place_below
from storage.people import People
from storage.sign_off import ANY_DUE, SignOffs
from storage.tasks import Tasks
from tests.county import SHANGHAI, TOWN, at
from tests.sign_off import LEADER, LI, WANG, ZHAO, decides, joins, remarks, team

DAY = at("2026-01-20 10:00")  # a Tuesday
NIGHT = at("2026-01-20 22:30")
MORNING = at("2026-01-21 09:00")
DEPUTY, ADMIN = 202, 401


@pytest.fixture
def report(store: Store) -> int:
    """
    Two clerks, a helper, a leader and an administrator; the deadline is 31 January.
    """
    report_id = team(store, {WANG: "王芳", LI: "李伟"}, administrators={ZHAO: "赵敏"})
    joins(store, 103, "帮手", Role.CLERK, parts=("requests",))
    return report_id


def told(store: Store, now: datetime, process: str | None = None) -> dict[int, dict[str, Any]]:
    """
    What people are told at a moment: the last message of each.
    """
    with time_machine.travel(now, tick=False):
        job = announce_due(Intake(store, DoorSettings("bot", Path(), SHANGHAI), process))
    return {row.chat: row.data for row in job.sends}


def buttons(payload: dict[str, Any]) -> list[str]:
    return [button[0].partition("/")[2] for row in payload["buttons"] for button in row]


def test_each_step_is_told_to_whom_it_concerns_once(store: Store, report: int):
    """
    Never to whoever took it, nor to a helper.
    """
    heard = []
    for minute, (person, deed) in enumerate(
        (
            (WANG, Deed.SUBMIT),
            (WANG, Deed.WITHDRAW),
            (WANG, Deed.SUBMIT),
            (LEADER, Deed.RETURN),
            (LI, Deed.SUBMIT),
            (LEADER, Deed.APPROVE),
            (ZHAO, Deed.REOPEN),
        )
    ):
        now = DAY.replace(minute=minute)
        decides(store, report, person, deed, now, reason="笔误")
        heard.append((deed, set(told(store, now))))
        assert {} == told(store, now)

    assert [
        (Deed.SUBMIT, {LEADER}),
        (Deed.WITHDRAW, {LEADER}),
        (Deed.SUBMIT, {LEADER}),
        (Deed.RETURN, {WANG, LI}),
        (Deed.SUBMIT, {LEADER}),
        (Deed.APPROVE, {WANG, LI}),
        (Deed.REOPEN, {WANG, LI, LEADER}),
    ] == heard


def test_what_is_decided_at_night_is_told_in_the_morning(store: Store, report: int):
    """
    When the person's own hours begin; on a weekend on Monday.
    """
    with store.begin() as unit:
        Tasks(unit).wishes(LEADER, *hours("10:00", "16:00"))
    decides(store, report, WANG, Deed.SUBMIT, NIGHT)
    assert {} == told(store, NIGHT)
    assert {} == told(store, MORNING)
    assert {LEADER} == set(told(store, MORNING.replace(hour=10)))

    friday = at("2026-01-23 17:00")
    decides(store, report, LEADER, Deed.RETURN, friday.replace(hour=19))
    assert {} == told(store, at("2026-01-25 12:00"))
    assert {WANG, LI} == set(told(store, at("2026-01-26 09:00")))


def hours(start: str, end: str) -> tuple[Any, ...]:
    from datetime import time

    from conversations.reminders.people import Mode

    return (Mode.OFF, time.fromisoformat(start), time.fromisoformat(end), None)


def test_on_the_deadlines_day_it_is_told_at_once(store: Store, report: int):
    """
    31 January 2026 is a Saturday; the evening before waits for its morning, not for Monday.
    """
    decides(store, report, WANG, Deed.SUBMIT, at("2026-01-30 22:00"))
    assert {} == told(store, at("2026-01-31 08:59"))
    assert {LEADER} == set(told(store, at("2026-01-31 09:00")))
    late = at("2026-01-31 23:10")
    decides(store, report, LEADER, Deed.RETURN, late)
    assert {WANG, LI} == set(told(store, late))


def test_what_a_newer_step_has_overtaken_is_not_told(store: Store, report: int):
    """
    Handed in and taken back in one night is nothing; handed in again it is one word.
    """
    decides(store, report, WANG, Deed.SUBMIT, NIGHT)
    decides(store, report, WANG, Deed.WITHDRAW, NIGHT)
    assert {} == told(store, MORNING)

    evening = at("2026-01-21 20:00")
    decides(store, report, WANG, Deed.SUBMIT, evening)
    decides(store, report, LEADER, Deed.RETURN, evening)
    decides(store, report, WANG, Deed.SUBMIT, evening)
    heard = told(store, at("2026-01-22 09:00"))
    assert {LEADER} == set(heard)
    assert "王芳" in heard[LEADER]["text"]


def test_a_hand_in_that_was_read_of_is_taken_back_for_whoever_read_of_it(store: Store, report: int):
    """
    Also when another one came and went before they could hear of either.
    """
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    assert {LEADER} == set(told(store, DAY))
    for deed in (Deed.WITHDRAW, Deed.SUBMIT, Deed.WITHDRAW):
        decides(store, report, WANG, deed, NIGHT)
    assert {LEADER} == set(told(store, MORNING))


def test_only_a_publication_that_differs_is_told(store: Store, report: int):
    """
    And an approval that nobody has heard of yet is told in spite of it.
    """
    decides(store, report, WANG, Deed.SUBMIT, NIGHT)
    decides(store, report, LEADER, Deed.APPROVE, NIGHT)
    decides(store, report, WANG, Deed.PUBLISH, NIGHT, result="equal", address="https://a.gov.cn")
    heard = told(store, MORNING)
    assert {WANG, LI} == set(heard)
    assert "李局" in heard[LI]["text"]

    cell = CellDifference("requests.received.natural_person", 12, 21)
    text = TextDifference("overview", "收到申请3件", "收到申请4件")
    found = Comparison(Result.DIFFERENT, (cell, replace(cell, theirs="")), (text,))
    differs = {"result": found.result.value, "differences": found.dumps()}
    assert found == recorded(differs)
    decides(store, report, WANG, Deed.PUBLISH, DAY, **differs)
    heard = told(store, DAY)
    assert {LI, LEADER} == set(heard)
    assert comparing.cell_line(cell, comparing.APPROVED) in heard[LEADER]["text"]
    decides(store, report, WANG, Deed.PUBLISH, DAY, result="different", why="表四")
    assert {} == told(store, DAY)
    for _ in range(2):
        decides(store, report, WANG, Deed.PUBLISH, NIGHT, result="not compared", why="打不开")
    assert {LI, LEADER} == set(told(store, MORNING))


def test_a_return_has_its_remarks_and_a_button_to_each(store: Store, report: int):
    """
    In the message itself; the report opens with one more.
    """
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    told(store, DAY)
    remarks(store, report, LEADER, "overview", "请补充会议次数")
    remarks(store, report, LEADER, "requests.received.natural_person", "是 3 件吗？")
    remarks(store, report, LEADER, "", "尽快")
    decides(store, report, LEADER, Deed.RETURN, DAY)

    heard = told(store, DAY)[WANG]
    for text in ("请补充会议次数", "是 3 件吗？", "尽快", "李局"):
        assert text in heard["text"]
    *places, opens = buttons(heard)
    assert (["rm", "rm", "rm"], wording.SHOW) == ([p.partition(":")[0] for p in places], opens)


def test_who_has_left_or_cannot_be_written_to_hears_nothing(store: Store, report: int):
    """
    Nor somebody who is only a helper by then; nothing is left to be told later.
    """
    joins(store, DEPUTY, "副局", Role.LEADER)
    decides(store, report, WANG, Deed.SUBMIT, NIGHT)
    with store.begin() as unit:
        (deputy,) = (m for m in Members(unit).memberships(DEPUTY))
        Members(unit).remove(deputy, "operator", NIGHT)
        People(unit).reachable(LEADER, False)
    assert {} == told(store, MORNING)
    with store.begin() as unit:
        People(unit).reachable(LEADER, True)
        assert () == SignOffs(unit).untold(report)

    # Nor whoever has handed it in.
    decides(store, report, LEADER, Deed.RETURN, DAY)
    decides(store, report, LI, Deed.SUBMIT, NIGHT)
    decides(store, report, LEADER, Deed.RETURN, NIGHT)
    with store.begin() as unit:
        (li,) = Members(unit).memberships(LI)
        Members(unit).remove(li, "operator", NIGHT)
    assert {WANG} == set(told(store, MORNING))


def test_what_an_operator_did_for_somebody_is_told_to_them(store: Store, report: int):
    """
    And says so.
    """
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    told(store, DAY)
    decides(store, report, LEADER, Deed.APPROVE, DAY, operator="1")
    heard = told(store, DAY)
    assert {WANG, LI, LEADER} == set(heard)
    assert BY_OPERATOR in heard[LEADER]["text"]


def test_one_that_cannot_be_told_does_not_stop_the_others(
    store: Store, report: int, monkeypatch: pytest.MonkeyPatch
):
    """
    It is tried again later.
    """
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    told(store, DAY)
    decides(store, report, LEADER, Deed.RETURN, DAY)
    whole = People.focus

    def focus(self: People, person: int) -> Any:
        if person == WANG:
            raise RuntimeError("a mistake of ours")
        return whole(self, person)

    with monkeypatch.context() as broken:
        broken.setattr(People, "focus", focus)
        assert {LI} == set(told(store, DAY))
    assert {} == told(store, DAY)
    assert {WANG} == set(told(store, DAY.replace(hour=11)))


@pytest.fixture
def both(shared_store: Store) -> tuple[Store, int]:
    """
    An office in a store that several use at once.
    """
    return shared_store, team(shared_store)


def test_two_that_tell_at_once_tell_once(both: tuple[Store, int]):
    """
    Whoever takes the row away sends; both have seen it wait.
    """
    store, report = both
    for number in range(20):
        joins(store, 500 + number, f"领导{number}", Role.LEADER)
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    together = threading.Barrier(4)
    heard: list[int] = []
    failed: list[Exception] = []

    def tells(process: str) -> None:
        intake = Intake(store, DoorSettings("bot", Path(), SHANGHAI), process)
        try:
            together.wait(20)
            for _ in range(20):
                sends = announce_due(intake).sends
                heard.extend(row.chat for row in sends if row.method == "sendMessage")
                with store.read() as reader:
                    if not reader.run(ANY_DUE, now=DAY).first():
                        return
        except Exception as error:  # noqa: BLE001 - the main thread asserts that there was none
            failed.append(error)

    with time_machine.travel(DAY, tick=False):
        threads = [threading.Thread(target=tells, args=(f"p{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [] == failed
    assert sorted([LEADER, *range(500, 520)]) == sorted(heard)
    with store.begin() as unit:
        unsent = Messages(unit).unsent()
    rows = [row.chat for row in unsent if row.method == "sendMessage"]
    assert sorted(heard) == sorted(rows)


def leaves(store: Store, person: int, now: datetime) -> None:
    with store.begin() as unit:
        (member,) = Members(unit).memberships(person)
        assert memberships.remove(unit, member, memberships.OPERATOR, now) is not None


def test_when_the_only_leader_leaves_it_goes_back_to_the_clerk(store: Store, report: int):
    """
    And its administrators are told; while another leader is there it waits for them.
    """
    joins(store, DEPUTY, "副局", Role.LEADER)
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    told(store, DAY)
    leaves(store, LEADER, DAY)
    with store.begin() as unit:
        assert ReportState.SUBMITTED is unit.load(report, "").sign_off.state
    leaves(store, DEPUTY, DAY)

    with store.begin() as unit:
        stored = unit.load(report, "")
        last = stored.sign_off.last
    assert last is not None
    assert (ReportState.OPEN, Deed.HAND_BACK, "system") == (last.state, last.deed, last.by)
    assert {WANG, LI, ZHAO} == set(told(store, DAY))


def test_where_an_office_has_no_administrator_those_above_are_told(store: Store):
    """
    Those of the organ above, or whoever looks after all.
    """
    report = team(store)
    with store.begin() as unit:
        Tasks(unit).administrators([ADMIN])
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    told(store, DAY)
    leaves(store, LEADER, DAY)
    with store.begin() as unit:
        assert {WANG, ADMIN} == {person for person, *_ in SignOffs(unit).untold(report)}

    joins(store, ZHAO, "赵敏", Role.ADMINISTRATOR, "某县人民政府")
    joins(store, LEADER, "李局", Role.LEADER)
    with store.begin() as unit:
        county, town = (unit.organ(name, DAY) for name in ("某县人民政府", TOWN))
        place_below(unit, town, county)
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    told(store, DAY)
    leaves(store, LEADER, DAY)
    assert {WANG, ZHAO} == set(told(store, DAY))


def test_what_was_decided_already_stays_when_the_leader_leaves(store: Store, report: int):
    """
    An approval is not taken back.
    """
    decides(store, report, WANG, Deed.SUBMIT, DAY)
    decides(store, report, LEADER, Deed.APPROVE, DAY)
    leaves(store, LEADER, DAY)
    with store.begin() as unit:
        assert ReportState.APPROVED is unit.load(report, "").sign_off.state
