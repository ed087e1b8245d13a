"""
The checks of both editions, as data over their rows and columns.

Ids and grades are stable and stand in people's files. Numbers marked [ours] are our
choice: a report's settings may replace them.
"""

from __future__ import annotations

from decimal import Decimal

from conversations.checks.findings import (
    AtLeast,
    Balance,
    Blank,
    CarriedOver,
    Check,
    ColumnTotal,
    FeeLooksLikeYuan,
    Headings,
    InForce,
    Jump,
    Labels,
    MoreDisputes,
    NoRuleMaking,
    OldEdition,
    Range,
    RowTotal,
    Title,
    Traces,
    WholeTables,
    linked,
)
from conversations.checks.texts.narratives import (
    Change,
    Contradiction,
    Leftovers,
    NotMentioned,
    PersonalData,
    SaysNothing,
    Slips,
    TakenOver,
    Years,
)
from conversations.form.editions.annual_report_2021 import SECTIONS
from conversations.form.model import Measure
from conversations.form.organ import Level

NOTICE = "国办公开办函〔2021〕30号"
EXPERIENCE = "经验规则"

TABLES = (("proactive_disclosure", "表二"), ("requests", "表三"), ("review", "表四"))

APPLICANTS = (
    ("natural_person", "自然人"),
    ("commercial_enterprise", "商业企业"),
    ("research_institution", "科研机构"),
    ("public_welfare_organization", "社会公益组织"),
    ("legal_service_institution", "法律服务机构"),
    ("other", "其他"),
)
TOTAL = ("total", "总计")
RESULTS = (
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other_result", "其他结果"),
    ("pending", "尚未审结"),
)

OUTCOME = "requests.outcome"
SHARED_ROWS = (
    f"{OUTCOME}.disclosed",
    f"{OUTCOME}.partly_disclosed",
    f"{OUTCOME}.withheld.state_secret",
    f"{OUTCOME}.withheld.prohibited_by_law",
    f"{OUTCOME}.withheld.security_and_stability",
    f"{OUTCOME}.withheld.third_party_rights",
    f"{OUTCOME}.withheld.internal_affairs",
    f"{OUTCOME}.withheld.deliberative_process",
    f"{OUTCOME}.withheld.enforcement_file",
    f"{OUTCOME}.withheld.administrative_inquiry",
    f"{OUTCOME}.unable_to_provide.not_held",
    f"{OUTCOME}.unable_to_provide.must_be_created",
    f"{OUTCOME}.unable_to_provide.still_unclear",
    f"{OUTCOME}.not_processed.petition_or_complaint",
    f"{OUTCOME}.not_processed.repeat_request",
    f"{OUTCOME}.not_processed.published_material",
    f"{OUTCOME}.not_processed.excessive_requests",
    f"{OUTCOME}.not_processed.confirm_or_reissue",
)
# （六）其他处理: three rows since 2021, one before. A hybrid report has the other's.
OTHERWISE_2021 = (
    (f"{OUTCOME}.otherwise_handled.correction_overdue", "其他·逾期不补正"),
    (f"{OUTCOME}.otherwise_handled.fee_overdue", "其他·逾期未缴费"),
    (f"{OUTCOME}.otherwise_handled.other", "其他·其他"),
)
OTHERWISE_2019 = ((f"{OUTCOME}.otherwise_handled.all", "其他处理"),)

RECEIVED = ("requests.received", "新收")
CARRIED_OVER = ("requests.carried_over", "上年结转")
OUTCOME_TOTAL = (f"{OUTCOME}.total", "办理结果")
CARRIED_FORWARD = ("requests.carried_forward", "结转下年")
DISPUTES = (
    "review.reconsideration",
    "review.litigation.direct",
    "review.litigation.after_reconsideration",
)

A1 = "各列新收加上年结转，等于办理结果总计加结转下年度。"
A2 = "各列办理结果总计，等于它上面各行结果之和。"
A3 = "各行总计，等于六类申请人之和。"
A4 = "行政复议、行政诉讼各组总计，等于四项结果之和。"
A5 = "每个数都是可能的数：件数为整数，收费最多六位小数，都不小于 0，也不大得离奇。"
COUNTS = "0 到 999,999,999 之间的整数"
FEES = "0 到 99,999,999 之间的数（万元），最多六位小数"
A6 = "已公布的报告里应填数字的格是空白或横线，核对时按 0 计。"
B1 = "现行有效件数不少于本年制发减本年废止。"
B2 = "县、乡镇和部门一般没有规章制定权，规章应为 0。"
B4 = "行政复议、行政诉讼合计多于收到的申请，且超过 5 件。"
B5 = "行政事业性收费金额异常大，可能把元当成了万元。"

N1 = (
    "统计期限应为本报告年度的 1 月 1 日至 12 月 31 日，标题和引言中的年份应为本报告年度。",
    "正文中作为工作时间的年份应为本报告年度（比较、计划、法规文件名称中的除外）。",
)
N2 = "正文中的数字应与表格一致。"
N3 = "正文应写到各个要点。"
N4_EMPTY = "总体情况、存在的主要问题及改进情况不能空着，也不能只写「无」。"
N4_LEFT = "正文中不应留有没填完的地方。"
N5 = "正文中不应有身份证号、手机号等个人信息。"
N6 = "编号应连续，标点应规范。"

NARRATIVES: tuple[Check, ...] = (
    Years("N1", N1, "国办公开办函〔2021〕30号；经验规则"),
    *(Contradiction("N2", table, (N2,), EXPERIENCE) for table, _ in TABLES),
    NotMentioned(
        "N3",
        (N3,),
        "国办公开办函〔2021〕30号；条例第五十条",
        governments_only=("工作考核、社会评议和责任追究结果情况",),
    ),
    SaysNothing("N4", (N4_EMPTY,), "条例第五十条第（四）项"),
    Leftovers("N4", (N4_LEFT,), EXPERIENCE),
    PersonalData("N5", (N5,), "条例第十五条；《个人信息保护法》"),
    Slips("N6", (N6,), EXPERIENCE),
)

C1 = "各列上年结转，等于上年年报的结转下年度。"
C2 = "现行有效件数，等于上年的现行有效加本年制发减本年废止。"
C3 = "行政许可、处罚、强制、收费和新收申请，与上年相比变化很大。"
C4 = (
    "存在的主要问题及改进情况不应大段沿用上年的文字。",
    "正文不应大段沿用上年的文字。",
)
C5 = "正文中的增减幅度，应与两年的数字相符。"

F1 = ("六个部分齐全。", "六个部分按顺序排列，标题用规定的文字。")
F2 = "三张表齐全，行、列不缺。"
F3 = "表中的项目名称用规定的文字。"
F4 = "2021 年起的报告不应再用 2019 年的旧表格或其中的部分。"
F5 = "标题为“…年政府信息公开工作年度报告”。"
F6 = "文件里没有软件留下的痕迹，一个文件一份报告。"

ROWS_OF_2019 = (
    *OTHERWISE_2019,
    ("proactive_disclosure.other_services", "其他对外管理服务事项"),
    ("proactive_disclosure.procurement", "政府集中采购"),
)

CARRIED = tuple(
    CarriedOver("C1", column, name, CARRIED_OVER[0], CARRIED_FORWARD[0], (C1,), f"{NOTICE}，表三")
    for column, name in (TOTAL, *APPLICANTS)
)


def jumps(fee: str = "") -> tuple[Check, ...]:
    """C3 for the figures that both years know."""
    watched = (
        ("proactive_disclosure.licensing.decisions", "行政许可"),
        ("proactive_disclosure.penalties.decisions", "行政处罚"),
        ("proactive_disclosure.coercion.decisions", "行政强制"),
        (fee, "行政事业性收费（万元）"),
        ("requests.received.total", "新收申请"),
    )
    return tuple(Jump("C3", cell, name, (C3,), EXPERIENCE) for cell, name in watched if cell)


TEXTS_OF_TWO_YEARS: tuple[Check, ...] = (
    TakenOver("C4", C4, EXPERIENCE),
    Change("C5", (C5,), EXPERIENCE),
)


def files(also: tuple[str, ...] = ()) -> tuple[Check, ...]:
    """The checks of a published file's form; `also` are headings that count as official."""
    return (
        Headings("F1", F1, NOTICE, also),
        WholeTables("F2", TABLES, (*OTHERWISE_2021, *ROWS_OF_2019), (F2,), NOTICE),
        Labels("F3", (F3,), NOTICE),
        OldEdition("F4", "2019", 2021, ROWS_OF_2019, (F4,), NOTICE),
        Title("F5", "年政府信息公开工作年度报告", (F5,), NOTICE),
        Traces("F6", (F6,), EXPERIENCE),
    )


def balance(column: str, name: str, sum_of: tuple[Balance, ...] = ()) -> Balance:
    """A1 for one column; `sum_of` are those of the columns that 总计 adds up."""
    return Balance(
        "A1",
        column,
        name,
        left=(RECEIVED, CARRIED_OVER),
        right=(OUTCOME_TOTAL, CARRIED_FORWARD),
        texts=(A1,),
        source=f"{NOTICE}，表三（勾稽关系）",
        sum_of=sum_of,
    )


BALANCES_BY_APPLICANT = tuple(balance(column, name) for column, name in APPLICANTS)
BALANCES = (*BALANCES_BY_APPLICANT, balance(*TOTAL, BALANCES_BY_APPLICANT))


def column_totals(
    own: tuple[tuple[str, str], ...], other: tuple[tuple[str, str], ...]
) -> tuple[ColumnTotal, ...]:
    """A2 for each column; `own` and `other` are this and the other edition's 其他处理."""
    return tuple(
        ColumnTotal(
            "A2",
            column,
            name,
            rows=(*SHARED_ROWS, *(row for row, _ in own)),
            total_row=OUTCOME_TOTAL[0],
            instead=other,
            replaced=tuple(row for row, _ in own),
            texts=(A2,),
            source=f"{NOTICE}，表三",
        )
        for column, name in (*APPLICANTS, TOTAL)
    )


def row_totals() -> tuple[RowTotal, ...]:
    """A3 for each row of table three, of either edition, and A4 for each block of four."""
    rows = (
        RECEIVED,
        CARRIED_OVER,
        *((row, "") for row in SHARED_ROWS),
        *OTHERWISE_2021,
        *OTHERWISE_2019,
        OUTCOME_TOTAL,
        CARRIED_FORWARD,
    )
    return (
        *(RowTotal("A3", row, APPLICANTS, (A3,), f"{NOTICE}，表三", name) for row, name in rows),
        *(RowTotal("A4", block, RESULTS, (A4,), f"{NOTICE}，表四") for block in DISPUTES),
    )


def ranges() -> tuple[Check, ...]:
    """A5, by unit."""
    return (
        Range("A5", Measure.COUNT, 0, 999_999_999, 0, COUNTS, (A5,), NOTICE),
        Range("A5", Measure.FEE, Decimal(0), Decimal(99_999_999), 6, FEES, (A5,), NOTICE),
    )


BLANKS = tuple(Blank("A6", table, name, (A6,), EXPERIENCE) for table, name in TABLES)

MAKE_NO_RULES = (Level.TOWNSHIP, Level.COUNTY, Level.BUREAU)
DISPUTES_AGAINST_REQUESTS = MoreDisputes(
    "B4",
    disputes=tuple(f"{block}.total" for block in DISPUTES),
    requests=("requests.received.total", "requests.carried_over.total"),
    texts=(B4,),
    source=EXPERIENCE,
)

CHECKS_2021: tuple[Check, ...] = (
    *linked((*column_totals(OTHERWISE_2021, OTHERWISE_2019), *row_totals()), BALANCES),
    *ranges(),
    *BLANKS,
    AtLeast("B1", "proactive_disclosure.rules", "规章", (B1,), EXPERIENCE),
    AtLeast("B1", "proactive_disclosure.normative_documents", "行政规范性文件", (B1,), EXPERIENCE),
    NoRuleMaking(
        "B2",
        tuple(f"proactive_disclosure.rules.{c}" for c in ("issued", "repealed", "in_force")),
        MAKE_NO_RULES,
        (B2,),
        "《立法法》第九十一条、第九十三条",
    ),
    DISPUTES_AGAINST_REQUESTS,
    FeeLooksLikeYuan("B5", "proactive_disclosure.administrative_fees.amount", (B5,), EXPERIENCE),
    *CARRIED,
    InForce("C2", "proactive_disclosure.rules", "规章", (C2,), EXPERIENCE),
    InForce("C2", "proactive_disclosure.normative_documents", "行政规范性文件", (C2,), EXPERIENCE),
    *jumps("proactive_disclosure.administrative_fees.amount"),
    *NARRATIVES,
    *TEXTS_OF_TWO_YEARS,
    *files(),
)

CHECKS_2019: tuple[Check, ...] = (
    *linked((*column_totals(OTHERWISE_2019, OTHERWISE_2021), *row_totals()), BALANCES),
    *ranges()[:1],
    *BLANKS,
    # Of the figures of 规章 only 新制作 means making them; others publish those of others.
    NoRuleMaking(
        "B2",
        ("proactive_disclosure.rules.produced",),
        MAKE_NO_RULES,
        (B2,),
        "《立法法》第九十一条、第九十三条",
    ),
    DISPUTES_AGAINST_REQUESTS,
    *CARRIED,
    *jumps(),
    *NARRATIVES,
    *TEXTS_OF_TWO_YEARS,
    # The headings of the form in force are official over the older tables too.
    *files(also=tuple(section.heading for section in SECTIONS)),
)
