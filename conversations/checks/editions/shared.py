"""
The heads of all checks, and the checks of rows that every edition has.

Ids and grades are permanent: they are in people's files. Numbers marked [ours] are our choice, and
a report's settings may replace them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from conversations.checks.arithmetic import Balance, OutcomeTotal, Range, Total, linked
from conversations.checks.findings import Check, Grade, Head
from conversations.checks.last_year import CarriedOver, Jump
from conversations.checks.plausibility import MoreDisputes, NoRuleMaking
from conversations.checks.published_file import (
    Blank,
    Headings,
    Labels,
    OldEdition,
    Title,
    Traces,
    WholeTables,
)
from conversations.checks.similar import StandsOut, compared_cells
from conversations.checks.texts.contents import NotMentioned, SaysNothing, TakenOver
from conversations.checks.texts.figures import Contradiction, RateOfChange
from conversations.checks.texts.notice import TooLong, WantedHeadings
from conversations.checks.texts.slips import Slips
from conversations.checks.texts.unwanted import Leftovers, PersonalData
from conversations.checks.texts.years import Years
from conversations.form import FORM_IN_FORCE, FORMS
from conversations.form.model import Form, Line, LineKind, Measure, RowId
from conversations.form.numbers import LOCAL
from conversations.form.organ import Level

NOTICE = "国办公开办函〔2021〕30号"
EXPERIENCE = "经验规则"

# --------------------------------------------------------------------- the heads

A1 = Head(
    "A1",
    {Grade.E: "各列新收加上年结转，等于办理结果总计加结转下年度。"},
    f"{NOTICE}，表三（勾稽关系）",
)
A2 = Head("A2", {Grade.E: "各列办理结果总计，等于它上面各行结果之和。"}, f"{NOTICE}，表三")
A3 = Head("A3", {Grade.E: "各行总计，等于六类申请人之和。"}, f"{NOTICE}，表三")
A4 = Head("A4", {Grade.E: "行政复议、行政诉讼各组总计，等于四项结果之和。"}, f"{NOTICE}，表四")
A5 = Head(
    "A5",
    {Grade.E: "每个数都是可能的数：件数为整数，收费最多六位小数，都不小于 0，也不大得离奇。"},
    NOTICE,
)
A6 = Head("A6", {Grade.H: "已公布的报告里应填数字的格是空白或横线，核对时按 0 计。"}, EXPERIENCE)
B1 = Head("B1", {Grade.W: "现行有效件数不少于本年制发减本年废止。"}, EXPERIENCE)
B2 = Head(
    "B2",
    {Grade.W: "县、乡镇和部门一般没有规章制定权，规章应为 0。"},
    "《立法法》第九十一条、第九十三条",
)
B3 = Head("B3", {Grade.H: "数字不应与同类单位（同级、同类）的相差太远。"}, EXPERIENCE)
B4 = Head("B4", {Grade.H: "行政复议、行政诉讼合计多于收到的申请，且超过 5 件。"}, EXPERIENCE)
B5 = Head("B5", {Grade.W: "行政事业性收费金额异常大，可能把元当成了万元。"}, EXPERIENCE)
C1 = Head("C1", {Grade.W: "各列上年结转，等于上年年报的结转下年度。"}, f"{NOTICE}，表三")
C2 = Head("C2", {Grade.W: "现行有效件数，等于上年的现行有效加本年制发减本年废止。"}, EXPERIENCE)
JUMPED = "行政许可、处罚、强制、收费和新收申请，与上年相比变化很大"
C3 = Head("C3", {Grade.W: f"{JUMPED}（十倍以上）。", Grade.H: f"{JUMPED}。"}, EXPERIENCE)
C4 = Head(
    "C4",
    {
        Grade.W: "存在的主要问题及改进情况不应大段沿用上年的文字。",
        Grade.H: "正文不应大段沿用上年的文字。",
    },
    EXPERIENCE,
)
C5 = Head("C5", {Grade.H: "正文中的增减幅度，应与两年的数字相符。"}, EXPERIENCE)
N1 = Head(
    "N1",
    {
        Grade.E: (
            "统计期限应为本报告年度的 1 月 1 日至 12 月 31 日，标题和引言中的年份应为本报告年度。"
        ),
        Grade.W: "正文中作为工作时间的年份应为本报告年度（比较、计划、法规文件名称中的除外）。",
    },
    f"{NOTICE}；{EXPERIENCE}",
)
N2 = Head(
    "N2",
    {
        Grade.W: "正文中的数字应与表格一致。",
        Grade.H: "正文中可能与表格不一致的数字，请核对。",
    },
    EXPERIENCE,
)
N3 = Head("N3", {Grade.H: "正文应写到各个要点。"}, f"{NOTICE}；条例第五十条")
# One rule for both checks that find it.
NO_TEXT = (
    "正文不能只写「待补充」「见附件」「略」这样的话；"
    "总体情况、存在的主要问题及改进情况也不能空着，不能只写「无」。"
)
N4_EMPTY = Head("N4", {Grade.E: NO_TEXT}, "条例第五十条第（四）项")
N4_LEFT = Head(
    "N4",
    {
        Grade.E: NO_TEXT,
        Grade.W: "正文中不应留有没填完的地方。",
    },
    EXPERIENCE,
)
N5 = Head(
    "N5",
    {Grade.W: "正文中不应有身份证号、手机号等个人信息。"},
    "条例第十五条；《个人信息保护法》",
)
N7 = Head(
    "N7",
    {
        Grade.W: "文字不应明显超过任务规定的字数。",
        Grade.H: "文字略超任务规定的字数。",
    },
    "当地通知",
)
N6 = Head(
    "N6", {Grade.W: "写到的日期应是有的日子。", Grade.H: "编号应连续，标点应规范。"}, EXPERIENCE
)
F1 = Head(
    "F1",
    {Grade.E: "六个部分齐全。", Grade.H: "六个部分按顺序排列，标题用规定的文字。"},
    NOTICE,
)
F2 = Head("F2", {Grade.E: "三张表齐全，行、列不缺。"}, NOTICE)
F3 = Head("F3", {Grade.H: "表中的项目名称用规定的文字。"}, NOTICE)
F4 = Head("F4", {Grade.W: "2021 年起的报告不应再用 2019 年的旧表格或其中的部分。"}, NOTICE)
F5 = Head("F5", {Grade.H: "标题为“…年政府信息公开工作年度报告”。"}, NOTICE)
F6 = Head("F6", {Grade.H: "文件里没有软件留下的痕迹，一个文件一份报告。"}, EXPERIENCE)

# ------------------------------------------------------------------------ tables

# The same in every edition: the kinds of applicants, and the sections of text.
*APPLICANTS, TOTAL = ((column.id, column.label) for column in FORM_IN_FORCE.tables[1].columns)
NARRATIVES = tuple(narrative.id for narrative in FORM_IN_FORCE.narratives)

RECEIVED = ("requests.received", "新收")
CARRIED_OVER = ("requests.carried_over", "上年结转")
OUTCOME = ("requests.outcome.total", "办理结果")
CARRIED_FORWARD = ("requests.carried_forward", "结转下年")


def rows_of_other_editions(form: Form) -> Mapping[RowId, Line]:
    """The rows that only other editions have."""
    others = (line for other in FORMS.values() for line in other.lines.items())
    return {row: line for row, line in others if row not in form.lines}


def _replaced(form: Form) -> tuple[tuple[RowId, ...], tuple[Line, ...]]:
    """
    The rows of a form that other editions have split or merged, and those they have instead.

    （六）其他处理 is three rows since 2021, one before; a hybrid report has either.
    """
    replaced: list[RowId] = []
    instead: list[Line] = []
    for older in FORMS.values():
        for whole, parts in older.parted.items():
            newer = [other for other in FORMS.values() if set(parts) <= other.lines.keys()]
            if whole in form.lines:
                replaced.append(whole)
                instead += [newer[0].lines[part] for part in parts]
            elif form in newer:
                replaced += parts
                instead.append(older.lines[whole])
    return tuple(replaced), tuple(instead)


def arithmetic(form: Form) -> tuple[Check, ...]:
    """A1 to A4: the totals and balances of the rows of all editions."""
    replaced, instead = _replaced(form)
    other = [line for line in rows_of_other_editions(form).values() if line.total]
    requests = [line for line in form.lines.values() if line.id.startswith("requests.")]
    outcomes = [line for line in requests if line.id.startswith("requests.outcome.")]
    outcomes = [line for line in outcomes if line.kind is LineKind.ASKED]
    column_totals = [
        OutcomeTotal(
            A2,
            f"{name}列办理结果",
            f"{OUTCOME[0]}.{column}",
            tuple((f"{line.id}.{column}", line.short) for line in outcomes),
            replaced=replaced,
            instead=tuple((f"{line.id}.{column}", line.short) for line in instead),
            seen_in=(TOTAL[0], APPLICANTS[0][0]),
        )
        for column, name in (*APPLICANTS, TOTAL)
    ]
    reviews = [line for line in form.lines.values() if line.id.startswith("review.")]
    row_totals = [
        *(_row_total(A3, line) for line in (*requests, *other)),
        *(_row_total(A4, line) for line in reviews),
    ]
    balances = [_balance(column, name) for column, name in APPLICANTS]
    return linked((*column_totals, *row_totals), (*balances, _balance(*TOTAL, sum_of=balances)))


def _row_total(head: Head, line: Line) -> Total:
    addends = tuple((cell.id, cell.column.label) for cell in line.cells)
    return Total(head, line.short, f"{line.id}.{TOTAL[0]}", addends)


def _balance(column: str, name: str, sum_of: Iterable[Balance] = ()) -> Balance:
    left, right = (RECEIVED, CARRIED_OVER), (OUTCOME, CARRIED_FORWARD)
    return Balance(A1, column, name, left, right, tuple(sum_of))


COUNTS = Range(A5, Measure.COUNT, 0, 999_999_999, 0, "0 到 999,999,999 之间的整数")
FEES = Range(
    A5,
    Measure.FEE,
    Decimal(0),
    Decimal(99_999_999),
    6,
    "0 到 99,999,999 之间的数（万元），最多六位小数",
)


def blanks(form: Form) -> tuple[Check, ...]:
    """A6 for each table."""
    return tuple(Blank(A6, table.id, table.short) for table in form.tables)


def no_rule_making(*columns: str) -> Check:
    """B2 for the figures of 规章 that mean making them."""
    return NoRuleMaking(
        B2,
        tuple(f"proactive_disclosure.rules.{column}" for column in columns),
        frozenset({Level.TOWNSHIP, Level.COUNTY, Level.BUREAU}),
    )


def stands_out(form: Form) -> Check:
    """B3 for the figures that are compared between organs."""
    return StandsOut(B3, compared_cells(form))


def disputes(form: Form) -> Check:
    """B4 for the totals of table four."""
    return MoreDisputes(
        B4,
        disputes=tuple(line.total.id for line in form.tables[2].lines if line.total),
        requests=tuple(f"{row}.{TOTAL[0]}" for row, _ in (RECEIVED, CARRIED_OVER)),
    )


# --------------------------------------------------------------------- two years


def _carried_over(column: str, name: str, total: CarriedOver | None = None) -> CarriedOver:
    cell, last = f"{CARRIED_OVER[0]}.{column}", f"{CARRIED_FORWARD[0]}.{column}"
    return CarriedOver(C1, (cell,), name, last, total)


CARRIED_TOTAL = _carried_over(*TOTAL)
CARRIED = (CARRIED_TOTAL, *(_carried_over(*column, CARRIED_TOTAL) for column in APPLICANTS))


def jump(cell: str, name: str) -> Check:
    """C3 for a figure that both years have."""
    return Jump(C3, (cell,), name)


DECISIONS = tuple(
    jump(f"proactive_disclosure.{row}.decisions", name)
    for row, name in (
        ("licensing", "行政许可"),
        ("penalties", "行政处罚"),
        ("coercion", "行政强制"),
    )
)
NEW_REQUESTS = jump(f"{RECEIVED[0]}.{TOTAL[0]}", "新收申请")

# ------------------------------------------------------------------------- texts

TITLE, INTRODUCTION = "title", "introduction"
REMARKS = tuple(FORM_IN_FORCE.remark)  # around the tables, in every edition
STATING = (INTRODUCTION, *NARRATIVES, *REMARKS)
PROBLEMS = frozenset({"problems_and_improvements"})

TEXTS: tuple[Check, ...] = (
    Years(
        N1,
        (TITLE, *STATING),
        title=TITLE,
        named_in=frozenset({INTRODUCTION}),
        plans_in=PROBLEMS,
    ),
    *(Contradiction(N2, STATING, table.id) for table in FORM_IN_FORCE.tables),
    Contradiction(N2, STATING, LOCAL),
    NotMentioned(N3, NARRATIVES, frozenset({"工作考核、社会评议和责任追究结果情况"})),
    WantedHeadings(N3, NARRATIVES),
    TooLong(N7, NARRATIVES),
    SaysNothing(
        N4_EMPTY,
        tuple(n.id for n in FORM_IN_FORCE.narratives if not n.none_is_an_answer),
    ),
    Leftovers(N4_LEFT, (TITLE, *STATING)),
    PersonalData(N5, STATING),
    Slips(N6, (*NARRATIVES, *REMARKS)),
    TakenOver(C4, NARRATIVES, weighty=PROBLEMS),
    RateOfChange(C5, STATING),
)

# ------------------------------------------------------------------------- files


def files(form: Form, also: tuple[str, ...] = ()) -> tuple[Check, ...]:
    """The checks of a published file's form; `also` are other headings that count as official."""
    other = {row: line.short for row, line in rows_of_other_editions(form).items()}
    return (
        Headings(F1, also),
        WholeTables(F2, tuple((table.id, table.short) for table in form.tables), other),
        Labels(F3),
        OldEdition(F4, other),
        Title(F5, TITLE, "年政府信息公开工作年度报告"),
        Traces(F6),
    )
