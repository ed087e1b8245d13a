"""
Who may speak with the bot, about which organ, and what strangers hear: one sentence.
"""

import json
import secrets
from datetime import datetime, timedelta

import pytest

from bot.handle import Clock
from bot.telegram import talk
from conversations.county.overview import Group
from conversations.wording import county, county_overview, people
from conversations.wording import door as words
from conversations.wording import talk as say
from storage.messages import Messages
from tests.bot.telegram.door import ADMIN, OTHER_TOWN, TOWN, Door
from tests.botapi import Person
from tests.storage.clerk import leaves

LICENSING = "proactive_disclosure.licensing.decisions"
INVITED = words.join(TOWN, "clerk")
JOINED = words.JOINED.format(organ=TOWN, role=words.ROLES["clerk"])


def later(monkeypatch: pytest.MonkeyPatch, **how: float) -> None:
    """
    Let time pass.
    """
    read = Clock.read
    moved = timedelta(**how)
    monkeypatch.setattr(Clock, "read", lambda zone: Clock(read(zone).now + moved))


async def test_a_stranger_hears_one_neutral_sentence_and_nothing_else(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Whatever they do, for a day; not a word about any office.
    """
    await office.joins()
    stranger = office.server.person("生人")
    await stranger.says("你好")
    await stranger.sees(words.STRANGER)
    for text in ("/start", "/start go", "/menu", "/help", "/invite 某某", "295", "在吗"):
        await stranger.says(text)
    await stranger.sends_photo()
    await stranger.sends_file("a.txt", b"a")
    await office.rests()
    assert (words.STRANGER,) == tuple(one.text for one in stranger.from_bot)

    later(monkeypatch, hours=25)
    await stranger.says("还在吗")
    await office.server.until(lambda: len(stranger.from_bot) == 2, "told once more")
    assert words.STRANGER == stranger.last.text


async def test_strangers_do_not_delay_those_who_belong(office: Door):
    """
    What they hear goes out at the rate of reminders.
    """
    person = await office.joins()
    await office.stop()
    office.settings["NIANBAO_REMINDERS_PER_SECOND"] = "0.1"
    await office.start()
    crowd = [office.server.person(f"生人{number}") for number in range(20)]
    for one in crowd:
        await one.says("你好")

    await person.says("/menu")

    await person.sees_next("📋")
    assert sum(len(one.from_bot) for one in crowd) < 10


async def test_forged_buttons_of_a_stranger_say_nothing(office: Door):
    """
    Existing reports, missing ones, nonsense, other people's invitations: all the same.
    """
    await office.joins()
    office.invitation(OTHER_TOWN)
    stranger = office.server.person("生人")
    hello = await stranger.says("你好")
    told = await stranger.sees(words.STRANGER)
    del hello
    shown = []
    for data in ("1/z:7", "1/show", "999/show", "g:1", "g1/y:2023", "j:1", "j:2", "w:", "x", "1/x"):
        tap = await stranger.forges(data, told)
        await tap.is_answered()
        shown.append(tap.text)

    assert {""} == set(shown)
    await office.rests()
    assert 1 == len(stranger.from_bot)
    assert LICENSING not in office.answers()


async def test_forged_buttons_of_another_organ_change_nothing(office: Door):
    """
    A member there hears the same for a report or an organ that exists and one that does not.
    """
    await office.joins("王芳", TOWN)
    other = await office.joins("李强", OTHER_TOWN)
    said = []
    before = len(other.from_bot)
    reports = ("1/z:7", "1/show", "1/dra", "1/rsty", "999/z:7", "7fffffffffffffff/show")
    for data in (*reports, "g1/y:2023", "g999/show"):
        tap = await other.forges(data)
        await tap.is_answered()
        said.append(tap.text)
    for data in ("g:1", "g:999"):
        await (await other.forges(data)).is_answered()
    await office.rests()

    assert {words.NO_ACCESS} == set(said)
    assert {words.NO_ACCESS} == {one.text for one in other.from_bot[before:]}
    assert TOWN not in "".join(one.text for one in other.from_bot)
    assert not list(office.answers().items())


async def test_nonsense_in_a_button_is_taken_calmly(office: Door):
    """
    Of a member, too: any text of 64 bytes may come.
    """
    person = await office.joins()
    for data in ("", "/", "//", "x/y/z", "1/o:99999999999999", "o:abc", "j:", "j:x", "g:", "z:-1"):
        tap = await person.forges(data)
        await tap.is_answered()
    await person.says("/menu")
    await person.sees_next("📋")
    assert not list(office.answers().items())


async def test_an_invitation_works_once(office: Door):
    """
    A second person with the same link hears that it is used up, and nothing more.
    """
    token = office.invitation()
    first = office.server.person("王芳")
    await first.starts(token)
    await first.sees(INVITED)
    second = office.server.person("李强")
    await second.starts(token)
    await second.sees(words.INVITATION_BAD)
    await first.taps(words.JOIN)
    await first.sees(JOINED)

    third = office.server.person("赵敏")
    await third.starts(token)

    await third.sees(words.INVITATION_BAD)
    for person in (second, third):
        person.does_not_see(TOWN)
    # The one it belongs to is told their role.
    await first.starts(token)
    await first.sees_next(words.ALREADY_MEMBER.format(organ=TOWN, role=words.ROLES["clerk"]))


async def test_the_button_of_an_invitation_is_its_owners(office: Door):
    """
    Somebody else who sends its data joins nothing.
    """
    owner = office.server.person("王芳")
    await owner.starts(office.invitation())
    card = await owner.sees(INVITED)
    thief = office.server.person("生人")
    await thief.says("你好")
    told = await thief.sees(words.STRANGER)
    data = card.button(words.JOIN).data
    assert data

    await (await thief.forges(data, told)).is_answered()
    await thief.says("/menu")
    await office.rests()

    assert 1 == len(thief.from_bot)
    await owner.taps(words.JOIN)
    await owner.taps(words.JOIN)
    await owner.sees(JOINED)
    await owner.sees_answered()


async def test_an_invitation_expires(office: Door, monkeypatch: pytest.MonkeyPatch):
    """
    Before it is opened, and between opening and joining.
    """
    late, slow = office.invitation(), office.invitation()
    person = office.server.person("王芳")
    await person.starts(slow)
    await person.sees(INVITED)
    later(monkeypatch, days=8)

    tap = await person.taps(words.JOIN)
    await tap.is_answered()
    await person.starts(late)

    assert words.INVITATION_BAD == tap.text
    await person.sees(words.INVITATION_BAD)
    person.does_not_see(JOINED)


async def test_guessing_is_answered_at_a_bounded_rate(office: Door):
    """
    Five times an hour; a right link still works afterwards.
    """
    person = office.server.person("王芳")
    for _ in range(12):
        await person.starts(secrets.token_urlsafe(18))
    await office.rests()
    assert talk.GUESSES == len(person.from_bot)

    await person.starts(office.invitation())

    await person.sees(INVITED)


async def test_an_hour_later_a_wrong_invitation_is_answered_again(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    The bound is one of an hour, not for ever.
    """
    person = office.server.person("王芳")
    for _ in range(talk.GUESSES + 1):
        await person.starts(secrets.token_urlsafe(18))
    await office.rests()
    assert talk.GUESSES == len(person.from_bot)

    later(monkeypatch, hours=2)
    await person.starts(secrets.token_urlsafe(18))

    await office.server.until(lambda: len(person.from_bot) == talk.GUESSES + 1, "told once more")


async def test_no_token_is_kept_in_the_store(office: Door):
    """
    Neither in what came nor in what was sent; only its hash.
    """
    token = office.invitation()
    person = office.server.person("王芳")
    await person.starts(token)
    await person.sees(INVITED)
    await person.taps(words.JOIN)
    await person.sees(JOINED)
    admin = Person(office.server, ADMIN, "管理员")
    office.server.person("管理员", ADMIN)
    await admin.says(f"/invite {TOWN}")
    link = await admin.sees("https://t.me/")
    other = link.text.partition("start=")[2].split()[0]
    await office.rests()
    await office.stop()

    # The free pages of a database keep old bytes; what is asked is what it says.
    with office.opened() as store, store.begin() as unit:
        for table in ("incoming", "outgoing", "invitation"):
            kept = json.dumps(
                unit.connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall(), default=str
            )
            assert token not in kept
            assert other not in kept


async def test_the_administrator_invites_looks_and_opens(office: Door):
    """
    The commands stand in their menu; nobody else is told anything by `/organs`.
    """
    admin = office.server.person("管理员", ADMIN)
    await admin.starts()
    await admin.sees("/invite")
    await admin.says("/invite")
    await admin.sees_next(words.INVITE_USAGE)
    await admin.says(f"/invite {TOWN}")
    link = await admin.sees_next("https://t.me/nianbao_bot?start=")
    clerk = office.server.person("王芳")
    await clerk.starts(link.text.partition("start=")[2].split()[0])
    await clerk.sees(INVITED)
    await clerk.taps(words.JOIN)
    await clerk.sees(JOINED)
    await clerk.says("/year 2023")
    await clerk.sees("📋", say.head(TOWN, 2023))

    await admin.says("/organs 2023")
    seen = await admin.sees_next(county_overview.title(county_overview.ALONE, 2023))
    await admin.taps(f"{county_overview.GROUPS[Group.NOT_STARTED]} 1", seen)
    await admin.sees(TOWN)
    await admin.says(f"/organ {TOWN}")
    await admin.says("/year 2023")
    await admin.sees_next("📋", say.head(TOWN, 2023))
    await clerk.says("/organs")
    await clerk.sees_next(county.NOT_YOURS)

    await office.server.until(lambda: "overview" in admin.commands, "the administrator's menu")
    assert "menu" in clerk.commands
    assert "overview" not in clerk.commands


async def test_an_organs_own_administrator_has_power_over_it_alone(office: Door):
    """
    The invitation is into the own organ, not into others.
    """
    await office.joins("李强", OTHER_TOWN)
    head = await office.joins("王芳", TOWN, role="administrator")

    await head.says("/overview 2023")
    await head.sees_next(say.head(TOWN, 2023))
    await head.says(f"/invite {OTHER_TOWN}")
    await head.sees_next(people.NOT_TO_INVITE.format(organ=OTHER_TOWN))
    await head.says("/invite")
    await head.sees_next("https://t.me/", TOWN)
    # As for one that is not there.
    await head.says(f"/organ {OTHER_TOWN}")
    await head.sees_next(words.no_such_organ(OTHER_TOWN, found=True))

    assert OTHER_TOWN not in {label for one in head.from_bot for label in one.labels}
    await office.server.until(lambda: "invite" in head.commands, "the menu")
    assert "organ" not in head.commands


async def test_every_command_is_in_the_menu_in_chinese(office: Door):
    """
    And every one of the menu is understood.
    """
    person = await office.joins()
    assert {"start", "menu", "status", "preview", "help", "cancel"} <= set(person.commands)
    for name in person.commands:
        await person.says(f"/{name}@nianbao_bot")
        await person.sees_next("")
    office.server.group("某镇", person)
    await office.server.until(
        lambda: office.server.commands_of(person, group=True), "the menu of groups"
    )
    assert ["start"] == [one["command"] for one in office.server.commands_of(person, group=True)]
    assert office.server.texts["description", ""]
    assert office.server.texts["short_description", ""]
    for one in office.server.commands_of(person):
        assert any("\u4e00" <= c <= "\u9fff" for c in one["description"])


async def test_a_menu_that_cannot_be_set_stops_nothing(office: Door):
    """
    The bot works without.
    """
    await office.stop()
    office.server.fail("setMyCommands", error=400, times=None)
    office.server.fail("setMyDescription", error=502, times=None)
    await office.start()

    await office.joins()


async def test_cancel_leaves_the_question_and_loses_nothing(office: Door):
    """
    Back to the list of sections.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await person.says("295")
    await person.sees_next("✓")
    await person.says("/cancel")

    await person.sees_next("📋", "159")


async def test_a_group_is_told_once_where_to_go(office: Door):
    """
    With a link; never a figure, whoever asks.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    group = office.server.group("某镇政府", person)
    await group.adds_bot(person)
    told = await group.shows(words.GROUP)
    await person.says("/status@nianbao_bot", chat=group)
    await person.says("@nianbao_bot 295", chat=group)
    await group.anonymous_says("/preview@nianbao_bot")
    await person.says("295", chat=group, reply_to=told)
    await office.rests()

    assert 1 == len(group.from_bot)
    assert "https://t.me/nianbao_bot?start=go" == told.buttons[0].url
    await person.starts("go")
    await person.sees_next("行政许可")
    assert LICENSING not in office.answers()


async def test_a_group_that_becomes_a_supergroup_is_followed(office: Door):
    """
    Its id changes while the message is on its way.
    """
    person = office.server.person("王芳")
    group = office.server.group("某镇政府", person, kind="group")
    await person.says("/start@nianbao_bot", chat=group)
    new = await group.migrates()

    await new.shows(words.GROUP)


async def test_who_has_left_the_organ_is_a_stranger(office: Door):
    """
    The old buttons do nothing and tell nothing.
    """
    person = await office.joins()
    card = await office.asks(person, "行政许可")
    with office.opened() as store, store.begin() as unit:
        leaves(unit, person.id, TOWN, now())

    await (await person.taps("0", card)).is_answered()
    await person.says("295")

    await person.sees(words.STRANGER)
    assert LICENSING not in office.answers()


async def test_whoever_has_changed_the_organ_writes_nothing_in_the_old_ones_report(office: Door):
    """
    Though its question is still open in the chat.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    with office.opened() as store, store.begin() as unit:
        from storage.people import People

        people = People(unit)
        # Ended alone: the report is still the one on the screen.
        unit.connection.exec_driver_sql("UPDATE member SET left_at = joined_at")
        people.join(person.id, unit.organ(OTHER_TOWN, now()), "clerk", now())

    await person.says("295")
    await office.rests()

    assert LICENSING not in office.answers()


def now() -> datetime:
    return datetime.now().astimezone()


async def test_what_was_handled_leaves_only_its_number(office: Door):
    """
    No message text stays in the store beside the answers.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    await person.says("295")
    await person.sees_next("✓")
    await office.rests()

    with office.opened() as store, store.begin() as unit:
        rows = unit.connection.exec_driver_sql("SELECT body FROM incoming").fetchall()
        sent = unit.connection.exec_driver_sql("SELECT payload FROM outgoing").fetchall()
        assert not Messages(unit).waiting()
    assert rows
    assert {""} == {row[0] for row in rows}
    assert {""} == {row[0] for row in sent}


WAYS = (
    "/start {code}",
    "/start@nianbao_bot {code}",
    "/START {capital}",
    "／start　{code}",
    "  /start \u200b{code} ",
    "{code}",
    "{capital}",
    "{first}",
    "{wide}",
    "{halves}",
    "邀请码：{code}。",
    "@nianbao_bot {code}",
    "https://t.me/nianbao_bot?start={code}",
    "T.me/nianbao_bot?start={capital}",
    "tg://resolve?domain=nianbao_bot&start={code}",
    "「雷鸣镇人民政府」的经办人邀请链接：\nhttps://t.me/nianbao_bot?start={code}",
)


async def test_an_invitation_is_known_in_whatever_way_the_phone_brings_its_code(office: Door):
    """
    As a command or a link, alone or among words, in capitals or full width; and 「加入」 typed.
    """
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    for number, way in enumerate(WAYS):
        code = office.invitation()
        person = office.server.person(f"王{number}")
        written = {
            "code": code,
            "capital": code.upper(),
            "first": code.capitalize(),
            "wide": code.translate(wide),
            "halves": f"{code[:12]} {code[12:]}",
        }
        await person.says(way.format(**written))
        await person.sees(INVITED)
        await person.says(words.JOIN)
        await person.sees(words.JOINED.format(organ=TOWN, role=words.ROLES["clerk"]))


async def test_what_is_no_invitation_stays_what_it_was(office: Door):
    """
    A link elsewhere, 「加入」 where nobody is invited, twenty-four digits of an answer.
    """
    person = await office.joins()
    await office.asks(person, "行政许可")
    elsewhere = f"见 https://t.me/another_bot?start={secrets.token_hex(12)}"
    for text in (words.JOIN, "1" * 24, secrets.token_hex(12), elsewhere):
        await person.says(text)
        await person.sees_next("行政许可")
    assert not any(words.INVITATION_BAD in message.text for message in person.from_bot)
    stranger = office.server.person("李四")
    await stranger.says(words.JOIN)
    await stranger.sees(words.STRANGER)

    assert {} == {item: value for item, value in office.answers().items() if value}
