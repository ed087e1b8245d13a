"""
Lays out Word files with LibreOffice, and measures how full their pages are.
"""

import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from bot.files import pictures

TOP, BOTTOM, PAPER = 37.0, 262.0, 297.0  # millimetres: edges of the type area, height of the paper


@dataclass(frozen=True)
class Page:
    """
    A page; `filled` is the share of the type area that is used, down to the last ink.
    """

    text: str
    filled: float


def laid_out(documents: Sequence[bytes]) -> list[list[Page]]:
    """
    The pages of each document. One LibreOffice converts them all, as it starts slowly.
    """
    office = pictures._office()
    assert office is not None
    profile = pictures._profile()
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        files = [Path(folder) / f"{number}.docx" for number in range(len(documents))]
        for file, document in zip(files, documents, strict=True):
            file.write_bytes(document)
        command = [office, f"-env:UserInstallation={(profile / 'office').as_uri()}"]
        command += ["--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf"]
        command += ["--outdir", folder, *map(str, files)]
        pictures._run(command, profile, Path(folder), 60 + 10 * len(files))
        pictures._profiles.put(profile)
        return [_pages(file.with_suffix(".pdf").read_bytes()) for file in files]


def _pages(pdf: bytes) -> list[Page]:
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [_page(document[number]) for number in range(len(document))]


def _page(page: pypdfium2.PdfPage) -> Page:
    with closing(page), closing(page.get_textpage()) as text:
        picture = page.render(scale=1).to_pil().convert("L")
        dots = picture.height / PAPER  # per millimetre
        area = (0, round(TOP * dots), picture.width, round((BOTTOM + 1) * dots))
        ink = picture.crop(area).point([255 * (level < 160) for level in range(256)]).getbbox()
        used = ink[3] / dots if ink else 0.0
        return Page(text.get_text_range().replace("\r\n", "\n"), used / (BOTTOM - TOP))
