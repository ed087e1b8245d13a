"""
The Word template of the report, built from the form.

Page, type and tables follow GB/T 9704-2012 as far as it applies to a report that is published
without a red head. The result is an ordinary .docx with jinja tags, which an office may restyle in
Word; `docx.py` fills it in. Figures are `{{f107}}`, by their permanent numbers: a cell id is too
long for its box.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import escape

from conversations.document.write.content import DRAFT, DRAFT_NOTICE, TextSpot, text_spots
from conversations.document.write.package import APP, PACKAGE, XML, R, W, core_properties, zipped
from conversations.document.write.template_styles import KEEP, fonts, settings, styles, twips
from conversations.form.model import Form, ItemId, Narrative, Section, Table

WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"

HEADERS = (("default", "header1"), ("even", "header2"))
FOOTERS = (("default", "footer1"), ("even", "footer2"))


def build_template(form: Form) -> bytes:
    """The template of an edition as a .docx; the same form gives the same bytes."""
    parts = {
        "word/document.xml": _document(form),
        "word/styles.xml": styles(),
        "word/settings.xml": settings(),
        "word/fontTable.xml": fonts(),
        "word/_rels/document.xml.rels": _document_relations(),
        "_rels/.rels": _relations(
            [
                ("officeDocument", "word/document.xml"),
                ("extended-properties", "docProps/app.xml"),
            ],
            [("core-properties", "docProps/core.xml")],
        ),
        "docProps/app.xml": APP,
        "docProps/core.xml": _core_of_template(),
        "[Content_Types].xml": _content_types(),
    }
    for _, name in HEADERS:
        parts[f"word/{name}.xml"] = _header()
    for which, name in FOOTERS:
        parts[f"word/{name}.xml"] = _footer(which)
    return zipped({name: text.encode() for name, text in parts.items()})


def _core_of_template() -> str:
    return core_properties("政府信息公开工作年度报告模板", "年报助手", "2021-09-30")


def _content_types() -> str:
    overrides = [
        ("/word/document.xml", f"{WML}.document.main+xml"),
        ("/word/styles.xml", f"{WML}.styles+xml"),
        ("/word/settings.xml", f"{WML}.settings+xml"),
        ("/word/fontTable.xml", f"{WML}.fontTable+xml"),
        *((f"/word/{name}.xml", f"{WML}.header+xml") for _, name in HEADERS),
        *((f"/word/{name}.xml", f"{WML}.footer+xml") for _, name in FOOTERS),
        (
            "/docProps/app.xml",
            "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        ),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ]
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides)
        + "</Types>"
    )


def _relations(ours: Sequence[tuple[str, str]], packages: Sequence[tuple[str, str]] = ()) -> str:
    every = [(f"{R}/{kind}", target) for kind, target in ours]
    every += [(f"{PACKAGE}/relationships/metadata/{kind}", target) for kind, target in packages]
    return (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>'
            for i, (kind, target) in enumerate(every, 1)
        )
        + "</Relationships>"
    )


def _document_relations() -> str:
    return _relations(
        [
            *(("header", f"{name}.xml") for _, name in HEADERS),
            *(("footer", f"{name}.xml") for _, name in FOOTERS),
            ("styles", "styles.xml"),
            ("settings", "settings.xml"),
            ("fontTable", "fontTable.xml"),
        ]
    )


# --------------------------------------------------------- paragraphs and runs

# Sets “ ” … — in the Chinese face, full width; Word would use the Latin face.
CHINESE = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>'
LEVEL_TWO = '<w:rPr><w:rStyle w:val="LevelTwo"/><w:rFonts w:hint="eastAsia"/></w:rPr>'


def _run(text: str, properties: str = CHINESE) -> str:
    space = ' xml:space="preserve"' if text != text.strip() or "{" in text else ""
    return f"<w:r>{properties}<w:t{space}>{escape(text)}</w:t></w:r>"


def _paragraph(style: str, content: str = "", more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{content}</w:p>'


def _tag(tag: str) -> str:
    """A paragraph that holds only a tag, and is gone in the report."""
    return _paragraph("Tag", _run(tag))


def _running_text(item: ItemId) -> str:
    """
    A narrative: each paragraph with its second-level heading, if it has one.

    A heading on its own line is a heading of the file; a run-in one is part of its paragraph.
    """
    content = (
        _run("{%r if p.head %}")
        + _run("{{ p.head }}", LEVEL_TWO)
        + _run("{%r endif %}")
        + _run("{%r if p.text %}")
        + _run("{{ p.text }}")
        + _run("{%r endif %}")
    )
    return (
        _tag(f"{{%p for p in {item} %}}")
        + _tag("{%p if p.head and not p.text %}")
        + _paragraph("Heading2", _run("{{ p.head }}"))
        + _tag("{%p else %}")
        + _paragraph("BodyText", content)
        + _tag("{%p endif %}")
        + _tag("{%p endfor %}")
    )


# ---------------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class TableLook:
    """
    The measures of one of the three tables, in millimetres.

    `widths` are those of its columns; `sides` and `above` are the margins in a box (left and right;
    above and below); `height` is the least height of a row, `head` those of the head's rows; `left`
    says that row labels are left-aligned.
    """

    widths: tuple[float, ...]
    sides: float
    above: float
    height: float
    head: tuple[float, ...] = ()
    left: bool = False


def _look(table: Table) -> TableLook:
    """
    The measures by shape, so that another edition needs no change here: a wide table, one with
    labels in three columns, or one with only figures.
    """
    labels = table.width - len(table.columns)
    if table.head_rows == 0:
        # A third of a page high.
        return TableLook((156 / table.width,) * table.width, 1.5, 0.25, 5.6)
    if labels == 0:
        return TableLook((156 / table.width,) * table.width, 0.4, 0.8, 8.0)
    figures = 10.5
    rest = 156 - figures * len(table.columns)
    # The first label spans many rows; if a page ends after two of them, its three lines must fit
    # beside these.
    narrow = (12.5, 20.0)[: labels - 1]
    widths = (*narrow, rest - sum(narrow), *(figures,) * len(table.columns))
    # The whole table must fit on a page with its heading, also in Word. The heading with all rows
    # down to the first possible break takes slightly less than a third of a page (75 mm): with less
    # room, none of it stays on the page, and the table stays whole.
    return TableLook(widths, 0.4, 0.25, 5.6, (7.8, 7.8, 17.3), left=True)


def _last_rows(table: Table) -> set[int]:
    """The rows after which a page may end: before each group of rows, and the last."""
    rows = list(text_spots(table))
    groups = {
        r - 1
        for r, row in enumerate(rows)
        if r > table.head_rows and any(s.opens and s.column and s.box.rows > 1 for s in row)
    }
    return {*groups, len(rows) - 1}


def _table(section: Section, table: Table, numbers: dict[str, int]) -> str:
    look = _look(table)
    edges = [twips(sum(look.widths[:i])) for i in range(table.width + 1)]
    rows = list(text_spots(table))
    return (
        "<w:tbl><w:tblPr>"
        '<w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar>'
        + "".join(
            f'<w:{side} w:w="{twips(margin)}" w:type="dxa"/>'
            for side, margin in (
                ("top", look.above),
                ("left", look.sides),
                ("bottom", look.above),
                ("right", look.sides),
            )
        )
        + f"</w:tblCellMar>{_for_readers(section, table)}</w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges))
        + "</w:tblGrid>"
        + "".join(_rows(table, rows, look, edges, numbers))
        + "</w:tbl>"
    )


def _for_readers(section: Section, table: Table) -> str:
    """The description of a table for screen readers, and which of its boxes are heads."""
    heads = f"前{table.head_rows}行是表头" if table.head_rows else "分组列出，每组上方是名称和表头"
    described = f"共{len(table.grid)}行{table.width}列，{heads}"
    named = not any(row[0].cell for row in table.grid)
    if named:
        described += "，每行左侧是项目名称"
    # Bits of the value: the first row, the first column; no stripes.
    value = 0x0600 | (0x0020 if table.head_rows else 0) | (0x0080 if named else 0)
    return (
        f'<w:tblLook w:val="{value:04X}" w:firstRow="{int(table.head_rows > 0)}" w:lastRow="0"'
        f' w:firstColumn="{int(named)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(section.heading)}"/>'
        f'<w:tblDescription w:val="{described}。"/>'
    )


def _rows(
    table: Table,
    rows: Sequence[tuple[TextSpot, ...]],
    look: TableLook,
    edges: Sequence[int],
    numbers: dict[str, int],
) -> Iterator[str]:
    last_rows = _last_rows(table)
    for r, row in enumerate(rows):
        height = look.head[r] if r < len(look.head) else look.height
        yield (
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}"/>'
            + ("<w:tblHeader/>" if r < table.head_rows else "")
            + "</w:trPr>"
        )
        for spot in row:
            box = spot.box
            merged = box.rows > 1
            yield (
                "<w:tc><w:tcPr>"
                f'<w:tcW w:w="{edges[spot.column + box.columns] - edges[spot.column]}"'
                ' w:type="dxa"/>'
                + (f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else "")
                + ('<w:vMerge w:val="restart"/>' if merged and spot.opens else "")
                + ("" if spot.opens else "<w:vMerge/>")
                + '<w:vAlign w:val="center"/></w:tcPr>'
                + _cell(spot, look, r in last_rows, r >= table.head_rows, numbers)
                + "</w:tc>"
            )
        yield "</w:tr>"


def _cell(
    spot: TextSpot, look: TableLook, last: bool, labels: bool, numbers: dict[str, int]
) -> str:
    box = spot.box
    # The styles keep a row with the next one, so that a table stays whole; the last row of the
    # table or of a group must not be kept with what follows.
    loose = '<w:keepNext w:val="0"/>' if last else ""
    if not spot.opens:
        return _paragraph("SmallText", "", loose)
    if box.cell:
        tag = f"{{{{f{numbers[box.cell]}}}}}"
        return _paragraph("SmallFigure", f"<w:r><w:t>{tag}</w:t></w:r>", loose)
    left = '<w:jc w:val="left"/>' if look.left and labels and box.rows == 1 else ""
    return _paragraph("SmallText", _run(box.text), loose + left)


# -------------------------------------------------------------------- document


def _document(form: Form) -> str:
    numbers = {cell.id: cell.number for cell in form.cells.values()}
    body = [
        _tag("{%p for line in title %}"),
        _paragraph("Title", _run("{{ line }}")),
        _tag("{%p endfor %}"),
        _tag("{%p if draft %}"),
        _paragraph("DraftLine", _run(f"（{DRAFT}）")),
        _tag("{%p endif %}"),
        _paragraph("BodyText"),
        _running_text("introduction"),
    ]
    for before, section in zip((None, *form.sections), form.sections, strict=False):
        room = ' w:before="120"' if before and isinstance(before.body, Table) else ""
        room += ' w:after="120"' if isinstance(section.body, Table) else ""
        more = f"<w:spacing{room}/>" if room else ""
        body.append(_paragraph("Heading1", _run(section.heading), more))
        match section.body:
            case Narrative():
                body.append(_running_text(section.id))
            case Table():
                body.append(_table(section, section.body, numbers))
    body += [
        _tag("{%p if signature or signature_date %}"),
        _paragraph("BodyText", more=KEEP),
        _tag("{%p endif %}"),
        _tag("{%p for line in signature %}"),
        _paragraph("Signature", _run("{{ line.signed }}"), '<w:ind w:right="630"/>'),
        _tag("{%p endfor %}"),
        _tag("{%p if signature_date %}"),
        _paragraph("Date", _run("{{ signature_date.signed }}"), '<w:ind w:right="630"/>'),
        _tag("{%p endif %}"),
    ]
    return (
        f'{XML}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
        + "".join(body)
        + _page()
        + "</w:body></w:document>"
    )


def _page() -> str:
    references = [
        f'<w:{kind}Reference w:type="{which}" r:id="rId{number}"/>'
        for number, (kind, which) in enumerate(
            [("header", which) for which, _ in HEADERS]
            + [("footer", which) for which, _ in FOOTERS],
            1,
        )
    ]
    return (
        "<w:sectPr>" + "".join(references) + '<w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar w:top="{twips(37)}" w:right="{twips(26)}" w:bottom="{twips(35)}"'
        f' w:left="{twips(28)}" w:header="{twips(13)}" w:footer="{twips(25)}" w:gutter="0"/>'
        "</w:sectPr>"
    )


def _header() -> str:
    """Empty in a final document; in a draft a notice on every page."""
    return (
        f'{XML}<w:hdr xmlns:w="{W}" xmlns:r="{R}">'
        + _tag("{%p if draft %}")
        + _paragraph("DraftMark", _run("草　稿"))
        + _tag("{%p endif %}")
        + _paragraph("Header", _run(f"{{% if draft %}}{DRAFT_NOTICE}{{% endif %}}"))
        + "</w:hdr>"
    )


def _footer(which: str) -> str:
    """The page number between two dashes, one character from the outer edge."""
    number = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        "<w:r><w:t>1</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    edge = (
        '<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>'
        if which == "even"
        else '<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>'
    )
    return (
        f'{XML}<w:ftr xmlns:w="{W}" xmlns:r="{R}">'
        + _paragraph("Footer", _run("— ") + number + _run(" —"), edge)
        + "</w:ftr>"
    )
