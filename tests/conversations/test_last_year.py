"""
Last year in the conversation: seen, taken over, looked up, and never in the way.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers
from conversations.form.organ import Level
from conversations.talk.effects import MessageKind, Say
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from conversations.talk.years import advance_years, moved_years
from conversations.wording import talk as wording
from tests.dialogue import COLUMNS, TEXTS, TOWN, Clerk
from tests.said import numbers

FORM = ANNUAL_REPORT_2021


def last_year(**figures: int) -> Report:
    """
    A report on 2024: zeros, the named figures (dots as double underscores), three texts.
    """
    values: dict[str, int | str] = dict.fromkeys([*FORM.asked, *FORM.balance], 0)
    values.update({name.replace("__", "."): value for name, value in figures.items()})
    values.update(TEXTS)
    return Report(FORM, TOWN, 2024, Answers(values), Level.TOWNSHIP)


def clerk(**figures: int) -> Clerk:
    return Clerk(last_year=last_year(**figures)).opens()


def texts(clerk: Clerk, kind: MessageKind) -> list[str]:
    return [one.text for one in clerk.shown if isinstance(one, Say) and one.kind is kind]


def test_every_question_shows_last_years_figure():
    """
    The card says what last year's report had.
    """
    asking = clerk(proactive_disclosure__licensing__decisions=295).presses("o:23")

    assert "上年：295 件" in texts(asking, MessageKind.CARD)[0]


def test_the_same_as_last_year_fills_what_is_open():
    """
    One tap takes the whole line over.
    """
    asking = clerk(proactive_disclosure__licensing__decisions=295).presses("o:23", "ly:23")

    assert 295 == asking.session.answers["proactive_disclosure.licensing.decisions"]


def test_carried_over_is_offered_what_last_year_carried_forward():
    """
    上年结转 is last year's 结转下年度, column by column, never its own 上年结转.
    """
    asking = clerk(
        requests__carried_forward__natural_person=2, requests__carried_over__natural_person=7
    ).presses("o:32", "ly:32")

    taken = [asking.session.answers[f"requests.carried_over.{one}"] for one in COLUMNS]
    assert [2, 0, 0, 0, 0, 0] == taken


def test_another_figure_than_was_carried_forward_wants_a_reason():
    """
    C1 stops the clerk at once, with both years' numbers.
    """
    asking = clerk(requests__carried_forward__natural_person=2).presses("o:32")
    asking.types("1 0 0 0 0 0")

    assert State.FINDING is asking.session.place.state
    assert asking.session.place.item.startswith("C1|")
    assert "explanation:C1" in asking.asks


def test_nothing_is_offered_where_last_year_is_not_known():
    """
    A button that nobody could have seen does nothing and says so.
    """
    asking = Clerk().opens().presses("o:23")
    before = asking.session.answers

    asking.presses("ly:23", "lyv:2", "lyt:1")

    assert before == asking.session.answers
    assert not [one for one in asking.ever if one.startswith("ly")]


def test_last_years_whole_table_is_shown_beside_the_open_question():
    """
    The question that was open is still the one that is open.
    """
    asking = clerk(requests__received__natural_person=26).presses("o:31")
    place = asking.session.place

    asking.presses("lyv:3")

    assert ["26", "0", "26"] == numbers(texts(asking, MessageKind.NOTE)[0].splitlines()[1])
    assert place == asking.session.place


def test_looking_up_does_not_disturb_the_open_question():
    """
    A name finds the figure of each year; then the clerk is where they were.
    """
    asking = clerk(proactive_disclosure__licensing__decisions=295).presses("o:31")
    place = asking.session.place

    asking.commands("lastyear").types("行政许可")
    assert "295" in texts(asking, MessageKind.NOTE)[0]

    asking.presses("lyx")
    assert place == asking.session.place


def test_looking_up_with_a_name_answers_at_once():
    """
    「/lastyear 新收」 needs no second message.
    """
    asking = clerk(requests__received__natural_person=26).commands("lastyear", "新收")

    assert ["2024", "26", "0", "26"] == numbers(texts(asking, MessageKind.NOTE)[0].splitlines()[-1])


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("去年行政许可多少", "o:24"),
        ("去年的行政许可是多少？", "menu"),
        ("上年行政许可", "o:24"),
        ("去年行政许可多少件", "s:1"),
    ],
)
def test_last_years_figure_is_told_where_it_is_asked_for(typed: str, at: str):
    """
    Whatever is on the screen, which stands unanswered below.
    """
    asking = clerk(proactive_disclosure__licensing__decisions=295).presses(at)
    before = (asking.at, asking.asks)

    asking.types(typed)

    assert ["2024", "295"] == numbers(texts(asking, MessageKind.NOTE)[0].splitlines()[-1])
    assert before == (asking.at, asking.asks)
    assert {} == asking.stored


@pytest.mark.parametrize(
    ("typed", "at"), [("上年结转", "pick:3"), ("上年新收", "s:1"), ("去年3件", "o:23")]
)
def test_what_only_looks_like_a_question_about_last_year_is_what_it_was(typed: str, at: str):
    """
    The name of a row, a piece of a text, a figure.
    """
    asking = clerk(proactive_disclosure__licensing__decisions=295).presses(at).types(typed)

    assert "2024" not in "".join(texts(asking, MessageKind.NOTE))


def test_a_single_figure_shows_last_years_too():
    """
    Also where one figure of a row is corrected.
    """
    asking = clerk(requests__received__natural_person=26).presses("o:201")

    assert "26" in numbers(asking.card.text)


def test_a_word_that_names_many_lines_says_how_many_there_are():
    """
    What is not shown is not kept quiet.
    """
    asking = clerk().commands("lastyear", "办理结果")

    assert wording.more_hits(22) in texts(asking, MessageKind.NOTE)[0]


def test_where_no_other_year_is_in_store_the_clerk_is_told_how_to_bring_it():
    """
    The report that is being filled in is no last year.
    """
    asking = Clerk().opens()
    asking.session = replace(
        asking.session, years={2025: Report(FORM, TOWN, 2025, Answers(), Level.TOWNSHIP)}
    )

    asking.commands("lastyear")

    assert State.LOOKUP is not asking.session.place.state
    assert wording.NO_LAST_YEAR in texts(asking, MessageKind.NOTE)[0]


def test_a_confirmation_waits_while_last_year_is_looked_up():
    """
    3500元 is still to be confirmed when the clerk comes back, and is stored then.
    """
    fee = "proactive_disclosure.administrative_fees.amount"
    number = FORM.lines[FORM.cells[fee].line].number
    asking = clerk().presses(f"o:{number}").types("3500元")
    assert State.CONFIRM is asking.session.place.state

    asking.commands("lastyear", "新收").taps(Trigger.LOOK_UP_END, Trigger.YES)

    assert Decimal("0.35") == asking.session.answers.number(fee)


def test_a_confirmation_that_was_left_from_the_look_up_is_no_place_to_come_back_to():
    """
    The clerk goes elsewhere from there: what was pending is past, and nothing breaks.
    """
    asking = clerk().presses("o:25").types("3500元").commands("lastyear")

    asking.presses("fig").types("1 1 1").commands("lastyear").taps(Trigger.LOOK_UP_END)

    assert State.CONFIRM is not asking.session.place.state


def test_a_text_in_several_messages_goes_on_after_last_year_was_looked_up():
    """
    The next piece is added; nobody is asked whether it replaces the first.
    """
    asking = clerk().presses("s:6").types("第一段。").commands("lastyear", "新收")

    asking.taps(Trigger.LOOK_UP_END).types("第二段。").taps(Trigger.DONE_TEXT)

    assert "第一段。\n第二段。" == asking.session.answers.text("other_matters")


def test_last_years_text_becomes_a_draft_with_its_years_moved_and_shown():
    """
    The text is stored, every change of a year is listed, and 「完成」 is still to come.
    """
    asking = clerk().presses("s:6", "lyt:6")

    assert "2026年" in (asking.session.answers.text("other_matters") or "")
    assert "2025→2026" in texts(asking, MessageKind.NOTE)[0]
    assert State.NARRATIVE is asking.session.place.state


def test_last_years_text_never_replaces_one_that_stands():
    """
    An old button cannot destroy what was written meanwhile.
    """
    asking = clerk().presses("s:6").types("无。", wording.DONE_TEXT)

    asking.presses("lyt:6")

    assert "无。" == asking.session.answers.text("other_matters")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2024年，我镇公开信息。", "2025年，我镇公开信息。"),
        ("2024年度受理申请3件，较2023年减少1件。", "2025年度受理申请3件，较2024年减少1件。"),
        ("2025年将继续加强。", "2026年将继续加强。"),
        ("自2019年5月15日起施行。", "自2019年5月15日起施行。"),
        ("《2024年政务公开工作要点》", "《2024年政务公开工作要点》"),
        ("国办发〔2024〕5号", "国办发〔2024〕5号"),
        ("2021—2025年规划", "2021—2025年规划"),
        ("2024年至2026年三年行动", "2024年至2026年三年行动"),
        ("自2024年1月1日起至2024年12月31日止。", "自2025年1月1日起至2025年12月31日止。"),
        ("2024年1月1日—2024年12月31日", "2025年1月1日—2025年12月31日"),
        ("截至2024年底", "截至2025年底"),
        ("２０２４年度，较２０２３年", "２０２５年度，较２０２４年"),
        ("二〇二四年，较二零二三年", "二〇二五年，较二零二四年"),
        ("二O二四年十二月", "二O二五年十二月"),
        ("2024 年 1 月", "2025 年 1 月"),
        ("2024.1.1-2024.12.31", "2025.1.1-2025.12.31"),
        ("2024-01-01至2024-12-31", "2025-01-01至2025-12-31"),
        ("二〇二一年至二〇二四年", "二〇二一年至二〇二四年"),
        ("http://x.gov.cn/2024/1/1/a.html", "http://x.gov.cn/2024/1/1/a.html"),
        ("电话12024年", "电话12024年"),
        ("在20世纪2024年代", "在20世纪2024年代"),
    ],
)
def test_years_are_moved_only_where_they_clearly_are_years(old, new):
    """
    The old report's year, the one before and the one after; no laws, numbers, plans.
    """
    moved = advance_years(old, 2024, 2025)

    assert new == moved
    assert (old != new) == any(moved_years(old, 2024, 2025))


def test_what_is_looked_up_has_a_length():
    """
    A pasted text names no line, whatever stands in it.
    """
    asking = clerk().commands("lastyear", "本年新收政府信息公开申请数量" + "　" * 9)
    assert MessageKind.NOTE in {said.kind for said in asking.said}

    line = max(FORM.lines.values(), key=lambda line: len("".join(line.path)))
    asking.types("".join(line.path))
    assert len("".join("".join(line.path).split())) > 30
    assert asking.refused
