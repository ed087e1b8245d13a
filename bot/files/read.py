"""
A published report out of a file on the disk or out of bytes: bounded in size and time.

An old .doc goes through LibreOffice where there is one. Every failure is one sentence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from conversations.document.read.blocks import (
    MAX_BYTES,
    NeedsConversion,
    Unreadable,
    UnreadableReason,
)
from conversations.document.read.report import ReadReport, Shell
from conversations.document.read.understand import read
from conversations.wording import checks as wording

SECONDS = 10.0

# They warn about every oddity of a PDF, on standard error and with its contents.
for _name in ("pdfminer", "pdfplumber"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class UnreadableFile(Exception):  # noqa: N818
    """A file without a report in it for us; the message is the sentence for the person."""


def too_late_after(seconds: float) -> Callable[[], bool]:
    """Says whether the time given to one file is up, from now on."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def bytes_of(path: Path) -> bytes:
    """
    The contents of a file, if it is one and not too large.

    Raises:
        UnreadableFile: It is not there, may not be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UnreadableFile(wording.NO_FILE) from None
    except (OSError, ValueError):
        raise UnreadableFile(wording.NOT_OPENED) from None
    if len(data) > MAX_BYTES:
        raise UnreadableFile(UnreadableReason.TOO_LARGE.value)
    return data


def parse(
    data: bytes,
    name: str = "",
    *,
    year: int | None = None,
    convert: Callable[[bytes, str], bytes] | None = None,
) -> ReadReport | Shell:
    """
    What a file says; a web page without the report in it is a `Shell`.

    `convert` turns an old format into .docx, by default with LibreOffice.

    Raises:
        UnreadableFile: With the sentence that says why.
    """
    try:
        return _parse(data, name, year)
    except NeedsConversion as old:
        modern = (convert or to_docx)(data, old.kind)
    try:
        return _parse(modern, f"{name}.docx", year)
    except NeedsConversion as error:
        raise UnreadableFile(UnreadableReason.BROKEN.value) from error


def _parse(data: bytes, name: str, year: int | None) -> ReadReport | Shell:
    try:
        return read(data, name, year=year, late=too_late_after(SECONDS))
    except NeedsConversion:
        raise
    except Unreadable as error:
        raise UnreadableFile(error.sentence) from error
    except Exception as error:
        # A file from outside may hit a fault of ours; it must not end the whole folder.
        raise UnreadableFile(UnreadableReason.BROKEN.value) from error


def read_report(
    data: bytes,
    name: str = "",
    *,
    year: int | None = None,
    convert: Callable[[bytes, str], bytes] | None = None,
) -> ReadReport:
    """
    The report in a file.

    Raises:
        UnreadableFile: With the sentence that says why; a page without the report, too.
    """
    report = parse(data, name, year=year, convert=convert)
    if isinstance(report, Shell):
        raise UnreadableFile(report.sentence or UnreadableReason.FOREIGN.value)
    return report


def to_docx(data: bytes, kind: str) -> bytes:
    """
    An old document as .docx, made by LibreOffice.

    Raises:
        UnreadableFile: There is no LibreOffice, or it could not.
    """
    from bot.files import pictures

    if not pictures.pictures_available():
        raise UnreadableFile(wording.NO_LIBREOFFICE.format(kind=kind))
    try:
        return pictures.convert(data, suffix=f".{kind}", to="docx")
    except pictures.PictureError as error:
        raise UnreadableFile(wording.NOT_CONVERTED.format(kind=kind)) from error
