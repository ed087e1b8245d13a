"""Groups findings that come from the same slip into one question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conversations.checks.findings import Finding, Grade, Report
from conversations.checks.reasons import explained
from conversations.form.model import CellId


@dataclass(frozen=True, slots=True)
class Question:
    """The findings caused by one slip, the cause first."""

    parts: tuple[Finding, ...]

    @property
    def cause(self) -> Finding:
        """The first finding, which causes the others."""
        return self.parts[0]

    @property
    def grade(self) -> Grade:
        """The gravest grade of its parts: if one must be corrected, a reason is not enough."""
        return min((part.grade for part in self.parts), key=list(Grade).index)

    @property
    def key(self) -> str:
        """Its place and all its numbers; if the cause has no `slip`, the key of the cause."""
        if not self.cause.slip:
            return self.cause.key
        numbers = (number for part in self.parts for number in part.numbers)
        return f"{self.cause.slip}|{' '.join(map(str, numbers))}"

    @property
    def cells(self) -> tuple[CellId, ...]:
        """The figures of all its parts."""
        return tuple(dict.fromkeys(cell for part in self.parts for cell in part.cells))

    def stands_at(self, key: str) -> bool:
        """Whether an earlier key, perhaps with other numbers, was about this question."""
        keys = (self.key, *(part.key for part in self.parts))
        return place_of(key) in map(place_of, keys)


def place_of(key: str) -> str:
    """A key without its numbers."""
    return key.rpartition("|")[0]


def questions(findings: Iterable[Finding]) -> tuple[Question, ...]:
    """The findings grouped by cause, in the order of the causes; consequences follow theirs."""
    slips: dict[str, str] = {}
    together: dict[str, list[Finding]] = {}
    for finding in findings:
        slip = slips.get(finding.follows or "") or finding.slip or finding.key
        slips[finding.key] = slip
        together.setdefault(slip, []).append(finding)
    return tuple(Question(tuple(parts)) for parts in together.values())


def alarms(findings: Iterable[Finding]) -> tuple[Question, ...]:
    """Findings that must be corrected or need a reason, grouped by cause."""
    return questions(finding for finding in findings if finding.grade is not Grade.H)


def wants_answer(report: Report, finding: Finding) -> bool:
    """Whether the finding is E, or W without a reason."""
    if finding.grade is Grade.W:
        return not explained(report, finding)
    return finding.grade is Grade.E


def open_questions(report: Report, findings: Iterable[Finding]) -> tuple[Question, ...]:
    """The questions that still need an answer, grouped by cause; those to be corrected first."""
    todo = (q for q in alarms(findings) if any(wants_answer(report, part) for part in q.parts))
    return tuple(sorted(todo, key=lambda question: question.grade is not Grade.E))
