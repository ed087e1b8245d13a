"""
`nianbao export`: a stored report as Word, web page, plain text or JSON.

A report that is not finished, or was changed after its final document, gives a draft.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO

from bot.cli import show
from bot.files.documents import TemplateError, make, write
from conversations.document.write.content import DocumentInput, file_name
from conversations.wording import door as door_wording
from storage.store import Store

FINE, FAILED = 0, 2

NOT_FOUND = "没有找到这份年报，请核对 --organ、--year 和 --data。\n"
NOT_WRITTEN = "写不了 {file}，请检查文件夹是否存在、文件是否正被打开。\n"
TEMPLATE = "本单位的模板用不了：{why}\n"


def content_of(found: show.Shown, kind: str, data: Path) -> tuple[str, bytes, bool]:
    """
    The file's name, its bytes, and whether it is a draft.

    Raises:
        TemplateError: The office's own template does not have the form's tags.
    """
    stored = found.stored
    draft = found.status != "final"
    report = DocumentInput(found.report.form, stored.organ, stored.year, stored.answers)
    if kind == "docx":
        name, content = make(data, report, draft=draft)
        return name, content, draft
    name = file_name(stored.organ, stored.year, draft, f".{kind}")
    if kind == "json":
        return name, show.as_json(found).encode(), draft
    return name, _writer(kind)(report, draft).encode(), draft


def _writer(kind: str) -> Callable[[DocumentInput, bool], str]:
    from conversations.document.write.html import as_html
    from conversations.document.write.text import as_text

    chosen = {"html": as_html, "txt": as_text}[kind]
    return lambda report, draft: chosen(report, draft=draft)


def run(
    store: Store,
    data: Path,
    organ: str,
    year: int,
    kind: str,
    out: Path | None,
    *,
    screen: TextIO | None = None,
    pipe: BinaryIO | None = None,
    err: TextIO | None = None,
) -> int:
    """
    Write one report; the result is the exit code.

    `out` is a folder, a file, or `-` for the standard output.
    """
    screen, err = screen or sys.stdout, err or sys.stderr
    found = show.find(store, organ, year)
    if found is None:
        err.write(NOT_FOUND)
        return FAILED
    try:
        name, content, draft = content_of(found, kind, data)
    except TemplateError as error:
        err.write(TEMPLATE.format(why=error))
        return FAILED
    if out == Path("-"):
        (pipe or sys.stdout.buffer).write(content)
        return FINE
    target = data / name if out is None else out
    if target.is_dir() or (out is not None and not target.suffix):
        target = target / name
    try:
        write(target.parent, target.name, content)
    except OSError:
        err.write(NOT_WRITTEN.format(file=target))
        return FAILED
    screen.write(f"{target}\n")
    if draft:
        screen.write(door_wording.DRAFT_CAPTION + "\n")
    return FINE
