"""The main figures of a report, by which years are compared."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.form.model import CellId


@dataclass(frozen=True, slots=True)
class MainFigure:
    """What it is called, its unit, the cells that add up to it."""

    name: str
    unit: str
    cells: tuple[CellId, ...]


MAIN_FIGURES = (
    MainFigure("行政许可决定", "件", ("proactive_disclosure.licensing.decisions",)),
    MainFigure("行政处罚决定", "件", ("proactive_disclosure.penalties.decisions",)),
    MainFigure("行政强制决定", "件", ("proactive_disclosure.coercion.decisions",)),
    MainFigure("行政事业性收费", "万元", ("proactive_disclosure.administrative_fees.amount",)),
    MainFigure(
        "现行有效行政规范性文件", "件", ("proactive_disclosure.normative_documents.in_force",)
    ),
    MainFigure("新收政府信息公开申请", "件", ("requests.received.total",)),
    MainFigure("申请办理结果总计", "件", ("requests.outcome.total.total",)),
    MainFigure("申请结转下年度", "件", ("requests.carried_forward.total",)),
    MainFigure("信息公开行政复议", "件", ("review.reconsideration.total",)),
    MainFigure(
        "信息公开行政诉讼",
        "件",
        ("review.litigation.direct.total", "review.litigation.after_reconsideration.total"),
    ),
)
