"""
What a Word file must be beyond the standard's schema, and what it contains.

The Open XML validator does not see a row that is wider than its table, a merged box without a
beginning, a box without a paragraph or a missing style; Word does.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DC = "{http://purl.org/dc/elements/1.1/}"
CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
TERMS = "{http://purl.org/dc/terms/}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

FACES = {f"{W}{name}" for name in ("ascii", "hAnsi", "eastAsia", "cs")}


def parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        return {name: file.read(name) for name in file.namelist()}


def printed(document: bytes) -> dict[str, bytes]:
    """
    All parts but the properties, which contain the version.
    """
    return {name: part for name, part in parts(document).items() if "core.xml" not in name}


def body(document: bytes) -> Element:
    found = ElementTree.fromstring(parts(document)["word/document.xml"]).find(f"{W}body")
    assert found is not None
    return found


def text_of(element: Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def document_text(document: bytes) -> str:
    """
    The whole text of the body, one line for each paragraph.
    """
    return "\n".join(text_of(paragraph) for paragraph in body(document).iter(f"{W}p"))


def paragraphs(document: bytes) -> list[tuple[str, str]]:
    """
    The paragraphs outside the tables as style id and text.
    """
    return [(style_of(p), text_of(p)) for p in body(document).findall(f"{W}p")]


def style_of(paragraph: Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val", "")


def properties(document: bytes) -> dict[str, str]:
    core = ElementTree.fromstring(parts(document)["docProps/core.xml"])
    return {element.tag.rpartition("}")[2]: element.text or "" for element in core}


def grids(document: bytes) -> list[list[list[tuple[str, int, int]]]]:
    """
    The tables as rows of boxes (text, columns, rows); a merged box is contained once.
    """
    return [list(_rows(table)) for table in body(document).iter(f"{W}tbl")]


def _rows(table: Element) -> Iterator[list[tuple[str, int, int]]]:
    rows = [list(_cells(row)) for row in table.findall(f"{W}tr")]
    for r, row in enumerate(rows):
        found = []
        for cell, column, span in row:
            if merging(cell) == "continue":
                continue
            height = 1
            if merging(cell) == "restart":
                for below in rows[r + 1 :]:
                    if not any(
                        at == column and merging(other) == "continue" for other, at, _ in below
                    ):
                        break
                    height += 1
            found.append((text_of(cell), span, height))
        yield found


def _cells(row: Element) -> Iterator[tuple[Element, int, int]]:
    column = 0
    for cell in row.findall(f"{W}tc"):
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        width = 1 if span is None else int(span.get(f"{W}val", "1"))
        yield cell, column, width
        column += width


def loose_rows(document: bytes) -> list[list[int]]:
    """
    For each table the rows after which a page break is allowed.
    """
    return [
        [
            number
            for number, row in enumerate(table.findall(f"{W}tr"))
            if all(_is_loose(paragraph) for paragraph in row.iter(f"{W}p"))
        ]
        for table in body(document).iter(f"{W}tbl")
    ]


def _is_loose(paragraph: Element) -> bool:
    keep = paragraph.find(f"{W}pPr/{W}keepNext")
    return keep is not None and keep.get(f"{W}val") in {"0", "false"}


def merging(cell: Element) -> str:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return "" if merge is None else merge.get(f"{W}val", "continue")


def structure_faults(document: bytes, *, restyled: bool = False) -> list[str]:
    """
    Everything wrong with a finished report as a file; nothing if the file is sound.

    A template `restyled` elsewhere may leave the font of a script to the default.
    """
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        names = file.namelist()
        if file.testzip() is not None:
            found.append("the zip is damaged")
    if len(names) != len(set(names)):
        found.append("a part stands twice")
    if names[0] != "[Content_Types].xml":
        found.append("the list of content types is not the first part")
    trees: dict[str, Element] = {}
    for name, data in parts(document).items():
        if name.endswith((".xml", ".rels")):
            try:
                trees[name] = ElementTree.fromstring(data)
            except ElementTree.ParseError as error:
                found.append(f"{name}: {error}")
    if found:
        return found
    found += _package_faults(names, trees)
    found += _style_faults(trees, restyled=restyled)
    for number, table in enumerate(trees["word/document.xml"].iter(f"{W}tbl"), 1):
        found += [f"table {number}: {fault}" for fault in _table_faults(table)]
    found += _property_faults(trees)
    return found


def _package_faults(names: list[str], trees: dict[str, Element]) -> Iterator[str]:
    types = trees["[Content_Types].xml"]
    listed = {element.get("PartName", "") for element in types} - {""}
    endings = {element.get("Extension", "") for element in types} - {""}
    for part in listed:
        if part.lstrip("/") not in names:
            yield f"a content type for {part}, which is not there"
    for name in names[1:]:
        if f"/{name}" not in listed and name.rpartition(".")[2] not in endings - {"xml"}:
            yield f"no content type for {name}"
        if re.search("thumbnail|customXml|custom.xml|theme|comments", name):
            yield f"{name} has no business here"
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        folder = name.partition("_rels/")[0]
        for relation in tree.iter(f"{RELATIONS}Relationship"):
            target = relation.get("Target", "")
            if relation.get("TargetMode") == "External":
                yield f"{name} leads outside"
            elif (folder + target).lstrip("/") not in names and target.lstrip("/") not in names:
                yield f"{name} leads to {target}, which is not there"


def _style_faults(trees: dict[str, Element], *, restyled: bool) -> Iterator[str]:
    styles = trees["word/styles.xml"]
    default = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
    if default is None or not set(default.keys()) >= FACES:
        yield "word/styles.xml: no default face for every script"
    known = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
    for name, tree in trees.items():
        for element in tree.iter():
            kind = element.tag.removeprefix(W)
            if kind in {"pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"}:
                if element.get(f"{W}val") not in known:
                    yield f"{name}: the style {element.get(f'{W}val')} is not there"
            elif kind == "rFonts":
                given = set(element.keys())
                if any("Theme" in attribute for attribute in given):
                    yield f"{name}: a face of the theme"
                if given - {f"{W}hint"} and not given >= FACES and not restyled:
                    yield f"{name}: a face that is not given for every script"
            elif kind in {"bookmarkStart", "bookmarkEnd", "proofErr", "ins", "del"}:
                yield f"{name}: {kind}"
            elif any("rsid" in attribute for attribute in element.attrib):
                yield f"{name}: a mark of an editing session"
            if any(re.search(r"\{[{%]", value) for value in element.attrib.values()):
                yield f"{name}: a tag in an attribute"
        for paragraph in tree.iter(f"{W}p"):
            if style_of(paragraph) == "Tag":
                yield f"{name}: a tag of the template is left: {text_of(paragraph)}"


def _table_faults(table: Element) -> Iterator[str]:
    widths = [int(column.get(f"{W}w", "0")) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
    open_above: dict[int, int] = {}
    for r, row in enumerate(table.findall(f"{W}tr"), 1):
        if row.find(f"{W}trPr/{W}cantSplit") is None:
            yield f"row {r} may be split"
        open_here: dict[int, int] = {}
        taken = 0
        for cell, column, span in _cells(row):
            where = f"row {r}, column {column + 1}"
            taken = column + span
            children = [child.tag for child in cell]
            if not children or children[-1] != f"{W}p":
                yield f"{where}: no paragraph at its end"
            merge = merging(cell)
            if merge == "continue" and open_above.get(column) != span:
                yield f"{where}: continues nothing"
            if merge:
                open_here[column] = span
            width = cell.find(f"{W}tcPr/{W}tcW")
            if width is None or int(width.get(f"{W}w", "0")) != sum(widths[column:taken]):
                yield f"{where}: not as wide as its columns"
            if re.search(r"\{|\}|None|nan|Undefined", text_of(cell)):
                yield f"{where}: holds {text_of(cell)!r}"
        if taken != len(widths):
            yield f"row {r} has {taken} columns, not {len(widths)}"
        open_above = open_here


def _property_faults(trees: dict[str, Element]) -> Iterator[str]:
    core = trees["docProps/core.xml"]
    author = core.findtext(f"{DC}creator")
    if not author or author != core.findtext(f"{CP}lastModifiedBy"):
        yield "the author is not the organ"
    if "zh-CN" != core.findtext(f"{DC}language"):
        yield "the language is not zh-CN"
    if not re.fullmatch("[0-9A-F]{4}-[0-9A-F]{4}", core.findtext(f"{DC}identifier") or ""):
        yield "there is no fingerprint"
    if not core.findtext(f"{DC}title"):
        yield "there is no title"
    created = core.findtext(f"{TERMS}created")
    if not created or created != core.findtext(f"{TERMS}modified"):
        yield "the dates are not the report's"
    for name in ("docProps/core.xml", "docProps/app.xml"):
        text = ElementTree.tostring(trees[name], encoding="unicode")
        if re.search("python|docx|nianbao|Company|Manager", text, re.IGNORECASE):
            yield f"{name} tells of a tool or a person"
