"""
/export in the chat: everything of a county as files, beside whatever else is said.
"""

import asyncio
import threading
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest

from bot.county import handing_out
from bot.telegram import handing_out as door
from conversations.wording import county as county_wording
from conversations.wording import county_handing_out as wording
from conversations.wording import door as words
from conversations.wording import talk as say
from tests import handed_out as made
from tests.bot.telegram.door import ADMIN, TOWN, Door
from tests.bot.telegram.test_below import organ_id, places
from tests.botapi import Person
from tests.handed_out import COUNTY, NEIGHBOUR, YEAR, county

# What has nothing to do with the database.
SQLITE = pytest.mark.parametrize("office", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def year(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The reports are of the year that people work on.
    """
    monkeypatch.setattr("bot.county.under.year_of_work", lambda *_: YEAR)
    monkeypatch.setattr(door, "EVERY", 0.02)


class Gate:
    """
    Documents are made only as far as it is open.
    """

    def __init__(self, make: Callable[..., bytes | None]) -> None:
        self.made = 0
        self.open = threading.Semaphore(0)
        self._make = make

    def __call__(self, *given: object) -> bytes | None:
        self.open.acquire()
        self.made += 1
        return self._make(*given)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    found = Gate(handing_out.final_document)
    monkeypatch.setattr(handing_out, "final_document", found)
    yield found
    found.open.release(1000)


async def head(office: Door, organ: str = COUNTY) -> Person:
    """
    Somebody who looks after an organ; the county's reports are there.
    """
    if organ == COUNTY:
        with office.opened() as store:
            county(store)
    return await office.joins("李强", organ, role="administrator", year=0)


async def asks_for(person: Person, label: str) -> None:
    await person.says("/export")
    card = await person.sees_next(say.head(COUNTY, YEAR))
    await person.taps(label, card)


def all_label() -> str:
    return wording.card_buttons(1, YEAR)[0][0].label


def files(person: Person) -> dict[str, bytes]:
    return {one.file_name or "": one.file or b"" for one in person.documents}


async def test_the_three_come_as_files_and_what_is_missing_is_named(office: Door):
    """
    The same files as at the terminal; the message that showed how far it was names who is missing.
    """
    person = await head(office)
    await asks_for(person, all_label())
    await office.rests()

    names = (wording.DICTIONARY, wording.FIGURES, wording.TABLES, wording.DOCUMENTS)
    found = files(person)
    assert [f"{COUNTY}{name.format(year=YEAR)}" for name in names] == list(found)
    with zipfile.ZipFile(BytesIO(list(found.values())[-1])) as archive:
        assert made.KEPT in [archive.read(name) for name in archive.namelist()]
    (said,) = (one for one in person.from_bot if made.NOTHING in one.text)
    assert all(organ in said.text for organ in made.MISSING)
    assert not said.labels


async def test_meanwhile_the_message_says_how_far_it_is_and_others_go_on(office: Door, gate: Gate):
    """
    Nobody waits for it: neither another chat nor the same one.
    """
    person = await head(office)
    await asks_for(person, wording.KINDS["zip"])
    begun = await person.sees(wording.begun(COUNTY, YEAR))
    gate.open.release(4)
    await office.server.until(lambda: begun.text == wording.making(4, 10), "four are made")

    clerk = await office.joins("王芳", TOWN)
    await office.asks(clerk, "行政许可")
    await person.says("/export")
    await person.sees_next(say.head(COUNTY, YEAR))
    # Twice at once is once.
    tap = await person.forges(f"cy:e:{organ_id(office, COUNTY):x}:{YEAR}:zip")
    await tap.is_answered()
    assert wording.UNDER_WAY == tap.text
    gate.open.release(1000)
    await office.rests()

    assert 1 == len(files(person))


async def test_a_tap_stops_it(office: Door, gate: Gate):
    """
    Nothing is sent, nothing is left; another tap on the same button says that it is over.
    """
    person = await head(office)
    await asks_for(person, wording.KINDS["zip"])
    begun = await person.sees(wording.begun(COUNTY, YEAR))
    gate.open.release(2)
    await office.server.until(lambda: begun.text == wording.making(2, 10), "two are made")
    found = making(office)
    await person.taps(wording.stop_buttons()[0][0].label, begun)
    async with asyncio.timeout(30):
        while found.wanted:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.02)
    gate.open.release()
    await office.server.until(lambda: begun.text == wording.STOPPED, "it is over")
    await office.rests()

    assert {} == files(person)
    assert gate.made < 10
    assert not found.folder.exists()
    late = await person.forges("cy:e:s", begun)
    await late.is_answered()
    assert wording.NOTHING_TO_STOP == late.text


def making(office: Door) -> door.Making:
    assert office.service.sender is not None
    (found,) = office.service.sender.hand_outs._makings.values()
    return found


async def test_after_a_kill_they_are_made_again(office: Door, gate: Gate):
    """
    From the row, once; who is missing is said as ever.
    """
    person = await head(office)
    await asks_for(person, wording.KINDS["zip"])
    begun = await person.sees(wording.begun(COUNTY, YEAR))
    gate.open.release(3)
    await office.server.until(lambda: begun.text == wording.making(3, 10), "three are made")
    await office.dies()
    gate.open.release(1000)
    await office.start()
    await office.rests()

    assert 1 == len(files(person))
    assert any(all(organ in one.text for organ in made.MISSING) for one in person.from_bot)


@SQLITE
async def test_a_file_of_which_no_answer_came_comes_again_with_a_word(office: Door):
    """
    Only what did not surely arrive: not those before it.
    """
    person = await head(office)
    office.server.fail("sendDocument", cut="after", chat=person.id)
    await asks_for(person, all_label())
    await office.rests()

    said = wording.caption(wording.FIGURES, COUNTY, YEAR)
    captions = [one.text for one in person.documents]
    assert [said, said + words.REPEATED, said] == captions[:3]
    assert 5 == len(captions)


@SQLITE
async def test_what_is_too_large_for_one_message_comes_in_parts(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Each part is an archive of its own.
    """
    monkeypatch.setattr(door, "MOST_BYTES", 2_012_000)
    person = await head(office)
    await asks_for(person, wording.KINDS["zip"])
    await office.rests()

    assert 1 < len(files(person))
    assert all(zipfile.is_zipfile(BytesIO(content)) for content in files(person).values())


@SQLITE
async def test_open_data_that_are_too_large_come_packed(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    With the same word under them; what is too large even so is named.
    """
    monkeypatch.setattr(door, "MOST_BYTES", 20_000)
    person = await head(office)
    await asks_for(person, all_label())
    await office.rests()

    said = wording.caption(wording.FIGURES, COUNTY, YEAR)
    figures = f"{COUNTY}{wording.FIGURES.format(year=YEAR)}"
    (packed,) = (one for one in person.documents if one.file_name == f"{figures}.zip")
    with zipfile.ZipFile(BytesIO(packed.file or b"")) as archive:
        assert [figures] == archive.namelist()
    assert said == packed.text
    tables = f"{COUNTY}{wording.TABLES.format(year=YEAR)}"
    assert any(tables in one.text for one in person.from_bot if one.kind == "text")


@SQLITE
async def test_only_what_one_looks_after_is_handed_out(office: Door):
    """
    No command, no forged button opens another county, a year that is none, a kind that is none.
    """
    await head(office)
    other = await office.joins("孙平", NEIGHBOUR, role="administrator", year=0)
    mine, theirs = (f"{organ_id(office, organ):x}" for organ in (NEIGHBOUR, COUNTY))
    for data in (
        f"cy:e:{theirs}:{YEAR}",
        f"cy:e:{theirs}:{YEAR}:all",
        f"cy:e:{theirs}:{YEAR}:zip",
        "cy:e:ffffff:2025:all",
        "cy:e:-1:2025",
        f"cy:e:{mine}:25",
        f"cy:e:{mine}:{YEAR}:docx",
        f"cy:e:{mine}:{YEAR}:zip:x",
        "cy:e:" + "f" * 50,
        "cy:e:",
        "cy:e",
    ):
        tap = await other.forges(data)
        await tap.is_answered()
        assert county_wording.OLD == tap.text, data
    await other.says(f"/export {COUNTY}")
    await other.sees_next(wording.NOT_THERE.format(organ=COUNTY))
    clerk = await office.joins("王芳", made.OPEN)
    await clerk.says("/export")
    await clerk.sees_next(county_wording.NOT_YOURS)
    await office.rests()

    assert {} == files(other)
    refused = wording.NOT_THERE.format(organ=COUNTY)
    assert not any(COUNTY in one.text for one in other.from_bot if one.text != refused)


@SQLITE
async def test_who_looks_after_it_no_more_gets_nothing(office: Door, gate: Gate):
    """
    The organ was put elsewhere while it was being made.
    """
    person = await head(office, NEIGHBOUR)
    with office.opened() as store:
        county(store)
    places(office, (COUNTY, NEIGHBOUR))
    tap = await person.forges(f"cy:e:{organ_id(office, COUNTY):x}:{YEAR}:zip")
    await tap.is_answered()
    await person.sees(wording.begun(COUNTY, YEAR))
    places(office, (COUNTY, "龙川市人民政府"))
    gate.open.release(1000)
    await office.rests()

    assert {} == files(person)


@SQLITE
async def test_another_year_is_handed_out_too(office: Door):
    """
    The year is typed after the command, before or after a part of the name.
    """
    person = await head(office)
    for typed in ("", f"{COUNTY[:2]}", f"{COUNTY}"):
        await person.says(f"/export {YEAR - 1} {typed}")
        await person.sees_next(say.head(COUNTY, YEAR - 1))


@SQLITE
async def test_nothing_goes_out_of_an_organ_that_was_put_elsewhere_meanwhile(
    office: Door, gate: Gate
):
    """
    The county is still theirs, one of the organs is not: what was made with it in is not sent.
    """
    person = await head(office)
    await asks_for(person, wording.KINDS["zip"])
    begun = await person.sees(wording.begun(COUNTY, YEAR))
    gate.open.release(9)
    await office.server.until(lambda: begun.text == wording.making(9, 10), "nine are made")
    places(office, (made.FINISHED, NEIGHBOUR))
    gate.open.release(1000)
    await office.rests()
    assert {} == files(person)
    assert wording.STOPPED == begun.text

    await asks_for(person, wording.KINDS["zip"])
    await office.rests()
    ((_, content),) = files(person).items()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert not any(made.FINISHED in name for name in archive.namelist())


@SQLITE
async def test_whoever_looks_after_all_chooses(office: Door):
    """
    Every organ on top that has others below it, by a button.
    """
    with office.opened() as store:
        county(store)
    admin = office.server.person("管理员", ADMIN)
    await admin.says("/export")
    asked = await admin.sees_next(wording.CHOOSE)
    assert {COUNTY, NEIGHBOUR} == set(asked.labels)
    await admin.taps(NEIGHBOUR, asked)
    await admin.sees_next(say.head(NEIGHBOUR, YEAR))
