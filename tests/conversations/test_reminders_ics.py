from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.reminders.calendar import Calendar
from conversations.reminders.ics import calendar_file, escape, fold, trigger
from conversations.reminders.tasks import Task
from conversations.wording.reminders import calendar_note

STAMP = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
AFTER = datetime(2026, 12, 1, 8, 31, tzinfo=UTC)
TASK = Task(
    "t1",
    "雷鸣镇人民政府",
    2026,
    date(2027, 1, 31),
    date(2027, 1, 20),
    assigned=(("requests", "小王"),),
)


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_both_dates_are_days_with_alarms_at_nine_on_the_reminders_days():
    """
    The deadline's alarms are its own last steps and the day itself.
    """
    lines = unfolded(calendar_file(TASK, Calendar(), STAMP))

    starts = [line for line in lines if line.startswith("DTSTART")]
    assert ["DTSTART;VALUE=DATE:20270120", "DTSTART;VALUE=DATE:20270131"] == starts
    second = lines[lines.index(starts[1]) :]
    assert ["-P8DT15H", "-P2DT15H", "-P1DT15H", "PT9H"] == [
        line.removeprefix("TRIGGER:") for line in second if line.startswith("TRIGGER")
    ]
    assert "DTSTAMP:20261201T083000Z" in lines


def test_a_withdrawn_task_cancels_what_an_earlier_file_has_brought():
    """
    The same events, called off, with a higher number and nothing that rings.
    """
    live = unfolded(calendar_file(TASK, Calendar(), STAMP))
    later = unfolded(calendar_file(replace(TASK, withdrawn=True), Calendar(), AFTER))

    def said(lines: list[str], name: str) -> list[str]:
        return [line.partition(":")[2] for line in lines if line.startswith(f"{name}:")]

    assert ["PUBLISH"] == said(live, "METHOD")
    assert ["CANCEL"] == said(later, "METHOD")
    assert ["CANCELLED"] * 2 == said(later, "STATUS")
    assert said(live, "UID") == said(later, "UID")
    assert all(
        int(before) < int(after)
        for before, after in zip(said(live, "SEQUENCE"), said(later, "SEQUENCE"), strict=True)
    )
    assert "BEGIN:VALARM" in live
    assert "BEGIN:VALARM" not in later


def test_no_persons_name_stands_in_the_file():
    """
    It is forwarded to anybody.
    """
    assert "小王" not in "".join(unfolded(calendar_file(TASK, Calendar(), STAMP)))


def test_every_line_ends_right_and_has_at_most_75_octets_of_whole_characters():
    """
    A long organ's name is folded, and not inside a character.
    """
    long = replace(TASK, organ="自治区" * 30)

    lines = calendar_file(long, Calendar(), STAMP).split(b"\r\n")

    assert b"" == lines.pop()
    assert 75 >= max(map(len, lines))
    assert all(line.decode() for line in lines)
    assert "自治区" * 30 in "".join(unfolded(calendar_file(long, Calendar(), STAMP)))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_folding_loses_nothing(text: str):
    """
    Unfolding gives the line back.
    """
    folded = fold(text)

    assert text.encode() == folded.replace(b"\r\n ", b"").removesuffix(b"\r\n")
    assert 75 >= max(map(len, folded.split(b"\r\n")))


def test_a_name_cannot_bring_a_line_of_its_own():
    """
    Line ends, commas and semicolons of an organ's name stay text.
    """
    evil = replace(TASK, organ="甲\r\nATTENDEE:x;y,z\\")

    lines = unfolded(calendar_file(evil, Calendar(), STAMP))

    assert [] == [line for line in lines if line.startswith("ATTENDEE")]
    assert r"甲\nATTENDEE:x\;y\,z\\" == escape(evil.organ)


def test_begins_and_ends_are_nested():
    """
    What is opened is closed, in the right order.
    """
    stack: list[str] = []
    for line in unfolded(calendar_file(TASK, Calendar(), STAMP)):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            stack.append(value)
        elif name == "END":
            assert value == stack.pop()

    assert [] == stack


def test_the_same_arguments_give_the_same_bytes_and_a_later_file_replaces():
    """
    The id of an event does not change when its date does; its number grows.
    """
    moved = replace(TASK, deadline=date(2027, 2, 5))
    later = STAMP.replace(day=2)

    one, two = calendar_file(TASK, Calendar(), STAMP), calendar_file(moved, Calendar(), later)

    assert one == calendar_file(TASK, Calendar(), STAMP)
    for lines in (unfolded(one), unfolded(two)):
        assert "UID:t1-2026-deadline@nianbao" in lines
    numbers = [
        int(next(line for line in unfolded(data) if line.startswith("SEQUENCE")).split(":")[1])
        for data in (one, two)
    ]
    assert sorted(set(numbers)) == numbers


def test_an_unknown_years_dates_say_so():
    """
    Weekends only, as everywhere.
    """
    known = Calendar(known=frozenset({2026, 2027}))
    note = calendar_note(Calendar(), [2027])

    assert note in "".join(unfolded(calendar_file(TASK, Calendar(), STAMP)))
    assert note not in "".join(unfolded(calendar_file(TASK, known, STAMP)))


@pytest.mark.parametrize(
    ("alarm", "expected"),
    [
        (date(2027, 1, 31), "PT9H"),
        (date(2027, 1, 30), "-PT15H"),
        (date(2027, 1, 24), "-P6DT15H"),
    ],
)
def test_an_alarm_is_counted_from_the_start_of_the_day(alarm: date, expected: str):
    """
    A date has no hour: nine o'clock is nine hours in.
    """
    assert expected == trigger(date(2027, 1, 31), alarm)
