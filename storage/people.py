"""
Who may speak with the bot, about which organ, and where each person's screen stands.

Values in, values out. `People` works in a transaction of `reports.py`'s.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from conversations.form.answers import Value
from conversations.form.model import ItemId
from storage import values
from storage.reports import Unit

if TYPE_CHECKING:
    from storage.people_statements import PeopleStatements


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


class People:
    """The people of one transaction."""

    def __init__(self, unit: Unit) -> None:
        """Work in `unit`."""
        self._unit = unit
        self._statements: PeopleStatements = unit.prepared("PeopleStatements")

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
