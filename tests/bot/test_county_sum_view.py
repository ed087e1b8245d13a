"""
Every screen of the sum that can be reached by tapping: short, with a way back, nothing expired.
"""

from datetime import datetime

import pytest

from bot.county import door, sum_view
from bot.reminding.asker import Asker, Reply
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.talk.buttons import ROW, wide
from conversations.talk.effects import Button, Save
from conversations.talk.events import SumOffered
from conversations.wording import county_summing as wording
from conversations.wording.county import COUNTY as VERB
from conversations.wording.county_organs import IS_CLOSED
from storage import Store
from storage.organ_changes import close
from storage.organs import make_below
from storage.people import People
from storage.sums import await_correction, awaited_correction
from tests.bot.test_county_sum import COUNTY, LICENSES, NOW, YEAR, put
from tests.conversations.test_county_sum import FEE, NEW
from tests.conversations.test_round_trip import figures_of
from tests.county import SHANGHAI

PERSON = 7
TOWNS = [f"第{n}镇人民政府" for n in range(1, 12)]
AT = datetime(2024, 1, 20, 9, tzinfo=SHANGHAI)
MOST_LINES, MOST_ROWS = 25, 10


@pytest.fixture
def store() -> Store:
    """
    A county with ten townships that have reported and one that has not, and its own report.
    """
    store = Store.open(":memory:")
    with store.begin() as unit:
        People(unit).begin(PERSON, NOW, "李强")
        county = unit.organ(COUNTY, NOW)
        for name in TOWNS:
            make_below(unit, name, county, NOW)
    for seed, name in enumerate(TOWNS[:-1]):
        put(store, name, figures_of(seed))
    put(store, COUNTY, figures_of(99))
    return store


def buttons(reply: Reply) -> list[Button]:
    return [button for said in reply.says for row in said.buttons for button in row]


def test_every_screen_is_short_and_leads_back(store: Store):
    """
    From the head by every button of these screens; the first of many lines and figures.
    """
    with store.begin() as unit:
        asker = Asker(unit, PERSON, AT, frozenset({PERSON}))
        first = door.command(asker, "sum", str(YEAR))
        assert first is not None
        waiting, seen = [first], set[str]()
        kinds: dict[str, int] = {}
        while waiting:
            reply = waiting.pop()
            for said in reply.says:
                assert len(said.text.splitlines()) <= MOST_LINES, said.text
                assert len(said.buttons) <= MOST_ROWS
                assert all(said.buttons)
            for button in buttons(reply):
                assert len(button.id.encode()) <= 64
                begin, letter, *rest = (*button.id.split(":"), *[""] * (":" not in button.id))
                if (begin, letter) != (VERB, sum_view.LETTER) or button.id in seen:
                    continue
                seen.add(button.id)
                kind = rest[2] if len(rest) > 2 else ""
                kinds[kind] = kinds.get(kind, 0) + 1
                if kinds[kind] > 12:
                    continue
                after = door.tapped(asker, ":".join([letter, *rest]))
                assert after.says or after.files or after.step, button
                waiting.append(after)
    assert {"h", "t", "l", "c", "w", "m", "d", "n", "e", "f", "o"} == set(kinds)


def test_what_nobody_was_shown_shows_the_sum(store: Store):
    with store.begin() as unit:
        asker = Asker(unit, PERSON, AT, frozenset({PERSON}))
        organ = format(unit.organ(COUNTY, NOW), "x")
        for rest in (
            "c:9999:0",
            "t:1:0",
            "l",
            "zz:1",
            "c:x",
            "w:107",
            "t:-1:-1",
            f"e:{FORM.number[FEE]}9",
        ):
            reply = door.tapped(asker, f"s:{organ}:{YEAR}:{rest}")
            assert wording.count_line(10, 11, TOWNS[-1:]) in reply.says[0].text
        for rest in ("", "s", "s:zz:2023", f"s:{organ}", f"s:{organ}:9", "s:999999:2023"):
            reply = door.tapped(asker, rest)
            assert ((), True) == (reply.says, bool(reply.toast))


def test_the_sum_is_offered_with_its_corrections_and_reasons(store: Store):
    """
    No totals; a figure that may be counted twice says why.
    """
    with store.begin() as unit:
        asker = Asker(unit, PERSON, AT, frozenset({PERSON}))
        organ = format(unit.organ(COUNTY, NOW), "x")
        before = door.tapped(asker, f"s:{organ}:{YEAR}:o").step
        door.tapped(asker, f"s:{organ}:{YEAR}:e:{FORM.number[LICENSES]}")
        assert door.typed(asker, "+5 漏报一件") is not None
        after = door.tapped(asker, f"s:{organ}:{YEAR}:o").step

    assert before is not None
    assert after is not None
    offered, corrected = before[1], after[1]
    assert isinstance(offered, SumOffered)
    assert isinstance(corrected, SumOffered)
    assert offered.values[LICENSES] + 5 == corrected.values[LICENSES]
    assert set(FORM.sums).isdisjoint(offered.values)
    assert NEW in offered.why
    assert LICENSES not in offered.why


def test_no_report_begins_for_a_county_that_is_closed(store: Store):
    """
    The sum of another year is still looked at.
    """
    with store.begin() as unit:
        asker = Asker(unit, PERSON, AT, frozenset({PERSON}))
        organ = unit.organ(COUNTY, NOW)
        close(unit, organ, None, NOW)
        for name in TOWNS[:1]:
            report = unit.open_report(name, YEAR - 1, now=NOW, edition=FORM.edition)
            saves = [Save(item, None, value) for item, value in figures_of(1).items()]
            unit.save(report, saves, by="1", at=NOW, door="telegram")
        reply = door.tapped(asker, f"s:{organ:x}:{YEAR - 1}:o")

        assert ((IS_CLOSED.format(COUNTY),), None) == (
            tuple(s.text for s in reply.says),
            reply.step,
        )
        assert None is unit.find_report(COUNTY, YEAR - 1)


def test_of_many_counties_some_are_shown_and_each_is_found_by_its_name(store: Store):
    """
    Nothing is left out silently; an organ further down is found by its whole name.
    """
    with store.begin() as unit:
        asker = Asker(unit, PERSON, AT, frozenset({PERSON}))
        for n in range(sum_view.MOST_CHOICES + 1):
            make_below(unit, f"第{n}局", unit.organ(f"第{n}县人民政府", NOW), NOW)
        make_below(unit, "第1中学", unit.organ("第1局", NOW), NOW)
        many = door.command(asker, "sum", "")
        one = door.command(asker, "sum", f"{YEAR} 第1局")

    assert many is not None
    assert one is not None
    shown = sum_view.MOST_CHOICES
    assert wording.choose(shown + 2, shown) == many.says[0].text
    assert shown == len(buttons(many))
    assert wording.head("第1局", YEAR) in one.says[0].text


def test_a_long_name_leaves_its_figure_on_the_button(store: Store):
    """
    The longest first; a dash of another keyboard takes away like a minus.
    """
    long = "定安县" + "某" * 54 + "管理局"
    with store.begin() as unit:
        make_below(unit, long, unit.organ(COUNTY, NOW), NOW)
    put(store, long, figures_of(3) | {LICENSES: 999_999_999})
    with store.begin() as unit:
        asker = Asker(unit, PERSON, AT, frozenset({PERSON}))
        at = f"s:{unit.organ(COUNTY, NOW):x}:{YEAR}"
        label = buttons(door.tapped(asker, f"{at}:c:{FORM.number[LICENSES]}:0"))[0].label
        door.tapped(asker, f"{at}:e:{FORM.number[LICENSES]}")
        for text in ("–1 转办重复", "—２ 转办重复", "\u200b-1 转办重复"):
            assert door.typed(asker, text) is not None, text
            door.tapped(asker, f"{at}:e:{FORM.number[LICENSES]}")

    assert label.startswith("定安县某")
    assert label.endswith(" 999,999,999")
    assert wide(label) <= ROW + 1


def test_corrections_wait_while_nobody_has_reported(store: Store):
    """
    All reports have gaps again after a figure was corrected; an old button leads to the sum.
    """
    with store.begin() as unit:
        asker = Asker(unit, PERSON, AT, frozenset({PERSON}))
        at = f"s:{unit.organ(COUNTY, NOW):x}:{YEAR}"
        door.tapped(asker, f"{at}:e:{FORM.number[LICENSES]}")
        assert door.typed(asker, "+5 漏报一件") is not None
        for name in TOWNS[:-1]:
            report = unit.open_report(name, YEAR, now=NOW, edition=FORM.edition)
            held = unit.load(report, "").answers.get(LICENSES)
            unit.save(report, [Save(LICENSES, held, None)], by="1", at=NOW, door="telegram")
        for what in ("h", "k:0", f"x:{FORM.number[LICENSES]}", f"c:{FORM.number[LICENSES]}:0", "f"):
            said = door.tapped(asker, f"{at}:{what}").says[0]
            assert said.text
            assert not [b for row in said.buttons for b in row if ":k:" in b.id]


def test_a_correction_is_waited_for_a_day(store: Store):
    """
    For the figure that was asked about last, and of this person alone.
    """
    with store.begin() as unit:
        organ = unit.organ(COUNTY, NOW)
        for cell in (NEW, LICENSES):
            await_correction(unit, PERSON, organ, YEAR, cell, AT)
        waited = awaited_correction(unit, PERSON, AT)
        assert waited is not None
        assert (organ, YEAR, LICENSES) == (waited.organ_id, waited.year, waited.cell)
        assert None is awaited_correction(unit, PERSON + 1, AT)
        assert None is awaited_correction(unit, PERSON, AT.replace(day=22))


def test_after_march_it_is_still_the_sum_of_the_year_that_was_collected(store: Store):
    """
    As the overview has it, and what is handed out: until the next year is begun.
    """
    summer = AT.replace(month=6)
    with store.begin() as unit:
        asker = Asker(unit, PERSON, summer, frozenset({PERSON}))
        for name in ("sum", "overview", "export"):
            reply = door.command(asker, name, "")
            assert reply is not None
            assert str(YEAR) in reply.says[0].text.splitlines()[0], name
        unit.open_report(TOWNS[0], YEAR + 1, now=NOW, edition="2021")
        reply = door.command(asker, "sum", "")
        assert reply is not None
        assert str(YEAR + 1) in reply.says[0].text.splitlines()[0]
