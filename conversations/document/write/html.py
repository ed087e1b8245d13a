"""
The report for an office's web site: one fragment that a content system leaves as it is.

Inline styles only (such systems drop style sheets, classes and scripts), real spans, and
each table in a box of its own that scrolls sideways on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from conversations.document.lines import pieces
from conversations.document.write.content import (
    DRAFT_NOTICE,
    Contents,
    DocumentInput,
    Paragraph,
    contents,
)
from conversations.form.model import Box, Section, Table

_PAGE = (
    "max-width:60em;margin:0 auto;padding:0 12px;color:#000;"
    "font-family:FangSong,仿宋,仿宋_GB2312,STFangsong,serif;"
    "font-size:18px;line-height:1.8;overflow-wrap:anywhere"
)
_TITLE = (
    "margin:1em 0;text-align:center;font-size:1.5em;line-height:1.5;font-weight:bold;"
    "font-family:方正小标宋简体,SimSun,宋体,STSong,serif"
)
_HEADING = (
    "margin:1em 0 0.5em;font-size:1.1em;line-height:1.6;font-weight:bold;"
    "font-family:SimHei,黑体,STHeiti,sans-serif"
)
_TEXT = "margin:0 0 0.5em;text-indent:2em"
_LEVEL_TWO = "font-family:KaiTi,楷体,楷体_GB2312,STKaiti,serif"
_SIGNED = "margin:0;text-align:right"
_DRAFT = "margin:0 0 1em;padding:4px;border:1px solid #000;text-align:center"
_SCROLL = "margin:0 0 1em;overflow-x:auto;-webkit-overflow-scrolling:touch"
_TABLE = (
    "width:100%;border-collapse:collapse;text-indent:0;font-size:15px;line-height:1.4;"
    "overflow-wrap:normal"
)
_BOX = "border:1px solid #000;padding:4px 3px;text-align:center;font-weight:normal"


NOTHING = Markup("")


def as_html(report: DocumentInput, *, draft: bool = False) -> str:
    """
    The whole report as one fragment of HTML, everything typed escaped.

    Raises:
        UnfinishedError: A final page was asked for and something is open. A ValueError.
    """
    document = contents(report, draft=draft)
    parts = [Markup('<div lang="zh-CN" style="{}">').format(_PAGE)]
    if draft:
        parts.append(_element("p", _DRAFT, DRAFT_NOTICE))
    parts.append(_element("h1", _TITLE, Markup("<br>").join(map(_whole, document.title))))
    parts += _running_text(document.texts["introduction"])
    for section in report.form.sections:
        parts.append(_element("h2", _HEADING, section.heading))
        if isinstance(section.body, Table):
            parts += _running_text(document.remark(section.id, below=False))
            parts.append(_table(document, section, section.body))
            parts += _running_text(document.remark(section.id, below=True))
        else:
            parts += _running_text(document.texts[section.id])
    if signed := document.signature:
        parts += [
            _element("p", _SIGNED, line.signed) for line in (*signed.organs, signed.date) if line
        ]
    parts += _running_text(document.remark(report.form.sections[-1].id, below=True))
    parts.append(Markup("</div>"))
    return "\n".join(parts) + "\n"


def as_page(report: DocumentInput, *, draft: bool = False) -> str:
    """
    The same as a page of its own.

    Raises:
        UnfinishedError: As `as_html`.
    """
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        + str(Markup("<title>{}</title>\n</head>\n<body>\n").format("".join(report.title)))
        + as_html(report, draft=draft)
        + "</body>\n</html>\n"
    )


def _element(name: str, style: str, content: str, attributes: Markup = NOTHING) -> Markup:
    return Markup('<{0}{1} style="{2}">{3}</{0}>').format(name, attributes, style, content)


def _whole(line: str) -> Markup:
    """A line of the title that a narrow screen breaks by sense."""
    parts = pieces(line)
    if len(parts) == 1:
        return escape(line)
    return Markup("").join(_element("span", "display:inline-block", piece) for piece in parts)


def _running_text(paragraphs: Iterable[Paragraph]) -> Iterator[Markup]:
    for paragraph in paragraphs:
        content = escape(paragraph.text)
        if paragraph.head:
            content = _element("span", _LEVEL_TWO, paragraph.head) + content
        yield _element("p", _TEXT, content)


def _table(document: Contents, section: Section, table: Table) -> Markup:
    # What the boxes need to be read; a narrower screen scrolls.
    least = 600 if table.width >= 10 else 320
    rows: list[Markup] = []
    for r, row in enumerate(table.grid):
        boxes = [_box(box, document, table, labels=r >= table.head_rows > 0) for box in row]
        rows.append(Markup("<tr>{}</tr>").format(Markup("").join(boxes)))
    return Markup('<div style="{}"><table style="{}" aria-label="{}">\n{}\n</table></div>').format(
        _SCROLL, f"{_TABLE};min-width:{least}px", section.heading, Markup("\n").join(rows)
    )


def _box(box: Box, document: Contents, table: Table, *, labels: bool) -> Markup:
    """A figure, or a label: on the left, or narrow where it stands beside many rows."""
    if box.cell:
        return _element("td", _BOX, document.figures[box.cell], _spans(box))
    style = _BOX
    if labels and box.rows == 1:
        style = _BOX.replace("center", "left")
    elif labels:
        # As many characters to a line as the Word file has.
        style += f";width:{2 if box.rows > len(table.rows) // 2 else 5}em"
    elif box.columns == 1 and table.width >= 10:
        style += ";min-width:2em"
    return _element("th", style, box.text, _spans(box))


def _spans(box: Box) -> Markup:
    across = Markup(' colspan="{}"').format(box.columns) if box.columns > 1 else NOTHING
    down = Markup(' rowspan="{}"').format(box.rows) if box.rows > 1 else NOTHING
    return across + down
