"""
The report as plain text: a paragraph a line, a row of a table a line with tabs between.

Merged boxes stand once, so that the text looks as it does when a published page is copied.
"""

from __future__ import annotations

from conversations.document.write.content import (
    DRAFT_NOTICE,
    DocumentInput,
    contents,
)
from conversations.form.model import Table


def as_text(report: DocumentInput, *, draft: bool = False) -> str:
    """
    The whole report as text, with a line break at its end.

    Raises:
        UnfinishedError: A final text was asked for and something is open. A ValueError.
    """
    document = contents(report, draft=draft)
    lines = [DRAFT_NOTICE] if draft else []
    lines += document.title
    lines += [p.head + p.text for p in document.texts["introduction"]]
    for section in report.form.sections:
        lines.append(section.heading)
        if isinstance(section.body, Table):
            lines += [
                "\t".join(box.text or document.figures[box.cell] for box in row)
                for row in section.body.grid
            ]
        else:
            lines += [p.head + p.text for p in document.texts[section.id]]
    if signed := document.signature:
        lines += [line.signed for line in (*signed.organs, signed.date) if line]
    return "\n".join(lines) + "\n"
