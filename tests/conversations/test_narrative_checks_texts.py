"""
N3 to N6: points not mentioned, places not filled in, personal data, numbering, punctuation.
"""

import pytest

from conversations.checks import check_report
from conversations.checks.findings import Grade
from conversations.checks.texts.running_text import quoted, without_asides
from conversations.checks.texts.unwanted import is_identity_number, is_placeholder
from conversations.form import ANNUAL_REPORT_2021
from tests.checked import found, report, said
from tests.said import numbers

LEFTOVERS = [
    "XX镇认真做好工作。",
    "我镇共公开信息××条。",
    "由某某同志负责。",
    "共公开信息**条。",
    "{{organ}}认真做好工作。",
    "公开信息____条。",
    "（此处填写数据）",
    "（此处补充）。",
    "数据待补充。",
    "内容待填。",
    "TODO 补数据",
    "联系电话：xx",
    "共收到申请X X件，其中XX件办结。",
    "（此处插入图表",
    "ＸＸ镇认真落实。",
    "在县xx局指导下。",
    "公开信息＿＿＿条。",
    "共公开信息XXX条。",
    "[此处填写]",
    "具体数字待填写。",
    "全年制发【请填写】件。",
    "公开信息（待定）条。",
    "单击或点击此处输入文字。",
    "本节（请在此处补充内容）",
]

NO_LEFTOVERS = [
    "公开目录网址http://www.hainan.gov.cn/XXGK/index.html。",
    "使用XXL号展板。",
    "内容有待补充完善。",
    "x轴",
    "3×5米展板",
    "二〇〇八年施行",
    "二○○九年起",
    "联系邮箱xx_gk@126.com",
    "邮箱a__b@126.com",
    "坚持“应公开尽公开”……",
    "公开信息5*3类",
    "待遇补助公开",
    "期待填补空白",
    "“互联网+”",
    "网站 www.xxgk.gov.cn 公开",
    "xxgk@np.gov.cn",
    "某镇某村",
    "专栏（点击量1200次）",
    "结转（待补正1件，待确认身份1件）",
    "点击“政务公开”栏目可查看",
]

PERSONAL = [
    "身份证号11010519491231002X。",
    "联系人手机13800138000。",
    "电话：138-0013-8000",
    "电话 138 0013 8000",
    "１３８００１３８０００",
    "手机+8613800138000",
    "张三（11010519491231002x）",
]

NOT_PERSONAL = [
    "电话：0517-87222589",
    "统一社会信用代码91110108551385082Q",
    "电话：0898-63822019、63822020",
    "邮编223100",
    "身份证号110105194912310021",
    "编号1380013800012",
    "银行账号6222021380013800013",
    "公开信息13800138条",
    "索引号000014349/2024-03890",
    "13.800138000",
    "金额13800138000元",
    "1240012345678",
    "400-800-8820",
]

SLIPS = [
    "一是加强领导。三是完善制度。",
    ("（一）主动公开情况。\n（三）监督保障情况。"),
    ("（一）主动公开。\n（二）依申请公开。\n（二）信息管理。"),
    "一是加强培训；二是完善制度；四是强化监督。",
    ("1.认识不足。\n2.内容不够。\n4.队伍薄弱。"),
    ("（一）主动公开。\n（二）依申请。\n（四）平台。\n（五）监督。"),
    "我镇认真做好公开工作。。",
    "我镇认真做好公开工作，。",
    "我镇认真做好，，公开工作。",
    "我镇认真做好公开工作 。",
    "我镇认真落实《政府信息公开条例，不断规范。",
    "我镇坚持“公开为常态，做好工作。",
    "我镇（含各村认真做好公开工作。",
    "我镇不断完善公开制度，主动公开政府信息，取得了良好的效果",
    ("（一）主动公开。我镇公开信息300条，效果良好\n（二）依申请公开。全年没有收到申请。"),
    ("（一）主动公开。\n（一）依申请公开。"),
    ("（一）问题\n1.认识不足。\n3.队伍薄弱。\n（二）措施\n1.加强学习。"),
    ("一、基本情况\n三、其他情况"),
    "首先，加强领导；一是培训，二是考核，二是通报。",
    "第一，加强领导。第三，强化监督。",
    "主要存在以下问题：1.认识不足；3.力量薄弱。",
    "我镇坚持“应公开尽公开“原则，做好工作。",
    "我镇不断完善公开制度、",
    ("（一）主动公开。\n（二）依申请公开。\n（三）信息管理。\n（五）监督保障。"),
]

NO_SLIPS = [
    "一是加强领导。二是完善制度。三是强化监督。",
    (
        "（一）主动公开情况\n"
        "一是加强领导；二是完善制度。\n"
        "（二）依申请公开情况\n"
        "一是规范流程；二是按时答复。"
    ),
    ("（一）问题\n1.认识不足。\n2.队伍薄弱。\n（二）措施\n1.加强学习。\n2.配强力量。"),
    ("存在问题\n1.认识不足。\n改进措施\n1.加强学习。"),
    "一是认识有待提高，二是力量有待加强。针对问题，一是加强学习，二是配强力量。",
    "原因有二：一是人手少；二是经费紧。",
    "严格执行“三审三校”制度，落实“谁公开、谁审查、谁负责”原则。",
    "依据《条例》第二十条第（一）项、第（五）项，公开信息300条，同比增长1.05%。",
    "按照《关于印发〈实施方案〉的通知》（国办发〔2021〕30号）要求，认真落实……",
    ("（1）加强领导。\n（2）完善制度。\n（3）强化监督。"),
    "无。",
    "2023年度，未收取信息处理费。",
    "网址：http://www.shuyang.gov.cn/",
    "详见附件（附件：统计表）。",
    (
        "一、主动公开情况\n"
        "（一）公开情况。\n"
        "（二）解读情况。\n"
        "二、依申请公开情况\n"
        "（一）受理情况。\n"
        "（二）答复情况。"
    ),
    "加强领导，一是一，二是二，不走过场。",
    (
        "（一）健全各项制度，管好政府信息\n"
        "我局坚持先审查后公开。\n"
        "（二）建好公开平台，拓宽公开渠道\n"
        "做到应公开尽公开。"
    ),
    ("主要做法：\n1．加强领导。\n2．完善制度。\n3．强化监督。"),
    ("1、主动公开情况\n我镇公开300条。\n2、依申请公开情况\n未收到申请。\n3、信息管理\n落实制度。"),
    ("（一）主动公开。加强领导。\n①文件公开。②会议公开。\n（二）依申请公开。未收到申请。"),
    "统计如下：自然人3件；企业1件；",
    (
        "（一）存在的问题。\n"
        "一是主动性不够。二是专业性不强。\n"
        "（二）改进措施。\n"
        "一是加强学习。二是配强力量。三是强化考核。"
    ),
    "其一，人手少；其二，经费紧。",
    "《条例》（国务院令第711号）自2019年5月15日起施行，我镇认真贯彻。",
    "“十四五”期间，我镇“互联网+政务服务”稳步推进。",
    "我镇通过“临江发布”（微信公众号）公开信息100条。（数据截至12月31日）",
    "公开内容：1.领导信息；2.机构职能；3.财政预决算。同时做好解读：1.文字解读；2.图片解读。",
    ("一是加强领导。\n二是完善制度：1.审查制度；2.考核制度。\n三是强化监督。"),
    (
        "（一）工作中存在的问题\n"
        "1.对信息公开工作认识不足，创造性开展工作的主动性不够；\n"
        "2.公开的内容不够规范。\n"
        "（二）整改措施\n"
        "1.进一步学习。\n"
        "2.进一步完善制度。一是理顺机制。二是及时公开。"
    ),
    "第一季度公开80条，第二季度公开90条。",
    "十一是加强保障。",
    "截至12月31日，公开率100%。满意率98.5%。",
    "一年来，全镇上下一心，做好公开工作，取得实效！",
    ("我镇认真做好以下工作：\n（一）公开。\n（二）解读。\n（三）回应。"),
    ("（一）加强组织领导，健全工作机制，明确任务分工，压实公开责任\n我镇成立领导小组。"),
]

ALL_POINTS = (
    "（一）主动公开。（二）依申请公开。（三）政府信息管理。（四）平台建设。"
    "（五）监督保障。工作考核良好，没有责任追究。"
)


# --------------------------------------------------------------------- N3


def test_points_that_are_not_mentioned_are_told_once_a_section():
    """
    One hint for each narrative, listing its points.
    """
    made = report(overview="认真做好主动公开。", other_matters="无。")

    assert [("N3", Grade.H, "overview"), ("N3", Grade.H, "other_matters")] == said(made, ["N3"])
    assert "依申请公开" in found(made, "N3")[0].message
    assert "主动公开；" not in found(made, "N3")[0].message


def test_a_text_with_all_its_points_has_no_hint():
    """
    The near miss.
    """
    made = report(
        overview=ALL_POINTS,
        problems_and_improvements="存在更新不及时的问题，下一步加强管理。",
        other_matters="2023年收取信息处理费0元。",
    )

    assert [] == found(made, "N3", "N4")


def test_an_unanswered_text_is_silent():
    """
    It is a gap, no finding.
    """
    assert [] == found(report(), "N3", "N4", "N5", "N6")


# --------------------------------------------------------------------- N4


@pytest.mark.parametrize("text", ["", "无", "无。", "  无。 ", "没有", "暂无。"])
@pytest.mark.parametrize("item", ["overview", "problems_and_improvements"])
def test_nothing_is_no_answer_in_sections_one_and_five(item: str, text: str):
    """
    条例第五十条 wants the year's problems and what is done about them.
    """
    made = report({item: text})

    assert [("N4", Grade.E, item)] == said(made, ["N3", "N4"])


def test_nothing_is_an_answer_in_section_six():
    """
    «无。» is accepted there; and a sentence that begins with 无 says something.
    """
    assert [] == found(report(other_matters="无。"), "N4")
    assert [] == found(report(overview="无明显问题，仍需改进。"), "N4")


@pytest.mark.parametrize("text", LEFTOVERS)
def test_a_place_that_was_not_filled_in_is_shown(text: str):
    """
    With what stands around it.
    """
    assert [("N4", Grade.W, "overview")] == said(report(overview=f"公开情况。{text}"), ["N4"])


@pytest.mark.parametrize("text", NO_LEFTOVERS)
def test_what_only_looks_like_a_leftover_is_none(text: str):
    """
    Addresses of pages, sizes, old years.
    """
    assert [] == found(report(overview=f"公开情况。{text}"), "N4")


PLACEHOLDERS = (
    *(
        "待补充",
        "【请填写】",
        "单击或点击此处输入文字。",
        "请简要说明",
        "（待补充）",
        "待填写。",
        "后补",
        "稍后补充",
        "正在整理",
        "还没写好",
        "暂缺",
        "待各科室提供",
    ),
    *(
        "见附件",
        "详见附件1",
        "（另见附表）",
        "请见网站",
        "同上",
        "同去年",
        "与上年一致",
        "参照去年写",
    ),
    *(
        "略",
        "（略）",
        "略。略。",
        "本部分略",
        "（内容）",
        "【正文】",
        "此处填写正文",
        "示例",
        "测试",
    ),
    *("12345", "12 34", "2025.1", "N/A", "xxx", "××××", "某某", "……", "（一）", "-", "asdf"),
)
TEXTS_THOUGH_SHORT = (
    *(
        "公开及时。",
        "无其他事项。",
        "详见附件，本年公开12件。",
        "同上年相比，公开量增加。",
        "待办事项已办结。",
    ),
    *("内容已公开", "测试工作已开展。", "本机关未收到申请。", "正文共三段。"),
)


@pytest.mark.parametrize("text", PLACEHOLDERS)
@pytest.mark.parametrize("item", ["overview", "other_matters", "introduction", "title"])
def test_a_text_that_is_nothing_but_a_placeholder_must_be_written(item: str, text: str):
    """
    No reason makes it a text, and it is one finding.
    """
    assert is_placeholder(text)
    assert [("N4", Grade.E, item)] == said(report({item: text}), ["N4"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年2月29日召开会议。", "2025年2月29日"),
        ("二〇二五年二月三十日召开会议。", "二〇二五年二月三十日"),
        ("４月３１日召开会议。", "４月３１日"),
        ("截至2025.13.1，已公开。", "2025.13.1"),
        ("2025 年 6 月 31 日召开会议。", "2025 年 6 月 31 日"),
        ("2月29日召开会议。", ""),
        ("2024年2月29日召开会议，1.2.3版上线，12月31日结束。", ""),
        ("十二月三十一日、2025-12-31。", ""),
    ],
)
def test_a_day_that_there_is_not_is_found_where_it_stands(text, day):
    """
    29 February without a year may be one of a leap year.
    """
    alarms = [finding for finding in found(report(overview=text), "N6") if finding.repairs]

    places = [text[one.repairs[0].start : one.repairs[0].end] for one in alarms]
    assert ([day] if day else []) == places
    assert all(finding.grade is Grade.W for finding in alarms)


@pytest.mark.parametrize("text", [*TEXTS_THOUGH_SHORT, "无", "没有。", "暂无", "", " "])
def test_a_short_text_is_no_placeholder(text: str):
    """
    「无」 is looked at by another check.
    """
    assert not is_placeholder(text)


@pytest.mark.parametrize("item", ["title", "introduction", "other_matters"])
def test_leftovers_are_looked_for_in_every_text(item: str):
    """
    The introduction is where they are commonest.
    """
    assert [("N4", Grade.W, item)] == said(report({item: "××镇"}), ["N4"])


# --------------------------------------------------------------------- N5


@pytest.mark.parametrize("text", PERSONAL)
def test_personal_numbers_are_found_and_shown_masked(text: str):
    """
    The finding must not publish them once more.
    """
    (finding,) = found(report(introduction=text), "N5")

    assert "introduction" == finding.narrative
    assert "****" in finding.message
    assert not any(number in finding.message for number in ("13800138000", "19491231"))
    assert not any(number in finding.key for number in ("13800138000", "19491231"))


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_office_numbers_are_not_personal(text: str):
    """
    Telephones of offices, codes of organizations, a wrong check digit.
    """
    assert [] == found(report(introduction=text), "N5")


@pytest.mark.parametrize("digit", "0123456789X")
def test_only_the_right_check_digit_makes_an_identity_number(digit: str):
    """
    GB 11643.
    """
    assert ("X" == digit) == is_identity_number(f"11010519491231002{digit}")


# --------------------------------------------------------------------- N6


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_of_numbering_or_punctuation_is_a_hint(text: str):
    """
    One finding a text.
    """
    assert [("N6", Grade.H, "overview")] == said(report(overview=text), ["N6"])


@pytest.mark.parametrize("text", NO_SLIPS)
def test_nested_and_renewed_numbering_is_no_slip(text: str):
    """
    Numbering starts anew under each higher level; headings need no full stop.
    """
    assert [] == found(report(overview=text), "N6")


@pytest.mark.long
@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "政府信息公开" * 15_000,
        "申请" * 50_000,
        "1" * 100_000,
        "，" * 100_000,
        "（" * 100_000,
        "《" * 100_000,
        "其中" * 50_000,
        "收到申请1件，" * 14_000,
        "收到" + "公开" * 900 + "1件",
        "共计" * 900 + "1件",
        "2022年，" * 16_000,
        "1.\n" * 30_000,
        "{{7*7}}</w:t>\x07\ud800" * 5_000,
    ],
    ids=lambda text: text[:6].encode("unicode_escape").decode(),
)
def test_no_text_keeps_the_checks_busy(text: str):
    """
    Anybody may type 100,000 characters; the checks answer all the same.
    """
    made = report(overview=text, introduction=text)

    assert isinstance(check_report(made), tuple)


def test_each_text_has_its_own_finding_and_no_more():
    """
    However many slips it has.
    """
    slips = "一是甲。。三是乙，，丙 。"
    texts = {narrative.id: slips for narrative in ANNUAL_REPORT_2021.narratives}

    assert 3 == len(found(report(texts), "N6"))


def test_of_many_places_the_first_are_shown_with_what_is_around_them():
    """
    A text full of them is a template that nobody has filled in.
    """
    text = "".join(f"{'甲' * 20}{number}××{number}{'乙' * 20}。" for number in range(9))

    (finding,) = found(report(overview=text), "N4")

    assert (9,) == finding.numbers
    assert [10, 35, 35] == [finding.message.count(letter) for letter in "×甲乙"]


def test_of_many_slips_the_first_are_shown():
    """
    And how many there are.
    """
    text = "".join(f"第{number}句。。" for number in range(9))

    (finding,) = found(report(overview=text), "N6")

    assert ["0", "1", "2", "3", "9"] == numbers(finding.message)


@pytest.mark.parametrize(("depth", "expected"), [(50, 0), (51, 1)])
def test_brackets_nested_deeper_than_any_text_are_not_followed(depth: int, expected: int):
    """
    What closes them is not looked for: noise costs no time.
    """
    text = f"{'（' * depth}甲{'）' * depth}。"

    assert expected == len(found(report(overview=text), "N6"))


@pytest.mark.parametrize(
    ("length", "expected"), [(200, "□" * 202), (201, "《" + "甲" * 201 + "》")]
)
def test_a_title_of_a_law_has_an_end(length: int, expected: str):
    """
    A bracket that was never meant as one hides nothing that is said after it.
    """
    assert expected == without_asides(f"《{'甲' * length}》")


def test_a_quote_is_short():
    """
    It is there to find the place by.
    """
    assert "甲" * 24 == quoted("甲" * 100, 0, 1)
    assert "甲" * 48 == quoted("甲" * 100, 0, 100)
