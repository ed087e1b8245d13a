"""
A list of organs in the chat of an administrator, and organs that get other names or end.
"""

import io

from openpyxl import Workbook

from conversations.county.organ_list import Slip
from conversations.wording import county as county_words
from conversations.wording import county_organs as wording
from conversations.wording.county_overview import NO_ORGANS
from storage.members import Members
from storage.organ_changes import close, details
from storage.organs import parent_of
from tests.bot.telegram.door import ADMIN, OTHER_TOWN, TOWN, Door
from tests.bot.telegram.test_below import COUNTY, NEIGHBOUR, county, organ_id
from tests.bot.telegram.test_people import store_now
from tests.said import pieces

BUREAU, NEW = "雷州县财政局", "雷明镇人民政府"
TYPED = wording.TYPED[0]


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (("单位", "上级", "联系人", "电话"), *rows):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tree(office: Door) -> dict[str, str]:
    """
    Every organ that is not closed, with the one above it.
    """
    with office.opened() as store, store.begin() as unit:
        organs = dict(Members(unit).organs(1_000))
        return {name: organs.get(parent_of(unit, id_) or 0, "") for id_, name in organs.items()}


def slip(what: Slip) -> str:
    """
    What is said of it, without the name in it.
    """
    return pieces(wording.SLIPS[what])[0]


async def test_a_pasted_list_is_shown_and_taken_with_one_tap(office: Door):
    """
    Below the administrator's own organ; a neighbour's is refused, and nothing is told of it.
    """
    head = await county(office)
    before = tree(office)
    await head.says(f"{TYPED}\n1. {BUREAU} 李四 13800138000\n2. {OTHER_TOWN}\n3. {TOWN}")
    shown = await head.sees_next(BUREAU, COUNTY, OTHER_TOWN, slip(Slip.NOT_YOURS))
    assert before == tree(office)
    await head.taps(wording.CONFIRM, shown)
    await head.sees("✓", after=shown)
    await office.rests()
    assert before | {BUREAU: COUNTY} == tree(office)
    with office.opened() as store, store.begin() as unit:
        made = details(unit, organ_id_of(unit, BUREAU))
        assert made is not None
        assert ("李四", "13800138000") == (made.contact, made.phone)

    again = await head.taps(wording.CONFIRM, shown)
    await again.is_answered()
    assert wording.GONE == again.text
    assert before | {BUREAU: COUNTY} == tree(office)


async def test_a_list_that_telegram_has_parted_is_not_taken(office: Door):
    """
    Its last line may be half a name, and what follows comes without the first line.
    """
    head = await county(office)
    before = tree(office)
    lines = "\n".join(f"安平县第{number:03}中心小学教育管理办公室" for number in range(220))

    await head.says(f"{TYPED}\n{lines}"[:4096])
    await head.sees_next(wording.CUT_OFF)

    assert before == tree(office)


def organ_id_of(unit: object, organ: str) -> int:
    ((found, _),) = Members(unit).organs(1, organ)  # type: ignore[arg-type]
    return found


async def test_a_workbook_waits_for_its_yes_through_a_restart(office: Door):
    """
    What changed meanwhile is shown again before it is taken.
    """
    head = await county(office)
    await head.sends_file("名单.xlsx", workbook((BUREAU, "", "李四"), (NEIGHBOUR, COUNTY)))
    shown = await head.sees_next(BUREAU, NEIGHBOUR)
    await office.rests()
    await office.stop()
    with office.opened() as store, store.begin() as unit:
        unit.organ(NEIGHBOUR, store_now())
    await office.start()
    await head.taps(wording.CONFIRM, shown)
    stale = await head.sees(wording.STALE, slip(Slip.NOT_YOURS), after=shown)
    assert BUREAU not in tree(office)
    await head.taps(wording.CONFIRM, stale)
    await head.sees("✓", after=stale)
    await office.rests()
    assert (COUNTY, "") == (tree(office)[BUREAU], tree(office)[NEIGHBOUR])


async def test_a_list_is_not_taken_below_an_organ_that_has_ended_meanwhile(office: Door):
    """
    Whatever its button was shown for.
    """
    head = await county(office)
    before = tree(office)
    await head.says(f"{TYPED}\n{BUREAU}")
    shown = await head.sees_next(BUREAU)
    with office.opened() as store, store.begin() as unit:
        close(unit, organ_id_of(unit, COUNTY), None, store_now())

    tap = await head.taps(wording.CONFIRM, shown)
    await tap.is_answered()

    assert wording.GONE == tap.text
    assert BUREAU not in tree(office)
    assert before.keys() - tree(office).keys() == {COUNTY}


async def test_a_list_of_somebody_who_looks_after_nothing_is_no_list(office: Door):
    """
    Neither pasted nor sent, and no button of another's does anything for them.
    """
    head, clerk = await county(office), await office.joins("王芳", TOWN)
    before = tree(office)
    await head.says(f"{TYPED}\n{BUREAU}")
    shown = await head.sees_next(BUREAU)
    yes = next(button.data for button in shown.buttons if button.label == wording.CONFIRM)
    old = ("cy:n:y:zz:", "cy:n:d:1", "cy:n", "cy:n:u:1:ffffffffffff", "cy:n:n:1")
    for data in (str(yes), "cy:n:l", "cy:n:t", *old):
        tap = await clerk.forges(data)
        await tap.is_answered()
    await clerk.says(f"{TYPED}\n{BUREAU}")
    await clerk.sends_file("名单.xlsx", workbook((BUREAU, TOWN)))
    await clerk.says("/list")
    await clerk.sees_next(county_words.NOT_YOURS)
    await office.rests()
    assert before == tree(office)
    assert not [each for each in clerk.from_bot if wording.CONFIRM in each.labels]


async def test_whoever_looks_after_all_imports_on_top_and_an_empty_list_is_sent(office: Door):
    admin = office.server.person("管理员", ADMIN)
    await admin.starts()
    await admin.says("/organs")
    await admin.taps(wording.IMPORT_LIST, await admin.sees_next(NO_ORGANS))
    await admin.taps(wording.EMPTY_LIST, await admin.sees_next(wording.HOW))
    await admin.sees(wording.TABLE_CAPTION)
    await admin.says(f"{TYPED}：\n{COUNTY}\n{TOWN}，{COUNTY}")
    await admin.taps(wording.CONFIRM, await admin.sees_next(COUNTY))
    await admin.sees_next("✓")
    await office.rests()
    assert {COUNTY: "", TOWN: COUNTY} == tree(office)


async def test_a_lone_clerk_corrects_the_name_of_the_office(office: Door):
    """
    As soon as somebody looks after it, that is theirs to do.
    """
    clerk = await office.joins("王芳", TOWN)
    await clerk.says("/help")
    await clerk.sees_next(wording.WRONG_NAME_HINT)
    await clerk.says("机关名称写错了")
    await clerk.sees_next(wording.HOW_TO_RENAME)
    await clerk.says(f"机关名称写错了，应为{OTHER_TOWN}")
    shown = await clerk.sees_next(wording.will_rename(TOWN, OTHER_TOWN, (), ()).split("\n")[0])
    await clerk.taps(wording.DO_NOT, shown)
    await clerk.says(f"机关改名 {TOWN} {OTHER_TOWN}")
    both = await clerk.sees(
        wording.will_rename(TOWN, OTHER_TOWN, (), ()).split("\n")[0], after=shown
    )
    await clerk.taps(wording.DO_NOT, both)
    office.invitation(OTHER_TOWN)
    await clerk.says(f"机关改名 {OTHER_TOWN}")
    await clerk.sees_next(wording.TAKEN_NAME_ASK_COUNTY.format(OTHER_TOWN))
    await clerk.says(f"机关改名 {NEW}")
    await clerk.taps(wording.DO_IT, await clerk.sees_next(NEW))
    await clerk.sees(wording.renamed(TOWN, NEW))
    await clerk.says("/menu")
    await clerk.sees_next("📋", NEW)

    await office.joins("李强", NEW, role="administrator", year=0)
    await clerk.says(f"机关改名 {TOWN}")
    await clerk.sees_next(wording.RENAMED_ABOVE)
    await office.rests()
    assert {NEW: "", OTHER_TOWN: ""} == tree(office)


async def test_an_administrator_above_merges_closes_and_reopens(office: Door):
    """
    A neighbour's organ sounds like one that is not there, and one's own is for those above.
    """
    head, clerk = await county(office), await office.joins("王芳", TOWN)
    await head.says(f"/invite {NEIGHBOUR}")
    await head.sees_next("start=")
    await head.says(f"/merge {TOWN} {OTHER_TOWN}")
    await head.sees_next(wording.NO_ORGAN.format(OTHER_TOWN))
    await head.says(f"/close {COUNTY}")
    await head.sees_next(wording.NOT_ONES_OWN)
    await head.says(f"/merge {TOWN} {NEIGHBOUR}")
    asked = await head.sees_next(TOWN, NEIGHBOUR)
    await head.taps(wording.DO_IT, asked)
    await head.sees(wording.merged(TOWN, NEIGHBOUR))
    await clerk.sees(wording.told_merged(TOWN, NEIGHBOUR))
    await head.says(f"/invite {TOWN}")
    await head.sees_next(wording.IS_CLOSED.format(TOWN))
    await office.rests()
    assert TOWN not in tree(office)
    second = await head.taps(wording.DO_IT, asked)
    await second.is_answered()
    assert wording.GONE == second.text

    await head.says(f"/reopen {TOWN}")
    await head.taps(wording.DO_IT, await head.sees_next(TOWN))
    await head.sees(wording.reopened(TOWN))
    await clerk.sees(wording.told_reopened(TOWN))
    await head.says(f"/rename {TOWN} {NEW}")
    await head.taps(wording.DO_IT, await head.sees_next(NEW))
    await clerk.sees(wording.told_renamed(TOWN, NEW))
    await office.rests()
    assert COUNTY == tree(office)[NEW]
    assert organ_id(office, TOWN) == organ_id(office, NEW)
