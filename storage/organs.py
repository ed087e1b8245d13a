"""
The tree of organs.

Values in, values out. An administrator of an organ looks after all organs below it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, exists, select, update

from conversations.form.organ import organ_name
from storage.reminders import ADMINISTRATOR
from storage.reports import Reader
from storage.tables import MEMBER, ORGAN, REPORT
from storage.unit import NEW_ORGAN, Unit


class WrongParent(ValueError):  # noqa: N818 - says what it is
    """An organ cannot stand below itself or below what is below it."""


_START = select(ORGAN.c.id, ORGAN.c.parent_id).where(ORGAN.c.id == bindparam("organ"))

_UP = _START.cte("up", recursive=True)
_UP = _UP.union(select(ORGAN.c.id, ORGAN.c.parent_id).join(_UP, ORGAN.c.id == _UP.c.parent_id))
ABOVE = select(_UP.c.id).where(_UP.c.id != bindparam("organ"))

DOWN = _START.cte("down", recursive=True)
DOWN = DOWN.union(select(ORGAN.c.id, ORGAN.c.parent_id).join(DOWN, ORGAN.c.parent_id == DOWN.c.id))
SELF_AND_BELOW = select(DOWN.c.id)
BELOW = (
    select(ORGAN.c.id, ORGAN.c.name)
    .join(DOWN, ORGAN.c.id == DOWN.c.id)
    .where(ORGAN.c.id != bindparam("organ"))
    .order_by(ORGAN.c.name)
)

# The organs of an administrator, and all below them.
_AFTER = (
    select(MEMBER.c.organ_id.label("id"))
    .where(MEMBER.c.person_id == bindparam("person"), ADMINISTRATOR)
    .cte("looked_after", recursive=True)
)
_AFTER = _AFTER.union(select(ORGAN.c.id).join(_AFTER, ORGAN.c.parent_id == _AFTER.c.id))
THEIRS = select(_AFTER.c.id)

LOOKED_AFTER = (
    select(*ORGAN.c["id", "name"])
    .where(ORGAN.c.id.in_(THEIRS), ORGAN.c.closed_at.is_(None))
    .order_by(ORGAN.c.name)
    .limit(bindparam("most"))
)

PARENT = select(ORGAN.c.parent_id).where(ORGAN.c.id == bindparam("organ"))

NAME_AND_PARENT = select(*ORGAN.c["name", "parent_id"]).where(ORGAN.c.id == bindparam("organ"))

_CHILD = ORGAN.alias("child")
HAS_BELOW = exists().where(_CHILD.c.parent_id == ORGAN.c.id)

TOPS = (
    select(*ORGAN.c["id", "name"])
    .where(ORGAN.c.parent_id.is_(None), HAS_BELOW)
    .order_by(ORGAN.c.name)
)

HAS_ANY_BELOW = select(ORGAN.c.id).where(ORGAN.c.parent_id == bindparam("organ")).limit(1)

YEARS_BELOW = (
    select(REPORT.c.year)
    .distinct()
    .where(REPORT.c.organ_id.in_(select(DOWN.c.id)))
    .order_by(REPORT.c.year)
)

CHANGE_ORGAN = update(ORGAN).where(ORGAN.c.id == bindparam("organ"))


def above(reader: Reader, organ_id: int) -> frozenset[int]:
    """All organs above an organ."""
    return frozenset(reader.run(ABOVE, organ=organ_id).scalars())


def path(reader: Reader, organ_id: int) -> tuple[str, ...]:
    """The names of an organ and of all above it, the nearest first."""
    names: list[str] = []
    at: int | None = organ_id
    while at is not None:
        name, at = reader.run(NAME_AND_PARENT, organ=at)[0]
        names.append(name)
    return tuple(names)


def below(reader: Reader, organ_id: int) -> tuple[tuple[int, str], ...]:
    """Id and name of all organs below an organ, by name."""
    return tuple((row[0], row[1]) for row in reader.run(BELOW, organ=organ_id))


def looked_after(reader: Reader, person: int, most: int) -> tuple[tuple[int, str], ...]:
    """
    Id and name of the organs that an administrator looks after: their own, and all below.

    Closed organs are left out.
    """
    rows = reader.run(LOOKED_AFTER, person=person, most=most)
    return tuple((row[0], row[1]) for row in rows)


def parent_of(reader: Reader, organ_id: int) -> int | None:
    """The organ right above, None if unknown."""
    parent: int | None = reader.run(PARENT, organ=organ_id).scalar()
    return parent


def tops(reader: Reader) -> tuple[tuple[int, str], ...]:
    """Id and name of the organs at the top that have organs below, by name."""
    return tuple((row[0], row[1]) for row in reader.run(TOPS))


def has_below(reader: Reader, organ_id: int) -> bool:
    """Whether an organ has organs below it."""
    return reader.run(HAS_ANY_BELOW, organ=organ_id).first() is not None


def years_below(reader: Reader, organ_id: int) -> tuple[int, ...]:
    """The years for which an organ or an organ below it has a report, oldest first."""
    return tuple(reader.run(YEARS_BELOW, organ=organ_id).scalars())


def make_below(unit: Unit, name: str, parent_id: int | None, at: datetime) -> int | None:
    """A new organ below another, or at the top; None if it was made meanwhile."""
    made = unit.run(NEW_ORGAN, name=organ_name(name), created=at, parent_id=parent_id)
    return unit.organ(name, at) if made.rowcount == 1 else None


def place_below(unit: Unit, organ_id: int, parent_id: int | None) -> None:
    """
    Put an organ below another, or at the top.

    Raises:
        WrongParent: The tree would have a circle.
    """
    if parent_id is not None and (parent_id == organ_id or organ_id in above(unit, parent_id)):
        raise WrongParent(organ_id)
    unit.run(CHANGE_ORGAN, organ=organ_id, parent_id=parent_id)
