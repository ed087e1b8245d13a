"""The words in which people answer about figures: the rest, the total, what columns are called."""

from __future__ import annotations

import re

REST = ("其余", "剩余", "剩下", "余下", "别的", "另外的", "后面")

OTHER = "其他"

TOTAL = ("总计", "合计", "共计", "总共", "一共", "小计", "总数", "共")

JOINS = " \t\n,、;。和及与跟外"

LEADS = re.compile(
    r"(?:[ \t\n:=,、;。→]|各列|各栏|几列|几栏|申请|数量|件数"
    r"|一律|全部|[的列栏都均全各皆是为有填写])+"
)

PLURAL = re.compile(r"一律|全部|[都均全皆]")

EACH = re.compile(r"一律|全部|[都均全皆各]")

WORD = re.compile(r"[\u4e00-\u9fff]{2,}")

NUMERALS = "零〇一二三四五六七八九十百千万亿两点壹贰叁肆伍陆柒捌玖拾佰仟元件条宗个份起次项例笔"

FILLER = re.compile(r"^(?:只有|仅有|除了|本行|这行|[仅除])[ ]*")


# What people call a column, beside its label, its short label and their beginnings.
CALLED = {
    "natural_person": ("个人", "公民"),
    "commercial_enterprise": ("企业",),
    "research_institution": ("科研",),
    "public_welfare_organization": ("公益",),
    "legal_service_institution": ("法律",),
    "in_force": ("有效",),
    "pending": ("未结",),
}
