"""
Assigning sections of a report to people: give, take back, and their progress.

The same for every door, in one transaction. People who get or lose a section are told once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.handle import Clock, session_of
from bot.telling import tell
from conversations.form.model import ItemId, Section
from conversations.form.numbers import NUMBERS
from conversations.reminders.tasks import Task, default_deadline
from conversations.sign_off.states import Role
from conversations.talk.derived import missing_line, remaining, remaining_in, todo_questions
from conversations.talk.effects import Tone
from conversations.talk.session import Session
from conversations.wording import sharing as wording
from storage.members import Member, Members
from storage.messages import Message
from storage.organ_changes import organ_level
from storage.people import People
from storage.reminders import task_id
from storage.tasks import Tasks
from storage.unit import Unit


def filled_in(session: Session, section: Section) -> tuple[int, int]:
    """The number of answered figures or texts of a section, and of all."""
    wanted = len(session.form.asked_in.get(section.id, (section.id,)))
    left = remaining_in(session, section, ())
    return wanted - left.figures - left.texts, wanted


def owners(
    unit: Unit, report_id: int, members: Iterable[Member]
) -> dict[ItemId, tuple[Member, ...]]:
    """
    The owners of each section: the assigned clerk and its helpers; sections without any are absent.
    """
    task = Tasks(unit).task(report_id)
    assigned = dict(task.assigned) if task is not None else {}
    found: dict[ItemId, list[Member]] = {}
    for member in members:
        given = {section for section, owner in assigned.items() if owner == str(member.person)}
        for section in given | (member.parts or frozenset()):
            found.setdefault(section, []).append(member)
    return {section: tuple(them) for section, them in found.items()}


def give(
    unit: Unit, report_id: int, section: Section, to: Member, by: str, now: datetime
) -> list[Message]:
    """
    Assign a section to this clerk alone; `by` is the key of the person who assigns it.

    Returns:
        The messages to people who get or lose it.
    """
    told = _taken(unit, report_id, section, by, now, but=to.person)
    if to.parts is not None:
        People(unit).set_parts(to.person, to.organ_id, to.parts | {section.id})
    assign(unit, report_id, section.id, to.person)
    if to.key != by and to.reachable:
        told.append(_tell(unit, to.person, report_id, wording.GIVEN, section, now))
    return told


def take_back(
    unit: Unit, report_id: int, section: Section, organ_id: int, by: str, now: datetime
) -> list[Message]:
    """Open a section to all clerks again; invitations for it are revoked."""
    told = _taken(unit, report_id, section, by, now)
    if Tasks(unit).task(report_id) is not None:
        Tasks(unit).assign(report_id, section.id, None)
    members = Members(unit)
    for invitation in members.invitations(now, organ_id):
        if section.id in (invitation.parts or ()):
            members.revoke(organ_id, invitation.id, now)
    return told


def assign(unit: Unit, report_id: int, section: ItemId, person: int) -> None:
    """Note the owner of a section for the reminders; a missing task is made."""
    tasks = Tasks(unit)
    if tasks.task(report_id) is None:
        _, organ, year = People(unit).report_of(report_id)
        task = Task(
            task_id(report_id), organ, year, default_deadline(year, organ_level(unit, organ))
        )
        tasks.set_task(task, report_id)
    tasks.assign(report_id, section, person)


def joined(unit: Unit, organ: str, person: int, parts: frozenset[ItemId]) -> None:
    """Assign the sections that a new helper was invited for, in the newest report."""
    years = unit.years(organ)
    report_id = unit.find_report(organ, years[-1]) if years else None
    if report_id is not None:
        for section in sorted(parts):
            assign(unit, report_id, section, person)


def summary(unit: Unit, report_id: int, key: str, now: datetime) -> str:
    """The state of a report, for a person who takes it over."""
    session = session_of(unit, unit.load(report_id, key), key, Clock(now))
    todo = todo_questions(session)
    total = len(session.form.asked) + len(session.form.narratives)
    left = remaining(session, todo)
    return wording.summary(
        total - left.figures - left.texts,
        total,
        missing_line(session, todo),
        session.sign_off.state,
        len(session.sign_off.open_remarks),
    )


def _taken(
    unit: Unit,
    report_id: int,
    section: Section,
    by: str,
    now: datetime,
    but: int | None = None,
) -> list[Message]:
    """Take a section from all owners but one; returns the messages to them."""
    people, members = People(unit), Members(unit)
    report = people.report_of(report_id)
    told = []
    for member in owners(unit, report_id, members.members(report[0])).get(section.id, ()):
        if member.person == but:
            continue
        if member.parts is not None and Role.CLERK in member.roles:
            people.set_parts(member.person, member.organ_id, member.parts - {section.id})
        if member.key != by and member.reachable:
            told.append(_tell(unit, member.person, report_id, wording.TAKEN, section, now))
    return told


def _tell(
    unit: Unit, person: int, report_id: int, text: str, section: Section, now: datetime
) -> Message:
    _, organ, year = People(unit).report_of(report_id)
    said = text.format(organ=organ, year=year, heading=section.heading)
    payload = {"text": said, "report": report_id}
    if text == wording.GIVEN:
        opens = f"{report_id:x}/s:{NUMBERS[section.id]}"
        payload["buttons"] = [[[opens, wording.OPEN, Tone.GO.value]]]
    return tell(unit, person, payload, now)
