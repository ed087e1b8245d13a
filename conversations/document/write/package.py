"""The parts of a Word file as a zip archive that always has the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from markupsafe import escape

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def in_order(name: str) -> tuple[bool, str]:
    """The sort key of a part: the list of content types comes first."""
    return (name != "[Content_Types].xml", name)


def entry(name: str) -> zipfile.ZipInfo:
    """A zip entry without the time and the system of its writing."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    info.external_attr = 0x20  # a normal file; 0 would become a Unix mode
    return info


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts, always with the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in sorted(parts, key=in_order):
            file.writestr(entry(name), parts[name], compresslevel=9)
    return out.getvalue()


APP = (
    XML + "<Properties"
    ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)


def core_properties(title: str, author: str, day: str, mark: str = "") -> str:
    """
    The properties of a file: the organ and the date of the report, no person's name.

    `title` and `author` are plain text, `day` is an ISO date; `mark` names the version.
    """
    who = escape(author)
    identifier = f"<dc:identifier>{escape(mark)}</dc:identifier>" if mark else ""
    return (
        f"{XML}<cp:coreProperties"
        f' xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{who}</dc:creator>"
        f"<cp:lastModifiedBy>{who}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified>'
        f"{identifier}<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )
