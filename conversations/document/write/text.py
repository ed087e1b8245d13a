"""
The report as plain text: one line per paragraph and per table row, with tabs between boxes.

A merged box is written once, so that the text looks like a published page when copied.
"""

from __future__ import annotations

from collections.abc import Iterable

from conversations.document.write.content import (
    DRAFT_NOTICE,
    DocumentInput,
    Paragraph,
    contents,
)
from conversations.form.model import Table


def as_text(report: DocumentInput, *, draft: bool = False) -> str:
    """
    The whole report as text, with a line break at its end.

    Raises:
        UnfinishedError: A final text is requested and an item is open. A ValueError.
    """
    document = contents(report, draft=draft)
    lines = [DRAFT_NOTICE] if draft else []
    lines += document.title
    lines += _lines(document.texts["introduction"])
    for section in report.form.sections:
        lines.append(section.heading)
        if isinstance(section.body, Table):
            lines += _lines(document.remark(section.id, below=False))
            lines += [
                "\t".join(box.text or document.figures[box.cell] for box in row)
                for row in section.body.grid
            ]
            lines += _lines(document.remark(section.id, below=True))
        else:
            lines += _lines(document.texts[section.id])
    if signed := document.signature:
        lines += [line.signed for line in (*signed.organs, signed.date) if line]
    lines += _lines(document.remark(report.form.sections[-1].id, below=True))
    return "\n".join(lines) + "\n"


def _lines(paragraphs: Iterable[Paragraph]) -> list[str]:
    return [paragraph.head + paragraph.text for paragraph in paragraphs]
