"""Words in the pictures of a report, and the pictures in words for people who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from conversations.drawing import compact
from conversations.form.answers import grouped
from conversations.form.main_figures import Series
from conversations.talk.effects import Chart
from conversations.talk.year_on_year import percent, told

CHARTS = {Chart.YEARS: "🖼 历年对比图", Chart.PROGRESS: "🖼 进度图"}
LONGEST = 700  # characters of the sentences; with title and zeros Telegram allows 1,024

NONE = "无"
NOTHING_YET = "各年都还没有数据。"
WRITTEN, NOT_WRITTEN = "已写", "未写"


def years_shown(years: Sequence[int]) -> str:
    """The years: 2021—2023年, or 2019、2021、2023年 if some are missing."""
    whole = len(years) > 1 and all(b - a == 1 for a, b in pairwise(years))
    span = f"{years[0]}—{years[-1]}" if whole else "、".join(map(str, years))
    return f"主要数据，{span}年"


def always_zero(every: Sequence[Series]) -> list[str]:
    """Figures without a panel: 0 in every year, then 0 in every year that has them."""
    in_all = [each.name for each in every if None not in each.values]
    where_known = [each.name for each in every if None in each.values]
    said = (("各年均为 0", in_all), ("有数据的年份均为 0", where_known))
    return [f"{what}：{'、'.join(names)}" for what, names in said if names]


def _before(years: Sequence[int]) -> str:
    """The year of comparison: 上年, or the newest earlier year in the store."""
    return "上年" if years[-1] - years[-2] == 1 else f"{years[-2]}年"


def change(series: Series) -> str:
    """The newest year compared with the one before, in short: 比上年 +12（+4.2%）."""
    now = series.values[-1]
    if len(series.years) < 2 or now is None:
        return ""
    then, before = series.values[-2], _before(series.years)
    if then is None:
        return f"{before}无数据"
    if now == then:
        return f"与{before}相同"
    gap = f"+{compact(now - then)}" if now > then else f"-{compact(then - now)}"
    rate = percent(then, now - then) if then else f"{before}为 0"
    return f"比{before} {gap}" + (f"（{rate}）" if rate else "")


def years_said(every: Sequence[Series]) -> list[str]:
    """
    Each figure in a sentence; if all years are too long, only the last two.

    «行政许可决定：2022年 283 件，2023年 295 件，比上年多 12 件（+4.2%）».
    """
    said = [_said(series, len(series.years)) for series in every]
    return said if sum(map(len, said)) <= LONGEST else [_said(series, 2) for series in every]


def _said(series: Series, years: int) -> str:
    parts = [
        f"{year}年{told(value)}" if value is None else f"{year}年 {grouped(value)} {series.unit}"
        for year, value in list(zip(series.years, series.values, strict=True))[-years:]
    ]
    return f"{series.name}：{'，'.join([*parts, *_change_said(series)])}"


def _change_said(series: Series) -> list[str]:
    """The newest year compared with the one before, in words; empty if one is not known."""
    then, now = (None, *series.values)[-2:]
    if then is None or now is None:
        return []
    before = _before(series.years)
    if now == then:
        return [f"与{before}相同"]
    rate = percent(then, now - then)
    gap = f"多 {grouped(now - then)}" if now > then else f"少 {grouped(then - now)}"
    return [f"比{before}{gap} {series.unit}" + (f"（{rate}）" if rate else "")]


def filled_in(year: int, filled: int, asked: int) -> str:
    """How much of a report is filled in."""
    return f"{year}年度年报进度：已填 {filled}/{asked}"


def open_in(left: str) -> str:
    """What a section lacks, under its bar."""
    return f"还有：{left}"


def section_said(name: str, how_much: str, left: str) -> str:
    """A section in words: «三、依申请公开：120/138，还有：18 格»."""
    return f"{name}：{how_much}" + (f"，{open_in(left)}" if left else "")
