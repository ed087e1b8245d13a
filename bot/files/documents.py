"""
Making the document file: the office's own template where there is one.

A template of an office's is a program that somebody else has written: it is made ready and
filled in by a child.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from bot import faults
from bot.files import child
from conversations.document.write.content import DocumentInput, contents, file_name
from conversations.document.write.docx import TemplateError, pack, render, standard, unpack
from conversations.document.write.prepare import LARGEST, prepare
from conversations.form import FORMS
from conversations.wording import door as wording

TEMPLATE = "template.docx"

__all__ = ["TemplateError", "check", "make", "write"]


def packed_template(template: bytes, edition: str) -> bytes:
    """
    A template made ready. For a child.

    Raises:
        TemplateError: It does not have the form's tags.
    """
    return pack(prepare(template, FORMS[edition]))


def filled_in(packed: bytes, report: DocumentInput, draft: bool) -> bytes:
    """The report in a template that was made ready. For a child."""
    return render(_unpacked(packed), report, draft=draft)


_unpacked = lru_cache(maxsize=1)(unpack)


@contextmanager
def _sentences() -> Iterator[None]:
    """
    Why a child could do nothing with a template.

    Raises:
        TemplateError: With the sentence.
    """
    try:
        yield
    except child.TooSlow as error:
        raise TemplateError(wording.TEMPLATE_TOO_SLOW) from error
    except child.TooMuchMemory as error:
        raise TemplateError(wording.TEMPLATE_TOO_MUCH_MEMORY) from error
    except child.Ended as error:
        raise TemplateError(wording.TEMPLATE_BROKEN_OFF) from error
    except child.Fault as fault:
        number = faults.number("filling in a template", str(fault))
        raise TemplateError(wording.ERROR.format(number=number)) from fault


@lru_cache(maxsize=4)
def _own(path: str, _changed: int, edition: str) -> bytes | str:
    """An office's template, made ready once for each version of the file, or why it is not."""
    with Path(path).open("rb") as file:
        template = file.read(LARGEST + 1)
    try:
        with _sentences():
            return child.run(packed_template, template, edition, raises=(TemplateError,))
    except TemplateError as error:
        return str(error)


def _prepared(data: Path, edition: str) -> bytes | None:
    """`DATA/template.docx` made ready, None where the product's own is used."""
    own = data / TEMPLATE
    if not own.is_file():
        return None
    packed = _own(str(own), own.stat().st_mtime_ns, edition)
    if isinstance(packed, str):
        raise TemplateError(packed)
    return packed


def check(data: Path, edition: str) -> None:
    """
    Make sure that there is a template to use.

    Raises:
        TemplateError: The office's own does not have the form's tags, or costs too much.
    """
    _prepared(data, edition)


def make(data: Path, report: DocumentInput, *, draft: bool) -> tuple[str, bytes]:
    """
    The file's name and its bytes.

    Raises:
        TemplateError: As `check`.
        UnfinishedError: A final document was asked for and something is open.
    """
    packed = _prepared(data, report.form.edition)
    if packed is None:
        content = render(standard(report.form.edition), report, draft=draft)
    else:
        contents(report, draft=draft)
        with _sentences():
            content = child.run(filled_in, packed, report, draft)
    return file_name(report.organ, report.year, draft), content


def write(folder: Path, name: str, content: bytes) -> Path:
    """Put a file into a folder, whole or not at all, and surely on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    partial = folder / f".{os.getpid()}.partial"
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
    # The name, too, must be on the disk before the report counts as finished.
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return target
