"""
Reads a published report from a file or from bytes, with limits of size and time.

An old .doc goes through LibreOffice if installed. Every failure is one sentence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from bot import faults
from bot.files import child
from bot.files.child import SECONDS
from bot.files.unreadable import BrokenOff, UnreadableFile
from conversations.document.read.blocks import (
    MAX_BYTES,
    NeedsConversion,
    Unreadable,
    UnreadableReason,
)
from conversations.document.read.report import ReadReport, Shell
from conversations.document.read.understand import read
from conversations.wording import checks as wording
from conversations.wording.ledger import OLD_SHEET, TOO_COSTLY

T = TypeVar("T")

SHEETS = (".xlsx", ".xls", ".csv", ".et")
MODERN = {"xls": "xlsx"}  # LibreOffice converts an old format into this, any other into .docx

# They print a warning for every oddity of a PDF, with its contents.
for _name in ("pdfminer", "pdfplumber"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def bytes_of(path: Path) -> bytes:
    """
    The contents of a file, unless it is too large.

    Raises:
        UnreadableFile: It is missing, may not be read, or is too large.
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


def in_child(work: Callable[..., T], data: bytes, name: str, *more: object) -> T:
    """
    What a function makes of a file, in a child; an old format is turned into .docx before.

    `work` is called with the bytes, the name and `more`, and raises `NeedsConversion` where
    LibreOffice has to help. All that is done with the file counts together.

    Raises:
        UnreadableFile: With the sentence that says why; `BrokenOff` is worth another try.
    """
    begun = time.monotonic()

    def left() -> float:
        return max(0.1, SECONDS - (time.monotonic() - begun) / child.BUSY)

    raises = (UnreadableFile, NeedsConversion)
    with sentences(is_sheet=name.lower().endswith(SHEETS)):
        try:
            return child.run(work, data, name, *more, raises=raises, seconds=left())
        except NeedsConversion as old:
            to = MODERN.get(old.kind, "docx")
            modern = converted(data, old.kind, to, seconds=child.BUSY * left())
        return child.run(work, modern, f"{name}.{to}", *more, raises=raises, seconds=left())


@contextmanager
def sentences(*, is_sheet: bool = False) -> Iterator[None]:
    """
    Turn the errors of a child about a file into sentences for the person.

    What to send instead of a file that costs too much depends on its kind.

    Raises:
        UnreadableFile: With the sentence.
    """
    try:
        yield
    except NeedsConversion as error:
        raise UnreadableFile(UnreadableReason.BROKEN.value) from error
    except (child.TooSlow, child.TooMuchMemory) as error:
        slow = isinstance(error, child.TooSlow)
        reason = UnreadableReason.TOO_SLOW if slow else UnreadableReason.TOO_MUCH_MEMORY
        raise UnreadableFile(TOO_COSTLY if is_sheet else reason.value) from error
    except child.Ended as error:
        raise BrokenOff(wording.BROKEN_OFF) from error
    except child.Fault as fault:
        number = faults.number("reading a file", str(fault))
        raise UnreadableFile(wording.OUR_FAULT.format(number=number)) from fault


def understood(data: bytes, name: str, year: int | None = None) -> ReadReport | Shell:
    """
    The content of a file; a web page without the report in it is a `Shell`. For a child.

    Raises:
        UnreadableFile: With the sentence that says why.
        NeedsConversion: LibreOffice has to convert it.
    """
    try:
        return read(data, name, year=year)
    except Unreadable as error:
        raise UnreadableFile(error.sentence) from error


def report_in(data: bytes, name: str, year: int | None = None) -> ReadReport:
    """
    The report in a file. For a child.

    Raises:
        UnreadableFile: As `understood`; a page without the report, too.
        NeedsConversion: LibreOffice has to convert it.
    """
    report = understood(data, name, year)
    if isinstance(report, Shell):
        raise UnreadableFile(report.sentence or UnreadableReason.FOREIGN.value)
    return report


def parse(data: bytes, name: str = "", *, year: int | None = None) -> ReadReport | Shell:
    """
    `understood`, by a child.

    Raises:
        UnreadableFile: With the sentence that says why.
    """
    return in_child(understood, data, name, year)


def read_report(data: bytes, name: str = "", *, year: int | None = None) -> ReadReport:
    """
    `report_in`, by a child.

    Raises:
        UnreadableFile: With the sentence that says why.
    """
    return in_child(report_in, data, name, year)


def converted(data: bytes, kind: str, to: str = "docx", *, seconds: float = SECONDS) -> bytes:
    """
    An old document as .docx, or spreadsheet as .xlsx, converted by LibreOffice.

    Raises:
        UnreadableFile: There is no LibreOffice, or it failed.
    """
    from bot.files import pictures

    old_sheet = kind in MODERN
    if not pictures.pictures_available():
        raise UnreadableFile(OLD_SHEET if old_sheet else wording.NO_LIBREOFFICE.format(kind=kind))
    try:
        return pictures.convert(data, suffix=f".{kind}", to=to, seconds=seconds)
    except pictures.TooSlow as error:
        raise UnreadableFile(
            TOO_COSTLY if old_sheet else UnreadableReason.TOO_SLOW.value
        ) from error
    except pictures.PictureError as error:
        sentence = OLD_SHEET if old_sheet else wording.NOT_CONVERTED.format(kind=kind)
        raise UnreadableFile(sentence) from error
