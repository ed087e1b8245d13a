"""
The trial form used for the years 2019 and 2020: 国办公开办函〔2019〕60号.

Read from published reports, never asked in a conversation and never written.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.form.build import (
    BlockData,
    RowData,
    table_of_blocks,
    table_of_rows,
)
from conversations.form.editions.annual_report_2021 import (
    APPLICANTS,
    CARRIED_FORWARD,
    CARRIED_OVER,
    DISCLOSED,
    HEAD_THREE,
    NOT_PROCESSED_ROWS,
    OTHERWISE,
    OTHERWISE_ROWS,
    OUTCOME_TOTAL,
    PARTLY_DISCLOSED,
    RECEIVED,
    SECTIONS,
    UNABLE_ROWS,
    WITHHELD_ROWS,
    annual_report,
)
from conversations.form.editions.facts import FACTS_2019
from conversations.form.model import Column, Measure, Section

NOTICE = "国办公开办函〔2019〕60号"

DOCUMENT_COLUMNS = (
    Column("produced", "本年新制作数量", "新制作"),
    Column("newly_disclosed", "本年新公开数量", "新公开"),
    Column("disclosed_in_total", "对外公开总数量", "公开总数"),
)
ITEM_COLUMNS = (
    Column("items_last_year", "上一年项目数量", "上年项目"),
    Column("items_change", "本年增/减", "增减"),
    Column("decisions", "处理决定数量", "处理决定"),
)
ITEM_MEASURES = (Measure.COUNT, Measure.SIGNED, Measure.COUNT)


def _row(name: str, label: str, item: str) -> RowData:
    return RowData(
        f"proactive_disclosure.{name}", (label,), label, "", f"条例第二十条第（{item}）项"
    )


TABLE_TWO = table_of_blocks(
    (
        BlockData(
            "第二十条第（一）项",
            DOCUMENT_COLUMNS,
            (_row("rules", "规章", "一"), _row("normative_documents", "规范性文件", "一")),
        ),
        BlockData(
            "第二十条第（五）项",
            ITEM_COLUMNS,
            (
                _row("licensing", "行政许可", "五"),
                _row("other_services", "其他对外管理服务事项", "五"),
            ),
            ITEM_MEASURES,
        ),
        BlockData(
            "第二十条第（六）项",
            ITEM_COLUMNS,
            (_row("penalties", "行政处罚", "六"), _row("coercion", "行政强制", "六")),
            ITEM_MEASURES,
        ),
        BlockData(
            "第二十条第（八）项",
            ITEM_COLUMNS[:2],
            (_row("administrative_fees", "行政事业性收费", "八"),),
            (Measure.COUNT, Measure.SIGNED),
        ),
        BlockData(
            "第二十条第（九）项",
            (Column("projects", "采购项目数量"), Column("amount", "采购总金额")),
            (_row("procurement", "政府集中采购", "九"),),
            (Measure.COUNT, Measure.AS_PRINTED),
        ),
    ),
)

OTHERWISE_ALL = RowData(
    "requests.outcome.otherwise_handled.all",
    OTHERWISE,
    "其他处理",
    "一般指以上都不是的处理。",
    NOTICE,
)

TABLE_THREE = table_of_rows(
    HEAD_THREE,
    APPLICANTS,
    (
        RECEIVED,
        CARRIED_OVER,
        DISCLOSED,
        PARTLY_DISCLOSED,
        *WITHHELD_ROWS,
        *UNABLE_ROWS,
        *NOT_PROCESSED_ROWS,
        OTHERWISE_ALL,
        OUTCOME_TOTAL,
        CARRIED_FORWARD,
    ),
)


# The longer headings of 2019; the shorter ones of 2021 are variants.
TITLES = {
    "review": "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "problems_and_improvements": "政府信息公开工作存在的主要问题及改进情况",
}
TABLES = {"proactive_disclosure": TABLE_TWO, "requests": TABLE_THREE}


def _section(section: Section) -> Section:
    """A section of 2021 as it was in 2019."""
    title = TITLES.get(section.id, section.title)
    return replace(
        section,
        title=title,
        body=TABLES.get(section.id, section.body),
        variants=tuple(name for name in (section.title, *section.variants) if name != title),
    )


ANNUAL_REPORT_2019 = replace(
    annual_report("2019", NOTICE, 2019, tuple(map(_section, SECTIONS)), FACTS_2019),
    parted={OTHERWISE_ALL.id: tuple(row.id for row in OTHERWISE_ROWS)},
)
