import pytest

from conversations.form.organ import Level, default_title, guess_level, offered_introduction
from tests.checked import found, report


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


def test_the_title_is_broken_after_the_organ():
    """
    Two lines by default.
    """
    assert "雷鸣镇人民政府\n2023年政府信息公开工作年度报告" == default_title("雷鸣镇人民政府", 2023)


def test_an_offered_introduction_left_as_it_is_is_noticed():
    """
    Address and telephone are the clerk's to fill in; the years are right.
    """
    made = report(introduction=offered_introduction("雷鸣镇人民政府", 2023))

    assert ["introduction"] == [finding.narrative for finding in found(made, "N4")]
    assert [] == found(made, "N1", "N5")
