"""
Reads one typed figure, or refuses it and says what was wrong.

２９５, 295件, 1,234, 二百九十五, 无, 3500元. Nothing is guessed silently: a figure in another unit
comes with a conversion to be confirmed; one with two readings is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from conversations.answers.numerals import read_chinese, read_mixed
from conversations.form.answers import Number, format_number
from conversations.form.model import CellId, Measure

MAX_COUNT = 999_999_999
MAX_FEE = Decimal(99_999_999)
MAX_DECIMALS = 6

# A whole table three with its labels has some 2,500 characters.
LONGEST_ANSWER = 10_000
LONGEST_FIGURE = 60


class Reason(Enum):
    """Why an answer was refused; `wording/talk.py` holds the sentence for each."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NOT_EXACT = "not_exact"
    AMBIGUOUS = "ambiguous"
    NEGATIVE = "negative"
    FRACTION = "fraction"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"
    WRONG_UNIT = "wrong_unit"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"
    UNKNOWN_LINE = "unknown_line"
    LINE_TWICE = "line_twice"
    ROW_LOST = "row_lost"


@dataclass(frozen=True, slots=True)
class Refusal:
    """
    `text` is the piece that was not understood (shortened); the counts are set if they matter.
    """

    reason: Reason
    text: str = ""
    expected: int = 0
    found: int = 0
    unit: Measure = Measure.COUNT


@dataclass(frozen=True, slots=True)
class Conversion:
    """A figure to be confirmed: its unit was changed, or it looks like a date."""

    cell: CellId
    typed: str
    value: Number


# ------------------------------------------------------------------ characters

_BLANKS = "\v\f\x1c\x1d\x1e\x1f\u00a0\u1680\u180e\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
_INVISIBLE = [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]

# Full-width digits, letters and marks; not NFKC, which turns 1² into 12.
PLAIN = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(_INVISIBLE, ""),
    **{ord(character): " " for character in _BLANKS},
    **{ord(character): "-" for character in "‐‑‒–—―−﹣－﹘"},
    **{ord(character): "\n" for character in "\x85\u2028\u2029"},
    **{ord(character): "," for character in "，﹐"},
    ord("￥"): "¥",
    ord("﹒"): ".",
    ord("｡"): "。",
    ord("､"): "、",
}

_QUOTED = re.compile(r'(?:(?<=\t)|^)"([^"]*)"(?=\t|$)', re.MULTILINE)


def cleaned(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(PLAIN)
    if '"' in text and "\t" in text:
        # A spreadsheet puts a cell with a line break into quotation marks.
        text = _QUOTED.sub(lambda quoted: quoted[1].replace("\n", ""), text)
    return text


def shown(text: str, longest: int = 20) -> str:
    """A piece of what was typed, short and safe to show."""
    piece = "".join(
        character if character.isprintable() else "�" if ord(character) > 0x7F else " "
        for character in text[: 4 * longest]
    ).strip()
    return piece if len(piece) <= longest else piece[: longest - 1] + "…"


# ------------------------------------------------------------------ one figure


def words(listed: str) -> frozenset[str]:
    """A set of words from a text with blanks between them."""
    return frozenset(listed.split())


NONE_WORDS = words(
    "无 没有 没 暂无 均无 都无 全无 皆无 都没有 全没有 均没有 全部没有 没有的 没有了 没得"
    " 莫得 木有 冇 没有发生 未发生 零报告"
)
FREE_WORDS = words("免收 免费 全免 免征")  # for a fee
_BEFORE = re.compile(r"(?:一共|总共|共计|合计|总计|共有|共|计|为|是|有|[:=])[ ]*")
_NOT_EXACT = re.compile(
    r"约|大概|左右|上下|差不多|估计|可能|应该|好像|[多余近几超]|若干|不到|不足|不止|至少|最[多少]|以[上下内]"
    r"|[<>~〜≈≤≥?]|[0-9][ ]*[-+至到][ ]*[0-9]|或"
)
COUNT_WORD = "[件条宗个份起次项例笔人位户家名桩]"
COUNT_WORDS = f"人次|件次|{COUNT_WORD}"
_COUNTED = re.compile(rf"[ ]*(?:{COUNT_WORDS})$")
_MONEY = re.compile(r"[ ]*(元整|元正|块钱|元|块|圆)$")
_MONEY_BEFORE = re.compile(r"(?:人民币|rmb|cny|[¥$])[ ]*", re.IGNORECASE)
ARABIC = re.compile(r"(?:([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]*))?|\.([0-9]+))")
_LOOSE_GROUPS = re.compile(r"[0-9][0-9,]*(?:\.[0-9]*)?")
_HAS_DIGIT = re.compile(r"[0-9零〇一二两三四五六七八九十]")
_KEYCAPS = re.compile("(?:[0-9]\ufe0f?\u20e3)+")
_DRAWN = {"⓪": "0", "🔟": "10"} | {chr(0x2460 + n): str(n + 1) for n in range(20)}
ENDS = " \t\n。.!;,、"
_LONGEST_PART = 12


@dataclass(frozen=True, slots=True)
class Figure:
    value: Number
    converted: bool = False


def figure_of(text: str, unit: Measure) -> Figure | Refusal:
    """Read one figure from cleaned text."""

    def refused(reason: Reason, found: int = 0) -> Refusal:
        return Refusal(reason, shown(text), 1 if found else 0, found, unit)

    core = text.rstrip(ENDS).lstrip(" \t\n")
    if not core:
        return refused(Reason.NOT_A_NUMBER if text.strip(" \t\n") else Reason.EMPTY)
    if len(core) > LONGEST_FIGURE:
        return refused(Reason.NOT_A_NUMBER)
    if core in NONE_WORDS or (core in FREE_WORDS and unit is Measure.FEE):
        return Figure(zero(unit))
    if is_blank(core):
        return refused(Reason.EMPTY)
    while before := _BEFORE.match(core):
        core = core[before.end() :]
    if _NOT_EXACT.search(core) and _HAS_DIGIT.search(core):
        return refused(Reason.NOT_EXACT)

    sign = 1
    if core[:1] in ("-", "负", "+"):
        sign = 1 if core[0] == "+" else -1
        if core[0] == "+" and unit is not Measure.SIGNED:
            return refused(Reason.NOT_A_NUMBER)
        core = core[1:].lstrip(" ")
    read = _amount(core, unit)
    if isinstance(read, Reason):
        if read is Reason.TOO_MANY:
            return refused(read, len(core.split()))
        return refused(read)
    if sign < 0:
        if unit is not Measure.SIGNED:
            return refused(Reason.NEGATIVE)
        return Figure(-read.value, read.converted)
    return read


def _amount(core: str, unit: Measure) -> Figure | Reason:
    """Read a figure without its sign, with or without its unit."""
    money_before = _MONEY_BEFORE.match(core)
    if money_before:
        core = core[money_before.end() :]
    money = _MONEY.search(core)
    if money:
        core = core[: money.start()]
    counted = None if money else _COUNTED.search(core)
    if counted:
        core = core[: counted.start()]
    core = _drawn(core.rstrip(" "))
    in_money = bool(money or money_before)

    ten_thousands = False
    if unit is Measure.FEE and core[-1:] in ("万", "萬"):
        rest = core[:-1].rstrip(" ")
        # «12万元» is in the asked unit; «一亿二千万元» is a number of 元.
        ten_thousands = bool(rest) and not set(rest) & set("万萬亿億")
        core = rest if ten_thousands else core
    read = _number(core.replace(" ", "") if _glued(core) else core)
    if read is None:
        pieces = core.split()
        if len(pieces) > 1 and all(_number(piece) is not None for piece in pieces):
            return Reason.TOO_MANY
        return Reason.AMBIGUOUS if _LOOSE_GROUPS.fullmatch(core) else Reason.NOT_A_NUMBER
    value, rounds, scaled = read
    if unit is Measure.FEE:
        if counted:
            return Reason.WRONG_UNIT
        if rounds:
            return Reason.TOO_LARGE if rounds > 0 else Reason.TOO_MANY_DECIMALS
        if ten_thousands:
            return _fee(value, converted=not in_money)
        if in_money or set(core) & set("万萬亿億"):
            return _fee(value / 10_000, converted=True)
        return _fee(value, converted=scaled or bool(set(core) & set("千仟")))
    if in_money:
        return Reason.WRONG_UNIT
    if rounds:
        return Reason.TOO_LARGE if rounds > 0 else Reason.FRACTION
    if unit is Measure.AS_PRINTED:
        return Reason.WRONG_UNIT if counted else Figure(_trimmed(value))
    if value != value.to_integral_value():
        return Reason.FRACTION
    if value > MAX_COUNT:
        return Reason.TOO_LARGE
    return Figure(int(value), scaled)


def _drawn(core: str) -> str:
    """
    Turn ③ and 3️⃣ into digits if the text is nothing else: a ① beside a figure is only a mark.
    """
    if _KEYCAPS.fullmatch(core):
        return core.translate(dict.fromkeys((0xFE0F, 0x20E3)))
    return _DRAWN.get(core, core)


def _glued(core: str) -> bool:
    """Whether the only blanks stand before a unit, as in «12 万» or «1.2 亿»."""
    return bool(re.fullmatch(r"[0-9.,]{1,20} {1,5}[万亿萬億千百]", core))


def _fee(value: Decimal, *, converted: bool) -> Figure | Reason:
    """An amount in 万元."""
    value = _trimmed(value)
    if value > MAX_FEE:
        return Reason.TOO_LARGE
    if -_exponent(value) > MAX_DECIMALS:
        return Reason.TOO_MANY_DECIMALS
    return Figure(value, converted and value != 0)


def _number(core: str) -> tuple[Decimal, int, bool] | None:
    """
    The number, whether it is too long (1 before the point, -1 after it), and whether an Arabic
    number was multiplied by a Chinese unit (12万).
    """
    match = ARABIC.fullmatch(core)
    if match:
        whole = (match[1] or "0").replace(",", "").lstrip("0") or "0"
        places = (match[2] or match[3] or "").rstrip("0")
        if len(whole) > _LONGEST_PART:
            return Decimal(0), 1, False
        if len(places) > _LONGEST_PART:
            return Decimal(0), -1, False
        return Decimal(f"{whole}.{places}" if places else whole), 0, False
    chinese = read_chinese(core)
    if chinese is not None:
        return Decimal(chinese), 0, False
    mixed = read_mixed(_without_groups(core))
    return None if mixed is None else (Decimal(mixed), 0, True)


def _without_groups(core: str) -> str:
    """«1,200万» → «1200万»; wrongly grouped digits stay, and are refused."""
    head = core.rstrip("万亿千百萬億")
    return core.replace(",", "") if "," in core and ARABIC.fullmatch(head) else core


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "only finite numbers are read"
    return exponent


def _trimmed(value: Decimal) -> Decimal:
    """The same value without trailing zeros and without a positive exponent."""
    return Decimal(format_number(value))


def zero(unit: Measure) -> Number:
    return Decimal(0) if unit in (Measure.FEE, Measure.AS_PRINTED) else 0


def is_blank(place: str) -> bool:
    """Whether a place is empty or holds a mark with which a spreadsheet shows nothing."""
    return not place or place in ("/", "\\") or not place.strip("-")
