"""
Titles and signatures are broken by sense, never inside a word.
"""

import pytest

from conversations.document.lines import (
    SIGNATURE,
    TITLE,
    broken,
    pieces,
    signature_lines,
    width,
)
from conversations.document.read.report import ReadReport
from conversations.document.read.understand import read
from conversations.document.write.content import DocumentInput
from conversations.document.write.docx import render, standard
from conversations.form import ANNUAL_REPORT_2021 as FORM
from conversations.form.answers import Answers
from tests.dialogue import zeros

REST = "2024年度政府信息公开工作年度报告"

# How a long name stands over the year in a title.
NAMES = (
    "定远县雷鸣镇人民政府",
    "内蒙古自治区锡林郭勒盟/苏尼特左旗巴彦淖尔镇人民政府",
    "新疆维吾尔自治区伊犁哈萨克自治州/察布查尔锡伯自治县人民政府办公室",
    "黔东南苗族侗族自治州从江县加榜乡人民政府",
    "定远县国家级经济技术开发区/管理委员会办公室（综合行政执法局）",
    "某某市国家级经济技术开发区管理委员会/办公室（挂政务服务中心牌子）",
    "沭阳县住房和城乡建设局（城市管理局、/综合行政执法局、人民防空办公室）",
    "杭州市余杭区市场监督管理局（知识产权局）",
    "广西壮族自治区南宁市/青秀区人力资源和社会保障局",
    "中国（上海）自由贸易试验区/临港新片区管理委员会",
    "国家税务总局内蒙古自治区/呼伦贝尔市鄂伦春自治旗税务局",
    "石家庄市高新技术产业开发区/管理委员会行政审批局",
    "上海市浦东新区陆家嘴街道办事处/社区党群服务中心",
    "重庆市万州区农业农村委员会/农业综合行政执法支队",
    "杭州市城市管理局/（杭州市城市管理行政执法局）",
    "沭阳县农业农村局/（县乡村振兴局、县畜牧兽医局）",
    "沭阳县应急管理局、/沭阳县地震局、沭阳县消防救援大队",
    "沭阳县机关事务管理局/市县两级公务用车服务中心",
    "呼和浩特市和林格尔新区/数据中心产业园管理委员会办公室",
    "中华人民共和国/呼和浩特白塔机场出入境边防检查站",
    "陕西省西安国家民用航天产业基地/管理委员会办公室",
    "新疆生产建设兵团/第一师阿拉尔市人民政府办公室",
    "中国人民银行黔东南苗族侗族自治州分行",
    "湖南省株洲市渌口区𬬮江镇人民政府",
    "珠海市横琴新区管理委员会〔澳门事务局〕",
    "浙江省杭州市富阳区/G20峰会服务保障办公室",
    "中共某某市委网络安全和信息化委员会办公室/（某某市互联网信息办公室）",
    "中国共产党北京市/海淀区委员会机构编制委员会办公室",
    "甘肃省临夏回族自治州/积石山保安族东乡族撒拉族自治县/人民政府办公室",
    "内蒙古自治区呼伦贝尔市/莫力达瓦达斡尔族自治旗尼尔基镇/人民政府综合行政执法和应急管理办公室",
)

# The same with the year before the name: its end on the last line is not left to itself.
BEHIND_THE_YEAR = (
    "西藏自治区那曲市色尼区人民政府/",
    "共青团某某市委员会/",
    "大连经济技术开发区管理委员会/",
    "定远县人民政府办公室/（县政务服务和数据管理局）/",
    "中共定远县委宣传部/（定远县人民政府新闻办公室）/",
    "某某县教育体育局、某某县财政局/",
    "国家税务总局/黔东南苗族侗族自治州税务局/",
    "中国人民银行/黔东南苗族侗族自治州分行/",
    "某某市生态环境局/高新技术产业开发区分局/",
    "湖北省恩施土家族苗族自治州/住房和城乡建设局",
    "北京市海淀区人民政府/中关村街道办事处",
    "天津滨海高新技术产业开发区/管理委员会",
    "某某市/12345政务服务便民热线管理中心/",
    "某某县𬬮江镇人民政府/",
    # With the room before and behind its digits this has no room for 17 characters more.
    "西安国家民用航天产业基地/管理委员会",
)

# What a narrow screen may set below each other.
ON_A_NARROW_SCREEN = (
    "黔南布依族苗族自治州|人民政府办公室|2024年度",
    "国家税务总局|黔东南苗族侗族自治州税务局|2024年度",
    "定远县人民政府办公室|（县政务服务和数据管理局）|2024年度",
    "某某市委党校|（某某行政学院）|2024年度",
    "某某县发展和改革委员会|(县粮食和物资储备局)|2024年度",
    "大兴安岭地区|行政公署办公室|2024年度",
    "某某县教育体育局、|某某县财政局|2024年度",
    "中国（福建）|自由贸易试验区|厦门片区|管理委员会|2024年度",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_long_name_is_broken_by_sense_over_its_year(name: str):
    """
    The year begins a line of its own.
    """
    organ = name.replace("/", "")
    assert (*name.split("/"), REST) == broken(organ + REST, TITLE, organ)


@pytest.mark.parametrize("name", BEHIND_THE_YEAR)
def test_a_name_behind_its_year_stays_together(name: str):
    """
    As far as the page allows.
    """
    organ = name.replace("/", "")
    line = f"2024年{organ}政府信息公开工作年度报告"
    assert f"2024年{name}政府信息公开工作年度报告" == "/".join(broken(line, TITLE, organ))


@pytest.mark.parametrize("line", ON_A_NARROW_SCREEN)
def test_a_narrow_screen_breaks_a_title_by_sense(line: str):
    """
    The end of a name does not begin the line of the year.
    """
    title = f"{line}|政府信息公开工作年度报告"
    assert title == "|".join(pieces(title.replace("|", "")))


@pytest.mark.parametrize(
    ("text", "halves"),
    [("某𬬮镇", 6), ("G20办", 5), ("“三农”办", 10), ("葛\U000e0100城", 4), ("（·）〔〕", 10)],
)
def test_rare_and_joined_characters_are_as_wide_as_they_are(text: str, halves: int):
    """
    Outside the first plane, with a mark of a variant, half and full.
    """
    assert halves == width(text)


@pytest.mark.parametrize("name", NAMES)
def test_a_signature_is_broken_only_where_it_has_no_room(name: str):
    """
    And fits beside its indent, whole.
    """
    organ = name.replace("/", "")
    lines = signature_lines([organ])

    assert organ == "".join(lines)
    assert all(width(line) <= SIGNATURE for line in lines)
    assert len(lines) == 1 or width(organ) > SIGNATURE


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_a_broken_name_is_read_back_whole(name: str):
    """
    By our own reader: organ, title, signature, and the text above the signature.
    """
    organ = name.replace("/", "")
    answers = zeros() | {
        "title": organ + REST,
        "signature": organ,
        "signature_date": "2025年1月15日",
    }
    made = render(standard("2021"), DocumentInput(FORM, organ, 2024, Answers(answers)))
    read_back = read(made, "report.docx")
    assert isinstance(read_back, ReadReport)

    assert organ == read_back.organ
    assert organ + REST == "".join(read_back.title)
    assert (organ, "2025年1月15日") == read_back.signature
    assert answers["other_matters"] == read_back.narratives["other_matters"]
