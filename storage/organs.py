"""
The tree of organs: which stands above which.

Values in, values out. An administrator of an organ looks after all organs below it.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from storage.reports import Reader
from storage.tables import ORGAN
from storage.unit import Unit


class WrongParent(ValueError):  # noqa: N818 - says what it is
    """An organ cannot stand below itself or below what is below it."""


_START = select(ORGAN.c.id, ORGAN.c.parent_id).where(ORGAN.c.id == bindparam("organ"))

_UP = _START.cte("up", recursive=True)
_UP = _UP.union(select(ORGAN.c.id, ORGAN.c.parent_id).join(_UP, ORGAN.c.id == _UP.c.parent_id))
ABOVE = select(_UP.c.id).where(_UP.c.id != bindparam("organ"))

_DOWN = _START.cte("down", recursive=True)
_DOWN = _DOWN.union(
    select(ORGAN.c.id, ORGAN.c.parent_id).join(_DOWN, ORGAN.c.parent_id == _DOWN.c.id)
)
BELOW = (
    select(ORGAN.c.id, ORGAN.c.name)
    .join(_DOWN, ORGAN.c.id == _DOWN.c.id)
    .where(ORGAN.c.id != bindparam("organ"))
    .order_by(ORGAN.c.name)
)

PARENT = select(ORGAN.c.parent_id).where(ORGAN.c.id == bindparam("organ"))

PLACE = update(ORGAN).where(ORGAN.c.id == bindparam("organ"))


def above(reader: Reader, organ_id: int) -> frozenset[int]:
    """The organs that an organ is below of, at whatever distance."""
    return frozenset(reader.run(ABOVE, organ=organ_id).scalars())


def below(reader: Reader, organ_id: int) -> tuple[tuple[int, str], ...]:
    """Id and name of the organs below an organ, at whatever distance, by name."""
    return tuple((row[0], row[1]) for row in reader.run(BELOW, organ=organ_id))


def parent_of(reader: Reader, organ_id: int) -> int | None:
    """The organ right above, None where none is known."""
    parent: int | None = reader.run(PARENT, organ=organ_id).scalar()
    return parent


def place_below(unit: Unit, organ_id: int, parent_id: int | None) -> None:
    """
    Put an organ below another, or below none.

    Raises:
        WrongParent: The tree would be a circle.
    """
    if parent_id is not None and (parent_id == organ_id or organ_id in above(unit, parent_id)):
        raise WrongParent(organ_id)
    unit.run(PLACE, organ=organ_id, parent_id=parent_id)
