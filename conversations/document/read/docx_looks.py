"""How the text of a Word run looks: raised, struck out, hidden; by its own wish or its style's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from conversations.document.read.blocks import Element
from conversations.document.read.marks import FORMULA, Look, Piece

MAX_BASES = 12  # styles that build on each other


_IN_CIRCLE = re.compile(r"\\o(?:\\a[clr])?\([○◯〇][,，;；]([1-9]|1\d|20)\)", re.IGNORECASE)
_MOVED = re.compile(r"\\s\\(up|do)\d*\(([^()]{1,12})\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Properties:
    """What a run or a style sets; None where it says nothing. `position` in half points."""

    align: str | None = None
    position: int | None = None
    struck: bool | None = None
    gone: bool | None = None
    white: bool | None = None
    based_on: str = ""

    def over(self, other: Properties) -> Properties:
        """These where they say something, else the other's."""
        return Properties(
            self.align if self.align is not None else other.align,
            self.position if self.position is not None else other.position,
            self.struck if self.struck is not None else other.struck,
            self.gone if self.gone is not None else other.gone,
            self.white if self.white is not None else other.white,
        )


NOTHING = Properties()


class Styles:
    """The styles of a document, as far as they say how text looks."""

    def __init__(self, root: Element | None) -> None:
        """Take them out of the part that has them; None where there is none."""
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

    def piece(self, paragraph: Element, run: Element, text: str = "") -> Piece:
        """A text of a run as it looks there."""
        styled = child(child(paragraph, "pPr"), "pStyle")
        of_paragraph = self._of(value(styled) or self._default)
        properties = child(run, "rPr")
        of_style = self._of(value(child(properties, "rStyle")))
        # What both switch on, is off again.
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
        return Piece(text, look, looks.position or 0, pale=bool(looks.white))

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
    """What an EQ field prints: a number in a circle, raised or lowered text; else a formula."""
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
    colour = child(element, "color")
    return Properties(
        None if align is None else value(align),
        moved,
        struck,
        _switched(child(element, "vanish")),
        None if colour is None else value(colour).upper() == "FFFFFF",
    )


def _switched(element: Element | None) -> bool | None:
    return None if element is None else value(element) not in {"0", "false", "off"}


# -------------------------------------------------------------- elements of Word's files


def local(element: Element) -> str:
    """The name of an element, whatever its namespace."""
    return str(element.tag).rpartition("}")[2]


def value(element: Element | None, name: str = "val") -> str:
    """An attribute, empty where it is not there."""
    if element is None:
        return ""
    for key, said in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(said)
    return ""


def child(element: Element | None, name: str) -> Element | None:
    """The first child of a name."""
    if element is None:
        return None
    return next((each for each in element if local(each) == name), None)
