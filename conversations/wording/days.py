"""The distance of a day in words."""

from __future__ import annotations

from datetime import date

LONG_OVERDUE = 99  # days after a deadline that are counted


def distance(day: date, today: date) -> str:
    """The distance of a date: 还有 7 天, 明天, 今天, 已过 2 天."""
    days = (day - today).days
    if days > 1:
        return f"还有 {days} 天"
    return {1: "明天", 0: "今天"}.get(days, f"已过 {-days} 天")


def due(deadline: date, today: date) -> str:
    """「截止 1月31日（还有 9 天）」; long after it only the date."""
    days = (deadline - today).days
    year = f"{deadline.year}年" if abs(days) > LONG_OVERDUE else ""
    told = f"截止 {year}{deadline.month}月{deadline.day}日"
    return told if days < -LONG_OVERDUE else f"{told}（{distance(deadline, today)}）"
