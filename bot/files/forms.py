"""
The formats in which a report is handed out; of one version all have the same content.

The .docx is published; the others are made of the same contents or of the .docx itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.files import documents
from bot.files.documents import Own
from bot.files.pictures import to_pdf
from bot.files.report_sheets import as_csv, as_workbook
from conversations.document.write.content import DocumentInput, file_name
from conversations.document.write.html import as_html, as_page
from conversations.document.write.text import as_text
from conversations.talk.other_forms import PDF


@dataclass(frozen=True, slots=True)
class FileForm:
    """
    One format: its name on the command line and its file ending.

    `mark` stands before the ending if two formats share it.
    """

    key: str
    ending: str
    mark: str = ""


FILE_FORMS = {
    form.key: form
    for form in (
        FileForm("docx", ".docx"),
        FileForm("html", ".html"),
        FileForm("html-page", ".html", "（完整网页）"),
        FileForm(PDF, ".pdf"),
        FileForm("xlsx", ".xlsx"),
        FileForm("csv", ".csv"),
        FileForm("txt", ".txt"),
    )
}

WORD = ("docx", PDF)  # the Word file, or made from it
# The same in a chat, where "" is the Word file: for a version they are made from its kept bytes.
OF_DOCX = ("", PDF)


def made(own: Own | None, report: DocumentInput, key: str, *, draft: bool) -> tuple[str, bytes]:
    """
    The file's name and its bytes; `own` is the office's own template.

    Raises:
        TemplateError: The office's own template cannot be used.
        UnfinishedError: A final file was asked for and something is open.
        PictureError: There is no PDF, for want of LibreOffice or of time.
    """
    form = FILE_FORMS[key]
    name = file_name(report.organ, report.year, draft, form.mark + form.ending)
    if key in WORD:
        _, document = documents.make(own, report, draft=draft)
        return name, to_pdf(document) if key == PDF else document
    if key == "xlsx":
        return name, as_workbook(report, draft=draft)
    write = {"html": as_html, "html-page": as_page, "csv": as_csv, "txt": as_text}[key]
    return name, write(report, draft=draft).encode()
