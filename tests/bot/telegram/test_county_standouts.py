"""
What stands out, at the door: the list, the text to forward, shared texts; and for nobody else.
"""

import pytest

from bot.county.standing_out import ON_PAGE
from conversations.checks.findings import Similar
from conversations.checks.similar import among_similar
from conversations.county.outliers import COMPARABLE
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.wording import county_standing_out as wording
from conversations.wording.county import NOT_YOURS
from tests.bot.telegram.door import OTHER_TOWN, TOWN, Door
from tests.bot.telegram.test_below import COUNTY, OTHER_COUNTY, county, organ_id
from tests.bot.test_standouts_cli import FAR, NEAR, PERMITS, YEAR, reports, townships
from tests.botapi import Person
from tests.conversations.test_alike import OWN

PROBLEMS = "problems_and_improvements"


@pytest.fixture(autouse=True)
def year(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The reports are of the year that people work on.
    """
    monkeypatch.setattr("bot.county.under.year_of_work", lambda *_: YEAR)


async def reported(office: Door) -> Person:
    """
    The administrator of the county: nine townships, of which one has a hundred times as many
    permits, and two that have the same text.
    """
    head = await county(office)
    with office.opened() as store:
        townships(store, COMPARABLE)
        reports(store, FAR, {PERMITS: 2500, PROBLEMS: "".join(OWN)})
        reports(store, NEAR, {PERMITS: 30, PROBLEMS: "".join(OWN)})
    return head


def door_of(office: Door, organ: str, *what: str) -> str:
    number = format(organ_id(office, organ), "x")
    return ":".join(("cy", wording.LETTER, number, str(YEAR), *what))


def similar(office: Door, organ: str) -> dict[str, Similar]:
    with office.opened() as store, store.read() as reader:
        report_id = reader.find_report(organ, YEAR)
        assert report_id is not None
        return dict(reader.load(report_id, "1").similar)


async def test_the_county_sees_what_stands_out_and_forwards_a_text(office: Door):
    """
    The text stands alone in its message, and the organ's own report knows of it from then on.
    """
    head = await reported(office)
    assert {} == similar(office, FAR)

    await head.says("/overview")
    card = await head.sees_next(COUNTY)
    button = wording.list_button(organ_id(office, COUNTY), YEAR)
    await head.taps(button.label, card)
    shown = await head.sees_next(wording.title(COUNTY, YEAR), FAR, "2,500")
    assert "第1镇" not in shown.text
    ((cell, found),) = similar(office, FAR).items()
    said = among_similar(FORM, cell, found)
    assert said in shown.text

    await head.taps(f"1 {FAR}", shown)
    text = await head.sees(said, after=shown)
    assert text.text.startswith(FAR)
    assert () == text.labels

    await head.taps(wording.to_alike(1, YEAR, 1).label, shown)
    pairs = await head.sees(wording.alike_title(COUNTY, YEAR), FAR, NEAR)
    await head.taps(pairs.labels[0], pairs)
    same = await head.sees(OWN[0][:-1])
    assert all(sentence[:-1] in same.text for sentence in OWN)


async def test_many_are_shown_a_page_at_a_time(office: Door):
    head = await county(office)
    with office.opened() as store:
        townships(store, 60)
        for place in range(ON_PAGE + 1):
            reports(store, f"远{place}镇人民政府", {PERMITS: 9000 + place})

    await head.forges(door_of(office, COUNTY))
    first = await head.sees_next(wording.title(COUNTY, YEAR))
    assert ON_PAGE == first.text.count("9,00")
    await head.taps(wording.NEXT, first)
    second = await head.sees(FAR, wording.BEFORE)
    assert first.id == second.id


async def test_nothing_of_a_neighbour_is_seen_by_any_button(office: Door):
    """
    Another county, the county above, an organ's report that is not below: all are refused.
    """
    head = await reported(office)
    with office.opened() as store:
        neighbours = reports(store, OTHER_TOWN, {PERMITS: 1}, under=OTHER_COUNTY)
    for organ in (OTHER_COUNTY, OTHER_TOWN):
        tap = await head.forges(door_of(office, organ))
        assert NOT_YOURS == (await tap.is_answered()).text

    town = await office.joins("赵敏", TOWN, role="administrator", year=0)
    for what in ((), ("e", format(neighbours, "x")), (wording.ALIKE,)):
        tap = await town.forges(door_of(office, COUNTY, *what))
        assert NOT_YOURS == (await tap.is_answered()).text
    clerk = await office.joins("王芳", FAR, year=0)
    tap = await clerk.forges(door_of(office, FAR))
    assert NOT_YOURS == (await tap.is_answered()).text


async def test_a_button_of_what_is_gone_or_nonsense_shows_the_list(office: Door):
    head = await reported(office)
    for what in (("e", "ffff"), ("e", "ÿ"), ("a", "1", "2", "3"), ("p99",), ("p٣", "x"), ("zz",)):
        await head.forges(door_of(office, COUNTY, *what))
        await head.sees_answered()
    for data in ("cy:x", "cy:x:zz:2025", "cy:x:1:20", "cy:x:1"):
        tap = await head.forges(data)
        assert NOT_YOURS == (await tap.is_answered()).text
