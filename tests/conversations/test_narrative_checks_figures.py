"""
N2: what a text says of the figures, against the tables.

Judged by its false alarms as much as by what it finds: beside each kind of statement
stand the sentences that look like it and speak of something else.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from conversations.checks import check_items
from conversations.checks.findings import Grade
from conversations.checks.texts.statements import statements, whole_number
from conversations.form import ANNUAL_REPORT_2019
from tests.checked import found, printing, published, report
from tests.clean_reports import CLEAN, Clean

# 21 received, 2 carried over, 22 answered, 1 carried forward.
FIGURES: dict[str, int | Decimal] = {
    "requests.received.natural_person": 18,
    "requests.received.commercial_enterprise": 3,
    "requests.carried_over.natural_person": 2,
    "requests.outcome.disclosed.natural_person": 7,
    "requests.outcome.disclosed.commercial_enterprise": 1,
    "requests.outcome.partly_disclosed.natural_person": 3,
    "requests.outcome.withheld.state_secret.natural_person": 1,
    "requests.outcome.withheld.third_party_rights.natural_person": 1,
    "requests.outcome.withheld.third_party_rights.commercial_enterprise": 1,
    "requests.outcome.unable_to_provide.not_held.natural_person": 4,
    "requests.outcome.unable_to_provide.must_be_created.natural_person": 1,
    "requests.outcome.not_processed.petition_or_complaint.natural_person": 1,
    "requests.outcome.not_processed.repeat_request.natural_person": 1,
    "requests.outcome.otherwise_handled.other.commercial_enterprise": 1,
    "requests.carried_forward.natural_person": 1,
    "proactive_disclosure.normative_documents.issued": 3,
    "proactive_disclosure.normative_documents.repealed": 2,
    "proactive_disclosure.normative_documents.in_force": 10,
    "proactive_disclosure.licensing.decisions": 295,
    "proactive_disclosure.penalties.decisions": 41,
    "proactive_disclosure.coercion.decisions": 6,
    "proactive_disclosure.administrative_fees.amount": Decimal("7.3028"),
    "review.reconsideration.upheld": 2,
    "review.reconsideration.corrected": 1,
    "review.litigation.direct.pending": 1,
    "review.litigation.after_reconsideration.upheld": 1,
}

# What is said, and a figure that it contradicts.
CONTRADICTIONS = [
    ("共收到政府信息公开申请24件，其中上年结转2件。", "requests.received.total"),
    ("全年受理政府信息公开申请22件。其中上年度结转2件，新收21件。", "requests.received.total"),
    ("办结22件，其中公开（含部分公开）12件、不予公开3件。", "requests.outcome.disclosed.total"),
    ("收到政府信息公开申请21件，撤回1件，实际答复20件。", "requests.outcome.total.total"),
    ("2023年，我镇共收到政府信息公开申请25件。", "requests.received.total"),
    ("全年受理政府信息公开申请20件，均按时答复。", "requests.received.total"),
    ("2023年度我镇共收到依申请信息公开26件，都已回复。", "requests.received.total"),
    ("2023年新收政府信息公开申请20件，上年结转2件。", "requests.received.total"),
    ("本年新收政府信息公开申请21件，上年结转3件。", "requests.carried_over.total"),
    ("收到依申请公开5件。", "requests.received.total"),
    ("共收到20件政府信息公开申请。", "requests.received.total"),
    ("共收到公民、法人和其他组织提出的政府信息公开申请二十件。", "requests.received.total"),
    ("本年度未收到政府信息公开申请。", "requests.received.total"),
    ("全年无政府信息公开申请。", "requests.received.total"),
    ("2023年，我镇没有收到依申请公开政府信息事项。", "requests.received.total"),
    ("收到政府信息公开申请0件。", "requests.received.total"),
    ("依申请公开方面，全年未收到公民、法人或其他组织的申请。", "requests.received.total"),
    ("2023年我镇政府信息公开申请受理20件。", "requests.received.total"),
    ("2023年共办理政府信息公开申请20件。", "requests.received.total"),
    ("全年收办依申请公开件19件。", "requests.received.total"),
    ("2023年共收到政府信息公开申请21件，办结20件。", "requests.outcome.total.total"),
    (
        "共收到政府信息公开申请21件，上年结转2件，已答复21件，结转下年度继续办理1件。",
        "requests.outcome.total.total",
    ),
    (
        "共收到政府信息公开申请21件，已答复22件，结转下年度继续办理2件。",
        "requests.carried_forward.total",
    ),
    ("办结政府信息公开申请20件。", "requests.outcome.total.total"),
    ("收到申请21件，其中，予以公开7件，部分公开3件。", "requests.outcome.disclosed.total"),
    (
        "收到政府信息公开申请21件。其中予以公开8件，部分公开4件，不予公开3件。",
        "requests.outcome.partly_disclosed.total",
    ),
    (
        "收到政府信息公开申请21件，予以公开8件、部分公开3件、不予公开2件、无法提供5件。",
        "requests.outcome.withheld.state_secret.total",
    ),
    (
        "收到政府信息公开申请21件，予以公开8件、部分公开3件、不予公开3件、无法提供4件。",
        "requests.outcome.unable_to_provide.not_held.total",
    ),
    (
        "收到政府信息公开申请21件，予以公开8件、不予处理3件、其他处理1件。",
        "requests.outcome.not_processed.repeat_request.total",
    ),
    (
        "在答复的申请中，予以公开8件；部分公开3件；其他处理2件。",
        "requests.outcome.otherwise_handled.other.total",
    ),
    ("收到申请21件，其中予以公开及部分公开10件。", "requests.outcome.disclosed.total"),
    (
        "收到政府信息公开申请21件，其中9件予以公开，3件部分公开。",
        "requests.outcome.disclosed.total",
    ),
    (
        "收到政府信息公开申请21件，其中自然人申请17件，商业企业申请3件。",
        "requests.received.natural_person",
    ),
    (
        "收到政府信息公开申请21件，其中自然人18件、法人或其他组织4件。",
        "requests.received.commercial_enterprise",
    ),
    (
        "收到政府信息公开申请21件，1件结转下年度办理，2件结转下年度继续办理。",
        "requests.carried_forward.total",
    ),
    ("因政府信息公开被申请行政复议2件、被提起行政诉讼2件。", "review.reconsideration.total"),
    ("2023年因政府信息公开引发行政复议3件，行政诉讼1件。", "review.litigation.direct.total"),
    (
        "本年度未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。",
        "review.reconsideration.total",
    ),
    ("全年没有发生行政复议和行政诉讼案件。", "review.reconsideration.total"),
    ("全年无因政府信息公开引起的行政诉讼。", "review.litigation.direct.total"),
    (
        "全年制发规范性文件4件，废止2件，现行有效10件。",
        "proactive_disclosure.normative_documents.issued",
    ),
    (
        "全年制发规范性文件3件，废止1件，现行有效10件。",
        "proactive_disclosure.normative_documents.repealed",
    ),
    (
        "全年制发行政规范性文件3件，废止2件，现行有效11件。",
        "proactive_disclosure.normative_documents.in_force",
    ),
    (
        "2023年，我镇现行有效的行政规范性文件12件。",
        "proactive_disclosure.normative_documents.in_force",
    ),
    ("制定规范性文件5件。", "proactive_disclosure.normative_documents.issued"),
    ("本年度未制发规范性文件。", "proactive_disclosure.normative_documents.issued"),
    (
        "共制发3件行政规范性文件，废止行政规范性文件3件。",
        "proactive_disclosure.normative_documents.repealed",
    ),
    ("全年作出行政许可决定290件，行政处罚决定41件。", "proactive_disclosure.licensing.decisions"),
    (
        "办理行政许可295件，作出行政处罚42件，实施行政强制6件。",
        "proactive_disclosure.penalties.decisions",
    ),
    ("全年作出290件行政许可决定。", "proactive_disclosure.licensing.decisions"),
    ("行政许可处理决定295件，行政处罚处理决定40件。", "proactive_disclosure.penalties.decisions"),
    ("全年行政处罚40件。", "proactive_disclosure.penalties.decisions"),
    ("全年收取行政事业性收费8.2万元。", "proactive_disclosure.administrative_fees.amount"),
    ("行政事业性收费73028万元。", "proactive_disclosure.administrative_fees.amount"),
    ("全年未收取行政事业性收费。", "proactive_disclosure.administrative_fees.amount"),
    (
        "2023年度行政事业性收费总金额为7.3128万元。",
        "proactive_disclosure.administrative_fees.amount",
    ),
    ("（二）依申请公开情况。全镇全年共受理申请22件。", "requests.received.total"),
    (
        "2023年，临江镇人民政府共收到政府信息公开申请23件，其中网上申请15件，信函申请8件。",
        "requests.received.total",
    ),
    ("共受理政府信息公开申请1,021件。", "requests.received.total"),
    ("依申请公开：本年共受理政府信息公开申请20件，同比下降10%。", "requests.received.total"),
    ("接到群众政府信息公开申请20份。", "requests.received.total"),
    ("共收到政府信息公开申请20件（含上年结转2件）。", "requests.received.total"),
    ("本年度受理并答复政府信息公开申请20件。", "requests.received.total"),
    (
        "共收到依申请公开申请21件，已全部办结，其中不予公开5件。",
        "requests.outcome.withheld.state_secret.total",
    ),
    (
        "收到申请21件，其中网上申请15件、信函申请6件，予以公开9件。",
        "requests.outcome.disclosed.total",
    ),
    (
        "收到信息公开申请21件，其中：重复申请2件。",
        "requests.outcome.not_processed.repeat_request.total",
    ),
    ("通过线上线下等渠道共收到政府信息公开申请20件。", "requests.received.total"),
    ("我镇未收到任何政府信息公开申请。", "requests.received.total"),
    ("受理依申请25件。", "requests.received.total"),
    ("全年未发生依申请公开情况。", "requests.received.total"),
    ("全年政府信息公开申请量为25件。", "requests.received.total"),
    (
        "收到政府信息公开申请21件，其中17件为自然人申请，3件为商业企业申请。",
        "requests.received.natural_person",
    ),
    ("收到申请21件，申请人为自然人的17件。", "requests.received.natural_person"),
    ("全年收到因政府信息公开引起的行政复议2件。", "review.reconsideration.total"),
    ("办理行政许可事项300件。", "proactive_disclosure.licensing.decisions"),
    ("行政许可办结300件。", "proactive_disclosure.licensing.decisions"),
    ("作出行政处罚决定50个。", "proactive_disclosure.penalties.decisions"),
    ("修订2件、废止3件规范性文件。", "proactive_disclosure.normative_documents.repealed"),
    ("截至2023年底，现行有效规范性文件20件。", "proactive_disclosure.normative_documents.in_force"),
    ("收取行政事业性收费共计83,028元。", "proactive_disclosure.administrative_fees.amount"),
    ("本年新收政府信息公开申请25件，上年结转政府信息公开申请2件。", "requests.received.total"),
    (
        "收到申请21件，不予处理1件（信访举报投诉类申请1件）。",
        "requests.outcome.not_processed.repeat_request.total",
    ),
    ("2023年度，临江镇共收到政府信息公开申请25件，同比增长20%。", "requests.received.total"),
    ("依申请公开情况：全年收到申请25件，办结22件。", "requests.received.total"),
]

NO_CONTRADICTIONS = [
    "收到政府信息公开申请21件，17件按期限答复办结，5件按无法提供办结，1件结转下年。",
    "共答复政府信息公开申请22件，其中上年结转2件，本年新收20件。",
    "办结22件，其中予以公开（不含部分公开）8件，部分公开3件。",
    "办结22件，其中全部或部分公开11件，不予公开3件。",
    "共收到政府信息公开申请23件，其中上年结转2件，已答复22件，1件结转下年。",
    "全年受理政府信息公开申请23件。其中上年度结转2件，新收21件。",
    "共受理依申请公开事项23件，结转上年后新收到依申请公开事项21件，较上一年度增加2件。",
    "收到政府信息公开申请21件，3件按不予公开办结，19件按期限答复办结，1件结转下年。",
    "办结22件，其中公开（含部分公开）11件、不予公开3件、无法提供5件、不予处理2件。",
    "办结22件，予以公开11件（含部分公开3件）、不予公开3件。",
    "办结22件，公开11件，其中部分公开3件。",
    "2021年至2023年，累计收到政府信息公开申请64件，其中2023年21件。",
    "收到政府信息公开申请21件，撤回1件，实际答复21件。",
    "已办结21件，因申请人逾期不补正不再处理政府信息公开申请1件。",
    "2023年，我镇共收到政府信息公开申请21件，上年结转2件，办结22件，结转下年度继续办理1件。",
    "全年受理政府信息公开申请21件，其中自然人18件，商业企业3件。",
    "收到申请21件，其中网上申请15件，当面申请6件。",
    "通过网上收到政府信息公开申请15件，信函收到申请6件。",
    "其中，当面申请3件，网上申请18件。",
    "2022年收到政府信息公开申请30件。",
    "上年收到政府信息公开申请30件，今年收到21件。",
    "收到申请21件，较上年减少9件。",
    "上半年收到政府信息公开申请9件。",
    "第三季度，共受理政府信息公开申请4件。",
    "1月至6月收到政府信息公开申请10件。",
    "其中，镇农业服务中心受理政府信息公开申请2件。",
    "各村共受理政府信息公开申请12件。",
    "县公安局受理政府信息公开申请50件。",
    "涉及征地拆迁的政府信息公开申请9件。",
    "收到涉及土地征收的政府信息公开申请9件。",
    "未收到涉及国家秘密的申请。",
    "全年受理网络问政96件，全部办结，办结96件。",
    "受理群众来信12件，答复12件。",
    "收到留言30条，回复30条。",
    "办理人大建议5件、政协提案3件，答复8件。",
    "共受理低保申请50件，办结48件。",
    "受理12345热线工单300件，办结299件。",
    "收到行政复议申请2件。",
    "办理政府信息公开申请23件。",
    "办理政府信息公开申请21件。",
    "收到近20件政府信息公开申请。",
    "收到20余件政府信息公开申请。",
    "共收到政府信息公开申请23件（含上年结转2件）。",
    "受理并答复政府信息公开申请22件。",
    "政府信息公开信息处理费0元，未收取任何费用。",
    "全年收取政府信息公开信息处理费0元。",
    "主动公开政府信息300条，予以公开及时。",
    "主动公开规范性文件2件。",
    "清理规范性文件15件，保留10件。",
    "公开规范性文件3件，解读2件。",
    "转发上级规范性文件20件。",
    "公示行政许可280件、行政处罚30件。",
    "主动公开行政许可信息280条，行政处罚信息30条。",
    "办理食品类行政许可20件。",
    "其中，建设工程行政处罚5件。",
    "行政许可事项120项。",
    "行政事业性收费7.3万元。",
    "行政事业性收费73028元。",
    "行政事业性收费约8万元。",
    "减免行政事业性收费3万元。",
    "审理行政复议案件20件，审结18件。",
    "司法所化解行政诉讼3件。",
    "全年无行政复议败诉案件。",
    "未发生因不履行职责引发的行政复议。",
    "因政府信息公开引发行政复议3件、行政诉讼2件。",
    "政府信息公开行政复议、行政诉讼共5件。",
    "未发生逾期答复情况，逾期答复0件。",
    "收到申请21件，答复率100%，满意率98%。",
    "收到申请21件，其中予以公开及部分公开11件。",
    (
        "收到申请21件，予以公开8件，部分公开3件，不予公开3件，无法提供5件，不予处理2件，其他处理"
        "1件。"
    ),
    "其中：予以公开8件；部分公开3件；不予公开3件（国家秘密1件）。",
    "口头答复3件，书面答复19件。",
    "答复申请人21人次。",
    "公开政府信息申请指南1条。",
    "近三年共收到政府信息公开申请60件。",
    "《条例》施行以来，共收到政府信息公开申请90件。",
    "月均受理政府信息公开申请2件。",
    "每件申请均在20个工作日内答复。",
    "第1件申请于3月收到。",
    "收到申请21件，同比增长5件。",
    "根据2023年1月1日至12月31日的统计，共收到申请21件。",
    "县政府办公室收到政府信息公开申请300件。",
    "在县政府办公室指导下，我镇收到政府信息公开申请21件。",
    "全县共受理政府信息公开申请900件。",
    "发布政策解读5件，制发通知20份。",
    "行政规范性文件制发3件、废止2件、现行有效10件。",
    "起草规范性文件草案4件。",
    "作出行政处罚决定41件，罚款8.5万元。",
    "未收到要求听证的申请。",
    "新收信访件30件。",
    "没有申请人对答复提出异议。",
    "办结民生实事10件。",
    "依申请公开目录1条，依申请公开指南1份。",
    "予以公开的申请在5个工作日内办结。",
    "自然人自愿登记15件。",
    "收到政府信息公开申请21件次。",
    "2023年，我镇处理依申请公开22件。",
    "延长答复期限3件。",
    "收到不属于本机关公开的申请3件。",
    "5月收到申请3件，全年累计收到申请21件。",
    "关于环境保护的申请5件。",
    "共收到征地类申请8件、规划类申请4件。",
]

OTHER_MATTERS = [
    ("定安县司法局", "全年收到行政复议案件2件。"),
    ("定安县人民政府", "办理政府信息公开类行政复议案件20件。"),
    ("临江镇人民政府", "受理行政许可申请300件。"),
    ("临江镇人民政府", "作出准予行政许可决定250件。"),
    ("临江镇人民政府", "登记不动产300件。"),
    ("临江镇人民政府", "登记申请300件。"),
    ("临江镇人民政府", "发布规范性文件5件。"),
    ("临江镇人民政府", "无收费申请。"),
    ("临江镇人民政府", "主动公开公文14条，依申请公开0条。"),
    ("临江镇人民政府", "全年新增企业登记申请120件。"),
    ("临江镇人民政府", "受理工商登记申请120件，办结120件。"),
    ("临江镇人民政府", "依申请类政务服务事项120项。"),
    ("临江镇人民政府", "梳理依申请政务服务事项50件。"),
    ("临江镇人民政府", "受理依申请政务服务事项50件。"),
    ("临江镇人民政府", "办理依申请服务事项300件。"),
]


@pytest.mark.parametrize(("text", "cell"), CONTRADICTIONS)
def test_a_figure_that_is_not_the_tables_is_found(text: str, cell: str):
    """
    One finding, and it names the figure's cell.
    """
    (finding,) = found(report(FIGURES, overview=text), "N2")

    assert cell in finding.cells
    assert (Grade.W, "overview") == (finding.grade, finding.narrative)


@pytest.mark.parametrize("text", NO_CONTRADICTIONS)
def test_what_is_true_or_speaks_of_something_else_is_no_finding(text: str):
    """
    One department, one way of applying, one subject, a part of the year, another matter.
    """
    assert [] == found(report(FIGURES, overview=text), "N2")


@pytest.mark.parametrize(("organ", "text"), OTHER_MATTERS)
def test_an_office_with_other_applications_and_cases_is_not_misunderstood(organ: str, text: str):
    """
    Licences are applied for too, and an authority decides on others' cases.
    """
    assert [] == found(report(FIGURES, organ=organ, overview=text), "N2")


@pytest.mark.parametrize("clean", CLEAN, ids=lambda clean: clean.organ)
def test_a_clean_report_raises_no_alarm(clean: Clean):
    """
    Whole reports in the ways offices write them: years, figures, numbering, punctuation.
    """
    assert [] == found(clean.report(), "N1", "N2", "N4", "N5", "N6")


@pytest.mark.parametrize("clean", CLEAN, ids=lambda clean: clean.organ)
def test_every_statement_of_a_clean_report_is_found_when_the_table_differs(clean: Clean):
    """
    Each figure that was understood is taken out of the tables, one after the other.
    """
    made = clean.report()
    stated = [
        statement
        for text in (clean.overview, clean.problems, clean.other)
        for statement in statements(text, clean.year, clean.organ)
    ]

    for statement in stated:
        leaves = {
            leaf
            for group in statement.cells
            for cell in group
            if cell in made.form.cells
            for leaf in made.form.leaves.get(cell, (cell,))
        }
        # Far more in each cell that the figure is made of: no alternative agrees any more.
        changed = made.answers.changed(
            {leaf: 100_000 + (made.answers.number(leaf) or 0) for leaf in leaves}
        )
        names = {finding.numbers[0] for finding in found(replace(made, answers=changed), "N2")}
        assert statement.number in names

    assert len(stated) >= clean.statements


def test_a_text_is_silent_while_its_figure_is_unanswered():
    """
    An empty cell is not a zero.
    """
    made = report({"requests.received.other": None}, overview="我镇收到政府信息公开申请3件。")

    assert [] == found(made, "N2")


def test_new_requests_alone_or_with_last_years_may_be_called_handled():
    """
    办理 may be 21 or 23, and no third number.
    """
    ways = [
        len(found(report(FIGURES, overview=f"全年办理政府信息公开申请{n}件。"), "N2"))
        for n in (21, 23, 24)
    ]

    assert [0, 0, 1] == ways


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7.3万元", 0),
        ("7.30万元", 0),
        ("7.303万元", 0),
        ("73028元", 0),
        ("7.4万元", 1),
        ("7.29万元", 1),
    ],
)
def test_a_fee_agrees_as_far_as_its_digits_tell(text: str, expected: int):
    """
    The table says 7.3028 万元.
    """
    made = report(FIGURES, overview=f"全年行政事业性收费{text}。")

    assert expected == len(found(made, "N2"))


@pytest.mark.parametrize(
    ("organ", "said", "expected"),
    [
        ("定安县人民政府", "全县", 1),
        ("定安县教育局", "全县", 0),
        ("定安县教育局", "我局", 1),
        ("定安县教育局", "县教育局", 1),
        ("定安县教育局", "县公安局", 0),
        ("沭阳县发展和改革局", "县发改局", 1),
        ("洪泽区人民政府", "全区", 1),
        ("临江镇人民政府", "全镇", 1),
        ("临江镇人民政府", "全县", 0),
        ("临江镇人民政府", "各村", 0),
        ("杭州市卫生健康委员会", "我委", 1),
        ("定安县人民政府办公室", "我办", 1),
        ("东湖街道办事处", "本街道", 1),
    ],
)
def test_only_the_organ_itself_is_meant(organ: str, said: str, expected: int):
    """
    A bureau's report may tell of the county, a county's of one bureau.
    """
    made = report(FIGURES, organ=organ, overview=f"2023年，{said}共收到政府信息公开申请900件。")

    assert expected == len(found(made, "N2"))


def test_a_printed_total_may_be_wrong_and_the_text_right():
    """
    In a published report the text agrees with what is printed or with what it adds up to.
    """
    made = published(report(FIGURES, overview="全年收到政府信息公开申请21件。"))

    assert [] == found(printing(made, {"requests.received.total": 12}), "N2")


def test_a_changed_figure_is_held_against_the_text_at_once():
    """
    N2 hangs on the figures too.
    """
    made = report(FIGURES, overview="全年收到政府信息公开申请21件。")
    changed = replace(made, answers=made.answers.changed({"requests.received.other": 1}))

    assert ["N2"] == [
        f.id for f in check_items(changed, ("requests.received.other",)) if f.id[0] == "N"
    ]


def test_a_report_on_2020_is_held_against_its_own_tables():
    """
    Phrases for figures that the older edition lacks are passed over.
    """
    text = "制发规范性文件9件。收到政府信息公开申请3件，其他处理1件。"
    made = report({}, form=ANNUAL_REPORT_2019, overview=text, year=2020)

    names = [finding.cells[0] for finding in found(made, "N2")]

    assert ["requests.received.total", "requests.outcome.otherwise_handled.all.total"] == names


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("295", 295),
        ("1,234", 1234),
        ("二百九十五", 295),
        ("两百", 200),
        ("两", 2),
        ("一千二", 1200),
        ("一千零二", 1002),
        ("一万", 10_000),
        ("1万", 10_000),
        ("1万2千", 12_000),
        ("十", 10),
        ("零", 0),
        ("三五", None),
        ("12.5", None),
        ("十二点五", None),
        ("百", None),
    ],
)
def test_a_number_of_a_text_is_read_as_people_mean_it(text: str, number: int | None):
    """
    What has two readings, or is no whole number, states nothing.
    """
    assert number == whole_number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("认真落实，" * 10 + "收到政府信息公开申请5件。", 1),
        ("认真落实，" * 500 + "收到政府信息公开申请5件。", 0),
        ("收到" + "各类" * 30 + "政府信息公开申请5件。", 1),
    ],
)
def test_what_is_longer_than_a_sentence_states_nothing(text: str, expected: int):
    """
    It is somebody's table, or noise.
    """
    assert expected == len(found(report(overview=text), "N2"))


def test_nothing_contradicts_a_report_of_an_unknown_year():
    """
    Whether a figure is this year's cannot be told.
    """
    text = "全年收到政府信息公开申请5件。"

    assert [] == found(report(overview=text, year=0), "N2")
