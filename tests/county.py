"""
Organs with their members in a store, for tests of tasks and reminders.
"""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from conversations.form.answers import Value
from conversations.form.organ import Level
from conversations.reminders.decide import Delivery, Reminder
from conversations.reminders.tasks import Task, default_deadline
from conversations.talk.effects import Save
from storage import Store
from storage.people import People
from storage.reminders import task_id
from storage.tasks import Tasks

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOWN = "雷鸣镇人民政府"
YEAR = 2025
# Seven days before the default deadline is Saturday the 24th; the reminder is moved to Friday.
WEEK_BEFORE = datetime(2026, 1, 23, 9, 0, tzinfo=SHANGHAI)
AUTUMN = datetime(2025, 10, 9, 10, 0, tzinfo=SHANGHAI)


def at(text: str) -> datetime:
    """
    A moment in Shanghai: `at("2026-01-23 09:00")`.
    """
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def delivered(reminder: Reminder, at: datetime) -> Delivery:
    """
    What the store keeps of a reminder that was sent.
    """
    return Delivery(
        reminder.task.id, reminder.kind, reminder.day, at, reminder.step, reminder.number
    )


def office(
    store: Store,
    organ: str = TOWN,
    clerks: Mapping[int, str] | None = None,
    *,
    year: int = YEAR,
    deadline: date | None = None,
    internal: date | None = None,
    administrators: Mapping[int, str] | None = None,
) -> int:
    """
    An organ with its members and a task; the report's id.
    """
    with store.begin() as unit:
        report_id = unit.open_report(organ, year, now=AUTUMN, edition="2021")
        people, tasks = People(unit), Tasks(unit)
        organ_id = unit.organ(organ, AUTUMN)
        for role, whom in (("clerk", clerks or {}), ("administrator", administrators or {})):
            for person, name in whom.items():
                people.begin(person, AUTUMN, name)
                people.join(person, organ_id, role, AUTUMN)
                tasks.wake(person)
        task = Task(
            task_id(report_id),
            organ,
            year,
            deadline or default_deadline(year, Level.TOWNSHIP),
            internal,
        )
        tasks.set_task(task, report_id)
    return report_id


def answer(store: Store, report_id: int, values: Mapping[str, Value | None], now: datetime) -> None:
    """
    Store answers as a step of the conversation does.
    """
    with store.begin() as unit:
        held = unit.load(report_id, "1").answers
        saves = [Save(item, held.get(item), value) for item, value in values.items()]
        unit.save(report_id, saves, by="1", at=now, door="telegram")
        Tasks(unit).progressed(report_id)


def finish(store: Store, report_id: int, now: datetime) -> None:
    """
    Note that the final document is made.
    """
    with store.begin() as unit:
        unit.finish(report_id, now)
