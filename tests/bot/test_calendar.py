from datetime import date, timedelta

import chinese_calendar
import pytest

from bot.reminding.calendar import statutory_days, working_calendar


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


def test_a_year_not_announced_yet_has_weekends_and_the_days_of_the_law_and_says_so():
    """
    The library's first unknown year: a guess is not presented as knowledge.
    """
    calendar = working_calendar()
    year = max(calendar.known) + 1
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    assert not calendar.knows(year)
    free = statutory_days(year)
    assert [day.weekday() < 5 and day not in free for day in days] == [
        calendar.works(day) for day in days
    ]
    assert not any(calendar.reminds(date(year, 1, n)) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("year", "free"),
    [
        (2027, "0101 0205 0206 0207 0208 0405 0501 0502 0609 0915 1001 1002 1003"),
        # 中秋 falls on 3 October.
        (2028, "0101 0125 0126 0127 0128 0404 0501 0502 0528 1001 1002 1003"),
        (2033, "0101 0130 0131 0201 0202 0404 0501 0502 0601 0908 1001 1002 1003"),
    ],
)
def test_the_days_of_the_law_are_the_moons_and_the_suns(year: int, free: str):
    """
    元旦, 除夕 to 初三, 清明, two days of 劳动节, 端午, 中秋, three days of 国庆.
    """
    assert free.split() == [f"{day:%m%d}" for day in sorted(statutory_days(year))]


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
