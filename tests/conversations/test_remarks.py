"""
Texts around the tables: read, printed again where they stood, checked, kept by the talk.
"""

import io
from collections.abc import Callable

import docx
import pytest

from conversations.checks import check_report
from conversations.checks.findings import Grade
from conversations.document.read.report import ReadReport, as_report
from conversations.document.read.understand import read
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from conversations.document.write.html import as_html
from conversations.document.write.prepare import prepare
from conversations.document.write.template import build_template
from conversations.document.write.text import as_text
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from tests.checked import report
from tests.dialogue import Clerk, id_of, zeros
from tests.docx_structure import structure_faults
from tests.written import leiming, with_answers

ABOVE, BELOW = FORM.remark_at["requests", False], FORM.remark_at["requests", True]
LAST = FORM.remark_at["other_matters", True]
AROUND = {
    item: f"第{number}处：全年依法办理，没有逾期。\n注：本处统计到年末。"
    for number, item in enumerate(FORM.remark, 1)
}
SIGNED = {"signature": "雷鸣镇人民政府", "signature_date": "2024年1月15日"}
WRITERS: dict[str, Callable[[DocumentInput], bytes]] = {
    "docx": lambda made: render(standard("2021"), made),
    "html": lambda made: as_html(made).encode(),
    "txt": lambda made: as_text(made).encode(),
}


def opened(**texts: str) -> Clerk:
    """
    A report that is filled in, with texts that came with a file.
    """
    return Clerk(answers=Answers({**zeros(), **texts})).opens()


@pytest.mark.parametrize("kind", WRITERS)
def test_what_stands_around_a_table_is_printed_and_read_again(kind: str):
    """
    Before each table and after it; on a page what stands under the signature is the site's.
    """
    made = with_answers(leiming(), {**AROUND, **SIGNED})

    found = read(WRITERS[kind](made))

    assert isinstance(found, ReadReport)
    of_site = {} if kind == "docx" else {LAST: AROUND[LAST]}
    assert {**AROUND} == {**found.remarks, **of_site}
    assert 200 == len(found.values)
    assert ("雷鸣镇人民政府", 2023, ()) == (found.organ, found.year, found.unread)
    assert all(
        made.answers.get(cell, found.values[cell]) == found.values[cell] for cell in FORM.cells
    )


def test_the_word_file_stays_sound_with_them():
    """
    They look as the introduction does.
    """
    made = render(standard("2021"), with_answers(leiming(), {**AROUND, **SIGNED}))

    said = [paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs]

    assert [] == structure_faults(made)
    assert all(line in said for text in AROUND.values() for line in text.split("\n"))


def test_a_template_that_knows_nothing_of_them_prints_them_too():
    """
    One of an office, in which the loop of the introduction is written in another way.
    """
    plain = prepare(build_template(FORM), FORM)

    made = render(plain, with_answers(leiming(), {ABOVE: "表前一段话。"}))

    elements = list(docx.Document(io.BytesIO(made)).element.body)
    at = next(
        i for i, element in enumerate(elements) if "表前一段话。" in "".join(element.itertext())
    )
    assert elements[at + 1].tag.endswith("}tbl")


def test_a_report_without_them_is_as_it_was():
    """
    Not a byte more.
    """
    assert render(standard("2021"), leiming()) == render(
        standard("2021"), with_answers(leiming(), {ABOVE: " ", BELOW: ""})
    )


def test_figures_and_telephone_numbers_in_them_are_checked():
    """
    As in any other text.
    """
    text = "本年度收到政府信息公开申请12件，咨询电话13800138000。"
    found = check_report(report({"requests.received.natural_person": 11, ABOVE: text}))

    assert {("N2", Grade.W), ("N5", Grade.W)} <= {
        (finding.id, finding.grade) for finding in found if finding.narrative == ABOVE
    }


def test_those_of_a_published_file_are_checked():
    """
    What the table says otherwise is told of its place.
    """
    made = with_answers(leiming(), {ABOVE: "2023年本机关收到政府信息公开申请7件，均已答复。"})
    found = read(as_text(made).encode())
    assert isinstance(found, ReadReport)

    findings = check_report(as_report(found))

    assert [ABOVE] == [finding.narrative for finding in findings if finding.id == "N2"]


def test_nobody_is_asked_for_one():
    """
    A report without them is finished without them.
    """
    clerk = Clerk(answers=Answers(zeros())).opens().presses("fin")

    assert [True] == clerk.documents
    assert not clerk.answers.among(FORM.remark)


def test_the_list_of_sections_shows_one_that_is_there():
    """
    With a button to it, behind 「更多」.
    """
    clerk = opened(**{ABOVE: "表前有一段话。"}).presses("menu")

    clerk.presses("more").presses(id_of(FORM, "ps", ABOVE))

    assert (State.PASSAGE, ABOVE) == clerk.at


def test_one_is_changed_in_its_place():
    """
    A paragraph of it is chosen, and what is sent replaces it.
    """
    clerk = opened(**{ABOVE: "前一段。\n后一段。"}).presses(id_of(FORM, "o", ABOVE))

    clerk.taps("后一段").types("换了一段。")

    assert {ABOVE: "前一段。\n换了一段。"} == clerk.stored


def test_one_is_taken_out_whole():
    """
    Other texts cannot be: they are asked for.
    """
    clerk = opened(**{BELOW: "只有一段。"}).presses(id_of(FORM, "ps", BELOW))

    clerk.taps("只有一段").taps(Trigger.REMOVE)

    assert {BELOW: None} == clerk.stored
    assert State.PASSAGE is not clerk.at[0]


def test_a_wrong_figure_in_one_is_mended_by_a_tap():
    """
    The finding stops the final document, and its button puts the table's figure.
    """
    clerk = opened(**{ABOVE: "2025年本机关收到政府信息公开申请7件。"}).presses("rev")

    clerk.taps(Trigger.FINDING).taps(Trigger.MEND)

    assert {ABOVE: "2025年本机关收到政府信息公开申请0件。"} == clerk.stored
