"""
Who may speak with the bot, about which organ, and where each person's screen stands.

Values in, values out. `People` works in a transaction of `reports.py`'s.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from storage import tables
from storage.reports import Unit
from storage.statements import Statement, Statements


@dataclass(frozen=True, slots=True)
class Screen:
    """A person's screen: the report on it and the messages that are kept up to date."""

    person: int
    report_id: int | None
    organ_id: int | None
    organ: str
    card: int | None
    contents: int | None
    reachable: bool
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Membership:
    """One organ a person works for, and as what."""

    organ_id: int
    organ: str
    role: str


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


class PeopleStatements(Statements):
    """Every statement of this module."""

    @cached_property
    def screen(self) -> Statement:
        person, organ = tables.Person, tables.Organ
        return self.compile(
            select(
                col(person.report_id),
                col(person.organ_id),
                col(organ.name),
                col(person.card),
                col(person.contents),
                col(person.reachable),
                col(person.told_at),
            )
            .select_from(person)
            .outerjoin(organ, col(organ.id) == col(person.organ_id))
            .where(col(person.id) == bindparam("person")),
            "person",
        )

    @cached_property
    def begin(self) -> Statement:
        insert = self.compile.insert(tables.Person).values(
            id=bindparam("person"),
            reachable=bindparam("reachable"),
            created_at=bindparam("at"),
        )
        return self.compile(
            insert.on_conflict_do_nothing(index_elements=["id"]),
            "person",
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
    def contents(self) -> Statement:
        person = tables.Person
        return self.compile(
            update(person)
            .where(col(person.id) == bindparam("person"))
            .values(contents=bindparam("contents")),
            "contents",
            "person",
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

    @cached_property
    def count(self) -> Statement:
        return self.compile(select(func.count()).select_from(tables.Person))


class People:
    """The people of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        self._unit = unit
        self._statements = unit.statements(PeopleStatements)

    def screen(self, person: int) -> Screen | None:
        """A person's screen, None for somebody who has never spoken with us."""
        rows = self._unit.rows(self._statements.screen, person)
        if not rows:
            return None
        report, organ_id, organ, card, contents, reachable, told = rows[0]
        return Screen(person, report, organ_id, organ or "", card, contents, bool(reachable), told)

    def begin(self, person: int, at: datetime) -> Screen:
        """The screen of somebody who may be new."""
        self._unit.run(self._statements.begin, person, True, at)
        found = self.screen(person)
        assert found is not None
        return found

    def look_at(self, person: int, report_id: int | None, organ_id: int | None) -> None:
        """Put a report, or an organ whose year is still open, on a person's screen."""
        self._unit.run(self._statements.look_at, report_id, organ_id, person)

    def card(self, person: int, outgoing: int | None) -> None:
        """Remember which outgoing message holds the open question."""
        self._unit.run(self._statements.card, outgoing, person)

    def contents(self, person: int, outgoing: int | None) -> None:
        """Remember which outgoing message is the list of sections."""
        self._unit.run(self._statements.contents, outgoing, person)

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

    def invitation(self, token: str) -> Invited | None:
        """The invitation behind a token."""
        rows = self._unit.rows(self._statements.invitation, token_hash(token))
        return Invited(*rows[0]) if rows else None

    def bind(self, invitation: int, person: int) -> None:
        """The first person who opens an invitation is the only one who can use it."""
        self._unit.run(self._statements.bind, person, invitation)

    def use(self, invitation: int, person: int, at: datetime) -> bool:
        """Use an invitation up; false when it was used meanwhile or is somebody else's."""
        return self._unit.run(self._statements.use, at, invitation, person).rowcount == 1
