"""
Dialogues about what is wrong: one slip is one question, shown once, mended where one stands.
"""

from dataclasses import replace
from datetime import date

import pytest

from bot.telegram.screen import render
from conversations.answers.only_figures import only_figures
from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers, Value
from conversations.form.organ import Level
from conversations.talk.buttons import short_mark
from conversations.talk.derived import explained_questions, todo_findings
from conversations.talk.effects import Explain, MessageKind
from conversations.talk.events import Opened
from conversations.talk.passages import changes
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from conversations.wording import talk as wording
from tests.dialogue import TEXTS, TOWN, Clerk, id_of, whole, zeros
from tests.said import numbers

CARRIED_OVER = "requests.carried_over"
NEXT_ROW = "requests.outcome.disclosed"
FIVE = "problems_and_improvements"
REASON = "上年有三件在统计截止后才登记"


def last_year(**answers: int | str) -> Report:
    """
    A report on 2024: zeros and the named answers, dots as double underscores; no other texts.
    """
    known = {name.replace("__", "."): value for name, value in answers.items()}
    return Report(FORM, TOWN, 2024, Answers({**zeros(without=TEXTS), **known}), Level.TOWNSHIP)


def carried_over_differs() -> Clerk:
    """
    A clerk who typed another 上年结转 than last year's report, in three columns.
    """
    clerk = Clerk(
        answers=Answers(zeros(without=(CARRIED_OVER, NEXT_ROW))), last_year=last_year()
    ).opens()
    return clerk.presses(id_of(FORM, "o", CARRIED_OVER)).types("2 1 0 0 0 3")


def explained(clerk: Clerk) -> int:
    return sum(isinstance(effect, Explain) for effect in clerk.shown)


def test_one_slip_in_three_columns_is_one_question_with_one_reason():
    """
    Each finding keeps its own reason in the store; the clerk gives one.
    """
    clerk = carried_over_differs()

    assert State.FINDING is clerk.at[0]
    assert 1 == sum(verb is Trigger.OPEN for verb in clerk.verbs)
    clerk.types(REASON)
    assert 4 == explained(clerk)
    assert [] == [f for f in todo_findings(clerk.session) if f.id == "C1"]
    assert State.FINDING is not clerk.at[0]


def test_columns_that_differ_with_the_same_total_are_one_question():
    """
    A figure in the wrong column is one slip.
    """
    before = last_year(requests__carried_forward__natural_person=2)
    clerk = Clerk(answers=Answers(zeros(without=(CARRIED_OVER,))), last_year=before).opens()
    clerk.presses(id_of(FORM, "o", CARRIED_OVER)).types("0 2 0 0 0 0").types(REASON)

    assert 2 == explained(clerk)
    assert State.FINDING is not clerk.at[0]


def test_a_figure_sent_while_a_reason_is_asked_answers_the_next_row():
    """
    It is stored there, and is no reason.
    """
    clerk = carried_over_differs().types("自然人201 商业企业5 其余0")

    assert [201, 5, 0, 0, 0, 0] == clerk.row(NEXT_ROW)
    assert 0 == explained(clerk)
    assert "C1" in [finding.id for finding in todo_findings(clerk.session)]


@pytest.mark.parametrize(
    "text", ["12", "上年结转", "自然人2 企业1", "新收自然人三件", "表三其余都为0"]
)
def test_what_is_no_answer_of_the_next_row_is_refused_as_a_reason(text: str):
    """
    Nothing is stored, the question stays.
    """
    clerk = carried_over_differs()
    question = clerk.at
    clerk.types(text)

    if clerk.stored:
        assert set(clerk.stored) <= {cell.id for cell in FORM.lines[NEXT_ROW].cells}
    else:
        assert clerk.refused
        assert question == clerk.at
    assert 0 == explained(clerk)


@pytest.mark.parametrize(
    "text",
    ["上年漏统3件", "2022年制发的3件已于本年清理废止", "机构改革划入3件", "行政许可由区里办理"],
)
def test_a_sentence_with_figures_in_it_is_a_reason(text: str):
    """
    What says why is not only figures.
    """
    assert not only_figures(text, FORM.edition)


UNFILLED = "主要问题是××，下一步加强学习。"


def test_what_is_new_is_shown_and_what_was_shown_is_not_shown_again():
    """
    N1 stays open in section one; then a section five with a slot that was never filled in.
    """
    clerk = Clerk(answers=whole(without=("overview", FIVE))).opens().presses("s:1")
    clerk.types("2024年，本机关共收到申请3件。", wording.DONE_TEXT)
    first = clerk.at
    clerk.presses("s:5").types(UNFILLED, wording.DONE_TEXT)

    assert State.FINDING is clerk.at[0]
    assert first != clerk.at
    assert FIVE in clerk.at[1]
    clerk.taps(Trigger.PARK)
    assert State.FINDING is not clerk.at[0]


def test_a_finding_that_was_left_by_the_menu_is_not_shown_after_the_next_answer():
    """
    The overview has it; the clerk goes on with the figures.
    """
    clerk = carried_over_differs().taps(Trigger.MENU).taps(wording.GO_ON)
    clerk.types("0 0 0 0 0 0")

    assert State.FINDING is not clerk.at[0]
    assert "C1" in [finding.id for finding in todo_findings(clerk.session)]


def test_a_finding_whose_numbers_change_is_new():
    """
    Another wrong figure in its place is asked about again.
    """
    clerk = carried_over_differs().taps(Trigger.MENU)
    clerk.presses(id_of(FORM, "o", CARRIED_OVER)).types("5 1 0 0 0 3")

    assert State.FINDING is clerk.at[0]


def test_a_reason_is_read_changed_and_taken_back_in_the_overview():
    """
    Taken back, the finding is open again; the button does it once.
    """
    clerk = carried_over_differs().types(REASON).presses("rev").taps(wording.reason_of(""))

    assert REASON in clerk.card.text
    clerk.types("上年年报印错，已发更正公告")
    ((_, reason),) = explained_questions(clerk.session)
    assert "上年年报印错，已发更正公告" == reason.text
    assert State.REVIEW is clerk.at[0]

    clerk.taps(wording.reason_of("")).taps(Trigger.TAKE_BACK)
    assert () == clerk.session.explanations
    assert "C1" in [finding.id for finding in todo_findings(clerk.session)]
    again = next(id_ for id_ in clerk.ever if id_.startswith("unx:"))
    assert 0 == explained(clerk.presses(again))


def test_an_old_button_of_one_part_leads_to_the_whole():
    """
    Buttons of an earlier version carry the mark of one finding.
    """
    clerk = carried_over_differs()
    for finding in todo_findings(clerk.session):
        if finding.id == "C1":
            clerk.presses("rev").presses(f"fx:{short_mark(finding.key)}")
            assert State.FINDING is clerk.at[0]


# ------------------------------------------------------------------- marks and heads


def marks(clerk: Clerk) -> dict[str, str]:
    """
    The mark of each section on the card, by the section's number.
    """
    lines = [line.partition(" ") for line in clerk.card.text.split("\n")]
    return {rest[:1]: mark for mark, _, rest in reversed(lines) if rest[1:2] == "、"}


def test_where_something_must_be_mended_no_mark_says_it_is_done():
    """
    「无。」 as section five must be corrected, C1 in table three wants a reason.
    """
    answers = whole({FIVE: "无。", f"{CARRIED_OVER}.other": 1, "requests.carried_forward.other": 1})
    clerk = Clerk(answers=answers, last_year=last_year()).opens()
    done, wrong, unusual = marks(clerk)["一"], marks(clerk)["五"], marks(clerk)["三"]

    assert 3 == len({done, wrong, unusual})
    assert marks(clerk) == marks(clerk.presses("rev"))


def test_the_head_counts_what_is_missing_and_the_main_button_goes_to_it():
    """
    Figures, a text, a reason, the deadline; in that order one after another.
    """
    left = {"proactive_disclosure.licensing", "overview"}
    answers = whole({f"{CARRIED_OVER}.other": 1, "requests.carried_forward.other": 1}, without=left)
    clerk = Clerk(answers=answers, last_year=last_year()).opens().commands("menu")

    head = clerk.card.text.split("\n")[1]
    assert ["1", "1", "1", "1", "31", "19"] == numbers(head)
    assert State.LINE is clerk.presses(clerk.card.buttons[0][0].id).at[0]
    clerk.types("3").commands("menu")
    assert State.NARRATIVE is clerk.presses(clerk.card.buttons[0][0].id).at[0]
    clerk.types(TEXTS["overview"]).taps(Trigger.DONE_TEXT).commands("menu")
    assert State.FINDING is clerk.presses(clerk.card.buttons[0][0].id).at[0]
    clerk.types(REASON).commands("menu")
    assert Trigger.FINAL is clerk.verbs[0]


def test_the_button_of_the_final_document_is_always_there():
    """
    Tapped too early it makes nothing, says what it waits for, and shows the overview.
    """
    clerk = Clerk(answers=whole(without=("overview",))).opens().commands("menu")
    waiting = clerk.button(Trigger.FINAL)
    assert ["1"] == numbers(waiting.label)

    clerk.presses(waiting.id)
    assert [] == clerk.documents
    assert State.REVIEW is clerk.at[0]
    assert len(clerk.said) == 2
    assert Trigger.FINAL in clerk.verbs


def test_the_deadline_of_the_task_stands_before_that_of_the_law():
    """
    Of a report that is final nothing is due.
    """
    clerk = Clerk().opens()
    clerk.session = replace(clerk.session, deadline=date(2026, 1, 20))
    clerk.does(Opened()).commands("menu")

    assert ["1", "20", "8"] == numbers(clerk.card.text.split("\n")[1])[-3:]


def test_a_card_has_at_most_six_buttons_of_actions():
    """
    Sections and findings to choose from are not counted.
    """
    choices = {Trigger.SECTION, Trigger.FINDING, Trigger.OPEN}
    wrong: dict[str, Value] = {
        FIVE: "无。",
        f"{CARRIED_OVER}.other": 1,
        "requests.carried_forward.other": 1,
    }
    for answers in (Answers(), whole(), whole(wrong), whole(wrong, without=("overview",))):
        clerk = Clerk(answers=answers, last_year=last_year()).opens()
        for place in ("menu", "rev"):
            clerk.presses(place)
            assert len([verb for verb in clerk.verbs if verb not in choices]) <= 6


# ------------------------------------------------------------------- repairs in a text

SLIP = "（一）主动公开。依法公开。\n（二）依申请公开。结转下年度继续办理 6 件。依法办理。"
PLACES = "（五）监督保障。开展工作考核、社会评议，没有责任追究情形。"


def slip_in_text(text: str = SLIP, **answers: Value) -> Clerk:
    """
    A clerk who finished section one; the tables are there.
    """
    figures: dict[str, Value] = {
        "requests.received.natural_person": 293,
        "requests.carried_forward.natural_person": 293,
    }
    clerk = Clerk(answers=whole({**figures, **answers}, without=("overview",))).opens()
    return clerk.presses("s:1").types(text).taps(Trigger.DONE_TEXT)


def test_a_figure_that_contradicts_the_table_is_put_right_by_a_tap():
    """
    The card shows the sentence; only the figure in it changes.
    """
    clerk = slip_in_text()

    assert State.FINDING is clerk.at[0]
    assert "结转下年度继续办理6件" in "".join(clerk.card.text.split())
    assert wording.mend("6", "293", 1) == clerk.labels[0]
    clerk.taps(Trigger.MEND)
    assert SLIP.replace("6", "293") == clerk.figure("overview")
    assert [] == [f for f in todo_findings(clerk.session) if f.id == "N2"]
    assert State.FINDING is not clerk.at[0]


@pytest.mark.parametrize(
    ("written", "right"), [("1,006", "293"), ("六", "293"), ("６", "293"), ("1 006", "293")]
)
def test_a_figure_is_found_however_it_is_written(written: str, right: str):
    """
    Blanks inside, full-width digits, numerals: what stands in the text is replaced.
    """
    text = SLIP.replace("6", written)
    clerk = slip_in_text(text).taps(Trigger.MEND)

    assert text.replace(written, right) == clerk.figure("overview")


def test_a_wrong_year_is_put_right_wherever_it_stands():
    """
    One button for the same slip in several places.
    """
    text = "2024年，本机关依法公开政府信息。\n2024年，本机关共制发文件3件。较上年有所增加。"
    clerk = slip_in_text(text)

    assert ["2024", "2025"] == numbers(clerk.labels[0])[:2]
    clerk.taps(Trigger.MEND)
    assert "2024" not in str(clerk.figure("overview"))
    assert [] == [f for f in todo_findings(clerk.session) if f.id == "N1"]


def test_the_wrong_year_of_a_title_is_put_right():
    """
    A title is no section; the button is the same.
    """
    title = f"{TOWN}\n2024年政府信息公开工作年度报告"
    clerk = Clerk(answers=whole({"title": title})).opens().presses("rev")
    clerk.presses(clerk.card.buttons[0][0].id).taps(Trigger.MEND)

    assert title.replace("2024", "2025") == clerk.figure("title")
    assert State.REVIEW is clerk.at[0]


def test_the_next_message_replaces_the_wrong_sentence_only():
    """
    An unfilled place has no figure to offer: the sentence is sent anew.
    """
    text = f"（一）主动公开。发布信息××条。\n{PLACES}"
    clerk = slip_in_text(text).taps(Trigger.EDIT_SENTENCE).types("发布信息12条。")

    assert f"（一）主动公开。发布信息12条。\n{PLACES}" == clerk.figure("overview")
    assert State.FINDING is not clerk.at[0]


def test_an_old_button_of_a_repair_changes_no_other_text():
    """
    The text was sent anew since: the button says what is there now.
    """
    clerk = slip_in_text()
    old = clerk.button(Trigger.MEND).id
    clerk.presses("s:1").types("（二）依申请公开。结转下年度继续办理 293 件，另 6 条为咨询。")
    clerk.taps(Trigger.REPLACE, Trigger.DONE_TEXT)
    stands = clerk.figure("overview")

    assert {} == clerk.presses(old).stored
    assert stands == clerk.figure("overview")


def narrative_with(text: str) -> Clerk:
    return Clerk(answers=whole({"overview": text})).opens().presses("s:1", "ps:1")


THREE = "甲，有两句。第二句。\n乙。\n丙。"


@pytest.mark.parametrize(
    ("taps", "typed", "left"),
    [
        (("乙",), "新的。", "甲，有两句。第二句。\n新的。\n丙。"),
        (("甲", "第二"), "换了。", "甲，有两句。换了。\n乙。\n丙。"),
        (("丙", Trigger.PUT_BEFORE), "加。", "甲，有两句。第二句。\n乙。\n加。\n丙。"),
        (("丙", Trigger.PUT_AFTER), "加。", "甲，有两句。第二句。\n乙。\n丙。\n加。"),
        (("甲", "第二", Trigger.PUT_AFTER), "加。", "甲，有两句。第二句。加。\n乙。\n丙。"),
        (("甲", Trigger.REMOVE), "", "乙。\n丙。"),
        (("丙", Trigger.REMOVE), "", "甲，有两句。第二句。\n乙。"),
        (("甲", "第二", Trigger.REMOVE), "", "甲，有两句。\n乙。\n丙。"),
    ],
)
def test_a_paragraph_or_sentence_is_changed_without_the_rest(
    taps: tuple[Trigger | str, ...], typed: str, left: str
):
    """
    Replaced, put in beside it, taken out; then one is back at the text.
    """
    clerk = narrative_with(THREE).taps(*taps)
    if typed:
        clerk.types(typed)

    assert left == clerk.figure("overview")
    assert (State.NARRATIVE, "overview") == clerk.at or State.FINDING is clerk.at[0]


def test_a_passage_is_found_by_its_words():
    """
    The shortest that holds them; none is refused.
    """
    clerk = narrative_with(THREE).types("两句").types("有一句。")

    assert THREE.replace("甲，有两句。", "有一句。") == clerk.figure("overview")
    assert narrative_with(THREE).types("没有的话").refused


def test_the_only_paragraph_cannot_be_taken_out():
    """
    A text that stands is not emptied by a tap.
    """
    clerk = narrative_with("只有一段").taps("只有一段", Trigger.REMOVE)

    assert {} == clerk.stored


def test_the_whole_text_is_a_message_of_its_own_and_a_changed_copy_says_what_changed():
    """
    Copied, changed and sent back: both versions of the sentence are shown before it counts.
    """
    clerk = Clerk(answers=whole({"overview": THREE})).opens().presses("s:1").taps(Trigger.SHOW_ALL)
    (copied,) = [one.text for one in clerk.said if one.kind is MessageKind.COPY]
    assert THREE == copied

    clerk.types(copied.replace("乙。", "乙改了。"))
    assert State.CONFIRM is clerk.at[0]
    assert wording.text_changes([("乙。", "乙改了。")]) in clerk.card.text
    clerk.taps(Trigger.REPLACE)
    assert THREE.replace("乙。", "乙改了。") == clerk.figure("overview")


def test_another_text_is_not_compared():
    """
    A list of all its sentences would say nothing.
    """
    assert changes(THREE, "完全是另一回事。") is None
    assert () == changes(THREE, THREE)


def test_a_copy_of_the_whole_text_is_not_put_into_one_sentence_of_it():
    """
    Sent while a passage is asked for, it is asked about as what it is.
    """
    copied = THREE.replace("乙。", "乙改了。")
    clerk = narrative_with(THREE).taps("甲", "第二").types(copied)

    assert (State.CONFIRM, "overview") == clerk.at
    assert THREE == clerk.figure("overview")
    clerk.taps(Trigger.REPLACE)
    assert copied == clerk.figure("overview")


def test_what_must_be_corrected_is_put_aside_first_and_corrected_when_gone_to():
    """
    The first button is the way on: past it while filling in, through it from the overview.
    """
    clerk = Clerk(answers=whole({FIVE: "无。"}, without=("overview",))).opens().presses("s:1")
    clerk.types("2025年，本机关依法公开政府信息。", wording.DONE_TEXT)

    assert FIVE in clerk.at[1]
    assert Trigger.PARK is clerk.verbs[0]
    clerk.presses("rev").presses(clerk.card.buttons[0][0].id)
    assert FIVE in clerk.at[1]
    assert Trigger.PARK is not clerk.verbs[0]


def test_a_wrong_period_of_a_statement_is_put_right_with_the_year_it_is_named_by():
    """
    Three places, one slip, one button; a wrong day is another slip.
    """
    introduction = (
        "现公布雷鸣镇人民政府2024年政府信息公开工作年度报告。"
        "本报告所列数据的统计期限为2024年1月1日至2024年12月31日。"
    )
    clerk = Clerk(answers=whole({"introduction": introduction})).opens().presses("rev")
    clerk.presses(clerk.card.buttons[0][0].id).taps(Trigger.MEND)
    assert introduction.replace("2024", "2025") == clerk.figure("introduction")

    clerk = Clerk(
        answers=whole({"introduction": "所列数据的统计期限为2025年1月1日至11月30日。"})
    ).opens()
    clerk.presses("rev").presses(clerk.card.buttons[0][0].id).taps(Trigger.MEND)
    right = "所列数据的统计期限为2025年1月1日至2025年12月31日。"
    assert right == clerk.figure("introduction")


def test_on_a_phone_the_whole_text_is_no_part_of_the_card():
    """
    A long press copies a message: it must hold the text and nothing else.
    """
    clerk = Clerk(answers=whole({"overview": THREE})).opens().presses("s:1").taps(Trigger.SHOW_ALL)
    drawn = render(
        clerk.shown,
        prefix="1/",
        report_id=1,
        head="",
        foot=[],
        form=FORM,
        moved=False,
        tapped=True,
    )

    assert THREE == drawn.calls[0].payload["text"]
    assert THREE not in drawn.calls[-1].payload["text"]
    assert drawn.calls[-1].card
