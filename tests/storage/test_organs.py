"""
The tree of organs.
"""

from datetime import UTC, datetime

import pytest

from storage import Store
from storage.organs import WrongParent, above, below, parent_of, place_below

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
