"""
Whose report a file is: sure by its names, or a question; never a guess.
"""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from conversations.county.assigning import Assignment, Doubt, Names, Office, Seen, assign
from conversations.county.file_names import said_in

SCHOOLS = Office(1, "定安县教育局", ("定安县教育体育局",))
TOWN = Office(2, "雷鸣镇人民政府")
MARKET = Office(3, "定安县市场监督管理局")
MONEY = Office(4, "定安县财政局")
STREET = Office(5, "定城街道办事处")
GONE = Office(6, "定安县物价局", closed=True)
OFFICES = (SCHOOLS, TOWN, MARKET, MONEY, STREET, GONE)
NAMES = Names(OFFICES, ("海南省定安县人民政府", "海南省人民政府"))


def of(*files: Seen, **chosen: Office) -> list[tuple[Office | None, tuple[Doubt, ...]]]:
    found = assign(files, NAMES, 2023, chosen)
    return [(each.office, each.doubts) for each in found]


@pytest.mark.parametrize(
    ("said", "office"),
    [
        ("定安县教育局", SCHOOLS),
        ("教育局", SCHOOLS),
        ("县教育局", SCHOOLS),
        ("海南省定安县教育局", SCHOOLS),
        ("定安县教育体育局", SCHOOLS),
        ("定安县教育局（定安县体育局）", SCHOOLS),
        ("雷鸣镇", TOWN),
        ("定安县雷鸣镇人民政府", TOWN),
        ("市场监督管理局", MARKET),
        ("定安县市场监督管理局", MARKET),
        ("定城街道", STREET),
    ],
)
def test_a_name_counts_with_harmless_differences(said: str, office: Office):
    """
    The county before it, 人民政府 after it, another name in brackets, a name of before.
    """
    assert [(office, ())] == of(Seen("1.docx", organ=said, year=2023))


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        ("定安县财政局国库支付中心", Doubt.NEAR),
        ("定安县教育管理局", Doubt.NEAR),
        ("白沙黎族自治县气象台管理中心", Doubt.UNKNOWN),
        ("海南省定安县人民政府", Doubt.OWN),
        ("", Doubt.NO_NAME),
    ],
)
def test_another_name_is_asked_about(said: str, doubt: Doubt):
    """
    However near it is.
    """
    assert [(None, (doubt,))] == of(Seen("扫描件_0001.docx", organ=said, year=2023))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("附件2 定安县教育局2023年政府信息公开工作年度报告（修改稿）.docx", "定安县教育局"),
        ("2023年雷鸣镇政府信息公开工作年度报告.docx", "雷鸣镇"),
        ("1.发展和改革局年报定稿2.docx", "发展和改革局"),
        ("县委社会工作部2023年度.docx", "县委社会工作部"),
        ("教育局/年报.docx", "教育局"),
        ("2023年度报告/水务局（盖章）.pdf", "水务局"),
        ("扫描件_0001.pdf", ""),
        ("年报.docx", ""),
    ],
)
def test_what_a_files_name_says_is_what_is_left_of_it(file: str, said: str):
    """
    Without the words that all such files bear; the folder counts where nothing is left.
    """
    assert said == said_in(file)


def test_the_name_of_the_file_counts_where_none_is_read_in_it():
    """
    An organ that forgot its title is known by what it called the file.
    """
    assert [(SCHOOLS, ())] == of(Seen("教育局2023年报.docx", year=2023))


@pytest.mark.parametrize(
    "seen",
    [
        Seen("财政局.docx", organ="定安县教育局", year=2023),
        Seen("1.docx", organ="定安县教育局", signed="定安县财政局", year=2023),
        Seen("定安县民政局.docx", organ="定安县教育局", year=2023),
    ],
)
def test_two_names_that_contradict_each_other_are_asked_about(seen: Seen):
    """
    A file with the title or signature of another organ was copied from its.
    """
    assert [(None, (Doubt.DIFFERS,))] == of(seen)


def test_two_files_of_an_organ_are_asked_about_and_one_may_be_chosen():
    """
    Which is newer is not guessed; the other is still asked about.
    """
    files = (Seen("a.docx", organ="教育局", year=2023), Seen("b.docx", organ="教育局", year=2023))

    assert [(SCHOOLS, (Doubt.TWICE,))] * 2 == of(*files)
    chosen = assign(files, NAMES, 2023, {"b.docx": SCHOOLS})
    assert [(Doubt.TWICE,), ()] == [each.doubts for each in chosen]
    both = assign(files, NAMES, 2023, {"a.docx": SCHOOLS, "b.docx": SCHOOLS})
    assert [(Doubt.TWICE,)] * 2 == [each.doubts for each in both]


@pytest.mark.parametrize(("year", "doubt"), [(2022, Doubt.OTHER_YEAR), (None, Doubt.NO_YEAR)])
def test_another_year_is_asked_about(year: int | None, doubt: Doubt):
    """
    Only the missing one is settled by saying whose the file is.
    """
    seen = Seen("a.docx", organ="教育局", year=year)

    assert [(SCHOOLS, (doubt,))] == of(seen)
    (chosen,) = assign((seen,), NAMES, 2023, {"a.docx": SCHOOLS})
    assert ((Doubt.OTHER_YEAR,) if year else ()) == chosen.doubts


def test_what_is_read_in_part_or_of_a_closed_organ_is_asked_about():
    """
    A word settles the first, not the second.
    """
    part = Seen("a.docx", organ="教育局", year=2023, whole=False)
    closed = Seen("b.docx", organ="物价局", year=2023)

    assert [(SCHOOLS, (Doubt.IN_PART,)), (GONE, (Doubt.CLOSED,))] == of(part, closed)
    settled = assign((part, closed), NAMES, 2023, {"a.docx": SCHOOLS, "b.docx": GONE})
    assert [(), (Doubt.CLOSED,)] == [each.doubts for each in settled]


def test_what_cannot_be_read_is_still_known_by_its_name():
    """
    So its organ can be asked for another file.
    """
    found = assign((Seen("教育局.pdf", readable=False),), NAMES, 2023, {})

    assert (Assignment("教育局.pdf", SCHOOLS, (Doubt.UNREADABLE,), "教育局"),) == found


def test_a_name_of_before_that_another_organ_bears_now_is_that_organs():
    """
    「教育局」 was 「教育体育局」, which is an organ of its own by now.
    """
    new = Office(7, "定安县教育体育局")
    names = Names((*OFFICES, new), ("定安县人民政府",))

    assert (new,) == names.find("定安县教育体育局")


def test_a_name_that_may_be_of_two_is_asked_about():
    """
    Two places may have a town of one name.
    """
    first, second = Office(1, "龙门镇人民政府"), Office(2, "龙门镇")
    names = Names((first, second), ("定安县人民政府",))

    (found,) = assign((Seen("x.docx", organ="定安县龙门镇人民政府", year=2023),), names, 2023, {})

    assert (Doubt.SEVERAL,) == found.doubts
    assert {first, second} == set(found.near)


SEAT = ("定安县人民政府", "三亚市人民政府", "海南省人民政府")


def below(*organs: str, above: tuple[str, ...] = SEAT, tops: tuple[str, ...] = ()) -> Names:
    offices = [Office(number, organ, above=above) for number, organ in enumerate(organs, 1)]
    return Names(offices, above, tops)


@pytest.mark.parametrize(
    ("names", "file", "organ"),
    [
        (below("定安县教育局"), "教育局.docx", "三亚市教育局"),
        (below("定安县教育局"), "1.docx", "市教育局"),
        (below("定安县教育局", tops=(SEAT[0], "龙州县人民政府")), "1.docx", "龙州县教育局"),
        (below("定安县教育局"), "龙州县教育局.docx", "教育局"),
        (below("三亚市教育局", "定安县教育局", above=SEAT[1:]), "教育局.docx", "教育局"),
        (below("教育局", "定安县教育局"), "1.docx", "教育局"),
        (below("定安县人民政府（本级）"), "1.docx", "定安县人民政府"),
        (below("定安县公安局"), "1.docx", "定安县公安局（交通警察大队）"),
        (below("定安县公安局"), "定安县公安局（交警大队）.docx", ""),
        (below("定安县教育局", "定安县水务局"), "水务.docx", "定安县教育局"),
        (below("定安县教育局", "定安县水务局"), "水务局和教育局.docx", "定安县教育局"),
        (below("雷鸣镇人民政府"), "雷鸣镇教育办.docx", "雷鸣镇人民政府"),
    ],
)
def test_what_may_be_another_organs_is_never_assigned(names: Names, file: str, organ: str):
    """
    Of the city or a neighbour, of a part of it, of the county itself, of one of two.
    """
    (found,) = assign((Seen(file, organ=organ, year=2023),), names, 2023, {})

    assert found.office is None


@pytest.mark.parametrize("titled", ["政府办公室", "县政府办", "水务"])
def test_a_title_that_names_something_else_than_the_signature_is_asked_about(titled: str):
    """
    Also where what it names is too short to be surely an organ's name.
    """
    names = below("定安县审计局", "定安县政府办公室", "定安县水务局")
    seen = Seen("年报.docx", organ="定安县审计局", signed="定安县审计局", year=2023, titled=titled)

    (found,) = assign((seen,), names, 2023, {})

    assert (None, (Doubt.DIFFERS,), titled) == (found.office, found.doubts, found.other)
    (found,) = assign((replace(seen, titled="审计局关于"),), names, 2023, {})
    assert ("定安县审计局", ()) == (found.office and found.office.name, found.doubts)


def test_a_name_that_was_anothers_and_is_short_for_one_of_now_is_asked_about():
    """
    「定安县教育局」 was the name of one; another is called 「教育局」.
    """
    first = Office(1, "定安县教体局", ("定安县教育局",), above=SEAT)
    second = Office(2, "教育局", above=SEAT)

    assert {first, second} == set(Names((first, second), SEAT).find("定安县教育局"))


@pytest.mark.parametrize(
    ("said", "above"),
    [
        ("惠城区教育局", ("惠州市惠城区人民政府", "惠州市人民政府")),
        ("市教育局", ("广州市人民政府",)),
        ("连云港市海州区教育局", ("海州区人民政府", "连云港市人民政府")),
        ("市中区教育局", ("枣庄市市中区人民政府", "枣庄市人民政府")),
    ],
)
def test_places_whose_names_hold_the_word_for_another_kind_are_places(
    said: str, above: tuple[str, ...]
):
    """
    广州市 is no 州, 市中区 no 市.
    """
    own = said.removeprefix("连云港市").removeprefix("市教育局") or "广州市教育局"
    names = below(own, above=above)

    assert [own] == [office.name for office in names.find(said)]
    assert [own] == [office.name for office in names.find("教育局")]


KINDS = (
    *("教育局", "教育体育局", "水务局", "水利局", "财政局", "民政局", "司法局", "审计局", "统计局"),
    *("卫生局", "卫生健康委员会", "市场监督管理局", "林业局", "农业局", "农业农村局", "政务服务局"),
)
TOWNS = ("雷鸣镇", "雷明镇", "龙门镇", "龙湖镇", "新竹镇", "新竺镇", "城东街道", "城西街道")
REPORT = "附件1 {}2023年政府信息公开工作年度报告（定稿）.doc"
MARKS = ("{}.docx", "{}2023年报.docx", REPORT, "1.docx")


@pytest.mark.parametrize("seed", range(5))
def test_no_file_is_ever_assigned_to_another_organ(seed: int):
    """
    300 files of a county, its neighbours, its city and parts of its organs; names of every kind.
    """
    random = Random(seed)
    town = [t + ("人民政府" if t.endswith("镇") else "办事处") for t in TOWNS]
    organs = [random.choice(("定安县", "")) + kind for kind in KINDS] + town
    names = below(*organs)
    wrong, right = [], 0
    for _ in range(300):
        truth, written = _written(random, organs)
        called = random.choice((written, written, *(w for _, w in (_written(random, organs),))))
        in_it = random.choice((written, written, ""))
        file = random.choice(MARKS if in_it else MARKS[:3]).format(called if in_it else written)
        (found,) = assign((Seen(file, organ=in_it, year=2023),), names, 2023, {})
        if found.office is not None and not found.doubts:
            right += found.office.name == truth
            wrong += [(file, in_it, truth, found.office.name)] * (found.office.name != truth)

    assert [] == wrong
    assert right > 60


def _written(random: Random, organs: Sequence[str]) -> tuple[str | None, str]:
    """
    An organ below or None for any other, and how its name is written.
    """
    organ = random.choice(organs)
    bare = organ.removeprefix("定安县")
    match random.randrange(6):
        case 0:
            return None, random.choice(("三亚市", "龙州县", "海南省", "市", "省")) + bare
        case 1:
            return None, organ + random.choice(("执法大队", "下属中心", "（城区分局）", "办公室"))
        case 2:
            return None, random.choice(SEAT)
        case 3:
            return organ, random.choice(("", "县")) + bare
    return organ, random.choice(("", "定安县", "三亚市定安县", "海南省三亚市定安县")) + bare
