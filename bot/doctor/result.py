"""What was looked at, and what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Grade(Enum):
    """
    How it is. A warning is something optional that is missing, or that passes: people are served
    all the same. Only a fault makes the doctor end with 1.
    """

    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"


SIGNS = {Grade.FINE: "✓", Grade.WARNING: "!", Grade.FAULT: "✗"}


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was looked at; `mend` is what to do where it is not well."""

    check: str
    grade: Grade
    text: str
    mend: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For programs; `ok` is false for a fault only."""
        return {
            "check": self.check,
            "ok": self.grade is not Grade.FAULT,
            "grade": self.grade.value,
            "text": self.text,
            "mend": self.mend,
        }


def fine(check: str, text: str) -> Result:
    """All is well."""
    return Result(check, Grade.FINE, text)


def warning(check: str, text: str, mend: str | None = None) -> Result:
    """Something optional is missing, or will pass."""
    return Result(check, Grade.WARNING, text, mend)


def fault(check: str, text: str, mend: str | None = None) -> Result:
    """Something is to be mended."""
    return Result(check, Grade.FAULT, text, mend)
