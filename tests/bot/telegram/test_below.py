"""
The tree of organs at the door: an administrator looks after all organs below theirs, and reaches
no other, whichever way they come.
"""

from typing import Any

import pytest

from bot import memberships
from conversations.county.overview import Group
from conversations.county.status import Progress
from conversations.form.numbers import NUMBERS
from conversations.sign_off.rights import Action
from conversations.sign_off.states import Deed, ReportState, Role
from conversations.wording import county_overview as overview
from conversations.wording import door as words
from conversations.wording import people as wording
from conversations.wording import remarks, sign_off
from conversations.wording import tasks as task_words
from storage.members import Members
from storage.organs import above, parent_of
from storage.people import People
from tests.bot.telegram.door import ADMIN, OTHER_TOWN, TOWN, Door
from tests.bot.telegram.test_people import LICENSING, removes, roles, store_now
from tests.bot.telegram.test_sign_off import deeds, hands_in, staffed, value
from tests.botapi import Person
from tests.said import pieces

pytestmark = pytest.mark.usefixtures("out_of_season")

COUNTY, OTHER_COUNTY = "雷州县人民政府", "龙州县人民政府"
NEIGHBOUR = "龙角镇人民政府"


def places(office: Door, *pairs: tuple[str, str]) -> None:
    """
    Put organs below others; all are there afterwards.
    """
    with office.opened() as store, store.begin() as unit:
        for organ, parent in pairs:
            below, over = (unit.organ(name, store_now()) for name in (organ, parent))
            memberships.place(unit, below, over, store_now())


async def county(office: Door) -> Person:
    """
    The administrator of a county; TOWN stands below it, OTHER_TOWN below the neighbour.
    """
    head = await office.joins("李强", COUNTY, role="administrator", year=0)
    places(office, (TOWN, COUNTY), (OTHER_TOWN, OTHER_COUNTY))
    return head


def organ_id(office: Door, organ: str) -> int:
    with office.opened() as store, store.begin() as unit:
        ((found, _),) = Members(unit).organs(1, organ)
        return int(found)


async def test_an_administrator_looks_after_the_organs_below(office: Door):
    """
    Every command works there as in their own; a link lets somebody into the organ below.
    """
    head = await county(office)
    await office.joins()
    await head.says("/people")
    asked = await head.sees_next(wording.CHOOSE_ORGAN)
    assert {TOWN, COUNTY} == set(asked.labels)
    await head.taps(TOWN, asked)
    card = await head.sees_next(*pieces(wording.MEMBERS), TOWN, "王芳", COUNTY)
    await head.taps(wording.invite_button(1, "leader").label, card)
    link = await head.sees_next("start=", TOWN)
    leader = office.server.person("周敏")
    await leader.starts(link.text.partition("start=")[2].split()[0])
    await leader.sees(words.join(TOWN, "leader"))
    await leader.taps(words.JOIN)
    await leader.sees(words.JOINED.format(organ=TOWN, role=words.ROLES["leader"]))
    assert "leader" == roles(office)[leader.id]

    await head.says("/overview 2023")
    seen = await head.sees_next(overview.title(COUNTY, 2023))
    await head.taps(f"{overview.GROUPS[Group.NOT_STARTED]} 1", seen)
    await office.rests()
    await head.taps(TOWN, seen)
    await head.sees(overview.STATES[Progress.NOT_STARTED], TOWN, overview.OPEN)
    await head.says(f"/task {TOWN}")
    await head.sees_next(TOWN, "2024")
    await head.says("/task 截止 2024-02-20")
    await head.sees_next("2024")
    await head.says(f"/invite {TOWN}")
    await head.sees_next("start=", TOWN)
    await head.says("/nudge")
    await head.sees_next("")


async def test_an_administrator_looks_at_a_report_below_and_writes_nothing(office: Door):
    """
    Opened by name, by the card of its task, or by what a clerk's button would carry.
    """
    head = await county(office)
    await office.joins()
    await head.says(f"/organ {TOWN}")
    await head.sees_next("")
    await head.says("/year 2023")
    await head.sees_next(TOWN, "2023")
    await office.rests()
    with office.opened() as store, store.begin() as unit:
        report, focus = unit.find_report(TOWN, 2023), People(unit).focus(head.id)
    assert focus is not None
    assert report == focus.report_id
    for data in ("z:7", "fin", "rsty", "ok", "none:7"):
        await (await head.forges(f"{report:x}/{data}")).is_answered()
    await office.asks(head, "行政许可")
    await head.says("295")
    await head.sees_next(remarks.ONLY_LOOKING)
    tap = await head.forges(f"{report:x}/o:{NUMBERS['proactive_disclosure.licensing']}")
    await tap.is_answered()
    await office.rests()
    told = [tap.text, *(message.text for message in head.from_bot)]  # a toast while it is fresh
    assert [said for said in told if sign_off.NOT_ALLOWED[Action.WRITE] in said]
    # A year that nobody has begun is begun by nobody who only looks.
    await head.says("/year 2022")
    await head.sees_next(sign_off.not_begun(TOWN, 2022))
    await office.rests()

    assert not list(office.answers().items())
    with office.opened() as store, store.begin() as unit:
        assert (2023,) == tuple(unit.years(TOWN))


async def test_an_administrator_above_opens_an_approved_report_again(office: Door):
    """
    They see where it stands, look it through, and say why; the clerk can go on, they cannot.
    """
    head = await county(office)
    clerk, leader = await staffed(office)
    await hands_in(clerk)
    await head.says(f"/organ {TOWN}")
    shown = await head.sees_next("")
    if sign_off.TITLES[ReportState.SUBMITTED][:1] not in shown.text:
        await head.says("/year 2023")
        shown = await head.sees(sign_off.TITLES[ReportState.SUBMITTED][:1], after=shown)
    steps = {sign_off.APPROVE, sign_off.RETURN, sign_off.WITHDRAW, sign_off.REOPEN}
    assert steps.isdisjoint(shown.labels)
    await leader.starts()
    await leader.taps(sign_off.APPROVE, await leader.sees(sign_off.APPROVE))
    await leader.sees(sign_off.REOPEN)

    await head.says("/year 2023")
    approved = await head.sees_next("张建国", sign_off.REOPEN)
    await head.taps(remarks.LOOK, approved)
    await head.sees("一、", after=approved)
    await head.taps(sign_off.REOPEN, approved)
    await head.sees(sign_off.ASK_REOPEN)
    await head.says("数字与台账不符")
    await head.sees_next(sign_off.REOPENED_FOR_OTHERS, "数字与台账不符")
    await office.rests()
    assert [Deed.SUBMIT, Deed.APPROVE, Deed.REOPEN] == deeds(office)
    asked = await office.asks(head, "行政许可")
    await head.says("3")
    await head.sees(remarks.ONLY_LOOKING, after=asked)
    asked = await office.asks(clerk, "行政许可")
    await clerk.replies(asked, "3")
    await office.rests()
    assert 3 == value(office)


async def test_an_organ_that_is_not_there_is_made_below_the_administrators_own(office: Door):
    """
    By inviting, which says so; one that is there and is not theirs is refused.
    """
    head = await county(office)
    await head.says(f"/invite {NEIGHBOUR}")
    await head.sees_next(words.new_organ(NEIGHBOUR, (), COUNTY).split("。")[0])
    await head.sees("start=", NEIGHBOUR)
    await head.says(f"/invite {OTHER_TOWN}")
    await head.sees_next(wording.NOT_TO_INVITE.format(organ=OTHER_TOWN))
    await office.rests()

    with office.opened() as store, store.begin() as unit:
        ids = {name: unit.organ(name, store_now()) for name in (NEIGHBOUR, COUNTY, OTHER_TOWN)}
        assert ids[COUNTY] == parent_of(unit, ids[NEIGHBOUR])
        assert ids[COUNTY] not in above(unit, ids[OTHER_TOWN])
        assert () == Members(unit).invitations(store_now(), ids[OTHER_TOWN])
    # Whoever looks after all organs makes it below none, and opens both.
    admin = office.server.person("管理员", ADMIN)
    await admin.says("/invite 某县财政局")
    await admin.sees_next(words.new_organ("某县财政局", ()))
    await admin.says(f"/people {NEIGHBOUR}")
    await admin.sees_next(*pieces(wording.MEMBERS), COUNTY)


async def test_who_administers_two_organs_is_asked_below_which_a_new_one_stands(office: Door):
    """
    The button carries no name: it makes what its own message asks about, once.
    """
    head = await county(office)
    await office.joins_as(head, OTHER_COUNTY, role="administrator", year=0)
    await head.says(f"/invite {NEIGHBOUR}")
    asked = await head.sees_next(NEIGHBOUR.join(wording.CHOOSE_PARENT))
    assert {COUNTY, OTHER_COUNTY} == set(asked.labels)
    # A message that asks nothing makes nothing.
    await head.says("/people")
    other = await head.sees_next("")
    await (await head.forges(f"pe:{organ_id(office, COUNTY):x}:u", other)).is_answered()
    await head.taps(OTHER_COUNTY, asked)
    await head.sees("start=", NEIGHBOUR, after=asked)
    await head.taps(COUNTY, asked)
    await head.sees_next("")
    await office.rests()

    with office.opened() as store, store.begin() as unit:
        made = unit.organ(NEIGHBOUR, store_now())
        assert unit.organ(OTHER_COUNTY, store_now()) == parent_of(unit, made)
        assert 1 == len(Members(unit).invitations(store_now(), made))


async def test_an_administrator_below_sees_nothing_of_above_or_beside(office: Door):
    """
    By no command, button, reply or edit; what everybody else was ever shown, forged.
    """
    top = await county(office)
    await office.joins("赵敏", COUNTY)
    places(office, (NEIGHBOUR, COUNTY))
    beside = await office.joins("钱进", NEIGHBOUR)
    head = await office.joins("孙平", TOWN, role="administrator")
    for text in ("/people", f"/people {NEIGHBOUR}", f"/task {NEIGHBOUR}", f"/invite {NEIGHBOUR}"):
        await top.says(text)
    await office.asks(beside, "行政许可")
    await beside.says("4417")
    await beside.sees_next("行政处罚")
    await office.rests()
    data = {
        button.data
        for person in (top, beside)
        for one in person.from_bot
        for button in one.buttons
        if button.data and not button.data.startswith(("j:", "rm:", "w:"))
    }
    data |= {
        f"{verb}:{organ_id(office, organ)}" for verb in ("g", "gy") for organ in (COUNTY, NEIGHBOUR)
    }
    data |= {
        f"pe:{organ_id(office, organ):x}:{what}"
        for organ in (COUNTY, NEIGHBOUR)
        for what in ("", "i", "v:clerk", "v:leader", "u", f"r:{office.key(beside)}:y")
    }
    was = snapshot(office)
    seen = len(head.from_bot)
    for what in sorted(data):
        tap = await head.forges(what)
        await tap.is_answered()
        assert tap.text in (words.NO_ACCESS, wording.NOT_YOURS, task_words.NOT_YOURS, ""), what
    for organ in (COUNTY, NEIGHBOUR, OTHER_TOWN):
        for name in ("people", "task", "invite", "organ", "nudge", "overview"):
            await head.says(f"/{name} {organ}")
    await head.says("/switch")
    await office.rests()

    assert was == snapshot(office)
    shown = "\n".join(one.text for one in head.from_bot[seen:])
    labels = {label for one in head.from_bot[seen:] for label in one.labels}
    for secret in ("4417", "钱进", "赵敏", "李强"):
        assert secret not in shown
    typed = {
        words.no_such_organ(organ, found=near)
        for organ in (COUNTY, NEIGHBOUR, OTHER_TOWN)
        for near in (True, False)
    } | {wording.NOT_TO_INVITE.format(organ=o) for o in (COUNTY, NEIGHBOUR, OTHER_TOWN)}
    for one in head.from_bot[seen:]:
        if any(organ in one.text for organ in (COUNTY, NEIGHBOUR, OTHER_TOWN)):
            # Only what they typed themselves, as for an organ that is not there.
            assert one.text in typed
    assert not any(organ in label for label in labels for organ in (COUNTY, NEIGHBOUR, OTHER_TOWN))


@pytest.mark.parametrize("role", ["clerk", "leader"])
async def test_only_an_administrator_of_a_county_looks_after_the_organs_below(
    office: Door, role: str
):
    """
    A clerk or leader of the county reaches them by no command and no forged button.
    """
    await county(office)
    clerk = await office.joins()
    await office.asks(clerk, "行政许可")
    await clerk.says("4417")
    await clerk.sees_next("行政处罚")
    member = await office.joins("赵敏", COUNTY, role=role, year=0)
    await office.rests()
    was = snapshot(office)
    seen = len(member.from_bot)
    town = organ_id(office, TOWN)
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)
    for data in (f"g:{town}", f"gy:{town}", f"pe:{town:x}", f"{report:x}/show", f"{report:x}/z:7"):
        await (await member.forges(data)).is_answered()
    for name in ("people", "task", "invite", "organ", "nudge", "overview"):
        await member.says(f"/{name} {TOWN}")
    await office.rests()

    assert was == snapshot(office)
    shown = "\n".join(message.text for message in member.from_bot[seen:])
    for secret in ("4417", "王芳"):
        assert secret not in shown


def snapshot(office: Door) -> Any:
    """
    Everything a stranger to an organ must not change.
    """
    tables = ("organ", "member", "invitation", "report", "answer", "task", "assignment", "nudge")
    with office.opened() as store, store.begin() as unit:
        return [
            sorted(map(str, unit.connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()))
            for table in tables
        ]


async def test_who_is_administrator_no_more_keeps_no_way_into_what_is_below(office: Door):
    """
    Links made for organs below, the report on the screen, what waits to be sent: all are gone.
    """
    head = await county(office)
    await office.joins()
    await head.says(f"/organ {TOWN}")
    await head.says("/year 2023")
    await head.sees_next(TOWN)
    await head.says(f"/invite {TOWN}")
    link = await head.sees_next("start=", TOWN)
    await office.rests()
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)
    busy = office.server.fail("send*", error=429, chat=head.id, times=None)
    await head.says(f"/people {TOWN}")
    await head.says("/menu")
    await office.server.handled(30)
    sent = len(head.from_bot)
    admin = office.server.person("管理员", ADMIN)
    await removes(admin, head, COUNTY)
    await admin.sees_next(wording.removed(COUNTY, head.name))
    office.server.faults.remove(busy)
    await head.sees(wording.farewell(COUNTY))
    await head.starts(link.text.partition("start=")[2].split()[0])
    for data in (
        f"{report:x}/show",
        f"pe:{organ_id(office, TOWN):x}",
        f"g:{organ_id(office, TOWN)}",
    ):
        await (await head.forges(data)).is_answered()
    await head.says("/organs")
    await office.rests()

    assert [wording.farewell(COUNTY), words.INVITATION_BAD, words.STRANGER] == [
        one.text for one in head.from_bot[sent:]
    ]
    assert head.id not in roles(office)


async def test_an_organ_that_was_put_elsewhere_is_not_the_former_administrators(office: Door):
    """
    At once, whatever is on their screen; links they made for it are no good either.
    """
    head = await county(office)
    await office.joins()
    await head.says(f"/organ {TOWN}")
    await head.says("/year 2023")
    await head.sees_next(TOWN)
    card = await office.asks(head, "行政许可")
    said = await head.says("295")
    await head.says(f"/invite {TOWN}")
    link = await head.sees_next("start=", TOWN)
    await office.rests()
    places(office, (TOWN, OTHER_COUNTY))
    seen = len(head.from_bot)

    for deed in (head.replies(card, "8"), head.edits(said, "7")):
        await deed
        await head.sees_next(words.NO_ACCESS)
    await head.says("/menu")
    await head.says(f"/people {TOWN}")
    await head.sees_next(wording.NO_SUCH_ORGAN)
    stranger = office.server.person("生人")
    await stranger.starts(link.text.partition("start=")[2].split()[0])
    await stranger.sees(words.INVITATION_BAD)
    await office.rests()

    assert TOWN not in "".join(one.text for one in head.from_bot[seen:])


async def test_a_county_lets_nobody_into_its_own_organ_from_below(office: Door):
    """
    Who administers a township and is invited elsewhere is replaced by neither alone.
    """
    head = await county(office)
    person = await office.joins()
    await head.forges(f"pe:{organ_id(office, TOWN):x}:n:{office.key(person)}")
    await head.sees_next("start=")
    await office.joins_as(person, OTHER_TOWN)
    await head.forges(f"pe:{organ_id(office, TOWN):x}:n:{office.key(person)}")
    await head.sees_next(wording.NOT_TO_REPLACE)


async def test_the_last_administrator_of_an_organ_can_be_removed_from_above(office: Door):
    """
    Whoever is above goes on looking after it.
    """
    top = await county(office)
    head = await office.joins("孙平", TOWN, role="administrator")
    await removes(top, head)
    await top.sees_next(wording.removed(TOWN, head.name))
    await head.sees(wording.farewell(TOWN))
    assert {} == roles(office)


async def test_one_of_several_roles_is_removed_and_the_others_stay(office: Door):
    """
    The card says all of them; what the role allowed is over at once.
    """
    top = await county(office)
    person = await office.joins(role="administrator")
    await office.joins_as(person, role="clerk")
    await office.rests()
    await top.says(f"/people {TOWN}")
    listed = await top.sees_next(*pieces(wording.MEMBERS))
    (label,) = (label for label in listed.labels if label.startswith(person.name))
    assert f"{person.name}（经办人、管理员）" == label
    await top.taps(label, listed)
    card = await top.sees_next(f"编号：{person.id}")
    await top.taps(wording.REMOVE_ROLE.format(words.ROLES["administrator"]), card)
    asked = await top.sees(wording.REMOVE, person.name, after=card)
    await top.taps(wording.REMOVE, asked)
    await top.sees(wording.removed(TOWN, person.name, Role.ADMINISTRATOR))
    await person.sees(wording.farewell(TOWN, Role.ADMINISTRATOR, frozenset({Role.CLERK})))
    await top.taps(wording.REMOVE, asked)
    await office.rests()

    assert {person.id: "clerk"} == roles(office)
    await person.says("/people")
    await person.sees_next(words.NOT_ADMINISTRATOR)
    await office.asks(person, "行政许可")
    await person.says("295")
    await person.sees_next("行政处罚")
    assert 295 == office.answers()[LICENSING]
    await office.server.until(lambda: "people" not in person.commands, "the menu of a clerk")


@pytest.mark.parametrize("role", ["leader", "administrator"])
async def test_a_menu_holds_what_its_owner_can_do(office: Door, role: str):
    """
    A leader starts nothing anew; who looks after several organs opens them by name.
    """
    person = await office.joins(role=role, organ=COUNTY, year=0)
    if role == "leader":
        await office.server.until(lambda: "restart" not in person.commands, "the menu")
        assert not {"cancel", "people"} & set(person.commands)
        assert "menu" in person.commands
        return
    await office.server.until(lambda: "people" in person.commands, "the menu")
    assert "organ" not in person.commands
    places(office, (TOWN, COUNTY))
    await person.starts()
    await office.server.until(lambda: "organ" in person.commands, "the menu")


async def test_a_clerk_below_whose_office_above_is_administered_has_both(office: Door):
    """
    They fill in the report and look after its members; neither takes the other away.
    """
    person = await county(office)
    await office.joins_as(person, TOWN)
    await office.asks(person, "行政许可")
    await person.says("295")
    await person.sees_next("行政处罚")
    await person.says(f"/people {TOWN}")
    await person.sees_next(*pieces(wording.MEMBERS), TOWN)
    assert 295 == office.answers()[LICENSING]
