"""The look of text in a Word run: raised, struck out, hidden; by its own settings or its style."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from conversations.document.read.blocks import Element
from conversations.document.read.marks import FORMULA, Look, Piece

MAX_BASES = 12  # styles based on each other
SMALLEST = 10  # half points; smaller text is unreadable
LOWEST = 80  # twentieths of a point
NARROWEST = 20  # percent of a character's width
ALIKE = 24  # of 256 for each part of a colour: nearer ones look the same
WHITE, COLOUR_DIGITS, LONG = "FFFFFF", 6, 5
_HIGHLIGHTS = {
    "black": "000000",
    "darkBlue": "000080",
    "darkGreen": "008000",
    "darkRed": "800000",
    "blue": "0000FF",
    "red": "FF0000",
    "darkGray": "808080",
    "white": WHITE,
}
# In these fonts letters are drawn as signs: «P» as a tick.
_OF_SIGNS = {
    **dict.fromkeys(
        ("wingdings", "wingdings 2", "wingdings 3", "webdings"), r"[!-~\uf000-\uf0ff]+"
    ),
    "symbol": r"[A-Za-z\uf000-\uf0ff]+",
}


_IN_CIRCLE = re.compile(r"\\o(?:\\a[clr])?\([○◯〇][,，;；]([1-9]|1\d|20)\)", re.IGNORECASE)
_MOVED = re.compile(r"\\s\\(up|do)\d*\(([^()]{1,12})\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Properties:
    """
    The settings of a run or a style; None if not set.

    `position` and `size` are in half points, `width` is the width of characters in percent;
    `ground` is the colour behind the text.
    """

    align: str | None = None
    position: int | None = None
    struck: bool | None = None
    gone: bool | None = None
    colour: str | None = None
    ground: str | None = None
    size: int | None = None
    width: int | None = None
    font: str | None = None
    based_on: str = ""

    def over(self, other: Properties) -> Properties:
        """These settings, completed by the other's."""
        return Properties(
            self.align if self.align is not None else other.align,
            self.position if self.position is not None else other.position,
            self.struck if self.struck is not None else other.struck,
            self.gone if self.gone is not None else other.gone,
            self.colour if self.colour is not None else other.colour,
            self.ground if self.ground is not None else other.ground,
            self.size if self.size is not None else other.size,
            self.width if self.width is not None else other.width,
            self.font if self.font is not None else other.font,
        )


NOTHING = Properties()


class Styles:
    """The styles of a document, as far as they set the look of text."""

    def __init__(self, root: Element | None) -> None:
        """Read the styles from their part, None if the document has none."""
        self._named: dict[str, Properties] = {}
        self._default = ""
        for style in root if root is not None else ():
            if local(style) != "style":
                continue
            name = value(style, "styleId")
            own = _properties(child(style, "rPr"))
            self._named[name] = replace(own, based_on=value(child(style, "basedOn")))
            if value(style, "type") == "paragraph" and value(style, "default") in {"1", "true"}:
                self._default = name

    def piece(self, paragraph: Element, run: Element, ground: str = "") -> Piece:
        """The look of a run, without its text; `ground` is the colour of its box."""
        styled = child(child(paragraph, "pPr"), "pStyle")
        of_paragraph = self._of(value(styled) or self._default)
        properties = child(run, "rPr")
        of_style = self._of(value(child(properties, "rStyle")))
        # A setting that both styles switch on is off.
        struck = bool(of_style.struck) != bool(of_paragraph.struck)
        gone = bool(of_style.gone) != bool(of_paragraph.gone)
        under = replace(of_style.over(of_paragraph), struck=struck, gone=gone)
        looks = _properties(properties).over(under)
        if looks.gone:
            look = Look.GONE
        elif looks.struck:
            look = Look.STRUCK
        else:
            look = {"superscript": Look.RAISED, "subscript": Look.LOWERED}.get(
                looks.align or "", Look.PLAIN
            )
        if _is_tiny(looks) or is_squeezed(child(child(paragraph, "pPr"), "spacing"), "line"):
            look = Look.GONE
        behind = looks.ground or _ground(child(paragraph, "pPr")) or ground or WHITE
        pale = looks.colour is not None and _is_alike(looks.colour, behind)
        return Piece(
            "", look, looks.position or 0, pale=pale, signs=_OF_SIGNS.get(looks.font or "", "")
        )

    def _of(self, name: str) -> Properties:
        found = NOTHING
        for _ in range(MAX_BASES):
            own = self._named.get(name)
            if own is None:
                break
            found = found.over(own)
            name = own.based_on
        return found


def equation(field: str) -> Piece:
    """The result of an EQ field: a number in a circle, raised or lowered text; else a formula."""
    squeezed = "".join(field.split())
    if not squeezed.lower().startswith("eq"):
        return Piece("")
    if circled := _IN_CIRCLE.search(squeezed):
        return Piece(chr(ord("①") + int(circled.group(1)) - 1))
    if moved := _MOVED.search(squeezed):
        up = moved.group(1).lower() == "up"
        return Piece(moved.group(2), Look.RAISED if up else Look.LOWERED)
    return Piece(FORMULA)


def _properties(element: Element | None) -> Properties:
    struck: bool | None = None
    for name in ("strike", "dstrike"):
        said = _switched(child(element, name))
        struck = said if said is not None and not struck else struck
    position = value(child(element, "position"))
    digits = position.removeprefix("-")
    moved = int(position) if digits.isascii() and digits.isdigit() and len(digits) < 5 else None
    align = child(element, "vertAlign")
    font = child(element, "rFonts")
    return Properties(
        None if align is None else value(align),
        moved,
        struck,
        _switched(child(element, "vanish")),
        _colour(child(element, "color"), "val"),
        _ground(element),
        _counted(child(element, "sz")),
        _counted(child(element, "w")),
        None if font is None else (value(font, "ascii") or value(font, "hAnsi")).casefold(),
    )


def ground_of(box: Element | None) -> str:
    """The fill colour of a box, or of the row or table around it; "" for none."""
    return _ground(box) or ""


def _ground(properties: Element | None) -> str | None:
    """The colour behind text with these properties."""
    marked = _HIGHLIGHTS.get(value(child(properties, "highlight")))
    return marked or _colour(child(properties, "shd"), "fill")


def _colour(element: Element | None, name: str) -> str | None:
    """A colour as six digits; None for an automatic one."""
    said = value(element, name).upper()
    return said if len(said) == COLOUR_DIGITS else None


def _is_alike(colour: str, behind: str) -> bool:
    """Whether a colour cannot be told from the one behind it."""
    try:
        pairs = zip(bytes.fromhex(colour), bytes.fromhex(behind), strict=True)
        return max(abs(one - other) for one, other in pairs) < ALIKE
    except ValueError:
        return False


def _is_tiny(looks: Properties) -> bool:
    """Whether text is too small or too narrow to be read."""
    too_small = looks.size is not None and looks.size < SMALLEST
    return too_small or (looks.width is not None and looks.width < NARROWEST)


def is_squeezed(height: Element | None, name: str = "val") -> bool:
    """Whether an exact height makes a line or a row invisible."""
    exact = "exact" in (value(height, "lineRule"), value(height, "hRule"))
    said = value(height, name)
    return exact and said.isdigit() and int(said[:LONG]) < LOWEST


def _counted(element: Element | None) -> int | None:
    said = value(element)
    return int(said) if said.isascii() and said.isdigit() and len(said) < LONG else None


def _switched(element: Element | None) -> bool | None:
    return None if element is None else value(element) not in {"0", "false", "off"}


# -------------------------------------------------------------- elements of Word files


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def value(element: Element | None, name: str = "val") -> str:
    """An attribute, "" if it is missing."""
    if element is None:
        return ""
    for key, said in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(said)
    return ""


def child(element: Element | None, name: str) -> Element | None:
    """The first child of this name."""
    if element is None:
        return None
    return next((each for each in element if local(each) == name), None)
