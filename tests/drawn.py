"""
How a picture looks: where its words are, and whether they can be read.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations

from conversations.drawing import PAPER, Bar, Picture, Words, wide
from conversations.form import ANNUAL_REPORT_2019, ANNUAL_REPORT_2021, Form
from conversations.form.answers import Answers, Figures, Value

LICENSING = "proactive_disclosure.licensing.decisions"
PENALTIES = "proactive_disclosure.penalties.decisions"
FEE = "proactive_disclosure.administrative_fees.amount"

Box = tuple[float, float, float, float]
Measure = Callable[[Words], Box]


def report(
    changes: dict[str, Value | None] | None = None,
    each: int = 0,
    form: Form = ANNUAL_REPORT_2021,
) -> Figures:
    """
    A report with the figure `each` in every cell but the changed ones; None leaves a cell open.
    """
    values: dict[str, Value] = {cell: each for cell in form.cells if cell not in form.sums}
    fee = {FEE: Decimal(each)} if FEE in form.cells else {}
    return Figures(form, Answers({**values, **fee}).changed(changes or {}))


LARGEST = report({FEE: Decimal("99999999.999999")}, 999_999_999)
LONG_NAME = "广西壮族自治区防城港市东兴边境经济合作区管理委员会自然资源和规划建设局办公室"
OLD = report({LICENSING: 9}, 2, ANNUAL_REPORT_2019)
SMALLEST = report(each=1)
# For each picture: the reports by year, the year of the report, and the organ.
YEARS: dict[str, tuple[dict[int, Figures], int, str]] = {
    "two": (
        {2022: report({LICENSING: 283}), 2023: report({LICENSING: 295})},
        2023,
        "雷鸣镇人民政府",
    ),
    "three": ({year: report(each=year - 2000) for year in (2021, 2022, 2023)}, 2023, LONG_NAME),
    "missing years": (
        {2019: OLD, 2021: report(each=7), 2023: report()},
        2023,
        "甲\x00镇\u202e人\u200b民\u200d政府（乙街道办事处）" * 9,
    ),
    "zeros": ({2022: report(), 2023: report()}, 2023, "<script>alert(1)</script>"),
    "largest": (dict.fromkeys(range(2020, 2026), LARGEST), 2025, "W" * 99),
    "larger": ({2020 + n: LARGEST if n % 2 else SMALLEST for n in range(6)}, 2025, "𠮷" * 99),
    "decimals": (
        {2018 + n: report({FEE: Decimal("0.000001") * 9**n}, 12345) for n in range(8)},
        2025,
        "",
    ),
    "one": ({2023: report({LICENSING: 1, PENALTIES: None})}, 2023, "甲\n乙\t&"),
}


def estimated(words: Words) -> Box:
    """
    An estimate of the box of a line of text, rather too large than too small.
    """
    room = wide(words.text, words.size)
    left = words.x - room * {"start": 0, "middle": 0.5, "end": 1}[words.anchor]
    return left, words.y - 0.9 * words.size, left + room, words.y + 0.25 * words.size


def faults(drawing: Picture, measure: Measure = estimated) -> Iterator[str]:
    """
    The faults of a picture on a phone: a wrong width, words that are small, pale, outside or
    overlapping.
    """
    words = [shape for shape in drawing.shapes if isinstance(shape, Words)]
    boxes = [(text, measure(text)) for text in words]
    bars = [shape for shape in drawing.shapes if isinstance(shape, Bar) and shape.colour != PAPER]
    if drawing.width != 390:
        yield f"{drawing.width} wide"
    for text, (left, top, right, foot) in boxes:
        if text.size < 12:
            yield f"{text.text!r} is small"
        if left < 0 or top < 0 or right > drawing.width or foot > drawing.height:
            yield f"{text.text!r} leaves the picture"
        if not text.text.isprintable():
            yield f"{text.text!r} cannot be drawn"
        if contrast(text.colour) < 4.5:
            yield f"{text.text!r} is pale"
    for bar in bars:
        if bar.x < 0 or bar.x + bar.width > drawing.width or bar.height < 0:
            yield f"{bar} leaves the picture"
    for (one, a), (other, b) in combinations(boxes, 2):
        if min(a[2], b[2]) - max(a[0], b[0]) > 0 and min(a[3], b[3]) - max(a[1], b[1]) > 0:
            yield f"{one.text!r} is over {other.text!r}"


def contrast(colour: str) -> float:
    """
    The contrast of a colour on the paper (WCAG 2.2).
    """
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
