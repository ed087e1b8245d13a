"""
The sum at the door: what is missing, down to the organs of a figure, corrections, the own report.
"""

import io

import openpyxl

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.sign_off.rights import Action
from conversations.wording import county_summing as wording
from conversations.wording import offered_sum
from conversations.wording.checks import place_of_cell
from conversations.wording.county import NOT_YOURS
from conversations.wording.county_overview import FILE_BUTTON
from conversations.wording.sign_off import NOT_ALLOWED
from tests.bot.telegram.door import OTHER_TOWN, TOWN, Door
from tests.bot.telegram.test_below import COUNTY, OTHER_COUNTY, county, organ_id, places
from tests.bot.test_county_sum import LICENSES, NEW, YEAR, put
from tests.botapi import Person
from tests.conversations.test_county_sum import zeros

BUREAU, LATE = "雷州县财政局", "龙角镇人民政府"


async def reported(office: Door) -> Person:
    """
    The county's administrator; two organs below have reported, one has not.
    """
    head = await county(office)
    places(office, (BUREAU, COUNTY), (LATE, COUNTY))
    with office.opened() as store:
        put(
            store,
            TOWN,
            zeros(**{LICENSES: 4, NEW: 2, "requests.carried_forward.natural_person": 2}),
        )
        put(store, BUREAU, zeros(**{LICENSES: 9}))
    return head


def door_of(office: Door, organ: str, *what: str | int) -> str:
    return ":".join(map(str, ("cy", "s", format(organ_id(office, organ), "x"), YEAR, *what)))


async def test_the_county_goes_from_the_sum_down_to_an_organ(office: Door):
    """
    The head says who is missing; table, line and figure are one tap each.
    """
    head = await reported(office)
    await head.says(f"/sum {YEAR}")
    await head.sees_next(wording.count_line(2, 3, [LATE]))

    await head.taps(wording.missing(1))
    await head.sees(wording.MISSING, LATE)
    await head.taps(wording.TO_THE_SUM)
    shown = await head.sees(wording.count_line(2, 3, [LATE]))
    tables = [table.short for table in FORM.tables]
    assert set(tables) <= set(shown.labels)

    await head.taps(tables[0])
    line = FORM.lines[FORM.cells[LICENSES].line]
    await head.sees(FORM.section_of[LICENSES].heading)
    await head.taps(f"{line.short} 13")
    card = await head.sees(place_of_cell(LICENSES), wording.comes_from(2))
    assert (f"{BUREAU} 9", f"{TOWN} 4") == tuple(card.labels[:2])

    await head.taps(f"{BUREAU} 9")
    card = await head.sees(BUREAU, FILE_BUTTON, wording.BACK)
    await head.taps(wording.BACK, card)
    await head.sees(place_of_cell(LICENSES), wording.comes_from(2))
    await head.taps(wording.TO_THE_SUM)
    await head.sees(wording.count_line(2, 3, [LATE]))
    await head.taps(wording.DOWNLOAD)
    file = await head.sees_next(wording.FILE.format(year=YEAR))
    book = openpyxl.load_workbook(io.BytesIO(file.file or b""))
    assert list(wording.SHEETS) == book.sheetnames
    assert (LICENSES, 13) in [(row[-1], row[3]) for row in book.worksheets[0].values]


async def test_a_figure_is_corrected_with_a_typed_reason(office: Door):
    """
    Also after a restart; what cannot be read is asked again, and another's text is none.
    """
    head = await reported(office)
    await head.says(f"/sum {YEAR}")
    await head.sees_next(wording.head(COUNTY, YEAR))
    await head.forges(door_of(office, COUNTY, "c", FORM.number[LICENSES], 0))
    await head.sees(place_of_cell(LICENSES))
    await head.taps(wording.CORRECT)
    await head.sees(wording.how_to_correct(LICENSES, 13))
    await office.stop()
    await office.start()

    await head.says("-1")
    await head.sees_next(wording.NEEDS_REASON)
    await head.says("-1 同一件已转办")
    done = await head.sees_next(wording.corrected(LICENSES, -1, "同一件已转办", 12))
    assert "李强" in done.text
    # What comes after is an answer to nothing here.
    await head.says("-2 同一件已转办")
    later = await head.sees_next("")
    assert wording.corrected(LICENSES, -2, "同一件已转办", 11) not in later.text

    await head.forges(door_of(office, COUNTY, "k", 0))
    await head.sees(wording.CORRECTIONS, wording.correction_line(LICENSES, -1, "同一件已转办"))
    await head.forges(door_of(office, COUNTY, "x", FORM.number[LICENSES]))
    await head.sees(wording.taken_back(LICENSES, 13))


async def test_one_tap_offers_the_sum_to_the_countys_own_report(office: Door):
    """
    What is open is filled after a yes; what may be counted twice is asked about; history says how.
    """
    head = await reported(office)
    await head.says(f"/sum {YEAR}")
    await head.sees_next(wording.head(COUNTY, YEAR))
    await head.taps(wording.TAKE_OVER)
    await head.sees(offered_sum.FILL_IN, offered_sum.NOT_NOW, wording.count_line(2, 3, [LATE]))
    await head.taps(offered_sum.FILL_IN)
    await head.sees(place_of_cell(NEW))
    await head.taps(offered_sum.take(2))
    await head.sees(offered_sum.DONE)

    with office.opened() as store, store.begin() as unit:
        report_id = unit.find_report(COUNTY, YEAR)
        assert report_id is not None
        answers = unit.load(report_id, "").answers
        doors = {change.door for change in unit.history(report_id)}
    assert (13, 2) == (answers.number(LICENSES), answers.number(NEW))
    assert {"sum"} == doors


async def test_nobody_sees_the_sum_of_another_county(office: Door):
    """
    Neither a clerk below, nor the neighbour's administrator, by command, button or typed text.
    """
    head = await reported(office)
    clerk = await office.joins("王芳", TOWN, year=YEAR)
    other = await office.joins("赵敏", OTHER_COUNTY, role="administrator", year=0)
    buttons = [
        door_of(office, COUNTY, *what)
        for what in (
            (),
            ("c", FORM.number[LICENSES], 0),
            ("e", FORM.number[LICENSES]),
            ("f",),
            ("o",),
        )
    ]
    for person in (clerk, other):
        for data in buttons:
            tap = await person.forges(data)
            assert NOT_YOURS == (await tap.is_answered()).text
        await person.says("-1 同一件已转办")
        await person.sees_next("")
        assert not person.documents
    await other.says(f"/sum {YEAR}")
    await other.sees_next(wording.count_line(0, 1, [OTHER_TOWN]))
    await clerk.says("/sum")
    await clerk.sees_next(NOT_YOURS)
    await head.says(f"/sum {OTHER_COUNTY}")
    await head.sees_next(wording.NO_ORGAN)


async def test_an_administrator_above_looks_and_does_not_write(office: Door):
    """
    Whose settings make them administrator of all may write; one above the county may not.
    """
    await reported(office)
    places(office, (COUNTY, "雷州市人民政府"))
    city = await office.joins("周敏", "雷州市人民政府", role="administrator", year=0)
    await city.forges(door_of(office, COUNTY))
    await city.sees(wording.count_line(2, 3, [LATE]))
    tap = await city.forges(door_of(office, COUNTY, "o"))
    assert NOT_ALLOWED[Action.WRITE] == (await tap.is_answered()).text
