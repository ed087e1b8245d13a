"""
Files of organs that do not use the bot, sent to the chat of whoever looks after them.
"""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.handle import Clock
from conversations.county.overview import Group
from conversations.county.received import RECEIVED
from conversations.county.status import BOT, FILE
from conversations.reminders.tasks import newest_year
from conversations.sign_off.states import ReportState
from conversations.talk.effects import Save
from conversations.wording import county_collecting as sheet_words
from conversations.wording import county_received as wording
from conversations.wording.county import NOT_YOURS
from conversations.wording.county_overview import GROUPS
from conversations.wording.sign_off import PUBLISHED
from storage.collected import files_of
from storage.members import Members
from storage.tables import OUTGOING
from tests.bot.telegram.door import ADMIN, OTHER_TOWN, ZONE, Door, door
from tests.bot.telegram.test_below import places
from tests.bot.telegram.test_files import attempts
from tests.botapi import BotServer, Person
from tests.sent import COUNTY, MONEY, SCHOOLS, TOWN, WATER, sent, wrong, zipped
from tests.storage.servers import postgres_made

YEAR = newest_year(Clock.read(ZONE).today)
LICENSING = "proactive_disclosure.licensing.decisions"


@pytest.fixture
async def office(server: BotServer, tmp_path: Path) -> AsyncIterator[Door]:
    """
    The bot at work, on SQLite.
    """
    async with door(tmp_path / "data", server) as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
async def on_both(
    request: pytest.FixtureRequest, server: BotServer, tmp_path: Path
) -> AsyncIterator[Door]:
    """
    The same, once on each database.
    """
    with postgres_made() if request.param == "postgresql" else nullcontext("") as address:
        settings = {"NIANBAO_DATABASE_URL": address} if address else {}
        async with door(tmp_path / "data", server, **settings) as found:
            yield found


async def county(office: Door) -> Person:
    """
    The administrator of a county with four organs; a neighbour has one.
    """
    head = await office.joins("李强", COUNTY, role="administrator", year=0)
    places(office, *((organ, COUNTY) for organ in (SCHOOLS, TOWN, MONEY, WATER)))
    places(office, (OTHER_TOWN, "龙州县人民政府"))
    return head


def source(office: Door, organ: str, year: int = YEAR) -> str:
    """
    Where a report is from, "" where there is none.
    """
    with office.opened() as store, store.read() as reader:
        report = reader.find_report(organ, year)
        return "" if report is None else str(reader.load(report, "").source)


def kept(office: Door, organ: str) -> list[str]:
    with office.opened() as store, store.read() as reader:
        report = reader.find_report(organ, YEAR)
        return [] if report is None else [file.name for file in files_of(reader, report)]


async def test_a_report_of_an_organ_below_is_offered_and_taken(office: Door):
    """
    What goes back to it stands alone, to be forwarded; two taps are one.
    """
    head = await county(office)
    await head.sends_file("教育局.docx", wrong(SCHOOLS, year=YEAR))
    forward = await head.sees_next(f"{SCHOOLS}：", "1.")
    card = await head.sees(SCHOOLS, str(YEAR), "教育局.docx", after=forward)
    assert "" == source(office, SCHOOLS)

    await head.taps(wording.TAKE, card)
    await head.forges(f"cy:c:t:{number(office)}:0", card)
    await head.sees("✓", SCHOOLS, "教育局.docx", after=card)
    await office.rests()

    assert (FILE, ["教育局.docx"]) == (source(office, SCHOOLS), kept(office, SCHOOLS))
    assert ("✓", ()) == (card.text[:1], tuple(card.labels))
    await head.forges(f"cy:c:t:{number(office)}:0", card)
    await office.rests()
    assert 1 == len(kept(office, SCHOOLS))


async def test_who_took_in_a_file_records_its_publication(office: Door):
    """
    Nobody of the organ is here to do it: the page is compared with the file, cell by cell.
    """
    head = await county(office)
    clean = sent(SCHOOLS, year=YEAR)
    await head.sends_file("教育局.docx", clean)
    await head.taps(wording.TAKE, await head.sees_next(SCHOOLS, "教育局.docx"))
    await office.rests()

    for group, page, said in (
        (Group.DONE, wrong(SCHOOLS, year=YEAR), "不一样"),
        (Group.DIFFERENT, clean, "都一样"),
    ):
        await head.says("/overview")
        seen = await head.sees_next(COUNTY)
        for label in (GROUPS[group], SCHOOLS, PUBLISHED):
            await head.taps(next(one for one in seen.labels if one.startswith(label)), seen)
            await office.rests()
        await head.sends_file("网页.docx", page)
        await head.sees(said, after=seen)

    with office.opened() as store, store.read() as reader:
        report = reader.find_report(SCHOOLS, YEAR)
        assert report is not None
        assert ReportState.PUBLISHED is reader.load(report, "").sign_off.state


async def test_an_administrator_of_all_organs_sends_a_file_of_another_year(office: Door):
    """
    The card names the year twice; it is taken under the file's own.
    """
    await county(office)
    head = office.server.person("管理员", ADMIN)
    await head.says("/start")
    await head.sees("")
    await head.sends_file("a.docx", sent(SCHOOLS, year=YEAR - 1))
    card = await head.sees(SCHOOLS, wording.NOT_THIS_YEAR.format(year=YEAR - 1))
    await head.taps(wording.TAKE, card)
    await office.rests()

    assert ("", FILE) == (source(office, SCHOOLS), source(office, SCHOOLS, YEAR - 1))


async def test_what_is_not_wanted_is_not_taken(office: Door):
    """
    The card says so, and its button does nothing any more.
    """
    head = await county(office)
    await head.sends_file("a.docx", sent(SCHOOLS, year=YEAR))
    card = await head.sees_next(SCHOOLS, "a.docx")
    await head.taps(wording.LEAVE, card)
    await office.rests()
    assert wording.LEFT.format(file="a.docx") == card.text
    await head.forges(f"cy:c:t:{number(office)}:0", card)
    await office.rests()

    assert "" == source(office, SCHOOLS)


async def test_that_it_is_read_is_the_last_word_about_an_archive(office: Door):
    """
    What was to be said meanwhile and had to wait is not said any more.
    """
    head = await county(office)
    files = {"教育局.docx": sent(SCHOOLS, year=YEAR), "雷鸣镇.docx": sent(TOWN, 2, year=YEAR)}
    await head.sends_file("年报.zip", zipped(files))
    shown = await head.sees_next(wording.READING.format(name="年报.zip").partition("：")[0])
    await office.rests()
    sender = office.service.sender
    assert sender is not None
    await office.server.until(lambda: not sender.decorations.tasks, "the edits are out")

    assert wording.READ.format(name="年报.zip") == shown.text


def number(office: Door) -> int:
    """
    Of what was received last.
    """
    with office.opened() as store, store.read() as reader:
        statement = select(func.max(OUTGOING.c.id)).where(OUTGOING.c.method == RECEIVED)
        found: int = reader.connection.execute(statement).scalar_one()
        return found


@pytest.mark.usefixtures("out_of_season")
async def test_another_organ_is_chosen_out_of_those_below_only(office: Door):
    """
    A file whose name is nearly one is asked about; a neighbour's organ cannot be named.
    """
    head = await county(office)
    await head.sends_file("1.docx", sent("定安县教育科技局", year=YEAR))
    card = await head.sees_next(wording.WHOSE.format(file="1.docx"))
    await head.taps(wording.OTHER, card)
    await office.rests()
    assert {SCHOOLS, TOWN, MONEY, WATER, wording.BACK} == set(card.labels)
    tap = await head.forges(f"cy:c:a:{number(office)}:0:{organ_id(office, OTHER_TOWN)}", card)
    await tap.is_answered()
    assert wording.NOT_BELOW == tap.text
    await head.taps(MONEY, card)
    await office.rests()
    await head.taps(wording.TAKE, card)
    await head.sees("✓", MONEY, after=card)
    await office.rests()

    assert (FILE, "") == (source(office, MONEY), source(office, OTHER_TOWN))


def organ_id(office: Door, organ: str) -> int:
    with office.opened() as store, store.begin() as unit:
        ((found, _),) = Members(unit).organs(1, organ)
        return int(found)


async def test_an_archive_is_read_listed_and_taken_with_one_tap(on_both: Door):
    """
    What is not sure is left; each doubt opens; the spreadsheet has everything.
    """
    office = on_both
    head = await county(office)
    files = {
        "教育局.docx": sent(SCHOOLS, year=YEAR),
        "雷鸣镇.docx": wrong(TOWN, 2, year=YEAR),
        "某局.docx": sent("定安县财政所", year=YEAR),
        "水务局.pdf": b"%PDF-1.4",
    }
    await head.sends_file("年报.zip", zipped(files, on_windows=True))
    await head.sees_next(wording.FORWARD)
    card = await head.sees("「年报.zip」", sheet_words.STATES["ready"])
    texts = [message.text for message in head.from_bot if message.text.startswith(f"{TOWN}：")]
    assert 1 == len(texts)
    await office.server.until(lambda: head.documents, "the spreadsheet")
    assert {"收下 2 份", "？某局.docx"} == set(card.labels)

    await head.taps("收下 2 份", card)
    after = await head.sees("✓", sheet_words.STATES["stored"], after=card)
    await office.rests()
    assert [FILE, FILE, "", ""] == [source(office, o) for o in (SCHOOLS, TOWN, MONEY, WATER)]
    await head.taps("？某局.docx", after)
    doubt = await head.sees_next(wording.WHOSE.format(file="某局.docx"))
    await head.taps(f"是{MONEY}", doubt)
    await office.rests()
    await head.taps(wording.TAKE, doubt)
    await office.rests()
    assert FILE == source(office, MONEY)


async def test_what_was_answered_here_is_replaced_by_a_button_only(office: Door):
    """
    The card says what would happen; «all» leaves it alone.
    """
    head = await county(office)
    with office.opened() as store, store.begin() as unit:
        now = Clock.read(ZONE).now
        report = unit.open_report(SCHOOLS, YEAR, now=now, edition="2021")
        unit.save(report, [Save(LICENSING, None, 7)], by="1", at=now, door="telegram")
    await head.sends_file("a.zip", zipped({"教育局.docx": sent(SCHOOLS, year=YEAR)}))
    listed = await head.sees("「a.zip」", sheet_words.STATES["doubt"])
    await head.forges(f"cy:c:T:{number(office)}", listed)
    await office.rests()
    assert BOT == source(office, SCHOOLS)

    await head.taps("？教育局.docx", listed)
    card = await head.sees_next(SCHOOLS, str(YEAR))
    await head.taps(wording.TAKE, card)
    await office.rests()
    assert FILE == source(office, SCHOOLS)


@pytest.mark.parametrize("organ", [SCHOOLS, "定安县档案馆"])
@pytest.mark.usefixtures("out_of_season")
async def test_what_was_answered_after_the_card_is_never_replaced_unasked(
    office: Door, organ: str, monkeypatch: pytest.MonkeyPatch
):
    """
    A clerk has begun meanwhile, or the person said another organ: the card says so first.
    """
    head = await county(office)
    await head.sends_file("1.docx", sent(organ, year=YEAR))
    card = await head.sees_next("1.docx")
    await office.rests()
    with office.opened() as store, store.begin() as unit:
        now = Clock.read(ZONE).now
        report = unit.open_report(SCHOOLS, YEAR, now=now, edition="2021")
        unit.save(report, [Save(LICENSING, None, 7)], by="1", at=now, door="telegram")
    if organ != SCHOOLS:
        await head.forges(f"cy:c:a:{number(office)}:0:{organ_id(office, SCHOOLS)}", card)
        await office.rests()
    await head.taps(wording.TAKE, card)
    await office.rests()
    assert BOT == source(office, SCHOOLS)
    assert wording.REPLACES in card.text

    monkeypatch.setattr("bot.telegram.talk.JUST_NOW", timedelta(0))
    await head.forges(f"cy:c:t:{number(office)}:0", card)
    await office.rests()
    assert FILE == source(office, SCHOOLS)


async def test_nobody_else_can_take_what_somebody_has_sent(office: Door):
    """
    A clerk, the neighbour's administrator, and one who is none any more.
    """
    head = await county(office)
    await head.sends_file("a.docx", sent(SCHOOLS, year=YEAR))
    card = await head.sees_next(SCHOOLS)
    neighbour = await office.joins("赵敏", "龙州县人民政府", role="administrator", year=0)
    clerk = await office.joins("王芳", WATER, year=0)
    for person in (neighbour, clerk):
        tap = await person.forges(f"cy:c:t:{number(office)}:0")
        await tap.is_answered()
        assert (wording.GONE if person is neighbour else NOT_YOURS) == tap.text
    with office.opened() as store, store.begin() as unit:
        members = Members(unit)
        (membership,) = members.memberships(head.id)
        members.remove(membership, "operator", Clock.read(ZONE).now)
    await head.taps(wording.TAKE, card)
    await office.rests()

    assert "" == source(office, SCHOOLS)


async def test_an_own_report_and_a_clerks_file_go_the_usual_way(office: Door):
    """
    Nobody but an administrator of organs below is asked whose a file is.
    """
    await county(office)
    clerk = await office.joins("王芳", SCHOOLS)
    await clerk.sends_file("a.docx", sent(SCHOOLS, year=YEAR))
    await office.rests()

    assert not [m for m in clerk.from_bot if wording.TAKE in m.labels]


async def test_a_button_of_before_a_restart_does_what_it_says(server: BotServer, tmp_path: Path):
    """
    Nothing of what waits is in memory; killed while it reads, it reads again, and all is said once.
    """
    office = Door(server, tmp_path / "data")
    await office.start()
    head = await county(office)
    await head.sends_file("a.docx", sent(SCHOOLS, year=YEAR))
    card = await head.sees_next(SCHOOLS, "a.docx")
    await office.rests()
    await office.dies()
    await head.taps(wording.TAKE, card)
    await head.sends_file("b.zip", zipped({"雷鸣镇.docx": sent(TOWN, 2, year=YEAR)}))
    await office.start()
    try:
        await server.until(lambda: attempts(office) == 1, "the reading")
        await office.dies()
        await office.start()
        await head.sees("✓", SCHOOLS, after=card)
        listed = await head.sees("「b.zip」", sheet_words.STATES["ready"], after=card)
        await head.taps("收下 1 份", listed)
        await office.rests()
        assert (["a.docx"], ["雷鸣镇.docx"]) == (kept(office, SCHOOLS), kept(office, TOWN))
    finally:
        await office.stop()


@pytest.mark.soak
async def test_a_caption_says_whose_the_file_is(office: Door):
    """
    As a button would.
    """
    head = await county(office)
    await head.sends_file("1.docx", sent("定安县档案馆", year=YEAR), caption="财政局")
    card = await head.sees_next(MONEY, str(YEAR))
    await head.taps(wording.TAKE, card)
    await office.rests()

    assert FILE == source(office, MONEY)
