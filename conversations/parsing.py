"""
What a clerk types → values, or a refusal that says what was not understood.

Nothing is guessed silently: a unit conversion is reported to be confirmed, an empty
place of a pasted row to be asked about, a total to be compared, a bare 0 for a whole
row to be echoed. Whatever has two readings is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property

from conversations.answers import Number
from conversations.chinese_numbers import read_chinese, read_digits, read_mixed
from conversations.form.model import Cell, CellId, Form, Line, Table, Unit

MAX_COUNT = 999_999_999
MAX_FEE = Decimal(99_999_999)
MAX_DECIMALS = 6

# A whole table three with its labels has some 2,500 characters, a row with names 200.
LONGEST_ANSWER = 10_000
LONGEST_SENTENCE = 600
LONGEST_FIGURE = 60
MOST_ROWS = 80
MOST_PLACES = 40


class Reason(Enum):
    """Why an answer was refused; `wording.py` holds the sentence for each."""

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


@dataclass(frozen=True, slots=True)
class Refusal:
    """`text` is the piece that was not understood (shortened); counts where they matter."""

    reason: Reason
    text: str = ""
    expected: int = 0
    found: int = 0
    unit: Unit = Unit.COUNT


@dataclass(frozen=True, slots=True)
class Conversion:
    """
    A figure whose value is not literally what was typed: to be confirmed as converted.

    `cell` is empty where a figure was read without a place (`read_figure`).
    """

    cell: CellId
    typed: str
    value: Number


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What was read: figures (件 as int, 万元 as Decimal) by cell.

    `blanks` are empty places of a tabbed answer, to be asked about once; `totals`
    are totals typed along (total cell → figure), to be compared, never stored as
    figures; `conversions` are to be confirmed before anything is stored. `all_zero`
    says that one word or one 0 stood for everything asked: to be echoed.
    """

    values: Mapping[CellId, Number]
    blanks: tuple[CellId, ...] = ()
    totals: Mapping[CellId, Number] | None = None
    conversions: tuple[Conversion, ...] = ()
    all_zero: bool = False


def read_figure(text: str, unit: Unit) -> tuple[Number, Conversion | None] | Refusal:
    """
    One figure.

    COUNT: a whole number from 0 (件). FEE: 万元, at most six decimals; 元 is converted.
    SIGNED: a whole number with or without a sign. AS_PRINTED: a decimal as it stands.
    """
    if len(text) > LONGEST_ANSWER:
        return Refusal(Reason.NOT_A_NUMBER, _shown(text), unit=unit)
    read = _figure(_cleaned(text), unit)
    if isinstance(read, Refusal):
        return read
    typed = Conversion("", _shown(text), read.value) if read.converted else None
    return read.value, typed


def read_answer(
    text: str, asked: Sequence[Cell], form: Form, following: Sequence[Line] = ()
) -> Reading | Refusal:
    """
    An answer to the cells asked, in order.

    `asked` are the cells the question is about: one cell, or the open or all cells of
    a line. `following` are the lines a pasted block may go on to fill, the asked one
    first; a block with labels may fill any line of the same table. A keyed answer
    (自然人3) may name only some of the cells: the others are not in the reading.

    The tabs of `text` count: it must not be stripped beforehand.
    """
    if len(text) > LONGEST_ANSWER:
        return Refusal(Reason.NOT_A_NUMBER, _shown(text), len(asked))
    return _Answer(_cleaned(text), tuple(asked), form, tuple(following)).read()


# ------------------------------------------------------------------ characters

_BLANKS = "\v\f\x1c\x1d\x1e\x1f\u00a0\u1680\u180e\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)
_INVISIBLE = [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]

# Full-width forms of digits, letters and marks; not NFKC, which makes 12 of 1².
_PLAIN = {
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


def _cleaned(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_PLAIN)
    if '"' in text and "\t" in text:
        # A spreadsheet puts a cell with a line break into quotation marks.
        text = _QUOTED.sub(lambda quoted: quoted[1].replace("\n", ""), text)
    return text


def _shown(text: str, longest: int = 20) -> str:
    """A piece of what was typed, short and safe to be shown anywhere."""
    piece = "".join(
        character if character.isprintable() else "�" if ord(character) > 0x7F else " "
        for character in text[: 4 * longest]
    ).strip()
    return piece if len(piece) <= longest else piece[: longest - 1] + "…"


# ------------------------------------------------------------------ one figure


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NONE = _words(
    "无 没有 没 暂无 均无 都无 全无 皆无 都没有 全没有 均没有 全部没有 没有的 没有了 没得"
    " 没有发生 未发生"
)
_BEFORE = re.compile(r"(?:一共|总共|共计|合计|总计|共有|共|计|为|是|有|[:=])[ ]*")
_NOT_EXACT = re.compile(r"约|大概|大约|左右|上下|[多余近几超]|若干|不到|不足|以[上下内]|[<>~≈≤≥]")
_COUNT_WORDS = "件条宗个份起次项例笔"
_MONEY = re.compile(r"[ ]*(元整|元正|块钱|元|块|圆)$")
_MONEY_BEFORE = re.compile(r"(?:人民币|rmb|cny|[¥$])[ ]*", re.IGNORECASE)
_ARABIC = re.compile(r"(?:([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]*))?|\.([0-9]+))")
_LOOSE_GROUPS = re.compile(r"[0-9][0-9,]*(?:\.[0-9]*)?")
_HAS_DIGIT = re.compile(r"[0-9零〇一二两三四五六七八九十]")
_ENDS = " \t\n。.!;,、"
_LONGEST_PART = 12


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Number
    converted: bool = False


def _figure(text: str, unit: Unit) -> _Figure | Refusal:
    """One figure out of cleaned text."""

    def refused(reason: Reason, found: int = 0) -> Refusal:
        return Refusal(reason, _shown(text), 1 if found else 0, found, unit)

    core = text.rstrip(_ENDS).lstrip(" \t\n")
    if not core:
        return refused(Reason.NOT_A_NUMBER if text.strip(" \t\n") else Reason.EMPTY)
    if len(core) > LONGEST_FIGURE:
        return refused(Reason.NOT_A_NUMBER)
    if core in _NONE:
        return _Figure(_zero(unit))
    if _is_blank(core):
        return refused(Reason.EMPTY)
    while before := _BEFORE.match(core):
        core = core[before.end() :]
    if _NOT_EXACT.search(core) and _HAS_DIGIT.search(core):
        return refused(Reason.NOT_EXACT)

    sign = 1
    if core[:1] in ("-", "负", "+"):
        sign = 1 if core[0] == "+" else -1
        if core[0] == "+" and unit is not Unit.SIGNED:
            return refused(Reason.NOT_A_NUMBER)
        core = core[1:].lstrip(" ")
    read = _amount(core, unit)
    if isinstance(read, Reason):
        if read is Reason.TOO_MANY:
            return refused(read, len(core.split()))
        return refused(read)
    if sign < 0:
        if unit is not Unit.SIGNED:
            return refused(Reason.NEGATIVE)
        return _Figure(-read.value, read.converted)
    return read


def _amount(core: str, unit: Unit) -> _Figure | Reason:
    """A figure without its sign, with or without its unit."""
    money_before = _MONEY_BEFORE.match(core)
    if money_before:
        core = core[money_before.end() :]
    money = _MONEY.search(core)
    if money:
        core = core[: money.start()]
    counted = core[-1:] in _COUNT_WORDS and bool(core) and not money
    if counted:
        core = core[:-1]
    core = core.rstrip(" ")
    in_money = bool(money or money_before)

    ten_thousands = False
    if unit is Unit.FEE and core[-1:] in ("万", "萬"):
        rest = core[:-1].rstrip(" ")
        # «12万元» is literally the unit asked; «一亿二千万元» is a number of 元.
        ten_thousands = bool(rest) and not set(rest) & set("万萬亿億")
        core = rest if ten_thousands else core
    read = _number(core.replace(" ", "") if _glued(core) else core)
    if read is None:
        pieces = core.split()
        if len(pieces) > 1 and all(_number(piece) is not None for piece in pieces):
            return Reason.TOO_MANY
        return Reason.AMBIGUOUS if _LOOSE_GROUPS.fullmatch(core) else Reason.NOT_A_NUMBER
    value, rounds, scaled = read
    if unit is Unit.FEE:
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
    if unit is Unit.AS_PRINTED:
        return Reason.WRONG_UNIT if counted else _Figure(_trimmed(value))
    if value != value.to_integral_value():
        return Reason.FRACTION
    if value > MAX_COUNT:
        return Reason.TOO_LARGE
    return _Figure(int(value), scaled)


def _glued(core: str) -> bool:
    """Whether the only blanks stand before a unit, as in «12 万» or «1.2 亿»."""
    return bool(re.fullmatch(r"[0-9.,]{1,20} {1,5}[万亿萬億千百]", core))


def _fee(value: Decimal, *, converted: bool) -> _Figure | Reason:
    """An amount in 万元."""
    value = _trimmed(value)
    if value > MAX_FEE:
        return Reason.TOO_LARGE
    if -_exponent(value) > MAX_DECIMALS:
        return Reason.TOO_MANY_DECIMALS
    return _Figure(value, converted and value != 0)


def _number(core: str) -> tuple[Decimal, int, bool] | None:
    """
    The number, whether it is too long to hold (1 above, -1 below the point), and
    whether an Arabic number was multiplied by a Chinese unit (12万).
    """
    found = _ARABIC.fullmatch(core)
    if found:
        whole = (found[1] or "0").replace(",", "").lstrip("0") or "0"
        places = (found[2] or found[3] or "").rstrip("0")
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
    """«1,200万» → «1200万»; wrong groups stay and are refused."""
    head = core.rstrip("万亿千百萬億")
    return core.replace(",", "") if "," in core and _ARABIC.fullmatch(head) else core


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "only finite numbers are read"
    return exponent


def _trimmed(value: Decimal) -> Decimal:
    """The same value without trailing zeros and without a positive exponent."""
    return Decimal(format_number(value))


def _zero(unit: Unit) -> Number:
    return Decimal(0) if unit in (Unit.FEE, Unit.AS_PRINTED) else 0


def _is_blank(place: str) -> bool:
    """An empty place, or one of the marks by which a spreadsheet shows nothing."""
    return not place or place in ("/", "\\") or not place.strip("-")


# --------------------------------------------------------------------- a line

_ALL_ZERO = re.compile(
    r"(?:这一?行|本行|整行|这一?块|这张?表)?(?P<all>全部|全都|统统|一律|通通|所有|[全都均皆])+"
    r"(?:[都均]?[是为填写]?)(?:0|0件|零|〇|无|没有|空|零件)"
)
_SO_MANY_ZEROS = re.compile(r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})个[0零]")
_SPACE = re.compile(r"[ \t\n]+")
_UNIT_APART = re.compile(
    r"(?<=[0-9]) {1,5}(?=(?:万元|亿元|[万亿元件条宗个份起次项例笔])(?:[ \t\n,、;]|$))"
)
_PARTS = re.compile(r"[ \t\n、;:|]+")
_GROUP_START = re.compile(r"[^0-9,]*[1-9][0-9]{0,2}")
_GROUP_NEXT = re.compile(r"[0-9]{3}")
_GROUP_LAST = re.compile(r"[0-9]{3}(?:\.[0-9]*)?[^0-9,.]*")
_REST = ("其余", "剩余", "剩下", "余下", "别的", "另外的", "后面")
_OTHER = "其他"
_TOTAL = ("总计", "合计", "共计", "总共", "一共", "小计", "总数", "共")
_JOINS = " \t\n,、;。和及与跟"
_LEADS = re.compile(
    r"(?:[ \t\n:=,、;。→]|各列|各栏|几列|几栏|申请|数量|件数"
    r"|一律|全部|[的列栏都均全各皆是为有填写])+"
)
_PLURAL = re.compile(r"一律|全部|[都均全皆]")
_EACH = re.compile(r"一律|全部|[都均全皆各]")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}")
_NUMERALS = "零〇一二三四五六七八九十百千万亿两点壹贰叁肆伍陆柒捌玖拾佰仟元件条宗个份起次项例笔"
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")
_ENUMERATOR = re.compile(r"^[ ]*(?:[(][一二三四五六七八九十]+[)]|[0-9一二三四五六七八九十]+[.、.])")

# What people call a column, beside its label, its short label and their beginnings.
_CALLED = {
    "natural_person": ("个人", "公民"),
    "commercial_enterprise": ("企业",),
    "research_institution": ("科研",),
    "public_welfare_organization": ("公益",),
    "legal_service_institution": ("法律",),
    "in_force": ("有效",),
    "pending": ("未结",),
}


@dataclass(slots=True)
class _Found:
    """What is being read; it becomes a `Reading` when all of it was understood."""

    form: Form
    values: dict[CellId, Number] = field(default_factory=dict)
    blanks: list[CellId] = field(default_factory=list)
    totals: dict[CellId, Number] = field(default_factory=dict)
    conversions: list[Conversion] = field(default_factory=list)

    def put(self, cell: Cell, place: str) -> Refusal | None:
        """Take the text of one place; what a computed cell says is a claimed total."""
        computed = cell.id in self.form.sums
        if _is_blank(place.strip()):
            if not computed:
                self.blanks.append(cell.id)
            return None
        read = _figure(place, cell.unit)
        if isinstance(read, Refusal):
            return read
        if computed:
            self.totals[cell.id] = read.value
            return None
        self.values[cell.id] = read.value
        if read.converted:
            self.conversions.append(Conversion(cell.id, _shown(place), read.value))
        return None

    def put_all(self, cells: Iterable[Cell], places: Iterable[str]) -> Refusal | None:
        for cell, place in zip(cells, places, strict=True):
            refused = self.put(cell, place)
            if refused:
                return refused
        return None

    def reading(self) -> Reading:
        return Reading(
            self.values, tuple(self.blanks), self.totals or None, tuple(self.conversions)
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """
    One row of a block: its labels, its places, and how many places it had in all.

    `spaced` are the places when every single blank parts two of them: some
    messengers turn tabs into blanks.
    """

    labels: tuple[str, ...]
    places: tuple[str, ...]
    width: int
    tabbed: bool
    spaced: tuple[str, ...] = ()


class _Answer:
    """One answer against the cells asked."""

    def __init__(
        self, text: str, asked: tuple[Cell, ...], form: Form, following: tuple[Line, ...]
    ) -> None:
        self.text = text
        self.asked = asked
        self.form = form
        self.lines = tuple(form.lines[line] for line in dict.fromkeys(c.line for c in asked))
        table = form.section_of[asked[0].line]
        same = tuple(line for line in following if form.section_of[line.id] is table)
        self.following = same or self.lines
        line = self.lines[0] if len(self.lines) == 1 else None
        whole = line is not None and asked == line.cells
        self.total = line.total if line and whole else None

    def read(self) -> Reading | Refusal:
        if not self.text.strip(" \t\n"):
            return Refusal(Reason.EMPTY, "", len(self.asked), unit=self.asked[0].unit)
        first: Refusal | None = None
        for attempt in self._attempts():
            result = attempt()
            if isinstance(result, Reading):
                return result
            first = first or result
        return first or self._refusal()

    def _attempts(self) -> tuple[Callable[[], Reading | Refusal | None], ...]:
        """In this order; the first refusal stands when none of them reads it."""
        if "\t" in self.text or "\n" in self.text.strip():
            return (
                self._single,
                self._all_zero,
                self._exact,
                self._block,
                self._keyed,
                self._listed,
            )
        return self._single, self._all_zero, self._exact, self._block, self._listed, self._keyed

    # ------------------------------------------------------- the whole answer

    def _single(self) -> Reading | None:
        if len(self.asked) != 1:
            return None
        found = _Found(self.form)
        text = self.text.strip(" \t\n")
        if _is_blank(text) or found.put(self.asked[0], text):
            return None
        return found.reading()

    def _all_zero(self) -> Reading | None:
        """全是0, 六个0, 无, or a single 0 for everything asked."""
        text = _SPACE.sub("", self.text[: LONGEST_FIGURE * 2]).strip(_ENDS)
        if len(text) > LONGEST_FIGURE or len(self.text) > LONGEST_FIGURE * 2:
            return None
        many = _SO_MANY_ZEROS.fullmatch(text)
        if many:
            count = int(many[1]) if many[1].isdecimal() else read_chinese(many[1])
            if count != len(self.asked):
                return None
            zero = True
        else:
            read = _figure(text, Unit.COUNT) if len(self._tokens()) == 1 else None
            zero = bool(_ALL_ZERO.fullmatch(text))
            zero = zero or (isinstance(read, _Figure) and read.value == 0 and "\t" not in text)
        if not zero:
            return None
        if "\t" in self.text.strip(" \t\n"):
            return None
        return Reading(
            {cell.id: _zero(cell.unit) for cell in self.asked}, all_zero=len(self.asked) > 1
        )

    def _tokens(self) -> list[str]:
        """What blanks, tabs and new lines part, a unit put back to its number."""
        tokens = [token.rstrip(",、;") for token in self._joined().split()]
        return [token for token in tokens if token]

    def _joined(self) -> str:
        return _UNIT_APART.sub("", self.text)

    def _exact(self) -> Reading | Refusal | None:
        """
        As many figures as asked, in order, or one more: the total.

        This is what a program relies on. With empty places in it, tabs decide.
        """
        if any(
            "\t\t" in row or row.startswith("\t") for row in self.text.rstrip("\t\n ").split("\n")
        ):
            return None
        tokens = self._tokens()
        return self._fill(tokens) if self._fits(len(tokens)) else None

    def _fits(self, count: int) -> bool:
        return count == len(self.asked) or (self.total is not None and count == len(self.asked) + 1)

    def _fill(self, places: Sequence[str]) -> Reading | Refusal:
        found = _Found(self.form)
        cells = self.asked
        if len(places) > len(cells):
            assert self.total, "only a line with a total has one place more"
            cells = (*cells, self.total)
        return found.put_all(cells, places) or found.reading()

    # -------------------------------------------------- figures and separators

    def _listed(self) -> Reading | Refusal | None:
        """Figures parted by commas, 、 and the like, in one row."""
        wanted = {len(self.asked)} | ({len(self.asked) + 1} if self.total else set())
        chunks = [chunk for chunk in _PARTS.split(self._joined()) if chunk.strip(",")]
        if self._fits(len(chunks)):
            read = self._fill(chunks)
            if isinstance(read, Reading):
                return read
        places = _divided(chunks, wanted)
        return self._fill(places) if isinstance(places, tuple) else places

    # ------------------------------------------------------------------ a block

    def _block(self) -> Reading | Refusal | None:
        """Rows pasted from a spreadsheet or a document, with or without labels."""
        rows = self._rows()
        if isinstance(rows, Refusal):
            return rows
        data: list[tuple[_Row, Line | None]] = []
        heads: set[int] = set()
        for row in rows:
            if isinstance(row, Refusal):
                return row
            line = self._line_of(row)
            if self._is_head(row, line):
                if data and not self._is_known(row):
                    return Refusal(Reason.NOT_A_NUMBER, _shown(row.labels[-1]))
                if not self._head_columns(row, heads):
                    return Refusal(Reason.AMBIGUOUS, _shown(row.labels[0]))
                continue
            if row.labels and not line and not self._is_whole_row(row):
                if len(rows) == 1 and not row.tabbed:
                    return None
                return Refusal(Reason.UNKNOWN_LINE, _shown(row.labels[-1]))
            data.append((row, line))
        if not data:
            return None
        if len(data) == 1 and data[0][1] in (None, *self.lines[:1]) and len(self.lines) == 1:
            only = self._one_row(data[0][0], labelled=data[0][1] is not None)
            if isinstance(only, Reading) or (only and not data[0][1]):
                return only
        if len(data) == 1 and data[0][1] is None and not data[0][0].tabbed:
            return self._whole_row(data[0][0])
        return self._rows_read(data, heads)

    def _one_row(self, row: _Row, *, labelled: bool) -> Reading | Refusal | None:
        """A single row for the cells asked; None where it may be more than that."""
        places = list(row.places)
        most = len(self.asked) + bool(self.total)
        while len(places) > most and not places[-1]:
            places.pop()
        if self._fits(len(places)):
            read = self._fill(places)
            return read if row.tabbed or isinstance(read, Reading) else None
        if self.total and len(row.spaced) == most and _adds_up(row.spaced):
            return self._fill(row.spaced)
        if labelled or not row.tabbed:
            return None
        whole = self._whole_row(row)
        if whole or row.width == self.table.width:
            return whole
        reason = Reason.TOO_FEW if len(places) < len(self.asked) else Reason.TOO_MANY
        return Refusal(reason, "", len(self.asked), len(places))

    def _whole_row(self, row: _Row) -> Reading | Refusal | None:
        """A printed row that holds several lines (table four), with or without totals."""
        cells = self._cells_together(row, self.following)
        if not cells:
            return None
        found = _Found(self.form)
        return found.put_all(cells[1], row.places[: len(cells[1])]) or found.reading()

    def _cells_together(
        self, row: _Row, lines: Sequence[Line]
    ) -> tuple[int, tuple[Cell, ...]] | None:
        """How many of these lines one printed row holds, and its cells, if they fit."""
        if not lines:
            return None
        printed = next(r.cells for r in self.table.rows if lines[0].cells[0].id in r.cells)
        together = [line for line in lines if line.cells[0].id in printed]
        if len(together) < 2:
            return None
        count = len(row.places)
        while count and not row.places[count - 1]:
            count -= 1
        for cells in (
            tuple(cell for line in together for cell in line.printed),
            tuple(cell for line in together for cell in line.cells),
        ):
            if len(row.places) == len(cells) or count == len(cells) < len(row.places):
                return len(together), cells
        return None

    def _rows_read(
        self, data: Sequence[tuple[_Row, Line | None]], heads: set[int]
    ) -> Reading | Refusal:
        """Several rows, by their labels or else in order from the line asked."""
        found = _Found(self.form)
        labelled = any(line for _, line in data)
        done: set[str] = set()
        with_total: set[bool] = set()
        position = 0
        for index, (row, named) in enumerate(data):
            if labelled and not named:
                if any(row.places):
                    return Refusal(Reason.UNKNOWN_LINE, _shown(" ".join(row.places)))
                continue
            if not named:
                rest = self.following[position:]
                together = self._cells_together(row, rest)
                if together and len(row.places) > len(rest[0].printed):
                    position += together[0]
                    refused = found.put_all(together[1], row.places[: len(together[1])])
                    if refused:
                        return refused
                    continue
                if not rest:
                    return self._wrong_count(data)
            line = named or self.following[position]
            position += 1
            if line.id in done:
                return Refusal(Reason.LINE_TWICE, _shown(line.short))
            done.add(line.id)
            places = self._fitted(row, line, last=index == len(data) - 1)
            if isinstance(places, Refusal):
                return places
            if line.total:
                with_total.add(len(places) == len(line.printed))
            cells = line.printed if len(places) == len(line.printed) else line.cells
            refused = found.put_all(cells, places)
            if refused:
                return refused
        if len(with_total) > 1:
            return self._wrong_count(data)
        if with_total and len(heads) > 2 and not self._heads_agree(heads, with_total.pop()):
            return Refusal(Reason.AMBIGUOUS, _shown(data[0][0].places[0]))
        return found.reading()

    def _fitted(self, row: _Row, line: Line, *, last: bool) -> tuple[str, ...] | Refusal:
        """The places of a row that are the figures of a line, its total included if there."""
        places = row.places
        most = len(line.printed)
        if len(places) in (len(line.cells), most):
            return places
        if row.tabbed and row.width in (self.table.width, self.table.width - 1):
            exact = self._by_column(row, line)
            if exact:
                return exact
        if len(places) > most:
            spare = len(places) - most
            ways = {
                places[lead : lead + most]
                for lead in range(spare + 1)
                if (row.labels or not lead)
                and not any(places[:lead])
                and not any(places[lead + most :])
            }
            if len(ways) == 1:
                return ways.pop()
            reason = Reason.AMBIGUOUS if ways else Reason.TOO_MANY
            return Refusal(reason, _shown(line.short), len(line.cells), len(places))
        if len(row.spaced) == most > len(line.cells) and _adds_up(row.spaced):
            return row.spaced
        if last and row.labels and row.tabbed and any(places):
            return places + ("",) * (len(line.cells) - len(places))
        return Refusal(Reason.TOO_FEW, _shown(line.short), len(line.cells), len(places))

    def _by_column(self, row: _Row, line: Line) -> tuple[str, ...] | None:
        """The places that stand where the printed table has the figures of the line."""
        before = row.width - len(row.places)
        whole = ("",) * before + row.places
        cells = line.printed if row.width == self.table.width else line.cells
        columns = [self._columns[cell.id] for cell in cells]
        if columns[0] < before or columns[-1] >= row.width:
            return None
        if any(place for column, place in enumerate(whole) if column not in columns):
            return None
        return tuple(whole[column] for column in columns)

    def _wrong_count(self, data: Sequence[tuple[_Row, Line | None]]) -> Refusal:
        expected = sum(len(line.cells) for line in self.following)
        count = sum(len(row.places) for row, _ in data)
        reason = Reason.TOO_FEW if count < expected else Reason.TOO_MANY
        return Refusal(reason, "", expected, count)

    def _rows(self) -> list[_Row | Refusal] | Refusal:
        rows: list[_Row | Refusal] = []
        texts = [text for text in self._joined().split("\n") if "\t" in text or text.strip(" ")]
        if len(texts) > MOST_ROWS:
            return Refusal(Reason.TOO_MANY, "", len(self.asked), len(texts))
        for text in texts:
            row = self._row(text)
            if isinstance(row, _Row) and row.width > MOST_PLACES:
                return Refusal(Reason.TOO_MANY, "", len(self.asked), row.width)
            rows.append(row)
            if isinstance(row, Refusal):
                break
        return rows

    def _row(self, text: str) -> _Row | Refusal:
        if "\t" in text:
            places = [place.strip(" ") for place in text.split("\t")]
            if len(places) > MOST_PLACES and not any(places[MOST_PLACES:]):
                places = places[:MOST_PLACES]
            start = 0
            for index, place in enumerate(places[: MOST_PLACES + 1]):
                if self._is_label(place):
                    if any(p and not self._is_label(p) for p in places[start:index]):
                        return Refusal(Reason.NOT_A_NUMBER, _shown(place))
                    start = index + 1
            labels = tuple(place for place in places[:start] if place)
            return _Row(labels, tuple(places[start:]), len(places), tabbed=True)
        before, colon, after = text.partition(":")
        if colon and self._is_label(before.strip(" ")):
            text = f"{before.strip(' ').replace(' ', '')} {after}"
        tokens = text.split()
        if len(tokens) > MOST_PLACES:
            return Refusal(Reason.TOO_MANY, "", len(self.asked), len(tokens))
        start = 0
        while start < len(tokens) and self._is_label(tokens[start]):
            start += 1
        labels = tuple(tokens[:start])
        plain = tokens[start:]
        chunks = [chunk for chunk in _PARTS.split(" ".join(plain)) if chunk.strip(",")]
        figures: list[str] = []
        for chunk in chunks:
            grouped = "," not in chunk or _ARABIC.match(chunk.strip(","))
            whole = grouped and not isinstance(_figure(chunk, Unit.FEE), Refusal)
            figures += [chunk] if whole else [piece for piece in chunk.split(",") if piece]
        spaced = tuple(text.strip(" ").split(" "))
        if len(spaced) > MOST_PLACES or [place for place in spaced if place] != tokens:
            spaced = ()
        return _Row(
            labels, tuple(figures), len(figures) + start, tabbed=False, spaced=spaced[start:]
        )

    # ------------------------------------------------------------------- labels

    @cached_property
    def table(self) -> Table:
        body = self.form.section_of[self.asked[0].line].body
        assert isinstance(body, Table), "figures stand in tables"
        return body

    @cached_property
    def _columns(self) -> dict[CellId, int]:
        """Where the printed table has each figure, counted from the left."""
        taken: set[tuple[int, int]] = set()
        found: dict[CellId, int] = {}
        for r, row in enumerate(self.table.grid):
            c = 0
            for box in row:
                while (r, c) in taken:
                    c += 1
                taken.update((r + i, c + j) for i in range(box.rows) for j in range(box.columns))
                if box.cell:
                    found[box.cell] = c
                c += box.columns
        return found

    @cached_property
    def _line_names(self) -> dict[str, Line | None]:
        """What a line may be called in a table; None where two are called so."""
        found: dict[str, Line | None] = {}
        for line in self.table.lines:
            for name in {
                _name(line.label),
                _name(_ENUMERATOR.sub("", _cleaned(line.label))),
                _name(line.short),
                _name("".join(line.path)),
            }:
                found[name] = line if found.get(name, line) is line else None
        return found

    @cached_property
    def _known(self) -> frozenset[str]:
        """Every text that the printed table and its heading hold."""
        section = self.form.section_of[self.table.id]
        texts = {_name(box.text) for row in self.table.grid for box in row if box.text}
        texts |= {_name(row.label) for row in self.table.rows}
        texts |= {_name(self.table.short), _name(section.heading), _name(section.title)}
        texts |= {_name(variant) for variant in section.variants}
        texts |= {_name(section.number + variant) for variant in section.variants}
        return frozenset(texts | self._line_names.keys())

    @cached_property
    def _head_names(self) -> dict[str, int]:
        """The heads of the columns of figures, in printed order."""
        names = dict.fromkeys(
            _name(cell.column.label) for line in self.table.lines for cell in line.printed
        )
        return {name: index for index, name in enumerate(names)}

    def _is_label(self, place: str) -> bool:
        if _is_blank(place) or _ARABIC.fullmatch(place):
            return False
        if _name(place) in self._known:
            return True
        words = _WORD.findall(place)
        if not any(set(word) - set(_NUMERALS) for word in words):
            return False
        read = _figure(place, Unit.FEE)
        return isinstance(read, Refusal) and read.reason is Reason.NOT_A_NUMBER

    def _line_of(self, row: _Row) -> Line | None:
        """The line that the labels of a row name."""
        if not row.labels:
            return None
        last, joined = _name(row.labels[-1]), _name("".join(row.labels))
        for name in (last, joined):
            if self._line_names.get(name):
                return self._line_names[name]
        if last in self._known:
            return None
        for name in (joined, last):
            if len(name) < 4:
                continue
            alike = {
                line.id: line
                for known, line in self._line_names.items()
                if line and len(known) >= 4 and (name in known or known in name)
            }
            if len(alike) == 1:
                return next(iter(alike.values()))
        return None

    def _is_head(self, row: _Row, line: Line | None) -> bool:
        """A row of texts only; a line's label before empty places is a row of blanks."""
        if not row.labels or any(row.places):
            return False
        columns = sum(_name(label) in self._head_names for label in row.labels)
        return not row.places or not line or columns > 1

    def _is_known(self, row: _Row) -> bool:
        return all(_name(label) in self._known for label in row.labels)

    def _is_whole_row(self, row: _Row) -> bool:
        """Whether the label is that of a printed row that holds several lines."""
        name = _name("".join(row.labels))
        return any(name == _name(printed.label) for printed in self.table.rows)

    def _head_columns(self, row: _Row, heads: set[int]) -> bool:
        """Note the columns a row of heads names; False where they stand in another order."""
        before = -1
        for label in row.labels:
            index = self._head_names.get(_name(label))
            if index is None:
                continue
            if index <= before and index != 0:
                return False
            before = index
            heads.add(index)
        return True

    def _heads_agree(self, heads: set[int], with_total: bool) -> bool:
        """Whether all columns that the rows should have were named above them."""
        return heads == set(range(len(self._head_names) - (not with_total)))

    # -------------------------------------------------------------------- keyed

    def _keyed(self) -> Reading | Refusal | None:
        """自然人3，商业企业1，其余为0: figures with the names of their columns."""
        if len(self.text) > LONGEST_SENTENCE:
            return None
        text = self._joined().replace("其它", "其他")
        names = self._cell_names
        pattern = "|".join(
            map(re.escape, sorted({*names, *_REST, _OTHER, *_TOTAL}, key=len, reverse=True))
        )
        before, *parts = re.split(f"({pattern})", text)
        if not parts:
            words = [w for w in _WORD.findall(text) if set(w) - set(_NUMERALS)]
            return Refusal(Reason.UNKNOWN_COLUMN, _shown(words[0])) if words else None
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        found = _Found(self.form)
        named: dict[CellId, str] = {}
        waiting: list[str] = []
        rest: str | None = None

        leading = before.strip(_JOINS)
        if leading:
            chunks = [chunk for chunk in _PARTS.split(leading) if chunk.strip(",")]
            if len(pairs) > 1 or not self._is_rest(*pairs[0]) or len(chunks) >= len(self.asked):
                return self._stranger(leading)
            refused = found.put_all(self.asked[: len(chunks)], chunks)
            if refused:
                return refused
            named = {cell.id: "" for cell in self.asked[: len(chunks)]}

        for name, after in pairs:
            lead = _LEADS.match(after)
            piece = after[lead.end() if lead else 0 :].rstrip(_JOINS)
            if not piece:
                waiting.append(name)
                continue
            if waiting and not (lead and _EACH.search(lead[0])):
                return Refusal(Reason.NOT_A_NUMBER, _shown(waiting[0]))
            if not waiting and self._is_rest(name, after):
                if rest is not None:
                    return Refusal(Reason.COLUMN_TWICE, name)
                each = bool(lead and _EACH.search(lead[0]))
                read = _figure(piece, Unit.COUNT)
                if isinstance(read, _Figure) and read.value != 0 and not each:
                    return Refusal(Reason.AMBIGUOUS, _shown(name + after))
                rest = piece
                continue
            for key in (*waiting, name):
                cell = self._cell_called(key)
                if cell is None:
                    return Refusal(Reason.UNKNOWN_COLUMN, _shown(key))
                if cell.id in named:
                    return Refusal(Reason.COLUMN_TWICE, _shown(key))
                named[cell.id] = key
                refused = found.put(cell, piece)
                if refused:
                    stranger = refused.reason is Reason.NOT_A_NUMBER
                    return self._stranger(piece) if stranger else refused
            waiting = []
        if waiting:
            return Refusal(Reason.NOT_A_NUMBER, _shown(waiting[0]))
        if rest is not None:
            for cell in self.asked:
                refused = None if cell.id in named else found.put(cell, rest)
                if refused:
                    return refused
        if not found.values and not found.blanks:
            return Refusal(Reason.TOO_FEW, "", len(self.asked), 0)
        return found.reading()

    def _is_rest(self, name: str, after: str) -> bool:
        """其余0; 其他都是0; 其他0 only where no column is called 其他."""
        if name != _OTHER:
            return name in _REST
        lead = _LEADS.match(after)
        plural = bool(lead and _PLURAL.search(lead[0]))
        return plural or self._cell_names.get(_OTHER) is None

    def _cell_called(self, name: str) -> Cell | None:
        cell = self._cell_names.get(name)
        if cell:
            return cell if cell in self.asked else None
        if name in _TOTAL and len(self.lines) == 1:
            return self.lines[0].total
        return None

    def _stranger(self, piece: str) -> Refusal:
        """A piece of a keyed answer that is no figure: a column we do not know?"""
        words = [word for word in _WORD.findall(piece) if set(word) - set(_NUMERALS)]
        if words:
            return Refusal(Reason.UNKNOWN_COLUMN, _shown(words[0]))
        return Refusal(Reason.NOT_A_NUMBER, _shown(piece))

    @cached_property
    def _cell_names(self) -> dict[str, Cell | None]:
        """What the cells may be called; None where two are called so."""
        found: dict[str, Cell | None] = {}

        def call(cell: Cell, names: Iterable[str]) -> None:
            for name in names:
                if len(name) > 1:
                    found[name] = cell if found.get(name, cell) is cell else None

        cells = [cell for line in self.lines for cell in line.cells]
        for line in self.lines:
            names = _called(line.label, line.short)
            for cell in line.cells:
                column = _called(cell.column.label, cell.column.name)
                if len(line.cells) == 1:
                    call(cell, names)
                elif len(self.lines) > 1:
                    call(cell, (a + b for a in names for b in column))
                call(cell, column)
        beginnings: dict[str, set[CellId]] = {}
        by_id = {cell.id: cell for cell in cells}
        for cell in cells:
            for name in _called(cell.column.label, cell.column.name):
                for end in range(2, min(len(name), 7)):
                    beginnings.setdefault(name[:end], set()).add(cell.id)
            for name in _CALLED.get(cell.column.id, ()):
                beginnings.setdefault(name, set()).add(cell.id)
        for name, owners in beginnings.items():
            if name not in found:
                found[name] = by_id[next(iter(owners))] if len(owners) == 1 else None
        return found

    # ------------------------------------------------------------------ refused

    def _refusal(self) -> Refusal:
        """Nothing fitted: too few or too many figures, or the first piece that is none."""
        unit = self.asked[0].unit
        pieces = [piece for piece in re.split(r"[ \t\n、;:|,]+", self._joined()) if piece]
        for piece in pieces[:MOST_PLACES]:
            read = _figure(piece, unit)
            if isinstance(read, Refusal) and not _is_blank(piece):
                return read
        few = len(pieces) < len(self.asked)
        reason = Reason.TOO_FEW if few else Reason.TOO_MANY
        if len(pieces) == len(self.asked):
            reason = Reason.AMBIGUOUS
        return Refusal(reason, _shown(self.text), len(self.asked), len(pieces), unit)


def _name(text: str) -> str:
    """A label without blanks and punctuation."""
    return _NOT_IN_NAMES.sub("", text.translate(_PLAIN))


def _called(label: str, short: str) -> tuple[str, ...]:
    plain = _cleaned(label)
    names = (plain, _ENUMERATOR.sub("", plain), plain.partition("(")[0], _cleaned(short))
    return tuple(dict.fromkeys(name for name in names if len(name) > 1))


def _adds_up(places: Sequence[str]) -> bool:
    """Whether the last figure is the sum of those before it, empty places left out."""
    figures = [_figure(place, Unit.FEE) for place in places if not _is_blank(place)]
    values = [figure.value for figure in figures if isinstance(figure, _Figure)]
    return (
        len(values) == len(figures) > 1
        and not _is_blank(places[-1])
        and sum(values[:-1]) == values[-1]
    )


def _divided(chunks: Sequence[str], wanted: set[int]) -> tuple[str, ...] | Refusal | None:
    """
    The one way to read commas as separators or within thousands that gives as many
    figures as wanted; None where there is none.

    `1,234` is one figure where one is wanted and two where two are.
    """
    parts = [chunk.strip(",").split(",") for chunk in chunks]
    if sum(map(len, parts)) > 4 * max(wanted):
        return None
    ways: dict[int, tuple[int, tuple[str, ...]]] = {0: (1, ())}
    for pieces in parts:
        if not all(pieces):
            return Refusal(Reason.NOT_A_NUMBER, _shown(",".join(pieces)))
        ends: list[dict[int, tuple[int, tuple[str, ...]]]] = [{} for _ in range(len(pieces) + 1)]
        ends[0] = ways
        for start in range(len(pieces)):
            for end in _groups(pieces, start):
                figure = ",".join(pieces[start:end])
                for count, (number, places) in ends[start].items():
                    if count < max(wanted):
                        known = ends[end].get(count + 1, (0, ()))[0]
                        ends[end][count + 1] = (known + number, (*places, figure))
        ways = ends[-1]
    fitting = [ways[count] for count in wanted if count in ways]
    if not fitting:
        return None
    if len(fitting) > 1 or fitting[0][0] > 1:
        return Refusal(Reason.AMBIGUOUS, _shown(" ".join(chunks)), min(wanted))
    return fitting[0][1]


def _groups(pieces: Sequence[str], start: int) -> Iterable[int]:
    """Where a figure that begins at `start` may end: alone, or with groups of three."""
    yield start + 1
    if not _GROUP_START.fullmatch(pieces[start]):
        return
    for end in range(start + 1, min(start + 4, len(pieces))):
        if _GROUP_LAST.fullmatch(pieces[end]):
            yield end + 1
        if not _GROUP_NEXT.fullmatch(pieces[end]):
            return


# -------------------------------------------------------- years, dates, yes, no

FIRST_YEAR = 2008
LAST_YEAR = 2100

_YEAR = re.compile(r"([0-9]{4})[ ]*(?:年度?)?|([0-9]{2})[ ]*年度?")
_CHINESE_YEAR = re.compile(
    r"([零〇○Oo0一二三四五六七八九]{4})[ ]*(?:年度?)?|([零〇○一二三四五六七八九]{2})年度?"
)
_DATE = re.compile(
    r"([0-9]{4})[ ]*(?:[-./年][ ]*)([0-9]{1,2})[ ]*(?:[-./月][ ]*)([0-9]{1,2})[ ]*[日号]?"
    r"(?:[ T]00:00(?::00)?)?"
)
_DATE_RUN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CHINESE_DATE = re.compile(
    r"([零〇○Oo0一二三四五六七八九]{4})年([零〇一二三四五六七八九十]{1,3})月([零〇一二三四五六七八九十]{1,3})[日号]?"
)


def read_year(text: str) -> int | None:
    """2023, ２０２３年, 二〇二三年, 23年 → 2023; None for anything else or implausible."""
    text = _short(text)
    found = _YEAR.fullmatch(text)
    if found:
        year = int(found[1] or f"20{found[2]}")
    else:
        chinese = _CHINESE_YEAR.fullmatch(text)
        digits = chinese and read_digits(_round_zeros(chinese[1] or f"二〇{chinese[2]}"))
        if not digits:
            return None
        year = int(digits)
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def read_date(text: str) -> str | None:
    """2024-1-15, 2024.01.15, 二〇二四年一月十五日 → 2024年1月15日; None if no such day."""
    text = _short(text)
    found = _DATE.fullmatch(text) or _DATE_RUN.fullmatch(text)
    if found:
        year, month, day = (int(part) for part in found.groups())
    else:
        chinese = _CHINESE_DATE.fullmatch(text)
        if not chinese:
            return None
        digits = read_digits(_round_zeros(chinese[1]))
        parts = [read_chinese(part.lstrip("零〇")) for part in chinese.groups()[1:]]
        if not digits or not all(isinstance(part, int) for part in parts):
            return None
        year, (month, day) = int(digits), (int(part or 0) for part in parts)
    if not FIRST_YEAR <= year <= LAST_YEAR + 1:
        return None
    try:
        date(year, month, day)
    except ValueError:
        return None
    return f"{year}年{month}月{day}日"


def format_number(value: Number) -> str:
    """A figure as it is shown and printed: no trailing zeros, no exponent."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


_YES = _words(
    "是 是的 对 对的 好 好的 确认 确定 可以 嗯 嗯嗯 行 没错 没问题 没有问题 正确 无误 同意 要"
    " 对对 是是 ok okay yes y 👍 👌 ✅"
)
_NO = _words(
    "不 否 不对 不是 不行 不要 不用 不好 不可以 不确认 不同意 不正确 不必 错 错了 有误 算了"
    " no n nope ❌"
)
_PARTICLES = "啊呀吧了哦呢的哈噢喔嘛"


def is_yes(text: str) -> bool:
    """Whether somebody said yes; neither yes nor no is common, so ask both."""
    return _said(text) & _YES != set()


def is_no(text: str) -> bool:
    """Whether somebody said no."""
    return _said(text) & _NO != set()


def is_none(text: str) -> bool:
    """无, 没有 and the like: there was nothing of it."""
    return _said(text) & _NONE != set()


def _said(text: str) -> set[str]:
    """The word that a short answer consists of, with and without particles."""
    word = re.sub(r"[\s,.!?;:。！？、~…]+", "", _short(text)).casefold()
    word = word.translate({0xFE0F: None})
    return {word, word.rstrip(_PARTICLES)} - {""}


def _short(text: str) -> str:
    return _cleaned(text).strip(_ENDS) if len(text) <= LONGEST_FIGURE else ""


def _round_zeros(digits: str) -> str:
    """二OO三 and 二○○三 are written with letters and circles for 〇."""
    return digits.translate(dict.fromkeys(map(ord, "○Oo0"), "〇"))
