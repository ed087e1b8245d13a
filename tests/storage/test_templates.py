"""
The templates of organs, on each database: whose counts, what came before, and the history.
"""

from datetime import timedelta

from storage import Store, Unit, templates
from storage.organs import CHANGE_ORGAN, place_below
from tests.storage.clerk import NOW, YEAR

COUNTY, BUREAU, STATION, ELSEWHERE = "某县人民政府", "某县财政局", "某县财政所", "别县人民政府"


def organs(unit: Unit) -> list[int]:
    """
    A county, a bureau below it, a station below that, and another county.
    """
    county, bureau, station, _ = ids = [
        unit.organ(name, NOW) for name in (COUNTY, BUREAU, STATION, ELSEWHERE)
    ]
    place_below(unit, bureau, county)
    place_below(unit, station, bureau)
    return ids


def use(unit: Unit, organ: int, name: str) -> int:
    return templates.use(unit, organ, name, name.encode(), "p1", NOW)


def counting(unit: Unit, ids: list[int]) -> list[str]:
    """
    The name of the template that counts for each organ.
    """
    found = [templates.in_use(unit, organ) for organ in ids]
    return [one.name if one else "" for one in found]


def test_the_template_of_the_nearest_organ_counts_until_it_is_taken_back(store: Store):
    """
    Then the one before, then the upper organ's, then none; another county has nothing of it.
    """
    with store.begin() as unit:
        county, bureau, *_ = ids = organs(unit)
        of_county = use(unit, county, "县")
        first, second = (use(unit, bureau, name) for name in ("一", "二"))

        assert ["县", "二", "二", ""] == counting(unit, ids)
        assert not templates.undo(unit, first, "p2", NOW)
        assert templates.undo(unit, second, "p2", NOW)
        assert not templates.undo(unit, second, "p2", NOW)
        assert ["县", "一", "一", ""] == counting(unit, ids)
        assert templates.undo(unit, first, "p2", NOW)
        assert ["县", "县", "县", ""] == counting(unit, ids)
        assert templates.undo(unit, of_county, "p2", NOW)
        assert ["", "", "", ""] == counting(unit, ids)


def test_what_was_taken_back_stays_with_who_did_it(store: Store):
    """
    The history has each with both moments; the bytes stay too.
    """
    later = NOW + timedelta(days=3)
    with store.begin() as unit:
        county, bureau, *_ = organs(unit)
        template = use(unit, county, "县")
        use(unit, bureau, "局")
        templates.undo(unit, template, "operator", later)

        (kept,) = templates.history(unit, county)
        assert (COUNTY, "县", "p1", NOW) == (kept.organ, kept.name, kept.by, kept.at)
        assert ("operator", later) == (kept.ended_by, kept.ended_at)
        assert "县".encode() == templates.content(unit, template)
        assert templates.content(unit, template + 9) is None


def test_a_report_has_the_template_of_its_organ(store: Store):
    """
    By the organ it belongs to, whatever that is called now.
    """
    with store.begin() as unit:
        county, *_ = organs(unit)
        report = unit.open_report(STATION, YEAR, now=NOW, edition="2021")
        assert templates.for_report(unit, report) is None
        template = use(unit, county, "县")
        found = templates.for_report(unit, report)

    assert found is not None
    assert (template, COUNTY) == (found.id, found.organ)


def test_those_in_use_are_known_the_last_first(store: Store):
    """
    One of each organ.
    """
    with store.begin() as unit:
        county, bureau, station, _ = organs(unit)
        use(unit, county, "旧")
        of_county = use(unit, county, "县")
        of_bureau = use(unit, bureau, "局")
        templates.undo(unit, use(unit, station, "所"), "p1", NOW)

        assert [of_bureau, of_county] == [one.id for one in templates.all_in_use(unit)]


def test_organs_above_each_other_without_end_end_a_look(store: Store):
    """
    Whoever has written into the database by hand keeps nobody waiting for ever.
    """
    with store.begin() as unit:
        county, bureau, *_ = organs(unit)
        unit.run(CHANGE_ORGAN, organ=county, parent_id=bureau)

        assert templates.in_use(unit, bureau) is None
