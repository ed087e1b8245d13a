"""
The picture of the days on which reports came in.
"""

from datetime import date, timedelta

import pytest

from conversations.county.overview import Dates
from conversations.county.progress_picture import (
    LONGEST,
    ProgressDays,
    drawn,
    dumps,
    picture,
    progress_days,
)
from conversations.drawing import Bar, Words
from conversations.wording import county_overview as wording
from tests.drawn import LONG_NAME, faults
from tests.said import numbers

DEADLINE, COLLECTED, BEGUN = date(2026, 1, 31), date(2026, 1, 20), date(2026, 1, 1)
CAME = [date(2026, 1, day) for day in (12, 5, 12, 25)]


def seen(today: date, begun: date = BEGUN) -> ProgressDays:
    return progress_days(6, CAME, Dates(DEADLINE, COLLECTED), begun, today)


def test_how_many_were_there_at_the_end_of_each_day():
    """
    In whatever order they came; of days to come nothing is said.
    """
    days = seen(date(2026, 1, 26))

    assert [0, 1, 1, 3, 3, 4] == [days.by(date(2026, 1, day)) for day in (4, 5, 11, 12, 24, 25)]
    assert (BEGUN, DEADLINE, date(2026, 1, 26)) == (days.begin, days.end, days.last)


@pytest.mark.parametrize(
    ("begin", "end", "today", "begun"),
    [
        (BEGUN, DEADLINE, date(2026, 1, 26), BEGUN),
        (BEGUN, date(2026, 2, 9), date(2026, 2, 9), BEGUN),
        (BEGUN, DEADLINE + timedelta(days=60), date(2026, 11, 1), BEGUN),
        (DEADLINE - timedelta(days=LONGEST - 1), DEADLINE, date(2026, 1, 26), date(2024, 1, 1)),
        (date(2025, 12, 1), DEADLINE, date(2025, 12, 1), date(2025, 12, 5)),
    ],
)
def test_it_runs_from_the_beginning_to_the_deadline_or_today(
    begin: date, end: date, today: date, begun: date
):
    """
    Not for ever, however early it was begun and however late it is looked at.
    """
    days = seen(today, begun)

    assert (begin, end) == (days.begin, days.end)


def test_today_is_in_it_however_far_off_the_deadline_is():
    """
    What is there is told, too: half a year before the deadline as on its day.
    """
    today = DEADLINE - timedelta(days=200)
    came = [today - timedelta(days=days) for days in (9, 1)]
    days = progress_days(6, came, Dates(DEADLINE), today - timedelta(days=30), today)

    assert (today, DEADLINE) == (days.begin, days.end)
    assert [(today, 2)] == days.told
    shown = picture(days, "徐闻县人民政府", "2/6", "")
    assert all(0 <= bar.x < 390 for bar in shown.shapes if isinstance(bar, Bar))


def test_a_report_that_came_long_after_the_deadline_is_counted():
    """
    Else picture and words would say that fewer are there than the line above them.
    """
    late = DEADLINE + timedelta(days=100)
    days = progress_days(2, [late, *CAME[:1]], Dates(DEADLINE), BEGUN, late + timedelta(days=90))

    assert (late, 2) == (days.last, days.by(days.last)) == days.told[-1]


@pytest.mark.parametrize("total", [6, 4, 12345])
@pytest.mark.parametrize("today", [BEGUN, date(2026, 1, 26), DEADLINE, date(2026, 3, 9)])
@pytest.mark.parametrize("dates", [Dates(DEADLINE, COLLECTED), Dates(DEADLINE), Dates()])
def test_everything_is_in_the_picture_and_can_be_read_on_a_phone(
    today: date, dates: Dates, total: int
):
    """
    No letter smaller than twelve at the width of a phone; the deadline has its line and its word.
    """
    days = progress_days(total, CAME * (total // 4), dates, BEGUN, today)
    shown = picture(days, f"{LONG_NAME} 2025年度" * 3, "4/6 · 有错 12 · 网上不一致 3 · 逾期 2", "")

    assert [] == list(faults(shown))
    words = [shape.text for shape in shown.shapes if isinstance(shape, Words)]
    named = [text for text in words if text.endswith("1月31日")]
    assert len(named) == (dates.deadline is not None)


def test_a_picture_is_kept_as_json_until_it_is_drawn():
    """
    The same one.
    """
    days = seen(date(2026, 1, 26))

    assert picture(days, "甲", "乙", "丙") == drawn(dumps(days, "甲", "乙", "丙"))


def test_the_sentence_beside_it_says_the_same_in_words():
    """
    A few days on which more were there than before, then the deadline.
    """
    said = wording.progress_said(seen(date(2026, 1, 26)), "甲县人民政府", 2025)

    assert ["2025", "6", "1", "5", "1", "1", "12", "3", "1", "26", "4", "1", "31"] == numbers(said)
    early = wording.progress_said(seen(date(2026, 1, 4)), "甲县人民政府", 2025)
    assert ["2025", "6", "1", "31"] == numbers(early)
