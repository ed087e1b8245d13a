"""
Reports for the tests of the checks: every figure is 0, but for those that a test sets.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from conversations.checks import check_report
from conversations.checks.findings import Finding, Grade, Report
from conversations.form import ANNUAL_REPORT_2021, Form
from conversations.form.answers import Answers, Figures, Value
from conversations.form.organ import Level, guess_level

TOWNSHIP = "临江镇人民政府"
APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_institution",
    "other",
)
RESULTS = ("upheld", "corrected", "other_result", "pending")


def report(
    cells: Mapping[str, Value | None] | None = None,
    *,
    form: Form = ANNUAL_REPORT_2021,
    organ: str = TOWNSHIP,
    year: int = 2023,
    level: Level | None = None,
    **texts: str,
) -> Report:
    """
    A report in a conversation: figures that are not given are 0, figures given as None are
    unanswered.
    """
    answers = Answers({cell: 0 for cell in form.cells if cell not in form.sums})
    return Report(
        form,
        organ,
        year,
        answers.changed({**(cells or {}), **texts}),
        level or guess_level(organ),
    )


def published(made: Report, **printed: int) -> Report:
    """
    The same report as a file prints it, with its totals; `printed` changes some figures.
    """
    figures = Figures(made.form, made.answers).all()
    wrong = {cell.replace("__", "."): value for cell, value in printed.items()}
    return replace(made, published=True, answers=made.answers.changed({**figures, **wrong}))


def printing(made: Report, printed: Mapping[str, Value]) -> Report:
    """
    The published report with some printed figures changed.
    """
    return replace(made, answers=made.answers.changed(printed))


def found(made: Report, *ids: str) -> list[Finding]:
    """
    The findings of some checks.
    """
    return [finding for finding in check_report(made) if finding.id in ids]


def said(made: Report, ids: Iterable[str]) -> list[tuple[str, Grade, str | None]]:
    """
    What was found, without the sentences.
    """
    return [(f.id, f.grade, f.narrative) for f in found(made, *ids)]
