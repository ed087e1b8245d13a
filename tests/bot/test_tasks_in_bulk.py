"""
The dates of many organs' tasks, more time for one, and an organ that need not report this year.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.frame import FINE, REFUSED
from bot.reminding.asker import Reply
from bot.task_door import TaskDoor
from conversations.reminders.tasks import Task
from conversations.wording import tasks as wording
from storage import Store
from storage.messages import Messages
from storage.tasks import TaskReader
from tests.county import TOWN, WEEK_BEFORE, office

WANG, HEAD = 101, 900


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with Store.open(data) as opened:
        yield opened


@pytest.fixture
def report(store: Store) -> int:
    """
    The town's, with a clerk and its administrator; due on 31 January, collected on the 20th.
    """
    return office(
        store,
        clerks={WANG: "王芳"},
        administrators={HEAD: "县办"},
        internal=date(2026, 1, 20),
    )


def types(store: Store, text: str, report: int) -> Reply:
    with store.begin() as unit:
        reply = TaskDoor(unit, HEAD, WEEK_BEFORE).command("task", text, report)
    assert reply is not None
    return reply


def taps(store: Store, data: str) -> Reply:
    with store.begin() as unit:
        reply = TaskDoor(unit, HEAD, WEEK_BEFORE).tapped(data)
    assert reply is not None
    return reply


def task(store: Store, report: int) -> Task:
    with store.read() as reader:
        found = TaskReader(reader).task(report)
    assert found is not None
    return found


def told(store: Store, person: int) -> list[str]:
    """
    What waits to be said to somebody.
    """
    with store.begin() as unit:
        return [message.payload for message in Messages(unit).unsent() if message.chat == person]


@pytest.mark.parametrize(
    "typed",
    [
        "延期 2月10日 换了填报人",
        "延期到2月10日，原因：换了填报人",
        "延期至2026-02-10 原因是换了填报人",
    ],
)
def test_more_time_is_counted_from_its_day_and_keeps_its_reason(
    store: Store, report: int, typed: str
):
    """
    However it is typed; the clerk hears of it once.
    """
    reply = types(store, typed, report)
    kept = task(store, report)
    assert (date(2026, 2, 10), None, "换了填报人") == (kept.deadline, kept.internal, kept.reason)
    assert [WANG] == [message.chat for message in reply.told]
    assert () == types(store, typed, report).told
    assert kept == task(store, report)


def test_more_time_before_the_deadline_leaves_the_deadline(store: Store, report: int):
    """
    Only the day on which it is collected moves; what is no later is refused.
    """
    assert wording.NOT_LATER in types(store, "延期 1月20日 换了填报人", report).says[0].text
    types(store, "延期 1月28日 换了填报人", report)
    kept = task(store, report)
    assert (date(2026, 1, 31), date(2026, 1, 28)) == (kept.deadline, kept.internal)


def test_more_time_is_given_with_two_taps(store: Store, report: int):
    """
    A day, then one of the usual reasons; without a reason nothing is kept.
    """
    days = [b.id for row in taps(store, f"tk:{report:x}:x").says[0].buttons for b in row]
    reasons = taps(store, days[1]).says[0].buttons
    assert "" == task(store, report).reason
    taps(store, reasons[0][0].id)
    kept = task(store, report)
    assert (date(2026, 1, 30), wording.EXTENSION_REASONS[0]) == (kept.internal, kept.reason)


def test_another_date_takes_the_reason_with_it(store: Store, report: int):
    """
    It was given for the date that is gone.
    """
    types(store, "延期 2月10日 换了填报人", report)
    types(store, "截止 2026-2-12", report)
    assert "" == task(store, report).reason


def test_an_organ_that_need_not_report_hears_so_once_and_is_not_reminded(store: Store, report: int):
    """
    And hears that it must, where it is asked for again.
    """
    taps(store, f"tk:{report:x}:n")
    assert not task(store, report).withdrawn
    excused = types(store, "不用报 年底才挂牌", report)
    kept = task(store, report)
    assert (True, "年底才挂牌") == (kept.withdrawn, kept.reason)
    assert [WANG] == [message.chat for message in excused.told]
    assert () == types(store, "不用报 并到财政局", report).told
    with store.read() as reader:
        waiting = TaskReader(reader).person_to_remind(WANG, WEEK_BEFORE)
    assert waiting is not None
    assert () == waiting.clerk_of

    again = types(store, "恢复", report)
    kept = task(store, report)
    assert (False, "") == (kept.withdrawn, kept.reason)
    assert [WANG] == [message.chat for message in again.told]


def test_the_terminal_gives_more_time_and_excuses_an_organ(data: Path, store: Store, report: int):
    """
    A reason goes with the date it is for.
    """
    one = ["task", "--organ", TOWN, "--year", "2025", "--data", str(data)]
    assert FINE == main([*one, "--deadline", "2026-02-10", "--reason", "换了填报人"])
    kept = task(store, report)
    assert (date(2026, 2, 10), None, "换了填报人") == (kept.deadline, kept.internal, kept.reason)
    assert FINE == main([*one, "--excuse", "年底才挂牌"])
    kept = task(store, report)
    assert (True, "年底才挂牌") == (kept.withdrawn, kept.reason)
    assert 2 == len(told(store, WANG))
    assert REFUSED == main([*one, "--reason", "换了填报人"])
    assert FINE == main([*one, "--restore"])
    assert not task(store, report).withdrawn
