"""
The main figures over the years in store, as a picture: a panel each, drawn as SVG.

A year that does not have a figure shows 无, never 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from markupsafe import escape

from conversations.document.write.content import clean_text
from conversations.form.answers import Answers, Figures, Number, format_number
from conversations.form.main_figures import MAIN_FIGURES, MainFigure
from conversations.form.model import Form
from conversations.talk.year_on_year import told

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "SimHei",
)
MOST_YEARS = 6
WIDTH = 720  # units; a phone shows it at half of that and it can still be read
_EDGE, _GAP, _TALL, _HEAD = 20, 16, 168, 66
_BAR_ROOM = 84
_EARLIER, _NOW, _INK, _FAINT, _PAPER, _LINE = (
    "#9db8d9",
    "#1f5fa8",
    "#1a1a1a",
    "#666666",
    "#ffffff",
    "#d5d9de",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled box; x and y of its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; x is where it begins, or its middle, y its foot."""

    x: float
    y: float
    text: str
    size: int
    colour: str = _INK
    middle: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, in order, whatever draws it; colours as #rrggbb."""

    width: int
    height: int
    shapes: tuple[Bar | Words, ...]
    says: str


def picture(years: Mapping[int, Answers], form: Form, organ: str = "") -> Picture:
    """
    The main figures over the years in store, the newest six of them, a panel each.

    A figure that is 0 in every year has no panel and is named below; a year that does not
    have it shows 无 and no bar.
    """
    shown = sorted(years)[-MOST_YEARS:]
    series = [(figure, _values(figure, years, shown, form)) for figure in MAIN_FIGURES]
    drawn = [(figure, values) for figure, values in series if any(values)]
    zeros = [figure.name for figure, values in series if not any(values) and 0 in values]
    rows = (len(drawn) + 1) // 2
    span = "" if not shown else f"{shown[0]}年" if len(shown) == 1 else f"{shown[0]}—{shown[-1]}年"
    title = clean_text(organ)[0].replace("\n", " ")
    notes = list(_wrapped("各年均为 0：" + "、".join(zeros), 52)) if zeros else []
    height = _HEAD + rows * (_TALL + _GAP) + 20 * len(notes) + _EDGE
    shapes: list[Bar | Words] = [
        Bar(0, 0, WIDTH, height, _PAPER),
        Words(_EDGE, 30, _fitting(title, 30), 20, bold=True),
        Words(_EDGE, 52, f"政府信息公开年度报告主要数据　{span}", 14, _FAINT),
    ]
    wide = (WIDTH - 2 * _EDGE - _GAP) / 2
    for index, (figure, values) in enumerate(drawn):
        x = _EDGE + (index % 2) * (wide + _GAP)
        y = _HEAD + (index // 2) * (_TALL + _GAP)
        shapes += _panel(figure, shown, values, x, y, wide)
    foot = _HEAD + rows * (_TALL + _GAP)
    shapes += [Words(_EDGE, foot + 16 + 20 * at, text, 13, _FAINT) for at, text in enumerate(notes)]
    spoken = [
        f"{figure.name}："
        + "，".join(
            f"{year}年{told(value)}{figure.unit if value is not None else ''}"
            for year, value in zip(shown, values, strict=True)
        )
        for figure, values in drawn
    ]
    return Picture(WIDTH, height, tuple(shapes), "；".join([title, *spoken, *notes]))


def _values(
    main: MainFigure, years: Mapping[int, Answers], shown: Sequence[int], form: Form
) -> list[Number | None]:
    values: list[Number | None] = []
    for year in shown:
        figures = Figures(form, years[year])
        parts = [figures.get(cell) for cell in main.cells]
        known = [part for part in parts if part is not None]
        values.append(sum(known) if len(known) == len(parts) else None)
    return values


def _panel(
    main: MainFigure,
    years: Sequence[int],
    values: Sequence[Number | None],
    x: float,
    y: float,
    wide: float,
) -> Iterator[Bar | Words]:
    """A name, a bar a year with its value over it and the year under it."""
    yield Words(x, y + 18, f"{main.name}（{main.unit}）", 15, bold=True)
    ground = y + _TALL - 26
    most = max(value for value in values if value is not None)
    room = wide / len(years)
    bar = min(34.0, room * 0.6)
    for at, (year, value) in enumerate(zip(years, values, strict=True)):
        middle = x + room * (at + 0.5)
        last = at == len(years) - 1
        yield Words(middle, ground + 18, str(year), 12, _INK if last else _FAINT, middle=True)
        if value is None:
            yield Words(middle, ground - 6, "无", 12, _FAINT, middle=True)
            continue
        tall = float(Decimal(value) / Decimal(most) * _BAR_ROOM) if most else 0.0
        if value:
            tall = max(tall, 1.5)
            yield Bar(middle - bar / 2, ground - tall, bar, tall, _NOW if last else _EARLIER)
        yield Words(middle, ground - tall - 6, compact(value), 12, middle=True, bold=last)
    yield Bar(x, ground, wide, 1, _LINE)


def compact(value: Number) -> str:
    """A figure that fits over a bar: from 100,000 in 万 or 亿, rounded to one place."""
    for limit, unit in ((100_000_000, "亿"), (100_000, "万")):
        if value >= limit:
            whole = 100_000_000 if unit == "亿" else 10_000
            rounded = (Decimal(value) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
            return f"{format_number(rounded)}{unit}"
    if isinstance(value, Decimal) and value >= 1:
        return format_number(value.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return format_number(value)


def _wrapped(text: str, most: int) -> Iterator[str]:
    for start in range(0, len(text), most):
        yield text[start : start + most]


def _fitting(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def picture_svg(years: Mapping[int, Answers], form: Form, organ: str = "") -> str:
    """The picture as an SVG file: no scripts, no fonts or pictures from elsewhere."""
    return svg(picture(years, form, organ))


def svg(drawing: Picture) -> str:
    """A picture as SVG."""
    family = ",".join(f"'{name}'" for name in FONTS)
    size = f'viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} height="{drawing.height}" role="img"',
        f' lang="zh-CN" font-family="{family},sans-serif">',
        f"<title>{escape(drawing.says)}</title>",
    ]
    for shape in drawing.shapes:
        if isinstance(shape, Bar):
            lines.append(
                f'<rect x="{_at(shape.x)}" y="{_at(shape.y)}" width="{_at(shape.width)}"'
                f' height="{_at(shape.height)}" fill="{shape.colour}"/>'
            )
        else:
            anchor = ' text-anchor="middle"' if shape.middle else ""
            weight = ' font-weight="bold"' if shape.bold else ""
            lines.append(
                f'<text x="{_at(shape.x)}" y="{_at(shape.y)}" font-size="{shape.size}"'
                f' fill="{shape.colour}"{anchor}{weight}>{escape(shape.text)}</text>'
            )
    lines.append("</svg>")
    return "\n".join(lines) + "\n"


def _at(place: float) -> str:
    return f"{place:.2f}".rstrip("0").rstrip(".")
