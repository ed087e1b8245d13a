"""The result of one check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Grade(Enum):
    """
    A warning is something optional that is missing, or that will pass: the bot still serves people.
    Only a fault makes the doctor exit with 1.
    """

    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"


SIGNS = {Grade.FINE: "✓", Grade.WARNING: "!", Grade.FAULT: "✗"}


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one check; `mend` says what to do about a problem."""

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
    """Something optional is missing, or the problem will pass."""
    return Result(check, Grade.WARNING, text, mend)


def fault(check: str, text: str, mend: str | None = None) -> Result:
    """Something has to be repaired."""
    return Result(check, Grade.FAULT, text, mend)
