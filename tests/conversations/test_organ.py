import pytest

from conversations.form.organ import (
    NAME_BYTES,
    Level,
    default_title,
    guess_level,
    is_model,
    is_organ_name,
    is_surely_organ,
    offered_introduction,
    read_organ_name,
    safe_file_name,
)
from tests.checked import found, report
from tests.dialogue import Clerk


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("雷鸣镇人民政府", Level.TOWNSHIP),
        ("东湖街道办事处", Level.TOWNSHIP),
        ("某某民族乡", Level.TOWNSHIP),
        ("洪泽区人民政府", Level.COUNTY),
        ("定安县", Level.COUNTY),
        ("长阳土家族自治县人民政府", Level.COUNTY),
        ("阿鲁科尔沁旗人民政府", Level.COUNTY),
        ("海口市人民政府", Level.CITY),
        ("大理白族自治州人民政府", Level.CITY),
        ("广西壮族自治区人民政府", Level.CITY),
        ("海南省", Level.CITY),
        ("沭阳县发展和改革局", Level.BUREAU),
        ("定安县人民政府办公室", Level.BUREAU),
        ("杭州市卫生健康委员会", Level.BUREAU),
        ("某经济开发区管委会", Level.BUREAU),
        ("市政务服务中心", Level.BUREAU),
        ("沭阳县住房和城乡建设局（城市管理局、人民防空办公室）", Level.BUREAU),
        ("某镇人民政府(某街道办事处)", Level.TOWNSHIP),
        ("某研究院", Level.UNKNOWN),
        ("人民政府", Level.UNKNOWN),
        ("", Level.UNKNOWN),
    ],
)
def test_the_longest_ending_tells_the_level(name: str, level: Level):
    """
    自治区 is not a 区, and an office of a county's government is a bureau.
    """
    assert level is guess_level(name)


@pytest.mark.parametrize(
    "name",
    [
        "雷鸣镇人民政府",
        "临河县水务局",
        "谢家集区人民政府",
        "东湖区人民政府办公室",
        "白石市政务公开办公室",
        "青山县政府信息公开办公室",
        "沭阳县住房和城乡建设局（城市管理局、人民防空办公室）",
        "青山县人民政府（县政府办公室）",
        "国家安全部",
        "某省版权局",
        "青山县妇联",
        "白石海关",
        "青山县融媒体中心",
        "青山县委办公室、青山县人民政府办公室",
    ],
)
def test_a_name_of_an_organ_is_known_by_its_end(name: str):
    """
    Whatever it is an organ of.
    """
    assert is_surely_organ(name)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "首页 > 政府信息公开 > 年报",
            "发布机构：临河县水务局",
            "来源：临河县水务局",
            "政府门户网站",
        ),
        *("政府信息公开", "2023年政府", "关于青山县", "政府信息公开工作", "公开年报", "人民政府"),
        *("办公室", "县人民政府", "怎么办", "我不知道怎么办", "我局", "全部", "有关部门", "各部门"),
        *(
            "青山县人民政府。",
            "情况",
            "年度报告",
            "你好",
            "青山大剧院啊",
            *("全县", "各乡镇街道", "部门街道", "县直机关", "上级机关", "XX局"),
            *("互动交流区", "办事大厅", "新闻中心", "数据开放个人中心", "走进青山县", "今日青山县"),
            "本机关",
            "社会",
            "",
            "。",
        ),
        "青山县人民政府办公室关于印发青山县",
    ],
)
def test_words_of_titles_sites_and_talk_are_no_organ(text: str):
    """
    Who is asked can say that it is one all the same.
    """
    assert not is_surely_organ(text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("单位：沂河县水利局", "沂河县水利局"),
        ("机关名称: 沂河县水利局。", "沂河县水利局"),
        ("填报单位沂河县水利局", "沂河县水利局"),
        ("我们是沂河县水利局！", "沂河县水利局"),
        ("我单位全称为 沂河县 水利局", "沂河县水利局"),
        ("「沂河县水利局」", "沂河县水利局"),
        ("单位 沂河县水利局", "沂河县水利局"),
        ("沂河县水利局（移民局）", "沂河县水利局（移民局）"),
        ("机关事务管理局", "机关事务管理局"),
        ("为民服务中心", "为民服务中心"),
        ("单位", "单位"),
    ],
)
def test_a_label_before_a_name_is_none_of_it(typed: str, name: str):
    assert name == read_organ_name(typed)


def test_the_title_is_broken_after_the_organ():
    """
    Two lines by default.
    """
    assert "雷鸣镇人民政府\n2023年政府信息公开工作年度报告" == default_title("雷鸣镇人民政府", 2023)


@pytest.mark.parametrize(
    ("contacts", "named"),
    [
        ((), "请与雷鸣镇人民政府联系。"),
        (("", "", ""), "请与雷鸣镇人民政府联系。"),
        (("人民路1号", "", "0898-63620000"), "联系（地址：人民路1号，电话：0898-63620000）。"),
    ],
)
def test_an_offered_introduction_names_what_is_given(contacts: tuple[str, ...], named: str):
    """
    Nothing is left to be filled in, and no check finds anything in it.
    """
    introduction = offered_introduction("雷鸣镇人民政府", 2023, contacts)
    made = report(introduction=introduction)

    assert introduction.endswith(named)
    assert [] == found(made, "N1", "N4", "N5")


BAD_NAMES = {
    "nul": "雷鸣\0镇",
    "escape": "雷鸣\x1b[31m镇",
    "line separator": "雷鸣\u2028镇",
    "paragraph separator at the end": "雷鸣镇\u2029",
    "next line": "雷鸣\x85镇",
    "written from the right": "雷鸣\u202e镇",
    "isolated": "雷鸣\u2066镇",
    "nothing wide": "雷鸣\u200b镇",
    "half a character": "雷鸣镇\ud800",
    "no character yet": "雷鸣镇\u0378",
    "folder": "../雷鸣镇",
    "folders": "雷鸣/镇",
    "folders of Windows": "雷鸣\\镇",
    "dots": "雷鸣..镇",
    "formula": "=雷鸣镇",
    "plus": "+雷鸣镇",
    "minus": "-雷鸣镇",
    "at": "@雷鸣镇",
    "wide formula": "＝雷鸣镇",
    "short": "镇",
    "long": "镇" * 61,
    "no Chinese": "1234",
    "nothing": "",
}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES.keys())
def test_what_can_be_no_organs_name_is_none_in_any_door(name: str):
    """
    One rule for the phone, the terminal, programs, the command line and the store.
    """
    assert "" == read_organ_name(name)
    assert not is_organ_name(name)


@pytest.mark.parametrize("typed", ["雷鸣镇 人民政府", " 雷鸣镇人民政府\n", "雷鸣镇\u3000人民政府"])
def test_blanks_in_an_organs_name_are_left_out(typed: str):
    """
    People break a long name, or copy it with what stands round it.
    """
    assert "雷鸣镇人民政府" == read_organ_name(typed)


@pytest.mark.parametrize(
    "name", ["𠮷林县（直属）", "·某县·", "第3开发区管委会A座", "雷鸣镇-龙门镇"]
)
def test_rare_characters_and_brackets_are_names(name: str):
    """
    Only what steers, or could be taken for something else, is refused.
    """
    assert name == read_organ_name(name)


@pytest.mark.parametrize(
    "organ", ["../../雷鸣镇", "/雷鸣镇", "..", "雷\0鸣\u202e镇", "C:\\雷鸣镇", "镇" * 500]
)
def test_a_files_name_stays_in_its_folder(organ: str):
    """
    Also for a name of an earlier version that would be refused today.
    """
    name = safe_file_name(organ, "2023年.ics")
    assert name.endswith("2023年.ics")
    assert not set("/\\:\0\u202e") & set(name)
    assert not name.startswith(".")
    assert len(name.encode()) <= NAME_BYTES


def test_files_of_organs_whose_names_look_alike_overwrite_nothing():
    """
    What no file's name may hold is left out of it, and what is too long for one.
    """
    organs = ["甲局", "甲局:", '甲局"', ":甲局", ".甲局", "甲局.", "镇" * 100, "镇" * 101]
    assert len(organs) == len({safe_file_name(organ, "2023年.ics") for organ in organs})


@pytest.mark.parametrize(
    "name", ["xx县人民政府", "某某镇人民政府", "〇〇县教育局", "X镇", "××市水务局", "填报机关"]
)
def test_what_only_stands_for_a_name_is_a_model(name: str):
    """
    And no organ's own name is.
    """
    assert is_model(name)
    assert not is_model("雷鸣镇人民政府")
    assert not is_model("第3开发区管委会A座")


@pytest.mark.parametrize("name", ["xx县人民政府", "某某镇人民政府"])
def test_what_stands_for_a_name_is_asked_about_before_it_counts(name: str):
    """
    A report of it would be nobody's; whoever insists may have it.
    """
    clerk = Clerk(organ="", year=0).opens().types(name)
    assert clerk.refused
    assert "" == clerk.session.organ

    assert name == clerk.types("对").session.organ
