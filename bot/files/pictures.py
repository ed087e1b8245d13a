"""
The look of a Word file, as PDF and page pictures, if LibreOffice is installed.

LibreOffice is found at run time and started with an empty environment (without the token), a
profile folder of its own, private substitutes for the official fonts, a time limit, and in a
process group that can be ended as a whole. Call this from a thread, never from the event loop.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import math
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Empty, LifoQueue
from typing import TYPE_CHECKING

from bot.files import child, faces
from conversations.wording import door as words

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

SECONDS = 60.0
MOST_PAGES = 30
WIDTH = 1240  # pixels of a page


class PictureError(Exception):
    """
    No PDF or picture could be made. The Word file is handed out all the same.

    `said` is the sentence for the person who asked.
    """

    said = words.NO_PDF


class TooSlow(PictureError):  # noqa: N818
    """LibreOffice was ended: its time was up."""

    said = words.PDF_TOO_SLOW


class NotInstalled(PictureError):  # noqa: N818
    """There is no LibreOffice."""

    said = words.NO_LIBREOFFICE


class Crashed(PictureError):  # noqa: N818
    """LibreOffice crashed, as it does now and then."""


_CRASHES = (signal.SIGABRT, signal.SIGBUS, signal.SIGSEGV)
# The codes of a crash, from the script around LibreOffice and from the kernel.
CRASHED = {128 + crash for crash in _CRASHES} | {-crash for crash in _CRASHES}


@cache
def _office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def pictures_available() -> bool:
    """Whether this machine can show the look of a Word file, and read .doc files."""
    return _office() is not None


def to_pdf(document: bytes, *, seconds: float = SECONDS) -> bytes:
    """
    The document as PDF. The same text twice, not the same bytes.

    Raises:
        PictureError: No LibreOffice, or it failed or took too long.
    """
    pdf = convert(document, suffix=".docx", to="pdf", seconds=seconds)
    if not (pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")):
        raise PictureError("LibreOffice made a pdf that breaks off")
    # LibreOffice declares the language of Latin letters for the whole; screen readers need the
    # other. Same length, so no offset in the file changes.
    return pdf.replace(b"/Lang(en-US)", b"/Lang(zh-CN)")


@dataclass(frozen=True, slots=True)
class Look:
    """
    The look of a Word file: its first pages as PNG, and the number of all pages.

    `stand_ins` are the fonts it names that were replaced.
    """

    pictures: list[bytes]
    pages: int
    stand_ins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A Word file as PDF; `stand_ins` as of a `Look`."""

    content: bytes
    stand_ins: tuple[str, ...]

    @property
    def said(self) -> str:
        """The sentence about its fonts, empty for none."""
        return words.replaced_faces(self.stand_ins)


def printed(document: bytes) -> Printed:
    """
    The document as PDF, with the fonts that were replaced.

    Raises:
        PictureError: As for `to_pdf`.
    """
    pdf = to_pdf(document)
    return Printed(pdf, stand_ins(document, pdf))


def stand_ins(document: bytes, pdf: bytes) -> tuple[str, ...]:
    """The fonts named in a Word file that were replaced in the PDF made of it."""
    try:
        return _look(pdf, document=document, most=0).stand_ins
    except PictureError:  # the PDF library is not installed
        return faces.replaced(document, faces.installed())


def look(document: bytes, *, width: int = WIDTH, most: int = MOST_PAGES) -> Look:
    """
    The first pages of a Word file, each `width` pixels wide.

    Raises:
        PictureError: As for `to_pdf`, or the drawing library is not installed.
    """
    return _look(to_pdf(document), document=document, width=width, most=most)


def _look(pdf: bytes, *, document: bytes = b"", width: int = WIDTH, most: int) -> Look:
    """
    The content of a PDF, and of the Word file it was made of, as a child reads them.

    Raises:
        PictureError: It cannot be drawn, or not in time; or the drawing library is not installed.
    """
    known = faces.installed() if document else frozenset[str]()
    given = (pdf, width, most, document, known)
    try:
        return Look(*child.run(drawn, *given, raises=(PictureError,), seconds=SECONDS))
    except (child.Ended, child.Fault) as error:
        raise PictureError(f"the PDF was not drawn: {type(error).__name__} {error}") from error


def drawn(
    pdf: bytes, width: int, most: int, document: bytes, known: frozenset[str]
) -> tuple[list[bytes], int, tuple[str, ...]]:
    """
    The fields of a `Look`, in the child itself; `known` are the faces that are installed.

    Raises:
        PictureError: It cannot be drawn, or what draws is not installed.
    """
    try:
        import PIL  # noqa: F401 - what draws a page hands it over as its image
        import pypdfium2
    except ImportError as error:
        raise PictureError(
            "没有安装画页面的组件，请安装：pip install 'nianbao[pictures]'。"
        ) from error
    pictures = []
    drawn_with = set[str]()
    try:
        with contextlib.closing(pypdfium2.PdfDocument(pdf)) as opened:
            for number in range(min(len(opened), MOST_PAGES)):
                with contextlib.closing(opened[number]) as page:
                    if number < most:
                        pictures.append(_png(page, width))
                    if document:
                        drawn_with |= _faces_of(page)
            pages = len(opened)
    except pypdfium2.PdfiumError as error:
        raise PictureError(f"the PDF cannot be drawn: {error}") from error
    return pictures, pages, faces.replaced(document, known, drawn_with) if document else ()


def _png(page: PdfPage, width: int) -> bytes:
    bitmap = page.render(scale=width / page.get_width())
    with contextlib.closing(bitmap):
        out = io.BytesIO()
        bitmap.to_pil().convert("L").save(out, "PNG", optimize=True)
        return out.getvalue()


def _faces_of(page: PdfPage) -> set[str]:
    """The fonts with text on a page, by their names in the PDF."""
    from ctypes import create_string_buffer

    from pypdfium2 import raw

    names = set[str]()
    for written in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]):
        face = raw.FPDFTextObj_GetFont(written.raw)
        name = create_string_buffer(raw.FPDFFont_GetBaseFontName(face, None, 0))
        raw.FPDFFont_GetBaseFontName(face, name, len(name))
        names.add(name.value.decode("utf-8", "replace"))
    return names


def convert(document: bytes, *, suffix: str, to: str, seconds: float = SECONDS) -> bytes:
    """
    Let LibreOffice write a document in another format; after a crash, try once more.

    Raises:
        PictureError: No LibreOffice, or it failed or took too long.
    """
    office = _office()
    if office is None:
        raise NotInstalled("LibreOffice is not installed")
    until = time.monotonic() + seconds
    with contextlib.suppress(Crashed):
        return _converted(office, document, suffix, to, seconds)
    return _converted(office, document, suffix, to, until - time.monotonic())


def _converted(office: str, document: bytes, suffix: str, to: str, seconds: float) -> bytes:
    profile = _profile()
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        source = Path(folder) / f"in{suffix}"
        source.write_bytes(document)
        target = Path(folder) / "out"
        command = [
            office,
            f"-env:UserInstallation={(profile / 'office').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            to,
            "--outdir",
            str(target),
            str(source),
        ]
        try:
            _run(command, profile, Path(folder), seconds)
            made = (target / f"in.{to}").read_bytes()
        except (OSError, PictureError) as error:
            # A profile in use when LibreOffice was ended may be damaged.
            shutil.rmtree(profile, ignore_errors=True)
            kind = type(error) if isinstance(error, PictureError) else PictureError
            raise kind(f"LibreOffice made no {to}: {error}") from error
    _profiles.put(profile)
    return made


def _run(command: list[str], profile: Path, folder: Path, seconds: float) -> None:
    environment = {
        "HOME": str(profile),
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        "FONTCONFIG_FILE": str(profile / "fonts.conf"),
        "SAL_USE_VCLPLUGIN": "svp",
    }
    with subprocess.Popen(  # noqa: S603  # a program found on the PATH, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        # Started by root it makes a folder beside its own files that everybody's needs to read;
        # what it makes of a document lies in a folder that is ours alone.
        umask=0o022,
        start_new_session=True,
    ) as process:
        child.programs.add(process.pid)
        with contextlib.suppress(AttributeError, OSError):  # Linux has it
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (child.MEMORY, child.MEMORY))
            # If this process is killed, no other ends it.
            processor = 4 * math.ceil(seconds)
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (processor, processor))
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TooSlow(f"still at it after {seconds:g} s") from None
        finally:
            # soffice is a script around the program: end the whole group in any case.
            child.programs.discard(process.pid)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    if code:
        raise (Crashed if code in CRASHED else PictureError)(f"it ended with code {code}")


# ------------------------------------------------------------------------ profiles

# A profile serves one process at a time, and a used one starts faster.
_profiles: LifoQueue[Path] = LifoQueue()


def _profile() -> Path:
    try:
        return _profiles.get_nowait()
    except Empty:
        profile = Path(tempfile.mkdtemp(prefix="nianbao-office-"))
        atexit.register(shutil.rmtree, profile, ignore_errors=True)
        (profile / "fonts.conf").write_text(faces.rules(), encoding="utf-8")
        settings = profile / "office" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        return profile


def _setting(path: str, name: str, value: str) -> str:
    return (
        f'<item oor:path="/org.openoffice.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
    )


_SECURITY = "Office.Common/Security/Scripting"

# Documents from outside may run and fetch nothing.
_SETTINGS = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items'
    ' xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    + _setting(_SECURITY, "MacroSecurityLevel", "3")
    + _setting(_SECURITY, "DisableMacrosExecution", "true")
    + _setting(_SECURITY, "BlockUntrustedRefererLinks", "true")
    + _setting("Office.Writer/Content/Update", "Link", "2")
    + _setting("Office.Common/Misc", "FirstRun", "false")
    + "</oor:items>"
)
