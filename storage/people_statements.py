"""The statements of `people.py`; after a change `python -m storage.prepare`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from storage import tables
from storage.statements import Statement, Statements


def _table(model: Any) -> Any:
    return model.__table__


class PeopleStatements(Statements):
    """Every statement of `people.py`."""

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
