"""
An answer to several cells: a row, a row with names, a block from a spreadsheet.
"""

import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from conversations.answers.answer import read_answer
from conversations.answers.figure import LONGEST_ANSWER, Conversion, Reason, Refusal
from conversations.answers.question import Reading
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Number
from conversations.form.model import Cell, Line, LineKind

TWO, THREE, FOUR = FORM.tables
RECEIVED = FORM.lines["requests.received"]
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def answer(
    text: str,
    line: Line = RECEIVED,
    following: Sequence[Line] = (),
    asked: Sequence[Cell] = (),
) -> Reading | Refusal:
    return read_answer(text, asked or line.cells, FORM, following)


def read(
    text: str,
    line: Line = RECEIVED,
    following: Sequence[Line] = (),
    asked: Sequence[Cell] = (),
) -> Reading:
    found = answer(text, line, following, asked)
    assert isinstance(found, Reading), found
    return found


def row(*values: Number, line: Line = RECEIVED) -> dict[str, Number]:
    return {cell.id: value for cell, value in zip(line.cells, values, strict=True)}


def by_column(values: Mapping[str, Number]) -> dict[str, Number]:
    return {FORM.cells[cell].column.label: value for cell, value in values.items()}


ZEROS = row(0, 0, 0, 0, 0, 0)
THREE_ONE = row(3, 1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "3 1 0 0 0 0",
        "3，1，0，0，0，0",
        "3,1,0,0,0,0",
        "3, 1, 0, 0, 0, 0",
        "3 ，1 ，0 ，0 ，0 ，0，",
        "3、1、0、0、0、0",
        "3；1；0；0；0；0",
        "3　1　０　0　0　0",
        "3\t1\t0\t0\t0\t0",
        "3\t1\t0\t0\t0\t0\t\r\n",
        "3\n1\n0\n0\n0\n0",
        "3 1 0\n0 0 0",
        "三 一 零 零 零 〇",
        "3件 1件 0件 0件 0件 0件",
        "3 件 1 件 0 件 0 0 0",
        "三件、一件、没有、没有、没有、没有",
        "3 1 无 无 无 无。",
        "新收 3 1 0 0 0 0",
        "新收：3 1 0 0 0 0",
        "一、本年新收政府信息公开申请数量 3 1 0 0 0 0",
        "一、本年新收政府信息公开申请数量\t3\t1\t0\t0\t0\t0",
        "3 1 其余0",
        "3，1，后面都是0",
        "自然人3 企业1 其余0",
        "自然人 3，商业企业 1，其余为0",
        "自然人3件，企业一件，其他都是0",
        "自然人:3 商业:1 剩下的都没有",
        "自然人＝3；商业企业＝1；别的全无",
        "自然人 3\n商业企业 1\n其余 0",
        "自然人共3件，企业共1件，其余0",
        "个人3、企业1、科研、公益、法律、其他都是0",
    ],
)
def test_a_row_is_understood_in_the_ways_people_write_it(text):
    """
    Whatever parts the figures or names them, the six cells are the same.
    """
    found = read(text)

    assert (THREE_ONE, (), None, ()) == (
        found.values,
        found.blanks,
        found.totals,
        found.conversions,
    )


@pytest.mark.parametrize(
    "text",
    [
        *("0", "无", "没有", "全是0", "全部为0", "都是0", "全0", "全无", "都没有", "六个0", "6个0"),
        *("０。", "零", "本行全部是０件", "均为零", "全都没有"),
    ],
)
def test_one_word_stands_for_a_whole_row_of_zeros(text):
    """
    However it is said.
    """
    found = read(text)

    assert ZEROS == found.values


def test_one_more_figure_than_asked_is_the_total():
    """
    Compared, never stored: it is not among the values, right or wrong.
    """
    right, wrong = read("3 1 0 0 0 0 4"), read("3\t1\t0\t0\t0\t0\t5\n")

    assert [(THREE_ONE, {"requests.received.total": n}) for n in (4, 5)] == [
        (found.values, found.totals) for found in (right, wrong)
    ]


def test_a_total_may_be_named():
    """
    With 共, 合计 or 总计, in a keyed answer or at the end of a plain one.
    """
    assert [{"requests.received.total": 4}] * 3 == [
        read(text).totals
        for text in ("自然人3 企业1 其余0 总计4", "3 1 0 0 0 0 共4", "自然人3，企业1，合计4件")
    ]


def test_places_between_tabs_count_by_position():
    """
    26⇥⇥⇥⇥⇥⇥26 is seven cells: 26, five blanks to be asked about, the total 26.
    """
    found = read("26\t\t\t\t\t\t26")

    assert row(26, 0, 0, 0, 0, 0).items() >= found.values.items()
    assert {"requests.received.total": 26} == found.totals
    assert tuple(cell.id for cell in RECEIVED.cells[1:]) == found.blanks


def test_tabs_that_a_messenger_turned_into_blanks_count_when_the_total_proves_it():
    """
    26, six blanks, 26 has one reading; without a total that fits it has none.
    """
    found, doubtful = read("26      26"), answer("26      25")

    assert read("26\t\t\t\t\t\t26") == found
    assert isinstance(doubtful, Refusal)
    assert (Reason.TOO_FEW, 6, 2) == (doubtful.reason, doubtful.expected, doubtful.found)


def test_the_marks_of_a_spreadsheet_for_nothing_are_blanks():
    """
    A dash or a slash is no zero: it is asked about.
    """
    found = read("- 1 / — 0 0")

    assert {"商业企业": 1, "法律服务机构": 0, "其他": 0} == by_column(found.values)
    assert 3 == len(found.blanks)


def test_a_zero_with_empty_places_behind_it_is_no_zero_row():
    """
    0⇥⇥⇥⇥⇥ says something about the first cell only.
    """
    found = read("0\t\t\t\t\t")

    assert ({"自然人": 0}, 5) == (by_column(found.values), len(found.blanks))


def test_a_keyed_answer_may_name_some_columns_only():
    """
    「其他」 is a column of its own; what is not named stays unanswered.
    """
    assert {"自然人": 3, "其他": 0} == by_column(read("自然人3 其他0").values)
    assert {"自然人": 3} == by_column(read("只有自然人3件").values)
    assert {"商业企业": 1, "科研机构": 2} == by_column(read("企业1，科研2").values)


def test_names_may_share_a_figure_only_when_each_is_said():
    """
    «自然人和企业3» may mean three in all.
    """
    shared, doubtful = read("自然人、企业各1，其余0"), answer("自然人和企业3")

    assert row(1, 1, 0, 0, 0, 0) == shared.values
    assert isinstance(doubtful, Refusal)


def test_a_keyed_answer_converts_each_cell():
    """
    A conversion names its cell.
    """
    found = read("自然人12万，其余0")

    assert (Conversion("requests.received.natural_person", "12万", 120_000),) == found.conversions


def test_a_total_that_is_asked_itself_is_an_answer():
    """
    As when the bot asks how many are carried forward in all.
    """
    total = RECEIVED.printed[-1]
    found = read("4件", asked=(total,))

    assert ({total.id: 4}, None) == (found.values, found.totals)


@pytest.mark.parametrize(
    ("text", "reason", "piece"),
    [
        ("", Reason.EMPTY, ""),
        ("\t\t\n", Reason.EMPTY, ""),
        ("3", Reason.TOO_FEW, ""),
        ("3 1", Reason.TOO_FEW, ""),
        ("3\t1", Reason.TOO_FEW, ""),
        ("五个0", Reason.TOO_FEW, ""),
        ("共4", Reason.TOO_FEW, ""),
        ("3 1 0 0 0 0 4 5", Reason.TOO_MANY, ""),
        ("3\t1\t0\t0\t0\t0\t4\t5", Reason.TOO_MANY, ""),
        ("3 1 0 0 0 0\n0 0 0 0 0 0", Reason.TOO_MANY, ""),
        ("3 -1 0 0 0 0", Reason.NEGATIVE, "-1"),
        ("3 1.5 0 0 0 0", Reason.FRACTION, "1.5"),
        ("3 约1 0 0 0 0", Reason.NOT_EXACT, "约1"),
        ("3 1 0 0 0 a", Reason.NOT_A_NUMBER, "a"),
        ("3\t1\t0\t0\t0\ta", Reason.NOT_A_NUMBER, "a"),
        ("3 1 0 0 0 5%", Reason.NOT_A_NUMBER, "5%"),
        ("3 1元 0 0 0 0", Reason.WRONG_UNIT, "1元"),
        ("自然人-3 其余0", Reason.NEGATIVE, "-3"),
        ("3,,0,0,0,0", Reason.NOT_A_NUMBER, "3,,0,0,0,0"),
        ("1,234,0,0,0,0,100", Reason.AMBIGUOUS, "1,234,0,0,0,0,100"),
        ("新收 1,234,0,0,0,0,100", Reason.AMBIGUOUS, "1 234 0 0 0 0 100"),
        (",3,0,0,0,0,3", Reason.NOT_A_NUMBER, ",3,0,0,0,0,3"),
        ("1,234 其余0", Reason.AMBIGUOUS, "1,234"),
        ("自然人3 自然人4", Reason.COLUMN_TWICE, "自然人"),
        ("自然人3 农民2", Reason.UNKNOWN_COLUMN, "农民"),
        ("农民3 其余0", Reason.UNKNOWN_COLUMN, "农民"),
        ("农民3", Reason.UNKNOWN_COLUMN, "农民"),
        ("自然人3 社会组织2", Reason.UNKNOWN_COLUMN, "组织"),
        ("机构3", Reason.UNKNOWN_COLUMN, "机构"),
        ("自然人3 其余5", Reason.AMBIGUOUS, "其余5"),
        ("自然人", Reason.NOT_A_NUMBER, "自然人"),
        ("村民委员会\t3\t1\t0\t0\t0\t0", Reason.UNKNOWN_LINE, "村民委员会"),
        ("（六）其他处理\t0\t0\t0\t0\t0\t0\t0", Reason.UNKNOWN_LINE, "(六)其他处理"),
        ("你好，请问这个怎么填？", Reason.UNKNOWN_COLUMN, "你好"),
        ("{{7*7}}", Reason.NOT_A_NUMBER, "{{7*7}}"),
        ("🙂 🙂", Reason.NOT_A_NUMBER, "🙂"),
        ("\ud800", Reason.NOT_A_NUMBER, "�"),
    ],
)
def test_a_row_that_is_not_understood_is_refused_with_the_piece(text, reason, piece):
    """
    Nothing of it is taken.
    """
    refused = answer(text)

    assert isinstance(refused, Refusal)
    assert (reason, piece) == (refused.reason, refused.text)


def test_an_answer_that_is_far_too_long_is_not_looked_at():
    """
    Whatever it holds.
    """
    long = answer("3 1 0 0 0 0" + " " * LONGEST_ANSWER)

    assert isinstance(long, Refusal)
    assert Reason.NOT_A_NUMBER is long.reason


def test_a_comma_is_read_by_the_count_that_is_asked():
    """
    1,234 is one figure where one is asked and two where two are; among blanks it is one.
    """
    licensing = FORM.lines["proactive_disclosure.licensing"]
    two_open = RECEIVED.cells[:2]

    assert [1234] == list(read("1,234", licensing).values.values())
    assert [1, 234] == list(read("1,234", asked=two_open).values.values())
    assert row(1234, 0, 0, 0, 0, 0) == read("1,234 0 0 0 0 0").values
    assert row(1234, 0, 0, 0, 0, 0) == read("1,234、0、0、0、0、0").values
    assert row(100, 200, 300, 100, 200, 300) == read("100,200,300,100,200,300").values


def test_what_is_left_of_a_row_has_no_total():
    """
    One figure more than the open cells is too many, unless the row is named.
    """
    asked = (RECEIVED.cells[1], RECEIVED.cells[5])
    refused = answer("1 2 3", asked=asked)

    assert {"商业企业": 1, "其他": 2} == by_column(read("1 2", asked=asked).values)
    assert isinstance(refused, Refusal)
    assert (Reason.TOO_MANY, 2, 3) == (refused.reason, refused.expected, refused.found)
    assert THREE_ONE == read("新收 3 1 0 0 0 0", asked=asked).values


def test_a_column_that_is_not_asked_is_not_changed():
    """
    An answered cell is not overwritten in passing.
    """
    refused = answer("自然人9 商业企业1", asked=RECEIVED.cells[1:])

    assert isinstance(refused, Refusal)
    assert (Reason.UNKNOWN_COLUMN, "自然人") == (refused.reason, refused.text)


def test_table_two_knows_its_own_columns_and_units():
    """
    Where no column is called 其他, the word means the rest.
    """
    documents = FORM.lines["proactive_disclosure.normative_documents"]
    fee = FORM.lines["proactive_disclosure.administrative_fees"]
    licensing = FORM.lines["proactive_disclosure.licensing"]

    assert row(8, 0, 18, line=documents) == read("制发8 废止0 现行有效18", documents).values
    assert row(8, 0, 0, line=documents) == read("制发8 其他0", documents).values
    assert row(295, line=licensing) == read("行政许可295件", licensing).values
    assert (Conversion(fee.cells[0].id, "3500元", Decimal("0.35")),) == read(
        "3500元", fee
    ).conversions
    assert [Decimal] == [type(value) for value in read("无", fee).values.values()]


def test_a_label_says_which_line_a_row_is():
    """
    A row of another line than the one asked goes where its label says.
    """
    found = read("二、上年结转政府信息公开申请数量\t26\t\t\t\t\t\t26")

    assert {"requests.carried_over.natural_person": 26} == found.values
    assert {"requests.carried_over.total": 26} == found.totals


@pytest.mark.parametrize(
    "text",
    [
        "三、本年度办理结果\t（三）不予公开\t2.其他法律行政法规禁止公开\t1\t\t\t\t\t\t1",
        "\t\t2.其他法律行政法规禁止公开\t1\t\t\t\t\t\t1",
        "2.其他法律行政法规\u3000禁止公开\t1\t\t\t\t\t\t1\t",
        '"其他法律\n行政法规\n禁止公开"\t1\t\t\t\t\t\t1',
        "不公开·法规禁止\t1\t\t\t\t\t\t1",
        "（三）不予公开 2.其他法律行政法规禁止公开 1      1",
    ],
)
def test_labels_before_the_figures_are_recognised_and_dropped(text):
    """
    With merged heads, blanks, quotation marks of a spreadsheet, or by the short name.
    """
    found = read(text)

    assert {"requests.outcome.withheld.prohibited_by_law.natural_person": 1} == found.values
    assert ({"requests.outcome.withheld.prohibited_by_law.total": 1}, 5) == (
        found.totals,
        len(found.blanks),
    )


def test_a_merged_label_leaves_empty_places_before_the_figures():
    """
    A label merged over three columns is followed by two empty ones.
    """
    found = read("一、本年新收政府信息公开申请数量\t\t\t26\t\t\t\t\t\t26")

    assert {"requests.received.natural_person": 26} == found.values


def table_three_values() -> dict[str, list[int]]:
    """Made-up figures, every line different, totals by column and row right."""
    asked = [line for line in THREE.lines if line.kind is LineKind.ASKED]
    found = {line.id: [(7 * i + 3 * j) % 5 for j in range(6)] for i, line in enumerate(asked)}
    results = [line.id for line in asked[2:]]
    total = [sum(found[line][j] for line in results) for j in range(6)]
    found["requests.outcome.total"] = total
    found["requests.carried_forward"] = [0] * 6
    return {line.id: [*found[line.id], sum(found[line.id])] for line in THREE.lines}


@pytest.mark.parametrize("separator", ["\t", " ", ", "])
@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("totals", [False, True])
@pytest.mark.parametrize("computed", [False, True])
def test_the_whole_of_table_three_is_pasted(separator, labels, totals, computed):
    """
    25 or 23 rows of 7 or 6: answers to the values, all computed cells to the totals.
    """
    figures = table_three_values()
    lines = [line for line in THREE.lines if computed or line.kind is LineKind.ASKED]
    text = "\n".join(
        (f"{line.label}{separator.strip(',')}" if labels else "")
        + separator.join(map(str, figures[line.id][: 7 if totals else 6]))
        for line in lines
    )
    found = read(text, RECEIVED, THREE.lines)

    stated = {
        cell.id: value
        for line in lines
        for cell, value in zip(line.printed, figures[line.id], strict=True)
        if totals or cell is not line.total
    }
    assert {c: v for c, v in stated.items() if c not in FORM.sums} == found.values
    assert {c: v for c, v in stated.items() if c in FORM.sums} == (found.totals or {})
    assert () == found.blanks


def test_rows_with_labels_may_come_in_any_order_and_start_anywhere():
    """
    Within the same table; a line twice is refused.
    """
    one = "上年结转 0 0 0 0 0 2"
    other = "新收 3 1 0 0 0 0"
    twice = answer(f"{one}\n{other}\n{one}")

    assert {**THREE_ONE, **row(0, 0, 0, 0, 0, 2, line=THREE.lines[1])} == read(
        f"{one}\n{other}", THREE.lines[5]
    ).values
    assert isinstance(twice, Refusal)
    assert (Reason.LINE_TWICE, "上年结转") == (twice.reason, twice.text)


HEAD = "\t".join((*COLUMNS, "总计"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3 1 0 0 0 0\n0 0 0", Reason.TOO_FEW),
        ("3 1 0 0 0 0\n0 0 0 0 0 0 0 0", Reason.TOO_MANY),
        ("3 1 0 0 0 0 4\n0 0 0 0 0 0", Reason.TOO_FEW),
        ("3 1 0 0 0 0\nabc\n0 0 0 0 0 0", Reason.NOT_A_NUMBER),
        ("3 1 0 0 0 0\n备注说明\n0 0 0 0 0 0", Reason.NOT_A_NUMBER),
        ("3 1 0 0 0 0\n0 0 -1 0 0 0", Reason.NEGATIVE),
        ("3 1 0 0 0 0\n   \n0 0 0 0 0 0", Reason.AMBIGUOUS),
        ("新收 3 1 0 0 0 0\n0 0 0 0 0 0", Reason.UNKNOWN_LINE),
        ("新收 3 1 0 0 0 0\n镇长热线 0 0 0 0 0 0", Reason.UNKNOWN_LINE),
        ("\n".join(["0 0 0 0 0 0"] * 26), Reason.TOO_MANY),
        (f"总计\t{HEAD[:-3]}\n4\t3\t1\t0\t0\t0\t0\n0\t0\t0\t0\t0\t0\t0", Reason.AMBIGUOUS),
        (
            f"{HEAD.replace('科研机构	', '')}\n3\t1\t0\t0\t0\t4\n0\t0\t0\t0\t0\t0",
            Reason.AMBIGUOUS,
        ),
    ],
)
def test_a_block_that_does_not_fit_is_refused_whole(text, reason):
    """
    Ragged rows, strangers among them, lost rows, columns in another order or missing.
    """
    refused = answer(text, RECEIVED, THREE.lines)

    assert isinstance(refused, Refusal)
    assert reason is refused.reason


def test_a_block_of_table_two_has_rows_of_three_and_of_one():
    """
    With the empty places that merged cells leave, and with heads and labels.
    """
    values = [0, 0, 0, 8, 0, 18, 295, 3, 0, Decimal("0.35")]
    plain = "0 0 0\n8 0 18\n295\n3\n0\n0.35"
    merged = "0\t0\t0\n8\t0\t18\n295\t\t\n3\t\t\n0\t\t\n0.35\t\t"
    labelled = (
        "第二十条第（一）项\t\t\t\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n"
        "规范性文件\t8\t0\t18\n第二十条第（五）项\t\t\t\n信息内容\t本年处理决定数量\t\t\n行政许可\t295\t\t\n"
        "行政处罚\t3\t\t\n行政强制\t0\t\t\n信息内容\t本年收费金额（单位：万元）\t\t\n行政事业性收费\t0.35\t\t"
    )

    assert [values] * 4 == [
        list(read(text, TWO.lines[0], TWO.lines).values.values())
        for text in (plain, merged, labelled, labelled.replace("\t", " "))
    ]


def test_an_empty_line_in_a_copied_column_may_be_an_empty_cell():
    """
    Dropping it would move the figures below into the wrong lines.
    """
    refused = answer("295\n\n3\n0", TWO.lines[2], TWO.lines[2:])

    assert isinstance(refused, Refusal)
    assert Reason.AMBIGUOUS is refused.reason


def test_a_line_of_table_four_fills_all_three_blocks():
    """
    Fifteen values with the totals or twelve without, by tabs or blanks, one line or three.
    """
    line, values = FOUR.lines[0], [1, 2, 3, 4, 0, 0, 1, 0, 5, 0, 0, 2]
    full = ["1 2 3 4 10", "0 0 1 0 1", "5 0 0 2 7"]
    bare = ["1 2 3 4", "0 0 1 0", "5 0 0 2"]
    texts = [" ".join(full), "\t".join(" ".join(full).split()), "\n".join(full)]
    heads = "行政复议\t行政诉讼\n结果维持\t结果纠正\t其他结果\t尚未审结\t总计\n"

    with_totals = [read(text, line, FOUR.lines) for text in (*texts, heads + texts[1])]
    without = [read(text, line, FOUR.lines) for text in (" ".join(bare), "\n".join(bare))]

    assert [values] * 6 == [list(found.values.values()) for found in (*with_totals, *without)]
    assert [[10, 1, 7]] * 4 == [list((found.totals or {}).values()) for found in with_totals]
    assert [None, None] == [found.totals for found in without]


def test_a_program_may_answer_cells_of_several_lines_in_order():
    """
    As many values as asked, parted by blanks, tabs or new lines, are taken as such.
    """
    asked = tuple(cell for line in TWO.lines for cell in line.cells)
    values = ["0", "1", "2", "3", "4", "5", "295", "7", "8", "0.5"]

    assert [[*range(6), 295, 7, 8, Decimal("0.5")]] * 3 == [
        list(read(separator.join(values), asked=asked).values.values()) for separator in " \t\n"
    ]


def test_the_published_tables_of_a_bureau_are_pasted_whole(examples: Path):
    """
    As copied from the page, heads, labels, empty columns and all, with tabs or blanks.
    """
    lines = (examples / "shuyang-development-2023.txt").read_text(encoding="utf-8").split("\n")
    three, two, four = "\n".join(lines[30:58]), "\n".join(lines[15:29]), "\n".join(lines[59:63])

    for text in (three, three.replace("\t", " ")):
        found = read(text, RECEIVED, THREE.lines)
        assert (24, 120) == (len(found.values), len(found.blanks))
        assert 26 == found.values["requests.outcome.disclosed.natural_person"]
        assert {26} == {
            (found.totals or {})[f"requests.outcome.total.{n}"] for n in ("natural_person", "total")
        }
    assert [0, 0, 0, 8, 0, 18, 0, 0, 0, 0] == list(
        read(two, TWO.lines[0], TWO.lines).values.values()
    )
    assert [0, 0, 0, 1] + [0] * 8 == list(read(four, FOUR.lines[0], FOUR.lines).values.values())


@pytest.mark.parametrize(
    "junk",
    [
        *("a" * 100_000, "1," * 50_000, "1 " * 50_000, "\t" * 99_999 + "1", "甲\t" * 50_000),
        *("自然人" * 3000, "1,234," * 1600, "共" * 10_000, "万" * 9000, '"' * 9000 + "\t"),
        *("甲\t" * 5000, "1\n" * 5000, "自" * 600, "和" * 600, "1,234," * 30, "(" * 9000),
        *("一" * 10_000, "一二 " * 3000, "3 " * 5000, "全" * 120, ": " * 5000, "-" * 9999 + "1"),
    ],
)
def test_junk_is_refused_at_once(junk):
    """
    No pattern runs away; its own seconds count, and the limit is wide.
    """
    for line in (RECEIVED, TWO.lines[2]):
        before = time.process_time()
        refused = answer(junk, line, THREE.lines)

        assert isinstance(refused, Refusal)
        assert time.process_time() - before < 5


# ----------------------------------------------------------------------- bounds


def test_a_sentence_with_names_is_read_up_to_its_greatest_length():
    """
    Longer ones are no answer to a row, and are not searched.
    """
    short, long = (f"自然人{'，' * many}3" for many in (10, 600))

    assert {"requests.received.natural_person": 3} == read(short).values
    assert isinstance(answer(long), Refusal)


def test_a_label_is_read_up_to_its_greatest_length():
    """
    What is longer is a text and no name of a line.
    """
    short, long = (answer("名" * length + "\t1\t2\t3\t4\t5\t6") for length in (120, 121))

    assert isinstance(short, Refusal)
    assert Reason.UNKNOWN_LINE is short.reason
    assert isinstance(long, Refusal)
    assert Reason.UNKNOWN_LINE is not long.reason


@pytest.mark.parametrize(
    ("text", "count"), [("\n".join(["1"] * 81), 81), ("\t".join(["1"] * 41), 41)]
)
def test_rows_and_places_of_a_block_are_counted_before_they_are_read(text: str, count: int):
    """
    No table has so many; the refusal says how many there were.
    """
    refused = answer(text)

    assert isinstance(refused, Refusal)
    assert (Reason.TOO_MANY, count) == (refused.reason, refused.found)
