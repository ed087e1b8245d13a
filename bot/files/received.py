"""
What somebody sent as a file or a link: a published report, or the text of a narrative.

A report is recognised by its tables. Reading is bounded and takes its time: call it
outside an event loop.
"""

from __future__ import annotations

import re

from conversations.talk.events import ReportRead, Uploaded

LIMIT = 20 * 1024 * 1024  # bytes, as sent
ENOUGH_FIGURES = 30  # of some 200: less is no report but a text that mentions some
NO_TEXT = "这个文件里读不到文字，请发 .docx 或 .txt 文件，或者把正文直接发过来。"
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


class UploadError(Exception):
    """The file holds nothing that we can use; the sentence is for the clerk."""


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
    from conversations.document.read.report import ReadReport

    refused = ""
    try:
        report = parse(data, name)
    except UnreadableFile as error:
        refused = str(error)
    else:
        if isinstance(report, ReadReport) and len(report.figures) >= ENOUGH_FIGURES:
            return ReportRead(name, report)
    if data.startswith(b"%PDF") or name.lower().endswith((".pdf", ".htm", ".html", ".doc")):
        raise UploadError(refused or "这个文件里没有读到年报，没有用上。")
    return Uploaded(name, text_of(data, name))


async def event_of_link(link: str, hosts: tuple[str, ...]) -> ReportRead:
    """
    The report behind a link as an event.

    Raises:
        UploadError: It may not be fetched, or holds no report.
    """
    from bot.files.fetch import fetch_report
    from bot.files.fetch_rules import NotFetched, Rules
    from bot.files.read import UnreadableFile

    try:
        report, fetched = await fetch_report(link.strip(), Rules(hosts))
    except (NotFetched, UnreadableFile) as error:
        raise UploadError(str(error)) from error
    return ReportRead(fetched.name, report)


def allowed_hosts() -> tuple[str, ...]:
    """
    The allow list of the settings, for doors that read no others.

    Raises:
        UploadError: A setting is wrong.
    """
    from bot.environment import SettingsError
    from bot.settings import load_settings

    try:
        return load_settings().fetch_hosts
    except SettingsError as error:
        raise UploadError(str(error)) from error


# ---- the text of a file ------------------------------------------------------------------------


def text_of(data: bytes, name: str) -> str:
    """
    The running text of a file, a paragraph a line.

    Raises:
        UploadError: Too large, broken, or no text.
    """
    if len(data) > LIMIT:
        raise UploadError("文件太大了，请不要超过 20 MB，或者把正文直接发过来。")
    if data.startswith(b"PK"):
        return _docx_text(data)
    if data.startswith(b"\xd0\xcf\x11\xe0") or name.lower().endswith(".doc"):
        raise UploadError("旧的 .doc 文件读不了，请另存为 .docx 再发，或者把正文直接发过来。")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UploadError(NO_TEXT)


def _docx_text(data: bytes) -> str:
    from bot.files.read import SECONDS, too_late_after
    from conversations.document.read.blocks import Grid, Unreadable, WorkBudget
    from conversations.document.read.docx import read_archive

    try:
        source = read_archive(data, WorkBudget(too_late_after(SECONDS)))
    except Unreadable as error:
        raise UploadError(error.sentence) from error
    except Exception as error:  # a broken archive raises all kinds of things
        raise UploadError("这个 Word 文件打不开，请另存一份再发，或者把正文直接发过来。") from error
    lines: list[str] = []
    for block in source.blocks:
        if isinstance(block, Grid):
            lines += [text for row in block.rows for text in row.texts]
        else:
            lines.append(block.text)
    return "\n".join(lines).strip("\n")
