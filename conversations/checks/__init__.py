"""
The checks of each edition of the form, and running them on a report.

The checks of each edition are data in `editions/`. A check names the figures and texts that it
depends on, so that after an answer only the checks it concerns are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from conversations.checks.arithmetic import Balance, Total
from conversations.checks.editions import CHECKS
from conversations.checks.findings import Check, Finding, Grade, Report
from conversations.checks.texts.figures import Contradiction
from conversations.checks.texts.statements import Statement, readings
from conversations.form import FORMS
from conversations.form.local_notice import LOCAL_CELLS
from conversations.form.model import FormError, ItemId


def checks_of(edition: str) -> tuple[Check, ...]:
    """The checks of an edition, in the order in which findings are shown."""
    return CHECKS[edition]


@cache
def checks_on(edition: str) -> Mapping[ItemId, tuple[int, ...]]:
    """
    The checks that depend on each figure or text, by their places in `checks_of`.

    Raises:
        FormError: A check names a figure or text that the form does not have.
    """
    form = FORMS[edition]
    texts = (*form.wording, *form.remark, *(narrative.id for narrative in form.narratives))
    items = {*form.cells, *texts, *LOCAL_CELLS}
    hanging: dict[ItemId, list[int]] = {}
    for place, check in enumerate(checks_of(edition)):
        for item in check.depends_on(form):
            if item not in items:
                raise FormError(f"check {check.id} names {item}, which is not there")
            hanging.setdefault(item, []).append(place)
    return {item: tuple(places) for item, places in hanging.items()}


def checks_table(edition: str) -> tuple[tuple[str, Grade, str], ...]:
    """
    The rules of an edition as (id, grade, sentence), without repetition, sorted by id and grade.
    """
    rules = (
        (check.id, grade, text)
        for check in checks_of(edition)
        for grade, text in check.head.texts.items()
    )
    weight = list(Grade)
    return tuple(sorted(dict.fromkeys(rules), key=lambda rule: (rule[0], weight.index(rule[1]))))


def check_report(report: Report) -> tuple[Finding, ...]:
    """All findings of a report, each consequence right after its cause."""
    return _run(checks_of(report.form.edition), report)


def check_arithmetic(report: Report) -> tuple[Finding, ...]:
    """Only the findings of the arithmetic of the tables (totals, 勾稽关系)."""
    checks = checks_of(report.form.edition)
    return _run((check for check in checks if isinstance(check, Total | Balance)), report)


def check_items(report: Report, items: Iterable[ItemId]) -> tuple[Finding, ...]:
    """The findings of the checks that depend on the changed items, in any order."""
    hanging, checks = checks_on(report.form.edition), checks_of(report.form.edition)
    places = sorted({place for item in items for place in hanging.get(item, ())})
    return _run((checks[place] for place in places), report)


def read_in_texts(report: Report) -> Iterator[tuple[ItemId, Statement]]:
    """
    The statements that N2 reads in the texts of a report, with the ids of the texts.

    Statements that do not count are included, with their veto.
    """
    checks = checks_of(report.form.edition)
    read = [check for check in checks if isinstance(check, Contradiction)]
    for item in dict.fromkeys(item for check in read for item in check.read):
        for statement in readings(report.answers.text(item) or "", report.year, report.organ):
            yield item, statement


def _run(checks: Iterable[Check], report: Report) -> tuple[Finding, ...]:
    """Findings in the order of the checks, each consequence right after its cause."""
    findings = [finding for check in checks for finding in check.findings(report)]
    keys = {finding.key for finding in findings}
    under: dict[str, list[Finding]] = {}
    first: list[Finding] = []
    for finding in findings:
        if finding.follows in keys and finding.follows != finding.key:
            under.setdefault(str(finding.follows), []).append(finding)
        else:
            first.append(finding)
    ordered: list[Finding] = []

    def place(finding: Finding) -> None:
        ordered.append(finding)
        for consequence in under.pop(finding.key, ()):
            place(consequence)

    for finding in first:
        place(finding)
    return tuple(ordered)
