"""
N1: the years that a text names. Each slip has its near misses.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.checks.findings import Grade
from tests.checked import found, report, said

WRONG_PERIODS = [
    ("introduction", "本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。"),
    ("introduction", "本报告所列数据的统计期限自2023年1月1日起至2022年12月31日止。"),
    ("introduction", "本报告中所列数据的统计期限从2022年1月1日起到2022年12月31日止。"),
    ("introduction", "报告所列数据统计时限为2023年1月1日至2023年11月30日。"),
    ("introduction", "统计期限：2022年1月1日—2022年12月31日。"),
    ("introduction", "本报告统计时间为2022.1.1-2022.12.31。"),
    ("introduction", "本年报所列数据的统计期限为2022年1月至12月。"),
    ("introduction", "现公布临江镇2022年政府信息公开工作年度报告。"),
    (
        "introduction",
        (
            "根据《中华人民共和国政府信息公开条例》规定，现将临江镇人民政府2022年度政府信息公开工作年"
            "度报告公布如下。"
        ),
    ),
    ("introduction", "本报告所列数据的统计期限自２０２２年１月１日起至２０２２年１２月３１日止。"),
    ("introduction", "数据统计期限截至2022年12月31日。"),
    ("title", ("临江镇人民政府\n2022年政府信息公开工作年度报告")),
    ("title", "临江镇2024年政府信息公开工作年度报告"),
    ("overview", "本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。"),
    (
        "introduction",
        "本报告所列数据的统计期限自二〇二二年一月一日起至二〇二二年十二月三十一日止。",
    ),
    ("introduction", "现公布《临江镇2022年政府信息公开工作年度报告》。"),
    ("introduction", "临江镇2022年度政府信息公开年报如下。"),
]

RIGHT_PERIODS = [
    ("introduction", "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。"),
    ("introduction", "报告所列数据的统计期限自2023年1月1日起至12月31日止。"),
    ("introduction", "本报告所列数据的统计期限自1月1日起至12月31日止。"),
    ("introduction", "统计期限为2023年1月1日—12月31日。"),
    ("introduction", "统计时间：2023年1月至12月。"),
    ("introduction", "本报告数据统计期限截至2023年12月底。"),
    (
        "introduction",
        (
            "根据《中华人民共和国政府信息公开条例》（国务院令第711号，2019年5月15日起施行）和《国务院"
            "办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通"
            "知》（国办公开办函〔2021〕30号）、《关于做好2022年政府信息公开工作年度报告编制发布工作的"
            "通知》要求，现公布临江镇人民政府2023年政府信息公开工作年度报告。"
        ),
    ),
    (
        "introduction",
        "现将我镇2023年度政府信息公开工作年度报告公布如下，于2024年1月20日在县政府网站公布。",
    ),
    ("title", ("临江镇人民政府\n2023年度信息公开工作年度报告\n（2024年1月15日）")),
    ("title", "临江镇政府信息公开工作年度报告"),
    ("overview", "2023年4月1日至6月30日，开展集中清理，数据显示公开率明显提升。"),
    ("overview", "统计数据显示，2023年上半年公开信息100条，1月至6月发布政策解读5篇。"),
    (
        "introduction",
        "本报告所列数据的统计期限自二〇二三年一月一日起至二〇二三年十二月三十一日止。",
    ),
]

STALE = [
    "2022年，我镇认真贯彻落实《条例》，不断规范公开内容。",
    "2022年度，临江镇严格按照要求做好政府信息公开工作。",
    "2022年我镇主动公开政府信息300条。",
    "（一）主动公开情况。2022年，全镇主动公开信息300条，同比增长12%。",
    "现将2022年度政府信息公开工作情况报告如下：",
    "2021年，我镇受理政府信息公开申请3件。",
    "我镇2022年共受理政府信息公开申请5件。",
    "临江镇人民政府2021年主动公开政府信息200条。",
    "截至2022年12月31日，共公开信息300条。",
    "2024年，我镇坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻落实《条例》。",
    "2024年，我镇共公开政府信息300条。",
    "全年共公开信息300条，较2021年增加20条。",
    "1.2022年，组织开展业务培训2次。",
    "一是2022年全镇组织培训2次。",
    "2022年5月，我镇组织召开政务公开培训会。",
    "2020年，我镇政府信息公开工作取得新进展。",
    "在2022年，全镇各部门严格落实保密审查制度。",
    "2022年全年，镇政府收到申请5件。",
    "2022年依申请公开工作平稳有序。",
    "二〇二二年，我镇认真做好信息公开工作。",
    "２０２２年，我镇认真做好信息公开工作。",
    "2022 年，我镇认真做好信息公开工作。",
    "2022年，县水务局按照上级部署，稳步推进各项公开任务。",
    "2022年，河西区人民政府以提升透明度为目标，落实《条例》的各项规定。",
    "2022年度，镇党委高度重视政务公开工作，把推行政务公开工作列入重要议事日程。",
    "（一）主动公开情况。以网站为主要渠道。2022年，我区在网站上公开信息900条。",
    "（二）依申请公开情况。流程更加清楚。2022年全区受理政府信息公开申请30件，都按时答复。",
    "2022年，我镇通过政府网站公开信息210条，较上年增长5%。",
    "2022年镇政府严格落实保密审查制度。",
    "2022年，办理依申请公开5件。",
    "2022年，全镇共举办培训2期。",
    "2021年度本机关无行政复议、行政诉讼案件。",
    "与2021年相比增加20条。",
    "比2021年增长12%。",
    "一是强化组织领导。2022年，调整充实政务公开领导小组。",
    "（三）政府信息管理。2022年度共审核信息300条。",
    "2022年，我局共收到依申请公开5件，其中自然人5件。",
    "2022年，在县委、县政府的正确领导下，我镇深入贯彻落实《条例》。",
    "我局2022年度政府信息公开工作情况如下：",
    "2022年，县住建局共主动公开政府信息512条。",
    "2022年，政府信息公开工作有序推进，各项制度不断健全。",
    "2022年我局的政府信息公开工作在县委县政府的领导下有序开展。",
    "2021年，召开政务公开工作会议1次。",
    "2024年度，我局受理申请5件。",
]

STALE_PROBLEMS = [
    "2024年，我镇政府信息公开工作虽然取得一定成效，但仍存在不足。",
    "2022年，我镇政府信息公开工作仍存在以下问题：",
    "2021年，我镇存在公开内容不全面的问题。",
]

STALE_FEES = [
    "2022年，我镇未收取信息处理费。",
    "2022年度我镇没有收取政府信息公开信息处理费。",
    "按照《政府信息公开信息处理费管理办法》，2022年收取信息处理费0元。",
]

NOT_STALE = [
    "2022年受理政府信息公开申请24件，2021年受理19件，数量逐年上升。",
    "2023年，我镇认真贯彻落实《条例》。",
    "全年公开信息300条，较2022年增加20条，同比增长7%。",
    "与2022年相比，申请数量下降。",
    "2022年受理申请5件，2023年受理申请8件。",
    "2022年结转申请1件，已于本年办结。",
    "2022年收到12件，今年收到15件，同比增长25%。",
    "依据《海南省2021年政务公开工作要点》，抓好落实。",
    "认真落实国办公开办函〔2021〕30号文件要求。",
    "“十四五”时期（2021—2025年），我镇公开工作稳步推进。",
    "2019年新修订的《条例》施行以来，我镇不断完善制度。",
    "我镇2016年成立政务公开领导小组，2023年及时调整。",
    "2021年机构改革后，镇党政办承担公开职能。",
    "按时编制发布2022年度政府信息公开工作年度报告。",
    "公开2022年度部门决算和2024年度预算。",
    "2024年，我镇将继续加强队伍建设。",
    "下一步，2024年我镇计划组织培训4次。",
    "2024年1月，年度报告在县政府门户网站公布。",
    "到2025年，基本建成统一规范的公开体系。",
    "2022年以来，我镇持续规范公开目录。",
    "自2020年起，每年开展一次培训。",
    "对2022年以前制发的规范性文件进行清理，废止5件。",
    "2022年度全县政务公开考核中，我镇获评优秀。",
    "针对2022年度第三方评估反馈的问题，逐项整改。",
    "2021年、2022年、2023年分别受理5件、6件、7件。",
    "镇政务服务中心于2018年建成投入使用。",
    "2008年5月1日起施行的《条例》明确了公开范围。",
    "根据2023年全县政务公开工作要点，我镇制定实施方案。",
    "2022年12月，新一届镇领导班子换届后及时调整分工。",
    "2022年12月31日前制发的文件全部清理完毕。",
]

NOT_STALE_BESIDE_THIS_YEAR = [
    "2022年，全国人大常委会修订《地方组织法》。",
    "2022年度我镇获评全县政务公开先进单位。",
    "对照2022年政务公开第三方评估指标，逐条整改。",
    "2022年同期为280条。",
    "本年公开300条（2022年为280条），增长7%。",
    "公开信息300条，比2022年多20条。",
    "2022年下半年申请的1件于2023年1月办结。",
    "2022年12月收到的1件申请结转至2023年办理。",
    "上年（2022年）结转1件。",
    "公开2021年至2023年重大项目清单。",
    "2023年，共公开信息300条；2022年为280条。",
    "2020年以来的规范性文件全部公开。",
    "自2019年5月15日新《条例》施行后，我镇及时修订制度。",
    "我镇于2020年8月开通微信公众号“临江发布”。",
    "及时公开2024年春节期间值班安排。",
    "做好2024年度政务公开培训的准备。",
    "力争2024年底前完成整改。",
    "2023年12月召开会议，研究部署2024年工作。",
    "2024年工作重点：一是加强培训。",
    "编制完成2024年政务公开工作计划。",
    "2022年版主动公开基本目录已更新。",
    "2022—2023年度取暖季信息公开50条。",
    "2021年11月，国务院办公厅印发新的报告格式。",
    "2022年10月党的二十大召开以来，我镇深入学习。",
    "2018年，镇政府获得“政务公开示范点”称号。",
    "2022年制定的《临江镇政务公开制度》得到落实。",
    "1999年，临江镇由原临江乡和河西乡合并设立。",
]

NOT_STALE_PROBLEMS = [
    "2024年，我镇将从以下方面改进：",
    ("下一步工作打算：\n2024年，一是加强培训；二是完善目录。"),
    "2024年，我镇加大公开力度，推动工作再上新台阶。",
    "针对2022年存在的公开不及时问题，2023年完善了制度。",
    "2022年年报指出的问题已全部整改。",
]


@pytest.mark.parametrize(("item", "text"), WRONG_PERIODS)
def test_a_wrong_period_or_named_year_must_be_mended(item: str, text: str):
    """
    The report is on 2023: the statistical period is that year, and the title names it.
    The same year is not told a second time as the time of the work.
    """
    assert [("N1", Grade.E, item)] == said(report({item: text}), ["N1"])


@pytest.mark.parametrize(("item", "text"), RIGHT_PERIODS)
def test_the_right_period_is_no_finding(item: str, text: str):
    """
    However it is written; other years in names of laws and notices are no slips.
    """
    assert [] == found(report({item: text}), "N1")


@pytest.mark.parametrize(
    ("item", "text"),
    [
        *(("overview", text) for text in STALE),
        *(("problems_and_improvements", text) for text in STALE_PROBLEMS),
        *(("other_matters", text) for text in STALE_FEES),
    ],
)
def test_another_year_as_the_time_of_the_work_wants_a_word(item: str, text: str):
    """
    The commonest slip: last year's text with last year's year.
    """
    assert [("N1", Grade.W, item)] == said(report({item: text}), ["N1"])


@pytest.mark.parametrize(
    ("item", "text"),
    [
        *(("overview", text) for text in NOT_STALE),
        *(("overview", f"2023年，我镇认真贯彻。\n{text}") for text in NOT_STALE_BESIDE_THIS_YEAR),
        *(("problems_and_improvements", text) for text in NOT_STALE_PROBLEMS),
    ],
)
def test_years_in_comparisons_plans_laws_and_histories_are_no_slips(item: str, text: str):
    """
    What is not surely a slip is passed over.
    """
    assert [] == found(report({item: text}), "N1")


def sentences() -> Iterator[tuple[str, str, int]]:
    """
    The sentences of `tests/sentences/years.txt`: organ, sentence, and its stale year or 0.
    """
    file = Path(__file__).parent.parent / "sentences" / "years.txt"
    organ = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        text, _, stale = line.partition(" → ")
        if line.startswith("## "):
            organ = line[3:]
        elif line and not line.startswith("#"):
            yield organ, text, int(stale or 0)


@pytest.mark.parametrize("before", ["", "2023年，认真贯彻落实《条例》。\n"])
@pytest.mark.parametrize(("organ", "text", "stale"), list(sentences()))
def test_a_year_of_a_thing_or_of_another_organ_is_no_slip(
    before: str, organ: str, text: str, stale: int
):
    """
    Alone or behind another sentence; beside each kind stand slips that look like it.
    """
    told = [finding.numbers for finding in found(report(overview=before + text, organ=organ), "N1")]

    assert ([(2023, stale)] if stale else []) == told


def test_one_text_is_one_finding_with_all_its_years():
    """
    A stale text is not told sentence by sentence.
    """
    text = "2021年，我镇公开信息80条。\n2022年，我镇受理申请3件。\n2022年，我镇培训2次。"

    (finding,) = found(report(overview=text), "N1")

    assert (2023, 2021, 2022) == finding.numbers


def test_a_report_without_a_year_is_not_held_against_one():
    """
    A file whose year was not found is no reason for a hundred alarms.
    """
    text = "2022年，我镇收到政府信息公开申请3件。"

    assert [] == found(report(overview=text, year=0), "N1", "N2")


def test_the_year_of_the_report_decides():
    """
    The same text is right for the report on its own year.
    """
    text = "2022年，我镇认真贯彻落实《条例》，不断规范公开内容。"

    assert 1 == len(found(report(overview=text, year=2023), "N1"))
    assert 0 == len(found(report(overview=text, year=2022), "N1"))


@pytest.mark.parametrize(("repeated", "expected"), [(10, 1), (500, 0)])
def test_years_of_what_is_longer_than_a_sentence_are_passed_over(repeated: int, expected: int):
    """
    It is somebody's table, or noise.
    """
    text = "2021年，我镇" + "认真落实，" * repeated + "取得成效。"

    assert expected == len(found(report(overview=text), "N1"))


def test_of_many_odd_years_the_first_places_are_shown():
    """
    All are the same slip.
    """
    text = "".join(f"2021年，我镇认真落实第{number}项要求。" for number in range(9))

    (finding,) = found(report(overview=text), "N1")

    assert 3 == finding.message.count("“")


def test_no_year_is_odd_in_a_report_of_an_unknown_year():
    """
    There is nothing to compare with.
    """
    made = report(overview="统计期限自2022年1月1日至2022年12月31日。", year=0)

    assert [] == found(made, "N1")
