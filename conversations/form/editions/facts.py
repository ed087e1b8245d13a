"""
Sentences that state a report's figures, in the wording of its tables.

They are offered for the text of a section, one tap each: those of both editions, and those of only
one. Check N2 reads all of them, so that they agree with the tables.
"""

from __future__ import annotations

from conversations.form.model import Fact

SUMMARY = ("overview",)

ON_REQUESTS = (
    Fact(
        "本年新收政府信息公开申请{requests.received.total}件，"
        "上年结转{requests.carried_over.total}件，办结{requests.outcome.total.total}件，"
        "结转下年度{requests.carried_forward.total}件。",
        SUMMARY,
    ),
    Fact(
        "本年新收政府信息公开申请中，自然人申请{requests.received.natural_person}件，"
        "法人或其他组织申请{requests.received.commercial_enterprise"
        "+requests.received.research_institution+requests.received.public_welfare_organization"
        "+requests.received.legal_service_institution+requests.received.other}件。",
        SUMMARY,
        seldom=True,
    ),
    Fact(
        "本年政府信息公开申请办理结果：予以公开{requests.outcome.disclosed.total}件，"
        "部分公开{requests.outcome.partly_disclosed.total}件，"
        "不予公开{requests.outcome.withheld.*.total}件，"
        "无法提供{requests.outcome.unable_to_provide.*.total}件，"
        "不予处理{requests.outcome.not_processed.*.total}件，"
        "其他处理{requests.outcome.otherwise_handled.*.total}件。",
        SUMMARY,
        seldom=True,
    ),
)

ON_REVIEW = (
    Fact(
        "本年政府信息公开行政复议{review.reconsideration.total}件，"
        "行政诉讼{review.litigation.*.total}件。",
        ("overview", "other_matters"),
    ),
)

FACTS_2019 = (*ON_REQUESTS, *ON_REVIEW)

FACTS_2021 = (
    Fact(
        "本年制发规章{proactive_disclosure.rules.issued}件，"
        "废止规章{proactive_disclosure.rules.repealed}件，"
        "现行有效规章{proactive_disclosure.rules.in_force}件。",
        SUMMARY,
        seldom=True,
    ),
    Fact(
        "本年制发行政规范性文件{proactive_disclosure.normative_documents.issued}件，"
        "废止{proactive_disclosure.normative_documents.repealed}件，"
        "现行有效{proactive_disclosure.normative_documents.in_force}件。",
        SUMMARY,
    ),
    Fact(
        "本年作出行政许可决定{proactive_disclosure.licensing.decisions}件，"
        "行政处罚决定{proactive_disclosure.penalties.decisions}件，"
        "行政强制决定{proactive_disclosure.coercion.decisions}件。",
        SUMMARY,
    ),
    Fact(
        "本年行政事业性收费金额{proactive_disclosure.administrative_fees.amount}万元。",
        SUMMARY,
    ),
    *ON_REQUESTS,
    *ON_REVIEW,
    Fact(
        "本年申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
        "{requests.outcome.otherwise_handled.fee_overdue.total}件。",
        ("other_matters",),
        seldom=True,
    ),
)
