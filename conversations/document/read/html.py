"""
Reads a saved web page as blocks, without scripts, styles and hidden parts; merged boxes are laid
out.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import cast

from conversations.document.read.blocks import (
    Block,
    Element,
    Grid,
    Link,
    Para,
    Path,
    RawCell,
    Source,
    Unreadable,
    UnreadableReason,
    WorkBudget,
    lay_out,
)
from conversations.document.read.marks import PICTURE, Look, Piece, joined
from conversations.document.read.sections import lays_out_page
from conversations.document.read.text import decode

MAX_PAGE = 16_000_000
MAX_TAGS = 400_000
MAX_DEPTH = 200
MAX_STYLES = 100_000  # characters of a style sheet

_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_META = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
# fmt: off
_SILENT = frozenset(
    (
        "script", "style", "noscript", "template", "textarea", "select", "option",
        "button", "input", "head", "title", "meta", "link", "svg", "math", "audio",
        "video", "canvas", "object", "applet", "map", "area", "datalist", "iframe",
        "embed", "xml", "rp",
    )
)
_BLOCK = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend",
        "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "ucapcontent",
    )
)
# fmt: on
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:left|text-indent)\s*:\s*-\d{3}"
    r"|(?:font-size|opacity)\s*:\s*0(?:\.0+)?\s*(?:[a-z%]*\s*)(?:;|!|$)"
)
_LINE_THROUGH = re.compile(
    r"text-decoration[a-z\-]*\s*:[^;]*line-through|text-line-through\s*:\s*[^n\s]"
)
_RAISED = re.compile(
    r"vertical-align\s*:\s*(?:super|text-top|\+?\d*\.?\d*[1-9])"
    r"|mso-text-raise\s*:\s*\+?\d*\.?\d*[1-9]"
    r"|(?:^|[;\s])top\s*:\s*-\d"
)
_LOWERED = re.compile(
    r"vertical-align\s*:\s*(?:sub|text-bottom|-\d)|mso-text-raise\s*:\s*-\d"
    r"|position\s*:\s*relative.*(?:^|[;\s])top\s*:\s*\d"
)
_COLOUR = re.compile(r"(?:^|[;\s\"])color\s*:\s*([^;]+)")
_WHITE = re.compile(r"#?(?:fff|ffffff)|white|rgb\(255, *255, *255\)")
_AT_TOP = re.compile(r"vertical-align\s*:\s*top")
_ON_LINE = re.compile(r"vertical-align\s*:\s*baseline")
_TAGS = {
    "sup": Look.RAISED,
    "rt": Look.RAISED,
    "sub": Look.LOWERED,
    "s": Look.STRUCK,
    "strike": Look.STRUCK,
    "del": Look.STRUCK,
}
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{1,2000})\}")
_OF_CLASS = re.compile(r"[a-z0-9]*\.([\w-]+)$")
_STYLED = re.compile(r"vertical-align|line-through|text-raise|color|display|visibility|mso-hide")
_SPACER = re.compile(r"spacer|blank|/space\.|data:image/gif")
_BREAKS = re.compile(r"[ \t\r\n\f]+")
_WIDE = "\u2018-\u201d\u2e80-\u9fff\uff00-\uffef\u3000-\u303f"
_WRAPPED = re.compile(f"(?<=[{_WIDE}])\x1f|\x1f(?=[{_WIDE}])")
_SPAN = re.compile(r"\s*(\d{1,4})")


def looks_like_html(head: bytes) -> bool:
    """Whether a file begins like a web page; its name does not matter."""
    start = head[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")) or (
        start.startswith(b"<")
        and any(
            tag in start for tag in (b"<html", b"<body", b"<div", b"<p", b"<table", b"<h1", b"<h2")
        )
    )


def read_page(data: bytes, work: WorkBudget, *, hidden: bool = False) -> Source:
    """
    Read a page; with `hidden` also parts that its styles hide.

    Raises:
        Unreadable: It is too large, too deep, or no page at all.
    """
    from lxml import etree, html

    if len(data) > MAX_PAGE or data.count(b"<") > MAX_TAGS:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    declared = _META.search(data[:8192].replace(b"\x00", b""))
    text = decode(data, declared.group(1).decode("ascii") if declared else "")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    # Like browsers, read content after the end tag, too: perhaps a second page.
    text = _END.sub("", text)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = cast("Element", etree.fromstring(text, parser)) if text.strip() else None
    except (etree.XMLSyntaxError, etree.ParserError, ValueError) as error:
        raise Unreadable(UnreadableReason.BROKEN) from error
    if root is None:
        raise Unreadable(UnreadableReason.EMPTY)
    reader = _Reader(work, hidden=hidden)
    reader.read(root)
    return Source(
        reader.blocks,
        "html",
        site=True,
        hints=reader.titles,
        links=reader.links,
        scripts=reader.scripts,
    )


class _Reader:
    def __init__(self, work: WorkBudget, *, hidden: bool) -> None:
        self.work = work
        self.hidden = hidden
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.titles: list[str] = []
        self.scripts = 0
        self.grids = 0
        self.cells = 0  # table cells around the present place
        self.classes: dict[str, str] = {}

    def read(self, root: Element) -> None:
        for style in root.iter("style"):
            self._learn((style.text or "")[:MAX_STYLES])
        for title in root.iter("title"):
            self.titles.append(" ".join("".join(_strings(title)).split()))
            break
        self.flow(root, (), self.blocks, 0)

    def flow(self, element: Element, path: Path, into: list[Block], depth: int) -> None:
        """Read the contents of an element, split into paragraphs at blocks and breaks."""
        pieces: list[Piece] = []

        def close(where: Path) -> None:
            text = _tidy(joined(pieces, alone=self.cells > 0))
            pieces.clear()
            if text:
                into.append(Para(text, where))

        def say(text: str | None, look: Piece, *, kept: bool) -> None:
            if text:
                pieces.append(replace(look, text=text if kept else _BREAKS.sub(_blank, text)))

        def walk(element: Element, path: Path, depth: int, look: Piece, *, kept: bool) -> None:
            if depth > MAX_DEPTH:
                raise Unreadable(UnreadableReason.TOO_DEEP)
            say(element.text, look, kept=kept)
            for index, child in enumerate(element):
                self.work.spend()
                tag = child.tag
                if isinstance(tag, str):
                    name = tag.rpartition(":")[2] if ":" in tag else tag
                    if name in _SILENT or self._is_hidden(child, name):
                        self._note(child, name)
                    elif name == "br":
                        pieces.append(Piece("\n"))
                    elif name == "img":
                        pieces.append(Piece(_picture(child)))
                    elif name == "table":
                        close(path)
                        self.table(child, (*path, index), into, depth + 1)
                    elif name in _BLOCK:
                        close(path)
                        inside = self._look(child, name, look)
                        walk(child, (*path, index), depth + 1, inside, kept=kept or name == "pre")
                        close((*path, index))
                    else:
                        if name == "a":
                            self._link(child)
                        walk(child, path, depth + 1, self._look(child, name, look), kept=kept)
                say(child.tail, look, kept=kept)

        walk(element, path, depth, self._look(element, str(element.tag), Piece("")), kept=False)
        close(path)
        into[:] = [b for block in into for b in _split(block)]

    def _learn(self, sheet: str) -> None:
        """Keep the looks that classes set."""
        for selectors, said in _RULE.findall(sheet.lower()):
            if _STYLED.search(said):
                for selector in selectors.split(","):
                    if match := _OF_CLASS.match(selector.strip()):
                        self.classes[match.group(1)] = said

    def _style(self, element: Element) -> str:
        """The styles of an element: those of its classes, then its own."""
        own = (element.get("style") or "").lower()
        names = (element.get("class") or "").lower().split() if self.classes else []
        return ";".join([*(self.classes[name] for name in names if name in self.classes), own])

    def _look(self, element: Element, name: str, around: Piece) -> Piece:
        """The look of text in an element; a block may be struck out, but never raised."""
        style = self._style(element)
        look = _TAGS.get(name)
        if name == "small":
            around = replace(around, position=1)
        if look is None and name == "a" and (element.get("href") or "").startswith("#"):
            look = Look.RAISED if 0 < len("".join(_strings(element)).strip()) <= 4 else None
        if _LINE_THROUGH.search(style):
            look = Look.STRUCK
        elif name not in _BLOCK and style:
            if _RAISED.search(style):
                look = Look.RAISED
            elif _LOWERED.search(style):
                look = Look.LOWERED
            elif _AT_TOP.search(style):
                around = replace(around, position=1)
            elif _ON_LINE.search(style):
                look = Look.PLAIN
        colour = _COLOUR.search(style)
        said = colour.group(1) if colour else (element.get("color") or "").lower()
        if said:
            around = replace(around, pale=bool(_WHITE.fullmatch(said.strip())))
        if look is None or around.look is Look.STRUCK:
            return around
        return replace(around, look=look)

    def _is_hidden(self, element: Element, name: str = "td") -> bool:
        """
        Whether an element is hidden; a class does not count for blocks, which a script may show
        later.
        """
        if self.hidden:
            return False
        if element.get("hidden") is not None:
            return True
        style = self._style(element) if name not in _BLOCK else (element.get("style") or "").lower()
        return bool(style) and bool(_HIDDEN.search(style))

    def _note(self, element: Element, name: str) -> None:
        if name == "script":
            self.scripts += 1
        elif name in {"iframe", "embed"}:
            self._link(element, "src")
        elif name == "object":
            self._link(element, "data")

    def _link(self, element: Element, attribute: str = "href") -> None:
        href = (element.get(attribute) or "").strip()
        if href and len(href) < 2000 and len(self.links) < 2000:
            said = " ".join("".join(_strings(element)).split())
            self.links.append(Link(href, said[:200] or (element.get("title") or "")[:200]))

    def table(self, element: Element, path: Path, into: list[Block], depth: int) -> None:
        """Read a table of figures as a grid, a table for the layout as its contents."""
        self.grids += 1
        number = self.grids
        raw: list[list[RawCell]] = []
        within: list[list[Block]] = []  # the contents of every cell
        captions: list[Block] = []
        for order, row in _rows(element):
            cells: list[RawCell] = []
            if row.tag == "caption":
                self.flow(row, (*path, *order), captions, depth + 1)
                continue
            if self._is_hidden(row):
                continue
            for index, cell in enumerate(row):
                self.work.spend()
                if cell.tag not in {"td", "th"} or self._is_hidden(cell):
                    continue
                inside: list[Block] = []
                self.cells += 1
                self.flow(cell, (*path, *order, index), inside, depth + 2)
                self.cells -= 1
                said = "\n".join(b.text for b in inside if isinstance(b, Para))
                cells.append(
                    RawCell(said, _span(cell.get("colspan"), 60), _span(cell.get("rowspan"), 300))
                )
                within.append(inside)
            raw.append(cells)
        into.extend(captions)
        # Some sites put a table of one cell around every figure.
        alone = self.cells > 0 and len(within) == 1
        if alone or lays_out_page(within):
            into.extend(block for inside in within for block in inside)
        elif raw:
            into.append(Grid(lay_out(raw, number, self.work), path))


def _picture(element: Element) -> str:
    """The sign for a picture, "" for one that only fills space."""
    sizes = [element.get("width") or "", element.get("height") or ""]
    tiny = any(size.strip().removesuffix("px").strip() in {"0", "1", "2", "3"} for size in sizes)
    return "" if tiny or _SPACER.search((element.get("src") or "")[:200].lower()) else PICTURE


def _rows(table: Element) -> list[tuple[Path, Element]]:
    """The rows of a table, also inside its sections, and its captions."""
    rows: list[tuple[Path, Element]] = []
    for i, child in enumerate(table):
        if child.tag in {"tr", "caption"}:
            rows.append(((i,), child))
        elif child.tag in {"thead", "tbody", "tfoot"}:
            rows.extend(((i, j), row) for j, row in enumerate(child) if row.tag == "tr")
    return rows


def _span(text: str | None, most: int) -> int:
    match = _SPAN.match(text or "")
    return min(max(int(match.group(1)), 1), most) if match else 1


def _strings(element: Element) -> list[str]:
    """The first texts inside an element."""
    return [str(piece) for piece in itertools.islice(element.itertext(), 40)]


def _blank(match: re.Match[str]) -> str:
    """A blank, or a mark if the line is broken in the page's source."""
    return "\x1f" if "\n" in match.group() else " "


def _tidy(text: str) -> str:
    """Clean lines; a line break in the source between two Chinese characters is removed."""
    lines = []
    for line in _WRAPPED.sub("", text).replace("\x1f", " ").split("\n"):
        said = _BREAKS.sub(" ", line).strip().strip("\u200b\ufeff").strip()
        lines.append(said)
    return "\n".join(lines).strip("\n")


def _split(block: Block) -> list[Block]:
    """A paragraph with breaks, as several; a grid stays as it is."""
    if isinstance(block, Grid):
        return [block]
    return [Para(line, block.path) for line in block.text.split("\n") if line]
