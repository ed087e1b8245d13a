"""Words in answers about figures: the rest, the total, the names of columns."""

from __future__ import annotations

import re

from conversations.answers.figure import words

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

# After a figure: its parts follow.
PARTS_OF_IT = "其中"

WORD = re.compile(r"[\u4e00-\u9fff]{2,}")

NUMERALS = "零〇一二三四五六七八九十百千万亿两点壹贰叁肆伍陆柒捌玖拾佰仟元件条宗个份起次项例笔"

FILLER = re.compile(r"^(?:只有|仅有|除了|本行|这行|[仅除])[ ]*")


# Other names of a column, beside its label, its short label and their beginnings.
CALLED = {
    "natural_person": ("个人", "公民", "群众", "村民"),
    "commercial_enterprise": ("企业", "公司"),
    "research_institution": ("科研",),
    "public_welfare_organization": ("公益",),
    "legal_service_institution": ("法律", "律所"),
    "in_force": ("有效",),
    "pending": ("未结",),
}


# Words that may stand before or after a figure of this year without changing it.
WHOSE = words(
    "本年度 本年 今年 全年 本单位 本机关 本部门 本局 本镇 本乡 本县 本办 本街道"
    " 我单位 我机关 我局 我镇 我乡 我县 我办 我街道 我们"
)
BEFORE = WHOSE | words(
    "一共 总共 共计 合计 总计 共有 共 计 为 是 就是 有 了 的 填 数量 件数 总数"
    " 政府信息公开 依申请公开 依申请"
)
AFTER = words("的 了 数量 决定")
# Verbs for what a line or a column counts, by the last part of its id.
DONE = {
    "decisions": words("办理 作出 做出 实施 办"),
    "amount": words("收费 收取 收 费用 收入"),
    "issued": words("制定 印发 出台 发布"),
    "in_force": words("有效 现存"),
    "received": words("收到 接到 收 申请 提出 提交"),
    "carried_over": words("结转"),
}

# 本年未发生, 无此类事项, 我镇不涉及: the words around one that says «nothing».
NOTHING = ("没有", "均无", "都无", "全无", "皆无", "未有", "没", "无", "未", "不")
VERB_NEEDED = ("未", "不")
BEFORE_NOTHING = WHOSE | words("暂 暂时 目前 均 都 也 全 全部 从 并 一件都 一件也 一个都 一个也")
OF_NOTHING = words(
    "涉及 存在 发生 产生 出现 开展 适用 过 被 的 了 此 这 该 类 项 此类 此项 这类 这项 该类 该项"
    " 任何 相关 有关 事项 情况 情形 业务 职能 职权 案件 案例 项目 行为 件 人"
    " 依申请公开 依申请 政府信息公开"
)
