"""
The report for an office's website: a fragment to paste, and a page of its own.

Content management systems drop style sheets, classes, ids and scripts. So the fragment has only
inline styles, and is correct without them: headings, captions, and heads of rows and columns are
elements. Each table is in a box that scrolls on a narrow screen while its labels stay visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from markupsafe import Markup, escape

from conversations.document.lines import pieces, width
from conversations.document.read.heading_vocabulary import SCROLLS
from conversations.document.write.content import (
    DRAFT,
    DRAFT_NOTICE,
    Contents,
    DocumentInput,
    Paragraph,
    Signed,
    TextSpot,
    contents,
    text_spots,
    title_lines,
)
from conversations.form.model import Box, Section, Table

_TOGETHER = "break-inside:avoid"
_WITH_NEXT = "break-after:avoid"
_UNHEARD = Markup(' aria-hidden="true"')

# Resets inherited styles (of a dark site, for example) that would make this unreadable.
_WHOLE = (
    "max-width:60em;margin:0 auto;padding:0 12px;color:#000;background:#fff;text-align:left;"
    "text-indent:0;letter-spacing:normal;white-space:normal;word-break:normal;"
    "font-family:FangSong,仿宋,仿宋_GB2312,STFangsong,serif;"
    "font-size:18px;line-height:1.8;overflow-wrap:anywhere"
)
_TITLE = (
    "margin:1em 0;text-align:center;font-size:1.5em;font-size:min(1.5em,6.5vw);"
    "line-height:1.5;font-weight:bold;"
    "font-family:方正小标宋简体,SimSun,宋体,STSong,serif"
)
_HEADING = (
    "margin:1em 0 0.5em;font-size:1.1em;line-height:1.6;font-weight:bold;"
    f"font-family:SimHei,黑体,STHeiti,sans-serif;{_WITH_NEXT}"
)
_TEXT = "margin:0 0 0.5em;text-indent:2em"
_LEVEL_TWO = "font-family:KaiTi,楷体,楷体_GB2312,STKaiti,serif"
_ALONE = f"{_TEXT};font-size:1em;font-weight:normal;{_LEVEL_TWO};{_WITH_NEXT}"
_DRAFT = "margin:0 0 1em;padding:4px;border:1px solid #000;text-align:center"
_SMALL = "font-size:15px;line-height:1.4"
# The hint is visible only if the table is wider than its box, or than the screen in browsers that
# do not know the box's width: an inline style cannot have a media query.
_SCROLLS = (
    f"margin:0;{_SMALL};text-align:right;overflow:hidden;"
    "max-height:calc(({0}em - 100vw) * 99);max-height:calc(({0}em - 100cqw) * 99)"
)
_SCROLL = f"position:relative;margin:0 0 1em;overflow-x:auto;{_TOGETHER}"
# Each border belongs to one box: shared borders would not move with a label that stays.
_TABLE = (
    "display:table;width:100%;min-width:{0}em;--least:{0};--figure:{1}em;table-layout:fixed;"
    "border-collapse:separate;border-spacing:0;"
    f"border:1px solid #000;border-width:1px 0 0 1px;text-indent:0;{_SMALL};overflow-wrap:normal"
)
# For screen readers; on the screen the heading above says the same.
_HEARD = (
    "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
)
_FIGURE = (
    "border:1px solid #000;border-width:0 1px 1px 0;padding:0.3em 0.2em;text-align:center;"
    "font-weight:normal"
)
_LABEL = _FIGURE.replace("center", "left")
_STAYS = ";position:sticky;left:{}em;z-index:1;color:#000;background:#fff"

# Widths in characters of a table. The space beside a figure is its box's padding and border.
_CHARACTER, _BESIDE = 0.6, 0.5
_LEAST = 2.6  # a column of a wide table: two characters of its head on a line
_COLUMN = 5.5  # a column of labels beside several rows
_EVEN = 4.9  # a column of table two: four of them fit on the narrowest phone
_TALL = 2.5  # a column of one label beside most rows: two characters on a line
_LABELS = 6.5  # the last column of labels
_WIDE = 10  # columns of a wide table
_LONG = 20  # rows from which on a group may be split over printed pages

# Printed like the Word file; the longest table then fits on one page. A table wider than the paper
# gets a smaller font: a browser would shrink the whole page.
_ON_PAPER = Markup(
    "body{margin:0}@page{size:A4;margin:37mm 26mm 35mm 28mm}@media print{"
    "main>div{max-width:none!important;padding:0!important;font-size:16pt!important}"
    "[aria-hidden]{display:none}[role=group]{overflow:visible!important}"
    "table{min-width:0!important;font-size:min(10.5pt,156mm/var(--least))!important}"
    "th,td{padding:1pt .2em!important;line-height:14pt}"
    "col[style*='%']{width:var(--figure)!important}}"
)

_NOTHING = Markup("")
_JOINED = Markup("").join


def as_html(report: DocumentInput, *, draft: bool = False) -> str:
    """
    The whole report as one fragment of HTML, all typed text escaped.

    Raises:
        UnfinishedError: A final page is requested and an item is open. A ValueError.
    """
    document = contents(report, draft=draft)
    parts = [Markup('<div lang="zh-CN" style="{}">').format(_WHOLE)]
    if draft:
        parts.append(_element("p", _DRAFT, DRAFT_NOTICE))
    lines = (_title(line, report.author) for line in document.title)
    parts.append(_element("h1", _TITLE, Markup("<br>").join(lines)))
    parts += _running_text(document.texts["introduction"])
    for section in report.form.sections:
        parts.append(_element("h2", _HEADING, _in_pieces(pieces(section.heading))))
        if isinstance(section.body, Table):
            parts += _running_text(document.remark(section.id, below=False))
            parts += _table(document, section, section.body)
            parts += _running_text(document.remark(section.id, below=True))
        else:
            parts += _running_text(document.texts[section.id])
    if signed := document.signature:
        parts += [_signed(line) for line in (*signed.organs, signed.date) if line]
    parts += _running_text(document.remark(report.form.sections[-1].id, below=True))
    parts.append(Markup("</div>"))
    return "\n".join(parts) + "\n"


def as_page(report: DocumentInput, *, draft: bool = False) -> str:
    """
    The same as a page of its own, printed like the Word file: on A4, 三号.

    Its `identifier` is the report's fingerprint.

    Raises:
        UnfinishedError: As `as_html`.
    """
    title = "".join(report.title)
    sections = "、".join(section.title for section in report.form.sections)
    page = Markup(
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{}</title>\n"
        '<meta name="description" content="{}：{}">\n'
        '<meta name="author" content="{}">\n<meta name="identifier" content="{}">\n{}'
        "<style>{}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n"
    ).format(
        f"{title}（{DRAFT}）" if draft else title,
        title,
        sections,
        report.author,
        report.fingerprint,
        Markup('<meta name="robots" content="noindex">\n') if draft else _NOTHING,
        _ON_PAPER,
        Markup(as_html(report, draft=draft)),  # noqa: S704 - escaped there
    )
    return str(page)


def _element(name: str, style: str, content: str, attributes: Markup = _NOTHING) -> Markup:
    if style:
        attributes += Markup(' style="%s"') % style
    # A table has about 250 of these: `format` takes four times as long.
    return Markup("<%s%s>%s</%s>") % (name, attributes, content, name)


def _title(line: str, organ: str) -> Markup:
    """A line of the title, which a narrow screen breaks first as in the Word file, then further."""
    return _in_pieces([_in_pieces(pieces(part)) for part in title_lines((line,), organ)])


def _in_pieces(parts: Sequence[str]) -> Markup:
    if len(parts) == 1:
        return escape(parts[0])
    return _JOINED(_element("span", "display:inline-block", part) for part in parts)


def _running_text(paragraphs: Iterable[Paragraph]) -> Iterator[Markup]:
    """Paragraphs; a second-level heading on a line of its own is a heading of the page."""
    for paragraph in paragraphs:
        if paragraph.head and not paragraph.text:
            yield _element("h3", _ALONE, paragraph.head)
            continue
        content = escape(paragraph.text)
        if paragraph.head:
            content = _element("span", _LEVEL_TWO, paragraph.head) + content
        yield _element("p", f"{_TEXT};{_WITH_NEXT}" if paragraph.keep else _TEXT, content)


def _signed(line: Signed) -> Markup:
    """A line of the signature, indented as in the Word file if there is room."""
    beside = f"(100% - {width(line.signed) / 2:g}em) / 2"
    style = f"margin:0;text-align:right;padding-right:max(0px,min({line.inset:.2f}em,{beside}))"
    return _element("p", style, _in_pieces(pieces(line.signed)))


# --------------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class _Columns:
    """
    The columns of a table, in characters.

    `labels` is the number of columns that stay on the left; `fixed` are the widths of all of them
    but the last; `least` is the table's minimum width: a narrower box scrolls.
    """

    labels: int
    fixed: tuple[float, ...]
    figure: float
    least: float


def _columns(table: Table, rows: Sequence[Sequence[TextSpot]], document: Contents) -> _Columns:
    labels = sum(box.columns for box in takewhile(lambda box: not box.cell, table.grid[-1]))
    beside = {
        spot.column: _TALL if spot.box.rows > len(table.rows) // 2 else _COLUMN
        for row in rows[table.head_rows :]
        for spot in row
        if spot.column < labels - 1 and spot.box.rows > 1
    }
    fixed = tuple(beside.get(column, _COLUMN) for column in range(labels - 1))
    figure = max(
        (len(document.figures[box.cell]) * _CHARACTER + _BESIDE) / box.columns
        for row in table.grid
        for box in row
        if box.cell
    )
    figure = max(figure, _LEAST if table.width >= _WIDE else _EVEN)
    others = (*fixed, _LABELS) if fixed else (figure,) * labels
    least = sum(others) + (table.width - labels) * figure
    return _Columns(labels, fixed, figure, round(least, 1))


def _table(document: Contents, section: Section, table: Table) -> Iterator[Markup]:
    rows = tuple(text_spots(table))
    columns = _columns(table, rows, document)
    if table.width >= _WIDE:
        hint = _element("p", _SCROLLS.format(f"{columns.least:g}"), SCROLLS)
        yield _element("div", f"container-type:inline-size;{_WITH_NEXT}", hint, _UNHEARD)
    yield Markup('<div role="group" tabindex="0" aria-label="{}" style="{}">').format(
        section.heading, _SCROLL
    )
    yield Markup('<table style="{}">').format(
        _TABLE.format(f"{columns.least:g}", f"{columns.figure:g}")
    )
    yield _element("caption", "padding:0", _element("span", _HEARD, section.heading))
    yield from _column_groups(table, columns)
    for name, group in _row_groups(table, rows):
        yield Markup("<{}>").format(name)
        for row in group:
            boxes = _JOINED(_boxes(row, document, table, columns, head=name == "thead"))
            # A row is as tall as its tallest box, if it is not split.
            style = "" if row[0].box.rows >= _LONG else _TOGETHER
            yield _element("tr", style, boxes)
        yield Markup("</{}>").format(name)
    yield Markup("</table>\n</div>")


def _column_groups(table: Table, columns: _Columns) -> Iterator[Markup]:
    """
    The columns under each head of the first row; columns of figures share the remaining width.
    """
    share = f"width:{100 * columns.figure / columns.least:.2f}%" if columns.fixed else "width:auto"
    widths = [f"width:{fixed}em" for fixed in columns.fixed]
    widths += ["width:auto"] * (columns.labels - len(widths))
    widths += [share] * (table.width - columns.labels)
    start = 0
    for box in table.grid[0] if table.head_rows else ():
        cols = (Markup('<col style="{}">').format(w) for w in widths[start : start + box.columns])
        yield Markup("<colgroup>{}</colgroup>").format(_JOINED(cols))
        start += box.columns


def _row_groups(
    table: Table, rows: Sequence[tuple[TextSpot, ...]]
) -> Iterator[tuple[str, Sequence[tuple[TextSpot, ...]]]]:
    """The head, then groups of rows under or beside one label, and the rows between."""
    if table.head_rows:
        yield "thead", rows[: table.head_rows]
    group: list[tuple[TextSpot, ...]] = []
    for row in rows[table.head_rows :]:
        ends = group and group[0][0].box.rows > 1
        if group and row[0].opens and (ends or _is_of_group(row[0].box, table)):
            yield "tbody", group
            group = []
        group.append(row)
    yield "tbody", group


def _is_of_group(box: Box, table: Table) -> bool:
    """Whether a box in the first column is the label of a whole group of rows."""
    return box.rows > 1 or box.columns == table.width


def _boxes(
    row: Sequence[TextSpot], document: Contents, table: Table, columns: _Columns, *, head: bool
) -> Iterator[Markup]:
    """The boxes of a row: figures, and labels; labels on the left stay visible."""
    beside = any(spot.box.cell for spot in row)
    for spot in row:
        box = spot.box
        if not spot.opens:
            continue
        if box.cell:
            yield _element("td", _FIGURE, document.figures[box.cell], _spans(box))
            continue
        if spot.column == 0 and not head and _is_of_group(box, table):
            scope = "rowgroup"
        elif beside:
            scope = "row"
        else:
            scope = "colgroup" if box.columns > 1 and box in table.grid[0] else "col"
        style = _LABEL if beside and table.head_rows and box.rows == 1 else _FIGURE
        if spot.column + box.columns <= columns.labels:
            style += _STAYS.format(f"{sum(columns.fixed[: spot.column]):g}")
        # Official heads consist of two-character words: no line ends within one.
        paired = head and box.columns == 1 and len(box.text) % 2 == 0
        words = (
            [box.text[at : at + 2] for at in range(0, len(box.text), 2)] if paired else [box.text]
        )
        scoped = Markup(' scope="{}"').format(scope)
        yield _element("th", style, _in_pieces(words), scoped + _spans(box))


def _spans(box: Box) -> Markup:
    across = Markup(' colspan="{}"').format(box.columns) if box.columns > 1 else _NOTHING
    down = Markup(' rowspan="{}"').format(box.rows) if box.rows > 1 else _NOTHING
    return across + down
