"""
Dialogues about going about: texts, later, back, changes from anywhere, review, the end.
"""

from datetime import datetime, timedelta

import pytest

from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021
from conversations.form.answers import Answers
from conversations.form.organ import Level
from conversations.talk.effects import MessageKind, Say
from conversations.talk.events import Commanded, ImpossibleEvent, Tapped
from conversations.talk.moves.texts import split_text
from conversations.talk.session import Place, State
from conversations.talk.triggers import Trigger, command_in, knows_button
from conversations.wording import talk as wording
from tests.dialogue import TEXTS, TOWN, Clerk, id_of, verb_of, whole, zeros

LICENSING = "proactive_disclosure.licensing"
DECISIONS = "proactive_disclosure.licensing.decisions"
OVERVIEW, PROBLEMS, MATTERS = TEXTS


def before_text(section: str) -> Clerk:
    """
    A clerk who has nothing left to do but one text.
    """
    clerk = Clerk(answers=Answers(zeros(without=(section,)))).opens()
    return clerk.presses(id_of(clerk.form, "s", section))


def done(**changes: int) -> Clerk:
    """
    A clerk before the review of a finished report.
    """
    clerk = Clerk(answers=whole(changes)).opens()
    return clerk.taps(Trigger.REVIEW)


# --------------------------------------------------------------- organ and year


def test_the_first_questions_are_organ_and_year_with_two_years_to_tap():
    """
    In December the default is wrong: both are a tap away.
    """
    clerk = Clerk(organ="", year=0).opens()
    assert ("organ",) == clerk.asks

    clerk.types(TOWN)
    assert ("year",) == clerk.asks
    assert ["2025年", "2026年"] == clerk.labels


@pytest.mark.parametrize("name", ["123", "县", "", "x" * 100, "\x00", "局" * 61])
def test_what_is_no_organ_is_refused(name: str):
    """
    Two to sixty characters with Chinese ones among them.
    """
    clerk = Clerk(organ="", year=0).opens().types(name)

    assert clerk.refused
    assert ("organ",) == clerk.asks


@pytest.mark.parametrize(
    "said",
    [
        "我要填年报",
        "你好",
        "您好！",
        "不知道",
        "测试",
        "13800001234",
        "怎么填",
        "待填",
        "请问填什么",
        "目录",
    ],
)
def test_what_is_said_to_a_person_is_no_organ(said: str):
    """
    However often; whose report it is, is still asked.
    """
    clerk = Clerk(organ="", year=0).opens().types(said, said)

    assert clerk.refused
    assert ("organ",) == clerk.asks


REAL = (
    *("青山乡人民政府", "青山镇", "青山街道办事处", "青山街道党工委", "沂河县水利局", "沂河县委"),
    *("中共沂河县委党校", "沂河县卫生健康委员会", "沂河县政务公开办", "沂河县政务信息公开办公室"),
    *(
        "沂河县融媒体中心",
        "沂河县供水有限公司",
        "沂河县第一中学",
        "沂河县人民医院",
        "沂河县人民政府",
    ),
    *("沂河经济开发区管委会（沂河高新区管委会）", "沂河县消防救援大队", "国家税务总局沂河县税务局"),
    *("沂河县供销合作联社", "沂河县残联", "沂河县人民法院", "沂河县烟草专卖局", "沂河县武装部"),
    *("沂河县档案馆", "沂河县实验幼儿园", "沂河县国有林场", "沂河县红十字会", "沂河海关"),
)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("written", ["{}", "单位：{}", "我们是{}。"])
def test_a_name_of_an_organ_is_taken_at_once(name: str, written: str):
    """
    With the label before it, too.
    """
    assert name == Clerk(organ="", year=0).opens().types(written.format(name)).session.organ


@pytest.mark.parametrize("again", ["沂河县东湖大剧团剧组", "对", "是的"])
def test_what_does_not_look_like_an_organ_is_asked_about_once(again: str):
    """
    A name may be what nobody has thought of; another name is another answer.
    """
    clerk = Clerk(organ="", year=0).opens().types("沂河县东湖大剧团剧组")
    assert clerk.refused
    assert ("organ",) == clerk.asks

    assert "沂河县东湖大剧团剧组" == clerk.types(again).session.organ
    other = Clerk(organ="", year=0).opens().types("沂河县东湖大剧团剧组", "今天天气不错")
    assert ("organ",) == other.asks


@pytest.mark.parametrize("year", ["2030", "1999", "明年", "上年度", "20255", ""])
def test_what_is_no_year_that_can_be_reported_on_is_refused(year: str):
    """
    Neither the future nor a word.
    """
    clerk = Clerk(organ=TOWN, year=0).opens().types(year)

    assert clerk.refused
    assert ("year",) == clerk.asks


@pytest.mark.parametrize(
    ("said", "year"), [("去年", 2025), ("25", 2025), ("前年", 2024), ("今年", 2026)]
)
def test_a_year_is_told_as_the_question_says_it(said: str, year: int):
    """
    The question itself says 「一般是去年」.
    """
    clerk = Clerk(organ="", year=0).opens().types(TOWN, said)

    assert year == clerk.session.year


def test_before_organ_and_year_are_known_nothing_else_can_be_done():
    """
    Old buttons and commands only ask again.
    """
    clerk = Clerk(organ="", year=0).opens()

    for button in ("menu", "fin", "fig", "y:2025", "z:21", "zt:2", "dra", "rsty"):
        assert ("organ",) == clerk.presses(button).asks
    for command in ("menu", "status", "preview", "restart", "cancel", "help"):
        assert ("organ",) == clerk.commands(command).asks
    assert [] == clerk.saved


# ------------------------------------------------------------------- coming back

NOW = datetime.fromisoformat("2026-01-12T09:00:00+08:00")  # of every `Clerk`
YESTERDAY = datetime.fromisoformat("2026-01-11T21:30:00+08:00")
SOME = Answers(zeros(without=(LICENSING, OVERVIEW)))


def back_at(place: Place, last_here: datetime | None, answers: Answers = SOME) -> Clerk:
    """
    Somebody who opens the chat again.
    """
    return Clerk(answers=answers, place=place.dumps(), last_here=last_here).opens()


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (Place(State.LINE, LICENSING), "行政许可"),
        (Place(State.CELL, DECISIONS), "行政许可"),
        (Place(State.NARRATIVE, OVERVIEW), "第一节"),
        (Place(State.WORDING, "signature"), wording.PIECES["signature"]),
        (Place(State.CONTENTS), wording.MENU),
        (Place(State.REVIEW), wording.REVIEW),
    ],
)
def test_who_comes_back_is_told_where_they_stopped_and_when(place: Place, named: str):
    """
    In one line above the card, which is the same as ever; nothing else is to be tapped.
    """
    clerk = back_at(place, YESTERDAY)
    greeting, card = clerk.said

    assert (MessageKind.NOTE, ()) == (greeting.kind, greeting.buttons)
    assert ("1月11日", "21:30") == tuple(greeting.text.split()[1:3])
    assert named in greeting.text
    assert "\n" not in greeting.text
    assert back_at(place, None).said == [card]


def test_the_year_is_named_where_it_is_another():
    """
    Between the years two weeks are as good as a year.
    """
    clerk = back_at(Place(State.LINE, LICENSING), datetime.fromisoformat("2025-12-30T08:05+08:00"))

    assert "2025年12月30日 08:05" in clerk.said[0].text


@pytest.mark.parametrize(
    ("place", "last_here", "answers"),
    [
        (Place(State.LINE, LICENSING), NOW - timedelta(hours=5, minutes=59), SOME),
        (Place(State.LINE, LICENSING), NOW + timedelta(days=1), SOME),
        (Place(), YESTERDAY, Answers()),
        (Place(State.DONE), YESTERDAY, SOME),
        (Place(State.LINE, "no.such.line"), YESTERDAY, SOME),
    ],
)
def test_who_was_here_just_now_or_did_nothing_yet_is_not_greeted(
    place: Place, last_here: datetime, answers: Answers
):
    """
    Nor who had finished, nor at a place that is no more, nor by a clock that went back.
    """
    assert 1 == len(back_at(place, last_here, answers).said)


def test_nothing_but_opening_greets():
    """
    An answer after a night is an answer.
    """
    night = Clerk(answers=SOME, place=Place(State.LINE, LICENSING).dumps(), last_here=YESTERDAY)
    soon = Clerk(answers=SOME, place=Place(State.LINE, LICENSING).dumps())

    assert soon.types("295").said == night.types("295").said


# ----------------------------------------------------------------------- texts


def test_a_text_arrives_in_several_messages_until_done_is_typed():
    """
    Each piece is kept at once; 「完成」 may be typed.
    """
    clerk = before_text(OVERVIEW)
    first, second = TEXTS[OVERVIEW].split("\n", 1)
    clerk.types(first)
    assert first == clerk.figure(OVERVIEW)
    assert () == clerk.asks

    clerk.types(second, wording.DONE_TEXT)
    assert TEXTS[OVERVIEW] == clerk.figure(OVERVIEW)
    assert State.NARRATIVE is not clerk.at[0]


def test_pieces_that_arrive_out_of_order_are_put_in_order():
    """
    Telegram splits a long text; the second half may come first.
    """
    clerk = before_text(OVERVIEW)
    half = "甲" * 4096
    clerk.types("乙" * 500, order=12).types(half, order=11)

    assert half + "乙" * 500 == clerk.figure(OVERVIEW)


def test_a_restart_between_two_pieces_loses_nothing():
    """
    The next piece goes on where the first ended.
    """
    clerk = before_text(OVERVIEW).types("第一段。")
    again = Clerk(answers=clerk.session.answers, place=clerk.session.place.dumps()).opens()
    again.types("第二段。")

    assert "第一段。\n第二段。" == again.figure(OVERVIEW)


def test_the_text_is_read_back_in_short_with_its_length():
    """
    The result names the section, how long the text is and how it begins.
    """
    clerk = before_text(OVERVIEW).types(TEXTS[OVERVIEW], wording.DONE_TEXT)
    result = next(one for one in clerk.said if one.kind is MessageKind.RESULT)

    assert OVERVIEW == result.item
    assert str(len("".join(TEXTS[OVERVIEW].split()))) in result.text.replace(",", "")
    assert "（一）主动公开" in result.text


def test_a_hint_is_said_with_its_own_text_and_not_with_the_next():
    """
    What section one lacks is no news when section six is done.
    """
    first = "（一）主动公开。2025年依法公开。"
    clerk = Clerk(answers=Answers(zeros(without=(OVERVIEW, MATTERS)))).opens()
    clerk.presses(id_of(clerk.form, "s", OVERVIEW)).types(first, wording.DONE_TEXT)
    assert "监督保障" in clerk.text
    clerk.taps(Trigger.NONE_TEXT)
    (note,) = [one.text for one in clerk.said if one.kind is MessageKind.NOTE]

    assert "信息处理费" in note
    assert "监督保障" not in note


def with_text() -> Clerk:
    """
    A clerk who comes back to a text that stands, and sends another.
    """
    clerk = Clerk(answers=whole({PROBLEMS: "旧的文字。"})).opens()
    return clerk.presses(id_of(clerk.form, "s", PROBLEMS)).types("新的文字。")


def test_a_text_where_one_stands_is_asked_about():
    """
    Nothing is replaced before the clerk has said so.
    """
    clerk = with_text()

    assert State.CONFIRM is clerk.at[0]
    assert "旧的文字。" == clerk.figure(PROBLEMS)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (wording.REPLACE, "新的文字。"),
        (wording.APPEND, "旧的文字。\n新的文字。"),
        (wording.KEEP_OLD, "旧的文字。"),
    ],
)
def test_a_text_is_replaced_added_to_or_kept(label: str, text: str):
    """
    One tap each.
    """
    assert text == with_text().taps(label).figure(PROBLEMS)


def test_a_second_piece_while_the_question_stands_is_part_of_the_new_text():
    """
    A long paste comes in two messages; the second must not be lost.
    """
    clerk = with_text().types("还有一段。")

    assert "旧的文字。" == clerk.figure(PROBLEMS)
    assert "新的文字。\n还有一段。" == clerk.taps(Trigger.REPLACE).figure(PROBLEMS)


def test_a_replaced_text_can_be_added_to_and_is_then_done():
    """
    More pieces may follow a replacement.
    """
    clerk = with_text().taps(Trigger.REPLACE).types("还有一段。", wording.DONE_TEXT)

    assert "新的文字。\n还有一段。" == clerk.figure(PROBLEMS)
    assert State.NARRATIVE is not clerk.at[0]


def test_an_uploaded_text_is_the_text():
    """
    A file is one message.
    """
    assert "文件里的正文。" == before_text(MATTERS).sends("六.txt", "文件里的正文。").figure(
        MATTERS
    )


def test_nothing_is_an_answer_to_section_six_but_not_to_five():
    """
    「无。」 is offered where the form accepts it; elsewhere it is refused, under its heading too.
    """
    six = before_text(MATTERS).taps(Trigger.NONE_TEXT)
    assert "无。" == six.figure(MATTERS)

    for section in (OVERVIEW, PROBLEMS):
        other = before_text(section)
        assert Trigger.NONE_TEXT not in other.verbs
        heading = other.form.section[section].heading
        for typed in ("无", "（无）。", "没有", f"{heading}\n无。", f"{heading}\n略"):
            other.types(typed)
            assert MessageKind.REFUSAL in [said.kind for said in other.said], typed
            assert None is other.figure(section)


def test_a_tap_on_nothing_never_replaces_a_text():
    """
    An old 「无。」 when a text has been written meanwhile.
    """
    clerk = before_text(MATTERS)
    clerk.types(TEXTS[MATTERS], wording.DONE_TEXT).presses(id_of(clerk.form, "none", MATTERS))

    assert TEXTS[MATTERS] == clerk.figure(MATTERS)


def test_rewriting_keeps_the_old_text_until_the_new_one_comes():
    """
    「重写」 and a change of mind must not cost the text.
    """
    clerk = Clerk(answers=whole()).opens()
    clerk.presses(id_of(clerk.form, "s", PROBLEMS)).taps(Trigger.REWRITE).commands("menu")

    assert TEXTS[PROBLEMS] == clerk.figure(PROBLEMS)


def test_rewriting_replaces_without_another_question():
    """
    After 「重写」 the next message is the text.
    """
    clerk = Clerk(answers=whole()).opens()
    clerk.presses(id_of(clerk.form, "s", PROBLEMS)).taps(Trigger.REWRITE).types(
        "问题：宣传不够。措施：加强培训。"
    )

    assert "问题：宣传不够。措施：加强培训。" == clerk.figure(PROBLEMS)


@pytest.mark.parametrize(
    "text", ["{{7*7}}甲", "{% raw %}甲", "<b>甲&amp;</b>", "甲</w:t>", "A&B <c>甲"]
)
def test_nothing_typed_is_interpreted(text: str):
    """
    It stands as it was typed.
    """
    assert text == before_text(MATTERS).types(text).figure(MATTERS)


def test_a_text_too_long_to_be_true_is_refused_and_not_cut():
    """
    100,001 characters.
    """
    clerk = before_text(OVERVIEW).types("字" * 100_001)

    assert clerk.refused
    assert clerk.figure(OVERVIEW) is None


def test_control_characters_are_taken_out_and_the_clerk_is_told():
    """
    A document cannot hold them.
    """
    clerk = before_text(MATTERS).types("无\x00其他\x07事项。\ud800")

    assert "无其他事项。" == clerk.figure(MATTERS)
    assert MessageKind.NOTE in [one.kind for one in clerk.said]


def test_a_text_is_shown_whole_in_messages_that_a_phone_can_take():
    """
    Emoji count twice at Telegram.
    """
    text = "一二三。\n" * 900 + "😀" * 3000
    pieces = split_text(text, 3500)

    assert "".join(text.split()) == "".join("".join(pieces).split())
    assert all(len(piece.encode("utf-16-le")) // 2 <= 4096 for piece in pieces)


# -------------------------------------------------------------- later and back


def test_later_leaves_a_gap_that_the_contents_show():
    """
    The next question comes; the gap is named before the document.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST, Trigger.LATER)
    assert (State.LINE, "proactive_disclosure.normative_documents") == clerk.at

    clerk.types("0 0 0", "0", "0", "0", "0")
    assert State.TABLE is clerk.at[0]
    assert "规章" in clerk.card.text
    assert "差 3 格" in clerk.commands("menu").text


def test_back_shows_the_question_before_and_undoes_nothing():
    """
    「上一题」 after an answer: the answer stands on the card.
    """
    clerk = (
        Clerk().opens().taps(Trigger.FIGURES_FIRST).types("0 0 0", "0 0 0").taps(Trigger.PREVIOUS)
    )

    assert (State.LINE, "proactive_disclosure.normative_documents") == clerk.at
    assert {} == clerk.stored
    clerk.taps(wording.KEEP)
    assert (State.LINE, LICENSING) == clerk.at


def test_after_a_change_from_anywhere_the_clerk_is_where_they_were():
    """
    An answer in table three is changed while table two is asked, and in a text.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST).types("0 0 0")
    where = clerk.at
    clerk.presses(id_of(clerk.form, "o", "proactive_disclosure.rules")).types("0 0 0")
    assert where == clerk.at

    writing = before_text(OVERVIEW)
    writing.presses(id_of(writing.form, "o", LICENSING)).types("7")
    assert 7 == writing.figure(DECISIONS)
    assert (State.NARRATIVE, OVERVIEW) == writing.at


def chosen(clerk: Clerk) -> list[str]:
    """
    The rows that the card offers to choose from, by name.
    """
    rows = [b for row in clerk.card.buttons for b in row if b.id.startswith("o:")]
    return [clerk.form.lines[clerk.form.item[int(b.id.split(":")[1])]].short for b in rows]


def test_after_a_row_only_what_comes_next_is_offered():
    """
    The row just filled in, to change it, and five after it; all the others behind 「更多」.
    """
    clerk = Clerk().opens().taps("三、依申请公开", Trigger.ROWS, "部分公开").types("4 0 0 0 0 0")
    names = [line.short for line in clerk.form.tables[1].lines if clerk.session.is_open(line.id)]
    after = names[names.index("予以公开") + 1 :]

    assert ["部分公开", *after[:5]] == chosen(clerk)
    assert Trigger.ZERO_REST in clerk.verbs
    result = clerk.said[-2]
    assert (MessageKind.RESULT, ()) == (result.kind, result.buttons)
    clerk.taps(Trigger.MORE)
    assert 23 == len(set(chosen(clerk)))


def test_rows_that_had_something_last_year_are_offered_first():
    """
    What was there a year ago is likely this year.
    """
    unlikely = "requests.outcome.otherwise_handled.fee_overdue"
    before = whole({f"{unlikely}.other": 3})
    last = Report(ANNUAL_REPORT_2021, TOWN, 2024, before, Level.TOWNSHIP)
    clerk = Clerk(last_year=last).opens().taps("三、依申请公开", Trigger.ROWS)

    assert clerk.form.lines[unlikely].short == chosen(clerk)[0]


def test_a_name_that_only_one_row_has_opens_it():
    """
    Where rows are chosen; a name of several is looked for as everywhere.
    """
    clerk = Clerk().opens().taps("三、依申请公开", Trigger.ROWS).types("信访")
    assert (State.LINE, "requests.outcome.not_processed.petition_or_complaint") == clerk.at

    clerk.types("1 0 0 0 0 0", "不予公开")
    assert (State.ROWS, "requests") == clerk.at
    assert 8 == len([row for row in clerk.said[-2].buttons for _ in row])


def test_a_reply_to_an_old_question_answers_that_one():
    """
    In Telegram one may answer any card; the open question stays open.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST)
    clerk.types("12", item=LICENSING)

    assert {DECISIONS: 12} == clerk.stored
    assert (State.LINE, "proactive_disclosure.rules") == clerk.at


def test_a_reply_to_a_total_fills_no_other_question():
    """
    A figure sent in reply to what cannot be answered changes nothing.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST)
    for item in ("requests.received.total", "requests.outcome.total", "requests.carried_forward"):
        assert {} == clerk.types("5 5 5", item=item).stored


def test_a_yes_in_reply_to_the_question_that_is_open_confirms_it():
    """
    Some people answer every message by replying to it.
    """
    clerk = Clerk(answers=Answers(zeros(without=("proactive_disclosure",)))).opens()
    fee = "proactive_disclosure.administrative_fees"
    clerk.presses(id_of(clerk.form, "o", fee)).types("3500元").types("对", item=fee)

    assert "0.35" == str(clerk.figure(f"{fee}.amount"))


@pytest.mark.parametrize("command", ["menu", "cancel"])
@pytest.mark.parametrize("state", list(State))
def test_the_contents_can_be_reached_from_everywhere(state: State, command: str):
    """
    /menu and /cancel, from each place, without storing anything.
    """
    if state in (State.ORGAN, State.YEAR):
        return
    item = {
        State.LINE: LICENSING,
        State.CELL: DECISIONS,
        State.ROWS: "requests",
        State.TABLE: "requests",
        State.CARRY: "requests",
        State.NARRATIVE: OVERVIEW,
        State.WORDING: "title",
        State.TOTAL: "requests.received.total",
    }.get(state, "")
    clerk = Clerk(answers=whole(), place=Place(state, item).dumps()).opens()
    clerk.commands(command)

    assert State.CONTENTS is clerk.at[0]
    assert {} == clerk.stored


def test_a_word_finds_the_item_it_names():
    """
    「行政许可」 sent where no answer is asked.
    """
    clerk = Clerk().opens().types("行政许可")
    assert id_of(clerk.form, "o", LICENSING) in clerk.ever

    clerk.taps("行政许可").types("5")
    assert {DECISIONS: 5} == clerk.stored


def test_status_preview_and_help_do_not_disturb_the_open_question():
    """
    The same question stands again under them, shorter: how to answer was said.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST)
    card = clerk.card

    for command in ("status", "help", "preview"):
        clerk.commands(command)
        assert (card.asks, card.buttons) == (clerk.card.asks, clerk.card.buttons)
        assert 2 * len(clerk.card.text) < len(card.text)
    assert [False] == clerk.documents


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("/menu", Commanded("menu")),
        ("／ｍｅｎｕ", Commanded("menu")),
        (" / Menu。", Commanded("menu")),
        ("、menu", Commanded("menu")),
        ("\\menu", Commanded("menu")),
        ("/menu@nianbao_bot", Commanded("menu")),
        ("/year\u30002023", Commanded("year", "2023")),
        ("/invite 沂河县水利局（移民办）", Commanded("invite", "沂河县水利局（移民办）")),
        ("/目录", Commanded("目录")),
        ("/foo", Commanded("foo")),
        ("/etc/passwd", None),
        ("/2024年", None),
        ("/3", None),
        ("/本年度主动公开政府信息共计十件。", None),
        ("/menu\n第二行", None),
        ("、公开", None),
        ("menu", None),
    ],
)
def test_a_command_is_known_however_a_keyboard_writes_it(typed: str, command: Commanded | None):
    assert command == command_in(typed)


@pytest.mark.parametrize("name", ["foo", "导出", "x-1"])
@pytest.mark.parametrize("place", ["overview", "title", DECISIONS, ""])
def test_a_command_that_there_is_none_of_is_refused_and_the_question_stands(name: str, place: str):
    """
    Nothing of it is an answer, and it is named.
    """
    clerk = Clerk().opens()
    if place:
        clerk.presses(id_of(ANNUAL_REPORT_2021, "o", place))
    card = clerk.card

    clerk.commands(name)

    assert clerk.refused
    assert name in clerk.said[0].text
    assert card.asks == clerk.asks
    assert {} == clerk.stored


@pytest.mark.parametrize(("name", "state"), [("目录", State.CONTENTS), ("跳过", State.LINE)])
def test_behind_a_stroke_a_word_means_what_it_means_without(name: str, state: State):
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST)
    at = clerk.at

    clerk.commands(name)

    assert state is clerk.at[0]
    assert at != clerk.at


def test_what_is_seldom_tapped_is_behind_one_button():
    """
    「更多」 shows the same question with every button, the way on still first.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST)
    before = clerk.card

    clerk.taps(Trigger.MORE)

    assert before.asks == clerk.asks
    assert set(clerk.verbs) > {*map(verb_of, before.buttons[0]), Trigger.COUNTS, Trigger.MENU}
    assert before.buttons[0] == clerk.card.buttons[0]
    assert Trigger.MORE not in clerk.verbs


@pytest.mark.parametrize(
    "way", [("三、依申请公开", Trigger.ROWS), ("三、依申请公开",), ("一、总体情况",)]
)
def test_more_may_be_typed_as_every_label(way: tuple[str | Trigger, ...]):
    """
    Where rows are chosen, a figure or a text is asked: it is no name, figure or text.
    """
    tapped = Clerk().opens().taps(*way).taps(Trigger.MORE)
    typed = Clerk().opens().taps(*way).types(wording.MORE)

    assert tapped.card == typed.card
    assert tapped.at == typed.at


# ----------------------------------------------------------- wording, review, end


def test_title_introduction_and_signature_are_one_tap_by_default():
    """
    「全部按默认」: the official title, no introduction, no signature.
    """
    clerk = Clerk(answers=Answers(zeros(without=("title", MATTERS)))).opens()
    clerk.taps(wording.GO_ON, Trigger.NONE_TEXT)
    assert ("title",) == clerk.asks

    clerk.taps(Trigger.ALL_DEFAULT)
    assert f"{TOWN}\n2025年政府信息公开工作年度报告" == clerk.figure("title")
    assert "" == clerk.figure("introduction")
    assert "" == clerk.figure("signature")
    assert State.REVIEW is clerk.at[0]


def test_a_title_of_its_own_in_two_lines_and_a_signature_with_its_date():
    """
    Asked one after another; the date in any usual form.
    """
    clerk = Clerk(answers=Answers(zeros(without=("title",)))).opens()
    clerk.taps(Trigger.REVIEW, Trigger.FINAL)
    clerk.types(
        "雷鸣镇 / 2025年度信息公开报告", wording.NO_INTRODUCTION, "雷鸣镇人民政府", "2026-1-15"
    )

    assert "雷鸣镇\n2025年度信息公开报告" == clerk.figure("title")
    assert "" == clerk.figure("introduction")
    assert TOWN == clerk.figure("signature")
    assert "2026年1月15日" == clerk.figure("signature_date")


def test_the_organs_wording_of_another_year_is_the_default_with_its_year_advanced():
    """
    Asked once for an organ, kept for the next year.
    """
    kept = {
        "title": "雷鸣镇\n2024年度信息公开报告",
        "introduction": "现公布2024年报告。",
        "signature": "",
        "table_breaks": "whole",
    }
    clerk = Clerk(
        answers=Answers(zeros(without=("title",))), kept_wording=kept, kept_year=2024
    ).opens()
    clerk.taps(Trigger.REVIEW, Trigger.FINAL, Trigger.ALL_DEFAULT)

    assert "雷鸣镇\n2025年度信息公开报告" == clerk.figure("title")
    assert "现公布2025年报告。" == clerk.figure("introduction")
    assert "whole" == clerk.figure("table_breaks")


def test_a_typed_yes_answers_the_table_that_is_played_back():
    """
    「对吗？」 and 「对」: as good as the button. 「不对」 shows the rows to choose from.
    """
    clerk = Clerk().opens().taps("二、主动公开", Trigger.ZERO_REST)
    assert (State.TABLE, "proactive_disclosure") == clerk.at

    clerk.types("不对")
    assert (State.ROWS, "proactive_disclosure") == clerk.at
    clerk.taps(wording.GO_ON).types("对")

    assert "requests" == clerk.form.section_of[clerk.at[1]].id


def test_a_figure_where_none_is_asked_is_not_recorded():
    """
    It names no row, though 「4」 stands in the official wording of some.
    """
    clerk = Clerk().opens().taps("三、依申请公开", Trigger.ROWS).types("4", "自然人4 其余0")

    assert [] == clerk.saved
    assert wording.WHICH_FIGURE.format(text="自然人4 其余0") == clerk.said[0].text


def test_a_kept_introduction_keeps_its_numbers_that_are_no_years():
    """
    A telephone number or a document number with last year's digits stays as it is.
    """
    kept = {
        "title": "雷鸣镇政府信息公开工作年度报告（2024）",
        "introduction": "依据国办函〔2024〕30号，自2024年1月1日起至2024年12月31日止"
        "（邮编：202400，电话：0898-63822024）。",
        "signature": "",
    }
    clerk = Clerk(
        answers=Answers(zeros(without=("title",))), kept_wording=kept, kept_year=2024
    ).opens()
    clerk.taps(Trigger.REVIEW, Trigger.FINAL, Trigger.ALL_DEFAULT)

    assert "雷鸣镇政府信息公开工作年度报告（2025）" == clerk.figure("title")
    assert (
        "依据国办函〔2024〕30号，自2025年1月1日起至2025年12月31日止"
        "（邮编：202400，电话：0898-63822024）。" == clerk.figure("introduction")
    )


def test_the_final_document_waits_for_gaps():
    """
    An old 「生成正式文件」 shows what is missing instead.
    """
    clerk = Clerk(answers=Answers(zeros(without=(LICENSING,)))).opens().presses("fin")

    assert [] == clerk.documents
    assert State.REVIEW is clerk.at[0]
    assert "行政许可" in clerk.card.text


def test_a_draft_can_be_had_at_any_time():
    """
    From an empty report, too.
    """
    clerk = Clerk().opens().taps(Trigger.DRAFT)

    assert [False] == clerk.documents
    assert not clerk.session.final


def test_the_final_document_is_made_once_everything_is_there():
    """
    One tap from the review.
    """
    clerk = done().taps(Trigger.FINAL)

    assert [True] == clerk.documents
    assert State.DONE is clerk.at[0]
    assert clerk.session.final


def test_a_change_after_the_final_document_says_at_once_that_the_file_is_out_of_date():
    """
    What changed is shown, and a new file is offered.
    """
    clerk = done().taps(Trigger.FINAL)
    clerk.presses(id_of(clerk.form, "o", LICENSING)).types("9")

    assert {DECISIONS: (0, 9)} == clerk.session.changed
    assert wording.FINAL_STALE in clerk.text
    clerk.taps(Trigger.REVIEW) if wording.REVIEW in clerk.labels else clerk.commands("menu").taps(
        Trigger.REVIEW
    )
    assert "0 → 9" in clerk.card.text
    assert [True] == clerk.taps(Trigger.FINAL).documents
    assert {} == clerk.session.changed


def test_a_change_that_is_taken_back_leaves_the_file_as_it_is():
    """
    9 and then 0 again: nothing is out of date.
    """
    clerk = done().taps(Trigger.FINAL)
    clerk.presses(id_of(clerk.form, "o", LICENSING)).types("9")
    clerk.presses(id_of(clerk.form, "o", LICENSING)).types("0")

    assert {} == clerk.session.changed


def test_starting_again_asks_plainly_and_keeps_the_record():
    """
    Each answer is taken away with its value in the history; no is the first button.
    """
    clerk = Clerk(answers=whole()).opens().commands("restart")
    assert {} == clerk.stored
    assert Trigger.RESTART_NO is clerk.verbs[0]

    count = len(clerk.session.answers)
    clerk.taps(Trigger.RESTART_YES)
    assert count == len(clerk.stored)
    assert {None} == set(clerk.stored.values())
    assert all(save.before is not None for save in clerk.saved)
    assert State.CONTENTS is clerk.at[0]


def test_an_old_button_to_start_again_only_asks():
    """
    Last week's 「清空并重新开始」 clears nothing today.
    """
    clerk = Clerk(answers=whole()).opens().presses("rsty")

    assert {} == clerk.stored


def test_not_starting_again_goes_back_to_where_they_were():
    """
    The question that was open is open again.
    """
    clerk = Clerk().opens().taps(Trigger.FIGURES_FIRST)
    where = clerk.at

    assert where == clerk.commands("restart").taps(Trigger.RESTART_NO).at


def test_what_to_ask_colleagues_is_one_message_to_forward():
    """
    Every table and text is named.
    """
    clerk = Clerk().opens().taps(Trigger.PREPARE)

    assert "行政许可" in clerk.said[0].text
    assert State.CONTENTS is clerk.at[0]


# ----------------------------------------------------------------- old buttons


@pytest.mark.parametrize(
    "button", ["", "x", "z", "z:", "z:99999", "z:21:zz", "ok", "ok:1:2", "typed"]
)
def test_a_button_that_never_was_is_a_mistake_of_the_caller(button: str):
    """
    A door asks first; the machine does not guess.
    """
    clerk = Clerk().opens()

    assert not knows_button(clerk.session, button)
    with pytest.raises(ImpossibleEvent):
        clerk.does(Tapped(button))


def test_a_stored_place_of_another_version_becomes_the_contents():
    """
    Garbage, or an item that this form does not have.
    """
    for place in ("", "{}", "nonsense", '{"state": "moon"}', Place(State.LINE, "moon").dumps()):
        clerk = Clerk(answers=whole(), place=place).opens()
        assert State.CONTENTS is clerk.at[0]


def test_leaving_what_waits_to_be_confirmed_says_that_it_was_not_taken():
    """
    A text that was sent while another stands is not dropped without a word.
    """
    clerk = Clerk(answers=Answers({"other_matters": "无。"})).opens().presses("s:6")
    clerk.types("按规定，本年收取信息处理费0元。")
    assert State.CONFIRM is clerk.session.place.state

    clerk.commands("menu")

    notes = [one for one in clerk.shown if isinstance(one, Say) and one.kind is MessageKind.NOTE]
    assert 1 == len(notes)
    assert "无。" == clerk.session.answers.text("other_matters")


def test_a_finished_text_whose_message_is_edited_is_checked_again():
    """
    The piece is put in its place; a finding in it stops the clerk there, wherever that leads.
    """
    clerk = Clerk(answers=whole(without=("overview",))).opens().presses("s:1")
    clerk.types(TEXTS["overview"], order=7).taps(Trigger.DONE_TEXT).presses("s:1")

    clerk.types("2024年，本机关共收到申请3件。", order=7)

    assert {"overview": "2024年，本机关共收到申请3件。"} == clerk.stored
    assert State.FINDING is clerk.at[0]
