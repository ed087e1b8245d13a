"""
Answers as clerks really type them, kind by kind, and what is never guessed.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.answers.answer import read_answer
from conversations.answers.figure import Reason, Refusal
from conversations.answers.question import Reading
from conversations.checks.findings import Report
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers, Number
from conversations.form.model import Line, LineKind
from conversations.talk.effects import MessageKind
from conversations.talk.events import Uploaded
from conversations.talk.session import Asking, State
from conversations.talk.triggers import SAID, Trigger
from tests.dialogue import TOWN, Clerk, id_of, whole

LICENSING = FORM.lines["proactive_disclosure.licensing"]
PENALTIES = FORM.lines["proactive_disclosure.penalties"]
FEES = FORM.lines["proactive_disclosure.administrative_fees"]
DOCUMENTS = FORM.lines["proactive_disclosure.normative_documents"]
RECEIVED = FORM.lines["requests.received"]
YEAR = 2025


def answer(text: str, line: Line = LICENSING) -> Reading | Refusal:
    lines = FORM.section_of[line.id].body.lines  # type: ignore[union-attr]
    return read_answer(text, line.cells, FORM, lines[lines.index(line) :], YEAR)


def figures(text: str, line: Line = RECEIVED) -> list[Number | None] | Reason:
    """
    The figures of a line, None where one is not said; or why nothing was taken.
    """
    read = answer(text, line)
    if isinstance(read, Refusal):
        return read.reason
    assert not read.conversions
    return [read.values.get(cell.id) for cell in line.cells]


def total(text: str) -> Number | None:
    read = answer(text, RECEIVED)
    assert isinstance(read, Reading)
    return (read.totals or {}).get("requests.received.total")


@pytest.mark.parametrize(
    "text",
    [
        *("不涉及", "无此项", "今年没有", "无此类", "无此类事项", "我镇不涉及此项", "本年度未发生"),
        *("没有发生", "暂无", "零件", "没有行政许可", "未办理行政许可", "行政许可无", "没办过"),
        *("莫得", "木有", "没有啊", "一件都没办", "嗯，没有", "行政许可0件"),
        *("无（0件）", "没有，填0", "0件，没有", "0（无）", "一件都没有", "本年没有办理", "零报告"),
    ],
)
def test_there_was_none_of_it_however_it_is_said(text):
    """
    Of the question's own subject, this year.
    """
    assert [0] == figures(text, LICENSING)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "没有处罚",
            "未填",
            "没填",
            "没统计",
            "未统计",
            "没有数据",
            "无数据",
            "不详",
            "未知",
            "空",
        ),
        *("有没有", "没有？", "没有吗", "是不是没有", "还没有", "大概没有", "几乎没有", "基本没有"),
        *("数十件", "十几", "几十件", "十来件", "三五件", "若干", "二三十件", "一二十", "12?13"),
        *("没有问题", "没有变化", "没有没有", "无/有", "不是", "不予公开", "去年没有", "好像没有"),
    ],
)
def test_what_is_not_known_or_not_sure_is_no_figure(text):
    """
    Nor is what was none of something else, a question, or a number that nobody counted.
    """
    assert isinstance(answer(text), Refusal)


def test_a_fee_that_was_not_taken_is_zero():
    """
    未收费 and 免收 are said of money alone.
    """
    said = ("未收费", "不收费", "没有收费", "免收", "免费", "未收取费用", "没有收费项目")

    assert [[0]] * len(said) == [figures(text, FEES) for text in said]
    assert isinstance(answer("免费"), Refusal)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "12人",
            "12户",
            "12宗",
            "12件次",
            "办理12件",
            "今年办理了12件",
            "12（件）",
            "12 件",
            "十二件",
        ),
        *(
            "本年共办理行政许可12件",
            "12件行政许可",
            "许可12件",
            "行政许可（12）",
            "行政许可决定12件",
        ),
        *(
            "１２",
            "1️⃣2️⃣",
            "⑫",
            "壹拾贰",
            "就是12",
            "2025年12件",
            "2025年度办理12件",
            "二〇二五年共12件"[6:],
        ),
    ],
)
def test_words_around_a_figure_that_change_nothing_are_left_out(text):
    """
    The question's own names, this year, what is counted and how.
    """
    assert [12] == figures(text, LICENSING)


NOT_EXACT = (
    *(
        "约{}",
        "大概{}",
        "大约{}件",
        "近{}",
        "{}左右",
        "{}上下",
        "{}多",
        "{}余件",
        "{}以上",
        "不到{}",
    ),
    *(
        "至少{}",
        "最多{}",
        "超{}",
        "{}吧",
        "{}？",
        "应该是{}",
        "好像{}",
        "可能{}",
        "估计{}",
        "差不多{}",
    ),
    *(
        "{0}-{1}",
        "{0}～{1}",
        "{0}—{1}",
        "{0}至{1}",
        "{0}到{1}",
        "{0}或{1}",
        "{0}或者{1}",
        "{0}/{1}",
    ),
    *(
        "{0}＋{1}",
        "{0}+{1}",
        "{0}加{1}",
        "2023年{}件",
        "23年{}件",
        "去年{}件",
        "上年{}",
        "上半年{}件",
    ),
    *(
        "截至12月{}件",
        "{}件，其中撤销2件",
        "{}件（含撤销2件）",
        "{}件，去年{}件",
        "第{}",
        "{}%",
        "{}年",
    ),
    *("{}月", "{}个月", "{}①", "不是{}", "没有{}", "处罚{}件", "行政处罚{}", "废止{}件", "{}⇥{}"),
)


@given(st.integers(0, 9_999), st.integers(1, 99), st.sampled_from(NOT_EXACT))
@settings(max_examples=300)
def test_what_is_not_exactly_this_figure_is_refused_for_every_number(value, other, pattern):
    """
    Approximate, a range, an alternative, a sum, another year's, another's: not even offered.
    """
    text = pattern.format(value, other).replace("⇥", "\t")
    in_a_row = [f"{text} 0 0 0 0 0", f"自然人{text}，其余0"] if "\t" not in text else []

    assert isinstance(answer(text), Refusal)
    for row in in_a_row:
        read = answer(row, RECEIVED)
        assert isinstance(read, Refusal) or pattern == "{0}/{1}"


@given(
    st.lists(st.integers(0, 99_999), min_size=6, max_size=6),
    st.sampled_from(["件", "个", "人", "宗", "次", "起", "项", "份", "条", "户", ""]),
    st.sampled_from([" ", "、", "，", "；", "/", "|", "\t", "\n", ", "]),
    st.sampled_from(["{}", "[{}]", "（{}）", "【{}】", "新收：{}", "{}。"]),
    st.sampled_from(["", "总计{}", "共{}件", "（合计{}）"]),
)
@settings(max_examples=200)
def test_any_way_of_writing_six_figures_gives_the_same_six(values, unit, between, around, last):
    """
    With their units, whatever parts them, in brackets, with the total behind; or refused.
    """
    written = around.format(between.join(f"{value}{unit}" for value in values))
    if last:
        written = f"{written} {last.format(sum(values))}"
    read = answer(written, RECEIVED)

    if isinstance(read, Refusal):
        # Commas may be within thousands; a column or tabs with a total in words are no row.
        assert "," in between.replace("，", ",") or last or between in "\t\n"
        return
    assert values == [read.values[cell.id] for cell in RECEIVED.cells]
    assert {sum(values)} >= set((read.totals or {}).values())
    assert not last or read.totals


@given(
    st.permutations(range(6)), st.lists(st.integers(0, 9_999), min_size=6, max_size=6), st.data()
)
@settings(max_examples=200)
def test_a_name_and_its_figure_are_one_in_either_order(order, values, data):
    """
    自然人3 or 3个自然人, in any sequence, with brackets, sums before and behind.
    """
    between = data.draw(st.sampled_from(["，", "、", "；", " ", "\n"]))
    shape = data.draw(
        st.sampled_from(["{1}{0}件", "{0}个{1}", "{1}（{0}）", "{1}：{0}", "{0}件（{1}）"])
    )
    whole = sum(values)
    first = data.draw(st.sampled_from(["", f"共{whole}件，", f"本年新收{whole}件，其中", "新收："]))
    said = between.join(shape.format(values[i], RECEIVED.cells[i].column.name) for i in order)
    read = answer(first + said, RECEIVED)

    assert isinstance(read, Reading), first + said
    assert values == [read.values[cell.id] for cell in RECEIVED.cells]
    assert {whole} >= set((read.totals or {}).values())


@pytest.mark.parametrize(
    ("text", "row", "claimed"),
    [
        ("3件1件0件0件0件0件", [3, 1, 0, 0, 0, 0], None),
        ("3/1/0/0/0/0", [3, 1, 0, 0, 0, 0], None),
        ("[3,1,0,0,0,0]", [3, 1, 0, 0, 0, 0], None),
        ('{"自然人": 3, "商业企业": 1}', [3, 1, None, None, None, None], None),
        ("3个自然人1个企业", [3, 1, None, None, None, None], None),
        ("自然人（3）企业（1）", [3, 1, None, None, None, None], None),
        ("公司1家，个人3个，其余没有", [3, 1, 0, 0, 0, 0], None),
        ("自然人三个，企业一个，其余为零", [3, 1, 0, 0, 0, 0], None),
        ("收到自然人申请3件，企业申请1件", [3, 1, None, None, None, None], None),
        ("3 1 0 0 0 0 总计 4", [3, 1, 0, 0, 0, 0], 4),
        ("3 1 0 0 0 0（共5件）", [3, 1, 0, 0, 0, 0], 5),
        ("合计4 3 1 0 0 0 0", [3, 1, 0, 0, 0, 0], 4),
        ("总计4：3 1 0 0 0 0", [3, 1, 0, 0, 0, 0], 4),
        ("本年新收4件，其中自然人3件、企业1件，其余为0", [3, 1, 0, 0, 0, 0], 4),
        ("今年收到4件，其中3个自然人，1个企业", [3, 1, None, None, None, None], 4),
        ("共4件：自然人3，企业1", [3, 1, None, None, None, None], 4),
        ("3 1 4个0", [3, 1, 0, 0, 0, 0], None),
        ("3，1，四个零", [3, 1, 0, 0, 0, 0], None),
        ("1️⃣ ② ３ 四 0 0", [1, 2, 3, 4, 0, 0], None),
    ],
)
def test_a_row_in_a_sentence_is_understood(text, row, claimed):
    """
    A total that comes along is compared, wherever it stands, and is never a column's figure.
    """
    assert (row, claimed) == (figures(text), total(text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "自然人3个企业",
            "自然人 3 1 企业",
            "3 自然人 1",
            "3，自然人，1，企业",
            "自然人3，1，企业2",
        ),
        *(
            "自然人3，其中企业1",
            "其中自然人3",
            "自然人3其中1件撤回",
            "自然人和企业共4件",
            "国有企业3",
        ),
        *(
            "自然人、企业分别为3、1",
            "自然人3件（上年2件），企业1",
            "自然人3 其余不清楚",
            "新收3 其余0",
        ),
        *(
            "共3 其余0",
            "新收 1,234,0,0,0,0,100",
            "314个0",
            "3 14个0",
            "3 1 0 0 0",
            "2023/12/31 0 0 0",
        ),
        *("①3 ②1 ③0 ④0 ⑤0 ⑥0", "3-1-0-0-0-0", "3+1+0+0+0+0", "3 1-2 0 0 0 0", "自然人2-3，其余0"),
        *("2023年自然人3件", "自然人3上年结转2", "没有复议", "3 约1 0 0 0 0", "自然人3？其余0"),
    ],
)
def test_a_sentence_with_two_readings_is_refused_whole(text):
    """
    Nothing of it is taken.
    """
    assert isinstance(answer(text, RECEIVED), Refusal)


@pytest.mark.parametrize(
    "text",
    [
        *("3 / 1 / 0 / 0 / 0 / 0", "3.1.0.0.0.0", "3。1。0。0。0。0", "3件/ 1件/ 0/ 0/ 0/ 0"),
        *("3 1 0 0 0 0 ✅", "3 1 0 0 0 0👍🏻", "3 1 0 0 0 0，谢谢", "呃3 1 0 0 0 0"),
        *("嗯自然人3，呃企业1，其余0", "自然人嘛三件，企业嘛一件，剩下都是零啊"),
        "自然人提出3件，企业提出1件，其余为0",
    ],
)
def test_a_row_is_read_past_one_kind_of_mark_and_what_means_nothing(text):
    assert [3, 1, 0, 0, 0, 0] == figures(text)


@pytest.mark.parametrize("text", ["本年新收0件", "新收0件", "2025年新收申请0件"])
def test_a_row_that_is_nought_by_its_own_name_is_nought_in_every_column(text):
    assert [0, 0, 0, 0, 0, 0] == figures(text)


@pytest.mark.parametrize("text", ["1嗯2", "12👎", "12❓", "25-1-3", "1-2-3", "一件没办", "嗯"])
def test_what_means_nothing_never_joins_figures_nor_hides_a_doubt(text):
    assert isinstance(answer(text), Refusal)
    assert isinstance(answer(text, FORM.lines["proactive_disclosure.rules"]), Refusal)


@pytest.mark.parametrize(
    "text",
    [
        *("未收到申请", "没有收到依申请公开申请", "没有申请", "今年无人申请", "无此类申请"),
        *("本年未收到政府信息公开申请", "未收到任何申请"),
    ],
)
def test_that_nothing_was_asked_for_is_a_row_of_zeros_to_be_confirmed(text):
    """
    Nothing is stored before the yes.
    """
    clerk = at(RECEIVED.id).types(text)

    assert Asking.BLANKS is (clerk.session.place.pending and clerk.session.place.pending.asking)
    assert [None] * 6 == clerk.row(RECEIVED.id)
    assert [0] * 6 == clerk.types("对").row(RECEIVED.id)


@pytest.mark.parametrize("text", ["20231231", "20231231件", "202312", "2025", "2024"])
def test_what_looks_like_a_date_is_asked_about(text):
    """
    A yes keeps it, anything else does not.
    """
    clerk = at(LICENSING.id).types(text)

    assert clerk.figure(LICENSING.cells[0].id) is None
    value = int(text.removesuffix("件"))
    assert [value] == clerk.taps(Trigger.YES).row(LICENSING.id)


def test_a_date_with_marks_is_no_figure():
    """
    Not even where three figures are asked.
    """
    for text in ("2023-12-31", "2023/12/31", "2023.12.31", "2023年12月31日", "12月31日"):
        assert isinstance(answer(text), Refusal)
        assert isinstance(answer(text, DOCUMENTS), Refusal)


@pytest.mark.parametrize("text", ["7\t3", "7 3", "7、3", "7\n3", "7/3", "7,3", "7，3", "7\t\t3"])
def test_two_values_are_no_single_figure(text):
    """
    Whatever parts them.
    """
    assert isinstance(answer(text), Refusal)


# ------------------------------------------------------------------------ blocks


def block(*left_out: int, totals: bool = False) -> str:
    """
    Table three without labels, every row different, some rows left out.
    """
    lines = FORM.tables[1].lines
    asked = [line for line in lines if line.kind is LineKind.ASKED]
    rows = [[(7 * i + 3 * j) % 5 + 1 for j in range(6)] for i in range(len(asked))]
    results = rows[2:]
    if totals:
        kept = [row for i, row in enumerate(results, 2) if i not in left_out]
        rows += [[sum(row[j] for row in kept) for j in range(6)]]
    return "\n".join("\t".join(map(str, row)) for i, row in enumerate(rows) if i not in left_out)


@pytest.mark.parametrize("left_out", [(0,), (5,), (22,), (4, 9), (1, 7, 12), tuple(range(10, 20))])
def test_a_block_without_labels_that_lacks_rows_is_refused(left_out):
    """
    Which row is missing cannot be seen.
    """
    refused = answer(block(*left_out), RECEIVED)

    assert isinstance(refused, Refusal)
    assert (Reason.ROW_LOST, 23) == (refused.reason, refused.expected)


def test_a_row_of_totals_in_the_place_of_the_last_row_is_noticed():
    """
    Twenty-two rows and their sums are as many rows as are asked.
    """
    shifted, whole = answer(block(9, totals=True), RECEIVED), answer(block(totals=True), RECEIVED)

    assert isinstance(shifted, Refusal)
    assert isinstance(whole, Reading)
    assert 23 * 6 == len(whole.values)


# ------------------------------------------------------------- words for buttons


def at(line: str, last_year: Report | None = None) -> Clerk:
    clerk = Clerk(last_year=last_year).opens()
    return clerk.presses(id_of(FORM, "o", line))


def known(**values: int) -> Report:
    cells = {cell.id: 0 for line in FORM.lines.values() for cell in line.cells}
    stored = {**cells, LICENSING.cells[0].id: 295, **values}
    return Report(FORM, "雷鸣镇人民政府", 2024, Answers(stored))


@pytest.mark.parametrize(
    "text", ["同上年", "和去年一样", "跟去年一样", "与上年相同", "同去年。", "去年一样"]
)
def test_as_last_year_is_the_button(text):
    """
    Where last year is known; else it is said that it is not.
    """
    assert [295] == at(LICENSING.id, known()).types(text).row(LICENSING.id)
    unknown = at(LICENSING.id).types(text)
    assert ([None], LICENSING.id) == (unknown.row(LICENSING.id), unknown.session.place.item)
    assert MessageKind.REFUSAL not in {said.kind for said in unknown.said}


@pytest.mark.parametrize("text", ["上一步", "返回", "上一题", "返回上一题", "回去"])
def test_a_step_back_is_the_button(text):
    """
    On the first question of a table it leads to the list.
    """
    assert LICENSING.id == at(PENALTIES.id).types(text).session.place.item
    assert State.CONTENTS is at("proactive_disclosure.rules").types(text).session.place.state


@pytest.mark.parametrize("text", ["跳过", "先跳过", "稍后", "稍后再填", "下一题"])
def test_what_is_skipped_waits_for_later(text):
    """
    A figure as well as a text.
    """
    clerk = at(LICENSING.id).types(text)

    assert (PENALTIES.id, [None]) == (clerk.session.place.item, clerk.row(LICENSING.id))
    text_ = at("overview").types(text)
    assert "overview" != text_.session.place.item
    assert text_.session.answers.text("overview") is None


@pytest.mark.parametrize("text", ["不知道", "不清楚", "不会填", "不知道。", "不确定"])
def test_who_does_not_know_is_told_what_is_meant_and_goes_on(text):
    """
    The question waits, like one that is put off.
    """
    clerk = at(LICENSING.id).types(text)

    assert PENALTIES.id == clerk.session.place.item
    assert LICENSING.counts in clerk.text
    assert LICENSING.counts in at(LICENSING.id).types("什么意思").text


def test_a_word_for_a_button_never_becomes_a_text():
    """
    Neither of a section nor of the title.
    """
    overview, title = at("overview"), at("title")
    for word in SAID:
        assert replace(overview).types(word).session.answers.text("overview") is None
        assert replace(title).types(word).session.answers.text("title") is None


@pytest.mark.parametrize(
    "text",
    [
        "完成。",
        "写完了",
        "好了",
        "发完了！",
        "就这些了",
        "没有了",
        "下一步",
        "done",
        "/done",
        "Done.",
    ],
)
def test_a_text_is_ended_by_what_people_say_for_it(text):
    """
    The word never stands in the text.
    """
    clerk = Clerk(answers=whole({}, without=("other_matters",))).opens()
    clerk.presses("s:6").types("没有其他需要报告的事项。", text)

    assert State.NARRATIVE is not clerk.at[0]
    assert "没有其他需要报告的事项。" == clerk.figure("other_matters")


@pytest.mark.parametrize("end", ["完成", "写完了。", "/done", "以上，完成"])
def test_what_ends_a_text_may_stand_on_the_last_line_of_it(end):
    """
    A line with more on it than such a word is one of the text.
    """
    clerk = Clerk(answers=whole({}, without=("other_matters",))).opens()
    clerk.presses("s:6").types(f"没有其他需要报告的事项。\n{end}\n")

    ends = end != "以上，完成"
    assert ends is (clerk.at[0] is not State.NARRATIVE)
    said = "" if ends else f"\n{end}"
    assert f"没有其他需要报告的事项。{said}" == clerk.figure("other_matters")


@pytest.mark.parametrize(
    "text",
    ["谢谢", "你好", "OK", "好的", "👍", "？", "菜单", "12件", "自然人3 企业1", "撤回", "修改"],
)
@pytest.mark.parametrize("first", ["没有其他需要报告的事项。", ""])
def test_what_is_said_to_a_person_or_of_a_table_is_no_part_of_a_text(text, first):
    clerk = Clerk(answers=whole({}, without=("other_matters",))).opens().presses("s:6")
    if first:
        clerk.types(first)
    clerk.types(text)

    assert (first or None) == clerk.figure("other_matters")


@pytest.mark.parametrize(
    "text",
    [
        "待补充",
        "见附件",
        "（略）",
        "同上",
        "（内容）",
        "12345",
        "N/A",
        "此处填写",
        "××××",
        "见附件2",
    ],
)
@pytest.mark.parametrize(
    "item", ["overview", "other_matters", "title", "introduction", "signature"]
)
def test_a_placeholder_is_refused_with_what_to_send(item, text):
    """
    In the words it came in; nothing is stored, alone or behind a text.
    """
    clerk = at(item).types(text)
    assert clerk.refused
    assert text in clerk.said[0].text
    assert clerk.figure(item) is None

    if item in FORM.section:
        clerk.types("本机关依法公开政府信息。", text)
        assert clerk.refused
        assert "本机关依法公开政府信息。" == clerk.figure(item)


def test_a_placeholder_in_a_file_is_refused_and_replaces_no_sentence():
    """
    Whatever way it comes; what stands stays.
    """
    clerk = at("overview").does(Uploaded("一.docx", "（内容）"))
    assert clerk.refused
    clerk.types("本机关依法公开政府信息。", "完成").presses("ps:1").taps(Trigger.PASSAGE)
    clerk.types("待补充")
    assert clerk.refused
    assert "本机关依法公开政府信息。" == clerk.figure("overview")


def test_words_of_the_talk_do_not_join_a_text_that_waits_to_replace_another():
    """
    Nor the sentence that is being changed.
    """
    clerk = Clerk(answers=whole({})).opens().presses("s:6")
    stands = clerk.figure("other_matters")
    clerk.types("没有其他需要报告的事项。", "好的", "写完了").taps(Trigger.REPLACE)
    assert stands != clerk.figure("other_matters") == "没有其他需要报告的事项。"

    clerk.presses("s:6", "ps:6")
    clerk.taps(Trigger.PASSAGE).types("谢谢", "完成")
    assert "没有其他需要报告的事项。" == clerk.figure("other_matters")


@pytest.mark.parametrize("text", ["好的", "对", "默认", "不改", "就这个", "OK"])
def test_who_agrees_with_the_title_shown_keeps_it(text):
    """
    And the signature, which is the organ's name where none was given.
    """
    clerk = Clerk(answers=whole({}, without=("title",))).opens()
    clerk.presses(f"o:{FORM.wording['title']}").types(text)
    assert f"{clerk.organ}\n2025年政府信息公开工作年度报告" == clerk.figure("title")

    clerk = Clerk(answers=whole({"signature": ""})).opens()
    clerk.presses(f"o:{FORM.wording['signature']}").types(text)
    assert clerk.organ == clerk.figure("signature")


@pytest.mark.parametrize("text", ["谢谢", "你好", "👍🏻", "？", "改", "不用", "完成"])
@pytest.mark.parametrize("item", ["title", "introduction", "signature"])
def test_what_is_said_to_a_person_is_no_title_nor_signature(text, item):
    clerk = Clerk(answers=whole({})).opens()
    stands = clerk.figure(item)
    clerk.presses(f"o:{FORM.wording[item]}").types(text)

    assert clerk.figure(item) in (stands, "")


@pytest.mark.parametrize("text", ["你好", "在吗", "怎么填", "帮助", "好的"])
def test_a_greeting_is_no_organ(text):
    clerk = Clerk(organ="", year=0).opens().types(text)
    assert "" == clerk.session.organ

    assert TOWN == clerk.types(f"{TOWN}。").session.organ


def test_a_refusal_says_what_to_type_in_the_words_of_the_question():
    """
    The line, the columns that are open, and their unit.
    """
    for line in (LICENSING, FEES, RECEIVED, DOCUMENTS):
        refused = at(line.id).types("约12").said[0]
        assert MessageKind.REFUSAL is refused.kind
        assert line.short in refused.text
        assert line.cells[0].measure.value in refused.text
        if len(line.cells) > 1:
            assert all(cell.column.name in refused.text for cell in line.cells)
