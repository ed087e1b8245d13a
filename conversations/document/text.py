"""
The report as plain text: a paragraph a line, a row of a table a line with tabs between.

Merged boxes stand once, so that the text looks as it does when a published page is copied.
"""

from __future__ import annotations

from conversations.document.content import (
    DRAFT_NOTICE,
    GAP,
    DocumentInput,
    printed,
    require_finished,
)
from conversations.form.model import Table


def as_text(report: DocumentInput, *, draft: bool = False) -> str:
    """
    The whole report as text, with a line break at its end.

    Raises:
        UnfinishedError: A final text was asked for and something is open. A ValueError.
    """
    if not draft:
        require_finished(report)
    figures = report.figures
    lines = [*([DRAFT_NOTICE] if draft else []), *report.title, *report.lines("introduction")]
    for section in report.form.sections:
        lines.append(section.heading)
        if isinstance(section.body, Table):
            lines += [
                "\t".join(box.text or printed(figures.get(box.cell)) for box in row)
                for row in section.body.grid
            ]
        else:
            lines += report.lines(section.id) or (GAP,)
    lines += [*report.lines("signature"), *report.lines("signature_date")]
    return "\n".join(lines) + "\n"
