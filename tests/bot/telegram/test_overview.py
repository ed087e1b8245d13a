"""
A county with 25 organs in every state, looked at on a phone.
"""

from datetime import date, datetime
from typing import Any

import pytest

from bot import memberships
from bot.files import charts
from bot.handle import Clock
from conversations.checks.findings import Grade
from conversations.county.overview import Group
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Value
from conversations.reminders.decide import Why
from conversations.reminders.tasks import newest_year
from conversations.sign_off.states import Deed, ReportState
from conversations.wording import county_overview as words
from conversations.wording import door as door_words
from conversations.wording import reminders
from conversations.wording import talk as say
from conversations.wording.county import OLD
from storage import Store
from storage.county_tables import COLLECTED
from storage.members import Members
from storage.organs import place_below
from storage.people import People
from storage.sign_off import SignOffs
from storage.tables import ORGAN, REPORT, TASK
from tests.bot.telegram.door import ADMIN, ZONE, Door
from tests.botapi import Person
from tests.county import AUTUMN, YEAR, answer, finish
from tests.county import office as made
from tests.said import numbers, pieces
from tests.sign_off import fill

COUNTY, BESIDE, CITY = "徐闻县人民政府", "龙州县人民政府", "湛江市人民政府"
NOW = datetime(2026, 1, 25, 10, tzinfo=ZONE)  # a Sunday: nobody is reminded by itself
HEAD, STRANGER, CLERKS = 1_000_000_900, 1_000_000_905, 1_000_001_000
LICENSING = "proactive_disclosure.licensing.decisions"
ZEROS: dict[str, Value | None] = dict.fromkeys((*FORM.asked, *FORM.balance), 0)
WRONG = ZEROS | {"requests.received.natural_person": 3}
# How many organs are in each group.
SCENE = {
    Group.NOT_JOINED: 3,
    Group.NOT_STARTED: 2,
    Group.OPEN: 9,
    Group.TO_MEND: 2,
    Group.TO_DECIDE: 2,
    Group.DONE: 2,
    Group.APPROVED: 1,
    Group.CHECKED: 1,
    Group.UNCHECKED: 1,
    Group.DIFFERENT: 1,
    Group.EXEMPT: 1,
}
STEPS = {
    Group.TO_DECIDE: (Deed.SUBMIT, ReportState.SUBMITTED, {}),
    Group.APPROVED: (Deed.APPROVE, ReportState.APPROVED, {}),
    Group.CHECKED: (Deed.PUBLISH, ReportState.PUBLISHED, {"result": "equal"}),
    Group.UNCHECKED: (Deed.PUBLISH, ReportState.PUBLISHED, {}),
    Group.DIFFERENT: (Deed.PUBLISH, ReportState.PUBLISHED, {"result": "different"}),
}


def name_of(group: Group, number: int) -> str:
    return f"{list(Group).index(group)}-{number}镇人民政府"


def places(store: Store, organ: str, above: str) -> None:
    with store.begin() as unit:
        below, over = (unit.organ(name, AUTUMN) for name in (organ, above))
        memberships.place(unit, below, over, AUTUMN)


def filled(store: Store, group: Group, number: int) -> None:
    """
    One organ, so that it is in this group.
    """
    organ = name_of(group, number)
    clerk = CLERKS + 100 * list(SCENE).index(group) + number
    joins = group is not Group.NOT_JOINED
    report = made(store, organ, {clerk: f"经办{clerk % 1000}"} if joins else {})
    places(store, organ, COUNTY)
    if group not in (Group.NOT_JOINED, Group.NOT_STARTED, Group.EXEMPT):
        values = {LICENSING: number} if group is Group.OPEN else ZEROS
        answer(store, report, WRONG if group is Group.TO_MEND else values, AUTUMN)
    if group in (Group.APPROVED, Group.DONE):
        fill(store, report)
    if group is Group.DONE:
        finish(store, report, AUTUMN)
    with store.begin() as unit:
        if step := STEPS.get(group):
            deed, state, note = step
            SignOffs(unit).record(
                report,
                deed,
                state,
                by="1",
                at=AUTUMN,
                door="telegram",
                history=0,
                fingerprint="x",
                note=note,
            )
        if group is Group.EXEMPT:
            change = TASK.update().where(TASK.c.report_id == report)
            unit.connection.execute(change.values(withdrawn=True, reason="机构改革"))
        if group is Group.NOT_JOINED:
            change = ORGAN.update().where(ORGAN.c.name == organ)
            unit.connection.execute(
                change.values(contact=f"联系{number}", phone=f"1380000000{number}")
            )


@pytest.fixture
async def head(office: Door, monkeypatch: pytest.MonkeyPatch) -> Person:
    """
    The administrator of the county, at a moment in January; two organs are late.
    """
    monkeypatch.setattr(Clock, "read", lambda _: Clock(NOW))
    with office.opened() as store:
        for group, count in SCENE.items():
            for number in range(1, count + 1):
                filled(store, group, number)
        for number in (1, 2):
            with store.begin() as unit:
                report = unit.find_report(name_of(Group.OPEN, number), YEAR)
                assert report
                change = TASK.update().where(TASK.c.report_id == report)
                unit.connection.execute(change.values(internal=date(2026, 1, 20)))
        administers(store, HEAD, COUNTY)
    return office.server.person("县办", HEAD)


def administers(store: Store, person: int, organ: str) -> None:
    with store.begin() as unit:
        People(unit).begin(person, AUTUMN, "管理")
        People(unit).join(person, unit.organ(organ, AUTUMN), "administrator", AUTUMN)


def id_of(office: Door, organ: str) -> int:
    with office.opened() as store, store.begin() as unit:
        ((found, _),) = Members(unit).organs(1, organ)
        return int(found)


async def opens(head: Person, text: str = "/overview") -> Any:
    await head.says(text)
    return await head.sees_next(words.title(COUNTY, YEAR))


def button(group: Group) -> str:
    return f"{words.GROUPS[group]} {SCENE[group]}"


async def test_the_head_then_the_groups_then_an_organs_card(office: Door, head: Person):
    """
    All in one message, there and back; the late come first, eight on a page.
    """
    seen = await opens(head)
    assert ["2025", "8", "24", "2", "1", "2", "6"] == numbers(seen.text)
    assert {button(group) for group in SCENE} <= set(seen.labels)

    await head.taps(button(Group.OPEN), seen)
    await office.rests()
    late = [label for label in seen.labels if words.LATE_MARK in label]
    assert late == list(seen.labels[:2])
    assert 8 == sum("镇人民政府" in label for label in seen.labels)
    await head.taps(words.NEXT, seen)
    await office.rests()
    assert [words.PREVIOUS, words.BACK] == list(seen.labels[1:])
    await head.taps(seen.labels[0], seen)
    await office.rests()

    organ = name_of(Group.OPEN, 9)
    assert organ in seen.text
    assert {words.OPEN, words.NUDGE, words.FILE_BUTTON, words.DATES} < set(seen.labels)
    for _ in range(2):
        await head.taps(words.BACK, seen)
        await office.rests()
    assert button(Group.OPEN) in seen.labels
    await head.taps(button(Group.TO_MEND), seen)
    await office.rests()
    await head.taps(seen.labels[0], seen)
    await office.rests()
    assert Grade.E.value in seen.text
    assert 1 == len(head.from_bot)


async def test_a_card_opens_the_report_and_hands_out_its_file(office: Door, head: Person):
    """
    A draft of what is answered here, or the version that was agreed to; of an organ that has
    sent a file, that file.
    """
    sender, writer = name_of(Group.NOT_JOINED, 1), name_of(Group.OPEN, 3)
    with office.opened() as store, store.begin() as unit:
        report = unit.find_report(sender, YEAR)
        change = REPORT.update().where(REPORT.c.id == report)
        unit.connection.execute(change.values(source="file", final_at=AUTUMN, final_history=0))
        row = {"report_id": report, "name": "年报.docx", "content": b"abc", "by": "1"}
        unit.connection.execute(COLLECTED.insert().values(at=AUTUMN, **row))

    for organ, group, file in (
        (sender, f"{words.GROUPS[Group.DONE]} 3", "年报.docx"),
        (writer, button(Group.OPEN), writer),
        (name_of(Group.APPROVED, 1), button(Group.APPROVED), name_of(Group.APPROVED, 1)),
        (name_of(Group.DONE, 1), f"{words.GROUPS[Group.DONE]} 3", name_of(Group.DONE, 1)),
    ):
        seen = await opens(head)
        await head.taps(group, seen)
        await office.rests()
        await head.taps(next(label for label in seen.labels if organ in label), seen)
        await office.rests()
        # The moment is the office's own.
        assert f"{AUTUMN:%H:%M}" in seen.text
        await head.taps(words.FILE_BUTTON, seen)
        await head.sees(file, ".docx", after=seen)
        await head.taps(words.OPEN, seen)
        await head.sees(say.head(organ, YEAR), after=seen)
    drafts = [door_words.DRAFT_CAPTION in one.text for one in head.documents]
    assert [False, True, False, False] == drafts


async def test_the_late_are_a_text_of_their_own_with_whom_to_call(office: Door, head: Person):
    """
    Nothing else is in the message, so that it can be forwarded as it is.
    """
    seen = await opens(head)
    await head.taps(words.LATE_LIST, seen)
    text = await head.sees("1.", after=seen)

    late = [name_of(Group.OPEN, number) for number in (1, 2)]
    missing = [name_of(Group.NOT_JOINED, number) for number in (1, 2, 3)]
    assert () == text.buttons
    lines = text.text.splitlines()[1:]
    assert 5 == len(lines)
    assert all(organ in line for organ, line in zip([*late, *missing], lines, strict=True))
    assert all(f"联系{n}" in line and "13800000" in line for n, line in enumerate(lines[2:], 1))


async def test_a_nudge_says_first_who_would_be_told_what(office: Door, head: Person):
    """
    One yes; a second asks nobody twice on one day; of one organ from its card.
    """
    seen = await opens(head)
    await head.taps(words.TO_NUDGE, seen)
    asked = await head.sees(reminders.do_nudge(13), after=seen)
    assert name_of(Group.OPEN, 1) in asked.text
    assert name_of(Group.NOT_JOINED, 1) in asked.text
    assert 0 == nudges(office)
    await head.taps(reminders.do_nudge(13), asked)
    done = await head.sees(*pieces(reminders.nudged(13, [])), after=asked)
    assert 13 == nudges(office)
    await head.taps(words.TO_NUDGE, seen)
    again = await head.sees(reminders.NOBODY_TO_NUDGE, after=done)
    assert reminders.NOT_NUDGED[Why.NUDGED_TODAY] in again.text
    assert reminders.do_nudge(13) not in again.labels


def nudges(office: Door) -> int:
    with office.opened() as store, store.begin() as unit:
        return int(unit.connection.exec_driver_sql("SELECT COUNT(*) FROM nudge").scalar())


async def test_the_days_are_a_picture_with_a_sentence(office: Door, head: Person):
    """
    Drawn by whoever sends it; without a font it is said why there is none.
    """
    seen = await opens(head)
    await head.taps(words.PICTURE, seen)
    await office.rests()

    if charts._font():
        (sent,) = office.server.called("sendPhoto")
        assert ["8", "24"] == [n for n in numbers(sent.parameters["caption"]) if n in {"8", "24"}][
            ::-1
        ]
    else:
        await head.sees(door_words.NO_CHART, after=seen)


async def test_a_city_sees_its_counties(office: Door, head: Person):
    """
    The groups are over all organs below; each county opens as it does for its own administrator.
    """
    with office.opened() as store:
        places(store, COUNTY, CITY)
        office_of(store, "市财政局", CITY)
        administers(store, HEAD + 1, CITY)
    mayor = office.server.person("市办", HEAD + 1)
    await mayor.says("/overview")
    seen = await mayor.sees_next(words.title(CITY, YEAR))
    await mayor.taps(words.DISTRICTS, seen)
    await office.rests()
    (county,) = (label for label in seen.labels if COUNTY in label)
    assert "8/24" in county
    await mayor.taps(county, seen)
    await office.rests()
    assert words.title(COUNTY, YEAR) in seen.text
    # Who looks after several trees chooses first.
    with office.opened() as store:
        administers(store, HEAD + 1, COUNTY)
    await mayor.says("/organs")
    asked = await mayor.sees_next(words.CHOOSE)
    assert {CITY, COUNTY} == set(asked.labels)


def office_of(store: Store, organ: str, above: str) -> None:
    made(store, organ)
    places(store, organ, above)


async def test_whoever_looks_after_one_township_sees_nothing_else(office: Door, head: Person):
    """
    By no button that the county's administrator was ever shown, nor by any made up.
    """
    township = name_of(Group.OPEN, 3)
    with office.opened() as store:
        administers(store, STRANGER, township)
        office_of(store, "别县财政局", BESIDE)
    seen = await opens(head)
    for label in (button(Group.OPEN), words.NEXT, None):
        await head.taps(label or seen.labels[0], seen)
        await office.rests()
    data = {one.data for one in await every_button(office, head) if one.data.startswith("cy:o:")}
    ids = [id_of(office, organ) for organ in (COUNTY, BESIDE, name_of(Group.OPEN, 1))]
    data |= {
        f"cy:o:{what}:{id_:x}:{YEAR}{rest}"
        for id_ in (*ids, 0)
        for what, rest in (
            *(("v", ""), ("k", ""), ("l", ""), ("p", ""), ("f", ""), ("n", ""), ("n", ":y")),
            *(("m", ""), ("m", ":y"), ("d", ":0"), ("g", ":open:0"), ("k", f":{ids[0]:x}:open:0")),
        )
    }
    own = id_of(office, township)
    data = {each for each in data if f":{own:x}:" not in each}
    village = office.server.person("镇办", STRANGER)
    await village.says("/overview 2025")
    card = await village.sees_next(township)
    assert words.BACK not in card.labels
    shown = len(village.from_bot)
    for each in sorted(data):
        tap = await village.forges(each)
        await tap.is_answered()
        assert words.NOT_THERE == tap.text, each
    for text in (f"/overview {COUNTY}", f"/organs {name_of(Group.OPEN, 1)}"):
        await village.says(text)
        await village.sees_next(words.NOT_THERE)
    await office.rests()
    assert [words.NOT_THERE] * 2 == [one.text for one in village.from_bot[shown:]]
    # The way back of a card that names the county leads nowhere either.
    await village.forges(f"cy:o:k:{own:x}:{YEAR}:{ids[0]:x}:open:0", card)
    await office.rests()
    assert words.BACK not in card.labels
    assert 0 == nudges(office)


async def test_any_data_is_answered(office: Door, head: Person):
    """
    Old, cut short, of another kind: a word, and nothing happens.
    """
    here = f"{id_of(office, COUNTY):x}"
    seen = await opens(head)
    for data in (
        *("cy:o", "cy:o:", "cy:o:v", f"cy:o:v:{here}", f"cy:o:v:{here}:99", f"cy:o:v:{here}:x"),
        *(f"cy:o:g:{here}:2025:none:0", f"cy:o:g:{here}:2025", f"cy:o:x:{here}:2025"),
        *(f"cy:o:v:{here}:2025:1", "cy:o:v:ffffffff:2025", "cy:o:v:-1:2025", "cy:zz:v:1:2025"),
        *(f"cy:o:k:{here}:2025:zz:open:0", f"cy:o:g:{here}:2025:open:-1", f"cy:o:l:{here}:٢٠٢٥"),
    ):
        tap = await head.forges(data, seen)
        await tap.is_answered()
        assert tap.text in {OLD, words.NOT_THERE} or data.endswith(("zz:open:0", "open:-1")), data
    await office.rests()


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
async def test_whoever_looks_after_more_counties_than_buttons_fit_chooses_or_names_one(
    office: Door,
):
    """
    A message holds a hundred buttons: the first are offered, and it is said that there are more.
    """
    with office.opened() as store, store.begin() as unit:
        for number in range(130):
            top = unit.organ(f"第{number}县人民政府", AUTUMN)
            place_below(unit, unit.organ(f"第{number}县财政局", AUTUMN), top)
    admin = office.server.person("管理员", ADMIN)
    await admin.starts()
    await admin.sees_next("")
    for command in ("overview", "sum", "invite", "task", "task 统一 截止 1月31日"):
        await admin.says(f"/{command}")
        asked = await admin.sees_next("")
        assert any("第0县人民政府" in label for label in asked.labels), command
        assert command.startswith("task") or "130" in asked.text, command
    await admin.says("/overview 第129县人民政府")
    await admin.sees_next(words.title("第129县人民政府", newest_year(Clock.read(ZONE).today)))


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
async def test_every_button_over_organs_without_a_tree_does_something(office: Door):
    """
    There is no sum of them, no comparison, no files of all; so no button promises them.
    """
    with office.opened() as store, store.begin() as unit:
        for number in range(3):
            unit.organ(f"第{number}县人民政府", AUTUMN)
    admin = office.server.person("管理员", ADMIN)
    await admin.says("/overview")
    seen = await admin.sees_next(words.ALONE)
    for label, data in [(one.label, one.data or "") for one in seen.buttons]:
        tap = await admin.forges(data, seen)
        await tap.is_answered()
        assert "" == tap.text, label


async def every_button(office: Door, person: Person) -> list[Any]:
    await office.rests()
    return [one for said in person.from_bot for one in said.buttons if one.data]


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
async def test_what_is_said_of_an_organ_is_not_cut_off_for_its_long_name(
    office: Door, monkeypatch: pytest.MonkeyPatch
):
    """
    Sixty characters are an organ's name at most, and a button's, too.
    """
    monkeypatch.setattr(Clock, "read", lambda _: Clock(NOW))
    organ = f"徐闻县{'农' * 56}局"
    with office.opened() as store:
        report = made(store, organ, {CLERKS: "王芳"}, deadline=date(2026, 1, 20))
        answer(store, report, {LICENSING: 1}, AUTUMN)
        places(store, organ, COUNTY)
        administers(store, HEAD, COUNTY)
    head = office.server.person("县办", HEAD)
    seen = await opens(head)
    await head.taps(f"{words.GROUPS[Group.OPEN]} 1", seen)
    await office.rests()
    assert "1/163" in seen.labels[0]
    assert words.LATE_MARK in seen.labels[0]
    with office.opened() as store:
        places(store, COUNTY, CITY)
        places(store, organ, BESIDE)
        places(store, BESIDE, COUNTY)
        with store.begin() as unit:
            unit.connection.execute(
                ORGAN.update().where(ORGAN.c.name == BESIDE).values(name=f"龙{'州' * 58}县")
            )
    await head.forges(f"cy:o:d:{id_of(office, COUNTY):x}:{YEAR}:0", seen)
    await office.rests()
    assert "0/1" in seen.labels[0]
