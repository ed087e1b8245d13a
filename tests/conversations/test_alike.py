"""
Texts that two organs share: the law's and the model's sentences do not count, nor do names.
"""

from conversations.county.alike import FEWEST, Alike, OrganText, alike

OVERVIEW, PROBLEMS = "overview", "problems_and_improvements"
LAW = "一是贯彻落实《中华人民共和国政府信息公开条例》的各项要求。"
OWN = (
    "部分业务科室对公开工作的认识还不到位，主动公开的意识有待加强。",
    "公开内容与群众的实际需求之间还有一定差距，解读形式比较单一。",
    "基层公开专区的查阅设备老化，便民服务还不够细致。",
    "负责公开的工作人员变动频繁，业务能力需要进一步提高。",
    "下一步将建立科室联络员制度，每月通报一次公开情况。",
)


def text(report_id: int, organ: str, *sentences: str, item: str = PROBLEMS) -> OrganText:
    return OrganText(report_id, organ, item, "".join(sentences))


def others(count: int, *sentences: str) -> list[OrganText]:
    """
    Organs with texts of their own, and the sentences given.
    """
    return [
        text(
            100 + place,
            f"第{place}局",
            *sentences,
            *(
                f"{chr(0x4E00 + place)}类事项的公开情况第{'甲乙丙丁戊'[n]}点写在这里。"
                for n in range(5)
            ),
        )
        for place in range(count)
    ]


def pairs(*texts: OrganText) -> list[tuple[str, str, int, int]]:
    return [
        (pair.shorter.organ, pair.longer.organ, len(pair.same), pair.of) for pair in alike(texts)
    ]


def test_a_text_taken_from_a_neighbour_is_told_with_its_sentences():
    """
    «12 句中 10 句相同»: of the shorter one, in its order, as it has them.
    """
    mine = text(1, "雷鸣镇人民政府", *OWN[:4], "只在这里的一句话说的是本镇的集市。")
    theirs = text(2, "龙门镇人民政府", *reversed(OWN), "另外一句说的是那里的码头和渡船。")

    (found,) = alike([mine, theirs, *others(20)])

    assert Alike(PROBLEMS, mine, theirs, tuple(each[:-1] for each in OWN[:4]), 5) == found


def test_names_of_organs_numbers_and_dates_do_not_count():
    mine = "2025年3月，雷鸣镇公开信息120条，雷鸣镇人民政府网站运行正常。"
    theirs = "2024年11月，龙门公开信息95条，龙门镇人民政府网站运行正常。".replace(
        "龙门公开", "龙门镇公开"
    )

    assert [("雷鸣镇人民政府", "龙门镇人民政府", 4, 4)] == pairs(
        text(1, "雷鸣镇人民政府", mine, "我镇的工作还有差距需要改进。", *OWN[:2]),
        text(2, "龙门镇人民政府", theirs, "我县的工作还有差距需要改进。", *OWN[:2]),
    )


def test_what_many_have_is_nobodys_own():
    """
    A third of all have it: the law's words, or a model's.
    """
    crowd = others(20, *OWN)
    assert [] == pairs(*crowd)
    assert [] == pairs(
        text(1, "甲局", LAW, *OWN[:3], "甲局自己的一句话写在最后面。"),
        text(2, "乙局", LAW, *OWN[:3], "乙局自己的一句话写在最后面。".replace("自己", "另外")),
        *others(20, *OWN[:2], LAW),
    )


def test_less_than_seven_in_ten_and_fewer_than_four_are_usual():
    own = ("甲处独有的第一句话放在这里。", "甲处独有的第二句话也放在这里。")
    assert [] == pairs(text(1, "甲局", *OWN[:3], *own), text(2, "乙局", *OWN))
    few = OWN[: FEWEST - 1]
    assert [] == pairs(text(1, "甲局", *few), text(2, "乙局", *few))


def test_sections_are_compared_each_with_its_like():
    assert [] == pairs(text(1, "甲局", *OWN), text(2, "乙局", *OWN, item=OVERVIEW))
    both = (OVERVIEW, PROBLEMS)
    found = alike([text(n, "甲乙"[n] + "局", *OWN, item=item) for item in both for n in (0, 1)])
    assert sorted(both) == sorted(pair.item for pair in found)


def test_three_hundred_organs_are_one_index():
    """
    The most alike first; only those that share something were ever laid side by side.
    """
    crowd = others(297, LAW)
    found = pairs(
        *crowd,
        text(1, "甲局", *OWN),
        text(2, "乙局", *OWN),
        text(3, "丙局", *OWN[:4], "丙处独有的一句话放在这里。"),
    )

    assert [("甲局", "乙局", 5, 5), ("乙局", "丙局", 4, 5), ("甲局", "丙局", 4, 5)] == found
