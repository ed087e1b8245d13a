"""Making the document file: the office's own template where there is one."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from conversations.document.write.content import DocumentInput, file_name
from conversations.document.write.docx import Prepared, TemplateError, render, standard
from conversations.document.write.prepare import prepare
from conversations.form import FORMS

TEMPLATE = "template.docx"

__all__ = ["TemplateError", "make", "prepared", "write"]


@lru_cache(maxsize=4)
def _own(path: str, _changed: int, edition: str) -> Prepared:
    """An office's template, prepared once for each version of the file."""
    return prepare(Path(path).read_bytes(), FORMS[edition])


def prepared(data: Path, edition: str) -> Prepared:
    """
    The template to use: `DATA/template.docx`, else the product's own.

    Raises:
        TemplateError: The office's template does not have the form's tags.
    """
    own = data / TEMPLATE
    if own.is_file():
        return _own(str(own), own.stat().st_mtime_ns, edition)
    return standard(edition)


def make(data: Path, report: DocumentInput, *, draft: bool) -> tuple[str, bytes]:
    """The file's name and its bytes."""
    content = render(prepared(data, report.form.edition), report, draft=draft)
    return file_name(report.organ, report.year, draft), content


def write(folder: Path, name: str, content: bytes) -> Path:
    """Put a file into a folder, whole or not at all, and surely on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    partial = folder / f".{os.getpid()}.partial"
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
    # The name, too, must be on the disk before the report counts as finished.
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return target
