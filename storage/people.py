"""
Who may speak with the bot, about which organ, and where each person's screen stands.

Values in, values out. `People` works in a transaction of `reports.py`'s.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from conversations.answers import Value
from conversations.form.model import ItemId
from storage import tables, values
from storage.reports import Unit
from storage.statements import Statement, Statements


@dataclass(frozen=True, slots=True)
class Membership:
    """One organ a person works for, and as what."""

    organ_id: int
    organ: str
    role: str


@dataclass(frozen=True, slots=True)
class Screen:
    """
    A person's screen: the report on it and the messages that are kept up to date.

    `organ_id` is the organ chosen before its year is; `report_organ` that of the report.
    `card` is the outgoing row with the open question, `card_id` Telegram's id of it (None
    while it has not surely arrived), `card_at` when it was decided.
    """

    person: int
    report_id: int | None
    organ_id: int | None
    organ: str
    card: int | None
    contents: int | None
    reachable: bool
    told_at: datetime | None
    name: str = ""
    report_organ: int | None = None
    card_id: int | None = None
    card_at: datetime | None = None
    member: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class Overwritten:
    """What a colleague had entered, and somebody has just replaced without having seen it."""

    item: ItemId
    value: Value
    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its link finds it."""

    id: int
    organ_id: int
    organ: str
    role: str
    expires_at: datetime
    bound_to: int | None
    used_at: datetime | None


def token_hash(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _table(model: Any) -> Any:
    return model.__table__


class PeopleStatements(Statements):
    """Every statement of this module."""

    @cached_property
    def screen(self) -> Statement:
        """Everything about a person that every update needs; a row for each membership."""
        person, organ, card = tables.Person, tables.Organ, tables.Outgoing
        report, member, other = tables.Report, tables.Member, _table(tables.Organ).alias("other")
        return self.compile(
            select(
                col(person.report_id),
                col(person.organ_id),
                col(organ.name),
                col(person.card),
                col(person.contents),
                col(person.reachable),
                col(person.told_at),
                col(person.name),
                col(report.organ_id),
                col(card.message_id),
                col(card.created_at),
                other.c.id,
                other.c.name,
                col(member.role),
            )
            .select_from(person)
            .outerjoin(organ, col(organ.id) == col(person.organ_id))
            .outerjoin(report, col(report.id) == col(person.report_id))
            .outerjoin(card, col(card.id) == col(person.card))
            .outerjoin(
                member,
                (col(member.person_id) == col(person.id)) & col(member.left_at).is_(None),
            )
            .outerjoin(other, other.c.id == col(member.organ_id))
            .where(col(person.id) == bindparam("person"))
            .order_by(other.c.name),
            "person",
        )

    @cached_property
    def begin(self) -> Statement:
        insert = self.compile.insert(tables.Person).values(
            id=bindparam("person"),
            name=bindparam("name"),
            reachable=bindparam("reachable"),
            created_at=bindparam("at"),
        )
        return self.compile(
            insert.on_conflict_do_nothing(index_elements=["id"]),
            "person",
            "name",
            "reachable",
            "at",
        )

    @cached_property
    def look_at(self) -> Statement:
        person = tables.Person
        return self.compile(
            update(person)
            .where(col(person.id) == bindparam("person"))
            .values(report_id=bindparam("report"), organ_id=bindparam("organ")),
            "report",
            "organ",
            "person",
        )

    @cached_property
    def card(self) -> Statement:
        person = tables.Person
        return self.compile(
            update(person)
            .where(col(person.id) == bindparam("person"))
            .values(card=bindparam("card")),
            "card",
            "person",
        )

    @cached_property
    def card_and_contents(self) -> Statement:
        person = tables.Person
        return self.compile(
            update(person)
            .where(col(person.id) == bindparam("person"))
            .values(card=bindparam("card"), contents=bindparam("contents")),
            "card",
            "contents",
            "person",
        )

    @cached_property
    def called(self) -> Statement:
        person = tables.Person
        return self.compile(
            update(person)
            .where(col(person.id) == bindparam("person"))
            .values(name=bindparam("name")),
            "name",
            "person",
        )

    @cached_property
    def overwritten(self) -> Statement:
        """
        Rows of the history since one of them that replaced what somebody else had put there
        after a moment.
        """
        mine, theirs = (_table(tables.History).alias(name) for name in ("mine", "theirs"))
        older = _table(tables.History).alias("older")
        last = (
            select(func.max(older.c.id))
            .where(
                older.c.report_id == mine.c.report_id,
                older.c.number == mine.c.number,
                older.c.id < mine.c.id,
            )
            .scalar_subquery()
        )
        return self.compile(
            select(mine.c.number, mine.c.before, theirs.c.by, theirs.c.at)
            .select_from(mine)
            .join(theirs, theirs.c.id == last)
            .where(
                mine.c.report_id == bindparam("report"),
                mine.c.id > bindparam("history"),
                mine.c.before.is_not(None),
                theirs.c.by != bindparam("person"),
                theirs.c.at > bindparam("since"),
            )
            .order_by(mine.c.id),
            "report",
            "history",
            "person",
            "since",
        )

    @cached_property
    def name(self) -> Statement:
        person = tables.Person
        return self.compile(
            select(col(person.name)).where(col(person.id) == bindparam("person")), "person"
        )

    @cached_property
    def administrators(self) -> Statement:
        member = tables.Member
        return self.compile(
            select(col(member.person_id))
            .where(col(member.role) == bindparam("role"), col(member.left_at).is_(None))
            .distinct()
            .order_by(col(member.person_id)),
            "role",
        )

    @cached_property
    def reachable(self) -> Statement:
        person = tables.Person
        return self.compile(
            update(person)
            .where(col(person.id) == bindparam("person"))
            .values(reachable=bindparam("reachable")),
            "reachable",
            "person",
        )

    @cached_property
    def told(self) -> Statement:
        person = tables.Person
        return self.compile(
            update(person)
            .where(col(person.id) == bindparam("person"))
            .values(told_at=bindparam("at")),
            "at",
            "person",
        )

    @cached_property
    def memberships(self) -> Statement:
        member, organ = tables.Member, tables.Organ
        return self.compile(
            select(col(organ.id), col(organ.name), col(member.role))
            .select_from(member)
            .join(organ, col(organ.id) == col(member.organ_id))
            .where(col(member.person_id) == bindparam("person"), col(member.left_at).is_(None))
            .order_by(col(organ.name)),
            "person",
        )

    @cached_property
    def members(self) -> Statement:
        member = tables.Member
        return self.compile(
            select(col(member.person_id), col(member.role))
            .where(col(member.organ_id) == bindparam("organ"), col(member.left_at).is_(None))
            .order_by(col(member.person_id)),
            "organ",
        )

    @cached_property
    def join(self) -> Statement:
        insert = self.compile.insert(tables.Member).values(
            person_id=bindparam("person"),
            organ_id=bindparam("organ"),
            role=bindparam("role"),
            joined_at=bindparam("at"),
            left_at=bindparam("left"),
        )
        return self.compile(
            insert.on_conflict_do_update(
                index_elements=["person_id", "organ_id"],
                set_={
                    "role": insert.excluded["role"],
                    "joined_at": insert.excluded["joined_at"],
                    "left_at": insert.excluded["left_at"],
                },
            ),
            "person",
            "organ",
            "role",
            "at",
            "left",
        )

    @cached_property
    def leave(self) -> Statement:
        member = tables.Member
        return self.compile(
            update(member)
            .where(
                col(member.person_id) == bindparam("person"),
                col(member.organ_id) == bindparam("organ"),
            )
            .values(left_at=bindparam("at")),
            "at",
            "person",
            "organ",
        )

    @cached_property
    def organ(self) -> Statement:
        organ = tables.Organ
        return self.compile(
            select(col(organ.id)).where(col(organ.name) == bindparam("name")), "name"
        )

    @cached_property
    def new_organ(self) -> Statement:
        insert = self.compile.insert(tables.Organ).values(
            name=bindparam("name"), created=bindparam("at")
        )
        return self.compile(insert.on_conflict_do_nothing(index_elements=["name"]), "name", "at")

    @cached_property
    def report_of(self) -> Statement:
        report, organ = tables.Report, tables.Organ
        return self.compile(
            select(col(organ.id), col(organ.name), col(report.year))
            .select_from(report)
            .join(organ, col(organ.id) == col(report.organ_id))
            .where(col(report.id) == bindparam("report")),
            "report",
        )

    @cached_property
    def invite(self) -> Statement:
        insert = self.compile.insert(tables.Invitation).values(
            token_hash=bindparam("hash"),
            organ_id=bindparam("organ"),
            role=bindparam("role"),
            created_by=bindparam("by"),
            created_at=bindparam("at"),
            expires_at=bindparam("until"),
        )
        return self.compile(insert.inline(), "hash", "organ", "role", "by", "at", "until")

    @cached_property
    def invitation(self) -> Statement:
        one, organ = tables.Invitation, tables.Organ
        return self.compile(
            select(
                col(one.id),
                col(one.organ_id),
                col(organ.name),
                col(one.role),
                col(one.expires_at),
                col(one.bound_to),
                col(one.used_at),
            )
            .select_from(one)
            .join(organ, col(organ.id) == col(one.organ_id))
            .where(col(one.token_hash) == bindparam("hash")),
            "hash",
        )

    @cached_property
    def invitation_of(self) -> Statement:
        one, organ = tables.Invitation, tables.Organ
        return self.compile(
            select(
                col(one.id),
                col(one.organ_id),
                col(organ.name),
                col(one.role),
                col(one.expires_at),
                col(one.bound_to),
                col(one.used_at),
            )
            .select_from(one)
            .join(organ, col(organ.id) == col(one.organ_id))
            .where(col(one.id) == bindparam("id")),
            "id",
        )

    @cached_property
    def bind(self) -> Statement:
        one = tables.Invitation
        return self.compile(
            update(one)
            .where(col(one.id) == bindparam("invitation"), col(one.bound_to).is_(None))
            .values(bound_to=bindparam("person")),
            "person",
            "invitation",
        )

    @cached_property
    def use(self) -> Statement:
        one = tables.Invitation
        return self.compile(
            update(one)
            .where(
                col(one.id) == bindparam("invitation"),
                col(one.used_at).is_(None),
                (col(one.bound_to) == bindparam("person")),
            )
            .values(used_at=bindparam("at")),
            "at",
            "invitation",
            "person",
        )


class People:
    """The people of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        self._unit = unit
        self._statements = unit.statements(PeopleStatements)

    def screen(self, person: int) -> Screen | None:
        """A person's screen and organs, None for somebody who has never spoken with us."""
        rows = self._unit.rows(self._statements.screen, person)
        if not rows:
            return None
        report, organ_id, organ, card, contents, reachable, told, name, its, sent, at, *_ = rows[0]
        member = tuple(Membership(*row[11:]) for row in rows if row[11] is not None)
        return Screen(
            person,
            report,
            organ_id,
            organ or "",
            card,
            contents,
            bool(reachable),
            told,
            name,
            its,
            sent,
            at,
            member,
        )

    def begin(self, person: int, at: datetime, name: str = "") -> Screen:
        """The screen of somebody who may be new."""
        self._unit.run(self._statements.begin, person, name, True, at)
        found = self.screen(person)
        assert found is not None
        return found

    def called(self, person: int, name: str) -> None:
        """Somebody has another name now."""
        self._unit.run(self._statements.called, name, person)

    def name(self, person: str) -> str:
        """How to call whoever made a change, empty where that is not known."""
        if not person.isdigit():
            return ""
        row = self._unit.run(self._statements.name, int(person)).fetchone()
        return row[0] if row else ""

    def overwritten(
        self, report_id: int, history: int, person: str, since: datetime
    ) -> tuple[Overwritten, ...]:
        """
        What this transaction has replaced although a colleague entered it after `since`.

        `history` is the report's newest row of history before this transaction.
        """
        rows = self._unit.rows(self._statements.overwritten, report_id, history, person, since)
        return tuple(
            Overwritten(values.ITEMS[number], values.read(number, text), by, self.name(by), at)
            for number, text, by, at in rows
        )

    def administrators(self) -> tuple[int, ...]:
        """Everybody who is an administrator of some organ."""
        rows = self._unit.rows(self._statements.administrators, "administrator")
        return tuple(row[0] for row in rows)

    def look_at(self, person: int, report_id: int | None, organ_id: int | None) -> None:
        """Put a report, or an organ whose year is still open, on a person's screen."""
        self._unit.run(self._statements.look_at, report_id, organ_id, person)

    def card(self, person: int, outgoing: int | None, *, contents: bool = False) -> None:
        """Remember which outgoing message holds the open question, or is the contents too."""
        if contents:
            self._unit.run(self._statements.card_and_contents, outgoing, outgoing, person)
        else:
            self._unit.run(self._statements.card, outgoing, person)

    def reachable(self, person: int, yes: bool) -> None:
        """Whether messages still reach a person."""
        self._unit.run(self._statements.reachable, yes, person)

    def told(self, person: int, at: datetime) -> None:
        """A stranger was told that there is nothing for him here."""
        self._unit.run(self._statements.told, at, person)

    def memberships(self, person: int) -> tuple[Membership, ...]:
        """The organs a person works for."""
        rows = self._unit.rows(self._statements.memberships, person)
        return tuple(Membership(*row) for row in rows)

    def members(self, organ_id: int) -> tuple[tuple[int, str], ...]:
        """Who works for an organ, and as what."""
        return tuple(
            (row[0], row[1]) for row in self._unit.rows(self._statements.members, organ_id)
        )

    def join(self, person: int, organ_id: int, role: str, at: datetime) -> None:
        """Make a person a member, or change what he is."""
        self._unit.run(self._statements.join, person, organ_id, role, at, None)

    def leave(self, person: int, organ_id: int, at: datetime) -> None:
        """End a membership."""
        self._unit.run(self._statements.leave, at, person, organ_id)

    def organ(self, name: str, at: datetime) -> int:
        """The id of an organ, which is made where it is new."""
        row = self._unit.run(self._statements.organ, name).fetchone()
        if row is None:
            self._unit.run(self._statements.new_organ, name, at)
            row = self._unit.run(self._statements.organ, name).fetchone()
        found: int = row[0]
        return found

    def report_of(self, report_id: int) -> tuple[int, str, int] | None:
        """Organ id, organ and year of a report."""
        rows = self._unit.rows(self._statements.report_of, report_id)
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else None

    def invite(
        self, token: str, organ_id: int, role: str, by: str, at: datetime, until: datetime
    ) -> None:
        """Keep an invitation; of its token only the hash."""
        self._unit.run(self._statements.invite, token_hash(token), organ_id, role, by, at, until)

    def invitation(self, token: str | int) -> Invited | None:
        """The invitation behind a token, or with an id."""
        if isinstance(token, int):
            rows = self._unit.rows(self._statements.invitation_of, token)
        else:
            rows = self._unit.rows(self._statements.invitation, token_hash(token))
        return Invited(*rows[0]) if rows else None

    def bind(self, invitation: int, person: int) -> None:
        """The first person who opens an invitation is the only one who can use it."""
        self._unit.run(self._statements.bind, person, invitation)

    def use(self, invitation: int, person: int, at: datetime) -> bool:
        """Use an invitation up; false when it was used meanwhile or is somebody else's."""
        return self._unit.run(self._statements.use, at, invitation, person).rowcount == 1
