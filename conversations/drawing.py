"""
Pictures made of boxes and lines of text, on a sheet as wide as a phone.

A phone shows a picture about 390 units wide, so no letter is smaller than twelve units. Nothing is
told by colour alone, and people who cannot see the picture get the same in words (`Picture.says`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Literal

from markupsafe import escape

from conversations.document.lines import broken
from conversations.form.answers import Number, format_number

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "SimHei",
)
WIDTH = 390  # units
EDGE = 16  # … left and right
ROOM = WIDTH - 2 * EDGE
# Contrast against paper: at least 4.5 for text, 3 for bars.
INK, FAINT, PAPER, LINE = "#1a1a1a", "#5f6368", "#ffffff", "#d5d9de"
NOW, EARLIER, TRACK = "#1f5fa8", "#7090b8", "#e3e7ec"
ALARM, MEANWHILE = "#c0392b", "#96600f"

LONGEST_NAME = 100  # characters of an organ's name that are used
# Limits from which a figure is shortened; one that would round to 10000 uses the next unit.
_LARGE = ((999_995_000_000, 10**12, "万亿"), (99_999_500, 10**8, "亿"), (10**5, 10**4, "万"))
_NARROW = frozenset("0123456789.,+- ")


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled box; x and y are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; x is its start, middle or end by `anchor`, y its baseline."""

    x: float
    y: float
    text: str
    size: int
    colour: str = INK
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False


Shape = Bar | Words


@dataclass(frozen=True, slots=True)
class Picture:
    """The shapes of a picture in drawing order; `says` is the same in words."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    title: str
    says: str


def wide(text: str, size: float) -> float:
    """The estimated width of a text in units, never too small."""
    return size * sum(0.57 if char in _NARROW else 1.0 for char in text)


def wrapped(text: str, size: int, room: float = ROOM) -> list[str]:
    """A text broken into lines that fit, at any character."""
    lines = [""]
    for char in text:
        if wide(lines[-1] + char, size) > room and lines[-1]:
            lines.append("")
        lines[-1] += char
    return lines


def named(organ: str) -> str:
    """An organ's name as one line of printable text."""
    text = "".join(filter(str.isprintable, " ".join(organ.split())))
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def name_lines(organ: str, size: int, most: int = 3) -> list[str]:
    """An organ's name broken by sense into at most `most` lines; a longer one is cut."""
    by_sense = broken(named(organ), int(2 * ROOM / size))
    lines = [line for part in by_sense for line in wrapped(part, size)]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def head(organ: str, below: Sequence[str]) -> tuple[list[Shape], float]:
    """The head of every picture, the organ's name and grey lines, with the y where it ends."""
    lines = [(text, 16, INK, True) for text in name_lines(organ, 16) if text]
    lines += [(text, 13, FAINT, False) for part in below for text in wrapped(part, 13)]
    shapes: list[Shape] = []
    y = 8.0
    for text, size, colour, bold in lines:
        y += size + 5
        shapes.append(Words(EDGE, y, text, size, colour, bold=bold))
    return shapes, y + 10


def sheet(height: float, shapes: Sequence[Shape], title: str, says: str) -> Picture:
    """A picture of shapes on a sheet of paper."""
    tall = ceil(height)
    return Picture(WIDTH, tall, (Bar(0, 0, WIDTH, tall, PAPER), *shapes), title, says)


def compact(value: Number) -> str:
    """
    A figure short enough for a bar: from 100,000 on in 万, 亿 or 万亿, rounded to one decimal.
    """
    for limit, whole, unit in _LARGE:
        if value >= limit:
            rounded = (Decimal(value) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
            return f"{format_number(rounded)}{unit}"
    if isinstance(value, Decimal) and value >= 1:
        return format_number(value.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return format_number(value)


def svg(drawing: Picture) -> str:
    """A picture as an SVG file: no scripts, no fonts or pictures from elsewhere."""
    family = ",".join(f"'{name}'" for name in FONTS)
    size = f'viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} height="{drawing.height}" role="img"',
        f' aria-labelledby="title says" lang="zh-CN" font-family="{family},sans-serif">',
        f'<title id="title">{escape(drawing.title)}</title>',
        f'<desc id="says">{escape(drawing.says)}</desc>',
        *map(_svg_of, drawing.shapes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _svg_of(shape: Shape) -> str:
    if isinstance(shape, Bar):
        return (
            f'<rect x="{_at(shape.x)}" y="{_at(shape.y)}" width="{_at(shape.width)}"'
            f' height="{_at(shape.height)}" fill="{shape.colour}"/>'
        )
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    weight = ' font-weight="bold"' if shape.bold else ""
    return (
        f'<text x="{_at(shape.x)}" y="{_at(shape.y)}" font-size="{shape.size}"'
        f' fill="{shape.colour}"{anchor}{weight}>{escape(shape.text)}</text>'
    )


def _at(place: float) -> str:
    return f"{place:.2f}".rstrip("0").rstrip(".")
