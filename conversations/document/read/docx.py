"""Reads a .docx as blocks: the main part of the archive, with limits, without entities."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from dataclasses import replace
from typing import cast

from conversations.document.archives import DAMAGED
from conversations.document.read.blocks import (
    Block,
    Element,
    Grid,
    GridCell,
    GridRow,
    NeedsConversion,
    Para,
    RawCell,
    Source,
    Unreadable,
    UnreadableReason,
    WorkBudget,
    lay_out,
)
from conversations.document.read.docx_looks import (
    Styles,
    child,
    equation,
    ground_of,
    is_squeezed,
    local,
    value,
)
from conversations.document.read.docx_numbering import Numbering
from conversations.document.read.marks import (
    CHART,
    EMBEDDED,
    FOOTNOTE,
    PICTURE,
    SIGN,
    SOUND,
    Look,
    Piece,
    joined,
)
from conversations.document.read.sections import lays_out_page

MAX_ENTRIES = 2000
MAX_PART = 16_000_000
MAX_NODES = 700_000
MAX_DEPTH = 24

_MAIN = re.compile(rb'<(?:\w+:)?Relationship\b[^>]*officeDocument"[^>]*>')
_TARGET = re.compile(rb'Target="([^"]+)"')
_SKIPPED = frozenset({"del", "moveFrom", "delText", "sdtPr", "rPr", "pPr", "sectPr", "tblPr"})
_OBJECTS = {
    "pic": PICTURE,
    "imagedata": PICTURE,
    "chart": CHART,
    "relIds": CHART,
    "object": EMBEDDED,
    "footnoteReference": FOOTNOTE,
    "endnoteReference": FOOTNOTE,
}
# Above or below the line: powers and indexes in formulas, phonetic signs of characters.
_MATHS = {"sup": Look.RAISED, "sub": Look.LOWERED, "rt": Look.RAISED}
_OTHER_KINDS = {
    "OFD.xml": UnreadableReason.OFD,
    "xl/workbook.xml": UnreadableReason.SHEET,
    "ppt/presentation.xml": UnreadableReason.SLIDES,
    "content.xml": UnreadableReason.UNSUPPORTED,
    "Index.zip": UnreadableReason.PAGES,
}
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_archive(data: bytes, work: WorkBudget) -> Source:
    """
    Read a zip archive as a Word document.

    Raises:
        Unreadable: It is damaged, locked, too large, or another kind of archive.
        NeedsConversion: It is an OpenDocument text.
    """
    if data.count(b"PK\x01\x02") > MAX_ENTRIES * 2:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (*DAMAGED, MemoryError) as error:
        raise Unreadable(UnreadableReason.BROKEN) from error
    if len(infos) > MAX_ENTRIES:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    names = {info.filename for info in infos}
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable(UnreadableReason.ENCRYPTED)
    if "content.xml" in names and "mimetype" in names:
        kind = _part(archive, "mimetype", 200)
        if b"opendocument.text" in kind:
            raise NeedsConversion("odt")
    main = _main_part(archive, names)
    if main is None:
        raise Unreadable(_other_kind(names))
    body = _parse(_part(archive, main, MAX_PART))
    folder = main.rpartition("/")[0]

    def beside(name: str) -> Element | None:
        """Another part of the document, None if it is missing or damaged."""
        path = f"{folder}/{name}" if folder else name
        try:
            return _parse(_part(archive, path, 4_000_000)) if path in names else None
        except Unreadable:
            return None

    styles = beside("styles.xml")
    reader = _Reader(work, Numbering(beside("numbering.xml"), styles), Styles(styles))
    reader.read(body)
    return Source(reader.blocks, "docx", marks=reader.marks, unseen=reader.unseen)


def _other_kind(names: Collection[str]) -> UnreadableReason:
    """The kind of an archive without a Word document."""
    for name, kind in _OTHER_KINDS.items():
        if name in names:
            return kind
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        return UnreadableReason.PAGES
    is_office = "[Content_Types].xml" in names or not names
    return UnreadableReason.BROKEN if is_office else UnreadableReason.ARCHIVE


def _part(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """One part, at most `limit` bytes, even if its header claims less."""
    try:
        with archive.open(name) as part:
            content = part.read(limit + 1)
    except DAMAGED as error:
        raise Unreadable(UnreadableReason.BROKEN) from error
    if len(content) > limit:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    return content


def _main_part(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "_rels/.rels" in names:
        relation = _MAIN.search(_part(archive, "_rels/.rels", 1_000_000))
        target = _TARGET.search(relation.group()) if relation else None
        if target:
            name = target.group(1).decode("utf-8", "replace").lstrip("/")
            if name in names and name.startswith(("word/", "Word/")):
                return name
    return next(
        (name for name in ("word/document.xml", "word/document2.xml") if name in names), None
    )


def _parse(xml: bytes) -> Element:
    from lxml import etree

    if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml:
        raise Unreadable(UnreadableReason.BROKEN)
    if xml[:2] not in {b"\xff\xfe", b"\xfe\xff"} and xml.count(b"<") + xml.count(b"=") > MAX_NODES:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return cast("Element", etree.fromstring(xml, parser))
    except (etree.XMLSyntaxError, ValueError) as error:
        deep = "depth" in str(error).lower()
        raise Unreadable(UnreadableReason.TOO_DEEP if deep else UnreadableReason.BROKEN) from error


def _number(text: str, default: int, most: int) -> int:
    return (
        min(max(int(text), 0), most)
        if text.isascii() and text.isdigit() and len(text) < 7
        else default
    )


class _Reader:
    def __init__(self, work: WorkBudget, numbering: Numbering, styles: Styles) -> None:
        self.blocks: list[Block] = []
        self.marks: list[str] = []
        self.unseen: list[str] = []
        self.work = work
        self.numbering = numbering
        self.styles = styles
        self.goes_on: list[Block] | None = None  # where the end of a paragraph was deleted
        self.cells = 0  # table cells around the present place
        self.ground = ""  # the fill colour of the box around it
        self.grids = 0

    def read(self, root: Element) -> None:
        body = child(root, "body")
        if local(root) != "document" or body is None:
            raise Unreadable(UnreadableReason.BROKEN)
        self.container(body, self.blocks, 0)

    def container(self, element: Element, into: list[Block], depth: int) -> None:
        """Read the elements of a body, a box or a cell, in order."""
        if depth > MAX_DEPTH:
            raise Unreadable(UnreadableReason.TOO_DEEP)
        for part in element:
            self.work.spend()
            name = local(part)
            if name == "p":
                self.paragraph(part, into, depth)
            elif name == "tbl":
                self.table(part, into, depth)
            elif name in {"altChunk", "subDoc"}:
                into.append(Para(EMBEDDED))
            elif name not in _SKIPPED and not self._is_placeholder(part):
                self.container(_chosen(part), into, depth + 1)

    def _is_placeholder(self, part: Element) -> bool:
        """
        Whether it is a field that was not filled in, with Word's placeholder; in a box it is kept.
        """
        unfilled = child(child(part, "sdtPr"), "showingPlcHdr")
        return unfilled is not None and not self.cells

    def paragraph(self, element: Element, into: list[Block], depth: int) -> None:
        pieces: list[Piece] = []
        boxes: list[Element] = []
        stack = [(part, Piece("")) for part in reversed(list(element))]
        field = ""
        while stack:
            part, look = stack.pop()
            self.work.spend()
            name = local(part)
            if name == "t":
                pieces.append(replace(look, text=part.text or ""))
            elif name == "rt" and not self.cells:
                pieces.append(Piece(SOUND))
            elif name == "sym":
                pieces.append(replace(look, text=SIGN))
            elif name in _SIGNS:
                pieces.append(replace(look, text=_SIGNS[name]))
            elif name == "instrText":
                field += part.text or ""
            elif name == "fldChar":
                pieces.append(equation(field))
                field = ""
            elif name in _OBJECTS:
                pieces.append(Piece(_OBJECTS[name]))
            elif name == "txbxContent":
                boxes.append(part)
            elif name not in _SKIPPED and not self._is_placeholder(part):
                inside = list(_chosen(part))
                if name == "r":
                    own = self.styles.piece(element, part, self.ground)
                    kept = look.look is Look.PLAIN or own.look is Look.GONE
                    look = own if kept else look
                    inside = _without_own_mark(inside)
                elif name in _MATHS:
                    look = replace(look, look=_MATHS[name])
                elif name == "den":
                    pieces.append(replace(look, text="/"))
                stack.extend((each, look) for each in reversed(inside))
        self.unseen += [p.text for p in pieces if p.text.strip() and p.is_unseen]
        text = joined(pieces, alone=self.cells > 0)
        before = self.numbering.before(element)
        lines = ((before if text.strip() else "") + text).split("\n")
        if self.goes_on is into and into and isinstance(last := into[-1], Para):
            last.text += lines.pop(0)
        into.extend(Para(line) for line in lines)
        mark = child(child(element, "pPr"), "rPr")
        self.goes_on = into if child(mark, "del") is not None else None
        for box in boxes:
            self.container(box, into, depth + 1)

    def table(self, element: Element, into: list[Block], depth: int) -> None:
        """Read a table of figures as a grid, a table for the layout as its contents."""
        self.grids += 1
        number = self.grids
        raw: list[list[RawCell]] = []
        within: list[list[Block]] = []  # the contents of every cell
        for row in _rows(element, "tr", 0):
            cells: list[RawCell] = []
            before = _number(value(child(child(row, "trPr"), "gridBefore")), 0, 60)
            if before:
                cells.append(RawCell("", before))
            for cell in _rows(row, "tc", 0):
                self.work.spend()
                properties = child(cell, "tcPr")
                merge = child(properties, "vMerge")
                inside: list[Block] = []
                self.cells += 1
                around, self.ground = self.ground, ground_of(properties) or self.ground
                self.container(cell, inside, depth + 1)
                self.ground = around
                self.cells -= 1
                text = "\n".join(b.text for b in inside if isinstance(b, Para)).strip("\n")
                width = max(1, _number(value(child(properties, "gridSpan")), 1, 60))
                goes_on = merge is not None and value(merge) in {"", "continue"}
                cells.append(RawCell(text, width, continues=goes_on))
                within.append(inside)
            raw.append(cells)
        if lays_out_page(within):
            into.extend(block for inside in within for block in inside)
            return
        into.append(Grid(_lay_out_word(raw, number, self.work)))


def _chosen(part: Element) -> Element:
    """The first of several versions of the same content."""
    if local(part) != "AlternateContent":
        return part
    return next((form for form in part if local(form) in {"Choice", "Fallback"}), part)


def _rows(element: Element, name: str, depth: int) -> list[Element]:
    """The rows of a table or the cells of a row, also inside wrappers (sdt, ins)."""
    elements: list[Element] = []
    for part in element:
        said = local(part)
        if said == name:
            if not _is_gone(part):
                elements.append(part)
        elif said in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"} and depth < 6:
            elements.extend(_rows(part, name, depth + 1))
    return elements


def _is_gone(part: Element) -> bool:
    """Whether a row or cell was deleted (a tracked change), or is hidden."""
    properties = child(part, "trPr") if local(part) == "tr" else child(part, "tcPr")
    if is_squeezed(child(properties, "trHeight")):
        return True
    return any(child(properties, name) is not None for name in ("del", "cellDel", "hidden"))


def _without_own_mark(parts: list[Element]) -> list[Element]:
    """The parts of a run without a custom mark that replaces a footnote's number."""
    own = any(
        local(part).endswith("noteReference") and value(part, "customMarkFollows") in {"1", "true"}
        for part in parts
    )
    return [part for part in parts if local(part) != "t"] if own else parts


def _lay_out_word(raw: list[list[RawCell]], number: int, work: WorkBudget) -> list[GridRow]:
    """
    Lay out Word's rows, in which every box of a merged column is written: the lower ones continue
    the upper.
    """
    rows = lay_out([[RawCell(c.text, c.columns) for c in cells] for cells in raw], number, work)
    above: dict[int, GridCell] = {}
    for cells, row in zip(raw, rows, strict=True):
        now: dict[int, GridCell] = {}
        for cell, box in zip(cells, row.cells, strict=True):
            opener = above.get(box.col) if cell.continues else None
            if opener is not None and not box.text.strip():
                opener.tall += 1
                box.own = False
                box.text = opener.text
                now[box.col] = opener
            else:
                now[box.col] = box
        above = now
    return rows
