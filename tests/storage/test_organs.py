"""
The tree of organs.
"""

from datetime import UTC, datetime

import pytest

from storage import Store
from storage.organs import (
    WrongParent,
    above,
    below,
    looked_after,
    make_below,
    parent_of,
    place_below,
)
from storage.people import People

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_an_organ_has_those_above_and_below_at_whatever_distance(store: Store):
    """
    City, county, township: the township is below both, and a neighbour below neither.
    """
    with store.begin() as unit:
        city, county, town, other = (
            unit.organ(name, NOW) for name in ("甲市", "乙县", "丙镇", "丁县")
        )
        place_below(unit, county, city)
        place_below(unit, town, county)

    with store.read() as reader:
        assert {city, county} == above(reader, town)
        assert ((town, "丙镇"), (county, "乙县")) == below(reader, city)
        assert () == below(reader, other)
        assert (county, None) == (parent_of(reader, town), parent_of(reader, other))


def test_nobody_stands_above_themselves(store: Store):
    """
    A circle would make everybody the administrator of everything in it.
    """
    with store.begin() as unit:
        county, town = unit.organ("乙县", NOW), unit.organ("丙镇", NOW)
        place_below(unit, town, county)
        with pytest.raises(WrongParent):
            place_below(unit, county, town)
        with pytest.raises(WrongParent):
            place_below(unit, county, county)
        place_below(unit, town, None)
        place_below(unit, county, town)

        assert {town} == above(unit, county)


def test_an_organ_that_somebody_has_made_meanwhile_is_put_nowhere(store: Store):
    """
    A new one stands below; one that is there stays where it is.
    """
    with store.begin() as unit:
        county, town = unit.organ("乙县", NOW), unit.organ("丙镇", NOW)
        made = make_below(unit, "丁镇", county, NOW)
        assert made is not None
        assert make_below(unit, "丙镇", county, NOW) is None
        assert (county, None) == (parent_of(unit, made), parent_of(unit, town))
        assert [(made, "丁镇")] == [*below(unit, county)]
        assert county == parent_of(unit, made)


def test_an_administrator_looks_after_their_own_organ_and_all_below(store: Store):
    """
    Nobody else does, whatever else they are there, and nobody who was it once.
    """
    with store.begin() as unit:
        city, county, town, other = (
            unit.organ(name, NOW) for name in ("甲市", "乙县", "丙镇", "丁县")
        )
        place_below(unit, county, city)
        place_below(unit, town, county)
        people = People(unit)
        for person, organ, role in (
            (1, county, "administrator"),
            (2, county, "clerk"),
            (3, city, "leader"),
            (4, other, "administrator"),
        ):
            people.begin(person, NOW)
            people.join(person, organ, role, NOW)

    with store.read() as reader:
        assert [{town, county}, set(), set(), {other}] == [
            {id_ for id_, _ in looked_after(reader, person, 9)} for person in (1, 2, 3, 4)
        ]
        assert 1 == len(looked_after(reader, 1, 1))
