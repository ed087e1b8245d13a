"""
What must hold of every reminder of a season, whatever people do.

The dates here are written out or counted by hand, not by the code under test.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from bot.reminding.calendar import working_calendar
from conversations.reminders.decide import Reminder
from conversations.reminders.people import Mode
from conversations.reminders.tasks import ReminderKind
from conversations.sign_off.states import Role
from tests.season import MINUTE, Season

OUTAGES = {2026: date(2027, 1, 21), 2025: date(2026, 1, 27), 2024: date(2025, 1, 23)}


@pytest.fixture(params=[pytest.param(2024, marks=pytest.mark.soak), 2025, 2026])
def season(request: pytest.FixtureRequest) -> Season:
    """
    Each winter an outage covers one of the last steps.
    """
    return season_of(request.param)


@cache
def season_of(year: int) -> Season:
    """
    120 organs; played once, in whichever order the tests come.
    """
    return Season(year + 13, 120, year, outage=OUTAGES[year]).run()


def test_nobody_hears_anything_outside_their_hours_or_on_a_free_day(season: Season):
    """
    But for the deadline itself.
    """
    wrong = [
        row
        for row in season.log
        for member in [row.reminder.member]
        if not member.start <= row.at.timetz().replace(tzinfo=None) < member.end
        or (row.free_day and row.at.date() != row.reminder.task.deadline)
    ]

    assert [] == wrong
    assert len(season.log) > 300


@pytest.mark.long
def test_nobody_hears_anything_who_has_nothing_to_do(season: Season):
    """
    Finished, withdrawn, turned off: silence.
    """
    wrong = [
        row
        for row in season.log
        if row.finished
        or row.reminder.task.withdrawn
        or row.reminder.member.mode is Mode.OFF
        or not row.reminder.member.reachable
        or (row.reminder.member.role is Role.ADMINISTRATOR and not row.open)
    ]

    assert [] == wrong


def test_nothing_is_sent_twice_and_nobody_hears_two_messages_a_day(season: Season):
    """
    Two on a deadline; several organs of one person are one message.
    """
    keys = [key(row.reminder) for row in season.log]
    places = [place(row.reminder) for row in season.log]
    messages: dict[tuple[str, date], set[int]] = defaultdict(set)
    deadlines: set[tuple[str, date]] = set()
    for row in season.log:
        whose = season.accounts[row.reminder.member.id], row.at.date()
        messages[whose].add(row.message)
        if row.reminder.task.deadline == row.at.date():
            deadlines.add(whose)

    assert len(set(keys)) == len(keys)
    assert len(set(places)) == len(places)
    assert 1 == max(len(sent) for whose, sent in messages.items() if whose not in deadlines)
    assert 2 == max(len(sent) for sent in messages.values())


@pytest.mark.long
def test_who_has_put_it_off_hears_nothing_before_the_day(season: Season):
    """
    But for a deadline that was still to come when it was put off.
    """
    wrong = [
        row
        for row in season.log
        if row.reminder.member.role is Role.CLERK
        for snooze in season.snoozes[row.reminder.member.id][-1:]
        if row.reminder.member.snooze == snooze
        and snooze.on <= row.at.date() < snooze.until
        and not (row.at.date() == row.reminder.task.deadline > snooze.on)
    ]

    assert [] == wrong
    assert any(season.snoozes.values())


def moved(day: date, season: Season) -> date:
    """The rule by hand: after New Year, else the working day before."""
    calendar = season.calendar if season.year == 2026 else working_calendar()
    if day.month == 1 and day.day <= 3:
        day += timedelta(days=1)
        while not calendar.works(day) or (season.year == 2026 and day.day <= 3):
            day += timedelta(days=1)
    while not calendar.works(day):
        day -= timedelta(days=1)
    return day


@pytest.mark.long
def test_everyone_unfinished_is_reached_at_the_last_steps_as_moved(season: Season):
    """
    7, 3 and 1 days: on the moved day, or the first working day the bot is back.
    """
    missed, reached = [], 0
    got = {
        (row.reminder.task.id, season.accounts[row.reminder.member.id], row.at.date())
        for row in season.log
    }
    for person in season.people.values():
        if not person.office or season.offices[person.office].moved:
            continue
        task = season.offices[person.office].task
        steps = [moved(task.counts_to - timedelta(days=step), season) for step in (7, 3, 1)]
        for day in steps:
            told = day
            # Off all day: the next working day, when no later step has taken its place.
            while not up_on(season, told, person.member.id):
                told = next_working_day(season, told)
            if not wanted_all_along(season, person.member.id, day, told):
                continue
            reached += 1
            if (task.id, season.accounts[person.member.id], told) not in got:
                missed.append((person.member.id, day, told))

    assert [] == missed
    assert reached > 50


def next_working_day(season: Season, day: date) -> date:
    day += timedelta(days=1)
    while not season.calendar.works(day):
        day += timedelta(days=1)
    return day


def up_on(season: Season, day: date, member_id: str) -> bool:
    """Whether the bot is up at some minute of the member's hours."""
    member = season.people[member_id].member
    now, end = (datetime.combine(day, t, member.zone) for t in (member.start, member.end))
    while now < end:
        if now not in season.down:
            return True
        now += MINUTE
    return False


def wanted_all_along(season: Season, member_id: str, first: date, last: date) -> bool:
    """Unfinished, reachable, not off or quieter and not put off, from day to day."""
    person = season.people[member_id]
    member = person.member
    if person.silent_days & days(first, last):
        return False
    start = datetime.combine(first, member.start, member.zone)
    end = datetime.combine(last, member.end, member.zone)
    wishes = season.wishes[member_id]
    before = [wish.wants for wish in wishes if wish.at <= start][-1:]
    during = [wish.wants for wish in wishes if start < wish.at < end]
    if not all(before + during):
        return False
    return not any(
        snooze.on <= day < snooze.until
        for snooze in season.snoozes[member_id]
        for day in days(first, last)
        if snooze.on < day or snooze.on == first
    )


def days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def test_after_the_outage_one_message_tells_the_latest(season: Season):
    """
    The first day back brings nobody two, and no step that another has overtaken.
    """
    outage = OUTAGES[season.year]
    gone = {row.at.date() for row in season.log if row.at in season.down}
    back = min(row.at.date() for row in season.log if row.at.date() > outage + timedelta(days=2))
    steps = defaultdict(list)
    for row in season.log:
        if row.at.date() == back and row.reminder.kind is not ReminderKind.SUMMARY:
            steps[row.reminder.member.id].append(row.reminder.step)

    assert set() == gone
    assert steps
    assert {1} == {len(found) for found in steps.values()}


@pytest.mark.long
def test_the_index_hides_nothing():
    """
    Everybody asked every minute, or only those the index names: the same was sent.
    """
    spans = ((date(2027, 1, 21), date(2027, 1, 22)), (date(2027, 1, 31), date(2027, 2, 1)))
    for first, last in spans:
        named, everybody = (
            Season(5, 12, 2026, first=first, last=last, everybody=all_).run()
            for all_ in (False, True)
        )

        assert sent_by(everybody) == sent_by(named)
        assert named.log
        assert named.asked * 10 < everybody.asked


def key(reminder: Reminder) -> tuple[str, str, str, date]:
    return reminder.task.id, reminder.member.id, reminder.kind.value, reminder.day


def place(reminder: Reminder) -> tuple[str, str, date, int]:
    """The place in the member's day: two kinds cannot share it."""
    return reminder.task.id, reminder.member.id, reminder.day, reminder.number


def sent_by(season: Season) -> list[tuple[datetime, tuple[str, str, str, date]]]:
    return sorted((row.at, key(row.reminder)) for row in season.log)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_many_seasons(seed: int):
    """
    Other dice, the same promises.
    """
    season = Season(seed, 200, 2026, outage=date(2027, 1, 4 + seed)).run()

    test_nobody_hears_anything_outside_their_hours_or_on_a_free_day(season)
    test_nobody_hears_anything_who_has_nothing_to_do(season)
    test_nothing_is_sent_twice_and_nobody_hears_two_messages_a_day(season)
    test_who_has_put_it_off_hears_nothing_before_the_day(season)
    test_everyone_unfinished_is_reached_at_the_last_steps_as_moved(season)
