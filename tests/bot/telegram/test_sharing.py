"""
Several people on one report: sections given away, taken back, handed over; a helper who tries
everything else; who is told when a colleague changes their figures.
"""

import asyncio
from typing import Any

import pytest

from bot.__main__ import main
from bot.cli.frame import FINE
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.numbers import NUMBERS
from conversations.sign_off.rights import Action
from conversations.sign_off.states import Role
from conversations.wording import door as words
from conversations.wording import people, sharing, sign_off, talk
from storage.members import Members
from storage.people import People
from storage.tasks import TaskReader
from tests.bot.telegram.door import OTHER_TOWN, TOWN, Door
from tests.bot.telegram.test_people import store_now
from tests.botapi import Person
from tests.conversations.test_machine_sections import SEVERAL
from tests.said import pieces

pytestmark = pytest.mark.usefixtures("out_of_season")

REQUESTS = FORM.section["requests"]
LICENSING = "proactive_disclosure.licensing.decisions"
NATURAL = "requests.received.natural_person"


def members(office: Door) -> dict[int, Any]:
    """
    The members of the town by their numbers.
    """
    with office.opened() as store, store.begin() as unit:
        found = Members(unit)
        ((organ_id, _),) = found.organs(1, TOWN)
        return {member.person: member for member in found.members(organ_id)}


def rights(office: Door) -> dict[int, Any]:
    """
    As what each is a member, and of what.
    """
    return {person: (member.roles, member.parts) for person, member in members(office).items()}


def assigned(office: Door) -> dict[str, str]:
    """
    Whose each section is.
    """
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(TOWN, 2023)
        task = TaskReader(unit).task(report)
        return dict(task.assigned) if task else {}


async def opens(clerk: Person, section: str = "") -> Any:
    """
    The list of who has what, or one section of it.
    """
    await clerk.says("/share")
    listed = await clerk.sees_next(*pieces(sharing.HEAD))
    if not section:
        return listed
    label = next(label for label in listed.labels if label.startswith(section))
    await clerk.taps(label, listed)
    return await clerk.sees(*pieces(sharing.NOW), after=listed)


async def invites_helper(office: Door, clerk: Person, name: str = "赵敏") -> Person:
    """
    The clerk makes an invitation for section three, and somebody joins by it.
    """
    card = await opens(clerk, "三、")
    await clerk.taps(sharing.INVITE, card)
    link = await clerk.sees("start=", after=card)
    helper = office.server.person(name)
    await helper.starts(link.text.partition("start=")[2].split()[0])
    role = words.role_name("clerk", (REQUESTS.number,))
    await helper.sees(words.join(TOWN, "clerk", (REQUESTS.number,)))
    await helper.taps(words.JOIN)
    joined = await helper.sees_next(words.JOINED.format(organ=TOWN, role=role))
    await helper.sees("", after=joined)
    await helper.says("/year 2023")
    await helper.sees("📋", after=joined)
    return helper


async def test_a_helper_for_section_three_writes_there_and_nowhere_else(office: Door):
    """
    Whatever way it comes: taps and replies that the clerk was shown, texts, the whole anew.
    """
    clerk = await office.joins()
    licensing = await office.asks(clerk, "行政许可")
    helper = await invites_helper(office, clerk)
    await office.rests()
    report = f"{1:x}/"

    assert frozenset({"requests"}) == members(office)[helper.id].parts
    assert {"requests": str(helper.id)} == assigned(office)
    await helper.says("/menu")
    contents = await helper.sees_next("三、")
    assert [label for label in contents.labels if label.startswith("三、")]
    assert not [label for label in contents.labels if label.startswith(("一、", "二、"))]
    await helper.forges(f"{report}zt:{REQUESTS.item}")
    await office.rests()
    before = office.answers()
    assert 0 == before.get(NATURAL)

    data = {
        button.data.partition("/")[2]
        for one in clerk.from_bot
        for button in one.buttons
        if button.data and "/" in button.data
    }
    numbers = (*(NUMBERS[s.id] for s in FORM.sections if s is not REQUESTS), NUMBERS[LICENSING])
    data |= {f"{verb}:{number}" for verb in ("z", "zt", "zo", "none", "rw") for number in numbers}
    data |= {"def", "noi", "nos", "sig", "lv:1", "rsty", "fin"}
    for one in sorted(data):
        tap = await helper.forges(f"{report}{one}")
        await tap.is_answered()
    for text in ("295", SEVERAL, "/restart", "清空并重新开始"):
        await helper.says(text)
        await helper.forges(f"{report}o:{NUMBERS[LICENSING]}")
        await helper.says("295")
        await helper.forges(f"{report}o:{NUMBERS['overview']}")
        await helper.says("公开了二十条。")
    await helper.replies(licensing, "295")
    await office.rests()

    theirs = {item for item, _ in office.answers().items()} - {item for item, _ in before.items()}
    assert not theirs
    assert any(sign_off.NOT_YOUR_PART in message.text for message in helper.from_bot)
    assert not any(label.startswith(talk.MAKE_FINAL) for m in helper.from_bot for label in m.labels)


async def test_a_section_is_given_to_a_member_taken_back_and_both_are_told(office: Door):
    """
    The list shows whose it is and how far.
    """
    clerk = await office.joins()
    other = await office.joins("李强")
    card = await opens(clerk, "三、")
    assert "已填 0/138。" in card.text
    await clerk.taps("李强", card)
    listed = await clerk.sees(sharing.GAVE.partition("{")[0], "李强", after=card)
    given = sharing.GIVEN.format(organ=TOWN, year=2023, heading=REQUESTS.heading)
    told = await other.sees(given)
    await other.taps(sharing.OPEN, told)
    await other.sees(REQUESTS.body.short, after=told)
    assert {"requests": str(other.id)} == assigned(office)

    await clerk.taps(next(label for label in listed.labels if label.startswith("三、")), listed)
    card = await clerk.sees(*pieces(sharing.NOW), "李强", after=listed)
    await clerk.taps(sharing.TAKE_BACK, card)
    await clerk.sees(REQUESTS.heading, sharing.EVERYBODY, after=card)
    await other.sees(sharing.TAKEN.format(organ=TOWN, year=2023, heading=REQUESTS.heading))
    assert {} == assigned(office)


async def test_a_section_taken_back_from_a_helper_is_theirs_no_more(office: Door):
    """
    They stay a member who may look; an invitation for it is worth nothing afterwards.
    """
    clerk = await office.joins()
    helper = await invites_helper(office, clerk)
    card = await opens(clerk, "三、")
    await clerk.taps(sharing.INVITE, card)
    link = await clerk.sees("start=", after=card)
    await clerk.taps(sharing.TAKE_BACK, card)
    await clerk.sees(REQUESTS.heading, sharing.EVERYBODY, after=link)

    tap = await helper.forges(f"1/zt:{REQUESTS.item}")
    await tap.is_answered()
    assert sign_off.NOT_YOUR_PART == tap.text
    stranger = office.server.person("生人")
    await stranger.starts(link.text.partition("start=")[2].split()[0])
    await stranger.sees(words.INVITATION_BAD)
    assert frozenset() == members(office)[helper.id].parts
    assert NATURAL not in office.answers()


async def test_sections_of_several_invitations_add_up(office: Door):
    """
    One person may help with two.
    """
    clerk = await office.joins()
    helper = await invites_helper(office, clerk)
    card = await opens(clerk, "二、")
    await clerk.taps("赵敏", card)
    await helper.sees(
        sharing.GIVEN.format(
            organ=TOWN, year=2023, heading=FORM.section["proactive_disclosure"].heading
        )
    )

    assert {"requests", "proactive_disclosure"} == members(office)[helper.id].parts


@pytest.mark.parametrize("role", ["leader", "helper", "stranger"])
async def test_nobody_else_shares(office: Door, role: str):
    """
    Neither by the command nor by the clerk's buttons.
    """
    clerk = await office.joins()
    await opens(clerk, "三、")
    await office.rests()
    data = {
        b.data for m in clerk.from_bot for b in m.buttons if b.data and b.data.startswith("sh:")
    }
    if role == "helper":
        other = await invites_helper(office, clerk)
    elif role == "leader":
        other = await office.joins("周敏", role="leader", year=0)
    else:
        other = office.server.person("生人")
        await other.says("您好")
    await office.rests()
    before = rights(office), assigned(office)
    key = office.key(clerk)
    for one in (*sorted(data), f"sh:1:h:{key}:y", f"sh:1:g:{REQUESTS.item}:{key}", "1/shr:0"):
        tap = await other.forges(one)
        await tap.is_answered()
    await other.says("/share")
    await office.rests()

    assert before == (rights(office), assigned(office))
    said = [message.text for message in other.from_bot]
    assert not any("start=" in text for text in said)
    assert role == "stranger" or any(sign_off.NOT_ALLOWED[Action.SHARE] in text for text in said)


async def test_another_organs_report_is_not_opened_by_its_button(office: Door):
    """
    Whoever forges it stays at the report they were at.
    """
    clerk = await office.joins()
    await opens(clerk, "三、")
    await office.rests()
    forged = next(
        b.data for m in clerk.from_bot for b in m.buttons if b.data and b.data.startswith("sh:")
    )
    other = await office.joins("钱进", OTHER_TOWN)
    await office.rests()
    with office.opened() as store, store.begin() as unit:
        before = People(unit).focus(other.id)

    tap = await other.forges(forged)
    await tap.is_answered()
    await office.rests()

    assert words.NO_ACCESS == tap.text
    with office.opened() as store, store.begin() as unit:
        after = People(unit).focus(other.id)
    assert before is not None
    assert after is not None
    assert before.report_id == after.report_id


async def test_a_lone_clerk_sees_no_such_button(office: Door):
    """
    The command is there for who knows it.
    """
    clerk = await office.joins()
    await clerk.says("/menu")
    card = await clerk.sees_next("📋")
    await clerk.taps(talk.MORE, card)
    await office.rests()
    assert not any(sharing.SHARE in m.labels for m in clerk.from_bot)
    await opens(clerk)


async def test_the_successor_hears_where_it_stands_and_the_other_leaves(office: Door):
    """
    With 「移交并退出」; every section is the new one's.
    """
    clerk = await office.joins()
    other = await office.joins("李强")
    listed = await opens(clerk)
    await clerk.taps(sign_off.HAND_OVER, listed)
    asked = await clerk.sees(sharing.HAND_OVER_TO, after=listed)
    await clerk.taps("李强", asked)
    sure = await clerk.sees(*pieces(sharing.HAND_OVER_ASK), after=asked)
    await clerk.taps(sharing.QUIT, sure)
    await clerk.sees(people.farewell(TOWN))

    told = await other.sees(people.yours_now(TOWN, 2023), *pieces(sharing.FILLED))
    assert people.OPEN in told.labels
    assert {str(other.id)} == set(assigned(office).values())
    assert {section.id for section in FORM.sections} <= set(assigned(office))
    assert {other.id} == set(members(office))
    await clerk.says("/share")
    await clerk.sees(words.STRANGER)


async def test_the_only_administrator_does_not_leave_by_handing_over(office: Door):
    """
    Nothing is handed over then.
    """
    head = await office.joins()
    await office.joins_as(head, role="administrator")
    await office.joins("李强")
    listed = await opens(head)
    await head.taps(sign_off.HAND_OVER, listed)
    asked = await head.sees(sharing.HAND_OVER_TO, after=listed)
    await head.taps("李强", asked)
    sure = await head.sees(*pieces(sharing.HAND_OVER_ASK), after=asked)
    await head.taps(sharing.QUIT, sure)
    await head.sees(people.LAST_ADMINISTRATOR)

    assert Role.CLERK in members(office)[head.id].roles
    assert {} == assigned(office)


async def test_the_summary_goes_to_the_successor_from_the_command_line_too(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    `nianbao people handover`.
    """
    other = await office.joins("李强")
    for name, text in office.place.items():
        monkeypatch.setenv(name, str(text))
    typed = ["people", "handover", "--organ", TOWN, "--person", str(other.id)]
    assert FINE == await asyncio.to_thread(main, [*typed])

    await other.sees(people.yours_now(TOWN, 2023), *pieces(sharing.FILLED))


async def test_whose_figure_a_colleague_changed_is_told_once_with_both_values(office: Door):
    """
    Many changes in one step are one message; what one changes oneself is none.
    """
    clerk = await office.joins()
    other = await office.joins("李强")
    await office.asks(clerk, "行政许可")
    await clerk.says("290")
    await clerk.sees("行政处罚")
    await clerk.forges(f"1/o:{NUMBERS[LICENSING]}")
    await clerk.says("291")
    await office.rests()
    seen = len(clerk.from_bot)

    await other.forges(f"1/o:{NUMBERS[LICENSING]}")
    await other.says("295")
    told = await clerk.sees("李强", "291", "295")
    assert ["行政许可"] == list(told.labels)
    await other.forges("1/restart")
    await other.says("/restart")
    await other.forges("1/rsty")
    await office.rests()
    assert [told.text] == [m.text for m in clerk.from_bot[seen:]]

    await clerk.forges(f"1/zt:{REQUESTS.item}")
    await office.rests()
    seen = len(clerk.from_bot)
    await other.says("/restart")
    await other.forges("1/rsty")
    await office.rests()
    (again,) = clerk.from_bot[seen:]
    assert sharing.MORE_REPLACED.rpartition("}")[2] in again.text


async def test_who_left_is_not_told(office: Door):
    """
    Their figures are changed all the same.
    """
    head = await office.joins("孙丽", role="administrator")
    clerk = await office.joins()
    other = await office.joins("李强")
    await office.asks(clerk, "行政许可")
    await clerk.says("290")
    await clerk.sees("行政处罚")
    gone, by = members(office)[clerk.id], office.key(head)
    with office.opened() as store, store.begin() as unit:
        Members(unit).remove(gone, by, store_now())
    await office.rests()
    seen = len(clerk.from_bot)
    await other.forges(f"1/o:{NUMBERS[LICENSING]}")
    await other.says("295")
    await office.rests()

    assert 295 == office.answers().get(LICENSING)
    assert [] == clerk.from_bot[seen:]
