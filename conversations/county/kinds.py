"""
Which organs are similar: of the same level and, if the name shows it, of the same kind.

A township is a 镇, a 乡 or a 街道. A department has a subject (教育, 公安), by which the
departments of several counties are compared.
"""

from __future__ import annotations

import re

from conversations.form.organ import TAILS, Level, guess_level

_TOWNSHIPS = ("街道", "镇", "乡")

# The subject of a department is the first of these in its name. More particular words come first
# (退役军人 before 人, 市场监督 before 市场).
_SUBJECTS = (
    ("发展改革", "发展和改革|发展改革|发改"),
    ("教育", "教育|教体"),
    ("工业", "工业|工信|科技|科学技术|经济和信息"),
    ("公安", "公安"),
    ("退役军人", "退役军人"),
    ("民政", "民政"),
    ("司法", "司法"),
    ("财政", "财政"),
    ("人社", "人力资源|人社"),
    ("自然资源", "自然资源|国土|规划"),
    ("生态环境", "生态环境|环境保护|环保"),
    ("城管", "城市管理|城管|综合执法|综合行政执法"),
    ("住建", "住房|住建|城乡建设"),
    ("交通", "交通"),
    ("水利", "水利|水务"),
    ("农业农村", "农业|农村|农牧|畜牧"),
    ("商务", "商务"),
    ("文旅", "文化|文旅|文体|旅游"),
    ("医保", "医疗保障|医保"),
    ("卫健", "卫生|卫健"),
    ("应急", "应急"),
    ("审计", "审计"),
    ("市场监管", "市场监督|市场监管"),
    ("统计", "统计"),
    ("审批", "行政审批|政务服务|数据"),
    ("林业", "林业"),
    ("税务", "税务"),
    ("气象", "气象"),
)
_SUBJECT = tuple((subject, re.compile(words)) for subject, words in _SUBJECTS)

Kind = tuple[str, ...]


def similar_to(organ: str, level: Level, parent: str) -> tuple[Kind, ...]:
    """
    The kinds by which an organ may be compared, the narrowest first; empty if it may not be.

    `parent` is the name of the organ right above: a county's departments differ from a city's.
    """
    if level is Level.UNKNOWN:
        return ()
    broad: Kind
    if level is Level.BUREAU:
        broad = (level.value, guess_level(parent).value)
        # The subject stands after the county's name: 「文教县财政局」 is not «教育».
        name = organ.removeprefix(parent.removesuffix(TAILS[0])) if parent else organ
        kind = next((subject for subject, words in _SUBJECT if words.search(name)), "")
    else:
        broad = (level.value,)
        stem = organ
        for tail in TAILS:
            stem = stem.removesuffix(tail)
        ending = (each for each in _TOWNSHIPS if stem.endswith(each))
        kind = next(ending, "") if level is Level.TOWNSHIP else ""
    return ((*broad, kind), broad) if kind else (broad,)
