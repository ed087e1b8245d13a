"""
Adding, removing and replacing members: the same for every door, in one transaction.

A person who has to be told gets one message, stored in the same transaction; any process may send
it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import sharing
from bot.access import Access
from bot.handle import Clock, decide, session_of, usual_year
from bot.telling import tell
from conversations.form import FORM_IN_FORCE, FORMS
from conversations.form.model import ItemId
from conversations.reminders.tasks import year_of_work
from conversations.sign_off.rights import Action, Standing
from conversations.sign_off.states import Deed, ReportState, Role
from conversations.talk.effects import Decide, Tone
from conversations.wording import people as wording
from storage.members import Member, Members
from storage.messages import Message
from storage.organ_changes import organ_level, record
from storage.organs import below, parent_of, place_below
from storage.people import Invitation, People
from storage.reports import Reader
from storage.tasks import TaskReader, Tasks
from storage.unit import Unit

OPERATOR = "operator"  # the operator at the machine, as author in the record
SYSTEM = "system"  # the program itself, as author
PLACED = "placed"


def numerals(parts: frozenset[ItemId] | None) -> tuple[str, ...]:
    """The printed numbers of sections (三); none if `parts` means all."""
    return tuple(
        section.number for section in FORM_IN_FORCE.sections if section.id in (parts or ())
    )


def work_year(reader: Reader, organ: str, now: datetime) -> int:
    """
    The year of work to which an organ is invited, 0 if it has to be asked.

    It is the year of the season, of the organ's own work, or of the unfinished tasks of all organs.
    """
    today = now.date()
    if year := usual_year(reader, organ, today):
        return year
    tasks = TaskReader(reader).administered(None, now)
    return year_of_work(today, (each.task.year for each in tasks if not each.finished))


def begin_work(unit: Unit, organ: str, year: int, now: datetime) -> int:
    """Open the organ's report and its task, if missing; returns the report's id."""
    report_id = unit.open_report(organ, year, now=now)
    Tasks(unit).begin(report_id, year, organ_level(unit, organ), now.date())
    return report_id


def begin_invited(unit: Unit, now: datetime) -> None:
    """
    Give tasks to organs that were invited before tasks began with the invitation.

    Nothing begins if the year would have to be asked.
    """
    for organ in Tasks(unit).unbegun():
        if year := work_year(unit, organ, now):
            begin_work(unit, organ, year, now)


def remove(
    unit: Unit,
    member: Member,
    by: str,
    now: datetime,
    *,
    even_last: bool = True,
    role: Role | None = None,
    admins: frozenset[int] = frozenset(),
) -> list[Message] | None:
    """
    End a membership, or one role of it, and drop unsent messages the person may no longer see.

    `even_last` allows removing the last administrator, for administrators above.

    Returns:
        The message to the person, if they can be reached; None if they were no member any more.

    Raises:
        LastAdministrator: See `Members.remove`.
    """
    members = Members(unit)
    if Role.LEADER in member.roles and role in (None, Role.LEADER):
        # Lock reports before organs, as all other work does: `hand_back` needs both.
        for report_id in sorted(members.reports(member.organ_id)):
            unit.load(report_id, SYSTEM)
    if not members.remove(member, by, now, even_last=even_last, role=role):
        return None
    person = member.person
    _drop_unsent(unit, member, admins)
    Tasks(unit).wake(person)
    if role in (None, Role.LEADER):
        hand_back(unit, member.organ_id, now)
    if not member.reachable:
        return []
    rest = member.roles - {role} if role else frozenset()
    text = wording.farewell(member.organ, role, rest, numerals(member.parts))
    return [tell(unit, person, {"text": text, "low": True}, now)]


def _drop_unsent(unit: Unit, member: Member, admins: frozenset[int]) -> None:
    """Drop unsent messages to a person about organs that they no longer belong to."""
    members, person = Members(unit), member.person
    unsent = members.unsent(person)
    if not unsent:
        return
    access = Access(unit, person, members.memberships(person), admins)
    organs = [(member.organ_id, member.organ)]
    if Role.ADMINISTRATOR in member.roles:
        organs += below(unit, member.organ_id)
    lost = {id_: name for id_, name in organs if not access.may(Action.LOOK, id_)}
    reports = frozenset(report for id_ in lost for report in members.reports(id_))
    nobodys = not (access.held or access.everywhere)
    members.drop(
        [
            id_
            for id_, _, payload in unsent
            if nobodys or _is_about(json.loads(payload or "{}"), lost, reports)
        ]
    )


def _is_about(payload: dict[str, Any], organs: Mapping[int, str], reports: frozenset[int]) -> bool:
    """Whether a message is about one of these organs."""
    buttons = [button[0] for row in payload.get("buttons") or () for button in row]
    prefixes = {f"{report:x}" for report in reports} | {f"g{organ:x}" for organ in organs}
    said = f"{payload.get('text', '')}\n{payload.get('name', '')}"
    return (
        payload.get("report") in reports
        or payload.get("organ") in organs.values()
        or any(name in said for name in organs.values())
        or any(data.partition("/")[0] in prefixes for data in buttons)
    )


def hand_back(unit: Unit, organ_id: int, now: datetime) -> None:
    """Return submitted reports to the clerk if the organ has no leader any more."""
    members = Members(unit)
    if any(Role.LEADER in member.roles for member in members.members(organ_id)):
        return
    clock, system = Clock(now), Standing(frozenset({Role.SYSTEM}))
    for report_id in sorted(members.reports(organ_id)):
        stored = unit.load(report_id, SYSTEM)
        if stored.sign_off.state is ReportState.SUBMITTED:
            session = session_of(unit, stored, SYSTEM, clock, standing=system)
            decide(
                unit, report_id, replace(session, by=SYSTEM), Decide(Deed.HAND_BACK), clock, SYSTEM
            )


def place(
    unit: Unit, organ_id: int, parent_id: int | None, now: datetime, by: str = OPERATOR
) -> None:
    """
    Put an organ below another, or below none; `by` is a person's key or the name of a door.

    Unused invitations by people who no longer administer the organ are revoked.

    Raises:
        WrongParent: See `place_below`.
    """
    members = Members(unit)
    before = members.administrators_above(organ_id)
    stood = parent_of(unit, organ_id)
    place_below(unit, organ_id, parent_id)
    if stood != parent_id:
        names = {id_: members.organ(id_) for id_ in (stood, parent_id) if id_ is not None}
        was, is_now = ((names.get(id_ or 0) or (0, ""))[1] for id_ in (stood, parent_id))
        record(unit, organ_id, PLACED, was, is_now, by, now)
    after = members.administrators_above(organ_id)
    gone = {member.key for member in before} - {member.key for member in after}
    for id_ in (organ_id, *(id_ for id_, _ in below(unit, organ_id))):
        own = {m.key for m in members.members(id_) if Role.ADMINISTRATOR in m.roles}
        for invitation in members.invitations(now, id_):
            if invitation.created_by in gone - own:
                members.revoke(id_, invitation.id, now)
    Tasks(unit).wake(*{member.person for member in (*before, *after)})


def called_apart(member: Member, members: Iterable[Member]) -> str:
    """A member's name in a list of `members`, with a number if it is not unique."""
    if member.name and sum(other.name == member.name for other in members) == 1:
        return member.name
    return f"{member.name or '编号'}{member.person}"


def may_replace(unit: Unit, person: int, by: str, admins: frozenset[int]) -> bool:
    """Whether `by` looks after every organ that a person works for, at least one."""
    members = Members(unit)
    theirs = {member.organ_id for member in members.memberships(person)}
    if by == OPERATOR:
        return bool(theirs)
    inviter = members.person(by)
    if inviter is None:
        return False
    access = Access(unit, inviter, members.memberships(inviter), admins)
    return bool(theirs) and all(access.may(Action.MANAGE, organ_id) for organ_id in theirs)


def take_over(
    unit: Unit, invitation: Invitation, new: int, now: datetime, admins: frozenset[int]
) -> list[Message] | None:
    """
    Move a member to a new account (`new`), by an invitation made for that.

    Returns:
        The message to the old account, if it can be reached; None if the move is not possible.
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
    return [tell(unit, old, {"text": wording.REPLACED, "low": True}, now)]


def has_all(unit: Unit, report_id: int, member: Member) -> bool:
    """Whether every section of a report is assigned to this clerk."""
    task = Tasks(unit).task(report_id)
    assigned = task.assigned if task is not None else ()
    theirs = {section for section, owner in assigned if owner == str(member.person)}
    return all(s.id in theirs for s in FORMS[unit.load(report_id, "").edition].sections)


def hand_over(unit: Unit, report_id: int, to: Member, now: datetime) -> list[Message]:
    """
    Assign every section of a report to this clerk.

    Returns:
        The message to the clerk: the state of the report, with a button that opens it.
    """
    people = People(unit)
    _, organ, year = people.report_of(report_id)
    if to.parts is not None:
        people.set_parts(to.person, to.organ_id, None)
    for section in FORMS[unit.load(report_id, "").edition].sections:
        sharing.assign(unit, report_id, section.id, to.person)
    if not to.reachable:
        return []
    standing = sharing.summary(unit, report_id, to.key, now)
    payload = {
        "text": f"{wording.yours_now(organ, year)}\n{standing}",
        "buttons": [[[f"{report_id:x}/show", wording.OPEN, Tone.GO.value]]],
    }
    return [tell(unit, to.person, payload, now)]
