"""
The members of organs, for their administrators, and how a membership ends.

Values in, values out. A removed person's entries stay: rows name a person by their key
(`People.key`), which outlives account and membership.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    delete,
    false,
    func,
    literal_column,
    select,
    update,
)

from conversations.sign_off.states import Role
from storage import jobs
from storage.messages import GIVEN_UP, HANDLED, SENDING, WAITING
from storage.organs import SELF_AND_BELOW, THEIRS, above
from storage.people import (
    CHANGE,
    INVITATIONS,
    UNUSED,
    Invitation,
    OrganRoles,
    People,
    grouped,
    new_key,
)
from storage.reports import Reader
from storage.sign_off_tables import POSTPONED
from storage.tables import (
    ASSIGNMENT,
    CONVERSATION,
    INCOMING,
    INVITATION,
    MEMBER,
    MEMBER_RECORD,
    NOTICE,
    NUDGE,
    ORGAN,
    OUTGOING,
    PERSON,
    RECIPIENT,
    REMINDED,
    REPORT,
    SHOWN,
)
from storage.unit import ORGAN_BY_NAME, Unit


class LastAdministrator(Exception):  # noqa: N818 - says who it is
    """An organ's only administrator cannot leave it."""


class StillMember(Exception):  # noqa: N818 - says what the person is
    """A person is, or has been, a member, and must not be here."""


@dataclass(frozen=True, slots=True)
class Member(OrganRoles):
    """
    A person who works for an organ, with their roles, and since when.

    `seen_at` is the hour of their last action; `key` is empty for a person who has never spoken
    with us.
    """

    person: int
    key: str
    name: str
    since: datetime
    seen_at: datetime | None
    reachable: bool

    @property
    def role(self) -> str:
        """One of the roles: the one that an invitation for a new account names."""
        return min(role.value for role in self.roles)


@dataclass(frozen=True, slots=True)
class Record:
    """A change of a membership; `person` and `by` are keys, or the word of a door."""

    organ: str
    person: str
    what: str
    role: str
    by: str
    at: datetime


MEMBERS = (
    select(
        *ORGAN.c["id", "name"],
        *MEMBER.c["role", "sections", "person_id"],
        func.coalesce(PERSON.c.key, literal_column("''")),
        func.coalesce(PERSON.c.name, literal_column("''")),
        MEMBER.c.joined_at,
        PERSON.c.seen_at,
        func.coalesce(PERSON.c.reachable, false()),
    )
    .join_from(MEMBER, ORGAN)
    .outerjoin(PERSON, PERSON.c.id == MEMBER.c.person_id)
    .where(MEMBER.c.left_at.is_(None))
    .order_by(ORGAN.c.name, MEMBER.c.joined_at, MEMBER.c.person_id)
)

OF_ORGAN = MEMBERS.where(ORGAN.c.id == bindparam("organ"))

OF_PERSON = MEMBERS.where(MEMBER.c.person_id == bindparam("person"))

OPEN = INVITATIONS.where(UNUSED, INVITATION.c.expires_at > bindparam("now")).order_by(
    ORGAN.c.name, INVITATION.c.id
)

OPEN_OF_ORGAN = OPEN.where(ORGAN.c.id == bindparam("organ"))

RECORDS = (
    select(ORGAN.c.name, *MEMBER_RECORD.c["person", "what", "role", "by", "at"])
    .join_from(MEMBER_RECORD, ORGAN)
    .where(MEMBER_RECORD.c.organ_id == bindparam("organ"))
    .order_by(MEMBER_RECORD.c.id)
)

NAME = select(PERSON.c.name).where(PERSON.c.key == bindparam("key"))

BEHIND = select(PERSON.c.id).where(PERSON.c.key == bindparam("key"))

ORGANS = (
    select(ORGAN.c.id, ORGAN.c.name)
    .where(ORGAN.c.closed_at.is_(None))
    .order_by(ORGAN.c.name)
    .limit(bindparam("most"))
)

ORGAN_BY_ID = select(ORGAN.c.id, ORGAN.c.name).where(ORGAN.c.id == bindparam("organ"))

REPORTS = select(REPORT.c.id).where(REPORT.c.organ_id == bindparam("organ"))


class MemberReader:
    """Members and invitations, for reading."""

    def __init__(self, reader: Reader) -> None:
        """Read through `reader`."""
        self._reader = reader

    def members(self, organ_id: int | None = None) -> tuple[Member, ...]:
        """The members of an organ, or of all, in the order of joining."""
        if organ_id is None:
            return grouped(self._reader.run(MEMBERS), Member)
        return grouped(self._reader.run(OF_ORGAN, organ=organ_id), Member)

    def administrators_above(self, organ_id: int) -> list[Member]:
        """The administrators of all organs above an organ."""
        return [
            member
            for upper in above(self._reader, organ_id)
            for member in self.members(upper)
            if Role.ADMINISTRATOR in member.roles
        ]

    def memberships(self, person: int) -> tuple[Member, ...]:
        """One person, once for each organ they work for."""
        return grouped(self._reader.run(OF_PERSON, person=person), Member)

    def invitations(self, now: datetime, organ_id: int | None = None) -> tuple[Invitation, ...]:
        """The invitations to an organ, or to all, that can still be used."""
        if organ_id is None:
            rows = self._reader.run(OPEN, now=now)
        else:
            rows = self._reader.run(OPEN_OF_ORGAN, now=now, organ=organ_id)
        return rows.all_as(Invitation)

    def record(self, organ_id: int) -> tuple[Record, ...]:
        """Every change of an organ's memberships, in order."""
        return self._reader.run(RECORDS, organ=organ_id).all_as(Record)

    def organs(self, most: int, name: str = "") -> tuple[tuple[int, str], ...]:
        """Id and name of the open organ with a name, or of the first of all open organs."""
        if name:
            rows = self._reader.run(ORGAN_BY_NAME, organ=name)
        else:
            rows = self._reader.run(ORGANS, most=most)
        return tuple((row[0], row[1]) for row in rows)

    def organ(self, organ_id: int) -> tuple[int, str] | None:
        """Id and name of an organ, None if there is none."""
        row = self._reader.run(ORGAN_BY_ID, organ=organ_id).first()
        return None if row is None else (row[0], row[1])

    def reports(self, organ_id: int) -> frozenset[int]:
        """The ids of an organ's reports."""
        return frozenset(self._reader.run(REPORTS, organ=organ_id).scalars())

    def name(self, key: str) -> str:
        """The name of the person with a key, empty if unknown."""
        return self._reader.run(NAME, key=key).scalar() or ""

    def person(self, key: str) -> int | None:
        """The person who has a key now."""
        person: int | None = self._reader.run(BEHIND, key=key).scalar()
        return person


# Two administrators who remove each other at once wait here (PostgreSQL).
LOCK_ORGAN = select(ORGAN.c.id).where(ORGAN.c.id == bindparam("organ")).with_for_update()

OTHER_ADMINISTRATORS = select(func.count()).where(
    MEMBER.c.organ_id == bindparam("organ"),
    MEMBER.c.person_id != bindparam("person"),
    MEMBER.c.role == "administrator",
    MEMBER.c.left_at.is_(None),
)

LEAVE = update(MEMBER).where(
    MEMBER.c.person_id == bindparam("person"),
    MEMBER.c.organ_id == bindparam("organ"),
    MEMBER.c.role == bindparam("which"),
    MEMBER.c.left_at.is_(None),
)

CLOSE_REPORT = (
    update(PERSON)
    .where(
        PERSON.c.id == bindparam("person"),
        PERSON.c.report_id.in_(select(REPORT.c.id).where(REPORT.c.organ_id == bindparam("organ"))),
    )
    .values(report_id=None, contents=None)
)

CLOSE_ORGAN = (
    update(PERSON)
    .where(PERSON.c.id == bindparam("person"), PERSON.c.organ_id == bindparam("organ"))
    .values(organ_id=None)
)

REVOKE = update(INVITATION).where(
    INVITATION.c.id == bindparam("invitation"), INVITATION.c.organ_id == bindparam("organ"), UNUSED
)

# Invitations by which a removed person could come back, or let others in.
REVOKE_THEIRS = update(INVITATION).where(
    INVITATION.c.organ_id == bindparam("organ"),
    (INVITATION.c.bound_to == bindparam("person")) | (INVITATION.c.created_by == bindparam("key")),
    UNUSED,
)

# Invitations that an administrator made for organs below which they administrate no longer.
REVOKE_BELOW = update(INVITATION).where(
    INVITATION.c.created_by == bindparam("key"),
    INVITATION.c.organ_id.in_(SELF_AND_BELOW),
    INVITATION.c.organ_id.not_in(THEIRS),
    UNUSED,
)

# Opened invitations move with a person to their new account.
REBIND = update(INVITATION).where(INVITATION.c.bound_to == bindparam("old"), UNUSED)

# Links for a new account of a person who was removed, or has one by now.
REVOKE_REPLACING = update(INVITATION).where(INVITATION.c.replaces == bindparam("key"), UNUSED)

UNSENT = (
    select(*OUTGOING.c["id", "method", "payload"])
    .where(OUTGOING.c.chat == bindparam("person"), OUTGOING.c.state <= SENDING)
    .order_by(OUTGOING.c.id)
)

DROP = (
    update(OUTGOING)
    .where(OUTGOING.c.id == bindparam("message"), OUTGOING.c.state <= SENDING)
    .values(state=GIVEN_UP, payload="", file=None)
)

EVER_MEMBER = select(MEMBER.c.organ_id, MEMBER.c.role).where(
    MEMBER.c.person_id == bindparam("person")
)

SCREEN = select(PERSON.c.report_id, PERSON.c.organ_id).where(PERSON.c.id == bindparam("person"))

# Rows that name a person by the number of their account.
_OWN = (MEMBER, ASSIGNMENT, RECIPIENT, NOTICE, REMINDED, NUDGE, POSTPONED)

# Rows that move with a person to a new account.
MOVES = tuple(update(table).where(table.c.person_id == bindparam("old")) for table in _OWN)

MAKE_ROOM = delete(RECIPIENT).where(RECIPIENT.c.person_id == bindparam("person"))

FORGET = (
    *(delete(table).where(table.c.person_id == bindparam("person")) for table in _OWN),
    delete(OUTGOING).where(OUTGOING.c.chat == bindparam("person")),
    delete(SHOWN).where(SHOWN.c.chat == bindparam("person")),
    delete(PERSON).where(PERSON.c.id == bindparam("person")),
    # Their ids stay, to recognise a second delivery.
    update(INCOMING)
    .where(INCOMING.c.chat == bindparam("person"))
    .values(chat=0, body="", state=HANDLED),
    update(INVITATION).where(INVITATION.c.bound_to == bindparam("person")).values(bound_to=None),
)


def _quotes(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a text contains the person's number or name; the name may be empty."""
    name = bindparam("called", type_=String)
    return (func.replace(column, bindparam("account", type_=String), "") != column) | (
        (name != "") & (func.replace(column, name, "") != column)
    )


# Finished rows that are kept for some days may quote the person: failed updates, updates of groups,
# updates of others who forwarded their words, and what others were shown.
FORGET_QUOTES = (
    update(INCOMING).where(INCOMING.c.state != WAITING, _quotes(INCOMING.c.body)).values(body=""),
    update(OUTGOING)
    .where(OUTGOING.c.state > SENDING, _quotes(OUTGOING.c.payload))
    .values(payload="", file=None),
)

FORGET_PLACES = delete(CONVERSATION).where(CONVERSATION.c.person == bindparam("key"))


class Members(MemberReader):
    """The members, in a transaction that may write."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        super().__init__(unit)
        self._unit = unit
        self._people = People(unit)

    def remove(
        self,
        member: Member,
        by: str,
        at: datetime,
        *,
        even_last: bool = True,
        role: Role | None = None,
    ) -> bool:
        """
        End a membership, or one role of it; `by` is the key of the person who does it, or a door's
        word.

        `even_last` says that the organ may be left without an administrator.

        After the commit the person is a stranger to this organ, or has only the other roles. Their
        open invitations end, also those to organs below that they administrate no longer.

        Returns:
            False if another transaction has done so meanwhile.

        Raises:
            LastAdministrator: Nobody would administrate the organ. If two administrators
                remove each other at once, the second gets this.
        """
        run, person, organ = self._unit.run, member.person, member.organ_id
        roles = member.roles if role is None else frozenset({role})
        run(LOCK_ORGAN, organ=organ)
        if (
            not even_last
            and Role.ADMINISTRATOR in roles
            and not run(OTHER_ADMINISTRATORS, organ=organ, person=person).scalar()
        ):
            raise LastAdministrator
        left = 0
        for which in sorted(each.value for each in roles):
            left += run(LEAVE, person=person, organ=organ, which=which, left_at=at).rowcount
        if not left:
            return False
        what = "left" if by == member.key else "removed"
        self._record(replace(member, roles=roles), person, what, by, at)
        run(REVOKE_THEIRS, organ=organ, person=person, key=member.key, revoked_at=at)
        if Role.ADMINISTRATOR in roles:
            run(REVOKE_BELOW, organ=organ, person=person, key=member.key, revoked_at=at)
        if roles >= member.roles:
            run(CLOSE_REPORT, person=person, organ=organ)
            run(CLOSE_ORGAN, person=person, organ=organ)
            run(REVOKE_REPLACING, key=member.key, revoked_at=at)
        return True

    def revoke(self, organ_id: int, invitation: int, at: datetime) -> bool:
        """Take an open invitation back; false if it was used or taken back meanwhile."""
        revoked = self._unit.run(REVOKE, organ=organ_id, invitation=invitation, revoked_at=at)
        return revoked.rowcount == 1

    def unsent(self, person: int) -> Sequence[tuple[int, str, str]]:
        """Id, method and payload of a person's unsent messages."""
        return [(row[0], row[1], row[2]) for row in self._unit.run(UNSENT, person=person)]

    def drop(self, messages: Sequence[int]) -> None:
        """Give up these messages."""
        for message in messages:
            self._unit.run(DROP, message=message)

    def was_member(self, person: int) -> bool:
        """Whether a person is or has been a member of any organ."""
        return self._unit.run(EVER_MEMBER, person=person).first() is not None

    def replace(self, old: int, new: int, by: str, at: datetime) -> None:
        """
        Move everything of a person to their new account.

        The old account is a stranger afterwards.

        Raises:
            StillMember: The new account has a history of its own, which would be lost.
        """
        run = self._unit.run
        if self.was_member(new):
            raise StillMember
        memberships = self.memberships(old)
        key = self._people.key(old)
        report, organ = run(SCREEN, person=old)[0]
        run(MAKE_ROOM, person=new)
        for statement in MOVES:
            run(statement, old=old, person_id=new)
        run(CHANGE, person=old, key=new_key(), report_id=None, organ_id=None)
        run(CHANGE, person=new, key=key, report_id=report, organ_id=organ)
        run(REVOKE_REPLACING, key=key, revoked_at=at)
        for member in memberships:
            self._record(member, new, "replaced", by, at)
            run(REVOKE_THEIRS, organ=member.organ_id, person=old, key="", revoked_at=at)
        run(REBIND, old=old, bound_to=new)

    def _record(self, member: Member, person: int, what: str, by: str, at: datetime) -> None:
        """Record each role of a member who now has this account."""
        for role in sorted(role.value for role in member.roles):
            self._people.record(person, member.organ_id, what, role, by, at)

    def forget(self, person: int, by: str, at: datetime) -> str:
        """
        Remove a person's number and name everywhere; their entries name their key for ever.

        They get no message about it: the row that would carry it is gone.

        Returns:
            Their key, which now has no person.

        Raises:
            StillMember: Their account is still needed.
            LookupError: There is no such person.
        """
        run = self._unit.run
        if self.memberships(person):
            raise StillMember
        if run(SCREEN, person=person).first() is None:
            raise LookupError(person)
        key = self._people.key(person)
        for organ, role in run(EVER_MEMBER, person=person):
            self._people.record(person, organ, "forgotten", role, by, at)
        name = self.name(key)
        for statement in FORGET:
            run(statement, person=person)
        for statement in FORGET_QUOTES:
            # Also as JSON writes it.
            for said in {name, json.dumps(name)[1:-1]}:
                run(statement, account=str(person), called=said)
        if jobs.are_kept(self._unit):
            jobs.forget(self._unit, person)
        run(FORGET_PLACES, key=key)
        return key
