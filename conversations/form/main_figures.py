"""The main figures of a report, used to compare years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.form.answers import Figures, Number
from conversations.form.model import CellId


@dataclass(frozen=True, slots=True)
class MainFigure:
    """Its name, its unit, and the cells that add up to it."""

    name: str
    unit: str
    cells: tuple[CellId, ...]

    def value(self, figures: Figures) -> Number | None:
        """Its value in a report, None if a part is not known."""
        parts = [figures.get(cell) for cell in self.cells]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None


@dataclass(frozen=True, slots=True)
class Series:
    """A main figure over some years, oldest first; None for a year without it."""

    name: str
    unit: str
    years: tuple[int, ...]
    values: tuple[Number | None, ...]


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


def main_series(years: Mapping[int, Figures]) -> tuple[Series, ...]:
    """Each main figure over the years of the given reports."""
    shown = tuple(sorted(years))
    return tuple(
        Series(main.name, main.unit, shown, tuple(main.value(years[year]) for year in shown))
        for main in MAIN_FIGURES
    )
