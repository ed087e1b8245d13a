"""Finds the kind of a file from its content, not its name, and reads it as blocks."""

from __future__ import annotations

import re

from conversations.document.read.blocks import (
    MAX_BYTES,
    NeedsConversion,
    Source,
    Unreadable,
    UnreadableReason,
    WorkBudget,
)

MAX_MESSAGE_PARTS = 200

_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"BM",
    b"\x00\x00\x00\x18ftyphei",
)
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_PROGRAMS = (b"\x7fELF", b"MZ")
_MESSAGE = re.compile(rb"(?i)(from:|mime-version:|content-type: *multipart|date:|subject:)")
_PAGE_NAMES = (".html", ".htm", ".shtml", ".mht", ".mhtml")


def open_source(data: bytes, name: str, work: WorkBudget) -> Source:
    """
    Read a file as blocks, by its first bytes.

    Raises:
        Unreadable: It is empty, too large, locked, or of an unknown kind.
        NeedsConversion: LibreOffice has to convert it.
    """
    if not data.strip():
        raise Unreadable(UnreadableReason.EMPTY)
    if len(data) > MAX_BYTES:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    head = data[:1024]
    start = head.lstrip()
    # The parsers take long to import, and a file needs only one.
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from conversations.document.read.docx import read_archive

        return read_archive(data, work)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _old_office_file(data)
    if b"%PDF-" in head:
        from conversations.document.read.pdf import read_pdf

        return read_pdf(data, work)
    if start.startswith(b"{\\rtf"):
        raise NeedsConversion("rtf")
    if head.startswith(_PICTURES):
        raise Unreadable(UnreadableReason.SCANNED)
    if head.startswith(_ARCHIVES):
        raise Unreadable(UnreadableReason.ARCHIVE)
    if head.startswith(_PROGRAMS):
        raise Unreadable(UnreadableReason.UNSUPPORTED)

    from conversations.document.read.html import looks_like_html, read_page
    from conversations.document.read.text import read_text

    page = _page_of_message(data) if _MESSAGE.match(start) else None
    if page is not None:
        return read_page(page, work)
    called_page = name.lower().endswith(_PAGE_NAMES) and b"<" in data[:20_000]
    return read_page(data, work) if looks_like_html(head) or called_page else read_text(data, work)


def _old_office_file(data: bytes) -> Exception:
    """The refusal or conversion for an old Office file."""

    def has(*streams: str) -> bool:
        return any(stream.encode("utf-16-le") in data for stream in streams)

    if has("EncryptedPackage", "EncryptionInfo"):
        return Unreadable(UnreadableReason.ENCRYPTED)
    if has("WordDocument"):
        return NeedsConversion("doc")
    if has("PowerPoint Document"):
        return Unreadable(UnreadableReason.SLIDES)
    if has("Workbook", "Book"):
        return Unreadable(UnreadableReason.SHEET)
    return Unreadable(UnreadableReason.BROKEN)


def _page_of_message(data: bytes) -> bytes | None:
    """
    The page of a «single file web page», which Word saves as .doc or .mht.

    Raises:
        Unreadable: Its parts are nested too deep.
    """
    import email
    import email.policy

    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        for index, part in enumerate(message.walk()):
            if index > MAX_MESSAGE_PARTS:
                return None
            if part.get_content_type() == "text/html":
                payload = part.get_payload(decode=True)
                return payload if isinstance(payload, bytes) else None
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    except RecursionError as error:
        raise Unreadable(UnreadableReason.TOO_DEEP) from error
    return None
