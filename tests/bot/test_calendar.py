from datetime import date, timedelta

import chinese_calendar
import pytest

from bot.reminding.calendar import working_calendar


def test_a_known_year_is_the_librarys_day_by_day():
    """
    Holidays free, make-up weekends worked, through 2025 and 2026.
    """
    calendar = working_calendar()
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]

    assert [chinese_calendar.is_workday(day) for day in days] == [
        calendar.works(day) for day in days
    ]
    assert calendar.knows(2026)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 2), False),
        (date(2026, 1, 4), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 23), False),
    ],
)
def test_the_winter_of_2026_is_as_announced(day: date, works: bool):
    """
    国务院办公厅关于2026年部分节假日安排的通知: 元旦 1–3 January, 春节 15–23 February.
    """
    assert works == working_calendar().works(day)


def test_a_year_not_announced_yet_has_weekends_only_and_says_so():
    """
    The library's first unknown year: a guess is not presented as knowledge.
    """
    calendar = working_calendar()
    year = max(calendar.known) + 1
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    assert not calendar.knows(year)
    assert [day.weekday() < 5 for day in days] == [calendar.works(day) for day in days]
    assert not any(calendar.reminds(date(year, 1, n)) for n in (1, 2, 3))


def test_what_an_administrator_entered_wins():
    """
    Over the library's year and over an unknown one.
    """
    calendar = working_calendar(
        {
            date(2026, 1, 4): False,
            date(2026, 1, 2): True,
            date(2099, 2, 5): False,
            date(2099, 2, 7): True,
        },
        complete=[2099],
    )

    found = [
        calendar.works(day)
        for day in (date(2026, 1, 4), date(2026, 1, 2), date(2099, 2, 5), date(2099, 2, 7))
    ]

    assert [False, True, False, True] == found
    assert calendar.knows(2099)
    assert not calendar.knows(2098)


def test_the_same_days_are_the_same_calendar():
    """
    It is a value: equal and with an equal hash, so that dates are computed once.
    """
    one, two = (
        working_calendar({date(2027, 2, 5): False}),
        working_calendar({date(2027, 2, 5): False}),
    )

    assert one == two
    assert hash(one) == hash(two)
