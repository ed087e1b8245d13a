"""
What SQLite's driver does not take or give as the table has it.

The same as SQLAlchemy's converters for the types of `tables.py`, which a test compares,
but without importing it. None never comes here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

_last: tuple[datetime | None, str] = (None, "")


def moment_in(value: datetime) -> str:
    """
    In UTC, always with six places for the fraction of the second.

    Raises:
        ValueError: The moment is naive.
    """
    global _last  # noqa: PLW0603 - several rows of a step have the very same moment
    last = _last
    if value is last[0]:
        return last[1]
    if value.utcoffset() is None:
        raise ValueError(f"a moment needs its timezone: {value!r}")
    text = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    _last = (value, text)
    return text


def moment_out(value: str) -> datetime:
    """Aware, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def day_in(value: date) -> str:
    """As 2026-01-12."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def day_out(value: str) -> date:
    """Of 2026-01-12."""
    return date.fromisoformat(value)


def flag_in(value: bool) -> int:
    """1 or 0."""
    return int(value)


def flag_out(value: int) -> bool:
    """Of 1 or 0."""
    return bool(value)
