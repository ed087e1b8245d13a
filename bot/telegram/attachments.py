"""
What is made or read outside a transaction: documents, pictures, files and links.

A row says what is wanted, with the answers as they were when it was decided; the sender makes it
later, in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken

from bot import faults
from bot.county.collecting import Found, Taken
from bot.faults import outline
from bot.files import documents, forms
from bot.files.documents import Own, Tested
from bot.files.ledger import empty_table
from bot.files.unreadable import BrokenOff, UnreadableFile
from bot.telegram.screen import CAPTION_LIMIT, TEXT_LIMIT, shortened
from conversations.county import progress_picture
from conversations.document.write.content import DocumentInput
from conversations.drawing import Picture
from conversations.form import FORM_IN_FORCE, FORMS
from conversations.form.answers import Answers, Figures
from conversations.form.model import ItemId
from conversations.form.numbers import ITEMS, NUMBERS
from conversations.form.texts import written
from conversations.sign_off.states import Deed
from conversations.talk import report_picture, year_picture
from conversations.talk.effects import Chart
from conversations.talk.events import FileRead, LedgerRead, ReportRead
from conversations.talk.moves import sections
from conversations.talk.session import Session
from conversations.wording import door as words
from conversations.wording import ledger, sign_off
from storage import values

UPLOAD_LIMIT = 20 * 1024 * 1024

# The content of something that was sent, or the sentence why there is none.
Fetched = FileRead | Found | Taken | Tested | str


def document_payload(
    session: Session, *, final: bool, table: ItemId = "", form: str = "", template: int = 0
) -> dict[str, Any]:
    """
    A document to be made, in a format, or the `table` of a section to be filled at a desk.

    `template` is the number of an organ's own template, 0 for the store's or ours.
    """
    if table:
        last = session.last_year
        return {
            "organ": session.organ,
            "year": session.year,
            "edition": session.form.edition,
            "answers": _written(session.answers),
            "table": NUMBERS[table],
            "last_edition": last.form.edition if last else "",
            "last": _written(last.answers) if last else {},
            "caption": ledger.CAPTION,
        }
    caption = words.FINAL_CAPTION if final else words.DRAFT_CAPTION
    return {
        "organ": session.organ,
        "year": session.year,
        "edition": session.form.edition,
        "answers": _written(session.answers),
        "draft": not final,
        "template": template,
        "form": form,
        "caption": words.FORM_CAPTIONS.get(form, caption).format(mark=session.fingerprint),
    }


def of_version(session: Session, version: int, *, final: bool, form: str = "") -> dict[str, Any]:
    """The additions for the document of a step of sign-off: the same bytes for everyone."""
    caption = sign_off.APPROVED_CAPTION if final else sign_off.SUBMITTED_CAPTION
    step = session.sign_off.version
    if step is not None and step.deed is not Deed.SUBMIT:
        caption = sign_off.FINAL_CAPTION
    caption = words.FORM_CAPTIONS.get(form, caption)
    return {
        "version": version,
        "draft": False,
        "name": documents.version_name(session.organ, session.year, final=final),
        "caption": caption.format(mark=session.fingerprint),
    }


def make_document(own: Own | None, payload: dict[str, Any]) -> tuple[str, bytes]:
    """
    The name and the bytes of a document. For a thread.

    Raises:
        TemplateError: The office's template was damaged in the meantime.
    """
    answers = _read(payload["answers"])
    report = DocumentInput(FORMS[payload["edition"]], payload["organ"], payload["year"], answers)
    if "table" in payload:
        edition = payload["last_edition"]
        last = Figures(FORMS[edition], _read(payload["last"])) if edition else None
        return empty_table(report, ITEMS[payload["table"]], last)
    form = payload.get("form", "")
    key = "docx" if form in forms.OF_DOCX else form
    return forms.made(own, report, key, draft=payload["draft"])


def chart_payload(session: Session, chart: Chart) -> dict[str, Any]:
    """A picture to be drawn: of the stored years, or of progress."""
    if chart is Chart.PROGRESS:
        return {"progress": report_picture.report_progress(session).dumps()}
    return {
        "organ": session.organ,
        "year": session.year,
        "years": {
            str(year): [report.form.edition, _written(report.answers)]
            for year, report in session.years.items()
        },
    }


def draw(payload: dict[str, Any]) -> tuple[bytes | None, str]:
    """
    A picture as PNG with its caption; without one, the reason and the same in words.

    For a thread.
    """
    from bot.files.charts import NoPicture, png

    drawing = _picture(payload)
    try:
        return png(drawing), shortened(drawing.says, CAPTION_LIMIT)
    except NoPicture as error:
        return None, shortened(f"{error}\n{drawing.says}", TEXT_LIMIT)


def _picture(payload: dict[str, Any]) -> Picture:
    """A picture of the stored years, of progress, or of the days of a collection."""
    if "days" in payload:
        return progress_picture.drawn(payload["days"])
    if "progress" in payload:
        return report_picture.picture(report_picture.ReportProgress.loads(payload["progress"]))
    years = {
        int(year): Figures(FORMS[edition], _read(texts))
        for year, (edition, texts) in payload["years"].items()
    }
    return year_picture.picture(years, payload["year"], payload["organ"])


async def downloaded(bot: Bot, file_id: str) -> bytes | str:
    """The bytes of a sent file, or the sentence why it cannot be downloaded."""
    file = await bot.get_file(file_id)
    if (file.file_size or 0) > UPLOAD_LIMIT:
        return words.FILE_TOO_LARGE
    try:
        return bytes(await file.download_as_bytearray())
    except InvalidToken:  # the token was good a moment ago: the file is gone
        return words.FILE_FAILED


def read_file(data: bytes, wanted: Mapping[str, Any], as_text: bool) -> Fetched:
    """
    The content of a file: a published report, or the text of the open narrative (`as_text`); a
    tested template, if that is wanted; or the sentence why nothing. For a thread.

    Raises:
        BrokenOff: Another try may help.
    """
    from bot.files.received import event_of

    name = wanted["name"]
    if "template" in wanted:
        edition = wanted.get("edition", FORM_IN_FORCE.edition)
        return documents.tested(data, name, edition)
    try:
        event = event_of(data, name)
    except BrokenOff:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a file does, its sender hears of it
        return _sentence(error)
    return _if_wanted(event, as_text)


def _if_wanted(event: FileRead, as_text: bool) -> FileRead | str:
    """The content, if a question wants it."""
    if as_text or isinstance(event, ReportRead | LedgerRead) or sections.are_in(event.text):
        return event
    if documents.is_template(event.text):
        return event
    return words.FILE_NOT_NOW


async def read_link(link: str, hosts: tuple[str, ...], as_text: bool) -> FileRead | str:
    """
    The content of a link, as for `read_file`.

    Raises:
        BrokenOff: Another try may help.
    """
    from bot.files.received import event_of_link

    try:
        return _if_wanted(await event_of_link(link, hosts), as_text)
    except BrokenOff:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a page does, its sender hears of it
        return _sentence(error)


def _sentence(error: Exception) -> str:
    """Why there is no content; a bug of ours as a sentence with its number."""
    if isinstance(error, UnreadableFile):
        return str(error)
    return words.ERROR.format(number=faults.number("reading a file or link", outline(error)))


def _written(answers: Answers) -> dict[str, str]:
    """Answers as a row stores them: permanent number → text."""
    return {
        str(NUMBERS[item]): written(item, value)
        for item, value in answers.items()
        if item in NUMBERS
    }


def _read(texts: dict[str, str]) -> Answers:
    return values.answers({int(number): text for number, text in texts.items()})
