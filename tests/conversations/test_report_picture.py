"""
The picture of how far a report is, and the same in words.
"""

import json
from dataclasses import replace

import pytest

from conversations.drawing import NOW, ROOM, Bar, Words
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers, Value
from conversations.form.local_notice import LocalNotice, Question, form_of
from conversations.talk.effects import Chart, Draw
from conversations.talk.report_picture import ReportProgress, picture, report_progress
from conversations.talk.session import Session
from conversations.wording import pictures as wording
from conversations.wording import talk as say
from tests.dialogue import TEXTS, Clerk
from tests.drawn import LONG_NAME, faults
from tests.said import numbers

FORM = ANNUAL_REPORT_2021
ASKED = [cell for cell in FORM.cells if cell in FORM.asked]
WHOLE = len(ASKED)


def filled(asked: int, texts: int = 0) -> Session:
    """
    The first figures and texts of a report are there.
    """
    values: dict[str, Value] = dict.fromkeys(ASKED[:asked], 0)
    values.update(list(TEXTS.items())[:texts])
    return replace(Clerk().opens().session, answers=Answers(values))


NOTICE = LocalNotice((Question(1, "政务微信公众号发布政府信息" * 2, "条"),))
SESSIONS = {
    "nothing": filled(0),
    "a part": filled(100, 1),
    "all": replace(filled(WHOLE, 3), organ=LONG_NAME),
    "changed": replace(filled(WHOLE, 3), final=True, since_final={"overview": "旧"}),
    "a notice": replace(filled(9, 2), organ="W" * 99, form=form_of(FORM.edition, NOTICE)),
    "hostile": replace(filled(9), organ="甲\x00\u202e镇\n" * 40),
}


@pytest.mark.parametrize("case", SESSIONS)
def test_it_can_be_read_on_a_phone_however_far_it_is(case: str):
    """
    No letter below twelve, none over another or outside; as high as a phone at most.
    """
    drawing = picture(report_progress(SESSIONS[case]))

    assert [] == list(faults(drawing))
    assert drawing.height <= 700
    assert len(drawing.says.encode("utf-16-le")) <= 2 * 1024


def test_a_bar_is_as_long_as_its_section_is_filled_in():
    """
    Beside it the numbers, under it what is open; until when stands above.
    """
    session = filled(10 + 69, 1)
    drawing = picture(report_progress(session))

    bars = [one.width for one in drawing.shapes if isinstance(one, Bar) and one.colour == NOW]
    assert [ROOM, ROOM, ROOM / 2] == bars  # a text, table one, half of table three
    words = [one.text for one in drawing.shapes if isinstance(one, Words)]
    assert {"10/10", "69/138", "0/12", wording.WRITTEN, wording.NOT_WRITTEN} <= {*words}
    assert wording.open_in("69 格") in words
    assert ["80", "163"] == numbers(words[1])[1:]
    days = (session.due - session.today).days
    assert any(numbers(text)[-1:] == [str(days)] for text in words)


def test_the_words_say_what_the_picture_shows():
    """
    Each section with its numbers, in order.
    """
    drawing = picture(report_progress(SESSIONS["a part"]))

    said = drawing.says.split("\n")[-len(FORM.sections) :]
    assert [section.short in line for section, line in zip(FORM.sections, said, strict=True)]
    assert ["10", "10"] == numbers(said[1])
    assert ["90", "138", "48"] == numbers(said[2])


def test_it_is_kept_as_json_until_it_is_drawn():
    """
    The same one.
    """
    progress = report_progress(SESSIONS["a notice"])

    assert progress == ReportProgress.loads(json.loads(json.dumps(progress.dumps())))


def test_progress_offers_it_and_two_taps_are_one():
    """
    By a button below the words; the question that was open stays.
    """
    clerk = Clerk().opens().commands("status")

    place = clerk.session.place
    clerk.taps(say.SEE_PICTURE)
    assert Draw(Chart.PROGRESS) in clerk.shown
    assert (place.state, place.item) == (clerk.session.place.state, clerk.session.place.item)
    clerk.commands("status").taps(say.SEE_PICTURE)
    assert Draw(Chart.PROGRESS) not in clerk.shown
