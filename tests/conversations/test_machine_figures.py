"""
Dialogues about figures: zero first, rows, blocks, units, totals, what is carried forward.
"""

from decimal import Decimal

import pytest

from conversations.checks.findings import Finding, Report
from conversations.form.answers import Answers
from conversations.talk.derived import todo_findings
from conversations.talk.session import State
from conversations.talk.triggers import Trigger
from conversations.wording import talk as wording
from tests.dialogue import COLUMNS, TEXTS, Clerk, id_of, whole, zeros

RULES = "proactive_disclosure.rules"
LICENSING = "proactive_disclosure.licensing"
FEE = "proactive_disclosure.administrative_fees"
RECEIVED = "requests.received"
DISCLOSED = "requests.outcome.disclosed"
CARRIED = "requests.carried_forward"


def at(line: str, answers: Answers | None = None, last_year: Report | None = None) -> Clerk:
    """
    A clerk before the question of a line, everything else as given.
    """
    clerk = Clerk(answers=answers or Answers(), last_year=last_year).opens()
    return clerk.presses(id_of(clerk.form, "o", line))


# ------------------------------------------------------------------- zero first


def test_a_whole_table_is_filled_with_zeros_in_one_tap_and_played_back():
    """
    Table two: ten figures, and then the table is read back to be confirmed.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST, Trigger.ZERO_REST)

    assert 10 == len(clerk.stored)
    assert {0} == set(clerk.stored.values())
    assert (State.TABLE, "proactive_disclosure") == clerk.at


def test_a_township_reaches_the_texts_in_ten_taps():
    """
    All zeros but one: the way that must be short.
    """
    clerk = Clerk().opens()
    clerk.taps(Trigger.FIGURES_FIRST, Trigger.ZERO_REST, "改 行政许可")
    clerk.types("295")
    clerk.taps(
        Trigger.TABLE_RIGHT,
        Trigger.ZERO_REST,
        Trigger.TABLE_RIGHT,
        Trigger.ZERO_REST,
        Trigger.TABLE_RIGHT,
    )

    assert (State.NARRATIVE, "overview") == clerk.at
    assert 295 == clerk.figure(f"{LICENSING}.decisions")
    assert () == clerk.session.open_in("requests")


def test_zero_fills_only_what_is_unanswered():
    """
    What stands is listed, kept, and becomes 0 only by a tap of its own.
    """
    clerk = at(LICENSING).types("295").taps(Trigger.ZERO_REST)

    assert 295 == clerk.figure(f"{LICENSING}.decisions")
    assert f"{LICENSING}.decisions" not in clerk.stored
    assert "295" in clerk.text


def test_figures_become_zero_only_after_a_question_that_lists_them():
    """
    「都改为 0」 asks with the figures; no keeps them, yes changes them.
    """
    asked = at(LICENSING).types("295").taps(Trigger.ZERO_REST, Trigger.ZERO_OVER)

    assert State.CONFIRM is asked.at[0]
    assert {} == asked.stored
    assert "行政许可 295" in asked.card.text

    kept = asked.taps(wording.KEEP)
    assert 295 == kept.figure(f"{LICENSING}.decisions")
    kept.presses(id_of(kept.form, "zo", "proactive_disclosure")).taps(Trigger.YES)
    assert {f"{LICENSING}.decisions": 0} == kept.stored


@pytest.mark.parametrize(("verb", "item"), [("z", RECEIVED), ("zt", "requests")])
def test_a_second_tap_for_zeros_asks_for_no_figure_and_says_that_it_is_done(verb: str, item: str):
    """
    「其余全部为 0」 and 「本行全为 0」 where figures stand: a third tap must not lose them.
    """
    clerk = at(RECEIVED).types("自然人3")
    clerk.presses(id_of(clerk.form, verb, item))
    assert clerk.stored
    there = clerk.at
    clerk.presses(id_of(clerk.form, verb, item))

    assert {} == clerk.stored
    assert there == clerk.at
    assert wording.ALREADY in clerk.text
    assert [3, 0, 0, 0, 0, 0] == clerk.row(RECEIVED)


def test_an_old_zero_button_never_wipes_a_row_that_was_filled_meanwhile():
    """
    It shows the row as it is; the figure of one cell becomes 0 after a question.
    """
    clerk = at(RECEIVED).types("3 1 0 0 0 0")
    clerk.presses(id_of(clerk.form, "z", RECEIVED))
    assert {} == clerk.stored
    assert clerk.at != (State.CONFIRM, RECEIVED)

    clerk.presses(id_of(clerk.form, "z", f"{RECEIVED}.natural_person"))
    assert {} == clerk.stored
    assert State.CONFIRM is clerk.at[0]
    assert [3, 1, 0, 0, 0, 0] == clerk.row(RECEIVED)


def test_zeros_are_each_still_editable():
    """
    One of them is changed; the others stay.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST, Trigger.ZERO_REST, "改 行政处罚").types("7")

    assert {"proactive_disclosure.penalties.decisions": 7} == clerk.stored
    assert (State.TABLE, "proactive_disclosure") == clerk.at


def test_only_the_rows_that_have_something_are_chosen_from_a_list():
    """
    Two of 23 rows, then the rest is 0.
    """
    clerk = at(RECEIVED).taps(Trigger.ROWS, "新收")
    clerk.types("2 0 0 0 0 0")
    clerk.presses(id_of(clerk.form, "pick", "requests")).taps("予以公开").types("自然人2 其余0")
    clerk.taps(Trigger.ZERO_REST)

    assert (State.TABLE, "requests") == clerk.at
    assert 2 == clerk.session.figures.get("requests.outcome.total.total")


# ------------------------------------------------------------------- rows


@pytest.mark.parametrize(
    "typed", ["3 1 0 0 0 0", "３，１，０，０，０，０", "自然人3 商业企业1 其余0"]
)
def test_a_row_may_be_typed_at_once(typed: str):
    """
    By position or by name, in one message.
    """
    assert [3, 1, 0, 0, 0, 0] == at(RECEIVED).types(typed).row(RECEIVED)


def test_after_a_row_comes_the_next_one():
    """
    The result names what was understood and can be changed by its button.
    """
    clerk = at(RECEIVED).types("3 1 0 0 0 0")

    assert (State.LINE, "requests.carried_over") == clerk.at
    assert id_of(clerk.form, "o", RECEIVED) in [
        b.id for s in clerk.said for r in s.buttons for b in r
    ]


def test_a_row_by_name_without_the_rest_leaves_the_rest_open():
    """
    Nothing is guessed: 自然人3 says nothing about the others, which are asked next.
    """
    clerk = at(RECEIVED).types("自然人3")

    assert {f"{RECEIVED}.natural_person": 3} == clerk.stored
    assert (State.LINE, RECEIVED) == clerk.at
    assert tuple(f"{RECEIVED}.{one}" for one in COLUMNS[1:]) == clerk.asks


def test_a_half_answered_row_may_be_typed_whole():
    """
    Six figures where five are asked: they are the whole row.
    """
    clerk = at(RECEIVED).types("自然人3", "4 1 0 0 0 0")

    assert [4, 1, 0, 0, 0, 0] == clerk.row(RECEIVED)


def test_the_blanks_of_a_pasted_row_are_asked_about_once():
    """
    26⇥⇥⇥⇥⇥⇥26: one figure, five blanks, the total; the figure is kept at once.
    """
    clerk = at(RECEIVED).types("26\t\t\t\t\t\t26")

    assert {f"{RECEIVED}.natural_person": 26} == clerk.stored
    assert State.CONFIRM is clerk.at[0]

    clerk.taps(Trigger.YES)
    assert [26, 0, 0, 0, 0, 0] == clerk.row(RECEIVED)
    assert (State.LINE, "requests.carried_over") == clerk.at


def test_blanks_may_stay_open():
    """
    「先空着」: the row is asked again, for the five that are missing.
    """
    clerk = at(RECEIVED).types("26\t\t\t\t\t").taps(Trigger.NO)

    assert [26, None, None, None, None, None] == clerk.row(RECEIVED)
    assert tuple(f"{RECEIVED}.{one}" for one in COLUMNS[1:]) == clerk.asks


def test_a_block_from_a_spreadsheet_fills_row_after_row():
    """
    Three rows of six with their totals; the question is then the fourth row.
    """
    block = "2\t1\t0\t0\t0\t0\t3\n0\t0\t0\t0\t0\t0\t0\n1\t1\t0\t0\t0\t0\t2"
    clerk = at(RECEIVED).types(block)

    assert [2, 1, 0, 0, 0, 0] == clerk.row(RECEIVED)
    assert [1, 1, 0, 0, 0, 0] == clerk.row(DISCLOSED)
    assert 18 == len(clerk.stored)
    assert (State.LINE, "requests.outcome.partly_disclosed") == clerk.at


@pytest.mark.parametrize(
    "typed", ["-1", "1.5", "很多", "99999999999", "1 2 3", "1 2 3 4 5 6 7 8", "自然人3 自然人4", ""]
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(typed: str):
    """
    The same question stands again, under a sentence that says what to enter.
    """
    clerk = at(RECEIVED).types(typed)

    assert clerk.refused
    assert {} == clerk.stored
    assert (State.LINE, RECEIVED) == clerk.at


# ------------------------------------------------------------------- units


def test_yuan_are_converted_and_confirmed_before_they_are_stored():
    """
    3500元 where 万元 is asked: 0.35 is shown, and stored only after a yes.
    """
    clerk = at(FEE).types("3500元")

    assert {} == clerk.stored
    assert State.CONFIRM is clerk.at[0]
    assert "0.35" in clerk.card.text

    clerk.types("对")
    assert {f"{FEE}.amount": Decimal("0.35")} == clerk.stored


def test_a_conversion_may_be_denied_or_answered_anew():
    """
    No asks again; a figure is a new answer to the same question.
    """
    assert (State.LINE, FEE) == at(FEE).types("3500元").taps(Trigger.NO).at

    again = at(FEE).types("3500元", "0.5")
    assert {f"{FEE}.amount": Decimal("0.5")} == again.stored


def test_a_confirmation_of_another_question_confirms_nothing():
    """
    An old 「对」 carries a mark of what it was about.
    """
    clerk = at(FEE).types("3500元")
    old = clerk.button("对").id
    clerk.types("70000元").presses(old)

    assert {} == clerk.stored
    assert clerk.figure(f"{FEE}.amount") is None
    clerk.taps(Trigger.YES)
    assert {f"{FEE}.amount": Decimal(7)} == clerk.stored


def test_twelve_wan_is_twelve_where_wan_yuan_are_asked_and_120000_where_pieces_are():
    """
    Both are echoed before they count.
    """
    fee = at(FEE).types("12万")
    assert State.CONFIRM is fee.at[0] or Decimal(12) == fee.figure(f"{FEE}.amount")
    assert "12 万元" in fee.text

    pieces = at(LICENSING).types("12万")
    assert {} == pieces.stored
    assert "120000" in pieces.card.text.replace(",", "")


# ------------------------------------------------------------------- totals


def test_a_total_that_agrees_is_not_stored():
    """
    The seventh value is compared, never kept.
    """
    clerk = at(RECEIVED).types("3 1 0 0 0 0 4")

    assert f"{RECEIVED}.total" not in clerk.session.answers
    assert (State.LINE, "requests.carried_over") == clerk.at


def test_a_total_that_differs_waits_until_the_computed_one_is_taken():
    """
    3 + 1 = 4, typed 5: both are shown; the first button takes 4.
    """
    clerk = at(RECEIVED).types("3 1 0 0 0 0 5")

    assert (State.TOTAL, f"{RECEIVED}.total") == clerk.at
    assert 5 == clerk.figure(f"{RECEIVED}.total")
    assert "= 4" in clerk.card.text
    assert ["A3"] == [one.id for one in _errors(clerk)]

    clerk.presses(clerk.card.buttons[0][0].id)
    assert {f"{RECEIVED}.total": None} == clerk.stored
    assert (State.LINE, "requests.carried_over") == clerk.at
    assert [] == _errors(clerk)


def test_a_total_that_differs_goes_away_when_a_figure_is_corrected():
    """
    The clerk forgot one: 3 + 2 = 5.
    """
    clerk = at(RECEIVED).types("3 1 0 0 0 0 5").taps("改 商业企业").types("2")

    assert [3, 2, 0, 0, 0, 0] == clerk.row(RECEIVED)
    assert f"{RECEIVED}.total" not in clerk.session.answers
    assert [] == _errors(clerk)


def test_a_total_that_differs_is_still_there_after_a_restart():
    """
    The claim stands in the store, not in memory.
    """
    clerk = at(RECEIVED).types("3 1 0 0 0 0 5")
    again = Clerk(answers=clerk.session.answers, place=clerk.session.place.dumps()).opens()

    assert (State.TOTAL, f"{RECEIVED}.total") == again.at
    assert ["A3"] == [one.id for one in _errors(again)]
    again.taps(wording.take("4"))
    assert [] == _errors(again)


def test_a_total_put_aside_comes_back_in_the_review():
    """
    Saving is never blocked; the final document is.
    """
    clerk = Clerk(answers=Answers(zeros(without=("review.reconsideration",)))).opens()
    clerk.taps(wording.GO_ON).types("10 1 0 0 0").taps(Trigger.PARK).taps(Trigger.TABLE_RIGHT)

    assert State.REVIEW is clerk.at[0]
    assert Trigger.FINDING in clerk.verbs
    assert Trigger.FINAL is not clerk.verbs[0]
    clerk.taps(Trigger.FINDING).taps(wording.take("11"))
    assert [Trigger.FINAL] == clerk.verbs[:1]


def test_the_totals_of_a_pasted_block_are_asked_about_one_after_another():
    """
    The county of the examples: two of three totals are 0 where 11 and 5 stand.
    """
    clerk = Clerk(answers=Answers(zeros(without=("review",)))).opens()
    clerk.presses(id_of(clerk.form, "o", "review.reconsideration"))
    clerk.types("10\t1\t0\t0\t0\t0\t0\t0\t0\t0\t5\t0\t0\t0\t0")

    assert ["A4", "A4"] == [one.id for one in _errors(clerk)]
    clerk.taps(wording.take("11"))
    assert (State.TOTAL, "review.litigation.after_reconsideration.total") == clerk.at
    clerk.taps(wording.take("5"))
    assert [] == _errors(clerk)
    assert (State.TABLE, "review") == clerk.at


def _errors(clerk: Clerk) -> list[Finding]:
    return list(todo_findings(clerk.session))


# ------------------------------------------------------------- carried forward


def requests(**figures: str) -> Clerk:
    """
    A clerk who has answered table three by natural persons only, the last row just now.
    """
    without = ("requests", *TEXTS)
    clerk = Clerk(answers=Answers(zeros(without=without))).opens()
    for line, number in figures.items():
        name = line if line in ("received", "carried_over") else f"outcome.{line}"
        clerk.presses(id_of(clerk.form, "o", f"requests.{name}")).types(f"{number} 0 0 0 0 0")
    return clerk.presses(id_of(clerk.form, "zt", "requests"))


def test_what_is_carried_forward_is_asked_with_its_arithmetic():
    """
    A forgotten row must not turn silently into a carry-over.
    """
    clerk = requests(received="3", carried_over="1", disclosed="3")

    assert (State.CARRY, "requests") == clerk.at
    assert {"3", "1"} <= set(clerk.card.text.split())
    assert clerk.figure(f"{CARRIED}.natural_person") is None
    clerk.presses(clerk.card.buttons[0][0].id)
    assert 1 == clerk.figure(f"{CARRIED}.natural_person")
    assert [0] * 5 == clerk.row(CARRIED)[1:]


def test_there_is_a_way_back_to_the_results_from_the_question_of_the_carry():
    """
    The forgotten row is filled in, and then nothing is left to carry.
    """
    clerk = requests(received="3", disclosed="2").taps(Trigger.ROWS).taps("0 部分公开")
    clerk.types("1 0 0 0 0 0")
    if clerk.at[0] is State.ROWS:
        clerk.taps(wording.GO_ON)

    assert (State.TABLE, "requests") == clerk.at
    clerk.taps(Trigger.TABLE_RIGHT)
    assert [0] * 6 == clerk.row(CARRIED)


def test_the_office_may_type_its_own_carry_and_the_two_are_compared():
    """
    1 agrees and confirms; 2 is told apart, with the difference, and stores nothing.
    """
    other = requests(received="3", disclosed="2").types("2")
    assert other.refused
    assert {} == other.stored

    same = other.types("1")
    assert 1 == same.figure(f"{CARRIED}.natural_person")


def test_a_confirmed_carry_is_asked_again_when_a_figure_moves():
    """
    Only what hangs on the change is reopened.
    """
    clerk = requests(received="3", disclosed="2")
    clerk.presses(clerk.card.buttons[0][0].id)
    clerk.presses(id_of(clerk.form, "o", f"{RECEIVED}.natural_person")).types("5")

    assert set(clerk.stored) == {f"{RECEIVED}.natural_person", *(f"{CARRIED}.{c}" for c in COLUMNS)}
    assert [None] * 6 == clerk.row(CARRIED)
    assert (State.CARRY, "requests") == clerk.at
    assert [2, 0, 0, 0, 0, 0] == clerk.row(DISCLOSED)


def test_an_old_confirmation_of_the_carry_confirms_no_new_figure():
    """
    「对，结转 1 件」 of yesterday, when today 3 would be carried.
    """
    clerk = requests(received="3", disclosed="2")
    old = clerk.card.buttons[0][0].id
    clerk.presses(old)
    clerk.presses(id_of(clerk.form, "o", f"{RECEIVED}.natural_person")).types("5").presses(old)

    assert [None] * 6 == clerk.row(CARRIED)
    assert (State.CARRY, "requests") == clerk.at


def test_more_answered_than_received_is_a_finding_and_no_carry():
    """
    Below 0 nothing is offered to be carried; the numbers are named.
    """
    clerk = requests(received="1", disclosed="3")

    assert State.FINDING is clerk.at[0]
    assert clerk.at[1].startswith("A1|")
    assert {} == {k: v for k, v in clerk.stored.items() if k.startswith(CARRIED)}
    assert Trigger.FINAL is not clerk.commands("menu").taps(Trigger.REVIEW).verbs[0]


# ------------------------------------------------------------------- last year


def test_last_years_figures_are_shown_and_taken_over_by_one_tap():
    """
    Only what is open is filled; a figure that stands is never replaced.
    """
    last = Report(Clerk().form, "雷鸣镇人民政府", 2024, whole({f"{LICENSING}.decisions": 281}))
    clerk = at(LICENSING, last_year=last)
    assert "281" in clerk.card.text

    clerk.taps(Trigger.SAME_AS_LAST_YEAR)
    assert 281 == clerk.figure(f"{LICENSING}.decisions")
    clerk.presses(id_of(clerk.form, "o", LICENSING)).types("300")
    clerk.presses(id_of(clerk.form, "ly", LICENSING))
    assert {} == clerk.stored
    assert 300 == clerk.figure(f"{LICENSING}.decisions")


# ------------------------------------------------------------------- the middle grade


def test_a_true_but_unusual_figure_passes_with_a_reason_that_is_kept_and_shown():
    """
    B1: 「核实无误」 is not a reason; a sentence is, and the review shows it.
    """
    line = "proactive_disclosure.normative_documents"
    clerk = Clerk(answers=whole(without=(line,))).opens()
    clerk.presses(id_of(clerk.form, "o", line)).types("3 0 1")
    assert State.FINDING is clerk.at[0]
    assert ("explanation:B1",) == clerk.asks

    clerk.types("核实无误")
    assert clerk.refused
    assert [] == list(clerk.session.explanations)

    reason = "本年制发的3件中有2件为一次性通知，年底前已自行失效。"
    clerk.types(reason)
    assert [reason] == [one.text for one in clerk.session.explanations]
    assert reason[:20] in clerk.commands("menu").taps(Trigger.REVIEW).text
    assert Trigger.FINAL is clerk.verbs[0]


def test_a_reason_no_longer_counts_when_the_figure_changes():
    """
    The explanation of the old figure says nothing about the new one.
    """
    line = "proactive_disclosure.normative_documents"
    clerk = Clerk(answers=whole(without=(line,))).opens()
    clerk.presses(id_of(clerk.form, "o", line)).types("3 0 1")
    clerk.types("本年制发的3件中有2件为一次性通知，年底前已自行失效。")
    clerk.presses(id_of(clerk.form, "o", f"{line}.issued")).types("9")

    assert ("explanation:B1",) == clerk.asks


def test_a_finding_goes_away_by_correcting_the_figure_it_names():
    """
    A button to every cell involved; afterwards the clerk goes on.
    """
    line = "proactive_disclosure.normative_documents"
    clerk = Clerk(answers=whole(without=(line,))).opens()
    clerk.presses(id_of(clerk.form, "o", line)).types("3 0 1").taps("改 行政规范性文件·现行有效")
    clerk.types("3")

    assert State.FINDING is not clerk.at[0]
    assert () == clerk.session.explanations


def test_the_level_of_the_organ_can_be_changed_where_it_matters():
    """
    B2 hangs on the level that the name suggests; a city may have rules.
    """
    clerk = Clerk(organ="某局", answers=whole(without=(RULES,))).opens()
    clerk.presses(id_of(clerk.form, "o", RULES)).types("1 0 1")
    assert ("explanation:B2",) == clerk.asks

    clerk.taps(Trigger.LEVEL).taps(Trigger.LEVEL_IS)
    assert {"level": "city"} == clerk.stored
    assert State.FINDING is not clerk.at[0]


def test_the_organ_may_want_each_of_its_tables_whole():
    """
    One tap in the review, another takes it back; an old button says the same again.
    """
    clerk = Clerk(answers=whole()).opens().taps(Trigger.REVIEW, Trigger.MORE)
    clerk.taps(Trigger.TABLE_BREAKS)
    assert {"table_breaks": "whole"} == clerk.stored

    clerk.presses("tbl:1", "tbl:2")
    assert "whole" == clerk.session.answers.text("table_breaks")

    clerk.presses("rev").taps(Trigger.MORE, Trigger.TABLE_BREAKS)
    assert "table_breaks" not in clerk.session.answers


def test_figures_of_another_line_are_no_total():
    """
    At a total that differs only that total is compared; a row with another's name is refused.
    """
    clerk = at(RECEIVED).types("3 1 0 0 0 0 5")
    assert (State.TOTAL, f"{RECEIVED}.total") == clerk.at

    clerk.types("上年结转 26 0 0 0 0 0")

    assert clerk.refused
    assert {} == clerk.stored
    assert (State.TOTAL, f"{RECEIVED}.total") == clerk.at


def test_figures_of_another_line_do_not_confirm_what_is_carried_forward():
    """
    结转下年度 is stored for a yes or its own figures, for nothing else.
    """
    clerk = at(RECEIVED, whole(without=(CARRIED, RECEIVED))).types("1 0 0 0 0 0")
    assert (State.CARRY, "requests") == clerk.at

    clerk.types("新收 26 0 0 0 0 0")

    assert clerk.refused
    assert {} == clerk.stored
    assert (State.CARRY, "requests") == clerk.at
