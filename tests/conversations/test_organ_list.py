"""
A list of organs beside those in store.
"""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.county.organ_list import (
    Entry,
    Known,
    KnownOrgan,
    OrganPlan,
    Slip,
    is_near,
    plan,
)
from conversations.county.organ_rows import (
    is_odd_phone,
    is_organ_list,
    level_named,
    read_rows,
    rows_of_text,
)
from conversations.form.organ import Level

COUNTY, TOWN, BUREAU = "徐闻县人民政府", "雷鸣镇人民政府", "徐闻县财政局"
HEAD = ("机关", "上级", "级别", "联系人", "电话")


def planned(
    *rows: Iterable[str],
    organs: Iterable[KnownOrgan] = (),
    elsewhere: Iterable[str] = (),
    under: str = "",
) -> OrganPlan:
    """
    What a list with a head would do.
    """
    listed = read_rows([HEAD, *(tuple(row) for row in rows)])
    return plan(listed, Known.of(organs, elsewhere, under))


def parents(what: OrganPlan) -> dict[str, str | None]:
    return {entry.organ: entry.parent for entry in (*what.made, *what.changed)}


def slips(what: OrganPlan) -> list[tuple[int, Slip, str]]:
    return [(remark.line, remark.slip, remark.other) for remark in what.remarks]


def test_a_list_makes_the_tree_those_above_first():
    """
    Whatever order the rows have; without a parent an organ goes below the one that is named.
    """
    what = planned(
        ["徐闻县财政局核算中心", BUREAU],
        [BUREAU, "", "部门", "李四", "0759-4851234"],
        [TOWN],
        organs=[KnownOrgan(1, COUNTY)],
        under=COUNTY,
    )
    assert [BUREAU, TOWN, "徐闻县财政局核算中心"] == [entry.organ for entry in what.made]
    assert {"徐闻县财政局核算中心": BUREAU, BUREAU: COUNTY, TOWN: COUNTY} == parents(what)
    assert ("李四", "0759-4851234") == (what.made[0].contact, what.made[0].phone)
    assert () == what.remarks


def test_the_same_list_again_changes_nothing():
    """
    An empty cell says nothing, and a level that the name tells is none that was said.
    """
    organs = [
        KnownOrgan(1, COUNTY),
        KnownOrgan(2, BUREAU, COUNTY, None, "李四", "0759-4851234"),
    ]
    what = planned([BUREAU, COUNTY, "局"], [BUREAU, "", "", "", ""], organs=organs, under=COUNTY)
    assert ((), (), 1) == (what.made, what.changed, what.same)
    assert [(3, Slip.TWICE, "")] == slips(what)


def test_only_what_differs_is_changed():
    organs = [KnownOrgan(1, COUNTY), KnownOrgan(2, TOWN, COUNTY), KnownOrgan(3, BUREAU)]
    what = planned([TOWN, "", "部门", "王五", "13800138000"], [BUREAU], organs=organs, under=COUNTY)
    assert (
        Entry(BUREAU, 3, COUNTY),
        Entry(TOWN, 2, None, Level.BUREAU, "王五", "13800138000"),
    ) == tuple(sorted(what.changed, key=lambda entry: entry.organ_id or 0, reverse=True))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([[TOWN], ["雷呜镇人民政府"]], [(3, Slip.NEAR, TOWN)], id="one letter"),
        pytest.param([[TOWN], ["雷镇人民政府"]], [(3, Slip.NEAR, TOWN)], id="one is missing"),
        pytest.param([[TOWN], ["鸣雷镇人民政府"]], [(3, Slip.NEAR, TOWN)], id="two have changed"),
        pytest.param([[TOWN], [TOWN]], [(3, Slip.TWICE, "")], id="twice"),
        pytest.param(
            [[BUREAU], [COUNTY], [TOWN, COUNTY], [TOWN, BUREAU]],
            [(5, Slip.TWO_PARENTS, COUNTY)],
            id="two parents",
        ),
        pytest.param([[TOWN, "某某市"]], [(2, Slip.NO_PARENT, "某某市")], id="no such parent"),
        pytest.param([[TOWN, "", "股级"]], [(2, Slip.NO_LEVEL, "股级")], id="no level"),
        pytest.param([[TOWN, "", "", "", "138"]], [(2, Slip.ODD_PHONE, "138")], id="odd phone"),
        pytest.param([["徐闻县大剧"]], [(2, Slip.ODD_NAME, "")], id="hardly an organ"),
    ],
)
def test_a_slip_is_remarked_and_the_row_is_taken(
    rows: list[list[str]], expected: list[tuple[int, Slip, str]]
):
    what = planned(*rows)
    assert expected == slips(what)
    assert {row[0] for row in rows} == {entry.organ for entry in what.made}


@pytest.mark.parametrize(
    ("name", "slip"),
    [
        pytest.param("", Slip.NO_NAME, id="nothing"),
        pytest.param("合计", Slip.NO_NAME, id="a total"),
        pytest.param("某某镇人民政府", Slip.NO_NAME, id="a model"),
        pytest.param("=cmd()", Slip.NO_NAME, id="a formula"),
        pytest.param("../机关", Slip.NO_NAME, id="a path"),
        pytest.param("乙县财政局", Slip.NOT_YOURS, id="a neighbour's"),
        pytest.param("徐闻县旧局", Slip.CLOSED, id="closed"),
    ],
)
def test_what_cannot_be_taken_is_left_out_and_the_rest_goes(name: str, slip: Slip):
    closed = KnownOrgan(5, "徐闻县旧局", COUNTY, closed=True, merged_into=BUREAU)
    what = planned(
        [name, "", "", "张三"],
        [TOWN],
        organs=[KnownOrgan(1, COUNTY), closed],
        elsewhere=["乙县财政局"],
        under=COUNTY,
    )
    assert [(2, slip)] == [(line, slip) for line, slip, _ in slips(what)]
    assert what.remarks[0].left_out
    assert {TOWN: COUNTY} == parents(what)


def test_a_circle_is_left_out_and_those_below_it_are_named():
    """
    Among new ones, and through those in store.
    """
    what = planned(["甲局", "乙局"], ["乙局", "甲局"], ["丙所", "甲局"], [TOWN])
    assert {Slip.CIRCLE: 2, Slip.NO_PARENT: 1} == Counter(remark.slip for remark in what.remarks)
    assert {"丙所": "", TOWN: ""} == parents(what)

    organs = [KnownOrgan(1, COUNTY), KnownOrgan(2, BUREAU, COUNTY)]
    what = planned([COUNTY, BUREAU], organs=organs)
    assert [Slip.CIRCLE] == [slip for _, slip, _ in slips(what)]
    assert ((), ()) == (what.made, what.changed)


def test_two_that_change_places_are_moved_the_upper_one_first():
    """
    Below B stands A; they are turned round without a circle in between.
    """
    organs = [KnownOrgan(1, COUNTY), KnownOrgan(2, "甲局", COUNTY), KnownOrgan(3, "乙局", "甲局")]
    what = planned(["甲局", "乙局"], ["乙局", COUNTY], organs=organs)
    assert ["乙局", "甲局"] == [entry.organ for entry in what.changed]
    assert () == what.remarks


def test_an_old_name_means_the_organ_that_had_it():
    """
    It is not made anew; where it also is somebody's present name, that one is meant.
    """
    organs = [KnownOrgan(1, COUNTY), KnownOrgan(2, BUREAU, COUNTY, former=("徐闻县财税局", TOWN))]
    organs.append(KnownOrgan(3, TOWN, COUNTY))
    what = planned(["徐闻县财税局", "", "", "李四"], [TOWN], organs=organs, under=COUNTY)
    assert [(2, Slip.OLD_NAME, BUREAU)] == slips(what)
    assert (Entry(BUREAU, 2, contact="李四"),) == what.changed
    assert 1 == what.same


def test_a_near_name_is_seen_beside_closed_and_old_ones():
    organs = [
        KnownOrgan(1, "徐闻县财致局", closed=True),
        KnownOrgan(2, "徐闻县国资局", former=("徐闻县财务局",)),
    ]
    near = {other for _, slip, other in slips(planned([BUREAU], organs=organs))}
    assert {"徐闻县财致局", "徐闻县财务局"} == near


def test_an_organ_that_others_place_stays():
    """
    The administrator's own, which stands below somebody they do not know of.
    """
    organs = [KnownOrgan(1, COUNTY, movable=False), KnownOrgan(2, TOWN, COUNTY)]
    what = planned([COUNTY, TOWN], organs=organs, under=COUNTY)
    assert [Slip.STAYS] == [slip for _, slip, _ in slips(what)]
    assert () == what.changed


def test_the_head_may_have_any_order_and_stand_below_a_title():
    rows = [
        ("徐闻县单位名单", "", ""),
        ("", "", ""),
        ("序号", "联系电话", "单位名称（全称）*", "主管单位"),
        ("1", "13800138000", BUREAU, COUNTY),
        ("", "", "", ""),
        ("2", "", TOWN),
        ("", ""),
    ]
    assert is_organ_list(rows)
    listed = read_rows(rows)
    assert [(4, BUREAU, COUNTY, "13800138000"), (6, TOWN, "", "")] == [
        (row.line, row.organ, row.parent, row.phone) for row in listed.rows
    ]
    assert 1 == listed.empty


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([("单位", "数量")], id="a unit of measure"),
        pytest.param([("项目", "电话")], id="no organ"),
        pytest.param([(TOWN, COUNTY)], id="no head"),
        pytest.param([], id="nothing"),
    ],
)
def test_no_other_table_is_taken_for_a_list(rows: list[tuple[str, ...]]):
    assert not is_organ_list(rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(TOWN, (TOWN, "", None, "", ""), id="a name"),
        pytest.param(f"1. {TOWN}", (TOWN, "", None, "", ""), id="1."),
        pytest.param(f"（十二）{TOWN}", (TOWN, "", None, "", ""), id="（十二）"),
        pytest.param(f"12 {TOWN}", (TOWN, "", None, "", ""), id="12"),
        pytest.param(f"③{TOWN}", (TOWN, "", None, "", ""), id="③"),
        pytest.param(f"  · {TOWN}；", (TOWN, "", None, "", ""), id="indented"),
        pytest.param("第一中学", ("第一中学", "", None, "", ""), id="a number in the name"),
        pytest.param(
            f"{TOWN}\t{COUNTY}\t乡镇\t王五\t0759-4851234",
            (TOWN, COUNTY, Level.TOWNSHIP, "王五", "0759-4851234"),
            id="tabs",
        ),
        pytest.param(
            f"2、{TOWN}，13800138000，王五", (TOWN, "", None, "王五", "13800138000"), id="commas"
        ),
        pytest.param(f"{TOWN} 王五  {COUNTY}", (TOWN, COUNTY, None, "王五", ""), id="blanks"),
    ],
)
def test_a_pasted_line_is_read_by_what_stands_in_it(text: str, expected: tuple[object, ...]):
    (row,) = read_rows(rows_of_text(text)).rows
    assert expected == (row.organ, row.parent, row.level, row.contact, row.phone)


def test_levels_and_phones_are_read_as_offices_write_them():
    words = {"省": Level.CITY, "县级": Level.COUNTY, "街道": Level.TOWNSHIP, "局": Level.BUREAU}
    assert words == {word: level_named(word) for word in words}
    assert level_named("股级") is None
    for good in ("13800138000", "0759-4851234", "（0759）4851234转8012", "4851234、13800138000"):
        assert not is_odd_phone(good)
    for odd in ("1380013800", "12", "李四", "138001380001"):
        assert is_odd_phone(odd)


NAMES = st.lists(
    st.text("甲乙丙局镇县", min_size=1, max_size=4).map(lambda text: f"{text}局"), max_size=12
)


@given(NAMES, NAMES, NAMES)
def test_any_list_gives_a_tree(names: list[str], above: list[str], held: list[str]):
    """
    Every organ is made once, after the one it stands below, and none below itself.
    """
    organs = [KnownOrgan(number, name) for number, name in enumerate(dict.fromkeys(held), 1)]
    rows = [(name, parent) for name, parent in zip(names, [*above, *names], strict=False)]
    what = planned(*rows, organs=organs)
    there = {organ.organ for organ in organs}
    stands: dict[str, str] = {}
    for entry in (*what.made, *what.changed):
        assert (entry.organ in there) == (entry.organ_id is not None)
        parent = entry.parent or ""
        assert parent == "" or parent in there
        there.add(entry.organ)
        stands[entry.organ] = parent
    for organ in stands:
        seen, at = set[str](), organ
        while at:
            assert at not in seen
            seen.add(at)
            at = stands.get(at, "")
    assert len(what.made) == len({entry.organ for entry in what.made})


@given(st.text("甲乙丙", max_size=6), st.text("甲乙丙", max_size=6))
def test_near_is_the_same_from_both_sides(name: str, other: str):
    """
    And never farther than one letter in length.
    """
    assert is_near(name, other) == is_near(other, name)
    assert not is_near(name, name)
    if is_near(name, other):
        assert abs(len(name) - len(other)) <= 1


@pytest.mark.parametrize("lower", ["单位", ""])
def test_a_head_of_two_rows_and_that_of_the_next_page_are_no_organs(lower: str):
    """
    «联系方式» over 联系人 and 电话; what heads the organs of a kind is none, either.
    """
    listed = read_rows(
        [
            ("序号", "单位", "联系方式", "联系方式"),
            ("", lower, "联系人", "电话"),
            ("一", "县直部门", "", ""),
            ("1", BUREAU, "王五", "13800138000"),
            ("序号", "单位", "联系人", "电话"),
            ("2", TOWN, "李四", ""),
        ]
    )

    assert [("", "", ""), (BUREAU, "王五", "13800138000"), (TOWN, "李四", "")] == [
        (row.organ, row.contact, row.phone) for row in listed.rows
    ]


@pytest.mark.parametrize("sign", [",", "\t"])
def test_what_a_spreadsheet_puts_in_quotes_is_one_cell(sign: str):
    """
    A line end in a name, a sign in a contact.
    """
    text = f'机关{sign}上级{sign}联系人\n"徐闻县\n财政局"{sign}{COUNTY}{sign}"张三{sign}李四"\n'

    (row,) = read_rows(rows_of_text(text)).rows

    assert (BUREAU, COUNTY) == (row.organ, row.parent)
    assert ["张三", "李四"] == row.contact.replace(",", " ").split()


@pytest.mark.parametrize("name", ["12徐闻县水利局", "徐闻县财政局、徐闻县教育局"])
def test_a_number_before_a_name_and_two_names_in_one_are_looked_at(name: str):
    """
    They may be right, and are taken as they are.
    """
    remarks = plan(read_rows([("单位", "电话"), (name, "")]), Known({})).remarks

    assert [Slip.ODD_NAME] == [remark.slip for remark in remarks]


def test_brackets_of_the_other_width_are_a_near_name_and_a_parents_full_stop_is_none():
    """
    A list typed anew makes no second organ unseen.
    """
    rows = [
        ("单位", "上级"),
        (COUNTY, ""),
        ("县委编办(登记局)", f"{COUNTY}。"),
        ("县委编办（登记局）", ""),
    ]
    made = plan(read_rows(rows), Known({}))

    assert ["县委编办(登记局)"] == [e.organ for e in made.made if e.parent == COUNTY]
    assert [Slip.NEAR] == [r.slip for r in made.remarks if r.slip is Slip.NEAR]
