"""
Members come, go and hand over: what every door does in the same way, in one transaction.

Whoever is told of it hears it once, by a row of the same transaction, whichever process
sends it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.handle import EDITION, FORM, usual_year
from conversations.form import FORMS
from conversations.form.model import ItemId
from conversations.form.organ import guess_level
from conversations.reminders.tasks import Task, default_deadline, year_of_work
from conversations.sign_off.states import Role
from conversations.talk.effects import Tone
from conversations.wording import people as wording
from storage.members import Member, Members
from storage.messages import Message, Messages
from storage.people import Invitation, People
from storage.reminders import task_id
from storage.tasks import Tasks
from storage.unit import Unit

OPERATOR = "operator"  # whoever sits at the machine, in the record


def numerals(parts: frozenset[ItemId] | None) -> tuple[str, ...]:
    """The printed numbers of sections (三), none for all."""
    return tuple(section.number for section in FORM.sections if section.id in (parts or ()))


def work_year(unit: Unit, organ: str, now: datetime) -> int:
    """
    The year of the work to which an organ is invited, 0 where it has to be asked.

    That of the season, of the organ's own work, or of the tasks of all organs.
    """
    today = now.date()
    if year := usual_year(unit, organ, today):
        return year
    tasks = Tasks(unit).administered(None, now)
    return year_of_work(today, (each.task.year for each in tasks if not each.finished))


def begin_work(unit: Unit, organ: str, year: int, now: datetime) -> int:
    """The work of an organ begins: its report is there from now on, and its task; the report."""
    report_id = unit.open_report(organ, year, now=now, edition=EDITION)
    Tasks(unit).begin(report_id, year, guess_level(organ), now.date())
    return report_id


def begin_invited(unit: Unit, now: datetime) -> None:
    """
    Give those a task that were invited before tasks began with the invitation.

    Where the year would have to be asked, nothing begins.
    """
    for organ in Tasks(unit).unbegun():
        if year := work_year(unit, organ, now):
            begin_work(unit, organ, year, now)


def remove(
    unit: Unit, member: Member, by: str, now: datetime, *, even_last: bool = True
) -> list[Message] | None:
    """
    End a membership; what was still to be sent about the organ is dropped.

    `even_last` is for those who look after all organs.

    Returns:
        What the person is told, None where they were no member any more.

    Raises:
        LastAdministrator: See `Members.remove`.
    """
    members = Members(unit)
    if not members.remove(member, by, now, even_last=even_last):
        return None
    person = member.person
    left = members.memberships(person)
    reports = members.reports(member.organ_id)
    members.drop(
        [
            id_
            for id_, _, payload in members.unsent(person)
            if not left or _is_about(json.loads(payload or "{}"), member, reports)
        ]
    )
    Tasks(unit).wake(person)
    if not member.reachable:
        return []
    return [_say(unit, person, {"text": wording.farewell(member.organ), "low": True}, now)]


def _is_about(payload: dict[str, Any], member: Member, reports: frozenset[int]) -> bool:
    """Whether a message holds something of an organ."""
    buttons = [button[0] for row in payload.get("buttons") or () for button in row]
    prefixes = {f"{report:x}" for report in reports} | {f"g{member.organ_id:x}"}
    return (
        payload.get("report") in reports
        or payload.get("organ") == member.organ
        or member.organ in payload.get("text", "")
        or member.organ in payload.get("name", "")
        or any(data.partition("/")[0] in prefixes for data in buttons)
    )


def may_replace(unit: Unit, person: int, by: str, admins: frozenset[int]) -> bool:
    """Whether `by` looks after every organ that a person works for, and there is one."""
    members = Members(unit)
    theirs = {member.organ_id for member in members.memberships(person)}
    if by == OPERATOR:
        return bool(theirs)
    inviter = members.person(by)
    if inviter is None:
        return False
    looked_after = {
        member.organ_id
        for member in members.memberships(inviter)
        if Role.ADMINISTRATOR in member.roles
    }
    return bool(theirs) and (inviter in admins or theirs <= looked_after)


def take_over(
    unit: Unit, invitation: Invitation, new: int, now: datetime, admins: frozenset[int]
) -> list[Message] | None:
    """
    A member goes on with a new account (`new`), by an invitation for that.

    Returns:
        What the old account is told, None where it cannot be.
    """
    members = Members(unit)
    old = None if invitation.replaces is None else members.person(invitation.replaces)
    if (
        old is None
        or members.was_member(new)
        or not may_replace(unit, old, invitation.created_by, admins)
        or not People(unit).use(invitation.id, new, now)
    ):
        return None
    reachable = any(member.reachable for member in members.memberships(old))
    members.drop([id_ for id_, *_ in members.unsent(old)])
    members.replace(old, new, invitation.created_by, now)
    if not reachable:
        return []
    return [_say(unit, old, {"text": wording.REPLACED, "low": True}, now)]


def has_all(unit: Unit, report_id: int, member: Member) -> bool:
    """Whether every section of a report is this clerk's already."""
    task = Tasks(unit).task(report_id)
    assigned = task.assigned if task is not None else ()
    theirs = {section for section, owner in assigned if owner == str(member.person)}
    return all(s.id in theirs for s in FORMS[unit.load(report_id, "").edition].sections)


def hand_over(unit: Unit, report_id: int, to: Member, now: datetime) -> list[Message]:
    """
    Every section of a report is this clerk's from now on.

    Returns:
        What the clerk is told.
    """
    tasks, people = Tasks(unit), People(unit)
    report = people.report_of(report_id)
    assert report is not None
    _, organ, year = report
    if tasks.task(report_id) is None:
        task = Task(task_id(report_id), organ, year, default_deadline(year, guess_level(organ)))
        tasks.set_task(task, report_id)
    for section in FORMS[unit.load(report_id, "").edition].sections:
        tasks.assign(report_id, section.id, to.person)
    if not to.reachable:
        return []
    payload = {
        "text": wording.yours_now(organ, year),
        "buttons": [[[f"{report_id:x}/show", wording.OPEN, Tone.GO.value]]],
    }
    return [_say(unit, to.person, payload, now)]


def _say(unit: Unit, person: int, payload: dict[str, Any], now: datetime) -> Message:
    text = json.dumps(payload, separators=(",", ":"))
    return Messages(unit).say(person, "sendMessage", text, None, now, payload)
