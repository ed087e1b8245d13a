"""
`nianbao export`: a stored report as Word, web page, plain text or JSON.

A report that is not finished, or was changed after its final document, gives a draft.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.cli import frame, show
from bot.files.documents import TemplateError, make, write
from conversations.document.write.content import DocumentInput, UnfinishedError, file_name
from conversations.form import FORMS
from conversations.wording import door as wording

NOT_WRITTEN = "写不了 {file}，请检查文件夹是否存在、文件是否正被打开。"
TEMPLATE = "本单位的模板用不了：{why}"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which report, as what, and where to."""
    frame.add_report(parser)
    parser.add_argument(
        "--format", choices=("docx", "html", "txt", "json"), default="docx", help="文件格式"
    )
    parser.add_argument("--out", type=Path, help="文件夹或文件名，- 为直接输出（默认数据文件夹）")


def run(options: argparse.Namespace) -> int:
    """Write one report; a draft is UNFINISHED."""
    data, out = frame.data_folder(options), options.out
    with frame.open_store(options, reading=True) as store:
        view = show.find(store, options.organ, options.year)
    if view is None:
        raise frame.Refused(frame.NO_REPORT)
    draft = view.status != "final"
    code = frame.UNFINISHED if draft else frame.FINE
    try:
        name, content = content_of(view, options.format, data, draft=draft)
    except TemplateError as error:
        raise frame.Refused(TEMPLATE.format(why=error)) from error
    except UnfinishedError as error:
        # Answers have gone since the final document: not by us.
        raise frame.Refused(f"{error}。") from error
    if out == Path("-"):
        sys.stdout.buffer.write(content)
        return code
    target = data / name if out is None else out
    if target.is_dir() or (out is not None and not target.suffix):
        target = target / name
    try:
        write(target.parent, target.name, content)
    except OSError as error:
        raise frame.Refused(NOT_WRITTEN.format(file=target)) from error
    sys.stdout.write(f"{frame.shown(str(target))}\n")
    if draft:
        sys.stdout.write(wording.DRAFT_CAPTION + "\n")
    return code


def content_of(view: show.ReportView, kind: str, data: Path, *, draft: bool) -> tuple[str, bytes]:
    """
    The file's name and its bytes.

    Raises:
        TemplateError: The office's own template does not have the form's tags.
    """
    stored = view.stored
    report = DocumentInput(FORMS[stored.edition], stored.organ, stored.year, stored.answers)
    if kind == "docx":
        return make(data, report, draft=draft)
    if kind == "json":
        text = frame.as_json(show.report_as_json(view))
    elif kind == "html":
        from conversations.document.write.html import as_html

        text = as_html(report, draft=draft)
    else:
        from conversations.document.write.text import as_text

        text = as_text(report, draft=draft)
    return file_name(stored.organ, stored.year, draft, f".{kind}"), text.encode()
