"""
A file or link that a person sent: a published report, a spreadsheet, or a text.

A report is recognised by its tables. A child reads it, which takes time: call this outside an event
loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.files.unreadable import BrokenOff, UnreadableFile
from conversations.document.read.blocks import TEXTS_READ
from conversations.talk.events import FileRead, NotRead, ReportRead, Uploaded

if TYPE_CHECKING:
    from conversations.document.read.report import ReadReport

LIMIT = 20 * 1024 * 1024  # bytes, as sent
NO_TEXT = f"这个文件里读不到文字；请发 {TEXTS_READ} 文件，或者把正文直接发过来。"
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Whether a message is only one link."""
    return bool(_LINK.fullmatch(text.strip()))


def event_of(data: bytes, name: str) -> FileRead:
    """
    A file as an event.

    Raises:
        UnreadableFile: Neither a report nor a text.
    """
    from bot.files.read import in_child

    return replace(in_child(held_by, data, name), name=name)


def held_by(data: bytes, name: str) -> FileRead:
    """
    The content of a file: a report, a spreadsheet or a text. For a child.

    Raises:
        UnreadableFile: Neither a report nor a text.
        NeedsConversion: LibreOffice has to convert it.
    """
    from bot.files.ledger import is_spreadsheet, sheets_in
    from bot.files.read import report_in, understood
    from conversations.document.read.blocks import Unreadable, UnreadableReason
    from conversations.document.read.own_json import is_own_json
    from conversations.document.read.report import ReadReport
    from conversations.document.read.sent_text import ENOUGH_FIGURES, running_text
    from conversations.form import FORMS
    from conversations.form.model import SectionKind
    from conversations.wording.checks import not_read

    if is_spreadsheet(data, name):
        return sheets_in(data, name)
    if is_own_json(data, name):
        return ReportRead(name, report_in(data, name))
    report = None
    with contextlib.suppress(UnreadableFile):  # no report; perhaps a text, see below
        report = understood(data, name)
    if isinstance(report, ReadReport):
        if len(report.figures) >= ENOUGH_FIGURES:
            return ReportRead(name, report)
        form = FORMS[report.edition]
        tables = any(form.section[item].kind is SectionKind.TABLE for item, _ in report.headings)
        if tables and report.kind in ("pdf", "html"):
            raise UnreadableFile(not_read(report.lost, form))
    try:
        found = running_text(data, name)
    except Unreadable as error:
        unsupported = error.reason is UnreadableReason.UNSUPPORTED
        raise UnreadableFile(NO_TEXT if unsupported else error.sentence) from error
    if not found.text.strip():
        raise UnreadableFile(NO_TEXT)
    return Uploaded(name, found.text, found.left)


def as_published(event: FileRead | str, name: str, link: str) -> FileRead | NotRead:
    """
    The result of a file or link at the question of publication, or the sentence why there is none.

    A page that cannot be read is reported, too; a file that is no report is a mistake.
    """
    from conversations.document.read.blocks import UnreadableReason

    if isinstance(event, str):
        return NotRead(name, event, link)
    if isinstance(event, ReportRead):
        return replace(event, address=link)
    return NotRead(name, UnreadableReason.FOREIGN.value, link) if link else event


def report_of(text: str) -> ReadReport | None:
    """
    The whole report in a text, read like a .txt file; None if it is none.

    Raises:
        BrokenOff: Another try may help.
    """
    try:
        event = event_of(text.encode("utf-8", "replace"), "text.txt")
    except BrokenOff:
        raise
    except UnreadableFile:
        return None
    return event.report if isinstance(event, ReportRead) else None


async def event_of_link(link: str, hosts: tuple[str, ...]) -> FileRead:
    """
    The report at a link as an event, or the text of any other page.

    Raises:
        UnreadableFile: It may not be fetched, or has neither.
    """
    from bot.files.fetch import NoReport, fetch_report
    from bot.files.fetch_rules import NotFetched, Rules

    try:
        report, fetched = await fetch_report(link.strip(), Rules(hosts))
    except NotFetched as error:
        raise UnreadableFile(str(error)) from error
    except NoReport as error:
        return await asyncio.to_thread(event_of, error.page.data, error.page.name)
    return ReportRead(fetched.name, report)


def allowed_hosts() -> tuple[str, ...]:
    """
    The allow list of the settings, for doors that read no other settings.

    Raises:
        UnreadableFile: A setting is wrong.
    """
    from bot.environment import SettingsError
    from bot.settings import load_settings

    try:
        return load_settings().fetch_hosts
    except SettingsError as error:
        raise UnreadableFile(str(error)) from error
