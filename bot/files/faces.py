"""
The official fonts: which are installed, and which substitutes are used for the others.

They may not be redistributed, so most machines draw a page with others; callers that show a page or
a PDF say so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Collection, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import escape

SECONDS = 10  # until fontconfig has answered

# For each official font, the nearest free ones that may be installed. Missing names are skipped;
# the last is Debian's.
STAND_INS = {
    ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S"): (
        "FandolSong:bold",
        "Noto Serif CJK SC:bold",
    ),
    ("仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312", "STFangsong"): (
        "FandolFang",
        "Noto Serif CJK SC",
    ),
    ("楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312", "STKaiti"): (
        "FandolKai",
        "AR PL UKai CN",
        "Noto Serif CJK SC",
    ),
    ("黑体", "SimHei", "STHeiti"): ("Noto Sans CJK SC", "FandolHei"),
    ("宋体", "SimSun", "STSong"): ("Noto Serif CJK SC", "FandolSong"),
    ("Times New Roman",): ("Liberation Serif", "Noto Serif CJK SC"),
}
_FACES = {name: faces for names, faces in STAND_INS.items() for name in names}

# The user's own fonts: LibreOffice is given another home.
_OWN_FOLDERS = (".local/share/fonts", ".fonts")

_PARTS = re.compile(r"word/(document|styles|header\d*|footer\d*)\.xml")
_FONTS = re.compile(rb"<w:rFonts\b[^>]*>")
_NAME = re.compile(rb'w:(?:ascii|hAnsi|eastAsia)="([^"]+)"')


@cache
def installed() -> frozenset[str]:
    """Every name of every installed family; none if fontconfig cannot be asked."""
    tool = shutil.which("fc-list")
    if tool is None:
        return frozenset()
    try:
        told = subprocess.run(  # noqa: S603  # a program found on the PATH, no shell
            [tool, ":", "family"], capture_output=True, text=True, timeout=SECONDS, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    families = told.replace("\\", "").splitlines()
    return frozenset(name.strip() for line in families for name in line.split(","))


def rules() -> str:
    """
    A private fontconfig file with strong rules: a name leads to its substitutes, in order.

    An installed font is left alone.
    """
    home = Path(os.environ.get("HOME", os.sep))
    folders = "".join(f"<dir>{escape(str(home / own))}</dir>" for own in _OWN_FOLDERS)
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        "<fontconfig>" + "".join(_rules()) + folders + '<include ignore_missing="yes">'
        "/etc/fonts/fonts.conf</include></fontconfig>"
    )


def _rules() -> Iterator[str]:
    for name, faces in _FACES.items():
        if name in installed():
            continue
        families = "".join(f"<string>{escape(_family(face))}</string>" for face in faces)
        bold = (
            '<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit>'
            if any(face.endswith(":bold") for face in faces)
            else ""
        )
        yield (
            '<match target="pattern"><test qual="any" name="family">'
            f"<string>{escape(name)}</string></test>"
            f'<edit name="family" mode="assign" binding="strong">{families}</edit>{bold}</match>'
        )


def replaced(
    document: bytes, known: Collection[str], drawn: Collection[str] | None = None
) -> tuple[str, ...]:
    """
    The fonts that a Word file names and that were replaced, the official ones first.

    `known` are the installed names; `drawn` the fonts in the PDF made of it, None if unknown. A
    font without any text does not count.
    """
    asked = _asked(document)
    names = [name for name in _FACES if name in asked and name not in known]
    if drawn is not None:
        names = [
            name for name in names if any(_is_among(face, drawn) for face in _chosen(name, known))
        ]
    others = sorted(asked - set(_FACES) - set(known)) if known else []
    return (*names, *others)


def _asked(document: bytes) -> set[str]:
    """The named fonts; from the styles, which may be unused, only the official ones."""
    asked = set[str]()
    with zipfile.ZipFile(BytesIO(document)) as package:
        for part in package.namelist():
            if _PARTS.fullmatch(part):
                fonts = b"".join(_FONTS.findall(package.read(part)))
                named = {name.decode("utf-8", "replace") for name in _NAME.findall(fonts)}
                asked |= named & set(_FACES) if PurePosixPath(part).stem == "styles" else named
    return asked


def _chosen(name: str, known: Collection[str]) -> tuple[str, ...]:
    """The installed font for this name; every candidate if the installed fonts are unknown."""
    there = tuple(face for face in _FACES[name] if _family(face) in known)
    return there[:1] or _FACES[name]


def _is_among(face: str, drawn: Collection[str]) -> bool:
    """Whether a font is one of a PDF's, whose spelling of the family's name may differ."""
    wanted = _key(_family(face))
    return any(key and (key in wanted or wanted in key) for key in map(_key, drawn))


def _key(face: str) -> str:
    """`NotoSerifCJKjp-Bold-VKana` and `Noto Serif CJK SC` give the same."""
    return re.sub("cjk.*", "cjk", face.partition("-")[0].replace(" ", "").lower())


def _family(face: str) -> str:
    return face.removesuffix(":bold")
