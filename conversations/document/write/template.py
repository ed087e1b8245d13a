"""
The Word template of the report, drawn from the form.

Page, type and tables follow GB/T 9704-2012 as far as it applies to a report that is
published without a red head. The result is an ordinary .docx with jinja tags, which an
office may restyle in Word; `docx.py` prepares it and fills it in. Figures stand in it as
`{{f107}}`, by their permanent numbers: a cell id is longer than the box it stands in.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import escape

from conversations.document.write.content import DRAFT, DRAFT_NOTICE, Place, places
from conversations.form.model import Form, ItemId, Narrative, Section, Table

# ------------------------------------------------------------------- measures

# One setting for digits and Latin letters in running text. A strict reading of the
# standard wants 仿宋 there too; most offices set Times New Roman.
LATIN = "Times New Roman"

FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONGTI = "宋体"
XIAOBIAOSONG = "方正小标宋简体"

MM = 1440 / 25.4  # twips of a millimetre
LINE = 579  # 28.95 pt: 29 pt would give 21 lines to the page, not 22
TRACKING = -5  # -0.25 pt: 28 characters of 16 pt are wider than the line


def twips(millimetres: float) -> int:
    return round(millimetres * MM)


# --------------------------------------------------------------- parts of a zip

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"

HEADERS = (("default", "header1"), ("even", "header2"))
FOOTERS = (("default", "footer1"), ("even", "footer2"))


def build_template(form: Form) -> bytes:
    """The template of an edition as a .docx; the same form gives the same bytes."""
    parts = {
        "word/document.xml": _document(form),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _fonts(),
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


def in_order(name: str) -> tuple[bool, str]:
    """The sort key of a part: the list of content types stands first."""
    return (name != "[Content_Types].xml", name)


def entry(name: str) -> zipfile.ZipInfo:
    """A zip entry that tells nothing of when and on which system it was written."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    info.external_attr = 0x20  # an ordinary file; 0 would become a Unix mode
    return info


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts, always with the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in sorted(parts, key=in_order):
            file.writestr(entry(name), parts[name], compresslevel=9)
    return out.getvalue()


APP = (
    XML + "<Properties"
    ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)


def core_properties(title: str, author: str, day: str) -> str:
    """
    The properties of a file: the organ and the date of the report, nobody's name.

    `title` and `author` are plain text, `day` is an ISO date.
    """
    who = escape(author)
    return (
        f"{XML}<cp:coreProperties"
        f' xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{who}</dc:creator>"
        f"<cp:lastModifiedBy>{who}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


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

# Makes “ ” … — take the Chinese face, full width, where Word would take the Latin one.
CHINESE = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>'
LEVEL_TWO = '<w:rPr><w:rStyle w:val="LevelTwo"/><w:rFonts w:hint="eastAsia"/></w:rPr>'


def _run(text: str, properties: str = CHINESE) -> str:
    space = ' xml:space="preserve"' if text != text.strip() or "{" in text else ""
    return f"<w:r>{properties}<w:t{space}>{escape(text)}</w:t></w:r>"


def _paragraph(style: str, content: str = "", more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{content}</w:p>'


def _tag(tag: str) -> str:
    """A paragraph that holds nothing but a tag, and is gone when the report is made."""
    return _paragraph("Tag", _run(tag))


KEEP = "<w:keepNext/>"


def _running_text(item: ItemId) -> str:
    """A narrative: each paragraph with its heading of the second level, if it has one."""
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
        + _tag("{%p if p.keep %}")
        + _paragraph("BodyText", content, KEEP)
        + _tag("{%p else %}")
        + _paragraph("BodyText", content)
        + _tag("{%p endif %}")
        + _tag("{%p endfor %}")
    )


# ---------------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class Look:
    """
    How one of the three tables is drawn: in millimetres the widths of its columns, the
    margins in a box (at its sides; above and below) and the least height of a row; the
    styles of its texts and figures; whether the labels of its rows stand on the left.
    """

    widths: tuple[float, ...]
    sides: float
    above: float
    height: float
    text: str
    figure: str
    left: bool = False


def _look(table: Table) -> Look:
    """
    By shape, so that another edition needs nothing here: a wide table, one with its
    labels in three columns, or one of nothing but figures.
    """
    labels = table.width - len(table.columns)
    if table.head_rows == 0:
        widths = (156 / table.width,) * table.width
        return Look(widths, 1.5, 0.5, 8.0, "TableText", "TableFigure")
    if labels == 0:
        widths = (156 / table.width,) * table.width
        return Look(widths, 0.4, 0.8, 8.0, "SmallText", "SmallFigure")
    figures = 11.0
    rest = 156 - figures * len(table.columns)
    narrow = (8.5, 20.5)[: labels - 1]
    widths = (*narrow, rest - sum(narrow), *(figures,) * len(table.columns))
    # The whole table must fit on a page with its heading, and in Word, too.
    return Look(widths, 0.4, 0.25, 5.6, "SmallText", "SmallFigure", left=True)


def _table(section: Section, table: Table, numbers: dict[str, int]) -> str:
    look = _look(table)
    edges = [twips(sum(look.widths[:i])) for i in range(table.width + 1)]
    rows = list(places(table))
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
        + '</w:tblCellMar><w:tblLook w:val="0000"/>'
        f'<w:tblCaption w:val="{escape(section.heading)}"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges))
        + "</w:tblGrid>"
        + "".join(_rows(table, rows, look, edges, numbers))
        + "</w:tbl>"
    )


def _rows(
    table: Table,
    rows: Sequence[tuple[Place, ...]],
    look: Look,
    edges: Sequence[int],
    numbers: dict[str, int],
) -> Iterator[str]:
    for r, row in enumerate(rows):
        yield (
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(look.height)}"/>'
            + ("<w:tblHeader/>" if r < table.head_rows else "")
            + "</w:trPr>"
        )
        last = r == len(rows) - 1
        for place in row:
            box = place.box
            merged = box.rows > 1
            yield (
                "<w:tc><w:tcPr>"
                f'<w:tcW w:w="{edges[place.column + box.columns] - edges[place.column]}"'
                ' w:type="dxa"/>'
                + (f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else "")
                + ('<w:vMerge w:val="restart"/>' if merged and place.opens else "")
                + ("" if place.opens else "<w:vMerge/>")
                + '<w:vAlign w:val="center"/></w:tcPr>'
                + _cell(place, look, last, r >= table.head_rows, numbers)
                + "</w:tc>"
            )
        yield "</w:tr>"


def _cell(place: Place, look: Look, last: bool, labels: bool, numbers: dict[str, int]) -> str:
    box = place.box
    # The styles keep a row with the next one, so that a table stays whole; the last
    # row of it must not hold on to the heading that follows.
    loose = '<w:keepNext w:val="0"/>' if last else ""
    if not place.opens:
        return _paragraph(look.text, "", loose)
    if box.cell:
        return _paragraph(look.figure, f"<w:r><w:t>{{{{f{numbers[box.cell]}}}}}</w:t></w:r>", loose)
    left = '<w:jc w:val="left"/>' if look.left and labels and box.rows == 1 else ""
    return _paragraph(look.text, _run(box.text), loose + left)


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
    for section in form.sections:
        body.append(_paragraph("Heading1", _run(section.heading)))
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
    """Empty in a final document; on every page of a draft that it is one."""
    return (
        f'{XML}<w:hdr xmlns:w="{W}" xmlns:r="{R}">'
        + _tag("{%p if draft %}")
        + _paragraph("DraftMark", _run("草　稿"))
        + _tag("{%p endif %}")
        + _paragraph("Header", _run(f"{{% if draft %}}{DRAFT_NOTICE}{{% endif %}}"))
        + "</w:hdr>"
    )


def _footer(which: str) -> str:
    """The number of the page between two dashes, one character from the outer edge."""
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


# ---------------------------------------------------------------------- styles


def _faces(chinese: str, latin: str = "") -> str:
    """All four attributes: with fewer, Word fills the rest from somewhere else."""
    other = latin or chinese
    return f'<w:rFonts w:ascii="{other}" w:hAnsi="{other}" w:eastAsia="{chinese}" w:cs="{other}"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _line(points: float) -> str:
    """An exact line, without room before and after."""
    return f'<w:spacing w:before="0" w:after="0" w:line="{round(points * 20)}" w:lineRule="exact"/>'


def _style(kind: str, style: str, name: str, inner: str, *, default: bool = False) -> str:
    mark = ' w:default="1"' if default else ""
    custom = "" if name.isascii() or default else ' w:customStyle="1"'
    return (
        f'<w:style w:type="{kind}"{mark}{custom} w:styleId="{style}">'
        f'<w:name w:val="{name}"/>{inner}</w:style>'
    )


def _of_paragraph(style: str, name: str, paragraph: str, run: str = "", next_: str = "") -> str:
    following = f'<w:next w:val="{next_}"/>' if next_ else ""
    properties = f"<w:rPr>{run}</w:rPr>" if run else ""
    return _style(
        "paragraph",
        style,
        name,
        f'<w:basedOn w:val="Normal"/>{following}<w:qFormat/><w:pPr>{paragraph}</w:pPr>{properties}',
    )


FIRST_LINE = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
# No gap between characters and digits where room is scarce.
NO_GAP = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def _styles() -> str:
    body = f'<w:spacing w:val="{TRACKING}"/>'
    center, both = '<w:jc w:val="center"/>', '<w:jc w:val="both"/>'
    styles = [
        _style(
            "paragraph",
            "Normal",
            "Normal",
            # 22 lines on every page: no line is taken over to keep another company.
            # A mark may hang in the margin: that is what Word does anyway. LibreOffice
            # reads the wish the other way round, and would lose a mark that hangs.
            '<w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:overflowPunct w:val="1"/></w:pPr>',
            default=True,
        ),
        _style(
            "character",
            "DefaultParagraphFont",
            "Default Paragraph Font",
            '<w:uiPriority w:val="1"/><w:semiHidden/>',
            default=True,
        ),
        _style(
            "table",
            "TableNormal",
            "Normal Table",
            "<w:semiHidden/><w:tblPr><w:tblInd"
            ' w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
            '<w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
            '<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>',
            default=True,
        ),
        _style("numbering", "NoList", "No List", "<w:semiHidden/>", default=True),
        _of_paragraph("BodyText", "Body Text", _line(LINE / 20) + FIRST_LINE + both, body),
        _of_paragraph(
            "Title",
            "Title",
            KEEP + _line(32) + center,
            _faces(XIAOBIAOSONG) + _size(22),
            "BodyText",
        ),
        _of_paragraph(
            "Heading1",
            "heading 1",
            KEEP + _line(LINE / 20) + FIRST_LINE + both + '<w:outlineLvl w:val="0"/>',
            _faces(HEITI) + body,
            "BodyText",
        ),
        _style(
            "character",
            "LevelTwo",
            "报告二级标题",
            f"<w:qFormat/><w:rPr>{_faces(KAITI, LATIN)}</w:rPr>",
        ),
        _of_paragraph("Signature", "Signature", KEEP + _line(LINE / 20) + RIGHT, body),
        _of_paragraph("Date", "Date", _line(LINE / 20) + RIGHT, body),
        _of_paragraph("TableText", "报告表格文字", KEEP + _line(18) + center, _size(12)),
        _of_paragraph("TableFigure", "报告表格数字", KEEP + _line(18) + center, _size(12)),
        _of_paragraph("SmallText", "报告小表文字", KEEP + NO_GAP + _line(14) + center, _size(10.5)),
        _of_paragraph("SmallFigure", "报告小表数字", KEEP + _line(14) + center, _size(10.5)),
        _of_paragraph("DraftLine", "报告草稿行", KEEP + _line(LINE / 20) + center),
        _of_paragraph(
            "DraftMark",
            "报告草稿标记",
            _line(44) + center,
            _faces(HEITI) + '<w:color w:val="A6A6A6"/>' + _size(36),
        ),
        _of_paragraph("Header", "header", _line(14) + center, _size(10.5)),
        _of_paragraph("Footer", "footer", _line(18), _faces(SONGTI) + _size(14)),
        _of_paragraph("Tag", "模板标签", "", '<w:color w:val="808080"/>' + _size(9)),
        _style(
            "table",
            "TableGrid",
            "Table Grid",
            f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{BORDERS}'
            "</w:tblBorders></w:tblPr>",
        ),
    ]
    return (
        f'{XML}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        + _faces(FANGSONG, LATIN)
        + _size(16)
        + '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        + "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        + "".join(styles)
        + "</w:styles>"
    )


RIGHT = '<w:jc w:val="right"/>'


def _settings() -> str:
    return (
        f'{XML}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def _fonts() -> str:
    """The faces by name, each with the one to take where an office has not installed it."""
    rows: Iterable[tuple[str, str, str, str]] = (
        (LATIN, "", "00", "roman"),
        (FANGSONG, "仿宋", "86", "modern"),
        (KAITI, "楷体", "86", "modern"),
        (HEITI, "SimHei", "86", "modern"),
        (SONGTI, "SimSun", "86", "auto"),
        (XIAOBIAOSONG, "方正小标宋_GBK", "86", "script"),
    )
    return (
        f'{XML}<w:fonts xmlns:w="{W}">'
        + "".join(
            f'<w:font w:name="{name}">'
            + (f'<w:altName w:val="{other}"/>' if other else "")
            + f'<w:charset w:val="{charset}"/><w:family w:val="{family}"/>'
            + '<w:pitch w:val="variable"/></w:font>'
            for name, other, charset, family in rows
        )
        + "</w:fonts>"
    )
