"""
The views over many organs, for everybody who does not look after them: no button that their
administrator was ever shown, no command, sentence or file shows or changes anything.
"""

import re
from typing import Any

import pytest

from bot.county.door import VIEWS
from conversations.form.answers import Value
from conversations.wording import county_organs as organ_words
from conversations.wording import people as words
from conversations.wording.county import COUNTY as COUNTY_VERB
from conversations.wording.county_received import LETTER as OF_FILES
from storage.people import People, sections_of
from storage.sums import correct
from storage.tables import Base
from tests.bot.telegram.door import ADMIN, TOWN, Door
from tests.bot.telegram.test_below import organ_id, places
from tests.bot.telegram.test_organ_lists import workbook
from tests.bot.telegram.test_people import removes, store_now
from tests.bot.test_standouts_cli import PERMITS, reports
from tests.botapi import Message, Person
from tests.conversations.test_alike import OWN
from tests.handed_out import COUNTY, NEIGHBOUR, NOW, YEAR, county
from tests.sent import sent, zipped

MONEY, FAR, NEAR = "雷州县财政局", "远镇人民政府", "近镇人民政府"
BESIDE = "龙州县财政局"
REASON, PHONE, CONTACT, SENT_NAME = "转办重复计算", "13812345678", "联系人甲", "最终版"
LIST = organ_words.TYPED[0]
# Buttons that do something; the administrator is only shown them, the others tap them.
DEED = re.compile(
    "cy:(i:|e:.*:[a-z]+$|n:[ydn]:|o:[nm]:.*:y$|d:.*:[byxn]|c:[tTan]:|s:.*:(o$|[xe]:))"
)
NUMBER = re.compile("(?<=:)[0-9a-f]+(?=:|$)")
# Messages, who waits for what, and what is counted anew at any look.
BUSY = frozenset(
    {"incoming", "outgoing", "conversation", "person", "process", "recipient", "counted"}
)
SQLITE = pytest.mark.parametrize("office", ["sqlite"], indirect=True)


def scene(office: Door) -> None:
    """
    An organ in every state below COUNTY, one that stands out, two with the same text, a
    correction of the sum; whom to call in each.
    """
    with office.opened() as store:
        county(store)
        for number in range(8):
            reports(store, f"第{number}镇人民政府", {PERMITS: 25 + number}, YEAR, COUNTY)
        for organ, permits in ((FAR, 2500), (NEAR, 30)):
            values: dict[str, Value] = {PERMITS: permits, "problems_and_improvements": "".join(OWN)}
            reports(store, organ, values, YEAR, COUNTY)
        with store.begin() as unit:
            top = unit.organ(COUNTY, NOW)
            cell = "requests.received.natural_person"
            correct(unit, top, YEAR, cell, -1, REASON, by="1", at=NOW)
            unit.connection.exec_driver_sql(
                f"UPDATE organ SET contact = '{CONTACT}', phone = '{PHONE}' WHERE name <> '{TOWN}'"
            )


def everything(office: Door) -> dict[str, Any]:
    """
    What nobody may change who does not look after it.
    """
    with office.opened() as store, store.begin() as unit:
        run = unit.connection.exec_driver_sql
        return {
            table: sorted(map(str, run(f"SELECT * FROM {table}").fetchall()))
            for table in Base.metadata.tables
            if table not in BUSY
        }


def organs(office: Door) -> set[str]:
    with office.opened() as store, store.begin() as unit:
        return {row[0] for row in unit.connection.exec_driver_sql("SELECT name FROM organ")}


def shapes(buttons: Any) -> dict[str, str]:
    """
    One button of each kind.
    """
    return {NUMBER.sub("#", data): data for data in sorted(buttons, reverse=True)}


def buttons(person: Person) -> dict[str, Message]:
    """
    The data of the buttons of these views that somebody sees now.
    """
    return {
        one.data: said
        for said in person.from_bot
        for one in said.buttons
        if one.data and one.data.startswith(f"{COUNTY_VERB}:")
    }


async def walked(office: Door, head: Person) -> set[str]:
    """
    The data of every button of these views, as one of each kind after the other is tapped.
    """
    for text in (
        *(f"/overview {YEAR}", f"/sum {YEAR}", f"/export {COUNTY}", "/task", "/invite", "/list"),
        *(f"{LIST}\n雷州县商务局", f"/close {MONEY}"),
    ):
        await head.says(text)
    files = {"a.docx": sent(MONEY, year=YEAR), "b.docx": sent("雷州县某局", year=YEAR)}
    await head.sends_file("年报.zip", zipped(files))
    await office.rests()
    found: dict[str, Message] = {}
    tapped: set[str] = set()
    for _ in range(9):
        found |= buttons(head)
        new = {
            shape: data
            for shape, data in shapes(found).items()
            if shape not in tapped and not DEED.match(data)
        }
        if not new:
            return set(found)
        for shape, data in new.items():
            tapped.add(shape)
            # One after the other: a tapped message is another page before the next is tapped.
            await (await head.forges(data, found[data])).is_answered()
        await office.rests()
    raise AssertionError("there is no end of buttons")


async def tries(office: Door, person: Person, data: set[str]) -> str:
    """
    Everything that anybody can do; everything that is said to them, and what their buttons say.
    """
    await person.says("/menu")
    await person.sees_next("")
    for each in sorted(data):
        await (await person.forges(each)).is_answered()
    for text in (
        *("/overview", f"/overview {COUNTY}", f"/organs {MONEY}", "/sum", "/sum 雷州", "汇总"),
        *("/export", f"/export {COUNTY}", "/list", f"/merge {MONEY} {COUNTY}", f"/close {MONEY}"),
        *(f"/reopen {MONEY}", f"/rename {MONEY} 雷州县财务局", f"/rename {TOWN} 雷州县民证局"),
        *(f"机关名称写错了，应该是{MONEY}", f"{LIST}\n雷州县民证局\n{MONEY} 李四 13900000000"),
        *(
            "+1 转办",
            "/task 统一 截止 1月31日",
            f"/task {MONEY}",
            "/organ 雷州",
            f"/people {MONEY}",
        ),
        *(f"/invite {MONEY}", "/nudge"),
    ):
        await person.says(text)
    files = {"财政局.docx": sent(MONEY, year=YEAR), "b.docx": sent("雷州县民证局", year=YEAR)}
    await person.sends_file("财政局.docx", files["财政局.docx"])
    await person.sends_file("全部.zip", zipped(files))
    await person.sends_file("名单.xlsx", workbook((MONEY, COUNTY, "李四", ""), ("雷州县民证局",)))
    await office.rests()
    said = [part for one in person.from_bot for part in (one.text, one.file_name, *one.labels)]
    return "\n".join(part or "" for part in said)


@SQLITE
async def test_nobody_else_sees_or_changes_anything(office: Door):
    """
    Neither the neighbour's administrator nor anybody of one township, nor who was removed.
    """
    scene(office)
    head = await office.joins("李强", COUNTY, role="administrator", year=0)
    data = await walked(office, head)
    kinds = {each.split(":")[1] for each in data}
    assert {*VIEWS, OF_FILES} == kinds

    gone = await office.joins("赵甲", COUNTY, role="administrator", year=0)
    await office.joins_as(gone, TOWN, year=0)
    files = {"a.docx": sent(MONEY, year=YEAR), "b.docx": sent("雷州县民证局", year=YEAR)}
    await gone.sends_file("年报.zip", zipped(files))
    await gone.says(f"{LIST}\n雷州县科技局")
    await gone.sees_next("雷州县科技局")
    await office.rests()
    theirs = {*buttons(gone)}
    forgotten = {one.id: (one.text, one.labels) for one in gone.from_bot}
    await removes(office.server.person("管理员", ADMIN), gone, COUNTY)
    people = [
        await office.joins("钱进", NEIGHBOUR, role="administrator", year=0),
        await office.joins("孙平", TOWN, role="administrator", year=0),
        await office.joins("王芳", TOWN, year=0),
        await office.joins("周敏", TOWN, role="leader", year=0),
        office.server.person("生人"),
    ]
    helper = office.server.person("吴助")
    with office.opened() as store, store.begin() as unit:
        People(unit).begin(helper.id, store_now(), "吴助")
        town = unit.organ(TOWN, store_now())
        People(unit).join(helper.id, town, "clerk", store_now(), sections=sections_of({"requests"}))
    secrets = organs(office) - {COUNTY, MONEY, TOWN, NEIGHBOUR, BESIDE}
    secrets |= {REASON, PHONE, CONTACT, SENT_NAME, "2,500"}
    own = f":{organ_id(office, TOWN):x}:"
    was = everything(office)
    for person in (*people, helper):
        some = data if person is people[1] else {*shapes(data).values()}
        said = await tries(office, person, {each for each in some if own not in each})
        neighbours = {BESIDE, PHONE, CONTACT} if person is people[0] else set()
        assert not [secret for secret in secrets - neighbours if secret in said], person.name
    for each in sorted(data for data in theirs if not data.startswith("cy:n:n:")):
        await (await gone.forges(each)).is_answered()
    await office.rests()
    later = [one for one in gone.from_bot if (one.text, one.labels) != forgotten.get(one.id)]
    assert [words.farewell(COUNTY)] == [one.text for one in later]

    now = everything(office)
    assert [] == [table for table in was if was[table] != now[table]]


@SQLITE
async def test_an_organ_that_was_put_elsewhere_is_in_no_view_any_more(office: Door):
    """
    Whatever buttons name it: its card, a figure of the sum, its dates, its file, its texts.
    """
    scene(office)
    head = await office.joins("李强", COUNTY, role="administrator", year=0)
    await head.says("/overview")
    await head.sees_next(COUNTY)
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(FAR, YEAR)
    here = f"{organ_id(office, COUNTY):x}:{YEAR}"
    organ = f"{organ_id(office, FAR):x}"
    places(office, (FAR, NEIGHBOUR))
    was, seen = everything(office), len(head.from_bot)
    for each in (
        *(f"cy:{view}:{here}" for view in ("e", "s", "x")),
        *(f"cy:o:{what}:{here}" for what in ("v", "l", "p", "n")),
        *(f"cy:o:g:{here}:open:0", f"cy:s:{here}:w:7:{organ}", f"cy:x:{here}:a"),
        *(f"cy:o:{what}:{organ}:{YEAR}" for what in ("v", "k", "l", "p", "f", "n", "m")),
        *(f"cy:o:{what}:{organ}:{YEAR}:y" for what in ("n", "m")),
        *(f"cy:{view}:{organ}:{YEAR}" for view in ("d", "e", "i", "s", "x")),
        *(f"cy:d:{organ}:{YEAR}:b", f"cy:e:{organ}:{YEAR}:zip", f"cy:x:{here}:e:{report:x}"),
        *(f"g:{organ_id(office, FAR)}", f"{report:x}/show"),
    ):
        await (await head.forges(each)).is_answered()
    await office.rests()

    said = [part for one in head.from_bot[seen:] for part in (one.text, *one.labels)]
    assert not [part for part in said if FAR in part or "2,500" in part]
    now = everything(office)
    assert [] == [t for t in was if was[t] != now[t] and t != "standout"]
