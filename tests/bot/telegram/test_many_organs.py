"""
An administrator of many organs on the phone: dates for all, links for all, an organ by a part of
its name.
"""

import re

from bot.reminding.asker import Asker
from conversations.wording import county_dates as dates
from conversations.wording import county_inviting as inviting
from conversations.wording import door as words
from storage.tasks import TaskReader
from tests.bot.telegram.door import TOWN, Door
from tests.bot.telegram.test_below import COUNTY, organ_id, places
from tests.bot.telegram.test_people import store_now
from tests.botapi import Person

FINANCE, SCHOOLS = "雷州县财政局", "雷州县教育局"


async def county(office: Door) -> Person:
    """
    The administrator of a county; a town that has joined and two bureaus stand below it.
    """
    head = await office.joins("李强", COUNTY, role="administrator", year=0)
    places(office, (TOWN, COUNTY), (FINANCE, COUNTY), (SCHOOLS, COUNTY))
    return head


def deadlines(office: Door, year: int) -> dict[str, str]:
    found = {}
    with office.opened() as store, store.read() as reader:
        for organ in (TOWN, FINANCE, SCHOOLS):
            report = reader.find_report(organ, year)
            task = None if report is None else TaskReader(reader).task(report)
            if task is not None:
                found[organ] = f"{task.deadline} {task.internal or ''}{task.reason}"
    return found


async def test_dates_for_all_are_set_on_the_phone(office: Door):
    """
    One message that is asked and answered in its place; then more time for one of them, of which
    its clerk hears once.
    """
    head = await county(office)
    clerk = await office.joins()
    await head.says("/task")
    card = await head.sees_next("")
    await head.taps(dates.OFFER, card)
    await head.sees(dates.WHICH_DEADLINE)
    await head.says("/task 统一 2023年度 截止 2024-1-31")
    card = await head.sees_next(dates.WHICH_INTERNAL)
    await head.taps("1月10日", card)
    card = await head.sees(dates.SET.format(3))
    assert {} == {k: v for k, v in deadlines(office, 2023).items() if k != TOWN}
    await head.taps(dates.DO_SET, card)
    await head.sees(dates.DONE.format(count=3, year=2023))
    await office.rests()
    assert {"2024-01-31 2024-01-10"} == set(deadlines(office, 2023).values())

    await head.forges(f"cy:d:{organ_id(office, TOWN):x}:2023")
    card = await head.sees_next(TOWN)
    await head.says("/task 延期 2月10日 换了填报人")
    await head.sees_next("换了填报人")
    await clerk.sees("换了填报人")
    assert "2024-02-10 换了填报人" == deadlines(office, 2023)[TOWN]


async def test_links_for_all_who_have_not_joined_are_two_files(office: Door):
    """
    A workbook and a page, made once for two taps; a link of the page lets somebody in.
    """
    head = await county(office)
    await office.joins()
    await head.says("/invite")
    card = await head.sees_next(inviting.OFFER_WHAT)
    await head.taps(inviting.OFFER.format(2), card)
    await head.taps(inviting.OFFER.format(2), card)
    await office.rests()
    workbook, page = head.documents
    assert (workbook.file_name or "").endswith(inviting.XLSX_NAME)
    code = re.findall(r"start=([a-z2-7]+)", (page.file or b"").decode())
    assert 2 == len(set(code))
    clerk = office.server.person("周敏")
    await clerk.starts(code[0])
    await clerk.sees(words.join(SCHOOLS, "clerk"))


async def test_an_organ_is_found_by_a_part_of_its_name(office: Door):
    """
    One is opened, several are buttons; none is ever made.
    """
    head = await county(office)
    await office.joins()
    await head.says("/organ 雷鸣")
    await head.sees_next(words.FOUND.format(organ=TOWN))
    await head.says("/organ 县财政")
    await head.sees_next(words.FOUND.format(organ=FINANCE))
    await head.says("/organ 雷州")
    asked = await head.sees_next(words.found_organs("雷州", 3, 3))
    assert {FINANCE, SCHOOLS, COUNTY} == set(asked.labels)
    await head.says("/organ 林业局")
    await head.sees_next(words.no_such_organ("林业局", found=False))
    with office.opened() as store, store.begin() as unit:
        asker = Asker(unit, head.id, store_now(), frozenset())
        assert [COUNTY] == [organ for _, organ in asker.access.heads()]
        assert 4 == len(asker.access.managed(10))
