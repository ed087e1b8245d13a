"""The fonts, sizes and styles of the Word template, after GB/T 9704-2012."""

from __future__ import annotations

from conversations.document.write.package import XML, W

# The one setting for digits and Latin letters in running text. Read strictly, the standard wants
# 仿宋 there too; most offices use Times New Roman.
LATIN = "Times New Roman"

FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONGTI = "宋体"
XIAOBIAOSONG = "方正小标宋简体"

MM = 1440 / 25.4  # twips per millimetre
LINE = 579  # 28.95 pt: 29 pt would give 21 lines per page instead of 22
TRACKING = -5  # -0.25 pt: 28 characters of 16 pt are wider than the line
KEEP = "<w:keepNext/>"


def twips(millimetres: float) -> int:
    return round(millimetres * MM)


def _faces(chinese: str, latin: str = "") -> str:
    """All four attributes: Word fills missing ones from elsewhere."""
    other = latin or chinese
    return f'<w:rFonts w:ascii="{other}" w:hAnsi="{other}" w:eastAsia="{chinese}" w:cs="{other}"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _line(points: float) -> str:
    """An exact line height, without space before and after."""
    return f'<w:spacing w:before="0" w:after="0" w:line="{round(points * 20)}" w:lineRule="exact"/>'


def _style(kind: str, style: str, name: str, inner: str, *, default: bool = False) -> str:
    mark = ' w:default="1"' if default else ""
    custom = "" if name.isascii() or default else ' w:customStyle="1"'
    return (
        f'<w:style w:type="{kind}"{mark}{custom} w:styleId="{style}">'
        f'<w:name w:val="{name}"/>{inner}</w:style>'
    )


def _of_paragraph(
    style: str, name: str, paragraph: str, run: str = "", next_: str = "", link: str = ""
) -> str:
    following = f'<w:next w:val="{next_}"/>' if next_ else ""
    following += f'<w:link w:val="{link}"/>' if link else ""
    properties = f"<w:rPr>{run}</w:rPr>" if run else ""
    return _style(
        "paragraph",
        style,
        name,
        f'<w:basedOn w:val="Normal"/>{following}<w:qFormat/><w:pPr>{paragraph}</w:pPr>{properties}',
    )


RIGHT = '<w:jc w:val="right"/>'
FIRST_LINE = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
# No gap between characters and digits in narrow boxes.
NO_GAP = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def styles() -> str:
    body = f'<w:spacing w:val="{TRACKING}"/>'
    center, both = '<w:jc w:val="center"/>', '<w:jc w:val="both"/>'
    made = [
        _style(
            "paragraph",
            "Normal",
            "Normal",
            # 22 lines on every page: no widow control. A mark may hang in the margin, as Word does
            # anyway. LibreOffice reads the setting the other way round, and would lose a hanging
            # mark.
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
        _of_paragraph(
            "Heading2",
            "heading 2",
            KEEP + _line(LINE / 20) + FIRST_LINE + both + '<w:outlineLvl w:val="1"/>',
            _faces(KAITI, LATIN) + body,
            "BodyText",
            "LevelTwo",
        ),
        # Linked, so that a table of contents made in Word includes run-in headings.
        _style(
            "character",
            "LevelTwo",
            "报告二级标题",
            f'<w:link w:val="Heading2"/><w:qFormat/><w:rPr>{_faces(KAITI, LATIN)}</w:rPr>',
        ),
        _of_paragraph("Signature", "Signature", KEEP + _line(LINE / 20) + RIGHT, body),
        _of_paragraph("Date", "Date", _line(LINE / 20) + RIGHT, body),
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
        # For Latin letters and digits: with zh-CN LibreOffice breaks a number over two lines.
        + '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        + "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        + "".join(made)
        + "</w:styles>"
    )


def settings() -> str:
    return (
        f'{XML}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def fonts() -> str:
    """The fonts, each with its other names and with substitutes for offices without it."""
    rows = (
        (LATIN, "TimesNewRomanPSMT,Liberation Serif", "00", "roman"),
        (FANGSONG, "FangSong_GB2312,仿宋,FangSong", "86", "modern"),
        (KAITI, "KaiTi_GB2312,楷体,KaiTi", "86", "modern"),
        (HEITI, "SimHei", "86", "modern"),
        (SONGTI, "SimSun", "86", "auto"),
        (XIAOBIAOSONG, "FZXiaoBiaoSong-B05S,方正小标宋_GBK,FZXiaoBiaoSong-B05", "86", "script"),
    )
    return (
        f'{XML}<w:fonts xmlns:w="{W}">'
        + "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{others}"/>'
            f'<w:charset w:val="{charset}"/><w:family w:val="{family}"/>'
            '<w:pitch w:val="variable"/></w:font>'
            for name, others, charset, family in rows
        )
        + "</w:fonts>"
    )
