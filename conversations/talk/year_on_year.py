"""
This year's figures against last year's: a table for a phone, and a picture of the main ones.

Everything is computed from stored figures and nothing else. A figure that one of the
years does not have is said to be missing, never taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from markupsafe import escape

from conversations.answers.figure import format_number
from conversations.document.write.content import clean_text
from conversations.form.answers import Answers, Figures, Number
from conversations.form.main_figures import MAIN_FIGURES, MainFigure
from conversations.form.model import CellId, Form, Line, Measure, Table

# ----------------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class YearRow:
    """
    One figure in two years (件 int, 万元 Decimal); None where that year does not have it.

    `name` is its short name, for the total of a line the line's own.
    """

    cell: CellId
    line: Line
    name: str
    unit: Measure
    then: Number | None
    now: Number | None

    @property
    def difference(self) -> Number | None:
        """Now less then, None while one of them is not known."""
        return None if self.then is None or self.now is None else self.now - self.then

    @property
    def is_total(self) -> bool:
        """Whether it is the sum of its line."""
        return self.line.total is not None and self.cell == self.line.total.id


def compare(form: Form, this: Answers, last: Answers) -> tuple[YearRow, ...]:
    """Every figure of the form in both years, in printed order, totals computed."""
    now, then = Figures(form, this), Figures(form, last)
    rows = []
    for table in form.tables:
        for line in table.lines:
            for cell in line.printed:
                total = line.total is not None and cell.id == line.total.id
                alone = len(line.printed) == 1 or total
                name = line.short if alone else f"{line.short}·{cell.column.name}"
                rows.append(
                    YearRow(cell.id, line, name, cell.measure, then.get(cell.id), now.get(cell.id))
                )
    return tuple(rows)


def table_text(form: Form, rows: Sequence[YearRow], year: int) -> str:
    """
    The comparison for a phone: the totals of lines, single figures where a line has none.

    What is 0 in both years is only counted, what one year does not have is named as such.
    `year` is this year's.
    """
    by_cell = {row.cell: row for row in rows}
    lines = [f"{year}年与{year - 1}年比较（收费的单位是万元，其余是件）"]
    for section in form.sections:
        if isinstance(section.body, Table):
            lines.append(section.heading)
            lines += _section(section.body, by_cell)
    return "\n".join(lines)


def _section(table: Table, rows: Mapping[CellId, YearRow]) -> Iterator[str]:
    zeros = missing = 0
    for line in table.lines:
        cells = [line.total] if line.total else list(line.cells)
        for row in (rows[cell.id] for cell in cells if cell.id in rows):
            if row.then is None or row.now is None:
                if row.then or row.now:
                    yield f"· {row.name}：{_told(row.then)} → {_told(row.now)}"
                else:
                    missing += 1
            elif row.then == row.now == 0:
                zeros += 1
            else:
                yield f"· {sentence(row)}"
    if zeros:
        yield f"· 其余 {zeros} 项两年都是 0"
    if missing:
        yield f"· {missing} 项没有数据可比"


def sentence(row: YearRow) -> str:
    """«行政许可：295 → 310，+15（+5.1%）»; an unchanged figure stands once."""
    difference = row.difference
    if difference is None or row.then is None:
        return f"{row.name}：{_told(row.then)} → {_told(row.now)}"
    if difference == 0:
        return f"{row.name}：{_told(row.now)}，不变"
    rate = percent(row.then, difference)
    gap = f"+{format_number(difference)}" if difference > 0 else format_number(difference)
    told = f"{row.name}：{_told(row.then)} → {_told(row.now)}，{gap}"
    return told + (f"（{rate}）" if rate else "")


def _told(value: Number | None) -> str:
    return "无数据" if value is None else format_number(value)


def percent(then: Number, difference: Number) -> str:
    """The change in percent to one place; "" where there is nothing to compare with."""
    if not then:
        return ""
    rate = Decimal(difference) * 100 / Decimal(then)
    told = rate.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{told:+f}%" if told else ""


# ----------------------------------------------------------------------- the picture

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
    series = [(one, _values(one, years, shown, form)) for one in MAIN_FIGURES]
    drawn = [(one, values) for one, values in series if any(values)]
    zeros = [one.name for one, values in series if not any(values) and 0 in values]
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
    for index, (one, values) in enumerate(drawn):
        x = _EDGE + (index % 2) * (wide + _GAP)
        y = _HEAD + (index // 2) * (_TALL + _GAP)
        shapes += _panel(one, shown, values, x, y, wide)
    foot = _HEAD + rows * (_TALL + _GAP)
    shapes += [Words(_EDGE, foot + 16 + 20 * at, text, 13, _FAINT) for at, text in enumerate(notes)]
    told = [
        f"{one.name}："
        + "，".join(
            f"{year}年{_told(value)}{one.unit if value is not None else ''}"
            for year, value in zip(shown, values, strict=True)
        )
        for one, values in drawn
    ]
    return Picture(WIDTH, height, tuple(shapes), "；".join([title, *told, *notes]))


def _values(
    main: MainFigure, years: Mapping[int, Answers], shown: Sequence[int], form: Form
) -> list[Number | None]:
    found: list[Number | None] = []
    for year in shown:
        figures = Figures(form, years[year])
        parts = [figures.get(cell) for cell in main.cells]
        known = [part for part in parts if part is not None]
        found.append(sum(known) if len(known) == len(parts) else None)
    return found


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
            told = (Decimal(value) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
            return f"{format_number(told)}{unit}"
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
