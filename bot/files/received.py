"""
What somebody sent as a file or a link: a published report, or the text of a narrative.

A report is recognised by its tables. Reading is bounded and takes its time: call it
outside an event loop.
"""

from __future__ import annotations

import re

from bot.environment import setting
from bot.files.uploads import UploadError, text_of
from conversations.talk.events import ReportRead, Uploaded

ENOUGH_FIGURES = 30  # of some 200: less is no report but a text that mentions some
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Whether a message is nothing but one link."""
    return bool(_LINK.fullmatch(text.strip()))


def event_of(data: bytes, name: str) -> Uploaded | ReportRead:
    """
    A file as an event.

    Raises:
        UploadError: Neither a report nor a text; the sentence is for the clerk.
    """
    from bot.files.read import UnreadableFile, parse
    from conversations.document.read.understand import ReadReport

    refused = ""
    try:
        found = parse(data, name)
    except UnreadableFile as error:
        refused = str(error)
    else:
        if isinstance(found, ReadReport) and len(found.figures) >= ENOUGH_FIGURES:
            return ReportRead(name, found)
    if data.startswith(b"%PDF") or name.lower().endswith((".pdf", ".htm", ".html", ".doc")):
        raise UploadError(refused or "这个文件里没有读到年报，没有用上。")
    return Uploaded(name, text_of(data, name))


async def event_of_link(link: str, hosts: tuple[str, ...]) -> ReportRead:
    """
    The report behind a link as an event.

    Raises:
        UploadError: It may not be fetched, or holds no report.
    """
    from bot.files.fetch import NotFetched, Rules, fetch_report
    from bot.files.read import UnreadableFile

    try:
        report, fetched = await fetch_report(link.strip(), Rules(hosts))
    except (NotFetched, UnreadableFile) as error:
        raise UploadError(str(error)) from error
    return ReportRead(fetched.name, report)


def allowed_hosts() -> tuple[str, ...]:
    """The allow list of the settings, for doors that read no others."""
    from bot.settings import load_settings

    return load_settings().fetch_hosts if setting("NIANBAO_FETCH_HOSTS") else (".gov.cn",)
