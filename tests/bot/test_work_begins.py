"""
A task begins with the invitation: who has joined, who has not, and which year it is.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.reminders.tasks import Task
from conversations.talk.effects import Save
from conversations.wording import door as door_words
from conversations.wording import people as people_words
from conversations.wording import reminders as words
from conversations.wording import talk as say
from storage import Store
from storage.tasks import TaskReader
from tests.bot.test_reminding_chat import ADMIN, COUNTY, LI, WANG, Office, no_minute, running
from tests.botapi.people import Person
from tests.county import at, office

__all__ = ["no_minute"]

TOWN, VILLAGE, BUREAU = "甲镇人民政府", "乙镇人民政府", "丙县财政局"
JANUARY, JUNE, NOVEMBER = at("2026-01-12 09:00"), at("2026-06-08 09:00"), at("2026-11-30 09:00")
LICENSING = "proactive_disclosure.licensing.decisions"


def task(store: Store, organ: str, year: int) -> Task | None:
    with store.read() as reader:
        report = reader.find_report(organ, year)
        return None if report is None else TaskReader(reader).task(report)


def imports(store: Store, organ: str, year: int, values: dict[str, Any], at: datetime) -> int:
    """
    A published report is read from a file, as every door does it.
    """
    with store.begin() as unit:
        report = unit.open_report(organ, year, now=at, edition=FORM.edition)
        saves = [Save(item, None, value) for item, value in values.items()]
        unit.save(report, saves, by="terminal", at=at, door="import")
    return report


async def invites(bot: Office, organ: str) -> str:
    """
    The link's payload, as the administrator of everything gets it.
    """
    admin = bot.person(ADMIN)
    await admin.says(f"/invite {organ}")
    link = await admin.sees_next(organ, "?start=")
    return link.text.partition("?start=")[2].split()[0]


async def joins(bot: Office, person: int, organ: str, code: str = "") -> Person:
    """
    Somebody follows a link of the organ's, and taps.
    """
    found = bot.person(person)
    await found.starts(code or await invites(bot, organ))
    await found.sees(door_words.join(organ, "clerk"))
    await found.taps(door_words.JOIN)
    await found.sees_next(organ)
    return found


async def test_invited_organs_are_counted_whoever_has_joined_and_named_apart(tmp_path: Path):
    """
    Three invited, two joined, nobody has done anything: all three are in the summary, who has
    joined is reminded, and who has not can be sent a new link.
    """
    async with running(tmp_path, JANUARY) as bot:
        await joins(bot, WANG, TOWN)
        wang, li = bot.person(WANG), await joins(bot, LI, VILLAGE)
        await li.sees("📋", say.head(VILLAGE, 2025))
        await invites(bot, BUREAU)
        bot.service.reminding.name_administrators()  # type: ignore[union-attr]

        assert [date(2026, 1, 31)] * 3 == [
            found.deadline
            for each in (TOWN, VILLAGE, BUREAU)
            if (found := task(bot.store, each, 2025))
        ]
        await bot.reminds(at("2026-01-16 09:00"))
        for each, organ in ((wang, TOWN), (li, VILLAGE)):
            await each.sees(organ, words.day_name(date(2026, 1, 31)))
        admin = bot.person(ADMIN)
        summary = await admin.sees(words.FINISHED_OF.format(year=2025, organs=3, done=0))
        assert words.JOINED.format(2, f"{VILLAGE}、{TOWN}") in summary.text
        assert words.NOT_JOINED.format(1, BUREAU) in summary.text

        await admin.taps(words.INVITE_AGAIN.format(1), summary)
        again = await admin.sees(BUREAU, "?start=", after=summary)
        assert TOWN not in again.text
        assert not again.labels


async def test_outside_the_season_the_year_is_asked_once_then_the_tasks_say_it(tmp_path: Path):
    """
    In June the administrator says it for the first organ; the next ones need not be asked.
    """
    async with running(tmp_path, JUNE) as bot:
        admin = bot.person(ADMIN)
        code = await invites(bot, TOWN)
        asked = await admin.sees(people_words.ASK_YEAR.format(organ=TOWN))
        assert ("2025年", "2026年") == tuple(asked.labels)
        await (await admin.taps("2026年", asked)).is_answered()
        wang = await joins(bot, WANG, TOWN, code)
        await wang.sees("📋", say.head(TOWN, 2026))
        await invites(bot, VILLAGE)

        found = task(bot.store, VILLAGE, 2026)
        assert found
        assert date(2027, 1, 31) == found.deadline
        assert not [one for one in wang.from_bot if say.YEAR_QUESTION in one.text]


async def test_another_year_is_a_button_and_a_command_away(tmp_path: Path):
    """
    「换年度」 offers two years, /year takes any.
    """
    async with running(tmp_path, JANUARY) as bot:
        wang = await joins(bot, WANG, TOWN)
        await wang.sees("📋", say.head(TOWN, 2025))
        await wang.taps(say.MORE)
        await wang.sees(say.TO_OTHER_YEAR)
        await wang.taps(say.TO_OTHER_YEAR)
        years = await wang.sees("2026年")
        await wang.taps("2026年", years)
        await wang.sees("📋", say.head(TOWN, 2026))
        await wang.says("/year 2023")
        await wang.sees("📋", say.head(TOWN, 2023))


async def test_what_was_read_from_a_file_is_no_task_and_is_not_changed_by_accident(tmp_path: Path):
    """
    In November last year's report is imported; a colleague joins and opens it.
    """
    async with running(tmp_path, NOVEMBER) as bot:
        imports(bot.store, TOWN, 2025, {LICENSING: 12}, NOVEMBER)
        wang = await joins(bot, WANG, TOWN)
        await wang.sees(say.YEAR_QUESTION)
        await wang.says("2025")
        card = await wang.sees("📋", say.head(TOWN, 2025), say.IMPORTED)
        assert say.FILL_IN.format(year=2026) in card.labels
        assert task(bot.store, TOWN, 2025) is None

        await wang.says("行政许可")
        await wang.taps(await wang_row(wang))
        await wang.says("13")
        refused = await wang.sees_next(say.LOCKED)
        assert 12 == stands(bot.store, TOWN, 2025)
        await wang.taps(say.UNLOCK, refused)
        await wang.sees(say.UNLOCKED)
        await wang.says("13")
        await wang.sees_next("13")
        assert 13 == stands(bot.store, TOWN, 2025)
        await bot.reminds(at("2026-12-01 09:00"))
        assert not bot.person_to_remind(WANG).deliveries

        await wang.says("/menu")
        await wang.taps(say.FILL_IN.format(year=2026), await wang.sees_next("📋"))
        await wang.sees("📋", say.head(TOWN, 2026))
        assert task(bot.store, TOWN, 2026)


async def wang_row(person: Person) -> str:
    found = await person.sees_next("行政许可")
    return next(label for label in found.labels if "行政许可" in label)


def stands(store: Store, organ: str, year: int) -> Any:
    with store.read() as reader:
        report = reader.find_report(organ, year)
        assert report is not None
        return reader.load(report, "").answers.get(LICENSING)


async def test_the_same_file_for_the_tasks_own_year_is_its_filling_in(tmp_path: Path):
    """
    In January last year's report is what is worked on, however its figures came.
    """
    async with running(tmp_path, JANUARY) as bot:
        imports(bot.store, TOWN, 2025, {LICENSING: 12}, JANUARY)
        wang = await joins(bot, WANG, TOWN)
        card = await wang.sees("📋", say.head(TOWN, 2025))
        assert say.IMPORTED not in card.text
        assert task(bot.store, TOWN, 2025)


async def test_an_organ_that_is_not_there_is_not_made_by_opening_it(tmp_path: Path):
    """
    The nearest names are buttons; an invitation makes one, and says so.
    """
    async with running(tmp_path, JANUARY) as bot:
        office(bot.store, TOWN, administrators={COUNTY: "县办"})
        office(bot.store, BUREAU)
        admin = bot.person(ADMIN)
        await admin.says("/organ 甲镇人民政俯")
        said = await admin.sees_next(door_words.no_such_organ("甲镇人民政俯", found=True))
        assert (TOWN,) == tuple(said.labels)
        await admin.says("/organ 一个没有的机关")
        none = await admin.sees_next(door_words.no_such_organ("一个没有的机关", found=False))
        assert not none.labels
        with bot.store.read() as reader:
            assert {TOWN, BUREAU} == set(reader.organs())

        await admin.taps(TOWN, said)
        await admin.sees("📋", TOWN)
        await admin.says("/invite 一个新的机关")
        await admin.sees(door_words.new_organ("一个新的机关", ()))


async def test_a_text_of_a_few_characters_is_not_done_until_it_is_ended(tmp_path: Path):
    """
    The clerk begins to write, is called away, and sees it still to do; so do the reminders.
    """
    async with running(tmp_path, JANUARY) as bot:
        wang = await joins(bot, WANG, TOWN)
        section = FORM.section["other_matters"]
        await wang.sees("📋")
        await wang.taps(f"{section.number}、{section.short}")
        await wang.sees(section.heading)
        await wang.says("本机关")
        await wang.sees_next(say.DONE_TEXT)
        await wang.says("/menu")
        contents = await wang.sees_next("📋")
        assert f"✅ {section.number}" not in contents.text
        await bot.reminds(at("2026-01-16 09:00"))
        await wang.sees(words.day_name(date(2026, 1, 31)), section.heading)

        await wang.taps(f"{section.number}、{section.short}", await menu(wang))
        kept = await wang.sees(say.KEEP, section.heading)
        await wang.taps(say.KEEP, kept)
        assert f"✅ {section.number}" in (await menu(wang)).text
        await bot.reminds(at("2026-01-23 09:00"))
        again = await wang.sees_next(words.day_name(date(2026, 1, 31)))
        assert section.heading not in again.text


async def menu(person: Person) -> Any:
    await person.says("/menu")
    return await person.sees_next("📋")
