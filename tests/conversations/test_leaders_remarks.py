"""
Dialogues of a leader who looks a report through and remarks, and of the clerk who gets it back.

What the form calls remarks, the texts around its tables, is tested in `test_remarks.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import pytest

from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers, Value
from conversations.form.local_notice import LOCAL_CELLS
from conversations.sign_off.rights import Standing
from conversations.sign_off.states import Deed, ReportState
from conversations.sign_off.status import Remark, SignOff, SignOffRecord
from conversations.talk.cards import card
from conversations.talk.effects import SettleRemark
from conversations.talk.remarks import (
    changes_since,
    open_buttons,
    open_remarks,
    remarks_report,
    unsettled,
)
from conversations.talk.session import Place, State
from conversations.talk.triggers import Trigger, knows_button
from conversations.wording import remarks as words
from conversations.wording import sign_off, talk, trail
from conversations.wording.trail import NOT_ASKED
from tests.dialogue import CLERK, LEADER, TEXTS, TOWN, Clerk, id_of, whole

FORM = ANNUAL_REPORT_2021
CELL = "requests.received.commercial_enterprise"
LINE = "requests.received"
TABLE = "requests"
TOTAL = "requests.received.total"
OVERVIEW = "overview"
LICENSING = "proactive_disclosure.licensing.decisions"
PENALTIES = "proactive_disclosure.penalties.decisions"
SENTENCE = "2025年，本机关依法公开政府信息。"

HELPER = replace(CLERK, parts=frozenset({TABLE}))
STATES = {
    Deed.SUBMIT: ReportState.SUBMITTED,
    Deed.RETURN: ReportState.RETURNED,
    Deed.APPROVE: ReportState.APPROVED,
}


def decided(*deeds: Deed) -> SignOff:
    """
    A report for which these steps were taken.
    """
    records = (
        SignOffRecord(number, deed, STATES[deed], "key", "", f"2026-01-1{number}", "", 0, "")
        for number, deed in enumerate(deeds, 1)
    )
    return SignOff(tuple(records))


@dataclass
class Person(Clerk):
    """
    Somebody of an office with a leader, whose report was handed in.
    """

    answers: Answers = field(default_factory=whole)
    standing: Standing = LEADER
    by: str = "zhang"
    sign_off: SignOff = field(default_factory=lambda: decided(Deed.SUBMIT))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.session = replace(self.session, sign_off=self.sign_off)

    @property
    def unsent(self) -> list[tuple[str, str, str]]:
        """
        The remarks not sent yet: item, quote, text.
        """
        return [(r.item, r.quote, r.text) for r in self.session.sign_off.unsent]

    @property
    def still_open(self) -> list[int]:
        """
        The ids of the open remarks.
        """
        return [r.id for r in self.session.sign_off.open_remarks]

    def looks(self, item: str) -> Self:
        """
        Look at a place.
        """
        return self.presses(id_of(self.form, "lk", item))


def remark(
    item: str,
    text: str = "请核对",
    quote: str = "",
    number: int = 1,
    *,
    by: str = "zhang",
    before: str = "",
    sent: bool = False,
    returned: int = 0,
) -> Remark:
    at = "2026-01-12T09:00:00+08:00"
    return Remark(number, item, quote, text, by, "张建国", at, sent, True, "", before, returned)


def sent(*remarks: Remark) -> tuple[Remark, ...]:
    """
    Remarks that went with the return, numbered.
    """
    return tuple(
        replace(r, id=number, sent=True, returned=2) for number, r in enumerate(remarks, 1)
    )


def clerk_with(*remarks: Remark, standing: Standing = CLERK, **changes: Value) -> Person:
    """
    A clerk whose finished report was returned with remarks.
    """
    signed = replace(decided(Deed.SUBMIT, Deed.RETURN), remarks=sent(*remarks))
    return Person(answers=whole(changes), standing=standing, by="wang", sign_off=signed)


# --------------------------------------------------------------- looking through


def test_all_of_a_report_is_looked_through_by_the_next_button_alone():
    """
    From the first section to title and signature; nothing is asked, nothing changed.
    """
    person = Person().presses("lk")
    seen = [person.at[1]]
    while words.NEXT["section"] in person.labels:
        person.taps(words.NEXT["section"])
        assert () == person.asks
        seen.append(person.at[1])

    assert [*(section.id for section in FORM.sections), "title"] == seen
    assert [] == person.saved


def test_a_table_is_shown_by_its_rows_that_have_something_and_last_years_where_they_differ():
    """
    Rows that are 0 in both years stand together.
    """
    last = Report(FORM, TOWN, 2024, whole({f"{LINE}.other": 4}))
    person = Person(answers=whole({CELL: 3}), last_year=last).looks(TABLE)
    received = next(line for line in person.text.splitlines() if "新收" in line)

    assert "商业企业 3" in received
    assert "其他 4" in received.partition("上年")[2]
    assert "予以公开：" not in person.text
    assert Trigger.LOOK in person.verbs


def test_every_row_is_a_tap_away_those_without_figures_behind_more():
    """
    Zeros may be what is wrong.
    """
    person = Person(answers=whole({CELL: 3})).looks(TABLE)

    for line in FORM.section[TABLE].body.lines:  # type: ignore[union-attr]
        assert id_of(FORM, "lk", line.id) == person.button(line.short).id


def test_a_row_leads_to_its_figures_and_back():
    """
    From the table to a cell in two taps.
    """
    person = Person(answers=whole({CELL: 3})).looks(TABLE).taps("新收", "商业企业 3")
    assert (State.LOOK, CELL) == person.at

    person.taps("新收", words.NEXT["line"], words.PREVIOUS["line"], words.UP)
    assert (State.LOOK, TABLE) == person.at


def test_a_text_is_read_by_paragraphs_and_sentences():
    """
    As far as one sentence, and on to the next.
    """
    person = Person().looks(OVERVIEW)
    assert TEXTS[OVERVIEW] in person.text

    person.taps("1. （一）主动公开")
    assert "（二）" not in person.card.text.partition("\n")[2]
    person.taps(words.NEXT["passage"], words.PREVIOUS["passage"])
    person.taps("2. 2025年")
    assert SENTENCE in person.card.text


def test_a_text_that_changed_under_an_old_button_is_shown_as_it_is():
    """
    The mark names that very text.
    """
    person = Person().looks(OVERVIEW)
    old = person.button("1. （一）主动公开").id
    person.session = replace(
        person.session, answers=person.session.answers.changed({OVERVIEW: "另一篇文字。"})
    )
    person.presses(old)

    assert (State.LOOK, OVERVIEW) == person.at
    assert "另一篇文字。" in person.card.text


def test_wherever_the_buttons_lead_nothing_is_asked_or_changed():
    """
    Every place that can be looked at, from the first section on.
    """
    person = Person(answers=whole({CELL: 3})).presses("lk")
    seen: set[str] = set()
    left = {"lk"}
    while left:
        seen.add(id_ := left.pop())
        person.presses(id_)
        every = card(person.session, every=True)
        assert () == every.asks
        assert len(every.text) <= talk.LIMIT
        left |= {b.id for row in every.buttons for b in row if b.id.startswith("lk:")} - seen

    assert {id_of(FORM, "lk", item) for item in (*FORM.lines, *FORM.section)} <= seen
    assert [] == person.saved
    assert len(person.session.place.back) <= 1


def test_who_looks_comes_back_to_where_they_were():
    """
    However many pages were turned.
    """
    person = Person(standing=CLERK, sign_off=SignOff()).opens()
    person.presses(id_of(FORM, "o", CELL), "lk").taps(
        words.NEXT["section"], words.NEXT["section"], "新收"
    ).looks(OVERVIEW)
    person.taps(words.LEAVE)

    assert State.LOOK is not person.at[0]
    assert () == person.session.place.back


def test_a_colleague_who_looks_finds_a_row_by_its_name():
    """
    What is typed is no answer and no remark.
    """
    person = Person(standing=CLERK).looks(TABLE).types("新收")
    assert (State.LOOK, LINE) == person.at

    person.types("为什么是 0？")
    assert person.refused
    assert [] == person.unsent


def test_without_a_right_to_look_nothing_is_shown():
    """
    The button carries no right.
    """
    person = Person(standing=Standing(frozenset())).presses("lk")

    assert State.LOOK is not person.at[0]


# ------------------------------------------------------------------ remarking


def test_what_a_leader_sends_while_looking_is_a_remark_on_what_is_shown():
    """
    A section, a row, a figure, a sentence; what stood there is kept with it.
    """
    person = Person(answers=whole({CELL: 3})).looks(TABLE).types("这一节请再核对")
    person.looks(LINE).types("台账上是 4").looks(CELL).types("是不是 5 件")
    person.looks(OVERVIEW).taps("1. （一）", "2. 2025年").types("这句太笼统")

    assert [
        (TABLE, "", "这一节请再核对"),
        (LINE, "", "台账上是 4"),
        (CELL, "", "是不是 5 件"),
        (OVERVIEW, SENTENCE, "这句太笼统"),
    ] == person.unsent
    assert "3 件" == person.session.sign_off.remarks[2].before
    assert [] == person.saved
    assert SENTENCE in person.card.text


def test_a_rows_name_shows_the_row_to_a_leader_too():
    """
    Alone it says nothing that anybody could mend; a reply or 「在此批注」 takes it as it is.
    """
    person = Person().looks(OVERVIEW).types("行政许可")
    assert [] == person.unsent
    assert (State.LOOK, FORM.cells[LICENSING].line) == person.at

    person.looks(OVERVIEW).taps(words.REMARK).types("行政许可")
    assert [(OVERVIEW, "", "行政许可")] == person.unsent


def test_the_button_takes_the_next_message_as_the_remark_and_comes_back():
    """
    「在此批注」 at a passage knows the passage.
    """
    person = Person().looks(OVERVIEW).taps("1. （一）", "2. 2025年", words.REMARK)
    assert (State.REMARK, OVERVIEW) == person.at
    assert SENTENCE in person.card.text

    person.types("这句太笼统")
    assert [(OVERVIEW, SENTENCE, "这句太笼统")] == person.unsent
    assert (State.LOOK, OVERVIEW) == person.at
    assert SENTENCE in person.card.text


def test_a_long_text_is_not_shown_again_under_its_remark():
    """
    A word that it was noted, with the buttons to go on; whoever looks again sees it whole.
    """
    text = "".join(f"第{number}次公开了政府信息。" for number in range(200))
    person = Person(answers=whole({OVERVIEW: text})).looks(OVERVIEW)
    assert "第99次" in person.card.text
    buttons = person.labels

    for before in ((), (words.REMARK,)):
        person.taps(*before).types("这一节太长")
        assert (State.LOOK, OVERVIEW) == person.at
        assert words.written(FORM.name_of(OVERVIEW), "这一节太长", instead=False) in person.text
        assert "第99次" not in person.text
        assert {*buttons} <= {*person.labels}
    assert "第99次" in person.looks(OVERVIEW).card.text
    assert "第99次" in person.opens().presses("lk").card.text


def test_the_leaders_message_is_not_shown_again_under_a_remark_on_the_whole():
    """
    Its buttons are, and all of it where somebody asks for it.
    """
    person = Person().opens()
    assert sign_off.NO_LAST_YEAR in person.card.text  # beside the main figures
    person.types("总体不错，请再压缩文字")

    assert sign_off.NO_LAST_YEAR not in person.text
    assert sign_off.APPROVE in person.labels
    assert sign_off.NO_LAST_YEAR in person.presses("so").card.text


def test_a_remark_on_the_whole_report_has_no_place():
    """
    Tapped from the leader's message.
    """
    person = Person().presses("rmk").types("总体不错，请再压缩文字")

    assert [("", "", "总体不错，请再压缩文字")] == person.unsent


@pytest.mark.parametrize("item", [CELL, LINE, OVERVIEW, "title", TOTAL])
def test_a_reply_to_any_card_is_a_remark_on_its_place(item: str):
    """
    Wherever the leader has gone meanwhile; they stay there.
    """
    person = Person().looks(TABLE)
    person.types("3", item=item)

    assert [(item, "", "3")] == person.unsent
    assert (State.LOOK, TABLE) == person.at


@pytest.mark.parametrize("text", ["去年是多少？和去年比差太多", "一、总体情况\n写得太长", "3 1 0"])
def test_a_remark_may_say_anything(text: str):
    """
    It is no answer, no question to the bot and no section of a report.
    """
    person = Person().looks(TABLE).types(text)

    assert [(TABLE, "", text)] == person.unsent


@pytest.mark.parametrize("text", ["好的", "收到", " ", "字" * 1001])
def test_what_is_no_remark_is_refused(text: str):
    """
    Nothing is noted, and what is open stays.
    """
    person = Person().looks(TABLE).taps(words.REMARK).types(text)

    assert [] == person.unsent
    assert (State.REMARK, TABLE) == person.at


def test_a_corrected_message_corrects_its_remark_and_no_other():
    """
    An edit is the same message again.
    """
    person = Person().looks(OVERVIEW).taps("1. （一）", "2. 2025年").types("太笼同", order=7)
    person.looks(CELL).types("是不是 5 件", order=8)
    person.types("太笼统", item=OVERVIEW, order=7)

    assert [(CELL, "", "是不是 5 件"), (OVERVIEW, SENTENCE, "太笼统")] == person.unsent
    assert (State.LOOK, CELL) == person.at


def test_a_remark_can_be_taken_back_while_it_was_not_sent():
    """
    From the list, which names the place of each; twice says so.
    """
    person = Person().looks(CELL).types("是不是 5 件").looks(LINE).types("台账上是 4")
    person.taps(words.REMARKS)
    assert "是不是 5 件" in person.text
    person.taps(words.drop(1))
    assert [(LINE, "", "台账上是 4")] == person.unsent

    person.presses("rmd:1")
    assert [(LINE, "", "台账上是 4")] == person.unsent


def test_of_two_leaders_each_sees_and_takes_back_their_own():
    """
    Before they are sent.
    """
    signed = replace(decided(Deed.SUBMIT), remarks=(remark(CELL, "甲的批注", by="other"),))
    person = Person(sign_off=signed).looks(CELL)
    assert "甲的批注" not in person.text

    person.presses("rms")
    assert "甲的批注" not in person.text
    person.presses("rmd:1")
    assert [(CELL, "", "甲的批注")] == person.unsent


def test_a_return_sends_the_remarks_of_whoever_returns_and_no_others():
    """
    The other leader's stay theirs, whatever becomes of the report, and can be taken back.
    """
    theirs = remark(LINE, "乙的批注", by="other", number=2)
    signed = replace(decided(Deed.SUBMIT), remarks=(remark(CELL, "甲的批注"), theirs))
    mark = Person(sign_off=signed).session.fingerprint
    records = (replace(signed.records[0], fingerprint=mark),)
    person = Person(sign_off=replace(signed, records=records)).presses("rms").opens()
    assert sign_off.unsent(1) in person.card.text
    person.taps(sign_off.RETURN)
    assert ReportState.RETURNED is person.session.sign_off.state
    assert [1] == person.still_open
    assert [(LINE, "", "乙的批注")] == person.unsent

    other = Person(by="other", sign_off=person.session.sign_off).opens()
    other.taps(words.REMARKS)
    assert "乙的批注" in other.text
    other.taps(words.drop(1))
    assert [] == other.unsent


def test_whoever_agrees_hears_that_remarks_of_theirs_were_not_sent():
    """
    The clerk never saw them.
    """
    signed = replace(decided(Deed.SUBMIT), remarks=(remark(CELL, "甲的批注"),))
    mark = Person(sign_off=signed).session.fingerprint
    records = (replace(signed.records[0], fingerprint=mark),)
    person = Person(sign_off=replace(signed, records=records)).presses("rms").opens()
    person.taps(sign_off.APPROVE)

    assert ReportState.APPROVED is person.session.sign_off.state
    assert sign_off.not_sent(1) in person.text


def test_a_return_without_remarks_of_ones_own_asks_why():
    """
    Another leader's do not count.
    """
    signed = replace(decided(Deed.SUBMIT), remarks=(remark(CELL, "乙的批注", by="other"),))
    mark = Person(sign_off=signed).session.fingerprint
    records = (replace(signed.records[0], fingerprint=mark),)
    person = Person(sign_off=replace(signed, records=records)).opens().taps(sign_off.RETURN)

    assert State.REASON is person.at[0]
    assert ReportState.SUBMITTED is person.session.sign_off.state


def test_a_corrected_message_corrects_a_remark_on_the_whole_report():
    """
    Wherever the leader is by then.
    """
    person = Person().presses("rmk").types("写得太长", order=7)
    person.looks(CELL).types("写得太长了，请压缩", order=7)

    assert [("", "", "写得太长了，请压缩")] == person.unsent
    assert (State.LOOK, CELL) == person.at


@pytest.mark.parametrize(
    "signed",
    [decided(), decided(Deed.SUBMIT, Deed.RETURN), decided(Deed.SUBMIT, Deed.APPROVE)],
    ids=["open", "returned", "approved"],
)
@pytest.mark.parametrize("standing", [LEADER, CLERK, HELPER], ids=["leader", "clerk", "helper"])
def test_there_are_remarks_only_while_it_is_handed_in(signed: SignOff, standing: Standing):
    """
    An old button carries no right.
    """
    person = Person(standing=standing, sign_off=signed).looks(CELL)
    person.presses(id_of(FORM, "rmk", CELL), "rmk").types("请核对", "请核对这个数")

    assert [] == person.unsent


def test_the_buttons_have_ids_that_last():
    """
    With a number, a mark or neither; nothing else.
    """
    session = Person().session
    for id_ in ("lk", "rmk", f"lk:{FORM.number[CELL]}", "rm:4711", "rmd:1", "rma:1", "rms", "lkx"):
        assert knows_button(session, id_), id_
    assert knows_button(session, f"rmk:{FORM.number[OVERVIEW]}:1a2b3c4d")
    for id_ in ("lk:999999", "rm", "rm:x", "rms:1", "lk:1:zz"):
        assert not knows_button(session, id_), id_


# ------------------------------------------------------------------ the clerk


def test_each_remark_of_a_return_has_a_line_and_a_button():
    """
    In the order they were written.
    """
    clerk = clerk_with(remark(CELL, "是不是 5 件"), remark(OVERVIEW, "太笼统", SENTENCE))
    buttons = [b.id for row in open_buttons(clerk.session) for b in row]

    assert ["rm:1", "rm:2"] == buttons
    assert "是不是 5 件" in open_remarks(clerk.session)
    assert "2" in unsettled(clerk.session)


def test_the_button_opens_the_cell_with_the_remark_above_and_mending_settles_it():
    """
    「是不是 5 件」 → 5.
    """
    clerk = clerk_with(remark(CELL, "是不是 5 件"), remark(LINE)).opens().presses("rm:1")
    assert (State.CELL, CELL) == clerk.at
    assert "是不是 5 件" in clerk.text

    clerk.types("5")
    assert 5 == clerk.figure(CELL)
    assert [] == clerk.still_open
    assert SettleRemark(1) in clerk.shown


def test_the_button_opens_the_text_at_the_sentence():
    """
    What is sent replaces just that.
    """
    clerk = clerk_with(remark(OVERVIEW, "太笼统", SENTENCE)).opens().presses("rm:1")
    assert (State.PASSAGE, OVERVIEW) == clerk.at
    assert SENTENCE in clerk.card.text

    clerk.types("2025年，本机关公开政府信息12条。")
    assert [] == clerk.still_open


def test_another_sentence_of_the_text_does_not_settle_a_remark():
    """
    As long as what it quotes stands.
    """
    clerk = clerk_with(remark(OVERVIEW, "太笼统", SENTENCE)).opens()
    text = TEXTS[OVERVIEW].replace("维护门户网站栏目", "维护门户网站和公众号")
    clerk.presses(id_of(FORM, "s", OVERVIEW)).taps(Trigger.REWRITE).types(text).taps("完成")

    assert text == clerk.figure(OVERVIEW)
    assert [1] == clerk.still_open


@pytest.mark.parametrize("item", [LINE, TOTAL, TABLE])
def test_a_remark_on_a_row_a_total_or_a_table_is_settled_by_any_figure_of_it(item: str):
    """
    And by no other.
    """
    clerk = clerk_with(remark(item)).opens()
    clerk.presses("rm:1")
    clerk.presses(id_of(FORM, "o", CELL)).types("5")

    assert [] == clerk.still_open


def test_an_answer_in_words_settles_a_remark_without_a_change():
    """
    And leads back to where the clerk was.
    """
    clerk = clerk_with(remark(CELL, "是不是 5 件")).opens().presses("rm:1").taps(words.ANSWER)
    assert (State.ANSWERING, "1") == clerk.at

    clerk.types("核对过台账，确实是 0 件")
    assert SettleRemark(1, "核对过台账，确实是 0 件") in clerk.shown
    assert [] == clerk.saved
    assert clerk.at[0] not in (State.ANSWERING, State.CELL)
    assert "" == open_remarks(clerk.session)


def test_a_remark_on_the_whole_is_answered_at_once():
    """
    There is no place to open.
    """
    clerk = clerk_with(remark("", "请再压缩文字")).opens().presses("rm:1")
    assert (State.ANSWERING, "1") == clerk.at

    clerk.types("好的")
    assert clerk.refused
    clerk.types("已压缩")
    assert [] == clerk.still_open


def test_who_filled_it_is_asked_about_the_place_of_the_remark_and_is_no_answer():
    """
    「谁填的」 typed while a remark is answered, which still waits for its answer.
    """
    clerk = clerk_with(remark(CELL, "是不是 5 件")).opens().presses("rm:1").taps(words.ANSWER)
    clerk.types(sign_off.WHO)

    assert [1] == clerk.still_open
    assert trail.NOBODY.format(name=trail.place(FORM, CELL)) in clerk.text
    assert (State.ANSWERING, "1") == clerk.at

    whole_report = clerk_with()
    signed = SignOff((), sent(remark("", "请再压缩文字")))
    whole_report.session = replace(whole_report.session, sign_off=signed)
    whole_report.opens().presses("rm:1").types(f"{sign_off.WHO}？")
    assert trail.REMARKED.partition("「")[0] in whole_report.text  # the history of all of it
    assert [1] == whole_report.still_open


@pytest.mark.parametrize(
    "text", [sign_off.WITHDRAW, sign_off.HAND_OVER, sign_off.REMARK, f"「{sign_off.APPROVE}」"]
)
def test_the_word_of_a_step_is_no_answer_to_a_remark(text: str):
    """
    It cannot be taken now, and says so; the card still asks.
    """
    clerk = clerk_with(remark(CELL)).opens().presses("rm:1").taps(words.ANSWER).types(text)

    assert clerk.refused
    assert [1] == clerk.still_open
    assert (State.ANSWERING, "1") == clerk.at


def test_a_step_that_can_be_taken_is_taken_by_its_word_there_too():
    """
    As anywhere else.
    """
    clerk = clerk_with(remark(CELL)).opens().presses("rm:1").taps(words.ANSWER)
    clerk.types(sign_off.SUBMIT)

    assert ReportState.SUBMITTED is clerk.session.sign_off.state
    assert [1] == clerk.still_open


def test_a_settled_remark_is_not_answered_again():
    """
    By an old button.
    """
    clerk = clerk_with(remark(CELL)).opens().presses("rm:1").taps(words.ANSWER).types("确实是 0 件")
    clerk.presses("rma:1")

    assert State.ANSWERING is not clerk.at[0]

    clerk.presses("rm:1")
    assert "已答复：确实是 0 件" in clerk.text
    assert words.ANSWER not in clerk.labels
    assert words.HOW_TO_SETTLE not in clerk.text


def test_a_helper_answers_no_remark_outside_the_own_section():
    """
    The change is refused, and so nothing is settled.
    """
    clerk = clerk_with(remark(OVERVIEW, "太笼统", SENTENCE), standing=HELPER)
    clerk.presses("rm:1").types("2025年，本机关公开政府信息12条。")

    assert [1] == clerk.still_open
    assert TEXTS[OVERVIEW] == clerk.figure(OVERVIEW)


def test_a_helper_answers_in_words_what_is_about_the_own_section():
    """
    And nothing else.
    """
    clerk = clerk_with(remark(CELL), remark(OVERVIEW), remark(""), standing=HELPER)
    for number in (1, 2, 3):
        clerk.presses(f"rma:{number}").types("核对过，确实如此")

    assert [2, 3] == clerk.still_open


def test_an_old_remark_button_only_shows_the_place_once_it_is_handed_in_again():
    """
    Nothing can be changed then, and it is not said that something could.
    """
    clerk = clerk_with(remark(CELL))
    clerk.session = replace(
        clerk.session,
        sign_off=replace(
            decided(Deed.SUBMIT, Deed.RETURN, Deed.SUBMIT), remarks=sent(remark(CELL))
        ),
    )
    clerk.presses("rm:1")
    assert (State.LOOK, CELL) == clerk.at
    assert words.HOW_TO_SETTLE not in clerk.text

    clerk.presses("rma:1")
    assert sign_off.LOCKED[ReportState.SUBMITTED] in clerk.text
    clerk.types("确实是 0 件")
    assert [1] == clerk.still_open


# ------------------------------------------------------- the leader looks again


THEN: dict[str, Value | None] = {CELL: 3, OVERVIEW: TEXTS[OVERVIEW]}


def handed_in_again(
    remarks: tuple[Remark, ...], then: Mapping[str, Value | None], now: Mapping[str, Value]
) -> Person:
    signed = replace(decided(Deed.SUBMIT, Deed.RETURN, Deed.SUBMIT), remarks=remarks)
    person = Person(answers=whole(now), sign_off=signed)
    person.session = replace(person.session, since_hand_in=then)
    return person


def test_remark_by_remark_is_said_what_became_of_it():
    """
    A figure from what to what, a sentence, an answer, or nothing.
    """
    new = "2025年，本机关公开政府信息12条。"
    text = TEXTS[OVERVIEW].replace(SENTENCE, new)
    given = sent(
        remark(CELL, "是不是 5 件", before="3 件"),
        remark(OVERVIEW, "太笼统", SENTENCE, before=SENTENCE),
        replace(remark(LINE, before=""), open=False, answer="核对过"),
        remark("title", "标题不对", before="雷鸣镇人民政府 2025年政府信息公开工作年度报告"),
    )
    person = handed_in_again(given, THEN, {CELL: 5, OVERVIEW: text})
    report = remarks_report(person.session).splitlines()

    assert "3 件 → 5 件" in report[2]
    assert f"{SENTENCE} → {new}" in report[4]
    assert "核对过" in report[6]
    assert words.UNCHANGED in report[8]


def test_what_else_was_changed_is_said_too_and_what_a_remark_tells_is_not_told_twice():
    """
    The leader need not read everything again.
    """
    other = f"{LINE}.other"
    text = TEXTS[OVERVIEW].replace(SENTENCE, "改过的一句。")
    given = sent(remark(CELL, before="3 件"), remark(OVERVIEW, "太笼统", SENTENCE))
    now: dict[str, Value] = {CELL: 5, other: 2, OVERVIEW: text}
    person = handed_in_again(given, {**THEN, other: 0}, now)
    lines = changes_since(person.session).splitlines()

    assert 2 == len(lines)
    assert "0 → 2" in lines[1]


def test_a_change_at_the_place_of_an_earlier_returns_remark_is_told():
    """
    That remark is dealt with and not told again; the figure is another all the same.
    """
    signed = decided(Deed.SUBMIT, Deed.RETURN, Deed.SUBMIT, Deed.RETURN, Deed.SUBMIT)
    (old,) = sent(replace(remark(CELL, before="0 件"), open=False))
    person = handed_in_again((old,), {CELL: 3}, {CELL: 5})
    signed = replace(signed, remarks=(replace(old, returned=signed.records[1].id),))
    person.session = replace(person.session, sign_off=signed)

    assert "" == remarks_report(person.session)
    assert "3 → 5" in changes_since(person.session)


def test_what_was_agreed_to_is_not_told_again_after_a_reopening():
    """
    The remarks of the rounds before are dealt with.
    """
    signed = decided(Deed.SUBMIT, Deed.RETURN, Deed.SUBMIT, Deed.APPROVE, Deed.SUBMIT)
    (old,) = sent(replace(remark(CELL, before="0 件"), open=False))
    person = handed_in_again((old,), {CELL: 3}, {CELL: 5})
    signed = replace(signed, remarks=(replace(old, returned=signed.records[1].id),))
    person.session = replace(person.session, sign_off=signed)

    assert "" == remarks_report(person.session)
    assert "3 → 5" in changes_since(person.session)


def test_of_many_remarks_the_list_tells_all():
    """
    The leader's message has room for a few.
    """
    given = sent(*(remark(line.id, f"第 {n} 条") for n, line in enumerate(FORM.lines.values())))
    person = handed_in_again(given, {}, {}).opens()
    assert str(len(given)) in person.card.text
    assert given[-1].text not in person.card.text
    assert len(person.card.text) <= talk.LIMIT

    person.taps(words.REMARKS)
    assert given[-1].text in person.text


def test_a_county_with_figures_in_every_row_fits_on_the_card():
    """
    Each row that has no room has its button.
    """
    figures = {cell: 41_190 + n for n, cell in enumerate(FORM.asked)}
    last = Report(FORM, TOWN, 2024, whole(dict.fromkeys(figures, 77_777)))
    person = Person(answers=whole(figures), last_year=last).looks(TABLE)

    assert len(person.card.text) <= talk.LIMIT
    for line in FORM.section[TABLE].body.lines:  # type: ignore[union-attr]
        assert id_of(FORM, "lk", line.id) == person.button(line.short).id


def test_without_remarks_and_changes_nothing_is_said():
    """
    As at the first hand-in.
    """
    person = Person()

    assert ("", "") == (remarks_report(person.session), changes_since(person.session))
    assert ("", "") == (open_remarks(person.session), unsettled(person.session))


def test_the_place_keeps_which_messages_were_remarks():
    """
    Also across a restart, and old places are read as before.
    """
    person = Person().looks(CELL).types("是不是 5 件", order=7)

    assert person.session.place == Place.loads(person.session.place.dumps(), FORM)
    assert 7 == person.session.place.remarked[0][0]


# ------------------------------------------------------------------ all together


def test_a_report_goes_back_with_remarks_and_comes_again():
    """
    Handed in, looked through from the leader's message, returned, mended and answered, handed
    in again: the leader sees what became of each.
    """
    wang = Clerk(answers=whole({LICENSING: 3}), standing=CLERK, by="wang").opens()
    zhang = wang.taps(sign_off.SUBMIT).becomes(LEADER, "zhang").opens().taps(words.LOOK)
    while zhang.at[1] != "proactive_disclosure":
        zhang.taps(words.NEXT["section"])
    zhang.taps("行政许可").types("是不是 5 件")
    zhang.presses(id_of(FORM, "lk", OVERVIEW)).taps("1. （一）", "2. 2025年", words.REMARK)
    zhang.types("太笼统").presses("so").types("总的还要再压缩")
    assert f"{words.REMARKS}（3）" in zhang.labels
    zhang.taps(sign_off.RETURN)
    assert 3 == len(zhang.session.sign_off.open_remarks)

    wang = zhang.becomes(CLERK, "wang").presses("so")
    wang.taps("1. ").types("5")
    assert words.unsettled(2) in wang.presses("menu").text
    wang.presses("so").taps("1. ").types("2025年，本机关公开政府信息12条。")
    wang.presses("so").taps("1. ").types("已压缩")
    wang.presses(id_of(FORM, "o", PENALTIES)).types("2").presses("sub")
    zhang = wang.becomes(LEADER, "zhang").opens()

    assert "3 件 → 5 件" in zhang.text
    assert "政府信息12条" in zhang.text
    assert "已压缩" in zhang.text
    assert "0 → 2" in zhang.text


def test_a_clerk_may_look_through_what_is_locked():
    """
    Down to a sentence; nothing is refused, since nothing is changed.
    """
    wang = Clerk(answers=whole(), standing=CLERK, by="wang").opens().taps(sign_off.SUBMIT)
    wang.taps(words.LOOK, "1. （一）", "2. 2025年")

    assert SENTENCE in wang.card.text


@pytest.mark.parametrize("text", ["可以", "对", "好的"])
def test_a_yes_is_no_remark_and_no_approval(text: str):
    """
    On the leader's message, where a mistaken tap would count.
    """
    wang = Clerk(answers=whole(), standing=CLERK, by="wang").opens().taps(sign_off.SUBMIT)
    zhang = wang.becomes(LEADER, "zhang").opens().types(text)

    assert () == zhang.session.sign_off.remarks
    assert ReportState.SUBMITTED is zhang.session.sign_off.state
    assert State.SIGN_OFF is zhang.at[0]


# ------------------------------------------------------------- what nobody thought of


def test_a_hundred_own_remarks_are_listed_whole_with_buttons_that_fit_in_a_message():
    """
    Telegram takes a hundred buttons; the newest can be taken back, then those before.
    """
    remarks = tuple(
        remark(cell, "请核对" + "很" * 900, number=number)
        for number, cell in enumerate([*FORM.cells][:101], 1)
    )
    person = Person(sign_off=replace(decided(Deed.SUBMIT), remarks=remarks)).presses("rms")

    buttons = [button.id for say in person.said for row in say.buttons for button in row]
    drops = [id_ for id_ in buttons if id_.startswith("rmd:")]
    assert "rmd:101" in drops
    assert len(drops) < 50
    assert all(len(say.text) <= talk.LIMIT for say in person.said)
    assert "\n101. " in person.text
    assert "\n2. " in person.text
    person.presses("rmd:101")
    assert 100 == len(person.unsent)


@pytest.mark.parametrize("item", [LOCAL_CELLS[0], "asked_locally"])
def test_a_remark_on_a_question_that_is_asked_no_more_is_a_remark_all_the_same(item: str):
    """
    It is named in words, opens without a place, is answered; the leader sees the answer.
    """
    wang = clerk_with(remark(item, "请核对次数"))
    assert NOT_ASKED in wang.opens().presses("so").text
    assert item not in wang.text
    wang.presses("rm:1")
    assert "请核对次数" in wang.text
    wang.presses("rma:1").types("已核对")
    assert [] == wang.still_open

    signed = wang.session.sign_off
    zhang = Person(sign_off=replace(decided(Deed.SUBMIT, Deed.RETURN), remarks=signed.remarks))
    zhang.presses("rm:1")
    assert "请核对次数" in zhang.text


@pytest.mark.parametrize(
    "text", ["我同意", "同意发布。", "没意见，同意", "送审", "「线下同意」", "移交"]
)
def test_a_leader_who_agrees_in_other_words_is_told_to_tap(text: str):
    """
    It neither decides nor becomes a remark that the clerk gets with a return.
    """
    for person in (Person().presses("so"), Person().looks(TABLE)):
        person.types(text)
        assert words.no_remark(text) in person.text
        assert [] == person.unsent
        assert ReportState.SUBMITTED is person.session.sign_off.state


@pytest.mark.parametrize("text", ["同意，但请补充会议次数", "不同意这个数", "送审前请核对"])
def test_a_sentence_with_such_a_word_is_a_remark(text: str):
    """
    Only what says nothing else is none.
    """
    assert [("", "", text)] == Person().presses("so").types(text).unsent
