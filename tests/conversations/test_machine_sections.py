"""
Texts that come with the headings of sections, and whole reports that come as text.
"""

import pytest

from conversations.document.read.blocks import Left, LeftOut
from conversations.document.write.content import DocumentInput
from conversations.document.write.text import as_text
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers
from conversations.talk.effects import ImportReport, MessageKind
from conversations.talk.events import NeedsReading, Reading, Typed, Uploaded
from conversations.talk.machine import step
from conversations.talk.session import Asking, State
from conversations.talk.triggers import Trigger
from conversations.wording import talk as wording
from tests.dialogue import TEXTS, TOWN, Clerk, id_of, zeros

FORM = ANNUAL_REPORT_2021
ONE, FIVE, SIX = "overview", "problems_and_improvements", "other_matters"
LICENSING = "proactive_disclosure.licensing.decisions"
SEVERAL = "\n".join(
    line for section in (ONE, FIVE, SIX) for line in (FORM.section[section].heading, TEXTS[section])
)


def at_text(section: str, **answers: str) -> Clerk:
    """
    A clerk who is asked for a narrative.
    """
    clerk = Clerk(answers=Answers(answers)).opens()
    return clerk.presses(id_of(FORM, "o", section))


def notes(clerk: Clerk) -> str:
    return "\n".join(said.text for said in clerk.said if said.kind is MessageKind.NOTE)


def report_text(year: int, **changes: int) -> str:
    figures = {**zeros(), **{name.replace("__", "."): value for name, value in changes.items()}}
    figures |= {item: text.replace("2025", str(year)) for item, text in TEXTS.items()}
    figures["title"] = f"{TOWN}\n{year}年政府信息公开工作年度报告"
    return as_text(DocumentInput(FORM, TOWN, year, Answers(figures)))


@pytest.mark.parametrize("heading", ["一、总体情况", "总体情况", "一、总体情况："])
def test_the_heading_of_the_section_that_is_asked_is_not_kept_and_that_is_said(heading: str):
    """
    The document has it; it would stand there twice.
    """
    clerk = at_text(ONE).types(f"{heading}\n{TEXTS[ONE]}")

    assert {ONE: TEXTS[ONE]} == clerk.stored
    assert heading.rstrip("：") in notes(clerk)


def test_a_heading_in_a_message_of_its_own_is_not_kept_either():
    """
    The text comes behind it.
    """
    clerk = at_text(ONE).types("一、总体情况")
    assert {} == clerk.stored
    assert not clerk.refused

    clerk.types(TEXTS[ONE])
    assert TEXTS[ONE] == clerk.figure(ONE)


@pytest.mark.parametrize(
    "date", ["2026年1月20日", "2026.1.20", "2026-01-20", "2026年1月", "二〇二六年一月二十日"]
)
def test_the_signature_under_the_last_section_is_not_kept(date: str):
    """
    Organ and date are asked by themselves, whichever stands above the other.
    """
    for signature in (
        f"{TOWN}\n{date}",
        f"{date}\n{TOWN}",
        f"{TOWN}（盖章）\n日期：{date}（盖章）",
    ):
        clerk = at_text(SIX).types(f"{TEXTS[SIX]}\n{signature}")

        assert {SIX: TEXTS[SIX]} == clerk.stored
        assert date in notes(clerk)


@pytest.mark.parametrize("asked", [ONE, FIVE, None])
def test_several_sections_in_one_text_are_offered_one_by_one(asked: str | None):
    """
    Whatever is asked; nothing is stored before the tap, and one tap is enough.
    """
    clerk = Clerk().opens() if asked is None else at_text(asked)
    before = clerk.at
    clerk.types(SEVERAL)

    assert {} == clerk.stored
    assert [id_of(FORM, "tks", section) for section in (ONE, FIVE, SIX)] == [
        button.id for row in clerk.card.buttons for button in row if button.id.startswith("tks")
    ]
    for section in (ONE, FIVE, SIX):
        assert TEXTS[section][:10] in clerk.card.text

    clerk.taps(Trigger.YES)

    assert {section: TEXTS[section] for section in (ONE, FIVE, SIX)} == clerk.stored
    assert State.CONFIRM is not clerk.at[0]
    assert asked is not None or before == clerk.at


def test_single_sections_are_taken_and_the_rest_left():
    """
    One after the other; what is not wanted is not stored.
    """
    clerk = at_text(ONE).types(SEVERAL).presses(id_of(FORM, "tks", FIVE))

    assert {FIVE: TEXTS[FIVE]} == clerk.stored
    assert State.CONFIRM is clerk.at[0]

    clerk.taps(Trigger.NO)

    assert {} == clerk.stored
    assert (State.NARRATIVE, ONE) == clerk.at


def test_a_text_that_stands_is_replaced_only_by_its_own_button():
    clerk = at_text(FIVE, **{ONE: "原来的话。"}).types(SEVERAL).taps(Trigger.YES)

    assert {FIVE: TEXTS[FIVE], SIX: TEXTS[SIX]} == clerk.stored
    assert State.CONFIRM is clerk.at[0]

    clerk.taps(Trigger.TAKE_SECTION)

    assert {ONE: TEXTS[ONE]} == clerk.stored
    assert State.CONFIRM is not clerk.at[0]


def test_what_stands_before_the_first_heading_belongs_to_the_section_that_is_asked():
    """
    Unless it is a title, or that section has its heading further down.
    """
    text = f"{TEXTS[ONE]}\n{FORM.section[FIVE].heading}\n{TEXTS[FIVE]}"
    clerk = at_text(ONE).types(text).taps(Trigger.YES)
    assert {ONE: TEXTS[ONE], FIVE: TEXTS[FIVE]} == clerk.stored

    title = f"{TOWN}2025年政府信息公开工作年度报告"
    clerk = at_text(ONE).types(f"{title}\n{SEVERAL}").taps(Trigger.YES)
    assert {ONE, FIVE, SIX} == set(clerk.stored)
    assert TEXTS[ONE] == clerk.stored[ONE]


def test_a_text_may_be_kept_as_one_with_all_its_headings():
    clerk = at_text(ONE).types(SEVERAL).taps(Trigger.TAKE_AS_ONE)

    assert {ONE: SEVERAL.partition("\n")[2]} == clerk.stored
    assert (State.NARRATIVE, ONE) == clerk.at


def test_a_text_that_is_cut_into_messages_is_one_text():
    """
    Telegram cuts at 4,096 characters, wherever that is.
    """
    long = "本年度公开了信息。" * 600
    text = f"{FORM.section[ONE].heading}\n{long}\n{FORM.section[FIVE].heading}\n{TEXTS[FIVE]}"
    clerk = at_text(ONE)
    for order in range(0, len(text), 4096):
        clerk.types(text[order : order + 4096], order=order + 1)
    clerk.taps(Trigger.YES)

    assert {ONE: long, FIVE: TEXTS[FIVE]} == {item: clerk.figure(item) for item in (ONE, FIVE)}


@pytest.mark.parametrize("asked", ["requests.received", ONE, None])
@pytest.mark.parametrize("pieces", [1, 3])
def test_a_whole_report_of_this_year_fills_its_places_after_a_yes(asked: str | None, pieces: int):
    """
    Pasted in one message or several, while anything is asked.
    """
    clerk = Clerk().opens()
    if asked is not None:
        clerk.presses(id_of(FORM, "o", asked))
    text = report_text(2025, proactive_disclosure__licensing__decisions=295)
    size = -(-len(text) // pieces)
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    if pieces > 1:  # messages end where lines do
        parts = in_lines(text, size)
    for order, part in enumerate(parts, 1):
        clerk.types(part, order=order)

    pending = clerk.session.place.pending
    assert pending is not None
    assert Asking.IMPORT is pending.asking
    assert {} == clerk.stored

    clerk.taps(Trigger.YES)

    assert 295 == clerk.figure(LICENSING)
    assert TEXTS[ONE] == clerk.figure(ONE)


def in_lines(text: str, size: int) -> list[str]:
    parts, part = [], ""
    for line in text.splitlines(keepends=True):
        if part and len(part) + len(line) > size:
            parts.append(part.rstrip("\n"))
            part = ""
        part += line
    return [*parts, part.rstrip("\n")]


def test_a_whole_report_of_last_year_is_imported_as_such():
    clerk = at_text(ONE).types(report_text(2024)).taps(Trigger.YES)

    (imported,) = [effect for effect in clerk.shown if isinstance(effect, ImportReport)]
    assert 2024 == imported.year
    assert None is clerk.figure(LICENSING)


def test_what_was_not_taken_of_a_file_is_named_before_it_counts():
    """
    Once, when it comes, whether it is a section's text or has several sections.
    """
    left = (LeftOut("", Left.PICTURE, 3), LeftOut("", Left.TABLE, 17))
    for text in (TEXTS[ONE], SEVERAL):
        clerk = at_text(ONE).does(Uploaded("一.docx", text, left))

        assert "3" in notes(clerk)
        assert "17" in notes(clerk)


def test_a_file_with_several_sections_is_offered_while_a_figure_is_asked():
    clerk = Clerk().opens().presses(id_of(FORM, "o", "requests.received"))
    at = clerk.at
    clerk.does(Uploaded("全文.docx", SEVERAL)).taps(Trigger.YES)

    assert {ONE, FIVE, SIX} == set(clerk.stored)
    assert at == clerk.at


def test_headings_of_another_kind_are_no_sections():
    """
    «一、存在的问题» within section five is its own affair.
    """
    text = "一、存在的问题\n公开不够及时。\n二、改进措施\n加强培训。"
    clerk = at_text(FIVE).types(text)

    assert {FIVE: text} == clerk.stored


def test_what_was_read_of_another_text_is_not_used():
    """
    The place may have changed while it was read.
    """
    session = at_text(ONE).session

    with pytest.raises(NeedsReading) as needs:
        step(session, Typed(SEVERAL), Reading("another text", None))
    after, _ = step(session, Typed(SEVERAL), Reading(needs.value.text, None))

    assert after.place.pending
    assert Asking.SECTIONS is after.place.pending.asking


def test_the_list_of_sections_is_a_way_out_and_takes_nothing():
    clerk = at_text(ONE).types(SEVERAL).commands("menu")

    assert State.CONTENTS is clerk.at[0]
    assert wording.NOT_TAKEN["sections"] in clerk.text
    assert {} == clerk.stored


def test_old_buttons_of_a_text_that_is_gone_do_nothing():
    clerk = at_text(ONE).types(SEVERAL)
    old = clerk.button(Trigger.TAKE_AS_ONE).id
    clerk.taps(Trigger.YES).presses(old, id_of(FORM, "tks", ONE))

    assert {} == clerk.stored


@pytest.mark.parametrize("heading", ["", "三、收到和处理政府信息公开申请情况\n"])
def test_a_table_that_is_pasted_with_its_heading_stays_figures(heading: str):
    """
    It is read by the question that asks for it.
    """
    rows = report_text(2025).partition("三、收到和处理政府信息公开申请情况\n")[2]
    table = rows.partition("四、政府信息公开行政复议、行政诉讼情况")[0]
    clerk = Clerk().opens().presses(id_of(FORM, "s", "requests")).types(heading + table)

    pending = clerk.session.place.pending
    assert pending is None or pending.asking is not Asking.SECTIONS
