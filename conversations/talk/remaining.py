"""Open work before the final document, counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remaining:
    """
    Open work of a section or of the whole report.

    Figures to type, texts to write, balances to confirm (结转下年度), corrections, missing reasons.
    """

    figures: int = 0
    texts: int = 0
    balances: int = 0
    corrections: int = 0
    reasons: int = 0

    @property
    def places(self) -> int:
        """Their total number."""
        return self.figures + self.texts + self.balances + self.corrections + self.reasons
