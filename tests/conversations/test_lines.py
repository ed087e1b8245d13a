"""
Titles and signatures are broken by sense, never inside a word.
"""

import pytest

from conversations.document.lines import SIGNATURE, TITLE, broken, signature_lines, width
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
)


@pytest.mark.parametrize("name", NAMES)
def test_a_long_name_is_broken_by_sense_over_its_year(name: str):
    """
    The year begins a line of its own.
    """
    organ = name.replace("/", "")
    assert (*name.split("/"), REST) == broken(organ + REST, TITLE, organ)


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
