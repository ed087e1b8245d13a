"""
The texts of a report: read for the first time, and checked again after one figure changed.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from conversations.checks import check_report, checks_of
from conversations.checks.findings import Report
from conversations.checks.texts.running_text import TextCheck
from conversations.checks.texts.statements import readings
from tests.clean_reports import CLEAN

LENGTH = 10_000


def run() -> None:
    """
    Milliseconds of one core; the goals are 30 and 1.
    """
    text = "\n".join(clean.overview for clean in CLEAN) * 10
    readings("", 2023, CLEAN[0].organ)  # compiles the words
    pieces = [text[start : start + LENGTH] for start in range(9)]
    first = [timed(partial(readings, piece, 2023, CLEAN[0].organ)) for piece in pieces]
    print(f"first reading of {LENGTH:,} characters: median {statistics.median(first):.1f} ms")

    again: list[float] = []
    for clean in CLEAN:
        report = clean.report()
        check_report(report)
        changed = replace(report, answers=report.answers.changed({"requests.received.other": 1}))
        checks = [check for check in checks_of(report.form.edition) if isinstance(check, TextCheck)]
        again.append(timed(partial(run_all, checks, changed)))
    print(f"all checks of the texts after one figure: median {statistics.median(again):.2f} ms")


def run_all(checks: Sequence[TextCheck], report: Report) -> None:
    for check in checks:
        list(check.findings(report))


def timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
