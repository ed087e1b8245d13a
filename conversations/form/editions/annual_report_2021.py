"""
The annual report form in force: 国办公开办函〔2021〕30号.

Wording, order and merged heads are those of the printed form. The explanations of what a figure
counts are drawn from the articles of 《中华人民共和国政府信息公开条例》 (国务院令第711号, here
条例) and 《政府信息公开信息处理费管理办法》 (国办函〔2020〕109号, here 费办法); they therefore say
«一般指», never «依规定».
"""

from __future__ import annotations

from conversations.form.build import (
    BlockData,
    RowData,
    balance_of,
    remarks_of,
    sums_of,
    table_of_blocks,
    table_of_columns,
    table_of_rows,
)
from conversations.form.editions.facts import FACTS_2021
from conversations.form.model import (
    Box,
    Column,
    Fact,
    Form,
    LineKind,
    Measure,
    Narrative,
    Point,
    Section,
    Table,
)
from conversations.form.numbers import NUMBERS

NOTICE = "国办公开办函〔2021〕30号"

# ---------------------------------------------------------------- table two

BLOCKS = (
    BlockData(
        "第二十条第（一）项",
        (
            Column("issued", "本年制发件数", "制发"),
            Column("repealed", "本年废止件数", "废止"),
            Column("in_force", "现行有效件数", "现行有效"),
        ),
        (
            RowData(
                "proactive_disclosure.rules",
                ("规章",),
                "规章",
                "一般指国务院部门、省级政府以及设区的市、自治州政府制定的规章。"
                "县、乡镇、部门没有规章制定权，通常三个数都是 0。",
                "条例第二十条第（一）项；《立法法》第九十一条、第九十三条",
            ),
            RowData(
                "proactive_disclosure.normative_documents",
                ("行政规范性文件",),
                "行政规范性文件",
                "一般指本机关制发、对外有普遍约束力的文件，不是所有红头文件；"
                "由制发机关填报。现行有效件数以 12 月 31 日为准。",
                "条例第二十条第（一）项",
            ),
        ),
    ),
    BlockData(
        "第二十条第（五）项",
        (Column("decisions", "本年处理决定数量", "处理决定"),),
        (
            RowData(
                "proactive_disclosure.licensing",
                ("行政许可",),
                "行政许可",
                "一般指本年度作出的行政许可决定件数，准予、不予都算。",
                "条例第二十条第（五）项",
            ),
        ),
    ),
    BlockData(
        "第二十条第（六）项",
        (Column("decisions", "本年处理决定数量", "处理决定"),),
        (
            RowData(
                "proactive_disclosure.penalties",
                ("行政处罚",),
                "行政处罚",
                "一般指本年度作出的行政处罚决定件数。",
                "条例第二十条第（六）项",
            ),
            RowData(
                "proactive_disclosure.coercion",
                ("行政强制",),
                "行政强制",
                "一般指本年度作出的行政强制决定件数。",
                "条例第二十条第（六）项",
            ),
        ),
    ),
    BlockData(
        "第二十条第（八）项",
        (Column("amount", "本年收费金额（单位：万元）", "收费金额"),),
        (
            RowData(
                "proactive_disclosure.administrative_fees",
                ("行政事业性收费",),
                "行政事业性收费",
                "一般指本年度行政事业性收费的金额，单位是万元，可以有小数。"
                "请留意账上的数是不是以元为单位。",
                "条例第二十条第（八）项",
            ),
        ),
        (Measure.FEE,),
    ),
)
TABLE_TWO = table_of_blocks(BLOCKS)

# -------------------------------------------------------------- table three

APPLICANTS = (
    Column("natural_person", "自然人"),
    Column("commercial_enterprise", "商业企业"),
    Column("research_institution", "科研机构"),
    Column("public_welfare_organization", "社会公益组织", "公益组织"),
    Column("legal_service_institution", "法律服务机构", "法律服务"),
    Column("other", "其他"),
    Column("total", "总计"),
)

HEAD_THREE = (
    (
        Box(
            "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
            columns=3,
            rows=3,
        ),
        Box("申请人情况", columns=7),
    ),
    (Box("自然人", rows=2), Box("法人或其他组织", columns=5), Box("总计", rows=2)),
    tuple(Box(column.label) for column in APPLICANTS[1:6]),
)

OUTCOME = "三、本年度办理结果"
WITHHELD = (OUTCOME, "（三）不予公开")
UNABLE = (OUTCOME, "（四）无法提供")
NOT_PROCESSED = (OUTCOME, "（五）不予处理")
OTHERWISE = (OUTCOME, "（六）其他处理")
FEE_RULES = "费办法（国办函〔2020〕109号）"

RECEIVED = RowData(
    "requests.received",
    ("一、本年新收政府信息公开申请数量",),
    "新收",
    "一般指 1 月 1 日至 12 月 31 日登记的政府信息公开申请，一件只计一次。",
    "条例第二十七条至第三十一条",
)
CARRIED_OVER = RowData(
    "requests.carried_over",
    ("二、上年结转政府信息公开申请数量",),
    "上年结转",
    "一般指上年收到、上年没有办结的申请，应等于上年年报的「结转下年度继续办理」。",
    "国办公开办函〔2021〕30号",
)
DISCLOSED = RowData(
    "requests.outcome.disclosed",
    (OUTCOME, "（一）予以公开"),
    "予以公开",
    "一般指全部予以公开的，含告知申请人已经公开、到哪里查询的。",
    "条例第三十六条第（一）（二）项",
)
PARTLY_DISCLOSED = RowData(
    "requests.outcome.partly_disclosed",
    (OUTCOME, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    "部分公开",
    "一般指一件申请中部分公开、部分不公开的。一件区分处理的申请只计在这里，不再计入别的行。",
    "条例第三十七条",
)
WITHHELD_ROWS = (
    RowData(
        "requests.outcome.withheld.state_secret",
        (*WITHHELD, "1.属于国家秘密"),
        "不公开·国家秘密",
        "一般指依法确定为国家秘密而不予公开的。",
        "条例第十四条",
    ),
    RowData(
        "requests.outcome.withheld.prohibited_by_law",
        (*WITHHELD, "2.其他法律行政法规禁止公开"),
        "不公开·法规禁止",
        "一般指国家秘密以外，法律、行政法规禁止公开的。",
        "条例第十四条",
    ),
    RowData(
        "requests.outcome.withheld.security_and_stability",
        (*WITHHELD, "3.危及“三安全一稳定”"),
        "不公开·安全稳定",
        "一般指公开后可能危及国家安全、公共安全、经济安全、社会稳定的。",
        "条例第十四条",
    ),
    RowData(
        "requests.outcome.withheld.third_party_rights",
        (*WITHHELD, "4.保护第三方合法权益"),
        "不公开·第三方",
        "一般指涉及商业秘密、个人隐私等，公开会损害第三方合法权益的。",
        "条例第十五条、第三十二条、第三十六条第（三）项",
    ),
    RowData(
        "requests.outcome.withheld.internal_affairs",
        (*WITHHELD, "5.属于三类内部事务信息"),
        "不公开·内部事务",
        "一般指人事管理、后勤管理、内部工作流程三类内部事务信息。",
        "条例第十六条第一款",
    ),
    RowData(
        "requests.outcome.withheld.deliberative_process",
        (*WITHHELD, "6.属于四类过程性信息"),
        "不公开·过程信息",
        "一般指讨论记录、过程稿、磋商信函、请示报告四类过程性信息。",
        "条例第十六条第二款",
    ),
    RowData(
        "requests.outcome.withheld.enforcement_file",
        (*WITHHELD, "7.属于行政执法案卷"),
        "不公开·执法案卷",
        "一般指行政执法案卷信息。",
        "条例第十六条第二款",
    ),
    RowData(
        "requests.outcome.withheld.administrative_inquiry",
        (*WITHHELD, "8.属于行政查询事项"),
        "不公开·行政查询",
        "一般指工商、不动产登记资料等，有专门查询办法、告知申请人依其办理的。",
        "条例第三十六条第（七）项",
    ),
)
UNABLE_ROWS = (
    RowData(
        "requests.outcome.unable_to_provide.not_held",
        (*UNABLE, "1.本机关不掌握相关政府信息"),
        "无法提供·不掌握",
        "一般指检索后没有，或者不属于本机关负责公开的。",
        "条例第三十六条第（四）（五）项",
    ),
    RowData(
        "requests.outcome.unable_to_provide.must_be_created",
        (*UNABLE, "2.没有现成信息需要另行制作"),
        "无法提供·需制作",
        "一般指没有现成信息，需要加工、分析、另行制作的。",
        "条例第三十八条",
    ),
    RowData(
        "requests.outcome.unable_to_provide.still_unclear",
        (*UNABLE, "3.补正后申请内容仍不明确"),
        "无法提供·不明确",
        "一般指申请人补正以后，申请内容仍然不明确的。",
        "条例第三十条",
    ),
)
NOT_PROCESSED_ROWS = (
    RowData(
        "requests.outcome.not_processed.petition_or_complaint",
        (*NOT_PROCESSED, "1.信访举报投诉类申请"),
        "不处理·信访投诉",
        "一般指以申请公开的形式进行信访、投诉、举报的。",
        "条例第三十九条第一款",
    ),
    RowData(
        "requests.outcome.not_processed.repeat_request",
        (*NOT_PROCESSED, "2.重复申请"),
        "不处理·重复申请",
        "一般指已经答复过、同一申请人又申请同一内容的。",
        "条例第三十六条第（六）项",
    ),
    RowData(
        "requests.outcome.not_processed.published_material",
        (*NOT_PROCESSED, "3.要求提供公开出版物"),
        "不处理·出版物",
        "一般指要求提供政府公报、报刊、书籍等公开出版物的。",
        "条例第三十九条第二款",
    ),
    RowData(
        "requests.outcome.not_processed.excessive_requests",
        (*NOT_PROCESSED, "4.无正当理由大量反复申请"),
        "不处理·大量反复",
        "一般指数量、频次明显超过合理范围，说明的理由又不合理的。",
        "条例第三十五条",
    ),
    RowData(
        "requests.outcome.not_processed.confirm_or_reissue",
        (*NOT_PROCESSED, "5.要求行政机关确认或重新出具已获取信息"),
        "不处理·重新出具",
        "一般指要求对已经获取的信息再作确认或者重新出具的。",
        NOTICE,
    ),
)
OTHERWISE_ROWS = (
    RowData(
        "requests.outcome.otherwise_handled.correction_overdue",
        (
            *OTHERWISE,
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        ),
        "其他·逾期不补正",
        "一般指要求补正以后，申请人无正当理由逾期不补正，视为放弃的。",
        "条例第三十条",
    ),
    RowData(
        "requests.outcome.otherwise_handled.fee_overdue",
        (
            *OTHERWISE,
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        ),
        "其他·逾期未缴费",
        "一般指通知缴纳信息处理费以后，申请人逾期未缴，视为放弃的。",
        FEE_RULES,
    ),
    RowData(
        "requests.outcome.otherwise_handled.other",
        (*OTHERWISE, "3.其他"),
        "其他·其他",
        "一般指以上都不是的，例如申请人撤回申请。",
        NOTICE,
    ),
)
OUTCOME_TOTAL = RowData(
    "requests.outcome.total",
    (OUTCOME, "（七）总计"),
    "办理结果总计",
    "办理结果各行之和，由系统计算。",
    "国办公开办函〔2021〕30号，表三",
    LineKind.SUM,
)
CARRIED_FORWARD = RowData(
    "requests.carried_forward",
    ("四、结转下年度继续办理",),
    "结转下年度",
    "新收加上年结转，减去办理结果总计：年底还没有办结、转到下一年继续办的申请。",
    "国办公开办函〔2021〕30号，表三（勾稽关系）",
    LineKind.BALANCE,
)

TABLE_THREE = table_of_rows(
    HEAD_THREE,
    APPLICANTS,
    (
        RECEIVED,
        CARRIED_OVER,
        DISCLOSED,
        PARTLY_DISCLOSED,
        *WITHHELD_ROWS,
        *UNABLE_ROWS,
        *NOT_PROCESSED_ROWS,
        *OTHERWISE_ROWS,
        OUTCOME_TOTAL,
        CARRIED_FORWARD,
    ),
)

# --------------------------------------------------------------- table four

RESULTS = (
    Column("upheld", "结果维持", "维持"),
    Column("corrected", "结果纠正", "纠正"),
    Column("other_result", "其他结果", "其他"),
    Column("pending", "尚未审结", "未审结"),
    Column("total", "总计"),
)

HEAD_FOUR = (
    (Box("行政复议", columns=5), Box("行政诉讼", columns=10)),
    (
        *(Box(column.label, rows=2) for column in RESULTS),
        Box("未经复议直接起诉", columns=5),
        Box("复议后起诉", columns=5),
    ),
    tuple(Box(column.label) for column in (*RESULTS, *RESULTS)),
)
DISPUTES = "一般指因政府信息公开引起的案件，按 12 月 31 日的状态填报；其他复议、诉讼不算。"

TABLE_FOUR = table_of_columns(
    HEAD_FOUR,
    RESULTS,
    (
        RowData("review.reconsideration", ("行政复议",), "行政复议", DISPUTES, NOTICE),
        RowData(
            "review.litigation.direct",
            ("行政诉讼", "未经复议直接起诉"),
            "直接起诉",
            DISPUTES,
            NOTICE,
        ),
        RowData(
            "review.litigation.after_reconsideration",
            ("行政诉讼", "复议后起诉"),
            "复议后起诉",
            DISPUTES,
            NOTICE,
        ),
    ),
)

# --------------------------------------------------------------- narratives

OVERVIEW = Narrative(
    "overview",
    NUMBERS["overview"],
    "总体情况",
    "总体情况",
    (
        Point("主动公开", ("主动公开", "公开信息", "公开各类", "发布信息", "信息发布", "公开内容")),
        Point("依申请公开", ("依申请", "申请公开", "公开申请", "信息公开的申请")),
        Point(
            "政府信息管理",
            ("信息管理", "保密审查", "信息审核", "审核制度", "三审三校", "先审后发", "规范信息"),
        ),
        Point(
            "政府信息公开平台建设",
            ("平台", "网站", "新媒体", "公众号", "公开专栏", "公开栏"),
        ),
        Point("监督保障", ("监督", "保障", "培训", "队伍建设", "责任制", "检查考核")),
        Point(
            "工作考核、社会评议和责任追究结果情况",
            (
                "工作考核",
                "考核结果",
                "考核评",
                "年度考核",
                "绩效考核",
                "纳入考核",
                "考核体系",
                "考核内容",
                "考核目标",
                "评议",
                "责任追究",
                "追究责任",
                "追责",
                "问责",
            ),
        ),
    ),
    False,
    "国办公开办函〔2021〕30号；条例第五十条第（四）项",
)
PROBLEMS = Narrative(
    "problems_and_improvements",
    NUMBERS["problems_and_improvements"],
    "存在的主要问题及改进情况",
    "问题及改进",
    (
        Point(
            "存在的主要问题",
            (
                "问题",
                "不足",
                "差距",
                "薄弱",
                "有待",
                "不够",
                "不强",
                "不高",
                "短板",
                "欠缺",
                "缺乏",
            ),
        ),
        Point(
            "改进情况",
            ("改进", "整改", "下一步", "措施", "加强", "提升", "完善", "将"),
        ),
    ),
    False,
    "条例第五十条第（四）项",
)
OTHER_MATTERS = Narrative(
    "other_matters",
    NUMBERS["other_matters"],
    "其他需要报告的事项",
    "其他事项",
    (Point("信息处理费的收取情况（没有收取也请写明）", ("信息处理费", "处理费", "收费")),),
    True,
    "费办法（国办函〔2020〕109号）",
)

SECTIONS = (
    Section(
        "overview", NUMBERS["overview"], "一", "总体情况", "总体情况", OVERVIEW, ("总体工作情况",)
    ),
    Section(
        "proactive_disclosure",
        NUMBERS["proactive_disclosure"],
        "二",
        "主动公开政府信息情况",
        "主动公开",
        TABLE_TWO,
        ("行政机关主动公开政府信息情况", "主动公开政府信息的情况", "主动公开情况"),
    ),
    Section(
        "requests",
        NUMBERS["requests"],
        "三",
        "收到和处理政府信息公开申请情况",
        "依申请公开",
        TABLE_THREE,
        (
            "行政机关收到和处理政府信息公开申请情况",
            "收到和处理政府信息公开申请的情况",
            "依申请公开情况",
        ),
    ),
    Section(
        "review",
        NUMBERS["review"],
        "四",
        "政府信息公开行政复议、行政诉讼情况",
        "复议诉讼",
        TABLE_FOUR,
        (
            "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
            "因政府信息公开工作被申请行政复议、提起行政诉讼的情况",
            "政府信息公开行政复议和行政诉讼情况",
        ),
    ),
    Section(
        "problems_and_improvements",
        NUMBERS["problems_and_improvements"],
        "五",
        "存在的主要问题及改进情况",
        "问题及改进",
        PROBLEMS,
        (
            "政府信息公开工作存在的主要问题及改进情况",
            "存在的主要问题及整改措施",
            "存在的主要问题和改进情况",
        ),
    ),
    Section(
        "other_matters",
        NUMBERS["other_matters"],
        "六",
        "其他需要报告的事项",
        "其他事项",
        OTHER_MATTERS,
        ("需要报告的其他事项", "其他需要报告的事项情况"),
    ),
)

WORDING = {
    "title": "标题",
    "introduction": "引言",
    "signature": "落款",
    "signature_date": "落款日期",
    "level": "机关层级",
    "table_breaks": "表格跨页",
}

# 上年结转 equals the figure carried forward the year before, column by column.
BRIDGE = {
    f"requests.carried_over.{column.id}": f"requests.carried_forward.{column.id}"
    for column in APPLICANTS
}


def annual_report(
    edition: str,
    notice: str,
    since: int,
    sections: tuple[Section, ...],
    facts: tuple[Fact, ...] = FACTS_2021,
) -> Form:
    """The form of an edition, with sums, balance and wording derived from its sections."""
    tables = {section.id: section.body for section in sections if isinstance(section.body, Table)}
    return Form(
        edition=edition,
        notice=notice,
        since=since,
        sections=sections,
        sums=sums_of(tuple(tables.values())),
        balance=balance_of(
            tables["requests"],
            plus=(RECEIVED.id, CARRIED_OVER.id),
            minus=(OUTCOME_TOTAL.id,),
            target=CARRIED_FORWARD.id,
        ),
        wording={name: NUMBERS[name] for name in WORDING},
        bridge=BRIDGE,
        wording_names=WORDING,
        facts=facts,
        remarks=remarks_of(sections),
    )


ANNUAL_REPORT_2021 = annual_report("2021", NOTICE, 2021, SECTIONS)
