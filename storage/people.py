"""
Who may speak with the bot, about which organ, and which report each person has open.

Values in, values out. `People` works in a transaction of `Store.begin`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, exists, func, literal_column, select, update

from conversations.form.answers import Value
from conversations.form.model import ItemId
from conversations.form.numbers import ITEMS, NUMBERS
from conversations.sign_off.states import Role
from storage import values
from storage.reports import with_head
from storage.tables import (
    HISTORY,
    INVITATION,
    MEMBER,
    MEMBER_RECORD,
    ORGAN,
    OUTGOING,
    PERSON,
    RECIPIENT,
    REPORT,
    insert,
    upsert,
)
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class OrganRoles:
    """
    One organ a person works for, and their roles there.

    `parts` are the sections a clerk may write in, None for all.
    """

    organ_id: int
    organ: str
    roles: frozenset[Role]
    parts: frozenset[ItemId] | None

    def has(self, role: Role, parts: frozenset[ItemId] | None = None) -> bool:
        """Whether the person has this role already; a clerk, for at least these sections."""
        enough = self.parts is None or (parts is not None and parts <= self.parts)
        return role in self.roles and (role is not Role.CLERK or enough)


T = TypeVar("T", bound=OrganRoles)


@dataclass(frozen=True, slots=True)
class Focus:
    """
    What a person has open: the report, and the messages that are kept up to date.

    `organ_id` is the organ chosen before its year is chosen; `report_organ` that of the report.
    `card` is the outgoing row with the open question, `card_id` its id at Telegram (None until it
    has surely arrived), `card_at` when it was decided. `key` names the person in rows.
    """

    member: tuple[OrganRoles, ...]
    person: int
    key: str
    report_id: int | None
    organ_id: int | None
    organ: str
    card: int | None
    contents: int | None
    reachable: bool
    told_at: datetime | None
    name: str
    seen_at: datetime | None
    report_organ: int | None
    card_id: int | None
    card_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A colleague's answer that a person has just replaced without having seen it."""

    item: ItemId
    value: Value
    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """
    An invitation; `bound_to` is the person who opened it.

    `replaces` is the key of the member if it is for their new account; `sections` as in
    `People.join`.
    """

    id: int
    organ_id: int
    organ: str
    role: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    bound_to: int | None
    used_at: datetime | None
    revoked_at: datetime | None
    replaces: str | None
    sections: str | None = None

    @property
    def parts(self) -> frozenset[ItemId] | None:
        """The sections that a clerk is invited to write in, None for all."""
        return parts_of(self.sections)

    def is_good(self, person: int, now: datetime) -> bool:
        """Whether this person can still use it."""
        return (
            self.used_at is None
            and self.revoked_at is None
            and self.expires_at > now
            and self.bound_to in (None, person)
        )


def new_key() -> str:
    """A new key for a person; it tells nothing about them."""
    return f"p{secrets.token_hex(6)}"


def token_hash(token: str) -> str:
    """The hash that is stored instead of an invitation's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


_CHOSEN, _THEIR, _CARD = ORGAN.alias("chosen"), ORGAN.alias("their"), OUTGOING.alias("card")

# The newest card of the report on the screen has the open question.
_NEWEST_CARD = (
    select(func.max(_CARD.c.id))
    .where(_CARD.c.chat == PERSON.c.id, _CARD.c.report_id == PERSON.c.report_id)
    .where(_CARD.c.report_id.is_not(None))
    .scalar_subquery()
)

# What every update needs of a person, one row per membership; from `HEAD_AT` on, the head of the
# open report.
FOCUS = with_head(
    select(
        *PERSON.c["id", "key", "report_id", "organ_id"],
        func.coalesce(_CHOSEN.c.name, literal_column("''")),
        OUTGOING.c.id,
        *PERSON.c["contents", "reachable", "told_at", "name", "seen_at"],
        REPORT.c.organ_id,
        *OUTGOING.c["message_id", "created_at"],
        *_THEIR.c["id", "name"],
        *MEMBER.c["role", "sections"],
    )
    .select_from(PERSON)
    .outerjoin(_CHOSEN, _CHOSEN.c.id == PERSON.c.organ_id)
    .outerjoin(REPORT, REPORT.c.id == PERSON.c.report_id)
    .outerjoin(OUTGOING, OUTGOING.c.id == _NEWEST_CARD)
    .outerjoin(MEMBER, (MEMBER.c.person_id == PERSON.c.id) & MEMBER.c.left_at.is_(None))
    .outerjoin(_THEIR, _THEIR.c.id == MEMBER.c.organ_id)
    .where(PERSON.c.id == bindparam("person"))
    .order_by(_THEIR.c.name, MEMBER.c.role),
    by=PERSON.c.key,
)
ROLE_AT, HEAD_AT = 14, 18

BEGIN = insert(PERSON).on_conflict_do_nothing()

CHANGE = update(PERSON).where(PERSON.c.id == bindparam("person"))

KEY = select(PERSON.c.key).where(PERSON.c.id == bindparam("person"))

_MINE, _THEIRS, _OLDER = HISTORY.alias("mine"), HISTORY.alias("theirs"), HISTORY.alias("older")

# Rows of the history after a given row that replaced another person's answer entered after a given
# moment.
OVERWRITTEN = (
    select(
        *_MINE.c["number", "before"],
        _THEIRS.c.by,
        func.coalesce(PERSON.c.name, literal_column("''")),
        _THEIRS.c.at,
    )
    .join_from(
        _MINE,
        _THEIRS,
        _THEIRS.c.id
        == select(func.max(_OLDER.c.id))
        .where(
            _OLDER.c.report_id == _MINE.c.report_id,
            _OLDER.c.number == _MINE.c.number,
            _OLDER.c.id < _MINE.c.id,
        )
        .scalar_subquery(),
    )
    .outerjoin(PERSON, PERSON.c.key == _THEIRS.c.by)
    .where(
        _MINE.c.report_id == bindparam("report"),
        _MINE.c.id > bindparam("history"),
        _MINE.c.before.is_not(None),
        _THEIRS.c.by != bindparam("person"),
        _THEIRS.c.at > bindparam("since"),
    )
    .order_by(_MINE.c.id)
)

NO_CLERKS = (
    select(MEMBER.c.person_id)
    .where(MEMBER.c.role != "clerk", MEMBER.c.left_at.is_(None))
    .distinct()
    .order_by(MEMBER.c.person_id)
)

JOIN = upsert(MEMBER, "joined_at", "left_at", "sections")

SET_PARTS = update(MEMBER).where(
    MEMBER.c.person_id == bindparam("person"),
    MEMBER.c.organ_id == bindparam("organ"),
    MEMBER.c.role == "clerk",
    MEMBER.c.left_at.is_(None),
)

RECORD = insert(MEMBER_RECORD).from_select(
    ["person", "organ_id", "what", "role", "by", "at"],
    select(
        PERSON.c.key,
        bindparam("organ", type_=MEMBER_RECORD.c.organ_id.type),
        bindparam("what", type_=MEMBER_RECORD.c.what.type),
        bindparam("role", type_=MEMBER_RECORD.c.role.type),
        bindparam("by", type_=MEMBER_RECORD.c.by.type),
        bindparam("at", type_=MEMBER_RECORD.c.at.type),
    ).where(PERSON.c.id == bindparam("person")),
)

REPORT_OF = (
    select(ORGAN.c.id, ORGAN.c.name, REPORT.c.year)
    .join_from(REPORT, ORGAN)
    .where(REPORT.c.id == bindparam("report"))
)

INVITE = insert(INVITATION)

INVITATIONS = select(
    *INVITATION.c["id", "organ_id"],
    ORGAN.c.name,
    *INVITATION.c["role", "created_by", "created_at", "expires_at", "bound_to"],
    *INVITATION.c["used_at", "revoked_at", "replaces", "sections"],
).join_from(INVITATION, ORGAN)

UNUSED = INVITATION.c.used_at.is_(None) & INVITATION.c.revoked_at.is_(None)

INVITATION_BY_TOKEN = INVITATIONS.where(INVITATION.c.token_hash == bindparam("hash"))

INVITATION_BY_ID = INVITATIONS.where(INVITATION.c.id == bindparam("invitation"))

# The last invitation that a person has opened and may still use.
WAITING_INVITATION = (
    INVITATIONS.where(
        INVITATION.c.bound_to == bindparam("person"),
        INVITATION.c.expires_at > bindparam("now"),
        UNUSED,
    )
    .order_by(INVITATION.c.id.desc())
    .limit(1)
)

# A person who has left an organ can open only invitations made since, even after coming back.
BIND = update(INVITATION).where(
    INVITATION.c.id == bindparam("invitation"),
    INVITATION.c.bound_to.is_(None) | (INVITATION.c.bound_to == bindparam("person")),
    ~exists().where(
        MEMBER_RECORD.c.person == KEY.scalar_subquery(),
        MEMBER_RECORD.c.organ_id == INVITATION.c.organ_id,
        (MEMBER_RECORD.c.what == "left") | (MEMBER_RECORD.c.what == "removed"),
        MEMBER_RECORD.c.at >= INVITATION.c.created_at,
    ),
)

USE = update(INVITATION).where(
    INVITATION.c.id == bindparam("invitation"),
    INVITATION.c.bound_to == bindparam("person"),
    UNUSED,
)


# People without a membership or an open invitation who were not spoken to lately; groups, too.
PRUNE_STRANGERS = delete(PERSON).where(
    PERSON.c.id.in_(
        select(PERSON.c.id)
        .where(
            PERSON.c.created_at < bindparam("before"),
            PERSON.c.told_at.is_(None) | (PERSON.c.told_at < bindparam("before")),
            PERSON.c.report_id.is_(None),
            PERSON.c.organ_id.is_(None),
            ~exists().where(MEMBER.c.person_id == PERSON.c.id),
            ~exists().where(RECIPIENT.c.person_id == PERSON.c.id),
            ~exists().where(INVITATION.c.bound_to == PERSON.c.id),
        )
        .limit(bindparam("most"))
    )
)


def grouped(rows: Iterable[Sequence[Any]], make: Callable[..., T]) -> tuple[T, ...]:
    """One membership per organ and person, from one row per role."""
    found: dict[Sequence[int], T] = {}
    for organ_id, organ, role, sections, *person in rows:
        place = (organ_id, *person[:1])
        each = make(organ_id, organ, frozenset({Role(role)}), None, *person)
        if before := found.get(place):
            each = replace(before, roles=before.roles | each.roles)
        if role == Role.CLERK.value:
            each = replace(each, parts=parts_of(sections))
        found[place] = each
    return tuple(found.values())


def parts_of(sections: str | None) -> frozenset[ItemId] | None:
    """The sections whose permanent numbers a column lists, None for all."""
    if sections is None:
        return None
    return frozenset(ITEMS[int(number)] for number in sections.split(",") if number)


def sections_of(parts: Iterable[ItemId] | None) -> str | None:
    """The column that lists sections; `parts_of` reads it."""
    if parts is None:
        return None
    return ",".join(str(number) for number in sorted(NUMBERS[part] for part in parts))


class People:
    """The people of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        self._unit = unit

    def focus(self, person: int) -> Focus | None:
        """What a person has open, and their organs; None for an unknown person."""
        self._unit.lock_open(person)
        rows = self._unit.run(FOCUS, person=person)
        if not rows:
            return None
        member = grouped(
            (row[ROLE_AT:HEAD_AT] for row in rows if row[ROLE_AT] is not None), OrganRoles
        )
        focus = Focus(member, *rows[0][:ROLE_AT])
        if focus.report_id is not None:
            self._unit.keep_head(focus.report_id, focus.key, rows[0][HEAD_AT:])
        return focus

    def begin(self, person: int, at: datetime, name: str = "") -> Focus:
        """The same; an unknown person gets a row first."""
        self._unit.run(BEGIN, id=person, name=name, reachable=True, created_at=at, key=new_key())
        focus = self.focus(person)
        assert focus is not None
        return focus

    def called(self, person: int, name: str) -> None:
        """A person has a new name at Telegram."""
        self._unit.run(CHANGE, person=person, name=name)

    def seen(self, person: int, at: datetime) -> None:
        """A member has just done something."""
        self._unit.run(CHANGE, person=person, seen_at=at)

    def key(self, person: int) -> str:
        """The key by which rows name a person; the person must have spoken with us."""
        key: str = self._unit.run(KEY, person=person).scalar()
        return key

    def overwritten(
        self, report_id: int, history: int, key: str, since: datetime
    ) -> tuple[Overwritten, ...]:
        """
        Answers that this transaction has replaced although a colleague entered them after `since`.

        `history` is the report's newest row of history before this transaction.
        """
        rows = self._unit.run(
            OVERWRITTEN, report=report_id, history=history, person=key, since=since
        )
        return tuple(
            Overwritten(ITEMS[number], values.read(number, text), *by) for number, text, *by in rows
        )

    def more_than_clerks(self) -> tuple[int, ...]:
        """Everyone who is a leader or an administrator of any organ."""
        return tuple(self._unit.run(NO_CLERKS).scalars())

    def focus_on(self, person: int, report_id: int | None, organ_id: int | None) -> None:
        """Open a report for a person, or an organ whose year is still to be chosen."""
        self._unit.run(CHANGE, person=person, report_id=report_id, organ_id=organ_id)

    def contents(self, person: int, outgoing: int) -> None:
        """Remember which outgoing message is the list of sections."""
        self._unit.run(CHANGE, person=person, contents=outgoing)

    def reachable(self, person: int, yes: bool) -> None:
        """Whether messages still reach a person."""
        self._unit.run(CHANGE, person=person, reachable=yes)

    def told(self, person: int, at: datetime) -> None:
        """A stranger was told that there is nothing for them here."""
        self._unit.run(CHANGE, person=person, told_at=at)

    def prune(self, before: datetime, most: int = 500) -> int:
        """Forget some strangers of long ago; returns their number."""
        return self._unit.run(PRUNE_STRANGERS, before=before, most=most).rowcount

    def join(
        self,
        person: int,
        organ_id: int,
        role: str,
        at: datetime,
        by: str = "operator",
        sections: str | None = None,
    ) -> None:
        """
        Make a person a member, or give a member one more role; `by` is who invited them.

        `sections`, made by `sections_of`, limits a clerk to these.
        """
        self._unit.run(
            JOIN,
            person_id=person,
            organ_id=organ_id,
            role=role,
            joined_at=at,
            left_at=None,
            sections=sections,
        )
        self.record(person, organ_id, "joined", role, by, at)

    def set_parts(self, person: int, organ_id: int, parts: frozenset[ItemId] | None) -> None:
        """From now on a clerk may write in these sections, None for all."""
        self._unit.run(SET_PARTS, person=person, organ=organ_id, sections=sections_of(parts))

    def record(
        self, person: int, organ_id: int, what: str, role: str, by: str, at: datetime
    ) -> None:
        """
        Record a change of a membership, for ever; a person who never spoke with us has no record.
        """
        self._unit.run(RECORD, person=person, organ=organ_id, what=what, role=role, by=by, at=at)

    def known_report(self, report_id: int) -> tuple[int, str, int] | None:
        """Organ id, organ and year of a report, None if there is none with this id."""
        row = self._unit.run(REPORT_OF, report=report_id).first()
        return None if row is None else (row[0], row[1], row[2])

    def report_of(self, report_id: int) -> tuple[int, str, int]:
        """The same for a report that there is."""
        report = self.known_report(report_id)
        assert report is not None
        return report

    def invite(
        self,
        token: str,
        organ_id: int,
        role: str,
        by: str,
        at: datetime,
        until: datetime,
        replaces: str | None = None,
        sections: str | None = None,
    ) -> None:
        """
        Store an invitation; of its token only the hash.

        `replaces` is the key of the member if it is for their new account; `sections` as in `join`.
        """
        self._unit.run(
            INVITE,
            token_hash=token_hash(token),
            organ_id=organ_id,
            role=role,
            created_by=by,
            created_at=at,
            expires_at=until,
            replaces=replaces,
            sections=sections,
        )

    def invitation(self, token: str | int) -> Invitation | None:
        """The invitation with this token, or with this id."""
        if isinstance(token, int):
            return self._unit.run(INVITATION_BY_ID, invitation=token).first_as(Invitation)
        return self._unit.run(INVITATION_BY_TOKEN, hash=token_hash(token)).first_as(Invitation)

    def waiting_invitation(self, person: int, now: datetime) -> Invitation | None:
        """The last invitation that a person opened and has not used yet."""
        return self._unit.run(WAITING_INVITATION, person=person, now=now).first_as(Invitation)

    def bind(self, invitation: int, person: int) -> bool:
        """
        Bind an invitation to the first person who opens it; only they can use it.

        A person who left the organ, or was removed, after it was made cannot.

        Returns:
            Whether the invitation is now this person's.
        """
        bound = self._unit.run(BIND, invitation=invitation, person=person, bound_to=person)
        return bound.rowcount == 1

    def use(self, invitation: int, person: int, at: datetime) -> bool:
        """Use an invitation up; false if it was used meanwhile or is another person's."""
        used = self._unit.run(USE, invitation=invitation, person=person, used_at=at)
        return used.rowcount == 1
