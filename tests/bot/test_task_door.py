"""
Who may do what with tasks and reminders, at the door itself: anybody may send anything.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.reminding import nudging
from bot.reminding.asker import Reply
from bot.reminding.look import WorkCache
from bot.task_door import TaskDoor
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.reminders.decide import Why
from conversations.reminders.known import PersonToRemind
from conversations.reminders.people import Mode
from conversations.reminders.tasks import Task
from conversations.wording import reminders
from conversations.wording import tasks as wording
from storage import Store
from storage.people import People
from storage.tasks import TaskReader, Tasks
from tests.county import AUTUMN, TOWN, WEEK_BEFORE, answer, finish, office
from tests.said import numbers, pieces
from tests.storage.clerk import leaves

WANG, LI, COUNTY, OTHER, ADMIN = 101, 102, 900, 901, 999
ZEROS = dict.fromkeys((*FORM.asked, *FORM.balance), 0)
TEXTS = {narrative.id for narrative in FORM.narratives}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def report(store: Store) -> int:
    """
    The town's, with two clerks and its administrator; another office has one of its own.
    """
    office(store, "别县财政局", administrators={OTHER: "别县"})
    return office(store, clerks={WANG: "王芳", LI: "李伟"}, administrators={COUNTY: "县办"})


def types(store: Store, person: int, text: str, screen: int | None = None) -> Reply:
    name, _, argument = text.removeprefix("/").partition(" ")
    with store.begin() as unit:
        reply = TaskDoor(unit, person, WEEK_BEFORE, frozenset({ADMIN})).command(
            name, argument, screen
        )
    assert reply is not None
    return reply


def taps(store: Store, person: int, data: str) -> Reply:
    with store.begin() as unit:
        reply = TaskDoor(unit, person, WEEK_BEFORE, frozenset({ADMIN})).tapped(data)
    assert reply is not None
    return reply


def texts(reply: Reply) -> str:
    return reply.toast + "".join(said.text for said in reply.says)


def task(store: Store, report_id: int) -> Task:
    with store.read() as reader:
        found = TaskReader(reader).task(report_id)
    assert found is not None
    return found


def seen(store: Store, person: int) -> PersonToRemind | None:
    with store.read() as reader:
        return TaskReader(reader).person_to_remind(person, WEEK_BEFORE)


def test_other_commands_and_buttons_are_not_ours(store: Store):
    """
    They belong to the conversation.
    """
    with store.begin() as unit:
        door = TaskDoor(unit, WANG, WEEK_BEFORE)

        assert None is door.command("review", "", None)
        assert None is door.tapped("s:3")


@pytest.mark.parametrize("person", [WANG, OTHER])
def test_only_the_organs_own_administrator_changes_its_task(store: Store, report: int, person: int):
    """
    Not a clerk, not another office's administrator: typed, by name, or with forged buttons.
    """
    before = task(store, report)
    section = FORM.section["requests"].item

    for line in ("截止 2026-3-1", "收集 2026-1-10", "分工 三 李伟", "撤销", TOWN):
        assert TOWN not in texts(types(store, person, f"/task {line}", screen=report))
    for data in ("", ":d:20260301", ":i:20260110", f":a:{section}:{LI}", ":w:y", ":c"):
        reply = taps(store, person, f"tk:{report:x}{data}")
        assert (wording.NOT_YOURS, ()) == (texts(reply), reply.files)

    assert before == task(store, report)


@pytest.mark.parametrize("person", [COUNTY, ADMIN])
def test_the_administrator_changes_dates_and_parts(store: Store, report: int, person: int):
    """
    Of the organ, or of all of them.
    """
    section = FORM.section["requests"].item

    taps(store, person, f"tk:{report:x}:i:20260110")
    taps(store, person, f"tk:{report:x}:a:{section}:{LI}")
    types(store, person, "/task 截止 2026-3-1", screen=report)

    found = task(store, report)
    assert (date(2026, 3, 1), date(2026, 1, 10)) == (found.deadline, found.internal)
    assert (("requests", str(LI)),) == found.assigned


def test_the_administrator_says_what_is_asked_for_beyond_the_form(store: Store, report: int):
    """
    What is no such thing is refused, and changes nothing.
    """
    for line in (
        "加问 政务微信发布信息 条",
        "加问 培训 次",
        "不问 培训",
        "字数 一=1000字以内",
        "标题 一=主动公开；依申请公开",
    ):
        types(store, COUNTY, f"/task {line}", screen=report)
    found = task(store, report).notice
    assert ["政务微信发布信息"] == [question.name for question in found.questions]
    assert {"overview": 1000} == dict(found.lengths)
    assert {"overview": ("主动公开", "依申请公开")} == dict(found.headings)

    for line in ("加问 条", "加问", "不问 培训", "字数 二=1000", "字数 一=很多", "标题 八=甲"):
        reply = types(store, COUNTY, f"/task {line}", screen=report)
        assert texts(reply) in wording.DEMANDS.values()
    types(store, WANG, "/task 字数 一=", screen=report)
    assert found == task(store, report).notice

    types(store, COUNTY, "/task 字数 一=", screen=report)
    assert not task(store, report).notice.lengths


def test_a_section_is_given_to_nobody_but_a_clerk_of_the_organ(store: Store, report: int):
    """
    A forged number of somebody else, or of no section, changes nothing.
    """
    section = FORM.section["requests"].item
    cell = FORM.number["requests.received.natural_person"]

    for data in (f"{section}:{OTHER}", f"{section}:x", f"99999:{LI}", f"²:{LI}", f"{cell}:{LI}"):
        taps(store, COUNTY, f"tk:{report:x}:a:{data}")

    assert () == task(store, report).assigned


def test_a_collection_date_after_the_deadline_is_refused(store: Store, report: int):
    """
    Typed or tapped; nothing is changed.
    """
    before = task(store, report)

    assert wording.WRONG_ORDER == texts(types(store, COUNTY, "/task 收集 2026-2-1", report))
    assert wording.WRONG_ORDER == texts(taps(store, COUNTY, f"tk:{report:x}:i:20260201"))
    assert before == task(store, report)


@pytest.mark.parametrize(
    "data", ["tk:", "tk:0", "tk:-1", "tk:xyz", f"tk:{'1' * 4000}:d", "tk:ffff"]
)
def test_a_button_of_no_report_is_nobodys(store: Store, report: int, data: str):
    """
    Even for those who look after all organs.
    """
    assert wording.NOT_YOURS == taps(store, ADMIN, data).toast


def test_a_reminder_of_a_report_that_is_gone_leads_nowhere(store: Store, report: int):
    """
    A number that never was.
    """
    assert Reply(toast=wording.GONE) == taps(store, WANG, "rgo:ffff:1")
    assert f"{report:x}/go" == taps(store, WANG, f"rgo:{report:x}:1").go


def test_who_is_no_member_has_no_reminders_to_set(store: Store, report: int):
    """
    Having left, or never come: nothing is kept of such a person's wishes.
    """
    with store.begin() as unit:
        people = People(unit)
        leaves(unit, WANG, TOWN, AUTUMN)
        people.begin(77, AUTUMN)

    for person in (WANG, 77):
        assert wording.NOT_MEMBER == texts(types(store, person, "/remind 关"))
        for data in ("rm:off", "rm:h:0800:1700", f"rtomorrow:{report:x}", f"rweek:{report:x}"):
            assert wording.NOT_MEMBER == texts(taps(store, person, data))
    assert None is seen(store, 77)


def test_the_longer_of_two_wishes_of_one_day_holds(store: Store, report: int):
    """
    「本周不提醒」 and then 「明天再说」, on a Tuesday: silence until Monday.
    """
    tuesday = WEEK_BEFORE - timedelta(days=3)
    with store.begin() as unit:
        door = TaskDoor(unit, WANG, tuesday)
        door.tapped(f"rweek:{report:x}")
        door.tapped(f"rtomorrow:{report:x}")

    person_to_remind = seen(store, WANG)
    assert person_to_remind is not None
    assert person_to_remind.member.snooze is not None
    assert date(2026, 1, 26) == person_to_remind.member.snooze.until


def test_a_put_off_speaks_of_the_persons_own_deadline_only(store: Store, report: int):
    """
    A number of another office's task is not looked up.
    """
    soon = office(store, "丙县教育局", {300: ""}, deadline=date(2026, 1, 25))

    assert (
        pieces(reminders.BUT_FOR_THE_DEADLINE)[0] not in taps(store, WANG, f"rweek:{soon:x}").toast
    )
    assert pieces(reminders.BUT_FOR_THE_DEADLINE)[0] in taps(store, 300, f"rweek:{soon:x}").toast


def test_turned_on_again_nothing_is_made_up_for(store: Store, report: int):
    """
    From that day on; a change of hours alone does not touch it.
    """
    types(store, WANG, "/remind 8:00-17:00")
    before = seen(store, WANG)
    assert before is not None
    assert None is before.member.since

    types(store, WANG, "/remind 关")
    types(store, WANG, "/remind 少")

    after = seen(store, WANG)
    assert after is not None
    assert (Mode.QUIETER, WEEK_BEFORE.date()) == (after.member.mode, after.member.since)


def test_five_calendar_files_are_enough(store: Store):
    """
    Of seven offices of one clerk, without a report on the screen.
    """
    for number in range(7):
        office(store, f"第{number}镇人民政府", {WANG: "王芳"})

    assert 5 == len(types(store, WANG, "/calendar").files)


# ---- nudging ----------------------------------------------------------------------------------


def nudged(store: Store) -> set[int]:
    with store.read() as reader:
        return {
            person_to_remind.person
            for person_to_remind in TaskReader(reader).everybody(WEEK_BEFORE)
            if any(own.nudges for own in person_to_remind.clerk_of)
        }


def nudges(store: Store, group: str = "") -> Reply:
    """
    The yes to what is asked first.
    """
    return taps(store, COUNTY, reminders.yes_nudge(group))


@pytest.mark.parametrize("person", [WANG, 77])
def test_only_administrators_nudge(store: Store, report: int, person: int):
    """
    Neither typed nor with the button of a summary.
    """
    assert wording.NOT_TO_NUDGE == texts(types(store, person, "/nudge"))
    for data in ("rnudge:all2025-0131", "rnudge:all2025-0131:y", "rnudge::y"):
        assert wording.NOT_YOURS == texts(taps(store, person, data))
    assert set() == nudged(store)


def test_a_nudge_stays_in_the_administrators_organs_and_in_the_group(store: Store, report: int):
    """
    The button of one summary is for its dates; another office's clerks hear nothing.
    """
    office(store, "别县财政局", {300: ""})
    office(
        store, "丙镇人民政府", {301: ""}, deadline=date(2026, 2, 28), administrators={COUNTY: ""}
    )

    nudges(store, "all2025-0131")
    assert {WANG, LI} == nudged(store)

    nudges(store)
    assert {WANG, LI, 301} == nudged(store)


def test_who_would_be_told_what_is_shown_first_and_nothing_is_done(store: Store, report: int):
    """
    An organ a line, what is left, who is not reached and where nobody is; one button does it.
    """
    office(store, "乙镇人民政府", administrators={COUNTY: "县办"})

    asked = types(store, COUNTY, "/nudge")

    assert {TOWN, "王芳", "李伟", "乙镇人民政府"} <= set(re.split("[·：、（。\\s]+", texts(asked)))
    assert ["2", "6", "1"] == numbers(texts(asked))
    yes, invite = (button.id for row in asked.says[0].buttons for button in row)
    assert ("rnudge::y", "rjoin:") == (yes, invite)
    assert texts(asked) == texts(taps(store, COUNTY, "rnudge:"))
    assert set() == nudged(store)
    assert reminders.nudged(2, [], ["乙镇人民政府"]) == texts(taps(store, COUNTY, yes))
    assert {WANG, LI} == nudged(store)

    again = types(store, COUNTY, "/nudge")

    assert ["rjoin:"] == [button.id for row in again.says[0].buttons for button in row]
    assert reminders.NOBODY_TO_NUDGE in texts(again)
    assert reminders.NOT_NUDGED[Why.NUDGED_TODAY] in texts(again)


def test_nobody_is_nudged_about_a_finished_report(store: Store, report: int):
    """
    Nor somebody whose own part is done.
    """
    done = office(store, "乙镇人民政府", {300: ""}, administrators={COUNTY: ""})
    finish(store, done, AUTUMN)
    answer(store, report, ZEROS, AUTUMN)
    with store.begin() as unit:
        for section in FORM.sections:
            Tasks(unit).assign(report, section.id, LI if section.id in TEXTS else WANG)

    nudges(store)
    assert {LI} == nudged(store)

    finish(store, report, WEEK_BEFORE)
    assert wording.NUDGE_NONE == texts(types(store, COUNTY, "/nudge"))


def test_of_very_many_everybody_is_asked_for_whatever_part_is_theirs(
    store: Store, report: int, monkeypatch: pytest.MonkeyPatch
):
    """
    No report is looked into then: whether something is left is found out when it is sent.
    """
    with store.begin() as unit:
        for section in FORM.sections:
            Tasks(unit).assign(report, section.id, WANG if section.id == "requests" else LI)
    monkeypatch.setattr(nudging, "EXACT", 0)
    monkeypatch.setattr(WorkCache, "of", None)

    nudges(store)

    assert {WANG, LI} == nudged(store)


def test_one_tap_nudges_no_more_than_may_keep_others_waiting(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    """
    The rest with the next tap, and it says so.
    """
    monkeypatch.setattr(nudging, "MOST_NUDGED", 2)
    for number in range(5):
        office(store, f"第{number}镇人民政府", {300 + number: ""}, administrators={COUNTY: ""})

    assert wording.NUDGE_MORE in texts(nudges(store))
    assert 2 == len(nudged(store))
    nudges(store)
    assert 4 == len(nudged(store))
