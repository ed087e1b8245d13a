"""
Last year on the phone: its file or link is read, confirmed, and then stands on every card.
"""

from pathlib import Path

import pytest

from bot.files import charts
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers
from conversations.wording import importing
from conversations.wording import talk as say
from conversations.wording.door import NO_CHART
from tests.bot.telegram.door import TOWN, Door
from tests.dialogue import TEXTS
from tests.said import numbers, pieces

FORM = ANNUAL_REPORT_2021
LICENSING = "proactive_disclosure.licensing.decisions"


def last_years_file(year: int = 2022) -> bytes:
    """
    A finished report of the town on another year, 295 licences, everything else 0.
    """
    values: dict[str, int | str] = dict.fromkeys([*FORM.asked, *FORM.balance], 0)
    values[LICENSING] = 295
    values.update({item: text.replace("2025", str(year)) for item, text in TEXTS.items()})
    return render(standard("2021"), DocumentInput(FORM, TOWN, year, Answers(values)))


async def test_a_published_file_becomes_last_year_after_a_yes(office: Door):
    """
    Shown, confirmed, stored under its own year; the next card knows last year's figure.
    """
    person = await office.joins("王芳")

    await person.sends_file("2022年年报.docx", last_years_file())
    await person.sees("行政许可 295")
    await person.taps(say.import_yes(2022))
    await person.sees_next("✓", "2022")

    assert 295 == office.answers(year=2022)[LICENSING]
    await person.says("行政许可")
    await person.sees(say.search_hits("行政许可"))
    await person.taps("行政许可")
    await person.sees("上年", "295 件")


async def test_a_report_sent_while_a_text_is_asked_is_still_a_report(office: Door):
    """
    A whole report is no narrative, whatever is open.
    """
    person = await office.joins("王芳")
    await person.taps("一、总体情况")

    await person.sends_file("2022年年报.docx", last_years_file())

    await person.sees("行政许可 295")
    assert "overview" not in office.answers()


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("http://127.0.0.1/report.html", importing.HOST_NOT_ALLOWED),
        ("https://example.com/a.html", importing.HOST_NOT_ALLOWED),
        ("http://localhost:8000/", importing.LINK_PORT),
    ],
    ids=["own machine", "other host", "port"],
)
async def test_a_link_outside_the_list_is_not_fetched(link: str, why: str, office: Door):
    """
    One sentence, and the question that was open is open again.
    """
    person = await office.joins("王芳")

    await person.says(link)

    await person.sees(*pieces(why))


async def test_the_years_come_as_a_table_and_a_picture(office: Door, tmp_path: Path):
    """
    From the look-up, drawn from stored figures only.
    """
    person = await office.joins("王芳")
    await person.sends_file("2022年年报.docx", last_years_file())
    await person.sees("行政许可 295")
    await person.taps(say.import_yes(2022))
    await person.sees_next("✓", "2022")
    await person.says("/lastyear")
    look_up = await person.sees(say.LOOK_UP)

    await person.taps(say.COMPARE)

    await person.sees("2023", "2022", "295", after=look_up)
    await person.says("/status")
    await person.taps(say.SEE_PICTURE, await person.sees(say.STATUS))
    await office.rests()
    if charts._font():
        years, progress = [one.text for one in person.from_bot if one.kind == "photo"]
        assert ["2022", "295"] == numbers(years.splitlines()[1])[:2]
        assert ["2023", "0", "163"] == numbers(progress.splitlines()[0])
    else:
        await person.sees(NO_CHART, "163")
