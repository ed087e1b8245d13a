"""
Pictures as PNG, for a chat that shows no SVG.

A Chinese font is looked for on the machine. Without one there is no picture, and the caller says
so: boxes instead of characters would help no one.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from conversations.drawing import FONTS, Bar, Picture, Words
from conversations.wording.door import NO_CHART

SCALE = 2  # for a phone's dense screen

# Places of fonts on a machine without fontconfig; the index of the simplified face.
_KNOWN = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/System/Library/Fonts/PingFang.ttc", 0),
    ("/System/Library/Fonts/Hiragino Sans GB.ttc", 0),
    ("C:/Windows/Fonts/msyh.ttc", 0),
    ("C:/Windows/Fonts/simhei.ttf", 0),
)
_PREFERRED = (*FONTS, "WenQuanYi Zen Hei", "Noto Serif CJK SC", "AR PL UKai CN", "AR PL UMing CN")
_TRIED = "年报公开"
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


class NoPicture(Exception):  # noqa: N818
    """There is no Chinese font here, or no drawing library; the sentence says which."""


@cache
def _font() -> tuple[str, int] | None:
    """A font file with Chinese and the number of the face, None without one."""
    for file, index in (*_installed(), *_KNOWN):
        if Path(file).is_file() and _writes_chinese(file, index):
            return file, index
    return None


def _installed() -> list[tuple[str, int]]:
    """The Chinese fonts that fontconfig knows, the best first."""
    program = shutil.which("fc-list")
    if program is None:
        return []
    try:
        listed = subprocess.run(  # noqa: S603  # a program found on the PATH, no shell
            [program, ":lang=zh-cn", "-f", "%{file}|%{index}|%{style}|%{family}\n"],
            capture_output=True,
            timeout=10,
            check=False,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return []
    faces = []
    for line in listed.splitlines():
        file, index, style, family = (*line.split("|", 3), "", "", "")[:4]
        if not index.isdecimal():
            continue
        names = family.split(",")
        rank = min((_PREFERRED.index(name) for name in names if name in _PREFERRED), default=99)
        plain = "Regular" in style or "Book" in style or "Medium" in style
        # The upper bits hold the instance of a variable font, the lower the face.
        faces.append((rank, not plain, file, int(index) & 0xFFFF))
    return [(file, index) for _, _, file, index in sorted(faces)]


def _writes_chinese(file: str, index: int) -> bool:
    """Whether the face has the characters, not the box for missing ones."""
    from PIL import ImageFont

    try:
        face = ImageFont.truetype(file, 20, index=index)
        missing = bytes(face.getmask("\U0010fffd"))
        return all(bytes(face.getmask(char)) not in {missing, b""} for char in _TRIED)
    except (OSError, ValueError):
        return False


@cache
def _face(size: int) -> Any:
    from PIL import ImageFont

    file, index = _font() or ("", 0)
    return ImageFont.truetype(file, size, index=index)


def _set(words: Words) -> dict[str, Any]:
    """How a line of text is set."""
    return {
        "xy": (words.x * SCALE, words.y * SCALE),
        "text": words.text,
        "font": _face(words.size * SCALE),
        "anchor": _ANCHORS[words.anchor],
        "stroke_width": SCALE // 2 if words.bold else 0,
    }


def png(drawing: Picture) -> bytes:
    """
    A picture as PNG.

    Raises:
        NoPicture: With the sentence about what is missing.
    """
    try:
        from PIL import Image, ImageDraw
    except ImportError as error:
        raise NoPicture("没有安装画图的组件，请安装：pip install 'nianbao[pictures]'。") from error
    if _font() is None:
        raise NoPicture(NO_CHART)
    image = Image.new("RGB", (drawing.width * SCALE, drawing.height * SCALE), "#ffffff")
    draw = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        if isinstance(shape, Bar):
            left, top = shape.x * SCALE, shape.y * SCALE
            right, foot = left + shape.width * SCALE, top + shape.height * SCALE
            draw.rectangle(
                (round(left), round(top), round(right) - 1, round(foot) - 1), shape.colour
            )
            continue
        draw.text(**_set(shape), fill=shape.colour)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
