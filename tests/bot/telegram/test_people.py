"""
Who works for an organ, as its administrators see it; and that whoever has left is a stranger
at the next tap, whichever way it comes.
"""

import asyncio
from datetime import date, datetime, timedelta

import pytest

from bot import memberships
from bot.__main__ import main
from bot.cli.frame import FINE
from bot.handle import Clock
from bot.inviting import invite
from bot.telegram import service
from bot.telegram.invitation import GROUP_START
from conversations.sign_off.states import Role
from conversations.wording import county as county_words
from conversations.wording import door as words
from conversations.wording import people as wording
from conversations.wording import remarks, sign_off
from conversations.wording import talk as talk_words
from conversations.wording import tasks as task_words
from storage.members import Members
from storage.people import People, sections_of
from storage.tasks import TaskReader
from tests.bot.telegram.door import ADMIN, OTHER_TOWN, TOWN, ZONE, Door
from tests.botapi import Person, Tap
from tests.said import pieces

LICENSING = "proactive_disclosure.licensing.decisions"
REFUSALS = {
    words.NOT_ADMINISTRATOR,
    task_words.NOT_YOURS,
    task_words.NOT_TO_NUDGE,
    county_words.NOT_YOURS,
}


def store_now() -> datetime:
    return Clock.read(ZONE).now


def roles(office: Door, organ: str = TOWN) -> dict[int, str]:
    """
    Who is a member, as what.
    """
    with office.opened() as store, store.begin() as unit:
        members = Members(unit)
        ((organ_id, _),) = members.organs(1, organ)
        return {member.person: member.role for member in members.members(organ_id)}


def record(office: Door, organ: str = TOWN) -> list[tuple[str, str]]:
    """
    What became of memberships: whose, and what.
    """
    with office.opened() as store, store.begin() as unit:
        members = Members(unit)
        ((organ_id, _),) = members.organs(1, organ)
        return [(line.person, line.what) for line in members.record(organ_id)]


async def removes(head: Person, person: Person, organ: str = TOWN) -> None:
    """
    An administrator finds somebody in the list, and confirms.
    """
    await head.says(f"/people {organ}")
    listed = await head.sees_next(*pieces(wording.MEMBERS), organ)
    (label,) = (label for label in listed.labels if label.startswith(person.name))
    await head.taps(label, listed)
    card = await head.sees_next(f"编号：{person.id}")
    await head.taps(wording.REMOVE, card)
    asked = await head.sees(wording.REMOVE, person.name, after=card)
    await head.taps(wording.REMOVE, asked)


async def test_somebody_who_is_removed_is_told_once_and_is_a_stranger(office: Door):
    """
    Promise: from the commit on nothing they do reaches the organ, in any way of doing it.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    person = await office.joins()
    await office.asks(person, "行政许可")
    said = await person.says("295")
    card = await person.sees("行政处罚")
    await office.rests()
    await removes(head, person)
    await head.sees_next(wording.removed(TOWN, person.name))
    farewell = await person.sees(wording.farewell(TOWN))
    before = office.answers()

    tap = await person.taps("0", card)
    await tap.is_answered()
    assert "" == tap.text
    await person.sees(words.STRANGER, after=farewell)
    await person.says("7")
    await person.replies(card, "8")
    await person.edits(said, "9")
    await person.sends_file("a.txt", "文字".encode())
    for data in ("1/show", "1/z:7", "1/fin", "g:1", "g1/y:2023", "w:", "tk:1", "rm:off", "pe:1"):
        forged = await person.forges(data, card)
        await forged.is_answered()
        assert "" == forged.text
    for text in ("/menu", "/people", "/task", "/nudge", "/remind", "/calendar", "/switch"):
        await person.says(text)
    await person.starts(GROUP_START)
    await office.rests()

    assert before == office.answers()
    assert [wording.farewell(TOWN), words.STRANGER] == [
        message.text for message in person.from_bot if message.id >= farewell.id
    ]
    assert {head.id: "administrator"} == roles(office)
    assert (office.key(person), "removed") == record(office)[-1]
    with office.opened() as store, store.read() as reader:
        due = TaskReader(reader).everybody(store_now())
        assert not any(one.clerk_of for one in due if one.person == person.id)


async def test_what_was_not_sent_yet_is_not_sent_to_who_is_removed(office: Door):
    """
    Promise: queued cards and documents of the organ stay here; only the farewell goes.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    person = await office.joins()
    await office.rests()
    sent = len(person.from_bot)
    busy = office.server.fail("send*", error=429, chat=person.id, times=None)
    for text in ("/menu", "/preview", "/status"):
        await person.says(text)
    await office.server.handled(30)
    await removes(head, person)
    await head.sees_next(wording.removed(TOWN, person.name))
    office.server.faults.remove(busy)

    await person.sees(wording.farewell(TOWN))
    await office.rests()
    assert [wording.farewell(TOWN)] == [message.text for message in person.from_bot[sent:]]


async def test_what_names_no_organ_is_not_sent_either(office: Door):
    """
    Promise: a word about an answer is the organ's, too, for somebody who works elsewhere as well.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    person = await office.joins(organ=OTHER_TOWN)
    await office.joins_as(person, TOWN)
    await office.asks(person, "行政许可")
    await office.rests()
    sent = len(person.from_bot)
    busy = office.server.fail("send*", error=429, chat=person.id, times=None)
    await person.says("很多")
    await office.server.handled(30)
    await removes(head, person)
    await head.sees_next(wording.removed(TOWN, person.name))
    office.server.faults.remove(busy)

    await person.sees(wording.farewell(TOWN))
    await office.rests()
    assert [wording.farewell(TOWN)] == [message.text for message in person.from_bot[sent:]]


async def test_a_file_that_is_being_read_is_not_used_after_the_removal(office: Door):
    """
    Promise: it was sent by a member and read by nobody's.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    person = await office.joins()
    await person.says("/menu")
    contents = await person.sees_next("📋")
    await person.taps(next(label for label in contents.labels if "一、" in label), contents)
    await office.rests()
    office.server.fail("getFile", delay=1.5)
    await person.sends_file("a.txt", "总体情况的文字。".encode())
    await office.server.handled(30)
    await removes(head, person)
    await person.sees(wording.farewell(TOWN))
    await office.rests()

    assert not list(office.answers().items())


async def test_who_works_elsewhere_too_goes_on_there(office: Door):
    """
    Only the one organ is gone: its cards say so, the other's question can be answered.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    await office.joins_as(person, OTHER_TOWN)
    other = await office.asks(person, "行政许可")
    await removes(head, person)
    await person.sees(wording.farewell(TOWN))

    tap = await person.taps("0", card)
    await tap.is_answered()
    await person.replies(other, "5")
    await person.sees_next("5 件")

    assert words.NO_ACCESS == tap.text
    assert LICENSING not in office.answers()
    assert 5 == office.answers(OTHER_TOWN).get(LICENSING)


async def test_a_removal_on_the_command_line_is_told_and_holds_at_once(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Promise: another program's removal is the running bot's, too.
    """
    monkeypatch.setattr(service, "LOOK_EVERY", 0.1)
    await office.stop()
    await office.start()
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    for name, value in office.place.items():
        monkeypatch.setenv(name, str(value))
    words_typed = ["people", "remove", "--organ", TOWN, "--person", str(person.id)]

    assert FINE == await asyncio.to_thread(main, [*words_typed])
    tap = await person.taps("0", card)
    await tap.is_answered()

    assert "" == tap.text
    await person.sees(wording.farewell(TOWN))
    await office.rests()
    assert 1 == [message.text for message in person.from_bot].count(wording.farewell(TOWN))
    assert LICENSING not in office.answers()


async def test_the_last_administrator_cannot_remove_themselves(office: Door):
    """
    Somebody must be able to let the next one in.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    await removes(head, head)
    await head.sees_next(wording.LAST_ADMINISTRATOR)
    assert {head.id: "administrator"} == roles(office)

    # Nor by a link that makes a clerk of them, too.
    await head.starts(office.invitation())
    asked = await head.sees_next(words.join(TOWN, "clerk"))
    await head.taps(words.JOIN, asked)
    await office.rests()
    assert {head.id: "administrator"} == roles(office)


async def test_forged_buttons_show_members_to_administrators_only(office: Door):
    """
    Promise: a clerk, and the administrator of another organ, see and change nothing.
    """
    await office.joins("王芳", TOWN, role="administrator")
    clerk = await office.joins("李强", TOWN)
    other = await office.joins("赵敏", OTHER_TOWN, role="administrator")
    await office.rests()
    key, members = office.key(clerk), roles(office)
    before = len(clerk.from_bot), len(other.from_bot)
    office.invitation()

    for person in (clerk, other):
        for what in ("", ":i", ":i:1", f":m:{key}", f":r:{key}:y", f":n:{key}", f":h:{key}:1"):
            tap = await person.forges(f"pe:1{what}")
            await tap.is_answered()
            assert wording.NOT_YOURS == tap.text
        for data in ("pe:", "pe:x", "pe:ffffffffffff", "pe:-1:i"):
            await (await person.forges(data)).is_answered()
    # Somebody else's member in one's own organ's button.
    with office.opened() as store, store.begin() as unit:
        ((own, _),) = Members(unit).organs(1, OTHER_TOWN)
    tap = await other.forges(f"pe:{own:x}:r:{key}:y")
    await tap.is_answered()
    await office.rests()

    assert wording.GONE == tap.text
    assert members == roles(office)
    assert before[0] == len(clerk.from_bot)
    assert TOWN not in "".join(message.text for message in other.from_bot[before[1] :])


async def test_an_open_invitation_can_be_taken_back(office: Door):
    """
    Also after it was opened; the list then shows the others.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    token = office.invitation()
    late = office.server.person("王芳")
    await late.starts(token)
    asked = await late.sees(words.join(TOWN, "clerk"))
    await head.says("/people")
    listed = await head.sees_next(*pieces(wording.MEMBERS))
    await head.taps(wording.UNUSED.format(1), listed)
    waiting = await head.sees_next(wording.INVITATIONS.format(organ=TOWN))
    (revoke,) = pieces(wording.REVOKE)[:1]
    await head.taps(next(label for label in waiting.labels if label.startswith(revoke)), waiting)
    await head.sees_next(wording.NO_INVITATIONS)

    tap = await late.taps(words.JOIN, asked)
    await tap.is_answered()

    assert words.INVITATION_BAD == tap.text
    assert {head.id: "administrator"} == roles(office)


async def test_a_new_account_takes_over_place_and_history(office: Door):
    """
    By a link of the administrator's; the old account hears it once and is a stranger.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    person = await office.joins()
    await office.asks(person, "行政许可")
    await person.says("295")
    await office.rests()
    key = office.key(person)
    await head.says("/people")
    listed = await head.sees_next(*pieces(wording.MEMBERS))
    await head.taps(next(label for label in listed.labels if label.startswith("王芳")), listed)
    card = await head.sees_next("编号")
    await head.taps(wording.NEW_NUMBER, card)
    link = await head.sees_next("start=")
    new = office.server.person("王芳新号")

    await new.starts(link.text.partition("start=")[2].split()[0])
    await new.sees(words.take_over(TOWN, "clerk"))
    await new.taps(words.JOIN)
    await new.sees(words.JOINED.format(organ=TOWN, role=words.ROLES["clerk"]))
    await person.sees(wording.REPLACED)
    # Where they were: the question after the one that was answered.
    await new.sees("行政处罚")
    await person.says("7")
    await person.sees(words.STRANGER)

    assert (key, {head.id: "administrator", new.id: "clerk"}) == (office.key(new), roles(office))
    assert [(key, 295)] == office.changes(LICENSING)
    assert (key, "replaced") == record(office)[-1]


async def test_an_organs_administrator_replaces_nobody_of_another_organ(office: Door):
    """
    Promise: nobody gets into an organ by the word of another one's administrator.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    person = await office.joins()
    token = replacing(office, head, person)
    await office.joins_as(person, OTHER_TOWN)
    await office.rests()

    tap = await head.forges(f"pe:1:n:{office.key(person)}")
    await tap.is_answered()
    await head.sees_next(wording.NOT_TO_REPLACE)
    # Nor by a link made before.
    new = office.server.person("新号")
    await new.starts(token)
    asked = await new.sees(words.take_over(TOWN, "clerk"))
    tap = await new.taps(words.JOIN, asked)
    await tap.is_answered()

    assert words.INVITATION_BAD == tap.text
    assert {person.id: "clerk"} == roles(office, OTHER_TOWN)


async def test_an_account_with_a_history_of_its_own_takes_over_nobodys(office: Door):
    """
    Two histories cannot become one: nothing changes, and the link says that it is no good.
    """
    head = await office.joins("李强", TOWN, role="administrator")
    person = await office.joins()
    other = await office.joins("赵敏", OTHER_TOWN)
    await other.starts(replacing(office, head, person))
    asked = await other.sees(words.take_over(TOWN, "clerk"))
    tap = await other.taps(words.JOIN, asked)
    await tap.is_answered()

    assert words.INVITATION_BAD == tap.text
    assert {head.id: "administrator", person.id: "clerk"} == roles(office)


def replacing(office: Door, by: Person, whom: Person) -> str:
    """
    The token of an invitation for somebody's new account.
    """
    with office.opened() as store, store.begin() as unit:
        people = People(unit)
        now = store_now()
        organ = unit.organ(TOWN, now)
        until = now + timedelta(days=7)
        people.invite(
            "replacing", organ, "clerk", people.key(by.id), now, until, people.key(whom.id)
        )
    return "replacing"


async def test_a_whole_report_is_handed_over(office: Door):
    """
    Every section is the clerk's, who is told with a button that opens it.
    """
    year = store_now().year - 1  # in January it is opened unasked
    head = await office.joins("李强", TOWN, role="administrator", year=year)
    person = await office.joins(year=year)
    await office.rests()
    await head.says("/people")
    listed = await head.sees_next(*pieces(wording.MEMBERS))
    await head.taps(next(label for label in listed.labels if label.startswith("王芳")), listed)
    card = await head.sees_next("编号")
    await head.taps(wording.HAND_OVER, card)
    asked = await head.sees(wording.HAND_OVER_NOW, after=card)
    await head.taps(wording.HAND_OVER_NOW, asked)
    told = await person.sees(wording.yours_now(TOWN, year))
    await person.taps(wording.OPEN, told)
    await person.sees_next("📋")

    with office.opened() as store, store.read() as reader:
        task = TaskReader(reader).task(reader.find_report(TOWN, year))
        assert task is not None
        assert date(year + 1, 1, 31) == task.deadline
        assert {str(person.id)} == {owner for _, owner in task.assigned}
        assert 6 == len(task.assigned)


async def test_a_leader_looks_and_changes_nothing(office: Door):
    """
    Neither figures nor texts, a new year nor a final document.
    """
    await office.joins()
    leader = await office.joins("赵敏", TOWN, role="leader", year=0)
    await leader.says("/year 2022")
    await leader.sees_next(sign_off.not_begun(TOWN, 2022))
    # A report that is there is opened, by its year or its button.
    await leader.says("/year 2023")
    await leader.sees_next("📋")
    await (await leader.forges("1/show")).is_answered()
    await leader.sees_next("📋")
    for data in ("1/z:7", "1/fin", "1/rsty"):
        await (await leader.forges(data)).is_answered()
    await leader.says("/menu")
    await leader.sees_next("📋")
    await office.asks(leader, "行政许可")
    await leader.says("295")
    await leader.sees_next(remarks.ONLY_LOOKING)
    await office.rests()

    assert not list(office.answers().items())


@pytest.mark.parametrize("role", ["clerk", "leader"])
async def test_every_command_somebody_may_not_use_says_so(office: Door, role: str):
    """
    All that stand in the menu of an administrator; none is left without an answer. Which template
    their own organ uses, they may see.
    """
    person = await office.joins(role=role, year=0)
    for name in sorted(words.ADMIN_COMMANDS.keys() - {"template"}):
        await person.says(f"/{name} {TOWN}")
        told = await person.sees_next("")
        assert any(refusal in told.text for refusal in REFUSALS), name


async def test_an_administrator_is_invited_by_the_button_under_the_clerks_link(office: Door):
    """
    And looks after the organ once they have joined.
    """
    admin = office.server.person("管理员", ADMIN)
    await admin.says(f"/invite {TOWN}")
    first = await admin.sees_next("start=")
    assert () == first.rows, "it is there to be forwarded"
    below = await admin.sees(words.FORWARD, after=first)
    assert [words.ROLES["leader"], words.ROLES["administrator"]] == [
        button.label[-3:] for button in below.buttons
    ]
    await admin.taps(below.buttons[1], below)
    link = await admin.sees("start=", after=first)
    head = office.server.person("李强")
    await head.starts(link.text.partition("start=")[2].split()[0])
    await head.sees(words.join(TOWN, "administrator"))
    await head.taps(words.JOIN)
    await head.sees(words.JOINED.format(organ=TOWN, role=words.ROLES["administrator"]))

    assert {head.id: "administrator"} == roles(office)


async def test_no_organ_is_made_of_a_name_that_steers(office: Door):
    """
    Neither by inviting nor by opening, though by one who may do both.
    """
    admin = office.server.person("管理员", ADMIN)
    for name in ("雷鸣\u202e镇", "雷鸣\u2028镇", "../雷鸣镇", "=雷鸣镇"):
        await admin.says(f"/invite {name}")
        await admin.sees_next(words.INVITE_USAGE)
        await admin.says(f"/organ {name}")
        await admin.sees_next(words.ADMIN_HELP)

    with office.opened() as store, store.read() as reader:
        assert () == reader.organs()


async def test_an_administrator_of_all_organs_chooses_among_them(office: Door):
    """
    Or names one.
    """
    await office.joins()
    await office.joins("李强", OTHER_TOWN)
    admin = office.server.person("管理员", ADMIN)
    await admin.says("/people")
    asked = await admin.sees_next(wording.CHOOSE_ORGAN)
    await admin.taps(OTHER_TOWN, asked)
    await admin.sees_next(*pieces(wording.MEMBERS), OTHER_TOWN, "李强")
    await admin.says("/people 某县财政局")
    await admin.sees_next(wording.NO_SUCH_ORGAN)


async def takes(office: Door, person: Person, role: str, *parts: str) -> Tap:
    """
    Somebody opens a link for a role, or for these sections, and taps 「加入」.
    """
    with office.opened() as store, store.begin() as unit:
        link = invite(
            unit,
            "nianbao_bot",
            TOWN,
            role,
            "test",
            store_now(),
            sections=sections_of(parts or None),
        )
    await person.starts(link.partition("=")[2])
    asked = await person.sees_next(
        words.join(TOWN, role, memberships.numerals(frozenset(parts) or None))
    )
    tap = await person.taps(words.JOIN, asked)
    await tap.is_answered()
    return tap


async def test_a_second_role_is_added_and_the_same_one_is_said_to_be_there(office: Door):
    """
    Sections too: one more is added, all of them hold; what is held already changes nothing.
    """
    person = await office.joins(role="leader", year=0)
    for role, parts, joins in (
        ("leader", (), False),
        ("clerk", ("requests",), True),
        ("clerk", ("requests",), False),
        ("clerk", ("review",), True),
        ("clerk", (), True),
        ("clerk", ("requests",), False),
        ("administrator", (), True),
    ):
        tap = await takes(office, person, role, *parts)
        assert joins == (talk_words.ALREADY != tap.text), (role, parts)
    await office.rests()

    with office.opened() as store, store.begin() as unit:
        (member,) = Members(unit).memberships(person.id)
    assert (frozenset({Role.CLERK, Role.LEADER, Role.ADMINISTRATOR}), None) == (
        member.roles,
        member.parts,
    )
    await person.sees(words.JOINED.format(organ=TOWN, role="经办人（第三节、第四节）"))
