"""The numbers that Word prints before paragraphs of lists, as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from conversations.document.read.blocks import Element
from conversations.document.read.docx_looks import MAX_BASES, child, local, value

LEVELS = 9
MAX_START = 10_000
MAX_AROUND = 60  # characters around a number
MAX_WRITTEN = 999  # a larger number is in digits, in every format

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: the format of its number, the text around it, its first number."""

    kind: str = "decimal"
    text: str = ""
    start: int = 1
    restarts: int = -1  # after a number of this level or a higher one; -1: of any higher one
    blank: bool = False  # a blank follows the number
    decimal: bool = False  # the numbers of higher levels are in digits here


@dataclass(slots=True)
class List:
    """A list in use: the definition it shares with others, its levels, and its first numbers."""

    shared: str
    levels: dict[int, Level]
    begins: dict[int, int] = field(default_factory=dict)


class Numbering:
    """
    The automatic numbers of a document; call `before` for each paragraph in order.

    Args:
        root: The part with the lists, None if there is none.
        styles: The part with the styles, which may belong to lists.
    """

    def __init__(self, root: Element | None, styles: Element | None) -> None:
        """Read the lists, and the styles that belong to them."""
        self._lists: dict[str, List] = {}
        self._styled: dict[str, tuple[str, str, str]] = {}  # style → list, level, basis
        self._default = ""
        self._counts: dict[tuple[str, int], int] = {}
        self._begun: set[str] = set()
        for style in styles if styles is not None else ():
            if local(style) == "style":
                name = value(style, "styleId")
                number = child(child(style, "pPr"), "numPr")
                self._styled[name] = (
                    value(child(number, "numId")),
                    value(child(number, "ilvl")),
                    value(child(style, "basedOn")),
                )
                if value(style, "type") == "paragraph" and value(style, "default") in _ON:
                    self._default = name
        if root is not None:
            self._learn(root)

    def _learn(self, root: Element) -> None:
        abstract: dict[str, dict[int, Level]] = {}
        linked: dict[str, str] = {}  # lists that take their levels from a style
        by_style: dict[str, dict[int, Level]] = {}
        for element in root:
            if local(element) != "abstractNum":
                continue
            name = value(element, "abstractNumId")
            levels = {i: level for part in element for i, level in _level(part)}
            abstract[name] = levels
            if style := value(child(element, "numStyleLink")):
                linked[name] = style
            if style := value(child(element, "styleLink")):
                by_style[style] = levels
            for part in element:
                if local(part) == "lvl" and (style := value(child(part, "pStyle"))):
                    known = self._styled.get(style)
                    if known is not None and known[0]:
                        self._styled[style] = (known[0], value(part, "ilvl"), known[2])
        for element in root:
            if local(element) != "num":
                continue
            shared = value(child(element, "abstractNumId"))
            if shared not in abstract:
                continue
            made = List(shared, dict(abstract[shared] or by_style.get(linked.get(shared, ""), {})))
            for part in element:
                if local(part) == "lvlOverride":
                    index = _number(value(part, "ilvl"), 0, LEVELS - 1)
                    for i, level in _level(child(part, "lvl")):
                        made.levels[i] = level
                    if (start := child(part, "startOverride")) is not None:
                        made.begins[index] = _number(value(start), 1, MAX_START)
            self._lists[value(element, "numId")] = made

    def before(self, paragraph: Element) -> str:
        """The number that Word prints before a paragraph; the paragraph is counted."""
        properties = child(paragraph, "pPr")
        own = child(properties, "numPr")
        name, index = value(child(own, "numId")), value(child(own, "ilvl"))
        if not name:
            name, styled = self._of_style(value(child(properties, "pStyle")) or self._default)
            index = index or styled
        numbered = self._lists.get(name)
        at = _number(index, 0, LEVELS - 1)
        if numbered is None or at not in numbered.levels:
            return ""
        self._count(name, numbered, at)
        return self._printed(numbered, at)

    def _of_style(self, style: str) -> tuple[str, str]:
        level = ""
        for _ in range(MAX_BASES):
            name, own, below = self._styled.get(style, ("", "", ""))
            level = level or own
            if name or not below:
                return name, level
            style = below
        return "", ""

    def _count(self, name: str, numbered: List, at: int) -> None:
        if name not in self._begun:
            self._begun.add(name)
            for index, start in numbered.begins.items():
                self._counts[numbered.shared, index] = start - 1
        start = numbered.levels[at].start
        self._counts[numbered.shared, at] = self._counts.get((numbered.shared, at), start - 1) + 1
        for deeper in range(at + 1, LEVELS):
            level = numbered.levels.get(deeper)
            if level is None or level.restarts < 0 or at < level.restarts:
                self._counts.pop((numbered.shared, deeper), None)

    def _printed(self, numbered: List, at: int) -> str:
        own = numbered.levels[at]
        if own.kind == "bullet":
            private = any("\ue000" <= char <= "\uf8ff" for char in own.text)
            return "•" if private else own.text
        text = own.text
        for index in range(at + 1):
            level = numbered.levels.get(index, Level())
            if own.decimal:
                level = replace(level, kind="decimal")
            count = self._counts.get((numbered.shared, index), level.start)
            text = text.replace(f"%{index + 1}", said(count, level.kind))
        return text + (" " if own.blank and text else "")


_ON = {"1", "true", "on"}


def _level(element: Element | None) -> list[tuple[int, Level]]:
    """A level with its index; empty for any other element."""
    if element is None or local(element) != "lvl":
        return []
    restarts = child(element, "lvlRestart")
    decimal = child(element, "isLgl")
    made = Level(
        value(child(element, "numFmt")) or "decimal",
        value(child(element, "lvlText"))[:MAX_AROUND],
        _number(value(child(element, "start")), 1, MAX_START),
        -1 if restarts is None else _number(value(restarts), 0, LEVELS),
        value(child(element, "suff")) == "space",
        decimal is not None and value(decimal) not in {"0", "false", "off"},
    )
    return [(_number(value(element, "ilvl"), 0, LEVELS - 1), made)]


def _number(text: str, default: int, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 7 else default


# ------------------------------------------------------------------ numbers as printed


def chinese(number: int) -> str:
    """A number up to 999 in the style of lists: 十二, 一百零三."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _legal(number: int) -> str:
    text = chinese(number).translate(str.maketrans(_DIGITS + "十百", _LEGAL + "拾佰"))
    return f"壹{text}" if text.startswith("拾") else text


def _roman(number: int) -> str:
    text = ""
    for worth, letters in (*_ROMAN, (1, "i")):
        text += letters * (number // worth)
        number %= worth
    return text


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _from(first: str, most: int) -> Callable[[int], str]:
    """Consecutive characters, digits after the last one."""
    return lambda number: chr(ord(first) + number - 1) if number <= most else str(number)


def _of(row: str) -> Callable[[int], str]:
    return lambda number: row[(number - 1) % len(row)]


def _each_digit(row: str) -> Callable[[int], str]:
    return lambda number: "".join(row[int(digit)] for digit in str(number))


_KINDS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": _each_digit(_DIGITS),
    "japaneseDigitalTenThousand": _each_digit(_DIGITS),
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "decimalFullWidth": _each_digit("０１２３４５６７８９"),
    "decimalFullWidth2": _each_digit("０１２３４５６７８９"),
    "none": lambda _number: "",
}


def said(number: int, kind: str) -> str:
    """A number in one of Word's formats; in digits for an unknown one."""
    return _KINDS.get(kind, str)(number) if 0 < number <= MAX_WRITTEN else str(number)
