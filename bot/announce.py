"""
Notes the people to be told of a step of sign-off, and when, in the step's own transaction.

`bot/telegram/announcing.py` sends the messages when they are due.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.reminding.calendar import calendar_of
from conversations.reminders import people as reminded
from conversations.sign_off.hearing import hears, is_news, is_spared, overtakes
from conversations.sign_off.rights import Standing
from conversations.sign_off.states import Deed, Role
from conversations.talk.effects import Decide
from conversations.talk.session import Session
from storage.listening import LOOK
from storage.members import Member, MemberReader
from storage.people import People
from storage.sign_off import SignOffs
from storage.tasks import Tasks
from storage.unit import Unit


def announce(
    unit: Unit, report_id: int, step: int, session: Session, taken: Decide, now: datetime
) -> None:
    """
    Note the people to be told of a step, and when; drop notes that the step makes outdated.

    `session` is that of the person who took the step, before it.
    """
    sign_offs, tasks = SignOffs(unit), Tasks(unit)
    report = People(unit).report_of(report_id)
    members = MemberReader(unit).members(report[0])
    # Reminders depend on the step, too.
    tasks.wake(*(member.person for member in members))
    if not is_news(taken.deed, taken.note, session.sign_off):
        return
    untold = set()
    for person, older, deed in sign_offs.untold(report_id):
        if overtakes(taken.deed, deed):
            sign_offs.told(person, older)
            untold.add(person)
    if not is_spared(taken.deed, session.sign_off):
        untold = set()
    calendar = calendar_of(tasks)
    at_once = False
    for person in sorted({*_concerned(unit, report[0], members, session, taken)} - untold):
        known = tasks.person_to_remind(person, now)
        hours = known.member if known is not None else reminded.Member(str(person))
        due = reminded.moment_to_tell(now, hours, calendar, session.due)
        sign_offs.postpone(person, step, due.astimezone(UTC))
        at_once = at_once or due <= now
    if at_once:
        unit.tell(LOOK)


def _concerned(
    unit: Unit, organ_id: int, members: Iterable[Member], session: Session, taken: Decide
) -> Iterable[int]:
    """
    The people to be told of a step; the person who took it only if an operator took it on their
    behalf.
    """
    handed_in = session.sign_off.newest(Deed.SUBMIT)
    for member in members:
        answered = handed_in is not None and handed_in.by == member.key
        standing = Standing(member.roles, parts=member.parts)
        if hears(standing, taken.deed, taken.note, handed_in=answered) and (
            member.key != session.by or "operator" in taken.note
        ):
            yield member.person
    if taken.deed is Deed.HAND_BACK and not any(Role.ADMINISTRATOR in m.roles for m in members):
        yield from _looking_after(unit, organ_id)


def _looking_after(unit: Unit, organ_id: int) -> Iterable[int]:
    """The administrators of the organs above; without any, those of all organs."""
    upper = [member.person for member in MemberReader(unit).administrators_above(organ_id)]
    return upper or Tasks(unit).looking_after_everything()
